/* mime-address.h - reading addresses, strictly or not */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** mime_address_list_read: as mime_addresses_read(); @ret_odd: what is there is
 * not as RFC 5322 section 3.4 has it. Returns: (transfer full) */
GPtrArray *mime_address_list_read(const char *value, gsize len, bool *ret_odd);
