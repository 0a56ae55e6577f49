/* test-store-open.c - files that are made, kept, newer, damaged or not ours */
#include "store-fixture.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* linked with --wrap: a test says what the file system is */
bool __real_file_on_network(const char *path);
bool __wrap_file_on_network(const char *path);

static bool on_network;

bool
__wrap_file_on_network(const char *path)
{
	return on_network || __real_file_on_network(path);
}

static guint
mode_of(const Fixture *fixture, const char *name)
{
	g_autofree char *path = fixture_path(fixture, name);
	struct stat status;

	g_assert_cmpint(stat(path, &status), ==, 0);
	return status.st_mode & 0777;
}

static void
test_created(void)
{
	static const struct {
		const char *name;
		guint mode;
	} cases[] = {
	    {"cache", 0700},
	    {"state", 0700},
	    {"cache/mail.db", 0600},
	    {"cache/mail.db-wal", 0600},
	    {"state/journal.db", 0600},
	    {"state/journal.db-wal", 0600},
	};
	g_autoptr(Fixture) fixture = fixture_new_folders();
	mode_t mask = umask(0);
	StoreOpened opened;

	fixture_open(fixture, &opened);
	umask(mask);
	g_assert_cmpint(opened, ==, STORE_CREATED);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmphex(mode_of(fixture, cases[i].name), ==,
				cases[i].mode);
	fixture_close(fixture);
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_OPENED);
	g_assert_cmpint(
	    fixture_number(fixture, "cache/mail.db", "PRAGMA user_version"), ==,
	    1);
	g_assert_cmpint(
	    fixture_number(fixture, "state/journal.db", "PRAGMA user_version"),
	    ==, 1);
}

/* ---- not as we left them ---- */

static void
overwrite(const Fixture *fixture, const char *name, gint64 from, gint64 len)
{
	g_autofree char *path = fixture_path(fixture, name);
	int fd = open(path, O_WRONLY);
	char noise[4096];

	g_assert_cmpint(fd, >=, 0);
	memset(noise, 0xa5, sizeof noise);
	for (gint64 at = from; at < from + len; at += (gint64)sizeof noise)
		g_assert_cmpint(pwrite(fd, noise, sizeof noise, at), ==,
				sizeof noise);
	close(fd);
}

static void
break_header(const Fixture *fixture, const char *name)
{
	overwrite(fixture, name, 0, 4096);
}

static void
break_version(const Fixture *fixture, const char *name)
{
	fixture_exec(fixture, name, "PRAGMA user_version = 0");
}

static void
break_sign(const Fixture *fixture, const char *name)
{
	fixture_exec(fixture, name, "PRAGMA user_version = -3");
}

static void
break_kind(const Fixture *fixture, const char *name)
{
	fixture_exec(fixture, name, "PRAGMA application_id = 7");
}

static void
break_mark(const Fixture *fixture, const char *name)
{
	g_autofree char *path = fixture_path(fixture, name);
	g_autofree char *mark = g_strconcat(path, "-damaged", NULL);

	g_assert_true(g_file_set_contents(mark, "", 0, NULL));
}

static void
make_newer(const Fixture *fixture, const char *name)
{
	fixture_exec(fixture, name, "PRAGMA user_version = 99");
}

typedef struct {
	const char *name;
	void (*harm)(const Fixture *fixture, const char *name);
} Harm;

static const Harm harms[] = {
    {"header", break_header}, {"no-version", break_version},
    {"negative", break_sign}, {"kind", break_kind},
    {"mark", break_mark},
};

static void
test_mail_harmed(gconstpointer data)
{
	const Harm *harm = data;
	g_autoptr(Fixture) fixture = fixture_new();
	const Mail mail = {1, 1, "a@b.c", NULL, "s", "f", 0};
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	gint64 id = fixture_add_one(fixture, mailbox, &mail);
	g_autofree char *body =
	    g_strdup_printf("%s/bodies/%02x", fixture->cache, (guint)id & 255);
	g_autofree char *file = g_build_filename(body, "1-", NULL);
	StoreOpened opened;

	g_assert_cmpint(g_mkdir_with_parents(body, 0700), ==, 0);
	g_assert_true(g_file_set_contents(file, "x", 1, NULL));
	fixture_close(fixture);
	harm->harm(fixture, "cache/mail.db");
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_REBUILT);
	g_assert_cmpint(access(file, F_OK), <, 0);
	mailbox = fixture_mailbox(fixture, "INBOX");
	/* a local id is for life, the cache's loss does not end it */
	g_assert_cmpint(fixture_add_one(fixture, mailbox, &mail), >, id);
	fixture_recount(fixture);
	fixture_close(fixture);
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_OPENED);
}

static void
test_mail_found_later(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	StoreList list = {mailbox, STORE_ORDER_DATE};
	StoreOpened opened;
	gint64 page;

	for (guint32 i = 1; i < 300; i++) {
		Mail mail = {i, i, NULL, NULL, "subject", "from", 0};

		fixture_add_one(fixture, mailbox, &mail);
	}
	fixture_close(fixture);
	fixture_exec(fixture, "cache/mail.db",
		     "PRAGMA wal_checkpoint(TRUNCATE)");
	page = fixture_number(fixture, "cache/mail.db",
			      "SELECT rootpage FROM sqlite_schema WHERE "
			      "name = 'msg_list'");
	overwrite(fixture, "cache/mail.db", (page - 1) * 4096, 4096);
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_OPENED);
	rows = store_reader_page(fixture->reader, &list, NULL, STORE_AT, 50,
				 NULL, &error);
	g_assert_null(rows);
	g_assert_error(error, STORE_ERROR, STORE_ERROR_DAMAGED);
	fixture_close(fixture);
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_REBUILT);
	/* what the old handle says of the old file does not harm the new one */
	fixture_close(fixture);
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_OPENED);
}

static void
test_newer(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GError) error = NULL;
	StoreOpened opened;

	fixture_close(fixture);
	make_newer(fixture, "cache/mail.db");
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_REBUILT);
	fixture_close(fixture);
	/* what the user meant is never thrown away */
	make_newer(fixture, "state/journal.db");
	g_assert_null(
	    store_journal_open(fixture->state, false, NULL, NULL, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_NEWER);
	g_assert_cmpint(
	    fixture_number(fixture, "state/journal.db", "PRAGMA user_version"),
	    ==, 99);
}

static void
test_reader_alone(void)
{
	g_autoptr(Fixture) fixture = fixture_new_folders();
	g_autoptr(GError) error = NULL;
	StoreReader *reader =
	    store_reader_open(fixture->cache, fixture->state, &error);
	g_autoptr(GPtrArray) none = NULL, some = NULL;

	g_assert_no_error(error);
	none = store_reader_mailboxes(reader, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(none->len, ==, 0);
	g_assert_null(store_reader_journal(reader));
	g_assert_false(store_reader_refresh(reader));
	g_assert_null(
	    store_journal_open(fixture->state, true, NULL, NULL, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
	fixture_open(fixture, NULL);
	fixture_mailbox(fixture, "INBOX");
	g_assert_true(store_reader_refresh(reader));
	some = store_reader_mailboxes(reader, NULL);
	g_assert_cmpuint(some->len, ==, 1);
	g_assert_nonnull(store_reader_journal(reader));
	store_reader_close(reader);
}

/* Damage that the writer meets before it is open. */
static void
test_mail_found_at_once(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	StoreOpened opened;
	gint64 page;

	fixture_close(fixture);
	page = fixture_number(
	    fixture, "cache/mail.db",
	    "SELECT rootpage FROM sqlite_schema WHERE name = 'meta'");
	overwrite(fixture, "cache/mail.db", (page - 1) * 4096, 4096);
	fixture_open(fixture, &opened);
	g_assert_cmpint(opened, ==, STORE_REBUILT);
	fixture_recount(fixture);
}

/* ---- the journal ---- */

static void
test_journal_harmed(gconstpointer data)
{
	const Harm *harm = data;
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) text = g_bytes_new_static("Subject: x\n\ny\n", 14);
	g_autoptr(StoreDraft) draft = store_draft_new(NULL);
	g_autoptr(GPtrArray) drafts = NULL, changes = NULL;
	g_autofree char *aside = NULL;
	bool readable = harm->harm != break_header;
	gint64 first, id = fixture_mailbox(fixture, "INBOX");
	StoreOpened opened;

	for (guint32 i = 1; i < 60; i++) {
		Mail mail = {i, i, "m@x.y", NULL, "s", "f", 0};
		gint64 message = fixture_add_one(fixture, id, &mail);
		change_free(
		    fixture_change(fixture, CHANGE_MOVE, message, "Else"));
	}
	g_assert_true(
	    store_draft_write_text(fixture->state, draft->uuid, text, &error));
	g_assert_true(store_draft_save(fixture->journal, draft, &error));
	g_assert_true(
	    store_journal_reserve_ids(fixture->journal, 1, &first, &error));
	fixture_close(fixture);
	harm->harm(fixture, "state/journal.db");
	fixture->journal =
	    store_journal_open(fixture->state, false, &opened, &aside, &error);
	g_assert_no_error(error);
	g_assert_cmpint(opened, ==, STORE_REBUILT);
	g_assert_cmpint(access(aside, R_OK), ==, 0);
	drafts = store_draft_list(fixture->journal, &error);
	g_assert_cmpuint(drafts->len, ==, 1);
	g_assert_cmpstr(((StoreDraft *)drafts->pdata[0])->uuid, ==,
			draft->uuid);
	changes = store_journal_open_changes(fixture->journal, &error);
	g_assert_cmpuint(changes->len, ==, readable ? 59 : 0);
	store_journal_close(fixture->journal);
	fixture_open(fixture, NULL);
	/* no number twice, even where nothing could be read */
	g_assert_true(
	    store_journal_reserve_ids(fixture->journal, 1, &id, &error));
	g_assert_cmpint(id, >, readable ? first : 59);
	fixture_close(fixture);
	fixture->journal =
	    store_journal_open(fixture->state, false, &opened, NULL, &error);
	g_assert_cmpint(opened, ==, STORE_OPENED);
}

/* Single pages are broken: the rows on the others are kept. */
static void
test_journal_pages(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GError) error = NULL;
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	const Mail mail = {1, 1, "m@x.y", NULL, "s", "f", 0};
	gint64 id = fixture_add_one(fixture, mailbox, &mail);
	guint least = G_MAXUINT, pages;

	for (guint i = 0; i < 600; i++) {
		change_free(fixture_change(fixture, CHANGE_MOVE, id, "Else"));
	}
	fixture_close(fixture);
	fixture_exec(fixture, "state/journal.db",
		     "PRAGMA wal_checkpoint(TRUNCATE)");
	pages = (guint)fixture_number(fixture, "state/journal.db",
				      "PRAGMA page_count");
	for (guint page = 1; page < pages; page += 3) {
		g_autofree char *is_root = g_strdup_printf(
		    "SELECT count(*) FROM sqlite_schema WHERE rootpage = %u",
		    page + 1);
		g_autoptr(Fixture) copy = fixture_new_folders();
		g_autofree char *from =
		    fixture_path(fixture, "state/journal.db");
		g_autofree char *to = fixture_path(copy, "state/journal.db");
		g_autofree char *bytes = NULL;
		g_autoptr(GPtrArray) changes = NULL;
		StoreOpened opened;
		gsize len;

		/* what lay below a root has no way to it any more */
		if (fixture_number(fixture, "state/journal.db", is_root) != 0)
			continue;
		g_assert_cmpint(g_mkdir(copy->state, 0700), ==, 0);
		g_assert_true(g_file_get_contents(from, &bytes, &len, NULL));
		memset(bytes + page * 4096, 0xa5, 4096);
		g_assert_true(
		    g_file_set_contents(to, bytes, (gssize)len, NULL));
		copy->journal = store_journal_open(copy->state, false, &opened,
						   NULL, &error);
		g_assert_no_error(error);
		changes = store_journal_open_changes(copy->journal, &error);
		g_assert_no_error(error);
		if (opened == STORE_REBUILT)
			least = MIN(least, changes->len);
		store_journal_close(copy->journal);
		copy->journal = store_journal_open(copy->state, false, &opened,
						   NULL, &error);
		g_assert_cmpint(opened, ==, STORE_OPENED);
	}
	g_assert_cmpuint(least, >, 300);
	g_assert_cmpuint(least, <, 600);
}

static void
test_journal_lost(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	const Mail mails[] = {{1, 1, "a@b.c", NULL, "s", "f", 0},
			      {2, 1, "b@b.c", NULL, "s", "f", 0}};
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	g_autofree char *path = fixture_path(fixture, "state/journal.db");
	gint64 id = fixture_add_one(fixture, mailbox, &mails[0]);

	fixture_close(fixture);
	g_assert_cmpint(unlink(path), ==, 0);
	fixture_open(fixture, NULL);
	g_assert_cmpint(fixture_add_one(fixture, mailbox, &mails[1]), >, id);
}

/* Another process found the damage: this one must not write into the old
 * file, where no one would ever read it. */
static void
test_journal_moved(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GError) error = NULL;
	StoreJournal *other;

	g_assert_nonnull(store_reader_journal(fixture->reader));
	break_mark(fixture, "state/journal.db");
	other = store_journal_open(fixture->state, false, NULL, NULL, &error);
	g_assert_no_error(error);
	g_assert_false(
	    store_journal_set(fixture->journal, "key", "value", &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_DAMAGED);
	g_assert_true(store_journal_set(other, "key", "value", NULL));
	g_assert_true(store_reader_refresh(fixture->reader));
	{
		g_autofree char *value = store_journal_value(
		    store_reader_journal(fixture->reader), "key", NULL);

		g_assert_cmpstr(value, ==, "value");
	}
	store_journal_close(other);
}

/* Many processes at one moment: made once, salvaged once. */
static void
test_at_once(gconstpointer data)
{
	bool harmed = GPOINTER_TO_INT(data) != 0;
	g_autoptr(Fixture) fixture = fixture_new_folders();
	g_autoptr(GPtrArray) changes = NULL;
	pid_t children[8];
	guint salvaged = 0, failed = 0;

	if (harmed) {
		const Mail mail = {1, 1, "m@x.y", NULL, "s", "f", 0};
		gint64 id;

		fixture_open(fixture, NULL);
		id = fixture_add_one(fixture, fixture_mailbox(fixture, "INBOX"),
				     &mail);
		change_free(fixture_change(fixture, CHANGE_MOVE, id, "Else"));
		fixture_close(fixture);
		break_kind(fixture, "state/journal.db");
	}
	for (guint i = 0; i < G_N_ELEMENTS(children); i++) {
		children[i] = fork();
		if (children[i] == 0) {
			StoreOpened opened = STORE_OPENED;
			StoreJournal *journal = store_journal_open(
			    fixture->state, false, &opened, NULL, NULL);
			bool good =
			    journal != NULL &&
			    store_journal_set(journal, "key", "value", NULL);

			store_journal_close(journal);
			_exit(!good ? 9 : opened == STORE_REBUILT ? 1 : 0);
		}
	}
	for (guint i = 0; i < G_N_ELEMENTS(children); i++) {
		int status;

		g_assert_cmpint(waitpid(children[i], &status, 0), ==,
				children[i]);
		g_assert_true(WIFEXITED(status));
		salvaged += WEXITSTATUS(status) == 1;
		failed += WEXITSTATUS(status) == 9;
	}
	g_assert_cmpuint(failed, ==, 0);
	g_assert_cmpuint(salvaged, ==, harmed);
	fixture->journal =
	    store_journal_open(fixture->state, false, NULL, NULL, NULL);
	changes = store_journal_open_changes(fixture->journal, NULL);
	g_assert_cmpuint(changes->len, ==, harmed);
}

/* ---- where shared memory does not work ---- */

static void
test_network(void)
{
	g_autoptr(Fixture) fixture = NULL;
	g_autofree char *log = NULL;
	const Mail mail = {1, 1, "a@b.c", NULL, "s", "f", 0};
	gint64 mailbox, id;

	on_network = true;
	fixture = fixture_new();
	log = fixture_path(fixture, "cache/mail.db-shm");
	g_assert_true(store_journal_is_network(fixture->journal));
	mailbox = fixture_mailbox(fixture, "INBOX");
	id = fixture_add_one(fixture, mailbox, &mail);
	/* the screen of the same process reads beside the writer */
	{
		g_autoptr(MessageRow) row =
		    store_reader_row(fixture->reader, id, NULL);
		change_free(fixture_change(fixture, CHANGE_MOVE, id, "Else"));

		g_assert_nonnull(row);
		g_assert_nonnull(store_reader_journal(fixture->reader));
	}
	g_assert_cmpint(access(log, F_OK), <, 0);
	on_network = false;
	/* and back on a local one */
	fixture_close(fixture);
	fixture_open(fixture, NULL);
	g_assert_cmpint(access(log, F_OK), ==, 0);
	fixture_recount(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/open/created", test_created);
	for (guint i = 0; i < G_N_ELEMENTS(harms); i++) {
		g_autofree char *mail =
		    g_strconcat("/store/open/mail/", harms[i].name, NULL);
		g_autofree char *journal =
		    g_strconcat("/store/open/journal/", harms[i].name, NULL);

		g_test_add_data_func(mail, &harms[i], test_mail_harmed);
		g_test_add_data_func(journal, &harms[i], test_journal_harmed);
	}
	g_test_add_func("/store/open/mail/later", test_mail_found_later);
	g_test_add_func("/store/open/mail/at-once", test_mail_found_at_once);
	g_test_add_func("/store/open/newer", test_newer);
	g_test_add_func("/store/open/reader-alone", test_reader_alone);
	g_test_add_func("/store/open/journal/pages", test_journal_pages);
	g_test_add_func("/store/open/journal/lost", test_journal_lost);
	g_test_add_func("/store/open/journal/moved", test_journal_moved);
	g_test_add_data_func("/store/open/at-once/new", GINT_TO_POINTER(0),
			     test_at_once);
	g_test_add_data_func("/store/open/at-once/damaged", GINT_TO_POINTER(1),
			     test_at_once);
	g_test_add_func("/store/open/network", test_network);
	return g_test_run();
}
