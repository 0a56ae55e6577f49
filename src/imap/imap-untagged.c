/* imap-untagged.c - the record of the selected mailbox, in order of arrival */
#include <string.h>

#include "imap-name.h"
#include "imap-session-private.h"
#include "imap-wire-private.h"

/* more unasked expunges than this in a large mailbox: compare instead */
#define MAP_LARGE 200000u
/* a mailbox of more messages has no map: an EXPUNGE there is found by UIDs */
#define MAP_MAX 5000000u
/* text of rows that nobody has taken yet */
#define ROWS_MAX ((gsize)512 << 20)
/* what SEARCH found, in all its lines */
#define FOUND_MAX 20000000u

void
imap_box_clear(ImapBox *box)
{
	g_free(box->wire);
	g_free(box->permanent_flags);
	g_clear_pointer(&box->uids, g_array_unref);
	imap_batch_free(box->rows);
	uid_set_free(box->vanished);
	*box = (ImapBox){0};
}

void
imap_box_start(ImapBox *box, const char *wire)
{
	g_autofree char *name = g_strdup(wire);

	imap_box_clear(box);
	box->wire = g_steal_pointer(&name);
	box->selecting = true;
	box->vanished = uid_set_new();
	box->state.unseen = MAILBOX_UNKNOWN;
}

void
imap_box_make_map(ImapBox *box)
{
	g_clear_pointer(&box->uids, g_array_unref);
	if (box->state.exists > MAP_MAX)
		return;
	box->uids =
	    g_array_sized_new(FALSE, TRUE, sizeof(guint32), box->state.exists);
	g_array_set_size(box->uids, box->state.exists);
}

void
imap_box_complete(ImapBox *box)
{
	if (box->n_backfill == 0 && box->modseq_seen > box->modseq) {
		box->modseq = box->modseq_seen;
		box->touched = true;
	}
}

/* What went is not known by its UID. */
static void
lose_map(ImapBox *box)
{
	box->lost = true;
	g_clear_pointer(&box->uids, g_array_unref);
}

static bool
take_exists(ImapBox *box, guint32 number)
{
	bool shrank = number < box->state.exists;

	if (number > box->state.exists)
		box->grew = true;
	box->state.exists = number;
	box->touched = true;
	if (shrank && !box->selecting)
		lose_map(box); /* no server may do that without EXPUNGE */
	else if (box->uids != NULL && number > MAP_MAX)
		g_clear_pointer(&box->uids, g_array_unref);
	else if (box->uids != NULL)
		g_array_set_size(box->uids, number); /* new ones: unknown */
	return true;
}

static bool
take_expunge(ImapBox *box, guint32 seq)
{
	guint32 uid = 0;

	if (seq > box->state.exists)
		return false;
	box->state.exists--;
	box->touched = true;
	if (box->uids != NULL && seq <= box->uids->len) {
		uid = g_array_index(box->uids, guint32, seq - 1);
		g_array_remove_index(box->uids, seq - 1);
		if (box->uids->len > MAP_LARGE && box->uids->len % 1000 == 0)
			g_clear_pointer(&box->uids, g_array_unref);
	}
	if (uid == 0 || box->vanished == NULL)
		box->lost = true;
	else
		uid_set_add(box->vanished, uid);
	return true;
}

static bool
take_vanished(ImapBox *box, ImapReader *rest)
{
	ImapToken token;
	bool earlier = false;
	g_autoptr(UidSet) gone = NULL;

	if (imap_token_next(rest, &token) == IMAP_TOKEN_OPEN) {
		if (imap_token_next(rest, &token) != IMAP_TOKEN_ATOM ||
		    !imap_token_is(&token, "EARLIER") ||
		    imap_token_next(rest, &token) != IMAP_TOKEN_CLOSE)
			return false;
		earlier = true;
		imap_token_next(rest, &token);
	}
	if (token.kind != IMAP_TOKEN_ATOM)
		return false;
	gone = uid_set_parse(token.text, (gssize)token.len);
	if (gone == NULL || box->vanished == NULL)
		return gone != NULL;
	uid_set_add_set(box->vanished, gone);
	box->touched = true;
	/* the server sends no EXPUNGE beside it; EARLIER ones are not counted
	 */
	if (!earlier) {
		guint64 n = uid_set_count(gone);

		box->lost |= n > box->state.exists;
		box->state.exists -= (guint32)MIN(n, box->state.exists);
		/* a server that never enabled QRESYNC: which one is where? */
		g_clear_pointer(&box->uids, g_array_unref);
	}
	return true;
}

/* A part that came in one piece goes to the caller as a large one would. */
static bool
take_body(ImapSession *session, const ImapFetched *fetched)
{
	ImapBody *body = session->body;
	g_autofree char *text = NULL;
	gsize len;

	if (body == NULL || !fetched->has_body)
		return true;
	if (fetched->row.uid != body->uid)
		/* one that is streamed went out before its UID was told */
		return fetched->body.streamed == 0 ||
		       imap_wire_fail_text(session->wire,
					   "the server sent the text of "
					   "another message");
	if (fetched->body.kind == IMAP_TOKEN_NIL || body->found)
		return true;
	body->found = true;
	if (fetched->body.streamed != 0)
		return true;
	text = g_malloc(fetched->body.len + 1);
	len = imap_token_unquote(&fetched->body, text);
	return body->func(body->user, text, len) ||
	       imap_wire_fail_text(session->wire, "what came cannot be kept");
}

static bool
take_fetch(ImapSession *session, guint32 seq, ImapReader *rest)
{
	ImapBox *box = &session->box;
	ImapFetched fetched;

	if (box->rows == NULL)
		box->rows = imap_batch_new();
	if (imap_batch_bytes(box->rows) > ROWS_MAX)
		return imap_wire_fail_text(session->wire,
					   "the server sends rows without end");
	if (!imap_fetch_parse(
		rest, box->rows,
		session->body == NULL ? NULL : session->body->item, &fetched))
		return false;
	if (box->uids != NULL && seq <= box->uids->len) {
		guint32 *uid = &g_array_index(box->uids, guint32, seq - 1);
		bool other = *uid != 0 && fetched.row.uid != 0 &&
			     *uid != fetched.row.uid;

		if (fetched.row.uid == 0)
			fetched.row.uid = *uid;
		else
			*uid = fetched.row.uid;
		if (other)
			lose_map(box);
	}
	if (!take_body(session, &fetched))
		return false;
	if (fetched.row.have == 0)
		return true;
	box->touched = true;
	if (fetched.row.uid == 0) {
		box->flags_lost = true;
		return true;
	}
	if (fetched.row.have & IMAP_HAVE_MODSEQ)
		box->modseq_seen = MAX(box->modseq_seen, fetched.row.modseq);
	imap_batch_add(box->rows, &fetched.row);
	return true;
}

static guint32
read_attrs(ImapReader *reader, MailboxRole *ret_role)
{
	static const struct {
		const char *name;
		guint32 attr;
	} known[] = {
	    {"\\NOSELECT", MAILBOX_ATTR_NOSELECT},
	    {"\\NOINFERIORS", MAILBOX_ATTR_NOINFERIORS},
	    {"\\HASCHILDREN", MAILBOX_ATTR_HAS_CHILDREN},
	    {"\\HASNOCHILDREN", MAILBOX_ATTR_HAS_NO_CHILDREN},
	    {"\\NONEXISTENT", MAILBOX_ATTR_NONEXISTENT | MAILBOX_ATTR_NOSELECT},
	    {"\\SUBSCRIBED", MAILBOX_ATTR_SUBSCRIBED},
	    {"\\MARKED", MAILBOX_ATTR_MARKED},
	};
	guint32 attrs = 0;
	ImapToken token;

	while (imap_token_next(reader, &token) == IMAP_TOKEN_ATOM) {
		MailboxRole role = mailbox_role_from_use(token.text, token.len);

		if (role != MAILBOX_ROLE_NONE && *ret_role == MAILBOX_ROLE_NONE)
			*ret_role = role;
		for (guint i = 0; i < G_N_ELEMENTS(known); i++)
			if (imap_token_is(&token, known[i].name))
				attrs |= known[i].attr;
	}
	return attrs;
}

/* An astring of a name: an atom may be called NIL. */
static char *
read_name(ImapReader *reader)
{
	ImapToken token;

	imap_token_next(reader, &token);
	if ((token.kind != IMAP_TOKEN_ATOM && token.kind != IMAP_TOKEN_STRING &&
	     token.kind != IMAP_TOKEN_NIL) ||
	    token.len == 0 || token.len > MAILBOX_NAME_MAX)
		return NULL;
	return imap_token_dup(&token);
}

/* One character; some servers leave its quotes out. */
static char
delimiter_of(const ImapToken *token)
{
	char last;

	if ((token->kind != IMAP_TOKEN_STRING &&
	     token->kind != IMAP_TOKEN_ATOM) ||
	    token->len == 0 || token->len > (token->escaped ? 2u : 1u))
		return '\0';
	last = token->text[token->len - 1];
	return g_ascii_isgraph(last) ? last : '\0';
}

static void
listed_free(gpointer data)
{
	ImapListed *listed = data;

	mailbox_free(listed->mailbox);
	g_free(listed);
}

static bool
take_list(ImapSession *session, ImapData kind, ImapReader *rest)
{
	MailboxRole role = MAILBOX_ROLE_NONE;
	g_autofree char *wire = NULL;
	g_autofree char *name = NULL;
	ImapListed *listed;
	ImapToken token;
	guint32 attrs;

	if (imap_token_next(rest, &token) != IMAP_TOKEN_OPEN)
		return false;
	attrs = read_attrs(rest, &role);
	imap_token_next(rest, &token);
	wire = read_name(rest);
	if (wire == NULL)
		return false;
	if (kind == IMAP_DATA_LSUB) {
		if (session->subscribed != NULL)
			g_hash_table_add(session->subscribed,
					 g_steal_pointer(&wire));
		return true;
	}
	if (session->listed == NULL || session->listed->len >= IMAP_LIST_MAX)
		return true;
	if (g_ascii_strcasecmp(wire, "INBOX") == 0) {
		g_free(wire);
		wire = g_strdup("INBOX");
		role = MAILBOX_ROLE_INBOX;
	}
	name = imap_name_from_wire(wire);
	listed = g_new0(ImapListed, 1);
	listed->mailbox = mailbox_new(name, wire, delimiter_of(&token));
	listed->mailbox->attrs = attrs;
	listed->mailbox->role = role;
	g_ptr_array_set_free_func(session->listed, listed_free);
	g_ptr_array_add(session->listed, listed);
	return true;
}

static void
set_status(MailboxState *status, const ImapToken *name, const ImapToken *value)
{
	guint64 number;

	if (!imap_token_u64(value, &number))
		return;
	if (imap_token_is(name, "HIGHESTMODSEQ")) {
		status->highest_modseq = number;
		return;
	}
	if (number > G_MAXUINT32)
		return;
	if (imap_token_is(name, "MESSAGES"))
		status->exists = (guint32)number;
	else if (imap_token_is(name, "UIDNEXT"))
		status->uid_next = (guint32)number;
	else if (imap_token_is(name, "UIDVALIDITY"))
		status->uid_validity = (guint32)number;
	else if (imap_token_is(name, "UNSEEN"))
		status->unseen = (guint32)number;
}

static ImapListed *
find_listed(const ImapSession *session, const char *wire)
{
	/* STATUS comes right behind its LIST line nearly always */
	for (guint i = session->listed->len; i > 0; i--) {
		ImapListed *listed = g_ptr_array_index(session->listed, i - 1);

		if (mailbox_name_equal(listed->mailbox->wire, wire))
			return listed;
	}
	return NULL;
}

static bool
take_status(ImapSession *session, ImapReader *rest)
{
	g_autofree char *wire = read_name(rest);
	MailboxState status = {.unseen = MAILBOX_UNKNOWN};
	ImapToken name, value;
	ImapListed *listed;

	if (wire == NULL || imap_token_next(rest, &name) != IMAP_TOKEN_OPEN)
		return false;
	while (imap_token_next(rest, &name) == IMAP_TOKEN_ATOM) {
		imap_token_next(rest, &value);
		if (value.kind == IMAP_TOKEN_OPEN &&
		    !imap_token_skip_list(rest))
			return false;
		if (value.kind == IMAP_TOKEN_ATOM)
			set_status(&status, &name, &value);
	}
	if (name.kind != IMAP_TOKEN_CLOSE)
		return false;
	if (session->status != NULL) {
		*session->status = status;
		session->status_came = true;
	}
	listed = session->listed == NULL ? NULL : find_listed(session, wire);
	if (listed != NULL) {
		listed->has_status = true;
		listed->status = status;
	}
	return true;
}

static bool
take_search(ImapSession *session, ImapReader *rest)
{
	ImapToken token;
	guint32 uid;

	while (imap_token_next(rest, &token) == IMAP_TOKEN_ATOM) {
		/* one that is left out would look like one that is gone */
		if (!imap_token_u32(&token, &uid))
			return false;
		if (session->found == NULL)
			continue;
		if (session->found->len == FOUND_MAX)
			return false;
		g_array_append_val(session->found, uid);
	}
	/* "(MODSEQ n)" may stand behind them */
	return token.kind == IMAP_TOKEN_END || token.kind == IMAP_TOKEN_OPEN;
}

/* (TAG "p3") UID ALL 4:18,21 (RFC 4731) */
static bool
take_esearch(ImapSession *session, ImapReader *rest)
{
	ImapToken token;

	while (imap_token_next(rest, &token) != IMAP_TOKEN_END) {
		if (token.kind == IMAP_TOKEN_OPEN) {
			if (!imap_token_skip_list(rest))
				return false;
		} else if (imap_token_is(&token, "ALL")) {
			g_autoptr(UidSet) set = NULL;

			imap_token_next(rest, &token);
			set = uid_set_parse(token.text, (gssize)token.len);
			if (set == NULL)
				return false;
			if (session->found_set != NULL)
				uid_set_add_set(session->found_set, set);
		} else if (token.kind != IMAP_TOKEN_ATOM) {
			return false;
		}
	}
	return true;
}

static bool
note_search(ImapSession *session, bool good)
{
	session->found_any = true;
	session->found_bad |= !good;
	return good;
}

static bool
take_enabled(ImapSession *session, ImapReader *rest)
{
	ImapToken token;

	while (imap_token_next(rest, &token) == IMAP_TOKEN_ATOM)
		session->qresync |=
		    session->tried_enable && imap_token_is(&token, "QRESYNC");
	return token.kind == IMAP_TOKEN_END;
}

bool
imap_session_data(gpointer user, ImapData kind, guint32 number,
		  ImapReader *rest, const ImapReply *reply)
{
	ImapSession *session = user;
	bool of_box = kind == IMAP_DATA_FETCH || kind == IMAP_DATA_EXISTS ||
		      kind == IMAP_DATA_EXPUNGE || kind == IMAP_DATA_VANISHED;

	/* of a mailbox, where none is selected */
	if (of_box && session->box.wire == NULL)
		return true;
	switch (kind) {
	case IMAP_DATA_FETCH:
		return take_fetch(session, number, rest);
	case IMAP_DATA_EXISTS:
		return take_exists(&session->box, number);
	case IMAP_DATA_EXPUNGE:
		return take_expunge(&session->box, number);
	case IMAP_DATA_VANISHED:
		return take_vanished(&session->box, rest);
	case IMAP_DATA_CAPABILITY:
		imap_session_set_capabilities(session, rest->p,
					      (gsize)(rest->end - rest->p));
		return true;
	case IMAP_DATA_ENABLED:
		return take_enabled(session, rest);
	case IMAP_DATA_STATUS_REPLY:
		/* tagged replies are judged by whoever waits for them */
		imap_session_take_reply(session, reply);
		return true;
	case IMAP_DATA_LIST:
	case IMAP_DATA_LSUB:
		return take_list(session, kind, rest);
	case IMAP_DATA_STATUS:
		return take_status(session, rest);
	case IMAP_DATA_NAMESPACE:
		return imap_session_take_namespace(session, rest);
	case IMAP_DATA_SEARCH:
		return note_search(session, take_search(session, rest));
	case IMAP_DATA_ESEARCH:
		return note_search(session, take_esearch(session, rest));
	default:
		return true;
	}
}

bool
imap_session_want(gpointer user, const char *frame, gsize len)
{
	const ImapSession *session = user;
	ImapBody *body = session->body;

	/* a header that is as large, of a fetch in flight, is none of it */
	if (body == NULL || body->found || body->streamed ||
	    !imap_fetch_awaits(frame, len, body->item, body->uid))
		return false;
	body->streamed = true;
	return true;
}

bool
imap_session_sink(gpointer user, const void *data, gsize len)
{
	const ImapSession *session = user;

	return session->body->func(session->body->user, data, len);
}
