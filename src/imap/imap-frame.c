/* imap-frame.c - whole responses from a byte stream */
#include <string.h>

#include "imap-error.h"
#include "imap-wire-private.h"

#define BUFFER_START ((gsize)64 << 10)
#define BUFFER_MAX (2 * IMAP_FRAME_MAX)
#define SINK_CHUNK 16384u
/* a buffer that one response made larger is given back */
#define BUFFER_KEEP ((gsize)1 << 20)

bool
imap_wire_fail(ImapWire *wire, GError *error)
{
	if (error->domain == NET_ERROR) {
		ImapError code = IMAP_ERROR_CONNECTION;

		if (error->code == NET_ERROR_CANCELLED)
			code = IMAP_ERROR_CANCELLED;
		else if (error->code == NET_ERROR_PROTOCOL)
			code = IMAP_ERROR_PROTOCOL;
		/* the server's own words say more than an end of file */
		if (error->code == NET_ERROR_CLOSED && wire->bye != NULL)
			g_prefix_error(&error,
				       "the server says: %s: ", wire->bye);
		error->domain = IMAP_ERROR;
		error->code = (gint)code;
	}
	if (wire->failure == NULL)
		wire->failure = error;
	else
		g_error_free(error);
	return false;
}

bool
imap_wire_fail_text(ImapWire *wire, const char *text)
{
	return imap_wire_fail(
	    wire, g_error_new_literal(IMAP_ERROR, IMAP_ERROR_PROTOCOL, text));
}

bool
imap_wire_failed(const ImapWire *wire, GError **error)
{
	if (error != NULL && wire->failure != NULL)
		*error = g_error_copy(wire->failure);
	return false;
}

static void
move_to_front(ImapWire *wire)
{
	gsize by = wire->start;

	memmove(wire->buffer, wire->buffer + by, wire->end - by);
	wire->line -= by;
	wire->tail -= MIN(wire->tail, by);
	wire->scan -= by;
	wire->end -= by;
	for (guint i = 0; i < wire->n_streamed; i++)
		wire->streamed_at[i] -= by;
	wire->start = 0;
}

/* more bytes behind end; they may move, offsets stay right */
static bool
fill(ImapWire *wire)
{
	GError *error = NULL;
	gssize got;

	if (wire->failure != NULL)
		return false;
	if (wire->size - wire->end < wire->size / 4 && wire->start > 0)
		move_to_front(wire);
	if (wire->size == 0 || wire->size - wire->end < wire->size / 4) {
		if (wire->size >= BUFFER_MAX)
			return imap_wire_fail_text(
			    wire, "the server sent a response that is too big");
		wire->size = wire->size == 0 ? BUFFER_START : wire->size * 2;
		wire->buffer = g_realloc(wire->buffer, wire->size);
	}
	got = net_stream_read(wire->stream, wire->buffer + wire->end,
			      wire->size - wire->end, &error);
	if (got < 0)
		return imap_wire_fail(wire, error);
	wire->end += (gsize)got;
	return true;
}

gint64
imap_literal_at(const char *line, const char *lf)
{
	const char *p = lf;
	const char *digits_end;
	gint64 n = 0;
	gint64 unit = 1;

	if (p > line && p[-1] == '\r')
		p--;
	if (p == line || *--p != '}')
		return -1;
	if (p > line && p[-1] == '+')
		p--;
	digits_end = p;
	while (p > line && g_ascii_isdigit(p[-1])) {
		if (digits_end - p >= 17)
			return -2;
		n += unit * (p[-1] - '0');
		unit *= 10;
		p--;
	}
	if (p == digits_end || p == line || p[-1] != '{')
		return -1;
	return n;
}

/*
 * Status responses, tagged lines and continuations are free text: they hold no
 * literal, whatever they end with ("* OK see {12}").
 */
static bool
may_hold_literals(const char *p, gsize len)
{
	static const char *const words[] = {"OK", "NO", "BAD", "BYE",
					    "PREAUTH"};

	if (len < 4 || p[0] != '*' || p[1] != ' ')
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		gsize n = strlen(words[i]);

		if (len > n + 2 &&
		    g_ascii_strncasecmp(p + 2, words[i], n) == 0 &&
		    strchr(" \r\n", p[n + 2]) != NULL)
			return false;
	}
	return true;
}

static bool
sink_bytes(ImapWire *wire, const void *data, gsize len)
{
	return wire->sink(wire->sink_user, data, len) ||
	       imap_wire_fail_text(wire, "what came cannot be kept");
}

/* A large literal never lies in memory: its bytes go to the sink as they come.
 */
static bool
stream_literal(ImapWire *wire, guint64 left)
{
	gsize have = wire->end - wire->scan;
	gsize now = (gsize)MIN((guint64)have, left);

	if (wire->n_streamed == IMAP_STREAMED_MAX)
		return imap_wire_fail_text(wire, "too many large literals");
	wire->streamed_at[wire->n_streamed] = wire->scan;
	wire->streamed_len[wire->n_streamed++] = left;
	if (now > 0 && !sink_bytes(wire, wire->buffer + wire->scan, now))
		return false;
	memmove(wire->buffer + wire->scan, wire->buffer + wire->scan + now,
		have - now);
	wire->end -= now;
	left -= now;
	while (left > 0) {
		char chunk[SINK_CHUNK];
		GError *error = NULL;
		gssize got = net_stream_read(
		    wire->stream, chunk,
		    (gsize)MIN((guint64)sizeof(chunk), left), &error);

		if (got < 0)
			return imap_wire_fail(wire, error);
		if (!sink_bytes(wire, chunk, (gsize)got))
			return false;
		left -= (guint64)got;
	}
	return true;
}

/* n bytes of a literal follow; the scan goes on behind them */
static bool
take_literal(ImapWire *wire, gint64 n, bool may_stream)
{
	if (n >= (gint64)IMAP_SINK_MIN && may_stream &&
	    wire->want(wire->sink_user, wire->buffer + wire->start,
		       wire->line - wire->start))
		return stream_literal(wire, (guint64)n);
	if (n < 0 || (guint64)n + (wire->line - wire->start) > IMAP_FRAME_MAX)
		return imap_wire_fail_text(
		    wire, "the server announced a literal that is too big");
	while (wire->end - wire->line < (gsize)n)
		if (!fill(wire))
			return false;
	wire->line = wire->scan = wire->line + (gsize)n;
	return true;
}

void
imap_frame_done(ImapWire *wire)
{
	wire->start = wire->line;
	if (wire->start < wire->end)
		return;
	wire->start = wire->line = wire->scan = wire->end = 0;
	if (wire->size > BUFFER_KEEP) {
		g_clear_pointer(&wire->buffer, g_free);
		wire->size = 0;
	}
}

bool
imap_frame_next(ImapWire *wire, bool extend)
{
	if (wire->failure != NULL)
		return false;
	if (!extend) {
		wire->scan = wire->line = wire->start;
		wire->n_streamed = 0;
	}
	if (wire->buffer == NULL && !fill(wire))
		return false;
	for (;;) {
		const char *frame = wire->buffer + wire->start;
		const char *lf = wire->end > wire->scan
				     ? memchr(wire->buffer + wire->scan, '\n',
					      wire->end - wire->scan)
				     : NULL;
		gint64 n = -1;

		if (lf == NULL) {
			wire->scan = wire->end;
			if (wire->end - wire->line > IMAP_LINE_MAX)
				return imap_wire_fail_text(
				    wire, "the server sent a line without end");
			if (!fill(wire))
				return false;
			continue;
		}
		if (may_hold_literals(frame, wire->end - wire->start))
			n = imap_literal_at(wire->buffer + wire->line, lf);
		wire->tail = wire->line;
		wire->line = wire->scan = (gsize)(lf + 1 - wire->buffer);
		if (n == -1)
			return true;
		/* a joined line may turn out to be another response */
		if (!take_literal(wire, n, !extend && wire->sink != NULL))
			return false;
	}
}
