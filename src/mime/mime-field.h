/* mime-field.h - the fields of a header block, one after the other */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-part.h"

/** MimeField: borrowed from the block
 * @start, @end: the field's bytes with all its line ends
 * @name: without blanks before the colon
 * @value: raw: folds are in it, blanks around it are not */
typedef struct {
	const char *start;
	const char *end;
	const char *name;
	gsize name_len;
	const char *value;
	gsize value_len;
} MimeField;

/** mime_field_next: @p: where to read on, moved behind the field; lines that
 * are no fields are passed over. Returns: %false at the empty line, which is
 * passed, or at @end */
bool mime_field_next(const char **p, const char *end, MimeField *field);
bool mime_field_is(const MimeField *field, const char *name);
/** mime_field_decode: a raw value, unfolded, encoded words decoded.
 * Returns: (transfer full) */
char *mime_field_decode(const char *value, gsize len);
/** mime_field_unfold: each fold with its blanks becomes one blank; other bytes
 * stay. Returns: (transfer full): @ret_len bytes and a NUL */
char *mime_field_unfold(const char *value, gsize len, gsize *ret_len);

/**
 * mime_field_read_part:
 * @type: default Content-Type (RFC 2046 sections 5.1, 5.1.5)
 * @ret_boundary: (optional) (out) (nullable) (transfer full): of a multipart
 *
 * Returns: (transfer full): a leaf, as its MIME fields describe it
 */
Part *mime_field_read_part(const char *block, gsize len, const char *section,
			   const char *type, char **ret_boundary);
