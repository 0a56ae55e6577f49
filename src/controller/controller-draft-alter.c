/* controller-draft-alter.c - a draft changed from the review screen: fields,
 * attachments
 */
#include <string.h>

#include "base-file.h"
#include "base-guard.h"
#include "base-text.h"
#include "controller-draft-private.h"
#include "mime-edit.h"

/* no server takes more */
#define ATTACH_MAX ((gsize)40 << 20)

/** One alteration: asked for on the UI thread, done on the reader thread. */
struct DraftAlter {
	Draft *draft; /* for the UI thread alone */
	DraftAuthor author;
	char *name;    /* a field, or NULL */
	char *value;   /* of it */
	char *path;    /* of a file to attach, or NULL */
	char *section; /* to detach, or NULL */
	/* filled when it begins */
	GBytes *base;
	char *uuid;
	guint rev;
	char *edit_path;
	char *known_hash; /* of what stands there as far as we know */
	/* what came of it */
	bool behind; /* the editor has written again: look first */
	GBytes *text;
	char *edit_hash;
	DraftLook *look;
	GError *error;
};

void
draft_alter_free(gpointer data)
{
	DraftAlter *alter = data;

	draft_author_clear(&alter->author);
	g_free(alter->name);
	g_free(alter->value);
	g_free(alter->path);
	g_free(alter->section);
	g_clear_pointer(&alter->base, g_bytes_unref);
	g_free(alter->uuid);
	g_free(alter->edit_path);
	g_free(alter->known_hash);
	g_clear_pointer(&alter->text, g_bytes_unref);
	g_free(alter->edit_hash);
	draft_look_free(alter->look);
	g_clear_error(&alter->error);
	g_free(alter);
}

/* ---- on the reader thread ---- */

/* What the first bytes and the name say; a lie costs nothing but a label. */
static char *
type_of(const char *path, GBytes *content)
{
	static const struct {
		const char *end;
		const char *type;
	} known[] = {
	    {".pdf", "application/pdf"}, {".png", "image/png"},
	    {".jpg", "image/jpeg"},      {".jpeg", "image/jpeg"},
	    {".gif", "image/gif"},       {".txt", "text/plain"},
	    {".csv", "text/csv"},        {".html", "text/html"},
	    {".ics", "text/calendar"},   {".eml", "message/rfc822"},
	    {".zip", "application/zip"}, {".gz", "application/gzip"},
	    {".patch", "text/x-patch"},  {".diff", "text/x-diff"},
	};
	g_autofree char *lower = g_ascii_strdown(path, -1);
	gsize len;
	const char *bytes = g_bytes_get_data(content, &len);

	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_str_has_suffix(lower, known[i].end))
			return g_strdup(known[i].type);
	if (bytes != NULL && memchr(bytes, '\0', len) == NULL &&
	    g_utf8_validate(bytes, (gssize)len, NULL))
		return g_strdup("text/plain");
	return g_strdup("application/octet-stream");
}

static GBytes *
attach(const DraftAlter *alter, const MimeMessage *message, GError **error)
{
	g_autoptr(GBytes) content = NULL;
	g_autofree char *name = NULL;
	g_autofree char *type = NULL;

	/* a pipe would keep this thread, and all readers with it, for ever */
	if (g_file_test(alter->path, G_FILE_TEST_EXISTS) &&
	    !g_file_test(alter->path, G_FILE_TEST_IS_REGULAR)) {
		g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE,
			    "%s: not a file", alter->path);
		return NULL;
	}
	content = file_read(alter->path, ATTACH_MAX, error);
	if (content == NULL)
		return NULL;
	name = g_path_get_basename(alter->path);
	type = type_of(name, content);
	return mime_compose_attach(message, content, type, name, error);
}

static GBytes *
altered(const DraftAlter *alter, const MimeMessage *message, GError **error)
{
	if (alter->name != NULL)
		return mime_compose_set_field(
		    message, alter->name,
		    alter->value[0] == '\0' ? NULL : alter->value, error);
	if (alter->path != NULL)
		return attach(alter, message, error);
	return mime_compose_detach(message, alter->section, error);
}

/* What the user wrote there meanwhile is not written over. */
static bool
is_as_known(const DraftAlter *alter)
{
	g_autoptr(GBytes) now =
	    file_read(alter->edit_path, MIME_EDIT_MAX, NULL);
	g_autofree char *hash =
	    now == NULL ? NULL
			: g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, now);

	return hash == NULL || g_strcmp0(hash, alter->known_hash) == 0;
}

static void
work(ReaderTask *task, StoreReader *store, gint *cancelled, gpointer data)
{
	DraftAlter *alter = data;
	g_autoptr(MimeMessage) before =
	    mime_message_new(alter->base, &alter->error);
	g_autoptr(MimeMessage) after = NULL;
	g_autoptr(GBytes) changed = NULL;
	g_autoptr(GBytes) stamped = NULL;
	g_autofree char *edit = NULL;

	(void)task;
	(void)store;
	(void)cancelled;
	GUARD_NOT_ON_UI("draft_alter");
	if (before == NULL)
		return;
	changed = altered(alter, before, &alter->error);
	if (changed == NULL)
		return;
	stamped = mime_compose_stamp(changed, alter->uuid, alter->rev + 1,
				     alter->author.from, g_get_real_time(),
				     &alter->error);
	after =
	    stamped == NULL ? NULL : mime_message_new(stamped, &alter->error);
	if (after == NULL)
		return;
	edit = mime_edit_text(after);
	if (!is_as_known(alter)) {
		alter->behind = true;
		return;
	}
	if (!file_write_durably(alter->edit_path, edit, strlen(edit),
				&alter->error))
		return;
	alter->edit_hash =
	    g_compute_checksum_for_string(G_CHECKSUM_SHA256, edit, -1);
	alter->look = draft_look_new(after);
	alter->text = g_steal_pointer(&stamped);
}

/* ---- on the UI thread ---- */

/* The same once more, behind a look at the file. */
static void
ask_again(Draft *draft, DraftAlter *from)
{
	DraftAlter *alter = g_new0(DraftAlter, 1);

	alter->draft = draft;
	draft_author_set(&alter->author, draft->account);
	alter->name = g_steal_pointer(&from->name);
	alter->value = g_steal_pointer(&from->value);
	alter->path = g_steal_pointer(&from->path);
	alter->section = g_steal_pointer(&from->section);
	g_queue_push_head(&draft->alters, alter);
	draft->again = true;
	draft_go_on(draft, false);
}

static void
on_altered(gpointer data, bool last)
{
	DraftAlter *alter = data;
	Draft *draft = alter->draft;

	(void)last;
	draft->task = NULL;
	if (alter->behind) {
		ask_again(draft, alter);
		return;
	}
	if (alter->text == NULL) {
		/* the draft is as it was */
		draft_set_error(draft, alter->error);
		draft_go_on(draft, true);
		return;
	}
	g_bytes_unref(draft->base);
	draft->base = g_bytes_ref(alter->text);
	g_free(draft->edit_hash);
	draft->edit_hash = g_steal_pointer(&alter->edit_hash);
	draft_go_on(draft, !draft_take(draft, alter->rev + 1,
				       g_steal_pointer(&alter->text),
				       g_steal_pointer(&alter->look)));
}

bool
draft_alter_next(Draft *draft)
{
	DraftAlter *alter = g_queue_pop_head(&draft->alters);

	if (alter == NULL)
		return false;
	/* what stands in the edit file is not thrown away */
	if (draft->edit_refused) {
		draft_alter_free(alter);
		return draft_alter_next(draft);
	}
	alter->base = g_bytes_ref(draft->text);
	alter->uuid = g_strdup(draft->uuid);
	alter->rev = draft->rev;
	alter->edit_path = g_strdup(draft->edit_path);
	alter->known_hash = g_strdup(draft->edit_hash);
	draft->task = reader_run(draft->account->controller->reader, NULL, NULL,
				 work, on_altered, alter, draft_alter_free);
	return true;
}

/* @alter: (transfer full) */
static void
queue(Draft *draft, DraftAlter *alter)
{
	if (draft->account == NULL || draft->edit_path == NULL) {
		draft_alter_free(alter);
		return;
	}
	alter->draft = draft;
	draft_author_set(&alter->author, draft->account);
	g_queue_push_tail(&draft->alters, alter);
	/* the edit file first: the user may have saved it just now */
	draft_edited(draft);
}

void
draft_set_header(Draft *draft, const char *name, const char *value)
{
	DraftAlter *alter = g_new0(DraftAlter, 1);

	alter->name = g_strdup(name);
	alter->value = text_clean_line(value, -1);
	queue(draft, alter);
}

void
draft_attach(Draft *draft, const char *path)
{
	DraftAlter *alter = g_new0(DraftAlter, 1);

	alter->path = g_strdup(path);
	queue(draft, alter);
}

void
draft_detach(Draft *draft, guint index)
{
	const GPtrArray *parts = draft_attachments(draft);
	DraftAlter *alter;

	if (parts == NULL || index >= parts->len)
		return;
	alter = g_new0(DraftAlter, 1);
	alter->section =
	    g_strdup(((const Part *)g_ptr_array_index(parts, index))->section);
	queue(draft, alter);
}
