/* ui-dispatch.c - from a key to what it does, and what needs no view */
#include "ui-private.h"

#include <string.h>

#include "ui-certificate.h"
#include "ui-change.h"
#include "ui-command.h"
#include "ui-compose.h"
#include "ui-folders.h"
#include "ui-help.h"
#include "ui-i18n.h"
#include "ui-list.h"
#include "ui-loop.h"
#include "ui-message.h"
#include "ui-waiting.h"

/* ---- undo ---- */

static void
tell_undone(Ui *ui, const ControllerEvent *event)
{
	g_autoptr(UiNames) names = NULL;
	const Change *change;
	guint n = 0;

	if (event->changes == NULL || event->changes->len == 0) {
		/* TRANSLATORS: the last change was undone */
		ui_notice_for(ui, UI_NOTICE_PLAIN, event->account, NULL, "%s",
			      _("Taken back"));
		return;
	}
	names = ui_names_new(ui, event->account);
	change = event->changes->pdata[0];
	for (guint i = 0; i < event->changes->len; i++) {
		const Change *one = event->changes->pdata[i];

		n += one->messages->len;
	}
	if (change->kind == CHANGE_MOVE && change->dest != NULL) {
		ui_notice_for(
		    ui, UI_NOTICE_PLAIN, event->account, NULL,
		    /* TRANSLATORS: number of messages, mailbox */
		    ngettext("Moved %u back to %s", "Moved %u back to %s", n),
		    n, ui_names_shown(names, change->dest));
		return;
	}
	if (change->kind == CHANGE_FLAGS) {
		ui_notice_for(ui, UI_NOTICE_PLAIN, event->account, NULL,
			      /* TRANSLATORS: flags are as they were before */
			      ngettext("Flags of %u message set back",
				       "Flags of %u messages set back", n),
			      n);
		return;
	}
	ui_notice_for(ui, UI_NOTICE_PLAIN, event->account, NULL, "%s",
		      _("Taken back"));
}

static void
undone(Ui *ui, const ControllerEvent *event, gpointer user)
{
	(void)user;
	if (event->job_state == JOB_FAILED && event->error != NULL &&
	    g_error_matches(event->error, CONTROLLER_ERROR,
			    CONTROLLER_ERROR_NOT_FOUND))
		ui_notice(ui, UI_NOTICE_PLAIN, "%s", _("nothing to undo"));
	else if (event->job_state == JOB_FAILED && event->error != NULL)
		ui_error(ui, event->account, event->error);
	else if (event->job_state == JOB_JOURNALED)
		tell_undone(ui, event);
}

static void
undo(Ui *ui)
{
	g_autoptr(GError) error = NULL;
	gint64 job = account_undo(ui->account, 0, &error);

	ui_notices_changing(ui->notices);
	if (job != 0)
		ui_watch_job(ui, ui->account, job, undone, NULL);
	else if (error == NULL || g_error_matches(error, CONTROLLER_ERROR,
						  CONTROLLER_ERROR_NOT_FOUND))
		ui_notice(ui, UI_NOTICE_PLAIN, "%s", _("nothing to undo"));
	else
		ui_error(ui, ui->account, error);
}

/* ---- leaving ---- */

static void
quit_answered(Ui *ui, int answer, gpointer user)
{
	(void)user;
	if (answer == 0)
		ui_quit(ui);
	else if (answer == 1)
		ui_waiting_open(ui);
}

/* What is journaled is safe, and goes on at the next start: only what could be
 * meant to be finished is asked about. */
static void
quit(Ui *ui)
{
	UiAnswer answers[] = {
	    {'y', _("Quit")},
	    {'@', _("Show them")},
	};

	if (!ui_compose_is_open(ui)) {
		ui_quit(ui);
		return;
	}
	ui_question_open(ui, _("A draft is open; it is kept. Quit?"), answers,
			 G_N_ELEMENTS(answers), quit_answered, NULL);
}

static void
back(Ui *ui)
{
	if (ui->views->len > 1)
		ui_pop(ui);
	else
		quit(ui);
}

/* ---- what needs no view ---- */

static void
retry_now(Ui *ui)
{
	Connection connection = account_connection(ui->account);

	if (connection.state == CONNECTION_UNTRUSTED &&
	    account_certificate(ui->account) != NULL)
		ui_certificate_open(ui, ui->account);
	controller_retry_now(ui->controller);
	if (ui->options->offline)
		ui_notice(ui, UI_NOTICE_PLAIN, "%s",
			  _("started with --offline: nothing is sent"));
}

static void
redraw_all(Ui *ui)
{
	ui_frame_repaint(ui->term);
	ui_redraw(ui);
}

static void
clear(Ui *ui)
{
	ui_notices_clear(ui->notices);
}

static void
stop(Ui *ui)
{
	ui_notice(ui, UI_NOTICE_PLAIN, "%s", _("Q quits"));
}

static void
help(Ui *ui)
{
	ui_help_open(ui, ui_top_view(ui)->class->place);
}

static void
compose(Ui *ui)
{
	ui_compose_new(ui, ui->account);
}

static const struct {
	UiAction action;
	void (*run)(Ui *ui);
} globals[] = {
    {UI_ACTION_COMMAND, ui_command_open},
    {UI_ACTION_HELP, help},
    {UI_ACTION_REDRAW, redraw_all},
    {UI_ACTION_CHECK_MAIL, retry_now},
    {UI_ACTION_STOP, stop},
    {UI_ACTION_SUSPEND, ui_suspend},
    {UI_ACTION_BACK, back},
    {UI_ACTION_LEFT, back},
    {UI_ACTION_QUIT, quit},
    {UI_ACTION_CLEAR, clear},
    {UI_ACTION_UNDO, undo},
    {UI_ACTION_DONE, ui_done_open},
    {UI_ACTION_WAITING, ui_waiting_open},
    {UI_ACTION_MESSAGES, ui_log_open},
    {UI_ACTION_MAILBOXES, ui_folders_open},
    {UI_ACTION_COMPOSE, compose},
};

static bool
run_global(Ui *ui, UiAction action)
{
	for (guint i = 0; i < G_N_ELEMENTS(globals); i++) {
		if (globals[i].action != action)
			continue;
		globals[i].run(ui);
		return true;
	}
	return false;
}

static void
open_mailbox(Ui *ui, const char *argument)
{
	g_autofree char *name = NULL;

	if (argument == NULL || argument[0] == '\0') {
		ui_folders_open(ui);
		return;
	}
	name = ui_folders_name(ui, argument);
	if (name == NULL)
		ui_notice(ui, UI_NOTICE_WARNING,
			  /* TRANSLATORS: %s: what was typed */
			  _("there is no mailbox \"%s\""), argument);
	else
		ui_list_open(ui, ui->account, name);
}

void
ui_act(Ui *ui, UiAction action, const char *argument)
{
	UiView *view = ui_top_view(ui);

	ui_redraw(ui);
	if (view->class->action != NULL &&
	    view->class->action(view, action, argument))
		return;
	if (ui_message_act(ui, action, argument))
		return;
	/* what follows needs an account; the wizard has none */
	if (ui->account == NULL && action != UI_ACTION_QUIT &&
	    action != UI_ACTION_REDRAW && action != UI_ACTION_SUSPEND)
		return;
	if (action == UI_ACTION_MAILBOX) {
		open_mailbox(ui, argument);
		return;
	}
	if (!run_global(ui, action))
		ui_notice(ui, UI_NOTICE_PLAIN,
			  /* TRANSLATORS: %s: the name of a command */
			  _("%s does nothing here (? helps)"),
			  ui_action_name(action));
}

/* ---- keys ---- */

static void
unknown_key(Ui *ui, UiKey key)
{
	g_autofree char *name = ui_key_name(key, "Enter");

	/* TRANSLATORS: %s: a key */
	ui_notice(ui, UI_NOTICE_PLAIN, _("%s does nothing here (? helps)"),
		  name);
}

void
ui_handle_key(Ui *ui, UiKey key)
{
	bool was_on_tagged = ui->on_tagged;
	UiView *view = ui_top_view(ui);
	UiAction action;

	ui->last_key = g_get_monotonic_time();
	ui_notices_key(ui->notices);
	ui_redraw(ui);
	if (ui_line_key(ui, key))
		return;
	if (view->class->key != NULL && view->class->key(view, key))
		return;
	action = ui_action_for_key(view->class->place, key);
	if (was_on_tagged && action == UI_ACTION_CLEAR) {
		ui->on_tagged = false;
		return;
	}
	if (action != UI_ACTION_NONE)
		ui_act(ui, action, NULL);
	else
		unknown_key(ui, key);
	if (was_on_tagged)
		ui->on_tagged = false;
}

void
ui_handle_paste(Ui *ui, const char *text, gsize len)
{
	ui->last_key = g_get_monotonic_time();
	if (ui->line != NULL)
		ui_line_paste(ui, text, len);
	else
		ui_notice(ui, UI_NOTICE_PLAIN, "%s",
			  _("pasted text is taken in prompts only"));
}
