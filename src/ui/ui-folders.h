/* ui-folders.h - the mailboxes: as a column beside the list, and as a screen */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "ui-view.h"

/** UI_FOLDERS_WIDTH: of the column, with the blank behind it one more */
#define UI_FOLDERS_WIDTH 24

void ui_folders_start(Ui *ui);
void ui_folders_stop(Ui *ui);
/** ui_folders_changed: counts or names changed: read again before the next
 * frame that shows them */
void ui_folders_changed(Ui *ui);
/** ui_folders_refresh: before a frame */
void ui_folders_refresh(Ui *ui);
/** ui_folders_column: @rect of %UI_FOLDERS_WIDTH; @focus: the selection is
 * drawn as such, else where the list is */
void ui_folders_column(Ui *ui, UiRect rect, bool focus);
/** ui_folders_has_column: at this size, with this configuration */
bool ui_folders_has_column(Ui *ui);
/** ui_folders_open: the screen, or the focus in the column */
void ui_folders_open(Ui *ui);
/** ui_folders_candidates: (transfer full): mailboxes that can take messages
 * and match @text, the likeliest first (UiPrompt.complete) */
GPtrArray *ui_folders_candidates(Ui *ui, const char *text);
/** ui_folders_name: (transfer full) (nullable): the name of the mailbox that
 * @text, typed or taken, means */
char *ui_folders_name(Ui *ui, const char *text);
/** ui_folders_used: a target was chosen: offered first the next time */
void ui_folders_used(Ui *ui, const char *name);
