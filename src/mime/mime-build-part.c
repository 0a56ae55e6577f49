/* mime-build-part.c - parts put into a draft, and its text replaced */
#include "mime-build.h"

#include <string.h>

/* ---- boundaries ---- */

void
mime_string_free(GString *string)
{
	g_string_free(string, TRUE);
}

static bool
has_text(const GPtrArray *parts, const char *text, gsize len)
{
	for (guint i = 0; i < parts->len; i++) {
		const GString *part = g_ptr_array_index(parts, i);

		if (memmem(part->str, part->len, text, len) != NULL)
			return true;
	}
	return false;
}

static char *
new_boundary(GBytes *message, const GPtrArray *parts)
{
	gsize size;
	const char *data = mime_build_data(message, &size);

	for (;;) {
		g_autofree char *uuid = g_uuid_string_random();
		g_autofree char *boundary = g_strconcat("=_", uuid, NULL);
		gsize len = strlen(boundary);

		if (memmem(data, size, boundary, len) == NULL &&
		    !has_text(parts, boundary, len))
			return g_steal_pointer(&boundary);
	}
}

/* The delimiter line of a multipart, without its line end. */
static GString *
delimiter_of(const MimeMessage *message, const MimePlace *child)
{
	const char *data = mime_build_data(mime_message_bytes(message), NULL);
	gsize start = child->delimiter.start, end = child->delimiter.end;

	while (end > start && g_ascii_isspace(data[end - 1]))
		end--;
	return g_string_new_len(data + start, (gssize)(end - start));
}

static bool
has_8bit(const char *data, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if ((guchar)data[i] >= 0x80)
			return true;
	return false;
}

static bool
have_8bit(const GPtrArray *parts)
{
	for (guint i = 0; i < parts->len; i++) {
		const GString *part = g_ptr_array_index(parts, i);

		if (has_8bit(part->str, part->len))
			return true;
	}
	return false;
}

/* ---- add ---- */

/* Parts, and delimiters between them. */
static void
append_parts(GString *out, const GPtrArray *parts, const char *delimiter)
{
	for (guint i = 0; i < parts->len; i++) {
		const GString *part = g_ptr_array_index(parts, i);

		if (i > 0)
			g_string_append_printf(out, "\r\n%s\r\n", delimiter);
		g_string_append_len(out, part->str, (gssize)part->len);
	}
}

static bool
is_followed_by(const char *data, gsize size, gsize at, const GString *delimiter)
{
	if (at < size && data[at] == '\r')
		at++;
	if (at < size && data[at] == '\n')
		at++;
	return size - at >= delimiter->len &&
	       memcmp(data + at, delimiter->str, delimiter->len) == 0;
}

/* A multipart/mixed takes it in. */
static bool
add_inside(MimeSplices *splices, const MimeMessage *draft,
	   const GPtrArray *parts, bool first)
{
	const Part *root = mime_message_structure(draft);
	gsize size;
	const char *data = mime_build_data(mime_message_bytes(draft), &size);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) delimiter = NULL;
	MimePlace place;
	gsize at;

	if (strcmp(root->type, "multipart/mixed") != 0 ||
	    root->children->len == 0 || mime_message_is_cut(draft) ||
	    !mime_place_find(
		draft,
		g_ptr_array_index(root->children,
				  first ? 0 : root->children->len - 1),
		&place))
		return false;
	delimiter = delimiter_of(draft, &place);
	if (delimiter->len < 3 ||
	    has_text(parts, delimiter->str, delimiter->len))
		return false;
	at = first ? place.delimiter.start : place.body.end;
	g_string_append_printf(text, "%s%s\r\n", first ? "" : "\r\n",
			       delimiter->str);
	append_parts(text, parts, delimiter->str);
	/* an empty part may have no line end that the delimiter could take */
	if (first || (at < size && data[at] != '\r' && data[at] != '\n'))
		g_string_append(text, "\r\n");
	if (!first && !is_followed_by(data, size, at, delimiter))
		g_string_append_printf(text, "\r\n%s--\r\n", delimiter->str);
	mime_splices_add(splices, at, at, text->str, text->len);
	return true;
}

static void
label_8bit(MimeSplices *splices, const MimeBlock *block, const GPtrArray *parts)
{
	const char *name = "Content-Transfer-Encoding";
	const MimeField *field = mime_block_find(block, name);
	g_autoptr(GString) text = g_string_new(NULL);

	if (!have_8bit(parts) ||
	    (field != NULL && field->value_len == 6 &&
	     g_ascii_strncasecmp(field->value, "binary", 6) == 0))
		return;
	mime_write_text(text, name, "8bit");
	mime_splices_field(splices, block, name, text);
}

/* What the message was becomes the first part of a new multipart/mixed. */
static void
wrap(MimeSplices *splices, const MimeMessage *draft, const MimeBlock *block,
     const GPtrArray *parts, bool first)
{
	GBytes *bytes = mime_message_bytes(draft);
	gsize size;
	const char *data = mime_build_data(bytes, &size);
	g_autofree char *boundary = new_boundary(bytes, parts);
	g_autofree char *delimiter = g_strconcat("--", boundary, NULL);
	g_autoptr(GString) old = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < block->fields->len; i++) {
		const MimeField *field = mime_block_field(block, i);
		MimeRange span = mime_block_range(block, field);

		if (!mime_block_is_content(field))
			continue;
		g_string_append_len(old, field->start,
				    (gssize)(span.end - span.start));
		if (!g_str_has_suffix(old->str, "\n"))
			g_string_append(old, "\r\n");
		mime_splices_add(splices, span.start, span.end, NULL, 0);
	}
	if (block->end > 0 && data[block->end - 1] != '\n')
		g_string_append(text, "\r\n");
	if (mime_block_find(block, "MIME-Version") == NULL)
		g_string_append(text, "MIME-Version: 1.0\r\n");
	g_string_append_printf(
	    text, "Content-Type: multipart/mixed;\r\n boundary=\"%s\"\r\n",
	    boundary);
	if (has_8bit(data + block->body, size - block->body) ||
	    have_8bit(parts))
		g_string_append(text, "Content-Transfer-Encoding: 8bit\r\n");
	g_string_append_printf(text, "\r\n%s\r\n", delimiter);
	if (first) {
		append_parts(text, parts, delimiter);
		g_string_append_printf(text, "\r\n%s\r\n", delimiter);
	}
	g_string_append_len(text, old->str, (gssize)old->len);
	g_string_append(text, "\r\n");
	mime_splices_add(splices, block->end, block->body, text->str,
			 text->len);
	g_string_printf(text, "\r\n%s", delimiter);
	if (!first) {
		g_string_append(text, "\r\n");
		append_parts(text, parts, delimiter);
		g_string_append_printf(text, "\r\n%s", delimiter);
	}
	g_string_append(text, "--\r\n");
	mime_splices_add(splices, size, size, text->str, text->len);
}

GBytes *
mime_part_add(const MimeMessage *draft, const GPtrArray *parts, bool first,
	      GError **error)
{
	GBytes *bytes = mime_message_bytes(draft);
	gsize size;
	const char *data = mime_build_data(bytes, &size);
	g_autoptr(MimeSplices) splices = mime_splices_new(bytes);
	g_autoptr(MimeBlock) block = mime_block_new(data, 0, size);

	if (add_inside(splices, draft, parts, first))
		label_8bit(splices, block, parts);
	else
		wrap(splices, draft, block, parts, first);
	return mime_splices_apply(splices, error);
}

/* ---- the text ---- */

/* Fields that say how to read the old text. */
static bool
is_of_old_text(const MimeField *field)
{
	return mime_field_is(field, "Content-Type") ||
	       mime_field_is(field, "Content-Transfer-Encoding") ||
	       mime_field_is(field, "Content-MD5") ||
	       mime_field_is(field, "Content-Length") ||
	       mime_field_is(field, "Content-Base");
}

/* A line of @body would end a part around it. */
static bool
has_delimiter(const MimeMessage *draft, const Part *part, const GString *body)
{
	const Part *path[PART_DEPTH_MAX + 1];
	guint depth = mime_place_path(draft, part->section, path);

	for (guint i = 1; i < depth; i++) {
		g_autoptr(GString) delimiter = NULL;
		MimePlace place;

		if (!mime_place_find(draft, path[i], &place))
			continue;
		delimiter = delimiter_of(draft, &place);
		if (memmem(body->str, body->len, delimiter->str,
			   delimiter->len) != NULL)
			return true;
	}
	return false;
}

static void
replace_text(MimeSplices *splices, const MimeMessage *draft, const Part *part,
	     const char *text)
{
	const char *data = mime_build_data(mime_message_bytes(draft), NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) body = g_string_new(NULL);
	g_autoptr(GString) fields = g_string_new(NULL);
	g_autoptr(MimeBlock) block = NULL;
	gsize at;
	MimePlace place;

	if (!mime_place_find(draft, part, &place))
		return;
	block = mime_block_new(data, place.head.start, place.head.end);
	at = place.head.start;
	for (guint i = 0; i < block->fields->len; i++) {
		const MimeField *field = mime_block_field(block, i);
		MimeRange span = mime_block_range(block, field);

		if (!is_of_old_text(field))
			continue;
		g_string_append_len(out, data + at, (gssize)(span.start - at));
		at = span.end;
	}
	g_string_append_len(out, data + at, (gssize)(block->end - at));
	if (out->len > 0 && out->str[out->len - 1] != '\n')
		g_string_append(out, "\r\n");
	if (part == mime_message_structure(draft) &&
	    mime_block_find(block, "MIME-Version") == NULL)
		g_string_append(out, "MIME-Version: 1.0\r\n");
	mime_write_body(text, false, fields, body);
	if (has_delimiter(draft, part, body)) {
		g_string_truncate(fields, 0);
		g_string_truncate(body, 0);
		mime_write_body(text, true, fields, body);
	}
	g_string_append_printf(out, "%s\r\n", fields->str);
	g_string_append_len(out, body->str, (gssize)body->len);
	mime_splices_add(splices, place.head.start, place.body.end, out->str,
			 out->len);
}

/* ---- its HTML form ---- */

typedef struct {
	MimeSplices *splices;
	const MimeMessage *draft;
	const Part *text;
	GHashTable *html; /* set of Part */
	const Part *path[PART_DEPTH_MAX + 1];
} Strip;

/* Nothing of it is left when the HTML is gone. */
static bool
is_gone(const Strip *strip, const Part *part, guint depth)
{
	if (!part_is_multipart(part) || depth == PART_DEPTH_MAX)
		return g_hash_table_contains(strip->html, part);
	for (guint i = 0; i < part->children->len; i++)
		if (!is_gone(strip, g_ptr_array_index(part->children, i),
			     depth + 1))
			return false;
	return part->children->len > 0;
}

/* In place, so that boundary and whatever else is there stay. */
static void
make_mixed(const Strip *strip, const Part *part)
{
	const char *data =
	    mime_build_data(mime_message_bytes(strip->draft), NULL);
	g_autoptr(MimeBlock) block = NULL;
	const MimeField *field;
	MimePlace place;
	gsize len = strlen(part->type), at;

	if (!mime_place_find(strip->draft, part, &place))
		return;
	block = mime_block_new(data, place.head.start, place.head.end);
	field = mime_block_find(block, "Content-Type");
	if (field == NULL || field->value_len < len ||
	    g_ascii_strncasecmp(field->value, part->type, len) != 0)
		return;
	at = (gsize)(field->value - data);
	mime_splices_add(strip->splices, at, at + len, "multipart/mixed", 15);
}

typedef struct {
	bool changed; /* HTML was in it */
	bool text;    /* the text is in it */
} Stripped;

/*
 * Takes the HTML out. What stood with it (pictures, files) stays, and is to be
 * seen: it is no form of the text any more, nor part of HTML.
 */
static Stripped
strip_part(Strip *strip, const Part *part, guint depth)
{
	bool odd = false;
	Stripped all = {false, part == strip->text};

	strip->path[depth] = part;
	if (is_gone(strip, part, depth)) {
		(void)mime_place_remove(strip->splices, strip->draft,
					strip->path, depth + 1);
		return (Stripped){true, false};
	}
	if (part == strip->text)
		all.changed = strcmp(part->type, "text/html") == 0;
	if (!part_is_multipart(part) || depth == PART_DEPTH_MAX)
		return all;
	for (guint i = 0; i < part->children->len; i++) {
		const Part *child = g_ptr_array_index(part->children, i);
		bool gone = is_gone(strip, child, depth + 1);
		Stripped one = strip_part(strip, child, depth + 1);

		all.changed |= one.changed;
		all.text |= one.text;
		odd |= one.changed && !one.text && !gone;
	}
	if ((all.changed && strcmp(part->type, "multipart/related") == 0) ||
	    (odd && all.text &&
	     strcmp(part->type, "multipart/alternative") == 0))
		make_mixed(strip, part);
	return all;
}

GBytes *
mime_part_set_text(const MimeMessage *draft, const char *text, GError **error)
{
	const Part *part = mime_place_text(draft);
	g_autoptr(MimeSplices) splices = NULL;
	g_autoptr(GPtrArray) html = NULL;
	g_autoptr(GHashTable) set = NULL;
	Strip strip;

	if (part == NULL) {
		g_autoptr(GPtrArray) parts = g_ptr_array_new();
		g_autoptr(GString) new = g_string_new(NULL);
		g_autoptr(GString) body = g_string_new(NULL);

		mime_write_body(text, false, new, body);
		g_string_append(new, "\r\n");
		g_string_append_len(new, body->str, (gssize)body->len);
		g_ptr_array_add(parts, new);
		return mime_part_add(draft, parts, true, error);
	}
	splices = mime_splices_new(mime_message_bytes(draft));
	html = mime_place_html(draft, part);
	set = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < html->len; i++)
		g_hash_table_add(set, g_ptr_array_index(html, i));
	strip = (Strip){splices, draft, part, set, {NULL}};
	(void)strip_part(&strip, mime_message_structure(draft), 0);
	replace_text(splices, draft, part, text);
	return mime_splices_apply(splices, error);
}
