/* store-hash.h - keyed hashes: strangers choose Message-IDs; private */
#pragma once

#include <glib.h>

/** StoreHashKey: drawn once a file, kept in its meta table */
typedef struct {
	guint64 a, b;
} StoreHashKey;

/** store_hash: SipHash-1-3; never 0 */
gint64 store_hash(const StoreHashKey *key, const void *data, gsize len);
