/* ui-command.c - the command line (:) */
#include "ui-command.h"

#include <string.h>

#include "ui-folders.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-prompt.h"

/* Returns: what stands behind the command's name, NULL for none */
static const char *
argument_of(const char *text)
{
	const char *blank = strchr(text, ' ');

	if (blank == NULL)
		return NULL;
	while (*blank == ' ')
		blank++;
	return *blank == '\0' ? NULL : blank;
}

static UiAction
command_of(const char *text)
{
	g_autofree char *name = g_strndup(text, strcspn(text, " "));

	return name[0] == '\0' ? UI_ACTION_NONE : ui_action_from_name(name);
}

static bool
takes_mailbox(UiAction action)
{
	return action == UI_ACTION_MAILBOX || action == UI_ACTION_MOVE ||
	       action == UI_ACTION_COPY;
}

static GPtrArray *
complete_mailbox(Ui *ui, const char *text, UiAction action)
{
	const char *argument = argument_of(text);
	g_autoptr(GPtrArray) names = NULL;
	GPtrArray *list = ui_candidates_new();

	names = ui_folders_candidates(ui, argument != NULL ? argument : "");
	for (guint i = 0; i < names->len; i++) {
		const UiCandidate *name = names->pdata[i];
		g_autofree char *whole = NULL;

		whole = g_strdup_printf("%s %s", ui_action_name(action),
					name->text);
		ui_candidates_add(list, whole, name->note);
	}
	return list;
}

static GPtrArray *
complete(Ui *ui, const char *text, gpointer user)
{
	UiPlace place = ui_top_view(ui)->class->place;
	UiAction action = command_of(text);
	GPtrArray *list;

	(void)user;
	if (strchr(text, ' ') != NULL)
		return takes_mailbox(action)
			   ? complete_mailbox(ui, text, action)
			   : ui_candidates_new();
	list = ui_candidates_new();
	for (guint i = UI_ACTION_NONE + 1; i < UI_N_ACTIONS; i++) {
		const char *name = ui_action_name(i);

		if (text[0] != '\0' && g_str_has_prefix(name, text) &&
		    ui_action_in_place(place, i))
			ui_candidates_add(list, name, ui_action_summary(i));
	}
	return list;
}

static void
done(Ui *ui, const char *text, gpointer user)
{
	g_autofree char *line = NULL;
	UiAction action;

	(void)user;
	if (text == NULL)
		return;
	line = g_strdup(text);
	g_strstrip(line);
	if (line[0] == '\0')
		return;
	action = command_of(line);
	if (action == UI_ACTION_NONE) {
		ui_notice(ui, UI_NOTICE_WARNING,
			  /* TRANSLATORS: %s: what was typed */
			  _("no such command: %s"), line);
		return;
	}
	ui_act(ui, action, argument_of(line));
}

void
ui_command_open(Ui *ui)
{
	UiPrompt prompt = {
	    .label = ":",
	    .history = "command",
	    .complete = complete,
	    .done = done,
	    /* TRANSLATORS: Enter runs what was typed */
	    .enter = _("Run"),
	};

	ui_prompt_open(ui, &prompt);
}
