/* controller-list-private.h - shared by the files of the message list */
#pragma once

#include "controller-private.h"

/**
 * ListPlace: where a row stands
 * @key: in the store's list; of a hit only its id counts
 * @index: among the hits of a filter
 */
typedef struct {
	StoreKey key;
	guint index;
} ListPlace;

/**
 * ListFilter:
 * @text: as typed, %NULL for none
 * @hits: (element-type StoreKey) (nullable): what is shown, in list order;
 *   %NULL: the store's list is, until the first hits are there
 * @unread: (element-type guint) (nullable): indexes of @hits that are unread
 * @task, @run: the search that runs
 * @fresh: it is the first one for @text
 * @again: the store changed since it began
 * @kept: id of a hit that does not match any more, 0 for none
 */
typedef struct {
	char *text;
	GArray *hits;
	GArray *unread;
	ReaderTask *task;
	struct FilterRun *run;
	bool fresh;
	bool again;
	gint64 kept;
	guint timer;
	gint64 started;
} ListFilter;

/*
 * The window is @rows with their @places. It is read anew by every refresh,
 * around the selected row, which keeps its row of the screen.
 */
struct MessageList {
	Account *account;
	char *name;
	char *wire;
	Mailbox *mailbox;
	StoreList store;
	ListOrder order;
	guint height;
	guint scroll;

	GPtrArray *rows;
	GArray *places;
	gint selected;
	gint direction; /* of the last move, 1 or -1 */
	bool following; /* at the very top: new mail is to be seen */
	bool above_known;
	guint above; /* rows above the window */
	guint total;
	bool complete;
	bool failed; /* the store could not be read: said once */
	gint64 changed_at;

	bool newest_known;
	StoreKey newest; /* the first by date, when last looked at */
	guint new_above;

	GHashTable *overlay; /* id → ListOverlay; NULL: nothing is pending */
	GArray *hidden;      /* of ListPlace: in the store, but pending away */
	guint hidden_more;   /* beyond those */

	GHashTable *tags;  /* of gint64 */
	GArray *tags_left; /* of gint64: those to be looked after next */

	ListFilter filter;
};

/* ---- controller-list.c ---- */

/** ListMark: what a key may change */
typedef struct {
	gint64 selected;
	gint64 top;
	guint rows;
	bool reading;
} ListMark;

/** list_enter: one moment of the store for all that is read until
 * list_leave(); what it learns of changes is shown first */
ListMark list_enter(MessageList *list);
/** list_leave: @moved: the user moved. Returns: whether the selection or the
 * window changed since list_enter() */
bool list_leave(MessageList *list, const ListMark *mark, bool moved);
/** list_reload: everything but the hits is read anew; in list_enter() */
void list_reload(MessageList *list);
/** list_place: the window around a row that is to stand on row @row of the
 * screen, or at the top where the list follows new mail */
void list_place(MessageList *list, const ListPlace *place, guint row);
/** list_selected_id: 0 in an empty list */
gint64 list_selected_id(const MessageList *list);

/* ---- controller-list-source.c: the store's list, or hits ---- */

/**
 * list_page:
 * @from: (nullable)
 * @rows, @places: at most @n visible rows are appended, in list order
 *
 * As store_reader_page(). Returns: %false if the store cannot be read
 */
bool list_page(MessageList *list, const ListPlace *from, StoreWay way, guint n,
	       GPtrArray *rows, GArray *places);
/** list_find: @hint: (nullable): where it stood. Returns: %false where the
 * list does not show it */
bool list_find(MessageList *list, gint64 id, const ListPlace *hint,
	       ListPlace *ret_place);
/** list_count_above: visible rows above the window; read when first asked */
guint list_count_above(MessageList *list);
/** list_count: total and what is pending away */
void list_count(MessageList *list);
/** list_unread_after: @from: (nullable): the next one the store or the search
 * knows as unread */
bool list_unread_after(MessageList *list, const ListPlace *from,
		       ListPlace *ret_place);
/** list_failed: says so once, until the store can be read. Returns: %false */
bool list_failed(MessageList *list, const GError *error);

/* ---- controller-list-window.c ---- */

GPtrArray *list_rows_new(void);
GArray *list_places_new(void);
/** list_show: the window so that @place (%NULL: the first row) stands on row
 * @row, or as near as there are rows; selects it */
bool list_show(MessageList *list, const ListPlace *place, guint row);
/** list_set_window: @rows, @places: (transfer full) */
void list_set_window(MessageList *list, GPtrArray *rows, GArray *places,
		     gint selected);
/** list_row_of: index in the window, -1 */
gint list_row_of(const MessageList *list, gint64 id);
ListPlace *list_place_at(const MessageList *list, guint row);

/* ---- controller-list-overlay.c: what is not journaled yet ---- */

void list_overlay_build(MessageList *list);
/** list_overlay_hides: the message is on its way out */
bool list_overlay_hides(const MessageList *list, gint64 id);
/** list_overlay_row: lays the flags over @row */
void list_overlay_row(const MessageList *list, MessageRow *row);
/** list_overlay_hidden: (transfer full): array of gint64: on their way out */
GArray *list_overlay_hidden(const MessageList *list);

/* ---- controller-list-tags.c ---- */

/** list_tags_check: takes the tags off messages that are gone */
void list_tags_check(MessageList *list);

/* ---- controller-list-filter.c ---- */

/** list_filter_changed: the store changed: the search runs again soon */
void list_filter_changed(MessageList *list);
void list_filter_clear(MessageList *list);
