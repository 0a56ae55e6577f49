/* sync-work.c - what a worker does: jobs, and what a screen wants unasked */
#include <string.h>

#include "sync-keeper.h"
#include "sync-worker.h"

/* Changes of this mailbox that the server has not confirmed. */
static guint
count_pending(SyncWorker *worker, const char *wire)
{
	StoreJournal *journal = store_reader_journal(worker->reader);
	g_autoptr(GPtrArray) open =
	    journal == NULL ? NULL : store_journal_open_changes(journal, NULL);
	guint n = 0;

	for (guint i = 0; open != NULL && i < open->len; i++) {
		const Change *change = g_ptr_array_index(open, i);

		n += g_strcmp0(change->mailbox, wire) == 0;
	}
	return n;
}

static void
add_result(SyncWorker *worker, const char *wire, SyncResult *result)
{
	g_autoptr(Mailbox) mailbox =
	    store_reader_mailbox(worker->reader, wire, NULL);

	result->mailbox = g_strdup(mailbox == NULL ? wire : mailbox->name);
	result->pending = count_pending(worker, wire);
	g_ptr_array_add(worker->results, result);
}

static bool
sync_whole(SyncWorker *worker, const char *wire, GError **error)
{
	SyncResult *result = g_new0(SyncResult, 1);
	bool done = false;
	bool good = sync_mailbox_open(worker, wire, result, error);

	while (good && !done && !worker->stopping)
		good = sync_mailbox_backfill(worker, result, &done, error);
	if (!good) {
		sync_result_free(result);
		return false;
	}
	add_result(worker, wire, result);
	return true;
}

static GPtrArray *
wanted_names(SyncWorker *worker, const SyncJob *job, GError **error)
{
	g_autoptr(GPtrArray) mailboxes = NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; job->names != NULL && job->names[i] != NULL; i++)
		g_ptr_array_add(names, g_strdup(job->names[i]));
	if (job->names != NULL)
		return names;
	(void)store_reader_refresh(worker->reader);
	mailboxes = store_reader_mailboxes(worker->reader, error);
	if (mailboxes == NULL) {
		g_ptr_array_unref(names);
		return NULL;
	}
	for (guint i = 0; i < mailboxes->len; i++) {
		const Mailbox *mailbox = g_ptr_array_index(mailboxes, i);

		if (!(mailbox->attrs & MAILBOX_ATTR_NOSELECT))
			g_ptr_array_add(names, g_strdup(mailbox->wire));
	}
	return names;
}

bool
sync_worker_replay(SyncWorker *worker, GError **error)
{
	bool any = true;

	worker->kicked = false;
	while (any && !worker->stopping)
		if (!sync_replay(worker, &any, error))
			return false;
	return true;
}

/* A command waits until all is confirmed, a screen does not.
 * @ret_waiting: what is open still: the mailboxes are synced all the same */
static bool
replay_job(SyncWorker *worker, GError **ret_waiting, GError **error)
{
	g_autoptr(GError) cause = NULL;

	worker->kicked = false;
	if (worker->settings->background)
		return sync_worker_replay(worker, error);
	if (sync_replay_whole(worker, &cause))
		return true;
	if (g_error_matches(cause, SYNC_ERROR, SYNC_ERROR_QUEUED))
		g_propagate_error(ret_waiting, g_steal_pointer(&cause));
	else
		g_propagate_error(error, g_steal_pointer(&cause));
	return *ret_waiting != NULL;
}

static bool
run_sync(SyncWorker *worker, SyncJob *job, GError **error)
{
	g_autoptr(GPtrArray) names = NULL;
	g_autoptr(GError) waiting = NULL;
	bool any = false;

	if (!sync_folders(worker, error) ||
	    !replay_job(worker, &waiting, error))
		return false;
	names = wanted_names(worker, job, error);
	if (names == NULL)
		return false;
	for (guint i = 0; i < names->len && !worker->stopping; i++) {
		const char *wire = g_ptr_array_index(names, i);
		g_autoptr(GError) cause = NULL;

		if (sync_whole(worker, wire, &cause)) {
			g_hash_table_remove(worker->stale, wire);
			continue;
		}
		/* one of all that cannot be opened does not stop the others */
		if (worker->session != NULL && job->names == NULL &&
		    g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED))
			continue;
		g_propagate_error(error, g_steal_pointer(&cause));
		return false;
	}
	do {
		if (!sync_offline(worker, &any, error))
			return false;
	} while (any && !worker->stopping);
	if (waiting == NULL)
		return true;
	g_propagate_error(error, g_steal_pointer(&waiting));
	return false;
}

/* A mass removal counts when another session agrees: that is asked at once. */
static bool
run_sync_again(SyncWorker *worker, SyncJob *job, GError **error)
{
	if (worker->hidden_in != worker->n_sessions || worker->stopping)
		return false;
	sync_worker_drop(worker);
	g_clear_error(error);
	g_ptr_array_set_size(worker->results, 0);
	return sync_worker_connected(worker, error) &&
	       run_sync(worker, job, error);
}

static void
do_sync(SyncWorker *worker, SyncJob *job)
{
	g_autoptr(GError) error = NULL;
	SyncEvent *event = sync_event_new(SYNC_EVENT_JOB);

	worker->results =
	    g_ptr_array_new_with_free_func((GDestroyNotify)sync_result_free);
	event->job = job->id;
	if (run_sync(worker, job, &error) ||
	    run_sync_again(worker, job, &error)) {
		event->job_state = JOB_DONE;
	} else {
		(void)sync_worker_lost(worker, error);
		event->job_state = JOB_FAILED;
		event->error = sync_worker_error(error);
	}
	event->results = g_steal_pointer(&worker->results);
	sync_emit(worker->events, event);
}

static void
do_folders(SyncWorker *worker, SyncJob *job)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) told = NULL;

	if (sync_folders(worker, &error)) {
		sync_emit_job(worker->events, job->id, JOB_DONE, NULL);
		return;
	}
	(void)sync_worker_lost(worker, error);
	told = sync_worker_error(error);
	sync_emit_job(worker->events, job->id, JOB_FAILED, told);
}

static void
set_current(SyncWorker *worker, gint64 job)
{
	pthread_mutex_lock(&worker->lock);
	worker->current = job;
	pthread_mutex_unlock(&worker->lock);
}

void
sync_worker_do(SyncWorker *worker, SyncJob *job)
{
	set_current(worker, job->id);
	switch (job->kind) {
	case SYNC_JOB_BODY:
		sync_service_body(worker, job);
		break;
	case SYNC_JOB_STRUCTURE:
		sync_service_structure(worker, job);
		break;
	case SYNC_JOB_SYNC:
		do_sync(worker, job);
		break;
	case SYNC_JOB_FOLDERS:
		do_folders(worker, job);
		break;
	case SYNC_JOB_SEARCH:
		sync_service_search(worker, job);
		break;
	case SYNC_JOB_CHECK:
		sync_service_check(worker, job);
		break;
	default:
		g_assert_not_reached();
	}
	set_current(worker, 0);
	sync_job_free(job);
}

/* What the user looks at comes before long work. */
SyncJob *
sync_worker_next_read(SyncWorker *worker)
{
	for (GList *link = worker->jobs.head; link != NULL; link = link->next) {
		SyncJob *job = link->data;

		if (job->kind == SYNC_JOB_BODY ||
		    job->kind == SYNC_JOB_STRUCTURE) {
			g_queue_delete_link(&worker->jobs, link);
			return job;
		}
	}
	return NULL;
}

/* ---- unasked ---- */

static char *
next_stale(SyncWorker *worker)
{
	GHashTableIter iter;
	gpointer key;

	if (worker->wanted != NULL &&
	    g_hash_table_contains(worker->stale, worker->wanted))
		return g_strdup(worker->wanted);
	g_hash_table_iter_init(&iter, worker->stale);
	return g_hash_table_iter_next(&iter, &key, NULL) ? g_strdup(key) : NULL;
}

/* What is on the screen comes before the list, where the list is known: from
 * the greeting to there it is two round trips. */
static bool
wanted_first(SyncWorker *worker)
{
	g_autoptr(Mailbox) mailbox = NULL;

	if (worker->wanted == NULL ||
	    !g_hash_table_contains(worker->stale, worker->wanted))
		return false;
	mailbox = store_reader_mailbox(worker->reader, worker->wanted, NULL);
	return mailbox != NULL;
}

/* A piece of what a screen wants without asking. Returns: there was some */
bool
sync_worker_background(SyncWorker *worker, bool *ret_any, GError **error)
{
	g_autofree char *stale = NULL;
	bool done = true;

	*ret_any = true;
	if (!worker->folders_known && !wanted_first(worker))
		return sync_folders(worker, error);
	if (worker->wanted != NULL &&
	    g_hash_table_remove(worker->stale, worker->wanted))
		return sync_mailbox_open(worker, worker->wanted, NULL, error);
	if (worker->box_id != 0 && worker->missing != NULL)
		return sync_mailbox_backfill(worker, NULL, &done, error);
	stale = next_stale(worker);
	if (stale != NULL) {
		g_autoptr(GError) cause = NULL;

		g_hash_table_remove(worker->stale, stale);
		if (sync_mailbox_open(worker, stale, NULL, &cause) ||
		    g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED))
			return true;
		g_propagate_error(error, g_steal_pointer(&cause));
		return false;
	}
	/* back to the mailbox on the screen, where IDLE tells at once */
	if (worker->wanted != NULL &&
	    g_strcmp0(imap_session_selected(worker->session), worker->wanted) !=
		0)
		return sync_mailbox_open(worker, worker->wanted, NULL, error);
	return sync_service_structures(worker, ret_any, error) &&
	       (*ret_any || sync_offline(worker, ret_any, error));
}
