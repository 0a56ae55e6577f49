/* base-text.h - foreign text made safe for a terminal; its width */
#pragma once

#include <stdbool.h>

#include <glib.h>

/**
 * text_clean_line:
 * @text: bytes of any kind
 * @len: bytes, or -1
 *
 * What mail, servers and file systems send, for one line of a terminal: valid
 * UTF-8; controls (C0, C1, DEL), line ends and tabs become blanks, runs of
 * blanks stay; ESC and other starts of sequences become U+FFFD; bidirectional
 * controls, zero-width and invisible characters, tags, variation abuse and
 * private-use characters are left out or become U+FFFD; no more than eight
 * combining marks stay on one base.
 *
 * Returns: (transfer full)
 */
char *text_clean_line(const char *text, gssize len);
/** text_clean_lines: the same, but "\n" stays and tabs go to the next eighth
 * column. Returns: (transfer full) */
char *text_clean_lines(const char *text, gssize len);
/** text_to_utf8: @text as UTF-8: itself if it is, else read as windows-1252;
 * NUL becomes a blank. Not a filter. Returns: (transfer full) */
char *text_to_utf8(const char *text, gssize len);

/** text_cluster: bytes of the first cluster (a base and its marks, a flag, an
 * emoji sequence) of @text, at most @len bytes; @ret_width: its cells, 0 to 2
 */
gsize text_cluster(const char *text, gsize len, guint *ret_width);
/** text_width: cells of a line in UTF-8 */
guint text_width(const char *text, gssize len);
/** text_cut: bytes of @text that fit in @columns */
gsize text_cut(const char *text, gssize len, guint columns);
/** text_ellipsis: @text, cut to @columns with @mark in its last cells where it
 * is longer. Returns: (transfer full) */
char *text_ellipsis(const char *text, guint columns, const char *mark);
/** text_pad: @text cut or filled with blanks to exactly @columns.
 * Returns: (transfer full) */
char *text_pad(const char *text, guint columns);

/** text_fold: for searching: decomposed, case-folded, marks dropped.
 * Returns: (transfer full) */
char *text_fold(const char *text, gssize len);
/** text_is_ascii: no byte above 0x7f */
bool text_is_ascii(const char *text, gsize len);
