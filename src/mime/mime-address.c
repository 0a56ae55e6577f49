/* mime-address.c - address fields, however broken; and what a user typed */
#include "mime-header.h"

#include <string.h>

#include "base-text.h"
#include "mime-address.h"
#include "mime-field.h"

#define WORD_MAX 2000u
#define PLAIN_MAX 4096u

/*
 * One pass over the value; each mailbox is gathered in three texts and made an
 * Address at its end. Nothing is looked for twice: a quote or comment that
 * never ends is found out once, from then on its sign is a letter.
 */
typedef struct {
	const char *p;
	const char *end;
	GPtrArray *list;
	GString *raw;    /* as written, without comments */
	GString *phrase; /* the same, quotes undone */
	GString *comment;
	GString *angle;
	char *group;
	guint group_start; /* length of the list when it began */
	bool has_angle;
	bool in_angle;
	bool quoted;   /* a quoted string is in the phrase */
	bool no_quote; /* no further quote ends */
	bool no_comment;
	bool odd; /* not as RFC 5322 has it */
	bool was_odd;
} Reader;

/* ---- one mailbox ---- */

static void
add_address(Reader *reader, char *name, char *email)
{
	Address *address;

	if (reader->list->len >= MIME_ADDRESSES_MAX) {
		g_free(name);
		g_free(email);
		return;
	}
	address = g_new(Address, 1);
	address->name = name;
	address->email = email;
	if (name != NULL && name[0] == '\0')
		g_clear_pointer(&address->name, g_free);
	g_ptr_array_add(reader->list, address);
}

/* Blanks at both ends go, runs of them become one. */
static void
tidy(GString *text)
{
	gsize n = 0;

	for (gsize i = 0; i < text->len; i++) {
		char c = text->str[i];

		if (c == '\t' || c == '\r' || c == '\n' || c == '\0')
			c = ' ';
		if (c == ' ' && (n == 0 || text->str[n - 1] == ' '))
			continue;
		text->str[n++] = c;
	}
	if (n > 0 && text->str[n - 1] == ' ')
		n--;
	g_string_truncate(text, n);
}

static char *
to_name(const GString *text)
{
	return mime_field_decode(text->str, text->len);
}

static char *
to_email(const char *text, gsize len)
{
	if (text_is_ascii(text, len))
		return g_strndup(text, len);
	return text_to_utf8(text, (gssize)len);
}

/* RFC 5322 section 4.4 allows "a @ b . c" */
static void
join_dots(GString *text)
{
	gsize n = 0;

	for (gsize i = 0; i < text->len; i++) {
		char c = text->str[i];
		bool joins = n > 0 && (text->str[n - 1] == '.' ||
				       text->str[n - 1] == '@');

		if (c == ' ' && i + 1 < text->len &&
		    (joins || text->str[i + 1] == '.' ||
		     text->str[i + 1] == '@'))
			continue;
		text->str[n++] = c;
	}
	g_string_truncate(text, n);
}

/* No angle brackets: the last word with an "@" is the address. */
static void
flush_bare(Reader *reader)
{
	GString *raw = reader->raw;
	const char *at, *start, *stop;
	GString *comment = reader->comment;
	g_autoptr(GString) rest = NULL;

	tidy(raw);
	join_dots(raw);
	at = memrchr(raw->str, '@', raw->len);
	if (at == NULL) {
		bool word = memchr(raw->str, ' ', raw->len) == NULL &&
			    !reader->quoted && strstr(raw->str, "=?") == NULL;

		reader->odd = true;
		if (word && raw->len > 0)
			add_address(reader, to_name(comment),
				    to_email(raw->str, raw->len));
		else if (reader->phrase->len > 0)
			add_address(reader, to_name(reader->phrase),
				    g_strdup(""));
		else if (comment->len > 0)
			add_address(reader, to_name(comment), g_strdup(""));
		return;
	}
	for (start = at; start > raw->str && start[-1] != ' '; start--)
		if (start[-1] == '"') {
			/* a quoted local part holds blanks */
			for (start--; start > raw->str && start[-1] != '"';)
				start--;
			start -= start > raw->str;
			break;
		}
	stop = memchr(at, ' ', (gsize)(raw->str + raw->len - at));
	if (stop == NULL)
		stop = raw->str + raw->len;
	if (g_str_has_prefix(start, "=?")) {
		reader->odd = true;
		add_address(reader, to_name(raw), g_strdup(""));
		return;
	}
	rest = g_string_new_len(raw->str, start - raw->str);
	g_string_append(rest, stop);
	tidy(rest);
	reader->odd |= rest->len > 0;
	add_address(reader, to_name(rest->len > 0 ? rest : comment),
		    to_email(start, (gsize)(stop - start)));
}

static void
flush_mailbox(Reader *reader)
{
	tidy(reader->phrase);
	tidy(reader->comment);
	if (reader->has_angle) {
		reader->odd |= reader->in_angle || reader->angle->len == 0;
		if (reader->phrase->len > 0 || reader->comment->len > 0 ||
		    reader->angle->len > 0)
			add_address(
			    reader,
			    to_name(reader->phrase->len > 0 ? reader->phrase
							    : reader->comment),
			    to_email(reader->angle->str, reader->angle->len));
	} else {
		flush_bare(reader);
	}
	reader->was_odd |=
	    reader->odd && (reader->phrase->len > 0 || reader->has_angle);
	g_string_truncate(reader->raw, 0);
	g_string_truncate(reader->phrase, 0);
	g_string_truncate(reader->comment, 0);
	g_string_truncate(reader->angle, 0);
	reader->has_angle = reader->in_angle = false;
	reader->quoted = reader->odd = false;
}

static void
end_group(Reader *reader)
{
	if (reader->group == NULL)
		return;
	if (reader->list->len == reader->group_start)
		add_address(reader, g_steal_pointer(&reader->group),
			    g_strdup(""));
	g_clear_pointer(&reader->group, g_free);
}

static void
begin_group(Reader *reader)
{
	tidy(reader->phrase);
	reader->group = to_name(reader->phrase);
	reader->group_start = reader->list->len;
	g_string_truncate(reader->raw, 0);
	g_string_truncate(reader->phrase, 0);
	g_string_truncate(reader->comment, 0);
	reader->quoted = false;
}

/* ---- pieces ---- */

static void
add_char(Reader *reader, char c)
{
	if (!reader->in_angle) {
		g_string_append_c(reader->raw, c);
		g_string_append_c(reader->phrase, c);
	} else if ((guchar)c > ' ') {
		g_string_append_c(reader->angle, c);
	}
}

/* At a quote. */
static void
read_quoted(Reader *reader)
{
	const char *p = reader->p + 1, *stop = p;

	while (stop < reader->end && *stop != '"')
		stop += *stop == '\\' && stop + 1 < reader->end ? 2 : 1;
	if (stop >= reader->end || reader->no_quote) {
		reader->no_quote = true;
		reader->odd = true;
		add_char(reader, *reader->p++);
		return;
	}
	if (reader->in_angle) {
		for (p--; p <= stop; p++)
			g_string_append_c(reader->angle,
					  (guchar)*p < ' ' ? ' ' : *p);
	} else {
		g_string_append_len(reader->raw, p - 1, stop + 2 - p);
		reader->quoted = true;
		for (; p < stop; p++) {
			if (*p == '\\' && p + 1 < stop)
				p++;
			g_string_append_c(reader->phrase, *p);
		}
	}
	reader->p = stop + 1;
}

/* At an open parenthesis; comments nest. */
static void
read_comment(Reader *reader)
{
	const char *p = reader->p;
	gsize length = reader->comment->len, depth = 0;

	if (length > 0)
		g_string_append_c(reader->comment, ' ');
	for (; p < reader->end && !reader->no_comment; p++) {
		if (*p == '\\' && p + 1 < reader->end) {
			g_string_append_c(reader->comment, *++p);
			continue;
		}
		if (*p == ')' && --depth == 0)
			break;
		if (*p != '(' || depth > 0)
			g_string_append_c(reader->comment, *p);
		if (*p == '(')
			depth++;
	}
	if (p == reader->end || reader->no_comment) {
		g_string_truncate(reader->comment, length);
		reader->no_comment = true;
		reader->odd = true;
		add_char(reader, *reader->p++);
		return;
	}
	/* "a(b)c" are two words */
	if (!reader->in_angle)
		add_char(reader, ' ');
	reader->p = p + 1;
}

/* An encoded word may, against RFC 2047, hold what would part addresses. */
static bool
read_encoded(Reader *reader)
{
	const char *p = reader->p;
	const char *most = p + MIN((gsize)(reader->end - p), WORD_MAX);
	guint marks = 0;

	if (reader->in_angle || most - p < 8 || p[1] != '?')
		return false;
	for (p += 2; p < most; p++) {
		if ((guchar)*p <= ' ' || *p == '"')
			return false;
		if (*p == '?' && ++marks == 3)
			break;
	}
	if (p + 1 >= most || p[1] != '=')
		return false;
	g_string_append_len(reader->raw, reader->p, p + 2 - reader->p);
	g_string_append_len(reader->phrase, reader->p, p + 2 - reader->p);
	reader->p = p + 2;
	return true;
}

static void
open_angle(Reader *reader)
{
	reader->p++;
	if (reader->in_angle || reader->has_angle) {
		reader->odd = true;
		if (memchr(reader->angle->str, '@', reader->angle->len)) {
			/* "<a@b> <c@d>": no address is hidden */
			reader->was_odd = true;
			flush_mailbox(reader);
		} else if (reader->angle->len > 0) {
			g_string_append_printf(reader->phrase, "<%s>",
					       reader->angle->str);
			g_string_truncate(reader->angle, 0);
		}
	}
	reader->has_angle = reader->in_angle = true;
}

/* Does "," or ";" end an address that was never closed? A route has them too:
 * "<@a,@b:c@d>" (RFC 5322 section 4.4). */
static bool
ends_here(const Reader *reader)
{
	const GString *angle = reader->angle;

	if (!reader->in_angle)
		return true;
	return angle->str[0] != '@' && memchr(angle->str, '@', angle->len);
}

static void
drop_route(Reader *reader)
{
	const char *colon = memchr(reader->angle->str, ':', reader->angle->len);

	if (reader->angle->str[0] == '@' && colon != NULL)
		g_string_erase(reader->angle, 0,
			       colon + 1 - reader->angle->str);
}

static void
read_special(Reader *reader)
{
	char c = *reader->p;

	if ((c == ',' || c == ';') && ends_here(reader)) {
		flush_mailbox(reader);
		if (c == ';')
			end_group(reader);
	} else if (c == '>' && reader->in_angle) {
		drop_route(reader);
		reader->in_angle = false;
	} else if (c == ':' && !reader->has_angle && reader->group == NULL &&
		   !memchr(reader->raw->str, '@', reader->raw->len)) {
		begin_group(reader);
	} else if (c == '>' && reader->has_angle) {
		reader->odd = true;
	} else {
		add_char(reader, c);
	}
	reader->p++;
}

static void
read_list(Reader *reader)
{
	while (reader->p < reader->end) {
		switch (*reader->p) {
		case '"':
			read_quoted(reader);
			break;
		case '(':
			read_comment(reader);
			break;
		case '<':
			open_angle(reader);
			break;
		case ',':
		case ';':
		case ':':
		case '>':
			read_special(reader);
			break;
		case '=':
			if (read_encoded(reader))
				break;
			/* fall through */
		default:
			add_char(reader, *reader->p++);
		}
		if (reader->list->len >= MIME_ADDRESSES_MAX)
			break;
	}
	flush_mailbox(reader);
	end_group(reader);
}

GPtrArray *
mime_address_list_read(const char *value, gsize len, bool *ret_odd)
{
	Reader reader = {
	    .p = value,
	    .end = value + MIN(len, MIME_FIELD_MAX),
	    .list = address_list_new(),
	    .raw = g_string_sized_new(64),
	    .phrase = g_string_sized_new(64),
	    .comment = g_string_new(NULL),
	    .angle = g_string_sized_new(64),
	};

	read_list(&reader);
	g_string_free(reader.raw, TRUE);
	g_string_free(reader.phrase, TRUE);
	g_string_free(reader.comment, TRUE);
	g_string_free(reader.angle, TRUE);
	g_free(reader.group);
	*ret_odd = reader.was_odd;
	return reader.list;
}

/* ---- most fields ---- */

static bool
is_plain_name(char c)
{
	return g_ascii_isalnum(c) || c == ' ' || c == '-' || c == '\'' ||
	       c == '_' || c == '.';
}

static bool
is_plain_email(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("@.-_+", c));
}

/* "Name <a@b>" or "a@b", ASCII without anything to undo. */
static bool
read_plain(const char *value, gsize len, GPtrArray *list)
{
	gsize name = 0, start, stop, ats = 0;
	Address *address;

	while (len > 0 && value[len - 1] == ' ')
		len--;
	if (len > 0 && value[len - 1] == '>') {
		while (name < len && is_plain_name(value[name]))
			name++;
		if (value[name] != '<')
			return false;
		start = name + 1;
		stop = len - 1;
		while (name > 0 && value[name - 1] == ' ')
			name--;
	} else {
		start = 0;
		stop = len;
	}
	for (gsize i = start; i < stop; i++) {
		if (!is_plain_email(value[i]))
			return false;
		ats += value[i] == '@';
	}
	if (ats != 1 ||
	    (name > 0 && (value[0] == ' ' || memmem(value, name, "  ", 2))))
		return false;
	address = g_new(Address, 1);
	address->name = name > 0 ? g_strndup(value, name) : NULL;
	address->email = g_strndup(value + start, stop - start);
	g_ptr_array_add(list, address);
	return true;
}

/* Several of them; the first that is anything else ends the attempt. */
static bool
read_plain_list(const char *value, gsize len, GPtrArray *list)
{
	const char *end = value + len;

	if (len > PLAIN_MAX)
		return false;
	for (;;) {
		const char *comma = memchr(value, ',', (gsize)(end - value));
		const char *stop = comma == NULL ? end : comma;

		while (value < stop && g_ascii_isspace(*value))
			value++;
		if (!read_plain(value, (gsize)(stop - value), list))
			return false;
		if (comma == NULL)
			return true;
		value = comma + 1;
	}
}

GPtrArray *
mime_addresses_read(const char *value, gsize len)
{
	GPtrArray *list = address_list_new();
	bool odd;

	if (read_plain_list(value, len, list))
		return list;
	g_ptr_array_unref(list);
	return mime_address_list_read(value, len, &odd);
}
