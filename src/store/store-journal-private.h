/* store-journal-private.h - the journal's handle, for drafts too */
#pragma once

#include "store-db.h"
#include "store-journal.h"

/** store_journal_open_db: the file, made, checked and salvaged as need be */
StoreDb *store_journal_open_db(const char *folder, const char *path,
			       StoreOpened *opened, char **set_aside,
			       GError **error);
/** store_journal_raise_ids: local ids up to @used are never given out: a cache
 * may know some that a lost or salvaged journal does not */
bool store_journal_raise_ids(StoreJournal *journal, gint64 used,
			     GError **error);

struct StoreJournal {
	StoreDb *db;
	char *folder;
	bool network;
	gint64 data_version;
};
