/* sync-name.c - names of mailboxes that do not exist yet */
#include "sync-name.h"

#include "imap-name.h"
#include "sync-account.h"

char *
sync_name_to_wire(const char *name, GError **error)
{
	g_autoptr(GError) cause = NULL;
	char *wire = imap_name_to_wire(name, &cause);

	if (wire == NULL)
		g_set_error_literal(error, SYNC_ERROR, SYNC_ERROR_INVALID,
				    cause->message);
	return wire;
}
