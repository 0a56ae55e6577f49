/* imap-wire.c - one response after the other, handed to whom it is for */
#include "imap-wire.h"

#include <string.h>

#include "imap-error.h"
#include "imap-wire-private.h"

#define JOIN_MAX 4u

static const struct {
	const char *word;
	ImapData kind;
	ImapStatus status;
} words[] = {
    {"FETCH", IMAP_DATA_FETCH, 0},
    {"OK", IMAP_DATA_STATUS_REPLY, IMAP_STATUS_OK},
    {"NO", IMAP_DATA_STATUS_REPLY, IMAP_STATUS_NO},
    {"BAD", IMAP_DATA_STATUS_REPLY, IMAP_STATUS_BAD},
    {"BYE", IMAP_DATA_STATUS_REPLY, IMAP_STATUS_BYE},
    {"PREAUTH", IMAP_DATA_STATUS_REPLY, IMAP_STATUS_PREAUTH},
    {"EXPUNGE", IMAP_DATA_EXPUNGE, 0},
    {"EXISTS", IMAP_DATA_EXISTS, 0},
    {"RECENT", IMAP_DATA_RECENT, 0},
    {"CAPABILITY", IMAP_DATA_CAPABILITY, 0},
    {"LIST", IMAP_DATA_LIST, 0},
    {"XLIST", IMAP_DATA_LIST, 0},
    {"LSUB", IMAP_DATA_LSUB, 0},
    {"STATUS", IMAP_DATA_STATUS, 0},
    {"SEARCH", IMAP_DATA_SEARCH, 0},
    {"ESEARCH", IMAP_DATA_ESEARCH, 0},
    {"FLAGS", IMAP_DATA_FLAGS, 0},
    {"VANISHED", IMAP_DATA_VANISHED, 0},
    {"ENABLED", IMAP_DATA_ENABLED, 0},
    {"NAMESPACE", IMAP_DATA_NAMESPACE, 0},
    {"ID", IMAP_DATA_ID, 0},
};

static ImapData
data_of(const ImapToken *token, ImapStatus *ret_status)
{
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (imap_token_is(token, words[i].word)) {
			*ret_status = words[i].status;
			return words[i].kind;
		}
	return IMAP_DATA_OTHER;
}

ImapWire *
imap_wire_new(NetStream *stream, NetTrace *trace, ImapDataFunc data,
	      gpointer user)
{
	ImapWire *wire = g_new0(ImapWire, 1);

	wire->stream = stream;
	wire->trace = trace;
	wire->data = data;
	wire->user = user;
	wire->command = g_string_new(NULL);
	return wire;
}

void
imap_wire_free(ImapWire *wire)
{
	if (wire == NULL)
		return;
	for (guint i = 0; i < IMAP_SLOTS; i++) {
		imap_reply_clear(&wire->slots[i].reply);
		g_free(wire->slots[i].go_on_text);
	}
	explicit_bzero(wire->command->str, wire->command->len);
	g_string_free(wire->command, TRUE);
	g_clear_error(&wire->failure);
	g_free(wire->buffer);
	g_free(wire->bye);
	g_free(wire);
}

/* Lines as text; literals only as their length. A challenge tells enough of a
 * password to try out guesses. */
static void
trace_frame(ImapWire *wire)
{
	const char *p = wire->buffer + wire->start;
	gsize len = wire->line - wire->start;
	const char *lf = memchr(p, '\n', len);
	gsize first = lf == NULL ? len : (gsize)(lf - p);
	guint number = net_stream_number(wire->stream);
	const ImapSlot *slot = imap_wire_slot(wire, wire->last_tag);

	if (p[0] == '+' && slot != NULL && slot->secret) {
		net_trace_text(wire->trace, number, NET_TRACE_IN, "+ <secret>",
			       -1);
		return;
	}
	while (first > 0 && p[first - 1] == '\r')
		first--;
	net_trace_text(wire->trace, number, NET_TRACE_IN, p, (gssize)first);
	if (lf != NULL && (gsize)(lf + 1 - p) < len)
		net_trace_bytes(wire->trace, number, NET_TRACE_IN,
				len - (gsize)(lf + 1 - p));
}

static void
finish_slot(ImapWire *wire, ImapSlot *slot, const ImapReply *reply)
{
	slot->done = true;
	slot->reply = imap_reply_copy(reply);
	if (slot->func != NULL)
		slot->func(slot->user, slot->tag, &slot->reply);
	if (wire->bridge != NULL)
		imap_bridge_slot_done(wire->bridge, slot);
}

static void
handle_tagged(ImapWire *wire, const ImapToken *tag, ImapReader *reader)
{
	ImapToken word;
	ImapStatus status = IMAP_STATUS_BAD;
	g_auto(ImapReply) reply = {0};
	ImapToken digits = {.kind = IMAP_TOKEN_ATOM,
			    .text = tag->text + 1,
			    .len = tag->len - 1};
	ImapSlot *slot = NULL;
	guint32 number;

	if (imap_token_next(reader, &word) != IMAP_TOKEN_ATOM ||
	    data_of(&word, &status) != IMAP_DATA_STATUS_REPLY ||
	    status > IMAP_STATUS_BAD) {
		wire->counts.stray++;
		return;
	}
	imap_reply_parse(reader->p, (gsize)(reader->end - reader->p), status,
			 &reply);
	if (tag->text[0] == 'p' && imap_token_u32(&digits, &number))
		slot = imap_wire_slot(wire, number);
	if (slot != NULL && !slot->done)
		finish_slot(wire, slot, &reply);
	else if (wire->bridge == NULL ||
		 !imap_bridge_tagged(wire->bridge, tag, &reply))
		wire->counts.stray++;
}

/*
 * A continuation names nobody. One command at a time may wait for one:
 * libetpan's, or the last of ours that is not answered.
 */
static void
handle_continue(ImapWire *wire, const char *text, gsize len)
{
	ImapSlot *slot = imap_wire_slot(wire, wire->last_tag);

	if (wire->bridge != NULL && imap_bridge_continue(wire->bridge))
		return;
	if (slot == NULL || slot->done) {
		wire->counts.stray++;
		return;
	}
	slot->go_on = true;
	g_free(slot->go_on_text);
	slot->go_on_text = g_strndup(text, len);
}

static bool
handle_untagged(ImapWire *wire, ImapReader *reader)
{
	g_auto(ImapReply) reply = {0};
	ImapToken token;
	ImapReader rest;
	ImapStatus status = IMAP_STATUS_OK;
	ImapData kind;
	guint64 number = 0;
	bool numbered;
	bool good;

	if (imap_token_next(reader, &token) != IMAP_TOKEN_ATOM)
		return false;
	numbered = imap_token_u64(&token, &number);
	if (numbered && (number > G_MAXUINT32 ||
			 imap_token_next(reader, &token) != IMAP_TOKEN_ATOM))
		return false;
	kind = data_of(&token, &status);
	if ((kind == IMAP_DATA_FETCH || kind == IMAP_DATA_EXPUNGE) &&
	    number == 0)
		return false;
	if ((kind == IMAP_DATA_EXISTS || kind == IMAP_DATA_RECENT) && !numbered)
		return false;
	if (kind == IMAP_DATA_STATUS_REPLY)
		imap_reply_parse(reader->p, (gsize)(reader->end - reader->p),
				 status, &reply);
	if (kind == IMAP_DATA_STATUS_REPLY && status == IMAP_STATUS_BYE) {
		g_free(wire->bye);
		wire->bye = g_strdup(reply.text);
	}
	rest = *reader;
	good = wire->data(wire->user, kind, (guint32)number, &rest,
			  kind == IMAP_DATA_STATUS_REPLY ? &reply : NULL);
	reader->open_quote = rest.open_quote;
	if (good && wire->bridge != NULL)
		imap_bridge_untagged(wire->bridge, kind, (guint32)number,
				     reader, &reply);
	return good;
}

static bool
handle_frame(ImapWire *wire, bool *ret_open_quote)
{
	const char *p = wire->buffer + wire->start;
	gsize len = wire->line - wire->start;
	ImapReader reader;
	ImapToken tag;
	bool good = true;

	/* a literal may end in a line end of its own */
	while (len > wire->tail - wire->start &&
	       (p[len - 1] == '\n' || p[len - 1] == '\r'))
		len--;
	imap_reader_init(&reader, p, len);
	reader.n_streamed = wire->n_streamed;
	for (guint i = 0; i < wire->n_streamed; i++) {
		reader.streamed_at[i] = wire->buffer + wire->streamed_at[i];
		reader.streamed_len[i] = wire->streamed_len[i];
	}
	if (len == 0)
		return true; /* a blank line: Exchange */
	if (len >= 2 && p[0] == '*' && p[1] == ' ') {
		reader.p += 2;
		good = handle_untagged(wire, &reader);
	} else if (p[0] == '+') {
		gsize skip = len > 1 && p[1] == ' ' ? 2 : 1;

		handle_continue(wire, p + skip, len - skip);
	} else if (imap_token_next(&reader, &tag) == IMAP_TOKEN_ATOM) {
		handle_tagged(wire, &tag, &reader);
	} else {
		wire->counts.stray++;
	}
	*ret_open_quote = !good && reader.open_quote;
	return good;
}

static bool
no_stock_call(const ImapWire *wire)
{
	return wire->bridge == NULL || imap_bridge_is_clean(wire->bridge);
}

/* Does this line begin a response of its own? */
static bool
stands_alone(const char *p, gsize len)
{
	return len > 1 && (((p[0] == '*' || p[0] == '+') && p[1] == ' ') ||
			   (p[0] == 'p' && g_ascii_isdigit(p[1])) ||
			   g_ascii_isdigit(p[0]));
}

/*
 * A CRLF inside a quoted string (seen in the wild): the next line is taken to
 * it, but only if it cannot stand alone, or one stray quote would swallow a
 * tagged OK.
 */
static bool
join_next(ImapWire *wire)
{
	gsize was = wire->line - wire->start;

	bool quiet = wire->idle ||
		     (imap_wire_in_flight(wire) == 0 && no_stock_call(wire));

	/* with nothing asked the next line may be half an hour away */
	if (quiet && memchr(wire->buffer + wire->line, '\n',
			    wire->end - wire->line) == NULL)
		return false;
	if (!imap_frame_next(wire, true))
		return false;
	if (!stands_alone(wire->buffer + wire->start + was,
			  wire->line - wire->start - was)) {
		wire->counts.joined++;
		return true;
	}
	wire->line = wire->start + was;
	return false;
}

bool
imap_wire_pump(ImapWire *wire, GError **error)
{
	bool good;
	bool open_quote = false;
	guint joined = 0;

	if (!imap_frame_next(wire, false))
		return imap_wire_failed(wire, error);
	trace_frame(wire);
	good = handle_frame(wire, &open_quote);
	while (!good && open_quote && joined++ < JOIN_MAX && join_next(wire)) {
		open_quote = false;
		good = handle_frame(wire, &open_quote);
	}
	wire->counts.frames++;
	wire->counts.bad += !good;
	imap_frame_done(wire);
	return wire->failure == NULL || imap_wire_failed(wire, error);
}

bool
imap_wire_pending(const ImapWire *wire)
{
	return wire->end > wire->start &&
	       memchr(wire->buffer + wire->start, '\n',
		      wire->end - wire->start) != NULL;
}

void
imap_wire_set_sink(ImapWire *wire, ImapWantFunc want, ImapSinkFunc sink,
		   gpointer user)
{
	wire->want = want;
	wire->sink = sink;
	wire->sink_user = user;
}

void
imap_wire_set_idle(ImapWire *wire, bool idle)
{
	wire->idle = idle;
}

void
imap_wire_forget(ImapWire *wire)
{
	g_clear_pointer(&wire->bye, g_free);
}

bool
imap_wire_clean(const ImapWire *wire)
{
	return wire->start == wire->end &&
	       (wire->bridge == NULL || imap_bridge_is_clean(wire->bridge));
}

bool
imap_wire_start_deflate(ImapWire *wire, GError **error)
{
	GError *failure = NULL;

	if (!net_stream_start_deflate(wire->stream, wire->buffer + wire->start,
				      wire->end - wire->start, &failure)) {
		imap_wire_fail(wire, failure);
		return imap_wire_failed(wire, error);
	}
	wire->start = wire->line = wire->scan = wire->end = 0;
	return true;
}

const ImapWireCounts *
imap_wire_counts(const ImapWire *wire)
{
	return &wire->counts;
}
