/* store-salvage.c - journal.db is opened; a damaged one is read for what is
 * left of it */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store-journal-private.h"
#include "store-schema.h"

/* numbers that may have been given out and are lost are passed over */
#define GAP "1000000"
/* rows of a table that are tried one by one where its pages are broken */
#define TRIES 100000

/* None of this goes by store_db_fail(): the damage is the old file's. */
static bool
exec(StoreDb *db, const char *sql)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static sqlite3_stmt *
prepare(sqlite3 *handle, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	(void)sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);
	return statement;
}

/* An error ends the walk, not what came before it. Two handles: after an error
 * of that kind SQLite takes nothing more from the one that met it, until the
 * transaction ends. */
static void
copy_rows(StoreDb *db, sqlite3 *old, const char *select, const char *insert)
{
	sqlite3_stmt *from = prepare(old, select);
	sqlite3_stmt *into = prepare(db->handle, insert);

	while (from != NULL && into != NULL &&
	       sqlite3_step(from) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(from); i++)
			sqlite3_bind_value(into, i + 1,
					   sqlite3_column_value(from, i));
		(void)sqlite3_step(into);
		sqlite3_reset(into);
	}
	sqlite3_finalize(from);
	sqlite3_finalize(into);
}

/* What neither end of the tree leads to may still be found by its number. */
static void
copy_between(StoreDb *db, sqlite3 *old, const char *insert)
{
	sqlite3_stmt *range =
	    prepare(db->handle, "SELECT min(id), max(id) FROM change");
	gint64 first = 0, last = 0;

	if (range != NULL && sqlite3_step(range) == SQLITE_ROW) {
		first = sqlite3_column_int64(range, 0);
		last = sqlite3_column_int64(range, 1);
	}
	sqlite3_finalize(range);
	if (last - first > TRIES)
		first = last - TRIES;
	for (gint64 id = first + 1; id < last; id++) {
		g_autofree char *select = g_strdup_printf(
		    "SELECT * FROM change WHERE id = %" G_GINT64_FORMAT, id);

		copy_rows(db, old, select, insert);
	}
}

static void
salvage_table(StoreDb *db, sqlite3 *old, const char *table, const char *key,
	      guint columns)
{
	g_autoptr(GString) insert = g_string_new(NULL);
	g_autofree char *up =
	    g_strdup_printf("SELECT * FROM %s ORDER BY %s", table, key);
	g_autofree char *down =
	    g_strdup_printf("SELECT * FROM %s ORDER BY %s DESC", table, key);

	g_string_printf(insert, "INSERT OR IGNORE INTO %s VALUES (", table);
	for (guint i = 0; i < columns; i++)
		g_string_append(insert, i == 0 ? "?" : ",?");
	g_string_append_c(insert, ')');
	copy_rows(db, old, up, insert->str);
	copy_rows(db, old, down, insert->str);
	if (strcmp(table, "change") == 0)
		copy_between(db, old, insert->str);
}

static void
salvage(StoreDb *db, const char *aside)
{
	sqlite3 *old = NULL;

	(void)exec(db, "BEGIN IMMEDIATE");
	if (sqlite3_open_v2(aside, &old, SQLITE_OPEN_READONLY, NULL) ==
	    SQLITE_OK) {
		salvage_table(db, old, "draft", "uuid", 13);
		salvage_table(db, old, "change", "id", 21);
		salvage_table(db, old, "message", "change, position", 8);
		copy_rows(db, old, "SELECT * FROM meta",
			  "INSERT OR REPLACE INTO meta VALUES (?, ?)");
	}
	sqlite3_close(old);
	/* a change without its messages would do something else */
	(void)exec(db,
		   "DELETE FROM change WHERE kind IN (1, 2, 3, 4) AND NOT "
		   "EXISTS (SELECT 1 FROM message WHERE change = change.id)");
	(void)exec(db, "UPDATE meta SET value = " GAP " + max("
		       "CAST(value AS INTEGER), coalesce((SELECT max(id) FROM "
		       "message), 0)) WHERE key = 'next-id'");
	(void)exec(db, "UPDATE meta SET value = " GAP " + max("
		       "CAST(value AS INTEGER), coalesce((SELECT max(grp) FROM "
		       "change), 0)) WHERE key = 'next-group'");
	(void)exec(db, "INSERT INTO change (id, grp, kind, state, created) "
		       "SELECT coalesce(max(id), 0) + " GAP ", 0, 0, 7, 0 "
		       "FROM change");
	(void)exec(db, "DELETE FROM change WHERE kind = 0");
	(void)exec(db, "COMMIT");
}

/* Returns: whether it is broken; what only cannot be read now is not */
static bool
is_broken(StoreDb *db)
{
	sqlite3_stmt *check = prepare(db->handle, "PRAGMA quick_check(1)");
	int code =
	    check == NULL ? sqlite3_errcode(db->handle) : sqlite3_step(check);
	bool broken = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;

	if (code == SQLITE_ROW)
		broken = g_strcmp0((const char *)sqlite3_column_text(check, 0),
				   "ok") != 0;
	sqlite3_finalize(check);
	return broken;
}

/* Returns: (nullable): %NULL without @error where it is damaged. Small, so it
 * is checked whole at each start. */
static StoreDb *
open_sound(const char *path, bool *created, GError **error)
{
	GError *cause = NULL;
	StoreDb *db;

	if (store_db_is_marked(path))
		return NULL;
	db = store_db_open(path, STORE_DB_WRITE, &store_journal_schema, true,
			   created, &cause);
	if (db != NULL) {
		if (*created || !is_broken(db))
			return db;
		store_db_close(db);
		return NULL;
	}
	if (cause->code == STORE_ERROR_DAMAGED)
		g_error_free(cause);
	else
		g_propagate_error(error, cause);
	return NULL;
}

static StoreDb *
rebuild(const char *path, StoreOpened *opened, char **set_aside, GError **error)
{
	StoreDb *db;

	*opened = STORE_REBUILT;
	*set_aside = store_db_set_aside(path, true);
	db = store_db_open(path, STORE_DB_WRITE, &store_journal_schema, true,
			   NULL, error);
	if (db != NULL)
		salvage(db, *set_aside);
	return db;
}

/* Opens go on beside each other; while one sets the file aside and makes it
 * anew no other one looks at it, makes it, or closes it, which would take away
 * the new one's log by its name. Returns: to be closed */
static int
lock_folder(const char *folder, int how)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	while (fd >= 0 && flock(fd, how) < 0 && errno == EINTR)
		;
	return fd;
}

static StoreDb *
open_locked(const char *folder, const char *path, bool *created,
	    StoreOpened *opened, char **set_aside, GError **error)
{
	bool may_rebuild = set_aside != NULL;
	int lock = lock_folder(folder, may_rebuild ? LOCK_EX : LOCK_SH);
	GError *cause = NULL;
	StoreDb *db = open_sound(path, created, &cause);

	if (cause != NULL)
		g_propagate_error(error, cause);
	else if (db == NULL && may_rebuild)
		db = rebuild(path, opened, set_aside, error);
	if (lock >= 0)
		close(lock);
	return db;
}

StoreDb *
store_journal_open_db(const char *folder, const char *path, StoreOpened *opened,
		      char **set_aside, GError **error)
{
	GError *cause = NULL;
	bool created = false;
	StoreDb *db = open_locked(folder, path, &created, opened, NULL, &cause);

	*opened = created ? STORE_CREATED : STORE_OPENED;
	if (db != NULL)
		return db;
	if (cause != NULL) {
		g_propagate_error(error, cause);
		return NULL;
	}
	return open_locked(folder, path, &created, opened, set_aside, error);
}
