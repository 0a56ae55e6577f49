/* ui.h - the screens over the controller */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "controller-config.h"

/**
 * UiOptions: from the command line; all strings are borrowed
 * @config_path: (nullable): where the first configuration is to be written,
 *   %NULL for the usual place
 * @account: (nullable): only this account
 * @mailbox: (nullable): to be opened first, else the inbox; a name or a role
 * @trace: (nullable): file for the redacted trace
 * @offline: never connect
 * @ascii: no signs but ASCII
 */
typedef struct {
	const char *config_path;
	const char *account;
	const char *mailbox;
	const char *trace;
	bool offline;
	bool ascii;
} UiOptions;

/**
 * ui_run:
 * @config: (nullable): borrowed; %NULL: there is none yet, the wizard asks for
 *   the first account, writes it and goes on with it
 *
 * Takes the terminal until the user leaves, the terminal goes away or a signal
 * asks for the end; blocks the signals it waits for, so no thread may have
 * been started before. The caller has set the locale and the text domain.
 *
 * Returns: an exit status: 0, or 2 with one line on standard error where the
 * screen or the stores could not be opened
 */
int ui_run(Config *config, const UiOptions *options);
