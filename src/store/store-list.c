/* store-list.c - pages of a list: a screenful costs a screenful */
#include <string.h>

#include "store-reader-private.h"

static const StoreKey first_key = {G_MAXINT64, G_MAXINT64, G_MAXINT64, 0};
static const StoreKey last_key = {G_MININT64, G_MININT64, G_MININT64,
				  G_MAXUINT32};

typedef struct {
	StoreReader *reader;
	const StoreList *list;
	GPtrArray *rows;
	GArray *keys;
	guint wanted;
	bool backwards;
} Page;

static void
take(Page *page, MessageRow *row, const StoreKey *key)
{
	g_ptr_array_add(page->rows, row);
	g_array_append_val(page->keys, *key);
}

/* ---- by date ---- */

static sqlite3_stmt *
query_dates(StoreReader *reader, gint64 mailbox, const StoreKey *from,
	    StoreWay way, guint n, GError **error)
{
	static const char *const texts[] = {
	    [STORE_AT] = "SELECT " STORE_ROW_COLUMNS " FROM " STORE_ROW_TABLES
			 " WHERE shown = ? AND shown > 0 AND "
			 "(date, uid, msg.id) <= (?, ?, ?) ORDER BY "
			 "date DESC, uid DESC, msg.id DESC LIMIT ?",
	    [STORE_AFTER] =
		"SELECT " STORE_ROW_COLUMNS " FROM " STORE_ROW_TABLES
		" WHERE shown = ? AND shown > 0 AND "
		"(date, uid, msg.id) < (?, ?, ?) ORDER BY "
		"date DESC, uid DESC, msg.id DESC LIMIT ?",
	    [STORE_BEFORE] =
		"SELECT " STORE_ROW_COLUMNS " FROM " STORE_ROW_TABLES
		" WHERE shown = ? AND shown > 0 AND "
		"(date, uid, msg.id) > (?, ?, ?) ORDER BY date, "
		"uid, msg.id LIMIT ?",
	};

	return store_query(reader->db, error, texts[way], "iiiii", mailbox,
			   from->date, from->second, from->id, (gint64)n);
}

static bool
page_by_date(Page *page, const StoreKey *from, StoreWay way, GError **error)
{
	StoreReader *reader = page->reader;
	sqlite3_stmt *row = query_dates(reader, page->list->mailbox, from, way,
					page->wanted, error);
	int code = -1;

	while (row != NULL &&
	       (code = store_step(reader->db, row, error)) == 1) {
		StoreKey key = {sqlite3_column_int64(row, 4),
				sqlite3_column_int64(row, 3),
				sqlite3_column_int64(row, 0), 0};

		take(page, store_row_from(row), &key);
	}
	return code == 0;
}

/* ---- by thread ---- */

typedef struct {
	gint64 thread;
	gint64 newest;
	guint rows;
	guint unread;
} ThreadEntry;

/* Returns: 1, 0: none is left that way, -1 with @error */
static int
next_entry(StoreReader *reader, gint64 mailbox, gint64 newest, gint64 thread,
	   StoreWay way, bool unread, ThreadEntry *ret, GError **error)
{
	/* way, unread */
	static const char *const texts[3][2] = {
	    [STORE_AT] = {"SELECT thread, newest, rows, unread FROM thread "
			  "WHERE mailbox = ? AND (newest, thread) <= (?, ?) "
			  "ORDER BY newest DESC, thread DESC LIMIT 1",
			  "SELECT thread, newest, rows, unread FROM thread "
			  "WHERE mailbox = ? AND (newest, thread) <= (?, ?) "
			  "AND unread > 0 "
			  "ORDER BY newest DESC, thread DESC LIMIT 1"},
	    [STORE_AFTER] = {"SELECT thread, newest, rows, unread FROM thread "
			     "WHERE mailbox = ? AND (newest, thread) < (?, ?) "
			     "ORDER BY newest DESC, thread DESC LIMIT 1",
			     "SELECT thread, newest, rows, unread FROM thread "
			     "WHERE mailbox = ? AND (newest, thread) < (?, ?) "
			     "AND unread > 0 "
			     "ORDER BY newest DESC, thread DESC LIMIT 1"},
	    [STORE_BEFORE] = {"SELECT thread, newest, rows, unread FROM thread "
			      "WHERE mailbox = ? AND (newest, thread) > (?, ?) "
			      "ORDER BY newest, thread LIMIT 1",
			      "SELECT thread, newest, rows, unread FROM thread "
			      "WHERE mailbox = ? AND (newest, thread) > (?, ?) "
			      "AND unread > 0 ORDER BY newest, thread LIMIT 1"},
	};
	sqlite3_stmt *row = store_query(reader->db, error, texts[way][unread],
					"iii", mailbox, newest, thread);
	int code = row == NULL ? -1 : store_step(reader->db, row, error);

	if (code != 1)
		return code;
	ret->thread = sqlite3_column_int64(row, 0);
	ret->newest = sqlite3_column_int64(row, 1);
	ret->rows = (guint)sqlite3_column_int64(row, 2);
	ret->unread = (guint)sqlite3_column_int64(row, 3);
	sqlite3_reset(row);
	return 1;
}

static gint64
newest_of(StoreReader *reader, gint64 mailbox, gint64 thread, GError **error)
{
	gint64 id;

	return store_number(reader->db, 0, &id, error,
			    "SELECT id FROM msg WHERE thread = ? AND shown = ? "
			    "ORDER BY date DESC, id DESC LIMIT 1",
			    "ii", thread, mailbox)
		   ? id
		   : 0;
}

static bool
take_folded(Page *page, const ThreadEntry *entry, GError **error)
{
	gint64 id =
	    newest_of(page->reader, page->list->mailbox, entry->thread, error);
	StoreKey key = {entry->newest, entry->thread, id, 0};
	MessageRow *row = NULL;

	if (id == 0)
		return error == NULL || *error == NULL;
	if (store_reader_find_row(page->reader, id, &row, error) < 0)
		return false;
	if (row == NULL)
		return true;
	row->thread_count = entry->rows;
	take(page, row, &key);
	return true;
}

/* Rows of an open thread from @index on, or back from it. */
static bool
take_open(Page *page, const ThreadEntry *entry, gint64 index, GError **error)
{
	GArray *tree = store_reader_tree(page->reader, page->list->mailbox,
					 entry->thread, error);
	gint64 step = page->backwards ? -1 : 1;

	if (tree == NULL)
		return false;
	if (index == G_MAXINT64)
		index = (gint64)tree->len - 1;
	for (; index >= 0 && index < (gint64)tree->len &&
	       page->rows->len < page->wanted;
	     index += step) {
		const StoreMember *member =
		    &g_array_index(tree, StoreMember, (guint)index);
		StoreKey key = {entry->newest, entry->thread, member->id,
				(guint32)index};
		MessageRow *row = NULL;

		if (store_reader_find_row(page->reader, member->id, &row,
					  error) < 0)
			return false;
		if (row == NULL)
			continue;
		row->depth = member->depth;
		row->thread_count = tree->len;
		take(page, row, &key);
	}
	return true;
}

static bool
take_entry(Page *page, const ThreadEntry *entry, GError **error)
{
	if (page->list->order == STORE_ORDER_FOLDED)
		return take_folded(page, entry, error);
	return take_open(page, entry, page->backwards ? G_MAXINT64 : 0, error);
}

/* Where in its thread a key stands: the message may have gone or moved. */
static gint64
index_of(const GArray *tree, const StoreKey *key, bool *ret_there)
{
	*ret_there = true;
	for (guint i = 0; i < tree->len; i++)
		if (g_array_index(tree, StoreMember, i).id == key->id)
			return i;
	*ret_there = false;
	return MIN(key->index, tree->len);
}

static bool
take_rest(Page *page, const StoreKey *from, StoreWay way, GError **error)
{
	ThreadEntry entry = {from->second, from->date, 0, 0};
	GArray *tree;
	gint64 index;
	bool there;

	if (page->list->order == STORE_ORDER_FOLDED)
		return true;
	tree = store_reader_tree(page->reader, page->list->mailbox,
				 from->second, error);
	if (tree == NULL)
		return false;
	if (tree->len == 0)
		return true;
	index = index_of(tree, from, &there);
	if (way == STORE_BEFORE)
		index--;
	else if (way == STORE_AFTER && there)
		index++;
	/* behind the end, or before the start: nothing is left in it */
	return index < 0 || index >= (gint64)tree->len ||
	       take_open(page, &entry, index, error);
}

static bool
page_by_thread(Page *page, const StoreKey *from, StoreWay way, GError **error)
{
	bool folded = page->list->order == STORE_ORDER_FOLDED;
	bool inside = from->second != G_MAXINT64 && from->second != G_MININT64;
	gint64 newest = from->date, thread = from->second;
	StoreWay first = folded                ? way
			 : way == STORE_BEFORE ? STORE_BEFORE
					       : STORE_AFTER;

	if (inside && !take_rest(page, from, way, error))
		return false;
	while (page->rows->len < page->wanted) {
		ThreadEntry entry;
		int code = next_entry(page->reader, page->list->mailbox, newest,
				      thread, first, false, &entry, error);

		if (code <= 0)
			return code == 0;
		if (!take_entry(page, &entry, error))
			return false;
		newest = entry.newest;
		thread = entry.thread;
		if (first == STORE_AT)
			first = STORE_AFTER;
	}
	return true;
}

/* ---- pages ---- */

static void
reverse(Page *page)
{
	for (guint i = 0, j = page->rows->len; i + 1 < j; i++) {
		gpointer row = page->rows->pdata[i];
		StoreKey key = g_array_index(page->keys, StoreKey, i);

		j--;
		page->rows->pdata[i] = page->rows->pdata[j];
		page->rows->pdata[j] = row;
		g_array_index(page->keys, StoreKey, i) =
		    g_array_index(page->keys, StoreKey, j);
		g_array_index(page->keys, StoreKey, j) = key;
	}
}

GPtrArray *
store_reader_page(StoreReader *reader, const StoreList *list,
		  const StoreKey *from, StoreWay way, guint n,
		  GArray **ret_keys, GError **error)
{
	g_autoptr(GPtrArray) rows =
	    g_ptr_array_new_with_free_func((GDestroyNotify)message_row_free);
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(StoreKey));
	Page page = {reader,
		     list,
		     rows,
		     keys,
		     MIN(n, STORE_PAGE_MAX),
		     way == STORE_BEFORE};
	bool good;

	if (from == NULL)
		from = way == STORE_BEFORE ? &last_key : &first_key;
	good =
	    page.wanted == 0 || (list->order == STORE_ORDER_DATE
				     ? page_by_date(&page, from, way, error)
				     : page_by_thread(&page, from, way, error));
	if (!good)
		return NULL;
	if (page.backwards)
		reverse(&page);
	if (ret_keys != NULL)
		*ret_keys = g_steal_pointer(&keys);
	return g_steal_pointer(&rows);
}

static bool
not_found(GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
		    "not in this list");
	return false;
}

/* The key of a message that stands in an open thread. */
static bool
key_in_tree(StoreReader *reader, const StoreList *list, gint64 newest,
	    gint64 thread, gint64 message, StoreKey *ret_key, GError **error)
{
	GArray *tree = store_reader_tree(reader, list->mailbox, thread, error);
	bool there;
	gint64 index;

	if (tree == NULL)
		return false;
	*ret_key = (StoreKey){newest, thread, message, 0};
	index = index_of(tree, ret_key, &there);
	ret_key->index = (guint32)index;
	return there || not_found(error);
}

bool
store_reader_key(StoreReader *reader, const StoreList *list, gint64 message,
		 StoreKey *ret_key, GError **error)
{
	sqlite3_stmt *row =
	    store_query(reader->db, error,
			"SELECT date, uid, thread, (SELECT newest FROM thread "
			"WHERE thread.mailbox = msg.shown AND "
			"thread.thread = msg.thread) FROM msg "
			"WHERE id = ? AND shown = ?",
			"ii", message, list->mailbox);
	int code = row == NULL ? -1 : store_step(reader->db, row, error);
	gint64 thread, newest;

	if (code != 1)
		return code == 0 && not_found(error);
	*ret_key = (StoreKey){sqlite3_column_int64(row, 0),
			      sqlite3_column_int64(row, 1), message, 0};
	thread = sqlite3_column_int64(row, 2);
	newest = sqlite3_column_int64(row, 3);
	sqlite3_reset(row);
	if (list->order == STORE_ORDER_DATE)
		return true;
	if (list->order == STORE_ORDER_THREAD)
		return key_in_tree(reader, list, newest, thread, message,
				   ret_key, error);
	*ret_key = (StoreKey){
	    newest, thread, newest_of(reader, list->mailbox, thread, error), 0};
	return true;
}

/* ---- next unread, next thread ---- */

static bool
unread_by_date(StoreReader *reader, const StoreList *list, const StoreKey *from,
	       StoreWay way, StoreKey *ret_key, GError **error)
{
	static const char *const texts[] = {
	    [STORE_AT] = "SELECT date, uid, id FROM msg WHERE shown = ? AND "
			 "shown > 0 AND (shown_flags & 1) = 0 AND "
			 "(date, uid, id) <= (?, ?, ?) "
			 "ORDER BY date DESC, uid DESC, id DESC LIMIT 1",
	    [STORE_AFTER] = "SELECT date, uid, id FROM msg WHERE shown = ? AND "
			    "shown > 0 AND (shown_flags & 1) = 0 AND "
			    "(date, uid, id) < (?, ?, ?) "
			    "ORDER BY date DESC, uid DESC, id DESC LIMIT 1",
	    [STORE_BEFORE] = "SELECT date, uid, id FROM msg WHERE shown = ? "
			     "AND shown > 0 AND (shown_flags & 1) = 0 AND "
			     "(date, uid, id) > (?, ?, ?) "
			     "ORDER BY date, uid, id LIMIT 1",
	};
	sqlite3_stmt *row =
	    store_query(reader->db, error, texts[way], "iiii", list->mailbox,
			from->date, from->second, from->id);
	int code = row == NULL ? -1 : store_step(reader->db, row, error);

	if (code != 1)
		return code == 0 && not_found(error);
	*ret_key = (StoreKey){sqlite3_column_int64(row, 0),
			      sqlite3_column_int64(row, 1),
			      sqlite3_column_int64(row, 2), 0};
	sqlite3_reset(row);
	return true;
}

/* The first unread one of a tree from @index on, that way; -1: none. */
static gint64
unread_in(const GArray *tree, gint64 index, gint64 step)
{
	for (; index >= 0 && index < (gint64)tree->len; index += step)
		if (g_array_index(tree, StoreMember, (guint)index).unread)
			return index;
	return -1;
}

static bool
unread_in_thread(StoreReader *reader, const StoreList *list,
		 const StoreKey *from, StoreWay way, StoreKey *ret_key,
		 bool *ret_found, GError **error)
{
	GArray *tree =
	    store_reader_tree(reader, list->mailbox, from->second, error);
	gint64 index;
	bool there;

	*ret_found = false;
	if (tree == NULL)
		return false;
	index = index_of(tree, from, &there);
	if (way == STORE_BEFORE)
		index--;
	else if (way == STORE_AFTER && there)
		index++;
	index = unread_in(tree, index, way == STORE_BEFORE ? -1 : 1);
	if (index >= 0) {
		*ret_found = true;
		*ret_key = (StoreKey){
		    from->date, from->second,
		    g_array_index(tree, StoreMember, (guint)index).id,
		    (guint32)index};
	}
	return true;
}

static bool
entry_key(StoreReader *reader, const StoreList *list, const ThreadEntry *entry,
	  bool unread, bool backwards, StoreKey *ret_key, GError **error)
{
	GArray *tree;
	gint64 index = 0;

	if (list->order == STORE_ORDER_FOLDED) {
		*ret_key = (StoreKey){
		    entry->newest, entry->thread,
		    newest_of(reader, list->mailbox, entry->thread, error), 0};
		return true;
	}
	tree = store_reader_tree(reader, list->mailbox, entry->thread, error);
	if (tree == NULL)
		return false;
	if (unread)
		index = backwards ? unread_in(tree, (gint64)tree->len - 1, -1)
				  : unread_in(tree, 0, 1);
	if (index < 0 || index >= (gint64)tree->len)
		return not_found(error);
	*ret_key = (StoreKey){entry->newest, entry->thread,
			      g_array_index(tree, StoreMember, (guint)index).id,
			      (guint32)index};
	return true;
}

bool
store_reader_next_unread(StoreReader *reader, const StoreList *list,
			 const StoreKey *from, StoreWay way, StoreKey *ret_key,
			 GError **error)
{
	bool inside = from != NULL && list->order == STORE_ORDER_THREAD;
	ThreadEntry entry;
	bool found;
	int code;

	if (from == NULL)
		from = way == STORE_BEFORE ? &last_key : &first_key;
	if (list->order == STORE_ORDER_DATE)
		return unread_by_date(reader, list, from, way, ret_key, error);
	if (inside) {
		if (!unread_in_thread(reader, list, from, way, ret_key, &found,
				      error))
			return false;
		if (found)
			return true;
		if (way == STORE_AT)
			way = STORE_AFTER;
	}
	code = next_entry(reader, list->mailbox, from->date, from->second, way,
			  true, &entry, error);
	if (code <= 0)
		return code == 0 && not_found(error);
	return entry_key(reader, list, &entry, true, way == STORE_BEFORE,
			 ret_key, error);
}

bool
store_reader_next_thread(StoreReader *reader, const StoreList *list,
			 const StoreKey *from, StoreWay way, StoreKey *ret_key,
			 GError **error)
{
	ThreadEntry entry;
	int code;

	if (from == NULL)
		from = way == STORE_BEFORE ? &last_key : &first_key;
	if (list->order == STORE_ORDER_DATE)
		return not_found(error);
	code = next_entry(reader, list->mailbox, from->date, from->second,
			  way == STORE_BEFORE ? way : STORE_AFTER, false,
			  &entry, error);
	if (code <= 0)
		return code == 0 && not_found(error);
	return entry_key(reader, list, &entry, false, false, ret_key, error);
}
