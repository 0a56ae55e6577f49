/* test-mime-compose.c - drafts: fields, answers, parts, stamps */
#include "mime-compose.h"

#include <string.h>

#include "mime-header.h"

#define NOW (G_GINT64_CONSTANT(1795615331) * G_USEC_PER_SEC)

static MimeMessage *
parse(GBytes *bytes)
{
	g_autoptr(GError) error = NULL;
	MimeMessage *message = mime_message_new(bytes, &error);

	g_assert_no_error(error);
	return message;
}

static MimeMessage *
parse_text(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return parse(bytes);
}

static char *
text_of(GBytes *bytes)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	return g_strndup(data, len);
}

static char *
field_of(GBytes *bytes, const char *name)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	return mime_header_get(data, len, name);
}

static void
assert_has(GBytes *bytes, const char *text)
{
	g_autofree char *all = text_of(bytes);

	if (strstr(all, text) == NULL)
		g_error("not there: %s\nin: %s", text, all);
}

static void
assert_has_not(GBytes *bytes, const char *text)
{
	g_autofree char *all = text_of(bytes);

	if (strstr(all, text) != NULL)
		g_error("there: %s\nin: %s", text, all);
}

/* CRLF everywhere, no line over @max bytes before the empty line. */
static void
assert_lines(GBytes *bytes, gsize max)
{
	gsize len, start = 0;
	const char *data = g_bytes_get_data(bytes, &len);
	bool header = true;

	for (gsize i = 0; i < len; i++) {
		g_assert(data[i] != '\0');
		if (data[i] == '\r')
			g_assert(i + 1 < len && data[i + 1] == '\n');
		if (data[i] != '\n')
			continue;
		g_assert(i > 0 && data[i - 1] == '\r');
		if (i - 1 == start)
			header = false;
		g_assert_cmpuint(i - 1 - start, <=, header ? max : 998);
		start = i + 1;
	}
	g_assert_cmpuint(start, ==, len);
}

static const MimeSender *
sender(void)
{
	static Address from = {(char *)"Jörg Müller",
			       (char *)"joerg@firma.example"};
	static MimeSender value = {.from = &from, .now = NOW};

	return &value;
}

static const char simple[] = "X-Odd:  keep\tme \r\n"
			     "From: a@b.example\r\n"
			     "Subject: old\r\n"
			     "\tfolded\r\n"
			     "x-other : kept\r\n"
			     "MIME-Version: 1.0\r\n"
			     "Content-Type: text/plain\r\n"
			     "\r\n"
			     "body \r\n";

static void
test_new(void)
{
	g_autoptr(GBytes) draft = mime_compose_new(sender());
	g_autoptr(MimeMessage) message = parse(draft);
	g_autoptr(MessageHeader) header = mime_message_header(message);
	const Address *from;

	assert_lines(draft, 76);
	g_assert_cmpuint(header->from->len, ==, 1);
	from = g_ptr_array_index(header->from, 0);
	g_assert_cmpstr(from->name, ==, "Jörg Müller");
	g_assert_cmpstr(from->email, ==, "joerg@firma.example");
	g_assert_cmpint(header->date, ==, NOW);
	g_assert_true(g_str_has_suffix(header->message_id, "@firma.example"));
	g_assert_cmpuint(strlen(header->message_id), >, 40);
	g_assert_cmpstr(header->subject, ==, "");
	assert_has(draft, "format=flowed\r\n");
	assert_has(draft, "\r\nMIME-Version: 1.0\r\n");
}

static void
test_message_ids_differ(void)
{
	g_autoptr(GBytes) one = mime_compose_new(sender());
	g_autoptr(GBytes) two = mime_compose_new(sender());
	g_autofree char *a = field_of(one, "Message-ID");
	g_autofree char *b = field_of(two, "Message-ID");

	g_assert_cmpstr(a, !=, b);
}

static void
test_signature(void)
{
	MimeSender with = *sender();
	g_autoptr(GBytes) draft = NULL;

	with.signature = "Jane\n\033[31mred";
	draft = mime_compose_new(&with);
	assert_has_not(draft, "\033");
	with.signature = "Jane";
	g_clear_pointer(&draft, g_bytes_unref);
	draft = mime_compose_new(&with);
	assert_has(draft, "\r\n-- \r\nJane\r\n");
}

/* ---- set_field ---- */

static void
test_subjects(void)
{
	static const char *const values[] = {
	    "plain",
	    "Grüße",
	    "Re: Grüße aus Köln und noch viel mehr Text, der ganz sicher "
	    "nicht in eine einzige Zeile passt, 中文字符 inbegriffen",
	    "=?UTF-8?Q?not_encoded?=",
	    "a  b   c",
	    "é  ü   ö x",
	    "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
	    "a very long line of plain words that has to be folded somewhere "
	    "because it does not fit in seventy-six columns at all",
	    "Re: Re: a: b:",
	    "?= =? ?",
	    "x",
	};

	for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autoptr(MimeMessage) draft = parse_text(simple);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes =
		    mime_compose_set_field(draft, "subject", values[i], &error);
		g_autofree char *back = NULL;

		g_assert_no_error(error);
		assert_lines(bytes, 76);
		back = field_of(bytes, "Subject");
		g_assert_cmpstr(back, ==, values[i]);
		assert_has(bytes, "X-Odd:  keep\tme \r\nFrom: a@b.example\r\n");
		assert_has(bytes, "\r\nx-other : kept\r\nMIME-Version");
		assert_has(bytes, "\r\n\r\nbody \r\n");
	}
}

static void
test_long_words(void)
{
	g_autofree char *word = g_strnfill(5000, 'w');
	g_autofree char *blanks = g_strnfill(3000, ' ');
	g_autofree char *gap = g_strconcat("a", blanks, "b", NULL);
	const char *values[] = {word, gap};

	for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autoptr(MimeMessage) draft = parse_text(simple);
		g_autoptr(GBytes) bytes =
		    mime_compose_set_field(draft, "Subject", values[i], NULL);
		g_autofree char *back = field_of(bytes, "Subject");

		assert_lines(bytes, 76);
		g_assert_cmpstr(back, ==, values[i]);
	}
}

static void
test_injection(void)
{
	static const struct {
		const char *name;
		const char *value;
	} cases[] = {
	    {"Subject", "a\r\nBcc: evil@e.example"},
	    {"Subject", "a\nBcc: evil@e.example\n\nbody"},
	    {"Subject", "ü\r\nBcc: evil@e.example"},
	    {"Subject", "a\rBcc: evil@e.example"},
	    {"Subject", "a\xff\r\nBcc: evil@e.example"},
	    {"To", "\"a\r\nBcc: evil@e.example\" <x@y.example>"},
	    {"To", "a@b.example\r\nBcc: evil@e.example"},
	    {"To", "<a@b.example\r\nBcc: evil@e.example>"},
	    {"To", "ü\nBcc: x <a@b.example>"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MimeMessage) draft = parse_text(simple);
		g_autoptr(GBytes) bytes = mime_compose_set_field(
		    draft, cases[i].name, cases[i].value, NULL);
		g_autofree char *bcc = NULL;

		/* refused is as good */
		if (bytes == NULL)
			continue;
		bcc = field_of(bytes, "Bcc");
		g_assert_null(bcc);
		assert_lines(bytes, 998);
		assert_has(bytes, "\r\n\r\nbody \r\n");
	}
}

static void
test_addresses(void)
{
	static const struct {
		const char *typed;
		const char *wire;
	} cases[] = {
	    {"a@b.example", "To: a@b.example\r\n"},
	    {"Ann <a@b.example>", "To: Ann <a@b.example>\r\n"},
	    {"\"Doe, J.\" <j@b.example>", "To: \"Doe, J.\" <j@b.example>\r\n"},
	    {"Jörg <j@b.example>, x@y.example",
	     "To: =?UTF-8?Q?J=C3=B6rg?= <j@b.example>, x@y.example\r\n"},
	    {"a@bücher.example", "To: a@xn--bcher-kva.example\r\n"},
	    {"\"=?UTF-8?Q?x y\" <j@b.example>", "=?UTF-8?"},
	    {"\"a b\"@c.example", "To: \"a b\"@c.example\r\n"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MimeMessage) draft = parse_text(simple);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes =
		    mime_compose_set_field(draft, "To", cases[i].typed, &error);

		g_assert_no_error(error);
		assert_has(bytes, cases[i].wire);
		assert_lines(bytes, 76);
	}
}

static void
test_many_recipients(void)
{
	g_autoptr(GString) typed = g_string_new(NULL);
	g_autoptr(MimeMessage) draft = parse_text(simple);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(MimeMessage) again = NULL;
	g_autoptr(MessageHeader) header = NULL;

	for (guint i = 0; i < 500; i++)
		g_string_append_printf(typed, "%sÄnne %u <a%u@b.example>",
				       i == 0 ? "" : ", ", i, i);
	bytes = mime_compose_set_field(draft, "Cc", typed->str, &error);
	g_assert_no_error(error);
	assert_lines(bytes, 76);
	again = parse(bytes);
	header = mime_message_header(again);
	g_assert_cmpuint(header->cc->len, ==, 500);
	for (guint i = 0; i < 500; i++) {
		const Address *address = g_ptr_array_index(header->cc, i);
		g_autofree char *name = g_strdup_printf("Änne %u", i);

		g_assert_cmpstr(address->name, ==, name);
	}
}

static void
test_set_field_refuses(void)
{
	static const struct {
		const char *name;
		const char *value;
		MimeError code;
	} cases[] = {
	    {"Content-Type", "text/html", MIME_ERROR_EDIT},
	    {"mime-version", "2", MIME_ERROR_EDIT},
	    {"Bad name", "x", MIME_ERROR_EDIT},
	    {"Bad:name", "x", MIME_ERROR_EDIT},
	    {"X\r\nBcc", "x", MIME_ERROR_EDIT},
	    {"", "x", MIME_ERROR_EDIT},
	    {"To", "no address", MIME_ERROR_ADDRESS},
	    {"Cc", "a@b.example, c@", MIME_ERROR_ADDRESS},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MimeMessage) draft = parse_text(simple);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes = mime_compose_set_field(
		    draft, cases[i].name, cases[i].value, &error);

		g_assert_null(bytes);
		g_assert_error(error, MIME_ERROR, (gint)cases[i].code);
	}
}

static void
test_take_away(void)
{
	g_autoptr(MimeMessage) draft =
	    parse_text("To: a@b.example\r\nSubject: x\r\n y\r\n"
		       "TO : c@d.example\r\n\r\nb");
	g_autoptr(GBytes) none =
	    mime_compose_set_field(draft, "To", NULL, NULL);
	g_autoptr(GBytes) one =
	    mime_compose_set_field(draft, "To", "n@e.example", NULL);
	g_autofree char *a = text_of(none);
	g_autofree char *b = text_of(one);

	g_assert_cmpstr(a, ==, "Subject: x\r\n y\r\n\r\nb");
	g_assert_cmpstr(b, ==, "To: n@e.example\r\nSubject: x\r\n y\r\n\r\nb");
}

static void
test_odd_headers(void)
{
	static const char *const drafts[] = {
	    "",        "\r\n",     "Subject: x",         "Subject: x\r\n",
	    "garbage", "\r\nbody", "X: y\r\ngarbage\r\n"};

	for (guint i = 0; i < G_N_ELEMENTS(drafts); i++) {
		g_autoptr(MimeMessage) draft = parse_text(drafts[i]);
		g_autoptr(GBytes) bytes =
		    mime_compose_set_field(draft, "Cc", "n@e.example", NULL);
		g_autofree char *back = field_of(bytes, "Cc");

		g_assert_cmpstr(back, ==, "n@e.example");
	}
}

/* ---- stamp, outgoing ---- */

static void
test_stamp(void)
{
	static const struct {
		const char *given;
		const char *has[4];
		const char *body;
	} cases[] = {
	    {"Subject: x\n\nhello\nyou\n",
	     {"Subject: x\r\n", "From: Me <me@here.example>\r\n"},
	     "\r\n\r\nhello\r\nyou\r\n"},
	    {"Subject: x\r\nMessage-ID: <kept@id>\r\n\r\nhello\nyou\r\n",
	     {"Message-ID: <kept@id>\r\n"},
	     "\r\n\r\nhello\nyou\r\n"},
	    {"From: other@x.example\nDate: never\nX-Pennon-Draft: old; rev=1\n"
	     "\nt",
	     {"From: other@x.example\r\n"},
	     "\r\n\r\nt"},
	    {"hello\n", {"format=flowed"}, "\r\n\r\nhello\r\n"},
	    {"\nhello\n", {"format=flowed"}, "\r\n\r\nhello\r\n"},
	    {"Subject: only", {"Subject: only\r\n"}, "\r\n\r\n"},
	    {"From me@x Mon Jan  1 00:00:00 2026\nSubject: x\n\nb\n",
	     {"Subject: x\r\n"},
	     "\r\n\r\nb\r\n"},
	    {"Subject: x\n\nGr\xc3\xbc\xc3\x9f\x65\n",
	     {"charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"},
	     "\r\n\r\nGr\xc3\xbc\xc3\x9f\x65\r\n"},
	    {"Subject: x\n\nGr\xfc\xdf\x65\n",
	     {"charset=windows-1252\r\n"},
	     "\r\n\r\nGr\xfc\xdf\x65\r\n"},
	    {"Viele Grüße\n",
	     {"quoted-printable"},
	     "\r\n\r\nViele Gr=C3=BC=C3=9Fe\r\n"},
	};
	const Address me = {(char *)"Me", (char *)"me@here.example"};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) given =
		    g_bytes_new(cases[i].given, strlen(cases[i].given));
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes =
		    mime_compose_stamp(given, "0a1b", 7, &me, NOW, &error);
		g_autoptr(MimeMessage) message = NULL;
		g_autoptr(MessageHeader) header = NULL;
		g_autofree char *all = NULL;

		g_assert_no_error(error);
		all = text_of(bytes);
		message = parse(bytes);
		header = mime_message_header(message);
		g_assert_cmpstr(header->draft_uuid, ==, "0a1b");
		g_assert_cmpuint(header->draft_rev, ==, 7);
		g_assert_cmpint(header->date, ==, NOW);
		g_assert_nonnull(header->message_id);
		g_assert_cmpuint(header->from->len, ==, 1);
		assert_has(bytes, "MIME-Version: 1.0\r\n");
		for (guint j = 0; cases[i].has[j] != NULL; j++)
			assert_has(bytes, cases[i].has[j]);
		if (!g_str_has_suffix(all, cases[i].body))
			g_error("%s\nends not with %s", all, cases[i].body);
	}
}

static void
test_stamp_refuses(void)
{
	static const char *const blank[] = {"", "\n", "  \r\n\t\n"};

	for (guint i = 0; i < G_N_ELEMENTS(blank); i++) {
		g_autoptr(GBytes) given =
		    g_bytes_new(blank[i], strlen(blank[i]));
		g_autoptr(GError) error = NULL;

		g_assert_null(
		    mime_compose_stamp(given, "u", 1, NULL, NOW, &error));
		g_assert_error(error, MIME_ERROR, MIME_ERROR_EDIT);
	}
	{
		gsize size = MIME_MESSAGE_MAX + 1;
		g_autoptr(GBytes) given =
		    g_bytes_new_take(g_malloc0(size), size);
		g_autoptr(GError) error = NULL;

		g_assert_null(
		    mime_compose_stamp(given, "u", 1, NULL, NOW, &error));
		g_assert_error(error, MIME_ERROR, MIME_ERROR_LIMIT);
	}
}

static void
test_outgoing(void)
{
	static const char given[] =
	    "X-Pennon-Draft: u; rev=2\r\nTo: a@b.example\r\n"
	    "Bcc: x@y.example,\r\n z@y.example\r\nbcc : again@y.example\r\n"
	    "X-Bcc: stays\r\n\r\nBcc: body\r\n";
	g_autoptr(GBytes) bytes = g_bytes_new_static(given, strlen(given));
	g_autoptr(GBytes) out = mime_compose_outgoing(bytes, NULL);
	g_autofree char *text = text_of(out);

	g_assert_cmpstr(text, ==,
			"To: a@b.example\r\nX-Bcc: stays\r\n\r\n"
			"Bcc: body\r\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/compose/new", test_new);
	g_test_add_func("/compose/message-id", test_message_ids_differ);
	g_test_add_func("/compose/signature", test_signature);
	g_test_add_func("/compose/subjects", test_subjects);
	g_test_add_func("/compose/long-words", test_long_words);
	g_test_add_func("/compose/injection", test_injection);
	g_test_add_func("/compose/addresses", test_addresses);
	g_test_add_func("/compose/many-recipients", test_many_recipients);
	g_test_add_func("/compose/set-field-refuses", test_set_field_refuses);
	g_test_add_func("/compose/take-away", test_take_away);
	g_test_add_func("/compose/odd-headers", test_odd_headers);
	g_test_add_func("/compose/stamp", test_stamp);
	g_test_add_func("/compose/stamp-refuses", test_stamp_refuses);
	g_test_add_func("/compose/outgoing", test_outgoing);
	return g_test_run();
}
