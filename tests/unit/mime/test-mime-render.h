/* test-mime-render.h - a rendered text as one string that shows its styles */
#pragma once

#include "mime-render.h"

/** rendered: @type: "text/plain; format=flowed"; lines end in "\n", spans are
 * "{1:…}" with the number of the style. (transfer full) */
char *rendered(const char *type, const char *body, guint width);
/** rendered_text: the same, before it is written down. (transfer full) */
MimeText *rendered_text(const char *type, const char *body, gsize len,
			guint width);
char *lines_to_string(const GPtrArray *lines);
/** check_lines: filtered for a terminal, no wider than @width */
void check_lines(const GPtrArray *lines, guint width);
