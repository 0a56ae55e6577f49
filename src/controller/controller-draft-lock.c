/* controller-draft-lock.c - one process at a time has a draft open */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "controller-draft-private.h"

/* A file of its own: an editor may replace the one it writes. */
static char *
lock_path(const char *edit_path)
{
	return g_strconcat(edit_path, ".lock", NULL);
}

bool
draft_lock(const char *edit_path, int *ret_fd, GError **error)
{
	g_autofree char *path = lock_path(edit_path);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK) {
			close(fd);
			g_set_error_literal(error, CONTROLLER_ERROR,
					    CONTROLLER_ERROR_USAGE,
					    "the draft is open already");
			return false;
		}
		/* a file system without locks: it must do without */
		close(fd);
		fd = -1;
	}
	*ret_fd = fd;
	return true;
}

void
draft_unlock(const char *edit_path, int fd)
{
	g_autofree char *path = NULL;

	if (fd < 0)
		return;
	path = lock_path(edit_path);
	(void)g_unlink(path);
	close(fd);
}

bool
draft_is_locked(const char *state_folder, const char *uuid)
{
	g_autofree char *edit = draft_edit_file(state_folder, uuid);
	g_autofree char *path = edit == NULL ? NULL : lock_path(edit);
	int fd =
	    path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool locked;

	if (fd < 0)
		return false;
	locked = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	close(fd); /* and the lock, if it was had */
	return locked;
}
