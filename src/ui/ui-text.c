/* ui-text.c - the only way for text onto the screen */
#include "ui-text.h"

#include <string.h>
#include <wchar.h>

#include <ncursesw/curses.h>

#include "base-text.h"
#include "ui-curses.h"

/* a base, and marks that curses can keep in its cell */
#define CLUSTER_MAX 5

static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

/* @text filtered; the caller frees @ret_owned */
static const char *
clean(const char *text, char **ret_owned)
{
	*ret_owned = NULL;
	if (text == NULL)
		return "";
	if (is_plain(text))
		return text;
	*ret_owned = text_clean_line(text, -1);
	return *ret_owned;
}

/*
 * One cluster into @width cells at @x. What the C library measures otherwise
 * than we do (or cannot show in this locale) must not shift what follows: its
 * first character stands alone, blanks fill the rest.
 */
static void
put_cluster(UiTerm *term, int y, int x, const char *text, gsize len,
	    guint width)
{
	wchar_t wide[CLUSTER_MAX + 1] = {0};
	cchar_t cell;
	attr_t attributes;
	short pair;
	guint n = 0;
	int base;

	if (!ui_term_utf8(term)) {
		mvaddch(y, x, '?');
		for (guint i = 1; i < width; i++)
			addch(' ');
		return;
	}
	for (const char *c = text; c < text + len && n < CLUSTER_MAX;
	     c = g_utf8_next_char(c)) {
		wchar_t wc = (wchar_t)g_utf8_get_char(c);

		if (n > 0 && wcwidth(wc) != 0)
			break;
		wide[n++] = wc;
	}
	base = wcwidth(wide[0]);
	if (base < 1 || base > (int)width) {
		mvaddch(y, x, '?');
		base = 1;
	} else {
		attr_get(&attributes, &pair, NULL);
		setcchar(&cell, wide, attributes, pair, NULL);
		mvadd_wch(y, x, &cell);
	}
	for (guint i = (guint)base; i < width; i++)
		addch(' ');
}

/* cells used; @text is filtered; stops before what does not fit */
static int
put_clusters(UiTerm *term, int y, int x, int columns, const char *text)
{
	gsize len = strlen(text);
	int used = 0;

	while (len > 0) {
		guint width = 0;
		gsize n = text_cluster(text, len, &width);

		if (n == 0 || used + (int)width > columns)
			break;
		if (n == 1 && (guchar)*text < 0x80)
			mvaddch(y, x + used, (chtype)(guchar)*text);
		else if (width > 0)
			put_cluster(term, y, x + used, text, n, width);
		used += (int)width;
		text += n;
		len -= n;
	}
	return used;
}

static int
put(UiTerm *term, int y, int x, int columns, guint role, const char *text,
    bool hard)
{
	g_autofree char *owned = NULL;
	const char *shown = clean(text, &owned);
	const char *mark = ui_sign(term, UI_SIGN_CUT);
	int used;

	columns = MIN(columns, ui_term_columns(term) - x);
	if (y < 0 || y >= ui_term_rows(term) || x < 0 || columns <= 0)
		return 0;
	ui_term_style(term, role);
	if (hard || (int)text_width(shown, -1) <= columns)
		return put_clusters(term, y, x, columns, shown);
	used = put_clusters(term, y, x, columns - 1, shown);
	/* a wide character that does not fit leaves a blank */
	while (used < columns - 1)
		mvaddch(y, x + used++, ' ');
	put_clusters(term, y, x + used, 1, mark);
	return columns;
}

int
ui_text_put(UiTerm *term, int y, int x, int columns, guint role,
	    const char *text)
{
	return put(term, y, x, columns, role, text, false);
}

int
ui_text_put_right(UiTerm *term, int y, int x, int columns, guint role,
		  const char *text)
{
	int width = ui_text_width(text);
	int gap = MAX(0, columns - width);

	return gap + ui_text_put(term, y, x + gap, columns - gap, role, text);
}

int
ui_text_put_hard(UiTerm *term, int y, int x, int columns, guint role,
		 const char *text)
{
	return put(term, y, x, columns, role, text, true);
}

void
ui_text_fill(UiTerm *term, int y, int x, int columns, guint role)
{
	columns = MIN(columns, ui_term_columns(term) - x);
	if (y < 0 || y >= ui_term_rows(term) || x < 0 || columns <= 0)
		return;
	ui_term_style(term, role);
	mvhline(y, x, ' ', columns);
}

int
ui_text_width(const char *text)
{
	g_autofree char *owned = NULL;

	return (int)text_width(clean(text, &owned), -1);
}
