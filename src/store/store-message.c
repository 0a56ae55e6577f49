/* store-message.c - single messages, and a mailbox at length by UID */
#include <string.h>

#include "store-hash.h"
#include "store-mids.h"
#include "store-reader-private.h"

#define FOUND_MAX 100u

MessageRow *
store_row_from(sqlite3_stmt *statement)
{
	MessageRow *row = message_row_new();

	row->id = sqlite3_column_int64(statement, 0);
	row->mailbox = sqlite3_column_int64(statement, 1);
	/* on its way to another mailbox: no UID there yet */
	if (row->mailbox == sqlite3_column_int64(statement, 2))
		row->uid = (guint32)sqlite3_column_int64(statement, 3);
	row->date = sqlite3_column_int64(statement, 4);
	row->sent = sqlite3_column_int64(statement, 5);
	g_ptr_array_unref(row->from);
	g_ptr_array_unref(row->to);
	g_ptr_array_unref(row->cc);
	row->from = address_list_unpack(
	    (const char *)sqlite3_column_text(statement, 6));
	row->to = address_list_unpack(
	    (const char *)sqlite3_column_text(statement, 7));
	row->cc = address_list_unpack(
	    (const char *)sqlite3_column_text(statement, 8));
	g_free(row->subject);
	row->subject = store_text(statement, 9);
	row->message_id = store_text(statement, 10);
	row->size = sqlite3_column_int64(statement, 11);
	row->flags.bits = (guint32)sqlite3_column_int64(statement, 12);
	row->flags.keywords = store_text(statement, 13);
	row->attachments =
	    (MessageAttachments)sqlite3_column_int(statement, 14);
	row->marks = (guint32)sqlite3_column_int64(statement, 15);
	row->thread = sqlite3_column_int64(statement, 16);
	return row;
}

static int
no_message(int code, GError **error)
{
	if (code == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "no such message");
	return code;
}

int
store_reader_find_row(StoreReader *reader, gint64 message, MessageRow **ret,
		      GError **error)
{
	sqlite3_stmt *statement =
	    store_query(reader->db, error,
			"SELECT " STORE_ROW_COLUMNS " FROM " STORE_ROW_TABLES
			" WHERE msg.id = ?",
			"i", message);
	int code =
	    statement == NULL ? -1 : store_step(reader->db, statement, error);

	if (code != 1)
		return code;
	*ret = store_row_from(statement);
	/* hidden, or on its way out: said by where the server has it */
	if ((*ret)->mailbox == 0)
		(*ret)->mailbox = sqlite3_column_int64(statement, 2);
	sqlite3_reset(statement);
	return 1;
}

MessageRow *
store_reader_row(StoreReader *reader, gint64 message, GError **error)
{
	MessageRow *row = NULL;

	return no_message(store_reader_find_row(reader, message, &row, error),
			  error) == 1
		   ? row
		   : NULL;
}

GPtrArray *
store_reader_rows(StoreReader *reader, const gint64 *ids, guint n,
		  GError **error)
{
	g_autoptr(GPtrArray) rows =
	    g_ptr_array_new_with_free_func((GDestroyNotify)message_row_free);

	for (guint i = 0; i < n; i++) {
		MessageRow *row = NULL;

		if (store_reader_find_row(reader, ids[i], &row, error) < 0)
			return NULL;
		if (row != NULL)
			g_ptr_array_add(rows, row);
	}
	return g_steal_pointer(&rows);
}

gint64
store_reader_find_uid(StoreReader *reader, gint64 mailbox, guint32 uid,
		      GError **error)
{
	gint64 id;

	return store_number(reader->db, 0, &id, error,
			    "SELECT id FROM msg WHERE mailbox = ? AND uid = ? "
			    "AND uid > 0",
			    "ii", mailbox, (gint64)uid)
		   ? id
		   : 0;
}

ChangeMessage *
store_reader_location(StoreReader *reader, gint64 message, GError **error)
{
	sqlite3_stmt *row = store_query(
	    reader->db, error,
	    "SELECT mailbox.wire, mailbox.uid_validity, msg.uid, "
	    "head.message_id FROM msg JOIN head ON head.id = msg.id "
	    "JOIN mailbox ON mailbox.id = msg.mailbox WHERE msg.id = ?",
	    "i", message);
	ChangeMessage *location;

	if (row == NULL ||
	    no_message(store_step(reader->db, row, error), error) != 1)
		return NULL;
	location = change_message_new(
	    message, (const char *)sqlite3_column_text(row, 0),
	    (guint32)sqlite3_column_int64(row, 1),
	    (guint32)sqlite3_column_int64(row, 2),
	    (const char *)sqlite3_column_text(row, 3));
	sqlite3_reset(row);
	return location;
}

bool
store_reader_server_flags(StoreReader *reader, gint64 message,
			  MailFlags *ret_flags, guint64 *ret_modseq,
			  GError **error)
{
	sqlite3_stmt *row =
	    store_query(reader->db, error,
			"SELECT flags, keywords, modseq FROM msg WHERE id = ?",
			"i", message);

	if (row == NULL ||
	    no_message(store_step(reader->db, row, error), error) != 1)
		return false;
	ret_flags->bits = (guint32)sqlite3_column_int64(row, 0);
	ret_flags->keywords = store_text(row, 1);
	if (ret_modseq != NULL)
		*ret_modseq = (guint64)sqlite3_column_int64(row, 2);
	sqlite3_reset(row);
	return true;
}

Part *
store_reader_structure(StoreReader *reader, gint64 message, GError **error)
{
	sqlite3_stmt *row = store_query(
	    reader->db, error, "SELECT structure FROM head WHERE id = ?", "i",
	    message);
	g_autofree char *text = NULL;

	if (row == NULL ||
	    no_message(store_step(reader->db, row, error), error) != 1)
		return NULL;
	text = store_text(row, 0);
	sqlite3_reset(row);
	return text == NULL ? NULL : part_from_text(text);
}

GArray *
store_reader_find_message_id(StoreReader *reader, const char *message_id,
			     GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	StoreHashKey key;
	gint64 a, b, hash, thread;
	sqlite3_stmt *row;
	int code = -1;

	if (!store_number(reader->db, 0, &a, error,
			  "SELECT value FROM meta WHERE key = 'hash-a'", "") ||
	    !store_number(reader->db, 0, &b, error,
			  "SELECT value FROM meta WHERE key = 'hash-b'", ""))
		return NULL;
	key = (StoreHashKey){(guint64)a, (guint64)b};
	hash = store_hash(&key, message_id, strlen(message_id));
	if (!store_mids_read(reader->db, hash, &thread, error))
		return NULL;
	row = store_query(reader->db, error,
			  "SELECT msg.id FROM msg JOIN head ON "
			  "head.id = msg.id WHERE thread = ? AND mid = ? AND "
			  "message_id = ? ORDER BY date DESC LIMIT ?",
			  "iisi", thread, hash, message_id, (gint64)FOUND_MAX);
	while (row != NULL &&
	       (code = store_step(reader->db, row, error)) == 1) {
		gint64 id = sqlite3_column_int64(row, 0);

		g_array_append_val(ids, id);
	}
	return code == 0 ? g_steal_pointer(&ids) : NULL;
}

/* ---- a mailbox at length ---- */

static UidSet *
read_uids(StoreReader *reader, sqlite3_stmt *row, GError **error)
{
	g_autoptr(UidSet) uids = uid_set_new();
	int code = -1;

	while (row != NULL && (code = store_step(reader->db, row, error)) == 1)
		uid_set_add(uids, (guint32)sqlite3_column_int64(row, 0));
	return code == 0 ? g_steal_pointer(&uids) : NULL;
}

UidSet *
store_reader_uids(StoreReader *reader, gint64 mailbox, GError **error)
{
	return read_uids(reader,
			 store_query(reader->db, error,
				     "SELECT uid FROM msg WHERE mailbox = ? "
				     "AND uid > 0 ORDER BY uid",
				     "i", mailbox),
			 error);
}

UidSet *
store_reader_hidden(StoreReader *reader, gint64 mailbox, GError **error)
{
	return read_uids(reader,
			 store_query(reader->db, error,
				     "SELECT uid FROM msg WHERE mailbox = ? "
				     "AND uid > 0 AND hidden ORDER BY uid",
				     "i", mailbox),
			 error);
}

bool
store_reader_each_flags(StoreReader *reader, gint64 mailbox, guint32 first,
			guint32 last, StoreFlagsFunc func, gpointer user,
			GError **error)
{
	sqlite3_stmt *row = store_query(
	    reader->db, error,
	    "SELECT uid, flags, keywords, modseq FROM msg WHERE mailbox = ? "
	    "AND uid >= ? AND uid <= ? AND uid > 0 ORDER BY uid",
	    "iii", mailbox, (gint64)first, (gint64)last);
	int code = -1;

	while (row != NULL &&
	       (code = store_step(reader->db, row, error)) == 1) {
		MailFlags flags = {(guint32)sqlite3_column_int64(row, 1),
				   (char *)sqlite3_column_text(row, 2)};

		if (!func((guint32)sqlite3_column_int64(row, 0), &flags,
			  (guint64)sqlite3_column_int64(row, 3), user)) {
			sqlite3_reset(row);
			return true;
		}
	}
	return code == 0;
}

GArray *
store_reader_structureless(StoreReader *reader, gint64 mailbox, gint64 since,
			   guint max, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	sqlite3_stmt *row = store_query(
	    reader->db, error,
	    "SELECT id FROM msg WHERE mailbox = ? AND date >= ? AND "
	    "attachments IN (0, 3) AND uid > 0 ORDER BY date DESC LIMIT ?",
	    "iii", mailbox, since, (gint64)max);
	int code = -1;

	while (row != NULL &&
	       (code = store_step(reader->db, row, error)) == 1) {
		gint64 id = sqlite3_column_int64(row, 0);

		g_array_append_val(ids, id);
	}
	return code == 0 ? g_steal_pointer(&ids) : NULL;
}
