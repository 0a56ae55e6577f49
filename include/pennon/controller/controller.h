/* controller.h - what a person can do with accounts, lists and messages */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "controller-config.h"
#include "model-change.h"
#include "model-mailbox.h"
#include "model-message.h"
#include "model-part.h"
#include "model-status.h"
#include "model-text.h"

/*
 * One Controller serves a screen or a batch command. All functions here are
 * called on the one thread that runs its GLib main context; none of them
 * waits, touches a socket, writes a store or parses mail. What takes longer
 * than a frame is answered by an event.
 */
typedef struct Controller Controller;
typedef struct Account Account;

/**
 * ControllerError: one code for each exit status and thing to do
 * @CONTROLLER_ERROR_NOT_FOUND: no such mailbox, message, part or change
 * @CONTROLLER_ERROR_REFUSED: the server said no; its words are in the message
 * @CONTROLLER_ERROR_USAGE: arguments or configuration are wrong
 * @CONTROLLER_ERROR_CONNECTION: no connection, or it was lost
 * @CONTROLLER_ERROR_UNTRUSTED: the certificate is not trusted
 * @CONTROLLER_ERROR_LOGIN: the login was refused
 * @CONTROLLER_ERROR_QUEUED: journaled, not yet on the server
 * @CONTROLLER_ERROR_STORE: the store cannot be read or written
 * @CONTROLLER_ERROR_CANCELLED: the user stopped it
 */
typedef enum {
	CONTROLLER_ERROR_NOT_FOUND,
	CONTROLLER_ERROR_REFUSED,
	CONTROLLER_ERROR_USAGE,
	CONTROLLER_ERROR_CONNECTION,
	CONTROLLER_ERROR_UNTRUSTED,
	CONTROLLER_ERROR_LOGIN,
	CONTROLLER_ERROR_QUEUED,
	CONTROLLER_ERROR_STORE,
	CONTROLLER_ERROR_CANCELLED,
} ControllerError;
#define CONTROLLER_ERROR (controller_error_quark())
GQuark controller_error_quark(void);

/* ---- events ---- */

/**
 * ControllerEventKind:
 * @CONTROLLER_EVENT_MESSAGES: rows or counts of @mailbox changed; lists that
 *   show it have been refreshed already
 * @CONTROLLER_EVENT_FOLDERS: the folder list or its counts changed
 * @CONTROLLER_EVENT_CONNECTION: account_connection() has news
 * @CONTROLLER_EVENT_QUEUE: account_waiting() or account_failed() changed
 * @CONTROLLER_EVENT_PROGRESS: account_progress() has news; at most twice a
 *   second
 * @CONTROLLER_EVENT_JOB: @job came to @job_state
 * @CONTROLLER_EVENT_NEW_MAIL: @count messages came to @mailbox
 * @CONTROLLER_EVENT_NOTICE: the server or the sync has something to tell: @text
 *   (the server's words, unfiltered) with @notice
 * @CONTROLLER_EVENT_PASSWORD: a password is asked for: account_set_password()
 * @CONTROLLER_EVENT_CERTIFICATE: account_certificate() is not trusted
 */
typedef enum {
	CONTROLLER_EVENT_MESSAGES,
	CONTROLLER_EVENT_FOLDERS,
	CONTROLLER_EVENT_CONNECTION,
	CONTROLLER_EVENT_QUEUE,
	CONTROLLER_EVENT_PROGRESS,
	CONTROLLER_EVENT_JOB,
	CONTROLLER_EVENT_NEW_MAIL,
	CONTROLLER_EVENT_NOTICE,
	CONTROLLER_EVENT_PASSWORD,
	CONTROLLER_EVENT_CERTIFICATE,
} ControllerEventKind;

/**
 * ControllerEvent: valid during the call only
 * @error: (nullable): of a failed job, a %CONTROLLER_ERROR
 * @changes: (nullable): (element-type Change): what a job journaled, with its
 *   state now
 * @uids: (nullable): UIDs a job resulted in (draft: one)
 */
typedef struct {
	ControllerEventKind kind;
	Account *account;
	const char *mailbox; /* UTF-8 name, or NULL */
	gint64 job;
	JobState job_state;
	const GError *error;
	const GPtrArray *changes;
	NoticeKind notice;
	const char *text;
	guint count;
} ControllerEvent;
typedef void (*ControllerEventFunc)(const ControllerEvent *event,
				    gpointer user);

/* ---- life ---- */

/**
 * ControllerOptions:
 * @offline: never connect; changes are journaled only
 * @passive: answer from the store alone; no sync, no lock (folders, list, …)
 * @account: (nullable): only this account
 * @trace: (nullable): file for the redacted trace
 * @ask_password: the caller can answer %CONTROLLER_EVENT_PASSWORD
 * @batch: a command: nothing happens but what jobs ask for, and what cannot be
 *   done now fails now; %false: a screen, which is kept in sync
 */
typedef struct {
	bool offline;
	bool passive;
	const char *account;
	const char *trace;
	bool ask_password;
	bool batch;
} ControllerOptions;

/**
 * controller_new:
 * @config: borrowed, must outlive the controller
 *
 * Opens the stores read-only and shows what they hold; nothing is sent before
 * controller_start().
 */
Controller *controller_new(const Config *config,
			   const ControllerOptions *options,
			   ControllerEventFunc event, gpointer user,
			   GError **error);
/** controller_start: starts keepers, workers and the reader thread. */
bool controller_start(Controller *controller, GError **error);
/** controller_free: (nullable): stops all; waits at most a second for the
 * network, and as long as needed for what must be on disk. */
void controller_free(Controller *controller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Controller, controller_free)

guint controller_n_accounts(const Controller *controller);
Account *controller_account(Controller *controller, guint index);
/** controller_find_account: (nullable) */
Account *controller_find_account(Controller *controller, const char *name);
/** controller_retry_now: connect at once, check mail now (^R) */
void controller_retry_now(Controller *controller);
/** controller_release: gives the sync role up before the process is stopped
 * (^Z); controller_resume() asks for it again */
void controller_release(Controller *controller);
void controller_resume(Controller *controller);

/* ---- an account ---- */

const AccountConfig *account_config(const Account *account);
const char *account_name(const Account *account);

Connection account_connection(const Account *account);

/** account_waiting: changes that wait for the server */
guint account_waiting(const Account *account);
guint account_failed(const Account *account);

Progress account_progress(const Account *account);

/** account_set_password: @password: (nullable): %NULL: not given; wiped by the
 * callee */
void account_set_password(Account *account, char *password);
/** account_certificate: (nullable): the one that was refused last */
const CertificateInfo *account_certificate(const Account *account);
/** account_pin_certificate: writes the pin to the configuration, reconnects */
bool account_pin_certificate(Account *account, GError **error);

/* ---- mailboxes ---- */

/**
 * account_mailboxes:
 *
 * Returns: (transfer full): array of #Mailbox, roles first in their fixed
 * order, then by name, parents before children; one scan of kept counts
 */
GPtrArray *account_mailboxes(Account *account, GError **error);
/** account_find_mailbox: by UTF-8 name, "=raw" name, or role name ("inbox")
 * Returns: (transfer full) (nullable) */
Mailbox *account_find_mailbox(Account *account, const char *name,
			      GError **error);
/** account_role_mailbox: Returns: (transfer full) (nullable) */
Mailbox *account_role_mailbox(Account *account, MailboxRole role);

/* ---- a list of messages, with its window and its selection ---- */

typedef enum {
	LIST_ORDER_DATE,   /* newest first */
	LIST_ORDER_THREAD, /* threads by newest, oldest first inside */
} ListOrder;

typedef struct MessageList MessageList;
/**
 * message_list_open:
 * @mailbox: UTF-8 name
 * @height: rows of the window
 *
 * Opens @mailbox from the store: a screenful is read, whatever its size. The
 * worker is told that the user looks at it now. A mailbox that was never
 * synced opens empty and fills.
 */
MessageList *message_list_open(Account *account, const char *mailbox,
			       ListOrder order, guint height, GError **error);
/** message_list_free: (nullable) */
void message_list_free(MessageList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageList, message_list_free)

Account *message_list_account(const MessageList *list);
/** message_list_mailbox: counts are of this moment */
const Mailbox *message_list_mailbox(const MessageList *list);
ListOrder message_list_order(const MessageList *list);
bool message_list_set_order(MessageList *list, ListOrder order, GError **error);
void message_list_set_height(MessageList *list, guint height);
/** message_list_set_scroll: rows the window moves by when the selection leaves
 * it: 0 half its height, 1 a line, 2 a page */
void message_list_set_scroll(MessageList *list, guint mode);

/** message_list_rows: (element-type MessageRow): the window, at most @height
 * rows; the row of a message whose change is not journaled yet shows it */
const GPtrArray *message_list_rows(const MessageList *list);
/** message_list_selected: index in the window, -1 in an empty list */
gint message_list_selected(const MessageList *list);
const MessageRow *message_list_selected_row(const MessageList *list);
/** message_list_position: of the selected row, from 1; 0 in an empty list;
 * cost does not grow with the mailbox */
guint message_list_position(MessageList *list);
/** message_list_total: rows of the list as filtered */
guint message_list_total(const MessageList *list);
/** message_list_complete: the store knows all of the mailbox: no backfill is
 * outstanding */
bool message_list_complete(const MessageList *list);
/** message_list_changed_at: µs, monotonic: when a remote change last put
 * another message under the selection; keys that remove are ignored for 500 ms
 * after it (SCREENS.md section 1) */
gint64 message_list_changed_at(const MessageList *list);
/** message_list_new_above: messages that came above the window's top row */
guint message_list_new_above(const MessageList *list);

/* Each returns whether the selection or the window changed. */
bool message_list_step(MessageList *list, gint rows);
bool message_list_page(MessageList *list, gint half_pages);
bool message_list_first(MessageList *list);
bool message_list_last(MessageList *list);
/** message_list_next_unread: the next unread row below, else from the top */
bool message_list_next_unread(MessageList *list);
/** message_list_select: by local id, the window follows */
bool message_list_select(MessageList *list, gint64 id);
/** message_list_select_index: a row of the window (mouse) */
bool message_list_select_index(MessageList *list, guint index);
/** message_list_step_thread: first row of the next or previous thread */
bool message_list_step_thread(MessageList *list, gint direction);

/** message_list_tag: tags or untags a row; tags stay when it scrolls away */
void message_list_tag(MessageList *list, gint64 id, bool tagged);
bool message_list_is_tagged(const MessageList *list, gint64 id);
guint message_list_n_tagged(const MessageList *list);
void message_list_clear_tags(MessageList *list);
/** message_list_tagged: (transfer full): array of gint64 */
GArray *message_list_tagged(const MessageList *list);

/**
 * message_list_filter:
 * @text: (nullable): a query (controller-query.h); %NULL shows all
 *
 * The reader thread finds; hits come in list order, the first screenful at
 * once; %CONTROLLER_EVENT_MESSAGES tells. A newer filter cancels the older.
 * An error in the query is returned at once, with its position.
 */
bool message_list_filter(MessageList *list, const char *text, GError **error);
const char *message_list_filter_text(const MessageList *list);

/* ---- reading a message ---- */

/** READ_FOLD_AFTER: quoted lines that are not folded */
#define READ_FOLD_AFTER 6u
/** ReadOptions: @width: columns of text; @plain: prefer plain text to HTML;
 * @headers: 0 short, 1 all, 2 source (without @lines); @section: (nullable):
 * show this part; @fold_quotes: runs of more than %READ_FOLD_AFTER quoted
 * lines become one line */
typedef struct {
	guint width;
	bool plain;
	guint headers;
	const char *section;
	bool fold_quotes;
} ReadOptions;

/** MessageTextState */
typedef enum {
	MESSAGE_TEXT_LOADING, /* asked for; rows of the header may be there */
	MESSAGE_TEXT_READY,
	MESSAGE_TEXT_OFFLINE, /* not kept here and no connection; comes
				 further by itself where there may be one */
	MESSAGE_TEXT_FAILED,  /* @error says why */
} MessageTextState;
/**
 * MessageText: a message as the reader shows it; owned by the caller, filled
 * by the reader thread through the controller's context
 * @row: its row; %NULL only where the message is not there (failed)
 * @reply_to: (nullable) (element-type Address)
 * @headers: (element-type TextLine) (nullable): all headers or the source,
 *   when asked for; the short ones ui makes from @row
 * @lines: (element-type TextLine): the text. A line that stands for folded
 *   quotes is a decimal number, how many lines they are, and nothing else, as
 *   one span of %TEXT_NOTE; ui makes a sentence of it
 * @structure: (nullable): part tree
 * @section: section of the part shown
 * @is_html: @lines were made from HTML; @has_other: the other form exists
 * @links: (element-type utf8): numbered from 1, filtered
 * @cautions: (element-type utf8): hosts of links that show another host,
 *   "shown\nreal"
 * @remote_pictures: not loaded
 */
typedef struct {
	Account *account;
	MessageTextState state;
	char *error;
	MessageRow *row;
	GPtrArray *reply_to;
	GPtrArray *headers;
	GPtrArray *lines;
	Part *structure;
	char *section;
	bool is_html;
	bool has_other;
	GPtrArray *links;
	GPtrArray *cautions;
	guint remote_pictures;
} MessageText;

/** MessageTextFunc: called again whenever @text came further; the last time
 * with a state other than loading */
typedef void (*MessageTextFunc)(MessageText *text, gpointer user);
/**
 * account_read:
 *
 * Asks for the text of a message. @func is called at once with what the store
 * has, later with the rest. A newer request of the same account cancels the
 * older one: its @func is not called again.
 *
 * Returns: (transfer none): valid until the next account_read() or
 * account_read_close()
 */
MessageText *account_read(Account *account, gint64 id,
			  const ReadOptions *options, MessageTextFunc func,
			  gpointer user);
void account_read_close(Account *account);

/**
 * account_save_part:
 * @section: "" for the whole message
 * @folder: existing folder
 * @name: (nullable): wanted file name; made safe; never over a file
 *
 * Returns: job id; when done the event's @text is the path written
 */
gint64 account_save_part(Account *account, gint64 id, const char *section,
			 const char *folder, const char *name);
/** account_fetch_part: brings a part, decoded, to memory: the event's @text is
 * not it; account_take_bytes() is. For show --raw, --part. */
gint64 account_fetch_part(Account *account, gint64 id, const char *section,
			  bool raw);
/** account_take_bytes: (transfer full) (nullable): result of a done job */
GBytes *account_take_bytes(Account *account, gint64 job);

/* ---- changing mail; each returns a job id, or 0 with @error ---- */

gint64 account_flag(Account *account, const gint64 *ids, guint n,
		    const MailFlags *add, const MailFlags *remove,
		    GError **error);
gint64 account_move(Account *account, const gint64 *ids, guint n,
		    const char *dest, GError **error);
gint64 account_copy(Account *account, const gint64 *ids, guint n,
		    const char *dest, GError **error);
/** account_delete: to Trash; in Trash, or with @forever, for ever: the caller
 * has asked */
gint64 account_delete(Account *account, const gint64 *ids, guint n,
		      bool forever, GError **error);
gint64 account_folder_create(Account *account, const char *name,
			     GError **error);
gint64 account_folder_rename(Account *account, const char *name,
			     const char *new_name, GError **error);
gint64 account_folder_delete(Account *account, const char *name,
			     GError **error);
gint64 account_folder_subscribe(Account *account, const char *name,
				bool subscribe, GError **error);

/** account_undo: @group: 0 for the last that can be undone; the event tells
 * what was taken back in @changes */
gint64 account_undo(Account *account, gint64 group, GError **error);
/** account_queue: (transfer full): array of #Change, open ones oldest first;
 * @history: the last 200 closed ones, newest first */
GPtrArray *account_queue(Account *account, bool history, GError **error);
gint64 account_queue_retry(Account *account, gint64 change, GError **error);
gint64 account_queue_drop(Account *account, gint64 change, GError **error);

/* ---- drafts ---- */

/**
 * account_draft_append:
 * @message: a whole message, as it shall be stored but for what is missing
 * @replace_uid: UID in Drafts of the draft it replaces, 0 for a new one
 *
 * `pennon draft`: on disk, journaled, appended; the event's changes carry the
 * UID.
 */
gint64 account_draft_append(Account *account, GBytes *message,
			    guint32 replace_uid, GError **error);

typedef struct Draft Draft;
/** DraftStart: how a draft begins */
typedef enum {
	DRAFT_NEW,
	DRAFT_REPLY,
	DRAFT_REPLY_ALL,
	DRAFT_FORWARD,
	DRAFT_RESUME, /* a message of Drafts, or one kept here */
} DraftStart;
/** DraftFunc: the draft is ready to be edited, saved, uploaded, or failed:
 * look at draft_state() */
typedef void (*DraftFunc)(Draft *draft, gpointer user);
typedef enum {
	DRAFT_LOADING,
	DRAFT_READY,    /* draft_edit_path() may be edited */
	DRAFT_SAVED,    /* durable here */
	DRAFT_UPLOADED, /* on the server too */
	DRAFT_FAILED,
} DraftState;
/**
 * draft_open:
 * @id: the message answered, forwarded or resumed; 0 for a new one
 * @attribution: (nullable): line above the quoted text, translated by the
 *   caller, "%s" replaced already
 */
Draft *draft_open(Account *account, DraftStart start, gint64 id,
		  const char *attribution, DraftFunc func, gpointer user);
/** draft_resume: a draft kept here, by UUID (after a crash); fails where it is
 * open already, here or in another process */
Draft *draft_resume(Account *account, const char *uuid, DraftFunc func,
		    gpointer user);
DraftState draft_state(const Draft *draft);
const char *draft_error(const Draft *draft);
/** draft_uuid: (nullable): its name on this machine; %NULL while it loads */
const char *draft_uuid(const Draft *draft);
/** draft_edit_path: (nullable): %NULL while it loads; text file with headers
 * From, To, Cc, Bcc, Subject, a blank line and the text; for $EDITOR; lies in
 * the account's state folder, 0600 */
const char *draft_edit_path(const Draft *draft);
/** draft_edited: the file may have changed: it is saved durably if so; called
 * while the editor runs and after it */
void draft_edited(Draft *draft);
/**
 * draft_set_header:
 * @name: "To", "Cc", "Bcc", "Subject", "Reply-To", "From"
 * @value: UTF-8; "" takes the field away
 *
 * Not while an editor runs. The #DraftFunc is told: saved, or failed with the
 * draft as it was.
 */
void draft_set_header(Draft *draft, const char *name, const char *value);
/** draft_attach: a file, read on another thread; answered likewise */
void draft_attach(Draft *draft, const char *path);
/** draft_detach: @index into draft_attachments() */
void draft_detach(Draft *draft, guint index);
/** draft_header: To, Cc, Bcc, Subject, From as they stand now */
const char *draft_header(const Draft *draft, const char *name);
/** draft_preview: (element-type TextLine): the text as it stands */
const GPtrArray *draft_preview(const Draft *draft);
/** draft_attachments: (element-type Part) */
const GPtrArray *draft_attachments(const Draft *draft);
/** draft_saved_at, draft_uploaded: for "draft saved 14:02, uploaded" */
gint64 draft_saved_at(const Draft *draft);
bool draft_uploaded(const Draft *draft);
/** draft_postpone: to Drafts on the server; the draft is closed and freed once
 * it is journaled; @draft must not be used afterwards
 * Returns: job id */
gint64 draft_postpone(Draft *draft);
/** draft_discard: the local text goes, the server's copy goes to Trash (for
 * ever where there is no Trash, or where it lies there); frees @draft.
 * Returns: job */
gint64 draft_discard(Draft *draft);
/** draft_close: frees @draft; text stays as saved */
void draft_close(Draft *draft);
/** account_local_drafts: (transfer full): UUIDs of drafts that were left open
 * or are not uploaded, last saved first: offered at the start after a crash.
 * Those open now, here or in another process, are not in it. */
GPtrArray *account_local_drafts(Account *account);

/* ---- sync, search, check: for batch commands ---- */

/**
 * account_sync:
 * @mailboxes: (nullable): %NULL-terminated UTF-8 names, %NULL for all
 *
 * Folder list, headers, flags; queue replayed; done when all is confirmed.
 */
gint64 account_sync(Account *account, const char *const *mailboxes);
/** account_sync_results: (transfer none) (element-type SyncResult): of the
 * last sync that is done */
const GPtrArray *account_sync_results(const Account *account);

/**
 * account_list:
 * @query: (nullable): see controller-query.h
 * @limit: 0 for all
 * @func: one call a row, newest first; returns %false to stop
 *
 * For batch commands: reads the store at length. Never called by a screen.
 */
typedef bool (*MessageRowFunc)(const MessageRow *row, gpointer user);
bool account_list(Account *account, const char *mailbox, const char *query,
		  guint limit, MessageRowFunc func, gpointer user,
		  GError **error);
/** AccountFoundFunc: @ids: (element-type gint64): newest first; @more: there
 * are more than the limit; @error: (nullable): %CONTROLLER_ERROR, @ids is empty
 * then */
typedef void (*AccountFoundFunc)(const GArray *ids, bool more,
				 const GError *error, gpointer user);
/**
 * account_find:
 * @query: (nullable): %NULL for all
 * @limit: so many at most
 * @free_user: (nullable): called on @user behind @func, or without it where
 *   the controller ends before
 *
 * For screens: the reader thread looks, @func is called once. An error in the
 * query is returned at once.
 */
bool account_find(Account *account, const char *mailbox, const char *query,
		  guint limit, AccountFoundFunc func, gpointer user,
		  GDestroyNotify free_user, GError **error);
/** account_row_by_uid: (transfer full) (nullable) */
MessageRow *account_row_by_uid(Account *account, const char *mailbox,
			       guint32 uid);
/**
 * account_resolve_uids:
 * @uids: "4,7:9,12:*"; "*" is resolved against the store
 * @ret_missing: (transfer full): those not there, "" if none
 *
 * Returns: (transfer full): array of gint64 local ids, in UID order
 */
GArray *account_resolve_uids(Account *account, const char *mailbox,
			     const char *uids, char **ret_missing,
			     GError **error);

/** account_search_server: job; hits by account_search_hits() when done: array
 * of guint32: UIDs in @mailbox, ascending */
gint64 account_search_server(Account *account, const char *mailbox,
			     const char *query, GError **error);
const GArray *account_search_hits(const Account *account);

/** account_check: connects and reports: a job; facts when done (or failed) */
gint64 account_check(Account *account);
/** account_check_facts: (element-type CheckFact) */
const GPtrArray *account_check_facts(const Account *account);
/** account_cancel: stops a job between two steps; what was done stays */
void account_cancel(Account *account, gint64 job);
