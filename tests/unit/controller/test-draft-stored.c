/* test-draft-stored.c - drafts that lie on the server, or shall */
#include <string.h>
#include <sys/stat.h>

#include "draft-fixture.h"

#define ODD_PART                                                               \
	"Content-Type: application/x-odd; a=b;\r\n\tc=\"d\"\r\n"               \
	"X-Unknown: kept\r\nContent-Transfer-Encoding: base64\r\n\r\n"         \
	"AAEC\r\nAw==\r\n"
#define ELSEWHERE                                                              \
	MAIL_BEGIN "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"  \
		   "Content-Type: text/plain\r\n\r\nwritten "                  \
		   "there\r\n--B\r\n" ODD_PART "--B--\r\n"

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
	writing_begin(&writing, box, DRAFT_RESUME, id);
	uuid = g_strdup(draft_uuid(writing.draft));
	path = g_strdup(draft_edit_path(writing.draft));
	g_assert_cmpuint(draft_attachments(writing.draft)->len, ==, 1);
	text = text_read(path);
	words = strstr(text, "written there");
	g_assert_nonnull(words);
	memcpy(words, "changed  here", strlen("changed  here"));
	text_write(path, text);
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	kept = writing_kept(box, uuid);
	text_assert_holds(kept, "changed  here");
	text_assert_holds(kept, ODD_PART);
	text_assert_holds(kept, "Message-ID: <plan@example.com>\r\n");
	changes = writing_queue(box);
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
	writing_begin(&writing, box, DRAFT_RESUME, id);
	g_assert_cmpint(
	    mail_wait_job(box, draft_postpone(writing.draft), JOB_DONE), ==,
	    JOB_DONE);
	changes = writing_queue(box);
	g_assert_cmpuint(changes->len, ==, 0);
	g_assert_cmpuint(writing_n_files(box), ==, 0);
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
	writing_begin(&writing, box, DRAFT_RESUME, id);
	g_assert_cmpstr(draft_uuid(writing.draft), ==, uuid);
	writing_save(&writing, "and more\n");
	kept = writing_kept(box, uuid);
	text_assert_holds(kept, "; rev=7\r\n");
	draft_close(writing.draft);
	mail_settle(100);
	/* what is newer here goes before the server's copy */
	writing_begin(&writing, box, DRAFT_RESUME, id);
	g_assert_cmpstr(draft_uuid(writing.draft), ==, uuid);
	g_free(kept);
	kept = text_read(draft_edit_path(writing.draft));
	text_assert_holds(kept, "and more");
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
	writing_begin(&writing, box, DRAFT_RESUME, id);
	writing_save(&writing, "more\n");
	mail_wait_job(box, draft_discard(writing.draft), JOB_JOURNALED);
	changes = writing_queue(box);
	g_assert_cmpuint(changes->len, ==, 1);
	change = g_ptr_array_index(changes, 0);
	g_assert_cmpint(change->kind, ==, kind);
	g_assert_cmpstr(change->mailbox, ==, "Drafts");
	g_assert_cmpstr(change->dest, ==, trash ? "Trash" : NULL);
	message = g_ptr_array_index(change->messages, 0);
	g_assert_cmpint(message->id, ==, id);
	g_assert_cmpuint(writing_n_files(box), ==, 0);
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
	writing_begin(&writing, box, DRAFT_RESUME, id);
	uuid = g_strdup(draft_uuid(writing.draft));
	writing_type(&writing, "once\n");
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	writing_resume(&writing, box, uuid);
	writing_type(&writing, "twice\n");
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	changes = writing_queue(box);
	g_assert_cmpuint(changes->len, ==, 1);
	change = g_ptr_array_index(changes, 0);
	g_assert_cmpuint(change->draft_rev, ==, 2);
	old = g_ptr_array_index(change->messages, 0);
	g_assert_cmpuint(old->uid, ==, 44);
}

/* ---- open twice ---- */

static void
test_open_twice(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	gint64 id = mail_box_add_whole(box, "Drafts", 44, ELSEWHERE);
	g_autofree char *uuid = NULL;
	Writing writing;
	Writing other = {0};

	mail_box_open(box);
	writing_begin(&writing, box, DRAFT_RESUME, id);
	writing_save(&writing, "more\n");
	uuid = g_strdup(draft_uuid(writing.draft));
	g_assert_cmpuint(writing_n_local(box), ==, 0);
	other.draft = draft_resume(box->account, uuid, writing_told, &other);
	mail_wait(&other.failed);
	draft_close(other.draft);
	writing_save(&writing, "and more\n");
	draft_close(writing.draft);
	mail_settle(100);
	g_assert_cmpuint(writing_n_local(box), ==, 1);
	writing_resume(&writing, box, uuid);
	draft_close(writing.draft);
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
	changes = writing_queue(box);
	g_assert_cmpuint(changes->len, ==, 1);
	change = g_ptr_array_index(changes, 0);
	g_assert_cmpuint(
	    ((ChangeMessage *)g_ptr_array_index(change->messages, 0))->uid, ==,
	    44);
	kept = writing_kept(box, change->draft_uuid);
	text_assert_holds(kept, "\r\n\r\nhello\r\n");
	text_assert_holds(kept, "From: Alice Example <alice@example.org>\r\n");
	text_assert_holds(kept, "; rev=1\r\n");
}

int
main(int argc, char **argv)
{
	mail_init(&argc, &argv);
	g_test_add_func("/draft/made-elsewhere", test_made_elsewhere);
	g_test_add_func("/draft/not-edited", test_not_edited_not_uploaded);
	g_test_add_func("/draft/ours-continues", test_ours_continues);
	g_test_add_func("/draft/discard-stored", test_discard_stored);
	g_test_add_func("/draft/superseded", test_superseded);
	g_test_add_func("/draft/open-twice", test_open_twice);
	g_test_add_func("/draft/append", test_append);
	return mail_end(g_test_run());
}
