/* test-mime-edit.c - a draft as a text, and back */
#include "mime-edit.h"

#include <string.h>

#include "mime-compose.h"
#include "mime-header.h"
#include "test-size.h"

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

static GBytes *
apply(const MimeMessage *draft, const char *text)
{
	g_autoptr(GError) error = NULL;
	GBytes *bytes = mime_edit_apply(draft, text, strlen(text), &error);

	g_assert_no_error(error);
	return bytes;
}

static void
assert_equal(GBytes *bytes, const char *want)
{
	g_autofree char *got = text_of(bytes);

	g_assert_cmpstr(got, ==, want);
}

/* @text of a draft with @from put in place of @to, once. */
static char *
replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	g_assert_nonnull(at);
	return g_strdup_printf("%.*s%s%s", (int)(at - text), text, to,
			       at + strlen(from));
}

static void
assert_short_lines(GBytes *bytes)
{
	gsize len, start = 0;
	const char *data = g_bytes_get_data(bytes, &len);

	for (gsize i = 0; i < len; i++)
		if (data[i] == '\n') {
			g_assert_cmpuint(i - start, <=, 999);
			start = i + 1;
		}
	g_assert_cmpuint(len - start, <=, 998);
}

/* ---- drafts of others ---- */

static const char plain[] = "From: Ann <a@b.example>\r\n"
			    "X-Unknown: one\r\n\ttwo  three\r\n"
			    "to: c@d.example\r\n"
			    "Subject: =?iso-8859-1?q?Gr=FC=DFe?=\r\n"
			    "Content-Type: text/plain; charset=iso-8859-1;\r\n"
			    " format=fixed\r\n"
			    "Content-Transfer-Encoding: quoted-printable\r\n"
			    "Content-Language: de\r\n"
			    "MIME-Version: 1.0\r\n"
			    "\r\n"
			    "Sch=F6n \r\n> zitiert=\r\n mehr\r\n";

#define ATTACHED                                                               \
	"--B\r\nContent-Type: application/x-odd; x=\"y\"\r\n"                  \
	"Content-Disposition: attachment; filename=odd\r\nX-Odd: 1\r\n\r\n"    \
	"\001\002 raw\n bare\r\n--B--\r\nepilogue"
static const char foreign[] =
    "X-Mozilla-Draft-Info: internal/draft; vcard=0\r\n"
    "From: a@b.example\r\nSubject: s\r\n"
    "Content-Type: multipart/mixed; boundary=\"B\"\r\n\r\npreamble\r\n"
    "--B\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n"
    "--A\r\nContent-Type: text/plain; charset=utf-8\r\nX-Part: kept\r\n\r\n"
    "the text\r\n"
    "--A\r\nContent-Type: text/html\r\n\r\n<b>the text</b>\r\n"
    "--A--\r\n\r\n" ATTACHED;

static const char html[] = "From: a@b.example\r\nMIME-Version: 1.0\r\n"
			   "Content-Type: text/html; charset=utf-8\r\n\r\n"
			   "<p>one</p><p><a href=\"https://x.example/a\">two"
			   "</a></p>\r\n";

static const char *const drafts[] = {
    plain,
    foreign,
    html,
    "",
    "\r\n",
    "Subject: x",
    "Subject: x\r\n\r\nno line end",
    "Subject: \r\nTo: broken <\r\nCc: a@b, , <c\r\n\r\nb\r\n",
    "Subject: x\r\n\r\n\033[31mred\r\n\302\233 c1\r\n",
    "Content-Type: multipart/mixed; boundary=x\r\n\r\nnothing",
    "Content-Type: image/png\r\n\r\npicture",
    "From: a@b.example\nSubject: unix\n\nline\nends\n",
    "Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n"
    "soft \r\nline\r\n> q \r\n> q\r\n-- \r\nsig\r\n",
    "To: a@b.example\r\nTo: c@d.example\r\n\r\nb\r\n",
};

static void
test_no_change(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(drafts); i++) {
		g_autoptr(MimeMessage) draft = parse_text(drafts[i]);
		g_autofree char *text = mime_edit_text(draft);
		g_autoptr(GBytes) bytes = apply(draft, text);

		assert_equal(bytes, drafts[i]);
	}
}

static void
test_text(void)
{
	static const struct {
		const char *draft;
		const char *text;
	} cases[] = {
	    {plain, "From: Ann <a@b.example>\nTo: c@d.example\nCc: \nBcc: \n"
		    "Subject: Grüße\n\nSchön\n> zitiert mehr\n"},
	    {"", "From: \nTo: \nCc: \nBcc: \nSubject: \n\n"},
	    {"Subject: =?utf-8?q?a=0D=0ABcc:_x=1B?=\r\nReply-To: r@x.example"
	     "\r\n\r\n\033[1mx\tok\001\r\n\302\233",
	     "From: \nTo: \nCc: \nBcc: \nReply-To: r@x.example\n"
	     "Subject: aBcc: x\xef\xbf\xbd\n\n"
	     "\xef\xbf\xbd[1mx\tok\xef\xbf\xbd\n\xef\xbf\xbd\n"},
	    {"Content-Type: text/plain; format=flowed\r\n\r\n"
	     "soft \r\nline\r\n> q \r\n> r\r\n From\r\n >lit\r\n-- "
	     "\r\nsig\r\n",
	     "From: \nTo: \nCc: \nBcc: \nSubject: \n\n"
	     "soft line\n> q r\nFrom\n >lit\n-- \nsig\n"},
	    {"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n"
	     "so \r\nft\r\n",
	     "From: \nTo: \nCc: \nBcc: \nSubject: \n\nsoft\n"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MimeMessage) draft = parse_text(cases[i].draft);
		g_autofree char *text = mime_edit_text(draft);

		g_assert_cmpstr(text, ==, cases[i].text);
	}
}

static void
test_change_fields(void)
{
	g_autoptr(MimeMessage) draft = parse_text(plain);
	g_autofree char *text = mime_edit_text(draft);
	g_autofree char *one = replaced(text, "Cc: \n",
					"Cc: x@y.example,\n"
					"   z@y.example\n");
	g_autofree char *two = replaced(one, "To: c@d.example\n", "");
	g_autofree char *three = replaced(two, "From: Ann <a@b.example>\n", "");
	g_autoptr(GBytes) bytes = apply(draft, three);
	g_autofree char *want = replaced(plain, "to: c@d.example\r\n", "");
	g_autofree char *with =
	    replaced(want, "Content-Type",
		     "Cc: x@y.example, z@y.example\r\nContent-Type");

	/* From stays: without it nothing could be sent */
	assert_equal(bytes, with);
}

static void
test_change_text(void)
{
	g_autoptr(MimeMessage) draft = parse_text(plain);
	g_autofree char *text = mime_edit_text(draft);
	g_autofree char *changed = replaced(text, "> zitiert mehr", "> neu");
	g_autoptr(GBytes) bytes = apply(draft, changed);

	assert_equal(bytes,
		     "From: Ann <a@b.example>\r\n"
		     "X-Unknown: one\r\n\ttwo  three\r\n"
		     "to: c@d.example\r\n"
		     "Subject: =?iso-8859-1?q?Gr=FC=DFe?=\r\n"
		     "Content-Language: de\r\n"
		     "MIME-Version: 1.0\r\n"
		     "Content-Type: text/plain; charset=utf-8; format=flowed"
		     "\r\nContent-Transfer-Encoding: quoted-printable\r\n"
		     "\r\nSch=C3=B6n\r\n> neu\r\n");
}

static void
test_foreign(void)
{
	g_autoptr(MimeMessage) draft = parse_text(foreign);
	g_autofree char *text = mime_edit_text(draft);
	g_autofree char *changed = replaced(text, "the text", "my text");
	g_autoptr(GBytes) bytes = apply(draft, changed);

	g_assert_true(mime_edit_loses_html(draft));
	assert_equal(
	    bytes,
	    "X-Mozilla-Draft-Info: internal/draft; vcard=0\r\n"
	    "From: a@b.example\r\nSubject: s\r\n"
	    "Content-Type: multipart/mixed; boundary=\"B\"\r\n\r\npreamble\r\n"
	    "--B\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n"
	    "--A\r\nX-Part: kept\r\n"
	    "Content-Type: text/plain; charset=utf-8; format=flowed\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n\r\nmy text\r\n\r\n"
	    "--A--\r\n\r\n" ATTACHED);
	{
		g_autoptr(MimeMessage) again = parse(bytes);

		g_assert_false(mime_edit_loses_html(again));
	}
}

/* What stood around the HTML is kept, and is no form of the text any more. */
static void
test_html_around(void)
{
	static const struct {
		const char *draft;
		const char *types; /* of the tree, after a change */
	} cases[] = {
	    {"Content-Type: multipart/related; boundary=R\r\n\r\n"
	     "--R\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n"
	     "--A\r\n\r\nt\r\n--A\r\nContent-Type: text/html\r\n\r\nt\r\n"
	     "--A--\r\n"
	     "--R\r\nContent-Type: image/png\r\nContent-ID: <i>\r\n\r\np\r\n"
	     "--R--\r\n",
	     "multipart/mixed multipart/alternative text/plain image/png"},
	    {"Content-Type: multipart/alternative; boundary=A\r\n\r\n"
	     "--A\r\n\r\nt\r\n"
	     "--A\r\nContent-Type: Multipart/Related; boundary=R\r\n\r\n"
	     "--R\r\nContent-Type: text/html\r\n\r\nt\r\n"
	     "--R\r\nContent-Type: image/png\r\nContent-ID: <i>\r\n\r\np\r\n"
	     "--R--\r\n--A--\r\n",
	     "multipart/mixed text/plain multipart/mixed image/png"},
	    {"Content-Type: multipart/alternative; boundary=A\r\n\r\n"
	     "--A\r\n\r\nt\r\n"
	     "--A\r\nContent-Type: multipart/mixed; boundary=R\r\n\r\n"
	     "--R\r\nContent-Type: text/html\r\n\r\nt\r\n"
	     "--R\r\nContent-Type: application/pdf\r\n\r\np\r\n"
	     "--R\r\nContent-Type: text/html\r\n\r\nt\r\n"
	     "--R--\r\n--A--\r\n",
	     "multipart/mixed text/plain multipart/mixed application/pdf"},
	    {"Content-Type: multipart/alternative; boundary=A\r\n\r\n"
	     "--A\r\n\r\nt\r\n"
	     "--A\r\nContent-Type: multipart/mixed; boundary=R\r\n\r\n"
	     "--R\r\nContent-Type: text/html\r\n\r\nt\r\n"
	     "--R\r\nContent-Type: text/html\r\n\r\nt\r\n"
	     "--R--\r\n"
	     "--A\r\nContent-Type: text/calendar\r\n\r\nc\r\n--A--\r\n",
	     "multipart/alternative text/plain text/calendar"},
	    {"Content-Type: multipart/related; boundary=R\r\n\r\n"
	     "--R\r\nContent-Type: text/html\r\n\r\nt\r\n"
	     "--R\r\nContent-Type: image/png\r\nContent-ID: <i>\r\n\r\np\r\n"
	     "--R--\r\n",
	     "multipart/mixed text/plain image/png"},
	    {"Content-Type: text/html\r\n\r\nt\r\n", "text/plain"},
	    {"Content-Type: image/png\r\n\r\np\r\n",
	     "multipart/mixed text/plain image/png"},
	    {"Content-Type: multipart/mixed; boundary=A\r\n\r\n"
	     "--A\r\nContent-Type: image/png\r\n\r\np\r\n--A--\r\n",
	     "multipart/mixed text/plain image/png"},
	    {"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ninner\r\n",
	     "multipart/mixed text/plain message/rfc822 text/plain"},
	    {"Content-Type: multipart/mixed; boundary=A\r\n\r\n"
	     "--A\r\n\r\nt\r\n"
	     "--A\r\nContent-Type: text/html\r\n"
	     "Content-Disposition: attachment; filename=a.html\r\n\r\nh\r\n"
	     "--A--\r\n",
	     "multipart/mixed text/plain text/html"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MimeMessage) draft = parse_text(cases[i].draft);
		g_autofree char *text = mime_edit_text(draft);
		g_autofree char *changed = g_strconcat(text, "added\n", NULL);
		g_autoptr(GBytes) bytes = apply(draft, changed);
		g_autoptr(MimeMessage) again = parse(bytes);
		g_autofree char *after = mime_edit_text(again);
		g_autofree char *tree =
		    part_to_text(mime_message_structure(again));
		g_auto(GStrv) lines = g_strsplit(tree, "\n", -1);
		g_autoptr(GString) types = g_string_new(NULL);

		for (guint j = 0; lines[j][0] != '\0'; j++) {
			g_auto(GStrv) cell = g_strsplit(lines[j], "\t", -1);

			g_string_append_printf(types, "%s%s", j == 0 ? "" : " ",
					       cell[4] + 1);
		}
		g_assert_cmpstr(types->str, ==, cases[i].types);
		g_assert_cmpstr(after, ==, changed);
	}
}

static void
test_html_alone(void)
{
	g_autoptr(MimeMessage) draft = parse_text(html);
	g_autofree char *text = mime_edit_text(draft);
	g_autofree char *changed = replaced(text, "one", "eins");
	g_autoptr(GBytes) bytes = apply(draft, changed);
	g_autoptr(MimeMessage) again = parse(bytes);
	g_autofree char *after = mime_edit_text(again);

	g_assert_nonnull(strstr(text, "https://x.example/a"));
	g_assert_null(strstr(text, "<p>"));
	g_assert_true(mime_edit_loses_html(draft));
	g_assert_cmpstr(mime_message_structure(again)->type, ==, "text/plain");
	g_assert_cmpstr(after, ==, changed);
}

/* ---- texts ---- */

static void
test_round_trips(void)
{
	static const char *const bodies[] = {
	    "hello\n",
	    "From me\n>From\n From\n  From x\n",
	    "> quoted\n>> twice\n> > twice otherwise\n>tight\n>\n",
	    " one blank\n   three\n\ttab\n",
	    " >no quote\n  > two\n",
	    "\n\n\nstarts empty\n\nends so\n\n\n",
	    "-- \nsignature\n",
	    "--\n---\n",
	    "> -- \n>-- \n",
	    ".\n..\n. x\n",
	    "Grüße =C3 = =3D\n",
	    "日本語の文章です。改行のない長い文章です。日本語の文章です。改行の"
	    "ない長い文章です。\n",
	    "long paragraph with many words that is a good deal longer than "
	    "one line of mail may be wide and so is broken softly  with two "
	    "blanks   and three, > and From here and -- there and so on\n",
	    "> long quote with many words that is a good deal longer than one "
	    "line of mail may be wide and so is broken softly  with two  and "
	    "> signs inside of it\n>short\n",
	    ">long quote with no blank and many words that is a good deal "
	    "longer than one line of mail may be wide\n",
	    "word -- "
	    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"
	    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww and more\n",
	    "                                                                 "
	    "                       far in\n",
	    ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> deep"
	    " and wide, so wide that it would have to be broken somewhere\n",
	    "no line end",
	    "https://x.example/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
	    "From: not a field\nBcc: neither\n\n--B\n\n--B--\n",
	    "🎉 emoji 👩‍👩‍👧 and e\xcc\x81\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_autoptr(MimeMessage) draft = parse_text(foreign);
		g_autofree char *text =
		    g_strconcat("Subject: s\n\n", bodies[i], NULL);
		g_autoptr(GBytes) bytes = apply(draft, text);
		g_autoptr(MimeMessage) again = parse(bytes);
		g_autofree char *after = mime_edit_text(again);
		const char *body = strstr(after, "\n\n") + 2;

		assert_short_lines(bytes);
		if (!g_str_has_prefix(body, bodies[i]))
			g_assert_cmpstr(body, ==, bodies[i]);
		g_assert_cmpuint(strlen(body), <=, strlen(bodies[i]) + 1);
	}
}

/* A blank at a line's end would join two lines that were apart. */
static void
test_trailing_blanks(void)
{
	g_autoptr(MimeMessage) draft = parse_text(plain);
	g_autoptr(GBytes) bytes = apply(draft, "\none  \ntwo \n> q \n> r\n");
	g_autoptr(MimeMessage) again = parse(bytes);
	g_autofree char *after = mime_edit_text(again);

	g_assert_true(g_str_has_suffix(after, "\n\none\ntwo\n> q\n> r\n"));
}

static void
test_odd_bytes(void)
{
	static const char text[] =
	    "\xef\xbb\xbfSubject: Gr\xfc\xdf\x65\r\n\r\nnul \0 esc \033 "
	    "end\r\n";
	g_autoptr(MimeMessage) draft = parse_text(plain);
	g_autoptr(GBytes) bytes =
	    mime_edit_apply(draft, text, sizeof text - 1, NULL);
	g_autoptr(MimeMessage) again = parse(bytes);
	g_autofree char *after = mime_edit_text(again);

	/* no UTF-8: read as the Windows charset, whole */
	g_assert_nonnull(strstr(after, "\nSubject: Grüße\n"));
	g_assert_nonnull(strstr(after, "nul \xef\xbf\xbd esc \xef\xbf\xbd "
				       "end\n"));
}

static void
test_errors(void)
{
	static const struct {
		const char *text;
		MimeError code;
		const char *says;
	} cases[] = {
	    {"From: a@b.example\nhello\n\nx\n", MIME_ERROR_EDIT, "line 2"},
	    {"hello\n", MIME_ERROR_EDIT, "line 1"},
	    {" x\nTo: a@b.example\n", MIME_ERROR_EDIT, "line 1"},
	    {"X-Other: y\n\nx\n", MIME_ERROR_EDIT, "line 1"},
	    {"Content-Type: text/html\n\nx\n", MIME_ERROR_EDIT, "line 1"},
	    {"To: x@y.example\nSubject: a\nSubject: b\n\nx\n", MIME_ERROR_EDIT,
	     "line 3"},
	    {"Subject: a\nTo: x@y.example,\n   z@y.example\nCc: not one\n\nx\n",
	     MIME_ERROR_ADDRESS, "line 4"},
	    {"To: a@b.example,,<\n", MIME_ERROR_ADDRESS, "line 1"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MimeMessage) draft = parse_text(plain);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes = mime_edit_apply(
		    draft, cases[i].text, strlen(cases[i].text), &error);

		g_assert_null(bytes);
		g_assert_error(error, MIME_ERROR, (gint)cases[i].code);
		if (!g_str_has_prefix(error->message, cases[i].says))
			g_error("%s: not %s", error->message, cases[i].says);
	}
}

static void
test_twice(void)
{
	g_autoptr(MimeMessage) draft = parse_text(
	    "To: a@b.example\r\nSubject: s\r\nTo: c@d.example\r\n\r\nb\r\n");
	g_autofree char *text = mime_edit_text(draft);
	g_autoptr(GBytes) bytes =
	    apply(draft, "To: a@b.example\nTo: x@y.example\nSubject: s\n\nb\n");

	g_assert_nonnull(strstr(text, "To: a@b.example, c@d.example\n"));
	assert_equal(bytes, "To: a@b.example, x@y.example\r\nSubject: s\r\n"
			    "\r\nb\r\n");
}

static void
test_many_recipients(void)
{
	g_autoptr(GString) text = g_string_new("To: ");
	g_autoptr(MimeMessage) draft = parse_text(plain);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(MimeMessage) again = NULL;
	g_autoptr(MessageHeader) header = NULL;
	g_autofree char *after = NULL;
	g_autoptr(GBytes) same = NULL;
	g_auto(GStrv) lines = NULL;

	for (guint i = 0; i < 2000; i++)
		g_string_append_printf(text, "%s\"Name, %u\" <a%u@b.example>",
				       i == 0 ? "" : ", ", i, i);
	g_string_append(text, "\n\nx\n");
	bytes = apply(draft, text->str);
	again = parse(bytes);
	header = mime_message_header(again);
	g_assert_cmpuint(header->to->len, ==, 2000);
	after = mime_edit_text(again);
	lines = g_strsplit(after, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++)
		g_assert_cmpuint(strlen(lines[i]), <=, 76);
	same = apply(again, after);
	g_assert_true(g_bytes_equal(same, bytes));
}

static void
test_limits(void)
{
	static const char *const fill[] = {"word ", ">",  "x", "ü",
					   "> q\n", "\n", "> "};
	g_autoptr(MimeMessage) draft = parse_text(plain);
	g_autofree char *large = g_malloc0(MIME_EDIT_MAX + 1);
	g_autoptr(GError) error = NULL;

	g_assert_null(mime_edit_apply(draft, large, MIME_EDIT_MAX + 1, &error));
	g_assert_error(error, MIME_ERROR, MIME_ERROR_LIMIT);
	for (guint i = 0; i < G_N_ELEMENTS(fill); i++) {
		g_autoptr(GString) text = g_string_new("\n");
		/* the whole of it twice, which shows what is quadratic */
		gsize size =
		    MIME_EDIT_MAX >> (i < 2 && !test_is_quick() ? 0 : 4);
		g_autoptr(GBytes) bytes = NULL;

		while (text->len < size)
			g_string_append(text, fill[i]);
		bytes = mime_edit_apply(draft, text->str, size, NULL);
		g_assert_nonnull(bytes);
		assert_short_lines(bytes);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/edit/no-change", test_no_change);
	g_test_add_func("/edit/text", test_text);
	g_test_add_func("/edit/change-fields", test_change_fields);
	g_test_add_func("/edit/change-text", test_change_text);
	g_test_add_func("/edit/foreign", test_foreign);
	g_test_add_func("/edit/html-around", test_html_around);
	g_test_add_func("/edit/html-alone", test_html_alone);
	g_test_add_func("/edit/round-trips", test_round_trips);
	g_test_add_func("/edit/trailing-blanks", test_trailing_blanks);
	g_test_add_func("/edit/odd-bytes", test_odd_bytes);
	g_test_add_func("/edit/errors", test_errors);
	g_test_add_func("/edit/twice", test_twice);
	g_test_add_func("/edit/many-recipients", test_many_recipients);
	g_test_add_func("/edit/limits", test_limits);
	return g_test_run();
}
