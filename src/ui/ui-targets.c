/* ui-targets.c - mailboxes by what a person types, the likeliest first */
#include "ui-folders-private.h"

#include <string.h>

#include "base-text.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-list.h"

#define RECENT_MAX 20u
#define CANDIDATES_MAX 200u

const GPtrArray *
ui_folders_own(Ui *ui)
{
	for (guint i = 0; i < ui->folders->accounts->len; i++)
		if (controller_account(ui->controller, i) == ui->account)
			return ui->folders->accounts->pdata[i];
	return NULL;
}

bool
ui_folders_takes_mail(const Mailbox *mailbox)
{
	return !(mailbox->attrs &
		 (MAILBOX_ATTR_NOSELECT | MAILBOX_ATTR_NONEXISTENT));
}

/* what is open is no place to go to */
static bool
is_here(Ui *ui, const Mailbox *mailbox)
{
	MessageList *list = ui_list_current(ui);

	return list != NULL && message_list_account(list) == ui->account &&
	       mailbox_name_equal(message_list_mailbox(list)->name,
				  mailbox->name);
}

static void
add_candidate(GPtrArray *list, const Mailbox *mailbox, const char *note)
{
	g_autofree char *shown = ui_format_mailbox(mailbox);

	ui_candidates_add(list, shown, note);
}

/* 2: begins so, 1: holds it, 0: neither */
static guint
match(const Mailbox *mailbox, const char *wanted)
{
	g_autofree char *shown = ui_format_mailbox(mailbox);
	g_autofree char *folded = text_fold(shown, -1);
	const char *found = strstr(folded, wanted);

	if (found == NULL)
		return 0;
	return found == folded ? 2 : 1;
}

static void
add_recent(Ui *ui, GPtrArray *list, GHashTable *seen, const char *wanted)
{
	const GPtrArray *all = ui_folders_own(ui);
	const GPtrArray *recent = ui->folders->recent;

	for (guint r = 0; r < recent->len; r++) {
		for (guint i = 0; i < all->len; i++) {
			const Mailbox *mailbox = all->pdata[i];

			if (!g_str_equal(mailbox->name, recent->pdata[r]) ||
			    is_here(ui, mailbox) || match(mailbox, wanted) == 0)
				continue;
			g_hash_table_add(seen, mailbox->name);
			/* TRANSLATORS: why a mailbox is offered first */
			add_candidate(list, mailbox, _("used before"));
		}
	}
}

static void
add_archive(Ui *ui, GPtrArray *list, GHashTable *seen, const char *wanted)
{
	const GPtrArray *all = ui_folders_own(ui);

	for (guint i = 0; i < all->len; i++) {
		const Mailbox *mailbox = all->pdata[i];

		if (mailbox->role == MAILBOX_ROLE_ARCHIVE &&
		    ui_folders_takes_mail(mailbox) && !is_here(ui, mailbox) &&
		    match(mailbox, wanted) > 0 &&
		    g_hash_table_add(seen, mailbox->name))
			add_candidate(list, mailbox, _("the archive"));
	}
}

GPtrArray *
ui_folders_candidates(Ui *ui, const char *text)
{
	GPtrArray *list = ui_candidates_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *wanted = text_fold(text, -1);
	const GPtrArray *all;

	if (ui->folders->dirty)
		ui_folders_read(ui);
	all = ui_folders_own(ui);
	if (all == NULL)
		return list;
	add_recent(ui, list, seen, wanted);
	add_archive(ui, list, seen, wanted);
	for (guint pass = 2; pass >= 1; pass--) {
		for (guint i = 0; i < all->len; i++) {
			const Mailbox *mailbox = all->pdata[i];

			if (ui_folders_takes_mail(mailbox) &&
			    !is_here(ui, mailbox) &&
			    match(mailbox, wanted) == pass &&
			    list->len < CANDIDATES_MAX &&
			    g_hash_table_add(seen, mailbox->name))
				add_candidate(list, mailbox, NULL);
		}
	}
	return list;
}

char *
ui_folders_name(Ui *ui, const char *text)
{
	const GPtrArray *all;
	g_autoptr(Mailbox) mailbox = NULL;

	if (ui->folders->dirty)
		ui_folders_read(ui);
	all = ui_folders_own(ui);
	for (guint i = 0; all != NULL && i < all->len; i++) {
		const Mailbox *one = all->pdata[i];
		g_autofree char *shown = ui_format_mailbox(one);

		if (g_str_equal(shown, text))
			return g_strdup(one->name);
	}
	mailbox = account_find_mailbox(ui->account, text, NULL);
	return mailbox != NULL ? g_strdup(mailbox->name) : NULL;
}

void
ui_folders_used(Ui *ui, const char *name)
{
	GPtrArray *recent = ui->folders->recent;
	guint at;

	if (g_ptr_array_find_with_equal_func(recent, name, g_str_equal, &at))
		g_ptr_array_remove_index(recent, at);
	g_ptr_array_insert(recent, 0, g_strdup(name));
	if (recent->len > RECENT_MAX)
		g_ptr_array_set_size(recent, RECENT_MAX);
}
