/* model-change.c - names and ownership of changes */
#include "model-change.h"

const char *
change_kind_name(ChangeKind kind)
{
	static const char *const names[] = {
	    [CHANGE_FLAGS] = "flags",
	    [CHANGE_MOVE] = "move",
	    [CHANGE_COPY] = "copy",
	    [CHANGE_DELETE] = "delete",
	    [CHANGE_APPEND] = "append",
	    [CHANGE_FOLDER_CREATE] = "folder-create",
	    [CHANGE_FOLDER_RENAME] = "folder-rename",
	    [CHANGE_FOLDER_DELETE] = "folder-delete",
	    [CHANGE_FOLDER_SUBSCRIBE] = "folder-subscribe",
	    [CHANGE_FOLDER_UNSUBSCRIBE] = "folder-unsubscribe",
	    [CHANGE_SEND] = "send",
	    [CHANGE_FOLLOWUP] = "followup",
	};

	return (guint)kind < G_N_ELEMENTS(names) && names[kind] != NULL
		   ? names[kind]
		   : "unknown";
}

const char *
change_state_name(ChangeState state)
{
	static const char *const names[] = {
	    [CHANGE_HELD] = "held",
	    [CHANGE_QUEUED] = "queued",
	    [CHANGE_RUNNING] = "running",
	    [CHANGE_CONFIRMED] = "confirmed",
	    [CHANGE_FAILED] = "failed",
	    [CHANGE_UNKNOWN] = "unknown",
	    [CHANGE_SUPERSEDED] = "superseded",
	};

	return (guint)state < G_N_ELEMENTS(names) && names[state] != NULL
		   ? names[state]
		   : "unknown";
}

bool
change_state_is_open(ChangeState state)
{
	return state != CHANGE_CONFIRMED && state != CHANGE_SUPERSEDED;
}

ChangeMessage *
change_message_new(gint64 id, const char *mailbox, guint32 uid_validity,
		   guint32 uid, const char *message_id)
{
	ChangeMessage *message = g_new0(ChangeMessage, 1);

	message->id = id;
	message->mailbox = g_strdup(mailbox);
	message->uid_validity = uid_validity;
	message->uid = uid;
	message->message_id = g_strdup(message_id);
	return message;
}

void
change_message_free(ChangeMessage *message)
{
	if (message == NULL)
		return;
	g_free(message->mailbox);
	g_free(message->message_id);
	g_free(message);
}

Change *
change_new(ChangeKind kind)
{
	Change *change = g_new0(Change, 1);

	change->kind = kind;
	change->state = CHANGE_QUEUED;
	change->messages =
	    g_ptr_array_new_with_free_func((GDestroyNotify)change_message_free);
	return change;
}

Change *
change_copy(const Change *change)
{
	Change *copy = change_new(change->kind);
	GPtrArray *messages = copy->messages;

	*copy = *change;
	copy->messages = messages;
	copy->mailbox = g_strdup(change->mailbox);
	copy->dest = g_strdup(change->dest);
	copy->draft_uuid = g_strdup(change->draft_uuid);
	copy->error = g_strdup(change->error);
	copy->add = mail_flags_copy(&change->add);
	copy->remove = mail_flags_copy(&change->remove);
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *from =
		    g_ptr_array_index(change->messages, i);
		ChangeMessage *to = change_message_new(
		    from->id, from->mailbox, from->uid_validity, from->uid,
		    from->message_id);

		to->dest_uid = from->dest_uid;
		g_ptr_array_add(messages, to);
	}
	return copy;
}

void
change_free(Change *change)
{
	if (change == NULL)
		return;
	g_free(change->mailbox);
	g_free(change->dest);
	g_free(change->draft_uuid);
	g_free(change->error);
	mail_flags_clear(&change->add);
	mail_flags_clear(&change->remove);
	g_clear_pointer(&change->messages, g_ptr_array_unref);
	g_free(change);
}

GPtrArray *
change_list_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)change_free);
}
