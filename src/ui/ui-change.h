/* ui-change.h - queued changes in words */
#pragma once

#include <glib.h>

#include "ui-view.h"

/** UiNames: the mailboxes of an account, to name those in changes */
typedef struct UiNames UiNames;
UiNames *ui_names_new(Ui *ui, Account *account);
/** ui_names_free: (nullable) */
void ui_names_free(UiNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiNames, ui_names_free)
/** ui_names_shown: of a wire name: as shown in lists; itself where unknown */
const char *ui_names_shown(const UiNames *names, const char *wire);

/** ui_change_waiting: "move 3 to Archive". Returns: (transfer full) */
char *ui_change_waiting(const UiNames *names, const Change *change);
/** ui_change_done: "Moved 3 to Archive"; @n: messages of the whole group.
 * Returns: (transfer full) */
char *ui_change_done(const UiNames *names, const Change *change, guint n);
/** ui_change_place: "work/Inbox". Returns: (transfer full) */
char *ui_change_place(const UiNames *names, const Change *change);
/** ui_change_state: (translated): "waiting", "failed", … */
const char *ui_change_state(const Change *change);
