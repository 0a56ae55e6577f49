/* base-file.c - files that survive a crash, and names that stay in a folder */
#include "base-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base-errno.h"
#include "base-text.h"

#define SAVE_TRIES 10000u

/* clang-format would put spaces into the name */
/* clang-format off */
G_DEFINE_QUARK(file-error-quark, file_error)
/* clang-format on */

static bool
set_errno(GError **error, const char *path)
{
	g_set_error(error, FILE_ERROR, FILE_ERROR_FAILED, "%s: %s", path,
		    errno_text(errno));
	return false;
}

bool
file_make_dir(const char *path, GError **error)
{
	struct stat info;

	if (g_mkdir_with_parents(path, 0700) < 0 || stat(path, &info) < 0)
		return set_errno(error, path);
	if (!S_ISDIR(info.st_mode)) {
		errno = ENOTDIR;
		return set_errno(error, path);
	}
	if ((info.st_mode & 0022) != 0) {
		g_set_error(error, FILE_ERROR, FILE_ERROR_FAILED,
			    "%s: others may write to it", path);
		return false;
	}
	return true;
}

static bool
write_all(int fd, const char *data, gsize len)
{
	while (len > 0) {
		gssize n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (gsize)n;
	}
	return true;
}

/* The folder holds the name: without its fsync a rename may be lost. */
static bool
sync_folder(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return set_errno(error, folder);
	ok = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return ok || set_errno(error, folder);
}

bool
file_write_durably(const char *path, const void *data, gsize len,
		   GError **error)
{
	g_autofree char *aside = g_strconcat(path, ".new", NULL);
	int fd = open(
	    aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok;

	if (fd < 0)
		return set_errno(error, aside);
	ok = write_all(fd, data, len) && fsync(fd) == 0;
	if (close(fd) < 0 || !ok || rename(aside, path) < 0) {
		set_errno(error, path);
		unlink(aside);
		return false;
	}
	return sync_folder(path, error);
}

bool
file_remove_durably(const char *path, GError **error)
{
	if (unlink(path) < 0)
		return errno == ENOENT || set_errno(error, path);
	return sync_folder(path, error);
}

GBytes *
file_read(const char *path, gsize max, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	g_autoptr(GByteArray) data = NULL;
	guint8 piece[65536];
	gssize n;

	if (fd < 0) {
		set_errno(error, path);
		return NULL;
	}
	data = g_byte_array_new();
	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || data->len + (gsize)n > max)
			break;
		g_byte_array_append(data, piece, (guint)n);
	}
	if (n < 0)
		set_errno(error, path);
	else if (n > 0)
		g_set_error(error, FILE_ERROR, FILE_ERROR_TOO_LARGE,
			    "%s: larger than %u bytes", path,
			    (guint)MIN(max, G_MAXUINT));
	close(fd);
	return n != 0 ? NULL
		      : g_byte_array_free_to_bytes(g_steal_pointer(&data));
}

/* Names that mean a device to other systems that share the folder. */
static bool
is_device(const char *name)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul"};
	gsize len = strcspn(name, ".");

	for (guint i = 0; i < G_N_ELEMENTS(devices); i++)
		if (len == 3 && g_ascii_strncasecmp(name, devices[i], 3) == 0)
			return true;
	return len == 4 && g_ascii_isdigit(name[3]) &&
	       (g_ascii_strncasecmp(name, "com", 3) == 0 ||
		g_ascii_strncasecmp(name, "lpt", 3) == 0);
}

/* At most FILE_NAME_MAX bytes, whole characters, the extension kept; a cut
 * leaves no blank or dot at the end. */
static char *
shorten(const char *name)
{
	gsize len = strlen(name);
	const char *dot = strrchr(name, '.');
	gsize extension = dot == NULL ? 0 : len - (gsize)(dot - name);
	gsize keep;

	if (len <= FILE_NAME_MAX)
		return g_strdup(name);
	if (extension > 20)
		extension = 0;
	keep = FILE_NAME_MAX - extension;
	while (keep > 0 && ((guchar)name[keep] & 0xc0) == 0x80)
		keep--;
	while (keep > 1 && (name[keep - 1] == ' ' || name[keep - 1] == '.'))
		keep--;
	return g_strdup_printf("%.*s%s", (int)keep, name,
			       name + len - extension);
}

char *
file_safe_name(const char *name, const char *fallback)
{
	g_autofree char *clean = NULL;
	char *start;
	gsize len;

	if (name == NULL)
		return g_strdup(fallback);
	clean = text_clean_line(name, -1);
	for (char *p = clean; *p != '\0'; p++)
		if (strchr("/\\:*?\"<>|", *p) != NULL)
			*p = '_';
	start = clean;
	while (*start == '.' || *start == '-' || *start == ' ' || *start == '~')
		start++;
	len = strlen(start);
	while (len > 0 && (start[len - 1] == ' ' || start[len - 1] == '.'))
		start[--len] = '\0';
	if (len == 0)
		return g_strdup(fallback);
	if (is_device(start)) {
		g_autofree char *other = g_strconcat("_", start, NULL);

		return shorten(other);
	}
	return shorten(start);
}

static char *
numbered_name(const char *name, guint number)
{
	const char *dot = strrchr(name, '.');

	if (number == 0)
		return g_strdup(name);
	if (dot == NULL || dot == name)
		return g_strdup_printf("%s-%u", name, number);
	return g_strdup_printf("%.*s-%u%s", (int)(dot - name), name, number,
			       dot);
}

bool
file_save_new(const char *folder, const char *name, const void *data, gsize len,
	      char **ret_path, GError **error)
{
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	g_autofree char *used = NULL;
	int fd = -1;
	bool ok;

	if (dir < 0)
		return set_errno(error, folder);
	g_assert(strchr(name, '/') == NULL);
	for (guint i = 0; fd < 0 && i < SAVE_TRIES; i++) {
		g_free(used);
		used = numbered_name(name, i);
		fd = openat(
		    dir, used,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0) {
		set_errno(error, used);
		close(dir);
		return false;
	}
	ok = write_all(fd, data, len);
	if (close(fd) < 0 || !ok) {
		set_errno(error, used);
		unlinkat(dir, used, 0);
		close(dir);
		return false;
	}
	close(dir);
	*ret_path = g_build_filename(folder, used, NULL);
	return true;
}

bool
file_on_network(const char *path)
{
	/* statfs(2): NFS, SMB, SMB2, CIFS, AFS, Coda, 9P, FUSE, Ceph */
	static const guint32 kinds[] = {0x6969,     0x517b,     0xfe534d42,
					0xff534d42, 0x5346414f, 0x73757245,
					0x01021997, 0x65735546, 0x00c36400};
	struct statfs info;

	if (statfs(path, &info) < 0)
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if ((guint32)info.f_type == kinds[i])
			return true;
	return false;
}
