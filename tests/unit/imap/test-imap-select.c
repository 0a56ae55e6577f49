/* test-imap-select.c - SELECT, and what becomes of EXISTS, EXPUNGE, VANISHED */
#include "test-server.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define QRESYNC CLIENT_LOGIN_WITH("ENABLE CONDSTORE QRESYNC IDLE")
#define ENABLE "< ENABLE QRESYNC\n> * ENABLED QRESYNC\n> $T OK\n"

/* What waits to be taken, in words. */
static char *
updates_text(Client *client)
{
	g_auto(ImapUpdates) updates = {0};
	g_autofree char *gone = NULL;
	GString *text = g_string_new(NULL);

	imap_session_take_updates(client->session, &updates);
	gone = uid_set_to_string(updates.vanished);
	g_string_printf(text, "exists %u", updates.exists);
	if (*gone != '\0')
		g_string_append_printf(text, " gone %s", gone);
	for (guint i = 0;
	     updates.rows != NULL && i < imap_batch_n_rows(updates.rows); i++)
		g_string_append_printf(text, " row %u",
				       imap_batch_row(updates.rows, i)->uid);
	if (updates.lost)
		g_string_append(text, " lost");
	if (updates.flags_lost)
		g_string_append(text, " flags-lost");
	if (updates.grew)
		g_string_append(text, " grew");
	if (updates.modseq != 0)
		g_string_append_printf(text, " modseq %" G_GUINT64_FORMAT,
				       updates.modseq);
	return g_string_free(text, FALSE);
}

/* ---- SELECT ---- */

/* One write behind the login: ENABLE, SELECT with QRESYNC, FETCH. */
static void
test_burst(void)
{
	Client *client = client_new(
	    QRESYNC "< ENABLE QRESYNC\n"
		    "< SELECT \"INBOX\" (QRESYNC (7 100))\n"
		    "< UID FETCH 31:\\* (*)\n"
		    "> * ENABLED QRESYNC CONDSTORE\n> p2 OK\n"
		    "> * 3 EXISTS\n"
		    "> * OK [UIDVALIDITY 7] v\n> * OK [UIDNEXT 32] n\n"
		    "> * OK [HIGHESTMODSEQ 120] m\n"
		    "> * VANISHED (EARLIER) 1:4294967295\n"
		    "> * 2 FETCH (UID 20 FLAGS (\\Seen) MODSEQ (119))\n"
		    "> p3 OK [READ-WRITE] selected\n"
		    "> * 3 FETCH (UID 31 FLAGS ())\n> p4 OK\n");
	ImapKnown known = {7, 100, 31};
	MailboxState state;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	client_login(client);
	imap_session_open(client->session, "INBOX", &known, &state, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(state.exists, ==, 3);
	g_assert_cmpuint(state.uid_validity, ==, 7);
	g_assert_cmpuint(state.uid_next, ==, 32);
	g_assert_cmpuint(state.highest_modseq, ==, 120);
	g_assert_true(imap_session_resynced(client->session));
	g_assert_false(imap_session_is_read_only(client->session));
	g_assert_true(imap_session_has_updates(client->session));
	text = updates_text(client);
	g_assert_cmpstr(text, ==,
			"exists 3 gone 1:4294967295 row 20 row 31 modseq 120");
	g_assert_false(imap_session_has_updates(client->session));
	/* greeting to in sync: login, and the burst */
	g_assert_cmpuint(imap_session_counters(client->session).turns, ==, 2);
	client_free(client);
}

static const struct {
	const char *what;
	const char *script;
	bool resynced;
	const char *updates;
} resync_cases[] = {
    {"a lower mod-sequence than ours",
     "> * 3 EXISTS\n> * OK [UIDVALIDITY 7] v\n> * OK [HIGHESTMODSEQ 50] m\n"
     "> $T OK\n",
     false, "exists 3"},
    {"none",
     "> * 3 EXISTS\n> * OK [UIDVALIDITY 7] v\n> * OK [NOMODSEQ] m\n"
     "> $T OK\n",
     false, "exists 3"},
    {"another UIDVALIDITY",
     "> * 3 EXISTS\n> * OK [UIDVALIDITY 8] v\n> * OK [HIGHESTMODSEQ 150] m\n"
     "> $T OK\n",
     false, "exists 3"},
    {"the same",
     "> * 3 EXISTS\n> * OK [UIDVALIDITY 7] v\n"
     "> * OK [HIGHESTMODSEQ 100] m\n> $T OK\n",
     true, "exists 3 modseq 100"},
    {"removals that cannot be read",
     "> * 3 EXISTS\n> * VANISHED (EARLIER) 1:3,\n> * VANISHED (LATER) 1\n"
     "> * VANISHED 0\n> * VANISHED\n> * OK [UIDVALIDITY 7] v\n"
     "> * OK [HIGHESTMODSEQ 100] m\n> $T OK\n",
     true, "exists 3 modseq 100"},
};

static void
test_resync(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(resync_cases); i++) {
		g_autofree char *script = g_strconcat(
		    QRESYNC ENABLE "< SELECT \"INBOX\" (QRESYNC (7 100))\n",
		    resync_cases[i].script, NULL);
		Client *client = client_new(script);
		ImapKnown known = {7, 100, 0};
		MailboxState state;
		g_autoptr(GError) error = NULL;
		g_autofree char *text = NULL;

		g_test_message("%s", resync_cases[i].what);
		client_login(client);
		imap_session_open(client->session, "INBOX", &known, &state,
				  &error);
		g_assert_no_error(error);
		g_assert_true(imap_session_resynced(client->session) ==
			      resync_cases[i].resynced);
		text = updates_text(client);
		g_assert_cmpstr(text, ==, resync_cases[i].updates);
		client_free(client);
	}
}

/* A server whose ENABLE only seems to work is asked step by step. */
static void
test_enable_refused(void)
{
	Client *client =
	    client_new(QRESYNC "< ENABLE QRESYNC\n> $T BAD what\n"
			       "< SELECT \"INBOX\" (QRESYNC*\n> $T BAD no\n"
			       "< UID FETCH *\n> $T BAD no\n"
			       "< SELECT \"INBOX\" (CONDSTORE)\n"
			       "> * 1 EXISTS\n> $T OK\n"
			       "< UID FETCH *\n> $T OK\n");
	ImapKnown known = {7, 100, 31};
	MailboxState state;
	g_autoptr(GError) error = NULL;

	client_login(client);
	imap_session_open(client->session, "INBOX", &known, &state, &error);
	g_assert_no_error(error);
	g_assert_false(imap_session_resynced(client->session));
	client_free(client);
}

/* New rows that it does not give now are fetched later; the mailbox is open. */
static void
test_fetch_refused(void)
{
	static const char *const replies[] = {
	    "NO", "NO [SERVERBUG] message 31 cannot be read", "BAD what",
	    "NO [UNAVAILABLE] later"};

	for (guint i = 0; i < G_N_ELEMENTS(replies); i++) {
		g_autofree char *script = g_strconcat(
		    QRESYNC ENABLE "< SELECT \"INBOX\" (QRESYNC (7 100))\n"
				   "> * 3 EXISTS\n> * OK [UIDVALIDITY 7] v\n"
				   "> * OK [HIGHESTMODSEQ 120] m\n"
				   "> * VANISHED (EARLIER) 5\n> $T OK\n"
				   "< UID FETCH 31:* *\n"
				   "> * 1 FETCH (UID 20 FLAGS (\\Seen))\n> $T ",
		    replies[i], "\n< NOOP\n> $T OK\n", NULL);
		Client *client = client_new(script);
		ImapKnown known = {7, 100, 31};
		MailboxState state;
		g_autoptr(GError) error = NULL;
		g_autofree char *text = NULL;

		client_login(client);
		imap_session_open(client->session, "INBOX", &known, &state,
				  &error);
		g_assert_no_error(error);
		g_assert_cmpstr(imap_session_selected(client->session), ==,
				"INBOX");
		g_assert_true(imap_session_resynced(client->session));
		text = updates_text(client);
		g_assert_cmpstr(text, ==, "exists 3 gone 5 row 20 modseq 120");
		g_assert_true(imap_session_noop(client->session, NULL));
		client_free(client);
	}
}

/* The class of the answer is SELECT's, whatever the FETCH behind it got. */
static void
test_refused(void)
{
	static const struct {
		const char *reply;
		ImapAnswer answer;
	} cases[] = {
	    {"NO [NONEXISTENT] gone", IMAP_ANSWER_GONE},
	    {"NO [UNAVAILABLE] later", IMAP_ANSWER_LATER},
	    {"NO [NOPERM] no", IMAP_ANSWER_USER},
	    {"NO", IMAP_ANSWER_NO},
	    {"BAD what", IMAP_ANSWER_BUG},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *script = g_strdup_printf(
		    CLIENT_LOGIN "< SELECT \"x\"\n> * 9 EXISTS\n> $T %s\n"
				 "< UID FETCH *\n> $T BAD nothing selected\n"
				 "< NOOP\n> * 5 EXISTS\n> $T OK\n" CLIENT_OPEN,
		    cases[i].reply);
		Client *client = client_new(script);
		ImapKnown known = {7, 0, 31};
		MailboxState state;
		g_autoptr(GError) error = NULL;

		client_login(client);
		g_assert_false(imap_session_open(client->session, "x", &known,
						 &state, &error));
		g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
		g_assert_cmpint(imap_session_answer(client->session), ==,
				cases[i].answer);
		g_assert_null(imap_session_selected(client->session));
		g_assert_true(imap_session_noop(client->session, NULL));
		g_assert_false(imap_session_has_updates(client->session));
		client_open(client);
		client_free(client);
	}
}

/* What still comes of the old mailbox must not touch the new one. */
static void
test_closed(void)
{
	Client *client = client_new(
	    QRESYNC ENABLE "< SELECT \"a\" (CONDSTORE)\n> * 3 EXISTS\n> $T OK\n"
			   "< SELECT \"b\" (CONDSTORE)\n"
			   "> * VANISHED 1:2\n"
			   "> * 9 FETCH (UID 9 FLAGS (\\Deleted))\n"
			   "> * 8 EXISTS\n> * OK [UIDVALIDITY 1] old\n"
			   "> * OK [CLOSED] x\n"
			   "> * 5 EXISTS\n> * OK [UIDVALIDITY 2] new\n"
			   "> * 1 FETCH (UID 1 FLAGS ())\n> $T OK\n"
			   "< NOOP\n> * OK [CLOSED] lies\n> * 6 EXISTS\n"
			   "> $T OK\n");
	ImapKnown known = {0};
	MailboxState state;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	client_login(client);
	g_assert_true(
	    imap_session_open(client->session, "a", &known, &state, NULL));
	g_assert_true(
	    imap_session_open(client->session, "b", &known, &state, NULL));
	g_assert_cmpuint(state.exists, ==, 5);
	g_assert_cmpuint(state.uid_validity, ==, 2);
	first = updates_text(client);
	g_assert_cmpstr(first, ==, "exists 5 row 1");
	g_assert_true(imap_session_noop(client->session, NULL));
	second = updates_text(client);
	g_assert_cmpstr(second, ==, "exists 6 grew");
	client_free(client);
}

static void
test_unselect(void)
{
	Client *client = client_new(CLIENT_LOGIN_WITH("UNSELECT") CLIENT_OPEN
				    "< UNSELECT\n> $T OK\n" CLIENT_OPEN);

	client_login(client);
	client_open(client);
	g_assert_true(imap_session_unselect(client->session, NULL));
	g_assert_null(imap_session_selected(client->session));
	g_assert_true(imap_session_unselect(client->session, NULL));
	client_open(client);
	client_free(client);
	/* never CLOSE, which expunges */
	client = client_new(CLIENT_LOGIN CLIENT_OPEN CLIENT_OPEN);
	client_login(client);
	client_open(client);
	g_assert_true(imap_session_unselect(client->session, NULL));
	client_open(client);
	client_free(client);
}

static void
test_permanent_flags(void)
{
	static const struct {
		const char *code; /* NULL: none */
		const char *flags;
		const char *refused;
	} cases[] = {
	    {NULL, "\\Seen x", ""},
	    {"(\\Seen \\Deleted \\*)", "\\Seen $Junk x", ""},
	    {"(\\Seen \\Deleted \\*)", "\\Flagged x", "\\Flagged"},
	    {"(\\Seen x)", "\\Seen x y", "y"},
	    {"()", "\\Seen", "\\Seen"},
	    {"(\\Seen", "\\Flagged", ""}, /* cannot be read: not told */
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *code =
		    cases[i].code == NULL
			? g_strdup("")
			: g_strdup_printf("> * OK [PERMANENTFLAGS %s] x\n",
					  cases[i].code);
		g_autofree char *script =
		    g_strconcat(CLIENT_LOGIN "< SELECT *\n> * 3 EXISTS\n", code,
				"> $T OK [READ-ONLY] x\n", NULL);
		Client *client = client_new(script);
		g_auto(MailFlags) flags = mail_flags_parse(cases[i].flags, -1);
		g_auto(MailFlags) refused = {0};
		g_autofree char *names = NULL;

		client_login(client);
		client_open(client);
		g_assert_true(imap_session_is_read_only(client->session));
		g_assert_true(
		    imap_session_allows(client->session, &flags, &refused) ==
		    (*cases[i].refused == '\0'));
		names = mail_flags_to_names(&refused);
		g_assert_cmpstr(names, ==, cases[i].refused);
		client_free(client);
	}
}

/* ---- the order of arrival ---- */

/* UIDs 10, 20, 30 are known by their sequence numbers. */
#define KNOW_ALL "< UID SEARCH ALL\n> * SEARCH 30 10 20\n> $T OK\n"

static const struct {
	const char *what;
	const char *script; /* during a NOOP */
	const char *updates;
} arrival_cases[] = {
    {"nothing", "", "exists 3"},
    {"new ones", "> * 5 EXISTS\n", "exists 5 grew"},
    {"one goes", "> * 2 EXPUNGE\n", "exists 2 gone 20"},
    {"in this order", "> * 1 EXPUNGE\n> * 1 EXPUNGE\n> * 3 EXISTS\n",
     "exists 3 gone 10,20 grew"},
    {"a new one goes again", "> * 4 EXISTS\n> * 4 EXPUNGE\n",
     "exists 3 lost grew"},
    {"one that is not there", "> * 4 EXPUNGE\n", "exists 3"},
    {"flags by number", "> * 2 FETCH (FLAGS (\\Seen))\n", "exists 3 row 20"},
    {"flags by number, moved up",
     "> * 1 EXPUNGE\n> * 2 FETCH (FLAGS (\\Seen))\n",
     "exists 2 gone 10 row 30"},
    {"flags of an unknown one", "> * 4 EXISTS\n> * 4 FETCH (FLAGS ())\n",
     "exists 4 flags-lost grew"},
    {"a new one tells its UID",
     "> * 4 EXISTS\n> * 4 FETCH (UID 40 FLAGS ())\n> * 4 EXPUNGE\n",
     "exists 3 gone 40 row 40 grew"},
    {"fewer without a word", "> * 1 EXISTS\n> * 1 EXPUNGE\n", "exists 0 lost"},
    {"two UIDs for one number", "> * 2 FETCH (UID 25 FLAGS ())\n",
     "exists 3 row 25 lost"},
    {"UIDs that are none",
     "> * 1 FETCH (UID 0 FLAGS ())\n> * 1 FETCH (UID 4294967301 FLAGS ())\n",
     "exists 3"},
    {"VANISHED that was never enabled", "> * VANISHED 20\n> * 1 EXPUNGE\n",
     "exists 1 gone 20 lost"},
    {"more VANISHED than there are", "> * VANISHED 1:4294967295\n",
     "exists 0 gone 1:4294967295 lost"},
    {"out of reason", "> * 4294967295 EXISTS\n> * 4294967295 EXPUNGE\n",
     "exists 4294967294 lost grew"},
    {"words of no weight",
     "> * 0 RECENT\n> * FLAGS (\\Seen)\n> * OK\n> * NO\n> * BAD\n"
     "> * ESEARCH (TAG \"x\") UID ALL 1:5\n> * XYZZY 1\n> * 5 XYZZY\n",
     "exists 3"},
};

static void
test_arrival(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(arrival_cases); i++) {
		g_autofree char *script =
		    g_strconcat(CLIENT_LOGIN CLIENT_OPEN KNOW_ALL "< NOOP\n",
				arrival_cases[i].script, "> $T OK\n", NULL);
		Client *client = client_new(script);
		g_autoptr(UidSet) all = NULL;
		g_autoptr(GError) error = NULL;
		g_autofree char *text = NULL;

		g_test_message("%s", arrival_cases[i].what);
		client_login(client);
		client_open(client);
		all = imap_session_search_all(client->session, &error);
		g_assert_no_error(error);
		g_assert_true(imap_session_noop(client->session, &error));
		text = updates_text(client);
		g_assert_cmpstr(text, ==, arrival_cases[i].updates);
		client_free(client);
	}
}

/* ---- the mod-sequence that is safe to keep ---- */

static void
test_modseq(void)
{
	Client *client =
	    client_new(QRESYNC ENABLE
		       "< SELECT * (CONDSTORE)\n> * 3 EXISTS\n"
		       "> * OK [UIDVALIDITY 7]\n> * OK [HIGHESTMODSEQ 10]\n"
		       "> $T OK\n"
		       /* a backfill proves nothing of what lies between */
		       "< UID FETCH 1:9 (*MODSEQ)\n"
		       "> * 1 FETCH (UID 1 FLAGS () MODSEQ (99))\n> $T OK\n"
		       "< NOOP\n> $T OK\n"
		       "< NOOP\n"
		       "> * 2 FETCH (UID 2 FLAGS () MODSEQ (15))\n> $T OK\n");
	ImapKnown known = {0};
	MailboxState state;
	g_autoptr(UidSet) some = uids("1:9");
	g_autofree char *text = NULL;
	guint ticket;

	client_login(client);
	g_assert_true(
	    imap_session_open(client->session, "x", &known, &state, NULL));
	ticket = imap_session_fetch_begin(client->session, some,
					  IMAP_FETCH_FLAGS, 0);
	g_assert_true(imap_session_fetch_end(client->session, ticket, NULL));
	g_assert_true(imap_session_noop(client->session, NULL));
	text = updates_text(client);
	g_assert_cmpstr(text, ==, "exists 3 row 1");
	g_free(text);
	g_assert_true(imap_session_noop(client->session, NULL));
	text = updates_text(client);
	g_assert_cmpstr(text, ==, "exists 3 row 2 modseq 15");
	client_free(client);
}

/* ---- IDLE ---- */

static void
test_idle(void)
{
	/* EXISTS before, with and after the "+"; torn; then the end */
	Client *client = client_new(
	    CLIENT_LOGIN_WITH("IDLE") CLIENT_OPEN
	    "< IDLE\n> * 4 EXISTS$N+ idling$N* 5 EXISTS\n~ 50\n> * 6 EX\\\n"
	    "~ 20\n> ISTS\n= DONE\n> * 7 EXISTS\n> $T OK\n");
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	int channel = eventfd(1, EFD_CLOEXEC);
	eventfd_t ignored;

	client_login(client);
	client_open(client);
	g_assert_true(imap_session_idle(client->session, &error));
	g_assert_cmpint(imap_session_wait(client->session, -1, 1000000, &error),
			==, IMAP_WAIT_DATA);
	g_assert_cmpint(imap_session_wait(client->session, channel, -1, &error),
			==, IMAP_WAIT_CHANNEL);
	eventfd_read(channel, &ignored);
	while (text == NULL || !g_str_has_prefix(text, "exists 6")) {
		g_assert_cmpint(imap_session_wait(client->session, channel,
						  1000000, &error),
				==, IMAP_WAIT_DATA);
		g_free(text);
		text = updates_text(client);
	}
	g_assert_cmpint(
	    imap_session_wait(client->session, channel, 20000, &error), ==,
	    IMAP_WAIT_TIMEOUT);
	g_assert_true(imap_session_idle_done(client->session, &error));
	g_assert_true(imap_session_idle_done(client->session, &error));
	g_free(text);
	text = updates_text(client);
	g_assert_cmpstr(text, ==, "exists 7 grew");
	g_assert_no_error(error);
	close(channel);
	client_free(client);
}

static void
test_idle_refused(void)
{
	Client *client = client_new(CLIENT_LOGIN_WITH("IDLE") CLIENT_OPEN
				    "< IDLE\n> $T NO not now\n"
				    "< IDLE\n> $T OK\n"
				    "< NOOP\n> $T OK\n");
	g_autoptr(GError) error = NULL;

	client_login(client);
	client_open(client);
	g_assert_false(imap_session_idle(client->session, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
	g_assert_true(imap_session_idle(client->session, NULL));
	g_assert_true(imap_session_idle_done(client->session, NULL));
	g_assert_true(imap_session_noop(client->session, NULL));
	client_free(client);
}

/* A goodbye is told; a stray quote does not make IDLE wait for its end. */
static void
test_idle_ends(void)
{
	Client *client =
	    client_new(CLIENT_LOGIN_WITH("IDLE") CLIENT_OPEN
		       "< IDLE\n> + idling\n> * 1 FETCH (X \"open)\n~ 100\n"
		       "> * BYE shutting down\n! \n");
	g_autoptr(GError) error = NULL;
	gint64 start = g_get_monotonic_time();
	ImapWait wait = IMAP_WAIT_DATA;

	client_login(client);
	client_open(client);
	g_assert_true(imap_session_idle(client->session, &error));
	while (wait == IMAP_WAIT_DATA)
		wait = imap_session_wait(client->session, -1, -1, &error);
	g_assert_cmpint(wait, ==, IMAP_WAIT_FAILED);
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_CONNECTION);
	g_assert_nonnull(strstr(error->message, "shutting down"));
	g_assert_cmpint(g_get_monotonic_time() - start, <, 1000000);
	g_assert_cmpuint(imap_session_counters(client->session).bad, ==, 1);
	client_free(client);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/select/burst", test_burst);
	g_test_add_func("/imap/select/resync", test_resync);
	g_test_add_func("/imap/select/enable-refused", test_enable_refused);
	g_test_add_func("/imap/select/fetch-refused", test_fetch_refused);
	g_test_add_func("/imap/select/refused", test_refused);
	g_test_add_func("/imap/select/closed", test_closed);
	g_test_add_func("/imap/select/unselect", test_unselect);
	g_test_add_func("/imap/select/permanent-flags", test_permanent_flags);
	g_test_add_func("/imap/select/arrival", test_arrival);
	g_test_add_func("/imap/select/modseq", test_modseq);
	g_test_add_func("/imap/idle/news", test_idle);
	g_test_add_func("/imap/idle/refused", test_idle_refused);
	g_test_add_func("/imap/idle/ends", test_idle_ends);
	return g_test_run();
}
