/* sync-text.c - drafts: on disk before anything, then on their way */
#include <string.h>

#include "sync-keeper.h"

static void
fail_text(SyncKeeper *keeper, gint64 job, GError *error)
{
	g_autoptr(GError) told = g_error_new_literal(
	    SYNC_ERROR, SYNC_ERROR_STORE, error->message);

	sync_emit_job(keeper->events, job, JOB_FAILED, told);
	g_error_free(error);
}

static char *
hash_of(GBytes *text)
{
	return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, text);
}

/* What the new text replaces on the server: the row's copy, or the one named. */
static ChangeMessage *
replaced(SyncKeeper *keeper, const StoreDraft *draft, const SyncJob *job)
{
	g_autoptr(Mailbox) mailbox =
	    store_reader_mailbox(keeper->reader, job->mailbox, NULL);
	g_auto(StoreMailboxState) state = {0};
	guint32 uid = job->replace_uid != 0 ? job->replace_uid : draft->uid;
	ChangeMessage *message = NULL;
	gint64 id = 0;

	if (mailbox != NULL && uid != 0)
		id = store_reader_find_uid(keeper->reader, mailbox->id, uid,
					   NULL);
	if (id != 0)
		message = store_reader_location(keeper->reader, id, NULL);
	if (message != NULL)
		return message;
	if (uid != 0 && mailbox != NULL &&
	    store_reader_state(keeper->reader, mailbox->id, &state, NULL))
		return change_message_new(0, job->mailbox,
					  state.server.uid_validity, uid,
					  NULL);
	return change_message_new(0, job->mailbox, 0, 0, NULL);
}

static Change *
find_waiting(SyncKeeper *keeper, const char *uuid)
{
	g_autoptr(GPtrArray) open =
	    store_journal_open_changes(keeper->journal, NULL);

	for (guint i = 0; open != NULL && i < open->len; i++) {
		Change *change = g_ptr_array_index(open, i);

		if (change->kind == CHANGE_APPEND &&
		    change->state == CHANGE_QUEUED &&
		    g_strcmp0(change->draft_uuid, uuid) == 0)
			return change_copy(change);
	}
	return NULL;
}

/* A newer revision takes the place of one that was not sent yet. */
static bool
supersede_waiting(SyncKeeper *keeper, const char *uuid, GError **error)
{
	g_autoptr(Change) waiting = find_waiting(keeper, uuid);

	if (waiting == NULL)
		return true;
	waiting->state = CHANGE_SUPERSEDED;
	return store_journal_update(keeper->journal, waiting, error);
}

static void
upload(SyncKeeper *keeper, const SyncJob *job, const StoreDraft *draft)
{
	SyncJob *changes = sync_job_new(SYNC_JOB_CHANGES, job->id);
	Change *change = change_new(CHANGE_APPEND);
	g_autoptr(GError) error = NULL;

	change->mailbox = g_strdup(job->mailbox);
	change->dest = g_strdup(job->mailbox);
	change->draft_uuid = g_strdup(draft->uuid);
	change->draft_rev = draft->rev;
	change->add.bits = MAIL_FLAG_DRAFT | MAIL_FLAG_SEEN;
	g_ptr_array_add(change->messages, replaced(keeper, draft, job));
	changes->changes = change_list_new();
	g_ptr_array_add(changes->changes, change);
	if (supersede_waiting(keeper, draft->uuid, &error))
		sync_intent_job(keeper, changes);
	else
		fail_text(keeper, job->id, g_steal_pointer(&error));
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

	(void)store_reader_refresh(keeper->reader);
	if (draft == NULL)
		draft = store_draft_new(job->name);
	draft->rev = (guint)job->number;
	draft->state = job->wanted ? STORE_DRAFT_KEPT : STORE_DRAFT_OPEN;
	if (job->section != NULL) {
		g_free(draft->info);
		draft->info = g_strdup(job->section);
	}
	if (!store_draft_write_text(folder, job->name, job->bytes, &error) ||
	    !store_draft_save(keeper->journal, draft, &error)) {
		fail_text(keeper, job->id, error);
		return;
	}
	if (!job->wanted || g_strcmp0(hash, draft->uploaded_hash) == 0) {
		/* a text equal to the last one uploaded is not uploaded */
		sync_emit_job(keeper->events, job->id, JOB_DONE, NULL);
		return;
	}
	upload(keeper, job, draft);
}

static void
forget(SyncKeeper *keeper, const SyncJob *job)
{
	g_autoptr(StoreDraft) draft =
	    store_draft_get(keeper->journal, job->name, NULL);
	GError *error = NULL;

	if (!supersede_waiting(keeper, job->name, &error) ||
	    (draft != NULL &&
	     !store_draft_forget(keeper->journal, job->name, &error))) {
		fail_text(keeper, job->id, error);
		return;
	}
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
		return; /* discarded meanwhile */
	draft->uid = message->dest_uid;
	draft->uid_validity = change->dest_uid_validity;
	draft->uploaded_rev = change->draft_rev;
	g_free(draft->mailbox);
	draft->mailbox = g_strdup(change->dest);
	if (draft->rev == change->draft_rev) {
		text = store_draft_read_text(folder, draft->uuid, NULL);
		g_free(draft->uploaded_hash);
		draft->uploaded_hash = text == NULL ? NULL : hash_of(text);
		if (draft->state == STORE_DRAFT_KEPT)
			draft->state = STORE_DRAFT_UPLOADED;
	}
	if (!store_draft_save(keeper->journal, draft, &error))
		g_debug("draft %s: %s", draft->uuid, error->message);
	sync_emit_notice(keeper->events, NOTICE_DRAFT_UPLOADED, 0,
			 draft->uuid, message->dest_uid);
}
