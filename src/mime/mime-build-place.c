/* mime-build-place.c - where the parts of a draft are */
#include "mime-build.h"

#include <string.h>

#include "mime-render.h"

/* The sections that a message gives are its own bytes, so that they tell where
 * they are. */
static bool
find_section(const MimeMessage *message, const char *section,
	     MimeRange *ret_span)
{
	gsize size, len;
	const char *data = mime_build_data(mime_message_bytes(message), &size);
	g_autoptr(GBytes) bytes = mime_message_section(message, section, NULL);
	const char *p;

	if (bytes == NULL)
		return false;
	p = g_bytes_get_data(bytes, &len);
	if (p < data || p + len > data + size)
		return false;
	*ret_span = (MimeRange){(gsize)(p - data), (gsize)(p - data) + len};
	return true;
}

static bool
find_root(const MimeMessage *message, MimePlace *ret_place)
{
	gsize size;
	const char *data = mime_build_data(mime_message_bytes(message), &size);
	g_autoptr(MimeBlock) block = mime_block_new(data, 0, size);

	*ret_place = (MimePlace){
	    .head = {0, block->body},
	    .body = {block->body, size},
	};
	return true;
}

bool
mime_place_find(const MimeMessage *message, const Part *part,
		MimePlace *ret_place)
{
	const char *data = mime_build_data(mime_message_bytes(message), NULL);
	g_autofree char *section = g_strconcat(part->section, ".MIME", NULL);
	MimePlace place;
	const char *start;
	gsize at;

	if (part == mime_message_structure(message))
		return find_root(message, ret_place);
	if (!find_section(message, section, &place.head) ||
	    !find_section(message, part->section, &place.body) ||
	    place.head.start < 3 || place.head.end > place.body.start)
		return false;
	/* no header, not even an empty one: a guess rather than a part */
	if (place.head.start == place.head.end)
		return false;
	at = place.head.start - 1;
	start = memrchr(data, '\n', at);
	place.delimiter.start = start == NULL ? 0 : (gsize)(start - data) + 1;
	place.delimiter.end = place.head.start;
	if (data[at] != '\n' || place.delimiter.start + 2 > at ||
	    memcmp(data + place.delimiter.start, "--", 2) != 0)
		return false;
	*ret_place = place;
	return true;
}

static guint
find_path(const Part *part, const char *section, guint depth, const Part **path)
{
	path[depth] = part;
	if (strcmp(part->section, section) == 0)
		return depth + 1;
	if (!part_is_multipart(part) || depth == PART_DEPTH_MAX)
		return 0;
	for (guint i = 0; i < part->children->len; i++) {
		guint n = find_path(g_ptr_array_index(part->children, i),
				    section, depth + 1, path);

		if (n > 0)
			return n;
	}
	return 0;
}

guint
mime_place_path(const MimeMessage *message, const char *section,
		const Part *ret_path[PART_DEPTH_MAX + 1])
{
	return find_path(mime_message_structure(message), section, 0, ret_path);
}

bool
mime_place_remove(MimeSplices *splices, const MimeMessage *message,
		  const Part *const *path, guint depth)
{
	gsize size;
	const char *data = mime_build_data(mime_message_bytes(message), &size);
	MimePlace place;
	gsize end;

	/* where parts were left out of the tree, one alone may not be alone */
	while (depth > 2 && path[depth - 2]->children->len == 1 &&
	       !mime_message_is_cut(message))
		depth--;
	if (!mime_place_find(message, path[depth - 1], &place))
		return false;
	/* its line end belongs to the next delimiter, which takes the place of
	 * its own */
	end = place.body.end;
	if (end < size && data[end] == '\r')
		end++;
	if (end < size && data[end] == '\n')
		end++;
	mime_splices_add(splices, place.delimiter.start, end, NULL, 0);
	return true;
}

/* ---- the text, and HTML that says the same ---- */

static bool
is_type(const Part *part, const char *type)
{
	return strcmp(part->type, type) == 0;
}

const Part *
mime_place_text(const MimeMessage *draft)
{
	const Part *root = mime_message_structure(draft);
	g_autoptr(GPtrArray) shown = mime_shown_parts(root, true, NULL);
	const Part *path[PART_DEPTH_MAX + 1];
	MimePlace place;

	for (guint i = 0; i < shown->len; i++) {
		const Part *part = g_ptr_array_index(shown, i);
		guint depth;

		if (!is_type(part, "text/plain") && !is_type(part, "text/html"))
			continue;
		depth = mime_place_path(draft, part->section, path);
		if (depth > 0 && path[depth - 1] == part &&
		    mime_place_find(draft, part, &place))
			return part;
	}
	return NULL;
}

static void
collect_html(const Part *part, guint depth, const Part *text, GPtrArray *list)
{
	if (is_type(part, "text/html") && part != text &&
	    !part_is_attachment(part))
		g_ptr_array_add(list, (gpointer)part);
	if (!part_is_multipart(part) || depth == PART_DEPTH_MAX)
		return;
	for (guint i = 0; i < part->children->len; i++)
		collect_html(g_ptr_array_index(part->children, i), depth + 1,
			     text, list);
}

GPtrArray *
mime_place_html(const MimeMessage *draft, const Part *text)
{
	GPtrArray *list = g_ptr_array_new();
	const Part *path[PART_DEPTH_MAX + 1];
	guint depth = mime_place_path(draft, text->section, path);

	while (depth-- > 0)
		if (is_type(path[depth], "multipart/alternative")) {
			collect_html(path[depth], depth, text, list);
			break;
		}
	return list;
}
