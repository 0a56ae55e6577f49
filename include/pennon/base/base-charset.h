/* base-charset.h - text in other charsets, and encoded words in headers */
#pragma once

#include <glib.h>

/**
 * charset_to_utf8:
 * @charset: as a sender wrote it, in any case
 *
 * What cannot be converted becomes U+FFFD; a text said to be ASCII or Latin-1
 * that is valid UTF-8 is taken as that, else as windows-1252. Not a filter.
 *
 * Returns: (transfer full) (nullable): valid UTF-8 without NUL; %NULL where
 * the charset is unknown
 */
char *charset_to_utf8(const char *text, gsize len, const char *charset);

/**
 * words_decode:
 * @value: of a header field, maybe folded
 *
 * Encoded words (RFC 2047), also where they are not allowed; those that stand
 * side by side in one charset are joined before they are converted. Bytes that
 * are not encoded are read as UTF-8, else as windows-1252. Line ends are left
 * out, other controls stay: not a filter.
 *
 * Returns: (transfer full): valid UTF-8 without CR, LF and NUL
 */
char *words_decode(const char *value, gsize len);
