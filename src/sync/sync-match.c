/* sync-match.c - which message a lost command has left in its target */
#include "sync-match.h"

#include <string.h>

/** What a message must agree with to be the one. */
typedef struct {
	ChangeMessage *message; /* of the change */
	gint64 size;            /* -1: not known */
	gint64 date;            /* 0: not known */
	guint32 found;          /* the highest */
	guint n_found;
	guint next; /* with the same Message-ID: its position + 1, 0: none */
} Sought;

struct SyncMatch {
	const Change *change;
	GArray *sought;    /* of Sought, by position in the change */
	GHashTable *by_id; /* Message-ID → position + 1 of the first */
};

SyncMatch *
sync_match_new(Change *change)
{
	SyncMatch *match = g_new0(SyncMatch, 1);
	guint n = change->messages->len;

	match->change = change;
	match->sought = g_array_sized_new(FALSE, TRUE, sizeof(Sought), n);
	match->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < n; i++) {
		ChangeMessage *message = g_ptr_array_index(change->messages, i);
		Sought one = {.message = message, .size = -1};

		if (message->message_id != NULL) {
			one.next = GPOINTER_TO_UINT(g_hash_table_lookup(
			    match->by_id, message->message_id));
			g_hash_table_replace(match->by_id, message->message_id,
					     GUINT_TO_POINTER(i + 1));
		}
		g_array_append_val(match->sought, one);
	}
	return match;
}

void
sync_match_free(SyncMatch *match)
{
	if (match == NULL)
		return;
	g_hash_table_unref(match->by_id);
	g_array_unref(match->sought);
	g_free(match);
}

void
sync_match_know(SyncMatch *match, guint position, gint64 size, gint64 date)
{
	Sought *one = &g_array_index(match->sought, Sought, position);

	one->size = size;
	one->date = date;
}

static void
note_found(Sought *one, guint32 uid)
{
	one->n_found++;
	one->found = MAX(one->found, uid);
}

static void
add_draft(SyncMatch *match, guint32 uid, const MessageHeader *header)
{
	const Change *change = match->change;

	if (header->draft_uuid == NULL || change->draft_uuid == NULL ||
	    strcmp(header->draft_uuid, change->draft_uuid) != 0 ||
	    header->draft_rev != change->draft_rev)
		return;
	for (guint i = 0; i < match->sought->len; i++)
		note_found(&g_array_index(match->sought, Sought, i), uid);
}

void
sync_match_add(SyncMatch *match, guint32 uid, guint64 size, gint64 date,
	       const MessageHeader *header)
{
	guint at;

	if (match->change->kind == CHANGE_APPEND) {
		add_draft(match, uid, header);
		return;
	}
	if (header->message_id == NULL)
		return;
	at = GPOINTER_TO_UINT(
	    g_hash_table_lookup(match->by_id, header->message_id));
	while (at != 0) {
		Sought *one = &g_array_index(match->sought, Sought, at - 1);

		if ((one->size < 0 || (guint64)one->size == size) &&
		    (one->date == 0 || date == 0 || one->date == date))
			note_found(one, uid);
		at = one->next;
	}
}

guint
sync_match_end(SyncMatch *match, bool *ret_doubtful)
{
	bool is_draft = match->change->kind == CHANGE_APPEND;
	guint n = 0;

	*ret_doubtful = false;
	for (guint i = 0; i < match->sought->len; i++) {
		Sought *one = &g_array_index(match->sought, Sought, i);

		if (one->n_found == 1 || (one->n_found > 1 && is_draft)) {
			/* twins of a draft are healed: the higher one stays */
			one->message->dest_uid = one->found;
			n++;
		} else if (one->n_found > 1 ||
			   (!is_draft && one->message->message_id == NULL)) {
			*ret_doubtful = true;
		}
	}
	return n;
}
