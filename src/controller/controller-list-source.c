/* controller-list-source.c - the rows behind the window: the store's list, or
 * the hits of a filter; without those that are pending away */
#include "controller-list-private.h"

/* messages on their way out that are looked up one by one for the position */
#define HIDDEN_MAX 1000u
/* unread ones of the store that may turn out not to be */
#define UNREAD_TRIES 1000u

bool
list_failed(MessageList *list, const GError *error)
{
	if (!list->failed)
		g_warning("%s: the list of %s: %s", list->account->config->name,
			  list->name, error->message);
	list->failed = true;
	return false;
}

/* Taking: rows as they come, the nearest first */
typedef struct {
	MessageList *list;
	GPtrArray *rows;
	GArray *places;
	guint n;
} Taking;

/* @slot: of an array that frees; what is taken is gone from it */
static void
take(Taking *taking, gpointer *slot, const ListPlace *place)
{
	MessageRow *row = *slot;

	if (taking->rows->len >= taking->n ||
	    row->mailbox != taking->list->store.mailbox ||
	    list_overlay_hides(taking->list, row->id))
		return;
	*slot = NULL;
	list_overlay_row(taking->list, row);
	g_ptr_array_add(taking->rows, row);
	g_array_append_val(taking->places, *place);
}

/* ---- from the store ---- */

static bool
take_from_store(Taking *taking, const ListPlace *from, StoreWay way)
{
	MessageList *list = taking->list;
	bool back = way == STORE_BEFORE;
	const StoreKey *at = from == NULL ? NULL : &from->key;
	guint ask = MIN(taking->n, STORE_PAGE_MAX);
	StoreKey last;

	while (taking->rows->len < taking->n) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GArray) keys = NULL;
		g_autoptr(GPtrArray) page =
		    store_reader_page(list->account->store, &list->store, at,
				      way, ask, &keys, &error);

		if (page == NULL)
			return list_failed(list, error);
		for (guint i = 0; i < page->len; i++) {
			guint one = back ? page->len - 1 - i : i;
			ListPlace place = {g_array_index(keys, StoreKey, one),
					   0};

			take(taking, &page->pdata[one], &place);
		}
		if (page->len < ask)
			break;
		last = g_array_index(keys, StoreKey, back ? 0 : page->len - 1);
		at = &last;
		way = back ? STORE_BEFORE : STORE_AFTER;
		ask = MIN(2 * ask, STORE_PAGE_MAX);
	}
	return true;
}

/* ---- from hits ---- */

/* Reads the hits @first to @first + @n; those that went are left out. */
static bool
take_hits(Taking *taking, guint first, guint n, bool back)
{
	MessageList *list = taking->list;
	const GArray *hits = list->filter.hits;
	g_autofree gint64 *ids = g_new(gint64, n);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	guint row = 0;

	for (guint i = 0; i < n; i++)
		ids[i] = g_array_index(hits, StoreKey,
				       back ? first + n - 1 - i : first + i)
			     .id;
	rows = store_reader_rows(list->account->store, ids, n, &error);
	if (rows == NULL)
		return list_failed(list, error);
	for (guint i = 0; i < n && row < rows->len; i++) {
		const MessageRow *one = g_ptr_array_index(rows, row);
		ListPlace place = {.index =
				       back ? first + n - 1 - i : first + i};

		if (one->id != ids[i])
			continue;
		place.key = g_array_index(hits, StoreKey, place.index);
		take(taking, &rows->pdata[row++], &place);
	}
	return true;
}

static bool
take_from_hits(Taking *taking, const ListPlace *from, StoreWay way)
{
	guint len = taking->list->filter.hits->len;
	bool back = way == STORE_BEFORE;
	guint ask = MIN(taking->n, STORE_PAGE_MAX);
	guint at = from == NULL ? 0 : from->index + (way == STORE_AFTER);

	if (back)
		at = from == NULL ? len : MIN(from->index, len);
	while (taking->rows->len < taking->n && (back ? at > 0 : at < len)) {
		guint n = MIN(ask, back ? at : len - at);

		if (!take_hits(taking, back ? at - n : at, n, back))
			return false;
		at = back ? at - n : at + n;
		ask = MIN(2 * ask, STORE_PAGE_MAX);
	}
	return true;
}

bool
list_page(MessageList *list, const ListPlace *from, StoreWay way, guint n,
	  GPtrArray *rows, GArray *places)
{
	g_autoptr(GPtrArray) found = list_rows_new();
	g_autoptr(GArray) found_places = list_places_new();
	Taking taking = {list, found, found_places, n};

	if (n == 0 || list->store.mailbox == 0)
		return true;
	if (!(list->filter.hits == NULL ? take_from_store(&taking, from, way)
					: take_from_hits(&taking, from, way)))
		return false;
	for (guint i = 0; i < found->len; i++) {
		guint one = way == STORE_BEFORE ? found->len - 1 - i : i;

		g_ptr_array_add(rows, g_steal_pointer(&found->pdata[one]));
		g_array_append_val(places,
				   g_array_index(found_places, ListPlace, one));
	}
	return true;
}

/* ---- one message ---- */

/* Returns: (transfer full) (nullable): the row, if this mailbox shows it */
static MessageRow *
shown_row(MessageList *list, gint64 id)
{
	g_autoptr(GPtrArray) rows =
	    store_reader_rows(list->account->store, &id, 1, NULL);
	MessageRow *row;

	if (rows == NULL || rows->len == 0 || list_overlay_hides(list, id))
		return NULL;
	row = g_ptr_array_index(rows, 0);
	if (row->mailbox != list->store.mailbox)
		return NULL;
	rows->pdata[0] = NULL;
	list_overlay_row(list, row);
	return row;
}

static bool
find_hit(MessageList *list, gint64 id, const ListPlace *hint,
	 ListPlace *ret_place)
{
	const GArray *hits = list->filter.hits;
	g_autoptr(MessageRow) row = NULL;
	guint index = hint == NULL ? hits->len : hint->index;

	if (index >= hits->len || g_array_index(hits, StoreKey, index).id != id)
		for (index = 0; index < hits->len; index++)
			if (g_array_index(hits, StoreKey, index).id == id)
				break;
	if (index == hits->len)
		return false;
	row = shown_row(list, id);
	if (row == NULL)
		return false;
	*ret_place = (ListPlace){g_array_index(hits, StoreKey, index), index};
	return true;
}

bool
list_find(MessageList *list, gint64 id, const ListPlace *hint,
	  ListPlace *ret_place)
{
	if (list->store.mailbox == 0 || list_overlay_hides(list, id))
		return false;
	if (list->filter.hits != NULL)
		return find_hit(list, id, hint, ret_place);
	*ret_place = (ListPlace){0};
	return store_reader_key(list->account->store, &list->store, id,
				&ret_place->key, NULL);
}

/* ---- counts ---- */

static bool
is_before(const MessageList *list, const ListPlace *one, const ListPlace *other)
{
	const StoreKey *a = &one->key, *b = &other->key;

	if (list->filter.hits != NULL)
		return one->index < other->index;
	if (a->date != b->date)
		return a->date > b->date;
	if (a->second != b->second)
		return a->second > b->second;
	return list->order == LIST_ORDER_DATE ? a->id > b->id
					      : a->index < b->index;
}

static guint
hidden_before(const MessageList *list, const ListPlace *place)
{
	guint n = 0;

	for (guint i = 0; i < list->hidden->len; i++)
		if (is_before(list, &g_array_index(list->hidden, ListPlace, i),
			      place))
			n++;
	return n;
}

guint
list_count_above(MessageList *list)
{
	g_autoptr(GError) error = NULL;
	const ListPlace *top;
	guint above;

	if (list->above_known || list->rows->len == 0)
		return list->above_known ? list->above : 0;
	top = list_place_at(list, 0);
	above = top->index;
	if (list->filter.hits == NULL &&
	    !store_reader_position(list->account->store, &list->store,
				   &top->key, &above, &error)) {
		list_failed(list, error);
		return 0;
	}
	above -= MIN(above, hidden_before(list, top));
	/* with very many on their way out the exact place is not known */
	list->above =
	    MIN(above, list->total - MIN(list->total, list->rows->len));
	list->above_known = true;
	return list->above;
}

static void
find_hidden_hits(MessageList *list)
{
	const GArray *hits = list->filter.hits;

	for (guint i = 0; i < hits->len; i++) {
		ListPlace place = {g_array_index(hits, StoreKey, i), i};

		if (list_overlay_hides(list, place.key.id))
			g_array_append_val(list->hidden, place);
	}
}

static void
find_hidden(MessageList *list)
{
	g_autoptr(GArray) ids = list_overlay_hidden(list);

	if (ids->len > 0 && list->filter.hits != NULL) {
		find_hidden_hits(list);
		return;
	}
	for (guint i = 0; i < ids->len && i < HIDDEN_MAX; i++) {
		ListPlace place = {0};

		if (store_reader_key(list->account->store, &list->store,
				     g_array_index(ids, gint64, i), &place.key,
				     NULL))
			g_array_append_val(list->hidden, place);
	}
	list->hidden_more = ids->len - MIN(ids->len, HIDDEN_MAX);
}

void
list_count(MessageList *list)
{
	g_autoptr(GError) error = NULL;
	guint total = 0;

	g_array_set_size(list->hidden, 0);
	list->hidden_more = 0;
	list->total = 0;
	if (list->store.mailbox == 0)
		return;
	find_hidden(list);
	if (list->filter.hits != NULL)
		total = list->filter.hits->len;
	else if (!store_reader_total(list->account->store, &list->store, &total,
				     &error))
		list_failed(list, error);
	list->total = total - MIN(total, list->hidden->len + list->hidden_more);
}

/* ---- unread ---- */

/* The first of the sorted indexes that is not below @index. */
static guint
lower_bound(const GArray *indexes, guint index)
{
	guint low = 0, high = indexes->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(indexes, guint, middle) < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
next_unread(MessageList *list, const ListPlace *from, ListPlace *ret_place)
{
	const GArray *unread = list->filter.unread;
	guint at;

	if (list->filter.hits == NULL)
		return store_reader_next_unread(
		    list->account->store, &list->store,
		    from == NULL ? NULL : &from->key, STORE_AFTER,
		    &ret_place->key, NULL);
	if (unread == NULL)
		return false;
	at = from == NULL ? 0 : lower_bound(unread, from->index + 1);
	if (at >= unread->len)
		return false;
	ret_place->index = g_array_index(unread, guint, at);
	ret_place->key =
	    g_array_index(list->filter.hits, StoreKey, ret_place->index);
	return true;
}

bool
list_unread_after(MessageList *list, const ListPlace *from,
		  ListPlace *ret_place)
{
	ListPlace at, next = {0};

	for (guint i = 0; i < UNREAD_TRIES && list->store.mailbox != 0; i++) {
		g_autoptr(MessageRow) row = NULL;

		if (!next_unread(list, from, &next))
			return false;
		row = shown_row(list, next.key.id);
		if (row != NULL && (row->flags.bits & MAIL_FLAG_SEEN) == 0) {
			*ret_place = next;
			return true;
		}
		at = next;
		from = &at;
	}
	return false;
}
