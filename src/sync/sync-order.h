/* sync-order.h - which changes must wait for others; private to src/sync */
#pragma once

#include "model-change.h"

/** SyncOrder: what changes touch that are still to come. It borrows from them:
 * they must stay, and stay as they are, as long as it does. */
typedef struct SyncOrder SyncOrder;

SyncOrder *sync_order_new(void);
/** sync_order_free: (nullable) */
void sync_order_free(SyncOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SyncOrder, sync_order_free)

/** sync_order_note: whatever touches the same messages, or a mailbox that
 * @change makes, renames or removes, comes behind it; and nothing renames or
 * removes a mailbox before what is to happen in it. Failed and unknown ones
 * hold nothing up: they may stay for ever. */
void sync_order_note(SyncOrder *order, Change *change);
/** sync_order_is_behind: one that was noted must be done before @change */
bool sync_order_is_behind(const SyncOrder *order, const Change *change);
