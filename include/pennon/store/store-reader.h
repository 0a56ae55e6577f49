/* store-reader.h - mail.db, read: mailboxes, single messages, threads */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-change.h"
#include "model-mailbox.h"
#include "model-message.h"
#include "model-part.h"
#include "model-uidset.h"
#include "store-error.h"
#include "store-journal.h"

/*
 * A handle belongs to one thread; any process may have some, any number of
 * them beside the writer. What a function costs does not grow with the mailbox
 * unless its comment says "at length": those are not for the UI thread.
 */
typedef struct StoreReader StoreReader;

/**
 * store_reader_open:
 * @cache_folder, @state_folder: the account's
 *
 * A missing mail.db is an empty one: it is looked for again at each
 * store_reader_refresh().
 *
 * Returns: (transfer full) (nullable)
 */
StoreReader *store_reader_open(const char *cache_folder,
			       const char *state_folder, GError **error);
/** store_reader_close: (nullable) */
void store_reader_close(StoreReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreReader, store_reader_close)

/** store_reader_refresh: Returns: whether something was written since the last
 * call; also notices that mail.db was set aside and made anew */
bool store_reader_refresh(StoreReader *reader);
/** store_reader_begin: until store_reader_end() all reads see one moment; a
 * screenful, not longer: the log cannot shrink meanwhile */
bool store_reader_begin(StoreReader *reader, GError **error);
void store_reader_end(StoreReader *reader);
/** store_reader_interrupt: from any thread: what runs ends with
 * %STORE_ERROR_INTERRUPTED */
void store_reader_interrupt(StoreReader *reader);
/** store_reader_journal: (transfer none) (nullable): the journal, read-only;
 * %NULL while there is none. Until the next store_reader_refresh(), which
 * closes one that was set aside. */
StoreJournal *store_reader_journal(StoreReader *reader);

/* ---- mailboxes ---- */

/** store_reader_mailboxes: (transfer full) (nullable): array of #Mailbox, by
 * name; one scan of kept counts; those that are gone are not in it */
GPtrArray *store_reader_mailboxes(StoreReader *reader, GError **error);
/** store_reader_mailbox: by wire name. (transfer full) (nullable) */
Mailbox *store_reader_mailbox(StoreReader *reader, const char *wire,
			      GError **error);
/** store_reader_mailbox_by_id: (transfer full) (nullable) */
Mailbox *store_reader_mailbox_by_id(StoreReader *reader, gint64 mailbox,
				    GError **error);

/**
 * StoreMailboxState: how far the sync of a mailbox has come
 * @server: as set last
 * @known: UIDs the server has been asked for
 * @synced_at: µs since 1970, 0 for never
 * @gone: the last LIST did not tell it
 * @stale: rows that wait for a match after a UIDVALIDITY change
 * @unplaced: there are rows that a confirmed change put there, under a UID
 *   that the server has not told
 */
typedef struct {
	MailboxState server;
	UidSet *known;
	gint64 synced_at;
	bool gone;
	guint stale;
	bool unplaced;
} StoreMailboxState;
/** store_mailbox_state_clear: */
void store_mailbox_state_clear(StoreMailboxState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreMailboxState, store_mailbox_state_clear)
bool store_reader_state(StoreReader *reader, gint64 mailbox,
			StoreMailboxState *ret_state, GError **error);

/* ---- single messages ---- */

/** store_reader_row: (transfer full) (nullable): hidden ones too */
MessageRow *store_reader_row(StoreReader *reader, gint64 message,
			     GError **error);
/** store_reader_rows: (transfer full) (nullable): rows of @ids in their order,
 * without those that are gone */
GPtrArray *store_reader_rows(StoreReader *reader, const gint64 *ids, guint n,
			     GError **error);
/** store_reader_find_uid: Returns: local id, 0 if not known */
gint64 store_reader_find_uid(StoreReader *reader, gint64 mailbox, guint32 uid,
			     GError **error);
/** store_reader_location: where the server has the message now, for the
 * journal; uid 0: it does not, or has not told. (transfer full) (nullable) */
ChangeMessage *store_reader_location(StoreReader *reader, gint64 message,
				     GError **error);
/** store_reader_server_flags: the server's last word */
bool store_reader_server_flags(StoreReader *reader, gint64 message,
			       MailFlags *ret_flags, guint64 *ret_modseq,
			       GError **error);
/** store_reader_structure: (transfer full) (nullable): %NULL without @error:
 * not fetched yet */
Part *store_reader_structure(StoreReader *reader, gint64 message,
			     GError **error);
/** store_reader_find_message_id: local ids of the messages with that
 * Message-ID, newest first, at most 100. Message-IDs are found through their
 * thread. (transfer full) */
GArray *store_reader_find_message_id(StoreReader *reader,
				     const char *message_id, GError **error);

/* ---- a mailbox at length, by UID: for the sync ---- */

/** store_reader_uids: the UIDs the server has as far as we know, hidden ones
 * included. (transfer full) (nullable); at length */
UidSet *store_reader_uids(StoreReader *reader, gint64 mailbox, GError **error);
/** store_reader_hidden: those hidden by store_writer_hide() */
UidSet *store_reader_hidden(StoreReader *reader, gint64 mailbox,
			    GError **error);
/** StoreFlagsFunc: Returns: %false to stop */
typedef bool (*StoreFlagsFunc)(guint32 uid, const MailFlags *flags,
			       guint64 modseq, gpointer user);
/** store_reader_each_flags: the server's flags of @first to @last, by rising
 * UID; at length */
bool store_reader_each_flags(StoreReader *reader, gint64 mailbox, guint32 first,
			     guint32 last, StoreFlagsFunc func, gpointer user,
			     GError **error);
/** store_reader_structureless: local ids in @mailbox since @since (µs) whose
 * structure is wanted, newest first, at most @max. (transfer full) */
GArray *store_reader_structureless(StoreReader *reader, gint64 mailbox,
				   gint64 since, guint max, GError **error);

/* ---- threads ---- */

/** STORE_THREAD_MAX: members of a thread; more start another one */
#define STORE_THREAD_MAX 100000u
/** STORE_DEPTH_MAX: depth is not told beyond */
#define STORE_DEPTH_MAX 250u
/** store_reader_thread: a conversation over all mailboxes, as a tree, oldest
 * first, mailbox_name set; at most @max rows around @message (0: the first
 * ones). (transfer full) (nullable) */
GPtrArray *store_reader_thread(StoreReader *reader, gint64 thread,
			       gint64 message, guint max, GError **error);
