/* store-writer.c - mail.db, written: the handle and its transactions */
#include <string.h>
#include <sys/random.h>

#include "base-guard.h"
#include "store-journal-private.h"
#include "store-schema.h"
#include "store-writer-private.h"

#define DUE_US 15000
#define IDS_AT_ONCE 1000u
#define BODY_LIMIT ((gint64)64 << 20)

static StoreDb *
open_or_rebuild(const char *path, StoreOpened *opened, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autofree char *aside = NULL;
	bool created = false;
	StoreDb *db = NULL;

	if (!store_db_is_marked(path)) {
		db = store_db_open(path, STORE_DB_WRITE, &store_mail_schema,
				   false, &created, &cause);
		*opened = created ? STORE_CREATED : STORE_OPENED;
		if (db != NULL)
			return db;
		if (cause->code != STORE_ERROR_DAMAGED &&
		    cause->code != STORE_ERROR_NEWER) {
			g_propagate_error(error, g_steal_pointer(&cause));
			return NULL;
		}
	}
	/* a cache: the server has all of it */
	*opened = STORE_REBUILT;
	aside = store_db_set_aside(path, false);
	return store_db_open(path, STORE_DB_WRITE, &store_mail_schema, false,
			     NULL, error);
}

static bool
load_key(StoreWriter *writer, GError **error)
{
	gint64 a, b;

	if (!store_number(writer->db, 0, &a, error,
			  "SELECT value FROM meta WHERE key = 'hash-a'", "") ||
	    !store_number(writer->db, 0, &b, error,
			  "SELECT value FROM meta WHERE key = 'hash-b'", ""))
		return false;
	if (a == 0 && b == 0) {
		gint64 drawn[2];

		if (getrandom(drawn, sizeof drawn, 0) != sizeof drawn) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_IO,
				    "no random numbers");
			return false;
		}
		a = drawn[0];
		b = drawn[1];
		if (!store_run(writer->db, error,
			       "INSERT OR REPLACE INTO meta VALUES "
			       "('hash-a', ?), ('hash-b', ?)",
			       "ii", a, b))
			return false;
	}
	writer->key.a = (guint64)a;
	writer->key.b = (guint64)b;
	return true;
}

static bool
pass_ids(StoreWriter *writer, GError **error)
{
	gint64 highest;

	return store_number(writer->db, 0, &highest, error,
			    "SELECT max(id) FROM msg", "") &&
	       store_journal_raise_ids(writer->journal, highest, error);
}

static StoreWriter *
try_open(const char *cache_folder, StoreJournal *journal, StoreOpened *opened,
	 GError **error)
{
	g_autofree char *path = g_build_filename(cache_folder, "mail.db", NULL);
	StoreDb *db = open_or_rebuild(path, opened, error);
	StoreWriter *writer;

	if (db == NULL)
		return NULL;
	if (*opened != STORE_OPENED)
		store_bodies_clear(cache_folder);
	writer = g_new0(StoreWriter, 1);
	writer->db = db;
	writer->journal = journal;
	writer->folder = g_strdup(cache_folder);
	writer->counts = store_counts_new(db);
	writer->mids = store_mids_new(db);
	writer->sizes =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	writer->body_limit = BODY_LIMIT;
	writer->body_bytes = -1;
	writer->orphans =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (load_key(writer, error) && pass_ids(writer, error))
		return writer;
	store_writer_close(writer);
	return NULL;
}

StoreWriter *
store_writer_open(const char *cache_folder, StoreJournal *journal,
		  StoreOpened *ret_opened, GError **error)
{
	StoreOpened opened = STORE_OPENED;
	GError *cause = NULL;
	StoreWriter *writer;

	if (!store_make_dir(cache_folder, error))
		return NULL;
	writer = try_open(cache_folder, journal, &opened, &cause);
	/* damage behind the first page: it is marked now, and set aside */
	if (writer == NULL && cause->code == STORE_ERROR_DAMAGED) {
		g_clear_error(&cause);
		writer = try_open(cache_folder, journal, &opened, &cause);
	}
	if (writer == NULL) {
		g_propagate_error(error, cause);
		return NULL;
	}
	if (ret_opened != NULL)
		*ret_opened = opened;
	return writer;
}

void
store_writer_close(StoreWriter *writer)
{
	if (writer == NULL)
		return;
	store_writer_rollback(writer);
	store_counts_free(writer->counts);
	store_mids_free(writer->mids);
	g_hash_table_unref(writer->sizes);
	store_db_close(writer->db);
	g_hash_table_unref(writer->orphans);
	g_free(writer->folder);
	g_free(writer);
}

/* ---- transactions ---- */

bool
store_writer_begin(StoreWriter *writer, GError **error)
{
	GUARD_NOT_ON_UI("a write to the store");
	if (writer->open)
		return true;
	if (!store_exec(writer->db, "BEGIN IMMEDIATE", error))
		return false;
	writer->open = true;
	writer->began = g_get_monotonic_time();
	return true;
}

void
store_writer_rollback(StoreWriter *writer)
{
	if (!writer->open)
		return;
	writer->open = false;
	if (!sqlite3_get_autocommit(writer->db->handle))
		(void)store_exec(writer->db, "ROLLBACK", NULL);
	store_counts_discard(writer->counts);
	store_mids_discard(writer->mids);
	g_hash_table_remove_all(writer->sizes);
	writer->body_bytes = -1;
}

bool
store_writer_commit(StoreWriter *writer, GError **error)
{
	if (!writer->open)
		return true;
	if (!store_counts_flush(writer->counts, error) ||
	    !store_mids_flush(writer->mids, error) ||
	    !store_exec(writer->db, "COMMIT", error)) {
		store_writer_rollback(writer);
		return false;
	}
	writer->open = false;
	return true;
}

bool
store_writer_is_due(const StoreWriter *writer)
{
	return writer->open && g_get_monotonic_time() - writer->began > DUE_US;
}

bool
store_writer_end(StoreWriter *writer, bool good)
{
	if (!good)
		store_writer_rollback(writer);
	return good;
}

bool
store_writer_breathe(StoreWriter *writer, GError **error)
{
	return !store_writer_is_due(writer) ||
	       (store_writer_commit(writer, error) &&
		store_writer_begin(writer, error));
}

bool
store_writer_checkpoint(StoreWriter *writer, GError **error)
{
	return store_exec(writer->db, "PRAGMA wal_checkpoint(PASSIVE)", error);
}

bool
store_writer_new_id(StoreWriter *writer, gint64 *ret, GError **error)
{
	if (writer->next_id == writer->last_id) {
		if (!store_journal_reserve_ids(writer->journal, IDS_AT_ONCE,
					       &writer->next_id, error))
			return false;
		writer->last_id = writer->next_id + IDS_AT_ONCE;
	}
	*ret = writer->next_id++;
	return true;
}
