/* ui-folders-tree.c - mailboxes as rows: roles, then the tree */
#include "ui-folders-private.h"

#include <string.h>

#include "base-text.h"
#include "ui-format.h"

/* deeper ones are shown at this depth */
#define DEPTH_MAX 12u

/* one account's mailboxes while its rows are made */
typedef struct {
	Ui *ui;
	Account *account;
	const GPtrArray *mailboxes;
	GPtrArray *children; /* by index: GArray of guint, or NULL */
	gint *parents;       /* by index: index, or -1 */
} Tree;

static void
row_free(gpointer data)
{
	FolderRow *row = data;

	g_free(row->label);
	g_free(row);
}

char *
ui_folders_key(const Account *account, const Mailbox *mailbox)
{
	return g_strconcat(account_name(account), "/", mailbox->name, NULL);
}

static const Mailbox *
mailbox_at(const Tree *tree, guint index)
{
	return tree->mailboxes->pdata[index];
}

/* index of the nearest mailbox above @index that is there, -1 for none */
static gint
parent_of(const Tree *tree, GHashTable *by_name, guint index)
{
	const Mailbox *mailbox = mailbox_at(tree, index);
	g_autofree char *name = g_strdup(mailbox->name);
	char *end;

	if (mailbox->delimiter == '\0' || mailbox->role != MAILBOX_ROLE_NONE)
		return -1;
	while ((end = strrchr(name, mailbox->delimiter)) != NULL) {
		gpointer found;

		*end = '\0';
		if (g_hash_table_lookup_extended(by_name, name, NULL, &found))
			return GPOINTER_TO_INT(found);
	}
	return -1;
}

static void
array_free(gpointer array)
{
	if (array != NULL)
		g_array_unref(array);
}

static void
tree_init(Tree *tree, Ui *ui, Account *account, const GPtrArray *mailboxes)
{
	g_autoptr(GHashTable) by_name =
	    g_hash_table_new(g_str_hash, g_str_equal);

	*tree = (Tree){
	    .ui = ui,
	    .account = account,
	    .mailboxes = mailboxes,
	    .children = g_ptr_array_new_with_free_func(array_free),
	    .parents = g_new(gint, mailboxes->len + 1),
	};
	g_ptr_array_set_size(tree->children, (gint)mailboxes->len);
	for (guint i = 0; i < mailboxes->len; i++)
		g_hash_table_insert(by_name, mailbox_at(tree, i)->name,
				    GINT_TO_POINTER((gint)i));
	for (guint i = 0; i < mailboxes->len; i++) {
		gint parent = parent_of(tree, by_name, i);

		tree->parents[i] = parent;
		if (parent < 0)
			continue;
		if (tree->children->pdata[parent] == NULL)
			tree->children->pdata[parent] =
			    g_array_new(FALSE, FALSE, sizeof(guint));
		g_array_append_val((GArray *)tree->children->pdata[parent], i);
	}
}

static void
tree_clear(Tree *tree)
{
	g_ptr_array_unref(tree->children);
	g_free(tree->parents);
}

static void
add_counts(FolderRow *row, const Mailbox *mailbox)
{
	row->unread += mailbox->unread == MAILBOX_UNKNOWN ? 0 : mailbox->unread;
	row->flagged +=
	    mailbox->flagged == MAILBOX_UNKNOWN ? 0 : mailbox->flagged;
	row->total += mailbox->total == MAILBOX_UNKNOWN ? 0 : mailbox->total;
}

static void
add_below(const Tree *tree, guint index, FolderRow *row)
{
	const GArray *children = tree->children->pdata[index];

	for (guint i = 0; children != NULL && i < children->len; i++) {
		guint child = g_array_index(children, guint, i);

		row->children++;
		if (row->folded)
			add_counts(row, mailbox_at(tree, child));
		add_below(tree, child, row);
	}
}

static char *
label_of(const Tree *tree, guint index)
{
	const Mailbox *mailbox = mailbox_at(tree, index);
	gint parent = tree->parents[index];

	if (parent < 0)
		return ui_format_mailbox(mailbox);
	return text_clean_line(
	    mailbox->name + strlen(mailbox_at(tree, (guint)parent)->name) + 1,
	    -1);
}

/* names are at most 4096 bytes long, and so is the depth bounded */
static void
emit(const Tree *tree, guint index, guint depth)
{
	UiFolders *folders = tree->ui->folders;
	const Mailbox *mailbox = mailbox_at(tree, index);
	const GArray *children = tree->children->pdata[index];
	g_autofree char *key = ui_folders_key(tree->account, mailbox);
	FolderRow *row = g_new0(FolderRow, 1);

	row->account = tree->account;
	row->mailbox = mailbox;
	row->depth = MIN(depth, DEPTH_MAX);
	row->label = label_of(tree, index);
	row->folded = mailbox->role == MAILBOX_ROLE_NONE &&
		      g_hash_table_contains(folders->folded, key);
	add_counts(row, mailbox);
	add_below(tree, index, row);
	g_ptr_array_add(folders->rows, row);
	for (guint i = 0; !row->folded && children != NULL && i < children->len;
	     i++)
		emit(tree, g_array_index(children, guint, i), depth + 1);
}

static void
emit_blank(UiFolders *folders, Account *account)
{
	FolderRow *row = g_new0(FolderRow, 1);

	row->account = account;
	g_ptr_array_add(folders->rows, row);
}

static void
emit_matches(const Tree *tree)
{
	UiFolders *folders = tree->ui->folders;
	g_autofree char *wanted = text_fold(folders->filter, -1);

	for (guint i = 0; i < tree->mailboxes->len; i++) {
		const Mailbox *mailbox = mailbox_at(tree, i);
		g_autofree char *name = text_clean_line(mailbox->name, -1);
		g_autofree char *folded = text_fold(name, -1);
		FolderRow *row;

		if (strstr(folded, wanted) == NULL)
			continue;
		row = g_new0(FolderRow, 1);
		row->account = tree->account;
		row->mailbox = mailbox;
		row->label = g_steal_pointer(&name);
		add_counts(row, mailbox);
		g_ptr_array_add(folders->rows, row);
	}
}

static bool
is_top_role(const Mailbox *mailbox)
{
	return mailbox->role >= MAILBOX_ROLE_INBOX &&
	       mailbox->role <= MAILBOX_ROLE_FLAGGED;
}

static void
emit_account(Ui *ui, Account *account, const GPtrArray *mailboxes)
{
	bool roles = false;
	bool blank = false;
	Tree tree;

	tree_init(&tree, ui, account, mailboxes);
	if (ui->folders->filter != NULL) {
		emit_matches(&tree);
		tree_clear(&tree);
		return;
	}
	for (guint i = 0; i < mailboxes->len; i++) {
		if (!is_top_role(mailbox_at(&tree, i)))
			continue;
		emit(&tree, i, 0);
		roles = true;
	}
	for (guint i = 0; i < mailboxes->len; i++) {
		if (is_top_role(mailbox_at(&tree, i)) || tree.parents[i] >= 0)
			continue;
		if (roles && !blank)
			emit_blank(ui->folders, account);
		blank = true;
		emit(&tree, i, 0);
	}
	tree_clear(&tree);
}

static void
emit_other(Ui *ui, Account *account, const GPtrArray *mailboxes)
{
	FolderRow *row = g_new0(FolderRow, 1);

	row->account = account;
	row->label = text_clean_line(account_name(account), -1);
	for (guint i = 0; i < mailboxes->len; i++) {
		const Mailbox *mailbox = mailboxes->pdata[i];

		if (mailbox->role == MAILBOX_ROLE_INBOX)
			add_counts(row, mailbox);
	}
	g_ptr_array_add(ui->folders->rows, row);
}

bool
ui_folders_select(Ui *ui, const Account *account, const char *name)
{
	UiFolders *folders = ui->folders;

	for (guint i = 0; i < folders->rows->len; i++) {
		const FolderRow *row = folders->rows->pdata[i];

		if (row->account != account || row->mailbox == NULL ||
		    !mailbox_name_equal(row->mailbox->name, name))
			continue;
		folders->selected = (gint)i;
		return true;
	}
	return false;
}

const FolderRow *
ui_folders_selected(Ui *ui)
{
	UiFolders *folders = ui->folders;

	if (folders->selected < 0 ||
	    (guint)folders->selected >= folders->rows->len)
		return NULL;
	return folders->rows->pdata[folders->selected];
}

void
ui_folders_tree(Ui *ui)
{
	UiFolders *folders = ui->folders;
	const FolderRow *old = ui_folders_selected(ui);
	g_autofree char *name = NULL;
	bool others = false;

	if (old != NULL && old->mailbox != NULL)
		name = g_strdup(old->mailbox->name);
	g_clear_pointer(&folders->rows, g_ptr_array_unref);
	folders->rows = g_ptr_array_new_with_free_func(row_free);
	for (guint i = 0; i < folders->accounts->len; i++) {
		Account *account = controller_account(ui->controller, i);

		if (account == ui->account)
			emit_account(ui, account, folders->accounts->pdata[i]);
	}
	for (guint i = 0; i < folders->accounts->len; i++) {
		Account *account = controller_account(ui->controller, i);

		if (account == ui->account)
			continue;
		if (!others)
			emit_blank(folders, account);
		others = true;
		emit_other(ui, account, folders->accounts->pdata[i]);
	}
	if (name == NULL || !ui_folders_select(ui, ui->account, name))
		folders->selected = MIN(MAX(folders->selected, 0),
					(gint)folders->rows->len - 1);
}
