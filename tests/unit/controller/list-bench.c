/* list-bench.c - a list over a real store, with no engine behind it */
#include "list-bench.h"

static void
pending_free(gpointer data)
{
	PendingChange *pending = data;

	change_free(pending->change);
	g_free(pending);
}

static void
on_event(const ControllerEvent *event, gpointer user)
{
	Bench *bench = user;

	g_assert_cmpint(event->kind, ==, CONTROLLER_EVENT_MESSAGES);
	bench->events++;
}

static StoreMessage *
make_message(guint32 uid, gint64 day, guint thread, guint32 flags)
{
	g_autofree char *mid = g_strdup_printf("m%u@example.org", uid);
	g_autofree char *root = g_strdup_printf("t%u@example.org", thread);
	g_autofree char *subject = g_strdup_printf("about %u", thread);
	Mail mail = {uid, day, mid, root, subject, "Ada", flags};

	return mail_message(&mail);
}

Bench *
bench_new(guint n, guint thread)
{
	g_autoptr(GPtrArray) messages =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_message_free);
	g_autoptr(GError) error = NULL;
	Bench *bench = g_new0(Bench, 1);
	Account *account = g_new0(Account, 1);

	bench->fixture = fixture_new();
	bench->inbox = fixture_mailbox(bench->fixture, "INBOX");
	fixture_mailbox(bench->fixture, "Archive");
	bench->config = account_config_new("bench");
	bench->controller.event = on_event;
	bench->controller.user = bench;
	bench->controller.reader = reader_new();
	bench->account = account;
	account->controller = &bench->controller;
	account->config = bench->config;
	account->cache_folder = bench->fixture->cache;
	account->state_folder = bench->fixture->state;
	account->store = store_reader_open(bench->fixture->cache,
					   bench->fixture->state, &error);
	g_assert_no_error(error);
	account->pending = g_ptr_array_new_with_free_func(pending_free);
	account->lists = g_ptr_array_new();
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(messages,
				make_message(i + 1, i, i / thread,
					     i % 3 == 0 ? 0 : MAIL_FLAG_SEEN));
	store_writer_add_rows(bench->fixture->writer, bench->inbox, messages,
			      NULL, &error);
	g_assert_no_error(error);
	fixture_commit(bench->fixture);
	bench->next_uid = n + 1;
	return bench;
}

void
bench_open(Bench *bench, ListOrder order, guint height)
{
	g_autoptr(GError) error = NULL;

	message_list_free(bench->list);
	bench->list =
	    message_list_open(bench->account, "INBOX", order, height, &error);
	g_assert_no_error(error);
}

void
bench_free(Bench *bench)
{
	message_list_free(bench->list);
	reader_free(bench->controller.reader);
	store_reader_close(bench->account->store);
	g_ptr_array_unref(bench->account->pending);
	g_ptr_array_unref(bench->account->lists);
	g_free(bench->account);
	account_config_free(bench->config);
	fixture_free(bench->fixture);
	g_free(bench);
}

/* ---- the server ---- */

gint64
bench_arrive(Bench *bench, gint64 day, guint thread, guint32 flags)
{
	g_autoptr(GPtrArray) messages =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_message_free);
	g_autoptr(GError) error = NULL;
	g_auto(StoreAdded) added = {0};

	g_ptr_array_add(messages,
			make_message(bench->next_uid++, day, thread, flags));
	store_writer_add_rows(bench->fixture->writer, bench->inbox, messages,
			      &added, &error);
	g_assert_no_error(error);
	fixture_commit(bench->fixture);
	return g_array_index(added.ids, gint64, 0);
}

static guint32
uid_of(Bench *bench, gint64 id)
{
	g_autoptr(MessageRow) row =
	    store_reader_row(bench->fixture->reader, id, NULL);

	g_assert_nonnull(row);
	return row->uid;
}

void
bench_remove(Bench *bench, gint64 id)
{
	g_autoptr(UidSet) uids = uid_set_new();
	g_autoptr(GError) error = NULL;

	uid_set_add(uids, uid_of(bench, id));
	store_writer_remove(bench->fixture->writer, bench->inbox, uids, NULL,
			    &error);
	g_assert_no_error(error);
	fixture_commit(bench->fixture);
}

void
bench_set_flags(Bench *bench, gint64 id, guint32 flags)
{
	MailFlags set = {flags, NULL};
	g_autoptr(GError) error = NULL;

	store_writer_set_flags(bench->fixture->writer, bench->inbox,
			       uid_of(bench, id), &set, 2, NULL, &error);
	g_assert_no_error(error);
	fixture_commit(bench->fixture);
}

void
bench_refresh(Bench *bench)
{
	g_assert_true(message_list_refresh(bench->list, bench->inbox));
}

/* ---- the user ---- */

void
bench_intend(Bench *bench, ChangeKind kind, gint64 id, guint32 add,
	     guint32 remove)
{
	PendingChange *pending = g_new0(PendingChange, 1);
	g_autoptr(GError) error = NULL;

	pending->change = change_new(kind);
	pending->change->mailbox = g_strdup("INBOX");
	pending->change->add.bits = add;
	pending->change->remove.bits = remove;
	if (kind == CHANGE_MOVE)
		pending->change->dest = g_strdup("Archive");
	g_ptr_array_add(
	    pending->change->messages,
	    store_reader_location(bench->fixture->reader, id, &error));
	g_assert_no_error(error);
	g_ptr_array_add(bench->account->pending, pending);
	bench_refresh(bench);
}

void
bench_journal(Bench *bench)
{
	for (guint i = 0; i < bench->account->pending->len; i++) {
		PendingChange *pending = bench->account->pending->pdata[i];
		g_autoptr(GPtrArray) changes = g_ptr_array_new();
		g_autoptr(GError) error = NULL;

		g_ptr_array_add(changes, pending->change);
		store_journal_add(bench->fixture->journal, changes, &error);
		g_assert_no_error(error);
		store_writer_apply_change(bench->fixture->writer,
					  pending->change, &error);
		g_assert_no_error(error);
	}
	fixture_commit(bench->fixture);
	bench_drop(bench);
}

void
bench_drop(Bench *bench)
{
	g_ptr_array_set_size(bench->account->pending, 0);
	bench_refresh(bench);
}

void
bench_settle(Bench *bench)
{
	ListFilter *filter = &bench->list->filter;

	while (filter->task != NULL || filter->timer != 0) {
		if (filter->timer != 0) {
			/* not so long */
			g_source_remove(filter->timer);
			filter->timer = 0;
			filter->started = 0;
			list_filter_changed(bench->list);
		}
		g_main_context_iteration(NULL, TRUE);
	}
}

/* ---- the list ---- */

gint64
bench_row(const Bench *bench, guint index)
{
	const GPtrArray *rows = message_list_rows(bench->list);

	g_assert_cmpuint(index, <, rows->len);
	return ((const MessageRow *)rows->pdata[index])->id;
}

gint64
bench_selected(const Bench *bench)
{
	const MessageRow *row = message_list_selected_row(bench->list);

	return row == NULL ? 0 : row->id;
}
