/* sync-fold.c - what need not be sent, for something later says otherwise */
#include "sync-fold.h"

/* Queued, and no byte of it can have reached the server. */
static bool
is_unsent(const Change *change)
{
	return change->state == CHANGE_QUEUED &&
	       change->step == CHANGE_STEP_NONE && change->attempts == 0;
}

static gint64
id_at(const Change *change, guint at)
{
	return ((const ChangeMessage *)g_ptr_array_index(change->messages, at))
	    ->id;
}

/* @last: message id → the Change that takes it somewhere, borrowed */
static bool
takes_all_of(GHashTable *last, const Change *change)
{
	const Change *later = NULL;

	for (guint i = 0; i < change->messages->len; i++) {
		gint64 id = id_at(change, i);
		const Change *taker = g_hash_table_lookup(last, &id);

		if (taker == NULL || (later != NULL && taker != later))
			return false;
		later = taker;
	}
	return later != NULL;
}

static void
note(GHashTable *last, Change *change, Change *taker)
{
	for (guint i = 0; i < change->messages->len; i++) {
		ChangeMessage *message = g_ptr_array_index(change->messages, i);

		if (taker == NULL)
			g_hash_table_remove(last, &message->id);
		else if (message->id != 0)
			g_hash_table_replace(last, &message->id, taker);
	}
}

GPtrArray *
sync_fold_moves(GPtrArray *open)
{
	GPtrArray *needless = g_ptr_array_new();
	g_autoptr(GHashTable) last =
	    g_hash_table_new(g_int64_hash, g_int64_equal);

	/* from the last to the first: what follows a change is known */
	for (guint i = open->len; i > 0; i--) {
		Change *change = g_ptr_array_index(open, i - 1);

		switch (change->kind) {
		case CHANGE_MOVE:
			if (is_unsent(change) && takes_all_of(last, change)) {
				g_ptr_array_add(needless, change);
				break;
			}
			note(last, change, is_unsent(change) ? change : NULL);
			break;
		case CHANGE_DELETE:
			note(last, change, is_unsent(change) ? change : NULL);
			break;
		case CHANGE_COPY:
			/* a copy wants it where the move before has put it */
			note(last, change, NULL);
			break;
		default:
			break;
		}
	}
	return needless;
}

/* ---- flags ---- */

void
sync_fold_flags(MailFlags *add, MailFlags *remove, const Change *later)
{
	const MailFlags none = {0};

	/* what @later says of a flag counts, not what was said before */
	mail_flags_apply(add, &later->add, &later->remove);
	mail_flags_apply(remove, &none, &later->add);
	mail_flags_apply(remove, &later->remove, &none);
}

void
sync_fold_known(MailFlags *add, MailFlags *remove, const MailFlags *server)
{
	const MailFlags none = {0};
	g_auto(MailFlags) absent = mail_flags_copy(remove);

	mail_flags_apply(add, &none, server);
	/* of what is to go only what is there: remove - (remove - server) */
	mail_flags_apply(&absent, &none, server);
	mail_flags_apply(remove, &none, &absent);
}
