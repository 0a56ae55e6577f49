/* store-compare.c - lists of the store against the lists of the model */
#include "store-model.h"

#define ENTRY(entries, i) (&g_array_index(entries, ModelEntry, i))

static void
compare_rows(Model *model, Fixture *fixture)
{
	for (guint i = 0; i < model->rows->len; i++) {
		const ModelRow *row = &g_array_index(model->rows, ModelRow, i);
		g_autoptr(GError) error = NULL;
		g_autoptr(MessageRow) told =
		    store_reader_row(fixture->reader, row->id, &error);

		g_assert_no_error(error);
		g_assert_cmpint(told->date, ==, row->date);
		g_assert_cmphex(told->flags.bits, ==, row->shown_flags);
		g_assert_cmphex(told->marks, ==, row->marks);
		g_assert_cmpint(told->mailbox, ==,
				row->shown == 0 ? row->mailbox : row->shown);
		if (row->mailbox == row->shown)
			g_assert_cmpuint(told->uid, ==, row->uid);
	}
}

/* The whole list by pages of @n, forwards or from its end. */
static void
compare_pages(Fixture *fixture, const StoreList *list, const GArray *entries,
	      guint n, bool backwards)
{
	StoreWay way = backwards ? STORE_BEFORE : STORE_AFTER;
	StoreKey from;
	guint seen = 0;

	for (;;) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GArray) keys = NULL;
		g_autoptr(GPtrArray) rows = store_reader_page(
		    fixture->reader, list, seen == 0 ? NULL : &from, way, n,
		    &keys, &error);
		guint first;

		g_assert_no_error(error);
		g_assert_cmpuint(keys->len, ==, rows->len);
		g_assert_cmpuint(rows->len, ==, MIN(n, entries->len - seen));
		if (rows->len == 0)
			return;
		first = backwards ? entries->len - seen - rows->len : seen;
		for (guint i = 0; i < rows->len; i++) {
			const MessageRow *row = g_ptr_array_index(rows, i);

			g_assert_cmpint(row->id, ==,
					ENTRY(entries, first + i)->id);
			g_assert_cmpuint(row->depth, ==,
					 ENTRY(entries, first + i)->depth);
		}
		seen += rows->len;
		from = g_array_index(keys, StoreKey,
				     backwards ? 0 : keys->len - 1);
	}
}

static gint64
id_at(Fixture *fixture, const StoreList *list, const StoreKey *key)
{
	g_autoptr(GPtrArray) rows = store_reader_page(
	    fixture->reader, list, key, STORE_AT, 1, NULL, NULL);

	g_assert_nonnull(rows);
	g_assert_cmpuint(rows->len, ==, 1);
	return ((MessageRow *)g_ptr_array_index(rows, 0))->id;
}

static void
compare_place(Fixture *fixture, const StoreList *list, const GArray *entries,
	      guint i)
{
	g_autoptr(GError) error = NULL;
	StoreKey key = {0}, own = {0};
	guint position = 0;

	store_reader_key_at(fixture->reader, list, i, &key, &error);
	g_assert_no_error(error);
	g_assert_cmpint(key.id, ==, ENTRY(entries, i)->id);
	g_assert_cmpint(id_at(fixture, list, &key), ==, key.id);
	store_reader_position(fixture->reader, list, &key, &position, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(position, ==, i);
	store_reader_key(fixture->reader, list, key.id, &own, &error);
	g_assert_no_error(error);
	store_reader_position(fixture->reader, list, &own, &position, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(position, ==, i);
}

static void
compare_step(bool found, const GError *error, const StoreKey *key,
	     const GArray *entries, gint64 expected)
{
	if (expected < 0 || expected >= (gint64)entries->len) {
		g_assert_false(found);
		g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
		return;
	}
	g_assert_no_error(error);
	g_assert_true(found);
	g_assert_cmpint(key->id, ==, ENTRY(entries, (guint)expected)->id);
}

static void
compare_unread(Fixture *fixture, const StoreList *list, const GArray *entries,
	       guint at, StoreWay way)
{
	g_autoptr(GError) error = NULL;
	gint64 step = way == STORE_BEFORE ? -1 : 1;
	gint64 i = way == STORE_AT ? at : (gint64)at + step;
	StoreKey from, key;
	bool found;

	while (i >= 0 && i < (gint64)entries->len &&
	       !ENTRY(entries, (guint)i)->unread)
		i += step;
	g_assert_true(
	    store_reader_key_at(fixture->reader, list, at, &from, NULL));
	found = store_reader_next_unread(fixture->reader, list, &from, way,
					 &key, &error);
	compare_step(found, error, &key, entries, i);
}

static void
compare_thread(Fixture *fixture, const StoreList *list, const GArray *entries,
	       guint at, StoreWay way)
{
	g_autoptr(GError) error = NULL;
	gint64 step = way == STORE_BEFORE ? -1 : 1;
	gint64 i = at;
	StoreKey from, key;
	bool found;

	while (i >= 0 && i < (gint64)entries->len &&
	       ENTRY(entries, (guint)i)->thread == ENTRY(entries, at)->thread)
		i += step;
	/* the first row of it */
	while (i > 0 && step < 0 &&
	       ENTRY(entries, (guint)i - 1)->thread ==
		   ENTRY(entries, (guint)i)->thread)
		i--;
	g_assert_true(
	    store_reader_key_at(fixture->reader, list, at, &from, NULL));
	found = store_reader_next_thread(fixture->reader, list, &from, way,
					 &key, &error);
	compare_step(found, error, &key, entries, i);
}

static void
compare_list(Model *model, Fixture *fixture, const StoreList *list,
	     GRand *random)
{
	g_autoptr(GArray) entries = model_list(model, list);
	g_autoptr(GError) error = NULL;
	guint total = 0;
	StoreKey key;

	store_reader_total(fixture->reader, list, &total, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(total, ==, entries->len);
	for (guint i = 0; i < 2; i++)
		compare_pages(fixture, list, entries,
			      (guint)g_rand_int_range(random, 1, 60), i == 1);
	for (guint i = 0; i < 12 && total > 0; i++) {
		guint at = (guint)g_rand_int_range(random, 0, (gint32)total);

		compare_place(fixture, list, entries, at);
		compare_unread(fixture, list, entries, at, STORE_AFTER);
		compare_unread(fixture, list, entries, at, STORE_AT);
		compare_unread(fixture, list, entries, at, STORE_BEFORE);
		if (list->order != STORE_ORDER_DATE) {
			compare_thread(fixture, list, entries, at, STORE_AFTER);
			compare_thread(fixture, list, entries, at,
				       STORE_BEFORE);
		}
	}
	g_assert_false(
	    store_reader_key_at(fixture->reader, list, total, &key, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

void
model_compare(Model *model, Fixture *fixture, gint64 mailboxes, GRand *random)
{
	static const StoreOrder orders[] = {
	    STORE_ORDER_DATE, STORE_ORDER_THREAD, STORE_ORDER_FOLDED};

	compare_rows(model, fixture);
	for (gint64 mailbox = 1; mailbox <= mailboxes; mailbox++)
		for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
			StoreList list = {mailbox, orders[i]};

			compare_list(model, fixture, &list, random);
		}
}
