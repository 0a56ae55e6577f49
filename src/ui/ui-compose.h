/* ui-compose.h - writing: the editor, and the review screen around it */
#pragma once

#include "ui-view.h"

/** ui_compose_new: an empty draft, straight into the editor */
void ui_compose_new(Ui *ui, Account *account);
/** ui_compose_answer: @start: reply, reply to all or forward @row */
void ui_compose_answer(Ui *ui, Account *account, DraftStart start,
		       const MessageRow *row);
/** ui_compose_resume: @row: a message in Drafts */
void ui_compose_resume(Ui *ui, Account *account, const MessageRow *row);
/** ui_compose_offer: at the start: asks whether what was being written when
 * pennon last ended shall be gone on with */
void ui_compose_offer(Ui *ui);
/** ui_compose_is_open: something is being written */
bool ui_compose_is_open(Ui *ui);
