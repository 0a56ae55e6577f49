/* controller-draft.c - an open draft: how it begins, is edited, and closed */
#include "controller-draft-private.h"

/* Nobody is to be called for @draft any more; what was posted goes on. */
static void
forget_work(Draft *draft)
{
	Account *account = draft->account;

	if (account == NULL)
		return;
	fetch_cancel(g_steal_pointer(&draft->fetch));
	if (draft->task != NULL)
		reader_cancel(account->controller->reader, draft->task);
	draft->task = NULL;
	account_forget_job(account, draft->save_job);
	account_forget_job(account, draft->upload_job);
	account_forget_job(account, draft->end_job);
}

/* ---- the edit file ---- */

bool
draft_take(Draft *draft, guint rev, GBytes *text, DraftLook *look)
{
	draft->rev = rev;
	g_bytes_unref(draft->text);
	draft->text = text;
	draft_look_free(draft->look);
	draft->look = look;
	draft->edit_refused = false;
	draft->edited = true;
	draft->unsaved = true;
	draft->uploaded = false;
	draft->changed_at = g_get_monotonic_time();
	g_clear_pointer(&draft->error, g_free);
	/* one that is closed is saved once, with where it goes */
	return draft->closing != DRAFT_STAYS_OPEN || draft_save(draft);
}

static void look_at_file(Draft *draft);

/* Who is told may close the draft: that comes last. */
void
draft_go_on(Draft *draft, bool failed)
{
	/* what is asked of a draft whose file is refused is not done: said */
	failed |= draft->edit_refused && draft->alters.length > 0;
	if (draft->again) {
		draft->again = false;
		look_at_file(draft);
	} else if (!draft_alter_next(draft) &&
		   draft->closing != DRAFT_STAYS_OPEN) {
		draft_finish(draft);
		return;
	}
	if (failed)
		draft_tell(draft, DRAFT_FAILED);
}

static void
on_looked(gpointer data, bool last)
{
	DraftEdit *edit = data;
	Draft *draft = edit->draft;
	bool failed = false;

	(void)last;
	draft->task = NULL;
	if (edit->new_hash != NULL) {
		g_free(draft->edit_hash);
		draft->edit_hash = g_steal_pointer(&edit->new_hash);
	}
	if (edit->text != NULL) {
		failed = !draft_take(draft, edit->rev + 1,
				     g_steal_pointer(&edit->text),
				     g_steal_pointer(&edit->look));
	} else if (edit->error != NULL) {
		draft->edit_refused = failed = true;
		draft_set_error(draft, edit->error);
	}
	draft_go_on(draft, failed);
}

static void
look_at_file(Draft *draft)
{
	Account *account = draft->account;
	DraftEdit *edit;

	if (draft->task != NULL) {
		draft->again = true;
		return;
	}
	edit = g_new0(DraftEdit, 1);
	edit->draft = draft;
	draft_author_set(&edit->author, account);
	edit->base = g_bytes_ref(draft->base);
	edit->uuid = g_strdup(draft->uuid);
	edit->rev = draft->rev;
	edit->path = g_strdup(draft->edit_path);
	edit->hash = g_strdup(draft->edit_hash);
	draft->task =
	    reader_run(account->controller->reader, NULL, NULL, draft_edit_work,
		       on_looked, edit, draft_edit_free);
}

void
draft_edited(Draft *draft)
{
	if (draft->account != NULL && draft->edit_path != NULL)
		look_at_file(draft);
}

/* ---- its beginning ---- */

static void
on_begun(Account *account, gpointer data, const GError *error)
{
	DraftBegin *begin = data;
	Draft *draft = begin->draft;

	(void)account;
	draft->fetch = NULL;
	if (error != NULL) {
		draft_set_error(draft, error);
		draft_tell(draft, DRAFT_FAILED);
		return;
	}
	draft->uuid = g_steal_pointer(&begin->uuid);
	draft->rev = begin->rev;
	draft->base = g_bytes_ref(begin->text);
	draft->text = g_steal_pointer(&begin->text);
	draft->replace_uid = begin->replace_uid;
	draft->edit_path = g_steal_pointer(&begin->edit_path);
	draft->edit_hash = g_steal_pointer(&begin->edit_hash);
	draft->look = g_steal_pointer(&begin->look);
	draft->lock = begin->lock;
	begin->lock = -1;
	draft->fresh = begin->fresh;
	draft->dirty = begin->dirty;
	if (draft->fresh) {
		if (!draft_save(draft))
			draft_tell(draft, DRAFT_FAILED);
		return;
	}
	/* kept here; the editor may have written after the last save */
	draft_edited(draft);
	draft_tell(draft, DRAFT_READY);
}

static Draft *
open_draft(Account *account, DraftStart start, gint64 id, DraftFunc func,
	   gpointer user, const char *attribution, const char *uuid)
{
	const FetchFuncs funcs = {draft_begin_work, on_begun, NULL};
	static const char *const names[] = {"new", "reply", "reply-all",
					    "forward", "resume"};
	Draft *draft = g_new0(Draft, 1);
	DraftBegin *begin = g_new0(DraftBegin, 1);

	draft->account = account;
	draft->func = func;
	draft->user = user;
	draft->info = g_strdup_printf("%s %" G_GINT64_FORMAT, names[start], id);
	g_ptr_array_add(account->drafts, draft);
	begin->draft = draft;
	begin->lock = draft->lock = -1;
	begin->start = start;
	begin->attribution = g_strdup(attribution);
	begin->uuid = g_strdup(uuid);
	draft_author_set(&begin->author, account);
	draft->fetch =
	    fetch_start(account, id, &funcs, begin, draft_begin_free);
	return draft;
}

Draft *
draft_open(Account *account, DraftStart start, gint64 id,
	   const char *attribution, DraftFunc func, gpointer user)
{
	return open_draft(account, start, id, func, user, attribution, NULL);
}

Draft *
draft_resume(Account *account, const char *uuid, DraftFunc func, gpointer user)
{
	return open_draft(account, DRAFT_RESUME, 0, func, user, NULL, uuid);
}

/* ---- as it stands ---- */

DraftState
draft_state(const Draft *draft)
{
	return draft->state;
}

const char *
draft_error(const Draft *draft)
{
	return draft->error;
}

const char *
draft_edit_path(const Draft *draft)
{
	return draft->edit_path;
}

const char *
draft_uuid(const Draft *draft)
{
	return draft->uuid;
}

const char *
draft_header(const Draft *draft, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	const char *value =
	    draft->look == NULL
		? NULL
		: g_hash_table_lookup(draft->look->fields, lower);

	return value == NULL ? "" : value;
}

const GPtrArray *
draft_preview(const Draft *draft)
{
	return draft->look == NULL ? NULL : draft->look->preview;
}

const GPtrArray *
draft_attachments(const Draft *draft)
{
	return draft->look == NULL ? NULL : draft->look->attachments;
}

gint64
draft_saved_at(const Draft *draft)
{
	return draft->saved_at;
}

bool
draft_uploaded(const Draft *draft)
{
	return draft->uploaded;
}

/* ---- closed by the user ---- */

static void
begin_close(Draft *draft, DraftClosing closing)
{
	draft->func = NULL;
	draft->closing = closing;
	if (draft->uuid == NULL) {
		/* never came to be: nothing was written */
		if (draft->end_job != 0)
			account_end_job(draft->account, draft->end_job,
					JOB_CANCELLED, NULL, NULL);
		forget_work(draft);
		draft_free(draft);
		return;
	}
	account_forget_job(draft->account, draft->upload_job);
	if (draft->timer != 0)
		g_source_remove(draft->timer);
	draft->timer = 0;
	look_at_file(draft);
}

gint64
draft_postpone(Draft *draft)
{
	gint64 job;

	if (draft->account == NULL) {
		draft_free(draft);
		return 0;
	}
	job = controller_next_job(draft->account->controller);
	draft->end_job = job;
	begin_close(draft, DRAFT_POSTPONED);
	return job;
}

void
draft_close(Draft *draft)
{
	if (draft->account == NULL)
		draft_free(draft);
	else
		begin_close(draft, DRAFT_CLOSED);
}

gint64
draft_discard(Draft *draft)
{
	Account *account = draft->account;
	g_autoptr(GError) error = NULL;
	SyncJob *job;
	gint64 id;

	if (account == NULL) {
		draft_free(draft);
		return 0;
	}
	forget_work(draft);
	id = controller_next_job(account->controller);
	if (draft->uuid == NULL) {
		account_end_job(account, id, JOB_DONE, NULL, NULL);
		draft_free(draft);
		return id;
	}
	job = sync_job_new(SYNC_JOB_DRAFT_FORGET, id);
	job->name = g_strdup(draft->uuid);
	job->wanted = true;
	if (account_post(account, job, NULL, NULL, &error) == 0)
		account_end_job(account, id, JOB_FAILED, error, NULL);
	else
		draft_remove_file(draft);
	draft_free(draft);
	return id;
}

void
drafts_detach(Account *account)
{
	account_read_close(account);
	for (guint i = account->drafts->len; i > 0; i--) {
		Draft *draft = g_ptr_array_index(account->drafts, i - 1);

		forget_work(draft);
		if (draft->timer != 0)
			g_source_remove(draft->timer);
		draft->timer = 0;
		if (draft->closing != DRAFT_STAYS_OPEN) {
			draft_free(draft);
			continue;
		}
		draft->account = NULL;
		draft->func = NULL;
	}
	fetch_detach(account);
}
