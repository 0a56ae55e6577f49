/* store-list.h - a mailbox in an order, by the screenful */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "store-reader.h"

/**
 * StoreOrder:
 * @STORE_ORDER_DATE: INTERNALDATE, then UID, both descending
 * @STORE_ORDER_THREAD: threads by their newest message in this mailbox; inside
 *   the tree, oldest first; all open
 * @STORE_ORDER_FOLDED: the same threads, one row each: the newest message
 */
typedef enum {
	STORE_ORDER_DATE,
	STORE_ORDER_THREAD,
	STORE_ORDER_FOLDED,
} StoreOrder;

/** StoreList: which mailbox, how */
typedef struct {
	gint64 mailbox;
	StoreOrder order;
} StoreList;

/**
 * StoreKey: a place in a list, that of a row when it was read. It stays a
 * place when the row has gone: pages go on from there. Opaque; copy freely.
 */
typedef struct {
	gint64 date;
	gint64 second; /* UID, or thread */
	gint64 id;
	guint32 index; /* in the thread */
} StoreKey;

/** StoreWay: @STORE_AT: from a key on, it included; @STORE_AFTER,
 * @STORE_BEFORE: without it. With no key: the first or the last rows. */
typedef enum {
	STORE_AT,
	STORE_AFTER,
	STORE_BEFORE,
} StoreWay;

/** STORE_PAGE_MAX: rows of one page */
#define STORE_PAGE_MAX 10000u

/**
 * store_reader_page:
 * @from: (nullable)
 * @ret_keys: (out) (optional) (transfer full): array of #StoreKey, one a row
 *
 * At most @n rows in list order, also for %STORE_BEFORE. Costs @n rows,
 * wherever it is and however long the list. In thread orders depth and
 * thread_count are set.
 *
 * Returns: (transfer full) (nullable): array of #MessageRow
 */
GPtrArray *store_reader_page(StoreReader *reader, const StoreList *list,
			     const StoreKey *from, StoreWay way, guint n,
			     GArray **ret_keys, GError **error);

/** store_reader_key: the place of a message; %STORE_ERROR_NOT_FOUND where the
 * list does not show it. In a folded list the place of its thread. */
bool store_reader_key(StoreReader *reader, const StoreList *list,
		      gint64 message, StoreKey *ret_key, GError **error);
/** store_reader_position: rows before @key. Reads counts kept for every few
 * hundred rows, and those of one such piece. */
bool store_reader_position(StoreReader *reader, const StoreList *list,
			   const StoreKey *key, guint *ret_position,
			   GError **error);
/** store_reader_key_at: the place with @position rows before it;
 * %STORE_ERROR_NOT_FOUND beyond the end */
bool store_reader_key_at(StoreReader *reader, const StoreList *list,
			 guint position, StoreKey *ret_key, GError **error);
/** store_reader_total: rows of the list; \Deleted ones included, which a
 * mailbox's counts leave out */
bool store_reader_total(StoreReader *reader, const StoreList *list,
			guint *ret_total, GError **error);
/** store_reader_next_unread: the next unread row after @from (%NULL: from the
 * beginning), with %STORE_BEFORE the one before it (%NULL: from the end);
 * %STORE_ERROR_NOT_FOUND if none is left that way */
bool store_reader_next_unread(StoreReader *reader, const StoreList *list,
			      const StoreKey *from, StoreWay way,
			      StoreKey *ret_key, GError **error);
/** store_reader_next_thread: the first row of the next thread, or of the one
 * before; in thread orders */
bool store_reader_next_thread(StoreReader *reader, const StoreList *list,
			      const StoreKey *from, StoreWay way,
			      StoreKey *ret_key, GError **error);
