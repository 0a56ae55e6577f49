/* sync-append.c - drafts to the server, and the old one away (SYNC.md 4) */
#include <string.h>

#include "base-word.h"
#include "mime-header.h"
#include "store-draft.h"
#include "sync-worker.h"

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

static bool
confirm(SyncWorker *worker, Change *change, GError **error)
{
	change->state = CHANGE_CONFIRMED;
	change->step = CHANGE_STEP_NONE;
	g_clear_pointer(&change->error, g_free);
	g_hash_table_add(worker->stale, g_strdup(change->dest));
	return sync_replay_save(worker, change, true, error);
}

/*
 * The text may have come to the server, or has: whatever is refused now, it
 * must not go there once more. An old copy that cannot be removed stays.
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
	if (change->state != CHANGE_QUEUED && step == CHANGE_STEP_UPLOADED)
		return confirm(worker, change, error);
	if (change->state != CHANGE_QUEUED)
		change->state = CHANGE_UNKNOWN;
	change->step = step;
	return sync_replay_save(worker, change, true, error);
}

static bool
note_target(SyncWorker *worker, Change *change, GError **error)
{
	MailboxState state;

	if (g_strcmp0(imap_session_selected(worker->session), change->dest) ==
		0 &&
	    !imap_session_unselect(worker->session, error))
		return false;
	if (imap_session_selected(worker->session) == NULL)
		sync_mailbox_left(worker);
	if (!imap_session_status(worker->session, change->dest, &state, error))
		return false;
	change->dest_uid_validity = state.uid_validity;
	change->dest_uid_next = state.uid_next;
	return true;
}

static bool
send_text(SyncWorker *worker, Change *change, GBytes *text, GError **error)
{
	ChangeMessage *message = g_ptr_array_index(change->messages, 0);
	GError *cause = NULL;
	guint32 validity = 0;
	guint32 uid = 0;

	if (!note_target(worker, change, &cause)) {
		if (!sync_replay_create(worker, change->dest, cause))
			return settle(worker, change, cause, error);
		g_clear_error(&cause);
		/* what is in it is shown only if it is in the list */
		if (!sync_folders(worker, &cause) ||
		    !note_target(worker, change, &cause))
			return settle(worker, change, cause, error);
	}
	change->state = CHANGE_RUNNING;
	change->step = CHANGE_STEP_SENT;
	if (!sync_replay_save(worker, change, true, error))
		return false;
	if (!imap_session_append(worker->session, change->dest, &change->add, 0,
				 text, &validity, &uid, &cause))
		return settle(worker, change, cause, error);
	if (uid != 0 && (validity == change->dest_uid_validity ||
			 change->dest_uid_validity == 0)) {
		message->dest_uid = uid;
		change->dest_uid_validity = validity;
	}
	change->step = CHANGE_STEP_UPLOADED;
	return sync_replay_save(worker, change, true, error);
}

/*
 * What is sent may be newer than what was journaled: looked up later is what
 * was sent.
 */
static void
note_text(Change *change, GBytes *text)
{
	gsize len;
	const char *data = g_bytes_get_data(text, &len);
	g_autoptr(MessageHeader) header = mime_header_parse(data, len);

	if (g_strcmp0(header->draft_uuid, change->draft_uuid) == 0)
		change->draft_rev = header->draft_rev;
}

/*
 * An upload that was on its way when this one was journaled has left a copy
 * since, which is the one to be replaced.
 */
static void
note_old(SyncWorker *worker, Change *change)
{
	ChangeMessage *old = g_ptr_array_index(change->messages, 0);
	StoreJournal *journal = store_reader_journal(worker->reader);
	g_autoptr(StoreDraft) row =
	    journal == NULL
		? NULL
		: store_draft_get(journal, change->draft_uuid, NULL);

	if (row == NULL || row->uid == 0 || row->uploaded_rev == 0 ||
	    g_strcmp0(row->mailbox, change->dest) != 0)
		return;
	if (row->uploaded_rev == change->draft_rev) {
		/* this very text: nothing is left to be sent */
		old->dest_uid = row->uid;
		change->dest_uid_validity = row->uid_validity;
		change->step = CHANGE_STEP_UPLOADED;
		return;
	}
	if (row->uid == old->uid)
		return;
	old->id = 0;
	old->uid = row->uid;
	old->uid_validity = row->uid_validity;
	g_clear_pointer(&old->message_id, g_free);
}

/* Without APPENDUID the new one's UID is looked up by its UUID and revision. */
static bool
find_new(SyncWorker *worker, Change *change, guint *ret_found, bool *doubtful,
	 GError **error)
{
	const ChangeMessage *message = g_ptr_array_index(change->messages, 0);

	if (message->dest_uid != 0) {
		*ret_found = 1;
		*doubtful = false;
		return true;
	}
	return sync_lookup(worker, change, ret_found, doubtful, error);
}

static bool
look_up_append(SyncWorker *worker, Change *change, GError **error)
{
	guint found = 0;
	bool doubtful = false;
	GError *cause = NULL;

	if (!sync_lookup(worker, change, &found, &doubtful, &cause))
		return settle_sent(worker, change, cause, error);
	if (found > 0) {
		change->step = CHANGE_STEP_UPLOADED;
	} else if (doubtful) {
		change->state = CHANGE_UNKNOWN;
		g_free(change->error);
		change->error = g_strdup(N_("the answer was lost, and the "
					    "mailbox has changed since"));
	} else if (++change->attempts > 1) {
		change->step = CHANGE_STEP_NONE;
		change->state = CHANGE_QUEUED;
	} else {
		change->not_before = g_get_real_time() + sync_replay_pause();
	}
	return sync_replay_save(worker, change, true, error);
}

/*
 * Does the old UID still hold what we replace? Its own UUID with no later
 * revision (the same one: a twin), or the Message-ID the journal noted.
 */
static bool
is_replaced(const Change *change, const ChangeMessage *old,
	    const MessageHeader *header)
{
	if (header->draft_uuid != NULL && change->draft_uuid != NULL &&
	    strcmp(header->draft_uuid, change->draft_uuid) == 0)
		return header->draft_rev <= change->draft_rev;
	return old->message_id != NULL &&
	       g_strcmp0(old->message_id, header->message_id) == 0;
}

static bool
check_old(SyncWorker *worker, const Change *change, const UidSet *uids,
	  bool *ret_same, GError **error)
{
	bool other = false;
	const ChangeMessage *old = g_ptr_array_index(change->messages, 0);
	g_auto(ImapUpdates) updates = {0};
	guint ticket;

	*ret_same = false;
	if (!sync_mailbox_updates(worker, NULL, error))
		return false;
	ticket = imap_session_fetch_begin(worker->session, uids,
					  IMAP_FETCH_LOOKUP, 0);
	if (!imap_session_fetch_end(worker->session, ticket, error))
		return false;
	imap_session_take_updates(worker->session, &updates);
	for (guint i = 0;
	     updates.rows != NULL && i < imap_batch_n_rows(updates.rows); i++) {
		const ImapRow *row = imap_batch_row(updates.rows, i);
		g_autoptr(MessageHeader) header = NULL;

		if (!(row->have & IMAP_HAVE_HEADER) || row->uid != old->uid)
			continue;
		header = mime_header_parse(row->header, row->header_len);
		*ret_same = is_replaced(change, old, header);
		other = !*ret_same;
	}
	if (other)
		sync_emit_notice(worker->events, NOTICE_DRAFT_CONFLICT,
				 worker->box_id, change->draft_uuid, old->uid);
	return true;
}

/* The new one is there: only now the old one goes. */
static bool
remove_old(SyncWorker *worker, Change *change, GError **error)
{
	const MailFlags deleted = {MAIL_FLAG_DELETED, NULL};
	const ChangeMessage *old = g_ptr_array_index(change->messages, 0);
	g_autoptr(UidSet) uids = uid_set_new();
	GError *cause = NULL;
	bool same = false;

	/* this also brings the new one into the list */
	if (!sync_mailbox_open(worker, change->dest, NULL, &cause))
		return settle_sent(worker, change, cause, error);
	if (old->uid == 0 || old->uid == old->dest_uid)
		return confirm(worker, change, error);
	uid_set_add(uids, old->uid);
	if (old->uid_validity != 0 &&
	    old->uid_validity != change->dest_uid_validity)
		return confirm(worker, change, error);
	if (!check_old(worker, change, uids, &same, &cause))
		return settle_sent(worker, change, cause, error);
	if (!same) {
		/* gone, or edited elsewhere: both are kept and shown */
		return confirm(worker, change, error);
	}
	if (!imap_session_store(worker->session, uids, true, &deleted, 0, NULL,
				&cause))
		return settle_sent(worker, change, cause, error);
	if (!imap_session_expunge(worker->session, uids, &cause)) {
		if (!g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_UNSUPPORTED))
			return settle_sent(worker, change, cause, error);
		g_clear_error(&cause);
		if (!sync_mailbox_forget(worker, uids, &cause))
			return settle_sent(worker, change, cause, error);
	}
	if (!sync_mailbox_updates(worker, NULL, &cause))
		return settle_sent(worker, change, cause, error);
	return confirm(worker, change, error);
}

bool
sync_append(SyncWorker *worker, Change *change, GError **error)
{
	g_autoptr(GBytes) text = NULL;
	GError *cause = NULL;
	guint found = 0;
	bool doubtful = false;

	if (!sync_memory_place(worker, &change->dest, &cause))
		return change->step == CHANGE_STEP_NONE
			   ? settle(worker, change, cause, error)
			   : settle_sent(worker, change, cause, error);
	if (change->step == CHANGE_STEP_SENT)
		return look_up_append(worker, change, error);
	if (change->step == CHANGE_STEP_NONE) {
		text = store_draft_read_text(worker->settings->state_folder,
					     change->draft_uuid, &cause);
		if (text == NULL) {
			sync_replay_fail(change, cause->message);
			g_error_free(cause);
			return sync_replay_save(worker, change, false, error);
		}
		note_text(change, text);
		note_old(worker, change);
		if (change->step == CHANGE_STEP_NONE &&
		    !send_text(worker, change, text, error))
			return false;
		if (change->step != CHANGE_STEP_UPLOADED)
			return true; /* refused */
	}
	if (!find_new(worker, change, &found, &doubtful, &cause))
		return settle_sent(worker, change, cause, error);
	return remove_old(worker, change, error);
}
