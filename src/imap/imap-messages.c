/* imap-messages.c - FETCH and SEARCH: what is read of messages */
#include <string.h>

#include "base-guard.h"
#include "imap-session-private.h"
#include "imap-wire-private.h"

#define FETCH_SECONDS 60.0

static const char *
items_text(ImapFetchItems items)
{
	switch (items) {
	case IMAP_FETCH_HEADERS:
		return "FLAGS INTERNALDATE RFC822.SIZE "
		       "BODY.PEEK[HEADER.FIELDS (DATE FROM TO CC SUBJECT "
		       "MESSAGE-ID REFERENCES IN-REPLY-TO CONTENT-TYPE "
		       "LIST-ID REPLY-TO X-PENNON-DRAFT)]";
	case IMAP_FETCH_FLAGS:
		return "FLAGS";
	case IMAP_FETCH_STRUCTURE:
		return "BODYSTRUCTURE";
	case IMAP_FETCH_LOOKUP:
		return "INTERNALDATE RFC822.SIZE "
		       "BODY.PEEK[HEADER.FIELDS (DATE FROM SUBJECT "
		       "MESSAGE-ID X-PENNON-DRAFT X-PENNON-DUE)]";
	}
	g_assert_not_reached();
}

static void
put_items(ImapSession *session, ImapFetchItems items, guint64 changed_since)
{
	bool modseq =
	    session->box.state.highest_modseq != 0 &&
	    (items == IMAP_FETCH_FLAGS || items == IMAP_FETCH_HEADERS);

	imap_wire_printf(session->wire, " (UID %s%s)", items_text(items),
			 modseq ? " MODSEQ" : "");
	if (changed_since != 0)
		imap_wire_printf(session->wire,
				 " (CHANGEDSINCE %" G_GUINT64_FORMAT ")",
				 changed_since);
	imap_wire_end(session->wire);
}

guint
imap_fetch_begin_from(ImapSession *session, guint32 first, ImapFetchItems items)
{
	guint tag = imap_wire_begin(session->wire, "UID FETCH", NULL, NULL);

	imap_wire_printf(session->wire, " %u:*", first);
	put_items(session, items, 0);
	return tag;
}

guint
imap_session_fetch_begin(ImapSession *session, const UidSet *uids,
			 ImapFetchItems items, guint64 changed_since)
{
	guint tag;

	imap_session_limit(session, FETCH_SECONDS);
	imap_session_compress(session);
	tag = imap_wire_begin(session->wire, "UID FETCH", NULL, NULL);
	session->box.n_backfill++;
	imap_wire_set(session->wire, uids);
	put_items(session, items, changed_since);
	(void)imap_wire_flush(session->wire, NULL);
	return tag;
}

bool
imap_session_fetch_end(ImapSession *session, guint ticket, GError **error)
{
	bool good = imap_session_finish(session, ticket, "FETCH", error);

	if (session->box.n_backfill > 0)
		session->box.n_backfill--;
	/* answers of a backfill prove nothing about what lies between */
	session->box.modseq_seen = session->box.modseq;
	return good;
}

bool
imap_session_fetch_from(ImapSession *session, guint32 first,
			ImapFetchItems items, GError **error)
{
	guint tag;

	imap_session_limit(session, FETCH_SECONDS);
	imap_session_compress(session);
	session->box.n_backfill++;
	tag = imap_fetch_begin_from(session, first, items);
	if (!imap_wire_flush(session->wire, error))
		return false;
	return imap_session_fetch_end(session, tag, error);
}

static bool
section_ok(const char *section)
{
	for (const char *p = section; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && *p != '.')
			return false;
	return strlen(section) < 1000;
}

bool
imap_session_fetch_body(ImapSession *session, guint32 uid, const char *section,
			ImapBytesFunc func, gpointer user, bool *ret_found,
			GError **error)
{
	g_autofree char *item = g_strdup_printf("BODY[%s]", section);
	ImapBody body = {.func = func, .user = user, .uid = uid, .item = item};
	guint tag;
	bool good;

	GUARD_NOT_ON_UI("imap_session_fetch_body");
	if (!section_ok(section)) {
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_INVALID,
			    "this is no section of a message");
		return false;
	}
	imap_session_limit(session, FETCH_SECONDS);
	imap_session_compress(session);
	session->body = &body;
	tag = imap_wire_begin(session->wire, "UID FETCH", NULL, NULL);
	imap_wire_printf(session->wire, " %u (UID BODY.PEEK[%s])", uid,
			 section);
	imap_wire_end(session->wire);
	good = imap_wire_flush(session->wire, error) &&
	       imap_session_finish(session, tag, "FETCH", error);
	session->body = NULL;
	if (good && body.streamed && !body.found) {
		imap_wire_fail_text(session->wire,
				    "a message's text cannot be read");
		return imap_wire_failed(session->wire, error);
	}
	if (good)
		*ret_found = body.found;
	return good;
}

/* Sequence numbers are known from here on, if none came or went meanwhile. */
static void
learn_map(ImapSession *session, const UidSet *all)
{
	ImapBox *box = &session->box;
	UidSetIter iter;
	guint32 uid;
	guint i = 0;

	if (session->qresync || uid_set_count(all) != box->state.exists)
		return;
	imap_box_make_map(box);
	if (box->uids == NULL)
		return;
	uid_set_iter_init(&iter, all);
	while (uid_set_iter_next(&iter, &uid))
		g_array_index(box->uids, guint32, i++) = uid;
}

static int
compare_uids(gconstpointer a, gconstpointer b)
{
	guint32 left = *(const guint32 *)a;
	guint32 right = *(const guint32 *)b;

	return (left > right) - (left < right);
}

static UidSet *
take_found(ImapSession *session)
{
	UidSet *set = g_steal_pointer(&session->found_set);
	g_autoptr(GArray) found = g_steal_pointer(&session->found);

	/* servers send them in any order; a set grows fast at its end only */
	g_array_sort(found, compare_uids);
	for (guint i = 0; i < found->len; i++)
		uid_set_add(set, g_array_index(found, guint32, i));
	return set;
}

/* An answer that cannot be read must not pass for "nothing there". */
static UidSet *
end_search(ImapSession *session, guint tag, GError **error)
{
	bool good = imap_session_finish(session, tag, "SEARCH", error);
	g_autoptr(UidSet) set = take_found(session);

	if (!good)
		return NULL;
	if (session->found_bad ||
	    (!session->found_any && imap_session_has(session, "ESEARCH"))) {
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_PROTOCOL,
			    "SEARCH: the server's answer cannot be read");
		return NULL;
	}
	return g_steal_pointer(&set);
}

static guint
begin_search(ImapSession *session)
{
	imap_session_limit(session, FETCH_SECONDS);
	imap_session_compress(session);
	g_clear_pointer(&session->found, g_array_unref);
	uid_set_free(session->found_set);
	session->found = g_array_new(FALSE, FALSE, sizeof(guint32));
	session->found_set = uid_set_new();
	session->found_any = session->found_bad = false;
	return imap_wire_begin(session->wire,
			       imap_session_has(session, "ESEARCH")
				   ? "UID SEARCH RETURN (ALL)"
				   : "UID SEARCH",
			       NULL, NULL);
}

UidSet *
imap_session_search_all(ImapSession *session, GError **error)
{
	guint tag = begin_search(session);
	UidSet *all;

	imap_wire_atom(session->wire, "ALL");
	imap_wire_end(session->wire);
	all = end_search(session, tag, error);
	if (all == NULL)
		return NULL;
	/* messages, but none has a UID: believing it would empty a list */
	if (uid_set_is_empty(all) && session->box.state.exists > 0) {
		uid_set_free(all);
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_PROTOCOL,
			    "SEARCH: the server finds none of its messages");
		return NULL;
	}
	learn_map(session, all);
	return all;
}

UidSet *
imap_session_search(ImapSession *session, const char *const *keys,
		    GError **error)
{
	guint tag = begin_search(session);

	imap_wire_atom(session->wire, "CHARSET UTF-8");
	for (; *keys != NULL; keys++) {
		if (**keys != '=')
			imap_wire_atom(session->wire, *keys);
		else if (!imap_session_astring(session, tag, "SEARCH",
					       *keys + 1, error))
			return NULL;
	}
	imap_wire_end(session->wire);
	return end_search(session, tag, error);
}
