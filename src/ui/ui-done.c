/* ui-done.c - what was done lately, and taking it back */
#include "ui-change.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-rows.h"
#include "ui-waiting.h"

#define TIME_WIDTH 8

/** One command: the changes of a group. */
typedef struct {
	Account *account;
	gint64 group;
	gint64 id; /* of its first change */
	gint64 created;
	bool undone;
	bool final;
} Command;

typedef struct {
	UiView view;
	UiRows rows;
	GArray *commands; /* of Command; a line's number is its index */
} Done;

static bool
is_final(const Change *change)
{
	return change->kind == CHANGE_DELETE ||
	       change->kind == CHANGE_FOLDER_DELETE ||
	       change->kind == CHANGE_SEND;
}

static const char *
state_of(const Command *command, const Change *change)
{
	if (command->undone)
		return _("undone");
	/* TRANSLATORS: it cannot be undone */
	if (command->final && change->state == CHANGE_CONFIRMED)
		return _("final");
	return ui_change_state(change);
}

/* Changes that @change takes back, as the others know it. */
static bool
is_undone(const Change *change, const GPtrArray *all)
{
	if (change->state == CHANGE_SUPERSEDED)
		return true;
	for (guint i = 0; i < all->len; i++) {
		const Change *other = g_ptr_array_index(all, i);

		if (other->undoes == change->id &&
		    other->state != CHANGE_SUPERSEDED)
			return true;
	}
	return false;
}

static void
add_command(Done *done, GPtrArray *lines, const UiNames *names,
	    Account *account, const GPtrArray *all, guint at)
{
	const Change *change = g_ptr_array_index(all, at);
	Command command = {
	    account,         change->group,          change->id,
	    change->created, is_undone(change, all), is_final(change)};
	g_autofree char *when = ui_format_date(
	    change->created, ui_now(), ui_config(done->view.ui)->iso_dates);
	g_autofree char *text = NULL;
	guint n = 0;
	UiRowLine *line;

	for (guint i = 0; i < all->len; i++) {
		const Change *other = g_ptr_array_index(all, i);

		if (other->group == change->group)
			n += MAX(other->messages->len, other->n_messages);
	}
	text = ui_change_done(names, change, n);
	g_array_append_val(done->commands, command);
	line = ui_row_line_new((gint64)done->commands->len - 1, UI_TEXT,
			       g_strstrip(when), text);
	line->mark = command.undone ? '-' : command.final ? 'x' : ' ';
	line->place = ui_change_place(names, change);
	line->last = g_strdup(state_of(&command, change));
	g_ptr_array_add(lines, line);
}

static gint
newest_first(gconstpointer a, gconstpointer b)
{
	const Change *first = *(Change *const *)a;
	const Change *second = *(Change *const *)b;

	if (first->id == second->id)
		return 0;
	return first->id > second->id ? -1 : 1;
}

static void
read_account(Done *done, GPtrArray *lines, Account *account)
{
	g_autoptr(UiNames) names = ui_names_new(done->view.ui, account);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) open = account_queue(account, false, &error);
	g_autoptr(GPtrArray) closed =
	    error == NULL ? account_queue(account, true, &error) : NULL;
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	gint64 group = -1;

	if (error != NULL) {
		ui_error(done->view.ui, account, error);
		return;
	}
	for (guint i = 0; i < open->len; i++)
		g_ptr_array_add(all, g_ptr_array_index(open, i));
	for (guint i = 0; i < closed->len; i++)
		g_ptr_array_add(all, g_ptr_array_index(closed, i));
	g_ptr_array_sort(all, newest_first);
	for (guint i = 0; i < all->len; i++) {
		const Change *change = g_ptr_array_index(all, i);

		if (change->group == group)
			continue;
		group = change->group;
		add_command(done, lines, names, account, all, i);
	}
}

static void
refresh(Done *done)
{
	Controller *controller = ui_controller(done->view.ui);
	GPtrArray *lines = g_ptr_array_new_with_free_func(ui_row_line_free);

	g_array_set_size(done->commands, 0);
	/* TRANSLATORS: Tab is a key */
	g_ptr_array_add(lines,
			ui_row_line_new(-1, UI_SUBJECT, NULL,
					_("Done   Tab: Messages, Waiting")));
	for (guint i = 0; i < controller_n_accounts(controller); i++)
		read_account(done, lines, controller_account(controller, i));
	if (done->commands->len == 0)
		g_ptr_array_add(lines, ui_row_line_new(-1, UI_TEXT, NULL,
						       _("Nothing was changed "
							 "yet.")));
	ui_rows_set(&done->rows, lines);
}

static void
draw(UiView *view, UiRect rect)
{
	ui_rows_draw(&((Done *)view)->rows, view->ui, rect);
}

static void
top(UiView *view, UiTop *words)
{
	const Done *done = (const Done *)view;
	guint total;
	guint position = ui_rows_position(&done->rows, &total);

	g_string_assign(words->place, _("Done"));
	g_string_append_printf(
	    words->counts, ngettext("%u action", "%u actions", total), total);
	if (total > 0)
		/* TRANSLATORS: position: "3 of 12" */
		g_string_append_printf(words->position, _("%u of %u"), position,
				       total);
}

static void
undo(Done *done, gint64 first, gint64 last)
{
	for (gint64 i = first; i <= last; i++) {
		const Command *command =
		    &g_array_index(done->commands, Command, i);
		g_autoptr(GError) error = NULL;

		if (command->undone || command->final)
			continue;
		if (account_undo(command->account, command->id, &error) == 0) {
			ui_error(done->view.ui, command->account, error);
			return;
		}
	}
}

/* Only what no later one of the same account is built on comes first. */
static bool
undo_selected(Done *done, bool all)
{
	const UiRowLine *line = ui_rows_selected(&done->rows);
	const Command *command;

	if (line == NULL)
		return true;
	command = &g_array_index(done->commands, Command, line->number);
	if (!all && (command->undone || command->final)) {
		ui_notice(done->view.ui, UI_NOTICE_PLAIN, "%s",
			  command->final ? _("This cannot be undone")
					 : _("This was undone already"));
		return true;
	}
	undo(done, all ? 0 : line->number, line->number);
	return true;
}

/* the whole of a line, however narrow the screen */
static void
tell_selected(Done *done)
{
	const UiRowLine *line = ui_rows_selected(&done->rows);

	if (line != NULL)
		ui_notice(done->view.ui, UI_NOTICE_PLAIN, "%s (%s): %s",
			  line->text, line->place, line->last);
}

static bool
action(UiView *view, UiAction what, const char *argument)
{
	Done *done = (Done *)view;
	Ui *ui = view->ui; /* the view may go */

	(void)argument;
	if (ui_rows_action(&done->rows, what)) {
		ui_redraw(view->ui);
		return true;
	}
	switch (what) {
	case UI_ACTION_OPEN:
		tell_selected(done);
		return true;
	case UI_ACTION_UNDO:
		return undo_selected(done, false);
	case UI_ACTION_DONE:
		return undo_selected(done, true);
	case UI_ACTION_TAB:
		ui_pop(ui);
		ui_log_open(ui);
		return true;
	case UI_ACTION_BACK:
	case UI_ACTION_LEFT:
	case UI_ACTION_CLEAR:
		ui_pop(view->ui);
		return true;
	default:
		return false;
	}
}

static const UiAction *
offers(UiView *view)
{
	static const UiAction list[] = {UI_ACTION_UNDO, UI_ACTION_DONE,
					UI_ACTION_TAB, UI_ACTION_BACK,
					UI_ACTION_NONE};

	(void)view;
	return list;
}

static void
on_event(UiView *view, const ControllerEvent *event)
{
	if (event->kind == CONTROLLER_EVENT_QUEUE ||
	    event->kind == CONTROLLER_EVENT_JOB)
		refresh((Done *)view);
}

static void
done_free(UiView *view)
{
	Done *done = (Done *)view;

	ui_rows_clear(&done->rows);
	g_array_unref(done->commands);
	g_free(done);
}

static const UiViewClass done_class = {
    .place = UI_PLACE_DONE,
    .top = top,
    .draw = draw,
    .action = action,
    .offers = offers,
    .event = on_event,
    .free = done_free,
};

void
ui_done_open(Ui *ui)
{
	Done *done = g_new0(Done, 1);

	done->view.ui = ui;
	done->view.class = &done_class;
	ui_rows_init(&done->rows, TIME_WIDTH);
	done->commands = g_array_new(FALSE, FALSE, sizeof(Command));
	refresh(done);
	ui_push(ui, &done->view);
}
