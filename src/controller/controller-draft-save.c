/* controller-draft-save.c - an open draft: to the disk, to the server, and its
 * end */
#include "controller-draft-private.h"

#include <glib/gstdio.h>

/* writing has paused; and how often a draft goes up while it is written */
#define PAUSE_US (5 * G_USEC_PER_SEC)
#define UPLOAD_EVERY_US (60 * G_USEC_PER_SEC)
/* larger ones go up when they are postponed (SYNC.md section 4) */
#define UPLOAD_MAX ((gsize)1 << 20)

void
draft_free(Draft *draft)
{
	if (draft->account != NULL)
		g_ptr_array_remove(draft->account->drafts, draft);
	draft_unlock(draft->edit_path, draft->lock);
	if (draft->timer != 0)
		g_source_remove(draft->timer);
	g_free(draft->error);
	g_free(draft->info);
	g_free(draft->uuid);
	g_clear_pointer(&draft->base, g_bytes_unref);
	g_clear_pointer(&draft->text, g_bytes_unref);
	g_free(draft->edit_path);
	g_free(draft->edit_hash);
	draft_look_free(draft->look);
	g_queue_clear_full(&draft->alters, draft_alter_free);
	g_free(draft);
}

/* Its text is safe elsewhere: one system call, no wait for the disk. */
void
draft_remove_file(const Draft *draft)
{
	if (draft->edit_path != NULL)
		(void)g_unlink(draft->edit_path);
}

void
draft_tell(Draft *draft, DraftState state)
{
	draft->state = state;
	if (draft->func != NULL)
		draft->func(draft, draft->user);
}

void
draft_set_error(Draft *draft, const GError *error)
{
	g_free(draft->error);
	draft->error = g_strdup(error->message);
}

/* ---- to the disk, and to the server ---- */

/* Returns: its id, 0 with @error */
static gint64
post_text(Draft *draft, bool upload, gint64 id, AccountJobFunc func,
	  GError **error)
{
	SyncJob *job = sync_job_new(SYNC_JOB_DRAFT, id);

	job->name = g_strdup(draft->uuid);
	job->number = draft->rev;
	job->section = g_strdup(draft->info);
	job->bytes = g_bytes_ref(draft->text);
	job->mailbox = draft_mailbox(draft->account);
	job->replace_uid = draft->replace_uid;
	job->wanted = upload;
	return account_post(draft->account, job, func, draft, error);
}

static void
on_uploaded(Account *account, SyncEvent *event, gpointer user)
{
	Draft *draft = user;
	bool done = event->job_state == JOB_DONE;

	(void)account;
	if (event->job_state == JOB_JOURNALED)
		return;
	draft->upload_job = 0;
	for (guint i = 0; event->changes != NULL && i < event->changes->len;
	     i++) {
		const Change *change = g_ptr_array_index(event->changes, i);

		/* or a newer text has taken its place */
		if (change->state != CHANGE_CONFIRMED ||
		    change->draft_rev != draft->rev)
			done = false;
	}
	if (!done)
		return; /* it stays in the queue, which tells */
	draft->uploaded = true;
	draft_tell(draft, DRAFT_UPLOADED);
}

/* Writing has paused for a while, and the last time is long enough ago. */
static gboolean
on_upload_time(gpointer user)
{
	Draft *draft = user;
	gint64 now = g_get_monotonic_time();
	gint64 due = draft->changed_at + PAUSE_US;

	if (draft->sent_at != 0)
		due = MAX(due, draft->sent_at + UPLOAD_EVERY_US);
	if (draft->upload_job != 0 || draft->save_job != 0)
		due = MAX(due, now + PAUSE_US);
	if (due > now) {
		draft->timer = g_timeout_add((guint)((due - now) / 1000 + 1),
					     on_upload_time, draft);
		return G_SOURCE_REMOVE;
	}
	draft->timer = 0;
	draft->sent_at = now;
	draft->upload_job = post_text(draft, true, 0, on_uploaded, NULL);
	return G_SOURCE_REMOVE;
}

static void
schedule_upload(Draft *draft)
{
	if (draft->timer == 0 && !draft->uploaded &&
	    g_bytes_get_size(draft->text) <= UPLOAD_MAX)
		draft->timer =
		    g_timeout_add(PAUSE_US / 1000, on_upload_time, draft);
}

static void
on_saved(Account *account, SyncEvent *event, gpointer user)
{
	Draft *draft = user;
	bool first = draft->state == DRAFT_LOADING;

	(void)account;
	if (event->job != draft->save_job || event->job_state == JOB_JOURNALED)
		return; /* a newer one is on its way */
	draft->save_job = 0;
	if (event->job_state != JOB_DONE) {
		if (event->error != NULL)
			draft_set_error(draft, event->error);
		draft_tell(draft, DRAFT_FAILED);
		return;
	}
	draft->unsaved = false;
	draft->saved_at = g_get_real_time();
	if (!first)
		schedule_upload(draft);
	if (draft->edit_refused)
		return; /* an older text is safe; the newer one is not */
	draft_tell(draft, first ? DRAFT_READY : DRAFT_SAVED);
}

bool
draft_save(Draft *draft)
{
	g_autoptr(GError) error = NULL;

	draft->save_job = post_text(draft, false, 0, on_saved, &error);
	if (draft->save_job == 0)
		draft_set_error(draft, error);
	return draft->save_job != 0;
}

/* ---- its end ---- */

static void
on_ended(Account *account, SyncEvent *event, gpointer user)
{
	Draft *draft = user;

	account_forget_job(account, event->job);
	if (event->job_state == JOB_JOURNALED || event->job_state == JOB_DONE)
		draft_remove_file(draft);
	draft_free(draft);
}

/* Nothing of it is worth keeping on this machine. */
static void
drop_local(Draft *draft, gint64 id)
{
	SyncJob *job = sync_job_new(SYNC_JOB_DRAFT_FORGET, id);
	g_autoptr(GError) error = NULL;

	job->name = g_strdup(draft->uuid);
	if (account_post(draft->account, job, NULL, NULL, &error) == 0 &&
	    id != 0)
		account_end_job(draft->account, id, JOB_FAILED, error, NULL);
	draft_remove_file(draft);
	draft_free(draft);
}

static void
end_refused(Draft *draft)
{
	g_autoptr(GError) error = g_error_new_literal(
	    CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE, draft->error);

	/* the file stays: it holds what the user wrote */
	if (draft->end_job != 0)
		account_end_job(draft->account, draft->end_job, JOB_FAILED,
				error, NULL);
	draft_free(draft);
}

void
draft_finish(Draft *draft)
{
	bool upload = draft->closing == DRAFT_POSTPONED;
	g_autoptr(GError) error = NULL;

	if (draft->edit_refused) {
		end_refused(draft);
		return;
	}
	if (!draft->edited && (upload ? !draft->dirty : draft->fresh)) {
		drop_local(draft, draft->end_job);
		return;
	}
	if (!upload && !draft->unsaved) {
		draft_remove_file(draft);
		draft_free(draft);
		return;
	}
	account_forget_job(draft->account, draft->save_job);
	if (post_text(draft, upload, draft->end_job, on_ended, &error) != 0)
		return;
	if (draft->end_job != 0)
		account_end_job(draft->account, draft->end_job, JOB_FAILED,
				error, NULL);
	draft_free(draft);
}
