/* imap-error.h - what a caller can do about a failure of a session */
#pragma once

#include <glib.h>

/**
 * ImapError: one code for each thing a caller can do
 * @IMAP_ERROR_CONNECTION: no connection, or it ended: drop the session, try
 *   again later
 * @IMAP_ERROR_PROTOCOL: the server breaks the protocol: drop the session
 * @IMAP_ERROR_UNTRUSTED: the certificate, or an attack on STARTTLS: nothing was
 *   sent; ask the user
 * @IMAP_ERROR_LOGIN: user or password refused: ask for the password
 * @IMAP_ERROR_REFUSED: NO or BAD; the session lives on;
 *   imap_session_answer() has the class (SYNC.md section 2)
 * @IMAP_ERROR_UNSUPPORTED: the server cannot do it; nothing was sent
 * @IMAP_ERROR_INVALID: an argument cannot be put on the wire; nothing was sent
 * @IMAP_ERROR_CANCELLED: imap_session_cancel() was called: drop the session
 */
typedef enum {
	IMAP_ERROR_CONNECTION,
	IMAP_ERROR_PROTOCOL,
	IMAP_ERROR_UNTRUSTED,
	IMAP_ERROR_LOGIN,
	IMAP_ERROR_REFUSED,
	IMAP_ERROR_UNSUPPORTED,
	IMAP_ERROR_INVALID,
	IMAP_ERROR_CANCELLED,
} ImapError;
#define IMAP_ERROR (imap_error_quark())
GQuark imap_error_quark(void);
