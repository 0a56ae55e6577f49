/* test-base-charset.c - other charsets, and encoded words of headers */
#include "base-charset.h"

#include <string.h>

static void
test_to_utf8(void)
{
	static const struct {
		const char *text;
		gsize len;
		const char *charset;
		const char *want; /* NULL: unknown charset */
	} cases[] = {
	    {"gr\xfc\xdf", 4, "ISO-8859-1", "gr\xc3\xbc\xc3\x9f"},
	    {"\xa4", 1, "iso-8859-15", "\xe2\x82\xac"},
	    {"gr\xc3\xbc", 4, "us-ascii", "gr\xc3\xbc"},
	    {"\x93q\x94", 3, "iso-8859-1", "\xe2\x80\x9cq\xe2\x80\x9d"},
	    {"\x1b$B$\"\x1b(B", 8, "ISO-2022-JP", "\xe3\x81\x82"},
	    {"\xb0\xa1", 2, "ks_c_5601-1987", "\xea\xb0\x80"},
	    {"\xc4\xe3", 2, "gb2312", "\xe4\xbd\xa0"},
	    {"x", 1, "no-such-charset", NULL},
	    {"x", 1, "", NULL},
	    {"x", 1, "UTF-16//IGNORE", NULL},
	    {"x", 1, "../../../tmp/x", NULL},
	    {"a\0b", 3, "iso-8859-2", "a b"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *utf8 = charset_to_utf8(
		    cases[i].text, cases[i].len, cases[i].charset);

		g_assert_cmpstr(utf8, ==, cases[i].want);
	}
}

static void
test_words(void)
{
	static const char *const cases[][2] = {
	    {"plain", "plain"},
	    {"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Gr\xc3\xbc\xc3\x9f"
					    "e"},
	    {"=?UTF-8?b?R3LDvMOf?=", "Gr\xc3\xbc\xc3\x9f"},
	    {"=?iso-8859-1?q?a_b=FC?= c", "a b\xc3\xbc c"},
	    /* blanks between two words do not count, also with a fold */
	    {"=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"},
	    {"=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"},
	    /* a character torn between two words */
	    {"=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "\xc3\xbc"},
	    {"=?utf-8*de?q?x?=", "x"},
	    {"=?x-unknown?q?Bob?=", "Bob"},
	    {"=?utf-8?x?Bob?=", "=?utf-8?x?Bob?="},
	    {"=?utf-8?q?never", "=?utf-8?q?never"},
	    {"=?=?=?", "=?=?=?"},
	    {"=??q?x?=", "=??q?x?="},
	    {"=?utf-8?q?"
	     "?=",
	     ""},
	    {"a\r\n b", "a b"},
	    {"raw \xfc", "raw \xc3\xbc"},
	    {"=?utf-8?q?a=0D=0AX-Evil:_1?=", "aX-Evil: 1"},
	    {"=?utf-8?q?a=00b?=", "a b"},
	    {"=?utf-8?b?!!!?=", ""},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
		    words_decode(cases[i][0], strlen(cases[i][0]));

		g_assert_cmpstr(text, ==, cases[i][1]);
	}
}

/* "=?=?=?…" must not cost the square of its length. */
static void
test_words_long(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	gint64 start = g_get_monotonic_time();
	g_autofree char *decoded = NULL;

	for (guint i = 0; i < 50000; i++)
		g_string_append(text, "=?utf-8?q?");
	decoded = words_decode(text->str, text->len);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
	g_assert_true(g_utf8_validate(decoded, -1, NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/charset/to-utf8", test_to_utf8);
	g_test_add_func("/base/charset/words", test_words);
	g_test_add_func("/base/charset/words-long", test_words_long);
	return g_test_run();
}
