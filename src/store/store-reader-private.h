/* store-reader-private.h - what the parts of the reader share */
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include "store-db.h"
#include "store-list.h"
#include "store-reader.h"

/** StoreMember: a message of a thread, in the order it is drawn */
typedef struct {
	gint64 id;
	gint64 date;
	guint depth;
	bool unread;
} StoreMember;

struct StoreReader {
	StoreDb *db;
	pthread_mutex_t lock; /* of db, against an interrupt from elsewhere */
	char *path;
	char *cache_folder;
	char *state_folder;
	StoreJournal *journal;
	dev_t device;
	ino_t inode;
	gint64 data_version;
	/* the thread drawn last: a long one is put in order once */
	gint64 tree_version; /* of the file */
	gint64 tree_mailbox;
	gint64 tree_thread;
	GArray *tree; /* of StoreMember */
};

/** STORE_ROW_COLUMNS: as store_row_from() reads them */
#define STORE_ROW_COLUMNS                                                      \
	"msg.id, msg.shown, msg.mailbox, msg.uid, msg.date, msg.sent, "        \
	"head.sender, head.rcpt, head.cc, head.subject, head.message_id, "     \
	"msg.size, msg.shown_flags, msg.shown_keywords, msg.attachments, "     \
	"msg.marks, msg.thread"
/** STORE_ROW_TABLES: they come from; msg leads */
#define STORE_ROW_TABLES "msg CROSS JOIN head ON head.id = msg.id"
MessageRow *store_row_from(sqlite3_stmt *statement);
/** store_reader_find_row: Returns: 1, 0 where it has gone (a moment ago, for
 * reads outside of store_reader_begin()), -1 with @error */
int store_reader_find_row(StoreReader *reader, gint64 message, MessageRow **ret,
			  GError **error);

/**
 * store_reader_tree:
 * @mailbox: 0: over all mailboxes
 *
 * Returns: (transfer none) (nullable): array of #StoreMember; valid until the
 * next call or refresh
 */
GArray *store_reader_tree(StoreReader *reader, gint64 mailbox, gint64 thread,
			  GError **error);
/** store_reader_forget_tree: what was written may have changed it */
void store_reader_forget_tree(StoreReader *reader);
