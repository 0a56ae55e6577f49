/* store-writer-private.h - what the parts of the writer share */
#pragma once

#include "store-body.h"
#include "store-counts.h"
#include "store-db.h"
#include "store-hash.h"
#include "store-mids.h"
#include "store-writer.h"

struct StoreWriter {
	StoreDb *db;
	StoreJournal *journal;
	char *folder;
	StoreCounts *counts;
	StoreMids *mids;
	GHashTable *sizes; /* members of large threads, by thread */
	StoreHashKey key;
	bool open;      /* a transaction is */
	gint64 began;   /* monotonic, µs */
	gint64 next_id; /* reserved, not used yet */
	gint64 last_id;
	gint64 body_limit;
	gint64 body_bytes; /* -1: not counted yet */
	/* "wire\nuidvalidity\nuid" → local id that the journal knows */
	GHashTable *orphans;
};

/** store_writer_begin: opens a transaction if none is open */
bool store_writer_begin(StoreWriter *writer, GError **error);
/** store_writer_end: of a function that changes something: rolls back where
 * @good is %false. Returns: @good */
bool store_writer_end(StoreWriter *writer, bool good);
/** store_writer_breathe: commits where it is due and goes on */
bool store_writer_breathe(StoreWriter *writer, GError **error);
bool store_writer_new_id(StoreWriter *writer, gint64 *ret, GError **error);

/** StoreServerRow: a row as the server has it, and where it is shown */
typedef struct {
	gint64 id;
	gint64 mailbox;
	guint32 uid;
	MailFlags flags;
	guint64 modseq;
	bool hidden;
	bool stale;
	StorePlace place;
	char *shown_keywords;
	guint32 marks;
} StoreServerRow;
void store_server_row_clear(StoreServerRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreServerRow, store_server_row_clear)
/** store_writer_row: Returns: 1, 0: not there, -1 with @error */
int store_writer_row(StoreWriter *writer, gint64 id, StoreServerRow *ret,
		     GError **error);
/** store_writer_show: brings what is shown of a row up to date: the server's
 * word, and what the user meant on top */
bool store_writer_show(StoreWriter *writer, gint64 id, GError **error);
bool store_writer_show_row(StoreWriter *writer, const StoreServerRow *row,
			   GError **error);
/** store_writer_drop_row: the row, and all that hangs on it */
bool store_writer_drop_row(StoreWriter *writer, gint64 id, GError **error);
/** store_writer_set_date: of a row as it stands, and of its place in lists */
bool store_writer_set_date(StoreWriter *writer, const StoreServerRow *row,
			   gint64 date, GError **error);
/** store_writer_place_row: gives a row its place on the server; one that is
 * there already is merged into it */
bool store_writer_place_row(StoreWriter *writer, gint64 id, gint64 mailbox,
			    guint32 uid, GError **error);
/** store_writer_mailbox_id: 0 where there is none */
bool store_writer_mailbox_id(StoreWriter *writer, const char *wire, gint64 *ret,
			     GError **error);
/** store_writer_expect_mailbox: the target of a change: one that is not known
 * (its creation waits, or LIST has not come) gets a row that LIST has not told
 */
bool store_writer_expect_mailbox(StoreWriter *writer, const char *wire,
				 gint64 *ret, GError **error);
/** store_writer_drop_bodies: files and rows */
bool store_writer_drop_bodies(StoreWriter *writer, gint64 id, GError **error);
/** store_bodies_clear: files that no row knows any more: mail.db is a new one
 */
void store_bodies_clear(const char *cache_folder);

/**
 * store_thread_find:
 * @id: the new message
 * @mid: hash of its Message-ID, 0 for none
 * @refs: hashes, oldest first
 *
 * The thread it belongs to, merged or new (RFC 5256's rules, decided once, as
 * messages come in).
 */
bool store_thread_find(StoreWriter *writer, gint64 mailbox, gint64 id,
		       gint64 mid, const gint64 *refs, guint n_refs,
		       const char *subject, gint64 date, gint64 *ret_thread,
		       GError **error);
/** store_thread_leave: a message goes: what only named its thread goes with the
 * last one. Before its row is deleted. */
bool store_thread_leave(StoreWriter *writer, gint64 id, gint64 thread,
			GError **error);
