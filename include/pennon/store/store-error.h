/* store-error.h - what can go wrong with the files of an account */
#pragma once

#include <glib.h>

/**
 * StoreError: one code per thing the caller can do
 * @STORE_ERROR_FULL: no room on the disk or over the quota; nothing of the
 *   transaction was written: say so, try again later
 * @STORE_ERROR_DAMAGED: the file is broken: close and open again, which sets
 *   the cache aside or salvages the journal
 * @STORE_ERROR_NEWER: a newer pennon wrote the file; it was left alone
 * @STORE_ERROR_BUSY: another process holds the file: try again soon
 * @STORE_ERROR_IO: the disk or its permissions
 * @STORE_ERROR_NOT_FOUND: no such mailbox, message, change, draft, body
 * @STORE_ERROR_INTERRUPTED: store_reader_interrupt() was called
 * @STORE_ERROR_LIMIT: a limit of the store: too long, too many
 */
typedef enum {
	STORE_ERROR_FULL,
	STORE_ERROR_DAMAGED,
	STORE_ERROR_NEWER,
	STORE_ERROR_BUSY,
	STORE_ERROR_IO,
	STORE_ERROR_NOT_FOUND,
	STORE_ERROR_INTERRUPTED,
	STORE_ERROR_LIMIT,
} StoreError;
#define STORE_ERROR (store_error_quark())
GQuark store_error_quark(void);

/**
 * StoreOpened: how an open went
 * @STORE_OPENED: it was there
 * @STORE_CREATED: there was none
 * @STORE_REBUILT: it was damaged (mail.db: or of an unknown kind or newer) and
 *   has been set aside; mail.db is empty now, journal.db holds what could be
 *   salvaged
 */
typedef enum {
	STORE_OPENED,
	STORE_CREATED,
	STORE_REBUILT,
} StoreOpened;
