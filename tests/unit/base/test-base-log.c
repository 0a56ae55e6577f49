/* test-base-log.c - the log file, and where files are kept */
#include "base-log.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base-path.h"

static void
test_log(void)
{
	g_autofree char *folder = g_dir_make_tmp("pennon-log-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "log", NULL);
	g_autofree char *old = g_strconcat(path, ".1", NULL);
	g_autofree char *big = g_strnfill((1 << 20) + 1, 'x');
	g_autofree char *text = NULL;
	struct stat info;

	g_assert_true(g_file_set_contents(path, big, -1, NULL));
	g_unsetenv("PENNON_DEBUG");
	log_start(path);
	g_debug("not kept");
	g_info("kept \x1b[2J\nforged line");
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_null(strstr(text, "not kept"));
	g_assert_nonnull(strstr(text, "info: kept"));
	g_assert_null(strchr(text, '\x1b'));
	/* one line a message, whatever is in it */
	g_assert_true(strchr(text, '\n') == text + strlen(text) - 1);
	g_assert_cmpint(lstat(path, &info), ==, 0);
	g_assert_cmpuint(info.st_mode & 0777, ==, 0600);
	g_assert_cmpint(lstat(old, &info), ==, 0);
	g_assert_cmpint(info.st_size, ==, (1 << 20) + 1);
	g_unlink(path);
	g_unlink(old);
	g_rmdir(folder);
}

static void
test_paths(void)
{
	g_autofree char *relative = NULL;
	g_autofree char *absolute = NULL;
	g_autofree char *state = NULL;
	g_autofree char *config = NULL;
	g_autofree char *wanted =
	    g_build_filename(g_get_home_dir(), ".cache/pennon/work", NULL);

	g_setenv("XDG_CACHE_HOME", "not/absolute", TRUE);
	relative = path_cache("work");
	g_assert_cmpstr(relative, ==, wanted);
	g_setenv("XDG_CACHE_HOME", "/c", TRUE);
	absolute = path_cache(NULL);
	g_assert_cmpstr(absolute, ==, "/c/pennon");
	g_setenv("XDG_STATE_HOME", "/s", TRUE);
	state = path_state("work");
	g_assert_cmpstr(state, ==, "/s/pennon/work");
	g_setenv("XDG_CONFIG_HOME", "/d", TRUE);
	config = path_config();
	g_assert_cmpstr(config, ==, "/d/pennon/config");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/paths", test_paths);
	g_test_add_func("/base/log", test_log);
	return g_test_run();
}
