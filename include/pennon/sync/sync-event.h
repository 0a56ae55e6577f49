/* sync-event.h - what comes up from an account's engine */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-change.h"
#include "model-status.h"

/**
 * SyncEventKind:
 * @SYNC_EVENT_MESSAGES: rows of mailbox @mailbox_id changed in the store (0:
 *   of several)
 * @SYNC_EVENT_FOLDERS: mailboxes or their counts changed
 * @SYNC_EVENT_CONNECTION: @connection since @since, with @text as the reason
 *   and @next_try
 * @SYNC_EVENT_QUEUE: @waiting and @failed changes
 * @SYNC_EVENT_PROGRESS: @done of @total of @progress
 * @SYNC_EVENT_JOB: @job came to @job_state
 * @SYNC_EVENT_NEW_MAIL: @count messages in @mailbox_id
 * @SYNC_EVENT_NOTICE: @notice about @text
 * @SYNC_EVENT_PASSWORD: a password is needed
 * @SYNC_EVENT_CERTIFICATE: @certificate is not trusted
 */
typedef enum {
	SYNC_EVENT_MESSAGES,
	SYNC_EVENT_FOLDERS,
	SYNC_EVENT_CONNECTION,
	SYNC_EVENT_QUEUE,
	SYNC_EVENT_PROGRESS,
	SYNC_EVENT_JOB,
	SYNC_EVENT_NEW_MAIL,
	SYNC_EVENT_NOTICE,
	SYNC_EVENT_PASSWORD,
	SYNC_EVENT_CERTIFICATE,
} SyncEventKind;

/** SyncEvent: one value for all kinds; fields of other kinds are zero. Times
 * are µs since 1970. */
typedef struct {
	SyncEventKind kind;
	gint64 mailbox_id;
	ConnectionState connection;
	gint64 since;
	gint64 next_try;
	guint waiting;
	guint failed;
	ProgressKind progress;
	guint64 done;
	guint64 total;
	gint64 job;
	JobState job_state;
	GError *error;      /* SYNC_ERROR of a failed job */
	GPtrArray *changes; /* of Change: what a job journaled, as it is now */
	GPtrArray *results; /* of SyncResult */
	GPtrArray *facts;   /* of CheckFact */
	GArray *uids;       /* of guint32: hits of a search */
	GBytes *bytes;      /* a body, where this process may not keep it */
	NoticeKind notice;
	char *text;
	guint count;
	CertificateInfo *certificate;
} SyncEvent;

SyncEvent *sync_event_new(SyncEventKind kind);
/** sync_event_free: (nullable): fits the #GDestroyNotify of a channel */
void sync_event_free(gpointer event);
