/* test-mime-limits.c - messages made to be slow, deep or large: the time is
 * that of one pass over them */
#include <string.h>

#include "mime-error.h"
#include "mime-header.h"
#include "test-mime-render.h"
#include "test-size.h"

#define HTML "Content-Type: text/html; charset=utf-8\n\n"
#define MIXED "Content-Type: multipart/mixed; boundary=b"

/* far above what any needs, far below what a pass for each byte would take */
#define SECONDS_MAX 8

static char *
repeated(const char *head, const char *text, guint n)
{
	GString *out = g_string_new(head);
	gsize len = strlen(text);

	for (guint i = 0; i < n; i++)
		g_string_append_len(out, text, (gssize)len);
	return g_string_free(out, FALSE);
}

typedef struct {
	const char *name;
	const char *head;
	const char *piece;
	guint n;
	guint quick;       /* where each step is dear; meets the same limits */
	const char *shown; /* (nullable): is in the text */
	bool is_cut;
} LimitCase;

static const LimitCase cases[] = {
    {"deep elements", HTML, "<div>", 200000, 40000, NULL, true},
    {"20,000 elements", HTML, "<b>", 20000, 20000, NULL, false},
    {"deep tables", HTML, "<table><tr><td>x", 5000, 625, "x", false},
    {"deep lists", HTML, "<ul><li>x", 5000, 625, "* x", false},
    {"deep quotes", HTML, "<blockquote>x", 5000, 625, ">>> x", false},
    {"ends without a beginning", HTML "<b><b><b>", "</i>", 300000, 37500, NULL,
     false},
    {"attributes", HTML "<a ", "a=b ", 300000, 37500, NULL, false},
    {"different attributes", HTML "<a x='", "' y", 300000, 37500, NULL, false},
    {"brackets", HTML, "<", 1000000, 125000, NULL, false},
    {"comments", HTML, "<!--", 300000, 37500, NULL, false},
    {"entities", HTML, "&amp;", 500000, 62500, "&&&", false},
    {"entities of its own",
     HTML "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>",
     "&b;", 10000, 1250, NULL, false},
    {"links", HTML, "<a href='http://x.example/'>y.example</a>", 20000, 2500,
     "[1! x.example]", false},
    {"pictures", HTML, "<img src='http://x/y'>", 100000, 12500, NULL, false},
    {"cells", HTML "<table>", "<tr><td>a<td>b", 20000, 2500, "a", false},
    {"too many lines", HTML, "x<br>", MIME_LINES_MAX + 10, MIME_LINES_MAX + 10,
     "x", true},
    {"too large", HTML, "0123456789 ", 500000, 385000, "0123", true},
    {"long word", "\n", "x", 1000000, 125000, "xxx", false},
    {"quote signs", "\n", ">", 1000000, 125000, NULL, false},
    {"tabs", "\n", "\t", 4000000, 100000, NULL, false},
    {"links in text", "\n", "http://", 300000, 37500, NULL, false},
    {"brackets behind a link", "\nhttp://x.example/(", ")", 1000000, 125000,
     "http", false},
    {"flowed", "Content-Type: text/plain; format=flowed\n\n", "word \n", 300000,
     37500, "word word", false},
    {"marks", "Content-Type: text/plain; charset=utf-8\n\ne", "\xcc\x81",
     1000000, 125000, NULL, false},
    {"parts", MIXED "\n\n", "--b\n\nx\n", 3 * PART_COUNT_MAX,
     PART_COUNT_MAX + 2000, "x", true},
    {"nested parts", "", MIXED "\n\n--b\n", 10000, 2000, NULL, true},
    {"nested messages", "", "Content-Type: message/rfc822\n\n", 10000, 2000,
     NULL, true},
    {"dashes", MIXED "----------------\n\n", "--b-------------\n", 100000,
     12500, NULL, false},
    {"padding", "Content-Transfer-Encoding: base64\n\n", "QQ==", 1000000,
     125000, "AAA", false},
    {"soft breaks", "Content-Transfer-Encoding: quoted-printable\n\n", "=41=\n",
     1000000, 125000, "AAA", false},
    {"uuencode", "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n",
     "M\n", 1000000, 125000, NULL, false},
    {"parameters", "Content-Type: text/plain", "; name*9=x", 5000, 5000, NULL,
     false},
    {"folds", "Subject:", "\n x", 300000, 37500, NULL, false},
    {"fields", "", "X: y\n", 1000000, 125000, NULL, false},
};

static void
check_case(const LimitCase *test)
{
	char *message =
	    repeated(test->head, test->piece, test_size(test->n, test->quick));
	g_autoptr(GBytes) bytes = g_bytes_new_take(message, strlen(message));
	MimeRenderOptions options = {.width = 60};
	gint64 begun = test_time_used();
	g_autoptr(MimeMessage) parsed = mime_message_new(bytes, NULL);
	g_autoptr(MimeText) text =
	    mime_render_message(parsed, false, &options, NULL);
	g_autoptr(MessageHeader) header = mime_message_header(parsed);
	gint64 took = test_time_used() - begun;
	g_autofree char *lines = mime_text_join(text, true);

	g_test_message("%s: %d ms, %u lines", test->name, (int)(took / 1000),
		       text->lines->len);
	g_assert_nonnull(header->subject);
	g_assert_cmpint(took, <, SECONDS_MAX * G_USEC_PER_SEC);
	g_assert_cmpuint(text->lines->len, <=, MIME_LINES_MAX);
	g_assert_cmpuint(text->links->len, <=, MIME_LINKS_MAX);
	g_assert_true(text->is_cut == test->is_cut);
	if (test->shown != NULL)
		g_assert_nonnull(strstr(lines, test->shown));
	check_lines(text->lines, 60);
}

static void
test_slow(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		check_case(&cases[i]);
}

/* What is deep inside is shown all the same. */
static void
test_deep_text(void)
{
	g_autofree char *begin = repeated("", "<div>", 20000);
	g_autofree char *end = repeated("", "</div>", 20000);
	g_autofree char *html =
	    g_strconcat(begin, "deep <i>inside</i>", end, "<p>after", NULL);
	g_autofree char *text = rendered("text/html", html, 40);

	g_assert_cmpstr(text, ==, "deep inside\n\nafter\n");
}

/* Each picture asks for its part: many of both. */
static void
test_pictures(void)
{
	g_autofree char *parts = repeated("", "\n--b\n\nx", 9000);
	g_autofree char *html = repeated("", "<img src='cid:none@x.example'>",
					 test_size(100000, 12500));
	char *message =
	    g_strconcat(MIXED "\n\n--b\n" HTML, html, parts, "\n--b--\n", NULL);
	g_autoptr(GBytes) bytes = g_bytes_new_take(message, strlen(message));
	g_autoptr(MimeMessage) parsed = mime_message_new(bytes, NULL);
	MimeRenderOptions options = {.width = 60};
	gint64 begun = test_time_used();
	g_autoptr(MimeText) text =
	    mime_render_message(parsed, false, &options, NULL);

	g_assert_cmpuint(text->lines->len, >, 9000);
	g_assert_cmpint(test_time_used() - begun, <,
			SECONDS_MAX * G_USEC_PER_SEC);
}

static void
test_too_large(void)
{
	char *data = g_malloc(MIME_MESSAGE_MAX + 1);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GBytes) largest = NULL;
	g_autoptr(GBytes) decoded = NULL;
	g_autoptr(MimeMessage) accepted = NULL;
	g_autoptr(MimeMessage) message = NULL;
	g_autoptr(GBytes) part = NULL;
	g_autoptr(GError) error = NULL;
	gsize size = test_is_quick() ? MIME_MESSAGE_MAX / 8 : MIME_MESSAGE_MAX;
	gint64 begun = test_time_used();

	memset(data, 'x', MIME_MESSAGE_MAX + 1);
	memcpy(data, "Content-Transfer-Encoding: base64\n\n", 35);
	bytes = g_bytes_new_take(data, MIME_MESSAGE_MAX + 1);
	largest = g_bytes_new_from_bytes(bytes, 0, MIME_MESSAGE_MAX);
	g_assert_null(mime_message_new(bytes, &error));
	g_assert_error(error, MIME_ERROR, MIME_ERROR_LIMIT);
	accepted = mime_message_new(largest, NULL);
	g_assert_nonnull(accepted);
	decoded = g_bytes_new_from_bytes(bytes, 0, size);
	message = mime_message_new(decoded, NULL);
	part = mime_message_decode(message, "1", NULL);
	g_assert_cmpuint(g_bytes_get_size(part), >, size / 4 * 3 - 100);
	g_assert_cmpint(test_time_used() - begun, <,
			SECONDS_MAX * G_USEC_PER_SEC);
}

/* 100,000 References, and names of 64 KB. */
static void
test_header(void)
{
	g_autofree char *refs =
	    repeated("References:", " <a@x.example>", 100000);
	g_autofree char *name = g_strnfill(64 << 10, 'n');
	g_autofree char *block = g_strdup_printf(
	    "From: \"%s\" <a@b.example>\nTo: %s <c@d>\n%s\n", name, name, refs);
	gint64 begun = test_time_used();
	g_autoptr(MessageHeader) header =
	    mime_header_parse(block, MIN(strlen(block), MIME_HEADER_MAX));

	g_assert_cmpuint(g_strv_length(header->references), ==,
			 MESSAGE_REFERENCES_MAX);
	g_assert_cmpuint(header->from->len, ==, 1);
	g_assert_cmpint(test_time_used() - begun, <, G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/limits/slow", test_slow);
	g_test_add_func("/limits/deep-text", test_deep_text);
	g_test_add_func("/limits/pictures", test_pictures);
	g_test_add_func("/limits/too-large", test_too_large);
	g_test_add_func("/limits/header", test_header);
	return g_test_run();
}
