/* fuzz-config.c - a configuration of any bytes: refused with one line, or read
 * so that what is written of it is read the same */
#include <string.h>

#include "controller-config.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
check_account(const AccountConfig *account)
{
	g_autofree char *text = config_account_text(account);
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config =
	    config_parse("again", text, strlen(text), &error);
	const AccountConfig *again;

	if (error != NULL)
		g_error("%s\n%s", error->message, text);
	again = config_account(config, 0);
	g_assert_cmpstr(again->name, ==, account->name);
	g_assert_cmpstr(again->host, ==, account->host);
	g_assert_cmpuint(again->port, ==, account->port);
	g_assert_cmpstr(again->email, ==, account->email);
	g_assert_cmpstr(again->user, ==, account->user);
	g_assert_cmpstr(again->person, ==, account->person);
	g_assert_cmpstr(again->password_command, ==, account->password_command);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config =
	    config_parse("config", (const char *)data, size, &error);

	if (config == NULL) {
		g_assert_nonnull(error);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	for (guint i = 0; i < config_n_accounts(config); i++)
		check_account(config_account(config, i));
	return 0;
}
