/* ui-compose-edit.c - the editor, and whether it wrote anything */
#include <sys/stat.h>

#include "ui-compose-private.h"
#include "ui-i18n.h"
#include "ui-notice.h"

/* how often the file is looked at while the editor has the terminal */
#define WATCH_MS 500

/* Returns: (transfer full) (nullable): the words of its command */
static char **
editor_words(Ui *ui, GError **error)
{
	const char *command = ui_config(ui)->editor;
	char **words = NULL;

	if (command == NULL)
		command = g_getenv("VISUAL");
	if (command == NULL || command[0] == '\0')
		command = g_getenv("EDITOR");
	if (command == NULL || command[0] == '\0')
		command = "vi";
	(void)g_shell_parse_argv(command, NULL, &words, error);
	return words;
}

/* ---- what the file was like ---- */

static bool
look(const Compose *compose, ComposeStamp *stamp)
{
	struct stat found;

	if (stat(draft_edit_path(compose->draft), &found) != 0)
		return false;
	stamp->size = (gint64)found.st_size;
	stamp->inode = (guint64)found.st_ino;
	stamp->seconds = (gint64)found.st_mtim.tv_sec;
	stamp->nanoseconds = (gint64)found.st_mtim.tv_nsec;
	return true;
}

void
compose_editor_mark(Compose *compose)
{
	compose->marked = look(compose, &compose->stamp);
}

bool
compose_editor_wrote(const Compose *compose)
{
	const ComposeStamp *old = &compose->stamp;
	ComposeStamp now;

	/* where nothing can be said, what may be there is kept */
	if (!compose->marked || !look(compose, &now))
		return true;
	return now.size != old->size || now.inode != old->inode ||
	       now.seconds != old->seconds ||
	       now.nanoseconds != old->nanoseconds;
}

/* ---- while it runs ---- */

static gboolean
on_watch(gpointer user)
{
	Compose *compose = user;

	draft_edited(compose->draft);
	return G_SOURCE_CONTINUE;
}

void
compose_editor_stop(Compose *compose)
{
	if (compose->watch_source != 0)
		g_source_remove(compose->watch_source);
	compose->watch_source = 0;
}

static void
on_editor_left(Ui *ui, int status, gpointer user)
{
	Compose *compose = user;

	compose_editor_stop(compose);
	if (status != 0)
		ui_notice(ui, UI_NOTICE_WARNING, "%s",
			  _("the editor ended with an error; what it wrote "
			    "is kept"));
	else if (compose->is_new && !compose->touched &&
		 !compose_editor_wrote(compose))
		ui_notice(ui, UI_NOTICE_PLAIN, "%s",
			  _("Nothing was written (q leaves, e edits)"));
	draft_edited(compose->draft);
	ui_redraw(ui);
}

void
compose_edit(Compose *compose)
{
	Ui *ui = compose->view.ui;
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) words = editor_words(ui, &error);
	bool started = false;

	compose->edit_next = false;
	for (guint i = 0; words != NULL && words[i] != NULL; i++)
		g_ptr_array_add(argv, words[i]);
	g_ptr_array_add(argv, (gpointer)draft_edit_path(compose->draft));
	g_ptr_array_add(argv, NULL);
	if (words != NULL)
		started = ui_run_child(ui, (const char *const *)argv->pdata,
				       on_editor_left, compose, &error);
	if (!started) {
		ui_notice_for(ui, UI_NOTICE_ERROR, compose->account, "editor",
			      /* TRANSLATORS: %s: why a program did not start */
			      _("the editor did not start: %s ($EDITOR names "
				"it)"),
			      error->message);
		return;
	}
	ui_notice_over(ui, compose->account, "editor");
	compose->watch_source = g_timeout_add(WATCH_MS, on_watch, compose);
}
