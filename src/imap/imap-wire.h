/* imap-wire.h - whole, checked responses, and commands of our own, over one
 * stream; private to src/imap */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "imap-token.h"
#include "model-uidset.h"
#include "net-stream.h"

typedef struct ImapWire ImapWire;

typedef enum {
	IMAP_STATUS_OK,
	IMAP_STATUS_NO,
	IMAP_STATUS_BAD,
	IMAP_STATUS_BYE,
	IMAP_STATUS_PREAUTH,
} ImapStatus;

/**
 * ImapReply: a tagged or untagged status response (RFC 9051 section 7.1)
 * @code: (nullable): what stands between the brackets
 * @text: what a person may read; never %NULL, at most 1,000 bytes, unfiltered
 */
typedef struct {
	ImapStatus status;
	char *code;
	char *text;
} ImapReply;
#define IMAP_REPLY_TEXT_MAX 1000u

void imap_reply_clear(ImapReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImapReply, imap_reply_clear)
/** imap_reply_parse: @text: behind the status word */
void imap_reply_parse(const char *text, gsize len, ImapStatus status,
		      ImapReply *ret_reply);
ImapReply imap_reply_copy(const ImapReply *reply);
/** imap_reply_code_is: the code's first word is @upper */
bool imap_reply_code_is(const ImapReply *reply, const char *upper);

/** ImapData: the word of an untagged response */
typedef enum {
	IMAP_DATA_FETCH,
	IMAP_DATA_EXPUNGE,
	IMAP_DATA_EXISTS,
	IMAP_DATA_RECENT,
	IMAP_DATA_STATUS_REPLY, /* OK, NO, BAD, BYE, PREAUTH: see the reply */
	IMAP_DATA_CAPABILITY,
	IMAP_DATA_LIST,
	IMAP_DATA_LSUB,
	IMAP_DATA_STATUS,
	IMAP_DATA_SEARCH,
	IMAP_DATA_ESEARCH,
	IMAP_DATA_FLAGS,
	IMAP_DATA_VANISHED,
	IMAP_DATA_ENABLED,
	IMAP_DATA_NAMESPACE,
	IMAP_DATA_ID,
	IMAP_DATA_OTHER,
} ImapData;

/**
 * ImapDataFunc: every untagged response, whoever's command is running, in the
 * order of the wire
 * @rest: behind the keyword; valid during the call only
 * @reply: (nullable): of %IMAP_DATA_STATUS_REPLY
 *
 * Returns: %false if it cannot be believed: it is counted and dropped, and
 * libetpan does not get it either
 */
typedef bool (*ImapDataFunc)(gpointer user, ImapData kind, guint32 number,
			     ImapReader *rest, const ImapReply *reply);
/**
 * ImapWantFunc: a large literal begins
 * @frame: its response so far, to the end of the line that announces it
 *
 * Returns: its bytes go to the sink as they come; else it lies in memory like
 * any other
 */
typedef bool (*ImapWantFunc)(gpointer user, const char *frame, gsize len);
/** ImapSinkFunc: bytes of it. Returns: %false to give the session up */
typedef bool (*ImapSinkFunc)(gpointer user, const void *data, gsize len);
typedef void (*ImapDoneFunc)(gpointer user, guint tag, const ImapReply *reply);

/* Limits that hold whatever a server sends (tests hit each). */
#define IMAP_LINE_MAX ((gsize)16 << 20)  /* a SEARCH of a million UIDs: 8 MB */
#define IMAP_FRAME_MAX ((gsize)24 << 20) /* one response, its literals too */
#define IMAP_SINK_MIN ((gsize)64 << 10)  /* larger literals go to the sink */
#define IMAP_SLOTS 16u                   /* commands of ours in flight */

/** ImapWireCounts: responses; @bad: not believed; @stray: for nobody */
typedef struct {
	guint frames;
	guint bad;
	guint stray;
	guint joined;
} ImapWireCounts;

/** imap_wire_new: @stream, @trace: borrowed */
ImapWire *imap_wire_new(NetStream *stream, NetTrace *trace, ImapDataFunc data,
			gpointer user);
/** imap_wire_free: (nullable) */
void imap_wire_free(ImapWire *wire);

/* ---- commands of ours: built, flushed, waited for ---- */

/** imap_wire_begin: Returns: tag (p1, p2 … on the line); asserts that fewer
 * than %IMAP_SLOTS are in flight: see imap_wire_in_flight() */
guint imap_wire_begin(ImapWire *wire, const char *verb, ImapDoneFunc done,
		      gpointer user);
guint imap_wire_in_flight(const ImapWire *wire);
/** imap_wire_atom: " " and @text; asserts that no CR, LF or NUL is in it */
void imap_wire_atom(ImapWire *wire, const char *text);
void imap_wire_printf(ImapWire *wire, const char *format, ...)
    G_GNUC_PRINTF(2, 3);
/** imap_wire_astring: " " and a quoted string or a literal
 * Returns: %false with @error, or with the command ended by the server's NO to
 * the literal (@ret_refused) */
bool imap_wire_astring(ImapWire *wire, const char *text, bool *ret_refused,
		       GError **error);
/** imap_wire_set: " " and the set */
void imap_wire_set(ImapWire *wire, const UidSet *uids);
/** imap_wire_secret: the command's line, and what the server asks of it, is
 * left out of the trace */
void imap_wire_secret(ImapWire *wire);
/** imap_wire_literal: " {n}" and what follows is @len bytes by
 * imap_wire_data(); with LITERAL+ (or LITERAL- and up to 4096) at once, else
 * it waits for the "+"
 * Returns: %false with @error, or with the command ended by the server's NO
 * (@ret_refused) */
bool imap_wire_literal(ImapWire *wire, guint64 len, bool *ret_refused,
		       GError **error);
bool imap_wire_data(ImapWire *wire, const void *data, gsize len,
		    GError **error);
/** imap_wire_end: ends the command's line; it waits for a flush */
void imap_wire_end(ImapWire *wire);
/** imap_wire_flush: what was ended, in one write */
bool imap_wire_flush(ImapWire *wire, GError **error);
/** imap_wire_set_literal: 0: synchronizing, else the largest that may be sent
 * without asking (LITERAL-: 4096, LITERAL+: G_MAXUINT64) */
void imap_wire_set_literal(ImapWire *wire, guint64 largest);

/** imap_wire_wait: pumps until @tag is answered; its slot is free then */
bool imap_wire_wait(ImapWire *wire, guint tag, ImapReply *ret_reply,
		    GError **error);
/** imap_wire_is_done: @tag is answered; imap_wire_wait() will not block */
bool imap_wire_is_done(const ImapWire *wire, guint tag);
/** imap_wire_wait_continue: pumps until "+" comes for @tag
 * Returns: %false with @error; or %false without: the command ended */
bool imap_wire_wait_continue(ImapWire *wire, guint tag, char **ret_text,
			     GError **error);
/** imap_wire_line: a bare line (DONE, a SASL answer) */
bool imap_wire_line(ImapWire *wire, const char *line, bool secret,
		    GError **error);
/** imap_wire_pump: handles one response; blocks for it */
bool imap_wire_pump(ImapWire *wire, GError **error);
/** imap_wire_pending: a line is there: look here before any poll */
bool imap_wire_pending(const ImapWire *wire);
/** imap_wire_set_sink: for large literals */
void imap_wire_set_sink(ImapWire *wire, ImapWantFunc want, ImapSinkFunc sink,
			gpointer user);
/** imap_wire_set_idle: nothing is on its way: no response waits for a line
 * behind it */
void imap_wire_set_idle(ImapWire *wire, bool idle);
/** imap_wire_forget: what the other side said in clear */
void imap_wire_forget(ImapWire *wire);

/** imap_wire_clean: nothing is buffered: before TLS, after a stock call */
bool imap_wire_clean(const ImapWire *wire);
bool imap_wire_start_deflate(ImapWire *wire, GError **error);
const ImapWireCounts *imap_wire_counts(const ImapWire *wire);
