/* base-spawn.c - helper programs: arguments, never a shell line */
#include "base-spawn.h"
#include "base-errno.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECRET_MAX 65536u

extern char **environ;

/* clang-format would put spaces into the name */
/* clang-format off */
G_DEFINE_QUARK(spawn-error-quark, spawn_error)
/* clang-format on */

static int
start(const char *const *argv, int in, int out, int err, GError **error)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	pid_t pid;
	int code;

	posix_spawn_file_actions_init(&actions);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, 0);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (err >= 0)
		posix_spawn_file_actions_adddup2(&actions, err, 2);
	posix_spawnattr_init(&attributes);
	/* ours are blocked for the signalfd; the child's must not be */
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attributes, &signals);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
						  POSIX_SPAWN_SETSIGDEF);
	code = posix_spawnp(&pid, argv[0], &actions, &attributes,
			    (char *const *)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (code != 0) {
		g_set_error(error, SPAWN_ERROR, SPAWN_ERROR_NOT_FOUND, "%s: %s",
			    argv[0], errno_text(code));
		return -1;
	}
	return pid;
}

int
spawn_start(const char *const *argv, int in, int out, GError **error)
{
	return start(argv, in, out, -1, error);
}

/*
 * Reads until the child @pidfd has ended or the deadline; false: too late. The
 * end of file alone says nothing: an agent it started may hold the pipe, and a
 * child may close it and go on.
 */
static bool
read_until(int fd, int pidfd, char *buffer, gsize max, gint64 deadline_us,
	   gsize *ret_len)
{
	struct pollfd wait[2] = {{fd, POLLIN, 0}, {pidfd, POLLIN, 0}};

	*ret_len = 0;
	for (;;) {
		gint64 left = (deadline_us - g_get_monotonic_time()) / 1000;
		char beyond[512];
		bool full = *ret_len == max;
		gssize n;

		if (left <= 0)
			return false;
		if (poll(wait, 2, (int)MIN(left, G_MAXINT)) <= 0)
			continue;
		/* what it wrote before it ended is there by now */
		if (wait[0].revents == 0) {
			if (wait[1].revents != 0)
				return true;
			continue;
		}
		n = full ? read(fd, beyond, sizeof(beyond))
			 : read(fd, buffer + *ret_len, max - *ret_len);
		if (full)
			secret_wipe(beyond, sizeof(beyond));
		if (n > 0 && !full)
			*ret_len += (gsize)n;
		else if (n == 0 || (n < 0 && errno != EINTR))
			wait[0].fd = -1; /* poll() leaves it out then */
	}
}

static bool
wait_child(int pid, bool kill_it, const char *name, GError **error)
{
	int status;

	if (kill_it)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return true; /* somebody else waited for it */
	if (kill_it) {
		g_set_error(error, SPAWN_ERROR, SPAWN_ERROR_TIMEOUT,
			    "%s: no answer in time", name);
		return false;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status))
		g_set_error(error, SPAWN_ERROR, SPAWN_ERROR_FAILED,
			    "%s: ended with status %d", name,
			    WEXITSTATUS(status));
	else
		g_set_error(error, SPAWN_ERROR, SPAWN_ERROR_FAILED,
			    "%s: ended by signal %d", name, WTERMSIG(status));
	return false;
}

Secret *
spawn_read_secret(const char *command, gint64 timeout_us, bool use_terminal,
		  GError **error)
{
	g_auto(GStrv) argv = NULL;
	g_autoptr(GError) syntax = NULL;
	g_autofree char *buffer = NULL;
	Secret *secret = NULL;
	int pipes[2], null = -1, pid;
	gsize len = 0;
	bool in_time;
	int pidfd;

	if (!g_shell_parse_argv(command, NULL, &argv, &syntax)) {
		g_set_error(error, SPAWN_ERROR, SPAWN_ERROR_SYNTAX, "%s",
			    syntax->message);
		return NULL;
	}
	if (pipe2(pipes, O_CLOEXEC) < 0) {
		g_set_error(error, SPAWN_ERROR, SPAWN_ERROR_FAILED, "pipe: %s",
			    errno_text(errno));
		return NULL;
	}
	if (!use_terminal)
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid = start((const char *const *)argv, null, pipes[1], null, error);
	close(pipes[1]);
	if (null >= 0)
		close(null);
	if (pid >= 0) {
		buffer = g_malloc(SECRET_MAX);
		pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
		in_time = read_until(pipes[0], pidfd, buffer, SECRET_MAX,
				     g_get_monotonic_time() + timeout_us, &len);
		if (pidfd >= 0)
			close(pidfd);
		if (wait_child(pid, !in_time, argv[0], error)) {
			const char *end = memchr(buffer, '\n', len);

			if (end != NULL)
				len = (gsize)(end - buffer);
			if (len > 0 && buffer[len - 1] == '\r')
				len--;
			secret = secret_new(buffer, (gssize)len);
		}
		secret_wipe(buffer, SECRET_MAX);
	}
	close(pipes[0]);
	return secret;
}
