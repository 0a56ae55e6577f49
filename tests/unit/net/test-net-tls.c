/* test-net-tls.c - whom to trust, and what TLS must not hide */
#include "test-peer.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define DAY (24 * 3600L)
#define READ(stream, buffer, error)                                            \
	net_stream_read(stream, buffer, sizeof(buffer), error)

static Cert *authority;
static char *ca_file;

static void
say_hello(SSL *ssl, gpointer user G_GNUC_UNUSED)
{
	SSL_write(ssl, "hello", 5);
}

typedef enum {
	PIN_NONE,
	PIN_RIGHT,
	PIN_WRONG,
	PIN_WRONG_AND_RIGHT,
} PinKind;

static const struct {
	const char *what;
	const char *host;
	const char *names;
	long from, to;
	bool self_signed;
	PinKind pin;
	const char *reason; /* NULL: trusted */
} cases[] = {
    {"good", "mail.example.test", "DNS:mail.example.test", -DAY, DAY, false,
     PIN_NONE, NULL},
    {"good, by address", "127.0.0.1", "IP:127.0.0.1", -DAY, DAY, false,
     PIN_NONE, NULL},
    {"wildcard", "mail.example.test", "DNS:*.example.test", -DAY, DAY, false,
     PIN_NONE, NULL},
    {"wrong host", "mail.example.test", "DNS:other.example.test", -DAY, DAY,
     false, PIN_NONE, "hostname mismatch"},
    {"the name below it", "mail.example.test", "DNS:example.test", -DAY, DAY,
     false, PIN_NONE, "hostname mismatch"},
    {"partial wildcard", "mail.example.test", "DNS:m*.example.test", -DAY, DAY,
     false, PIN_NONE, "hostname mismatch"},
    {"wildcard too deep", "a.mail.example.test", "DNS:*.example.test", -DAY,
     DAY, false, PIN_NONE, "hostname mismatch"},
    {"name for an address", "127.0.0.1", "DNS:127.0.0.1", -DAY, DAY, false,
     PIN_NONE, "IP address mismatch"},
    {"expired", "mail.example.test", "DNS:mail.example.test", -2 * DAY, -DAY,
     false, PIN_NONE, "expired"},
    {"of tomorrow", "mail.example.test", "DNS:mail.example.test", DAY, 2 * DAY,
     false, PIN_NONE, "not yet valid"},
    {"self-signed", "mail.example.test", "DNS:mail.example.test", -DAY, DAY,
     true, PIN_NONE, "self"},
    {"pinned", "mail.example.test", "DNS:other.test", -2 * DAY, -DAY, true,
     PIN_RIGHT, NULL},
    {"pinned among others", "mail.example.test", "DNS:other.test", -DAY, DAY,
     true, PIN_WRONG_AND_RIGHT, NULL},
    {"another key, self-signed", "mail.example.test", "DNS:other.test", -DAY,
     DAY, true, PIN_WRONG, "pinned"},
    /* a good chain does not make up for a pin that fails */
    {"another key, good chain", "mail.example.test", "DNS:mail.example.test",
     -DAY, DAY, false, PIN_WRONG, "pinned"},
};

static void
run_case(guint i)
{
	g_autoptr(Cert) cert =
	    cert_new(cases[i].names, cases[i].from, cases[i].to,
		     cases[i].self_signed ? NULL : authority);
	TlsServer server = {.cert = cert, .talk = say_hello};
	g_autofree char *right = cert_pin(cert);
	g_autofree char *wrong = cert_pin(authority);
	const char *pins[3] = {NULL};
	NetTls tls = {.ca_file = ca_file};
	g_autoptr(NetCertificate) refused = NULL;
	g_autoptr(NetCertificate) shown = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Peer) peer = peer_new(peer_tls, &server);
	g_autoptr(NetStream) stream = NULL;
	char buffer[16];

	if (cases[i].pin != PIN_NONE) {
		pins[0] = cases[i].pin == PIN_RIGHT ? right : wrong;
		pins[1] = cases[i].pin == PIN_WRONG_AND_RIGHT ? right : NULL;
		tls.pins = pins;
	}
	g_test_message("%s", cases[i].what);
	stream = peer_open(peer, cases[i].host, NET_SECURITY_TLS, &tls, NULL,
			   &refused, &error);
	if (cases[i].reason == NULL) {
		g_assert_no_error(error);
		g_assert_null(refused);
		g_assert_cmpint(READ(stream, buffer, &error), ==, 5);
		shown = net_stream_certificate(stream);
		g_assert_cmpstr(shown->pin, ==, right);
		g_assert_null(shown->reason);
		return;
	}
	g_assert_null(stream);
	g_assert_error(error, NET_ERROR, NET_ERROR_UNTRUSTED);
	g_assert_nonnull(strstr(refused->reason, cases[i].reason));
	g_assert_cmpstr(refused->pin, ==, right);
	g_assert_cmpstr(refused->host, ==, cases[i].host);
	g_assert_cmpuint(strlen(refused->sha256), ==, 95);
	g_assert_true(refused->changed == (cases[i].pin == PIN_WRONG));
	g_assert_cmpint(refused->not_after - refused->not_before, ==,
			(cases[i].to - cases[i].from) * G_USEC_PER_SEC);
}

static void
test_trust(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		run_case(i);
}

/* A server that is trusted, for what comes after. */
static NetStream *
open_good(Peer *peer, NetCancel *cancel)
{
	static NetTls tls;
	g_autoptr(GError) error = NULL;
	NetStream *stream;

	tls.ca_file = ca_file;
	stream = peer_open(peer, "mail.example.test", NET_SECURITY_TLS, &tls,
			   cancel, NULL, &error);
	g_assert_no_error(error);
	return stream;
}

static void
test_old_versions(void)
{
	g_autoptr(Cert) cert =
	    cert_new("DNS:mail.example.test", -DAY, DAY, authority);

	for (int version = TLS1_VERSION; version <= TLS1_2_VERSION; version++) {
		TlsServer server = {
		    .cert = cert, .max_version = version, .talk = say_hello};
		g_autoptr(Peer) peer = peer_new(peer_tls, &server);
		NetTls tls = {.ca_file = ca_file};
		g_autoptr(GError) error = NULL;
		g_autoptr(NetStream) stream =
		    peer_open(peer, "mail.example.test", NET_SECURITY_TLS, &tls,
			      NULL, NULL, &error);

		if (version < TLS1_2_VERSION) {
			g_assert_null(stream);
			g_assert_error(error, NET_ERROR, NET_ERROR_TLS);
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpstr(net_stream_tls_version(stream), ==, "TLSv1.2");
	}
}

/* ---- what is no TLS server ---- */

static void
say_in_clear(int fd, gpointer user G_GNUC_UNUSED)
{
	static const char greeting[] =
	    "* OK [CAPABILITY IMAP4rev1] in clear\r\n";

	peer_write(fd, greeting, strlen(greeting));
	peer_wait_closed(fd);
}

static void
say_nothing(int fd, gpointer user G_GNUC_UNUSED)
{
	peer_wait_closed(fd);
}

static void
go_away(int fd, gpointer user G_GNUC_UNUSED)
{
	char hello[64];

	g_assert_cmpint(read(fd, hello, sizeof(hello)), >, 0);
	shutdown(fd, SHUT_WR);
	peer_wait_closed(fd);
}

static void
test_no_tls(void)
{
	static const struct {
		PeerFunc func;
		NetError code;
	} peers[] = {
	    {say_in_clear, NET_ERROR_TLS},
	    {say_nothing, NET_ERROR_TIMEOUT},
	    {go_away, NET_ERROR_CLOSED},
	};

	for (guint i = 0; i < G_N_ELEMENTS(peers); i++) {
		g_autoptr(Peer) peer = peer_new(peers[i].func, NULL);
		g_autoptr(GError) error = NULL;
		gint64 start = g_get_monotonic_time();

		g_assert_null(peer_open(peer, "x.test", NET_SECURITY_TLS, NULL,
					NULL, NULL, &error));
		g_assert_error(error, NET_ERROR, (int)peers[i].code);
		g_assert_cmpint(g_get_monotonic_time() - start, <,
				600000 * PEER_SLACK);
	}
}

/* ---- STARTTLS ---- */

typedef struct {
	TlsServer tls;
	const char *injected;
} Upgrade;

static void
start_tls_peer(int fd, gpointer user)
{
	Upgrade *upgrade = user;
	char byte;

	peer_write(fd, "ready", 5);
	peer_write(fd, upgrade->injected, strlen(upgrade->injected));
	if (upgrade->injected[0] != '\0' || read(fd, &byte, 1) != 1)
		peer_wait_closed(fd);
	else
		peer_tls(fd, &upgrade->tls);
}

static void
test_start_tls(void)
{
	g_autoptr(Cert) cert =
	    cert_new("DNS:mail.example.test", -DAY, DAY, authority);
	NetTls tls = {.ca_file = ca_file};

	for (guint i = 0; i < 3; i++) {
		Upgrade upgrade = {{.cert = cert, .talk = say_hello},
				   i > 0 ? "a3 OK injected" : ""};
		g_autoptr(Peer) peer = peer_new(start_tls_peer, &upgrade);
		g_autoptr(GError) error = NULL;
		g_autoptr(NetStream) stream =
		    peer_open(peer, "mail.example.test", NET_SECURITY_STARTTLS,
			      &tls, NULL, NULL, &error);
		char five[5], buffer[16];

		g_assert_no_error(error);
		g_assert_cmpint(READ(stream, five, &error), ==, 5);
		if (i > 0)
			g_usleep(20000);
		/* found by a wait, or still in the socket */
		if (i == 2)
			g_assert_cmpint(
			    net_stream_wait(stream, -1, 100000, &error), ==,
			    NET_WAIT_DATA);
		if (i > 0) {
			g_assert_false(
			    net_stream_start_tls(stream, NULL, &error));
			g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
			g_assert_false(net_stream_is_tls(stream));
			continue;
		}
		g_assert_true(net_stream_write(stream, "x", 1, &error));
		g_assert_true(net_stream_start_tls(stream, NULL, &error));
		g_assert_cmpint(READ(stream, buffer, &error), ==, 5);
		g_assert_true(net_stream_is_tls(stream));
	}
}

/* ---- reading ---- */

static void
say_and_close(SSL *ssl, gpointer user)
{
	SSL_write(ssl, "* 1 FETCH (BODY[] {100}\r\nhalf", 29);
	if (user != NULL)
		SSL_shutdown(ssl);
	shutdown(SSL_get_fd(ssl), SHUT_WR);
}

/* An end is an end, with close_notify or cut off. */
static void
test_end(void)
{
	g_autoptr(Cert) cert =
	    cert_new("DNS:mail.example.test", -DAY, DAY, authority);

	for (guint i = 0; i < 2; i++) {
		TlsServer server = {.cert = cert,
				    .talk = say_and_close,
				    .user = i == 0 ? NULL : "in order"};
		g_autoptr(Peer) peer = peer_new(peer_tls, &server);
		g_autoptr(NetStream) stream = open_good(peer, NULL);
		g_autoptr(GError) error = NULL;
		char buffer[64];

		g_assert_cmpint(READ(stream, buffer, &error), ==, 29);
		g_assert_cmpint(READ(stream, buffer, &error), ==, -1);
		g_assert_error(error, NET_ERROR, NET_ERROR_CLOSED);
	}
}

static void
change_keys(SSL *ssl, gpointer user G_GNUC_UNUSED)
{
	char byte;

	SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED);
	SSL_do_handshake(ssl);
	g_assert_cmpint(SSL_read(ssl, &byte, 1), ==, 1);
	SSL_write(ssl, "hello", 5);
}

/* Tickets and new keys make a socket readable and are no data: a worker that
 * believed them would block in a read until its session was given up. */
static void
test_wait_is_not_fooled(void)
{
	g_autoptr(Cert) cert =
	    cert_new("DNS:mail.example.test", -DAY, DAY, authority);
	TlsServer server = {.cert = cert, .talk = change_keys};
	g_autoptr(Peer) peer = peer_new(peer_tls, &server);
	g_autoptr(NetStream) stream = open_good(peer, NULL);
	g_autoptr(GError) error = NULL;
	char buffer[16];

	g_assert_cmpstr(net_stream_tls_version(stream), ==, "TLSv1.3");
	g_assert_cmpint(net_stream_wait(stream, -1, 150000, &error), ==,
			NET_WAIT_TIMEOUT);
	g_assert_true(net_stream_write(stream, "x", 1, &error));
	g_assert_cmpint(net_stream_wait(stream, -1, 2000000, &error), ==,
			NET_WAIT_DATA);
	g_assert_true(net_stream_pending(stream));
	g_assert_cmpint(net_stream_read(stream, buffer, 2, &error), ==, 2);
	g_assert_true(net_stream_pending(stream));
	g_assert_cmpint(READ(stream, buffer, &error), ==, 3);
	g_assert_no_error(error);
	g_assert_false(net_stream_pending(stream));
}

static void
send_binding(SSL *ssl, gpointer user G_GNUC_UNUSED)
{
	guchar bytes[64];
	gsize len = 32;

	if (SSL_version(ssl) == TLS1_3_VERSION)
		SSL_export_keying_material(ssl, bytes, len,
					   "EXPORTER-Channel-Binding", 24,
					   (const guchar *)"", 0, 1);
	else
		len = SSL_get_peer_finished(ssl, bytes, sizeof(bytes));
	SSL_write(ssl, bytes, (int)len);
}

/* Both sides must mean the same, or SCRAM-PLUS proves nothing. */
static void
test_binding(void)
{
	static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
	g_autoptr(Cert) cert =
	    cert_new("DNS:mail.example.test", -DAY, DAY, authority);

	for (guint i = 0; i < G_N_ELEMENTS(versions); i++) {
		TlsServer server = {.cert = cert,
				    .max_version = versions[i],
				    .talk = send_binding};
		g_autoptr(Peer) peer = peer_new(peer_tls, &server);
		g_autoptr(NetStream) stream = open_good(peer, NULL);
		g_autoptr(GBytes) ours = net_stream_binding(
		    stream,
		    i == 0 ? NET_BINDING_TLS_UNIQUE : NET_BINDING_TLS_EXPORTER);
		g_autoptr(GError) error = NULL;
		char theirs[64];
		gssize got = READ(stream, theirs, &error);

		g_assert_no_error(error);
		g_assert_cmpuint(g_bytes_get_size(ours), ==, (gsize)got);
		g_assert_true(memcmp(g_bytes_get_data(ours, NULL), theirs,
				     (gsize)got) == 0);
		if (i == 1)
			g_assert_null(
			    net_stream_binding(stream, NET_BINDING_TLS_UNIQUE));
	}
}

static void
test_bad_files(void)
{
	g_autoptr(Cert) cert =
	    cert_new("DNS:mail.example.test", -DAY, DAY, authority);
	TlsServer server = {.cert = cert, .talk = say_hello};
	g_autofree char *with_key = cert_write(cert, TRUE);
	const NetTls files[] = {
	    {.ca_file = "/nonexistent/ca.pem"},
	    {.ca_file = ca_file, .client_certificate = ca_file},
	    {.ca_file = ca_file, .client_certificate = with_key},
	};

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(Peer) peer = peer_new(peer_tls, &server);
		g_autoptr(GError) error = NULL;
		g_autoptr(NetStream) stream =
		    peer_open(peer, "mail.example.test", NET_SECURITY_TLS,
			      &files[i], NULL, NULL, &error);

		if (i == 2)
			g_assert_no_error(error);
		else
			g_assert_error(error, NET_ERROR, NET_ERROR_TLS);
		g_assert_true((stream != NULL) == (i == 2));
	}
	g_unlink(with_key);
}

int
main(int argc, char **argv)
{
	int failed;

	g_test_init(&argc, &argv, NULL);
	signal(SIGPIPE, SIG_IGN);
	authority = cert_new(NULL, -10 * DAY, 10 * DAY, NULL);
	ca_file = cert_write(authority, FALSE);
	g_test_add_func("/net/tls/trust", test_trust);
	g_test_add_func("/net/tls/old-versions", test_old_versions);
	g_test_add_func("/net/tls/no-tls", test_no_tls);
	g_test_add_func("/net/tls/start-tls", test_start_tls);
	g_test_add_func("/net/tls/end", test_end);
	g_test_add_func("/net/tls/wait-is-not-fooled", test_wait_is_not_fooled);
	g_test_add_func("/net/tls/binding", test_binding);
	g_test_add_func("/net/tls/bad-files", test_bad_files);
	failed = g_test_run();
	g_unlink(ca_file);
	g_free(ca_file);
	cert_free(authority);
	return failed;
}
