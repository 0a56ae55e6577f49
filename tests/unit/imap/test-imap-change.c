/* test-imap-change.c - STORE, COPY, MOVE, EXPUNGE, APPEND, and their codes */
#include "test-server.h"

#include <string.h>

#define ALL "MOVE UIDPLUS CONDSTORE LITERAL+"

static Client *
opened(const char *capabilities, const char *script)
{
	g_autofree char *whole = g_strconcat(
	    "> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\n"
	    "< AUTHENTICATE *\n> $T OK [CAPABILITY IMAP4rev1 ",
	    capabilities, "] in\n" CLIENT_OPEN, script, NULL);
	Client *client = client_new(whole);

	client_login(client);
	client_open(client);
	return client;
}

/* ---- STORE ---- */

static void
test_store(void)
{
	Client *client = opened(
	    ALL, "< UID STORE 1:3,7 +FLAGS.SILENT (\\\\Seen \\\\Deleted $Junk "
		 "kw)\n> $T OK\n"
		 "< UID STORE 5 -FLAGS.SILENT (\\\\Flagged)\n"
		 "> * 3 FETCH (FLAGS (\\Seen))\n> $T OK [ALERT] careful\n"
		 "< UID STORE 1:3 (UNCHANGEDSINCE 9) +FLAGS.SILENT "
		 "(\\\\Seen)\n> $T OK [MODIFIED 2:3] some\n"
		 "< UID STORE 1:3 (UNCHANGEDSINCE 9) +FLAGS.SILENT "
		 "(\\\\Seen)\n> $T OK [MODIFIED 2:x] some\n"
		 "< UID STORE 5 +FLAGS.SILENT *\n> $T NO [OVERQUOTA] full\n");
	g_auto(MailFlags) flags =
	    mail_flags_parse("\\Seen \\Deleted $Junk kw", -1);
	g_auto(MailFlags) flagged = mail_flags_parse("\\Flagged", -1);
	g_auto(MailFlags) seen = mail_flags_parse("\\Seen", -1);
	g_autoptr(UidSet) some = uids("1:3,7");
	g_autoptr(UidSet) one = uids("5");
	g_autoptr(UidSet) three = uids("1:3");
	g_autoptr(UidSet) modified = NULL;
	g_autoptr(UidSet) unreadable = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *alert = NULL;

	g_assert_true(imap_session_store(client->session, some, true, &flags, 0,
					 NULL, &error));
	g_assert_true(imap_session_store(client->session, one, false, &flagged,
					 0, NULL, &error));
	alert = imap_session_take_alert(client->session);
	g_assert_cmpstr(alert, ==, "careful");
	g_assert_null(imap_session_take_alert(client->session));
	g_assert_true(imap_session_store(client->session, three, true, &seen, 9,
					 &modified, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(uid_set_count(modified), ==, 2);
	g_assert_true(imap_session_store(client->session, three, true, &seen, 9,
					 &unreadable, &error));
	g_assert_true(uid_set_is_empty(unreadable));
	g_assert_false(imap_session_store(client->session, one, true, &seen, 0,
					  NULL, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
	g_assert_cmpint(imap_session_answer(client->session), ==,
			IMAP_ANSWER_USER);
	client_free(client);
}

/* Sets with many holes go out in pieces that servers' lines can hold. */
static void
test_store_pieces(void)
{
	Client *client = opened(ALL, "< UID STORE 1,3,*,599 +FLAGS*\n> $T OK\n"
				     "< UID STORE 601,*,1199 +FLAGS*\n> $T OK\n"
				     "< UID STORE 1201 +FLAGS*\n> $T NO no\n");
	g_autoptr(UidSet) set = uid_set_new();
	g_auto(MailFlags) seen = mail_flags_parse("\\Seen", -1);
	g_autoptr(GError) error = NULL;

	for (guint32 i = 1; i <= 1201; i += 2)
		uid_set_add(set, i);
	g_assert_false(imap_session_store(client->session, set, true, &seen, 0,
					  NULL, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
	client_free(client);
}

/* ---- COPY and MOVE ---- */

static const struct {
	const char *what;
	const char *reply;
	const char *pairs; /* "validity from>to ..." */
} copy_cases[] = {
    {"told", "> $T OK [COPYUID 9 10,20:21 5:7] x\n", "9 10>5 20>6 21>7"},
    {"in the server's order", "> $T OK [COPYUID 9 21,10 5,4] x\n",
     "9 21>5 10>4"},
    {"untagged, as with MOVE",
     "> * OK [COPYUID 9 10 5] x\n> * 1 EXPUNGE\n> $T OK\n", "9 10>5"},
    {"not told", "> $T OK\n", "0"},
    {"unequal", "> $T OK [COPYUID 9 10,20 5] x\n", "0"},
    {"everything", "> $T OK [COPYUID 9 1:4294967295 1:4294967295] x\n", "0"},
    {"a star", "> $T OK [COPYUID 9 10:* 5:*] x\n", "0"},
    {"the wrong way round", "> $T OK [COPYUID 9 21:20 6:5] x\n", "0"},
    {"not ours", "> $T OK [COPYUID 9 10,99 5:6] x\n", "9 10>5"},
    {"one twice", "> $T OK [COPYUID 9 10,10 5:6] x\n", "0"},
    {"two at one place", "> $T OK [COPYUID 9 10,20 5,5] x\n", "0"},
    {"UID 0", "> $T OK [COPYUID 9 10 0] x\n", "0"},
    {"validity 0", "> $T OK [COPYUID 0 10 5] x\n", "0"},
    {"overflow", "> $T OK [COPYUID 4294967301 10 5] x\n", "0"},
    {"cut", "> $T OK [COPYUID 9 10] x\n", "0"},
    {"strings", "> $T OK [COPYUID 9 \"10\" \"5\"] x\n", "0"},
};

static void
test_copy(void)
{
	for (guint i = 0; i < 2 * G_N_ELEMENTS(copy_cases); i++) {
		bool move = i % 2;
		g_autofree char *script =
		    g_strconcat(move ? "< UID MOVE 10,20:21 Archive\n"
				     : "< UID COPY 10,20:21 Archive\n",
				copy_cases[i / 2].reply, NULL);
		Client *client = opened(ALL, script);
		g_autoptr(UidSet) some = uids("10,20:21");
		g_auto(ImapCopied) copied = {0};
		g_autoptr(GError) error = NULL;
		g_autoptr(GString) text = g_string_new(NULL);

		g_test_message("%s", copy_cases[i / 2].what);
		if (move)
			imap_session_move(client->session, some, "Archive",
					  &copied, &error);
		else
			imap_session_copy(client->session, some, "Archive",
					  &copied, &error);
		g_assert_no_error(error);
		g_string_printf(text, "%u", copied.uid_validity);
		for (guint k = 0; copied.from != NULL && k < copied.from->len;
		     k++)
			g_string_append_printf(
			    text, " %u>%u",
			    g_array_index(copied.from, guint32, k),
			    g_array_index(copied.to, guint32, k));
		g_assert_cmpstr(text->str, ==, copy_cases[i / 2].pairs);
		client_free(client);
	}
}

/* Codes of another command are nobody's (IMAP-10). */
static void
test_stray_codes(void)
{
	Client *client =
	    opened(ALL, "< NOOP\n> * OK [COPYUID 9 10 5] x\n"
			"> $T OK [APPENDUID 9 77] x\n"
			"< UID COPY 10 Archive\n> $T OK\n"
			"< APPEND \"Drafts\" () {2+}\n* 2\n= \n> $T OK\n");
	g_autoptr(UidSet) one = uids("10");
	g_autoptr(GBytes) text = g_bytes_new_static("hi", 2);
	g_auto(ImapCopied) copied = {0};
	MailFlags none = {0};
	guint32 validity = 1, uid = 1;

	g_assert_true(imap_session_noop(client->session, NULL));
	g_assert_true(
	    imap_session_copy(client->session, one, "Archive", &copied, NULL));
	g_assert_cmpuint(copied.uid_validity, ==, 0);
	g_assert_true(imap_session_append(client->session, "Drafts", &none, 0,
					  text, &validity, &uid, NULL));
	g_assert_cmpuint(validity, ==, 0);
	g_assert_cmpuint(uid, ==, 0);
	client_free(client);
}

static void
test_try_create(void)
{
	Client *client = opened(
	    ALL, "< UID COPY 10 new\n> $T NO [TRYCREATE] no such mailbox\n"
		 "< UID EXPUNGE 10\n> $T NO not now\n");
	g_autoptr(UidSet) one = uids("10");
	g_auto(ImapCopied) copied = {0};
	g_autoptr(GError) error = NULL;

	g_assert_false(
	    imap_session_copy(client->session, one, "new", &copied, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_REFUSED);
	g_assert_nonnull(strstr(error->message, "no such mailbox"));
	g_assert_cmpint(imap_session_answer(client->session), ==,
			IMAP_ANSWER_GONE);
	g_assert_true(imap_session_wants_create(client->session));
	g_clear_error(&error);
	g_assert_false(imap_session_expunge(client->session, one, &error));
	g_assert_cmpint(imap_session_answer(client->session), ==,
			IMAP_ANSWER_NO);
	g_assert_false(imap_session_wants_create(client->session));
	client_free(client);
}

static void
test_unsupported(void)
{
	Client *client = opened("", "");
	g_autoptr(UidSet) one = uids("10");
	g_auto(ImapCopied) copied = {0};
	g_autoptr(GError) error = NULL;

	g_assert_false(
	    imap_session_move(client->session, one, "x", &copied, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_UNSUPPORTED);
	g_clear_error(&error);
	/* never a bare EXPUNGE */
	g_assert_false(imap_session_expunge(client->session, one, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_UNSUPPORTED);
	client_free(client);
}

/* ---- APPEND ---- */

static const struct {
	const char *what;
	const char *capabilities;
	const char *script;
	gsize size;
	int code; /* -1: appended */
	guint32 validity, uid;
} append_cases[] = {
    {"at once", "LITERAL+",
     "< APPEND \"Drafts\" (\\\\Draft) \"24-Nov-2026 14:02:11 +0000\" {5+}\n"
     "* 5\n= \n> $T OK [APPENDUID 7 42] x\n",
     5, -1, 7, 42},
    {"large, at once", "LITERAL+",
     "< APPEND *{100000+}\n* 100000\n= \n> $T OK\n", 100000, -1, 0, 0},
    {"asked for", "", "< APPEND *{5}\n> + go on\n* 5\n= \n> $T OK\n", 5, -1, 0,
     0},
    {"small, LITERAL-", "LITERAL-", "< APPEND *{5+}\n* 5\n= \n> $T OK\n", 5, -1,
     0, 0},
    {"large, LITERAL-", "LITERAL-",
     "< APPEND *{5000}\n> + \n* 5000\n= \n> $T OK\n", 5000, -1, 0, 0},
    {"an empty one", "LITERAL+", "< APPEND *{0+}\n= \n> $T OK\n", 0, -1, 0, 0},
    {"refused before it was sent", "",
     "< APPEND *{5}\n> $T NO [TRYCREATE] no\n< NOOP\n> $T OK\n", 5,
     IMAP_ERROR_REFUSED, 0, 0},
    {"refused after it was sent", "LITERAL+",
     "< APPEND *{5+}\n* 5\n= \n> $T NO [TOOBIG] no\n< NOOP\n> $T OK\n", 5,
     IMAP_ERROR_REFUSED, 0, 0},
    {"an OK to what was not sent", "",
     "< APPEND *{5}\n> $T OK [APPENDUID 7 42] done\n", 5, IMAP_ERROR_PROTOCOL,
     0, 0},
    {"UID 0", "LITERAL+",
     "< APPEND *{5+}\n* 5\n= \n> $T OK [APPENDUID 7 0] x\n", 5, -1, 0, 0},
    {"several UIDs", "LITERAL+",
     "< APPEND *{5+}\n* 5\n= \n> $T OK [APPENDUID 7 42:43] x\n", 5, -1, 0, 0},
    {"overflow", "LITERAL+",
     "< APPEND *{5+}\n* 5\n= \n> $T OK [APPENDUID 7 4294967301] x\n", 5, -1, 0,
     0},
    {"cut", "LITERAL+", "< APPEND *{5+}\n* 5\n! \n", 5, IMAP_ERROR_CONNECTION,
     0, 0},
};

static void
test_append(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(append_cases); i++) {
		Client *client = opened(append_cases[i].capabilities,
					append_cases[i].script);
		gsize size = append_cases[i].size;
		g_autofree char *data = g_strnfill(size, 'm');
		g_autoptr(GBytes) text = g_bytes_new(data, size);
		g_auto(MailFlags) draft = mail_flags_parse("\\Draft", -1);
		g_autoptr(GError) error = NULL;
		guint32 validity = 1, uid = 1;
		bool good;

		g_test_message("%s", append_cases[i].what);
		good = imap_session_append(client->session, "Drafts", &draft,
					   (gint64)1795528931 * G_USEC_PER_SEC,
					   text, &validity, &uid, &error);
		g_assert_true(good == (append_cases[i].code < 0));
		if (good) {
			g_assert_cmpuint(validity, ==,
					 append_cases[i].validity);
			g_assert_cmpuint(uid, ==, append_cases[i].uid);
		} else {
			g_assert_error(error, IMAP_ERROR, append_cases[i].code);
		}
		if (append_cases[i].code == IMAP_ERROR_REFUSED)
			g_assert_true(imap_session_noop(client->session, NULL));
		client_free(client);
	}
}

/* ---- names that would be commands ---- */

static void
test_injection(void)
{
	static const char *const names[] = {
	    "x\"\r\n9 CREATE injected", "x\n", "x\r", "", "gr\xc3\xbc", "\x7f",
	};
	g_autofree char *longest = g_strnfill(MAILBOX_NAME_MAX + 1, 'x');
	g_autoptr(UidSet) one = uids("10");
	g_autoptr(GBytes) text = g_bytes_new_static("hi", 2);
	Client *client = opened(ALL, "< NOOP\n> $T OK\n");
	ImapSession *session = client->session;

	for (guint i = 0; i <= G_N_ELEMENTS(names); i++) {
		const char *name = i < G_N_ELEMENTS(names) ? names[i] : longest;
		g_auto(ImapCopied) copied = {0};
		MailboxState state;
		MailFlags none = {0};
		guint32 validity, uid;
		GError *error = NULL;

#define REFUSED(call)                                                          \
	g_assert_false(call);                                                  \
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_INVALID);                 \
	g_clear_error(&error)
		REFUSED(imap_session_create(session, name, &error));
		REFUSED(imap_session_delete(session, name, &error));
		REFUSED(imap_session_rename(session, name, "x", &error));
		REFUSED(imap_session_rename(session, "x", name, &error));
		REFUSED(imap_session_subscribe(session, name, true, &error));
		REFUSED(imap_session_subscribe(session, name, false, &error));
		REFUSED(imap_session_status(session, name, &state, &error));
		REFUSED(imap_session_copy(session, one, name, &copied, &error));
		REFUSED(imap_session_move(session, one, name, &copied, &error));
		REFUSED(imap_session_append(session, name, &none, 0, text,
					    &validity, &uid, &error));
	}
	/* nothing of it went out: the next line is this one */
	g_assert_true(imap_session_noop(session, NULL));
	client_free(client);
}

/* What SELECT cannot quote goes as a literal: no line of its own. */
static void
test_select_any_name(void)
{
	Client *client = client_new(CLIENT_LOGIN_WITH(
	    "LITERAL+") "< SELECT {6+}\n* 6\n= \n> * 3 EXISTS\n> $T OK\n"
			"< SELECT \"q\\\\\"\\\\\\\\\"\n> * 3 EXISTS\n"
			"> $T OK\n");
	ImapKnown known = {0};
	MailboxState state;
	g_autoptr(GError) error = NULL;

	client_login(client);
	imap_session_open(client->session, "x\r\n9 y", &known, &state, &error);
	g_assert_no_error(error);
	imap_session_open(client->session, "q\"\\", &known, &state, &error);
	g_assert_no_error(error);
	client_free(client);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/change/store", test_store);
	g_test_add_func("/imap/change/store-pieces", test_store_pieces);
	g_test_add_func("/imap/change/copy", test_copy);
	g_test_add_func("/imap/change/stray-codes", test_stray_codes);
	g_test_add_func("/imap/change/try-create", test_try_create);
	g_test_add_func("/imap/change/unsupported", test_unsupported);
	g_test_add_func("/imap/change/append", test_append);
	g_test_add_func("/imap/change/injection", test_injection);
	g_test_add_func("/imap/change/select-any-name", test_select_any_name);
	return g_test_run();
}
