/* sync-job.c - ownership of what goes down to the engine */
#include "sync-job.h"

SyncJob *
sync_job_new(SyncJobKind kind, gint64 id)
{
	SyncJob *job = g_new0(SyncJob, 1);

	job->kind = kind;
	job->id = id;
	return job;
}

void
sync_job_free(SyncJob *job)
{
	if (job == NULL)
		return;
	g_clear_pointer(&job->changes, g_ptr_array_unref);
	g_clear_pointer(&job->ids, g_array_unref);
	g_free(job->mailbox);
	g_strfreev(job->names);
	g_free(job->name);
	g_free(job->section);
	g_clear_pointer(&job->bytes, g_bytes_unref);
	secret_free(job->secret);
	g_free(job);
}
