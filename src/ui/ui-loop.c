/* ui-loop.c - the main loop: keys, signals, the end */
#include "ui-private.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <glib-unix.h>

#include "base-guard.h"
#include "ui-compose.h"
#include "ui-folders.h"
#include "ui-i18n.h"
#include "ui-list.h"
#include "ui-loop.h"
#include "ui-wizard.h"
#include "words.h"

#define ESC_MS 50
/* so long the role of the one who syncs is given away before ^Z stops all */
#define RELEASE_MS 150

void
ui_quit(Ui *ui)
{
	ui->ended = true;
	g_main_loop_quit(ui->loop);
}

/* ---- keys ---- */

static void
key_came(UiKey key, gpointer user)
{
	Ui *ui = user;

	if (!ui->ended)
		ui_handle_key(ui, key);
}

static void
paste_came(const char *text, gsize len, gpointer user)
{
	Ui *ui = user;

	if (!ui->ended)
		ui_handle_paste(ui, text, len);
}

static void
background_came(guint red, guint green, guint blue, gpointer user)
{
	Ui *ui = user;

	ui_term_background(ui->term, red, green, blue);
	ui_redraw(ui);
}

static gboolean
esc_alone(gpointer user)
{
	Ui *ui = user;

	ui->esc_source = 0;
	ui_keys_timeout(ui->keys);
	return G_SOURCE_REMOVE;
}

static gboolean
keys_ready(gint fd, GIOCondition condition, gpointer user)
{
	Ui *ui = user;
	char bytes[4096];
	ssize_t n;

	/* what is typed belongs to the child: it is not read */
	if (ui->handed_over) {
		ui->keys_source = 0;
		return G_SOURCE_REMOVE;
	}
	(void)condition;
	n = read(fd, bytes, sizeof(bytes));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return G_SOURCE_CONTINUE;
	if (n <= 0) {
		/* the terminal is gone */
		ui->keys_source = 0;
		ui_quit(ui);
		return G_SOURCE_REMOVE;
	}
	if (ui->esc_source != 0)
		g_source_remove(ui->esc_source);
	ui->esc_source = 0;
	ui_keys_feed(ui->keys, bytes, (gsize)n);
	if (ui_keys_pending(ui->keys))
		ui->esc_source = g_timeout_add(ESC_MS, esc_alone, ui);
	return G_SOURCE_CONTINUE;
}

void
ui_watch_keys(Ui *ui)
{
	if (ui->keys_source == 0 && !ui->ended)
		ui->keys_source =
		    g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR,
				  keys_ready, ui);
}

/* ---- signals ---- */

static gboolean
stop_now(gpointer user)
{
	Ui *ui = user;
	/* an editor that is stopped has seen to the terminal by itself */
	bool ours = !ui->handed_over;

	if (ours)
		ui_term_leave(ui->term);
	/* the whole job: a script that started us must stop as well */
	kill(0, SIGSTOP);
	if (ours)
		ui_term_enter(ui->term);
	if (ui->controller != NULL)
		controller_resume(ui->controller);
	if (ours)
		ui_resized(ui);
	return G_SOURCE_REMOVE;
}

void
ui_suspend(Ui *ui)
{
	if (ui->controller != NULL)
		controller_release(ui->controller);
	g_timeout_add(RELEASE_MS, stop_now, ui);
}

static void
signal_came(Ui *ui, int number)
{
	switch (number) {
	case SIGWINCH:
		if (!ui->handed_over)
			ui_resized(ui);
		break;
	case SIGTSTP:
		/* of an editor, too: nobody would have the terminal */
		ui_suspend(ui);
		break;
	case SIGCONT:
		if (!ui->handed_over) {
			ui_frame_repaint(ui->term);
			ui_redraw(ui);
		}
		break;
	case SIGINT:
		/* of a child that has the terminal: not for us */
		break;
	default:
		ui_quit(ui);
	}
}

static gboolean
signals_ready(gint fd, GIOCondition condition, gpointer user)
{
	struct signalfd_siginfo info;

	(void)condition;
	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		signal_came(user, (int)info.ssi_signo);
	return G_SOURCE_CONTINUE;
}

static void
watch_signals(Ui *ui)
{
	static const int numbers[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT,
				      SIGTSTP,  SIGCONT, SIGQUIT};
	sigset_t set;

	sigemptyset(&set);
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	ui->signals_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (ui->signals_fd < 0)
		g_error("signalfd: %s", g_strerror(errno));
	ui->signals_source =
	    g_unix_fd_add(ui->signals_fd, G_IO_IN, signals_ready, ui);
}

/* ---- beginning and end ---- */

bool
ui_open_stores(Ui *ui, GError **error)
{
	ControllerOptions options = {
	    .offline = ui->options->offline,
	    .account = ui->options->account,
	    .trace = ui->options->trace,
	    .ask_password = true,
	};

	ui->controller = controller_new(ui->config, &options,
					ui_controller_event, ui, error);
	if (ui->controller == NULL)
		return false;
	if (controller_n_accounts(ui->controller) == 0) {
		g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE,
			    _("there is no account"));
		return false;
	}
	ui->account = controller_account(ui->controller, 0);
	ui_folders_start(ui);
	return controller_start(ui->controller, error);
}

static Ui *
ui_new(Config *config, const UiOptions *options)
{
	static const UiKeySink sink = {key_came, paste_came, background_came};
	Ui *ui = g_new0(Ui, 1);

	ui->config = config;
	ui->options = options;
	ui->signals_fd = -1;
	ui->loop = g_main_loop_new(NULL, FALSE);
	ui->views = g_ptr_array_new();
	ui->notices = ui_notices_new();
	ui->passwords = g_ptr_array_new();
	ui->keys = ui_keys_new(&sink, ui);
	return ui;
}

static void
drop_source(guint *source)
{
	if (*source != 0)
		g_source_remove(*source);
	*source = 0;
}

static void
ui_free(Ui *ui)
{
	ui->ended = true;
	drop_source(&ui->draw_source);
	drop_source(&ui->later_source);
	drop_source(&ui->esc_source);
	drop_source(&ui->keys_source);
	drop_source(&ui->signals_source);
	drop_source(&ui->busy_source);
	ui_child_drop(ui);
	ui_clear_views(ui);
	/* the screen first: what is left to do takes up to a second */
	ui_term_stop(ui->term);
	ui->term = NULL;
	controller_free(ui->controller);
	ui_folders_stop(ui);
	ui_jobs_free(ui);
	ui_line_free_histories(ui);
	ui_notices_free(ui->notices);
	ui_keys_free(ui->keys);
	g_ptr_array_unref(ui->views);
	g_ptr_array_unref(ui->passwords);
	g_main_loop_unref(ui->loop);
	config_free(ui->own_config);
	secret_free(ui->first_password);
	g_free(ui->complaint);
	if (ui->signals_fd >= 0)
		close(ui->signals_fd);
	g_free(ui);
}

static bool
open_first(Ui *ui, GError **error)
{
	const char *name =
	    ui->options->mailbox != NULL ? ui->options->mailbox : "inbox";

	if (!ui_open_stores(ui, error))
		return false;
	if (!ui_list_start(ui, name, error))
		return false;
	ui_compose_offer(ui);
	if (!ui_term_utf8(ui->term))
		ui_notice(ui, UI_NOTICE_WARNING, "%s",
			  _("this locale is not UTF-8: letters beyond ASCII "
			    "are shown as ?"));
	return true;
}

/* ---- the first start ---- */

static void
wizard_ended(Ui *ui, const char *path, const Secret *password)
{
	g_autoptr(GError) error = NULL;

	if (path == NULL) {
		ui_quit(ui);
		return;
	}
	ui->own_config = config_load(path, NULL, &error);
	ui->config = ui->own_config;
	if (password != NULL)
		ui->first_password = secret_copy(password);
	if (ui->config != NULL && open_first(ui, &error))
		return;
	ui->complaint = g_strdup(error->message);
	ui->status = 2;
	ui_quit(ui);
}

int
ui_run(Config *config, const UiOptions *options)
{
	g_autofree char *complaint = NULL;
	g_autoptr(GError) error = NULL;
	const char *reason = NULL;
	Ui *ui = ui_new(config, options);
	int status;

	guard_mark_ui_thread();
	watch_signals(ui);
	ui->term = ui_term_start(ui_config(ui), options->ascii, &reason);
	if (ui->term == NULL) {
		ui->complaint = g_strdup(reason);
	} else if (config == NULL) {
		ui_wizard_open(ui, wizard_ended);
	} else if (!open_first(ui, &error)) {
		ui->complaint = g_strdup(error->message);
	}
	if (ui->complaint == NULL) {
		ui_watch_keys(ui);
		ui_redraw(ui);
		g_main_loop_run(ui->loop);
	} else {
		ui->status = 2;
	}
	status = ui->status;
	complaint = words_translate(ui->complaint);
	ui_free(ui);
	/* the terminal is the shell's again */
	if (complaint != NULL)
		fprintf(stderr, "pennon: %s\n", complaint);
	return status;
}
