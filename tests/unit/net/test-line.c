/* test-line.c - a server's end of a connection: plain, TLS, compressed */
#include "test-line.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>
#include <zlib.h>

#define DAY (24 * 3600L)
#define RAW_WINDOW (-15)

struct Line {
	int fd;
	SSL_CTX *context;
	SSL *ssl;
	bool deflated;
	bool last; /* the next bytes end the compressed stream */
	z_stream in;
	z_stream out;
	guchar raw[4096];
};

static struct {
	GMutex lock;
	EVP_PKEY *key;
	X509 *x509;
	char *pin;
} identity;

static void
make_identity(void)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize digest_len = sizeof(digest);
	guchar *der = NULL;
	int len;

	g_mutex_lock(&identity.lock);
	if (identity.pin == NULL) {
		identity.key = EVP_EC_gen("P-256");
		identity.x509 = X509_new();
		X509_gmtime_adj(X509_getm_notBefore(identity.x509), -DAY);
		X509_gmtime_adj(X509_getm_notAfter(identity.x509), DAY);
		X509_set_pubkey(identity.x509, identity.key);
		X509_sign(identity.x509, identity.key, EVP_sha256());
		len = i2d_PUBKEY(identity.key, &der);
		g_checksum_update(sum, der, len);
		OPENSSL_free(der);
		g_checksum_get_digest(sum, digest, &digest_len);
		identity.pin = g_base64_encode(digest, digest_len);
	}
	g_mutex_unlock(&identity.lock);
}

const char *
line_pin(void)
{
	make_identity();
	return identity.pin;
}

Line *
line_new(int fd)
{
	Line *line = g_new0(Line, 1);

	line->fd = fd;
	return line;
}

void
line_free(Line *line)
{
	if (line == NULL)
		return;
	if (line->deflated) {
		inflateEnd(&line->in);
		deflateEnd(&line->out);
	}
	SSL_free(line->ssl);
	SSL_CTX_free(line->context);
	close(line->fd);
	g_free(line);
}

bool
line_start_tls(Line *line)
{
	make_identity();
	line->context = SSL_CTX_new(TLS_server_method());
	SSL_CTX_use_certificate(line->context, identity.x509);
	SSL_CTX_use_PrivateKey(line->context, identity.key);
	line->ssl = SSL_new(line->context);
	SSL_set_fd(line->ssl, line->fd);
	return SSL_accept(line->ssl) == 1;
}

void
line_start_deflate(Line *line)
{
	inflateInit2(&line->in, RAW_WINDOW);
	deflateInit2(&line->out, Z_BEST_SPEED, Z_DEFLATED, RAW_WINDOW, 8,
		     Z_DEFAULT_STRATEGY);
	line->deflated = true;
}

void
line_finish_deflate(Line *line)
{
	line->last = true;
}

static void
put_raw(Line *line, const void *data, gsize len)
{
	const char *p = data;

	while (len > 0) {
		gssize n = line->ssl != NULL
			       ? SSL_write(line->ssl, p, (int)len)
			       : send(line->fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		p += n;
		len -= (gsize)n;
	}
}

void
line_put(Line *line, const char *data, gsize len)
{
	guchar chunk[4096];

	if (!line->deflated) {
		put_raw(line, data, len);
		return;
	}
	line->out.next_in = (Bytef *)data;
	line->out.avail_in = (uInt)len;
	do {
		line->out.next_out = chunk;
		line->out.avail_out = sizeof(chunk);
		deflate(&line->out, line->last ? Z_FINISH : Z_SYNC_FLUSH);
		put_raw(line, chunk, sizeof(chunk) - line->out.avail_out);
	} while (line->out.avail_out == 0);
}

static gssize
get_raw(Line *line, void *buffer, gsize size)
{
	return line->ssl != NULL ? SSL_read(line->ssl, buffer, (int)size)
				 : recv(line->fd, buffer, size, 0);
}

bool
line_get(Line *line, char *ret_byte)
{
	if (!line->deflated)
		return get_raw(line, ret_byte, 1) == 1;
	line->in.next_out = (Bytef *)ret_byte;
	line->in.avail_out = 1;
	for (;;) {
		gssize got;

		if (inflate(&line->in, Z_SYNC_FLUSH) < 0 &&
		    line->in.avail_in > 0)
			return false;
		if (line->in.avail_out == 0)
			return true;
		got = get_raw(line, line->raw, sizeof(line->raw));
		if (got <= 0)
			return false;
		line->in.next_in = line->raw;
		line->in.avail_in = (uInt)got;
	}
}
