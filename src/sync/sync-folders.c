/* sync-folders.c - the folder list, roles, counts (SYNC.md 1.1) */
#include <string.h>

#include "imap-name.h"
#include "sync-keeper.h"
#include "sync-worker.h"

/** The list on its way to the keeper. */
typedef struct {
	const GPtrArray *listed; /* of ImapListed */
	GPtrArray *mailboxes;    /* of Mailbox, borrowed from listed */
	GPtrArray *gone;
	GError *error;
} Folders;

static bool
has_role(const GPtrArray *listed, MailboxRole role)
{
	for (guint i = 0; i < listed->len; i++) {
		const ImapListed *item = g_ptr_array_index(listed, i);

		if (item->mailbox->role == role)
			return true;
	}
	return false;
}

static void
clear_role(const GPtrArray *listed, MailboxRole role)
{
	for (guint i = 0; i < listed->len; i++) {
		ImapListed *item = g_ptr_array_index(listed, i);

		if (item->mailbox->role == role)
			item->mailbox->role = MAILBOX_ROLE_NONE;
	}
}

/* As configured, with what all names begin with there, or without. */
static bool
is_called(const Mailbox *mailbox, const char *name, const char *space)
{
	g_autofree char *whole = NULL;

	if (mailbox_name_equal(mailbox->name, name))
		return true;
	whole = g_strconcat(space, name, NULL);
	return space[0] != '\0' && mailbox_name_equal(mailbox->name, whole);
}

/* As configured; else what the server says; else by the usual names. */
void
sync_folders_assign_roles(const SyncSettings *settings, const char *space,
			  const GPtrArray *listed)
{
	g_autofree char *shown =
	    space[0] == '\0' ? g_strdup("") : imap_name_from_wire(space);

	for (guint role = MAILBOX_ROLE_INBOX; role < MAILBOX_ROLE_IMPORTANT;
	     role++) {
		const char *name = settings->roles[role];

		if (name != NULL)
			clear_role(listed, (MailboxRole)role);
		for (guint i = 0; name != NULL && i < listed->len; i++) {
			ImapListed *item = g_ptr_array_index(listed, i);

			if (is_called(item->mailbox, name, shown))
				item->mailbox->role = (MailboxRole)role;
		}
	}
	for (guint i = 0; i < listed->len; i++) {
		ImapListed *item = g_ptr_array_index(listed, i);
		MailboxRole role;

		if (item->mailbox->role != MAILBOX_ROLE_NONE ||
		    (item->mailbox->attrs & MAILBOX_ATTR_NOSELECT))
			continue;
		role = mailbox_role_from_name(item->mailbox->name,
					      item->mailbox->delimiter);
		if (role != MAILBOX_ROLE_NONE &&
		    settings->roles[role] == NULL && !has_role(listed, role))
			item->mailbox->role = role;
	}
}

static bool
write_status(SyncKeeper *keeper, Folders *folders)
{
	for (guint i = 0; i < folders->listed->len; i++) {
		const ImapListed *item = g_ptr_array_index(folders->listed, i);
		g_autoptr(Mailbox) stored = NULL;

		if (!item->has_status)
			continue;
		stored = store_reader_mailbox(keeper->reader,
					      item->mailbox->wire, NULL);
		if (stored != NULL &&
		    !store_writer_set_status(
			keeper->writer, stored->id, item->status.exists,
			item->status.unseen, &folders->error))
			return false;
	}
	return true;
}

static bool
is_kept(const SyncSettings *settings, const char *name)
{
	for (guint i = 0; settings->keep_offline != NULL &&
			  settings->keep_offline[i] != NULL;
	     i++)
		if (mailbox_name_equal(settings->keep_offline[i], name))
			return true;
	return false;
}

/* Which mailboxes are kept for the time without a server, as configured. */
static bool
write_kept(SyncKeeper *keeper, Folders *folders)
{
	for (guint i = 0; i < folders->mailboxes->len; i++) {
		const Mailbox *listed =
		    g_ptr_array_index(folders->mailboxes, i);
		bool keep = is_kept(keeper->settings, listed->name);
		g_autoptr(Mailbox) stored =
		    store_reader_mailbox(keeper->reader, listed->wire, NULL);

		if (stored != NULL && stored->keep_offline != keep &&
		    !store_writer_set_keep_offline(keeper->writer, stored->id,
						   keep, &folders->error))
			return false;
	}
	return true;
}

static void
write_folders(SyncKeeper *keeper, gpointer data)
{
	Folders *folders = data;

	if (keeper->writer == NULL) {
		folders->error =
		    g_error_new_literal(SYNC_ERROR, SYNC_ERROR_CANCELLED,
					"another pennon has taken over");
		return;
	}
	if (!store_writer_set_mailboxes(keeper->writer, folders->mailboxes,
					&folders->gone, &folders->error) ||
	    !store_writer_commit(keeper->writer, &folders->error))
		return;
	(void)store_reader_refresh(keeper->reader);
	if (!write_status(keeper, folders) || !write_kept(keeper, folders))
		return;
	sync_keeper_touch(keeper, 0);
	(void)sync_keeper_commit(keeper);
}

/* Something happened there since we looked? */
static bool
is_stale(SyncWorker *worker, const ImapListed *item)
{
	g_auto(StoreMailboxState) stored = {0};
	g_autoptr(Mailbox) mailbox =
	    store_reader_mailbox(worker->reader, item->mailbox->wire, NULL);

	if (mailbox == NULL ||
	    !store_reader_state(worker->reader, mailbox->id, &stored, NULL) ||
	    stored.synced_at == 0)
		return true;
	if (!item->has_status)
		return true;
	if (stored.server.uid_validity != item->status.uid_validity ||
	    stored.server.uid_next != item->status.uid_next)
		return true;
	if (item->status.highest_modseq != 0 &&
	    stored.server.highest_modseq != 0)
		return item->status.highest_modseq !=
		       stored.server.highest_modseq;
	return mailbox->total != item->status.exists ||
	       mailbox->unread != item->status.unseen;
}

static void
note_stale(SyncWorker *worker, const GPtrArray *listed)
{
	const char *selected = imap_session_selected(worker->session);

	for (guint i = 0; i < listed->len; i++) {
		const ImapListed *item = g_ptr_array_index(listed, i);

		if ((item->mailbox->attrs & MAILBOX_ATTR_NOSELECT) ||
		    g_strcmp0(item->mailbox->wire, selected) == 0)
			continue;
		if (is_stale(worker, item))
			g_hash_table_add(worker->stale,
					 g_strdup(item->mailbox->wire));
	}
}

/* Without LIST-STATUS: a STATUS each, for counts and to see what is stale. */
static bool
ask_status(SyncWorker *worker, GPtrArray *listed, GError **error)
{
	const char *selected = imap_session_selected(worker->session);

	for (guint i = 0; i < listed->len && !worker->stopping; i++) {
		ImapListed *item = g_ptr_array_index(listed, i);
		g_autoptr(GError) cause = NULL;

		/* never STATUS of the selected one (RFC 9051 section 6.3.11) */
		if (item->has_status ||
		    (item->mailbox->attrs & MAILBOX_ATTR_NOSELECT) ||
		    g_strcmp0(item->mailbox->wire, selected) == 0)
			continue;
		item->has_status =
		    imap_session_status(worker->session, item->mailbox->wire,
					&item->status, &cause);
		if (cause != NULL &&
		    !g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED) &&
		    !g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_INVALID)) {
			g_propagate_error(error, g_steal_pointer(&cause));
			return false;
		}
	}
	return true;
}

bool
sync_folders(SyncWorker *worker, GError **error)
{
	g_autoptr(GPtrArray) listed = NULL;
	g_autoptr(GPtrArray) mailboxes = g_ptr_array_new();
	Folders folders = {0};

	listed = imap_session_list(worker->session, error);
	if (listed == NULL || !ask_status(worker, listed, error))
		return false;
	sync_memory_save(worker);
	sync_folders_assign_roles(worker->settings,
				  imap_session_namespace(worker->session, NULL),
				  listed);
	for (guint i = 0; i < listed->len; i++) {
		const ImapListed *item = g_ptr_array_index(listed, i);

		if (!(item->mailbox->attrs & MAILBOX_ATTR_NONEXISTENT) ||
		    (item->mailbox->attrs & MAILBOX_ATTR_HAS_CHILDREN))
			g_ptr_array_add(mailboxes, item->mailbox);
	}
	(void)store_reader_refresh(worker->reader);
	note_stale(worker, listed);
	folders.listed = listed;
	folders.mailboxes = mailboxes;
	sync_keeper_call(worker->keeper, write_folders, &folders);
	for (guint i = 0; folders.gone != NULL && i < folders.gone->len; i++)
		sync_emit_notice(worker->events, NOTICE_MAILBOX_GONE, 0,
				 g_ptr_array_index(folders.gone, i), 0);
	g_clear_pointer(&folders.gone, g_ptr_array_unref);
	if (folders.error != NULL) {
		g_propagate_error(error, folders.error);
		return false;
	}
	worker->folders_known = true;
	(void)store_reader_refresh(worker->reader);
	return true;
}
