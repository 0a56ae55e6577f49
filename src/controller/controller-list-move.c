/* controller-list-move.c - the selection and the window, moved by keys */
#include "controller-list-private.h"

/* threads that may be on their way out as a whole */
#define THREAD_TRIES 100u

/* Rows the window moves by when the selection leaves it. */
static guint
scroll_rows(const MessageList *list)
{
	switch (list->scroll) {
	case 1:
		return 1;
	case 2:
		return list->height;
	default:
		return MAX(1, list->height / 2);
	}
}

static void
cut_front(GPtrArray *rows, GArray *places, guint n)
{
	if (n == 0)
		return;
	g_ptr_array_remove_range(rows, 0, n);
	g_array_remove_range(places, 0, n);
}

static void
cut_back(GPtrArray *rows, GArray *places, guint len)
{
	if (rows->len <= len)
		return;
	g_ptr_array_remove_range(rows, len, rows->len - len);
	g_array_set_size(places, len);
}

/* @fetch: rows the window moves by, fewer at the end of the list */
static void
move_down(MessageList *list, guint rows, guint fetch)
{
	guint wanted = (guint)list->selected + rows;
	guint cut;

	if (fetch > 0 &&
	    !list_page(list, list_place_at(list, list->rows->len - 1),
		       STORE_AFTER, fetch, list->rows, list->places))
		return;
	wanted = MIN(wanted, list->rows->len - 1);
	cut = list->rows->len - MIN(list->rows->len, list->height);
	cut_front(list->rows, list->places, cut);
	list->above += cut;
	list->selected = (gint)(wanted - cut);
}

static void
move_up(MessageList *list, guint rows, guint fetch)
{
	GPtrArray *more = list_rows_new();
	GArray *places = list_places_new();
	guint selected = (guint)list->selected;
	guint added;

	if (fetch > 0 && !list_page(list, list_place_at(list, 0), STORE_BEFORE,
				    fetch, more, places)) {
		g_ptr_array_unref(more);
		g_array_unref(places);
		return;
	}
	added = more->len;
	for (guint i = 0; i < list->rows->len; i++)
		g_ptr_array_add(more, g_steal_pointer(&list->rows->pdata[i]));
	g_array_append_vals(places, list->places->data, list->places->len);
	cut_back(more, places, list->height);
	selected += added;
	list_set_window(list, more, places,
			(gint)(selected - MIN(selected, rows)));
	if (added < fetch) {
		list->above_known = true;
		list->above = 0;
	} else if (list->above_known) {
		list->above -= MIN(list->above, added);
	}
}

/* @page: the window moves whether the selection leaves it or not */
static void
move(MessageList *list, gint64 rows, bool page)
{
	guint n = (guint)MIN(ABS(rows), (gint64)STORE_PAGE_MAX);
	guint room, fetch = 0;

	if (list->selected < 0 || n == 0)
		return;
	list->direction = rows < 0 ? -1 : 1;
	room = rows < 0 ? (guint)list->selected
			: list->rows->len - 1 - (guint)list->selected;
	if (page)
		fetch = n;
	else if (n > room)
		fetch = MAX(n - room, scroll_rows(list));
	if (rows < 0)
		move_up(list, n, fetch);
	else
		move_down(list, n, fetch);
}

bool
message_list_step(MessageList *list, gint rows)
{
	ListMark mark = list_enter(list);

	move(list, rows, false);
	return list_leave(list, &mark, true);
}

bool
message_list_page(MessageList *list, gint half_pages)
{
	ListMark mark = list_enter(list);
	gint64 rows = (gint64)list->height * half_pages / 2;

	if (rows == 0)
		rows = (half_pages > 0) - (half_pages < 0);
	move(list, rows, true);
	return list_leave(list, &mark, true);
}

bool
message_list_first(MessageList *list)
{
	ListMark mark = list_enter(list);

	(void)list_show(list, NULL, 0);
	return list_leave(list, &mark, true);
}

bool
message_list_last(MessageList *list)
{
	ListMark mark = list_enter(list);
	g_autoptr(GPtrArray) rows = list_rows_new();
	g_autoptr(GArray) places = list_places_new();

	if (list_page(list, NULL, STORE_BEFORE, list->height, rows, places)) {
		gint last = (gint)rows->len - 1;

		list->above_known = rows->len < list->height;
		list->above = 0;
		list_set_window(list, g_steal_pointer(&rows),
				g_steal_pointer(&places), last);
	}
	return list_leave(list, &mark, true);
}

/* Selects a row; the window moves only if it is out of sight. */
static void
go_to(MessageList *list, const ListPlace *place)
{
	gint row = list_row_of(list, place->key.id);

	if (row >= 0)
		list->selected = row;
	else
		(void)list_show(list, place, list->height / 2);
}

bool
message_list_next_unread(MessageList *list)
{
	ListMark mark = list_enter(list);
	ListPlace place = {0};

	if (list->selected >= 0 &&
	    (list_unread_after(list, list_place_at(list, (guint)list->selected),
			       &place) ||
	     list_unread_after(list, NULL, &place))) {
		list->direction = 1;
		go_to(list, &place);
	}
	return list_leave(list, &mark, true);
}

bool
message_list_select(MessageList *list, gint64 id)
{
	ListMark mark = list_enter(list);
	ListPlace place;

	if (list_find(list, id, NULL, &place))
		go_to(list, &place);
	return list_leave(list, &mark, true);
}

bool
message_list_select_index(MessageList *list, guint index)
{
	ListMark mark = list_enter(list);

	if (index < list->rows->len)
		list->selected = (gint)index;
	return list_leave(list, &mark, true);
}

/* The first visible row of the next thread that has one. */
static bool
find_thread(MessageList *list, StoreWay way, ListPlace *ret_place)
{
	StoreKey at = list_place_at(list, (guint)list->selected)->key;

	for (guint i = 0; i < THREAD_TRIES; i++) {
		g_autoptr(GPtrArray) rows = list_rows_new();
		g_autoptr(GArray) places = list_places_new();
		ListPlace first = {0};

		if (!store_reader_next_thread(list->account->store,
					      &list->store, &at, way,
					      &first.key, NULL) ||
		    !list_page(list, &first, STORE_AT, 1, rows, places))
			return false;
		if (rows->len == 1) {
			*ret_place = g_array_index(places, ListPlace, 0);
			if (way == STORE_AFTER ||
			    ret_place->key.second == first.key.second)
				return true;
		}
		at = first.key;
	}
	return false;
}

bool
message_list_step_thread(MessageList *list, gint direction)
{
	ListMark mark = list_enter(list);
	ListPlace place;

	if (list->order == LIST_ORDER_DATE || list->filter.hits != NULL) {
		move(list, direction < 0 ? -1 : 1, false);
	} else if (list->selected >= 0 &&
		   find_thread(list, direction < 0 ? STORE_BEFORE : STORE_AFTER,
			       &place)) {
		list->direction = direction < 0 ? -1 : 1;
		go_to(list, &place);
	}
	return list_leave(list, &mark, true);
}
