/* controller-draft-private.h - an open draft; shared by the files draft*.c */
#pragma once

#include "controller-fetch.h"
#include "controller-private.h"
#include "mime-compose.h"

/** DraftLook: a draft as a screen shows it, made on the reader thread
 * @fields: lower-case name → value in UTF-8 */
typedef struct {
	GHashTable *fields;
	GPtrArray *preview;     /* of TextLine */
	GPtrArray *attachments; /* of Part */
} DraftLook;
/** draft_look_new: on the reader thread; (transfer full) */
DraftLook *draft_look_new(const MimeMessage *message);
/** draft_look_free: (nullable) */
void draft_look_free(DraftLook *look);

/** DraftAuthor: plain values of the configuration, for the reader thread */
typedef struct {
	Address *from;
	char *signature;
	char *state_folder;
} DraftAuthor;
void draft_author_set(DraftAuthor *author, const Account *account);
void draft_author_clear(DraftAuthor *author);

/**
 * DraftBegin: what a draft begins with; made on the reader thread
 * @start, @attribution, @author: asked for
 * @uuid: asked for in draft_resume(), else the result
 * @rev: of @text, as it is here or on the server; 0: none yet
 * @text: the draft; what the edit file was made of
 * @replace_uid: UID of the copy in Drafts it was taken from, 0: none
 * @dirty: not on the server as it is: is uploaded though it is not edited
 * @fresh: not on the disk yet
 * @edit_path, @edit_hash: file for the editor, and what was written there;
 *   @wrote_file: by this work
 */
typedef struct {
	Draft *draft; /* for the UI thread alone */
	DraftStart start;
	char *attribution;
	DraftAuthor author;
	char *uuid;
	guint rev;
	GBytes *text;
	guint32 replace_uid;
	bool dirty;
	bool fresh;
	char *edit_path;
	char *edit_hash;
	bool wrote_file;
	int lock; /* -1: none */
	DraftLook *look;
} DraftBegin;
/** draft_begin_work: a #FetchWork */
bool draft_begin_work(FetchView *view, gpointer data, GError **error);
void draft_begin_free(gpointer begin);

/**
 * DraftEdit: a look at the edit file, on the reader thread
 * @draft: for the UI thread alone
 * @base, @rev, @path, @hash: what it is compared with
 * @text: (nullable): the new text, stamped with @rev + 1; %NULL: not changed
 */
typedef struct {
	Draft *draft;
	DraftAuthor author;
	GBytes *base;
	char *uuid;
	guint rev;
	char *path;
	char *hash;
	GBytes *text;
	char *new_hash;
	DraftLook *look;
	GError *error;
} DraftEdit;
/** draft_edit_work: a #ReaderWork */
void draft_edit_work(ReaderTask *task, StoreReader *store, gint *cancelled,
		     gpointer data);
void draft_edit_free(gpointer edit);

/** DraftAlter: a change asked for on the review screen */
typedef struct DraftAlter DraftAlter;
void draft_alter_free(gpointer alter);

typedef enum {
	DRAFT_STAYS_OPEN,
	DRAFT_POSTPONED,
	DRAFT_CLOSED,
} DraftClosing;

struct Draft {
	Account *account; /* NULL once that has ended */
	DraftFunc func;   /* NULL once it is closed */
	gpointer user;
	DraftState state;
	char *error;
	char *info;

	Fetch *fetch;     /* of its beginning */
	ReaderTask *task; /* of a look at the edit file */
	bool again;       /* the file may have changed since that began */
	GQueue alters;    /* of DraftAlter: they wait for the look */

	char *uuid;
	guint rev;    /* of @text */
	GBytes *base; /* what the edit file was made of */
	GBytes *text; /* what is saved, or on its way to the disk */
	guint32 replace_uid;
	char *edit_path;
	char *edit_hash;
	bool edit_refused; /* what stands in the file cannot be taken */
	DraftLook *look;

	bool fresh;   /* began here: nothing is kept if it is not edited */
	bool dirty;   /* goes up even if it is not edited */
	bool edited;  /* since it was opened */
	bool unsaved; /* edited since the last save that is done */
	bool uploaded;

	gint64 save_job;   /* the last one, 0: it is done */
	gint64 upload_job; /* 0: none is under way */
	gint64 saved_at;   /* µs since 1970 */
	gint64 changed_at; /* monotonic µs */
	gint64 sent_at;    /* monotonic µs: last upload, 0: none */
	guint timer;

	int lock; /* -1: none */
	DraftClosing closing;
	gint64 end_job;
};

/* ---- controller-draft.c ---- */

/** draft_take: @text and @look: (transfer full): a newer text counts.
 * Returns: %false: it cannot be saved */
bool draft_take(Draft *draft, guint rev, GBytes *text, DraftLook *look);
/** draft_go_on: the task is over: the next one begins, or the end; @failed:
 * the user is told. May free @draft. */
void draft_go_on(Draft *draft, bool failed);

/* ---- controller-draft-alter.c ---- */

/** draft_alter_next: Returns: whether one began */
bool draft_alter_next(Draft *draft);

/* ---- controller-draft-save.c ---- */

void draft_free(Draft *draft);
/** draft_tell: @state: the user is told */
void draft_tell(Draft *draft, DraftState state);
void draft_set_error(Draft *draft, const GError *error);
/** draft_save: its text goes to the disk. Returns: %false: it cannot, and
 * draft_error() is set */
bool draft_save(Draft *draft);
/** draft_finish: it is closed, and the edit file was looked at once more: what
 * is to be kept is, then it is freed */
void draft_finish(Draft *draft);
/** draft_remove_file: the edit file: its text is safe elsewhere */
void draft_remove_file(const Draft *draft);

/* ---- controller-draft-local.c ---- */

/** draft_mailbox: (transfer full): wire name of Drafts; where none is known,
 * the name it will be made with */
char *draft_mailbox(Account *account);
/** draft_edit_file: (transfer full) (nullable): path of the file for $EDITOR */
char *draft_edit_file(const char *state_folder, const char *uuid);
/** draft_edit_is_newer: the editor wrote after the text was saved last */
bool draft_edit_is_newer(const char *state_folder, const char *uuid);

/* ---- controller-draft-lock.c ---- */

/** draft_lock: @ret_fd: the lock, -1 where there are no locks.
 * Returns: %false: it is open, in this process or another */
bool draft_lock(const char *edit_path, int *ret_fd, GError **error);
/** draft_unlock: @fd: -1: nothing to do */
void draft_unlock(const char *edit_path, int fd);
/** draft_is_locked: cheap enough for the UI thread */
bool draft_is_locked(const char *state_folder, const char *uuid);
