/* cli-change.c - commands that change mail: flag, move, draft, undo … */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "base-errno.h"
#include "cli-private.h"

/* a message on standard input that is larger is a mistake */
#define STDIN_MAX ((gsize)256 << 20)

/* Names what is not there in one line; NULL where none of @uids is. */
static GArray *
resolve(Cli *cli, int *ret_status)
{
	const char *mailbox = cli->options->args[0];
	g_autofree char *missing = NULL;
	g_autoptr(GError) error = NULL;
	GArray *ids = account_resolve_uids(
	    cli->account, mailbox, cli->options->args[1], &missing, &error);

	if (ids == NULL) {
		*ret_status = cli_fail(error);
		return NULL;
	}
	if (missing[0] != '\0')
		/* TRANSLATORS: first %s: a mailbox, second: UIDs */
		fprintf(stderr, _("pennon: %s: not there: %s\n"), mailbox,
			missing);
	if (ids->len == 0) {
		g_array_unref(ids);
		*ret_status = CLI_REFUSED;
		return NULL;
	}
	return ids;
}

static int
usage_error(const char *why, const char *what)
{
	g_autoptr(GError) error = g_error_new(
	    CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE, "%s: %s", what, why);

	return cli_fail(error);
}

/* "flagged", "seen": the system flags may be named without backslash */
static char *
flag_wire_name(const char *name)
{
	static const char *const system_names[] = {
	    "seen", "answered", "flagged", "deleted", "draft"};

	for (guint i = 0; i < G_N_ELEMENTS(system_names); i++)
		if (g_ascii_strcasecmp(name, system_names[i]) == 0)
			return g_strconcat("\\", system_names[i], NULL);
	return g_strdup(name);
}

/* "\\Recent" and unknown system flags are nobody's to set */
static bool
is_flag_change(const char *word, const char *name)
{
	guint32 bit = mail_flag_from_name(name, strlen(name));

	if (word[0] != '+' && word[0] != '-')
		return false;
	return bit != 0 ? bit != MAIL_FLAG_RECENT : mail_keyword_is_valid(name);
}

int
cli_flag(Cli *cli)
{
	g_auto(MailFlags) add = {0};
	g_auto(MailFlags) remove = {0};
	g_autoptr(GArray) ids = NULL;
	GError *error = NULL;
	int status = CLI_DONE;
	gint64 job;

	for (guint i = 2; i < cli->options->n_args; i++) {
		const char *word = cli->options->args[i];
		g_autofree char *name = flag_wire_name(word + 1);

		if (!is_flag_change(word, name))
			return usage_error(
			    _("not a change of a flag; +flagged, -seen, "
			      "+keyword are"),
			    word);
		mail_flags_add_name(word[0] == '+' ? &add : &remove, name,
				    strlen(name));
	}
	ids = resolve(cli, &status);
	if (ids == NULL)
		return status;
	job = account_flag(cli->account, (const gint64 *)(void *)ids->data,
			   ids->len, &add, &remove, &error);
	return cli_finish_change(cli, job, error);
}

static int
move_or_copy(Cli *cli, bool copy)
{
	g_autoptr(GArray) ids = NULL;
	GError *error = NULL;
	int status = CLI_DONE;
	const gint64 *list;
	const char *dest = cli->options->args[2];
	gint64 job;

	ids = resolve(cli, &status);
	if (ids == NULL)
		return status;
	list = (const gint64 *)(void *)ids->data;
	job = copy ? account_copy(cli->account, list, ids->len, dest, &error)
		   : account_move(cli->account, list, ids->len, dest, &error);
	return cli_finish_change(cli, job, error);
}

int
cli_move(Cli *cli)
{
	return move_or_copy(cli, false);
}

int
cli_copy(Cli *cli)
{
	return move_or_copy(cli, true);
}

int
cli_delete(Cli *cli)
{
	g_autoptr(GArray) ids = NULL;
	GError *error = NULL;
	int status = CLI_DONE;
	gint64 job;

	ids = resolve(cli, &status);
	if (ids == NULL)
		return status;
	job = account_delete(cli->account, (const gint64 *)(void *)ids->data,
			     ids->len, cli->options->forever, &error);
	return cli_finish_change(cli, job, error);
}

int
cli_folder(Cli *cli)
{
	const char *verb = cli->options->args[0];
	const char *name = cli->options->args[1];
	const char *new_name = cli->options->args[2];
	GError *error = NULL;
	gint64 job;

	if ((strcmp(verb, "rename") == 0) != (new_name != NULL))
		return usage_error(_("rename takes two names, the others one"),
				   verb);
	if (strcmp(verb, "create") == 0)
		job = account_folder_create(cli->account, name, &error);
	else if (strcmp(verb, "rename") == 0)
		job =
		    account_folder_rename(cli->account, name, new_name, &error);
	else if (strcmp(verb, "delete") == 0)
		job = account_folder_delete(cli->account, name, &error);
	else if (strcmp(verb, "subscribe") == 0)
		job =
		    account_folder_subscribe(cli->account, name, true, &error);
	else if (strcmp(verb, "unsubscribe") == 0)
		job =
		    account_folder_subscribe(cli->account, name, false, &error);
	else
		return usage_error(_("not one of create, rename, delete, "
				     "subscribe, unsubscribe"),
				   verb);
	return cli_finish_change(cli, job, error);
}

static GBytes *
read_stdin(GError **error)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	guint8 chunk[65536];

	for (;;) {
		gssize got = read(STDIN_FILENO, chunk, sizeof(chunk));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			g_set_error(error, CONTROLLER_ERROR,
				    CONTROLLER_ERROR_USAGE,
				    _("standard input: %s"), errno_text(errno));
			return NULL;
		}
		if (got == 0)
			break;
		if (bytes->len + (gsize)got > STDIN_MAX) {
			g_set_error_literal(error, CONTROLLER_ERROR,
					    CONTROLLER_ERROR_USAGE,
					    _("standard input: too big"));
			return NULL;
		}
		g_byte_array_append(bytes, chunk, (guint)got);
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

static void
print_draft(const Cli *cli, const Change *change)
{
	const ChangeMessage *message =
	    change->messages->len > 0 ? g_ptr_array_index(change->messages, 0)
				      : NULL;
	guint32 uid = message != NULL ? message->dest_uid : 0;
	Json json;

	if (!cli->options->json) {
		if (uid != 0)
			printf("%u\n", uid);
		return;
	}
	json_begin(&json);
	json_string(&json, "mailbox",
		    change->dest != NULL ? change->dest : change->mailbox);
	if (uid != 0)
		json_number(&json, "uid", uid);
	else
		json_null(&json, "uid");
	json_string(&json, "draft", change->draft_uuid);
	json_end(&json);
}

int
cli_draft(Cli *cli)
{
	g_autoptr(GBytes) message = NULL;
	g_autoptr(GError) error = NULL;
	gint64 job;
	bool good;

	message = read_stdin(&error);
	if (message == NULL || !cli_start(cli, &error))
		return cli_fail(error);
	job = account_draft_append(cli->account, message, cli->options->replace,
				   &error);
	if (job == 0)
		return cli_fail(error);
	good = cli_wait(cli, job, &error);
	if (cli->job_changes != NULL && cli->job_changes->len > 0)
		print_draft(cli, g_ptr_array_index(cli->job_changes, 0));
	if (good)
		return cli_done_or_queued(cli);
	cli_error_line(error);
	if (cli->job_journaled && cli_status_of(error) == CLI_CONNECTION)
		return CLI_QUEUED;
	return (int)cli_status_of(error);
}

static int
not_there_yet(const char *what)
{
	fprintf(stderr, "pennon: %s: %s\n", what,
		_("not there yet in this version"));
	return CLI_USAGE;
}

int
cli_send(Cli *cli)
{
	(void)cli;
	return not_there_yet("send");
}

int
cli_followup(Cli *cli)
{
	(void)cli;
	return not_there_yet("followup");
}

static bool
parse_id(const char *text, gint64 *ret_id)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL))
		return false;
	*ret_id = (gint64)number;
	return true;
}

int
cli_undo(Cli *cli)
{
	GError *error = NULL;
	gint64 id = 0;
	gint64 job;

	if (cli->options->n_args == 1 && !parse_id(cli->options->args[0], &id))
		return usage_error(_("not the number of a change"),
				   cli->options->args[0]);
	job = account_undo(cli->account, id, &error);
	return cli_finish_change(cli, job, error);
}

int
cli_queue(Cli *cli)
{
	const char *verb = cli->options->args[0];
	g_autoptr(GPtrArray) changes = NULL;
	GError *error = NULL;
	gint64 id = 0;
	gint64 job;

	if (verb == NULL) {
		changes = account_queue(cli->account, false, &error);
		if (changes == NULL) {
			g_autoptr(GError) owned = error;

			return cli_fail(owned);
		}
		cli_print_changes(cli, changes);
		return CLI_DONE;
	}
	if (cli->options->n_args != 2 ||
	    !parse_id(cli->options->args[1], &id) ||
	    (strcmp(verb, "retry") != 0 && strcmp(verb, "drop") != 0))
		return usage_error(_("retry ID or drop ID"), "queue");
	job = strcmp(verb, "retry") == 0
		  ? account_queue_retry(cli->account, id, &error)
		  : account_queue_drop(cli->account, id, &error);
	return cli_finish_change(cli, job, error);
}
