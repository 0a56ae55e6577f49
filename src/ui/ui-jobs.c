/* ui-jobs.c - who waits for which job of the controller */
#include "ui-private.h"

typedef struct {
	Account *account;
	gint64 job;
	UiJobFunc func;
	gpointer user;
	GDestroyNotify free_user;
} Watch;

static void
watch_free(gpointer data)
{
	Watch *watch = data;

	if (watch->free_user != NULL)
		watch->free_user(watch->user);
	g_free(watch);
}

void
ui_watch_job_full(Ui *ui, Account *account, gint64 job, UiJobFunc func,
		  gpointer user, GDestroyNotify free_user)
{
	Watch *watch = g_new0(Watch, 1);

	*watch = (Watch){account, job, func, user, free_user};
	if (ui->jobs == NULL)
		ui->jobs = g_ptr_array_new_with_free_func(watch_free);
	g_ptr_array_add(ui->jobs, watch);
}

void
ui_watch_job(Ui *ui, Account *account, gint64 job, UiJobFunc func,
	     gpointer user)
{
	ui_watch_job_full(ui, account, job, func, user, NULL);
}

void
ui_forget_jobs(Ui *ui, gconstpointer user)
{
	for (guint i = ui->jobs != NULL ? ui->jobs->len : 0; i > 0; i--) {
		const Watch *watch = ui->jobs->pdata[i - 1];

		if (watch->user == user)
			g_ptr_array_remove_index(ui->jobs, i - 1);
	}
}

bool
ui_jobs_event(Ui *ui, const ControllerEvent *event)
{
	for (guint i = 0; ui->jobs != NULL && i < ui->jobs->len; i++) {
		Watch *watch = ui->jobs->pdata[i];

		if (watch->account != event->account ||
		    watch->job != event->job)
			continue;
		/* the function may watch another job, or forget all */
		if (event->job_state == JOB_JOURNALED) {
			watch->func(ui, event, watch->user);
			return true;
		}
		watch = g_ptr_array_steal_index(ui->jobs, i);
		watch->func(ui, event, watch->user);
		watch_free(watch);
		return true;
	}
	return false;
}

void
ui_jobs_free(Ui *ui)
{
	g_clear_pointer(&ui->jobs, g_ptr_array_unref);
}
