/* cli-run.c - one command: the controller below it, waiting, exit status */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "base-text.h"
#include "cli-private.h"
#include "words.h"

/* how long a change may wait for the process that has the sync role */
#define QUEUED_PATIENCE_MS 30000u

typedef enum {
	NEEDS_STORE,  /* answers from the store alone */
	NEEDS_SERVER, /* talks to the server, or fetches what is missing */
	NEEDS_INPUT, /* the same, and starts when it has read its input: whoever
			has the account must not sit and wait for a pipe */
} CliNeeds;

static const struct {
	const char *name;
	CliFunc func;
	CliNeeds needs;
	guint min_args;
	guint max_args;
	const char *synopsis;
} commands[] = {
    {"check", cli_check, NEEDS_SERVER, 0, 0, N_("[--cache [--repair]]")},
    {"sync", cli_sync, NEEDS_SERVER, 0, G_MAXUINT, N_("[MAILBOX...]")},
    {"folders", cli_folders, NEEDS_STORE, 0, 0, ""},
    {"folder", cli_folder, NEEDS_SERVER, 2, 3,
     N_("create|rename|delete|subscribe|unsubscribe NAME [NEW]")},
    {"list", cli_list, NEEDS_STORE, 1, 1,
     N_("MAILBOX [--limit N] [--query QUERY]")},
    {"show", cli_show, NEEDS_SERVER, 2, 2,
     N_("MAILBOX UID [--raw|--headers|--part N] [--mark-read] [--force]")},
    {"parts", cli_parts, NEEDS_SERVER, 2, 2, N_("MAILBOX UID")},
    {"save", cli_save, NEEDS_SERVER, 2, 2,
     N_("MAILBOX UID [--part N] --to FOLDER")},
    {"flag", cli_flag, NEEDS_SERVER, 3, G_MAXUINT,
     N_("MAILBOX UIDS CHANGE...")},
    {"followup", cli_followup, NEEDS_SERVER, 0, 2,
     N_("[MAILBOX UIDS --due WHEN|--done]")},
    {"move", cli_move, NEEDS_SERVER, 3, 3, N_("MAILBOX UIDS DEST")},
    {"copy", cli_copy, NEEDS_SERVER, 3, 3, N_("MAILBOX UIDS DEST")},
    {"delete", cli_delete, NEEDS_SERVER, 2, 2, N_("MAILBOX UIDS [--forever]")},
    {"draft", cli_draft, NEEDS_INPUT, 0, 0, N_("[--replace UID]")},
    {"send", cli_send, NEEDS_SERVER, 0, 0, N_("[--at TIME]")},
    {"search", cli_search, NEEDS_STORE, 1, 1,
     N_("QUERY [--in MAILBOX] [--limit N] [--server]")},
    {"queue", cli_queue, NEEDS_STORE, 0, 2, N_("[retry|drop ID]")},
    {"undo", cli_undo, NEEDS_SERVER, 0, 1, N_("[ID]")},
    {"open", NULL, NEEDS_STORE, 1, 1, N_("MAILBOX")},
};

bool
cli_command_exists(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, word) == 0)
			return true;
	return false;
}

static const char *
synopsis(guint command)
{
	/* gettext("") is the catalogue's head */
	return commands[command].synopsis[0] == '\0'
		   ? ""
		   : _(commands[command].synopsis);
}

void
cli_usage(void)
{
	printf("%s\n", _("Usage: pennon [OPTIONS] [MAILBOX]\n"
			 "       pennon [OPTIONS] COMMAND ..."));
	printf("\n%s\n", _("Commands:"));
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		printf("  %s %s\n", commands[i].name, synopsis(i));
	printf("\n%s\n",
	       _("Options:\n"
		 "  -c, --config FILE   the configuration\n"
		 "  -a, --account NAME  the account, if there are several\n"
		 "      --offline       do not connect; changes wait\n"
		 "      --json          one JSON object a line\n"
		 "      --trace FILE    write what goes over the line, without "
		 "secrets\n"
		 "      --ascii         no signs but ASCII on the screen\n"
		 "  -V, --version\n"
		 "  -h, --help"));
}

void
cli_error_line(const GError *error)
{
	g_autofree char *message = words_translate(error->message);
	g_autofree char *clean = text_clean_line(message, -1);

	fprintf(stderr, "pennon: %s\n", clean);
}

CliStatus
cli_status_of(const GError *error)
{
	if (error->domain != CONTROLLER_ERROR)
		return CLI_USAGE;
	switch ((ControllerError)error->code) {
	case CONTROLLER_ERROR_NOT_FOUND:
	case CONTROLLER_ERROR_REFUSED:
	case CONTROLLER_ERROR_STORE:
	case CONTROLLER_ERROR_CANCELLED:
		return CLI_REFUSED;
	case CONTROLLER_ERROR_USAGE:
		return CLI_USAGE;
	case CONTROLLER_ERROR_CONNECTION:
	case CONTROLLER_ERROR_UNTRUSTED:
		return CLI_CONNECTION;
	case CONTROLLER_ERROR_LOGIN:
		return CLI_LOGIN;
	case CONTROLLER_ERROR_QUEUED:
		return CLI_QUEUED;
	}
	return CLI_REFUSED;
}

int
cli_fail(const GError *error)
{
	cli_error_line(error);
	return (int)cli_status_of(error);
}

/* Returns: (nullable): typed without echo at the terminal; NULL where none */
static char *
ask_password(const char *account)
{
	struct termios before;
	struct termios silent;
	char line[1024];
	char *password = NULL;
	FILE *terminal = fopen("/dev/tty", "r+e");

	if (terminal == NULL)
		return NULL;
	if (tcgetattr(fileno(terminal), &before) == 0) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		/* TRANSLATORS: %s is the name of an account */
		fprintf(terminal, _("Password of account %s: "), account);
		fflush(terminal);
		tcsetattr(fileno(terminal), TCSAFLUSH, &silent);
		if (fgets(line, sizeof(line), terminal) != NULL) {
			line[strcspn(line, "\n")] = '\0';
			password = g_strdup(line);
		}
		tcsetattr(fileno(terminal), TCSAFLUSH, &before);
		fputs("\n", terminal);
		explicit_bzero(line, sizeof(line));
	}
	fclose(terminal);
	return password;
}

static void
end_job(Cli *cli, const ControllerEvent *event)
{
	if (event->changes != NULL) {
		g_clear_pointer(&cli->job_changes, g_ptr_array_unref);
		cli->job_changes = g_ptr_array_ref((GPtrArray *)event->changes);
	}
	g_free(cli->job_text);
	cli->job_text = g_strdup(event->text);
	if (event->job_state == JOB_JOURNALED) {
		cli->job_journaled = true;
		cli->job_over = cli->options->offline;
		return;
	}
	cli->job_over = true;
	if (event->error != NULL)
		cli->job_error = g_error_copy(event->error);
	else if (event->job_state == JOB_CANCELLED)
		cli->job_error = g_error_new_literal(
		    CONTROLLER_ERROR, CONTROLLER_ERROR_CANCELLED, _("stopped"));
}

static void
on_event(const ControllerEvent *event, gpointer user)
{
	Cli *cli = user;

	switch (event->kind) {
	case CONTROLLER_EVENT_JOB:
		if (event->job == cli->job)
			end_job(cli, event);
		break;
	case CONTROLLER_EVENT_PASSWORD:
		account_set_password(
		    event->account, ask_password(account_name(event->account)));
		break;
	default:
		break;
	}
	g_main_context_wakeup(NULL);
}

static gboolean
on_patience_over(gpointer data)
{
	*(bool *)data = true;
	return G_SOURCE_REMOVE;
}

bool
cli_wait(Cli *cli, gint64 job, GError **error)
{
	bool patience_over = false;
	guint timer = 0;

	cli->job = job;
	cli->job_over = false;
	cli->job_journaled = false;
	while (!cli->job_over && !patience_over) {
		Connection connection = account_connection(cli->account);

		if (connection.state != CONNECTION_OTHER_PROCESS &&
		    timer != 0) {
			g_source_remove(timer);
			timer = 0;
		}
		if (timer == 0 && connection.state == CONNECTION_OTHER_PROCESS)
			timer = g_timeout_add(QUEUED_PATIENCE_MS,
					      on_patience_over, &patience_over);
		g_main_context_iteration(NULL, TRUE);
	}
	if (timer != 0 && !patience_over)
		g_source_remove(timer);
	cli->job = 0;
	if (cli->job_error != NULL) {
		g_propagate_error(error, g_steal_pointer(&cli->job_error));
		return false;
	}
	if (cli->job_over)
		return true;
	g_set_error_literal(error, CONTROLLER_ERROR, CONTROLLER_ERROR_QUEUED,
			    _("another pennon has the account and has not "
			      "answered"));
	return false;
}

bool
cli_start(Cli *cli, GError **error)
{
	return controller_start(cli->controller, error);
}

int
cli_done_or_queued(const Cli *cli)
{
	if (!cli->options->offline)
		return CLI_DONE;
	fprintf(stderr, "pennon: %s\n",
		_("saved here; it goes to the server with the next sync"));
	return CLI_QUEUED;
}

int
cli_finish_change(Cli *cli, gint64 job, GError *error)
{
	g_autoptr(GError) owned = error;
	g_autoptr(GError) failure = NULL;
	bool good;

	if (job == 0)
		return cli_fail(owned);
	good = cli_wait(cli, job, &failure);
	cli_print_changes(cli, cli->job_changes);
	if (good)
		return cli_done_or_queued(cli);
	cli_error_line(failure);
	/* it is safe on this machine, and that is what counts */
	if (cli->job_journaled && g_error_matches(failure, CONTROLLER_ERROR,
						  CONTROLLER_ERROR_CONNECTION))
		return CLI_QUEUED;
	return (int)cli_status_of(failure);
}

static void
cli_clear(Cli *cli)
{
	controller_free(cli->controller);
	g_clear_error(&cli->job_error);
	g_clear_pointer(&cli->job_changes, g_ptr_array_unref);
	g_free(cli->job_text);
}

static int
run_command(Cli *cli, guint index)
{
	g_autoptr(GError) error = NULL;
	const CliOptions *options = cli->options;
	bool passive = commands[index].needs == NEEDS_STORE &&
		       !options->server && options->n_args < 2;
	/* a command is about one account: the others are left alone */
	const char *account = options->account != NULL
				  ? options->account
				  : config_account(cli->config, 0)->name;
	ControllerOptions controller_options = {
	    .offline = options->offline,
	    .passive = passive,
	    .account = account,
	    .trace = options->trace,
	    .ask_password = true,
	    .batch = true,
	};

	cli->controller = controller_new(cli->config, &controller_options,
					 on_event, cli, &error);
	if (cli->controller == NULL)
		return cli_fail(error);
	cli->account = controller_account(cli->controller, 0);
	if (!passive && commands[index].needs != NEEDS_INPUT &&
	    !cli_start(cli, &error))
		return cli_fail(error);
	return commands[index].func(cli);
}

int
cli_run(const CliOptions *options, const Config *config)
{
	Cli cli = {.options = options, .config = config};
	int status = CLI_USAGE;

	for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (strcmp(commands[i].name, options->command) != 0)
			continue;
		if (options->n_args < commands[i].min_args ||
		    options->n_args > commands[i].max_args) {
			/* TRANSLATORS: both %s are the command as typed */
			fprintf(stderr, _("pennon: usage: pennon %s %s\n"),
				commands[i].name, synopsis(i));
			return CLI_USAGE;
		}
		status = run_command(&cli, i);
		break;
	}
	cli_clear(&cli);
	return status;
}

int
cli_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "pennon: %s\n", _("standard output cannot be written"));
	return status == CLI_DONE ? CLI_REFUSED : status;
}
