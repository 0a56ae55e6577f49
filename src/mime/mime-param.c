/* mime-param.c - Content-Type, Content-Disposition and their parameters (RFC
 * 2045 section 5.1, RFC 2183, RFC 2231) */
#include <string.h>

#include "base-charset.h"
#include "base-text.h"
#include "mime-field.h"
#include "mime-header.h"
#include "mime-message.h"

#define PARAMS_MAX 200u
#define NAME_MAX_LEN 64u
#define BOUNDARY_MAX 500u
#define SECTIONS_MAX 1000u

/* One piece of a parameter: title*1*=... has number 1 and is encoded. */
typedef struct {
	char name[NAME_MAX_LEN];
	guint number;
	bool is_long;
	bool encoded;
	char *value;
} Param;

static void
param_clear(gpointer data)
{
	g_free(((Param *)data)->value);
}

static bool
is_token(char c)
{
	return c > ' ' && c < 0x7f && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (guchar)*p <= ' ')
		p++;
	return p;
}

/* At a quote; one that does not end goes to the end. */
static const char *
read_quoted(const char *p, const char *end, GString *value)
{
	for (p++; p < end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		g_string_append_c(value, *p);
	}
	return p < end ? p + 1 : end;
}

/* To the semicolon: senders leave out the quotes, and add comments. */
static const char *
read_value(const char *p, const char *end, GString *value)
{
	p = skip_blanks(p, end);
	if (p < end && *p == '"') {
		p = read_quoted(p, end, value);
	} else {
		while (p < end && *p != ';')
			g_string_append_c(value, *p++);
		while (value->len > 0 &&
		       (guchar)value->str[value->len - 1] <= ' ')
			g_string_truncate(value, value->len - 1);
	}
	while (p < end && *p != ';')
		p++;
	return p;
}

/* "title*1*": the name, the number and whether it is encoded */
static void
split_name(Param *param, const char *name, gsize len)
{
	gsize n = 0;

	while (n < len && n < NAME_MAX_LEN - 1 && name[n] != '*') {
		param->name[n] = g_ascii_tolower(name[n]);
		n++;
	}
	param->name[n] = '\0';
	if (n == len || name[n] != '*')
		return;
	param->is_long = true;
	param->encoded = name[len - 1] == '*';
	for (n++; n < len && g_ascii_isdigit(name[n]) &&
		  param->number < SECTIONS_MAX;
	     n++)
		param->number = param->number * 10 + (guint)(name[n] - '0');
}

static GArray *
read_params(const char *p, const char *end)
{
	GArray *params = g_array_new(FALSE, TRUE, sizeof(Param));

	g_array_set_clear_func(params, param_clear);
	while (p < end && params->len < PARAMS_MAX) {
		Param param = {0};
		GString *value;
		const char *name;

		while (p < end && !is_token(*p))
			p++;
		name = p;
		while (p < end && is_token(*p))
			p++;
		split_name(&param, name, (gsize)(p - name));
		p = skip_blanks(p, end);
		if (p == end || *p != '=') {
			while (p < end && *p != ';')
				p++;
			continue;
		}
		value = g_string_new(NULL);
		p = read_value(p + 1, end, value);
		for (gsize i = 0; i < value->len; i++)
			if (value->str[i] == '\0')
				value->str[i] = ' ';
		param.value = g_string_free(value, FALSE);
		g_array_append_val(params, param);
	}
	return params;
}

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

static gint
by_number(gconstpointer a, gconstpointer b)
{
	const Param *const *x = a, *const *y = b;

	return (gint)(*x)->number - (gint)(*y)->number;
}

/* RFC 2231: the pieces in the order of their numbers, then the charset. */
static char *
join_long(GPtrArray *pieces)
{
	GString *bytes = g_string_new(NULL);
	g_autofree char *charset = NULL;
	char *text = NULL;

	g_ptr_array_sort(pieces, by_number);
	for (guint i = 0; i < pieces->len; i++) {
		const Param *param = g_ptr_array_index(pieces, i);
		const char *value = param->value;
		const char *quote = strchr(value, '\'');

		if (i == 0 && param->encoded && quote != NULL &&
		    strchr(quote + 1, '\'') != NULL) {
			charset = g_strndup(value, (gsize)(quote - value));
			value = strchr(quote + 1, '\'') + 1;
		}
		if (param->encoded)
			append_percent(bytes, value);
		else
			g_string_append(bytes, value);
	}
	if (charset != NULL && charset[0] != '\0')
		text = charset_to_utf8(bytes->str, bytes->len, charset);
	if (text == NULL)
		text = words_decode(bytes->str, bytes->len);
	g_strdelimit(text, "\r\n", ' ');
	g_string_free(bytes, TRUE);
	return text;
}

/* Decoded; the long form wins (RFC 5987 section 4.2 says so for HTTP). */
static char *
param_text(const GArray *params, const char *name)
{
	g_autoptr(GPtrArray) pieces = g_ptr_array_new();
	const Param *plain = NULL;

	for (guint i = 0; i < params->len; i++) {
		Param *param = &g_array_index(params, Param, i);

		if (strcmp(param->name, name) != 0)
			continue;
		if (param->is_long)
			g_ptr_array_add(pieces, param);
		else if (plain == NULL)
			plain = param;
	}
	if (pieces->len > 0)
		return join_long(pieces);
	if (plain == NULL)
		return NULL;
	return mime_field_decode(plain->value, strlen(plain->value));
}

/* A value that is one lower-case word: a comment behind it goes. */
static char *
param_word(const GArray *params, const char *name)
{
	g_autofree char *text = param_text(params, name);

	if (text == NULL)
		return NULL;
	g_strstrip(text);
	text[strcspn(text, " \t(;")] = '\0';
	return text[0] == '\0' ? NULL : g_ascii_strdown(text, -1);
}

static const char *
read_type(const char *p, const char *end, char **ret)
{
	const char *start, *slash, *stop;

	start = p = skip_blanks(p, end);
	while (p < end && is_token(*p))
		p++;
	slash = p = skip_blanks(p, end);
	if (p < end && *p == '/') {
		stop = p = skip_blanks(p + 1, end);
		while (p < end && is_token(*p))
			p++;
		if (p > stop && slash > start) {
			g_autofree char *main_type =
			    g_ascii_strdown(start, slash - start);
			g_autofree char *subtype =
			    g_ascii_strdown(stop, p - stop);

			*ret = g_strconcat(g_strchomp(main_type), "/", subtype,
					   NULL);
		}
	} else if (slash - start == 4 &&
		   g_ascii_strncasecmp(start, "text", 4) == 0) {
		/* RFC 1049 had it so */
		*ret = g_strdup("text/plain");
	}
	/* a semicolon that is missing is no loss */
	return p;
}

static void
set(char **field, char *value)
{
	g_free(*field);
	*field = value;
}

static char *
unfolded(const MimeField *field, gsize *ret_len)
{
	return mime_field_unfold(
	    field->value, MIN(field->value_len, MIME_FIELD_MAX), ret_len);
}

static void
take_type(Part *part, const MimeField *field, char **ret_boundary)
{
	g_autoptr(GArray) params = NULL;
	g_autofree char *delsp = NULL;
	gsize len;
	g_autofree char *value = unfolded(field, &len);
	char *type = NULL;
	const char *p = read_type(value, value + len, &type);

	set(&part->type,
	    type != NULL ? type : g_strdup("application/octet-stream"));
	params = read_params(p, value + len);
	set(&part->charset, param_word(params, "charset"));
	set(&part->format, param_word(params, "format"));
	delsp = param_word(params, "delsp");
	part->delsp = g_strcmp0(delsp, "yes") == 0;
	if (part->filename == NULL)
		part->filename = param_text(params, "name");
	if (ret_boundary == NULL || !part_is_multipart(part))
		return;
	for (guint i = 0; i < params->len; i++) {
		const Param *param = &g_array_index(params, Param, i);

		if (strcmp(param->name, "boundary") == 0 &&
		    strlen(param->value) <= BOUNDARY_MAX) {
			set(ret_boundary, g_strchomp(g_strdup(param->value)));
			break;
		}
	}
}

static void
take_disposition(Part *part, const MimeField *field)
{
	gsize len;
	g_autofree char *value = unfolded(field, &len);
	const char *p = value, *end = p + len, *start = p;
	g_autoptr(GArray) params = NULL;
	char *filename;

	while (p < end && is_token(*p))
		p++;
	if (p > start)
		set(&part->disposition, g_ascii_strdown(start, p - start));
	while (p < end && *p != ';')
		p++;
	params = read_params(p, end);
	filename = param_text(params, "filename");
	if (filename != NULL)
		set(&part->filename, filename);
}

static void
take_encoding(Part *part, const MimeField *field)
{
	const char *p = field->value, *end = p + field->value_len;
	const char *start;

	while (p < end && (*p == '"' || *p == ' '))
		p++;
	start = p;
	while (p < end && p - start < 64 && is_token(*p))
		p++;
	if (p > start)
		set(&part->encoding, g_ascii_strdown(start, p - start));
	/* "quoted printable" */
	if (strcmp(part->encoding, "quoted") == 0)
		set(&part->encoding, g_strdup("quoted-printable"));
}

static void
take_id(Part *part, const MimeField *field)
{
	char *id = mime_field_decode(field->value, field->value_len);
	gsize len = strlen(id);

	if (len >= 2 && id[0] == '<' && id[len - 1] == '>') {
		memmove(id, id + 1, len - 2);
		id[len - 2] = '\0';
	}
	set(&part->content_id, id);
}

Part *
mime_field_read_part(const char *block, gsize len, const char *section,
		     const char *type, char **ret_boundary)
{
	Part *part = part_new(section, type);
	const char *p = block, *end = block + MIN(len, MIME_HEADER_MAX);
	guint seen = 0;
	MimeField field;

	set(&part->encoding, g_strdup("7bit"));
	while (mime_field_next(&p, end, &field)) {
		guint bit;

		if (field.name_len < 10 ||
		    g_ascii_strncasecmp(field.name, "content-", 8) != 0)
			continue;
		bit = mime_field_is(&field, "content-type")                ? 1
		      : mime_field_is(&field, "content-disposition")       ? 2
		      : mime_field_is(&field, "content-transfer-encoding") ? 4
		      : mime_field_is(&field, "content-id")                ? 8
									   : 0;
		/* of a field that is there twice the first counts */
		if (bit == 0 || (seen & bit) != 0)
			continue;
		seen |= bit;
		if (bit == 1)
			take_type(part, &field, ret_boundary);
		else if (bit == 2)
			take_disposition(part, &field);
		else if (bit == 4)
			take_encoding(part, &field);
		else
			take_id(part, &field);
	}
	return part;
}

Part *
mime_part_from_header(const char *block, gsize len, const char *section)
{
	Part *part =
	    mime_field_read_part(block, len, section, "text/plain", NULL);

	return part;
}
