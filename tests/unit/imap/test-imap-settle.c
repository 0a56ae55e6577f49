/* test-imap-settle.c - ID, NAMESPACE, COMPRESS, remembered capabilities */
#include "test-server.h"

#include <string.h>

#include <glib/gstdio.h>

#include "test-line.h"

#define LIST_EXTENDED "< LIST \"\" \"*\" RETURN (SUBSCRIBED)\n"
#define ONE_LISTED "> * LIST () \".\" INBOX\n> $T OK\n"

static guint
list(Client *client)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) listed =
	    imap_session_list(client->session, &error);

	g_assert_no_error(error);
	return listed->len;
}

/* ---- ID and NAMESPACE ---- */

/* Once a session, on the way of what is asked anyway: no turn of their own. */
static void
test_hello(void)
{
	Client *client = client_new(CLIENT_LOGIN_WITH(
	    "ID NAMESPACE "
	    "LIST-EXTENDED") "< ID (\"name\" \"pennon\" \"version\" \"*\")\n"
			     "> * ID (\"name\" \"Dovecot\")\n> $T OK\n"
			     "< NAMESPACE\n"
			     "> * NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\n"
			     "> $T OK\n" LIST_EXTENDED ONE_LISTED LIST_EXTENDED
					ONE_LISTED CLIENT_OPEN);
	char delimiter = '?';

	client_login(client);
	g_assert_cmpstr(imap_session_namespace(client->session, &delimiter), ==,
			"");
	g_assert_cmpint(delimiter, ==, '\0');
	g_assert_cmpuint(list(client), ==, 1);
	g_assert_cmpstr(imap_session_namespace(client->session, &delimiter), ==,
			"INBOX.");
	g_assert_cmpint(delimiter, ==, '.');
	g_assert_cmpuint(list(client), ==, 1);
	g_assert_cmpuint(imap_session_counters(client->session).turns, ==, 3);
	client_open(client);
	client_free(client);
}

/* Where a mailbox is opened first, ID goes before it. */
static void
test_id(void)
{
	static const char *const answers[] = {
	    "> * ID NIL\n> $T OK\n",
	    "> $T OK\n",
	    "> $T NO no\n",
	    "> $T BAD what\n",
	    "> * ID (\"a\" NIL \"b\n> $T OK\n",
	    "> * ID (((\n> * ID\n> $T BAD\n"};

	for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autofree char *script =
		    g_strconcat(CLIENT_LOGIN_WITH("ID") "< ID *\n", answers[i],
				CLIENT_OPEN, "< NOOP\n> $T OK\n", NULL);
		Client *client = client_new(script);

		client_login(client);
		client_open(client);
		g_assert_true(imap_session_noop(client->session, NULL));
		g_assert_cmpuint(imap_session_counters(client->session).turns,
				 ==, 3);
		client_free(client);
	}
}

static void
test_namespace(void)
{
	static const struct {
		const char *answer;
		const char *prefix;
		char delimiter;
		guint bad;
	} cases[] = {
	    {"> * NAMESPACE ((\"\" \"/\")) NIL NIL\n> $T OK\n", "", '/', 0},
	    {"> * NAMESPACE ((\"\" NIL)) NIL NIL\n> $T OK\n", "", '\0', 0},
	    {"> * NAMESPACE NIL ((\"a/\" \"/\")) NIL\n> $T OK\n", "", '\0', 0},
	    {"> * NAMESPACE ((\"INBOX.\" \".\" \"X\" (\"a\")) (\"b.\" \".\")) "
	     "((\"user.\" \".\")) NIL\n> $T OK\n",
	     "INBOX.", '.', 0},
	    {"> * NAMESPACE ((\"a\\\\\" \"\\\\\")) NIL NIL\n> $T OK\n", "a\\",
	     '\\', 0},
	    {"> * NAMESPACE (({6}$NINBOX/ \"/\")) NIL NIL\n> $T OK\n", "INBOX/",
	     '/', 0},
	    {"> $T OK\n", "", '\0', 0},
	    {"> $T NO never\n", "", '\0', 0},
	    {"> $T BAD what\n", "", '\0', 0},
	    /* what cannot be a prefix is none */
	    {"> * NAMESPACE\n> $T OK\n", "", '\0', 1},
	    {"> * NAMESPACE (\"a\" \"/\") NIL NIL\n> $T OK\n", "", '\0', 1},
	    {"> * NAMESPACE ((a \"/\")) NIL NIL\n> $T OK\n", "", '\0', 1},
	    {"> * NAMESPACE ((\"a\x01\" \"/\")) NIL NIL\n> $T OK\n", "", '\0',
	     1},
	    {"> * NAMESPACE ((\"a\xc3\xbc/\" \"/\")) NIL NIL\n> $T OK\n", "",
	     '\0', 1},
	    {"> * NAMESPACE (({4}$Na$Nb \"/\")) NIL NIL\n> $T OK\n", "", '\0',
	     1},
	    {"> * NAMESPACE ((\"a\" \"/..\")) NIL NIL\n> $T OK\n", "", '\0', 1},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *script =
		    g_strconcat(CLIENT_LOGIN_WITH("NAMESPACE") "< NAMESPACE\n",
				cases[i].answer,
				"< LIST *\n" ONE_LISTED
				"< LSUB *\n> $T OK\n< NOOP\n> $T OK\n",
				NULL);
		Client *client = client_new(script);
		char delimiter = '?';

		g_test_message("%s", cases[i].answer);
		client_login(client);
		g_assert_cmpuint(list(client), ==, 1);
		g_assert_cmpstr(
		    imap_session_namespace(client->session, &delimiter), ==,
		    cases[i].prefix);
		g_assert_cmpint(delimiter, ==, cases[i].delimiter);
		g_assert_cmpuint(imap_session_counters(client->session).bad, ==,
				 cases[i].bad);
		g_assert_true(imap_session_noop(client->session, NULL));
		client_free(client);
	}
}

/* ---- remembered capabilities ---- */

/* A server that does not say them in the login's answer. */
#define LOGIN_SILENT                                                           \
	"> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\n"             \
	"< AUTHENTICATE PLAIN AGFsaWNlAHBhc3N3b3Jk\n"                          \
	"> $T OK in\n"
#define MODERN " IMAP4REV1 ENABLE QRESYNC CONDSTORE LIST-EXTENDED ID "

static void
open_known(Client *client, bool resynced)
{
	ImapKnown known = {7, 100, 31};
	MailboxState state;
	g_autoptr(GError) error = NULL;

	imap_session_open(client->session, "INBOX", &known, &state, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(state.exists, ==, 3);
	g_assert_true(imap_session_resynced(client->session) == resynced);
}

/* From the greeting to in sync in two turns, and the server is asked. */
static void
test_remembered(void)
{
	Client *client = client_new(
	    LOGIN_SILENT "< CAPABILITY\n"
			 "> * CAPABILITY IMAP4rev1 ENABLE QRESYNC ID MOVE\n"
			 "> $T OK\n< ID *\n> $T OK\n"
			 "< ENABLE QRESYNC\n> * ENABLED QRESYNC\n> $T OK\n"
			 "< SELECT \"INBOX\" (QRESYNC (7 100))\n"
			 "> * 3 EXISTS\n> * OK [UIDVALIDITY 7] v\n"
			 "> * OK [HIGHESTMODSEQ 100] m\n> $T OK\n"
			 "< UID FETCH 31:* *\n> $T OK\n");

	client->settings.remembered = MODERN;
	client_login(client);
	g_assert_cmpstr(imap_session_capabilities(client->session), ==, "");
	open_known(client, true);
	g_assert_cmpuint(imap_session_counters(client->session).turns, ==, 2);
	g_assert_true(imap_session_has(client->session, "MOVE"));
	g_assert_false(imap_session_has(client->session, "CONDSTORE"));
	g_assert_cmpstr(imap_session_capabilities(client->session), ==,
			" IMAP4REV1 ENABLE QRESYNC ID MOVE ");
	client_free(client);
}

/* What it says now counts, whether it refuses or not. */
static void
test_remembered_wrongly(void)
{
#define CAREFUL                                                                \
	"> * 3 EXISTS\n> * OK [UIDVALIDITY 7] v\n> $T OK\n"                    \
	"< UID FETCH 31:* *\n> $T OK\n"
	static const char *const scripts[] = {
	    LOGIN_SILENT
	    "< CAPABILITY\n> * CAPABILITY IMAP4rev1\n> $T OK\n"
	    "< ID *\n> $T BAD what\n< ENABLE QRESYNC\n> $T BAD what\n"
	    "< SELECT \"INBOX\" (QRESYNC (7 100))\n> $T BAD what\n"
	    "< UID FETCH 31:* *\n> $T BAD what\n"
	    "< SELECT \"INBOX\"\n" CAREFUL,
	    LOGIN_SILENT
	    "< CAPABILITY\n> $T BAD what\n"
	    "< ID *\n> $T BAD what\n< ENABLE QRESYNC\n> $T OK\n"
	    "< SELECT \"INBOX\" (QRESYNC (7 100))\n> $T NO no such thing\n"
	    "< UID FETCH 31:* *\n> $T NO nothing selected\n"
	    "< SELECT \"INBOX\"\n" CAREFUL,
	    LOGIN_SILENT "< CAPABILITY\n> $T OK\n"
			 "< ID *\n> $T OK\n< ENABLE QRESYNC\n> $T NO\n"
			 "< SELECT \"INBOX\" (QRESYNC (7 100))\n" CAREFUL,
	};

	for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
		Client *client = client_new(scripts[i]);

		client->settings.remembered = MODERN;
		client_login(client);
		open_known(client, false);
		g_assert_cmpstr(imap_session_capabilities(client->session), ==,
				" IMAP4REV1 ");
		client_free(client);
	}
}

/* A mailbox that is not there is refused twice, and that is the answer. */
static void
test_remembered_refused(void)
{
	Client *client =
	    client_new(LOGIN_SILENT "< CAPABILITY\n> $T OK\n"
				    "< SELECT \"x\"\n> $T NO [NONEXISTENT] x\n"
				    "< SELECT \"x\"\n> $T NO [NONEXISTENT] x\n"
				    "< NOOP\n> $T OK\n");
	ImapKnown known = {0};
	MailboxState state;
	g_autoptr(GError) error = NULL;

	client->settings.remembered = "IMAP4REV1";
	client_login(client);
	g_assert_false(
	    imap_session_open(client->session, "x", &known, &state, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
	g_assert_cmpint(imap_session_answer(client->session), ==,
			IMAP_ANSWER_GONE);
	g_assert_true(imap_session_noop(client->session, NULL));
	client_free(client);
}

static void
test_remembered_list(void)
{
	Client *client = client_new(
	    LOGIN_SILENT "< CAPABILITY\n> * CAPABILITY IMAP4rev1 X\n> $T OK\n"
			 "< ID *\n> $T BAD\n" LIST_EXTENDED "> $T BAD what\n"
			 "< LIST \"\" \"\\*\"\n" ONE_LISTED
			 "< LSUB *\n> $T OK\n");

	client->settings.remembered = MODERN;
	client_login(client);
	g_assert_cmpuint(list(client), ==, 1);
	g_assert_true(imap_session_has(client->session, "X"));
	client_free(client);
}

/* What is not repeated is not done by hearsay. */
static void
test_settle(void)
{
	Client *client = client_new(
	    LOGIN_SILENT "< CAPABILITY\n> * CAPABILITY IMAP4rev1\n> $T OK\n"
			 "< STATUS \"a\" (MESSAGES UIDNEXT UIDVALIDITY "
			 "UNSEEN)\n> * STATUS a (MESSAGES 3)\n> $T OK\n");
	MailboxState state;

	client->settings.remembered = MODERN;
	client_login(client);
	g_assert_true(imap_session_status(client->session, "a", &state, NULL));
	g_assert_true(imap_session_settle(client->session, NULL));
	client_free(client);
	/* a server that tells them needs no memory; an empty one is none */
	client = client_new(CLIENT_LOGIN_WITH("IDLE") CLIENT_OPEN);
	client->settings.remembered = MODERN;
	client_login(client);
	g_assert_true(imap_session_has(client->session, "IDLE"));
	client_open(client);
	client_free(client);
	client = client_new(LOGIN_SILENT "< CAPABILITY\n> $T OK\n");
	client->settings.remembered = "  ";
	client_login(client);
	client_free(client);
}

/* ---- STARTTLS ---- */

/* What was said in clear, and before the login, is said again or forgotten. */
static void
test_start_tls(void)
{
	const char *const pins[] = {line_pin(), NULL};
	Client *client = client_new(
	    "> * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN CLEAR] ready\n"
	    "< STARTTLS\n> $T OK [CAPABILITY IMAP4rev1 CLEAR] go\nT \n"
	    "< CAPABILITY\n> * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR INNER\n"
	    "> $T OK\n< AUTHENTICATE PLAIN AGFsaWNlAHBhc3N3b3Jk\n> $T OK in\n"
	    "< CAPABILITY\n> * CAPABILITY IMAP4rev1 IDLE\n> $T OK\n");
	g_autoptr(GError) error = NULL;

	client->settings.security = IMAP_SECURITY_STARTTLS;
	client->settings.pins = pins;
	client_again(client);
	imap_session_connect(client->session, &error);
	g_assert_no_error(error);
	g_assert_nonnull(imap_session_tls(client->session));
	g_assert_true(imap_session_has(client->session, "INNER"));
	g_assert_false(imap_session_has(client->session, "CLEAR"));
	imap_session_login(client->session, client->password, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(imap_session_capabilities(client->session), ==,
			" IMAP4REV1 IDLE ");
	client_free(client);
}

/* ---- COMPRESS ---- */

#define SQUEEZED CLIENT_LOGIN_WITH("COMPRESS=DEFLATE LIST-EXTENDED")

static void
test_compress(void)
{
	g_autofree char *folder = g_dir_make_tmp("pennon-z-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "trace", NULL);
	g_autofree char *trace = NULL;
	g_autofree char *blank = g_strnfill(4000, 'a');
	g_autofree char *script = g_strconcat(
	    SQUEEZED "< COMPRESS DEFLATE\n> * OK soon\n> $T OK on\nZ \n"
		     "> * OK said at once\n" LIST_EXTENDED "> * LIST () \"/\" ",
	    blank, "\n",
	    ONE_LISTED CLIENT_OPEN
	    "< UID FETCH 10 *\n> $T OK\n"
	    "< LOGOUT\n> * BYE so long\nE \n> $T OK\n! \n",
	    NULL);
	Client *client = client_new(script);
	g_autoptr(UidSet) set = uids("10");

	client->settings.compress_loopback = true;
	client->settings.trace = path;
	client_login(client);
	g_assert_cmpuint(list(client), ==, 2);
	client_open(client);
	g_assert_true(imap_session_fetch_end(
	    client->session,
	    imap_session_fetch_begin(client->session, set, IMAP_FETCH_FLAGS, 0),
	    NULL));
	/* bytes on the socket, not those that came out of them */
	g_assert_cmpuint(imap_session_counters(client->session).received, <,
			 1500);
	g_assert_cmpuint(imap_session_counters(client->session).bad, ==, 0);
	imap_session_logout(client->session);
	client_free(client);
	g_assert_true(g_file_get_contents(path, &trace, NULL, NULL));
	g_assert_nonnull(strstr(trace, "compressed"));
	g_assert_nonnull(strstr(trace, "SELECT \"INBOX\""));
	g_assert_nonnull(strstr(trace, "BYE so long"));
	g_unlink(path);
	g_rmdir(folder);
}

/* Refused, switched off, or to this machine: it goes on without. */
static void
test_compress_not(void)
{
	static const char *const off[] = {"compress=deflate", NULL};
	static const char *const refused[] = {
	    "> $T NO [COMPRESSIONACTIVE] on already\n", "> $T BAD what\n"};
	Client *client;

	for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autofree char *script = g_strconcat(
		    SQUEEZED "< COMPRESS DEFLATE\n", refused[i],
		    LIST_EXTENDED ONE_LISTED LIST_EXTENDED ONE_LISTED, NULL);

		client = client_new(script);
		client->settings.compress_loopback = true;
		client_login(client);
		g_assert_cmpuint(list(client), ==, 1);
		g_assert_cmpuint(list(client), ==, 1);
		client_free(client);
	}
	for (guint i = 0; i < 2; i++) {
		client = client_new(SQUEEZED LIST_EXTENDED ONE_LISTED);
		client->settings.compress_loopback = i == 0;
		client->settings.disabled = i == 0 ? off : NULL;
		client_login(client);
		g_assert_cmpuint(list(client), ==, 1);
		client_free(client);
	}
}

/* A stream that breaks, or ends in the middle, ends the session in order. */
static void
test_compress_broken(void)
{
	static const int codes[] = {IMAP_ERROR_PROTOCOL, IMAP_ERROR_CONNECTION};
	static const char *const ends[] = {
	    /* the OK was a lie: what follows is not compressed */
	    "> * LIST () \"/\" INBOX\n> $T OK\n",
	    "Z \n" LIST_EXTENDED "E \n> * BYE gone\n! \n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *script = g_strconcat(
		    SQUEEZED "< COMPRESS DEFLATE\n> $T OK on\n", ends[i], NULL);
		Client *client = client_new(script);
		g_autoptr(GPtrArray) listed = NULL;
		g_autoptr(GError) error = NULL;

		client->settings.compress_loopback = true;
		client_login(client);
		listed = imap_session_list(client->session, &error);
		g_assert_null(listed);
		g_assert_error(error, IMAP_ERROR, codes[i]);
		g_assert_false(imap_session_noop(client->session, NULL));
		client_free_any(client);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/settle/hello", test_hello);
	g_test_add_func("/imap/settle/id", test_id);
	g_test_add_func("/imap/settle/namespace", test_namespace);
	g_test_add_func("/imap/settle/remembered", test_remembered);
	g_test_add_func("/imap/settle/remembered-wrongly",
			test_remembered_wrongly);
	g_test_add_func("/imap/settle/remembered-refused",
			test_remembered_refused);
	g_test_add_func("/imap/settle/remembered-list", test_remembered_list);
	g_test_add_func("/imap/settle/settle", test_settle);
	g_test_add_func("/imap/settle/start-tls", test_start_tls);
	g_test_add_func("/imap/settle/compress", test_compress);
	g_test_add_func("/imap/settle/compress-not", test_compress_not);
	g_test_add_func("/imap/settle/compress-broken", test_compress_broken);
	return g_test_run();
}
