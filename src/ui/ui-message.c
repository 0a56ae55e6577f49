/* ui-message.c - what can be done to messages, wherever they are shown */
#include "ui-message.h"

#include <string.h>

#include "ui-compose.h"
#include "ui-folders.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-label.h"
#include "ui-list.h"
#include "ui-private.h"

/* a row exchanged by a remote change is not acted on for so long */
#define GUARD_US (500 * 1000)

/* ---- flags ---- */

static void
flags_event(Ui *ui, const ControllerEvent *event, gpointer user)
{
	(void)user;
	if (event->job_state == JOB_FAILED && event->error != NULL &&
	    !g_error_matches(event->error, CONTROLLER_ERROR,
			     CONTROLLER_ERROR_REFUSED) &&
	    !g_error_matches(event->error, CONTROLLER_ERROR,
			     CONTROLLER_ERROR_QUEUED))
		ui_error(ui, event->account, event->error);
}

void
ui_message_set_flags(Ui *ui, const UiTarget *target, const MailFlags *add,
		     const MailFlags *remove)
{
	g_autoptr(GError) error = NULL;
	const gint64 *ids = (const gint64 *)(gconstpointer)target->ids->data;
	gint64 job = account_flag(target->account, ids, target->ids->len, add,
				  remove, &error);

	ui_notices_changing(ui->notices);
	if (job == 0)
		ui_error(ui, target->account, error);
	else
		ui_watch_job(ui, target->account, job, flags_event, NULL);
}

void
ui_message_mark_read(Ui *ui, Account *account, gint64 id)
{
	static const MailFlags seen = {.bits = MAIL_FLAG_SEEN};
	static const MailFlags none = {0};
	g_autoptr(GError) error = NULL;
	gint64 job = account_flag(account, &id, 1, &seen, &none, &error);

	if (job != 0)
		ui_watch_job(ui, account, job, flags_event, NULL);
	else if (!account_config(account)->read_only)
		ui_error(ui, account, error);
}

/* The row under the selection says which way the toggle goes, for all. */
static void
toggle(Ui *ui, const UiTarget *target, guint32 bit)
{
	const MailFlags one = {.bits = bit};
	const MailFlags none = {0};
	bool set = target->row != NULL && (target->row->flags.bits & bit);

	ui_message_set_flags(ui, target, set ? &none : &one,
			     set ? &one : &none);
}

static void
mark_read(Ui *ui, const UiTarget *target)
{
	const MailFlags seen = {.bits = MAIL_FLAG_SEEN};
	const MailFlags none = {0};

	ui_message_set_flags(ui, target, &seen, &none);
}

/* ---- where to ---- */

static UiOp *
op_new(Ui *ui, UiAction action, const UiTarget *target)
{
	UiOp *op = g_new0(UiOp, 1);

	*op = (UiOp){
	    .ui = ui,
	    .action = action,
	    .account = target->account,
	    .list = target->list,
	    .ids = g_array_ref(target->ids),
	    .tagged = target->tagged,
	};
	return op;
}

static void
plan_answered(Ui *ui, int answer, gpointer user)
{
	(void)ui;
	if (answer == 0)
		ui_op_run(user);
	else
		ui_op_free(user);
}

/* (translated): the question before @op */
static char *
plan_text(const UiOp *op)
{
	guint n = op->ids->len;
	g_autofree char *number = ui_format_number(n);

	if (op->action == UI_ACTION_DELETE_FOREVER)
		/* TRANSLATORS: questions; %s: number of messages */
		return g_strdup_printf(ngettext("Delete %s message for ever?",
						"Delete %s messages for ever?",
						n),
				       number);
	if (op->action == UI_ACTION_DELETE)
		return g_strdup_printf(ngettext("Move %s message to Trash?",
						"Move %s messages to Trash?",
						n),
				       number);
	if (op->action == UI_ACTION_COPY)
		/* TRANSLATORS: number of messages, mailbox */
		return g_strdup_printf(ngettext("Copy %s message to %s?",
						"Copy %s messages to %s?", n),
				       number, op->dest);
	return g_strdup_printf(
	    ngettext("Move %s message to %s?", "Move %s messages to %s?", n),
	    number, op->dest);
}

/* asks where undo cannot help, and before more than a hundred */
static void
run_or_ask(UiOp *op)
{
	UiAnswer answers[1] = {{'y', NULL}};
	g_autofree char *text = NULL;

	if (op->action != UI_ACTION_DELETE_FOREVER &&
	    op->ids->len <= UI_TARGET_MAX) {
		ui_op_run(op);
		return;
	}
	text = plan_text(op);
	if (op->action == UI_ACTION_COPY)
		answers[0].word = _("Copy");
	else if (op->action == UI_ACTION_DELETE_FOREVER)
		answers[0].word = _("Delete");
	else
		answers[0].word = _("Move");
	ui_question_open(op->ui, text, answers, 1, plan_answered, op);
}

static GPtrArray *
complete_mailbox(Ui *ui, const char *text, gpointer user)
{
	(void)user;
	return ui_folders_candidates(ui, text);
}

static void
create_answered(Ui *ui, int answer, gpointer user)
{
	UiOp *op = user;
	g_autoptr(GError) error = NULL;

	if (answer != 0) {
		ui_op_free(op);
		return;
	}
	if (account_folder_create(op->account, op->dest, &error) == 0) {
		ui_error(ui, op->account, error);
		ui_op_free(op);
		return;
	}
	run_or_ask(op);
}

static void
dest_typed(Ui *ui, const char *text, gpointer user)
{
	UiOp *op = user;
	UiAnswer answer = {'y', _("Create")};
	g_autofree char *question = NULL;

	if (text == NULL || text[0] == '\0') {
		ui_op_free(op);
		return;
	}
	op->dest = ui_folders_name(ui, text);
	if (op->dest != NULL) {
		ui_folders_used(ui, op->dest);
		run_or_ask(op);
		return;
	}
	op->dest = g_strdup(text);
	/* TRANSLATORS: %s: the name of a mailbox that is not there */
	question = g_strdup_printf(_("There is no %s. Create it?"), text);
	ui_question_open(ui, question, &answer, 1, create_answered, op);
}

static char *
dest_hint(Ui *ui, const char *text, gpointer user)
{
	(void)ui;
	(void)text;
	(void)user;
	return g_strdup(_("Enter takes the first; a new name asks first."));
}

static void
ask_dest(Ui *ui, UiAction action, const UiTarget *target, const char *argument)
{
	UiOp *op = op_new(ui, action, target);
	UiPrompt prompt = {
	    .label = action == UI_ACTION_COPY ? _("Copy to:") : _("Move to:"),
	    .history = "mailbox",
	    .pick = true,
	    .complete = complete_mailbox,
	    .hint = dest_hint,
	    .done = dest_typed,
	    .user = op,
	};

	if (argument != NULL)
		dest_typed(ui, argument, op);
	else
		ui_prompt_open(ui, &prompt);
}

static void
to_role(Ui *ui, UiAction action, const UiTarget *target, MailboxRole role)
{
	g_autoptr(Mailbox) mailbox =
	    account_role_mailbox(target->account, role);
	UiOp *op;

	if (mailbox == NULL) {
		ui_notice(ui, UI_NOTICE_WARNING, "%s",
			  role == MAILBOX_ROLE_ARCHIVE
			      ? _("this account has no archive (m moves)")
			      : _("this account has no mailbox for junk "
				  "(m moves)"));
		return;
	}
	op = op_new(ui, action, target);
	op->dest = g_strdup(mailbox->name);
	run_or_ask(op);
}

static void delete (Ui *ui, const UiTarget *target, bool forever)
{
	const Mailbox *here =
	    target->list != NULL ? message_list_mailbox(target->list) : NULL;
	UiAction action =
	    forever || (here != NULL && here->role == MAILBOX_ROLE_TRASH)
		? UI_ACTION_DELETE_FOREVER
		: UI_ACTION_DELETE;

	run_or_ask(op_new(ui, action, target));
}

/* ---- dispatch ---- */

static bool
is_guarded(Ui *ui, const UiTarget *target)
{
	gint64 since;

	if (target->list == NULL || target->tagged)
		return false;
	since = g_get_monotonic_time() - message_list_changed_at(target->list);
	if (since >= GUARD_US)
		return false;
	ui_notice(ui, UI_NOTICE_PLAIN, "%s",
		  _("the selected message has just changed: nothing done"));
	return true;
}

static bool
changes_mail(UiAction action)
{
	switch (action) {
	case UI_ACTION_FLAG:
	case UI_ACTION_IMPORTANT:
	case UI_ACTION_UNREAD:
	case UI_ACTION_MARK_READ:
	case UI_ACTION_LABEL:
	case UI_ACTION_MOVE:
	case UI_ACTION_COPY:
	case UI_ACTION_ARCHIVE:
	case UI_ACTION_DELETE:
	case UI_ACTION_DELETE_FOREVER:
	case UI_ACTION_SPAM:
		return true;
	default:
		return false;
	}
}

static void
change(Ui *ui, UiAction action, const UiTarget *target, const char *argument)
{
	switch (action) {
	case UI_ACTION_FLAG:
		toggle(ui, target, MAIL_FLAG_FLAGGED);
		break;
	case UI_ACTION_IMPORTANT:
		toggle(ui, target, MAIL_FLAG_IMPORTANT);
		break;
	case UI_ACTION_UNREAD:
		toggle(ui, target, MAIL_FLAG_SEEN);
		break;
	case UI_ACTION_MARK_READ:
		mark_read(ui, target);
		break;
	case UI_ACTION_LABEL:
		ui_label_ask(ui, target, argument);
		break;
	case UI_ACTION_MOVE:
	case UI_ACTION_COPY:
		ask_dest(ui, action, target, argument);
		break;
	case UI_ACTION_ARCHIVE:
		to_role(ui, action, target, MAILBOX_ROLE_ARCHIVE);
		break;
	case UI_ACTION_SPAM:
		to_role(ui, action, target, MAILBOX_ROLE_JUNK);
		break;
	default:
		delete (ui, target, action == UI_ACTION_DELETE_FOREVER);
	}
}

/* what leads to another screen; false: none of these */
static bool
lead_on(Ui *ui, UiAction action, const UiTarget *target)
{
	switch (action) {
	case UI_ACTION_REPLY:
		ui_compose_answer(ui, target->account, DRAFT_REPLY,
				  target->row);
		return true;
	case UI_ACTION_REPLY_ALL:
		ui_compose_answer(ui, target->account, DRAFT_REPLY_ALL,
				  target->row);
		return true;
	case UI_ACTION_FORWARD:
		ui_compose_answer(ui, target->account, DRAFT_FORWARD,
				  target->row);
		return true;
	default:
		return false;
	}
}

bool
ui_message_act(Ui *ui, UiAction action, const char *argument)
{
	UiTarget target;
	bool known = true;

	if (!ui_target(ui, &target))
		return false;
	if (!changes_mail(action)) {
		known = target.row != NULL && lead_on(ui, action, &target);
	} else if (target.ids->len > 0 && !is_guarded(ui, &target)) {
		change(ui, action, &target, argument);
	}
	ui_target_clear(&target);
	return known;
}
