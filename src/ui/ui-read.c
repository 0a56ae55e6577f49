/* ui-read.c - the reader */
#include "ui-read.h"

#include <string.h>

#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-message.h"
#include "ui-parts.h"
#include "ui-read-private.h"

#define WIDE_FROM 100
#define NARROW_TEXT 78
#define WIDE_TEXT 90

static int
text_width_for(Ui *ui, int columns)
{
	int wanted = (int)ui_config(ui)->text_width;

	if (wanted == 0)
		wanted = columns >= WIDE_FROM ? WIDE_TEXT : NARROW_TEXT;
	return MAX(1, MIN(wanted, columns));
}

/* where a line's right-hand part ends */
static int
edge(const UiRead *self)
{
	return self->columns >= WIDE_FROM
		   ? text_width_for(self->view.ui, self->columns)
		   : self->columns;
}

static void
lay_out(UiRead *self)
{
	ReadLayout layout = {
	    .account = self->account,
	    .columns = edge(self),
	};

	g_clear_pointer(&self->lines, g_ptr_array_unref);
	self->lines = ui_read_lines(self->view.ui, self->text, &layout);
	ui_read_scroll_to(self, self->top);
}

void
ui_read_scroll_to(UiRead *self, int top)
{
	int last = self->lines != NULL
		       ? MAX(0, (int)self->lines->len - self->rows)
		       : 0;

	self->top = CLAMP(top, 0, last);
}

static void
do_wanted(UiRead *self)
{
	UiAction wanted = self->wanted;

	self->wanted = UI_ACTION_NONE;
	if (wanted != UI_ACTION_NONE &&
	    ui_top_view(self->view.ui) == &self->view)
		ui_act(self->view.ui, wanted, NULL);
}

/* Returns: whether the parts are known; else it is done once they are */
bool
ui_read_has_parts(UiRead *self, UiAction action)
{
	if (self->text->structure != NULL)
		return true;
	if (self->text->state == MESSAGE_TEXT_LOADING)
		self->wanted = action;
	else
		ui_notice(self->view.ui, UI_NOTICE_PLAIN, "%s",
			  _("the parts are not known yet"));
	return false;
}

/* Called at once and again: the text is shown in the next frame, and only a
 * text that is shown has been read. */
static void
text_came(MessageText *text, gpointer user)
{
	UiRead *self = user;

	self->text = text;
	lay_out(self);
	ui_redraw(self->view.ui);
	if (text->state != MESSAGE_TEXT_LOADING)
		do_wanted(self);
	if (text->state != MESSAGE_TEXT_READY || self->marked ||
	    text->row == NULL)
		return;
	self->marked = true;
	if (!(text->row->flags.bits & MAIL_FLAG_SEEN))
		ui_message_mark_read(self->view.ui, self->account, self->id);
}

void
ui_read_reload(UiRead *self)
{
	self->options.width =
	    (guint)text_width_for(self->view.ui, self->columns);
	self->text = account_read(self->account, self->id, &self->options,
				  text_came, self);
	lay_out(self);
	ui_redraw(self->view.ui);
}

void
ui_read_load(UiRead *self, gint64 id)
{
	self->id = id;
	self->top = 0;
	self->marked = false;
	self->leaving = false;
	self->wanted = UI_ACTION_NONE;
	self->options.headers = 0;
	g_clear_pointer(&self->section, g_free);
	self->options.section = NULL;
	g_string_truncate(self->number, 0);
	ui_read_reload(self);
}

/* ---- the view's functions ---- */

static void
read_top(UiView *view, UiTop *top)
{
	UiRead *self = (UiRead *)view;
	g_autofree char *place = NULL;
	g_autofree char *at = NULL;
	g_autofree char *total = NULL;
	guint position = message_list_position(self->list);

	place = ui_format_place(view->ui->controller, self->account,
				message_list_mailbox(self->list));
	g_string_assign(top->place, place);
	if (self->options.headers == 1)
		g_string_assign(top->view, _("all headers"));
	else if (self->options.headers == 2)
		g_string_assign(top->view, _("source"));
	if (position == 0)
		return;
	at = ui_format_number(position);
	total = ui_format_number(message_list_total(self->list));
	g_string_printf(top->position, _("%s of %s"), at, total);
	g_string_assign(top->position_short, at);
}

static void
read_draw(UiView *view, UiRect rect)
{
	UiRead *self = (UiRead *)view;
	int cursor = rect.y;

	for (int y = 0; y < rect.rows; y++) {
		guint index = (guint)(self->top + y);
		UiRect row = {rect.y + y, rect.x, 1, edge(self)};
		const ReadLine *line;

		if (index >= self->lines->len)
			break;
		line = self->lines->pdata[index];
		if (line->line != NULL && cursor == rect.y)
			cursor = row.y;
		ui_read_line_draw(view->ui->term, row, line, self->find);
	}
	ui_cursor(view->ui, cursor, rect.x);
}

static char *
read_status(UiView *view)
{
	UiRead *self = (UiRead *)view;
	int total = (int)self->lines->len;
	g_autofree char *number = ui_format_number((guint64)total);
	g_autofree char *line = NULL;
	int shown = MIN(total, self->top + self->rows);

	if (total <= self->rows)
		/* TRANSLATORS: the whole message is in sight */
		return g_strdup_printf(ngettext("All of %s line",
						"All of %s lines",
						(gulong)total),
				       number);
	line = ui_format_number((guint64)self->top + 1);
	/* TRANSLATORS: first line in sight, lines, how far in per cent */
	return g_strdup_printf(_("Line %s of %s, %d %%"), line, number,
			       shown * 100 / MAX(total, 1));
}

static char *
read_hint(UiView *view)
{
	UiRead *self = (UiRead *)view;

	if (self->number->len > 0)
		return ui_read_link_hint(self);
	if (!self->text->is_html)
		return NULL;
	return g_strdup(self->text->has_other
			    ? _("HTML shown as text (H shows the plain text)")
			    : _("HTML shown as text"));
}

static const UiAction *
read_offers(UiView *view)
{
	static const UiAction offers[] = {
	    UI_ACTION_BACK,         UI_ACTION_REPLY, UI_ACTION_REPLY_ALL,
	    UI_ACTION_FLAG,         UI_ACTION_MOVE,  UI_ACTION_DELETE,
	    UI_ACTION_NEXT_MESSAGE, UI_ACTION_PARTS, UI_ACTION_QUOTES,
	    UI_ACTION_HEADERS,      UI_ACTION_FIND,  UI_ACTION_SAVE,
	    UI_ACTION_NONE,
	};
	static const UiAction html[] = {
	    UI_ACTION_BACK,         UI_ACTION_LINK,   UI_ACTION_HTML,
	    UI_ACTION_REPLY,        UI_ACTION_DELETE, UI_ACTION_SPAM,
	    UI_ACTION_NEXT_MESSAGE, UI_ACTION_PARTS,  UI_ACTION_HEADERS,
	    UI_ACTION_FIND,         UI_ACTION_NONE,
	};
	static const UiAction html_alone[] = {
	    UI_ACTION_BACK,   UI_ACTION_LINK,    UI_ACTION_REPLY,
	    UI_ACTION_DELETE, UI_ACTION_SPAM,    UI_ACTION_NEXT_MESSAGE,
	    UI_ACTION_PARTS,  UI_ACTION_HEADERS, UI_ACTION_FIND,
	    UI_ACTION_NONE,
	};
	const MessageText *text = ((UiRead *)view)->text;

	if (!text->is_html)
		return offers;
	return text->has_other ? html : html_alone;
}

static bool
read_target(UiView *view, UiTarget *target)
{
	UiRead *self = (UiRead *)view;
	const MessageRow *selected = message_list_selected_row(self->list);

	if (self->text->row == NULL)
		return false;
	target->account = self->account;
	/* the list knows what is newer than the text */
	target->row = selected != NULL && selected->id == self->id
			  ? selected
			  : self->text->row;
	target->list = self->list;
	target->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_array_append_val(target->ids, self->id);
	return true;
}

static void
read_event(UiView *view, const ControllerEvent *event)
{
	UiRead *self = (UiRead *)view;
	const MessageRow *row;

	/* mail that goes away elsewhere is read to its end; what the user
	 * removed makes room for the next */
	if (!self->leaving || (event->kind != CONTROLLER_EVENT_MESSAGES &&
			       event->kind != CONTROLLER_EVENT_JOB))
		return;
	row = message_list_selected_row(self->list);
	if (row != NULL && row->id == self->id)
		return;
	if (row != NULL)
		ui_read_load(self, row->id);
	else
		ui_drop(view->ui, view);
}

static void
read_resize(UiView *view, UiRect rect)
{
	UiRead *self = (UiRead *)view;
	int old = self->columns;

	self->rows = MAX(1, rect.rows);
	self->columns = MAX(1, rect.columns);
	if (old != self->columns && self->text != NULL)
		ui_read_reload(self);
	else if (self->text != NULL)
		lay_out(self);
}

static void
read_shown(UiView *view)
{
	UiRead *self = (UiRead *)view;

	ui_read_reload(self);
}

static bool
read_key(UiView *view, UiKey key)
{
	UiRead *self = (UiRead *)view;

	self->leaving = false;
	return ui_read_link_key(self, key);
}

static void
step_message(UiRead *self, int direction)
{
	const MessageRow *row;

	if (!message_list_step(self->list, direction)) {
		ui_notice(self->view.ui, UI_NOTICE_PLAIN, "%s",
			  direction > 0 ? _("this is the last message")
					: _("this is the first message"));
		return;
	}
	row = message_list_selected_row(self->list);
	if (row != NULL)
		ui_read_load(self, row->id);
}

static bool
scroll(UiRead *self, UiAction action)
{
	int page = MAX(1, self->rows - 2);

	switch (action) {
	case UI_ACTION_DOWN:
		ui_read_scroll_to(self, self->top + 1);
		return true;
	case UI_ACTION_UP:
		ui_read_scroll_to(self, self->top - 1);
		return true;
	case UI_ACTION_PAGE_DOWN:
		ui_read_scroll_to(self, self->top + page);
		return true;
	case UI_ACTION_PAGE_UP:
		ui_read_scroll_to(self, self->top - page);
		return true;
	case UI_ACTION_HALF_DOWN:
		ui_read_scroll_to(self, self->top + MAX(1, page / 2));
		return true;
	case UI_ACTION_HALF_UP:
		ui_read_scroll_to(self, self->top - MAX(1, page / 2));
		return true;
	case UI_ACTION_FIRST:
		ui_read_scroll_to(self, 0);
		return true;
	case UI_ACTION_LAST:
		ui_read_scroll_to(self, (int)self->lines->len);
		return true;
	default:
		return false;
	}
}

static bool
show_otherwise(UiRead *self, UiAction action)
{
	switch (action) {
	case UI_ACTION_QUOTES:
		self->options.fold_quotes = !self->options.fold_quotes;
		break;
	case UI_ACTION_HTML:
		if (!self->text->has_other) {
			ui_notice(self->view.ui, UI_NOTICE_PLAIN, "%s",
				  _("this message has one form only"));
			return true;
		}
		self->options.plain = self->text->is_html;
		break;
	case UI_ACTION_HEADERS:
		self->options.headers = (self->options.headers + 1) % 3;
		self->top = 0;
		break;
	default:
		return false;
	}
	ui_read_reload(self);
	return true;
}

static void
set_section(UiRead *self, const char *section)
{
	g_free(self->section);
	self->section = g_strdup(section);
	self->options.section = self->section;
}

static void
show_part(Ui *ui, const char *section, gpointer user)
{
	UiRead *self = user;

	(void)ui;
	set_section(self, section);
	self->top = 0;
	ui_read_reload(self);
}

static void
open_parts(UiRead *self)
{
	if (!ui_read_has_parts(self, UI_ACTION_PARTS) ||
	    self->text->row == NULL)
		return;
	ui_parts_open(self->view.ui, self->account, self->text->row,
		      self->text->structure, show_part, self);
}

static void
next_unread(UiRead *self)
{
	const MessageRow *row;

	if (!message_list_next_unread(self->list)) {
		ui_notice(self->view.ui, UI_NOTICE_PLAIN, "%s",
			  _("no unread message here"));
		return;
	}
	row = message_list_selected_row(self->list);
	if (row != NULL)
		ui_read_load(self, row->id);
}

static bool
read_action(UiView *view, UiAction action, const char *argument)
{
	UiRead *self = (UiRead *)view;

	if (scroll(self, action) || show_otherwise(self, action) ||
	    ui_read_by_list(self, action))
		return true;
	switch (action) {
	case UI_ACTION_NEXT_MESSAGE:
	case UI_ACTION_NEXT_IN_THREAD:
		step_message(self, 1);
		return true;
	case UI_ACTION_PREVIOUS_MESSAGE:
	case UI_ACTION_PREVIOUS_IN_THREAD:
		step_message(self, -1);
		return true;
	case UI_ACTION_NEXT_UNREAD:
		next_unread(self);
		return true;
	case UI_ACTION_PARTS:
		open_parts(self);
		return true;
	case UI_ACTION_LINK:
		ui_read_ask_link(self, argument);
		return true;
	case UI_ACTION_SAVE:
	case UI_ACTION_SAVE_ALL:
		ui_read_save(self, action == UI_ACTION_SAVE_ALL, argument);
		return true;
	case UI_ACTION_FIND:
		ui_read_find(self, argument);
		return true;
	case UI_ACTION_FIND_NEXT:
	case UI_ACTION_FIND_PREVIOUS:
		ui_read_find_again(self,
				   action == UI_ACTION_FIND_NEXT ? 1 : -1);
		return true;
	case UI_ACTION_ARCHIVE:
	case UI_ACTION_DELETE:
	case UI_ACTION_SPAM:
	case UI_ACTION_MOVE:
		self->leaving = true;
		return false;
	default:
		return false;
	}
}

static void
read_free(UiView *view)
{
	UiRead *self = (UiRead *)view;

	account_read_close(self->account);
	g_clear_pointer(&self->lines, g_ptr_array_unref);
	g_string_free(self->number, TRUE);
	g_free(self->find);
	g_free(self->section);
	g_free(self);
}

static const UiViewClass read_class = {
    .place = UI_PLACE_READER,
    .top = read_top,
    .draw = read_draw,
    .key = read_key,
    .action = read_action,
    .offers = read_offers,
    .target = read_target,
    .hint = read_hint,
    .status = read_status,
    .event = read_event,
    .resize = read_resize,
    .shown = read_shown,
    .free = read_free,
};

void
ui_read_open(Ui *ui, MessageList *list)
{
	const MessageRow *row = message_list_selected_row(list);
	UiRead *self;

	if (row == NULL)
		return;
	self = g_new0(UiRead, 1);
	self->view.class = &read_class;
	self->view.ui = ui;
	self->list = list;
	self->account = message_list_account(list);
	self->number = g_string_new(NULL);
	self->options.fold_quotes = true;
	self->options.plain = true;
	read_resize(&self->view, ui_content(ui));
	ui_read_load(self, row->id);
	ui_push(ui, &self->view);
}
