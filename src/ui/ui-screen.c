/* ui-screen.c - the stack of views, and a frame of all of it */
#include "ui-private.h"

#include <glib-unix.h>

#include "ui-folders.h"
#include "ui-i18n.h"
#include "ui-password.h"

#define MIN_ROWS 6
#define MIN_COLUMNS 20

/* ---- what views ask for ---- */

Controller *
ui_controller(Ui *ui)
{
	return ui->controller;
}

UiTerm *
ui_term(Ui *ui)
{
	return ui->term;
}

const UiConfig *
ui_config(Ui *ui)
{
	/* the wizard runs before there is a configuration */
	static const UiConfig defaults = {
	    .ambiguous_width = 1,
	    .key_lines = 1,
	    .folders = true,
	    .preview = true,
	};

	return ui->config != NULL ? config_ui(ui->config) : &defaults;
}

Config *
ui_whole_config(Ui *ui)
{
	return ui->config;
}

const UiOptions *
ui_options(Ui *ui)
{
	return ui->options;
}

Account *
ui_account(Ui *ui)
{
	return ui->account;
}

void
ui_set_account(Ui *ui, Account *account)
{
	ui->account = account;
	ui->work_since = 0;
}

void
ui_cursor(Ui *ui, int y, int x)
{
	ui->cursor_y = y;
	ui->cursor_x = x;
}

/* ---- the stack ---- */

UiView *
ui_top_view(Ui *ui)
{
	g_assert(ui->views->len > 0);
	return ui->views->pdata[ui->views->len - 1];
}

UiRect
ui_content(Ui *ui)
{
	int rows = ui_term_rows(ui->term);

	return (UiRect){
	    .y = 1,
	    .x = 0,
	    .rows = MAX(0, rows - 2 - ui_bars_key_rows(ui)),
	    .columns = ui_term_columns(ui->term),
	};
}

void
ui_push(Ui *ui, UiView *view)
{
	ui_prompt_cancel(ui);
	view->ui = ui;
	g_ptr_array_add(ui->views, view);
	if (view->class->resize != NULL)
		view->class->resize(view, ui_content(ui));
	ui_redraw(ui);
}

static void
show_top(Ui *ui)
{
	UiView *top = ui_top_view(ui);

	/* the size may have changed while another view was on top */
	if (top->class->resize != NULL)
		top->class->resize(top, ui_content(ui));
	if (top->class->shown != NULL)
		top->class->shown(top);
	ui_redraw(ui);
}

void
ui_drop(Ui *ui, UiView *view)
{
	bool was_top = view == ui_top_view(ui);

	if (!g_ptr_array_remove(ui->views, view))
		return;
	if (was_top)
		ui_prompt_cancel(ui);
	ui_forget_jobs(ui, view);
	view->class->free(view);
	if (was_top && ui->views->len > 0)
		show_top(ui);
}

void
ui_pop(Ui *ui)
{
	if (ui->views->len > 1)
		ui_drop(ui, ui_top_view(ui));
}

UiView *
ui_below(Ui *ui, const UiView *view)
{
	guint at;

	if (!g_ptr_array_find(ui->views, view, &at) || at == 0)
		return NULL;
	return ui->views->pdata[at - 1];
}

UiView *
ui_find(Ui *ui, const UiViewClass *class)
{
	for (guint i = ui->views->len; i > 0; i--) {
		UiView *view = ui->views->pdata[i - 1];

		if (view->class == class)
			return view;
	}
	return NULL;
}

void
ui_clear_views(Ui *ui)
{
	ui_prompt_cancel(ui);
	while (ui->views->len > 0) {
		UiView *view = ui_top_view(ui);

		g_ptr_array_set_size(ui->views, (gint)ui->views->len - 1);
		ui_forget_jobs(ui, view);
		view->class->free(view);
	}
}

void
ui_event_views(Ui *ui, const ControllerEvent *event)
{
	/* a view may close itself, or open another */
	g_autoptr(GPtrArray) views = g_ptr_array_copy(ui->views, NULL, NULL);

	for (guint i = 0; i < views->len; i++) {
		UiView *view = views->pdata[i];

		if (g_ptr_array_find(ui->views, view, NULL) &&
		    view->class->event != NULL)
			view->class->event(view, event);
	}
}

bool
ui_target(Ui *ui, UiTarget *ret_target)
{
	UiView *view = ui_top_view(ui);

	*ret_target = (UiTarget){0};
	return view->class->target != NULL &&
	       view->class->target(view, ret_target);
}

void
ui_target_clear(UiTarget *target)
{
	g_clear_pointer(&target->ids, g_array_unref);
}

/* ---- frames ---- */

static void
draw_too_small(Ui *ui)
{
	g_autofree char *text = NULL;

	/* TRANSLATORS: the smallest size of a screen, in columns and rows */
	text = g_strdup_printf(_("too small (%dx%d)"), MIN_COLUMNS, MIN_ROWS);
	ui_text_put_hard(ui->term, 0, 0, ui_term_columns(ui->term), UI_TEXT,
			 text);
}

static gboolean
line_is_free_again(gint fd, GIOCondition condition, gpointer user)
{
	Ui *ui = user;

	(void)fd;
	(void)condition;
	ui->busy_source = 0;
	ui_redraw(ui);
	return G_SOURCE_REMOVE;
}

void
ui_draw(Ui *ui)
{
	UiView *top;

	if (ui->ended || ui->handed_over || ui->views->len == 0)
		return;
	ui_folders_refresh(ui);
	ui_frame_begin(ui->term);
	ui->cursor_y = 0;
	ui->cursor_x = 0;
	if (ui_term_rows(ui->term) < MIN_ROWS ||
	    ui_term_columns(ui->term) < MIN_COLUMNS) {
		draw_too_small(ui);
	} else {
		top = ui_top_view(ui);
		top->class->draw(top, ui_content(ui));
		ui_bars_draw(ui);
	}
	if (!ui_frame_end(ui->term, ui->cursor_y, ui->cursor_x) &&
	    ui->busy_source == 0)
		ui->busy_source =
		    g_unix_fd_add(1, G_IO_OUT, line_is_free_again, ui);
}

static gboolean
draw_now(gpointer user)
{
	Ui *ui = user;

	ui->draw_source = 0;
	ui_password_next(ui);
	ui_draw(ui);
	return G_SOURCE_REMOVE;
}

void
ui_redraw(Ui *ui)
{
	/* idle: keys and events that wait come first */
	if (ui->draw_source == 0 && !ui->ended)
		ui->draw_source = g_idle_add_full(G_PRIORITY_DEFAULT_IDLE,
						  draw_now, ui, NULL);
}

static gboolean
redraw_later(gpointer user)
{
	Ui *ui = user;

	ui->later_source = 0;
	ui_redraw(ui);
	return G_SOURCE_REMOVE;
}

void
ui_redraw_in(Ui *ui, guint ms)
{
	if (ui->later_source == 0)
		ui->later_source = g_timeout_add(ms, redraw_later, ui);
}

void
ui_resized(Ui *ui)
{
	UiView *top = ui_top_view(ui);

	ui_term_resize(ui->term);
	if (top->class->resize != NULL)
		top->class->resize(top, ui_content(ui));
	ui_redraw(ui);
}
