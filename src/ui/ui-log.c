/* ui-log.c - everything the status line told */
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-page.h"
#include "ui-rows.h"
#include "ui-waiting.h"

#define KIND_WIDTH 27 /* time, kind, account */

typedef struct {
	UiView view;
	UiRows rows;
	bool errors_only;
	guint n_seen; /* notices when it was drawn last */
} Log;

static const char *
kind_of(const UiNotice *notice)
{
	switch (notice->kind) {
	case UI_NOTICE_WARNING:
		return _("warning");
	case UI_NOTICE_ERROR:
		return _("error");
	case UI_NOTICE_PLAIN:
	case UI_NOTICE_UNDO:
		break;
	}
	return _("notice");
}

static guint
role_of(const UiNotice *notice)
{
	switch (notice->kind) {
	case UI_NOTICE_WARNING:
		return UI_WARN;
	case UI_NOTICE_ERROR:
		return UI_ERROR;
	case UI_NOTICE_PLAIN:
	case UI_NOTICE_UNDO:
		break;
	}
	return UI_TEXT;
}

static UiRowLine *
line_of(const UiNotice *notice, guint number)
{
	g_autoptr(GDateTime) utc =
	    g_date_time_new_from_unix_utc(notice->at / G_USEC_PER_SEC);
	g_autoptr(GDateTime) local = g_date_time_to_local(utc);
	g_autofree char *time = g_date_time_format(local, "%H:%M:%S");
	g_autofree char *first =
	    g_strdup_printf("%s  %-7s %s", time, kind_of(notice),
			    notice->account != NULL ? notice->account : "");

	return ui_row_line_new(number, role_of(notice), first, notice->text);
}

static void
refresh(Log *log)
{
	const GPtrArray *notices = ui_notice_log(log->view.ui);
	GPtrArray *lines = g_ptr_array_new_with_free_func(ui_row_line_free);

	/* TRANSLATORS: Tab is a key */
	g_ptr_array_add(lines,
			ui_row_line_new(-1, UI_SUBJECT, NULL,
					_("Messages   Tab: Waiting, Done")));
	for (guint i = notices->len; i > 0; i--) {
		const UiNotice *notice = g_ptr_array_index(notices, i - 1);

		if (!log->errors_only || notice->kind == UI_NOTICE_ERROR)
			g_ptr_array_add(lines, line_of(notice, i - 1));
	}
	if (lines->len == 1)
		g_ptr_array_add(lines,
				ui_row_line_new(-1, UI_TEXT, NULL,
						_("Nothing was told yet.")));
	log->n_seen = notices->len;
	ui_rows_set(&log->rows, lines);
}

static void
draw(UiView *view, UiRect rect)
{
	Log *log = (Log *)view;

	if (log->n_seen != ui_notice_log(view->ui)->len)
		refresh(log);
	ui_rows_draw(&log->rows, view->ui, rect);
}

static void
top(UiView *view, UiTop *words)
{
	const Log *log = (const Log *)view;
	const GPtrArray *notices = ui_notice_log(view->ui);
	guint errors = 0;
	guint total;
	guint position = ui_rows_position(&log->rows, &total);

	for (guint i = 0; i < notices->len; i++) {
		const UiNotice *notice = g_ptr_array_index(notices, i);

		errors += notice->kind == UI_NOTICE_ERROR;
	}
	g_string_assign(words->place, _("Messages"));
	if (log->errors_only)
		g_string_assign(words->view, _("errors only"));
	if (errors > 0)
		g_string_append_printf(
		    words->counts, ngettext("%u error", "%u errors", errors),
		    errors);
	if (total > 0)
		/* TRANSLATORS: position: "3 of 12" */
		g_string_append_printf(words->position, _("%u of %u"), position,
				       total);
}

static GPtrArray *
fill_details(Ui *ui, int columns, gpointer user)
{
	(void)ui;
	return ui_page_text(user, columns);
}

static void
open_details(Log *log)
{
	const UiRowLine *line = ui_rows_selected(&log->rows);
	const GPtrArray *notices = ui_notice_log(log->view.ui);
	const UiNotice *notice;
	g_autofree char *when = NULL;

	if (line == NULL || line->number >= (gint64)notices->len)
		return;
	notice = g_ptr_array_index(notices, line->number);
	when = ui_format_moment(notice->at, ui_now());
	ui_push(log->view.ui,
		ui_page_new(log->view.ui, _("Messages"), when, fill_details,
			    g_strdup(notice->text), g_free));
}

static bool
action(UiView *view, UiAction what, const char *argument)
{
	Log *log = (Log *)view;
	Ui *ui = view->ui; /* the view may go */

	(void)argument;
	if (ui_rows_action(&log->rows, what)) {
		ui_redraw(view->ui);
		return true;
	}
	switch (what) {
	case UI_ACTION_ERRORS:
		log->errors_only = !log->errors_only;
		refresh(log);
		ui_redraw(view->ui);
		return true;
	case UI_ACTION_OPEN:
		open_details(log);
		return true;
	case UI_ACTION_TAB:
		ui_pop(ui);
		ui_waiting_open(ui);
		return true;
	case UI_ACTION_MESSAGES:
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
	static const UiAction list[] = {UI_ACTION_OPEN, UI_ACTION_ERRORS,
					UI_ACTION_TAB, UI_ACTION_BACK,
					UI_ACTION_NONE};

	(void)view;
	return list;
}

static void
log_free(UiView *view)
{
	Log *log = (Log *)view;

	ui_rows_clear(&log->rows);
	g_free(log);
}

static const UiViewClass log_class = {
    .place = UI_PLACE_LOG,
    .top = top,
    .draw = draw,
    .action = action,
    .offers = offers,
    .free = log_free,
};

void
ui_log_open(Ui *ui)
{
	Log *log = g_new0(Log, 1);

	log->view.ui = ui;
	log->view.class = &log_class;
	ui_rows_init(&log->rows, KIND_WIDTH);
	refresh(log);
	ui_push(ui, &log->view);
}
