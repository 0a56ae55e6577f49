/* sync-lookup.c - what became of a command whose answer was lost */
#include <string.h>

#include "mime-header.h"
#include "sync-match.h"
#include "sync-worker.h"

static void
say_what_is_known(SyncWorker *worker, const Change *change, SyncMatch *match)
{
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		g_autoptr(MessageRow) row =
		    message->id == 0
			? NULL
			: store_reader_row(worker->reader, message->id, NULL);

		if (row != NULL)
			sync_match_know(match, i, row->size, row->date);
	}
}

static void
add_rows(const Change *change, SyncMatch *match, const ImapBatch *rows)
{
	for (guint i = 0; rows != NULL && i < imap_batch_n_rows(rows); i++) {
		const ImapRow *row = imap_batch_row(rows, i);
		g_autoptr(MessageHeader) header = NULL;

		if (row->uid < change->dest_uid_next ||
		    !(row->have & IMAP_HAVE_HEADER))
			continue;
		header = mime_header_parse(row->header, row->header_len);
		sync_match_add(match, row->uid, row->size,
			       row->have & IMAP_HAVE_DATE ? row->date : 0,
			       header);
	}
}

bool
sync_lookup(SyncWorker *worker, Change *change, guint *ret_found,
	    bool *ret_doubtful, GError **error)
{
	const char *target =
	    change->dest != NULL ? change->dest : change->mailbox;
	g_autoptr(SyncMatch) match = sync_match_new(change);
	g_auto(ImapUpdates) updates = {0};
	g_auto(StoreMailboxState) state = {0};

	*ret_found = 0;
	*ret_doubtful = true;
	if (!sync_mailbox_open(worker, target, NULL, error))
		return false;
	if (change->dest_uid_next == 0 ||
	    !store_reader_refresh(worker->reader) ||
	    !store_reader_state(worker->reader, worker->box_id, &state, NULL) ||
	    state.server.uid_validity != change->dest_uid_validity)
		if (change->dest_uid_next == 0 ||
		    (state.server.uid_validity != 0 &&
		     state.server.uid_validity != change->dest_uid_validity))
			return true; /* nothing to look by: doubtful */
	if (!sync_mailbox_updates(worker, NULL, error) ||
	    !imap_session_fetch_from(worker->session, change->dest_uid_next,
				     IMAP_FETCH_LOOKUP, error))
		return false;
	imap_session_take_updates(worker->session, &updates);
	say_what_is_known(worker, change, match);
	add_rows(change, match, updates.rows);
	*ret_found = sync_match_end(match, ret_doubtful);
	return true;
}
