/* test-list.c - a list of messages: what moves it and what must not */
#include "list-bench.h"

#include <string.h>

static void
expect_row(const Bench *bench, guint index, gint64 id)
{
	g_assert_cmpint(bench_row(bench, index), ==, id);
}

static guint
marks_of(const Bench *bench, guint index)
{
	const MessageRow *row = message_list_rows(bench->list)->pdata[index];

	return row->marks;
}

/* Local ids are given out in the order in which the bench adds: message 100,
 * the newest of a hundred, stands in row 0. */
static gint64
newest_id(const Bench *bench)
{
	g_autoptr(GArray) keys = NULL;
	StoreList by_date = {bench->inbox, STORE_ORDER_DATE};
	g_autoptr(GPtrArray) rows = store_reader_page(
	    bench->fixture->reader, &by_date, NULL, STORE_AT, 1, &keys, NULL);

	g_assert_nonnull(rows);
	return g_array_index(keys, StoreKey, 0).id;
}

/* ---- opening ---- */

static void
test_open(void)
{
	g_autoptr(Bench) bench = bench_new(100, 1);

	bench_open(bench, LIST_ORDER_DATE, 10);
	g_assert_cmpuint(message_list_rows(bench->list)->len, ==, 10);
	g_assert_cmpuint(message_list_total(bench->list), ==, 100);
	g_assert_cmpuint(message_list_position(bench->list), ==, 1);
	expect_row(bench, 0, newest_id(bench));
	g_assert_cmpstr(message_list_mailbox(bench->list)->name, ==, "INBOX");
	g_assert_cmpuint(message_list_mailbox(bench->list)->total, ==, 100);
	g_assert_cmpuint(message_list_new_above(bench->list), ==, 0);
	g_assert_cmpint(message_list_changed_at(bench->list), ==, 0);
}

static void
test_empty_fills(void)
{
	g_autoptr(Bench) bench = bench_new(0, 1);

	bench_open(bench, LIST_ORDER_THREAD, 10);
	g_assert_cmpint(message_list_selected(bench->list), ==, -1);
	g_assert_null(message_list_selected_row(bench->list));
	g_assert_false(message_list_step(bench->list, 1));
	g_assert_false(message_list_page(bench->list, -2));
	g_assert_false(message_list_last(bench->list));
	g_assert_false(message_list_next_unread(bench->list));
	g_assert_false(message_list_step_thread(bench->list, 1));
	bench_arrive(bench, 1, 1, 0);
	bench_arrive(bench, 2, 2, 0);
	bench_refresh(bench);
	g_assert_cmpint(message_list_selected(bench->list), ==, 0);
	g_assert_cmpuint(message_list_total(bench->list), ==, 2);
	g_assert_cmpuint(message_list_new_above(bench->list), ==, 0);
}

static void
test_complete(void)
{
	g_autoptr(Bench) bench = bench_new(10, 1);
	StoreWriter *writer = bench->fixture->writer;
	MailboxState state = {.uid_validity = 1, .uid_next = 11, .exists = 10};
	g_autoptr(UidSet) known = uid_set_new();

	bench_open(bench, LIST_ORDER_DATE, 5);
	g_assert_false(message_list_complete(bench->list));
	uid_set_add_range(known, 4, 10);
	g_assert_true(
	    store_writer_set_state(writer, bench->inbox, &state, NULL));
	g_assert_true(
	    store_writer_set_known(writer, bench->inbox, known, NULL));
	g_assert_true(store_writer_set_synced(writer, bench->inbox, 1, NULL));
	fixture_commit(bench->fixture);
	bench_refresh(bench);
	g_assert_false(message_list_complete(bench->list));
	uid_set_add_range(known, 1, 3);
	g_assert_true(
	    store_writer_set_known(writer, bench->inbox, known, NULL));
	fixture_commit(bench->fixture);
	bench_refresh(bench);
	g_assert_true(message_list_complete(bench->list));
}

/* ---- scrolling ---- */

static void
test_scroll(void)
{
	static const guint moved[] = {5, 1, 10};
	g_autoptr(Bench) bench = bench_new(100, 1);

	for (guint mode = 0; mode < G_N_ELEMENTS(moved); mode++) {
		bench_open(bench, LIST_ORDER_DATE, 10);
		message_list_set_scroll(bench->list, mode);
		g_assert_true(message_list_step(bench->list, 9));
		g_assert_cmpint(message_list_selected(bench->list), ==, 9);
		g_assert_true(message_list_step(bench->list, 1));
		g_assert_cmpuint(message_list_position(bench->list), ==, 11);
		g_assert_cmpint(message_list_selected(bench->list), ==,
				10 - (gint)moved[mode]);
		/* and back, over the upper edge */
		(void)message_list_step(bench->list,
					-message_list_selected(bench->list));
		g_assert_true(message_list_step(bench->list, -1));
		g_assert_cmpint(message_list_selected(bench->list), ==,
				(gint)moved[mode] - 1);
		(void)message_list_step(bench->list, -100);
		g_assert_cmpuint(message_list_position(bench->list), ==, 1);
		g_assert_cmpint(message_list_selected(bench->list), ==, 0);
	}
}

static void
test_pages(void)
{
	g_autoptr(Bench) bench = bench_new(100, 1);

	bench_open(bench, LIST_ORDER_DATE, 10);
	g_assert_true(message_list_step(bench->list, 3));
	g_assert_true(message_list_page(bench->list, 2));
	g_assert_cmpint(message_list_selected(bench->list), ==, 3);
	g_assert_cmpuint(message_list_position(bench->list), ==, 14);
	g_assert_true(message_list_page(bench->list, 1));
	g_assert_cmpuint(message_list_position(bench->list), ==, 19);
	g_assert_true(message_list_last(bench->list));
	g_assert_cmpuint(message_list_position(bench->list), ==, 100);
	g_assert_cmpint(message_list_selected(bench->list), ==, 9);
	g_assert_false(message_list_page(bench->list, 2));
	g_assert_true(message_list_page(bench->list, -2));
	g_assert_cmpuint(message_list_position(bench->list), ==, 90);
	g_assert_true(message_list_first(bench->list));
	g_assert_false(message_list_first(bench->list));
}

/* ---- stillness ---- */

static void
test_new_above(void)
{
	g_autoptr(Bench) bench = bench_new(100, 1);
	gint64 top, selected;

	bench_open(bench, LIST_ORDER_DATE, 10);
	message_list_page(bench->list, 6);
	top = bench_row(bench, 0);
	selected = bench_selected(bench);
	bench_arrive(bench, 200, 200, 0);
	bench_arrive(bench, 201, 201, 0);
	bench_refresh(bench);
	expect_row(bench, 0, top);
	g_assert_cmpint(bench_selected(bench), ==, selected);
	g_assert_cmpuint(message_list_new_above(bench->list), ==, 2);
	g_assert_cmpuint(message_list_position(bench->list), ==, 33);
	/* one that goes above the window takes nothing from what is new */
	bench_remove(bench, newest_id(bench));
	bench_arrive(bench, 202, 202, 0);
	bench_refresh(bench);
	expect_row(bench, 0, top);
	g_assert_cmpuint(message_list_new_above(bench->list), ==, 3);
	message_list_page(bench->list, -1);
	g_assert_cmpuint(message_list_new_above(bench->list), ==, 3);
	message_list_first(bench->list);
	g_assert_cmpuint(message_list_new_above(bench->list), ==, 0);
	g_assert_cmpint(message_list_changed_at(bench->list), ==, 0);
}

/* Who rests at the very top sees what comes; who is further down in the same
 * window is left alone. */
static void
test_following(void)
{
	g_autoptr(Bench) bench = bench_new(100, 1);
	gint64 selected, top;

	bench_open(bench, LIST_ORDER_DATE, 3);
	selected = bench_selected(bench);
	for (gint i = 1; i < 3; i++) {
		bench_arrive(bench, 200 + i, 200, 0);
		bench_refresh(bench);
		expect_row(bench, 0, newest_id(bench));
		g_assert_cmpint(bench_selected(bench), ==, selected);
		g_assert_cmpint(message_list_selected(bench->list), ==, i);
	}
	/* one more would push it out of sight */
	bench_arrive(bench, 203, 200, 0);
	bench_refresh(bench);
	g_assert_cmpint(message_list_selected(bench->list), ==, 2);
	g_assert_cmpint(bench_selected(bench), ==, selected);
	g_assert_cmpuint(message_list_new_above(bench->list), ==, 1);

	message_list_first(bench->list);
	message_list_step(bench->list, 1);
	top = bench_row(bench, 0);
	bench_arrive(bench, 204, 200, 0);
	bench_refresh(bench);
	expect_row(bench, 0, top);
	g_assert_cmpint(message_list_selected(bench->list), ==, 1);
	g_assert_cmpuint(message_list_new_above(bench->list), ==, 1);
}

static void
test_vanished(void)
{
	g_autoptr(Bench) bench = bench_new(100, 1);
	gint64 next, before;

	bench_open(bench, LIST_ORDER_DATE, 10);
	message_list_step(bench->list, 4);
	next = bench_row(bench, 5);
	before = g_get_monotonic_time();
	bench_remove(bench, bench_selected(bench));
	bench_refresh(bench);
	g_assert_cmpint(bench_selected(bench), ==, next);
	g_assert_cmpint(message_list_selected(bench->list), ==, 4);
	g_assert_cmpint(message_list_changed_at(bench->list), >=, before);
	/* at the end there is only the one before */
	message_list_last(bench->list);
	next = bench_row(bench, 8);
	bench_remove(bench, bench_selected(bench));
	bench_refresh(bench);
	g_assert_cmpint(bench_selected(bench), ==, next);
}

/* The newest message of a thread goes, so that the thread drops below another:
 * the selection stays in it. */
static void
test_vanished_in_thread(void)
{
	g_autoptr(Bench) bench = bench_new(0, 1);
	gint64 first, last;

	first = bench_arrive(bench, 1, 1, 0);
	bench_arrive(bench, 5, 2, 0);
	bench_arrive(bench, 6, 2, 0);
	last = bench_arrive(bench, 9, 1, 0);
	bench_open(bench, LIST_ORDER_THREAD, 10);
	expect_row(bench, 0, first);
	expect_row(bench, 1, last);
	bench_remove(bench, first);
	bench_refresh(bench);
	g_assert_cmpint(bench_selected(bench), ==, last);
}

/* ---- what is not journaled yet ---- */

static void
test_pending_flags(void)
{
	g_autoptr(Bench) bench = bench_new(20, 1);
	const MessageRow *row;
	gint64 id;

	bench_open(bench, LIST_ORDER_DATE, 10);
	message_list_step(bench->list, 2);
	id = bench_selected(bench);
	bench_intend(bench, CHANGE_FLAGS, id, MAIL_FLAG_FLAGGED, 0);
	row = message_list_selected_row(bench->list);
	g_assert_cmpuint(row->flags.bits & MAIL_FLAG_FLAGGED, !=, 0);
	g_assert_cmpuint(marks_of(bench, 2), ==, MESSAGE_MARK_WAITING);
	g_assert_cmpuint(marks_of(bench, 3), ==, 0);
	bench_journal(bench);
	row = message_list_selected_row(bench->list);
	g_assert_cmpint(row->id, ==, id);
	g_assert_cmpuint(row->flags.bits & MAIL_FLAG_FLAGGED, !=, 0);
	g_assert_cmpuint(marks_of(bench, 2), ==, MESSAGE_MARK_WAITING);
	/* one that fails before it is journaled leaves nothing */
	bench_intend(bench, CHANGE_FLAGS, bench_row(bench, 3),
		     MAIL_FLAG_IMPORTANT, 0);
	g_assert_cmpuint(marks_of(bench, 3), ==, MESSAGE_MARK_WAITING);
	bench_drop(bench);
	g_assert_cmpuint(marks_of(bench, 3), ==, 0);
}

static void
test_pending_move(void)
{
	g_autoptr(Bench) bench = bench_new(20, 1);
	gint64 ids[3];

	bench_open(bench, LIST_ORDER_DATE, 10);
	message_list_step(bench->list, 2);
	for (guint i = 0; i < 3; i++)
		ids[i] = bench_row(bench, i + 1);
	bench_intend(bench, CHANGE_MOVE, ids[1], 0, 0);
	g_assert_cmpint(bench_selected(bench), ==, ids[2]);
	g_assert_cmpuint(message_list_total(bench->list), ==, 19);
	g_assert_cmpuint(message_list_position(bench->list), ==, 3);
	bench_journal(bench);
	g_assert_cmpint(bench_selected(bench), ==, ids[2]);
	g_assert_cmpuint(message_list_total(bench->list), ==, 19);
	/* the user's own: nobody is to be protected from it */
	g_assert_cmpint(message_list_changed_at(bench->list), ==, 0);
	/* who came from below goes on upwards */
	message_list_step(bench->list, 1);
	message_list_step(bench->list, -1);
	bench_intend(bench, CHANGE_DELETE, ids[2], 0, 0);
	g_assert_cmpint(bench_selected(bench), ==, ids[0]);
	bench_drop(bench);
	g_assert_cmpuint(message_list_total(bench->list), ==, 19);
	g_assert_cmpint(bench_selected(bench), ==, ids[0]);
}

/* ---- tags ---- */

static void
test_tags(void)
{
	g_autoptr(Bench) bench = bench_new(100, 1);
	g_autoptr(GArray) tagged = NULL;
	gint64 ids[3];

	bench_open(bench, LIST_ORDER_DATE, 10);
	for (guint i = 0; i < 3; i++) {
		ids[i] = bench_row(bench, i);
		message_list_tag(bench->list, ids[i], true);
	}
	message_list_last(bench->list);
	g_assert_cmpuint(message_list_n_tagged(bench->list), ==, 3);
	bench_remove(bench, ids[0]);
	/* asked for before anybody noticed */
	tagged = message_list_tagged(bench->list);
	g_assert_cmpuint(tagged->len, ==, 2);
	bench_refresh(bench);
	g_assert_cmpuint(message_list_n_tagged(bench->list), ==, 2);
	g_assert_false(message_list_is_tagged(bench->list, ids[0]));
	bench_intend(bench, CHANGE_MOVE, ids[1], 0, 0);
	g_assert_false(message_list_is_tagged(bench->list, ids[1]));
	message_list_tag(bench->list, ids[2], false);
	g_assert_cmpuint(message_list_n_tagged(bench->list), ==, 0);
}

/* ---- filters ---- */

static void
test_filter(void)
{
	g_autoptr(Bench) bench = bench_new(100, 1);
	g_autoptr(GError) error = NULL;
	gint64 id;

	bench_open(bench, LIST_ORDER_DATE, 10);
	message_list_step(bench->list, 3);
	id = bench_selected(bench);
	g_assert_false(message_list_filter(bench->list, "is:blue", &error));
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE);
	g_assert_null(message_list_filter_text(bench->list));
	g_assert_true(message_list_filter(bench->list, "is:unread", NULL));
	/* the rows stay until the first hits are there */
	g_assert_cmpuint(message_list_rows(bench->list)->len, ==, 10);
	bench_settle(bench);
	g_assert_cmpuint(bench->events, >=, 1);
	g_assert_cmpstr(message_list_filter_text(bench->list), ==, "is:unread");
	g_assert_cmpuint(message_list_total(bench->list), ==, 34);
	g_assert_true(message_list_last(bench->list));
	g_assert_cmpuint(message_list_position(bench->list), ==, 34);
	g_assert_true(message_list_first(bench->list));
	g_assert_false(message_list_select(bench->list, G_MAXINT64));
	/* the selected one is read: it stays until the selection leaves it */
	id = bench_selected(bench);
	bench_set_flags(bench, id, MAIL_FLAG_SEEN);
	bench_refresh(bench);
	bench_settle(bench);
	g_assert_cmpint(bench_selected(bench), ==, id);
	g_assert_cmpuint(message_list_total(bench->list), ==, 34);
	message_list_step(bench->list, 1);
	bench_settle(bench);
	g_assert_cmpuint(message_list_total(bench->list), ==, 33);
	id = bench_selected(bench);
	g_assert_true(message_list_filter(bench->list, NULL, NULL));
	g_assert_cmpint(bench_selected(bench), ==, id);
	g_assert_cmpuint(message_list_total(bench->list), ==, 100);
}

/* Each key makes a new filter; the last one counts. */
static void
test_filter_typed(void)
{
	g_autoptr(Bench) bench = bench_new(300, 1);
	static const char text[] = "subject:\"about 29\"";

	bench_open(bench, LIST_ORDER_DATE, 10);
	for (guint len = 1; len <= strlen(text); len++) {
		g_autofree char *typed = g_strndup(text, len);

		(void)message_list_filter(bench->list, typed, NULL);
	}
	bench_settle(bench);
	/* 29 and 290 to 299 */
	g_assert_cmpuint(message_list_total(bench->list), ==, 11);
	g_assert_cmpuint(message_list_rows(bench->list)->len, ==, 10);
	g_assert_true(message_list_filter(bench->list, "nobody", NULL));
	bench_settle(bench);
	g_assert_cmpuint(message_list_total(bench->list), ==, 0);
	g_assert_cmpint(message_list_selected(bench->list), ==, -1);
	g_assert_true(message_list_filter(bench->list, " ", NULL));
	g_assert_cmpuint(message_list_total(bench->list), ==, 300);
}

/* A list that is closed while its search runs is not touched by it. */
static void
test_filter_closed(void)
{
	g_autoptr(Bench) bench = bench_new(300, 1);

	bench_open(bench, LIST_ORDER_DATE, 10);
	g_assert_true(message_list_filter(bench->list, "ada", NULL));
	g_clear_pointer(&bench->list, message_list_free);
	for (guint i = 0; i < 20; i++) {
		g_usleep(1000);
		g_main_context_iteration(NULL, FALSE);
	}
	g_assert_cmpuint(bench->events, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/list/open", test_open);
	g_test_add_func("/list/empty-fills", test_empty_fills);
	g_test_add_func("/list/complete", test_complete);
	g_test_add_func("/list/scroll", test_scroll);
	g_test_add_func("/list/pages", test_pages);
	g_test_add_func("/list/new-above", test_new_above);
	g_test_add_func("/list/following", test_following);
	g_test_add_func("/list/vanished", test_vanished);
	g_test_add_func("/list/vanished-in-thread", test_vanished_in_thread);
	g_test_add_func("/list/pending-flags", test_pending_flags);
	g_test_add_func("/list/pending-move", test_pending_move);
	g_test_add_func("/list/tags", test_tags);
	g_test_add_func("/list/filter", test_filter);
	g_test_add_func("/list/filter-typed", test_filter_typed);
	g_test_add_func("/list/filter-closed", test_filter_closed);
	return g_test_run();
}
