/* imap-token.h - tokens of one framed response; private to src/imap */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** IMAP_DEPTH_MAX: deeper nested lists make a response unreadable */
#define IMAP_DEPTH_MAX 64
/** IMAP_STREAMED_MAX: literals of one response that may go to a sink */
#define IMAP_STREAMED_MAX 4

typedef enum {
	IMAP_TOKEN_END,
	IMAP_TOKEN_ATOM,
	IMAP_TOKEN_STRING, /* quoted or literal */
	IMAP_TOKEN_NIL,
	IMAP_TOKEN_OPEN,
	IMAP_TOKEN_CLOSE,
	IMAP_TOKEN_BAD,
} ImapTokenKind;

/**
 * ImapToken: borrowed from the response
 * @text, @len: bytes; of a quoted string still with its backslashes if @escaped
 * @streamed: a literal that went to the sink: so many bytes; @text is empty
 */
typedef struct {
	ImapTokenKind kind;
	bool quoted;
	bool escaped;
	const char *text;
	gsize len;
	guint64 streamed;
} ImapToken;

/**
 * ImapReader: walks a response; copy it to look ahead
 * @open_quote: the last token was bad because a quoted string has no end
 */
typedef struct {
	const char *p;
	const char *end;
	int depth;
	bool open_quote;
	const char *streamed_at[IMAP_STREAMED_MAX];
	guint64 streamed_len[IMAP_STREAMED_MAX];
	guint n_streamed;
} ImapReader;

void imap_reader_init(ImapReader *reader, const char *text, gsize len);
ImapTokenKind imap_token_next(ImapReader *reader, ImapToken *token);
/** imap_token_item: a FETCH item: an atom that may hold BODY[...]<...> */
bool imap_token_item(ImapReader *reader, ImapToken *token);
/** imap_token_skip: one value, lists included */
bool imap_token_skip(ImapReader *reader);
/** imap_token_skip_list: to the end of the list just opened */
bool imap_token_skip_list(ImapReader *reader);

/** imap_token_is: @upper in upper case */
bool imap_token_is(const ImapToken *token, const char *upper);
bool imap_token_starts(const ImapToken *token, const char *upper);
/** imap_token_u64: a number of at most 63 bits */
bool imap_token_u64(const ImapToken *token, guint64 *ret);
/** imap_token_u32: a number of at most 32 bits, not 0 */
bool imap_token_u32(const ImapToken *token, guint32 *ret);
/** imap_token_unquote: @out holds @token->len bytes. Returns: bytes written */
gsize imap_token_unquote(const ImapToken *token, char *out);
/** imap_token_dup: (transfer full): its bytes, unquoted, with a NUL behind;
 * NULs inside are dropped */
char *imap_token_dup(const ImapToken *token);
