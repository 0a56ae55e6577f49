/* ui-list-act.c - what keys do in the list of messages */
#include "ui-compose.h"
#include "ui-folders.h"
#include "ui-i18n.h"
#include "ui-list-private.h"
#include "ui-read.h"

/* rows looked at to find a parent or a thread's end */
#define THREAD_WALK 500u

/* ---- moving ---- */

/* in a range each row that is passed is tagged, so it goes row by row */
static void
step(UiList *self, int rows)
{
	int direction = rows < 0 ? -1 : 1;

	if (!self->in_range) {
		message_list_step(self->list, rows);
		return;
	}
	for (int left = ABS(rows); left > 0; left--) {
		if (!message_list_step(self->list, direction))
			return;
		message_list_tag(self->list,
				 message_list_selected_row(self->list)->id,
				 true);
	}
}

static void
page(UiList *self, int half_pages)
{
	UiRect rect;

	if (self->in_range) {
		step(self, (int)self->height * half_pages / 2);
		return;
	}
	if (ABS(half_pages) == 2 &&
	    ui_list_preview_rect(self->view.ui, self, ui_content(self->view.ui),
				 &rect) &&
	    ui_preview_scroll(self->preview,
			      half_pages / 2 * MAX(1, rect.rows - 2),
			      rect.rows))
		return;
	message_list_page(self->list, half_pages);
}

static bool
move(UiList *self, UiAction action)
{
	switch (action) {
	case UI_ACTION_DOWN:
		step(self, 1);
		return true;
	case UI_ACTION_UP:
		step(self, -1);
		return true;
	case UI_ACTION_PAGE_DOWN:
		page(self, 2);
		return true;
	case UI_ACTION_PAGE_UP:
		page(self, -2);
		return true;
	case UI_ACTION_HALF_DOWN:
		page(self, 1);
		return true;
	case UI_ACTION_HALF_UP:
		page(self, -1);
		return true;
	case UI_ACTION_FIRST:
		message_list_first(self->list);
		return true;
	case UI_ACTION_LAST:
		message_list_last(self->list);
		return true;
	case UI_ACTION_NEXT_UNREAD:
		if (!message_list_next_unread(self->list))
			ui_notice(self->view.ui, UI_NOTICE_PLAIN, "%s",
				  _("no unread message here"));
		return true;
	case UI_ACTION_NEXT_MESSAGE:
		message_list_step_thread(self->list, 1);
		return true;
	case UI_ACTION_PREVIOUS_MESSAGE:
		message_list_step_thread(self->list, -1);
		return true;
	default:
		return false;
	}
}

/* ---- threads ---- */

static bool
needs_threads(UiList *self)
{
	if (message_list_order(self->list) == LIST_ORDER_THREAD)
		return true;
	ui_notice(self->view.ui, UI_NOTICE_PLAIN, "%s",
		  _("the list is by date (o shows threads)"));
	return false;
}

static void
step_in_thread(UiList *self, int direction)
{
	const MessageRow *row = message_list_selected_row(self->list);
	gint64 id, thread;

	if (row == NULL || !needs_threads(self))
		return;
	id = row->id;
	thread = row->thread;
	if (!message_list_step(self->list, direction))
		return;
	row = message_list_selected_row(self->list);
	if (row->thread != thread)
		message_list_select(self->list, id);
}

static void
go_to_parent(UiList *self)
{
	const MessageRow *row = message_list_selected_row(self->list);
	gint64 id, thread;
	guint depth;

	if (row == NULL || !needs_threads(self) || row->depth == 0)
		return;
	id = row->id;
	thread = row->thread;
	depth = row->depth;
	for (guint i = 0; i < THREAD_WALK; i++) {
		if (!message_list_step(self->list, -1))
			break;
		row = message_list_selected_row(self->list);
		if (row->thread != thread)
			break;
		if (row->depth < depth)
			return;
	}
	message_list_select(self->list, id);
}

static void
set_order(UiList *self, ListOrder order)
{
	g_autoptr(GError) error = NULL;

	if (!message_list_set_order(self->list, order, &error))
		ui_error(self->view.ui, message_list_account(self->list),
			 error);
}

static void
toggle_order(UiList *self)
{
	set_order(self, message_list_order(self->list) == LIST_ORDER_DATE
			    ? LIST_ORDER_THREAD
			    : LIST_ORDER_DATE);
}

/* the thread around the selected message, where it stands in the mailbox */
static void
show_thread(UiList *self)
{
	const MessageRow *row = message_list_selected_row(self->list);
	gint64 id;

	if (row == NULL)
		return;
	id = row->id;
	set_order(self, LIST_ORDER_THREAD);
	message_list_select(self->list, id);
}

static bool
thread_act(UiList *self, UiAction action)
{
	switch (action) {
	case UI_ACTION_NEXT_IN_THREAD:
		step_in_thread(self, 1);
		return true;
	case UI_ACTION_PREVIOUS_IN_THREAD:
		step_in_thread(self, -1);
		return true;
	case UI_ACTION_PARENT:
		go_to_parent(self);
		return true;
	case UI_ACTION_ORDER:
		toggle_order(self);
		return true;
	case UI_ACTION_CONVERSATION:
		show_thread(self);
		return true;
	default:
		return false;
	}
}

/* ---- filter ---- */

/* what is typed is no whole query yet: errors are told when it is done */
static void
filter_changed(Ui *ui, const char *text, gpointer user)
{
	UiList *self = user;

	(void)ui;
	(void)message_list_filter(self->list, text[0] != '\0' ? text : NULL,
				  NULL);
}

static void
filter_typed(Ui *ui, const char *text, gpointer user)
{
	UiList *self = user;
	g_autoptr(GError) error = NULL;

	if (text == NULL || text[0] == '\0') {
		(void)message_list_filter(self->list, NULL, NULL);
		return;
	}
	if (!message_list_filter(self->list, text, &error))
		ui_warn(ui, error);
}

static void
search_typed(Ui *ui, const char *text, gpointer user)
{
	if (text != NULL)
		filter_typed(ui, text, user);
}

static void
ask_filter(UiList *self, bool follows, const char *argument)
{
	UiPrompt prompt = {
	    .label = follows ? _("Filter:") : _("Search:"),
	    .text = message_list_filter_text(self->list),
	    .history = "query",
	    .changed = follows ? filter_changed : NULL,
	    .done = follows ? filter_typed : search_typed,
	    /* TRANSLATORS: Enter keeps the filter; Enter searches */
	    .enter = follows ? _("Keep") : _("Search"),
	    .user = self,
	};

	if (argument != NULL)
		filter_typed(self->view.ui, argument, self);
	else
		ui_prompt_open(self->view.ui, &prompt);
}

/* ---- tags ---- */

static void
toggle_tag(UiList *self)
{
	const MessageRow *row = message_list_selected_row(self->list);

	if (row == NULL)
		return;
	message_list_tag(self->list, row->id,
			 !message_list_is_tagged(self->list, row->id));
	message_list_step(self->list, 1);
}

static void
toggle_range(UiList *self)
{
	const MessageRow *row = message_list_selected_row(self->list);

	self->in_range = !self->in_range && row != NULL;
	if (self->in_range)
		message_list_tag(self->list, row->id, true);
}

static void
act_on_tagged(UiList *self)
{
	Ui *ui = self->view.ui;

	self->in_range = false;
	ui->on_tagged = message_list_n_tagged(self->list) > 0;
	if (ui->on_tagged)
		ui_notices_clear(ui->notices);
	else
		ui_notice(ui, UI_NOTICE_PLAIN, "%s",
			  _("nothing is tagged (t tags)"));
}

static bool
tag_act(UiList *self, UiAction action, const char *argument)
{
	switch (action) {
	case UI_ACTION_TAG:
		toggle_tag(self);
		return true;
	case UI_ACTION_TAG_RANGE:
		toggle_range(self);
		return true;
	case UI_ACTION_TAG_THREAD:
		if (needs_threads(self))
			ui_list_tag_thread(self);
		return true;
	case UI_ACTION_TAG_QUERY:
		ui_list_tag_query(self, argument);
		return true;
	case UI_ACTION_ON_TAGGED:
		act_on_tagged(self);
		return true;
	default:
		return false;
	}
}

/* one thing at a time: range, tags, filter; then the notice, elsewhere */
static bool
clear(UiList *self)
{
	if (self->in_range) {
		self->in_range = false;
		return true;
	}
	if (message_list_n_tagged(self->list) > 0) {
		message_list_clear_tags(self->list);
		return true;
	}
	if (message_list_filter_text(self->list) == NULL)
		return false;
	(void)message_list_filter(self->list, NULL, NULL);
	return true;
}

static void
toggle_preview(UiList *self)
{
	Ui *ui = self->view.ui;

	if (ui_term_columns(ui->term) >= UI_PREVIEW_FROM)
		self->preview_off = !self->preview_off;
	else
		ui_notice(ui, UI_NOTICE_PLAIN,
			  /* TRANSLATORS: %d: columns of the terminal */
			  _("the preview needs %d columns"), UI_PREVIEW_FROM);
}

/* ---- opening ---- */

static void
open_selected(UiList *self)
{
	const MessageRow *row = message_list_selected_row(self->list);
	Account *account = message_list_account(self->list);

	if (row == NULL)
		return;
	if (message_list_mailbox(self->list)->role == MAILBOX_ROLE_DRAFTS &&
	    row->flags.bits & MAIL_FLAG_DRAFT) {
		ui_compose_resume(self->view.ui, account, row);
		return;
	}
	ui_preview_stop(self->preview);
	ui_read_open(self->view.ui, self->list);
}

bool
ui_list_act(UiView *view, UiAction action, const char *argument)
{
	UiList *self = (UiList *)view;

	if (action == UI_ACTION_LEFT) {
		ui_folders_open(view->ui);
		return true;
	}
	if (self->list == NULL)
		return false;
	if (move(self, action) || thread_act(self, action) ||
	    tag_act(self, action, argument))
		return true;
	switch (action) {
	case UI_ACTION_OPEN:
		open_selected(self);
		return true;
	case UI_ACTION_PARTS:
	case UI_ACTION_SAVE:
		/* both need the message, which the reader brings */
		if (message_list_selected_row(self->list) == NULL)
			return true;
		ui_preview_stop(self->preview);
		ui_read_open(view->ui, self->list);
		ui_act(view->ui, action, argument);
		return true;
	case UI_ACTION_CLEAR:
		return clear(self);
	case UI_ACTION_FILTER:
		ask_filter(self, true, argument);
		return true;
	case UI_ACTION_SEARCH:
		ask_filter(self, false, argument);
		return true;
	case UI_ACTION_PREVIEW:
		toggle_preview(self);
		return true;
	default:
		return false;
	}
}
