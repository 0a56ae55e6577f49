/* sync-offline.c - messages fetched ahead, for the time without a server */
#include "store-body.h"
#include "sync-worker.h"

#define PIECE_US G_USEC_PER_SEC
#define AT_ONCE 50u
/* so many that cannot be had: something else is wrong */
#define NOT_HAD_MAX 1000u

/* The newest one of @mailbox that is not kept yet; 0: none */
static gint64
next_message(SyncWorker *worker, gint64 mailbox)
{
	guint known = g_hash_table_size(worker->not_had);
	g_autoptr(GArray) ids = NULL;

	if (known > NOT_HAD_MAX)
		return 0;
	(void)store_reader_refresh(worker->reader);
	ids = store_reader_bodiless(worker->reader, mailbox, AT_ONCE + known,
				    NULL);
	for (guint i = 0; ids != NULL && i < ids->len; i++) {
		gint64 id = g_array_index(ids, gint64, i);

		if (!g_hash_table_contains(worker->not_had, &id))
			return id;
	}
	return 0;
}

/* A message that is gone or cannot be read does not hold up the others. */
static bool
fetch_one(SyncWorker *worker, gint64 id, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (sync_service_fetch_ahead(worker, id, &cause))
		return true;
	if (cause->domain != SYNC_ERROR && worker->session != NULL &&
	    !g_error_matches(cause, IMAP_ERROR, IMAP_ERROR_REFUSED)) {
		g_propagate_error(error, g_steal_pointer(&cause));
		return false;
	}
	g_hash_table_add(worker->not_had, g_memdup2(&id, sizeof(id)));
	return true;
}

static bool
fill_mailbox(SyncWorker *worker, gint64 mailbox, gint64 until, bool *ret_any,
	     GError **error)
{
	gint64 id;

	while (g_get_monotonic_time() < until &&
	       !(worker->settings->background && sync_worker_busy(worker)) &&
	       !worker->stopping && (id = next_message(worker, mailbox)) != 0) {
		*ret_any = true;
		if (!fetch_one(worker, id, error))
			return false;
	}
	return true;
}

bool
sync_offline(SyncWorker *worker, bool *ret_any, GError **error)
{
	gint64 until = g_get_monotonic_time() + PIECE_US;
	g_autoptr(GPtrArray) mailboxes = NULL;

	*ret_any = false;
	if (worker->settings->keep_offline == NULL)
		return true;
	mailboxes = store_reader_mailboxes(worker->reader, error);
	if (mailboxes == NULL)
		return false;
	for (guint i = 0; i < mailboxes->len; i++) {
		const Mailbox *mailbox = g_ptr_array_index(mailboxes, i);

		if (mailbox->keep_offline &&
		    !fill_mailbox(worker, mailbox->id, until, ret_any, error))
			return false;
	}
	return true;
}
