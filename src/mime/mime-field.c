/* mime-field.c - the fields of a header block, one after the other */
#include "mime-field.h"

#include <string.h>

#include "base-charset.h"
#include "mime-header.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Behind the line end that no folded line follows. */
static const char *
field_end(const char *p, const char *end)
{
	for (;;) {
		p = memchr(p, '\n', (gsize)(end - p));
		if (p == NULL)
			return end;
		p++;
		if (p == end || (*p != ' ' && *p != '\t'))
			return p;
	}
}

static bool
split(MimeField *field)
{
	const char *p = field->start, *end = field->end;

	while (p<end && * p> ' ' && *p < 0x7f && *p != ':')
		p++;
	field->name = field->start;
	field->name_len = (gsize)(p - field->start);
	/* RFC 5322 section 4.5: blanks before the colon */
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (field->name_len == 0 || p == end || *p != ':')
		return false;
	p++;
	while (p < end && is_blank(*p))
		p++;
	while (end > p && is_blank(end[-1]))
		end--;
	field->value = p;
	field->value_len = (gsize)(end - p);
	return true;
}

bool
mime_field_next(const char **p, const char *end, MimeField *field)
{
	while (*p < end) {
		const char *start = *p;

		if (*start == '\n' ||
		    (*start == '\r' && start + 1 < end && start[1] == '\n')) {
			*p = start + (*start == '\n' ? 1 : 2);
			return false;
		}
		field->start = start;
		field->end = field_end(start, end);
		*p = field->end;
		if (split(field))
			return true;
	}
	return false;
}

bool
mime_field_is(const MimeField *field, const char *name)
{
	return g_ascii_strncasecmp(field->name, name, field->name_len) == 0 &&
	       name[field->name_len] == '\0';
}

char *
mime_field_unfold(const char *value, gsize len, gsize *ret_len)
{
	char *out = g_malloc(len + 1);
	gsize n = 0;

	for (gsize i = 0; i < len; i++) {
		if (value[i] != '\r' && value[i] != '\n') {
			out[n++] = value[i];
			continue;
		}
		while (n > 0 && is_blank(out[n - 1]))
			n--;
		while (i + 1 < len && is_blank(value[i + 1]))
			i++;
		if (n > 0 && i + 1 < len)
			out[n++] = ' ';
	}
	out[n] = '\0';
	*ret_len = n;
	return out;
}

/* ASCII on one line without encoded words: most values. */
static bool
is_simple(const char *value, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)value[i];

		if (c >= 0x80 || c == '\r' || c == '\n' || c == '\0' ||
		    (c == '?' && i > 0 && value[i - 1] == '='))
			return false;
	}
	return true;
}

char *
mime_field_decode(const char *value, gsize len)
{
	g_autofree char *unfolded = NULL;

	len = MIN(len, MIME_FIELD_MAX);
	while (len > 0 && is_blank(*value)) {
		value++;
		len--;
	}
	while (len > 0 && is_blank(value[len - 1]))
		len--;
	if (is_simple(value, len))
		return g_strndup(value, len);
	unfolded = mime_field_unfold(value, len, &len);
	return words_decode(unfolded, len);
}
