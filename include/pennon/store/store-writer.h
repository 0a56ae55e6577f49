/* store-writer.h - mail.db, written: mailboxes and the server's messages */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-mailbox.h"
#include "model-message.h"
#include "model-part.h"
#include "model-uidset.h"
#include "store-error.h"
#include "store-journal.h"

/*
 * One handle per account, on the keeper's thread, in the process that holds
 * the sync role.
 *
 * Transactions: a function that changes something opens one if none is open.
 * Functions that take many rows commit whenever 15 ms have gone by and open
 * the next; store_writer_commit() ends the last. What is set last (state,
 * known UIDs) therefore never becomes durable before the rows set before it.
 * After an error the open transaction is rolled back; what was committed
 * stays.
 */
typedef struct StoreWriter StoreWriter;

/**
 * store_writer_open:
 * @cache_folder: the account's, absolute; made 0700 if missing
 * @journal: outlives the writer; local ids are reserved from it
 * @ret_opened: (out) (optional): %STORE_REBUILT: everything has to be synced
 *   anew; the journal's open changes have to be applied again in any case:
 *   store_writer_reapply()
 *
 * Returns: (transfer full) (nullable)
 */
StoreWriter *store_writer_open(const char *cache_folder, StoreJournal *journal,
			       StoreOpened *ret_opened, GError **error);
/** store_writer_close: (nullable): rolls back what is not committed */
void store_writer_close(StoreWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreWriter, store_writer_close)

/** store_writer_commit: nothing to do if no transaction is open */
bool store_writer_commit(StoreWriter *writer, GError **error);
void store_writer_rollback(StoreWriter *writer);
/** store_writer_is_due: the open transaction has lasted 15 ms: commit */
bool store_writer_is_due(const StoreWriter *writer);
/** store_writer_checkpoint: moves the log into the file; first thing after the
 * open, and when idle */
bool store_writer_checkpoint(StoreWriter *writer, GError **error);

/* ---- mailboxes ---- */

/**
 * store_writer_put_mailbox:
 * @mailbox: @wire says which; name, delimiter, attrs and role are written;
 *   counts, synced_at and keep_offline are not
 *
 * Returns: its local id, 0 on error
 */
gint64 store_writer_put_mailbox(StoreWriter *writer, const Mailbox *mailbox,
				GError **error);
/**
 * store_writer_set_mailboxes:
 * @mailboxes: (element-type Mailbox): all that LIST told
 * @ret_gone: (out) (optional) (transfer full): array of UTF-8 names that were
 *   there before
 *
 * Those not in @mailboxes are marked gone: their rows stay until
 * store_writer_remove_mailbox().
 */
bool store_writer_set_mailboxes(StoreWriter *writer, const GPtrArray *mailboxes,
				GPtrArray **ret_gone, GError **error);
/** store_writer_rename_mailbox: ids, rows and state stay (RFC 9051 section
 * 6.3.6); only this one, not those below it */
bool store_writer_rename_mailbox(StoreWriter *writer, const char *wire,
				 const char *new_wire, const char *new_name,
				 GError **error);
/** store_writer_remove_mailbox: and all its messages, in pieces */
bool store_writer_remove_mailbox(StoreWriter *writer, gint64 mailbox,
				 GError **error);
/** store_writer_set_state: what the server said last; the mod-sequence is
 * written as it is: only the caller knows whether it may move (SYNC.md 1.5).
 * A zero uid_next leaves the stored one. Another UIDVALIDITY than the stored
 * one: store_writer_reset_mailbox() first. */
bool store_writer_set_state(StoreWriter *writer, gint64 mailbox,
			    const MailboxState *state, GError **error);
/** store_writer_set_status: exists and unseen of a STATUS, nothing else */
bool store_writer_set_status(StoreWriter *writer, gint64 mailbox,
			     guint32 exists, guint32 unseen, GError **error);
/** store_writer_set_known: the UIDs up to which, and between which, the server
 * has been asked; what is not in it is a hole to be filled */
bool store_writer_set_known(StoreWriter *writer, gint64 mailbox,
			    const UidSet *known, GError **error);
/** store_writer_set_synced: @time: µs since 1970 */
bool store_writer_set_synced(StoreWriter *writer, gint64 mailbox, gint64 time,
			     GError **error);
bool store_writer_set_keep_offline(StoreWriter *writer, gint64 mailbox,
				   bool keep, GError **error);

/* ---- messages, as the server tells them ---- */

/**
 * StoreMessage: a message that FETCH told
 * @flags: cleared by store_message_free()
 * @internal_date: µs since 1970
 * @header: (transfer full)
 * @attachments: a guess from the type is enough
 */
typedef struct {
	guint32 uid;
	MailFlags flags;
	guint64 modseq;
	gint64 size;
	gint64 internal_date;
	MessageHeader *header;
	MessageAttachments attachments;
} StoreMessage;
StoreMessage *store_message_new(void);
/** store_message_free: (nullable) */
void store_message_free(StoreMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreMessage, store_message_free)

/**
 * StoreAdded: what store_writer_add_rows() did
 * @added: new rows
 * @adopted: rows that were there without a UID (moved, copied, or from before a
 *   UIDVALIDITY change) and have one now
 * @known: rows that were there; their flags were brought up to date
 * @ids: (element-type gint64): local id of each message, in the order given
 */
typedef struct {
	guint added;
	guint adopted;
	guint known;
	GArray *ids;
} StoreAdded;
/** store_added_clear: frees @ids */
void store_added_clear(StoreAdded *added);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreAdded, store_added_clear)

/**
 * store_writer_add_rows:
 * @messages: (element-type StoreMessage)
 * @ret_added: (out caller-allocates) (optional)
 *
 * Newest first is the fast order; any is right. A UID that is known with
 * another size, date or Message-ID is another message (a broken server): the
 * old one is removed. UID 0 is left out, with id 0.
 */
bool store_writer_add_rows(StoreWriter *writer, gint64 mailbox,
			   const GPtrArray *messages, StoreAdded *ret_added,
			   GError **error);

/**
 * store_writer_set_flags:
 * @flags: the whole set the server told
 * @modseq: 0 leaves the stored one
 * @ret_changed: (out) (optional): the stored set was another one
 *
 * Returns: %true too where no such UID is known: @ret_changed is then %false
 */
bool store_writer_set_flags(StoreWriter *writer, gint64 mailbox, guint32 uid,
			    const MailFlags *flags, guint64 modseq,
			    bool *ret_changed, GError **error);
/** store_writer_remove: the server no longer has them; in pieces. Takes hidden
 * ones too. @ret_removed: (out) (optional): how many were known */
bool store_writer_remove(StoreWriter *writer, gint64 mailbox,
			 const UidSet *uids, guint *ret_removed,
			 GError **error);
/** store_writer_hide: a mass removal that is not verified yet (SYNC.md 1.7):
 * numbers follow at once, rows are hidden; @hidden %false takes it back;
 * store_writer_remove() confirms it */
bool store_writer_hide(StoreWriter *writer, gint64 mailbox, const UidSet *uids,
		       bool hidden, guint *ret_changed, GError **error);
/** store_writer_set_structure: from BODYSTRUCTURE; settles @attachments */
bool store_writer_set_structure(StoreWriter *writer, gint64 message,
				const Part *root, GError **error);

/**
 * store_writer_reset_mailbox:
 *
 * UIDVALIDITY is another one: all rows lose their UID and stay in view, marked
 * %MESSAGE_MARK_STALE; state and known UIDs are forgotten. As rows arrive they
 * are matched: Message-ID + size + INTERNALDATE, then Message-ID + size, each
 * only where unique on both sides.
 */
bool store_writer_reset_mailbox(StoreWriter *writer, gint64 mailbox,
				guint32 uid_validity, GError **error);
/**
 * store_writer_settle_mailbox:
 * @ret_lost: (out) (optional) (transfer full): array of gint64: local ids with
 *   open changes that found no match
 *
 * Once a mailbox is complete: rows that still have no UID and no open change
 * go (left from a UIDVALIDITY change, or moved and copied messages that the
 * server does not have).
 */
bool store_writer_settle_mailbox(StoreWriter *writer, gint64 mailbox,
				 GArray **ret_lost, GError **error);

/** store_writer_moved: the server moved the message (COPYUID): it keeps its
 * local id. @uid 0: not told; a later FETCH in @mailbox finds it by Message-ID,
 * size and INTERNALDATE. A row that a FETCH made for (@mailbox, @uid) in the
 * meantime is merged into it. */
bool store_writer_moved(StoreWriter *writer, gint64 message, gint64 mailbox,
			guint32 uid, GError **error);

/* ---- what the user meant, on top ---- */

/**
 * store_writer_apply_change:
 * @change: as it stands in the journal, where it is durable already
 *
 * Brings the shown state of its messages up to date, by its state:
 * - open: flags, moves and deletions show at once, a copy shows as a row of
 *   its own; marked waiting or failed;
 * - confirmed: the same becomes the server's state; for moves and copies with
 *   the dest_uid of its messages, 0 where not told; deleted ones go;
 * - superseded (dropped, undone, folded): its effect is taken back.
 * Idempotent. Changes apply in the order of their ids. For kinds without
 * messages nothing happens.
 */
bool store_writer_apply_change(StoreWriter *writer, const Change *change,
			       GError **error);
/** store_writer_reapply: @open: (element-type Change): all open changes; what
 * is applied and not in it is taken back. At the start, and when another
 * process may have closed some. */
bool store_writer_reapply(StoreWriter *writer, const GPtrArray *open,
			  GError **error);
