/* ui-compose.c - writing: the editor, and the review screen around it */
#include "ui-compose.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base-time.h"
#include "ui-compose-private.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-prompt.h"
#include "words.h"

/* lines of the text that a page key moves by */
#define SCROLL 5

/* ---- what the draft tells ---- */

static void
on_draft(Draft *draft, gpointer user)
{
	Compose *compose = user;
	Ui *ui = compose->view.ui;
	g_autofree char *reason = NULL;

	switch (draft_state(draft)) {
	case DRAFT_READY:
		compose_editor_mark(compose);
		if (compose->edit_next)
			compose_edit(compose);
		break;
	case DRAFT_FAILED:
		/* the words are ours or the server's; the text is on disk */
		reason = words_translate(draft_error(draft));
		ui_notice_for(ui, UI_NOTICE_ERROR, compose->account, "draft",
			      draft_edit_path(draft) == NULL
				  ? "%s"
				  /* TRANSLATORS: %s: what is wrong */
				  : _("%s (e edits the text)"),
			      reason);
		break;
	case DRAFT_SAVED:
		compose->touched = true;
		ui_notice_over(ui, compose->account, "draft");
		break;
	case DRAFT_LOADING:
	case DRAFT_UPLOADED:
		break;
	}
	ui_redraw(ui);
}

/* ---- leaving ---- */

/* Journaled: it is safe, and on its way. Done without a change: the one in
 * Drafts is as it was. */
static void
on_postponed(Ui *ui, const ControllerEvent *event, gpointer user)
{
	bool kept = event->changes != NULL && event->changes->len > 0;
	g_autofree char *reason = NULL;

	(void)user;
	if (event->job_state == JOB_JOURNALED) {
		ui_notice(ui, UI_NOTICE_PLAIN, _("Draft kept"));
	} else if (event->job_state == JOB_DONE && !kept) {
		ui_notice(ui, UI_NOTICE_PLAIN, _("The draft is unchanged"));
	} else if (event->job_state == JOB_FAILED && event->error != NULL) {
		reason = words_translate(event->error->message);
		ui_notice_for(ui, UI_NOTICE_ERROR, event->account, "draft",
			      /* TRANSLATORS: %s: what is wrong */
			      _("the draft is kept here only: %s"), reason);
	}
}

/* q: the draft goes to Drafts and stays on this machine as well; one that was
 * begun and left as it was is not kept. */
static void
leave(Compose *compose)
{
	Ui *ui = compose->view.ui;
	Account *account = compose->account;
	gint64 job;

	if (compose->is_new && !compose->touched &&
	    !compose_editor_wrote(compose)) {
		(void)draft_discard(g_steal_pointer(&compose->draft));
		ui_notice(ui, UI_NOTICE_PLAIN,
			  _("Nothing was written: no draft is kept"));
		ui_drop(ui, &compose->view);
		return;
	}
	job = draft_postpone(g_steal_pointer(&compose->draft));
	if (job != 0)
		ui_watch_job(ui, account, job, on_postponed, NULL);
	ui_drop(ui, &compose->view);
}

static void
on_discard(Ui *ui, int answer, gpointer user)
{
	Compose *compose = user;

	if (answer != 0)
		return;
	(void)draft_discard(g_steal_pointer(&compose->draft));
	ui_notice(ui, UI_NOTICE_PLAIN, _("Draft discarded"));
	ui_drop(ui, &compose->view);
}

static void
ask_discard(Compose *compose)
{
	const UiAnswer answers[] = {{'y', _("Discard")}};

	ui_question_open(compose->view.ui,
			 _("Discard this draft, here and on the server?"),
			 answers, G_N_ELEMENTS(answers), on_discard, compose);
}

/* ---- fields and attachments ---- */

static void
on_field(Ui *ui, const char *text, gpointer user)
{
	Compose *compose = user;

	(void)ui;
	if (text == NULL)
		return;
	compose->touched = true;
	draft_set_header(compose->draft, compose_field_name(compose->field),
			 text);
}

static void
ask_field(Compose *compose, ComposeField field)
{
	g_autofree char *label =
	    g_strconcat(compose_field_label(field), ":", NULL);
	const UiPrompt prompt = {
	    .label = label,
	    .text = draft_header(compose->draft, compose_field_name(field)),
	    .done = on_field,
	    .user = compose};

	compose->field = field;
	ui_prompt_open(compose->view.ui, &prompt);
	ui_redraw(compose->view.ui);
}

static char *
home_expanded(const char *path)
{
	if (g_str_has_prefix(path, "~/"))
		return g_build_filename(g_get_home_dir(), path + 2, NULL);
	return g_strdup(path);
}

/* Names in the folder that was typed so far; a folder with its "/". */
static GPtrArray *
complete_path(Ui *ui, const char *text, gpointer user)
{
	GPtrArray *list = ui_candidates_new();
	const char *slash = strrchr(text, '/');
	const char *begin = slash == NULL ? text : slash + 1;
	g_autofree char *shown =
	    g_strndup(text, slash == NULL ? 0 : (gsize)(slash + 1 - text));
	g_autofree char *folder = home_expanded(shown[0] == '\0' ? "." : shown);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	(void)ui;
	(void)user;
	while (dir != NULL && list->len < 100 &&
	       (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *taken = NULL;

		if (!g_str_has_prefix(name, begin) ||
		    (name[0] == '.' && begin[0] != '.'))
			continue;
		taken = g_strconcat(
		    shown, name,
		    g_file_test(path, G_FILE_TEST_IS_DIR) ? "/" : "", NULL);
		ui_candidates_add(list, taken, NULL);
	}
	return list;
}

static void
on_attach(Ui *ui, const char *text, gpointer user)
{
	Compose *compose = user;
	g_autofree char *path = NULL;

	(void)ui;
	if (text == NULL || text[0] == '\0')
		return;
	path = home_expanded(text);
	compose->touched = true;
	draft_attach(compose->draft, path);
}

static void
ask_attach(Compose *compose)
{
	const UiPrompt prompt = {.label = _("Attach file:"),
				 .history = "file",
				 .complete = complete_path,
				 .done = on_attach,
				 .user = compose};

	ui_prompt_open(compose->view.ui, &prompt);
}

static void
on_detach(Ui *ui, const char *text, gpointer user)
{
	Compose *compose = user;
	const GPtrArray *parts = draft_attachments(compose->draft);
	guint64 number;

	if (text == NULL)
		return;
	if (!g_ascii_string_to_unsigned(text, 10, 1, parts->len, &number,
					NULL)) {
		ui_notice(ui, UI_NOTICE_WARNING,
			  _("no attachment has that number"));
		return;
	}
	draft_detach(compose->draft, (guint)number - 1);
}

static void
ask_detach(Compose *compose)
{
	const GPtrArray *parts = draft_attachments(compose->draft);
	const UiPrompt prompt = {
	    .label = _("Detach number:"), .done = on_detach, .user = compose};

	if (parts == NULL || parts->len == 0)
		ui_notice(compose->view.ui, UI_NOTICE_PLAIN,
			  _("Nothing is attached"));
	else if (parts->len == 1)
		draft_detach(compose->draft, 0);
	else
		ui_prompt_open(compose->view.ui, &prompt);
}

/* ---- the view ---- */

static bool
field_action(Compose *compose, UiAction what)
{
	switch (what) {
	case UI_ACTION_DOWN:
		compose->field = (compose->field + 1) % N_COMPOSE_FIELDS;
		return true;
	case UI_ACTION_UP:
		compose->field =
		    (compose->field + N_COMPOSE_FIELDS - 1) % N_COMPOSE_FIELDS;
		return true;
	case UI_ACTION_FIRST:
		compose->field = 0;
		return true;
	case UI_ACTION_LAST:
		compose->field = N_COMPOSE_FIELDS - 1;
		return true;
	case UI_ACTION_PAGE_DOWN:
	case UI_ACTION_HALF_DOWN:
		compose->scroll += SCROLL;
		return true;
	case UI_ACTION_PAGE_UP:
	case UI_ACTION_HALF_UP:
		compose->scroll -= SCROLL;
		return true;
	case UI_ACTION_OPEN:
		ask_field(compose, compose->field);
		return true;
	case UI_ACTION_TO:
		ask_field(compose, COMPOSE_TO);
		return true;
	case UI_ACTION_CC:
		ask_field(compose, COMPOSE_CC);
		return true;
	case UI_ACTION_BCC:
		ask_field(compose, COMPOSE_BCC);
		return true;
	case UI_ACTION_SUBJECT:
		ask_field(compose, COMPOSE_SUBJECT);
		return true;
	case UI_ACTION_ATTACH:
		ask_attach(compose);
		return true;
	case UI_ACTION_DETACH:
		ask_detach(compose);
		return true;
	case UI_ACTION_EDIT:
		compose_edit(compose);
		return true;
	case UI_ACTION_DISCARD:
		ask_discard(compose);
		return true;
	case UI_ACTION_YES:
		ui_notice(compose->view.ui, UI_NOTICE_PLAIN,
			  _("Sending is not there yet; the draft can be sent "
			    "from another program"));
		return true;
	default:
		return false;
	}
}

static bool
action(UiView *view, UiAction what, const char *argument)
{
	Compose *compose = (Compose *)view;
	bool ready =
	    compose->draft != NULL && draft_edit_path(compose->draft) != NULL;

	(void)argument;
	if (what == UI_ACTION_BACK || what == UI_ACTION_LEFT) {
		if (ready)
			leave(compose);
		else
			ui_drop(view->ui, view);
		return true;
	}
	if (!ready || !field_action(compose, what))
		return false;
	ui_redraw(view->ui);
	return true;
}

static const UiAction *
offers(UiView *view)
{
	static const UiAction list[] = {UI_ACTION_EDIT,    UI_ACTION_BACK,
					UI_ACTION_TO,      UI_ACTION_CC,
					UI_ACTION_SUBJECT, UI_ACTION_ATTACH,
					UI_ACTION_DETACH,  UI_ACTION_BCC,
					UI_ACTION_DISCARD, UI_ACTION_NONE};

	(void)view;
	return list;
}

static void
compose_free(UiView *view)
{
	Compose *compose = (Compose *)view;

	compose_editor_stop(compose);
	if (compose->draft != NULL)
		draft_close(compose->draft);
	g_free(compose->what);
	g_free(compose);
}

static const UiViewClass compose_class = {
    .place = UI_PLACE_REVIEW,
    .top = ui_compose_top,
    .draw = ui_compose_draw,
    .action = action,
    .offers = offers,
    .free = compose_free,
};

/* ---- beginning ---- */

/* @what: (transfer full) */
static Compose *
compose_push(Ui *ui, Account *account, char *what)
{
	Compose *compose = g_new0(Compose, 1);

	compose->view.ui = ui;
	compose->view.class = &compose_class;
	compose->account = account;
	compose->what = what;
	compose->field = COMPOSE_TO;
	ui_push(ui, &compose->view);
	return compose;
}

void
ui_compose_new(Ui *ui, Account *account)
{
	Compose *compose =
	    compose_push(ui, account, g_strdup(_("new message")));

	compose->is_new = true;
	compose->edit_next = true;
	compose->draft =
	    draft_open(account, DRAFT_NEW, 0, NULL, on_draft, compose);
}

static char *
sender_of(const Account *account, const MessageRow *row)
{
	return row->from->len == 0
		   ? g_strdup("")
		   : ui_format_person(account, g_ptr_array_index(row->from, 0));
}

void
ui_compose_answer(Ui *ui, Account *account, DraftStart start,
		  const MessageRow *row)
{
	g_autofree char *sender = sender_of(account, row);
	g_autofree char *when = time_to_local_minute(row->sent);
	g_autofree char *attribution = NULL;
	Compose *compose;

	if (start == DRAFT_FORWARD)
		attribution = g_strdup(_("---------- Forwarded message "
					 "----------"));
	else
		/* TRANSLATORS: first %s: a date, second: a person */
		attribution =
		    g_strdup_printf(_("On %s %s wrote:"), when, sender);
	compose = compose_push(ui, account,
			       start == DRAFT_FORWARD
				   ? g_strdup(_("forward"))
				   /* TRANSLATORS: %s: a person */
				   : g_strdup_printf(_("reply to %s"), sender));
	compose->is_new = true;
	compose->edit_next = true;
	compose->draft =
	    draft_open(account, start, row->id, attribution, on_draft, compose);
}

void
ui_compose_resume(Ui *ui, Account *account, const MessageRow *row)
{
	Compose *compose = compose_push(ui, account, g_strdup(_("draft")));

	compose->draft =
	    draft_open(account, DRAFT_RESUME, row->id, NULL, on_draft, compose);
}

bool
ui_compose_is_open(Ui *ui)
{
	return ui_find(ui, &compose_class) != NULL;
}

/* ---- after a crash ---- */

/** The question about one draft that was left behind. */
typedef struct {
	Account *account;
	char *uuid;
} Left;

static void
on_left_answer(Ui *ui, int answer, gpointer user)
{
	Left *left = user;
	Compose *compose;

	if (answer == 0) {
		compose = compose_push(ui, left->account, g_strdup(_("draft")));
		compose->draft =
		    draft_resume(left->account, left->uuid, on_draft, compose);
	}
	g_free(left->uuid);
	g_free(left);
}

void
ui_compose_offer(Ui *ui)
{
	const UiAnswer answers[] = {{'y', _("Go on")}};
	Controller *controller = ui_controller(ui);

	for (guint i = 0; i < controller_n_accounts(controller); i++) {
		Account *account = controller_account(controller, i);
		g_autoptr(GPtrArray) uuids = account_local_drafts(account);
		g_autofree char *text = NULL;
		Left *left;

		if (uuids == NULL || uuids->len == 0)
			continue;
		left = g_new0(Left, 1);
		left->account = account;
		left->uuid = g_strdup(g_ptr_array_index(uuids, 0));
		text = g_strdup_printf(
		    ngettext("%u draft was not finished; go on writing?",
			     "%u drafts were not finished; go on with the "
			     "last?",
			     uuids->len),
		    uuids->len);
		ui_question_open(ui, text, answers, G_N_ELEMENTS(answers),
				 on_left_answer, left);
		return;
	}
}
