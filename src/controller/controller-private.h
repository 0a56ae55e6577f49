/* controller-private.h - shared by the files of src/controller */
#pragma once

#include "base-channel.h"
#include "controller.h"
#include "controller-reader.h"
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
 */
typedef struct {
	gint64 job;
	Change *change;
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

	Connection connection; /* its reason is owned */
	guint waiting;
	guint failed;
	Progress progress; /* its mailbox is owned */
	gint64 progress_began;
	guint64 progress_first;
	CertificateInfo *certificate;

	GHashTable *jobs;    /* job id (gint64) → AccountJob, those awaited */
	GPtrArray *pending;  /* of PendingChange, in order */
	GPtrArray *lists;    /* of MessageList, not owned: those open */
	MessageText *text;   /* of account_read(), or NULL */
	struct AccountRead *read;
	GPtrArray *drafts;   /* of Draft, not owned: those open */
	GPtrArray *results;  /* of SyncResult */
	GPtrArray *facts;    /* of CheckFact */
	GArray *hits;	     /* of gint64: local ids of a server's search */
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

/* ---- account.c ---- */

/** account_sync_settings: what an engine for @config needs; folders of the
 * account, no trace. Returns: (transfer full) */
SyncSettings *account_sync_settings(const AccountConfig *config);

/* ---- account-job.c ---- */

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
/** account_take_event: @event: (transfer full): one from the engine */
void account_take_event(Account *account, SyncEvent *event);

/* ---- account-change.c ---- */

/** account_journal: @changes: (transfer full): posts them as one group and
 * lays them over the lists until the keeper says journaled */
gint64 account_journal(Account *account, GPtrArray *changes, GError **error);
/** account_pending_drop: those of @job are in the journal, or failed */
void account_pending_drop(Account *account, gint64 job);

/* ---- account-mailbox.c ---- */

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

/* ---- read.c, draft.c: the account's end ---- */

/** account_read_job_over: tells the reader of a message that its body came or
 * failed; see read.c */
void drafts_detach(Account *account);
