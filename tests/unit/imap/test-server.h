/* test-server.h - an IMAP server that follows a script, on this machine */
#pragma once

#include <glib.h>

#include "imap-session.h"

/**
 * Server: serves one connection in a thread
 *
 * A script is lines of text:
 *   "> text"  sent with CRLF; "$T" is the tag of the line that came last, "$N"
 *             a line end
 *   "> text\" sent without CRLF
 *   "< glob"  a line must come whose text behind its tag matches
 *   "= text"  a line without a tag must come: "DONE", a SASL answer
 *   "* n"     n bytes must come: a literal and what ends its line
 *   "~ ms"    waits
 *   "T "      the TLS handshake; line_pin() is what to trust
 *   "S right" SCRAM-SHA-256 from the command to what the client says to the
 *   "S wrong" server's signature, or to a wrong one
 *   "Z "      compressed from here on; "E ": what is sent next ends that
 *   "! "      closes at once
 * At the end it waits until the other side goes.
 */
typedef struct Server Server;

Server *server_new(const char *script);
/** server_new_bytes: sends bytes behind a greeting, reads what comes */
Server *server_new_bytes(const void *data, gsize len);
/** server_end: joins it; @ret_log: (nullable): all lines that came.
 * Returns: what was not as the script has it; %NULL if all was */
char *server_end(Server *server, char **ret_log);

/** Client: a session to a server, in clear over loopback */
typedef struct {
	ImapSettings settings;
	ImapSession *session;
	Secret *password;
	Server *server;
} Client;

/** client_new: @script: behind the greeting; %NULL: none: no server */
Client *client_new(const char *script);
Client *client_new_on(Server *server);
/** client_again: a session made anew, after settings that it takes at once
 * (whom to trust) */
void client_again(Client *client);
/** client_login: connects and logs in; the script begins with CLIENT_LOGIN */
void client_login(Client *client);
#define CLIENT_LOGIN_WITH(capabilities)                                        \
	"> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\n"             \
	"< AUTHENTICATE PLAIN AGFsaWNlAHBhc3N3b3Jk\n"                          \
	"> $T OK [CAPABILITY IMAP4rev1 " capabilities "] in\n"
#define CLIENT_LOGIN CLIENT_LOGIN_WITH("")
/** client_open: selects INBOX: three messages, UIDs 10, 20, 30 unknown */
void client_open(Client *client);
#define CLIENT_OPEN                                                            \
	"< SELECT \"INBOX\"*\n"                                                \
	"> * 3 EXISTS\n"                                                       \
	"> * OK [UIDVALIDITY 7] v\n"                                           \
	"> * OK [UIDNEXT 31] n\n"                                              \
	"> $T OK [READ-WRITE] selected\n"
/** client_free: the server must have seen its script to the end */
void client_free(Client *client);
/** client_free_any: whatever it saw */
void client_free_any(Client *client);

/** uids: of "1,3:5" */
UidSet *uids(const char *text);
