/* test-store-fault.c - a full disk, a kill, an interrupt, readers beside the
 * writer: an error is told, the store is whole */
#include "store-fixture.h"
#include "store-writer-private.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH 50u

static bool
add_batch(Fixture *fixture, gint64 mailbox, guint32 first, GError **error)
{
	g_autoptr(GPtrArray) messages =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_message_free);

	for (guint32 i = first; i < first + BATCH; i++) {
		g_autofree char *mid = g_strdup_printf("m%u@x.y", i);
		g_autofree char *ref = g_strdup_printf("m%u@x.y", i - i % 5);
		Mail mail = {i,   i,    mid, ref, "a subject of some length",
			     "f", i % 2};

		g_ptr_array_add(messages, mail_message(&mail));
	}
	return store_writer_add_rows(fixture->writer, mailbox, messages, NULL,
				     error) &&
	       store_writer_commit(fixture->writer, error);
}

static gint64
rows_of(const Fixture *fixture)
{
	return fixture_number(fixture, "cache/mail.db",
			      "SELECT count(*) FROM msg");
}

/* All that was committed, and of a batch that failed at most what a slow
 * machine had committed on its way. */
static void
assert_between(gint64 rows, guint32 first)
{
	g_assert_cmpint(rows, >=, first - 1);
	g_assert_cmpint(rows, <, first - 1 + BATCH);
}

/* ---- no room ---- */

/* The kernel refuses what would make a file longer than @bytes. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
	limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_write_refused(gconstpointer data)
{
	guint kilobytes = GPOINTER_TO_UINT(data);
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	g_autoptr(GError) error = NULL;
	guint32 first = 1;
	StoreOpened opened;
	gint64 rows;

	limit_files((rlim_t)kilobytes * 1024);
	while (add_batch(fixture, mailbox, first, &error))
		first += BATCH;
	g_assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_IO) ||
		      g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL));
	g_clear_error(&error);
	g_assert_false(add_batch(fixture, mailbox, first, &error));
	limit_files(0);
	rows = rows_of(fixture);
	assert_between(rows, first);
	fixture_recount(fixture);
	/* room again: it goes on, with the same handle */
	g_clear_error(&error);
	add_batch(fixture, mailbox, first, &error);
	g_assert_no_error(error);
	fixture_commit(fixture);
	fixture_recount(fixture);
	fixture_close(fixture);
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_OPENED);
	g_assert_cmpint(rows_of(fixture), ==, first - 1 + BATCH);
}

/* SQLITE_FULL itself, in the middle of anything. */
static void
test_full(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	guint32 first = 1;

	for (guint pages = 45; pages < 160; pages += 7) {
		g_autofree char *sql =
		    g_strdup_printf("PRAGMA max_page_count = %u", pages);
		g_autoptr(GError) error = NULL;

		g_assert_true(store_exec(fixture->writer->db, sql, NULL));
		while (add_batch(fixture, mailbox, first, &error))
			first += BATCH;
		g_assert_error(error, STORE_ERROR, STORE_ERROR_FULL);
		fixture_recount(fixture);
		assert_between(rows_of(fixture), first);
	}
	g_assert_cmpuint(first, >, 3 * BATCH);
}

static void
test_journal_refused(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GError) error = NULL;
	guint good = 0;

	limit_files(128 * 1024);
	for (;;) {
		g_autofree char *key = g_strdup_printf("key%u", good);

		if (!store_journal_set(fixture->journal, key, "value", &error))
			break;
		good++;
	}
	limit_files(0);
	g_assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_IO) ||
		      g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL));
	/* all that was called saved is, and nothing else */
	g_assert_cmpint(fixture_number(fixture, "state/journal.db",
				       "SELECT count(*) FROM meta "
				       "WHERE key LIKE 'key%'"),
			==, good);
	g_assert_true(
	    store_journal_set(fixture->journal, "again", "value", NULL));
}

/* ---- killed ---- */

/* A child writes until it is killed; what it had committed is all there, and a
 * reader sees it before any writer has come back. */
static void
test_killed(void)
{
	for (guint round = 0; round < 6; round++) {
		g_autoptr(Fixture) fixture = fixture_new();
		g_autoptr(StoreReader) reader = NULL;
		g_autoptr(GPtrArray) rows = NULL;
		StoreList list = {1, STORE_ORDER_THREAD};
		gint64 told = 0;
		guint total;
		int pipes[2];
		pid_t child;

		fixture_mailbox(fixture, "INBOX");
		fixture_close(fixture);
		g_assert_cmpint(pipe(pipes), ==, 0);
		child = fork();
		if (child == 0) {
			fixture_open(fixture, NULL);
			for (guint32 i = 1;; i += BATCH) {
				gint64 last = i + BATCH - 1;

				if (!add_batch(fixture, 1, i, NULL) ||
				    write(pipes[1], &last, sizeof last) < 0)
					_exit(1);
			}
		}
		close(pipes[1]);
		for (guint i = 0; i < 3 + round * 5; i++)
			g_assert_cmpint(read(pipes[0], &told, sizeof told), ==,
					sizeof told);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		while (read(pipes[0], &told, sizeof told) == sizeof told)
			;
		close(pipes[0]);
		reader =
		    store_reader_open(fixture->cache, fixture->state, NULL);
		rows = store_reader_page(reader, &list, NULL, STORE_AT, 50,
					 NULL, NULL);
		g_assert_nonnull(rows);
		g_assert_cmpuint(rows->len, ==, 50);
		g_assert_true(store_reader_total(reader, &list, &total, NULL));
		g_assert_cmpint(total, >=, told);
		fixture_recount(fixture);
		fixture_open(fixture, NULL);
		g_assert_true(add_batch(fixture, 1, 1000000, NULL));
		fixture_recount(fixture);
	}
}

/* ---- beside each other ---- */

typedef struct {
	Fixture *fixture;
	atomic_bool stop;
	guint pages;
} Beside;

/* What one moment shows fits together. */
static void *
read_beside(void *data)
{
	Beside *beside = data;
	g_autoptr(StoreReader) reader = store_reader_open(
	    beside->fixture->cache, beside->fixture->state, NULL);
	StoreList list = {1, STORE_ORDER_THREAD};

	do {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) rows = NULL;
		guint total = 0;

		(void)store_reader_refresh(reader);
		g_assert_true(store_reader_begin(reader, &error));
		rows = store_reader_page(reader, &list, NULL, STORE_AT, 10000,
					 NULL, &error);
		g_assert_no_error(error);
		g_assert_true(
		    store_reader_total(reader, &list, &total, &error));
		store_reader_end(reader);
		g_assert_cmpuint(rows->len, ==, total);
		beside->pages++;
	} while (!atomic_load(&beside->stop));
	return NULL;
}

static void
test_beside(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	Beside all[3];
	pthread_t threads[3];

	fixture_mailbox(fixture, "INBOX");
	for (guint i = 0; i < 3; i++) {
		all[i].fixture = fixture;
		all[i].pages = 0;
		atomic_init(&all[i].stop, false);
		g_assert_cmpint(
		    pthread_create(&threads[i], NULL, read_beside, &all[i]), ==,
		    0);
	}
	for (guint32 i = 0; i < 30; i++) {
		g_autoptr(UidSet) some = uid_set_new();

		g_assert_true(add_batch(fixture, 1, 1 + i * BATCH, NULL));
		uid_set_add_range(some, 1 + i * BATCH, 10 + i * BATCH);
		g_assert_true(
		    store_writer_remove(fixture->writer, 1, some, NULL, NULL));
		g_assert_true(store_writer_commit(fixture->writer, NULL));
		g_assert_true(store_writer_checkpoint(fixture->writer, NULL));
	}
	for (guint i = 0; i < 3; i++) {
		atomic_store(&all[i].stop, true);
		pthread_join(threads[i], NULL);
		g_assert_cmpuint(all[i].pages, >, 0);
	}
	fixture_recount(fixture);
}

/* The thread that was drawn last is another one by the next moment, and no one
 * said so: what is told is of that moment. */
static void
test_no_refresh(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	StoreList list = {1, STORE_ORDER_THREAD};
	g_autoptr(UidSet) gone = uid_set_new();
	guint lengths[2];

	fixture_mailbox(fixture, "INBOX");
	g_assert_true(add_batch(fixture, 1, 1, NULL));
	(void)store_reader_refresh(fixture->reader);
	uid_set_add_range(gone, 1, 4);
	for (guint i = 0; i < 2; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) rows = NULL;

		g_assert_true(store_reader_begin(fixture->reader, &error));
		rows = store_reader_page(fixture->reader, &list, NULL,
					 STORE_BEFORE, 100, NULL, &error);
		g_assert_no_error(error);
		store_reader_end(fixture->reader);
		lengths[i] = rows->len;
		g_assert_true(
		    store_writer_remove(fixture->writer, 1, gone, NULL, NULL));
		g_assert_true(store_writer_commit(fixture->writer, NULL));
	}
	g_assert_cmpuint(lengths[0], ==, BATCH);
	g_assert_cmpuint(lengths[1], ==, BATCH - 4);
}

static void *
interrupt_often(void *data)
{
	Beside *beside = data;

	while (!atomic_load(&beside->stop)) {
		store_reader_interrupt(beside->fixture->reader);
		g_usleep(50);
	}
	return NULL;
}

/* From another thread, at any instant, while the file is made anew too. */
static void
test_interrupted(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autofree char *mark = fixture_path(fixture, "cache/mail.db-damaged");
	Beside beside = {.fixture = fixture};
	StoreList list = {1, STORE_ORDER_DATE};
	guint interrupted = 0, done = 0;
	pthread_t thread;

	fixture_mailbox(fixture, "INBOX");
	for (guint32 i = 0; i < 40; i++)
		g_assert_true(add_batch(fixture, 1, 1 + i * BATCH, NULL));
	g_assert_cmpint(pthread_create(&thread, NULL, interrupt_often, &beside),
			==, 0);
	for (guint i = 0; i < 3000 && (interrupted < 20 || done < 20); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) rows =
		    store_reader_page(fixture->reader, &list, NULL, STORE_AT,
				      i % 2 == 0 ? 2000 : 1, NULL, &error);

		if (rows == NULL)
			g_assert_error(error, STORE_ERROR,
				       STORE_ERROR_INTERRUPTED);
		*(rows == NULL ? &interrupted : &done) += 1;
	}
	for (guint i = 0; i < 5; i++) {
		g_clear_pointer(&fixture->writer, store_writer_close);
		g_assert_true(g_file_set_contents(mark, "", 0, NULL));
		fixture->writer = store_writer_open(
		    fixture->cache, fixture->journal, NULL, NULL);
		g_assert_nonnull(fixture->writer);
		(void)store_reader_refresh(fixture->reader);
	}
	atomic_store(&beside.stop, true);
	pthread_join(thread, NULL);
	g_assert_cmpuint(interrupted, >, 0);
	g_assert_cmpuint(done, >, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	signal(SIGXFSZ, SIG_IGN);
	g_test_add_func("/store/fault/a-killed", test_killed);
	for (guint kilobytes = 300; kilobytes < 1500; kilobytes += 390) {
		g_autofree char *path =
		    g_strdup_printf("/store/fault/refused/%u", kilobytes);

		g_test_add_data_func(path, GUINT_TO_POINTER(kilobytes),
				     test_write_refused);
	}
	g_test_add_func("/store/fault/full", test_full);
	g_test_add_func("/store/fault/journal-refused", test_journal_refused);
	g_test_add_func("/store/fault/no-refresh", test_no_refresh);
	g_test_add_func("/store/fault/beside", test_beside);
	g_test_add_func("/store/fault/interrupted", test_interrupted);
	return g_test_run();
}
