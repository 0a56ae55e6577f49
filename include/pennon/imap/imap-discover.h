/* imap-discover.h - which IMAP servers a mail domain may have */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "imap-session.h"

/**
 * ImapServer: a place to try
 * @announced: the domain's own SRV records name it (RFC 6186, RFC 8314); else
 *   it is a usual name
 * @outside: it lies outside the mail domain: DNS is not signed, so a person is
 *   asked before a password goes there (RFC 6186 section 6)
 */
typedef struct {
	char *host;
	guint16 port;
	ImapSecurity security;
	bool announced;
	bool outside;
} ImapServer;
/** imap_server_free: (nullable) */
void imap_server_free(ImapServer *server);

/**
 * imap_discover:
 * @domain: of the mail address
 *
 * SRV records, TLS from the first byte first; where there is none the usual
 * names. Nothing is connected to. Blocks for DNS, at most ten seconds.
 *
 * Returns: (transfer full): array of #ImapServer, best first; empty where the
 * domain says that it has none
 */
GPtrArray *imap_discover(const char *domain);
