/* sync-probe.c - the wizard's questions, each in a thread of its own */
#include "sync-probe.h"

#include <pthread.h>

#include "base-spawn.h"
#include "base-thread.h"
#include "imap-discover.h"
#include "imap-session.h"
#include "sync-worker.h"

#define COMMAND_US (60 * G_USEC_PER_SEC)

/*
 * A request is shared by its thread and the probe: who comes last frees it.
 * The channel is only posted to while the probe still wants the answer.
 */
typedef struct {
	gint references;
	guint number;
	char *domain; /* of a look-up; else NULL */
	SyncSettings *settings;
	Secret *password;
	char *command; /* that prints it */
	pthread_mutex_t lock;
	Channel *events;      /* NULL: nobody wants the answer any more */
	ImapSession *session; /* while there is one, to be cut */
} Request;

struct SyncProbe {
	Channel *events;
	guint last_number;
	Request *current;
};

static void
server_free(gpointer data)
{
	SyncServer *server = data;

	if (server == NULL)
		return;
	g_free(server->host);
	g_free(server);
}

void
sync_probe_event_free(gpointer data)
{
	SyncProbeEvent *event = data;

	if (event == NULL)
		return;
	g_clear_pointer(&event->servers, g_ptr_array_unref);
	server_free(event->connected);
	g_clear_error(&event->error);
	certificate_info_free(event->certificate);
	g_free(event);
}

static void
request_unref(Request *request)
{
	if (!g_atomic_int_dec_and_test(&request->references))
		return;
	g_free(request->domain);
	sync_settings_free(request->settings);
	secret_free(request->password);
	g_free(request->command);
	pthread_mutex_destroy(&request->lock);
	g_free(request);
}

static SyncSecurity
security_of(ImapSecurity security)
{
	switch (security) {
	case IMAP_SECURITY_TLS:
		return SYNC_SECURITY_TLS;
	case IMAP_SECURITY_STARTTLS:
		return SYNC_SECURITY_STARTTLS;
	case IMAP_SECURITY_NONE:
		break;
	}
	return SYNC_SECURITY_NONE;
}

static void
find_servers(const Request *request, SyncProbeEvent *event)
{
	g_autoptr(GPtrArray) found = imap_discover(request->domain);

	event->servers = g_ptr_array_new_with_free_func(server_free);
	for (guint i = 0; i < found->len; i++) {
		const ImapServer *from = g_ptr_array_index(found, i);
		SyncServer *server = g_new0(SyncServer, 1);

		server->host = g_strdup(from->host);
		server->port = from->port;
		server->security = security_of(from->security);
		server->announced = from->announced;
		server->outside = from->outside;
		g_ptr_array_add(event->servers, server);
	}
}

/* Returns: %false if nobody wants it any more */
static bool
set_session(Request *request, ImapSession *session)
{
	bool wanted;

	pthread_mutex_lock(&request->lock);
	request->session = session;
	wanted = request->events != NULL;
	pthread_mutex_unlock(&request->lock);
	return wanted;
}

/* Returns: %false with @error if there should be a password and is none */
static bool
get_password(Request *request, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (request->password != NULL || request->command == NULL)
		return true;
	request->password =
	    spawn_read_secret(request->command, COMMAND_US, false, &cause);
	if (request->password != NULL)
		return true;
	g_set_error(error, SYNC_ERROR, SYNC_ERROR_LOGIN, "password-command: %s",
		    cause->message);
	return false;
}

static void
try_connection(Request *request, SyncProbeEvent *event)
{
	const SyncSettings *settings = request->settings;
	ImapSettings imap;
	g_autoptr(ImapSession) session = NULL;
	g_autoptr(GError) error = NULL;

	imap = sync_worker_imap_settings(settings);
	imap.pins = (const char *const *)settings->pins;
	session = imap_session_new(&imap);
	if (set_session(request, session) &&
	    imap_session_connect(session, &error) &&
	    get_password(request, &error)) {
		event->connected = g_new0(SyncServer, 1);
		event->connected->host = g_strdup(settings->host);
		event->connected->port = settings->port;
		event->connected->security = settings->security;
		if (request->password != NULL &&
		    imap_session_login(session, request->password, &error))
			imap_session_logout(session);
	}
	(void)set_session(request, NULL);
	if (error == NULL)
		return;
	if (g_error_matches(error, IMAP_ERROR, IMAP_ERROR_UNTRUSTED))
		event->certificate = imap_session_certificate(session);
	event->error = sync_worker_error(error);
}

static void *
answer(void *data)
{
	Request *request = data;
	SyncProbeEvent *event = g_new0(SyncProbeEvent, 1);

	event->number = request->number;
	if (request->domain != NULL)
		find_servers(request, event);
	else
		try_connection(request, event);
	pthread_mutex_lock(&request->lock);
	if (request->events != NULL)
		channel_post(request->events, g_steal_pointer(&event));
	pthread_mutex_unlock(&request->lock);
	sync_probe_event_free(event);
	request_unref(request);
	return NULL;
}

static void
abandon(SyncProbe *probe)
{
	Request *request = g_steal_pointer(&probe->current);

	if (request == NULL)
		return;
	pthread_mutex_lock(&request->lock);
	request->events = NULL;
	if (request->session != NULL)
		imap_session_cancel(request->session);
	pthread_mutex_unlock(&request->lock);
	request_unref(request);
}

static guint
start(SyncProbe *probe, Request *request)
{
	abandon(probe);
	request->references = 2;
	request->number = ++probe->last_number;
	request->events = probe->events;
	pthread_mutex_init(&request->lock, NULL);
	probe->current = request;
	pthread_detach(thread_start("probe", answer, request));
	return request->number;
}

SyncProbe *
sync_probe_new(Channel *events)
{
	SyncProbe *probe = g_new0(SyncProbe, 1);

	probe->events = events;
	return probe;
}

void
sync_probe_free(SyncProbe *probe)
{
	if (probe == NULL)
		return;
	abandon(probe);
	g_free(probe);
}

guint
sync_probe_servers(SyncProbe *probe, const char *domain)
{
	Request *request = g_new0(Request, 1);

	request->domain = g_strdup(domain);
	return start(probe, request);
}

guint
sync_probe_connect(SyncProbe *probe, SyncSettings *settings, Secret *password,
		   char *command)
{
	Request *request = g_new0(Request, 1);

	request->settings = settings;
	request->password = password;
	request->command = command;
	return start(probe, request);
}
