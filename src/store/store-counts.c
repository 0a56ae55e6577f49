/* store-counts.c - kept counts: totals, pieces of lists, threads */
#include "store-counts.h"

#include "model-flags.h"

/* entries of the thread cache that outlive a commit */
#define THREADS_KEPT 4096u

typedef enum {
	BY_DATE,
	BY_THREAD,
} PieceKind;

typedef struct {
	gint64 start;
	gint64 entries;
	gint64 rows;
	bool dirty;
} Piece;

typedef struct {
	gint64 mailbox;
	PieceKind kind;
	GArray *pieces; /* of Piece, by rising start; the first starts at
			   G_MININT64 */
} PieceList;

typedef struct {
	gint64 mailbox;
	gint64 rows, total, unread, flagged, threads;
} Totals;

typedef struct {
	gint64 mailbox;
	gint64 thread;
	bool existed;
	bool dirty;
	bool find_newest; /* the newest one may have gone */
	gint64 old_newest;
	gint64 old_rows;
	gint64 newest;
	gint64 rows;
	gint64 unread;
} ThreadCount;

struct StoreCounts {
	StoreDb *db;
	GHashTable *totals;  /* mailbox → Totals: differences */
	GHashTable *threads; /* ThreadCount as its own key */
	GHashTable *lists;   /* PieceList as its own key */
};

static guint
hash_thread(gconstpointer key)
{
	const ThreadCount *count = key;

	return (guint)(count->thread * 2654435761LL) ^
	       (guint)(count->mailbox * 40503LL);
}

static gboolean
same_thread(gconstpointer a, gconstpointer b)
{
	const ThreadCount *one = a, *other = b;

	return one->thread == other->thread && one->mailbox == other->mailbox;
}

static guint
hash_list(gconstpointer key)
{
	const PieceList *list = key;

	return (guint)(list->mailbox * 2) + (guint)list->kind;
}

static gboolean
same_list(gconstpointer a, gconstpointer b)
{
	const PieceList *one = a, *other = b;

	return one->mailbox == other->mailbox && one->kind == other->kind;
}

static void
free_list(gpointer data)
{
	PieceList *list = data;

	g_array_unref(list->pieces);
	g_free(list);
}

StoreCounts *
store_counts_new(StoreDb *db)
{
	StoreCounts *counts = g_new0(StoreCounts, 1);

	counts->db = db;
	counts->totals =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	counts->threads =
	    g_hash_table_new_full(hash_thread, same_thread, NULL, g_free);
	counts->lists =
	    g_hash_table_new_full(hash_list, same_list, NULL, free_list);
	return counts;
}

void
store_counts_free(StoreCounts *counts)
{
	if (counts == NULL)
		return;
	g_hash_table_unref(counts->totals);
	g_hash_table_unref(counts->threads);
	g_hash_table_unref(counts->lists);
	g_free(counts);
}

void
store_counts_discard(StoreCounts *counts)
{
	g_hash_table_remove_all(counts->totals);
	g_hash_table_remove_all(counts->threads);
	g_hash_table_remove_all(counts->lists);
}

static Totals *
totals_of(StoreCounts *counts, gint64 mailbox)
{
	Totals *totals = g_hash_table_lookup(counts->totals, &mailbox);

	if (totals == NULL) {
		totals = g_new0(Totals, 1);
		totals->mailbox = mailbox;
		g_hash_table_insert(counts->totals, &totals->mailbox, totals);
	}
	return totals;
}

/* ---- pieces ---- */

static PieceList *
load_list(StoreCounts *counts, gint64 mailbox, PieceKind kind, GError **error)
{
	PieceList key = {.mailbox = mailbox, .kind = kind};
	PieceList *list = g_hash_table_lookup(counts->lists, &key);
	sqlite3_stmt *row;
	int code;

	if (list != NULL)
		return list;
	row = store_query(counts->db, error,
			  "SELECT start, entries, rows FROM piece "
			  "WHERE mailbox = ? AND kind = ? ORDER BY start",
			  "ii", mailbox, (gint64)kind);
	if (row == NULL)
		return NULL;
	list = g_new0(PieceList, 1);
	list->mailbox = mailbox;
	list->kind = kind;
	list->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
	while ((code = store_step(counts->db, row, error)) == 1) {
		Piece piece = {sqlite3_column_int64(row, 0),
			       sqlite3_column_int64(row, 1),
			       sqlite3_column_int64(row, 2), false};

		g_array_append_val(list->pieces, piece);
	}
	if (code < 0) {
		free_list(list);
		return NULL;
	}
	if (list->pieces->len == 0) {
		Piece first = {G_MININT64, 0, 0, true};

		g_array_append_val(list->pieces, first);
	}
	g_hash_table_add(counts->lists, list);
	return list;
}

static Piece *
piece_at(PieceList *list, gint64 date)
{
	guint low = 0, high = list->pieces->len;

	while (high - low > 1) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(list->pieces, Piece, middle).start <= date)
			low = middle;
		else
			high = middle;
	}
	return &g_array_index(list->pieces, Piece, low);
}

static bool
add_to_piece(StoreCounts *counts, gint64 mailbox, PieceKind kind, gint64 date,
	     gint64 entries, gint64 rows, GError **error)
{
	PieceList *list = load_list(counts, mailbox, kind, error);
	Piece *piece;

	if (list == NULL)
		return false;
	piece = piece_at(list, date);
	piece->entries += entries;
	piece->rows += rows;
	piece->dirty = true;
	return true;
}

static bool
write_piece(StoreCounts *counts, const PieceList *list, const Piece *piece,
	    GError **error)
{
	if (piece->entries <= 0 && piece->start != G_MININT64)
		return store_run(counts->db, error,
				 "DELETE FROM piece WHERE mailbox = ? AND "
				 "kind = ? AND start = ?",
				 "iii", list->mailbox, (gint64)list->kind,
				 piece->start);
	return store_run(counts->db, error,
			 "INSERT OR REPLACE INTO piece VALUES (?, ?, ?, ?, ?)",
			 "iiiii", list->mailbox, (gint64)list->kind,
			 piece->start, piece->entries, piece->rows);
}

static sqlite3_stmt *
middle_of(StoreCounts *counts, const PieceList *list, const Piece *piece,
	  gint64 end, GError **error)
{
	return store_query(
	    counts->db, error,
	    list->kind == BY_DATE
		? "SELECT date FROM msg WHERE shown = ? AND shown > 0 AND "
		  "date > ? AND date < ? ORDER BY date LIMIT 1 OFFSET ?"
		: "SELECT newest FROM thread WHERE mailbox = ? AND "
		  "newest > ? AND newest < ? ORDER BY newest LIMIT 1 OFFSET ?",
	    "iiii", list->mailbox, piece->start, end, piece->entries / 2);
}

/* Where all entries of a piece have one date it cannot be cut: it stays long.
 */
static bool
cut_piece(StoreCounts *counts, PieceList *list, guint index, GError **error)
{
	Piece *piece = &g_array_index(list->pieces, Piece, index);
	gint64 end = index + 1 < list->pieces->len
			 ? g_array_index(list->pieces, Piece, index + 1).start
			 : G_MAXINT64;
	Piece upper = {0, 0, 0, true};
	sqlite3_stmt *row = middle_of(counts, list, piece, end, error);
	int code = row == NULL ? -1 : store_step(counts->db, row, error);

	if (code != 1)
		return code == 0;
	upper.start = sqlite3_column_int64(row, 0);
	sqlite3_reset(row);
	row = store_query(counts->db, error,
			  list->kind == BY_DATE
			      ? "SELECT count(*), count(*) FROM msg WHERE "
				"shown = ? AND shown > 0 AND date >= ? "
				"AND date < ?"
			      : "SELECT count(*), total(rows) FROM thread "
				"WHERE mailbox = ? AND newest >= ? "
				"AND newest < ?",
			  "iii", list->mailbox, upper.start, end);
	if (row == NULL || store_step(counts->db, row, error) != 1)
		return false;
	upper.entries = sqlite3_column_int64(row, 0);
	upper.rows = sqlite3_column_int64(row, 1);
	sqlite3_reset(row);
	piece->entries -= upper.entries;
	piece->rows -= upper.rows;
	piece->dirty = true;
	g_array_insert_val(list->pieces, index + 1, upper);
	return true;
}

static bool
flush_list(StoreCounts *counts, PieceList *list, GError **error)
{
	for (guint i = 0; i < list->pieces->len; i++) {
		Piece *piece = &g_array_index(list->pieces, Piece, i);
		guint had = list->pieces->len;

		if (!piece->dirty)
			continue;
		if (piece->entries > STORE_PIECE_MAX) {
			if (!cut_piece(counts, list, i, error))
				return false;
			/* look at the lower half again */
			if (list->pieces->len > had) {
				i--;
				continue;
			}
		}
		piece = &g_array_index(list->pieces, Piece, i);
		if (!write_piece(counts, list, piece, error))
			return false;
		piece->dirty = false;
		if (piece->entries <= 0 && piece->start != G_MININT64)
			g_array_remove_index(list->pieces, i--);
	}
	return true;
}

/* ---- threads ---- */

static ThreadCount *
load_thread(StoreCounts *counts, gint64 mailbox, gint64 thread, GError **error)
{
	ThreadCount key = {.mailbox = mailbox, .thread = thread};
	ThreadCount *count = g_hash_table_lookup(counts->threads, &key);
	sqlite3_stmt *row;
	int code;

	if (count != NULL)
		return count;
	row = store_query(counts->db, error,
			  "SELECT newest, rows, unread FROM thread "
			  "WHERE mailbox = ? AND thread = ?",
			  "ii", mailbox, thread);
	code = row == NULL ? -1 : store_step(counts->db, row, error);
	if (code < 0)
		return NULL;
	count = g_new0(ThreadCount, 1);
	count->mailbox = mailbox;
	count->thread = thread;
	count->newest = G_MININT64;
	if (code == 1) {
		count->existed = true;
		count->newest = sqlite3_column_int64(row, 0);
		count->rows = sqlite3_column_int64(row, 1);
		count->unread = sqlite3_column_int64(row, 2);
		sqlite3_reset(row);
	}
	count->old_newest = count->newest;
	count->old_rows = count->rows;
	g_hash_table_add(counts->threads, count);
	return count;
}

/* Each index is written only if its columns are: the newest date is in two. */
static bool
write_thread(StoreCounts *counts, const ThreadCount *count, GError **error)
{
	if (!count->existed)
		return store_run(counts->db, error,
				 "INSERT INTO thread VALUES (?, ?, ?, ?, ?)",
				 "iiiii", count->mailbox, count->thread,
				 count->newest, count->rows, count->unread);
	if (count->newest != count->old_newest)
		return store_run(counts->db, error,
				 "UPDATE thread SET newest = ?, rows = ?, "
				 "unread = ? WHERE mailbox = ? AND thread = ?",
				 "iiiii", count->newest, count->rows,
				 count->unread, count->mailbox, count->thread);
	return store_run(counts->db, error,
			 "UPDATE thread SET rows = ?, unread = ? "
			 "WHERE mailbox = ? AND thread = ?",
			 "iiii", count->rows, count->unread, count->mailbox,
			 count->thread);
}

static bool
end_thread(StoreCounts *counts, ThreadCount *count, GError **error)
{
	if (!count->existed)
		return true;
	totals_of(counts, count->mailbox)->threads--;
	count->existed = false;
	count->newest = G_MININT64;
	return add_to_piece(counts, count->mailbox, BY_THREAD,
			    count->old_newest, -1, -count->old_rows, error) &&
	       store_run(counts->db, error,
			 "DELETE FROM thread WHERE mailbox = ? AND thread = ?",
			 "ii", count->mailbox, count->thread);
}

static bool
flush_thread(StoreCounts *counts, ThreadCount *count, GError **error)
{
	if (!count->dirty)
		return true;
	count->dirty = false;
	if (count->rows <= 0)
		return end_thread(counts, count, error);
	if (count->find_newest &&
	    !store_number(counts->db, count->newest, &count->newest, error,
			  "SELECT max(date) FROM msg WHERE thread = ? AND "
			  "shown = ?",
			  "ii", count->thread, count->mailbox))
		return false;
	count->find_newest = false;
	if (!write_thread(counts, count, error))
		return false;
	if (!count->existed)
		totals_of(counts, count->mailbox)->threads++;
	else if (count->newest == count->old_newest &&
		 count->rows == count->old_rows)
		return true;
	else if (!add_to_piece(counts, count->mailbox, BY_THREAD,
			       count->old_newest, -1, -count->old_rows, error))
		return false;
	count->existed = true;
	count->old_newest = count->newest;
	count->old_rows = count->rows;
	return add_to_piece(counts, count->mailbox, BY_THREAD, count->newest, 1,
			    count->rows, error);
}

/* ---- rows ---- */

static void
count_flags(Totals *totals, guint32 flags, int sign)
{
	if ((flags & MAIL_FLAG_DELETED) != 0)
		return;
	totals->total += sign;
	totals->unread += (flags & MAIL_FLAG_SEEN) == 0 ? sign : 0;
	totals->flagged += (flags & MAIL_FLAG_FLAGGED) != 0 ? sign : 0;
}

bool
store_counts_add(StoreCounts *counts, const StorePlace *place, int sign,
		 GError **error)
{
	bool unread = (place->flags & MAIL_FLAG_SEEN) == 0;
	ThreadCount *thread;
	Totals *totals;

	if (place->mailbox == 0)
		return true;
	totals = totals_of(counts, place->mailbox);
	totals->rows += sign;
	count_flags(totals, place->flags, sign);
	thread = load_thread(counts, place->mailbox, place->thread, error);
	if (thread == NULL)
		return false;
	thread->dirty = true;
	thread->rows += sign;
	thread->unread += unread ? sign : 0;
	if (sign > 0)
		thread->newest = MAX(thread->newest, place->date);
	else if (place->date >= thread->newest)
		thread->find_newest = true;
	return add_to_piece(counts, place->mailbox, BY_DATE, place->date, sign,
			    sign, error);
}

bool
store_counts_move(StoreCounts *counts, const StorePlace *from,
		  const StorePlace *to, GError **error)
{
	ThreadCount *thread;
	Totals *totals;

	if (from->mailbox == 0 || from->mailbox != to->mailbox ||
	    from->date != to->date || from->thread != to->thread)
		return store_counts_add(counts, from, -1, error) &&
		       store_counts_add(counts, to, 1, error);
	totals = totals_of(counts, to->mailbox);
	count_flags(totals, from->flags, -1);
	count_flags(totals, to->flags, 1);
	if (((from->flags ^ to->flags) & MAIL_FLAG_SEEN) == 0)
		return true;
	thread = load_thread(counts, to->mailbox, to->thread, error);
	if (thread == NULL)
		return false;
	thread->dirty = true;
	thread->unread += (to->flags & MAIL_FLAG_SEEN) == 0 ? 1 : -1;
	return true;
}

bool
store_counts_thread(StoreCounts *counts, gint64 mailbox, gint64 thread,
		    gint64 *ret_rows, GError **error)
{
	const ThreadCount *count = load_thread(counts, mailbox, thread, error);

	if (count == NULL)
		return false;
	*ret_rows = count->rows;
	return true;
}

static bool
flush_totals(StoreCounts *counts, GError **error)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, counts->totals);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Totals *totals = value;

		if (!store_run(counts->db, error,
			       "UPDATE mailbox SET rows = rows + ?, "
			       "total = total + ?, unread = unread + ?, "
			       "flagged = flagged + ?, threads = threads + ? "
			       "WHERE id = ?",
			       "iiiiii", totals->rows, totals->total,
			       totals->unread, totals->flagged, totals->threads,
			       totals->mailbox))
			return false;
	}
	g_hash_table_remove_all(counts->totals);
	return true;
}

bool
store_counts_flush(StoreCounts *counts, GError **error)
{
	GHashTableIter iter;
	gpointer value;

	/* threads first: they change pieces and totals */
	g_hash_table_iter_init(&iter, counts->threads);
	while (g_hash_table_iter_next(&iter, &value, NULL))
		if (!flush_thread(counts, value, error))
			return false;
	g_hash_table_iter_init(&iter, counts->lists);
	while (g_hash_table_iter_next(&iter, &value, NULL))
		if (!flush_list(counts, value, error))
			return false;
	if (g_hash_table_size(counts->threads) > THREADS_KEPT)
		g_hash_table_remove_all(counts->threads);
	return flush_totals(counts, error);
}
