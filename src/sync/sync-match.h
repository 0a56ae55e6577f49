/* sync-match.h - which message a lost command has left in its target
 * (SYNC.md section 3); private to src/sync */
#pragma once

#include "mime-header.h"
#include "model-change.h"

typedef struct SyncMatch SyncMatch;

/** sync_match_new: @change: borrowed; of kind move, copy or append */
SyncMatch *sync_match_new(Change *change);
/** sync_match_free: (nullable) */
void sync_match_free(SyncMatch *match);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SyncMatch, sync_match_free)

/** sync_match_know: what the message at @position of the change is like, where
 * that is known: all of it must agree then. @date: INTERNALDATE, 0: not known
 */
void sync_match_know(SyncMatch *match, guint position, gint64 size,
		     gint64 date);

/**
 * sync_match_add:
 * @uid: of a message that has come to the target since
 * @date: INTERNALDATE, 0 where the server did not tell
 * @header: of it
 *
 * A draft agrees by UUID and revision, any other message by Message-ID and by
 * what is known of it.
 */
void sync_match_add(SyncMatch *match, guint32 uid, guint64 size, gint64 date,
		    const MessageHeader *header);

/**
 * sync_match_end:
 * @ret_doubtful: some agree with more than one, or with nothing at all by
 *   which they could be known
 *
 * Sets the dest_uid of those that were found exactly once; of a draft's twins
 * that of the highest UID.
 *
 * Returns: how many those are
 */
guint sync_match_end(SyncMatch *match, bool *ret_doubtful);
