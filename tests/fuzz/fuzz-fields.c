/* fuzz-fields.c - header fields: values are text, whatever the bytes were */
#include <string.h>

#include "mime-header.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
check_text(const char *text)
{
	if (text == NULL)
		return;
	g_assert(g_utf8_validate(text, -1, NULL));
	g_assert(strpbrk(text, "\r\n") == NULL);
}

static void
check_addresses(const GPtrArray *list)
{
	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Address *address = g_ptr_array_index(list, i);
		g_autofree char *written = mime_address_write(address);

		check_text(address->name);
		check_text(address->email);
		check_text(written);
	}
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	const char *block = (const char *)data;
	g_autoptr(MessageHeader) header = mime_header_parse(block, size);
	g_autofree char *words = mime_words_decode(block, size);
	g_autofree char *subject = mime_header_get(block, size, "subject");
	g_autoptr(GPtrArray) addresses = mime_addresses_read(block, size);
	gint64 us;
	gint offset;

	check_text(header->subject);
	check_addresses(header->from);
	check_addresses(header->to);
	check_text(words);
	check_text(subject);
	check_addresses(addresses);
	mime_date_parse(block, size, &us, &offset);
	return 0;
}
