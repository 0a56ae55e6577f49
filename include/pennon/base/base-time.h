/* base-time.h - times as text; all times are µs since 1970, UTC */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** time_to_rfc3339: "2026-11-24T14:02:11Z". Returns: (transfer full) */
char *time_to_rfc3339(gint64 us);
/** time_to_local_minute: "2026-11-24 15:02" in the user's zone.
 * Returns: (transfer full) */
char *time_to_local_minute(gint64 us);
/** time_day_to_text: @day: days since 1970-01-01; "2026-11-24".
 * Returns: (transfer full) */
char *time_day_to_text(gint32 day);
/** time_day_from_text: "2026-11-24". Returns: %false if it is no day */
bool time_day_from_text(const char *text, gint32 *ret_day);
/** time_to_imap: "24-Nov-2026 14:02:11 +0000" (RFC 9051 date-time, without the
 * quotes). Returns: (transfer full) */
char *time_to_imap(gint64 us);
/** time_from_utc: a civil time in UTC; out-of-range values are clamped */
gint64 time_from_utc(gint year, guint month, guint day, guint hour,
		     guint minute, guint second);
