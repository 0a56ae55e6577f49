/* controller-private.h - shared by the files of src/controller */
#pragma once

#include "base-channel.h"
#include "controller-reader.h"
#include "controller.h"
#include "store-list.h"
#include "store-query.h"
#include "store-reader.h"
#include "sync-account.h"

/*
 * All of this lives on the UI thread. An Account reads the store through a
 * handle of its own, by the screenful; the reader thread has others.
 */

/**
 * AccountJobFunc: a job of ours is over, or journaled
 * @event: valid during the call; its bytes, changes and so on may be stolen
 *
 * Called before the program's own event function is told.
 */
typedef void (*AccountJobFunc)(Account *account, SyncEvent *event,
			       gpointer user);

/**
 * PendingChange: what the user did and the keeper has not journaled yet: laid
 * over the rows of the store, marked as waiting
 * @job: the job it was posted with
 * @change: its messages have their local ids and nothing else; its mailbox is
 *   not set: the keeper finds out where they are. A %CHANGE_DELETE with a
 *   dest moves there, or, there, deletes for ever.
 * @journaled: it only waits for the process that has the sync role to show it
 */
typedef struct {
	gint64 job;
	Change *change;
	bool journaled;
} PendingChange;

struct Account {
	Controller *controller;
	const AccountConfig *config;
	char *cache_folder;
	char *state_folder;
	StoreReader *store;  /* the UI thread's */
	SyncAccount *engine; /* NULL: passive, or not started */
	Channel *events;     /* of SyncEvent */
	guint events_source;
	struct AccountHelper *helper; /* password-command that runs, or NULL */
	Channel *secrets;             /* of what it printed */
	guint secrets_source;

	Connection connection; /* its reason is owned */
	guint waiting;
	guint failed;
	Progress progress;     /* its mailbox is owned */
	gint64 progress_began; /* monotonic µs; 0: none is under way */
	guint64 progress_first;
	gint64 progress_told;
	CertificateInfo *certificate;

	GHashTable *jobs;   /* job id (gint64) → AccountJob, those awaited */
	GPtrArray *pending; /* of PendingChange, in order */
	GPtrArray *lists;   /* of MessageList, not owned: those open */
	MessageText *text;  /* of account_read(), or NULL */
	struct AccountRead *read;
	GPtrArray *drafts;   /* of Draft, not owned: those open */
	GPtrArray *fetching; /* of FetchTicket, owned; controller-fetch.c */
	GPtrArray *results;  /* of SyncResult */
	GPtrArray *facts;    /* of CheckFact */
	GArray *hits;        /* of guint32: UIDs of a server's search */
	GHashTable *bytes;   /* job id → GBytes of a done fetch */
};

struct Controller {
	const Config *config;
	ControllerOptions options;
	char *only_account;
	char *trace;
	ControllerEventFunc event;
	gpointer user;
	GPtrArray *accounts; /* of Account, owned */
	Reader *reader;
	gint64 last_job; /* ids are unique over all accounts */
};

/* ---- controller.c ---- */

/** controller_next_job: an id never used before in this process */
gint64 controller_next_job(Controller *controller);
/** controller_tell: @event: its account is set; to the program */
void controller_tell(const ControllerEvent *event);
/** controller_tell_kind: an event without more than its kind and mailbox */
void controller_tell_kind(Account *account, ControllerEventKind kind,
			  const char *mailbox);
/** controller_error_from_sync: Returns: (transfer full): a CONTROLLER_ERROR
 * for what a lower layer said (SYNC_ERROR, STORE_ERROR, MIME_ERROR, others) */
GError *controller_error_from(const GError *error);

/** controller_fail: the same, @cause: (transfer full), into @error */
void controller_fail(GError **error, GError *cause);

/* ---- controller-account.c ---- */

/** account_sync_settings: what an engine for @config needs; folders of the
 * account, no trace. Returns: (transfer full) */
SyncSettings *account_sync_settings(const AccountConfig *config);
/** account_new: the store is opened, nothing is started */
Account *account_new(Controller *controller, const AccountConfig *config,
		     GError **error);
bool account_start(Account *account, GError **error);
/** account_request_stop: returns at once; account_free() must follow */
void account_request_stop(Account *account);
/** account_free: (nullable): stops the engine first */
void account_free(Account *account);

/* ---- controller-account-secret.c ---- */

/** account_want_password: @refused: (nullable): why the last one was not taken,
 * in the server's words */
void account_want_password(Account *account, const char *refused);
/** account_secret_clear: forgets a password-command that still runs */
void account_secret_clear(Account *account);

/* ---- controller-account-job.c ---- */

/**
 * account_post:
 * @job: (transfer full): its id is set here where it is 0
 * @func: (nullable): told how it goes; not called after account_forget_job()
 *
 * Returns: the job's id; 0 with @error where nothing can be posted (passive)
 */
gint64 account_post(Account *account, SyncJob *job, AccountJobFunc func,
		    gpointer user, GError **error);
/** account_forget_job: @func is not called any more; the job goes on */
void account_forget_job(Account *account, gint64 job);
/** account_end_job: for jobs that never reach the engine (saving a file, a
 * body that is kept): tells the program, from an idle source, so that the
 * caller has its id by then. @error, @text: (nullable), copied */
void account_end_job(Account *account, gint64 job, JobState state,
		     const GError *error, const char *text);
/** account_seconds_left: after @elapsed_us, in which work went from @begun_at
 * to @done of @total. Returns: -1: cannot be said */
gint account_seconds_left(gint64 elapsed_us, guint64 begun_at, guint64 done,
			  guint64 total);
/** account_take_event: @event: (transfer full): one from the engine */
void account_take_event(Account *account, SyncEvent *event);

/* ---- controller-account-change.c ---- */

/** account_journal: @changes: (transfer full): posts them as one group and
 * lays them over the lists until the keeper says journaled */
gint64 account_journal(Account *account, GPtrArray *changes, GError **error);
/** account_pending_drop: those of @job are in the store now, or failed */
void account_pending_drop(Account *account, gint64 job);
/** account_pending_keep: those of @job are in the journal, but it is another
 * process that writes the store: they stay until it has written something */
void account_pending_keep(Account *account, gint64 job);
/** account_pending_written: it has; the lists are not read anew */
void account_pending_written(Account *account);

void account_pending_free(gpointer pending);

/* ---- controller-account-mailbox.c ---- */

/** account_pick_mailbox: as account_find_mailbox(). Returns: (transfer none)
 * (nullable) */
Mailbox *account_pick_mailbox(const GPtrArray *mailboxes, const char *name);

/** account_wire_name: wire name of what a person named: UTF-8 name, "=raw",
 * role name; an unknown name is encoded, so that a folder can be created.
 * Returns: (transfer full) (nullable): %CONTROLLER_ERROR_NOT_FOUND */
char *account_wire_name(Account *account, const char *name, bool must_exist,
			GError **error);
/** account_sort_mailboxes: roles first in their order, then by name, parents
 * before children */
void account_sort_mailboxes(GPtrArray *mailboxes);

/* ---- list.c ---- */

/** message_list_refresh: the store changed, or what is pending: the window is
 * read anew, selection and place kept; @mailbox_id: 0: any.
 * Returns: whether the list shows that mailbox */
bool message_list_refresh(MessageList *list, gint64 mailbox_id);

/* ---- controller-query.c ---- */

/** query_parse: Returns: (transfer full) (nullable): %CONTROLLER_ERROR_USAGE */
StoreQuery *query_parse(const char *text, gint64 now, GError **error);

/* ---- the account's end ---- */

/** drafts_detach: what is read, fetched and written of the account ends, and
 * tells nobody any more; texts stay as they are saved; before the engine is
 * stopped. The drafts are still closed by whoever opened them. */
void drafts_detach(Account *account);
