/* test-draft.c - a draft's life without a server */
#include <string.h>
#include <sys/stat.h>

#include "draft-fixture.h"

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
	writing_begin(&writing, box, DRAFT_NEW, 0);
	uuid = g_strdup(draft_uuid(writing.draft));
	path = g_strdup(draft_edit_path(writing.draft));
	g_assert_cmpint(stat(path, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	first = text_read(path);
	text_assert_holds(first, "From: Alice Example <alice@example.org>\n");
	text_write(path, "From: Alice Example <alice@example.org>\n"
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
	kept = writing_kept(box, uuid);
	text_assert_holds(kept, "Dear Bob,\r\n");
	text_assert_holds(kept, uuid);
	text_assert_holds(kept, "; rev=2\r\n");
	g_assert_cmpuint(writing_n_local(box), ==, 0);

	writing_type(&writing,
		     "the last words\n"); /* seen by the postponing itself */
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	changes = writing_queue(box);
	g_assert_cmpuint(changes->len, ==, 1);
	change = g_ptr_array_index(changes, 0);
	g_assert_cmpint(change->kind, ==, CHANGE_APPEND);
	g_assert_cmpstr(change->dest, ==, "Drafts");
	g_assert_cmpuint(change->draft_rev, ==, 3);
	row = writing_row(box, uuid);
	g_assert_cmpint(row->state, ==, STORE_DRAFT_KEPT);
	g_free(kept);
	kept = writing_kept(box, uuid);
	text_assert_holds(kept, "the last words");
	g_assert_cmpuint(writing_n_local(box), ==, 1);
}

static void
test_unedited_leaves_nothing(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autoptr(GPtrArray) changes = NULL;
	Writing writing;

	mail_box_open(box);
	writing_begin(&writing, box, DRAFT_NEW, 0);
	draft_close(writing.draft);
	/* one that is closed before it is there */
	draft_close(draft_open(box->account, DRAFT_NEW, 0, NULL, writing_told,
			       &writing));
	mail_settle(200);
	g_assert_cmpuint(writing_n_files(box), ==, 0);
	g_assert_cmpuint(writing_n_local(box), ==, 0);
	changes = writing_queue(box);
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

		writing_begin(&writing, box, cases[i].start, id);
		g_assert_cmpstr(draft_header(writing.draft, "subject"), ==,
				cases[i].subject);
		g_assert_cmpstr(draft_header(writing.draft, "to"), ==,
				cases[i].to);
		g_assert_cmpstr(draft_header(writing.draft, "cc"), ==,
				cases[i].start == DRAFT_REPLY_ALL
				    ? "Carol <carol@example.net>"
				    : "");
		text = text_read(draft_edit_path(writing.draft));
		text_assert_holds(text, cases[i].words);
		text_assert_holds(text, "Bob wrote:");
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
	writing.draft = draft_open(box->account, DRAFT_REPLY, id, NULL,
				   writing_told, &writing);
	mail_wait(&writing.failed);
	g_assert_nonnull(draft_error(writing.draft));
	g_assert_null(draft_edit_path(writing.draft));
	draft_close(writing.draft);
	g_assert_cmpuint(writing_n_files(box), ==, 0);
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
	writing_begin(&writing, box, DRAFT_NEW, 0);
	uuid = g_strdup(draft_uuid(writing.draft));
	for (guint i = 0; i < 100; i++) {
		g_autofree char *words = g_strdup_printf("line %u.\n", i);

		writing_type(&writing, words);
		draft_edited(writing.draft);
		if (i % 7 == 0)
			g_main_context_iteration(NULL, FALSE);
	}
	while (strstr(kept == NULL ? "" : kept, "line 99.") == NULL) {
		writing.saved = 0;
		mail_wait(&writing.saved);
		g_free(kept);
		kept = writing_kept(box, uuid);
	}
	text_assert_holds(kept, "line 0.");
	draft_close(writing.draft);
	mail_settle(100);
	row = writing_row(box, uuid);
	g_assert_cmpint(row->state, ==, STORE_DRAFT_OPEN);
	g_assert_cmpuint(row->rev, <=, 101);
	g_assert_cmpuint(writing_n_local(box), ==, 1);
	g_assert_cmpuint(writing_n_files(box), ==, 1);
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
	writing_begin(&writing, box, DRAFT_NEW, 0);
	uuid = g_strdup(draft_uuid(writing.draft));
	writing_save(&writing, "saved words\n");
	mail_settle(20);
	writing_type(&writing, "unsaved words\n");
	mail_box_close(box);
	draft_close(writing.draft); /* its account is gone */

	mail_box_open(box);
	uuids = account_local_drafts(box->account);
	g_assert_cmpuint(uuids->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(uuids, 0), ==, uuid);
	writing_resume(&writing, box, uuid);
	mail_wait(&writing.saved);
	kept = writing_kept(box, uuid);
	text_assert_holds(kept, "saved words\r\nunsaved words\r\n");
	writing_save(&writing, "more\n");
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
	g_free(kept);
	kept = writing_kept(box, uuid);
	text_assert_holds(kept, "unsaved words\r\nmore\r\n");
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
	writing_begin(&writing, box, DRAFT_NEW, 0);
	uuid = g_strdup(draft_uuid(writing.draft));
	path = g_strdup(draft_edit_path(writing.draft));
	text_write(path, "From: alice@example.org\nTo: <bob@@\n"
			 "Subject: x\n\nwords\n");
	draft_edited(writing.draft);
	mail_wait(&writing.failed);
	g_assert_nonnull(draft_error(writing.draft));
	text_write(path, "From: alice@example.org\nTo: bob@example.com\n"
			 "Subject: x\n\nwords\n");
	draft_edited(writing.draft);
	mail_wait(&writing.saved);
	g_assert_null(draft_error(writing.draft));
	/* what cannot be taken when it is postponed is not lost */
	text_write(path, "From: alice@example.org\nTo: <bob@@\n"
			 "Subject: x\n\nlast words\n");
	job = draft_postpone(writing.draft);
	g_assert_cmpint(mail_wait_job(box, job, JOB_JOURNALED), ==, JOB_FAILED);
	g_assert_cmpint(mail_job_error(box, job), ==, CONTROLLER_ERROR_USAGE);
	text = text_read(path);
	text_assert_holds(text, "last words");
	g_assert_cmpuint(writing_n_local(box), ==, 1);
	changes = writing_queue(box);
	g_assert_cmpuint(changes->len, ==, 0);
	writing_resume(&writing, box, uuid);
	mail_wait(&writing.failed);
	g_free(text);
	text = text_read(draft_edit_path(writing.draft));
	text_assert_holds(text, "last words");
	draft_close(writing.draft);
}

/* Fields and attachments, changed without an editor. */
static void
test_review(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autofree char *file = g_build_filename(box->cache, "plan.pdf", NULL);
	g_autofree char *pipe = g_build_filename(box->cache, "pipe", NULL);
	g_autofree char *text = NULL;
	g_autofree char *kept = NULL;
	const Part *part;
	Writing writing;

	text_write(file, "%PDF-1.4\n");
	g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
	mail_box_open(box);
	writing_begin(&writing, box, DRAFT_NEW, 0);
	writing_type(&writing, "typed before\n"); /* seen by what follows */
	draft_set_header(writing.draft, "To", "Bob <bob@example.com>");
	draft_set_header(writing.draft, "Subject", "Grüße");
	draft_attach(writing.draft, file);
	while (draft_attachments(writing.draft)->len == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpstr(draft_header(writing.draft, "To"), ==,
			"Bob <bob@example.com>");
	g_assert_cmpstr(draft_header(writing.draft, "Subject"), ==, "Grüße");
	part = g_ptr_array_index(draft_attachments(writing.draft), 0);
	g_assert_cmpstr(part->filename, ==, "plan.pdf");
	g_assert_cmpstr(part->type, ==, "application/pdf");
	text = text_read(draft_edit_path(writing.draft));
	text_assert_holds(text, "To: Bob <bob@example.com>\n");
	text_assert_holds(text, "typed before\n");

	draft_set_header(writing.draft, "To", "bob@@");
	mail_wait(&writing.failed);
	g_assert_cmpstr(draft_header(writing.draft, "To"), ==,
			"Bob <bob@example.com>");
	writing.failed = 0;
	draft_attach(writing.draft, pipe);
	mail_wait(&writing.failed);
	draft_detach(writing.draft, 0);
	draft_detach(writing.draft, 7);
	while (draft_attachments(writing.draft)->len > 0)
		g_main_context_iteration(NULL, TRUE);
	writing_type(&writing, "typed after\n");
	draft_edited(writing.draft);
	/* saves of what was asked before may still be on their way */
	do {
		g_main_context_iteration(NULL, TRUE);
		g_free(kept);
		kept = writing_kept(box, draft_uuid(writing.draft));
	} while (strstr(kept, "typed before\r\ntyped after\r\n") == NULL);
	text_assert_holds(kept, "To: Bob <bob@example.com>\r\n");
	mail_wait_job(box, draft_postpone(writing.draft), JOB_JOURNALED);
}

/* While the file is refused nothing is changed behind its back. */
static void
test_review_refused(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autofree char *text = NULL;
	Writing writing;

	mail_box_open(box);
	writing_begin(&writing, box, DRAFT_NEW, 0);
	text_write(draft_edit_path(writing.draft), "To: <bob@@\n\nwords\n");
	draft_edited(writing.draft);
	mail_wait(&writing.failed);
	writing.failed = 0;
	draft_set_header(writing.draft, "Subject", "other");
	mail_wait(&writing.failed);
	text = text_read(draft_edit_path(writing.draft));
	g_assert_cmpstr(text, ==, "To: <bob@@\n\nwords\n");
	draft_close(writing.draft);
}

static void
test_discard(void)
{
	g_autoptr(MailBox) box = mail_box_new(true);
	g_autoptr(GPtrArray) changes = NULL;
	Writing writing;

	mail_box_open(box);
	writing_begin(&writing, box, DRAFT_NEW, 0);
	writing_save(&writing, "not worth it\n");
	g_assert_cmpint(
	    mail_wait_job(box, draft_discard(writing.draft), JOB_DONE), ==,
	    JOB_DONE);
	g_assert_cmpuint(writing_n_files(box), ==, 0);
	g_assert_cmpuint(writing_n_local(box), ==, 0);
	changes = writing_queue(box);
	g_assert_cmpuint(changes->len, ==, 0);
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
	g_test_add_func("/draft/review", test_review);
	g_test_add_func("/draft/review-refused", test_review_refused);
	g_test_add_func("/draft/discard", test_discard);
	return mail_end(g_test_run());
}
