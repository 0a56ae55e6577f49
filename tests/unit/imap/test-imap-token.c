/* test-imap-token.c - tokens, status texts, FETCH answers, text for libetpan */
#include "imap-token.h"

#include <string.h>

#include "imap-emit.h"
#include "imap-private.h"
#include "model-flags.h"

static const struct {
	const char *text;
	ImapTokenKind kind;
	const char *value;
} token_cases[] = {
    {"", IMAP_TOKEN_END, NULL},
    {"   ", IMAP_TOKEN_END, NULL},
    {"atom rest", IMAP_TOKEN_ATOM, "atom"},
    {"\\Seen)", IMAP_TOKEN_ATOM, "\\Seen"},
    {"BODY[1]<0> x", IMAP_TOKEN_ATOM, "BODY[1]<0>"},
    {"nil", IMAP_TOKEN_NIL, "nil"},
    {"NILS", IMAP_TOKEN_ATOM, "NILS"},
    {"\"quoted \\\" \\\\ x\" y", IMAP_TOKEN_STRING, "quoted \" \\ x"},
    {"\"\"", IMAP_TOKEN_STRING, ""},
    {"\"open", IMAP_TOKEN_BAD, NULL},
    {"\"open\\\"", IMAP_TOKEN_BAD, NULL},
    {"{5}\r\nhello world", IMAP_TOKEN_STRING, "hello"},
    {"{5}\nhello", IMAP_TOKEN_STRING, "hello"},
    {"{5+}\r\nhello", IMAP_TOKEN_STRING, "hello"},
    {"~{5}\r\nhello", IMAP_TOKEN_STRING, "hello"},
    {"~tilde", IMAP_TOKEN_ATOM, "~tilde"},
    {"{0}\r\n", IMAP_TOKEN_STRING, ""},
    {"{6}\r\nhello", IMAP_TOKEN_BAD, NULL},
    {"{-1}\r\nhello", IMAP_TOKEN_BAD, NULL},
    {"{}\r\n", IMAP_TOKEN_BAD, NULL},
    {"{5", IMAP_TOKEN_BAD, NULL},
    {"{5}", IMAP_TOKEN_BAD, NULL},
    {"{5}hello", IMAP_TOKEN_BAD, NULL},
    {"{4294967301}\r\nhello", IMAP_TOKEN_BAD, NULL},
    {"{99999999999999999999999}\r\nx", IMAP_TOKEN_BAD, NULL},
    {"(", IMAP_TOKEN_OPEN, "("},
    {")", IMAP_TOKEN_BAD, NULL},
    {"\r", IMAP_TOKEN_BAD, NULL},
};

static void
test_tokens(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(token_cases); i++) {
		const char *text = token_cases[i].text;
		/* exactly as large as it is, for the sanitizer */
		g_autofree char *copy = g_memdup2(text, MAX(strlen(text), 1));
		ImapReader reader;
		ImapToken token;

		imap_reader_init(&reader, copy, strlen(text));
		g_test_message("%s", text);
		g_assert_cmpint(imap_token_next(&reader, &token), ==,
				token_cases[i].kind);
		if (token.kind == IMAP_TOKEN_STRING ||
		    token.kind == IMAP_TOKEN_ATOM) {
			g_autofree char *value = imap_token_dup(&token);

			g_assert_cmpstr(value, ==, token_cases[i].value);
		}
	}
}

static void
test_numbers(void)
{
	static const struct {
		const char *text;
		gint64 u64; /* -1: none */
		gint64 u32;
	} cases[] = {
	    {"0", 0, -1},
	    {"1", 1, 1},
	    {"4294967295", 4294967295, 4294967295},
	    {"4294967296", 4294967296, -1},
	    {"4294967301", 4294967301, -1},
	    {"9223372036854775807", G_MAXINT64, -1},
	    {"9223372036854775808", -1, -1},
	    {"99999999999999999999", -1, -1},
	    {"-1", -1, -1},
	    {"+1", -1, -1},
	    {"1x", -1, -1},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		ImapReader reader;
		ImapToken token;
		guint64 wide = 77;
		guint32 narrow = 77;

		imap_reader_init(&reader, cases[i].text, strlen(cases[i].text));
		imap_token_next(&reader, &token);
		g_assert_true(imap_token_u64(&token, &wide) ==
			      (cases[i].u64 >= 0));
		g_assert_true(imap_token_u32(&token, &narrow) ==
			      (cases[i].u32 >= 0));
		if (cases[i].u64 >= 0)
			g_assert_cmpuint(wide, ==, (guint64)cases[i].u64);
		if (cases[i].u32 >= 0)
			g_assert_cmpuint(narrow, ==, (guint64)cases[i].u32);
	}
}

static bool
nests(guint depth)
{
	g_autofree char *open = g_strnfill(depth, '(');
	g_autofree char *close = g_strnfill(depth, ')');
	g_autofree char *text = g_strconcat(open, close, NULL);
	ImapReader reader;

	imap_reader_init(&reader, text, strlen(text));
	return imap_token_skip(&reader);
}

static void
test_depth(void)
{
	g_assert_true(nests(IMAP_DEPTH_MAX));
	g_assert_false(nests(IMAP_DEPTH_MAX + 1));
	g_assert_false(nests(4000));
	g_assert_false(nests(200000));
}

static void
test_reply(void)
{
	static const char *const cases[][3] = {
	    {"", NULL, ""},
	    {" ", NULL, ""},
	    {" done", NULL, "done"},
	    {" [ALERT] look", "ALERT", "look"},
	    {" [ALERT]", "ALERT", ""},
	    {" [PERMANENTFLAGS (\\Seen \\*)] ok", "PERMANENTFLAGS (\\Seen \\*)",
	     "ok"},
	    {" [BADCHARSET (\"a]b\")] x", "BADCHARSET (\"a]b\")", "x"},
	    {" [open", NULL, "[open"},
	    {" [X \"open] y", NULL, "[X \"open] y"},
	    {" see {12}", NULL, "see {12}"},
	    {" []x", "", "x"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(ImapReply) reply = {0};

		imap_reply_parse(cases[i][0], strlen(cases[i][0]),
				 IMAP_STATUS_OK, &reply);
		g_assert_cmpstr(reply.code, ==, cases[i][1]);
		g_assert_cmpstr(reply.text, ==, cases[i][2]);
	}
	{
		g_auto(ImapReply) reply = {0};
		g_autofree char *text = g_strnfill(5000, 'x');

		imap_reply_parse(text, 5000, IMAP_STATUS_NO, &reply);
		g_assert_cmpuint(strlen(reply.text), ==, IMAP_REPLY_TEXT_MAX);
	}
}

static void
test_dates(void)
{
	static const struct {
		const char *text;
		gint64 seconds;
		bool good;
	} cases[] = {
	    {"24-Nov-2026 14:02:11 +0000", 1795528931, true},
	    {"24-Nov-2026 15:02:11 +0100", 1795528931, true},
	    {"24-nov-2026 10:32:11 -0330", 1795528931, true},
	    {" 1-Jan-1970 00:00:00 +0000", 0, true},
	    {"1-Jan-1970 00:00:00 +0000", 0, true},
	    {"01-Jan-1969 00:00:00 +0000", -31536000, true},
	    {"29-Feb-2000 00:00:00 +0000", 951782400, true},
	    {"24-Foo-2026 14:02:11 +0000", 0, false},
	    {"00-Jan-2026 14:02:11 +0000", 0, false},
	    {"xx-Jan-2026 14:02:11 +0000", 0, false},
	    {"24-Nov-26 14:02:11 +0000", 0, false},
	    {"24-Nov-2026 14:02:11", 0, false},
	    {"", 0, false},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 us = 77;

		g_test_message("%s", cases[i].text);
		g_assert_true(imap_date_parse(cases[i].text,
					      strlen(cases[i].text),
					      &us) == cases[i].good);
		if (cases[i].good)
			g_assert_cmpint(us, ==,
					cases[i].seconds * G_USEC_PER_SEC);
	}
}

typedef struct {
	const char *text;
	bool good;
	guint32 uid;
	guint32 have;
	guint32 flags;
	const char *keywords;
	const char *body; /* of BODY[1] */
} FetchCase;

#define F IMAP_HAVE_FLAGS
static const FetchCase fetch_cases[] = {
    {"(UID 5 FLAGS (\\Seen $Junk mine))", true, 5, F,
     MAIL_FLAG_SEEN | MAIL_FLAG_JUNK, "mine ", NULL},
    {"(FLAGS () UID 5)", true, 5, F, 0, NULL, NULL},
    {"()", true, 0, 0, 0, NULL, NULL},
    {"(UID 5 FLAGS (\\Seen (a) b))", true, 5, F, MAIL_FLAG_SEEN, "a b ", NULL},
    {"(UID 5 X-NEW (1 (2 \"x\")) FLAGS (\\Seen))", true, 5, F, MAIL_FLAG_SEEN,
     NULL, NULL},
    {"(UID 5 MODSEQ (99))", true, 5, IMAP_HAVE_MODSEQ, 0, NULL, NULL},
    {"(UID 5 MODSEQ 99)", false, 0, 0, 0, NULL, NULL},
    {"(UID 5 INTERNALDATE NIL RFC822.SIZE 12)", true, 5, IMAP_HAVE_SIZE, 0,
     NULL, NULL},
    {"(UID 5 INTERNALDATE \"30-Foo-2024 00:00:00 +0000\")", true, 5, 0, 0, NULL,
     NULL},
    {"(UID 5 RFC822.SIZE -3)", true, 5, 0, 0, NULL, NULL},
    {"(UID 5 BODY[1] {5}\r\nhello)", true, 5, 0, 0, NULL, "hello"},
    {"(BODY[1] \"a\\\"b\" UID 5)", true, 5, 0, 0, NULL, "a\"b"},
    {"(UID 5 body[1] ~{5}\r\nhello)", true, 5, 0, 0, NULL, "hello"},
    /* what was not asked for is not what was */
    {"(UID 5 BODY[2] {5}\r\nhello)", true, 5, 0, 0, NULL, NULL},
    {"(UID 5 BODY[1]<0> {5}\r\nhello)", true, 5, 0, 0, NULL, NULL},
    {"(UID 5 BODY[HEADER] {1}\r\nx BODY[1] {1}\r\ny)", true, 5, 0, 0, NULL,
     "y"},
    {"(UID 5 BODY[HEADER.FIELDS (\"A\" B)] {3}\r\nA:b)", true, 5,
     IMAP_HAVE_HEADER, 0, NULL, NULL},
    {"(UID 5 BODY[HEADER.FIELDS (A)] NIL)", true, 5, 0, 0, NULL, NULL},
    {"(UID 0 FLAGS ())", false, 0, 0, 0, NULL, NULL},
    {"(UID 4294967301 FLAGS ())", false, 0, 0, 0, NULL, NULL},
    {"(UID -1)", false, 0, 0, 0, NULL, NULL},
    {"(UID)", false, 0, 0, 0, NULL, NULL},
    {"(UID 5", false, 0, 0, 0, NULL, NULL},
    {"(UID 5))", false, 0, 0, 0, NULL, NULL},
    {"(UID 5) x", false, 0, 0, 0, NULL, NULL},
    {"UID 5", false, 0, 0, 0, NULL, NULL},
    {"(FLAGS \\Seen)", false, 0, 0, 0, NULL, NULL},
    {"(FLAGS (\\Seen)", false, 0, 0, 0, NULL, NULL},
    {"(UID 5 BODY[1)", false, 0, 0, 0, NULL, NULL},
    {"(UID 5 BODY[1] atom)", false, 0, 0, 0, NULL, NULL},
    {"(UID 5 BODY[1] {99}\r\nhello)", false, 0, 0, 0, NULL, NULL},
    {"", false, 0, 0, 0, NULL, NULL},
};
#undef F

static void
test_fetch(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(fetch_cases); i++) {
		const FetchCase *want = &fetch_cases[i];
		gsize len = strlen(want->text);
		g_autofree char *copy = g_memdup2(want->text, MAX(len, 1));
		g_autoptr(ImapBatch) batch = imap_batch_new();
		ImapFetched fetched;
		ImapReader reader;
		g_autofree char *keywords = NULL;
		g_autofree char *body = NULL;

		g_test_message("%s", want->text);
		imap_reader_init(&reader, copy, len);
		g_assert_true(imap_fetch_parse(&reader, batch, "BODY[1]",
					       &fetched) == want->good);
		if (!want->good)
			continue;
		g_assert_cmpuint(fetched.row.uid, ==, want->uid);
		g_assert_cmpuint(fetched.row.have, ==, want->have);
		g_assert_cmpuint(fetched.row.flags, ==, want->flags);
		if (fetched.row.keywords != NULL)
			keywords = g_strndup(fetched.row.keywords,
					     fetched.row.keywords_len);
		g_assert_cmpstr(keywords, ==, want->keywords);
		if (fetched.has_body)
			body = imap_token_dup(&fetched.body);
		g_assert_cmpstr(body, ==, want->body);
	}
}

/* A large literal is streamed only where it is what was asked for. */
static void
test_awaits(void)
{
	static const struct {
		const char *frame;
		bool awaits;
	} cases[] = {
	    {"* 1 FETCH (UID 5 BODY[] {99}\r\n", true},
	    {"* 1 FETCH (UID 5 body[] {99+}\r\n", true},
	    {"* 1 FETCH (BODY[] {99}\r\n", true},
	    {"* 1 FETCH (FLAGS (\\Seen) UID 5 BODY[] ~{99}\r\n", true},
	    {"* 1 FETCH (X {3}\r\nabc BODY[] {99}\r\n", true},
	    {"* 1 FETCH (UID 6 BODY[] {99}\r\n", false},
	    {"* 1 FETCH (UID 5 BODY[1] {99}\r\n", false},
	    {"* 1 FETCH (UID 5 BODY[HEADER.FIELDS (A)] {99}\r\n", false},
	    {"* 1 FETCH (UID 5 BODY[] NIL BODY[1] {99}\r\n", false},
	    {"* 1 FETCH (UID 5 FLAGS ({99}\r\n", false},
	    {"* LIST () \"/\" {99}\r\n", false},
	    {"* 1 FETCH {99}\r\n", false},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].frame);
		g_assert_true(
		    imap_fetch_awaits(cases[i].frame, strlen(cases[i].frame),
				      "BODY[]", 5) == cases[i].awaits);
	}
}

/* What libetpan gets: only words that it is sure to read. */
static void
test_emit(void)
{
	static const struct {
		ImapData kind;
		const char *rest;
		const char *out; /* NULL: nothing */
	} cases[] = {
	    {IMAP_DATA_LIST, "(\\HasNoChildren) \"/\" INBOX",
	     "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"},
	    {IMAP_DATA_LIST, "(\\) \"/\" {3}\r\na b",
	     "* LIST () \"/\" \"a b\"\r\n"},
	    {IMAP_DATA_LIST,
	     "(\\Noselect \\) NIL \"a\\\"b\" (\"CHILDINFO\" (x))",
	     "* LIST (\\Noselect) NIL \"a\\\"b\"\r\n"},
	    {IMAP_DATA_LIST, "() \"/\" nil", "* LIST () \"/\" \"nil\"\r\n"},
	    {IMAP_DATA_LIST, "() \"/\" {4}\r\na\r\nb", NULL},
	    {IMAP_DATA_LIST, "() \"/\"", NULL},
	    {IMAP_DATA_LIST, "\\x \"/\" a", NULL},
	    {IMAP_DATA_SEARCH, "3 1 2 (MODSEQ 5)", "* SEARCH 3 1 2\r\n"},
	    {IMAP_DATA_SEARCH, "", "* SEARCH\r\n"},
	    {IMAP_DATA_SEARCH, "1 \"x\"", NULL},
	    {IMAP_DATA_CAPABILITY, "IMAP4rev1 AUTH=PLAIN bad\" X=", NULL},
	    {IMAP_DATA_CAPABILITY, "IMAP4rev1 AUTH=PLAIN X=",
	     "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"},
	    {IMAP_DATA_CAPABILITY, "", NULL},
	    {IMAP_DATA_STATUS, "a (MESSAGES 3 X (1 2) UNSEEN 9999999999)",
	     "* STATUS a (MESSAGES 3)\r\n"},
	    {IMAP_DATA_STATUS, "a (MESSAGES 3", NULL},
	    {IMAP_DATA_NAMESPACE, "((\"\" \"/\")) NIL NIL",
	     "* NAMESPACE NIL NIL NIL\r\n"},
	    {IMAP_DATA_ID, "(\"name\" \"x", "* ID NIL\r\n"},
	    {IMAP_DATA_FLAGS, "(\\Seen \\* a)", "* FLAGS (\\Seen \\* a)\r\n"},
	    {IMAP_DATA_FETCH, "(UID 1)", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		ImapReader reader;
		bool good;

		g_test_message("%s", cases[i].rest);
		imap_reader_init(&reader, cases[i].rest, strlen(cases[i].rest));
		good = imap_emit_data(out, cases[i].kind, 1, &reader);
		g_assert_true(good == (cases[i].out != NULL));
		g_assert_cmpstr(out->str, ==, good ? cases[i].out : "");
	}
}

static void
test_emit_reply(void)
{
	static const char *const cases[][2] = {
	    {" done", "a1 OK done\r\n"},
	    {"", "a1 OK (no text)\r\n"},
	    {" [ALERT] look", "a1 OK [ALERT] look\r\n"},
	    {" [ALERT]", "a1 OK [ALERT] (no text)\r\n"},
	    {" [X-NEW a \"b] x", "a1 OK (no text)\r\n"},
	    {" [X-NEW 1] x", "a1 OK x\r\n"},
	    {" [UIDNEXT 0] x", "a1 OK x\r\n"},
	    {" [UIDVALIDITY 4294967301] x", "a1 OK x\r\n"},
	    {" [COPYUID 1 2:3 4:5] x", "a1 OK [COPYUID 1 2:3 4:5] x\r\n"},
	    {" [COPYUID 1 2:* 4:5] x", "a1 OK x\r\n"},
	    {" [COPYUID 1 2:3] x", "a1 OK x\r\n"},
	    {" [PERMANENTFLAGS ()] x", "a1 OK [PERMANENTFLAGS ()] x\r\n"},
	    {" h\xc3\xa4\x1b", "a1 OK h???\r\n"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_auto(ImapReply) reply = {0};

		imap_reply_parse(cases[i][0], strlen(cases[i][0]),
				 IMAP_STATUS_OK, &reply);
		imap_emit_reply(out, "a1", &reply);
		g_assert_cmpstr(out->str, ==, cases[i][1]);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/token/tokens", test_tokens);
	g_test_add_func("/imap/token/numbers", test_numbers);
	g_test_add_func("/imap/token/depth", test_depth);
	g_test_add_func("/imap/reply/parse", test_reply);
	g_test_add_func("/imap/fetch/dates", test_dates);
	g_test_add_func("/imap/fetch/answers", test_fetch);
	g_test_add_func("/imap/fetch/awaits", test_awaits);
	g_test_add_func("/imap/emit/data", test_emit);
	g_test_add_func("/imap/emit/reply", test_emit_reply);
	return g_test_run();
}
