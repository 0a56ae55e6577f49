/* ui-private.h - the screen as a whole; for the files that make it up */
#pragma once

#include "base-secret.h"
#include "ui-keys.h"
#include "ui-notice.h"
#include "ui-prompt.h"
#include "ui-view.h"

typedef struct UiLine UiLine;       /* an open prompt or question */
typedef struct UiNotices UiNotices; /* what the status line tells */
typedef struct UiFolders UiFolders; /* the mailboxes, as a tree */

/**
 * Ui:
 * @views: the stack, the top last
 * @account: in front of the user
 * @work_since: monotonic µs: since when work is under way, 0 for none
 * @waiting_since: the same of changes that wait
 * @on_tagged: ";" was pressed: the next command acts on the tagged
 * @last_key: monotonic µs
 * @passwords: (element-type Account): that wait to be asked for
 * @first_password: (nullable): typed in the wizard, for the first login
 */
struct Ui {
	Config *config;
	Config *own_config; /* what the wizard wrote */
	Secret *first_password;
	char *complaint; /* for standard error, at the end */
	const UiOptions *options;
	Controller *controller;
	UiTerm *term;
	UiKeys *keys;
	GMainLoop *loop;
	GPtrArray *views;
	Account *account;
	UiLine *line;
	UiNotices *notices;
	UiFolders *folders;
	GPtrArray *jobs;
	GPtrArray *passwords;
	GHashTable *histories; /* name → GPtrArray of char* */
	gint64 work_since;
	gint64 waiting_since;
	gint64 last_key;
	guint draw_source;
	guint later_source;
	guint esc_source;
	guint keys_source;
	guint signals_source;
	guint busy_source;
	guint child_source;
	int signals_fd;
	int child_pid;
	int cursor_y;
	int cursor_x;
	int status;
	bool handed_over;
	bool on_tagged;
	bool ended;
};

/* ---- ui-screen.c ---- */

void ui_draw(Ui *ui);
void ui_resized(Ui *ui);
/** ui_redraw_in: a frame in @ms at the latest, for what changes by time */
void ui_redraw_in(Ui *ui, guint ms);
void ui_clear_views(Ui *ui);
/** ui_event_views: to every view of the stack */
void ui_event_views(Ui *ui, const ControllerEvent *event);

/* ---- ui-bars.c: top line, status line, key line ---- */

void ui_bars_draw(Ui *ui);
/** ui_fresh_text: "online", "offline since 13:58". (transfer full) */
char *ui_fresh_text(const Connection *connection);
/** ui_is_disconnected: offline, refused or not trusted */
bool ui_is_disconnected(const Account *account);
/** ui_bars_key_rows: rows of the key line at this size */
int ui_bars_key_rows(Ui *ui);

/* ---- ui-dispatch.c ---- */

void ui_handle_key(Ui *ui, UiKey key);
void ui_handle_paste(Ui *ui, const char *text, gsize len);

/* ---- ui-prompt.c ---- */

bool ui_line_key(Ui *ui, UiKey key);
void ui_line_paste(Ui *ui, const char *text, gsize len);
/** ui_line_draw: in the status row, candidates above it */
void ui_line_draw(Ui *ui, int y, int columns);
/** ui_line_offers: the key line while it is open: pairs of key and word, both
 * (transfer full), in one array */
GPtrArray *ui_line_offers(Ui *ui);
void ui_line_free_histories(Ui *ui);

/* ---- ui-notice.c ---- */

UiNotices *ui_notices_new(void);
/** ui_notices_free: (nullable) */
void ui_notices_free(UiNotices *notices);
/** ui_notices_shown: (nullable): the one to show; @ret_more: that wait */
const UiNotice *ui_notices_shown(const UiNotices *notices, guint *ret_more);
/** ui_notices_key: a key was pressed: what has been there 4 s goes */
void ui_notices_key(UiNotices *notices);
/** ui_notices_clear: Esc; Returns: whether something went */
bool ui_notices_clear(UiNotices *notices);
/** ui_notices_changing: a command changes mail: an undo notice goes */
void ui_notices_changing(UiNotices *notices);

/** UI_REST_MS: so long after a key nobody is typing */
#define UI_REST_MS 700
/** ui_is_typing: a prompt is open, a child has the terminal, or a key came a
 * moment ago: nothing that takes keys opens by itself */
bool ui_is_typing(const Ui *ui);

/* ---- ui-jobs.c ---- */

/** ui_jobs_event: Returns: whether somebody waited for that job */
bool ui_jobs_event(Ui *ui, const ControllerEvent *event);
void ui_jobs_free(Ui *ui);

/* ---- ui-event.c ---- */

void ui_controller_event(const ControllerEvent *event, gpointer user);

/* ---- ui-child.c ---- */

/** ui_child_drop: a child that still runs is hung up on, not waited for */
void ui_child_drop(Ui *ui);
