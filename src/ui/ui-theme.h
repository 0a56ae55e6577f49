/* ui-theme.h - roles to attributes and colours (SCREENS.md section 11) */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include <ncursesw/curses.h>

/** UiTheme: @colors: 0 (mono), 8, 16 or 256 */
typedef struct {
	bool mono;
	bool light;
	int colors;
} UiTheme;

/** ui_theme_init: after newterm(); again when the theme changes */
void ui_theme_init(UiTheme *theme, bool mono, bool light);
/** ui_theme_attributes: of a #UiRole with its bits; @ret_pair: its colours */
attr_t ui_theme_attributes(const UiTheme *theme, guint role, short *ret_pair);
