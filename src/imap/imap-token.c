/* imap-token.c - tokens of one framed response (RFC 9051 section 4) */
#include "imap-token.h"

#include <string.h>

/* 1: ends an atom; servers put nearly anything else into one */
static const guchar ends_atom[256] = {
    [0] = 1,   ['\r'] = 1, ['\n'] = 1, [' '] = 1,
    ['('] = 1, [')'] = 1,  ['"'] = 1,  ['{'] = 1,
};

void
imap_reader_init(ImapReader *reader, const char *text, gsize len)
{
	*reader = (ImapReader){.p = text, .end = text + len};
}

static ImapTokenKind
bad(ImapToken *token)
{
	return token->kind = IMAP_TOKEN_BAD;
}

/* {n} {n+} ~{n}: p stands on the brace; the framer has all its bytes */
static ImapTokenKind
read_literal(ImapReader *reader, ImapToken *token)
{
	const char *p = reader->p + 1;
	guint64 n = 0;

	if (p == reader->end || !g_ascii_isdigit(*p))
		return bad(token);
	for (; p < reader->end && g_ascii_isdigit(*p); p++) {
		if (n > G_MAXINT64 / 10 - 1)
			return bad(token);
		n = n * 10 + (guint64)(*p - '0');
	}
	if (p < reader->end && *p == '+')
		p++;
	if (reader->end - p < 2 || *p++ != '}')
		return bad(token);
	if (*p == '\r')
		p++;
	if (p == reader->end || *p++ != '\n')
		return bad(token);
	token->kind = IMAP_TOKEN_STRING;
	token->text = p;
	for (guint i = 0; i < reader->n_streamed; i++) {
		if (reader->streamed_at[i] != p)
			continue;
		token->streamed = reader->streamed_len[i];
		reader->p = p;
		return token->kind;
	}
	if (n > (guint64)(reader->end - p))
		return bad(token);
	token->len = (gsize)n;
	reader->p = p + n;
	return token->kind;
}

static ImapTokenKind
read_quoted(ImapReader *reader, ImapToken *token)
{
	const char *p = ++reader->p;

	for (; p < reader->end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < reader->end) {
			token->escaped = true;
			p++;
		}
	}
	if (p >= reader->end) {
		reader->open_quote = true;
		return bad(token);
	}
	token->text = reader->p;
	token->len = (gsize)(p - reader->p);
	token->quoted = true;
	reader->p = p + 1;
	return token->kind = IMAP_TOKEN_STRING;
}

static ImapTokenKind
read_atom(ImapReader *reader, ImapToken *token)
{
	const char *p = reader->p + 1;

	while (p < reader->end && !ends_atom[(guchar)*p])
		p++;
	token->len = (gsize)(p - reader->p);
	reader->p = p;
	token->kind =
	    imap_token_is(token, "NIL") ? IMAP_TOKEN_NIL : IMAP_TOKEN_ATOM;
	return token->kind;
}

ImapTokenKind
imap_token_next(ImapReader *reader, ImapToken *token)
{
	*token = (ImapToken){.kind = IMAP_TOKEN_END, .text = reader->end};
	while (reader->p < reader->end && *reader->p == ' ')
		reader->p++;
	if (reader->p == reader->end)
		return IMAP_TOKEN_END;
	token->text = reader->p;
	switch (*reader->p) {
	case '(':
		reader->p++;
		if (++reader->depth > IMAP_DEPTH_MAX)
			return bad(token);
		return token->kind = IMAP_TOKEN_OPEN;
	case ')':
		reader->p++;
		if (--reader->depth < 0)
			return bad(token);
		return token->kind = IMAP_TOKEN_CLOSE;
	case '"':
		return read_quoted(reader, token);
	case '{':
		return read_literal(reader, token);
	case '~':
		if (reader->p + 1 < reader->end && reader->p[1] == '{') {
			reader->p++;
			return read_literal(reader, token);
		}
		return read_atom(reader, token);
	case '\r':
	case '\n':
	case '\0':
		return bad(token);
	default:
		return read_atom(reader, token);
	}
}

/* BODY[HEADER.FIELDS (A "B")]<0>: to the bracket, whatever stands between */
bool
imap_token_item(ImapReader *reader, ImapToken *token)
{
	const char *p;
	bool quoted = false;

	if (imap_token_next(reader, token) != IMAP_TOKEN_ATOM)
		return false;
	p = memchr(token->text, '[', token->len);
	if (p == NULL)
		return true;
	for (; p < reader->end && (*p != ']' || quoted); p++) {
		if (*p == '"')
			quoted = !quoted;
		if (*p == '\r' || *p == '\n')
			return false;
	}
	if (p == reader->end)
		return false;
	p++;
	if (p < reader->end && *p == '<') {
		while (p < reader->end && *p != '>' && *p != ' ')
			p++;
		if (p == reader->end || *p != '>')
			return false;
		p++;
	}
	token->len = (gsize)(p - token->text);
	reader->p = p;
	return true;
}

bool
imap_token_skip_list(ImapReader *reader)
{
	int want = reader->depth - 1;
	ImapToken token;

	while (reader->depth > want) {
		ImapTokenKind kind = imap_token_next(reader, &token);

		if (kind == IMAP_TOKEN_BAD || kind == IMAP_TOKEN_END)
			return false;
	}
	return true;
}

bool
imap_token_skip(ImapReader *reader)
{
	ImapToken token;
	ImapTokenKind kind = imap_token_next(reader, &token);

	if (kind == IMAP_TOKEN_OPEN)
		return imap_token_skip_list(reader);
	return kind == IMAP_TOKEN_ATOM || kind == IMAP_TOKEN_STRING ||
	       kind == IMAP_TOKEN_NIL;
}

bool
imap_token_is(const ImapToken *token, const char *upper)
{
	gsize len = strlen(upper);

	return token->len == len &&
	       g_ascii_strncasecmp(token->text, upper, len) == 0;
}

bool
imap_token_starts(const ImapToken *token, const char *upper)
{
	gsize len = strlen(upper);

	return token->len >= len &&
	       g_ascii_strncasecmp(token->text, upper, len) == 0;
}

bool
imap_token_u64(const ImapToken *token, guint64 *ret)
{
	guint64 n = 0;

	if (token->kind != IMAP_TOKEN_ATOM || token->len == 0 ||
	    token->len > 19)
		return false;
	for (gsize i = 0; i < token->len; i++) {
		if (!g_ascii_isdigit(token->text[i]))
			return false;
		n = n * 10 + (guint64)(token->text[i] - '0');
	}
	if (n > G_MAXINT64)
		return false;
	*ret = n;
	return true;
}

bool
imap_token_u32(const ImapToken *token, guint32 *ret)
{
	guint64 n;

	if (!imap_token_u64(token, &n) || n == 0 || n > G_MAXUINT32)
		return false;
	*ret = (guint32)n;
	return true;
}

gsize
imap_token_unquote(const ImapToken *token, char *out)
{
	gsize n = 0;

	if (!token->escaped) {
		memcpy(out, token->text, token->len);
		return token->len;
	}
	for (gsize i = 0; i < token->len; i++) {
		if (token->text[i] == '\\' && i + 1 < token->len)
			i++;
		out[n++] = token->text[i];
	}
	return n;
}

char *
imap_token_dup(const ImapToken *token)
{
	char *out = g_malloc(token->len + 1);
	gsize len = imap_token_unquote(token, out);
	gsize kept = 0;

	for (gsize i = 0; i < len; i++)
		if (out[i] != '\0')
			out[kept++] = out[i];
	out[kept] = '\0';
	return out;
}
