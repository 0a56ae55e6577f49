/* store-journal-private.h - the journal's handle, for drafts too */
#pragma once

#include "store-db.h"
#include "store-journal.h"

struct StoreJournal {
	StoreDb *db;
	char *folder;
	bool network;
	gint64 data_version;
};
