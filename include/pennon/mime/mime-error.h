/* mime-error.h - what can go wrong with a message, and the layer's start */
#pragma once

#include <glib.h>

/**
 * MimeError:
 * @MIME_ERROR_ADDRESS: what the user typed is no address: let it be corrected
 * @MIME_ERROR_EDIT: the edited text has a header that cannot be taken
 * @MIME_ERROR_LIMIT: larger than is handled
 * @MIME_ERROR_NOT_FOUND: the message has no such part
 * @MIME_ERROR_CANCELLED: the cancel flag was set
 */
typedef enum {
	MIME_ERROR_ADDRESS,
	MIME_ERROR_EDIT,
	MIME_ERROR_LIMIT,
	MIME_ERROR_NOT_FOUND,
	MIME_ERROR_CANCELLED,
} MimeError;
#define MIME_ERROR (mime_error_quark())
GQuark mime_error_quark(void);

/** mime_init: once, in main, before any thread is started */
void mime_init(void);
