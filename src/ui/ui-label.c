/* ui-label.c - setting and clearing labels (#) */
#include "ui-label.h"

#include <string.h>

#include "ui-i18n.h"
#include "ui-list.h"
#include "ui-message.h"
#include "ui-notice.h"
#include "ui-prompt.h"

typedef struct {
	Account *account;
	GArray *ids;
	GPtrArray *present; /* of the selected message */
} Ask;

static void
ask_free(Ask *ask)
{
	g_array_unref(ask->ids);
	g_ptr_array_unref(ask->present);
	g_free(ask);
}

static bool
has(const GPtrArray *labels, const char *keyword)
{
	for (guint i = 0; i < labels->len; i++)
		if (g_ascii_strcasecmp(labels->pdata[i], keyword) == 0)
			return true;
	return false;
}

static void
apply(Ui *ui, const Ask *ask, const char *text)
{
	bool remove = text[0] == '-';
	g_autofree char *keyword = ui_label_keyword(remove ? text + 1 : text);
	UiTarget target = {.account = ask->account, .ids = ask->ids};
	g_auto(MailFlags) flags = {0};
	const MailFlags none = {0};

	if (!mail_keyword_is_valid(keyword)) {
		ui_notice(ui, UI_NOTICE_WARNING, "%s",
			  _("a label is one word of ASCII letters and "
			    "digits"));
		return;
	}
	remove = remove || has(ask->present, keyword);
	mail_flags_add_name(&flags, keyword, strlen(keyword));
	ui_message_set_flags(ui, &target, remove ? &none : &flags,
			     remove ? &flags : &none);
}

static GPtrArray *
complete(Ui *ui, const char *text, gpointer user)
{
	const Ask *ask = user;
	GPtrArray *list = ui_candidates_new();

	(void)ui;
	if (text[0] == '#')
		text++;
	for (guint i = 0; i < ask->present->len; i++) {
		g_autofree char *name = ui_label_name(ask->present->pdata[i]);

		if (g_str_has_prefix(name, text))
			ui_candidates_add(list, name, _("take it away"));
	}
	for (guint i = 1; i <= 5; i++) {
		g_autofree char *keyword = g_strdup_printf("$label%u", i);
		g_autofree char *name = ui_label_name(keyword);

		if (!has(ask->present, keyword) && g_str_has_prefix(name, text))
			ui_candidates_add(list, name, NULL);
	}
	return list;
}

static void
typed(Ui *ui, const char *text, gpointer user)
{
	Ask *ask = user;

	if (text != NULL && text[0] != '\0')
		apply(ui, ask, text);
	ask_free(ask);
}

void
ui_label_ask(Ui *ui, const UiTarget *target, const char *argument)
{
	Ask *ask = g_new0(Ask, 1);
	UiPrompt prompt = {
	    .label = _("Label:"),
	    .history = "label",
	    .complete = complete,
	    .done = typed,
	    .user = ask,
	};

	ask->account = target->account;
	ask->ids = g_array_ref(target->ids);
	ask->present = target->row != NULL
			   ? ui_labels(&target->row->flags)
			   : g_ptr_array_new_with_free_func(g_free);
	if (argument != NULL)
		typed(ui, argument, ask);
	else
		ui_prompt_open(ui, &prompt);
}
