/* store-mids.h - what the hashes of Message-IDs and subjects stand for; private
 * to src/store */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "store-db.h"

/**
 * StoreMids: keyed hash of a Message-ID → thread, and of a subject → message,
 * of the writer. Hashes come in random order: each of them put into a large
 * B-tree at once would dirty a page of its own. They wait in memory and in a
 * log, and go into the tree in sorted runs, some with every commit.
 */
typedef struct StoreMids StoreMids;
StoreMids *store_mids_new(StoreDb *db);
/** store_mids_free: (nullable) */
void store_mids_free(StoreMids *mids);
/** store_mids_find: @ret_value: 0 where it is not known */
bool store_mids_find(StoreMids *mids, gint64 hash, gint64 *ret_value,
		     GError **error);
/** store_mids_set: @hash: not 0; @value: 0 forgets it */
void store_mids_set(StoreMids *mids, gint64 hash, gint64 value);
/** store_mids_flush: before the commit */
bool store_mids_flush(StoreMids *mids, GError **error);
/** store_mids_discard: after a rollback */
void store_mids_discard(StoreMids *mids);

/** store_mids_read: as store_mids_find(), for a reader: log, then tree */
bool store_mids_read(StoreDb *db, gint64 hash, gint64 *ret_value,
		     GError **error);
