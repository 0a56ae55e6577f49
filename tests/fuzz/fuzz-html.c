/* fuzz-html.c - HTML to lines */
#include "mime-render.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static const char head[] = "Content-Type: text/html; charset=utf-8\r\n";
	MimeRenderOptions options = {.width = 40};
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(Part) part =
	    mime_part_from_header(head, sizeof(head) - 1, "1");
	g_autoptr(MimeText) text = mime_text_new();

	mime_render_part(text, part, bytes, &options, NULL);
	g_assert(text->lines->len <= MIME_LINES_MAX);
	g_assert(text->links->len <= MIME_LINKS_MAX);
	for (guint i = 0; i < text->lines->len; i++) {
		const TextLine *line = g_ptr_array_index(text->lines, i);

		g_assert(g_utf8_validate(line->text, -1, NULL));
		for (const char *p = line->text; *p != '\0';
		     p = g_utf8_next_char(p))
			g_assert(g_utf8_get_char(p) >= ' ');
	}
	return 0;
}
