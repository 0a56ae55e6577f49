/* controller-account-job.c - jobs that go down, events that come up */
#include <string.h>

#include "controller-private.h"

#define PROGRESS_EVERY_US (G_USEC_PER_SEC / 2)

typedef struct {
	gint64 id;
	AccountJobFunc func;
	gpointer user;
} AccountJob;

/* ---- down ---- */

gint64
account_post(Account *account, SyncJob *job, AccountJobFunc func, gpointer user,
	     GError **error)
{
	gint64 id;

	if (account->engine == NULL) {
		sync_job_free(job);
		g_set_error(
		    error, CONTROLLER_ERROR, CONTROLLER_ERROR_CONNECTION,
		    "%s: the account is not running", account->config->name);
		return 0;
	}
	if (job->id == 0)
		job->id = controller_next_job(account->controller);
	if (func != NULL) {
		AccountJob *awaited = g_new0(AccountJob, 1);

		awaited->id = job->id;
		awaited->func = func;
		awaited->user = user;
		g_hash_table_replace(account->jobs, &awaited->id, awaited);
	}
	id = job->id;
	sync_account_post(account->engine, job);
	return id;
}

void
account_forget_job(Account *account, gint64 job)
{
	g_hash_table_remove(account->jobs, &job);
}

void
account_end_job(Account *account, gint64 job, JobState state,
		const GError *error, const char *text)
{
	SyncEvent *event = sync_event_new(SYNC_EVENT_JOB);

	event->job = job;
	event->job_state = state;
	event->error = error == NULL ? NULL : g_error_copy(error);
	event->text = g_strdup(text);
	channel_post(account->events, event);
}

void
account_cancel(Account *account, gint64 job)
{
	if (account->engine != NULL)
		sync_account_cancel(account->engine, job);
}

/* ---- up: jobs ---- */

static void
tell_awaiting(Account *account, SyncEvent *event)
{
	const AccountJob *awaited =
	    g_hash_table_lookup(account->jobs, &event->job);
	AccountJob now;

	if (awaited == NULL)
		return;
	now = *awaited;
	/* first, for the function may post another */
	if (event->job_state != JOB_JOURNALED)
		g_hash_table_remove(account->jobs, &event->job);
	now.func(account, event, now.user);
}

/* What a job found out is kept until the next one of its kind. */
static void
keep_results(Account *account, SyncEvent *event)
{
	if (event->results != NULL) {
		g_clear_pointer(&account->results, g_ptr_array_unref);
		account->results = g_steal_pointer(&event->results);
	}
	if (event->facts != NULL) {
		g_clear_pointer(&account->facts, g_ptr_array_unref);
		account->facts = g_steal_pointer(&event->facts);
	}
	if (event->uids != NULL) {
		g_clear_pointer(&account->hits, g_array_unref);
		account->hits = g_steal_pointer(&event->uids);
	}
}

static void
take_job(Account *account, SyncEvent *event)
{
	g_autoptr(GError) error =
	    event->error == NULL ? NULL : controller_error_from(event->error);
	ControllerEvent told = {.kind = CONTROLLER_EVENT_JOB,
				.account = account,
				.job = event->job,
				.job_state = event->job_state};

	if (error != NULL)
		g_info("account %s: job %" G_GINT64_FORMAT ": %s",
		       account->config->name, event->job, error->message);
	if (event->job_state == JOB_JOURNALED &&
	    account->connection.state == CONNECTION_OTHER_PROCESS)
		account_pending_keep(account, event->job);
	else
		account_pending_drop(account, event->job);
	tell_awaiting(account, event);
	keep_results(account, event);
	told.error = error;
	told.changes = event->changes;
	told.text = event->text;
	controller_tell(&told);
}

/* ---- up: how the account stands ---- */

static void
take_connection(Account *account, SyncEvent *event)
{
	Connection *connection = &account->connection;

	if (event->connection != connection->state || event->text != NULL)
		g_info("account %s: connection state %d%s%s",
		       account->config->name, (int)event->connection,
		       event->text == NULL ? "" : ": ",
		       event->text == NULL ? "" : event->text);
	g_free((char *)connection->reason);
	connection->state = event->connection;
	connection->since = event->since;
	connection->next_try = event->next_try;
	connection->reason = g_steal_pointer(&event->text);
	controller_tell_kind(account, CONTROLLER_EVENT_CONNECTION, NULL);
}

static char *
mailbox_name(const Account *account, gint64 id)
{
	g_autoptr(Mailbox) mailbox =
	    id == 0 ? NULL
		    : store_reader_mailbox_by_id(account->store, id, NULL);

	return mailbox == NULL ? NULL : g_strdup(mailbox->name);
}

gint
account_seconds_left(gint64 elapsed_us, guint64 begun_at, guint64 done,
		     guint64 total)
{
	double left;

	/* of a moment's work nothing can be said yet */
	if (elapsed_us < 2 * G_USEC_PER_SEC || done <= begun_at ||
	    total <= done)
		return -1;
	left = (double)elapsed_us / G_USEC_PER_SEC * (double)(total - done) /
	       (double)(done - begun_at);
	return left > G_MAXINT ? -1 : (gint)left;
}

static void
take_progress(Account *account, const SyncEvent *event)
{
	Progress *progress = &account->progress;
	gint64 now = g_get_monotonic_time();
	g_autofree char *mailbox = mailbox_name(account, event->mailbox_id);
	bool other = event->progress != progress->kind ||
		     g_strcmp0(mailbox, progress->mailbox) != 0;

	if (other) {
		account->progress_began = now;
		account->progress_first = event->done;
		account->progress_told = 0;
	}
	g_free((char *)progress->mailbox);
	progress->mailbox = g_steal_pointer(&mailbox);
	progress->kind = event->progress;
	progress->done = event->done;
	progress->total = event->total;
	progress->seconds_left = account_seconds_left(
	    now - account->progress_began, account->progress_first, event->done,
	    event->total);
	if (!other && now - account->progress_told < PROGRESS_EVERY_US)
		return;
	account->progress_told = now;
	controller_tell_kind(account, CONTROLLER_EVENT_PROGRESS,
			     progress->mailbox);
}

static void
take_queue(Account *account, const SyncEvent *event)
{
	account->waiting = event->waiting;
	account->failed = event->failed;
	controller_tell_kind(account, CONTROLLER_EVENT_QUEUE, NULL);
}

/* ---- up: what came into the store ---- */

static void
refresh_lists(Account *account, gint64 mailbox_id)
{
	for (guint i = 0; i < account->lists->len; i++)
		(void)message_list_refresh(g_ptr_array_index(account->lists, i),
					   mailbox_id);
}

static void
take_messages(Account *account, const SyncEvent *event)
{
	g_autofree char *mailbox = NULL;

	(void)store_reader_refresh(account->store);
	mailbox = mailbox_name(account, event->mailbox_id);
	account_pending_written(account);
	refresh_lists(account, event->mailbox_id);
	controller_tell_kind(account, CONTROLLER_EVENT_MESSAGES, mailbox);
}

static void
take_folders(Account *account)
{
	(void)store_reader_refresh(account->store);
	controller_tell_kind(account, CONTROLLER_EVENT_FOLDERS, NULL);
}

static void
take_telling(Account *account, const SyncEvent *event, ControllerEventKind kind)
{
	g_autofree char *mailbox = mailbox_name(account, event->mailbox_id);
	ControllerEvent told = {.kind = kind,
				.account = account,
				.mailbox = mailbox,
				.notice = event->notice,
				.text = event->text,
				.count = event->count};

	if (kind == CONTROLLER_EVENT_NOTICE)
		g_info("account %s: notice %d (%u)%s%s", account->config->name,
		       (int)event->notice, event->count,
		       event->text == NULL ? "" : ": ",
		       event->text == NULL ? "" : event->text);
	controller_tell(&told);
}

static void
take_certificate(Account *account, SyncEvent *event)
{
	certificate_info_free(account->certificate);
	account->certificate = g_steal_pointer(&event->certificate);
	controller_tell_kind(account, CONTROLLER_EVENT_CERTIFICATE, NULL);
}

void
account_take_event(Account *account, SyncEvent *event)
{
	switch (event->kind) {
	case SYNC_EVENT_MESSAGES:
		take_messages(account, event);
		break;
	case SYNC_EVENT_FOLDERS:
		take_folders(account);
		break;
	case SYNC_EVENT_CONNECTION:
		take_connection(account, event);
		break;
	case SYNC_EVENT_QUEUE:
		take_queue(account, event);
		break;
	case SYNC_EVENT_PROGRESS:
		take_progress(account, event);
		break;
	case SYNC_EVENT_JOB:
		take_job(account, event);
		break;
	case SYNC_EVENT_NEW_MAIL:
		take_telling(account, event, CONTROLLER_EVENT_NEW_MAIL);
		break;
	case SYNC_EVENT_NOTICE:
		take_telling(account, event, CONTROLLER_EVENT_NOTICE);
		break;
	case SYNC_EVENT_PASSWORD:
		account_want_password(account, event->text);
		break;
	case SYNC_EVENT_CERTIFICATE:
		take_certificate(account, event);
		break;
	}
	sync_event_free(event);
}
