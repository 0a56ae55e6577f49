/* imap-answer.c - what replies mean (SYNC.md section 2) */
#include <string.h>

#include "imap-session-private.h"
#include "imap-wire-private.h"

#define CAPABILITIES_MAX ((gsize)65536)
#define SETS_MAX 100000u

/* clang-format would put spaces into the name */
/* clang-format off */
G_DEFINE_QUARK(imap-error-quark, imap_error)
/* clang-format on */

void
imap_session_set_capabilities(ImapSession *session, const char *text, gsize len)
{
	g_autofree char *upper =
	    g_ascii_strup(text, (gssize)MIN(len, CAPABILITIES_MAX));

	g_strstrip(upper);
	g_free(session->capabilities);
	session->capabilities = g_strdup_printf(" %s ", upper);
	session->assumed = false;
	for (guint i = 0; session->settings->disabled != NULL &&
			  session->settings->disabled[i] != NULL;
	     i++) {
		g_autofree char *name =
		    g_ascii_strup(session->settings->disabled[i], -1);
		g_autofree char *key = g_strdup_printf(" %s ", name);
		char *at;

		while ((at = strstr(session->capabilities, key)) != NULL)
			memmove(at + 1, at + strlen(key),
				strlen(at + strlen(key)) + 1);
	}
	imap_wire_set_literal(
	    session->wire, imap_session_has(session, "LITERAL+")   ? G_MAXUINT64
			   : imap_session_has(session, "LITERAL-") ? 4096
								   : 0);
}

/* "1,5:7" in the order the server gave it; NULL if out of reason */
static GArray *
read_uids(const ImapToken *token)
{
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	const char *p = token->text;
	const char *end = p + token->len;

	while (p < end) {
		const char *comma = memchr(p, ',', (gsize)(end - p));
		const char *stop = comma == NULL ? end : comma;
		const char *colon = memchr(p, ':', (gsize)(stop - p));
		ImapToken first = {.kind = IMAP_TOKEN_ATOM, .text = p};
		ImapToken last = {.kind = IMAP_TOKEN_ATOM};
		guint32 from, to;

		first.len = (gsize)((colon == NULL ? stop : colon) - p);
		if (!imap_token_u32(&first, &from))
			return NULL;
		to = from;
		if (colon != NULL) {
			last.text = colon + 1;
			last.len = (gsize)(stop - colon - 1);
			if (!imap_token_u32(&last, &to))
				return NULL;
		}
		if (to < from || to - from >= SETS_MAX - uids->len)
			return NULL;
		for (guint64 uid = from; uid <= to; uid++) {
			guint32 value = (guint32)uid;

			g_array_append_val(uids, value);
		}
		p = comma == NULL ? end : comma + 1;
	}
	return uids->len == 0 ? NULL : g_steal_pointer(&uids);
}

static int
compare_uids(gconstpointer a, gconstpointer b)
{
	guint32 left = *(const guint32 *)a;
	guint32 right = *(const guint32 *)b;

	return (left > right) - (left < right);
}

static bool
has_double(const GArray *uids)
{
	g_autoptr(GArray) sorted = g_array_copy((GArray *)uids);

	g_array_sort(sorted, compare_uids);
	for (guint i = 1; i < sorted->len; i++)
		if (g_array_index(sorted, guint32, i - 1) ==
		    g_array_index(sorted, guint32, i))
			return true;
	return false;
}

static void
take_appenduid(ImapSession *session, ImapReader *reader)
{
	ImapToken validity, uid;
	guint32 n, m;

	imap_token_next(reader, &validity);
	imap_token_next(reader, &uid);
	/* one without the other tells nothing */
	if (imap_token_u32(&validity, &n) && imap_token_u32(&uid, &m)) {
		session->append_validity = n;
		session->append_uid = m;
	}
}

static void
take_copyuid(ImapSession *session, ImapReader *reader)
{
	ImapToken validity, from, to;
	ImapCopied copied = {0};

	imap_token_next(reader, &validity);
	imap_token_next(reader, &from);
	imap_token_next(reader, &to);
	if (!imap_token_u32(&validity, &copied.uid_validity) ||
	    from.kind != IMAP_TOKEN_ATOM || to.kind != IMAP_TOKEN_ATOM)
		return;
	copied.from = read_uids(&from);
	copied.to = read_uids(&to);
	/* sides of different length say nothing about who is who, and neither
	 * does a UID that is there twice */
	if (copied.from == NULL || copied.to == NULL ||
	    copied.from->len != copied.to->len || has_double(copied.from) ||
	    has_double(copied.to)) {
		imap_copied_clear(&copied);
		return;
	}
	imap_copied_clear(&session->copied);
	session->copied = copied;
}

static void
take_box_code(ImapBox *box, const ImapToken *word, ImapReader *reader)
{
	ImapToken value;
	guint64 modseq;

	if (imap_token_is(word, "PERMANENTFLAGS")) {
		const char *start = reader->p;

		if (!imap_token_skip(reader))
			return;
		g_free(box->permanent_flags);
		box->permanent_flags =
		    g_strndup(start, (gsize)(reader->p - start));
		return;
	}
	if (imap_token_is(word, "READ-ONLY"))
		box->read_only = true;
	else if (imap_token_is(word, "READ-WRITE"))
		box->read_only = false;
	else if (imap_token_is(word, "CLOSED") && box->selecting) {
		/* all before it was of the old one (RFC 7162 section 3.2.11) */
		g_autofree char *wire = g_strdup(box->wire);

		imap_box_start(box, wire);
	}
	imap_token_next(reader, &value);
	if (imap_token_is(word, "UIDVALIDITY"))
		(void)imap_token_u32(&value, &box->state.uid_validity);
	else if (imap_token_is(word, "UIDNEXT"))
		(void)imap_token_u32(&value, &box->state.uid_next);
	else if (imap_token_is(word, "HIGHESTMODSEQ") &&
		 imap_token_u64(&value, &modseq)) {
		box->state.highest_modseq = modseq;
		box->modseq_seen = MAX(box->modseq_seen, modseq);
	}
}

void
imap_session_take_reply(ImapSession *session, const ImapReply *reply)
{
	ImapReader reader;
	ImapToken word;

	if (reply->code == NULL)
		return;
	imap_reader_init(&reader, reply->code, strlen(reply->code));
	if (imap_token_next(&reader, &word) != IMAP_TOKEN_ATOM)
		return;
	if (imap_token_is(&word, "CAPABILITY")) {
		imap_session_set_capabilities(session, reader.p,
					      (gsize)(reader.end - reader.p));
	} else if (imap_token_is(&word, "ALERT")) {
		g_free(session->alert);
		session->alert = g_strdup(reply->text);
	} else if (imap_token_is(&word, "COPYUID")) {
		take_copyuid(session, &reader);
	} else if (imap_token_is(&word, "APPENDUID")) {
		take_appenduid(session, &reader);
	} else if (imap_token_is(&word, "MODIFIED")) {
		ImapToken value;

		imap_token_next(&reader, &value);
		g_free(session->modified);
		session->modified = g_strndup(value.text, value.len);
	} else {
		take_box_code(&session->box, &word, &reader);
	}
}

static ImapAnswer
classify(const ImapReply *reply)
{
	static const struct {
		const char *code;
		ImapAnswer answer;
	} codes[] = {
	    {"UNAVAILABLE", IMAP_ANSWER_LATER},
	    {"INUSE", IMAP_ANSWER_LATER},
	    {"SERVERBUG", IMAP_ANSWER_LATER},
	    {"LIMIT", IMAP_ANSWER_LATER},
	    {"OVERQUOTA", IMAP_ANSWER_USER},
	    {"NOPERM", IMAP_ANSWER_USER},
	    {"CANNOT", IMAP_ANSWER_USER},
	    {"NOTSAVED", IMAP_ANSWER_USER},
	    {"TOOBIG", IMAP_ANSWER_USER},
	    {"PRIVACYREQUIRED", IMAP_ANSWER_USER},
	    {"CONTACTADMIN", IMAP_ANSWER_USER},
	    {"NONEXISTENT", IMAP_ANSWER_GONE},
	    {"TRYCREATE", IMAP_ANSWER_GONE},
	    {"ALREADYEXISTS", IMAP_ANSWER_DONE},
	    {"CLIENTBUG", IMAP_ANSWER_BUG},
	    {"AUTHENTICATIONFAILED", IMAP_ANSWER_LOGIN},
	    {"AUTHORIZATIONFAILED", IMAP_ANSWER_LOGIN},
	    {"EXPIRED", IMAP_ANSWER_LOGIN},
	};

	if (reply->status == IMAP_STATUS_OK)
		return IMAP_ANSWER_OK;
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
		if (imap_reply_code_is(reply, codes[i].code))
			return codes[i].answer;
	return reply->status == IMAP_STATUS_BAD ? IMAP_ANSWER_BUG
						: IMAP_ANSWER_NO;
}

bool
imap_session_judge(ImapSession *session, const ImapReply *reply,
		   const char *what, GError **error)
{
	imap_session_take_reply(session, reply);
	session->answer = classify(reply);
	session->wants_create = imap_reply_code_is(reply, "TRYCREATE");
	if (session->answer == IMAP_ANSWER_OK)
		return true;
	g_set_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED,
		    "%s: the server says: %s", what,
		    reply->text[0] != '\0' ? reply->text : "no");
	return false;
}

bool
imap_session_stock(ImapSession *session, int code, const char *what,
		   GError **error)
{
	g_auto(ImapReply) reply = imap_bridge_take_reply(session->bridge);

	if (session->wire->failure != NULL)
		return imap_wire_failed(session->wire, error);
	/* a stock call that wrote nothing leaves no reply of its own */
	if (reply.text == NULL || code == MAILIMAP_ERROR_BAD_STATE) {
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_PROTOCOL,
			    "%s: the session is in no state for it", what);
		return false;
	}
	if (!imap_session_judge(session, &reply, what, error))
		return false;
	/* an answer libetpan cannot read is fatal: its state is unknown then */
	if (code == MAILIMAP_ERROR_PARSE || code == MAILIMAP_ERROR_STREAM) {
		imap_wire_fail_text(session->wire,
				    "the server's answer cannot be read");
		return imap_wire_failed(session->wire, error);
	}
	return true;
}

bool
imap_session_finish(ImapSession *session, guint tag, const char *what,
		    GError **error)
{
	g_auto(ImapReply) reply = {0};

	return imap_wire_wait(session->wire, tag, &reply, error) &&
	       imap_session_judge(session, &reply, what, error);
}

bool
imap_session_check_name(const char *wire, GError **error)
{
	gsize len = strlen(wire);
	bool good = len > 0 && len <= MAILBOX_NAME_MAX;

	for (gsize i = 0; i < len && good; i++)
		good = (guchar)wire[i] >= 0x20 && (guchar)wire[i] < 0x7f;
	if (!good)
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_INVALID,
			    "this mailbox name cannot be sent");
	return good;
}

bool
imap_session_astring(ImapSession *session, guint tag, const char *what,
		     const char *text, GError **error)
{
	bool refused = false;

	if (imap_wire_astring(session->wire, text, &refused, error))
		return true;
	if (refused && imap_session_finish(session, tag, what, error))
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_PROTOCOL,
			    "%s: answered before it was asked", what);
	return false;
}

void
imap_session_deadline(ImapSession *session, double seconds)
{
	gint64 us = (gint64)(seconds * session->settings->timeout_scale *
			     G_USEC_PER_SEC);

	net_stream_set_limits(session->stream, us, g_get_monotonic_time() + us);
}

void
imap_session_limit(ImapSession *session, double seconds)
{
	double scale = session->settings->timeout_scale;

	net_stream_set_limits(session->stream,
			      (gint64)(seconds * scale * G_USEC_PER_SEC), 0);
}

ImapAnswer
imap_session_answer(const ImapSession *session)
{
	return session->answer;
}

bool
imap_session_wants_create(const ImapSession *session)
{
	return session->wants_create;
}

char *
imap_session_take_alert(ImapSession *session)
{
	return g_steal_pointer(&session->alert);
}

void
imap_copied_clear(ImapCopied *copied)
{
	g_clear_pointer(&copied->from, g_array_unref);
	g_clear_pointer(&copied->to, g_array_unref);
	copied->uid_validity = 0;
}
