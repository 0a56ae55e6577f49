/* sync-fill.c - a mailbox that is open: what comes, and what is missing */
#include "sync-batch.h"
#include "sync-worker.h"

#define BATCH 500u
#define PIECE_US G_USEC_PER_SEC

/* ---- while it is open ---- */

bool
sync_mailbox_updates(SyncWorker *worker, SyncResult *result, GError **error)
{
	g_auto(ImapUpdates) updates = {0};
	SyncBatch *batch;

	if (worker->box_id == 0 || !imap_session_has_updates(worker->session))
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
		batch = sync_batch_new(worker->box_id);
		sync_batch_add_rows(batch, first.rows, worker->known);
		uid_set_add_set(updates.vanished, first.vanished);
		updates.lost |= first.lost;
		updates.flags_lost |= first.flags_lost;
		updates.modseq = MAX(updates.modseq, first.modseq);
	} else {
		imap_session_take_updates(worker->session, &updates);
		batch = sync_batch_new(worker->box_id);
		updates.lost |= updates.grew;
	}
	sync_batch_add_rows(batch, updates.rows, worker->known);
	worker->uid_next =
	    MAX(worker->uid_next, uid_set_max(worker->known) + 1);
	if (updates.flags_lost) {
		g_autoptr(UidSet) all = uid_set_copy(worker->known);
		g_auto(ImapUpdates) more = {0};
		guint ticket = imap_session_fetch_begin(worker->session, all,
							IMAP_FETCH_FLAGS, 0);

		if (!imap_session_fetch_end(worker->session, ticket, error)) {
			sync_batch_free(batch);
			return false;
		}
		imap_session_take_updates(worker->session, &more);
		sync_batch_add_rows(batch, more.rows, worker->known);
	}
	(void)store_reader_refresh(worker->reader);
	if (updates.lost) {
		if (!sync_mailbox_compare(worker, batch, updates.exists,
					  error)) {
			sync_batch_free(batch);
			return false;
		}
	} else {
		sync_batch_add_removed(worker, batch,
				       g_steal_pointer(&updates.vanished),
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
	return sync_batch_keep(worker, batch, result, error) &&
	       sync_mailbox_verify_later(
		   worker, imap_session_selected(worker->session), error);
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
	SyncBatch *batch = sync_batch_new(worker->box_id);

	imap_session_take_updates(worker->session, &updates);
	sync_batch_add_rows(batch, updates.rows, NULL);
	/* asked is known, even where nothing came: it was expunged meanwhile */
	uid_set_add_set(worker->known, asked);
	batch->known = uid_set_copy(worker->known);
	if (!uid_set_is_empty(updates.vanished))
		batch->removed = uid_set_copy(updates.vanished);
	return sync_batch_keep(worker, batch, result, error);
}

/* @asked: (nullable): the piece that is on its way */
static void
tell_backfill(SyncWorker *worker, const UidSet *asked)
{
	guint64 left =
	    (worker->missing == NULL ? 0 : uid_set_count(worker->missing)) +
	    (asked == NULL ? 0 : uid_set_count(asked));
	guint64 total = uid_set_count(worker->known) + left;

	sync_worker_progress(worker, PROGRESS_HEADERS, worker->box_id,
			     total - left, total);
}

static bool
finish_box(SyncWorker *worker, GError **error)
{
	SyncBatch *batch = sync_batch_new(worker->box_id);

	g_clear_pointer(&worker->missing, uid_set_free);
	batch->synced = true;
	batch->settle = true;
	sync_worker_progress(worker, PROGRESS_NONE, worker->box_id, 0, 0);
	return sync_batch_keep(worker, batch, NULL, error);
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
		bool go_on =
		    g_get_monotonic_time() < until &&
		    !(worker->settings->background && sync_worker_busy(worker));

		next = go_on ? ask_piece(worker, &second) : 0;
		if (!imap_session_fetch_end(worker->session, ticket, error) ||
		    !keep_piece(worker, first, result, error))
			return false;
		tell_backfill(worker, second);
		uid_set_free(first);
		first = g_steal_pointer(&second);
		ticket = next;
	}
	if (!uid_set_is_empty(worker->missing))
		return true;
	*ret_done = true;
	return finish_box(worker, error);
}

/* ---- what the server cannot remove ---- */

bool
sync_mailbox_forget(SyncWorker *worker, const UidSet *uids, GError **error)
{
	SyncBatch *batch = sync_batch_new(worker->box_id);

	batch->removed = uid_set_copy(uids);
	return sync_batch_keep(worker, batch, NULL, error);
}
