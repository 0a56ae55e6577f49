/* store-db.c - one SQLite handle and its statements */
#include "store-db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base-errno.h"
#include "base-file.h"

#define BUSY_MS 2000

static StoreError
code_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return STORE_ERROR_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return STORE_ERROR_DAMAGED;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_ERROR_BUSY;
	case SQLITE_INTERRUPT:
		return STORE_ERROR_INTERRUPTED;
	case SQLITE_TOOBIG:
		return STORE_ERROR_LIMIT;
	default:
		return STORE_ERROR_IO;
	}
}

static char *
mark_path(const char *path)
{
	return g_strconcat(path, "-damaged", NULL);
}

bool
store_db_has_moved(const StoreDb *db)
{
	int moved = 0;

	return sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED,
				    &moved) == SQLITE_OK &&
	       moved != 0;
}

/* Damage that shows while the file is open is remembered for the next open. */
static void
leave_mark(const StoreDb *db)
{
	g_autofree char *mark = NULL;
	int fd;

	/* one that was set aside says nothing of the one that came after it */
	if (db->path == NULL || store_db_has_moved(db))
		return;
	mark = mark_path(db->path);
	fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		close(fd);
}

bool
store_db_is_marked(const char *path)
{
	g_autofree char *mark = mark_path(path);

	return access(mark, F_OK) == 0;
}

bool
store_db_fail(StoreDb *db, GError **error)
{
	int code = sqlite3_extended_errcode(db->handle);
	StoreError own = code_of(code);

	if (own == STORE_ERROR_DAMAGED)
		leave_mark(db);
	g_set_error(error, STORE_ERROR, (gint)own, "%s: %s",
		    db->path == NULL ? "store" : db->path,
		    sqlite3_errmsg(db->handle));
	return false;
}

/* Our own statements are right: if one does not fit, the tables are not ours.
 */
static void
fail_to_prepare(StoreDb *db, GError **error)
{
	if (sqlite3_errcode(db->handle) != SQLITE_ERROR) {
		store_db_fail(db, error);
		return;
	}
	leave_mark(db);
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, "%s: %s",
		    db->path == NULL ? "store" : db->path,
		    sqlite3_errmsg(db->handle));
}

bool
store_exec(StoreDb *db, const char *sql, GError **error)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       store_db_fail(db, error);
}

static sqlite3_stmt *
bind(StoreDb *db, GError **error, const char *sql, const char *types,
     va_list args)
{
	sqlite3_stmt *statement = g_hash_table_lookup(db->statements, sql);

	if (statement == NULL) {
		if (sqlite3_prepare_v3(db->handle, sql, -1,
				       SQLITE_PREPARE_PERSISTENT, &statement,
				       NULL) != SQLITE_OK) {
			fail_to_prepare(db, error);
			return NULL;
		}
		g_hash_table_insert(db->statements, (gpointer)sql, statement);
	}
	sqlite3_reset(statement);
	for (int i = 1; types[i - 1] != '\0'; i++) {
		if (types[i - 1] == 'i') {
			sqlite3_bind_int64(statement, i, va_arg(args, gint64));
		} else if (types[i - 1] == 's') {
			sqlite3_bind_text(statement, i,
					  va_arg(args, const char *), -1,
					  SQLITE_TRANSIENT);
		} else {
			const void *data = va_arg(args, const void *);
			gsize len = va_arg(args, gsize);

			sqlite3_bind_blob64(statement, i, data, len,
					    SQLITE_TRANSIENT);
		}
	}
	return statement;
}

sqlite3_stmt *
store_query(StoreDb *db, GError **error, const char *sql, const char *types,
	    ...)
{
	sqlite3_stmt *statement;
	va_list args;

	va_start(args, types);
	statement = bind(db, error, sql, types, args);
	va_end(args);
	return statement;
}

int
store_step(StoreDb *db, sqlite3_stmt *statement, GError **error)
{
	int code = sqlite3_step(statement);

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE) {
		sqlite3_reset(statement);
		return 0;
	}
	store_db_fail(db, error);
	sqlite3_reset(statement);
	return -1;
}

bool
store_run(StoreDb *db, GError **error, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list args;
	int code;

	va_start(args, types);
	statement = bind(db, error, sql, types, args);
	va_end(args);
	if (statement == NULL)
		return false;
	while ((code = store_step(db, statement, error)) == 1)
		;
	return code == 0;
}

bool
store_number(StoreDb *db, gint64 fallback, gint64 *ret, GError **error,
	     const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list args;
	int code;

	va_start(args, types);
	statement = bind(db, error, sql, types, args);
	va_end(args);
	if (statement == NULL)
		return false;
	*ret = fallback;
	code = store_step(db, statement, error);
	if (code == 1) {
		if (sqlite3_column_type(statement, 0) != SQLITE_NULL)
			*ret = sqlite3_column_int64(statement, 0);
		sqlite3_reset(statement);
	}
	return code >= 0;
}

char *
store_text(sqlite3_stmt *statement, int column)
{
	return g_strdup((const char *)sqlite3_column_text(statement, column));
}

static void
finalize(gpointer statement)
{
	sqlite3_finalize(statement);
}

bool
store_take_error(GError **error, GError *cause, StoreError code)
{
	g_set_error_literal(error, STORE_ERROR, (gint)code, cause->message);
	g_error_free(cause);
	return false;
}

bool
store_make_dir(const char *path, GError **error)
{
	GError *cause = NULL;

	return file_make_dir(path, &cause) ||
	       store_take_error(error, cause, STORE_ERROR_IO);
}

static bool
set_pragmas(StoreDb *db, StoreDbMode mode, bool full_sync, GError **error)
{
	/* one plan for a statement, whatever is bound: without it each bind of
	 * an argument that a partial index might look at prepares it anew */
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	if (mode == STORE_DB_MEMORY)
		return true;
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	if (mode == STORE_DB_READ)
		return store_exec(db,
				  "PRAGMA cache_size=-2048;"
				  "PRAGMA query_only=1;",
				  error);
	/* The log's shared memory and a network file system do not go together.
	 * Locked for one transaction at a time, not for good: the readers of
	 * this process have to get in between. */
	if (!store_exec(db,
			file_on_network(db->path)
			    ? "PRAGMA journal_mode=DELETE;"
			    : "PRAGMA journal_mode=WAL;",
			error))
		return false;
	return store_exec(db,
			  full_sync ? "PRAGMA synchronous=FULL;"
				      "PRAGMA secure_delete=OFF;"
				    : "PRAGMA synchronous=NORMAL;"
				      "PRAGMA cache_size=-8192;"
				      "PRAGMA secure_delete=OFF;"
				      "PRAGMA temp_store=MEMORY;"
				      "PRAGMA wal_autocheckpoint=1000;"
				      "PRAGMA journal_size_limit=16777216;",
			  error);
}

static bool
run_migrations(StoreDb *db, const StoreSchema *schema, GError **error)
{
	gint64 version, tables;

	/* another process may have been faster */
	if (!store_number(db, 0, &version, error, "PRAGMA user_version", "") ||
	    !store_number(db, 0, &tables, error,
			  "SELECT count(*) FROM sqlite_schema", ""))
		return false;
	if (version == 0 && tables != 0) {
		leave_mark(db);
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED,
			    "%s: tables without a version", db->path);
		return false;
	}
	for (int i = (int)version; i < schema->version; i++) {
		g_autofree char *done = g_strdup_printf(
		    "PRAGMA user_version=%d; PRAGMA application_id=%d;", i + 1,
		    schema->application_id);

		if (!store_exec(db, schema->migrations[i], error) ||
		    !store_exec(db, done, error))
			return false;
	}
	return store_exec(db, "COMMIT;", error);
}

static bool
migrate(StoreDb *db, const StoreSchema *schema, GError **error)
{
	bool good = store_exec(db, "BEGIN IMMEDIATE;", error) &&
		    run_migrations(db, schema, error);

	if (!good && !sqlite3_get_autocommit(db->handle))
		(void)store_exec(db, "ROLLBACK;", NULL);
	return good;
}

static bool
check_version(StoreDb *db, StoreDbMode mode, const StoreSchema *schema,
	      bool *ret_created, GError **error)
{
	gint64 version, kind;

	if (!store_number(db, 0, &version, error, "PRAGMA user_version", "") ||
	    !store_number(db, 0, &kind, error, "PRAGMA application_id", ""))
		return false;
	if (version > schema->version) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NEWER,
			    "%s: written by a newer pennon", db->path);
		return false;
	}
	if (version < 0 || (version != 0 && kind != schema->application_id)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED,
			    "%s: not a file of pennon", db->path);
		return false;
	}
	if (ret_created != NULL)
		*ret_created = version == 0;
	if (version == schema->version)
		return true;
	if (mode == STORE_DB_READ) {
		/* the writer is just making it: empty until then */
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "%s: not made yet", db->path);
		return false;
	}
	return migrate(db, schema, error);
}

StoreDb *
store_db_open(const char *path, StoreDbMode mode, const StoreSchema *schema,
	      bool full_sync, bool *ret_created, GError **error)
{
	static const int flags[] = {
	    [STORE_DB_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	    [STORE_DB_READ] = SQLITE_OPEN_READONLY,
	    [STORE_DB_MEMORY] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	StoreDb *db = g_new0(StoreDb, 1);
	int code;

	db->path = mode == STORE_DB_MEMORY ? NULL : g_strdup(path);
	db->statements = g_hash_table_new_full(g_direct_hash, g_direct_equal,
					       NULL, finalize);
	if (mode == STORE_DB_READ && access(path, F_OK) < 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "%s: %s",
			    path, errno_text(errno));
		store_db_close(db);
		return NULL;
	}
	if (mode == STORE_DB_WRITE) {
		/*
		 * Made by us, so that it is 0600 whatever the umask. One that
		 * is there must not be opened: the close would drop the locks
		 * of all handles this process has on it (POSIX), and another
		 * process could take the log away from under them.
		 */
		int fd =
		    open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

		if (fd >= 0)
			close(fd);
	}
	code = sqlite3_open_v2(mode == STORE_DB_MEMORY ? ":memory:" : path,
			       &db->handle, flags[mode] | SQLITE_OPEN_NOMUTEX,
			       NULL);
	if (code != SQLITE_OK || !set_pragmas(db, mode, full_sync, error) ||
	    !check_version(db, mode, schema, ret_created, error)) {
		if (error != NULL && *error == NULL)
			store_db_fail(db, error);
		store_db_close(db);
		return NULL;
	}
	return db;
}

void
store_db_close(StoreDb *db)
{
	if (db == NULL)
		return;
	g_hash_table_unref(db->statements);
	sqlite3_close(db->handle);
	g_free(db->path);
	g_free(db);
}

char *
store_db_set_aside(const char *path, bool keep_all)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
	g_autofree char *mark = mark_path(path);
	char *aside = g_strconcat(path, ".damaged", NULL);

	for (guint i = 2; keep_all && access(aside, F_OK) == 0; i++) {
		g_free(aside);
		aside = g_strdup_printf("%s.damaged-%u", path, i);
	}
	for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		g_autofree char *from = g_strconcat(path, suffixes[i], NULL);
		g_autofree char *to = g_strconcat(aside, suffixes[i], NULL);

		/* what belongs to an older one must not meet this one */
		if (rename(from, to) < 0)
			(void)unlink(to);
	}
	(void)unlink(mark);
	return aside;
}
