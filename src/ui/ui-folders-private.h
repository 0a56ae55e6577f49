/* ui-folders-private.h - shared by the files of the mailbox tree */
#pragma once

#include "ui-folders.h"
#include "ui-private.h"

/**
 * FolderRow: one line
 * @account: whose
 * @mailbox: (nullable): %NULL: a blank line, or another account
 * @label: (nullable): %NULL: a blank line
 * @children: mailboxes below it, at any depth
 * @unread, @flagged, @total: of a folded one with all below it
 */
typedef struct {
	Account *account;
	const Mailbox *mailbox;
	char *label;
	guint depth;
	guint children;
	bool folded;
	guint unread;
	guint flagged;
	guint total;
} FolderRow;

/**
 * UiFolders:
 * @accounts: of GPtrArray of Mailbox, by the controller's order of accounts
 * @rows: of FolderRow
 * @folded: set of "account/name"
 * @recent: targets of moves, the last used first
 * @filter: (nullable): only names that hold it
 */
struct UiFolders {
	GPtrArray *accounts;
	GPtrArray *rows;
	gint selected;
	gint top;
	GHashTable *folded;
	GPtrArray *recent;
	char *filter;
	bool dirty;
};

/** ui_folders_tree: makes @rows anew; the selection stays with its mailbox */
void ui_folders_tree(Ui *ui);
/** ui_folders_select: the row of a mailbox */
bool ui_folders_select(Ui *ui, const Account *account, const char *name);
/** ui_folders_selected: (nullable) */
const FolderRow *ui_folders_selected(Ui *ui);
void ui_folders_screen(Ui *ui, UiRect rect);
/** ui_folders_key: what @folded holds; (transfer full) */
char *ui_folders_key(const Account *account, const Mailbox *mailbox);
/** ui_folders_read: reads all mailboxes, makes the rows anew */
void ui_folders_read(Ui *ui);
/** ui_folders_own: (nullable): mailboxes of the account in front of the user */
const GPtrArray *ui_folders_own(Ui *ui);
bool ui_folders_takes_mail(const Mailbox *mailbox);

/* ---- ui-folders-mark.c ---- */

/** ui_folders_mark_read: what is unread in @mailbox, found by the reader
 * thread */
void ui_folders_mark_read(Ui *ui, const Mailbox *mailbox);
