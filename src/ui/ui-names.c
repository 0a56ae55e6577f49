/* ui-names.c - mailboxes and people as the screen names them */
#include "ui-format.h"

#include <string.h>

#include "base-text.h"
#include "ui-i18n.h"

char *
ui_format_mailbox(const Mailbox *mailbox)
{
	switch (mailbox->role) {
	case MAILBOX_ROLE_INBOX:
		return g_strdup(_("Inbox"));
	case MAILBOX_ROLE_DRAFTS:
		return g_strdup(_("Drafts"));
	case MAILBOX_ROLE_SENT:
		return g_strdup(_("Sent"));
	case MAILBOX_ROLE_ARCHIVE:
		/* TRANSLATORS: the mailbox */
		return g_strdup(C_("mailbox", "Archive"));
	case MAILBOX_ROLE_JUNK:
		return g_strdup(_("Junk"));
	case MAILBOX_ROLE_TRASH:
		return g_strdup(_("Trash"));
	case MAILBOX_ROLE_FOLLOWUP:
		return g_strdup(_("Follow-up"));
	default:
		return text_clean_line(mailbox->name, -1);
	}
}

char *
ui_format_place(Controller *controller, const Account *account,
		const Mailbox *mailbox)
{
	g_autofree char *name = ui_format_mailbox(mailbox);

	if (controller_n_accounts(controller) < 2)
		return g_steal_pointer(&name);
	return g_strconcat(account_name(account), "/", name, NULL);
}

bool
ui_is_own(const Account *account, const Address *address)
{
	const char *own = account_config(account)->email;

	return own != NULL && g_ascii_strcasecmp(own, address->email) == 0;
}

/* "bank@example.org" <thief@evil.example>: the name is worth nothing */
static bool
name_poses(const Address *address)
{
	g_autofree char *name = NULL;
	g_autofree char *email = NULL;

	if (strchr(address->name, '@') == NULL &&
	    strstr(address->name, "\uff20") == NULL)
		return false;
	name = g_ascii_strdown(address->name, -1);
	email = g_ascii_strdown(address->email, -1);
	return email[0] == '\0' || strstr(name, email) == NULL;
}

/* no person's name has escape sequences in it */
static bool
has_controls(const char *name)
{
	for (; *name != '\0'; name = g_utf8_next_char(name)) {
		gunichar c = g_utf8_get_char_validated(name, -1);

		if (c >= 0x110000 || g_unichar_iscntrl(c))
			return true;
	}
	return false;
}

static bool
has_name(const Address *address)
{
	g_autofree char *clean = NULL;

	if (address->name == NULL || has_controls(address->name) ||
	    name_poses(address))
		return false;
	clean = text_clean_line(address->name, -1);
	return g_strstrip(clean)[0] != '\0';
}

char *
ui_format_person(const Account *account, const Address *address)
{
	g_autofree char *text = NULL;

	if (ui_is_own(account, address))
		/* TRANSLATORS: the user, as sender or recipient */
		return g_strdup(_("you"));
	text = text_clean_line(
	    has_name(address) ? address->name : address->email, -1);
	return g_strdup(g_strstrip(text));
}

char *
ui_format_address(const Account *account, const Address *address)
{
	g_autofree char *name = NULL;
	g_autofree char *email = NULL;

	if (ui_is_own(account, address))
		return g_strdup(_("you"));
	email = text_clean_line(address->email, -1);
	if (!has_name(address))
		return g_steal_pointer(&email);
	name = text_clean_line(address->name, -1);
	return g_strdup_printf("%s <%s>", g_strstrip(name), email);
}
