/* controller-list-tags.c - rows the user has chosen; they stay chosen when
 * they scroll away */
#include "controller-list-private.h"

/* tags a refresh looks after: all of them come round in a few */
#define CHECKED_AT_ONCE 200u

/* Hits do not matter: what a filter leaves out is still in the mailbox. */
static bool
is_there(const MessageList *list, gint64 id)
{
	StoreList by_date = {list->store.mailbox, STORE_ORDER_DATE};
	g_autoptr(GError) error = NULL;
	StoreKey key;

	if (list_overlay_hides(list, id))
		return false;
	return store_reader_key(list->account->store, &by_date, id, &key,
				&error) ||
	       !g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

static void
all_tags(const MessageList *list, GArray *ids)
{
	GHashTableIter iter;
	gpointer id;

	g_hash_table_iter_init(&iter, list->tags);
	while (g_hash_table_iter_next(&iter, &id, NULL))
		g_array_append_val(ids, *(const gint64 *)id);
}

void
list_tags_check(MessageList *list)
{
	if (g_hash_table_size(list->tags) == 0)
		return;
	if (list->tags_left->len == 0)
		all_tags(list, list->tags_left);
	for (guint i = 0; i < CHECKED_AT_ONCE && list->tags_left->len > 0;
	     i++) {
		guint last = list->tags_left->len - 1;
		gint64 id = g_array_index(list->tags_left, gint64, last);

		g_array_set_size(list->tags_left, last);
		if (!is_there(list, id))
			g_hash_table_remove(list->tags, &id);
	}
}

void
message_list_tag(MessageList *list, gint64 id, bool tagged)
{
	if (tagged)
		g_hash_table_add(list->tags, g_memdup2(&id, sizeof id));
	else
		g_hash_table_remove(list->tags, &id);
}

bool
message_list_is_tagged(const MessageList *list, gint64 id)
{
	return g_hash_table_contains(list->tags, &id);
}

guint
message_list_n_tagged(const MessageList *list)
{
	return g_hash_table_size(list->tags);
}

void
message_list_clear_tags(MessageList *list)
{
	g_hash_table_remove_all(list->tags);
	g_array_set_size(list->tags_left, 0);
}

GArray *
message_list_tagged(const MessageList *list)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));

	all_tags(list, ids);
	for (guint i = ids->len; i-- > 0;)
		if (!is_there(list, g_array_index(ids, gint64, i)))
			g_array_remove_index_fast(ids, i);
	return ids;
}
