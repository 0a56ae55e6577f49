/* ui-password.h - a password that is asked for */
#pragma once

#include "ui-view.h"

/** ui_password_open: without echo; @refused: (nullable): what the server said
 * about the last one. Esc: not given, the account stays offline. */
void ui_password_open(Ui *ui, Account *account, const char *refused);
