/* imap-idle.c - waiting for news (RFC 2177) */
#include "base-guard.h"
#include "imap-session-private.h"
#include "imap-wire-private.h"

#define IDLE_SECONDS 60.0

bool
imap_session_noop(ImapSession *session, GError **error)
{
	GUARD_NOT_ON_UI("imap_session_noop");
	imap_session_limit(session, IDLE_SECONDS);
	if (!imap_session_stock(session, mailimap_noop(session->im), "NOOP",
				error))
		return false;
	imap_box_complete(&session->box);
	return true;
}

bool
imap_session_idle(ImapSession *session, GError **error)
{
	g_autoptr(GError) failure = NULL;
	guint tag;

	GUARD_NOT_ON_UI("imap_session_idle");
	g_assert(session->idle_tag == 0);
	imap_session_limit(session, IDLE_SECONDS);
	tag = imap_wire_begin(session->wire, "IDLE", NULL, NULL);
	imap_wire_end(session->wire);
	if (!imap_wire_flush(session->wire, error))
		return false;
	if (!imap_wire_wait_continue(session->wire, tag, NULL, &failure)) {
		if (failure == NULL)
			return imap_session_finish(session, tag, "IDLE", error);
		g_propagate_error(error, g_steal_pointer(&failure));
		return false;
	}
	session->idle_tag = tag;
	imap_wire_set_idle(session->wire, true);
	return true;
}

bool
imap_session_idle_done(ImapSession *session, GError **error)
{
	guint tag = session->idle_tag;

	if (tag == 0)
		return true;
	session->idle_tag = 0;
	imap_wire_set_idle(session->wire, false);
	if (!imap_wire_line(session->wire, "DONE", false, error) ||
	    !imap_session_finish(session, tag, "IDLE", error))
		return false;
	imap_box_complete(&session->box);
	return true;
}

ImapWait
imap_session_wait(ImapSession *session, int channel_fd, gint64 timeout_us,
		  GError **error)
{
	GError *cause = NULL;
	NetWait wait = NET_WAIT_DATA;

	GUARD_NOT_ON_UI("imap_session_wait");
	/* whole responses may lie in our own buffer: look before any poll */
	if (!imap_wire_pending(session->wire))
		wait = net_stream_wait(session->stream, channel_fd, timeout_us,
				       &cause);
	switch (wait) {
	case NET_WAIT_CHANNEL:
		return IMAP_WAIT_CHANNEL;
	case NET_WAIT_TIMEOUT:
		return IMAP_WAIT_TIMEOUT;
	case NET_WAIT_FAILED:
		imap_wire_fail(session->wire, cause);
		(void)imap_wire_failed(session->wire, error);
		return IMAP_WAIT_FAILED;
	case NET_WAIT_DATA:
		break;
	}
	do {
		if (!imap_wire_pump(session->wire, error))
			return IMAP_WAIT_FAILED;
	} while (imap_wire_pending(session->wire));
	return IMAP_WAIT_DATA;
}
