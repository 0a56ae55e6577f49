/* store-schema.h - the numbered migrations of both files; private */
#pragma once

#include "store-db.h"

extern const StoreSchema store_mail_schema;
extern const StoreSchema store_journal_schema;
