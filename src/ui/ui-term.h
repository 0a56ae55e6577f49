/* ui-term.h - the terminal: its life, its colours, one frame at a time */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "controller-config.h"

/** UiRole: what a cell means; SCREENS.md gives each its colour */
typedef enum {
	UI_TEXT,
	UI_BAR,
	UI_BARWARN,
	UI_KEY,
	UI_SELECT,
	UI_SELECTOFF,
	UI_UNREAD,
	UI_SUBJECT,
	UI_HEAD,
	UI_FLAG,
	UI_IMPORTANT,
	UI_DUE,
	UI_OVERDUE,
	UI_TAG,
	UI_WAIT,
	UI_QUOTE1,
	UI_QUOTE2,
	UI_QUOTE3,
	UI_SIG,
	UI_LINK,
	UI_BADLINK,
	UI_OK,
	UI_WARN,
	UI_ERROR,
	UI_NEW,
	UI_OLD,
	UI_MATCH,
	UI_LABEL1,
	UI_LABEL2,
	UI_LABEL3,
	UI_LABEL4,
	UI_LABEL5,
	UI_LABEL6,
	UI_LABEL7,
	UI_N_ROLES,
} UiRole;
/** UI_BOLD: or it to a role: the role's colour, bold (unread rows) */
#define UI_BOLD 0x100u
/** UI_BAND: or it to a role: on the selection's background */
#define UI_BAND 0x200u

/** UiSign: the four signs that are not ASCII, and their stand-ins */
typedef enum {
	UI_SIGN_UNREAD,
	UI_SIGN_ANSWER,
	UI_SIGN_CUT,
	UI_SIGN_ENTER,
} UiSign;

/** UiTerm: one, from ui_term_start() to ui_term_stop() */
typedef struct UiTerm UiTerm;

/** ui_term_start: Returns: (nullable): %NULL with a reason in @ret_reason where
 * the terminal cannot place its cursor */
UiTerm *ui_term_start(const UiConfig *config, bool ascii,
		      const char **ret_reason);
/** ui_term_stop: (nullable): the terminal is as it was */
void ui_term_stop(UiTerm *term);
/** ui_term_leave: for $EDITOR, a stop or a helper; ui_term_enter() comes back
 * and paints all */
void ui_term_leave(UiTerm *term);
void ui_term_enter(UiTerm *term);
/** ui_term_is_left: between the two */
bool ui_term_is_left(const UiTerm *term);
/** ui_term_resize: asks the terminal for its size now */
void ui_term_resize(UiTerm *term);
int ui_term_rows(const UiTerm *term);
int ui_term_columns(const UiTerm *term);
/** ui_term_utf8: the locale's character set is UTF-8 */
bool ui_term_utf8(const UiTerm *term);
/** ui_term_background: the terminal told its colour, 0 to 255 each; the theme
 * "auto" may change */
void ui_term_background(UiTerm *term, guint red, guint green, guint blue);
/** ui_term_copy: to the clipboard of the terminal (OSC 52) */
void ui_term_copy(UiTerm *term, const char *text);

const char *ui_sign(const UiTerm *term, UiSign sign);

/* ---- a frame: begun, drawn with ui_text_put(), ended ---- */

void ui_frame_begin(UiTerm *term);
/** ui_frame_end: @y, @x: where the cursor stands. Writes what changed, in one
 * go; Returns: %false: the line is busy, nothing was written: try later */
bool ui_frame_end(UiTerm *term, int y, int x);
/** ui_frame_repaint: the next frame paints all (^L) */
void ui_frame_repaint(UiTerm *term);
