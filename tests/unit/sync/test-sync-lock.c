/* test-sync-lock.c - one holder, whatever happens to it */
#include "sync-lock.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

static char *
make_folder(void)
{
	char *folder = g_dir_make_tmp("pennon-lock-XXXXXX", NULL);

	g_assert_nonnull(folder);
	return folder;
}

static void
remove_folder(char *folder)
{
	static const char *const names[] = {"sync.lock", "sync.sock"};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
		    g_build_filename(folder, names[i], NULL);

		g_unlink(path);
	}
	g_assert_cmpint(g_rmdir(folder), ==, 0);
	g_free(folder);
}

static void
test_one_holder(void)
{
	char *folder = make_folder();
	g_autoptr(SyncLock) first = sync_lock_new(folder);
	g_autoptr(SyncLock) second = sync_lock_new(folder);

	g_assert_false(sync_lock_held(first));
	g_assert_true(sync_lock_try(first));
	g_assert_true(sync_lock_try(first));
	g_assert_false(sync_lock_try(second));
	g_assert_true(sync_lock_held(first));
	sync_lock_release(first);
	g_assert_false(sync_lock_held(first));
	g_assert_true(sync_lock_try(second));
	g_assert_false(sync_lock_try(first));
	sync_lock_release(second);
	remove_folder(folder);
}

static void
test_wake(void)
{
	char *folder = make_folder();
	g_autoptr(SyncLock) holder = sync_lock_new(folder);
	g_autoptr(SyncLock) other = sync_lock_new(folder);
	struct pollfd ready;

	sync_lock_wake(other); /* nobody there: nothing happens */
	g_assert_true(sync_lock_try(holder));
	ready = (struct pollfd){.fd = sync_lock_fd(holder), .events = POLLIN};
	g_assert_cmpint(poll(&ready, 1, 0), ==, 0);
	sync_lock_wake(other);
	g_assert_cmpint(poll(&ready, 1, 5000), ==, 1);
	g_assert_true(sync_lock_drain(holder));
	g_assert_false(sync_lock_drain(holder));
	sync_lock_release(holder);
	remove_folder(folder);
}

/* A child that holds the lock and then, told by a byte, says if it still does.
 */
static pid_t
start_holder(const char *folder, int say, int ask)
{
	pid_t child = fork();
	char byte = '?';

	if (child != 0)
		return child;
	{
		SyncLock *lock = sync_lock_new(folder);

		byte = sync_lock_try(lock) ? 'h' : 'n';
		if (write(say, &byte, 1) != 1 || read(ask, &byte, 1) != 1)
			_exit(1);
		byte = sync_lock_held(lock) ? 'h' : 'n';
		if (write(say, &byte, 1) != 1)
			_exit(1);
		_exit(0);
	}
}

static char
hear(int fd)
{
	char byte = 0;

	g_assert_cmpint(read(fd, &byte, 1), ==, 1);
	return byte;
}

static void
test_holder_dies(void)
{
	char *folder = make_folder();
	g_autoptr(SyncLock) other = sync_lock_new(folder);
	int say[2];
	int ask[2];
	pid_t child;

	g_assert_cmpint(pipe(say) + pipe(ask), ==, 0);
	child = start_holder(folder, say[1], ask[0]);
	g_assert_cmpint(hear(say[0]), ==, 'h');
	g_assert_false(sync_lock_try(other));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	g_assert_true(sync_lock_try(other));
	sync_lock_release(other);
	remove_folder(folder);
}

static void
test_holder_stopped(void)
{
	char *folder = make_folder();
	g_autofree char *path = g_build_filename(folder, "sync.lock", NULL);
	g_autoptr(SyncLock) other = sync_lock_new(folder);
	const struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
	int say[2];
	int ask[2];
	int status;
	pid_t child;

	g_assert_cmpint(pipe(say) + pipe(ask), ==, 0);
	child = start_holder(folder, say[1], ask[0]);
	g_assert_cmpint(hear(say[0]), ==, 'h');
	g_assert_cmpint(utimensat(AT_FDCWD, path, long_ago, 0), ==, 0);
	/* silent but running (a slow disk): it keeps the role */
	g_assert_false(sync_lock_try(other));
	kill(child, SIGSTOP);
	waitpid(child, &status, WUNTRACED);
	g_assert_true(WIFSTOPPED(status));
	g_assert_true(sync_lock_try(other));
	kill(child, SIGCONT);
	g_assert_cmpint(write(ask[1], "?", 1), ==, 1);
	g_assert_cmpint(hear(say[0]), ==, 'n');
	g_assert_true(sync_lock_held(other));
	waitpid(child, NULL, 0);
	sync_lock_release(other);
	remove_folder(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sync/lock/one-holder", test_one_holder);
	g_test_add_func("/sync/lock/wake", test_wake);
	g_test_add_func("/sync/lock/holder-dies", test_holder_dies);
	g_test_add_func("/sync/lock/holder-stopped", test_holder_stopped);
	return g_test_run();
}
