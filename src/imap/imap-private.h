/* imap-private.h - what the files of src/imap share besides the wire */
#pragma once

#include "imap-batch.h"
#include "imap-error.h"
#include "imap-token.h"

/**
 * ImapFetched: one FETCH answer
 * @item, @body: a part's text, where the answer held one: "BODY[1]", its token
 */
typedef struct {
	ImapRow row;
	const char *item;
	gsize item_len;
	ImapToken body;
} ImapFetched;

/* imap-batch.c */
/** imap_batch_take: room for @len bytes that lives as long as the batch */
char *imap_batch_take(ImapBatch *batch, gsize len);
void imap_batch_add(ImapBatch *batch, const ImapRow *row);

/* imap-fetch.c */
bool imap_date_parse(const char *text, gsize len, gint64 *ret_us);
/** imap_fetch_parse: behind the word FETCH; text goes to @batch, the row does
 * not. Returns: %false if it cannot be read */
bool imap_fetch_parse(ImapReader *reader, ImapBatch *batch,
		      ImapFetched *ret_fetched);
