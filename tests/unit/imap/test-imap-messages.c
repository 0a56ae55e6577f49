/* test-imap-messages.c - FETCH of rows and texts, SEARCH */
#include "test-server.h"

#include <string.h>

#include "test-size.h"

/* ---- rows ---- */

static void
test_pipelined(void)
{
	/* answers interleave; a row belongs to no command */
	Client *client = client_new(
	    CLIENT_LOGIN CLIENT_OPEN
	    "< UID FETCH 1:3 (UID FLAGS)\n< UID FETCH 7 (UID BODYSTRUCTURE)\n"
	    "> * 3 FETCH (UID 7 BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL "
	    "\"7BIT\" 1 1))\n"
	    "> * 1 FETCH (UID 1 FLAGS (\\Seen a))\n"
	    "> p4 NO [SERVERBUG] not all\n"
	    "> * 2 FETCH (UID 2 FLAGS ())\n> p3 OK\n");
	g_autoptr(UidSet) some = uids("1:3");
	g_autoptr(UidSet) one = uids("7");
	g_auto(ImapUpdates) updates = {0};
	g_autoptr(GError) error = NULL;
	g_autoptr(Part) part = NULL;
	const ImapRow *row;
	guint first, second;

	client_login(client);
	client_open(client);
	first = imap_session_fetch_begin(client->session, some,
					 IMAP_FETCH_FLAGS, 0);
	second = imap_session_fetch_begin(client->session, one,
					  IMAP_FETCH_STRUCTURE, 0);
	g_assert_true(imap_session_fetch_end(client->session, first, &error));
	g_assert_no_error(error);
	g_assert_false(imap_session_fetch_end(client->session, second, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
	g_assert_cmpint(imap_session_answer(client->session), ==,
			IMAP_ANSWER_LATER);
	imap_session_take_updates(client->session, &updates);
	g_assert_cmpuint(imap_batch_n_rows(updates.rows), ==, 3);
	row = imap_batch_row(updates.rows, 0);
	g_assert_cmpuint(row->have, ==, IMAP_HAVE_STRUCTURE);
	part = imap_structure_parse(row->structure, row->structure_len);
	g_assert_cmpstr(part->type, ==, "text/plain");
	row = imap_batch_row(updates.rows, 1);
	g_assert_cmpuint(row->uid, ==, 1);
	g_assert_cmpmem(row->keywords, (int)row->keywords_len, "a ", 2);
	g_assert_cmpuint(imap_batch_row(updates.rows, 2)->uid, ==, 2);
	client_free(client);
}

/* Two messages with one UID, falling UIDs: as they came, for sync to judge. */
static void
test_doubles(void)
{
	Client *client = client_new(
	    CLIENT_LOGIN CLIENT_OPEN
	    "< UID FETCH 1:9 (*CHANGEDSINCE 5)\n"
	    "> * 2 FETCH (UID 9 FLAGS ())\n> * 1 FETCH (UID 9 FLAGS (x))\n"
	    "> * 3 FETCH (UID 4 FLAGS ())\n> * 99 FETCH (UID 3 FLAGS ())\n"
	    "> $T OK\n");
	g_autoptr(UidSet) some = uids("1:9");
	g_auto(ImapUpdates) updates = {0};

	client_login(client);
	client_open(client);
	g_assert_true(imap_session_fetch_end(
	    client->session,
	    imap_session_fetch_begin(client->session, some, IMAP_FETCH_FLAGS,
				     5),
	    NULL));
	imap_session_take_updates(client->session, &updates);
	g_assert_cmpuint(imap_batch_n_rows(updates.rows), ==, 4);
	g_assert_cmpuint(imap_batch_row(updates.rows, 1)->uid, ==, 9);
	client_free(client);
}

/* ---- the text of a message ---- */

static bool
keep(gpointer user, const void *data, gsize len)
{
	g_string_append_len(user, data, (gssize)len);
	return true;
}

#define BODY(section) "< UID FETCH 20 (UID BODY.PEEK?" section "?)\n"

static const struct {
	const char *what;
	const char *section;
	const char *script;
	const char *text; /* NULL: not there */
} body_cases[] = {
    {"whole", "", BODY("") "> * 2 FETCH (UID 20 BODY[] {5}$Nhello)\n", "hello"},
    {"a part", "2.1.MIME",
     BODY("2.1.MIME") "> * 2 FETCH (UID 20 BODY[2.1.mime] \"a\\\"b\")\n",
     "a\"b"},
    {"its UID last", "1", BODY("1") "> * 2 FETCH (BODY[1] {2}$Nhi UID 20)\n",
     "hi"},
    {"empty", "1", BODY("1") "> * 2 FETCH (UID 20 BODY[1] \"\")\n", ""},
    {"NIL", "1", BODY("1") "> * 2 FETCH (UID 20 BODY[1] NIL)\n", NULL},
    {"nothing", "1", BODY("1"), NULL},
    {"another part", "",
     BODY("") "> * 2 FETCH (UID 20 BODY[HEADER] {5}$Nhello)\n", NULL},
    {"another piece", "", BODY("") "> * 2 FETCH (UID 20 BODY[]<0> {2}$Nhe)\n",
     NULL},
    {"another message", "", BODY("") "> * 1 FETCH (UID 10 BODY[] {5}$Nhello)\n",
     NULL},
    {"twice", "",
     BODY("") "> * 2 FETCH (UID 20 BODY[] {2}$Nhi)\n"
	      "> * 2 FETCH (UID 20 BODY[] {2}$Nho)\n",
     "hi"},
    {"with others around it", "",
     BODY("") "> * 1 FETCH (UID 10 BODY[] {3}$Nfoo)\n"
	      "> * 2 FETCH (UID 20 FLAGS (\\Seen))\n"
	      "> * 2 FETCH (UID 20 BODY[HEADER.FIELDS (A)] {3}$NA:b BODY[] "
	      "{2}$Nhi FLAGS (x))\n> * 5 EXISTS\n",
     "hi"},
    {"that cannot be read", "",
     BODY("") "> * 2 FETCH (UID 20 BODY[] {2}$Nhi ((()\n", NULL},
};

static void
test_body(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(body_cases); i++) {
		g_autofree char *script =
		    g_strconcat(CLIENT_LOGIN CLIENT_OPEN, body_cases[i].script,
				"> $T OK\n", NULL);
		Client *client = client_new(script);
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GError) error = NULL;
		bool found = false;

		g_test_message("%s", body_cases[i].what);
		client_login(client);
		client_open(client);
		imap_session_fetch_body(client->session, 20,
					body_cases[i].section, keep, text,
					&found, &error);
		g_assert_no_error(error);
		g_assert_true(found == (body_cases[i].text != NULL));
		g_assert_cmpstr(text->str, ==, found ? body_cases[i].text : "");
		client_free(client);
	}
}

/* Flags that come with a text are not lost. */
static void
test_body_and_flags(void)
{
	Client *client = client_new(CLIENT_LOGIN CLIENT_OPEN BODY(
	    "") "> * 2 FETCH (UID 20 BODY[] {2}$Nhi FLAGS (\\Seen))\n> $T "
		"OK\n");
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(ImapUpdates) updates = {0};
	bool found;

	client_login(client);
	client_open(client);
	g_assert_true(imap_session_fetch_body(client->session, 20, "", keep,
					      text, &found, NULL));
	imap_session_take_updates(client->session, &updates);
	g_assert_cmpuint(imap_batch_n_rows(updates.rows), ==, 1);
	g_assert_cmpuint(imap_batch_row(updates.rows, 0)->flags, ==,
			 MAIL_FLAG_SEEN);
	client_free(client);
}

static Client *
large_client(const char *before, const char *behind, gsize size)
{
	g_autofree char *data = g_strnfill(size, 'x');
	g_autofree char *script = g_strdup_printf(
	    CLIENT_LOGIN CLIENT_OPEN "%s> %s {%u}$N%s%s\n"
				     "> $T OK\n",
	    strstr(before, "HEADER") != NULL ? "< UID FETCH 30 *\n" BODY("")
					     : BODY(""),
	    before, (guint)size, data, behind);

	return client_new(script);
}

/* Large ones go by in pieces; only what was asked for does. */
static void
test_body_large(void)
{
	static const struct {
		const char *before, *behind;
		int code; /* -1: none */
		bool found;
		gsize bytes;
	} cases[] = {
	    {"* 2 FETCH (UID 20 BODY[]", ")", -1, true, 300000},
	    {"* 2 FETCH (BODY[]", " UID 20)", -1, true, 300000},
	    {"* 1 FETCH (UID 10 BODY[]", ")", -1, false, 0},
	    {"* 2 FETCH (UID 20 BODY[TEXT]", ")", -1, false, 0},
	    /* another's, told too late: nothing of it may be believed */
	    {"* 1 FETCH (BODY[]", " UID 10)", IMAP_ERROR_PROTOCOL, false,
	     300000},
	    {"* 2 FETCH (UID 20 BODY[]", " ((", IMAP_ERROR_PROTOCOL, false,
	     300000},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		Client *client =
		    large_client(cases[i].before, cases[i].behind, 300000);
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GError) error = NULL;
		bool found = false;

		g_test_message("%s", cases[i].before);
		client_login(client);
		client_open(client);
		imap_session_fetch_body(client->session, 20, "", keep, text,
					&found, &error);
		if (cases[i].code >= 0)
			g_assert_error(error, IMAP_ERROR, cases[i].code);
		else
			g_assert_no_error(error);
		g_assert_true(found == cases[i].found);
		g_assert_cmpuint(text->len, ==, cases[i].bytes);
		client_free(client);
	}
}

/* A header as large as a body, of a fetch in flight, is a row and no text. */
static void
test_large_header(void)
{
	Client *client =
	    large_client("* 3 FETCH (UID 30 BODY[HEADER.FIELDS (X)]",
			 ")$N* 2 FETCH (UID 20 BODY[] {2}$Nhi)$Np3 OK", 100000);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(UidSet) one = uids("30");
	g_auto(ImapUpdates) updates = {0};
	g_autoptr(GError) error = NULL;
	bool found = false;
	guint ticket;

	client_login(client);
	client_open(client);
	ticket = imap_session_fetch_begin(client->session, one,
					  IMAP_FETCH_HEADERS, 0);
	imap_session_fetch_body(client->session, 20, "", keep, text, &found,
				&error);
	g_assert_no_error(error);
	g_assert_true(imap_session_fetch_end(client->session, ticket, &error));
	g_assert_true(found);
	g_assert_cmpstr(text->str, ==, "hi");
	imap_session_take_updates(client->session, &updates);
	g_assert_cmpuint(imap_batch_row(updates.rows, 0)->header_len, ==,
			 100000);
	client_free(client);
}

static bool
give_up(gpointer user G_GNUC_UNUSED, const void *data G_GNUC_UNUSED,
	gsize len G_GNUC_UNUSED)
{
	return false;
}

static void
test_body_given_up(void)
{
	Client *client = client_new(CLIENT_LOGIN CLIENT_OPEN BODY(
	    "") "> * 2 FETCH (UID 20 BODY[] {2}$Nhi)\n> $T OK\n");
	g_autoptr(GError) error = NULL;
	bool found;

	client_login(client);
	client_open(client);
	g_assert_false(imap_session_fetch_body(client->session, 20, "a]b",
					       give_up, NULL, &found, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_false(imap_session_fetch_body(client->session, 20, "", give_up,
					       NULL, &found, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_PROTOCOL);
	client_free(client);
}

/* ---- SEARCH ---- */

static const struct {
	const char *what;
	bool esearch;
	const char *script;
	const char *found; /* NULL: an error */
} search_cases[] = {
    {"plain", false, "> * SEARCH 30 10 20\n", "10,20,30"},
    {"several lines", false, "> * SEARCH 10\n> * SEARCH 30 20\n", "10,20,30"},
    {"with a mod-sequence", false, "> * SEARCH 10 20 (MODSEQ 9)\n", "10,20"},
    {"no line, and no message", false, "> * 0 EXISTS\n", ""},
    {"no line, but messages", false, "", NULL},
    {"an empty line, but messages", false, "> * SEARCH\n", NULL},
    {"nonsense", false, "> * SEARCH 10 x 30\n", NULL},
    {"UID 0", false, "> * SEARCH 0 10\n", NULL},
    {"too large", false, "> * SEARCH 10 4294967301\n", NULL},
    {"half of it nonsense", false, "> * SEARCH 10\n> * SEARCH \"20\"\n", NULL},
    {"extended", true, "> * ESEARCH (TAG \"p3\") UID ALL 10,20:30\n",
     "10,20:30"},
    {"extended, and more", true,
     "> * ESEARCH (TAG \"p3\") UID COUNT 3 ALL 10:11,30 MODSEQ 5\n",
     "10:11,30"},
    {"extended, nothing", true, "> * 0 EXISTS\n> * ESEARCH (TAG \"p3\") UID\n",
     ""},
    {"extended, nothing, but messages", true, "> * ESEARCH (TAG \"p3\") UID\n",
     NULL},
    {"extended, everything", true,
     "> * ESEARCH (TAG \"p3\") UID ALL 1:4294967295\n", "1:4294967295"},
    {"extended, without an answer", true, "> * 0 EXISTS\n", NULL},
    {"extended, answered the old way", true, "> * SEARCH 10 30\n", "10,30"},
    {"extended, a bad set", true, "> * ESEARCH (TAG \"p3\") UID ALL 1:3,\n",
     NULL},
    {"extended, no set", true, "> * ESEARCH (TAG \"p3\") UID ALL\n", NULL},
    {"extended, a star", true, "> * ESEARCH (TAG \"p3\") UID ALL 1:*\n", NULL},
};

static void
test_search_all(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(search_cases); i++) {
		g_autofree char *script = g_strconcat(
		    search_cases[i].esearch ? CLIENT_LOGIN_WITH("ESEARCH")
					    : CLIENT_LOGIN,
		    CLIENT_OPEN "< UID SEARCH *ALL\n", search_cases[i].script,
		    "> $T OK\n", NULL);
		Client *client = client_new(script);
		g_autoptr(GError) error = NULL;
		g_autoptr(UidSet) found = NULL;
		g_autofree char *text = NULL;

		g_test_message("%s", search_cases[i].what);
		client_login(client);
		client_open(client);
		found = imap_session_search_all(client->session, &error);
		if (search_cases[i].found == NULL) {
			g_assert_null(found);
			g_assert_error(error, IMAP_ERROR, IMAP_ERROR_PROTOCOL);
		} else {
			g_assert_no_error(error);
			text = uid_set_to_string(found);
			g_assert_cmpstr(text, ==, search_cases[i].found);
		}
		client_free(client);
	}
}

/* UIDs that fall once cost the square of their number. */
static void
test_search_falling(void)
{
	GString *script = g_string_new(CLIENT_LOGIN CLIENT_OPEN
				       "< UID SEARCH ALL\n> * SEARCH");
	Client *client;
	g_autoptr(UidSet) found = NULL;
	gint64 start = test_time_used();

	for (guint i = 400000; i > 0; i--)
		g_string_append_printf(script, " %u", 3 * i);
	g_string_append(script, "\n> $T OK\n");
	client = client_new(script->str);
	client_login(client);
	client_open(client);
	found = imap_session_search_all(client->session, NULL);
	g_assert_cmpuint(uid_set_count(found), ==, 400000);
	g_assert_cmpint(test_time_used() - start, <, 2 * G_USEC_PER_SEC);
	client_free(client);
	g_string_free(script, TRUE);
}

static void
test_search(void)
{
	static const char *const keys[] = {"UNSEEN", "SUBJECT",
					   "=gr\xc3\xbc\xc3\x9f", NULL};
	static const char *const quoted[] = {"FROM", "=a\"b\\\r\nc", NULL};
	Client *client = client_new(
	    CLIENT_LOGIN CLIENT_OPEN
	    "< UID SEARCH CHARSET UTF-8 UNSEEN SUBJECT {6}\n> + go\n* 6\n= \n"
	    "> * SEARCH 20\n> $T OK\n"
	    "< UID SEARCH CHARSET UTF-8 FROM {7}\n> + go\n* 7\n= \n> $T OK\n"
	    "< UID SEARCH CHARSET UTF-8 UNSEEN SUBJECT {6}\n"
	    "> $T NO [BADCHARSET] no\n");
	g_autoptr(GError) error = NULL;
	g_autoptr(UidSet) found = NULL;
	g_autoptr(UidSet) none = NULL;

	client_login(client);
	client_open(client);
	found = imap_session_search(client->session, keys, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(uid_set_max(found), ==, 20);
	/* what the user typed cannot become a command */
	none = imap_session_search(client->session, quoted, &error);
	g_assert_no_error(error);
	g_assert_true(uid_set_is_empty(none));
	g_assert_null(imap_session_search(client->session, keys, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
	client_free(client);
}

/* Refused literals leave nothing behind: far more of them than slots. */
static void
test_search_refused_often(void)
{
	static const char *const keys[] = {"SUBJECT", "=\xc3\xbc", NULL};
	GString *script = g_string_new(CLIENT_LOGIN CLIENT_OPEN);
	Client *client;

	for (guint i = 0; i < 40; i++)
		g_string_append(script, "< UID SEARCH *\n> $T NO no\n");
	client = client_new(script->str);
	client_login(client);
	client_open(client);
	for (guint i = 0; i < 40; i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(
		    imap_session_search(client->session, keys, &error));
		g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
	}
	client_free(client);
	g_string_free(script, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/fetch/pipelined", test_pipelined);
	g_test_add_func("/imap/fetch/doubles", test_doubles);
	g_test_add_func("/imap/body/cases", test_body);
	g_test_add_func("/imap/body/and-flags", test_body_and_flags);
	g_test_add_func("/imap/body/large", test_body_large);
	g_test_add_func("/imap/body/large-header", test_large_header);
	g_test_add_func("/imap/body/given-up", test_body_given_up);
	g_test_add_func("/imap/search/all", test_search_all);
	g_test_add_func("/imap/search/falling", test_search_falling);
	g_test_add_func("/imap/search/keys", test_search);
	g_test_add_func("/imap/search/refused-often",
			test_search_refused_often);
	return g_test_run();
}
