/* mime-message.h - a whole message: its parts and their bytes */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "mime-error.h"
#include "model-message.h"
#include "model-part.h"

/** MIME_MESSAGE_MAX: bytes of a message that is parsed */
#define MIME_MESSAGE_MAX ((gsize)50 << 20)

/** MimeMessage: immutable; its bytes are shared, never copied */
typedef struct MimeMessage MimeMessage;

/**
 * mime_message_new:
 * @bytes: a message, line ends CRLF or LF
 * @error: %MIME_ERROR_LIMIT over %MIME_MESSAGE_MAX; nothing else fails
 *
 * Parts deeper than %PART_DEPTH_MAX stay unopened leaves, more than
 * %PART_COUNT_MAX are left out. Time and memory grow with the size alone.
 *
 * Returns: (transfer full) (nullable)
 */
MimeMessage *mime_message_new(GBytes *bytes, GError **error);
/** mime_message_free: (nullable) */
void mime_message_free(MimeMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeMessage, mime_message_free)

GBytes *mime_message_bytes(const MimeMessage *message);
/** mime_message_structure: the tree, with sections as IMAP numbers them (RFC
 * 9051 section 6.4.5); the same as from BODYSTRUCTURE */
const Part *mime_message_structure(const MimeMessage *message);
/** mime_message_is_cut: parts were left out */
bool mime_message_is_cut(const MimeMessage *message);
/** mime_message_header: Returns: (transfer full) */
MessageHeader *mime_message_header(const MimeMessage *message);

/**
 * mime_message_section:
 * @section: "" the whole message, "HEADER", "TEXT", "1.2", "1.2.MIME",
 *   "1.2.HEADER" and "1.2.TEXT" of an attached message
 *
 * What BODY[section] gives: encoded bytes.
 *
 * Returns: (transfer full) (nullable): %MIME_ERROR_NOT_FOUND
 */
GBytes *mime_message_section(const MimeMessage *message, const char *section,
			     GError **error);
/** mime_message_decode: the same for a part, its transfer encoding undone */
GBytes *mime_message_decode(const MimeMessage *message, const char *section,
			    GError **error);

/**
 * mime_part_decode:
 * @part: whose encoding counts
 * @encoded: BODY[section]
 *
 * base64, quoted-printable, uuencode; what cannot be decoded stays as it is.
 * Line ends are not changed. Never over-reads, whatever lengths the data
 * claims.
 *
 * Returns: (transfer full)
 */
GBytes *mime_part_decode(const Part *part, GBytes *encoded);
/** mime_part_text: the text of a text part: decoded, in UTF-8, line ends LF;
 * not filtered. A charset that is unknown or a lie never loses ASCII.
 * Returns: (transfer full) */
char *mime_part_text(const Part *part, GBytes *encoded);
/** mime_part_from_header: header fields of one part ("1.2.MIME") to a leaf; for
 * parts whose structure the server cannot tell. Returns: (transfer full) */
Part *mime_part_from_header(const char *block, gsize len, const char *section);
