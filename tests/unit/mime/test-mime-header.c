/* test-mime-header.c - header fields: folded, encoded, broken, too many */
#include "mime-header.h"

#include <string.h>

#include "mime-error.h"

typedef struct {
	const char *value;
	const char *decoded;
} WordCase;

static const WordCase word_cases[] = {
    {"plain", "plain"},
    {" \t blanks around \r\n", "blanks around"},
    {"two  blanks stay", "two  blanks stay"},
    {"folded\r\n value\n\there", "folded value here"},
    {"\r\n begins on the next line", "begins on the next line"},
    {"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Gr\xc3\xbc\xc3\x9f"
				    "e"},
    {"=?iso-8859-1?q?caf=E9?= au lait", "caf\xc3\xa9 au lait"},
    {"=?utf-8?B?w7w=?=\r\n =?utf-8?B?w6Q=?=", "\xc3\xbc\xc3\xa4"},
    /* a letter cut in two */
    {"=?utf-8?B?ww==?= =?utf-8?B?vA==?=", "\xc3\xbc"},
    {"=?us-ascii*EN?Q?Keith?=", "Keith"},
    {"=?nonsense?Q?abc?=", "abc"},
    {"=?utf-8?Q?never ends", "=?utf-8?Q?never ends"},
    {"raw utf-8 \xc3\xbc", "raw utf-8 \xc3\xbc"},
    {"raw latin \xfc", "raw latin \xc3\xbc"},
    {"=?utf-8?Q?no=0D=0Asecond=0Aline?=", "nosecondline"},
    {"=?utf-8?Q?no=00nul?=", "no nul"},
    {"", ""},
};

static void
test_words(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(word_cases); i++) {
		g_autofree char *text = mime_words_decode(
		    word_cases[i].value, strlen(word_cases[i].value));

		g_assert_cmpstr(text, ==, word_cases[i].decoded);
	}
}

static MessageHeader *
parse(const char *block)
{
	return mime_header_parse(block, strlen(block));
}

static void
test_fields(void)
{
	static const char block[] =
	    "Received: from a\r\n\tby b\r\n"
	    "no field at all\r\n"
	    "FROM: Ada <ada@analytical.example>\r\n"
	    "To: a@x.example, b@y.example\r\n"
	    "cc : c@z.example\r\n"
	    "Bcc: d@z.example\r\n"
	    "Reply-To: list@x.example\r\n"
	    "Subject: =?utf-8?q?One?=\r\n\t=?utf-8?q?_two?=\r\n"
	    "Subject: the second\r\n"
	    "Message-ID: <1@x.example> (comment)\r\n"
	    "In-Reply-To: <0@x.example>\r\n"
	    "List-Id: The list <list.x.example>\r\n"
	    "Content-Type: Multipart/Mixed; boundary=x\r\n"
	    "X-Pennon-Draft: 0af3; rev=12\r\n"
	    "Date: Tue, 24 Nov 2026 14:02:11 +0100\r\n"
	    "\r\n"
	    "To: not@header.example\r\n";
	g_autoptr(MessageHeader) header = parse(block);
	const Address *from = g_ptr_array_index(header->from, 0);

	g_assert_cmpstr(from->name, ==, "Ada");
	g_assert_cmpstr(from->email, ==, "ada@analytical.example");
	g_assert_cmpuint(header->to->len, ==, 2);
	g_assert_cmpuint(header->cc->len, ==, 1);
	g_assert_cmpuint(header->bcc->len, ==, 1);
	g_assert_cmpuint(header->reply_to->len, ==, 1);
	g_assert_cmpstr(header->subject, ==, "One two");
	g_assert_cmpstr(header->message_id, ==, "1@x.example");
	g_assert_cmpstr(header->references[0], ==, "0@x.example");
	g_assert_null(header->references[1]);
	g_assert_cmpstr(header->list_id, ==, "list.x.example");
	g_assert_cmpstr(header->type, ==, "multipart/mixed");
	g_assert_cmpstr(header->draft_uuid, ==, "0af3");
	g_assert_cmpuint(header->draft_rev, ==, 12);
	g_assert_cmpint(header->date, ==,
			G_GINT64_CONSTANT(1795525331) * G_USEC_PER_SEC);
	g_assert_cmpint(header->date_offset, ==, 60);
}

static void
test_broken_blocks(void)
{
	static const struct {
		const char *block;
		const char *subject;
	} cases[] = {
	    {"", ""},
	    {"\r\n", ""},
	    {"Subject: no end", "no end"},
	    {"Subject:\r\nTo: x\r\n", ""},
	    /* a line of blanks at the beginning */
	    {"  \r\nSubject: after\r\n", "after"},
	    {"From x@y Mon Jan  1 00:00:00 2001\nSubject: mbox\n", "mbox"},
	    {": no name\nSubject: s\n", "s"},
	    {"\xff\xfe: 1\nSubject: s\n", "s"},
	    {"Sub ject: no\nSubject: s\n", "s"},
	    {"Subjec: no\nSubjectt: no\nSubject: s\n", "s"},
	    {"\n\nSubject: body\n", ""},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MessageHeader) header = parse(cases[i].block);

		g_assert_cmpstr(header->subject, ==, cases[i].subject);
		g_assert_cmpint(header->date, ==, MESSAGE_NO_DATE);
		g_assert_null(header->message_id);
	}
}

static void
test_nul(void)
{
	static const char block[] = "Subject: a\0b\r\nFrom: x\0y <a\0@b>\r\n";
	g_autoptr(MessageHeader) header =
	    mime_header_parse(block, sizeof block - 1);
	const Address *from = g_ptr_array_index(header->from, 0);

	g_assert_cmpstr(header->subject, ==, "a b");
	g_assert_cmpstr(from->name, ==, "x y");
	g_assert_cmpstr(from->email, ==, "a@b");
}

static void
test_ids(void)
{
	static const struct {
		const char *value;
		const char *id;
	} cases[] = {
	    {"<a@b.example>", "a@b.example"},
	    {"  <a@b.example>  <c@d.example>", "a@b.example"},
	    {"(x) <a@b.example>", "a@b.example"},
	    {"<a@\r\n b.example>", "a@b.example"},
	    {"a@b.example", "a@b.example"},
	    {"a@b.example and more", "a@b.example"},
	    {"<no-at-sign>", NULL},
	    {"<a@b>", NULL},
	    {"<>", NULL},
	    {"<a@b.example", "a@b.example"},
	    {"", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *block =
		    g_strdup_printf("Message-ID: %s\n", cases[i].value);
		g_autoptr(MessageHeader) header = parse(block);

		g_assert_cmpstr(header->message_id, ==, cases[i].id);
	}
}

static void
check_references(guint n)
{
	g_autoptr(GString) block = g_string_new("References:");
	g_autoptr(MessageHeader) header = NULL;
	g_autofree char *last = g_strdup_printf("%u@x.example", n - 1);
	guint found;

	for (guint i = 0; i < n; i++)
		g_string_append_printf(block, "\n <%u@x.example>", i);
	g_string_append(block, "\nIn-Reply-To: <other@x.example>\n");
	header = parse(block->str);
	found = g_strv_length(header->references);
	g_assert_cmpuint(found, ==, MIN(n, MESSAGE_REFERENCES_MAX));
	g_assert_cmpstr(header->references[0], ==, "0@x.example");
	if (n > 1)
		g_assert_cmpstr(header->references[found - 1], ==, last);
}

static void
test_references(void)
{
	g_autoptr(MessageHeader) empty =
	    parse("References: garbage, no ids\n"
		  "In-Reply-To: Your message of Monday <9@x.example>\n");

	check_references(1);
	check_references(MESSAGE_REFERENCES_MAX - 1);
	check_references(MESSAGE_REFERENCES_MAX);
	check_references(MESSAGE_REFERENCES_MAX + 1);
	/* more than the bytes of a field that are looked at */
	check_references(30000);
	g_assert_cmpstr(empty->references[0], ==, "9@x.example");
}

static void
test_get(void)
{
	static const char block[] =
	    "X-Long: a\r\n b\r\nX-Word: =?utf-8?q?=C3=A4?=\r\n\r\nX-No: c\r\n";
	g_autofree char *folded =
	    mime_header_get(block, sizeof block - 1, "x-long");
	g_autofree char *word =
	    mime_header_get(block, sizeof block - 1, "X-WORD");

	g_assert_cmpstr(folded, ==, "a b");
	g_assert_cmpstr(word, ==, "\xc3\xa4");
	g_assert_null(mime_header_get(block, sizeof block - 1, "X-No"));
	g_assert_null(mime_header_get(block, sizeof block - 1, "X-Lon"));
}

/* Whoever asks a server for these fields gets what the parser reads. */
static void
test_names(void)
{
	const char *names = mime_header_fields();
	g_auto(GStrv) list = g_strsplit(names, " ", -1);
	static const char *const read[] = {"FROM",    "TO",   "CC",
					   "SUBJECT", "DATE", "REFERENCES"};

	for (guint i = 0; i < G_N_ELEMENTS(read); i++)
		g_assert_true(
		    g_strv_contains((const char *const *)list, read[i]));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/header/words", test_words);
	g_test_add_func("/header/fields", test_fields);
	g_test_add_func("/header/broken", test_broken_blocks);
	g_test_add_func("/header/nul", test_nul);
	g_test_add_func("/header/ids", test_ids);
	g_test_add_func("/header/references", test_references);
	g_test_add_func("/header/get", test_get);
	g_test_add_func("/header/names", test_names);
	return g_test_run();
}
