/* mime-compose.h - drafts: messages built and changed piece by piece */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "mime-error.h"
#include "mime-message.h"
#include "mime-render.h"
#include "model-address.h"
#include "model-message.h"

/*
 * A draft is a message, nothing else: bytes with CRLF line ends. Each function
 * gives a new one; whatever it was not asked to change, known or not, stays
 * byte for byte. Not for the UI thread.
 */

/** MIME_QUOTE_WIDTH: columns of the text that is quoted in an answer */
#define MIME_QUOTE_WIDTH 72u

/**
 * MimeSender: who writes, and when
 * @from: name and address of the identity
 * @own: (nullable) (element-type utf8): all own addresses: never answered to
 * @signature: (nullable): without its "-- " line
 * @now: µs since 1970; written in the zone of this machine
 */
typedef struct {
	const Address *from;
	const GPtrArray *own;
	const char *signature;
	gint64 now;
} MimeSender;

/** mime_compose_new: an empty draft. Returns: (transfer full) */
GBytes *mime_compose_new(const MimeSender *sender);
/**
 * mime_compose_reply:
 * @original: header of the message answered
 * @quoted: (nullable): its text, rendered at %MIME_QUOTE_WIDTH
 * @attribution: (nullable): line above the quoted text
 *
 * To Reply-To, else From (to its To where it is an own message); with @all its
 * other recipients in Cc. Own addresses are left out.
 *
 * Returns: (transfer full)
 */
GBytes *mime_compose_reply(const MimeSender *sender,
			   const MessageHeader *original,
			   const MimeText *quoted, bool all,
			   const char *attribution);
/**
 * mime_compose_forward:
 * @attached: as message/rfc822, untouched; else its text inline, with its
 *   attachments as they are
 * @intro: (nullable): line above an inline text
 *
 * Returns: (transfer full) (nullable): %MIME_ERROR_LIMIT
 */
GBytes *mime_compose_forward(const MimeSender *sender,
			     const MimeMessage *original, bool attached,
			     const char *intro, GError **error);

/** mime_compose_attach: @type: "application/pdf"; @filename: (nullable).
 * Returns: (transfer full) (nullable): %MIME_ERROR_LIMIT */
GBytes *mime_compose_attach(const MimeMessage *draft, GBytes *content,
			    const char *type, const char *filename,
			    GError **error);
/** mime_compose_detach: takes one part out.
 * Returns: (transfer full) (nullable): %MIME_ERROR_NOT_FOUND */
GBytes *mime_compose_detach(const MimeMessage *draft, const char *section,
			    GError **error);
/** mime_compose_attachments: (transfer container): array of Part of the draft
 * that stay beside the text */
GPtrArray *mime_compose_attachments(const MimeMessage *draft);
/** mime_compose_set_field: @value: (nullable): decoded, UTF-8; %NULL takes the
 * field away. Address fields are written as such: %MIME_ERROR_ADDRESS.
 * Returns: (transfer full) (nullable) */
GBytes *mime_compose_set_field(const MimeMessage *draft, const char *name,
			       const char *value, GError **error);

/**
 * mime_compose_stamp:
 * @message: a draft, or what someone gave us on standard input
 * @uuid, @rev: for X-Pennon-Draft
 * @from: (nullable): where there is no From
 * @now: µs: Date is set to it
 *
 * Adds what a stored draft must have: X-Pennon-Draft, Date, Message-ID (kept if
 * there), From, MIME-Version; line ends become CRLF where the header's are LF.
 *
 * Returns: (transfer full) (nullable): %MIME_ERROR_LIMIT, %MIME_ERROR_EDIT if
 * it has neither header nor text
 */
GBytes *mime_compose_stamp(GBytes *message, const char *uuid, guint rev,
			   const Address *from, gint64 now, GError **error);
/** mime_compose_outgoing: as it is sent: without Bcc and X-Pennon-Draft.
 * Returns: (transfer full) (nullable) */
GBytes *mime_compose_outgoing(GBytes *message, GError **error);
