/* controller-config-url.c - where the mail is: the value of the key imap */
#include <string.h>

#include <arpa/inet.h>

#include "controller-config-private.h"

static const struct {
	const char *scheme;
	ConfigSecurity security;
	guint16 port;
} schemes[] = {
    {"imaps", CONFIG_TLS, 993},
    {"imap", CONFIG_STARTTLS, 143},
    {"imap+plain", CONFIG_PLAIN, 143},
};

static bool
is_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (g_ascii_strcasecmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return (ntohl(v4.s_addr) >> 24) == 127;
	return inet_pton(AF_INET6, host, &v6) == 1 &&
	       memcmp(&v6, &in6addr_loopback, sizeof(v6)) == 0;
}

/* Letters of names and addresses; what percent signs brought in is none. */
static bool
is_host(const char *host)
{
	if (host == NULL || host[0] == '\0' || strlen(host) > 253)
		return false;
	for (const char *p = host; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr("-._:", *p) == NULL)
			return false;
	return true;
}

static bool
has_controls(const char *text)
{
	if (!g_utf8_validate(text, -1, NULL))
		return true;
	for (const char *p = text; *p != '\0'; p++)
		if ((guchar)*p < ' ' || *p == 0x7f)
			return true;
	return false;
}

bool
config_set_imap(gpointer target, const char *value, const ConfigPlace *place,
		GError **error)
{
	AccountConfig *account = target;
	g_autofree char *scheme = NULL;
	g_autofree char *user = NULL;
	g_autofree char *password = NULL;
	g_autofree char *host = NULL;
	g_autofree char *path = NULL;
	gint port = -1;
	guint found = 0;

	if (!g_uri_split_with_user(value, G_URI_FLAGS_HAS_PASSWORD, &scheme,
				   &user, &password, NULL, &host, &port, &path,
				   NULL, NULL, NULL) ||
	    scheme == NULL || !is_host(host))
		return config_complain(place, error,
				       "not an address like "
				       "imaps://imap.example.org");
	if (password != NULL)
		return config_complain(place, error,
				       "no password belongs here; use "
				       "password-command");
	/* percent signs hide what the file itself may not hold */
	if (user != NULL && has_controls(user))
		return config_complain(place, error,
				       "control characters are not allowed");
	while (found < G_N_ELEMENTS(schemes) &&
	       g_ascii_strcasecmp(schemes[found].scheme, scheme) != 0)
		found++;
	if (found == G_N_ELEMENTS(schemes))
		return config_complain(place, error,
				       "\"%s\" is not one of imaps, imap, "
				       "imap+plain",
				       scheme);
	if (path != NULL && path[0] != '\0' && strcmp(path, "/") != 0)
		return config_complain(place, error,
				       "nothing may stand behind the host");
	if (schemes[found].security == CONFIG_PLAIN && !is_loopback(host))
		return config_complain(place, error,
				       "imap+plain sends the password in "
				       "clear and is for this machine alone; "
				       "use imaps or imap");
	account->security = schemes[found].security;
	account->port = port > 0 ? (guint16)port : schemes[found].port;
	g_free(account->host);
	account->host = g_steal_pointer(&host);
	if (user != NULL && user[0] != '\0' && account->user == NULL)
		account->user = g_steal_pointer(&user);
	return true;
}

bool
account_config_set_imap(AccountConfig *account, const char *url, GError **error)
{
	const ConfigPlace place = {.path = url};

	return config_set_imap(account, url, &place, error);
}
