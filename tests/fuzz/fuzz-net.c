/* fuzz-net.c - the net layer's functions over bytes in memory, for fuzzers:
 * the server's side is the input, what we send is dropped */
#include "fuzz-net.h"

#include <stdio.h>
#include <string.h>

#include "net-trace.h"

struct NetStream {
	NetCounters counters;
};

static const guint8 *input;
static gsize input_len;

void
fuzz_net_input(const guint8 *data, gsize size)
{
	input = data;
	input_len = size;
}

GQuark
net_error_quark(void)
{
	return g_quark_from_static_string("fuzz-net-error");
}

NetCancel *
net_cancel_new(void)
{
	return g_malloc0(1);
}

void
net_cancel_unref(NetCancel *cancel)
{
	g_free(cancel);
}

void
net_cancel_trigger(NetCancel *cancel)
{
	(void)cancel;
}

bool
net_cancel_is_triggered(const NetCancel *cancel)
{
	(void)cancel;
	return false;
}

NetTimeouts
net_timeouts_default(double scale)
{
	(void)scale;
	return (NetTimeouts){1, 1, 1};
}

NetStream *
net_stream_open(const NetAddress *address, const NetTls *tls,
		const NetTimeouts *timeouts, NetCancel *cancel, NetTrace *trace,
		NetCertificate **ret_certificate, GError **error)
{
	(void)address;
	(void)tls;
	(void)timeouts;
	(void)cancel;
	(void)trace;
	(void)ret_certificate;
	(void)error;
	return g_new0(NetStream, 1);
}

void
net_stream_free(NetStream *stream)
{
	g_free(stream);
}

bool
net_stream_start_tls(NetStream *stream, NetCertificate **ret_certificate,
		     GError **error)
{
	(void)stream;
	(void)ret_certificate;
	(void)error;
	return true;
}

bool
net_stream_start_deflate(NetStream *stream, const void *leftover, gsize len,
			 GError **error)
{
	(void)stream;
	(void)leftover;
	(void)len;
	g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL, "no");
	return false;
}

gssize
net_stream_read(NetStream *stream, void *buffer, gsize size, GError **error)
{
	gsize len = MIN(size, input_len);

	if (len == 0) {
		g_set_error_literal(error, NET_ERROR, NET_ERROR_CLOSED,
				    "closed");
		return -1;
	}
	/* pieces of uneven size: every frame is met cut somewhere */
	len = MIN(len, 1 + (input_len * 7) % 97);
	memcpy(buffer, input, len);
	input += len;
	input_len -= len;
	stream->counters.received += len;
	return (gssize)len;
}

bool
net_stream_write(NetStream *stream, const void *data, gsize size,
		 GError **error)
{
	(void)error;
	/* for those who write a seed: what a server would have to answer */
	if (g_getenv("FUZZ_SHOW") != NULL)
		fwrite(data, 1, size, stderr);
	stream->counters.sent += size;
	return true;
}

NetWait
net_stream_wait(NetStream *stream, int channel_fd, gint64 timeout_us,
		GError **error)
{
	(void)stream;
	(void)channel_fd;
	(void)timeout_us;
	(void)error;
	return input_len > 0 ? NET_WAIT_DATA : NET_WAIT_TIMEOUT;
}

bool
net_stream_pending(const NetStream *stream)
{
	(void)stream;
	return input_len > 0;
}

void
net_stream_set_limits(NetStream *stream, gint64 stall_us, gint64 deadline_us)
{
	(void)stream;
	(void)stall_us;
	(void)deadline_us;
}

const NetCounters *
net_stream_counters(const NetStream *stream)
{
	return &stream->counters;
}

bool
net_stream_is_tls(const NetStream *stream)
{
	(void)stream;
	return true;
}

const char *
net_stream_tls_version(const NetStream *stream)
{
	(void)stream;
	return NULL;
}

const char *
net_stream_tls_cipher(const NetStream *stream)
{
	(void)stream;
	return NULL;
}

NetCertificate *
net_stream_certificate(const NetStream *stream)
{
	(void)stream;
	return NULL;
}

bool
net_stream_is_loopback(const NetStream *stream)
{
	(void)stream;
	return true;
}

guint
net_stream_number(const NetStream *stream)
{
	(void)stream;
	return 1;
}

GBytes *
net_stream_binding(const NetStream *stream, NetBinding binding)
{
	(void)stream;
	(void)binding;
	return NULL;
}

void
net_certificate_free(NetCertificate *certificate)
{
	(void)certificate;
}

NetTrace *
net_trace_open(const char *path, GError **error)
{
	(void)path;
	(void)error;
	return NULL;
}

void
net_trace_free(NetTrace *trace)
{
	(void)trace;
}

void
net_trace_text(NetTrace *trace, guint connection, NetTraceKind kind,
	       const char *text, gssize len)
{
	(void)trace;
	(void)connection;
	(void)kind;
	(void)text;
	(void)len;
}

void
net_trace_secret(NetTrace *trace, guint connection)
{
	(void)trace;
	(void)connection;
}

void
net_trace_bytes(NetTrace *trace, guint connection, NetTraceKind kind,
		guint64 len)
{
	(void)trace;
	(void)connection;
	(void)kind;
	(void)len;
}
