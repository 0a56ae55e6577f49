/* mime-build-block.c - the fields of a header, and where they are */
#include "mime-build.h"

#include <string.h>

#include "mime-header.h"

const char *
mime_build_data(GBytes *bytes, gsize *ret_size)
{
	const char *data = g_bytes_get_data(bytes, ret_size);

	return data == NULL ? "" : data;
}

MimeBlock *
mime_block_new(const char *data, gsize start, gsize end)
{
	MimeBlock *block = g_new0(MimeBlock, 1);
	const char *p = data + start;
	MimeField field;

	block->data = data;
	block->fields = g_array_new(FALSE, FALSE, sizeof(MimeField));
	block->end = start;
	while (mime_field_next(&p, data + end, &field)) {
		g_array_append_val(block->fields, field);
		block->end = (gsize)(field.end - data);
	}
	block->body = (gsize)(p - data);
	return block;
}

void
mime_block_free(MimeBlock *block)
{
	if (block == NULL)
		return;
	g_array_unref(block->fields);
	g_free(block);
}

const MimeField *
mime_block_field(const MimeBlock *block, guint i)
{
	return &g_array_index(block->fields, MimeField, i);
}

MimeRange
mime_block_range(const MimeBlock *block, const MimeField *field)
{
	return (MimeRange){(gsize)(field->start - block->data),
			   (gsize)(field->end - block->data)};
}

bool
mime_block_is_content(const MimeField *field)
{
	return field->name_len > 8 &&
	       g_ascii_strncasecmp(field->name, "content-", 8) == 0;
}

const MimeField *
mime_block_find(const MimeBlock *block, const char *name)
{
	for (guint i = 0; i < block->fields->len; i++)
		if (mime_field_is(mime_block_field(block, i), name))
			return mime_block_field(block, i);
	return NULL;
}

GPtrArray *
mime_block_addresses(const MimeBlock *block, const char *name)
{
	GPtrArray *list = address_list_new();

	for (guint i = 0; i < block->fields->len; i++) {
		const MimeField *field = mime_block_field(block, i);

		if (mime_field_is(field, name))
			g_ptr_array_extend_and_steal(
			    list, mime_addresses_read(field->value,
						      field->value_len));
	}
	return list;
}
