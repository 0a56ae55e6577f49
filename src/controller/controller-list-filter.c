/* controller-list-filter.c - a list cut down to what a query finds */
#include "controller-list-private.h"

#include "controller-query.h"

/* The first hits are wanted at once; later a look at whether anybody still
 * wants them is enough. */
#define FIRST_SLICE_US (5 * G_TIME_SPAN_MILLISECOND)
#define SLICE_US (40 * G_TIME_SPAN_MILLISECOND)
/* between two runs of one filter: the reader has other work too */
#define AGAIN_US (300 * G_TIME_SPAN_MILLISECOND)

/*
 * FilterRun: one search
 * @list, @shown: the UI thread's
 * all others: the reader's until it is done
 */
typedef struct FilterRun {
	MessageList *list;
	bool shown;

	StoreList store;
	StoreQuery *query;
	bool parts;
	GArray *hits;   /* of StoreKey */
	GArray *unread; /* of guint */
	GError *error;
} FilterRun;

static void
run_free(gpointer data)
{
	FilterRun *run = data;

	store_query_free(run->query);
	g_clear_pointer(&run->hits, g_array_unref);
	g_clear_pointer(&run->unread, g_array_unref);
	g_clear_error(&run->error);
	g_free(run);
}

/* ---- what is shown ---- */

/* Where the rows of the window are among other hits: index + 1, 0 nowhere */
static guint *
map_window(const MessageList *list, const GArray *hits)
{
	guint *map = g_new0(guint, list->rows->len + 1);
	g_autoptr(GHashTable) rows =
	    g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < list->rows->len; i++) {
		MessageRow *row = g_ptr_array_index(list->rows, i);

		g_hash_table_insert(rows, &row->id, GUINT_TO_POINTER(i + 1));
	}
	for (guint i = 0; i < hits->len && g_hash_table_size(rows) > 0; i++) {
		guint row = GPOINTER_TO_UINT(g_hash_table_lookup(
		    rows, &g_array_index(hits, StoreKey, i).id));

		if (row > 0)
			map[row - 1] = i + 1;
	}
	return map;
}

/* The first row from @row on, else the last before it, that is still found. */
static gint
nearest_row(const MessageList *list, const guint *map, gint row)
{
	for (gint i = row; i < (gint)list->rows->len; i++)
		if (map[i] > 0)
			return i;
	for (gint i = row - 1; i >= 0; i--)
		if (map[i] > 0)
			return i;
	return -1;
}

/*
 * The selected message is in the mailbox but does not match any more: it was
 * read, in a list of what is unread. It stays as long as it is selected: see
 * list_leave().
 */
static guint
keep_selected(const MessageList *list, const guint *map, GArray *hits,
	      GArray *unread)
{
	gint row = list->selected;
	gint near = nearest_row(list, map, row);
	guint at = near < 0
		       ? MIN(list_place_at(list, (guint)row)->index, hits->len)
		       : map[near] - (near > row ? 1 : 0);

	g_array_insert_val(hits, at, list_place_at(list, (guint)row)->key);
	for (guint i = 0; unread != NULL && i < unread->len; i++)
		if (g_array_index(unread, guint, i) >= at)
			g_array_index(unread, guint, i)++;
	return at;
}

static void
put_hits(MessageList *list, GArray *hits, GArray *unread)
{
	ListFilter *filter = &list->filter;

	g_clear_pointer(&filter->hits, g_array_unref);
	g_clear_pointer(&filter->unread, g_array_unref);
	filter->hits = g_array_ref(hits);
	filter->unread = unread == NULL ? NULL : g_array_ref(unread);
	list->above_known = false;
	list_count(list);
}

/* The first hits of a new filter: the selected message stays if it is one. */
static void
show_fresh(MessageList *list, GArray *hits, GArray *unread)
{
	g_autofree guint *map = map_window(list, hits);
	gint row = list->selected;
	ListPlace place = {.index =
			       row < 0 || map[row] == 0 ? 0 : map[row] - 1};

	put_hits(list, hits, unread);
	list->filter.kept = 0;
	list->new_above = 0;
	list->following = false;
	if (place.index == 0 || !list_show(list, &place, (guint)row))
		(void)list_show(list, NULL, 0);
	list->following = list->selected == 0 && list_count_above(list) == 0;
}

static guint
count_before(const GArray *hits, gint64 id)
{
	for (guint i = 0; i < hits->len; i++)
		if (g_array_index(hits, StoreKey, i).id == id)
			return i;
	return 0;
}

/* The same filter, found again after the store changed. */
static void
show_again(MessageList *list, GArray *hits, GArray *unread)
{
	g_autofree guint *map = map_window(list, hits);
	gint64 id = list_selected_id(list);
	const GArray *old = list->filter.hits;
	guint arrived =
	    old->len == 0
		? 0
		: count_before(hits, g_array_index(old, StoreKey, 0).id);
	gint row = list->selected;
	ListPlace place = {0};

	list->filter.kept = 0;
	if (row >= 0 && map[row] > 0) {
		place.index = map[row] - 1;
	} else if (row >= 0 &&
		   list_find(list, id, list_place_at(list, (guint)row),
			     &place)) {
		place.index = keep_selected(list, map, hits, unread);
		list->filter.kept = id;
	} else if (row >= 0) {
		gint near = nearest_row(list, map, row);

		if (!list_overlay_hides(list, id))
			list->changed_at = g_get_monotonic_time();
		place.index = near < 0 ? 0 : map[near] - 1;
		row = near < 0 ? 0 : MIN(near, row);
	}
	put_hits(list, hits, unread);
	if (place.index < hits->len)
		place.key = g_array_index(hits, StoreKey, place.index);
	if (row < 0)
		(void)list_show(list, NULL, 0);
	else
		list_place(list, &place, (guint)row);
	list->new_above += arrived;
	if (list->new_above > 0)
		list->new_above = MIN(list->new_above, list_count_above(list));
}

/* More of the same: the window is filled, nothing in it moves. */
static void
show_more(MessageList *list)
{
	list_count(list);
	if (list->rows->len >= list->height)
		return;
	if (list->selected < 0)
		(void)list_show(list, NULL, 0);
	else
		(void)list_page(list, list_place_at(list, list->rows->len - 1),
				STORE_AFTER, list->height - list->rows->len,
				list->rows, list->places);
}

static void
tell(const MessageList *list)
{
	controller_tell_kind(list->account, CONTROLLER_EVENT_MESSAGES,
			     list->name);
}

/* ---- the reader's thread ---- */

typedef struct {
	ReaderTask *task;
	gint *cancelled;
	FilterRun *run;
	guint sent;
	guint slices;
} Searching;

static void
free_part(gpointer part)
{
	g_array_unref(part);
}

static void
take_part(gpointer data, gpointer part)
{
	g_autoptr(GArray) hits = part;
	FilterRun *run = data;
	MessageList *list = run->list;
	ListMark mark = list_enter(list);

	if (run->shown) {
		g_array_append_vals(list->filter.hits, hits->data, hits->len);
		show_more(list);
	} else {
		run->shown = true;
		show_fresh(list, hits, NULL);
	}
	(void)list_leave(list, &mark, false);
	tell(list);
}

/* New hits go up as they come; that nothing was found yet, after a while. */
static void
hand_up(Searching *searching)
{
	FilterRun *run = searching->run;
	guint n = run->hits->len - searching->sent;
	GArray *part;

	searching->slices++;
	if (!run->parts || (n == 0 && searching->slices != 3))
		return;
	part = g_array_sized_new(FALSE, FALSE, sizeof(StoreKey), n);
	if (n > 0)
		g_array_append_vals(
		    part, &g_array_index(run->hits, StoreKey, searching->sent),
		    n);
	searching->sent = run->hits->len;
	reader_more(searching->task, part, take_part, free_part);
}

static bool
find_all(Searching *searching, StoreReader *store, const StoreQuery *query,
	 GArray *hits, bool parts)
{
	FilterRun *run = searching->run;
	g_autoptr(StoreSearch) search =
	    store_search_new(store, &run->store, query, &run->error);
	gint64 budget = FIRST_SLICE_US;
	bool done = false;

	while (search != NULL && !done) {
		if (g_atomic_int_get(searching->cancelled) ||
		    !store_search_run(search, budget, hits, &done, &run->error))
			return false;
		if (parts && !done)
			hand_up(searching);
		budget = SLICE_US;
	}
	return search != NULL;
}

/* Which of the hits are unread, by a search for those alone. */
static bool
find_unread(Searching *searching, StoreReader *store)
{
	FilterRun *run = searching->run;
	g_autoptr(StoreQuery) both = store_query_new(STORE_QUERY_AND);
	StoreQuery *negated = store_query_new(STORE_QUERY_NOT);
	StoreQuery *seen = store_query_new(STORE_QUERY_FLAGS);
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(StoreKey));
	g_autoptr(GHashTable) ids =
	    g_hash_table_new(g_int64_hash, g_int64_equal);

	seen->flags.bits = MAIL_FLAG_SEEN;
	g_ptr_array_add(negated->children, seen);
	g_ptr_array_add(both->children, negated);
	g_ptr_array_add(both->children, g_steal_pointer(&run->query));
	if (!find_all(searching, store, both, found, false))
		return false;
	for (guint i = 0; i < found->len; i++)
		g_hash_table_add(ids, &g_array_index(found, StoreKey, i).id);
	for (guint i = 0; i < run->hits->len; i++)
		if (g_hash_table_contains(
			ids, &g_array_index(run->hits, StoreKey, i).id))
			g_array_append_val(run->unread, i);
	return true;
}

static void
work(ReaderTask *task, StoreReader *store, gint *cancelled, gpointer data)
{
	FilterRun *run = data;
	Searching searching = {task, cancelled, run, 0, 0};

	if (store == NULL) {
		g_set_error(&run->error, STORE_ERROR, STORE_ERROR_IO,
			    "the store cannot be read");
		return;
	}
	if (find_all(&searching, store, run->query, run->hits, run->parts))
		(void)find_unread(&searching, store);
}

/* ---- the UI thread ---- */

static void
show_result(MessageList *list, FilterRun *run)
{
	ListMark mark = list_enter(list);

	if (run->shown) {
		/* what came in parts stays as it is: this goes on from there */
		put_hits(list, run->hits, run->unread);
		show_more(list);
	} else if (list->filter.fresh || list->filter.hits == NULL) {
		show_fresh(list, run->hits, run->unread);
	} else {
		show_again(list, run->hits, run->unread);
	}
	list->filter.fresh = false;
	(void)list_leave(list, &mark, false);
}

static void
done(gpointer data, bool last)
{
	FilterRun *run = data;
	MessageList *list = run->list;

	if (!last)
		return;
	list->filter.task = NULL;
	list->filter.run = NULL;
	if (run->error != NULL)
		(void)list_failed(list, run->error);
	else
		show_result(list, run);
	tell(list);
	if (list->filter.again)
		list_filter_changed(list);
}

static bool
start(MessageList *list, GError **error)
{
	Account *account = list->account;
	ListFilter *filter = &list->filter;
	gint64 now = g_get_real_time();
	StoreQuery *query = query_parse(filter->text, now, error);
	FilterRun *run;

	if (query == NULL)
		return false;
	run = g_new0(FilterRun, 1);
	run->list = list;
	run->store = list->store;
	run->query = query;
	run->parts = filter->fresh;
	run->hits = g_array_new(FALSE, FALSE, sizeof(StoreKey));
	run->unread = g_array_new(FALSE, FALSE, sizeof(guint));
	filter->again = false;
	filter->started = g_get_monotonic_time();
	filter->run = run;
	filter->task =
	    reader_run(account->controller->reader, account->cache_folder,
		       account->state_folder, work, done, run, run_free);
	return true;
}

static gboolean
on_timer(gpointer data)
{
	MessageList *list = data;

	list->filter.timer = 0;
	(void)start(list, NULL);
	return G_SOURCE_REMOVE;
}

/* The list is empty before its mailbox is known. */
void
list_filter_changed(MessageList *list)
{
	ListFilter *filter = &list->filter;
	gint64 wait = filter->started + AGAIN_US - g_get_monotonic_time();

	if (filter->text == NULL || filter->timer != 0)
		return;
	if (filter->task != NULL)
		filter->again = true;
	else
		filter->timer = g_timeout_add(
		    (guint)(MAX(wait, 0) / G_TIME_SPAN_MILLISECOND), on_timer,
		    list);
}

/* Ends what runs; hits and text stay. */
static void
stop(MessageList *list)
{
	ListFilter *filter = &list->filter;

	if (filter->task != NULL)
		reader_cancel(list->account->controller->reader, filter->task);
	filter->task = NULL;
	filter->run = NULL;
	if (filter->timer != 0)
		g_source_remove(filter->timer);
	filter->timer = 0;
	filter->again = false;
}

void
list_filter_clear(MessageList *list)
{
	stop(list);
	g_clear_pointer(&list->filter.text, g_free);
	g_clear_pointer(&list->filter.hits, g_array_unref);
	g_clear_pointer(&list->filter.unread, g_array_unref);
	list->filter.kept = 0;
}

/* All rows again, around the selected one. */
static void
show_all(MessageList *list)
{
	ListMark mark = list_enter(list);
	gint64 id = list_selected_id(list);
	ListPlace place;

	list_filter_clear(list);
	list->above_known = false;
	list->following = false;
	list->newest_known = false;
	list_count(list);
	if (id != 0 && list_find(list, id, NULL, &place))
		(void)list_show(list, &place, (guint)list->selected);
	else
		(void)list_show(list, NULL, 0);
	(void)list_leave(list, &mark, true);
}

bool
message_list_filter(MessageList *list, const char *text, GError **error)
{
	ListFilter *filter = &list->filter;

	if (text != NULL && text[strspn(text, " \t")] == '\0')
		text = NULL;
	if (g_strcmp0(text, filter->text) == 0)
		return true;
	if (text == NULL) {
		show_all(list);
		return true;
	}
	if (!query_check(text, g_get_real_time(), error))
		return false;
	stop(list);
	g_free(filter->text);
	filter->text = g_strdup(text);
	filter->fresh = true;
	return start(list, error);
}

const char *
message_list_filter_text(const MessageList *list)
{
	return list->filter.text;
}
