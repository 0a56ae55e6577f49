/* controller-config-keys.c - the keys of a configuration, and what their values
 * mean */
#include <string.h>

#include "base-word.h"
#include "controller-config-private.h"

#define TIMEOUT_MAX_S 3600
#define BODY_CACHE_MAX_MIB (1 << 20)
#define PINS_MAX 16u
#define NEAR_ENOUGH 4u

static void
replace(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value);
}

static bool
number(const char *value, gint64 min, gint64 max, gint64 *ret_number,
       const ConfigPlace *place, GError **error)
{
	if (g_ascii_string_to_signed(value, 10, min, max, ret_number, NULL))
		return true;
	return config_complain(place, error,
			       "\"%s\" is not a number from %d to %d", value,
			       (int)min, (int)max);
}

static bool
yes_or_no(const char *value, bool *ret_yes, const ConfigPlace *place,
	  GError **error)
{
	static const char *const yes[] = {"yes", "true", "on", "1", NULL};
	static const char *const no[] = {"no", "false", "off", "0", NULL};
	g_autofree char *lower = g_ascii_strdown(value, -1);

	*ret_yes = g_strv_contains(yes, lower);
	return *ret_yes || g_strv_contains(no, lower) ||
	       config_complain(place, error, "\"%s\" is not yes or no", value);
}

/* Returns: index of @value in @words, -1 with @error */
static gint
one_of(const char *value, const char *const *words, const ConfigPlace *place,
       GError **error)
{
	g_autofree char *all = g_strjoinv(", ", (char **)words);

	for (gint i = 0; words[i] != NULL; i++)
		if (g_ascii_strcasecmp(words[i], value) == 0)
			return i;
	(void)config_complain(place, error, "\"%s\" is not one of %s", value,
			      all);
	return -1;
}

static bool
is_command(const char *value, const ConfigPlace *place, GError **error)
{
	g_auto(GStrv) argv = NULL;

	if (g_shell_parse_argv(value, NULL, &argv, NULL))
		return true;
	return config_complain(place, error,
			       "a quote is not closed, or there is no word");
}

/* ---- [account NAME] ---- */

#define TEXT_SETTER(function, field)                                           \
	static bool function(gpointer target, const char *value,               \
			     const ConfigPlace *place, GError **error)         \
	{                                                                      \
		AccountConfig *account = target;                               \
                                                                               \
		if (value[0] == '\0')                                          \
			return config_complain(place, error,                   \
					       "it has no value");             \
		replace(&account->field, value);                               \
		return true;                                                   \
	}
TEXT_SETTER(set_name, person)
TEXT_SETTER(set_user, user)
TEXT_SETTER(set_ca_file, ca_file)
TEXT_SETTER(set_drafts, roles[MAILBOX_ROLE_DRAFTS])
TEXT_SETTER(set_sent, roles[MAILBOX_ROLE_SENT])
TEXT_SETTER(set_trash, roles[MAILBOX_ROLE_TRASH])
TEXT_SETTER(set_archive, roles[MAILBOX_ROLE_ARCHIVE])
TEXT_SETTER(set_junk, roles[MAILBOX_ROLE_JUNK])
TEXT_SETTER(set_followup, roles[MAILBOX_ROLE_FOLLOWUP])
TEXT_SETTER(set_signature, signature)

static bool
set_email(gpointer target, const char *value, const ConfigPlace *place,
	  GError **error)
{
	AccountConfig *account = target;
	const char *at = strrchr(value, '@');

	if (at == NULL || at == value || at[1] == '\0' ||
	    strpbrk(value, " \t<>,;\"") != NULL)
		return config_complain(place, error,
				       "\"%s\" is not an address like "
				       "alice@example.org",
				       value);
	replace(&account->email, value);
	return true;
}

static bool
set_password_command(gpointer target, const char *value,
		     const ConfigPlace *place, GError **error)
{
	AccountConfig *account = target;

	if (!is_command(value, place, error))
		return false;
	replace(&account->password_command, value);
	return true;
}

static bool
set_auth(gpointer target, const char *value, const ConfigPlace *place,
	 GError **error)
{
	static const char *const methods[] = {"auto", "plain", "login",
					      "scram-sha-256", NULL};
	static const char *const later[] = {"cram-md5", "scram-sha-256-plus",
					    "xoauth2",  "oauthbearer",
					    "external", NULL};
	AccountConfig *account = target;
	g_autofree char *lower = g_ascii_strdown(value, -1);

	if (g_strv_contains(later, lower))
		return config_complain(
		    place, error, "%s is not there yet in this version", lower);
	if (one_of(lower, methods, place, error) < 0)
		return false;
	replace(&account->auth, lower);
	return true;
}

static bool
set_pins(gpointer target, const char *value, const ConfigPlace *place,
	 GError **error)
{
	AccountConfig *account = target;
	g_auto(GStrv) pins = g_strsplit_set(value, " ;,\t", -1);
	GPtrArray *kept = g_ptr_array_new();

	for (guint i = 0; pins[i] != NULL; i++) {
		gsize len = 0;
		g_autofree guchar *raw = NULL;

		if (pins[i][0] == '\0')
			continue;
		raw = g_base64_decode(pins[i], &len);
		if (len != 32 || strlen(pins[i]) != 44 ||
		    kept->len == PINS_MAX) {
			g_ptr_array_add(kept, NULL);
			g_strfreev((char **)g_ptr_array_free(kept, FALSE));
			return config_complain(
			    place, error,
			    "\"%s\" is not the SHA-256 of a key in base64",
			    pins[i]);
		}
		g_ptr_array_add(kept, g_strdup(pins[i]));
	}
	g_ptr_array_add(kept, NULL);
	g_strfreev(account->pins);
	account->pins = (char **)g_ptr_array_free(kept, FALSE);
	return true;
}

static bool
set_timeout(gpointer target, const char *value, const ConfigPlace *place,
	    GError **error)
{
	AccountConfig *account = target;

	return number(value, 1, TIMEOUT_MAX_S, &account->timeout, place, error);
}

static bool
set_connections(gpointer target, const char *value, const ConfigPlace *place,
		GError **error)
{
	AccountConfig *account = target;
	gint64 connections = 0;

	if (!number(value, 1, 2, &connections, place, error))
		return false;
	account->connections = (guint)connections;
	return true;
}

static bool
set_disabled(gpointer target, const char *value, const ConfigPlace *place,
	     GError **error)
{
	AccountConfig *account = target;

	(void)place;
	(void)error;
	g_strfreev(account->disabled);
	account->disabled = g_strsplit_set(value, " ;,\t", -1);
	return true;
}

static bool
set_read_only(gpointer target, const char *value, const ConfigPlace *place,
	      GError **error)
{
	AccountConfig *account = target;

	return yes_or_no(value, &account->read_only, place, error);
}

static bool
set_body_cache(gpointer target, const char *value, const ConfigPlace *place,
	       GError **error)
{
	AccountConfig *account = target;
	gint64 mib = 0;

	if (!number(value, 0, BODY_CACHE_MAX_MIB, &mib, place, error))
		return false;
	account->body_cache = mib << 20;
	return true;
}

static bool
set_keep_offline(gpointer target, const char *value, const ConfigPlace *place,
		 GError **error)
{
	AccountConfig *account = target;

	(void)place;
	(void)error;
	g_strfreev(account->keep_offline);
	account->keep_offline = g_strsplit(value, ";", -1);
	for (guint i = 0; account->keep_offline[i] != NULL; i++)
		g_strstrip(account->keep_offline[i]);
	return true;
}

static const ConfigKey account_keys[] = {
    {"name", set_name, NULL},
    {"email", set_email, NULL},
    {"imap", config_set_imap, NULL},
    {"user", set_user, NULL},
    {"password-command", set_password_command, NULL},
    {"auth", set_auth, NULL},
    {"ca-file", set_ca_file, NULL},
    {"pin-sha256", set_pins, NULL},
    {"timeout", set_timeout, NULL},
    {"connections", set_connections, NULL},
    {"disable-extensions", set_disabled, NULL},
    {"read-only", set_read_only, NULL},
    {"folder-drafts", set_drafts, NULL},
    {"folder-sent", set_sent, NULL},
    {"folder-trash", set_trash, NULL},
    {"folder-archive", set_archive, NULL},
    {"folder-junk", set_junk, NULL},
    {"folder-followup", set_followup, NULL},
    {"body-cache", set_body_cache, NULL},
    {"keep-offline", set_keep_offline, NULL},
    {"signature", set_signature, NULL},
    {"password", NULL,
     N_("a password in a file is read by whoever reads the file; use "
	"password-command, or leave it out to be asked")},
    {"smtp", NULL, NULL},
    {"client-certificate", NULL, NULL},
    {"token-command", NULL, NULL},
    {"sent-copy", NULL, NULL},
    {"sendmail", NULL, NULL},
    {"undo-send", NULL, NULL},
    {"address-command", NULL, NULL},
};

/* ---- [ui] ---- */

static bool
set_order(gpointer target, const char *value, const ConfigPlace *place,
	  GError **error)
{
	static const char *const orders[] = {"date", "thread", NULL};
	UiConfig *ui = target;

	if (one_of(value, orders, place, error) < 0)
		return false;
	replace(&ui->list_order, value);
	return true;
}

static bool
set_editor(gpointer target, const char *value, const ConfigPlace *place,
	   GError **error)
{
	UiConfig *ui = target;

	if (!is_command(value, place, error))
		return false;
	replace(&ui->editor, value);
	return true;
}

#define CHOICE_SETTER(function, field, first, ...)                             \
	static bool function(gpointer target, const char *value,               \
			     const ConfigPlace *place, GError **error)         \
	{                                                                      \
		static const char *const words[] = {__VA_ARGS__, NULL};        \
		UiConfig *ui = target;                                         \
		gint found = one_of(value, words, place, error);               \
                                                                               \
		if (found < 0)                                                 \
			return false;                                          \
		ui->field = (guint)(found + (first));                          \
		return true;                                                   \
	}
CHOICE_SETTER(set_ambiguous, ambiguous_width, 1, "1", "2")
CHOICE_SETTER(set_key_lines, key_lines, 0, "0", "1", "2")
CHOICE_SETTER(set_scroll, scroll, 0, "half", "line", "page")
CHOICE_SETTER(set_selection, selection, 0, "band", "row", "marker")

static bool
set_text_width(gpointer target, const char *value, const ConfigPlace *place,
	       GError **error)
{
	UiConfig *ui = target;
	gint64 width = 0;

	if (!number(value, 20, 1000, &width, place, error))
		return false;
	ui->text_width = (guint)width;
	return true;
}

static bool
set_theme(gpointer target, const char *value, const ConfigPlace *place,
	  GError **error)
{
	static const char *const themes[] = {"auto", "dark", "light", "mono",
					     NULL};
	UiConfig *ui = target;

	if (one_of(value, themes, place, error) < 0)
		return false;
	replace(&ui->theme, value);
	return true;
}

static bool
set_dates(gpointer target, const char *value, const ConfigPlace *place,
	  GError **error)
{
	static const char *const formats[] = {"short", "iso", NULL};
	UiConfig *ui = target;
	gint found = one_of(value, formats, place, error);

	ui->iso_dates = found == 1;
	return found >= 0;
}

static bool
set_folders(gpointer target, const char *value, const ConfigPlace *place,
	    GError **error)
{
	UiConfig *ui = target;

	return yes_or_no(value, &ui->folders, place, error);
}

static bool
set_preview(gpointer target, const char *value, const ConfigPlace *place,
	    GError **error)
{
	UiConfig *ui = target;

	return yes_or_no(value, &ui->preview, place, error);
}

static const ConfigKey ui_keys[] = {
    {"list-order", set_order, NULL},
    {"editor", set_editor, NULL},
    {"ambiguous-width", set_ambiguous, NULL},
    {"key-lines", set_key_lines, NULL},
    {"text-width", set_text_width, NULL},
    {"scroll", set_scroll, NULL},
    {"selection", set_selection, NULL},
    {"theme", set_theme, NULL},
    {"date-format", set_dates, NULL},
    {"folders", set_folders, NULL},
    {"preview", set_preview, NULL},
    {"columns", NULL, NULL},
    {"mouse", NULL, NULL},
};

/* ---- finding a key ---- */

static const ConfigKey *
keys_of(ConfigGroup group, guint *ret_n)
{
	*ret_n = group == CONFIG_GROUP_ACCOUNT ? G_N_ELEMENTS(account_keys)
					       : G_N_ELEMENTS(ui_keys);
	return group == CONFIG_GROUP_ACCOUNT ? account_keys : ui_keys;
}

const ConfigKey *
config_key_find(ConfigGroup group, const char *name)
{
	guint n;
	const ConfigKey *keys = keys_of(group, &n);

	for (guint i = 0; i < n; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

/* Letters to add, drop or change until @a is @b; both are short. */
static guint
distance(const char *a, const char *b)
{
	guint row[64];
	gsize len = MIN(strlen(b), G_N_ELEMENTS(row) - 1);

	for (guint j = 0; j <= len; j++)
		row[j] = j;
	for (guint i = 1; a[i - 1] != '\0' && i < G_N_ELEMENTS(row); i++) {
		guint corner = row[0];

		row[0] = i;
		for (guint j = 1; j <= len; j++) {
			guint here = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			row[j] = MIN(here, MIN(row[j], row[j - 1]) + 1);
		}
	}
	return row[len];
}

const char *
config_key_nearest(ConfigGroup group, const char *name)
{
	guint n;
	guint best = NEAR_ENOUGH;
	const char *nearest = NULL;
	const ConfigKey *keys = keys_of(group, &n);

	for (guint i = 0; i < n; i++) {
		guint apart = distance(name, keys[i].name);

		if (apart < best && keys[i].advice == NULL) {
			best = apart;
			nearest = keys[i].name;
		}
	}
	return nearest;
}
