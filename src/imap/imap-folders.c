/* imap-folders.c - the folder list, and changes to it */
#include <string.h>

#include "base-guard.h"
#include "imap-session-private.h"
#include "imap-wire-private.h"

#define LIST_SECONDS 60.0

static void
mark_subscribed(ImapSession *session)
{
	bool any = g_hash_table_size(session->subscribed) > 0;

	for (guint i = 0; i < session->listed->len; i++) {
		ImapListed *listed = g_ptr_array_index(session->listed, i);

		/* none reported at all: the server keeps none: all count */
		if (!any || g_hash_table_contains(session->subscribed,
						  listed->mailbox->wire))
			listed->mailbox->attrs |= MAILBOX_ATTR_SUBSCRIBED;
	}
}

/* LIST-EXTENDED: one command tells it all (RFC 5258, RFC 5819, RFC 6154). */
static bool
list_extended(ImapSession *session, GError **error)
{
	ImapHello hello = imap_hello_begin(session, true);
	guint tag = imap_wire_begin(session->wire, "LIST \"\" \"*\" RETURN (",
				    NULL, NULL);
	bool any = false;

	imap_wire_printf(session->wire, "SUBSCRIBED");
	if (imap_session_has(session, "SPECIAL-USE"))
		imap_wire_printf(session->wire, " SPECIAL-USE");
	if (imap_session_has(session, "LIST-STATUS"))
		imap_wire_printf(session->wire,
				 " STATUS (MESSAGES UIDNEXT UIDVALIDITY "
				 "UNSEEN%s)",
				 imap_session_has(session, "CONDSTORE")
				     ? " HIGHESTMODSEQ"
				     : "");
	imap_wire_printf(session->wire, ")");
	imap_wire_end(session->wire);
	if (!imap_wire_flush(session->wire, error) ||
	    !imap_hello_end(session, hello, error) ||
	    !imap_session_finish(session, tag, "LIST", error))
		return false;
	for (guint i = 0; i < session->listed->len && !any; i++) {
		ImapListed *listed = g_ptr_array_index(session->listed, i);

		any = listed->mailbox->attrs & MAILBOX_ATTR_SUBSCRIBED;
	}
	for (guint i = 0; i < session->listed->len && !any; i++) {
		ImapListed *listed = g_ptr_array_index(session->listed, i);

		listed->mailbox->attrs |= MAILBOX_ATTR_SUBSCRIBED;
	}
	return true;
}

static bool
list_plain(ImapSession *session, GError **error)
{
	ImapHello hello = imap_hello_begin(session, true);
	clist *result = NULL;
	int code;
	bool good;

	if (!imap_wire_flush(session->wire, error) ||
	    !imap_hello_end(session, hello, error))
		return false;
	code = mailimap_list(session->im, "", "*", &result);
	if (result != NULL)
		mailimap_list_result_free(result);
	if (!imap_session_stock(session, code, "LIST", error))
		return false;
	result = NULL;
	session->subscribed =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	code = mailimap_lsub(session->im, "", "*", &result);
	if (result != NULL)
		mailimap_list_result_free(result);
	good = imap_session_stock(session, code, "LSUB", error);
	if (good)
		mark_subscribed(session);
	g_clear_pointer(&session->subscribed, g_hash_table_unref);
	return good;
}

/* The same name twice (two namespaces, a server's bug): the first counts. */
static void
drop_doubles(GPtrArray *listed)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) doubles = g_ptr_array_new();
	guint n = 0;

	for (guint i = 0; i < listed->len; i++) {
		ImapListed *item = g_ptr_array_index(listed, i);

		if (g_hash_table_contains(seen, item->mailbox->wire)) {
			g_ptr_array_add(doubles, item);
			continue;
		}
		g_hash_table_add(seen, item->mailbox->wire);
		listed->pdata[n++] = item;
	}
	/* to the end, where one cut frees them all */
	for (guint i = 0; i < doubles->len; i++)
		listed->pdata[n + i] = g_ptr_array_index(doubles, i);
	g_ptr_array_set_size(listed, (gint)n);
}

static GPtrArray *
list_once(ImapSession *session, GError **error)
{
	GPtrArray *listed;
	bool good;

	session->listed = g_ptr_array_new();
	good = imap_session_has(session, "LIST-EXTENDED")
		   ? list_extended(session, error)
		   : list_plain(session, error);
	listed = g_steal_pointer(&session->listed);
	if (!good) {
		g_ptr_array_unref(listed);
		return NULL;
	}
	drop_doubles(listed);
	return listed;
}

GPtrArray *
imap_session_list(ImapSession *session, GError **error)
{
	bool assumed = session->assumed;
	g_autoptr(GError) cause = NULL;
	GPtrArray *listed;

	GUARD_NOT_ON_UI("imap_session_list");
	imap_session_limit(session, LIST_SECONDS);
	imap_session_compress(session);
	listed = list_once(session, &cause);
	/* what was remembered is not so any more */
	if (listed == NULL && assumed &&
	    g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED)) {
		g_clear_error(&cause);
		listed = list_once(session, &cause);
	}
	if (listed == NULL)
		g_propagate_error(error, g_steal_pointer(&cause));
	return listed;
}

bool
imap_session_status(ImapSession *session, const char *wire,
		    MailboxState *ret_status, GError **error)
{
	MailboxState status = {.unseen = MAILBOX_UNKNOWN};
	guint tag;
	bool good;

	if (!imap_session_check_name(wire, error) ||
	    !imap_session_settle(session, error))
		return false;
	/* libetpan gives the name back with its quotes and no MODSEQ: ours */
	session->status = &status;
	session->status_came = false;
	imap_session_limit(session, LIST_SECONDS);
	tag = imap_wire_begin(session->wire, "STATUS", NULL, NULL);
	good = imap_session_astring(session, tag, "STATUS", wire, error);
	if (good) {
		imap_wire_printf(
		    session->wire, " (MESSAGES UIDNEXT UIDVALIDITY UNSEEN%s)",
		    imap_session_has(session, "CONDSTORE") ? " HIGHESTMODSEQ"
							   : "");
		imap_wire_end(session->wire);
		good = imap_session_finish(session, tag, "STATUS", error);
	}
	session->status = NULL;
	if (good && !session->status_came) {
		session->answer = IMAP_ANSWER_LATER;
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED,
			    "STATUS: the server does not tell it");
		return false;
	}
	if (good)
		*ret_status = status;
	return good;
}

bool
imap_session_create(ImapSession *session, const char *wire, GError **error)
{
	return imap_session_check_name(wire, error) &&
	       imap_session_stock(session, mailimap_create(session->im, wire),
				  "CREATE", error);
}

bool
imap_session_rename(ImapSession *session, const char *wire,
		    const char *new_wire, GError **error)
{
	return imap_session_check_name(wire, error) &&
	       imap_session_check_name(new_wire, error) &&
	       imap_session_stock(session,
				  mailimap_rename(session->im, wire, new_wire),
				  "RENAME", error);
}

bool
imap_session_delete(ImapSession *session, const char *wire, GError **error)
{
	return imap_session_check_name(wire, error) &&
	       imap_session_stock(session, mailimap_delete(session->im, wire),
				  "DELETE", error);
}

bool
imap_session_subscribe(ImapSession *session, const char *wire, bool subscribe,
		       GError **error)
{
	if (!imap_session_check_name(wire, error))
		return false;
	if (subscribe)
		return imap_session_stock(session,
					  mailimap_subscribe(session->im, wire),
					  "SUBSCRIBE", error);
	return imap_session_stock(session,
				  mailimap_unsubscribe(session->im, wire),
				  "UNSUBSCRIBE", error);
}
