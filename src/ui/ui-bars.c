/* ui-bars.c - top line, status line, key line */
#include "ui-private.h"

#include <string.h>

#include "ui-format.h"
#include "ui-i18n.h"

/* ---- top line ---- */

static bool
is_disconnected(const Connection *connection)
{
	switch (connection->state) {
	case CONNECTION_OFFLINE:
	case CONNECTION_LOGIN_REFUSED:
	case CONNECTION_UNTRUSTED:
		return true;
	default:
		return false;
	}
}

char *
ui_fresh_text(const Connection *connection)
{
	g_autofree char *since = NULL;

	if (connection->since > 0)
		since = ui_format_clock(connection->since, ui_now());
	switch (connection->state) {
	case CONNECTION_CONNECTING:
		return g_strdup(_("connecting"));
	case CONNECTION_UPDATING:
		return g_strdup(_("updating"));
	case CONNECTION_ONLINE:
		return g_strdup(_("online"));
	case CONNECTION_CHECKED:
		/* TRANSLATORS: %s: a time, here and below: "14:02" */
		return since != NULL ? g_strdup_printf(_("checked %s"), since)
				     : g_strdup(_("online"));
	case CONNECTION_LOGIN_REFUSED:
		return since != NULL ? g_strdup_printf(
					   _("login refused, as of %s"), since)
				     : g_strdup(_("login refused"));
	case CONNECTION_UNTRUSTED:
		return since != NULL
			   ? g_strdup_printf(
				 _("certificate not trusted, as of %s"), since)
			   : g_strdup(_("certificate not trusted"));
	case CONNECTION_OTHER_PROCESS:
		/* TRANSLATORS: another running pennon syncs the account */
		return g_strdup(_("another pennon syncs"));
	case CONNECTION_OFFLINE:
		break;
	}
	return since != NULL ? g_strdup_printf(_("offline since %s"), since)
			     : g_strdup(_("offline"));
}

bool
ui_is_disconnected(const Account *account)
{
	Connection connection = account_connection(account);

	return is_disconnected(&connection);
}

/* With a connection most changes are on the server before a word about them
 * is read; the row has its mark meanwhile. */
static bool
is_worth_telling(Ui *ui)
{
	Connection connection = account_connection(ui->account);
	gint64 now = g_get_monotonic_time();

	if (ui->waiting_since == 0)
		ui->waiting_since = now;
	if (is_disconnected(&connection) || now - ui->waiting_since >= 300000)
		return true;
	ui_redraw_in(ui, 310);
	return false;
}

static char *
waiting_text(Ui *ui)
{
	guint waiting = 0;
	guint failed = 0;
	guint accounts =
	    ui->controller != NULL ? controller_n_accounts(ui->controller) : 0;
	g_autofree char *number = NULL;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	for (guint i = 0; i < accounts; i++) {
		const Account *account = controller_account(ui->controller, i);

		waiting += account_waiting(account);
		failed += account_failed(account);
	}
	if (waiting == 0)
		ui->waiting_since = 0;
	if (waiting > 0 && is_worth_telling(ui)) {
		number = ui_format_number(waiting);
		/* TRANSLATORS: changes that wait for the server */
		first = g_strdup_printf(
		    ngettext("%s waiting", "%s waiting", waiting), number);
	}
	if (failed > 0)
		/* TRANSLATORS: changes that failed */
		second = g_strdup_printf(
		    ngettext("%u failed", "%u failed", failed), failed);
	if (first != NULL && second != NULL)
		return g_strconcat(first, ", ", second, NULL);
	return first != NULL ? g_steal_pointer(&first)
			     : g_steal_pointer(&second);
}

static int
width_of(const char *text)
{
	return text == NULL || text[0] == '\0' ? 0 : ui_text_width(text) + 2;
}

/* The place is cut at its left: its end tells where one is. */
static char *
cut_left(Ui *ui, const char *text, int columns)
{
	int width = ui_text_width(text);

	if (width <= columns || columns < 2)
		return g_strdup(text);
	while (*text != '\0' && ui_text_width(text) > columns - 1)
		text = g_utf8_next_char(text);
	return g_strconcat(ui_sign(ui->term, UI_SIGN_CUT), text, NULL);
}

/* drops what SCREENS.md section 6 drops, in its order */
static void
fit_top(UiTop *top, const char *waiting, const char *fresh, int columns)
{
	int fixed = 2 + width_of(fresh) + width_of(waiting);

	/* counts stay as a bare number where nothing else would fit */
	if (columns < 60 && columns >= 30)
		g_string_truncate(top->counts, 0);
	if (fixed + width_of(top->place->str) + width_of(top->view->str) +
		width_of(top->counts->str) + width_of(top->position->str) >
	    columns + 2)
		g_string_truncate(top->counts, 0);
	if (fixed + width_of(top->place->str) + width_of(top->view->str) +
		width_of(top->position->str) >
	    columns + 2)
		g_string_truncate(top->view, 0);
	if (fixed + width_of(top->place->str) + width_of(top->position->str) >
	    columns + 2)
		g_string_assign(top->position, top->position_short->str);
	if (fixed + width_of(top->place->str) + width_of(top->position->str) >
	    columns + 2)
		g_string_truncate(top->position, 0);
}

static int
put_right(Ui *ui, int end, guint role, const char *text)
{
	int width;

	if (text == NULL || text[0] == '\0')
		return end;
	width = ui_text_width(text);
	ui_text_put(ui->term, 0, end - width, width, role, text);
	return end - width - 2;
}

static void
put_top(Ui *ui, const UiTop *top, guint role, const char *waiting,
	const char *fresh)
{
	int columns = ui_term_columns(ui->term);
	int gap = columns < 30 ? 1 : 2;
	int end = columns - 1;
	int x = 1;
	g_autofree char *place = NULL;

	ui_text_fill(ui->term, 0, 0, columns, role);
	end = put_right(ui, end, role, fresh);
	end = put_right(ui, end, role, top->position->str);
	end = put_right(ui, end, role, waiting);
	place = cut_left(ui, top->place->str, MAX(1, end - x));
	if (columns >= 100)
		x += ui_text_put(ui->term, 0, x, columns, role, "pennon") + 2;
	x += ui_text_put(ui->term, 0, x, end - x + 1, role, place) + gap;
	if (top->view->len > 0)
		x += ui_text_put(ui->term, 0, x, end - x + 1, role,
				 top->view->str) +
		     gap;
	if (top->counts->len > 0)
		ui_text_put(ui->term, 0, x, end - x + 1, role,
			    top->counts->str);
}

static void
draw_top(Ui *ui)
{
	UiView *view = ui_top_view(ui);
	int columns = ui_term_columns(ui->term);
	UiTop top = {0};
	Connection connection = {.state = CONNECTION_CONNECTING};
	g_autofree char *fresh = NULL;
	g_autofree char *waiting = NULL;

	if (ui->account != NULL)
		connection = account_connection(ui->account);
	top.place = g_string_new(NULL);
	top.view = g_string_new(NULL);
	top.counts = g_string_new(NULL);
	top.position = g_string_new(NULL);
	top.position_short = g_string_new(NULL);
	if (view->class->top != NULL)
		view->class->top(view, &top);
	fresh = top.fresh != NULL     ? top.fresh
		: ui->account == NULL ? g_strdup("")
				      : ui_fresh_text(&connection);
	if (columns >= 100)
		waiting = waiting_text(ui);
	fit_top(&top, waiting, fresh, columns - (columns >= 100 ? 8 : 0));
	put_top(ui, &top, is_disconnected(&connection) ? UI_BARWARN : UI_BAR,
		waiting, fresh);
	g_string_free(top.place, TRUE);
	g_string_free(top.view, TRUE);
	g_string_free(top.counts, TRUE);
	g_string_free(top.position, TRUE);
	g_string_free(top.position_short, TRUE);
}

/* ---- status line ---- */

static char *
work_name(const Progress *progress)
{
	switch (progress->kind) {
	case PROGRESS_HEADERS:
		if (progress->mailbox != NULL)
			/* TRANSLATORS: work under way; %s: a mailbox */
			return g_strdup_printf(_("headers of %s"),
					       progress->mailbox);
		return g_strdup(_("headers"));
	case PROGRESS_BODY:
		/* TRANSLATORS: the text of a message is being fetched */
		return g_strdup(_("text"));
	case PROGRESS_CHANGES:
		/* TRANSLATORS: changes are being sent to the server */
		return g_strdup(_("changes"));
	case PROGRESS_SEARCH:
		/* TRANSLATORS: the server searches */
		return g_strdup(_("search"));
	case PROGRESS_NONE:
		break;
	}
	return g_strdup("");
}

/* "headers 61,000 of 1,000,412, 4 min left" (SCREENS.md section 10) */
static char *
work_text(Ui *ui, const Progress *progress, gint64 elapsed)
{
	bool bytes = progress->kind == PROGRESS_BODY;
	g_autofree char *name = work_name(progress);
	g_autofree char *done = NULL;
	g_autofree char *total = NULL;
	g_autofree char *text = NULL;
	g_autofree char *left = NULL;

	(void)ui;
	done = bytes ? ui_format_size((gint64)progress->done)
		     : ui_format_number(progress->done);
	if (progress->total == 0)
		/* TRANSLATORS: name of work, how much of it is done */
		return g_strdup_printf(_("%s %s"), name, done);
	total = bytes ? ui_format_size((gint64)progress->total)
		      : ui_format_number(progress->total);
	/* TRANSLATORS: name of work, done, total: "headers 10 of 100" */
	text = g_strdup_printf(_("%s %s of %s"), name, done, total);
	if (progress->seconds_left < 0 || elapsed < 3 * G_USEC_PER_SEC)
		return g_steal_pointer(&text);
	left = ui_format_seconds(progress->seconds_left);
	/* TRANSLATORS: work as above, time: "…, 4 min left" */
	return g_strdup_printf(_("%s, %s left"), text, left);
}

static char *
work(Ui *ui)
{
	Progress progress = {.kind = PROGRESS_NONE};
	gint64 now = g_get_monotonic_time();

	if (ui->account != NULL)
		progress = account_progress(ui->account);
	/* one or two say "waiting", which is enough of them */
	if (progress.kind == PROGRESS_CHANGES &&
	    (progress.total < 3 || account_waiting(ui->account) == 0))
		progress.kind = PROGRESS_NONE;
	if (progress.kind == PROGRESS_NONE) {
		ui->work_since = 0;
		return NULL;
	}
	if (ui->work_since == 0)
		ui->work_since = now;
	if (now - ui->work_since < 300000) {
		/* most work is over before it is worth a word */
		ui_redraw_in(ui, 310);
		return NULL;
	}
	return work_text(ui, &progress, now - ui->work_since);
}

/* (transfer full): what stands at the right, "" for nothing */
static char *
status_right(Ui *ui)
{
	UiView *view = ui_top_view(ui);
	g_autofree char *own = NULL;
	g_autofree char *waiting = NULL;
	g_autofree char *shown = work(ui);
	GString *text = g_string_new(NULL);
	const char *parts[3];

	if (view->class->status != NULL)
		own = view->class->status(view);
	if (ui_term_columns(ui->term) < 100)
		waiting = waiting_text(ui);
	parts[0] = waiting;
	parts[1] = shown;
	parts[2] = own;
	for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (parts[i] == NULL || parts[i][0] == '\0')
			continue;
		if (text->len > 0)
			g_string_append(text, "  ");
		g_string_append(text, parts[i]);
	}
	return g_string_free(text, FALSE);
}

static void
put_notice(Ui *ui, int y, int columns)
{
	guint more = 0;
	const UiNotice *notice = ui_notices_shown(ui->notices, &more);
	UiView *view = ui_top_view(ui);
	g_autofree char *text = NULL;
	g_autofree char *hint = NULL;
	guint role = UI_TEXT;

	if (notice == NULL) {
		if (view->class->hint != NULL)
			hint = view->class->hint(view);
		ui_text_put(ui->term, y, 0, columns, UI_TEXT, hint);
		return;
	}
	if (notice->kind == UI_NOTICE_ERROR) {
		role = UI_ERROR;
		/* TRANSLATORS: %s: what went wrong */
		text = g_strdup_printf(_("error: %s"), notice->text);
	} else if (notice->kind == UI_NOTICE_WARNING) {
		role = UI_WARN;
		text = g_strdup_printf(_("warning: %s"), notice->text);
	} else {
		text = g_strdup(notice->text);
	}
	if (more > 0) {
		g_autofree char *plus = g_strdup_printf(" +%u", more);
		int width = ui_text_width(plus);
		int used =
		    ui_text_put(ui->term, y, 0, columns - width, role, text);

		ui_text_put(ui->term, y, used, width, role, plus);
		return;
	}
	ui_text_put(ui->term, y, 0, columns, role, text);
}

static void
draw_status(Ui *ui, int y)
{
	int columns = ui_term_columns(ui->term);
	g_autofree char *right = status_right(ui);
	int width = ui_text_width(right);
	int left = width > 0 ? MAX(0, columns - width - 2) : columns;

	if (width > 0)
		ui_text_put(ui->term, y, MAX(0, columns - width), columns,
			    UI_TEXT, right);
	if (ui->line != NULL)
		ui_line_draw(ui, y, left);
	else
		put_notice(ui, y, left);
}

/* ---- key line ---- */

int
ui_bars_key_rows(Ui *ui)
{
	int rows = ui_term_rows(ui->term);
	guint wanted = ui_config(ui)->key_lines;

	if (rows < 10)
		return wanted > 0 ? 1 : 0;
	return (int)MIN(wanted, 2);
}

/* Enter does something else in each place */
static const char *
word_of(UiPlace place, UiAction action)
{
	if (place == UI_PLACE_DONE && action == UI_ACTION_DONE)
		/* TRANSLATORS: Z: undo all down to the chosen line */
		return _("All to here");
	if (action != UI_ACTION_OPEN)
		return ui_action_word(action);
	switch (place) {
	case UI_PLACE_LIST:
		return ui_action_word(action);
	case UI_PLACE_PARTS:
		/* TRANSLATORS: Enter: look at a part of a message */
		return _("View");
	case UI_PLACE_WAITING:
	case UI_PLACE_DONE:
	case UI_PLACE_LOG:
		/* TRANSLATORS: Enter: all about the chosen line */
		return _("Details");
	case UI_PLACE_WIZARD:
		/* TRANSLATORS: Enter: write the configuration, open the mail */
		return _("Write and open");
	default:
		/* TRANSLATORS: Enter: open what is chosen */
		return C_("mailbox", "Open");
	}
}

/* pairs of key and word */
static GPtrArray *
view_offers(Ui *ui)
{
	UiView *view = ui_top_view(ui);
	const UiAction *actions = NULL;
	GPtrArray *offers = g_ptr_array_new_with_free_func(g_free);
	const char *enter = ui_sign(ui->term, UI_SIGN_ENTER);

	if (view->class->offers != NULL)
		actions = view->class->offers(view);
	for (; actions != NULL && *actions != UI_ACTION_NONE; actions++) {
		UiKey key = ui_action_key(view->class->place, *actions);

		if (key == UI_KEY_NONE)
			continue;
		/* a link is named by its number */
		g_ptr_array_add(offers, *actions == UI_ACTION_LINK
					    ? g_strdup("1-9")
					    : ui_key_name(key, enter));
		g_ptr_array_add(
		    offers, g_strdup(word_of(view->class->place, *actions)));
	}
	return offers;
}

/* Returns: offers that fitted, from @from on */
static guint
put_offers(Ui *ui, int y, const GPtrArray *offers, guint from, int columns)
{
	int x = 1;

	for (; from + 1 < offers->len; from += 2) {
		const char *key = offers->pdata[from];
		const char *word = offers->pdata[from + 1];
		int width = ui_text_width(key) + 1 + ui_text_width(word);

		if (x + width > columns)
			break;
		x += ui_text_put(ui->term, y, x, columns, UI_KEY, key);
		x += 1;
		x += ui_text_put(ui->term, y, x, columns, UI_TEXT, word);
		x += 2;
	}
	return from;
}

static void
draw_keys(Ui *ui, int y, int rows)
{
	int columns = ui_term_columns(ui->term);
	g_autoptr(GPtrArray) offers = NULL;
	const char *word = ui_action_word(UI_ACTION_HELP);
	/* a prompt names its own help, if it has one */
	bool help = ui->line == NULL;
	int width = columns < 30 ? 1 : 2 + ui_text_width(word);
	int x = 1;
	guint from = 0;

	offers = ui->line != NULL ? ui_line_offers(ui) : view_offers(ui);
	for (int row = 0; row < rows; row++) {
		bool last = row == rows - 1;
		guint next =
		    put_offers(ui, y + row, offers, from,
			       last && help ? columns - width - 2 : columns);

		if (last && help) {
			for (guint i = from; i < next; i += 2)
				x += ui_text_width(offers->pdata[i]) + 3 +
				     ui_text_width(offers->pdata[i + 1]);
			ui_text_put(ui->term, y + row, x, 1, UI_KEY, "?");
			if (width > 1)
				ui_text_put(ui->term, y + row, x + 2, width - 2,
					    UI_TEXT, word);
		}
		from = next;
	}
}

void
ui_bars_draw(Ui *ui)
{
	int rows = ui_term_rows(ui->term);
	int keys = ui_bars_key_rows(ui);

	draw_top(ui);
	if (keys > 0)
		draw_keys(ui, rows - keys, keys);
	/* last: a prompt puts the cursor where it is typed */
	draw_status(ui, rows - keys - 1);
}
