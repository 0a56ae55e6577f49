/* cli.h - batch commands over the controller */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "controller-config.h"

/** Exit statuses of every command (DESIGN section 5) */
typedef enum {
	CLI_DONE = 0,
	CLI_REFUSED = 1, /* by the server, or not found */
	CLI_USAGE = 2,   /* or configuration */
	CLI_CONNECTION = 3,
	CLI_LOGIN = 4,
	CLI_QUEUED = 5, /* journaled, not yet on the server */
} CliStatus;

/**
 * CliOptions: the command line, read
 * @command: (nullable): %NULL: no command: the screen opens
 * @args: %NULL-terminated: what stands behind the command, or the mailbox
 * All strings are borrowed from argv.
 */
typedef struct {
	const char *command;
	const char **args;
	guint n_args;
	const char *config;
	const char *account;
	const char *trace;
	const char *query;
	const char *to;
	const char *part;
	const char *in;
	const char *due;
	const char *at;
	guint limit;
	guint32 replace;
	bool offline;
	bool json;
	bool version;
	bool help;
	bool ascii;
	bool raw;
	bool headers;
	bool force;
	bool forever;
	bool mark_read;
	bool done;
	bool server;
	bool cache;
	bool repair;
} CliOptions;

/**
 * cli_parse:
 * @ret_options: filled on success; clear with cli_options_clear()
 *
 * Options may stand before or behind the command; "--" ends them. A word that
 * begins with one "-" is an argument behind "flag" (-seen).
 */
bool cli_parse(int argc, char **argv, CliOptions *ret_options, GError **error);
void cli_options_clear(CliOptions *options);

/** CLI_ERROR: what is wrong with a command line; one code, one thing to do */
#define CLI_ERROR (cli_error_quark())
GQuark cli_error_quark(void);

/** cli_usage: writes the synopsis to standard output */
void cli_usage(void);

/**
 * cli_run: runs @options->command to its end
 *
 * Writes results to standard output, one line on standard error for what went
 * wrong. Returns: a #CliStatus
 */
int cli_run(const CliOptions *options, const Config *config);

/** cli_finish: the last thing: what was written did arrive, else another
 * status than %CLI_DONE. Returns: the exit status */
int cli_finish(int status);
/** cli_error_line: "pennon: " and @error on standard error, filtered */
void cli_error_line(const GError *error);
/** cli_status_of: the exit status that tells @error */
CliStatus cli_status_of(const GError *error);
