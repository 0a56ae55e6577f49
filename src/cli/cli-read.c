/* cli-read.c - commands that read: check, sync, folders, list, show, search */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "cli-private.h"
#include "words.h"

#define SHOW_WIDTH 78u

static void
print_fact(const CheckFact *fact)
{
	g_autofree char *value = words_translate(fact->value);

	printf("%-3s ", fact->ok ? "ok" : "no");
	cli_print_cell(fact->name, 14);
	putchar(' ');
	cli_print_text(value != NULL ? value : "");
	putchar('\n');
}

int
cli_check(Cli *cli)
{
	g_autoptr(GError) error = NULL;
	const GPtrArray *facts;
	bool good;

	if (cli->options->cache || cli->options->repair) {
		fprintf(stderr, "pennon: check --cache: %s\n",
			_("not there yet in this version"));
		return CLI_USAGE;
	}
	good = cli_wait(cli, account_check(cli->account), &error);
	facts = account_check_facts(cli->account);
	for (guint i = 0; facts != NULL && i < facts->len; i++) {
		const CheckFact *fact = g_ptr_array_index(facts, i);

		if (cli->options->json) {
			Json json;

			json_begin(&json);
			json_string(&json, "check", fact->name);
			json_bool(&json, "ok", fact->ok);
			json_string(&json, "value", fact->value);
			json_end(&json);
			continue;
		}
		print_fact(fact);
	}
	return good ? CLI_DONE : cli_fail(error);
}

int
cli_sync(Cli *cli)
{
	g_autoptr(GError) error = NULL;
	const GPtrArray *results;
	bool good = cli_wait(cli,
			     account_sync(cli->account, cli->options->n_args > 0
							    ? cli->options->args
							    : NULL),
			     &error);

	results = account_sync_results(cli->account);
	for (guint i = 0; results != NULL && i < results->len; i++) {
		const SyncResult *result = g_ptr_array_index(results, i);

		if (cli->options->json) {
			Json json;

			json_begin(&json);
			json_string(&json, "mailbox", result->mailbox);
			json_number(&json, "new", result->new_messages);
			json_number(&json, "changed", result->changed);
			json_number(&json, "removed", result->removed);
			json_number(&json, "pending", result->pending);
			json_end(&json);
			continue;
		}
		cli_print_cell(result->mailbox, 32);
		/* TRANSLATORS: four numbers of messages in one mailbox */
		printf(_("  %u new, %u changed, %u removed, %u waiting\n"),
		       result->new_messages, result->changed, result->removed,
		       result->pending);
	}
	return good ? CLI_DONE : cli_fail(error);
}

int
cli_folders(Cli *cli)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) mailboxes =
	    account_mailboxes(cli->account, &error);

	if (mailboxes == NULL)
		return cli_fail(error);
	for (guint i = 0; i < mailboxes->len; i++)
		cli_print_mailbox(cli, g_ptr_array_index(mailboxes, i));
	return CLI_DONE;
}

typedef struct {
	const Cli *cli;
	const char *mailbox;
} Printing;

static bool
print_row(const MessageRow *row, gpointer user)
{
	const Printing *printing = user;

	cli_print_row(printing->cli,
		      row->mailbox_name != NULL ? row->mailbox_name
						: printing->mailbox,
		      row);
	return !ferror(stdout);
}

int
cli_list(Cli *cli)
{
	g_autoptr(GError) error = NULL;
	Printing printing = {cli, cli->options->args[0]};
	g_autoptr(Mailbox) mailbox =
	    account_find_mailbox(cli->account, cli->options->args[0], &error);

	if (mailbox == NULL)
		return cli_fail(error);
	printing.mailbox = mailbox->name;
	if (!account_list(cli->account, mailbox->name, cli->options->query,
			  cli->options->limit, print_row, &printing, &error))
		return cli_fail(error);
	return CLI_DONE;
}

/* The message that MAILBOX UID names; its error line is written on failure. */
static MessageRow *
named_message(Cli *cli, char **ret_mailbox, int *ret_status)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Mailbox) mailbox =
	    account_find_mailbox(cli->account, cli->options->args[0], &error);
	guint64 uid = 0;
	MessageRow *row;

	if (mailbox == NULL) {
		*ret_status = cli_fail(error);
		return NULL;
	}
	if (!g_ascii_string_to_unsigned(cli->options->args[1], 10, 1,
					G_MAXUINT32, &uid, NULL)) {
		fprintf(stderr, _("pennon: %s: not a UID\n"),
			cli->options->args[1]);
		*ret_status = CLI_USAGE;
		return NULL;
	}
	row = account_row_by_uid(cli->account, mailbox->name, (guint32)uid);
	if (row == NULL) {
		/* TRANSLATORS: %s: a mailbox, %u: a UID */
		fprintf(stderr, _("pennon: %s: no message %u\n"), mailbox->name,
			(guint)uid);
		*ret_status = CLI_REFUSED;
		return NULL;
	}
	if (ret_mailbox != NULL)
		*ret_mailbox = g_strdup(mailbox->name);
	return row;
}

static int
show_bytes(Cli *cli, const MessageRow *row, const char *section, bool raw)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	gint64 job;
	gsize len;
	const void *data;

	if (isatty(STDOUT_FILENO) && !cli->options->force) {
		fprintf(stderr, "pennon: %s\n",
			_("unfiltered bytes do not go to a terminal "
			  "(--force sends them)"));
		return CLI_USAGE;
	}
	job = account_fetch_part(cli->account, row->id, section, raw);
	if (!cli_wait(cli, job, &error))
		return cli_fail(error);
	bytes = account_take_bytes(cli->account, job);
	data = bytes != NULL ? g_bytes_get_data(bytes, &len) : NULL;
	if (data != NULL && len > 0)
		fwrite(data, 1, len, stdout);
	return CLI_DONE;
}

typedef struct {
	MessageText *text; /* NULL until it is over */
} Reading;

static void
on_text(MessageText *text, gpointer user)
{
	Reading *reading = user;

	if (text->state != MESSAGE_TEXT_LOADING)
		reading->text = text;
	g_main_context_wakeup(NULL);
}

/* Returns: (nullable): NULL after writing the error line */
static MessageText *
read_text(Cli *cli, gint64 id, const ReadOptions *options, int *ret_status)
{
	Reading reading = {0};
	g_autoptr(GError) error = NULL;

	account_read(cli->account, id, options, on_text, &reading);
	while (reading.text == NULL)
		g_main_context_iteration(NULL, TRUE);
	switch (reading.text->state) {
	case MESSAGE_TEXT_READY:
		return reading.text;
	case MESSAGE_TEXT_OFFLINE: {
		Connection connection = account_connection(cli->account);
		ControllerError code =
		    connection.state == CONNECTION_LOGIN_REFUSED
			? CONTROLLER_ERROR_LOGIN
			: CONTROLLER_ERROR_CONNECTION;

		g_set_error_literal(&error, CONTROLLER_ERROR, (gint)code,
				    connection.reason != NULL
					? connection.reason
					: _("the text is not kept here, and "
					    "there is no connection"));
		break;
	}
	default:
		g_set_error_literal(&error, CONTROLLER_ERROR,
				    CONTROLLER_ERROR_REFUSED,
				    reading.text->error != NULL
					? reading.text->error
					: _("the message cannot be read"));
		break;
	}
	*ret_status = cli_fail(error);
	return NULL;
}

static void
print_lines(const GPtrArray *lines)
{
	for (guint i = 0; lines != NULL && i < lines->len; i++) {
		const TextLine *line = g_ptr_array_index(lines, i);

		puts(line->text);
	}
}

static char *
join_lines(const GPtrArray *lines)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; lines != NULL && i < lines->len; i++) {
		const TextLine *line = g_ptr_array_index(lines, i);

		g_string_append(text, line->text);
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

static void
print_text_json(const char *mailbox, const MessageText *text)
{
	g_autofree char *body = join_lines(text->lines);
	Json json;

	json_begin(&json);
	json_row(&json, mailbox, text->row);
	json_addresses(&json, "reply_to", text->reply_to);
	json_string(&json, "text", body);
	json_string(&json, "part", text->section);
	json_strings(&json, "links", text->links);
	json_end(&json);
}

static void
print_address_line(const char *label, const GPtrArray *list)
{
	if (list == NULL || list->len == 0)
		return;
	printf("%s ", label);
	for (guint i = 0; i < list->len; i++) {
		const Address *address = g_ptr_array_index(list, i);

		if (i > 0)
			fputs(", ", stdout);
		if (address->name != NULL) {
			cli_print_text(address->name);
			fputs(" <", stdout);
		}
		cli_print_text(address->email);
		if (address->name != NULL)
			putchar('>');
	}
	putchar('\n');
}

static void
print_message(const MessageText *text)
{
	print_address_line(_("From:"), text->row->from);
	print_address_line(_("To:"), text->row->to);
	print_address_line(_("Cc:"), text->row->cc);
	printf("%s ", _("Subject:"));
	cli_print_text(text->row->subject);
	fputs("\n\n", stdout);
	print_lines(text->lines);
	for (guint i = 0; i < text->links->len; i++)
		printf("[%u] %s\n", i + 1,
		       (const char *)g_ptr_array_index(text->links, i));
}

static int
mark_read(Cli *cli, gint64 id)
{
	g_auto(MailFlags) seen = {.bits = MAIL_FLAG_SEEN};
	g_auto(MailFlags) none = {0};
	GError *error = NULL;
	g_autoptr(GError) failure = NULL;
	gint64 job = account_flag(cli->account, &id, 1, &seen, &none, &error);

	if (job == 0) {
		failure = error;
		return cli_fail(failure);
	}
	if (!cli_wait(cli, job, &failure))
		return cli->job_journaled ? CLI_QUEUED : cli_fail(failure);
	return CLI_DONE;
}

int
cli_show(Cli *cli)
{
	const CliOptions *options = cli->options;
	int status = CLI_DONE;
	g_autofree char *mailbox = NULL;
	g_autoptr(MessageRow) row = named_message(cli, &mailbox, &status);
	MessageText *text;

	if (row == NULL)
		return status;
	if (options->raw || options->part != NULL) {
		status = show_bytes(cli, row, options->raw ? "" : options->part,
				    options->raw);
	} else {
		ReadOptions read = {.width = SHOW_WIDTH,
				    .plain = true,
				    .headers = options->headers ? 1 : 0};

		text = read_text(cli, row->id, &read, &status);
		if (text == NULL)
			return status;
		if (options->json)
			print_text_json(mailbox, text);
		else if (options->headers)
			print_lines(text->headers);
		else
			print_message(text);
	}
	if (status == CLI_DONE && options->mark_read)
		status = mark_read(cli, row->id);
	return status;
}

static bool
print_one_part(const Part *part, guint depth, gpointer user)
{
	cli_print_part(user, part, depth);
	return true;
}

int
cli_parts(Cli *cli)
{
	int status = CLI_DONE;
	g_autoptr(MessageRow) row = named_message(cli, NULL, &status);
	ReadOptions read = {.width = SHOW_WIDTH, .plain = true};
	MessageText *text;

	if (row == NULL)
		return status;
	text = read_text(cli, row->id, &read, &status);
	if (text == NULL)
		return status;
	if (text->structure != NULL)
		part_walk(text->structure, print_one_part, cli);
	return CLI_DONE;
}

typedef struct {
	GPtrArray *sections;
} Attachments;

static bool
collect_attachment(const Part *part, guint depth, gpointer user)
{
	Attachments *attachments = user;

	(void)depth;
	if (part->children->len == 0 && part_is_attachment(part))
		g_ptr_array_add(attachments->sections, g_strdup(part->section));
	return true;
}

static int
save_one(Cli *cli, gint64 id, const char *section)
{
	g_autoptr(GError) error = NULL;
	gint64 job = account_save_part(cli->account, id, section,
				       cli->options->to, NULL);

	if (!cli_wait(cli, job, &error))
		return cli_fail(error);
	if (cli->options->json) {
		Json json;

		json_begin(&json);
		json_string(&json, "section", section);
		json_string(&json, "path", cli->job_text);
		json_end(&json);
	} else {
		cli_print_text(cli->job_text);
		putchar('\n');
	}
	return CLI_DONE;
}

int
cli_save(Cli *cli)
{
	int status = CLI_DONE;
	g_autoptr(MessageRow) row = NULL;
	g_autoptr(GPtrArray) sections = g_ptr_array_new_with_free_func(g_free);
	Attachments attachments = {sections};

	if (cli->options->to == NULL) {
		fprintf(stderr, "pennon: save: %s\n",
			_("--to FOLDER says where"));
		return CLI_USAGE;
	}
	row = named_message(cli, NULL, &status);
	if (row == NULL)
		return status;
	if (cli->options->part != NULL) {
		g_ptr_array_add(sections, g_strdup(cli->options->part));
	} else {
		ReadOptions read = {.width = SHOW_WIDTH, .plain = true};
		MessageText *text = read_text(cli, row->id, &read, &status);

		if (text == NULL)
			return status;
		if (text->structure != NULL)
			part_walk(text->structure, collect_attachment,
				  &attachments);
	}
	if (sections->len == 0) {
		fprintf(stderr, "pennon: save: %s\n",
			_("the message has no attachment"));
		return CLI_REFUSED;
	}
	for (guint i = 0; i < sections->len && status == CLI_DONE; i++)
		status = save_one(cli, row->id, g_ptr_array_index(sections, i));
	return status;
}

static int
search_server(Cli *cli, const char *mailbox)
{
	g_autoptr(GError) error = NULL;
	const GArray *hits;
	gint64 job;

	job = account_search_server(cli->account, mailbox,
				    cli->options->args[0], &error);
	if (job == 0 || !cli_wait(cli, job, &error))
		return cli_fail(error);
	hits = account_search_hits(cli->account);
	for (guint i = hits->len; i > 0; i--) {
		g_autoptr(MessageRow) row = account_row_by_uid(
		    cli->account, mailbox, g_array_index(hits, guint32, i - 1));

		if (row != NULL)
			cli_print_row(cli, mailbox, row);
	}
	return CLI_DONE;
}

int
cli_search(Cli *cli)
{
	const CliOptions *options = cli->options;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) mailboxes =
	    account_mailboxes(cli->account, &error);
	g_autoptr(Mailbox) only = NULL;

	if (mailboxes == NULL)
		return cli_fail(error);
	if (options->in != NULL) {
		only = account_find_mailbox(cli->account, options->in, &error);
		if (only == NULL)
			return cli_fail(error);
	}
	for (guint i = 0; i < mailboxes->len; i++) {
		const Mailbox *mailbox = g_ptr_array_index(mailboxes, i);
		Printing printing = {cli, mailbox->name};
		int status;

		if ((only != NULL && only->id != mailbox->id) ||
		    (mailbox->attrs &
		     (MAILBOX_ATTR_NOSELECT | MAILBOX_ATTR_NONEXISTENT)))
			continue;
		if (options->server) {
			status = search_server(cli, mailbox->name);
			if (status != CLI_DONE)
				return status;
		} else if (!account_list(cli->account, mailbox->name,
					 options->args[0], options->limit,
					 print_row, &printing, &error)) {
			return cli_fail(error);
		}
	}
	return CLI_DONE;
}
