/* draft-fixture.c - drafts as a screen has them */
#include "draft-fixture.h"

#include <stdio.h>
#include <string.h>

#include "store-reader.h"

void
writing_told(Draft *draft, gpointer user)
{
	Writing *writing = user;

	switch (draft_state(draft)) {
	case DRAFT_READY:
		writing->ready = 1;
		break;
	case DRAFT_SAVED:
		writing->saved++;
		break;
	case DRAFT_FAILED:
		writing->failed++;
		break;
	default:
		break;
	}
}

void
writing_begin(Writing *writing, MailBox *box, DraftStart start, gint64 id)
{
	*writing = (Writing){0};
	writing->draft = draft_open(box->account, start, id,
				    "Bob wrote:", writing_told, writing);
	mail_wait(&writing->ready);
}

void
writing_resume(Writing *writing, MailBox *box, const char *uuid)
{
	*writing = (Writing){0};
	writing->draft =
	    draft_resume(box->account, uuid, writing_told, writing);
	mail_wait(&writing->ready);
}

char *
text_read(const char *path)
{
	char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

/* As an editor does that writes aside and renames. */
void
text_write(const char *path, const char *text)
{
	g_autoptr(GError) error = NULL;

	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
}

/* The editor appends @words. */
void
writing_type(const Writing *writing, const char *words)
{
	const char *path = draft_edit_path(writing->draft);
	g_autofree char *before = text_read(path);
	g_autofree char *text = g_strconcat(before, words, NULL);

	text_write(path, text);
}

void
writing_save(Writing *writing, const char *words)
{
	writing->saved = 0;
	writing_type(writing, words);
	draft_edited(writing->draft);
	mail_wait(&writing->saved);
}

char *
writing_kept(MailBox *box, const char *uuid)
{
	g_autofree char *path = store_draft_text_path(box->state, uuid);

	return text_read(path);
}

StoreDraft *
writing_row(MailBox *box, const char *uuid)
{
	g_autoptr(StoreReader) reader =
	    store_reader_open(box->cache, box->state, NULL);

	return store_draft_get(store_reader_journal(reader), uuid, NULL);
}

void
text_assert_holds(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		g_error("no \"%s\" in: %s", words, text);
}

guint
writing_n_local(MailBox *box)
{
	g_autoptr(GPtrArray) uuids = account_local_drafts(box->account);

	return uuids->len;
}

/* Files of drafts that are there: texts, edit files, anything. */
guint
writing_n_files(MailBox *box)
{
	g_autofree char *folder = g_build_filename(box->state, "drafts", NULL);
	GDir *dir = g_dir_open(folder, 0, NULL);
	guint n = 0;

	while (dir != NULL && g_dir_read_name(dir) != NULL)
		n++;
	g_clear_pointer(&dir, g_dir_close);
	return n;
}

GPtrArray *
writing_queue(MailBox *box)
{
	GPtrArray *changes = account_queue(box->account, false, NULL);

	g_assert_nonnull(changes);
	return changes;
}
