/* controller-account-secret.c - passwords: asked of a program, or of the user
 */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>

#include "base-spawn.h"
#include "base-thread.h"
#include "controller-private.h"

/* a person may have to unlock a key ring first */
#define COMMAND_TIMEOUT_US (120 * G_USEC_PER_SEC)

/**
 * AccountHelper: one run of a password-command, on a thread of its own. The
 * account and that thread hold it; who lets go last frees it: nobody waits for
 * a program that hangs.
 */
typedef struct AccountHelper {
	char *command;
	bool use_terminal;

	pthread_mutex_t lock; /* of what follows */
	guint holders;
	Channel *answers; /* of HelperAnswer; NULL: nobody wants it any more */
} AccountHelper;

/** What a password-command printed, or why it did not. */
typedef struct {
	Secret *secret;
	GError *error;
} HelperAnswer;

static void
answer_free(gpointer data)
{
	HelperAnswer *answer = data;

	if (answer == NULL)
		return;
	secret_free(answer->secret);
	g_clear_error(&answer->error);
	g_free(answer);
}

/* @answer: (transfer full) (nullable) */
static void
helper_leave(AccountHelper *helper, HelperAnswer *answer)
{
	bool last;

	pthread_mutex_lock(&helper->lock);
	if (answer != NULL && helper->answers != NULL)
		channel_post(helper->answers, g_steal_pointer(&answer));
	if (answer == NULL)
		helper->answers = NULL;
	last = --helper->holders == 0;
	pthread_mutex_unlock(&helper->lock);
	answer_free(answer);
	if (!last)
		return;
	pthread_mutex_destroy(&helper->lock);
	g_free(helper->command);
	g_free(helper);
}

static void *
helper_main(void *user)
{
	AccountHelper *helper = user;
	HelperAnswer *answer = g_new0(HelperAnswer, 1);

	answer->secret =
	    spawn_read_secret(helper->command, COMMAND_TIMEOUT_US,
			      helper->use_terminal, &answer->error);
	helper_leave(helper, answer);
	return NULL;
}

/* ---- the UI thread ---- */

/* @secret: (transfer full) (nullable): NULL: there is none, @why says why */
static void
give_password(Account *account, Secret *secret, const char *why)
{
	SyncJob *job;

	if (account->engine == NULL) {
		secret_free(secret);
		return;
	}
	job = sync_job_new(SYNC_JOB_PASSWORD, 0);
	job->secret = secret;
	job->name = g_strdup(why);
	sync_account_post(account->engine, job);
}

static gboolean
on_secret(gint fd, GIOCondition condition, gpointer user)
{
	Account *account = user;
	HelperAnswer *answer = channel_take(account->secrets);

	(void)fd;
	(void)condition;
	if (answer == NULL)
		return G_SOURCE_CONTINUE;
	helper_leave(g_steal_pointer(&account->helper), NULL);
	if (answer->secret != NULL) {
		give_password(account, g_steal_pointer(&answer->secret), NULL);
	} else {
		g_autofree char *why = g_strconcat(
		    "password-command: ", answer->error->message, NULL);

		g_warning("account %s: %s", account->config->name, why);
		give_password(account, NULL, why);
	}
	answer_free(answer);
	return G_SOURCE_CONTINUE;
}

static void
run_command(Account *account)
{
	AccountHelper *helper;

	if (account->helper != NULL)
		return; /* its answer serves both */
	if (account->secrets == NULL) {
		account->secrets = channel_new(answer_free);
		account->secrets_source = g_unix_fd_add(
		    channel_fd(account->secrets), G_IO_IN, on_secret, account);
	}
	helper = g_new0(AccountHelper, 1);
	helper->command = g_strdup(account->config->password_command);
	/* a screen owns the terminal; a command that somebody sits at lends it
	 */
	helper->use_terminal = account->controller->options.batch &&
			       isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	helper->answers = account->secrets;
	helper->holders = 2;
	pthread_mutex_init(&helper->lock, NULL);
	account->helper = helper;
	pthread_detach(thread_start("password", helper_main, helper));
}

void
account_want_password(Account *account, const char *refused)
{
	const ControllerOptions *options = &account->controller->options;
	bool command = account->config->password_command != NULL;
	ControllerEvent event = {.kind = CONTROLLER_EVENT_PASSWORD,
				 .account = account,
				 .text = refused};

	/*
	 * The same program prints the same password: sending that again is how
	 * accounts get locked. And a command that failed ends.
	 */
	if (refused != NULL && (command || options->batch))
		give_password(account, NULL, refused);
	else if (command)
		run_command(account);
	else if (options->ask_password)
		controller_tell(&event);
	else
		give_password(account, NULL, NULL);
}

void
account_set_password(Account *account, char *password)
{
	Secret *secret = password == NULL ? NULL : secret_new(password, -1);

	if (password != NULL)
		secret_wipe(password, strlen(password));
	g_free(password);
	give_password(account, secret, NULL);
}

void
account_secret_clear(Account *account)
{
	if (account->helper != NULL)
		helper_leave(g_steal_pointer(&account->helper), NULL);
	if (account->secrets_source != 0)
		g_source_remove(account->secrets_source);
	g_clear_pointer(&account->secrets, channel_free);
}
