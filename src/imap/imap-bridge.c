/* imap-bridge.c - libetpan's stream driver over the wire */
#include "imap-bridge.h"

#include <string.h>

#include "imap-emit.h"
#include "imap-wire-private.h"

#define LINE_MAX_OUT ((gsize)1 << 20)
#define STREAM_BUFFER 16384u

typedef enum {
	BRIDGE_GREETING, /* libetpan waits for the greeting */
	BRIDGE_IDLE,
	BRIDGE_WRITING, /* between the lines of a command with literals */
	BRIDGE_WAITING, /* for the tagged answer */
} BridgeState;

struct ImapBridge {
	ImapWire *wire;
	mailstream *stream;
	BridgeState state;
	char tag[16];
	ImapData wants; /* the data its command is for */
	bool selecting;
	bool got_wanted;
	bool wants_continue;
	guint64 literal_left; /* of a literal it writes */
	GString *line;        /* the line it writes */
	guint ride;
	ImapReply reply;
	GString *out; /* canonical text for it */
	gsize out_pos;
};

/* libetpan dereferences what it expects to have come. */
static void
emit_missing(ImapBridge *bridge)
{
	if (bridge->got_wanted || bridge->reply.status != IMAP_STATUS_OK)
		return;
	if (bridge->wants == IMAP_DATA_CAPABILITY)
		g_string_append(bridge->out, "* CAPABILITY IMAP4rev1\r\n");
	else if (bridge->wants == IMAP_DATA_SEARCH)
		g_string_append(bridge->out, "* SEARCH\r\n");
	else if (bridge->wants == IMAP_DATA_NAMESPACE)
		g_string_append(bridge->out, "* NAMESPACE NIL NIL NIL\r\n");
	else if (bridge->wants == IMAP_DATA_ID)
		g_string_append(bridge->out, "* ID NIL\r\n");
}

static void
finish(ImapBridge *bridge, const ImapReply *reply)
{
	imap_reply_clear(&bridge->reply);
	bridge->reply = imap_reply_copy(reply);
	emit_missing(bridge);
	imap_emit_reply(bridge->out, bridge->tag, &bridge->reply);
	bridge->state = BRIDGE_IDLE;
	bridge->ride = 0;
	/* an APPEND that is refused before its literal */
	bridge->literal_left = 0;
	bridge->wants_continue = false;
}

void
imap_bridge_untagged(ImapBridge *bridge, ImapData kind, guint32 number,
		     const ImapReader *rest, const ImapReply *reply)
{
	bool wanted;

	if (bridge->state == BRIDGE_GREETING) {
		/*
		 * Its code is the wire's: libetpan 1.9.4 reads codes in a
		 * greeting without its parser's state, and PERMANENTFLAGS ()
		 * there is a SIGSEGV.
		 */
		ImapReply bare = {.status = reply != NULL ? reply->status
							  : IMAP_STATUS_BAD,
				  .text = reply != NULL ? reply->text : NULL};

		if (kind != IMAP_DATA_STATUS_REPLY ||
		    reply->status == IMAP_STATUS_NO ||
		    reply->status == IMAP_STATUS_BAD)
			imap_wire_fail_text(bridge->wire,
					    "this is no IMAP server");
		else
			imap_emit_reply(bridge->out, "*", &bare);
		bridge->state = BRIDGE_IDLE;
		return;
	}
	if (bridge->state != BRIDGE_WAITING)
		return;
	wanted = kind == bridge->wants || kind == IMAP_DATA_CAPABILITY ||
		 (bridge->selecting &&
		  (kind == IMAP_DATA_FLAGS || kind == IMAP_DATA_EXISTS ||
		   kind == IMAP_DATA_RECENT));
	if (wanted && imap_emit_data(bridge->out, kind, number, rest))
		bridge->got_wanted |= kind == bridge->wants;
	else if (kind == IMAP_DATA_STATUS_REPLY &&
		 reply->status == IMAP_STATUS_OK && reply->code != NULL &&
		 (bridge->selecting || imap_reply_code_is(reply, "COPYUID")))
		/* COPYUID of a MOVE comes untagged (RFC 6851 section 4.3) */
		imap_emit_reply(bridge->out, "*", reply);
}

bool
imap_bridge_tagged(ImapBridge *bridge, const ImapToken *tag,
		   const ImapReply *reply)
{
	if (bridge->state != BRIDGE_WAITING || bridge->ride != 0 ||
	    strlen(bridge->tag) != tag->len ||
	    memcmp(bridge->tag, tag->text, tag->len) != 0)
		return false;
	finish(bridge, reply);
	return true;
}

void
imap_bridge_slot_done(ImapBridge *bridge, const ImapSlot *slot)
{
	if (bridge->ride == slot->tag && bridge->state == BRIDGE_WAITING)
		finish(bridge, &slot->reply);
}

bool
imap_bridge_continue(ImapBridge *bridge)
{
	if (bridge->state != BRIDGE_WAITING || !bridge->wants_continue)
		return false;
	bridge->wants_continue = false;
	g_string_append(bridge->out, "+ go on\r\n");
	return true;
}

bool
imap_bridge_is_clean(const ImapBridge *bridge)
{
	return bridge->out_pos == bridge->out->len &&
	       (bridge->stream == NULL ||
		bridge->stream->read_buffer_len == 0) &&
	       bridge->state == BRIDGE_IDLE;
}

static const struct {
	const char *verb;
	ImapData wants;
	bool selects;
} verbs[] = {
    {"SELECT", IMAP_DATA_OTHER, true},
    {"EXAMINE", IMAP_DATA_OTHER, true},
    {"LIST", IMAP_DATA_LIST, false},
    {"LSUB", IMAP_DATA_LSUB, false},
    {"STATUS", IMAP_DATA_STATUS, false},
    {"SEARCH", IMAP_DATA_SEARCH, false},
    {"UID SEARCH", IMAP_DATA_SEARCH, false},
    {"CAPABILITY", IMAP_DATA_CAPABILITY, false},
    {"NAMESPACE", IMAP_DATA_NAMESPACE, false},
    {"ID", IMAP_DATA_ID, false},
};

static bool
begin(ImapBridge *bridge)
{
	const char *line = bridge->line->str;
	const char *blank = strchr(line, ' ');

	if (blank == NULL || blank == line ||
	    (gsize)(blank - line) >= sizeof(bridge->tag))
		return false;
	memcpy(bridge->tag, line, (gsize)(blank - line));
	bridge->tag[blank - line] = '\0';
	bridge->wants = IMAP_DATA_OTHER;
	bridge->selecting = false;
	bridge->got_wanted = false;
	for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
		gsize len = strlen(verbs[i].verb);

		if (g_ascii_strncasecmp(blank + 1, verbs[i].verb, len) == 0 &&
		    (blank[1 + len] == ' ' || blank[1 + len] == '\r')) {
			bridge->wants = verbs[i].wants;
			bridge->selecting = verbs[i].selects;
		}
	}
	return true;
}

static bool
send_bytes(ImapBridge *bridge, const void *data, gsize len)
{
	GError *error = NULL;

	return net_stream_write(bridge->wire->stream, data, len, &error) ||
	       imap_wire_fail(bridge->wire, error);
}

/* One line of a stock command: checked, then sent, unless it rides. */
static bool
line_done(ImapBridge *bridge)
{
	GString *line = bridge->line;
	ImapWire *wire = bridge->wire;
	gint64 literal = imap_literal_at(line->str, line->str + line->len - 1);
	bool first = bridge->state == BRIDGE_IDLE;
	ImapSlot *slot;

	if (line->len < 2 || line->str[line->len - 2] != '\r' ||
	    strlen(line->str) != line->len ||
	    strchr(line->str, '\r') != line->str + line->len - 2)
		return imap_wire_fail_text(wire, "a line break in a command");
	if (first && !begin(bridge))
		return imap_wire_fail_text(wire, "no command");
	bridge->state = BRIDGE_WAITING;
	bridge->wants_continue = literal >= 0;
	bridge->literal_left = literal >= 0 ? (guint64)literal : 0;
	if (bridge->ride == 0) {
		net_trace_text(wire->trace, net_stream_number(wire->stream),
			       NET_TRACE_OUT, line->str, (gssize)line->len - 2);
		if (!send_bytes(bridge, line->str, line->len))
			return false;
	}
	g_string_truncate(line, 0);
	if (bridge->ride == 0)
		return true;
	slot = imap_wire_slot(wire, bridge->ride);
	g_assert(slot != NULL);
	if (slot->done)
		finish(bridge, &slot->reply);
	return true;
}

static gsize
write_literal(ImapBridge *bridge, const char *data, gsize len)
{
	gsize now = (gsize)MIN((guint64)len, bridge->literal_left);

	if (!send_bytes(bridge, data, now))
		return 0;
	net_trace_bytes(bridge->wire->trace,
			net_stream_number(bridge->wire->stream), NET_TRACE_OUT,
			now);
	bridge->literal_left -= now;
	bridge->state = BRIDGE_WRITING;
	return now;
}

/* All or -1: a 0 here makes libetpan loop for ever. */
static ssize_t
driver_write(mailstream_low *low, const void *data, size_t len)
{
	ImapBridge *bridge = low->data;
	const char *p = data;
	const char *end = p + len;

	while (p < end && bridge->wire->failure == NULL) {
		const char *lf;
		gsize n;

		if (bridge->literal_left > 0) {
			p += write_literal(bridge, p, (gsize)(end - p));
			continue;
		}
		lf = memchr(p, '\n', (gsize)(end - p));
		n = lf != NULL ? (gsize)(lf + 1 - p) : (gsize)(end - p);
		g_string_append_len(bridge->line, p, (gssize)n);
		p += n;
		if (bridge->line->len > LINE_MAX_OUT)
			imap_wire_fail_text(bridge->wire, "command too long");
		else if (lf == NULL)
			continue;
		/* one command at a time; one line, unless literals part it */
		else if (bridge->state == BRIDGE_WAITING ||
			 (p < end &&
			  imap_literal_at(bridge->line->str,
					  bridge->line->str +
					      bridge->line->len - 1) < 0))
			imap_wire_fail_text(bridge->wire,
					    "a line break in a command");
		else
			line_done(bridge);
	}
	return bridge->wire->failure == NULL ? (ssize_t)len : -1;
}

/* End of file is -1: with 0 libetpan's literal loop never ends. */
static ssize_t
driver_read(mailstream_low *low, void *buffer, size_t len)
{
	ImapBridge *bridge = low->data;
	gsize n;

	while (bridge->out_pos == bridge->out->len) {
		g_string_truncate(bridge->out, 0);
		bridge->out_pos = 0;
		if (bridge->state == BRIDGE_IDLE)
			imap_wire_fail_text(bridge->wire,
					    "the answer cannot be read");
		if (bridge->wire->failure != NULL ||
		    !imap_wire_pump(bridge->wire, NULL))
			return -1;
	}
	n = MIN(bridge->out->len - bridge->out_pos, len);
	memcpy(buffer, bridge->out->str + bridge->out_pos, n);
	bridge->out_pos += n;
	return (ssize_t)n;
}

static int
driver_close(mailstream_low *low)
{
	((ImapBridge *)low->data)->stream = NULL;
	return 0;
}

static int
driver_get_fd(mailstream_low *low G_GNUC_UNUSED)
{
	return -1; /* nothing may poll behind our back */
}

/* libetpan wants the shell freed; what is in it is not its own. It lets go of
 * low itself through free(3). */
static void
driver_free(mailstream_low *low)
{
	free(low);
}

static void
driver_cancel(mailstream_low *low G_GNUC_UNUSED)
{
}

static mailstream_low_driver driver = {
    .mailstream_read = driver_read,
    .mailstream_write = driver_write,
    .mailstream_close = driver_close,
    .mailstream_get_fd = driver_get_fd,
    .mailstream_free = driver_free,
    .mailstream_cancel = driver_cancel,
};

ImapBridge *
imap_bridge_new(ImapWire *wire)
{
	ImapBridge *bridge = g_new0(ImapBridge, 1);

	bridge->wire = wire;
	bridge->state = BRIDGE_GREETING;
	bridge->line = g_string_new(NULL);
	bridge->out = g_string_new(NULL);
	bridge->stream =
	    mailstream_new(mailstream_low_new(bridge, &driver), STREAM_BUFFER);
	wire->bridge = bridge;
	return bridge;
}

void
imap_bridge_free(ImapBridge *bridge)
{
	if (bridge == NULL)
		return;
	bridge->wire->bridge = NULL;
	imap_reply_clear(&bridge->reply);
	g_string_free(bridge->line, TRUE);
	g_string_free(bridge->out, TRUE);
	g_free(bridge);
}

mailstream *
imap_bridge_stream(ImapBridge *bridge)
{
	return bridge->stream;
}

void
imap_bridge_ride(ImapBridge *bridge, guint tag)
{
	bridge->ride = tag;
}

ImapReply
imap_bridge_take_reply(ImapBridge *bridge)
{
	ImapReply reply = bridge->reply;

	bridge->reply = (ImapReply){0};
	return reply;
}
