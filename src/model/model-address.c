/* model-address.c - a name and a mail address */
#include "model-address.h"

#include <string.h>

#define UNIT '\x1f'
#define RECORD '\x1e'

Address *
address_new(const char *name, const char *email)
{
	Address *address = g_new(Address, 1);

	address->name = name == NULL || name[0] == '\0' ? NULL : g_strdup(name);
	address->email = g_strdup(email == NULL ? "" : email);
	return address;
}

void
address_free(Address *address)
{
	if (address == NULL)
		return;
	g_free(address->name);
	g_free(address->email);
	g_free(address);
}

GPtrArray *
address_list_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)address_free);
}

GPtrArray *
address_list_copy(const GPtrArray *list)
{
	GPtrArray *copy = address_list_new();

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Address *address = g_ptr_array_index(list, i);

		g_ptr_array_add(copy,
				address_new(address->name, address->email));
	}
	return copy;
}

/* Both separators are controls that no decoded field keeps; one that is there
 * all the same must not forge a second address. */
static void
append_field(GString *text, const char *field)
{
	for (; field != NULL && *field != '\0'; field++)
		g_string_append_c(
		    text, *field == UNIT || *field == RECORD ? ' ' : *field);
}

char *
address_list_pack(const GPtrArray *list)
{
	GString *text;

	if (list == NULL || list->len == 0)
		return NULL;
	text = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++) {
		const Address *address = g_ptr_array_index(list, i);

		if (i > 0)
			g_string_append_c(text, RECORD);
		append_field(text, address->name);
		g_string_append_c(text, UNIT);
		append_field(text, address->email);
	}
	return g_string_free(text, FALSE);
}

GPtrArray *
address_list_unpack(const char *packed)
{
	GPtrArray *list = address_list_new();

	while (packed != NULL && *packed != '\0') {
		const char *end = strchr(packed, RECORD);
		gsize len =
		    end == NULL ? strlen(packed) : (gsize)(end - packed);
		const char *unit = memchr(packed, UNIT, len);
		gsize name_len = unit == NULL ? 0 : (gsize)(unit - packed);
		const char *email = unit == NULL ? packed : unit + 1;
		g_autofree char *name = g_strndup(packed, name_len);
		g_autofree char *spec =
		    g_strndup(email, (gsize)(packed + len - email));

		g_ptr_array_add(list, address_new(name, spec));
		packed = end == NULL ? NULL : end + 1;
	}
	return list;
}

char *
address_shown(const Address *address)
{
	if (address->name == NULL)
		return g_strdup(address->email);
	if (strchr(address->name, '@') != NULL &&
	    g_ascii_strcasecmp(address->name, address->email) != 0)
		return g_strdup(address->email);
	return g_strdup(address->name);
}
