/* sync-name.h - names of mailboxes that do not exist yet */
#pragma once

#include <glib.h>

#include "store-reader.h"

/**
 * sync_name_to_wire:
 * @name: as typed: UTF-8, or "=" and a raw name
 * @store: of the account, which knows what all names begin with on its server
 *   ("INBOX."): that is put before a @name without, but for INBOX and raw ones
 *
 * What #SyncJob and #Change call a wire name.
 *
 * Returns: (transfer full) (nullable): %NULL with %SYNC_ERROR_INVALID where it
 * cannot be a name
 */
char *sync_name_to_wire(const char *name, StoreReader *store, GError **error);
/** sync_name_place: (transfer full): the same for a wire name that is not
 * there yet */
char *sync_name_place(StoreReader *store, const char *wire);
