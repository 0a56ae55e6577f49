/* test-net-stream.c - reading, writing, waiting; limits and cancel */
#include "test-peer.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net-private.h"

#define READ(stream, buffer, error)                                            \
	net_stream_read(stream, buffer, sizeof(buffer), error)

static NetStream *
open_to(Peer *peer, NetCancel *cancel)
{
	g_autoptr(GError) error = NULL;
	NetStream *stream = peer_open(peer, "x.test", NET_SECURITY_NONE, NULL,
				      cancel, NULL, &error);

	g_assert_no_error(error);
	return stream;
}

static void
say_nothing(int fd, gpointer user G_GNUC_UNUSED)
{
	peer_wait_closed(fd);
}

static void
echo(int fd, gpointer user G_GNUC_UNUSED)
{
	char buffer[65536];
	gssize n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		peer_write(fd, buffer, (gsize)n);
}

/* A byte now and then: never silent, never done. */
static void
drip(int fd, gpointer user G_GNUC_UNUSED)
{
	for (guint i = 0; i < 40; i++) {
		peer_write(fd, "x", 1);
		g_usleep(20000);
	}
	peer_wait_closed(fd);
}

/* Takes nothing, until the other side gives up. */
static void
read_nothing(int fd G_GNUC_UNUSED, gpointer user)
{
	g_usleep(*(guint *)user);
}

static void
test_echo(void)
{
	g_autoptr(Peer) peer = peer_new(echo, NULL);
	g_autoptr(NetStream) stream = open_to(peer, NULL);
	g_autoptr(GError) error = NULL;
	gsize len = 3000000, got = 0;
	g_autofree char *sent = g_malloc(len);
	g_autofree char *back = g_malloc(len);
	const NetCounters *counters = net_stream_counters(stream);

	for (gsize i = 0; i < len; i++)
		sent[i] = (char)(i * 7 + i / 1000);
	/* in pieces: both sides' buffers together hold less */
	for (gsize at = 0; at < len; at += 100000) {
		g_assert_true(
		    net_stream_write(stream, sent + at, 100000, &error));
		while (got < at + 100000) {
			gssize n = net_stream_read(stream, back + got,
						   len - got, &error);

			g_assert_no_error(error);
			got += (gsize)n;
		}
	}
	g_assert_true(memcmp(sent, back, len) == 0);
	g_assert_cmpuint(counters->sent, ==, len);
	g_assert_cmpuint(counters->received, ==, len);
	g_assert_cmpuint(counters->turns, <=, 30);
	g_assert_cmpuint(counters->turns, >, 0);
}

static void
go_away(int fd, gpointer user G_GNUC_UNUSED)
{
	peer_write(fd, "bye", 3);
}

static void
test_end_of_file(void)
{
	g_autoptr(Peer) peer = peer_new(go_away, NULL);
	g_autoptr(NetStream) stream = open_to(peer, NULL);
	g_autoptr(GError) error = NULL;
	char buffer[16];

	g_assert_cmpint(READ(stream, buffer, &error), ==, 3);
	g_assert_cmpint(READ(stream, buffer, &error), ==, -1);
	g_assert_error(error, NET_ERROR, NET_ERROR_CLOSED);
	g_clear_error(&error);
	g_assert_cmpint(net_stream_wait(stream, -1, 1000000, &error), ==,
			NET_WAIT_FAILED);
	g_assert_error(error, NET_ERROR, NET_ERROR_CLOSED);
	g_clear_error(&error);
	for (guint i = 0; i < 10 && error == NULL; i++)
		net_stream_write(stream, "more", 4, &error);
	g_assert_error(error, NET_ERROR, NET_ERROR_CLOSED);
}

static void
test_stall(void)
{
	g_autoptr(Peer) peer = peer_new(say_nothing, NULL);
	g_autoptr(NetStream) stream = open_to(peer, NULL);
	g_autoptr(GError) error = NULL;
	gint64 start = g_get_monotonic_time();
	gint64 took;
	char buffer[16];

	net_stream_set_limits(stream, 120000, 0);
	g_assert_cmpint(READ(stream, buffer, &error), ==, -1);
	took = g_get_monotonic_time() - start;
	g_assert_error(error, NET_ERROR, NET_ERROR_TIMEOUT);
	g_assert_cmpint(took, >=, 119000);
	g_assert_cmpint(took, <, 300000 * PEER_SLACK);
}

/* Each byte keeps the stall limit away; the deadline holds. */
static void
test_deadline(void)
{
	g_autoptr(Peer) peer = peer_new(drip, NULL);
	g_autoptr(NetStream) stream = open_to(peer, NULL);
	g_autoptr(GError) error = NULL;
	gint64 start = g_get_monotonic_time();
	guint n = 0;
	gint64 took;
	char byte[1];

	net_stream_set_limits(stream, 100000, start + 250000);
	while (READ(stream, byte, &error) == 1)
		n++;
	took = g_get_monotonic_time() - start;
	g_assert_error(error, NET_ERROR, NET_ERROR_TIMEOUT);
	g_assert_cmpuint(n, >=, 3);
	g_assert_cmpint(took, >=, 249000);
	g_assert_cmpint(took, <, 500000 * PEER_SLACK);
}

static void
test_write_stall(void)
{
	guint sleep_us = 400000;
	g_autoptr(Peer) peer = peer_new(read_nothing, &sleep_us);
	g_autoptr(NetStream) stream = open_to(peer, NULL);
	gsize len = 32u << 20;
	g_autofree char *data = g_malloc0(len);
	g_autoptr(GError) error = NULL;

	net_stream_set_limits(stream, 120000, 0);
	g_assert_false(net_stream_write(stream, data, len, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_TIMEOUT);
}

typedef struct {
	NetCancel *cancel;
	gulong delay_us;
	gint64 at;
} Trigger;

static void *
trigger_soon(void *user)
{
	Trigger *trigger = user;

	g_usleep(trigger->delay_us);
	trigger->at = g_get_monotonic_time();
	net_cancel_trigger(trigger->cancel);
	return NULL;
}

typedef enum {
	BLOCK_READ,
	BLOCK_WRITE,
	BLOCK_WAIT,
	BLOCK_TLS,
} Block;

static void
block(NetStream *stream, Block how, GError **error)
{
	static char data[32u << 20]; /* more than all buffers hold */

	switch (how) {
	case BLOCK_READ:
		g_assert_cmpint(net_stream_read(stream, data, 10, error), ==,
				-1);
		break;
	case BLOCK_WRITE:
		g_assert_false(
		    net_stream_write(stream, data, sizeof(data), error));
		break;
	case BLOCK_WAIT:
		g_assert_cmpint(net_stream_wait(stream, -1, -1, error), ==,
				NET_WAIT_FAILED);
		break;
	case BLOCK_TLS:
		g_assert_false(net_stream_start_tls(stream, NULL, error));
		break;
	}
}

static void
test_cancel(void)
{
	for (Block how = BLOCK_READ; how <= BLOCK_TLS; how++) {
		guint sleep_us = 250000;
		g_autoptr(Peer) peer = peer_new(
		    how == BLOCK_WRITE ? read_nothing : say_nothing, &sleep_us);
		g_autoptr(NetCancel) cancel = net_cancel_new();
		g_autoptr(NetStream) stream = open_to(peer, cancel);
		g_autoptr(GError) error = NULL;
		/* the system's certificates are read first: a long time for
		 * a sanitizer */
		Trigger trigger = {
		    cancel,
		    how == BLOCK_TLS && PEER_SLACK > 1 ? 1500000 : 60000, 0};
		pthread_t thread;
		gint64 ended;

		g_assert_false(net_cancel_is_triggered(cancel));
		pthread_create(&thread, NULL, trigger_soon, &trigger);
		block(stream, how, &error);
		ended = g_get_monotonic_time();
		pthread_join(thread, NULL);
		g_assert_cmpint(ended - trigger.at, <, 50000 * PEER_SLACK);
		g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
		/* for good */
		g_clear_error(&error);
		block(stream, how == BLOCK_TLS ? BLOCK_READ : how, &error);
		g_assert_error(error, NET_ERROR, NET_ERROR_CANCELLED);
	}
}

static void
test_wait(void)
{
	g_autoptr(Peer) peer = peer_new(echo, NULL);
	g_autoptr(NetStream) stream = open_to(peer, NULL);
	g_autoptr(GError) error = NULL;
	int channel = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	gint64 start = g_get_monotonic_time();
	eventfd_t ignored;
	char buffer[16];

	g_assert_cmpint(net_stream_wait(stream, channel, 50000, &error), ==,
			NET_WAIT_TIMEOUT);
	g_assert_cmpint(g_get_monotonic_time() - start, >=, 49000);
	g_assert_cmpint(net_stream_wait(stream, channel, 0, &error), ==,
			NET_WAIT_TIMEOUT);
	eventfd_write(channel, 1);
	g_assert_cmpint(net_stream_wait(stream, channel, -1, &error), ==,
			NET_WAIT_CHANNEL);
	/* work is not kept out by a server that talks on */
	g_assert_true(net_stream_write(stream, "12", 2, &error));
	g_usleep(50000);
	g_assert_cmpint(net_stream_wait(stream, channel, -1, &error), ==,
			NET_WAIT_CHANNEL);
	eventfd_read(channel, &ignored);
	g_assert_cmpint(net_stream_wait(stream, channel, -1, &error), ==,
			NET_WAIT_DATA);
	g_assert_cmpint(READ(stream, buffer, &error), ==, 2);
	g_assert_cmpint(net_stream_wait(stream, channel, 0, &error), ==,
			NET_WAIT_TIMEOUT);
	g_assert_no_error(error);
	close(channel);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	signal(SIGPIPE, SIG_IGN);
	g_test_add_func("/net/stream/echo", test_echo);
	g_test_add_func("/net/stream/end-of-file", test_end_of_file);
	g_test_add_func("/net/stream/stall", test_stall);
	g_test_add_func("/net/stream/deadline", test_deadline);
	g_test_add_func("/net/stream/write-stall", test_write_stall);
	g_test_add_func("/net/stream/cancel", test_cancel);
	g_test_add_func("/net/stream/wait", test_wait);
	return g_test_run();
}
