/* controller-account-batch.c - for commands: whole lists, sets of UIDs, sync,
 * check */
#include <string.h>

#include "controller-account-uids.h"
#include "controller-private.h"
#include "controller-query.h"

#define LIST_PIECE 500u
#define SEARCH_PIECE_US (50 * G_TIME_SPAN_MILLISECOND)

/* ---- a whole list ---- */

/** Rows on their way to the caller. */
typedef struct {
	MessageRowFunc func;
	gpointer user;
	guint left; /* of the limit; G_MAXUINT: none */
} Giving;

/* Returns: whether more are wanted */
static bool
give_rows(Giving *giving, const GPtrArray *rows)
{
	for (guint i = 0; i < rows->len; i++) {
		if (giving->left == 0 ||
		    !giving->func(g_ptr_array_index(rows, i), giving->user))
			return false;
		if (giving->left != G_MAXUINT)
			giving->left--;
	}
	return giving->left > 0;
}

static bool
list_all(Account *account, const StoreList *list, Giving *giving,
	 GError **error)
{
	StoreKey last;
	bool begun = false;

	for (;;) {
		g_autoptr(GArray) keys = NULL;
		g_autoptr(GPtrArray) rows = store_reader_page(
		    account->store, list, begun ? &last : NULL, STORE_AFTER,
		    MIN(LIST_PIECE, giving->left), &keys, error);

		if (rows == NULL)
			return false;
		if (rows->len == 0 || !give_rows(giving, rows))
			return true;
		last = g_array_index(keys, StoreKey, keys->len - 1);
		begun = true;
	}
}

static bool
give_hits(Account *account, const GArray *hits, guint first, Giving *giving,
	  bool *ret_more, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GPtrArray) rows = NULL;

	for (guint i = first; i < hits->len && ids->len < giving->left; i++)
		g_array_append_val(ids, g_array_index(hits, StoreKey, i).id);
	rows = store_reader_rows(
	    account->store, (const gint64 *)(void *)ids->data, ids->len, error);
	if (rows == NULL)
		return false;
	*ret_more = give_rows(giving, rows);
	return true;
}

static bool
list_found(Account *account, const StoreList *list, const StoreQuery *query,
	   Giving *giving, GError **error)
{
	g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(StoreKey));
	g_autoptr(StoreSearch) search =
	    store_search_new(account->store, list, query, error);
	bool done = false, more = true;

	if (search == NULL)
		return false;
	while (!done && more) {
		guint first = hits->len;

		if (!store_search_run(search, SEARCH_PIECE_US, hits, &done,
				      error) ||
		    !give_hits(account, hits, first, giving, &more, error))
			return false;
	}
	return true;
}

bool
account_list(Account *account, const char *mailbox, const char *query,
	     guint limit, MessageRowFunc func, gpointer user, GError **error)
{
	g_autoptr(Mailbox) found =
	    account_find_mailbox(account, mailbox, error);
	g_autoptr(StoreQuery) parsed = NULL;
	Giving giving = {func, user, limit == 0 ? G_MAXUINT : limit};
	GError *cause = NULL;
	StoreList list;

	if (found == NULL)
		return false;
	if (query != NULL) {
		parsed = query_parse(query, g_get_real_time(), error);
		if (parsed == NULL)
			return false;
	}
	list = (StoreList){found->id, STORE_ORDER_DATE};
	if (parsed == NULL
		? list_all(account, &list, &giving, &cause)
		: list_found(account, &list, parsed, &giving, &cause))
		return true;
	controller_fail(error, cause);
	return false;
}

/* ---- messages by UID ---- */

MessageRow *
account_row_by_uid(Account *account, const char *mailbox, guint32 uid)
{
	g_autoptr(Mailbox) found = account_find_mailbox(account, mailbox, NULL);
	gint64 id = found == NULL ? 0
				  : store_reader_find_uid(account->store,
							  found->id, uid, NULL);

	return id == 0 ? NULL : store_reader_row(account->store, id, NULL);
}

/* Returns: 0: what the queue has moved or deleted is not there any more */
static gint64
shown_id(Account *account, gint64 mailbox, guint32 uid, GError **error)
{
	gint64 id = store_reader_find_uid(account->store, mailbox, uid, error);
	g_autoptr(MessageRow) row =
	    id == 0 ? NULL : store_reader_row(account->store, id, NULL);

	return row != NULL && row->mailbox == mailbox ? id : 0;
}

GArray *
account_resolve_uids(Account *account, const char *mailbox, const char *uids,
		     char **ret_missing, GError **error)
{
	g_autoptr(Mailbox) found =
	    account_find_mailbox(account, mailbox, error);
	g_autoptr(UidSet) stored = NULL;
	g_autoptr(UidSet) wanted = NULL;
	g_autoptr(UidSet) there = uid_set_new();
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	GError *cause = NULL;
	UidSetIter iter;
	guint32 uid;

	if (found == NULL)
		return NULL;
	stored = store_reader_uids(account->store, found->id, &cause);
	if (stored == NULL) {
		controller_fail(error, cause);
		return NULL;
	}
	wanted = account_parse_uids(uids, stored, error);
	if (wanted == NULL)
		return NULL;
	uid_set_intersect(stored, wanted);
	uid_set_iter_init(&iter, stored);
	/* one moment for all of them: one lock instead of one a message */
	if (store_reader_begin(account->store, &cause)) {
		while (cause == NULL && uid_set_iter_next(&iter, &uid)) {
			gint64 id = shown_id(account, found->id, uid, &cause);

			if (id == 0)
				continue;
			g_array_append_val(ids, id);
			uid_set_add(there, uid);
		}
		store_reader_end(account->store);
	}
	if (cause != NULL) {
		controller_fail(error, cause);
		return NULL;
	}
	uid_set_remove_set(wanted, there);
	*ret_missing = uid_set_to_string(wanted);
	return g_steal_pointer(&ids);
}

/* ---- jobs ---- */

/* For functions that give a job in any case: it fails a turn later. */
static gint64
failed_job(Account *account, GError *error)
{
	gint64 job = controller_next_job(account->controller);

	account_end_job(account, job, JOB_FAILED, error, NULL);
	g_error_free(error);
	return job;
}

gint64
account_sync(Account *account, const char *const *mailboxes)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	GError *error = NULL;
	SyncJob *job;
	gint64 id;

	for (guint i = 0; mailboxes != NULL && mailboxes[i] != NULL; i++) {
		char *wire =
		    account_wire_name(account, mailboxes[i], false, &error);

		if (wire == NULL)
			return failed_job(account, error);
		g_ptr_array_add(names, wire);
	}
	job = sync_job_new(SYNC_JOB_SYNC, 0);
	if (mailboxes != NULL) {
		g_ptr_array_add(names, NULL);
		job->names =
		    (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
	}
	id = account_post(account, job, NULL, NULL, &error);
	return id != 0 ? id : failed_job(account, error);
}

const GPtrArray *
account_sync_results(const Account *account)
{
	return account->results;
}

gint64
account_search_server(Account *account, const char *mailbox, const char *query,
		      GError **error)
{
	g_autofree char *wire =
	    account_wire_name(account, mailbox, true, error);
	g_auto(GStrv) keys = NULL;
	SyncJob *job;

	if (wire == NULL)
		return 0;
	keys = query_to_imap(query, g_get_real_time(), error);
	if (keys == NULL)
		return 0;
	job = sync_job_new(SYNC_JOB_SEARCH, 0);
	job->mailbox = g_steal_pointer(&wire);
	job->names = g_steal_pointer(&keys);
	return account_post(account, job, NULL, NULL, error);
}

const GArray *
account_search_hits(const Account *account)
{
	return account->hits;
}

gint64
account_check(Account *account)
{
	GError *error = NULL;
	gint64 id = account_post(account, sync_job_new(SYNC_JOB_CHECK, 0), NULL,
				 NULL, &error);

	return id != 0 ? id : failed_job(account, error);
}

const GPtrArray *
account_check_facts(const Account *account)
{
	return account->facts;
}
