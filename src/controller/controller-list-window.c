/* controller-list-window.c - the rows of a list that are in sight */
#include "controller-list-private.h"

GPtrArray *
list_rows_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)message_row_free);
}

GArray *
list_places_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(ListPlace));
}

ListPlace *
list_place_at(const MessageList *list, guint row)
{
	return &g_array_index(list->places, ListPlace, row);
}

gint
list_row_of(const MessageList *list, gint64 id)
{
	for (guint i = 0; i < list->rows->len; i++) {
		const MessageRow *row = g_ptr_array_index(list->rows, i);

		if (row->id == id)
			return (gint)i;
	}
	return -1;
}

void
list_set_window(MessageList *list, GPtrArray *rows, GArray *places,
		gint selected)
{
	g_ptr_array_unref(list->rows);
	g_array_unref(list->places);
	list->rows = rows;
	list->places = places;
	list->selected = MIN(selected, (gint)rows->len - 1);
}

/* Puts the rows of @more in front of those of @rows. */
static void
prepend(GPtrArray *rows, GArray *places, GPtrArray *more, GArray *more_places)
{
	for (guint i = 0; i < more->len; i++) {
		g_ptr_array_insert(rows, (gint)i, more->pdata[i]);
		more->pdata[i] = NULL;
	}
	g_array_prepend_vals(places, more_places->data, more_places->len);
}

/* The list is shorter than the window below: it is filled from above. */
static bool
fill_above(MessageList *list, GPtrArray *rows, GArray *places, guint *added,
	   bool *at_top)
{
	guint missing = list->height - rows->len;
	g_autoptr(GPtrArray) more = list_rows_new();
	g_autoptr(GArray) more_places = list_places_new();
	const ListPlace *first =
	    rows->len == 0 ? NULL : &g_array_index(places, ListPlace, 0);

	if (missing == 0 || *at_top)
		return true;
	if (!list_page(list, first, STORE_BEFORE, missing, more, more_places))
		return false;
	*added = more->len;
	*at_top = more->len < missing;
	prepend(rows, places, more, more_places);
	return true;
}

bool
list_show(MessageList *list, const ListPlace *place, guint row)
{
	g_autoptr(GPtrArray) rows = list_rows_new();
	g_autoptr(GArray) places = list_places_new();
	bool at_top = place == NULL;
	guint selected, added = 0;

	row = at_top ? 0 : MIN(row, list->height - 1);
	if (row > 0 && !list_page(list, place, STORE_BEFORE, row, rows, places))
		return false;
	at_top = at_top || rows->len < row;
	selected = rows->len;
	if (!list_page(list, place, STORE_AT, list->height - rows->len, rows,
		       places) ||
	    !fill_above(list, rows, places, &added, &at_top))
		return false;
	selected += added;
	list->above_known = at_top;
	list->above = 0;
	list->failed = false;
	list_set_window(list, g_steal_pointer(&rows), g_steal_pointer(&places),
			(gint)selected);
	return true;
}
