/* ui-password.h - a password that is asked for */
#pragma once

#include "ui-view.h"

/** ui_password_open: @refused: (nullable): the server's words for the last
 * one; asked for once the user types nothing else */
void ui_password_open(Ui *ui, Account *account, const char *refused);
/** ui_password_next: opens the prompt for the next account that waits, if it
 * can be */
void ui_password_next(Ui *ui);
