/* controller-read-save.c - single parts: to files, and to memory */
#include <string.h>

#include "base-file.h"
#include "controller-private.h"
#include "controller-read-shown.h"
#include "mime-header.h"

/** Saving: goes to the reader thread and comes back */
typedef struct {
	gint64 job;
	char *section; /* "" for the whole message */
	bool raw;
	char *folder; /* NULL: to memory */
	char *name;
	GBytes *bytes;
	char *path;
} Saving;

static void
free_saving(gpointer data)
{
	Saving *saving = data;

	g_free(saving->section);
	g_free(saving->folder);
	g_free(saving->name);
	g_clear_pointer(&saving->bytes, g_bytes_unref);
	g_free(saving->path);
	g_free(saving);
}

/* ---- on the reader thread ---- */

static const char *
extension_of(const char *type)
{
	static const struct {
		const char *type;
		const char *extension;
	} known[] = {
	    {"application/pdf", ".pdf"}, {"image/gif", ".gif"},
	    {"image/jpeg", ".jpg"},      {"image/png", ".png"},
	    {"message/rfc822", ".eml"},  {"text/calendar", ".ics"},
	    {"text/html", ".html"},      {"text/plain", ".txt"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		if (strcmp(known[i].type, type) == 0)
			return known[i].extension;
	return "";
}

/* A message is named by its subject. */
static char *
message_name(GBytes *bytes)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);
	g_autofree char *subject = mime_header_get(data, len, "Subject");
	g_autofree char *name = subject == NULL || *subject == '\0'
				    ? NULL
				    : g_strconcat(subject, ".eml", NULL);

	return file_safe_name(name, "message.eml");
}

static char *
part_name(const Part *part, GBytes *bytes)
{
	g_autofree char *fallback = NULL;

	if (part->filename == NULL && strcmp(part->type, "message/rfc822") == 0)
		return message_name(bytes);
	fallback =
	    g_strconcat("part-", part->section, extension_of(part->type), NULL);
	return file_safe_name(part->filename, fallback);
}

static void
take_part(Saving *saving, const Part *part, GBytes *bytes)
{
	saving->bytes = bytes;
	if (saving->name == NULL && saving->folder != NULL)
		saving->name = part_name(part, bytes);
}

static bool
no_part(const Saving *saving, GError **error)
{
	g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_NOT_FOUND,
		    "the message has no part %s", saving->section);
	return false;
}

static bool
part_of_whole(Saving *saving, GBytes *whole, GError **error)
{
	g_autoptr(MimeMessage) message = mime_message_new(whole, error);
	const Part *part;
	GBytes *bytes;

	if (message == NULL)
		return false;
	part = part_find(mime_message_structure(message), saving->section);
	if (part == NULL && !saving->raw)
		return no_part(saving, error);
	bytes = saving->raw
		    ? mime_message_section(message, saving->section, error)
		    : mime_message_decode(message, saving->section, error);
	if (bytes == NULL)
		return false;
	if (part != NULL)
		take_part(saving, part, bytes);
	else
		saving->bytes = bytes;
	return true;
}

/* One part of a message that is not kept: only its bytes are fetched. */
static bool
part_alone(FetchView *view, Saving *saving, const Part *root, GError **error)
{
	const Part *part = part_find(root, saving->section);
	g_autoptr(GBytes) encoded = NULL;

	if (part == NULL && !saving->raw)
		return no_part(saving, error);
	encoded = fetch_section(view, saving->section,
				part == NULL ? -1 : part->size);
	if (encoded == NULL)
		return false;
	if (saving->raw)
		saving->bytes = g_steal_pointer(&encoded);
	else
		take_part(saving, part, mime_part_decode(part, encoded));
	return true;
}

static bool
find_bytes(FetchView *view, Saving *saving, GError **error)
{
	g_autoptr(MessageRow) row =
	    store_reader_row(fetch_store(view), fetch_id(view), error);
	g_autoptr(GBytes) whole = NULL;
	g_autoptr(Part) root = NULL;
	bool need_whole;

	if (row == NULL)
		return false;
	need_whole = *saving->section == '\0' || row->size <= READ_WHOLE_MAX;
	whole = fetch_kept(view, "");
	if (whole == NULL && !need_whole) {
		root = fetch_structure(view, true);
		if (root != NULL)
			return part_alone(view, saving, root, error);
		if (!fetch_asked_structure(view))
			return false;
	}
	if (whole == NULL)
		whole = fetch_section(view, "", row->size);
	if (whole == NULL)
		return false;
	if (*saving->section != '\0')
		return part_of_whole(saving, whole, error);
	if (saving->name == NULL && saving->folder != NULL)
		saving->name = message_name(whole);
	saving->bytes = g_steal_pointer(&whole);
	return true;
}

static bool
save_work(FetchView *view, gpointer data, GError **error)
{
	Saving *saving = data;
	g_autofree char *name = NULL;
	gsize len;
	const void *bytes;

	if (!find_bytes(view, saving, error))
		return false;
	if (saving->folder == NULL)
		return true;
	name = file_safe_name(saving->name, "part");
	bytes = g_bytes_get_data(saving->bytes, &len);
	return file_save_new(saving->folder, name, bytes, len, &saving->path,
			     error);
}

/* ---- on the UI thread ---- */

static void
save_done(Account *account, gpointer data, const GError *error)
{
	Saving *saving = data;

	if (error == NULL && saving->folder == NULL) {
		gint64 job = saving->job;

		g_hash_table_insert(account->bytes,
				    g_memdup2(&job, sizeof(job)),
				    g_steal_pointer(&saving->bytes));
	}
	account_end_job(account, saving->job,
			error == NULL ? JOB_DONE : JOB_FAILED, error,
			saving->path);
}

static gint64
start(Account *account, gint64 id, Saving *saving)
{
	const FetchFuncs funcs = {save_work, save_done, NULL};
	gint64 job = controller_next_job(account->controller);

	saving->job = job;
	fetch_start(account, id, &funcs, saving, free_saving);
	return job;
}

gint64
account_save_part(Account *account, gint64 id, const char *section,
		  const char *folder, const char *name)
{
	Saving *saving = g_new0(Saving, 1);

	saving->section = g_strdup(section);
	saving->folder = g_strdup(folder);
	saving->name = g_strdup(name);
	return start(account, id, saving);
}

gint64
account_fetch_part(Account *account, gint64 id, const char *section, bool raw)
{
	Saving *saving = g_new0(Saving, 1);

	saving->section = g_strdup(section);
	saving->raw = raw;
	return start(account, id, saving);
}

GBytes *
account_take_bytes(Account *account, gint64 job)
{
	GBytes *bytes = g_hash_table_lookup(account->bytes, &job);

	if (bytes == NULL)
		return NULL;
	g_bytes_ref(bytes);
	g_hash_table_remove(account->bytes, &job);
	return bytes;
}
