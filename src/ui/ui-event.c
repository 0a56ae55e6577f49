/* ui-event.c - what the controller tells, to the screen and to the views */
#include "base-text.h"
#include "ui-certificate.h"
#include "ui-folders.h"
#include "ui-i18n.h"
#include "ui-list.h"
#include "ui-password.h"
#include "ui-private.h"
#include "words.h"

/* what is wrong with mail or with the server; false: none of these */
static bool
mail_notice(Ui *ui, Account *account, NoticeKind kind, const char *text,
	    guint count)
{
	switch (kind) {
	/* TRANSLATORS: %s: the words of the server, or a mailbox */
	case NOTICE_ALERT:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL,
			      _("the server says: %s"), text);
		return true;
	case NOTICE_KEYWORD_LOCAL:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL,
			      _("the server keeps no label %s"), text);
		return true;
	case NOTICE_MASS_REMOVAL:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL,
			      ngettext("the server says that %u message is "
				       "gone; checking",
				       "the server says that %u messages are "
				       "gone; checking",
				       count),
			      count);
		return true;
	case NOTICE_UIDVALIDITY:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL,
			      _("the server has renumbered %s; it is read "
				"again"),
			      text);
		return true;
	case NOTICE_MAILBOX_GONE:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL,
			      _("%s is no longer on the server"), text);
		return true;
	case NOTICE_MESSAGE_UNREADABLE:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL, "%s",
			      _("one message cannot be read; h shows its "
				"source"));
		return true;
	case NOTICE_DELETED_MARK_STAYS:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL, "%s",
			      _("this server cannot remove single messages: "
				"what was moved stays marked as deleted"));
		return true;
	default:
		return false;
	}
}

/* what became of the user's changes */
static bool
change_notice(Ui *ui, Account *account, NoticeKind kind, const char *text,
	      guint count)
{
	switch (kind) {
	case NOTICE_CHANGE_FAILED:
		ui_notice_for(ui, UI_NOTICE_ERROR, account, "change",
			      _("a change failed: %s (@ shows it)"), text);
		return true;
	case NOTICE_CHANGE_UNKNOWN:
		ui_notice_for(ui, UI_NOTICE_ERROR, account, "change",
			      _("it is not known whether a change arrived: %s "
				"(@ shows it)"),
			      text);
		return true;
	case NOTICE_DRAFT_CONFLICT:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL, "%s",
			      _("a draft was changed elsewhere too; both "
				"versions are kept"));
		return true;
	case NOTICE_DRAFT_UPLOADED:
		ui_notice_for(ui, UI_NOTICE_PLAIN, account, NULL, "%s",
			      _("draft on the server"));
		return true;
	case NOTICE_KEPT_NEWER:
		ui_notice_for(ui, UI_NOTICE_PLAIN, account, NULL,
			      ngettext("%u that changed since was left as it "
				       "is",
				       "%u that changed since were left as "
				       "they are",
				       count),
			      count);
		return true;
	default:
		return false;
	}
}

/* what is kept here */
static void
store_notice(Ui *ui, Account *account, NoticeKind kind, const char *text)
{
	switch (kind) {
	case NOTICE_STORE_REBUILT:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL, "%s",
			      _("the local copy was damaged and is built "
				"anew"));
		break;
	case NOTICE_JOURNAL_SALVAGED:
		ui_notice_for(ui, UI_NOTICE_ERROR, account, NULL,
			      _("the list of changes was damaged; what could "
				"be read was kept (%s)"),
			      text);
		break;
	case NOTICE_NETWORK_FILESYSTEM:
		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL, "%s",
			      _("the local copy lies on a network file "
				"system: slower"));
		break;
	default:
		break;
	}
}

static void
server_notice(Ui *ui, const ControllerEvent *event)
{
	const char *said = event->text != NULL ? event->text : "";
	/* an alert has the words of the server alone */
	g_autofree char *words = event->notice == NOTICE_ALERT
				     ? g_strdup(said)
				     : words_translate(said);
	g_autofree char *text = text_clean_line(words, -1);

	if (!mail_notice(ui, event->account, event->notice, text,
			 event->count) &&
	    !change_notice(ui, event->account, event->notice, text,
			   event->count))
		store_notice(ui, event->account, event->notice, text);
}

static void
connection_news(Ui *ui, Account *account)
{
	Connection connection = account_connection(account);
	const AccountConfig *config = account_config(account);

	switch (connection.state) {
	case CONNECTION_LOGIN_REFUSED:
		ui_notice_for(ui, UI_NOTICE_ERROR, account, "login",
			      /* TRANSLATORS: a host, a login name */
			      _("%s refused the password of %s (^R asks "
				"again)"),
			      config->host, config->user);
		break;
	case CONNECTION_UNTRUSTED:
		ui_notice_for(ui, UI_NOTICE_ERROR, account, "certificate",
			      /* TRANSLATORS: %s: a host */
			      _("the certificate of %s is not trusted (^R "
				"shows it)"),
			      config->host);
		break;
	case CONNECTION_UPDATING:
	case CONNECTION_ONLINE:
	case CONNECTION_CHECKED:
		ui_notice_over(ui, account, "login");
		ui_notice_over(ui, account, "certificate");
		break;
	default:
		break;
	}
}

static void
want_password(Ui *ui, const ControllerEvent *event)
{
	g_autoptr(Secret) first = g_steal_pointer(&ui->first_password);

	/* it was tested a moment ago */
	if (first != NULL)
		account_set_password(event->account,
				     g_strdup(secret_text(first)));
	else
		ui_password_open(ui, event->account, event->text);
}

/* It takes the keys: only where nobody is doing anything else. Else the
 * error says which key shows it. */
static void
certificate_news(Ui *ui, Account *account)
{
	bool idle = ui_top_view(ui)->class == &ui_list_class;

	if (ui_certificate_is_open(ui) || (idle && !ui_is_typing(ui)))
		ui_certificate_open(ui, account);
}

static void
job_news(Ui *ui, const ControllerEvent *event)
{
	if (ui_jobs_event(ui, event))
		return;
	if (event->job_state == JOB_FAILED && event->error != NULL)
		g_info("job %" G_GINT64_FORMAT ": %s", event->job,
		       event->error->message);
}

void
ui_controller_event(const ControllerEvent *event, gpointer user)
{
	Ui *ui = user;

	if (ui->ended)
		return;
	switch (event->kind) {
	case CONTROLLER_EVENT_MESSAGES:
	case CONTROLLER_EVENT_FOLDERS:
	case CONTROLLER_EVENT_NEW_MAIL:
		ui_folders_changed(ui);
		break;
	case CONTROLLER_EVENT_CONNECTION:
		connection_news(ui, event->account);
		break;
	case CONTROLLER_EVENT_QUEUE:
		if (account_failed(event->account) == 0)
			ui_notice_over(ui, event->account, "change");
		break;
	case CONTROLLER_EVENT_PROGRESS:
		break;
	case CONTROLLER_EVENT_JOB:
		job_news(ui, event);
		break;
	case CONTROLLER_EVENT_NOTICE:
		server_notice(ui, event);
		break;
	case CONTROLLER_EVENT_PASSWORD:
		want_password(ui, event);
		break;
	case CONTROLLER_EVENT_CERTIFICATE:
		certificate_news(ui, event->account);
		break;
	}
	ui_event_views(ui, event);
	ui_redraw(ui);
}
