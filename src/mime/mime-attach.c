/* mime-attach.c - what stands in a draft beside its text */
#include <string.h>

#include "base-guard.h"
#include "mime-build.h"
#include "mime-compose.h"
#include "mime-edit.h"

static bool
is_token(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isalnum(text[i]) &&
		    (text[i] == '\0' || strchr("!#$&^_.+-", text[i]) == NULL))
			return false;
	return len > 0 && len <= 60;
}

/* A type that says how to read bytes which we encode: no multipart. */
static const char *
safe_type(const char *type)
{
	const char *slash = strchr(type, '/');

	if (slash == NULL || !is_token(type, (gsize)(slash - type)) ||
	    !is_token(slash + 1, strlen(slash + 1)) ||
	    g_ascii_strncasecmp(type, "multipart/", 10) == 0 ||
	    g_ascii_strncasecmp(type, "message/", 8) == 0)
		return "application/octet-stream";
	return type;
}

static const char *
plain_encoding(const char *data, gsize size)
{
	const char *encoding = "7bit";
	gsize start = 0;

	for (gsize i = 0; i < size; i++) {
		if (data[i] == '\0' || i - start > 998)
			return "binary";
		if (data[i] == '\n')
			start = i + 1;
		if ((guchar)data[i] >= 0x80)
			encoding = "8bit";
	}
	return encoding;
}

static GString *
new_part(GBytes *content, const char *type, const char *filename)
{
	gsize size;
	const char *data = mime_build_data(content, &size);
	bool message = g_ascii_strcasecmp(type, "message/rfc822") == 0;
	GString *part = g_string_sized_new(size + size / 2 + 512);

	g_string_append_printf(part, "Content-Type: %s\r\n",
			       message ? "message/rfc822" : safe_type(type));
	mime_write_attachment(part, filename);
	/* RFC 2046 section 5.2.1: a message is never encoded */
	g_string_append_printf(part, "Content-Transfer-Encoding: %s\r\n\r\n",
			       message ? plain_encoding(data, size) : "base64");
	if (message)
		g_string_append_len(part, data, (gssize)size);
	else
		mime_write_base64(part, data, size);
	return part;
}

GBytes *
mime_compose_attach(const MimeMessage *draft, GBytes *content, const char *type,
		    const char *filename, GError **error)
{
	g_autoptr(GPtrArray) parts =
	    g_ptr_array_new_with_free_func((GDestroyNotify)mime_string_free);

	GUARD_NOT_ON_UI("mime_compose_attach");
	if (g_bytes_get_size(content) > MIME_MESSAGE_MAX) {
		g_set_error_literal(error, MIME_ERROR, MIME_ERROR_LIMIT,
				    "the attachment is too large");
		return NULL;
	}
	g_ptr_array_add(parts, new_part(content, type, filename));
	return mime_part_add(draft, parts, false, error);
}

/* ---- detach ---- */

/* The only part of a draft: an empty text stays. */
static GBytes *
empty_draft(const MimeMessage *draft, GError **error)
{
	GBytes *bytes = mime_message_bytes(draft);
	gsize size;
	const char *data = mime_build_data(bytes, &size);
	g_autoptr(MimeBlock) block = mime_block_new(data, 0, size);
	g_autoptr(MimeSplices) splices = mime_splices_new(bytes);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) body = g_string_new(NULL);

	for (guint i = 0; i < block->fields->len; i++) {
		const MimeField *field = mime_block_field(block, i);
		MimeRange range = mime_block_range(block, field);

		if (mime_block_is_content(field))
			mime_splices_add(splices, range.start, range.end, NULL,
					 0);
	}
	if (block->end > 0 && data[block->end - 1] != '\n')
		g_string_append(text, "\r\n");
	if (mime_block_find(block, "MIME-Version") == NULL)
		g_string_append(text, "MIME-Version: 1.0\r\n");
	mime_write_body("", false, text, body);
	g_string_append_printf(text, "\r\n%s", body->str);
	mime_splices_add(splices, block->end, size, text->str, text->len);
	return mime_splices_apply(splices, error);
}

GBytes *
mime_compose_detach(const MimeMessage *draft, const char *section,
		    GError **error)
{
	const Part *path[PART_DEPTH_MAX + 1];
	guint depth = section[0] == '\0'
			  ? 0
			  : mime_place_path(draft, section, path),
	      top = depth;
	g_autoptr(MimeSplices) splices =
	    mime_splices_new(mime_message_bytes(draft));

	GUARD_NOT_ON_UI("mime_compose_detach");
	while (top > 1 && path[top - 2]->children->len == 1)
		top--;
	if (top == 1 && !mime_message_is_cut(draft))
		return empty_draft(draft, error);
	if (depth < 2 || !mime_place_remove(splices, draft, path, depth)) {
		g_set_error(error, MIME_ERROR, MIME_ERROR_NOT_FOUND,
			    "no part %s that can be taken out", section);
		return NULL;
	}
	return mime_splices_apply(splices, error);
}

/* ---- list ---- */

typedef struct {
	const Part *text;
	const GPtrArray *html; /* NULL: none */
	GPtrArray *list;
} Beside;

static bool
is_beside(const Beside *beside, const Part *part)
{
	if (part == beside->text)
		return false;
	if (beside->html == NULL)
		return true;
	/* pictures of the HTML stand in it as long as it is there */
	return !g_ptr_array_find((GPtrArray *)beside->html, part, NULL) &&
	       (part->content_id == NULL || part_is_attachment(part));
}

static void
collect(const Beside *beside, const Part *part, guint depth)
{
	if (!part_is_multipart(part) || depth == PART_DEPTH_MAX) {
		if (is_beside(beside, part))
			g_ptr_array_add(beside->list, (gpointer)part);
		return;
	}
	for (guint i = 0; i < part->children->len; i++)
		collect(beside, g_ptr_array_index(part->children, i),
			depth + 1);
}

GPtrArray *
mime_compose_attachments(const MimeMessage *draft)
{
	Beside beside = {mime_place_text(draft), NULL, g_ptr_array_new()};
	g_autoptr(GPtrArray) html = NULL;

	if (beside.text != NULL) {
		html = mime_place_html(draft, beside.text);
		if (mime_edit_loses_html(draft))
			beside.html = html;
	}
	collect(&beside, mime_message_structure(draft), 0);
	return beside.list;
}
