/* mime-build-text.c - texts for an editor, and as the body of a part */
#include "mime-build.h"

#include <string.h>

#include "base-text.h"

/* RFC 3676 section 4.2: 78 at most, 72 or less wanted; quotes come on top */
#define FLOW_WIDTH 74
/* deeper quotes are not wrapped: their marks would be written too often */
#define FLOW_QUOTES 40u
/* RFC 5322 section 2.1.1 */
#define SMTP_LINE 998u
#define QP_LINE 76u

/* ---- clean ---- */

/* Bytes of the control at @p: C0, DEL or C1; 0: none, or one that stays. */
static gsize
control_length(const char *p)
{
	guchar c = (guchar)p[0];

	if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
		return 1;
	return c == 0xc2 && (guchar)p[1] < 0xa0 ? 2 : 0;
}

char *
mime_text_clean(const char *bytes, gsize len)
{
	g_autofree char *plain = g_malloc(len + 1);
	g_autofree char *utf8 = NULL;
	const char *start;
	gsize n = 0;
	GString *out;

	for (gsize i = 0; i < len; i++) {
		if (bytes[i] == '\r' && i + 1 < len && bytes[i + 1] == '\n')
			continue;
		/* DEL is filtered below; a NUL would end the text */
		plain[n++] = bytes[i] == '\0' ? 0x7f : bytes[i];
	}
	utf8 = text_to_utf8(plain, (gssize)n);
	out = g_string_sized_new(n + 1);
	start = utf8;
	for (const char *p = utf8; *p != '\0';) {
		gsize control = control_length(p);

		if (control == 0) {
			p++;
			continue;
		}
		g_string_append_len(out, start, p - start);
		g_string_append(out, "\xef\xbf\xbd");
		p += control;
		start = p;
	}
	g_string_append(out, start);
	return g_string_free(out, FALSE);
}

/* ---- format=flowed ---- */

/* Bytes before the line end, or before @end. */
static gsize
line_length(const char *line, const char *end)
{
	const char *found = memchr(line, '\n', (gsize)(end - line));

	return (gsize)((found == NULL ? end : found) - line);
}

static gsize
quote_depth(const char *line, gsize len)
{
	gsize n = 0;

	while (n < len && line[n] == '>')
		n++;
	return n;
}

static bool
is_signature(const char *content, gsize len)
{
	return len == 3 && memcmp(content, "-- ", 3) == 0;
}

typedef struct {
	GString *out;
	gsize depth;
	bool open; /* the last line goes on */
	bool delsp;
} Reader;

static void
read_line(Reader *reader, const char *line, gsize len)
{
	gsize depth = quote_depth(line, len);
	const char *rest = line + depth;
	gsize n = len - depth;
	bool stuffed = n > 0 && rest[0] == ' ';
	const char *content = rest + stuffed;
	gsize n_content = n - stuffed;
	bool signature = is_signature(content, n_content);

	if (reader->open && depth == reader->depth && n_content > 0 &&
	    !signature) {
		g_string_append_len(reader->out, content, (gssize)n_content);
	} else {
		if (reader->open)
			g_string_append_c(reader->out, '\n');
		g_string_append_len(reader->out, line, (gssize)depth);
		/* " >" stays, lest it become a quote; so does a quote's blank
		 */
		if (depth > 0 || (n_content > 0 && content[0] == '>'))
			g_string_append_len(reader->out, rest, (gssize)n);
		else
			g_string_append_len(reader->out, content,
					    (gssize)n_content);
	}
	reader->open =
	    !signature && n_content > 0 && content[n_content - 1] == ' ';
	reader->depth = depth;
	if (!reader->open)
		g_string_append_c(reader->out, '\n');
	else if (reader->delsp)
		g_string_truncate(reader->out, reader->out->len - 1);
}

char *
mime_flowed_read(const char *text, bool delsp)
{
	const char *end = text + strlen(text);
	Reader reader = {g_string_sized_new((gsize)(end - text) + 1), 0, false,
			 delsp};

	while (text < end) {
		gsize len = line_length(text, end);

		read_line(&reader, text, len);
		text += len + (text + len < end);
	}
	if (reader.open)
		g_string_append_c(reader.out, '\n');
	return g_string_free(reader.out, FALSE);
}

/* Bytes of the first line that @text is broken into: all, or up to and with a
 * blank. */
static gsize
break_at(const char *text, gsize len)
{
	const char *end = text + len, *cut = NULL;
	guint width = 0;

	for (const char *p = text; p < end; p = g_utf8_next_char(p), width++) {
		if (width >= FLOW_WIDTH && cut != NULL)
			return (gsize)(cut - text);
		if (*p == ' ' && p + 1 < end && p[1] != ' ' &&
		    !is_signature(text, (gsize)(p + 1 - text)))
			cut = p + 1;
	}
	return len;
}

static void
append_stuffed(GString *out, const char *text, gsize len, bool first)
{
	/* " >" of the first line was left so by read_line() */
	bool kept = first && len > 1 && text[0] == ' ' && text[1] == '>';

	if (len > 0 && !kept &&
	    (text[0] == ' ' || text[0] == '>' ||
	     (len >= 5 && memcmp(text, "From ", 5) == 0)))
		g_string_append_c(out, ' ');
	g_string_append_len(out, text, (gssize)len);
}

static void
write_line(GString *out, const char *line, gsize len)
{
	gsize depth = quote_depth(line, len);
	gsize blank = depth > 0 && depth < len && line[depth] == ' ';
	bool first = true;

	if (is_signature(line + depth + blank, len - depth - blank)) {
		g_string_append_len(out, line, (gssize)len);
		g_string_append(out, "\r\n");
		return;
	}
	while (len > depth && line[len - 1] == ' ')
		len--;
	if (depth + blank > len)
		blank = 0;
	if (depth > FLOW_QUOTES) {
		g_string_append_len(out, line, (gssize)len);
		g_string_append(out, "\r\n");
		return;
	}
	for (gsize at = depth + blank; first || at < len; first = false) {
		gsize n = break_at(line + at, len - at);

		if (depth == 0) {
			append_stuffed(out, line + at, n, first);
		} else {
			g_string_append_len(out, line, (gssize)depth);
			if (!first || blank)
				g_string_append_c(out, ' ');
			g_string_append_len(out, line + at, (gssize)n);
		}
		g_string_append(out, "\r\n");
		at += n;
	}
}

GString *
mime_flowed_write(const char *text)
{
	const char *end = text + strlen(text);
	GString *out = g_string_sized_new((gsize)(end - text) + 64);

	while (text < end) {
		gsize len = line_length(text, end);

		write_line(out, text, len);
		text += len + (text + len < end);
	}
	return out;
}

/* ---- transfer encodings ---- */

void
mime_write_base64(GString *out, const void *data, gsize len)
{
	const guchar *p = data;
	char line[128];

	while (len > 0) {
		gsize n = MIN(len, 57);
		gint state = 0, save = 0;
		gsize size =
		    g_base64_encode_step(p, n, FALSE, line, &state, &save);

		size +=
		    g_base64_encode_close(FALSE, line + size, &state, &save);
		g_string_append_len(out, line, (gssize)size);
		g_string_append(out, "\r\n");
		p += n;
		len -= n;
	}
}

static bool
qp_is_plain(const GString *text, gsize i, gsize column)
{
	guchar c = (guchar)text->str[i];

	if (c == ' ' || c == '\t')
		return text->str[i + 1] != '\r';
	if (c == '.')
		return column > 0; /* a lone dot: RFC 5321 section 4.5.2 */
	return c > ' ' && c < 0x7f && c != '=';
}

/* @text: with CRLF, which stays. */
static void
append_qp(GString *out, const GString *text)
{
	gsize column = 0;

	for (gsize i = 0; i < text->len; i++) {
		bool plain = qp_is_plain(text, i, column);

		if (text->str[i] == '\r' && text->str[i + 1] == '\n') {
			g_string_append(out, "\r\n");
			i++;
			column = 0;
			continue;
		}
		if (column + (plain ? 1 : 3) > QP_LINE - 1) {
			g_string_append(out, "=\r\n");
			column = 0;
		}
		if (plain)
			g_string_append_c(out, text->str[i]);
		else
			g_string_append_printf(out, "=%02X",
					       (guchar)text->str[i]);
		column += plain ? 1 : 3;
	}
}

/* What a text needs: counted once. */
static void
survey(const GString *text, gsize *ret_foreign, gsize *ret_longest)
{
	gsize foreign = 0, longest = 0, start = 0;

	for (gsize i = 0; i < text->len; i++) {
		foreign += (guchar)text->str[i] >= 0x7f;
		if (text->str[i] == '\n') {
			longest = MAX(longest, i - start);
			start = i + 1;
		}
	}
	*ret_foreign = foreign;
	*ret_longest = longest;
}

void
mime_write_body(const char *text, bool opaque, GString *fields, GString *body)
{
	g_autoptr(GString) lines = mime_flowed_write(text);
	const char *encoding;
	gsize foreign, longest;

	survey(lines, &foreign, &longest);
	if (!opaque && foreign == 0 && longest <= SMTP_LINE) {
		encoding = "7bit";
		g_string_append_len(body, lines->str, (gssize)lines->len);
	} else if (!opaque && foreign < lines->len / 3) {
		encoding = "quoted-printable";
		append_qp(body, lines);
	} else {
		encoding = "base64";
		mime_write_base64(body, lines->str, lines->len);
	}
	g_string_append_printf(
	    fields,
	    "Content-Type: text/plain; charset=utf-8; format=flowed\r\n"
	    "Content-Transfer-Encoding: %s\r\n",
	    encoding);
}

void
mime_write_crlf(GString *out, const char *data, gsize len)
{
	for (gsize i = 0; i < len;) {
		const char *end = memchr(data + i, '\n', len - i);
		gsize n = end == NULL ? len - i : (gsize)(end - data) - i;

		g_string_append_len(out, data + i, (gssize)n);
		i += n;
		if (end == NULL)
			break;
		/* a CR that stands before it is there already */
		g_string_append(out,
				n > 0 && data[i - 1] == '\r' ? "\n" : "\r\n");
		i++;
	}
}
