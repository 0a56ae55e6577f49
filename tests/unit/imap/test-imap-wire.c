/* test-imap-wire.c - frames: cut anywhere, too large, badly ended, joined */
#include "imap-wire.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "imap-error.h"
#include "test-size.h"

/* ---- the other side: bytes, maybe in two pieces, then an end ---- */

typedef struct {
	int listener;
	guint16 port;
	pthread_t thread;
	const char *data;
	gsize len;
	gsize cut; /* a pause before this byte; 0: none */
} Sender;

static void
send_all(int fd, const char *data, gsize len)
{
	while (len > 0) {
		gssize n = send(fd, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		data += n;
		len -= (gsize)n;
	}
}

static void *
send_thread(void *user)
{
	const Sender *sender = user;
	int fd = accept(sender->listener, NULL, NULL);
	char byte;

	send_all(fd, sender->data, sender->cut);
	if (sender->cut > 0)
		g_usleep(1000);
	send_all(fd, sender->data + sender->cut, sender->len - sender->cut);
	shutdown(fd, SHUT_WR);
	while (recv(fd, &byte, 1, 0) > 0)
		;
	close(fd);
	return NULL;
}

static void
sender_start(Sender *sender)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);

	sender->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(
	    bind(sender->listener, (struct sockaddr *)&address, len), ==, 0);
	g_assert_cmpint(listen(sender->listener, 1), ==, 0);
	getsockname(sender->listener, (struct sockaddr *)&address, &len);
	sender->port = ntohs(address.sin_port);
	g_assert_cmpint(
	    pthread_create(&sender->thread, NULL, send_thread, sender), ==, 0);
}

/* ---- our side: what comes, in words ---- */

typedef struct {
	GString *text;
	gsize sunk;
	bool want;
	ImapWireCounts counts;
	GError *error;
} Seen;

static bool
on_data(gpointer user, ImapData kind, guint32 number, ImapReader *rest,
	const ImapReply *reply)
{
	Seen *seen = user;
	ImapToken token;
	ImapTokenKind last;

	if (kind == IMAP_DATA_STATUS_REPLY) {
		g_string_append_printf(
		    seen->text, "[%d|%s|%s]", (int)reply->status,
		    reply->code == NULL ? "" : reply->code, reply->text);
		return true;
	}
	if (kind == IMAP_DATA_EXISTS || kind == IMAP_DATA_EXPUNGE) {
		g_string_append_printf(
		    seen->text, "[%s %u]",
		    kind == IMAP_DATA_EXISTS ? "exists" : "expunge", number);
		return true;
	}
	while ((last = imap_token_next(rest, &token)) != IMAP_TOKEN_END)
		if (last == IMAP_TOKEN_BAD)
			return false;
	g_string_append_printf(seen->text, "[%d]", (int)kind);
	return true;
}

static bool
on_want(gpointer user, const char *frame G_GNUC_UNUSED, gsize len G_GNUC_UNUSED)
{
	return ((Seen *)user)->want;
}

static bool
on_sink(gpointer user, const void *data G_GNUC_UNUSED, gsize len)
{
	((Seen *)user)->sunk += len;
	return true;
}

/* One command is in flight, p1: a wire that only listens never joins lines. */
static void
listen_to(const char *data, gsize len, gsize cut, Seen *seen)
{
	Sender sender = {.data = data, .len = len, .cut = cut};
	static const NetTls tls;
	NetTimeouts timeouts = {500000, 500000, 500000};
	NetAddress address = {"127.0.0.1", 0, NET_SECURITY_NONE};
	g_autoptr(NetStream) stream = NULL;
	ImapWire *wire;

	sender_start(&sender);
	address.port = sender.port;
	stream = net_stream_open(&address, &tls, &timeouts, NULL, NULL, NULL,
				 &seen->error);
	g_assert_no_error(seen->error);
	net_stream_set_limits(stream, 3 * G_USEC_PER_SEC, 0);
	wire = imap_wire_new(stream, NULL, on_data, seen);
	imap_wire_set_sink(wire, on_want, on_sink, seen);
	seen->text = g_string_new(NULL);
	imap_wire_begin(wire, "NOOP", NULL, NULL);
	imap_wire_end(wire);
	while (imap_wire_pump(wire, &seen->error))
		;
	seen->counts = *imap_wire_counts(wire);
	imap_wire_free(wire);
	net_stream_free(g_steal_pointer(&stream));
	pthread_join(sender.thread, NULL);
	close(sender.listener);
}

static void
seen_clear(Seen *seen)
{
	g_string_free(seen->text, TRUE);
	g_clear_error(&seen->error);
	*seen = (Seen){0};
}

static const struct {
	const char *what;
	const char *data;
	const char *seen;
	guint bad, stray;
} cases[] = {
    {"plain", "* 3 EXISTS\r\n* OK [ALERT] look\r\n", "[exists 3][0|ALERT|look]",
     0, 0},
    {"LF only, blank lines, trailing blanks",
     "\r\n\n* 3 EXISTS\n* OK x \r\n\r\n", "[exists 3][0||x ]", 0, 0},
    {"status words without text",
     "* OK\r\n* NO\r\n* BAD \r\n* BYE\r\n* PREAUTH\r\n",
     "[0||][1||][2||][3||][4||]", 0, 0},
    {"any case", "* 3 exists\r\n* ok x\r\n", "[exists 3][0||x]", 0, 0},
    {"tagged lines for nobody",
     "p9 OK x\r\n1 OK x\r\np0 OK x\r\np1\r\np1 HUH\r\n* 3 EXISTS\r\n",
     "[exists 3]", 0, 5},
    {"ours, with no text", "p1 OK\r\np1 OK again\r\n", "", 0, 1},
    {"continuations for nobody", "p1 OK\r\n+\r\n+ x\r\n", "", 0, 2},
    {"free text is no literal", "* OK see {12}\r\np1 OK {99}\r\n* 3 EXISTS\r\n",
     "[0||see {12}][exists 3]", 0, 0},
    {"literals", "* LIST () \"/\" {3}\r\na\r\n\r\n* 3 EXISTS\r\n",
     "[6][exists 3]", 0, 0},
    {"a literal of nothing", "* X {0}\r\n\r\n* 3 EXISTS\r\n", "[16][exists 3]",
     0, 0},
    {"literal8 and non-synchronizing", "* X ~{2}\r\nab {1+}\r\nc\r\n", "[16]",
     0, 0},
    {"marks that are none", "* X {a}\r\n* X {-1}\r\n* X {}\r\n* 3 EXISTS\r\n",
     "[exists 3]", 3, 0},
    {"numbers that are none",
     "* EXISTS\r\n* x EXISTS\r\n* 4294967296 EXISTS\r\n* -1 EXISTS\r\n"
     "* 0 EXPUNGE\r\n* EXPUNGE\r\n* 0 FETCH ()\r\n* FETCH ()\r\n",
     "[16][16]", 6, 0},
    {"garbage", "* \r\n*\r\nxyz\r\n\"\r\n(\r\n* (\r\n* 3 EXISTS\r\n",
     "[exists 3]", 2, 4},
    /* a line end inside quotes: the rest belongs to it */
    {"joined", "* X \"a\r\nb\"\r\n* 3 EXISTS\r\n", "[16][exists 3]", 0, 0},
    {"joined twice", "* X \"a\r\nb\r\nc\" d\r\n* 3 EXISTS\r\n",
     "[16][exists 3]", 0, 0},
    /* but not what stands on its own */
    {"a stray quote", "* X \"a\r\n* 3 EXISTS\r\np1 OK\r\n", "[exists 3]", 1, 0},
    {"a stray quote before our tag", "* X \"a\r\np1 OK \"\r\n* 3 EXISTS\r\n",
     "[exists 3]", 1, 0},
    {"a stray quote before a literal",
     "* X \"a\r\n* Y {4}\r\nabcd\r\n* 3 EXISTS\r\n", "[16][exists 3]", 1, 0},
};

static void
test_cases(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		Seen seen = {0};

		g_test_message("%s", cases[i].what);
		listen_to(cases[i].data, strlen(cases[i].data), 0, &seen);
		g_assert_error(seen.error, IMAP_ERROR, IMAP_ERROR_CONNECTION);
		g_assert_cmpstr(seen.text->str, ==, cases[i].seen);
		g_assert_cmpuint(seen.counts.bad, ==, cases[i].bad);
		g_assert_cmpuint(seen.counts.stray, ==, cases[i].stray);
		seen_clear(&seen);
	}
}

static void
test_nul(void)
{
	static const char data[] = "* OK a\0b\r\n\0\0* 3 EXISTS\r\n"
				   "* 4 EXISTS\r\n";
	Seen seen = {0};

	listen_to(data, sizeof(data) - 1, 0, &seen);
	g_assert_cmpstr(seen.text->str, ==, "[0||ab][exists 4]");
	seen_clear(&seen);
}

static const char session[] = "* 3 EXISTS\r\n"
			      "* LIST () \"/\" {5}\r\na\r\n b\r\n"
			      "* X (\"q\\\"uo\" {2}\r\n\"( {0}\r\n NIL)\r\n"
			      "* OK [CODE (x)] text {3}\r\n"
			      "\n"
			      "* X \"line\r\nend\"\r\n"
			      "p1 OK done\r\n"
			      "* 2 EXPUNGE\r\n";

/* In two pieces, cut at every byte: the same. Ended at every byte: a beginning
 * of it, and no half of a response. */
static void
test_cut_everywhere(void)
{
	gsize len = sizeof(session) - 1;
	Seen whole = {0};

	listen_to(session, len, 0, &whole);
	g_assert_cmpstr(whole.text->str, ==,
			"[exists 3][6][16][0|CODE (x)|text {3}][16]"
			"[expunge 2]");
	for (gsize cut = 1; cut < len; cut++) {
		Seen seen = {0};

		listen_to(session, len, cut, &seen);
		g_assert_cmpstr(seen.text->str, ==, whole.text->str);
		seen_clear(&seen);
		listen_to(session, cut, 0, &seen);
		g_assert_true(
		    g_str_has_prefix(whole.text->str, seen.text->str));
		g_assert_true(seen.text->len == 0 ||
			      seen.text->str[seen.text->len - 1] == ']');
		g_assert_error(seen.error, IMAP_ERROR, IMAP_ERROR_CONNECTION);
		seen_clear(&seen);
	}
	seen_clear(&whole);
}

static void
test_literal_limits(void)
{
	static const char *const sizes[] = {
	    "4000000000",
	    "4294967300",
	    "25165825",
	    "99999999999999999",
	    "999999999999999999999999999999",
	};

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autofree char *data = g_strdup_printf(
		    "* 1 FETCH (BODY[] {%s}\r\nabc)\r\n* 3 EXISTS\r\n",
		    sizes[i]);
		Seen seen = {0};

		listen_to(data, strlen(data), 0, &seen);
		g_assert_error(seen.error, IMAP_ERROR, IMAP_ERROR_PROTOCOL);
		g_assert_cmpstr(seen.text->str, ==, "");
		seen_clear(&seen);
	}
}

static glong
peak_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* IMAP-05: a line that never ends. */
static void
test_endless_line(void)
{
	gsize len = 40u << 20;
	g_autofree char *data = g_strnfill(len, 'x');
	gint64 start = test_time_used();
	glong before = peak_kb();
	Seen seen = {0};

	memcpy(data, "* SEARCH ", 9);
	listen_to(data, len, 0, &seen);
	g_assert_error(seen.error, IMAP_ERROR, IMAP_ERROR_PROTOCOL);
	g_assert_cmpint(test_time_used() - start, <, 3 * G_USEC_PER_SEC);
	/* a sanitizer's shadow of what is read comes on top */
	g_assert_cmpint(peak_kb() - before, <,
			TEST_SANITIZED ? 400000 : 150000);
	seen_clear(&seen);
}

/* Many lines of one response are as large as one. */
static void
test_endless_frame(void)
{
	GString *data = g_string_new("* X ");
	g_autofree char *piece = g_strnfill(1u << 20, 'y');
	Seen seen = {0};

	for (guint i = 0; i < 30; i++)
		g_string_append_printf(data, "\"%s\" {0}\r\n", piece);
	listen_to(data->str, data->len, 0, &seen);
	g_assert_error(seen.error, IMAP_ERROR, IMAP_ERROR_PROTOCOL);
	g_string_free(data, TRUE);
	seen_clear(&seen);
}

/* A large literal goes by in pieces where it is wanted, else it lies in memory;
 * either way the next response is found. */
static void
test_sink(void)
{
	gsize size = 3u << 20;
	g_autofree char *body = g_strnfill(size, 'b');
	g_autofree char *data = g_strdup_printf(
	    "* X (A {%u}\r\n%s B \"x\")\r\n* 3 EXISTS\r\n", (guint)size, body);

	for (guint i = 0; i < 2; i++) {
		Seen seen = {.want = i == 1};

		listen_to(data, strlen(data), i == 1 ? 70000 : 0, &seen);
		g_assert_cmpstr(seen.text->str, ==, "[16][exists 3]");
		g_assert_cmpuint(seen.sunk, ==, i == 1 ? size : 0);
		seen_clear(&seen);
		/* cut inside of it: no response */
		seen.want = i == 1;
		listen_to(data, size / 2, 0, &seen);
		g_assert_cmpstr(seen.text->str, ==, "");
		g_assert_error(seen.error, IMAP_ERROR, IMAP_ERROR_CONNECTION);
		seen_clear(&seen);
	}
}

static void
test_nesting(void)
{
	static const guint depths[] = {4000, 30000, 200000};

	for (guint i = 0; i < G_N_ELEMENTS(depths); i++) {
		g_autofree char *open = g_strnfill(depths[i], '(');
		g_autofree char *data =
		    g_strdup_printf("* X %s\r\n* 3 EXISTS\r\np1 OK\r\n", open);
		Seen seen = {0};

		listen_to(data, strlen(data), 0, &seen);
		g_assert_cmpstr(seen.text->str, ==, "[exists 3]");
		g_assert_cmpuint(seen.counts.bad, ==, 1);
		seen_clear(&seen);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/wire/cases", test_cases);
	g_test_add_func("/imap/wire/nul", test_nul);
	g_test_add_func("/imap/wire/cut-everywhere", test_cut_everywhere);
	g_test_add_func("/imap/wire/literal-limits", test_literal_limits);
	g_test_add_func("/imap/wire/endless-line", test_endless_line);
	g_test_add_func("/imap/wire/endless-frame", test_endless_frame);
	g_test_add_func("/imap/wire/sink", test_sink);
	g_test_add_func("/imap/wire/nesting", test_nesting);
	return g_test_run();
}
