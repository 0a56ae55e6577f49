/* mime-decode.c - transfer encodings and charsets undone */
#include <string.h>

#include "base-charset.h"
#include "base-text.h"
#include "mime-message.h"

/* one line of uuencode: its first character says at most 63 bytes */
#define UU_BYTES_MAX 63u

typedef struct {
	const char *start;
	gsize len; /* without the line end */
	const char *end;
} Line;

static bool
next_line(const char **p, const char *end, Line *line)
{
	const char *found;

	if (*p == end)
		return false;
	line->start = *p;
	found = memchr(*p, '\n', (gsize)(end - *p));
	line->end = found == NULL ? end : found + 1;
	line->len = (gsize)((found == NULL ? end : found) - *p);
	if (line->len > 0 && line->start[line->len - 1] == '\r')
		line->len--;
	*p = line->end;
	return true;
}

/* ---- base64 ---- */

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

typedef struct {
	guint32 bits;
	guint n; /* characters in @bits */
} Base64;

static void
base64_flush(Base64 *state, GByteArray *out)
{
	guint32 bits = state->bits;
	guint8 bytes[2];

	if (state->n == 2) {
		bytes[0] = (guint8)(bits >> 4);
		g_byte_array_append(out, bytes, 1);
	} else if (state->n == 3) {
		bytes[0] = (guint8)(bits >> 10);
		bytes[1] = (guint8)(bits >> 2);
		g_byte_array_append(out, bytes, 2);
	}
	*state = (Base64){0};
}

static void
base64_line(Base64 *state, const Line *line, GByteArray *out)
{
	guint at = out->len;
	guint8 *to;

	g_byte_array_set_size(out, at + (guint)(line->len / 4 * 3 + 6));
	to = out->data + at;
	for (gsize i = 0; i < line->len; i++) {
		int value = base64_value(line->start[i]);

		if (line->start[i] == '=') {
			/* a padded block may be followed by another */
			g_byte_array_set_size(out, (guint)(to - out->data));
			base64_flush(state, out);
			at = out->len;
			g_byte_array_set_size(
			    out, at + (guint)((line->len - i) / 4 * 3 + 6));
			to = out->data + at;
			/* the rest of the padding */
			while (i + 1 < line->len && line->start[i + 1] == '=')
				i++;
			continue;
		}
		if (value < 0)
			continue;
		state->bits = state->bits << 6 | (guint32)value;
		if (++state->n == 4) {
			*to++ = (guint8)(state->bits >> 16);
			*to++ = (guint8)(state->bits >> 8);
			*to++ = (guint8)state->bits;
			*state = (Base64){0};
		}
	}
	g_byte_array_set_size(out, (guint)(to - out->data));
}

/* Where the data of a line ends: padding and a blank are its end. */
static gsize
base64_end(const Line *line)
{
	const char *p = line->start, *end = p + line->len;

	while ((p = memchr(p, '=', (gsize)(end - p))) != NULL && ++p < end)
		if (*p == ' ' || *p == '\t')
			return (gsize)(p - line->start);
	return line->len;
}

/* Text that someone put behind the data, or data that is none. */
static bool
is_no_base64(const Line *line)
{
	gsize good = 0, bad = 0;
	bool blank = false;

	for (gsize i = 0; i < line->len; i++) {
		char c = line->start[i];

		if (c == ' ' || c == '\t') {
			blank = good + bad > 0;
		} else {
			if (blank)
				return true;
			if (base64_value(c) >= 0 || c == '=')
				good++;
			else
				bad++;
		}
	}
	return bad * 8 > good;
}

static GBytes *
decode_base64(const char *data, gsize size)
{
	const char *p = data, *end = data + size;
	GByteArray *out = g_byte_array_sized_new((guint)(size / 4 * 3 + 16));
	Base64 state = {0};
	Line line;

	while (next_line(&p, end, &line)) {
		gsize stop = base64_end(&line);
		Line head = {line.start, stop, line.start + stop};

		if (is_no_base64(&head)) {
			stop = 0;
		} else {
			base64_line(&state, &head, out);
			while (stop < line.len && (line.start[stop] == ' ' ||
						   line.start[stop] == '\t'))
				stop++;
			if (stop == line.len)
				continue;
		}
		base64_flush(&state, out);
		g_byte_array_append(
		    out, (const guint8 *)line.start + stop,
		    (guint)(line.end - line.start - (gssize)stop));
	}
	base64_flush(&state, out);
	return g_byte_array_free_to_bytes(out);
}

/* ---- quoted-printable ---- */

static guint8 *
quoted_line(const Line *line, guint8 *to)
{
	gsize len = line->len;
	bool soft;

	/* blanks at the end of a line came on the way (RFC 2045 section 6.7) */
	while (len > 0 &&
	       (line->start[len - 1] == ' ' || line->start[len - 1] == '\t'))
		len--;
	soft = len > 0 && line->start[len - 1] == '=';
	len -= soft;
	for (gsize i = 0; i < len; i++) {
		const char *p = line->start + i;

		if (*p == '=' && i + 2 < len + 0u && g_ascii_isxdigit(p[1]) &&
		    g_ascii_isxdigit(p[2])) {
			*to++ = (guint8)(g_ascii_xdigit_value(p[1]) * 16 +
					 g_ascii_xdigit_value(p[2]));
			i += 2;
		} else {
			*to++ = (guint8)*p;
		}
	}
	if (soft)
		return to;
	for (const char *p = line->start + line->len; p < line->end; p++)
		*to++ = (guint8)*p;
	return to;
}

static GBytes *
decode_quoted(const char *data, gsize size)
{
	const char *p = data, *end = data + size;
	guint8 *out = g_malloc(size + 1), *to = out;
	Line line;

	while (next_line(&p, end, &line))
		to = quoted_line(&line, to);
	return g_bytes_new_take(out, (gsize)(to - out));
}

/* ---- uuencode ---- */

static bool
is_uu(char c)
{
	return c >= ' ' && c <= '`';
}

/* The length that a line claims counts only as far as the line goes. */
static bool
uu_line(const Line *line, GByteArray *out)
{
	guint8 bytes[UU_BYTES_MAX + 3];
	guint claimed, n = 0;

	if (line->len == 0 || !is_uu(line->start[0]))
		return false;
	claimed = ((guint)line->start[0] - ' ') & 0x3f;
	for (gsize i = 1; i < line->len && n < claimed; i += 4) {
		guint32 bits = 0;

		for (gsize j = i; j < i + 4; j++) {
			/* blanks at the end may have been lost */
			char c = j < line->len ? line->start[j] : ' ';

			if (!is_uu(c))
				return false;
			bits = bits << 6 | (((guint32)c - ' ') & 0x3f);
		}
		bytes[n++] = (guint8)(bits >> 16);
		bytes[n++] = (guint8)(bits >> 8);
		bytes[n++] = (guint8)bits;
	}
	g_byte_array_append(out, bytes, MIN(n, claimed));
	return true;
}

static bool
is_begin(const Line *line)
{
	return line->len >= 10 && memcmp(line->start, "begin ", 6) == 0 &&
	       g_ascii_isdigit(line->start[6]);
}

static GBytes *
decode_uu(const char *data, gsize size)
{
	const char *p = data, *end = data + size;
	g_autoptr(GByteArray) out = g_byte_array_new();
	bool begun = false, ended = false;
	Line line;

	while (!ended && next_line(&p, end, &line)) {
		if (!begun)
			begun = is_begin(&line);
		else if (line.len == 3 && memcmp(line.start, "end", 3) == 0)
			ended = true;
		else if (line.len > 0 && !uu_line(&line, out))
			return NULL;
	}
	if (!begun)
		return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

/* ---- parts ---- */

static bool
encoding_is(const Part *part, const char *name)
{
	gsize len = strlen(name);

	return g_ascii_strncasecmp(part->encoding, name, len) == 0 &&
	       !g_ascii_isalnum(part->encoding[len]);
}

GBytes *
mime_part_decode(const Part *part, GBytes *encoded)
{
	gsize size;
	const char *data = g_bytes_get_data(encoded, &size);
	GBytes *decoded = NULL;

	if (size == 0 || size > G_MAXINT32)
		return g_bytes_ref(encoded);
	if (encoding_is(part, "base64"))
		decoded = decode_base64(data, size);
	else if (encoding_is(part, "quoted-printable"))
		decoded = decode_quoted(data, size);
	else if (encoding_is(part, "x-uuencode") ||
		 encoding_is(part, "uuencode") || encoding_is(part, "x-uue") ||
		 encoding_is(part, "uue"))
		decoded = decode_uu(data, size);
	return decoded != NULL ? decoded : g_bytes_ref(encoded);
}

/* Charsets that write other letters with the bytes of ASCII. */
static bool
is_seven_bit(const char *charset)
{
	return g_str_has_prefix(charset, "iso-2022") ||
	       g_str_has_prefix(charset, "utf-7") ||
	       g_str_has_prefix(charset, "unicode-1-1-utf-7") ||
	       g_str_has_prefix(charset, "hz");
}

static bool
is_ascii_text(const char *text, gsize len)
{
	return text_is_ascii(text, len) && memchr(text, '\0', len) == NULL;
}

/* HTML may name its charset itself, at its beginning. */
static char *
charset_in_html(const char *text, gsize len)
{
	const char *p = text, *end = text + MIN(len, 2048);
	const char *start;

	while ((p = memchr(p, '=', (gsize)(end - p))) != NULL) {
		const char *name = p;

		p++;
		while (name > text && name[-1] == ' ')
			name--;
		if (name - text < 7 ||
		    g_ascii_strncasecmp(name - 7, "charset", 7) != 0)
			continue;
		while (p < end && (*p == '"' || *p == '\'' || *p == ' '))
			p++;
		for (start = p; p < end && p - start < 40 &&
				(g_ascii_isalnum(*p) ||
				 (*p != '\0' && strchr("-_:.", *p)));)
			p++;
		if (p > start)
			return g_ascii_strdown(start, p - start);
	}
	return NULL;
}

static void
unify_line_ends(char *text)
{
	char *to = text;

	for (const char *p = text; *p != '\0'; p++)
		if (*p != '\r')
			*to++ = *p;
		else if (p[1] != '\n')
			*to++ = '\n';
	*to = '\0';
}

char *
mime_part_text(const Part *part, GBytes *encoded)
{
	g_autoptr(GBytes) bytes = mime_part_decode(part, encoded);
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *named = NULL;
	const char *charset = part->charset;
	char *text = NULL;

	if (data == NULL)
		return g_strdup("");
	if (charset == NULL && strcmp(part->type, "text/html") == 0)
		charset = named = charset_in_html(data, size);
	if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		size -= 3;
	}
	/* whatever it says: in a charset of wide characters it has zeros */
	if (charset == NULL ||
	    (!is_seven_bit(charset) && is_ascii_text(data, size)))
		charset = "us-ascii";
	text = charset_to_utf8(data, size, charset);
	if (text == NULL)
		text = charset_to_utf8(data, size, "us-ascii");
	unify_line_ends(text);
	return text;
}
