/* sync-name.h - names of mailboxes that do not exist yet */
#pragma once

#include <glib.h>

/**
 * sync_name_to_wire:
 * @name: as typed: UTF-8, or "=" and a raw name
 *
 * What #SyncJob and #Change call a wire name.
 *
 * Returns: (transfer full) (nullable): %NULL with %SYNC_ERROR_INVALID where it
 * cannot be a name
 */
char *sync_name_to_wire(const char *name, GError **error);
