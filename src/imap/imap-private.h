/* imap-private.h - what the files of src/imap share besides the wire */
#pragma once

#include "imap-batch.h"
#include "imap-error.h"
#include "imap-token.h"

/**
 * ImapFetched: one FETCH answer
 * @has_body, @body: the wanted part was in it
 */
typedef struct {
	ImapRow row;
	bool has_body;
	ImapToken body;
} ImapFetched;

/* imap-batch.c */
/** imap_batch_take: room for @len bytes that lives as long as the batch */
char *imap_batch_take(ImapBatch *batch, gsize len);
void imap_batch_add(ImapBatch *batch, const ImapRow *row);

/* imap-fetch.c */
bool imap_date_parse(const char *text, gsize len, gint64 *ret_us);
/** imap_fetch_parse: behind the word FETCH; text goes to @batch, the row does
 * not. @wanted: (nullable): "BODY[1]"; other parts are passed over.
 * Returns: %false if it cannot be read */
bool imap_fetch_parse(ImapReader *reader, ImapBatch *batch, const char *wanted,
		      ImapFetched *ret_fetched);
/** imap_fetch_awaits: @frame is a FETCH answer up to the line that announces a
 * literal. Returns: that is @wanted, and no other UID than @uid was told */
bool imap_fetch_awaits(const char *frame, gsize len, const char *wanted,
		       guint32 uid);
