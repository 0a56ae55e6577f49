/* store-position.c - "row X of N", and the way back: kept counts of pieces,
 * and the rows of one piece */
#include "store-reader-private.h"

/* what of a piece is added up */
typedef enum {
	ENTRIES,
	ROWS,
} Measure;

static gint64
kind_of(const StoreList *list)
{
	return list->order == STORE_ORDER_DATE ? 0 : 1;
}

/* The piece that holds @date: its start, and what is in those above it. */
static bool
sum_above(StoreReader *reader, const StoreList *list, gint64 date,
	  Measure measure, gint64 *ret_start, gint64 *ret_sum, GError **error)
{
	return store_number(reader->db, G_MININT64, ret_start, error,
			    "SELECT max(start) FROM piece WHERE mailbox = ? "
			    "AND kind = ? AND start <= ?",
			    "iii", list->mailbox, kind_of(list), date) &&
	       (measure == ENTRIES
		    ? store_number(reader->db, 0, ret_sum, error,
				   "SELECT sum(entries) FROM piece WHERE "
				   "mailbox = ? AND kind = ? AND start > ?",
				   "iii", list->mailbox, kind_of(list),
				   *ret_start)
		    : store_number(reader->db, 0, ret_sum, error,
				   "SELECT sum(rows) FROM piece WHERE "
				   "mailbox = ? AND kind = ? AND start > ?",
				   "iii", list->mailbox, kind_of(list),
				   *ret_start));
}

static bool
end_of_piece(StoreReader *reader, const StoreList *list, gint64 start,
	     gint64 *ret_end, GError **error)
{
	return store_number(reader->db, G_MAXINT64, ret_end, error,
			    "SELECT min(start) FROM piece WHERE mailbox = ? "
			    "AND kind = ? AND start > ?",
			    "iii", list->mailbox, kind_of(list), start);
}

static bool
before_in_piece(StoreReader *reader, const StoreList *list, const StoreKey *key,
		gint64 end, gint64 *ret, GError **error)
{
	switch (list->order) {
	case STORE_ORDER_DATE:
		return store_number(reader->db, 0, ret, error,
				    "SELECT count(*) FROM msg WHERE shown = ? "
				    "AND shown > 0 AND (date, uid, id) > "
				    "(?, ?, ?) AND date < ?",
				    "iiiii", list->mailbox, key->date,
				    key->second, key->id, end);
	case STORE_ORDER_THREAD:
		return store_number(reader->db, 0, ret, error,
				    "SELECT sum(rows) FROM thread WHERE "
				    "mailbox = ? AND (newest, thread) > (?, ?) "
				    "AND newest < ?",
				    "iiii", list->mailbox, key->date,
				    key->second, end);
	case STORE_ORDER_FOLDED:
		break;
	}
	return store_number(reader->db, 0, ret, error,
			    "SELECT count(*) FROM thread WHERE mailbox = ? "
			    "AND (newest, thread) > (?, ?) AND newest < ?",
			    "iiii", list->mailbox, key->date, key->second, end);
}

bool
store_reader_position(StoreReader *reader, const StoreList *list,
		      const StoreKey *key, guint *ret_position, GError **error)
{
	Measure measure = list->order == STORE_ORDER_THREAD ? ROWS : ENTRIES;
	gint64 start, end, above, inside;

	if (!sum_above(reader, list, key->date, measure, &start, &above,
		       error) ||
	    !end_of_piece(reader, list, start, &end, error) ||
	    !before_in_piece(reader, list, key, end, &inside, error))
		return false;
	*ret_position = (guint)(above + inside);
	if (list->order == STORE_ORDER_THREAD)
		*ret_position += key->index;
	return true;
}

/* ---- and back ---- */

static bool
not_found(GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
		    "behind the end of the list");
	return false;
}

/* Walks the pieces, newest first, until @position lies in one; what is left of
 * it stands in @position then. */
static bool
find_piece(StoreReader *reader, const StoreList *list, Measure measure,
	   gint64 *position, gint64 *ret_end, GError **error)
{
	sqlite3_stmt *row = store_query(
	    reader->db, error,
	    "SELECT start, entries, rows FROM piece WHERE mailbox = ? AND "
	    "kind = ? ORDER BY start DESC",
	    "ii", list->mailbox, kind_of(list));
	int code = -1;

	*ret_end = G_MAXINT64;
	while (row != NULL &&
	       (code = store_step(reader->db, row, error)) == 1) {
		gint64 held =
		    sqlite3_column_int64(row, measure == ENTRIES ? 1 : 2);

		if (*position < held) {
			sqlite3_reset(row);
			return true;
		}
		*position -= held;
		*ret_end = sqlite3_column_int64(row, 0);
	}
	return code == 0 && not_found(error);
}

static bool
date_at(StoreReader *reader, const StoreList *list, gint64 end, gint64 position,
	StoreKey *ret_key, GError **error)
{
	sqlite3_stmt *row = store_query(
	    reader->db, error,
	    "SELECT date, uid, id FROM msg WHERE shown = ? AND shown > 0 AND "
	    "date < ? ORDER BY date DESC, uid DESC, id DESC LIMIT 1 OFFSET ?",
	    "iii", list->mailbox, end, position);
	int code = row == NULL ? -1 : store_step(reader->db, row, error);

	if (code != 1)
		return code == 0 && not_found(error);
	*ret_key = (StoreKey){sqlite3_column_int64(row, 0),
			      sqlite3_column_int64(row, 1),
			      sqlite3_column_int64(row, 2), 0};
	sqlite3_reset(row);
	return true;
}

static bool
thread_at(StoreReader *reader, const StoreList *list, gint64 end,
	  gint64 position, StoreKey *ret_key, GError **error)
{
	bool folded = list->order == STORE_ORDER_FOLDED;
	sqlite3_stmt *row = store_query(
	    reader->db, error,
	    "SELECT thread, newest, rows FROM thread WHERE mailbox = ? AND "
	    "newest < ? ORDER BY newest DESC, thread DESC",
	    "ii", list->mailbox, end);
	GArray *tree;
	int code = -1;

	while (row != NULL &&
	       (code = store_step(reader->db, row, error)) == 1) {
		gint64 held = folded ? 1 : sqlite3_column_int64(row, 2);

		*ret_key = (StoreKey){sqlite3_column_int64(row, 1),
				      sqlite3_column_int64(row, 0), 0,
				      (guint32)position};
		if (position < held)
			break;
		position -= held;
	}
	if (code != 1)
		return code == 0 && not_found(error);
	sqlite3_reset(row);
	tree = store_reader_tree(reader, list->mailbox, ret_key->second, error);
	if (tree == NULL)
		return false;
	if (folded)
		return store_reader_key(
		    reader, list,
		    tree->len == 0 ? 0 : g_array_index(tree, StoreMember, 0).id,
		    ret_key, error);
	if (position >= (gint64)tree->len)
		return not_found(error);
	ret_key->id = g_array_index(tree, StoreMember, (guint)position).id;
	return true;
}

bool
store_reader_key_at(StoreReader *reader, const StoreList *list, guint position,
		    StoreKey *ret_key, GError **error)
{
	Measure measure = list->order == STORE_ORDER_THREAD ? ROWS : ENTRIES;
	gint64 left = position;
	gint64 end;

	if (!find_piece(reader, list, measure, &left, &end, error))
		return false;
	return list->order == STORE_ORDER_DATE
		   ? date_at(reader, list, end, left, ret_key, error)
		   : thread_at(reader, list, end, left, ret_key, error);
}

bool
store_reader_total(StoreReader *reader, const StoreList *list, guint *ret_total,
		   GError **error)
{
	gint64 total;

	if (!(list->order == STORE_ORDER_FOLDED
		  ? store_number(reader->db, 0, &total, error,
				 "SELECT threads FROM mailbox WHERE id = ?",
				 "i", list->mailbox)
		  : store_number(reader->db, 0, &total, error,
				 "SELECT rows FROM mailbox WHERE id = ?", "i",
				 list->mailbox)))
		return false;
	*ret_total = (guint)total;
	return true;
}
