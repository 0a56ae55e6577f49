/* sync-text.c - drafts: on disk before anything, then on their way */
#include <string.h>

#include "sync-keeper.h"

/* drafts whose text is kept though the server has the same */
#define UPLOADED_KEPT 30u

static void
fail_text(SyncKeeper *keeper, gint64 job, GError *error)
{
	g_autoptr(GError) told =
	    g_error_new_literal(SYNC_ERROR, SYNC_ERROR_STORE, error->message);

	sync_emit_job(keeper->events, job, JOB_FAILED, told);
	g_error_free(error);
}

static char *
hash_of(GBytes *text)
{
	return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, text);
}

/* UIDVALIDITY of a mailbox as it was synced last, 0 if it is not known. */
static guint32
validity_of(SyncKeeper *keeper, const char *wire)
{
	g_autoptr(Mailbox) mailbox =
	    store_reader_mailbox(keeper->reader, wire, NULL);
	g_auto(StoreMailboxState) state = {0};

	if (mailbox == NULL ||
	    !store_reader_state(keeper->reader, mailbox->id, &state, NULL))
		return 0;
	return state.server.uid_validity;
}

/* A draft that was opened from the server: which copy there it is. */
static void
note_copy(SyncKeeper *keeper, StoreDraft *draft, const SyncJob *job)
{
	if (job->replace_uid == 0 || job->mailbox == NULL || draft->uid != 0)
		return;
	draft->uid = job->replace_uid;
	draft->uid_validity = validity_of(keeper, job->mailbox);
	g_free(draft->mailbox);
	draft->mailbox = g_strdup(job->mailbox);
}

/* The row's copy on the server; uid 0 where there is none any more. */
static ChangeMessage *
copy_of(SyncKeeper *keeper, const StoreDraft *draft, const char *wire)
{
	g_autoptr(Mailbox) mailbox =
	    store_reader_mailbox(keeper->reader, wire, NULL);
	ChangeMessage *message = NULL;
	gint64 id = 0;

	if (draft->uid == 0 || g_strcmp0(draft->mailbox, wire) != 0 ||
	    draft->uid_validity != validity_of(keeper, wire))
		return change_message_new(0, wire, 0, 0, NULL);
	if (mailbox != NULL)
		id = store_reader_find_uid(keeper->reader, mailbox->id,
					   draft->uid, NULL);
	if (id != 0)
		message = store_reader_location(keeper->reader, id, NULL);
	if (message != NULL)
		return message;
	return change_message_new(0, wire, draft->uid_validity, draft->uid,
				  NULL);
}

/* An older revision that is not on its way goes no more. */
static bool
supersede_waiting(SyncKeeper *keeper, const char *uuid, bool *ret_running,
		  GError **error)
{
	g_autoptr(GPtrArray) open =
	    store_journal_open_changes(keeper->journal, error);

	*ret_running = false;
	if (open == NULL)
		return false;
	for (guint i = 0; i < open->len; i++) {
		Change *change = g_ptr_array_index(open, i);

		if (change->kind != CHANGE_APPEND ||
		    g_strcmp0(change->draft_uuid, uuid) != 0)
			continue;
		if (change->state == CHANGE_RUNNING ||
		    change->step != CHANGE_STEP_NONE) {
			*ret_running = true;
			continue;
		}
		if (change->state == CHANGE_UNKNOWN)
			continue; /* only a look at the server ends that */
		change->state = CHANGE_SUPERSEDED;
		if (!store_journal_update(keeper->journal, change, error))
			return false;
		sync_intent_apply(keeper, change);
	}
	return true;
}

static void
upload(SyncKeeper *keeper, const SyncJob *job, const StoreDraft *draft)
{
	SyncJob *changes = sync_job_new(SYNC_JOB_CHANGES, job->id);
	Change *change = change_new(CHANGE_APPEND);
	GError *error = NULL;
	bool running;

	change->mailbox = g_strdup(job->mailbox);
	change->dest = g_strdup(job->mailbox);
	change->draft_uuid = g_strdup(draft->uuid);
	change->draft_rev = draft->rev;
	change->add.bits = MAIL_FLAG_DRAFT | MAIL_FLAG_SEEN;
	g_ptr_array_add(change->messages, copy_of(keeper, draft, job->mailbox));
	changes->changes = change_list_new();
	g_ptr_array_add(changes->changes, change);
	if (supersede_waiting(keeper, draft->uuid, &running, &error))
		sync_intent_job(keeper, changes);
	else
		fail_text(keeper, job->id, error);
	sync_job_free(changes);
}

static void
save(SyncKeeper *keeper, const SyncJob *job)
{
	const char *folder = keeper->settings->state_folder;
	g_autofree char *hash = hash_of(job->bytes);
	g_autoptr(StoreDraft) draft =
	    store_draft_get(keeper->journal, job->name, NULL);
	GError *error = NULL;
	bool same;

	(void)store_reader_refresh(keeper->reader);
	if (draft == NULL)
		draft = store_draft_new(job->name);
	same = g_strcmp0(hash, draft->uploaded_hash) == 0;
	draft->rev = (guint)job->number;
	draft->state = !job->wanted ? STORE_DRAFT_OPEN
		       : same       ? STORE_DRAFT_UPLOADED
				    : STORE_DRAFT_KEPT;
	if (job->section != NULL) {
		g_free(draft->info);
		draft->info = g_strdup(job->section);
	}
	note_copy(keeper, draft, job);
	if (!store_draft_write_text(folder, job->name, job->bytes, &error) ||
	    !store_draft_save(keeper->journal, draft, &error)) {
		fail_text(keeper, job->id, error);
		return;
	}
	if (!job->wanted || same) {
		/* a text equal to the last one uploaded is not uploaded */
		sync_emit_job(keeper->events, job->id, JOB_DONE, NULL);
		return;
	}
	upload(keeper, job, draft);
}

/* ---- away ---- */

static char *
trash_of(SyncKeeper *keeper)
{
	g_autoptr(GPtrArray) mailboxes =
	    store_reader_mailboxes(keeper->reader, NULL);

	for (guint i = 0; mailboxes != NULL && i < mailboxes->len; i++) {
		const Mailbox *mailbox = g_ptr_array_index(mailboxes, i);

		if (mailbox->role == MAILBOX_ROLE_TRASH)
			return g_strdup(mailbox->wire);
	}
	return NULL;
}

/*
 * The server's copy goes to Trash, so that it can be taken back; where there
 * is none, or it lies there, for ever. Returns: there was one
 */
static bool
put_away(SyncKeeper *keeper, gint64 job, const StoreDraft *draft)
{
	g_autofree char *trash = NULL;
	g_autoptr(SyncJob) changes = NULL;
	ChangeMessage *copy;
	Change *change;

	if (draft->mailbox == NULL)
		return false;
	copy = copy_of(keeper, draft, draft->mailbox);
	if (copy->uid == 0) {
		change_message_free(copy);
		return false;
	}
	trash = trash_of(keeper);
	if (g_strcmp0(trash, draft->mailbox) == 0)
		g_clear_pointer(&trash, g_free);
	change = change_new(trash != NULL ? CHANGE_MOVE : CHANGE_DELETE);
	change->mailbox = g_strdup(draft->mailbox);
	change->dest = g_steal_pointer(&trash);
	g_ptr_array_add(change->messages, copy);
	changes = sync_job_new(SYNC_JOB_CHANGES, job);
	changes->changes = change_list_new();
	g_ptr_array_add(changes->changes, change);
	sync_intent_job(keeper, changes);
	return true;
}

static void
forget(SyncKeeper *keeper, const SyncJob *job)
{
	g_autoptr(StoreDraft) draft =
	    store_draft_get(keeper->journal, job->name, NULL);
	GError *error = NULL;
	bool running, good;

	(void)store_reader_refresh(keeper->reader);
	good = supersede_waiting(keeper, job->name, &running, &error);
	if (good && running && job->wanted && draft != NULL) {
		/* what is on its way is put away when it has come there */
		draft->state = STORE_DRAFT_DISCARDED;
		good = store_draft_save(keeper->journal, draft, &error);
	} else if (good) {
		good = store_draft_forget(keeper->journal, job->name, &error);
	}
	if (!good) {
		fail_text(keeper, job->id, error);
		return;
	}
	if (!job->wanted || draft == NULL || !put_away(keeper, job->id, draft))
		sync_emit_job(keeper->events, job->id, JOB_DONE, NULL);
	sync_intent_counts(keeper);
}

void
sync_text_job(SyncKeeper *keeper, SyncJob *job)
{
	if (job->kind == SYNC_JOB_DRAFT)
		save(keeper, job);
	else
		forget(keeper, job);
}

/* Texts that are the same on the server are kept for a while: offline. */
static void
prune(SyncKeeper *keeper)
{
	g_autoptr(GPtrArray) drafts = store_draft_list(keeper->journal, NULL);
	guint n_uploaded = 0;

	for (guint i = 0; drafts != NULL && i < drafts->len; i++) {
		const StoreDraft *draft = g_ptr_array_index(drafts, i);

		if (draft->state == STORE_DRAFT_UPLOADED &&
		    ++n_uploaded > UPLOADED_KEPT)
			(void)store_draft_forget(keeper->journal, draft->uuid,
						 NULL);
	}
}

void
sync_text_uploaded(SyncKeeper *keeper, const Change *change)
{
	const char *folder = keeper->settings->state_folder;
	const ChangeMessage *message = g_ptr_array_index(change->messages, 0);
	g_autoptr(StoreDraft) draft =
	    store_draft_get(keeper->journal, change->draft_uuid, NULL);
	g_autoptr(GBytes) text = NULL;
	g_autoptr(GError) error = NULL;

	if (draft == NULL)
		return;
	draft->uid = message->dest_uid;
	draft->uid_validity = change->dest_uid_validity;
	draft->uploaded_rev = change->draft_rev;
	g_free(draft->mailbox);
	draft->mailbox = g_strdup(change->dest);
	if (draft->state == STORE_DRAFT_DISCARDED) {
		(void)store_reader_refresh(keeper->reader);
		(void)put_away(keeper, 0, draft);
		(void)store_draft_forget(keeper->journal, draft->uuid, NULL);
		return;
	}
	if (draft->rev == change->draft_rev) {
		text = store_draft_read_text(folder, draft->uuid, NULL);
		g_free(draft->uploaded_hash);
		draft->uploaded_hash = text == NULL ? NULL : hash_of(text);
		if (draft->state == STORE_DRAFT_KEPT)
			draft->state = STORE_DRAFT_UPLOADED;
	}
	if (!store_draft_save(keeper->journal, draft, &error))
		g_debug("draft %s: %s", draft->uuid, error->message);
	prune(keeper);
	sync_emit_notice(keeper->events, NOTICE_DRAFT_UPLOADED, 0, draft->uuid,
			 message->dest_uid);
}
