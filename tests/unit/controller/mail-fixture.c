/* mail-fixture.c - a controller over stores that hold some mail */
#include "mail-fixture.h"

#include <ftw.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base-guard.h"
#include "base-path.h"
#include "base-thread.h"
#include "mime-error.h"
#include "mime-header.h"
#include "store-body.h"
#include "store-writer.h"

static char *root;

static int
remove_one(const char *path, const struct stat *status, int kind,
	   struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

void
mail_init(int *argc, char ***argv)
{
	g_autofree char *cache = NULL;
	g_autofree char *state = NULL;

	setlocale(LC_ALL, "");
	g_test_init(argc, argv, NULL);
	root = g_dir_make_tmp("pennon-mail-XXXXXX", NULL);
	g_assert_nonnull(root);
	cache = g_build_filename(root, "cache", NULL);
	state = g_build_filename(root, "state", NULL);
	g_setenv("XDG_CACHE_HOME", cache, TRUE);
	g_setenv("XDG_STATE_HOME", state, TRUE);
	mime_init();
	guard_mark_ui_thread();
}

int
mail_end(int status)
{
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	g_clear_pointer(&root, g_free);
	return status;
}

/* ---- writing the stores, on a thread that may ---- */

typedef void (*WriteFunc)(StoreWriter *writer, StoreReader *reader,
			  gpointer data);

typedef struct {
	MailBox *box;
	WriteFunc func;
	gpointer data;
} Write;

static void *
write_main(void *user)
{
	Write *write = user;
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreJournal) journal = NULL;
	g_autoptr(StoreWriter) writer = NULL;
	g_autoptr(StoreReader) reader = NULL;

	journal =
	    store_journal_open(write->box->state, false, NULL, NULL, &error);
	g_assert_no_error(error);
	writer = store_writer_open(write->box->cache, journal, NULL, &error);
	g_assert_no_error(error);
	reader =
	    store_reader_open(write->box->cache, write->box->state, &error);
	g_assert_no_error(error);
	write->func(writer, reader, write->data);
	g_assert_true(store_writer_commit(writer, &error));
	return NULL;
}

static void
write_stores(MailBox *box, WriteFunc func, gpointer data)
{
	Write write = {box, func, data};

	g_assert_null(box->controller);
	pthread_join(thread_start("writer", write_main, &write), NULL);
}

static void
make_mailboxes(StoreWriter *writer, StoreReader *reader, gpointer data)
{
	static const struct {
		const char *name;
		MailboxRole role;
	} all[] = {
	    {"INBOX", MAILBOX_ROLE_INBOX},
	    {"Drafts", MAILBOX_ROLE_DRAFTS},
	    {"Trash", MAILBOX_ROLE_TRASH},
	};
	const bool *trash = data;
	const MailboxState state = {.uid_validity = 7, .uid_next = 1000};

	(void)reader;
	for (guint i = 0; i < (*trash ? 3u : 2u); i++) {
		g_autoptr(Mailbox) mailbox =
		    mailbox_new(all[i].name, all[i].name, '/');
		gint64 id;

		mailbox->role = all[i].role;
		id = store_writer_put_mailbox(writer, mailbox, NULL);
		g_assert_cmpint(id, >, 0);
		g_assert_true(store_writer_set_state(writer, id, &state, NULL));
	}
}

typedef struct {
	const char *mailbox;
	guint32 uid;
	const char *header;
	gint64 size;
	gint64 id; /* result */
} Adding;

static void
add_message(StoreWriter *writer, StoreReader *reader, gpointer data)
{
	Adding *adding = data;
	g_autoptr(Mailbox) mailbox =
	    store_reader_mailbox(reader, adding->mailbox, NULL);
	g_autoptr(GPtrArray) messages =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_message_free);
	StoreMessage *message = store_message_new();
	g_auto(StoreAdded) added = {0};

	g_assert_nonnull(mailbox);
	message->uid = adding->uid;
	message->size = adding->size;
	message->internal_date = adding->uid * G_USEC_PER_SEC;
	message->header =
	    mime_header_parse(adding->header, strlen(adding->header));
	g_ptr_array_add(messages, message);
	g_assert_true(
	    store_writer_add_rows(writer, mailbox->id, messages, &added, NULL));
	adding->id = g_array_index(added.ids, gint64, 0);
}

gint64
mail_box_add(MailBox *box, const char *mailbox, guint32 uid, const char *header,
	     gint64 size)
{
	Adding adding = {mailbox, uid, header, size, 0};

	write_stores(box, add_message, &adding);
	return adding.id;
}

typedef struct {
	const char *cache;
	gint64 id;
	const char *section;
	const char *bytes;
	gsize len;
} Keeping;

static void
keep_section(StoreWriter *writer, StoreReader *reader, gpointer data)
{
	const Keeping *keeping = data;
	g_autoptr(GError) error = NULL;
	StoreBody *body = store_body_new(keeping->cache, keeping->id,
					 keeping->section, &error);

	(void)reader;
	g_assert_no_error(error);
	g_assert_true(
	    store_body_write(body, keeping->bytes, keeping->len, &error));
	g_assert_true(store_body_finish(body, -1, &error));
	g_assert_true(store_writer_put_body(writer, body, &error));
}

void
mail_box_keep(MailBox *box, gint64 id, const char *section, const char *bytes,
	      gsize len)
{
	Keeping keeping = {box->cache, id, section, bytes, len};

	write_stores(box, keep_section, &keeping);
}

typedef struct {
	gint64 id;
	const Part *root;
} Structure;

static void
write_structure(StoreWriter *writer, StoreReader *reader, gpointer data)
{
	const Structure *structure = data;

	(void)reader;
	g_assert_true(store_writer_set_structure(writer, structure->id,
						 structure->root, NULL));
}

void
mail_box_set_structure(MailBox *box, gint64 id, const Part *root_part)
{
	Structure structure = {id, root_part};

	write_stores(box, write_structure, &structure);
}

gint64
mail_box_add_whole(MailBox *box, const char *mailbox, guint32 uid,
		   const char *text)
{
	gint64 id = mail_box_add(box, mailbox, uid, text, (gint64)strlen(text));

	mail_box_keep(box, id, "", text, strlen(text));
	return id;
}

/* ---- the controller ---- */

static void
on_event(const ControllerEvent *event, gpointer user)
{
	MailBox *box = user;
	gpointer job = GSIZE_TO_POINTER((gsize)event->job);

	if (event->kind != CONTROLLER_EVENT_JOB)
		return;
	g_hash_table_insert(box->states, job,
			    GINT_TO_POINTER((gint)event->job_state + 1));
	g_hash_table_insert(box->texts, job,
			    g_strdup(event->text == NULL ? "" : event->text));
	if (event->error != NULL)
		g_hash_table_insert(box->errors, job,
				    GINT_TO_POINTER(event->error->code + 1));
}

MailBox *
mail_box_new(bool trash)
{
	static guint number;
	MailBox *box = g_new0(MailBox, 1);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	box->name = g_strdup_printf("box%u", ++number);
	box->cache = path_cache(box->name);
	box->state = path_state(box->name);
	text = g_strdup_printf("[account %s]\nname = Alice Example\n"
			       "email = alice@example.org\n"
			       "imap = imaps://imap.example.org\n",
			       box->name);
	box->config = config_parse("/c", text, strlen(text), &error);
	g_assert_no_error(error);
	box->states = g_hash_table_new(NULL, NULL);
	box->texts = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	box->errors = g_hash_table_new(NULL, NULL);
	write_stores(box, make_mailboxes, &trash);
	return box;
}

void
mail_box_open(MailBox *box)
{
	const ControllerOptions options = {.offline = true};
	g_autoptr(GError) error = NULL;

	box->controller =
	    controller_new(box->config, &options, on_event, box, &error);
	g_assert_no_error(error);
	g_assert_true(controller_start(box->controller, &error));
	box->account = controller_account(box->controller, 0);
}

void
mail_box_close(MailBox *box)
{
	g_clear_pointer(&box->controller, controller_free);
	box->account = NULL;
}

void
mail_box_free(MailBox *box)
{
	mail_box_close(box);
	config_free(box->config);
	g_hash_table_unref(box->states);
	g_hash_table_unref(box->texts);
	g_hash_table_unref(box->errors);
	g_free(box->name);
	g_free(box->cache);
	g_free(box->state);
	g_free(box);
}

/* ---- waiting ---- */

static gboolean
on_late(gpointer user)
{
	(void)user;
	g_error("nothing came within 10 seconds");
	return G_SOURCE_REMOVE;
}

void
mail_wait(const volatile gint *value)
{
	guint timer = g_timeout_add_seconds(10, on_late, NULL);

	while (*value == 0)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(timer);
}

JobState
mail_wait_job(MailBox *box, gint64 job, JobState state)
{
	guint timer = g_timeout_add_seconds(10, on_late, NULL);
	gint now;

	g_assert_cmpint(job, !=, 0);
	for (;;) {
		now = GPOINTER_TO_INT(g_hash_table_lookup(
		    box->states, GSIZE_TO_POINTER((gsize)job)));
		if (now > 1 || now == (gint)state + 1)
			break;
		g_main_context_iteration(NULL, TRUE);
	}
	g_source_remove(timer);
	return (JobState)(now - 1);
}

static gboolean
on_settled(gpointer user)
{
	*(gint *)user = 1;
	return G_SOURCE_REMOVE;
}

void
mail_settle(guint milliseconds)
{
	volatile gint over = 0;

	g_timeout_add(milliseconds, on_settled, (gpointer)&over);
	mail_wait(&over);
}

const char *
mail_job_text(MailBox *box, gint64 job)
{
	return g_hash_table_lookup(box->texts, GSIZE_TO_POINTER((gsize)job));
}

gint
mail_job_error(MailBox *box, gint64 job)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(
		   box->errors, GSIZE_TO_POINTER((gsize)job))) -
	       1;
}
