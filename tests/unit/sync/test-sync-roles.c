/* test-sync-roles.c - which mailbox is for drafts, sent mail, the trash */
#include "imap-session.h"
#include "sync-worker.h"

static ImapListed *
listed(const char *name, MailboxRole by_use, guint32 attrs)
{
	ImapListed *item = g_new0(ImapListed, 1);

	item->mailbox = mailbox_new(name, name, '/');
	item->mailbox->role = by_use;
	item->mailbox->attrs = attrs;
	return item;
}

static void
listed_free(gpointer data)
{
	ImapListed *item = data;

	mailbox_free(item->mailbox);
	g_free(item);
}

static GPtrArray *
list_of(const char *const *names)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(listed_free);

	for (guint i = 0; names[i] != NULL; i++)
		g_ptr_array_add(list, listed(names[i], MAILBOX_ROLE_NONE, 0));
	return list;
}

static MailboxRole
role_of(const GPtrArray *list, const char *name)
{
	for (guint i = 0; i < list->len; i++) {
		const ImapListed *item = g_ptr_array_index(list, i);

		if (mailbox_name_equal(item->mailbox->name, name))
			return item->mailbox->role;
	}
	g_assert_not_reached();
}

static void
test_by_name(void)
{
	g_autoptr(SyncSettings) settings = sync_settings_new();
	g_autoptr(GPtrArray) list = list_of((const char *const[]){
	    "INBOX", "Gesendet", "Work", "INBOX/Trash", NULL});

	sync_folders_assign_roles(settings, "", list);
	g_assert_cmpint(role_of(list, "INBOX"), ==, MAILBOX_ROLE_INBOX);
	g_assert_cmpint(role_of(list, "Gesendet"), ==, MAILBOX_ROLE_SENT);
	g_assert_cmpint(role_of(list, "Work"), ==, MAILBOX_ROLE_NONE);
	g_assert_cmpint(role_of(list, "INBOX/Trash"), ==, MAILBOX_ROLE_TRASH);
}

/* The server's word goes before a name, wherever it stands in the list. */
static void
test_by_use(void)
{
	g_autoptr(SyncSettings) settings = sync_settings_new();
	g_autoptr(GPtrArray) list =
	    list_of((const char *const[]){"INBOX", "Sent", NULL});

	g_ptr_array_add(list, listed("Versandt", MAILBOX_ROLE_SENT, 0));
	sync_folders_assign_roles(settings, "", list);
	g_assert_cmpint(role_of(list, "Versandt"), ==, MAILBOX_ROLE_SENT);
	g_assert_cmpint(role_of(list, "Sent"), ==, MAILBOX_ROLE_NONE);
}

static void
test_one_of_two_names(void)
{
	g_autoptr(SyncSettings) settings = sync_settings_new();
	g_autoptr(GPtrArray) list =
	    list_of((const char *const[]){"Trash", "Deleted Items", NULL});

	sync_folders_assign_roles(settings, "", list);
	g_assert_cmpint(role_of(list, "Trash"), ==, MAILBOX_ROLE_TRASH);
	g_assert_cmpint(role_of(list, "Deleted Items"), ==, MAILBOX_ROLE_NONE);
}

/* What the user configured goes before all else. */
static void
test_as_configured(void)
{
	g_autoptr(SyncSettings) settings = sync_settings_new();
	g_autoptr(GPtrArray) list =
	    list_of((const char *const[]){"Drafts", "Mine", NULL});

	g_ptr_array_add(list, listed("Theirs", MAILBOX_ROLE_DRAFTS, 0));
	settings->roles[MAILBOX_ROLE_DRAFTS] = g_strdup("Mine");
	sync_folders_assign_roles(settings, "", list);
	g_assert_cmpint(role_of(list, "Mine"), ==, MAILBOX_ROLE_DRAFTS);
	g_assert_cmpint(role_of(list, "Drafts"), ==, MAILBOX_ROLE_NONE);
	g_assert_cmpint(role_of(list, "Theirs"), ==, MAILBOX_ROLE_NONE);
}

/* A server may keep all of a user's mailboxes below INBOX. */
static void
test_below_the_namespace(void)
{
	g_autoptr(SyncSettings) settings = sync_settings_new();
	g_autoptr(GPtrArray) list =
	    list_of((const char *const[]){"INBOX", "INBOX/Mine", NULL});

	settings->roles[MAILBOX_ROLE_DRAFTS] = g_strdup("Mine");
	sync_folders_assign_roles(settings, "INBOX/", list);
	g_assert_cmpint(role_of(list, "INBOX/Mine"), ==, MAILBOX_ROLE_DRAFTS);
}

/* One that is configured and not there is not replaced by a guess. */
static void
test_configured_is_missing(void)
{
	g_autoptr(SyncSettings) settings = sync_settings_new();
	g_autoptr(GPtrArray) list =
	    list_of((const char *const[]){"Trash", NULL});

	settings->roles[MAILBOX_ROLE_TRASH] = g_strdup("Bin");
	sync_folders_assign_roles(settings, "", list);
	g_assert_cmpint(role_of(list, "Trash"), ==, MAILBOX_ROLE_NONE);
}

static void
test_what_cannot_be_selected(void)
{
	g_autoptr(SyncSettings) settings = sync_settings_new();
	g_autoptr(GPtrArray) list =
	    list_of((const char *const[]){"INBOX", NULL});

	g_ptr_array_add(
	    list, listed("Sent", MAILBOX_ROLE_NONE, MAILBOX_ATTR_NOSELECT));
	sync_folders_assign_roles(settings, "", list);
	g_assert_cmpint(role_of(list, "Sent"), ==, MAILBOX_ROLE_NONE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/roles/name", test_by_name);
	g_test_add_func("/roles/use", test_by_use);
	g_test_add_func("/roles/two", test_one_of_two_names);
	g_test_add_func("/roles/configured", test_as_configured);
	g_test_add_func("/roles/namespace", test_below_the_namespace);
	g_test_add_func("/roles/missing", test_configured_is_missing);
	g_test_add_func("/roles/noselect", test_what_cannot_be_selected);
	return g_test_run();
}
