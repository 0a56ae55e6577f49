/* headless.c - a screen without one: drafts and reading, by lines on standard
 * input; for tests that have a server (tests/integration/test_compose.py) */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base-guard.h"
#include "controller.h"
#include "mime-error.h"

#define LATE_SECONDS 20u

typedef struct {
	Controller *controller;
	Account *account;
	Draft *draft;
	guint n_saved;
	MessageText *text;
	GHashTable *jobs; /* job → JobState + 1 */
	bool late;
} Screen;

static void
on_event(const ControllerEvent *event, gpointer user)
{
	Screen *screen = user;

	if (event->kind == CONTROLLER_EVENT_JOB)
		g_hash_table_insert(
		    screen->jobs, GSIZE_TO_POINTER((gsize)event->job),
		    GINT_TO_POINTER((gint)event->job_state + 1));
	if (event->kind == CONTROLLER_EVENT_NOTICE)
		printf("notice %d\n", (int)event->notice);
}

static void
on_draft(Draft *draft, gpointer user)
{
	Screen *screen = user;

	if (draft_state(draft) == DRAFT_SAVED)
		screen->n_saved++;
}

static void
on_text(MessageText *text, gpointer user)
{
	Screen *screen = user;

	screen->text = text->state == MESSAGE_TEXT_LOADING ? NULL : text;
}

static gboolean
on_late(gpointer user)
{
	*(bool *)user = true;
	return G_SOURCE_REMOVE;
}

/* Runs the main loop until @is_so. Returns: %false: it took too long */
static bool
wait_for(Screen *screen, bool (*is_so)(Screen *screen, gint64 value),
	 gint64 value)
{
	guint timer =
	    g_timeout_add_seconds(LATE_SECONDS, on_late, &screen->late);
	bool good;

	screen->late = false;
	while (!(good = is_so(screen, value)) && !screen->late)
		g_main_context_iteration(NULL, TRUE);
	if (!screen->late)
		g_source_remove(timer);
	return good;
}

static bool
is_over(Screen *screen, gint64 job)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(
		   screen->jobs, GSIZE_TO_POINTER((gsize)job))) > 1;
}

static bool
is_open(Screen *screen, gint64 value)
{
	(void)value;
	return draft_state(screen->draft) != DRAFT_LOADING;
}

static bool
is_saved(Screen *screen, gint64 value)
{
	return screen->n_saved > value ||
	       draft_state(screen->draft) == DRAFT_FAILED;
}

static bool
is_uploaded(Screen *screen, gint64 value)
{
	(void)value;
	return draft_uploaded(screen->draft);
}

static bool
is_read(Screen *screen, gint64 value)
{
	(void)value;
	return screen->text != NULL;
}

static void
say_job(Screen *screen, gint64 job)
{
	static const char *const names[] = {"nothing", "journaled", "done",
					    "failed", "cancelled"};

	if (!wait_for(screen, is_over, job)) {
		puts("late");
		return;
	}
	puts(names[GPOINTER_TO_INT(
	    g_hash_table_lookup(screen->jobs, GSIZE_TO_POINTER((gsize)job)))]);
}

static void
say_draft(Screen *screen)
{
	if (!wait_for(screen, is_open, 0))
		puts("late");
	else if (draft_state(screen->draft) == DRAFT_FAILED)
		printf("failed %s\n", draft_error(screen->draft));
	else
		printf("ready %s\n", draft_uuid(screen->draft));
}

static gint64
find(Screen *screen, const char *mailbox, const char *uid)
{
	g_autoptr(MessageRow) row = account_row_by_uid(
	    screen->account, mailbox, (guint32)g_ascii_strtoull(uid, NULL, 10));

	return row == NULL ? 0 : row->id;
}

/* The editor appends a line. */
static void
type(Screen *screen, const char *words, bool look)
{
	FILE *file = fopen(draft_edit_path(screen->draft), "a");
	guint before = screen->n_saved;

	if (file == NULL) {
		puts("no file");
		return;
	}
	fprintf(file, "%s\n", words);
	fclose(file);
	if (look) {
		draft_edited(screen->draft);
		if (!wait_for(screen, is_saved, before)) {
			puts("late");
			return;
		}
	}
	puts("typed");
}

static void
read_message(Screen *screen, const char *mailbox, const char *uid)
{
	const ReadOptions options = {.width = 78, .plain = true};
	gint64 id = find(screen, mailbox, uid);

	screen->text = NULL;
	account_read(screen->account, id, &options, on_text, screen);
	if (!wait_for(screen, is_read, 0)) {
		puts("late");
		return;
	}
	printf("state %d lines %u: %s\n", (int)screen->text->state,
	       screen->text->lines->len,
	       screen->text->lines->len == 0
		   ? ""
		   : ((TextLine *)g_ptr_array_index(screen->text->lines, 0))
			 ->text);
}

static void
begin(Screen *screen, char **words)
{
	DraftStart start = strcmp(words[0], "resume") == 0    ? DRAFT_RESUME
			   : strcmp(words[0], "reply") == 0   ? DRAFT_REPLY
			   : strcmp(words[0], "forward") == 0 ? DRAFT_FORWARD
							      : DRAFT_NEW;
	gint64 id = words[1] == NULL ? 0 : find(screen, words[1], words[2]);

	screen->draft = draft_open(screen->account, start, id,
				   "They wrote:", on_draft, screen);
	say_draft(screen);
}

/* Returns: %false: it was the last one */
static bool
obey(Screen *screen, char *line)
{
	g_auto(GStrv) words = g_strsplit(g_strchomp(line), " ", 3);
	const char *verb = words[0] == NULL ? "" : words[0];

	if (strcmp(verb, "sync") == 0) {
		say_job(screen, account_sync(screen->account, NULL));
	} else if (strcmp(verb, "read") == 0) {
		read_message(screen, words[1], words[2]);
	} else if (strcmp(verb, "kept") == 0) {
		screen->draft =
		    draft_resume(screen->account, words[1], on_draft, screen);
		say_draft(screen);
	} else if (strcmp(verb, "type") == 0) {
		type(screen, line + strlen("type "), true);
	} else if (strcmp(verb, "write") == 0) {
		type(screen, line + strlen("write "), false);
	} else if (strcmp(verb, "uploaded") == 0) {
		puts(wait_for(screen, is_uploaded, 0) ? "yes" : "late");
	} else if (strcmp(verb, "postpone") == 0) {
		say_job(screen, draft_postpone(screen->draft));
	} else if (strcmp(verb, "discard") == 0) {
		say_job(screen, draft_discard(screen->draft));
	} else if (strcmp(verb, "close") == 0) {
		draft_close(screen->draft);
		puts("closed");
	} else if (strcmp(verb, "quit") == 0) {
		return false;
	} else {
		begin(screen, words);
	}
	return true;
}

int
main(int argc, char **argv)
{
	const ControllerOptions options = {
	    .offline = argc > 1 && strcmp(argv[1], "offline") == 0};
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = NULL;
	Screen screen = {0};
	char line[1000];

	setlocale(LC_ALL, "");
	signal(SIGPIPE, SIG_IGN);
	mime_init();
	guard_mark_ui_thread();
	setvbuf(stdout, NULL, _IOLBF, 0);
	config = config_load(NULL, NULL, &error);
	screen.jobs = g_hash_table_new(NULL, NULL);
	if (config != NULL)
		screen.controller =
		    controller_new(config, &options, on_event, &screen, &error);
	if (screen.controller == NULL ||
	    !controller_start(screen.controller, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	screen.account = controller_account(screen.controller, 0);
	while (fgets(line, sizeof(line), stdin) != NULL && obey(&screen, line))
		continue;
	controller_free(screen.controller);
	g_hash_table_unref(screen.jobs);
	return 0;
}
