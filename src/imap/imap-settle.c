/* imap-settle.c - what is said once a session: ID, NAMESPACE, COMPRESS */
#include <string.h>

#include "imap-session-private.h"
#include "imap-wire-private.h"

/* RFC 2971 section 3.3: no more than what helps an administrator. */
#define ID_COMMAND "ID (\"name\" \"pennon\" \"version\" \"" PENNON_VERSION "\")"

bool
imap_session_assume(ImapSession *session)
{
	const char *text = session->settings->remembered;

	if (text == NULL || text[strspn(text, " ")] == '\0')
		return false;
	imap_session_set_capabilities(session, text, strlen(text));
	session->assumed = true;
	/* the one that must be true: a literal that is sent too early is taken
	 * for a command */
	imap_wire_set_literal(session->wire, 0);
	return true;
}

bool
imap_session_settle(ImapSession *session, GError **error)
{
	return !session->assumed || imap_session_ask(session, error);
}

static guint
begin(ImapSession *session, const char *command)
{
	guint tag = imap_wire_begin(session->wire, command, NULL, NULL);

	imap_wire_end(session->wire);
	return tag;
}

ImapHello
imap_hello_begin(ImapSession *session, bool space)
{
	ImapHello hello = {0};

	if (session->assumed)
		hello.capability = begin(session, "CAPABILITY");
	/* before SELECT: some servers refuse it to who has not said a name */
	if (!session->said_id && imap_session_has(session, "ID")) {
		session->said_id = true;
		hello.id = begin(session, ID_COMMAND);
	}
	if (space && !session->tried_namespace &&
	    imap_session_has(session, "NAMESPACE")) {
		session->tried_namespace = true;
		hello.space = begin(session, "NAMESPACE");
	}
	return hello;
}

/* An answer that matters to nobody but the one who waits for its slot. */
static bool
pass(ImapSession *session, guint tag, GError **error)
{
	g_auto(ImapReply) reply = {0};

	if (!imap_wire_wait(session->wire, tag, &reply, error))
		return false;
	imap_session_take_reply(session, &reply);
	return true;
}

/* libetpan makes its calls, which are not sent: ours are there already. What
 * it reads of the answers is not asked: the wire's record is. */
static bool
ride_id(ImapSession *session, guint tag, GError **error)
{
	struct mailimap_id_params_list *list = NULL;

	imap_bridge_ride(session->bridge, tag);
	(void)mailimap_id(session->im, NULL, &list);
	imap_bridge_ride(session->bridge, 0);
	if (list != NULL)
		mailimap_id_params_list_free(list);
	return pass(session, tag, error);
}

/* To a NO 1.9.4 forgets the answer: some 90 bytes a session. */
static bool
ride_namespace(ImapSession *session, guint tag, GError **error)
{
	struct mailimap_namespace_data *data = NULL;

	imap_bridge_ride(session->bridge, tag);
	(void)mailimap_namespace(session->im, &data);
	imap_bridge_ride(session->bridge, 0);
	if (data != NULL)
		mailimap_namespace_data_free(data);
	return pass(session, tag, error);
}

bool
imap_hello_end(ImapSession *session, ImapHello hello, GError **error)
{
	if (hello.capability != 0 && !pass(session, hello.capability, error))
		return false;
	/* refused, or an OK without the data: the least there can be */
	if (hello.capability != 0 && session->assumed)
		imap_session_set_capabilities(session, "IMAP4rev1",
					      strlen("IMAP4rev1"));
	return (hello.id == 0 || ride_id(session, hello.id, error)) &&
	       (hello.space == 0 ||
		ride_namespace(session, hello.space, error));
}

/*
 * It costs a round trip of its own, as nothing may be sent before its answer:
 * not on the way from the greeting to the first mailbox, but before the first
 * answer that may be large.
 */
void
imap_session_compress(ImapSession *session)
{
	g_auto(ImapReply) reply = {0};
	bool loopback = net_stream_is_loopback(session->stream) &&
			!session->settings->compress_loopback;
	guint tag;

	if (session->tried_compress || session->assumed || loopback ||
	    !imap_session_has(session, "COMPRESS=DEFLATE") ||
	    imap_wire_in_flight(session->wire) > 0)
		return;
	session->tried_compress = true;
	tag = begin(session, "COMPRESS DEFLATE");
	if (!imap_wire_wait(session->wire, tag, &reply, NULL))
		return;
	imap_session_take_reply(session, &reply);
	if (reply.status == IMAP_STATUS_OK)
		(void)imap_wire_start_deflate(session->wire, NULL);
}

/* ((prefix delimiter …) …) others shared: the first of the personal ones */
bool
imap_session_take_namespace(ImapSession *session, ImapReader *rest)
{
	ImapToken prefix, delimiter;
	g_autofree char *text = NULL;
	g_autofree char *sign = NULL;

	if (imap_token_next(rest, &prefix) == IMAP_TOKEN_NIL)
		return true;
	if (prefix.kind != IMAP_TOKEN_OPEN ||
	    imap_token_next(rest, &prefix) != IMAP_TOKEN_OPEN ||
	    imap_token_next(rest, &prefix) != IMAP_TOKEN_STRING ||
	    prefix.len > MAILBOX_NAME_MAX)
		return false;
	imap_token_next(rest, &delimiter);
	if (delimiter.kind != IMAP_TOKEN_NIL &&
	    (delimiter.kind != IMAP_TOKEN_STRING || delimiter.len > 2))
		return false;
	text = imap_token_dup(&prefix);
	if (text[0] != '\0' && !imap_session_check_name(text, NULL))
		return false;
	sign = delimiter.kind == IMAP_TOKEN_NIL ? g_strdup("")
						: imap_token_dup(&delimiter);
	g_free(session->prefix);
	session->prefix = g_steal_pointer(&text);
	session->delimiter =
	    g_ascii_isgraph(sign[0]) && sign[1] == '\0' ? sign[0] : '\0';
	return true;
}

const char *
imap_session_namespace(const ImapSession *session, char *ret_delimiter)
{
	if (ret_delimiter != NULL)
		*ret_delimiter =
		    session->prefix == NULL ? '\0' : session->delimiter;
	return session->prefix == NULL ? "" : session->prefix;
}
