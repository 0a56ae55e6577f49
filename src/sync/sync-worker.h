/* sync-worker.h - the worker's insides, for the files that run on its thread */
#pragma once

#include "imap-session.h"
#include "store-reader.h"
#include "sync-private.h"

struct SyncWorker {
	const SyncSettings *settings;
	ImapSettings imap;
	char *remembered; /* capabilities: for imap */
	Channel *events;
	Channel *items; /* of WorkerItem */
	pthread_t thread;
	bool running;
	SyncKeeper *keeper;
	StoreReader *reader;

	/* guarded by lock: who cuts a connection is another thread */
	pthread_mutex_t lock;
	ImapSession *session;
	gint64 cancelled; /* job */
	gint64 current;   /* job being done */

	_Atomic bool stopping;
	_Atomic bool role;
	_Atomic bool kicked; /* the journal may have something */
	GQueue jobs;         /* of SyncJob, in order */
	Secret *password;
	bool asked_password;
	bool login_refused;
	bool untrusted;
	GPtrArray *pins;    /* of char*, and a NULL: configured and new ones */
	GError *last_error; /* SYNC_ERROR: why there is no session; or NULL */
	guint failures;
	gint64 next_try; /* monotonic µs, 0: now */
	guint n_sessions;
	ConnectionState told;
	ProgressKind progress; /* told last */
	bool served;           /* the session was opened without the role */

	char *wanted; /* wire name of the mailbox the user looks at */
	gint64 wanted_id;
	bool folders_known; /* in this session */
	GHashTable *stale;  /* wire names of mailboxes that need a sync */
	UidSet *missing;    /* of the selected mailbox: to be fetched */
	UidSet *known;      /* of it: asked for */
	gint64 box_id;      /* of it, 0: none selected */
	gint64 box_total;
	guint32 uid_next;   /* of it: the first that is new */
	guint hidden_in;    /* number of the session that hid rows, 0: none */
	gint64 next_look;   /* monotonic µs: counts of other mailboxes */
	gint64 next_change; /* µs since 1970: a change's not_before; 0: none */
	GPtrArray *results; /* of SyncResult: of the sync job being done */
	GHashTable *not_had; /* gint64: messages that cannot be fetched ahead */
};

/** sync_worker_imap_settings: without pins; borrows from @settings */
ImapSettings sync_worker_imap_settings(const SyncSettings *settings);
/* sync-connection.c */
/** sync_worker_connected: a session that is logged in; connects if needed.
 * @error: %SYNC_ERROR */
bool sync_worker_connected(SyncWorker *worker, GError **error);
/** sync_worker_lost: @error of the imap layer: a dead session is dropped.
 * Returns: whether it was the session's end */
bool sync_worker_lost(SyncWorker *worker, const GError *error);
/** sync_worker_error: an imap error as a caller of the engine reads it */
GError *sync_worker_error(const GError *error);
/** sync_worker_drop: the session, if there is one, and what is known of it */
void sync_worker_drop(SyncWorker *worker);
/** sync_worker_fail_jobs: a command does not wait for better times: all its
 * jobs end with @error (%SYNC_ERROR); a screen's do, for the network */
void sync_worker_fail_jobs(SyncWorker *worker, const GError *error);
/** sync_worker_ask_password: once; @reason: (nullable): of the last one */
void sync_worker_ask_password(SyncWorker *worker, const char *reason);
void sync_worker_take_password(SyncWorker *worker, SyncJob *job);

/* sync-work.c */
/** sync_worker_next_read: (transfer full) (nullable): what the user looks at
 * comes before long work */
SyncJob *sync_worker_next_read(SyncWorker *worker);
/** sync_worker_do: @job: (transfer full) */
void sync_worker_do(SyncWorker *worker, SyncJob *job);
/** sync_worker_replay: the queue, as far as it can go out now */
bool sync_worker_replay(SyncWorker *worker, GError **error);
/** sync_worker_background: a piece of what a screen wants without asking.
 * @ret_any: there was some */
bool sync_worker_background(SyncWorker *worker, bool *ret_any, GError **error);

/* sync-worker.c */
/** sync_worker_busy: something more urgent waits: end this piece of work */
bool sync_worker_busy(SyncWorker *worker);
void sync_worker_tell(SyncWorker *worker, ConnectionState state,
		      const char *reason);
void sync_worker_progress(SyncWorker *worker, ProgressKind kind,
			  gint64 mailbox_id, guint64 done, guint64 total);

/* sync-mailbox.c */
/** sync_mailbox_open: selects and brings it in sync but for the backfill.
 * @ret_result: (optional): numbers are added to it */
bool sync_mailbox_open(SyncWorker *worker, const char *wire, SyncResult *result,
		       GError **error);
/** sync_mailbox_updates: stores what the server said meanwhile */
bool sync_mailbox_updates(SyncWorker *worker, SyncResult *result,
			  GError **error);
/** sync_mailbox_backfill: one piece, at most a second.
 * Returns: %false with @error; @ret_done: nothing is missing any more */
bool sync_mailbox_backfill(SyncWorker *worker, SyncResult *result,
			   bool *ret_done, GError **error);
/** sync_mailbox_select: makes sure that it is the selected one */
bool sync_mailbox_select(SyncWorker *worker, const char *wire, GError **error);
/** sync_mailbox_forget: marked \Deleted by us, on a server without UIDPLUS:
 * not shown any more, nor asked for again */
bool sync_mailbox_forget(SyncWorker *worker, const UidSet *uids,
			 GError **error);
/** sync_mailbox_left: nothing is selected any more */
void sync_mailbox_left(SyncWorker *worker);

/* sync-memory.c */
/** sync_memory_save: capabilities and namespace, after a list */
void sync_memory_save(SyncWorker *worker);
/** sync_memory_load: for the next session; there is none now */
void sync_memory_load(SyncWorker *worker);
/** sync_memory_place: @wire: (inout): may have been journaled before anything
 * was known of the server: one that is not there moves to where new ones go */
bool sync_memory_place(SyncWorker *worker, char **wire, GError **error);

/* sync-folders.c */
/** sync_folders: the folder list; what changed there is noted in stale */
bool sync_folders(SyncWorker *worker, GError **error);
/** sync_folders_assign_roles: @listed: of imap_session_list(); @space: of
 * imap_session_namespace(): a configured name may leave it out */
void sync_folders_assign_roles(const SyncSettings *settings, const char *space,
			       const GPtrArray *listed);

/* sync-replay.c */
/** sync_replay: the journal is read, and for a moment what is due of it goes
 * on its way. @ret_any: there was some: again */
bool sync_replay(SyncWorker *worker, bool *ret_any, GError **error);
/** sync_replay_whole: all of it, for who waits until all is confirmed: also
 * for what the server wants later, up to half a minute. What is still open
 * then: %SYNC_ERROR_QUEUED */
bool sync_replay_whole(SyncWorker *worker, GError **error);

/* sync-flags.c */
/** sync_flags: the flag change at @first of @open (element-type Change), and
 * those behind it that may go with it */
bool sync_flags(SyncWorker *worker, GPtrArray *open, guint first,
		GError **error);

/* sync-transfer.c, sync-append.c, sync-tree.c: one change each. Returns: %false
 * with @error only where the session is lost; else @change has its new state */
bool sync_transfer(SyncWorker *worker, Change *change, GError **error);
bool sync_expunge(SyncWorker *worker, Change *change, GError **error);
bool sync_append(SyncWorker *worker, Change *change, GError **error);
bool sync_tree(SyncWorker *worker, Change *change, GError **error);

/* sync-replay.c, for those */
/** sync_replay_save: durable, and shown; @messages: they changed too */
bool sync_replay_save(SyncWorker *worker, Change *change, bool messages,
		      GError **error);
/** sync_replay_refused: @change by the class of the server's answer */
void sync_replay_refused(SyncWorker *worker, Change *change,
			 const GError *error);
/** sync_replay_create: makes the mailbox @wire, if @cause says that it is not
 * there. Returns: whether it is now */
bool sync_replay_create(SyncWorker *worker, const char *wire,
			const GError *cause);
/** sync_replay_pause: µs before a lost answer is looked up once more */
gint64 sync_replay_pause(void);
/** sync_replay_select: @wire is selected, and what a new UIDVALIDITY left
 * without UIDs has been matched */
bool sync_replay_select(SyncWorker *worker, const char *wire, GError **error);
/** sync_replay_fail: @change fails for a reason of ours */
void sync_replay_fail(Change *change, const char *why);
/** sync_replay_uids: what of @change still lies in its mailbox under the
 * UIDVALIDITY of the open one; messages that are gone are left out */
UidSet *sync_replay_uids(SyncWorker *worker, Change *change);

/* sync-lookup.c */
/**
 * sync_lookup:
 *
 * A lost answer: looks for the messages of @change in its target, from the
 * UIDNEXT noted before (SYNC.md section 3).
 * @ret_found: how many of them were found exactly once; their dest_uid is set
 */
bool sync_lookup(SyncWorker *worker, Change *change, guint *ret_found,
		 bool *ret_doubtful, GError **error);

/* sync-service.c */
void sync_service_body(SyncWorker *worker, SyncJob *job);
void sync_service_structure(SyncWorker *worker, SyncJob *job);
void sync_service_search(SyncWorker *worker, SyncJob *job);
void sync_service_check(SyncWorker *worker, SyncJob *job);
/** sync_service_fetch_ahead: the whole of @message to the body cache */
bool sync_service_fetch_ahead(SyncWorker *worker, gint64 message,
			      GError **error);
/** sync_service_structures: of the newest rows without; one piece */
bool sync_service_structures(SyncWorker *worker, bool *ret_any, GError **error);

/* sync-offline.c */
/** sync_offline: messages of the mailboxes that are kept offline: one piece, at
 * most about a second. @ret_any: there were some */
bool sync_offline(SyncWorker *worker, bool *ret_any, GError **error);
