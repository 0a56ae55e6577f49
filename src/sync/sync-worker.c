/* sync-worker.c - one connection's thread: what to do next, and when */
#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "base-thread.h"
#include "sync-keeper.h"
#include "sync-worker.h"

#define IDLE_RENEW_US (25 * 60 * G_USEC_PER_SEC)
#define LOOK_US (60 * G_USEC_PER_SEC)
#define LOOK_WITHOUT_IDLE_US (20 * G_USEC_PER_SEC)

/** What comes down the worker's channel. */
typedef struct {
	SyncJob *job; /* NULL: only look again */
} WorkerItem;

static void
item_free(gpointer data)
{
	WorkerItem *item = data;

	sync_job_free(item->job);
	g_free(item);
}

static ImapSecurity
security_of(SyncSecurity security)
{
	switch (security) {
	case SYNC_SECURITY_TLS:
		return IMAP_SECURITY_TLS;
	case SYNC_SECURITY_STARTTLS:
		return IMAP_SECURITY_STARTTLS;
	case SYNC_SECURITY_NONE:
		break;
	}
	return IMAP_SECURITY_NONE;
}

static void
set_pins(SyncWorker *worker)
{
	worker->imap.pins =
	    worker->pins->len > 1
		? (const char *const *)(void *)worker->pins->pdata
		: NULL;
}

ImapSettings
sync_worker_imap_settings(const SyncSettings *settings)
{
	return (ImapSettings){
	    .host = settings->host,
	    .port = settings->port,
	    .security = security_of(settings->security),
	    .user = settings->user,
	    .auth = settings->auth,
	    .ca_file = settings->ca_file,
	    .client_certificate = settings->client_certificate,
	    .disabled = (const char *const *)settings->disabled,
	    .trace = settings->trace,
	    .timeout_scale = settings->timeout_scale,
#ifdef PENNON_TEST_HOOKS
	    .compress_loopback = g_getenv("PENNON_TEST_COMPRESS") != NULL,
#endif
	};
}

SyncWorker *
sync_worker_new(const SyncSettings *settings, Channel *events)
{
	SyncWorker *worker = g_new0(SyncWorker, 1);

	worker->settings = settings;
	worker->events = events;
	worker->items = channel_new(item_free);
	worker->pins = g_ptr_array_new_with_free_func(g_free);
	worker->not_had =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	worker->stale =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	pthread_mutex_init(&worker->lock, NULL);
	g_queue_init(&worker->jobs);
	for (guint i = 0; settings->pins != NULL && settings->pins[i] != NULL;
	     i++)
		g_ptr_array_add(worker->pins, g_strdup(settings->pins[i]));
	g_ptr_array_add(worker->pins, NULL);
	worker->imap = sync_worker_imap_settings(settings);
	set_pins(worker);
	return worker;
}

/* ---- what is told ---- */

void
sync_worker_tell(SyncWorker *worker, ConnectionState state, const char *reason)
{
	SyncEvent *event;

	if (state == worker->told && reason == NULL)
		return;
	/* a connection only to read does not bring the account in sync */
	if (!worker->role && worker->settings->background &&
	    (state == CONNECTION_CONNECTING || state == CONNECTION_UPDATING))
		return;
	worker->told = state;
	event = sync_event_new(SYNC_EVENT_CONNECTION);
	event->connection = state;
	event->since = g_get_real_time();
	event->text = g_strdup(reason);
	if (worker->next_try != 0)
		event->next_try =
		    event->since + worker->next_try - g_get_monotonic_time();
	sync_emit(worker->events, event);
}

void
sync_worker_progress(SyncWorker *worker, ProgressKind kind, gint64 mailbox_id,
		     guint64 done, guint64 total)
{
	SyncEvent *event;

	if (kind == PROGRESS_NONE && worker->progress == PROGRESS_NONE)
		return;
	worker->progress = kind;
	event = sync_event_new(SYNC_EVENT_PROGRESS);
	event->progress = kind;
	event->mailbox_id = mailbox_id;
	event->done = done;
	event->total = total;
	sync_emit(worker->events, event);
}

/* ---- from other threads ---- */

static void
post(SyncWorker *worker, SyncJob *job)
{
	WorkerItem *item = g_new0(WorkerItem, 1);

	item->job = job;
	channel_post(worker->items, item);
}

void
sync_worker_post(SyncWorker *worker, SyncJob *job)
{
	post(worker, job);
}

void
sync_worker_kick(SyncWorker *worker)
{
	worker->kicked = true;
	post(worker, NULL);
}

void
sync_worker_set_role(SyncWorker *worker, bool held)
{
	worker->role = held;
	if (held) {
		worker->kicked = true;
	} else {
		pthread_mutex_lock(&worker->lock);
		if (worker->session != NULL)
			imap_session_cancel(worker->session);
		pthread_mutex_unlock(&worker->lock);
	}
	post(worker, NULL);
}

void
sync_worker_cancel(SyncWorker *worker, gint64 job)
{
	pthread_mutex_lock(&worker->lock);
	worker->cancelled = job;
	if (worker->current == job && worker->session != NULL)
		imap_session_cancel(worker->session);
	pthread_mutex_unlock(&worker->lock);
	post(worker, NULL);
}

/* ---- the loop ---- */

static void
take_job(SyncWorker *worker, SyncJob *job)
{
	switch (job->kind) {
	case SYNC_JOB_PASSWORD:
		sync_worker_take_password(worker, job);
		break;
	case SYNC_JOB_PIN:
		g_ptr_array_insert(worker->pins, 0, g_strdup(job->name));
		set_pins(worker);
		worker->untrusted = false;
		worker->next_try = 0;
		g_clear_error(&worker->last_error);
		break;
	case SYNC_JOB_CONNECT:
		worker->next_try = 0;
		worker->failures = 0;
		worker->untrusted = false;
		if (worker->login_refused && worker->password == NULL)
			sync_worker_ask_password(worker, NULL);
		worker->login_refused = false;
		worker->next_look = 0;
		g_clear_error(&worker->last_error);
		break;
	case SYNC_JOB_OPEN:
		g_free(worker->wanted);
		worker->wanted = g_strdup(job->mailbox);
		if (worker->wanted != NULL)
			g_hash_table_add(worker->stale,
					 g_strdup(worker->wanted));
		break;
	default:
		g_queue_push_tail(&worker->jobs, job);
		return;
	}
	sync_emit_job(worker->events, job->id, JOB_DONE, NULL);
	sync_job_free(job);
}

static void
take_items(SyncWorker *worker)
{
	WorkerItem *item;

	while ((item = channel_take(worker->items)) != NULL) {
		if (item->job != NULL)
			take_job(worker, g_steal_pointer(&item->job));
		item_free(item);
	}
}

static void
drop_cancelled(SyncWorker *worker)
{
	gint64 cancelled;

	pthread_mutex_lock(&worker->lock);
	cancelled = worker->cancelled;
	worker->cancelled = 0;
	pthread_mutex_unlock(&worker->lock);
	for (GList *link = worker->jobs.head; cancelled != 0 && link != NULL;) {
		GList *next = link->next;
		SyncJob *job = link->data;

		if (job->id == cancelled) {
			sync_emit_job(worker->events, job->id, JOB_CANCELLED,
				      NULL);
			sync_job_free(job);
			g_queue_delete_link(&worker->jobs, link);
		}
		link = next;
	}
}

bool
sync_worker_busy(SyncWorker *worker)
{
	take_items(worker);
	return worker->stopping || worker->kicked || worker->jobs.length > 0 ||
	       !worker->role;
}

/* Waits for the server, for jobs, for a time. */
static bool
wait_online(SyncWorker *worker, GError **error)
{
	bool idle = imap_session_has(worker->session, "IDLE") &&
		    imap_session_selected(worker->session) != NULL;
	gint64 now = g_get_monotonic_time();
	gint64 wait = IDLE_RENEW_US;
	ImapWait result;

	if (worker->next_look == 0)
		worker->next_look =
		    now + (idle ? LOOK_US : LOOK_WITHOUT_IDLE_US);
	wait = MIN(wait, MAX(worker->next_look - now, 0));
	if (worker->next_change != 0)
		wait =
		    MIN(wait, MAX(worker->next_change - g_get_real_time(), 0));
	sync_worker_tell(worker, idle ? CONNECTION_ONLINE : CONNECTION_CHECKED,
			 NULL);
	if (idle && !imap_session_idle(worker->session, error))
		return false;
	result = imap_session_wait(worker->session, channel_fd(worker->items),
				   wait, error);
	if (result == IMAP_WAIT_FAILED ||
	    !imap_session_idle_done(worker->session, error))
		return false;
	if (worker->next_change != 0 &&
	    g_get_real_time() >= worker->next_change)
		worker->kicked = true;
	if (result == IMAP_WAIT_TIMEOUT &&
	    g_get_monotonic_time() >= worker->next_look) {
		worker->next_look = 0;
		worker->folders_known = false;
		if (!imap_session_noop(worker->session, error))
			return false;
	}
	return sync_mailbox_updates(worker, NULL, error);
}

/* Until a change may be tried again: µs, -1: none waits. One is due: kicked. */
static gint64
until_change(SyncWorker *worker)
{
	gint64 wait;

	if (worker->next_change == 0)
		return -1;
	wait = worker->next_change - g_get_real_time();
	if (wait > 0)
		return wait;
	worker->next_change = 0;
	worker->kicked = true;
	return 0;
}

static void
wait_items(SyncWorker *worker, gint64 timeout_us)
{
	struct pollfd fd = {channel_fd(worker->items), POLLIN, 0};

	(void)poll(&fd, 1,
		   timeout_us < 0 ? -1
				  : (int)MIN(timeout_us / 1000 + 1, G_MAXINT));
}

/* Is there anything a connection is needed for? */
static bool
wants_connection(const SyncWorker *worker)
{
	return worker->settings->background || worker->jobs.length > 0 ||
	       worker->kicked;
}

/* Returns: what to wait for, in µs; 0: go on */
static gint64
hindrance(SyncWorker *worker)
{
	gint64 now = g_get_monotonic_time();

	if (worker->settings->offline) {
		g_autoptr(GError) error = g_error_new_literal(
		    SYNC_ERROR, SYNC_ERROR_NETWORK, "working offline");

		sync_worker_tell(worker, CONNECTION_OFFLINE, NULL);
		worker->kicked = false;
		while (worker->jobs.length > 0) {
			SyncJob *job = g_queue_pop_head(&worker->jobs);

			sync_emit_job(worker->events, job->id, JOB_FAILED,
				      error);
			sync_job_free(job);
		}
		return -1;
	}
	if (!wants_connection(worker))
		return until_change(worker);
	if (!worker->role) {
		sync_worker_tell(worker, CONNECTION_OTHER_PROCESS, NULL);
		return -1;
	}
	if (worker->session != NULL)
		return 0;
	/* a command hears at once that it cannot be done now */
	if (!worker->settings->background && worker->last_error != NULL) {
		worker->kicked = false;
		sync_worker_fail_jobs(worker, worker->last_error);
		return -1;
	}
	if (worker->login_refused || worker->untrusted)
		return -1;
	if (worker->password == NULL) {
		sync_worker_ask_password(worker, NULL);
		return -1;
	}
	return worker->next_try > now ? worker->next_try - now : 0;
}

/* What only reads needs no role; of a command everything but a sync. */
static bool
needs_no_role(const SyncWorker *worker, const SyncJob *job)
{
	switch (job->kind) {
	case SYNC_JOB_BODY:
	case SYNC_JOB_STRUCTURE:
	case SYNC_JOB_SEARCH:
	case SYNC_JOB_CHECK:
		return true;
	case SYNC_JOB_SYNC:
	case SYNC_JOB_FOLDERS:
		return false;
	default:
		return !worker->settings->background;
	}
}

static GList *
first_without_role(SyncWorker *worker)
{
	for (GList *link = worker->jobs.head; link != NULL; link = link->next)
		if (needs_no_role(worker, link->data))
			return link;
	return NULL;
}

/*
 * A process beside the one that syncs reads over a connection of its own,
 * which lasts as long as there is something to read.
 */
static bool
serve_without_role(SyncWorker *worker)
{
	GList *link;
	SyncJob *job;

	if (worker->role && worker->served) {
		/* what is selected there was opened without looking */
		worker->served = false;
		sync_worker_drop(worker);
	}
	if (worker->role || worker->settings->offline)
		return false;
	link = first_without_role(worker);
	if (link == NULL) {
		if (worker->session == NULL || !worker->settings->background)
			return false;
		imap_session_logout(worker->session);
		sync_worker_drop(worker);
		return true;
	}
	if (worker->password == NULL) {
		if (!worker->login_refused)
			sync_worker_ask_password(worker, NULL);
		return false;
	}
	worker->served = true;
	job = link->data;
	g_queue_delete_link(&worker->jobs, link);
	sync_worker_do(worker, job);
	return true;
}

static bool
work_step(SyncWorker *worker, GError **error)
{
	SyncJob *job = sync_worker_next_read(worker);
	bool any = false;

	if (job != NULL) {
		sync_worker_do(worker, job);
		return true;
	}
	if (worker->kicked)
		return sync_worker_replay(worker, error);
	job = g_queue_pop_head(&worker->jobs);
	if (job != NULL) {
		sync_worker_do(worker, job);
		return true;
	}
	if (worker->settings->background) {
		if (!sync_worker_background(worker, &any, error))
			return false;
		if (any)
			return true;
		return wait_online(worker, error);
	}
	wait_items(worker, until_change(worker));
	return true;
}

static void
handle_failure(SyncWorker *worker, GError *error)
{
	g_autoptr(GError) told = sync_worker_error(error);

	(void)sync_worker_lost(worker, error);
	if (!g_error_matches(error, IMAP_ERROR, IMAP_ERROR_REFUSED))
		sync_worker_fail_jobs(worker, told);
	g_error_free(error);
}

static void *
worker_main(void *user)
{
	SyncWorker *worker = user;

	while (!worker->stopping) {
		GError *error = NULL;
		gint64 wait;

		take_items(worker);
		drop_cancelled(worker);
		(void)store_reader_refresh(worker->reader);
		if (serve_without_role(worker))
			continue;
		wait = hindrance(worker);
		if (wait != 0) {
			if (!worker->stopping)
				wait_items(worker, wait);
			continue;
		}
		if (!sync_worker_connected(worker, &error) ||
		    !work_step(worker, &error))
			handle_failure(worker, error);
	}
	if (worker->session != NULL)
		imap_session_logout(worker->session);
	sync_worker_drop(worker);
	return NULL;
}

void
sync_worker_start(SyncWorker *worker, SyncKeeper *keeper)
{
	g_autoptr(GError) error = NULL;

	worker->keeper = keeper;
	worker->told = (ConnectionState)-1;
	worker->reader =
	    store_reader_open(worker->settings->cache_folder,
			      worker->settings->state_folder, &error);
	if (worker->reader == NULL) {
		sync_worker_tell(worker, CONNECTION_OFFLINE, error->message);
		return;
	}
	worker->running = true;
	worker->thread = thread_start("worker", worker_main, worker);
}

void
sync_worker_end_soon(SyncWorker *worker)
{
	worker->stopping = true;
	post(worker, NULL);
}

void
sync_worker_stop(SyncWorker *worker)
{
	sync_worker_end_soon(worker);
	if (!worker->running)
		return;
	/* what is on its way may finish within a second; then it is cut */
	for (guint i = 0; i < 100; i++) {
		if (pthread_tryjoin_np(worker->thread, NULL) == 0) {
			worker->running = false;
			return;
		}
		g_usleep(10 * G_TIME_SPAN_MILLISECOND);
		if (i < 20)
			continue;
		pthread_mutex_lock(&worker->lock);
		if (worker->session != NULL)
			imap_session_cancel(worker->session);
		pthread_mutex_unlock(&worker->lock);
	}
	pthread_join(worker->thread, NULL);
	worker->running = false;
}

void
sync_worker_free(SyncWorker *worker)
{
	SyncJob *job;

	if (worker == NULL)
		return;
	while ((job = g_queue_pop_head(&worker->jobs)) != NULL) {
		sync_emit_job(worker->events, job->id, JOB_CANCELLED, NULL);
		sync_job_free(job);
	}
	channel_free(worker->items);
	store_reader_close(worker->reader);
	secret_free(worker->password);
	g_clear_error(&worker->last_error);
	g_ptr_array_unref(worker->pins);
	g_hash_table_unref(worker->stale);
	g_hash_table_unref(worker->not_had);
	uid_set_free(worker->missing);
	uid_set_free(worker->known);
	g_free(worker->wanted);
	g_free(worker->remembered);
	pthread_mutex_destroy(&worker->lock);
	g_free(worker);
}
