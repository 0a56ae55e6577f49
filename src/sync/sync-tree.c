/* sync-tree.c - mailboxes made, renamed, removed, subscribed */
#include "imap-name.h"
#include "sync-keeper.h"
#include "sync-worker.h"

/* One that is there already, or whose answer was lost, is subscribed all the
 * same. */
static bool
create(ImapSession *session, const char *wire, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (imap_session_create(session, wire, &cause))
		return true;
	if (g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED) &&
	    imap_session_answer(session) == IMAP_ANSWER_DONE)
		return true;
	g_propagate_error(error, g_steal_pointer(&cause));
	return false;
}

static bool
run(SyncWorker *worker, const Change *change, GError **error)
{
	ImapSession *session = worker->session;

	switch (change->kind) {
	case CHANGE_FOLDER_CREATE:
		if (!create(session, change->mailbox, error))
			return false;
		/* a mailbox nobody is subscribed to is not seen elsewhere */
		return imap_session_subscribe(session, change->mailbox, true,
					      error);
	case CHANGE_FOLDER_RENAME:
		return imap_session_rename(session, change->mailbox,
					   change->dest, error);
	case CHANGE_FOLDER_DELETE:
		return imap_session_delete(session, change->mailbox, error);
	case CHANGE_FOLDER_SUBSCRIBE:
		return imap_session_subscribe(session, change->mailbox, true,
					      error);
	case CHANGE_FOLDER_UNSUBSCRIBE:
		return imap_session_subscribe(session, change->mailbox, false,
					      error);
	default:
		g_assert_not_reached();
	}
}

/* The cache keeps its rows across a rename: ids and headers stay. */
static void
write_rename(SyncKeeper *keeper, gpointer data)
{
	const Change *change = data;
	g_autofree char *name = imap_name_from_wire(change->dest);

	if (keeper->writer == NULL ||
	    !store_writer_rename_mailbox(keeper->writer, change->mailbox,
					 change->dest, name, NULL))
		return;
	sync_keeper_touch(keeper, 0);
	(void)sync_keeper_commit(keeper);
}

/* An undone create goes only if it is empty (SYNC.md section 3). */
static bool
may_delete(SyncWorker *worker, const Change *change)
{
	MailboxState state;

	return change->undoes == 0 ||
	       (imap_session_status(worker->session, change->mailbox, &state,
				    NULL) &&
		state.exists == 0);
}

/* Sent before, and the answer lost: is what it was for so now? */
static bool
was_done(SyncWorker *worker, const Change *change)
{
	ImapAnswer answer = imap_session_answer(worker->session);
	MailboxState state;

	if (change->kind == CHANGE_FOLDER_RENAME)
		return (answer == IMAP_ANSWER_GONE ||
			answer == IMAP_ANSWER_DONE) &&
		       imap_session_status(worker->session, change->dest,
					   &state, NULL) &&
		       !imap_session_status(worker->session, change->mailbox,
					    &state, NULL);
	return answer == IMAP_ANSWER_GONE;
}

bool
sync_tree(SyncWorker *worker, Change *change, GError **error)
{
	g_autoptr(GError) cause = NULL;
	bool repeated = change->state == CHANGE_RUNNING;

	if (change->kind == CHANGE_FOLDER_DELETE &&
	    !may_delete(worker, change)) {
		sync_replay_fail(change, "the mailbox is not empty any more");
		return sync_replay_save(worker, change, false, error);
	}
	if (g_strcmp0(imap_session_selected(worker->session),
		      change->mailbox) == 0) {
		sync_mailbox_left(worker);
		if (!imap_session_unselect(worker->session, error))
			return false;
	}
	change->state = CHANGE_RUNNING;
	if (!sync_replay_save(worker, change, false, error))
		return false;
	if (run(worker, change, &cause)) {
		change->state = CHANGE_CONFIRMED;
	} else if (sync_worker_lost(worker, cause)) {
		g_propagate_error(error, g_steal_pointer(&cause));
		return false;
	} else {
		sync_replay_refused(worker, change, cause);
		if (repeated && was_done(worker, change))
			change->state = CHANGE_CONFIRMED;
	}
	if (change->state == CHANGE_CONFIRMED &&
	    change->kind == CHANGE_FOLDER_RENAME)
		sync_keeper_call(worker->keeper, write_rename, change);
	if (change->state == CHANGE_CONFIRMED && !sync_folders(worker, error))
		return false;
	return sync_replay_save(worker, change, false, error);
}
