/* test-net-trace.c - the trace: lines, counts, no secrets, no links */
#include "net-trace.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "net-stream.h"

static void
test_lines(void)
{
	g_autofree char *folder = g_dir_make_tmp("pennon-trace-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "trace", NULL);
	g_autofree char *longest = g_strnfill(NET_TRACE_LINE_MAX + 7, 'x');
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(NetTrace) trace = net_trace_open(path, &error);
	struct stat info;

	g_assert_no_error(error);
	net_trace_text(trace, 1, NET_TRACE_OUT, "a1 NOOP", -1);
	net_trace_text(trace, 2, NET_TRACE_IN, "x\x1b[2J\r\n\xff", 8);
	net_trace_text(trace, 1, NET_TRACE_NOTE, longest, -1);
	net_trace_secret(trace, 1);
	net_trace_bytes(trace, 1, NET_TRACE_IN, 123456789012);
	net_trace_text(NULL, 1, NET_TRACE_OUT, "nowhere", -1);
	net_trace_secret(NULL, 1);
	net_trace_bytes(NULL, 1, NET_TRACE_OUT, 1);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	g_assert_cmpuint(g_strv_length(lines), ==, 6);
	g_assert_true(g_str_has_suffix(lines[0], " 1 C a1 NOOP"));
	g_assert_true(
	    g_str_has_suffix(lines[1], " 2 S x\\x1b[2J\\x0d\\x0a\\xff"));
	g_assert_true(g_str_has_suffix(lines[2], "x <7 more>"));
	g_assert_true(g_str_has_suffix(lines[3], " 1 C <secret>"));
	g_assert_true(g_str_has_suffix(lines[4], " 1 S <123456789012 bytes>"));
	g_assert_cmpint(stat(path, &info), ==, 0);
	g_assert_cmpuint(info.st_mode & 0777, ==, 0600);
	g_unlink(path);
	g_rmdir(folder);
}

static void
test_links(void)
{
	g_autofree char *folder = g_dir_make_tmp("pennon-trace-XXXXXX", NULL);
	g_autofree char *victim = g_build_filename(folder, "victim", NULL);
	g_autofree char *link = g_build_filename(folder, "link", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(victim, "precious", -1, NULL));
	g_assert_cmpint(symlink(victim, link), ==, 0);
	g_assert_null(net_trace_open(link, &error));
	g_assert_nonnull(error);
	g_clear_error(&error);
	g_assert_null(net_trace_open("/nonexistent/trace", &error));
	g_assert_nonnull(error);
	net_trace_free(NULL);
	g_unlink(victim);
	g_unlink(link);
	g_rmdir(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/net/trace/lines", test_lines);
	g_test_add_func("/net/trace/links", test_links);
	return g_test_run();
}
