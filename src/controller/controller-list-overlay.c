/* controller-list-overlay.c - changes that are not journaled yet, laid over
 * the rows of a list */
#include "controller-list-private.h"

/* the store shows flags as of before: (them | add) without remove */
typedef struct {
	bool hidden;
	MailFlags add;
	MailFlags remove;
} ListOverlay;

static void
overlay_free(gpointer data)
{
	ListOverlay *overlay = data;

	mail_flags_clear(&overlay->add);
	mail_flags_clear(&overlay->remove);
	g_free(overlay);
}

static ListOverlay *
overlay_of(MessageList *list, gint64 id)
{
	ListOverlay *overlay = g_hash_table_lookup(list->overlay, &id);

	if (overlay == NULL) {
		overlay = g_new0(ListOverlay, 1);
		g_hash_table_insert(list->overlay, g_memdup2(&id, sizeof id),
				    overlay);
	}
	return overlay;
}

static void
add_change(MessageList *list, const Change *change)
{
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		ListOverlay *overlay = overlay_of(list, message->id);

		switch (change->kind) {
		case CHANGE_FLAGS:
			mail_flags_apply(&overlay->add, &change->add,
					 &change->remove);
			mail_flags_apply(&overlay->remove, &change->remove,
					 &change->add);
			break;
		case CHANGE_MOVE:
			overlay->hidden =
			    change->dest == NULL ||
			    !mailbox_name_equal(change->dest, list->wire);
			break;
		default:
			overlay->hidden = true;
			break;
		}
	}
}

void
list_overlay_build(MessageList *list)
{
	const GPtrArray *pending = list->account->pending;

	g_clear_pointer(&list->overlay, g_hash_table_unref);
	for (guint i = 0; pending != NULL && i < pending->len; i++) {
		const PendingChange *one = g_ptr_array_index(pending, i);

		if (one->change->kind != CHANGE_FLAGS &&
		    one->change->kind != CHANGE_MOVE &&
		    one->change->kind != CHANGE_DELETE)
			continue;
		if (list->overlay == NULL)
			list->overlay = g_hash_table_new_full(
			    g_int64_hash, g_int64_equal, g_free, overlay_free);
		add_change(list, one->change);
	}
}

static const ListOverlay *
look_up(const MessageList *list, gint64 id)
{
	return list->overlay == NULL ? NULL
				     : g_hash_table_lookup(list->overlay, &id);
}

bool
list_overlay_hides(const MessageList *list, gint64 id)
{
	const ListOverlay *overlay = look_up(list, id);

	return overlay != NULL && overlay->hidden;
}

void
list_overlay_row(const MessageList *list, MessageRow *row)
{
	const ListOverlay *overlay = look_up(list, row->id);

	if (overlay == NULL)
		return;
	mail_flags_apply(&row->flags, &overlay->add, &overlay->remove);
	row->marks |= MESSAGE_MARK_WAITING;
}

GArray *
list_overlay_hidden(const MessageList *list)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	GHashTableIter iter;
	gpointer key, value;

	if (list->overlay == NULL)
		return ids;
	g_hash_table_iter_init(&iter, list->overlay);
	while (g_hash_table_iter_next(&iter, &key, &value))
		if (((const ListOverlay *)value)->hidden)
			g_array_append_val(ids, *(const gint64 *)key);
	return ids;
}
