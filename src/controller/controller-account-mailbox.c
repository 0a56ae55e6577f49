/* controller-account-mailbox.c - the folder list, and what a person calls a
 * mailbox */
#include <string.h>

#include "base-text.h"
#include "controller-private.h"
#include "sync-name.h"

/* ---- the order of the list ---- */

/* INBOX, Drafts, Sent, Archive, Junk, Trash, and what may follow: the order of
 * the values, with those that have no role behind all of them */
static guint
rank(const Mailbox *mailbox)
{
	return mailbox->role == MAILBOX_ROLE_NONE ||
		       mailbox->role == MAILBOX_ROLE_IMPORTANT
		   ? G_MAXUINT
		   : (guint)mailbox->role;
}

/** What a mailbox is sorted by: made once, not at each comparison. */
typedef struct {
	Mailbox *mailbox;
	guint rank;
	char *key;
} Sorted;

/*
 * Case and accents aside, by components: "a/b" stands right behind "a", before
 * "a-c", whatever character the server's delimiter is.
 */
static char *
sort_key(const Mailbox *mailbox)
{
	char *key = text_fold(mailbox->name, -1);

	for (char *p = key; *p != '\0'; p++)
		if (*p == mailbox->delimiter)
			*p = '\x01';
	return key;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const Sorted *left = a, *right = b;
	gint order;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	order = strcmp(left->key, right->key);
	return order != 0 ? order
			  : strcmp(left->mailbox->name, right->mailbox->name);
}

void
account_sort_mailboxes(GPtrArray *mailboxes)
{
	g_autoptr(GArray) sorted =
	    g_array_sized_new(FALSE, FALSE, sizeof(Sorted), mailboxes->len);

	for (guint i = 0; i < mailboxes->len; i++) {
		Mailbox *mailbox = g_ptr_array_index(mailboxes, i);
		Sorted one = {mailbox, rank(mailbox), sort_key(mailbox)};

		g_array_append_val(sorted, one);
	}
	g_array_sort(sorted, compare);
	for (guint i = 0; i < mailboxes->len; i++) {
		Sorted *one = &g_array_index(sorted, Sorted, i);

		mailboxes->pdata[i] = one->mailbox;
		g_free(one->key);
	}
}

/* ---- what is there ---- */

GPtrArray *
account_mailboxes(Account *account, GError **error)
{
	GError *cause = NULL;
	GPtrArray *mailboxes;

	(void)store_reader_refresh(account->store);
	mailboxes = store_reader_mailboxes(account->store, &cause);
	if (mailboxes == NULL) {
		controller_fail(error, cause);
		return NULL;
	}
	account_sort_mailboxes(mailboxes);
	return mailboxes;
}

/* @match: which way of naming counts; each is tried over all mailboxes before
 * the next, so that a mailbox called "sent" goes before the role */
typedef bool (*Match)(const Mailbox *mailbox, const char *name);

static bool
match_name(const Mailbox *mailbox, const char *name)
{
	return mailbox_name_equal(mailbox->name, name);
}

static bool
match_raw(const Mailbox *mailbox, const char *name)
{
	return name[0] == '=' && strcmp(mailbox->wire, name + 1) == 0;
}

static bool
match_role(const Mailbox *mailbox, const char *name)
{
	const char *role = mailbox_role_name(mailbox->role);

	return role != NULL && g_ascii_strcasecmp(role, name) == 0;
}

Mailbox *
account_pick_mailbox(const GPtrArray *mailboxes, const char *name)
{
	static const Match ways[] = {match_name, match_raw, match_role};

	for (guint way = 0; way < G_N_ELEMENTS(ways); way++)
		for (guint i = 0; i < mailboxes->len; i++) {
			Mailbox *mailbox = g_ptr_array_index(mailboxes, i);

			if (ways[way](mailbox, name))
				return mailbox;
		}
	return NULL;
}

Mailbox *
account_find_mailbox(Account *account, const char *name, GError **error)
{
	g_autoptr(GPtrArray) mailboxes = account_mailboxes(account, error);
	const Mailbox *found;

	if (mailboxes == NULL)
		return NULL;
	found = account_pick_mailbox(mailboxes, name);
	if (found != NULL)
		return mailbox_copy(found);
	g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_NOT_FOUND,
		    "%s: no such mailbox", name);
	return NULL;
}

Mailbox *
account_role_mailbox(Account *account, MailboxRole role)
{
	g_autoptr(GPtrArray) mailboxes = account_mailboxes(account, NULL);

	for (guint i = 0; mailboxes != NULL && i < mailboxes->len; i++) {
		const Mailbox *mailbox = g_ptr_array_index(mailboxes, i);

		if (mailbox->role == role)
			return mailbox_copy(mailbox);
	}
	return NULL;
}

/* A mailbox that the queue makes, or gives that name, is as good as there. */
static bool
is_coming(const GPtrArray *changes, const char *wire)
{
	for (guint i = 0; changes != NULL && i < changes->len; i++) {
		const Change *change = g_ptr_array_index(changes, i);

		if (change_state_is_open(change->state) &&
		    ((change->kind == CHANGE_FOLDER_CREATE &&
		      strcmp(change->mailbox, wire) == 0) ||
		     (change->kind == CHANGE_FOLDER_RENAME &&
		      strcmp(change->dest, wire) == 0)))
			return true;
	}
	return false;
}

static char *
coming_wire(Account *account, const char *name)
{
	g_autofree char *wire = sync_name_to_wire(name, account->store, NULL);
	g_autoptr(GPtrArray) queued = NULL;
	g_autoptr(GPtrArray) pending = g_ptr_array_new();

	if (wire == NULL)
		return NULL;
	for (guint i = 0; i < account->pending->len; i++) {
		const PendingChange *one =
		    g_ptr_array_index(account->pending, i);

		g_ptr_array_add(pending, one->change);
	}
	queued = account_queue(account, false, NULL);
	return is_coming(pending, wire) || is_coming(queued, wire)
		   ? g_steal_pointer(&wire)
		   : NULL;
}

char *
account_wire_name(Account *account, const char *name, bool must_exist,
		  GError **error)
{
	g_autoptr(Mailbox) found =
	    account_find_mailbox(account, name, must_exist ? error : NULL);
	GError *cause = NULL;
	char *wire;

	if (found != NULL)
		return g_strdup(found->wire);
	if (must_exist) {
		wire = coming_wire(account, name);
		if (wire != NULL)
			g_clear_error(error);
		return wire;
	}
	wire = sync_name_to_wire(name, account->store, &cause);
	if (wire == NULL) {
		g_prefix_error(&cause, "%s: ", name);
		controller_fail(error, cause);
	}
	return wire;
}
