/* sync-service.c - bodies, structures, searches, facts: asked for by jobs */
#include <string.h>

#include "base-word.h"
#include "store-body.h"
#include "sync-keeper.h"
#include "sync-worker.h"

#define STRUCTURES_AT_ONCE 100u
#define STRUCTURES_DAYS 30

static void
fail_job(SyncWorker *worker, const SyncJob *job, const GError *error)
{
	g_autoptr(GError) told = sync_worker_error(error);

	(void)sync_worker_lost(worker, error);
	sync_emit_job(worker->events, job->id, JOB_FAILED, told);
}

/* ---- bodies ---- */

/** A part on its way to the body cache, or, without the role, to memory. */
typedef struct {
	SyncWorker *worker;
	StoreBody *body;
	GByteArray *bytes;
	gint64 mailbox_id;
	guint64 done;
	guint64 total;
	gint64 told_at;
	GError *error;
} Arriving;

static bool
take_bytes(gpointer user, const void *data, gsize len)
{
	Arriving *arriving = user;
	gint64 now = g_get_monotonic_time();

	arriving->done += len;
	if (now - arriving->told_at > G_USEC_PER_SEC / 2) {
		arriving->told_at = now;
		sync_worker_progress(arriving->worker, PROGRESS_BODY,
				     arriving->mailbox_id, arriving->done,
				     arriving->total);
	}
	if (arriving->bytes != NULL) {
		g_byte_array_append(arriving->bytes, data, (guint)len);
		return true;
	}
	return store_body_write(arriving->body, data, len, &arriving->error);
}

typedef struct {
	StoreBody *body; /* (transfer full) */
	GError *error;
} PutBody;

static void
write_body(SyncKeeper *keeper, gpointer data)
{
	PutBody *put = data;

	if (keeper->writer == NULL) {
		store_body_free(put->body);
		put->error =
		    g_error_new_literal(SYNC_ERROR, SYNC_ERROR_CANCELLED,
					"another pennon has taken over");
		return;
	}
	if (store_writer_put_body(keeper->writer, put->body, &put->error))
		(void)sync_keeper_commit(keeper);
}

static bool
locate_body(SyncWorker *worker, const SyncJob *job, ChangeMessage **ret_where,
	    GError **error)
{
	(void)store_reader_refresh(worker->reader);
	*ret_where = store_reader_location(worker->reader, job->number, NULL);
	if (*ret_where != NULL && (*ret_where)->uid != 0)
		return true;
	g_clear_pointer(ret_where, change_message_free);
	g_set_error_literal(error, SYNC_ERROR, SYNC_ERROR_NOT_FOUND,
			    "the message is not on the server");
	return false;
}

/* Without the role nothing is written: only the selection is needed. */
static bool
select_for_body(SyncWorker *worker, const ChangeMessage *where, GError **error)
{
	MailboxState now;
	ImapKnown nothing = {0};

	if (g_strcmp0(imap_session_selected(worker->session), where->mailbox) ==
	    0)
		return true;
	if (worker->role)
		return sync_mailbox_open(worker, where->mailbox, NULL, error);
	if (!imap_session_open(worker->session, where->mailbox, &nothing, &now,
			       error))
		return false;
	if (now.uid_validity == where->uid_validity)
		return true;
	g_set_error_literal(error, SYNC_ERROR, SYNC_ERROR_NOT_FOUND,
			    "the mailbox was renumbered");
	return false;
}

static bool
fetch_body(SyncWorker *worker, const SyncJob *job, Arriving *arriving,
	   GError **error)
{
	g_autoptr(ChangeMessage) where = NULL;
	bool found = false;

	if (!locate_body(worker, job, &where, error) ||
	    !select_for_body(worker, where, error))
		return false;
	/* opening may have told that it is gone, or where it is now */
	if (!imap_session_fetch_body(worker->session, where->uid, job->section,
				     take_bytes, arriving, &found, error))
		return false;
	if (found)
		return true;
	g_set_error_literal(error, SYNC_ERROR, SYNC_ERROR_NOT_FOUND,
			    "the server does not have this message or part");
	return false;
}

static bool
keep_body(SyncWorker *worker, Arriving *arriving, GError **error)
{
	PutBody put = {0};

	if (!store_body_finish(arriving->body, -1, error))
		return false;
	put.body = g_steal_pointer(&arriving->body);
	sync_keeper_call(worker->keeper, write_body, &put);
	if (put.error == NULL)
		return true;
	g_propagate_error(error, put.error);
	return false;
}

void
sync_service_body(SyncWorker *worker, SyncJob *job)
{
	Arriving arriving = {.worker = worker};
	g_autoptr(GError) error = NULL;
	g_autoptr(MessageRow) row =
	    store_reader_row(worker->reader, job->number, NULL);
	bool good = sync_worker_connected(worker, &error);

	if (row != NULL) {
		arriving.mailbox_id = row->mailbox;
		arriving.total = (guint64)MAX(row->size, 0);
	}
	if (good && worker->role) {
		arriving.body =
		    store_body_new(worker->settings->cache_folder, job->number,
				   job->section, &error);
		good = arriving.body != NULL;
	} else {
		arriving.bytes = g_byte_array_new();
	}
	good = good && fetch_body(worker, job, &arriving, &error);
	if (good && arriving.body != NULL)
		good = keep_body(worker, &arriving, &error);
	if (good) {
		SyncEvent *event = sync_event_new(SYNC_EVENT_JOB);

		event->job = job->id;
		event->job_state = JOB_DONE;
		if (arriving.bytes != NULL)
			event->bytes = g_byte_array_free_to_bytes(
			    g_steal_pointer(&arriving.bytes));
		sync_emit(worker->events, event);
	} else {
		fail_job(worker, job,
			 arriving.error != NULL ? arriving.error : error);
	}
	sync_worker_progress(worker, PROGRESS_NONE, 0, 0, 0);
	g_clear_pointer(&arriving.bytes, g_byte_array_unref);
	store_body_free(arriving.body);
	g_clear_error(&arriving.error);
}

bool
sync_service_fetch_ahead(SyncWorker *worker, gint64 message, GError **error)
{
	Arriving arriving = {.worker = worker,
			     .told_at = g_get_monotonic_time()};
	g_autoptr(SyncJob) job = sync_job_new(SYNC_JOB_BODY, 0);
	bool good;

	job->number = message;
	job->section = g_strdup("");
	arriving.body =
	    store_body_new(worker->settings->cache_folder, message, "", error);
	good = arriving.body != NULL &&
	       fetch_body(worker, job, &arriving, error) &&
	       keep_body(worker, &arriving, error);
	if (!good && arriving.error != NULL) {
		g_clear_error(error);
		g_propagate_error(error, g_steal_pointer(&arriving.error));
	}
	store_body_free(arriving.body);
	return good;
}

/* ---- structures ---- */

typedef struct {
	GArray *ids;      /* of gint64 */
	GPtrArray *parts; /* of Part */
	gint64 mailbox;
} Structures;

static void
write_structures(SyncKeeper *keeper, gpointer data)
{
	Structures *found = data;

	if (keeper->writer == NULL)
		return;
	for (guint i = 0; i < found->ids->len; i++)
		if (!store_writer_set_structure(
			keeper->writer, g_array_index(found->ids, gint64, i),
			g_ptr_array_index(found->parts, i), NULL))
			return;
	sync_keeper_touch(keeper, found->mailbox);
	(void)sync_keeper_commit(keeper);
}

/* @uids: of the open mailbox. What cannot be read counts as one plain part. */
static bool
fetch_structures(SyncWorker *worker, const UidSet *uids, GError **error)
{
	Structures found = {.mailbox = worker->box_id};
	g_auto(ImapUpdates) updates = {0};
	guint ticket;

	if (!sync_mailbox_updates(worker, NULL, error))
		return false;
	ticket = imap_session_fetch_begin(worker->session, uids,
					  IMAP_FETCH_STRUCTURE, 0);
	if (!imap_session_fetch_end(worker->session, ticket, error))
		return false;
	imap_session_take_updates(worker->session, &updates);
	found.ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	found.parts = g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
	for (guint i = 0;
	     updates.rows != NULL && i < imap_batch_n_rows(updates.rows); i++) {
		const ImapRow *row = imap_batch_row(updates.rows, i);
		gint64 id;
		Part *part;

		if (!(row->have & IMAP_HAVE_STRUCTURE))
			continue;
		id = store_reader_find_uid(worker->reader, worker->box_id,
					   row->uid, NULL);
		if (id == 0)
			continue;
		part = imap_structure_parse(row->structure, row->structure_len);
		if (part == NULL)
			part = part_new("", "application/octet-stream");
		g_array_append_val(found.ids, id);
		g_ptr_array_add(found.parts, part);
	}
	sync_keeper_call(worker->keeper, write_structures, &found);
	g_array_unref(found.ids);
	g_ptr_array_unref(found.parts);
	return true;
}

void
sync_service_structure(SyncWorker *worker, SyncJob *job)
{
	g_autoptr(GError) error = NULL;
	bool good = sync_worker_connected(worker, &error);

	for (guint i = 0; good && i < job->ids->len; i++) {
		g_autoptr(ChangeMessage) where = store_reader_location(
		    worker->reader, g_array_index(job->ids, gint64, i), NULL);
		g_autoptr(UidSet) uids = uid_set_new();

		if (where == NULL || where->uid == 0 || !worker->role)
			continue;
		uid_set_add(uids, where->uid);
		good = sync_mailbox_select(worker, where->mailbox, &error) &&
		       fetch_structures(worker, uids, &error);
	}
	if (good)
		sync_emit_job(worker->events, job->id, JOB_DONE, NULL);
	else
		fail_job(worker, job, error);
}

bool
sync_service_structures(SyncWorker *worker, bool *ret_any, GError **error)
{
	gint64 since = g_get_real_time() -
		       (gint64)STRUCTURES_DAYS * 86400 * G_USEC_PER_SEC;
	g_autoptr(GArray) ids = NULL;
	g_autoptr(UidSet) uids = uid_set_new();

	*ret_any = false;
	if (worker->box_id == 0)
		return true;
	ids = store_reader_structureless(worker->reader, worker->box_id, since,
					 STRUCTURES_AT_ONCE, NULL);
	for (guint i = 0; ids != NULL && i < ids->len; i++) {
		g_autoptr(ChangeMessage) where = store_reader_location(
		    worker->reader, g_array_index(ids, gint64, i), NULL);

		if (where != NULL && where->uid != 0 &&
		    g_strcmp0(where->mailbox,
			      imap_session_selected(worker->session)) == 0)
			uid_set_add(uids, where->uid);
	}
	if (uid_set_is_empty(uids))
		return true;
	*ret_any = true;
	return fetch_structures(worker, uids, error);
}

/* ---- search ---- */

void
sync_service_search(SyncWorker *worker, SyncJob *job)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(UidSet) found = NULL;
	MailboxState now;
	ImapKnown nothing = {0};
	bool good = sync_worker_connected(worker, &error);
	SyncEvent *event;
	UidSetIter iter;
	guint32 uid;

	if (good)
		good = worker->role
			   ? sync_mailbox_select(worker, job->mailbox, &error)
			   : imap_session_open(worker->session, job->mailbox,
					       &nothing, &now, &error);
	if (good)
		found = imap_session_search(
		    worker->session, (const char *const *)job->names, &error);
	if (found == NULL) {
		fail_job(worker, job, error);
		return;
	}
	event = sync_event_new(SYNC_EVENT_JOB);
	event->job = job->id;
	event->job_state = JOB_DONE;
	event->uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	uid_set_iter_init(&iter, found);
	while (uid_set_iter_next(&iter, &uid))
		g_array_append_val(event->uids, uid);
	sync_emit(worker->events, event);
}

/* ---- check ---- */

static void
add_fact(GPtrArray *facts, const char *name, bool ok, const char *value)
{
	g_ptr_array_add(facts, check_fact_new(name, ok, value));
}

static void
add_certificate(GPtrArray *facts, const ImapSession *session)
{
	g_autoptr(CertificateInfo) info = imap_session_certificate(session);
	g_autofree char *text = NULL;

	if (info == NULL)
		return;
	text = g_strdup_printf(N_("%s, issued by %s, SHA-256 %s"),
			       info->subject, info->issuer, info->sha256);
	add_fact(facts, "certificate", info->reason == NULL, text);
}

static void
add_roles(GPtrArray *facts, const GPtrArray *listed)
{
	for (guint i = 0; i < listed->len; i++) {
		const ImapListed *item = g_ptr_array_index(listed, i);
		const char *role = mailbox_role_name(item->mailbox->role);
		g_autofree char *name = NULL;

		if (role == NULL || item->mailbox->role == MAILBOX_ROLE_INBOX)
			continue;
		name = g_strconcat("role ", role, NULL);
		add_fact(facts, name, true, item->mailbox->name);
	}
}

static bool
gather(SyncWorker *worker, GPtrArray *facts, GError **error)
{
	ImapSession *session = worker->session;
	g_autoptr(GPtrArray) listed = NULL;
	g_autofree char *time = NULL;
	g_autofree char *capabilities = NULL;
	gint64 start;

	if (imap_session_tls(session) != NULL)
		add_fact(facts, "tls", true, imap_session_tls(session));
	add_certificate(facts, session);
	add_fact(facts, "login", true, imap_session_method(session));
	if (!imap_session_settle(session, error))
		return false;
	capabilities = g_strdup(imap_session_capabilities(session));
	add_fact(facts, "capabilities", true, g_strstrip(capabilities));
	start = g_get_monotonic_time();
	if (!imap_session_noop(session, error))
		return false;
	time = g_strdup_printf(
	    "%.1f ms", (double)(g_get_monotonic_time() - start) / 1000.0);
	add_fact(facts, "round-trip", true, time);
	listed = imap_session_list(session, error);
	if (listed == NULL)
		return false;
	sync_folders_assign_roles(
	    worker->settings, imap_session_namespace(session, NULL), listed);
	add_roles(facts, listed);
	return true;
}

void
sync_service_check(SyncWorker *worker, SyncJob *job)
{
	SyncEvent *event = sync_event_new(SYNC_EVENT_JOB);
	g_autoptr(GError) error = NULL;

	event->job = job->id;
	event->facts =
	    g_ptr_array_new_with_free_func((GDestroyNotify)check_fact_free);
	if (sync_worker_connected(worker, &error) &&
	    gather(worker, event->facts, &error)) {
		event->job_state = JOB_DONE;
	} else {
		event->job_state = JOB_FAILED;
		event->error = sync_worker_error(error);
		(void)sync_worker_lost(worker, error);
	}
	sync_emit(worker->events, event);
}
