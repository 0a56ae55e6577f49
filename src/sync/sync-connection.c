/* sync-connection.c - a session's life: connect, log in, lose it, try again */
#include <string.h>

#include "sync-keeper.h"
#include "sync-worker.h"

#define RETRY_MAX_S 60u

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

void
sync_worker_drop(SyncWorker *worker)
{
	ImapSession *session;

	pthread_mutex_lock(&worker->lock);
	session = g_steal_pointer(&worker->session);
	pthread_mutex_unlock(&worker->lock);
	imap_session_free(session);
	worker->folders_known = false;
	/* first of all when there is a session again */
	if (worker->wanted != NULL)
		g_hash_table_add(worker->stale, g_strdup(worker->wanted));
	sync_worker_progress(worker, PROGRESS_NONE, 0, 0, 0);
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
void
sync_worker_fail_jobs(SyncWorker *worker, const GError *error)
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

void
sync_worker_ask_password(SyncWorker *worker, const char *reason)
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
	if (error->domain != IMAP_ERROR || error->code == IMAP_ERROR_REFUSED ||
	    error->code == IMAP_ERROR_UNSUPPORTED ||
	    error->code == IMAP_ERROR_INVALID)
		return false;
	if (worker->session != NULL && error->code == IMAP_ERROR_UNTRUSTED) {
		worker->untrusted = true;
		tell_certificate(worker);
	}
	sync_worker_drop(worker);
	if (error->code == IMAP_ERROR_LOGIN) {
		worker->login_refused = true;
		g_clear_pointer(&worker->password, secret_free);
		sync_worker_tell(worker, CONNECTION_LOGIN_REFUSED,
				 error->message);
		worker->asked_password = false;
		sync_worker_ask_password(worker, error->message);
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
	ImapSession *session;

	sync_memory_load(worker);
	session = imap_session_new(&worker->imap);
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
			sync_emit_notice(worker->events, NOTICE_ALERT, 0, alert,
					 0);
		sync_worker_tell(worker, CONNECTION_UPDATING, NULL);
		return true;
	}
	(void)sync_worker_lost(worker, cause);
	g_clear_error(&worker->last_error);
	worker->last_error = sync_worker_error(cause);
	g_propagate_error(error, g_error_copy(worker->last_error));
	return false;
}

/* ---- passwords ---- */

void
sync_worker_take_password(SyncWorker *worker, SyncJob *job)
{
	worker->asked_password = false;
	if (job->secret == NULL) {
		g_autoptr(GError) error = g_error_new_literal(
		    SYNC_ERROR, SYNC_ERROR_LOGIN,
		    job->name != NULL ? job->name : "no password was given");

		worker->login_refused = true;
		g_clear_error(&worker->last_error);
		worker->last_error = g_error_copy(error);
		sync_worker_tell(worker, CONNECTION_LOGIN_REFUSED,
				 error->message);
		sync_worker_fail_jobs(worker, error);
		return;
	}
	secret_free(worker->password);
	worker->password = g_steal_pointer(&job->secret);
	worker->login_refused = false;
	worker->next_try = 0;
	g_clear_error(&worker->last_error);
}
