/* test-store-model.c - thousands of random steps, each list against the model
 */
#include "store-model.h"
#include "test-size.h"

#include <string.h>

static const char *const mailboxes[] = {"INBOX", "Archive", "Trash", NULL};
#define MAILBOXES 3

typedef struct {
	Fixture *fixture;
	Model *model;
	GRand *random;
	guint32 uid_next[MAILBOXES + 1];
	guint32 uid_low[MAILBOXES + 1]; /* the backfill has come down to it */
	guint next_mid;
	bool uncommitted;
} Run;

static guint
draw(Run *run, guint n)
{
	return (guint)g_rand_int_range(run->random, 0, (gint32)n);
}

static char *
mid_text(guint mid)
{
	return g_strdup_printf("m%u@example.org", mid);
}

/* ---- the server tells ---- */

static StoreMessage *
message_of(const ModelRow *row)
{
	g_autoptr(GPtrArray) refs = g_ptr_array_new();
	g_autofree char *mid = mid_text(row->mid);
	Mail mail = {row->uid, 0, mid, NULL, "subject", "Someone", row->flags};
	StoreMessage *message = mail_message(&mail);

	message->internal_date = row->date;
	/* what comes again must look the same */
	message->size = 1000 + row->mid;
	for (guint i = 0; i < row->n_refs; i++)
		g_ptr_array_add(refs, mid_text(row->refs[i]));
	g_ptr_array_add(refs, NULL);
	message->header->references =
	    (char **)g_ptr_array_free(g_steal_pointer(&refs), FALSE);
	return message;
}

/* An honest mail: it refers to some that were sent before it, here or not. */
static ModelRow
new_row(Run *run, gint64 mailbox, bool backfill)
{
	ModelRow row = {.mailbox = mailbox};
	guint n = draw(run, MODEL_REFS);

	row.uid = backfill ? --run->uid_low[mailbox] : run->uid_next[mailbox]++;
	row.flags = draw(run, 2) == 0 ? 0 : MAIL_FLAG_SEEN;
	row.flags |= draw(run, 9) == 0 ? MAIL_FLAG_FLAGGED : 0;
	row.flags |= draw(run, 15) == 0 ? MAIL_FLAG_DELETED : 0;
	row.date = mail_date(draw(run, 300));
	row.mid = run->next_mid++;
	for (guint i = 0; i < n && row.mid > 0; i++) {
		guint back = 1 + draw(run, 12);
		guint ref = row.mid > back ? row.mid - back : 0;

		/* oldest first, none twice */
		if (row.n_refs == 0 || ref > row.refs[row.n_refs - 1])
			row.refs[row.n_refs++] = ref;
	}
	return row;
}

static void
fetch(Run *run, GArray *rows)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) messages =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_message_free);
	g_auto(StoreAdded) added = {0};
	const ModelRow *first = &g_array_index(rows, ModelRow, 0);

	for (guint i = 0; i < rows->len; i++)
		g_ptr_array_add(messages,
				message_of(&g_array_index(rows, ModelRow, i)));
	store_writer_add_rows(run->fixture->writer, first->mailbox, messages,
			      &added, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < rows->len; i++) {
		ModelRow *row = &g_array_index(rows, ModelRow, i);
		ModelRow *there;

		row->id = g_array_index(added.ids, gint64, i);
		there = model_row(run->model, row->id);
		if (there == NULL) {
			g_array_append_val(run->model->rows, *row);
			continue;
		}
		there->uid = row->uid;
		there->flags = row->flags;
	}
}

static void
do_fetch(Run *run)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(ModelRow));
	gint64 mailbox = 1 + draw(run, MAILBOXES);
	guint n = 1 + draw(run, 6);
	bool backfill = draw(run, 2) == 0;

	for (guint i = 0; i < n; i++) {
		ModelRow row = new_row(run, mailbox, backfill);

		g_array_append_val(rows, row);
	}
	fetch(run, rows);
}

static ModelRow *
any_row(Run *run)
{
	return run->model->rows->len == 0
		   ? NULL
		   : &g_array_index(run->model->rows, ModelRow,
				    draw(run, run->model->rows->len));
}

static void
do_flags(Run *run)
{
	g_autoptr(GError) error = NULL;
	ModelRow *row = any_row(run);
	MailFlags flags = {draw(run, 16), NULL};
	bool changed = false;

	if (row == NULL || row->uid == 0)
		return;
	store_writer_set_flags(run->fixture->writer, row->mailbox, row->uid,
			       &flags, 7, &changed, &error);
	g_assert_no_error(error);
	g_assert_true(changed == (row->flags != flags.bits));
	row->flags = flags.bits;
}

static UidSet *
some_uids(Run *run, gint64 mailbox)
{
	UidSet *uids = uid_set_new();
	guint n = 1 + draw(run, 3);

	for (guint i = 0; i < n; i++) {
		guint32 from = run->uid_low[mailbox] +
			       draw(run, run->uid_next[mailbox] -
					     run->uid_low[mailbox] + 1);

		uid_set_add_range(uids, from, from + draw(run, 4));
	}
	return uids;
}

static void
do_remove(Run *run)
{
	g_autoptr(GError) error = NULL;
	gint64 mailbox = 1 + draw(run, MAILBOXES);
	g_autoptr(UidSet) uids = some_uids(run, mailbox);
	guint32 uid;
	UidSetIter iter;
	guint removed = 0, expected = 0;

	store_writer_remove(run->fixture->writer, mailbox, uids, &removed,
			    &error);
	g_assert_no_error(error);
	uid_set_iter_init(&iter, uids);
	while (uid_set_iter_next(&iter, &uid)) {
		ModelRow *row = model_find(run->model, mailbox, uid);

		if (row != NULL) {
			model_remove(run->model, row->id);
			expected++;
		}
	}
	g_assert_cmpuint(removed, ==, expected);
}

static void
do_hide(Run *run)
{
	g_autoptr(GError) error = NULL;
	gint64 mailbox = 1 + draw(run, MAILBOXES);
	g_autoptr(UidSet) uids = some_uids(run, mailbox);
	bool hidden = draw(run, 2) == 0;
	guint32 uid;
	UidSetIter iter;

	store_writer_hide(run->fixture->writer, mailbox, uids, hidden, NULL,
			  &error);
	g_assert_no_error(error);
	uid_set_iter_init(&iter, uids);
	while (uid_set_iter_next(&iter, &uid)) {
		ModelRow *row = model_find(run->model, mailbox, uid);

		if (row != NULL)
			row->hidden = hidden;
	}
}

/* ---- the user means ---- */

static void
apply(Run *run, const Change *change)
{
	g_autoptr(GError) error = NULL;

	store_writer_apply_change(run->fixture->writer, change, &error);
	g_assert_no_error(error);
}

static void
commit(Run *run)
{
	if (run->uncommitted)
		fixture_commit(run->fixture);
	run->uncommitted = false;
}

static void
note_copies(Run *run, const Change *change)
{
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		const ModelRow *source = model_row(run->model, message->id);
		g_autofree char *sql = g_strdup_printf(
		    "SELECT msg FROM pend WHERE change = %" G_GINT64_FORMAT
		    " AND copy = %" G_GINT64_FORMAT,
		    change->id, message->id);
		ModelRow copy = *source;

		copy.id = fixture_number(run->fixture, "cache/mail.db", sql);
		g_assert_cmpint(copy.id, >, 0);
		copy.mailbox = strcmp(change->dest, "Archive") == 0 ? 2 : 3;
		copy.uid = 0;
		copy.hidden = false;
		copy.copy_of = message->id;
		copy.copy_change = change->id;
		g_array_append_val(run->model->rows, copy);
	}
}

static void
do_change(Run *run)
{
	static const ChangeKind kinds[] = {CHANGE_FLAGS, CHANGE_FLAGS,
					   CHANGE_MOVE, CHANGE_COPY,
					   CHANGE_DELETE};
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) changes = g_ptr_array_new();
	Change *change = change_new(kinds[draw(run, G_N_ELEMENTS(kinds))]);
	guint n = 1 + draw(run, 3);

	commit(run);
	for (guint i = 0; i < n; i++) {
		ModelRow *row = any_row(run);
		bool twice = false;

		for (guint j = 0; row != NULL && j < change->messages->len; j++)
			twice |=
			    ((ChangeMessage *)change->messages->pdata[j])->id ==
			    row->id;
		if (row == NULL || row->uid == 0 || twice)
			continue;
		g_ptr_array_add(change->messages,
				store_reader_location(run->fixture->reader,
						      row->id, &error));
		g_assert_no_error(error);
	}
	change->add.bits = draw(run, 8);
	change->remove.bits = draw(run, 8) & ~change->add.bits;
	if (change->kind == CHANGE_MOVE || change->kind == CHANGE_COPY)
		change->dest =
		    g_strdup(draw(run, 2) == 0 ? "Archive" : "Trash");
	g_ptr_array_add(changes, change);
	store_journal_add(run->fixture->journal, changes, &error);
	g_assert_no_error(error);
	apply(run, change);
	g_ptr_array_add(run->model->changes, change);
	if (change->kind == CHANGE_COPY) {
		run->uncommitted = true;
		commit(run);
		note_copies(run, change);
	}
}

static void
confirm_place(Run *run, gint64 id, const char *dest, guint32 uid)
{
	gint64 mailbox = strcmp(dest, "Archive") == 0 ? 2 : 3;
	ModelRow *other = model_find(run->model, mailbox, uid);
	ModelRow *row = model_row(run->model, id);

	row->mailbox = mailbox;
	row->uid = uid;
	row->hidden = false;
	row->copy_change = row->copy_of = 0;
	if (other != NULL && other != row) {
		/* the server's word about it is the younger one */
		row->flags = other->flags;
		model_remove(run->model, other->id);
	}
}

/* A FETCH may have told the new place before the answer came. */
static void
fetch_before(Run *run, const ModelRow *source, const char *dest, guint32 uid)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(ModelRow));
	ModelRow row = *source;

	row.mailbox = strcmp(dest, "Archive") == 0 ? 2 : 3;
	row.uid = uid;
	row.flags = draw(run, 16);
	row.hidden = false;
	row.copy_change = row.copy_of = 0;
	g_array_append_val(rows, row);
	fetch(run, rows);
}

static void
confirm_one(Run *run, Change *change, ChangeMessage *message)
{
	ModelRow *row = model_row(run->model, message->id);
	guint32 *next;
	gint64 copy = 0;

	if (row == NULL)
		return;
	if (change->kind == CHANGE_FLAGS) {
		row->flags =
		    (row->flags | change->add.bits) & ~change->remove.bits;
		return;
	}
	if (change->kind == CHANGE_DELETE) {
		model_remove(run->model, row->id);
		return;
	}
	next = &run->uid_next[strcmp(change->dest, "Archive") == 0 ? 2 : 3];
	message->dest_uid = (*next)++;
	if (draw(run, 3) == 0)
		fetch_before(run, row, change->dest, message->dest_uid);
	for (guint i = 0; i < run->model->rows->len; i++) {
		const ModelRow *other =
		    &g_array_index(run->model->rows, ModelRow, i);

		if (other->copy_change == change->id &&
		    other->copy_of == message->id)
			copy = other->id;
	}
	if (change->kind == CHANGE_MOVE)
		confirm_place(run, message->id, change->dest,
			      message->dest_uid);
	else if (copy != 0)
		confirm_place(run, copy, change->dest, message->dest_uid);
}

static void
drop_copies(Run *run, gint64 change)
{
	for (guint i = run->model->rows->len; i-- > 0;)
		if (g_array_index(run->model->rows, ModelRow, i).copy_change ==
		    change)
			g_array_remove_index(run->model->rows, i);
}

/* Some open change goes on. */
static void
do_progress(Run *run)
{
	static const ChangeState states[] = {
	    CHANGE_HELD,      CHANGE_QUEUED,     CHANGE_RUNNING,
	    CHANGE_FAILED,    CHANGE_UNKNOWN,    CHANGE_CONFIRMED,
	    CHANGE_CONFIRMED, CHANGE_SUPERSEDED, CHANGE_SUPERSEDED};
	guint n = run->model->changes->len;
	guint at = n == 0 ? 0 : draw(run, n);
	Change *change;

	if (n == 0)
		return;
	change = g_ptr_array_index(run->model->changes, at);
	change->state = states[draw(run, G_N_ELEMENTS(states))];
	if (change->state == CHANGE_CONFIRMED)
		for (guint i = 0; i < change->messages->len; i++)
			confirm_one(run, change,
				    g_ptr_array_index(change->messages, i));
	apply(run, change);
	if (change_state_is_open(change->state))
		return;
	/* the second time nothing happens */
	if (change->kind != CHANGE_FLAGS)
		apply(run, change);
	if (change->state == CHANGE_SUPERSEDED)
		drop_copies(run, change->id);
	g_ptr_array_remove_index(run->model->changes, at);
}

static void
do_reapply(Run *run)
{
	g_autoptr(GError) error = NULL;

	store_writer_reapply(run->fixture->writer, run->model->changes, &error);
	g_assert_no_error(error);
}

/* What is rolled back never was. By flags: what takes many rows may commit on
 * its way. */
static void
do_rollback(Run *run)
{
	g_autoptr(GError) error = NULL;
	const ModelRow *row = any_row(run);
	MailFlags flags = {draw(run, 16), NULL};

	if (row == NULL || row->uid == 0)
		return;
	commit(run);
	store_writer_set_flags(run->fixture->writer, row->mailbox, row->uid,
			       &flags, 9, NULL, &error);
	g_assert_no_error(error);
	store_writer_rollback(run->fixture->writer);
}

static void
do_reopen(Run *run)
{
	StoreOpened opened;

	commit(run);
	fixture_close(run->fixture);
	fixture_open(run->fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_OPENED);
	do_reapply(run);
}

/* ---- */

static void
compare(Run *run)
{
	commit(run);
	for (guint i = 0; i < run->model->rows->len; i++) {
		ModelRow *row = &g_array_index(run->model->rows, ModelRow, i);
		g_autoptr(MessageRow) told =
		    store_reader_row(run->fixture->reader, row->id, NULL);

		g_assert_nonnull(told);
		row->thread = told->thread;
	}
	model_show(run->model, mailboxes);
	model_compare(run->model, run->fixture, MAILBOXES, run->random);
	fixture_recount(run->fixture);
}

static void
test_random(gconstpointer data)
{
	static const struct {
		void (*act)(Run *run);
		guint weight;
	} acts[] = {
	    {do_fetch, 30},  {do_flags, 30},   {do_remove, 12},
	    {do_hide, 8},    {do_change, 22},  {do_progress, 24},
	    {do_reapply, 1}, {do_rollback, 3}, {do_reopen, 1},
	};
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(Model) model = model_new();
	g_autoptr(GRand) random =
	    g_rand_new_with_seed((guint32)GPOINTER_TO_UINT(data));
	Run run = {.fixture = fixture, .model = model, .random = random};
	guint steps = test_is_exhaustive() ? 1500 : test_size(800, 500);
	guint weights = 0;

	for (guint i = 0; i < G_N_ELEMENTS(acts); i++)
		weights += acts[i].weight;
	for (guint i = 1; i <= MAILBOXES; i++) {
		g_assert_cmpint(fixture_mailbox(fixture, mailboxes[i - 1]), ==,
				i);
		run.uid_next[i] = run.uid_low[i] = 100000;
	}
	for (guint step = 0; step < steps; step++) {
		guint at = draw(&run, weights), i = 0;

		while (at >= acts[i].weight)
			at -= acts[i++].weight;
		acts[i].act(&run);
		run.uncommitted = true;
		if (draw(&run, 4) == 0)
			commit(&run);
		if (step % 60 == 59)
			compare(&run);
	}
	compare(&run);
}

int
main(int argc, char **argv)
{
	guint seeds;

	g_test_init(&argc, &argv, NULL);
	seeds = test_is_exhaustive() ? 200 : 2;
	for (guint seed = 1; seed <= seeds; seed++) {
		g_autofree char *path =
		    g_strdup_printf("/store/model/%u", seed);

		g_test_add_data_func(path, GUINT_TO_POINTER(seed), test_random);
	}
	return g_test_run();
}
