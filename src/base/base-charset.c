/* base-charset.c - text in other charsets, and encoded words (RFC 2047) */
#include "base-charset.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base-text.h"

/* one encoded word; RFC 2047 allows 75, senders do not care */
#define WORD_MAX 2000u
#define CHARSET_MAX 60u

/* ---- charsets ---- */

static const char *
known_name(const char *charset)
{
	static const struct {
		const char *sent;
		const char *known;
	} names[] = {
	    {"ks_c_5601-1987", "CP949"},
	    {"euc-kr", "CP949"},
	    {"gb2312", "GB18030"},
	    {"gbk", "GB18030"},
	    {"x-gbk", "GB18030"},
	    {"shift_jis", "CP932"},
	    {"shift-jis", "CP932"},
	    {"x-sjis", "CP932"},
	    {"iso-8859-8-i", "ISO-8859-8"},
	    {"iso-8859-6-i", "ISO-8859-6"},
	    {"iso-8859-9", "CP1254"},
	    {"unicode-1-1-utf-7", "UTF-7"},
	    {"macintosh", "MACINTOSH"},
	    {"x-mac-roman", "MACINTOSH"},
	    {"utf8", "UTF-8"},
	    {"cp-850", "CP850"},
	    {"iso-2022-jp", "ISO-2022-JP-2"},
	    {"big5", "BIG5-HKSCS"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(names[i].sent, charset) == 0)
			return names[i].known;
	return charset;
}

/* Charsets whose label says little: most often something else is in it. */
static bool
is_vague(const char *charset)
{
	static const char *const names[] = {
	    "us-ascii",       "ascii",        "utf-8",        "utf8",
	    "iso-8859-1",     "latin1",       "windows-1252", "cp1252",
	    "x-unknown",      "unknown-8bit", "8bit",         "default",
	    "ansi_x3.4-1968",
	};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(names[i], charset) == 0)
			return true;
	return false;
}

/* Only names that can be one reach iconv, which reads "//" and "/" itself. */
static bool
is_plausible(const char *charset)
{
	gsize len = strlen(charset);

	if (len == 0 || len > CHARSET_MAX)
		return false;
	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isalnum(charset[i]) &&
		    strchr("-_:.+", charset[i]) == NULL)
			return false;
	return true;
}

static char *
without_nul(GString *text)
{
	for (gsize i = 0; i < text->len; i++)
		if (text->str[i] == '\0')
			text->str[i] = ' ';
	if (g_utf8_validate(text->str, (gssize)text->len, NULL))
		return g_string_free(text, FALSE);
	{
		char *valid = g_utf8_make_valid(text->str, (gssize)text->len);

		g_string_free(text, TRUE);
		return valid;
	}
}

static char *
convert(GIConv converter, const char *text, gsize len)
{
	GString *out = g_string_sized_new(len + len / 2 + 16);
	char buffer[4096];
	gchar *in = (gchar *)text;
	gsize left = len;
	bool flushing = false;

	for (;;) {
		gchar *to = buffer;
		gsize room = sizeof buffer;
		gsize code = g_iconv(converter, flushing ? NULL : &in,
				     flushing ? NULL : &left, &to, &room);

		g_string_append_len(out, buffer, to - buffer);
		if (code != (gsize)-1) {
			if (flushing)
				break;
			flushing = true;
		} else if (errno == E2BIG) {
			continue;
		} else if (flushing || left == 0) {
			break;
		} else {
			g_string_append(out, "\xef\xbf\xbd");
			in++;
			left--;
		}
	}
	return without_nul(out);
}

char *
charset_to_utf8(const char *text, gsize len, const char *charset)
{
	GIConv converter;
	char *result;

	if (is_vague(charset))
		return text_to_utf8(text, (gssize)len);
	if (!is_plausible(charset))
		return NULL;
	converter = g_iconv_open("UTF-8", known_name(charset));
	if (converter == (GIConv)-1)
		return NULL;
	result = convert(converter, text, len);
	g_iconv_close(converter);
	return result;
}

/* ---- encoded words ---- */

typedef struct {
	const char *charset;
	gsize charset_len;
	bool base64;
	const char *text;
	gsize text_len;
	const char *end; /* behind "?=" */
} Word;

static bool
find_word(const char *p, const char *end, Word *word)
{
	const char *most = p + MIN((gsize)(end - p), WORD_MAX);
	const char *mark, *close;

	if (end - p < 8 || p[0] != '=' || p[1] != '?')
		return false;
	word->charset = p + 2;
	mark = memchr(word->charset, '?', (gsize)(most - word->charset));
	if (mark == NULL || most - mark < 5 || mark[2] != '?' ||
	    mark == word->charset ||
	    (gsize)(mark - word->charset) > CHARSET_MAX)
		return false;
	word->charset_len = (gsize)(mark - word->charset);
	if (strchr("bBqQ", mark[1]) == NULL || mark[1] == '\0')
		return false;
	word->base64 = g_ascii_toupper(mark[1]) == 'B';
	word->text = mark + 3;
	for (close = word->text;; close++) {
		close = memchr(close, '?', (gsize)(most - close));
		if (close == NULL || close + 1 >= most)
			return false;
		if (close[1] == '=')
			break;
	}
	/* "=?" inside: it was never closed, another one begins */
	word->text_len = (gsize)(close - word->text);
	word->end = close + 2;
	return true;
}

static void
decode_q(GString *out, const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		if (text[i] == '_') {
			g_string_append_c(out, ' ');
		} else if (text[i] == '=' && i + 2 < len &&
			   g_ascii_isxdigit(text[i + 1]) &&
			   g_ascii_isxdigit(text[i + 2])) {
			g_string_append_c(
			    out, (char)(g_ascii_xdigit_value(text[i + 1]) * 16 +
					g_ascii_xdigit_value(text[i + 2])));
			i += 2;
		} else {
			g_string_append_c(out, text[i]);
		}
	}
}

static void
decode_b(GString *out, const char *text, gsize len)
{
	guchar buffer[WORD_MAX];
	gint state = 0;
	guint save = 0;
	gsize n = g_base64_decode_step(text, len, buffer, &state, &save);

	g_string_append_len(out, (const char *)buffer, (gssize)n);
}

/* Bytes of words in one charset, until another charset or plain text comes. */
typedef struct {
	GString *out;
	GString *bytes;
	char charset[CHARSET_MAX + 1];
} Run;

static void
end_run(Run *run)
{
	g_autofree char *text = NULL;

	if (run->charset[0] == '\0')
		return;
	text = charset_to_utf8(run->bytes->str, run->bytes->len, run->charset);
	if (text == NULL)
		text = text_to_utf8(run->bytes->str, (gssize)run->bytes->len);
	g_string_append(run->out, text);
	g_string_truncate(run->bytes, 0);
	run->charset[0] = '\0';
}

static void
add_word(Run *run, const Word *word)
{
	char charset[CHARSET_MAX + 1];

	memcpy(charset, word->charset, word->charset_len);
	charset[word->charset_len] = '\0';
	if (strchr(charset, '*') != NULL)
		*strchr(charset, '*') = '\0'; /* a language: RFC 2231 */
	if (charset[0] == '\0')
		(void)g_strlcpy(charset, "us-ascii", sizeof(charset));
	if (g_ascii_strcasecmp(charset, run->charset) != 0) {
		end_run(run);
		(void)g_strlcpy(run->charset, charset, sizeof(run->charset));
	}
	if (word->base64)
		decode_b(run->bytes, word->text, word->text_len);
	else
		decode_q(run->bytes, word->text, word->text_len);
}

static void
add_plain(Run *run, const char *text, gsize len)
{
	g_autofree char *utf8 = NULL;

	end_run(run);
	utf8 = text_to_utf8(text, (gssize)len);
	g_string_append(run->out, utf8);
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	return p;
}

static void
drop_line_ends(GString *text)
{
	gsize to = 0;

	for (gsize i = 0; i < text->len; i++) {
		char c = text->str[i];

		if (c == '\r' || c == '\n')
			continue;
		text->str[to++] = c == '\0' ? ' ' : c;
	}
	g_string_truncate(text, to);
}

char *
words_decode(const char *value, gsize len)
{
	const char *p = value, *end = value + len;
	Run run = {g_string_sized_new(len + 1), g_string_new(NULL), ""};
	Word word;

	while (p < end) {
		const char *next;

		if (find_word(p, end, &word)) {
			add_word(&run, &word);
			p = word.end;
			/* blanks between two encoded words do not count */
			next = skip_blanks(p, end);
			if (next > p && find_word(next, end, &word))
				p = next;
			continue;
		}
		next = p + 1;
		while (next < end &&
		       !(next[0] == '=' && next + 1 < end && next[1] == '?'))
			next++;
		add_plain(&run, p, (gsize)(next - p));
		p = next;
	}
	end_run(&run);
	g_string_free(run.bytes, TRUE);
	drop_line_ends(run.out);
	return without_nul(run.out);
}
