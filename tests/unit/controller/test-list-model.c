/* test-list-model.c - a list under a random hand and a random server, against
 * a model that knows the whole mailbox */
#include "list-bench.h"
#include "test-size.h"

#include <string.h>

#define STEPS (test_is_exhaustive() ? 2000u : test_size(250, 100))

/* ModelRow: of the whole list, in its order */
typedef struct {
	gint64 id;
	gint64 thread;
	gint64 date;
	guint32 uid;
	bool unread; /* for the store and with what is pending */
} ModelRow;

typedef struct {
	Bench *bench;
	GArray *rows; /* of ModelRow */
	guint height;
	guint filtered; /* index of filters */
} Model;

static const char *const filters[] = {NULL, "is:unread", "subject:\"about 1\"",
				      "is:flagged OR about -is:read"};

/* Searches know what the store shows, not what is pending. */
static bool
matches(const Model *model, const MessageRow *row)
{
	bool unread = (row->flags.bits & MAIL_FLAG_SEEN) == 0;

	switch (model->filtered) {
	case 1:
		return unread;
	case 2:
		return strstr(row->subject, "about 1") != NULL;
	case 3:
		return unread || (row->flags.bits & MAIL_FLAG_FLAGGED) != 0;
	default:
		return true;
	}
}

/* ---- what should be shown ---- */

static void
apply_pending(const Model *model, MessageRow *row, bool *hidden)
{
	const GPtrArray *pending = model->bench->account->pending;

	*hidden = false;
	for (guint i = 0; i < pending->len; i++) {
		const Change *change =
		    ((const PendingChange *)pending->pdata[i])->change;
		const ChangeMessage *message = change->messages->pdata[0];

		if (message->id != row->id)
			continue;
		if (change->kind != CHANGE_FLAGS)
			*hidden = true;
		mail_flags_apply(&row->flags, &change->add, &change->remove);
		row->marks |= MESSAGE_MARK_WAITING;
	}
}

/* In date order the order is our own, else the store's. @keep: stays in a
 * filtered list though it does not match. */
static gint
newest_first(gconstpointer a, gconstpointer b)
{
	const ModelRow *one = a, *other = b;

	if (one->date != other->date)
		return one->date > other->date ? -1 : 1;
	return (one->uid < other->uid) - (one->uid > other->uid);
}

static GArray *
read_all(const Model *model, gint64 keep)
{
	const MessageList *list = model->bench->list;
	StoreList by = list->store;
	GArray *all = g_array_new(FALSE, FALSE, sizeof(ModelRow));
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL;

	if (model->filtered)
		by.order = STORE_ORDER_DATE;
	rows = store_reader_page(model->bench->fixture->reader, &by, NULL,
				 STORE_AT, STORE_PAGE_MAX, NULL, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < rows->len; i++) {
		MessageRow *row = rows->pdata[i];
		bool unread = (row->flags.bits & MAIL_FLAG_SEEN) == 0;
		ModelRow one = {row->id, row->thread, row->date, row->uid,
				false};
		bool wanted = matches(model, row) || row->id == keep;
		bool hidden;

		apply_pending(model, row, &hidden);
		one.unread = unread && (row->flags.bits & MAIL_FLAG_SEEN) == 0;
		if (!hidden && wanted)
			g_array_append_val(all, one);
	}
	if (by.order == STORE_ORDER_DATE)
		g_array_sort(all, newest_first);
	return all;
}

static void
learn(Model *model, gint64 keep)
{
	g_array_unref(model->rows);
	model->rows = read_all(model, keep);
}

static ModelRow *
at(const Model *model, guint index)
{
	return &g_array_index(model->rows, ModelRow, index);
}

/* -1: not in the list */
static gint
index_of(const Model *model, gint64 id)
{
	for (guint i = 0; i < model->rows->len; i++)
		if (at(model, i)->id == id)
			return (gint)i;
	return -1;
}

static gint
selected_index(const Model *model)
{
	return index_of(model, bench_selected(model->bench));
}

/* ---- what is always true ---- */

static void
check_row(const Model *model, const MessageRow *row)
{
	g_autoptr(MessageRow) wanted =
	    store_reader_row(model->bench->fixture->reader, row->id, NULL);
	bool hidden;

	apply_pending(model, wanted, &hidden);
	g_assert_false(hidden);
	g_assert_cmpuint(row->flags.bits, ==, wanted->flags.bits);
	g_assert_cmpuint(row->marks, ==, wanted->marks);
}

static void
check(Model *model)
{
	MessageList *list = model->bench->list;
	const GPtrArray *rows;
	gint selected, top;

	bench_settle(model->bench);
	rows = message_list_rows(list);
	selected = message_list_selected(list);
	learn(model, bench_selected(model->bench));
	g_assert_cmpuint(message_list_total(list), ==, model->rows->len);
	g_assert_cmpuint(rows->len, ==, MIN(model->height, model->rows->len));
	if (rows->len == 0) {
		g_assert_cmpint(selected, ==, -1);
		g_assert_cmpuint(message_list_position(list), ==, 0);
		return;
	}
	g_assert_cmpint(selected, >=, 0);
	g_assert_cmpint(selected, <, (gint)rows->len);
	top = index_of(model, bench_row(model->bench, 0));
	g_assert_cmpint(top, >=, 0);
	for (guint i = 0; i < rows->len; i++) {
		g_assert_cmpint(bench_row(model->bench, i), ==,
				at(model, (guint)top + i)->id);
		check_row(model, rows->pdata[i]);
	}
	g_assert_cmpuint(message_list_position(list), ==,
			 (guint)(top + selected + 1));
	g_assert_cmpuint(message_list_new_above(list), <=, (guint)top);
}

/* ---- the user moves ---- */

static void
step(Model *model, gint rows)
{
	gint from = selected_index(model);
	gint to = CLAMP(from + rows, 0, (gint)model->rows->len - 1);

	g_assert_cmpint(message_list_step(model->bench->list, rows), ==,
			to != from);
	g_assert_cmpint(bench_selected(model->bench), ==,
			at(model, (guint)to)->id);
}

static void
page(Model *model, gint halves)
{
	gint from = selected_index(model);
	gint rows = (gint)model->height * halves / 2;
	gint to;

	if (rows == 0)
		rows = halves;
	to = CLAMP(from + rows, 0, (gint)model->rows->len - 1);
	(void)message_list_page(model->bench->list, halves);
	g_assert_cmpint(bench_selected(model->bench), ==,
			at(model, (guint)to)->id);
}

static void
next_unread(Model *model)
{
	guint n = model->rows->len;
	gint from = selected_index(model), to = from;

	for (guint i = 1; i <= n && to == from; i++)
		if (at(model, ((guint)from + i) % n)->unread)
			to = (gint)(((guint)from + i) % n);
	(void)message_list_next_unread(model->bench->list);
	g_assert_cmpint(bench_selected(model->bench), ==,
			at(model, (guint)to)->id);
}

static void
step_thread(Model *model, gint direction)
{
	gint from = selected_index(model), to = from;
	gint n = (gint)model->rows->len;
	gint64 thread = at(model, (guint)from)->thread;

	if (message_list_order(model->bench->list) == LIST_ORDER_DATE ||
	    model->filtered) {
		to = CLAMP(from + direction, 0, n - 1);
	} else {
		while (to >= 0 && to < n &&
		       at(model, (guint)to)->thread == thread)
			to += direction;
		if (to < 0 || to == n)
			to = from;
		/* back: from the last row of that thread to its first */
		while (direction < 0 && to != from && to > 0 &&
		       at(model, (guint)to - 1)->thread ==
			   at(model, (guint)to)->thread)
			to--;
	}
	(void)message_list_step_thread(model->bench->list, direction);
	g_assert_cmpint(bench_selected(model->bench), ==,
			at(model, (guint)to)->id);
}

static void
jump(Model *model)
{
	guint to = (guint)g_test_rand_int_range(0, (gint)model->rows->len);

	g_assert_true(
	    message_list_select(model->bench->list, at(model, to)->id) ||
	    selected_index(model) == (gint)to);
	g_assert_cmpint(selected_index(model), ==, (gint)to);
}

static void
to_end(Model *model, bool last)
{
	guint to = last ? model->rows->len - 1 : 0;

	if (last)
		(void)message_list_last(model->bench->list);
	else
		(void)message_list_first(model->bench->list);
	g_assert_cmpint(selected_index(model), ==, (gint)to);
}

static void
move(Model *model)
{
	switch (g_test_rand_int_range(0, 10)) {
	case 0:
		page(model, g_test_rand_int_range(-3, 4));
		break;
	case 1:
		next_unread(model);
		break;
	case 2:
		step_thread(model, g_test_rand_bit() ? 1 : -1);
		break;
	case 3:
		jump(model);
		break;
	case 4:
		to_end(model, g_test_rand_int_range(0, 3) == 0);
		break;
	case 5:
		step(model, g_test_rand_int_range(-40, 41));
		break;
	case 6:
		(void)message_list_select_index(
		    model->bench->list,
		    (guint)g_test_rand_int_range(
			0, (gint)MIN(model->height, model->rows->len)));
		break;
	default:
		step(model, g_test_rand_bit() ? 1 : -1);
		break;
	}
}

/* ---- something changes ---- */

/* Before: what the hand rests on. */
typedef struct {
	gint64 id;
	gint row;
	ModelRow selected;
	bool following;
	gint64 changed_at;
} Hand;

static Hand
hand(Model *model)
{
	Hand before = {.id = bench_selected(model->bench),
		       .row = message_list_selected(model->bench->list),
		       .following = model->bench->list->following,
		       .changed_at =
			   message_list_changed_at(model->bench->list)};

	if (before.id != 0)
		before.selected = *at(model, (guint)selected_index(model));
	return before;
}

/* The selection is on its message, which is where it was on the screen if
 * there are rows enough around it. */
static void
check_still(Model *model, const Hand *before)
{
	gint index = index_of(model, before->id);
	gint row = message_list_selected(model->bench->list);
	gint below = (gint)model->rows->len - index - 1;

	g_assert_cmpint(bench_selected(model->bench), ==, before->id);
	g_assert_cmpint(message_list_changed_at(model->bench->list), ==,
			before->changed_at);
	if (!before->following && index >= before->row &&
	    below >= (gint)model->height - before->row - 1)
		g_assert_cmpint(row, ==, before->row);
}

/* It went: in date order to the next older one, else to the last; in threads
 * to one of the same thread where one stood below it. */
static void
check_replaced(Model *model, const Hand *before, bool own, gint direction)
{
	guint n = model->rows->len, next = 0;
	bool older = false;

	g_assert_cmpint(message_list_changed_at(model->bench->list) !=
			    before->changed_at,
			==, !own);
	if (n == 0 || model->bench->list->order != LIST_ORDER_DATE)
		return;
	for (guint i = 0; i < n && !older; i++) {
		older = newest_first(at(model, i), &before->selected) > 0;
		next = i;
	}
	if (older && own && direction < 0 && next > 0)
		next--;
	g_assert_cmpint(selected_index(model), ==, (gint)next);
}

static void
check_after(Model *model, const Hand *before, bool own, gint direction)
{
	learn(model, before->id);
	if (before->id == 0 || message_list_total(model->bench->list) == 0)
		return;
	if (index_of(model, before->id) >= 0)
		check_still(model, before);
	else
		check_replaced(model, before, own, direction);
}

static gint64
any_row(Model *model)
{
	gint selected = selected_index(model);
	gint64 id =
	    g_test_rand_bit()
		? at(model, (guint)selected)->id
		: at(model,
		     (guint)g_test_rand_int_range(0, (gint)model->rows->len))
		      ->id;

	return id;
}

static bool
is_pending(const Model *model, gint64 id)
{
	const GPtrArray *pending = model->bench->account->pending;

	for (guint i = 0; i < pending->len; i++) {
		const Change *change =
		    ((const PendingChange *)pending->pdata[i])->change;

		if (((ChangeMessage *)change->messages->pdata[0])->id == id)
			return true;
	}
	return false;
}

static void
by_server(Model *model)
{
	Hand before = hand(model);
	gint64 id = model->rows->len == 0 ? 0 : any_row(model);
	gint64 newest = model->bench->next_uid;

	switch (id == 0 ? 0 : g_test_rand_int_range(0, 5)) {
	case 0:
	case 1:
		bench_arrive(model->bench, newest,
			     (guint)g_test_rand_int_range(0, 80), 0);
		break;
	case 2:
		bench_arrive(
		    model->bench, g_test_rand_int_range(0, (gint)newest),
		    (guint)g_test_rand_int_range(0, 80), MAIL_FLAG_SEEN);
		break;
	case 3:
		if (!is_pending(model, id))
			bench_remove(model->bench, id);
		break;
	default:
		bench_set_flags(model->bench, id,
				g_test_rand_bit() ? MAIL_FLAG_SEEN
						  : MAIL_FLAG_FLAGGED);
		break;
	}
	/* a step may be the first to notice */
	if (g_test_rand_bit()) {
		bench_refresh(model->bench);
		bench_settle(model->bench);
		check_after(model, &before, false, 1);
	} else {
		(void)message_list_select_index(model->bench->list, G_MAXUINT);
		bench_settle(model->bench);
	}
}

static void
by_user(Model *model)
{
	Hand before = hand(model);
	gint direction = model->bench->list->direction;
	gint64 id = model->rows->len == 0 ? 0 : any_row(model);
	int what = id == 0 ? 4 : g_test_rand_int_range(0, 6);

	if (what == 0)
		bench_intend(model->bench, CHANGE_MOVE, id, 0, 0);
	else if (what == 1)
		bench_intend(model->bench, CHANGE_DELETE, id, 0, 0);
	else if (what == 2)
		bench_intend(model->bench, CHANGE_FLAGS, id, MAIL_FLAG_SEEN,
			     MAIL_FLAG_FLAGGED);
	else if (what == 3)
		bench_intend(model->bench, CHANGE_FLAGS, id, MAIL_FLAG_FLAGGED,
			     MAIL_FLAG_SEEN);
	else if (what == 4)
		bench_journal(model->bench);
	else
		bench_drop(model->bench);
	bench_settle(model->bench);
	check_after(model, &before, true, direction);
}

static void
change_view(Model *model)
{
	MessageList *list = model->bench->list;
	gint64 id = bench_selected(model->bench);

	switch (g_test_rand_int_range(0, 3)) {
	case 0:
		model->height = (guint)g_test_rand_int_range(1, 40);
		message_list_set_height(list, model->height);
		break;
	case 1:
		g_assert_true(message_list_set_order(
		    list,
		    g_test_rand_bit() ? LIST_ORDER_DATE : LIST_ORDER_THREAD,
		    NULL));
		break;
	default:
		message_list_set_scroll(list,
					(guint)g_test_rand_int_range(0, 3));
		break;
	}
	bench_settle(model->bench);
	g_assert_cmpint(bench_selected(model->bench), ==, id);
}

static void
toggle_filter(Model *model)
{
	g_autoptr(GError) error = NULL;

	model->filtered =
	    model->filtered == 0
		? (guint)g_test_rand_int_range(1, G_N_ELEMENTS(filters))
		: 0;
	g_assert_true(message_list_filter(model->bench->list,
					  filters[model->filtered], &error));
	bench_settle(model->bench);
}

static void
run(guint n, guint thread, ListOrder order, bool filtering)
{
	g_autoptr(Bench) bench = bench_new(n, thread);
	Model model = {.bench = bench,
		       .rows = g_array_new(FALSE, FALSE, sizeof(ModelRow)),
		       .height = 12};

	bench_open(bench, order, 12);
	check(&model);
	for (guint i = 0; i < STEPS; i++) {
		int what = g_test_rand_int_range(0, 100);

		if (what < 60 && model.rows->len > 0)
			move(&model);
		else if (what < 75)
			by_server(&model);
		else if (what < 92)
			by_user(&model);
		else if (what < 96 || !filtering)
			change_view(&model);
		else
			toggle_filter(&model);
		check(&model);
	}
	g_array_unref(model.rows);
}

static void
test_dates(void)
{
	run(200, 1, LIST_ORDER_DATE, false);
}

static void
test_threads(void)
{
	run(200, 5, LIST_ORDER_THREAD, false);
}

static void
test_small(void)
{
	run(3, 2, LIST_ORDER_DATE, false);
	run(0, 1, LIST_ORDER_THREAD, false);
}

static void
test_filters(void)
{
	run(120, 3, LIST_ORDER_DATE, true);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/list-model/dates", test_dates);
	g_test_add_func("/list-model/threads", test_threads);
	g_test_add_func("/list-model/small", test_small);
	g_test_add_func("/list-model/filters", test_filters);
	return g_test_run();
}
