/* store-reader.c - mail.db, read: the handle, and mailboxes */
#include <string.h>
#include <sys/stat.h>

#include "store-journal-private.h"
#include "store-reader-private.h"
#include "store-schema.h"

/* ---- the handle ---- */

static void
note_file(StoreReader *reader)
{
	struct stat status = {0};

	if (stat(reader->path, &status) < 0)
		memset(&status, 0, sizeof status);
	reader->device = status.st_dev;
	reader->inode = status.st_ino;
}

/* A file that is not there, is being made or cannot be used is an empty one:
 * the writer makes it good, store_reader_refresh() looks again. One of a newer
 * pennon is left alone, and that is said. */
static bool
open_file(StoreReader *reader, GError **error)
{
	g_autoptr(GError) cause = NULL;
	StoreDb *old = reader->db;
	StoreDb *db;

	/* noted first: what comes under the name later is another file then */
	note_file(reader);
	db = store_db_open(reader->path, STORE_DB_READ, &store_mail_schema,
			   false, NULL, &cause);
	if (g_error_matches(cause, STORE_ERROR, STORE_ERROR_NEWER)) {
		reader->inode = 0;
		g_propagate_error(error, g_steal_pointer(&cause));
		return false;
	}
	if (db == NULL) {
		reader->inode = 0;
		db = store_db_open(NULL, STORE_DB_MEMORY, &store_mail_schema,
				   false, NULL, error);
	}
	if (db == NULL)
		return false;
	pthread_mutex_lock(&reader->lock);
	reader->db = db;
	pthread_mutex_unlock(&reader->lock);
	store_db_close(old);
	reader->data_version = 0;
	return true;
}

/* What the user meant belongs on top of every list: without it no list. */
static bool
is_journal_ours(StoreReader *reader, GError **error)
{
	g_autoptr(GError) cause = NULL;

	reader->journal =
	    store_journal_open(reader->state_folder, true, NULL, NULL, &cause);
	if (!g_error_matches(cause, STORE_ERROR, STORE_ERROR_NEWER))
		return true;
	g_propagate_error(error, g_steal_pointer(&cause));
	return false;
}

StoreReader *
store_reader_open(const char *cache_folder, const char *state_folder,
		  GError **error)
{
	StoreReader *reader = g_new0(StoreReader, 1);

	pthread_mutex_init(&reader->lock, NULL);
	reader->path = g_build_filename(cache_folder, "mail.db", NULL);
	reader->cache_folder = g_strdup(cache_folder);
	reader->state_folder = g_strdup(state_folder);
	if (!open_file(reader, error) || !is_journal_ours(reader, error)) {
		store_reader_close(reader);
		return NULL;
	}
	(void)store_reader_refresh(reader);
	return reader;
}

void
store_reader_close(StoreReader *reader)
{
	if (reader == NULL)
		return;
	store_reader_forget_tree(reader);
	store_journal_close(reader->journal);
	store_db_close(reader->db);
	pthread_mutex_destroy(&reader->lock);
	g_free(reader->path);
	g_free(reader->cache_folder);
	g_free(reader->state_folder);
	g_free(reader);
}

void
store_reader_forget_tree(StoreReader *reader)
{
	g_clear_pointer(&reader->tree, g_array_unref);
}

static bool
is_another_file(const StoreReader *reader)
{
	struct stat status;

	if (stat(reader->path, &status) < 0)
		return reader->inode != 0;
	return status.st_dev != reader->device ||
	       status.st_ino != reader->inode;
}

/* A journal that was set aside is closed: the next look opens the new one. */
static bool
refresh_journal(StoreReader *reader)
{
	if (reader->journal == NULL)
		return false;
	if (!store_db_has_moved(reader->journal->db))
		return store_journal_changed(reader->journal);
	g_clear_pointer(&reader->journal, store_journal_close);
	return true;
}

bool
store_reader_refresh(StoreReader *reader)
{
	gint64 version;
	bool changed = false;

	if (is_another_file(reader)) {
		bool was_there = reader->db->path != NULL;

		/* still the empty one in memory: nothing is new */
		changed = open_file(reader, NULL) &&
			  (reader->inode != 0 || was_there);
	}
	if (store_number(reader->db, 0, &version, NULL, "PRAGMA data_version",
			 "") &&
	    version != reader->data_version) {
		changed |= reader->data_version != 0;
		reader->data_version = version;
	}
	changed |= refresh_journal(reader);
	if (changed)
		store_reader_forget_tree(reader);
	return changed;
}

bool
store_reader_begin(StoreReader *reader, GError **error)
{
	return store_exec(reader->db, "BEGIN", error);
}

void
store_reader_end(StoreReader *reader)
{
	if (!sqlite3_get_autocommit(reader->db->handle))
		(void)store_exec(reader->db, "COMMIT", NULL);
}

void
store_reader_interrupt(StoreReader *reader)
{
	pthread_mutex_lock(&reader->lock);
	sqlite3_interrupt(reader->db->handle);
	pthread_mutex_unlock(&reader->lock);
}

StoreJournal *
store_reader_journal(StoreReader *reader)
{
	if (reader->journal == NULL)
		reader->journal = store_journal_open(reader->state_folder, true,
						     NULL, NULL, NULL);
	return reader->journal;
}

/* ---- mailboxes ---- */

#define MAILBOX_COLUMNS                                                        \
	"id, name, wire, delimiter, attrs, role, total, unread, flagged, "     \
	"synced_at, keep, server_exists, server_unseen"

/* One never synced shows what STATUS told; nothing is known of its flags. */
static Mailbox *
mailbox_from(sqlite3_stmt *row)
{
	Mailbox *mailbox =
	    mailbox_new((const char *)sqlite3_column_text(row, 1),
			(const char *)sqlite3_column_text(row, 2),
			(char)sqlite3_column_int(row, 3));

	mailbox->id = sqlite3_column_int64(row, 0);
	mailbox->attrs = (guint32)sqlite3_column_int64(row, 4);
	mailbox->role = (MailboxRole)sqlite3_column_int(row, 5);
	mailbox->synced_at = sqlite3_column_int64(row, 9);
	mailbox->keep_offline = sqlite3_column_int(row, 10) != 0;
	if (mailbox->synced_at != 0 || sqlite3_column_int64(row, 6) > 0) {
		mailbox->total = (guint32)sqlite3_column_int64(row, 6);
		mailbox->unread = (guint32)sqlite3_column_int64(row, 7);
		mailbox->flagged = (guint32)sqlite3_column_int64(row, 8);
	}
	if (mailbox->synced_at == 0) {
		if (sqlite3_column_type(row, 11) != SQLITE_NULL)
			mailbox->total = (guint32)sqlite3_column_int64(row, 11);
		if (sqlite3_column_type(row, 12) != SQLITE_NULL)
			mailbox->unread =
			    (guint32)sqlite3_column_int64(row, 12);
	}
	return mailbox;
}

GPtrArray *
store_reader_mailboxes(StoreReader *reader, GError **error)
{
	g_autoptr(GPtrArray) mailboxes =
	    g_ptr_array_new_with_free_func((GDestroyNotify)mailbox_free);
	sqlite3_stmt *row =
	    store_query(reader->db, error,
			"SELECT " MAILBOX_COLUMNS
			" FROM mailbox WHERE gone = 0 ORDER BY name",
			"");
	int code = -1;

	while (row != NULL && (code = store_step(reader->db, row, error)) == 1)
		g_ptr_array_add(mailboxes, mailbox_from(row));
	return code == 0 ? g_steal_pointer(&mailboxes) : NULL;
}

static Mailbox *
one_mailbox(StoreReader *reader, sqlite3_stmt *row, GError **error)
{
	int code = row == NULL ? -1 : store_step(reader->db, row, error);
	Mailbox *mailbox;

	if (code == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "no such mailbox");
	if (code != 1)
		return NULL;
	mailbox = mailbox_from(row);
	sqlite3_reset(row);
	return mailbox;
}

Mailbox *
store_reader_mailbox(StoreReader *reader, const char *wire, GError **error)
{
	return one_mailbox(reader,
			   store_query(reader->db, error,
				       "SELECT " MAILBOX_COLUMNS
				       " FROM mailbox WHERE wire = ?",
				       "s", wire),
			   error);
}

Mailbox *
store_reader_mailbox_by_id(StoreReader *reader, gint64 mailbox, GError **error)
{
	return one_mailbox(reader,
			   store_query(reader->db, error,
				       "SELECT " MAILBOX_COLUMNS
				       " FROM mailbox WHERE id = ?",
				       "i", mailbox),
			   error);
}

void
store_mailbox_state_clear(StoreMailboxState *state)
{
	g_clear_pointer(&state->known, uid_set_free);
}

bool
store_reader_state(StoreReader *reader, gint64 mailbox,
		   StoreMailboxState *ret_state, GError **error)
{
	sqlite3_stmt *row = store_query(
	    reader->db, error,
	    "SELECT uid_validity, uid_next, server_exists, server_unseen, "
	    "modseq, known, synced_at, gone, (SELECT count(*) FROM msg WHERE "
	    "msg.mailbox = mailbox.id AND uid = 0 AND stale), "
	    "EXISTS (SELECT 1 FROM msg WHERE msg.mailbox = mailbox.id AND "
	    "uid = 0 AND NOT stale AND NOT EXISTS "
	    "(SELECT 1 FROM pend WHERE pend.msg = msg.id)) "
	    "FROM mailbox WHERE id = ?",
	    "i", mailbox);
	int code = row == NULL ? -1 : store_step(reader->db, row, error);
	const char *known;

	if (code == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "no such mailbox");
	if (code != 1)
		return false;
	known = (const char *)sqlite3_column_text(row, 5);
	*ret_state = (StoreMailboxState){
	    .server = {(guint32)sqlite3_column_int64(row, 0),
		       (guint32)sqlite3_column_int64(row, 1),
		       (guint32)sqlite3_column_int64(row, 2),
		       sqlite3_column_type(row, 3) == SQLITE_NULL
			   ? MAILBOX_UNKNOWN
			   : (guint32)sqlite3_column_int64(row, 3),
		       (guint64)sqlite3_column_int64(row, 4)},
	    .known = known == NULL ? NULL : uid_set_parse(known, -1),
	    .synced_at = sqlite3_column_int64(row, 6),
	    .gone = sqlite3_column_int(row, 7) != 0,
	    .stale = (guint)sqlite3_column_int64(row, 8),
	    .unplaced = sqlite3_column_int(row, 9) != 0,
	};
	if (ret_state->known == NULL)
		ret_state->known = uid_set_new();
	sqlite3_reset(row);
	return true;
}
