/* mime-address-write.c - addresses for people, and from people */
#include "mime-header.h"

#include <string.h>

#include "mime-address.h"
#include "mime-error.h"

static bool
must_quote(const char *name)
{
	gsize len = strlen(name);

	return strpbrk(name, "()<>[]:;@\\,.\"") != NULL ||
	       strstr(name, "=?") != NULL || name[0] == ' ' ||
	       name[len - 1] == ' ' || strstr(name, "  ") != NULL;
}

static void
append_name(GString *out, const char *name)
{
	if (!must_quote(name)) {
		g_string_append(out, name);
		return;
	}
	g_string_append_c(out, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"' || *name == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *name);
	}
	g_string_append_c(out, '"');
}

char *
mime_address_write(const Address *address)
{
	GString *out = g_string_new(NULL);
	bool named = address->name != NULL && address->name[0] != '\0';

	if (named)
		append_name(out, address->name);
	if (address->email[0] == '\0') {
		/* an empty group (RFC 5322 section 3.4) */
		if (named)
			g_string_append(out, ":;");
	} else if (named) {
		g_string_append_printf(out, " <%s>", address->email);
	} else {
		g_string_append(out, address->email);
	}
	return g_string_free(out, FALSE);
}

char *
mime_addresses_write(const GPtrArray *list)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		g_autofree char *one =
		    mime_address_write(g_ptr_array_index(list, i));

		if (i > 0)
			g_string_append(out, ", ");
		g_string_append(out, one);
	}
	return g_string_free(out, FALSE);
}

static bool
is_local(const char *text, gsize len)
{
	if (len == 0 || len > 255)
		return false;
	if (text[0] == '"')
		return len > 2 && text[len - 1] == '"';
	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)text[i];

		if (c <= ' ' || c == 0x7f ||
		    strchr("()<>[]:;@\\,\"", text[i]) != NULL)
			return false;
	}
	return text[0] != '.' && text[len - 1] != '.';
}

static bool
is_domain(const char *text)
{
	gsize len = strlen(text);

	if (len == 0 || len > 255)
		return false;
	if (text[0] == '[')
		return len > 2 && text[len - 1] == ']' &&
		       strpbrk(text, " <>@,;") == NULL;
	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)text[i];

		if (!g_ascii_isalnum(c) && c < 0x80 && c != '-' && c != '.' &&
		    c != '_')
			return false;
		if (c == '.' && (i == 0 || i + 1 == len || text[i + 1] == '.'))
			return false;
	}
	return true;
}

static bool
is_address(const char *email)
{
	const char *at = strrchr(email, '@');

	return at != NULL && is_local(email, (gsize)(at - email)) &&
	       is_domain(at + 1);
}

GPtrArray *
mime_addresses_check(const char *text, GError **error)
{
	bool odd = false;
	g_autoptr(GPtrArray) list = NULL;

	if (!g_utf8_validate(text, -1, NULL) || strlen(text) > MIME_FIELD_MAX) {
		g_set_error_literal(error, MIME_ERROR, MIME_ERROR_ADDRESS,
				    "not a list of addresses");
		return NULL;
	}
	list = mime_address_list_read(text, strlen(text), &odd);
	for (guint i = 0; i < list->len; i++) {
		const Address *address = g_ptr_array_index(list, i);
		g_autofree char *shown = NULL;

		if (is_address(address->email))
			continue;
		shown = mime_address_write(address);
		g_set_error(error, MIME_ERROR, MIME_ERROR_ADDRESS, "%s",
			    address->email[0] == '\0' && address->name != NULL
				? address->name
				: shown);
		return NULL;
	}
	if (odd) {
		g_set_error(error, MIME_ERROR, MIME_ERROR_ADDRESS, "%s", text);
		return NULL;
	}
	return g_steal_pointer(&list);
}
