/* test-peer.h - the other side of a connection, on this machine */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

#include "net-stream.h"

/* what may take so long may take this much longer under a sanitizer */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PEER_SLACK 6
#else
#define PEER_SLACK 1
#endif

/**
 * Peer: listens on a loopback port and serves one connection in a thread
 *
 * Names are looked up here: "unknown.test" does not exist, "hang.test" never
 * answers, "dead.test" is an address that takes no connection, "slow.test" that
 * one and then the peer, "refused.test" one that refuses and then the peer;
 * all others are the peer's.
 */
typedef struct Peer Peer;
typedef void (*PeerFunc)(int fd, gpointer user);

Peer *peer_new(PeerFunc func, gpointer user);
/** peer_free: waits for its thread */
void peer_free(Peer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Peer, peer_free)
guint16 peer_port(const Peer *peer);
/** peer_open: connects to it as @host; short timeouts */
NetStream *peer_open(Peer *peer, const char *host, NetSecurity security,
		     const NetTls *tls, NetCancel *cancel,
		     NetCertificate **ret_certificate, GError **error);

/** peer_write: all of it; peer_wait_closed: until the other side went */
void peer_write(int fd, const void *data, gsize len);
void peer_wait_closed(int fd);

/**
 * Cert: a certificate and its key
 * @names: subject alternative names, "DNS:a,IP:127.0.0.1"; %NULL: an authority
 * @from, @to: seconds from now
 */
typedef struct {
	X509 *x509;
	EVP_PKEY *key;
} Cert;
Cert *cert_new(const char *names, long from, long to, const Cert *issuer);
void cert_free(Cert *cert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cert, cert_free)
/** cert_pin: base64 of the SHA-256 of its public key */
char *cert_pin(const Cert *cert);
/** cert_write: PEM, to a new file; @with_key: the key too */
char *cert_write(const Cert *cert, gboolean with_key);

/** TlsServer: how a peer that speaks TLS behaves; @talk after the handshake */
typedef struct {
	const Cert *cert;
	int max_version; /* 0: any */
	void (*talk)(SSL *ssl, gpointer user);
	gpointer user;
} TlsServer;
/** peer_tls: a PeerFunc; @user: a TlsServer */
void peer_tls(int fd, gpointer user);
