/* test-imap-login.c - greeting, capabilities, methods of login, the trace */
#include "test-server.h"

#include <pthread.h>
#include <string.h>

#include <glib/gstdio.h>

#define READY "> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\n"
#define PLAIN "< AUTHENTICATE PLAIN AGFsaWNlAHBhc3N3b3Jk\n"

static const struct {
	const char *what;
	const char *script;
	int connect;      /* -1: it must work */
	int login;        /* -1: it must work; -2: not tried */
	const char *text; /* of the error */
} cases[] = {
    {"the usual", READY PLAIN "> $T OK [CAPABILITY IMAP4rev1 IDLE] in\n", -1,
     -1, NULL},
    {"capabilities are asked for where they are not told",
     "> * OK ready\n"
     "< CAPABILITY\n> * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\n> $T "
     "OK\n" PLAIN "> $T OK in\n"
     "< CAPABILITY\n> * CAPABILITY IMAP4rev1 IDLE\n> $T OK\n",
     -1, -1, NULL},
    {"an OK without the data",
     "> * OK ready\n< CAPABILITY\n> $T OK\n"
     "< LOGIN \"alice\" \"password\"\n> $T OK\n"
     "< CAPABILITY\n> $T OK\n",
     -1, -1, NULL},
    {"bare words",
     "> * OK\n< CAPABILITY\n> $T OK\n"
     "< LOGIN *\n> $T OK\n< CAPABILITY\n> $T OK\n",
     -1, -1, NULL},
    {"a PERMANENTFLAGS in the greeting",
     "> * OK [PERMANENTFLAGS ()] x\n< CAPABILITY\n> $T OK\n"
     "< LOGIN *\n> $T OK\n< CAPABILITY\n> $T OK\n",
     -1, -1, NULL},
    {"PLAIN in two steps",
     "> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\n"
     "< AUTHENTICATE PLAIN\n> + \n= AGFsaWNlAHBhc3N3b3Jk\n"
     "> $T OK [CAPABILITY IMAP4rev1] in\n",
     -1, -1, NULL},
    {"a challenge in plain words",
     "> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\n"
     "< AUTHENTICATE PLAIN\n> + go ahead!\n= AGFsaWNlAHBhc3N3b3Jk\n"
     "> $T OK [CAPABILITY IMAP4rev1] in\n",
     -1, -1, NULL},
    {"AUTH=LOGIN",
     "> * OK [CAPABILITY IMAP4rev1 AUTH=LOGIN LOGINDISABLED] ready\n"
     "< AUTHENTICATE LOGIN\n> + VXNlcm5hbWU6\n= YWxpY2U=\n"
     "> + UGFzc3dvcmQ6\n= cGFzc3dvcmQ=\n"
     "> $T OK [CAPABILITY IMAP4rev1] in\n",
     -1, -1, NULL},
    {"CRAM-MD5",
     "> * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] ready\n"
     "< AUTHENTICATE CRAM-MD5\n> + PDFAeD4=\n= YWxpY2Ug*\n"
     "> $T OK [CAPABILITY IMAP4rev1] in\n",
     -1, -1, NULL},
    {"only what cannot be used",
     "> * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI] ready\n", -1,
     IMAP_ERROR_LOGIN, "no login method"},
    /* ---- who says no, and what it means ---- */
    {"a wrong password", READY PLAIN "> $T NO [AUTHENTICATIONFAILED] wrong\n",
     -1, IMAP_ERROR_LOGIN, "wrong"},
    {"a NO without words", READY PLAIN "> $T NO\n", -1, IMAP_ERROR_LOGIN,
     "refused"},
    {"a BAD", READY PLAIN "> $T BAD what\n", -1, IMAP_ERROR_LOGIN, "what"},
    {"not now", READY PLAIN "> $T NO [UNAVAILABLE] later\n", -1,
     IMAP_ERROR_CONNECTION, "later"},
    {"in use", READY PLAIN "> $T NO [INUSE] busy\n", -1, IMAP_ERROR_CONNECTION,
     "busy"},
    {"a referral leads nowhere",
     READY PLAIN "> $T NO [REFERRAL IMAP://;AUTH=*@attacker:243/] elsewhere\n",
     -1, IMAP_ERROR_LOGIN, "elsewhere"},
    {"a goodbye", READY PLAIN "> * BYE overloaded\n! \n", -1,
     IMAP_ERROR_CONNECTION, "overloaded"},
    {"cut", READY PLAIN "! \n", -1, IMAP_ERROR_CONNECTION, NULL},
    {"a greeting that sends us away", "> * BYE [UNAVAILABLE] too many\n! \n",
     IMAP_ERROR_CONNECTION, -2, "too many"},
    {"no greeting", "! \n", IMAP_ERROR_CONNECTION, -2, NULL},
    {"a greeting that is none", "> * NO go away\n", IMAP_ERROR_PROTOCOL, -2,
     "no IMAP"},
    {"data before the greeting", "> * 3 EXISTS\n", IMAP_ERROR_PROTOCOL, -2,
     "no IMAP"},
    {"silence", "~ 900\n", IMAP_ERROR_CONNECTION, -2, "in time"},
};

static void
run_case(guint i)
{
	Client *client = client_new(cases[i].script);
	int wanted = cases[i].connect < 0 ? cases[i].login : cases[i].connect;
	g_autoptr(GError) error = NULL;
	bool good;

	g_test_message("%s", cases[i].what);
	good = imap_session_connect(client->session, &error);
	g_assert_true(good == (cases[i].connect < 0));
	if (good) {
		good = imap_session_login(client->session, client->password,
					  &error);
		g_assert_true(good == (cases[i].login < 0));
	}
	if (good)
		g_assert_no_error(error);
	else
		g_assert_error(error, IMAP_ERROR, wanted);
	if (cases[i].text != NULL)
		g_assert_nonnull(strstr(error->message, cases[i].text));
	client_free(client);
}

static void
test_cases(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		run_case(i);
}

/* The session lives on after a wrong password. */
static void
test_again(void)
{
	Client *client =
	    client_new(READY PLAIN "> $T NO wrong\n" PLAIN
				   "> $T OK [CAPABILITY IMAP4rev1 X] in\n");
	g_autoptr(GError) error = NULL;

	g_assert_true(imap_session_connect(client->session, &error));
	g_assert_false(
	    imap_session_login(client->session, client->password, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_LOGIN);
	g_clear_error(&error);
	g_assert_true(
	    imap_session_login(client->session, client->password, &error));
	g_assert_no_error(error);
	g_assert_true(imap_session_has(client->session, "X"));
	client_free(client);
}

/* What was said before login does not count after it. */
static void
test_capabilities(void)
{
	static const char *const disabled[] = {"move", "X-ODD", NULL};
	Client *client = client_new(
	    "> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR OLD] ready\n" PLAIN
	    "> $T OK [CAPABILITY IMAP4rev1 idle MOVE X-ODD UNSELECTX] in\n");

	client->settings.disabled = disabled;
	client_login(client);
	g_assert_true(imap_session_has(client->session, "IDLE"));
	g_assert_false(imap_session_has(client->session, "OLD"));
	g_assert_false(imap_session_has(client->session, "AUTH=PLAIN"));
	g_assert_false(imap_session_has(client->session, "MOVE"));
	g_assert_false(imap_session_has(client->session, "X-ODD"));
	g_assert_false(imap_session_has(client->session, "UNSELECT"));
	g_assert_cmpstr(imap_session_method(client->session), ==, "PLAIN");
	client_free(client);
}

static void
test_preauth(void)
{
	Client *client =
	    client_new("> * PREAUTH [CAPABILITY IMAP4rev1] in already\n");
	g_autoptr(GError) error = NULL;

	g_assert_true(imap_session_connect(client->session, &error));
	g_assert_true(imap_session_is_preauth(client->session));
	g_assert_true(imap_session_login(client->session, NULL, &error));
	g_assert_cmpstr(imap_session_method(client->session), ==, "PREAUTH");
	client_free(client);
	/* only a greeting can say so */
	client = client_new("> * OK ready\n< CAPABILITY\n> * PREAUTH x\n"
			    "> * CAPABILITY IMAP4rev1\n> $T OK\n");
	g_assert_true(imap_session_connect(client->session, &error));
	g_assert_false(imap_session_is_preauth(client->session));
	g_assert_false(imap_session_login(client->session, NULL, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_LOGIN);
	client_free(client);
}

/* Nothing secret may go out in clear where TLS was asked for. */
static void
test_start_tls(void)
{
	static const struct {
		const char *script;
		ImapError code;
	} scripts[] = {
	    {"> * PREAUTH [CAPABILITY IMAP4rev1] in already\n",
	     IMAP_ERROR_UNTRUSTED},
	    {"> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] no TLS here\n"
	     "< STARTTLS\n> $T BAD what\n",
	     IMAP_ERROR_UNTRUSTED},
	    {"> * OK ready\n< STARTTLS\n> $T NO not today\n",
	     IMAP_ERROR_UNTRUSTED},
	    /* what comes with the OK was put there by somebody else */
	    {"> * OK ready\n< STARTTLS\n> $T OK go$N* LIST () \"/\" evil\n",
	     IMAP_ERROR_UNTRUSTED},
	    {"> * OK ready\n< STARTTLS\n> $T OK go$N* 1\\\n",
	     IMAP_ERROR_UNTRUSTED},
	    {"> * OK ready\n< STARTTLS\n> * BYE gone\n! \n",
	     IMAP_ERROR_CONNECTION},
	};

	for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
		Client *client = client_new(scripts[i].script);
		g_autofree char *log = NULL;
		g_autofree char *failure = NULL;
		g_autoptr(GError) error = NULL;

		client->settings.security = IMAP_SECURITY_STARTTLS;
		g_assert_false(imap_session_connect(client->session, &error));
		g_assert_error(error, IMAP_ERROR, (int)scripts[i].code);
		imap_session_free(client->session);
		failure = server_end(client->server, &log);
		g_assert_cmpstr(failure, ==, NULL);
		g_assert_null(strstr(log, "AUTHENTICATE"));
		g_assert_null(strstr(log, "LOGIN"));
		secret_free(client->password);
		g_free(client);
	}
}

/* ---- SCRAM ---- */

#define SCRAM "> * OK [CAPABILITY IMAP4rev1 AUTH=SCRAM-SHA-256 SASL-IR] x\n"

static void
test_scram_unproved(void)
{
	static const struct {
		const char *script;
		const char *text;
	} scripts[] = {
	    /* OK without the server's proof */
	    {SCRAM "< AUTHENTICATE SCRAM-SHA-256 *\n"
		   "> $T OK [CAPABILITY IMAP4rev1] welcome\n",
	     "skipped"},
	    /* a nonce that is not ours */
	    {SCRAM "< AUTHENTICATE SCRAM-SHA-256 *\n"
		   "> + cj14LHM9QUFBQSxpPTQwOTY=\n= [*]\n> $T BAD x\n",
	     "does not prove"},
	    {SCRAM "< AUTHENTICATE SCRAM-SHA-256 *\n"
		   "> + !!!!\n= [*]\n> $T BAD x\n",
	     "does not prove"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
		Client *client = client_new(scripts[i].script);
		g_autoptr(GError) error = NULL;

		g_assert_true(imap_session_connect(client->session, &error));
		g_assert_false(imap_session_login(client->session,
						  client->password, &error));
		g_assert_error(error, IMAP_ERROR, IMAP_ERROR_UNTRUSTED);
		g_assert_nonnull(strstr(error->message, scripts[i].text));
		client_free(client);
	}
}

/* The whole exchange; the server's signature decides, not its OK. */
static void
test_scram(void)
{
	static const struct {
		const char *begin;
		const char *end;
		bool good;
	} scripts[] = {
	    {SCRAM "S right\n", "> $T OK [CAPABILITY IMAP4rev1 X] in\n", true},
	    {SCRAM "S wrong\n", "> $T OK [CAPABILITY IMAP4rev1 X] in\n", false},
	    {SCRAM "S wrong\n", "> $T BAD cancelled\n", false},
	    /* without SASL-IR: the first message behind an empty challenge */
	    {"> * OK [CAPABILITY IMAP4rev1 AUTH=SCRAM-SHA-256] x\n"
	     "< AUTHENTICATE SCRAM-SHA-256\n> + \nS right\n",
	     "> $T OK [CAPABILITY IMAP4rev1 X] in\n", true},
	};

	for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autofree char *script =
		    g_strconcat(scripts[i].begin, scripts[i].end, NULL);
		Client *client = client_new(script);
		g_autoptr(GError) error = NULL;
		bool good;

		g_assert_true(imap_session_connect(client->session, &error));
		good = imap_session_login(client->session, client->password,
					  &error);
		g_assert_true(good == scripts[i].good);
		if (good) {
			g_assert_no_error(error);
			g_assert_true(imap_session_has(client->session, "X"));
			g_assert_cmpstr(imap_session_method(client->session),
					==, "SCRAM-SHA-256");
		} else {
			g_assert_error(error, IMAP_ERROR, IMAP_ERROR_UNTRUSTED);
			g_assert_nonnull(
			    strstr(error->message, "does not prove"));
		}
		client_free(client);
	}
}

/* ---- LOGIN, the command ---- */

static void
test_login_command(void)
{
	static const struct {
		const char *password;
		const char *script;
	} scripts[] = {
	    {"a\"b\\c", "< LOGIN \"alice\" \"a\\\\\"b\\\\\\\\c\"\n> $T OK\n"},
	    {"gr\xc3\xbc", "< LOGIN \"alice\" {4}\n> + \n* 4\n= \n> $T OK\n"},
	    {"a\r\nb", "< LOGIN \"alice\" {4}\n> + \n* 4\n= \n> $T OK\n"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autofree char *script = g_strconcat(
		    "> * OK [CAPABILITY IMAP4rev1] x\n", scripts[i].script,
		    "< CAPABILITY\n> $T OK\n", NULL);
		Client *client = client_new(script);

		secret_free(client->password);
		client->password = secret_new(scripts[i].password, -1);
		client_login(client);
		g_assert_cmpstr(imap_session_method(client->session), ==,
				"LOGIN command");
		client_free(client);
	}
}

/* A server that refuses the literal ends the command, not the session. */
static void
test_login_literal_refused(void)
{
	Client *client = client_new("> * OK [CAPABILITY IMAP4rev1] x\n"
				    "< LOGIN \"alice\" {4}\n> $T BAD no\n"
				    "< LOGIN \"alice\" \"plain\"\n> $T OK\n"
				    "< CAPABILITY\n> $T OK\n");
	g_autoptr(GError) error = NULL;

	secret_free(client->password);
	client->password = secret_new("gr\xc3\xbc", -1);
	g_assert_true(imap_session_connect(client->session, &error));
	g_assert_false(
	    imap_session_login(client->session, client->password, &error));
	g_assert_nonnull(error);
	g_clear_error(&error);
	secret_free(client->password);
	client->password = secret_new("plain", -1);
	g_assert_true(
	    imap_session_login(client->session, client->password, &error));
	client_free(client);
}

/* ---- the trace ---- */

static void
test_trace(void)
{
	static const char *const scripts[] = {
	    (READY PLAIN "> $T OK [CAPABILITY IMAP4rev1] in\n"),
	    ("> * OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] ready\n"
	     "< AUTHENTICATE LOGIN\n> + VXNlcm5hbWU6\n= YWxpY2U=\n"
	     "> + UGFzc3dvcmQ6\n= cGFzc3dvcmQ=\n"
	     "> $T OK [CAPABILITY IMAP4rev1] in\n"),
	    "> * OK [CAPABILITY IMAP4rev1] x\n"
	    "< LOGIN \"alice\" \"password\"\n> $T OK [CAPABILITY IMAP4rev1]\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autofree char *folder =
		    g_dir_make_tmp("pennon-trace-XXXXXX", NULL);
		g_autofree char *path = g_build_filename(folder, "t", NULL);
		g_autofree char *text = NULL;
		Client *client = client_new(scripts[i]);

		client->settings.trace = path;
		client_login(client);
		client_free(client);
		g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
		g_assert_nonnull(strstr(text, "<secret>"));
		g_assert_nonnull(strstr(text, "CAPABILITY IMAP4rev1"));
		g_assert_null(strstr(text, "password"));
		g_assert_null(strstr(text, "cGFzc3dvcmQ"));
		g_assert_null(strstr(text, "AGFsaWNl"));
		g_assert_null(strstr(text, "UGFzc3dvcmQ6"));
		g_assert_null(strstr(text, "rides"));
		g_unlink(path);
		g_rmdir(folder);
	}
}

/* ---- time ---- */

/* A byte now and then does not make a greeting. */
static void
test_dripping_greeting(void)
{
	GString *script = g_string_new(NULL);
	Client *client;
	g_autoptr(GError) error = NULL;
	gint64 start = g_get_monotonic_time();

	for (guint i = 0; i < 16; i++)
		g_string_append(script, "> x\\\n~ 50\n");
	client = client_new(script->str);
	client->settings.timeout_scale = 0.02;
	g_assert_false(imap_session_connect(client->session, &error));
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_CONNECTION);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 600000);
	client_free_any(client);
	g_string_free(script, TRUE);
}

static void *
cancel_soon(void *user)
{
	g_usleep(60000);
	imap_session_cancel(user);
	return NULL;
}

static void
test_cancel(void)
{
	Client *client = client_new(READY PLAIN "~ 300\n");
	g_autoptr(GError) error = NULL;
	gint64 start = g_get_monotonic_time();
	pthread_t thread;

	g_assert_true(imap_session_connect(client->session, &error));
	pthread_create(&thread, NULL, cancel_soon, client->session);
	g_assert_false(
	    imap_session_login(client->session, client->password, &error));
	g_assert_cmpint(g_get_monotonic_time() - start, <, 150000);
	pthread_join(thread, NULL);
	g_assert_error(error, IMAP_ERROR, IMAP_ERROR_CANCELLED);
	client_free(client);
}

static void
test_logout(void)
{
	Client *client =
	    client_new(CLIENT_LOGIN "< LOGOUT\n> * BYE\n> $T OK\n! \n");
	gint64 start;

	client_login(client);
	imap_session_logout(client->session);
	imap_session_logout(client->session);
	client_free(client);
	/* one that does not answer, and one that is in IDLE */
	client = client_new(CLIENT_LOGIN_WITH("IDLE") "< IDLE\n> + go\n= DONE\n"
						      "> $T OK\n< LOGOUT\n"
						      "~ 1100\n");
	client_login(client);
	g_assert_true(imap_session_idle(client->session, NULL));
	start = g_get_monotonic_time();
	imap_session_logout(client->session);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 1200000);
	client_free(client);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/login/cases", test_cases);
	g_test_add_func("/imap/login/again", test_again);
	g_test_add_func("/imap/login/capabilities", test_capabilities);
	g_test_add_func("/imap/login/preauth", test_preauth);
	g_test_add_func("/imap/login/start-tls", test_start_tls);
	g_test_add_func("/imap/login/scram-unproved", test_scram_unproved);
	g_test_add_func("/imap/login/scram", test_scram);
	g_test_add_func("/imap/login/command", test_login_command);
	g_test_add_func("/imap/login/literal-refused",
			test_login_literal_refused);
	g_test_add_func("/imap/login/trace", test_trace);
	g_test_add_func("/imap/login/dripping-greeting",
			test_dripping_greeting);
	g_test_add_func("/imap/login/cancel", test_cancel);
	g_test_add_func("/imap/login/logout", test_logout);
	return g_test_run();
}
