/* net-private.h - the stream's parts, shared by the files of src/net */
#pragma once

#include <openssl/ssl.h>
#include <zlib.h>

#include "net-stream.h"

/** NetDeflate: RFC 4978 between TLS and the caller */
typedef struct {
	z_stream in;
	z_stream out;
	guchar *compressed; /* read, not yet inflated */
	gsize pos;
	gsize len;
	bool more; /* inflate() may hold output without new input */
} NetDeflate;

struct NetStream {
	int fd;
	char *host;
	const NetTls *tls;
	NetTimeouts timeouts;
	NetCancel *cancel; /* referenced, may be NULL */
	NetTrace *trace;
	guint number;
	bool loopback;
	SSL *ssl;
	NetDeflate *deflate;
	gsize empty; /* compressed bytes since the last that held something */
	gint64 stall_us;
	gint64 deadline_us;
	bool sent; /* since the last wait */
	/* what net_stream_wait() met: a read begins with it */
	guchar ahead[512];
	gsize ahead_pos;
	gsize ahead_len;
	NetCounters counters;
};

/** net_failed: sets a %NET_ERROR "host: what". Returns: -1 */
int net_failed(const NetStream *stream, GError **error, NetError code,
	       const char *what);

/**
 * net_wait_fd:
 * @events: POLLIN or POLLOUT
 * @until_us: monotonic
 *
 * Returns: %true when ready; %false with a timeout, a cancel or a failure
 */
bool net_wait_fd(NetStream *stream, short events, gint64 until_us,
		 GError **error);
/** net_wait_on: the same for another descriptor; no round trip */
bool net_wait_on(NetStream *stream, int fd, short events, gint64 until_us,
		 GError **error);

/* net-connect.c */
/** net_resolve_and_connect: Returns: a connected non-blocking socket, or -1 */
int net_resolve_and_connect(const NetAddress *address,
			    const NetTimeouts *timeouts, NetCancel *cancel,
			    bool *ret_loopback, GError **error);

/* net-tls.c */
bool net_tls_handshake(NetStream *stream, NetCertificate **ret_certificate,
		       GError **error);
/** net_tls_read, net_tls_write: one attempt. Returns: bytes; 0 with *@events
 * set if it would block; -1 with @error */
gssize net_tls_read(NetStream *stream, void *buffer, gsize size, short *events,
		    GError **error);
gssize net_tls_write(NetStream *stream, const void *data, gsize size,
		     short *events, GError **error);

/* net-trust.c */
/** net_trust_begin: starts to read the system's certificates, if nobody has;
 * any thread; does not wait */
void net_trust_begin(void);
/** net_trust_set: whom @context trusts: the system's, and the stream's own
 * ca_file; waits for the former. Returns: %false with a %NET_ERROR */
bool net_trust_set(NetStream *stream, SSL_CTX *context, GError **error);

/* net-deflate.c */
NetDeflate *net_deflate_new(const void *leftover, gsize len);
void net_deflate_free(NetDeflate *deflate);
bool net_deflate_pending(const NetDeflate *deflate);
/** net_deflate_fill: gives it @len compressed bytes; all before were used */
guchar *net_deflate_buffer(NetDeflate *deflate, gsize *ret_size);
void net_deflate_fill(NetDeflate *deflate, gsize len);
/** net_inflate: Returns: bytes, 0 if it needs more, -1 at a broken or ended
 * stream (*@ret_ended) */
gssize net_inflate(NetDeflate *deflate, void *buffer, gsize size,
		   bool *ret_ended);
/** net_deflate: (transfer full): @data compressed and flushed */
GByteArray *net_deflate(NetDeflate *deflate, const void *data, gsize size);

/* net-certificate.c */
NetCertificate *net_certificate_new(const char *host, X509 *x509);
/** net_certificate_pin: (transfer full): base64 of the SPKI's SHA-256 */
char *net_certificate_pin(X509 *x509);
