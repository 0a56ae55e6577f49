/* test-mime-json.c - just enough JSON to read what a corpus expects */
#include "test-mime-json.h"

#include <string.h>

static Json *read_value(const char **p);

static const char *
skip(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

void
json_free(Json *json)
{
	if (json == NULL)
		return;
	g_free(json->string);
	g_clear_pointer(&json->items, g_ptr_array_unref);
	g_clear_pointer(&json->keys, g_ptr_array_unref);
	g_free(json);
}

static gunichar
read_hex(const char **p)
{
	g_autofree char *digits = g_strndup(*p, 4);

	*p += strlen(digits);
	return (gunichar)g_ascii_strtoull(digits, NULL, 16);
}

static void
read_escape(const char **p, GString *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *found;
	gunichar c;

	if (**p == 'u') {
		(*p)++;
		c = read_hex(p);
		if (c >= 0xd800 && c < 0xdc00 && (*p)[0] == '\\' &&
		    (*p)[1] == 'u') {
			*p += 2;
			c = 0x10000 + ((c - 0xd800) << 10) +
			    (read_hex(p) - 0xdc00);
		}
		/* texts of the reader have no NUL */
		g_string_append_unichar(out, c == 0 ? ' ' : c);
		return;
	}
	found = strchr(from, **p);
	g_string_append_c(out, found != NULL ? to[found - from] : **p);
	(*p)++;
}

static char *
read_string(const char **p)
{
	GString *out = g_string_new(NULL);

	for ((*p)++; **p != '"' && **p != '\0';) {
		if (**p == '\\' && (*p)[1] != '\0') {
			(*p)++;
			read_escape(p, out);
		} else {
			g_string_append_c(out, *(*p)++);
		}
	}
	*p += **p == '"';
	return g_string_free(out, FALSE);
}

static bool
read_items(const char **p, Json *json)
{
	char close = json->kind == JSON_ARRAY ? ']' : '}';

	json->items = g_ptr_array_new_with_free_func((GDestroyNotify)json_free);
	json->keys = g_ptr_array_new_with_free_func(g_free);
	for (*p = skip(*p + 1); **p != close; *p = skip(*p)) {
		Json *item;

		if (json->kind == JSON_OBJECT) {
			if (**p != '"')
				return false;
			g_ptr_array_add(json->keys, read_string(p));
			*p = skip(*p);
			if (*(*p)++ != ':')
				return false;
		}
		item = read_value(p);
		if (item == NULL)
			return false;
		g_ptr_array_add(json->items, item);
		*p = skip(*p);
		if (**p == ',')
			(*p)++;
		else if (**p != close)
			return false;
	}
	(*p)++;
	return true;
}

static Json *
read_value(const char **p)
{
	g_autoptr(Json) json = g_new0(Json, 1);
	char *end;

	*p = skip(*p);
	switch (**p) {
	case '{':
	case '[':
		json->kind = **p == '[' ? JSON_ARRAY : JSON_OBJECT;
		if (!read_items(p, json))
			return NULL;
		break;
	case '"':
		json->kind = JSON_STRING;
		json->string = read_string(p);
		break;
	case 't':
	case 'f':
		json->kind = JSON_BOOL;
		json->number = **p == 't';
		*p += **p == 't' ? 4 : 5;
		break;
	case 'n':
		*p += 4;
		break;
	default:
		json->kind = JSON_NUMBER;
		json->number = g_ascii_strtod(*p, &end);
		if (end == *p)
			return NULL;
		*p = end;
	}
	return g_steal_pointer(&json);
}

Json *
json_read(const char *text)
{
	return read_value(&text);
}

const Json *
json_get(const Json *json, const char *key)
{
	if (json == NULL || json->kind != JSON_OBJECT)
		return NULL;
	for (guint i = 0; i < json->items->len; i++)
		if (strcmp(g_ptr_array_index(json->keys, i), key) == 0)
			return g_ptr_array_index(json->items, i);
	return NULL;
}

const char *
json_string(const Json *json, const char *key)
{
	const Json *found = json_get(json, key);

	return found == NULL ? NULL : found->string;
}
