/* sync-event.c - ownership of what comes up from the engine */
#include "sync-event.h"

SyncEvent *
sync_event_new(SyncEventKind kind)
{
	SyncEvent *event = g_new0(SyncEvent, 1);

	event->kind = kind;
	return event;
}

void
sync_event_free(gpointer data)
{
	SyncEvent *event = data;

	if (event == NULL)
		return;
	g_clear_error(&event->error);
	g_clear_pointer(&event->changes, g_ptr_array_unref);
	g_clear_pointer(&event->results, g_ptr_array_unref);
	g_clear_pointer(&event->facts, g_ptr_array_unref);
	g_clear_pointer(&event->uids, g_array_unref);
	g_clear_pointer(&event->bytes, g_bytes_unref);
	g_free(event->text);
	certificate_info_free(event->certificate);
	g_free(event);
}
