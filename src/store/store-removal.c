/* store-removal.c - messages that leave: gone, hidden, moved, numbered anew */
#include "store-writer-private.h"

/* The next UID that is known at or above @from: a set may span 2^32 of them. */
static bool
next_known(StoreWriter *writer, gint64 mailbox, guint32 from, guint32 last,
	   guint32 *ret_uid, gint64 *ret_id, GError **error)
{
	sqlite3_stmt *row = store_query(
	    writer->db, error,
	    "SELECT uid, id FROM msg WHERE mailbox = ? AND uid >= ? AND "
	    "uid <= ? AND uid > 0 ORDER BY uid LIMIT 1",
	    "iii", mailbox, (gint64)from, (gint64)last);
	int code = row == NULL ? -1 : store_step(writer->db, row, error);

	*ret_id = 0;
	if (code != 1)
		return code == 0;
	*ret_uid = (guint32)sqlite3_column_int64(row, 0);
	*ret_id = sqlite3_column_int64(row, 1);
	sqlite3_reset(row);
	return true;
}

typedef bool (*RowFunc)(StoreWriter *writer, gint64 id, bool flag, guint *count,
			GError **error);

static bool
each_known(StoreWriter *writer, gint64 mailbox, const UidSet *uids,
	   RowFunc func, bool flag, guint *count, GError **error)
{
	for (guint i = 0; i < uids->ranges->len; i++) {
		UidRange range = g_array_index(uids->ranges, UidRange, i);
		guint32 uid = range.first;
		gint64 id;

		for (;;) {
			if (!next_known(writer, mailbox, uid, range.last, &uid,
					&id, error))
				return false;
			if (id == 0)
				break;
			if (!func(writer, id, flag, count, error) ||
			    !store_writer_breathe(writer, error))
				return false;
			if (uid++ == range.last)
				break;
		}
	}
	return true;
}

static bool
remove_row(StoreWriter *writer, gint64 id, bool flag, guint *count,
	   GError **error)
{
	(void)flag;
	(*count)++;
	return store_writer_drop_row(writer, id, error);
}

bool
store_writer_remove(StoreWriter *writer, gint64 mailbox, const UidSet *uids,
		    guint *ret_removed, GError **error)
{
	guint removed = 0;
	bool good = store_writer_begin(writer, error) &&
		    each_known(writer, mailbox, uids, remove_row, false,
			       &removed, error);

	if (ret_removed != NULL)
		*ret_removed = removed;
	return store_writer_end(writer, good);
}

static bool
hide_row(StoreWriter *writer, gint64 id, bool hidden, guint *count,
	 GError **error)
{
	gint64 was;

	if (!store_number(writer->db, 0, &was, error,
			  "SELECT hidden FROM msg WHERE id = ?", "i", id))
		return false;
	if ((was != 0) == hidden)
		return true;
	(*count)++;
	return store_run(writer->db, error,
			 "UPDATE msg SET hidden = ? WHERE id = ?", "ii",
			 (gint64)hidden, id) &&
	       store_writer_show(writer, id, error);
}

bool
store_writer_hide(StoreWriter *writer, gint64 mailbox, const UidSet *uids,
		  bool hidden, guint *ret_changed, GError **error)
{
	guint changed = 0;
	bool good = store_writer_begin(writer, error) &&
		    each_known(writer, mailbox, uids, hide_row, hidden,
			       &changed, error);

	if (ret_changed != NULL)
		*ret_changed = changed;
	return store_writer_end(writer, good);
}

/* ---- numbered anew ---- */

static bool
reset_row(StoreWriter *writer, gint64 id, bool flag, guint *count,
	  GError **error)
{
	gint64 hidden;

	(void)flag;
	(*count)++;
	if (!store_number(writer->db, 0, &hidden, error,
			  "SELECT hidden FROM msg WHERE id = ?", "i", id))
		return false;
	if (hidden != 0)
		return store_writer_drop_row(writer, id, error);
	return store_run(writer->db, error,
			 "UPDATE msg SET uid = 0, modseq = 0, stale = 1 "
			 "WHERE id = ?",
			 "i", id) &&
	       store_writer_show(writer, id, error);
}

bool
store_writer_reset_mailbox(StoreWriter *writer, gint64 mailbox,
			   guint32 uid_validity, GError **error)
{
	g_autoptr(UidSet) all = uid_set_new();
	guint n = 0;

	uid_set_add_range(all, 1, G_MAXUINT32);
	return store_writer_begin(writer, error) &&
	       store_writer_end(
		   writer,
		   each_known(writer, mailbox, all, reset_row, false, &n,
			      error) &&
		       store_run(writer->db, error,
				 "UPDATE mailbox SET uid_validity = ?, "
				 "uid_next = 0, modseq = 0, known = '', "
				 "synced_at = 0 WHERE id = ?",
				 "ii", (gint64)uid_validity, mailbox));
}

static bool
settle(StoreWriter *writer, gint64 mailbox, GArray *lost, GError **error)
{
	gint64 last = 0;

	for (;;) {
		sqlite3_stmt *row = store_query(
		    writer->db, error,
		    "SELECT id, stale, EXISTS (SELECT 1 FROM pend WHERE "
		    "pend.msg = msg.id) FROM msg WHERE mailbox = ? AND uid = 0 "
		    "AND id > ? ORDER BY id LIMIT 1",
		    "ii", mailbox, last);
		int code =
		    row == NULL ? -1 : store_step(writer->db, row, error);
		bool stale, waits;

		if (code != 1)
			return code == 0;
		last = sqlite3_column_int64(row, 0);
		stale = sqlite3_column_int(row, 1) != 0;
		waits = sqlite3_column_int(row, 2) != 0;
		sqlite3_reset(row);
		if (waits && stale)
			g_array_append_val(lost, last);
		else if (!waits && !store_writer_drop_row(writer, last, error))
			return false;
		if (!store_writer_breathe(writer, error))
			return false;
	}
}

bool
store_writer_settle_mailbox(StoreWriter *writer, gint64 mailbox,
			    GArray **ret_lost, GError **error)
{
	g_autoptr(GArray) lost = g_array_new(FALSE, FALSE, sizeof(gint64));

	if (!store_writer_begin(writer, error) ||
	    !store_writer_end(writer, settle(writer, mailbox, lost, error)))
		return false;
	if (ret_lost != NULL)
		*ret_lost = g_steal_pointer(&lost);
	return true;
}

bool
store_writer_moved(StoreWriter *writer, gint64 message, gint64 mailbox,
		   guint32 uid, GError **error)
{
	return store_writer_begin(writer, error) &&
	       store_writer_end(writer,
				store_writer_place_row(writer, message, mailbox,
						       uid, error));
}
