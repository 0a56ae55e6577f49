/* mime-edit.h - a draft as a text file for an editor, and back */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "mime-error.h"
#include "mime-message.h"

/** MIME_EDIT_MAX: bytes of an edited text */
#define MIME_EDIT_MAX ((gsize)16 << 20)

/**
 * mime_edit_text:
 *
 * From, To, Cc, Bcc, Subject (and Reply-To where there is one), an empty line
 * and the text, in UTF-8 with LF. Controls become U+FFFD: an editor may obey
 * them. A draft that is HTML alone is given as rendered.
 *
 * Returns: (transfer full)
 */
char *mime_edit_text(const MimeMessage *draft);
/**
 * mime_edit_apply:
 * @draft: what mime_edit_text() was made of
 * @text: as it came back
 * @error: %MIME_ERROR_ADDRESS, %MIME_ERROR_EDIT (with the line),
 *   %MIME_ERROR_LIMIT
 *
 * A field that is not there any more is taken away, but for From. What was not
 * changed stays byte for byte. Where the text was changed, the HTML that said
 * the same goes: see mime_edit_loses_html().
 *
 * Returns: (transfer full) (nullable): the new draft
 */
GBytes *mime_edit_apply(const MimeMessage *draft, const char *text, gsize len,
			GError **error);
/** mime_edit_loses_html: a change of the text would take its HTML form away */
bool mime_edit_loses_html(const MimeMessage *draft);
