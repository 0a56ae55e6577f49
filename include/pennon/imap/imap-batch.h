/* imap-batch.h - rows of FETCH answers, many at once, with one lifetime */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** ImapHave: what a row holds */
typedef enum {
	IMAP_HAVE_FLAGS = 1u << 0,
	IMAP_HAVE_DATE = 1u << 1,
	IMAP_HAVE_SIZE = 1u << 2,
	IMAP_HAVE_MODSEQ = 1u << 3,
	IMAP_HAVE_HEADER = 1u << 4,
	IMAP_HAVE_STRUCTURE = 1u << 5,
} ImapHave;

/**
 * ImapRow: one FETCH answer (RFC 9051 section 7.5.2); text lies in the batch
 * @uid: 0 where the answer had none and the sequence number is not known
 * @have: or of #ImapHave
 * @flags: or of #MailFlag (model-flags.h)
 * @keywords: (nullable): the others, parted and ended by blanks, unsorted
 * @date: INTERNALDATE, µs since 1970
 * @header: bytes of the header fields, not NUL-terminated
 * @structure: text of BODYSTRUCTURE, for imap_structure_parse()
 */
typedef struct {
	guint32 uid;
	guint32 have;
	guint32 flags;
	guint32 header_len;
	guint32 keywords_len;
	guint32 structure_len;
	guint64 size;
	guint64 modseq;
	gint64 date;
	const char *keywords;
	const char *header;
	const char *structure;
} ImapRow;

/** ImapBatch: owned by one thread at a time; given away whole */
typedef struct ImapBatch ImapBatch;

ImapBatch *imap_batch_new(void);
/** imap_batch_free: (nullable): rows and their text */
void imap_batch_free(ImapBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapBatch, imap_batch_free)
guint imap_batch_n_rows(const ImapBatch *batch);
const ImapRow *imap_batch_row(const ImapBatch *batch, guint index);
/** imap_batch_bytes: memory its text takes */
gsize imap_batch_bytes(const ImapBatch *batch);
