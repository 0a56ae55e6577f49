/* test-account.c - what an account works out by itself, without a server */
#include <glib.h>
#include <string.h>

#include "controller-account-uids.h"
#include "controller-private.h"
#include "store-fixture.h"

/* ---- sets of UIDs, as typed ---- */

static void
test_uids(void)
{
	static const struct {
		const char *text;
		const char *stored;
		const char *wanted; /* NULL: an error */
	} cases[] = {
	    {"4", "1:9", "4"},
	    {"4,7:9,12:*", "1:20", "4,7:9,12:20"},
	    {"9:7", "1:20", "7:9"},
	    {"12:*", "1:9", ""},
	    {"12:*", "3,14,20", "14,20"},
	    {"*:12", "3,14,20", "14,20"},
	    {"*", "3,14,20", "20"},
	    {"*:*", "3,14,20", "20"},
	    {"*", "", ""},
	    {"1:*", "", ""},
	    /* named by number: the caller says that they are not there */
	    {"5,6", "1:3", "5:6"},
	    {"4294967295", "1", "4294967295"},
	    {"1:4294967295", "1", "1:4294967295"},
	    {"", "1", NULL},
	    {"0", "1", NULL},
	    {"0:4", "1", NULL},
	    {"4:0", "1", NULL},
	    {"4294967296", "1", NULL},
	    {"99999999999999999999", "1", NULL},
	    {"4,", "1", NULL},
	    {",4", "1", NULL},
	    {"4:", "1", NULL},
	    {":4", "1", NULL},
	    {"4:5:6", "1", NULL},
	    {"4 ", "1", NULL},
	    {"-4", "1", NULL},
	    {"all", "1", NULL},
	    {"**", "1", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(UidSet) stored =
		    cases[i].stored[0] == '\0'
			? uid_set_new()
			: uid_set_parse(cases[i].stored, -1);
		g_autoptr(GError) error = NULL;
		g_autoptr(UidSet) set =
		    account_parse_uids(cases[i].text, stored, &error);
		g_autofree char *found =
		    set == NULL ? NULL : uid_set_to_string(set);

		g_test_message("%s", cases[i].text);
		g_assert_cmpstr(found, ==, cases[i].wanted);
		if (cases[i].wanted == NULL)
			g_assert_error(error, CONTROLLER_ERROR,
				       CONTROLLER_ERROR_USAGE);
	}
}

/* ---- mailboxes ---- */

static Mailbox *
box(const char *name, char delimiter, MailboxRole role)
{
	Mailbox *mailbox = mailbox_new(name, name, delimiter);

	mailbox->role = role;
	return mailbox;
}

static GPtrArray *
some_mailboxes(void)
{
	GPtrArray *list =
	    g_ptr_array_new_with_free_func((GDestroyNotify)mailbox_free);

	g_ptr_array_add(list, box("work-old", '/', MAILBOX_ROLE_NONE));
	g_ptr_array_add(list, box("work/b", '/', MAILBOX_ROLE_NONE));
	g_ptr_array_add(list, box("Bin", '/', MAILBOX_ROLE_TRASH));
	g_ptr_array_add(list, box("work", '/', MAILBOX_ROLE_NONE));
	g_ptr_array_add(list, box("\u00c4rzte", '/', MAILBOX_ROLE_NONE));
	g_ptr_array_add(list, box("sent", '/', MAILBOX_ROLE_NONE));
	g_ptr_array_add(list, box("Gesendet", '/', MAILBOX_ROLE_SENT));
	g_ptr_array_add(list, box("INBOX", '/', MAILBOX_ROLE_INBOX));
	g_ptr_array_add(list, box("Work/A", '/', MAILBOX_ROLE_NONE));
	g_ptr_array_add(list, box("Entw\u00fcrfe", '/', MAILBOX_ROLE_DRAFTS));
	return list;
}

static void
test_sort(void)
{
	static const char *const wanted[] = {
	    "INBOX", "Entw\u00fcrfe", "Gesendet", "Bin",    "\u00c4rzte",
	    "sent",  "work",          "Work/A",   "work/b", "work-old"};
	g_autoptr(GPtrArray) list = some_mailboxes();

	account_sort_mailboxes(list);
	g_assert_cmpuint(list->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < list->len; i++)
		g_assert_cmpstr(((Mailbox *)g_ptr_array_index(list, i))->name,
				==, wanted[i]);
}

static void
test_pick(void)
{
	static const struct {
		const char *typed;
		const char *found;
	} cases[] = {
	    {"inbox", "INBOX"},
	    {"Bin", "Bin"},
	    {"trash", "Bin"},
	    {"Trash", "Bin"},
	    {"sent", "sent"}, /* a name goes before a role */
	    {"drafts", "Entw\u00fcrfe"},
	    {"=work", "work"},
	    {"WORK", NULL},
	    {"archive", NULL},
	    {"=nothing", NULL},
	    {"", NULL},
	};
	g_autoptr(GPtrArray) list = some_mailboxes();

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Mailbox *found =
		    account_pick_mailbox(list, cases[i].typed);

		g_assert_cmpstr(found == NULL ? NULL : found->name, ==,
				cases[i].found);
	}
}

/* ---- progress ---- */

static void
test_seconds_left(void)
{
	gint64 second = G_USEC_PER_SEC;

	g_assert_cmpint(account_seconds_left(second, 0, 10, 100), ==, -1);
	g_assert_cmpint(account_seconds_left(10 * second, 0, 50, 100), ==, 10);
	/* what was there before is not what was done in that time */
	g_assert_cmpint(account_seconds_left(10 * second, 40, 50, 100), ==, 50);
	g_assert_cmpint(account_seconds_left(10 * second, 50, 50, 100), ==, -1);
	g_assert_cmpint(account_seconds_left(10 * second, 60, 50, 100), ==, -1);
	g_assert_cmpint(account_seconds_left(10 * second, 0, 100, 100), ==, -1);
	g_assert_cmpint(account_seconds_left(10 * second, 0, 1, G_MAXUINT64),
			==, -1);
}

/* ---- a controller over a store that is there, without a network ---- */

typedef struct {
	Config *config;
	Controller *controller;
	Account *account;
	gint64 job; /* of the last job event */
	JobState state;
	guint n_changes;
	GError *error;
} Harness;

static void
on_event(const ControllerEvent *event, gpointer user)
{
	Harness *harness = user;

	if (event->kind != CONTROLLER_EVENT_JOB)
		return;
	harness->job = event->job;
	harness->state = event->job_state;
	harness->n_changes = event->changes == NULL ? 0 : event->changes->len;
	g_clear_error(&harness->error);
	if (event->error != NULL)
		harness->error = g_error_copy(event->error);
}

static const char config_text[] = "[account test]\n"
				  "email = alice@example.org\n"
				  "imap = imaps://imap.invalid\n";

/* The account's files lie where the environment says: the fixture's root */
static Harness *
harness_new(const ControllerOptions *options)
{
	Harness *harness = g_new0(Harness, 1);
	g_autoptr(GError) error = NULL;

	harness->config =
	    config_parse("test", config_text, strlen(config_text), &error);
	g_assert_no_error(error);
	harness->controller =
	    controller_new(harness->config, options, on_event, harness, &error);
	g_assert_no_error(error);
	harness->account = controller_account(harness->controller, 0);
	g_assert_true(controller_start(harness->controller, &error));
	return harness;
}

static void
harness_free(Harness *harness)
{
	controller_free(harness->controller);
	config_free(harness->config);
	g_clear_error(&harness->error);
	g_free(harness);
}

static void
wait_job(Harness *harness, gint64 job)
{
	while (harness->job != job)
		g_main_context_iteration(NULL, TRUE);
}

static void
test_passive(void)
{
	ControllerOptions options = {.passive = true, .batch = true};
	Harness *harness = harness_new(&options);
	gint64 id = 1;
	g_auto(MailFlags) none = {0};
	g_autoptr(GError) error = NULL;
	gint64 job;

	g_assert_cmpint(
	    account_flag(harness->account, &id, 1, &none, &none, &error), ==,
	    0);
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_CONNECTION);
	g_assert_cmpuint(harness->account->pending->len, ==, 0);
	/* a function that always gives a job says it a turn later */
	job = account_sync(harness->account, NULL);
	g_assert_cmpint(job, >, 0);
	g_assert_cmpint(harness->job, ==, 0);
	wait_job(harness, job);
	g_assert_cmpint(harness->state, ==, JOB_FAILED);
	g_assert_error(harness->error, CONTROLLER_ERROR,
		       CONTROLLER_ERROR_CONNECTION);
	harness_free(harness);
}

static void
test_no_such_account(void)
{
	ControllerOptions options = {.passive = true, .account = "other"};
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config =
	    config_parse("test", config_text, strlen(config_text), &error);

	g_assert_no_error(error);
	g_assert_null(controller_new(config, &options, NULL, NULL, &error));
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE);
}

/* The keeper finds out where a message is; the overlay goes when it has. */
static void
test_overlay(void)
{
	ControllerOptions options = {.offline = true, .batch = true};
	Harness *harness = harness_new(&options);
	gint64 id = 4711;
	g_auto(MailFlags) seen = {.bits = MAIL_FLAG_SEEN};
	g_auto(MailFlags) none = {0};
	g_autoptr(GError) error = NULL;
	gint64 job =
	    account_flag(harness->account, &id, 1, &seen, &none, &error);
	const PendingChange *pending;

	g_assert_no_error(error);
	g_assert_cmpuint(harness->account->pending->len, ==, 1);
	pending = g_ptr_array_index(harness->account->pending, 0);
	g_assert_cmpint(pending->job, ==, job);
	g_assert_cmpuint(pending->change->add.bits, ==, MAIL_FLAG_SEEN);
	wait_job(harness, job);
	/* there is no such message */
	g_assert_cmpint(harness->state, ==, JOB_FAILED);
	g_assert_error(harness->error, CONTROLLER_ERROR,
		       CONTROLLER_ERROR_NOT_FOUND);
	g_assert_cmpuint(harness->account->pending->len, ==, 0);
	harness_free(harness);
}

/* A mailbox that the queue makes can be named at once, and later. */
static void
test_coming_mailbox(void)
{
	ControllerOptions options = {.offline = true, .batch = true};
	Harness *harness = harness_new(&options);
	g_autoptr(GError) error = NULL;
	g_autofree char *before =
	    account_wire_name(harness->account, "M\u00fcll", true, &error);
	g_autofree char *now = NULL;
	g_autofree char *later = NULL;
	gint64 job;

	g_assert_null(before);
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_NOT_FOUND);
	g_clear_error(&error);
	job = account_folder_create(harness->account, "M\u00fcll", &error);
	g_assert_no_error(error);
	now = account_wire_name(harness->account, "M\u00fcll", true, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(now, ==, "M&APw-ll");
	wait_job(harness, job);
	g_assert_cmpint(harness->state, ==, JOB_JOURNALED);
	g_assert_cmpuint(harness->n_changes, ==, 1);
	g_assert_cmpuint(harness->account->pending->len, ==, 0);
	later = account_wire_name(harness->account, "M\u00fcll", true, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(later, ==, "M&APw-ll");
	harness_free(harness);
}

/* Beside the holder of the role the overlay waits for what that one writes. */
static void
test_overlay_kept(void)
{
	ControllerOptions options = {.passive = true};
	Harness *harness = harness_new(&options);
	Account *account = harness->account;

	for (gint64 job = 7; job <= 8; job++) {
		PendingChange *pending = g_new0(PendingChange, 1);

		pending->job = job;
		pending->change = change_new(CHANGE_FLAGS);
		g_ptr_array_add(account->pending, pending);
	}
	account_pending_written(account);
	g_assert_cmpuint(account->pending->len, ==, 2);
	account_pending_keep(account, 7);
	account_pending_written(account);
	g_assert_cmpuint(account->pending->len, ==, 1);
	account_pending_drop(account, 7);
	g_assert_cmpuint(account->pending->len, ==, 1);
	account_pending_drop(account, 8);
	g_assert_cmpuint(account->pending->len, ==, 0);
	harness_free(harness);
}

int
main(int argc, char **argv)
{
	Fixture *fixture;
	int status;

	g_test_init(&argc, &argv, NULL);
	/* as in main: before there are threads */
	(void)sync_error_quark();
	(void)store_error_quark();
	(void)controller_error_quark();
	fixture = fixture_new_folders();
	g_setenv("XDG_CACHE_HOME", fixture->root, TRUE);
	g_setenv("XDG_STATE_HOME", fixture->root, TRUE);
	g_test_add_func("/account/uids", test_uids);
	g_test_add_func("/account/sort", test_sort);
	g_test_add_func("/account/pick", test_pick);
	g_test_add_func("/account/seconds-left", test_seconds_left);
	g_test_add_func("/account/passive", test_passive);
	g_test_add_func("/account/no-such-account", test_no_such_account);
	g_test_add_func("/account/overlay", test_overlay);
	g_test_add_func("/account/coming-mailbox", test_coming_mailbox);
	g_test_add_func("/account/overlay-kept", test_overlay_kept);
	status = g_test_run();
	fixture_free(fixture);
	return status;
}
