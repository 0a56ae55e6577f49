/* store-body.c - bodies that are kept, as files of their own */
#include "store-body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base-errno.h"
#include "base-file.h"
#include "base-guard.h"
#include "store-reader-private.h"
#include "store-writer-private.h"

struct StoreBody {
	gint64 message;
	char *section;
	char *folder;
	char *path; /* aside */
	int fd;
	gint64 size;
	bool finished;
};

static bool
is_section(const char *section)
{
	gsize len = strlen(section);

	return len <= STORE_SECTION_MAX &&
	       strspn(section, "0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ") == len;
}

/* bodies/3f/4711-1.2: a folder in 256, so that none grows long */
static char *
body_path(const char *cache_folder, gint64 message, const char *section)
{
	return g_strdup_printf("%s/bodies/%02x/%" G_GINT64_FORMAT "-%s",
			       cache_folder, (guint)(message & 0xff), message,
			       section);
}

static bool
fail(GError **error, const char *path)
{
	int code = errno;

	g_set_error(error, STORE_ERROR,
		    code == ENOSPC || code == EDQUOT ? STORE_ERROR_FULL
						     : STORE_ERROR_IO,
		    "%s: %s", path, errno_text(code));
	return false;
}

/* ---- on its way in ---- */

StoreBody *
store_body_new(const char *cache_folder, gint64 message, const char *section,
	       GError **error)
{
	g_autofree char *folder = NULL;
	StoreBody *body;

	GUARD_NOT_ON_UI("store_body_new");
	if (!is_section(section)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_LIMIT,
			    "no name of a section");
		return NULL;
	}
	folder = g_strdup_printf("%s/bodies/%02x", cache_folder,
				 (guint)(message & 0xff));
	if (!store_make_dir(folder, error))
		return NULL;
	body = g_new0(StoreBody, 1);
	body->message = message;
	body->section = g_strdup(section);
	body->folder = g_strdup(cache_folder);
	body->path = g_strdup_printf("%s/.new-XXXXXX", folder);
	body->fd = mkostemp(body->path, O_CLOEXEC);
	if (body->fd < 0) {
		fail(error, folder);
		g_clear_pointer(&body->path, g_free);
		store_body_free(body);
		return NULL;
	}
	return body;
}

bool
store_body_write(StoreBody *body, const void *data, gsize len, GError **error)
{
	const char *bytes = data;

	while (len > 0) {
		ssize_t done = write(body->fd, bytes, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return fail(error, body->path);
		bytes += done;
		len -= (gsize)done;
		body->size += done;
	}
	return true;
}

bool
store_body_finish(StoreBody *body, gint64 expected, GError **error)
{
	GUARD_NOT_ON_UI("store_body_finish");
	if (expected >= 0 && expected != body->size) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_IO,
			    "only a part of the text came");
		return false;
	}
	if (fdatasync(body->fd) < 0)
		return fail(error, body->path);
	close(body->fd);
	body->fd = -1;
	body->finished = true;
	return true;
}

void
store_body_free(StoreBody *body)
{
	if (body == NULL)
		return;
	if (body->fd >= 0)
		close(body->fd);
	if (body->path != NULL)
		unlink(body->path);
	g_free(body->path);
	g_free(body->section);
	g_free(body->folder);
	g_free(body);
}

/* ---- kept ---- */

typedef struct {
	gint64 message;
	char *section;
	gint64 size;
	gint64 used;
} Kept;

static void
free_kept(gpointer data)
{
	Kept *kept = data;

	g_free(kept->section);
	g_free(kept);
}

static gint
by_use(gconstpointer a, gconstpointer b)
{
	const Kept *one = *(Kept *const *)a, *other = *(Kept *const *)b;

	return (one->used > other->used) - (one->used < other->used);
}

/* Flagged messages and mailboxes kept offline are spared. */
static GPtrArray *
read_kept(StoreWriter *writer, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_kept);
	sqlite3_stmt *row = store_query(
	    writer->db, error,
	    "SELECT body.msg, body.section, body.size FROM body "
	    "JOIN msg ON msg.id = body.msg LEFT JOIN mailbox ON "
	    "mailbox.id = msg.mailbox WHERE (msg.shown_flags & 4) = 0 "
	    "AND coalesce(mailbox.keep, 0) = 0",
	    "");
	int code = -1;

	while (row != NULL &&
	       (code = store_step(writer->db, row, error)) == 1) {
		Kept *kept = g_new0(Kept, 1);
		g_autofree char *path = NULL;
		struct stat status;

		kept->message = sqlite3_column_int64(row, 0);
		kept->section = store_text(row, 1);
		kept->size = sqlite3_column_int64(row, 2);
		path = body_path(writer->folder, kept->message, kept->section);
		if (stat(path, &status) == 0)
			kept->used = status.st_mtime;
		g_ptr_array_add(all, kept);
	}
	return code == 0 ? g_steal_pointer(&all) : NULL;
}

static bool
drop_body(StoreWriter *writer, gint64 message, const char *section, gint64 size,
	  GError **error)
{
	g_autofree char *path = body_path(writer->folder, message, section);

	unlink(path);
	if (writer->body_bytes >= 0)
		writer->body_bytes -= size;
	return store_run(writer->db, error,
			 "DELETE FROM body WHERE msg = ? AND section = ?", "is",
			 message, section);
}

static bool
make_room(StoreWriter *writer, gint64 newest, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;

	if (writer->body_bytes <= writer->body_limit)
		return true;
	all = read_kept(writer, error);
	if (all == NULL)
		return false;
	g_ptr_array_sort(all, by_use);
	/* a tenth more, so that the next one does not sort again */
	for (guint i = 0;
	     i < all->len && writer->body_bytes > writer->body_limit / 10 * 9;
	     i++) {
		const Kept *kept = g_ptr_array_index(all, i);

		if (kept->message != newest &&
		    !drop_body(writer, kept->message, kept->section, kept->size,
			       error))
			return false;
	}
	return true;
}

static bool
count_bytes(StoreWriter *writer, GError **error)
{
	return writer->body_bytes >= 0 ||
	       store_number(writer->db, 0, &writer->body_bytes, error,
			    "SELECT sum(size) FROM body", "");
}

static bool
put_body(StoreWriter *writer, StoreBody *body, GError **error)
{
	g_autofree char *path =
	    body_path(body->folder, body->message, body->section);
	gint64 old, there;

	if (!count_bytes(writer, error) ||
	    !store_number(writer->db, 0, &there, error,
			  "SELECT id FROM msg WHERE id = ?", "i",
			  body->message) ||
	    !store_number(writer->db, 0, &old, error,
			  "SELECT size FROM body WHERE msg = ? AND section = ?",
			  "is", body->message, body->section))
		return false;
	/* gone meanwhile: nothing to keep it for */
	if (there == 0)
		return true;
	if (rename(body->path, path) < 0)
		return fail(error, path);
	g_clear_pointer(&body->path, g_free);
	writer->body_bytes += body->size - old;
	return store_run(writer->db, error,
			 "INSERT OR REPLACE INTO body VALUES (?, ?, ?)", "isi",
			 body->message, body->section, body->size) &&
	       make_room(writer, body->message, error);
}

bool
store_writer_put_body(StoreWriter *writer, StoreBody *body, GError **error)
{
	bool good;

	g_assert(body->finished);
	good = store_writer_begin(writer, error) &&
	       store_writer_end(writer, put_body(writer, body, error));
	store_body_free(body);
	return good;
}

void
store_writer_set_body_limit(StoreWriter *writer, gint64 bytes)
{
	writer->body_limit = bytes;
}

bool
store_writer_drop_bodies(StoreWriter *writer, gint64 id, GError **error)
{
	for (;;) {
		sqlite3_stmt *row = store_query(
		    writer->db, error,
		    "SELECT section, size FROM body WHERE msg = ? LIMIT 1", "i",
		    id);
		int code =
		    row == NULL ? -1 : store_step(writer->db, row, error);
		g_autofree char *section = NULL;
		gint64 size;

		if (code != 1)
			return code == 0;
		section = store_text(row, 0);
		size = sqlite3_column_int64(row, 1);
		sqlite3_reset(row);
		if (!drop_body(writer, id, section, size, error))
			return false;
	}
}

void
store_bodies_clear(const char *cache_folder)
{
	for (guint i = 0; i < 256; i++) {
		g_autofree char *folder =
		    g_strdup_printf("%s/bodies/%02x", cache_folder, i);
		GDir *dir = g_dir_open(folder, 0, NULL);
		const char *name;

		while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
			g_autofree char *path =
			    g_build_filename(folder, name, NULL);

			(void)unlink(path);
		}
		if (dir != NULL)
			g_dir_close(dir);
	}
}

/* ---- reading ---- */

/* Returns: bytes of a body that is kept, -1 for none */
static gint64
size_of(StoreReader *reader, gint64 message, const char *section)
{
	gint64 size;

	return is_section(section) &&
		       store_number(reader->db, -1, &size, NULL,
				    "SELECT size FROM body WHERE msg = ? AND "
				    "section = ?",
				    "is", message, section)
		   ? size
		   : -1;
}

/* A crash may leave a row without its file, or with half of it. */
static bool
is_whole(const char *path, gint64 size)
{
	struct stat status;

	return size >= 0 && stat(path, &status) == 0 && status.st_size == size;
}

GBytes *
store_reader_body(StoreReader *reader, gint64 message, const char *section,
		  GError **error)
{
	g_autofree char *path = NULL;
	g_autofree char *contents = NULL;
	gint64 size = size_of(reader, message, section);
	gsize len;

	path = body_path(reader->cache_folder, message, section);
	/* read, not mapped: another process may drop it meanwhile */
	if (!is_whole(path, size) ||
	    !g_file_get_contents(path, &contents, &len, NULL)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "not kept here");
		return NULL;
	}
	(void)utimensat(AT_FDCWD, path, NULL, 0);
	return g_bytes_new_take(g_steal_pointer(&contents), len);
}

bool
store_reader_has_body(StoreReader *reader, gint64 message, const char *section)
{
	gint64 size = size_of(reader, message, section);
	g_autofree char *path = NULL;

	if (size < 0)
		return false;
	path = body_path(reader->cache_folder, message, section);
	return is_whole(path, size);
}

GArray *
store_reader_bodiless(StoreReader *reader, gint64 mailbox, guint max,
		      GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	sqlite3_stmt *row = store_query(
	    reader->db, error,
	    "SELECT id FROM msg WHERE shown = ?1 AND shown > 0 AND uid > 0 "
	    "AND mailbox = ?1 AND NOT EXISTS (SELECT 1 FROM body WHERE "
	    "body.msg = msg.id AND section = '') "
	    "ORDER BY date DESC, uid DESC, msg.id DESC LIMIT ?2",
	    "ii", mailbox, (gint64)max);
	int code = -1;

	while (row != NULL &&
	       (code = store_step(reader->db, row, error)) == 1) {
		gint64 id = sqlite3_column_int64(row, 0);

		g_array_append_val(ids, id);
	}
	return code == 0 ? g_steal_pointer(&ids) : NULL;
}
