/* ui-change.c - queued changes in words */
#include "ui-change.h"

#include <string.h>

#include "ui-format.h"
#include "ui-i18n.h"

struct UiNames {
	Ui *ui;
	Account *account;
	GHashTable *shown; /* wire name → name as shown */
};

UiNames *
ui_names_new(Ui *ui, Account *account)
{
	UiNames *names = g_new0(UiNames, 1);
	g_autoptr(GPtrArray) mailboxes = account_mailboxes(account, NULL);

	names->ui = ui;
	names->account = account;
	names->shown =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (guint i = 0; mailboxes != NULL && i < mailboxes->len; i++) {
		const Mailbox *mailbox = g_ptr_array_index(mailboxes, i);

		g_hash_table_insert(names->shown, g_strdup(mailbox->wire),
				    ui_format_mailbox(mailbox));
	}
	return names;
}

void
ui_names_free(UiNames *names)
{
	if (names == NULL)
		return;
	g_hash_table_unref(names->shown);
	g_free(names);
}

const char *
ui_names_shown(const UiNames *names, const char *wire)
{
	const char *shown;

	if (wire == NULL)
		return "";
	shown = g_hash_table_lookup(names->shown, wire);
	return shown != NULL ? shown : wire;
}

/* ---- flags ---- */

/* Which of the flags of a change has a sentence of its own; the first counts.
 */
typedef enum {
	WORDS_SEEN,
	WORDS_UNSEEN,
	WORDS_FLAG,
	WORDS_UNFLAG,
	WORDS_IMPORTANT,
	WORDS_UNIMPORTANT,
	WORDS_OTHER,
} FlagWords;

static FlagWords
flag_words(const Change *change)
{
	static const struct {
		guint32 bit;
		FlagWords set;
		FlagWords clear;
	} known[] = {
	    {MAIL_FLAG_FLAGGED, WORDS_FLAG, WORDS_UNFLAG},
	    {MAIL_FLAG_IMPORTANT, WORDS_IMPORTANT, WORDS_UNIMPORTANT},
	    {MAIL_FLAG_SEEN, WORDS_SEEN, WORDS_UNSEEN},
	};

	for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
		if (change->add.bits & known[i].bit)
			return known[i].set;
		if (change->remove.bits & known[i].bit)
			return known[i].clear;
	}
	return WORDS_OTHER;
}

/* "+work -later": wire names, as the user typed them */
static char *
flag_names(const Change *change)
{
	g_autofree char *add = mail_flags_to_names(&change->add);
	g_autofree char *remove = mail_flags_to_names(&change->remove);
	GString *text = g_string_new(NULL);

	if (add[0] != '\0')
		g_string_append_printf(text, "+%s", add);
	if (remove[0] != '\0')
		g_string_append_printf(text, "%s-%s", text->len > 0 ? " " : "",
				       remove);
	return g_string_free(text, FALSE);
}

static char *
flags_waiting(const Change *change, guint n)
{
	g_autofree char *names = NULL;

	/* TRANSLATORS: changes that wait; %u: number of messages */
	switch (flag_words(change)) {
	case WORDS_SEEN:
		return g_strdup_printf(
		    ngettext("mark %u as read", "mark %u as read", n), n);
	case WORDS_UNSEEN:
		return g_strdup_printf(
		    ngettext("mark %u as unread", "mark %u as unread", n), n);
	case WORDS_FLAG:
		return g_strdup_printf(ngettext("flag %u", "flag %u", n), n);
	case WORDS_UNFLAG:
		return g_strdup_printf(
		    ngettext("clear the flag of %u", "clear the flag of %u", n),
		    n);
	case WORDS_IMPORTANT:
		return g_strdup_printf(
		    ngettext("mark %u as important", "mark %u as important", n),
		    n);
	case WORDS_UNIMPORTANT:
		return g_strdup_printf(ngettext("mark %u as not important",
						"mark %u as not important", n),
				       n);
	case WORDS_OTHER:
		break;
	}
	names = flag_names(change);
	/* TRANSLATORS: %u: number of messages, %s: "+keyword" */
	return g_strdup_printf(ngettext("label %u: %s", "label %u: %s", n), n,
			       names);
}

static char *
flags_done(const Change *change, guint n)
{
	g_autofree char *names = NULL;

	/* TRANSLATORS: changes that are done; %u: number of messages */
	switch (flag_words(change)) {
	case WORDS_SEEN:
		return g_strdup_printf(
		    ngettext("Marked %u as read", "Marked %u as read", n), n);
	case WORDS_UNSEEN:
		return g_strdup_printf(
		    ngettext("Marked %u as unread", "Marked %u as unread", n),
		    n);
	case WORDS_FLAG:
		return g_strdup_printf(ngettext("Flagged %u", "Flagged %u", n),
				       n);
	case WORDS_UNFLAG:
		return g_strdup_printf(ngettext("Cleared the flag of %u",
						"Cleared the flag of %u", n),
				       n);
	case WORDS_IMPORTANT:
		return g_strdup_printf(ngettext("Marked %u as important",
						"Marked %u as important", n),
				       n);
	case WORDS_UNIMPORTANT:
		return g_strdup_printf(ngettext("Marked %u as not important",
						"Marked %u as not important",
						n),
				       n);
	case WORDS_OTHER:
		break;
	}
	names = flag_names(change);
	/* TRANSLATORS: %u: number of messages, %s: "+keyword" */
	return g_strdup_printf(
	    ngettext("Labelled %u: %s", "Labelled %u: %s", n), n, names);
}

/* ---- sentences ---- */

char *
ui_change_waiting(const UiNames *names, const Change *change)
{
	guint n = change->messages->len;
	const char *mailbox = ui_names_shown(names, change->mailbox);
	const char *dest = ui_names_shown(names, change->dest);

	switch (change->kind) {
	case CHANGE_FLAGS:
		return flags_waiting(change, n);
	case CHANGE_MOVE:
		/* TRANSLATORS: %u: number of messages, %s: a mailbox */
		return g_strdup_printf(
		    ngettext("move %u to %s", "move %u to %s", n), n, dest);
	case CHANGE_COPY:
		/* TRANSLATORS: %u: number of messages, %s: a mailbox */
		return g_strdup_printf(
		    ngettext("copy %u to %s", "copy %u to %s", n), n, dest);
	case CHANGE_DELETE:
		return g_strdup_printf(
		    ngettext("delete %u for ever", "delete %u for ever", n), n);
	case CHANGE_APPEND:
		return g_strdup(_("upload a draft"));
	case CHANGE_FOLDER_CREATE:
		/* TRANSLATORS: %s: a mailbox */
		return g_strdup_printf(_("make mailbox %s"), mailbox);
	case CHANGE_FOLDER_RENAME:
		/* TRANSLATORS: both %s: names of a mailbox */
		return g_strdup_printf(_("rename mailbox %s to %s"), mailbox,
				       dest);
	case CHANGE_FOLDER_DELETE:
		/* TRANSLATORS: %s: a mailbox */
		return g_strdup_printf(_("delete mailbox %s"), mailbox);
	case CHANGE_FOLDER_SUBSCRIBE:
		/* TRANSLATORS: %s: a mailbox */
		return g_strdup_printf(_("subscribe to %s"), mailbox);
	case CHANGE_FOLDER_UNSUBSCRIBE:
		/* TRANSLATORS: %s: a mailbox */
		return g_strdup_printf(_("unsubscribe from %s"), mailbox);
	case CHANGE_SEND:
	case CHANGE_FOLLOWUP:
		break;
	}
	return g_strdup(change_kind_name(change->kind));
}

char *
ui_change_done(const UiNames *names, const Change *change, guint n)
{
	const char *mailbox = ui_names_shown(names, change->mailbox);
	const char *dest = ui_names_shown(names, change->dest);

	switch (change->kind) {
	case CHANGE_FLAGS:
		return flags_done(change, n);
	case CHANGE_MOVE:
		/* TRANSLATORS: %u: number of messages, %s: a mailbox */
		return g_strdup_printf(
		    ngettext("Moved %u to %s", "Moved %u to %s", n), n, dest);
	case CHANGE_COPY:
		/* TRANSLATORS: %u: number of messages, %s: a mailbox */
		return g_strdup_printf(
		    ngettext("Copied %u to %s", "Copied %u to %s", n), n, dest);
	case CHANGE_DELETE:
		/* TRANSLATORS: %u: number of messages, %s: a mailbox */
		return g_strdup_printf(ngettext("Deleted %u for ever from %s",
						"Deleted %u for ever from %s",
						n),
				       n, mailbox);
	case CHANGE_APPEND:
		return g_strdup(_("Draft uploaded"));
	case CHANGE_FOLDER_CREATE:
		/* TRANSLATORS: %s: a mailbox */
		return g_strdup_printf(_("Made mailbox %s"), mailbox);
	case CHANGE_FOLDER_RENAME:
		/* TRANSLATORS: both %s: names of a mailbox */
		return g_strdup_printf(_("Renamed mailbox %s to %s"), mailbox,
				       dest);
	case CHANGE_FOLDER_DELETE:
		/* TRANSLATORS: %s: a mailbox */
		return g_strdup_printf(_("Deleted mailbox %s"), mailbox);
	case CHANGE_FOLDER_SUBSCRIBE:
		/* TRANSLATORS: %s: a mailbox */
		return g_strdup_printf(_("Subscribed to %s"), mailbox);
	case CHANGE_FOLDER_UNSUBSCRIBE:
		/* TRANSLATORS: %s: a mailbox */
		return g_strdup_printf(_("Unsubscribed from %s"), mailbox);
	case CHANGE_SEND:
	case CHANGE_FOLLOWUP:
		break;
	}
	return g_strdup(change_kind_name(change->kind));
}

char *
ui_change_place(const UiNames *names, const Change *change)
{
	const char *mailbox = ui_names_shown(names, change->mailbox);

	if (controller_n_accounts(ui_controller(names->ui)) < 2)
		return g_strdup(mailbox);
	return g_strconcat(account_name(names->account), "/", mailbox, NULL);
}

const char *
ui_change_state(const Change *change)
{
	switch (change->state) {
	case CHANGE_HELD:
		return _("held back");
	case CHANGE_QUEUED:
		return _("waiting");
	case CHANGE_RUNNING:
		return _("on its way");
	case CHANGE_CONFIRMED:
		return _("on server");
	case CHANGE_FAILED:
		return _("failed");
	case CHANGE_UNKNOWN:
		return _("unknown");
	case CHANGE_SUPERSEDED:
		return _("undone");
	}
	return "";
}
