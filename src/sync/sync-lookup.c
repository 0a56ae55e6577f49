/* sync-lookup.c - what became of a command whose answer was lost */
#include <string.h>

#include "mime-header.h"
#include "sync-worker.h"

/** What a message must agree with to be the one. */
typedef struct {
	ChangeMessage *message;
	char *message_id;
	gint64 size; /* -1: not known */
	gint64 date; /* 0: not known */
	guint32 found;
	guint n_found;
} Sought;

static void
sought_clear(gpointer data)
{
	g_free(((Sought *)data)->message_id);
}

static GArray *
what_to_seek(SyncWorker *worker, const Change *change)
{
	GArray *sought = g_array_new(FALSE, TRUE, sizeof(Sought));

	g_array_set_clear_func(sought, sought_clear);
	for (guint i = 0; i < change->messages->len; i++) {
		ChangeMessage *message = g_ptr_array_index(change->messages, i);
		g_autoptr(MessageRow) row =
		    message->id == 0
			? NULL
			: store_reader_row(worker->reader, message->id, NULL);
		Sought one = {.message = message, .size = -1};

		one.message_id = g_strdup(message->message_id);
		if (row != NULL) {
			one.size = row->size;
			one.date = row->date;
		}
		g_array_append_val(sought, one);
	}
	return sought;
}

static bool
is_draft(const Change *change, const MessageHeader *header)
{
	return header->draft_uuid != NULL &&
	       strcmp(header->draft_uuid, change->draft_uuid) == 0 &&
	       header->draft_rev == change->draft_rev;
}

static bool
agrees(const Change *change, const Sought *one, const ImapRow *row,
       const MessageHeader *header)
{
	if (change->kind == CHANGE_APPEND)
		return is_draft(change, header);
	if (one->message_id == NULL && one->size < 0)
		return false;
	return g_strcmp0(one->message_id, header->message_id) == 0 &&
	       (one->size < 0 || (guint64)one->size == row->size) &&
	       (one->date == 0 || !(row->have & IMAP_HAVE_DATE) ||
		one->date == row->date);
}

static void
match_rows(const Change *change, GArray *sought, const ImapBatch *rows)
{
	for (guint i = 0; rows != NULL && i < imap_batch_n_rows(rows); i++) {
		const ImapRow *row = imap_batch_row(rows, i);
		g_autoptr(MessageHeader) header = NULL;

		if (row->uid < change->dest_uid_next ||
		    !(row->have & IMAP_HAVE_HEADER))
			continue;
		header = mime_header_parse(row->header, row->header_len);
		for (guint k = 0; k < sought->len; k++) {
			Sought *one = &g_array_index(sought, Sought, k);

			if (!agrees(change, one, row, header))
				continue;
			one->n_found++;
			/* twins of a draft are healed: the higher one stays */
			one->found = MAX(one->found, row->uid);
		}
	}
}

bool
sync_lookup(SyncWorker *worker, Change *change, guint *ret_found,
	    bool *ret_doubtful, GError **error)
{
	const char *target =
	    change->dest != NULL ? change->dest : change->mailbox;
	g_autoptr(GArray) sought = NULL;
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
	sought = what_to_seek(worker, change);
	match_rows(change, sought, updates.rows);
	*ret_doubtful = false;
	for (guint i = 0; i < sought->len; i++) {
		const Sought *one = &g_array_index(sought, Sought, i);

		if (one->n_found == 1 ||
		    (one->n_found > 1 && change->kind == CHANGE_APPEND)) {
			one->message->dest_uid = one->found;
			(*ret_found)++;
		} else if (one->n_found > 1) {
			*ret_doubtful = true;
		}
	}
	return true;
}
