/* imap-discover.c - SRV records, and the usual names where there are none */
#include "imap-discover.h"

#include <string.h>

#include "net-srv.h"

#define LOOKUP_US (5 * G_USEC_PER_SEC)

void
imap_server_free(ImapServer *server)
{
	if (server == NULL)
		return;
	g_free(server->host);
	g_free(server);
}

static void
free_server(gpointer server)
{
	imap_server_free(server);
}

static bool
is_inside(const char *host, const char *domain)
{
	gsize host_len = strlen(host);
	gsize len = strlen(domain);

	if (g_ascii_strcasecmp(host, domain) == 0)
		return true;
	return host_len > len + 1 && host[host_len - len - 1] == '.' &&
	       g_ascii_strcasecmp(host + host_len - len, domain) == 0;
}

static void
add(GPtrArray *servers, const char *host, guint16 port, ImapSecurity security,
    bool announced, const char *domain)
{
	ImapServer *server = g_new0(ImapServer, 1);

	server->host = g_strdup(host);
	server->port = port;
	server->security = security;
	server->announced = announced;
	server->outside = !is_inside(host, domain);
	g_ptr_array_add(servers, server);
}

/* @ret_none: the domain says that there is no such service.
 * Returns: whether there are some */
static bool
add_announced(GPtrArray *servers, const char *service, ImapSecurity security,
	      const char *domain, bool *ret_none)
{
	g_autoptr(GPtrArray) found =
	    net_srv_lookup(service, domain, LOOKUP_US, NULL);
	bool any = false;

	for (guint i = 0; i < found->len; i++) {
		const NetService *record = g_ptr_array_index(found, i);

		if (record->host[0] == '\0') {
			*ret_none = true;
			continue;
		}
		add(servers, record->host, record->port, security, true,
		    domain);
		any = true;
	}
	return any;
}

GPtrArray *
imap_discover(const char *domain)
{
	static const struct {
		const char *prefix;
		guint16 port;
		ImapSecurity security;
	} usual[] = {
	    {"imap.", 993, IMAP_SECURITY_TLS},
	    {"mail.", 993, IMAP_SECURITY_TLS},
	    {"imap.", 143, IMAP_SECURITY_STARTTLS},
	    {"mail.", 143, IMAP_SECURITY_STARTTLS},
	    {"", 993, IMAP_SECURITY_TLS},
	};
	GPtrArray *servers = g_ptr_array_new_with_free_func(free_server);
	bool no_tls = false;
	bool no_starttls = false;
	bool any = add_announced(servers, "_imaps._tcp", IMAP_SECURITY_TLS,
				 domain, &no_tls);

	any |= add_announced(servers, "_imap._tcp", IMAP_SECURITY_STARTTLS,
			     domain, &no_starttls);
	if (any || (no_tls && no_starttls))
		return servers;
	for (guint i = 0; i < G_N_ELEMENTS(usual); i++) {
		g_autofree char *host =
		    g_strconcat(usual[i].prefix, domain, NULL);

		add(servers, host, usual[i].port, usual[i].security, false,
		    domain);
	}
	return servers;
}
