/* sync-order.c - which changes must wait for others */
#include "sync-order.h"

struct SyncOrder {
	GHashTable *ids;   /* of messages; gint64, borrowed */
	GHashTable *names; /* of mailboxes that come, go or change names */
	GHashTable *used;  /* names of mailboxes that must stay till then */
};

SyncOrder *
sync_order_new(void)
{
	SyncOrder *order = g_new0(SyncOrder, 1);

	order->ids = g_hash_table_new(g_int64_hash, g_int64_equal);
	order->names = g_hash_table_new(g_str_hash, g_str_equal);
	order->used = g_hash_table_new(g_str_hash, g_str_equal);
	return order;
}

void
sync_order_free(SyncOrder *order)
{
	if (order == NULL)
		return;
	g_hash_table_unref(order->ids);
	g_hash_table_unref(order->names);
	g_hash_table_unref(order->used);
	g_free(order);
}

/* Mailboxes come, go, or change names. */
static bool
changes_tree(const Change *change)
{
	return change->kind == CHANGE_FOLDER_CREATE ||
	       change->kind == CHANGE_FOLDER_RENAME ||
	       change->kind == CHANGE_FOLDER_DELETE;
}

static void
add_names(GHashTable *names, const Change *change)
{
	if (change->mailbox != NULL)
		g_hash_table_add(names, change->mailbox);
	if (change->dest != NULL)
		g_hash_table_add(names, change->dest);
}

void
sync_order_note(SyncOrder *order, Change *change)
{
	if (change->state != CHANGE_QUEUED && change->state != CHANGE_RUNNING)
		return;
	for (guint i = 0; i < change->messages->len; i++) {
		ChangeMessage *message = g_ptr_array_index(change->messages, i);

		if (message->id != 0)
			g_hash_table_add(order->ids, &message->id);
	}
	add_names(changes_tree(change) ? order->names : order->used, change);
}

static bool
has_name(GHashTable *names, const Change *change)
{
	return (change->mailbox != NULL &&
		g_hash_table_contains(names, change->mailbox)) ||
	       (change->dest != NULL &&
		g_hash_table_contains(names, change->dest));
}

bool
sync_order_is_behind(const SyncOrder *order, const Change *change)
{
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);

		if (g_hash_table_contains(order->ids, &message->id))
			return true;
	}
	return has_name(order->names, change) ||
	       (changes_tree(change) && has_name(order->used, change));
}
