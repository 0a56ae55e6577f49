/* controller-account-change.c - what the user does to mail, on its way to the
 * keeper */
#include <string.h>

#include "controller-private.h"
#include "sync-name.h"

void
account_pending_free(gpointer data)
{
	PendingChange *pending = data;

	change_free(pending->change);
	g_free(pending);
}

static void
refresh_lists(Account *account)
{
	for (guint i = 0; i < account->lists->len; i++)
		(void)message_list_refresh(g_ptr_array_index(account->lists, i),
					   0);
}

gint64
account_journal(Account *account, GPtrArray *changes, GError **error)
{
	SyncJob *job = sync_job_new(SYNC_JOB_CHANGES, 0);
	guint first = account->pending->len;
	gint64 id;

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = g_ptr_array_index(changes, i);
		PendingChange *pending = g_new0(PendingChange, 1);

		pending->change = change_copy(change);
		g_ptr_array_add(account->pending, pending);
	}
	job->changes = changes;
	id = account_post(account, job, NULL, NULL, error);
	if (id == 0) {
		g_ptr_array_set_size(account->pending, (gint)first);
		return 0;
	}
	for (guint i = first; i < account->pending->len; i++) {
		PendingChange *pending = g_ptr_array_index(account->pending, i);

		pending->job = id;
	}
	if (first < account->pending->len)
		refresh_lists(account);
	return id;
}

void
account_pending_drop(Account *account, gint64 job)
{
	bool any = false;

	for (guint i = 0; i < account->pending->len;) {
		const PendingChange *pending =
		    g_ptr_array_index(account->pending, i);

		if (pending->job != job) {
			i++;
			continue;
		}
		g_ptr_array_remove_index(account->pending, i);
		any = true;
	}
	if (any)
		refresh_lists(account);
}

void
account_pending_keep(Account *account, gint64 job)
{
	for (guint i = 0; i < account->pending->len; i++) {
		PendingChange *pending = g_ptr_array_index(account->pending, i);

		if (pending->job == job)
			pending->journaled = true;
	}
}

void
account_pending_written(Account *account)
{
	for (guint i = 0; i < account->pending->len;) {
		const PendingChange *pending =
		    g_ptr_array_index(account->pending, i);

		if (pending->journaled)
			g_ptr_array_remove_index(account->pending, i);
		else
			i++;
	}
}

/* ---- messages ---- */

static Change *
change_of(ChangeKind kind, const gint64 *ids, guint n)
{
	Change *change = change_new(kind);

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(change->messages,
				change_message_new(ids[i], NULL, 0, 0, NULL));
	return change;
}

/* @change: (transfer full) */
static gint64
journal_one(Account *account, Change *change, GError **error)
{
	GPtrArray *changes = change_list_new();

	g_ptr_array_add(changes, change);
	return account_journal(account, changes, error);
}

gint64
account_flag(Account *account, const gint64 *ids, guint n, const MailFlags *add,
	     const MailFlags *remove, GError **error)
{
	Change *change = change_of(CHANGE_FLAGS, ids, n);
	const MailFlags none = {0};

	/* what is set and cleared at once is cleared */
	change->add = mail_flags_copy(add);
	mail_flags_apply(&change->add, &none, remove);
	change->remove = mail_flags_copy(remove);
	return journal_one(account, change, error);
}

static gint64
to_mailbox(Account *account, ChangeKind kind, const gint64 *ids, guint n,
	   const char *dest, GError **error)
{
	char *wire = account_wire_name(account, dest, true, error);
	Change *change;

	if (wire == NULL)
		return 0;
	change = change_of(kind, ids, n);
	change->dest = wire;
	return journal_one(account, change, error);
}

gint64
account_move(Account *account, const gint64 *ids, guint n, const char *dest,
	     GError **error)
{
	return to_mailbox(account, CHANGE_MOVE, ids, n, dest, error);
}

gint64
account_copy(Account *account, const gint64 *ids, guint n, const char *dest,
	     GError **error)
{
	return to_mailbox(account, CHANGE_COPY, ids, n, dest, error);
}

/* Where there is no Trash one is made first, in the same group. */
static char *
trash_wire(Account *account, GPtrArray *changes, GError **error)
{
	g_autoptr(Mailbox) trash =
	    account_role_mailbox(account, MAILBOX_ROLE_TRASH);
	const char *name = account->config->roles[MAILBOX_ROLE_TRASH];
	Change *create;
	char *wire;

	if (trash != NULL)
		return g_strdup(trash->wire);
	wire = account_wire_name(account, name != NULL ? name : "Trash", false,
				 error);
	if (wire == NULL)
		return NULL;
	create = change_new(CHANGE_FOLDER_CREATE);
	create->mailbox = g_strdup(wire);
	g_ptr_array_add(changes, create);
	return wire;
}

gint64
account_delete(Account *account, const gint64 *ids, guint n, bool forever,
	       GError **error)
{
	g_autoptr(GPtrArray) changes = change_list_new();
	g_autofree char *wire = NULL;
	Change *change;

	if (!forever) {
		wire = trash_wire(account, changes, error);
		if (wire == NULL)
			return 0;
	}
	change = change_of(CHANGE_DELETE, ids, n);
	change->dest = g_steal_pointer(&wire);
	g_ptr_array_add(changes, change);
	return account_journal(account, g_steal_pointer(&changes), error);
}

/* ---- folders ---- */

static gint64
folder_change(Account *account, ChangeKind kind, const char *name,
	      const char *new_name, GError **error)
{
	bool must_exist =
	    kind == CHANGE_FOLDER_RENAME || kind == CHANGE_FOLDER_DELETE;
	g_autofree char *wire =
	    account_wire_name(account, name, must_exist, error);
	g_autofree char *new_wire = NULL;
	GError *cause = NULL;
	Change *change;

	if (wire == NULL)
		return 0;
	if (new_name != NULL) {
		new_wire = sync_name_to_wire(new_name, account->store, &cause);
		if (new_wire == NULL) {
			g_prefix_error(&cause, "%s: ", new_name);
			controller_fail(error, cause);
			return 0;
		}
	}
	change = change_new(kind);
	change->mailbox = g_steal_pointer(&wire);
	change->dest = g_steal_pointer(&new_wire);
	return journal_one(account, change, error);
}

gint64
account_folder_create(Account *account, const char *name, GError **error)
{
	return folder_change(account, CHANGE_FOLDER_CREATE, name, NULL, error);
}

gint64
account_folder_rename(Account *account, const char *name, const char *new_name,
		      GError **error)
{
	return folder_change(account, CHANGE_FOLDER_RENAME, name, new_name,
			     error);
}

gint64
account_folder_delete(Account *account, const char *name, GError **error)
{
	return folder_change(account, CHANGE_FOLDER_DELETE, name, NULL, error);
}

gint64
account_folder_subscribe(Account *account, const char *name, bool subscribe,
			 GError **error)
{
	return folder_change(account,
			     subscribe ? CHANGE_FOLDER_SUBSCRIBE
				       : CHANGE_FOLDER_UNSUBSCRIBE,
			     name, NULL, error);
}

/* ---- taken back, and by hand ---- */

static gint64
post_number(Account *account, SyncJobKind kind, gint64 number, GError **error)
{
	SyncJob *job = sync_job_new(kind, 0);

	job->number = number;
	return account_post(account, job, NULL, NULL, error);
}

gint64
account_undo(Account *account, gint64 group, GError **error)
{
	return post_number(account, SYNC_JOB_UNDO, group, error);
}

gint64
account_queue_retry(Account *account, gint64 change, GError **error)
{
	return post_number(account, SYNC_JOB_RETRY, change, error);
}

gint64
account_queue_drop(Account *account, gint64 change, GError **error)
{
	return post_number(account, SYNC_JOB_DROP, change, error);
}

GPtrArray *
account_queue(Account *account, bool history, GError **error)
{
	StoreJournal *journal;
	GError *cause = NULL;
	GPtrArray *changes;

	(void)store_reader_refresh(account->store);
	journal = store_reader_journal(account->store);
	if (journal == NULL)
		return change_list_new();
	changes = history ? store_journal_history(journal, &cause)
			  : store_journal_open_changes(journal, &cause);
	if (changes == NULL)
		controller_fail(error, cause);
	return changes;
}
