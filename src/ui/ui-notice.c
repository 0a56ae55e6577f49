/* ui-notice.c - what the status line tells, and the log of all it told */
#include "ui-private.h"

#include <stdarg.h>
#include <string.h>

#include "base-text.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "words.h"

#define STAY_US (4 * G_USEC_PER_SEC)
/* characters of a server's own words */
#define WORDS_MAX 200

/* what is shown, or waits to be */
typedef struct {
	UiNotice notice;
	char *cause;
	const Account *account;
	gint64 came; /* monotonic µs */
} Shown;

/**
 * UiNotices:
 * @log: of UiNotice, oldest first
 * @errors: of Shown, those whose cause is not gone, newest last
 * @warning, @plain: the newest of their kind, or NULL
 */
struct UiNotices {
	GPtrArray *log;
	GPtrArray *errors;
	Shown *warning;
	Shown *plain;
};

static void
notice_free(gpointer data)
{
	UiNotice *notice = data;

	g_free(notice->account);
	g_free(notice->text);
	g_free(notice);
}

static void
shown_free(gpointer data)
{
	Shown *shown = data;

	g_free(shown->notice.account);
	g_free(shown->notice.text);
	g_free(shown->cause);
	g_free(shown);
}

UiNotices *
ui_notices_new(void)
{
	UiNotices *notices = g_new0(UiNotices, 1);

	notices->log = g_ptr_array_new_with_free_func(notice_free);
	notices->errors = g_ptr_array_new_with_free_func(shown_free);
	return notices;
}

void
ui_notices_free(UiNotices *notices)
{
	if (notices == NULL)
		return;
	g_ptr_array_unref(notices->log);
	g_ptr_array_unref(notices->errors);
	g_clear_pointer(&notices->warning, shown_free);
	g_clear_pointer(&notices->plain, shown_free);
	g_free(notices);
}

const GPtrArray *
ui_notice_log(Ui *ui)
{
	return ui->notices->log;
}

static void
log_notice(UiNotices *notices, const UiNotice *notice)
{
	UiNotice *copy = g_new0(UiNotice, 1);

	*copy = *notice;
	copy->account = g_strdup(notice->account);
	copy->text = g_strdup(notice->text);
	if (notices->log->len >= UI_NOTICE_LOG_MAX)
		g_ptr_array_remove_index(notices->log, 0);
	g_ptr_array_add(notices->log, copy);
}

/* the same error once more is the same error */
static void
show_error(UiNotices *notices, Shown *shown)
{
	for (guint i = 0; i < notices->errors->len; i++) {
		Shown *other = notices->errors->pdata[i];

		if (other->account == shown->account &&
		    (g_str_equal(other->notice.text, shown->notice.text) ||
		     (shown->cause != NULL &&
		      g_strcmp0(other->cause, shown->cause) == 0))) {
			g_ptr_array_remove_index(notices->errors, i);
			break;
		}
	}
	g_ptr_array_add(notices->errors, shown);
}

static void
show(Ui *ui, UiNoticeKind kind, Account *account, const char *cause, char *text)
{
	UiNotices *notices = ui->notices;
	Shown *shown = g_new0(Shown, 1);

	shown->notice.at = ui_now();
	shown->notice.kind = kind;
	shown->notice.account =
	    account != NULL ? g_strdup(account_name(account)) : NULL;
	shown->notice.text = text;
	shown->cause = g_strdup(cause);
	shown->account = account;
	shown->came = g_get_monotonic_time();
	log_notice(notices, &shown->notice);
	if (kind == UI_NOTICE_ERROR) {
		show_error(notices, shown);
	} else if (kind == UI_NOTICE_WARNING) {
		g_clear_pointer(&notices->warning, shown_free);
		notices->warning = shown;
	} else {
		g_clear_pointer(&notices->plain, shown_free);
		notices->plain = shown;
	}
	ui_redraw(ui);
}

void
ui_notice(Ui *ui, UiNoticeKind kind, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	show(ui, kind, NULL, NULL, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

void
ui_notice_for(Ui *ui, UiNoticeKind kind, Account *account, const char *cause,
	      const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	show(ui, kind, account, cause, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

void
ui_notice_over(Ui *ui, Account *account, const char *cause)
{
	GPtrArray *errors = ui->notices->errors;

	for (guint i = errors->len; i > 0; i--) {
		const Shown *shown = errors->pdata[i - 1];

		if (shown->account == account &&
		    g_strcmp0(shown->cause, cause) == 0) {
			g_ptr_array_remove_index(errors, i - 1);
			ui_redraw(ui);
		}
	}
}

static char *
error_words(const GError *error)
{
	g_autofree char *message = words_translate(error->message);
	g_autofree char *clean = text_clean_line(message, -1);

	if (g_utf8_strlen(clean, -1) > WORDS_MAX)
		return g_utf8_substring(clean, 0, WORDS_MAX);
	return g_steal_pointer(&clean);
}

void
ui_error(Ui *ui, Account *account, const GError *error)
{
	g_autofree char *words = error_words(error);

	ui_notice_for(ui, UI_NOTICE_ERROR, account, NULL, "%s", words);
}

void
ui_warn(Ui *ui, const GError *error)
{
	g_autofree char *words = error_words(error);

	ui_notice(ui, UI_NOTICE_WARNING, "%s", words);
}

const UiNotice *
ui_notices_shown(const UiNotices *notices, guint *ret_more)
{
	guint n = notices->errors->len + (notices->warning != NULL) +
		  (notices->plain != NULL);

	*ret_more = n > 0 ? n - 1 : 0;
	if (notices->errors->len > 0) {
		const Shown *error =
		    notices->errors->pdata[notices->errors->len - 1];

		return &error->notice;
	}
	if (notices->warning != NULL)
		return &notices->warning->notice;
	return notices->plain != NULL ? &notices->plain->notice : NULL;
}

static bool
is_old(const Shown *shown)
{
	return shown != NULL && g_get_monotonic_time() - shown->came >= STAY_US;
}

void
ui_notices_key(UiNotices *notices)
{
	if (is_old(notices->warning))
		g_clear_pointer(&notices->warning, shown_free);
	if (is_old(notices->plain) &&
	    notices->plain->notice.kind != UI_NOTICE_UNDO)
		g_clear_pointer(&notices->plain, shown_free);
}

bool
ui_notices_clear(UiNotices *notices)
{
	if (notices->errors->len > 0) {
		g_ptr_array_remove_index(notices->errors,
					 notices->errors->len - 1);
		return true;
	}
	if (notices->warning != NULL) {
		g_clear_pointer(&notices->warning, shown_free);
		return true;
	}
	if (notices->plain == NULL)
		return false;
	g_clear_pointer(&notices->plain, shown_free);
	return true;
}

void
ui_notices_changing(UiNotices *notices)
{
	if (notices->plain != NULL &&
	    notices->plain->notice.kind == UI_NOTICE_UNDO)
		g_clear_pointer(&notices->plain, shown_free);
}
