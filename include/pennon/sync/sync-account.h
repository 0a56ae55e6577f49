/* sync-account.h - the engine of one account: keeper, worker, sync role */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "base-channel.h"
#include "model-mailbox.h"
#include "sync-event.h"
#include "sync-job.h"

/** SyncSecurity: how the connection is protected */
typedef enum {
	SYNC_SECURITY_TLS,      /* TLS from the first byte */
	SYNC_SECURITY_STARTTLS, /* STARTTLS required */
	SYNC_SECURITY_NONE,     /* plain; loopback only */
} SyncSecurity;

/**
 * SyncSettings: what an engine needs to know; plain values
 * @name: account name, for messages
 * @cache_folder, @state_folder: the account's, absolute; made if missing
 * @email: the account's address
 * @user: login name
 * @auth: "auto" or a method as in the configuration
 * @ca_file, @client_certificate: (nullable)
 * @pins: (nullable): %NULL-terminated base64 SPKI hashes
 * @disabled: (nullable): capabilities to ignore
 * @roles: UTF-8 names configured for a role, by #MailboxRole; %NULL where not
 * @keep_offline: (nullable): UTF-8 names of mailboxes whose messages are all
 *   fetched ahead
 * @trace: (nullable): file of the redacted trace
 * @timeout_scale: 1.0 for the deadlines of the design
 * @body_cache: bytes
 * @offline: never connect
 * @read_only: change nothing on the server
 * @background: keep all mailboxes in sync, not only the open one (a screen);
 *   %false: do what jobs ask for (a batch command)
 */
typedef struct {
	char *name;
	char *cache_folder;
	char *state_folder;
	char *email;
	char *host;
	guint16 port;
	SyncSecurity security;
	char *user;
	char *auth;
	char *ca_file;
	char *client_certificate;
	char **pins;
	char **disabled;
	char *roles[MAILBOX_ROLE_IMPORTANT + 1];
	char **keep_offline;
	char *trace;
	double timeout_scale;
	gint64 body_cache;
	bool offline;
	bool read_only;
	bool background;
} SyncSettings;

/** sync_settings_new: (transfer full): auto login, scale 1, 64 MiB of bodies */
SyncSettings *sync_settings_new(void);
/** sync_settings_free: (nullable) */
void sync_settings_free(SyncSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SyncSettings, sync_settings_free)

/** SyncError: one code per thing a caller can do */
typedef enum {
	SYNC_ERROR_NETWORK,   /* no connection; it will be tried again */
	SYNC_ERROR_UNTRUSTED, /* the certificate: ask, pin */
	SYNC_ERROR_LOGIN,     /* ask for the password */
	SYNC_ERROR_REFUSED,   /* the server said no */
	SYNC_ERROR_NOT_FOUND, /* no such mailbox, message, part, change */
	SYNC_ERROR_STORE,     /* disk full, damaged, newer */
	SYNC_ERROR_QUEUED,    /* journaled; the server has not confirmed it */
	SYNC_ERROR_CANCELLED,
	SYNC_ERROR_INVALID, /* an argument makes no sense */
} SyncError;
#define SYNC_ERROR (sync_error_quark())
GQuark sync_error_quark(void);

typedef struct SyncAccount SyncAccount;

/**
 * sync_account_start:
 * @settings: (transfer full)
 * @events: where #SyncEvent are posted; outlives the engine
 *
 * Opens the stores, starts the keeper's thread and the worker's, and asks for
 * the sync role (sync.lock in the state folder): the process that holds it
 * talks to the server and writes the cache; the others journal and wake it.
 *
 * Returns: (transfer full) (nullable): %NULL if the journal cannot be opened
 */
SyncAccount *sync_account_start(SyncSettings *settings, Channel *events,
				GError **error);

/** sync_account_post: @job: (transfer full): from the controller's thread;
 * never blocks */
void sync_account_post(SyncAccount *account, SyncJob *job);

/** sync_account_cancel: ends a job that is waiting or running; the engine
 * answers with a cancelled event */
void sync_account_cancel(SyncAccount *account, gint64 job);

/** sync_account_end_soon: whoever stops several engines tells all of them
 * first: then they wait together, not one after the other */
void sync_account_end_soon(SyncAccount *account);

/**
 * sync_account_stop: (nullable)
 *
 * Journals what was posted, ends both threads and frees the engine. Waits for
 * the disk as long as needed, for the network at most a second.
 */
void sync_account_stop(SyncAccount *account);
