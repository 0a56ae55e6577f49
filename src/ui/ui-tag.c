/* ui-tag.c - tagging a thread, tagging by query */
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-list-private.h"

#include <string.h>

#define TAG_MAX 20000u
/* rows that are walked over one by one */
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

/** A query whose hits shall be tagged.
 * @mailbox: the list may show another one when they are known */
typedef struct {
	Ui *ui;
	Account *account;
	char *mailbox;
	bool reverse;
} Tagging;

static void
tagging_free(gpointer data)
{
	Tagging *tagging = data;

	g_free(tagging->mailbox);
	g_free(tagging);
}

static void
found(const GArray *ids, bool more, const GError *error, gpointer user)
{
	const Tagging *tagging = user;
	Ui *ui = tagging->ui;
	MessageList *list = ui_list_current(ui);
	g_autofree char *number = NULL;

	if (error != NULL) {
		ui_error(ui, tagging->account, error);
		return;
	}
	if (list == NULL || message_list_account(list) != tagging->account ||
	    !mailbox_name_equal(message_list_mailbox(list)->name,
				tagging->mailbox))
		return;
	for (guint i = 0; i < ids->len; i++) {
		gint64 id = g_array_index(ids, gint64, i);

		message_list_tag(list, id,
				 !tagging->reverse ||
				     !message_list_is_tagged(list, id));
	}
	if (more) {
		number = ui_format_number(TAG_MAX);
		ui_notice(ui, UI_NOTICE_WARNING,
			  /* TRANSLATORS: %s: a number of messages */
			  _("only the newest %s were tagged"), number);
	} else if (ids->len == 0) {
		ui_notice(ui, UI_NOTICE_PLAIN, "%s", _("no message matches"));
	}
	ui_redraw(ui);
}

static void
tag_query(UiList *self, const char *query, bool reverse)
{
	Tagging *tagging = g_new0(Tagging, 1);
	g_autoptr(GError) error = NULL;

	tagging->ui = self->view.ui;
	tagging->account = message_list_account(self->list);
	tagging->mailbox = g_strdup(message_list_mailbox(self->list)->name);
	tagging->reverse = reverse;
	if (account_find(tagging->account, tagging->mailbox, query, TAG_MAX,
			 found, tagging, tagging_free, &error))
		return;
	ui_warn(self->view.ui, error);
	tagging_free(tagging);
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
