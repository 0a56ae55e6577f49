/* net-trust.c - the system's certificates, read once for all connections */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "base-thread.h"
#include "net-private.h"

/*
 * A bundle of 150 certificates takes 20 ms and more to read. So that is done
 * once in a process, in a thread of its own, while the first name is looked up;
 * whoever comes to its end can still be cancelled. No session adds to the
 * store: what it holds is the same for all, and OpenSSL locks its look-ups.
 */
static struct {
	pthread_once_t once;
	pthread_t thread;
	int ready; /* eventfd: readable once the store is there, for good */
	_Atomic(X509_STORE *) store;
} trust = {.once = PTHREAD_ONCE_INIT, .ready = -1};

static void *
load(void *user G_GNUC_UNUSED)
{
	const guint64 one = 1;
	X509_STORE *store = X509_STORE_new();

	/* none there: nothing is trusted but what an account names itself */
	(void)X509_STORE_set_default_paths(store);
	ERR_clear_error();
	atomic_store(&trust.store, store);
	while (write(trust.ready, &one, sizeof(one)) < 0)
		;
	return NULL;
}

/* OpenSSL clears up when the process ends, and must find nobody reading. */
static void
join(void)
{
	pthread_join(trust.thread, NULL);
}

static void
start(void)
{
	OPENSSL_init_ssl(0, NULL);
	trust.ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (trust.ready < 0)
		g_error("no eventfd");
	trust.thread = thread_start("trust", load, NULL);
	/* run before OpenSSL's, which was registered before */
	atexit(join);
}

void
net_trust_begin(void)
{
	pthread_once(&trust.once, start);
}

static X509_STORE *
system_store(NetStream *stream, GError **error)
{
	gint64 until = g_get_monotonic_time() + stream->timeouts.tls_us;

	net_trust_begin();
	if (atomic_load(&trust.store) == NULL &&
	    !net_wait_on(stream, trust.ready, POLLIN, until, error))
		return NULL;
	return atomic_load(&trust.store);
}

/* A store of its own: the system's certificates and those of @ca_file. */
static X509_STORE *
store_with(X509_STORE *system, const char *ca_file)
{
	X509_STORE *store = X509_STORE_new();
	STACK_OF(X509) *all = X509_STORE_get1_all_certs(system);
	X509_LOOKUP *folder =
	    X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());

	for (int i = 0; i < sk_X509_num(all); i++)
		X509_STORE_add_cert(store, sk_X509_value(all, i));
	sk_X509_pop_free(all, X509_free);
	/* one that is looked up by its name is read when it is needed */
	if (folder != NULL)
		X509_LOOKUP_add_dir(folder, NULL, X509_FILETYPE_DEFAULT);
	if (X509_STORE_load_file(store, ca_file) == 1)
		return store;
	X509_STORE_free(store);
	return NULL;
}

bool
net_trust_set(NetStream *stream, SSL_CTX *context, GError **error)
{
	const NetTls *tls = stream->tls;
	X509_STORE *store;

	/* a pin stands for the chain: nothing is looked up */
	if (tls->pins != NULL && tls->pins[0] != NULL)
		return true;
	store = system_store(stream, error);
	if (store == NULL)
		return false;
	if (tls->ca_file == NULL) {
		SSL_CTX_set1_cert_store(context, store);
		return true;
	}
	store = store_with(store, tls->ca_file);
	if (store == NULL) {
		g_set_error(error, NET_ERROR, NET_ERROR_TLS,
			    "%s: cannot be read as certificates", tls->ca_file);
		return false;
	}
	SSL_CTX_set_cert_store(context, store); /* takes it over */
	return true;
}
