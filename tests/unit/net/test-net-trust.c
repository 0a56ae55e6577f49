/* test-net-trust.c - the system's certificates: read once, shared by all */
#include "test-peer.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define DAY (24 * 3600L)
#define N_THREADS 8u

/** Trusted by the system, by an account's ca_file, by nobody. */
static Cert *by_system;
static Cert *by_file;
static Cert *by_nobody;
static char *ca_file;
static char *fifo; /* what OpenSSL takes for the system's bundle */

static void
say_hello(SSL *ssl, gpointer user G_GNUC_UNUSED)
{
	SSL_write(ssl, "hello", 5);
}

/* Returns: trusted; @issuer made the server's certificate */
static bool
is_trusted(const Cert *issuer, const NetTls *tls)
{
	g_autoptr(Cert) cert =
	    cert_new("DNS:mail.example.test", -DAY, DAY, issuer);
	TlsServer server = {.cert = cert, .talk = say_hello};
	g_autoptr(Peer) peer = peer_new(peer_tls, &server);
	g_autoptr(GError) error = NULL;
	g_autoptr(NetStream) stream =
	    peer_open(peer, "mail.example.test", NET_SECURITY_TLS, tls, NULL,
		      NULL, &error);
	bool trusted = stream != NULL;

	if (!trusted)
		g_assert_error(error, NET_ERROR, NET_ERROR_UNTRUSTED);
	net_stream_free(g_steal_pointer(&stream));
	return trusted;
}

static void *
cancel_soon(void *cancel)
{
	g_usleep(50000);
	net_cancel_trigger(cancel);
	return NULL;
}

/* A disk that takes its time: the bundle is a pipe that nobody writes to. */
static void
wait_in_vain(void)
{
	g_autoptr(Cert) cert =
	    cert_new("DNS:mail.example.test", -DAY, DAY, by_system);
	TlsServer server = {.cert = cert};
	g_autofree char *pin = cert_pin(cert);
	const char *pins[] = {pin, NULL};
	const NetTls pinned = {.pins = pins};
	g_autoptr(NetCancel) cancel = net_cancel_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Peer) peer = peer_new(peer_tls, &server);
	g_autoptr(Peer) pinned_peer = peer_new(peer_tls, &server);
	g_autoptr(NetStream) stream = NULL;
	gint64 start = g_get_monotonic_time();
	pthread_t thread;

	pthread_create(&thread, NULL, cancel_soon, cancel);
	stream = peer_open(peer, "mail.example.test", NET_SECURITY_TLS, NULL,
			   cancel, NULL, &error);
	pthread_join(thread, NULL);
	g_assert_null(stream);
	g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 100000 * PEER_SLACK);
	g_clear_error(&error);
	/* and it comes to an end by itself */
	stream = peer_open(peer, "mail.example.test", NET_SECURITY_TLS, NULL,
			   NULL, NULL, &error);
	g_assert_error(error, NET_ERROR, NET_ERROR_TIMEOUT);
	g_clear_error(&error);
	/* a pinned key needs none of it */
	stream = peer_open(pinned_peer, "mail.example.test", NET_SECURITY_TLS,
			   &pinned, NULL, NULL, &error);
	g_assert_no_error(error);
	net_stream_free(g_steal_pointer(&stream));
}

static void
write_bundle(void)
{
	g_autofree char *path = cert_write(by_system, FALSE);
	g_autofree char *text = NULL;
	gsize len;
	int fd = open(fifo, O_WRONLY | O_CLOEXEC);

	g_assert_true(g_file_get_contents(path, &text, &len, NULL));
	g_assert_cmpint(write(fd, text, len), ==, (gssize)len);
	close(fd);
	g_unlink(path);
	/* whoever would read it again finds nothing */
	g_unlink(fifo);
}

static void *
connect_both_ways(void *user)
{
	const NetTls with_file = {.ca_file = ca_file};
	bool own = GPOINTER_TO_UINT(user) % 2 == 0;

	for (guint i = 0; i < 6; i++) {
		g_assert_true(is_trusted(by_system, own ? &with_file : NULL));
		g_assert_true(is_trusted(by_file, own ? &with_file : NULL) ==
			      own);
	}
	return NULL;
}

static void
test_store(void)
{
	const NetTls with_file = {.ca_file = ca_file};
	pthread_t threads[N_THREADS];

	wait_in_vain();
	write_bundle();
	g_assert_true(is_trusted(by_system, NULL));
	g_assert_false(is_trusted(by_file, NULL));
	g_assert_false(is_trusted(by_nobody, NULL));
	/* an account's own file is added to the system's, for that account */
	g_assert_true(is_trusted(by_system, &with_file));
	g_assert_true(is_trusted(by_file, &with_file));
	g_assert_false(is_trusted(by_nobody, &with_file));
	g_assert_false(is_trusted(by_file, NULL));
	for (guint i = 0; i < N_THREADS; i++)
		pthread_create(&threads[i], NULL, connect_both_ways,
			       GUINT_TO_POINTER(i));
	for (guint i = 0; i < N_THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* Each has its own name, or the first would be taken for all. */
static Cert *
authority(const char *unit)
{
	Cert *cert = cert_new(NULL, -DAY, DAY, NULL);
	X509_NAME *name = X509_get_subject_name(cert->x509);

	X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_UTF8,
				   (const guchar *)unit, -1, -1, 0);
	X509_set_issuer_name(cert->x509, name);
	X509_sign(cert->x509, cert->key, EVP_sha256());
	return cert;
}

int
main(int argc, char **argv)
{
	g_autofree char *folder = g_dir_make_tmp("pennon-trust-XXXXXX", NULL);
	int failed;

	g_test_init(&argc, &argv, NULL);
	signal(SIGPIPE, SIG_IGN);
	by_system = authority("system");
	by_file = authority("file");
	by_nobody = authority("nobody");
	ca_file = cert_write(by_file, FALSE);
	fifo = g_build_filename(folder, "bundle", NULL);
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_setenv("SSL_CERT_FILE", fifo, TRUE);
	g_setenv("SSL_CERT_DIR", folder, TRUE);
	g_test_add_func("/net/trust/store", test_store);
	failed = g_test_run();
	g_unlink(ca_file);
	g_free(ca_file);
	g_free(fifo);
	g_rmdir(folder);
	cert_free(by_system);
	cert_free(by_file);
	cert_free(by_nobody);
	return failed;
}
