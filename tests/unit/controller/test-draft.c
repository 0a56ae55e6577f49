/* test-draft.c - a draft's life without a server */
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "mail-fixture.h"
#include "store-draft.h"
#include "store-reader.h"

#define ODD_PART                                                               \
	"Content-Type: application/x-odd; a=b;\r\n\tc=\"d\"\r\n"               \
	"X-Unknown: kept\r\nContent-Transfer-Encoding: base64\r\n\r\n"         \
	"AAEC\r\nAw==\r\n"
#define ELSEWHERE                                                              \
	MAIL_BEGIN "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"  \
		   "Content-Type: text/plain\r\n\r\nwritten "                  \
		   "there\r\n--B\r\n" ODD_PART "--B--\r\n"

/** Writing: a draft as a screen has it */
typedef struct {
	Draft *draft;
	volatile gint ready;
	volatile gint saved; /* how often */
	volatile gint failed;
} Writing;

static void
on_draft(Draft *draft, gpointer user)
{
	Writing *writing = user;

	switch (draft_state(draft)) {
	case DRAFT_READY:
		writing->ready = 1;
		break;
	case DRAFT_SAVED:
		writing->saved++;
		break;
	case DRAFT_FAILED:
		writing->failed++;
		break;
	default:
		break;
	}
}

static void
begin(Writing *writing, MailBox *box, DraftStart start, gint64 id)
{
	*writing = (Writing){0};
	writing->draft = draft_open(box->account, start, id,
				    "Bob wrote:", on_draft, writing);
	mail_wait(&writing->ready);
}

static void
resume(Writing *writing, MailBox *box, const char *uuid)
{
	*writing = (Writing){0};
	writing->draft = draft_resume(box->account, uuid, on_draft, writing);
	mail_wait(&writing->ready);
}

static char *
read_file(const char *path)
{
	char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

/* As an editor does that writes aside and renames. */
static void
write_file(const char *path, const char *text)
{
	g_autoptr(GError) error = NULL;

	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
}

/* The editor appends @words. */
static void
type(const Writing *writing, const char *words)
{
	const char *path = draft_edit_path(writing->draft);
	g_autofree char *before = read_file(path);
	g_autofree char *text = g_strconcat(before, words, NULL);

	write_file(path, text);
}

static void
type_and_save(Writing *writing, const char *words)
{
	writing->saved = 0;
	type(writing, words);
	draft_edited(writing->draft);
	mail_wait(&writing->saved);
}

static char *
kept_text(MailBox *box, const char *uuid)
{
	g_autofree char *path = store_draft_text_path(box->state, uuid);

	return read_file(path);
}

static StoreDraft *
row_of(MailBox *box, const char *uuid)
{
	g_autoptr(StoreReader) reader =
	    store_reader_open(box->cache, box->state, NULL);

	return store_draft_get(store_reader_journal(reader), uuid, NULL);
}

static void
assert_holds(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		g_error("no \"%s\" in: %s", words, text);
}

static guint
n_local(MailBox *box)
{
	g_autoptr(GPtrArray) uuids = account_local_drafts(box->account);

	return uuids->len;
}

/* Files of drafts that are there: texts, edit files, anything. */
static guint
n_files(MailBox *box)
{
	g_autofree char *folder = g_build_filename(box->state, "drafts", NULL);
	GDir *dir = g_dir_open(folder, 0, NULL);
	guint n = 0;

	while (dir != NULL && g_dir_read_name(dir) != NULL)
		n++;
	g_clear_pointer(&dir, g_dir_close);
	return n;
}

static GPtrArray *
queue(MailBox *box)
{
	GPtrArray *changes = account_queue(box->account, false, NULL);

	g_assert_nonnull(changes);
	return changes;
}

static void
test_new(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autofree char *uuid = NULL;
	g_autofree char *path = NULL;
	g_autofree char *first = NULL;
	g_autofree char *kept = NULL;
	g_autoptr(GPtrArray) changes = NULL;
	g_autoptr(StoreDraft) row = NULL;
	const Change *change;
	Writing writing;
	struct stat status;

	mail_box_open(box);
	begin(&writing, box, DRAFT_NEW, 0);
	uuid = g_strdup(draft_uuid(writing.draft));
	path = g_strdup(draft_edit_path(writing.draft));
	g_assert_cmpint(stat(path, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	first = read_file(path);
	assert_holds(first, "From: Alice Example <alice@example.org>\n");
	write_file(path, "From: Alice Example <alice@example.org>\n"
			 "To: Bob <bob@example.com>\nSubject: Grüße\n\n"
			 "Dear Bob,\n");
	draft_edited(writing.draft);
	mail_wait(&writing.saved);
	g_assert_cmpstr(draft_header(writing.draft, "Subject"), ==, "Grüße");
	g_assert_cmpstr(draft_header(writing.draft, "To"), ==,
			"Bob <bob@example.com>");
	g_assert_cmpuint(draft_preview(writing.draft)->len, >, 0);
	g_assert_cmpint(draft_saved_at(writing.draft), >, 0);
	g_assert_false(draft_uploaded(writing.draft));
	kept = kept_text(box, uuid);
	assert_holds(kept, "Dear Bob,\r\n");
	assert_holds(kept, uuid);
	assert_holds(kept, "; rev=2\r\n");
	g_assert_cmpuint(n_local(box), ==, 0);

	type(&writing, "the last words\n"); /* seen by the postponing itself */
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	changes = queue(box);
	g_assert_cmpuint(changes->len, ==, 1);
	change = g_ptr_array_index(changes, 0);
	g_assert_cmpint(change->kind, ==, CHANGE_APPEND);
	g_assert_cmpstr(change->dest, ==, "Drafts");
	g_assert_cmpuint(change->draft_rev, ==, 3);
	row = row_of(box, uuid);
	g_assert_cmpint(row->state, ==, STORE_DRAFT_KEPT);
	g_free(kept);
	kept = kept_text(box, uuid);
	assert_holds(kept, "the last words");
	g_assert_cmpuint(n_local(box), ==, 1);
}

static void
test_unedited_leaves_nothing(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autoptr(GPtrArray) changes = NULL;
	Writing writing;

	mail_box_open(box);
	begin(&writing, box, DRAFT_NEW, 0);
	draft_close(writing.draft);
	/* one that is closed before it is there */
	draft_close(
	    draft_open(box->account, DRAFT_NEW, 0, NULL, on_draft, &writing));
	mail_settle(200);
	g_assert_cmpuint(n_files(box), ==, 0);
	g_assert_cmpuint(n_local(box), ==, 0);
	changes = queue(box);
	g_assert_cmpuint(changes->len, ==, 0);
}

static void
test_answers(void)
{
	static const struct {
		DraftStart start;
		const char *subject;
		const char *to;
		const char *words;
	} cases[] = {
	    {DRAFT_REPLY, "Re: the plan", "Bob <bob@example.com>",
	     "> the first line"},
	    {DRAFT_REPLY_ALL, "Re: the plan", "Bob <bob@example.com>",
	     "> the first line"},
	    {DRAFT_FORWARD, "Fwd: the plan", "", "the first line"},
	};
	g_autoptr(MailBox) box = mail_box_new(true);
	gint64 id = mail_box_add_whole(box, "INBOX", 5,
				       MAIL_BEGIN
				       "Cc: Carol <carol@example.net>\r\n\r\n"
				       "the first line\r\n");

	mail_box_open(box);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = NULL;
		Writing writing;

		begin(&writing, box, cases[i].start, id);
		g_assert_cmpstr(draft_header(writing.draft, "subject"), ==,
				cases[i].subject);
		g_assert_cmpstr(draft_header(writing.draft, "to"), ==,
				cases[i].to);
		g_assert_cmpstr(draft_header(writing.draft, "cc"), ==,
				cases[i].start == DRAFT_REPLY_ALL
				    ? "Carol <carol@example.net>"
				    : "");
		text = read_file(draft_edit_path(writing.draft));
		assert_holds(text, cases[i].words);
		assert_holds(text, "Bob wrote:");
		draft_close(writing.draft);
	}
}

static void
test_original_not_here(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	gint64 id = mail_box_add(box, "INBOX", 5, MAIL_BEGIN, 100);
	Writing writing = {0};

	mail_box_open(box);
	writing.draft =
	    draft_open(box->account, DRAFT_REPLY, id, NULL, on_draft, &writing);
	mail_wait(&writing.failed);
	g_assert_nonnull(draft_error(writing.draft));
	g_assert_null(draft_edit_path(writing.draft));
	draft_close(writing.draft);
	g_assert_cmpuint(n_files(box), ==, 0);
}

/* An editor that writes all the time: the last words are the ones kept. */
static void
test_editor_writes(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autofree char *uuid = NULL;
	g_autofree char *kept = NULL;
	g_autoptr(StoreDraft) row = NULL;
	Writing writing;

	mail_box_open(box);
	begin(&writing, box, DRAFT_NEW, 0);
	uuid = g_strdup(draft_uuid(writing.draft));
	for (guint i = 0; i < 100; i++) {
		g_autofree char *words = g_strdup_printf("line %u.\n", i);

		type(&writing, words);
		draft_edited(writing.draft);
		if (i % 7 == 0)
			g_main_context_iteration(NULL, FALSE);
	}
	while (strstr(kept == NULL ? "" : kept, "line 99.") == NULL) {
		writing.saved = 0;
		mail_wait(&writing.saved);
		g_free(kept);
		kept = kept_text(box, uuid);
	}
	assert_holds(kept, "line 0.");
	draft_close(writing.draft);
	mail_settle(100);
	row = row_of(box, uuid);
	g_assert_cmpint(row->state, ==, STORE_DRAFT_OPEN);
	g_assert_cmpuint(row->rev, <=, 101);
	g_assert_cmpuint(n_local(box), ==, 1);
	g_assert_cmpuint(n_files(box), ==, 1);
}

/* Killed while the editor ran: what it wrote last is there again. */
static void
test_crash(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autofree char *uuid = NULL;
	g_autofree char *kept = NULL;
	g_autoptr(GPtrArray) uuids = NULL;
	Writing writing;

	mail_box_open(box);
	begin(&writing, box, DRAFT_NEW, 0);
	uuid = g_strdup(draft_uuid(writing.draft));
	type_and_save(&writing, "saved words\n");
	mail_settle(20);
	type(&writing, "unsaved words\n");
	mail_box_close(box);
	draft_close(writing.draft); /* its account is gone */

	mail_box_open(box);
	uuids = account_local_drafts(box->account);
	g_assert_cmpuint(uuids->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(uuids, 0), ==, uuid);
	resume(&writing, box, uuid);
	mail_wait(&writing.saved);
	kept = kept_text(box, uuid);
	assert_holds(kept, "saved words\r\nunsaved words\r\n");
	type_and_save(&writing, "more\n");
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	g_free(kept);
	kept = kept_text(box, uuid);
	assert_holds(kept, "unsaved words\r\nmore\r\n");
}

static void
test_refused_header(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autofree char *uuid = NULL;
	g_autofree char *path = NULL;
	g_autofree char *text = NULL;
	g_autoptr(GPtrArray) changes = NULL;
	Writing writing;
	gint64 job;

	mail_box_open(box);
	begin(&writing, box, DRAFT_NEW, 0);
	uuid = g_strdup(draft_uuid(writing.draft));
	path = g_strdup(draft_edit_path(writing.draft));
	write_file(path, "From: alice@example.org\nTo: <bob@@\n"
			 "Subject: x\n\nwords\n");
	draft_edited(writing.draft);
	mail_wait(&writing.failed);
	g_assert_nonnull(draft_error(writing.draft));
	write_file(path, "From: alice@example.org\nTo: bob@example.com\n"
			 "Subject: x\n\nwords\n");
	draft_edited(writing.draft);
	mail_wait(&writing.saved);
	g_assert_null(draft_error(writing.draft));
	/* what cannot be taken when it is postponed is not lost */
	write_file(path, "From: alice@example.org\nTo: <bob@@\n"
			 "Subject: x\n\nlast words\n");
	job = draft_postpone(writing.draft);
	g_assert_cmpint(mail_wait_job(box, job, JOB_JOURNALED), ==, JOB_FAILED);
	g_assert_cmpint(mail_job_error(box, job), ==, CONTROLLER_ERROR_USAGE);
	text = read_file(path);
	assert_holds(text, "last words");
	g_assert_cmpuint(n_local(box), ==, 1);
	changes = queue(box);
	g_assert_cmpuint(changes->len, ==, 0);
	resume(&writing, box, uuid);
	mail_wait(&writing.failed);
	g_free(text);
	text = read_file(draft_edit_path(writing.draft));
	assert_holds(text, "last words");
	draft_close(writing.draft);
}

static void
test_discard(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autoptr(GPtrArray) changes = NULL;
	Writing writing;

	mail_box_open(box);
	begin(&writing, box, DRAFT_NEW, 0);
	type_and_save(&writing, "not worth it\n");
	g_assert_cmpint(
	    mail_wait_job(box, draft_discard(writing.draft), JOB_DONE), ==,
	    JOB_DONE);
	g_assert_cmpuint(n_files(box), ==, 0);
	g_assert_cmpuint(n_local(box), ==, 0);
	changes = queue(box);
	g_assert_cmpuint(changes->len, ==, 0);
}

/* ---- from the server ---- */

static void
test_made_elsewhere(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	gint64 id = mail_box_add_whole(box, "Drafts", 44, ELSEWHERE);
	g_autoptr(GPtrArray) changes = NULL;
	g_autofree char *uuid = NULL;
	g_autofree char *path = NULL;
	g_autofree char *text = NULL;
	g_autofree char *kept = NULL;
	const Change *change;
	const ChangeMessage *old;
	char *words;
	Writing writing;

	mail_box_open(box);
	begin(&writing, box, DRAFT_RESUME, id);
	uuid = g_strdup(draft_uuid(writing.draft));
	path = g_strdup(draft_edit_path(writing.draft));
	g_assert_cmpuint(draft_attachments(writing.draft)->len, ==, 1);
	text = read_file(path);
	words = strstr(text, "written there");
	g_assert_nonnull(words);
	memcpy(words, "changed  here", strlen("changed  here"));
	write_file(path, text);
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	kept = kept_text(box, uuid);
	assert_holds(kept, "changed  here");
	assert_holds(kept, ODD_PART);
	assert_holds(kept, "Message-ID: <plan@example.com>\r\n");
	changes = queue(box);
	g_assert_cmpuint(changes->len, ==, 1);
	change = g_ptr_array_index(changes, 0);
	g_assert_cmpint(change->kind, ==, CHANGE_APPEND);
	old = g_ptr_array_index(change->messages, 0);
	g_assert_cmpuint(old->uid, ==, 44);
	g_assert_cmpuint(old->uid_validity, ==, 7);
}

static void
test_not_edited_not_uploaded(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	gint64 id = mail_box_add_whole(box, "Drafts", 44, ELSEWHERE);
	g_autoptr(GPtrArray) changes = NULL;
	Writing writing;

	mail_box_open(box);
	begin(&writing, box, DRAFT_RESUME, id);
	g_assert_cmpint(
	    mail_wait_job(box, draft_postpone(writing.draft), JOB_DONE), ==,
	    JOB_DONE);
	changes = queue(box);
	g_assert_cmpuint(changes->len, ==, 0);
	g_assert_cmpuint(n_files(box), ==, 0);
}

static void
test_ours_continues(void)
{
	static const char uuid[] = "0b9c1f0e-53a1-4d0e-8d3a-1f2e3d4c5b6a";
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autofree char *mail = g_strdup_printf(
	    MAIL_BEGIN "X-Pennon-Draft: %s; rev=6\r\n\r\nours\r\n", uuid);
	gint64 id = mail_box_add_whole(box, "Drafts", 44, mail);
	g_autofree char *kept = NULL;
	Writing writing;

	mail_box_open(box);
	begin(&writing, box, DRAFT_RESUME, id);
	g_assert_cmpstr(draft_uuid(writing.draft), ==, uuid);
	type_and_save(&writing, "and more\n");
	kept = kept_text(box, uuid);
	assert_holds(kept, "; rev=7\r\n");
	draft_close(writing.draft);
	mail_settle(100);
	/* what is newer here goes before the server's copy */
	begin(&writing, box, DRAFT_RESUME, id);
	g_assert_cmpstr(draft_uuid(writing.draft), ==, uuid);
	g_free(kept);
	kept = read_file(draft_edit_path(writing.draft));
	assert_holds(kept, "and more");
	draft_close(writing.draft);
}

static void
discard_stored(bool trash, ChangeKind kind)
{
	g_autoptr(MailBox) box = mail_box_new(trash);
	gint64 id = mail_box_add_whole(box, "Drafts", 44, ELSEWHERE);
	g_autoptr(GPtrArray) changes = NULL;
	const Change *change;
	const ChangeMessage *message;
	Writing writing;

	mail_box_open(box);
	begin(&writing, box, DRAFT_RESUME, id);
	type_and_save(&writing, "more\n");
	mail_wait_job(box, draft_discard(writing.draft), JOB_JOURNALED);
	changes = queue(box);
	g_assert_cmpuint(changes->len, ==, 1);
	change = g_ptr_array_index(changes, 0);
	g_assert_cmpint(change->kind, ==, kind);
	g_assert_cmpstr(change->mailbox, ==, "Drafts");
	g_assert_cmpstr(change->dest, ==, trash ? "Trash" : NULL);
	message = g_ptr_array_index(change->messages, 0);
	g_assert_cmpint(message->id, ==, id);
	g_assert_cmpuint(n_files(box), ==, 0);
}

static void
test_discard_stored(void)
{
	discard_stored(true, CHANGE_MOVE);
	discard_stored(false, CHANGE_DELETE);
}

/* A draft that is postponed twice before the first was sent goes up once. */
static void
test_superseded(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	gint64 id = mail_box_add_whole(box, "Drafts", 44, ELSEWHERE);
	g_autofree char *uuid = NULL;
	g_autoptr(GPtrArray) changes = NULL;
	const Change *change;
	const ChangeMessage *old;
	Writing writing;

	mail_box_open(box);
	begin(&writing, box, DRAFT_RESUME, id);
	uuid = g_strdup(draft_uuid(writing.draft));
	type(&writing, "once\n");
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	resume(&writing, box, uuid);
	type(&writing, "twice\n");
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	changes = queue(box);
	g_assert_cmpuint(changes->len, ==, 1);
	change = g_ptr_array_index(changes, 0);
	g_assert_cmpuint(change->draft_rev, ==, 2);
	old = g_ptr_array_index(change->messages, 0);
	g_assert_cmpuint(old->uid, ==, 44);
}

/* ---- from outside ---- */

static void
test_append(void)
{
	static const char text[] = "To: bob@example.com\n\nhello\n";
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autoptr(GBytes) message = g_bytes_new_static(text, strlen(text));
	g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
	g_autoptr(GPtrArray) changes = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *kept = NULL;
	const Change *change;

	mail_box_add_whole(box, "Drafts", 44, ELSEWHERE);
	mail_box_open(box);
	g_assert_cmpint(account_draft_append(box->account, nothing, 0, &error),
			==, 0);
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE);
	g_clear_error(&error);
	g_assert_cmpint(
	    account_draft_append(box->account, message, 4711, &error), ==, 0);
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_NOT_FOUND);
	g_clear_error(&error);
	mail_wait_job(box,
		      account_draft_append(box->account, message, 44, &error),
		      JOB_JOURNALED);
	changes = queue(box);
	g_assert_cmpuint(changes->len, ==, 1);
	change = g_ptr_array_index(changes, 0);
	g_assert_cmpuint(
	    ((ChangeMessage *)g_ptr_array_index(change->messages, 0))->uid, ==,
	    44);
	kept = kept_text(box, change->draft_uuid);
	assert_holds(kept, "\r\n\r\nhello\r\n");
	assert_holds(kept, "From: Alice Example <alice@example.org>\r\n");
	assert_holds(kept, "; rev=1\r\n");
}

int
main(int argc, char **argv)
{
	mail_init(&argc, &argv);
	g_test_add_func("/draft/new", test_new);
	g_test_add_func("/draft/unedited", test_unedited_leaves_nothing);
	g_test_add_func("/draft/answers", test_answers);
	g_test_add_func("/draft/original-not-here", test_original_not_here);
	g_test_add_func("/draft/editor-writes", test_editor_writes);
	g_test_add_func("/draft/crash", test_crash);
	g_test_add_func("/draft/refused-header", test_refused_header);
	g_test_add_func("/draft/discard", test_discard);
	g_test_add_func("/draft/made-elsewhere", test_made_elsewhere);
	g_test_add_func("/draft/not-edited", test_not_edited_not_uploaded);
	g_test_add_func("/draft/ours-continues", test_ours_continues);
	g_test_add_func("/draft/discard-stored", test_discard_stored);
	g_test_add_func("/draft/superseded", test_superseded);
	g_test_add_func("/draft/append", test_append);
	return mail_end(g_test_run());
}
