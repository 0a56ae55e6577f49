/* store-db.h - one SQLite handle and its statements; private to src/store */
#pragma once

#include <stdbool.h>

#include <glib.h>
#include <sqlite3.h>

#include "store-error.h"

/** StoreDb: belongs to one thread */
typedef struct {
	sqlite3 *handle;
	char *path;             /* NULL: in memory */
	GHashTable *statements; /* by the address of their text */
} StoreDb;

/** StoreSchema: numbered migrations; the first makes version 1 */
typedef struct {
	const char *const *migrations;
	int version;
	int application_id;
} StoreSchema;

typedef enum {
	STORE_DB_WRITE,  /* made if missing */
	STORE_DB_READ,   /* %STORE_ERROR_NOT_FOUND if missing */
	STORE_DB_MEMORY, /* an empty one */
} StoreDbMode;

/** store_make_dir: 0700, errors as ours */
bool store_make_dir(const char *path, GError **error);
/** store_take_error: what the base says, as ours. Returns: %false */
bool store_take_error(GError **error, GError *cause, StoreError code);
/** store_db_open: checks kind and version, migrates if it may write.
 * @ret_created: (optional) */
StoreDb *store_db_open(const char *path, StoreDbMode mode,
		       const StoreSchema *schema, bool full_sync,
		       bool *ret_created, GError **error);
/** store_db_close: (nullable) */
void store_db_close(StoreDb *db);
/** store_db_set_aside: renames the damaged file; @keep_all: beside those that
 * are there, else over the last one. Returns: (transfer full): where it is now
 */
char *store_db_set_aside(const char *path, bool keep_all);
/** store_db_has_moved: the file under its name is another one by now */
bool store_db_has_moved(const StoreDb *db);
/** store_db_is_marked: damage was found while it was open */
bool store_db_is_marked(const char *path);

/** store_db_fail: sets @error from the handle's last one. Returns: %false */
bool store_db_fail(StoreDb *db, GError **error);
/** store_exec: several statements, no arguments; @sql: any text */
bool store_exec(StoreDb *db, const char *sql, GError **error);
/**
 * store_query:
 * @sql: a literal: statements are kept by its address
 * @types: one letter an argument: i gint64, s text or %NULL, b blob (pointer,
 *   gsize)
 *
 * Returns: (nullable): bound; step it to its end, or sqlite3_reset() it
 */
sqlite3_stmt *store_query(StoreDb *db, GError **error, const char *sql,
			  const char *types, ...);
/** store_step: Returns: 1 a row, 0 the end, -1 with @error; reset at the end */
int store_step(StoreDb *db, sqlite3_stmt *statement, GError **error);
/** store_run: a statement without rows */
bool store_run(StoreDb *db, GError **error, const char *sql, const char *types,
	       ...);
/** store_number: first column of the only row; @fallback where there is none */
bool store_number(StoreDb *db, gint64 fallback, gint64 *ret, GError **error,
		  const char *sql, const char *types, ...);
/** store_text: a column. (transfer full) (nullable) */
char *store_text(sqlite3_stmt *statement, int column);
