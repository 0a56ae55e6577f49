/* base-errno.c - the system's errors in words of our own */
#include "base-errno.h"

#include <errno.h>

#include <glib.h>

#include "base-word.h"

const char *
errno_text(int code)
{
	static const struct {
		int code;
		const char *text;
	} known[] = {
	    {ECONNREFUSED, N_("connection refused")},
	    {ECONNRESET, N_("the other side broke the connection")},
	    {EPIPE, N_("the other side closed the connection")},
	    {ETIMEDOUT, N_("no answer in time")},
	    {EHOSTUNREACH, N_("no way to the host")},
	    {ENETUNREACH, N_("the network cannot be reached")},
	    {ENETDOWN, N_("the network is down")},
	    {ENOENT, N_("no such file or folder")},
	    {EACCES, N_("permission denied")},
	    {EPERM, N_("not permitted")},
	    {EEXIST, N_("it is there already")},
	    {ENOTDIR, N_("not a folder")},
	    {EISDIR, N_("it is a folder")},
	    {ELOOP, N_("a symbolic link stands in the way")},
	    {ENAMETOOLONG, N_("the name is too long")},
	    {ENOSPC, N_("the disk is full")},
	    {EDQUOT, N_("the disk quota is used up")},
	    {EROFS, N_("the file system is read-only")},
	    {EIO, N_("the disk cannot be read or written")},
	    {EMFILE, N_("too many open files")},
	};

	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		if (known[i].code == code)
			return known[i].text;
	return g_strerror(code);
}
