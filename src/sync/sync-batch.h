/* sync-batch.h - one step of a mailbox's sync on its way to the keeper; private
 * to src/sync */
#pragma once

#include "store-writer.h"
#include "sync-worker.h"

/** Rows, flags and removals of one step, and the state behind them. */
typedef struct {
	gint64 mailbox;
	GPtrArray *messages; /* of StoreMessage */
	GArray *flags;       /* of FlagRow */
	UidSet *removed;
	UidSet *hide;
	UidSet *unhide;
	UidSet *known; /* NULL: leave it */
	bool set_state;
	MailboxState state;
	bool synced;
	guint32 reset_to; /* new UIDVALIDITY; 0: none */
	bool settle;
	/* what came of it */
	StoreAdded added;
	guint n_changed;
	guint n_removed;
	GError *error;
} SyncBatch;

SyncBatch *sync_batch_new(gint64 mailbox);
void sync_batch_free(SyncBatch *batch);
/** sync_batch_add_rows: headers and flags that FETCH told; @taken: (nullable):
 * UIDs whose header came are added to it */
void sync_batch_add_rows(SyncBatch *batch, const ImapBatch *rows,
			 UidSet *taken);
/** sync_batch_add_removed: @gone: (transfer full): hidden only, where they are
 * so many of @total that they have to be verified first (SYNC.md 1.7) */
void sync_batch_add_removed(SyncWorker *worker, SyncBatch *batch, UidSet *gone,
			    guint total);
/** sync_batch_keep: @batch: (transfer full): written by the keeper, waited for;
 * @result: (nullable): numbers are added to it */
bool sync_batch_keep(SyncWorker *worker, SyncBatch *batch, SyncResult *result,
		     GError **error);

/* sync-mailbox.c, for sync-fill.c */
/** sync_mailbox_compare: UIDs against UIDs: what the store has and the server
 * has not is gone; what it lacks is noted as missing */
bool sync_mailbox_compare(SyncWorker *worker, SyncBatch *batch, guint total,
			  GError **error);
/** sync_mailbox_verify_later: %false where rows were hidden in this session:
 * another one must agree */
bool sync_mailbox_verify_later(SyncWorker *worker, const char *wire,
			       GError **error);
