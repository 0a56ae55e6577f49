/* net-tls.c - the handshake, whom to trust, and bytes through TLS */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base-word.h"
#include "net-private.h"

#define EXPORTER_LABEL "EXPORTER-Channel-Binding"
#define BINDING_LEN 32u

static void
set_tls_error(const NetStream *stream, const char *what, GError **error)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

	g_set_error(error, NET_ERROR, NET_ERROR_TLS, "%s: %s%s%s", stream->host,
		    what, reason != NULL ? ": " : "",
		    reason != NULL ? reason : "");
}

static bool
load_own(const NetStream *stream, SSL_CTX *context, GError **error)
{
	const NetTls *tls = stream->tls;

	if (tls->client_certificate != NULL &&
	    (SSL_CTX_use_certificate_chain_file(context,
						tls->client_certificate) != 1 ||
	     SSL_CTX_use_PrivateKey_file(context, tls->client_certificate,
					 SSL_FILETYPE_PEM) != 1)) {
		g_set_error(error, NET_ERROR, NET_ERROR_TLS,
			    "%s: cannot be read as certificate and key",
			    tls->client_certificate);
		return false;
	}
	return true;
}

static SSL_CTX *
new_context(NetStream *stream, GError **error)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_options(context,
			    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				      SSL_MODE_RELEASE_BUFFERS);
	/* judged after the handshake: a pin may stand for the chain, and a
	 * refused certificate has to be shown */
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	if (!net_trust_set(stream, context, error) ||
	    !load_own(stream, context, error)) {
		SSL_CTX_free(context);
		return NULL;
	}
	return context;
}

static bool
is_ip_address(const char *host)
{
	return g_hostname_is_ip_address(host);
}

static void
set_expected_name(NetStream *stream)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(stream->ssl);

	X509_VERIFY_PARAM_set_hostflags(param,
					X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (is_ip_address(stream->host)) {
		X509_VERIFY_PARAM_set1_ip_asc(param, stream->host);
	} else {
		X509_VERIFY_PARAM_set1_host(param, stream->host, 0);
		SSL_set_tlsext_host_name(stream->ssl, stream->host);
	}
}

/* NULL: trusted. Else why not; static text. */
static const char *
judge(const NetStream *stream, X509 *x509, bool *ret_changed)
{
	const char *const *pins = stream->tls->pins;
	long verdict = SSL_get_verify_result(stream->ssl);

	*ret_changed = false;
	if (pins != NULL && pins[0] != NULL) {
		g_autofree char *pin = net_certificate_pin(x509);

		if (g_strv_contains(pins, pin))
			return NULL;
		*ret_changed = true;
		return N_("its key is not the one that was pinned");
	}
	if (verdict == X509_V_OK)
		return NULL;
	return X509_verify_cert_error_string(verdict);
}

static bool
check_certificate(NetStream *stream, NetCertificate **ret_certificate,
		  GError **error)
{
	X509 *x509 = SSL_get1_peer_certificate(stream->ssl);
	bool changed = false;
	const char *reason;

	if (x509 == NULL) {
		set_tls_error(stream, "the server showed no certificate",
			      error);
		return false;
	}
	reason = judge(stream, x509, &changed);
	if (reason != NULL) {
		g_autoptr(NetCertificate) certificate =
		    net_certificate_new(stream->host, x509);

		certificate->reason = g_strdup(reason);
		certificate->changed = changed;
		g_set_error(error, NET_ERROR, NET_ERROR_UNTRUSTED,
			    "%s: certificate not trusted: %s", stream->host,
			    reason);
		if (ret_certificate != NULL)
			*ret_certificate = g_steal_pointer(&certificate);
	}
	X509_free(x509);
	return reason == NULL;
}

static bool
shake_hands(NetStream *stream, GError **error)
{
	gint64 until = g_get_monotonic_time() + stream->timeouts.tls_us;

	for (;;) {
		int result;
		int why;

		ERR_clear_error();
		result = SSL_connect(stream->ssl);
		if (result == 1)
			return true;
		stream->sent = true;
		why = SSL_get_error(stream->ssl, result);
		if (why == SSL_ERROR_SYSCALL ||
		    (why == SSL_ERROR_SSL &&
		     ERR_GET_REASON(ERR_peek_error()) ==
			 SSL_R_UNEXPECTED_EOF_WHILE_READING)) {
			net_failed(stream, error, NET_ERROR_CLOSED,
				   "the connection ended in the TLS handshake");
			return false;
		}
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
			set_tls_error(stream, "TLS handshake", error);
			return false;
		}
		if (!net_wait_fd(stream,
				 why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT,
				 until, error))
			return false;
	}
}

bool
net_tls_handshake(NetStream *stream, NetCertificate **ret_certificate,
		  GError **error)
{
	SSL_CTX *context = new_context(stream, error);
	g_autofree char *note = NULL;

	if (context == NULL)
		return false;
	stream->ssl = SSL_new(context);
	SSL_CTX_free(context); /* the connection holds its own reference */
	set_expected_name(stream);
	SSL_set_fd(stream->ssl, stream->fd);
	if (!shake_hands(stream, error) ||
	    !check_certificate(stream, ret_certificate, error)) {
		/* nothing goes over a connection that was not trusted */
		SSL_free(stream->ssl);
		stream->ssl = NULL;
		return false;
	}
	note = g_strdup_printf("%s %s", SSL_get_version(stream->ssl),
			       SSL_get_cipher_name(stream->ssl));
	net_trace_text(stream->trace, stream->number, NET_TRACE_NOTE, note, -1);
	return true;
}

/* 0: would block; -1: failed */
static gssize
io_result(NetStream *stream, int result, short *events, GError **error)
{
	int why = SSL_get_error(stream->ssl, result);

	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
		*events = why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
		return 0;
	}
	if (why == SSL_ERROR_ZERO_RETURN)
		return net_failed(stream, error, NET_ERROR_CLOSED,
				  "the server closed the connection");
	if (why == SSL_ERROR_SYSCALL || ERR_GET_REASON(ERR_peek_error()) ==
					    SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return net_failed(stream, error, NET_ERROR_CLOSED,
				  "the connection was cut");
	set_tls_error(stream, "TLS", error);
	return -1;
}

gssize
net_tls_read(NetStream *stream, void *buffer, gsize size, short *events,
	     GError **error)
{
	int result;

	ERR_clear_error();
	result = SSL_read(stream->ssl, buffer, (int)MIN(size, G_MAXINT));
	return result > 0 ? result : io_result(stream, result, events, error);
}

gssize
net_tls_write(NetStream *stream, const void *data, gsize size, short *events,
	      GError **error)
{
	int result;

	ERR_clear_error();
	result = SSL_write(stream->ssl, data, (int)MIN(size, G_MAXINT));
	return result > 0 ? result : io_result(stream, result, events, error);
}

GBytes *
net_stream_binding(const NetStream *stream, NetBinding binding)
{
	guchar bytes[EVP_MAX_MD_SIZE];
	gsize len = 0;

	if (stream->ssl == NULL)
		return NULL;
	if (binding == NET_BINDING_TLS_EXPORTER) {
		len = BINDING_LEN;
		if (SSL_export_keying_material(stream->ssl, bytes, len,
					       EXPORTER_LABEL,
					       sizeof(EXPORTER_LABEL) - 1,
					       (const guchar *)"", 0, 1) != 1)
			return NULL;
	} else {
		if (SSL_version(stream->ssl) > TLS1_2_VERSION)
			return NULL;
		/* the first Finished message: ours in a full handshake */
		len = SSL_session_reused(stream->ssl)
			  ? SSL_get_peer_finished(stream->ssl, bytes,
						  sizeof(bytes))
			  : SSL_get_finished(stream->ssl, bytes, sizeof(bytes));
	}
	return len > 0 ? g_bytes_new(bytes, len) : NULL;
}

NetCertificate *
net_stream_certificate(const NetStream *stream)
{
	NetCertificate *certificate;
	X509 *x509;

	if (stream->ssl == NULL)
		return NULL;
	x509 = SSL_get1_peer_certificate(stream->ssl);
	certificate = net_certificate_new(stream->host, x509);
	X509_free(x509);
	return certificate;
}

bool
net_stream_is_tls(const NetStream *stream)
{
	return stream->ssl != NULL;
}

const char *
net_stream_tls_version(const NetStream *stream)
{
	return stream->ssl != NULL ? SSL_get_version(stream->ssl) : NULL;
}

const char *
net_stream_tls_cipher(const NetStream *stream)
{
	return stream->ssl != NULL ? SSL_get_cipher_name(stream->ssl) : NULL;
}
