/* sync-batch.c - one step of a mailbox's sync on its way to the keeper */
#include "sync-batch.h"

#include <string.h>

#include "mime-header.h"
#include "sync-keeper.h"

#define MASS_MIN 20u

typedef struct {
	guint32 uid;
	guint64 modseq;
	MailFlags flags;
} FlagRow;

static void
flag_row_clear(gpointer data)
{
	mail_flags_clear(&((FlagRow *)data)->flags);
}

SyncBatch *
sync_batch_new(gint64 mailbox)
{
	SyncBatch *batch = g_new0(SyncBatch, 1);

	batch->mailbox = mailbox;
	batch->messages =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_message_free);
	batch->flags = g_array_new(FALSE, FALSE, sizeof(FlagRow));
	g_array_set_clear_func(batch->flags, flag_row_clear);
	return batch;
}

void
sync_batch_free(SyncBatch *batch)
{
	g_ptr_array_unref(batch->messages);
	g_array_unref(batch->flags);
	uid_set_free(batch->removed);
	uid_set_free(batch->hide);
	uid_set_free(batch->unhide);
	uid_set_free(batch->known);
	store_added_clear(&batch->added);
	g_clear_error(&batch->error);
	g_free(batch);
}

static bool
write_flags(SyncKeeper *keeper, SyncBatch *batch)
{
	for (guint i = 0; i < batch->flags->len; i++) {
		FlagRow *row = &g_array_index(batch->flags, FlagRow, i);
		bool changed = false;

		if (!store_writer_set_flags(keeper->writer, batch->mailbox,
					    row->uid, &row->flags, row->modseq,
					    &changed, &batch->error))
			return false;
		batch->n_changed += changed;
	}
	return true;
}

static bool
write_removed(SyncKeeper *keeper, SyncBatch *batch)
{
	guint n = 0;

	if (batch->removed != NULL && !uid_set_is_empty(batch->removed) &&
	    !store_writer_remove(keeper->writer, batch->mailbox, batch->removed,
				 &batch->n_removed, &batch->error))
		return false;
	if (batch->hide != NULL &&
	    !store_writer_hide(keeper->writer, batch->mailbox, batch->hide,
			       true, &n, &batch->error))
		return false;
	if (batch->unhide != NULL && !uid_set_is_empty(batch->unhide) &&
	    !store_writer_hide(keeper->writer, batch->mailbox, batch->unhide,
			       false, &n, &batch->error))
		return false;
	batch->n_removed += batch->hide != NULL ? n : 0;
	return true;
}

/* The state comes last: it never becomes durable before what it stands for. */
static bool
write_state(SyncKeeper *keeper, SyncBatch *batch)
{
	StoreWriter *writer = keeper->writer;

	if (batch->known != NULL &&
	    !store_writer_set_known(writer, batch->mailbox, batch->known,
				    &batch->error))
		return false;
	if (batch->settle && !store_writer_settle_mailbox(
				 writer, batch->mailbox, NULL, &batch->error))
		return false;
	if (batch->set_state &&
	    !store_writer_set_state(writer, batch->mailbox, &batch->state,
				    &batch->error))
		return false;
	return !batch->synced ||
	       store_writer_set_synced(writer, batch->mailbox,
				       g_get_real_time(), &batch->error);
}

static void
write_batch(SyncKeeper *keeper, gpointer data)
{
	SyncBatch *batch = data;

	if (keeper->writer == NULL) {
		batch->error =
		    g_error_new_literal(SYNC_ERROR, SYNC_ERROR_CANCELLED,
					"another pennon has taken over");
		return;
	}
	if (batch->reset_to != 0 &&
	    !store_writer_reset_mailbox(keeper->writer, batch->mailbox,
					batch->reset_to, &batch->error))
		return;
	if (batch->messages->len > 0 &&
	    !store_writer_add_rows(keeper->writer, batch->mailbox,
				   batch->messages, &batch->added,
				   &batch->error))
		return;
	if (!write_flags(keeper, batch) || !write_removed(keeper, batch) ||
	    !write_state(keeper, batch) ||
	    !store_writer_commit(keeper->writer, &batch->error))
		return;
	sync_keeper_touch(keeper, batch->added.added + batch->added.adopted +
					      batch->n_changed +
					      batch->n_removed +
					      batch->reset_to + batch->settle ==
					  0
				      ? 0
				      : batch->mailbox);
	(void)sync_keeper_commit(keeper);
}

/* @batch: (transfer full) */
bool
sync_batch_keep(SyncWorker *worker, SyncBatch *batch, SyncResult *result,
		GError **error)
{
	bool good;

	sync_keeper_call(worker->keeper, write_batch, batch);
	good = batch->error == NULL;
	if (!good)
		g_propagate_error(error, g_steal_pointer(&batch->error));
	if (good && result != NULL) {
		result->new_messages += batch->added.added;
		result->changed += batch->n_changed;
		result->removed += batch->n_removed;
	}
	if (good && batch->added.added > 0 && worker->settings->background &&
	    worker->missing == NULL) {
		SyncEvent *event = sync_event_new(SYNC_EVENT_NEW_MAIL);

		event->mailbox_id = batch->mailbox;
		event->count = batch->added.added;
		sync_emit(worker->events, event);
	}
	sync_batch_free(batch);
	return good;
}

/* ---- from the wire's rows to the store's ---- */

static MailFlags
flags_of(const ImapRow *row)
{
	MailFlags flags = {row->flags & ~(guint32)MAIL_FLAG_RECENT, NULL};
	g_auto(MailFlags) more = {0};

	if (row->keywords_len > 0) {
		more =
		    mail_flags_parse(row->keywords, (gssize)row->keywords_len);
		flags.keywords = g_steal_pointer(&more.keywords);
	}
	return flags;
}

static MessageAttachments
guess_attachments(const MessageHeader *header)
{
	if (header->type == NULL || g_str_has_prefix(header->type, "text/") ||
	    strcmp(header->type, "multipart/alternative") == 0)
		return MESSAGE_ATTACHMENTS_NO;
	return strcmp(header->type, "multipart/mixed") == 0
		   ? MESSAGE_ATTACHMENTS_MAYBE
		   : MESSAGE_ATTACHMENTS_UNKNOWN;
}

static StoreMessage *
message_of(const ImapRow *row)
{
	StoreMessage *message = store_message_new();

	message->uid = row->uid;
	message->flags = flags_of(row);
	message->modseq = row->modseq;
	message->size = (gint64)MIN(row->size, (guint64)G_MAXINT64);
	message->internal_date = row->have & IMAP_HAVE_DATE ? row->date : 0;
	message_header_free(message->header);
	message->header = mime_header_parse(row->header, row->header_len);
	message->attachments = guess_attachments(message->header);
	return message;
}

/* @taken: (nullable): UIDs whose header came */
void
sync_batch_add_rows(SyncBatch *batch, const ImapBatch *rows, UidSet *taken)
{
	for (guint i = 0; rows != NULL && i < imap_batch_n_rows(rows); i++) {
		const ImapRow *row = imap_batch_row(rows, i);

		if (row->have & IMAP_HAVE_HEADER) {
			g_ptr_array_add(batch->messages, message_of(row));
			if (taken != NULL)
				uid_set_add(taken, row->uid);
		} else if (row->have & IMAP_HAVE_FLAGS) {
			FlagRow flags = {row->uid, row->modseq, flags_of(row)};

			g_array_append_val(batch->flags, flags);
		}
	}
}

/* A fifth of a mailbox and over 20: verified before it is believed. */
void
sync_batch_add_removed(SyncWorker *worker, SyncBatch *batch, UidSet *gone,
		       guint total)
{
	g_autoptr(UidSet) stored = NULL;
	guint64 n;

	if (uid_set_is_empty(gone)) {
		uid_set_free(gone);
		return;
	}
	stored = store_reader_uids(worker->reader, batch->mailbox, NULL);
	if (stored != NULL)
		uid_set_intersect(gone, stored);
	n = uid_set_count(gone);
	if (n <= MASS_MIN || n * 5 <= total) {
		batch->removed = gone;
		return;
	}
	batch->hide = gone;
	worker->hidden_in = worker->n_sessions;
	sync_emit_notice(worker->events, NOTICE_MASS_REMOVAL, batch->mailbox,
			 NULL, (guint)MIN(n, G_MAXUINT));
}
