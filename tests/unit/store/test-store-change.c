/* test-store-change.c - what the user meant, on top of what the server says:
 * each kind in each state, moves that FETCH overtakes, UIDs numbered anew */
#include "store-fixture.h"

#include <string.h>

static const Mail mail = {7, 1, "a@x.y", NULL, "subject", "from", 0};

/* What is seen of INBOX and Archive: uid and flags of each row. */
static char *
seen(Fixture *fixture)
{
	GString *text = g_string_new(NULL);

	for (gint64 mailbox = 1; mailbox <= 2; mailbox++) {
		StoreList list = {mailbox, STORE_ORDER_DATE};
		g_autoptr(GPtrArray) rows = store_reader_page(
		    fixture->reader, &list, NULL, STORE_AT, 100, NULL, NULL);

		g_assert_nonnull(rows);
		g_string_append(text, mailbox == 1 ? "" : "|");
		for (guint i = 0; i < rows->len; i++) {
			const MessageRow *row = rows->pdata[i];

			g_string_append_printf(text, "%u:%x%s ", row->uid,
					       row->flags.bits,
					       row->marks == 0   ? ""
					       : row->marks == 1 ? "w"
					       : row->marks == 2 ? "f"
					       : row->marks == 4 ? "s"
								 : "?");
		}
	}
	fixture_recount(fixture);
	return g_string_free(text, FALSE);
}

static void
assert_seen(Fixture *fixture, const char *expected)
{
	g_autofree char *told = seen(fixture);

	g_assert_cmpstr(told, ==, expected);
}

static void
set_dest(Change *change, guint32 uid)
{
	((ChangeMessage *)change->messages->pdata[0])->dest_uid = uid;
}

/* ---- each kind in each state ---- */

typedef struct {
	ChangeKind kind;
	const char *waits;
	const char *failed;
	const char *confirmed; /* with UID 40 in the target */
	const char *untold;    /* the target's UID was not told */
} Kind;

static const Kind kinds[] = {
    {CHANGE_FLAGS, "7:4w |", "7:0f |", "7:4 |", "7:4 |"},
    {CHANGE_MOVE, "|0:0w ", "7:0f |", "|40:0 ", "|0:0 "},
    {CHANGE_COPY, "7:0w |0:0w ", "7:0f |", "7:0 |40:0 ", "7:0 |0:0 "},
    {CHANGE_DELETE, "|", "7:0f |", "|", "|"},
};

static Change *
make_change(Fixture *fixture, const Kind *kind)
{
	gint64 inbox = fixture_mailbox(fixture, "INBOX");
	gint64 id;
	Change *change;

	fixture_mailbox(fixture, "Archive");
	id = fixture_add_one(fixture, inbox, &mail);
	change = fixture_change(
	    fixture, kind->kind, id,
	    kind->kind == CHANGE_MOVE || kind->kind == CHANGE_COPY ? "Archive"
								   : NULL);
	if (kind->kind == CHANGE_FLAGS)
		change->add.bits = MAIL_FLAG_FLAGGED;
	return change;
}

static const char *
expected_of(const Kind *kind, ChangeState state)
{
	switch (state) {
	case CHANGE_FAILED:
	case CHANGE_UNKNOWN:
		return kind->failed;
	case CHANGE_CONFIRMED:
		return kind->confirmed;
	case CHANGE_SUPERSEDED:
		return "7:0 |";
	default:
		return kind->waits;
	}
}

/* Both mailboxes go: nothing is left of them, the next have their numbers. */
static void
forget_mailboxes(Fixture *fixture)
{
	for (gint64 mailbox = 1; mailbox <= 2; mailbox++)
		g_assert_true(store_writer_remove_mailbox(fixture->writer,
							  mailbox, NULL));
	fixture_commit(fixture);
	g_assert_cmpint(fixture_number(fixture, "cache/mail.db",
				       "SELECT count(*) FROM msg"),
			==, 0);
}

/* From each open state to each state, each of them twice. */
static void
test_states(gconstpointer data)
{
	const Kind *kind = data;
	g_autoptr(Fixture) fixture = fixture_new();

	for (ChangeState from = CHANGE_HELD; from <= CHANGE_UNKNOWN; from++)
		for (ChangeState to = CHANGE_HELD; to <= CHANGE_SUPERSEDED;
		     to++) {
			g_autoptr(Change) change = NULL;

			if (!change_state_is_open(from))
				continue;
			change = make_change(fixture, kind);
			set_dest(change, 40);
			fixture_apply(fixture, change, from);
			assert_seen(fixture, expected_of(kind, from));
			fixture_apply(fixture, change, from);
			assert_seen(fixture, expected_of(kind, from));
			fixture_apply(fixture, change, to);
			assert_seen(fixture, expected_of(kind, to));
			fixture_apply(fixture, change, to);
			assert_seen(fixture, expected_of(kind, to));
			forget_mailboxes(fixture);
		}
}

static void
test_untold(gconstpointer data)
{
	const Kind *kind = data;
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(Change) change = make_change(fixture, kind);
	g_autoptr(GArray) lost = NULL;
	Mail there = mail;

	fixture_apply(fixture, change, CHANGE_RUNNING);
	fixture_apply(fixture, change, CHANGE_CONFIRMED);
	assert_seen(fixture, kind->untold);
	if (change->dest == NULL)
		return;
	/* a later FETCH tells it */
	there.uid = 42; /* of the same size: 7 and 42 agree modulo 7 */
	fixture_add_one(fixture, 2, &there);
	assert_seen(fixture,
		    kind->kind == CHANGE_MOVE ? "|42:0 " : "7:0 |42:0 ");
	g_assert_true(
	    store_writer_settle_mailbox(fixture->writer, 2, &lost, NULL));
	fixture_commit(fixture);
	assert_seen(fixture,
		    kind->kind == CHANGE_MOVE ? "|42:0 " : "7:0 |42:0 ");
}

/* The journal is the truth: what is not open there is taken back. */
static void
test_reapply(gconstpointer data)
{
	const Kind *kind = data;
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(Change) change = make_change(fixture, kind);
	g_autoptr(GPtrArray) open = g_ptr_array_new();

	g_ptr_array_add(open, change);
	for (guint i = 0; i < 3; i++) {
		g_assert_true(
		    store_writer_reapply(fixture->writer, open, NULL));
		fixture_commit(fixture);
		assert_seen(fixture, kind->waits);
	}
	g_ptr_array_set_size(open, 0);
	g_assert_true(store_writer_reapply(fixture->writer, open, NULL));
	fixture_commit(fixture);
	assert_seen(fixture, "7:0 |");
}

/* mail.db was lost: the message comes again, under the number the journal
 * knows, and what waits for it shows at once. */
static void
test_cache_lost(gconstpointer data)
{
	const Kind *kind = data;
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(Change) change = make_change(fixture, kind);
	g_autoptr(GPtrArray) open = g_ptr_array_new();
	g_autofree char *mark = fixture_path(fixture, "cache/mail.db-damaged");
	gint64 id = ((ChangeMessage *)change->messages->pdata[0])->id;
	StoreOpened opened;

	fixture_close(fixture);
	g_assert_true(g_file_set_contents(mark, "", 0, NULL));
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_REBUILT);
	g_ptr_array_add(open, change);
	g_assert_true(store_writer_reapply(fixture->writer, open, NULL));
	fixture_commit(fixture);
	fixture_mailbox(fixture, "INBOX");
	fixture_mailbox(fixture, "Archive");
	g_assert_cmpint(fixture_number(fixture, "cache/mail.db",
				       "SELECT count(*) FROM msg"),
			==, 0);
	g_assert_cmpint(
	    fixture_add_one(
		fixture,
		fixture_number(fixture, "cache/mail.db",
			       "SELECT id FROM mailbox WHERE wire = 'INBOX'"),
		&mail),
	    ==, id);
	g_assert_cmpint(fixture_number(fixture, "cache/mail.db",
				       "SELECT marks FROM msg WHERE uid = 7"),
			==, MESSAGE_MARK_WAITING);
	fixture_recount(fixture);
}

/* ---- several ---- */

/* Flag, move, flag; dropped in any order, the rest stays. */
static void
test_taken_back(void)
{
	static const guint orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					  {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	static const struct {
		guint left; /* bit for each that is still there */
		const char *seen;
	} steps[] = {{0, "7:0 |"},  {1, "7:4w |"}, {2, "|0:0w "},
		     {3, "|0:4w "}, {4, "7:1w |"}, {5, "7:5w |"},
		     {6, "|0:1w "}, {7, "|0:5w "}};

	for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
		g_autoptr(Fixture) fixture = fixture_new();
		g_autoptr(Change) first = make_change(fixture, &kinds[0]);
		gint64 id = ((ChangeMessage *)first->messages->pdata[0])->id;
		g_autoptr(Change) second =
		    fixture_change(fixture, CHANGE_MOVE, id, "Archive");
		g_autoptr(Change) third =
		    fixture_change(fixture, CHANGE_FLAGS, id, NULL);
		Change *all[] = {first, second, third};
		guint left = 7;

		third->add.bits = MAIL_FLAG_SEEN;
		for (guint j = 0; j < 3; j++)
			fixture_apply(fixture, all[j], CHANGE_QUEUED);
		assert_seen(fixture, steps[left].seen);
		for (guint j = 0; j < 3; j++) {
			fixture_apply(fixture, all[orders[i][j]],
				      CHANGE_SUPERSEDED);
			left &= ~(1u << orders[i][j]);
			assert_seen(fixture, steps[left].seen);
		}
	}
}

/* What the server says goes below what waits. */
static void
test_server_below(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(Change) change = make_change(fixture, &kinds[0]);
	MailFlags flags = {MAIL_FLAG_ANSWERED, NULL};
	MailFlags told = {0};

	fixture_apply(fixture, change, CHANGE_QUEUED);
	g_assert_true(store_writer_set_flags(fixture->writer, 1, 7, &flags, 9,
					     NULL, NULL));
	fixture_commit(fixture);
	assert_seen(fixture, "7:6w |");
	g_assert_true(store_reader_server_flags(
	    fixture->reader, ((ChangeMessage *)change->messages->pdata[0])->id,
	    &told, NULL, NULL));
	g_assert_cmphex(told.bits, ==, MAIL_FLAG_ANSWERED);
	mail_flags_clear(&told);
	fixture_apply(fixture, change, CHANGE_SUPERSEDED);
	assert_seen(fixture, "7:2 |");
}

/* The target is not there yet: its creation waits in the queue. */
static void
test_target_unknown(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 inbox = fixture_mailbox(fixture, "INBOX");
	gint64 id = fixture_add_one(fixture, inbox, &mail);
	g_autoptr(Change) change =
	    fixture_change(fixture, CHANGE_MOVE, id, "Archive");
	g_autoptr(GPtrArray) mailboxes = NULL;

	fixture_apply(fixture, change, CHANGE_QUEUED);
	mailboxes = store_reader_mailboxes(fixture->reader, NULL);
	g_assert_cmpuint(mailboxes->len, ==, 1);
	assert_seen(fixture, "|0:0w ");
	g_assert_cmpint(fixture_mailbox(fixture, "Archive"), ==, 2);
	set_dest(change, 40);
	fixture_apply(fixture, change, CHANGE_CONFIRMED);
	assert_seen(fixture, "|40:0 ");
}

/* The target goes while a move to it waits: the message is where it was. */
static void
test_target_gone(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(Change) move = make_change(fixture, &kinds[1]);

	fixture_apply(fixture, move, CHANGE_QUEUED);
	assert_seen(fixture, "|0:0w ");
	g_assert_true(store_writer_remove_mailbox(fixture->writer, 2, NULL));
	fixture_commit(fixture);
	assert_seen(fixture, "7:0w |");
	fixture_apply(fixture, move, CHANGE_FAILED);
	assert_seen(fixture, "7:0f |");
}

/* ---- moved ---- */

static void
test_moved(void)
{
	static const struct {
		guint32 uid;
		bool fetched; /* before */
		const char *seen;
	} cases[] = {
	    {42, false, "|42:0 "}, {0, false, "|0:0 "}, {42, true, "|42:5 "}};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Fixture) fixture = fixture_new();
		gint64 inbox = fixture_mailbox(fixture, "INBOX");
		gint64 archive = fixture_mailbox(fixture, "Archive");
		gint64 id = fixture_add_one(fixture, inbox, &mail);
		Mail there = mail;

		there.uid = 42;
		there.flags = 5;
		if (cases[i].fetched) {
			gint64 other =
			    fixture_add_one(fixture, archive, &there);
			g_autoptr(Change) change =
			    fixture_change(fixture, CHANGE_FLAGS, other, NULL);

			/* what the user did to that row is not forgotten */
			change->add.bits = MAIL_FLAG_DRAFT;
			fixture_apply(fixture, change, CHANGE_QUEUED);
			g_assert_true(store_writer_moved(fixture->writer, id,
							 archive, 42, NULL));
			fixture_commit(fixture);
			assert_seen(fixture, "|42:15w ");
			fixture_apply(fixture, change, CHANGE_SUPERSEDED);
		} else {
			g_assert_true(store_writer_moved(
			    fixture->writer, id, archive, cases[i].uid, NULL));
			fixture_commit(fixture);
		}
		assert_seen(fixture, cases[i].seen);
		/* it is told (again): the same message, by its local id */
		g_assert_cmpint(fixture_add_one(fixture, archive, &there), ==,
				id);
		assert_seen(fixture, "|42:5 ");
	}
}

/* ---- numbered anew ---- */

typedef struct {
	const char *name;
	guint n;
	Mail before[3];
	Mail after[3];
	const char *seen; /* before it is settled */
	guint lost;       /* settled: rows with a change that found no match */
} Renumbering;

static const Renumbering renumberings[] = {
    {"same",
     2,
     {{1, 1, "a@x.y", NULL, "s", "f", 1}, {2, 2, "b@x.y", NULL, "s", "f", 0}},
     {{8, 1, "a@x.y", NULL, "s", "f", 0}, {9, 2, "b@x.y", NULL, "s", "f", 4}},
     "9:4 8:0 |",
     0},
    {"other-date",
     1,
     {{1, 1, "a@x.y", NULL, "s", "f", 0}},
     {{8, 5, "a@x.y", NULL, "s", "f", 0}},
     "8:0 |",
     0},
    {"other-size",
     1,
     {{1, 1, "a@x.y", NULL, "s", "f", 0}},
     {{9, 1, "a@x.y", NULL, "s", "f", 0}},
     "9:0 0:0s |",
     0},
    {"twins-here",
     2,
     {{1, 1, "a@x.y", NULL, "s", "f", 0}, {8, 1, "a@x.y", NULL, "s", "f", 0}},
     {{15, 1, "a@x.y", NULL, "s", "f", 0}},
     "15:0 0:0s 0:0s |",
     0},
    {"twins-there",
     1,
     {{1, 1, "a@x.y", NULL, "s", "f", 0}},
     {{8, 1, "a@x.y", NULL, "s", "f", 0}, {15, 1, "a@x.y", NULL, "s", "f", 0}},
     "15:0 8:0 0:0s |",
     0},
    {"twins-by-date",
     2,
     {{1, 1, "a@x.y", NULL, "s", "f", 0}, {8, 2, "a@x.y", NULL, "s", "f", 0}},
     {{15, 1, "a@x.y", NULL, "s", "f", 0}, {22, 2, "a@x.y", NULL, "s", "f", 0}},
     "22:0 15:0 |",
     0},
    {"no-id",
     1,
     {{1, 1, NULL, NULL, "s", "f", 0}},
     {{8, 1, NULL, NULL, "s", "f", 0}},
     "8:0 |",
     0},
    {"no-id-other-date",
     1,
     {{1, 1, NULL, NULL, "s", "f", 0}},
     {{8, 2, NULL, NULL, "s", "f", 0}},
     "8:0 0:0s |",
     0},
};

static guint
count_mails(const Mail *mails)
{
	guint n = 0;

	while (n < 3 && mails[n].uid != 0)
		n++;
	return n;
}

static void
test_renumbered(gconstpointer data)
{
	const Renumbering *this = data;
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 inbox = fixture_mailbox(fixture, "INBOX");
	g_auto(StoreMailboxState) state = {0};
	g_autoptr(GArray) ids = NULL, later = NULL, lost = NULL;
	g_autoptr(GError) error = NULL;
	StoreList list = {inbox, STORE_ORDER_DATE};
	guint total;

	ids = fixture_add(fixture, inbox, this->before,
			  count_mails(this->before));
	store_writer_reset_mailbox(fixture->writer, inbox, 77, &error);
	g_assert_no_error(error);
	fixture_commit(fixture);
	g_assert_true(store_reader_state(fixture->reader, inbox, &state, NULL));
	g_assert_cmpuint(state.server.uid_validity, ==, 77);
	g_assert_cmpuint(state.stale, ==, ids->len);
	g_assert_true(store_reader_total(fixture->reader, &list, &total, NULL));
	g_assert_cmpuint(total, ==, ids->len);
	later =
	    fixture_add(fixture, inbox, this->after, count_mails(this->after));
	assert_seen(fixture, this->seen);
	g_assert_true(
	    store_writer_settle_mailbox(fixture->writer, inbox, &lost, &error));
	fixture_commit(fixture);
	g_assert_cmpuint(lost->len, ==, this->lost);
	g_assert_true(store_reader_total(fixture->reader, &list, &total, NULL));
	g_assert_cmpuint(total, ==, later->len);
	fixture_recount(fixture);
}

/* With a change that waits it is not dropped but told. */
static void
test_renumbered_lost(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(Change) change = make_change(fixture, &kinds[0]);
	g_autoptr(GArray) lost = NULL;

	fixture_apply(fixture, change, CHANGE_QUEUED);
	g_assert_true(store_writer_reset_mailbox(fixture->writer, 1, 77, NULL));
	g_assert_true(
	    store_writer_settle_mailbox(fixture->writer, 1, &lost, NULL));
	fixture_commit(fixture);
	g_assert_cmpuint(lost->len, ==, 1);
	g_assert_cmpint(g_array_index(lost, gint64, 0), ==,
			((ChangeMessage *)change->messages->pdata[0])->id);
	assert_seen(fixture, "0:4? |");
}

/* A UID that suddenly is another message. */
static void
test_uid_reused(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 inbox = fixture_mailbox(fixture, "INBOX");
	gint64 id = fixture_add_one(fixture, inbox, &mail);
	Mail other = mail;

	other.mid = "other@x.y";
	g_assert_cmpint(fixture_add_one(fixture, inbox, &other), !=, id);
	assert_seen(fixture, "7:0 |");
	other.uid = 0;
	g_assert_cmpint(fixture_add_one(fixture, inbox, &other), ==, 0);
	assert_seen(fixture, "7:0 |");
}

int
main(int argc, char **argv)
{
	static const char *const names[] = {"flags", "move", "copy", "delete"};
	static const struct {
		const char *name;
		void (*test)(gconstpointer data);
	} tests[] = {{"states", test_states},
		     {"untold", test_untold},
		     {"reapply", test_reapply},
		     {"cache-lost", test_cache_lost}};

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
		for (guint j = 0; j < G_N_ELEMENTS(kinds); j++) {
			g_autofree char *path = g_strdup_printf(
			    "/store/change/%s/%s", tests[i].name, names[j]);

			g_test_add_data_func(path, &kinds[j], tests[i].test);
		}
	for (guint i = 0; i < G_N_ELEMENTS(renumberings); i++) {
		g_autofree char *path = g_strconcat("/store/renumbered/",
						    renumberings[i].name, NULL);

		g_test_add_data_func(path, &renumberings[i], test_renumbered);
	}
	g_test_add_func("/store/renumbered/lost", test_renumbered_lost);
	g_test_add_func("/store/change/taken-back", test_taken_back);
	g_test_add_func("/store/change/server-below", test_server_below);
	g_test_add_func("/store/change/target-unknown", test_target_unknown);
	g_test_add_func("/store/change/target-gone", test_target_gone);
	g_test_add_func("/store/moved", test_moved);
	g_test_add_func("/store/uid-reused", test_uid_reused);
	return g_test_run();
}
