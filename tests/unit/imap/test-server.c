/* test-server.c - an IMAP server that follows a script, on this machine */
#include "test-server.h"

#include <arpa/inet.h>
#include <fnmatch.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test-line.h"
#include "test-scram.h"

struct Server {
	int listener;
	Line *line;
	guint16 port;
	pthread_t thread;
	char *script;
	GBytes *bytes;
	GString *log;
	char *tag;
	char *failure;
};

static void G_GNUC_PRINTF(2, 3) fail(Server *server, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (server->failure == NULL)
		server->failure = g_strdup_vprintf(format, args);
	va_end(args);
}

/* One line without its end; NULL at the end of file. */
static char *
get_line(Server *server)
{
	GString *line = g_string_new(NULL);
	char c;

	while (line_get(server->line, &c)) {
		g_string_append_c(server->log, c);
		if (c == '\n') {
			if (line->len > 0 && line->str[line->len - 1] == '\r')
				g_string_truncate(line, line->len - 1);
			return g_string_free(line, FALSE);
		}
		g_string_append_c(line, c);
	}
	g_string_free(line, TRUE);
	return NULL;
}

static void
say(Server *server, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "$T", -1);
	g_autofree char *tagged =
	    g_strjoinv(server->tag == NULL ? "*" : server->tag, parts);
	g_auto(GStrv) lines = g_strsplit(tagged, "$N", -1);
	g_autofree char *line = g_strjoinv("\r\n", lines);
	gsize len = strlen(line);

	if (len > 0 && line[len - 1] == '\\') {
		line_put(server->line, line, len - 1);
	} else {
		g_autofree char *whole = g_strconcat(line, "\r\n", NULL);

		line_put(server->line, whole, len + 2);
	}
}

static bool
expect(Server *server, const char *glob, bool tagged)
{
	g_autofree char *line = get_line(server);
	char *text = line;

	if (line == NULL) {
		fail(server, "no \"%s\" came", glob);
		return false;
	}
	if (tagged) {
		text = strchr(line, ' ');
		if (text == NULL) {
			fail(server, "\"%s\" has no tag", line);
			return false;
		}
		g_free(server->tag);
		server->tag = g_strndup(line, (gsize)(text - line));
		text++;
	}
	if (fnmatch(glob, text, 0) != 0)
		fail(server, "\"%s\" came, not \"%s\"", text, glob);
	return server->failure == NULL;
}

static bool
take(Server *server, guint64 n)
{
	char c;

	for (; n > 0; n--) {
		if (!line_get(server->line, &c)) {
			fail(server, "a literal was not sent");
			return false;
		}
		g_string_append_c(server->log, c);
	}
	return true;
}

static bool
start_tls(Server *server)
{
	if (!line_start_tls(server->line))
		fail(server, "no TLS");
	return server->failure == NULL;
}

/* The client's first message comes with the command, or alone. */
static bool
scram(Server *server, const char *how)
{
	Scram *state = scram_new();
	g_autofree char *line = get_line(server);
	const char *begin = line == NULL ? NULL : strrchr(line, ' ');
	g_autofree char *message = g_strdup(begin == NULL ? line : begin + 1);

	if (begin != NULL) {
		g_free(server->tag);
		server->tag = g_strndup(line, strcspn(line, " "));
	}
	for (guint i = 0; i < 2 && message != NULL; i++) {
		g_autofree char *answer =
		    scram_step(state, message, strcmp(how, "wrong") == 0);
		g_autofree char *text = g_strconcat("+ ", answer, NULL);

		g_clear_pointer(&message, g_free);
		if (answer == NULL)
			break;
		say(server, text);
		message = get_line(server);
	}
	/* what it says to the signature: nothing, or that it goes no further */
	if (g_strcmp0(message, strcmp(how, "wrong") == 0 ? "*" : "") != 0)
		fail(server, "SCRAM ended with \"%s\"", message);
	scram_free(state);
	return server->failure == NULL;
}

static bool
step(Server *server, const char *line)
{
	const char *text = line + 2;

	switch (line[0]) {
	case '>':
		say(server, text);
		return true;
	case '<':
		return expect(server, text, true);
	case '=':
		return expect(server, text, false);
	case '*':
		return take(server, g_ascii_strtoull(text, NULL, 10));
	case 'T':
		return start_tls(server);
	case 'S':
		return scram(server, text);
	case 'Z':
		line_start_deflate(server->line);
		return true;
	case 'E':
		line_finish_deflate(server->line);
		return true;
	case '~':
		g_usleep((gulong)g_ascii_strtoull(text, NULL, 10) * 1000);
		return true;
	default:
		return false;
	}
}

static void *
serve(void *user)
{
	Server *server = user;
	const int on = 1;
	bool open = true;
	int fd = accept(server->listener, NULL, NULL);

	if (fd < 0)
		return NULL;
	server->line = line_new(fd);
	setsockopt(fd, 6, 1, &on, sizeof(on)); /* TCP_NODELAY */
	if (server->bytes != NULL) {
		gsize len;
		const char *data = g_bytes_get_data(server->bytes, &len);

		line_put(server->line, data, len);
		shutdown(fd, SHUT_WR);
	} else {
		g_auto(GStrv) lines = g_strsplit(server->script, "\n", -1);

		for (guint i = 0;
		     open && lines[i] != NULL && lines[i][0] != '\0'; i++)
			open = step(server, lines[i]);
	}
	/* what is sent behind the script is for the log */
	while (open) {
		g_autofree char *line = get_line(server);

		open = line != NULL;
	}
	line_free(server->line);
	return NULL;
}

static Server *
start(Server *server)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);

	server->log = g_string_new(NULL);
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(
	    bind(server->listener, (struct sockaddr *)&address, len), ==, 0);
	g_assert_cmpint(listen(server->listener, 1), ==, 0);
	getsockname(server->listener, (struct sockaddr *)&address, &len);
	server->port = ntohs(address.sin_port);
	g_assert_cmpint(pthread_create(&server->thread, NULL, serve, server),
			==, 0);
	return server;
}

Server *
server_new(const char *script)
{
	Server *server = g_new0(Server, 1);

	server->script = g_strdup(script);
	return start(server);
}

Server *
server_new_bytes(const void *data, gsize len)
{
	Server *server = g_new0(Server, 1);

	server->bytes = g_bytes_new(data, len);
	return start(server);
}

char *
server_end(Server *server, char **ret_log)
{
	char *failure;

	shutdown(server->listener, SHUT_RDWR); /* nobody came */
	pthread_join(server->thread, NULL);
	close(server->listener);
	failure = server->failure;
	if (ret_log != NULL)
		*ret_log = g_string_free(server->log, FALSE);
	else
		g_string_free(server->log, TRUE);
	g_free(server->script);
	g_free(server->tag);
	g_clear_pointer(&server->bytes, g_bytes_unref);
	g_free(server);
	return failure;
}

Client *
client_new_on(Server *server)
{
	Client *client = g_new0(Client, 1);

	client->server = server;
	client->password = secret_new("password", -1);
	client->settings = (ImapSettings){
	    .host = "127.0.0.1",
	    .port = server->port,
	    .security = IMAP_SECURITY_NONE,
	    .user = "alice",
	    .auth = "auto",
	    .timeout_scale = 0.05, /* three seconds of silence */
	};
	client->session = imap_session_new(&client->settings);
	return client;
}

Client *
client_new(const char *script)
{
	return client_new_on(server_new(script));
}

void
client_again(Client *client)
{
	imap_session_free(client->session);
	client->session = imap_session_new(&client->settings);
}

void
client_login(Client *client)
{
	g_autoptr(GError) error = NULL;

	imap_session_connect(client->session, &error);
	g_assert_no_error(error);
	imap_session_login(client->session, client->password, &error);
	g_assert_no_error(error);
}

void
client_open(Client *client)
{
	ImapKnown known = {0};
	MailboxState state;
	g_autoptr(GError) error = NULL;

	imap_session_open(client->session, "INBOX", &known, &state, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(state.exists, ==, 3);
}

static char *
client_end(Client *client)
{
	char *failure;

	imap_session_free(client->session);
	failure = server_end(client->server, NULL);
	secret_free(client->password);
	g_free(client);
	return failure;
}

void
client_free(Client *client)
{
	g_autofree char *failure = client_end(client);

	g_assert_cmpstr(failure, ==, NULL);
}

void
client_free_any(Client *client)
{
	g_free(client_end(client));
}

UidSet *
uids(const char *text)
{
	UidSet *set = uid_set_parse(text, -1);

	g_assert_nonnull(set);
	return set;
}
