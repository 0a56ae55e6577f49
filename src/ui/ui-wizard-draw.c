/* ui-wizard-draw.c - what the wizard knows by now */
#include <string.h>

#include "base-path.h"
#include "ui-i18n.h"
#include "ui-wizard-private.h"

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
put_server(Pen *pen, const Wizard *wizard)
{
	const char *domain = strchr(wizard->account->email, '@');
	g_autofree char *head = g_strdup_printf(
	    /* TRANSLATORS: %s: a mail domain */
	    _("The server of %s"), domain != NULL ? domain + 1 : "");

	put_line(pen, UI_SUBJECT, head);
	pen->y++;
	for (guint i = 0; wizard->servers != NULL && i < wizard->servers->len;
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
		pen->y++;
		put_field(pen, _("Why"), wizard->certificate->reason);
		put_field(pen, _("Issuer"), wizard->certificate->issuer);
		put_field(pen, "SHA-256", wizard->certificate->sha256);
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

		put_field(pen, i == 0 ? _("Found") : "", tool->command);
		/* TRANSLATORS: a command that stores a password */
		put_field(pen, _("  to store it"), tool->store);
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
