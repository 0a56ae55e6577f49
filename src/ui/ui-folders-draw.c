/* ui-folders-draw.c - the mailbox column and the mailbox screen */
#include "ui-folders-private.h"

#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-list.h"

/* where the screen's columns end (SCREENS-FRAMES.md, folders) */
#define NAME_AT 3
#define UNREAD_END 40
#define FLAGGED_END 49
#define TOTAL_END 59
#define ASOF_AT 61
#define FULL_WIDTH 72

static void
scroll_to(UiFolders *folders, gint at, int rows)
{
	gint last = (gint)folders->rows->len - rows;

	if (at >= 0 && at < folders->top)
		folders->top = MAX(0, at - rows / 2);
	else if (at >= folders->top + rows)
		folders->top = at - rows / 2;
	folders->top = CLAMP(folders->top, 0, MAX(0, last));
}

/* " 12 4!": what stands at the right of the column */
static char *
column_counts(const FolderRow *row)
{
	GString *text = g_string_new(NULL);
	guint unread = row->unread;

	/* of drafts all wait to be written */
	if (row->mailbox != NULL && row->mailbox->role == MAILBOX_ROLE_DRAFTS)
		unread = row->total;
	if (unread > 0)
		g_string_append_printf(text, "%u", unread);
	if (row->flagged > 0 && row->mailbox != NULL)
		g_string_append_printf(text, " %u!", row->flagged);
	return g_string_free(text, FALSE);
}

static char *
column_label(const FolderRow *row, int *ret_at)
{
	*ret_at = 1 + (int)row->depth;
	if (row->mailbox == NULL || row->children == 0 ||
	    row->mailbox->role != MAILBOX_ROLE_NONE)
		return g_strdup(row->label);
	if (row->folded)
		return g_strdup_printf("+ %s (%u)", row->label, row->children);
	return g_strdup_printf("- %s", row->label);
}

static void
draw_column_row(Ui *ui, UiRect rect, const FolderRow *row, bool here,
		bool focus)
{
	UiTerm *term = ui->term;
	int at;
	g_autofree char *label = column_label(row, &at);
	g_autofree char *counts = column_counts(row);
	int width = ui_text_width(counts);
	int end = rect.columns - 1 - (width > 0 ? width + 1 : 0);
	guint role = row->unread > 0 ? UI_TEXT | UI_BOLD : UI_TEXT;

	if (here && focus) {
		role = UI_SELECT | (role & UI_BOLD);
		ui_text_fill(term, rect.y, rect.x, rect.columns, role);
		ui_cursor(ui, rect.y, rect.x);
	}
	if (here)
		ui_text_put(term, rect.y, rect.x, 1, role, ">");
	ui_text_put(term, rect.y, rect.x + at, MAX(0, end - at), role, label);
	ui_text_put(term, rect.y, rect.x + rect.columns - 1 - width, width,
		    role, counts);
}

/* without the focus the mark stands at the mailbox of the list */
static gint
list_row(Ui *ui)
{
	MessageList *list = ui_list_current(ui);
	UiFolders *folders = ui->folders;

	for (guint i = 0; list != NULL && i < folders->rows->len; i++) {
		const FolderRow *row = folders->rows->pdata[i];

		if (row->mailbox != NULL &&
		    row->account == message_list_account(list) &&
		    mailbox_name_equal(row->mailbox->name,
				       message_list_mailbox(list)->name))
			return (gint)i;
	}
	return -1;
}

void
ui_folders_column(Ui *ui, UiRect rect, bool focus)
{
	UiFolders *folders = ui->folders;
	gint at = focus ? folders->selected : list_row(ui);

	scroll_to(folders, at, rect.rows);
	for (int y = 0; y < rect.rows; y++) {
		gint index = folders->top + y;
		UiRect line = {rect.y + y, rect.x, 1, rect.columns};
		const FolderRow *row;

		if ((guint)index >= folders->rows->len)
			break;
		row = folders->rows->pdata[index];
		if (row->label != NULL)
			draw_column_row(ui, line, row, index == at, focus);
	}
}

/* ---- the screen ---- */

static char *
as_of(Ui *ui, const FolderRow *row)
{
	const Mailbox *mailbox = row->mailbox;
	Connection connection = account_connection(row->account);
	MessageList *list = ui_list_current(ui);

	if (mailbox->attrs & MAILBOX_ATTR_NOSELECT)
		return g_strdup("");
	if (mailbox->synced_at == 0)
		return g_strdup(_("never opened"));
	if (connection.state == CONNECTION_ONLINE && list != NULL &&
	    message_list_account(list) == row->account &&
	    mailbox_name_equal(message_list_mailbox(list)->name, mailbox->name))
		/* TRANSLATORS: as of now: how fresh the counts are */
		return g_strdup(_("now"));
	return ui_format_clock(mailbox->synced_at, ui_now());
}

static char *
screen_label(const FolderRow *row)
{
	if (row->folded && row->children > 0)
		return g_strdup_printf(
		    /* TRANSLATORS: a folded mailbox, how many below it */
		    ngettext("%s (%u mailbox)", "%s (%u mailboxes)",
			     row->children),
		    row->label, row->children);
	if (row->mailbox != NULL &&
	    !(row->mailbox->attrs &
	      (MAILBOX_ATTR_SUBSCRIBED | MAILBOX_ATTR_NOSELECT)) &&
	    row->mailbox->role == MAILBOX_ROLE_NONE)
		/* TRANSLATORS: %s: a mailbox */
		return g_strdup_printf(_("%s (not subscribed)"), row->label);
	return g_strdup(row->label);
}

static void
put_number(Ui *ui, int y, int end, guint role, guint number, bool zero)
{
	g_autofree char *text = NULL;

	if (number == 0 && !zero)
		return;
	text = ui_format_number(number);
	ui_text_put_right(ui->term, y, end - 10, 10, role, text);
}

static void
draw_screen_row(Ui *ui, UiRect rect, const FolderRow *row, bool here)
{
	g_autofree char *label = screen_label(row);
	int at = NAME_AT + 2 * (int)row->depth;
	bool wide = rect.columns >= FULL_WIDTH;
	int end = wide ? UNREAD_END - 7 : rect.columns - 8;
	guint role = row->unread > 0 ? UI_TEXT | UI_BOLD : UI_TEXT;
	guint band = role;

	if (here) {
		band = UI_SELECT | (role & UI_BOLD);
		ui_text_fill(ui->term, rect.y, 0, MIN(end, rect.columns), band);
		ui_text_put(ui->term, rect.y, 0, 1, band, ">");
		ui_cursor(ui, rect.y, 0);
	}
	if (row->mailbox != NULL && row->children > 0 &&
	    row->mailbox->role == MAILBOX_ROLE_NONE)
		ui_text_put(ui->term, rect.y, at - 2, 1, band,
			    row->folded ? "+" : "-");
	ui_text_put(ui->term, rect.y, at, MAX(0, end - at), band, label);
	put_number(ui, rect.y, wide ? UNREAD_END : rect.columns - 1, role,
		   row->unread, false);
	if (!wide || row->mailbox == NULL)
		return;
	put_number(ui, rect.y, FLAGGED_END, role, row->flagged, false);
	put_number(ui, rect.y, TOTAL_END, role, row->total, true);
	{
		g_autofree char *fresh = as_of(ui, row);

		ui_text_put(ui->term, rect.y, ASOF_AT, rect.columns - ASOF_AT,
			    role, fresh);
	}
}

static void
draw_head(Ui *ui, UiRect rect)
{
	bool wide = rect.columns >= FULL_WIDTH;

	ui_text_put(ui->term, rect.y, NAME_AT, 20, UI_HEAD, _("Mailbox"));
	/* TRANSLATORS: heads of columns of numbers, at most 9 letters */
	ui_text_put_right(ui->term, rect.y,
			  (wide ? UNREAD_END : rect.columns - 1) - 12, 12,
			  UI_HEAD, _("unread"));
	if (!wide)
		return;
	ui_text_put_right(ui->term, rect.y, FLAGGED_END - 8, 8, UI_HEAD,
			  _("flagged"));
	ui_text_put_right(ui->term, rect.y, TOTAL_END - 9, 9, UI_HEAD,
			  _("all"));
	/* TRANSLATORS: head of a column: how fresh the numbers are */
	ui_text_put(ui->term, rect.y, ASOF_AT, rect.columns - ASOF_AT, UI_HEAD,
		    _("as of"));
}

void
ui_folders_screen(Ui *ui, UiRect rect)
{
	UiFolders *folders = ui->folders;
	int rows = rect.rows - 1;

	if (rows < 1)
		return;
	draw_head(ui, rect);
	scroll_to(folders, folders->selected, rows);
	for (int y = 0; y < rows; y++) {
		gint index = folders->top + y;
		UiRect line = {rect.y + 1 + y, 0, 1, rect.columns};
		const FolderRow *row;

		if ((guint)index >= folders->rows->len)
			break;
		row = folders->rows->pdata[index];
		if (row->label != NULL)
			draw_screen_row(ui, line, row,
					index == folders->selected);
	}
}
