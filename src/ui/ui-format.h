/* ui-format.h - dates, sizes, numbers and names as people read them */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "controller.h"
#include "ui-term.h"

/* All: Returns: (transfer full); times are µs since 1970. */

/** ui_format_date: a list's 7 cells: "14:01", "Sun 22", "12 Nov", "2024-11" */
char *ui_format_date(gint64 at, gint64 now, bool iso);
/** ui_format_moment: the reader's: "today 13:40", "Sun 22 Nov 20:14" */
char *ui_format_moment(gint64 at, gint64 now);
/** ui_format_clock: "14:02"; with its day where that is not today */
char *ui_format_clock(gint64 at, gint64 now);
/** ui_format_day: "22 Nov", with its year where that is another */
char *ui_format_day(gint64 at, gint64 now);
/** ui_format_due: @day: days since 1970; @ret_overdue: (out) (optional) */
char *ui_format_due(gint32 day, gint64 now, bool *ret_overdue);
/** ui_format_size: "512", "4.2K", "78K", "2.1M" */
char *ui_format_size(gint64 bytes);
/** ui_format_number: "100,231" */
char *ui_format_number(guint64 number);
/** ui_format_seconds: "4 min", "8 s" */
char *ui_format_seconds(gint seconds);

/** ui_format_mailbox: a name as shown: roles in the user's language */
char *ui_format_mailbox(const Mailbox *mailbox);
/** ui_format_place: "work/Inbox", the account only if there are several */
char *ui_format_place(Controller *controller, const Account *account,
		      const Mailbox *mailbox);
/** ui_format_person: display name, else address; an address where the name
 * poses as another address; "you" for the account's own */
char *ui_format_person(const Account *account, const Address *address);
/** ui_format_address: "Ada Lovelace <ada@example.org>", "you" for one's own */
char *ui_format_address(const Account *account, const Address *address);
/** ui_is_own: one of the account's own addresses */
bool ui_is_own(const Account *account, const Address *address);
/** ui_now: µs since 1970 */
gint64 ui_now(void);
/** ui_letter_yes: the language's own letter for yes, besides 'y' */
gunichar ui_letter_yes(void);
