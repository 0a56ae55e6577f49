/* sync-keeper.h - the keeper's insides, for the files that run on its thread */
#pragma once

#include "store-body.h"
#include "store-draft.h"
#include "store-journal.h"
#include "store-reader.h"
#include "store-writer.h"
#include "sync-private.h"

/** SyncPending: a job that waits for its changes to come to an end */
typedef struct {
	gint64 job;
	GArray *changes; /* of gint64 */
	gint64 until; /* monotonic µs: without the role, when to give up; 0 */
} SyncPending;

struct SyncKeeper {
	const SyncSettings *settings;
	Channel *events;
	SyncWorker *worker;
	Channel *items;
	pthread_t thread;
	bool stopping;
	SyncLock *lock;
	bool held;
	bool released; /* ^Z: the role is not wanted now */
	gint64 next_beat;
	StoreJournal *journal;
	StoreWriter *writer; /* NULL without the role */
	StoreReader *reader;
	GPtrArray *pending; /* of SyncPending */
	GHashTable
	    *touched; /* mailbox ids whose rows changed; as gint64 keys */
	bool folders_touched;
	guint waiting;
	guint failed;
	gint64 idle_at; /* when to checkpoint */
};

/* sync-keeper.c */
/** sync_keeper_touch: rows of @mailbox changed; told after the commit */
void sync_keeper_touch(SyncKeeper *keeper, gint64 mailbox);
/** sync_keeper_commit: ends the transaction, tells what was touched; errors
 * are told as a failed store and end the sync role */
bool sync_keeper_commit(SyncKeeper *keeper);
/** sync_keeper_store_failed: @error: (transfer full) */
void sync_keeper_store_failed(SyncKeeper *keeper, GError *error);

/* sync-locate.c */
/** sync_locate: @wishes: (element-type Change): those without a mailbox name
 * messages by their local ids alone; they become one change for each mailbox
 * the messages lie in. Returns: (transfer full) (nullable): %SYNC_ERROR */
GPtrArray *sync_locate(SyncKeeper *keeper, const GPtrArray *wishes,
		       GError **error);

/* sync-intent.c: what the user means */
void sync_intent_job(SyncKeeper *keeper, SyncJob *job);
/** sync_intent_apply: shown state of a change that stands in the journal */
void sync_intent_apply(SyncKeeper *keeper, const Change *change);
/** sync_intent_check: jobs whose changes have ended get their last word */
void sync_intent_check(SyncKeeper *keeper);
/** sync_intent_counts: emits a queue event where the numbers changed */
void sync_intent_counts(SyncKeeper *keeper);
/** sync_intent_give_up: no connection, and nobody waits for one: all waiting
 * jobs end with @error */
void sync_intent_give_up(SyncKeeper *keeper, const GError *error);
/** sync_intent_fail: @error: (transfer full): the last word on @job */
void sync_intent_fail(SyncKeeper *keeper, gint64 job, GError *error);
/** sync_intent_journal: one fsync; then shown; then said; then sent */
void sync_intent_journal(SyncKeeper *keeper, gint64 job, GPtrArray *changes);
/** sync_intent_tell: an event of @job with its @changes as they are now */
void sync_intent_tell(SyncKeeper *keeper, gint64 job, const GPtrArray *changes,
		      JobState state, const GError *failure);
/** sync_intent_track: @job ends when @changes have */
void sync_intent_track(SyncKeeper *keeper, gint64 job,
		       const GPtrArray *changes);
/** sync_intent_add_message: a copy of it */
void sync_intent_add_message(Change *to, const ChangeMessage *message);
void sync_pending_free(gpointer pending);

/* sync-undo.c */
void sync_undo_job(SyncKeeper *keeper, const SyncJob *job);

/* sync-text.c */
/** sync_text_job: DRAFT and DRAFT_FORGET */
void sync_text_job(SyncKeeper *keeper, SyncJob *job);
/** sync_text_uploaded: the row of a draft whose append was confirmed */
void sync_text_uploaded(SyncKeeper *keeper, const Change *change);
