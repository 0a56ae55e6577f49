/* imap-session.h - one connection to one IMAP server, one thread at a time */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "base-secret.h"
#include "imap-batch.h"
#include "imap-error.h"
#include "model-flags.h"
#include "model-mailbox.h"
#include "model-part.h"
#include "model-status.h"
#include "model-uidset.h"

typedef enum {
	IMAP_SECURITY_TLS,      /* TLS from the first byte */
	IMAP_SECURITY_STARTTLS, /* STARTTLS before anything else */
	IMAP_SECURITY_NONE,     /* refused but for loopback addresses */
} ImapSecurity;

/**
 * ImapSettings: borrowed for the life of the session
 * @auth: "auto", "plain", "login", "cram-md5" or "scram-sha-256"
 * @pins, @ca_file, @client_certificate: (nullable): see net-stream.h
 * @disabled: (nullable): capabilities to do without, %NULL-terminated
 * @trace: (nullable): path of the redacted trace
 * @timeout_scale: of all deadlines
 * @remembered: (nullable): imap_session_capabilities() of an earlier session
 *   with this server, inside TLS: where the login's answer has none, the first
 *   write goes by these while the server is asked; what it refuses then is
 *   done again by what it says
 * @compress_loopback: COMPRESS also to this machine, where it only costs time
 */
typedef struct {
	const char *host;
	guint16 port;
	ImapSecurity security;
	const char *user;
	const char *auth;
	const char *ca_file;
	const char *client_certificate;
	const char *const *pins;
	const char *const *disabled;
	const char *trace;
	double timeout_scale;
	const char *remembered;
	bool compress_loopback;
} ImapSettings;

typedef struct ImapSession ImapSession;

ImapSession *imap_session_new(const ImapSettings *settings);
/** imap_session_free: (nullable): closes at once; sends nothing */
void imap_session_free(ImapSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapSession, imap_session_free)
/** imap_session_cancel: from any thread: whatever waits ends within 50 ms with
 * %IMAP_ERROR_CANCELLED; the session is of no use afterwards */
void imap_session_cancel(ImapSession *session);

/* ---- connect and log in (RFC 9051 sections 6.1, 6.2) ---- */

/** imap_session_connect: look-up, connection, TLS, greeting, STARTTLS,
 * capabilities. Nothing secret is sent. */
bool imap_session_connect(ImapSession *session, GError **error);
/**
 * imap_session_login: by the best method both sides have, unless configured;
 * SCRAM counts only with the server's signature checked
 * @password: (nullable): for a session that is authenticated already (PREAUTH)
 */
bool imap_session_login(ImapSession *session, const Secret *password,
			GError **error);
/** imap_session_logout: LOGOUT; waits at most a second */
void imap_session_logout(ImapSession *session);

bool imap_session_is_preauth(const ImapSession *session);
/** imap_session_has: @capability in upper case, "IDLE"; those of after login */
bool imap_session_has(const ImapSession *session, const char *capability);
/** imap_session_capabilities: parted by blanks; what the server said last, ""
 * while it has not: see imap_session_settle() */
const char *imap_session_capabilities(const ImapSession *session);
/** imap_session_settle: asks for the capabilities if those in use are only
 * remembered; opening a mailbox and listing do so on their way */
bool imap_session_settle(ImapSession *session, GError **error);
/** imap_session_method: how it logged in, "SCRAM-SHA-256"; "" before */
const char *imap_session_method(const ImapSession *session);
/** imap_session_tls: (nullable): "TLSv1.3, TLS_AES_256_GCM_SHA384" */
const char *imap_session_tls(const ImapSession *session);
/** imap_session_certificate: (transfer full) (nullable): the server's; after
 * %IMAP_ERROR_UNTRUSTED the refused one */
CertificateInfo *imap_session_certificate(const ImapSession *session);

/* ---- answers ---- */

/** ImapAnswer: classes of SYNC.md section 2 */
typedef enum {
	IMAP_ANSWER_OK,
	IMAP_ANSWER_LATER, /* the server's trouble: again later */
	IMAP_ANSWER_USER,  /* quota, rights: the user must act */
	IMAP_ANSWER_GONE,  /* what it was for is not there */
	IMAP_ANSWER_DONE,  /* it is so already */
	IMAP_ANSWER_BUG,   /* BAD: ours */
	IMAP_ANSWER_LOGIN,
	IMAP_ANSWER_NO, /* NO without a code */
} ImapAnswer;
/** imap_session_answer: class of the last %IMAP_ERROR_REFUSED */
ImapAnswer imap_session_answer(const ImapSession *session);
/** imap_session_wants_create: it said TRYCREATE */
bool imap_session_wants_create(const ImapSession *session);
/** imap_session_take_alert: (transfer full) (nullable): an ALERT that must be
 * shown (RFC 9051 section 7.1); unfiltered */
char *imap_session_take_alert(ImapSession *session);

/* ---- mailboxes; @wire names are bytes as on the wire (imap-name.h) ---- */

/**
 * ImapListed: one line of the folder list
 * @mailbox: name, delimiter, attributes, role by special use
 * @has_status: @status came with it (RFC 5819)
 */
typedef struct {
	Mailbox *mailbox;
	bool has_status;
	MailboxState status;
} ImapListed;
/** IMAP_LIST_MAX: mailboxes of an account; more are left out */
#define IMAP_LIST_MAX 100000u

/** imap_session_list: all mailboxes, with special use, subscription and status
 * where the server offers them. Returns: (transfer full) (nullable): array of
 * #ImapListed */
GPtrArray *imap_session_list(ImapSession *session, GError **error);
/**
 * imap_session_namespace:
 * @ret_delimiter: (optional): of the names below it, '\0' for none
 *
 * The personal namespace (RFC 2342), asked for by imap_session_list().
 *
 * Returns: what a new mailbox's wire name begins with, "INBOX."; "" for
 * nothing, also where the server does not tell
 */
const char *imap_session_namespace(const ImapSession *session,
				   char *ret_delimiter);
bool imap_session_status(ImapSession *session, const char *wire,
			 MailboxState *ret_status, GError **error);
bool imap_session_create(ImapSession *session, const char *wire,
			 GError **error);
bool imap_session_rename(ImapSession *session, const char *wire,
			 const char *new_wire, GError **error);
bool imap_session_delete(ImapSession *session, const char *wire,
			 GError **error);
bool imap_session_subscribe(ImapSession *session, const char *wire,
			    bool subscribe, GError **error);

/**
 * ImapKnown: what the store knows of a mailbox
 * @uid_validity: 0: nothing
 * @modseq: 0: nothing
 * @uid_next: new messages are fetched from here; 0: none are
 */
typedef struct {
	guint32 uid_validity;
	guint64 modseq;
	guint32 uid_next;
} ImapKnown;

/**
 * imap_session_open:
 * @ret_state: what the server said
 *
 * SELECT, in one write with ENABLE QRESYNC (once a session) before it and the
 * FETCH of what is new behind it. With QRESYNC and @known, changed flags and
 * VANISHED come along: they and the new rows wait in
 * imap_session_take_updates(). A FETCH that is refused is no failure: rows may
 * be missing, as they may be anyway. After %IMAP_ERROR_REFUSED nothing is
 * selected.
 */
bool imap_session_open(ImapSession *session, const char *wire,
		       const ImapKnown *known, MailboxState *ret_state,
		       GError **error);
/** imap_session_unselect: never CLOSE, which expunges */
bool imap_session_unselect(ImapSession *session, GError **error);
/** imap_session_selected: (nullable): wire name */
const char *imap_session_selected(const ImapSession *session);
bool imap_session_is_read_only(const ImapSession *session);
/** imap_session_resynced: the SELECT told all changes since @known (QRESYNC) */
bool imap_session_resynced(const ImapSession *session);
/** imap_session_allows: PERMANENTFLAGS holds all of @flags (RFC 9051 section
 * 7.1); the missing ones are in @ret_refused (clear it) */
bool imap_session_allows(const ImapSession *session, const MailFlags *flags,
			 MailFlags *ret_refused);

/**
 * ImapUpdates: what the server said of the selected mailbox since the last
 * take, EXPUNGE and VANISHED applied in the order of arrival
 * @exists: messages now
 * @rows: (nullable): FETCH answers
 * @vanished: UIDs that are gone
 * @lost: messages went whose UID is not known: compare with
 *   imap_session_search_all()
 * @flags_lost: flags of messages of unknown UID changed
 * @grew: more messages than before
 * @modseq: HIGHESTMODSEQ that is safe to keep once all of this is stored
 *   (SYNC.md 1.5); 0: leave it
 */
typedef struct {
	guint32 exists;
	ImapBatch *rows;
	UidSet *vanished;
	bool lost;
	bool flags_lost;
	bool grew;
	guint64 modseq;
} ImapUpdates;
void imap_updates_clear(ImapUpdates *updates);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImapUpdates, imap_updates_clear)
/** imap_session_has_updates: a take would find something */
bool imap_session_has_updates(const ImapSession *session);
void imap_session_take_updates(ImapSession *session, ImapUpdates *ret_updates);

/* ---- messages of the selected mailbox; UIDs only ---- */

typedef enum {
	IMAP_FETCH_HEADERS,   /* flags, date, size, header fields of a row */
	IMAP_FETCH_FLAGS,     /* flags (and MODSEQ) */
	IMAP_FETCH_STRUCTURE, /* BODYSTRUCTURE */
	IMAP_FETCH_LOOKUP,    /* date, size and the fields a lost answer is
				 looked up by */
} ImapFetchItems;
/** imap_session_fetch_begin: sends a UID FETCH; at most 8 in flight
 * @changed_since: CHANGEDSINCE (RFC 7162), 0: none
 * Returns: a ticket for imap_session_fetch_end() */
guint imap_session_fetch_begin(ImapSession *session, const UidSet *uids,
			       ImapFetchItems items, guint64 changed_since);
/** imap_session_fetch_end: waits for its tagged answer; the rows are in
 * imap_session_take_updates(), among whatever else came: rows belong to no
 * command */
bool imap_session_fetch_end(ImapSession *session, guint ticket, GError **error);
/** imap_session_fetch_from: all from UID @first upwards, in one step; the
 * answer for "n:*" always holds the last message: filter by UID */
bool imap_session_fetch_from(ImapSession *session, guint32 first,
			     ImapFetchItems items, GError **error);

/** ImapBytesFunc: a piece of a part as it comes. Returns: %false to give up:
 * the session is lost then */
typedef bool (*ImapBytesFunc)(gpointer user, const void *data, gsize len);
/**
 * imap_session_fetch_body:
 * @section: "" the whole message, "2.1", "2.1.MIME", "HEADER"
 * @ret_found: the server knows that message and part
 *
 * BODY.PEEK: never sets \Seen.
 */
bool imap_session_fetch_body(ImapSession *session, guint32 uid,
			     const char *section, ImapBytesFunc func,
			     gpointer user, bool *ret_found, GError **error);

/** imap_structure_parse: text of a row's BODYSTRUCTURE.
 * Returns: (transfer full) (nullable): %NULL if it cannot be read */
Part *imap_structure_parse(const char *text, gsize len);

/**
 * imap_session_store: +FLAGS.SILENT or -FLAGS.SILENT, never FLAGS
 * @unchanged_since: UNCHANGEDSINCE (RFC 7162), 0: none
 * @ret_modified: (nullable) (transfer full): UIDs that were left because they
 *   have changed
 */
bool imap_session_store(ImapSession *session, const UidSet *uids, bool add,
			const MailFlags *flags, guint64 unchanged_since,
			UidSet **ret_modified, GError **error);

/**
 * ImapCopied: COPYUID, checked: as many UIDs on both sides, and only named ones
 * @uid_validity: of the target; 0: the server did not say where they are
 * @from, @to: arrays of guint32, pair by pair
 */
typedef struct {
	guint32 uid_validity;
	GArray *from;
	GArray *to;
} ImapCopied;
void imap_copied_clear(ImapCopied *copied);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImapCopied, imap_copied_clear)
bool imap_session_copy(ImapSession *session, const UidSet *uids,
		       const char *wire, ImapCopied *ret_copied,
		       GError **error);
/** imap_session_move: UID MOVE (RFC 6851); %IMAP_ERROR_UNSUPPORTED without */
bool imap_session_move(ImapSession *session, const UidSet *uids,
		       const char *wire, ImapCopied *ret_copied,
		       GError **error);
/** imap_session_expunge: UID EXPUNGE of @uids (RFC 4315);
 * %IMAP_ERROR_UNSUPPORTED without UIDPLUS */
bool imap_session_expunge(ImapSession *session, const UidSet *uids,
			  GError **error);
/**
 * imap_session_append:
 * @date: INTERNALDATE, µs since 1970; 0: the server's now
 * @ret_uid_validity, @ret_uid: of APPENDUID (RFC 4315), 0 without
 */
bool imap_session_append(ImapSession *session, const char *wire,
			 const MailFlags *flags, gint64 date, GBytes *message,
			 guint32 *ret_uid_validity, guint32 *ret_uid,
			 GError **error);

/** imap_session_search_all: UIDs of all messages, by ESEARCH where offered.
 * Returns: (transfer full) (nullable) */
UidSet *imap_session_search_all(ImapSession *session, GError **error);
/** imap_session_search: @keys: %NULL-terminated: search keys as atoms
 * ("SUBJECT"), values with "=" before them ("=grüße").
 * Returns: (transfer full) (nullable) */
UidSet *imap_session_search(ImapSession *session, const char *const *keys,
			    GError **error);

/* ---- waiting ---- */

bool imap_session_noop(ImapSession *session, GError **error);
/** imap_session_idle: IDLE (RFC 2177), until imap_session_idle_done() */
bool imap_session_idle(ImapSession *session, GError **error);
bool imap_session_idle_done(ImapSession *session, GError **error);

typedef enum {
	IMAP_WAIT_DATA,    /* something came and was taken in */
	IMAP_WAIT_CHANNEL, /* @channel_fd is readable */
	IMAP_WAIT_TIMEOUT,
	IMAP_WAIT_FAILED, /* with @error */
} ImapWait;
/** imap_session_wait: one poll() on the socket and @channel_fd (-1: none);
 * @timeout_us: -1 for ever */
ImapWait imap_session_wait(ImapSession *session, int channel_fd,
			   gint64 timeout_us, GError **error);

/** ImapCounters: bytes on the socket, round trips, responses that could not be
 * believed */
typedef struct {
	guint64 received;
	guint64 sent;
	guint64 turns;
	guint bad;
} ImapCounters;
ImapCounters imap_session_counters(const ImapSession *session);
