/* sync-name.c - names of mailboxes that do not exist yet */
#include "sync-name.h"

#include <string.h>

#include "imap-name.h"
#include "sync-private.h"

/* INBOX is itself, and below it all that begins with it lies by its own name */
static bool
is_placed(const char *wire, const char *space)
{
	return g_ascii_strcasecmp(wire, "INBOX") == 0 ||
	       g_ascii_strncasecmp(wire, space, strlen(space)) == 0;
}

char *
sync_name_place(StoreReader *store, const char *wire)
{
	StoreJournal *journal = store_reader_journal(store);
	g_autofree char *space =
	    journal == NULL
		? NULL
		: store_journal_value(journal, SYNC_KEY_NAMESPACE, NULL);

	return space == NULL || is_placed(wire, space) ||
		       strlen(space) + strlen(wire) > MAILBOX_NAME_MAX
		   ? g_strdup(wire)
		   : g_strconcat(space, wire, NULL);
}

char *
sync_name_to_wire(const char *name, StoreReader *store, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autofree char *wire = imap_name_to_wire(name, &cause);

	if (wire == NULL) {
		g_set_error_literal(error, SYNC_ERROR, SYNC_ERROR_INVALID,
				    cause->message);
		return NULL;
	}
	return name[0] == '=' ? g_steal_pointer(&wire)
			      : sync_name_place(store, wire);
}
