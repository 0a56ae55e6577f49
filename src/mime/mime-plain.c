/* mime-plain.c - plain text as lines: quotes, signature, links, format=flowed
 * (RFC 3676) */
#include <string.h>

#include "base-text.h"
#include "mime-lines.h"

#define TAB_COLUMNS 8u
#define URL_MAX 8192u

typedef struct {
	MimeLines *lines;
	bool flowed;
	bool delsp;
	bool in_signature;
	GString *paragraph; /* of flowed lines, not yet written */
	guint depth;        /* its quote level */
	bool open;          /* its last line was flowed */
	MimeRun *run;
} Plain;

/* ---- links ---- */

static bool
ends_link(char c)
{
	return (guchar)c <= ' ' || c == '<' || c == '>' || c == '"';
}

/* Punctuation behind a link, and brackets that it did not open, are the
 * sentence's. */
static gsize
trim_link(const char *url, gsize len)
{
	bool round = memchr(url, '(', len) != NULL;
	bool square = memchr(url, '[', len) != NULL;

	while (len > 0) {
		char c = url[len - 1];

		if ((c == ')' && round) || (c == ']' && square) ||
		    strchr(".,;:!?'*_)]}", c) == NULL)
			break;
		len--;
	}
	return len;
}

static gsize
link_at(const char *text, gsize left)
{
	static const char *const starts[] = {"https://", "http://", "ftp://",
					     "mailto:", "www."};
	gsize len = 0;

	for (guint i = 0; i < G_N_ELEMENTS(starts); i++) {
		gsize n = strlen(starts[i]);

		if (left <= n || g_ascii_strncasecmp(text, starts[i], n) != 0)
			continue;
		while (len < left && !ends_link(text[len]))
			len++;
		len = trim_link(text, len);
		return len > n ? len : 0;
	}
	return 0;
}

static bool
may_begin(char c)
{
	return c == 'h' || c == 'H' || c == 'f' || c == 'F' || c == 'm' ||
	       c == 'M' || c == 'w' || c == 'W';
}

static void
find_links(MimeLines *lines, MimeRun *run)
{
	const char *text = run->text->str;
	gsize len = run->text->len;
	bool in_word = false;

	for (gsize i = 0; i < len; i++) {
		gsize n = 0;

		if (!in_word && may_begin(text[i]))
			n = link_at(text + i, len - i);
		in_word = g_ascii_isalnum(text[i]);
		if (n > URL_MAX) {
			i += n - 1;
		} else if (n > 0) {
			g_autofree char *url = g_strdup_printf(
			    "%s%.*s",
			    g_ascii_tolower(text[i]) == 'w' ? "http://" : "",
			    (int)n, text + i);

			(void)mime_lines_link(lines, url);
			mime_run_mark(run, i, n, TEXT_LINK);
			i += n - 1;
		}
	}
}

/* ---- lines ---- */

static void
write_line(Plain *plain, const char *text, gsize len, guint quote)
{
	MimeWrap wrap = {.quote = quote};

	mime_run_clear(plain->run);
	mime_run_append(plain->run, text, len, TEXT_NORMAL);
	mime_run_finish(plain->run);
	find_links(plain->lines, plain->run);
	if (plain->in_signature)
		wrap.style = TEXT_SIGNATURE;
	mime_lines_wrap(plain->lines, plain->run, &wrap);
}

/* Its trailing blank is what makes it one (RFC 3676 section 4.3). */
static void
write_signature_mark(Plain *plain)
{
	TextLine *line = text_line_new(g_strdup("-- "));

	plain->in_signature = true;
	text_line_add_span(line, 0, 3, TEXT_SIGNATURE);
	if (plain->lines->text->lines->len < MIME_LINES_MAX)
		g_ptr_array_add(plain->lines->text->lines, line);
	else
		text_line_free(line);
}

static void
end_paragraph(Plain *plain)
{
	if (!plain->open)
		return;
	write_line(plain, plain->paragraph->str, plain->paragraph->len,
		   plain->depth);
	g_string_truncate(plain->paragraph, 0);
	plain->open = false;
}

static void
flowed_line(Plain *plain, const char *line, gsize len)
{
	guint quote = 0;
	bool flows;

	while (len > 0 && *line == '>') {
		quote++;
		line++;
		len--;
	}
	if (len > 0 && *line == ' ') {
		/* space-stuffed */
		line++;
		len--;
	}
	if (plain->open && quote != plain->depth)
		end_paragraph(plain);
	if (len == 3 && memcmp(line, "-- ", 3) == 0) {
		end_paragraph(plain);
		if (quote == 0)
			write_signature_mark(plain);
		else
			write_line(plain, line, len, quote);
		return;
	}
	flows = len > 0 && line[len - 1] == ' ';
	g_string_append_len(plain->paragraph, line,
			    (gssize)(flows && plain->delsp ? len - 1 : len));
	plain->depth = quote;
	plain->open = true;
	if (!flows)
		end_paragraph(plain);
}

/* "> > text" and ">> text" are both the second level. */
static const char *
skip_quotes(const char *line, gsize *len, guint *ret_quote)
{
	const char *end = line + *len, *p = line;

	*ret_quote = 0;
	while (p < end && *p == '>') {
		const char *after = ++p;

		(*ret_quote)++;
		while (after < end && *after == ' ' && after - p < 2)
			after++;
		if (after == end || *after != '>')
			break;
		p = after;
	}
	if (*ret_quote > 0 && p < end && *p == ' ')
		p++;
	*len = (gsize)(end - p);
	return p;
}

static char *
expand_tabs(const char *line, gsize *len)
{
	GString *out = g_string_sized_new(*len + 32);
	const char *end = line + *len;
	guint column = 0;

	while (line < end && out->len < MIME_TEXT_MAX) {
		const char *tab = memchr(line, '\t', (gsize)(end - line));
		const char *stop = tab == NULL ? end : tab;

		g_string_append_len(out, line, stop - line);
		if (tab == NULL)
			break;
		column += text_width(line, stop - line);
		do {
			g_string_append_c(out, ' ');
		} while (++column % TAB_COLUMNS != 0);
		line = tab + 1;
	}
	*len = out->len;
	return g_string_free(out, FALSE);
}

static void
fixed_line(Plain *plain, const char *line, gsize len)
{
	g_autofree char *expanded = NULL;
	guint quote;

	line = skip_quotes(line, &len, &quote);
	if (quote == 0 && len == 3 && memcmp(line, "-- ", 3) == 0) {
		write_signature_mark(plain);
		return;
	}
	if (memchr(line, '\t', len) != NULL)
		line = expanded = expand_tabs(line, &len);
	write_line(plain, line, len, quote);
}

void
mime_render_plain(MimeLines *lines, const char *text, bool flowed, bool delsp)
{
	Plain plain = {
	    .lines = lines,
	    .flowed = flowed,
	    .delsp = delsp,
	    .paragraph = g_string_new(NULL),
	    .run = mime_run_new(),
	};
	const char *stop = text + strlen(text);

	while (text < stop && !mime_lines_stopped(lines)) {
		const char *end = memchr(text, '\n', (gsize)(stop - text));
		gsize len = (gsize)((end == NULL ? stop : end) - text);

		if (flowed)
			flowed_line(&plain, text, len);
		else
			fixed_line(&plain, text, len);
		text += len + (end != NULL);
	}
	end_paragraph(&plain);
	g_string_free(plain.paragraph, TRUE);
	mime_run_free(plain.run);
}
