/* sync-lock.c - which process syncs an account */
#include "sync-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct SyncLock {
	int folder_fd; /* names stay short: a socket's path has 108 bytes */
	int fd;        /* the locked file, -1 where not held */
	int socket_fd; /* where the holder is woken, -1 where not held */
};

#define LOCK_NAME "sync.lock"
#define SOCKET_NAME "sync.sock"

SyncLock *
sync_lock_new(const char *folder)
{
	SyncLock *lock = g_new0(SyncLock, 1);

	lock->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	lock->fd = -1;
	lock->socket_fd = -1;
	return lock;
}

static void
socket_address(const SyncLock *lock, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof(address->sun_path),
		 "/proc/self/fd/%d/" SOCKET_NAME, lock->folder_fd);
}

static void
open_socket(SyncLock *lock)
{
	struct sockaddr_un address;

	lock->socket_fd =
	    socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (lock->socket_fd < 0)
		return;
	unlinkat(lock->folder_fd, SOCKET_NAME, 0);
	socket_address(lock, &address);
	if (bind(lock->socket_fd, (struct sockaddr *)&address,
		 sizeof(address)) != 0) {
		g_debug("sync.sock: %s", g_strerror(errno));
		close(lock->socket_fd);
		lock->socket_fd = -1;
		return;
	}
	if (fchmodat(lock->folder_fd, SOCKET_NAME, 0600, 0) != 0)
		g_debug("sync.sock: %s", g_strerror(errno));
}

/* the file under the name is the one we have open */
static bool
is_current(const SyncLock *lock, int fd)
{
	struct stat mine;
	struct stat named;

	return fstat(fd, &mine) == 0 &&
	       fstatat(lock->folder_fd, LOCK_NAME, &named,
		       AT_SYMLINK_NOFOLLOW) == 0 &&
	       mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

static void
write_holder(int fd)
{
	char host[256] = "";
	g_autofree char *text = NULL;

	gethostname(host, sizeof(host) - 1);
	text = g_strdup_printf("%s %d\n", host, (int)getpid());
	if (ftruncate(fd, 0) != 0 ||
	    pwrite(fd, text, strlen(text), 0) != (ssize_t)strlen(text))
		g_debug("sync.lock: %s", g_strerror(errno));
}

/* A process that is stopped (^Z in a shell, a debugger) on this machine. */
static bool
holder_is_stopped(const SyncLock *lock)
{
	char text[300] = "";
	char host[256] = "";
	char own_host[256] = "";
	char state = '?';
	int pid = 0;
	g_autofree char *path = NULL;
	g_autofree char *stat_line = NULL;
	const char *after;
	int fd = openat(lock->folder_fd, LOCK_NAME, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, text, sizeof(text) - 1) <= 0 ||
	    sscanf(text, "%255s %d", host, &pid) != 2 || pid <= 0) {
		close(fd);
		return false;
	}
	close(fd);
	gethostname(own_host, sizeof(own_host) - 1);
	if (strcmp(host, own_host) != 0)
		return false;
	path = g_strdup_printf("/proc/%d/stat", pid);
	if (!g_file_get_contents(path, &stat_line, NULL, NULL))
		return false;
	after = strrchr(stat_line, ')');
	return after != NULL && sscanf(after, ") %c", &state) == 1 &&
	       (state == 'T' || state == 't');
}

static bool
is_stale(const SyncLock *lock)
{
	struct stat named;
	gint64 age_us;

	if (fstatat(lock->folder_fd, LOCK_NAME, &named, AT_SYMLINK_NOFOLLOW) !=
	    0)
		return false;
	age_us =
	    g_get_real_time() - ((gint64)named.st_mtim.tv_sec * G_USEC_PER_SEC +
				 named.st_mtim.tv_nsec / 1000);
	return age_us > SYNC_LOCK_STALE_US && holder_is_stopped(lock);
}

/*
 * Puts a locked file of ours in the place of the stopped holder's. Of two that
 * do so at once the later rename wins, and the other sees it by its inode.
 */
static int
take_over(SyncLock *lock)
{
	g_autofree char *name = g_strdup_printf(LOCK_NAME ".%d", (int)getpid());
	int fd =
	    openat(lock->folder_fd, name,
		   O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return -1;
	write_holder(fd);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 ||
	    renameat(lock->folder_fd, name, lock->folder_fd, LOCK_NAME) != 0) {
		unlinkat(lock->folder_fd, name, 0);
		close(fd);
		return -1;
	}
	g_usleep(100000);
	if (!is_current(lock, fd)) {
		close(fd);
		return -1;
	}
	return fd;
}

bool
sync_lock_try(SyncLock *lock)
{
	int fd;

	if (sync_lock_held(lock))
		return true;
	sync_lock_release(lock);
	fd = openat(lock->folder_fd, LOCK_NAME,
		    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && is_current(lock, fd)) {
		write_holder(fd);
	} else {
		close(fd);
		fd = is_stale(lock) ? take_over(lock) : -1;
	}
	if (fd < 0)
		return false;
	lock->fd = fd;
	open_socket(lock);
	sync_lock_beat(lock);
	return true;
}

bool
sync_lock_held(SyncLock *lock)
{
	return lock->fd >= 0 && is_current(lock, lock->fd);
}

void
sync_lock_beat(SyncLock *lock)
{
	if (lock->fd >= 0)
		futimens(lock->fd, NULL);
}

void
sync_lock_release(SyncLock *lock)
{
	if (lock->fd < 0)
		return;
	/* the socket's name is the new holder's, if there is one */
	if (lock->socket_fd >= 0) {
		if (is_current(lock, lock->fd))
			unlinkat(lock->folder_fd, SOCKET_NAME, 0);
		close(lock->socket_fd);
		lock->socket_fd = -1;
	}
	close(lock->fd);
	lock->fd = -1;
}

int
sync_lock_fd(const SyncLock *lock)
{
	return lock->socket_fd;
}

bool
sync_lock_drain(SyncLock *lock)
{
	char byte;
	bool any = false;

	while (lock->socket_fd >= 0 &&
	       recv(lock->socket_fd, &byte, 1, MSG_DONTWAIT) >= 0)
		any = true;
	return any;
}

void
sync_lock_wake(SyncLock *lock)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	socket_address(lock, &address);
	/* a full queue has woken it already; no holder: its start looks */
	if (sendto(fd, "j", 1, MSG_DONTWAIT | MSG_NOSIGNAL,
		   (struct sockaddr *)&address, sizeof(address)) < 0)
		g_debug("waking the holder: %s", g_strerror(errno));
	close(fd);
}

void
sync_lock_free(SyncLock *lock)
{
	if (lock == NULL)
		return;
	sync_lock_release(lock);
	if (lock->folder_fd >= 0)
		close(lock->folder_fd);
	g_free(lock);
}
