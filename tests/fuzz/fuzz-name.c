/* fuzz-name.c - mailbox names: what is shown leads back to the same bytes */
#include <string.h>

#include "imap-name.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree char *wire = g_strndup((const char *)data, size);
	g_autofree char *shown = imap_name_from_wire(wire);
	g_autofree char *again = NULL;

	g_assert(g_utf8_validate(shown, -1, NULL));
	again = imap_name_to_wire(shown, NULL);
	/* a name that is not raw must be the one that came */
	if (again != NULL && shown[0] != '=')
		g_assert(strcmp(again, wire) == 0);
	g_free(again);
	again = imap_name_to_wire(wire, NULL);
	return 0;
}
