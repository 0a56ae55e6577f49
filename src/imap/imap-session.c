/* imap-session.c - connecting, logging in, leaving */
#include "imap-session.h"

#include <string.h>

#include "base-guard.h"
#include "base-word.h"
#include "imap-session-private.h"
#include "imap-wire-private.h"

#define GREETING_SECONDS 15.0
#define LOGIN_SECONDS 30.0
#define ANSWER_SECONDS 60.0

ImapSession *
imap_session_new(const ImapSettings *settings)
{
	ImapSession *session = g_new0(ImapSession, 1);

	session->settings = settings;
	session->cancel = net_cancel_new();
	session->method = "";
	session->tls = (NetTls){
	    .ca_file = settings->ca_file,
	    .pins = settings->pins,
	    .client_certificate = settings->client_certificate,
	};
	return session;
}

void
imap_session_free(ImapSession *session)
{
	if (session == NULL)
		return;
	if (session->im != NULL) {
		/* mailimap_free() would send LOGOUT and wait for the answer */
		if (session->im->imap_stream != NULL) {
			mailstream_close(session->im->imap_stream);
			session->im->imap_stream = NULL;
		}
		mailimap_free(session->im);
	}
	imap_bridge_free(session->bridge);
	imap_wire_free(session->wire);
	net_stream_free(session->stream);
	net_trace_free(session->trace);
	net_certificate_free(session->refused);
	net_cancel_unref(session->cancel);
	imap_box_clear(&session->box);
	imap_copied_clear(&session->copied);
	g_clear_pointer(&session->found, g_array_unref);
	uid_set_free(session->found_set);
	g_free(session->capabilities);
	g_free(session->prefix);
	g_free(session->tls_text);
	g_free(session->alert);
	g_free(session->modified);
	g_free(session);
}

void
imap_session_cancel(ImapSession *session)
{
	net_cancel_trigger(session->cancel);
}

/* The network's causes, as what a caller can do. */
static bool
set_net_error(GError **error, GError *cause)
{
	ImapError code = IMAP_ERROR_CONNECTION;

	if (g_error_matches(cause, NET_ERROR, NET_ERROR_CANCELLED))
		code = IMAP_ERROR_CANCELLED;
	else if (g_error_matches(cause, NET_ERROR, NET_ERROR_UNTRUSTED) ||
		 g_error_matches(cause, NET_ERROR, NET_ERROR_TLS))
		code = IMAP_ERROR_UNTRUSTED;
	else if (g_error_matches(cause, NET_ERROR, NET_ERROR_PROTOCOL))
		code = IMAP_ERROR_PROTOCOL;
	g_set_error_literal(error, IMAP_ERROR, code, cause->message);
	g_error_free(cause);
	return false;
}

static bool
open_stream(ImapSession *session, GError **error)
{
	static const NetSecurity security[] = {
	    [IMAP_SECURITY_TLS] = NET_SECURITY_TLS,
	    [IMAP_SECURITY_STARTTLS] = NET_SECURITY_STARTTLS,
	    [IMAP_SECURITY_NONE] = NET_SECURITY_NONE,
	};
	const ImapSettings *settings = session->settings;
	NetTimeouts timeouts = net_timeouts_default(settings->timeout_scale);
	NetAddress address = {settings->host, settings->port,
			      security[settings->security]};
	GError *cause = NULL;

	session->stream =
	    net_stream_open(&address, &session->tls, &timeouts, session->cancel,
			    session->trace, &session->refused, &cause);
	return session->stream != NULL || set_net_error(error, cause);
}

static bool
read_greeting(ImapSession *session, GError **error)
{
	int code;

	session->wire = imap_wire_new(session->stream, session->trace,
				      imap_session_data, session);
	imap_wire_set_sink(session->wire, imap_session_want, imap_session_sink,
			   session);
	session->bridge = imap_bridge_new(session->wire);
	session->im = mailimap_new(0, NULL);
	imap_session_deadline(session, GREETING_SECONDS);
	code =
	    mailimap_connect(session->im, imap_bridge_stream(session->bridge));
	if (session->wire->failure != NULL)
		return imap_wire_failed(session->wire, error);
	/* only the greeting can say so */
	session->preauth = code == MAILIMAP_NO_ERROR_AUTHENTICATED;
	if (session->preauth || code == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return true;
	g_set_error(error, IMAP_ERROR, IMAP_ERROR_CONNECTION,
		    "%s: the server sends us away%s%s", session->settings->host,
		    session->im->imap_response == NULL ? "" : ": ",
		    session->im->imap_response == NULL
			? ""
			: session->im->imap_response);
	return false;
}

/* Nothing learnt in clear survives. */
static void
forget_clear(ImapSession *session)
{
	struct mailimap_connection_info *info =
	    session->im->imap_connection_info;

	g_clear_pointer(&session->capabilities, g_free);
	g_clear_pointer(&session->prefix, g_free);
	g_clear_pointer(&session->alert, g_free);
	g_clear_pointer(&session->modified, g_free);
	imap_copied_clear(&session->copied);
	session->append_validity = session->append_uid = 0;
	imap_box_clear(&session->box);
	imap_wire_forget(session->wire);
	if (info != NULL && info->imap_capability != NULL) {
		mailimap_capability_data_free(info->imap_capability);
		info->imap_capability = NULL;
	}
}

static bool
start_tls(ImapSession *session, GError **error)
{
	GError *cause = NULL;
	const char *why = NULL;

	imap_session_deadline(session, GREETING_SECONDS);
	/* a session that begins logged in can be taken over (CVE-2020-12398) */
	if (session->preauth)
		why = N_("the server skips the login before TLS");
	else if (mailimap_starttls(session->im) != MAILIMAP_NO_ERROR)
		why = session->wire->failure != NULL
			  ? session->wire->failure->message
			  : N_("the server offers no STARTTLS");
	else if (!imap_wire_clean(session->wire))
		why = N_("there is text before TLS that does not "
			 "belong there");
	if (why != NULL) {
		bool ended = session->wire->failure != NULL;

		g_set_error(error, IMAP_ERROR,
			    ended ? IMAP_ERROR_CONNECTION
				  : IMAP_ERROR_UNTRUSTED,
			    "%s: %s", session->settings->host, why);
		return false;
	}
	forget_clear(session);
	imap_session_limit(session, GREETING_SECONDS);
	if (!net_stream_start_tls(session->stream, &session->refused, &cause))
		return set_net_error(error, cause);
	return true;
}

bool
imap_session_ask(ImapSession *session, GError **error)
{
	struct mailimap_capability_data *data = NULL;
	int code = mailimap_capability(session->im, &data);

	if (data != NULL)
		mailimap_capability_data_free(data);
	if (!imap_session_stock(session, code, "CAPABILITY", error))
		return false;
	/* an OK without the data it is about: the least there can be */
	if (session->capabilities == NULL || session->assumed)
		imap_session_set_capabilities(session, "IMAP4rev1",
					      strlen("IMAP4rev1"));
	return true;
}

static void
note_tls(ImapSession *session)
{
	if (net_stream_is_tls(session->stream))
		session->tls_text = g_strdup_printf(
		    "%s, %s", net_stream_tls_version(session->stream),
		    net_stream_tls_cipher(session->stream));
}

bool
imap_session_connect(ImapSession *session, GError **error)
{
	const ImapSettings *settings = session->settings;

	GUARD_NOT_ON_UI("imap_session_connect");
	if (settings->trace != NULL) {
		GError *cause = NULL;

		session->trace = net_trace_open(settings->trace, &cause);
		if (session->trace == NULL) {
			g_set_error(error, IMAP_ERROR, IMAP_ERROR_INVALID, "%s",
				    cause->message);
			g_error_free(cause);
			return false;
		}
	}
	if (!open_stream(session, error) || !read_greeting(session, error))
		return false;
	if (settings->security == IMAP_SECURITY_STARTTLS &&
	    !start_tls(session, error))
		return false;
	note_tls(session);
	imap_session_limit(session, ANSWER_SECONDS);
	return session->capabilities != NULL ||
	       imap_session_ask(session, error);
}

bool
imap_session_login(ImapSession *session, const Secret *password, GError **error)
{
	g_autofree char *offered = NULL;

	GUARD_NOT_ON_UI("imap_session_login");
	if (session->preauth) {
		session->method = "PREAUTH";
		return true;
	}
	if (password == NULL) {
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_LOGIN,
			    "%s: a password is needed",
			    session->settings->host);
		return false;
	}
	/* those of before login do not count any more */
	offered = session->capabilities != NULL
		      ? g_steal_pointer(&session->capabilities)
		      : g_strdup(" ");
	imap_session_deadline(session, LOGIN_SECONDS);
	if (!imap_session_authenticate(session, offered, password, error)) {
		/* what it offered is still what another password can try */
		if (session->capabilities == NULL)
			session->capabilities = g_steal_pointer(&offered);
		return false;
	}
	imap_session_limit(session, ANSWER_SECONDS);
	return session->capabilities != NULL || imap_session_assume(session) ||
	       imap_session_ask(session, error);
}

void
imap_session_logout(ImapSession *session)
{
	if (session->im == NULL || session->wire->failure != NULL ||
	    session->im->imap_stream == NULL)
		return;
	net_stream_set_limits(session->stream, G_USEC_PER_SEC,
			      g_get_monotonic_time() + G_USEC_PER_SEC);
	if (imap_session_idle_done(session, NULL))
		(void)mailimap_logout(session->im);
}

bool
imap_session_is_preauth(const ImapSession *session)
{
	return session->preauth;
}

bool
imap_session_has(const ImapSession *session, const char *capability)
{
	g_autofree char *key = g_strdup_printf(" %s ", capability);

	return session->capabilities != NULL &&
	       strstr(session->capabilities, key) != NULL;
}

const char *
imap_session_capabilities(const ImapSession *session)
{
	return session->capabilities == NULL || session->assumed
		   ? ""
		   : session->capabilities;
}

const char *
imap_session_method(const ImapSession *session)
{
	return session->method;
}

const char *
imap_session_tls(const ImapSession *session)
{
	return session->tls_text;
}

CertificateInfo *
imap_session_certificate(const ImapSession *session)
{
	g_autoptr(NetCertificate) own = NULL;
	const NetCertificate *shown = session->refused;
	CertificateInfo *info;

	if (shown == NULL && session->stream != NULL)
		shown = own = net_stream_certificate(session->stream);
	if (shown == NULL)
		return NULL;
	info = g_new0(CertificateInfo, 1);
	info->host = g_strdup(shown->host);
	info->subject = g_strdup(shown->subject);
	info->issuer = g_strdup(shown->issuer);
	info->names = g_strdup(shown->names);
	info->not_before = shown->not_before;
	info->not_after = shown->not_after;
	info->sha256 = g_strdup(shown->sha256);
	info->pin = g_strdup(shown->pin);
	info->reason = g_strdup(shown->reason);
	info->changed = shown->changed;
	return info;
}

ImapCounters
imap_session_counters(const ImapSession *session)
{
	ImapCounters counters = {0};

	if (session->stream != NULL) {
		const NetCounters *net = net_stream_counters(session->stream);

		counters.received = net->received;
		counters.sent = net->sent;
		counters.turns = net->turns;
	}
	if (session->wire != NULL)
		counters.bad = imap_wire_counts(session->wire)->bad;
	return counters;
}
