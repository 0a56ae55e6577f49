/* mime-lines.c - styled text of any length, wrapped to lines */
#include "mime-lines.h"

#include <string.h>

#include "base-text.h"

#define WIDTH_DEFAULT 80u
#define WIDTH_MAX 4000u
#define NBSP "\xc2\xa0"

/* ---- runs ---- */

MimeRun *
mime_run_new(void)
{
	MimeRun *run = g_new0(MimeRun, 1);

	run->text = g_string_new(NULL);
	run->pending = g_string_new(NULL);
	run->spans = g_array_new(FALSE, FALSE, sizeof(TextSpan));
	return run;
}

void
mime_run_free(MimeRun *run)
{
	if (run == NULL)
		return;
	g_string_free(run->text, TRUE);
	g_string_free(run->pending, TRUE);
	g_array_unref(run->spans);
	g_free(run);
}

void
mime_run_clear(MimeRun *run)
{
	g_string_truncate(run->text, 0);
	g_string_truncate(run->pending, 0);
	g_array_set_size(run->spans, 0);
	run->style = TEXT_NORMAL;
}

void
mime_run_mark(MimeRun *run, gsize start, gsize len, TextStyle style)
{
	TextSpan span = {(guint)start, (guint)len, style};

	if (len > 0 && style != TEXT_NORMAL)
		g_array_append_val(run->spans, span);
}

void
mime_run_finish(MimeRun *run)
{
	g_autofree char *clean = NULL;
	gsize start = run->text->len;

	if (run->pending->len == 0)
		return;
	clean = text_clean_line(run->pending->str, (gssize)run->pending->len);
	g_string_truncate(run->pending, 0);
	g_string_append(run->text, clean);
	mime_run_mark(run, start, run->text->len - start, run->style);
}

void
mime_run_append(MimeRun *run, const char *text, gsize len, TextStyle style)
{
	if (len == 0)
		return;
	if (style != run->style)
		mime_run_finish(run);
	run->style = style;
	g_string_append_len(run->pending, text, (gssize)len);
}

void
mime_run_add(MimeRun *run, const MimeRun *other)
{
	gsize start;

	mime_run_finish(run);
	start = run->text->len;
	g_string_append_len(run->text, other->text->str,
			    (gssize)other->text->len);
	for (guint i = 0; i < other->spans->len; i++) {
		const TextSpan *span =
		    &g_array_index(other->spans, TextSpan, i);

		mime_run_mark(run, start + span->start, span->len, span->style);
	}
}

/* ---- lines ---- */

void
mime_lines_init(MimeLines *lines, MimeText *text,
		const MimeRenderOptions *options)
{
	guint width = options->width == 0 ? WIDTH_DEFAULT : options->width;

	*lines = (MimeLines){
	    .text = text,
	    .width = CLAMP(width, MIME_WIDTH_MIN, WIDTH_MAX),
	    .cancel = options->cancel,
	    .links = g_hash_table_new(g_str_hash, g_str_equal),
	};
	for (guint i = 0; i < text->links->len; i++)
		g_hash_table_insert(lines->links,
				    g_ptr_array_index(text->links, i),
				    GUINT_TO_POINTER(i + 1));
}

void
mime_lines_clear(MimeLines *lines)
{
	g_clear_pointer(&lines->links, g_hash_table_unref);
}

bool
mime_lines_stopped(MimeLines *lines)
{
	if (lines->cancel != NULL && g_atomic_int_get(lines->cancel) != 0)
		lines->cancelled = true;
	return lines->cancelled || lines->full;
}

TextStyle
mime_quote_style(guint level)
{
	static const TextStyle styles[] = {TEXT_QUOTE1, TEXT_QUOTE2,
					   TEXT_QUOTE3};

	return styles[(level - 1) % G_N_ELEMENTS(styles)];
}

/* Blanks that did not part words become blanks like others. */
static void
replace_nbsp(TextLine *line)
{
	char *p = line->text;

	while ((p = strstr(p, NBSP)) != NULL) {
		guint at = (guint)(p - line->text);
		GArray *spans = line->spans;

		*p++ = ' ';
		memmove(p, p + 1, strlen(p + 1) + 1);
		for (guint i = 0; spans != NULL && i < spans->len; i++) {
			TextSpan *span = &g_array_index(spans, TextSpan, i);

			if (span->start > at)
				span->start--;
			else if (at < span->start + span->len)
				span->len--;
		}
	}
}

static void
add_line(MimeLines *lines, TextLine *line)
{
	GPtrArray *list = lines->text->lines;

	if (list->len >= MIME_LINES_MAX) {
		lines->full = lines->text->is_cut = true;
		text_line_free(line);
		return;
	}
	replace_nbsp(line);
	g_ptr_array_add(list, line);
	if (list->len % 256 == 0)
		(void)mime_lines_stopped(lines);
}

/* What stands before each line of a paragraph. */
typedef struct {
	GString *text;
	guint width;
} Lead;

static void
make_lead(const MimeLines *lines, const MimeWrap *wrap, bool first, Lead *lead)
{
	const char *indent = first ? wrap->first : wrap->next;
	guint quote = MIN(wrap->quote, lines->width / 2 - 2);

	g_string_truncate(lead->text, 0);
	for (guint i = 0; i < quote; i++)
		g_string_append_c(lead->text, '>');
	if (quote > 0)
		g_string_append_c(lead->text, ' ');
	if (indent != NULL &&
	    lead->text->len + strlen(indent) + 2 <= lines->width)
		g_string_append(lead->text, indent);
	lead->width = (guint)lead->text->len;
}

/* Bytes from @at that go on a line of @room columns. */
static gsize
fit(const char *text, gsize left, guint room, bool hard)
{
	gsize at = 0, brk = 0;
	guint used = 0, last = 1;
	bool word = false;

	while (at < left) {
		guint width;
		gsize bytes = text_cluster(text + at, left - at, &width);

		/* between ideographs a line may end as well */
		if (width == 2 && last == 2 && used > 0)
			brk = at;
		if (used + width > room && text[at] != ' ') {
			if (!hard && brk > 0)
				return brk;
			return at > 0 ? at : bytes;
		}
		if (text[at] == ' ' && word)
			brk = at + 1;
		word |= text[at] != ' ';
		/* blanks may stand over the edge */
		if (hard && used + width > room)
			return at > 0 ? at : bytes;
		used += width;
		last = width;
		at += bytes;
	}
	return left;
}

static void
copy_spans(TextLine *line, const MimeRun *run, guint *index, gsize start,
	   gsize end, gsize lead)
{
	while (*index < run->spans->len) {
		const TextSpan *span =
		    &g_array_index(run->spans, TextSpan, *index);
		gsize from = MAX(span->start, start);
		gsize to = MIN((gsize)span->start + span->len, end);

		if (span->start >= end)
			return;
		if (to > from)
			text_line_add_span(line, (guint)(lead + from - start),
					   (guint)(to - from), span->style);
		if (span->start + span->len > end)
			return;
		(*index)++;
	}
}

static gsize
without_blanks(const char *text, gsize start, gsize end)
{
	while (end > start && text[end - 1] == ' ')
		end--;
	return end;
}

void
mime_lines_wrap(MimeLines *lines, const MimeRun *run, const MimeWrap *wrap)
{
	const char *text = run->text->str;
	gsize at = 0, len = run->text->len;
	Lead lead = {g_string_new(NULL), 0};
	guint index = 0;
	bool first = true;

	do {
		gsize bytes, end;
		TextLine *line;

		make_lead(lines, wrap, first, &lead);
		bytes = fit(text + at, len - at, lines->width - lead.width,
			    wrap->hard);
		end = without_blanks(text, at, at + bytes);
		line = text_line_new(g_strdup_printf(
		    "%s%.*s", lead.text->str, (int)(end - at), text + at));
		if (wrap->quote > 0)
			text_line_add_span(line, 0, (guint)strlen(line->text),
					   mime_quote_style(wrap->quote));
		else if (wrap->style != TEXT_NORMAL)
			text_line_add_span(line, 0, (guint)strlen(line->text),
					   wrap->style);
		else
			copy_spans(line, run, &index, at, end, lead.text->len);
		add_line(lines, line);
		at += bytes;
		while (!wrap->hard && at < len && text[at] == ' ')
			at++;
		first = false;
	} while (at < len && !lines->full && !lines->cancelled);
	g_string_free(lead.text, TRUE);
}

void
mime_lines_blank(MimeLines *lines, guint quote)
{
	GPtrArray *list = lines->text->lines;
	const TextLine *last =
	    list->len == 0 ? NULL : g_ptr_array_index(list, list->len - 1);
	g_autoptr(MimeRun) run = NULL;
	MimeWrap wrap = {.quote = quote};

	if (last == NULL || last->text[strspn(last->text, "> ")] == '\0')
		return;
	run = mime_run_new();
	mime_lines_wrap(lines, run, &wrap);
}

guint
mime_lines_link(MimeLines *lines, const char *url)
{
	g_autofree char *clean = text_clean_line(url, -1);
	gpointer known = g_hash_table_lookup(lines->links, clean);
	GPtrArray *links = lines->text->links;

	if (known != NULL)
		return GPOINTER_TO_UINT(known);
	if (links->len >= MIME_LINKS_MAX)
		return 0;
	g_hash_table_insert(lines->links, clean,
			    GUINT_TO_POINTER(links->len + 1));
	g_ptr_array_add(links, g_steal_pointer(&clean));
	return links->len;
}
