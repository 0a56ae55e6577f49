/* test-imap-hostile.c - malformed answers inside every kind of command, and a
 * session that ends at every byte */
#include "test-server.h"

#include <string.h>

/*
 * What libetpan 1.9.4 chokes on, and more. One answer that cannot be read costs
 * that answer; only what hides where the next one begins may cost the session.
 */
static const char *const malformed[] = {
    "* XYZZY what is this",
    "* 5 XYZZY",
    "* 1 FETCH (UID 1 X-NEW (1 (2)))",
    "* LIST (\\) \"/\" a",
    "* LIST (\\HasNoChildren) \"/\" a (\"CHILDINFO\" (\"SUBSCRIBED\"))",
    "* LIST (\\A \\B) NIL NIL",
    "* LIST () \"/\" {1}$Na",
    "* LSUB () \"/\" \"a\\\"b\"",
    "* STATUS a (MESSAGES 1 X-NEW 5 SIZE 99999999999)",
    "* STATUS \"a\" ()",
    "* STATUS a (MESSAGES)",
    "* 1 FETCH (ENVELOPE (\"d\" \"un \" escaped \" quote\" NIL NIL NIL NIL NIL "
    "NIL NIL \"<m>\"))",
    "* 1 FETCH (ENVELOPE (NIL {3}$Na\"b NIL NIL NIL NIL NIL NIL NIL))",
    "* 1 FETCH (ENVELOPE NIL)",
    "* 1 FETCH (ENVELOPE (\"d\" \"s\" ((\"n\" NIL \"m\" \"h\"))))",
    "* 1 FETCH (INTERNALDATE NIL)",
    "* 1 FETCH (INTERNALDATE \"30-Foo-2024 00:00:00 +0000\")",
    "* 1 FETCH (FLAGS (\\Seen (nested)))",
    "* 1 FETCH (FLAGS NIL)",
    "* 1 FETCH (FLAGS \\Seen)",
    "* 1 FETCH (BODY[] ~{3}$Nabc)",
    "* 1 FETCH (BODY[] {3+}$Nabc)",
    "* 1 FETCH (BODY[] {0}$N)",
    "* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 1 "
    "NIL NIL 1))",
    "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"NAME\" {1}$Na) NIL NIL "
    "\"7BIT\" NIL NIL))",
    "* 1 FETCH (BODYSTRUCTURE ((\"RELATED\" NIL (\"ATTACHMENT\" NIL) NIL) "
    "\"MIXED\"))",
    "* 1 FETCH (BODYSTRUCTURE ())",
    "* 1 FETCH (BODYSTRUCTURE NIL)",
    "* 1 FETCH (UID 0)",
    "* 1 FETCH (UID 4294967301)",
    "* 1 FETCH (UID -1)",
    "* 1 FETCH (UID 99999999999999999999999)",
    "* 0 FETCH (UID 1)",
    "* -1 FETCH (UID 1)",
    "* 4294967301 FETCH (UID 1)",
    "* 1 FETCH (UID 1",
    "* 1 FETCH (UID 1))",
    "* 1 FETCH UID 1",
    "* 1 FETCH",
    "* FETCH",
    "* 1 FETCH (X-GM-LABELS (\\Inbox \"\\\\Sent\"))",
    "* 1 FETCH (MODSEQ (99999999999999999999))",
    "* 1 FETCH (RFC822.SIZE -1)",
    "* 1 FETCH (BODY[HEADER.FIELDS (\"A\" \"B\")] \"x\")",
    "* 1 FETCH (BODY[HEADER.FIELDS (A] \"x\")",
    "* 1 FETCH (X \"line$Nend\")",
    "* 1 FETCH (X \"never closed)",
    "* OK",
    "* NO",
    "* BAD",
    "* OK [",
    "* OK [] x",
    "* OK [UIDNEXT",
    "* OK [UIDNEXT 0] x",
    "* OK [UIDVALIDITY 4294967301] x",
    "* OK [HIGHESTMODSEQ 0] x",
    "* OK [PERMANENTFLAGS ()] x",
    "* OK [PERMANENTFLAGS] x",
    "* OK [PERMANENTFLAGS (\\Seen] x",
    "* OK [COPYUID 1 1:4294967295 1:4294967295] x",
    "* OK [APPENDUID 1] x",
    "* OK [BADCHARSET (\"]\")] x",
    "* OK [CAPABILITY] x",
    "* OK [X-ODD \"open] x",
    "* OK see {12}",
    "* NO [ALERT] disk",
    "* CAPABILITY",
    "* CAPABILITY IMAP4rev1 X= \"q\" (a)",
    "* SEARCH 0 4294967301 x",
    "* SEARCH 1 2 (MODSEQ 5)",
    "* ESEARCH (TAG \"x\") UID ALL 1:*",
    "* VANISHED (EARLIER) 1:3,",
    "* VANISHED (LATER) 1",
    "* EXISTS",
    "* x EXISTS",
    "* 99999999999999999999 EXISTS",
    "* 0 EXPUNGE",
    "* 4294967295 EXPUNGE",
    "* RECENT",
    "* FLAGS",
    "* FLAGS (\\Seen",
    "* NAMESPACE ((\"\" \"/\") NIL",
    "* ID (\"a\" NIL \"b",
    "* ANNOTATION x \"y",
    "* METADATA \"\" (/a {3}$Nabc)",
    "* QUOTA \"\" (STORAGE 10 x)",
    "* ACL a b",
    "* THREAD (1 (2)(3))((4)",
    "*",
    "* ",
    "",
    "+ what",
    "+",
    "x OK for nobody",
    "p77 OK for nobody",
    "\"",
    "{5}",
    "(((",
    "HTTP/1.1 400 Bad Request",
};

/* ---- the commands it comes in ---- */

typedef bool (*Command)(ImapSession *session);

static bool
run_noop(ImapSession *session)
{
	return imap_session_noop(session, NULL);
}

static bool
run_list(ImapSession *session)
{
	g_autoptr(GPtrArray) listed = imap_session_list(session, NULL);

	return listed != NULL;
}

static bool
run_status(ImapSession *session)
{
	MailboxState state;

	return imap_session_status(session, "b", &state, NULL);
}

static bool
run_open(ImapSession *session)
{
	ImapKnown known = {0};
	MailboxState state;

	return imap_session_open(session, "b", &known, &state, NULL);
}

static bool
run_store(ImapSession *session)
{
	g_autoptr(UidSet) some = uids("10");
	MailFlags seen = {MAIL_FLAG_SEEN, NULL};

	return imap_session_store(session, some, true, &seen, 0, NULL, NULL);
}

static bool
run_copy(ImapSession *session)
{
	g_autoptr(UidSet) some = uids("10");
	g_auto(ImapCopied) copied = {0};

	return imap_session_copy(session, some, "b", &copied, NULL);
}

static bool
run_expunge(ImapSession *session)
{
	g_autoptr(UidSet) some = uids("10");

	return imap_session_expunge(session, some, NULL);
}

static bool
run_create(ImapSession *session)
{
	return imap_session_create(session, "b", NULL);
}

static bool
run_fetch(ImapSession *session)
{
	g_autoptr(UidSet) some = uids("1:9");

	return imap_session_fetch_end(
	    session,
	    imap_session_fetch_begin(session, some, IMAP_FETCH_HEADERS, 0),
	    NULL);
}

static const struct {
	const char *name;
	Command run;
	const char *script; /* %s: where the malformed answer comes */
} commands[] = {
    {"NOOP", run_noop, "< NOOP\n%s> $T OK\n"},
    {"LIST", run_list,
     "< LIST *\n%s> * LIST () \"/\" c\n> $T OK\n< LSUB *\n%s> $T OK\n"},
    {"STATUS", run_status,
     "< STATUS *\n%s> * STATUS b (MESSAGES 1)\n> $T OK\n"},
    {"SELECT", run_open, "< SELECT *\n%s> * 1 EXISTS\n> $T OK\n"},
    {"STORE", run_store, "< UID STORE *\n%s> $T OK\n"},
    {"COPY", run_copy, "< UID COPY *\n%s> $T OK\n"},
    {"EXPUNGE", run_expunge, "< UID EXPUNGE *\n%s> $T OK\n"},
    {"CREATE", run_create, "< CREATE *\n%s> $T OK\n"},
    {"FETCH", run_fetch, "< UID FETCH *\n%s> $T OK\n"},
};

/* All of them in one command; none may hide its end. */
static void
test_inside(gconstpointer data)
{
	guint at = GPOINTER_TO_UINT(data);

	for (guint i = 0; i < G_N_ELEMENTS(malformed); i++) {
		g_autofree char *answer =
		    g_strdup_printf("> %s\n", malformed[i]);
		g_auto(GStrv) parts = g_strsplit(commands[at].script, "%s", -1);
		g_autofree char *inside = g_strjoinv(answer, parts);
		g_autofree char *script =
		    g_strconcat(CLIENT_LOGIN_WITH("UIDPLUS") CLIENT_OPEN,
				inside, "< NOOP\n> $T OK\n", NULL);
		Client *client = client_new(script);
		gint64 start = g_get_monotonic_time();

		g_test_message("%s", malformed[i]);
		client_login(client);
		client_open(client);
		g_assert_true(commands[at].run(client->session));
		g_assert_true(imap_session_noop(client->session, NULL));
		g_assert_cmpint(g_get_monotonic_time() - start, <, 1000000);
		client_free(client);
	}
}

/* Before the greeting and inside the login nothing else may be believed. */
static void
test_before_login(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(malformed); i++) {
		g_autofree char *script = g_strdup_printf(
		    "> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\n"
		    "< AUTHENTICATE *\n> %s\n> $T OK in\n"
		    "< CAPABILITY\n> %s\n> * CAPABILITY IMAP4rev1\n> $T OK\n"
		    "< NOOP\n> $T OK\n",
		    malformed[i], malformed[i]);
		Client *client;

		/* "* CAPABILITY" and "+" mean something there */
		if (strstr(malformed[i], "CAPABILITY") != NULL ||
		    malformed[i][0] == '+')
			continue;
		g_test_message("%s", malformed[i]);
		client = client_new(script);
		client_login(client);
		g_assert_true(imap_session_noop(client->session, NULL));
		g_assert_false(imap_session_has_updates(client->session));
		client_free(client);
	}
}

/* What ends the session, and how. */
static void
test_fatal(void)
{
	static const struct {
		const char *answer;
		ImapError code;
	} cases[] = {
	    {"> * 1 FETCH (BODY[] {4000000000}$Nabc)\n", IMAP_ERROR_PROTOCOL},
	    {"> * 1 FETCH (BODY[] {4294967300}$Nabc)\n", IMAP_ERROR_PROTOCOL},
	    {"> * LIST () \"/\" {99999999999999999999}$Nabc\n",
	     IMAP_ERROR_PROTOCOL},
	    {"> * 1 FETCH (BODY[] {10}$Nabc\n! \n", IMAP_ERROR_CONNECTION},
	    {"> * 1 FET\\\n! \n", IMAP_ERROR_CONNECTION},
	    {"> * BYE [UNAVAILABLE] going down\n! \n", IMAP_ERROR_CONNECTION},
	    {"> * BYE\n! \n", IMAP_ERROR_CONNECTION},
	    {"! \n", IMAP_ERROR_CONNECTION},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *script = g_strconcat(
		    CLIENT_LOGIN CLIENT_OPEN "< NOOP\n", cases[i].answer, NULL);
		Client *client = client_new(script);
		g_autoptr(GError) error = NULL;

		g_test_message("case %u", i);
		client_login(client);
		client_open(client);
		g_assert_false(imap_session_noop(client->session, &error));
		g_assert_error(error, IMAP_ERROR, (int)cases[i].code);
		g_clear_error(&error);
		/* for good, and at once */
		g_assert_false(run_fetch(client->session));
		g_assert_false(imap_session_noop(client->session, &error));
		g_assert_error(error, IMAP_ERROR, (int)cases[i].code);
		client_free(client);
	}
}

/* ---- a session that ends at every byte ---- */

static const char session[] =
    "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\r\n"
    "p1 OK [CAPABILITY IMAP4rev1 UIDPLUS] in\r\n"
    "* LIST () \"/\" {3}\r\na b\r\n* LIST () \"/\" c\r\n@1 OK\r\n"
    "* LSUB () \"/\" c\r\n@2 OK\r\n";

static bool
play(Client *client, GString *done)
{
	g_autoptr(GPtrArray) listed = NULL;

	if (!imap_session_connect(client->session, NULL))
		return false;
	g_string_append_c(done, 'c');
	if (!imap_session_login(client->session, client->password, NULL))
		return false;
	g_string_append_c(done, 'l');
	listed = imap_session_list(client->session, NULL);
	if (listed == NULL)
		return false;
	g_assert_cmpuint(listed->len, ==, 2);
	g_string_append_c(done, 'f');
	return true;
}

/* libetpan's tags, as a server sees them */
static char *
with_real_tags(const char *text)
{
	Client *client = client_new(CLIENT_LOGIN "< LIST *\n> $T NO\n");
	g_autofree char *log = NULL;
	g_autofree char *failure = NULL;
	const char *at;
	guint tag;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	g_auto(GStrv) parts = NULL;
	g_autofree char *half = NULL;
	g_auto(GStrv) more = NULL;

	client_login(client);
	run_list(client->session);
	imap_session_free(client->session);
	failure = server_end(client->server, &log);
	g_assert_cmpstr(failure, ==, NULL);
	secret_free(client->password);
	g_free(client);
	at = strstr(log, " LIST");
	while (at > log && g_ascii_isdigit(at[-1]))
		at--;
	tag = (guint)g_ascii_strtoull(at, NULL, 10);
	first = g_strdup_printf("%u", tag);
	second = g_strdup_printf("%u", tag + 1);
	parts = g_strsplit(text, "@1", -1);
	half = g_strjoinv(first, parts);
	more = g_strsplit(half, "@2", -1);
	return g_strjoinv(second, more);
}

static void
test_every_byte(void)
{
	g_autofree char *bytes = with_real_tags(session);
	gsize len = strlen(bytes);

	for (gsize cut = 0; cut <= len; cut++) {
		Client *client = client_new_on(server_new_bytes(bytes, cut));
		g_autoptr(GString) done = g_string_new(NULL);
		gint64 start = g_get_monotonic_time();
		bool good = play(client, done);

		g_test_message("%d of %d: %s", (int)cut, (int)len, done->str);

		g_assert_cmpint(g_get_monotonic_time() - start, <, 1000000);
		g_assert_true(good == (cut == len));
		g_assert_true(g_str_has_prefix("clf", done->str));
		client_free_any(client);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autofree char *path = g_strconcat("/imap/hostile/inside-",
						    commands[i].name, NULL);

		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_inside);
	}
	g_test_add_func("/imap/hostile/before-login", test_before_login);
	g_test_add_func("/imap/hostile/fatal", test_fatal);
	g_test_add_func("/imap/hostile/every-byte", test_every_byte);
	return g_test_run();
}
