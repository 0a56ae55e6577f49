/* test-sync-fold.c - what need not be sent */
#include <glib.h>
#include <string.h>

#include "sync-fold.h"

/** A change of messages by their ids. */
typedef struct {
	ChangeKind kind;
	const char *ids;
	ChangeState state;
	guint attempts;
} Line;

static GPtrArray *
changes_of(const Line *lines, guint n)
{
	GPtrArray *changes = change_list_new();

	for (guint i = 0; i < n; i++) {
		g_auto(GStrv) ids = g_strsplit(lines[i].ids, ",", -1);
		Change *change = change_new(lines[i].kind);

		change->id = i;
		change->state = lines[i].state;
		change->attempts = lines[i].attempts;
		for (guint k = 0; ids[k] != NULL; k++)
			g_ptr_array_add(change->messages,
					change_message_new(
					    g_ascii_strtoll(ids[k], NULL, 10),
					    "INBOX", 1, 1, NULL));
		g_ptr_array_add(changes, change);
	}
	return changes;
}

/* @wanted: ids of those that need not be sent, "" for none */
static void
check_moves(const Line *lines, guint n, const char *wanted)
{
	g_autoptr(GPtrArray) changes = changes_of(lines, n);
	g_autoptr(GPtrArray) needless = sync_fold_moves(changes);
	g_autoptr(GString) found = g_string_new(NULL);

	for (guint i = 0; i < changes->len; i++)
		if (g_ptr_array_find(needless, g_ptr_array_index(changes, i),
				     NULL))
			g_string_append_printf(found, "%u", i);
	g_assert_cmpstr(found->str, ==, wanted);
}
#define QUEUED(kind, ids)                                                      \
	{                                                                      \
		kind, ids, CHANGE_QUEUED, 0                                    \
	}
#define CHECK(wanted, ...)                                                     \
	do {                                                                   \
		const Line lines[] = {__VA_ARGS__};                            \
		check_moves(lines, G_N_ELEMENTS(lines), wanted);               \
	} while (0)

static void
test_moves(void)
{
	CHECK("", QUEUED(CHANGE_MOVE, "1"));
	CHECK("0", QUEUED(CHANGE_MOVE, "1"), QUEUED(CHANGE_MOVE, "1"));
	CHECK("0", QUEUED(CHANGE_MOVE, "1"), QUEUED(CHANGE_DELETE, "1"));
	CHECK("01", QUEUED(CHANGE_MOVE, "1"), QUEUED(CHANGE_MOVE, "1"),
	      QUEUED(CHANGE_MOVE, "1"));
	CHECK("0", QUEUED(CHANGE_MOVE, "1,2"), QUEUED(CHANGE_MOVE, "2,1,3"));
	/* only some of them go on, or to different places */
	CHECK("", QUEUED(CHANGE_MOVE, "1,2"), QUEUED(CHANGE_MOVE, "1"));
	CHECK("", QUEUED(CHANGE_MOVE, "1,2"), QUEUED(CHANGE_MOVE, "1"),
	      QUEUED(CHANGE_MOVE, "2"));
	/* flags go along; a copy is made where the move has put it */
	CHECK("0", QUEUED(CHANGE_MOVE, "1"), QUEUED(CHANGE_FLAGS, "1"),
	      QUEUED(CHANGE_MOVE, "1"));
	CHECK("", QUEUED(CHANGE_MOVE, "1"), QUEUED(CHANGE_COPY, "1"),
	      QUEUED(CHANGE_MOVE, "1"));
	CHECK("", QUEUED(CHANGE_DELETE, "1"), QUEUED(CHANGE_MOVE, "1"));
	CHECK("", QUEUED(CHANGE_MOVE, "1"), QUEUED(CHANGE_MOVE, "2"));
	/* the server may have seen it */
	CHECK("", {CHANGE_MOVE, "1", CHANGE_RUNNING, 0},
	      QUEUED(CHANGE_MOVE, "1"));
	CHECK("", {CHANGE_MOVE, "1", CHANGE_QUEUED, 1},
	      QUEUED(CHANGE_MOVE, "1"));
	CHECK("", QUEUED(CHANGE_MOVE, "1"),
	      {CHANGE_MOVE, "1", CHANGE_FAILED, 0});
	CHECK("", QUEUED(CHANGE_MOVE, "1"),
	      {CHANGE_MOVE, "1", CHANGE_RUNNING, 0});
	/* not told by an id: nothing is known */
	CHECK("", QUEUED(CHANGE_MOVE, "0"), QUEUED(CHANGE_MOVE, "0"));
}

static void
test_flags(void)
{
	/* what was meant, then what is meant: "+add -remove", in the end */
	static const struct {
		const char *first_add, *first_remove, *add, *remove;
		const char *wanted_add, *wanted_remove;
	} cases[] = {
	    {"", "", "\\Seen", "", "\\Seen", ""},
	    {"\\Seen", "", "", "\\Seen", "", "\\Seen"},
	    {"", "\\Seen", "\\Seen", "", "\\Seen", ""},
	    {"\\Seen", "", "\\Flagged", "", "\\Seen \\Flagged", ""},
	    {"a b", "c", "c", "a", "b c", "a"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(MailFlags) add =
		    mail_flags_parse(cases[i].first_add, -1);
		g_auto(MailFlags) remove =
		    mail_flags_parse(cases[i].first_remove, -1);
		g_autoptr(Change) later = change_new(CHANGE_FLAGS);
		g_autofree char *found_add = NULL;
		g_autofree char *found_remove = NULL;

		later->add = mail_flags_parse(cases[i].add, -1);
		later->remove = mail_flags_parse(cases[i].remove, -1);
		sync_fold_flags(&add, &remove, later);
		found_add = mail_flags_to_names(&add);
		found_remove = mail_flags_to_names(&remove);
		g_assert_cmpstr(found_add, ==, cases[i].wanted_add);
		g_assert_cmpstr(found_remove, ==, cases[i].wanted_remove);
	}
}

static void
test_known(void)
{
	g_auto(MailFlags) add = mail_flags_parse("\\Seen \\Flagged a b", -1);
	g_auto(MailFlags) remove = mail_flags_parse("\\Draft c d", -1);
	g_auto(MailFlags) server =
	    mail_flags_parse("\\Seen \\Answered a c", -1);
	g_autofree char *found_add = NULL;
	g_autofree char *found_remove = NULL;

	sync_fold_known(&add, &remove, &server);
	found_add = mail_flags_to_names(&add);
	found_remove = mail_flags_to_names(&remove);
	g_assert_cmpstr(found_add, ==, "\\Flagged b");
	g_assert_cmpstr(found_remove, ==, "c");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fold/moves", test_moves);
	g_test_add_func("/fold/flags", test_flags);
	g_test_add_func("/fold/known", test_known);
	return g_test_run();
}
