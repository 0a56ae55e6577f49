/* imap-wire-private.h - the wire's parts: frames, commands, the bridge */
#pragma once

#include "imap-wire.h"

/** ImapSlot: a command of ours that was sent; free where @tag is 0 */
typedef struct {
	guint tag;
	bool done;
	bool secret; /* its challenges are */
	bool go_on;  /* a "+" came */
	char *go_on_text;
	ImapDoneFunc func;
	gpointer user;
	ImapReply reply;
} ImapSlot;

typedef struct ImapBridge ImapBridge;

struct ImapWire {
	NetStream *stream;
	NetTrace *trace;
	ImapDataFunc data;
	gpointer user;
	ImapWantFunc want;
	ImapSinkFunc sink;
	gpointer sink_user;
	/*
	 * The frame lies at [start, line); line is where the next one begins.
	 * All before end is valid.
	 */
	char *buffer;
	gsize size;
	gsize start;
	gsize line;
	gsize tail; /* the frame's last line: behind all literals */
	gsize scan;
	gsize end;
	gsize streamed_at[IMAP_STREAMED_MAX];
	guint64 streamed_len[IMAP_STREAMED_MAX];
	guint n_streamed;
	/* commands of ours */
	ImapSlot slots[IMAP_SLOTS];
	guint last_tag;
	GString *command;    /* ended and being built, not sent yet */
	gsize command_start; /* of the one being built, for the trace */
	bool command_secret;
	gsize command_told; /* bytes of a secret line that may be told */
	guint64 literal_largest;
	ImapBridge *bridge; /* owned by the session; NULL before it is made */
	ImapWireCounts counts;
	bool idle;
	char *bye;       /* text of a BYE: why the connection ends */
	GError *failure; /* the first; everything fails with it from then on */
};

/* imap-frame.c */
/** imap_frame_next: reads until [start, line) is a whole response; @extend:
 * takes the next line to it */
bool imap_frame_next(ImapWire *wire, bool extend);
/** imap_frame_done: the next one begins behind it */
void imap_frame_done(ImapWire *wire);
/** imap_literal_at: of a line that ends before @lf with "{n}": n; -1: none;
 * -2: a number out of reason */
gint64 imap_literal_at(const char *line, const char *lf);
/** imap_wire_fail: notes why. Returns: %false */
bool imap_wire_fail(ImapWire *wire, GError *error);
bool imap_wire_fail_text(ImapWire *wire, const char *text);
/** imap_wire_failed: a copy of the failure to @error. Returns: %false */
bool imap_wire_failed(const ImapWire *wire, GError **error);

/* imap-command.c */
ImapSlot *imap_wire_slot(ImapWire *wire, guint tag);

/* imap-bridge.c: each does nothing where @bridge is NULL */
/** imap_bridge_untagged: passes on what libetpan waits for */
void imap_bridge_untagged(ImapBridge *bridge, ImapData kind, guint32 number,
			  const ImapReader *rest, const ImapReply *reply);
/** imap_bridge_tagged: Returns: the tag was libetpan's, or rides */
bool imap_bridge_tagged(ImapBridge *bridge, const ImapToken *tag,
			const ImapReply *reply);
/** imap_bridge_slot_done: a command of ours that a stock call rides on */
void imap_bridge_slot_done(ImapBridge *bridge, const ImapSlot *slot);
/** imap_bridge_continue: Returns: the "+" was for libetpan */
bool imap_bridge_continue(ImapBridge *bridge);
bool imap_bridge_is_clean(const ImapBridge *bridge);
