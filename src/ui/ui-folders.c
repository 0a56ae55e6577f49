/* ui-folders.c - choosing a mailbox, and working on mailboxes */
#include "ui-folders-private.h"

#include <string.h>

#include "base-text.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-list.h"

void
ui_folders_read(Ui *ui)
{
	UiFolders *folders = ui->folders;
	guint n = controller_n_accounts(ui->controller);
	GPtrArray *old;
	GPtrArray *all =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < n; i++) {
		g_autoptr(GError) error = NULL;
		GPtrArray *mailboxes = account_mailboxes(
		    controller_account(ui->controller, i), &error);

		if (mailboxes == NULL) {
			g_warning("mailboxes: %s", error->message);
			mailboxes = g_ptr_array_new();
		}
		g_ptr_array_add(all, mailboxes);
	}
	/* rows point into the old ones until the tree is made anew */
	old = folders->accounts;
	folders->accounts = all;
	ui_folders_tree(ui);
	if (old != NULL)
		g_ptr_array_unref(old);
	folders->dirty = false;
}

void
ui_folders_start(Ui *ui)
{
	UiFolders *folders = g_new0(UiFolders, 1);

	folders->rows = g_ptr_array_new();
	folders->folded =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	folders->recent = g_ptr_array_new_with_free_func(g_free);
	ui->folders = folders;
	ui_folders_read(ui);
}

void
ui_folders_stop(Ui *ui)
{
	UiFolders *folders = ui->folders;

	if (folders == NULL)
		return;
	g_ptr_array_unref(folders->rows);
	g_ptr_array_unref(folders->accounts);
	g_hash_table_unref(folders->folded);
	g_ptr_array_unref(folders->recent);
	g_free(folders->filter);
	g_free(folders);
	ui->folders = NULL;
}

void
ui_folders_changed(Ui *ui)
{
	if (ui->folders != NULL)
		ui->folders->dirty = true;
}

bool
ui_folders_has_column(Ui *ui)
{
	return ui_config(ui)->folders && ui_term_columns(ui->term) >= 100;
}

static const UiViewClass folders_class;

void
ui_folders_refresh(Ui *ui)
{
	if (ui->folders == NULL || !ui->folders->dirty)
		return;
	if (ui_folders_has_column(ui) || ui_find(ui, &folders_class) != NULL)
		ui_folders_read(ui);
}

/* ---- acts ---- */

static void
job_done(Ui *ui, const ControllerEvent *event, gpointer user)
{
	(void)user;
	if (event->job_state == JOB_FAILED && event->error != NULL &&
	    !g_error_matches(event->error, CONTROLLER_ERROR,
			     CONTROLLER_ERROR_QUEUED))
		ui_error(ui, event->account, event->error);
}

static void
watch(Ui *ui, gint64 job, const GError *error)
{
	if (job == 0)
		ui_error(ui, ui->account, error);
	else
		ui_watch_job(ui, ui->account, job, job_done, NULL);
}

static void
new_typed(Ui *ui, const char *text, gpointer user)
{
	g_autoptr(GError) error = NULL;

	(void)user;
	if (text != NULL && text[0] != '\0')
		watch(ui, account_folder_create(ui->account, text, &error),
		      error);
}

static void
ask_new(Ui *ui, const char *argument)
{
	UiPrompt prompt = {
	    .label = _("New mailbox:"),
	    .done = new_typed,
	};

	if (argument != NULL)
		new_typed(ui, argument, NULL);
	else
		ui_prompt_open(ui, &prompt);
}

static void
rename_typed(Ui *ui, const char *text, gpointer user)
{
	g_autofree char *name = user;
	g_autoptr(GError) error = NULL;

	if (text == NULL || text[0] == '\0' || g_str_equal(text, name))
		return;
	watch(ui, account_folder_rename(ui->account, name, text, &error),
	      error);
}

static void
ask_rename(Ui *ui, const Mailbox *mailbox, const char *argument)
{
	UiPrompt prompt = {
	    .label = _("Rename to:"),
	    .text = mailbox->name,
	    .done = rename_typed,
	    .user = g_strdup(mailbox->name),
	};

	if (argument != NULL)
		rename_typed(ui, argument, prompt.user);
	else
		ui_prompt_open(ui, &prompt);
}

static void
delete_answered(Ui *ui, int answer, gpointer user)
{
	g_autofree char *name = user;
	g_autoptr(GError) error = NULL;

	if (answer == 0)
		watch(ui, account_folder_delete(ui->account, name, &error),
		      error);
}

static void
ask_delete(Ui *ui, const FolderRow *row)
{
	UiAnswer answer = {'y', _("Delete")};
	g_autofree char *shown = ui_format_mailbox(row->mailbox);
	g_autofree char *number = ui_format_number(row->total);
	g_autofree char *text = NULL;

	text = g_strdup_printf(
	    /* TRANSLATORS: mailbox, number of messages in it */
	    ngettext("Delete mailbox %s and its %s message for ever?",
		     "Delete mailbox %s and its %s messages for ever?",
		     row->total),
	    shown, number);
	ui_question_open(ui, text, &answer, 1, delete_answered,
			 g_strdup(row->mailbox->name));
}

static void
toggle_subscribed(Ui *ui, const Mailbox *mailbox)
{
	g_autoptr(GError) error = NULL;
	bool subscribed = mailbox->attrs & MAILBOX_ATTR_SUBSCRIBED;

	watch(ui,
	      account_folder_subscribe(ui->account, mailbox->name, !subscribed,
				       &error),
	      error);
}

static void
fold(Ui *ui, const FolderRow *row)
{
	g_autofree char *key = ui_folders_key(row->account, row->mailbox);
	GHashTable *folded = ui->folders->folded;

	if (row->children == 0)
		return;
	if (!g_hash_table_remove(folded, key))
		g_hash_table_add(folded, g_steal_pointer(&key));
	ui_folders_tree(ui);
}

static void
fold_all(Ui *ui)
{
	UiFolders *folders = ui->folders;
	const GPtrArray *all = ui_folders_own(ui);

	if (g_hash_table_size(folders->folded) > 0) {
		g_hash_table_remove_all(folders->folded);
	} else {
		for (guint i = 0; all != NULL && i < all->len; i++)
			g_hash_table_add(
			    folders->folded,
			    ui_folders_key(ui->account, all->pdata[i]));
	}
	ui_folders_tree(ui);
}

/* ---- the view ---- */

static void
step(UiFolders *folders, int rows)
{
	int direction = rows < 0 ? -1 : 1;
	gint at = folders->selected;

	for (int left = ABS(rows); left > 0; left--) {
		gint next = at + direction;

		while (next >= 0 && (guint)next < folders->rows->len &&
		       ((FolderRow *)folders->rows->pdata[next])->label == NULL)
			next += direction;
		if (next < 0 || (guint)next >= folders->rows->len)
			break;
		at = next;
	}
	folders->selected = at;
}

static void
next_unread(UiFolders *folders)
{
	guint n = folders->rows->len;

	for (guint i = 1; i <= n; i++) {
		guint at = ((guint)MAX(folders->selected, 0) + i) % n;
		const FolderRow *row = folders->rows->pdata[at];

		if (row->label == NULL || row->unread == 0)
			continue;
		folders->selected = (gint)at;
		return;
	}
}

static void
open_selected(Ui *ui)
{
	const FolderRow *row = ui_folders_selected(ui);
	g_autofree char *name = NULL;
	Account *account;

	if (row == NULL || row->label == NULL)
		return;
	account = row->account;
	if (row->mailbox != NULL && !ui_folders_takes_mail(row->mailbox)) {
		if (row->children > 0)
			fold(ui, row);
		return;
	}
	name = g_strdup(row->mailbox != NULL ? row->mailbox->name : "inbox");
	g_clear_pointer(&ui->folders->filter, g_free);
	ui_list_open(ui, account, name);
}

static bool
move(Ui *ui, UiAction action)
{
	UiFolders *folders = ui->folders;
	int rows = MAX(2, ui_content(ui).rows - 1);

	switch (action) {
	case UI_ACTION_DOWN:
		step(folders, 1);
		return true;
	case UI_ACTION_UP:
		step(folders, -1);
		return true;
	case UI_ACTION_PAGE_DOWN:
		step(folders, rows);
		return true;
	case UI_ACTION_PAGE_UP:
		step(folders, -rows);
		return true;
	case UI_ACTION_HALF_DOWN:
		step(folders, rows / 2);
		return true;
	case UI_ACTION_HALF_UP:
		step(folders, -rows / 2);
		return true;
	case UI_ACTION_FIRST:
		step(folders, -(int)folders->rows->len);
		return true;
	case UI_ACTION_LAST:
		step(folders, (int)folders->rows->len);
		return true;
	case UI_ACTION_NEXT_UNREAD:
		if (folders->rows->len > 0)
			next_unread(folders);
		return true;
	default:
		return false;
	}
}

static void
filter_changed(Ui *ui, const char *text, gpointer user)
{
	(void)user;
	g_free(ui->folders->filter);
	ui->folders->filter = text[0] != '\0' ? g_strdup(text) : NULL;
	ui_folders_tree(ui);
}

static void
filter_typed(Ui *ui, const char *text, gpointer user)
{
	(void)user;
	if (text == NULL) {
		filter_changed(ui, "", NULL);
		return;
	}
	open_selected(ui);
}

static void
ask_filter(Ui *ui)
{
	UiPrompt prompt = {
	    .label = _("Mailbox:"),
	    .history = "mailbox",
	    .changed = filter_changed,
	    .done = filter_typed,
	    /* TRANSLATORS: Enter opens the chosen mailbox */
	    .enter = C_("mailbox", "Open"),
	};

	ui_prompt_open(ui, &prompt);
}

static bool
work_on(Ui *ui, UiAction action, const char *argument, const FolderRow *row)
{
	switch (action) {
	case UI_ACTION_RENAME_MAILBOX:
		ask_rename(ui, row->mailbox, argument);
		return true;
	case UI_ACTION_DELETE_MAILBOX:
		ask_delete(ui, row);
		return true;
	case UI_ACTION_SUBSCRIBE:
		toggle_subscribed(ui, row->mailbox);
		return true;
	case UI_ACTION_MARK_READ:
		ui_folders_mark_read(ui, row->mailbox);
		return true;
	case UI_ACTION_FOLD:
		fold(ui, row);
		return true;
	default:
		return false;
	}
}

static bool
folders_action(UiView *view, UiAction action, const char *argument)
{
	Ui *ui = view->ui;
	const FolderRow *row = ui_folders_selected(ui);

	if (move(ui, action))
		return true;
	switch (action) {
	case UI_ACTION_OPEN:
		open_selected(ui);
		return true;
	case UI_ACTION_MAILBOXES:
	case UI_ACTION_LEFT:
	case UI_ACTION_BACK:
		ui_pop(ui);
		return true;
	case UI_ACTION_CLEAR:
		if (ui->folders->filter != NULL)
			filter_changed(ui, "", NULL);
		else
			ui_pop(ui);
		return true;
	case UI_ACTION_NEW_MAILBOX:
		ask_new(ui, argument);
		return true;
	case UI_ACTION_FILTER:
		ask_filter(ui);
		return true;
	case UI_ACTION_FOLD_ALL:
		fold_all(ui);
		return true;
	default:
		break;
	}
	if (row == NULL || row->mailbox == NULL || row->account != ui->account)
		return false;
	return work_on(ui, action, argument, row);
}

static void
folders_draw(UiView *view, UiRect rect)
{
	Ui *ui = view->ui;

	if (ui_folders_has_column(ui)) {
		UiView *list = ui_find(ui, &ui_list_class);
		UiRect column = rect;

		column.columns = UI_FOLDERS_WIDTH;
		if (list != NULL)
			ui_list_draw_behind(list, rect);
		ui_folders_column(ui, column, true);
		return;
	}
	ui_folders_screen(ui, rect);
}

static void
folders_top(UiView *view, UiTop *top)
{
	Ui *ui = view->ui;
	const GPtrArray *all = ui_folders_own(ui);
	g_autofree char *name = NULL;
	g_autofree char *number = NULL;
	guint unread = 0;

	for (guint i = 0; all != NULL && i < all->len; i++) {
		const Mailbox *mailbox = all->pdata[i];

		if (mailbox->unread != MAILBOX_UNKNOWN)
			unread += mailbox->unread;
	}
	name = text_clean_line(account_name(ui->account), -1);
	g_string_assign(top->place, name);
	if (all != NULL)
		g_string_printf(
		    top->view, ngettext("%u mailbox", "%u mailboxes", all->len),
		    all->len);
	number = ui_format_number(unread);
	if (unread > 0)
		/* TRANSLATORS: %s: a number of messages */
		g_string_printf(top->counts,
				ngettext("%s unread", "%s unread", unread),
				number);
}

static char *
folders_hint(UiView *view)
{
	const FolderRow *row = ui_folders_selected(view->ui);
	g_autofree char *shown = NULL;
	g_autofree char *number = NULL;

	if (row == NULL || row->mailbox == NULL)
		return NULL;
	shown = ui_format_mailbox(row->mailbox);
	number = ui_format_number(row->total);
	if (row->mailbox->keep_offline)
		return g_strdup_printf(ngettext("%s: %s message, kept offline",
						"%s: %s messages, kept offline",
						row->total),
				       shown, number);
	/* TRANSLATORS: a mailbox, number of messages in it */
	return g_strdup_printf(
	    ngettext("%s: %s message", "%s: %s messages", row->total), shown,
	    number);
}

static const UiAction *
folders_offers(UiView *view)
{
	static const UiAction offers[] = {
	    UI_ACTION_OPEN,           UI_ACTION_NEW_MAILBOX,
	    UI_ACTION_RENAME_MAILBOX, UI_ACTION_DELETE_MAILBOX,
	    UI_ACTION_MARK_READ,      UI_ACTION_SUBSCRIBE,
	    UI_ACTION_FOLD,           UI_ACTION_BACK,
	    UI_ACTION_NONE,
	};

	(void)view;
	return offers;
}

static void
folders_free(UiView *view)
{
	g_free(view);
}

static const UiViewClass folders_class = {
    .place = UI_PLACE_MAILBOXES,
    .top = folders_top,
    .draw = folders_draw,
    .action = folders_action,
    .offers = folders_offers,
    .hint = folders_hint,
    .free = folders_free,
};

void
ui_folders_open(Ui *ui)
{
	MessageList *list = ui_list_current(ui);
	UiView *view;

	if (ui_find(ui, &folders_class) == ui_top_view(ui))
		return;
	if (ui->folders->dirty)
		ui_folders_read(ui);
	if (list != NULL)
		ui_folders_select(ui, message_list_account(list),
				  message_list_mailbox(list)->name);
	view = g_new0(UiView, 1);
	view->class = &folders_class;
	ui_push(ui, view);
}
