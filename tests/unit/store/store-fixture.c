/* store-fixture.c - an account's files in a folder of their own, for tests */
#include "store-fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

#include <sqlite3.h>

#define DAY_US ((gint64)24 * 3600 * G_USEC_PER_SEC)

Fixture *
fixture_new_folders(void)
{
	/* thousands of commits: not to a disk, unless TMPDIR says so */
	const char *memory = "/dev/shm";
	bool in_memory =
	    g_getenv("TMPDIR") == NULL && access(memory, W_OK) == 0;
	Fixture *fixture = g_new0(Fixture, 1);

	fixture->root = g_build_filename(in_memory ? memory : g_get_tmp_dir(),
					 "pennon-store-XXXXXX", NULL);
	g_assert_nonnull(g_mkdtemp(fixture->root));
	fixture->cache = g_build_filename(fixture->root, "cache", NULL);
	fixture->state = g_build_filename(fixture->root, "state", NULL);
	return fixture;
}

Fixture *
fixture_new(void)
{
	Fixture *fixture = fixture_new_folders();

	fixture_open(fixture, NULL);
	return fixture;
}

void
fixture_open(Fixture *fixture, StoreOpened *ret_opened)
{
	g_autoptr(GError) error = NULL;

	fixture->journal =
	    store_journal_open(fixture->state, false, NULL, NULL, &error);
	g_assert_no_error(error);
	fixture->writer = store_writer_open(fixture->cache, fixture->journal,
					    ret_opened, &error);
	g_assert_no_error(error);
	fixture->reader =
	    store_reader_open(fixture->cache, fixture->state, &error);
	g_assert_no_error(error);
}

void
fixture_close(Fixture *fixture)
{
	g_clear_pointer(&fixture->reader, store_reader_close);
	g_clear_pointer(&fixture->writer, store_writer_close);
	g_clear_pointer(&fixture->journal, store_journal_close);
}

static int
remove_one(const char *path, const struct stat *status, int kind,
	   struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

void
fixture_free(Fixture *fixture)
{
	if (fixture == NULL)
		return;
	fixture_close(fixture);
	nftw(fixture->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	g_free(fixture->root);
	g_free(fixture->cache);
	g_free(fixture->state);
	g_free(fixture);
}

void
fixture_commit(Fixture *fixture)
{
	g_autoptr(GError) error = NULL;

	store_writer_commit(fixture->writer, &error);
	g_assert_no_error(error);
	(void)store_reader_refresh(fixture->reader);
}

char *
fixture_path(const Fixture *fixture, const char *name)
{
	return g_build_filename(fixture->root, name, NULL);
}

gint64
fixture_mailbox(Fixture *fixture, const char *wire)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Mailbox) mailbox = mailbox_new(wire, wire, '/');
	gint64 id = store_writer_put_mailbox(fixture->writer, mailbox, &error);

	g_assert_no_error(error);
	fixture_commit(fixture);
	return id;
}

gint64
fixture_number(const Fixture *fixture, const char *file, const char *sql)
{
	g_autofree char *path = fixture_path(fixture, file);
	sqlite3_stmt *statement;
	sqlite3 *handle;
	gint64 number;

	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	sqlite3_busy_timeout(handle, 5000);
	if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(handle));
	number = sqlite3_step(statement) == SQLITE_ROW
		     ? sqlite3_column_int64(statement, 0)
		     : -1;
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return number;
}

void
fixture_exec(const Fixture *fixture, const char *file, const char *sql)
{
	g_autofree char *path = fixture_path(fixture, file);
	sqlite3 *handle;

	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	sqlite3_busy_timeout(handle, 5000);
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(handle));
	sqlite3_close(handle);
}

/* ---- messages ---- */

gint64
mail_date(gint64 day)
{
	return (20000 + day) * DAY_US;
}

StoreMessage *
mail_message(const Mail *mail)
{
	StoreMessage *message = store_message_new();

	message->uid = mail->uid;
	message->flags.bits = mail->flags;
	message->modseq = 1;
	message->size = 1000 + mail->uid % 7;
	message->internal_date = mail_date(mail->day);
	message->attachments = MESSAGE_ATTACHMENTS_MAYBE;
	message->header = message_header_new();
	message->header->date = message->internal_date;
	message->header->message_id = g_strdup(mail->mid);
	if (mail->refs != NULL)
		message->header->references = g_strsplit(mail->refs, " ", -1);
	g_free(message->header->subject);
	message->header->subject =
	    g_strdup(mail->subject == NULL ? "" : mail->subject);
	g_ptr_array_add(message->header->from,
			address_new(mail->from, "someone@example.org"));
	return message;
}

GArray *
fixture_add(Fixture *fixture, gint64 mailbox, const Mail *mails, guint n)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) messages =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_message_free);
	StoreAdded added = {0};

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(messages, mail_message(&mails[i]));
	store_writer_add_rows(fixture->writer, mailbox, messages, &added,
			      &error);
	g_assert_no_error(error);
	fixture_commit(fixture);
	return added.ids;
}

gint64
fixture_add_one(Fixture *fixture, gint64 mailbox, const Mail *mail)
{
	g_autoptr(GArray) ids = fixture_add(fixture, mailbox, mail, 1);

	return g_array_index(ids, gint64, 0);
}

/* ---- changes ---- */

Change *
fixture_change(Fixture *fixture, ChangeKind kind, gint64 message,
	       const char *dest)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) changes = g_ptr_array_new();
	Change *change = change_new(kind);

	change->dest = g_strdup(dest);
	g_ptr_array_add(
	    change->messages,
	    store_reader_location(fixture->reader, message, &error));
	g_assert_no_error(error);
	g_ptr_array_add(changes, change);
	store_journal_add(fixture->journal, changes, &error);
	g_assert_no_error(error);
	return change;
}

void
fixture_apply(Fixture *fixture, Change *change, ChangeState state)
{
	g_autoptr(GError) error = NULL;

	change->state = state;
	store_writer_apply_change(fixture->writer, change, &error);
	g_assert_no_error(error);
	fixture_commit(fixture);
}

/* ---- counts ---- */

/* each gives a row for what is wrong */
static const char *const checks[] = {
    "SELECT 'totals of', id FROM mailbox WHERE "
    "rows <> (SELECT count(*) FROM msg WHERE shown = mailbox.id) OR "
    "total <> (SELECT count(*) FROM msg WHERE shown = mailbox.id AND "
    "(shown_flags & 8) = 0) OR "
    "unread <> (SELECT count(*) FROM msg WHERE shown = mailbox.id AND "
    "(shown_flags & 9) = 0) OR "
    "flagged <> (SELECT count(*) FROM msg WHERE shown = mailbox.id AND "
    "(shown_flags & 12) = 4) OR "
    "threads <> (SELECT count(DISTINCT thread) FROM msg WHERE "
    "shown = mailbox.id)",
    "SELECT 'thread', thread FROM (SELECT shown AS mailbox, thread, "
    "max(date) AS newest, count(*) AS rows, "
    "sum((shown_flags & 1) = 0) AS unread FROM msg WHERE shown > 0 "
    "GROUP BY shown, thread EXCEPT SELECT mailbox, thread, newest, rows, "
    "unread FROM thread)",
    "SELECT 'stray thread', thread FROM thread WHERE NOT EXISTS (SELECT 1 "
    "FROM msg WHERE msg.thread = thread.thread AND shown = thread.mailbox)",
    "SELECT 'piece by date', start FROM piece WHERE kind = 0 AND "
    "(entries, rows) <> (SELECT count(*), count(*) FROM msg WHERE "
    "shown = piece.mailbox AND date >= piece.start AND date < coalesce("
    "(SELECT min(p.start) FROM piece p WHERE p.mailbox = piece.mailbox AND "
    "p.kind = 0 AND p.start > piece.start), 9223372036854775807))",
    "SELECT 'piece by thread', start FROM piece WHERE kind = 1 AND "
    "(entries, rows) <> (SELECT count(*), coalesce(sum(thread.rows), 0) FROM "
    "thread WHERE mailbox = piece.mailbox AND newest >= piece.start AND "
    "newest < coalesce((SELECT min(p.start) FROM piece p WHERE "
    "p.mailbox = piece.mailbox AND p.kind = 1 AND p.start > piece.start), "
    "9223372036854775807))",
    "SELECT 'row without text', id FROM msg WHERE id NOT IN "
    "(SELECT id FROM folded)",
    "SELECT 'text without row', id FROM folded WHERE id NOT IN "
    "(SELECT id FROM msg)",
    "SELECT 'body without row', msg FROM body WHERE msg NOT IN "
    "(SELECT id FROM msg)",
    "SELECT integrity_check, 0 FROM pragma_integrity_check "
    "WHERE integrity_check <> 'ok'",
};

void
fixture_recount(const Fixture *fixture)
{
	g_autofree char *path = fixture_path(fixture, "cache/mail.db");
	sqlite3 *handle;

	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	sqlite3_busy_timeout(handle, 5000);
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
		sqlite3_stmt *row;

		if (sqlite3_prepare_v2(handle, checks[i], -1, &row, NULL) !=
		    SQLITE_OK)
			g_error("%s: %s", checks[i], sqlite3_errmsg(handle));
		if (sqlite3_step(row) == SQLITE_ROW)
			g_error("%s %lld is wrong",
				(const char *)sqlite3_column_text(row, 0),
				(long long)sqlite3_column_int64(row, 1));
		sqlite3_finalize(row);
	}
	sqlite3_close(handle);
}
