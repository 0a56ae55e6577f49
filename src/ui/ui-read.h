/* ui-read.h - the reader */
#pragma once

#include "ui-view.h"

/** ui_read_open: the message under the selection of @list, which stays open
 * below; the list's selection follows the reader */
void ui_read_open(Ui *ui, MessageList *list);
