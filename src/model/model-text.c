/* model-text.c - lines with styled spans */
#include "model-text.h"

TextLine *
text_line_new(char *text)
{
	TextLine *line = g_new(TextLine, 1);

	line->text = text;
	line->spans = NULL;
	return line;
}

void
text_line_free(TextLine *line)
{
	if (line == NULL)
		return;
	g_free(line->text);
	g_clear_pointer(&line->spans, g_array_unref);
	g_free(line);
}

void
text_line_add_span(TextLine *line, guint start, guint len, TextStyle style)
{
	TextSpan span = {start, len, style};

	if (style == TEXT_NORMAL || len == 0)
		return;
	if (line->spans == NULL)
		line->spans = g_array_new(FALSE, FALSE, sizeof(TextSpan));
	if (line->spans->len > 0) {
		TextSpan *last =
		    &g_array_index(line->spans, TextSpan, line->spans->len - 1);

		if (last->style == style && last->start + last->len == start) {
			last->len += len;
			return;
		}
	}
	g_array_append_val(line->spans, span);
}

GPtrArray *
text_line_list_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)text_line_free);
}
