/* controller-fetch.c - sections of a message, from the cache or the server */
#include "controller-fetch.h"

#include "controller-private.h"
#include "store-body.h"

/* from here on a transfer that nobody wants is cut, and with it the session */
#define LONG_TRANSFER ((gint64)1 << 20)
/* how often a lost connection is forgiven for one section */
#define LOST_MAX 3u

struct FetchView {
	StoreReader *store;
	gint *cancelled;
	gint64 id;
	GHashTable *came; /* section → GBytes: what the cache may not keep */
	bool asked_structure;
	char *missing;
	gint64 missing_size;
	bool want_structure;
};

struct Fetch {
	Account *account;
	FetchFuncs funcs;
	gpointer data;
	GDestroyNotify free_data;
	FetchView view;
	GHashTable *asked; /* sections asked for: none is asked for twice */
	GError *error;     /* of the work */
	bool worked;
	ReaderTask *task;
	struct FetchTicket *ticket;
	guint lost;
};

/** FetchTicket: a job under way; outlives its fetch where that is cancelled */
typedef struct FetchTicket {
	Account *account;
	Fetch *fetch; /* NULL: nobody wants it any more */
	gint64 job;
} FetchTicket;

/* ---- on the reader thread ---- */

StoreReader *
fetch_store(FetchView *view)
{
	return view->store;
}

gint *
fetch_cancelled(FetchView *view)
{
	return view->cancelled;
}

gint64
fetch_id(const FetchView *view)
{
	return view->id;
}

GBytes *
fetch_kept(FetchView *view, const char *section)
{
	GBytes *bytes = g_hash_table_lookup(view->came, section);

	if (bytes != NULL)
		return g_bytes_ref(bytes);
	return store_reader_body(view->store, view->id, section, NULL);
}

GBytes *
fetch_section(FetchView *view, const char *section, gint64 size)
{
	GBytes *bytes = fetch_kept(view, section);

	if (bytes == NULL && view->missing == NULL && !view->want_structure) {
		view->missing = g_strdup(section);
		view->missing_size = size;
	}
	return bytes;
}

Part *
fetch_structure(FetchView *view, bool ask)
{
	Part *root = store_reader_structure(view->store, view->id, NULL);

	if (root == NULL && ask && !view->asked_structure &&
	    view->missing == NULL)
		view->want_structure = true;
	return root;
}

bool
fetch_asked_structure(const FetchView *view)
{
	return view->asked_structure;
}

static void
run_work(ReaderTask *task, StoreReader *store, gint *cancelled, gpointer data)
{
	Fetch *fetch = *(Fetch **)data;

	(void)task;
	if (store == NULL) {
		g_set_error_literal(&fetch->error, CONTROLLER_ERROR,
				    CONTROLLER_ERROR_STORE,
				    "the store cannot be read");
		return;
	}
	(void)store_reader_refresh(store);
	fetch->view.store = store;
	fetch->view.cancelled = cancelled;
	fetch->worked =
	    fetch->funcs.work(&fetch->view, fetch->data, &fetch->error);
	fetch->view.store = NULL;
	fetch->view.cancelled = NULL;
}

/* ---- on the UI thread ---- */

static void
fetch_free(gpointer data)
{
	Fetch *fetch = data;

	if (fetch->ticket != NULL)
		fetch->ticket->fetch = NULL;
	if (fetch->free_data != NULL)
		fetch->free_data(fetch->data);
	g_hash_table_unref(fetch->view.came);
	g_hash_table_unref(fetch->asked);
	g_free(fetch->view.missing);
	g_clear_error(&fetch->error);
	g_free(fetch);
}

/* The fetch is the task's while it runs: freed here only between two runs. */
static void
unref_run(gpointer data)
{
	Fetch **run = data;

	if (*run != NULL)
		fetch_free(*run);
	g_free(run);
}

static void
finish(Fetch *fetch, const GError *error)
{
	fetch->funcs.done(fetch->account, fetch->data, error);
	fetch_free(fetch);
}

static void
finish_with(Fetch *fetch, ControllerError code, const char *text)
{
	g_autoptr(GError) error =
	    g_error_new_literal(CONTROLLER_ERROR, (gint)code, text);

	finish(fetch, error);
}

/* the work, what it lacks, the job that brings it, the work: a circle */
static void start_work(Fetch *fetch);

static bool
is_unreachable(const GError *error)
{
	return g_error_matches(error, SYNC_ERROR, SYNC_ERROR_NETWORK) ||
	       g_error_matches(error, SYNC_ERROR, SYNC_ERROR_QUEUED) ||
	       g_error_matches(error, SYNC_ERROR, SYNC_ERROR_LOGIN) ||
	       g_error_matches(error, SYNC_ERROR, SYNC_ERROR_UNTRUSTED);
}

/* The connection as far as it is known: is there no hope of an answer soon? */
static bool
is_down(const Account *account)
{
	switch (account->connection.state) {
	case CONNECTION_OFFLINE:
		return account->connection.reason != NULL ||
		       account->connection.next_try != 0;
	case CONNECTION_LOGIN_REFUSED:
	case CONNECTION_UNTRUSTED:
		return true;
	default:
		return false;
	}
}

static void ask(Fetch *fetch);

/* A command does not wait for better times. */
static bool
is_patient(const Fetch *fetch)
{
	return fetch->funcs.waits != NULL &&
	       !fetch->account->controller->options.batch;
}

static void
job_failed(Fetch *fetch, const GError *cause)
{
	g_autoptr(GError) error = NULL;

	if (is_unreachable(cause) && is_patient(fetch) &&
	    fetch->lost++ < LOST_MAX) {
		ask(fetch);
		return;
	}
	if (fetch->view.want_structure && !is_unreachable(cause)) {
		/* the whole message tells it as well */
		start_work(fetch);
		return;
	}
	error = controller_error_from(cause);
	finish(fetch, error);
}

static void
drop_ticket(Account *account, gint64 job)
{
	for (guint i = 0; i < account->fetching->len; i++) {
		FetchTicket *ticket = g_ptr_array_index(account->fetching, i);

		if (ticket->job != job)
			continue;
		if (ticket->fetch != NULL)
			ticket->fetch->ticket = NULL;
		g_ptr_array_remove_index(account->fetching, i);
		return;
	}
}

static void
on_job(Account *account, SyncEvent *event, gpointer user)
{
	FetchTicket *ticket = user;
	Fetch *fetch = ticket->fetch;

	if (event->job_state == JOB_JOURNALED)
		return;
	drop_ticket(account, event->job);
	if (fetch == NULL)
		return;
	switch (event->job_state) {
	case JOB_DONE:
		if (event->bytes != NULL && fetch->view.missing != NULL)
			g_hash_table_insert(fetch->view.came,
					    g_strdup(fetch->view.missing),
					    g_bytes_ref(event->bytes));
		start_work(fetch);
		break;
	case JOB_CANCELLED:
		finish_with(fetch, CONTROLLER_ERROR_CANCELLED, "stopped");
		break;
	default:
		job_failed(fetch, event->error);
		break;
	}
}

static SyncJob *
job_for(const Fetch *fetch)
{
	SyncJob *job;

	if (!fetch->view.want_structure) {
		job = sync_job_new(SYNC_JOB_BODY, 0);
		job->section = g_strdup(fetch->view.missing);
		job->number = fetch->view.id;
		return job;
	}
	job = sync_job_new(SYNC_JOB_STRUCTURE, 0);
	job->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_array_append_val(job->ids, fetch->view.id);
	return job;
}

static void
ask(Fetch *fetch)
{
	Account *account = fetch->account;
	g_autoptr(GError) error = NULL;
	FetchTicket *ticket;

	if (account->engine == NULL || account->controller->options.offline) {
		finish_with(fetch, CONTROLLER_ERROR_CONNECTION,
			    "not kept here, and there is no connection");
		return;
	}
	ticket = g_new0(FetchTicket, 1);
	ticket->account = account;
	ticket->fetch = fetch;
	ticket->job =
	    account_post(account, job_for(fetch), on_job, ticket, &error);
	if (ticket->job == 0) {
		g_free(ticket);
		finish(fetch, error);
		return;
	}
	if (account->fetching == NULL)
		account->fetching = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(account->fetching, ticket);
	fetch->ticket = ticket;
	if (is_patient(fetch) && (is_down(account) || fetch->lost > 0))
		fetch->funcs.waits(account, fetch->data);
}

/* What came and still is not there will not be there the next time either. */
static bool
is_new_question(Fetch *fetch)
{
	if (fetch->view.want_structure) {
		bool first = !fetch->view.asked_structure;

		fetch->view.asked_structure = true;
		return first;
	}
	return fetch->view.missing != NULL &&
	       g_hash_table_add(fetch->asked, g_strdup(fetch->view.missing));
}

static void
on_worked(gpointer data, bool last)
{
	Fetch **run = data;
	Fetch *fetch = g_steal_pointer(run);

	(void)last;
	fetch->task = NULL;
	if (fetch->worked) {
		finish(fetch, NULL);
	} else if (fetch->error != NULL) {
		g_autoptr(GError) error = controller_error_from(fetch->error);

		finish(fetch, error);
	} else if (is_new_question(fetch)) {
		ask(fetch);
	} else {
		finish_with(fetch, CONTROLLER_ERROR_STORE,
			    "what the server sent cannot be kept");
	}
}

static void
start_work(Fetch *fetch)
{
	Account *account = fetch->account;
	Fetch **run = g_new(Fetch *, 1);

	*run = fetch;
	fetch->worked = false;
	fetch->view.want_structure = false;
	g_clear_pointer(&fetch->view.missing, g_free);
	fetch->task = reader_run(account->controller->reader,
				 account->cache_folder, account->state_folder,
				 run_work, on_worked, run, unref_run);
}

Fetch *
fetch_start(Account *account, gint64 id, const FetchFuncs *funcs, gpointer data,
	    GDestroyNotify free_data)
{
	Fetch *fetch = g_new0(Fetch, 1);

	fetch->account = account;
	fetch->funcs = *funcs;
	fetch->data = data;
	fetch->free_data = free_data;
	fetch->view.id = id;
	fetch->view.came = g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
	fetch->asked =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	start_work(fetch);
	return fetch;
}

/*
 * Only the job posted first may be running. One that waits is taken back; one
 * that runs is worth finishing, unless it is long: what comes is kept.
 */
static void
drop_job(Fetch *fetch)
{
	Account *account = fetch->account;
	FetchTicket *ticket = fetch->ticket;
	bool waits = g_ptr_array_index(account->fetching, 0) != ticket;

	ticket->fetch = NULL;
	if (account->engine != NULL &&
	    (waits || fetch->view.missing_size > LONG_TRANSFER))
		sync_account_cancel(account->engine, ticket->job);
	fetch->ticket = NULL;
}

void
fetch_cancel(Fetch *fetch)
{
	if (fetch == NULL)
		return;
	if (fetch->ticket != NULL)
		drop_job(fetch);
	if (fetch->task != NULL) /* which frees it, once it has ended */
		reader_cancel(fetch->account->controller->reader, fetch->task);
	else
		fetch_free(fetch);
}

void
fetch_detach(Account *account)
{
	for (guint i = 0;
	     account->fetching != NULL && i < account->fetching->len; i++) {
		FetchTicket *ticket = g_ptr_array_index(account->fetching, i);

		account_forget_job(account, ticket->job);
		if (ticket->fetch == NULL)
			continue;
		ticket->fetch->ticket = NULL;
		fetch_free(ticket->fetch);
	}
	g_clear_pointer(&account->fetching, g_ptr_array_unref);
}
