/* imap-emit.c - server data written anew for libetpan */
#include "imap-emit.h"

#include <string.h>

/*
 * libetpan gets only text that is built here from parsed tokens, never server
 * bytes: repairing what servers send is open-ended, writing anew is not.
 */

static bool
is_plain(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if (text[i] == '\r' || text[i] == '\n' || text[i] == '\0')
			return false;
	return true;
}

/* A word libetpan's atom parser takes. */
static bool
is_atom(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if ((guchar)text[i] <= ' ' || (guchar)text[i] >= 127 ||
		    strchr("(){%*\"\\]", text[i]) != NULL)
			return false;
	return len > 0;
}

static void
emit_quoted(GString *out, const ImapToken *token)
{
	g_autofree char *text = g_malloc(token->len + 1);
	gsize len = imap_token_unquote(token, text);

	g_string_append_c(out, '"');
	for (gsize i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, text[i]);
	}
	g_string_append_c(out, '"');
}

/* A mailbox name: an atom, a string, or one that is called "nil". */
static bool
emit_name(GString *out, const ImapToken *token)
{
	if (token->kind != IMAP_TOKEN_ATOM &&
	    token->kind != IMAP_TOKEN_STRING && token->kind != IMAP_TOKEN_NIL)
		return false;
	if (!is_plain(token->text, token->len) || token->streamed != 0)
		return false;
	if (token->kind == IMAP_TOKEN_ATOM && is_atom(token->text, token->len))
		g_string_append_len(out, token->text, (gssize)token->len);
	else
		emit_quoted(out, token);
	return true;
}

static bool
emit_flags(GString *out, ImapReader *reader)
{
	ImapToken token;
	bool first = true;

	if (imap_token_next(reader, &token) != IMAP_TOKEN_OPEN)
		return false;
	g_string_append_c(out, '(');
	while (imap_token_next(reader, &token) == IMAP_TOKEN_ATOM) {
		bool star = token.len == 2 && memcmp(token.text, "\\*", 2) == 0;
		gsize slash = token.text[0] == '\\' && token.len > 1;

		if (!star && !is_atom(token.text + slash, token.len - slash))
			continue; /* "\" alone, [x] */
		g_string_append_printf(out, "%s%.*s", first ? "" : " ",
				       (int)token.len, token.text);
		first = false;
	}
	g_string_append_c(out, ')');
	return token.kind == IMAP_TOKEN_CLOSE;
}

static bool
emit_atoms(GString *out, ImapReader *reader)
{
	ImapToken token;
	ImapTokenKind kind;

	while ((kind = imap_token_next(reader, &token)) == IMAP_TOKEN_ATOM ||
	       kind == IMAP_TOKEN_NIL)
		if (is_atom(token.text, token.len) &&
		    token.text[token.len - 1] != '=')
			g_string_append_printf(out, " %.*s", (int)token.len,
					       token.text);
	return kind == IMAP_TOKEN_END;
}

static bool
emit_sets(GString *out, ImapReader *reader, guint wanted)
{
	ImapToken token;
	guint got = 0;

	while (imap_token_next(reader, &token) == IMAP_TOKEN_ATOM) {
		g_autoptr(UidSet) set =
		    uid_set_parse(token.text, (gssize)token.len);

		if (set == NULL)
			return false;
		g_string_append_printf(out, " %.*s", (int)token.len,
				       token.text);
		got++;
	}
	return got == wanted && token.kind == IMAP_TOKEN_END;
}

static bool
emit_number(GString *out, ImapReader *reader, bool wide)
{
	ImapToken token;
	guint64 number;

	imap_token_next(reader, &token);
	if (!imap_token_u64(&token, &number) || number == 0 ||
	    (!wide && number > G_MAXUINT32))
		return false;
	g_string_append_printf(out, " %" G_GUINT64_FORMAT, number);
	return true;
}

static bool
is_one_of(const ImapToken *token, const char *const *list)
{
	for (; *list != NULL; list++)
		if (imap_token_is(token, *list))
			return true;
	return false;
}

/* A response code libetpan may see, or nothing. */
static void
emit_code(GString *out, const char *code)
{
	static const char *const bare[] = {
	    "ALERT",     "PARSE",    "READ-ONLY", "READ-WRITE",
	    "TRYCREATE", "NOMODSEQ", NULL};
	static const char *const numbers[] = {"UIDNEXT", "UIDVALIDITY",
					      "UNSEEN", NULL};
	gsize mark = out->len;
	ImapReader reader;
	ImapToken word;
	bool good = false;

	imap_reader_init(&reader, code, strlen(code));
	if (imap_token_next(&reader, &word) != IMAP_TOKEN_ATOM)
		return;
	g_string_append_printf(out, "[%.*s", (int)word.len, word.text);
	if (is_one_of(&word, bare)) {
		good = true;
	} else if (is_one_of(&word, numbers)) {
		good = emit_number(out, &reader, false);
	} else if (imap_token_is(&word, "HIGHESTMODSEQ")) {
		good = emit_number(out, &reader, true);
	} else if (imap_token_is(&word, "PERMANENTFLAGS")) {
		g_string_append_c(out, ' ');
		good = emit_flags(out, &reader);
	} else if (imap_token_is(&word, "CAPABILITY")) {
		good = emit_atoms(out, &reader);
	} else if (imap_token_is(&word, "MODIFIED")) {
		good = emit_sets(out, &reader, 1);
	} else if (imap_token_is(&word, "APPENDUID")) {
		good = emit_sets(out, &reader, 2);
	} else if (imap_token_is(&word, "COPYUID")) {
		good = emit_sets(out, &reader, 3);
	}
	if (good)
		g_string_append(out, "] ");
	else
		g_string_truncate(out, mark);
}

void
imap_emit_reply(GString *out, const char *tag, const ImapReply *reply)
{
	static const char *const status[] = {"OK", "NO", "BAD", "BYE",
					     "PREAUTH"};
	bool usable = reply->text != NULL && reply->text[0] != '\0' &&
		      reply->text[0] != '[';

	g_string_append_printf(out, "%s %s ", tag, status[reply->status]);
	if (reply->code != NULL)
		emit_code(out, reply->code);
	/* libetpan needs a text, and must not take it for a code */
	if (!usable) {
		g_string_append(out, "(no text)\r\n");
		return;
	}
	for (const char *p = reply->text; *p != '\0'; p++)
		g_string_append_c(
		    out, (guchar)*p < ' ' || (guchar)*p >= 127 ? '?' : *p);
	g_string_append(out, "\r\n");
}

static bool
emit_search(GString *out, ImapReader *reader)
{
	ImapToken token;
	guint32 number;

	g_string_append(out, "* SEARCH");
	while (imap_token_next(reader, &token) == IMAP_TOKEN_ATOM)
		if (imap_token_u32(&token, &number))
			g_string_append_printf(out, " %u", number);
	/* "(MODSEQ n)" behind it is for us alone */
	return token.kind == IMAP_TOKEN_END || token.kind == IMAP_TOKEN_OPEN;
}

static bool
emit_list(GString *out, ImapData kind, ImapReader *reader)
{
	ImapToken token;

	g_string_append_printf(out, "* %s ",
			       kind == IMAP_DATA_LIST ? "LIST" : "LSUB");
	if (!emit_flags(out, reader))
		return false;
	g_string_append_c(out, ' ');
	imap_token_next(reader, &token);
	if (token.kind == IMAP_TOKEN_STRING &&
	    is_plain(token.text, token.len) &&
	    token.len == (token.escaped ? 2u : 1u))
		emit_quoted(out, &token);
	else if (token.kind == IMAP_TOKEN_STRING ||
		 token.kind == IMAP_TOKEN_ATOM || token.kind == IMAP_TOKEN_NIL)
		/* two characters or none: fatal to libetpan, none to us */
		g_string_append(out, "NIL");
	else
		return false;
	g_string_append_c(out, ' ');
	imap_token_next(reader, &token);
	/* what LIST-EXTENDED adds stays behind */
	return emit_name(out, &token);
}

static bool
emit_status(GString *out, ImapReader *reader)
{
	static const char *const known[] = {"MESSAGES",    "RECENT", "UIDNEXT",
					    "UIDVALIDITY", "UNSEEN", NULL};
	ImapToken name, value;
	bool first = true;

	g_string_append(out, "* STATUS ");
	imap_token_next(reader, &name);
	if (!emit_name(out, &name) ||
	    imap_token_next(reader, &value) != IMAP_TOKEN_OPEN)
		return false;
	g_string_append(out, " (");
	while (imap_token_next(reader, &name) == IMAP_TOKEN_ATOM) {
		guint64 number;

		imap_token_next(reader, &value);
		if (value.kind == IMAP_TOKEN_OPEN) {
			if (!imap_token_skip_list(reader))
				return false;
			continue;
		}
		if (value.kind != IMAP_TOKEN_ATOM)
			return false;
		if (!is_one_of(&name, known) ||
		    !imap_token_u64(&value, &number) || number > G_MAXUINT32)
			continue;
		g_string_append_printf(out, "%s%.*s %" G_GUINT64_FORMAT,
				       first ? "" : " ", (int)name.len,
				       name.text, number);
		first = false;
	}
	g_string_append_c(out, ')');
	return name.kind == IMAP_TOKEN_CLOSE;
}

bool
imap_emit_data(GString *out, ImapData kind, guint32 number,
	       const ImapReader *rest)
{
	ImapReader reader = *rest;
	gsize mark = out->len;
	bool good = false;

	switch (kind) {
	case IMAP_DATA_EXISTS:
	case IMAP_DATA_RECENT:
		g_string_append_printf(out, "* %u %s", number,
				       kind == IMAP_DATA_EXISTS ? "EXISTS"
								: "RECENT");
		good = true;
		break;
	case IMAP_DATA_FLAGS:
		g_string_append(out, "* FLAGS ");
		good = emit_flags(out, &reader);
		break;
	case IMAP_DATA_CAPABILITY:
		g_string_append(out, "* CAPABILITY");
		good = emit_atoms(out, &reader) &&
		       out->len > mark + strlen("* CAPABILITY");
		break;
	case IMAP_DATA_SEARCH:
		good = emit_search(out, &reader);
		break;
	case IMAP_DATA_LIST:
	case IMAP_DATA_LSUB:
		good = emit_list(out, kind, &reader);
		break;
	case IMAP_DATA_STATUS:
		good = emit_status(out, &reader);
		break;
	case IMAP_DATA_ID:
		/* that there was one: what it says is not asked of libetpan */
		g_string_append(out, "* ID NIL");
		good = true;
		break;
	case IMAP_DATA_NAMESPACE:
		g_string_append(out, "* NAMESPACE NIL NIL NIL");
		good = true;
		break;
	default:
		break;
	}
	if (!good) {
		g_string_truncate(out, mark);
		return false;
	}
	g_string_append(out, "\r\n");
	return true;
}
