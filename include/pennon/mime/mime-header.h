/* mime-header.h - header fields to values */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-address.h"
#include "model-message.h"

/*
 * Every function here takes bytes of any kind and always gives a result. None
 * of them is for the UI thread. Texts that come out are valid UTF-8 without
 * CR, LF and NUL, and not filtered for the terminal. Bytes above 0x7f that are
 * not encoded are read as UTF-8 or, where they are not that, windows-1252.
 */

/** MIME_HEADER_MAX: bytes of a header block that are looked at */
#define MIME_HEADER_MAX ((gsize)1 << 20)
/** MIME_FIELD_MAX: bytes of one field that are looked at */
#define MIME_FIELD_MAX ((gsize)64 << 10)
/** MIME_ADDRESSES_MAX: addresses of one field; more are left out */
#define MIME_ADDRESSES_MAX 10000u

/** mime_header_fields: the fields that mime_header_parse() reads, parted by
 * blanks, as they stand in BODY[HEADER.FIELDS (…)] */
const char *mime_header_fields(void);
/**
 * mime_header_parse:
 * @block: fields as they stand in a message, line ends CRLF or LF; ends at an
 *   empty line or with @len
 *
 * Of a field that is there twice the first counts. Message-IDs without "@" or
 * shorter than 5 bytes are dropped; of References the first and the last ones
 * stay (%MESSAGE_REFERENCES_MAX); where it has none, In-Reply-To is read.
 *
 * Returns: (transfer full)
 */
MessageHeader *mime_header_parse(const char *block, gsize len);

/** mime_header_get: the value of a field, unfolded and decoded (RFC 2047);
 * @name in any case. Returns: (transfer full) (nullable) */
char *mime_header_get(const char *block, gsize len, const char *name);
/** mime_words_decode: an unstructured value, maybe folded: encoded words are
 * decoded (RFC 2047). Returns: (transfer full) */
char *mime_words_decode(const char *value, gsize len);
/** mime_addresses_read: what a sender wrote in an address field, however
 * broken; groups give their members, an empty group its name with an empty
 * address. Returns: (transfer full): array of #Address */
GPtrArray *mime_addresses_read(const char *value, gsize len);
/**
 * mime_addresses_check:
 * @text: what the user typed: addresses parted by commas, in UTF-8
 * @error: return location for %MIME_ERROR_ADDRESS, which names the one that
 *   is wrong
 *
 * Returns: (transfer full) (nullable): array of #Address
 */
GPtrArray *mime_addresses_check(const char *text, GError **error);
/** mime_address_write: "Name <local@domain>" in UTF-8, the name quoted where
 * it must be, nothing encoded: for people and for the edited text.
 * Returns: (transfer full) */
char *mime_address_write(const Address *address);
/** mime_addresses_write: the same, parted by ", ". Returns: (transfer full) */
char *mime_addresses_write(const GPtrArray *list);
/** mime_date_parse: a Date field (RFC 5322 section 3.3, and what is sent
 * instead). Returns: %false if it cannot be read */
bool mime_date_parse(const char *value, gsize len, gint64 *ret_us,
		     gint *ret_offset);
