/* net-trace.c - what went over the line, without secrets */
#include "net-trace.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base-errno.h"
#include "net-stream.h"

struct NetTrace {
	pthread_mutex_t lock;
	int fd;
};

NetTrace *
net_trace_open(const char *path, GError **error)
{
	NetTrace *trace;
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		g_set_error(error, NET_ERROR, NET_ERROR_PROTOCOL,
			    "trace %s: %s", path, errno_text(errno));
		return NULL;
	}
	trace = g_new0(NetTrace, 1);
	pthread_mutex_init(&trace->lock, NULL);
	trace->fd = fd;
	return trace;
}

void
net_trace_free(NetTrace *trace)
{
	if (trace == NULL)
		return;
	close(trace->fd);
	pthread_mutex_destroy(&trace->lock);
	g_free(trace);
}

static void
put_line(NetTrace *trace, guint connection, NetTraceKind kind, GString *text)
{
	static const char marks[] = "CS-";
	gint64 now = g_get_real_time();
	time_t seconds = (time_t)(now / G_USEC_PER_SEC);
	struct tm utc;
	g_autofree char *line = NULL;
	gsize len;

	gmtime_r(&seconds, &utc);
	line = g_strdup_printf("%02d:%02d:%02d.%03d %u %c %s\n", utc.tm_hour,
			       utc.tm_min, utc.tm_sec,
			       (int)(now % G_USEC_PER_SEC / 1000), connection,
			       marks[kind], text->str);
	len = strlen(line);
	pthread_mutex_lock(&trace->lock);
	/* a full disk costs the trace, never the session */
	while (len > 0 && write(trace->fd, line, len) < 0 && errno == EINTR)
		;
	pthread_mutex_unlock(&trace->lock);
}

void
net_trace_text(NetTrace *trace, guint connection, NetTraceKind kind,
	       const char *text, gssize len)
{
	g_autoptr(GString) out = NULL;
	gsize size = len < 0 ? strlen(text) : (gsize)len;
	gsize shown = MIN(size, NET_TRACE_LINE_MAX);

	if (trace == NULL)
		return;
	out = g_string_sized_new(shown + 1);
	for (gsize i = 0; i < shown; i++) {
		guchar byte = (guchar)text[i];

		if (byte >= ' ' && byte < 127)
			g_string_append_c(out, (char)byte);
		else
			g_string_append_printf(out, "\\x%02x", byte);
	}
	if (shown < size)
		g_string_append_printf(out, " <%" G_GSIZE_FORMAT " more>",
				       size - shown);
	put_line(trace, connection, kind, out);
}

void
net_trace_secret(NetTrace *trace, guint connection)
{
	g_autoptr(GString) out = NULL;

	if (trace == NULL)
		return;
	/* not even its length: that tells how long a password is */
	out = g_string_new("<secret>");
	put_line(trace, connection, NET_TRACE_OUT, out);
}

void
net_trace_bytes(NetTrace *trace, guint connection, NetTraceKind kind,
		guint64 len)
{
	g_autoptr(GString) out = NULL;

	if (trace == NULL)
		return;
	out = g_string_new(NULL);
	g_string_append_printf(out, "<%" G_GUINT64_FORMAT " bytes>", len);
	put_line(trace, connection, kind, out);
}
