/* ui-notice.h - what the status line tells, and the log of all it told */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "ui-view.h"

typedef enum {
	UI_NOTICE_PLAIN,
	UI_NOTICE_UNDO, /* stays until the next command that changes mail */
	UI_NOTICE_WARNING,
	UI_NOTICE_ERROR, /* goes by Esc, or when its cause is gone */
} UiNoticeKind;

/** UiNotice: one line of the messages screen; @at: µs since 1970; @account:
 * (nullable): its name; @text: without "error: " */
typedef struct {
	gint64 at;
	UiNoticeKind kind;
	char *account;
	char *text;
} UiNotice;
/** UI_NOTICE_LOG_MAX: older ones are forgotten */
#define UI_NOTICE_LOG_MAX 500u

/** ui_notice: @format: (translated): a whole sentence without a full stop */
void ui_notice(Ui *ui, UiNoticeKind kind, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/** ui_notice_for: the same, of an account; @cause: (nullable): an error with a
 * cause stays until ui_notice_over() names it */
void ui_notice_for(Ui *ui, UiNoticeKind kind, Account *account,
		   const char *cause, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
void ui_notice_over(Ui *ui, Account *account, const char *cause);
/** ui_error: @error as an error line; its words are the server's where it is
 * %CONTROLLER_ERROR_REFUSED: filtered, at most 200 characters */
void ui_error(Ui *ui, Account *account, const GError *error);
/** ui_warn: the same as a warning: what was typed does not go */
void ui_warn(Ui *ui, const GError *error);
/** ui_notice_log: (element-type UiNotice): oldest first */
const GPtrArray *ui_notice_log(Ui *ui);
