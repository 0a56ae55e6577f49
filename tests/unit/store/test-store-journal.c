/* test-store-journal.c - what the user meant is durable, ordered and bounded;
 * threads and processes write it beside each other */
#include "store-fixture.h"

#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static StoreJournal *
open_journal(const Fixture *fixture)
{
	g_autoptr(GError) error = NULL;
	StoreJournal *journal =
	    store_journal_open(fixture->state, false, NULL, NULL, &error);

	g_assert_no_error(error);
	return journal;
}

static Change *
add(StoreJournal *journal, ChangeKind kind, gint64 message)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) changes = g_ptr_array_new();
	Change *change = change_new(kind);

	g_ptr_array_add(change->messages,
			change_message_new(message, "INBOX", 5, 7, "a@x.y"));
	g_ptr_array_add(changes, change);
	store_journal_add(journal, changes, &error);
	g_assert_no_error(error);
	g_assert_cmpint(change->id, >, 0);
	return change;
}

/* Every value comes back, after a close too. */
static void
test_kept(void)
{
	g_autoptr(Fixture) fixture = fixture_new_folders();
	StoreJournal *journal = open_journal(fixture);
	g_autoptr(GPtrArray) changes = g_ptr_array_new();
	g_autoptr(Change) change = change_new(CHANGE_MOVE);
	g_autoptr(Change) told = NULL;
	const ChangeMessage *message;

	change->state = CHANGE_HELD;
	change->step = CHANGE_STEP_COPIED;
	change->mailbox = g_strdup("INBOX");
	change->dest = g_strdup("&AOk-");
	change->add = mail_flags_parse("\\Seen $Zebra ape", -1);
	change->remove = mail_flags_parse("$Junk", -1);
	change->draft_uuid = g_strdup("uuid");
	change->draft_rev = 3;
	change->dest_uid_validity = G_MAXUINT32;
	change->dest_uid_next = 9;
	change->attempts = 4;
	change->not_before = G_MAXINT64;
	change->error = g_strdup("NO [OVERQUOTA] 'no'");
	for (guint i = 0; i < 3; i++)
		g_ptr_array_add(change->messages,
				change_message_new(i + 1, "INBOX", G_MAXUINT32,
						   G_MAXUINT32 - i,
						   i == 1 ? NULL : "a@x.y"));
	((ChangeMessage *)change->messages->pdata[2])->dest_uid = 77;
	g_ptr_array_add(changes, change);
	g_assert_true(store_journal_add(journal, changes, NULL));
	store_journal_close(journal);
	journal = open_journal(fixture);
	told = store_journal_get(journal, change->id, NULL);
	g_assert_nonnull(told);
	g_assert_cmpint(told->kind, ==, CHANGE_MOVE);
	g_assert_cmpint(told->state, ==, CHANGE_HELD);
	g_assert_cmpint(told->step, ==, CHANGE_STEP_COPIED);
	g_assert_cmpint(told->group, ==, change->group);
	g_assert_cmpint(told->created, ==, change->created);
	g_assert_cmpstr(told->mailbox, ==, "INBOX");
	g_assert_cmpstr(told->dest, ==, "&AOk-");
	g_assert_true(mail_flags_equal(&told->add, &change->add));
	g_assert_true(mail_flags_equal(&told->remove, &change->remove));
	g_assert_cmpstr(told->draft_uuid, ==, "uuid");
	g_assert_cmpuint(told->draft_rev, ==, 3);
	g_assert_cmpuint(told->dest_uid_validity, ==, G_MAXUINT32);
	g_assert_cmpuint(told->dest_uid_next, ==, 9);
	g_assert_cmpuint(told->attempts, ==, 4);
	g_assert_cmpint(told->not_before, ==, G_MAXINT64);
	g_assert_cmpstr(told->error, ==, "NO [OVERQUOTA] 'no'");
	g_assert_cmpuint(told->messages->len, ==, 3);
	message = told->messages->pdata[2];
	g_assert_cmpuint(message->uid, ==, G_MAXUINT32 - 2);
	g_assert_cmpuint(message->dest_uid, ==, 77);
	message = told->messages->pdata[1];
	g_assert_null(message->message_id);
	store_journal_close(journal);
}

/* retry and drop, from each state */
static void
test_retry_drop(void)
{
	static const struct {
		ChangeState from;
		bool may;
	} cases[] = {
	    {CHANGE_HELD, true},        {CHANGE_QUEUED, true},
	    {CHANGE_RUNNING, false},    {CHANGE_CONFIRMED, false},
	    {CHANGE_FAILED, true},      {CHANGE_UNKNOWN, true},
	    {CHANGE_SUPERSEDED, false},
	};
	g_autoptr(Fixture) fixture = fixture_new_folders();
	StoreJournal *journal = open_journal(fixture);

	for (guint i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
		bool retry = i % 2 == 0;
		g_autoptr(GError) error = NULL;
		g_autoptr(Change) change = add(journal, CHANGE_FLAGS, 1);
		g_autoptr(Change) told = NULL;
		bool may = cases[i / 2].may;

		change->state = cases[i / 2].from;
		change->attempts = 3;
		change->not_before = 12345;
		change->error = g_strdup("NO");
		g_assert_true(store_journal_update(journal, change, NULL));
		g_assert_true(
		    (retry ? store_journal_retry(journal, change->id, &error)
			   : store_journal_drop(journal, change->id, &error)) ==
		    may);
		told = store_journal_get(journal, change->id, NULL);
		if (!may) {
			g_assert_error(error, STORE_ERROR,
				       STORE_ERROR_NOT_FOUND);
			g_assert_cmpint(told->state, ==, change->state);
		} else if (retry) {
			g_assert_cmpint(told->state, ==, CHANGE_QUEUED);
			g_assert_cmpint(told->not_before, ==, 0);
			g_assert_null(told->error);
		} else {
			g_assert_cmpint(told->state, ==, CHANGE_SUPERSEDED);
		}
	}
	store_journal_close(journal);
}

/* One undo takes back the last group that has one, once. */
static void
test_undo(void)
{
	static const struct {
		ChangeKind kind;
		ChangeState state;
		bool undoable;
	} cases[] = {
	    {CHANGE_FLAGS, CHANGE_QUEUED, true},
	    {CHANGE_MOVE, CHANGE_CONFIRMED, true},
	    {CHANGE_COPY, CHANGE_CONFIRMED, true},
	    {CHANGE_FLAGS, CHANGE_SUPERSEDED, false},
	    {CHANGE_DELETE, CHANGE_CONFIRMED, false},
	    {CHANGE_APPEND, CHANGE_CONFIRMED, false},
	    {CHANGE_FOLDER_CREATE, CHANGE_CONFIRMED, true},
	    {CHANGE_FOLDER_DELETE, CHANGE_CONFIRMED, false},
	    {CHANGE_SEND, CHANGE_HELD, true},
	    {CHANGE_SEND, CHANGE_RUNNING, false},
	};
	g_autoptr(Fixture) fixture = fixture_new_folders();
	StoreJournal *journal = open_journal(fixture);
	g_autoptr(Change) undo = change_new(CHANGE_FLAGS);
	gint64 last = 0, before = 0;

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Change) change = add(journal, cases[i].kind, 1);
		g_autoptr(GPtrArray) found = NULL;

		change->state = cases[i].state;
		g_assert_true(store_journal_update(journal, change, NULL));
		if (cases[i].undoable) {
			before = last;
			last = change->id;
		}
		found = store_journal_last_undoable(journal, NULL);
		g_assert_cmpuint(found->len, ==, 1);
		g_assert_cmpint(((Change *)found->pdata[0])->id, ==, last);
	}
	undo->undoes = last;
	{
		g_autoptr(GPtrArray) changes = g_ptr_array_new();
		g_autoptr(GPtrArray) found = NULL;

		g_ptr_array_add(changes, undo);
		g_assert_true(store_journal_add(journal, changes, NULL));
		found = store_journal_last_undoable(journal, NULL);
		g_assert_cmpuint(found->len, ==, 1);
		g_assert_cmpint(((Change *)found->pdata[0])->id, ==, before);
	}
	store_journal_close(journal);
}

static void
test_groups(void)
{
	g_autoptr(Fixture) fixture = fixture_new_folders();
	StoreJournal *journal = open_journal(fixture);
	g_autoptr(GPtrArray) group = change_list_new();
	g_autoptr(Change) single = add(journal, CHANGE_FLAGS, 1);
	g_autoptr(GPtrArray) told = NULL, named = NULL, none = NULL;
	guint waiting, failed;
	gint64 due;

	for (guint i = 0; i < 3; i++) {
		Change *change = change_new(CHANGE_FLAGS);

		change->state = i == 2 ? CHANGE_FAILED : CHANGE_QUEUED;
		change->not_before = i == 1 ? 500 : 900 * (gint64)i;
		g_ptr_array_add(change->messages,
				change_message_new(40 + i, "INBOX", 1, 1, ""));
		g_ptr_array_add(group, change);
	}
	g_assert_true(store_journal_add(journal, group, NULL));
	told = store_journal_group(journal, ((Change *)group->pdata[0])->group,
				   NULL);
	g_assert_cmpuint(told->len, ==, 3);
	g_assert_cmpint(single->group, !=, ((Change *)told->pdata[0])->group);
	g_assert_true(store_journal_counts(journal, &waiting, &failed, NULL));
	g_assert_cmpuint(waiting, ==, 3);
	g_assert_cmpuint(failed, ==, 1);
	g_assert_true(store_journal_next_due(journal, &due, NULL));
	g_assert_cmpint(due, ==, 500);
	named = store_journal_for_message(journal, 41, NULL);
	g_assert_cmpuint(named->len, ==, 1);
	none = store_journal_for_message(journal, 99, NULL);
	g_assert_cmpuint(none->len, ==, 0);
	store_journal_close(journal);
}

static void
test_prune(void)
{
	g_autoptr(Fixture) fixture = fixture_new_folders();
	StoreJournal *journal = open_journal(fixture);
	g_autoptr(GPtrArray) history = NULL, open = NULL;
	g_autoptr(Change) first = add(journal, CHANGE_FLAGS, 1);
	g_autoptr(Change) next = NULL;
	gint64 last = 0;

	for (guint i = 0; i < STORE_HISTORY_MAX + 50; i++) {
		g_autoptr(Change) change = add(journal, CHANGE_FLAGS, 1);

		change->state =
		    i % 3 == 0 ? CHANGE_SUPERSEDED : CHANGE_CONFIRMED;
		g_assert_true(store_journal_update(journal, change, NULL));
		last = change->id;
	}
	g_assert_true(store_journal_prune(journal, NULL));
	g_assert_true(store_journal_prune(journal, NULL));
	history = store_journal_history(journal, NULL);
	g_assert_cmpuint(history->len, ==, STORE_HISTORY_MAX);
	g_assert_cmpint(((Change *)history->pdata[0])->id, ==, last);
	/* what is open is never forgotten, however old */
	open = store_journal_open_changes(journal, NULL);
	g_assert_cmpuint(open->len, ==, 1);
	g_assert_cmpint(((Change *)open->pdata[0])->id, ==, first->id);
	store_journal_close(journal);
	g_assert_cmpint(fixture_number(fixture, "state/journal.db",
				       "SELECT count(*) FROM message"),
			==, STORE_HISTORY_MAX + 1);
	fixture_exec(fixture, "state/journal.db", "DELETE FROM change");
	journal = open_journal(fixture);
	next = add(journal, CHANGE_FLAGS, 1);
	g_assert_cmpint(next->id, >, last);
	store_journal_close(journal);
}

static void
test_values(void)
{
	g_autoptr(Fixture) fixture = fixture_new_folders();
	StoreJournal *journal = open_journal(fixture);
	StoreJournal *other = open_journal(fixture);
	g_autoptr(GError) error = NULL;
	g_autofree char *value = NULL;

	g_assert_null(store_journal_value(journal, "due/1", &error));
	g_assert_no_error(error);
	(void)store_journal_changed(other);
	g_assert_true(store_journal_set(journal, "due/1", "2026-12-01", NULL));
	g_assert_true(store_journal_changed(other));
	g_assert_false(store_journal_changed(other));
	g_assert_false(store_journal_changed(journal));
	value = store_journal_value(other, "due/1", NULL);
	g_assert_cmpstr(value, ==, "2026-12-01");
	g_assert_true(store_journal_set(other, "due/1", NULL, NULL));
	g_assert_null(store_journal_value(journal, "due/1", &error));
	g_assert_no_error(error);
	store_journal_close(other);
	store_journal_close(journal);
}

static void
test_limit(void)
{
	g_autoptr(Fixture) fixture = fixture_new_folders();
	StoreJournal *journal = open_journal(fixture);
	g_autoptr(GPtrArray) changes = change_list_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(ChangeMessage) message =
	    change_message_new(1, "INBOX", 1, 1, NULL);
	Change *change = change_new(CHANGE_FLAGS);
	GPtrArray *many = g_ptr_array_new();

	for (guint i = 0; i <= STORE_MESSAGES_MAX; i++)
		g_ptr_array_add(many, message);
	g_ptr_array_unref(change->messages);
	change->messages = many;
	g_ptr_array_add(changes, change);
	g_assert_false(store_journal_add(journal, changes, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_LIMIT);
	g_assert_cmpint(fixture_number(fixture, "state/journal.db",
				       "SELECT count(*) FROM change"),
			==, 0);
	store_journal_close(journal);
}

/* ---- beside each other ---- */

#define WRITERS 4u
#define EACH 40u

static bool
write_many(const char *state_folder)
{
	StoreJournal *journal =
	    store_journal_open(state_folder, false, NULL, NULL, NULL);
	bool good = journal != NULL;

	for (guint i = 0; good && i < EACH; i++) {
		g_autoptr(GPtrArray) changes = change_list_new();
		gint64 first;

		for (guint j = 0; j < 2; j++) {
			Change *change = change_new(CHANGE_FLAGS);

			g_ptr_array_add(
			    change->messages,
			    change_message_new(1, "INBOX", 1, 1, "a@x.y"));
			g_ptr_array_add(changes, change);
		}
		good = store_journal_add(journal, changes, NULL) &&
		       store_journal_reserve_ids(journal, 10, &first, NULL);
	}
	store_journal_close(journal);
	return good;
}

static void *
write_thread(void *folder)
{
	return write_many(folder) ? folder : NULL;
}

static void
check_written(const Fixture *fixture)
{
	static const char *const sql[] = {
	    "SELECT count(*) FROM change",
	    "SELECT count(DISTINCT grp) * 2 FROM change",
	    "SELECT (value - 1) / 5 FROM meta WHERE key = 'next-id'",
	    "SELECT count(*) FROM message",
	};

	for (guint i = 0; i < G_N_ELEMENTS(sql); i++)
		g_assert_cmpint(
		    fixture_number(fixture, "state/journal.db", sql[i]), ==,
		    WRITERS * EACH * 2);
}

static void
test_threads(void)
{
	g_autoptr(Fixture) fixture = fixture_new_folders();
	pthread_t threads[WRITERS];

	for (guint i = 0; i < WRITERS; i++)
		g_assert_cmpint(pthread_create(&threads[i], NULL, write_thread,
					       fixture->state),
				==, 0);
	for (guint i = 0; i < WRITERS; i++) {
		void *good;

		g_assert_cmpint(pthread_join(threads[i], &good), ==, 0);
		g_assert_nonnull(good);
	}
	check_written(fixture);
}

static void
test_processes(void)
{
	g_autoptr(Fixture) fixture = fixture_new_folders();
	pid_t children[WRITERS];

	for (guint i = 0; i < WRITERS; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(write_many(fixture->state) ? 0 : 1);
	}
	for (guint i = 0; i < WRITERS; i++) {
		int status;

		waitpid(children[i], &status, 0);
		g_assert_cmpint(status, ==, 0);
	}
	check_written(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	/* before the threads: a child of a process with some is no good */
	g_test_add_func("/store/journal/a-processes", test_processes);
	g_test_add_func("/store/journal/b-threads", test_threads);
	g_test_add_func("/store/journal/kept", test_kept);
	g_test_add_func("/store/journal/retry-drop", test_retry_drop);
	g_test_add_func("/store/journal/undo", test_undo);
	g_test_add_func("/store/journal/groups", test_groups);
	g_test_add_func("/store/journal/prune", test_prune);
	g_test_add_func("/store/journal/values", test_values);
	g_test_add_func("/store/journal/limit", test_limit);
	return g_test_run();
}
