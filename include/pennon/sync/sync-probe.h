/* sync-probe.h - for the wizard: where the mail is, and does a login work */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "base-channel.h"
#include "base-secret.h"
#include "model-status.h"
#include "sync-account.h"

/** SyncServer: see ImapServer in imap-discover.h */
typedef struct {
	char *host;
	guint16 port;
	SyncSecurity security;
	bool announced;
	bool outside;
} SyncServer;

/**
 * SyncProbeEvent:
 * @number: of the request it answers
 * @servers: (nullable): array of #SyncServer: of a look-up
 * @connected: (nullable): the one that answered
 * @error: (nullable): %SYNC_ERROR of a connection or a login
 * @certificate: (nullable): the one that was refused
 */
typedef struct {
	guint number;
	GPtrArray *servers;
	SyncServer *connected;
	GError *error;
	CertificateInfo *certificate;
} SyncProbeEvent;
/** sync_probe_event_free: (nullable): fits the #GDestroyNotify of a channel */
void sync_probe_event_free(gpointer event);

/** SyncProbe: each request runs in a thread of its own; a newer one makes the
 * answer of the older one void, and cuts its connection */
typedef struct SyncProbe SyncProbe;
/** sync_probe_new: @events: where #SyncProbeEvent are posted; outlives it */
SyncProbe *sync_probe_new(Channel *events);
/** sync_probe_free: (nullable): waits for no network */
void sync_probe_free(SyncProbe *probe);

/** sync_probe_servers: which servers may have the mail of @domain.
 * Returns: the request's number */
guint sync_probe_servers(SyncProbe *probe, const char *domain);
/**
 * sync_probe_connect:
 * @settings: (transfer full)
 * @password: (transfer full) (nullable)
 * @command: (transfer full) (nullable): without @password: prints it
 *
 * Connects, and logs in if there is a password. Nothing is changed.
 */
guint sync_probe_connect(SyncProbe *probe, SyncSettings *settings,
			 Secret *password, char *command);
