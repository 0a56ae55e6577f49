/* test-controller-config.c - what a configuration may hold, and what is said */
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "controller-config.h"
#include "controller.h"

#define GOOD                                                                   \
	"[account work]\n"                                                     \
	"name = Alice Example\n"                                               \
	"email = alice@example.org\n"                                          \
	"imap = imaps://imap.example.org\n"

#define PIN "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define PIN2 "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="

static Config *
parse(const char *text, GError **error)
{
	return config_parse("/c", text, strlen(text), error);
}

static void
test_wrong(void)
{
	static const struct {
		const char *text;
		const char *begin;
		const char *word; /* (nullable) */
	} cases[] = {
	    {"", "/c: ", "[account NAME]"},
	    {"[ui]\n", "/c: ", "[account NAME]"},
	    {"x = 1\n", "/c:1: ", "before"},
	    {GOOD "pasword-command = x\n",
	     "/c:5: pasword-command: ", "password-command"},
	    {GOOD "zzzzzzzzzzz = x\n", "/c:5: zzzzzzzzzzz: no such key", NULL},
	    {GOOD "name = Bob\n", "/c:5: name: ", "line 2"},
	    {GOOD "\n[account work]\nname = x\n",
	     "/c:6: account work: ", "line 1"},
	    {GOOD "[acount x]\n", "/c:5: acount x: ", "no such group"},
	    {GOOD "[keys]\n", "/c:5: keys: ", "not there yet"},
	    {GOOD "[identity a]\n", "/c:5: identity a: ", "not there yet"},
	    {GOOD "smtp = submissions://x\n", "/c:5: smtp: ", "not there yet"},
	    {GOOD "password = hunter2\n",
	     "/c:5: password: ", "password-command"},
	    {GOOD "timeout = soon\n", "/c:5: timeout: \"soon\"", NULL},
	    {GOOD "timeout = 0\n", "/c:5: timeout: ", NULL},
	    {GOOD "timeout = 99999999999999999999\n", "/c:5: timeout: ", NULL},
	    {GOOD "connections = 3\n", "/c:5: connections: ", NULL},
	    {GOOD "read-only = maybe\n", "/c:5: read-only: ", NULL},
	    {GOOD "auth = digest\n", "/c:5: auth: ", "plain"},
	    {GOOD "auth = xoauth2\n", "/c:5: auth: ", "not there yet"},
	    {GOOD "pin-sha256 = abc\n", "/c:5: pin-sha256: ", NULL},
	    {GOOD "password-command = pass 'show\n", "/c:5: password-command",
	     NULL},
	    {GOOD "password-command =\n", "/c:5: password-command", NULL},
	    {GOOD "user = a\\qb\n", "/c:5: user: ", "backslash"},
	    {GOOD "user = a\001b\n", "/c:5: user: ", "control"},
	    {GOOD "nonsense\n", "/c:5: ", "key = value"},
	    {GOOD "[ui\n", "/c:5: ", "group"},
	    {GOOD "[ui]\nscroll = up\n", "/c:6: scroll: ", "half"},
	    {GOOD "[ui]\nmouse = yes\n", "/c:6: mouse: ", "not there yet"},
	    {"[account a/b]\n", "/c:1: account a/b: ", NULL},
	    {"[account .x]\n", "/c:1: account .x: ", NULL},
	    {"[account x]\nemail = a@b\n", "/c:1: ", "imap"},
	    {"[account x]\nimap = imaps://h\n", "/c:1: ", "email"},
	    {"[account x]\nemail = alice\n", "/c:2: email: ", NULL},
	    {"[account x]\nimap = http://h\n", "/c:2: imap: ", "imaps"},
	    {"[account x]\nimap = imaps://\n", "/c:2: imap: ", NULL},
	    {"[account x]\nimap = h\n", "/c:2: imap: ", NULL},
	    {"[account x]\nimap = imaps://h/INBOX\n", "/c:2: imap: ", NULL},
	    {"[account x]\nimap = imaps://h:99999\n", "/c:2: imap: ", NULL},
	    {"[account x]\nimap = imaps://u:hunter2@h\n",
	     "/c:2: imap: ", "password-command"},
	    {"[account x]\nimap = imaps://h%25\n", "/c:2: imap: ", NULL},
	    {"[account x]\nimap = imaps://a%20b\n", "/c:2: imap: ", NULL},
	    {"[account x]\nimap = imaps://u%17@h\n", "/c:2: imap: ", "control"},
	    {"[account x]\nimap = imap+plain://h\n",
	     "/c:2: imap: ", "imap+plain"},
	    {"[account x]\nimap = imap+plain://127.0.0.1.example.org\n",
	     "/c:2: imap: ", NULL},
	    {"\xff\n", "/c: ", "UTF-8"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Config) config = parse(cases[i].text, &error);

		g_test_message("%s", cases[i].text);
		g_assert_null(config);
		g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE);
		g_test_message("%s", error->message);
		g_assert_true(g_str_has_prefix(error->message, cases[i].begin));
		if (cases[i].word != NULL)
			g_assert_nonnull(strstr(error->message, cases[i].word));
		g_assert_null(strstr(error->message, "hunter2"));
		g_assert_null(strchr(error->message, '\n'));
	}
}

static void
test_url(void)
{
	static const struct {
		const char *url;
		const char *host;
		guint port;
		ConfigSecurity security;
		const char *user;
	} cases[] = {
	    {"imaps://h", "h", 993, CONFIG_TLS, "a@b"},
	    {"imaps://h/", "h", 993, CONFIG_TLS, "a@b"},
	    {"IMAPS://h:1993", "h", 1993, CONFIG_TLS, "a@b"},
	    {"imap://h", "h", 143, CONFIG_STARTTLS, "a@b"},
	    {"imaps://b\303\274cher.example", "xn--bcher-kva.example", 993,
	     CONFIG_TLS, "a@b"},
	    {"imap://bob@h", "h", 143, CONFIG_STARTTLS, "bob"},
	    {"imap://b%40c@h", "h", 143, CONFIG_STARTTLS, "b@c"},
	    {"imaps://[2001:db8::1]:99", "2001:db8::1", 99, CONFIG_TLS, "a@b"},
	    {"imap+plain://localhost", "localhost", 143, CONFIG_PLAIN, "a@b"},
	    {"imap+plain://127.0.0.2:10143", "127.0.0.2", 10143, CONFIG_PLAIN,
	     "a@b"},
	    {"imap+plain://[::1]", "::1", 143, CONFIG_PLAIN, "a@b"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf(
		    "[account x]\nemail = a@b\nimap = %s\n", cases[i].url);
		g_autoptr(GError) error = NULL;
		g_autoptr(Config) config = parse(text, &error);
		const AccountConfig *account;

		g_assert_no_error(error);
		account = config_account(config, 0);
		g_assert_cmpstr(account->host, ==, cases[i].host);
		g_assert_cmpuint(account->port, ==, cases[i].port);
		g_assert_cmpint(account->security, ==, cases[i].security);
		g_assert_cmpstr(account->user, ==, cases[i].user);
	}
}

static void
test_values(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config =
	    parse("# a comment\n" GOOD "user=alice \n  timeout =  5\n"
		  "read-only = yes\npin-sha256 = " PIN " " PIN2 "\n"
		  "folder-trash = Gel\xc3\xb6schte Objekte\n"
		  "keep-offline = INBOX; Work\ndisable-extensions = IDLE MOVE\n"
		  "signature = Alice\\nExample\nbody-cache = 1\n"
		  "[account b\xc3\xbcro]\nemail=b@c\nimap=imap://h\n"
		  "[ui]\nlist-order = thread\nselection = row\nkey-lines = 2\n"
		  "editor = vim -u NONE\ndate-format = iso\npreview = no\n",
		  &error);
	const AccountConfig *account;
	const UiConfig *ui;

	g_assert_no_error(error);
	g_assert_cmpuint(config_n_accounts(config), ==, 2);
	account = config_account(config, 0);
	g_assert_cmpstr(account->name, ==, "work");
	g_assert_cmpstr(account->user, ==, "alice");
	g_assert_cmpint(account->timeout, ==, 5);
	g_assert_true(account->read_only);
	g_assert_cmpuint(g_strv_length(account->pins), ==, 2);
	g_assert_cmpstr(account->roles[MAILBOX_ROLE_TRASH], ==,
			"Gel\xc3\xb6schte Objekte");
	g_assert_cmpstr(account->keep_offline[1], ==, "Work");
	g_assert_cmpstr(account->disabled[1], ==, "MOVE");
	g_assert_cmpstr(account->signature, ==, "Alice\nExample");
	g_assert_cmpint(account->body_cache, ==, 1 << 20);
	g_assert_cmpstr(config_account(config, 1)->name, ==, "b\xc3\xbcro");
	ui = config_ui(config);
	g_assert_cmpstr(ui->list_order, ==, "thread");
	g_assert_cmpuint(ui->selection, ==, 1);
	g_assert_cmpuint(ui->key_lines, ==, 2);
	g_assert_cmpstr(ui->editor, ==, "vim -u NONE");
	g_assert_true(ui->iso_dates);
	g_assert_true(ui->folders);
	g_assert_false(ui->preview);
}

static void
test_pin(void)
{
	g_autofree char *folder = g_dir_make_tmp("config-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "config", NULL);
	static const char before[] =
	    "# mine\n" GOOD "pin-sha256 = " PIN2 "\n# more\n"
	    "[account other]\nemail = a@b\nimap = imaps://h\n"
	    "pin-sha256 = " PIN2 "\n";
	static const char after[] =
	    "# mine\n[account work]\npin-sha256 = " PIN "\n"
	    "name = Alice Example\nemail = alice@example.org\n"
	    "imap = imaps://imap.example.org\n# more\n"
	    "[account other]\nemail = a@b\nimap = imaps://h\n"
	    "pin-sha256 = " PIN2 "\n";
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = NULL;
	g_autofree char *written = NULL;
	struct stat info;

	g_assert_true(g_file_set_contents(path, before, -1, NULL));
	g_assert_cmpint(g_chmod(path, 0640), ==, 0);
	config = config_load(path, NULL, &error);
	g_assert_no_error(error);
	g_assert_true(config_add_pin(config, "work", PIN, &error));
	g_assert_no_error(error);
	g_assert_true(g_file_get_contents(path, &written, NULL, NULL));
	g_assert_cmpstr(written, ==, after);
	g_assert_cmpint(stat(path, &info), ==, 0);
	g_assert_cmpint(info.st_mode & 0777, ==, 0640);
	g_assert_cmpstr(config_account(config, 0)->pins[0], ==, PIN);
	g_assert_cmpstr(config_account(config, 1)->pins[0], ==, PIN2);
	g_assert_false(config_add_pin(config, "nobody", PIN, &error));
	g_assert_nonnull(error);
	(void)g_remove(path);
	(void)g_rmdir(folder);
}

static void
test_write(void)
{
	g_autofree char *folder = g_dir_make_tmp("config-XXXXXX", NULL);
	g_autofree char *below = g_build_filename(folder, "pennon", NULL);
	g_autofree char *path = g_build_filename(below, "config", NULL);
	g_autoptr(AccountConfig) account = account_config_new("work");
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = NULL;
	const AccountConfig *read;
	struct stat info;

	account->person = g_strdup(" Al\\ice \"E\"");
	account->email = g_strdup("alice@example.org");
	account->user = g_strdup("alice");
	account->host = g_strdup("2001:db8::1");
	account->port = 1143;
	account->security = CONFIG_STARTTLS;
	account->password_command = g_strdup("printf '%s\\n' \"x y\"");
	g_assert_true(config_write_account(path, account, &error));
	g_assert_no_error(error);
	g_assert_cmpint(stat(path, &info), ==, 0);
	g_assert_cmpint(info.st_mode & 0777, ==, 0600);
	config = config_load(path, NULL, &error);
	g_assert_no_error(error);
	read = config_account(config, 0);
	g_assert_cmpstr(read->person, ==, account->person);
	g_assert_cmpstr(read->email, ==, account->email);
	g_assert_cmpstr(read->user, ==, account->user);
	g_assert_cmpstr(read->host, ==, account->host);
	g_assert_cmpuint(read->port, ==, 1143);
	g_assert_cmpint(read->security, ==, CONFIG_STARTTLS);
	g_assert_cmpstr(read->password_command, ==, account->password_command);
	/* what is there stays */
	g_assert_false(config_write_account(path, account, &error));
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE);
	(void)g_remove(path);
	(void)g_rmdir(below);
	(void)g_rmdir(folder);
}

static void
test_missing(void)
{
	g_autoptr(GError) error = NULL;
	bool missing = false;

	g_assert_null(config_load("/nonexistent/config", &missing, &error));
	g_assert_true(missing);
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/wrong", test_wrong);
	g_test_add_func("/config/url", test_url);
	g_test_add_func("/config/values", test_values);
	g_test_add_func("/config/pin", test_pin);
	g_test_add_func("/config/write", test_write);
	g_test_add_func("/config/missing", test_missing);
	return g_test_run();
}
