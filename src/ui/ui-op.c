/* ui-op.c - a command on messages, from the journal to its notice */
#include "ui-message.h"

#include "ui-change.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-private.h"

void
ui_op_free(gpointer data)
{
	UiOp *op = data;

	g_array_unref(op->ids);
	g_free(op->dest);
	g_free(op);
}

/* (transfer full): what was done, without how it is undone */
static char *
told(const UiOp *op)
{
	guint n = op->ids->len;
	g_autofree char *number = ui_format_number(n);

	switch (op->action) {
	/* TRANSLATORS: notices about a number of messages; the second %s is a
	 * mailbox */
	case UI_ACTION_MOVE:
		return g_strdup_printf(
		    ngettext("Moved %s to %s", "Moved %s to %s", n), number,
		    op->dest);
	case UI_ACTION_COPY:
		return g_strdup_printf(
		    ngettext("Copied %s to %s", "Copied %s to %s", n), number,
		    op->dest);
	case UI_ACTION_ARCHIVE:
		return g_strdup_printf(
		    ngettext("Archived %s", "Archived %s", n), number);
	case UI_ACTION_SPAM:
		return g_strdup_printf(
		    ngettext("Moved %s to Junk", "Moved %s to Junk", n),
		    number);
	case UI_ACTION_DELETE_FOREVER:
		return g_strdup_printf(
		    ngettext("Deleted %s for ever", "Deleted %s for ever", n),
		    number);
	default:
		return g_strdup_printf(ngettext("Deleted %s (now in Trash)",
						"Deleted %s (now in Trash)", n),
				       number);
	}
}

static bool
is_connected(const Account *account)
{
	Connection connection = account_connection(account);

	return connection.state == CONNECTION_ONLINE ||
	       connection.state == CONNECTION_CHECKED ||
	       connection.state == CONNECTION_UPDATING ||
	       connection.state == CONNECTION_OTHER_PROCESS;
}

static void
tell(Ui *ui, const UiOp *op)
{
	g_autofree char *text = told(op);

	if (op->action == UI_ACTION_DELETE_FOREVER)
		ui_notice_for(ui, UI_NOTICE_PLAIN, op->account, NULL, "%s",
			      text);
	else if (is_connected(op->account))
		ui_notice_for(ui, UI_NOTICE_UNDO, op->account, NULL,
			      /* TRANSLATORS: %s: "Moved 40 to Archive" */
			      _("%s (z undoes)"), text);
	else
		ui_notice_for(ui, UI_NOTICE_UNDO, op->account, NULL,
			      _("%s, here only for now (z undoes)"), text);
}

static void
op_event(Ui *ui, const ControllerEvent *event, gpointer user)
{
	UiOp *op = user;

	if (event->job_state == JOB_JOURNALED) {
		tell(ui, op);
		return;
	}
	/* what the server refuses comes as a notice of its own */
	if (event->job_state == JOB_FAILED && event->error != NULL &&
	    !g_error_matches(event->error, CONTROLLER_ERROR,
			     CONTROLLER_ERROR_REFUSED) &&
	    !g_error_matches(event->error, CONTROLLER_ERROR,
			     CONTROLLER_ERROR_QUEUED))
		ui_error(ui, event->account, event->error);
}

static gint64
start(const UiOp *op, GError **error)
{
	const gint64 *ids = (const gint64 *)(gconstpointer)op->ids->data;
	guint n = op->ids->len;

	switch (op->action) {
	case UI_ACTION_COPY:
		return account_copy(op->account, ids, n, op->dest, error);
	case UI_ACTION_DELETE:
		return account_delete(op->account, ids, n, false, error);
	case UI_ACTION_DELETE_FOREVER:
		return account_delete(op->account, ids, n, true, error);
	default:
		return account_move(op->account, ids, n, op->dest, error);
	}
}

void
ui_op_run(UiOp *op)
{
	g_autoptr(GError) error = NULL;
	gint64 job;

	ui_notices_changing(op->ui->notices);
	job = start(op, &error);
	if (job == 0) {
		ui_error(op->ui, op->account, error);
		ui_op_free(op);
		return;
	}
	if (op->tagged && op->list != NULL)
		message_list_clear_tags(op->list);
	op->list = NULL;
	ui_watch_job_full(op->ui, op->account, job, op_event, op, ui_op_free);
}
