/* store-journal.h - journal.db: the truth of what the user meant */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-change.h"
#include "store-error.h"

/*
 * Every function that changes something is one transaction and returns when
 * it is durable (synchronous=FULL). One handle belongs to one thread. Several
 * processes may write: transactions are short, the wait for the lock is two
 * seconds, then %STORE_ERROR_BUSY.
 */
typedef struct StoreJournal StoreJournal;

/** STORE_MESSAGES_MAX: messages of one change; more are %STORE_ERROR_LIMIT */
#define STORE_MESSAGES_MAX 1000000u
/** STORE_HISTORY_MAX: closed changes that are kept */
#define STORE_HISTORY_MAX 200u

/**
 * store_journal_open:
 * @state_folder: the account's, absolute; made 0700 if missing
 * @read_only: for readers; never creates, never salvages
 * @ret_opened: (out) (optional): %STORE_REBUILT: it was damaged: the damaged
 *   file was set aside and what could be read is in the new one
 * @ret_set_aside: (out) (optional) (transfer full) (nullable): where
 * @error: %STORE_ERROR_NEWER: left alone; %STORE_ERROR_NOT_FOUND: @read_only
 *   and there is none
 *
 * Returns: (transfer full) (nullable)
 */
StoreJournal *store_journal_open(const char *state_folder, bool read_only,
				 StoreOpened *ret_opened, char **ret_set_aside,
				 GError **error);
/** store_journal_close: (nullable) */
void store_journal_close(StoreJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreJournal, store_journal_close)
/** store_journal_is_network: it lies on a network file system: one process at
 * a time, slower (%NOTICE_NETWORK_FILESYSTEM) */
bool store_journal_is_network(const StoreJournal *journal);

/**
 * store_journal_add:
 * @changes: (element-type Change): journaled as they are; @id, @group and
 *   @created are set. A change that @undoes another marks that one as undone.
 *
 * All of them in one transaction with one group number and one fsync.
 */
bool store_journal_add(StoreJournal *journal, GPtrArray *changes,
		       GError **error);

/**
 * store_journal_update:
 *
 * Writes state, step, attempts, not_before, error, dest_uid_validity,
 * dest_uid_next, draft_rev and the flags of @change. Its messages are written
 * only with store_journal_update_messages().
 */
bool store_journal_update(StoreJournal *journal, const Change *change,
			  GError **error);
/** store_journal_update_list: several as one transaction */
bool store_journal_update_list(StoreJournal *journal, const GPtrArray *changes,
			       GError **error);
/** store_journal_update_messages: what store_journal_update() writes, and the
 * messages (dest_uid, or a location that became known) */
bool store_journal_update_messages(StoreJournal *journal, const Change *change,
				   GError **error);

/** store_journal_retry: failed or unknown → queued, at once */
bool store_journal_retry(StoreJournal *journal, gint64 change, GError **error);
/** store_journal_drop: an open change that is not running → superseded */
bool store_journal_drop(StoreJournal *journal, gint64 change, GError **error);

/** store_journal_get: Returns: (transfer full) (nullable) */
Change *store_journal_get(StoreJournal *journal, gint64 change, GError **error);
/** store_journal_open_changes: held, queued, running, failed, unknown; oldest
 * first. Returns: (transfer full) (nullable): array of #Change */
GPtrArray *store_journal_open_changes(StoreJournal *journal, GError **error);
/** store_journal_for_message: the open changes that name the local id */
GPtrArray *store_journal_for_message(StoreJournal *journal, gint64 message,
				     GError **error);
/** store_journal_group: all changes of a group, oldest first */
GPtrArray *store_journal_group(StoreJournal *journal, gint64 group,
			       GError **error);
/** store_journal_last_undoable: the group one undo would take back: the last
 * one that has an undo (SYNC.md section 3), is none itself and was not undone.
 * Empty array if none. */
GPtrArray *store_journal_last_undoable(StoreJournal *journal, GError **error);
/** store_journal_history: the last closed ones, newest first, at most
 * %STORE_HISTORY_MAX; without their messages */
GPtrArray *store_journal_history(StoreJournal *journal, GError **error);
/** store_journal_counts: @ret_waiting: held, queued, running; @ret_failed:
 * failed, unknown. Costs the same however long the journal is. */
bool store_journal_counts(StoreJournal *journal, guint *ret_waiting,
			  guint *ret_failed, GError **error);
/** store_journal_next_due: @ret_time: µs since 1970 of the earliest not_before
 * of a held or queued change, 0 for none */
bool store_journal_next_due(StoreJournal *journal, gint64 *ret_time,
			    GError **error);
/** store_journal_changed: another process wrote since the last call */
bool store_journal_changed(StoreJournal *journal);
/** store_journal_prune: forgets closed changes beyond the history; when idle */
bool store_journal_prune(StoreJournal *journal, GError **error);

/** store_journal_reserve_ids: the next @n local ids, never given out again.
 * For the store itself. */
bool store_journal_reserve_ids(StoreJournal *journal, guint n,
			       gint64 *ret_first, GError **error);

/** store_journal_set: @value: (nullable): %NULL removes @key */
bool store_journal_set(StoreJournal *journal, const char *key,
		       const char *value, GError **error);
/** store_journal_value: (transfer full) (nullable): %NULL without @error: not
 * set */
char *store_journal_value(StoreJournal *journal, const char *key,
			  GError **error);

/** store_journal_checkpoint: when idle */
bool store_journal_checkpoint(StoreJournal *journal, GError **error);
