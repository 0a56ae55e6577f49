/* ui-tag.c - tagging a thread, tagging by query */
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-list-private.h"

#include <string.h>

/* the store is read for at most so many rows, on the screen's thread */
#define TAG_MAX 5000u
#define THREAD_MAX 1000u

void
ui_list_tag_thread(UiList *self)
{
	const MessageRow *row = message_list_selected_row(self->list);
	gint64 id, thread;

	if (row == NULL)
		return;
	id = row->id;
	thread = row->thread;
	/* up to its root, then down over all of it */
	for (guint i = 0; i < THREAD_MAX && row->thread == thread; i++) {
		if (!message_list_step(self->list, -1))
			break;
		row = message_list_selected_row(self->list);
	}
	for (guint i = 0; i < THREAD_MAX; i++) {
		row = message_list_selected_row(self->list);
		if (row->thread == thread)
			message_list_tag(self->list, row->id, true);
		else if (i > 0)
			break;
		if (!message_list_step(self->list, 1))
			break;
	}
	message_list_select(self->list, id);
}

typedef struct {
	MessageList *list;
	bool reverse;
	guint n;
} Tagging;

static bool
tag_row(const MessageRow *row, gpointer user)
{
	Tagging *tagging = user;
	bool tag = !tagging->reverse ||
		   !message_list_is_tagged(tagging->list, row->id);

	message_list_tag(tagging->list, row->id, tag);
	tagging->n++;
	return true;
}

static void
tag_query(UiList *self, const char *query, bool reverse)
{
	Ui *ui = self->view.ui;
	Tagging tagging = {self->list, reverse, 0};
	g_autoptr(GError) error = NULL;
	g_autofree char *number = NULL;

	if (!account_list(message_list_account(self->list),
			  message_list_mailbox(self->list)->name, query,
			  TAG_MAX, tag_row, &tagging, &error)) {
		ui_warn(ui, error);
		return;
	}
	if (tagging.n < TAG_MAX)
		return;
	number = ui_format_number(TAG_MAX);
	/* TRANSLATORS: %s: a number of messages */
	ui_notice(ui, UI_NOTICE_WARNING, _("only the newest %s were looked at"),
		  number);
}

static void
query_typed(Ui *ui, const char *text, gpointer user)
{
	UiList *self = user;

	(void)ui;
	if (text == NULL || text[0] == '\0')
		return;
	if (g_str_equal(text, "="))
		ui_list_tag_thread(self);
	else if (g_str_equal(text, "*"))
		tag_query(self, NULL, false);
	else if (g_str_equal(text, "!"))
		tag_query(self, NULL, true);
	else
		tag_query(self, text, false);
}

void
ui_list_tag_query(UiList *self, const char *argument)
{
	UiPrompt prompt = {
	    .label = _("Tag (= thread, * all, ! the others):"),
	    .history = "query",
	    .done = query_typed,
	    .user = self,
	};

	if (argument != NULL)
		query_typed(self->view.ui, argument, self);
	else
		ui_prompt_open(self->view.ui, &prompt);
}
