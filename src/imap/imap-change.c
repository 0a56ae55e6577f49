/* imap-change.c - STORE, COPY, MOVE, UID EXPUNGE, APPEND */
#include <string.h>

#include "base-guard.h"
#include "base-time.h"
#include "imap-session-private.h"
#include "imap-wire-private.h"

#define CHANGE_SECONDS 60.0
/* ranges in one command: servers limit their lines, 8 KB are safe */
#define RANGES_MAX 300u

static struct mailimap_set *
stock_set(const UidSet *uids)
{
	struct mailimap_set *set = mailimap_set_new_empty();

	for (guint i = 0; i < uids->ranges->len; i++) {
		const UidRange *range =
		    &g_array_index(uids->ranges, UidRange, i);

		mailimap_set_add_interval(set, range->first, range->last);
	}
	return set;
}

/* Cuts up to RANGES_MAX ranges off the front. */
static UidSet *
take_piece(UidSet *left)
{
	UidSet *piece = uid_set_new();
	guint n = MIN(left->ranges->len, RANGES_MAX);

	g_array_append_vals(piece->ranges, left->ranges->data, n);
	g_array_remove_range(left->ranges, 0, n);
	return piece;
}

static struct mailimap_flag_list *
stock_flags(const MailFlags *flags)
{
	struct mailimap_flag_list *list = mailimap_flag_list_new_empty();
	g_autofree char *names = mail_flags_to_names(flags);
	g_auto(GStrv) name = g_strsplit(names, " ", -1);

	for (guint i = 0; name[i] != NULL; i++) {
		struct mailimap_flag *flag;

		switch (mail_flag_from_name(name[i], strlen(name[i]))) {
		case MAIL_FLAG_SEEN:
			flag = mailimap_flag_new_seen();
			break;
		case MAIL_FLAG_ANSWERED:
			flag = mailimap_flag_new_answered();
			break;
		case MAIL_FLAG_FLAGGED:
			flag = mailimap_flag_new_flagged();
			break;
		case MAIL_FLAG_DELETED:
			flag = mailimap_flag_new_deleted();
			break;
		case MAIL_FLAG_DRAFT:
			flag = mailimap_flag_new_draft();
			break;
		default:
			flag = mailimap_flag_new_flag_keyword(strdup(name[i]));
			break;
		}
		mailimap_flag_list_add(list, flag);
	}
	return list;
}

static bool
store_stock(ImapSession *session, const UidSet *uids, bool add,
	    const MailFlags *flags, GError **error)
{
	struct mailimap_set *set = stock_set(uids);
	struct mailimap_flag_list *list = stock_flags(flags);
	struct mailimap_store_att_flags *att =
	    add ? mailimap_store_att_flags_new_add_flags_silent(list)
		: mailimap_store_att_flags_new_remove_flags_silent(list);
	int code = mailimap_uid_store(session->im, set, att);

	mailimap_store_att_flags_free(att);
	mailimap_set_free(set);
	return imap_session_stock(session, code, "STORE", error);
}

/* libetpan's own text lacks a blank before "(UNCHANGEDSINCE" (WIRE.md). */
static bool
store_unchanged(ImapSession *session, const UidSet *uids, bool add,
		const MailFlags *flags, guint64 unchanged_since, GError **error)
{
	g_autofree char *names = mail_flags_to_names(flags);
	guint tag = imap_wire_begin(session->wire, "UID STORE", NULL, NULL);

	imap_wire_set(session->wire, uids);
	imap_wire_printf(session->wire,
			 " (UNCHANGEDSINCE %" G_GUINT64_FORMAT
			 ") %cFLAGS.SILENT (%s)",
			 unchanged_since, add ? '+' : '-', names);
	imap_wire_end(session->wire);
	return imap_session_finish(session, tag, "STORE", error);
}

bool
imap_session_store(ImapSession *session, const UidSet *uids, bool add,
		   const MailFlags *flags, guint64 unchanged_since,
		   UidSet **ret_modified, GError **error)
{
	g_autoptr(UidSet) left = uid_set_copy(uids);
	g_autoptr(UidSet) modified = uid_set_new();

	GUARD_NOT_ON_UI("imap_session_store");
	g_assert(!mail_flags_is_empty(flags));
	imap_session_limit(session, CHANGE_SECONDS);
	while (!uid_set_is_empty(left)) {
		g_autoptr(UidSet) piece = take_piece(left);
		g_autoptr(UidSet) kept = NULL;

		g_clear_pointer(&session->modified, g_free);
		if (unchanged_since != 0
			? !store_unchanged(session, piece, add, flags,
					   unchanged_since, error)
			: !store_stock(session, piece, add, flags, error))
			return false;
		imap_box_complete(&session->box);
		if (session->modified != NULL)
			kept = uid_set_parse(session->modified, -1);
		if (kept != NULL)
			uid_set_add_set(modified, kept);
	}
	if (ret_modified != NULL)
		*ret_modified = g_steal_pointer(&modified);
	return true;
}

static void
copied_add(ImapCopied *to, const ImapCopied *from, const UidSet *asked)
{
	if (from->uid_validity == 0)
		return;
	if (to->from == NULL) {
		to->from = g_array_new(FALSE, FALSE, sizeof(guint32));
		to->to = g_array_new(FALSE, FALSE, sizeof(guint32));
	}
	if (to->uid_validity != 0 && to->uid_validity != from->uid_validity) {
		/* the target was made anew between two pieces: no pair holds */
		g_array_set_size(to->from, 0);
		g_array_set_size(to->to, 0);
	}
	to->uid_validity = from->uid_validity;
	for (guint i = 0; i < from->from->len; i++) {
		guint32 uid = g_array_index(from->from, guint32, i);

		if (!uid_set_contains(asked, uid))
			continue; /* a pair we never asked for */
		g_array_append_val(to->from, uid);
		g_array_append_val(to->to, g_array_index(from->to, guint32, i));
	}
}

static bool
transfer(ImapSession *session, const UidSet *uids, const char *wire, bool move,
	 ImapCopied *ret_copied, GError **error)
{
	g_autoptr(UidSet) left = uid_set_copy(uids);
	g_auto(ImapCopied) copied = {0};

	if (!imap_session_check_name(wire, error))
		return false;
	imap_session_limit(session, CHANGE_SECONDS);
	while (!uid_set_is_empty(left)) {
		g_autoptr(UidSet) piece = take_piece(left);
		struct mailimap_set *set = stock_set(piece);
		int code;

		imap_copied_clear(&session->copied);
		code = move ? mailimap_uid_move(session->im, set, wire)
			    : mailimap_uid_copy(session->im, set, wire);
		mailimap_set_free(set);
		if (!imap_session_stock(session, code, move ? "MOVE" : "COPY",
					error))
			return false;
		imap_box_complete(&session->box);
		copied_add(&copied, &session->copied, piece);
	}
	*ret_copied = copied;
	copied = (ImapCopied){0};
	return true;
}

bool
imap_session_copy(ImapSession *session, const UidSet *uids, const char *wire,
		  ImapCopied *ret_copied, GError **error)
{
	GUARD_NOT_ON_UI("imap_session_copy");
	return transfer(session, uids, wire, false, ret_copied, error);
}

static bool
unsupported(GError **error, const char *what)
{
	g_set_error(error, IMAP_ERROR, IMAP_ERROR_UNSUPPORTED,
		    "the server has no %s", what);
	return false;
}

bool
imap_session_move(ImapSession *session, const UidSet *uids, const char *wire,
		  ImapCopied *ret_copied, GError **error)
{
	GUARD_NOT_ON_UI("imap_session_move");
	if (!imap_session_has(session, "MOVE"))
		return unsupported(error, "MOVE");
	return transfer(session, uids, wire, true, ret_copied, error);
}

bool
imap_session_expunge(ImapSession *session, const UidSet *uids, GError **error)
{
	g_autoptr(UidSet) left = uid_set_copy(uids);

	GUARD_NOT_ON_UI("imap_session_expunge");
	/* a bare EXPUNGE would take what others have marked */
	if (!imap_session_has(session, "UIDPLUS"))
		return unsupported(error, "UIDPLUS");
	imap_session_limit(session, CHANGE_SECONDS);
	while (!uid_set_is_empty(left)) {
		g_autoptr(UidSet) piece = take_piece(left);
		struct mailimap_set *set = stock_set(piece);
		int code = mailimap_uid_expunge(session->im, set);

		mailimap_set_free(set);
		if (!imap_session_stock(session, code, "UID EXPUNGE", error))
			return false;
		imap_box_complete(&session->box);
	}
	return true;
}

bool
imap_session_append(ImapSession *session, const char *wire,
		    const MailFlags *flags, gint64 date, GBytes *message,
		    guint32 *ret_uid_validity, guint32 *ret_uid, GError **error)
{
	g_autofree char *names = mail_flags_to_names(flags);
	gsize len;
	const void *data = g_bytes_get_data(message, &len);
	bool refused = false;
	guint tag;

	GUARD_NOT_ON_UI("imap_session_append");
	if (!imap_session_check_name(wire, error) ||
	    !imap_session_settle(session, error))
		return false;
	imap_session_limit(session, CHANGE_SECONDS);
	session->append_validity = session->append_uid = 0;
	tag = imap_wire_begin(session->wire, "APPEND", NULL, NULL);
	if (!imap_session_astring(session, tag, "APPEND", wire, error))
		return false;
	imap_wire_printf(session->wire, " (%s)", names);
	if (date != 0) {
		g_autofree char *when = time_to_imap(date);

		imap_wire_printf(session->wire, " \"%s\"", when);
	}
	if (imap_wire_literal(session->wire, len, &refused, error)) {
		if (!imap_wire_data(session->wire, data, len, error))
			return false;
		imap_wire_end(session->wire);
	} else if (!refused) {
		return false;
	}
	if (!imap_session_finish(session, tag, "APPEND", error))
		return false;
	if (refused) {
		/* an OK to what never was sent saves nothing */
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_PROTOCOL,
			    "APPEND: answered before it was sent");
		return false;
	}
	*ret_uid_validity = session->append_validity;
	*ret_uid = session->append_uid;
	return true;
}
