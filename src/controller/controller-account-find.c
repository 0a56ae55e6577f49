/* controller-account-find.c - all messages of a mailbox that a query fits */
#include "controller-private.h"
#include "controller-query-private.h"
#include "controller-reader.h"

#define PIECE_US (100 * G_TIME_SPAN_MILLISECOND)

/** One search, from the UI thread to the reader's and back. */
typedef struct {
	StoreList list;
	StoreQuery *query;
	guint limit;
	AccountFoundFunc func;
	gpointer user;
	GDestroyNotify free_user;
	GArray *hits; /* of StoreKey */
	bool more;
	GError *error;
} Finding;

static void
finding_free(gpointer data)
{
	Finding *finding = data;

	if (finding->free_user != NULL)
		finding->free_user(finding->user);
	store_query_free(finding->query);
	g_array_unref(finding->hits);
	g_clear_error(&finding->error);
	g_free(finding);
}

static void
work(ReaderTask *task, StoreReader *store, gint *cancelled, gpointer data)
{
	Finding *finding = data;
	g_autoptr(StoreSearch) search = NULL;
	bool end = false;

	(void)task;
	if (store == NULL) {
		g_set_error(&finding->error, STORE_ERROR, STORE_ERROR_IO,
			    "the store cannot be read");
		return;
	}
	search = store_search_new(store, &finding->list, finding->query,
				  &finding->error);
	while (search != NULL && !end && !g_atomic_int_get(cancelled) &&
	       finding->hits->len <= finding->limit)
		if (!store_search_run(search, PIECE_US, finding->hits, &end,
				      &finding->error))
			return;
	finding->more = finding->hits->len > finding->limit;
}

static void
done(gpointer data, bool last)
{
	Finding *finding = data;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GError) error = NULL;
	guint n = MIN(finding->hits->len, finding->limit);

	(void)last;
	if (finding->error != NULL)
		controller_fail(&error, g_steal_pointer(&finding->error));
	for (guint i = 0; error == NULL && i < n; i++)
		g_array_append_val(
		    ids, g_array_index(finding->hits, StoreKey, i).id);
	finding->func(ids, finding->more, error, finding->user);
}

bool
account_find(Account *account, const char *mailbox, const char *query,
	     guint limit, AccountFoundFunc func, gpointer user,
	     GDestroyNotify free_user, GError **error)
{
	g_autoptr(Mailbox) found =
	    account_find_mailbox(account, mailbox, error);
	g_autoptr(StoreQuery) parsed = NULL;
	Finding *finding;

	if (found == NULL)
		return false;
	parsed = query == NULL ? store_query_new(STORE_QUERY_AND)
			       : query_parse(query, g_get_real_time(), error);
	if (parsed == NULL)
		return false;
	finding = g_new0(Finding, 1);
	finding->list = (StoreList){found->id, STORE_ORDER_DATE};
	finding->query = g_steal_pointer(&parsed);
	finding->limit = limit;
	finding->func = func;
	finding->user = user;
	finding->free_user = free_user;
	finding->hits = g_array_new(FALSE, FALSE, sizeof(StoreKey));
	(void)reader_run(account->controller->reader, account->cache_folder,
			 account->state_folder, work, done, finding,
			 finding_free);
	return true;
}
