/* ui-waiting.h - waiting changes, what was done, what was told: three lists in
 * one place (SCREENS.md section 14) */
#pragma once

#include "ui-view.h"

/** Each opens its screen over what is there, or comes back to it. */
void ui_waiting_open(Ui *ui);
void ui_done_open(Ui *ui);
void ui_log_open(Ui *ui);
