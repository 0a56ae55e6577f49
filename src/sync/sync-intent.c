/* sync-intent.c - what the user means: journaled, shown, undone */
#include <string.h>

#include "sync-keeper.h"

/* how long a command waits for what another process must bring out, or what
 * the server wants later */
#define PATIENCE_US (30 * G_USEC_PER_SEC)

void
sync_pending_free(gpointer data)
{
	SyncPending *pending = data;

	g_array_unref(pending->changes);
	g_free(pending);
}

void
sync_intent_fail(SyncKeeper *keeper, gint64 job, GError *error)
{
	SyncError code = SYNC_ERROR_STORE;
	g_autoptr(GError) told = NULL;

	if (error->domain == SYNC_ERROR)
		code = (SyncError)error->code;
	else if (g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		code = SYNC_ERROR_NOT_FOUND;
	else if (g_error_matches(error, STORE_ERROR, STORE_ERROR_LIMIT))
		code = SYNC_ERROR_INVALID;
	told = g_error_new_literal(SYNC_ERROR, (gint)code, error->message);
	sync_emit_job(keeper->events, job, JOB_FAILED, told);
	g_error_free(error);
}

void
sync_intent_counts(SyncKeeper *keeper)
{
	guint waiting, failed;
	SyncEvent *event;

	if (!store_journal_counts(keeper->journal, &waiting, &failed, NULL) ||
	    (waiting == keeper->waiting && failed == keeper->failed))
		return;
	keeper->waiting = waiting;
	keeper->failed = failed;
	event = sync_event_new(SYNC_EVENT_QUEUE);
	event->waiting = waiting;
	event->failed = failed;
	sync_emit(keeper->events, event);
}

static void
touch_wire(SyncKeeper *keeper, const char *wire)
{
	g_autoptr(Mailbox) mailbox =
	    wire == NULL ? NULL
			 : store_reader_mailbox(keeper->reader, wire, NULL);

	sync_keeper_touch(keeper, mailbox == NULL ? 0 : mailbox->id);
}

void
sync_intent_apply(SyncKeeper *keeper, const Change *change)
{
	GError *error = NULL;

	(void)store_reader_refresh(keeper->reader);
	touch_wire(keeper, change->mailbox);
	touch_wire(keeper, change->dest);
	if (keeper->writer == NULL)
		return;
	if (!store_writer_apply_change(keeper->writer, change, &error))
		sync_keeper_store_failed(keeper, error);
}

static void
tell_outside(SyncKeeper *keeper)
{
	if (keeper->held)
		sync_worker_kick(keeper->worker);
	else
		sync_lock_wake(keeper->lock);
}

/* ---- what a flag change really changes ---- */

static void
drop_what_is_so(const MailFlags *shown, const Change *wanted, MailFlags *add,
		MailFlags *remove)
{
	MailFlags none = {0};
	g_auto(MailFlags) absent = mail_flags_copy(&wanted->remove);

	*add = mail_flags_copy(&wanted->add);
	mail_flags_apply(add, &none, shown);
	/* of what is to go, only what is there: remove - (remove - shown) */
	mail_flags_apply(&absent, &none, shown);
	*remove = mail_flags_copy(&wanted->remove);
	mail_flags_apply(remove, &none, &absent);
}

static Change *
find_same(GPtrArray *list, const MailFlags *add, const MailFlags *remove)
{
	for (guint i = 0; i < list->len; i++) {
		Change *change = g_ptr_array_index(list, i);

		if (mail_flags_equal(&change->add, add) &&
		    mail_flags_equal(&change->remove, remove))
			return change;
	}
	return NULL;
}

void
sync_intent_add_message(Change *to, const ChangeMessage *message)
{
	ChangeMessage *copy = change_message_new(
	    message->id, message->mailbox, message->uid_validity, message->uid,
	    message->message_id);

	copy->dest_uid = message->dest_uid;
	g_ptr_array_add(to->messages, copy);
}

/*
 * One change for each set of flags that really alters: an undo then restores
 * what was there, and what is so already is not sent. Where nothing alters at
 * all the change stays as it is: the user asked, and gets an answer.
 */
static void
split_flags(SyncKeeper *keeper, const Change *change, GPtrArray *out)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new();

	for (guint i = 0; i < change->messages->len; i++) {
		const ChangeMessage *message =
		    g_ptr_array_index(change->messages, i);
		g_autoptr(MessageRow) row =
		    store_reader_row(keeper->reader, message->id, NULL);
		g_auto(MailFlags) add = {0};
		g_auto(MailFlags) remove = {0};
		Change *part;

		if (row == NULL)
			continue;
		drop_what_is_so(&row->flags, change, &add, &remove);
		if (mail_flags_is_empty(&add) && mail_flags_is_empty(&remove))
			continue;
		part = find_same(parts, &add, &remove);
		if (part == NULL) {
			part = change_new(CHANGE_FLAGS);
			part->mailbox = g_strdup(change->mailbox);
			part->add = mail_flags_copy(&add);
			part->remove = mail_flags_copy(&remove);
			g_ptr_array_add(parts, part);
		}
		sync_intent_add_message(part, message);
	}
	if (parts->len == 0)
		g_ptr_array_add(out, change_copy(change));
	for (guint i = 0; i < parts->len; i++)
		g_ptr_array_add(out, g_ptr_array_index(parts, i));
}

/* ---- journaling ---- */

void
sync_intent_tell(SyncKeeper *keeper, gint64 job, const GPtrArray *changes,
		 JobState state, const GError *failure)
{
	SyncEvent *event = sync_event_new(SYNC_EVENT_JOB);

	event->job = job;
	event->job_state = state;
	event->error = failure == NULL ? NULL : g_error_copy(failure);
	event->changes = change_list_new();
	for (guint i = 0; i < changes->len; i++)
		g_ptr_array_add(event->changes,
				change_copy(g_ptr_array_index(changes, i)));
	sync_emit(keeper->events, event);
}

void
sync_intent_track(SyncKeeper *keeper, gint64 job, const GPtrArray *changes)
{
	SyncPending *pending;

	if (job == 0)
		return;
	pending = g_new0(SyncPending, 1);
	pending->job = job;
	pending->changes = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint i = 0; i < changes->len; i++) {
		const Change *change = g_ptr_array_index(changes, i);

		g_array_append_val(pending->changes, change->id);
	}
	if (!keeper->held || !keeper->settings->background)
		pending->until = g_get_monotonic_time() + PATIENCE_US;
	g_ptr_array_add(keeper->pending, pending);
}

/* One fsync; then shown; then said; then sent. */
void
sync_intent_journal(SyncKeeper *keeper, gint64 job, GPtrArray *changes)
{
	GError *error = NULL;

	if (!store_journal_add(keeper->journal, changes, &error)) {
		sync_intent_fail(keeper, job, error);
		return;
	}
	for (guint i = 0; i < changes->len; i++)
		sync_intent_apply(keeper, g_ptr_array_index(changes, i));
	(void)sync_keeper_commit(keeper);
	if (job != 0)
		sync_intent_tell(keeper, job, changes, JOB_JOURNALED, NULL);
	sync_intent_track(keeper, job, changes);
	sync_intent_counts(keeper);
	tell_outside(keeper);
}

static void
journal_changes(SyncKeeper *keeper, const SyncJob *job)
{
	g_autoptr(GPtrArray) changes = change_list_new();
	g_autoptr(GPtrArray) located = NULL;
	GError *error = NULL;

	(void)store_reader_refresh(keeper->reader);
	/* one look at the file for all of them, not one for each */
	(void)store_reader_begin(keeper->reader, NULL);
	located = sync_locate(keeper, job->changes, &error);
	if (located == NULL) {
		store_reader_end(keeper->reader);
		sync_intent_fail(keeper, job->id, error);
		return;
	}
	for (guint i = 0; i < located->len; i++) {
		const Change *change = g_ptr_array_index(located, i);

		if (change->kind == CHANGE_FLAGS)
			split_flags(keeper, change, changes);
		else
			g_ptr_array_add(changes, change_copy(change));
	}
	store_reader_end(keeper->reader);
	sync_intent_journal(keeper, job->id, changes);
}

/* ---- the last word on a job ---- */

/* Returns: (nullable): why it did not succeed */
static GError *
judge(const GPtrArray *changes, bool *ret_over)
{
	*ret_over = true;
	for (guint i = 0; i < changes->len; i++) {
		const Change *change = g_ptr_array_index(changes, i);

		if (change->state == CHANGE_QUEUED ||
		    change->state == CHANGE_RUNNING ||
		    change->state == CHANGE_HELD)
			*ret_over = false;
	}
	for (guint i = 0; i < changes->len && *ret_over; i++) {
		const Change *change = g_ptr_array_index(changes, i);

		if (change->state == CHANGE_FAILED ||
		    change->state == CHANGE_UNKNOWN)
			return g_error_new_literal(
			    SYNC_ERROR, SYNC_ERROR_REFUSED,
			    change->error != NULL ? change->error
						  : "it did not succeed");
	}
	return NULL;
}

/* Returns: (nullable): why a command that waits for @changes gives up */
static GError *
judge_patience(SyncKeeper *keeper, const SyncPending *pending,
	       const GPtrArray *changes)
{
	gint64 now = g_get_real_time();

	if (pending->until == 0 || g_get_monotonic_time() <= pending->until)
		return NULL;
	if (!keeper->held)
		return g_error_new_literal(SYNC_ERROR, SYNC_ERROR_QUEUED,
					   "another pennon has not brought it "
					   "to the server yet");
	for (guint i = 0; i < changes->len; i++) {
		const Change *change = g_ptr_array_index(changes, i);

		if (change->state == CHANGE_QUEUED && change->not_before > now)
			return g_error_new_literal(
			    SYNC_ERROR, SYNC_ERROR_QUEUED,
			    change->error != NULL
				? change->error
				: "the server does not take it yet");
	}
	return NULL;
}

/* Returns: whether the job is over */
static bool
check_pending(SyncKeeper *keeper, const SyncPending *pending)
{
	g_autoptr(GPtrArray) changes = change_list_new();
	g_autoptr(GError) failure = NULL;
	bool over;

	for (guint i = 0; i < pending->changes->len; i++) {
		Change *change = store_journal_get(
		    keeper->journal, g_array_index(pending->changes, gint64, i),
		    NULL);

		if (change != NULL)
			g_ptr_array_add(changes, change);
	}
	failure = judge(changes, &over);
	if (!over) {
		failure = judge_patience(keeper, pending, changes);
		over = failure != NULL;
	}
	if (over)
		sync_intent_tell(keeper, pending->job, changes,
				 failure == NULL ? JOB_DONE : JOB_FAILED,
				 failure);
	return over;
}

void
sync_intent_check(SyncKeeper *keeper)
{
	for (guint i = 0; i < keeper->pending->len;) {
		if (check_pending(keeper,
				  g_ptr_array_index(keeper->pending, i)))
			g_ptr_array_remove_index(keeper->pending, i);
		else
			i++;
	}
}

void
sync_intent_give_up(SyncKeeper *keeper, const GError *error)
{
	g_autoptr(GPtrArray) none = change_list_new();

	for (guint i = 0; i < keeper->pending->len; i++) {
		const SyncPending *pending =
		    g_ptr_array_index(keeper->pending, i);

		sync_intent_tell(keeper, pending->job, none, JOB_FAILED, error);
	}
	g_ptr_array_set_size(keeper->pending, 0);
}

/* ---- the queue, by hand ---- */

static void
queue_job(SyncKeeper *keeper, const SyncJob *job)
{
	bool drop = job->kind == SYNC_JOB_DROP;
	g_autoptr(GPtrArray) changes = change_list_new();
	GError *error = NULL;
	Change *change;

	if (!(drop ? store_journal_drop(keeper->journal, job->number, &error)
		   : store_journal_retry(keeper->journal, job->number,
					 &error)) ||
	    (change = store_journal_get(keeper->journal, job->number,
					&error)) == NULL) {
		sync_intent_fail(keeper, job->id, error);
		return;
	}
	g_ptr_array_add(changes, change);
	sync_intent_apply(keeper, change);
	(void)sync_keeper_commit(keeper);
	sync_intent_tell(keeper, job->id, changes, JOB_JOURNALED, NULL);
	sync_intent_track(keeper, job->id, changes);
	sync_intent_counts(keeper);
	tell_outside(keeper);
	sync_intent_check(keeper);
}

void
sync_intent_job(SyncKeeper *keeper, SyncJob *job)
{
	switch (job->kind) {
	case SYNC_JOB_CHANGES:
		journal_changes(keeper, job);
		break;
	case SYNC_JOB_UNDO:
		sync_undo_job(keeper, job);
		break;
	case SYNC_JOB_RETRY:
	case SYNC_JOB_DROP:
		queue_job(keeper, job);
		break;
	default:
		g_assert_not_reached();
	}
}
