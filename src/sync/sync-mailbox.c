/* sync-mailbox.c - opening a mailbox: store against server (SYNC.md 1) */
#include <string.h>

#include "sync-batch.h"
#include "sync-worker.h"

#define FIRST_SCREEN 100u

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
verify_hidden(SyncWorker *worker, SyncBatch *batch, const UidSet *all)
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
bool
sync_mailbox_compare(SyncWorker *worker, SyncBatch *batch, guint total,
		     GError **error)
{
	g_autoptr(UidSet) all = imap_session_search_all(worker->session, error);
	UidSet *gone;

	if (all == NULL)
		return false;
	gone = store_reader_uids(worker->reader, batch->mailbox, error);
	if (gone == NULL)
		return false;
	uid_set_remove_set(gone, all);
	sync_batch_add_removed(worker, batch, gone, total);
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
	worker->box_total =
	    mailbox->total == MAILBOX_UNKNOWN ? 0 : (gint64)mailbox->total;
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
	first = now->uid_next > FIRST_SCREEN ? now->uid_next - FIRST_SCREEN : 1;
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
take_opened(SyncWorker *worker, SyncBatch *batch,
	    const StoreMailboxState *stored, const MailboxState *now,
	    bool fresh, SyncResult *result, GError **error)
{
	g_auto(ImapUpdates) updates = {0};
	guint total = (guint)MAX(worker->box_total, 0);
	bool resynced = !fresh && imap_session_resynced(worker->session);
	bool compare;

	imap_session_take_updates(worker->session, &updates);
	sync_batch_add_rows(batch, updates.rows, worker->known);
	if (resynced)
		sync_batch_add_removed(
		    worker, batch, g_steal_pointer(&updates.vanished), total);
	/*
	 * Holes, hidden rows and other numbers than the server's need the UIDs
	 * of all messages.
	 */
	compare = fresh || !resynced || has_hidden(worker, batch->mailbox) ||
		  uid_set_count(worker->known) < updates.exists ||
		  stored->stale > 0;
	if (compare && now->exists > 0 &&
	    !sync_mailbox_compare(worker, batch, total, error)) {
		sync_batch_free(batch);
		return false;
	}
	if (compare && now->exists == 0) {
		UidSet *gone =
		    store_reader_uids(worker->reader, batch->mailbox, NULL);

		if (gone != NULL)
			sync_batch_add_removed(worker, batch, gone, total);
	}
	worker->uid_next = MAX(now->uid_next, uid_set_max(worker->known) + 1);
	batch->known = uid_set_copy(worker->known);
	batch->state = *now;
	batch->set_state = true;
	batch->synced = worker->missing == NULL;
	batch->settle =
	    worker->missing == NULL &&
	    (stored->stale > 0 || stored->unplaced || batch->reset_to != 0);
	return sync_batch_keep(worker, batch, result, error);
}

/* A mass removal counts only when another session says the same. */
bool
sync_mailbox_verify_later(SyncWorker *worker, const char *wire, GError **error)
{
	if (worker->hidden_in != worker->n_sessions)
		return true;
	g_hash_table_add(worker->stale, g_strdup(wire));
	g_set_error(error, IMAP_ERROR, IMAP_ERROR_CONNECTION,
		    "many messages went at once: looking again");
	return false;
}

/*
 * Other UIDs than before: the server says so; or it does not, and its UIDNEXT
 * has fallen, which it never may (RFC 9051 section 2.3.1.1). Believing it would
 * change other messages than were meant; reading anew costs bytes alone.
 */
static bool
is_renumbered(const MailboxState *before, const MailboxState *now)
{
	return before->uid_validity != now->uid_validity ||
	       (now->uid_next != 0 && now->uid_next < before->uid_next);
}

bool
sync_mailbox_open(SyncWorker *worker, const char *wire, SyncResult *result,
		  GError **error)
{
	g_auto(StoreMailboxState) stored = {0};
	ImapKnown known = {0};
	MailboxState now = {0};
	SyncBatch *batch;
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
	fresh = stored.server.uid_validity == 0 ||
		is_renumbered(&stored.server, &now);
	batch = sync_batch_new(id);
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
		sync_batch_free(batch);
		return false;
	}
	return take_opened(worker, batch, &stored, &now, fresh, result,
			   error) &&
	       sync_mailbox_verify_later(worker, wire, error);
}

bool
sync_mailbox_select(SyncWorker *worker, const char *wire, GError **error)
{
	if (g_strcmp0(imap_session_selected(worker->session), wire) == 0)
		return true;
	return sync_mailbox_open(worker, wire, NULL, error);
}
