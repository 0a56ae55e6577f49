/* imap-command.c - commands of our own: built, flushed, waited for */
#include <stdarg.h>
#include <string.h>

#include "imap-error.h"
#include "imap-wire-private.h"

/* longer strings go as literals: servers limit their command lines */
#define QUOTED_MAX 1000u

static bool
is_plain(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if (text[i] == '\r' || text[i] == '\n' || text[i] == '\0')
			return false;
	return true;
}

ImapSlot *
imap_wire_slot(ImapWire *wire, guint tag)
{
	for (guint i = 0; i < IMAP_SLOTS && tag != 0; i++)
		if (wire->slots[i].tag == tag)
			return &wire->slots[i];
	return NULL;
}

guint
imap_wire_in_flight(const ImapWire *wire)
{
	guint n = 0;

	for (guint i = 0; i < IMAP_SLOTS; i++)
		n += wire->slots[i].tag != 0;
	return n;
}

guint
imap_wire_begin(ImapWire *wire, const char *verb, ImapDoneFunc done,
		gpointer user)
{
	for (guint i = 0; i < IMAP_SLOTS; i++) {
		ImapSlot *slot = &wire->slots[i];

		if (slot->tag != 0)
			continue;
		*slot = (ImapSlot){
		    .tag = ++wire->last_tag, .func = done, .user = user};
		wire->command_start = wire->command->len;
		wire->command_secret = false;
		wire->command_told = 0;
		g_assert(is_plain(verb, strlen(verb)));
		g_string_append_printf(wire->command, "p%u %s", slot->tag,
				       verb);
		return slot->tag;
	}
	g_assert_not_reached();
}

void
imap_wire_atom(ImapWire *wire, const char *text)
{
	g_assert(is_plain(text, strlen(text)));
	g_string_append_c(wire->command, ' ');
	g_string_append(wire->command, text);
}

void
imap_wire_printf(ImapWire *wire, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_assert(is_plain(text, strlen(text)));
	g_string_append(wire->command, text);
}

void
imap_wire_set(ImapWire *wire, const UidSet *uids)
{
	g_autofree char *text = uid_set_to_string(uids);

	g_assert(text[0] != '\0');
	imap_wire_atom(wire, text);
}

void
imap_wire_secret(ImapWire *wire)
{
	ImapSlot *slot = imap_wire_slot(wire, wire->last_tag);

	wire->command_secret = true;
	wire->command_told = wire->command->len - wire->command_start;
	if (slot != NULL)
		slot->secret = true;
}

/* The line being built goes to the trace when it is ended or torn. */
static void
trace_line(ImapWire *wire)
{
	const char *text = wire->command->str + wire->command_start;
	gsize len = wire->command->len - wire->command_start;
	guint number = net_stream_number(wire->stream);

	if (!wire->command_secret) {
		net_trace_text(wire->trace, number, NET_TRACE_OUT, text,
			       (gssize)len);
	} else if (wire->command_told > 0) {
		g_autofree char *told = g_strdup_printf(
		    "%.*s <secret>", (int)wire->command_told, text);

		net_trace_text(wire->trace, number, NET_TRACE_OUT, told, -1);
	} else {
		net_trace_secret(wire->trace, number);
	}
	/* of a command that is torn only the first piece */
	wire->command_told = 0;
}

static void
end_line(ImapWire *wire)
{
	trace_line(wire);
	g_string_append(wire->command, "\r\n");
	wire->command_start = wire->command->len;
}

bool
imap_wire_astring(ImapWire *wire, const char *text, bool *ret_refused,
		  GError **error)
{
	gsize len = strlen(text);
	bool quotable = len <= QUOTED_MAX;

	*ret_refused = false;
	for (gsize i = 0; i < len && quotable; i++)
		quotable = (guchar)text[i] >= ' ' && (guchar)text[i] < 127;
	if (!quotable)
		return imap_wire_literal(wire, len, ret_refused, error) &&
		       imap_wire_data(wire, text, len, error);
	g_string_append(wire->command, " \"");
	for (gsize i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			g_string_append_c(wire->command, '\\');
		g_string_append_c(wire->command, text[i]);
	}
	g_string_append_c(wire->command, '"');
	return true;
}

bool
imap_wire_literal(ImapWire *wire, guint64 len, bool *ret_refused,
		  GError **error)
{
	bool at_once = len <= wire->literal_largest;
	guint tag = wire->last_tag;

	*ret_refused = false;
	g_string_append_printf(wire->command, " {%" G_GUINT64_FORMAT "%s}", len,
			       at_once ? "+" : "");
	end_line(wire);
	if (at_once)
		return true;
	if (!imap_wire_flush(wire, error))
		return false;
	if (imap_wire_wait_continue(wire, tag, NULL, error))
		return true;
	*ret_refused = wire->failure == NULL;
	return false;
}

bool
imap_wire_data(ImapWire *wire, const void *data, gsize len, GError **error)
{
	GError *failure = NULL;

	if (!wire->command_secret)
		net_trace_bytes(wire->trace, net_stream_number(wire->stream),
				NET_TRACE_OUT, len);
	if (len <= 4096) {
		g_string_append_len(wire->command, data, (gssize)len);
		wire->command_start = wire->command->len;
		return true;
	}
	if (!imap_wire_flush(wire, error))
		return false;
	if (!net_stream_write(wire->stream, data, len, &failure)) {
		imap_wire_fail(wire, failure);
		return imap_wire_failed(wire, error);
	}
	return true;
}

void
imap_wire_end(ImapWire *wire)
{
	end_line(wire);
	wire->command_secret = false;
}

bool
imap_wire_flush(ImapWire *wire, GError **error)
{
	GError *failure = NULL;
	bool good;

	if (wire->failure != NULL)
		return imap_wire_failed(wire, error);
	if (wire->command->len == 0)
		return true;
	good = net_stream_write(wire->stream, wire->command->str,
				wire->command->len, &failure);
	/* a password may have been in it */
	explicit_bzero(wire->command->str, wire->command->len);
	g_string_truncate(wire->command, 0);
	wire->command_start = 0;
	if (good)
		return true;
	imap_wire_fail(wire, failure);
	return imap_wire_failed(wire, error);
}

void
imap_wire_set_literal(ImapWire *wire, guint64 largest)
{
	wire->literal_largest = largest;
}

bool
imap_wire_is_done(const ImapWire *wire, guint tag)
{
	const ImapSlot *slot = imap_wire_slot((ImapWire *)wire, tag);

	return slot != NULL && slot->done;
}

bool
imap_wire_wait(ImapWire *wire, guint tag, ImapReply *ret_reply, GError **error)
{
	ImapSlot *slot = imap_wire_slot(wire, tag);

	g_assert(slot != NULL);
	if (!imap_wire_flush(wire, error))
		return false;
	while (!slot->done)
		if (!imap_wire_pump(wire, error))
			return false;
	if (ret_reply != NULL)
		*ret_reply = slot->reply;
	else
		imap_reply_clear(&slot->reply);
	g_free(slot->go_on_text);
	*slot = (ImapSlot){0};
	return true;
}

bool
imap_wire_wait_continue(ImapWire *wire, guint tag, char **ret_text,
			GError **error)
{
	ImapSlot *slot = imap_wire_slot(wire, tag);

	g_assert(slot != NULL);
	while (!slot->done && !slot->go_on)
		if (!imap_wire_pump(wire, error))
			return false;
	if (!slot->go_on)
		return false;
	slot->go_on = false;
	if (ret_text != NULL)
		*ret_text = g_steal_pointer(&slot->go_on_text);
	return true;
}

bool
imap_wire_line(ImapWire *wire, const char *line, bool secret, GError **error)
{
	g_assert(is_plain(line, strlen(line)));
	wire->command_start = wire->command->len;
	wire->command_secret = secret;
	g_string_append(wire->command, line);
	imap_wire_end(wire);
	return imap_wire_flush(wire, error);
}
