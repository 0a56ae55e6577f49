/* store-journal.c - journal.db: changes, as rows */
#include <string.h>

#include "base-file.h"
#include "base-guard.h"
#include "store-journal-private.h"
#include "store-schema.h"

#define COLUMNS                                                                \
	"id, grp, undoes, kind, state, step, mailbox, dest, add_bits, "        \
	"add_words, remove_bits, remove_words, draft_uuid, draft_rev, "        \
	"dest_uid_validity, dest_uid_next, attempts, not_before, error, "      \
	"created, (SELECT max(position) FROM message WHERE change = "          \
	"change.id)"

/* ---- opening ---- */

StoreJournal *
store_journal_open(const char *state_folder, bool read_only,
		   StoreOpened *ret_opened, char **ret_set_aside,
		   GError **error)
{
	g_autofree char *path =
	    g_build_filename(state_folder, "journal.db", NULL);
	g_autofree char *set_aside = NULL;
	StoreOpened opened = STORE_OPENED;
	StoreJournal *journal;
	StoreDb *db;

	if (!read_only && !store_make_dir(state_folder, error))
		return NULL;
	db = read_only ? store_db_open(path, STORE_DB_READ,
				       &store_journal_schema, true, NULL, error)
		       : store_journal_open_db(state_folder, path, &opened,
					       &set_aside, error);
	if (db == NULL)
		return NULL;
	journal = g_new0(StoreJournal, 1);
	journal->db = db;
	journal->folder = g_strdup(state_folder);
	journal->network = file_on_network(state_folder);
	if (ret_opened != NULL)
		*ret_opened = opened;
	if (ret_set_aside != NULL)
		*ret_set_aside = g_steal_pointer(&set_aside);
	(void)store_journal_changed(journal);
	return journal;
}

void
store_journal_close(StoreJournal *journal)
{
	if (journal == NULL)
		return;
	store_db_close(journal->db);
	g_free(journal->folder);
	g_free(journal);
}

bool
store_journal_is_network(const StoreJournal *journal)
{
	return journal->network;
}

/* ---- transactions ---- */

static bool
begin(StoreJournal *journal, GError **error)
{
	GUARD_NOT_ON_UI("a write to the journal");
	/* set aside by another process: what we write would be read by none */
	if (store_db_has_moved(journal->db)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED,
			    "%s: was set aside", journal->db->path);
		return false;
	}
	return store_exec(journal->db, "BEGIN IMMEDIATE", error);
}

static bool
finish(StoreJournal *journal, bool good, GError **error)
{
	if (good && store_exec(journal->db, "COMMIT", error))
		return true;
	if (!sqlite3_get_autocommit(journal->db->handle))
		(void)store_exec(journal->db, "ROLLBACK", NULL);
	return false;
}

/* ---- writing ---- */

static bool
write_messages(StoreJournal *journal, const Change *change, GError **error)
{
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);

		if (!store_run(journal->db, error,
			       "INSERT OR REPLACE INTO message VALUES "
			       "(?, ?, ?, ?, ?, ?, ?, ?)",
			       "iiisiisi", change->id, (gint64)i, message->id,
			       message->mailbox, (gint64)message->uid_validity,
			       (gint64)message->uid, message->message_id,
			       (gint64)message->dest_uid))
			return false;
	}
	return true;
}

static bool
insert_change(StoreJournal *journal, Change *change, GError **error)
{
	if (change->messages->len > STORE_MESSAGES_MAX) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_LIMIT,
			    "too many messages for one change");
		return false;
	}
	if (!store_run(journal->db, error,
		       "INSERT INTO change (grp, undoes, kind, state, step, "
		       "mailbox, dest, add_bits, add_words, remove_bits, "
		       "remove_words, draft_uuid, draft_rev, "
		       "dest_uid_validity, dest_uid_next, attempts, "
		       "not_before, error, created) VALUES "
		       "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		       "iiiiissisissiiiiisi", change->group, change->undoes,
		       (gint64)change->kind, (gint64)change->state,
		       (gint64)change->step, change->mailbox, change->dest,
		       (gint64)change->add.bits, change->add.keywords,
		       (gint64)change->remove.bits, change->remove.keywords,
		       change->draft_uuid, (gint64)change->draft_rev,
		       (gint64)change->dest_uid_validity,
		       (gint64)change->dest_uid_next, (gint64)change->attempts,
		       change->not_before, change->error, change->created))
		return false;
	change->id = sqlite3_last_insert_rowid(journal->db->handle);
	if (change->undoes != 0 &&
	    !store_run(journal->db, error,
		       "UPDATE change SET undone = 1 WHERE id = ?", "i",
		       change->undoes))
		return false;
	return write_messages(journal, change, error);
}

static bool
next_number(StoreJournal *journal, const char *key, guint n, gint64 *ret,
	    GError **error)
{
	return store_number(journal->db, 1, ret, error,
			    "SELECT value FROM meta WHERE key = ?", "s", key) &&
	       store_run(journal->db, error,
			 "INSERT OR REPLACE INTO meta VALUES (?, ?)", "si", key,
			 *ret + n);
}

bool
store_journal_add(StoreJournal *journal, GPtrArray *changes, GError **error)
{
	gint64 now = g_get_real_time();
	gint64 group;
	bool good;

	if (!begin(journal, error))
		return false;
	good = next_number(journal, "next-group", 1, &group, error);
	for (guint i = 0; good && i < changes->len; i++) {
		Change *change = g_ptr_array_index(changes, i);

		change->group = group;
		change->created = now;
		good = insert_change(journal, change, error);
	}
	return finish(journal, good, error);
}

static bool
update_change(StoreJournal *journal, const Change *change, GError **error)
{
	return store_run(
	    journal->db, error,
	    "UPDATE change SET state = ?, step = ?, attempts = ?, "
	    "not_before = ?, error = ?, dest_uid_validity = ?, "
	    "dest_uid_next = ?, draft_rev = ?, add_bits = ?, add_words = ?, "
	    "remove_bits = ?, remove_words = ? WHERE id = ?",
	    "iiiisiiiisisi", (gint64)change->state, (gint64)change->step,
	    (gint64)change->attempts, change->not_before, change->error,
	    (gint64)change->dest_uid_validity, (gint64)change->dest_uid_next,
	    (gint64)change->draft_rev, (gint64)change->add.bits,
	    change->add.keywords, (gint64)change->remove.bits,
	    change->remove.keywords, change->id);
}

bool
store_journal_update(StoreJournal *journal, const Change *change,
		     GError **error)
{
	return begin(journal, error) &&
	       finish(journal, update_change(journal, change, error), error);
}

bool
store_journal_update_list(StoreJournal *journal, const GPtrArray *changes,
			  GError **error)
{
	bool good = true;

	if (!begin(journal, error))
		return false;
	for (guint i = 0; good && i < changes->len; i++)
		good = update_change(journal, g_ptr_array_index(changes, i),
				     error);
	return finish(journal, good, error);
}

bool
store_journal_update_messages(StoreJournal *journal, const Change *change,
			      GError **error)
{
	return begin(journal, error) &&
	       finish(journal,
		      update_change(journal, change, error) &&
			  write_messages(journal, change, error),
		      error);
}

static bool
move_state(StoreJournal *journal, const char *sql, gint64 change,
	   const char *why, GError **error)
{
	bool good;

	if (!begin(journal, error))
		return false;
	good = store_run(journal->db, error, sql, "i", change);
	if (good && sqlite3_changes(journal->db->handle) == 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "change %ld: %s", (long)change, why);
		good = false;
	}
	return finish(journal, good, error);
}

bool
store_journal_retry(StoreJournal *journal, gint64 change, GError **error)
{
	return move_state(journal,
			  "UPDATE change SET state = 2, not_before = 0, "
			  "attempts = 0, error = NULL "
			  "WHERE id = ? AND state IN (1, 2, 5, 6)",
			  change, "nothing to try again", error);
}

bool
store_journal_drop(StoreJournal *journal, gint64 change, GError **error)
{
	return move_state(journal,
			  "UPDATE change SET state = 7 "
			  "WHERE id = ? AND state IN (1, 2, 5, 6)",
			  change, "not waiting", error);
}

/* ---- reading ---- */

static Change *
change_from(sqlite3_stmt *row)
{
	Change *change = change_new((ChangeKind)sqlite3_column_int(row, 3));

	change->id = sqlite3_column_int64(row, 0);
	change->group = sqlite3_column_int64(row, 1);
	change->undoes = sqlite3_column_int64(row, 2);
	change->state = (ChangeState)sqlite3_column_int(row, 4);
	change->step = (ChangeStep)sqlite3_column_int(row, 5);
	change->mailbox = store_text(row, 6);
	change->dest = store_text(row, 7);
	change->add.bits = (guint32)sqlite3_column_int64(row, 8);
	change->add.keywords = store_text(row, 9);
	change->remove.bits = (guint32)sqlite3_column_int64(row, 10);
	change->remove.keywords = store_text(row, 11);
	change->draft_uuid = store_text(row, 12);
	change->draft_rev = (guint)sqlite3_column_int64(row, 13);
	change->dest_uid_validity = (guint32)sqlite3_column_int64(row, 14);
	change->dest_uid_next = (guint32)sqlite3_column_int64(row, 15);
	change->attempts = (guint)sqlite3_column_int64(row, 16);
	change->not_before = sqlite3_column_int64(row, 17);
	change->error = store_text(row, 18);
	change->created = sqlite3_column_int64(row, 19);
	if (sqlite3_column_type(row, 20) != SQLITE_NULL)
		change->n_messages = (guint)sqlite3_column_int64(row, 20) + 1;
	return change;
}

static bool
read_messages(StoreJournal *journal, Change *change, GError **error)
{
	sqlite3_stmt *row = store_query(
	    journal->db, error,
	    "SELECT id, mailbox, uid_validity, uid, message_id, dest_uid "
	    "FROM message WHERE change = ? ORDER BY position",
	    "i", change->id);
	int code = -1;

	while (row != NULL &&
	       (code = store_step(journal->db, row, error)) == 1) {
		ChangeMessage *message = change_message_new(
		    sqlite3_column_int64(row, 0),
		    (const char *)sqlite3_column_text(row, 1),
		    (guint32)sqlite3_column_int64(row, 2),
		    (guint32)sqlite3_column_int64(row, 3),
		    (const char *)sqlite3_column_text(row, 4));

		message->dest_uid = (guint32)sqlite3_column_int64(row, 5);
		g_ptr_array_add(change->messages, message);
	}
	return code == 0;
}

static GPtrArray *
read_changes(StoreJournal *journal, sqlite3_stmt *row, bool messages,
	     GError **error)
{
	g_autoptr(GPtrArray) changes = change_list_new();
	int code = -1;

	while (row != NULL && (code = store_step(journal->db, row, error)) == 1)
		g_ptr_array_add(changes, change_from(row));
	for (guint i = 0; messages && code == 0 && i < changes->len; i++)
		if (!read_messages(journal, g_ptr_array_index(changes, i),
				   error))
			code = -1;
	return code == 0 ? g_steal_pointer(&changes) : NULL;
}

Change *
store_journal_get(StoreJournal *journal, gint64 change, GError **error)
{
	g_autoptr(GPtrArray) found = read_changes(
	    journal,
	    store_query(journal->db, error,
			"SELECT " COLUMNS " FROM change WHERE id = ?", "i",
			change),
	    true, error);

	if (found == NULL)
		return NULL;
	if (found->len == 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "change %ld: not there", (long)change);
		return NULL;
	}
	return g_ptr_array_steal_index(found, 0);
}

GPtrArray *
store_journal_open_changes(StoreJournal *journal, GError **error)
{
	return read_changes(journal,
			    store_query(journal->db, error,
					"SELECT " COLUMNS " FROM change "
					"WHERE state NOT IN (4, 7) ORDER BY id",
					""),
			    true, error);
}

GPtrArray *
store_journal_for_message(StoreJournal *journal, gint64 message, GError **error)
{
	return read_changes(
	    journal,
	    store_query(journal->db, error,
			"SELECT " COLUMNS " FROM change "
			"WHERE state NOT IN (4, 7) AND id IN "
			"(SELECT change FROM message WHERE id = ?) ORDER BY id",
			"i", message),
	    true, error);
}

GPtrArray *
store_journal_group(StoreJournal *journal, gint64 group, GError **error)
{
	return read_changes(journal,
			    store_query(journal->db, error,
					"SELECT " COLUMNS " FROM change "
					"WHERE grp = ? ORDER BY id",
					"i", group),
			    true, error);
}

GPtrArray *
store_journal_last_undoable(StoreJournal *journal, GError **error)
{
	/* flags, move, copy, folder create, rename, (un)subscribe; a send
	 * while it is held */
	return read_changes(
	    journal,
	    store_query(journal->db, error,
			"SELECT " COLUMNS " FROM change WHERE grp = "
			"(SELECT grp FROM change WHERE undoes = 0 AND "
			"undone = 0 AND state <> 7 AND "
			"(kind IN (1, 2, 3, 6, 7, 9, 10) OR "
			"(kind = 11 AND state = 1)) "
			"ORDER BY id DESC LIMIT 1) ORDER BY id",
			""),
	    true, error);
}

GPtrArray *
store_journal_history(StoreJournal *journal, GError **error)
{
	return read_changes(journal,
			    store_query(journal->db, error,
					"SELECT " COLUMNS " FROM change "
					"WHERE state IN (4, 7) "
					"ORDER BY id DESC LIMIT ?",
					"i", (gint64)STORE_HISTORY_MAX),
			    false, error);
}

bool
store_journal_counts(StoreJournal *journal, guint *ret_waiting,
		     guint *ret_failed, GError **error)
{
	gint64 waiting, failed;

	if (!store_number(journal->db, 0, &waiting, error,
			  "SELECT count(*) FROM change WHERE "
			  "state NOT IN (4, 7) AND state IN (1, 2, 3)",
			  "") ||
	    !store_number(journal->db, 0, &failed, error,
			  "SELECT count(*) FROM change WHERE "
			  "state NOT IN (4, 7) AND state IN (5, 6)",
			  ""))
		return false;
	*ret_waiting = (guint)waiting;
	*ret_failed = (guint)failed;
	return true;
}

bool
store_journal_next_due(StoreJournal *journal, gint64 *ret_time, GError **error)
{
	return store_number(journal->db, 0, ret_time, error,
			    "SELECT min(not_before) FROM change WHERE "
			    "state NOT IN (4, 7) AND state IN (1, 2) "
			    "AND not_before > 0",
			    "");
}

bool
store_journal_changed(StoreJournal *journal)
{
	gint64 version;
	bool changed;

	if (!store_number(journal->db, 0, &version, NULL, "PRAGMA data_version",
			  ""))
		return false;
	changed = version != journal->data_version;
	journal->data_version = version;
	return changed;
}

bool
store_journal_prune(StoreJournal *journal, GError **error)
{
	gint64 oldest;
	bool good;

	if (!store_number(journal->db, 0, &oldest, error,
			  "SELECT id FROM change WHERE state IN (4, 7) "
			  "ORDER BY id DESC LIMIT 1 OFFSET ?",
			  "i", (gint64)STORE_HISTORY_MAX))
		return false;
	if (oldest == 0)
		return true;
	if (!begin(journal, error))
		return false;
	good = store_run(journal->db, error,
			 "DELETE FROM message WHERE change IN "
			 "(SELECT id FROM change WHERE state IN (4, 7) "
			 "AND id <= ?)",
			 "i", oldest) &&
	       store_run(journal->db, error,
			 "DELETE FROM change WHERE state IN (4, 7) "
			 "AND id <= ?",
			 "i", oldest);
	return finish(journal, good, error);
}

bool
store_journal_reserve_ids(StoreJournal *journal, guint n, gint64 *ret_first,
			  GError **error)
{
	return begin(journal, error) &&
	       finish(journal,
		      next_number(journal, "next-id", n, ret_first, error),
		      error);
}

bool
store_journal_raise_ids(StoreJournal *journal, gint64 used, GError **error)
{
	gint64 next;
	bool good;

	if (!store_number(journal->db, 1, &next, error,
			  "SELECT value FROM meta WHERE key = 'next-id'", ""))
		return false;
	if (next > used)
		return true;
	if (!begin(journal, error))
		return false;
	good = store_run(journal->db, error,
			 "INSERT OR REPLACE INTO meta VALUES ('next-id', "
			 "max(?, coalesce((SELECT CAST(value AS INTEGER) FROM "
			 "meta WHERE key = 'next-id'), 1)))",
			 "i", used + 1);
	return finish(journal, good, error);
}

bool
store_journal_set(StoreJournal *journal, const char *key, const char *value,
		  GError **error)
{
	bool good;

	if (!begin(journal, error))
		return false;
	good = value == NULL
		   ? store_run(journal->db, error,
			       "DELETE FROM meta WHERE key = ?", "s", key)
		   : store_run(journal->db, error,
			       "INSERT OR REPLACE INTO meta VALUES (?, ?)",
			       "ss", key, value);
	return finish(journal, good, error);
}

char *
store_journal_value(StoreJournal *journal, const char *key, GError **error)
{
	sqlite3_stmt *row =
	    store_query(journal->db, error,
			"SELECT value FROM meta WHERE key = ?", "s", key);
	char *value = NULL;

	if (row != NULL && store_step(journal->db, row, error) == 1) {
		value = store_text(row, 0);
		sqlite3_reset(row);
	}
	return value;
}

bool
store_journal_checkpoint(StoreJournal *journal, GError **error)
{
	return store_exec(journal->db, "PRAGMA wal_checkpoint(PASSIVE)", error);
}
