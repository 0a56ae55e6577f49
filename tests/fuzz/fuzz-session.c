/* fuzz-session.c - a whole session against any bytes: greeting, login, list,
 * select, fetch, changes; nothing it says may crash, hang or lie */
#include "fuzz-net.h"
#include "imap-session.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static bool
on_bytes(gpointer user, const void *data, gsize len)
{
	guint64 *total = user;

	(void)data;
	*total += len;
	return *total < (guint64)64 << 20;
}

static void
look_at_updates(ImapSession *session)
{
	g_auto(ImapUpdates) updates = {0};

	imap_session_take_updates(session, &updates);
	for (guint i = 0;
	     updates.rows != NULL && i < imap_batch_n_rows(updates.rows); i++) {
		const ImapRow *row = imap_batch_row(updates.rows, i);

		if (row->have & IMAP_HAVE_STRUCTURE) {
			g_autoptr(Part) part = imap_structure_parse(
			    row->structure, row->structure_len);

			g_assert(part == NULL || part->section != NULL);
		}
		if (row->have & IMAP_HAVE_HEADER)
			g_assert(row->header != NULL || row->header_len == 0);
	}
}

static void
look_at_mailbox(ImapSession *session)
{
	ImapKnown known = {.uid_validity = 7, .modseq = 5, .uid_next = 3};
	g_autoptr(UidSet) uids = uid_set_new();
	g_autoptr(UidSet) all = NULL;
	g_auto(ImapCopied) copied = {0};
	MailboxState state;
	guint64 total = 0;
	bool found;

	if (!imap_session_open(session, "INBOX", &known, &state, NULL))
		return;
	look_at_updates(session);
	uid_set_add_range(uids, 1, 9);
	imap_session_fetch_end(
	    session,
	    imap_session_fetch_begin(session, uids, IMAP_FETCH_STRUCTURE, 0),
	    NULL);
	look_at_updates(session);
	imap_session_fetch_body(session, 3, "1", on_bytes, &total, &found,
				NULL);
	all = imap_session_search_all(session, NULL);
	imap_session_copy(session, uids, "Archive", &copied, NULL);
	if (copied.uid_validity != 0)
		g_assert_cmpuint(copied.from->len, ==, copied.to->len);
	imap_session_noop(session, NULL);
	look_at_updates(session);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	ImapSettings settings = {
	    .host = "localhost",
	    .port = 993,
	    .security = IMAP_SECURITY_TLS,
	    .user = "alice",
	    .auth = "plain",
	    .timeout_scale = 1.0,
	    /* either way of going on behind a login that tells nothing */
	    .remembered = size % 2 == 0
			      ? NULL
			      : "IMAP4REV1 ID NAMESPACE ENABLE QRESYNC "
				"CONDSTORE LIST-EXTENDED LIST-STATUS",
	};
	g_autoptr(ImapSession) session = imap_session_new(&settings);
	g_autoptr(Secret) password = secret_new("password", 8);
	g_autoptr(GPtrArray) listed = NULL;

	fuzz_net_input(data, size);
	if (imap_session_connect(session, NULL) &&
	    imap_session_login(session, password, NULL)) {
		listed = imap_session_list(session, NULL);
		g_assert_nonnull(imap_session_namespace(session, NULL));
		look_at_mailbox(session);
	}
	return 0;
}
