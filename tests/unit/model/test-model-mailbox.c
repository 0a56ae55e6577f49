/* test-model-mailbox.c - roles of mailboxes, and when two names are one */
#include "model-mailbox.h"

#include <string.h>

static const struct {
	const char *name;
	char delimiter;
	MailboxRole role;
} name_cases[] = {
    {"INBOX", '/', MAILBOX_ROLE_INBOX},
    {"inbox", '/', MAILBOX_ROLE_INBOX},
    {"Drafts", '/', MAILBOX_ROLE_DRAFTS},
    {"INBOX.Drafts", '.', MAILBOX_ROLE_DRAFTS},
    {"INBOX.Drafts", '/', MAILBOX_ROLE_NONE},
    {"INBOX/Sent Items", '/', MAILBOX_ROLE_SENT},
    {"GESENDET", '/', MAILBOX_ROLE_SENT},
    {"Entw\xc3\xbcrfe", '/', MAILBOX_ROLE_DRAFTS},
    {"ENTW\xc3\x9cRFE", '/', MAILBOX_ROLE_DRAFTS},
    {"\xd0\x9a\xd0\xbe\xd1\x80\xd0\xb7\xd0\xb8\xd0\xbd\xd0\xb0", '/',
     MAILBOX_ROLE_TRASH},
    {"Spam", '\0', MAILBOX_ROLE_JUNK},
    {"a/Spam", '\0', MAILBOX_ROLE_NONE},
    {"Archive/2024", '/', MAILBOX_ROLE_NONE},
    {"Follow-up", '/', MAILBOX_ROLE_FOLLOWUP},
    {"Sentinel", '/', MAILBOX_ROLE_NONE},
    {"", '/', MAILBOX_ROLE_NONE},
    {"Drafts/", '/', MAILBOX_ROLE_NONE},
    {"\xff\xfe", '/', MAILBOX_ROLE_NONE},
    /* only the INBOX itself */
    {"x/INBOX", '/', MAILBOX_ROLE_NONE},
};

static void
test_from_name(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(name_cases); i++) {
		g_test_message("case %u", i);
		g_assert_cmpint(mailbox_role_from_name(name_cases[i].name,
						       name_cases[i].delimiter),
				==, name_cases[i].role);
	}
}

static void
test_from_use(void)
{
	static const struct {
		const char *use;
		MailboxRole role;
	} cases[] = {
	    {"\\Drafts", MAILBOX_ROLE_DRAFTS},
	    {"\\drafts", MAILBOX_ROLE_DRAFTS},
	    {"\\SENT", MAILBOX_ROLE_SENT},
	    {"\\Junk", MAILBOX_ROLE_JUNK},
	    {"\\Trash", MAILBOX_ROLE_TRASH},
	    {"\\All", MAILBOX_ROLE_ALL},
	    {"\\Archive", MAILBOX_ROLE_ARCHIVE},
	    {"\\Flagged", MAILBOX_ROLE_FLAGGED},
	    {"\\Important", MAILBOX_ROLE_IMPORTANT},
	    {"\\HasChildren", MAILBOX_ROLE_NONE},
	    {"Drafts", MAILBOX_ROLE_NONE},
	    {"", MAILBOX_ROLE_NONE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpint(
		    mailbox_role_from_use(cases[i].use, strlen(cases[i].use)),
		    ==, cases[i].role);
	g_assert_cmpint(mailbox_role_from_use("\\Drafts", 3), ==,
			MAILBOX_ROLE_NONE);
}

static void
test_role_names(void)
{
	g_assert_cmpstr(mailbox_role_name(MAILBOX_ROLE_FOLLOWUP), ==,
			"followup");
	g_assert_cmpstr(mailbox_role_name(MAILBOX_ROLE_INBOX), ==, "inbox");
	g_assert_null(mailbox_role_name(MAILBOX_ROLE_NONE));
	g_assert_null(mailbox_role_name(MAILBOX_ROLE_IMPORTANT));
	g_assert_null(mailbox_role_name((MailboxRole)99));
}

static void
test_equal(void)
{
	g_assert_true(mailbox_name_equal("INBOX", "inbox"));
	g_assert_true(mailbox_name_equal("a", "a"));
	g_assert_false(mailbox_name_equal("a", "A"));
	g_assert_false(mailbox_name_equal("INBOX", "INBOX/x"));
	g_assert_false(mailbox_name_equal("a", "INBOX"));
}

static void
test_copy(void)
{
	g_autoptr(Mailbox) mailbox = mailbox_new("Gr\xc3\xbc", "Gr&APw-", '/');
	g_autoptr(Mailbox) copy = NULL;

	g_assert_cmpuint(mailbox->total, ==, MAILBOX_UNKNOWN);
	mailbox->role = MAILBOX_ROLE_SENT;
	copy = mailbox_copy(mailbox);
	mailbox_free(g_steal_pointer(&mailbox));
	g_assert_cmpstr(copy->name, ==, "Gr\xc3\xbc");
	g_assert_cmpstr(copy->wire, ==, "Gr&APw-");
	g_assert_cmpint(copy->role, ==, MAILBOX_ROLE_SENT);
	mailbox_free(NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/mailbox/from-name", test_from_name);
	g_test_add_func("/model/mailbox/from-use", test_from_use);
	g_test_add_func("/model/mailbox/role-names", test_role_names);
	g_test_add_func("/model/mailbox/equal", test_equal);
	g_test_add_func("/model/mailbox/copy", test_copy);
	return g_test_run();
}
