/* base-spawn.h - helper programs: arguments, never a shell line */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "base-secret.h"

typedef enum {
	SPAWN_ERROR_SYNTAX,    /* the command line cannot be split */
	SPAWN_ERROR_NOT_FOUND, /* no such program, or it cannot run */
	SPAWN_ERROR_FAILED,    /* it ended with an error */
	SPAWN_ERROR_TIMEOUT,
} SpawnError;
#define SPAWN_ERROR (spawn_error_quark())
GQuark spawn_error_quark(void);

/** spawn_start: starts @argv with default signals; @in, @out: descriptors that
 * become its standard input and output, -1: the terminal's
 * Returns: its pid, or -1 */
int spawn_start(const char *const *argv, int in, int out, GError **error);

/**
 * spawn_read_secret:
 * @command: split as a shell would, run without one
 * @timeout_us: it is killed then
 *
 * The first line of its output, without the line end. Blocks: never on the UI
 * thread. Only with @use_terminal it keeps our standard error and input, so
 * that it may ask for a passphrase there; what it says is not filtered.
 *
 * Returns: (transfer full) (nullable)
 */
Secret *spawn_read_secret(const char *command, gint64 timeout_us,
			  bool use_terminal, GError **error);
