/* ui-read-act.c - links, attachments, words found, and what the list does */
#include <string.h>

#include "base-text.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-prompt.h"
#include "ui-read-private.h"

#define NUMBER_MAX 4u

/* ---- links ---- */

const char *
ui_read_link(const UiRead *self, guint number)
{
	const GPtrArray *links = self->text->links;

	if (links == NULL || number == 0 || number > links->len)
		return NULL;
	return links->pdata[number - 1];
}

static const char *
typed_link(const UiRead *self)
{
	return ui_read_link(
	    self, (guint)g_ascii_strtoull(self->number->str, NULL, 10));
}

char *
ui_read_link_hint(const UiRead *self)
{
	const char *link = typed_link(self);

	if (link == NULL)
		/* TRANSLATORS: %s: a number that was typed */
		return g_strdup_printf(_("there is no link %s"),
				       self->number->str);
	/* TRANSLATORS: address of a link; keys that do something with it */
	return g_strdup_printf(_("%s  (Enter opens, y copies)"), link);
}

static void
browser_ended(Ui *ui, int status, gpointer user)
{
	(void)user;
	if (status != 0)
		ui_notice(ui, UI_NOTICE_WARNING, "%s",
			  _("the browser ended with an error"));
}

/* One argument, of a scheme that browsers know: never a shell, never an
 * option. */
static void
open_link(Ui *ui, const char *link)
{
	const char *browser = g_getenv("BROWSER");
	const char *argv[] = {"xdg-open", link, NULL};
	g_autoptr(GError) error = NULL;

	if (!g_str_has_prefix(link, "http://") &&
	    !g_str_has_prefix(link, "https://")) {
		ui_notice(ui, UI_NOTICE_WARNING, "%s",
			  _("only http and https are opened (y copies)"));
		return;
	}
	if (browser != NULL && browser[0] != '\0') {
		argv[0] = browser;
	} else if (g_getenv("DISPLAY") == NULL &&
		   g_getenv("WAYLAND_DISPLAY") == NULL) {
		ui_notice(ui, UI_NOTICE_WARNING, "%s",
			  _("no browser is named in $BROWSER (y copies)"));
		return;
	}
	if (!ui_run_child(ui, argv, browser_ended, NULL, &error))
		ui_warn(ui, error);
}

static void
act_on_link(UiRead *self, UiKey key)
{
	Ui *ui = self->view.ui;
	const char *link = typed_link(self);

	if (link == NULL)
		return;
	if (key == 'y') {
		ui_term_copy(ui->term, link);
		ui_notice(ui, UI_NOTICE_PLAIN, "%s",
			  _("address copied, if the terminal allows it"));
	} else {
		open_link(ui, link);
	}
}

bool
ui_read_link_key(UiRead *self, UiKey key)
{
	GString *number = self->number;

	if (key >= '0' && key <= '9') {
		/* what is told stands where the address is to be seen */
		if (number->len == 0)
			while (ui_notices_clear(self->view.ui->notices))
				;
		if (number->len < NUMBER_MAX)
			g_string_append_c(number, (char)key);
		return true;
	}
	if (number->len == 0)
		return false;
	if (key == UI_KEY_BACKSPACE) {
		g_string_truncate(number, number->len - 1);
		return true;
	}
	if (key == UI_KEY_ENTER || key == 'y') {
		act_on_link(self, key);
		g_string_truncate(number, 0);
		return true;
	}
	g_string_truncate(number, 0);
	return key == UI_KEY_ESC;
}

void
ui_read_ask_link(UiRead *self, const char *argument)
{
	g_string_assign(self->number, argument != NULL ? argument : "1");
	if (self->number->len > NUMBER_MAX)
		g_string_truncate(self->number, NUMBER_MAX);
}

/* ---- saving ---- */

typedef struct {
	Account *account;
	gint64 id;
	GPtrArray *sections; /* of char* */
} Saving;

static void
saving_free(Saving *saving)
{
	g_ptr_array_unref(saving->sections);
	g_free(saving);
}

static void
saved(Ui *ui, const ControllerEvent *event, gpointer user)
{
	(void)user;
	if (event->job_state == JOB_FAILED && event->error != NULL)
		ui_error(ui, event->account, event->error);
	else if (event->job_state == JOB_DONE && event->text != NULL)
		/* TRANSLATORS: %s: a file */
		ui_notice(ui, UI_NOTICE_PLAIN, _("Saved %s"), event->text);
}

static char *
expand_home(const char *path)
{
	if (path[0] == '~' && (path[1] == '/' || path[1] == '\0'))
		return g_strconcat(g_get_home_dir(), path + 1, NULL);
	return g_strdup(path);
}

static void
folder_typed(Ui *ui, const char *text, gpointer user)
{
	Saving *saving = user;
	g_autofree char *folder = NULL;

	if (text == NULL || text[0] == '\0') {
		saving_free(saving);
		return;
	}
	folder = expand_home(text);
	for (guint i = 0; i < saving->sections->len; i++) {
		gint64 job =
		    account_save_part(saving->account, saving->id,
				      saving->sections->pdata[i], folder, NULL);

		if (job != 0)
			ui_watch_job(ui, saving->account, job, saved, NULL);
	}
	saving_free(saving);
}

static const char *
default_folder(void)
{
	const char *downloads =
	    g_get_user_special_dir(G_USER_DIRECTORY_DOWNLOAD);

	return downloads != NULL ? downloads : g_get_home_dir();
}

void
ui_read_save(UiRead *self, bool all, const char *argument)
{
	g_autoptr(GPtrArray) parts = ui_read_attachments(self->text);
	Saving *saving;
	UiPrompt prompt = {
	    .label = _("Save to folder:"),
	    .text = default_folder(),
	    .history = "folder",
	    .done = folder_typed,
	    .enter = _("Save"),
	};

	if (!ui_read_has_parts(self, all ? UI_ACTION_SAVE_ALL : UI_ACTION_SAVE))
		return;
	if (parts->len == 0) {
		ui_notice(self->view.ui, UI_NOTICE_PLAIN, "%s",
			  _("this message has no attachments"));
		return;
	}
	if (parts->len > 1 && !all)
		ui_notice(self->view.ui, UI_NOTICE_PLAIN, "%s",
			  _("the first attachment; X saves all, v chooses"));
	saving = g_new0(Saving, 1);
	saving->account = self->account;
	saving->id = self->id;
	saving->sections = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < (all ? parts->len : 1); i++) {
		const Part *part = parts->pdata[i];

		g_ptr_array_add(saving->sections, g_strdup(part->section));
	}
	prompt.user = saving;
	if (argument != NULL)
		folder_typed(self->view.ui, argument, saving);
	else
		ui_prompt_open(self->view.ui, &prompt);
}

/* ---- finding ---- */

static bool
line_has(const ReadLine *line, const char *wanted)
{
	const char *text = line->line != NULL ? line->line->text : line->text;
	g_autofree char *lower = g_utf8_strdown(text, -1);

	return strstr(lower, wanted) != NULL;
}

void
ui_read_find_again(UiRead *self, int direction)
{
	int n = (int)self->lines->len;

	if (self->find == NULL)
		return;
	for (int i = 1; i <= n; i++) {
		int at = (self->top + direction * i + 2 * n) % n;

		if (!line_has(self->lines->pdata[at], self->find))
			continue;
		ui_read_scroll_to(self, at);
		return;
	}
	/* TRANSLATORS: %s: what was looked for */
	ui_notice(self->view.ui, UI_NOTICE_PLAIN, _("not found: %s"),
		  self->find);
}

static void
find_typed(Ui *ui, const char *text, gpointer user)
{
	UiRead *self = user;

	(void)ui;
	if (text == NULL)
		return;
	g_clear_pointer(&self->find, g_free);
	if (text[0] == '\0')
		return;
	self->find = g_utf8_strdown(text, -1);
	/* a hit in sight is the first hit */
	if (self->lines->len > 0 &&
	    line_has(self->lines->pdata[self->top], self->find))
		return;
	ui_read_find_again(self, 1);
}

void
ui_read_find(UiRead *self, const char *argument)
{
	UiPrompt prompt = {
	    .label = _("Find:"),
	    .history = "find",
	    .done = find_typed,
	    .enter = _("Find"),
	    .user = self,
	};

	if (argument != NULL)
		find_typed(self->view.ui, argument, self);
	else
		ui_prompt_open(self->view.ui, &prompt);
}

/* ---- what the list does ---- */

static void
toggle_tag(UiRead *self)
{
	bool tagged = message_list_is_tagged(self->list, self->id);

	message_list_tag(self->list, self->id, !tagged);
	ui_notice(self->view.ui, UI_NOTICE_PLAIN, "%s",
		  tagged ? _("no longer tagged") : _("tagged"));
}

/* the list knows the thread: it goes there, the reader follows */
static void
go_to_parent(UiRead *self)
{
	UiView *list = ui_below(self->view.ui, &self->view);
	const MessageRow *row;

	if (list == NULL || list->class->action == NULL)
		return;
	list->class->action(list, UI_ACTION_PARENT, NULL);
	row = message_list_selected_row(self->list);
	if (row != NULL && row->id != self->id)
		ui_read_load(self, row->id);
}

/* back to the list, with the thread around this message */
static void
show_thread(UiRead *self)
{
	Ui *ui = self->view.ui;

	ui_drop(ui, &self->view);
	ui_act(ui, UI_ACTION_CONVERSATION, NULL);
}

bool
ui_read_by_list(UiRead *self, UiAction action)
{
	switch (action) {
	case UI_ACTION_TAG:
		toggle_tag(self);
		return true;
	case UI_ACTION_PARENT:
		go_to_parent(self);
		return true;
	case UI_ACTION_CONVERSATION:
		show_thread(self);
		return true;
	default:
		return false;
	}
}
