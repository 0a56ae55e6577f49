/* controller-config-write.c - pins and new accounts, written into the file */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base-errno.h"
#include "base-file.h"
#include "base-path.h"
#include "controller-config-private.h"

#define CONFIG_MAX ((gsize)1 << 20)

/* As g_key_file_get_string() reads it back. */
static void
write_value(GString *out, const char *key, const char *value)
{
	g_string_append_printf(out, "%s = ", key);
	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '\\')
			g_string_append(out, "\\\\");
		else if (*p == '\n')
			g_string_append(out, "\\n");
		else if (*p == '\t')
			g_string_append(out, "\\t");
		else if (*p == ' ' && (p == value || p[1] == '\0'))
			g_string_append(out, "\\s");
		else
			g_string_append_c(out, *p);
	}
	g_string_append_c(out, '\n');
}

static bool
fail(const char *path, const char *why, GError **error)
{
	ConfigPlace place = {.path = path};

	return config_complain(&place, error, "%s", why);
}

/* A link keeps pointing: what it names is replaced. */
static bool
replace_file(const char *path, const GString *text, GError **error)
{
	g_autofree char *real = realpath(path, NULL);
	g_autoptr(GError) cause = NULL;
	struct stat before;

	if (real == NULL || stat(real, &before) != 0)
		return fail(path, errno_text(errno), error);
	if (!file_write_durably(real, text->str, text->len, &cause))
		return fail(path, cause->message, error);
	if ((before.st_mode & 07777) != 0600 &&
	    chmod(real, before.st_mode & 0777) != 0)
		return fail(path, errno_text(errno), error);
	return true;
}

/* "[account work]", blanks aside */
static bool
begins_account(const char *line, const char *account)
{
	g_autofree char *text = g_strstrip(g_strdup(line));
	g_autofree char *name = NULL;
	gsize len = strlen(text);

	if (!g_str_has_prefix(text, "[account ") || text[len - 1] != ']')
		return false;
	name = g_strstrip(g_strndup(text + 9, len - 10));
	return strcmp(name, account) == 0;
}

static bool
is_pin_line(const char *line)
{
	g_autofree char *text = g_strchug(g_strdup(line));
	const char *rest = text + strlen("pin-sha256");

	if (!g_str_has_prefix(text, "pin-sha256"))
		return false;
	while (*rest == ' ' || *rest == '\t')
		rest++;
	return *rest == '=';
}

/* Right behind the group's line, the old pins of the account left out. */
static GString *
with_pin(const char *text, const char *account, const char *pin)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *out = g_string_new(NULL);
	bool inside = false;
	bool written = false;

	for (guint i = 0; lines[i] != NULL; i++) {
		if (lines[i][strspn(lines[i], " \t")] == '[')
			inside = false;
		if (inside && is_pin_line(lines[i]))
			continue;
		g_string_append(out, lines[i]);
		if (lines[i + 1] != NULL)
			g_string_append_c(out, '\n');
		if (!written && begins_account(lines[i], account)) {
			inside = written = true;
			if (lines[i + 1] == NULL)
				g_string_append_c(out, '\n');
			write_value(out, "pin-sha256", pin);
		}
	}
	if (!written)
		g_string_truncate(out, 0);
	return out;
}

static AccountConfig *
find_account(Config *config, const char *name)
{
	for (guint i = 0; i < config->accounts->len; i++) {
		AccountConfig *account = g_ptr_array_index(config->accounts, i);

		if (strcmp(account->name, name) == 0)
			return account;
	}
	return NULL;
}

bool
config_add_pin(Config *config, const char *account, const char *pin,
	       GError **error)
{
	AccountConfig *known = find_account(config, account);
	g_autoptr(GError) cause = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *before = NULL;
	g_autoptr(GString) after = NULL;
	gsize len;

	if (known == NULL)
		return fail(config->path, "no such account", error);
	bytes = file_read(config->path, CONFIG_MAX, &cause);
	if (bytes == NULL)
		return fail(config->path, cause->message, error);
	len = g_bytes_get_size(bytes);
	before = g_strndup(g_bytes_get_data(bytes, NULL), len);
	after = with_pin(before, account, pin);
	if (after->len == 0)
		return fail(config->path, "the account is not in it any more",
			    error);
	if (!replace_file(config->path, after, error))
		return false;
	g_strfreev(known->pins);
	known->pins = g_new0(char *, 2);
	known->pins[0] = g_strdup(pin);
	return true;
}

static const char *
scheme_of(ConfigSecurity security)
{
	switch (security) {
	case CONFIG_TLS:
		return "imaps";
	case CONFIG_STARTTLS:
		return "imap";
	case CONFIG_PLAIN:
		break;
	}
	return "imap+plain";
}

static char *
url_of(const AccountConfig *account)
{
	bool v6 = strchr(account->host, ':') != NULL;

	return g_strdup_printf("%s://%s%s%s:%u", scheme_of(account->security),
			       v6 ? "[" : "", account->host, v6 ? "]" : "",
			       account->port);
}

char *
config_account_text(const AccountConfig *account)
{
	GString *out = g_string_new("# see pennon.conf(5)\n\n");
	g_autofree char *url = url_of(account);

	g_string_append_printf(out, "[account %s]\n", account->name);
	if (account->person != NULL)
		write_value(out, "name", account->person);
	write_value(out, "email", account->email);
	write_value(out, "imap", url);
	if (account->user != NULL &&
	    g_strcmp0(account->user, account->email) != 0)
		write_value(out, "user", account->user);
	if (account->password_command != NULL)
		write_value(out, "password-command", account->password_command);
	if (account->ca_file != NULL)
		write_value(out, "ca-file", account->ca_file);
	if (account->pins != NULL && account->pins[0] != NULL)
		write_value(out, "pin-sha256", account->pins[0]);
	return g_string_free(out, FALSE);
}

bool
config_write_account(const char *path, const AccountConfig *account,
		     GError **error)
{
	g_autofree char *usual = path == NULL ? path_config() : NULL;
	const char *name = path != NULL ? path : usual;
	g_autofree char *folder = g_path_get_dirname(name);
	g_autofree char *text = config_account_text(account);
	g_autoptr(Config) check = NULL;
	g_autoptr(GError) cause = NULL;

	if (g_file_test(name, G_FILE_TEST_EXISTS))
		return fail(name, "the file is there already", error);
	/* what cannot be read back is not written */
	check = config_parse(name, text, strlen(text), error);
	if (check == NULL)
		return false;
	if (!file_make_dir(folder, &cause) ||
	    !file_write_durably(name, text, strlen(text), &cause))
		return fail(name, cause->message, error);
	return true;
}
