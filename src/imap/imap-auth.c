/* imap-auth.c - AUTHENTICATE by GNU SASL, or LOGIN; libetpan rides on it */
#include <gsasl.h>
#include <string.h>

#include "imap-session-private.h"
#include "imap-wire-private.h"

#define STEPS_MAX 10u
#define CHALLENGE_MAX 65536u

/* Best first; "auto" takes the first that both sides have. */
static const struct {
	const char *auth;
	const char *mechanism;
} methods[] = {
    {"scram-sha-256", "SCRAM-SHA-256"},
    {"plain", "PLAIN"},
    {"login", "LOGIN"},
    {"cram-md5", "CRAM-MD5"},
};

typedef struct {
	Gsasl *context;
	Gsasl_session *session;
	bool finished; /* our side has nothing more to check */
} Sasl;

static void
sasl_clear(Sasl *sasl)
{
	if (sasl->session != NULL)
		gsasl_finish(sasl->session);
	if (sasl->context != NULL)
		gsasl_done(sasl->context);
	*sasl = (Sasl){0};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sasl, sasl_clear)

static bool
offers(const char *offered, const char *mechanism)
{
	g_autofree char *key = g_strdup_printf(" AUTH=%s ", mechanism);

	return strstr(offered, key) != NULL;
}

/* NULL: LOGIN, the command, is what is left */
static const char *
choose(const ImapSession *session, const char *offered, bool *ret_usable)
{
	const char *wanted = session->settings->auth;
	bool any = wanted == NULL || strcmp(wanted, "auto") == 0;

	*ret_usable = true;
	for (guint i = 0; i < G_N_ELEMENTS(methods); i++)
		if ((any || strcmp(wanted, methods[i].auth) == 0) &&
		    offers(offered, methods[i].mechanism))
			return methods[i].mechanism;
	*ret_usable = (any || strcmp(wanted, "login") == 0) &&
		      strstr(offered, " LOGINDISABLED ") == NULL;
	return NULL;
}

static bool
fail(ImapSession *session, GError **error, ImapError code, const char *why)
{
	g_set_error(error, IMAP_ERROR, code, "%s: %s", session->settings->host,
		    why);
	return false;
}

static bool
start_sasl(Sasl *sasl, ImapSession *session, const char *mechanism,
	   const Secret *password, GError **error)
{
	if (gsasl_init(&sasl->context) != GSASL_OK)
		return fail(session, error, IMAP_ERROR_UNSUPPORTED,
			    "GNU SASL cannot be used");
	if (gsasl_client_start(sasl->context, mechanism, &sasl->session) !=
	    GSASL_OK)
		return fail(session, error, IMAP_ERROR_UNSUPPORTED,
			    "this login method is not supported here");
	gsasl_property_set(sasl->session, GSASL_AUTHID,
			   session->settings->user);
	gsasl_property_set(sasl->session, GSASL_PASSWORD,
			   secret_text(password));
	gsasl_property_set(sasl->session, GSASL_SERVICE, "imap");
	gsasl_property_set(sasl->session, GSASL_HOSTNAME,
			   session->settings->host);
	return true;
}

/* One step: @challenge in base64 in, the answer in base64 out. */
static char *
step(Sasl *sasl, const char *challenge)
{
	char *answer = NULL;
	char *copy = NULL;
	int code = gsasl_step64(sasl->session, challenge, &answer);

	if (code == GSASL_OK)
		sasl->finished = true;
	if (code == GSASL_OK || code == GSASL_NEEDS_MORE)
		copy = g_strdup(answer == NULL ? "" : answer);
	if (answer != NULL) {
		explicit_bzero(answer, strlen(answer));
		gsasl_free(answer);
	}
	return copy;
}

static void
wipe(char *text)
{
	if (text != NULL)
		secret_wipe(text, strlen(text));
	g_free(text);
}

/* Answers challenges until the server has nothing more to ask. */
static bool
converse(ImapSession *session, Sasl *sasl, guint tag, bool client_first,
	 GError **error)
{
	bool first = true;

	for (guint i = 0; i < STEPS_MAX; i++) {
		g_autofree char *challenge = NULL;
		g_autoptr(GError) failure = NULL;
		char *answer;
		bool sent;

		if (!imap_wire_wait_continue(session->wire, tag, &challenge,
					     &failure)) {
			if (failure == NULL)
				return true; /* the tagged answer is there */
			g_propagate_error(error, g_steal_pointer(&failure));
			return false;
		}
		if (strlen(challenge) > CHALLENGE_MAX)
			return fail(session, error, IMAP_ERROR_PROTOCOL,
				    "the login's challenge is out of reason");
		g_strstrip(challenge);
		/* where we begin, some servers say "go on" in plain words */
		if (first && client_first)
			challenge[0] = '\0';
		first = false;
		answer = sasl->finished ? g_strdup("") : step(sasl, challenge);
		if (answer == NULL) {
			/* a wrong signature of the server, or nonsense */
			(void)imap_wire_line(session->wire, "*", false, NULL);
			return fail(session, error, IMAP_ERROR_UNTRUSTED,
				    "the server does not prove that it knows "
				    "the password");
		}
		sent = imap_wire_line(session->wire, answer, true, error);
		wipe(answer);
		if (!sent)
			return false;
	}
	return fail(session, error, IMAP_ERROR_PROTOCOL,
		    "the login asks and asks");
}

/* libetpan learns of the login through a call of its own that is not sent. */
static bool
conclude(ImapSession *session, guint tag, const Sasl *sasl, GError **error)
{
	g_auto(ImapReply) reply = {0};
	int code;

	imap_bridge_ride(session->bridge, tag);
	code = mailimap_login(session->im, "rides", "on-ours");
	imap_bridge_ride(session->bridge, 0);
	if (!imap_wire_wait(session->wire, tag, &reply, error))
		return false;
	if (!imap_session_judge(session, &reply, "login", NULL)) {
		bool later = session->answer == IMAP_ANSWER_LATER;

		g_set_error(error, IMAP_ERROR,
			    later ? IMAP_ERROR_CONNECTION : IMAP_ERROR_LOGIN,
			    "%s: login of %s refused; the server says: %s",
			    session->settings->host, session->settings->user,
			    reply.text);
		return false;
	}
	if (code != MAILIMAP_NO_ERROR)
		return fail(session, error, IMAP_ERROR_PROTOCOL,
			    "the login's answer cannot be read");
	if (sasl != NULL && !sasl->finished)
		return fail(session, error, IMAP_ERROR_UNTRUSTED,
			    "the server skipped a part of the login");
	return true;
}

static bool
by_sasl(ImapSession *session, const char *mechanism, bool initial,
	const Secret *password, GError **error)
{
	g_auto(Sasl) sasl = {0};
	bool client_first = strcmp(mechanism, "LOGIN") != 0 &&
			    strcmp(mechanism, "CRAM-MD5") != 0;
	bool sent = false;
	char *answer = NULL;
	guint tag;

	if (!start_sasl(&sasl, session, mechanism, password, error))
		return false;
	if (client_first && initial) {
		answer = step(&sasl, "");
		if (answer == NULL)
			return fail(session, error, IMAP_ERROR_LOGIN,
				    "user name or password cannot be sent "
				    "this way");
	}
	tag = imap_wire_begin(session->wire, "AUTHENTICATE", NULL, NULL);
	imap_wire_atom(session->wire, mechanism);
	imap_wire_secret(session->wire);
	if (answer != NULL)
		imap_wire_atom(session->wire, answer[0] == '\0' ? "=" : answer);
	sent = answer != NULL;
	wipe(answer);
	imap_wire_end(session->wire);
	if (!imap_wire_flush(session->wire, error) ||
	    !converse(session, &sasl, tag, client_first && !sent, error))
		return false;
	session->method = mechanism;
	return conclude(session, tag, &sasl, error);
}

static bool
by_command(ImapSession *session, const Secret *password, GError **error)
{
	guint tag = imap_wire_begin(session->wire, "LOGIN", NULL, NULL);

	imap_wire_secret(session->wire);
	if (!imap_session_astring(session, tag, "login",
				  session->settings->user, error) ||
	    !imap_session_astring(session, tag, "login", secret_text(password),
				  error))
		return false;
	imap_wire_end(session->wire);
	if (!imap_wire_flush(session->wire, error))
		return false;
	session->method = "LOGIN command";
	return conclude(session, tag, NULL, error);
}

bool
imap_session_authenticate(ImapSession *session, const char *offered,
			  const Secret *password, GError **error)
{
	bool usable;
	const char *mechanism = choose(session, offered, &usable);

	if (!usable)
		return fail(session, error, IMAP_ERROR_LOGIN,
			    "no login method that both sides have");
	if (mechanism == NULL)
		return by_command(session, password, error);
	return by_sasl(session, mechanism, strstr(offered, " SASL-IR ") != NULL,
		       password, error);
}
