/* sync-replay.c - the journal on its way to the server (SYNC.md section 3) */
#include <poll.h>
#include <string.h>

#include "sync-fold.h"
#include "sync-keeper.h"
#include "sync-order.h"
#include "sync-worker.h"

#define LATER_MAX_US (60 * G_USEC_PER_SEC)
#define SLOW_US (600 * G_USEC_PER_SEC)
#define NO_TRIES 3u
#define PAUSE_US (5 * G_USEC_PER_SEC)
#define PATIENCE_US (30 * G_USEC_PER_SEC)
#define READ_US (250 * G_TIME_SPAN_MILLISECOND)

/* ---- with the keeper ---- */

typedef struct {
	GPtrArray *changes; /* of Change */
	gint64 next_due;
	GError *error;
} OpenChanges;

static void
read_open(SyncKeeper *keeper, gpointer data)
{
	OpenChanges *open = data;

	if (keeper->writer == NULL) {
		open->changes = change_list_new();
		return;
	}
	open->changes =
	    store_journal_open_changes(keeper->journal, &open->error);
	(void)store_journal_next_due(keeper->journal, &open->next_due, NULL);
}

typedef struct {
	Change *change;
	bool messages;
	GError *error;
} Save;

static void
write_change(SyncKeeper *keeper, gpointer data)
{
	Save *save = data;
	bool good;

	if (keeper->writer == NULL) {
		save->error =
		    g_error_new_literal(SYNC_ERROR, SYNC_ERROR_CANCELLED,
					"another pennon has taken over");
		return;
	}
	/*
	 * Confirmed goes to the cache first, to the journal last: a crash in
	 * between repeats an idempotent change, or looks it up.
	 */
	if (save->change->state == CHANGE_CONFIRMED) {
		sync_intent_apply(keeper, save->change);
		(void)sync_keeper_commit(keeper);
		if (save->change->draft_uuid != NULL)
			sync_text_uploaded(keeper, save->change);
	}
	good = save->messages
		   ? store_journal_update_messages(keeper->journal,
						   save->change, &save->error)
		   : store_journal_update(keeper->journal, save->change,
					  &save->error);
	if (!good)
		return;
	if (save->change->state != CHANGE_CONFIRMED &&
	    save->change->state != CHANGE_RUNNING) {
		sync_intent_apply(keeper, save->change);
		(void)sync_keeper_commit(keeper);
	}
	sync_intent_counts(keeper);
	sync_intent_check(keeper);
}

bool
sync_replay_save(SyncWorker *worker, Change *change, bool messages,
		 GError **error)
{
	Save save = {change, messages, NULL};

	sync_keeper_call(worker->keeper, write_change, &save);
	if (save.error == NULL)
		return true;
	g_propagate_error(error, save.error);
	return false;
}

/* ---- outcomes ---- */

void
sync_replay_fail(Change *change, const char *why)
{
	change->state = CHANGE_FAILED;
	change->step = CHANGE_STEP_NONE;
	g_free(change->error);
	change->error = g_strdup(why);
}

static void
again_later(Change *change, gint64 wait)
{
	change->state = CHANGE_QUEUED;
	change->not_before = g_get_real_time() + wait;
}

void
sync_replay_refused(SyncWorker *worker, Change *change, const GError *error)
{
	gint64 wait =
	    MIN(G_USEC_PER_SEC << MIN(change->attempts, 6u), LATER_MAX_US);
	ImapAnswer answer =
	    g_error_matches(error, IMAP_ERROR, IMAP_ERROR_REFUSED)
		? imap_session_answer(worker->session)
		: IMAP_ANSWER_BUG;

	g_free(change->error);
	change->error = g_strdup(error->message);
	change->step = CHANGE_STEP_NONE;
	change->attempts++;
	switch (answer) {
	case IMAP_ANSWER_DONE:
		/* the mailbox is there: that alone is what was wanted */
		change->state = change->kind == CHANGE_FOLDER_CREATE
				    ? CHANGE_CONFIRMED
				    : CHANGE_FAILED;
		break;
	case IMAP_ANSWER_LATER:
		again_later(change, change->attempts > 10 ? SLOW_US : wait);
		break;
	case IMAP_ANSWER_NO:
		if (change->attempts < NO_TRIES) {
			again_later(change, wait);
			break;
		}
		change->state = CHANGE_FAILED;
		break;
	case IMAP_ANSWER_OK:
	case IMAP_ANSWER_USER:
	case IMAP_ANSWER_GONE:
	case IMAP_ANSWER_BUG:
	case IMAP_ANSWER_LOGIN:
		change->state = CHANGE_FAILED;
		break;
	}
	if (change->state == CHANGE_FAILED)
		sync_emit_notice(worker->events, NOTICE_CHANGE_FAILED, 0,
				 change->error, 0);
}

bool
sync_replay_create(SyncWorker *worker, const char *wire, const GError *cause)
{
	ImapAnswer answer;
	bool made;

	if (!g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED))
		return false;
	/* some servers say no and no more where a mailbox is missing */
	answer = imap_session_answer(worker->session);
	if (answer != IMAP_ANSWER_GONE && answer != IMAP_ANSWER_NO)
		return false;
	made = imap_session_create(worker->session, wire, NULL);
	if (made) {
		(void)imap_session_subscribe(worker->session, wire, true, NULL);
		worker->folders_known = false;
	}
	return made || imap_session_answer(worker->session) == IMAP_ANSWER_DONE;
}

gint64
sync_replay_pause(void)
{
#ifdef PENNON_TEST_HOOKS
	const char *pause_ms = g_getenv("PENNON_TEST_PAUSE_MS");

	if (pause_ms != NULL)
		return g_ascii_strtoll(pause_ms, NULL, 10) *
		       G_TIME_SPAN_MILLISECOND;
#endif
	return PAUSE_US;
}

/* ---- where the messages are now ---- */

bool
sync_replay_select(SyncWorker *worker, const char *wire, GError **error)
{
	bool done = false;

	if (!sync_mailbox_select(worker, wire, error))
		return false;
	while (!done && worker->missing != NULL && !worker->stopping) {
		g_auto(StoreMailboxState) state = {0};

		(void)store_reader_refresh(worker->reader);
		if (!store_reader_state(worker->reader, worker->box_id, &state,
					error))
			return false;
		if (state.stale == 0)
			break;
		if (!sync_mailbox_backfill(worker, NULL, &done, error))
			return false;
	}
	return true;
}

/* Checked before use: the local id, else what the journal noted. */
static bool
locate(SyncWorker *worker, const Change *change, ChangeMessage *message,
       guint32 uid_validity)
{
	ChangeMessage *now =
	    message->id == 0
		? NULL
		: store_reader_location(worker->reader, message->id, NULL);
	bool here;

	if (now != NULL && now->uid != 0 &&
	    mailbox_name_equal(now->mailbox, change->mailbox)) {
		message->uid = now->uid;
		message->uid_validity = now->uid_validity;
		if (g_strcmp0(message->mailbox, now->mailbox) != 0) {
			g_free(message->mailbox);
			message->mailbox = g_strdup(now->mailbox);
		}
		here = true;
	} else {
		/* rebuilt caches know no ids of before: the note counts */
		here = now == NULL && message->uid != 0 &&
		       g_strcmp0(message->mailbox, change->mailbox) == 0;
	}
	change_message_free(now);
	return here && message->uid_validity == uid_validity;
}

UidSet *
sync_replay_uids(SyncWorker *worker, Change *change)
{
	g_auto(StoreMailboxState) state = {0};
	UidSet *uids = uid_set_new();
	guint32 validity = 0;

	(void)store_reader_refresh(worker->reader);
	if (worker->box_id != 0 &&
	    store_reader_state(worker->reader, worker->box_id, &state, NULL))
		validity = state.server.uid_validity;
	(void)store_reader_begin(worker->reader, NULL);
	for (guint i = 0; i < change->messages->len; i++) {
		ChangeMessage *message = g_ptr_array_index(change->messages, i);

		if (locate(worker, change, message, validity))
			uid_set_add(uids, message->uid);
	}
	store_reader_end(worker->reader);
	return uids;
}

/* ---- one after the other ---- */

static bool
is_due(const Change *change, gint64 now, gint64 *next)
{
	if (change->state != CHANGE_QUEUED && change->state != CHANGE_RUNNING)
		return false;
	if (change->not_before <= now)
		return true;
	if (*next == 0 || change->not_before < *next)
		*next = change->not_before;
	return false;
}

/*
 * Our own change may have taken the messages elsewhere since this one was
 * journaled: the local id says where they are.
 */
static void
follow_messages(SyncWorker *worker, Change *change)
{
	(void)store_reader_refresh(worker->reader);
	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		g_autoptr(ChangeMessage) now =
		    message->id == 0 ? NULL
				     : store_reader_location(worker->reader,
							     message->id, NULL);

		if (now == NULL)
			continue;
		if (strcmp(now->mailbox, change->mailbox) != 0) {
			g_free(change->mailbox);
			change->mailbox = g_strdup(now->mailbox);
		}
		return;
	}
}

static bool
is_known(SyncWorker *worker, const char *wire)
{
	g_autoptr(Mailbox) mailbox =
	    wire == NULL ? NULL
			 : store_reader_mailbox(worker->reader, wire, NULL);

	return wire == NULL || mailbox != NULL;
}

/* A cache that was lost knows no mailbox yet: that is none of the change's
 * faults. */
static bool
know_mailboxes(SyncWorker *worker, const Change *change, GError **error)
{
	(void)store_reader_refresh(worker->reader);
	return worker->folders_known ||
	       (is_known(worker, change->mailbox) &&
		is_known(worker, change->dest)) ||
	       sync_folders(worker, error);
}

/* A change that takes nothing anywhere has no need of the server. */
static bool
drop_change(SyncWorker *worker, Change *change, GError **error)
{
	change->state = CHANGE_SUPERSEDED;
	return sync_replay_save(worker, change, false, error);
}

static bool
fold(SyncWorker *worker, GPtrArray *changes, GError **error)
{
	g_autoptr(GPtrArray) needless = sync_fold_moves(changes);

	for (guint i = 0; i < needless->len; i++)
		if (!drop_change(worker, g_ptr_array_index(needless, i), error))
			return false;
	return true;
}

static bool
replay_one(SyncWorker *worker, Change *change, GError **error)
{
	if (change->kind <= CHANGE_DELETE && change->step == CHANGE_STEP_NONE)
		follow_messages(worker, change);
	if (change->kind == CHANGE_MOVE && change->step == CHANGE_STEP_NONE &&
	    mailbox_name_equal(change->mailbox, change->dest))
		return drop_change(worker, change, error);
	switch (change->kind) {
	case CHANGE_MOVE:
	case CHANGE_COPY:
		return sync_transfer(worker, change, error);
	case CHANGE_DELETE:
		return sync_expunge(worker, change, error);
	case CHANGE_APPEND:
		return sync_append(worker, change, error);
	case CHANGE_FOLDER_CREATE:
	case CHANGE_FOLDER_RENAME:
	case CHANGE_FOLDER_DELETE:
	case CHANGE_FOLDER_SUBSCRIBE:
	case CHANGE_FOLDER_UNSUBSCRIBE:
		return sync_tree(worker, change, error);
	default:
		/* a journal of a newer pennon: not ours to judge */
		sync_replay_fail(change, "this version cannot do it");
		return sync_replay_save(worker, change, false, error);
	}
}

static bool
replay_at(SyncWorker *worker, GPtrArray *changes, guint at, GError **error)
{
	Change *change = g_ptr_array_index(changes, at);

	if (!know_mailboxes(worker, change, error))
		return false;
	sync_worker_progress(worker, PROGRESS_CHANGES, 0, at, changes->len);
	if (change->kind == CHANGE_FLAGS)
		return sync_flags(worker, changes, at, error);
	return replay_one(worker, change, error);
}

/* @until: monotonic: what was read is old then */
static bool
replay_read(SyncWorker *worker, GPtrArray *changes, gint64 until, bool *ret_any,
	    GError **error)
{
	g_autoptr(SyncOrder) order = sync_order_new();

	for (guint i = 0; i < changes->len; i++) {
		Change *change = g_ptr_array_index(changes, i);

		if (!is_due(change, g_get_real_time(), &worker->next_change) ||
		    sync_order_is_behind(order, change)) {
			sync_order_note(order, change);
			continue;
		}
		/* somebody may have dropped one of them meanwhile */
		if (*ret_any && (worker->kicked || worker->stopping ||
				 g_get_monotonic_time() > until))
			return true;
		*ret_any = true;
		if (!replay_at(worker, changes, i, error))
			return false;
		sync_order_note(order, change);
	}
	return true;
}

bool
sync_replay(SyncWorker *worker, bool *ret_any, GError **error)
{
	gint64 until = g_get_monotonic_time() + READ_US;
	OpenChanges open = {0};
	g_autoptr(GPtrArray) changes = NULL;

	*ret_any = false;
	if (worker->settings->read_only)
		return true;
	worker->kicked = false;
	sync_keeper_call(worker->keeper, read_open, &open);
	if (open.error != NULL) {
		g_propagate_error(error, open.error);
		return false;
	}
	changes = open.changes;
	worker->next_change = 0;
	return fold(worker, changes, error) &&
	       replay_read(worker, changes, until, ret_any, error);
}

/* Returns: %false: there is nothing that is worth waiting for */
static bool
wait_for_next(SyncWorker *worker, gint64 until)
{
	struct pollfd fd = {channel_fd(worker->items), POLLIN, 0};
	gint64 wait = worker->next_change - g_get_real_time();

	if (worker->next_change == 0 || worker->stopping || !worker->role ||
	    g_get_monotonic_time() + wait > until)
		return false;
	if (wait > 0 && poll(&fd, 1, (int)(wait / 1000 + 1)) > 0)
		(void)sync_worker_busy(worker); /* takes what came */
	return true;
}

bool
sync_replay_whole(SyncWorker *worker, GError **error)
{
	gint64 until = g_get_monotonic_time() + PATIENCE_US;
	bool any = true;

	do {
		any = true;
		while (any && !worker->stopping)
			if (!sync_replay(worker, &any, error))
				return false;
	} while (wait_for_next(worker, until));
	if (worker->next_change == 0)
		return true;
	g_set_error_literal(error, SYNC_ERROR, SYNC_ERROR_QUEUED,
			    "the server does not take all changes yet");
	return false;
}
