/* test-base-text.c - what may reach a terminal, and how wide it is there */
#include "base-text.h"

#include <string.h>

typedef struct {
	const char *text;
	gssize len;
	const char *clean;
} CleanCase;

#define BAD "\xef\xbf\xbd"

static const CleanCase line_cases[] = {
    {"plain", -1, "plain"},
    {"", -1, ""},
    {"a  b", -1, "a  b"},
    {"a\tb\r\nc\vd\fe", -1, "a b  c d e"},
    /* sequences of the terminal begin with one of these */
    {"\x1b[31mred", -1, BAD "[31mred"},
    {"\x1b]0;title\x07", -1, BAD "]0;title" BAD},
    {"a\xc2\x9b"
     "31m",
     -1, "a" BAD "31m"},
    {"a\xc2\x90q\xc2\x9c", -1, "a" BAD "q" BAD},
    {"\x9b"
     "31m",
     -1, BAD "31m"},
    {"del\x7f", -1, "del" BAD},
    {"nul\0nul", 7, "nul" BAD "nul"},
    {"a\xc2\x85"
     "b\xe2\x80\xa8"
     "c\xe2\x80\xa9"
     "d",
     -1, "a b c d"},
    /* bidirectional controls: invoice\u202Efdp.exe */
    {"invoice\xe2\x80\xae"
     "fdp.exe",
     -1, "invoicefdp.exe"},
    {"a\xe2\x81\xa6"
     "b\xe2\x81\xa9"
     "c\xe2\x80\x8f"
     "d\xd8\x9c"
     "e",
     -1, "abcde"},
    /* what cannot be seen */
    {"pay\xe2\x80\x8b"
     "pal\xef\xbb\xbf"
     "\xc2\xad!",
     -1, "paypal!"},
    {"tag\xf3\xa0\x81\xa1\xf3\xa0\x80\xa0", -1, "tag"},
    {"fill\xe3\x85\xa4"
     "er",
     -1, "filler"},
    /* private use, non-characters */
    {"\xee\x80\x80\xef\xbf\xbe\xf4\x80\x80\x80", -1, BAD BAD BAD},
    /* broken UTF-8: a bad byte each */
    {"\xff\xfe", -1, BAD BAD},
    {"\xe2\x82", -1, BAD BAD},
    {"\xed\xa0\x80", -1, BAD BAD BAD},
    {"\xc0\xaf", -1, BAD BAD},
    {"\xf0\x9f\x98\x80 ok", -1, "\xf0\x9f\x98\x80 ok"},
    /* joiners between letters stay, at the end and on nothing they go */
    {"\xd9\x85\xe2\x80\x8c\xd9\x87", -1, "\xd9\x85\xe2\x80\x8c\xd9\x87"},
    {"a\xe2\x80\x8d", -1, "a"},
    {"\xe2\x80\x8d"
     "a",
     -1, "a"},
    /* a mark needs something to stand on */
    {"\xcc\x81x", -1, "x"},
    {" \xcc\x81x", -1, " x"},
    {"e\xcc\x81", -1, "e\xcc\x81"},
};

static void
test_clean_line(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(line_cases); i++) {
		g_autofree char *clean =
		    text_clean_line(line_cases[i].text, line_cases[i].len);

		g_assert_cmpstr(clean, ==, line_cases[i].clean);
		g_assert_true(g_utf8_validate(clean, -1, NULL));
	}
}

/* Whatever comes in, nothing of this goes out. */
static void
assert_harmless(const char *text, bool lines)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_assert_true(c >= 0x20 || (lines && c == '\n'));
		g_assert_false(c >= 0x7f && c < 0xa0);
		g_assert_false(c >= 0x202a && c <= 0x202e);
		g_assert_false(c >= 0x2066 && c <= 0x2069);
	}
}

static void
test_clean_any_bytes(void)
{
	static const char hostile[] = "\xe2\x80\xae\x1b\xcc\x81"
				      "a\n";
	GRand *rand = g_rand_new_with_seed(7);
	guchar bytes[257];

	for (guint i = 0; i < 4000; i++) {
		gsize len = (gsize)g_rand_int_range(rand, 0, 256);
		g_autofree char *line = NULL;
		g_autofree char *lines = NULL;

		for (gsize k = 0; k < len; k++) {
			guint32 any = g_rand_int(rand);

			bytes[k] =
			    i % 2 ? (guchar)any : (guchar)hostile[any % 8];
		}
		line = text_clean_line((char *)bytes, (gssize)len);
		lines = text_clean_lines((char *)bytes, (gssize)len);
		assert_harmless(line, false);
		assert_harmless(lines, true);
	}
	g_rand_free(rand);
}

static void
test_combining_flood(void)
{
	g_autoptr(GString) text = g_string_new("a");
	g_autofree char *clean = NULL;

	for (guint i = 0; i < 5000; i++)
		g_string_append(text, "\xcc\x81");
	g_string_append(text, "b");
	clean = text_clean_line(text->str, (gssize)text->len);
	g_assert_cmpuint(strlen(clean), ==, 1 + 8 * 2 + 1);
	g_assert_cmpuint(text_width(clean, -1), ==, 2);
	/* ZWJ counts as a mark too */
	g_string_assign(text, "a");
	for (guint i = 0; i < 5000; i++)
		g_string_append(text, "\xe2\x80\x8d");
	g_string_append(text, "b");
	g_free(clean);
	clean = text_clean_line(text->str, (gssize)text->len);
	g_assert_cmpuint(strlen(clean), ==, 1 + 8 * 3 + 1);
}

static void
test_clean_lines(void)
{
	static const CleanCase cases[] = {
	    {"a\nb", -1, "a\nb"},
	    {"a\r\nb\rc", -1, "a\nb c"},
	    {"\tx", -1, "        x"},
	    {"abc\tx\ty", -1, "abc     x       y"},
	    {"12345678\tx", -1, "12345678        x"},
	    {"\xe4\xb8\xad\tx", -1, "\xe4\xb8\xad      x"},
	    {"ab\n\tx", -1, "ab\n        x"},
	    {"a\x1b[2J\nb", -1, "a" BAD "[2J\nb"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *clean =
		    text_clean_lines(cases[i].text, cases[i].len);

		g_assert_cmpstr(clean, ==, cases[i].clean);
	}
}

/* A line of tabs once cost the square of its length. */
static void
test_many_tabs(void)
{
	gsize len = 300000;
	g_autofree char *tabs = g_strnfill(len, '\t');
	gint64 start = g_get_monotonic_time();
	g_autofree char *clean = text_clean_lines(tabs, (gssize)len);

	g_assert_cmpuint(strlen(clean), ==, 8 * len);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
}

#define FAMILY                                                                 \
	"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d"             \
	"\xf0\x9f\x91\xa7"
#define FLAG_DE "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa"
#define THUMB_DARK "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbf"
#define HEART "\xe2\x9d\xa4\xef\xb8\x8f"

static const struct {
	const char *text;
	guint width;
	gsize first; /* bytes of the first cluster */
} width_cases[] = {
    {"", 0, 0},
    {"abc", 3, 1},
    {"\xc3\xa4", 1, 2},
    {"a\xcc\x88", 1, 3},
    {"\xe4\xb8\xad\xe6\x96\x87", 4, 3},
    {"\xef\xbc\xa1", 2, 3}, /* full width A */
    {"\xf0\x9f\x98\x80", 2, 4},
    {FAMILY, 2, sizeof(FAMILY) - 1},
    {FLAG_DE "x", 3, 8},
    {"\xf0\x9f\x87\xa9", 1, 4},
    {THUMB_DARK, 2, 8},
    {HEART, 2, 6},
    {"1\xef\xb8\x8f\xe2\x83\xa3", 2, 7},
    {"\xe0\xa4\x95\xe0\xa5\x8d", 1, 6},
};

static void
test_width(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(width_cases); i++) {
		const char *text = width_cases[i].text;
		guint first;

		g_test_message("case %u", i);
		g_assert_cmpuint(text_width(text, -1), ==,
				 width_cases[i].width);
		g_assert_cmpuint(text_cluster(text, strlen(text), &first), ==,
				 width_cases[i].first);
	}
}

static void
test_cut(void)
{
	static const struct {
		const char *text;
		guint columns;
		gsize bytes;
	} cases[] = {
	    {"abcdef", 3, 3},
	    {"abc", 10, 3},
	    {"abc", 0, 0},
	    {"\xe4\xb8\xad\xe6\x96\x87", 3, 3},
	    {"\xe4\xb8\xad", 1, 0},
	    {"e\xcc\x81x", 1, 3},
	    {FAMILY "x", 2, sizeof(FAMILY) - 1},
	    {FAMILY, 1, 0},
	    {FLAG_DE "x", 2, 8},
	    {"a" FLAG_DE, 2, 1},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpuint(text_cut(cases[i].text, -1, cases[i].columns),
				 ==, cases[i].bytes);
}

/* Whatever the text, its cut fits and its pad fills. */
static void
test_cut_and_pad_any(void)
{
	g_autofree char *text =
	    g_strconcat("a" FAMILY "\xe4\xb8\xad" FLAG_DE "e\xcc\x81" HEART,
			"1\xef\xb8\x8f\xe2\x83\xa3z", NULL);

	for (guint columns = 0; columns < 20; columns++) {
		g_autofree char *padded = text_pad(text, columns);
		g_autofree char *dots =
		    text_ellipsis(text, columns, "\xe2\x80\xa6");

		g_assert_cmpuint(text_width(padded, -1), ==, columns);
		g_assert_cmpuint(text_width(dots, -1), <=, columns);
		g_assert_true(g_utf8_validate(padded, -1, NULL));
	}
}

static void
test_ellipsis(void)
{
	static const struct {
		const char *text;
		guint columns;
		const char *want;
	} cases[] = {
	    {"short", 10, "short"},
	    {"exact", 5, "exact"},
	    {"longer", 4, "lon~"},
	    {"longer", 1, "~"},
	    {"longer", 0, ""},
	    {"\xe4\xb8\xad\xe6\x96\x87", 3, "\xe4\xb8\xad~"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *cut =
		    text_ellipsis(cases[i].text, cases[i].columns, "~");

		g_assert_cmpstr(cut, ==, cases[i].want);
	}
}

static void
test_fold(void)
{
	static const char *const cases[][2] = {
	    {"ASCII", "ascii"},
	    {"Gr\xc3\xbc\xc3\x9f"
	     "e",
	     "grusse"},
	    {"\xc3\x89T\xc3\x89", "ete"},
	    {"E\xcc\x81", "e"},
	    {"\xef\xac\x81n", "fin"}, /* the ligature */
	    {"\xce\xa3\xce\xb1\xcf\x82", "\xcf\x83\xce\xb1\xcf\x83"},
	    {"\xc4\xb0", "i"},
	    {"\xff", BAD},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *folded = text_fold(cases[i][0], -1);

		g_assert_cmpstr(folded, ==, cases[i][1]);
	}
}

static void
test_to_utf8(void)
{
	static const char *const cases[][2] = {
	    {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
	    {"gr\xfc\xdf", "gr\xc3\xbc\xc3\x9f"},
	    {"\x80 5", "\xe2\x82\xac 5"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *utf8 = text_to_utf8(cases[i][0], -1);

		g_assert_cmpstr(utf8, ==, cases[i][1]);
	}
	/* one of the five holes of windows-1252 */
	{
		g_autofree char *utf8 = text_to_utf8("\x81\xff", -1);

		g_assert_true(g_utf8_validate(utf8, -1, NULL));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/text/clean-line", test_clean_line);
	g_test_add_func("/base/text/clean-any-bytes", test_clean_any_bytes);
	g_test_add_func("/base/text/combining-flood", test_combining_flood);
	g_test_add_func("/base/text/clean-lines", test_clean_lines);
	g_test_add_func("/base/text/many-tabs", test_many_tabs);
	g_test_add_func("/base/text/width", test_width);
	g_test_add_func("/base/text/cut", test_cut);
	g_test_add_func("/base/text/cut-and-pad-any", test_cut_and_pad_any);
	g_test_add_func("/base/text/ellipsis", test_ellipsis);
	g_test_add_func("/base/text/fold", test_fold);
	g_test_add_func("/base/text/to-utf8", test_to_utf8);
	return g_test_run();
}
