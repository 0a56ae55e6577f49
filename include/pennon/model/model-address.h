/* model-address.h - a name and a mail address */
#pragma once

#include <stdbool.h>

#include <glib.h>

/**
 * Address:
 * @name: (nullable): display name in UTF-8, decoded, unfiltered
 * @email: addr-spec in UTF-8, unfiltered; "" for the name of an empty group
 */
typedef struct {
	char *name;
	char *email;
} Address;

Address *address_new(const char *name, const char *email);
/** address_free: (nullable) */
void address_free(Address *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Address, address_free)

/** address_list_new: Returns: (transfer full): array of #Address that frees
 * them */
GPtrArray *address_list_new(void);
GPtrArray *address_list_copy(const GPtrArray *list);

/** address_list_pack: one string for a store column: name US email RS …
 * (0x1f, 0x1e; both never stand in a decoded header). %NULL for an empty list
 */
char *address_list_pack(const GPtrArray *list);
/** address_list_unpack: @packed: (nullable); (transfer full) */
GPtrArray *address_list_unpack(const char *packed);

/** address_shown: Returns: (transfer full): the display name; the address
 * where there is none or where the name contains an "@" that is not the
 * sender's own address (SCREENS section 4). Unfiltered. */
char *address_shown(const Address *address);
