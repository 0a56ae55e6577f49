/* sync-flags.c - queued flag changes on their way: the fewest commands */
#include <string.h>

#include "sync-fold.h"
#include "sync-worker.h"

/** What is left to say of one message after all its changes. */
typedef struct {
	const ChangeMessage *message; /* as the first of them names it */
	MailFlags add;
	MailFlags remove;
	bool found; /* on the server, under the UID we know */
} Intent;

static void
intent_free(gpointer data)
{
	Intent *intent = data;

	mail_flags_clear(&intent->add);
	mail_flags_clear(&intent->remove);
	g_free(intent);
}

/** UIDs of one mailbox that get the same STORE. */
typedef struct {
	bool add;
	MailFlags flags;
	GArray *uids; /* of guint32, in any order */
} Store;

static void
store_free(gpointer data)
{
	Store *store = data;

	mail_flags_clear(&store->flags);
	g_array_unref(store->uids);
	g_free(store);
}

/* ---- what is meant ---- */

/* Changes from @first on in the same mailbox: only flags may stand in between,
 * for the order of things is what was meant. Returns: (transfer container) */
static GPtrArray *
collect_run(GPtrArray *open, guint first)
{
	GPtrArray *run = g_ptr_array_new();
	const Change *begin = g_ptr_array_index(open, first);

	for (guint i = first; i < open->len; i++) {
		Change *change = g_ptr_array_index(open, i);

		if (change->kind != CHANGE_FLAGS)
			break;
		if (change != begin && (change->state != CHANGE_QUEUED ||
					change->not_before > g_get_real_time()))
			break;
		if (strcmp(change->mailbox, begin->mailbox) == 0)
			g_ptr_array_add(run, change);
	}
	return run;
}

/* Returns: (transfer full): message id → Intent */
static GHashTable *
fold_run(const GPtrArray *run)
{
	GHashTable *intents = g_hash_table_new_full(g_int64_hash, g_int64_equal,
						    NULL, intent_free);

	for (guint i = 0; i < run->len; i++) {
		const Change *change = g_ptr_array_index(run, i);

		for (guint k = 0; k < change->messages->len; k++) {
			const ChangeMessage *message =
			    g_ptr_array_index(change->messages, k);
			Intent *intent =
			    g_hash_table_lookup(intents, &message->id);

			if (intent == NULL) {
				intent = g_new0(Intent, 1);
				intent->message = message;
				g_hash_table_insert(
				    intents, (gpointer)&message->id, intent);
			}
			sync_fold_flags(&intent->add, &intent->remove, change);
		}
	}
	return intents;
}

/* ---- where, and how ---- */

static void
add_to_store(GPtrArray *stores, bool add, const MailFlags *flags, guint32 uid)
{
	Store *store = NULL;

	if (mail_flags_is_empty(flags))
		return;
	for (guint i = 0; i < stores->len && store == NULL; i++) {
		Store *one = g_ptr_array_index(stores, i);

		if (one->add == add && mail_flags_equal(&one->flags, flags))
			store = one;
	}
	if (store == NULL) {
		store = g_new0(Store, 1);
		store->add = add;
		store->flags = mail_flags_copy(flags);
		store->uids = g_array_new(FALSE, FALSE, sizeof(guint32));
		g_ptr_array_add(stores, store);
	}
	g_array_append_val(store->uids, uid);
}

static gint
compare_uids(gconstpointer a, gconstpointer b)
{
	guint32 first = *(const guint32 *)a;
	guint32 second = *(const guint32 *)b;

	return first < second ? -1 : first > second;
}

/* Sorted first: a set grows at its end for nothing, and elsewhere dearly. */
static UidSet *
uids_of(const Store *store)
{
	UidSet *uids = uid_set_new();

	g_array_sort(store->uids, compare_uids);
	for (guint i = 0; i < store->uids->len; i++)
		uid_set_add(uids, g_array_index(store->uids, guint32, i));
	return uids;
}

/* A cache that was rebuilt knows no ids of before: then the note counts. */
static ChangeMessage *
find_message(SyncWorker *worker, const ChangeMessage *message)
{
	ChangeMessage *now =
	    store_reader_location(worker->reader, message->id, NULL);

	if (now == NULL && message->uid != 0)
		now = change_message_new(message->id, message->mailbox,
					 message->uid_validity, message->uid,
					 NULL);
	return now;
}

/* Where the messages are now, which our own moves may have changed since.
 * Returns: (transfer full): set of wire names */
static GHashTable *
find_mailboxes(SyncWorker *worker, GHashTable *intents)
{
	GHashTable *mailboxes =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer value;

	(void)store_reader_refresh(worker->reader);
	(void)store_reader_begin(worker->reader, NULL);
	g_hash_table_iter_init(&iter, intents);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Intent *intent = value;
		g_autoptr(ChangeMessage) now =
		    find_message(worker, intent->message);

		if (now != NULL &&
		    !g_hash_table_contains(mailboxes, now->mailbox))
			g_hash_table_add(mailboxes, g_strdup(now->mailbox));
	}
	store_reader_end(worker->reader);
	return mailboxes;
}

/* What is not there any more is not marked: the server would say OK. */
static bool
is_there(SyncWorker *worker, guint32 uid)
{
	return (worker->missing != NULL &&
		uid_set_contains(worker->missing, uid)) ||
	       store_reader_find_uid(worker->reader, worker->box_id, uid,
				     NULL) != 0;
}

/* STOREs for the messages in the selected mailbox. Returns: (transfer full) */
static GPtrArray *
plan(SyncWorker *worker, GHashTable *intents, const char *wire)
{
	GPtrArray *stores = g_ptr_array_new_with_free_func(store_free);
	g_auto(StoreMailboxState) state = {0};
	GHashTableIter iter;
	gpointer value;

	(void)store_reader_refresh(worker->reader);
	if (!store_reader_state(worker->reader, worker->box_id, &state, NULL))
		return stores;
	(void)store_reader_begin(worker->reader, NULL);
	g_hash_table_iter_init(&iter, intents);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Intent *intent = value;
		g_autoptr(ChangeMessage) now =
		    find_message(worker, intent->message);
		g_auto(MailFlags) server = {0};
		g_auto(MailFlags) add = {0};
		g_auto(MailFlags) remove = {0};

		if (now == NULL || now->uid == 0 ||
		    strcmp(now->mailbox, wire) != 0 ||
		    now->uid_validity != state.server.uid_validity ||
		    !is_there(worker, now->uid))
			continue;
		intent->found = true;
		add = mail_flags_copy(&intent->add);
		remove = mail_flags_copy(&intent->remove);
		if (store_reader_server_flags(worker->reader, now->id, &server,
					      NULL, NULL))
			sync_fold_known(&add, &remove, &server);
		add_to_store(stores, true, &add, now->uid);
		add_to_store(stores, false, &remove, now->uid);
	}
	store_reader_end(worker->reader);
	return stores;
}

/* What the server keeps of @flags; what it does not is said once. */
static MailFlags
allowed(SyncWorker *worker, const MailFlags *flags)
{
	MailFlags kept = mail_flags_copy(flags);
	g_auto(MailFlags) refused = {0};
	MailFlags none = {0};

	if (!imap_session_allows(worker->session, flags, &refused)) {
		g_autofree char *names = mail_flags_to_names(&refused);

		mail_flags_apply(&kept, &none, &refused);
		sync_emit_notice(worker->events, NOTICE_KEYWORD_LOCAL,
				 worker->box_id, names, 0);
	}
	return kept;
}

static bool
send_stores(SyncWorker *worker, const GPtrArray *stores, GError **error)
{
	for (guint i = 0; i < stores->len; i++) {
		const Store *store = g_ptr_array_index(stores, i);
		g_auto(MailFlags) flags = allowed(worker, &store->flags);
		g_autoptr(UidSet) uids = uids_of(store);

		if (!mail_flags_is_empty(&flags) &&
		    !imap_session_store(worker->session, uids, store->add,
					&flags, 0, NULL, error))
			return false;
	}
	return true;
}

static bool
send_run(SyncWorker *worker, GHashTable *intents, GError **error)
{
	g_autoptr(GHashTable) mailboxes = find_mailboxes(worker, intents);
	GHashTableIter iter;
	gpointer wire;

	g_hash_table_iter_init(&iter, mailboxes);
	while (g_hash_table_iter_next(&iter, &wire, NULL)) {
		g_autoptr(GPtrArray) stores = NULL;

		if (!sync_replay_select(worker, wire, error) ||
		    !sync_mailbox_updates(worker, NULL, error))
			return false;
		stores = plan(worker, intents, wire);
		if (!send_stores(worker, stores, error))
			return false;
	}
	return true;
}

/* What nobody has any more cannot be marked, and is not called done. */
static bool
any_found(GHashTable *intents, const Change *change)
{
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		const Intent *intent =
		    g_hash_table_lookup(intents, &message->id);

		if (intent != NULL && intent->found)
			return true;
	}
	return false;
}

bool
sync_flags(SyncWorker *worker, GPtrArray *open, guint first, GError **error)
{
	g_autoptr(GPtrArray) run = collect_run(open, first);
	g_autoptr(GHashTable) intents = fold_run(run);
	g_autoptr(GError) cause = NULL;

	/* idempotent: an answer that is lost is none */
	if (!send_run(worker, intents, &cause) &&
	    sync_worker_lost(worker, cause)) {
		g_propagate_error(error, g_steal_pointer(&cause));
		return false;
	}
	for (guint i = 0; i < run->len; i++) {
		Change *change = g_ptr_array_index(run, i);

		change->state = CHANGE_CONFIRMED;
		if (cause != NULL)
			sync_replay_refused(worker, change, cause);
		else if (!any_found(intents, change))
			sync_replay_fail(change,
					 "the messages are no longer there");
		if (!sync_replay_save(worker, change, false, error))
			return false;
	}
	return true;
}
