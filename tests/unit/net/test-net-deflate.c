/* test-net-deflate.c - COMPRESS=DEFLATE over a stream, and its ends */
#include "test-peer.h"

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include "net-private.h"
#include "test-size.h"

#define READ(stream, buffer, error)                                            \
	net_stream_read(stream, buffer, sizeof(buffer), error)

typedef struct {
	GByteArray *bytes; /* what it sends */
	GByteArray *got;   /* what it got, inflated */
} Script;

static void
compress_to(GByteArray *out, z_stream *z, const char *text, int flush)
{
	guchar chunk[512];

	z->next_in = (Bytef *)text;
	z->avail_in = (uInt)strlen(text);
	do {
		z->next_out = chunk;
		z->avail_out = sizeof(chunk);
		deflate(z, flush);
		g_byte_array_append(out, chunk,
				    (guint)(sizeof(chunk) - z->avail_out));
	} while (z->avail_out == 0);
}

static void
play(int fd, gpointer user)
{
	Script *script = user;
	z_stream in = {0};
	guchar raw[4096], plain[65536];
	gssize n;

	peer_write(fd, script->bytes->data, script->bytes->len);
	if (script->got == NULL)
		return;
	inflateInit2(&in, -15);
	while ((n = read(fd, raw, sizeof(raw))) > 0) {
		in.next_in = raw;
		in.avail_in = (uInt)n;
		do {
			in.next_out = plain;
			in.avail_out = sizeof(plain);
			inflate(&in, Z_SYNC_FLUSH);
			g_byte_array_append(
			    script->got, plain,
			    (guint)(sizeof(plain) - in.avail_out));
		} while (in.avail_out == 0);
	}
	inflateEnd(&in);
}

static NetStream *
open_to(Peer *peer)
{
	g_autoptr(GError) error = NULL;
	NetStream *stream = peer_open(peer, "x.test", NET_SECURITY_NONE, NULL,
				      NULL, NULL, &error);

	g_assert_no_error(error);
	return stream;
}

static void
init_raw(z_stream *z)
{
	*z = (z_stream){0};
	deflateInit2(z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

static void
read_all(NetStream *stream, const char *text, gsize piece)
{
	gsize len = strlen(text), at = 0;
	g_autoptr(GError) error = NULL;
	char buffer[512];

	while (at < len) {
		gssize n = net_stream_read(stream, buffer, piece, &error);

		g_assert_no_error(error);
		g_assert_cmpint(n, >, 0);
		g_assert_true(memcmp(text + at, buffer, (gsize)n) == 0);
		at += (gsize)n;
	}
}

/* The first bytes came with the OK; whatever the piece, nothing is lost; the
 * end with data is data first, then an end. */
static void
test_read(void)
{
	static const char text[] = "* 1 EXISTS\r\n* 2 EXISTS\r\n* BYE\r\n";

	for (gsize piece = 1; piece < 40; piece += 7) {
		for (guint leftover = 0; leftover < 6; leftover++) {
			Script script = {.bytes = g_byte_array_new()};
			g_autoptr(GByteArray) all = script.bytes;
			g_autoptr(GError) error = NULL;
			g_autoptr(Peer) peer = NULL;
			g_autoptr(NetStream) stream = NULL;
			guchar first[8];
			char buffer[16];
			z_stream z;

			init_raw(&z);
			compress_to(all, &z, text, Z_FINISH);
			deflateEnd(&z);
			memcpy(first, all->data, leftover);
			g_byte_array_remove_range(all, 0, leftover);
			peer = peer_new(play, &script);
			stream = open_to(peer);
			g_assert_true(net_stream_start_deflate(
			    stream, first, leftover, &error));
			read_all(stream, text, piece);
			g_assert_cmpint(READ(stream, buffer, &error), ==, -1);
			g_assert_error(error, NET_ERROR, NET_ERROR_CLOSED);
			g_assert_cmpuint(net_stream_counters(stream)->inflated,
					 ==, strlen(text));
			peer_free(g_steal_pointer(&peer));
		}
	}
}

static void
test_damaged(void)
{
	static const guchar damaged[] = {0xff, 0xff, 0xff, 0xff, 0xff};
	Script script = {.bytes = g_byte_array_new()};
	g_autoptr(GByteArray) bytes = script.bytes;
	g_autoptr(GError) error = NULL;
	g_autoptr(Peer) peer = NULL;
	g_autoptr(NetStream) stream = NULL;
	char buffer[16];

	g_byte_array_append(bytes, damaged, sizeof(damaged));
	peer = peer_new(play, &script);
	stream = open_to(peer);
	g_assert_true(net_stream_start_deflate(stream, NULL, 0, &error));
	g_assert_false(net_stream_start_deflate(stream, NULL, 0, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
	g_clear_error(&error);
	g_assert_cmpint(READ(stream, buffer, &error), ==, -1);
	g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
}

/* An empty block is readable and holds nothing. */
static void
test_wait_empty(void)
{
	Script script = {.bytes = g_byte_array_new(),
			 .got = g_byte_array_new()};
	g_autoptr(GError) error = NULL;
	g_autoptr(Peer) peer = NULL;
	NetStream *stream;
	z_stream z;

	init_raw(&z);
	compress_to(script.bytes, &z, "x", Z_SYNC_FLUSH);
	compress_to(script.bytes, &z, "", Z_FULL_FLUSH);
	deflateEnd(&z);
	peer = peer_new(play, &script);
	stream = open_to(peer);
	g_assert_true(net_stream_start_deflate(stream, NULL, 0, &error));
	g_assert_cmpint(net_stream_wait(stream, -1, 1000000, &error), ==,
			NET_WAIT_DATA);
	read_all(stream, "x", 16);
	g_assert_cmpint(net_stream_wait(stream, -1, 60000, &error), ==,
			NET_WAIT_TIMEOUT);
	g_assert_no_error(error);
	net_stream_free(stream);
	peer_free(g_steal_pointer(&peer));
	g_byte_array_unref(script.bytes);
	g_byte_array_unref(script.got);
}

static void
flood(int fd, gpointer user G_GNUC_UNUSED)
{
	/* stored blocks without a byte in them */
	static const guchar nothing[] = {0, 0, 0, 0xff, 0xff};
	guchar blocks[65535];

	for (gsize i = 0; i < sizeof(blocks); i++)
		blocks[i] = nothing[i % sizeof(nothing)];
	while (send(fd, blocks, sizeof(blocks), MSG_NOSIGNAL) > 0)
		;
}

static void *
cancel_soon(void *cancel)
{
	g_usleep(20000);
	net_cancel_trigger(cancel);
	return NULL;
}

/* A stream of nothing neither keeps a reader for ever nor from a cancel. */
static void
test_flood(void)
{
	for (guint i = 0; i < 2; i++) {
		g_autoptr(NetCancel) cancel = net_cancel_new();
		g_autoptr(Peer) peer = peer_new(flood, NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(NetStream) stream =
		    peer_open(peer, "x.test", NET_SECURITY_NONE, NULL, cancel,
			      NULL, &error);
		gint64 start = test_time_used();
		pthread_t thread;
		char byte;

		g_assert_no_error(error);
		g_assert_true(
		    net_stream_start_deflate(stream, NULL, 0, &error));
		if (i == 0) {
			g_assert_cmpint(
			    net_stream_read(stream, &byte, 1, &error), ==, -1);
		} else {
			pthread_create(&thread, NULL, cancel_soon, cancel);
			g_assert_cmpint(net_stream_wait(stream, -1, -1, &error),
					==, NET_WAIT_FAILED);
			pthread_join(thread, NULL);
		}
		g_assert_nonnull(error);
		g_assert_cmpint(test_time_used() - start, <,
				1500000 * PEER_SLACK);
		net_stream_free(g_steal_pointer(&stream));
	}
}

/* What we write arrives at once and whole, however large. */
static void
test_write(void)
{
	Script script = {.bytes = g_byte_array_new(),
			 .got = g_byte_array_new()};
	g_autoptr(GError) error = NULL;
	Peer *peer = peer_new(play, &script);
	NetStream *stream = open_to(peer);
	gsize len = 300000;
	g_autofree char *data = g_malloc(len);

	for (gsize i = 0; i < len; i++)
		data[i] = (char)(i * i >> 3);
	g_assert_true(net_stream_start_deflate(stream, NULL, 0, &error));
	g_assert_true(net_stream_write(stream, "a1 NOOP\r\n", 9, &error));
	g_assert_true(net_stream_write(stream, data, len, &error));
	g_assert_no_error(error);
	net_stream_free(stream);
	peer_free(peer);
	g_assert_cmpuint(script.got->len, ==, 9 + len);
	g_assert_true(memcmp(script.got->data, "a1 NOOP\r\n", 9) == 0);
	g_assert_true(memcmp(script.got->data + 9, data, len) == 0);
	g_byte_array_unref(script.bytes);
	g_byte_array_unref(script.got);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/net/deflate/read", test_read);
	g_test_add_func("/net/deflate/damaged", test_damaged);
	g_test_add_func("/net/deflate/wait-empty", test_wait_empty);
	g_test_add_func("/net/deflate/flood", test_flood);
	g_test_add_func("/net/deflate/write", test_write);
	return g_test_run();
}
