/* store-draft.h - drafts kept on this machine: their texts and their rows */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "store-journal.h"

/** STORE_DRAFT_MAX: bytes of a draft's text that are read back */
#define STORE_DRAFT_MAX ((gsize)64 << 20)

/** StoreDraftState: stored in files: never renumber */
typedef enum {
	STORE_DRAFT_OPEN = 1, /* being edited */
	STORE_DRAFT_KEPT,     /* closed, differs from the server or not there */
	STORE_DRAFT_UPLOADED, /* the same as on the server */
	STORE_DRAFT_CONFLICT, /* changed here and elsewhere */
	STORE_DRAFT_SENDING,  /* given to the queue */
	STORE_DRAFT_DISCARDED, /* while an upload of it was on its way */
} StoreDraftState;

/**
 * StoreDraft: the row of a draft
 * @uuid: lower-case UUID
 * @rev: revision of the text on disk
 * @state: of #StoreDraftState
 * @mailbox: (nullable): wire name of the mailbox its server copy is in
 * @uid_validity, @uid: of that copy, 0: none or unknown
 * @uploaded_rev: revision of that copy, 0 for none
 * @uploaded_hash: (nullable): hash of that text, as the caller makes it
 * @conflict_uid: UID of the version made elsewhere, 0 for none
 * @answered: local id of the message it answers, 0 for none
 * @in_reply_to: (nullable): its Message-ID
 * @info: (nullable): what the caller keeps beside it
 * @saved_at: µs since 1970, of the last store_draft_save()
 */
typedef struct {
	char *uuid;
	guint rev;
	StoreDraftState state;
	char *mailbox;
	guint32 uid_validity;
	guint32 uid;
	guint uploaded_rev;
	char *uploaded_hash;
	guint32 conflict_uid;
	gint64 answered;
	char *in_reply_to;
	char *info;
	gint64 saved_at;
} StoreDraft;

/** store_draft_new: @uuid: (nullable): %NULL makes one. (transfer full) */
StoreDraft *store_draft_new(const char *uuid);
/** store_draft_free: (nullable) */
void store_draft_free(StoreDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreDraft, store_draft_free)

/** store_draft_save: the row; inserted or replaced, durable */
bool store_draft_save(StoreJournal *journal, const StoreDraft *draft,
		      GError **error);
/** store_draft_get: (transfer full) (nullable) */
StoreDraft *store_draft_get(StoreJournal *journal, const char *uuid,
			    GError **error);
/** store_draft_list: (transfer full): array of #StoreDraft, last saved first;
 * a text without a row (a crash, a salvaged journal) is in it, as
 * %STORE_DRAFT_KEPT */
GPtrArray *store_draft_list(StoreJournal *journal, GError **error);
/** store_draft_forget: text and row; the row goes last */
bool store_draft_forget(StoreJournal *journal, const char *uuid,
			GError **error);

/**
 * store_draft_write_text:
 *
 * Writes drafts/UUID.eml durably: aside, fsync, rename, fsync of the folder.
 * The text is never half there. Needs no journal handle: any thread but the
 * UI's.
 */
bool store_draft_write_text(const char *state_folder, const char *uuid,
			    GBytes *text, GError **error);
/** store_draft_read_text: (transfer full) (nullable): %STORE_ERROR_LIMIT over
 * %STORE_DRAFT_MAX */
GBytes *store_draft_read_text(const char *state_folder, const char *uuid,
			      GError **error);
/** store_draft_text_path: (transfer full) (nullable): %NULL where @uuid is no
 * UUID */
char *store_draft_text_path(const char *state_folder, const char *uuid);
