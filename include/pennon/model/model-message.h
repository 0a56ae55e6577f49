/* model-message.h - the header values a list needs, and a row of a list */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-address.h"
#include "model-flags.h"

/** MESSAGE_REFERENCES_MAX: Message-IDs kept of References: the first and the
 * last ones (a hostile header holds 100,000) */
#define MESSAGE_REFERENCES_MAX 21u

/**
 * MessageHeader: what the fields of one header block mean, decoded to UTF-8,
 * not filtered for the terminal
 * @from, @to, @cc, @bcc, @reply_to: arrays of #Address, maybe empty
 * @subject: unfolded; "" if absent
 * @message_id: (nullable): without angle brackets
 * @references: (nullable): %NULL-terminated Message-IDs without brackets, the
 *   oldest first: References, else In-Reply-To; at most
 *   %MESSAGE_REFERENCES_MAX
 * @date: µs since 1970 of the Date field, G_MININT64 if absent or unreadable
 * @date_offset: minutes east of UTC in the Date field
 * @list_id: (nullable): List-Id without brackets
 * @type: (nullable): main type of Content-Type, "multipart/mixed"
 * @draft_uuid: (nullable): of X-Pennon-Draft
 * @draft_rev: its rev, 0 for none
 */
typedef struct {
	GPtrArray *from;
	GPtrArray *to;
	GPtrArray *cc;
	GPtrArray *bcc;
	GPtrArray *reply_to;
	char *subject;
	char *message_id;
	char **references;
	gint64 date;
	gint date_offset;
	char *list_id;
	char *type;
	char *draft_uuid;
	guint draft_rev;
} MessageHeader;
#define MESSAGE_NO_DATE G_MININT64

/** message_header_new: Returns: (transfer full): empty lists, no date */
MessageHeader *message_header_new(void);
/** message_header_free: (nullable) */
void message_header_free(MessageHeader *header);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageHeader, message_header_free)

/** MessageMark: what stands in the way of a row's plain state */
typedef enum {
	MESSAGE_MARK_WAITING = 1u << 0, /* a change waits for the server */
	MESSAGE_MARK_FAILED = 1u << 1,  /* a change failed */
	MESSAGE_MARK_STALE = 1u << 2,   /* from before a UIDVALIDITY change */
} MessageMark;

/** MessageAttachments: %MESSAGE_ATTACHMENTS_MAYBE: multipart/mixed, structure
 * not fetched yet: drawn faintly, null in JSON */
typedef enum {
	MESSAGE_ATTACHMENTS_UNKNOWN = 0,
	MESSAGE_ATTACHMENTS_NO,
	MESSAGE_ATTACHMENTS_YES,
	MESSAGE_ATTACHMENTS_MAYBE,
} MessageAttachments;

/**
 * MessageRow: one row of a list, as shown: the server's last word with the
 * queued changes on top
 * @id: local id, for life
 * @mailbox: local id of the mailbox it is shown in
 * @mailbox_name: (nullable): set in lists over several mailboxes
 * @uid: UID there, 0 while the server has not told it (a queued move)
 * @date: INTERNALDATE, µs since 1970; what lists are ordered by
 * @sent: Date field, or INTERNALDATE where that is missing or absurd
 * @from, @to, @cc: arrays of #Address
 * @subject: "" if absent
 * @message_id: (nullable)
 * @size: bytes, RFC822.SIZE
 * @thread: id of its thread, for life of the thread
 * @depth: in a thread view, levels below the root; else 0
 * @thread_count: in a thread view, rows of the thread in this mailbox
 * @due: days since 1970-01-01 of the follow-up date, 0 for none
 */
typedef struct {
	gint64 id;
	gint64 mailbox;
	char *mailbox_name;
	guint32 uid;
	gint64 date;
	gint64 sent;
	GPtrArray *from;
	GPtrArray *to;
	GPtrArray *cc;
	char *subject;
	char *message_id;
	gint64 size;
	MailFlags flags;
	MessageAttachments attachments;
	guint32 marks; /* or of MessageMark */
	gint64 thread;
	guint depth;
	guint thread_count;
	gint32 due;
} MessageRow;

MessageRow *message_row_new(void);
/** message_row_free: (nullable) */
void message_row_free(MessageRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageRow, message_row_free)
