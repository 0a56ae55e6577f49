/* imap-select.c - SELECT, and what the server says about the mailbox */
#include <string.h>

#include "base-guard.h"
#include "imap-session-private.h"
#include "imap-wire-private.h"

#define SELECT_SECONDS 60.0

/* Once a session, before the first SELECT (RFC 7162 section 3.2.3). */
static guint
begin_enable(ImapSession *session)
{
	guint tag;
	bool first = !session->tried_enable;

	/* not later, if it turns out that the server has it: with a mailbox
	 * selected it may not be sent */
	session->tried_enable = true;
	if (!first || !imap_session_has(session, "QRESYNC"))
		return 0;
	tag = imap_wire_begin(session->wire, "ENABLE QRESYNC", NULL, NULL);
	imap_wire_end(session->wire);
	return tag;
}

static bool
begin_select(ImapSession *session, const char *wire, const ImapKnown *known,
	     bool qresync, guint *ret_tag, GError **error)
{
	*ret_tag = imap_wire_begin(session->wire, "SELECT", NULL, NULL);
	if (!imap_session_astring(session, *ret_tag, "SELECT", wire, error))
		return false;
	if (qresync)
		imap_wire_printf(session->wire,
				 " (QRESYNC (%u %" G_GUINT64_FORMAT "))",
				 known->uid_validity, known->modseq);
	else if (imap_session_has(session, "CONDSTORE"))
		imap_wire_printf(session->wire, " (CONDSTORE)");
	imap_wire_end(session->wire);
	return true;
}

/*
 * libetpan walks the same way: its own SELECT is answered by ours. It gets no
 * more than that there was one; the record of the wire is the truth.
 */
static bool
ride_select(ImapSession *session, guint tag, GError **error)
{
	g_auto(ImapReply) reply = {0};
	int code;

	imap_bridge_ride(session->bridge, tag);
	code = mailimap_select(session->im, "INBOX");
	imap_bridge_ride(session->bridge, 0);
	if (!imap_wire_wait(session->wire, tag, &reply, error) ||
	    !imap_session_judge(session, &reply, "SELECT", error))
		return false;
	if (code == MAILIMAP_NO_ERROR)
		return true;
	g_set_error(error, IMAP_ERROR, IMAP_ERROR_PROTOCOL,
		    "SELECT: the server's answer cannot be read");
	return false;
}

/* Without QRESYNC an EXPUNGE has only a sequence number: keep the map. */
static void
finish_box(ImapSession *session, const ImapKnown *known, bool asked_resync)
{
	ImapBox *box = &session->box;

	/* a mod-sequence lower than ours: the server lost its own (RFC 7162) */
	box->resynced = asked_resync && session->qresync &&
			box->state.highest_modseq >= known->modseq &&
			box->state.uid_validity == known->uid_validity;
	box->selecting = false;
	if (!session->qresync)
		imap_box_make_map(box);
	box->grew = false;
	if (box->resynced)
		imap_box_complete(box);
}

/*
 * What it says of a SELECT that failed is of no mailbox. Refused behind one
 * that worked it brought no new rows; the mailbox is open all the same.
 */
static bool
end_fetch(ImapSession *session, guint fetch, bool good, GError **error)
{
	g_auto(ImapReply) reply = {0};

	if (fetch == 0 || session->wire->failure != NULL)
		return good;
	if (!imap_wire_wait(session->wire, fetch, &reply, good ? error : NULL))
		return false;
	if (good)
		imap_session_take_reply(session, &reply);
	return good;
}

static bool
try_open(ImapSession *session, const char *wire, const ImapKnown *known,
	 bool qresync, GError **error)
{
	ImapHello hello;
	guint enable, select, fetch = 0;
	bool good;

	imap_box_start(&session->box, wire);
	hello = imap_hello_begin(session, false);
	enable = begin_enable(session);
	good = begin_select(session, wire, known, qresync, &select, error);
	if (good && known->uid_next != 0)
		fetch = imap_fetch_begin_from(session, known->uid_next,
					      IMAP_FETCH_HEADERS);
	good = imap_wire_flush(session->wire, good ? error : NULL) && good;
	if (session->wire->failure == NULL)
		good =
		    imap_hello_end(session, hello, good ? error : NULL) && good;
	if (enable != 0 && session->wire->failure == NULL)
		good = imap_wire_wait(session->wire, enable, NULL,
				      good ? error : NULL) &&
		       good;
	good = good && ride_select(session, select, error);
	return end_fetch(session, fetch, good, error);
}

bool
imap_session_open(ImapSession *session, const char *wire,
		  const ImapKnown *known, MailboxState *ret_state,
		  GError **error)
{
	g_autoptr(GError) cause = NULL;
	bool qresync =
	    known->uid_validity != 0 && known->modseq != 0 &&
	    (session->qresync ||
	     (!session->tried_enable && imap_session_has(session, "QRESYNC")));
	bool assumed = session->assumed;
	bool good;

	GUARD_NOT_ON_UI("imap_session_open");
	imap_session_limit(session, SELECT_SECONDS);
	good = try_open(session, wire, known, qresync, &cause);
	if (!good && session->wire->failure == NULL &&
	    g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED) &&
	    (assumed || (qresync && session->answer == IMAP_ANSWER_BUG))) {
		/* ENABLE was refused, or only seemed to work, or what was
		 * remembered is not so any more: step by step */
		qresync = qresync && session->qresync &&
			  session->answer != IMAP_ANSWER_BUG;
		g_clear_error(&cause);
		good = try_open(session, wire, known, qresync, &cause);
	}
	if (!good) {
		g_propagate_error(error, g_steal_pointer(&cause));
		imap_box_clear(&session->box);
		return false;
	}
	finish_box(session, known, qresync);
	*ret_state = session->box.state;
	return true;
}

/*
 * Without UNSELECT, and never with CLOSE: another one is selected, or, if that
 * is refused, none (RFC 9051 section 6.3.2). INBOX is nobody's to rename.
 */
static bool
select_inbox(ImapSession *session, GError **error)
{
	const ImapKnown nothing = {0};
	g_autoptr(GError) cause = NULL;
	MailboxState state;
	bool good;

	if (g_ascii_strcasecmp(session->box.wire, "INBOX") == 0) {
		imap_box_clear(&session->box);
		return true;
	}
	good = imap_session_open(session, "INBOX", &nothing, &state, &cause);
	imap_box_clear(&session->box);
	if (good || g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED))
		return true;
	g_propagate_error(error, g_steal_pointer(&cause));
	return false;
}

bool
imap_session_unselect(ImapSession *session, GError **error)
{
	guint tag;

	if (session->box.wire == NULL)
		return true;
	if (!imap_session_has(session, "UNSELECT"))
		return select_inbox(session, error);
	tag = imap_wire_begin(session->wire, "UNSELECT", NULL, NULL);
	imap_wire_end(session->wire);
	imap_box_clear(&session->box);
	return imap_session_finish(session, tag, "UNSELECT", error);
}

const char *
imap_session_selected(const ImapSession *session)
{
	return session->box.wire;
}

bool
imap_session_is_read_only(const ImapSession *session)
{
	return session->box.read_only;
}

bool
imap_session_resynced(const ImapSession *session)
{
	return session->box.resynced;
}

bool
imap_session_allows(const ImapSession *session, const MailFlags *flags,
		    MailFlags *ret_refused)
{
	const char *text = session->box.permanent_flags;
	g_auto(MailFlags) allowed = {0};
	ImapReader reader;
	ImapToken token;

	*ret_refused = (MailFlags){0};
	if (text == NULL)
		return true; /* not told: all may be changed for good */
	imap_reader_init(&reader, text, strlen(text));
	imap_token_next(&reader, &token);
	while (imap_token_next(&reader, &token) == IMAP_TOKEN_ATOM) {
		if (token.len == 2 && memcmp(token.text, "\\*", 2) == 0) {
			/* any keyword: only system flags are left to ask */
			allowed.bits |= ~MAIL_FLAG_SYSTEM;
			g_free(allowed.keywords);
			allowed.keywords = g_strdup(flags->keywords);
			continue;
		}
		mail_flags_add_name(&allowed, token.text, token.len);
	}
	*ret_refused = mail_flags_copy(flags);
	mail_flags_apply(ret_refused, &(MailFlags){0}, &allowed);
	return mail_flags_is_empty(ret_refused);
}

void
imap_updates_clear(ImapUpdates *updates)
{
	imap_batch_free(updates->rows);
	uid_set_free(updates->vanished);
	*updates = (ImapUpdates){0};
}

bool
imap_session_has_updates(const ImapSession *session)
{
	return session->box.touched;
}

void
imap_session_take_updates(ImapSession *session, ImapUpdates *ret_updates)
{
	ImapBox *box = &session->box;

	*ret_updates = (ImapUpdates){
	    .exists = box->state.exists,
	    .rows = g_steal_pointer(&box->rows),
	    .vanished = g_steal_pointer(&box->vanished),
	    .lost = box->lost,
	    .flags_lost = box->flags_lost,
	    .grew = box->grew,
	    .modseq = box->modseq,
	};
	if (ret_updates->vanished == NULL)
		ret_updates->vanished = uid_set_new();
	box->vanished = uid_set_new();
	box->lost = false;
	box->flags_lost = false;
	box->grew = false;
	box->touched = false;
}
