/* controller.c - its life, its accounts, what it tells the program */
#include <string.h>

#include "base-file.h"
#include "base-spawn.h"
#include "controller-private.h"
#include "mime-error.h"

/* clang-format would put spaces into the name */
/* clang-format off */
G_DEFINE_QUARK(pennon-controller-error-quark, controller_error)
/* clang-format on */

/* ---- errors ---- */

static ControllerError
code_of_sync(SyncError code)
{
	switch (code) {
	case SYNC_ERROR_NETWORK:
		return CONTROLLER_ERROR_CONNECTION;
	case SYNC_ERROR_UNTRUSTED:
		return CONTROLLER_ERROR_UNTRUSTED;
	case SYNC_ERROR_LOGIN:
		return CONTROLLER_ERROR_LOGIN;
	case SYNC_ERROR_REFUSED:
		return CONTROLLER_ERROR_REFUSED;
	case SYNC_ERROR_NOT_FOUND:
		return CONTROLLER_ERROR_NOT_FOUND;
	case SYNC_ERROR_STORE:
		return CONTROLLER_ERROR_STORE;
	case SYNC_ERROR_QUEUED:
		return CONTROLLER_ERROR_QUEUED;
	case SYNC_ERROR_CANCELLED:
		return CONTROLLER_ERROR_CANCELLED;
	case SYNC_ERROR_INVALID:
		return CONTROLLER_ERROR_USAGE;
	}
	return CONTROLLER_ERROR_REFUSED;
}

static ControllerError
code_of_store(StoreError code)
{
	switch (code) {
	case STORE_ERROR_NOT_FOUND:
		return CONTROLLER_ERROR_NOT_FOUND;
	case STORE_ERROR_INTERRUPTED:
		return CONTROLLER_ERROR_CANCELLED;
	case STORE_ERROR_LIMIT:
		return CONTROLLER_ERROR_USAGE;
	case STORE_ERROR_FULL:
	case STORE_ERROR_DAMAGED:
	case STORE_ERROR_NEWER:
	case STORE_ERROR_BUSY:
	case STORE_ERROR_IO:
		break;
	}
	return CONTROLLER_ERROR_STORE;
}

static ControllerError
code_of_mime(MimeError code)
{
	switch (code) {
	case MIME_ERROR_NOT_FOUND:
		return CONTROLLER_ERROR_NOT_FOUND;
	case MIME_ERROR_CANCELLED:
		return CONTROLLER_ERROR_CANCELLED;
	case MIME_ERROR_ADDRESS:
	case MIME_ERROR_EDIT:
	case MIME_ERROR_LIMIT:
		break;
	}
	return CONTROLLER_ERROR_USAGE;
}

GError *
controller_error_from(const GError *error)
{
	ControllerError code = CONTROLLER_ERROR_REFUSED;

	if (error->domain == CONTROLLER_ERROR)
		return g_error_copy(error);
	if (error->domain == SYNC_ERROR)
		code = code_of_sync((SyncError)error->code);
	else if (error->domain == STORE_ERROR)
		code = code_of_store((StoreError)error->code);
	else if (error->domain == MIME_ERROR)
		code = code_of_mime((MimeError)error->code);
	else if (error->domain == FILE_ERROR)
		code = CONTROLLER_ERROR_STORE;
	else if (error->domain == SPAWN_ERROR)
		code = CONTROLLER_ERROR_LOGIN;
	return g_error_new_literal(CONTROLLER_ERROR, (gint)code,
				   error->message);
}

void
controller_fail(GError **error, GError *cause)
{
	g_propagate_error(error, controller_error_from(cause));
	g_error_free(cause);
}

/* ---- events ---- */

void
controller_tell(const ControllerEvent *event)
{
	Controller *controller = event->account->controller;

	if (controller->event != NULL)
		controller->event(event, controller->user);
}

void
controller_tell_kind(Account *account, ControllerEventKind kind,
		     const char *mailbox)
{
	ControllerEvent event = {
	    .kind = kind, .account = account, .mailbox = mailbox};

	controller_tell(&event);
}

gint64
controller_next_job(Controller *controller)
{
	return ++controller->last_job;
}

/* ---- life ---- */

static bool
add_accounts(Controller *controller, GError **error)
{
	const Config *config = controller->config;

	for (guint i = 0; i < config_n_accounts(config); i++) {
		const AccountConfig *one = config_account(config, i);
		Account *account;

		if (controller->only_account != NULL &&
		    strcmp(controller->only_account, one->name) != 0)
			continue;
		account = account_new(controller, one, error);
		if (account == NULL)
			return false;
		g_ptr_array_add(controller->accounts, account);
	}
	if (controller->accounts->len > 0)
		return true;
	g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE,
		    "no account \"%s\" in the configuration",
		    controller->only_account);
	return false;
}

Controller *
controller_new(const Config *config, const ControllerOptions *options,
	       ControllerEventFunc event, gpointer user, GError **error)
{
	Controller *controller = g_new0(Controller, 1);

	controller->config = config;
	controller->options = *options;
	controller->only_account = g_strdup(options->account);
	controller->trace = g_strdup(options->trace);
	controller->options.account = controller->only_account;
	controller->options.trace = controller->trace;
	controller->event = event;
	controller->user = user;
	controller->accounts =
	    g_ptr_array_new_with_free_func((GDestroyNotify)account_free);
	controller->reader = reader_new();
	if (add_accounts(controller, error))
		return controller;
	controller_free(controller);
	return NULL;
}

bool
controller_start(Controller *controller, GError **error)
{
	if (controller->options.passive)
		return true;
	for (guint i = 0; i < controller->accounts->len; i++)
		if (!account_start(controller_account(controller, i), error))
			return false;
	return true;
}

void
controller_free(Controller *controller)
{
	if (controller == NULL)
		return;
	/* nobody is told any more: the program is on its way out */
	controller->event = NULL;
	for (guint i = 0; i < controller->accounts->len; i++)
		account_request_stop(controller_account(controller, i));
	g_ptr_array_unref(controller->accounts);
	reader_free(controller->reader);
	g_free(controller->only_account);
	g_free(controller->trace);
	g_free(controller);
}

guint
controller_n_accounts(const Controller *controller)
{
	return controller->accounts->len;
}

Account *
controller_account(Controller *controller, guint index)
{
	return g_ptr_array_index(controller->accounts, index);
}

Account *
controller_find_account(Controller *controller, const char *name)
{
	for (guint i = 0; i < controller->accounts->len; i++) {
		Account *account = controller_account(controller, i);

		if (strcmp(account_name(account), name) == 0)
			return account;
	}
	return NULL;
}

static void
post_to_all(Controller *controller, SyncJobKind kind)
{
	for (guint i = 0; i < controller->accounts->len; i++) {
		Account *account = controller_account(controller, i);

		if (account->engine != NULL)
			sync_account_post(account->engine,
					  sync_job_new(kind, 0));
	}
}

void
controller_retry_now(Controller *controller)
{
	post_to_all(controller, SYNC_JOB_CONNECT);
}

void
controller_release(Controller *controller)
{
	post_to_all(controller, SYNC_JOB_RELEASE);
}

void
controller_resume(Controller *controller)
{
	post_to_all(controller, SYNC_JOB_RESUME);
}
