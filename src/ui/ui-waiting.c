/* ui-waiting.c - changes that wait for the server, and the connection */
#include "ui-waiting.h"

#include <string.h>

#include "ui-change.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-page.h"
#include "ui-private.h"
#include "ui-rows.h"
#include "words.h"

#define STATE_WIDTH 11

/** A change on the screen, and whose it is. */
typedef struct {
	Account *account;
	Change *change; /* owned by the array it came in */
} Shown;

typedef struct {
	UiView view;
	UiRows rows;
	GPtrArray *queues; /* of GPtrArray of Change, one an account */
	GArray *shown;     /* of Shown; a line's number is its index */
	guint waiting;
	guint failed;
} Waiting;

static guint
role_of(const Change *change)
{
	return change->state == CHANGE_FAILED || change->state == CHANGE_UNKNOWN
		   ? UI_ERROR
		   : UI_TEXT;
}

static char *
why(const Change *change)
{
	g_autofree char *error = NULL;

	if (change->error == NULL)
		return NULL;
	error = words_translate(change->error);
	if (change->state == CHANGE_FAILED)
		/* TRANSLATORS: %s: the server's words; r and d are keys */
		return g_strdup_printf(
		    ngettext("%s (tried once); r retries, d drops",
			     "%s (tried %u times); r retries, d drops",
			     MAX(change->attempts, 1)),
		    error, MAX(change->attempts, 1));
	if (change->state == CHANGE_UNKNOWN)
		return g_strdup(
		    _("the connection broke before the answer; it "
		      "may have been done. r tries again, d drops"));
	return g_steal_pointer(&error);
}

static void
add_change(Waiting *waiting, GPtrArray *lines, const UiNames *names,
	   Account *account, Change *change)
{
	g_autofree char *text = ui_change_waiting(names, change);
	g_autofree char *reason = why(change);
	Shown shown = {account, change};
	UiRowLine *line;

	g_array_append_val(waiting->shown, shown);
	line = ui_row_line_new((gint64)waiting->shown->len - 1, role_of(change),
			       ui_change_state(change), text);
	line->place = ui_change_place(names, change);
	line->last = ui_format_clock(change->created, ui_now());
	g_ptr_array_add(lines, line);
	if (reason != NULL)
		g_ptr_array_add(lines,
				ui_row_line_new(-1, UI_TEXT, "", reason));
	waiting->waiting +=
	    change->state != CHANGE_FAILED && change->state != CHANGE_UNKNOWN;
	waiting->failed +=
	    change->state == CHANGE_FAILED || change->state == CHANGE_UNKNOWN;
}

static void
add_connection(Waiting *waiting, GPtrArray *lines)
{
	Controller *controller = ui_controller(waiting->view.ui);

	g_ptr_array_add(lines, ui_row_line_new(-1, UI_TEXT, NULL, ""));
	g_ptr_array_add(lines, ui_row_line_new(-1, UI_SUBJECT, NULL, _("Now")));
	for (guint i = 0; i < controller_n_accounts(controller); i++) {
		Account *account = controller_account(controller, i);
		Connection connection = account_connection(account);
		g_autofree char *fresh = ui_fresh_text(&connection);
		g_autoptr(GString) text = g_string_new(NULL);
		gint64 left = connection.next_try - ui_now();

		if (controller_n_accounts(controller) > 1)
			g_string_append_printf(text,
					       "%s: ", account_name(account));
		g_string_append(text, fresh);
		if (connection.reason != NULL) {
			g_autofree char *reason =
			    words_translate(connection.reason);

			g_string_append_printf(text, ": %s", reason);
		}
		if (connection.next_try != 0 && left > 0) {
			g_autofree char *wait = ui_format_seconds(
			    (gint)(left / G_USEC_PER_SEC) + 1);

			g_string_append(text, "; ");
			/* TRANSLATORS: %s: "8 s" */
			g_string_append_printf(text, _("next try in %s"), wait);
		}
		g_ptr_array_add(lines,
				ui_row_line_new(-1, UI_TEXT, NULL, text->str));
	}
}

static void
read_queue(Waiting *waiting, GPtrArray *lines, Account *account)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(UiNames) names = ui_names_new(waiting->view.ui, account);
	GPtrArray *queue = account_queue(account, false, &error);

	if (queue == NULL) {
		ui_error(waiting->view.ui, account, error);
		return;
	}
	g_ptr_array_add(waiting->queues, queue);
	for (guint i = 0; i < queue->len; i++)
		add_change(waiting, lines, names, account,
			   g_ptr_array_index(queue, i));
}

static void
refresh(Waiting *waiting)
{
	Controller *controller = ui_controller(waiting->view.ui);
	GPtrArray *lines = g_ptr_array_new_with_free_func(ui_row_line_free);
	GPtrArray *before = waiting->queues;
	g_autofree char *head = NULL;

	waiting->queues =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	g_array_set_size(waiting->shown, 0);
	waiting->waiting = waiting->failed = 0;
	for (guint i = 0; i < controller_n_accounts(controller); i++)
		read_queue(waiting, lines, controller_account(controller, i));
	if (waiting->shown->len == 0)
		g_ptr_array_add(
		    lines, ui_row_line_new(-1, UI_TEXT, NULL,
					   _("Nothing waits: all changes are "
					     "on the server.")));
	/* TRANSLATORS: %u: changes; Tab is a key */
	head = g_strdup_printf(_("Waiting (%u)   Tab: Done, Messages"),
			       waiting->shown->len);
	g_ptr_array_insert(lines, 0,
			   ui_row_line_new(-1, UI_SUBJECT, NULL, head));
	add_connection(waiting, lines);
	ui_rows_set(&waiting->rows, lines);
	if (before != NULL)
		g_ptr_array_unref(before);
}

static void
draw(UiView *view, UiRect rect)
{
	ui_rows_draw(&((Waiting *)view)->rows, view->ui, rect);
}

static void
top(UiView *view, UiTop *words)
{
	const Waiting *waiting = (const Waiting *)view;
	guint total;
	guint position = ui_rows_position(&waiting->rows, &total);

	g_string_assign(words->place, _("Waiting"));
	g_string_append_printf(
	    words->counts,
	    ngettext("%u change", "%u changes", waiting->waiting),
	    waiting->waiting);
	if (waiting->failed > 0) {
		g_string_append(words->counts, ", ");
		g_string_append_printf(
		    words->counts,
		    ngettext("%u failed", "%u failed", waiting->failed),
		    waiting->failed);
	}
	if (total > 0)
		/* TRANSLATORS: position: "3 of 12" */
		g_string_append_printf(words->position, _("%u of %u"), position,
				       total);
}

static const Shown *
selected(const Waiting *waiting)
{
	const UiRowLine *line = ui_rows_selected(&waiting->rows);

	return line == NULL
		   ? NULL
		   : &g_array_index(waiting->shown, Shown, line->number);
}

static void
retry(Waiting *waiting, const Shown *shown)
{
	g_autoptr(GError) error = NULL;

	if (shown->change->state != CHANGE_FAILED &&
	    shown->change->state != CHANGE_UNKNOWN &&
	    shown->change->not_before == 0)
		return;
	if (account_queue_retry(shown->account, shown->change->id, &error) == 0)
		ui_error(waiting->view.ui, shown->account, error);
}

static void
drop(Waiting *waiting)
{
	const Shown *shown = selected(waiting);
	g_autoptr(GError) error = NULL;

	if (shown == NULL)
		return;
	if (account_queue_drop(shown->account, shown->change->id, &error) == 0)
		ui_error(waiting->view.ui, shown->account, error);
	else
		ui_notice(waiting->view.ui, UI_NOTICE_PLAIN,
			  _("Dropped: the message is as the server has it"));
}

static GPtrArray *
fill_details(Ui *ui, int columns, gpointer user)
{
	(void)ui;
	return ui_page_text(user, columns);
}

static void
open_details(Waiting *waiting)
{
	const Shown *shown = selected(waiting);
	g_autoptr(UiNames) names = NULL;
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *what = NULL;
	g_autofree char *place = NULL;
	g_autofree char *created = NULL;
	g_autofree char *number = NULL;

	if (shown == NULL)
		return;
	names = ui_names_new(waiting->view.ui, shown->account);
	what = ui_change_waiting(names, shown->change);
	place = ui_change_place(names, shown->change);
	created = ui_format_moment(shown->change->created, ui_now());
	number = g_strdup_printf("%" G_GINT64_FORMAT, shown->change->id);
	/* TRANSLATORS: number of a change in the journal */
	g_string_append_printf(text, _("Change %s"), number);
	g_string_append_printf(text, "\n\n  %s\n  %s\n  %s\n  %s\n", what,
			       place, created, ui_change_state(shown->change));
	if (shown->change->error != NULL) {
		g_autofree char *error = words_translate(shown->change->error);

		g_string_append_printf(text, "\n%s\n", error);
	}
	ui_push(waiting->view.ui,
		ui_page_new(waiting->view.ui, _("Waiting"), what, fill_details,
			    g_string_free(g_steal_pointer(&text), FALSE),
			    g_free));
}

static bool
action(UiView *view, UiAction what, const char *argument)
{
	Waiting *waiting = (Waiting *)view;
	const Shown *shown = selected(waiting);
	Ui *ui = view->ui; /* the view may go */

	(void)argument;
	if (ui_rows_action(&waiting->rows, what)) {
		ui_redraw(view->ui);
		return true;
	}
	switch (what) {
	case UI_ACTION_RETRY:
		if (shown != NULL)
			retry(waiting, shown);
		return true;
	case UI_ACTION_RETRY_ALL:
		for (guint i = 0; i < waiting->shown->len; i++)
			retry(waiting,
			      &g_array_index(waiting->shown, Shown, i));
		return true;
	case UI_ACTION_DROP:
		drop(waiting);
		return true;
	case UI_ACTION_OPEN:
		open_details(waiting);
		return true;
	case UI_ACTION_TAB:
		ui_pop(ui);
		ui_done_open(ui);
		return true;
	case UI_ACTION_WAITING:
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
	static const UiAction list[] = {UI_ACTION_OPEN, UI_ACTION_RETRY,
					UI_ACTION_DROP, UI_ACTION_CHECK_MAIL,
					UI_ACTION_TAB,  UI_ACTION_BACK,
					UI_ACTION_NONE};

	(void)view;
	return list;
}

static void
on_event(UiView *view, const ControllerEvent *event)
{
	if (event->kind == CONTROLLER_EVENT_QUEUE ||
	    event->kind == CONTROLLER_EVENT_CONNECTION ||
	    event->kind == CONTROLLER_EVENT_JOB)
		refresh((Waiting *)view);
}

static void
waiting_free(UiView *view)
{
	Waiting *waiting = (Waiting *)view;

	ui_rows_clear(&waiting->rows);
	g_ptr_array_unref(waiting->queues);
	g_array_unref(waiting->shown);
	g_free(waiting);
}

static const UiViewClass waiting_class = {
    .place = UI_PLACE_WAITING,
    .top = top,
    .draw = draw,
    .action = action,
    .offers = offers,
    .event = on_event,
    .free = waiting_free,
};

void
ui_waiting_open(Ui *ui)
{
	Waiting *waiting = g_new0(Waiting, 1);

	waiting->view.ui = ui;
	waiting->view.class = &waiting_class;
	ui_rows_init(&waiting->rows, STATE_WIDTH);
	waiting->queues =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	waiting->shown = g_array_new(FALSE, FALSE, sizeof(Shown));
	refresh(waiting);
	ui_push(ui, &waiting->view);
}
