/* sync-lock.h - which process syncs an account; private to src/sync */
#pragma once

#include <stdbool.h>

#include <glib.h>

/*
 * The process that holds sync.lock talks to the server and writes the cache.
 * The lock is an flock(): it goes with its process, however that ends. A
 * process that is stopped keeps it, so the holder touches the file every two
 * seconds; after ten without, and when /proc says that it is stopped, another
 * one puts a new file in its place. The old holder sees the exchange before its
 * next write (sync_lock_held()).
 */
typedef struct SyncLock SyncLock;

#define SYNC_LOCK_BEAT_US (2 * G_USEC_PER_SEC)
#define SYNC_LOCK_STALE_US (10 * G_USEC_PER_SEC)

/** sync_lock_new: @folder: the account's state folder, existing */
SyncLock *sync_lock_new(const char *folder);
/** sync_lock_free: (nullable): releases what is held */
void sync_lock_free(SyncLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SyncLock, sync_lock_free)

/** sync_lock_try: Returns: whether it is held now; never waits */
bool sync_lock_try(SyncLock *lock);
/** sync_lock_held: it is held and nobody has taken it over; one stat() */
bool sync_lock_held(SyncLock *lock);
/** sync_lock_beat: shows that the holder lives; call every
 * %SYNC_LOCK_BEAT_US */
void sync_lock_beat(SyncLock *lock);
void sync_lock_release(SyncLock *lock);

/** sync_lock_fd: readable when another process wants attention; -1 where not
 * held */
int sync_lock_fd(const SyncLock *lock);
/** sync_lock_drain: forgets the wake-ups that came. Returns: there were any */
bool sync_lock_drain(SyncLock *lock);
/** sync_lock_wake: tells the holder to look into the journal; never blocks */
void sync_lock_wake(SyncLock *lock);
