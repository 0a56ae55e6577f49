/* controller-config.h - the configuration file, read and checked */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-mailbox.h"

/** ConfigSecurity: what the URL's scheme asks for */
typedef enum {
	CONFIG_TLS,      /* imaps:// */
	CONFIG_STARTTLS, /* imap://, required */
	CONFIG_PLAIN,    /* imap+plain://, loopback only */
} ConfigSecurity;

/**
 * AccountConfig: one [account NAME]; all text is UTF-8 without controls
 * @name: of the account, as typed with -a and shown on the top line; safe as
 *   the name of a folder
 * @person: (nullable): key "name": who writes
 * @user: login name: key "user", else the URL's, else @email
 * @password_command: (nullable): %NULL: it is asked for
 * @pins: (nullable): %NULL-terminated
 * @timeout: seconds, 60 if not set
 * @connections: 1 or 2
 * @disabled: (nullable): capabilities
 * @roles: (nullable) names in UTF-8, by #MailboxRole
 * @body_cache: bytes
 * @keep_offline: (nullable): names of mailboxes
 * @signature: (nullable): text, without its "-- " line
 */
typedef struct {
	char *name;
	char *person;
	char *email;
	char *host;
	guint16 port;
	ConfigSecurity security;
	char *user;
	char *password_command;
	char *auth;
	char *ca_file;
	char *client_certificate;
	char **pins;
	gint64 timeout;
	guint connections;
	char **disabled;
	bool read_only;
	char *roles[MAILBOX_ROLE_IMPORTANT + 1];
	gint64 body_cache;
	char **keep_offline;
	char *signature;
} AccountConfig;

/**
 * UiConfig: the group [ui]
 * @list_order: "date" or "thread"
 * @editor: (nullable): else $VISUAL, $EDITOR, vi
 * @ambiguous_width: cells of a character of ambiguous width, 1 or 2
 * @key_lines: 0 to 2
 * @text_width: columns of a message's text, 0: 78, from 100 columns 90
 * @scroll: 0 half, 1 line, 2 page, as message_list_set_scroll()
 * @selection: 0 band, 1 row, 2 marker
 * @theme: "auto", "dark", "light" or "mono"
 * @iso_dates: date-format = iso
 */
typedef struct {
	char *list_order;
	char *editor;
	guint ambiguous_width;
	guint key_lines;
	guint text_width;
	guint scroll;
	guint selection;
	char *theme;
	bool iso_dates;
	bool folders;
	bool preview;
} UiConfig;

/** Config: owned by main, constant once it is read (but for pins) */
typedef struct Config Config;

/**
 * config_load:
 * @path: (nullable): %NULL for the usual place
 * @ret_missing: (out) (optional): there is no file at @path
 * @error: %CONTROLLER_ERROR_USAGE; one line that names file, line and key, and
 *   the nearest known key. Values are never quoted for key "password".
 *
 * Reads a file of at most 1 MiB (GKeyFile), and again by lines for what that
 * does not tell: numbers of lines, keys and groups that stand twice.
 *
 * Returns: (transfer full) (nullable)
 */
Config *config_load(const char *path, bool *ret_missing, GError **error);
/** config_parse: the same from memory; @path is for messages, and for pins */
Config *config_parse(const char *path, const char *text, gsize len,
		     GError **error);
/** config_free: (nullable) */
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

guint config_n_accounts(const Config *config);
/** config_account: in the order of the file; there is at least one */
const AccountConfig *config_account(const Config *config, guint index);
const UiConfig *config_ui(const Config *config);
const char *config_path(const Config *config);

/**
 * config_add_pin:
 * @account: name
 * @pin: base64 of the SPKI's SHA-256
 *
 * Writes pin-sha256 of @account into the file, which stays as it is otherwise
 * (aside, fsync, rename; its mode kept), and into @config.
 */
bool config_add_pin(Config *config, const char *account, const char *pin,
		    GError **error);
/**
 * config_write_account:
 * @path: (nullable): %NULL for the usual place; an existing file is not
 *   touched: %CONTROLLER_ERROR_USAGE
 *
 * What the wizard found out: a file, 0600, with one account and comments.
 * Values are written so that config_parse() reads them back.
 */
bool config_write_account(const char *path, const AccountConfig *account,
			  GError **error);

/** config_account_text: what config_write_account() writes. (transfer full) */
char *config_account_text(const AccountConfig *account);

/** account_config_set_imap: host, port and security from a URL as the key imap
 * has it: %CONTROLLER_ERROR_USAGE */
bool account_config_set_imap(AccountConfig *account, const char *url,
			     GError **error);
/** account_config_new: (transfer full): the defaults */
AccountConfig *account_config_new(const char *name);
/** account_config_free: (nullable) */
void account_config_free(AccountConfig *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AccountConfig, account_config_free)
