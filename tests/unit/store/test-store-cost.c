/* test-store-cost.c - a screen costs a screen: SQLite's steps are counted at a
 * thousand messages and at a hundred thousand */
#include "store-fixture.h"
#include "store-reader-private.h"
#include "test-size.h"

#define SMALL 1000u
/* the promise is about the first; how SQLite counts is the same in any build */
#define LARGE test_size(100000, 10000)
#define SCREEN 50u

/* Four messages a thread, from the newest down: whatever the length, the first
 * screen and the last one hold the same. */
static StoreMessage *
message_at(guint n, guint i)
{
	g_autofree char *mid = g_strdup_printf("m%u@x.y", n - i);
	g_autofree char *refs =
	    i % 4 == 0 ? NULL : g_strdup_printf("m%u@x.y", n - (i - i % 4));
	Mail mail = {n - i,
		     0,
		     mid,
		     refs,
		     "subject",
		     "from",
		     i % 3 == 0 ? 0 : MAIL_FLAG_SEEN};
	StoreMessage *message = mail_message(&mail);

	message->internal_date =
	    mail_date(0) + (gint64)(n - i) * 60 * G_USEC_PER_SEC;
	return message;
}

static Fixture *
make_mailbox(guint n)
{
	Fixture *fixture = fixture_new();
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");

	for (guint i = 0; i < n; i += 500) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(
		    (GDestroyNotify)store_message_free);

		for (guint j = i; j < i + 500; j++)
			g_ptr_array_add(messages, message_at(n, j));
		store_writer_add_rows(fixture->writer, mailbox, messages, NULL,
				      &error);
		g_assert_no_error(error);
	}
	fixture_commit(fixture);
	return fixture;
}

/* ---- what is counted ---- */

typedef void (*Act)(StoreReader *reader, const StoreList *list, guint n);

static void
page(StoreReader *reader, const StoreList *list, const StoreKey *from,
     StoreWay way)
{
	g_autoptr(GPtrArray) rows =
	    store_reader_page(reader, list, from, way, SCREEN, NULL, NULL);

	g_assert_nonnull(rows);
	g_assert_cmpuint(rows->len, ==, SCREEN);
}

static void
first_screen(StoreReader *reader, const StoreList *list, guint n)
{
	guint total;

	(void)n;
	page(reader, list, NULL, STORE_AT);
	g_assert_true(store_reader_total(reader, list, &total, NULL));
}

static void
last_screen(StoreReader *reader, const StoreList *list, guint n)
{
	(void)n;
	page(reader, list, NULL, STORE_BEFORE);
}

static StoreKey
key_of_middle(StoreReader *reader, const StoreList *list, guint n)
{
	StoreKey key;
	/* the same place in a thread at both lengths */
	gint64 id = store_reader_find_uid(reader, list->mailbox, n / 2, NULL);

	g_assert_true(store_reader_key(reader, list, id, &key, NULL));
	return key;
}

static void
middle_screen(StoreReader *reader, const StoreList *list, guint n)
{
	StoreKey key = key_of_middle(reader, list, n);

	page(reader, list, &key, STORE_AT);
	page(reader, list, &key, STORE_AFTER);
	page(reader, list, &key, STORE_BEFORE);
}

static void
steps_unread(StoreReader *reader, const StoreList *list, guint n)
{
	StoreKey from = key_of_middle(reader, list, n), key;

	g_assert_true(store_reader_next_unread(reader, list, &from, STORE_AFTER,
					       &key, NULL));
	g_assert_true(store_reader_next_unread(reader, list, &from,
					       STORE_BEFORE, &key, NULL));
	g_assert_true(store_reader_next_unread(reader, list, NULL, STORE_BEFORE,
					       &key, NULL));
	if (list->order == STORE_ORDER_DATE)
		return;
	g_assert_true(store_reader_next_thread(reader, list, &from, STORE_AFTER,
					       &key, NULL));
	g_assert_true(store_reader_next_thread(reader, list, &from,
					       STORE_BEFORE, &key, NULL));
}

static void
folder_list(StoreReader *reader, const StoreList *list, guint n)
{
	g_autoptr(GPtrArray) all = store_reader_mailboxes(reader, NULL);
	g_autoptr(Mailbox) one =
	    store_reader_mailbox_by_id(reader, list->mailbox, NULL);

	g_assert_cmpuint(one->total, ==, n);
	g_assert_cmpuint(all->len, ==, 1);
}

static void
position(StoreReader *reader, const StoreList *list, guint n)
{
	StoreKey key = key_of_middle(reader, list, n);
	guint at;

	g_assert_true(store_reader_position(reader, list, &key, &at, NULL));
}

static void
jump(StoreReader *reader, const StoreList *list, guint n)
{
	StoreKey key;
	guint total;

	(void)n;
	g_assert_true(store_reader_total(reader, list, &total, NULL));
	g_assert_true(
	    store_reader_key_at(reader, list, total / 2 + 3, &key, NULL));
	page(reader, list, &key, STORE_AT);
}

/* Of all statements of a fresh handle. */
static guint
steps_of(Fixture *fixture, Act act, const StoreList *list, guint n)
{
	g_autoptr(StoreReader) reader =
	    store_reader_open(fixture->cache, fixture->state, NULL);
	sqlite3_stmt *statement = NULL;
	guint steps = 0;

	act(reader, list, n);
	while ((statement = sqlite3_next_stmt(reader->db->handle, statement)) !=
	       NULL) {
		steps += (guint)sqlite3_stmt_status(
		    statement, SQLITE_STMTSTATUS_VM_STEP, 0);
		/* no order is made by sorting, nothing is found by reading all
		 * but the list of mailboxes */
		if (act != folder_list) {
			g_assert_cmpint(
			    sqlite3_stmt_status(statement,
						SQLITE_STMTSTATUS_SORT, 0),
			    ==, 0);
			g_assert_cmpint(
			    sqlite3_stmt_status(
				statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0),
			    ==, 0);
		}
	}
	g_assert_cmpuint(steps, >, 0);
	return steps;
}

/**
 * Cost: @grows: steps may come on top: a place in a list is a sum over the
 * kept pieces above it (one for some 500 to 1000 entries, six steps each), and
 * the entries of one piece
 */
typedef struct {
	const char *name;
	Act act;
	bool grows;
} Cost;

static const Cost costs[] = {
    {"first screen", first_screen, false},
    {"last screen", last_screen, false},
    {"middle screens", middle_screen, false},
    {"next unread and thread", steps_unread, false},
    {"folder list", folder_list, false},
    {"position", position, true},
    {"jump", jump, true},
};

static void
test_costs(void)
{
	static const char *const orders[] = {"date", "thread", "folded"};
	g_autoptr(Fixture) small = make_mailbox(SMALL);
	const guint n = LARGE, growth = n / 500 * 6 + 1000 * 12;
	g_autoptr(Fixture) large = make_mailbox(n);

	for (guint order = 0; order < G_N_ELEMENTS(orders); order++)
		for (guint i = 0; i < G_N_ELEMENTS(costs); i++) {
			StoreList list = {1, (StoreOrder)order};
			guint few = steps_of(small, costs[i].act, &list, SMALL);
			guint many = steps_of(large, costs[i].act, &list, n);

			g_test_message("%s, %s: %u and %u steps", orders[order],
				       costs[i].name, few, many);
			if (costs[i].grows)
				g_assert_cmpuint(many, <=, few + growth);
			else
				g_assert_cmpuint(many, ==, few);
		}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/cost", test_costs);
	return g_test_run();
}
