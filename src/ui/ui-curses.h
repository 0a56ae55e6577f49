/* ui-curses.h - for ui-term.c and ui-text.c alone: what touches curses */
#pragma once

#include "ui-term.h"

/** ui_term_style: cells put from now on have the attributes of @role, a
 * #UiRole with %UI_BOLD and %UI_BAND */
void ui_term_style(UiTerm *term, guint role);
/** ui_term_ambiguous: cells of an ellipsis */
guint ui_term_ambiguous(const UiTerm *term);
