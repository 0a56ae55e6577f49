/* base-log.h - one log file; never the terminal */
#pragma once

#include <glib.h>

/**
 * log_start:
 * @path: (nullable): appended to, 0600, set aside as PATH.1 above 1 MiB; %NULL
 *   drops everything
 *
 * Takes over GLib's log; called once in main before any thread. g_debug() is
 * kept only with PENNON_DEBUG in the environment. A log that cannot be
 * written is silently left out: it must never stop the program.
 */
void log_start(const char *path);
