/* ui-child.c - the terminal handed over to $EDITOR and the like */
#include "ui-private.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib-unix.h>

#include "base-spawn.h"
#include "ui-loop.h"

typedef struct {
	Ui *ui;
	int pid;
	int fd;
	UiChildFunc func;
	gpointer user;
} Child;

void
ui_hand_over(Ui *ui)
{
	ui->handed_over = true;
	if (ui->keys_source != 0)
		g_source_remove(ui->keys_source);
	ui->keys_source = 0;
	ui_term_leave(ui->term);
}

void
ui_take_back(Ui *ui)
{
	ui->handed_over = false;
	ui_term_enter(ui->term);
	ui_watch_keys(ui);
	ui_resized(ui);
}

static gboolean
child_ended(gint fd, GIOCondition condition, gpointer data)
{
	Child *child = data;
	Ui *ui = child->ui;
	int status = -1;
	pid_t pid;

	(void)fd;
	(void)condition;
	do {
		pid = waitpid(child->pid, &status, 0);
	} while (pid < 0 && errno == EINTR);
	ui->child_source = 0;
	ui->child_pid = 0;
	ui_take_back(ui);
	child->func(ui, pid < 0 ? -1 : status, child->user);
	return G_SOURCE_REMOVE;
}

static void
child_free(gpointer data)
{
	Child *child = data;

	close(child->fd);
	g_free(child);
}

bool
ui_run_child(Ui *ui, const char *const *argv, UiChildFunc func, gpointer user,
	     GError **error)
{
	Child *child;
	int pid;
	int fd;

	g_assert(ui->child_source == 0);
	ui_hand_over(ui);
	pid = spawn_start(argv, -1, -1, error);
	if (pid < 0) {
		ui_take_back(ui);
		return false;
	}
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	/* it exists and is ours: only an old kernel gets here */
	if (fd < 0)
		g_error("pidfd_open: %s", g_strerror(errno));
	child = g_new0(Child, 1);
	*child = (Child){ui, pid, fd, func, user};
	ui->child_pid = pid;
	ui->child_source = g_unix_fd_add_full(G_PRIORITY_DEFAULT, fd, G_IO_IN,
					      child_ended, child, child_free);
	return true;
}

void
ui_child_drop(Ui *ui)
{
	if (ui->child_source == 0)
		return;
	g_source_remove(ui->child_source);
	ui->child_source = 0;
	/* without us it would fight the shell for the terminal; an editor that
	 * is hung up on keeps what it has */
	kill(ui->child_pid, SIGHUP);
}
