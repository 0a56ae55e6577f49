/* controller-draft-local.c - drafts kept on this machine, and those of `pennon
 * draft` */
#include "controller-draft-private.h"
#include "store-draft.h"

char *
draft_mailbox(Account *account)
{
	g_autoptr(Mailbox) mailbox =
	    account_role_mailbox(account, MAILBOX_ROLE_DRAFTS);
	const char *name = account->config->roles[MAILBOX_ROLE_DRAFTS];
	char *wire;

	if (mailbox != NULL)
		return g_strdup(mailbox->wire);
	wire = account_wire_name(account, name != NULL ? name : "Drafts", false,
				 NULL);
	return wire != NULL ? wire : g_strdup("Drafts");
}

/* ---- those that wait here ---- */

static bool
waits_here(const Account *account, const StoreDraft *row)
{
	switch (row->state) {
	case STORE_DRAFT_OPEN:
	case STORE_DRAFT_KEPT:
	case STORE_DRAFT_CONFLICT:
		return true;
	case STORE_DRAFT_UPLOADED:
		/* the process ended before the editor's last words went up */
		return draft_edit_is_newer(account->state_folder, row->uuid);
	default:
		return false;
	}
}

GPtrArray *
account_local_drafts(Account *account)
{
	GPtrArray *uuids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) drafts = NULL;
	StoreJournal *journal;

	(void)store_reader_refresh(account->store);
	journal = store_reader_journal(account->store);
	if (journal != NULL)
		drafts = store_draft_list(journal, NULL);
	for (guint i = 0; drafts != NULL && i < drafts->len; i++) {
		const StoreDraft *row = g_ptr_array_index(drafts, i);

		if (waits_here(account, row) &&
		    !draft_is_locked(account->state_folder, row->uuid))
			g_ptr_array_add(uuids, g_strdup(row->uuid));
	}
	return uuids;
}

/* ---- one from outside ---- */

/** Append: goes to the reader thread and comes back */
typedef struct {
	Account *account; /* for the UI thread alone */
	gint64 job;
	GBytes *message;
	char *mailbox;
	guint32 replace_uid;
	DraftAuthor author;
	char *uuid;
	guint rev;
	GBytes *text;
	GError *error;
} Append;

static void
append_free(gpointer data)
{
	Append *append = data;

	g_bytes_unref(append->message);
	g_free(append->mailbox);
	draft_author_clear(&append->author);
	g_free(append->uuid);
	g_clear_pointer(&append->text, g_bytes_unref);
	g_clear_error(&append->error);
	g_free(append);
}

/* One of ours is replaced by its next revision. */
static void
continue_draft(StoreReader *store, Append *append)
{
	StoreJournal *journal =
	    store == NULL ? NULL : store_reader_journal(store);
	g_autoptr(GPtrArray) drafts =
	    journal == NULL || append->replace_uid == 0
		? NULL
		: store_draft_list(journal, NULL);

	for (guint i = 0; drafts != NULL && i < drafts->len; i++) {
		const StoreDraft *row = g_ptr_array_index(drafts, i);

		if (row->uid != append->replace_uid ||
		    g_strcmp0(row->mailbox, append->mailbox) != 0)
			continue;
		append->uuid = g_strdup(row->uuid);
		append->rev = row->rev + 1;
		return;
	}
	append->uuid = g_uuid_string_random();
	append->rev = 1;
}

static void
append_work(ReaderTask *task, StoreReader *store, gint *cancelled,
	    gpointer data)
{
	Append *append = data;

	(void)task;
	(void)cancelled;
	continue_draft(store, append);
	append->text = mime_compose_stamp(append->message, append->uuid,
					  append->rev, append->author.from,
					  g_get_real_time(), &append->error);
}

static void
on_stamped(gpointer data, bool last)
{
	Append *append = data;
	Account *account = append->account;
	g_autoptr(GError) error = NULL;
	SyncJob *job;

	(void)last;
	if (append->text == NULL) {
		error = controller_error_from(append->error);
		account_end_job(account, append->job, JOB_FAILED, error, NULL);
		return;
	}
	job = sync_job_new(SYNC_JOB_DRAFT, append->job);
	job->name = g_strdup(append->uuid);
	job->number = append->rev;
	job->bytes = g_bytes_ref(append->text);
	job->mailbox = g_strdup(append->mailbox);
	job->replace_uid = append->replace_uid;
	job->wanted = true;
	if (account_post(account, job, NULL, NULL, &error) == 0)
		account_end_job(account, append->job, JOB_FAILED, error, NULL);
}

/* Is there a message of that UID in Drafts? */
static bool
is_there(Account *account, guint32 uid)
{
	g_autoptr(Mailbox) mailbox =
	    account_role_mailbox(account, MAILBOX_ROLE_DRAFTS);

	return mailbox != NULL &&
	       store_reader_find_uid(account->store, mailbox->id, uid, NULL) !=
		   0;
}

gint64
account_draft_append(Account *account, GBytes *message, guint32 replace_uid,
		     GError **error)
{
	Append *append;

	if (g_bytes_get_size(message) == 0) {
		g_set_error_literal(error, CONTROLLER_ERROR,
				    CONTROLLER_ERROR_USAGE,
				    "the message is empty");
		return 0;
	}
	(void)store_reader_refresh(account->store);
	if (replace_uid != 0 && !is_there(account, replace_uid)) {
		g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_NOT_FOUND,
			    "Drafts has no message %u", replace_uid);
		return 0;
	}
	append = g_new0(Append, 1);
	append->account = account;
	append->job = controller_next_job(account->controller);
	append->message = g_bytes_ref(message);
	append->mailbox = draft_mailbox(account);
	append->replace_uid = replace_uid;
	draft_author_set(&append->author, account);
	reader_run(account->controller->reader, account->cache_folder,
		   account->state_folder, append_work, on_stamped, append,
		   append_free);
	return append->job;
}
