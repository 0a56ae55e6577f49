/* ui-rows.h - a list of lines, some of which can be chosen; for the screens of
 * waiting, done and told */
#pragma once

#include "ui-view.h"

/** UiRowLine: one line of a UiRows
 * @mark: column 1: '-' undone, 'x' final, ' '
 * @first, @text, @place, @last: (nullable): cells; @last is right-aligned
 * @role: of @first and @text
 * @number: of the thing it stands for; -1: it cannot be chosen
 */
typedef struct {
	char mark;
	char *first;
	char *text;
	char *place;
	char *last;
	guint role;
	gint64 number;
} UiRowLine;
/** ui_row_line_new: @first: width as the view has it */
UiRowLine *ui_row_line_new(gint64 number, guint role, const char *first,
			   const char *text);
void ui_row_line_free(gpointer line);

/** UiRows: @lines: (owned) of #UiRowLine; @selected: index, -1: none */
typedef struct {
	GPtrArray *lines;
	gint selected;
	gint top;
	gint rows;
	int first_width; /* cells of @first, its blank included */
} UiRows;
void ui_rows_init(UiRows *rows, int first_width);
void ui_rows_clear(UiRows *rows);
/** ui_rows_set: @lines: (transfer full): the selection stays with its number,
 * else with its place */
void ui_rows_set(UiRows *rows, GPtrArray *lines);
/** ui_rows_selected: (nullable) */
const UiRowLine *ui_rows_selected(const UiRows *rows);
/** ui_rows_position: of the selected one among those that can be chosen, from
 * 1; @ret_total */
guint ui_rows_position(const UiRows *rows, guint *ret_total);
void ui_rows_draw(UiRows *rows, Ui *ui, UiRect rect);
/** ui_rows_action: moving; Returns: %true if it knows @action */
bool ui_rows_action(UiRows *rows, UiAction action);
