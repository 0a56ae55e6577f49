/* model-change.h - a change the user meant, and how far it has come */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-flags.h"

/** ChangeKind: stored in files: never renumber */
typedef enum {
	CHANGE_FLAGS = 1,
	CHANGE_MOVE,
	CHANGE_COPY,
	CHANGE_DELETE, /* UID EXPUNGE of the named UIDs; "delete" to Trash is
			  a CHANGE_MOVE */
	CHANGE_APPEND, /* a draft, a sent copy, an upload */
	CHANGE_FOLDER_CREATE,
	CHANGE_FOLDER_RENAME,
	CHANGE_FOLDER_DELETE,
	CHANGE_FOLDER_SUBSCRIBE,
	CHANGE_FOLDER_UNSUBSCRIBE,
	CHANGE_SEND,
	CHANGE_FOLLOWUP,
} ChangeKind;
/** change_kind_name: "flags", "move", …; as --json prints it */
const char *change_kind_name(ChangeKind kind);

/** ChangeState: SYNC.md section 3; stored in files: never renumber */
typedef enum {
	CHANGE_HELD = 1,
	CHANGE_QUEUED,
	CHANGE_RUNNING,
	CHANGE_CONFIRMED,
	CHANGE_FAILED,
	CHANGE_UNKNOWN,
	CHANGE_SUPERSEDED,
} ChangeState;
const char *change_state_name(ChangeState state);
/** change_state_is_open: held, queued, running, failed or unknown: it counts
 * as waiting or failed and its effect is shown */
bool change_state_is_open(ChangeState state);

/** ChangeStep: how far a running change has come on the server; a move without
 * MOVE has three (SYNC.md section 3). Stored in files. */
typedef enum {
	CHANGE_STEP_NONE = 0,
	CHANGE_STEP_SENT,     /* the command may have reached the server */
	CHANGE_STEP_COPIED,   /* COPY answered OK */
	CHANGE_STEP_MARKED,   /* STORE +FLAGS \Deleted answered OK */
	CHANGE_STEP_UPLOADED, /* APPEND of a draft answered OK, the old one is
				 still there */
} ChangeStep;

/**
 * ChangeMessage: one message a change names; all of it is checked before use
 * @id: local id
 * @mailbox: wire name of the mailbox it lay in
 * @uid_validity: its UIDVALIDITY then
 * @uid: its UID then; 0 for one that a queued change put there
 * @message_id: (nullable)
 * @dest_uid: UID in the target once the server told it, else 0
 */
typedef struct {
	gint64 id;
	char *mailbox;
	guint32 uid_validity;
	guint32 uid;
	char *message_id;
	guint32 dest_uid;
} ChangeMessage;

/**
 * Change: one row of the journal
 * @id: never used twice
 * @group: changes made by one command; one undo takes all of them back
 * @undoes: id of the change this one takes back, 0 for none
 * @mailbox: (nullable): wire name of the mailbox it happens in; for folder
 *   changes the mailbox itself
 * @dest: (nullable): wire name of the target, or the new name
 * @messages: array of #ChangeMessage; empty for folder changes
 * @add, @remove: flags to set and to clear, of %CHANGE_FLAGS
 * @draft_uuid: (nullable): draft text this appends (drafts/UUID.eml)
 * @draft_rev: revision of that text
 * @dest_uid_validity, @dest_uid_next: of the target, noted before the command
 *   was sent: where a lost answer is looked up
 * @attempts: how often it was sent
 * @not_before: µs since 1970, 0 for at once
 * @error: (nullable): last answer, in the server's words
 * @created: µs since 1970
 * @n_messages: as the journal counts them; @messages may be left out
 */
typedef struct {
	gint64 id;
	gint64 group;
	gint64 undoes;
	ChangeKind kind;
	ChangeState state;
	ChangeStep step;
	char *mailbox;
	char *dest;
	GPtrArray *messages;
	MailFlags add;
	MailFlags remove;
	char *draft_uuid;
	guint draft_rev;
	guint32 dest_uid_validity;
	guint32 dest_uid_next;
	guint attempts;
	gint64 not_before;
	char *error;
	gint64 created;
	guint n_messages;
} Change;

ChangeMessage *change_message_new(gint64 id, const char *mailbox,
				  guint32 uid_validity, guint32 uid,
				  const char *message_id);
/** change_message_free: (nullable) */
void change_message_free(ChangeMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChangeMessage, change_message_free)

/** change_new: Returns: (transfer full): queued, no messages */
Change *change_new(ChangeKind kind);
Change *change_copy(const Change *change);
/** change_free: (nullable) */
void change_free(Change *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Change, change_free)
/** change_list_new: Returns: (transfer full): array that frees #Change */
GPtrArray *change_list_new(void);
