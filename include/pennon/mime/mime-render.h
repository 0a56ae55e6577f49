/* mime-render.h - parts of a message as lines for a screen */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "mime-message.h"
#include "model-part.h"
#include "model-text.h"

/** MIME_TEXT_MAX: bytes of one text part that are shown */
#define MIME_TEXT_MAX ((gsize)8 << 20)
/** MIME_HTML_MAX: bytes of HTML that are read */
#define MIME_HTML_MAX ((gsize)4 << 20)
/** MIME_LINES_MAX: lines of one text */
#define MIME_LINES_MAX 200000u
/** MIME_LINKS_MAX: links that get a number */
#define MIME_LINKS_MAX 1000u

/**
 * MimeRenderOptions:
 * @width: columns; 0 is taken as 80
 * @root: (nullable): the message's structure; names pictures that HTML
 *   refers to
 * @cancel: (nullable): set (g_atomic_int_set) by another thread to stop
 */
typedef struct {
	guint width;
	const Part *root;
	gint *cancel;
} MimeRenderOptions;

/** MimeCaution: a link that shows another host than it goes to
 * @link: its number, from 1
 * @shown, @real: hosts, filtered; @real is in ASCII (punycode) */
typedef struct {
	guint link;
	char *shown;
	char *real;
} MimeCaution;

/**
 * MimeText: parts as shown, one after the other
 * @lines: (element-type TextLine): filtered, no wider than asked for. Quoted
 *   lines begin with ">", ">>" … and a blank, whatever the sender wrote, and
 *   are one span. Links are followed by "[n]" or "[n! host]" in HTML and stand
 *   alone in plain text
 * @links: (element-type utf8): URLs, filtered; number n is index n - 1
 * @cautions: (element-type MimeCaution)
 * @remote_pictures: pictures elsewhere; nothing is ever loaded
 * @is_html: HTML was shown
 * @is_cut: a limit was reached: not all of it is shown
 */
typedef struct {
	GPtrArray *lines;
	GPtrArray *links;
	GPtrArray *cautions;
	guint remote_pictures;
	bool is_html;
	bool is_cut;
} MimeText;

/** mime_text_new: Returns: (transfer full): empty */
MimeText *mime_text_new(void);
/** mime_text_free: (nullable) */
void mime_text_free(MimeText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeText, mime_text_free)
/** mime_text_join: the lines with "\n" behind each; @with_signature: else it
 * ends before the line "-- ". Returns: (transfer full) */
char *mime_text_join(const MimeText *text, bool with_signature);

/**
 * mime_shown_parts:
 * @plain: plain text rather than HTML where both exist
 * @ret_has_other: (optional): the other form exists
 *
 * Which parts to fetch and show: the text parts that are not attachments, of
 * each multipart/alternative one (RFC 2046 section 5.1.4, RFC 8621 section
 * 4.1.4); a message without any text shows its first attached message.
 *
 * Returns: (transfer container): array of Part of @root, in order; maybe empty
 */
GPtrArray *mime_shown_parts(const Part *root, bool plain, bool *ret_has_other);
/**
 * mime_render_part:
 * @text: lines are added behind those that are there
 * @part: text, or message/rfc822
 * @encoded: BODY[section]
 * @error: %MIME_ERROR_CANCELLED; nothing else fails
 *
 * Blocks for the parsing: not on the UI thread.
 */
bool mime_render_part(MimeText *text, const Part *part, GBytes *encoded,
		      const MimeRenderOptions *options, GError **error);
/** mime_render_message: all shown parts of a whole message.
 * Returns: (transfer full) (nullable) */
MimeText *mime_render_message(const MimeMessage *message, bool plain,
			      const MimeRenderOptions *options, GError **error);

/** mime_render_headers: all fields, decoded; the names are %TEXT_HEADING.
 * Returns: (transfer full): array of #TextLine */
GPtrArray *mime_render_headers(GBytes *block, guint width);
/** mime_render_source: the bytes as they are, filtered for the terminal.
 * Returns: (transfer full) (nullable): array of #TextLine */
GPtrArray *mime_render_source(GBytes *bytes, const MimeRenderOptions *options,
			      GError **error);
