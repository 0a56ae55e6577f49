/* sync-job.h - what goes down to an account's engine */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "base-secret.h"
#include "model-change.h"

/**
 * SyncJobKind: the first group is the keeper's, the second the worker's
 * @SYNC_JOB_CHANGES: journal @changes as one group, then bring them out. One
 *   without a mailbox names messages by their local ids alone: the keeper finds
 *   out where they are. A %CHANGE_DELETE with a dest moves there what lies
 *   elsewhere.
 * @SYNC_JOB_UNDO: take group @number back, 0 for the last
 * @SYNC_JOB_RETRY, @SYNC_JOB_DROP: change @number
 * @SYNC_JOB_DRAFT: write @bytes as the text of draft @name, revision @number,
 *   durably, with @section as its info; with @wanted also journal its upload
 *   to @mailbox, where it replaces the copy its row knows. @replace_uid: the
 *   copy it was opened from, for a row that knows of none
 * @SYNC_JOB_DRAFT_FORGET: the draft @name goes from this machine; with @wanted
 *   its copy on the server goes to Trash too
 * @SYNC_JOB_OPEN: the user looks at @mailbox (%NULL: at none)
 * @SYNC_JOB_BODY: bring section @section ("" whole) of message @number to the
 *   body cache
 * @SYNC_JOB_STRUCTURE: bring the structures of @ids
 * @SYNC_JOB_SYNC: bring @names (or all) in sync and the queue out
 * @SYNC_JOB_FOLDERS: bring the folder list
 * @SYNC_JOB_SEARCH: ask the server: keys @name in @mailbox
 * @SYNC_JOB_CHECK: connect and report facts
 * @SYNC_JOB_CONNECT: try now
 * @SYNC_JOB_PASSWORD: @secret (%NULL: none given; @name: why, or %NULL)
 * @SYNC_JOB_PIN: key @name is trusted for this server from now on
 * @SYNC_JOB_RELEASE, @SYNC_JOB_RESUME: give up, ask for the sync role
 */
typedef enum {
	SYNC_JOB_CHANGES,
	SYNC_JOB_UNDO,
	SYNC_JOB_RETRY,
	SYNC_JOB_DROP,
	SYNC_JOB_DRAFT,
	SYNC_JOB_DRAFT_FORGET,

	SYNC_JOB_OPEN,
	SYNC_JOB_BODY,
	SYNC_JOB_STRUCTURE,
	SYNC_JOB_SYNC,
	SYNC_JOB_FOLDERS,
	SYNC_JOB_SEARCH,
	SYNC_JOB_CHECK,
	SYNC_JOB_CONNECT,
	SYNC_JOB_PASSWORD,
	SYNC_JOB_PIN,
	SYNC_JOB_RELEASE,
	SYNC_JOB_RESUME,
} SyncJobKind;

/**
 * SyncJob: owned by whoever holds it; given away by posting
 * @id: of the caller's choice, over 0, never used twice; 0: no answer wanted
 */
typedef struct {
	SyncJobKind kind;
	gint64 id;
	gint64 number;
	bool wanted;
	GPtrArray *changes; /* of Change */
	GArray *ids;        /* of gint64 */
	char *mailbox;      /* wire name */
	char **names;       /* wire names */
	char *name;
	char *section;
	GBytes *bytes;
	guint32 replace_uid;
	Secret *secret;
} SyncJob;

SyncJob *sync_job_new(SyncJobKind kind, gint64 id);
/** sync_job_free: (nullable): wipes the secret */
void sync_job_free(SyncJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SyncJob, sync_job_free)
