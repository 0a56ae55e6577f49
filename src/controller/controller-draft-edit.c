/* controller-draft-edit.c - what the editor wrote, taken into the draft on the
 * reader thread */
#include "base-file.h"
#include "base-guard.h"
#include "controller-draft-private.h"
#include "mime-edit.h"

void
draft_edit_free(gpointer data)
{
	DraftEdit *edit = data;

	draft_author_clear(&edit->author);
	g_clear_pointer(&edit->base, g_bytes_unref);
	g_free(edit->uuid);
	g_free(edit->path);
	g_free(edit->hash);
	g_clear_pointer(&edit->text, g_bytes_unref);
	g_free(edit->new_hash);
	draft_look_free(edit->look);
	g_clear_error(&edit->error);
	g_free(edit);
}

/*
 * Always from the text the file was made of: what the user takes back is as it
 * was, byte for byte.
 */
static bool
apply(DraftEdit *edit, GBytes *bytes)
{
	g_autoptr(MimeMessage) base =
	    mime_message_new(edit->base, &edit->error);
	g_autoptr(MimeMessage) message = NULL;
	g_autoptr(GBytes) changed = NULL;
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	if (base == NULL)
		return false;
	changed =
	    mime_edit_apply(base, data == NULL ? "" : data, len, &edit->error);
	if (changed == NULL)
		return false;
	edit->text = mime_compose_stamp(changed, edit->uuid, edit->rev + 1,
					edit->author.from, g_get_real_time(),
					&edit->error);
	if (edit->text == NULL)
		return false;
	message = mime_message_new(edit->text, &edit->error);
	if (message == NULL) {
		g_clear_pointer(&edit->text, g_bytes_unref);
		return false;
	}
	edit->look = draft_look_new(message);
	return true;
}

void
draft_edit_work(ReaderTask *task, StoreReader *store, gint *cancelled,
		gpointer data)
{
	DraftEdit *edit = data;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GError) error = NULL;

	(void)task;
	(void)store;
	(void)cancelled;
	GUARD_NOT_ON_UI("draft_edit_work");
	bytes = file_read(edit->path, MIME_EDIT_MAX, &error);
	if (bytes == NULL) {
		/* an editor may be about to put a new file there: next time */
		if (g_error_matches(error, FILE_ERROR, FILE_ERROR_TOO_LARGE))
			edit->error = g_steal_pointer(&error);
		return;
	}
	edit->new_hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	if (g_strcmp0(edit->new_hash, edit->hash) != 0)
		(void)apply(edit, bytes);
}
