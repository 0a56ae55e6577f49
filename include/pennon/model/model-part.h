/* model-part.h - the part tree of a message */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** PART_DEPTH_MAX: deeper parts are left out of the tree */
#define PART_DEPTH_MAX 64u
/** PART_COUNT_MAX: parts of one message; later ones are left out */
#define PART_COUNT_MAX 10000u

/**
 * Part: one node, from BODYSTRUCTURE (RFC 9051 section 7.5.2) or from the
 * message itself; both give the same tree
 * @section: "1", "2.1", …; "" for the message as a whole
 * @type: "text/plain", lower case; "application/octet-stream" if unreadable
 * @charset: (nullable): lower case
 * @encoding: "7bit", "base64", …, lower case; "" if unknown
 * @disposition: (nullable): "inline", "attachment", lower case
 * @filename: (nullable): decoded (RFC 2231, RFC 2047), unfiltered: never a
 *   path before file_safe_name()
 * @content_id: (nullable): without angle brackets
 * @format: (nullable): "flowed" (RFC 3676); @delsp beside it
 * @size: encoded bytes; -1 if unknown
 * @children: (element-type Part): of multipart/ * and message/rfc822; empty
 *   for leaves
 */
typedef struct Part {
	char *section;
	char *type;
	char *charset;
	char *encoding;
	char *disposition;
	char *filename;
	char *content_id;
	char *format;
	bool delsp;
	gint64 size;
	GPtrArray *children;
} Part;

Part *part_new(const char *section, const char *type);
/** part_free: (nullable) */
void part_free(Part *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Part, part_free)

/** part_find: Returns: (transfer none) (nullable): the part of that section */
const Part *part_find(const Part *root, const char *section);
bool part_is_multipart(const Part *part);
/** part_is_attachment: to be listed as such: a disposition of attachment, a
 * file name, or a leaf that is not text and not referred to by HTML */
bool part_is_attachment(const Part *part);
/** part_has_attachments: any leaf of the tree is one */
bool part_has_attachments(const Part *root);

/** PartFunc: Returns: %false to stop */
typedef bool (*PartFunc)(const Part *part, guint depth, gpointer user);
/** part_walk: the tree in order, iteratively; @root first, at depth 0 */
void part_walk(const Part *root, PartFunc func, gpointer user);

/** part_to_text: Returns: (transfer full): a form for the store */
char *part_to_text(const Part *root);
/** part_from_text: Returns: (transfer full) (nullable): %NULL if @text is not
 * what part_to_text() wrote */
Part *part_from_text(const char *text);
