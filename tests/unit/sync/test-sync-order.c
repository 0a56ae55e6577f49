/* test-sync-order.c - what was meant first happens first */
#include "sync-order.h"

static Change *
change_of(ChangeKind kind, const char *mailbox, const char *dest, gint64 id)
{
	Change *change = change_new(kind);

	change->mailbox = g_strdup(mailbox);
	change->dest = g_strdup(dest);
	if (id >= 0)
		g_ptr_array_add(change->messages,
				change_message_new(id, mailbox, 7, 1, NULL));
	return change;
}

typedef struct {
	const char *name;
	ChangeKind first;
	const char *first_mailbox, *first_dest;
	gint64 first_id;
	ChangeState state;
	ChangeKind then;
	const char *then_mailbox, *then_dest;
	gint64 then_id;
	bool waits;
} Case;

static const Case cases[] = {
    {"same message", CHANGE_MOVE, "INBOX", "A", 1, CHANGE_QUEUED, CHANGE_FLAGS,
     "A", NULL, 1, true},
    {"another message", CHANGE_MOVE, "INBOX", "A", 1, CHANGE_QUEUED,
     CHANGE_MOVE, "INBOX", "A", 2, false},
    {"running counts", CHANGE_MOVE, "INBOX", "A", 1, CHANGE_RUNNING,
     CHANGE_COPY, "INBOX", "B", 1, true},
    {"failed holds nothing up", CHANGE_MOVE, "INBOX", "A", 1, CHANGE_FAILED,
     CHANGE_COPY, "INBOX", "B", 1, false},
    {"unknown holds nothing up", CHANGE_COPY, "INBOX", "A", 1, CHANGE_UNKNOWN,
     CHANGE_COPY, "INBOX", "B", 1, false},
    {"ids of nothing are not the same", CHANGE_APPEND, "D", "D", 0,
     CHANGE_QUEUED, CHANGE_APPEND, "D", "D", 0, false},
    {"into one that is made", CHANGE_FOLDER_CREATE, "New", NULL, -1,
     CHANGE_QUEUED, CHANGE_MOVE, "INBOX", "New", 1, true},
    {"out of one that is renamed", CHANGE_FOLDER_RENAME, "Old", "New", -1,
     CHANGE_QUEUED, CHANGE_FLAGS, "Old", NULL, 1, true},
    {"beside one that is made", CHANGE_FOLDER_CREATE, "New", NULL, -1,
     CHANGE_QUEUED, CHANGE_MOVE, "INBOX", "A", 1, false},
    {"subscriptions hold nothing up", CHANGE_FOLDER_SUBSCRIBE, "A", NULL, -1,
     CHANGE_QUEUED, CHANGE_MOVE, "INBOX", "A", 1, false},
    {"a rename waits for what is in it", CHANGE_MOVE, "INBOX", "Old", 1,
     CHANGE_QUEUED, CHANGE_FOLDER_RENAME, "Old", "New", -1, true},
    {"a delete waits for what is in it", CHANGE_FLAGS, "Old", NULL, 1,
     CHANGE_QUEUED, CHANGE_FOLDER_DELETE, "Old", NULL, -1, true},
    {"a rename waits for nothing else", CHANGE_MOVE, "INBOX", "A", 1,
     CHANGE_QUEUED, CHANGE_FOLDER_RENAME, "Old", "New", -1, false},
    {"a draft waits for its folder", CHANGE_FOLDER_CREATE, "Drafts", NULL, -1,
     CHANGE_QUEUED, CHANGE_APPEND, "Drafts", "Drafts", 0, true},
};

static void
test_cases(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Case *one = &cases[i];
		g_autoptr(Change) first =
		    change_of(one->first, one->first_mailbox, one->first_dest,
			      one->first_id);
		g_autoptr(Change) then = change_of(
		    one->then, one->then_mailbox, one->then_dest, one->then_id);
		g_autoptr(SyncOrder) order = sync_order_new();

		g_test_message("%s", one->name);
		g_assert_false(sync_order_is_behind(order, then));
		first->state = one->state;
		sync_order_note(order, first);
		g_assert_true(sync_order_is_behind(order, then) == one->waits);
	}
}

/* What waits makes others wait in its turn. */
static void
test_chain(void)
{
	g_autoptr(Change) move = change_of(CHANGE_MOVE, "INBOX", "A", 1);
	g_autoptr(Change) both = change_of(CHANGE_MOVE, "A", "B", 1);
	g_autoptr(Change) last = change_of(CHANGE_FLAGS, "B", NULL, 2);
	g_autoptr(SyncOrder) order = sync_order_new();

	g_ptr_array_add(both->messages, change_message_new(2, "A", 7, 2, NULL));
	sync_order_note(order, move);
	g_assert_false(sync_order_is_behind(order, last));
	g_assert_true(sync_order_is_behind(order, both));
	sync_order_note(order, both);
	g_assert_true(sync_order_is_behind(order, last));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/order/cases", test_cases);
	g_test_add_func("/order/chain", test_chain);
	return g_test_run();
}
