/* controller-reader.h - the reader: one thread for what takes longer than a
 * frame: parsing, rendering, searching; private to src/controller */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "store-reader.h"

typedef struct Reader Reader;
typedef struct ReaderTask ReaderTask;

/**
 * ReaderWork: on the reader thread
 * @store: (nullable): a read-only handle of the task's account, this thread's
 * @cancelled: becomes true (g_atomic_int_get) when nobody wants the result;
 *   fits MimeRenderOptions.cancel
 *
 * May call reader_more() to hand on what there is so far.
 */
typedef void (*ReaderWork)(ReaderTask *task, StoreReader *store,
			   gint *cancelled, gpointer data);
/** ReaderDone: on the UI thread, from its main context; never for a cancelled
 * task. @last: %false for reader_more() */
typedef void (*ReaderDone)(gpointer data, bool last);

Reader *reader_new(void);
/** reader_free: (nullable): cancels all; waits for the one that runs */
void reader_free(Reader *reader);

/**
 * reader_run:
 * @cache_folder, @state_folder: (nullable): the account's
 * @data: (transfer full): handed to @work, then to @done, then freed with
 *   @free_data on the UI thread (also when cancelled); no thread touches it
 *   while another may
 *
 * Tasks run one after the other. Returns: (transfer none): valid until it is
 * done or cancelled
 */
ReaderTask *reader_run(Reader *reader, const char *cache_folder,
		       const char *state_folder, ReaderWork work,
		       ReaderDone done, gpointer data,
		       GDestroyNotify free_data);
/** reader_cancel: (nullable): UI thread: @done is not called any more, what
 * runs is interrupted (store_reader_interrupt, the flag) */
void reader_cancel(Reader *reader, ReaderTask *task);
/** reader_more: reader thread: @part: (transfer full): given to @take on the
 * UI thread with the task's data, unless the task was cancelled meanwhile.
 * @take must not touch what @work uses. */
typedef void (*ReaderTake)(gpointer data, gpointer part);
void reader_more(ReaderTask *task, gpointer part, ReaderTake take,
		 GDestroyNotify free_part);
