/* controller-reader.c - one thread for what takes longer than a frame */
#include "controller-reader.h"

#include <poll.h>
#include <pthread.h>

#include <glib-unix.h>

#include "base-channel.h"
#include "base-thread.h"

/* how much comes up in one turn of the main loop: keys come first */
#define TURN_MAX 64u

struct ReaderTask {
	Reader *reader;
	char *cache_folder;
	char *state_folder;
	ReaderWork work;
	ReaderDone done;
	gpointer data;
	GDestroyNotify free_data;
	gint cancelled; /* atomic */
	bool queued;    /* UI thread: it has not come back yet */
};

/** What comes up: a part, or, without @take, the task itself at its end. */
typedef struct {
	ReaderTask *task;
	gpointer part;
	ReaderTake take;
	GDestroyNotify free_part;
} ReaderAnswer;

struct Reader {
	pthread_t thread;
	Channel *tasks;   /* of ReaderTask, down */
	Channel *answers; /* of ReaderAnswer, up */
	guint source;
	GPtrArray *live;    /* UI thread: tasks that have not come back */
	GHashTable *stores; /* reader thread: cache folder → StoreReader */

	/* guarded by lock: who interrupts is another thread */
	pthread_mutex_t lock;
	ReaderTask *current;
	StoreReader *store;
};

/* ---- the reader's thread ---- */

static StoreReader *
store_of(Reader *reader, const ReaderTask *task)
{
	StoreReader *store;
	g_autoptr(GError) error = NULL;

	if (task->cache_folder == NULL)
		return NULL;
	store = g_hash_table_lookup(reader->stores, task->cache_folder);
	if (store == NULL) {
		store = store_reader_open(task->cache_folder,
					  task->state_folder, &error);
		if (store == NULL) {
			g_debug("reader: %s", error->message);
			return NULL;
		}
		g_hash_table_insert(reader->stores,
				    g_strdup(task->cache_folder), store);
	}
	(void)store_reader_refresh(store);
	return store;
}

static void
set_current(Reader *reader, ReaderTask *task, StoreReader *store)
{
	pthread_mutex_lock(&reader->lock);
	reader->current = task;
	reader->store = store;
	pthread_mutex_unlock(&reader->lock);
}

static void
post_answer(ReaderTask *task, gpointer part, ReaderTake take,
	    GDestroyNotify free_part)
{
	ReaderAnswer *answer = g_new0(ReaderAnswer, 1);

	answer->task = task;
	answer->part = part;
	answer->take = take;
	answer->free_part = free_part;
	channel_post(task->reader->answers, answer);
}

static void
run_task(Reader *reader, ReaderTask *task)
{
	if (!g_atomic_int_get(&task->cancelled)) {
		StoreReader *store = store_of(reader, task);

		set_current(reader, task, store);
		task->work(task, store, &task->cancelled, task->data);
		set_current(reader, NULL, NULL);
	}
	post_answer(task, NULL, NULL, NULL);
}

/* Returns: (transfer full): the next one; waits for it */
static ReaderTask *
next_task(Reader *reader)
{
	struct pollfd fd = {channel_fd(reader->tasks), POLLIN, 0};
	ReaderTask *task;

	while ((task = channel_take(reader->tasks)) == NULL)
		(void)poll(&fd, 1, -1);
	return task;
}

static void *
reader_main(void *user)
{
	Reader *reader = user;
	ReaderTask *task;

	/* one without work is the last */
	while ((task = next_task(reader))->work != NULL)
		run_task(reader, task);
	g_free(task);
	g_clear_pointer(&reader->stores, g_hash_table_unref);
	return NULL;
}

void
reader_more(ReaderTask *task, gpointer part, ReaderTake take,
	    GDestroyNotify free_part)
{
	post_answer(task, part, take, free_part);
}

/* ---- the UI thread ---- */

static void
task_free(ReaderTask *task)
{
	if (task->free_data != NULL)
		task->free_data(task->data);
	g_free(task->cache_folder);
	g_free(task->state_folder);
	g_free(task);
}

static void
take_answer(Reader *reader, ReaderAnswer *answer)
{
	ReaderTask *task = answer->task;
	bool wanted = !g_atomic_int_get(&task->cancelled);

	if (answer->take != NULL) {
		if (wanted) {
			answer->take(task->data, answer->part);
			task->done(task->data, false);
		} else if (answer->free_part != NULL) {
			answer->free_part(answer->part);
		}
	} else {
		task->queued = false;
		g_ptr_array_remove_fast(reader->live, task);
		if (wanted)
			task->done(task->data, true);
		task_free(task);
	}
	g_free(answer);
}

static gboolean
on_answers(gint fd, GIOCondition condition, gpointer user)
{
	Reader *reader = user;
	ReaderAnswer *answer;

	(void)fd;
	(void)condition;
	for (guint i = 0; i < TURN_MAX; i++) {
		answer = channel_take(reader->answers);
		if (answer == NULL)
			break;
		take_answer(reader, answer);
	}
	return G_SOURCE_CONTINUE;
}

Reader *
reader_new(void)
{
	Reader *reader = g_new0(Reader, 1);

	/* both are emptied by hand: nothing of them is left at the end */
	reader->tasks = channel_new(NULL);
	reader->answers = channel_new(NULL);
	reader->live = g_ptr_array_new();
	reader->stores =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
				  (GDestroyNotify)store_reader_close);
	pthread_mutex_init(&reader->lock, NULL);
	reader->source = g_unix_fd_add(channel_fd(reader->answers), G_IO_IN,
				       on_answers, reader);
	reader->thread = thread_start("reader", reader_main, reader);
	return reader;
}

void
reader_free(Reader *reader)
{
	ReaderAnswer *answer;

	if (reader == NULL)
		return;
	for (guint i = 0; i < reader->live->len; i++)
		reader_cancel(reader, g_ptr_array_index(reader->live, i));
	channel_post(reader->tasks, g_new0(ReaderTask, 1));
	pthread_join(reader->thread, NULL);
	g_source_remove(reader->source);
	while ((answer = channel_take(reader->answers)) != NULL)
		take_answer(reader, answer);
	channel_free(reader->tasks);
	channel_free(reader->answers);
	g_ptr_array_unref(reader->live);
	pthread_mutex_destroy(&reader->lock);
	g_free(reader);
}

ReaderTask *
reader_run(Reader *reader, const char *cache_folder, const char *state_folder,
	   ReaderWork work, ReaderDone done, gpointer data,
	   GDestroyNotify free_data)
{
	ReaderTask *task = g_new0(ReaderTask, 1);

	task->reader = reader;
	task->cache_folder = g_strdup(cache_folder);
	task->state_folder = g_strdup(state_folder);
	task->work = work;
	task->done = done;
	task->data = data;
	task->free_data = free_data;
	task->queued = true;
	g_ptr_array_add(reader->live, task);
	channel_post(reader->tasks, task);
	return task;
}

void
reader_cancel(Reader *reader, ReaderTask *task)
{
	if (task == NULL || !task->queued)
		return;
	pthread_mutex_lock(&reader->lock);
	g_atomic_int_set(&task->cancelled, 1);
	if (reader->current == task && reader->store != NULL)
		store_reader_interrupt(reader->store);
	pthread_mutex_unlock(&reader->lock);
}
