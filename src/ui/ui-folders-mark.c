/* ui-folders-mark.c - all of a mailbox marked as read */
#include "ui-folders-private.h"
#include "ui-format.h"
#include "ui-i18n.h"

/* at most so many at once; the next press takes the next ones */
#define MARK_MAX 5000u

/** On its way to the reader thread and back. */
typedef struct {
	Ui *ui;
	Account *account;
} Marking;

static void
mark_event(Ui *ui, const ControllerEvent *event, gpointer user)
{
	(void)user;
	/* what the server refuses comes as a notice of its own */
	if (event->job_state == JOB_FAILED && event->error != NULL &&
	    !g_error_matches(event->error, CONTROLLER_ERROR,
			     CONTROLLER_ERROR_REFUSED) &&
	    !g_error_matches(event->error, CONTROLLER_ERROR,
			     CONTROLLER_ERROR_QUEUED))
		ui_error(ui, event->account, event->error);
}

static void
mark_found(const GArray *ids, bool more, const GError *failed, gpointer user)
{
	const Marking *marking = user;
	Ui *ui = marking->ui;
	const MailFlags seen = {.bits = MAIL_FLAG_SEEN};
	const MailFlags none = {0};
	g_autofree char *number = ui_format_number(ids->len);
	g_autoptr(GError) error = NULL;
	gint64 job;

	if (failed != NULL) {
		ui_error(ui, marking->account, failed);
		return;
	}
	if (ids->len == 0) {
		ui_notice(ui, UI_NOTICE_PLAIN, "%s",
			  _("no unread message here"));
		return;
	}
	ui_notices_changing(ui->notices);
	job =
	    account_flag(marking->account, (const gint64 *)(gpointer)ids->data,
			 ids->len, &seen, &none, &error);
	if (job == 0) {
		ui_error(ui, marking->account, error);
		return;
	}
	ui_watch_job(ui, marking->account, job, mark_event, NULL);
	ui_notice_for(ui, UI_NOTICE_UNDO, marking->account, NULL,
		      more ? _("Marked %s as read, M goes on (z undoes)")
			   : _("Marked %s as read (z undoes)"),
		      number);
}

void
ui_folders_mark_read(Ui *ui, const Mailbox *mailbox)
{
	Marking *marking = g_new0(Marking, 1);
	g_autoptr(GError) error = NULL;

	*marking = (Marking){ui, ui->account};
	if (account_find(ui->account, mailbox->name, "is:unread", MARK_MAX,
			 mark_found, marking, g_free, &error))
		return;
	ui_error(ui, ui->account, error);
	g_free(marking);
}
