/* mime-html-layout.c - paragraphs of HTML, blanks as HTML counts them */
#include <string.h>

#include "base-text.h"
#include "mime-html.h"

#define NBSP "\xc2\xa0"
#define RULE_MAX 40u

guint
html_room(const Html *html)
{
	guint width = html->lines->width;
	guint quote = MIN(html->quote, width / 2 - 2);
	guint used = html->indent + (quote > 0 ? quote + 1 : 0);

	return width > used + MIME_WIDTH_MIN ? width - used : MIME_WIDTH_MIN;
}

/* Nothing but blanks, of whatever kind. */
bool
html_run_is_empty(const MimeRun *run)
{
	const char *p = run->text->str;

	while (*p == ' ' || g_str_has_prefix(p, NBSP))
		p += *p == ' ' ? 1 : 2;
	return *p == '\0';
}

void
html_write(Html *html, const MimeRun *run, bool hard)
{
	guint most = html->lines->width / 2;
	guint indent = MIN(html->indent, most);
	g_autofree char *next = g_strnfill(indent, ' ');
	g_autofree char *first = NULL;
	gsize bullet = strlen(html->bullet);
	MimeWrap wrap = {.quote = html->quote, .hard = hard};

	if (bullet > 0 && bullet <= indent)
		first = g_strdup_printf("%.*s%s", (int)(indent - bullet), next,
					html->bullet);
	wrap.next = next;
	wrap.first = first != NULL ? first : next;
	if (html->blank)
		mime_lines_blank(html->lines,
				 MIN(html->quote, html->last_quote));
	html->blank = false;
	html->bullet[0] = '\0';
	html->last_quote = html->quote;
	mime_lines_wrap(html->lines, run, &wrap);
}

static void
flush(Html *html)
{
	mime_run_finish(html->run);
	if (html->run->text->len > 0) {
		if (html_run_is_empty(html->run))
			html->blank = true;
		else
			html_write(html, html->run, false);
	}
	mime_run_clear(html->run);
	html->space = false;
}

void
html_break(Html *html, bool blank)
{
	if (html_in_cell(html)) {
		html_table_break(html);
		return;
	}
	flush(html);
	html->blank |= blank;
}

static bool
has_text(const Html *html)
{
	return html->run->text->len > 0 || html->run->pending->len > 0;
}

void
html_line_break(Html *html)
{
	if (html_in_cell(html))
		html_table_break(html);
	else if (has_text(html))
		flush(html);
	else
		html->blank = true;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void
add_words(Html *html, const char *text, gsize len)
{
	const char *end = text + len;

	while (text < end) {
		const char *start;

		if (is_space(*text)) {
			if (!html->space)
				html->space_style = html->style;
			html->space = true;
			text++;
			continue;
		}
		html_table_text(html);
		if (html->space && has_text(html))
			mime_run_append(html->run, " ", 1, html->space_style);
		html->space = false;
		start = text;
		while (text < end && !is_space(*text))
			text++;
		mime_run_append(html->run, start, (gsize)(text - start),
				html->style);
	}
}

/* Each line of it is one, empty ones as well. */
static void
add_pre(Html *html, const char *text, gsize len)
{
	const char *end = text + len;

	for (; text < end; text++) {
		gsize n = 0;
		bool begins = html->pre_begins;

		html->pre_begins = false;
		if (*text == '\n') {
			if (begins)
				continue;
			mime_run_finish(html->run);
			html_write(html, html->run, false);
			mime_run_clear(html->run);
			continue;
		}
		if (*text == '\t') {
			mime_run_append(html->run, "        ", 8, html->style);
			continue;
		}
		while (text + n < end && text[n] != '\n' && text[n] != '\t')
			n++;
		mime_run_append(html->run, text, n, html->style);
		text += n - 1;
	}
}

void
html_text(Html *html, const char *text, gsize len)
{
	if (html->href != NULL && html->link_text->len < 2000)
		g_string_append_len(html->link_text, text,
				    (gssize)MIN(len, 2000));
	if (html->pre && !html_in_cell(html))
		add_pre(html, text, len);
	else
		add_words(html, text, len);
}

void
html_mark(Html *html, const char *text, TextStyle style)
{
	html_table_text(html);
	if (has_text(html))
		mime_run_append(html->run, " ", 1, TEXT_NORMAL);
	for (; *text != '\0'; text++)
		if (*text == ' ')
			mime_run_append(html->run, NBSP, 2, style);
		else
			mime_run_append(html->run, text, 1, style);
}

void
html_rule(Html *html)
{
	g_autofree char *rule = NULL;

	if (html_in_cell(html))
		html_table_give_up(html);
	html_break(html, false);
	rule = g_strnfill(MIN(html_room(html), RULE_MAX), '-');
	mime_run_append(html->run, rule, strlen(rule), TEXT_NORMAL);
	flush(html);
}
