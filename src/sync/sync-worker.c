/* sync-worker.c - one connection's thread: what to do next, and when */
#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "base-thread.h"
#include "sync-keeper.h"
#include "sync-worker.h"

#define RETRY_MAX_S 60u
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
	worker->told = state;
	event = sync_event_new(SYNC_EVENT_CONNECTION);
	event->connection = state;
	event->since = g_get_real_time();
	event->text = g_strdup(reason);
	if (worker->next_try != 0)
		event->next_try = event->since + worker->next_try -
				  g_get_monotonic_time();
	sync_emit(worker->events, event);
}

void
sync_worker_progress(SyncWorker *worker, ProgressKind kind, gint64 mailbox_id,
		     guint64 done, guint64 total)
{
	SyncEvent *event = sync_event_new(SYNC_EVENT_PROGRESS);

	event->progress = kind;
	event->mailbox_id = mailbox_id;
	event->done = done;
	event->total = total;
	sync_emit(worker->events, event);
}

GError *
sync_worker_error(const GError *error)
{
	SyncError code = SYNC_ERROR_NETWORK;

	if (error->domain == SYNC_ERROR)
		return g_error_copy(error);
	if (error->domain == STORE_ERROR)
		code = SYNC_ERROR_STORE;
	else if (error->domain == IMAP_ERROR)
		switch ((ImapError)error->code) {
		case IMAP_ERROR_UNTRUSTED:
			code = SYNC_ERROR_UNTRUSTED;
			break;
		case IMAP_ERROR_LOGIN:
			code = SYNC_ERROR_LOGIN;
			break;
		case IMAP_ERROR_REFUSED:
		case IMAP_ERROR_UNSUPPORTED:
			code = SYNC_ERROR_REFUSED;
			break;
		case IMAP_ERROR_INVALID:
			code = SYNC_ERROR_INVALID;
			break;
		case IMAP_ERROR_CONNECTION:
		case IMAP_ERROR_PROTOCOL:
		case IMAP_ERROR_CANCELLED:
			break;
		}
	return g_error_new_literal(SYNC_ERROR, (gint)code, error->message);
}

/* ---- connection life ---- */

static void
drop_session(SyncWorker *worker)
{
	ImapSession *session;

	pthread_mutex_lock(&worker->lock);
	session = g_steal_pointer(&worker->session);
	pthread_mutex_unlock(&worker->lock);
	imap_session_free(session);
	worker->folders_known = false;
	sync_mailbox_left(worker);
}

/* 1, 2, 4 … 60 s, a quarter more or less: many clients, one server */
static void
schedule_retry(SyncWorker *worker)
{
	guint seconds = MIN(1u << MIN(worker->failures, 6u), RETRY_MAX_S);
	gint64 wait = seconds * G_USEC_PER_SEC;

	worker->failures++;
	worker->next_try = g_get_monotonic_time() + wait * 3 / 4 +
			   g_random_int_range(0, (gint32)(wait / 2));
}


static void
give_up(SyncKeeper *keeper, gpointer data)
{
	sync_intent_give_up(keeper, data);
}

/* A batch command does not wait for better times: its jobs end now. */
static void
fail_jobs(SyncWorker *worker, const GError *error)
{
	SyncJob *job;

	/* a screen's jobs wait for better times */
	if (worker->settings->background && error->code == SYNC_ERROR_NETWORK)
		return;
	while ((job = g_queue_pop_head(&worker->jobs)) != NULL) {
		sync_emit_job(worker->events, job->id, JOB_FAILED, error);
		sync_job_free(job);
	}
	if (!worker->settings->background) {
		g_autoptr(GError) told = g_error_copy(error);

		/* what is journaled stays so: another status than a failure */
		if (told->code == SYNC_ERROR_NETWORK)
			told->code = SYNC_ERROR_QUEUED;
		sync_keeper_call(worker->keeper, give_up, told);
	}
}

static void
tell_certificate(SyncWorker *worker)
{
	CertificateInfo *info = imap_session_certificate(worker->session);
	SyncEvent *event;

	if (info == NULL)
		return;
	event = sync_event_new(SYNC_EVENT_CERTIFICATE);
	event->certificate = info;
	sync_emit(worker->events, event);
}

static void
ask_password(SyncWorker *worker, const char *reason)
{
	SyncEvent *event;

	if (worker->asked_password)
		return;
	worker->asked_password = true;
	event = sync_event_new(SYNC_EVENT_PASSWORD);
	event->text = g_strdup(reason);
	sync_emit(worker->events, event);
}

bool
sync_worker_lost(SyncWorker *worker, const GError *error)
{
	if (error->domain != IMAP_ERROR ||
	    error->code == IMAP_ERROR_REFUSED ||
	    error->code == IMAP_ERROR_UNSUPPORTED ||
	    error->code == IMAP_ERROR_INVALID)
		return false;
	if (worker->session != NULL && error->code == IMAP_ERROR_UNTRUSTED) {
		worker->untrusted = true;
		tell_certificate(worker);
	}
	drop_session(worker);
	if (error->code == IMAP_ERROR_LOGIN) {
		worker->login_refused = true;
		g_clear_pointer(&worker->password, secret_free);
		sync_worker_tell(worker, CONNECTION_LOGIN_REFUSED,
				 error->message);
		worker->asked_password = false;
		ask_password(worker, error->message);
	} else if (error->code == IMAP_ERROR_UNTRUSTED) {
		sync_worker_tell(worker, CONNECTION_UNTRUSTED, error->message);
	} else if (!worker->stopping) {
		schedule_retry(worker);
		sync_worker_tell(worker, CONNECTION_OFFLINE, error->message);
	}
	return true;
}

static bool
connect_session(SyncWorker *worker, GError **error)
{
	ImapSession *session = imap_session_new(&worker->imap);

	pthread_mutex_lock(&worker->lock);
	worker->session = session;
	pthread_mutex_unlock(&worker->lock);
	worker->n_sessions++;
	sync_worker_tell(worker, CONNECTION_CONNECTING, NULL);
	if (worker->stopping)
		imap_session_cancel(session);
	return imap_session_connect(session, error) &&
	       imap_session_login(session, worker->password, error);
}

bool
sync_worker_connected(SyncWorker *worker, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (worker->session != NULL)
		return true;
	if (connect_session(worker, &cause)) {
		g_autofree char *alert =
		    imap_session_take_alert(worker->session);

		worker->failures = 0;
		worker->next_try = 0;
		g_clear_error(&worker->last_error);
		if (alert != NULL)
			sync_emit_notice(worker->events, NOTICE_ALERT, 0,
					 alert, 0);
		sync_worker_tell(worker, CONNECTION_UPDATING, NULL);
		return true;
	}
	(void)sync_worker_lost(worker, cause);
	g_clear_error(&worker->last_error);
	worker->last_error = sync_worker_error(cause);
	g_propagate_error(error, g_error_copy(worker->last_error));
	return false;
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
take_password(SyncWorker *worker, SyncJob *job)
{
	worker->asked_password = false;
	if (job->secret == NULL) {
		g_autoptr(GError) error =
		    g_error_new_literal(SYNC_ERROR, SYNC_ERROR_LOGIN,
					job->name != NULL
					    ? job->name
					    : "no password was given");

		worker->login_refused = true;
		g_clear_error(&worker->last_error);
		worker->last_error = g_error_copy(error);
		sync_worker_tell(worker, CONNECTION_LOGIN_REFUSED,
				 error->message);
		fail_jobs(worker, error);
		return;
	}
	secret_free(worker->password);
	worker->password = g_steal_pointer(&job->secret);
	worker->login_refused = false;
	worker->next_try = 0;
	g_clear_error(&worker->last_error);
}

static void
take_job(SyncWorker *worker, SyncJob *job)
{
	switch (job->kind) {
	case SYNC_JOB_PASSWORD:
		take_password(worker, job);
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
			ask_password(worker, NULL);
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
	return worker->stopping || worker->kicked ||
	       worker->jobs.length > 0 || !worker->role;
}

static void
add_result(SyncWorker *worker, const char *wire, SyncResult *result)
{
	g_autoptr(Mailbox) mailbox =
	    store_reader_mailbox(worker->reader, wire, NULL);

	result->mailbox = g_strdup(mailbox == NULL ? wire : mailbox->name);
	g_ptr_array_add(worker->results, result);
}

static bool
sync_whole(SyncWorker *worker, const char *wire, GError **error)
{
	SyncResult *result = g_new0(SyncResult, 1);
	bool done = false;
	bool good = sync_mailbox_open(worker, wire, result, error);

	while (good && !done && !worker->stopping)
		good = sync_mailbox_backfill(worker, result, &done, error);
	if (!good) {
		sync_result_free(result);
		return false;
	}
	add_result(worker, wire, result);
	return true;
}

static GPtrArray *
wanted_names(SyncWorker *worker, const SyncJob *job, GError **error)
{
	g_autoptr(GPtrArray) mailboxes = NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; job->names != NULL && job->names[i] != NULL; i++)
		g_ptr_array_add(names, g_strdup(job->names[i]));
	if (job->names != NULL)
		return names;
	(void)store_reader_refresh(worker->reader);
	mailboxes = store_reader_mailboxes(worker->reader, error);
	if (mailboxes == NULL) {
		g_ptr_array_unref(names);
		return NULL;
	}
	for (guint i = 0; i < mailboxes->len; i++) {
		const Mailbox *mailbox = g_ptr_array_index(mailboxes, i);

		if (!(mailbox->attrs & MAILBOX_ATTR_NOSELECT))
			g_ptr_array_add(names, g_strdup(mailbox->wire));
	}
	return names;
}

static bool
replay_all(SyncWorker *worker, GError **error)
{
	bool any = true;

	worker->kicked = false;
	while (any && !worker->stopping)
		if (!sync_replay(worker, &any, error))
			return false;
	return true;
}

static bool
run_sync(SyncWorker *worker, SyncJob *job, GError **error)
{
	g_autoptr(GPtrArray) names = NULL;

	if (!sync_folders(worker, error) || !replay_all(worker, error))
		return false;
	names = wanted_names(worker, job, error);
	if (names == NULL)
		return false;
	for (guint i = 0; i < names->len && !worker->stopping; i++) {
		const char *wire = g_ptr_array_index(names, i);
		g_autoptr(GError) cause = NULL;

		if (sync_whole(worker, wire, &cause)) {
			g_hash_table_remove(worker->stale, wire);
			continue;
		}
		/* one of all that cannot be opened does not stop the others */
		if (worker->session != NULL && job->names == NULL &&
		    g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED))
			continue;
		g_propagate_error(error, g_steal_pointer(&cause));
		return false;
	}
	return true;
}

static void
do_sync(SyncWorker *worker, SyncJob *job)
{
	g_autoptr(GError) error = NULL;
	SyncEvent *event = sync_event_new(SYNC_EVENT_JOB);

	worker->results = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)sync_result_free);
	event->job = job->id;
	if (run_sync(worker, job, &error)) {
		event->job_state = JOB_DONE;
	} else {
		(void)sync_worker_lost(worker, error);
		event->job_state = JOB_FAILED;
		event->error = sync_worker_error(error);
	}
	event->results = g_steal_pointer(&worker->results);
	sync_emit(worker->events, event);
}

static void
do_folders(SyncWorker *worker, SyncJob *job)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) told = NULL;

	if (sync_folders(worker, &error)) {
		sync_emit_job(worker->events, job->id, JOB_DONE, NULL);
		return;
	}
	(void)sync_worker_lost(worker, error);
	told = sync_worker_error(error);
	sync_emit_job(worker->events, job->id, JOB_FAILED, told);
}

static void
set_current(SyncWorker *worker, gint64 job)
{
	pthread_mutex_lock(&worker->lock);
	worker->current = job;
	pthread_mutex_unlock(&worker->lock);
}

static void
do_job(SyncWorker *worker, SyncJob *job)
{
	set_current(worker, job->id);
	switch (job->kind) {
	case SYNC_JOB_BODY:
		sync_service_body(worker, job);
		break;
	case SYNC_JOB_STRUCTURE:
		sync_service_structure(worker, job);
		break;
	case SYNC_JOB_SYNC:
		do_sync(worker, job);
		break;
	case SYNC_JOB_FOLDERS:
		do_folders(worker, job);
		break;
	case SYNC_JOB_SEARCH:
		sync_service_search(worker, job);
		break;
	case SYNC_JOB_CHECK:
		sync_service_check(worker, job);
		break;
	default:
		g_assert_not_reached();
	}
	set_current(worker, 0);
	sync_job_free(job);
}

/* What the user looks at comes before long work. */
static SyncJob *
next_job(SyncWorker *worker)
{
	for (GList *link = worker->jobs.head; link != NULL; link = link->next) {
		SyncJob *job = link->data;

		if (job->kind == SYNC_JOB_BODY ||
		    job->kind == SYNC_JOB_STRUCTURE) {
			g_queue_delete_link(&worker->jobs, link);
			return job;
		}
	}
	return NULL;
}

static char *
next_stale(SyncWorker *worker)
{
	GHashTableIter iter;
	gpointer key;

	if (worker->wanted != NULL &&
	    g_hash_table_contains(worker->stale, worker->wanted))
		return g_strdup(worker->wanted);
	g_hash_table_iter_init(&iter, worker->stale);
	return g_hash_table_iter_next(&iter, &key, NULL) ? g_strdup(key) : NULL;
}

/* A piece of what a screen wants without asking. Returns: there was some */
static bool
background_step(SyncWorker *worker, bool *ret_any, GError **error)
{
	g_autofree char *stale = NULL;
	bool done = true;

	*ret_any = true;
	if (!worker->folders_known)
		return sync_folders(worker, error);
	if (worker->wanted != NULL &&
	    g_hash_table_remove(worker->stale, worker->wanted))
		return sync_mailbox_open(worker, worker->wanted, NULL, error);
	if (worker->box_id != 0 && worker->missing != NULL)
		return sync_mailbox_backfill(worker, NULL, &done, error);
	stale = next_stale(worker);
	if (stale != NULL) {
		g_autoptr(GError) cause = NULL;

		g_hash_table_remove(worker->stale, stale);
		if (sync_mailbox_open(worker, stale, NULL, &cause) ||
		    g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED))
			return true;
		g_propagate_error(error, g_steal_pointer(&cause));
		return false;
	}
	/* back to the mailbox on the screen, where IDLE tells at once */
	if (worker->wanted != NULL &&
	    g_strcmp0(imap_session_selected(worker->session),
		      worker->wanted) != 0)
		return sync_mailbox_open(worker, worker->wanted, NULL, error);
	return sync_service_structures(worker, ret_any, error);
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
		wait = MIN(wait, MAX(worker->next_change - g_get_real_time(),
				     0));
	sync_worker_tell(worker,
			 idle ? CONNECTION_ONLINE : CONNECTION_CHECKED, NULL);
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
		   timeout_us < 0
		       ? -1
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
		fail_jobs(worker, worker->last_error);
		return -1;
	}
	if (worker->login_refused || worker->untrusted)
		return -1;
	if (worker->password == NULL) {
		ask_password(worker, NULL);
		return -1;
	}
	return worker->next_try > now ? worker->next_try - now : 0;
}

/* Reads that need no role: a command beside a screen. */
static bool
serve_without_role(SyncWorker *worker)
{
	SyncJob *job;

	if (worker->role || worker->settings->offline ||
	    worker->settings->background)
		return false;
	job = g_queue_peek_head(&worker->jobs);
	if (job == NULL || job->kind == SYNC_JOB_SYNC ||
	    job->kind == SYNC_JOB_FOLDERS)
		return false;
	if (worker->password == NULL) {
		if (!worker->login_refused)
			ask_password(worker, NULL);
		return false;
	}
	do_job(worker, g_queue_pop_head(&worker->jobs));
	return true;
}

static bool
work_step(SyncWorker *worker, GError **error)
{
	SyncJob *job = next_job(worker);
	bool any = false;

	if (job != NULL) {
		do_job(worker, job);
		return true;
	}
	if (worker->kicked)
		return replay_all(worker, error);
	job = g_queue_pop_head(&worker->jobs);
	if (job != NULL) {
		do_job(worker, job);
		return true;
	}
	if (worker->settings->background) {
		if (!background_step(worker, &any, error))
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
		fail_jobs(worker, told);
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
	drop_session(worker);
	return NULL;
}

void
sync_worker_start(SyncWorker *worker, SyncKeeper *keeper)
{
	g_autoptr(GError) error = NULL;

	worker->keeper = keeper;
	worker->told = (ConnectionState)-1;
	worker->reader = store_reader_open(worker->settings->cache_folder,
					   worker->settings->state_folder,
					   &error);
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
	uid_set_free(worker->missing);
	uid_set_free(worker->known);
	g_free(worker->wanted);
	pthread_mutex_destroy(&worker->lock);
	g_free(worker);
}
