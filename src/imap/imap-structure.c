/* imap-structure.c - BODYSTRUCTURE to a part tree (RFC 9051 section 7.5.2) */
#include <string.h>

#include "base-charset.h"
#include "imap-session.h"
#include "imap-token.h"

#define TEXT_MAX 4096u

typedef struct {
	ImapReader reader;
	guint n_parts;
	bool failed;
} Parser;

static bool
next(Parser *parser, ImapToken *token)
{
	imap_token_next(&parser->reader, token);
	if (token->kind == IMAP_TOKEN_BAD || token->kind == IMAP_TOKEN_END)
		parser->failed = true;
	return !parser->failed;
}

/* Does a list end here? Looks ahead only. */
static bool
at_end(const Parser *parser)
{
	ImapReader ahead = parser->reader;
	ImapToken token;

	return imap_token_next(&ahead, &token) != IMAP_TOKEN_OPEN &&
	       (token.kind == IMAP_TOKEN_CLOSE ||
		token.kind == IMAP_TOKEN_END || token.kind == IMAP_TOKEN_BAD);
}

static bool
at_list(const Parser *parser)
{
	ImapReader ahead = parser->reader;
	ImapToken token;

	return imap_token_next(&ahead, &token) == IMAP_TOKEN_OPEN;
}

/* The next token of this list: a field that servers leave out must not be read
 * from the list around it. */
static bool
more(Parser *parser, ImapToken *token)
{
	return !parser->failed && !at_end(parser) && next(parser, token);
}

static char *
text_of(const ImapToken *token)
{
	if ((token->kind != IMAP_TOKEN_STRING &&
	     token->kind != IMAP_TOKEN_ATOM) ||
	    token->len > TEXT_MAX)
		return NULL;
	return imap_token_dup(token);
}

static char *
valid_of(const ImapToken *token)
{
	g_autofree char *text = text_of(token);

	return text == NULL ? NULL : g_utf8_make_valid(text, -1);
}

static char *
lower_of(const ImapToken *token)
{
	g_autofree char *valid = valid_of(token);

	return valid == NULL ? NULL : g_ascii_strdown(valid, -1);
}

static void
set(char **field, char *value)
{
	g_free(*field);
	*field = value;
}

/* RFC 2231: title*0*=utf-8''a; title*1=b: percent signs and a charset */
typedef struct {
	GString *text;
	char *charset;
	bool encoded;
} LongValue;

static void
append_percent(GString *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (value[0] == '%' && g_ascii_isxdigit(value[1]) &&
		    g_ascii_isxdigit(value[2])) {
			g_string_append_c(
			    out, (char)(g_ascii_xdigit_value(value[1]) * 16 +
					g_ascii_xdigit_value(value[2])));
			value += 2;
		} else {
			g_string_append_c(out, *value);
		}
	}
}

static void
add_long(LongValue *value, const char *suffix, const char *text)
{
	bool encoded = g_str_has_suffix(suffix, "*");
	const char *quote = strchr(text, '\'');

	if (value->text == NULL)
		value->text = g_string_new(NULL);
	if (encoded && value->charset == NULL && quote != NULL &&
	    strchr(quote + 1, '\'') != NULL) {
		value->charset = g_strndup(text, (gsize)(quote - text));
		text = strchr(quote + 1, '\'') + 1;
	}
	if (encoded)
		append_percent(value->text, text);
	else
		g_string_append(value->text, text);
	value->encoded = true;
}

static char *
finish_long(LongValue *value)
{
	char *result = NULL;

	if (value->text != NULL) {
		if (value->charset != NULL && value->charset[0] != '\0')
			result = g_convert(value->text->str,
					   (gssize)value->text->len, "UTF-8",
					   value->charset, NULL, NULL, NULL);
		if (result == NULL)
			result = g_utf8_make_valid(value->text->str,
						   (gssize)value->text->len);
		g_string_free(value->text, TRUE);
	}
	g_free(value->charset);
	*value = (LongValue){0};
	return result;
}

/* A parameter list, or NIL. File names win over the type's name. */
static void
read_params(Parser *parser, Part *part, bool disposition)
{
	const char *wanted = disposition ? "filename" : "name";
	LongValue name = {0};
	ImapToken key, value;
	char *decoded;

	if (!more(parser, &key) || key.kind != IMAP_TOKEN_OPEN)
		return;
	while (next(parser, &key) && key.kind != IMAP_TOKEN_CLOSE) {
		g_autofree char *field = lower_of(&key);
		g_autofree char *text = NULL;

		if (key.kind == IMAP_TOKEN_OPEN) {
			parser->failed |=
			    !imap_token_skip_list(&parser->reader);
			continue;
		}
		if (!more(parser, &value))
			continue; /* a name without a value ends the list */
		if (value.kind == IMAP_TOKEN_OPEN) {
			parser->failed |=
			    !imap_token_skip_list(&parser->reader);
			continue;
		}
		text = text_of(&value);
		if (field == NULL || text == NULL)
			continue;
		if (strcmp(field, wanted) == 0) {
			set(&part->filename, words_decode(text, strlen(text)));
		} else if (g_str_has_prefix(field, wanted) &&
			   field[strlen(wanted)] == '*') {
			add_long(&name, field + strlen(wanted), text);
		} else if (!disposition && strcmp(field, "charset") == 0) {
			set(&part->charset, lower_of(&value));
		} else if (!disposition && strcmp(field, "format") == 0) {
			set(&part->format, lower_of(&value));
		} else if (!disposition && strcmp(field, "delsp") == 0) {
			part->delsp = g_ascii_strcasecmp(text, "yes") == 0;
		}
	}
	decoded = finish_long(&name);
	if (decoded != NULL)
		set(&part->filename, decoded);
}

static void
read_disposition(Parser *parser, Part *part)
{
	ImapToken token;

	if (!more(parser, &token) || token.kind != IMAP_TOKEN_OPEN)
		return; /* NIL, or a bare string of some servers */
	if (more(parser, &token))
		set(&part->disposition, lower_of(&token));
	read_params(parser, part, true);
	while (!parser->failed && next(parser, &token) &&
	       token.kind != IMAP_TOKEN_CLOSE)
		if (token.kind == IMAP_TOKEN_OPEN)
			parser->failed |=
			    !imap_token_skip_list(&parser->reader);
}

/* To the end of the list that holds this part. */
static void
skip_rest(Parser *parser)
{
	ImapToken token;

	while (next(parser, &token) && token.kind != IMAP_TOKEN_CLOSE)
		if (token.kind == IMAP_TOKEN_OPEN)
			parser->failed |=
			    !imap_token_skip_list(&parser->reader);
}

static char *
child_section(const Part *parent, guint number)
{
	return parent->section[0] == '\0'
		   ? g_strdup_printf("%u", number)
		   : g_strdup_printf("%s.%u", parent->section, number);
}

static Part *read_part(Parser *parser, const char *section, guint depth);

/*
 * Recursion is bounded by PART_DEPTH_MAX, and the reader's own limit of
 * nesting. The children of a message's multipart are numbered as the message's.
 */
static void
read_multipart(Parser *parser, Part *part, guint depth)
{
	ImapToken token;
	g_autofree char *subtype = NULL;
	guint number = 0;

	while (!parser->failed && at_list(parser)) {
		g_autofree char *section = child_section(part, ++number);
		Part *child;

		(void)next(parser, &token);
		child = read_part(parser, section, depth + 1);
		if (child != NULL)
			g_ptr_array_add(part->children, child);
	}
	if (more(parser, &token))
		subtype = lower_of(&token);
	set(&part->type,
	    g_strconcat("multipart/", subtype == NULL ? "mixed" : subtype,
			NULL));
	read_params(parser, part, false);
	read_disposition(parser, part);
	skip_rest(parser);
}

/* A list that some servers leave out, or give as NIL. Returns: inside of it */
static bool
open_list(Parser *parser)
{
	ImapReader before = parser->reader;
	ImapToken token;

	if (!more(parser, &token) || token.kind == IMAP_TOKEN_NIL)
		return false;
	if (token.kind == IMAP_TOKEN_OPEN)
		return true;
	parser->reader = before; /* the number of lines */
	return false;
}

/* message/rfc822: its body is the child; a multipart keeps the section. */
static void
read_message(Parser *parser, Part *part, guint depth)
{
	ImapToken token;
	g_autofree char *section = NULL;
	ImapReader ahead;
	bool multipart;
	Part *child;

	/* the envelope */
	if (open_list(parser))
		parser->failed |= !imap_token_skip_list(&parser->reader);
	if (!open_list(parser))
		return;
	ahead = parser->reader;
	multipart = imap_token_next(&ahead, &token) == IMAP_TOKEN_OPEN;
	section = multipart ? g_strdup(part->section) : child_section(part, 1);
	child = read_part(parser, section, depth + 1);
	if (child != NULL)
		g_ptr_array_add(part->children, child);
}

static void
read_id(Parser *parser, Part *part)
{
	ImapToken token;
	g_autofree char *id = more(parser, &token) ? valid_of(&token) : NULL;
	gsize len = id == NULL ? 0 : strlen(id);

	if (len >= 2 && id[0] == '<' && id[len - 1] == '>')
		set(&part->content_id, g_strndup(id + 1, len - 2));
	else
		set(&part->content_id, g_steal_pointer(&id));
}

/* What ends it early (Gmail's empty multiparts) leaves the rest unknown. */
static void
read_leaf(Parser *parser, Part *part, const ImapToken *type, guint depth)
{
	g_autofree char *main_type = lower_of(type);
	g_autofree char *subtype = NULL;
	ImapToken token;
	guint64 size;

	if (more(parser, &token))
		subtype = lower_of(&token);
	if (main_type != NULL && subtype != NULL)
		set(&part->type, g_strconcat(main_type, "/", subtype, NULL));
	read_params(parser, part, false);
	read_id(parser, part);
	(void)more(parser, &token); /* description */
	if (more(parser, &token) && token.kind != IMAP_TOKEN_NIL)
		set(&part->encoding, lower_of(&token));
	if (part->encoding == NULL)
		part->encoding = g_strdup("");
	if (more(parser, &token) && imap_token_u64(&token, &size))
		part->size = (gint64)size;
	if (strcmp(part->type, "message/rfc822") == 0)
		read_message(parser, part, depth);
	if (g_str_has_prefix(part->type, "text/") ||
	    strcmp(part->type, "message/rfc822") == 0)
		(void)more(parser, &token); /* lines */
	(void)more(parser, &token);         /* MD5 */
	read_disposition(parser, part);
	skip_rest(parser);
}

/* Behind the "(" of a part, to its ")". */
static Part *
read_part(Parser *parser, const char *section, guint depth)
{
	g_autoptr(Part) part = part_new(section, "application/octet-stream");
	ImapToken token;

	if (++parser->n_parts > PART_COUNT_MAX || depth > PART_DEPTH_MAX) {
		parser->failed |= !imap_token_skip_list(&parser->reader);
		return NULL;
	}
	if (at_list(parser)) {
		read_multipart(parser, part, depth);
	} else {
		if (!next(parser, &token) || token.kind == IMAP_TOKEN_CLOSE)
			return NULL; /* "()": an empty part */
		read_leaf(parser, part, &token, depth);
	}
	return parser->failed ? NULL : g_steal_pointer(&part);
}

Part *
imap_structure_parse(const char *text, gsize len)
{
	Parser parser = {0};
	ImapToken token;

	imap_reader_init(&parser.reader, text, len);
	if (imap_token_next(&parser.reader, &token) != IMAP_TOKEN_OPEN)
		return NULL;
	/* a message of one part: its section is "1" (RFC 9051 section 6.4.5) */
	return read_part(&parser, at_list(&parser) ? "" : "1", 0);
}
