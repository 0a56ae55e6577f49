/* store-mailbox.c - mailboxes, as the writer keeps them */
#include <string.h>

#include "store-writer-private.h"

bool
store_writer_mailbox_id(StoreWriter *writer, const char *wire, gint64 *ret,
			GError **error)
{
	return store_number(writer->db, 0, ret, error,
			    "SELECT id FROM mailbox WHERE wire = ?", "s", wire);
}

static bool
put_mailbox(StoreWriter *writer, const Mailbox *mailbox, GError **error)
{
	return store_run(
	    writer->db, error,
	    "INSERT INTO mailbox (wire, name, delimiter, attrs, role) "
	    "VALUES (?, ?, ?, ?, ?) ON CONFLICT (wire) DO UPDATE SET "
	    "name = excluded.name, delimiter = excluded.delimiter, "
	    "attrs = excluded.attrs, role = excluded.role, gone = 0",
	    "ssiii", mailbox->wire, mailbox->name,
	    (gint64)(guchar)mailbox->delimiter, (gint64)mailbox->attrs,
	    (gint64)mailbox->role);
}

bool
store_writer_expect_mailbox(StoreWriter *writer, const char *wire, gint64 *ret,
			    GError **error)
{
	return store_writer_mailbox_id(writer, wire, ret, error) &&
	       (*ret != 0 ||
		(store_run(writer->db, error,
			   "INSERT INTO mailbox (wire, name, gone) "
			   "VALUES (?1, ?1, 1)",
			   "s", wire) &&
		 store_writer_mailbox_id(writer, wire, ret, error)));
}

gint64
store_writer_put_mailbox(StoreWriter *writer, const Mailbox *mailbox,
			 GError **error)
{
	gint64 id = 0;

	if (!store_writer_begin(writer, error) ||
	    !store_writer_end(
		writer,
		put_mailbox(writer, mailbox, error) &&
		    store_writer_mailbox_id(writer, mailbox->wire, &id, error)))
		return 0;
	return id;
}

/* All are marked as gone, then those that were told are taken back. */
static bool
replace_all(StoreWriter *writer, const GPtrArray *mailboxes, GPtrArray *gone,
	    GError **error)
{
	sqlite3_stmt *row;
	int code;

	if (!store_run(writer->db, error,
		       "UPDATE mailbox SET gone = 2 WHERE gone = 0", ""))
		return false;
	for (guint i = 0; i < mailboxes->len; i++)
		if (!put_mailbox(writer, g_ptr_array_index(mailboxes, i),
				 error))
			return false;
	row = store_query(writer->db, error,
			  "SELECT name FROM mailbox WHERE gone = 2", "");
	if (row == NULL)
		return false;
	while ((code = store_step(writer->db, row, error)) == 1)
		g_ptr_array_add(gone, store_text(row, 0));
	return code == 0 && store_run(writer->db, error,
				      "UPDATE mailbox SET gone = 1 "
				      "WHERE gone = 2",
				      "");
}

bool
store_writer_set_mailboxes(StoreWriter *writer, const GPtrArray *mailboxes,
			   GPtrArray **ret_gone, GError **error)
{
	g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);

	if (!store_writer_begin(writer, error) ||
	    !store_writer_end(writer,
			      replace_all(writer, mailboxes, gone, error)))
		return false;
	if (ret_gone != NULL)
		*ret_gone = g_steal_pointer(&gone);
	return true;
}

bool
store_writer_rename_mailbox(StoreWriter *writer, const char *wire,
			    const char *new_wire, const char *new_name,
			    GError **error)
{
	gint64 taken;

	if (!store_writer_begin(writer, error))
		return false;
	/* an empty row of the new name may have come by LIST already */
	if (!store_writer_end(writer, store_writer_mailbox_id(writer, new_wire,
							      &taken, error)))
		return false;
	if (taken != 0 && !store_writer_remove_mailbox(writer, taken, error))
		return false;
	return store_writer_begin(writer, error) &&
	       store_writer_end(
		   writer, store_run(writer->db, error,
				     "UPDATE mailbox SET wire = ?, name = ?, "
				     "gone = 0 WHERE wire = ?",
				     "sss", new_wire, new_name, wire));
}

/* The server has what was on its way to it elsewhere: it shows there again,
 * until the change that waits has an answer. */
static bool
call_back(StoreWriter *writer, gint64 mailbox, GError **error)
{
	gint64 id;

	for (;;) {
		if (!store_writer_begin(writer, error) ||
		    !store_number(writer->db, 0, &id, error,
				  "SELECT id FROM msg WHERE shown = ?1 AND "
				  "shown > 0 AND mailbox <> ?1 LIMIT 1",
				  "i", mailbox))
			return false;
		if (id == 0)
			return true;
		if (!store_run(writer->db, error,
			       "UPDATE pend SET dest = 0 WHERE msg = ? AND "
			       "dest = ?",
			       "ii", id, mailbox) ||
		    !store_writer_show(writer, id, error) ||
		    !store_writer_breathe(writer, error))
			return false;
	}
}

bool
store_writer_remove_mailbox(StoreWriter *writer, gint64 mailbox, GError **error)
{
	gint64 id;

	if (!store_writer_end(writer, call_back(writer, mailbox, error)))
		return false;
	for (;;) {
		if (!store_writer_begin(writer, error) ||
		    !store_writer_end(writer,
				      store_number(writer->db, 0, &id, error,
						   "SELECT id FROM msg WHERE "
						   "mailbox = ? LIMIT 1",
						   "i", mailbox)))
			return false;
		if (id == 0)
			break;
		if (!store_writer_end(
			writer, store_writer_drop_row(writer, id, error)) ||
		    !store_writer_breathe(writer, error))
			return false;
	}
	return store_writer_end(
	    writer,
	    store_counts_flush(writer->counts, error) &&
		store_run(writer->db, error,
			  "DELETE FROM piece WHERE mailbox = ?", "i",
			  mailbox) &&
		store_run(writer->db, error, "DELETE FROM mailbox WHERE id = ?",
			  "i", mailbox) &&
		(store_counts_discard(writer->counts), true));
}

/* ---- what the server said ---- */

bool
store_writer_set_state(StoreWriter *writer, gint64 mailbox,
		       const MailboxState *state, GError **error)
{
	return store_writer_begin(writer, error) &&
	       store_writer_end(
		   writer,
		   store_run(
		       writer->db, error,
		       "UPDATE mailbox SET uid_validity = ?1, "
		       "uid_next = CASE ?2 WHEN 0 THEN uid_next "
		       "ELSE ?2 END, modseq = ?3, server_exists = ?4, "
		       "server_unseen = CASE ?5 WHEN 4294967295 THEN "
		       "server_unseen ELSE ?5 END WHERE id = ?6",
		       "iiiiii", (gint64)state->uid_validity,
		       (gint64)state->uid_next, (gint64)state->highest_modseq,
		       (gint64)state->exists, (gint64)state->unseen, mailbox));
}

bool
store_writer_set_status(StoreWriter *writer, gint64 mailbox, guint32 exists,
			guint32 unseen, GError **error)
{
	return store_writer_begin(writer, error) &&
	       store_writer_end(
		   writer,
		   store_run(writer->db, error,
			     "UPDATE mailbox SET server_exists = ?1, "
			     "server_unseen = CASE ?2 WHEN 4294967295 THEN "
			     "server_unseen ELSE ?2 END WHERE id = ?3",
			     "iii", (gint64)exists, (gint64)unseen, mailbox));
}

bool
store_writer_set_known(StoreWriter *writer, gint64 mailbox, const UidSet *known,
		       GError **error)
{
	g_autofree char *text = uid_set_to_string(known);

	return store_writer_begin(writer, error) &&
	       store_writer_end(writer,
				store_run(writer->db, error,
					  "UPDATE mailbox SET known = ? "
					  "WHERE id = ?",
					  "si", text, mailbox));
}

bool
store_writer_set_synced(StoreWriter *writer, gint64 mailbox, gint64 time,
			GError **error)
{
	return store_writer_begin(writer, error) &&
	       store_writer_end(writer,
				store_run(writer->db, error,
					  "UPDATE mailbox SET synced_at = ? "
					  "WHERE id = ?",
					  "ii", time, mailbox));
}

bool
store_writer_set_keep_offline(StoreWriter *writer, gint64 mailbox, bool keep,
			      GError **error)
{
	return store_writer_begin(writer, error) &&
	       store_writer_end(writer, store_run(writer->db, error,
						  "UPDATE mailbox SET keep = ? "
						  "WHERE id = ?",
						  "ii", (gint64)keep, mailbox));
}
