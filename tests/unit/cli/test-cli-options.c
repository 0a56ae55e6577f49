/* test-cli-options.c - the command line, read */
#include <glib.h>
#include <string.h>

#include "cli.h"
#include "controller.h"

/* @line: blank-separated, without the program. Returns: (nullable): command
 * and arguments, parted by "|"; NULL: refused */
static char *
parse(const char *line, CliOptions *options)
{
	g_autofree char *whole = g_strconcat("pennon ", line, NULL);
	g_autoptr(GError) error = NULL;
	GString *found;
	char **argv;
	int argc;

	g_assert_true(g_shell_parse_argv(whole, &argc, &argv, &error));
	/* what is borrowed from argv lives as long as the test */
	g_test_queue_destroy((GDestroyNotify)g_strfreev, argv);
	if (!cli_parse(argc, argv, options, &error)) {
		g_assert_error(error, CLI_ERROR, 0);
		g_assert_null(strchr(error->message, '\n'));
		return NULL;
	}
	found = g_string_new(options->command);
	for (guint i = 0; i < options->n_args; i++)
		g_string_append_printf(found, "|%s", options->args[i]);
	g_assert_null(options->args[options->n_args]);
	return g_string_free(found, FALSE);
}

static void
test_words(void)
{
	static const struct {
		const char *line;
		const char *wanted; /* NULL: refused */
	} cases[] = {
	    {"", ""},
	    {"Archive", "|Archive"},
	    {"sync", "sync"},
	    {"sync INBOX Archive", "sync|INBOX|Archive"},
	    {"--json sync", "sync"},
	    {"sync --json", "sync"},
	    {"open sync", "open|sync"},
	    {"-- sync", "|sync"},
	    {"list -- --json", "list|--json"},
	    {"list -", "list|-"},
	    {"flag INBOX 4 -seen +flagged", "flag|INBOX|4|-seen|+flagged"},
	    {"flag INBOX 4 --json -seen", "flag|INBOX|4|-seen"},
	    {"flag -x INBOX 4", NULL},
	    {"list --limit 3 INBOX", "list|INBOX"},
	    {"list --limit=3 INBOX", "list|INBOX"},
	    {"list --limit INBOX", NULL},
	    {"list --limit 0 INBOX", NULL},
	    {"list --limit -1 INBOX", NULL},
	    {"list --limit 4294967296 INBOX", NULL},
	    {"list --limit", NULL},
	    {"list INBOX --json=yes", NULL},
	    {"list INBOX --nothing", NULL},
	    {"list INBOX -x", NULL},
	    {"--limit 3", NULL},
	    {"sync --limit 3", NULL},
	    {"delete INBOX 4 --forever", "delete|INBOX|4"},
	    {"move INBOX 4 Archive --forever", NULL},
	    {"-c file -a name check", "check"},
	    {"-cfile -aname check", "check"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		CliOptions options = {0};
		g_autofree char *found = parse(cases[i].line, &options);

		g_test_message("%s", cases[i].line);
		g_assert_cmpstr(found, ==, cases[i].wanted);
		if (found != NULL)
			cli_options_clear(&options);
	}
}

static void
test_values(void)
{
	CliOptions options = {0};
	g_autofree char *found =
	    parse("--offline list --query='from:ada is:unread' -awork "
		  "--config /a/b --limit 7 INBOX --json",
		  &options);

	g_assert_cmpstr(found, ==, "list|INBOX");
	g_assert_cmpstr(options.query, ==, "from:ada is:unread");
	g_assert_cmpstr(options.account, ==, "work");
	g_assert_cmpstr(options.config, ==, "/a/b");
	g_assert_cmpuint(options.limit, ==, 7);
	g_assert_true(options.offline);
	g_assert_true(options.json);
	g_assert_false(options.raw);
	cli_options_clear(&options);
}

static void
test_status(void)
{
	static const struct {
		ControllerError code;
		CliStatus status;
	} cases[] = {
	    {CONTROLLER_ERROR_NOT_FOUND, CLI_REFUSED},
	    {CONTROLLER_ERROR_REFUSED, CLI_REFUSED},
	    {CONTROLLER_ERROR_USAGE, CLI_USAGE},
	    {CONTROLLER_ERROR_CONNECTION, CLI_CONNECTION},
	    {CONTROLLER_ERROR_UNTRUSTED, CLI_CONNECTION},
	    {CONTROLLER_ERROR_LOGIN, CLI_LOGIN},
	    {CONTROLLER_ERROR_QUEUED, CLI_QUEUED},
	    {CONTROLLER_ERROR_STORE, CLI_REFUSED},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = g_error_new_literal(
		    CONTROLLER_ERROR, (gint)cases[i].code, "why");

		g_assert_cmpint(cli_status_of(error), ==, cases[i].status);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cli/words", test_words);
	g_test_add_func("/cli/values", test_values);
	g_test_add_func("/cli/status", test_status);
	return g_test_run();
}
