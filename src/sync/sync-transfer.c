/* sync-transfer.c - move, copy, and delete for ever (SYNC.md section 3) */
#include <string.h>

#include "base-word.h"
#include "sync-worker.h"

static void
note_copied(Change *change, const ImapCopied *copied)
{
	g_autoptr(GHashTable) to = g_hash_table_new(NULL, NULL);

	if (copied->uid_validity == 0)
		return;
	change->dest_uid_validity = copied->uid_validity;
	for (guint i = 0; i < copied->from->len; i++)
		g_hash_table_insert(
		    to,
		    GUINT_TO_POINTER(g_array_index(copied->from, guint32, i)),
		    GUINT_TO_POINTER(g_array_index(copied->to, guint32, i)));
	for (guint i = 0; i < change->messages->len; i++) {
		ChangeMessage *message = g_ptr_array_index(change->messages, i);
		gpointer uid =
		    g_hash_table_lookup(to, GUINT_TO_POINTER(message->uid));

		if (uid != NULL)
			message->dest_uid = GPOINTER_TO_UINT(uid);
	}
}

/* The server's no; or the end of the session, which goes up. */
static bool
settle(SyncWorker *worker, Change *change, GError *cause, GError **error)
{
	g_autoptr(GError) own = cause;

	if (worker->session == NULL || sync_worker_lost(worker, own)) {
		g_propagate_error(error, g_steal_pointer(&own));
		return false;
	}
	sync_replay_refused(worker, change, own);
	return sync_replay_save(worker, change, true, error);
}

/*
 * The same for what comes before or behind the command that counts: whatever
 * is refused now, what was sent is not sent once more.
 */
static bool
settle_sent(SyncWorker *worker, Change *change, GError *cause, GError **error)
{
	g_autoptr(GError) own = cause;
	ChangeStep step = change->step;

	if (worker->session == NULL || sync_worker_lost(worker, own)) {
		g_propagate_error(error, g_steal_pointer(&own));
		return false;
	}
	sync_replay_refused(worker, change, own);
	if (change->state == CHANGE_CONFIRMED)
		change->state = CHANGE_FAILED;
	change->step = step;
	return sync_replay_save(worker, change, true, error);
}

static bool
confirm(SyncWorker *worker, Change *change, GError **error)
{
	change->state = CHANGE_CONFIRMED;
	change->step = CHANGE_STEP_NONE;
	g_clear_pointer(&change->error, g_free);
	if (change->dest != NULL)
		g_hash_table_add(worker->stale, g_strdup(change->dest));
	return sync_replay_save(worker, change, true, error);
}

/* Where an answer that is lost will be looked up, before anything is sent. */
static bool
note_target(SyncWorker *worker, Change *change, GError **error)
{
	MailboxState state;

	if (!imap_session_status(worker->session, change->dest, &state, error))
		return false;
	change->dest_uid_validity = state.uid_validity;
	change->dest_uid_next = state.uid_next;
	return true;
}

static bool
mark_step(SyncWorker *worker, Change *change, ChangeStep step, GError **error)
{
	change->state = CHANGE_RUNNING;
	change->step = step;
	return sync_replay_save(worker, change, true, error);
}

/* The role's mailbox is made; another that is not there fails (asked). */
static bool
create_target(SyncWorker *worker, const Change *change, const GError *cause)
{
	g_autoptr(Mailbox) dest =
	    store_reader_mailbox(worker->reader, change->dest, NULL);

	return dest != NULL && dest->role != MAILBOX_ROLE_NONE &&
	       sync_replay_create(worker, change->dest, cause);
}

/* UIDs that are really there: UID commands pass over others in silence. */
static UidSet *
still_there(SyncWorker *worker, const UidSet *uids, GError **error)
{
	UidSet *all = imap_session_search_all(worker->session, error);

	if (all != NULL)
		uid_set_intersect(all, uids);
	return all;
}

static bool
copy_step(SyncWorker *worker, Change *change, const UidSet *uids,
	  GError **error)
{
	g_auto(ImapCopied) copied = {0};
	GError *cause = NULL;

	if (!note_target(worker, change, &cause)) {
		if (!create_target(worker, change, cause))
			return settle(worker, change, cause, error);
		g_clear_error(&cause);
		if (!note_target(worker, change, &cause))
			return settle(worker, change, cause, error);
	}
	if (!mark_step(worker, change, CHANGE_STEP_SENT, error))
		return false;
	if (!imap_session_copy(worker->session, uids, change->dest, &copied,
			       &cause))
		return settle(worker, change, cause, error);
	note_copied(change, &copied);
	if (change->kind == CHANGE_COPY)
		return confirm(worker, change, error);
	return mark_step(worker, change, CHANGE_STEP_COPIED, error);
}

/* COPY is through: \Deleted on the originals, then UID EXPUNGE of them. */
static bool
remove_originals(SyncWorker *worker, Change *change, const UidSet *uids,
		 GError **error)
{
	const MailFlags deleted = {MAIL_FLAG_DELETED, NULL};
	GError *cause = NULL;

	if (!uid_set_is_empty(uids) && change->step == CHANGE_STEP_COPIED) {
		if (!imap_session_store(worker->session, uids, true, &deleted,
					0, NULL, &cause))
			return settle_sent(worker, change, cause, error);
		if (!mark_step(worker, change, CHANGE_STEP_MARKED, error))
			return false;
	}
	if (!uid_set_is_empty(uids) &&
	    !imap_session_expunge(worker->session, uids, &cause)) {
		if (!g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_UNSUPPORTED))
			return settle_sent(worker, change, cause, error);
		g_clear_error(&cause);
		sync_emit_notice(worker->events, NOTICE_DELETED_MARK_STAYS,
				 worker->box_id, NULL, 0);
	}
	return confirm(worker, change, error);
}

static bool
move_at_once(SyncWorker *worker, Change *change, const UidSet *uids,
	     GError **error)
{
	g_auto(ImapCopied) copied = {0};
	GError *cause = NULL;

	if (!mark_step(worker, change, CHANGE_STEP_SENT, error))
		return false;
	if (!imap_session_move(worker->session, uids, change->dest, &copied,
			       &cause)) {
		if (imap_session_answer(worker->session) == IMAP_ANSWER_GONE &&
		    create_target(worker, change, cause)) {
			g_clear_error(&cause);
			if (!imap_session_move(worker->session, uids,
					       change->dest, &copied, &cause))
				return settle(worker, change, cause, error);
		} else {
			return settle(worker, change, cause, error);
		}
	}
	note_copied(change, &copied);
	return confirm(worker, change, error);
}

/*
 * The answer to COPY was lost. All found: it was done. None: look once more in
 * another session, then repeat. Anything between: only the user knows.
 */
static bool
look_up_copy(SyncWorker *worker, Change *change, GError **error)
{
	guint found = 0;
	bool doubtful = false;
	GError *cause = NULL;

	if (!sync_lookup(worker, change, &found, &doubtful, &cause))
		return settle_sent(worker, change, cause, error);
	if (!doubtful && found == change->messages->len) {
		if (change->kind == CHANGE_COPY)
			return confirm(worker, change, error);
		return mark_step(worker, change, CHANGE_STEP_COPIED, error);
	}
	if (doubtful || found > 0) {
		change->state = CHANGE_UNKNOWN;
		g_free(change->error);
		change->error =
		    g_strdup(N_("the answer was lost, and the target "
				"does not tell what was done"));
		sync_emit_notice(worker->events, NOTICE_CHANGE_UNKNOWN, 0,
				 change->error, 0);
		return sync_replay_save(worker, change, true, error);
	}
	change->attempts++;
	if (change->attempts > 1) {
		change->step = CHANGE_STEP_NONE;
		change->state = CHANGE_QUEUED;
	} else {
		change->not_before = g_get_real_time() + sync_replay_pause();
	}
	return sync_replay_save(worker, change, true, error);
}

static bool
nothing_left(SyncWorker *worker, Change *change, GError **error)
{
	if (change->step == CHANGE_STEP_SENT)
		return confirm(worker, change, error); /* MOVE got there */
	sync_replay_fail(change, "the messages are no longer there");
	sync_emit_notice(worker->events, NOTICE_CHANGE_FAILED, 0, change->error,
			 0);
	return sync_replay_save(worker, change, true, error);
}

bool
sync_transfer(SyncWorker *worker, Change *change, GError **error)
{
	bool at_once = change->kind == CHANGE_MOVE &&
		       imap_session_has(worker->session, "MOVE");
	g_autoptr(UidSet) named = NULL;
	g_autoptr(UidSet) uids = NULL;
	GError *cause = NULL;

	if (change->step == CHANGE_STEP_SENT && !at_once &&
	    change->dest_uid_next != 0)
		return look_up_copy(worker, change, error);
	if (!sync_replay_select(worker, change->mailbox, &cause))
		return settle_sent(worker, change, cause, error);
	named = sync_replay_uids(worker, change);
	uids = still_there(worker, named, &cause);
	if (uids == NULL)
		return settle_sent(worker, change, cause, error);
	if (change->step == CHANGE_STEP_COPIED ||
	    change->step == CHANGE_STEP_MARKED)
		return remove_originals(worker, change, uids, error);
	if (uid_set_is_empty(uids))
		return nothing_left(worker, change, error);
	if (at_once)
		return move_at_once(worker, change, uids, error);
	if (!copy_step(worker, change, uids, error))
		return false;
	if (change->step == CHANGE_STEP_COPIED)
		return remove_originals(worker, change, uids, error);
	return true;
}

/*
 * \Deleted only on what has not changed since, then UID EXPUNGE of exactly
 * those: a message flagged elsewhere meanwhile is kept, and the user told.
 */
bool
sync_expunge(SyncWorker *worker, Change *change, GError **error)
{
	const MailFlags deleted = {MAIL_FLAG_DELETED, NULL};
	g_autoptr(UidSet) uids = NULL;
	GError *cause = NULL;

	if (!sync_replay_select(worker, change->mailbox, &cause))
		return settle(worker, change, cause, error);
	if (!imap_session_has(worker->session, "UIDPLUS")) {
		sync_replay_fail(change,
				 "the server cannot delete single messages "
				 "for ever (no UIDPLUS)");
		return sync_replay_save(worker, change, false, error);
	}
	uids = sync_replay_uids(worker, change);
	if (!mark_step(worker, change, CHANGE_STEP_SENT, error))
		return false;
	if (!uid_set_is_empty(uids) &&
	    (!imap_session_store(worker->session, uids, true, &deleted, 0, NULL,
				 &cause) ||
	     !imap_session_expunge(worker->session, uids, &cause)))
		return settle(worker, change, cause, error);
	return confirm(worker, change, error);
}
