/* ui-password.c - a password that is asked for */
#include "ui-password.h"

#include "base-text.h"
#include "ui-i18n.h"
#include "ui-private.h"
#include "words.h"

static void
typed(Ui *ui, const char *text, gpointer user)
{
	(void)ui;
	/* wiped by the callee; what was typed is wiped by the prompt */
	account_set_password(user, g_strdup(text));
}

static void
ask(Ui *ui, Account *account)
{
	const AccountConfig *config = account_config(account);
	Connection connection = account_connection(account);
	/* TRANSLATORS: a login name, a host */
	g_autofree char *label =
	    g_strdup_printf(connection.state == CONNECTION_LOGIN_REFUSED
				? _("Refused. Password of %s at %s:")
				: _("Password of %s at %s:"),
			    config->user, config->host);
	UiPrompt prompt = {
	    .label = label,
	    .secret = true,
	    .done = typed,
	    /* TRANSLATORS: Enter logs in with the password typed */
	    .enter = _("Log in"),
	    .user = account,
	};

	ui_prompt_open(ui, &prompt);
}

void
ui_password_open(Ui *ui, Account *account, const char *refused)
{
	if (refused != NULL) {
		g_autofree char *said = words_translate(refused);
		g_autofree char *words = text_clean_line(said, -1);

		ui_notice_for(ui, UI_NOTICE_WARNING, account, NULL,
			      /* TRANSLATORS: %s: the words of the server */
			      _("the password was refused: %s"), words);
	}
	if (!g_ptr_array_find(ui->passwords, account, NULL))
		g_ptr_array_add(ui->passwords, account);
	ui_password_next(ui);
}

void
ui_password_next(Ui *ui)
{
	if (ui->passwords->len == 0 || ui->ended)
		return;
	if (ui_is_typing(ui))
		/* looked at again, whether or not a key comes */
		ui_redraw_in(ui, UI_REST_MS);
	else
		ask(ui, g_ptr_array_steal_index(ui->passwords, 0));
}
