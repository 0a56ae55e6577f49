/* ui-parts.h - the parts of a message */
#pragma once

#include "ui-view.h"

/**
 * UiPartsFunc: a part shall be shown in the reader
 * @section: as MessageText.section
 */
typedef void (*UiPartsFunc)(Ui *ui, const char *section, gpointer user);

/**
 * ui_parts_open:
 * @row: the message
 * @root: its structure; both are copied
 * @show: called when a part is chosen, after the view has gone; @user must
 *   live as long as the view below
 */
void ui_parts_open(Ui *ui, Account *account, const MessageRow *row,
		   const Part *root, UiPartsFunc show, gpointer user);
