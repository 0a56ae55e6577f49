/* ui-page.c - a text to page through: help, details */
#include "ui-page.h"

#include <string.h>

#include "base-text.h"
#include "model-text.h"
#include "ui-i18n.h"
#include "ui-prompt.h"

typedef struct {
	UiView view;
	char *title;
	char *what;
	UiPageFill fill;
	gpointer user;
	GDestroyNotify free_user;
	GPtrArray *lines; /* of TextLine */
	int columns;      /* they were made for */
	int rows;
	guint first;
	char *sought; /* what was looked for last */
} UiPage;

static guint
role_of(TextStyle style)
{
	switch (style) {
	case TEXT_HEADING:
		return UI_SUBJECT;
	case TEXT_LINK:
		return UI_KEY;
	case TEXT_BADLINK:
		return UI_BADLINK;
	case TEXT_NOTE:
	case TEXT_SIGNATURE:
		return UI_SIG;
	case TEXT_QUOTE1:
		return UI_QUOTE1;
	case TEXT_QUOTE2:
		return UI_QUOTE2;
	case TEXT_QUOTE3:
		return UI_QUOTE3;
	case TEXT_NORMAL:
		break;
	}
	return UI_TEXT;
}

static void
draw_piece(UiTerm *term, int y, UiRect rect, int *x, guint role,
	   const char *text, gsize len)
{
	g_autofree char *piece = g_strndup(text, len);

	*x += ui_text_put(term, y, rect.x + *x, rect.columns - *x, role, piece);
}

static void
draw_line(UiPage *page, int y, UiRect rect, const TextLine *line)
{
	UiTerm *term = ui_term(page->view.ui);
	gsize at = 0;
	int x = 0;

	for (guint i = 0; line->spans != NULL && i < line->spans->len; i++) {
		const TextSpan *span = &g_array_index(line->spans, TextSpan, i);

		draw_piece(term, y, rect, &x, UI_TEXT, line->text + at,
			   span->start - at);
		draw_piece(term, y, rect, &x, role_of(span->style),
			   line->text + span->start, span->len);
		at = (gsize)span->start + span->len;
	}
	draw_piece(term, y, rect, &x, UI_TEXT, line->text + at,
		   strlen(line->text + at));
}

static void
make_lines(UiPage *page, UiRect rect)
{
	if (page->lines != NULL && page->columns == rect.columns)
		return;
	g_clear_pointer(&page->lines, g_ptr_array_unref);
	page->columns = rect.columns;
	page->lines = page->fill(page->view.ui, rect.columns, page->user);
}

static guint
last_first(const UiPage *page)
{
	guint rows = (guint)MAX(page->rows, 1);

	return page->lines->len > rows ? page->lines->len - rows : 0;
}

static void
draw(UiView *view, UiRect rect)
{
	UiPage *page = (UiPage *)view;

	page->rows = rect.rows;
	make_lines(page, rect);
	page->first = MIN(page->first, last_first(page));
	for (int i = 0; i < rect.rows; i++) {
		guint at = page->first + (guint)i;

		if (at < page->lines->len)
			draw_line(page, rect.y + i, rect,
				  g_ptr_array_index(page->lines, at));
	}
	ui_cursor(view->ui, rect.y, rect.x);
}

static void
top(UiView *view, UiTop *words)
{
	const UiPage *page = (const UiPage *)view;
	guint rows = (guint)MAX(page->rows, 1);
	guint n = page->lines == NULL ? 0 : page->lines->len;

	g_string_assign(words->place, page->title);
	if (page->what != NULL)
		g_string_assign(words->view, page->what);
	words->fresh = g_strdup("");
	if (n > rows)
		/* TRANSLATORS: page %u of %u of a text */
		g_string_append_printf(words->position, _("%u of %u"),
				       (page->first + rows - 1) / rows + 1,
				       (n + rows - 1) / rows);
}

static void
move(UiPage *page, int by)
{
	gint64 first = (gint64)page->first + by;

	if (page->lines == NULL)
		return;
	page->first = (guint)CLAMP(first, 0, (gint64)last_first(page));
}

static void
find_next(UiPage *page, int direction)
{
	g_autofree char *needle = NULL;

	if (page->sought == NULL || page->lines == NULL)
		return;
	needle = text_fold(page->sought, -1);
	for (gint64 at = (gint64)page->first + direction;
	     at >= 0 && at < page->lines->len; at += direction) {
		const TextLine *line =
		    g_ptr_array_index(page->lines, (guint)at);
		g_autofree char *text = text_fold(line->text, -1);

		if (strstr(text, needle) != NULL) {
			page->first = MIN((guint)at, last_first(page));
			return;
		}
	}
}

static void
on_find(Ui *ui, const char *text, gpointer user)
{
	UiPage *page = user;

	(void)ui;
	if (text == NULL || text[0] == '\0')
		return;
	g_free(page->sought);
	page->sought = g_strdup(text);
	find_next(page, 1);
}

static void
ask_find(UiPage *page)
{
	const UiPrompt prompt = {.label = _("Find:"),
				 .history = "find",
				 .done = on_find,
				 .user = page};

	ui_prompt_open(page->view.ui, &prompt);
}

static bool
action(UiView *view, UiAction what, const char *argument)
{
	UiPage *page = (UiPage *)view;
	int rows = MAX(page->rows, 1);

	(void)argument;
	switch (what) {
	case UI_ACTION_DOWN:
		move(page, 1);
		break;
	case UI_ACTION_UP:
		move(page, -1);
		break;
	case UI_ACTION_PAGE_DOWN:
		move(page, rows);
		break;
	case UI_ACTION_PAGE_UP:
		move(page, -rows);
		break;
	case UI_ACTION_HALF_DOWN:
		move(page, MAX(rows / 2, 1));
		break;
	case UI_ACTION_HALF_UP:
		move(page, -MAX(rows / 2, 1));
		break;
	case UI_ACTION_FIRST:
		page->first = 0;
		break;
	case UI_ACTION_LAST:
		move(page, G_MAXINT / 2);
		break;
	case UI_ACTION_FIND:
		ask_find(page);
		break;
	case UI_ACTION_FIND_NEXT:
		find_next(page, 1);
		break;
	case UI_ACTION_FIND_PREVIOUS:
		find_next(page, -1);
		break;
	case UI_ACTION_BACK:
	case UI_ACTION_LEFT:
	case UI_ACTION_CLEAR:
	case UI_ACTION_OPEN:
		ui_pop(view->ui);
		return true;
	default:
		return false;
	}
	ui_redraw(view->ui);
	return true;
}

static const UiAction *
offers(UiView *view)
{
	static const UiAction list[] = {UI_ACTION_BACK, UI_ACTION_PAGE_DOWN,
					UI_ACTION_FIND, UI_ACTION_NONE};

	(void)view;
	return list;
}

static void
page_free(UiView *view)
{
	UiPage *page = (UiPage *)view;

	if (page->free_user != NULL)
		page->free_user(page->user);
	g_clear_pointer(&page->lines, g_ptr_array_unref);
	g_free(page->title);
	g_free(page->what);
	g_free(page->sought);
	g_free(page);
}

static const UiViewClass help_class = {
    .place = UI_PLACE_HELP,
    .top = top,
    .draw = draw,
    .action = action,
    .offers = offers,
    .free = page_free,
};

UiView *
ui_page_new(Ui *ui, const char *title, const char *what, UiPageFill fill,
	    gpointer user, GDestroyNotify free_user)
{
	UiPage *page = g_new0(UiPage, 1);

	page->view.ui = ui;
	page->view.class = &help_class;
	page->title = g_strdup(title);
	page->what = g_strdup(what);
	page->fill = fill;
	page->user = user;
	page->free_user = free_user;
	return &page->view;
}

/* Returns: bytes of the next line; what is skipped behind it is in @ret_skip */
static gsize
break_at(const char *text, gsize len, int columns, gsize *ret_skip)
{
	gsize fits = text_cut(text, (gssize)len, (guint)MAX(columns, 1));
	gsize blank;

	*ret_skip = 0;
	if (fits >= len)
		return len;
	for (blank = fits; blank > 0 && text[blank] != ' '; blank--)
		;
	if (blank == 0)
		return MAX(fits, 1);
	*ret_skip = 1;
	return blank;
}

GPtrArray *
ui_page_text(const char *text, int columns)
{
	GPtrArray *lines = text_line_list_new();
	g_autofree char *clean = text_clean_lines(text, -1);
	g_auto(GStrv) paragraphs = g_strsplit(clean, "\n", -1);

	for (guint i = 0; paragraphs[i] != NULL; i++) {
		const char *rest = paragraphs[i];
		gsize len = strlen(rest);

		do {
			gsize skip;
			gsize n = break_at(rest, len, columns, &skip);

			g_ptr_array_add(lines,
					text_line_new(g_strndup(rest, n)));
			rest += n + skip;
			len -= n + skip;
		} while (len > 0);
	}
	return lines;
}
