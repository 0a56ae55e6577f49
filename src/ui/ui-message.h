/* ui-message.h - what can be done to messages, wherever they are shown */
#pragma once

#include "ui-view.h"

/** ui_message_act: on the target of the top view; Returns: %false: @action is
 * none of these, or there is no target */
bool ui_message_act(Ui *ui, UiAction action, const char *argument);
/** ui_message_mark_read: what was shown in the reader */
void ui_message_mark_read(Ui *ui, Account *account, gint64 id);

/**
 * UiOp: one command on messages, from its key to its notice
 * @ids: array of gint64
 * @dest: (nullable): name of the mailbox it goes to
 */
typedef struct {
	Ui *ui;
	UiAction action;
	Account *account;
	MessageList *list; /* not owned: only to clear its tags at once */
	GArray *ids;
	char *dest;
	bool tagged;
} UiOp;
void ui_op_free(gpointer op);
/** ui_op_run: (transfer full): journals it, and tells */
void ui_op_run(UiOp *op);

/** ui_message_set_flags: on all of @target */
void ui_message_set_flags(Ui *ui, const UiTarget *target, const MailFlags *add,
			  const MailFlags *remove);
