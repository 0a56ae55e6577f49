/* test-mime-html.c - HTML as lines: layout, links, what is not shown */
#include <string.h>

#include "mime-error.h"
#include "test-mime-render.h"

#define HTML "text/html; charset=utf-8"
#define BAD "\xef\xbf\xbd"

typedef struct {
	const char *name;
	const char *html;
	guint width;
	const char *lines; /* {style:text}: 5 link, 6 bad link, 7 heading */
} HtmlCase;

static const HtmlCase cases[] = {
    {"blanks", " a \n\t b<b> c</b>d <i>e</i> ", 40, "a b cd e\n"},
    {"paragraphs", "<p>one<p>two</p>three", 40, "one\n\ntwo\n\nthree\n"},
    {"blocks", "<div>a</div><div>b<div>c</div></div>", 40, "a\nb\nc\n"},
    {"line breaks", "a<br>b<br><br><br>c", 40, "a\nb\n\nc\n"},
    {"empty paragraphs", "<p>a</p><p>&nbsp;</p><p></p><p>b</p>", 40,
     "a\n\nb\n"},
    {"wrapped", "<p>alpha beta gamma delta</p>", 12,
     "alpha beta\ngamma delta\n"},
    {"no break", "aaa bbb&nbsp;ccc", 8, "aaa\nbbb ccc\n"},
    {"heading", "<h1>Title</h1>text<h3>Sub</h3>", 40,
     "{7:Title}\n\ntext\n\n{7:Sub}\n"},
    {"list", "<ul><li>one<li>two words<ul><li>in</ul></ul>end", 40,
     "* one\n* two words\n  * in\n\nend\n"},
    {"numbers", "<ol><li>a</li><li>b</li></ol><ol><li>c</ol>", 40,
     "1. a\n2. b\n\n1. c\n"},
    {"hanging", "<ul><li>alpha beta gamma</ul>", 12, "* alpha beta\n  gamma\n"},
    {"item with paragraphs", "<ul><li><p>a</p><p>b</p></li></ul>", 40,
     "* a\n\n  b\n"},
    {"definitions", "<dl><dt>term<dd>what it is</dl>", 40,
     "term\n    what it is\n"},
    {"quote", "a<blockquote>b<blockquote>c</blockquote>d</blockquote>e", 40,
     "a\n\n{1:> b}\n{1:> }\n{2:>> c}\n{1:> }\n{1:> d}\n\ne\n"},
    {"list in a quote", "<blockquote><ul><li>alpha beta</ul></blockquote>", 10,
     "{1:> * alpha}\n{1:>   beta}\n"},
    {"pre", "<pre>\n a  b\n\n\tc</pre>d", 40, " a  b\n\n        c\n\nd\n"},
    {"rule", "<div>a</div><hr>b", 40,
     "a\n----------------------------------------\nb\n"},
    {"entities", "&lt;b&gt; &amp;amp; &eacute; &#8364; &bogus; &", 40,
     "<b> &amp; \xc3\xa9 \xe2\x82\xac &bogus; &\n"},
    {"controls", "a&#27;[31mb\x1b[0m&#x9b;c&#0;", 40, "a[31mb[0m" BAD "c\n"},
    {"bidi", "a&#x202e;b", 40, "ab\n"},
    {"hidden",
     "<head><title>t</title></head><style>s{}</style><script>x()</script>"
     "<p style='Display : NONE'>h</p><span hidden>h</span>"
     "<div style=\"visibility:hidden\">h</div><template>h</template>"
     "<!-- c --><!DOCTYPE x>shown",
     40, "shown\n"},
    {"script never ends", "a<script>b<p>c", 40, "a\n"},
    {"nothing is shown", "", 40, ""},
    {"no html", "just text <", 40, "just text <\n"},
    {"broken", "<b>a<i>b</b>c</i></p></div><x y=\"z>d", 40, "abc\n"},
    {"picture", "<img alt='A logo' src=x.png> <img src=y.png>", 40, "A logo\n"},
    /* tables */
    {"table",
     "<table><tr><th>Item</th><th>Qty</th><th>Price</th></tr>"
     "<tr><td>Punched cards</td><td>2000</td><td>14.00</td></tr>"
     "<tr><td>Brass gear</td><td>12</td><td>96.50</td></tr></table>",
     60,
     "Item           Qty   Price\n"
     "-------------  ----  -----\n"
     "Punched cards  2000  14.00\n"
     "Brass gear       12  96.50\n"},
    {"table without a head", "<table><tr><td>a<td>b<tr><td>cc<td>d</table>e",
     40, "a   b\ncc  d\n\ne\n"},
    {"paragraphs in cells",
     "<table><tr><td><p>a</p><td>b<tr><td>c<td>d</table>", 40, "a  b\nc  d\n"},
    {"cells that wrap",
     "<table><tr><td>key<td>alpha beta gamma<tr><td>k2<td>delta</table>", 17,
     "key  alpha beta\n     gamma\nk2   delta\n"},
    {"empty columns and rows",
     "<table><tr><td>a<td>&nbsp;<td>b<tr><td><tr><td>c<td><td>d</table>", 40,
     "a  b\nc  d\n"},
    {"one column", "<table><tr><td>a<tr><td>b</table>", 40, "a\nb\n"},
    {"one row", "<table><tr><td>a<td>b</table>", 40, "a  b\n"},
    {"for layout",
     "<table><tr><td><table><tr><td>a</table></td><td><p>b</p><p>c</p></td>"
     "</tr></table>",
     40, "a\n\nb\n\nc\n"},
    {"too wide",
     "<table><tr><td>aaaaaaaaaa<td>bbbbbbbbbb<td>cc<tr><td>d<td>e</table>", 12,
     "aaaaaaaaaa\nbbbbbbbbbb\ncc\nd  e\n"},
    {"never ends", "<table><tr><td>a<td>b<tr><td>c<td>d", 40, "a  b\nc  d\n"},
    {"cells outside", "<td>a<tr>b", 40, "a\nb\n"},
    {"table in a quote",
     "<blockquote><table><tr><td>a<td>b<tr><td>c<td>d</table></blockquote>", 40,
     "{1:> a  b}\n{1:> c  d}\n"},
    /* links */
    {"link", "see <a href='http://x.example/'>this</a>.", 40,
     "see {5:this} {5:[1]}.\n"},
    {"same link",
     "<a href='http://x.example/'>a</a> "
     "<a href='http://x.example/'>b</a>",
     40, "{5:a} {5:[1]} {5:b} {5:[1]}\n"},
    {"link of a picture", "<a href='http://x.example/'><img src=y></a>", 40,
     "{5:[1]}\n"},
    {"no link",
     "<a name=x>a</a> <a href='#x'>b</a> "
     "<a href='javascript:c()'>c</a> <a href='file:///x'>d</a>",
     40, "a b c d\n"},
    {"other host", "<a href='http://evil.example/'>www.bank.example</a>", 60,
     "{5:www.bank.example} {6:[1! evil.example]}\n"},
    {"link in a heading", "<h1><a href='http://x.example/'>t</a></h1>", 40,
     "{7:t} {5:[1]}\n"},
};

static void
test_layout(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
		    rendered(HTML, cases[i].html, cases[i].width);

		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(text, ==, cases[i].lines);
	}
}

/* ---- links that lie ---- */

typedef struct {
	const char *href;
	const char *shown;
	const char *real; /* NULL: no caution */
} LinkCase;

static const LinkCase link_cases[] = {
    {"http://bank.example/", "bank.example", NULL},
    {"http://www.bank.example/", "bank.example", NULL},
    {"http://click.bank.example/x", "www.bank.example", NULL},
    {"http://BANK.example/", "Bank.Example/login", NULL},
    {"http://bank.example./", "bank.example", NULL},
    {"http://bank.example:8080/", "bank.example", NULL},
    {"http://evil.example/", "click here", NULL},
    {"http://evil.example/", "version 3.14", NULL},
    {"http://evil.example/", "notes.pdf", NULL},
    {"http://evil.example/", "3.14", NULL},
    {"http://evil.example/", "e.g.", NULL},
    {"http://shop.bank.co.uk/", "www.bank.co.uk", NULL},
    {"mailto:ada@x.example", "ada@x.example", NULL},
    {"tel:123", "bank.example", NULL},
    {"http://evil.example/", "bank.example", "evil.example"},
    {"http://evil.example/", "  http://bank.example/login ", "evil.example"},
    {"http://evil.example/", "Log in at www.bank.example now", "evil.example"},
    {"http://bank.example.evil.example/", "bank.example",
     "bank.example.evil.example"},
    {"http://evilbank.example/", "bank.example", "evilbank.example"},
    {"http://www.bank.example@evil.example/", "www.bank.example",
     "evil.example"},
    {"http://bank.example:80@evil.example/", "bank.example", "evil.example"},
    {"http://evil.example\\@bank.example/", "bank.example", "evil.example"},
    {"http:evil.example/", "bank.example", "evil.example"},
    {"http:////evil.example/", "bank.example", "evil.example"},
    {" ht\ntp://evil.example/", "bank.example", "evil.example"},
    {"http://192.0.2.1/", "bank.example", "192.0.2.1"},
    {"http://[2001:db8::1]:80/", "bank.example", "[2001:db8::1]"},
    {"http://b\xc3\xa4nk.example/", "bank.example", "xn--bnk-qla.example"},
    {"http://bank.example/", "b\xc3\xa4nk.example", "bank.example"},
    {"http://evil.co.uk/", "bank.co.uk", "evil.co.uk"},
    {"mailto:mallory@evil.example", "ada@bank.example", "evil.example"},
    {"http://evil.example/", "(bank.example)", "evil.example"},
};

static void
check_link(const LinkCase *test)
{
	g_autofree char *html =
	    g_strdup_printf("<a href=\"%s\">%s</a>", test->href, test->shown);
	g_autoptr(MimeText) text = rendered_text(HTML, html, strlen(html), 80);
	const MimeCaution *caution;

	g_test_message("%s", html);
	g_assert_cmpuint(text->links->len, ==, 1);
	g_assert_cmpuint(text->cautions->len, ==, test->real != NULL);
	if (test->real == NULL)
		return;
	caution = g_ptr_array_index(text->cautions, 0);
	g_assert_cmpstr(caution->real, ==, test->real);
	g_assert_cmpuint(caution->link, ==, 1);
	g_assert_cmpstr(caution->shown, !=, test->real);
}

static void
test_cautions(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(link_cases); i++)
		check_link(&link_cases[i]);
}

/* A text that covers several elements, and one link behind the other. */
static void
test_caution_pieces(void)
{
	static const char html[] =
	    "<a href='http://ok.example/'>a</a> "
	    "<a href='http://evil.example/'>www.<b>bank</b>.example</a>";
	g_autoptr(MimeText) text =
	    rendered_text(HTML, html, sizeof html - 1, 80);
	const MimeCaution *caution;

	g_assert_cmpuint(text->cautions->len, ==, 1);
	caution = g_ptr_array_index(text->cautions, 0);
	g_assert_cmpuint(caution->link, ==, 2);
	g_assert_cmpstr(caution->shown, ==, "www.bank.example");
}

/* ---- pictures ---- */

static void
test_remote(void)
{
	static const char html[] =
	    "<img src='http://a/1'><img src='//b/2'><img src='cid:x'>"
	    "<img src='data:image/png;base64,AA'><img src='3.png'>"
	    "<table background='https://c/4'><tr><td>x</table>"
	    "<div style='background:url( \"http://d/5\")'>y</div>"
	    "<img style='display:none' src='https://e/6'>";
	g_autoptr(MimeText) text =
	    rendered_text(HTML, html, sizeof html - 1, 80);

	g_assert_cmpuint(text->remote_pictures, ==, 5);
	g_assert_true(text->is_html);
}

static void
test_named_picture(void)
{
	g_autoptr(Part) root = part_new("", "multipart/related");
	Part *html = part_new("1", "text/html");
	Part *picture = part_new("2", "image/png");
	static const char body[] = "a <img src='cid:p@x'> <img src='cid:no'>";
	g_autoptr(GBytes) bytes = g_bytes_new_static(body, sizeof body - 1);
	MimeRenderOptions options = {.width = 40, .root = root};
	g_autoptr(MimeText) text = mime_text_new();
	g_autofree char *lines = NULL;

	picture->content_id = g_strdup("p@x");
	picture->filename = g_strdup("draw\x1bing.png");
	g_ptr_array_add(root->children, html);
	g_ptr_array_add(root->children, picture);
	g_assert_true(mime_render_part(text, html, bytes, &options, NULL));
	lines = lines_to_string(text->lines);
	g_assert_cmpstr(lines, ==, "a [draw" BAD "ing.png]\n");
}

/* Several parts in one text: links go on counting. */
static void
test_two_parts(void)
{
	static const char *const bodies[] = {
	    "<a href='http://a.example'>a</a>",
	    "<a href='http://b.example'>b</a> <a href='http://a.example'>c</a>",
	};
	g_autoptr(MimeText) text = mime_text_new();
	g_autoptr(Part) part = part_new("1", "text/html");
	MimeRenderOptions options = {.width = 60};
	g_autofree char *lines = NULL;

	for (guint i = 0; i < 2; i++) {
		g_autoptr(GBytes) bytes =
		    g_bytes_new(bodies[i], strlen(bodies[i]));

		g_assert_true(
		    mime_render_part(text, part, bytes, &options, NULL));
	}
	lines = lines_to_string(text->lines);
	g_assert_cmpstr(lines, ==,
			"{5:a} {5:[1]}\n\n{5:b} {5:[2]} {5:c} {5:[1]}\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/html/layout", test_layout);
	g_test_add_func("/html/cautions", test_cautions);
	g_test_add_func("/html/caution-pieces", test_caution_pieces);
	g_test_add_func("/html/remote", test_remote);
	g_test_add_func("/html/named-picture", test_named_picture);
	g_test_add_func("/html/two-parts", test_two_parts);
	return g_test_run();
}
