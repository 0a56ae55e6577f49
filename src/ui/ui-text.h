/* ui-text.h - the only way for text onto the screen */
#pragma once

#include <glib.h>

#include "ui-term.h"

/** UiRect: cells; may be empty, never negative */
typedef struct {
	int y;
	int x;
	int rows;
	int columns;
} UiRect;

/**
 * ui_text_put:
 * @columns: cells that may be used; a longer text is cut with an ellipsis
 * @role: a #UiRole, with %UI_BOLD and %UI_BAND
 * @text: (nullable): UTF-8 or not, from anywhere: controls, escape sequences
 *   and bidirectional marks never pass; what the locale cannot show is a "?"
 *
 * Nothing is drawn outside the screen. Returns: cells used
 */
int ui_text_put(UiTerm *term, int y, int x, int columns, guint role,
		const char *text);
/** ui_text_put_right: the same, right-aligned in @columns */
int ui_text_put_right(UiTerm *term, int y, int x, int columns, guint role,
		      const char *text);
/** ui_text_put_hard: cut without an ellipsis (columns of fixed kind) */
int ui_text_put_hard(UiTerm *term, int y, int x, int columns, guint role,
		     const char *text);
/** ui_text_fill: blanks in a role */
void ui_text_fill(UiTerm *term, int y, int x, int columns, guint role);
/** ui_text_width: cells of @text once it is filtered */
int ui_text_width(const char *text);
