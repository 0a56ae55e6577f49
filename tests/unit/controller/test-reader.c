/* test-reader.c - the reader thread: order, parts, cancelling, the end */
#include <glib.h>

#include "controller-reader.h"
#include "store-fixture.h"

/** One task, as the UI thread and the reader see it in turn. */
typedef struct {
	GString *log;   /* UI thread: what came */
	guint *n_freed; /* UI thread */
	guint number;
	gint *started; /* atomic; NULL: nobody waits for it */
	guint parts;
	bool until_cancelled;
	bool had_store;
	bool saw_cancel;
} Work;

static Work *
work_new(GString *log, guint *n_freed, guint number)
{
	Work *work = g_new0(Work, 1);

	work->log = log;
	work->n_freed = n_freed;
	work->number = number;
	return work;
}

static void
work_free(gpointer data)
{
	Work *work = data;

	++*work->n_freed;
	g_free(work);
}

static void
take_part(gpointer data, gpointer part)
{
	Work *work = data;

	g_string_append_printf(work->log, "+%u", GPOINTER_TO_UINT(part));
}

static void
run(ReaderTask *task, StoreReader *store, gint *cancelled, gpointer data)
{
	Work *work = data;

	work->had_store = store != NULL;
	if (work->started != NULL)
		g_atomic_int_set(work->started, 1);
	for (guint i = 0; i < work->parts; i++)
		reader_more(task, GUINT_TO_POINTER(i), take_part, NULL);
	while (work->until_cancelled && !g_atomic_int_get(cancelled))
		g_usleep(100);
	work->saw_cancel = g_atomic_int_get(cancelled) != 0;
}

static void
done(gpointer data, bool last)
{
	Work *work = data;

	if (last)
		g_string_append_printf(work->log, "[%u%s]", work->number,
				       work->had_store ? "s" : "");
}

static void
wait_freed(const guint *n_freed, guint wanted)
{
	while (*n_freed < wanted)
		g_main_context_iteration(NULL, TRUE);
}

static void
test_in_order(void)
{
	g_autoptr(GString) log = g_string_new(NULL);
	Reader *reader = reader_new();
	guint n_freed = 0;

	for (guint i = 0; i < 5; i++) {
		Work *work = work_new(log, &n_freed, i);

		work->parts = i == 2 ? 3 : 0;
		reader_run(reader, NULL, NULL, run, done, work, work_free);
	}
	wait_freed(&n_freed, 5);
	g_assert_cmpstr(log->str, ==, "[0][1]+0+1+2[2][3][4]");
	reader_free(reader);
	g_assert_cmpuint(n_freed, ==, 5);
}

static void
test_store(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GString) log = g_string_new(NULL);
	Reader *reader = reader_new();
	guint n_freed = 0;

	for (guint i = 0; i < 2; i++)
		reader_run(reader, fixture->cache, fixture->state, run, done,
			   work_new(log, &n_freed, i), work_free);
	wait_freed(&n_freed, 2);
	g_assert_cmpstr(log->str, ==, "[0s][1s]");
	reader_free(reader);
}

/* One that runs and one that waits: neither is done, both are freed. */
static void
test_cancel(void)
{
	g_autoptr(GString) log = g_string_new(NULL);
	Reader *reader = reader_new();
	guint n_freed = 0;
	gint started = 0;
	Work *running = work_new(log, &n_freed, 0);
	ReaderTask *first, *second;

	running->until_cancelled = true;
	running->started = &started;
	first = reader_run(reader, NULL, NULL, run, done, running, work_free);
	second = reader_run(reader, NULL, NULL, run, done,
			    work_new(log, &n_freed, 1), work_free);
	while (!g_atomic_int_get(&started))
		g_usleep(100);
	reader_cancel(reader, second);
	reader_cancel(reader, first);
	reader_run(reader, NULL, NULL, run, done, work_new(log, &n_freed, 2),
		   work_free);
	wait_freed(&n_freed, 3);
	g_assert_cmpstr(log->str, ==, "[2]");
	reader_free(reader);
}

/* ---- a query that is under way ---- */

static void
search(ReaderTask *task, StoreReader *store, gint *cancelled, gpointer data)
{
	Work *work = data;
	g_autoptr(GError) error = NULL;

	(void)task;
	g_atomic_int_set(work->started, 1);
	/* at length, again and again: an interrupt meets a statement or, in
	 * between, the flag is seen */
	while (!g_atomic_int_get(cancelled)) {
		g_autoptr(UidSet) uids = store_reader_uids(store, 1, &error);

		if (uids == NULL)
			break;
	}
	work->saw_cancel =
	    error == NULL ||
	    g_error_matches(error, STORE_ERROR, STORE_ERROR_INTERRUPTED);
	g_assert_true(work->saw_cancel);
}

static void
test_interrupt(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GString) log = g_string_new(NULL);
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	Reader *reader = reader_new();
	guint n_freed = 0;

	g_assert_cmpint(mailbox, ==, 1);
	for (guint32 uid = 1; uid <= 200; uid++) {
		Mail mail = {uid, uid, NULL, NULL, "subject", "a@b", 0};

		fixture_add_one(fixture, mailbox, &mail);
	}
	for (guint i = 0; i < 20; i++) {
		gint started = 0;
		Work *work = work_new(log, &n_freed, i);
		ReaderTask *task;

		work->started = &started;
		task = reader_run(reader, fixture->cache, fixture->state,
				  search, done, work, work_free);
		while (!g_atomic_int_get(&started))
			g_usleep(50);
		g_usleep(i * 37);
		reader_cancel(reader, task);
		wait_freed(&n_freed, i + 1);
	}
	g_assert_cmpstr(log->str, ==, "");
	reader_free(reader);
}

/* ---- the end ---- */

static void
test_free_with_work(void)
{
	g_autoptr(GString) log = g_string_new(NULL);
	Reader *reader = reader_new();
	guint n_freed = 0;

	for (guint i = 0; i < 4; i++) {
		Work *work = work_new(log, &n_freed, i);

		work->until_cancelled = i == 0;
		work->parts = 2;
		reader_run(reader, NULL, NULL, run, done, work, work_free);
	}
	reader_free(reader);
	g_assert_cmpuint(n_freed, ==, 4);
	g_assert_cmpstr(log->str, ==, "");
}

/** A task that is cancelled by what it brings. */
typedef struct {
	Work work;
	Reader *reader;
	ReaderTask *task;
} SelfCancel;

static void
cancel_itself(gpointer data, bool last)
{
	SelfCancel *self = data;

	g_string_append(self->work.log, last ? "last" : "part");
	reader_cancel(self->reader, self->task);
}

static void
test_cancel_in_callback(void)
{
	g_autoptr(GString) log = g_string_new(NULL);
	Reader *reader = reader_new();
	guint n_freed = 0;
	SelfCancel *self = g_new0(SelfCancel, 1);

	self->work = (Work){.log = log, .n_freed = &n_freed, .parts = 3};
	self->reader = reader;
	self->task =
	    reader_run(reader, NULL, NULL, run, cancel_itself, self, work_free);
	wait_freed(&n_freed, 1);
	g_assert_cmpstr(log->str, ==, "+0part");
	reader_free(reader);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/reader/in-order", test_in_order);
	g_test_add_func("/reader/store", test_store);
	g_test_add_func("/reader/cancel", test_cancel);
	g_test_add_func("/reader/interrupt", test_interrupt);
	g_test_add_func("/reader/free-with-work", test_free_with_work);
	g_test_add_func("/reader/cancel-in-callback", test_cancel_in_callback);
	return g_test_run();
}
