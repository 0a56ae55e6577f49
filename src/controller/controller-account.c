/* controller-account.c - the life of one account: its store, its engine */
#include <glib-unix.h>

#include "base-path.h"
#include "controller-private.h"

/* events of the engine in one turn of the main loop: keys come first */
#define TURN_MAX 64u
/* seconds of key "timeout" that the deadlines of the design stand for */
#define TIMEOUT_USUAL 60.0

static gboolean
on_events(gint fd, GIOCondition condition, gpointer user)
{
	Account *account = user;

	(void)fd;
	(void)condition;
	for (guint i = 0; i < TURN_MAX; i++) {
		SyncEvent *event = channel_take(account->events);

		if (event == NULL)
			break;
		account_take_event(account, event);
	}
	return G_SOURCE_CONTINUE;
}

Account *
account_new(Controller *controller, const AccountConfig *config, GError **error)
{
	Account *account = g_new0(Account, 1);
	GError *cause = NULL;

	account->controller = controller;
	account->config = config;
	account->cache_folder = path_cache(config->name);
	account->state_folder = path_state(config->name);
	account->events = channel_new(sync_event_free);
	account->events_source = g_unix_fd_add(channel_fd(account->events),
					       G_IO_IN, on_events, account);
	account->connection.state = CONNECTION_OFFLINE;
	account->progress.seconds_left = -1;
	account->jobs =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	account->pending = g_ptr_array_new_with_free_func(account_pending_free);
	account->lists = g_ptr_array_new();
	account->drafts = g_ptr_array_new();
	account->bytes = g_hash_table_new_full(
	    g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_bytes_unref);
	account->store = store_reader_open(account->cache_folder,
					   account->state_folder, &cause);
	if (account->store != NULL)
		return account;
	g_prefix_error(&cause, "%s: ", config->name);
	controller_fail(error, cause);
	account_free(account);
	return NULL;
}

static SyncSecurity
security_of(ConfigSecurity security)
{
	switch (security) {
	case CONFIG_TLS:
		return SYNC_SECURITY_TLS;
	case CONFIG_STARTTLS:
		return SYNC_SECURITY_STARTTLS;
	case CONFIG_PLAIN:
		break;
	}
	return SYNC_SECURITY_NONE;
}

SyncSettings *
account_sync_settings(const AccountConfig *config)
{
	SyncSettings *settings = sync_settings_new();

	settings->name = g_strdup(config->name);
	settings->cache_folder = path_cache(config->name);
	settings->state_folder = path_state(config->name);
	settings->email = g_strdup(config->email);
	settings->host = g_strdup(config->host);
	settings->port = config->port;
	settings->security = security_of(config->security);
	settings->user = g_strdup(config->user);
	if (config->auth != NULL) {
		g_free(settings->auth);
		settings->auth = g_strdup(config->auth);
	}
	settings->ca_file = g_strdup(config->ca_file);
	settings->client_certificate = g_strdup(config->client_certificate);
	settings->pins = g_strdupv(config->pins);
	settings->disabled = g_strdupv(config->disabled);
	for (guint i = 0; i < G_N_ELEMENTS(settings->roles); i++)
		settings->roles[i] = g_strdup(config->roles[i]);
	settings->keep_offline = g_strdupv(config->keep_offline);
	settings->timeout_scale = (double)config->timeout / TIMEOUT_USUAL;
	settings->body_cache = config->body_cache;
	settings->read_only = config->read_only;
	return settings;
}

bool
account_start(Account *account, GError **error)
{
	const ControllerOptions *options = &account->controller->options;
	SyncSettings *settings = account_sync_settings(account->config);
	GError *cause = NULL;

	settings->trace = g_strdup(options->trace);
	settings->offline = options->offline;
	settings->background = !options->batch;
	account->engine = sync_account_start(settings, account->events, &cause);
	if (account->engine != NULL)
		return true;
	g_prefix_error(&cause, "%s: ", account->config->name);
	controller_fail(error, cause);
	return false;
}

void
account_request_stop(Account *account)
{
	if (account->engine != NULL)
		sync_account_end_soon(account->engine);
}

static void
clear_state(Account *account)
{
	g_free((char *)account->connection.reason);
	g_free((char *)account->progress.mailbox);
	certificate_info_free(account->certificate);
	g_hash_table_unref(account->jobs);
	g_hash_table_unref(account->bytes);
	g_ptr_array_unref(account->pending);
	g_ptr_array_unref(account->lists);
	g_ptr_array_unref(account->drafts);
	g_clear_pointer(&account->results, g_ptr_array_unref);
	g_clear_pointer(&account->facts, g_ptr_array_unref);
	g_clear_pointer(&account->hits, g_array_unref);
}

void
account_free(Account *account)
{
	if (account == NULL)
		return;
	account_read_close(account);
	drafts_detach(account);
	account_secret_clear(account);
	sync_account_stop(account->engine);
	g_source_remove(account->events_source);
	channel_free(account->events);
	store_reader_close(account->store);
	clear_state(account);
	g_free(account->cache_folder);
	g_free(account->state_folder);
	g_free(account);
}

/* ---- how it stands ---- */

const AccountConfig *
account_config(const Account *account)
{
	return account->config;
}

const char *
account_name(const Account *account)
{
	return account->config->name;
}

Connection
account_connection(const Account *account)
{
	return account->connection;
}

guint
account_waiting(const Account *account)
{
	return account->waiting;
}

guint
account_failed(const Account *account)
{
	return account->failed;
}

Progress
account_progress(const Account *account)
{
	return account->progress;
}

/* ---- the certificate that was refused ---- */

const CertificateInfo *
account_certificate(const Account *account)
{
	return account->certificate;
}

bool
account_pin_certificate(Account *account, GError **error)
{
	/* what is constant in a configuration is all but its pins */
	Config *config = (Config *)account->controller->config;
	SyncJob *job;

	if (account->certificate == NULL || account->certificate->pin == NULL) {
		g_set_error_literal(error, CONTROLLER_ERROR,
				    CONTROLLER_ERROR_NOT_FOUND,
				    "no certificate was refused");
		return false;
	}
	if (!config_add_pin(config, account->config->name,
			    account->certificate->pin, error))
		return false;
	if (account->engine == NULL)
		return true;
	job = sync_job_new(SYNC_JOB_PIN, 0);
	job->name = g_strdup(account->certificate->pin);
	sync_account_post(account->engine, job);
	return true;
}
