/* test-mime-plain.c - plain text as lines; which parts are shown; headers and
 * source */
#include <string.h>

#include "mime-error.h"
#include "mime-header.h"
#include "test-mime-render.h"

typedef struct {
	const char *type;
	const char *body;
	guint width;
	const char *lines; /* {style:text} */
} RenderCase;

#define FLOWED "text/plain; format=flowed"
#define BAD "\xef\xbf\xbd"

static const RenderCase cases[] = {
    {"text/plain", "one\ntwo\n\nthree", 40, "one\ntwo\n\nthree\n"},
    {"text/plain", "", 40, ""},
    {"text/plain", "  indented\n\ttab\na\tb\n", 40,
     "  indented\n        tab\na       b\n"},
    {"text/plain", "alpha beta gamma delta", 12, "alpha beta\ngamma delta\n"},
    {"text/plain", "aaaaaaaaaaaaaaaaaaaa", 8, "aaaaaaaa\naaaaaaaa\naaaa\n"},
    {"text/plain", "exactly8\nexactly8 9", 8, "exactly8\nexactly8\n9\n"},
    /* wide letters */
    {"text/plain; charset=utf-8",
     "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x96\x87\xe5\xad\x97", 8,
     "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x96\x87\n\xe5\xad\x97\n"},
    /* nothing that a terminal obeys */
    {"text/plain",
     "a\x1b[31mb\x9b"
     "c\rd",
     40,
     "a" BAD "[31mb\xe2\x80\xba"
     "c\nd\n"},
    /* quotes, however they are written */
    {"text/plain", "> one\n>> two\n> > two\n>>> three\n>one\n>\n> > > > four",
     40,
     "{1:> one}\n{2:>> two}\n{2:>> two}\n{3:>>> three}\n{1:> one}\n{1:> }\n"
     "{1:>>>> four}\n"},
    {"text/plain", ">  two blanks\n>    code", 40,
     "{1:>  two blanks}\n{1:>    code}\n"},
    {"text/plain", "> alpha beta gamma", 12, "{1:> alpha beta}\n{1:> gamma}\n"},
    {"text/plain", "> quoted http://x.example/\n", 40,
     "{1:> quoted http://x.example/}\n"},
    /* signature */
    {"text/plain", "text\n-- \nAda\nhttp://x.example", 40,
     "text\n{4:-- }\n{4:Ada}\n{4:http://x.example}\n"},
    {"text/plain", "text\n--\nnone", 40, "text\n--\nnone\n"},
    {"text/plain", "> -- \n> none", 40, "{1:> --}\n{1:> none}\n"},
    /* links */
    {"text/plain", "see http://x.example/a, ok", 40,
     "see {5:http://x.example/a}, ok\n"},
    {"text/plain", "(https://x.example/a_(b)) www.y.example.", 60,
     "({5:https://x.example/a_(b))} {5:www.y.example}.\n"},
    {"text/plain", "<mailto:a@b.example> xhttp://no http:// nor", 60,
     "<{5:mailto:a@b.example}> xhttp://no http:// nor\n"},
    {"text/plain", "http://x.example/long/long", 16,
     "{5:http://x.example}\n{5:/long/long}\n"},
    /* RFC 3676 */
    {FLOWED, "one \ntwo \nthree\nfour\n", 40, "one two three\nfour\n"},
    {FLOWED "; delsp=yes", "one\xc2\xa0 \ntwo", 40, "one two\n"},
    {FLOWED "; delsp=yes", "o \nne", 40, "one\n"},
    {FLOWED, " stuffed\n  two\n >no quote\n From x", 40,
     "stuffed\n two\n>no quote\nFrom x\n"},
    {FLOWED, "> a \n> b\n>> c \n> d\n", 40, "{1:> a b}\n{2:>> c}\n{1:> d}\n"},
    {FLOWED, "text \n-- \nAda \nB", 40, "text\n{4:-- }\n{4:Ada B}\n"},
    {FLOWED, "> > not the second\n>> the second", 40,
     "{1:> > not the second}\n{2:>> the second}\n"},
    {FLOWED, "alpha beta \ngamma delta", 12, "alpha beta\ngamma delta\n"},
    {FLOWED, "last is flowed ", 40, "last is flowed\n"},
};

static void
test_plain(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
		    rendered(cases[i].type, cases[i].body, cases[i].width);

		g_test_message("%s", cases[i].body);
		g_assert_cmpstr(text, ==, cases[i].lines);
	}
}

static void
test_links(void)
{
	static const char body[] =
	    "http://a.example www.b.example\nhttp://a.example\n"
	    "> ftp://c.example/x";
	g_autoptr(MimeText) text =
	    rendered_text("text/plain", body, sizeof body - 1, 80);

	g_assert_cmpuint(text->links->len, ==, 3);
	g_assert_cmpstr(g_ptr_array_index(text->links, 0), ==,
			"http://a.example");
	g_assert_cmpstr(g_ptr_array_index(text->links, 1), ==,
			"http://www.b.example");
	g_assert_cmpstr(g_ptr_array_index(text->links, 2), ==,
			"ftp://c.example/x");
	g_assert_false(text->is_html);
}

static void
test_join(void)
{
	static const char body[] = "text\n> q\n-- \nAda\n";
	g_autoptr(MimeText) text =
	    rendered_text("text/plain", body, sizeof body - 1, 80);
	g_autofree char *all = mime_text_join(text, true);
	g_autofree char *without = mime_text_join(text, false);

	g_assert_cmpstr(all, ==, "text\n> q\n-- \nAda\n");
	g_assert_cmpstr(without, ==, "text\n> q\n");
}

/* ---- shown parts ---- */

typedef struct {
	const char *name;
	const char *tree; /* multipart: "(alternative …)", leaf: a type */
	const char *html; /* sections shown where HTML is wanted */
	const char *plain;
	bool has_other;
} ShownCase;

static const ShownCase shown_cases[] = {
    {"plain", "text/plain", "1", "1", false},
    {"alternative", "(alternative text/plain text/html)", "2", "1", true},
    {"other way round", "(alternative text/html text/plain)", "1", "2", true},
    {"html alone", "(alternative text/html)", "1", "1", false},
    {"with a calendar", "(alternative text/plain text/html text/calendar)", "2",
     "1", true},
    {"calendar and plain", "(alternative text/plain text/calendar)", "1", "1",
     false},
    {"calendar alone", "(alternative text/calendar)", "1", "1", false},
    {"related", "(related text/html image/png text/css)", "1", "1", false},
    {"related in alternative",
     "(alternative text/plain (related text/html image/png))", "2.1", "1",
     true},
    {"attachments beside",
     "(mixed (alternative text/plain text/html) application/pdf)", "1.2", "1.1",
     true},
    {"two texts", "(mixed text/plain text/plain)", "1 2", "1 2", false},
    {"text that is attached", "(mixed text/plain @text/plain)", "1", "1",
     false},
    {"only attached text", "(mixed @text/plain image/png)", "", "", false},
    {"signed", "(signed text/plain application/pgp-signature)", "1", "1",
     false},
    {"message beside text", "(mixed text/plain message/rfc822)", "1", "1",
     false},
    {"message alone", "(mixed image/png message/rfc822)", "2", "2", false},
    {"picture", "image/png", "", "", false},
    {"footer of a list",
     "(mixed (alternative text/plain text/html) text/plain)", "1.2 2", "1.1 2",
     true},
    {"mixed in alternative",
     "(alternative text/plain (mixed text/html application/pdf text/html))",
     "2.1 2.3", "1", true},
};

static Part *
read_tree(const char **p, const char *section)
{
	Part *part;
	gsize len;

	while (**p == ' ')
		(*p)++;
	if (**p != '(') {
		g_autofree char *type = NULL;
		bool attached = **p == '@';

		*p += attached;
		len = strcspn(*p, " )");
		type = g_strndup(*p, len);
		*p += len;
		part = part_new(section[0] == '\0' ? "1" : section, type);
		if (attached)
			part->disposition = g_strdup("attachment");
		return part;
	}
	len = strcspn(++*p, " ");
	{
		g_autofree char *type =
		    g_strdup_printf("multipart/%.*s", (int)len, *p);

		part = part_new(section, type);
	}
	*p += len;
	while (**p != ')') {
		g_autofree char *below = g_strdup_printf(
		    "%s%s%u", section, section[0] == '\0' ? "" : ".",
		    part->children->len + 1);

		g_ptr_array_add(part->children, read_tree(p, below));
	}
	(*p)++;
	return part;
}

static void
check_shown(const Part *root, bool plain, const char *wanted, bool has_other)
{
	bool other = !has_other;
	g_autoptr(GPtrArray) parts = mime_shown_parts(root, plain, &other);
	g_autoptr(GString) sections = g_string_new(NULL);

	for (guint i = 0; i < parts->len; i++) {
		const Part *part = g_ptr_array_index(parts, i);

		g_string_append_printf(sections, "%s%s", i > 0 ? " " : "",
				       part->section);
	}
	g_assert_cmpstr(sections->str, ==, wanted);
	g_assert_true(other == has_other);
}

static void
test_shown(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(shown_cases); i++) {
		const ShownCase *test = &shown_cases[i];
		const char *p = test->tree;
		g_autoptr(Part) root = read_tree(&p, "");

		g_test_message("%s", test->name);
		check_shown(root, false, test->html, test->has_other);
		check_shown(root, true, test->plain, test->has_other);
	}
}

/* ---- whole messages ---- */

static MimeText *
render_message(const char *message)
{
	g_autoptr(GBytes) bytes = g_bytes_new(message, strlen(message));
	g_autoptr(MimeMessage) parsed = mime_message_new(bytes, NULL);
	MimeRenderOptions options = {.width = 40};

	return mime_render_message(parsed, true, &options, NULL);
}

static void
test_message(void)
{
	g_autoptr(MimeText) text = render_message(
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n"
	    "Content-Type: image/png\n\nx\n--b\n\ntwo\n--b--\n");
	g_autofree char *lines = lines_to_string(text->lines);

	g_assert_cmpstr(lines, ==, "one\n\ntwo\n");
}

static void
test_attached_message(void)
{
	g_autoptr(MimeText) text = render_message(
	    "Content-Type: message/rfc822\n\nSubject: =?utf-8?q?=C3=A4=1B?=\n"
	    "From: Ada <a@b.example>\n\ninner\n");
	g_autofree char *lines = lines_to_string(text->lines);

	g_assert_cmpstr(lines, ==,
			"{7:From:} Ada <a@b.example>\n"
			"{7:Subject:} \xc3\xa4" BAD "\n\ninner\n");
}

/* What has no field is a text, not a message without one. */
static void
test_no_message(void)
{
	g_autoptr(MimeText) text = render_message(
	    "Content-Type: message/rfc822\n\nno message, sorry\n");
	g_autofree char *lines = lines_to_string(text->lines);

	g_assert_cmpstr(lines, ==, "no message, sorry\n");
}

static void
test_headers(void)
{
	static const char block[] =
	    "Subject: =?utf-8?q?=C3=A4?=\r\nX-Long: aaa\r\n bbb ccc ddd "
	    "eee\r\nX-Esc: a\x1b[0m\r\n\r\nbody: no\r\n";
	g_autoptr(GBytes) bytes = g_bytes_new_static(block, sizeof block - 1);
	g_autoptr(GPtrArray) list = mime_render_headers(bytes, 20);
	g_autofree char *lines = lines_to_string(list);

	check_lines(list, 20);
	g_assert_cmpstr(lines, ==,
			"{7:Subject:} \xc3\xa4\n{7:X-Long:} aaa bbb ccc\n"
			"    ddd eee\n{7:X-Esc:} a" BAD "[0m\n");
}

static void
test_source(void)
{
	static const char source[] =
	    "A: b\r\n\r\n> 0123456789\n\x1b\0\xff  x  \n";
	g_autoptr(GBytes) bytes = g_bytes_new_static(source, sizeof source - 1);
	MimeRenderOptions options = {.width = 10};
	g_autoptr(GPtrArray) list = mime_render_source(bytes, &options, NULL);
	g_autofree char *lines = lines_to_string(list);

	check_lines(list, 10);
	g_assert_cmpstr(lines, ==,
			"A: b\n\n> 01234567\n89\n" BAD BAD BAD "  x\n");
}

static void
test_cancel(void)
{
	gint cancel = 1;
	MimeRenderOptions options = {.width = 40, .cancel = &cancel};
	static const char *const types[] = {"text/plain", "text/html"};
	g_autoptr(GBytes) bytes = g_bytes_new_static("a\nb\n", 4);
	g_autoptr(GError) source_error = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		g_autoptr(Part) part = part_new("1", types[i]);
		g_autoptr(MimeText) text = mime_text_new();
		g_autoptr(GError) error = NULL;

		g_assert_false(
		    mime_render_part(text, part, bytes, &options, &error));
		g_assert_error(error, MIME_ERROR, MIME_ERROR_CANCELLED);
	}
	g_assert_null(mime_render_source(bytes, &options, &source_error));
	g_assert_error(source_error, MIME_ERROR, MIME_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/plain/lines", test_plain);
	g_test_add_func("/plain/links", test_links);
	g_test_add_func("/plain/join", test_join);
	g_test_add_func("/plain/shown", test_shown);
	g_test_add_func("/plain/message", test_message);
	g_test_add_func("/plain/attached-message", test_attached_message);
	g_test_add_func("/plain/no-message", test_no_message);
	g_test_add_func("/plain/headers", test_headers);
	g_test_add_func("/plain/source", test_source);
	g_test_add_func("/plain/cancel", test_cancel);
	return g_test_run();
}
