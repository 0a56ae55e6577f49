/* sync-keeper.c - the one thread that writes an account's stores */
#include <poll.h>
#include <pthread.h>

#include "base-file.h"
#include "base-thread.h"
#include "sync-keeper.h"

#define POLL_JOURNAL_US (250 * G_TIME_SPAN_MILLISECOND)
#define IDLE_US (2 * G_USEC_PER_SEC)

/** A piece of work for the keeper's thread; a caller may wait for it. */
typedef struct {
	SyncKeeperFunc func;
	gpointer data;
	GDestroyNotify free_data;
	pthread_mutex_t *lock; /* NULL: nobody waits */
	pthread_cond_t *done;
	bool *finished;
} KeeperItem;

static void
item_free(gpointer data)
{
	KeeperItem *item = data;

	if (item->free_data != NULL)
		item->free_data(item->data);
	if (item->lock != NULL) {
		pthread_mutex_lock(item->lock);
		*item->finished = true;
		pthread_cond_signal(item->done);
		pthread_mutex_unlock(item->lock);
	}
	g_free(item);
}

void
sync_keeper_touch(SyncKeeper *keeper, gint64 mailbox)
{
	keeper->folders_touched = true;
	if (mailbox != 0)
		g_hash_table_add(keeper->touched,
				 g_memdup2(&mailbox, sizeof(mailbox)));
}

static void
tell_touched(SyncKeeper *keeper)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, keeper->touched);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		SyncEvent *event = sync_event_new(SYNC_EVENT_MESSAGES);

		event->mailbox_id = *(gint64 *)key;
		sync_emit(keeper->events, event);
	}
	g_hash_table_remove_all(keeper->touched);
	if (keeper->folders_touched)
		sync_emit(keeper->events, sync_event_new(SYNC_EVENT_FOLDERS));
	keeper->folders_touched = false;
}

/* The cache is of no use as it is: opened anew, which sets a damaged one aside
 */
static void
close_writer(SyncKeeper *keeper)
{
	g_clear_pointer(&keeper->writer, store_writer_close);
}

void
sync_keeper_store_failed(SyncKeeper *keeper, GError *error)
{
	SyncEvent *event = sync_event_new(SYNC_EVENT_CONNECTION);

	g_debug("store: %s", error->message);
	event->connection = CONNECTION_OFFLINE;
	event->since = g_get_real_time();
	event->text = g_strdup(error->message);
	sync_emit(keeper->events, event);
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_DAMAGED)) {
		close_writer(keeper);
		sync_lock_release(keeper->lock);
		keeper->held = false;
		sync_worker_set_role(keeper->worker, false);
	}
	g_error_free(error);
}

bool
sync_keeper_commit(SyncKeeper *keeper)
{
	GError *error = NULL;

	keeper->idle_at = g_get_monotonic_time() + IDLE_US;
	if (keeper->writer != NULL &&
	    !store_writer_commit(keeper->writer, &error)) {
		sync_keeper_store_failed(keeper, error);
		return false;
	}
	tell_touched(keeper);
	return true;
}

static bool
open_writer(SyncKeeper *keeper)
{
	StoreOpened opened;
	GError *error = NULL;
	g_autoptr(GPtrArray) open = NULL;

	keeper->writer = store_writer_open(keeper->settings->cache_folder,
					   keeper->journal, &opened, &error);
	if (keeper->writer == NULL) {
		sync_keeper_store_failed(keeper, error);
		return false;
	}
	store_writer_set_body_limit(keeper->writer,
				    keeper->settings->body_cache);
	if (opened == STORE_REBUILT)
		sync_emit_notice(keeper->events, NOTICE_STORE_REBUILT, 0, NULL,
				 0);
	if (!store_writer_checkpoint(keeper->writer, &error))
		g_clear_error(&error); /* a reader is in the way: later */
	open = store_journal_open_changes(keeper->journal, &error);
	if (open == NULL ||
	    !store_writer_reapply(keeper->writer, open, &error)) {
		sync_keeper_store_failed(keeper, error);
		return false;
	}
	sync_keeper_touch(keeper, 0);
	return sync_keeper_commit(keeper);
}

/* Takes the role if it is free; a role that was taken away is noticed here. */
static void
look_after_role(SyncKeeper *keeper)
{
	gint64 now = g_get_monotonic_time();

	if (keeper->held && !sync_lock_held(keeper->lock)) {
		keeper->held = false;
		close_writer(keeper);
		sync_worker_set_role(keeper->worker, false);
	}
	if (keeper->held && now >= keeper->next_beat) {
		sync_lock_beat(keeper->lock);
		keeper->next_beat = now + SYNC_LOCK_BEAT_US;
	}
	if (keeper->held || keeper->released || keeper->stopping ||
	    !sync_lock_try(keeper->lock))
		return;
	if (!open_writer(keeper)) {
		sync_lock_release(keeper->lock);
		keeper->next_beat = now + SYNC_LOCK_BEAT_US;
		return;
	}
	keeper->held = true;
	keeper->next_beat = now + SYNC_LOCK_BEAT_US;
	sync_worker_set_role(keeper->worker, true);
}

/* What other processes wrote into the journal. */
static void
look_after_journal(SyncKeeper *keeper)
{
	g_autoptr(GPtrArray) open = NULL;
	GError *error = NULL;

	if (!store_journal_changed(keeper->journal))
		return;
	if (keeper->writer != NULL) {
		open = store_journal_open_changes(keeper->journal, &error);
		if (open == NULL ||
		    !store_writer_reapply(keeper->writer, open, &error)) {
			sync_keeper_store_failed(keeper, error);
			return;
		}
		sync_keeper_touch(keeper, 0);
		(void)sync_keeper_commit(keeper);
		sync_worker_kick(keeper->worker);
	}
	sync_intent_counts(keeper);
	sync_intent_check(keeper);
}

/* What the holder of the role wrote into the cache: a screen shows it too. */
static void
look_after_cache(SyncKeeper *keeper)
{
	if (keeper->held || !store_reader_refresh(keeper->reader))
		return;
	sync_emit(keeper->events, sync_event_new(SYNC_EVENT_MESSAGES));
	sync_emit(keeper->events, sync_event_new(SYNC_EVENT_FOLDERS));
}

static void
run_items(SyncKeeper *keeper)
{
	KeeperItem *item;

	while ((item = channel_take(keeper->items)) != NULL) {
		item->func(keeper, item->data);
		item_free(item);
	}
}

static void
look_after_files(SyncKeeper *keeper)
{
	if (keeper->idle_at == 0 || g_get_monotonic_time() < keeper->idle_at)
		return;
	keeper->idle_at = 0;
	if (keeper->writer != NULL)
		(void)store_writer_checkpoint(keeper->writer, NULL);
	(void)store_journal_prune(keeper->journal, NULL);
	(void)store_journal_checkpoint(keeper->journal, NULL);
}

static void *
keeper_main(void *user)
{
	SyncKeeper *keeper = user;

	look_after_role(keeper);
	sync_intent_counts(keeper);
	while (!keeper->stopping) {
		bool waits = keeper->pending->len > 0 || !keeper->held;
		struct pollfd fds[2] = {
		    {channel_fd(keeper->items), POLLIN, 0},
		    {keeper->held ? sync_lock_fd(keeper->lock) : -1, POLLIN, 0},
		};

		(void)poll(fds, 2,
			   (int)((waits ? POLL_JOURNAL_US : SYNC_LOCK_BEAT_US) /
				 G_TIME_SPAN_MILLISECOND));
		if (fds[1].revents != 0)
			(void)sync_lock_drain(keeper->lock);
		look_after_role(keeper);
		look_after_cache(keeper);
		run_items(keeper);
		look_after_journal(keeper);
		sync_intent_check(keeper);
		look_after_files(keeper);
	}
	run_items(keeper);
	(void)sync_keeper_commit(keeper);
	return NULL;
}

SyncKeeper *
sync_keeper_start(const SyncSettings *settings, Channel *events,
		  SyncWorker *worker, GError **error)
{
	g_autofree char *set_aside = NULL;
	StoreOpened opened;
	StoreJournal *journal;
	SyncKeeper *keeper;

	if (!file_make_dir(settings->state_folder, error) ||
	    !file_make_dir(settings->cache_folder, error))
		return NULL;
	journal = store_journal_open(settings->state_folder, false, &opened,
				     &set_aside, error);
	if (journal == NULL)
		return NULL;
	if (opened == STORE_REBUILT)
		sync_emit_notice(events, NOTICE_JOURNAL_SALVAGED, 0, set_aside,
				 0);
	if (store_journal_is_network(journal))
		sync_emit_notice(events, NOTICE_NETWORK_FILESYSTEM, 0, NULL, 0);
	keeper = g_new0(SyncKeeper, 1);
	keeper->settings = settings;
	keeper->events = events;
	keeper->worker = worker;
	keeper->journal = journal;
	keeper->items = channel_new(item_free);
	keeper->lock = sync_lock_new(settings->state_folder);
	keeper->pending = g_ptr_array_new_with_free_func(sync_pending_free);
	keeper->touched =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	keeper->waiting = keeper->failed = G_MAXUINT;
	keeper->reader = store_reader_open(settings->cache_folder,
					   settings->state_folder, error);
	if (keeper->reader == NULL) {
		keeper->thread = 0;
		sync_keeper_stop(keeper);
		return NULL;
	}
	keeper->thread = thread_start("keeper", keeper_main, keeper);
	return keeper;
}

static void
request_stop(SyncKeeper *keeper, gpointer data)
{
	(void)data;
	keeper->stopping = true;
}

void
sync_keeper_stop(SyncKeeper *keeper)
{
	if (keeper == NULL)
		return;
	if (keeper->thread != 0) {
		sync_keeper_post(keeper, request_stop, NULL, NULL);
		pthread_join(keeper->thread, NULL);
	}
	close_writer(keeper);
	store_reader_close(keeper->reader);
	store_journal_close(keeper->journal);
	sync_lock_free(keeper->lock);
	channel_free(keeper->items);
	g_ptr_array_unref(keeper->pending);
	g_hash_table_unref(keeper->touched);
	g_free(keeper);
}

void
sync_keeper_post(SyncKeeper *keeper, SyncKeeperFunc func, gpointer data,
		 GDestroyNotify free_data)
{
	KeeperItem *item = g_new0(KeeperItem, 1);

	item->func = func;
	item->data = data;
	item->free_data = free_data;
	channel_post(keeper->items, item);
}

void
sync_keeper_call(SyncKeeper *keeper, SyncKeeperFunc func, gpointer data)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t done = PTHREAD_COND_INITIALIZER;
	bool finished = false;
	KeeperItem *item = g_new0(KeeperItem, 1);

	item->func = func;
	item->data = data;
	item->lock = &lock;
	item->done = &done;
	item->finished = &finished;
	channel_post(keeper->items, item);
	pthread_mutex_lock(&lock);
	while (!finished)
		pthread_cond_wait(&done, &lock);
	pthread_mutex_unlock(&lock);
}

/* Nothing may go to the server: what would wait for ever is not taken. */
static bool
refuse_change(SyncKeeper *keeper, const SyncJob *job)
{
	g_autoptr(GError) error = NULL;

	if (!keeper->settings->read_only ||
	    (job->kind != SYNC_JOB_CHANGES && job->kind != SYNC_JOB_UNDO &&
	     job->kind != SYNC_JOB_RETRY))
		return false;
	error = g_error_new_literal(SYNC_ERROR, SYNC_ERROR_REFUSED,
				    "the account is read-only");
	sync_emit_job(keeper->events, job->id, JOB_FAILED, error);
	return true;
}

static void
run_job(SyncKeeper *keeper, gpointer data)
{
	SyncJob *job = data;

	if (refuse_change(keeper, job))
		return;
	switch (job->kind) {
	case SYNC_JOB_RELEASE:
		keeper->released = true;
		if (keeper->held) {
			sync_worker_set_role(keeper->worker, false);
			close_writer(keeper);
			sync_lock_release(keeper->lock);
			keeper->held = false;
		}
		sync_emit_job(keeper->events, job->id, JOB_DONE, NULL);
		break;
	case SYNC_JOB_RESUME:
		keeper->released = false;
		look_after_role(keeper);
		sync_emit_job(keeper->events, job->id, JOB_DONE, NULL);
		break;
	case SYNC_JOB_DRAFT:
	case SYNC_JOB_DRAFT_FORGET:
		sync_text_job(keeper, job);
		break;
	default:
		sync_intent_job(keeper, job);
		break;
	}
}

void
sync_keeper_post_job(SyncKeeper *keeper, SyncJob *job)
{
	sync_keeper_post(keeper, run_job, job, (GDestroyNotify)sync_job_free);
}
