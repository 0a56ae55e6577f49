/* ui-wizard-login.c - how the password comes, and whether it is right */
#include "ui-i18n.h"
#include "ui-prompt.h"
#include "ui-wizard-private.h"

static void
test_login(Wizard *wizard)
{
	wizard->busy = true;
	wizard_complain(wizard, NULL);
	wizard_set(
	    &wizard->login_state,
	    /* TRANSLATORS: %s: a host */
	    g_strdup_printf(_("logging in to %s ..."), wizard->account->host));
	setup_try(wizard->setup, wizard->account,
		  wizard->password == NULL
		      ? NULL
		      : g_strdup(secret_text(wizard->password)));
	ui_redraw(wizard->view.ui);
}

static void
on_password(Ui *ui, const char *text, gpointer user)
{
	Wizard *wizard = user;

	(void)ui;
	if (text == NULL) {
		wizard_ask_login(wizard);
		return;
	}
	secret_free(wizard->password);
	wizard->password = secret_new(text, -1);
	test_login(wizard);
}

static void
ask_password(Wizard *wizard)
{
	const UiPrompt prompt = {.label = _("Password:"),
				 .secret = true,
				 .done = on_password,
				 .user = wizard};

	ui_prompt_open(wizard->view.ui, &prompt);
	ui_redraw(wizard->view.ui);
}

static GPtrArray *
offer_sources(Ui *ui, const char *text, gpointer user)
{
	const Wizard *wizard = user;
	GPtrArray *list = ui_candidates_new();

	(void)ui;
	for (guint i = 0; i < wizard->tools->len; i++) {
		const SetupTool *tool = g_ptr_array_index(wizard->tools, i);

		if (g_str_has_prefix(tool->command, text))
			ui_candidates_add(list, tool->command, tool->name);
	}
	return list;
}

static void
on_password_source(Ui *ui, const char *text, gpointer user)
{
	Wizard *wizard = user;
	g_auto(GStrv) words = NULL;

	(void)ui;
	if (text == NULL) {
		wizard_ask_server(wizard);
		return;
	}
	g_clear_pointer(&wizard->password, secret_free);
	g_clear_pointer(&wizard->account->password_command, g_free);
	wizard->ask = text[0] == '\0';
	if (wizard->ask) {
		ask_password(wizard);
		return;
	}
	if (!g_shell_parse_argv(text, NULL, &words, NULL)) {
		wizard_complain(wizard,
				_("a quote is not closed in that command"));
		wizard_ask_login(wizard);
		return;
	}
	wizard->account->password_command = g_strdup(text);
	test_login(wizard);
}

void
wizard_ask_login(Wizard *wizard)
{
	const UiPrompt prompt = {.label =
				     _("Command (empty: ask at each start):"),
				 .text = wizard->account->password_command,
				 .complete = offer_sources,
				 .done = on_password_source,
				 .user = wizard};

	wizard->step = WIZARD_PASSWORD;
	wizard->busy = false;
	if (wizard->tools == NULL)
		wizard->tools = setup_tools(wizard->account->email);
	ui_prompt_open(wizard->view.ui, &prompt);
	ui_redraw(wizard->view.ui);
}

void
wizard_ask_again(Wizard *wizard)
{
	if (wizard->ask)
		ask_password(wizard);
	else
		wizard_ask_login(wizard);
}
