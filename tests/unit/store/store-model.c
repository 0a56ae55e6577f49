/* store-model.c - what the store should say, made the slow and simple way */
#include "store-model.h"

#include <string.h>

static void
free_change(gpointer data)
{
	change_free(data);
}

Model *
model_new(void)
{
	Model *model = g_new0(Model, 1);

	model->rows = g_array_new(FALSE, TRUE, sizeof(ModelRow));
	model->changes = g_ptr_array_new_with_free_func(free_change);
	return model;
}

void
model_free(Model *model)
{
	if (model == NULL)
		return;
	g_array_unref(model->rows);
	g_ptr_array_unref(model->changes);
	g_free(model);
}

ModelRow *
model_row(Model *model, gint64 id)
{
	for (guint i = 0; i < model->rows->len; i++)
		if (g_array_index(model->rows, ModelRow, i).id == id)
			return &g_array_index(model->rows, ModelRow, i);
	return NULL;
}

ModelRow *
model_find(Model *model, gint64 mailbox, guint32 uid)
{
	for (guint i = 0; i < model->rows->len; i++) {
		ModelRow *row = &g_array_index(model->rows, ModelRow, i);

		if (row->mailbox == mailbox && row->uid == uid && uid != 0)
			return row;
	}
	return NULL;
}

void
model_remove(Model *model, gint64 id)
{
	for (guint i = 0; i < model->rows->len; i++)
		if (g_array_index(model->rows, ModelRow, i).id == id) {
			g_array_remove_index(model->rows, i);
			return;
		}
}

/* ---- what is shown ---- */

static gint64
mailbox_of(const char *const *mailboxes, const char *name)
{
	for (gint64 i = 0; name != NULL && mailboxes[i] != NULL; i++)
		if (strcmp(mailboxes[i], name) == 0)
			return i + 1;
	return 0;
}

static bool
names(const Change *change, gint64 id)
{
	for (guint i = 0; i < change->messages->len; i++)
		if (((ChangeMessage *)g_ptr_array_index(change->messages, i))
			->id == id)
			return true;
	return false;
}

static void
show_change(ModelRow *row, const Change *change, const char *const *mailboxes)
{
	bool is_copy = row->copy_change == change->id;

	if (!is_copy && !names(change, row->id))
		return;
	if (change->state == CHANGE_FAILED || change->state == CHANGE_UNKNOWN) {
		row->marks |= MESSAGE_MARK_FAILED;
		if (is_copy)
			row->shown = 0;
		return;
	}
	row->marks |= MESSAGE_MARK_WAITING;
	if (change->kind == CHANGE_FLAGS)
		row->shown_flags = (row->shown_flags | change->add.bits) &
				   ~change->remove.bits;
	else if (change->kind == CHANGE_MOVE)
		row->shown = mailbox_of(mailboxes, change->dest);
	else if (change->kind == CHANGE_DELETE)
		row->shown = 0;
}

void
model_show(Model *model, const char *const *mailboxes)
{
	for (guint i = 0; i < model->rows->len; i++) {
		ModelRow *row = &g_array_index(model->rows, ModelRow, i);

		row->shown = row->mailbox;
		row->shown_flags = row->flags;
		row->marks = 0;
		for (guint j = 0; j < model->changes->len; j++)
			show_change(row, g_ptr_array_index(model->changes, j),
				    mailboxes);
		if (row->hidden)
			row->shown = 0;
	}
}

/* ---- lists ---- */

static gint
newest_first(gconstpointer a, gconstpointer b)
{
	const ModelRow *one = *(ModelRow *const *)a;
	const ModelRow *other = *(ModelRow *const *)b;

	if (one->date != other->date)
		return one->date > other->date ? -1 : 1;
	if (one->uid != other->uid)
		return one->uid > other->uid ? -1 : 1;
	return one->id > other->id ? -1 : 1;
}

static gint
oldest_first(gconstpointer a, gconstpointer b)
{
	const ModelRow *one = *(ModelRow *const *)a;
	const ModelRow *other = *(ModelRow *const *)b;

	if (one->date != other->date)
		return one->date < other->date ? -1 : 1;
	return one->id < other->id ? -1 : 1;
}

static GPtrArray *
rows_in(Model *model, gint64 mailbox, gint64 thread)
{
	GPtrArray *rows = g_ptr_array_new();

	for (guint i = 0; i < model->rows->len; i++) {
		ModelRow *row = &g_array_index(model->rows, ModelRow, i);

		if (row->shown == mailbox &&
		    (thread == 0 || row->thread == thread))
			g_ptr_array_add(rows, row);
	}
	return rows;
}

static void
add_entry(GArray *entries, const ModelRow *row, guint depth)
{
	ModelEntry entry = {row->id, row->thread, depth,
			    (row->shown_flags & MAIL_FLAG_SEEN) == 0};

	g_array_append_val(entries, entry);
}

/* The oldest message with that Message-ID, if it is among @rows. */
static const ModelRow *
by_mid(const GPtrArray *rows, guint mid)
{
	for (guint i = 0; i < rows->len; i++) {
		const ModelRow *row = g_ptr_array_index(rows, i);

		if (row->mid == mid)
			return row;
	}
	return NULL;
}

static const ModelRow *
parent_of(const GPtrArray *rows, const ModelRow *row)
{
	for (guint i = row->n_refs; i-- > 0;) {
		const ModelRow *parent = by_mid(rows, row->refs[i]);

		if (parent != NULL)
			return parent;
	}
	return NULL;
}

static void
add_below(GArray *entries, const GPtrArray *rows, const ModelRow *parent,
	  guint depth)
{
	for (guint i = 0; i < rows->len; i++) {
		const ModelRow *row = g_ptr_array_index(rows, i);

		if (parent_of(rows, row) != parent)
			continue;
		add_entry(entries, row, depth);
		add_below(entries, rows, row, depth + 1);
	}
}

typedef struct {
	gint64 thread;
	gint64 newest;
} ModelThread;

static gint
thread_order(gconstpointer a, gconstpointer b)
{
	const ModelThread *one = a, *other = b;

	if (one->newest != other->newest)
		return one->newest > other->newest ? -1 : 1;
	return one->thread > other->thread ? -1 : 1;
}

static GArray *
threads_of(const GPtrArray *rows)
{
	GArray *threads = g_array_new(FALSE, FALSE, sizeof(ModelThread));

	for (guint i = 0; i < rows->len; i++) {
		const ModelRow *row = g_ptr_array_index(rows, i);
		ModelThread *found = NULL;

		for (guint j = 0; j < threads->len && found == NULL; j++)
			if (g_array_index(threads, ModelThread, j).thread ==
			    row->thread)
				found = &g_array_index(threads, ModelThread, j);
		if (found == NULL) {
			ModelThread thread = {row->thread, row->date};

			g_array_append_val(threads, thread);
		} else {
			found->newest = MAX(found->newest, row->date);
		}
	}
	g_array_sort(threads, thread_order);
	return threads;
}

static void
add_thread(GArray *entries, Model *model, const StoreList *list, gint64 thread)
{
	g_autoptr(GPtrArray) rows = rows_in(model, list->mailbox, thread);

	g_ptr_array_sort(rows, oldest_first);
	if (list->order == STORE_ORDER_THREAD) {
		add_below(entries, rows, NULL, 0);
		return;
	}
	add_entry(entries, g_ptr_array_index(rows, rows->len - 1), 0);
	for (guint i = 0; i < rows->len; i++) {
		const ModelRow *row = g_ptr_array_index(rows, i);

		if ((row->shown_flags & MAIL_FLAG_SEEN) == 0)
			g_array_index(entries, ModelEntry, entries->len - 1)
			    .unread = true;
	}
}

GArray *
model_list(Model *model, const StoreList *list)
{
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(ModelEntry));
	g_autoptr(GPtrArray) rows = rows_in(model, list->mailbox, 0);
	g_autoptr(GArray) threads = NULL;

	g_ptr_array_sort(rows, newest_first);
	for (guint i = 0; list->order == STORE_ORDER_DATE && i < rows->len; i++)
		add_entry(entries, g_ptr_array_index(rows, i), 0);
	if (list->order == STORE_ORDER_DATE)
		return entries;
	threads = threads_of(rows);
	for (guint i = 0; i < threads->len; i++)
		add_thread(entries, model, list,
			   g_array_index(threads, ModelThread, i).thread);
	return entries;
}
