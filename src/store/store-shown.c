/* store-shown.c - what is shown of a row: the server's word, and on top of it
 * what the user meant */
#include <string.h>

#include "store-writer-private.h"

void
store_server_row_clear(StoreServerRow *row)
{
	mail_flags_clear(&row->flags);
	g_clear_pointer(&row->shown_keywords, g_free);
}

int
store_writer_row(StoreWriter *writer, gint64 id, StoreServerRow *ret,
		 GError **error)
{
	sqlite3_stmt *row = store_query(
	    writer->db, error,
	    "SELECT mailbox, uid, flags, keywords, modseq, hidden, stale, "
	    "shown, shown_flags, shown_keywords, marks, date, thread "
	    "FROM msg WHERE id = ?",
	    "i", id);
	int code = row == NULL ? -1 : store_step(writer->db, row, error);

	if (code != 1)
		return code;
	*ret = (StoreServerRow){
	    .id = id,
	    .mailbox = sqlite3_column_int64(row, 0),
	    .uid = (guint32)sqlite3_column_int64(row, 1),
	    .flags = {(guint32)sqlite3_column_int64(row, 2),
		      store_text(row, 3)},
	    .modseq = (guint64)sqlite3_column_int64(row, 4),
	    .hidden = sqlite3_column_int(row, 5) != 0,
	    .stale = sqlite3_column_int(row, 6) != 0,
	    .place = {sqlite3_column_int64(row, 7),
		      sqlite3_column_int64(row, 11),
		      sqlite3_column_int64(row, 12),
		      (guint32)sqlite3_column_int64(row, 8)},
	    .shown_keywords = store_text(row, 9),
	    .marks = (guint32)sqlite3_column_int64(row, 10),
	};
	sqlite3_reset(row);
	return 1;
}

/* ---- a row with its open changes ---- */

static void
overlay(sqlite3_stmt *pend, StorePlace *place, MailFlags *flags, guint32 *marks)
{
	ChangeKind kind = (ChangeKind)sqlite3_column_int(pend, 0);
	ChangeState state = (ChangeState)sqlite3_column_int(pend, 1);
	MailFlags add = {(guint32)sqlite3_column_int64(pend, 2),
			 (char *)sqlite3_column_text(pend, 3)};
	MailFlags remove = {(guint32)sqlite3_column_int64(pend, 4),
			    (char *)sqlite3_column_text(pend, 5)};
	bool is_copy = sqlite3_column_int64(pend, 7) != 0;

	if (state == CHANGE_FAILED || state == CHANGE_UNKNOWN) {
		*marks |= MESSAGE_MARK_FAILED;
		/* a copy that was not made is nowhere */
		if (is_copy)
			place->mailbox = 0;
		return;
	}
	*marks |= MESSAGE_MARK_WAITING;
	if (kind == CHANGE_FLAGS)
		mail_flags_apply(flags, &add, &remove);
	else if (kind == CHANGE_MOVE && sqlite3_column_int64(pend, 6) != 0)
		place->mailbox = sqlite3_column_int64(pend, 6);
	else if (kind == CHANGE_DELETE)
		place->mailbox = 0;
}

static bool
write_shown(StoreWriter *writer, const StoreServerRow *row,
	    const StorePlace *place, const MailFlags *flags, guint32 marks,
	    GError **error)
{
	if (place->mailbox == row->place.mailbox &&
	    flags->bits == row->place.flags && marks == row->marks &&
	    g_strcmp0(flags->keywords, row->shown_keywords) == 0)
		return true;
	if (!store_counts_move(writer->counts, &row->place, place, error) ||
	    !store_run(writer->db, error,
		       "UPDATE msg SET shown_flags = ?, shown_keywords = ?, "
		       "marks = ? WHERE id = ?",
		       "isii", (gint64)flags->bits, flags->keywords,
		       (gint64)marks, row->id))
		return false;
	/* in three indexes: written only where it is another one */
	return place->mailbox == row->place.mailbox ||
	       store_run(writer->db, error,
			 "UPDATE msg SET shown = ? WHERE id = ?", "ii",
			 place->mailbox, row->id);
}

bool
store_writer_show(StoreWriter *writer, gint64 id, GError **error)
{
	g_auto(StoreServerRow) row = {0};
	int found = store_writer_row(writer, id, &row, error);

	return found <= 0 ? found == 0
			  : store_writer_show_row(writer, &row, error);
}

bool
store_writer_show_row(StoreWriter *writer, const StoreServerRow *row,
		      GError **error)
{
	g_auto(MailFlags) flags = mail_flags_copy(&row->flags);
	StorePlace place = row->place;
	guint32 marks = row->stale ? MESSAGE_MARK_STALE : 0;
	sqlite3_stmt *pend;
	int code;

	place.mailbox = row->mailbox;
	pend = store_query(writer->db, error,
			   "SELECT kind, state, add_bits, add_words, "
			   "remove_bits, remove_words, dest, copy FROM pend "
			   "WHERE msg = ? ORDER BY change",
			   "i", row->id);
	if (pend == NULL)
		return false;
	while ((code = store_step(writer->db, pend, error)) == 1)
		overlay(pend, &place, &flags, &marks);
	if (row->hidden)
		place.mailbox = 0;
	place.flags = flags.bits;
	return code == 0 &&
	       write_shown(writer, row, &place, &flags, marks, error);
}

/* ---- rows that go ---- */

bool
store_writer_drop_row(StoreWriter *writer, gint64 id, GError **error)
{
	g_auto(StoreServerRow) row = {0};
	int found = store_writer_row(writer, id, &row, error);

	if (found <= 0)
		return found == 0;
	return store_counts_add(writer->counts, &row.place, -1, error) &&
	       store_writer_drop_bodies(writer, id, error) &&
	       store_thread_leave(writer, id, row.place.thread, error) &&
	       store_run(writer->db, error, "DELETE FROM msg WHERE id = ?", "i",
			 id) &&
	       store_run(writer->db, error, "DELETE FROM head WHERE id = ?",
			 "i", id) &&
	       store_run(writer->db, error, "DELETE FROM folded WHERE id = ?",
			 "i", id) &&
	       store_run(writer->db, error, "DELETE FROM pend WHERE msg = ?",
			 "i", id);
}

bool
store_writer_set_date(StoreWriter *writer, const StoreServerRow *row,
		      gint64 date, GError **error)
{
	StorePlace place = row->place;

	place.date = date;
	return row->place.date == date ||
	       (store_counts_move(writer->counts, &row->place, &place, error) &&
		store_run(writer->db, error,
			  "UPDATE msg SET date = ? WHERE id = ?", "ii", date,
			  row->id));
}

/* A FETCH was faster than the answer to the move: what it told of the message
 * is younger than what we knew, and what the user did to its row counts. */
static bool
take_over(StoreWriter *writer, const StoreServerRow *row, gint64 other,
	  guint64 *ret_modseq, GError **error)
{
	g_auto(StoreServerRow) told = {0};

	if (store_writer_row(writer, other, &told, error) < 0)
		return false;
	*ret_modseq = told.modseq;
	return store_run(writer->db, error,
			 "UPDATE OR IGNORE pend SET msg = ? WHERE msg = ? "
			 "AND copy = 0",
			 "ii", row->id, other) &&
	       store_writer_drop_row(writer, other, error) &&
	       store_writer_set_date(writer, row, told.place.date, error) &&
	       store_run(writer->db, error,
			 "UPDATE msg SET flags = ?, keywords = ? WHERE id = ?",
			 "isi", (gint64)told.flags.bits, told.flags.keywords,
			 row->id);
}

bool
store_writer_place_row(StoreWriter *writer, gint64 id, gint64 mailbox,
		       guint32 uid, GError **error)
{
	g_auto(StoreServerRow) row = {0};
	guint64 modseq = 0;
	gint64 other = 0;
	int found = store_writer_row(writer, id, &row, error);

	if (found <= 0)
		return found == 0;
	if (uid != 0 &&
	    !store_number(writer->db, 0, &other, error,
			  "SELECT id FROM msg WHERE mailbox = ? AND uid = ? "
			  "AND uid > 0",
			  "ii", mailbox, (gint64)uid))
		return false;
	if (other == id)
		modseq = row.modseq;
	else if (other != 0 && !take_over(writer, &row, other, &modseq, error))
		return false;
	return store_run(writer->db, error,
			 "UPDATE msg SET mailbox = ?, uid = ?, modseq = ?, "
			 "hidden = 0, stale = 0 WHERE id = ?",
			 "iiii", mailbox, (gint64)uid, (gint64)modseq, id) &&
	       store_writer_show(writer, id, error);
}

/* ---- changes ---- */

static bool
insert_pend(StoreWriter *writer, const Change *change, gint64 message,
	    gint64 dest, gint64 copy, GError **error)
{
	return store_run(writer->db, error,
			 "INSERT OR REPLACE INTO pend VALUES "
			 "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			 "iiiiisisii", message, change->id,
			 (gint64)change->kind, (gint64)change->state,
			 (gint64)change->add.bits, change->add.keywords,
			 (gint64)change->remove.bits, change->remove.keywords,
			 dest, copy);
}

/* The row of a copy that waits: as its source, where it will be. */
static bool
ensure_copy(StoreWriter *writer, const Change *change, gint64 source,
	    gint64 dest, GError **error)
{
	gint64 copy, there;

	if (!store_number(writer->db, 0, &copy, error,
			  "SELECT msg FROM pend WHERE change = ? AND copy = ?",
			  "ii", change->id, source) ||
	    !store_number(writer->db, 0, &there, error,
			  "SELECT id FROM msg WHERE id = ?", "i", source))
		return false;
	if (copy == 0 && there != 0 && dest != 0) {
		if (!store_writer_new_id(writer, &copy, error) ||
		    !store_run(writer->db, error,
			       "INSERT INTO msg SELECT ?1, ?2, 0, flags, "
			       "keywords, 0, 0, 0, 0, shown_flags, "
			       "shown_keywords, 0, date, sent, size, thread, "
			       "mid, refs, attachments FROM msg WHERE id = ?3",
			       "iii", copy, dest, source) ||
		    !store_run(writer->db, error,
			       "INSERT INTO head SELECT ?, sender, rcpt, cc, "
			       "subject, message_id, structure FROM head "
			       "WHERE id = ?",
			       "ii", copy, source) ||
		    !store_run(writer->db, error,
			       "INSERT INTO folded SELECT ?, sender, subject, "
			       "rcpt FROM folded WHERE id = ?",
			       "ii", copy, source))
			return false;
	}
	return copy == 0 ||
	       (insert_pend(writer, change, copy, dest, source, error) &&
		store_writer_show(writer, copy, error));
}

static bool
apply_open(StoreWriter *writer, const Change *change, GError **error)
{
	gint64 dest = 0;

	if (change->dest != NULL &&
	    !store_writer_expect_mailbox(writer, change->dest, &dest, error))
		return false;
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);

		if (message->id == 0)
			continue;
		if (!insert_pend(writer, change, message->id, dest, 0, error) ||
		    !store_writer_show(writer, message->id, error))
			return false;
		if (change->kind == CHANGE_COPY &&
		    !ensure_copy(writer, change, message->id, dest, error))
			return false;
		if (!store_writer_breathe(writer, error))
			return false;
	}
	return true;
}

static bool
forget_pend(StoreWriter *writer, gint64 message, gint64 change, GError **error)
{
	return store_run(writer->db, error,
			 "DELETE FROM pend WHERE msg = ? AND change = ?", "ii",
			 message, change);
}

/* Takes the effect of a change away, row by row: at each commit a row is shown
 * by what waits for it. Copies that were never made go. */
static bool
take_back(StoreWriter *writer, gint64 change, bool drop_copies, GError **error)
{
	for (;;) {
		sqlite3_stmt *row = store_query(
		    writer->db, error,
		    "SELECT msg, copy FROM pend WHERE change = ? LIMIT 1", "i",
		    change);
		int code =
		    row == NULL ? -1 : store_step(writer->db, row, error);
		gint64 id;
		bool is_copy;

		if (code != 1)
			return code == 0;
		id = sqlite3_column_int64(row, 0);
		is_copy = sqlite3_column_int64(row, 1) != 0;
		sqlite3_reset(row);
		if (!forget_pend(writer, id, change, error) ||
		    !(is_copy && drop_copies
			  ? store_writer_drop_row(writer, id, error)
			  : store_writer_show(writer, id, error)) ||
		    !store_writer_breathe(writer, error))
			return false;
	}
}

/* Whether the change still speaks of the row: it waited for it, or the row is
 * where the change found it. */
static bool
concerns(StoreWriter *writer, const Change *change,
	 const ChangeMessage *message, bool *ret, GError **error)
{
	gint64 found;

	if (!store_number(writer->db, 0, &found, error,
			  "SELECT 1 FROM pend WHERE msg = ?1 AND change = ?2 "
			  "UNION ALL SELECT 1 FROM msg JOIN mailbox ON "
			  "mailbox.id = msg.mailbox WHERE msg.id = ?1 AND "
			  "msg.uid = ?3 AND msg.uid > 0 AND mailbox.wire = ?4 "
			  "LIMIT 1",
			  "iiis", message->id, change->id, (gint64)message->uid,
			  message->mailbox))
		return false;
	*ret = found != 0;
	return true;
}

static bool
confirm_flags(StoreWriter *writer, const Change *change, gint64 id,
	      GError **error)
{
	g_auto(StoreServerRow) row = {0};
	int found = store_writer_row(writer, id, &row, error);

	if (found <= 0)
		return found == 0;
	mail_flags_apply(&row.flags, &change->add, &change->remove);
	return store_run(writer->db, error,
			 "UPDATE msg SET flags = ?, keywords = ? WHERE id = ?",
			 "isi", (gint64)row.flags.bits, row.flags.keywords,
			 id) &&
	       store_writer_show_row(writer, &row, error);
}

static bool
confirm_copy(StoreWriter *writer, const Change *change,
	     const ChangeMessage *message, gint64 dest, GError **error)
{
	gint64 copy;

	if (!store_number(writer->db, 0, &copy, error,
			  "SELECT msg FROM pend WHERE change = ? AND copy = ?",
			  "ii", change->id, message->id))
		return false;
	return copy == 0 || (forget_pend(writer, copy, change->id, error) &&
			     store_writer_place_row(writer, copy, dest,
						    message->dest_uid, error));
}

static bool
confirm_one(StoreWriter *writer, const Change *change,
	    const ChangeMessage *message, gint64 dest, GError **error)
{
	bool concerned;

	if (message->id == 0)
		return true;
	if (!concerns(writer, change, message, &concerned, error))
		return false;
	if (!concerned)
		return true;
	if (!forget_pend(writer, message->id, change->id, error))
		return false;
	switch (change->kind) {
	case CHANGE_FLAGS:
		return confirm_flags(writer, change, message->id, error);
	case CHANGE_MOVE:
		return store_writer_place_row(writer, message->id, dest,
					      message->dest_uid, error);
	case CHANGE_DELETE:
		return store_writer_drop_row(writer, message->id, error);
	case CHANGE_COPY:
		return confirm_copy(writer, change, message, dest, error) &&
		       store_writer_show(writer, message->id, error);
	default:
		return true;
	}
}

static bool
apply_confirmed(StoreWriter *writer, const Change *change, GError **error)
{
	gint64 dest = 0;

	if (change->dest != NULL &&
	    !store_writer_expect_mailbox(writer, change->dest, &dest, error))
		return false;
	for (guint i = 0; i < change->messages->len; i++)
		if (!confirm_one(writer, change,
				 g_ptr_array_index(change->messages, i), dest,
				 error) ||
		    !store_writer_breathe(writer, error))
			return false;
	return take_back(writer, change->id, false, error);
}

static bool
apply(StoreWriter *writer, const Change *change, GError **error)
{
	if (change->kind != CHANGE_FLAGS && change->kind != CHANGE_MOVE &&
	    change->kind != CHANGE_COPY && change->kind != CHANGE_DELETE)
		return true;
	/* of a salvaged journal */
	if (change->dest == NULL &&
	    (change->kind == CHANGE_MOVE || change->kind == CHANGE_COPY))
		return true;
	if (change_state_is_open(change->state))
		return apply_open(writer, change, error);
	if (change->state == CHANGE_CONFIRMED)
		return apply_confirmed(writer, change, error);
	return take_back(writer, change->id, true, error);
}

bool
store_writer_apply_change(StoreWriter *writer, const Change *change,
			  GError **error)
{
	return store_writer_begin(writer, error) &&
	       store_writer_end(writer, apply(writer, change, error));
}

/* ---- all of them ---- */

static bool
closed_elsewhere(StoreWriter *writer, const GPtrArray *open, GArray *closed,
		 GError **error)
{
	g_autoptr(GHashTable) known =
	    g_hash_table_new(g_int64_hash, g_int64_equal);
	sqlite3_stmt *row;
	int code = -1;

	for (guint i = 0; i < open->len; i++) {
		Change *change = g_ptr_array_index(open, i);

		g_hash_table_add(known, &change->id);
	}
	row = store_query(writer->db, error, "SELECT DISTINCT change FROM pend",
			  "");
	while (row != NULL &&
	       (code = store_step(writer->db, row, error)) == 1) {
		gint64 id = sqlite3_column_int64(row, 0);

		if (!g_hash_table_contains(known, &id))
			g_array_append_val(closed, id);
	}
	return code == 0;
}

/* A change may name a row that a lost cache no longer has: when the server
 * tells it again, it gets the number that the journal knows. */
static bool
note_orphans(StoreWriter *writer, const Change *change, GError **error)
{
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		gint64 there;

		if (message->id == 0 || message->uid == 0 ||
		    message->mailbox == NULL)
			continue;
		if (!store_number(writer->db, 0, &there, error,
				  "SELECT id FROM msg WHERE id = ?", "i",
				  message->id))
			return false;
		if (there == 0)
			g_hash_table_insert(
			    writer->orphans,
			    g_strdup_printf("%s\n%u\n%u", message->mailbox,
					    message->uid_validity,
					    message->uid),
			    g_memdup2(&message->id, sizeof message->id));
	}
	return true;
}

static bool
reapply(StoreWriter *writer, const GPtrArray *open, GError **error)
{
	g_autoptr(GArray) closed = g_array_new(FALSE, FALSE, sizeof(gint64));

	if (!closed_elsewhere(writer, open, closed, error))
		return false;
	for (guint i = 0; i < closed->len; i++)
		if (!take_back(writer, g_array_index(closed, gint64, i), true,
			       error))
			return false;
	g_hash_table_remove_all(writer->orphans);
	for (guint i = 0; i < open->len; i++)
		if (!note_orphans(writer, g_ptr_array_index(open, i), error) ||
		    !apply(writer, g_ptr_array_index(open, i), error))
			return false;
	return true;
}

bool
store_writer_reapply(StoreWriter *writer, const GPtrArray *open, GError **error)
{
	return store_writer_begin(writer, error) &&
	       store_writer_end(writer, reapply(writer, open, error));
}
