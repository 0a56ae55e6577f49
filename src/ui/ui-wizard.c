/* ui-wizard.c - the first account: address, server, password, file */
#include "ui-wizard.h"

#include <string.h>

#include "ui-certificate.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-prompt.h"
#include "ui-wizard-private.h"

static void ask_name(Wizard *wizard);

void
wizard_set(char **text, char *value)
{
	g_free(*text);
	*text = value;
}

void
wizard_complain(Wizard *wizard, const char *text)
{
	wizard_set(&wizard->trouble, g_strdup(text));
	ui_redraw(wizard->view.ui);
}

static void
ask(Wizard *wizard, const char *label, const char *text, const char *enter,
    UiPromptFunc done)
{
	const UiPrompt prompt = {.label = label,
				 .text = text,
				 .enter = enter,
				 .done = done,
				 .user = wizard};

	ui_prompt_open(wizard->view.ui, &prompt);
	ui_redraw(wizard->view.ui);
}

static void
leave(Wizard *wizard, const char *path)
{
	Ui *ui = wizard->view.ui;
	UiWizardFunc func = wizard->func;
	g_autoptr(Secret) password =
	    wizard->ask ? g_steal_pointer(&wizard->password) : NULL;
	g_autofree char *kept = g_strdup(path);

	func(ui, kept, password);
	ui_drop(ui, &wizard->view);
}

/* ---- step 4: the file ---- */

static void
begin_write(Wizard *wizard)
{
	wizard->step = WIZARD_WRITE;
	wizard->busy = false;
	ui_redraw(wizard->view.ui);
}

static void
write_file(Wizard *wizard)
{
	g_autoptr(GError) error = NULL;

	if (!config_write_account(wizard->path, wizard->account, &error)) {
		wizard_complain(wizard, error->message);
		return;
	}
	leave(wizard, wizard->path != NULL ? wizard->path : "");
}

/* ---- step 2: the server ---- */

static void
try_server(Wizard *wizard)
{
	wizard->busy = true;
	wizard_complain(wizard, NULL);
	g_clear_pointer(&wizard->certificate, certificate_info_free);
	wizard_set(
	    &wizard->server_state,
	    /* TRANSLATORS: %s: a host */
	    g_strdup_printf(_("connecting to %s ..."), wizard->account->host));
	setup_try(wizard->setup, wizard->account, NULL);
	ui_redraw(wizard->view.ui);
}

static void
on_proof(Ui *ui, const char *text, gpointer user)
{
	Wizard *wizard = user;
	const CertificateInfo *info = wizard->certificate;

	(void)ui;
	if (text == NULL || !ui_certificate_proof(info, text)) {
		if (text != NULL)
			wizard_complain(wizard,
					_("that is not how the SHA-256 value "
					  "begins; nothing was pinned"));
		wizard_ask_server(wizard);
		return;
	}
	g_strfreev(wizard->account->pins);
	wizard->account->pins = g_new0(char *, 2);
	wizard->account->pins[0] = g_strdup(info->pin);
	try_server(wizard);
}

static void
on_login_name(Ui *ui, const char *text, gpointer user)
{
	Wizard *wizard = user;

	(void)ui;
	if (text == NULL || text[0] == '\0') {
		wizard_ask_server(wizard);
		return;
	}
	wizard_set(&wizard->account->user, g_strdup(text));
	try_server(wizard);
}

static void
ask_login_name(Wizard *wizard)
{
	ask(wizard, _("Login name:"),
	    wizard->account->user != NULL ? wizard->account->user
					  : wizard->account->email,
	    _("Connect"), on_login_name);
}

static void
on_outside(Ui *ui, int answer, gpointer user)
{
	Wizard *wizard = user;

	(void)ui;
	if (answer == 0)
		ask_login_name(wizard);
	else
		wizard_ask_server(wizard);
}

static bool
is_outside(const Wizard *wizard)
{
	for (guint i = 0; wizard->outside != NULL && i < wizard->outside->len;
	     i++)
		if (strcmp(g_ptr_array_index(wizard->outside, i),
			   wizard->url) == 0)
			return true;
	return false;
}

/* DNS is not signed: a name elsewhere may be an attacker's (RFC 6186). */
static void
ask_outside(Wizard *wizard)
{
	const UiAnswer answers[] = {{'y', _("Use it")}};
	g_autofree char *text = g_strdup_printf(
	    /* TRANSLATORS: %s: a host */
	    _("%s lies outside your mail domain. Shall it get your password?"),
	    wizard->account->host);

	ui_question_open(wizard->view.ui, text, answers, G_N_ELEMENTS(answers),
			 on_outside, wizard);
}

static void
on_server(Ui *ui, const char *text, gpointer user)
{
	Wizard *wizard = user;
	g_autoptr(GError) error = NULL;
	g_autofree char *url = NULL;

	(void)ui;
	if (text == NULL) {
		ask_name(wizard);
		return;
	}
	url = strstr(text, "://") != NULL ? g_strdup(text)
					  : g_strconcat("imaps://", text, NULL);
	if (!account_config_set_imap(wizard->account, url, &error)) {
		wizard_complain(wizard, error->message);
		wizard_ask_server(wizard);
		return;
	}
	wizard_complain(wizard, NULL);
	g_clear_pointer(&wizard->account->pins, g_strfreev);
	wizard_set(&wizard->url, g_steal_pointer(&url));
	if (is_outside(wizard))
		ask_outside(wizard);
	else
		ask_login_name(wizard);
}

static GPtrArray *
offer_servers(Ui *ui, const char *text, gpointer user)
{
	const Wizard *wizard = user;
	GPtrArray *list = ui_candidates_new();

	(void)ui;
	for (guint i = 0; wizard->servers != NULL && i < wizard->servers->len;
	     i++)
		if (g_str_has_prefix(g_ptr_array_index(wizard->servers, i),
				     text))
			ui_candidates_add(
			    list, g_ptr_array_index(wizard->servers, i), NULL);
	return list;
}

void
wizard_ask_server(Wizard *wizard)
{
	const char *best = wizard->servers != NULL && wizard->servers->len > 0
			       ? g_ptr_array_index(wizard->servers, 0)
			       : "imaps://";
	const UiPrompt prompt = {.label = _("Server:"),
				 .text =
				     wizard->url != NULL ? wizard->url : best,
				 .complete = offer_servers,
				 .done = on_server,
				 .user = wizard};

	wizard->step = WIZARD_SERVER;
	wizard->busy = false;
	ui_prompt_open(wizard->view.ui, &prompt);
	ui_redraw(wizard->view.ui);
}

static char *
url_of(const SetupServer *server)
{
	const char *scheme = server->security == CONFIG_TLS ? "imaps"
			     : server->security == CONFIG_STARTTLS
				 ? "imap"
				 : "imap+plain";

	return g_strdup_printf("%s://%s:%u", scheme, server->host,
			       server->port);
}

/* ---- step 1: who ---- */

static void
find_servers(Wizard *wizard)
{
	wizard->step = WIZARD_SERVER;
	wizard->busy = true;
	wizard_complain(wizard, NULL);
	g_clear_pointer(&wizard->url, g_free);
	wizard_set(&wizard->server_state, g_strdup(_("looking for the servers "
						     "...")));
	if (!setup_find(wizard->setup, wizard->account->email))
		wizard_ask_server(wizard);
	ui_redraw(wizard->view.ui);
}

static void
on_email(Ui *ui, const char *text, gpointer user)
{
	Wizard *wizard = user;
	const char *at = text == NULL ? NULL : strrchr(text, '@');

	(void)ui;
	if (text == NULL) {
		ask_name(wizard);
		return;
	}
	if (at == NULL || at == text || at[1] == '\0' ||
	    strpbrk(text, " \t<>,;\"") != NULL) {
		wizard_complain(wizard,
				_("an address looks like alice@example.org"));
		ask(wizard, _("Mail address:"), text, _("Next"), on_email);
		return;
	}
	wizard_set(&wizard->account->email, g_strdup(text));
	wizard_set(&wizard->account->user, NULL);
	find_servers(wizard);
}

static void
on_name(Ui *ui, const char *text, gpointer user)
{
	Wizard *wizard = user;

	(void)ui;
	if (text == NULL) {
		leave(wizard, NULL);
		return;
	}
	wizard_set(&wizard->account->person,
		   text[0] == '\0' ? NULL : g_strdup(text));
	ask(wizard, _("Mail address:"), wizard->account->email, _("Next"),
	    on_email);
}

static void
ask_name(Wizard *wizard)
{
	const char *known = wizard->account->person;

	/* GLib says "Unknown" where the system has no name */
	if (known == NULL && strcmp(g_get_real_name(), "Unknown") != 0)
		known = g_get_real_name();
	wizard->step = WIZARD_WHO;
	ask(wizard, _("Your name:"), known, _("Next"), on_name);
}

/* ---- answers of the setup ---- */

static void
take_servers(Wizard *wizard, const GPtrArray *servers)
{
	g_clear_pointer(&wizard->servers, g_ptr_array_unref);
	g_clear_pointer(&wizard->outside, g_ptr_array_unref);
	wizard->servers = g_ptr_array_new_with_free_func(g_free);
	wizard->outside = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < servers->len; i++) {
		const SetupServer *server = g_ptr_array_index(servers, i);

		g_ptr_array_add(wizard->servers, url_of(server));
		if (server->outside)
			g_ptr_array_add(wizard->outside, url_of(server));
	}
	wizard_set(
	    &wizard->server_state,
	    g_strdup(servers->len == 0 ? _("nothing was found; please type it")
		     : ((const SetupServer *)g_ptr_array_index(servers, 0))
			     ->announced
			 ? _("the domain names its server")
			 : _("the usual names; the domain does not "
			     "tell")));
	wizard_ask_server(wizard);
}

static void
take_failure(Wizard *wizard, const SetupAnswer *answer)
{
	wizard->busy = false;
	if (answer->certificate != NULL) {
		wizard->certificate =
		    certificate_info_copy(answer->certificate);
		wizard->step = WIZARD_SERVER;
		wizard_set(&wizard->server_state,
			   g_strdup(_("the certificate is not trusted; nothing "
				      "was sent")));
		ask(wizard,
		    _("Trust it?  First four characters of the SHA-256 "
		      "value:"),
		    NULL, _("Pin"), on_proof);
		return;
	}
	wizard_complain(wizard, answer->error->message);
	if (wizard->step == WIZARD_PASSWORD) {
		wizard_set(&wizard->login_state, NULL);
		wizard_ask_again(wizard);
		return;
	}
	wizard_set(&wizard->server_state, NULL);
	wizard_ask_server(wizard);
}

static void
on_answer(const SetupAnswer *answer, gpointer user)
{
	Wizard *wizard = user;

	if (!wizard->busy)
		return; /* the user went back meanwhile */
	wizard->busy = false;
	switch (answer->state) {
	case SETUP_SERVERS:
		take_servers(wizard, answer->servers);
		break;
	case SETUP_CONNECTED:
		wizard_set(&wizard->server_state, NULL);
		wizard_ask_login(wizard);
		break;
	case SETUP_LOGGED_IN:
		begin_write(wizard);
		break;
	case SETUP_FAILED:
		take_failure(wizard, answer);
		break;
	}
}

/* ---- the view ---- */

static void
step_back(Wizard *wizard)
{
	wizard->busy = false;
	switch (wizard->step) {
	case WIZARD_WHO:
		leave(wizard, NULL);
		break;
	case WIZARD_SERVER:
		ask_name(wizard);
		break;
	case WIZARD_PASSWORD:
	case WIZARD_WRITE:
		wizard_ask_login(wizard);
		break;
	}
}

static bool
action(UiView *view, UiAction what, const char *argument)
{
	Wizard *wizard = (Wizard *)view;

	(void)argument;
	switch (what) {
	case UI_ACTION_OPEN:
		if (wizard->step == WIZARD_WRITE)
			write_file(wizard);
		return true;
	case UI_ACTION_CLEAR:
	case UI_ACTION_BACK:
		step_back(wizard);
		return true;
	case UI_ACTION_STOP:
	case UI_ACTION_QUIT:
		leave(wizard, NULL);
		return true;
	default:
		return false;
	}
}

static const UiAction *
offers(UiView *view)
{
	static const UiAction last[] = {UI_ACTION_OPEN, UI_ACTION_BACK,
					UI_ACTION_QUIT, UI_ACTION_NONE};
	const Wizard *wizard = (const Wizard *)view;

	/* before the last step Enter belongs to a prompt */
	return wizard->step == WIZARD_WRITE && !wizard->busy ? last : last + 1;
}

static void
wizard_free(UiView *view)
{
	Wizard *wizard = (Wizard *)view;

	setup_free(wizard->setup);
	account_config_free(wizard->account);
	g_clear_pointer(&wizard->servers, g_ptr_array_unref);
	g_clear_pointer(&wizard->outside, g_ptr_array_unref);
	g_clear_pointer(&wizard->tools, g_ptr_array_unref);
	secret_free(wizard->password);
	certificate_info_free(wizard->certificate);
	g_free(wizard->url);
	g_free(wizard->path);
	g_free(wizard->server_state);
	g_free(wizard->login_state);
	g_free(wizard->trouble);
	g_free(wizard);
}

static const UiViewClass wizard_class = {
    .place = UI_PLACE_WIZARD,
    .top = ui_wizard_top,
    .draw = ui_wizard_draw,
    .action = action,
    .offers = offers,
    .free = wizard_free,
};

void
ui_wizard_open(Ui *ui, UiWizardFunc func)
{
	Wizard *wizard = g_new0(Wizard, 1);

	wizard->view.ui = ui;
	wizard->view.class = &wizard_class;
	wizard->func = func;
	wizard->account = account_config_new("mail");
	wizard->path = g_strdup(ui_options(ui)->config_path);
	wizard->setup = setup_new(on_answer, wizard);
	ui_push(ui, &wizard->view);
	ask_name(wizard);
}
