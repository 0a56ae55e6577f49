/* test-peer.c - the other side of a connection, on this machine */
#include "test-peer.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

struct Peer {
	int fd;
	guint16 port;
	PeerFunc func;
	gpointer user;
	pthread_t thread;
	gboolean used; /* by a stream: the thread has it, or will */
};

/* ---- names ---- */

static guint16 dead_port;
static guint16 refused_port;

static struct addrinfo *
loopback(guint16 port, struct addrinfo *next)
{
	struct addrinfo *info = g_new0(struct addrinfo, 1);
	struct sockaddr_in *address = g_new0(struct sockaddr_in, 1);

	address->sin_family = AF_INET;
	address->sin_port = htons(port);
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	info->ai_family = AF_INET;
	info->ai_socktype = SOCK_STREAM;
	info->ai_addr = (struct sockaddr *)address;
	info->ai_addrlen = sizeof(*address);
	info->ai_next = next;
	return info;
}

/* The program's own come before the library's: no name leaves this machine. */
int
getaddrinfo(const char *host, const char *service,
	    const struct addrinfo *hints G_GNUC_UNUSED,
	    struct addrinfo **ret_list)
{
	guint16 port = (guint16)g_ascii_strtoull(service, NULL, 10);
	struct in_addr number;

	if (strcmp(host, "unknown.test") == 0)
		return EAI_NONAME;
	if (strcmp(host, "hang.test") == 0) {
		g_usleep(700000);
		return EAI_AGAIN;
	}
	*ret_list = loopback(port, NULL);
	if (strcmp(host, "dead.test") == 0)
		((struct sockaddr_in *)(*ret_list)->ai_addr)->sin_port =
		    htons(dead_port);
	else if (strcmp(host, "slow.test") == 0)
		*ret_list = loopback(dead_port, *ret_list);
	else if (strcmp(host, "refused.test") == 0)
		*ret_list = loopback(refused_port, *ret_list);
	else if (inet_aton(host, &number) != 0)
		((struct sockaddr_in *)(*ret_list)->ai_addr)->sin_addr = number;
	return 0;
}

void
freeaddrinfo(struct addrinfo *list)
{
	while (list != NULL) {
		struct addrinfo *next = list->ai_next;

		g_free(list->ai_addr);
		g_free(list);
		list = next;
	}
}

/* ---- the peer ---- */

static int
listen_on_loopback(int backlog, guint16 *ret_port)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, len), ==, 0);
	g_assert_cmpint(listen(fd, backlog), ==, 0);
	g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &len), ==,
			0);
	*ret_port = ntohs(address.sin_port);
	return fd;
}

/* A queue that is full drops every further SYN. */
static void
make_dead_port(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	if (dead_port != 0)
		return;
	listen_on_loopback(0, &dead_port);
	address.sin_port = htons(dead_port);
	for (guint i = 0; i < 4; i++) {
		int fd = socket(AF_INET,
				SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		(void)connect(fd, (struct sockaddr *)&address, sizeof(address));
	}
	close(listen_on_loopback(1, &refused_port));
}

static void *
serve(void *data)
{
	Peer *peer = data;
	int fd = accept(peer->fd, NULL, NULL);

	if (fd >= 0 && peer->func != NULL)
		peer->func(fd, peer->user);
	if (fd >= 0)
		close(fd);
	return NULL;
}

Peer *
peer_new(PeerFunc func, gpointer user)
{
	Peer *peer = g_new0(Peer, 1);

	make_dead_port();
	peer->func = func;
	peer->user = user;
	peer->fd = listen_on_loopback(4, &peer->port);
	g_assert_cmpint(pthread_create(&peer->thread, NULL, serve, peer), ==,
			0);
	return peer;
}

void
peer_free(Peer *peer)
{
	if (peer == NULL)
		return;
	if (!peer->used)
		shutdown(peer->fd, SHUT_RDWR); /* accept() ends */
	pthread_join(peer->thread, NULL);
	close(peer->fd);
	g_free(peer);
}

guint16
peer_port(const Peer *peer)
{
	return peer->port;
}

NetStream *
peer_open(Peer *peer, const char *host, NetSecurity security, const NetTls *tls,
	  NetCancel *cancel, NetCertificate **ret_certificate, GError **error)
{
	static const NetTls none;
	NetAddress address = {host, peer->port, security};
	NetTimeouts timeouts = {200000, 900000, (gint64)300000 * PEER_SLACK};
	NetStream *stream =
	    net_stream_open(&address, tls == NULL ? &none : tls, &timeouts,
			    cancel, NULL, ret_certificate, error);

	peer->used |= stream != NULL;
	return stream;
}

void
peer_write(int fd, const void *data, gsize len)
{
	const char *p = data;

	while (len > 0) {
		gssize n = send(fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return; /* the other side went: the test says why */
		p += n;
		len -= (gsize)n;
	}
}

void
peer_wait_closed(int fd)
{
	char buffer[4096];

	while (recv(fd, buffer, sizeof(buffer), 0) > 0)
		;
}

/* ---- certificates ---- */

static void
add_extension(X509 *x509, const Cert *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, issuer == NULL ? x509 : issuer->x509, x509,
		       NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	g_assert_nonnull(extension);
	X509_add_ext(x509, extension, -1);
	X509_EXTENSION_free(extension);
}

Cert *
cert_new(const char *names, long from, long to, const Cert *issuer)
{
	static gint serial = 1; /* threads make certificates, too */
	Cert *cert = g_new0(Cert, 1);
	X509_NAME *name;

	cert->key = EVP_EC_gen("P-256");
	cert->x509 = X509_new();
	X509_set_version(cert->x509, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert->x509),
			 g_atomic_int_add(&serial, 1));
	X509_gmtime_adj(X509_getm_notBefore(cert->x509), from);
	X509_gmtime_adj(X509_getm_notAfter(cert->x509), to);
	name = X509_get_subject_name(cert->x509);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8,
	    (const guchar *)(names == NULL ? "Test authority" : "server"), -1,
	    -1, 0);
	X509_set_issuer_name(
	    cert->x509,
	    issuer == NULL ? name : X509_get_subject_name(issuer->x509));
	X509_set_pubkey(cert->x509, cert->key);
	if (names == NULL)
		add_extension(cert->x509, issuer, NID_basic_constraints,
			      "critical,CA:TRUE");
	else
		add_extension(cert->x509, issuer, NID_subject_alt_name, names);
	g_assert_cmpint(X509_sign(cert->x509,
				  issuer == NULL ? cert->key : issuer->key,
				  EVP_sha256()),
			>, 0);
	return cert;
}

void
cert_free(Cert *cert)
{
	if (cert == NULL)
		return;
	X509_free(cert->x509);
	EVP_PKEY_free(cert->key);
	g_free(cert);
}

char *
cert_pin(const Cert *cert)
{
	guchar *der = NULL;
	int len = i2d_PUBKEY(cert->key, &der);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize digest_len = sizeof(digest);

	g_checksum_update(sum, der, len);
	OPENSSL_free(der);
	g_checksum_get_digest(sum, digest, &digest_len);
	return g_base64_encode(digest, digest_len);
}

char *
cert_write(const Cert *cert, gboolean with_key)
{
	char *path = NULL;
	int fd = g_file_open_tmp("pennon-cert-XXXXXX", &path, NULL);
	FILE *file = fdopen(fd, "w");

	PEM_write_X509(file, cert->x509);
	if (with_key)
		PEM_write_PrivateKey(file, cert->key, NULL, NULL, 0, NULL,
				     NULL);
	fclose(file);
	return path;
}

void
peer_tls(int fd, gpointer user)
{
	const TlsServer *server = user;
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	SSL *ssl;

	if (server->max_version != 0) {
		SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
		SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(context, server->max_version);
	}
	SSL_CTX_use_certificate(context, server->cert->x509);
	SSL_CTX_use_PrivateKey(context, server->cert->key);
	ssl = SSL_new(context);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1 && server->talk != NULL)
		server->talk(ssl, server->user);
	SSL_free(ssl);
	SSL_CTX_free(context);
	peer_wait_closed(fd);
}
