/* imap-session-private.h - the session's parts, shared by its files */
#pragma once

#include <libetpan/mailimap.h>

#include "imap-bridge.h"
#include "imap-private.h"
#include "imap-session.h"
#include "imap-wire.h"
#include "net-stream.h"

/** ImapBox: the selected mailbox, as the wire tells it */
typedef struct {
	char *wire;     /* NULL: none is selected */
	bool selecting; /* the old one's responses may still come */
	MailboxState state;
	bool read_only;
	bool resynced;
	char *permanent_flags; /* NULL: not told: all are allowed */
	/*
	 * UID by sequence number, 0 where unknown; NULL where QRESYNC tells
	 * UIDs itself. Sequence numbers never leave this layer.
	 */
	GArray *uids;
	/* since the last take */
	ImapBatch *rows;
	UidSet *vanished;
	bool lost;
	bool flags_lost;
	bool grew;
	bool touched;
	guint64 modseq;      /* safe to keep */
	guint64 modseq_seen; /* received since the last completion */
	guint n_backfill;    /* fetches in flight that prove nothing of it */
} ImapBox;

/** ImapBody: a part on its way to the caller */
typedef struct {
	ImapBytesFunc func;
	gpointer user;
	guint32 uid;
	char *item; /* "BODY[1]" */
	bool found;
	bool streamed; /* bytes went out before their response was read */
} ImapBody;

struct ImapSession {
	const ImapSettings *settings;
	NetCancel *cancel;
	NetTrace *trace;
	NetTls tls;
	NetStream *stream;
	NetCertificate *refused;
	ImapWire *wire;
	ImapBridge *bridge;
	mailimap *im;
	char *capabilities; /* " IMAP4REV1 IDLE ", upper case */
	bool assumed;       /* they are only remembered */
	bool said_id;
	bool tried_namespace;
	bool tried_compress;
	char *prefix; /* of the personal namespace */
	char delimiter;
	char *tls_text;
	const char *method;
	char *alert;
	bool preauth;
	bool qresync; /* * ENABLED QRESYNC came */
	bool tried_enable;
	guint idle_tag;
	ImapAnswer answer;
	bool wants_create;
	ImapBox box;
	ImapBody *body;    /* being fetched */
	GPtrArray *listed; /* being listed, of ImapListed */
	GHashTable *subscribed;
	MailboxState *status;
	GArray *found;     /* guint32: being searched */
	UidSet *found_set; /* by ESEARCH */
	bool found_any;    /* an answer came */
	bool found_bad;    /* one that cannot be read */
	bool status_came;
	ImapCopied copied; /* of the last COPYUID */
	guint32 append_validity;
	guint32 append_uid;
	char *modified; /* of the last MODIFIED code */
};

/* imap-answer.c */
/** imap_session_take_reply: capabilities, alerts and codes of a reply, tagged
 * or not */
void imap_session_take_reply(ImapSession *session, const ImapReply *reply);
/** imap_session_judge: of a tagged reply. Returns: OK; else @error is set,
 * "@what: the server's words", and the class is noted */
bool imap_session_judge(ImapSession *session, const ImapReply *reply,
			const char *what, GError **error);
/** imap_session_stock: a code of libetpan, judged by the wire's own record */
bool imap_session_stock(ImapSession *session, int code, const char *what,
			GError **error);
/** imap_session_finish: waits for one of our commands and judges it */
bool imap_session_finish(ImapSession *session, guint tag, const char *what,
			 GError **error);
/** imap_session_set_capabilities: @text: parted by blanks */
void imap_session_set_capabilities(ImapSession *session, const char *text,
				   gsize len);
/** imap_session_limit: longest silence, in seconds before scaling */
void imap_session_limit(ImapSession *session, double seconds);
/** imap_session_deadline: the same, and an end whatever drips in */
void imap_session_deadline(ImapSession *session, double seconds);
/** imap_session_astring: to the command @tag that is being built; a refusal of
 * its literal is judged */
bool imap_session_astring(ImapSession *session, guint tag, const char *what,
			  const char *text, GError **error);
/** imap_session_check_name: a name stock commands can carry */
bool imap_session_check_name(const char *wire, GError **error);

/* imap-settle.c: what is said once a session, on the way of other commands */
/** ImapHello: tags of what goes before the first command; 0: not sent */
typedef struct {
	guint capability;
	guint id;
	guint space;
} ImapHello;
/** imap_hello_begin: CAPABILITY where it is only remembered, ID, and NAMESPACE
 * if @space; built, not flushed */
ImapHello imap_hello_begin(ImapSession *session, bool space);
/** imap_hello_end: takes the answers; only the connection's end is a failure */
bool imap_hello_end(ImapSession *session, ImapHello hello, GError **error);
/** imap_session_assume: the remembered capabilities, until it tells its own.
 * Returns: %false: there are none */
bool imap_session_assume(ImapSession *session);
/** imap_session_compress: COMPRESS (RFC 4978), once, if nothing is in flight;
 * its failure is that of the next command */
void imap_session_compress(ImapSession *session);
/** imap_session_take_namespace: @rest: behind NAMESPACE */
bool imap_session_take_namespace(ImapSession *session, ImapReader *rest);

/* imap-session.c */
/** imap_session_ask: CAPABILITY, by itself */
bool imap_session_ask(ImapSession *session, GError **error);

/* imap-untagged.c */
/** imap_session_data: an #ImapDataFunc: the wire's record of the mailbox */
bool imap_session_data(gpointer user, ImapData kind, guint32 number,
		       ImapReader *rest, const ImapReply *reply);
bool imap_session_want(gpointer user, const char *frame, gsize len);
bool imap_session_sink(gpointer user, const void *data, gsize len);
void imap_box_clear(ImapBox *box);
/** imap_box_start: an empty record of @wire, which is being selected */
void imap_box_start(ImapBox *box, const char *wire);
/** imap_box_make_map: all sequence numbers unknown; none where there are too
 * many */
void imap_box_make_map(ImapBox *box);
/** imap_box_complete: a tagged completion: what was seen is safe to keep */
void imap_box_complete(ImapBox *box);

/* imap-auth.c */
/** imap_session_authenticate: @offered: capabilities of before login */
bool imap_session_authenticate(ImapSession *session, const char *offered,
			       const Secret *password, GError **error);

/* imap-messages.c */
/** imap_fetch_begin_from: built, not flushed */
guint imap_fetch_begin_from(ImapSession *session, guint32 first,
			    ImapFetchItems items);
