/* controller-draft-begin.c - what a draft begins with, made on the reader
 * thread */
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "base-file.h"
#include "base-guard.h"
#include "controller-draft-private.h"
#include "controller-read-shown.h"
#include "mime-edit.h"
#include "mime-header.h"
#include "store-draft.h"

/* columns of the text beside its header on the review screen */
#define PREVIEW_WIDTH 76u

/* ---- values ---- */

void
draft_author_set(DraftAuthor *author, const Account *account)
{
	author->from =
	    address_new(account->config->person, account->config->email);
	author->signature = g_strdup(account->config->signature);
	author->state_folder = g_strdup(account->state_folder);
}

void
draft_author_clear(DraftAuthor *author)
{
	g_clear_pointer(&author->from, address_free);
	g_clear_pointer(&author->signature, g_free);
	g_clear_pointer(&author->state_folder, g_free);
}

void
draft_look_free(DraftLook *look)
{
	if (look == NULL)
		return;
	g_hash_table_unref(look->fields);
	g_ptr_array_unref(look->preview);
	g_ptr_array_unref(look->attachments);
	g_free(look);
}

void
draft_begin_free(gpointer data)
{
	DraftBegin *begin = data;

	/* nobody took it: it was closed before it was there */
	if (begin->wrote_file && begin->edit_path != NULL)
		(void)g_unlink(begin->edit_path);
	draft_unlock(begin->edit_path, begin->lock);
	g_free(begin->attribution);
	draft_author_clear(&begin->author);
	g_free(begin->uuid);
	g_clear_pointer(&begin->text, g_bytes_unref);
	g_free(begin->edit_path);
	g_free(begin->edit_hash);
	draft_look_free(begin->look);
	g_free(begin);
}

char *
draft_edit_file(const char *state_folder, const char *uuid)
{
	g_autofree char *name = g_strconcat(uuid, ".txt", NULL);

	return g_uuid_string_is_valid(uuid)
		   ? g_build_filename(state_folder, "drafts", name, NULL)
		   : NULL;
}

bool
draft_edit_is_newer(const char *state_folder, const char *uuid)
{
	g_autofree char *edit = draft_edit_file(state_folder, uuid);
	g_autofree char *text = store_draft_text_path(state_folder, uuid);
	struct stat edited, saved;

	/* within one tick of the clock: better looked at once too often */
	return edit != NULL && stat(edit, &edited) == 0 &&
	       S_ISREG(edited.st_mode) && stat(text, &saved) == 0 &&
	       (edited.st_mtim.tv_sec > saved.st_mtim.tv_sec ||
		(edited.st_mtim.tv_sec == saved.st_mtim.tv_sec &&
		 edited.st_mtim.tv_nsec >= saved.st_mtim.tv_nsec));
}

/* ---- as a screen shows it ---- */

static void
add_field(GHashTable *fields, const char *name, char *value)
{
	g_hash_table_insert(fields, g_strdup(name), value);
}

DraftLook *
draft_look_new(const MimeMessage *message)
{
	const MimeRenderOptions options = {
	    .width = PREVIEW_WIDTH, .root = mime_message_structure(message)};
	g_autoptr(MessageHeader) header = mime_message_header(message);
	g_autoptr(GPtrArray) attachments = mime_compose_attachments(message);
	g_autoptr(MimeText) text =
	    mime_render_message(message, true, &options, NULL);
	DraftLook *look = g_new0(DraftLook, 1);

	look->fields =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	add_field(look->fields, "from", mime_addresses_write(header->from));
	add_field(look->fields, "to", mime_addresses_write(header->to));
	add_field(look->fields, "cc", mime_addresses_write(header->cc));
	add_field(look->fields, "bcc", mime_addresses_write(header->bcc));
	add_field(look->fields, "reply-to",
		  mime_addresses_write(header->reply_to));
	add_field(look->fields, "subject", g_strdup(header->subject));
	look->preview =
	    text == NULL ? text_line_list_new() : g_ptr_array_ref(text->lines);
	look->attachments =
	    g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
	for (guint i = 0; i < attachments->len; i++) {
		Part *part = read_part_copy(g_ptr_array_index(attachments, i));

		if (part != NULL)
			g_ptr_array_add(look->attachments, part);
	}
	return look;
}

/* ---- the text it begins with ---- */

static MimeSender
sender_of(const DraftBegin *begin, GPtrArray *own)
{
	g_ptr_array_add(own, begin->author.from->email);
	return (MimeSender){
	    .from = begin->author.from,
	    .own = own,
	    .signature = begin->author.signature,
	    .now = g_get_real_time(),
	};
}

static bool
begin_reply(FetchView *view, DraftBegin *begin, const MimeSender *sender,
	    GError **error)
{
	const ReadOptions options = {.width = MIME_QUOTE_WIDTH, .plain = true};
	g_auto(ReadShown) shown = {0};
	g_autoptr(MessageHeader) header = NULL;
	gsize len = 0;
	const char *block;

	if (!read_shown(view, &options, &shown, error))
		return false;
	block =
	    shown.header == NULL ? "" : g_bytes_get_data(shown.header, &len);
	header = mime_header_parse(block, len);
	begin->text = mime_compose_reply(sender, header, shown.text,
					 begin->start == DRAFT_REPLY_ALL,
					 begin->attribution);
	return true;
}

/* Returns: (transfer full) (nullable): as a #FetchWork where it is %NULL */
static GBytes *
fetch_whole(FetchView *view, GError **error)
{
	g_autoptr(MessageRow) row =
	    store_reader_row(fetch_store(view), fetch_id(view), error);

	return row == NULL ? NULL : fetch_section(view, "", row->size);
}

static bool
begin_forward(FetchView *view, DraftBegin *begin, const MimeSender *sender,
	      GError **error)
{
	g_autoptr(GBytes) whole = fetch_whole(view, error);
	g_autoptr(MimeMessage) message = NULL;

	if (whole == NULL)
		return false;
	message = mime_message_new(whole, error);
	if (message == NULL)
		return false;
	begin->text = mime_compose_forward(sender, message, false,
					   begin->attribution, error);
	return begin->text != NULL;
}

/* ---- resumed ---- */

static StoreDraft *
row_of(FetchView *view, const char *uuid)
{
	StoreJournal *journal = store_reader_journal(fetch_store(view));

	return journal == NULL ? NULL : store_draft_get(journal, uuid, NULL);
}

static bool
resume_kept(FetchView *view, DraftBegin *begin, GError **error)
{
	g_autoptr(StoreDraft) row = row_of(view, begin->uuid);
	g_autoptr(MessageHeader) header = NULL;
	gsize len;
	const char *data;

	begin->text = store_draft_read_text(begin->author.state_folder,
					    begin->uuid, error);
	if (begin->text == NULL)
		return false;
	data = g_bytes_get_data(begin->text, &len);
	header = mime_header_parse(data, len);
	begin->rev = MAX(row == NULL ? 1 : row->rev, header->draft_rev);
	begin->dirty = row == NULL || row->state != STORE_DRAFT_UPLOADED;
	begin->fresh = false;
	return true;
}

/* A text of ours that is newer than the copy on the server goes before it. */
static bool
is_newer_here(const StoreDraft *row, const MessageHeader *header)
{
	return row != NULL &&
	       (row->state == STORE_DRAFT_OPEN ||
		row->state == STORE_DRAFT_KEPT) &&
	       row->rev >= header->draft_rev;
}

/* Not kept, and perhaps offline: the text that was uploaded is the same. */
static char *
uploaded_as(FetchView *view, const ChangeMessage *where)
{
	StoreJournal *journal = store_reader_journal(fetch_store(view));
	g_autoptr(GPtrArray) drafts =
	    journal == NULL ? NULL : store_draft_list(journal, NULL);

	for (guint i = 0; drafts != NULL && i < drafts->len; i++) {
		const StoreDraft *row = g_ptr_array_index(drafts, i);

		if (row->uid == where->uid && row->uid != 0 &&
		    row->uid_validity == where->uid_validity &&
		    g_strcmp0(row->mailbox, where->mailbox) == 0)
			return g_strdup(row->uuid);
	}
	return NULL;
}

static bool
resume_stored(FetchView *view, DraftBegin *begin, GError **error)
{
	g_autoptr(ChangeMessage) where =
	    store_reader_location(fetch_store(view), fetch_id(view), error);
	g_autoptr(GBytes) whole = NULL;
	g_autoptr(MessageHeader) header = NULL;
	g_autoptr(StoreDraft) row = NULL;
	gsize len;
	const char *data;

	if (where == NULL)
		return false;
	begin->uuid = uploaded_as(view, where);
	if (begin->uuid != NULL) {
		if (resume_kept(view, begin, NULL)) {
			begin->replace_uid = where->uid;
			return true;
		}
		g_clear_pointer(&begin->uuid, g_free);
	}
	whole = fetch_whole(view, error);
	if (whole == NULL)
		return false;
	data = g_bytes_get_data(whole, &len);
	header = mime_header_parse(data, len);
	begin->replace_uid = where->uid;
	if (header->draft_uuid != NULL &&
	    g_uuid_string_is_valid(header->draft_uuid)) {
		begin->uuid = g_strdup(header->draft_uuid);
		begin->rev = header->draft_rev;
		row = row_of(view, begin->uuid);
	}
	if (is_newer_here(row, header) && resume_kept(view, begin, NULL))
		return true;
	if (row != NULL && row->state != STORE_DRAFT_UPLOADED) {
		/* changed here and elsewhere: both stay */
		g_free(begin->uuid);
		begin->uuid = g_uuid_string_random();
		begin->rev = 0;
	}
	if (begin->uuid == NULL)
		begin->uuid = g_uuid_string_random();
	begin->text = g_steal_pointer(&whole);
	begin->fresh = true;
	return true;
}

/* ---- the file for the editor ---- */

static bool
open_files(DraftBegin *begin, GError **error)
{
	g_autofree char *folder =
	    g_build_filename(begin->author.state_folder, "drafts", NULL);

	begin->edit_path =
	    draft_edit_file(begin->author.state_folder, begin->uuid);
	if (begin->edit_path == NULL) {
		g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_NOT_FOUND,
			    "%s: not the name of a draft", begin->uuid);
		return false;
	}
	return file_make_dir(folder, error) &&
	       draft_lock(begin->edit_path, &begin->lock, error);
}

static bool
write_edit_file(DraftBegin *begin, const MimeMessage *message, GError **error)
{
	g_autofree char *text = mime_edit_text(message);

	begin->edit_hash =
	    g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	/* one from before a crash is taken as it is */
	if (!begin->fresh &&
	    draft_edit_is_newer(begin->author.state_folder, begin->uuid))
		return true;
	if (!file_write_durably(begin->edit_path, text, strlen(text), error))
		return false;
	begin->wrote_file = true;
	return true;
}

static bool
begin_text(FetchView *view, DraftBegin *begin, GError **error)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new();
	MimeSender sender = sender_of(begin, own);

	if (begin->uuid != NULL)
		return resume_kept(view, begin, error);
	if (begin->start == DRAFT_RESUME)
		return resume_stored(view, begin, error);
	switch (begin->start) {
	case DRAFT_REPLY:
	case DRAFT_REPLY_ALL:
		if (!begin_reply(view, begin, &sender, error))
			return false;
		break;
	case DRAFT_FORWARD:
		if (!begin_forward(view, begin, &sender, error))
			return false;
		break;
	default:
		begin->text = mime_compose_new(&sender);
		break;
	}
	begin->uuid = g_uuid_string_random();
	begin->dirty = true;
	begin->fresh = true;
	return true;
}

bool
draft_begin_work(FetchView *view, gpointer data, GError **error)
{
	DraftBegin *begin = data;
	g_autoptr(MimeMessage) message = NULL;
	GBytes *stamped;

	GUARD_NOT_ON_UI("draft_begin_work");
	if (!begin_text(view, begin, error))
		return false;
	if (begin->rev == 0 && begin->replace_uid == 0) {
		stamped = mime_compose_stamp(begin->text, begin->uuid, 1,
					     begin->author.from,
					     g_get_real_time(), error);
		if (stamped == NULL)
			return false;
		g_bytes_unref(begin->text);
		begin->text = stamped;
		begin->rev = 1;
	}
	message = mime_message_new(begin->text, error);
	if (message == NULL || !open_files(begin, error) ||
	    !write_edit_file(begin, message, error))
		return false;
	begin->look = draft_look_new(message);
	return true;
}
