/* test-store-keep.c - drafts and bodies: files beside the rows */
#include "store-fixture.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* ---- drafts ---- */

static void
test_draft_row(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(StoreDraft) draft = store_draft_new(NULL), told = NULL;
	g_autoptr(GError) error = NULL;

	draft->rev = 4;
	draft->state = STORE_DRAFT_CONFLICT;
	draft->mailbox = g_strdup("Drafts");
	draft->uid_validity = G_MAXUINT32;
	draft->uid = 5;
	draft->uploaded_rev = 3;
	draft->uploaded_hash = g_strdup("hash");
	draft->conflict_uid = 6;
	draft->answered = 7;
	draft->in_reply_to = g_strdup("a@x.y");
	draft->info = g_strdup("info");
	g_assert_true(store_draft_save(fixture->journal, draft, &error));
	told = store_draft_get(fixture->journal, draft->uuid, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(told->rev, ==, 4);
	g_assert_cmpint(told->state, ==, STORE_DRAFT_CONFLICT);
	g_assert_cmpstr(told->mailbox, ==, "Drafts");
	g_assert_cmpuint(told->uid_validity, ==, G_MAXUINT32);
	g_assert_cmpuint(told->uid, ==, 5);
	g_assert_cmpuint(told->uploaded_rev, ==, 3);
	g_assert_cmpstr(told->uploaded_hash, ==, "hash");
	g_assert_cmpuint(told->conflict_uid, ==, 6);
	g_assert_cmpint(told->answered, ==, 7);
	g_assert_cmpstr(told->in_reply_to, ==, "a@x.y");
	g_assert_cmpstr(told->info, ==, "info");
	g_assert_cmpint(told->saved_at, >, 0);
	g_assert_true(
	    store_draft_forget(fixture->journal, draft->uuid, &error));
	g_assert_null(store_draft_get(fixture->journal, draft->uuid, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

static void
test_draft_text(void)
{
	static const char *const texts[] = {"", "one", "two\r\n", "three"};
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(StoreDraft) draft = store_draft_new(NULL);
	g_autofree char *path =
	    store_draft_text_path(fixture->state, draft->uuid);
	g_autoptr(GPtrArray) list = NULL, none = NULL;
	g_autoptr(GError) error = NULL;
	struct stat status;

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GBytes) text =
		    g_bytes_new(texts[i], strlen(texts[i]));
		g_autoptr(GBytes) told = NULL;

		g_assert_true(store_draft_write_text(
		    fixture->state, draft->uuid, text, &error));
		told =
		    store_draft_read_text(fixture->state, draft->uuid, &error);
		g_assert_no_error(error);
		g_assert_true(g_bytes_equal(text, told));
	}
	g_assert_cmpint(stat(path, &status), ==, 0);
	g_assert_cmphex(status.st_mode & 0777, ==, 0600);
	/* a text without a row is a draft all the same */
	list = store_draft_list(fixture->journal, &error);
	g_assert_cmpuint(list->len, ==, 1);
	g_assert_cmpint(((StoreDraft *)list->pdata[0])->state, ==,
			STORE_DRAFT_KEPT);
	g_assert_true(
	    store_draft_forget(fixture->journal, draft->uuid, &error));
	none = store_draft_list(fixture->journal, &error);
	g_assert_cmpuint(none->len, ==, 0);
	g_assert_cmpint(access(path, F_OK), <, 0);
}

/* A name from a file, a server or a command line leads nowhere else. */
static void
test_draft_names(void)
{
	static const char *const names[] = {"", "../x", "x", "/etc/passwd",
					    "0000"};
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GBytes) text = g_bytes_new_static("x", 1);

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GError) error = NULL, other = NULL;

		g_assert_null(store_draft_text_path(fixture->state, names[i]));
		g_assert_false(store_draft_write_text(fixture->state, names[i],
						      text, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
		g_assert_null(
		    store_draft_read_text(fixture->state, names[i], &other));
		g_assert_error(other, STORE_ERROR, STORE_ERROR_NOT_FOUND);
	}
}

/* What cannot be written leaves the old text whole. */
static void
test_draft_refused(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(StoreDraft) draft = store_draft_new(NULL);
	g_autoptr(GBytes) text = g_bytes_new_static("old", 3);
	g_autoptr(GBytes) next = g_bytes_new_static("new", 3), told = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *path =
	    store_draft_text_path(fixture->state, draft->uuid);
	g_autofree char *aside = g_strconcat(path, ".new", NULL);

	g_assert_true(
	    store_draft_write_text(fixture->state, draft->uuid, text, NULL));
	/* nothing can be written aside where a folder is */
	g_assert_cmpint(g_mkdir(aside, 0700), ==, 0);
	g_assert_false(
	    store_draft_write_text(fixture->state, draft->uuid, next, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_IO);
	told = store_draft_read_text(fixture->state, draft->uuid, NULL);
	g_assert_true(g_bytes_equal(told, text));
}

/* ---- bodies ---- */

static gint64
add_message(Fixture *fixture, guint32 uid, guint32 flags)
{
	g_autofree char *mid = g_strdup_printf("m%u@x.y", uid);
	Mail mail = {uid, uid, mid, NULL, "s", "f", flags};

	return fixture_add_one(fixture, 1, &mail);
}

static StoreBody *
make_body(Fixture *fixture, gint64 id, const char *section, gsize len)
{
	g_autofree char *bytes = g_strnfill(len, 'x');
	g_autoptr(GError) error = NULL;
	StoreBody *body = store_body_new(fixture->cache, id, section, &error);

	g_assert_no_error(error);
	g_assert_true(store_body_write(body, bytes, len / 2, NULL));
	g_assert_true(
	    store_body_write(body, bytes + len / 2, len - len / 2, NULL));
	return body;
}

static void
keep(Fixture *fixture, gint64 id, const char *section, gsize len)
{
	StoreBody *body = make_body(fixture, id, section, len);
	g_autoptr(GError) error = NULL;

	g_assert_true(store_body_finish(body, (gint64)len, &error));
	g_assert_true(store_writer_put_body(fixture->writer, body, &error));
	fixture_commit(fixture);
}

static gssize
size_of(Fixture *fixture, gint64 id, const char *section)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes =
	    store_reader_body(fixture->reader, id, section, &error);

	g_assert_true((bytes != NULL) ==
		      store_reader_has_body(fixture->reader, id, section));
	if (bytes == NULL)
		g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
	return bytes == NULL ? -1 : (gssize)g_bytes_get_size(bytes);
}

static void
test_body_kept(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GArray) without = NULL;
	gint64 inbox = fixture_mailbox(fixture, "INBOX");
	gint64 ids[3];
	UidSet *gone = uid_set_new();

	for (guint i = 0; i < 3; i++)
		ids[i] = add_message(fixture, i + 1, 0);
	keep(fixture, ids[0], "", 1000);
	keep(fixture, ids[0], "1.2", 10);
	keep(fixture, ids[0], "1.2", 20);
	keep(fixture, ids[1], "1.MIME", 0);
	g_assert_cmpint(size_of(fixture, ids[0], ""), ==, 1000);
	g_assert_cmpint(size_of(fixture, ids[0], "1.2"), ==, 20);
	g_assert_cmpint(size_of(fixture, ids[1], "1.MIME"), ==, 0);
	g_assert_cmpint(size_of(fixture, ids[1], ""), ==, -1);
	g_assert_cmpint(size_of(fixture, ids[0], "../x"), ==, -1);
	without = store_reader_bodiless(fixture->reader, inbox, 10, NULL);
	g_assert_cmpuint(without->len, ==, 2);
	g_assert_cmpint(g_array_index(without, gint64, 0), ==, ids[2]);
	/* it goes with its message */
	uid_set_add(gone, 1);
	g_assert_true(
	    store_writer_remove(fixture->writer, inbox, gone, NULL, NULL));
	fixture_commit(fixture);
	g_assert_cmpint(size_of(fixture, ids[0], ""), ==, -1);
	fixture_recount(fixture);
	uid_set_free(gone);
}

static void
test_body_partial(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = NULL, *path = NULL;
	gint64 id;
	StoreBody *body;
	GDir *dir;

	fixture_mailbox(fixture, "INBOX");
	id = add_message(fixture, 1, 0);
	folder =
	    g_strdup_printf("%s/bodies/%02x", fixture->cache, (guint)id & 255);
	body = make_body(fixture, id, "", 500);
	g_assert_false(store_body_finish(body, 501, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_IO);
	store_body_free(body);
	dir = g_dir_open(folder, 0, NULL);
	g_assert_null(g_dir_read_name(dir));
	g_dir_close(dir);
	/* half of one after a crash is none */
	keep(fixture, id, "", 500);
	path = g_strdup_printf("%s/%" G_GINT64_FORMAT "-", folder, id);
	g_assert_cmpint(truncate(path, 250), ==, 0);
	g_assert_cmpint(size_of(fixture, id, ""), ==, -1);
	keep(fixture, id, "", 500);
	g_assert_cmpint(size_of(fixture, id, ""), ==, 500);
	g_clear_error(&error);
	g_assert_null(store_body_new(fixture->cache, id, "../../x", &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_LIMIT);
	/* the message has gone while it came */
	body = make_body(fixture, id + 1000, "", 5);
	g_assert_true(store_body_finish(body, -1, NULL));
	g_assert_true(store_writer_put_body(fixture->writer, body, NULL));
	fixture_commit(fixture);
	fixture_recount(fixture);
}

/* The oldest go, but for what is flagged or kept offline. */
static void
test_body_limit(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 total = 0, ids[20];

	fixture_mailbox(fixture, "INBOX");
	store_writer_set_body_limit(fixture->writer, 10000);
	for (guint i = 0; i < 20; i++) {
		g_autofree char *path = NULL;
		struct timespec times[2];

		ids[i] =
		    add_message(fixture, i + 1, i == 2 ? MAIL_FLAG_FLAGGED : 0);
		keep(fixture, ids[i], "", 1000);
		path = g_strdup_printf("%s/bodies/%02x/%" G_GINT64_FORMAT "-",
				       fixture->cache, (guint)ids[i] & 255,
				       ids[i]);
		times[0].tv_sec = times[1].tv_sec = 1000 + i;
		times[0].tv_nsec = times[1].tv_nsec = 0;
		utimensat(AT_FDCWD, path, times, 0);
		total = fixture_number(fixture, "cache/mail.db",
				       "SELECT sum(size) FROM body");
		g_assert_cmpint(total, <=, 10000);
	}
	g_assert_cmpint(total, >=, 8000);
	g_assert_cmpint(size_of(fixture, ids[2], ""), ==, 1000);
	g_assert_cmpint(size_of(fixture, ids[0], ""), ==, -1);
	g_assert_cmpint(size_of(fixture, ids[19], ""), ==, 1000);
	g_assert_true(
	    store_writer_set_keep_offline(fixture->writer, 1, true, NULL));
	keep(fixture, ids[0], "", 9000);
	g_assert_cmpint(fixture_number(fixture, "cache/mail.db",
				       "SELECT sum(size) FROM body"),
			==, total + 9000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/draft/row", test_draft_row);
	g_test_add_func("/store/draft/text", test_draft_text);
	g_test_add_func("/store/draft/names", test_draft_names);
	g_test_add_func("/store/draft/refused", test_draft_refused);
	g_test_add_func("/store/body/kept", test_body_kept);
	g_test_add_func("/store/body/partial", test_body_partial);
	g_test_add_func("/store/body/limit", test_body_limit);
	return g_test_run();
}
