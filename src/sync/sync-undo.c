/* sync-undo.c - taking back what still is as our change left it */
#include <string.h>

#include "sync-keeper.h"

typedef struct {
	SyncKeeper *keeper;
	GPtrArray *closed;   /* taken back before they were sent */
	GPtrArray *inverses; /* of what the server has done */
	guint kept;          /* messages changed since by somebody else */
} Undo;

static Change *
inverse_of(const Change *change, ChangeKind kind)
{
	Change *inverse = change_new(kind);

	inverse->undoes = change->id;
	return inverse;
}

static void
undo_flags(Undo *undo, const Change *change)
{
	g_autoptr(Change) inverse = inverse_of(change, CHANGE_FLAGS);

	inverse->mailbox = g_strdup(change->mailbox);
	inverse->add = mail_flags_copy(&change->remove);
	inverse->remove = mail_flags_copy(&change->add);
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		g_auto(MailFlags) now = {0};

		/* only what still is as our change left it */
		if (store_reader_server_flags(undo->keeper->reader, message->id,
					      &now, NULL, NULL) &&
		    mail_flags_has(&now, &change->add) &&
		    !mail_flags_intersects(&now, &change->remove))
			sync_intent_add_message(inverse, message);
		else
			undo->kept++;
	}
	if (inverse->messages->len > 0)
		g_ptr_array_add(undo->inverses, g_steal_pointer(&inverse));
}

static void
undo_move(Undo *undo, const Change *change)
{
	g_autoptr(Change) inverse = inverse_of(change, CHANGE_MOVE);

	inverse->mailbox = g_strdup(change->dest);
	inverse->dest = g_strdup(change->mailbox);
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		ChangeMessage *now = store_reader_location(undo->keeper->reader,
							   message->id, NULL);

		if (now != NULL && strcmp(now->mailbox, change->dest) == 0) {
			g_ptr_array_add(inverse->messages, now);
			continue;
		}
		change_message_free(now);
		undo->kept++;
	}
	if (inverse->messages->len > 0)
		g_ptr_array_add(undo->inverses, g_steal_pointer(&inverse));
}

static void
undo_copy(Undo *undo, const Change *change)
{
	g_autoptr(Change) inverse = inverse_of(change, CHANGE_DELETE);
	g_autoptr(Mailbox) mailbox =
	    store_reader_mailbox(undo->keeper->reader, change->dest, NULL);

	inverse->mailbox = g_strdup(change->dest);
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		gint64 id = mailbox == NULL || message->dest_uid == 0
				? 0
				: store_reader_find_uid(
				      undo->keeper->reader, mailbox->id,
				      message->dest_uid, NULL);

		if (message->dest_uid == 0) {
			undo->kept++;
			continue;
		}
		g_ptr_array_add(inverse->messages,
				change_message_new(
				    id, change->dest, change->dest_uid_validity,
				    message->dest_uid, message->message_id));
	}
	if (inverse->messages->len > 0)
		g_ptr_array_add(undo->inverses, g_steal_pointer(&inverse));
}

static void
undo_folder(Undo *undo, const Change *change)
{
	Change *inverse = NULL;

	switch (change->kind) {
	case CHANGE_FOLDER_CREATE:
		inverse = inverse_of(change, CHANGE_FOLDER_DELETE);
		inverse->mailbox = g_strdup(change->mailbox);
		break;
	case CHANGE_FOLDER_RENAME:
		inverse = inverse_of(change, CHANGE_FOLDER_RENAME);
		inverse->mailbox = g_strdup(change->dest);
		inverse->dest = g_strdup(change->mailbox);
		break;
	case CHANGE_FOLDER_SUBSCRIBE:
		inverse = inverse_of(change, CHANGE_FOLDER_UNSUBSCRIBE);
		inverse->mailbox = g_strdup(change->mailbox);
		break;
	case CHANGE_FOLDER_UNSUBSCRIBE:
		inverse = inverse_of(change, CHANGE_FOLDER_SUBSCRIBE);
		inverse->mailbox = g_strdup(change->mailbox);
		break;
	default:
		return;
	}
	g_ptr_array_add(undo->inverses, inverse);
}

static void
undo_one(Undo *undo, Change *change)
{
	if (change->state == CHANGE_QUEUED || change->state == CHANGE_HELD ||
	    change->state == CHANGE_FAILED) {
		change->state = CHANGE_SUPERSEDED;
		g_ptr_array_add(undo->closed, change_copy(change));
		return;
	}
	switch (change->kind) {
	case CHANGE_FLAGS:
		undo_flags(undo, change);
		break;
	case CHANGE_MOVE:
		undo_move(undo, change);
		break;
	case CHANGE_COPY:
		undo_copy(undo, change);
		break;
	default:
		undo_folder(undo, change);
		break;
	}
}

static GPtrArray *
find_undoable(SyncKeeper *keeper, gint64 number, GError **error)
{
	g_autoptr(Change) change = NULL;

	if (number == 0)
		return store_journal_last_undoable(keeper->journal, error);
	/* people name the number of any change of the group */
	change = store_journal_get(keeper->journal, number, error);
	if (change == NULL)
		return NULL;
	return store_journal_group(keeper->journal, change->group, error);
}

void
sync_undo_job(SyncKeeper *keeper, const SyncJob *job)
{
	g_autoptr(GPtrArray) group = NULL;
	g_autoptr(GPtrArray) closed = change_list_new();
	g_autoptr(GPtrArray) inverses = change_list_new();
	Undo undo = {keeper, closed, inverses, 0};
	GError *error = NULL;

	(void)store_reader_refresh(keeper->reader);
	group = find_undoable(keeper, job->number, &error);
	if (group == NULL) {
		sync_intent_fail(keeper, job->id, error);
		return;
	}
	for (guint i = group->len; i > 0; i--)
		undo_one(&undo, g_ptr_array_index(group, i - 1));
	if (undo.kept > 0)
		sync_emit_notice(keeper->events, NOTICE_KEPT_NEWER, 0, NULL,
				 undo.kept);
	if (closed->len == 0 && inverses->len == 0) {
		sync_intent_fail(
		    keeper, job->id,
		    g_error_new_literal(SYNC_ERROR, SYNC_ERROR_NOT_FOUND,
					"there is nothing to undo"));
		return;
	}
	if (closed->len > 0 &&
	    !store_journal_update_list(keeper->journal, closed, &error)) {
		sync_intent_fail(keeper, job->id, error);
		return;
	}
	for (guint i = 0; i < closed->len; i++)
		sync_intent_apply(keeper, g_ptr_array_index(closed, i));
	/* it may have read them already */
	sync_worker_kick(keeper->worker);
	if (inverses->len > 0) {
		sync_intent_journal(keeper, job->id, inverses);
		return;
	}
	(void)sync_keeper_commit(keeper);
	sync_intent_tell(keeper, job->id, closed, JOB_JOURNALED, NULL);
	sync_intent_track(keeper, job->id, closed);
	sync_intent_counts(keeper);
	sync_intent_check(keeper);
}
