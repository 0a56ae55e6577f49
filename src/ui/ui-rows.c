/* ui-rows.c - a list of lines, some of which can be chosen */
#include "ui-rows.h"

#define PLACE_WIDTH 18
#define LAST_WIDTH 9
#define PLACE_FROM 60 /* narrower screens leave places out */

UiRowLine *
ui_row_line_new(gint64 number, guint role, const char *first, const char *text)
{
	UiRowLine *line = g_new0(UiRowLine, 1);

	line->mark = ' ';
	line->number = number;
	line->role = role;
	line->first = g_strdup(first);
	line->text = g_strdup(text);
	return line;
}

void
ui_row_line_free(gpointer data)
{
	UiRowLine *line = data;

	g_free(line->first);
	g_free(line->text);
	g_free(line->place);
	g_free(line->last);
	g_free(line);
}

void
ui_rows_init(UiRows *rows, int first_width)
{
	rows->lines = g_ptr_array_new_with_free_func(ui_row_line_free);
	rows->selected = -1;
	rows->first_width = first_width;
}

void
ui_rows_clear(UiRows *rows)
{
	g_clear_pointer(&rows->lines, g_ptr_array_unref);
}

static const UiRowLine *
line_at(const UiRows *rows, gint index)
{
	return g_ptr_array_index(rows->lines, index);
}

/* The next line from @from on that can be chosen; -1: none */
static gint
choosable(const UiRows *rows, gint from, gint step)
{
	for (gint i = from; i >= 0 && i < (gint)rows->lines->len; i += step)
		if (line_at(rows, i)->number >= 0)
			return i;
	return -1;
}

void
ui_rows_set(UiRows *rows, GPtrArray *lines)
{
	const UiRowLine *before = ui_rows_selected(rows);
	gint64 number = before == NULL ? -1 : before->number;
	gint place = rows->selected;

	g_ptr_array_unref(rows->lines);
	rows->lines = lines;
	rows->selected = -1;
	for (gint i = 0; number >= 0 && i < (gint)lines->len; i++)
		if (line_at(rows, i)->number == number)
			rows->selected = i;
	if (rows->selected < 0)
		rows->selected = choosable(rows, MAX(place, 0), 1);
	if (rows->selected < 0)
		rows->selected = choosable(rows, (gint)lines->len - 1, -1);
}

const UiRowLine *
ui_rows_selected(const UiRows *rows)
{
	if (rows->selected < 0 || rows->selected >= (gint)rows->lines->len)
		return NULL;
	return line_at(rows, rows->selected);
}

guint
ui_rows_position(const UiRows *rows, guint *ret_total)
{
	guint position = 0;

	*ret_total = 0;
	for (gint i = 0; i < (gint)rows->lines->len; i++) {
		*ret_total += line_at(rows, i)->number >= 0;
		if (i == rows->selected)
			position = *ret_total;
	}
	return position;
}

static void
draw_line(const UiRows *rows, UiTerm *term, int y, UiRect rect,
	  const UiRowLine *line, bool selected)
{
	const char mark[] = {selected ? '>' : line->mark, '\0'};
	int right = rect.columns;
	int x = 2;

	if (line->last != NULL) {
		int width = MIN(MAX(ui_text_width(line->last), LAST_WIDTH),
				rect.columns - x);

		right -= width + 1;
		ui_text_put_right(term, y, rect.x + right, width, UI_TEXT,
				  line->last);
		right--;
	}
	if (line->place != NULL && rect.columns >= PLACE_FROM) {
		right -= PLACE_WIDTH;
		ui_text_put(term, y, rect.x + right, PLACE_WIDTH - 1, UI_TEXT,
			    line->place);
		right--;
	}
	ui_text_put(term, y, rect.x, 1, selected ? UI_SELECT : UI_TEXT, mark);
	if (line->first != NULL) {
		ui_text_put(term, y, rect.x + x,
			    MIN(rows->first_width - 1, right - x), line->role,
			    line->first);
		x += rows->first_width;
	}
	ui_text_put(term, y, rect.x + x, right - x,
		    selected ? UI_SELECT : line->role, line->text);
}

void
ui_rows_draw(UiRows *rows, Ui *ui, UiRect rect)
{
	gint n = (gint)rows->lines->len;

	rows->rows = rect.rows;
	if (rows->selected >= 0) {
		if (rows->selected < rows->top)
			rows->top = rows->selected;
		if (rows->selected >= rows->top + rect.rows)
			rows->top = rows->selected - rect.rows + 1;
	}
	/* what cannot be chosen above the first stays in sight */
	if (rows->selected >= 0 && choosable(rows, 0, 1) == rows->selected &&
	    rows->selected < rect.rows)
		rows->top = 0;
	rows->top = CLAMP(rows->top, 0, MAX(n - 1, 0));
	ui_cursor(ui, rect.y, rect.x);
	for (gint i = 0; i < rect.rows && rows->top + i < n; i++) {
		bool selected = rows->top + i == rows->selected;

		draw_line(rows, ui_term(ui), rect.y + i, rect,
			  line_at(rows, rows->top + i), selected);
		if (selected)
			ui_cursor(ui, rect.y + i, rect.x);
	}
}

static void
move(UiRows *rows, gint by)
{
	gint n = (gint)rows->lines->len;
	gint step = by < 0 ? -1 : 1;
	gint to;

	if (n == 0 || rows->selected < 0)
		return;
	to = choosable(rows, CLAMP(rows->selected + by, 0, n - 1), step);
	if (to < 0)
		to = choosable(rows, step > 0 ? n - 1 : 0, -step);
	if (to >= 0)
		rows->selected = to;
}

bool
ui_rows_action(UiRows *rows, UiAction action)
{
	gint page = MAX(rows->rows, 1);

	switch (action) {
	case UI_ACTION_DOWN:
		move(rows, 1);
		return true;
	case UI_ACTION_UP:
		move(rows, -1);
		return true;
	case UI_ACTION_PAGE_DOWN:
		move(rows, page);
		return true;
	case UI_ACTION_PAGE_UP:
		move(rows, -page);
		return true;
	case UI_ACTION_HALF_DOWN:
		move(rows, MAX(page / 2, 1));
		return true;
	case UI_ACTION_HALF_UP:
		move(rows, -MAX(page / 2, 1));
		return true;
	case UI_ACTION_FIRST:
		move(rows, -(gint)rows->lines->len);
		return true;
	case UI_ACTION_LAST:
		move(rows, (gint)rows->lines->len);
		return true;
	default:
		return false;
	}
}
