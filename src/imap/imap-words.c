/* imap-words.c - encoded words in file names (RFC 2047) */
#include "imap-words.h"

#include <string.h>

#include <glib.h>

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
			    out,
			    (char)(g_ascii_xdigit_value(text[i + 1]) * 16 +
				   g_ascii_xdigit_value(text[i + 2])));
			i += 2;
		} else {
			g_string_append_c(out, text[i]);
		}
	}
}

/* "=?charset?Q?text?=" at @p. Returns: what stands behind it, NULL if none */
static const char *
decode_word(const char *p, GString *out)
{
	const char *charset = p + 2;
	const char *first = strchr(charset, '?');
	const char *end;
	g_autofree char *name = NULL;
	g_autofree char *converted = NULL;
	g_autoptr(GString) bytes = NULL;

	if (first == NULL || first[1] == '\0' || first[2] != '?')
		return NULL;
	end = strstr(first + 3, "?=");
	if (end == NULL)
		return NULL;
	name = g_strndup(charset, (gsize)(first - charset));
	if (strchr(name, '*') != NULL)
		*strchr(name, '*') = '\0'; /* a language: RFC 2231 */
	bytes = g_string_new(NULL);
	if (g_ascii_toupper(first[1]) == 'B') {
		g_autofree char *base64 =
		    g_strndup(first + 3, (gsize)(end - first - 3));
		gsize len;
		g_autofree guchar *raw = g_base64_decode(base64, &len);

		g_string_append_len(bytes, (const char *)raw, (gssize)len);
	} else {
		decode_q(bytes, first + 3, (gsize)(end - first - 3));
	}
	converted = g_convert(bytes->str, (gssize)bytes->len, "UTF-8", name,
			      NULL, NULL, NULL);
	if (converted == NULL)
		return NULL;
	g_string_append(out, converted);
	return end + 2;
}

char *
imap_words_decode(const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);

	while (*text != '\0') {
		const char *next =
		    text[0] == '=' && text[1] == '?' ? decode_word(text, out)
						     : NULL;

		if (next == NULL) {
			g_string_append_c(out, *text++);
			continue;
		}
		text = next;
		/* blanks between two encoded words do not count */
		while (*next == ' ' || *next == '\t')
			next++;
		if (next[0] == '=' && next[1] == '?')
			text = next;
	}
	return g_utf8_make_valid(out->str, (gssize)out->len);
}
