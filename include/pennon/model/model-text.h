/* model-text.h - text that is ready for the screen: lines with styled spans */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** TextStyle: of a span of a line; ui gives it a colour */
typedef enum {
	TEXT_NORMAL,
	TEXT_QUOTE1,
	TEXT_QUOTE2,
	TEXT_QUOTE3,
	TEXT_SIGNATURE,
	TEXT_LINK,
	TEXT_BADLINK,
	TEXT_HEADING,
	TEXT_NOTE, /* by pennon, not by the sender */
} TextStyle;

/** TextSpan: @start, @len: bytes of the line */
typedef struct {
	guint start;
	guint len;
	TextStyle style;
} TextSpan;

/** TextLine: @text: UTF-8, filtered for the terminal; @spans: array of
 * #TextSpan, ascending, not overlapping, (nullable) */
typedef struct {
	char *text;
	GArray *spans;
} TextLine;

/** text_line_new: @text: (transfer full): filtered already */
TextLine *text_line_new(char *text);
/** text_line_free: (nullable) */
void text_line_free(TextLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextLine, text_line_free)
/** text_line_add_span: behind the last span; nothing for %TEXT_NORMAL or no
 * bytes; joins a span that ends here and has the same style */
void text_line_add_span(TextLine *line, guint start, guint len,
			TextStyle style);
/** text_line_list_new: Returns: (transfer full): array that frees #TextLine */
GPtrArray *text_line_list_new(void);
