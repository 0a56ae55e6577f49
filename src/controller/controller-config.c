/* controller-config.c - the configuration: read by GKeyFile, and again by lines
 */
#include <errno.h>
#include <string.h>

#include "base-file.h"
#include "base-path.h"
#include "base-word.h"
#include "controller-config-private.h"

#define CONFIG_MAX ((gsize)1 << 20)
#define ACCOUNTS_MAX 100u
#define ACCOUNT_NAME_MAX 64u

bool
config_complain(const ConfigPlace *place, GError **error, const char *format,
		...)
{
	g_autoptr(GString) text = g_string_new(place->path);
	va_list args;

	if (place->line > 0)
		g_string_append_printf(text, ":%u", place->line);
	g_string_append(text, ": ");
	if (place->key != NULL)
		g_string_append_printf(text, "%s: ", place->key);
	va_start(args, format);
	g_string_append_vprintf(text, format, args);
	va_end(args);
	g_set_error_literal(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE,
			    text->str);
	return false;
}

AccountConfig *
account_config_new(const char *name)
{
	AccountConfig *account = g_new0(AccountConfig, 1);

	account->name = g_strdup(name);
	account->auth = g_strdup("auto");
	account->timeout = 60;
	account->connections = 2;
	account->body_cache = (gint64)64 << 20;
	return account;
}

void
account_config_free(AccountConfig *account)
{
	if (account == NULL)
		return;
	g_free(account->name);
	g_free(account->person);
	g_free(account->email);
	g_free(account->host);
	g_free(account->user);
	g_free(account->password_command);
	g_free(account->auth);
	g_free(account->ca_file);
	g_free(account->client_certificate);
	g_strfreev(account->pins);
	g_strfreev(account->disabled);
	for (guint i = 0; i < G_N_ELEMENTS(account->roles); i++)
		g_free(account->roles[i]);
	g_strfreev(account->keep_offline);
	g_free(account->signature);
	g_free(account);
}

static void
free_account(gpointer account)
{
	account_config_free(account);
}

static Config *
config_new(const char *path)
{
	Config *config = g_new0(Config, 1);

	config->path = g_strdup(path);
	config->accounts = g_ptr_array_new_with_free_func(free_account);
	config->ui.list_order = g_strdup("date");
	config->ui.theme = g_strdup("auto");
	config->ui.ambiguous_width = 1;
	config->ui.key_lines = 1;
	config->ui.folders = true;
	config->ui.preview = true;
	return config;
}

void
config_free(Config *config)
{
	if (config == NULL)
		return;
	g_free(config->path);
	g_ptr_array_unref(config->accounts);
	g_free(config->ui.list_order);
	g_free(config->ui.editor);
	g_free(config->ui.theme);
	g_free(config);
}

/* ---- reading ---- */

/** What is read, line by line; GKeyFile has the values. */
typedef struct {
	Config *config;
	GKeyFile *file;
	GHashTable *seen; /* groups, and "group\nkey": line they stand in */
	ConfigPlace place;
	char *group; /* as in the file */
	guint group_line;
	gpointer target; /* of the group */
	ConfigGroup kind;
	bool in_group;
} Reading;

static bool
is_text(const char *value)
{
	for (const char *p = value; *p != '\0'; p++)
		if (((guchar)*p < ' ' && *p != '\t' && *p != '\n') ||
		    *p == 0x7f)
			return false;
	return true;
}

/* It becomes the name of a folder. */
static bool
is_account_name(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && name[0] != '-' &&
	       strlen(name) <= ACCOUNT_NAME_MAX && strchr(name, '/') == NULL &&
	       is_text(name) && strchr(name, '\t') == NULL;
}

static bool
finish_account(const Reading *reading, GError **error)
{
	AccountConfig *account = reading->target;
	ConfigPlace place = reading->place;

	if (!reading->in_group || reading->kind != CONFIG_GROUP_ACCOUNT)
		return true;
	place.line = reading->group_line;
	place.key = NULL;
	if (account->host == NULL)
		return config_complain(&place, error,
				       "account \"%s\" has no key imap",
				       account->name);
	if (account->email == NULL)
		return config_complain(&place, error,
				       "account \"%s\" has no key email",
				       account->name);
	if (account->user == NULL)
		account->user = g_strdup(account->email);
	return true;
}

static bool
begin_account(Reading *reading, const char *name, GError **error)
{
	if (!is_account_name(name))
		return config_complain(&reading->place, error,
				       "\"%s\" cannot be the name of an "
				       "account",
				       name);
	if (reading->config->accounts->len == ACCOUNTS_MAX)
		return config_complain(&reading->place, error,
				       "more than %u accounts", ACCOUNTS_MAX);
	reading->target = account_config_new(name);
	reading->kind = CONFIG_GROUP_ACCOUNT;
	g_ptr_array_add(reading->config->accounts, reading->target);
	return true;
}

/* Returns: %false with @error; a group is seen once */
static bool
note(Reading *reading, const char *what, bool is_key, GError **error)
{
	guint before =
	    GPOINTER_TO_UINT(g_hash_table_lookup(reading->seen, what));

	if (before > 0)
		return config_complain(&reading->place, error,
				       is_key ? N_("this key stands in line %u "
						   "already")
					      : N_("this group stands in line "
						   "%u already"),
				       before);
	g_hash_table_insert(reading->seen, g_strdup(what),
			    GUINT_TO_POINTER(reading->place.line));
	return true;
}

static bool
read_group(Reading *reading, const char *line, GError **error)
{
	static const char *const later[] = {"identity", "mailbox", "keys",
					    "colors", NULL};
	const char *end = strrchr(line, ']');
	g_auto(GStrv) words = NULL;

	if (!finish_account(reading, error))
		return false;
	reading->place.key = NULL;
	reading->in_group = false;
	if (end == NULL || end[1] != '\0')
		return config_complain(&reading->place, error,
				       "a group is written [account NAME]");
	g_free(reading->group);
	reading->group = g_strndup(line + 1, (gsize)(end - line - 1));
	reading->place.key = reading->group;
	reading->group_line = reading->place.line;
	if (!note(reading, reading->group, false, error))
		return false;
	words = g_strsplit(reading->group, " ", 2);
	reading->in_group = true;
	if (words[0] != NULL && strcmp(words[0], "account") == 0 &&
	    words[1] != NULL)
		return begin_account(reading, g_strstrip(words[1]), error);
	if (strcmp(reading->group, "ui") == 0) {
		reading->kind = CONFIG_GROUP_UI;
		reading->target = &reading->config->ui;
		return true;
	}
	if (words[0] != NULL && g_strv_contains(later, words[0]))
		return config_complain(&reading->place, error,
				       "not there yet in this version");
	return config_complain(&reading->place, error,
			       "no such group; there are [account NAME] and "
			       "[ui]");
}

/*
 * As GKeyFile does it, which sets one error over another for some bad escapes,
 * and keeps blanks at the end of a line. Returns: (nullable)
 */
static char *
unescape(const char *raw)
{
	static const char letters[] = "sntr\\";
	static const char meant[] = " \n\t\r\\";
	g_autoptr(GString) value = g_string_new(NULL);

	for (const char *p = raw; *p != '\0'; p++) {
		const char *letter;

		if (*p != '\\') {
			g_string_append_c(value, *p);
			continue;
		}
		letter = p[1] == '\0' ? NULL : strchr(letters, *++p);
		if (letter == NULL)
			return NULL;
		g_string_append_c(value, meant[letter - letters]);
	}
	return g_string_free(g_steal_pointer(&value), FALSE);
}

static bool
set_value(Reading *reading, const ConfigKey *key, GError **error)
{
	g_autofree char *raw = g_key_file_get_value(
	    reading->file, reading->group, key->name, NULL);
	g_autofree char *value = raw == NULL ? NULL : unescape(g_strchomp(raw));

	if (value == NULL)
		return config_complain(&reading->place, error,
				       "a backslash stands before s, n, t, r "
				       "or another one");
	if (!is_text(value))
		return config_complain(&reading->place, error,
				       "control characters are not allowed");
	return key->set(reading->target, value, &reading->place, error);
}

static bool
read_key(Reading *reading, const char *line, GError **error)
{
	const char *equals = strchr(line, '=');
	g_autofree char *name = NULL;
	g_autofree char *mark = NULL;
	const ConfigKey *key;
	const char *nearest;

	reading->place.key = NULL;
	if (equals == NULL || equals == line)
		return config_complain(&reading->place, error,
				       "neither [group] nor key = value");
	if (!reading->in_group)
		return config_complain(&reading->place, error,
				       "a key before the first group");
	name = g_strchomp(g_strndup(line, (gsize)(equals - line)));
	reading->place.key = name;
	key = config_key_find(reading->kind, name);
	if (key == NULL) {
		nearest = config_key_nearest(reading->kind, name);
		if (nearest != NULL)
			return config_complain(&reading->place, error,
					       "no such key; did you mean "
					       "%s?",
					       nearest);
		return config_complain(&reading->place, error, "no such key");
	}
	mark = g_strconcat(reading->group, "\n", name, NULL);
	if (!note(reading, mark, true, error))
		return false;
	if (key->set == NULL && key->advice != NULL)
		return config_complain(&reading->place, error, "%s",
				       key->advice);
	if (key->set == NULL)
		return config_complain(&reading->place, error,
				       "not there yet in this version");
	return set_value(reading, key, error);
}

static bool
read_lines(Reading *reading, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		char *line = g_strstrip(lines[i]);
		bool good = true;

		reading->place.line = i + 1;
		if (line[0] == '[')
			good = read_group(reading, line, error);
		else if (line[0] != '#' && line[0] != '\0')
			good = read_key(reading, line, error);
		if (!good)
			return false;
	}
	return finish_account(reading, error);
}

Config *
config_parse(const char *path, const char *text, gsize len, GError **error)
{
	g_autoptr(Config) config = config_new(path);
	g_autoptr(GKeyFile) file = g_key_file_new();
	Reading reading = {.config = config, .file = file};
	g_autofree char *copy = g_strndup(text, len);
	bool good;

	reading.place.path = path;
	if (memchr(text, '\0', len) != NULL ||
	    !g_utf8_validate(text, (gssize)len, NULL)) {
		(void)config_complain(&reading.place, error,
				      "the file is not UTF-8 text");
		return NULL;
	}
	/* what it does not like is found again by lines, with its number */
	(void)g_key_file_load_from_data(file, copy, len, G_KEY_FILE_NONE, NULL);
	reading.seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	good = read_lines(&reading, copy, error);
	g_hash_table_unref(reading.seen);
	g_free(reading.group);
	if (good && config->accounts->len == 0) {
		reading.place.line = 0;
		reading.place.key = NULL;
		good = config_complain(&reading.place, error,
				       "no group [account NAME] with a key "
				       "imap");
	}
	return good ? g_steal_pointer(&config) : NULL;
}

Config *
config_load(const char *path, bool *ret_missing, GError **error)
{
	g_autofree char *usual = path == NULL ? path_config() : NULL;
	const char *name = path != NULL ? path : usual;
	ConfigPlace place = {.path = name};
	g_autoptr(GError) cause = NULL;
	g_autoptr(GBytes) bytes = NULL;
	gsize len = 0;
	const char *text;

	if (ret_missing != NULL)
		*ret_missing = !g_file_test(name, G_FILE_TEST_EXISTS);
	bytes = file_read(name, CONFIG_MAX, &cause);
	if (bytes == NULL) {
		(void)config_complain(&place, error, "%s", cause->message);
		return NULL;
	}
	text = g_bytes_get_data(bytes, &len);
	return config_parse(name, text != NULL ? text : "", len, error);
}

/* ---- what was read ---- */

guint
config_n_accounts(const Config *config)
{
	return config->accounts->len;
}

const AccountConfig *
config_account(const Config *config, guint index)
{
	return g_ptr_array_index(config->accounts, index);
}

const UiConfig *
config_ui(const Config *config)
{
	return &config->ui;
}

const char *
config_path(const Config *config)
{
	return config->path;
}
