/* base-file.h - files that survive a crash, and names that stay in a folder */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** BaseFileError: all of it is the operating system's: one code */
typedef enum {
	FILE_ERROR_FAILED,
	FILE_ERROR_TOO_LARGE,
} FileError;
#define FILE_ERROR (file_error_quark())
GQuark file_error_quark(void);

/** file_make_dir: @path and what is missing above it, 0700; an existing folder
 * that others may write to is refused */
bool file_make_dir(const char *path, GError **error);

/**
 * file_write_durably:
 *
 * Written aside (0600), fsync, rename, fsync of the folder: afterwards the
 * file is whole and on disk, before it the old one is. Blocks for the disk.
 */
bool file_write_durably(const char *path, const void *data, gsize len,
			GError **error);
/** file_remove_durably: a file that is not there is no error */
bool file_remove_durably(const char *path, GError **error);
/** file_read: @max: more bytes are %FILE_ERROR_TOO_LARGE.
 * Returns: (transfer full) (nullable) */
GBytes *file_read(const char *path, gsize max, GError **error);

/** FILE_NAME_MAX: bytes of a file name we make */
#define FILE_NAME_MAX 200u
/**
 * file_safe_name:
 * @name: (nullable): as a sender wrote it
 * @fallback: where nothing usable is left
 *
 * A single component: no "/", no controls, no leading dot or dash, no
 * trailing blank or dot, not a device's name elsewhere, at most
 * %FILE_NAME_MAX bytes with its extension kept.
 *
 * Returns: (transfer full)
 */
char *file_safe_name(const char *name, const char *fallback);
/**
 * file_save_new:
 * @folder: an existing folder
 * @name: a file_safe_name()
 * @ret_path: (transfer full): what was written: @name, else "name-1.ext" …
 *
 * Never over an existing file, never through a symbolic link.
 */
bool file_save_new(const char *folder, const char *name, const void *data,
		   gsize len, char **ret_path, GError **error);
/** file_on_network: the file system of @path is NFS, CIFS, FUSE.sshfs or the
 * like: locks and shared memory cannot be relied on */
bool file_on_network(const char *path);
