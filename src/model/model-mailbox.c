/* model-mailbox.c - mailboxes and their roles */
#include "model-mailbox.h"

#include <string.h>

const char *
mailbox_role_name(MailboxRole role)
{
	switch (role) {
	case MAILBOX_ROLE_INBOX:
		return "inbox";
	case MAILBOX_ROLE_DRAFTS:
		return "drafts";
	case MAILBOX_ROLE_SENT:
		return "sent";
	case MAILBOX_ROLE_ARCHIVE:
		return "archive";
	case MAILBOX_ROLE_JUNK:
		return "junk";
	case MAILBOX_ROLE_TRASH:
		return "trash";
	case MAILBOX_ROLE_ALL:
		return "all";
	case MAILBOX_ROLE_FLAGGED:
		return "flagged";
	case MAILBOX_ROLE_FOLLOWUP:
		return "followup";
	case MAILBOX_ROLE_NONE:
	case MAILBOX_ROLE_IMPORTANT:
		break;
	}
	return NULL;
}

MailboxRole
mailbox_role_from_use(const char *use, gsize len)
{
	static const struct {
		const char *use;
		MailboxRole role;
	} uses[] = {
	    {"\\Drafts", MAILBOX_ROLE_DRAFTS},
	    {"\\Sent", MAILBOX_ROLE_SENT},
	    {"\\Archive", MAILBOX_ROLE_ARCHIVE},
	    {"\\Junk", MAILBOX_ROLE_JUNK},
	    {"\\Spam", MAILBOX_ROLE_JUNK},
	    {"\\Trash", MAILBOX_ROLE_TRASH},
	    {"\\All", MAILBOX_ROLE_ALL},
	    {"\\AllMail", MAILBOX_ROLE_ALL},
	    {"\\Flagged", MAILBOX_ROLE_FLAGGED},
	    {"\\Starred", MAILBOX_ROLE_FLAGGED},
	    {"\\Important", MAILBOX_ROLE_IMPORTANT},
	};

	for (guint i = 0; i < G_N_ELEMENTS(uses); i++)
		if (strlen(uses[i].use) == len &&
		    g_ascii_strncasecmp(uses[i].use, use, len) == 0)
			return uses[i].role;
	return MAILBOX_ROLE_NONE;
}

/* What clients and servers call these mailboxes; compared case-folded. */
static const struct {
	const char *name;
	MailboxRole role;
} usual_names[] = {
    {"drafts", MAILBOX_ROLE_DRAFTS},
    {"draft", MAILBOX_ROLE_DRAFTS},
    {"entwürfe", MAILBOX_ROLE_DRAFTS},
    {"brouillons", MAILBOX_ROLE_DRAFTS},
    {"borradores", MAILBOX_ROLE_DRAFTS},
    {"bozze", MAILBOX_ROLE_DRAFTS},
    {"rascunhos", MAILBOX_ROLE_DRAFTS},
    {"concepten", MAILBOX_ROLE_DRAFTS},
    {"utkast", MAILBOX_ROLE_DRAFTS},
    {"kladder", MAILBOX_ROLE_DRAFTS},
    {"luonnokset", MAILBOX_ROLE_DRAFTS},
    {"szkice", MAILBOX_ROLE_DRAFTS},
    {"wersje robocze", MAILBOX_ROLE_DRAFTS},
    {"koncepty", MAILBOX_ROLE_DRAFTS},
    {"черновики", MAILBOX_ROLE_DRAFTS},
    {"下書き", MAILBOX_ROLE_DRAFTS},
    {"草稿", MAILBOX_ROLE_DRAFTS},
    {"草稿箱", MAILBOX_ROLE_DRAFTS},
    {"sent", MAILBOX_ROLE_SENT},
    {"sent items", MAILBOX_ROLE_SENT},
    {"sent messages", MAILBOX_ROLE_SENT},
    {"sent mail", MAILBOX_ROLE_SENT},
    {"sent-mail", MAILBOX_ROLE_SENT},
    {"gesendet", MAILBOX_ROLE_SENT},
    {"gesendete", MAILBOX_ROLE_SENT},
    {"gesendete objekte", MAILBOX_ROLE_SENT},
    {"gesendete elemente", MAILBOX_ROLE_SENT},
    {"gesendete nachrichten", MAILBOX_ROLE_SENT},
    {"envoyés", MAILBOX_ROLE_SENT},
    {"messages envoyés", MAILBOX_ROLE_SENT},
    {"éléments envoyés", MAILBOX_ROLE_SENT},
    {"enviados", MAILBOX_ROLE_SENT},
    {"elementos enviados", MAILBOX_ROLE_SENT},
    {"posta inviata", MAILBOX_ROLE_SENT},
    {"inviata", MAILBOX_ROLE_SENT},
    {"inviati", MAILBOX_ROLE_SENT},
    {"itens enviados", MAILBOX_ROLE_SENT},
    {"verzonden", MAILBOX_ROLE_SENT},
    {"verzonden items", MAILBOX_ROLE_SENT},
    {"skickat", MAILBOX_ROLE_SENT},
    {"sendt", MAILBOX_ROLE_SENT},
    {"sendte", MAILBOX_ROLE_SENT},
    {"lähetetyt", MAILBOX_ROLE_SENT},
    {"wysłane", MAILBOX_ROLE_SENT},
    {"odeslané", MAILBOX_ROLE_SENT},
    {"отправленные", MAILBOX_ROLE_SENT},
    {"送信済み", MAILBOX_ROLE_SENT},
    {"送信済みメール", MAILBOX_ROLE_SENT},
    {"已发送", MAILBOX_ROLE_SENT},
    {"已傳送", MAILBOX_ROLE_SENT},
    {"trash", MAILBOX_ROLE_TRASH},
    {"deleted", MAILBOX_ROLE_TRASH},
    {"deleted items", MAILBOX_ROLE_TRASH},
    {"deleted messages", MAILBOX_ROLE_TRASH},
    {"bin", MAILBOX_ROLE_TRASH},
    {"papierkorb", MAILBOX_ROLE_TRASH},
    {"gelöscht", MAILBOX_ROLE_TRASH},
    {"gelöschte objekte", MAILBOX_ROLE_TRASH},
    {"gelöschte elemente", MAILBOX_ROLE_TRASH},
    {"corbeille", MAILBOX_ROLE_TRASH},
    {"éléments supprimés", MAILBOX_ROLE_TRASH},
    {"papelera", MAILBOX_ROLE_TRASH},
    {"elementos eliminados", MAILBOX_ROLE_TRASH},
    {"cestino", MAILBOX_ROLE_TRASH},
    {"posta eliminata", MAILBOX_ROLE_TRASH},
    {"lixeira", MAILBOX_ROLE_TRASH},
    {"lixo", MAILBOX_ROLE_TRASH},
    {"prullenbak", MAILBOX_ROLE_TRASH},
    {"verwijderde items", MAILBOX_ROLE_TRASH},
    {"papperskorgen", MAILBOX_ROLE_TRASH},
    {"papirkurv", MAILBOX_ROLE_TRASH},
    {"roskakori", MAILBOX_ROLE_TRASH},
    {"kosz", MAILBOX_ROLE_TRASH},
    {"koš", MAILBOX_ROLE_TRASH},
    {"корзина", MAILBOX_ROLE_TRASH},
    {"ゴミ箱", MAILBOX_ROLE_TRASH},
    {"已删除", MAILBOX_ROLE_TRASH},
    {"垃圾桶", MAILBOX_ROLE_TRASH},
    {"junk", MAILBOX_ROLE_JUNK},
    {"junk e-mail", MAILBOX_ROLE_JUNK},
    {"junk email", MAILBOX_ROLE_JUNK},
    {"bulk mail", MAILBOX_ROLE_JUNK},
    {"spam", MAILBOX_ROLE_JUNK},
    {"spamverdacht", MAILBOX_ROLE_JUNK},
    {"unerwünscht", MAILBOX_ROLE_JUNK},
    {"courrier indésirable", MAILBOX_ROLE_JUNK},
    {"indésirables", MAILBOX_ROLE_JUNK},
    {"correo no deseado", MAILBOX_ROLE_JUNK},
    {"posta indesiderata", MAILBOX_ROLE_JUNK},
    {"ongewenste e-mail", MAILBOX_ROLE_JUNK},
    {"skräppost", MAILBOX_ROLE_JUNK},
    {"спам", MAILBOX_ROLE_JUNK},
    {"迷惑メール", MAILBOX_ROLE_JUNK},
    {"垃圾邮件", MAILBOX_ROLE_JUNK},
    {"archive", MAILBOX_ROLE_ARCHIVE},
    {"archives", MAILBOX_ROLE_ARCHIVE},
    {"archiv", MAILBOX_ROLE_ARCHIVE},
    {"archivo", MAILBOX_ROLE_ARCHIVE},
    {"archivio", MAILBOX_ROLE_ARCHIVE},
    {"arquivo", MAILBOX_ROLE_ARCHIVE},
    {"archief", MAILBOX_ROLE_ARCHIVE},
    {"arkiv", MAILBOX_ROLE_ARCHIVE},
    {"arkisto", MAILBOX_ROLE_ARCHIVE},
    {"архив", MAILBOX_ROLE_ARCHIVE},
    {"アーカイブ", MAILBOX_ROLE_ARCHIVE},
    {"归档", MAILBOX_ROLE_ARCHIVE},
    {"follow-up", MAILBOX_ROLE_FOLLOWUP},
};

MailboxRole
mailbox_role_from_name(const char *name, char delimiter)
{
	const char *last;
	g_autofree char *folded = NULL;

	if (g_ascii_strcasecmp(name, "INBOX") == 0)
		return MAILBOX_ROLE_INBOX;
	if (!g_utf8_validate(name, -1, NULL))
		return MAILBOX_ROLE_NONE;
	last = delimiter == '\0' ? NULL : strrchr(name, delimiter);
	folded = g_utf8_casefold(last == NULL ? name : last + 1, -1);
	for (guint i = 0; i < G_N_ELEMENTS(usual_names); i++) {
		g_autofree char *usual =
		    g_utf8_casefold(usual_names[i].name, -1);

		if (strcmp(usual, folded) == 0)
			return usual_names[i].role;
	}
	return MAILBOX_ROLE_NONE;
}

Mailbox *
mailbox_new(const char *name, const char *wire, char delimiter)
{
	Mailbox *mailbox = g_new0(Mailbox, 1);

	mailbox->name = g_strdup(name);
	mailbox->wire = g_strdup(wire);
	mailbox->delimiter = delimiter;
	mailbox->total = MAILBOX_UNKNOWN;
	mailbox->unread = MAILBOX_UNKNOWN;
	mailbox->flagged = MAILBOX_UNKNOWN;
	return mailbox;
}

Mailbox *
mailbox_copy(const Mailbox *mailbox)
{
	Mailbox *copy = g_memdup2(mailbox, sizeof(*mailbox));

	copy->name = g_strdup(mailbox->name);
	copy->wire = g_strdup(mailbox->wire);
	return copy;
}

void
mailbox_free(Mailbox *mailbox)
{
	if (mailbox == NULL)
		return;
	g_free(mailbox->name);
	g_free(mailbox->wire);
	g_free(mailbox);
}

bool
mailbox_name_equal(const char *a, const char *b)
{
	if (g_ascii_strcasecmp(a, "INBOX") == 0)
		return g_ascii_strcasecmp(b, "INBOX") == 0;
	return strcmp(a, b) == 0;
}
