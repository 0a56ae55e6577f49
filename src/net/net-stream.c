/* net-stream.c - one byte stream: reading, writing, waiting */
#include "net-stream.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base-errno.h"
#include "base-guard.h"
#include "base-word.h"
#include "net-private.h"

#define STALL_DEFAULT_US (60 * G_USEC_PER_SEC)
#define WRITE_SLICE 65536u
/* compressed bytes that hold nothing, until one that does: a block without data
 * is how a server flushes, and it sends one */
#define EMPTY_MAX ((gsize)16 << 20)

/* clang-format would put spaces into the name */
/* clang-format off */
G_DEFINE_QUARK(net-error-quark, net_error)
/* clang-format on */

NetTimeouts
net_timeouts_default(double scale)
{
	return (NetTimeouts){
	    .resolve_us = (gint64)(10 * G_USEC_PER_SEC * scale),
	    .connect_us = (gint64)(10 * G_USEC_PER_SEC * scale),
	    .tls_us = (gint64)(15 * G_USEC_PER_SEC * scale),
	};
}

int
net_failed(const NetStream *stream, GError **error, NetError code,
	   const char *what)
{
	g_set_error(error, NET_ERROR, (gint)code, "%s: %s", stream->host, what);
	return -1;
}

static bool
check_alive(const NetStream *stream, GError **error)
{
	if (stream->cancel != NULL && net_cancel_is_triggered(stream->cancel)) {
		net_failed(stream, error, NET_ERROR_CANCELLED, "cancelled");
		return false;
	}
	if (stream->deadline_us != 0 &&
	    g_get_monotonic_time() >= stream->deadline_us) {
		net_failed(stream, error, NET_ERROR_TIMEOUT,
			   "no answer in time");
		return false;
	}
	return true;
}

/* Something came, or is waited for, after something was sent. */
static void
note_turn(NetStream *stream)
{
	stream->counters.turns += stream->sent;
	stream->sent = false;
}

bool
net_wait_on(NetStream *stream, int fd, short events, gint64 until_us,
	    GError **error)
{
	if (stream->deadline_us != 0)
		until_us = MIN(until_us, stream->deadline_us);
	for (;;) {
		struct pollfd fds[2] = {
		    {.fd = fd, .events = events},
		    {.fd = stream->cancel != NULL
			       ? net_cancel_fd(stream->cancel)
			       : -1,
		     .events = POLLIN},
		};
		gint64 left = until_us - g_get_monotonic_time();
		int result;

		if (!check_alive(stream, error))
			return false;
		if (left <= 0) {
			net_failed(stream, error, NET_ERROR_TIMEOUT,
				   "no answer in time");
			return false;
		}
		result = poll(fds, 2, (int)MIN((left + 999) / 1000, G_MAXINT));
		if (result < 0 && errno != EINTR) {
			net_failed(stream, error, NET_ERROR_CLOSED,
				   errno_text(errno));
			return false;
		}
		if (result > 0 && fds[0].revents != 0 && fds[1].revents == 0)
			return true;
	}
}

bool
net_wait_fd(NetStream *stream, short events, gint64 until_us, GError **error)
{
	if (events == POLLIN)
		note_turn(stream);
	return net_wait_on(stream, stream->fd, events, until_us, error);
}

NetStream *
net_stream_open(const NetAddress *address, const NetTls *tls,
		const NetTimeouts *timeouts, NetCancel *cancel, NetTrace *trace,
		NetCertificate **ret_certificate, GError **error)
{
	static atomic_uint last_number;
	g_autoptr(NetStream) stream = g_new0(NetStream, 1);
	g_autofree char *note = NULL;

	stream->fd = -1;
	stream->host = g_strdup(address->host);
	stream->tls = tls;
	stream->timeouts = *timeouts;
	stream->cancel = cancel != NULL ? net_cancel_ref(cancel) : NULL;
	stream->trace = trace;
	stream->number = atomic_fetch_add(&last_number, 1) + 1;
	stream->stall_us = STALL_DEFAULT_US;
	if (address->security != NET_SECURITY_NONE)
		net_trust_begin();
	stream->fd = net_resolve_and_connect(address, timeouts, cancel,
					     &stream->loopback, error);
	if (stream->fd < 0)
		return NULL;
	if (address->security == NET_SECURITY_NONE && !stream->loopback) {
		net_failed(stream, error, NET_ERROR_TLS,
			   "not on this machine: TLS is required");
		return NULL;
	}
	note =
	    g_strdup_printf("connected to %s:%u", address->host, address->port);
	net_trace_text(trace, stream->number, NET_TRACE_NOTE, note, -1);
	if (address->security == NET_SECURITY_TLS &&
	    !net_tls_handshake(stream, ret_certificate, error))
		return NULL;
	return g_steal_pointer(&stream);
}

void
net_stream_free(NetStream *stream)
{
	if (stream == NULL)
		return;
	if (stream->ssl != NULL) {
		/* one try: a close_notify that would wait is not worth it */
		SSL_shutdown(stream->ssl);
		SSL_free(stream->ssl);
	}
	if (stream->fd >= 0) {
		net_trace_text(stream->trace, stream->number, NET_TRACE_NOTE,
			       "closed", -1);
		close(stream->fd);
	}
	net_deflate_free(stream->deflate);
	net_cancel_unref(stream->cancel);
	g_free(stream->host);
	g_free(stream);
}

bool
net_stream_start_tls(NetStream *stream, NetCertificate **ret_certificate,
		     GError **error)
{
	char byte;

	GUARD_NOT_ON_UI("TLS handshake");
	g_assert(stream->ssl == NULL && stream->deflate == NULL);
	if (stream->ahead_len > 0 ||
	    recv(stream->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
		/* a TLS server says nothing before our ClientHello */
		net_failed(stream, error, NET_ERROR_PROTOCOL,
			   "the server sent data in clear before TLS");
		return false;
	}
	return net_tls_handshake(stream, ret_certificate, error);
}

bool
net_stream_start_deflate(NetStream *stream, const void *leftover, gsize len,
			 GError **error)
{
	if (stream->deflate != NULL) {
		net_failed(stream, error, NET_ERROR_PROTOCOL,
			   "compression is on already");
		return false;
	}
	/* the caller waits for the OK, and reads all that is there behind it */
	g_assert(stream->ahead_len == 0);
	stream->deflate = net_deflate_new(leftover, len);
	net_trace_text(stream->trace, stream->number, NET_TRACE_NOTE,
		       "compressed", -1);
	return true;
}

/* one attempt at the socket; 0: would block, *events says on what */
static gssize
raw_read(NetStream *stream, void *buffer, gsize size, short *events,
	 GError **error)
{
	gssize got;

	*events = POLLIN;
	if (stream->ssl != NULL) {
		got = net_tls_read(stream, buffer, size, events, error);
	} else {
		do
			got = recv(stream->fd, buffer, size, 0);
		while (got < 0 && errno == EINTR);
		if (got == 0)
			return net_failed(stream, error, NET_ERROR_CLOSED,
					  "the server closed the connection");
		if (got < 0 && errno != EAGAIN)
			return net_failed(stream, error, NET_ERROR_CLOSED,
					  errno_text(errno));
		got = MAX(got, 0);
	}
	if (got > 0) {
		stream->counters.received += (guint64)got;
		/* an answer may be there before we come to wait for it */
		note_turn(stream);
	}
	return got;
}

static gssize
inflate_some(NetStream *stream, void *buffer, gsize size, GError **error)
{
	bool ended = false;
	gssize got = net_inflate(stream->deflate, buffer, size, &ended);

	if (got < 0)
		return net_failed(stream, error,
				  ended ? NET_ERROR_CLOSED : NET_ERROR_PROTOCOL,
				  ended
				      ? "the server closed the connection"
				      : N_("the compressed stream is damaged"));
	return got;
}

/* What is there without waiting: 0 with *events if nothing is; -1: failed */
static gssize
read_some(NetStream *stream, void *buffer, gsize size, short *events,
	  GError **error)
{
	for (bool again = false; stream->empty <= EMPTY_MAX; again = true) {
		gsize room = size;
		void *where = buffer;
		gssize got;

		if (again && !check_alive(stream, error))
			return -1;
		if (stream->deflate != NULL) {
			if (net_deflate_pending(stream->deflate)) {
				got = inflate_some(stream, buffer, size, error);
				if (got > 0) {
					stream->counters.inflated +=
					    (guint64)got;
					stream->empty = 0;
				}
				if (got != 0)
					return got;
			}
			where = net_deflate_buffer(stream->deflate, &room);
		}
		got = raw_read(stream, where, room, events, error);
		if (got <= 0)
			return got;
		if (stream->deflate == NULL) {
			stream->counters.inflated += (guint64)got;
			return got;
		}
		net_deflate_fill(stream->deflate, (gsize)got);
		stream->empty += (gsize)got;
	}
	return net_failed(stream, error, NET_ERROR_PROTOCOL,
			  "the compressed stream holds nothing");
}

static gsize
take_ahead(NetStream *stream, void *buffer, gsize size)
{
	gsize n = MIN(size, stream->ahead_len);

	memcpy(buffer, stream->ahead + stream->ahead_pos, n);
	stream->ahead_pos += n;
	stream->ahead_len -= n;
	return n;
}

gssize
net_stream_read(NetStream *stream, void *buffer, gsize size, GError **error)
{
	gint64 until = g_get_monotonic_time() + stream->stall_us;

	GUARD_NOT_ON_UI("read from the network");
	if (stream->ahead_len > 0)
		return (gssize)take_ahead(stream, buffer, size);
	for (;;) {
		short events;
		gssize got;

		if (!check_alive(stream, error))
			return -1;
		got = read_some(stream, buffer, size, &events, error);
		if (got != 0)
			return got;
		if (!net_wait_fd(stream, events, until, error))
			return -1;
	}
}

static bool
raw_write(NetStream *stream, const guchar *data, gsize size, GError **error)
{
	gint64 until = g_get_monotonic_time() + stream->stall_us;
	gsize done = 0;

	while (done < size) {
		gsize slice = MIN(size - done, WRITE_SLICE);
		short events = POLLOUT;
		gssize put;

		if (!check_alive(stream, error))
			return false;
		if (stream->ssl != NULL) {
			put = net_tls_write(stream, data + done, slice, &events,
					    error);
			if (put < 0)
				return false;
		} else {
			put =
			    send(stream->fd, data + done, slice, MSG_NOSIGNAL);
			if (put < 0 && errno != EAGAIN && errno != EINTR) {
				net_failed(stream, error, NET_ERROR_CLOSED,
					   errno_text(errno));
				return false;
			}
		}
		if (put > 0) {
			done += (gsize)put;
			until = g_get_monotonic_time() + stream->stall_us;
		} else if (!net_wait_fd(stream, events, until, error)) {
			return false;
		}
	}
	stream->sent = true;
	stream->counters.sent += size;
	return true;
}

bool
net_stream_write(NetStream *stream, const void *data, gsize size,
		 GError **error)
{
	const guchar *bytes = data;

	GUARD_NOT_ON_UI("write to the network");
	if (stream->deflate == NULL)
		return raw_write(stream, bytes, size, error);
	while (size > 0) {
		gsize slice = MIN(size, WRITE_SLICE);
		g_autoptr(GByteArray) out =
		    net_deflate(stream->deflate, bytes, slice);

		if (!raw_write(stream, out->data, out->len, error))
			return false;
		bytes += slice;
		size -= slice;
	}
	return true;
}

bool
net_stream_pending(const NetStream *stream)
{
	if (stream->ahead_len > 0 ||
	    (stream->deflate != NULL && net_deflate_pending(stream->deflate)))
		return true;
	return stream->ssl != NULL && SSL_has_pending(stream->ssl);
}

/*
 * A readable socket is not yet data: a TLS record may be there in part, or hold
 * a session ticket; an empty DEFLATE block inflates to nothing. So the wait
 * reads by itself, and ends only when there is a byte to hand out.
 */
static gssize
look_ahead(NetStream *stream, short *events, GError **error)
{
	gssize got;

	if (stream->ahead_len > 0)
		return 1;
	got = read_some(stream, stream->ahead, sizeof(stream->ahead), events,
			error);
	if (got > 0) {
		stream->ahead_pos = 0;
		stream->ahead_len = (gsize)got;
	}
	return got;
}

NetWait
net_stream_wait(NetStream *stream, int channel_fd, gint64 timeout_us,
		GError **error)
{
	gint64 until =
	    timeout_us < 0 ? G_MAXINT64 : g_get_monotonic_time() + timeout_us;

	GUARD_NOT_ON_UI("wait for the network");
	/* what is asked was sent: the next read counts as a turn by itself */
	for (;;) {
		short events = POLLIN;
		gssize got = 0;
		struct pollfd fds[3];
		gint64 left;
		int result;

		if (stream->cancel != NULL &&
		    net_cancel_is_triggered(stream->cancel)) {
			net_failed(stream, error, NET_ERROR_CANCELLED,
				   "cancelled");
			return NET_WAIT_FAILED;
		}
		got = look_ahead(stream, &events, error);
		if (got < 0)
			return NET_WAIT_FAILED;
		fds[0] = (struct pollfd){.fd = stream->fd, .events = events};
		fds[1] = (struct pollfd){.fd = channel_fd, .events = POLLIN};
		fds[2] = (struct pollfd){
		    .fd = stream->cancel != NULL ? net_cancel_fd(stream->cancel)
						 : -1,
		    .events = POLLIN};
		/* work comes first, or a server that floods would keep it out
		 */
		left = got > 0 ? 0
			       : CLAMP(until - g_get_monotonic_time(), 0,
				       (gint64)G_MAXINT * 500);
		result = poll(fds, 3, (int)((left + 999) / 1000));
		if (result < 0 && errno != EINTR) {
			net_failed(stream, error, NET_ERROR_CLOSED,
				   errno_text(errno));
			return NET_WAIT_FAILED;
		}
		if (result > 0 && fds[2].revents == 0 && fds[1].revents != 0)
			return NET_WAIT_CHANNEL;
		if (got > 0 && (result == 0 || fds[2].revents == 0))
			return NET_WAIT_DATA;
		if (result == 0 && g_get_monotonic_time() >= until)
			return NET_WAIT_TIMEOUT;
	}
}

void
net_stream_set_limits(NetStream *stream, gint64 stall_us, gint64 deadline_us)
{
	stream->stall_us = stall_us;
	stream->deadline_us = deadline_us;
}

const NetCounters *
net_stream_counters(const NetStream *stream)
{
	return &stream->counters;
}

bool
net_stream_is_loopback(const NetStream *stream)
{
	return stream->loopback;
}

guint
net_stream_number(const NetStream *stream)
{
	return stream->number;
}
