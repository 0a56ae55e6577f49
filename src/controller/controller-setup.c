/* controller-setup.c - finding servers and testing a login for the wizard */
#include "controller-setup.h"

#include <string.h>

#include <glib-unix.h>

#include "base-secret.h"
#include "controller-private.h"
#include "sync-probe.h"

struct Setup {
	SetupFunc func;
	gpointer user;
	SyncProbe *probe;
	Channel *events; /* of SyncProbeEvent */
	guint events_source;
	guint number; /* of the request whose answer is wanted */
	bool with_login;
};

/* ---- answers ---- */

static ConfigSecurity
security_of(SyncSecurity security)
{
	switch (security) {
	case SYNC_SECURITY_TLS:
		return CONFIG_TLS;
	case SYNC_SECURITY_STARTTLS:
		return CONFIG_STARTTLS;
	case SYNC_SECURITY_NONE:
		break;
	}
	return CONFIG_PLAIN;
}

static void
free_server(gpointer data)
{
	SetupServer *server = data;

	g_free(server->host);
	g_free(server);
}

static void
tell_servers(const Setup *setup, const GPtrArray *found)
{
	g_autoptr(GPtrArray) servers =
	    g_ptr_array_new_with_free_func(free_server);
	SetupAnswer answer = {.state = SETUP_SERVERS, .servers = servers};

	for (guint i = 0; i < found->len; i++) {
		const SyncServer *from = g_ptr_array_index(found, i);
		SetupServer *server = g_new0(SetupServer, 1);

		server->host = g_strdup(from->host);
		server->port = from->port;
		server->security = security_of(from->security);
		server->announced = from->announced;
		server->outside = from->outside;
		g_ptr_array_add(servers, server);
	}
	setup->func(&answer, setup->user);
}

static void
tell_failure(const Setup *setup, const GError *cause,
	     const CertificateInfo *certificate)
{
	g_autoptr(GError) error = controller_error_from(cause);
	SetupAnswer answer = {
	    .state = SETUP_FAILED, .error = error, .certificate = certificate};

	setup->func(&answer, setup->user);
}

static void
tell(const Setup *setup, const SyncProbeEvent *event)
{
	SetupAnswer answer = {.state = setup->with_login ? SETUP_LOGGED_IN
							 : SETUP_CONNECTED};

	if (event->servers != NULL)
		tell_servers(setup, event->servers);
	else if (event->error != NULL)
		tell_failure(setup, event->error, event->certificate);
	else
		setup->func(&answer, setup->user);
}

static gboolean
on_events(gint fd, GIOCondition condition, gpointer data)
{
	Setup *setup = data;
	SyncProbeEvent *event;

	(void)fd;
	(void)condition;
	while ((event = channel_take(setup->events)) != NULL) {
		bool wanted = event->number == setup->number;

		if (wanted)
			tell(setup, event);
		sync_probe_event_free(event);
		/* the program may have ended the wizard meanwhile */
		if (wanted)
			break;
	}
	return G_SOURCE_CONTINUE;
}

/* ---- life ---- */

Setup *
setup_new(SetupFunc func, gpointer user)
{
	Setup *setup = g_new0(Setup, 1);

	setup->func = func;
	setup->user = user;
	setup->events = channel_new(sync_probe_event_free);
	setup->probe = sync_probe_new(setup->events);
	setup->events_source =
	    g_unix_fd_add(channel_fd(setup->events), G_IO_IN, on_events, setup);
	return setup;
}

void
setup_free(Setup *setup)
{
	if (setup == NULL)
		return;
	g_source_remove(setup->events_source);
	sync_probe_free(setup->probe);
	channel_free(setup->events);
	g_free(setup);
}

/* ---- questions ---- */

bool
setup_find(Setup *setup, const char *email)
{
	const char *at = strrchr(email, '@');
	g_autofree char *domain = NULL;

	if (at == NULL || at == email || at[1] == '\0')
		return false;
	domain = g_hostname_to_ascii(at + 1);
	if (domain == NULL)
		return false;
	setup->with_login = false;
	setup->number = sync_probe_servers(setup->probe, domain);
	return true;
}

void
setup_try(Setup *setup, const AccountConfig *account, char *password)
{
	SyncSettings *settings = account_sync_settings(account);
	char *command = NULL;
	Secret *secret = NULL;

	if (password != NULL) {
		secret = secret_new(password, -1);
		secret_wipe(password, strlen(password));
		g_free(password);
	} else {
		command = g_strdup(account->password_command);
	}
	setup->with_login = secret != NULL || command != NULL;
	setup->number =
	    sync_probe_connect(setup->probe, settings, secret, command);
}

/* ---- tools that keep passwords ---- */

static void
free_tool(gpointer data)
{
	SetupTool *tool = data;

	g_free(tool->name);
	g_free(tool->command);
	g_free(tool->store);
	g_free(tool);
}

/* @command, @store: "%s" stands for the address, quoted */
static void
add_tool(GPtrArray *tools, const char *name, const char *email,
	 const char *const *command, const char *const *store)
{
	g_autofree char *path = g_find_program_in_path(name);
	g_autofree char *quoted = g_shell_quote(email);
	SetupTool *tool;

	if (path == NULL)
		return;
	tool = g_new0(SetupTool, 1);
	tool->name = g_strdup(name);
	tool->command = g_strconcat(command[0], quoted, command[1], NULL);
	tool->store = g_strconcat(store[0], quoted, store[1], NULL);
	g_ptr_array_add(tools, tool);
}

GPtrArray *
setup_tools(const char *email)
{
	static const struct {
		const char *name;
		const char *command[2];
		const char *store[2];
	} known[] = {
	    {"pass", {"pass show mail/", ""}, {"pass insert mail/", ""}},
	    {"secret-tool",
	     {"secret-tool lookup mail ", ""},
	     {"secret-tool store --label=pennon mail ", ""}},
	};
	GPtrArray *tools = g_ptr_array_new_with_free_func(free_tool);
	g_autofree char *gpg = g_find_program_in_path("gpg");

	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		add_tool(tools, known[i].name, email, known[i].command,
			 known[i].store);
	if (gpg != NULL) {
		g_autofree char *file = g_strdup_printf("mail-%s.gpg", email);
		g_autofree char *path = g_build_filename(
		    g_get_home_dir(), ".config", "pennon", file, NULL);
		g_autofree char *quoted = g_shell_quote(path);
		SetupTool *tool = g_new0(SetupTool, 1);

		tool->name = g_strdup("gpg");
		tool->command =
		    g_strconcat("gpg --quiet --decrypt ", quoted, NULL);
		tool->store = g_strconcat(
		    "gpg --encrypt --default-recipient-self --output ", quoted,
		    NULL);
		g_ptr_array_add(tools, tool);
	}
	return tools;
}
