/* store-body.h - bodies that are kept: whole messages and single sections */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "store-reader.h"
#include "store-writer.h"

/** STORE_SECTION_MAX: bytes of a section's name */
#define STORE_SECTION_MAX 200u

/**
 * StoreBody: a body on its way in: bytes go to a file aside, on the thread
 * that fetches them; given to the keeper when complete. What is freed before
 * that leaves nothing behind: a partial body is never kept.
 */
typedef struct StoreBody StoreBody;
/**
 * store_body_new:
 * @section: "" for the whole message, "1.2", "HEADER", "1.MIME"
 *
 * Any thread but the UI's.
 */
StoreBody *store_body_new(const char *cache_folder, gint64 message,
			  const char *section, GError **error);
bool store_body_write(StoreBody *body, const void *data, gsize len,
		      GError **error);
/** store_body_finish: all is there; @expected: bytes the server announced, -1
 * if it did not. Brings it to the disk. */
bool store_body_finish(StoreBody *body, gint64 expected, GError **error);
/** store_body_free: (nullable) */
void store_body_free(StoreBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreBody, store_body_free)

/** store_writer_put_body: @body: (transfer full): finished; on the keeper's
 * thread. An older one of the same section is replaced. Over the limit, the
 * ones not used for longest go first; flagged messages and mailboxes that are
 * kept offline are spared. */
bool store_writer_put_body(StoreWriter *writer, StoreBody *body,
			   GError **error);
/** store_writer_set_body_limit: bytes, the default is 64 MiB */
void store_writer_set_body_limit(StoreWriter *writer, gint64 bytes);

/** store_reader_body: (transfer full) (nullable): what is kept;
 * %STORE_ERROR_NOT_FOUND otherwise. Marks it as used. Not on the UI thread. */
GBytes *store_reader_body(StoreReader *reader, gint64 message,
			  const char *section, GError **error);
/** store_reader_has_body: cheap enough for the UI thread */
bool store_reader_has_body(StoreReader *reader, gint64 message,
			   const char *section);
/** store_reader_bodiless: local ids of @mailbox that have no whole body kept,
 * newest first, at most @max: to be fetched ahead. (transfer full) */
GArray *store_reader_bodiless(StoreReader *reader, gint64 mailbox, guint max,
			      GError **error);
