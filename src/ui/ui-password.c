/* ui-password.c - a password that is asked for */
#include "ui-password.h"

#include "base-text.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-prompt.h"

static void
typed(Ui *ui, const char *text, gpointer user)
{
	(void)ui;
	/* wiped by the callee; what was typed is wiped by the prompt */
	account_set_password(user, g_strdup(text));
}

void
ui_password_open(Ui *ui, Account *account, const char *refused)
{
	const AccountConfig *config = account_config(account);
	g_autofree char *label = NULL;
	UiPrompt prompt = {
	    .secret = true,
	    .done = typed,
	    /* TRANSLATORS: Enter logs in with the password typed */
	    .enter = _("Log in"),
	    .user = account,
	};

	if (refused != NULL) {
		g_autofree char *words = text_clean_line(refused, -1);

		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL,
			      /* TRANSLATORS: %s: the words of the server */
			      _("the password was refused: %s"), words);
	}
	/* TRANSLATORS: a login name, a host */
	label = g_strdup_printf(_("Password of %s at %s:"), config->user,
				config->host);
	prompt.label = label;
	ui_prompt_open(ui, &prompt);
}
