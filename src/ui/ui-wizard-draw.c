/* ui-wizard-draw.c - what the wizard knows by now */
#include <string.h>

#include "base-path.h"
#include "base-text.h"
#include "ui-certificate.h"
#include "ui-i18n.h"
#include "ui-wizard-private.h"
#include "words.h"

#define LABEL_WIDTH 16

/** Where the next line goes. */
typedef struct {
	UiTerm *term;
	UiRect rect;
	int y;
} Pen;

static void
put(Pen *pen, int x, guint role, const char *text)
{
	if (pen->y < pen->rect.rows)
		ui_text_put(pen->term, pen->rect.y + pen->y, pen->rect.x + x,
			    pen->rect.columns - x, role, text);
}

static void
put_line(Pen *pen, guint role, const char *text)
{
	put(pen, 2, role, text);
	pen->y++;
}

static void
put_field(Pen *pen, const char *label, const char *value)
{
	put(pen, 2, UI_HEAD, label);
	put(pen, 2 + LABEL_WIDTH, UI_TEXT, value != NULL ? value : "");
	pen->y++;
}

/* as many lines as it takes, broken at blanks where there are any */
static void
put_wrapped(Pen *pen, int x, guint role, const char *text)
{
	guint room = (guint)MAX(1, pen->rect.columns - x - 1);
	g_autofree char *clean = text_clean_line(text, -1);
	const char *rest = clean;

	while (*rest != '\0' && pen->y < pen->rect.rows) {
		gsize len = text_cut(rest, -1, room);
		g_autofree char *line = NULL;
		const char *blank;

		line = g_strndup(rest, MAX(len, 1));
		blank = strrchr(line, ' ');
		if (rest[strlen(line)] != '\0' && blank != NULL &&
		    blank != line)
			line[blank - line] = '\0';
		put(pen, x, role, line);
		pen->y++;
		rest += strlen(line);
		while (*rest == ' ')
			rest++;
	}
}

static void
put_trouble(Pen *pen, const Wizard *wizard)
{
	g_autofree char *words = NULL;
	g_autofree char *text = NULL;

	if (wizard->trouble == NULL)
		return;
	words = words_translate(wizard->trouble);
	text = g_strdup_printf(_("warning: %s"), words);
	pen->y++;
	put_wrapped(pen, 2, UI_WARN, text);
}

static void
put_who(Pen *pen, const Wizard *wizard)
{
	put_line(pen, UI_TEXT,
		 _("Welcome. Four short steps, then your mail. Nothing is "
		   "written before step 4."));
	pen->y++;
	put_field(pen, _("Your name"), wizard->account->person);
	put_field(pen, _("Mail address"), wizard->account->email);
	pen->y++;
	put_line(pen, UI_HEAD,
		 _("The name is what others see beside your address."));
	put_line(pen, UI_HEAD,
		 _("Your password is never written in clear to a file."));
}

static void
put_hash(Pen *pen, const CertificateInfo *info)
{
	char *hash;

	for (guint i = 0; (hash = ui_certificate_hash(info, i)) != NULL; i++) {
		put_field(pen, i == 0 ? "SHA-256" : "", hash);
		g_free(hash);
	}
}

static void
put_server(Pen *pen, const Wizard *wizard)
{
	const char *domain = strchr(wizard->account->email, '@');
	bool more = wizard->certificate != NULL || wizard->trouble != NULL;
	/* what is wrong is worth more than what else was found */
	guint room = more ? 1 : 5;
	g_autofree char *head = g_strdup_printf(
	    /* TRANSLATORS: %s: a mail domain */
	    _("The server of %s"), domain != NULL ? domain + 1 : "");

	put_line(pen, UI_SUBJECT, head);
	pen->y++;
	for (guint i = 0;
	     wizard->servers != NULL && i < MIN(wizard->servers->len, room);
	     i++)
		put_field(pen, i == 0 ? _("Found") : "",
			  g_ptr_array_index(wizard->servers, i));
	pen->y++;
	put_field(pen, _("Reading"), wizard->url);
	put_field(pen, _("Login"), wizard->account->user);
	pen->y++;
	put_line(pen, UI_HEAD,
		 _("Its certificate is checked before anything is sent; a "
		   "server that fails is"));
	put_line(pen, UI_HEAD, _("never given the password."));
	if (wizard->server_state != NULL) {
		pen->y++;
		put_line(pen, UI_TEXT, wizard->server_state);
	}
	if (wizard->certificate != NULL) {
		g_autofree char *reason =
		    words_translate(wizard->certificate->reason);

		pen->y++;
		put_field(pen, _("Why"), reason);
		put_field(pen, _("Issuer"), wizard->certificate->issuer);
		put_hash(pen, wizard->certificate);
	}
}

static void
put_password(Pen *pen, const Wizard *wizard)
{
	g_autofree char *head = g_strdup_printf(
	    /* TRANSLATORS: %s: a mail address */
	    _("How shall pennon get the password of %s?"),
	    wizard->account->email);

	put_line(pen, UI_SUBJECT, head);
	pen->y++;
	for (guint i = 0; i < wizard->tools->len; i++) {
		const SetupTool *tool = g_ptr_array_index(wizard->tools, i);
		g_autofree char *name = NULL;

		/* TRANSLATORS: a program that keeps passwords */
		name = g_strdup_printf(_("%s was found. It prints it with"),
				       tool->name);
		put_line(pen, UI_TEXT, name);
		put_wrapped(pen, 4, UI_HEAD, tool->command);
		/* TRANSLATORS: the line before and a command follow */
		put_line(pen, UI_TEXT, _("once it was stored with"));
		put_wrapped(pen, 4, UI_HEAD, tool->store);
	}
	if (wizard->tools->len == 0)
		put_line(pen, UI_TEXT,
			 _("No program that keeps passwords was found (pass, "
			   "secret-tool, gpg)."));
	pen->y++;
	put_line(pen, UI_HEAD,
		 _("Any command that prints the password will do. Without "
		   "one pennon asks at each"));
	put_line(pen, UI_HEAD, _("start and keeps it in memory only."));
	if (wizard->login_state != NULL) {
		pen->y++;
		put_line(pen, UI_TEXT, wizard->login_state);
	}
}

static void
put_write(Pen *pen, const Wizard *wizard)
{
	g_autofree char *usual = path_config();
	g_autofree char *head = g_strdup_printf(
	    /* TRANSLATORS: %s: a file */
	    _("To be written: %s (mode 0600)"),
	    wizard->path != NULL ? wizard->path : usual);
	g_autofree char *text = config_account_text(wizard->account);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	put_line(pen, UI_SUBJECT, head);
	pen->y++;
	for (guint i = 0; lines[i] != NULL; i++) {
		put(pen, 4, UI_TEXT, lines[i]);
		pen->y++;
	}
	put_line(pen, UI_TEXT,
		 _("Then the mailbox opens: the newest screenful first, the "
		   "rest behind it."));
}

void
ui_wizard_draw(UiView *view, UiRect rect)
{
	const Wizard *wizard = (const Wizard *)view;
	Pen pen = {ui_term(view->ui), rect, 1};

	ui_cursor(view->ui, rect.y, rect.x);
	switch (wizard->step) {
	case WIZARD_WHO:
		put_who(&pen, wizard);
		break;
	case WIZARD_SERVER:
		put_server(&pen, wizard);
		break;
	case WIZARD_PASSWORD:
		put_password(&pen, wizard);
		break;
	case WIZARD_WRITE:
		put_write(&pen, wizard);
		break;
	}
	put_trouble(&pen, wizard);
}

void
ui_wizard_top(UiView *view, UiTop *words)
{
	const Wizard *wizard = (const Wizard *)view;

	g_string_assign(words->place, "pennon");
	g_string_assign(words->view, _("first account"));
	/* TRANSLATORS: of the wizard */
	words->fresh =
	    g_strdup_printf(_("step %u of %u"), (guint)wizard->step + 1, 4u);
}
