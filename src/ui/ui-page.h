/* ui-page.h - a text to page through: help, details */
#pragma once

#include <glib.h>

#include "ui-view.h"

/**
 * UiPageFill: the lines of a page, made anew when the width changes
 * @columns: cells of a line
 *
 * Returns: (transfer full): array of #TextLine
 */
typedef GPtrArray *(*UiPageFill)(Ui *ui, int columns, gpointer user);

/**
 * ui_page_new:
 * @title: (translated): on the top line, in the place's place
 * @what: (nullable) (translated): behind it
 * @user: (transfer full) (nullable): for @fill; freed with @free_user
 */
UiView *ui_page_new(Ui *ui, const char *title, const char *what,
		    UiPageFill fill, gpointer user, GDestroyNotify free_user);
/** ui_page_text: lines of a plain text, broken at blanks to fit @columns.
 * Returns: (transfer full): array of #TextLine */
GPtrArray *ui_page_text(const char *text, int columns);
