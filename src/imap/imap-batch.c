/* imap-batch.c - an arena of text and an array of rows */
#include "imap-batch.h"

#include <string.h>

#include "imap-private.h"

#define BLOCK_SIZE 65536u

struct ImapBatch {
	GArray *rows;      /* of ImapRow */
	GPtrArray *blocks; /* text; the last one is being filled */
	gsize used;        /* of the last block */
	gsize size;        /* of the last block */
	gsize bytes;
};

ImapBatch *
imap_batch_new(void)
{
	ImapBatch *batch = g_new0(ImapBatch, 1);

	batch->rows = g_array_new(FALSE, FALSE, sizeof(ImapRow));
	batch->blocks = g_ptr_array_new_with_free_func(g_free);
	return batch;
}

void
imap_batch_free(ImapBatch *batch)
{
	if (batch == NULL)
		return;
	g_array_unref(batch->rows);
	g_ptr_array_unref(batch->blocks);
	g_free(batch);
}

guint
imap_batch_n_rows(const ImapBatch *batch)
{
	return batch->rows->len;
}

const ImapRow *
imap_batch_row(const ImapBatch *batch, guint index)
{
	return &g_array_index(batch->rows, ImapRow, index);
}

gsize
imap_batch_bytes(const ImapBatch *batch)
{
	return batch->bytes;
}

char *
imap_batch_take(ImapBatch *batch, gsize len)
{
	char *block;

	if (batch->blocks->len == 0 || batch->size - batch->used < len) {
		batch->size = MAX(BLOCK_SIZE, len);
		batch->used = 0;
		batch->bytes += batch->size;
		g_ptr_array_add(batch->blocks, g_malloc(batch->size));
	}
	block = g_ptr_array_index(batch->blocks, batch->blocks->len - 1);
	block += batch->used;
	batch->used += len;
	return block;
}

void
imap_batch_add(ImapBatch *batch, const ImapRow *row)
{
	g_array_append_val(batch->rows, *row);
}
