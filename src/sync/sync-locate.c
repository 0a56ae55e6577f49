/* sync-locate.c - where the messages are that a user's change names */
#include <string.h>

#include "base-word.h"
#include "sync-keeper.h"

/** Changes of one wish: one for each mailbox its messages lie in. */
typedef struct {
	SyncKeeper *keeper;
	const Change *wish;
	GHashTable *by_mailbox; /* wire name → Change, borrowed from out */
	GHashTable *names;      /* id of a mailbox → wire name */
	GPtrArray *out;
} Locating;

/* A delete with a target moves there; what lies there already goes for ever. */
static Change *
change_in(Locating *locating, const char *mailbox)
{
	const Change *wish = locating->wish;
	Change *change = g_hash_table_lookup(locating->by_mailbox, mailbox);

	if (change != NULL)
		return change;
	change = change_new(wish->kind);
	change->mailbox = g_strdup(mailbox);
	change->dest = g_strdup(wish->dest);
	change->add = mail_flags_copy(&wish->add);
	change->remove = mail_flags_copy(&wish->remove);
	if (wish->kind == CHANGE_DELETE && wish->dest != NULL) {
		if (mailbox_name_equal(mailbox, wish->dest))
			g_clear_pointer(&change->dest, g_free);
		else
			change->kind = CHANGE_MOVE;
	}
	g_hash_table_insert(locating->by_mailbox, change->mailbox, change);
	g_ptr_array_add(locating->out, change);
	return change;
}

/* Returns: (transfer none) (nullable) */
static const char *
wire_of(Locating *locating, gint64 id)
{
	const char *wire = g_hash_table_lookup(locating->names, &id);
	g_autoptr(Mailbox) mailbox = NULL;
	char *kept;

	if (wire != NULL)
		return wire;
	mailbox =
	    store_reader_mailbox_by_id(locating->keeper->reader, id, NULL);
	if (mailbox == NULL)
		return NULL;
	kept = g_strdup(mailbox->wire);
	g_hash_table_insert(locating->names, g_memdup2(&id, sizeof(id)), kept);
	return kept;
}

/*
 * Where the message is when all that was queued before has been done: a change
 * behind a queued move happens in the move's target. Returns: (transfer full)
 * (nullable): %NULL: it is gone
 */
static ChangeMessage *
place_of(Locating *locating, gint64 id)
{
	StoreReader *reader = locating->keeper->reader;
	ChangeMessage *where = store_reader_location(reader, id, NULL);
	g_autoptr(MessageRow) row =
	    where == NULL ? NULL : store_reader_row(reader, id, NULL);
	const char *shown = NULL;

	if (row != NULL && row->mailbox != 0)
		shown = wire_of(locating, row->mailbox);
	if (shown == NULL)
		return where;
	if (strcmp(where->mailbox, shown) != 0) {
		g_free(where->mailbox);
		where->mailbox = g_strdup(shown);
		where->uid_validity = 0;
		where->uid = 0;
	}
	return where;
}

static void
locate(Locating *locating)
{
	const Change *wish = locating->wish;

	for (guint i = 0; i < wish->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(wish->messages, i);
		ChangeMessage *where = place_of(locating, message->id);

		/* gone meanwhile; or it is where it shall go */
		if (where == NULL ||
		    (wish->kind == CHANGE_MOVE &&
		     mailbox_name_equal(where->mailbox, wish->dest)))
			change_message_free(where);
		else
			g_ptr_array_add(
			    change_in(locating, where->mailbox)->messages,
			    where);
	}
}

GPtrArray *
sync_locate(SyncKeeper *keeper, const GPtrArray *wishes, GError **error)
{
	g_autoptr(GPtrArray) out = change_list_new();
	g_autoptr(GHashTable) names =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);

	for (guint i = 0; i < wishes->len; i++) {
		const Change *wish = g_ptr_array_index(wishes, i);
		g_autoptr(GHashTable) by_mailbox =
		    g_hash_table_new(g_str_hash, g_str_equal);
		Locating locating = {keeper, wish, by_mailbox, names, out};

		if (wish->mailbox != NULL) {
			g_ptr_array_add(out, change_copy(wish));
			continue;
		}
		locate(&locating);
		if (g_hash_table_size(by_mailbox) > 0)
			continue;
		g_set_error_literal(
		    error, SYNC_ERROR, SYNC_ERROR_NOT_FOUND,
		    wish->kind == CHANGE_MOVE
			? "the messages are there already, "
			  "or no longer anywhere"
			: N_("the messages are no longer there"));
		return NULL;
	}
	return g_steal_pointer(&out);
}
