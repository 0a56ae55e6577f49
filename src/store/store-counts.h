/* store-counts.h - kept counts: what a list needs to know its own length and
 * the place of a row in it; private to src/store */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "store-db.h"

/** STORE_PIECE_MAX: entries of a piece before it is cut in two */
#define STORE_PIECE_MAX 1000

/** StorePlace: what a row adds to the counts while it is shown
 * @mailbox: local id of the mailbox it is listed in, 0: in none */
typedef struct {
	gint64 mailbox;
	gint64 date;
	gint64 thread;
	guint32 flags;
} StorePlace;

/**
 * StoreCounts: a write-back cache of mailbox totals, pieces and thread rows.
 * Many rows change the same few counts: they are written once a transaction.
 */
typedef struct StoreCounts StoreCounts;
StoreCounts *store_counts_new(StoreDb *db);
/** store_counts_free: (nullable) */
void store_counts_free(StoreCounts *counts);
/** store_counts_add: a row comes into view (@sign 1) or leaves it (-1); the
 * row itself is written by the caller */
bool store_counts_add(StoreCounts *counts, const StorePlace *place, int sign,
		      GError **error);
/** store_counts_move: a row that is in view goes from one place to another;
 * where only its flags are others, only what they count is touched */
bool store_counts_move(StoreCounts *counts, const StorePlace *from,
		       const StorePlace *to, GError **error);
/** store_counts_thread: rows of a thread in a mailbox */
bool store_counts_thread(StoreCounts *counts, gint64 mailbox, gint64 thread,
			 gint64 *ret_rows, GError **error);
/** store_counts_flush: before the commit */
bool store_counts_flush(StoreCounts *counts, GError **error);
/** store_counts_discard: after a rollback */
void store_counts_discard(StoreCounts *counts);
