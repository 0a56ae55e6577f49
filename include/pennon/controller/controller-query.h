/* controller-query.h - what a person types to find messages */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "controller-config.h"

/*
 * Words stand for all of them, each a substring of sender, subject or
 * recipients, case and accents aside; "two words" in quotes are one.
 *
 *	from:ada  subject:"the bill"  to:bob
 *	is:unread is:read is:flagged is:important is:answered is:draft
 *	is:deleted  has:attachment  label:NAME (a keyword)
 *	before:2026-11-01 after:2026-10-01 on:2026-11-24 (days in the user's
 *	zone; also 7d, 2w, 3m, 1y: that long ago)
 *	larger:1M smaller:20K
 *	-word, -is:read: not;  a OR b;  (a b)
 *
 * "a b OR c" is "(a b) OR c". after: has its day, before: has not. larger: and
 * smaller: are without the size itself; K is 1024. Keys are known in any case;
 * a key that is not known is an error, in quotes it is a text.
 */

/** QUERY_TEXT_MAX: bytes of a query */
#define QUERY_TEXT_MAX 4096u

/** query_check: @now: µs since 1970. Returns: %false with
 * %CONTROLLER_ERROR_USAGE, which names the word and its column from 1 */
bool query_check(const char *text, gint64 now, GError **error);
/** query_to_imap: SEARCH keys (RFC 9051 section 6.4.4) as
 * imap_session_search() takes them: atoms, and values with "=" before them;
 * what a server cannot find is an error.
 * Returns: (transfer full) (nullable): %NULL-terminated */
char **query_to_imap(const char *text, gint64 now, GError **error);
