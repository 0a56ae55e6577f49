/* imap-words.h - encoded words in file names; private to src/imap */
#pragma once

/** imap_words_decode: RFC 2047 encoded words in a parameter: not allowed there,
 * and sent all the same. Returns: (transfer full): valid UTF-8 */
char *imap_words_decode(const char *text);
