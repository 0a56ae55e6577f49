/* store-fixture.h - an account's files in a folder of their own, for tests */
#pragma once

#include "store-body.h"
#include "store-draft.h"
#include "store-journal.h"
#include "store-list.h"
#include "store-query.h"
#include "store-reader.h"
#include "store-writer.h"

/** Fixture: @root holds @cache and @state, as an account has them */
typedef struct {
	char *root;
	char *cache;
	char *state;
	StoreJournal *journal;
	StoreWriter *writer;
	StoreReader *reader;
} Fixture;

/** fixture_new: everything open and empty */
Fixture *fixture_new(void);
/** fixture_new_folders: the folders alone, nothing open */
Fixture *fixture_new_folders(void);
/** fixture_free: (nullable): and its files */
void fixture_free(Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)
/** fixture_open: what is not open; @ret_opened: (optional): of mail.db */
void fixture_open(Fixture *fixture, StoreOpened *ret_opened);
/** fixture_close: all three, so that the next open starts from the disk */
void fixture_close(Fixture *fixture);
/** fixture_commit: and the reader sees it */
void fixture_commit(Fixture *fixture);
/** fixture_path: (transfer full): of a file below @root */
char *fixture_path(const Fixture *fixture, const char *name);
/** fixture_mailbox: its local id */
gint64 fixture_mailbox(Fixture *fixture, const char *wire);
/** fixture_number: first column of the first row, by a handle of its own;
 * @file: "cache/mail.db" */
gint64 fixture_number(const Fixture *fixture, const char *file,
		      const char *sql);
/** fixture_exec: by a handle of its own */
void fixture_exec(const Fixture *fixture, const char *file, const char *sql);

/**
 * Mail: a message in a table of cases
 * @refs: (nullable): blank-separated
 * @day: of INTERNALDATE
 */
typedef struct {
	guint32 uid;
	gint64 day;
	const char *mid;
	const char *refs;
	const char *subject;
	const char *from;
	guint32 flags;
} Mail;
/** mail_date: @day as µs since 1970 */
gint64 mail_date(gint64 day);
/** mail_message: (transfer full) */
StoreMessage *mail_message(const Mail *mail);
/** fixture_add: @n of them in one call and one commit; (transfer full): their
 * local ids */
GArray *fixture_add(Fixture *fixture, gint64 mailbox, const Mail *mails,
		    guint n);
/** fixture_add_one: its local id */
gint64 fixture_add_one(Fixture *fixture, gint64 mailbox, const Mail *mail);

/** fixture_change: (transfer full): a queued change of @message where it is
 * now, in the journal, not yet applied */
Change *fixture_change(Fixture *fixture, ChangeKind kind, gint64 message,
		       const char *dest);
/** fixture_apply: as the change stands; committed */
void fixture_apply(Fixture *fixture, Change *change, ChangeState state);

/** fixture_recount: every kept count in mail.db against one made from the
 * rows; aborts with what differs */
void fixture_recount(const Fixture *fixture);
