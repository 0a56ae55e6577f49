/* test-mime-decode.c - transfer encodings and charsets, true and lying */
#include "mime-message.h"

#include <string.h>

#include "mime-error.h"

typedef struct {
	const char *encoding;
	const char *encoded;
	const char *decoded;
} DecodeCase;

static const DecodeCase decode_cases[] = {
    {"7bit", "a=41\n", "a=41\n"},
    {"", "a=41", "a=41"},
    {"nonsense", "a=41", "a=41"},
    {"base64", "SGVsbG8=", "Hello"},
    {"base64", "SGVs\r\nbG8=\r\n", "Hello"},
    {"base64", "SGVsbG8", "Hello"},
    {"base64", "SGVsbG8gd29ybGQ", "Hello world"},
    {"base64", "  SGVsbG8=  ", "Hello"},
    /* blocks that were put together */
    {"base64", "SGk=SGk=", "HiHi"},
    {"base64", "SGVsbG8=\n____________\nThe list and its page\n",
     "Hello____________\nThe list and its page\n"},
    {"base64", "SGVsbG8= and text\nSGk=", "Helloand text\nHi"},
    {"base64", "?garbage", "?garbage"},
    {"base64", "?garbage?!?", "?garbage?!?"},
    {"base64", "SGV!sbG8gd29ybGQ=", "Hello world"},
    {"base64", "====", ""},
    {"base64", "A", ""},
    {"base64", "", ""},
    {"quoted-printable", "a=41=\r\nb\r\n", "aAb\r\n"},
    {"quoted-printable", "soft =  \nbreak", "soft break"},
    {"quoted-printable", "blanks  \t\n", "blanks\n"},
    {"quoted-printable", "=c3=A4", "\xc3\xa4"},
    {"quoted-printable", "no=ZZ code = here=", "no=ZZ code = here"},
    {"quoted-printable", "cut=4", "cut=4"},
    {"quoted-printable", "=", ""},
    {"x-uuencode", "begin 644 x\n#0V%T\n`\nend\n", "Cat"},
    {"uuencode", "text\nbegin 644 x\n#0V%T\nend\n", "Cat"},
    /* the length says more than there is */
    {"x-uuencode", "begin 644 x\n_0V%T\nend\n", "Cat"},
    {"x-uuencode", "begin 644 x\nM\nend\n", ""},
    {"x-uuencode", "begin 644 x\n!0V%T\n", "C"},
    /* blanks at line ends were lost on the way */
    {"x-uuencode", "begin 644 x\n\"0V$\nend\n", "Ca"},
    {"x-uuencode", "no beginning\n#0V%T\n", "no beginning\n#0V%T\n"},
    {"x-uuencode", "begin 644 x\n#0v~t\nend\n", "begin 644 x\n#0v~t\nend\n"},
    {"x-yenc", "=ybegin line=128 size=99999\n",
     "=ybegin line=128 size=99999\n"},
};

static void
test_decode(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(decode_cases); i++) {
		const DecodeCase *test = &decode_cases[i];
		g_autoptr(Part) part = part_new("1", "text/plain");
		gsize len = strlen(test->encoded);
		g_autofree char *exact = g_memdup2(test->encoded, MAX(len, 1));
		g_autoptr(GBytes) encoded = g_bytes_new_static(exact, len);
		g_autoptr(GBytes) decoded = NULL;
		g_autofree char *text = NULL;
		gsize size;
		const char *data;

		g_free(part->encoding);
		part->encoding = g_strdup(test->encoding);
		decoded = mime_part_decode(part, encoded);
		data = g_bytes_get_data(decoded, &size);
		text = g_strndup(data == NULL ? "" : data, size);
		g_test_message("%s: %s", test->encoding, test->encoded);
		g_assert_cmpstr(text, ==, test->decoded);
		g_assert_cmpuint(size, ==, strlen(test->decoded));
	}
}

/* Every length that a line of uuencode can claim, with every length of line. */
static void
test_uu_lengths(void)
{
	g_autoptr(Part) part = part_new("1", "text/plain");

	g_free(part->encoding);
	part->encoding = g_strdup("x-uuencode");
	for (guint claimed = 0; claimed < 64; claimed++)
		for (guint n = 0; n < 90; n++) {
			g_autofree char *line = g_strnfill(n, 'A');
			g_autofree char *text = g_strdup_printf(
			    "begin 644 x\n%c%s", ' ' + (int)claimed, line);
			gsize len = strlen(text);
			g_autofree char *exact = g_memdup2(text, len);
			g_autoptr(GBytes) encoded =
			    g_bytes_new_static(exact, len);
			g_autoptr(GBytes) decoded =
			    mime_part_decode(part, encoded);

			g_assert_cmpuint(g_bytes_get_size(decoded), <=,
					 claimed);
			g_assert_cmpuint(g_bytes_get_size(decoded), <=,
					 (n + 3) / 4 * 3);
		}
}

static void
test_message_decode(void)
{
	static const char text[] =
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	    "Content-Transfer-Encoding: base64\n\nSGVsbG8=\n--b--\n";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, sizeof text - 1);
	g_autoptr(MimeMessage) message = mime_message_new(bytes, NULL);
	g_autoptr(GBytes) part = mime_message_decode(message, "1", NULL);
	g_autoptr(GBytes) head = mime_message_decode(message, "1.MIME", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpuint(g_bytes_get_size(part), ==, 5);
	g_assert_cmpuint(g_bytes_get_size(head), ==, 35);
	g_assert_null(mime_message_decode(message, "2", &error));
	g_assert_error(error, MIME_ERROR, MIME_ERROR_NOT_FOUND);
}

typedef struct {
	const char *type;
	const char *charset;
	const char *bytes;
	gssize len;
	const char *text;
} TextCase;

static const TextCase text_cases[] = {
    {"text/plain", NULL, "a\r\nb\nc\rd", -1, "a\nb\nc\nd"},
    {"text/plain", "utf-8", "\xc3\xa4", -1, "\xc3\xa4"},
    {"text/plain", "iso-8859-1", "\xe4", -1, "\xc3\xa4"},
    {"text/plain", "koi8-r", "\xd1", -1, "\xd1\x8f"},
    {"text/plain", "utf-8",
     "\xef\xbb\xbf"
     "bom",
     -1, "bom"},
    /* unknown charsets and lies */
    {"text/plain", "nonsense", "abc \xe4", -1, "abc \xc3\xa4"},
    {"text/plain", "utf-16", "plain ASCII", -1, "plain ASCII"},
    {"text/plain", "ebcdic-us", "plain ASCII", -1, "plain ASCII"},
    {"text/plain", "utf-8", "abc \xe4", -1, "abc \xc3\xa4"},
    {"text/plain", "us-ascii", "\xc3\xa4", -1, "\xc3\xa4"},
    {"text/plain", "../../etc/x", "abc", -1, "abc"},
    {"text/plain", "utf-16le", "a\0b\0", 4, "ab"},
    {"text/plain", "iso-2022-jp", "\x1b$B$\"\x1b(B", -1, "\xe3\x81\x82"},
    {"text/plain", "utf-7", "+AOQ-", -1, "\xc3\xa4"},
    {"text/plain", NULL, "nul\0nul", 7, "nul nul"},
    {"text/html", NULL, "<meta charset=\"koi8-r\">\xd1", -1,
     "<meta charset=\"koi8-r\">\xd1\x8f"},
    {"text/html", "iso-8859-1", "<meta charset=koi8-r>\xe4", -1,
     "<meta charset=koi8-r>\xc3\xa4"},
    {"text/plain", NULL, "", -1, ""},
};

static void
test_text(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(text_cases); i++) {
		const TextCase *test = &text_cases[i];
		g_autoptr(Part) part = part_new("1", test->type);
		gsize len =
		    test->len < 0 ? strlen(test->bytes) : (gsize)test->len;
		g_autoptr(GBytes) bytes = g_bytes_new(test->bytes, len);
		g_autofree char *text = NULL;

		part->charset = g_strdup(test->charset);
		text = mime_part_text(part, bytes);
		g_test_message("%s", test->charset);
		g_assert_cmpstr(text, ==, test->text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/decode/encodings", test_decode);
	g_test_add_func("/decode/uu-lengths", test_uu_lengths);
	g_test_add_func("/decode/message", test_message_decode);
	g_test_add_func("/decode/text", test_text);
	return g_test_run();
}
