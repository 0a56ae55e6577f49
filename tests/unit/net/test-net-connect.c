/* test-net-connect.c - names, addresses by turns, deadlines, cancel */
#include "test-peer.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <pthread.h>

static void
say_hello(int fd, gpointer user G_GNUC_UNUSED)
{
	peer_write(fd, "hello", 5);
	peer_wait_closed(fd);
}

static const struct {
	const char *host;
	int code; /* -1: connected */
	gint64 least_us;
	gint64 most_us;
} cases[] = {
    {"anything.test", -1, 0, 200000},
    {"127.0.0.1", -1, 0, 200000},
    {"unknown.test", NET_ERROR_RESOLVE, 0, 200000},
    /* a look-up cannot be stopped, but it can be left alone */
    {"hang.test", NET_ERROR_TIMEOUT, 190000, 500000},
    {"dead.test", NET_ERROR_TIMEOUT, 890000, 1300000},
    /* an address that refuses costs nothing, a silent one 300 ms */
    {"refused.test", -1, 0, 200000},
    {"slow.test", -1, 290000, 700000},
};

static void
test_connect(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Peer) peer = peer_new(say_hello, NULL);
		g_autoptr(GError) error = NULL;
		gint64 start = g_get_monotonic_time();
		g_autoptr(NetStream) stream =
		    peer_open(peer, cases[i].host, NET_SECURITY_NONE, NULL,
			      NULL, NULL, &error);
		gint64 took = g_get_monotonic_time() - start;
		char buffer[16];

		g_test_message("%s: %d us", cases[i].host, (int)took);
		g_assert_cmpint(took, >=, cases[i].least_us);
		g_assert_cmpint(took, <=, cases[i].most_us * PEER_SLACK);
		if (cases[i].code >= 0) {
			g_assert_null(stream);
			g_assert_error(error, NET_ERROR, cases[i].code);
			continue;
		}
		g_assert_no_error(error);
		g_assert_true(net_stream_is_loopback(stream));
		g_assert_false(net_stream_is_tls(stream));
		g_assert_cmpint(net_stream_read(stream, buffer, 16, &error), ==,
				5);
	}
}

static void
test_refused(void)
{
	Peer *peer = peer_new(NULL, NULL);
	NetAddress address = {"127.0.0.1", peer_port(peer), NET_SECURITY_NONE};
	NetTimeouts timeouts = net_timeouts_default(1);
	static const NetTls tls;
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(timeouts.resolve_us, ==, 10 * G_USEC_PER_SEC);
	g_assert_cmpint(timeouts.tls_us, ==, 15 * G_USEC_PER_SEC);
	peer_free(peer);
	g_assert_null(net_stream_open(&address, &tls, &timeouts, NULL, NULL,
				      NULL, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_CONNECT);
}

typedef struct {
	NetCancel *cancel;
	gint64 at;
} Trigger;

static void *
trigger_soon(void *user)
{
	Trigger *trigger = user;

	g_usleep(60000);
	trigger->at = g_get_monotonic_time();
	net_cancel_trigger(trigger->cancel);
	return NULL;
}

static void
test_cancel(void)
{
	static const char *const hosts[] = {"hang.test", "dead.test"};

	for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
		g_autoptr(Peer) peer = peer_new(NULL, NULL);
		g_autoptr(NetCancel) cancel = net_cancel_new();
		g_autoptr(GError) error = NULL;
		Trigger trigger = {cancel, 0};
		pthread_t thread;
		gint64 ended;

		pthread_create(&thread, NULL, trigger_soon, &trigger);
		g_assert_null(peer_open(peer, hosts[i], NET_SECURITY_NONE, NULL,
					cancel, NULL, &error));
		ended = g_get_monotonic_time();
		pthread_join(thread, NULL);
		g_assert_cmpint(ended - trigger.at, <, 50000 * PEER_SLACK);
		g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
		g_clear_error(&error);
		/* it stays: nothing begins any more */
		g_assert_null(peer_open(peer, "x.test", NET_SECURITY_NONE, NULL,
					cancel, NULL, &error));
		g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
	}
}

/* "imap+plain" to another machine must not connect for use. */
static void
test_clear_only_here(void)
{
	struct ifaddrs *list = NULL;
	g_autofree char *host = NULL;
	NetAddress address = {.security = NET_SECURITY_NONE};
	NetTimeouts timeouts = {200000, 500000, 300000};
	static const NetTls tls;
	g_autoptr(GError) error = NULL;
	struct sockaddr_in any = {.sin_family = AF_INET};
	socklen_t len = sizeof(any);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	getifaddrs(&list);
	for (struct ifaddrs *at = list; at != NULL; at = at->ifa_next) {
		const struct sockaddr_in *in = (const void *)at->ifa_addr;

		if (in != NULL && in->sin_family == AF_INET && host == NULL &&
		    ntohl(in->sin_addr.s_addr) >> 24 != 127)
			host = g_strdup(inet_ntoa(in->sin_addr));
	}
	freeifaddrs(list);
	if (host == NULL) {
		close(fd);
		g_test_skip("no address but loopback");
		return;
	}
	g_assert_cmpint(bind(fd, (struct sockaddr *)&any, len), ==, 0);
	g_assert_cmpint(listen(fd, 1), ==, 0);
	getsockname(fd, (struct sockaddr *)&any, &len);
	address.host = host;
	address.port = ntohs(any.sin_port);
	g_assert_null(net_stream_open(&address, &tls, &timeouts, NULL, NULL,
				      NULL, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_TLS);
	close(fd);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/net/connect/addresses", test_connect);
	g_test_add_func("/net/connect/refused", test_refused);
	g_test_add_func("/net/connect/cancel", test_cancel);
	g_test_add_func("/net/connect/clear-only-here", test_clear_only_here);
	return g_test_run();
}
