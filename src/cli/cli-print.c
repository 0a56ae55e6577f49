/* cli-print.c - what a person reads on standard output */
#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>

#include "base-text.h"
#include "base-time.h"
#include "cli-private.h"
#include "words.h"

#define SENDER_COLUMNS 20u
#define MAILBOX_COLUMNS 32u

void
cli_print_text(const char *text)
{
	g_autofree char *clean = text_clean_line(text, -1);

	fputs(clean, stdout);
}

void
cli_print_cell(const char *text, guint columns)
{
	g_autofree char *clean = text_clean_line(text, -1);
	g_autofree char *cell = text_pad(clean, columns);

	fputs(cell, stdout);
}

void
cli_print_mailbox(const Cli *cli, const Mailbox *mailbox)
{
	const char *role = mailbox_role_name(mailbox->role);

	if (cli->options->json) {
		char delimiter[2] = {mailbox->delimiter, '\0'};
		Json json;

		json_begin(&json);
		json_string(&json, "name", mailbox->name);
		json_string(&json, "role", role);
		json_string(&json, "delimiter",
			    delimiter[0] != '\0' ? delimiter : NULL);
		if (mailbox->total == MAILBOX_UNKNOWN)
			json_null(&json, "total");
		else
			json_number(&json, "total", mailbox->total);
		if (mailbox->unread == MAILBOX_UNKNOWN)
			json_null(&json, "unread");
		else
			json_number(&json, "unread", mailbox->unread);
		if (mailbox->flagged == MAILBOX_UNKNOWN)
			json_null(&json, "flagged");
		else
			json_number(&json, "flagged", mailbox->flagged);
		json_bool(&json, "subscribed",
			  (mailbox->attrs & MAILBOX_ATTR_SUBSCRIBED) != 0);
		json_time(&json, "synced_at", mailbox->synced_at);
		json_end(&json);
		return;
	}
	cli_print_cell(mailbox->name, MAILBOX_COLUMNS);
	printf("  %-8s", role != NULL ? role : "");
	for (guint i = 0; i < 3; i++) {
		guint32 count = i == 0   ? mailbox->total
				: i == 1 ? mailbox->unread
					 : mailbox->flagged;

		if (count == MAILBOX_UNKNOWN)
			fputs("        ?", stdout);
		else
			printf("%9u", count);
	}
	if (mailbox->synced_at != 0) {
		g_autofree char *when =
		    time_to_local_minute(mailbox->synced_at);

		printf("  %s\n", when);
	} else {
		/* TRANSLATORS: freshness of a mailbox in `pennon folders` */
		printf("  %s\n", _("never"));
	}
}

static char
state_sign(const MessageRow *row)
{
	if ((row->flags.bits & MAIL_FLAG_SEEN) == 0)
		return 'N';
	if (row->flags.bits & MAIL_FLAG_ANSWERED)
		return row->flags.bits & MAIL_FLAG_FORWARDED ? 'R' : 'r';
	return row->flags.bits & MAIL_FLAG_FORWARDED ? 'w' : ' ';
}

static char
flag_sign(const MessageRow *row)
{
	bool flagged = row->flags.bits & MAIL_FLAG_FLAGGED;
	bool important = row->flags.bits & MAIL_FLAG_IMPORTANT;

	return flagged && important ? 'I'
	       : important          ? 'i'
	       : flagged            ? '!'
				    : ' ';
}

void
cli_print_row(const Cli *cli, const char *mailbox, const MessageRow *row)
{
	g_autofree char *when = NULL;
	g_autofree char *sender = NULL;

	if (cli->options->json) {
		Json json;

		json_begin(&json);
		json_row(&json, mailbox, row);
		json_end(&json);
		return;
	}
	when = time_to_local_minute(row->sent);
	sender = row->from->len > 0
		     ? address_shown(g_ptr_array_index(row->from, 0))
		     : g_strdup("");
	if (row->uid != 0)
		printf("%8u ", row->uid);
	else
		fputs("       - ", stdout);
	printf("%c%c%c  %s  ",
	       row->marks & MESSAGE_MARK_FAILED    ? 'x'
	       : row->marks & MESSAGE_MARK_WAITING ? '^'
						   : ' ',
	       state_sign(row), flag_sign(row), when);
	cli_print_cell(sender, SENDER_COLUMNS);
	fputs(row->attachments == MESSAGE_ATTACHMENTS_YES ? "  @ " : "    ",
	      stdout);
	cli_print_text(row->subject);
	putchar('\n');
}

static void
print_change_json(const Change *change)
{
	g_autoptr(GString) uids = g_string_new("[");
	g_autoptr(GString) dest_uids = g_string_new("[");
	Json json;

	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);

		if (message->uid != 0)
			g_string_append_printf(uids, "%s%u",
					       uids->len > 1 ? "," : "",
					       message->uid);
		if (message->dest_uid != 0)
			g_string_append_printf(dest_uids, "%s%u",
					       dest_uids->len > 1 ? "," : "",
					       message->dest_uid);
	}
	g_string_append_c(uids, ']');
	g_string_append_c(dest_uids, ']');
	json_begin(&json);
	json_number(&json, "id", change->id);
	json_string(&json, "kind", change_kind_name(change->kind));
	json_string(&json, "mailbox", change->mailbox);
	json_raw(&json, "uids", uids->str);
	json_string(&json, "dest", change->dest);
	json_raw(&json, "dest_uids", dest_uids->str);
	json_string(&json, "state", change_state_name(change->state));
	json_number(&json, "attempts", change->attempts);
	json_string(&json, "error", change->error);
	json_end(&json);
}

static void
print_change_text(const Change *change)
{
	printf("%6" G_GINT64_FORMAT "  %-11s %-18s ", change->id,
	       change_state_name(change->state),
	       change_kind_name(change->kind));
	if (change->messages->len > 0)
		printf(ngettext("%u message  ", "%u messages  ",
				change->messages->len),
		       change->messages->len);
	if (change->mailbox != NULL)
		cli_print_text(change->mailbox);
	if (change->dest != NULL) {
		fputs(" -> ", stdout);
		cli_print_text(change->dest);
	}
	if (change->error != NULL) {
		g_autofree char *why = words_translate(change->error);

		fputs("  (", stdout);
		cli_print_text(why);
		fputs(")", stdout);
	}
	putchar('\n');
}

void
cli_print_changes(const Cli *cli, const GPtrArray *changes)
{
	for (guint i = 0; changes != NULL && i < changes->len; i++) {
		const Change *change = g_ptr_array_index(changes, i);

		if (cli->options->json)
			print_change_json(change);
		else
			print_change_text(change);
	}
}

void
cli_print_part(const Cli *cli, const Part *part, guint depth)
{
	if (cli->options->json) {
		Json json;

		json_begin(&json);
		json_string(&json, "section", part->section);
		json_string(&json, "type", part->type);
		json_string(&json, "charset", part->charset);
		json_string(&json, "encoding",
			    part->encoding[0] != '\0' ? part->encoding : NULL);
		json_string(&json, "disposition", part->disposition);
		json_string(&json, "filename", part->filename);
		if (part->size >= 0)
			json_number(&json, "size", part->size);
		else
			json_null(&json, "size");
		json_end(&json);
		return;
	}
	printf("%*s", (int)(2 * MIN(depth, 20)), "");
	cli_print_cell(part->section[0] != '\0' ? part->section : "-", 8);
	cli_print_cell(part->type, 28);
	if (part->size >= 0)
		printf("%9" G_GINT64_FORMAT "  ", part->size);
	else
		fputs("        ?  ", stdout);
	if (part->filename != NULL)
		cli_print_text(part->filename);
	putchar('\n');
}
