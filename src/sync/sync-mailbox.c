/* sync-mailbox.c - one mailbox between server and store (SYNC.md section 1) */
#include <string.h>

#include "mime-header.h"
#include "sync-keeper.h"
#include "sync-worker.h"

#define FIRST_SCREEN 100u
#define BATCH 500u
#define PIECE_US G_USEC_PER_SEC
#define MASS_MIN 20u

/* ---- what goes to the keeper ---- */

/** Rows, flags and removals of one step, and the state behind them. */
typedef struct {
	gint64 mailbox;
	GPtrArray *messages; /* of StoreMessage */
	GArray *flags;	     /* of FlagRow */
	UidSet *removed;
	UidSet *hide;
	UidSet *unhide;
	UidSet *known;	     /* NULL: leave it */
	bool set_state;
	MailboxState state;
	bool synced;
	guint32 reset_to; /* new UIDVALIDITY; 0: none */
	bool settle;
	/* what came of it */
	StoreAdded added;
	guint n_changed;
	guint n_removed;
	GError *error;
} Batch;

typedef struct {
	guint32 uid;
	guint64 modseq;
	MailFlags flags;
} FlagRow;

static void
flag_row_clear(gpointer data)
{
	mail_flags_clear(&((FlagRow *)data)->flags);
}

static Batch *
batch_new(gint64 mailbox)
{
	Batch *batch = g_new0(Batch, 1);

	batch->mailbox = mailbox;
	batch->messages = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)store_message_free);
	batch->flags = g_array_new(FALSE, FALSE, sizeof(FlagRow));
	g_array_set_clear_func(batch->flags, flag_row_clear);
	return batch;
}

static void
batch_free(Batch *batch)
{
	g_ptr_array_unref(batch->messages);
	g_array_unref(batch->flags);
	uid_set_free(batch->removed);
	uid_set_free(batch->hide);
	uid_set_free(batch->unhide);
	uid_set_free(batch->known);
	store_added_clear(&batch->added);
	g_clear_error(&batch->error);
	g_free(batch);
}

static bool
write_flags(SyncKeeper *keeper, Batch *batch)
{
	for (guint i = 0; i < batch->flags->len; i++) {
		FlagRow *row = &g_array_index(batch->flags, FlagRow, i);
		bool changed = false;

		if (!store_writer_set_flags(keeper->writer, batch->mailbox,
					    row->uid, &row->flags, row->modseq,
					    &changed, &batch->error))
			return false;
		batch->n_changed += changed;
	}
	return true;
}

static bool
write_removed(SyncKeeper *keeper, Batch *batch)
{
	guint n = 0;

	if (batch->removed != NULL && !uid_set_is_empty(batch->removed) &&
	    !store_writer_remove(keeper->writer, batch->mailbox,
				 batch->removed, &batch->n_removed,
				 &batch->error))
		return false;
	if (batch->hide != NULL &&
	    !store_writer_hide(keeper->writer, batch->mailbox, batch->hide,
			       true, &n, &batch->error))
		return false;
	if (batch->unhide != NULL && !uid_set_is_empty(batch->unhide) &&
	    !store_writer_hide(keeper->writer, batch->mailbox, batch->unhide,
			       false, &n, &batch->error))
		return false;
	batch->n_removed += batch->hide != NULL ? n : 0;
	return true;
}

/* The state comes last: it never becomes durable before what it stands for. */
static bool
write_state(SyncKeeper *keeper, Batch *batch)
{
	StoreWriter *writer = keeper->writer;

	if (batch->known != NULL &&
	    !store_writer_set_known(writer, batch->mailbox, batch->known,
				    &batch->error))
		return false;
	if (batch->settle &&
	    !store_writer_settle_mailbox(writer, batch->mailbox, NULL,
					 &batch->error))
		return false;
	if (batch->set_state &&
	    !store_writer_set_state(writer, batch->mailbox, &batch->state,
				    &batch->error))
		return false;
	return !batch->synced ||
	       store_writer_set_synced(writer, batch->mailbox,
				       g_get_real_time(), &batch->error);
}

static void
write_batch(SyncKeeper *keeper, gpointer data)
{
	Batch *batch = data;

	if (keeper->writer == NULL) {
		batch->error = g_error_new_literal(
		    SYNC_ERROR, SYNC_ERROR_CANCELLED,
		    "another pennon has taken over");
		return;
	}
	if (batch->reset_to != 0 &&
	    !store_writer_reset_mailbox(keeper->writer, batch->mailbox,
					batch->reset_to, &batch->error))
		return;
	if (batch->messages->len > 0 &&
	    !store_writer_add_rows(keeper->writer, batch->mailbox,
				   batch->messages, &batch->added,
				   &batch->error))
		return;
	if (!write_flags(keeper, batch) || !write_removed(keeper, batch) ||
	    !write_state(keeper, batch) ||
	    !store_writer_commit(keeper->writer, &batch->error))
		return;
	sync_keeper_touch(keeper,
			  batch->added.added + batch->added.adopted +
				      batch->n_changed + batch->n_removed +
				      batch->reset_to + batch->settle ==
				  0
			      ? 0
			      : batch->mailbox);
	(void)sync_keeper_commit(keeper);
}

/* @batch: (transfer full) */
static bool
keep(SyncWorker *worker, Batch *batch, SyncResult *result, GError **error)
{
	bool good;

	sync_keeper_call(worker->keeper, write_batch, batch);
	good = batch->error == NULL;
	if (!good)
		g_propagate_error(error, g_steal_pointer(&batch->error));
	if (good && result != NULL) {
		result->new_messages += batch->added.added;
		result->changed += batch->n_changed;
		result->removed += batch->n_removed;
	}
	if (good && batch->added.added > 0 && worker->settings->background &&
	    worker->missing == NULL) {
		SyncEvent *event = sync_event_new(SYNC_EVENT_NEW_MAIL);

		event->mailbox_id = batch->mailbox;
		event->count = batch->added.added;
		sync_emit(worker->events, event);
	}
	batch_free(batch);
	return good;
}

/* ---- from the wire's rows to the store's ---- */

static MailFlags
flags_of(const ImapRow *row)
{
	MailFlags flags = {row->flags & ~(guint32)MAIL_FLAG_RECENT, NULL};
	g_auto(MailFlags) more = {0};

	if (row->keywords_len > 0) {
		more = mail_flags_parse(row->keywords,
					(gssize)row->keywords_len);
		flags.keywords = g_steal_pointer(&more.keywords);
	}
	return flags;
}

static MessageAttachments
guess_attachments(const MessageHeader *header)
{
	if (header->type == NULL || g_str_has_prefix(header->type, "text/") ||
	    strcmp(header->type, "multipart/alternative") == 0)
		return MESSAGE_ATTACHMENTS_NO;
	return strcmp(header->type, "multipart/mixed") == 0
		   ? MESSAGE_ATTACHMENTS_MAYBE
		   : MESSAGE_ATTACHMENTS_UNKNOWN;
}

static StoreMessage *
message_of(const ImapRow *row)
{
	StoreMessage *message = store_message_new();

	message->uid = row->uid;
	message->flags = flags_of(row);
	message->modseq = row->modseq;
	message->size = (gint64)MIN(row->size, (guint64)G_MAXINT64);
	message->internal_date = row->have & IMAP_HAVE_DATE ? row->date : 0;
	message_header_free(message->header);
	message->header = mime_header_parse(row->header, row->header_len);
	message->attachments = guess_attachments(message->header);
	return message;
}

/* @taken: (nullable): UIDs whose header came */
static void
add_rows(Batch *batch, const ImapBatch *rows, UidSet *taken)
{
	for (guint i = 0; rows != NULL && i < imap_batch_n_rows(rows); i++) {
		const ImapRow *row = imap_batch_row(rows, i);

		if (row->have & IMAP_HAVE_HEADER) {
			g_ptr_array_add(batch->messages, message_of(row));
			if (taken != NULL)
				uid_set_add(taken, row->uid);
		} else if (row->have & IMAP_HAVE_FLAGS) {
			FlagRow flags = {row->uid, row->modseq, flags_of(row)};

			g_array_append_val(batch->flags, flags);
		}
	}
}

/* A fifth of a mailbox and over 20: verified before it is believed. */
static void
add_removed(SyncWorker *worker, Batch *batch, UidSet *gone, guint total)
{
	g_autoptr(UidSet) stored = NULL;
	guint64 n;

	if (uid_set_is_empty(gone)) {
		uid_set_free(gone);
		return;
	}
	stored = store_reader_uids(worker->reader, batch->mailbox, NULL);
	if (stored != NULL)
		uid_set_intersect(gone, stored);
	n = uid_set_count(gone);
	if (n <= MASS_MIN || n * 5 <= total) {
		batch->removed = gone;
		return;
	}
	batch->hide = gone;
	worker->hidden_in = worker->n_sessions;
	sync_emit_notice(worker->events, NOTICE_MASS_REMOVAL, batch->mailbox,
			 NULL, (guint)MIN(n, G_MAXUINT));
}

/* ---- opening ---- */

void
sync_mailbox_left(SyncWorker *worker)
{
	g_clear_pointer(&worker->missing, uid_set_free);
	g_clear_pointer(&worker->known, uid_set_free);
	worker->box_id = 0;
}

/* Changes since @modseq where the server keeps them, else all flags. */
static bool
fetch_flags(SyncWorker *worker, const StoreMailboxState *stored,
	    const MailboxState *now, GError **error)
{
	g_autoptr(UidSet) all = NULL;
	guint64 since = 0;
	guint ticket;

	if (uid_set_is_empty(stored->known))
		return true;
	if (now->highest_modseq != 0 && stored->server.highest_modseq != 0 &&
	    now->highest_modseq >= stored->server.highest_modseq) {
		since = stored->server.highest_modseq;
		if (now->highest_modseq == since)
			return true;
	}
	all = uid_set_copy(stored->known);
	ticket = imap_session_fetch_begin(worker->session, all,
					  IMAP_FETCH_FLAGS, since);
	return imap_session_fetch_end(worker->session, ticket, error);
}

/* Rows that a mass removal hid, looked at in a new session. */
static void
verify_hidden(SyncWorker *worker, Batch *batch, const UidSet *all)
{
	g_autoptr(UidSet) hidden =
	    store_reader_hidden(worker->reader, batch->mailbox, NULL);
	UidSet *back;

	if (hidden == NULL || uid_set_is_empty(hidden) ||
	    worker->hidden_in == worker->n_sessions)
		return;
	back = uid_set_copy(hidden);
	uid_set_intersect(back, all);
	uid_set_remove_set(hidden, back);
	batch->unhide = back;
	if (batch->removed == NULL)
		batch->removed = uid_set_new();
	uid_set_add_set(batch->removed, hidden);
}

static bool
has_hidden(SyncWorker *worker, gint64 mailbox)
{
	g_autoptr(UidSet) hidden =
	    store_reader_hidden(worker->reader, mailbox, NULL);

	return hidden != NULL && !uid_set_is_empty(hidden);
}

static void
note_missing(SyncWorker *worker, UidSet *all)
{
	uid_set_remove_set(all, worker->known);
	uid_set_free(worker->missing);
	worker->missing = NULL;
	if (!uid_set_is_empty(all))
		worker->missing = uid_set_copy(all);
}

/* UIDs against UIDs: what the store has and the server has not is gone. */
static bool
compare_uids(SyncWorker *worker, Batch *batch, guint total, GError **error)
{
	g_autoptr(UidSet) all =
	    imap_session_search_all(worker->session, error);
	UidSet *gone;

	if (all == NULL)
		return false;
	gone = store_reader_uids(worker->reader, batch->mailbox, error);
	if (gone == NULL)
		return false;
	uid_set_remove_set(gone, all);
	add_removed(worker, batch, gone, total);
	verify_hidden(worker, batch, all);
	note_missing(worker, all);
	return true;
}

static bool
find_mailbox(SyncWorker *worker, const char *wire, gint64 *ret_id,
	     StoreMailboxState *ret_state, GError **error)
{
	g_autoptr(Mailbox) mailbox = NULL;

	(void)store_reader_refresh(worker->reader);
	mailbox = store_reader_mailbox(worker->reader, wire, NULL);
	if (mailbox == NULL) {
		g_set_error(error, SYNC_ERROR, SYNC_ERROR_NOT_FOUND,
			    "%s: no such mailbox", wire);
		return false;
	}
	*ret_id = mailbox->id;
	worker->box_total = mailbox->total == MAILBOX_UNKNOWN
				? 0
				: (gint64)mailbox->total;
	return store_reader_state(worker->reader, mailbox->id, ret_state,
				  error);
}

/* The newest screenful of a mailbox never seen before, before all else. */
static bool
first_screen(SyncWorker *worker, const MailboxState *now, GError **error)
{
	guint32 first;

	if (now->exists == 0 || now->uid_next == 0)
		return true;
	first = now->uid_next > FIRST_SCREEN ? now->uid_next - FIRST_SCREEN
					     : 1;
	return imap_session_fetch_from(worker->session, first,
				       IMAP_FETCH_HEADERS, error);
}

static void
start_box(SyncWorker *worker, gint64 id, const StoreMailboxState *stored,
	  bool fresh)
{
	sync_mailbox_left(worker);
	worker->box_id = id;
	worker->known = fresh ? uid_set_new() : uid_set_copy(stored->known);
}

/* What came with the SELECT, as one batch with the state at its end. */
static bool
take_opened(SyncWorker *worker, Batch *batch, const StoreMailboxState *stored,
	    const MailboxState *now, bool fresh, SyncResult *result,
	    GError **error)
{
	g_auto(ImapUpdates) updates = {0};
	guint total = (guint)MAX(worker->box_total, 0);
	bool resynced = !fresh && imap_session_resynced(worker->session);
	bool compare;

	imap_session_take_updates(worker->session, &updates);
	add_rows(batch, updates.rows, worker->known);
	if (resynced)
		add_removed(worker, batch,
			    g_steal_pointer(&updates.vanished), total);
	/*
	 * Holes, hidden rows and other numbers than the server's need the UIDs
	 * of all messages.
	 */
	compare = fresh || !resynced || has_hidden(worker, batch->mailbox) ||
		  uid_set_count(worker->known) < updates.exists ||
		  stored->stale > 0;
	if (compare && now->exists > 0 &&
	    !compare_uids(worker, batch, total, error)) {
		batch_free(batch);
		return false;
	}
	if (compare && now->exists == 0) {
		UidSet *gone = store_reader_uids(worker->reader,
						 batch->mailbox, NULL);

		if (gone != NULL)
			add_removed(worker, batch, gone, total);
	}
	worker->uid_next = MAX(now->uid_next, uid_set_max(worker->known) + 1);
	batch->known = uid_set_copy(worker->known);
	batch->state = *now;
	batch->set_state = true;
	batch->synced = worker->missing == NULL;
	batch->settle = worker->missing == NULL &&
			(stored->stale > 0 || batch->reset_to != 0);
	return keep(worker, batch, result, error);
}

/* A mass removal counts only when another session says the same. */
static bool
verify_later(SyncWorker *worker, const char *wire, GError **error)
{
	if (worker->hidden_in != worker->n_sessions)
		return true;
	g_hash_table_add(worker->stale, g_strdup(wire));
	g_set_error(error, IMAP_ERROR, IMAP_ERROR_CONNECTION,
		    "many messages went at once: looking again");
	return false;
}

bool
sync_mailbox_open(SyncWorker *worker, const char *wire, SyncResult *result,
		  GError **error)
{
	g_auto(StoreMailboxState) stored = {0};
	ImapKnown known = {0};
	MailboxState now = {0};
	Batch *batch;
	gint64 id;
	bool fresh;

	if (!find_mailbox(worker, wire, &id, &stored, error))
		return false;
	if (stored.server.uid_validity != 0) {
		known.uid_validity = stored.server.uid_validity;
		known.modseq = stored.server.highest_modseq;
		known.uid_next = stored.server.uid_next;
	}
	sync_mailbox_left(worker);
	if (!imap_session_open(worker->session, wire, &known, &now, error))
		return false;
	fresh = stored.server.uid_validity != now.uid_validity ||
		stored.server.uid_validity == 0;
	batch = batch_new(id);
	if (fresh && stored.server.uid_validity != 0) {
		g_auto(ImapUpdates) foreign = {0};

		/* what came along is of other UIDs than we asked for */
		imap_session_take_updates(worker->session, &foreign);
		batch->reset_to = now.uid_validity;
		sync_emit_notice(worker->events, NOTICE_UIDVALIDITY, id, wire,
				 0);
	}
	start_box(worker, id, &stored, fresh);
	if (fresh ? !first_screen(worker, &now, error)
		  : !imap_session_resynced(worker->session) &&
			!fetch_flags(worker, &stored, &now, error)) {
		batch_free(batch);
		return false;
	}
	return take_opened(worker, batch, &stored, &now, fresh, result,
			   error) &&
	       verify_later(worker, wire, error);
}

bool
sync_mailbox_select(SyncWorker *worker, const char *wire, GError **error)
{
	if (g_strcmp0(imap_session_selected(worker->session), wire) == 0)
		return true;
	return sync_mailbox_open(worker, wire, NULL, error);
}

/* ---- while it is open ---- */

bool
sync_mailbox_updates(SyncWorker *worker, SyncResult *result, GError **error)
{
	g_auto(ImapUpdates) updates = {0};
	Batch *batch;

	if (worker->box_id == 0 ||
	    !imap_session_has_updates(worker->session))
		return true;
	if (worker->uid_next != 0) {
		g_auto(ImapUpdates) first = {0};

		imap_session_take_updates(worker->session, &first);
		/* new messages are told by number only: fetch them */
		if (first.grew &&
		    !imap_session_fetch_from(worker->session, worker->uid_next,
					     IMAP_FETCH_HEADERS, error))
			return false;
		imap_session_take_updates(worker->session, &updates);
		batch = batch_new(worker->box_id);
		add_rows(batch, first.rows, worker->known);
		uid_set_add_set(updates.vanished, first.vanished);
		updates.lost |= first.lost;
		updates.flags_lost |= first.flags_lost;
		updates.modseq = MAX(updates.modseq, first.modseq);
	} else {
		imap_session_take_updates(worker->session, &updates);
		batch = batch_new(worker->box_id);
		updates.lost |= updates.grew;
	}
	add_rows(batch, updates.rows, worker->known);
	worker->uid_next =
	    MAX(worker->uid_next, uid_set_max(worker->known) + 1);
	if (updates.flags_lost) {
		g_autoptr(UidSet) all = uid_set_copy(worker->known);
		g_auto(ImapUpdates) more = {0};
		guint ticket = imap_session_fetch_begin(
		    worker->session, all, IMAP_FETCH_FLAGS, 0);

		if (!imap_session_fetch_end(worker->session, ticket, error)) {
			batch_free(batch);
			return false;
		}
		imap_session_take_updates(worker->session, &more);
		add_rows(batch, more.rows, worker->known);
	}
	(void)store_reader_refresh(worker->reader);
	if (updates.lost) {
		if (!compare_uids(worker, batch, updates.exists, error)) {
			batch_free(batch);
			return false;
		}
	} else {
		add_removed(worker, batch, g_steal_pointer(&updates.vanished),
			    updates.exists);
	}
	batch->known = uid_set_copy(worker->known);
	if (updates.modseq != 0) {
		g_auto(StoreMailboxState) stored = {0};

		if (store_reader_state(worker->reader, worker->box_id, &stored,
				       NULL)) {
			batch->state = stored.server;
			batch->state.exists = updates.exists;
			batch->state.uid_next = worker->uid_next;
			batch->state.highest_modseq =
			    MAX(stored.server.highest_modseq, updates.modseq);
			batch->set_state = true;
		}
	}
	batch->synced = worker->missing == NULL;
	return keep(worker, batch, result, error) &&
	       verify_later(worker, imap_session_selected(worker->session),
			    error);
}

/* ---- the rest, newest first ---- */

/* One batch's worth of UIDs is asked for while the one before is on its way. */
static guint
ask_piece(SyncWorker *worker, UidSet **ret_asked)
{
	*ret_asked = NULL;
	if (worker->missing == NULL || uid_set_is_empty(worker->missing))
		return 0;
	*ret_asked = uid_set_take_last(worker->missing, BATCH);
	return imap_session_fetch_begin(worker->session, *ret_asked,
					IMAP_FETCH_HEADERS, 0);
}

static bool
keep_piece(SyncWorker *worker, const UidSet *asked, SyncResult *result,
	   GError **error)
{
	g_auto(ImapUpdates) updates = {0};
	Batch *batch = batch_new(worker->box_id);

	imap_session_take_updates(worker->session, &updates);
	add_rows(batch, updates.rows, NULL);
	/* asked is known, even where nothing came: it was expunged meanwhile */
	uid_set_add_set(worker->known, asked);
	batch->known = uid_set_copy(worker->known);
	if (!uid_set_is_empty(updates.vanished))
		batch->removed = uid_set_copy(updates.vanished);
	return keep(worker, batch, result, error);
}

static void
tell_backfill(SyncWorker *worker)
{
	guint64 left =
	    worker->missing == NULL ? 0 : uid_set_count(worker->missing);
	guint64 total = uid_set_count(worker->known) + left;

	sync_worker_progress(worker, PROGRESS_HEADERS, worker->box_id,
			     total - left, total);
}

static bool
finish_box(SyncWorker *worker, GError **error)
{
	Batch *batch = batch_new(worker->box_id);

	g_clear_pointer(&worker->missing, uid_set_free);
	batch->synced = true;
	batch->settle = true;
	sync_worker_progress(worker, PROGRESS_NONE, worker->box_id, 0, 0);
	return keep(worker, batch, NULL, error);
}

bool
sync_mailbox_backfill(SyncWorker *worker, SyncResult *result, bool *ret_done,
		      GError **error)
{
	gint64 until = g_get_monotonic_time() + PIECE_US;
	g_autoptr(UidSet) first = NULL;
	g_autoptr(UidSet) second = NULL;
	guint ticket, next;

	*ret_done = false;
	if (worker->missing == NULL) {
		*ret_done = true;
		return true;
	}
	ticket = ask_piece(worker, &first);
	while (ticket != 0) {
		bool go_on = g_get_monotonic_time() < until &&
			     !(worker->settings->background &&
			       sync_worker_busy(worker));

		next = go_on ? ask_piece(worker, &second) : 0;
		if (!imap_session_fetch_end(worker->session, ticket, error) ||
		    !keep_piece(worker, first, result, error))
			return false;
		tell_backfill(worker);
		uid_set_free(first);
		first = g_steal_pointer(&second);
		ticket = next;
	}
	if (!uid_set_is_empty(worker->missing))
		return true;
	*ret_done = true;
	return finish_box(worker, error);
}
