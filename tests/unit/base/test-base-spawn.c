/* test-base-spawn.c - helper programs: no shell, no leaks, no waiting */
#include "base-spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONG (10 * G_USEC_PER_SEC)

static const struct {
	const char *command;
	const char *secret; /* NULL: fails with */
	SpawnError error;
} cases[] = {
    {"printf 'pass word\\nuser: x\\n'", "pass word", 0},
    {"printf 'crlf\\r\\n'", "crlf", 0},
    {"printf none", "none", 0},
    {"true", "", 0},
    /* arguments stay what they are */
    {"echo $HOME `id` $(id) ; | > x", "$HOME `id` $(id) ; | > x", 0},
    {"echo 'a  b'", "a  b", 0},
    {"sh -c 'exit 3'", NULL, SPAWN_ERROR_FAILED},
    {"sh -c 'echo half; kill -9 $$'", NULL, SPAWN_ERROR_FAILED},
    {"/nonexistent/program", NULL, SPAWN_ERROR_NOT_FOUND},
    {"echo 'open", NULL, SPAWN_ERROR_SYNTAX},
    {"", NULL, SPAWN_ERROR_SYNTAX},
    {"   ", NULL, SPAWN_ERROR_SYNTAX},
    /* one that starts an agent which keeps the pipe */
    {"sh -c 'sleep 20 2>/dev/null & echo quick'", "quick", 0},
    /* more than is asked for is no reason to wait */
    {"sh -c 'echo first; head -c 300000 /dev/zero'", "first", 0},
};

static void
test_read(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		gint64 start = g_get_monotonic_time();
		g_autoptr(Secret) secret =
		    spawn_read_secret(cases[i].command, LONG, false, &error);

		g_test_message("%s", cases[i].command);
		g_assert_cmpint(g_get_monotonic_time() - start, <, LONG / 2);
		if (cases[i].secret == NULL) {
			g_assert_null(secret);
			g_assert_error(error, SPAWN_ERROR, (int)cases[i].error);
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpstr(secret_text(secret), ==, cases[i].secret);
	}
}

static void
test_timeout(void)
{
	static const char *const commands[] = {
	    "sleep 30",
	    /* its output ended, it did not */
	    "sh -c 'echo x; exec >&-; exec sleep 30'",
	};

	for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autoptr(GError) error = NULL;
		gint64 start = g_get_monotonic_time();
		gint64 took;

		g_assert_null(
		    spawn_read_secret(commands[i], 200000, false, &error));
		took = g_get_monotonic_time() - start;
		g_assert_error(error, SPAWN_ERROR, SPAWN_ERROR_TIMEOUT);
		g_assert_cmpint(took, >=, 190000);
		g_assert_cmpint(took, <, 2 * G_USEC_PER_SEC);
	}
	/* nothing is left to be waited for */
	g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
}

/* Signals that we block must work in a child; its descriptors are its own. */
static void
test_child_is_clean(void)
{
	static const char script[] =
	    "sh -c 'ls -l /proc/self/fd | grep -c pipe:; "
	    "kill -TERM $$; sleep 5; echo alive'";
	g_autoptr(GError) error = NULL;
	g_autoptr(Secret) secret = NULL;
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	secret = spawn_read_secret(script, LONG, false, &error);
	sigprocmask(SIG_SETMASK, &before, NULL);
	g_assert_null(secret);
	g_assert_error(error, SPAWN_ERROR, SPAWN_ERROR_FAILED);
	g_assert_nonnull(strstr(error->message, "signal 15"));
}

static void
test_start(void)
{
	const char *const argv[] = {"cat", NULL};
	g_autoptr(GError) error = NULL;
	int in[2], out[2], status;
	char buffer[16];
	int pid;

	g_assert_cmpint(pipe2(in, O_CLOEXEC), ==, 0);
	g_assert_cmpint(pipe2(out, O_CLOEXEC), ==, 0);
	pid = spawn_start(argv, in[0], out[1], &error);
	g_assert_no_error(error);
	g_assert_cmpint(pid, >, 0);
	close(in[0]);
	close(out[1]);
	g_assert_cmpint(write(in[1], "hello", 5), ==, 5);
	close(in[1]);
	g_assert_cmpint(read(out[0], buffer, sizeof(buffer)), ==, 5);
	g_assert_cmpmem(buffer, 5, "hello", 5);
	g_assert_cmpint(read(out[0], buffer, sizeof(buffer)), ==, 0);
	close(out[0]);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/spawn/read", test_read);
	g_test_add_func("/base/spawn/timeout", test_timeout);
	g_test_add_func("/base/spawn/child-is-clean", test_child_is_clean);
	g_test_add_func("/base/spawn/start", test_start);
	return g_test_run();
}
