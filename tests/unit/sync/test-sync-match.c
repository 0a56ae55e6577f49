/* test-sync-match.c - what a lost command has left is told from the rest */
#include "sync-match.h"

#include <string.h>

static Change *
change_of(ChangeKind kind, guint n)
{
	Change *change = change_new(kind);

	for (guint i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("%u@example.net", i);

		g_ptr_array_add(
		    change->messages,
		    change_message_new(i + 1, "INBOX", 7, i + 1, id));
	}
	return change;
}

static guint32
dest_uid(const Change *change, guint at)
{
	return ((ChangeMessage *)g_ptr_array_index(change->messages, at))
	    ->dest_uid;
}

static void
add(SyncMatch *match, guint32 uid, guint64 size, gint64 date, const char *text)
{
	g_autoptr(MessageHeader) header = mime_header_parse(text, strlen(text));

	sync_match_add(match, uid, size, date, header);
}

static void
test_each_is_found_once(void)
{
	g_autoptr(Change) change = change_of(CHANGE_COPY, 3);
	g_autoptr(SyncMatch) match = sync_match_new(change);
	bool doubtful = true;

	sync_match_know(match, 0, 100, 1000);
	add(match, 50, 100, 1000, "Message-ID: <0@example.net>\r\n\r\n");
	add(match, 51, 9, 9, "Message-ID: <2@example.net>\r\n\r\n");
	add(match, 52, 9, 9, "Message-ID: <other@example.net>\r\n\r\n");
	add(match, 53, 9, 9, "Subject: none\r\n\r\n");
	g_assert_cmpuint(sync_match_end(match, &doubtful), ==, 2);
	g_assert_false(doubtful);
	g_assert_cmpuint(dest_uid(change, 0), ==, 50);
	g_assert_cmpuint(dest_uid(change, 1), ==, 0);
	g_assert_cmpuint(dest_uid(change, 2), ==, 51);
}

static void
test_all_that_is_known_agrees(void)
{
	g_autoptr(Change) change = change_of(CHANGE_MOVE, 1);
	g_autoptr(SyncMatch) match = sync_match_new(change);
	bool doubtful = true;

	sync_match_know(match, 0, 100, 1000);
	add(match, 50, 101, 1000, "Message-ID: <0@example.net>\r\n\r\n");
	add(match, 51, 100, 1001, "Message-ID: <0@example.net>\r\n\r\n");
	g_assert_cmpuint(sync_match_end(match, &doubtful), ==, 0);
	g_assert_false(doubtful);
	/* a server that tells no date has not said another one */
	add(match, 52, 100, 0, "Message-ID: <0@example.net>\r\n\r\n");
	g_assert_cmpuint(sync_match_end(match, &doubtful), ==, 1);
	g_assert_cmpuint(dest_uid(change, 0), ==, 52);
}

static void
test_two_are_doubtful(void)
{
	g_autoptr(Change) change = change_of(CHANGE_COPY, 1);
	g_autoptr(SyncMatch) match = sync_match_new(change);
	bool doubtful = false;

	add(match, 50, 1, 0, "Message-ID: <0@example.net>\r\n\r\n");
	add(match, 51, 1, 0, "Message-ID: <0@example.net>\r\n\r\n");
	g_assert_cmpuint(sync_match_end(match, &doubtful), ==, 0);
	g_assert_true(doubtful);
	g_assert_cmpuint(dest_uid(change, 0), ==, 0);
}

/* Twins in the source: each copy may be of either. */
static void
test_twins_are_doubtful(void)
{
	g_autoptr(Change) change = change_new(CHANGE_COPY);
	g_autoptr(SyncMatch) match = NULL;
	bool doubtful = false;

	for (guint i = 1; i <= 2; i++)
		g_ptr_array_add(
		    change->messages,
		    change_message_new(i, "INBOX", 7, i, "twin@example.net"));
	match = sync_match_new(change);
	add(match, 50, 1, 0, "Message-ID: <twin@example.net>\r\n\r\n");
	add(match, 51, 1, 0, "Message-ID: <twin@example.net>\r\n\r\n");
	g_assert_cmpuint(sync_match_end(match, &doubtful), ==, 0);
	g_assert_true(doubtful);
}

static void
test_without_message_id_is_doubtful(void)
{
	g_autoptr(Change) change = change_new(CHANGE_COPY);
	g_autoptr(SyncMatch) match = NULL;
	bool doubtful = false;

	g_ptr_array_add(change->messages,
			change_message_new(1, "INBOX", 7, 1, NULL));
	match = sync_match_new(change);
	add(match, 50, 1, 0, "Subject: none\r\n\r\n");
	g_assert_cmpuint(sync_match_end(match, &doubtful), ==, 0);
	g_assert_true(doubtful);
}

static void
test_draft_by_uuid_and_revision(void)
{
	const char *uuid = "01234567-89ab-4cde-8f01-23456789abcd";
	g_autofree char *same =
	    g_strdup_printf("X-Pennon-Draft: %s; rev=3\r\n\r\n", uuid);
	g_autofree char *older =
	    g_strdup_printf("X-Pennon-Draft: %s; rev=2\r\n\r\n", uuid);
	g_autoptr(Change) change = change_of(CHANGE_APPEND, 1);
	g_autoptr(SyncMatch) match = NULL;
	bool doubtful = true;

	change->draft_uuid = g_strdup(uuid);
	change->draft_rev = 3;
	match = sync_match_new(change);
	add(match, 50, 1, 0, older);
	add(match, 51, 1, 0, "Message-ID: <0@example.net>\r\n\r\n");
	g_assert_cmpuint(sync_match_end(match, &doubtful), ==, 0);
	g_assert_false(doubtful);
	/* twins: the higher one stays, in whatever order they are told */
	add(match, 60, 1, 0, same);
	add(match, 55, 1, 0, same);
	g_assert_cmpuint(sync_match_end(match, &doubtful), ==, 1);
	g_assert_false(doubtful);
	g_assert_cmpuint(dest_uid(change, 0), ==, 60);
}

/* Counted, not timed: with a look at each for each this would be hours. */
static void
test_many(void)
{
	const guint n = 100000;
	g_autoptr(Change) change = change_of(CHANGE_COPY, n);
	g_autoptr(SyncMatch) match = sync_match_new(change);
	bool doubtful = true;

	for (guint i = 0; i < n; i++) {
		g_autofree char *text = g_strdup_printf(
		    "Message-ID: <%u@example.net>\r\n\r\n", n - 1 - i);

		add(match, n + i, 1, 0, text);
	}
	g_assert_cmpuint(sync_match_end(match, &doubtful), ==, n);
	g_assert_false(doubtful);
	g_assert_cmpuint(dest_uid(change, 0), ==, n + n - 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/match/once", test_each_is_found_once);
	g_test_add_func("/match/agrees", test_all_that_is_known_agrees);
	g_test_add_func("/match/two", test_two_are_doubtful);
	g_test_add_func("/match/twins", test_twins_are_doubtful);
	g_test_add_func("/match/no-id", test_without_message_id_is_doubtful);
	g_test_add_func("/match/draft", test_draft_by_uuid_and_revision);
	g_test_add_func("/match/many", test_many);
	return g_test_run();
}
