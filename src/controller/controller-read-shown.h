/* controller-read-shown.h - a message rendered, for the reader and for answers;
 * private to src/controller */
#pragma once

#include "controller-fetch.h"
#include "mime-message.h"
#include "mime-render.h"

/** READ_WHOLE_MAX: bytes of a message that is fetched whole; of a larger one
 * only what is shown */
#define READ_WHOLE_MAX ((gint64)256 << 10)

/**
 * ReadShown:
 * @whole: (nullable): the whole message, if it was there
 * @header: (nullable): its header block
 * @structure: (nullable)
 * @text: (nullable): %NULL where only the source was asked for
 * @section: of the first part shown; "" if there is none
 * @has_other: the other form (plain, HTML) exists
 */
typedef struct {
	GBytes *whole;
	GBytes *header;
	Part *structure;
	MimeText *text;
	char *section;
	bool has_other;
} ReadShown;
/** read_shown_clear: */
void read_shown_clear(ReadShown *shown);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadShown, read_shown_clear)

/**
 * read_shown: on the reader thread
 *
 * Returns: as a #FetchWork; @ret_shown is to be cleared in any case
 */
bool read_shown(FetchView *view, const ReadOptions *options,
		ReadShown *ret_shown, GError **error);
/** read_fold_quotes: runs of more than %READ_FOLD_AFTER quoted lines become
 * one line each (see #MessageText). @lines: (transfer full).
 * Returns: (transfer full) */
GPtrArray *read_fold_quotes(GPtrArray *lines);
/** read_part_copy: Returns: (transfer full) */
Part *read_part_copy(const Part *root);
