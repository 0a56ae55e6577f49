/* test-read.c - the text of messages that are kept, and of those that are not
 */
#include <string.h>

#include <glib/gstdio.h>

#include "mail-fixture.h"

#define BOTH                                                                   \
	MAIL_BEGIN "Reply-To: desk@example.com\r\n"                            \
		   "Content-Type: multipart/mixed; boundary=OUT\r\n\r\n"       \
		   "--OUT\r\nContent-Type: multipart/alternative; "            \
		   "boundary=IN\r\n\r\n--IN\r\nContent-Type: text/plain\r\n"   \
		   "\r\nin plain words\r\n--IN\r\n"                            \
		   "Content-Type: text/html\r\n\r\n<p>in <b>rich</b> words, "  \
		   "<a href=\"https://evil.example/\">www.bank.example</a>"    \
		   "</p>\r\n--IN--\r\n--OUT\r\n"                               \
		   "Content-Type: application/octet-stream; name=\"../../x\""  \
		   "\r\nContent-Disposition: attachment\r\n"                   \
		   "Content-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n"     \
		   "--OUT\r\nContent-Type: message/rfc822\r\n\r\n"             \
		   "From: c@example.net\r\nSubject: inner/one\r\n\r\n"         \
		   "inside\r\n--OUT--\r\n"

/** Reading: what a caller of account_read() got */
typedef struct {
	MessageText *text;
	volatile gint over;
	guint calls;
} Reading;

static void
on_text(MessageText *text, gpointer user)
{
	Reading *reading = user;

	reading->calls++;
	reading->text = text;
	reading->over = text->state != MESSAGE_TEXT_LOADING;
}

static MessageText *
read_now(MailBox *box, gint64 id, const ReadOptions *options)
{
	Reading reading = {0};
	MessageText *text =
	    account_read(box->account, id, options, on_text, &reading);

	g_assert_cmpuint(reading.calls, ==, 1);
	mail_wait(&reading.over);
	g_assert_true(text == reading.text);
	return text;
}

static char *
join(const GPtrArray *lines)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(
		    text, "%s\n",
		    ((TextLine *)g_ptr_array_index(lines, i))->text);
	return g_string_free(text, FALSE);
}

static void
assert_holds(const GPtrArray *lines, const char *words)
{
	g_autofree char *text = join(lines);

	if (strstr(text, words) == NULL)
		g_error("no \"%s\" in: %s", words, text);
}

static void
test_kept(void)
{
	g_autoptr(MailBox) box = mail_box_new(false);
	gint64 id = mail_box_add_whole(box, "INBOX", 5, BOTH);
	ReadOptions options = {.width = 78, .plain = true};
	MessageText *text;

	mail_box_open(box);
	text = read_now(box, id, &options);
	g_assert_cmpint(text->state, ==, MESSAGE_TEXT_READY);
	g_assert_cmpstr(text->row->subject, ==, "the plan");
	assert_holds(text->lines, "in plain words");
	g_assert_cmpstr(text->section, ==, "1.1");
	g_assert_true(text->has_other);
	g_assert_false(text->is_html);
	g_assert_null(text->headers);
	g_assert_cmpuint(text->reply_to->len, ==, 1);
	g_assert_nonnull(part_find(text->structure, "2"));

	options.plain = false;
	text = read_now(box, id, &options);
	assert_holds(text->lines, "rich");
	g_assert_cmpstr(text->section, ==, "1.2");
	g_assert_true(text->is_html);
	g_assert_cmpuint(text->links->len, ==, 1);
	g_assert_cmpuint(text->cautions->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(text->cautions, 0), ==,
			"www.bank.example\nevil.example");
	account_read_close(box->account);
}

static void
test_headers_and_parts(void)
{
	g_autoptr(MailBox) box = mail_box_new(false);
	gint64 id = mail_box_add_whole(box, "INBOX", 5, BOTH);
	ReadOptions options = {.width = 78, .plain = true, .headers = 1};
	MessageText *text;

	mail_box_open(box);
	text = read_now(box, id, &options);
	assert_holds(text->headers, "Message-ID: <plan@example.com>");
	assert_holds(text->lines, "in plain words");
	options.headers = 2;
	text = read_now(box, id, &options);
	assert_holds(text->headers, "AAECAw==");
	g_assert_cmpuint(text->lines->len, ==, 0);
	options.headers = 0;
	options.section = "1.2";
	text = read_now(box, id, &options);
	g_assert_cmpstr(text->section, ==, "1.2");
	g_assert_true(text->is_html);
	options.section = "3";
	text = read_now(box, id, &options);
	assert_holds(text->lines, "inside");
	options.section = "2";
	text = read_now(box, id, &options);
	g_assert_cmpint(text->state, ==, MESSAGE_TEXT_FAILED);
	options.section = "17";
	text = read_now(box, id, &options);
	g_assert_cmpint(text->state, ==, MESSAGE_TEXT_FAILED);
	g_assert_nonnull(strstr(text->error, "17"));
}

/* Of a large message only the header and what is shown are needed. */
static void
test_sections(void)
{
	g_autoptr(MailBox) box = mail_box_new(false);
	gint64 id = mail_box_add(box, "INBOX", 5, MAIL_BEGIN, 5 << 20);
	g_autoptr(Part) root = part_new("", "multipart/mixed");
	Part *words = part_new("1", "text/plain");
	Part *film = part_new("2", "video/mp4");
	const ReadOptions options = {.width = 78};
	MessageText *text;

	film->size = 5 << 20;
	g_free(film->encoding);
	film->encoding = g_strdup("base64");
	g_ptr_array_add(root->children, words);
	g_ptr_array_add(root->children, film);
	mail_box_set_structure(box, id, root);
	mail_box_keep(box, id, "HEADER", MAIL_BEGIN "\r\n",
		      strlen(MAIL_BEGIN "\r\n"));
	mail_box_open(box);
	text = read_now(box, id, &options);
	g_assert_cmpint(text->state, ==, MESSAGE_TEXT_OFFLINE);
	mail_box_close(box);
	mail_box_keep(box, id, "1", "see the film\r\n", 14);
	mail_box_open(box);
	text = read_now(box, id, &options);
	g_assert_cmpint(text->state, ==, MESSAGE_TEXT_READY);
	assert_holds(text->lines, "see the film");
	g_assert_nonnull(part_find(text->structure, "2"));
}

static void
test_not_here(void)
{
	g_autoptr(MailBox) box = mail_box_new(false);
	gint64 id = mail_box_add(box, "INBOX", 5, MAIL_BEGIN, 100);
	const ReadOptions options = {.width = 78};
	Reading reading = {0};
	MessageText *text;

	mail_box_open(box);
	text = read_now(box, id, &options);
	g_assert_cmpint(text->state, ==, MESSAGE_TEXT_OFFLINE);
	g_assert_nonnull(text->error);
	text = account_read(box->account, 4711, &options, on_text, &reading);
	g_assert_cmpint(text->state, ==, MESSAGE_TEXT_FAILED);
	g_assert_null(text->row);
	g_assert_cmpuint(reading.calls, ==, 1);
}

static void
test_newer_cancels(void)
{
	g_autoptr(MailBox) box = mail_box_new(false);
	gint64 id = mail_box_add_whole(box, "INBOX", 5, BOTH);
	const ReadOptions options = {.width = 78};
	Reading old[20] = {0};
	Reading last = {0};

	mail_box_open(box);
	for (guint i = 0; i < G_N_ELEMENTS(old); i++)
		account_read(box->account, id, &options, on_text, &old[i]);
	account_read(box->account, id, &options, on_text, &last);
	mail_wait(&last.over);
	g_assert_cmpint(last.text->state, ==, MESSAGE_TEXT_READY);
	for (guint i = 0; i < G_N_ELEMENTS(old); i++)
		g_assert_cmpuint(old[i].calls, ==, 1);
	/* one that is under way when the program ends is not heard of */
	last.calls = 0;
	account_read(box->account, id, &options, on_text, &last);
	mail_box_close(box);
	mail_settle(20);
	g_assert_cmpuint(last.calls, ==, 1);
}

static void
test_fold(void)
{
	static const char short_quote[] = "> a\r\n> b\r\n";
	g_autoptr(MailBox) box = mail_box_new(false);
	g_autoptr(GString) mail = g_string_new(
	    MAIL_BEGIN "Content-Type: text/plain\r\n\r\nbefore\r\n");
	ReadOptions options = {.width = 78, .fold_quotes = true};
	const TextLine *line;
	const TextSpan *span;
	MessageText *text;
	gint64 id;
	guint at = 0;

	for (guint i = 0; i < 11; i++)
		g_string_append_printf(mail, "> quoted %u\r\n", i);
	g_string_append_printf(mail, "between\r\n%safter\r\n", short_quote);
	id = mail_box_add_whole(box, "INBOX", 5, mail->str);
	mail_box_open(box);
	text = read_now(box, id, &options);
	while (strcmp(((TextLine *)g_ptr_array_index(text->lines, at))->text,
		      "before") != 0)
		at++;
	line = g_ptr_array_index(text->lines, at + 1);
	g_assert_cmpstr(line->text, ==, "11");
	span = &g_array_index(line->spans, TextSpan, 0);
	g_assert_cmpint(span->style, ==, TEXT_NOTE);
	g_assert_cmpuint(span->len, ==, 2);
	assert_holds(text->lines, "between\n> a\n> b\nafter\n");
	options.fold_quotes = false;
	text = read_now(box, id, &options);
	assert_holds(text->lines, "before\n> quoted 0\n");
	assert_holds(text->lines, "> quoted 10\nbetween\n");
}

/* ---- to files, to memory ---- */

static char *
save(MailBox *box, gint64 id, const char *section, const char *folder,
     const char *name)
{
	gint64 job = account_save_part(box->account, id, section, folder, name);

	g_assert_cmpint(mail_wait_job(box, job, JOB_DONE), ==, JOB_DONE);
	return g_strdup(mail_job_text(box, job));
}

static void
assert_bytes(const char *found, gsize size, const char *bytes, gsize len)
{
	g_assert_cmpuint(size, ==, len);
	g_assert_true(memcmp(found, bytes, len) == 0);
}

static void
assert_file(const char *path, const char *bytes, gsize len)
{
	g_autofree char *found = NULL;
	gsize size;

	g_assert_true(g_file_get_contents(path, &found, &size, NULL));
	assert_bytes(found, size, bytes, len);
}

static void
test_save(void)
{
	g_autoptr(MailBox) box = mail_box_new(false);
	gint64 id = mail_box_add_whole(box, "INBOX", 5, BOTH);
	g_autofree char *folder = g_build_filename(box->cache, "out", NULL);
	g_autoptr(GHashTable) names =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *inner = NULL;
	g_autofree char *whole = NULL;
	g_autofree char *far = NULL;

	g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
	mail_box_open(box);
	for (guint i = 0; i < 50; i++) {
		char *path = save(box, id, "2", folder, NULL);
		g_autofree char *parent = g_path_get_dirname(path);

		g_assert_cmpstr(parent, ==, folder);
		assert_file(path, "\0\1\2\3", 4);
		g_assert_true(g_hash_table_add(names, path));
	}
	inner = save(box, id, "3", folder, NULL);
	g_assert_true(g_str_has_suffix(inner, ".eml"));
	g_assert_true(g_str_has_prefix(inner, folder));
	assert_file(inner,
		    "From: c@example.net\r\nSubject: inner/one\r\n\r\ninside",
		    strlen("From: c@example.net\r\nSubject: inner/one\r\n\r\n"
			   "inside"));
	whole = save(box, id, "", folder, NULL);
	assert_file(whole, BOTH, strlen(BOTH));
	far = save(box, id, "2", folder, "../../../etc/x");
	g_assert_true(g_str_has_prefix(far, folder));
}

static void
test_save_fails(void)
{
	g_autoptr(MailBox) box = mail_box_new(false);
	gint64 kept = mail_box_add_whole(box, "INBOX", 5, BOTH);
	gint64 away = mail_box_add(box, "INBOX", 6, MAIL_BEGIN, 100);
	const struct {
		gint64 id;
		const char *section;
		const char *folder;
		ControllerError error;
	} cases[] = {
	    {kept, "9.9", box->cache, CONTROLLER_ERROR_NOT_FOUND},
	    {kept, "2", "/nowhere/at/all", CONTROLLER_ERROR_STORE},
	    {away, "1", box->cache, CONTROLLER_ERROR_CONNECTION},
	    {4711, "1", box->cache, CONTROLLER_ERROR_NOT_FOUND},
	};

	mail_box_open(box);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 job =
		    account_save_part(box->account, cases[i].id,
				      cases[i].section, cases[i].folder, NULL);

		g_assert_cmpint(mail_wait_job(box, job, JOB_DONE), ==,
				JOB_FAILED);
		g_assert_cmpint(mail_job_error(box, job), ==,
				(gint)cases[i].error);
	}
}

static void
test_to_memory(void)
{
	static const struct {
		const char *section;
		bool raw;
		const char *bytes;
		gsize len;
	} cases[] = {
	    {"", true, BOTH, sizeof(BOTH) - 1},
	    {"2", false, "\0\1\2\3", 4},
	    {"2", true, "AAECAw==", 8},
	    {"1.1", false, "in plain words", 14},
	};
	g_autoptr(MailBox) box = mail_box_new(false);
	gint64 id = mail_box_add_whole(box, "INBOX", 5, BOTH);

	mail_box_open(box);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 job = account_fetch_part(box->account, id,
						cases[i].section, cases[i].raw);
		g_autoptr(GBytes) bytes = NULL;

		mail_wait_job(box, job, JOB_DONE);
		bytes = account_take_bytes(box->account, job);
		g_assert_nonnull(bytes);
		assert_bytes(g_bytes_get_data(bytes, NULL),
			     g_bytes_get_size(bytes), cases[i].bytes,
			     cases[i].len);
		g_assert_null(account_take_bytes(box->account, job));
	}
}

int
main(int argc, char **argv)
{
	mail_init(&argc, &argv);
	g_test_add_func("/read/kept", test_kept);
	g_test_add_func("/read/headers-and-parts", test_headers_and_parts);
	g_test_add_func("/read/sections", test_sections);
	g_test_add_func("/read/not-here", test_not_here);
	g_test_add_func("/read/newer-cancels", test_newer_cancels);
	g_test_add_func("/read/fold", test_fold);
	g_test_add_func("/read/save", test_save);
	g_test_add_func("/read/save-fails", test_save_fails);
	g_test_add_func("/read/to-memory", test_to_memory);
	return mail_end(g_test_run());
}
