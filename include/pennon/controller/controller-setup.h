/* controller-setup.h - the wizard's work: from an address to a configuration */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "controller-config.h"
#include "model-status.h"

/*
 * One Setup serves one wizard, on the thread of its GLib main context. No
 * function waits; answers come through #SetupFunc. A newer question makes the
 * older one void.
 */
typedef struct Setup Setup;

/**
 * SetupServer: a place where the mail may be
 * @announced: the domain's own records name it; else it is a usual name
 * @outside: it lies outside the mail domain: ask before a password goes there
 */
typedef struct {
	char *host;
	guint16 port;
	ConfigSecurity security;
	bool announced;
	bool outside;
} SetupServer;

typedef enum {
	SETUP_SERVERS,   /* @servers, best first; maybe empty */
	SETUP_CONNECTED, /* the server answers, its certificate is good */
	SETUP_LOGGED_IN,
	SETUP_FAILED, /* @error, and @certificate if that was refused */
} SetupState;

/** SetupAnswer: valid during the call only; @error: %CONTROLLER_ERROR */
typedef struct {
	SetupState state;
	const GPtrArray *servers; /* of SetupServer */
	const GError *error;
	const CertificateInfo *certificate;
} SetupAnswer;
typedef void (*SetupFunc)(const SetupAnswer *answer, gpointer user);

Setup *setup_new(SetupFunc func, gpointer user);
/** setup_free: (nullable) */
void setup_free(Setup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Setup, setup_free)

/** setup_find: looks for the servers of an address (RFC 6186, RFC 8314); DNS
 * alone, nothing is connected to. Returns: %false if @email is no address */
bool setup_find(Setup *setup, const char *email);
/**
 * setup_try:
 * @account: host, port, security, user, pins … as they would be written
 * @password: (nullable): wiped by the callee; %NULL: connects only, and for
 *   the password-command of @account, if it has one, runs that
 */
void setup_try(Setup *setup, const AccountConfig *account, char *password);

/**
 * SetupTool: a program that keeps passwords, found on this machine
 * @name: "pass", "secret-tool", "gpg"
 * @command: for password-command: prints the password of this address
 * @store: what a person runs once to put it there
 */
typedef struct {
	char *name;
	char *command;
	char *store;
} SetupTool;
/** setup_tools: (transfer full): array of #SetupTool; looks into $PATH only */
GPtrArray *setup_tools(const char *email);
