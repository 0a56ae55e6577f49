/* test-imap-folders.c - the folder list, STATUS, folder changes */
#include "test-server.h"

#include <string.h>

#define EXTENDED                                                               \
	CLIENT_LOGIN_WITH("LIST-EXTENDED LIST-STATUS SPECIAL-USE CONDSTORE")

static char *
list_text(Client *client)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) listed =
	    imap_session_list(client->session, &error);
	GString *text = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < listed->len; i++) {
		const ImapListed *item = g_ptr_array_index(listed, i);
		const Mailbox *box = item->mailbox;
		const char *role = mailbox_role_name(box->role);

		g_string_append_printf(text, "%s%s", i > 0 ? " | " : "",
				       box->name);
		if (strcmp(box->name, box->wire) != 0)
			g_string_append_printf(text, "(%s)", box->wire);
		if (box->delimiter != '\0')
			g_string_append_printf(text, " %c", box->delimiter);
		if (role != NULL)
			g_string_append_printf(text, " %s", role);
		if (box->attrs & MAILBOX_ATTR_SUBSCRIBED)
			g_string_append(text, " sub");
		if (box->attrs & MAILBOX_ATTR_NOSELECT)
			g_string_append(text, " noselect");
		if (item->has_status)
			g_string_append_printf(text, " %u/%d",
					       item->status.exists,
					       (int)item->status.unseen);
	}
	return g_string_free(text, FALSE);
}

static void
test_extended(void)
{
	Client *client = client_new(
	    EXTENDED
	    "< LIST \"\" \"\\*\" RETURN (SUBSCRIBED SPECIAL-USE STATUS "
	    "(MESSAGES "
	    "UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ))\n"
	    "> * LIST (\\Subscribed \\HasNoChildren) \"/\" inbox\n"
	    "> * STATUS INBOX (MESSAGES 5 UIDNEXT 9 UNSEEN 2 UIDVALIDITY 1)\n"
	    "> * LIST (\\SENT \\Subscribed) \"/\" {10}$NGesendet/x "
	    "(\"CHILDINFO\" "
	    "(\"SUBSCRIBED\"))\n"
	    "> * LIST (\\NonExistent) \"/\" \"a\\\"b\"\n"
	    "> * STATUS Gesendet/x (MESSAGES 1 X (1 (2)) UNSEEN 99999999999)\n"
	    "> * STATUS unknown (MESSAGES 1)\n> * STATUS a (MESSAGES\n"
	    "> $T OK\n");
	g_autofree char *text = NULL;

	client_login(client);
	text = list_text(client);
	g_assert_cmpstr(text, ==,
			"INBOX / inbox sub 5/2 | Gesendet/x / sent sub 1/-1 | "
			"a\"b / noselect");
	client_free(client);
}

static void
test_plain(void)
{
	Client *client = client_new(
	    CLIENT_LOGIN
	    "< LIST \"\" \"\\*\"\n"
	    "> * LIST () \".\" INBOX\n> * LIST (\\) \".\" INBOX.a\n"
	    "> * LIST () NIL flat\n> $T OK\n"
	    "< LSUB \"\" \"\\*\"\n> * LSUB () \".\" INBOX.a\n> $T OK\n"
	    /* none is subscribed: the server keeps none */
	    "< LIST \"\" *\n> * LIST () \"/\" a\n> $T OK\n"
	    "< LSUB \"\" *\n> $T OK\n");
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	client_login(client);
	first = list_text(client);
	g_assert_cmpstr(first, ==, "INBOX . inbox | INBOX.a . sub | flat");
	second = list_text(client);
	g_assert_cmpstr(second, ==, "a / sub");
	client_free(client);
}

static const struct {
	const char *line;
	const char *text; /* "" : left out */
} odd_cases[] = {
    {"() \"/\" \"Entw&APw-rfe\"", "Entw\xc3\xbcrfe(Entw&APw-rfe) / sub"},
    {"() \"/\" a&b", "=a&b(a&b) / sub"},
    {"() \"/\" Entw\xc3\xbcrfe", "=Entw\xc3\xbcrfe(Entw\xc3\xbcrfe) / sub"},
    {"() \"/\" ../../x", "../../x / sub"},
    {"() \"\\\\\" a", "a \\ sub"},
    {"() / a", "a / sub"},
    {"() \"ab\" a", "a sub"},
    {"() \"\" a", "a sub"},
    {"() NIL NIL", "NIL sub"},
    {"() \"/\" nil", "nil / sub"},
    {"(\\A (x)) \"/\" a", ""},
    {"() \"/\" {4}$Na$Nb", "=a\r\nb(a\r\nb) / sub"},
    {"() \"/\" \"\"", ""},
    {"() \"/\"", ""},
    {"()", ""},
    {"\\x \"/\" a", ""},
    {"() \"/\" (a)", ""},
    {"(", ""},
};

static void
test_odd_lines(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(odd_cases); i++) {
		g_autofree char *script = g_strdup_printf(
		    CLIENT_LOGIN "< LIST *\n> * LIST %s\n> $T OK\n"
				 "< LSUB *\n> $T OK\n",
		    odd_cases[i].line);
		Client *client = client_new(script);
		g_autofree char *text = NULL;

		g_test_message("%s", odd_cases[i].line);
		client_login(client);
		text = list_text(client);
		g_assert_cmpstr(text, ==, odd_cases[i].text);
		client_free(client);
	}
}

/* One name twice, names of 4 KB and more, two names that decode alike. */
static void
test_many_names(void)
{
	g_autofree char *most = g_strnfill(MAILBOX_NAME_MAX, 'x');
	g_autofree char *script = g_strdup_printf(
	    CLIENT_LOGIN "< LIST *\n> * LIST () \"/\" a\n> * LIST () \"/\" a\n"
			 "> * LIST () \"/\" b\n> * LIST () \"/\" &APw-\n"
			 "> * LIST () \"/\" &APx-\n> * LIST () \"/\" %s\n"
			 "> * LIST () \"/\" %sx\n> $T OK\n"
			 "< LSUB *\n> * LSUB () \"/\" b\n> $T OK\n",
	    most, most);
	Client *client = client_new(script);
	g_autofree char *text = NULL;
	g_autofree char *want = g_strdup_printf(
	    "a / | b / sub | \xc3\xbc(&APw-) / | =&APx-(&APx-) / | %s /", most);

	client_login(client);
	text = list_text(client);
	g_assert_cmpstr(text, ==, want);
	client_free(client);
}

static void
test_list_refused(void)
{
	Client *client = client_new(EXTENDED "< LIST *\n> $T NO not now\n");
	g_autoptr(GError) error = NULL;

	client_login(client);
	g_assert_null(imap_session_list(client->session, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
	client_free(client);
}

static void
test_status(void)
{
	static const struct {
		const char *reply;
		bool good;
		guint32 exists, validity;
	} cases[] = {
	    {"> * STATUS \"a b\" (MESSAGES 5 UIDVALIDITY 7)\n> $T OK\n", true,
	     5, 7},
	    {"> * STATUS {3}$Na b (MESSAGES 5 UIDVALIDITY 7)\n> $T OK\n", true,
	     5, 7},
	    {"> * STATUS \"a b\" (MESSAGES x UIDVALIDITY 4294967301)\n> $T "
	     "OK\n",
	     true, 0, 0},
	    {"> * STATUS \"a b\" ()\n> $T OK\n", true, 0, 0},
	    /* an OK that tells nothing is no empty mailbox */
	    {"> $T OK\n", false, 0, 0},
	    {"> * STATUS \"a b\" (MESSAGES 5\n> $T OK\n", false, 0, 0},
	    {"> * STATUS\n> $T OK\n", false, 0, 0},
	    {"> $T NO [NONEXISTENT] gone\n", false, 0, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *script =
		    g_strconcat(CLIENT_LOGIN "< STATUS \"a b\" (MESSAGES "
					     "UIDNEXT UIDVALIDITY UNSEEN)\n",
				cases[i].reply, NULL);
		Client *client = client_new(script);
		g_autoptr(GError) error = NULL;
		MailboxState state = {0};
		bool good;

		client_login(client);
		good =
		    imap_session_status(client->session, "a b", &state, &error);
		g_assert_true(good == cases[i].good);
		g_assert_cmpuint(state.exists, ==, cases[i].exists);
		g_assert_cmpuint(state.uid_validity, ==, cases[i].validity);
		if (!good)
			g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
		client_free(client);
	}
}

static void
test_changes(void)
{
	Client *client =
	    client_new(CLIENT_LOGIN
		       "< CREATE \"a b\"\n> $T OK\n"
		       "< CREATE a\n> $T NO [ALREADYEXISTS] is there\n"
		       "< RENAME a b\n> $T NO [NOPERM] no\n"
		       "< DELETE a\n> $T NO [NONEXISTENT] no\n"
		       "< SUBSCRIBE a\n> $T OK\n< UNSUBSCRIBE a\n> $T BAD x\n");
	ImapSession *session = client->session;

	client_login(client);
	g_assert_true(imap_session_create(session, "a b", NULL));
	g_assert_false(imap_session_create(session, "a", NULL));
	g_assert_cmpint(imap_session_answer(session), ==, IMAP_ANSWER_DONE);
	g_assert_false(imap_session_rename(session, "a", "b", NULL));
	g_assert_cmpint(imap_session_answer(session), ==, IMAP_ANSWER_USER);
	g_assert_false(imap_session_delete(session, "a", NULL));
	g_assert_cmpint(imap_session_answer(session), ==, IMAP_ANSWER_GONE);
	g_assert_true(imap_session_subscribe(session, "a", true, NULL));
	g_assert_false(imap_session_subscribe(session, "a", false, NULL));
	g_assert_cmpint(imap_session_answer(session), ==, IMAP_ANSWER_BUG);
	client_free(client);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/folders/extended", test_extended);
	g_test_add_func("/imap/folders/plain", test_plain);
	g_test_add_func("/imap/folders/odd-lines", test_odd_lines);
	g_test_add_func("/imap/folders/many-names", test_many_names);
	g_test_add_func("/imap/folders/list-refused", test_list_refused);
	g_test_add_func("/imap/folders/status", test_status);
	g_test_add_func("/imap/folders/changes", test_changes);
	return g_test_run();
}
