/* controller-fetch.h - the parts of one message, from the body cache or from
 * the server; private to src/controller */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "controller.h"
#include "model-part.h"
#include "store-reader.h"

/*
 * Work on the reader thread asks for sections of a message. What is not kept
 * is fetched, one section after the other, and the work is done again from its
 * start, until nothing is missing. All functions but those with a view are the
 * UI thread's.
 */
typedef struct Fetch Fetch;
typedef struct FetchView FetchView;

/**
 * FetchWork: on the reader thread
 *
 * Returns: %true: it is done. %false with @error: it failed. %false without:
 * what fetch_section() or fetch_structure() did not have is missing.
 */
typedef bool (*FetchWork)(FetchView *view, gpointer data, GError **error);
/** FetchDone: on the UI thread, once, the last thing that happens but for the
 * freeing of @data; @error: (nullable): a %CONTROLLER_ERROR */
typedef void (*FetchDone)(Account *account, gpointer data, const GError *error);
/** FetchWaits: on the UI thread: there is no connection; it goes on when there
 * is one */
typedef void (*FetchWaits)(Account *account, gpointer data);

/** FetchFuncs: @waits: (nullable): %NULL: without a connection it fails */
typedef struct {
	FetchWork work;
	FetchDone done;
	FetchWaits waits;
} FetchFuncs;

/**
 * fetch_start:
 * @id: local id of the message; 0: none, the work asks for nothing
 * @data: (transfer full): freed with @free_data after @done, or when cancelled
 *
 * Returns: (transfer none): valid until @done was called or it was cancelled
 */
Fetch *fetch_start(Account *account, gint64 id, const FetchFuncs *funcs,
		   gpointer data, GDestroyNotify free_data);
/** fetch_cancel: (nullable): @done is not called any more. A transfer that is
 * under way is cut only where it is long: the next one would wait for a new
 * connection. */
void fetch_cancel(Fetch *fetch);
/** fetch_detach: the account ends: nothing of its engine is heard any more */
void fetch_detach(Account *account);

/* ---- on the reader thread ---- */

StoreReader *fetch_store(FetchView *view);
/** fetch_cancelled: fits MimeRenderOptions.cancel */
gint *fetch_cancelled(FetchView *view);
gint64 fetch_id(const FetchView *view);
/** fetch_kept: (transfer full) (nullable): what is here; is not asked for */
GBytes *fetch_kept(FetchView *view, const char *section);
/** fetch_section: (transfer full) (nullable): %NULL: it will be fetched.
 * @size: its bytes, as far as known, or -1 */
GBytes *fetch_section(FetchView *view, const char *section, gint64 size);
/** fetch_structure: (transfer full) (nullable): @ask: it will be fetched if it
 * is not known; where that is in vain, fetch_asked_structure() */
Part *fetch_structure(FetchView *view, bool ask);
bool fetch_asked_structure(const FetchView *view);
