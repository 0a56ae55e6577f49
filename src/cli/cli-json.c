/* cli-json.c - one JSON object a line (RFC 8259) */
#include <stdio.h>
#include <string.h>

#include "base-time.h"
#include "cli-private.h"

static void
put_key(Json *json, const char *key)
{
	if (!json->first)
		g_string_append_c(json->out, ',');
	json->first = false;
	g_string_append_printf(json->out, "\"%s\":", key);
}

/* Foreign text may hold any byte: what is no UTF-8 becomes U+FFFD. */
static void
put_string(GString *out, const char *value)
{
	g_autofree char *valid = g_utf8_make_valid(value, -1);

	g_string_append_c(out, '"');
	for (const char *p = valid; *p != '\0'; p++) {
		guchar byte = (guchar)*p;

		if (byte == '"' || byte == '\\')
			g_string_append_printf(out, "\\%c", *p);
		else if (byte < ' ' || byte == 127)
			g_string_append_printf(out, "\\u%04x", byte);
		else if (byte == 0xc2 && (guchar)p[1] < 0xa0)
			/* C1 controls: a terminal would obey them */
			g_string_append_printf(out, "\\u%04x", (guchar) * ++p);
		else
			g_string_append_c(out, *p);
	}
	g_string_append_c(out, '"');
}

void
json_begin(Json *json)
{
	json->out = g_string_new("{");
	json->first = true;
}

void
json_end(Json *json)
{
	g_string_append(json->out, "}\n");
	fputs(json->out->str, stdout);
	g_string_free(json->out, TRUE);
	json->out = NULL;
}

void
json_null(Json *json, const char *key)
{
	put_key(json, key);
	g_string_append(json->out, "null");
}

void
json_string(Json *json, const char *key, const char *value)
{
	if (value == NULL) {
		json_null(json, key);
		return;
	}
	put_key(json, key);
	put_string(json->out, value);
}

void
json_number(Json *json, const char *key, gint64 value)
{
	put_key(json, key);
	g_string_append_printf(json->out, "%" G_GINT64_FORMAT, value);
}

void
json_bool(Json *json, const char *key, bool value)
{
	put_key(json, key);
	g_string_append(json->out, value ? "true" : "false");
}

void
json_raw(Json *json, const char *key, const char *value)
{
	put_key(json, key);
	g_string_append(json->out, value);
}

void
json_time(Json *json, const char *key, gint64 us)
{
	g_autofree char *text = NULL;

	if (us == 0 || us == MESSAGE_NO_DATE) {
		json_null(json, key);
		return;
	}
	text = time_to_rfc3339(us);
	json_string(json, key, text);
}

void
json_addresses(Json *json, const char *key, const GPtrArray *list)
{
	put_key(json, key);
	g_string_append_c(json->out, '[');
	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Address *address = g_ptr_array_index(list, i);

		g_string_append(json->out,
				i > 0 ? ",{\"name\":" : "{\"name\":");
		if (address->name != NULL)
			put_string(json->out, address->name);
		else
			g_string_append(json->out, "null");
		g_string_append(json->out, ",\"address\":");
		put_string(json->out, address->email);
		g_string_append_c(json->out, '}');
	}
	g_string_append_c(json->out, ']');
}

void
json_strings(Json *json, const char *key, const GPtrArray *values)
{
	if (values == NULL) {
		json_null(json, key);
		return;
	}
	put_key(json, key);
	g_string_append_c(json->out, '[');
	for (guint i = 0; i < values->len; i++) {
		if (i > 0)
			g_string_append_c(json->out, ',');
		put_string(json->out, g_ptr_array_index(values, i));
	}
	g_string_append_c(json->out, ']');
}

void
json_flags(Json *json, const char *key, const MailFlags *flags)
{
	g_autofree char *names = mail_flags_to_names(flags);
	g_auto(GStrv) parts = g_strsplit(names, " ", -1);

	put_key(json, key);
	g_string_append_c(json->out, '[');
	for (guint i = 0; parts[i] != NULL && parts[i][0] != '\0'; i++) {
		if (i > 0)
			g_string_append_c(json->out, ',');
		put_string(json->out, parts[i]);
	}
	g_string_append_c(json->out, ']');
}

static void
json_attachments(Json *json, MessageAttachments attachments)
{
	if (attachments == MESSAGE_ATTACHMENTS_YES)
		json_bool(json, "has_attachments", true);
	else if (attachments == MESSAGE_ATTACHMENTS_NO)
		json_bool(json, "has_attachments", false);
	else
		json_null(json, "has_attachments");
}

void
json_row(Json *json, const char *mailbox, const MessageRow *row)
{
	g_autofree char *id = NULL;

	json_string(json, "mailbox", mailbox);
	if (row->uid != 0)
		json_number(json, "uid", row->uid);
	else
		json_null(json, "uid");
	json_time(json, "date", row->sent);
	json_addresses(json, "from", row->from);
	json_addresses(json, "to", row->to);
	json_addresses(json, "cc", row->cc);
	json_string(json, "subject", row->subject);
	/* as in the header: what people look for elsewhere has its brackets */
	id = row->message_id == NULL
		 ? NULL
		 : g_strconcat("<", row->message_id, ">", NULL);
	json_string(json, "message_id", id);
	json_flags(json, "flags", &row->flags);
	json_number(json, "size", row->size);
	json_attachments(json, row->attachments);
	json_number(json, "thread", row->thread);
	if (row->due == 0) {
		json_null(json, "due");
	} else {
		g_autofree char *due = time_day_to_text(row->due);

		json_string(json, "due", due);
	}
}
