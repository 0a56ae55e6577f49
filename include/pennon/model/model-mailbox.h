/* model-mailbox.h - what a mailbox is, independent of where it is stored */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** MailboxRole: RFC 6154 and RFC 8457 uses, and pennon's own Follow-up.
 * Stored in files: never renumber. */
typedef enum {
	MAILBOX_ROLE_NONE = 0,
	MAILBOX_ROLE_INBOX,
	MAILBOX_ROLE_DRAFTS,
	MAILBOX_ROLE_SENT,
	MAILBOX_ROLE_ARCHIVE,
	MAILBOX_ROLE_JUNK,
	MAILBOX_ROLE_TRASH,
	MAILBOX_ROLE_ALL,
	MAILBOX_ROLE_FLAGGED,
	MAILBOX_ROLE_FOLLOWUP,
	MAILBOX_ROLE_IMPORTANT,
} MailboxRole;

/** mailbox_role_name: Returns: "inbox", "drafts", … as --json prints them;
 * %NULL for %MAILBOX_ROLE_NONE and %MAILBOX_ROLE_IMPORTANT */
const char *mailbox_role_name(MailboxRole role);
/** mailbox_role_from_use: @use: "\Drafts", in any case (RFC 6154) */
MailboxRole mailbox_role_from_use(const char *use, gsize len);
/** mailbox_role_from_name: the table of usual and localized names ("Gesendet",
 * "Sent Messages"), by the last component of @name; for servers without
 * SPECIAL-USE. "INBOX" in any case is always %MAILBOX_ROLE_INBOX. */
MailboxRole mailbox_role_from_name(const char *name, char delimiter);

/** MailboxAttr: what LIST says of a mailbox (RFC 9051 section 7.3.1) */
typedef enum {
	MAILBOX_ATTR_NOSELECT = 1u << 0,
	MAILBOX_ATTR_NOINFERIORS = 1u << 1,
	MAILBOX_ATTR_HAS_CHILDREN = 1u << 2,
	MAILBOX_ATTR_HAS_NO_CHILDREN = 1u << 3,
	MAILBOX_ATTR_NONEXISTENT = 1u << 4,
	MAILBOX_ATTR_SUBSCRIBED = 1u << 5,
	MAILBOX_ATTR_MARKED = 1u << 6,
} MailboxAttr;

/**
 * MailboxState: what SELECT or STATUS says of a mailbox
 * @uid_validity: UIDVALIDITY; UIDs mean nothing across a change of it
 *   (RFC 9051 section 2.3.1.1); 0: never cache this mailbox
 * @uid_next: UIDNEXT, or 0 if the server did not say
 * @exists: messages in the mailbox
 * @unseen: of STATUS; %MAILBOX_UNKNOWN if not told
 * @highest_modseq: HIGHESTMODSEQ, or 0 for a mailbox without persistent
 *   mod-sequences (RFC 7162 section 3.1.2.2)
 *
 * A snapshot. Plain value: copy it freely, share it by copy.
 */
typedef struct {
	guint32 uid_validity;
	guint32 uid_next;
	guint32 exists;
	guint32 unseen;
	guint64 highest_modseq;
} MailboxState;
#define MAILBOX_UNKNOWN G_MAXUINT32

/**
 * Mailbox: one line of a folder list
 * @id: local id, for life; 0 where it is not from the store
 * @name: name in UTF-8, as shown and typed; "=" before the raw name where that
 *   does not survive modified UTF-7 both ways
 * @wire: name as on the wire, bytes; what commands send
 * @delimiter: hierarchy delimiter, '\0' for a flat name
 * @attrs: or of #MailboxAttr
 * @role: as configured, else by special use, else by name
 * @total, @unread, @flagged: as shown (queued changes counted);
 *   %MAILBOX_UNKNOWN until known
 * @synced_at: µs since 1970 of the last word from the server, 0 for never
 * @keep_offline: bodies are fetched ahead
 */
typedef struct {
	gint64 id;
	char *name;
	char *wire;
	char delimiter;
	guint32 attrs;
	MailboxRole role;
	guint32 total;
	guint32 unread;
	guint32 flagged;
	gint64 synced_at;
	bool keep_offline;
} Mailbox;

/** mailbox_new: Returns: (transfer full): counts unknown, no role */
Mailbox *mailbox_new(const char *name, const char *wire, char delimiter);
Mailbox *mailbox_copy(const Mailbox *mailbox);
/** mailbox_free: (nullable) */
void mailbox_free(Mailbox *mailbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailbox, mailbox_free)

/** MAILBOX_NAME_MAX: bytes of a name; longer ones are refused on the wire */
#define MAILBOX_NAME_MAX 4096u
/** mailbox_name_equal: INBOX without regard to case, all others bytewise */
bool mailbox_name_equal(const char *a, const char *b);
