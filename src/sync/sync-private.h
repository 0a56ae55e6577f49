/* sync-private.h - the engine's two threads, as they see each other */
#pragma once

#include <stdatomic.h>

#include "sync-account.h"
#include "sync-lock.h"

typedef struct SyncKeeper SyncKeeper;
typedef struct SyncWorker SyncWorker;

/* ---- what both may use ---- */

/* what the journal remembers of the server, besides changes */
#define SYNC_KEY_CAPABILITIES "server-capabilities"
#define SYNC_KEY_NAMESPACE "server-namespace"

/** sync_emit: @event: (transfer full): up to the controller; any thread */
void sync_emit(Channel *events, SyncEvent *event);
/** sync_emit_job: the one last word on a job; @id 0: nobody asked.
 * @error: (nullable): copied */
void sync_emit_job(Channel *events, gint64 id, JobState state,
		   const GError *error);
void sync_emit_notice(Channel *events, NoticeKind notice, gint64 mailbox_id,
		      const char *text, guint count);

/* ---- keeper ---- */

/** SyncKeeperFunc: runs on the keeper's thread */
typedef void (*SyncKeeperFunc)(SyncKeeper *keeper, gpointer data);

/** sync_keeper_start: opens the journal; the rest happens on its thread */
SyncKeeper *sync_keeper_start(const SyncSettings *settings, Channel *events,
			      SyncWorker *worker, GError **error);
/** sync_keeper_stop: (nullable): does all that was posted, then ends */
void sync_keeper_stop(SyncKeeper *keeper);

/** sync_keeper_post: @data: (transfer full): given to @func, freed after it */
void sync_keeper_post(SyncKeeper *keeper, SyncKeeperFunc func, gpointer data,
		      GDestroyNotify free_data);
/** sync_keeper_call: the same, and waits for it; never from the controller's
 * thread. @data: borrowed */
void sync_keeper_call(SyncKeeper *keeper, SyncKeeperFunc func, gpointer data);
/** sync_keeper_post_job: @job: (transfer full): one of the keeper's kinds */
void sync_keeper_post_job(SyncKeeper *keeper, SyncJob *job);

/* ---- worker ---- */

SyncWorker *sync_worker_new(const SyncSettings *settings, Channel *events);
/** sync_worker_start: from then on @keeper is used by its thread */
void sync_worker_start(SyncWorker *worker, SyncKeeper *keeper);
/** sync_worker_post: @job: (transfer full): any thread; never blocks */
void sync_worker_post(SyncWorker *worker, SyncJob *job);
/** sync_worker_kick: something may be there to do: the journal has a change */
void sync_worker_kick(SyncWorker *worker);
/** sync_worker_set_role: the keeper has, or has not, the sync role */
void sync_worker_set_role(SyncWorker *worker, bool held);
void sync_worker_cancel(SyncWorker *worker, gint64 job);
/** sync_worker_end_soon: returns at once; sync_worker_stop() must follow */
void sync_worker_end_soon(SyncWorker *worker);
/** sync_worker_stop: cuts the connection and ends the thread */
void sync_worker_stop(SyncWorker *worker);
void sync_worker_free(SyncWorker *worker);
