/* sync-account.c - the engine of one account: two threads and their channels */
#include "sync-account.h"

#include "sync-private.h"

/* clang-format would put spaces into the name */
/* clang-format off */
G_DEFINE_QUARK(sync-error-quark, sync_error)
/* clang-format on */

struct SyncAccount {
	SyncSettings *settings; /* owned; constant after the start */
	SyncKeeper *keeper;     /* owned */
	SyncWorker *worker;     /* owned */
};

SyncSettings *
sync_settings_new(void)
{
	SyncSettings *settings = g_new0(SyncSettings, 1);

	settings->auth = g_strdup("auto");
	settings->timeout_scale = 1.0;
	settings->body_cache = (gint64)64 << 20;
	return settings;
}

void
sync_settings_free(SyncSettings *settings)
{
	if (settings == NULL)
		return;
	g_free(settings->name);
	g_free(settings->cache_folder);
	g_free(settings->state_folder);
	g_free(settings->email);
	g_free(settings->host);
	g_free(settings->user);
	g_free(settings->auth);
	g_free(settings->ca_file);
	g_free(settings->client_certificate);
	g_strfreev(settings->pins);
	g_strfreev(settings->disabled);
	for (guint i = 0; i < G_N_ELEMENTS(settings->roles); i++)
		g_free(settings->roles[i]);
	g_strfreev(settings->keep_offline);
	g_free(settings->trace);
	g_free(settings);
}

void
sync_emit(Channel *events, SyncEvent *event)
{
	channel_post(events, event);
}

void
sync_emit_job(Channel *events, gint64 id, JobState state, const GError *error)
{
	SyncEvent *event;

	if (id == 0)
		return;
	event = sync_event_new(SYNC_EVENT_JOB);
	event->job = id;
	event->job_state = state;
	event->error = error != NULL ? g_error_copy(error) : NULL;
	sync_emit(events, event);
}

void
sync_emit_notice(Channel *events, NoticeKind notice, gint64 mailbox_id,
		 const char *text, guint count)
{
	SyncEvent *event = sync_event_new(SYNC_EVENT_NOTICE);

	event->notice = notice;
	event->mailbox_id = mailbox_id;
	event->text = g_strdup(text);
	event->count = count;
	sync_emit(events, event);
}

SyncAccount *
sync_account_start(SyncSettings *settings, Channel *events, GError **error)
{
	SyncAccount *account = g_new0(SyncAccount, 1);

	account->settings = settings;
	account->worker = sync_worker_new(settings, events);
	account->keeper =
	    sync_keeper_start(settings, events, account->worker, error);
	if (account->keeper == NULL) {
		sync_worker_free(account->worker);
		sync_settings_free(settings);
		g_free(account);
		return NULL;
	}
	sync_worker_start(account->worker, account->keeper);
	return account;
}

void
sync_account_post(SyncAccount *account, SyncJob *job)
{
	switch (job->kind) {
	case SYNC_JOB_CHANGES:
	case SYNC_JOB_UNDO:
	case SYNC_JOB_RETRY:
	case SYNC_JOB_DROP:
	case SYNC_JOB_DRAFT:
	case SYNC_JOB_DRAFT_FORGET:
	case SYNC_JOB_RELEASE:
	case SYNC_JOB_RESUME:
		sync_keeper_post_job(account->keeper, job);
		break;
	default:
		sync_worker_post(account->worker, job);
		break;
	}
}

void
sync_account_cancel(SyncAccount *account, gint64 job)
{
	sync_worker_cancel(account->worker, job);
}

void
sync_account_end_soon(SyncAccount *account)
{
	sync_worker_end_soon(account->worker);
}

void
sync_account_stop(SyncAccount *account)
{
	if (account == NULL)
		return;
	/* the keeper goes last: the worker may still wait for it */
	sync_worker_stop(account->worker);
	sync_keeper_stop(account->keeper);
	sync_worker_free(account->worker);
	sync_settings_free(account->settings);
	g_free(account);
}
