/* mime-build-splice.c - bytes replaced in a message, all others kept */
#include "mime-build.h"

#include <string.h>

typedef struct {
	gsize start;
	gsize end;
	guint order;
	GString *text;
} Splice;

struct MimeSplices {
	GBytes *bytes;
	GArray *list;
	bool line_ended;
};

static void
clear_splice(gpointer data)
{
	Splice *splice = data;

	g_string_free(splice->text, TRUE);
}

MimeSplices *
mime_splices_new(GBytes *bytes)
{
	MimeSplices *splices = g_new0(MimeSplices, 1);

	splices->bytes = g_bytes_ref(bytes);
	splices->list = g_array_new(FALSE, FALSE, sizeof(Splice));
	g_array_set_clear_func(splices->list, clear_splice);
	return splices;
}

void
mime_splices_free(MimeSplices *splices)
{
	if (splices == NULL)
		return;
	g_bytes_unref(splices->bytes);
	g_array_unref(splices->list);
	g_free(splices);
}

void
mime_splices_add(MimeSplices *splices, gsize start, gsize end, const char *text,
		 gsize len)
{
	Splice splice = {start, end, splices->list->len,
			 g_string_new_len(text, (gssize)len)};

	g_assert(start <= end && end <= g_bytes_get_size(splices->bytes));
	g_array_append_val(splices->list, splice);
}

/* ---- fields ---- */

/* Where a draft's header has no place of its own for a field yet: people look
 * for these first, and what says how to read the body comes last. */
static gsize
new_place(const MimeBlock *block)
{
	for (guint i = 0; i < block->fields->len; i++) {
		const MimeField *field = mime_block_field(block, i);

		if (mime_block_is_content(field) ||
		    mime_field_is(field, "MIME-Version"))
			return mime_block_range(block, field).start;
	}
	return block->end;
}

void
mime_splices_field(MimeSplices *splices, const MimeBlock *block,
		   const char *name, const GString *text)
{
	const char *data = block->data;
	bool placed = text->len == 0;
	gsize at;

	for (guint i = 0; i < block->fields->len; i++) {
		const MimeField *field = mime_block_field(block, i);
		MimeRange span = mime_block_range(block, field);

		if (!mime_field_is(field, name))
			continue;
		mime_splices_add(splices, span.start, span.end, text->str,
				 placed ? 0 : text->len);
		placed = true;
	}
	if (placed)
		return;
	at = new_place(block);
	/* a header that ends with the message, in the middle of a line */
	if (at > 0 && data[at - 1] != '\n' && !splices->line_ended) {
		splices->line_ended = true;
		mime_splices_add(splices, at, at, "\r\n", 2);
	}
	mime_splices_add(splices, at, at, text->str, text->len);
}

/* ---- apply ---- */

static gint
compare_splices(gconstpointer a, gconstpointer b)
{
	const Splice *x = a, *y = b;

	bool x_adds = x->start == x->end, y_adds = y->start == y->end;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	/* what goes before the bytes that go */
	if (x_adds != y_adds)
		return x_adds ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

GBytes *
mime_splices_apply(const MimeSplices *splices, GError **error)
{
	gsize size, at = 0, total;
	const char *data = mime_build_data(splices->bytes, &size);
	GArray *list = splices->list;
	GString *out;

	total = size;
	for (guint i = 0; i < list->len; i++)
		total += g_array_index(list, Splice, i).text->len;
	out = g_string_sized_new(total + 1);
	g_array_sort(list, compare_splices);
	for (guint i = 0; i < list->len; i++) {
		const Splice *splice = &g_array_index(list, Splice, i);

		if (splice->start >= at) {
			g_string_append_len(out, data + at,
					    (gssize)(splice->start - at));
			g_string_append_len(out, splice->text->str,
					    (gssize)splice->text->len);
		}
		at = MAX(at, splice->end);
	}
	if (at < size)
		g_string_append_len(out, data + at, (gssize)(size - at));
	if (out->len > MIME_MESSAGE_MAX) {
		g_set_error(error, MIME_ERROR, MIME_ERROR_LIMIT,
			    "the message would have more than %d MiB",
			    (int)(MIME_MESSAGE_MAX >> 20));
		g_string_free(out, TRUE);
		return NULL;
	}
	return g_string_free_to_bytes(out);
}
