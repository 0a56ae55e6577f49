/* test-store-thread.c - what belongs together, in whatever order it comes */
#include "store-fixture.h"
#include "test-size.h"

#include <string.h>

#define COUNT(array) ((guint)G_N_ELEMENTS(array))

/* ---- small ones: every order gives the same threads and the same tree ---- */

/**
 * Case: messages m0 …; @threads: the number of each one's thread, @shape: its
 * depth, in the order of the tree, thread by thread from the oldest
 */
typedef struct {
	const char *name;
	guint n;
	Mail mails[6];
	const char *threads;
	const char *shape;
} Case;

static const Case cases[] = {
    {"chain",
     4,
     {{1, 1, "a@x.y", NULL, "s", "f", 0},
      {2, 2, "b@x.y", "a@x.y", "s", "f", 0},
      {3, 3, "c@x.y", "a@x.y b@x.y", "s", "f", 0},
      {4, 4, "d@x.y", "c@x.y", "s", "f", 0}},
     "0000",
     "0123"},
    {"star",
     4,
     {{1, 1, "a@x.y", NULL, "s", "f", 0},
      {2, 2, "b@x.y", "a@x.y", "s", "f", 0},
      {3, 3, "c@x.y", "a@x.y", "s", "f", 0},
      {4, 4, "d@x.y", "a@x.y", "s", "f", 0}},
     "0000",
     "0111"},
    {"missing-parent",
     3,
     {{1, 1, "b@x.y", "gone@x.y", "s", "f", 0},
      {2, 2, "c@x.y", "gone@x.y", "s", "f", 0},
      {3, 3, "d@x.y", "gone@x.y c@x.y", "s", "f", 0}},
     "000",
     "001"},
    {"merged-by-one",
     5,
     {{1, 1, "a@x.y", NULL, "s", "f", 0},
      {2, 2, "b@x.y", "a@x.y", "s", "f", 0},
      {3, 3, "c@x.y", NULL, "t", "f", 0},
      {4, 4, "d@x.y", "c@x.y", "t", "f", 0},
      {5, 5, "e@x.y", "b@x.y d@x.y", "u", "f", 0}},
     "00000",
     "01012"},
    {"loop",
     3,
     {{1, 1, "a@x.y", "c@x.y", "s", "f", 0},
      {2, 2, "b@x.y", "a@x.y", "s", "f", 0},
      {3, 3, "c@x.y", "b@x.y", "s", "f", 0}},
     "000",
     "012"},
    {"self",
     2,
     {{1, 1, "a@x.y", "a@x.y", "s", "f", 0},
      {2, 2, "b@x.y", "b@x.y a@x.y b@x.y", "s", "f", 0}},
     "00",
     "01"},
    {"twins",
     3,
     {{1, 1, "a@x.y", NULL, "s", "f", 0},
      {2, 2, "a@x.y", NULL, "s", "f", 0},
      {3, 3, "b@x.y", "a@x.y", "s", "f", 0}},
     "000",
     "010"},
    {"garbage",
     3,
     {{1, 1, "a@x.y", "x", "s", "f", 0},
      {2, 2, "b@x.y", "x", "s", "f", 0},
      {3, 3, "c@x.y", "noatsign <", "s", "f", 0}},
     "012",
     "0 0 0"},
    {"no-ids",
     3,
     {{1, 1, NULL, NULL, "same subject", "f", 0},
      {2, 2, NULL, NULL, "same subject", "f", 0},
      {3, 3, "", NULL, "same subject", "f", 0}},
     "012",
     "0 0 0"},
    {"bare-reply",
     3,
     {{1, 1, "a@x.y", NULL, "About the house", "f", 0},
      {2, 2, "b@x.y", NULL, "Re: About the house", "f", 0},
      {3, 3, "c@x.y", NULL, "AW: [list] re: about the HOUSE", "f", 0}},
     "000",
     "000"},
    {"short-subject",
     2,
     {{1, 1, "a@x.y", NULL, "hello", "f", 0},
      {2, 2, "b@x.y", NULL, "Re: hello", "f", 0}},
     "01",
     "0 0"},
    {"bare-reply-far",
     2,
     {{1, 1, "a@x.y", NULL, "About the house", "f", 0},
      {2, 90, "b@x.y", NULL, "Re: About the house", "f", 0}},
     "01",
     "0 0"},
    {"subject-as-id",
     3,
     {{1, 1, "a@x.y", NULL, "about@house.x", "f", 0},
      {2, 2, "b@x.y", NULL, "t", "f", 0},
      {3, 3, "Sabout@house.x", NULL, "u", "f", 0}},
     "012",
     "0 0 0"},
    {"reply-elsewhere",
     3,
     {{1, 1, "a@x.y", NULL, "About the house", "f", 0},
      {2, 2, "b@x.y", "q@x.y", "Re: About the house", "f", 0},
      {3, 3, "c@x.y", NULL, "About the house", "f", 0}},
     "012",
     "0 0 0"},
};

static void
swap(guint *a, guint *b)
{
	guint was = *a;

	*a = *b;
	*b = was;
}

/* The next permutation; %false after the last one. */
static bool
next_order(guint *order, guint n)
{
	guint i = n - 1, j = n - 1;

	while (i > 0 && order[i - 1] >= order[i])
		i--;
	if (i == 0)
		return false;
	while (order[j] <= order[i - 1])
		j--;
	swap(&order[i - 1], &order[j]);
	for (guint a = i, b = n - 1; a < b; a++, b--)
		swap(&order[a], &order[b]);
	return true;
}

/* Threads in the order of their oldest message, as letters of equal ones. */
static char *
threads_told(Fixture *fixture, const gint64 *ids, guint n)
{
	GString *told = g_string_new(NULL);
	gint64 seen[6];
	guint n_seen = 0;

	for (guint i = 0; i < n; i++) {
		g_autoptr(MessageRow) row =
		    store_reader_row(fixture->reader, ids[i], NULL);
		guint at = 0;

		while (at < n_seen && seen[at] != row->thread)
			at++;
		if (at == n_seen)
			seen[n_seen++] = row->thread;
		g_string_append_c(told, (char)('0' + at));
	}
	return g_string_free(told, FALSE);
}

static char *
shape_told(Fixture *fixture, const gint64 *ids, guint n)
{
	GString *told = g_string_new(NULL);

	for (guint i = 0; i < n; i++) {
		g_autoptr(MessageRow) row =
		    store_reader_row(fixture->reader, ids[i], NULL);
		g_autoptr(GPtrArray) rows = store_reader_thread(
		    fixture->reader, row->thread, 0, 100, NULL);

		if (((MessageRow *)rows->pdata[0])->id != ids[i])
			continue;
		if (told->len > 0)
			g_string_append_c(told, ' ');
		for (guint j = 0; j < rows->len; j++)
			g_string_append_c(
			    told,
			    (char)('0' +
				   ((MessageRow *)rows->pdata[j])->depth));
	}
	return g_string_free(told, FALSE);
}

static void
test_case(gconstpointer data)
{
	const Case *this = data;
	guint order[6] = {0, 1, 2, 3, 4, 5};
	g_autoptr(Fixture) fixture = fixture_new();
	guint mailbox = 0;

	do {
		g_autofree char *name = g_strdup_printf("box%u", mailbox++);
		gint64 id = fixture_mailbox(fixture, name);
		g_autofree char *threads = NULL, *shape = NULL;
		gint64 ids[6];
		g_autoptr(GError) error = NULL;

		for (guint i = 0; i < this->n; i++)
			ids[order[i]] = fixture_add_one(fixture, id,
							&this->mails[order[i]]);
		threads = threads_told(fixture, ids, this->n);
		shape = shape_told(fixture, ids, this->n);
		g_assert_cmpstr(threads, ==, this->threads);
		g_assert_cmpstr(shape, ==, this->shape);
		/* nothing is left of them that the next round could join */
		store_writer_remove_mailbox(fixture->writer, id, &error);
		g_assert_no_error(error);
		fixture_commit(fixture);
	} while (next_order(order, this->n));
	fixture_recount(fixture);
}

/* ---- large ones ---- */

typedef enum {
	CHAIN,
	STAR,
	ONE_ID,
	RING,
	TANGLE,
} Shape;

static StoreMessage *
large_message(Shape shape, guint i, guint n, GRand *random)
{
	g_autofree char *mid =
	    g_strdup_printf("m%u@x.y", shape == ONE_ID ? 0 : i);
	GString *refs = g_string_new(NULL);
	Mail mail = {i + 1, i, mid, NULL, "s", "f", 0};
	StoreMessage *message;

	if (shape == CHAIN && i > 0)
		g_string_printf(refs, "m%u@x.y", i - 1);
	else if (shape == STAR && i > 0)
		g_string_assign(refs, "m0@x.y");
	else if (shape == RING)
		g_string_printf(refs, "m%u@x.y", (i + n - 1) % n);
	for (guint k = 0; shape == TANGLE && k < 30; k++)
		g_string_append_printf(refs, "%sm%d@x.y", k == 0 ? "" : " ",
				       g_rand_int_range(random, 0, (gint32)n));
	mail.refs = refs->len == 0 ? NULL : refs->str;
	message = mail_message(&mail);
	g_string_free(refs, TRUE);
	return message;
}

static void
add_large(Fixture *fixture, gint64 mailbox, Shape shape, guint n, guint batch)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(7);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < n; i += batch) {
		g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(
		    (GDestroyNotify)store_message_free);

		for (guint j = i; j < MIN(i + batch, n); j++)
			g_ptr_array_add(messages,
					large_message(shape, j, n, random));
		store_writer_add_rows(fixture->writer, mailbox, messages, NULL,
				      &error);
		g_assert_no_error(error);
	}
	fixture_commit(fixture);
}

static guint
count_once(Fixture *fixture, const StoreList *list)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	StoreKey from;
	bool more = false;

	for (;;) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GArray) keys = NULL;
		g_autoptr(GPtrArray) rows = store_reader_page(
		    fixture->reader, list, more ? &from : NULL, STORE_AFTER,
		    5000, &keys, &error);

		g_assert_no_error(error);
		if (rows->len == 0)
			return g_hash_table_size(seen);
		for (guint i = 0; i < rows->len; i++)
			g_assert_true(g_hash_table_add(
			    seen, g_memdup2(&((MessageRow *)rows->pdata[i])->id,
					    sizeof(gint64))));
		from = g_array_index(keys, StoreKey, keys->len - 1);
		more = true;
	}
}

static void
test_large(gconstpointer data)
{
	Shape shape = (Shape)GPOINTER_TO_INT(data);
	guint n = test_is_exhaustive() ? 60000 : test_size(3000, 1000);
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	StoreList list = {mailbox, STORE_ORDER_THREAD};
	gint64 before = g_get_monotonic_time();

	add_large(fixture, mailbox, shape, n, 500);
	g_test_message("%u added in %" G_GINT64_FORMAT " ms", n,
		       (g_get_monotonic_time() - before) / 1000);
	before = g_get_monotonic_time();
	g_assert_cmpuint(count_once(fixture, &list), ==, n);
	g_test_message("all rows in %" G_GINT64_FORMAT " ms",
		       (g_get_monotonic_time() - before) / 1000);
	list.order = STORE_ORDER_FOLDED;
	g_assert_cmpuint(count_once(fixture, &list), ==, 1);
	fixture_recount(fixture);
}

/* How they are cut into commits changes nothing. */
static void
test_commits(void)
{
	const guint n = test_size(3000, 1000);
	const guint batches[] = {1, 7, 500, n};
	gint64 threads[COUNT(batches)];

	for (guint b = 0; b < COUNT(batches); b++) {
		g_autoptr(Fixture) fixture = fixture_new();
		gint64 mailbox = fixture_mailbox(fixture, "INBOX");
		g_autoptr(GRand) random = g_rand_new_with_seed(3);

		for (guint i = 0; i < n; i += batches[b]) {
			g_autoptr(GPtrArray) messages =
			    g_ptr_array_new_with_free_func(
				(GDestroyNotify)store_message_free);

			for (guint j = i; j < MIN(i + batches[b], n); j++) {
				g_autofree char *mid =
				    g_strdup_printf("m%u@x.y", j);
				g_autofree char *ref = g_strdup_printf(
				    "m%d@x.y",
				    g_rand_int_range(random, 0, (gint32)n * 3));
				Mail mail = {j + 1, j, mid, ref, "s", "f", 0};

				g_ptr_array_add(messages, mail_message(&mail));
			}
			g_assert_true(store_writer_add_rows(
			    fixture->writer, mailbox, messages, NULL, NULL));
			g_assert_true(
			    store_writer_commit(fixture->writer, NULL));
		}
		threads[b] = fixture_number(fixture, "cache/mail.db",
					    "SELECT threads FROM mailbox");
		g_assert_cmpint(threads[b], ==, threads[0]);
		fixture_recount(fixture);
	}
	g_assert_cmpint(threads[0], >, 100);
}

/* The hashes go through the log into the tree: found in both, after a crash in
 * the middle too. */
static void
test_runs(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	Mail late = {500000, 1, "late@x.y", "m0@x.y", "s", "f", 0};
	g_autoptr(MessageRow) first = NULL, joined = NULL;
	g_autoptr(GArray) found = NULL;
	gint64 ids[2];

	add_large(fixture, mailbox, CHAIN, 62000, 500);
	fixture_close(fixture);
	fixture_open(fixture, NULL);
	g_assert_cmpint(fixture_number(fixture, "cache/mail.db",
				       "SELECT count(*) FROM mid"),
			>, 0);
	g_assert_cmpint(fixture_number(fixture, "cache/mail.db",
				       "SELECT count(*) FROM midlog"),
			>, 0);
	ids[0] = store_reader_find_uid(fixture->reader, mailbox, 1, NULL);
	ids[1] = fixture_add_one(fixture, mailbox, &late);
	first = store_reader_row(fixture->reader, ids[0], NULL);
	joined = store_reader_row(fixture->reader, ids[1], NULL);
	g_assert_cmpint(first->thread, ==, joined->thread);
	for (guint i = 0; i < 62000; i += 6111) {
		g_autofree char *mid = g_strdup_printf("m%u@x.y", i);

		g_clear_pointer(&found, g_array_unref);
		found =
		    store_reader_find_message_id(fixture->reader, mid, NULL);
		g_assert_cmpuint(found->len, ==, 1);
	}
}

/* A thread that is full starts another one. */
static void
test_full(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	StoreList list = {mailbox, STORE_ORDER_THREAD};

	add_large(fixture, mailbox, STAR, STORE_THREAD_MAX + 300, 1000);
	g_assert_cmpuint(count_once(fixture, &list), ==,
			 STORE_THREAD_MAX + 300);
	g_assert_cmpint(fixture_number(fixture, "cache/mail.db",
				       "SELECT max(rows) FROM thread"),
			==, STORE_THREAD_MAX);
	fixture_recount(fixture);
}

int
main(int argc, char **argv)
{
	static const char *const shapes[] = {"chain", "star", "one-id", "ring",
					     "tangle"};

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < COUNT(cases); i++) {
		g_autofree char *path =
		    g_strconcat("/store/thread/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], test_case);
	}
	for (guint i = 0; i < COUNT(shapes); i++) {
		g_autofree char *path =
		    g_strconcat("/store/thread/large/", shapes[i], NULL);

		g_test_add_data_func(path, GINT_TO_POINTER((int)i), test_large);
	}
	g_test_add_func("/store/thread/commits", test_commits);
	if (test_is_exhaustive()) {
		g_test_add_func("/store/thread/runs", test_runs);
		g_test_add_func("/store/thread/full", test_full);
	}
	return g_test_run();
}
