/* test-mime-rendered.c - a rendered text as one string that shows its styles */
#include <string.h>

#include "base-text.h"
#include "test-mime-render.h"

static void
append_line(GString *out, const TextLine *line)
{
	guint at = 0;

	for (guint i = 0; line->spans != NULL && i < line->spans->len; i++) {
		const TextSpan *span = &g_array_index(line->spans, TextSpan, i);

		g_assert_cmpuint(span->start, >=, at);
		g_assert_cmpuint(span->start + span->len, <=,
				 strlen(line->text));
		g_string_append_len(out, line->text + at,
				    (gssize)(span->start - at));
		g_string_append_printf(out, "{%d:%.*s}", (int)span->style,
				       (int)span->len,
				       line->text + span->start);
		at = span->start + span->len;
	}
	g_string_append(out, line->text + at);
	g_string_append_c(out, '\n');
}

char *
lines_to_string(const GPtrArray *lines)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++)
		append_line(out, g_ptr_array_index(lines, i));
	return g_string_free(out, FALSE);
}

void
check_lines(const GPtrArray *lines, guint width)
{
	for (guint i = 0; i < lines->len; i++) {
		const TextLine *line = g_ptr_array_index(lines, i);

		g_assert_true(g_utf8_validate(line->text, -1, NULL));
		g_assert_cmpuint(text_width(line->text, -1), <=, width);
		for (const char *p = line->text; *p != '\0';
		     p = g_utf8_next_char(p)) {
			gunichar c = g_utf8_get_char(p);

			g_assert_true(c >= ' ' && (c < 0x7f || c >= 0xa0));
		}
	}
}

MimeText *
rendered_text(const char *type, const char *body, gsize len, guint width)
{
	g_autofree char *fields = g_strdup_printf("Content-Type: %s\n", type);
	g_autoptr(Part) part =
	    mime_part_from_header(fields, strlen(fields), "1");
	g_autoptr(GBytes) bytes = g_bytes_new(body, len);
	MimeRenderOptions options = {.width = width};
	MimeText *text = mime_text_new();

	g_assert_true(mime_render_part(text, part, bytes, &options, NULL));
	check_lines(text->lines, width == 0 ? 80 : width);
	return text;
}

char *
rendered(const char *type, const char *body, guint width)
{
	g_autoptr(MimeText) text =
	    rendered_text(type, body, strlen(body), width);

	return lines_to_string(text->lines);
}
