/* test-base-file.c - durable writes, names of attachments, saving beside */
#include "base-file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

typedef struct {
	char *folder;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer user G_GNUC_UNUSED)
{
	fixture->folder = g_dir_make_tmp("pennon-file-XXXXXX", NULL);
	g_assert_nonnull(fixture->folder);
}

static void
remove_tree(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		if (g_file_test(below, G_FILE_TEST_IS_DIR) &&
		    !g_file_test(below, G_FILE_TEST_IS_SYMLINK))
			remove_tree(below);
		else
			g_unlink(below);
	}
	if (dir != NULL)
		g_dir_close(dir);
	g_rmdir(path);
}

static void
tear_down(Fixture *fixture, gconstpointer user G_GNUC_UNUSED)
{
	remove_tree(fixture->folder);
	g_free(fixture->folder);
}

static char *
in(const Fixture *fixture, const char *name)
{
	return g_build_filename(fixture->folder, name, NULL);
}

static guint
mode_of(const char *path)
{
	struct stat info;

	g_assert_cmpint(lstat(path, &info), ==, 0);
	return info.st_mode & 07777;
}

static void
assert_holds(const char *path, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = file_read(path, 1000, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(bytes), ==, strlen(text));
	g_assert_true(
	    memcmp(g_bytes_get_data(bytes, NULL), text, strlen(text)) == 0);
}

static void
test_write(Fixture *fixture, gconstpointer user G_GNUC_UNUSED)
{
	g_autofree char *path = in(fixture, "draft.eml");
	g_autofree char *aside = in(fixture, "draft.eml.new");
	mode_t before = umask(0);
	GError *error = NULL;

	g_assert_true(file_write_durably(path, "one", 3, &error));
	umask(before);
	assert_holds(path, "one");
	g_assert_cmpuint(mode_of(path), ==, 0600);
	g_assert_true(file_write_durably(path, "other", 5, &error));
	assert_holds(path, "other");
	/* what a crash left aside is in nobody's way */
	g_assert_true(
	    g_file_set_contents(aside, "half a file, longer", -1, NULL));
	g_assert_true(file_write_durably(path, "3", 1, &error));
	assert_holds(path, "3");
	g_assert_false(g_file_test(aside, G_FILE_TEST_EXISTS));
	g_assert_true(file_remove_durably(path, &error));
	g_assert_true(file_remove_durably(path, &error));
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	g_assert_no_error(error);
}

static void
test_write_fails(Fixture *fixture, gconstpointer user G_GNUC_UNUSED)
{
	g_autofree char *path = in(fixture, "missing/draft.eml");
	g_autofree char *folder = in(fixture, "folder");
	g_autofree char *aside = in(fixture, "folder.new");
	g_autoptr(GError) error = NULL;

	g_assert_false(file_write_durably(path, "x", 1, &error));
	g_assert_error(error, FILE_ERROR, FILE_ERROR_FAILED);
	g_clear_error(&error);
	g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
	g_assert_false(file_write_durably(folder, "x", 1, &error));
	g_assert_error(error, FILE_ERROR, FILE_ERROR_FAILED);
	g_assert_false(g_file_test(aside, G_FILE_TEST_EXISTS));
}

/* A link planted beside must not be written through. */
static void
test_write_links(Fixture *fixture, gconstpointer user G_GNUC_UNUSED)
{
	g_autofree char *path = in(fixture, "a");
	g_autofree char *aside = in(fixture, "a.new");
	g_autofree char *victim = in(fixture, "victim");
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(victim, "precious", -1, NULL));
	g_assert_cmpint(symlink(victim, aside), ==, 0);
	g_assert_false(file_write_durably(path, "x", 1, &error));
	g_assert_error(error, FILE_ERROR, FILE_ERROR_FAILED);
	assert_holds(victim, "precious");
	g_assert_cmpint(g_unlink(aside), ==, 0);
	g_clear_error(&error);
	/* a link of the name itself is replaced, not followed */
	g_assert_cmpint(symlink(victim, path), ==, 0);
	g_assert_true(file_write_durably(path, "x", 1, &error));
	assert_holds(victim, "precious");
	assert_holds(path, "x");
}

static void
test_read_limit(Fixture *fixture, gconstpointer user G_GNUC_UNUSED)
{
	g_autofree char *path = in(fixture, "a");
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;

	g_assert_true(g_file_set_contents(path, "12345", 5, NULL));
	g_assert_null(file_read(path, 4, &error));
	g_assert_error(error, FILE_ERROR, FILE_ERROR_TOO_LARGE);
	g_clear_error(&error);
	bytes = file_read(path, 5, &error);
	g_assert_cmpuint(g_bytes_get_size(bytes), ==, 5);
	g_assert_null(file_read("/nonexistent/x", 5, &error));
	g_assert_error(error, FILE_ERROR, FILE_ERROR_FAILED);
}

static void
test_make_dir(Fixture *fixture, gconstpointer user G_GNUC_UNUSED)
{
	g_autofree char *path = in(fixture, "a/b/c");
	g_autofree char *above = in(fixture, "a");
	g_autofree char *file = in(fixture, "file");
	g_autoptr(GError) error = NULL;

	g_assert_true(file_make_dir(path, &error));
	g_assert_true(file_make_dir(path, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(mode_of(path), ==, 0700);
	g_assert_cmpuint(mode_of(above), ==, 0700);
	g_assert_cmpint(chmod(path, 0770), ==, 0);
	g_assert_false(file_make_dir(path, &error));
	g_assert_error(error, FILE_ERROR, FILE_ERROR_FAILED);
	g_clear_error(&error);
	g_assert_true(g_file_set_contents(file, "", 0, NULL));
	g_assert_false(file_make_dir(file, &error));
	g_assert_error(error, FILE_ERROR, FILE_ERROR_FAILED);
}

static const struct {
	const char *name;
	const char *safe;
} name_cases[] = {
    {NULL, "part"},
    {"", "part"},
    {".", "part"},
    {"..", "part"},
    {"...", "part"},
    {" - ~", "part"},
    {"report.pdf", "report.pdf"},
    {"../../etc/passwd", "_.._etc_passwd"},
    {"/etc/passwd", "_etc_passwd"},
    {"C:\\win.ini", "C__win.ini"},
    {".bashrc", "bashrc"},
    {"-rf", "rf"},
    {"~/x", "_x"},
    {"a;touch P", "a;touch P"},
    {"a\nb", "a b"},
    {"a\x1b[31m.txt", "a\xef\xbf\xbd[31m.txt"},
    {"name. . ", "name"},
    {"CON", "_CON"},
    {"con.txt", "_con.txt"},
    {"Lpt1.x", "_Lpt1.x"},
    {"com10", "com10"},
    {"console", "console"},
    {"invoice\xe2\x80\xae"
     "fdp.exe",
     "invoicefdp.exe"},
    {"gr\xc3\xbc\xc3\x9f"
     "e.txt",
     "gr\xc3\xbc\xc3\x9f"
     "e.txt"},
    {"a|b<c>d?e*f\"g", "a_b_c_d_e_f_g"},
};

static void
test_safe_name(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(name_cases); i++) {
		g_autofree char *safe =
		    file_safe_name(name_cases[i].name, "part");

		g_assert_cmpstr(safe, ==, name_cases[i].safe);
	}
}

static void
test_safe_name_long(void)
{
	g_autofree char *many = g_strnfill(5000, 'a');
	g_autofree char *umlauts = NULL;
	GString *text = g_string_new("x");

	for (guint i = 0; i < 2000; i++)
		g_string_append(text, "\xc3\xa4");
	umlauts = g_string_free(text, FALSE);
	for (guint i = 0; i < 2; i++) {
		g_autofree char *name =
		    g_strconcat(i == 0 ? many : umlauts, ".pdf", NULL);
		g_autofree char *safe = file_safe_name(name, "part");

		g_assert_cmpuint(strlen(safe), <=, FILE_NAME_MAX);
		g_assert_cmpuint(strlen(safe), >=, FILE_NAME_MAX - 1);
		g_assert_true(g_str_has_suffix(safe, ".pdf"));
		g_assert_true(g_utf8_validate(safe, -1, NULL));
	}
	/* the cut leaves no blank and no dot at the end */
	for (gsize blanks = 1; blanks < 6; blanks++) {
		g_autofree char *name = NULL;
		g_autofree char *safe = NULL;

		name = g_strnfill(FILE_NAME_MAX + 50, 'b');
		memset(name + FILE_NAME_MAX - blanks, ' ', blanks - 1);
		name[FILE_NAME_MAX - 1] = '.';
		safe = file_safe_name(name, "part");
		g_assert_true(g_str_has_suffix(safe, "b"));
	}
}

static void
test_save_new(Fixture *fixture, gconstpointer user G_GNUC_UNUSED)
{
	g_autoptr(GHashTable) paths =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < 50; i++) {
		g_autofree char *text = g_strdup_printf("%u", i);
		g_autoptr(GError) error = NULL;
		char *path = NULL;

		g_assert_true(file_save_new(fixture->folder, "a.tar.gz", text,
					    strlen(text), &path, &error));
		g_assert_no_error(error);
		g_assert_true(g_hash_table_add(paths, path));
		assert_holds(path, text);
		g_assert_cmpuint(mode_of(path), ==, 0600);
	}
	for (guint i = 0; i < 50; i++) {
		g_autofree char *name = i == 0
					    ? g_strdup("a.tar.gz")
					    : g_strdup_printf("a.tar-%u.gz", i);
		g_autofree char *path = in(fixture, name);
		g_autofree char *text = g_strdup_printf("%u", i);

		assert_holds(path, text);
	}
}

static void
test_save_new_links(Fixture *fixture, gconstpointer user G_GNUC_UNUSED)
{
	g_autofree char *victim = in(fixture, "victim");
	g_autofree char *link = in(fixture, "x");
	g_autofree char *dangling = in(fixture, "x-1");
	g_autofree char *nowhere = in(fixture, "nowhere");
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(victim, "precious", -1, NULL));
	g_assert_cmpint(symlink(victim, link), ==, 0);
	g_assert_cmpint(symlink(nowhere, dangling), ==, 0);
	g_assert_true(
	    file_save_new(fixture->folder, "x", "new", 3, &path, &error));
	g_assert_true(g_str_has_suffix(path, "/x-2"));
	assert_holds(victim, "precious");
	g_assert_false(g_file_test(nowhere, G_FILE_TEST_EXISTS));
	g_clear_pointer(&path, g_free);
	g_assert_false(file_save_new(nowhere, "x", "new", 3, &path, &error));
	g_assert_error(error, FILE_ERROR, FILE_ERROR_FAILED);
	g_assert_null(path);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                        \
	g_test_add("/base/file/" name, Fixture, NULL, set_up, func, tear_down)
	ADD("write", test_write);
	ADD("write-fails", test_write_fails);
	ADD("write-links", test_write_links);
	ADD("read-limit", test_read_limit);
	ADD("make-dir", test_make_dir);
	ADD("save-new", test_save_new);
	ADD("save-new-links", test_save_new_links);
	g_test_add_func("/base/file/safe-name", test_safe_name);
	g_test_add_func("/base/file/safe-name-long", test_safe_name_long);
	return g_test_run();
}
