/* ui-list.h - the list of messages, with its columns and its preview */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "ui-view.h"

extern const UiViewClass ui_list_class;

/** ui_list_start: the first view, on mailbox @name; where that is not known
 * yet the inbox is opened as soon as it is */
bool ui_list_start(Ui *ui, const char *name, GError **error);
/** ui_list_open: another mailbox, in the same view; what lies above it goes */
void ui_list_open(Ui *ui, Account *account, const char *name);
/** ui_list_current: (nullable): the list that is open */
MessageList *ui_list_current(Ui *ui);
/** ui_list_draw_behind: list and preview right of the column that has the
 * focus; @rect: the whole content */
void ui_list_draw_behind(UiView *view, UiRect rect);

/* ---- ui-row.c: one row ---- */

/**
 * UiColumns: where things stand in a row (SCREENS.md section 4); 0 columns:
 * not there
 */
typedef struct {
	int width;
	int mark;
	int flag;
	int date;
	int sender;
	int sender_columns;
	int attachment;
	int subject;
	int subject_columns;
	int size;
} UiColumns;
UiColumns ui_columns(int width);

/** UiRowState: how a row is to be drawn, besides what it says
 * @first: first of the window: a subject is always shown */
typedef struct {
	Account *account;
	MailboxRole role;
	bool selected;
	bool focus;
	bool tagged;
	bool first;
	bool thread;
	const MessageRow *above; /* (nullable) */
} UiRowState;
void ui_row_draw(Ui *ui, UiRect rect, const UiColumns *columns,
		 const MessageRow *row, const UiRowState *state);

/** ui_label_name: (transfer full): of a keyword or label bit as shown, without
 * its "#" */
char *ui_label_name(const char *keyword);
/** ui_label_keyword: (transfer full): the other way round */
char *ui_label_keyword(const char *name);
/** ui_labels: (transfer full): wire names of what counts as a label */
GPtrArray *ui_labels(const MailFlags *flags);

/* ---- ui-preview.c ---- */

typedef struct UiPreview UiPreview;
UiPreview *ui_preview_new(Ui *ui);
/** ui_preview_free: (nullable) */
void ui_preview_free(UiPreview *preview);
/** ui_preview_follow: @row: (nullable): asked for after it rested 200 ms */
void ui_preview_follow(UiPreview *preview, Account *account,
		       const MessageRow *row, int columns);
/** ui_preview_stop: the reader takes over */
void ui_preview_stop(UiPreview *preview);
void ui_preview_draw(UiPreview *preview, UiRect rect);
/** ui_preview_scroll: Returns: %false at its end */
bool ui_preview_scroll(UiPreview *preview, int rows, int height);
