/* ui-view.h - a view is a table of functions; the screen holds a stack */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "controller.h"
#include "ui-action.h"
#include "ui-term.h"
#include "ui-text.h"
#include "ui.h"

typedef struct Ui Ui;
typedef struct UiView UiView;

/**
 * UiTop: the view's words on the top line, filled by UiViewClass.top
 * @place: "work/Inbox"; never left out
 * @view: what differs from plain: "by thread"; may stay empty
 * @counts: "4 unread, 2 due"; goes first where room is short
 * @position: "7 of 100,231"
 * @position_short: the same without its total
 * @fresh: (nullable): instead of the account's freshness ("" for none)
 */
typedef struct {
	GString *place;
	GString *view;
	GString *counts;
	GString *position;
	GString *position_short;
	char *fresh;
} UiTop;

/** UI_TARGET_MAX: so many messages are acted on without a plan */
#define UI_TARGET_MAX 100u

/**
 * UiTarget: what the next command acts on
 * @ids: (owned): array of gint64
 * @row: the row under the selection, (nullable)
 * @list: (nullable): the list it stands in
 * @tagged: @ids are the tagged ones
 */
typedef struct {
	Account *account;
	MessageList *list;
	const MessageRow *row;
	GArray *ids;
	bool tagged;
} UiTarget;

/**
 * UiViewClass: any function but @draw and @free may be %NULL
 * @top: fills @top, which is empty
 * @draw: into @rect alone, from what is in memory: reads nothing
 * @key: before the key tables; returns %true if it took @key
 * @action: returns %true if it knows @action; @argument: (nullable): behind a
 *   command name
 * @offers: the key line: actions in order of use, closed by %UI_ACTION_NONE;
 *   help is added by the screen
 * @target: what messages commands act on; %false: nothing here
 * @hint: (transfer full) (nullable): for the left of the status line while no
 *   notice stands there
 * @status: (transfer full) (nullable): for the right of the status line,
 *   before waiting and work ("Line 1 of 26, 80 %")
 * @event: from the controller; redraw comes by itself
 * @resize: the size changed; @rect as draw will get it
 * @shown: it is the top view again
 */
typedef struct {
	UiPlace place;
	void (*top)(UiView *view, UiTop *top);
	void (*draw)(UiView *view, UiRect rect);
	bool (*key)(UiView *view, UiKey key);
	bool (*action)(UiView *view, UiAction action, const char *argument);
	const UiAction *(*offers)(UiView *view);
	bool (*target)(UiView *view, UiTarget *target);
	char *(*hint)(UiView *view);
	char *(*status)(UiView *view);
	void (*event)(UiView *view, const ControllerEvent *event);
	void (*resize)(UiView *view, UiRect rect);
	void (*shown)(UiView *view);
	void (*free)(UiView *view);
} UiViewClass;

/** UiView: embedded as the first member of a view of one's own */
struct UiView {
	const UiViewClass *class;
	Ui *ui;
};

/* ---- the stack ---- */

/** ui_push: (transfer full): @view is on top and drawn next */
void ui_push(Ui *ui, UiView *view);
/** ui_pop: frees the top view (with its prompt); never the last one */
void ui_pop(Ui *ui);
/** ui_drop: takes @view out, wherever it is, and frees it */
void ui_drop(Ui *ui, UiView *view);
UiView *ui_top_view(Ui *ui);
/** ui_below: (nullable): the view under @view */
UiView *ui_below(Ui *ui, const UiView *view);
/** ui_find: (nullable): the topmost view of @class */
UiView *ui_find(Ui *ui, const UiViewClass *class);
/** ui_content: the rectangle between top line and status line */
UiRect ui_content(Ui *ui);
/** ui_cursor: called by draw: where the cursor shall stand */
void ui_cursor(Ui *ui, int y, int x);
/** ui_redraw: a frame is drawn once all keys that wait were taken */
void ui_redraw(Ui *ui);

/* ---- what views need of the rest ---- */

Controller *ui_controller(Ui *ui);
UiTerm *ui_term(Ui *ui);
const UiConfig *ui_config(Ui *ui);
Config *ui_whole_config(Ui *ui);
const UiOptions *ui_options(Ui *ui);
/** ui_account: the account in front of the user */
Account *ui_account(Ui *ui);
void ui_set_account(Ui *ui, Account *account);
/** ui_act: @action as if its key had been pressed in the top view */
void ui_act(Ui *ui, UiAction action, const char *argument);
/** ui_target: of the top view; clear with ui_target_clear() */
bool ui_target(Ui *ui, UiTarget *ret_target);
void ui_target_clear(UiTarget *target);
/** ui_quit: ends the loop; nothing more is asked */
void ui_quit(Ui *ui);

/**
 * ui_hand_over: the terminal belongs to a child: no key is read, nothing is
 * drawn; loop and events go on. ui_take_back() paints all.
 */
void ui_hand_over(Ui *ui);
void ui_take_back(Ui *ui);
/** UiChildFunc: @status: as waitpid() gives it, -1: it did not start */
typedef void (*UiChildFunc)(Ui *ui, int status, gpointer user);
/** ui_run_child: @argv with the terminal handed over; @func once it is back.
 * Returns: %false with @error; @func is not called then */
bool ui_run_child(Ui *ui, const char *const *argv, UiChildFunc func,
		  gpointer user, GError **error);

/**
 * ui_watch_job: @func is called when @job is journaled and when it ends; an
 * error it does not report is the caller's to show
 */
typedef void (*UiJobFunc)(Ui *ui, const ControllerEvent *event, gpointer user);
void ui_watch_job(Ui *ui, Account *account, gint64 job, UiJobFunc func,
		  gpointer user);
/** ui_watch_job_full: @free_user: (nullable): called on @user behind the last
 * call of @func, or at the end of the program */
void ui_watch_job_full(Ui *ui, Account *account, gint64 job, UiJobFunc func,
		       gpointer user, GDestroyNotify free_user);
/** ui_forget_jobs: no func with @user is called any more (a view goes away) */
void ui_forget_jobs(Ui *ui, gconstpointer user);
