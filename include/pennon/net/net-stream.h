/* net-stream.h - one byte stream to a server: socket, TLS, DEFLATE, time */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "net-trace.h"

/**
 * NetError: one code for each thing a caller can do
 * @NET_ERROR_RESOLVE: the host name is not known
 * @NET_ERROR_CONNECT: refused, unreachable
 * @NET_ERROR_TIMEOUT: no answer in time
 * @NET_ERROR_CLOSED: the other side, or the line, ended the connection
 * @NET_ERROR_CANCELLED: net_cancel_trigger() was called
 * @NET_ERROR_UNTRUSTED: the certificate; net_stream_certificate() tells more
 * @NET_ERROR_TLS: the handshake failed for another reason
 * @NET_ERROR_PROTOCOL: bytes where none may be, a broken compressed stream
 */
typedef enum {
	NET_ERROR_RESOLVE,
	NET_ERROR_CONNECT,
	NET_ERROR_TIMEOUT,
	NET_ERROR_CLOSED,
	NET_ERROR_CANCELLED,
	NET_ERROR_UNTRUSTED,
	NET_ERROR_TLS,
	NET_ERROR_PROTOCOL,
} NetError;
#define NET_ERROR (net_error_quark())
GQuark net_error_quark(void);

/* ---- cancel ---- */

/** NetCancel: ends whatever waits, from any thread, for good */
typedef struct NetCancel NetCancel;
NetCancel *net_cancel_new(void);
NetCancel *net_cancel_ref(NetCancel *cancel);
/** net_cancel_unref: (nullable) */
void net_cancel_unref(NetCancel *cancel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetCancel, net_cancel_unref)
/** net_cancel_trigger: any thread; takes effect within milliseconds in every
 * wait: look-up, connect, handshake, read, write */
void net_cancel_trigger(NetCancel *cancel);
bool net_cancel_is_triggered(const NetCancel *cancel);
/** net_cancel_fd: readable once triggered; poll it, never read it */
int net_cancel_fd(const NetCancel *cancel);

/* ---- where to, and whom to trust ---- */

typedef enum {
	NET_SECURITY_TLS,      /* TLS from the first byte */
	NET_SECURITY_STARTTLS, /* net_stream_start_tls() before any secret */
	NET_SECURITY_NONE,     /* refused but for loopback addresses */
} NetSecurity;

/** NetAddress: @host: name or IP address; borrowed strings */
typedef struct {
	const char *host;
	guint16 port;
	NetSecurity security;
} NetAddress;

/**
 * NetTls:
 * @ca_file: (nullable): PEM, trusted beside the system's
 * @pins: (nullable): %NULL-terminated; base64 of the SHA-256 of public keys
 *   (SPKI). With pins one of them must match, and nothing else is asked of the
 *   certificate: a pin replaces chain, name and dates for this server
 * @client_certificate: (nullable): PEM with certificate and key
 */
typedef struct {
	const char *ca_file;
	const char *const *pins;
	const char *client_certificate;
} NetTls;

/** NetTimeouts: µs */
typedef struct {
	gint64 resolve_us;
	gint64 connect_us; /* for each address */
	gint64 tls_us;
} NetTimeouts;
/** net_timeouts_default: 10 s, 10 s and 15 s, times @scale */
NetTimeouts net_timeouts_default(double scale);

/** NetCertificate: what the server showed; text unfiltered; times µs since
 * 1970 */
typedef struct {
	char *host;
	char *subject;
	char *issuer;
	char *names;
	gint64 not_before;
	gint64 not_after;
	char *sha256; /* "5F:9A:…" */
	char *pin;    /* base64 of the SPKI's SHA-256 */
	char *reason; /* why it was refused; NULL if it was not */
	bool changed; /* pins were given and none matched */
} NetCertificate;

/* ---- the stream ---- */

typedef struct NetStream NetStream;

/** NetCounters: bytes on the socket, bytes after inflate, and how often we
 * read after having sent (round trips) */
typedef struct {
	guint64 received;
	guint64 sent;
	guint64 inflated;
	guint64 turns;
} NetCounters;

/**
 * net_stream_open:
 * @tls: borrowed until the stream is freed
 * @cancel: (nullable): referenced
 * @trace: (nullable): borrowed
 * @ret_certificate: (out) (nullable): set if the certificate is refused;
 *   net_certificate_free()
 *
 * Resolves, connects (each address in turn, the next one 300 ms after the one
 * before, RFC 8305) and, for %NET_SECURITY_TLS, shakes hands. Blocks within
 * @timeouts. Nothing but the handshake was sent when it returns.
 *
 * Returns: (transfer full) (nullable): %NULL with a %NET_ERROR
 */
NetStream *net_stream_open(const NetAddress *address, const NetTls *tls,
			   const NetTimeouts *timeouts, NetCancel *cancel,
			   NetTrace *trace, NetCertificate **ret_certificate,
			   GError **error);
/** net_stream_free: (nullable): closes; never waits */
void net_stream_free(NetStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetStream, net_stream_free)

/** net_stream_start_tls: the handshake on a plain stream (STARTTLS). Bytes that
 * are there already were sent in clear: an error (CVE-2011-0411). */
bool net_stream_start_tls(NetStream *stream, NetCertificate **ret_certificate,
			  GError **error);
/** net_stream_start_deflate: RFC 4978; @leftover: (nullable): compressed bytes
 * the caller had read already */
bool net_stream_start_deflate(NetStream *stream, const void *leftover,
			      gsize len, GError **error);

/**
 * net_stream_read: blocks until there is something
 *
 * Returns: bytes read, never 0; -1 on failure, and end of file is one, even
 * where TLS ended in order
 */
gssize net_stream_read(NetStream *stream, void *buffer, gsize size,
		       GError **error);
/** net_stream_write: all or failure */
bool net_stream_write(NetStream *stream, const void *data, gsize size,
		      GError **error);

typedef enum {
	NET_WAIT_DATA,    /* net_stream_read() will not wait */
	NET_WAIT_CHANNEL, /* @channel_fd is readable */
	NET_WAIT_TIMEOUT,
	NET_WAIT_FAILED, /* cancelled, or the connection ended */
} NetWait;
/**
 * net_stream_wait: one poll() on the socket and a descriptor of the caller's
 * @channel_fd: or -1
 * @timeout_us: -1 for ever
 */
NetWait net_stream_wait(NetStream *stream, int channel_fd, gint64 timeout_us,
			GError **error);
/** net_stream_pending: bytes wait in OpenSSL or zlib */
bool net_stream_pending(const NetStream *stream);

/**
 * net_stream_set_limits:
 * @stall_us: longest silence in a read or write
 * @deadline_us: monotonic time at which everything ends, 0 for none: a server
 *   that sends a byte now and then never stalls
 */
void net_stream_set_limits(NetStream *stream, gint64 stall_us,
			   gint64 deadline_us);

const NetCounters *net_stream_counters(const NetStream *stream);
bool net_stream_is_tls(const NetStream *stream);
/** net_stream_tls_version: (nullable): "TLSv1.3" */
const char *net_stream_tls_version(const NetStream *stream);
const char *net_stream_tls_cipher(const NetStream *stream);
/** net_stream_certificate: (transfer full) (nullable): of an open TLS stream */
NetCertificate *net_stream_certificate(const NetStream *stream);
/** net_stream_is_loopback: the other side is on this machine */
bool net_stream_is_loopback(const NetStream *stream);
/** net_stream_number: of the connection, for the trace; counts from 1 */
guint net_stream_number(const NetStream *stream);

/** NetBinding: channel bindings (RFC 9266, RFC 5929) */
typedef enum {
	NET_BINDING_TLS_EXPORTER,
	NET_BINDING_TLS_UNIQUE,
} NetBinding;
/** net_stream_binding: (transfer full) (nullable): its bytes */
GBytes *net_stream_binding(const NetStream *stream, NetBinding binding);

/** net_certificate_free: (nullable) */
void net_certificate_free(NetCertificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetCertificate, net_certificate_free)
