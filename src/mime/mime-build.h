/* mime-build.h - what drafts are built from: fields, texts, changes of bytes */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "mime-compose.h"
#include "mime-error.h"
#include "mime-field.h"
#include "mime-message.h"
#include "model-address.h"
#include "model-part.h"

/* ---- mime-build-field.c: header fields, folded at 76, with CRLF. Controls in
 * a value become blanks, so that none can end its field. ---- */

/** mime_write_is_name: a field name (RFC 5322 section 2.2), not overlong */
bool mime_write_is_name(const char *name, gsize len);
/** mime_write_text: an unstructured field; encoded words (RFC 2047) where
 * @value is not plain ASCII */
void mime_write_text(GString *out, const char *name, const char *value);
/** mime_write_addresses: nothing where @list has no usable address.
 * Returns: how many cannot be written and were left out */
guint mime_write_addresses(GString *out, const char *name,
			   const GPtrArray *list);
/** mime_write_ids: Message-IDs without brackets; unusable ones are left out */
void mime_write_ids(GString *out, const char *name, const GPtrArray *ids);
/** mime_write_date: Date, in the zone of this machine */
void mime_write_date(GString *out, gint64 now);
/** mime_write_message_id: random, in the domain of @email (nullable) */
void mime_write_message_id(GString *out, const char *email);
/** mime_write_attachment: Content-Disposition with the file name (nullable, RFC
 * 2231) */
void mime_write_attachment(GString *out, const char *filename);

/* ---- mime-build-text.c: a text for the editor, and as a part ---- */

/** mime_text_clean: UTF-8 with LF; other controls but tabs become U+FFFD */
char *mime_text_clean(const char *bytes, gsize len);
/** mime_flowed_read: format=flowed (RFC 3676) to one line a paragraph; @text
 * has LF */
char *mime_flowed_read(const char *text, bool delsp);
/** mime_flowed_write: the way back; CRLF. Blanks at line ends, which would join
 * lines that were apart, go */
GString *mime_flowed_write(const char *text);
/**
 * mime_write_body:
 * @text: clean, LF
 * @opaque: base64 in any case: no delimiter can be in it
 * @fields: gets Content-Type and Content-Transfer-Encoding
 * @body: gets the lines, never longer than 998 bytes
 */
void mime_write_body(const char *text, bool opaque, GString *fields,
		     GString *body);
/** mime_write_base64: lines of 76 */
void mime_write_base64(GString *out, const void *data, gsize len);
/** mime_write_crlf: each bare LF becomes CRLF */
void mime_write_crlf(GString *out, const char *data, gsize len);

/* ---- mime-build-block.c: the fields of a header, and where they are ---- */

/** mime_build_data: never %NULL */
const char *mime_build_data(GBytes *bytes, gsize *ret_size);

/** MimeRange: bytes [start, end) of a message */
typedef struct {
	gsize start;
	gsize end;
} MimeRange;

/** MimeBlock: @fields: of #MimeField; @end: behind the last one; @body: behind
 * the empty line; both count from @data, the first byte of the message */
typedef struct {
	const char *data;
	GArray *fields;
	gsize end;
	gsize body;
} MimeBlock;

/** mime_block_new: of what begins at @start and ends before @end */
MimeBlock *mime_block_new(const char *data, gsize start, gsize end);
/** mime_block_free: (nullable) */
void mime_block_free(MimeBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeBlock, mime_block_free)
const MimeField *mime_block_field(const MimeBlock *block, guint i);
MimeRange mime_block_range(const MimeBlock *block, const MimeField *field);
/** mime_block_is_content: one of Content-* */
bool mime_block_is_content(const MimeField *field);
/** mime_block_find: (nullable): the first of that name */
const MimeField *mime_block_find(const MimeBlock *block, const char *name);
/** mime_block_addresses: of all fields of that name. (transfer full) */
GPtrArray *mime_block_addresses(const MimeBlock *block, const char *name);

/* ---- mime-build-splice.c: bytes replaced in a message, all others kept ----
 */

typedef struct MimeSplices MimeSplices;

MimeSplices *mime_splices_new(GBytes *bytes);
/** mime_splices_free: (nullable) */
void mime_splices_free(MimeSplices *splices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeSplices, mime_splices_free)
/** mime_splices_add: puts @text (nullable) in place of [start, end); those at
 * one place come in the order they were added; what overlaps one before it
 * only takes bytes away */
void mime_splices_add(MimeSplices *splices, gsize start, gsize end,
		      const char *text, gsize len);
/** mime_splices_field: @text: a whole field, or nothing: in place of all fields
 * of that name, else where it belongs */
void mime_splices_field(MimeSplices *splices, const MimeBlock *block,
			const char *name, const GString *text);
/** mime_splices_apply: Returns: (transfer full) (nullable):
 * %MIME_ERROR_LIMIT */
GBytes *mime_splices_apply(const MimeSplices *splices, GError **error);

/* ---- mime-build-place.c: where the parts of a draft are ---- */

/**
 * MimePlace:
 * @delimiter: the line before the part; empty for the root
 * @head: its header with the empty line, @body: the rest of it
 */
typedef struct {
	MimeRange delimiter;
	MimeRange head;
	MimeRange body;
} MimePlace;

/** mime_place_find: Returns: %false if it cannot be told */
bool mime_place_find(const MimeMessage *message, const Part *part,
		     MimePlace *ret_place);
/** mime_place_path: @ret_path: parts from the root to @section, both with it.
 * Returns: their number, 0: no such part, or within an attached message */
guint mime_place_path(const MimeMessage *message, const char *section,
		      const Part *ret_path[PART_DEPTH_MAX + 1]);
/** mime_place_remove: takes a part out; with it those around it that it leaves
 * empty. @path: its way, of @depth parts, at least 2. Returns: %false if it
 * cannot be told where it is */
bool mime_place_remove(MimeSplices *splices, const MimeMessage *message,
		       const Part *const *path, guint depth);
/** mime_place_text: (nullable): the part that is edited as the text: the first
 * one shown that is text/plain or text/html */
const Part *mime_place_text(const MimeMessage *draft);

/** mime_place_html: parts that say the same as @text in HTML.
 * Returns: (transfer container) */
GPtrArray *mime_place_html(const MimeMessage *draft, const Part *text);

/* ---- mime-build-part.c ---- */

/** mime_string_free: with its text */
void mime_string_free(GString *string);
/** mime_part_add: @parts: (element-type GString): header, empty line and body
 * of each, with CRLF; @first: before all others.
 * Returns: (transfer full) (nullable): %MIME_ERROR_LIMIT */
GBytes *mime_part_add(const MimeMessage *draft, const GPtrArray *parts,
		      bool first, GError **error);
/** mime_part_set_text: @text: clean; in place of the text that is there.
 * Returns: (transfer full) (nullable): %MIME_ERROR_LIMIT */
GBytes *mime_part_set_text(const MimeMessage *draft, const char *text,
			   GError **error);

/* ---- mime-compose.c, mime-attach.c ---- */

/** mime_build_field: the field @name as mime_compose_set_field() writes it;
 * nothing for a blank @value */
bool mime_build_field(GString *out, const char *name, const char *value,
		      GError **error);
void mime_build_from(GString *out, const Address *from);
/** mime_build_stamps: Date and Message-ID */
void mime_build_stamps(GString *out, const MimeSender *sender);
void mime_build_signature(GString *text, const MimeSender *sender);
/** mime_build_draft: @text: clean. Returns: (transfer full) */
GBytes *mime_build_draft(const GString *fields, const char *text);
