/* ui-list.c - the list of messages, with its columns and its preview */
#include "ui-list.h"

#include <string.h>

#include "base-text.h"
#include "ui-compose.h"
#include "ui-folders.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-list-private.h"

#define LIST_MAX 100
#define FEW 20u

static ListOrder
configured_order(Ui *ui)
{
	return g_strcmp0(ui_config(ui)->list_order, "thread") == 0
		   ? LIST_ORDER_THREAD
		   : LIST_ORDER_DATE;
}

/* ---- panes ---- */

UiRect
ui_list_rect(Ui *ui, UiRect content)
{
	UiRect rect = content;

	if (ui_folders_has_column(ui)) {
		rect.x += UI_FOLDERS_WIDTH + 1;
		rect.columns -= UI_FOLDERS_WIDTH + 1;
	}
	if (ui_term_columns(ui->term) >= UI_PREVIEW_FROM &&
	    ui_config(ui)->preview)
		/* 60 of 140; wider screens give it 43 % of what is left */
		rect.columns = CLAMP(rect.columns * 43 / 100, 60, LIST_MAX);
	return rect;
}

bool
ui_list_preview_rect(Ui *ui, const UiList *self, UiRect content,
		     UiRect *ret_rect)
{
	UiRect list = ui_list_rect(ui, content);

	if (ui_term_columns(ui->term) < UI_PREVIEW_FROM ||
	    !ui_config(ui)->preview || self->preview_off)
		return false;
	*ret_rect = content;
	ret_rect->x = list.x + list.columns + 2;
	ret_rect->columns = content.x + content.columns - ret_rect->x;
	return ret_rect->columns > 10;
}

/* ---- top line, hints ---- */

static void
put_counts(UiTop *top, const Mailbox *mailbox, bool narrow)
{
	g_autofree char *number = NULL;

	if (mailbox->unread == MAILBOX_UNKNOWN) {
		g_string_assign(top->counts, _("unread not yet counted"));
		return;
	}
	if (mailbox->total == 0) {
		g_string_assign(top->counts, _("no messages"));
		return;
	}
	if (mailbox->unread == 0)
		return;
	number = ui_format_number(mailbox->unread);
	if (narrow)
		g_string_assign(top->counts, number);
	else
		g_string_printf(
		    top->counts,
		    ngettext("%s unread", "%s unread", mailbox->unread),
		    number);
}

static void
put_view(Ui *ui, const UiList *self, UiTop *top)
{
	guint tagged = message_list_n_tagged(self->list);
	g_autofree char *number = NULL;

	if (message_list_order(self->list) == LIST_ORDER_THREAD)
		g_string_append(top->view, _("by thread"));
	else if (ui_term_columns(ui->term) >= UI_PREVIEW_FROM)
		g_string_append(top->view, _("by date"));
	if (tagged == 0)
		return;
	number = ui_format_number(tagged);
	if (top->view->len > 0)
		g_string_append(top->view, "  ");
	/* TRANSLATORS: %s: a number of messages */
	g_string_append_printf(
	    top->view, ngettext("%s tagged", "%s tagged", tagged), number);
}

/* A mailbox that still fills has as many as its server says, however few of
 * them are here. */
static guint
shown_total(const UiList *self)
{
	const Mailbox *mailbox = message_list_mailbox(self->list);
	guint total = message_list_total(self->list);

	if (message_list_complete(self->list) ||
	    message_list_filter_text(self->list) != NULL ||
	    mailbox->total == MAILBOX_UNKNOWN)
		return total;
	return MAX(total, mailbox->total);
}

static void
list_top(UiView *view, UiTop *top)
{
	UiList *self = (UiList *)view;
	Ui *ui = view->ui;
	const Mailbox *mailbox;
	g_autofree char *place = NULL;
	g_autofree char *at = NULL;
	g_autofree char *total = NULL;
	guint position;

	if (self->list == NULL) {
		g_string_assign(top->place, _("Inbox"));
		return;
	}
	mailbox = message_list_mailbox(self->list);
	place = ui_format_place(ui->controller,
				message_list_account(self->list), mailbox);
	g_string_assign(top->place, place);
	put_view(ui, self, top);
	put_counts(top, mailbox, ui_term_columns(ui->term) < 30);
	position = message_list_position(self->list);
	if (position == 0)
		return;
	at = ui_format_number(position);
	total = ui_format_number(shown_total(self));
	/* TRANSLATORS: position and total: "7 of 100,231" */
	g_string_printf(top->position, _("%s of %s"), at, total);
	g_string_assign(top->position_short, at);
}

static char *
list_hint(UiView *view)
{
	UiList *self = (UiList *)view;
	g_autofree char *shown = NULL;
	g_autofree char *all = NULL;

	if (self->list == NULL)
		return NULL;
	if (view->ui->on_tagged) {
		guint n = message_list_n_tagged(self->list);

		shown = ui_format_number(n);
		/* TRANSLATORS: %s: a number of messages */
		return g_strdup_printf(
		    ngettext("On the %s tagged message:  which command?",
			     "On the %s tagged messages:  which command?", n),
		    shown);
	}
	if (self->in_range)
		return g_strdup(_("Rows that you pass are tagged (V ends)"));
	if (message_list_filter_text(self->list) == NULL)
		return NULL;
	shown = ui_format_number(message_list_total(self->list));
	all = ui_format_number(message_list_mailbox(self->list)->total);
	/* TRANSLATORS: with a filter: shown messages, all of the mailbox */
	return g_strdup_printf(_("Shown: %s of %s (Esc shows all)"), shown,
			       all);
}

static char *
list_status(UiView *view)
{
	UiList *self = (UiList *)view;
	guint above =
	    self->list != NULL ? message_list_new_above(self->list) : 0;

	if (above == 0)
		return NULL;
	/* TRANSLATORS: messages that came above the window */
	return g_strdup_printf(ngettext("%u new above", "%u new above", above),
			       above);
}

static const UiAction *
list_offers(UiView *view)
{
	static const UiAction plain[] = {
	    UI_ACTION_OPEN,    UI_ACTION_REPLY,   UI_ACTION_FLAG,
	    UI_ACTION_MOVE,    UI_ACTION_DELETE,  UI_ACTION_SEARCH,
	    UI_ACTION_UNDO,    UI_ACTION_ARCHIVE, UI_ACTION_UNREAD,
	    UI_ACTION_TAG,     UI_ACTION_FILTER,  UI_ACTION_MAILBOXES,
	    UI_ACTION_COMPOSE, UI_ACTION_NONE,
	};
	static const UiAction waiting[] = {
	    UI_ACTION_OPEN,      UI_ACTION_REPLY,   UI_ACTION_FLAG,
	    UI_ACTION_MOVE,      UI_ACTION_DELETE,  UI_ACTION_WAITING,
	    UI_ACTION_UNDO,      UI_ACTION_SEARCH,  UI_ACTION_ARCHIVE,
	    UI_ACTION_UNREAD,    UI_ACTION_TAG,     UI_ACTION_FILTER,
	    UI_ACTION_MAILBOXES, UI_ACTION_COMPOSE, UI_ACTION_NONE,
	};
	static const UiAction refused[] = {
	    UI_ACTION_CHECK_MAIL, UI_ACTION_OPEN, UI_ACTION_REPLY,
	    UI_ACTION_FLAG,       UI_ACTION_MOVE, UI_ACTION_UNDO,
	    UI_ACTION_NONE,
	};
	static const UiAction tagged[] = {
	    UI_ACTION_MOVE,   UI_ACTION_COPY, UI_ACTION_ARCHIVE,
	    UI_ACTION_DELETE, UI_ACTION_FLAG, UI_ACTION_UNREAD,
	    UI_ACTION_LABEL,  UI_ACTION_SPAM, UI_ACTION_NONE,
	};
	static const UiAction empty[] = {
	    UI_ACTION_MAILBOXES, UI_ACTION_SEARCH, UI_ACTION_COMPOSE,
	    UI_ACTION_UNDO,      UI_ACTION_NONE,
	};
	UiList *self = (UiList *)view;
	Connection connection = account_connection(view->ui->account);

	if (view->ui->on_tagged)
		return tagged;
	if (connection.state == CONNECTION_LOGIN_REFUSED ||
	    connection.state == CONNECTION_UNTRUSTED)
		return refused;
	if (self->list == NULL || message_list_rows(self->list)->len == 0)
		return empty;
	return connection.state == CONNECTION_OFFLINE &&
		       account_waiting(view->ui->account) > 0
		   ? waiting
		   : plain;
}

/* ---- drawing ---- */

static void
put_line(Ui *ui, UiRect rect, int row, const char *text)
{
	if (row < rect.rows)
		ui_text_put(ui->term, rect.y + row, rect.x + 2,
			    rect.columns - 2, UI_TEXT, text);
}

static char *
empty_reason(const UiList *self)
{
	const Mailbox *mailbox;
	g_autofree char *clock = NULL;

	if (self->list == NULL)
		return g_strdup(_("Nothing is known of this account yet."));
	mailbox = message_list_mailbox(self->list);
	if (mailbox->synced_at == 0)
		return g_strdup(_("This mailbox was never opened before; its "
				  "messages come with the connection."));
	clock = ui_format_clock(mailbox->synced_at, ui_now());
	/* TRANSLATORS: %s: a time */
	return g_strdup_printf(
	    _("This mailbox is empty on the server too (checked at %s)."),
	    clock);
}

static void
draw_empty(Ui *ui, const UiList *self, UiRect rect)
{
	const char *filter =
	    self->list != NULL ? message_list_filter_text(self->list) : NULL;
	g_autofree char *reason = NULL;
	g_autofree char *number = NULL;

	ui_cursor(ui, rect.y, rect.x);
	if (filter == NULL) {
		reason = empty_reason(self);
		put_line(ui, rect, 2, reason);
		put_line(ui, rect, 4,
			 _("b  another mailbox      /  search      c  write "
			   "a message"));
		return;
	}
	number = ui_format_number(message_list_mailbox(self->list)->total);
	/* TRANSLATORS: number of messages, a filter */
	reason = g_strdup_printf(_("None of the %s messages here matches  %s."),
				 number, filter);
	put_line(ui, rect, 2, reason);
	put_line(ui, rect, 4, _("Esc  show all      l  change the filter"));
}

/* the last row of the window is the last one that is known */
static bool
shows_end(const UiList *self)
{
	guint n = message_list_rows(self->list)->len;
	gint selected = message_list_selected(self->list);
	guint position = message_list_position(self->list);

	return selected >= 0 && position + n - (guint)selected - 1 >=
				    message_list_total(self->list);
}

/* (transfer full): the line behind what is known so far */
static char *
more_text(Ui *ui, const UiList *self)
{
	const GPtrArray *rows = message_list_rows(self->list);
	const MessageRow *last = rows->pdata[rows->len - 1];
	bool waits = ui_is_disconnected(ui->account);
	g_autofree char *day = NULL;

	if (!shows_end(self))
		return g_strdup(waits ? _("older messages are not here yet")
				      : _("more is coming; older messages are "
					  "not here yet"));
	day = ui_format_day(last->date, ui_now());
	/* TRANSLATORS: %s: a date */
	return g_strdup_printf(
	    waits ? _("what is older than %s is not here yet")
		  : _("more is coming; what is older than %s is not here yet"),
	    day);
}

/* A mailbox that still fills gives its last line to what is missing. A few
 * that have just come are no reason to move the rows. */
static bool
is_filling(const UiList *self)
{
	return self->list != NULL && !message_list_complete(self->list) &&
	       message_list_filter_text(self->list) == NULL &&
	       shown_total(self) > message_list_total(self->list) + FEW;
}

static void
draw_more(Ui *ui, const UiList *self, UiRect rect, int row)
{
	g_autofree char *text = NULL;

	if (!is_filling(self) || row >= rect.rows)
		return;
	text = more_text(ui, self);
	ui_text_put(ui->term, rect.y + row, rect.x + 6, rect.columns - 6,
		    UI_HEAD, text);
}

static void
draw_rows(Ui *ui, const UiList *self, UiRect rect, bool focus)
{
	const GPtrArray *rows = message_list_rows(self->list);
	gint selected = message_list_selected(self->list);
	UiColumns columns = ui_columns(rect.columns);
	UiRowState state = {
	    .account = message_list_account(self->list),
	    .role = message_list_mailbox(self->list)->role,
	    .focus = focus,
	    .thread = message_list_order(self->list) == LIST_ORDER_THREAD,
	};
	guint n = MIN(rows->len, (guint)MAX(0, rect.rows));

	for (guint i = 0; i < n; i++) {
		const MessageRow *row = rows->pdata[i];
		UiRect line = {rect.y + (int)i, rect.x, 1, rect.columns};

		state.selected = (gint)i == selected;
		state.tagged = message_list_is_tagged(self->list, row->id);
		state.first = i == 0;
		state.above = i > 0 ? rows->pdata[i - 1] : NULL;
		ui_row_draw(ui, line, &columns, row, &state);
	}
	draw_more(ui, self, rect, (int)n);
}

static void
draw_list(UiList *self, UiRect content, bool focus)
{
	Ui *ui = self->view.ui;
	UiRect rect = ui_list_rect(ui, content);
	UiRect preview;

	if (self->list == NULL || message_list_rows(self->list)->len == 0)
		draw_empty(ui, self, rect);
	else
		draw_rows(ui, self, rect, focus);
	if (!ui_list_preview_rect(ui, self, content, &preview))
		return;
	ui_preview_follow(
	    self->preview, ui->account,
	    self->list != NULL ? message_list_selected_row(self->list) : NULL,
	    preview.columns);
	ui_preview_draw(self->preview, preview);
}

static void
list_draw(UiView *view, UiRect rect)
{
	Ui *ui = view->ui;

	if (ui_folders_has_column(ui)) {
		UiRect column = rect;

		column.columns = UI_FOLDERS_WIDTH;
		ui_folders_column(ui, column, false);
	}
	draw_list((UiList *)view, rect, true);
}

void
ui_list_draw_behind(UiView *view, UiRect rect)
{
	draw_list((UiList *)view, rect, false);
}

/* ---- opening ---- */

static void
set_height(UiList *self)
{
	UiRect rect = ui_content(self->view.ui);
	int rows = rect.rows - (is_filling(self) ? 1 : 0);

	self->height = (guint)MAX(1, rows);
	if (self->list != NULL)
		message_list_set_height(self->list, self->height);
}

static void
list_resize(UiView *view, UiRect rect)
{
	(void)rect;
	set_height((UiList *)view);
}

static bool
open_mailbox(UiList *self, Account *account, const char *name, GError **error)
{
	Ui *ui = self->view.ui;
	ListOrder order = self->list != NULL ? message_list_order(self->list)
					     : configured_order(ui);
	MessageList *list;

	list = message_list_open(account, name, order, MAX(1, self->height),
				 error);
	if (list == NULL)
		return false;
	message_list_set_scroll(list, ui_config(ui)->scroll);
	ui_preview_stop(self->preview);
	message_list_free(self->list);
	self->list = list;
	set_height(self);
	self->in_range = false;
	ui->on_tagged = false;
	if (account != ui->account) {
		ui_set_account(ui, account);
		ui_folders_changed(ui);
	}
	return true;
}

/* the mailbox of @wanted, once the account's mailboxes are known */
static bool
open_wanted(UiList *self, GError **error)
{
	Ui *ui = self->view.ui;
	g_autoptr(Mailbox) mailbox = NULL;

	mailbox = account_find_mailbox(ui->account, self->wanted, NULL);
	if (mailbox == NULL) {
		g_autoptr(GPtrArray) all = account_mailboxes(ui->account, NULL);

		/* the first start: the list of mailboxes is still to come */
		if (all == NULL || all->len == 0)
			return true;
		mailbox = account_find_mailbox(ui->account, "inbox", NULL);
		if (mailbox == NULL)
			mailbox = mailbox_copy(all->pdata[0]);
		ui_notice(ui, UI_NOTICE_WARNING,
			  _("there is no mailbox \"%s\""), self->wanted);
	}
	g_clear_pointer(&self->wanted, g_free);
	return open_mailbox(self, ui->account, mailbox->name, error);
}

static void
list_event(UiView *view, const ControllerEvent *event)
{
	UiList *self = (UiList *)view;
	g_autoptr(GError) error = NULL;

	if (event->kind == CONTROLLER_EVENT_FOLDERS && self->wanted != NULL &&
	    !open_wanted(self, &error))
		ui_error(view->ui, view->ui->account, error);
	if (event->kind == CONTROLLER_EVENT_MESSAGES)
		set_height(self);
}

static void
list_shown(UiView *view)
{
	UiList *self = (UiList *)view;

	/* the reader had the text: it is asked for again when it is drawn */
	ui_preview_stop(self->preview);
}

static bool
list_target(UiView *view, UiTarget *target)
{
	UiList *self = (UiList *)view;

	if (self->list == NULL)
		return false;
	target->account = message_list_account(self->list);
	target->list = self->list;
	target->row = message_list_selected_row(self->list);
	target->tagged = view->ui->on_tagged;
	if (target->tagged) {
		target->ids = message_list_tagged(self->list);
		return true;
	}
	if (target->row == NULL)
		return false;
	target->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_array_append_val(target->ids, target->row->id);
	return true;
}

static void
list_free(UiView *view)
{
	UiList *self = (UiList *)view;

	ui_preview_free(self->preview);
	message_list_free(self->list);
	g_free(self->wanted);
	g_free(self);
}

const UiViewClass ui_list_class = {
    .place = UI_PLACE_LIST,
    .top = list_top,
    .draw = list_draw,
    .action = ui_list_act,
    .offers = list_offers,
    .target = list_target,
    .hint = list_hint,
    .status = list_status,
    .event = list_event,
    .resize = list_resize,
    .shown = list_shown,
    .free = list_free,
};

bool
ui_list_start(Ui *ui, const char *name, GError **error)
{
	UiList *self = g_new0(UiList, 1);

	self->view.class = &ui_list_class;
	self->wanted = g_strdup(name);
	self->preview = ui_preview_new(ui);
	ui_push(ui, &self->view);
	return open_wanted(self, error);
}

void
ui_list_open(Ui *ui, Account *account, const char *name)
{
	UiList *self = (UiList *)ui_find(ui, &ui_list_class);
	g_autoptr(GError) error = NULL;

	while (ui_top_view(ui) != &self->view)
		ui_pop(ui);
	if (self->list != NULL && message_list_account(self->list) == account &&
	    mailbox_name_equal(message_list_mailbox(self->list)->name, name))
		return;
	if (!open_mailbox(self, account, name, &error))
		ui_error(ui, account, error);
	ui_redraw(ui);
}

MessageList *
ui_list_current(Ui *ui)
{
	UiList *self = (UiList *)ui_find(ui, &ui_list_class);

	return self != NULL ? self->list : NULL;
}
