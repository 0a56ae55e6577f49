/* main.c - what happens before the first command and the first screen */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "base-file.h"
#include "base-guard.h"
#include "base-log.h"
#include "base-path.h"
#include "base-secret.h"
#include "base-spawn.h"
#include "base-text.h"
#include "cli.h"
#include "controller.h"
#include "imap-error.h"
#include "mime-error.h"
#include "net-stream.h"
#include "store-error.h"
#include "sync-account.h"
#include "ui.h"

/* The domain's tables are made here, before there is a second thread. */
static void
register_quarks(void)
{
	(void)file_error_quark();
	(void)spawn_error_quark();
	(void)net_error_quark();
	(void)imap_error_quark();
	(void)mime_error_quark();
	(void)store_error_quark();
	(void)sync_error_quark();
	(void)controller_error_quark();
	(void)cli_error_quark();
	(void)g_convert_error_quark();
	(void)g_key_file_error_quark();
	(void)g_shell_error_quark();
	(void)g_spawn_error_quark();
	(void)g_file_error_quark();
}

/* Mail is UTF-8 here: a locale that cannot show it gives way. */
static void
start_locale(void)
{
	const char *charset;

	if (setlocale(LC_ALL, "") == NULL || !g_get_charset(&charset))
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	bindtextdomain(GETTEXT_PACKAGE, PENNON_LOCALE_FOLDER);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);
}

static void
start_log(void)
{
	g_autofree char *folder = path_state(NULL);
	g_autofree char *path = g_build_filename(folder, "log", NULL);
	g_autoptr(GError) error = NULL;

	log_start(file_make_dir(folder, &error) ? path : NULL);
}

static int
open_screen(Config *config, const CliOptions *options)
{
	UiOptions ui = {
	    .config_path = options->config,
	    .account = options->account,
	    .mailbox = options->n_args > 0 ? options->args[0] : NULL,
	    .trace = options->trace,
	    .offline = options->offline,
	    .ascii = options->ascii,
	};

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		fprintf(stderr, "pennon: %s\n",
			_("the screen needs a terminal; pennon --help lists "
			  "the commands that do not"));
		return CLI_USAGE;
	}
	return ui_run(config, &ui);
}

static bool
wants_screen(const CliOptions *options)
{
	return options->command == NULL ||
	       strcmp(options->command, "open") == 0;
}

static int
run(const CliOptions *options)
{
	g_autoptr(Config) config = NULL;
	g_autoptr(GError) error = NULL;
	bool missing = false;

	if (options->help) {
		cli_usage();
		return CLI_DONE;
	}
	if (options->version) {
		printf("pennon %s\n", PENNON_VERSION);
		return CLI_DONE;
	}
	if (wants_screen(options) && options->n_args > 1) {
		g_autofree char *word = text_clean_line(options->args[0], -1);

		/* TRANSLATORS: %s is a word of the command line */
		fprintf(stderr, _("pennon: %s: no such command\n"), word);
		return CLI_USAGE;
	}
	config = config_load(options->config, &missing, &error);
	/* without a file the screen begins with the wizard */
	if (config == NULL && !(missing && wants_screen(options))) {
		cli_error_line(error);
		return CLI_USAGE;
	}
	return wants_screen(options) ? open_screen(config, options)
				     : cli_run(options, config);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	CliOptions options;
	int status;

	secret_no_core();
	start_locale();
	/* a reader that went away is an error of write(), not our end */
	(void)signal(SIGPIPE, SIG_IGN);
	register_quarks();
	start_log();
	mime_init();
	guard_mark_ui_thread();
	if (!cli_parse(argc, argv, &options, &error)) {
		cli_error_line(error);
		return CLI_USAGE;
	}
	status = run(&options);
	cli_options_clear(&options);
	return cli_finish(status);
}
