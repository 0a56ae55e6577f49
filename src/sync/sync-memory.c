/* sync-memory.c - what is remembered of a server from session to session */
#include "sync-keeper.h"
#include "sync-name.h"
#include "sync-worker.h"

typedef struct {
	const char *key;
	const char *value;
} Fact;

static void
write_fact(SyncKeeper *keeper, gpointer data)
{
	const Fact *fact = data;
	g_autoptr(GError) error = NULL;

	/* nothing depends on it: without it a session asks once more */
	if (keeper->writer != NULL &&
	    !store_journal_set(keeper->journal, fact->key, fact->value, &error))
		g_debug("%s: %s: ignoring", fact->key, error->message);
}

static void
remember(SyncWorker *worker, const char *key, const char *value)
{
	StoreJournal *journal = store_reader_journal(worker->reader);
	g_autofree char *known =
	    journal == NULL ? NULL : store_journal_value(journal, key, NULL);
	Fact fact = {key, value};

	if (g_strcmp0(known, value) != 0)
		sync_keeper_call(worker->keeper, write_fact, &fact);
}

void
sync_memory_save(SyncWorker *worker)
{
	const ImapSession *session = worker->session;
	const char *capabilities = imap_session_capabilities(session);

	/* nothing that anybody on the way may have said */
	if (imap_session_tls(session) != NULL && capabilities[0] != '\0')
		remember(worker, SYNC_KEY_CAPABILITIES, capabilities);
	remember(worker, SYNC_KEY_NAMESPACE,
		 imap_session_namespace(session, NULL));
}

void
sync_memory_load(SyncWorker *worker)
{
	StoreJournal *journal = store_reader_journal(worker->reader);

	g_free(worker->remembered);
	worker->remembered =
	    journal == NULL
		? NULL
		: store_journal_value(journal, SYNC_KEY_CAPABILITIES, NULL);
	worker->imap.remembered = worker->remembered;
}

static bool
knows(SyncWorker *worker, const char *wire)
{
	g_autoptr(Mailbox) mailbox =
	    store_reader_mailbox(worker->reader, wire, NULL);

	return mailbox != NULL;
}

bool
sync_memory_place(SyncWorker *worker, char **wire, GError **error)
{
	char *placed;

	(void)store_reader_refresh(worker->reader);
	if (knows(worker, *wire))
		return true;
	if (!worker->folders_known && !sync_folders(worker, error))
		return false;
	if (knows(worker, *wire))
		return true;
	placed = sync_name_place(worker->reader, *wire);
	g_free(*wire);
	*wire = placed;
	return true;
}
