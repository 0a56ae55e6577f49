/* store-draft.c - drafts kept on this machine: texts as files, rows beside */
#include "store-draft.h"

#include <string.h>

#include "base-file.h"
#include "base-guard.h"
#include "store-journal-private.h"

StoreDraft *
store_draft_new(const char *uuid)
{
	StoreDraft *draft = g_new0(StoreDraft, 1);

	draft->uuid = uuid != NULL ? g_strdup(uuid) : g_uuid_string_random();
	draft->state = STORE_DRAFT_OPEN;
	return draft;
}

void
store_draft_free(StoreDraft *draft)
{
	if (draft == NULL)
		return;
	g_free(draft->uuid);
	g_free(draft->mailbox);
	g_free(draft->uploaded_hash);
	g_free(draft->in_reply_to);
	g_free(draft->info);
	g_free(draft);
}

bool
store_draft_save(StoreJournal *journal, const StoreDraft *draft, GError **error)
{
	GUARD_NOT_ON_UI("store_draft_save");
	return store_run(journal->db, error,
			 "INSERT OR REPLACE INTO draft VALUES "
			 "(?,?,?,?,?,?,?,?,?,?,?,?,?)",
			 "siisiiisiissi", draft->uuid, (gint64)draft->rev,
			 (gint64)draft->state, draft->mailbox,
			 (gint64)draft->uid_validity, (gint64)draft->uid,
			 (gint64)draft->uploaded_rev, draft->uploaded_hash,
			 (gint64)draft->conflict_uid, draft->answered,
			 draft->in_reply_to, draft->info, g_get_real_time());
}

#define COLUMNS                                                                \
	"uuid, rev, state, mailbox, uid_validity, uid, uploaded_rev, "         \
	"uploaded_hash, conflict_uid, answered, in_reply_to, info, saved_at"

static StoreDraft *
draft_from(sqlite3_stmt *row)
{
	StoreDraft *draft =
	    store_draft_new((const char *)sqlite3_column_text(row, 0));

	draft->rev = (guint)sqlite3_column_int64(row, 1);
	draft->state = (StoreDraftState)sqlite3_column_int(row, 2);
	draft->mailbox = store_text(row, 3);
	draft->uid_validity = (guint32)sqlite3_column_int64(row, 4);
	draft->uid = (guint32)sqlite3_column_int64(row, 5);
	draft->uploaded_rev = (guint)sqlite3_column_int64(row, 6);
	draft->uploaded_hash = store_text(row, 7);
	draft->conflict_uid = (guint32)sqlite3_column_int64(row, 8);
	draft->answered = sqlite3_column_int64(row, 9);
	draft->in_reply_to = store_text(row, 10);
	draft->info = store_text(row, 11);
	draft->saved_at = sqlite3_column_int64(row, 12);
	return draft;
}

StoreDraft *
store_draft_get(StoreJournal *journal, const char *uuid, GError **error)
{
	sqlite3_stmt *row = store_query(
	    journal->db, error, "SELECT " COLUMNS " FROM draft WHERE uuid = ?",
	    "s", uuid);
	StoreDraft *draft = NULL;
	int code;

	if (row == NULL || (code = store_step(journal->db, row, error)) < 0)
		return NULL;
	if (code == 1) {
		draft = draft_from(row);
		sqlite3_reset(row);
		return draft;
	}
	g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
		    "draft %s: not there", uuid);
	return NULL;
}

static bool
is_listed(const GPtrArray *drafts, const char *uuid)
{
	for (guint i = 0; i < drafts->len; i++)
		if (strcmp(((StoreDraft *)g_ptr_array_index(drafts, i))->uuid,
			   uuid) == 0)
			return true;
	return false;
}

/* A text without a row: a crash between the two, or a salvaged journal. */
static void
add_orphans(const StoreJournal *journal, GPtrArray *drafts)
{
	g_autofree char *folder =
	    g_build_filename(journal->folder, "drafts", NULL);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *uuid = g_strdup(name);
		StoreDraft *draft;

		if (!g_str_has_suffix(uuid, ".eml"))
			continue;
		uuid[strlen(uuid) - 4] = '\0';
		if (!g_uuid_string_is_valid(uuid) || is_listed(drafts, uuid))
			continue;
		draft = store_draft_new(uuid);
		draft->state = STORE_DRAFT_KEPT;
		draft->rev = 1;
		g_ptr_array_add(drafts, draft);
	}
	if (dir != NULL)
		g_dir_close(dir);
}

GPtrArray *
store_draft_list(StoreJournal *journal, GError **error)
{
	g_autoptr(GPtrArray) drafts =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_draft_free);
	sqlite3_stmt *row = store_query(journal->db, error,
					"SELECT " COLUMNS " FROM draft "
					"ORDER BY saved_at DESC, uuid",
					"");
	int code = -1;

	while (row != NULL && (code = store_step(journal->db, row, error)) == 1)
		g_ptr_array_add(drafts, draft_from(row));
	if (code != 0)
		return NULL;
	add_orphans(journal, drafts);
	return g_steal_pointer(&drafts);
}

char *
store_draft_text_path(const char *state_folder, const char *uuid)
{
	g_autofree char *name = g_strconcat(uuid, ".eml", NULL);

	return g_uuid_string_is_valid(uuid)
		   ? g_build_filename(state_folder, "drafts", name, NULL)
		   : NULL;
}

bool
store_draft_forget(StoreJournal *journal, const char *uuid, GError **error)
{
	g_autofree char *path = store_draft_text_path(journal->folder, uuid);
	GError *cause = NULL;

	GUARD_NOT_ON_UI("store_draft_forget");
	if (path != NULL && !file_remove_durably(path, &cause))
		return store_take_error(error, cause, STORE_ERROR_IO);
	return store_run(journal->db, error, "DELETE FROM draft WHERE uuid = ?",
			 "s", uuid);
}

bool
store_draft_write_text(const char *state_folder, const char *uuid, GBytes *text,
		       GError **error)
{
	g_autofree char *path = store_draft_text_path(state_folder, uuid);
	g_autofree char *folder =
	    g_build_filename(state_folder, "drafts", NULL);
	GError *cause = NULL;
	gsize len;
	const void *data = g_bytes_get_data(text, &len);

	GUARD_NOT_ON_UI("store_draft_write_text");
	if (path == NULL) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "%s: not the name of a draft", uuid);
		return false;
	}
	return (file_make_dir(folder, &cause) &&
		file_write_durably(path, data, len, &cause)) ||
	       store_take_error(error, cause, STORE_ERROR_IO);
}

GBytes *
store_draft_read_text(const char *state_folder, const char *uuid,
		      GError **error)
{
	g_autofree char *path = store_draft_text_path(state_folder, uuid);
	GError *cause = NULL;
	GBytes *text;

	if (path == NULL) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "%s: not the name of a draft", uuid);
		return NULL;
	}
	text = file_read(path, STORE_DRAFT_MAX, &cause);
	if (text == NULL)
		store_take_error(
		    error, cause,
		    g_error_matches(cause, FILE_ERROR, FILE_ERROR_TOO_LARGE)
			? STORE_ERROR_LIMIT
			: STORE_ERROR_NOT_FOUND);
	return text;
}
