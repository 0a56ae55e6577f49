/* imap-name.h - mailbox names: UTF-8 for people, modified UTF-7 on the wire */
#pragma once

#include <stdbool.h>

#include <glib.h>

/**
 * imap_name_to_wire:
 * @name: as shown and typed: UTF-8, or "=" and a raw name
 *
 * Modified UTF-7 (RFC 3501 section 5.1.3).
 *
 * Returns: (transfer full) (nullable): %NULL with %IMAP_ERROR_INVALID where
 * @name is empty, too long, no UTF-8, or holds CR, LF, NUL
 */
char *imap_name_to_wire(const char *name, GError **error);
/** imap_name_from_wire: what people see: decoded where that encodes to the
 * same bytes again, else "=" and the raw bytes as valid UTF-8.
 * Returns: (transfer full) */
char *imap_name_from_wire(const char *wire);
