/* fuzz-message.c - whole messages: parsed, decoded, rendered; what is shown is
 * text that no terminal obeys */
#include "mime-header.h"
#include "mime-render.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
check_lines(const GPtrArray *lines)
{
	for (guint i = 0; lines != NULL && i < lines->len; i++) {
		const TextLine *line = g_ptr_array_index(lines, i);

		g_assert(g_utf8_validate(line->text, -1, NULL));
		for (const char *p = line->text; *p != '\0';
		     p = g_utf8_next_char(p)) {
			gunichar c = g_utf8_get_char(p);

			g_assert(c >= ' ' && (c < 0x7f || c >= 0xa0));
		}
	}
}

static bool
decode_part(const Part *part, guint depth, gpointer user)
{
	const MimeMessage *message = user;
	g_autoptr(GBytes) bytes = NULL;

	(void)depth;
	bytes = mime_message_decode(message, part->section, NULL);
	return true;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	MimeRenderOptions options = {.width = 78};
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(MimeMessage) message = mime_message_new(bytes, NULL);
	g_autoptr(MimeText) plain = NULL;
	g_autoptr(MimeText) rich = NULL;
	g_autoptr(GPtrArray) source = NULL;

	if (message == NULL)
		return 0;
	part_walk(mime_message_structure(message), decode_part, message);
	plain = mime_render_message(message, true, &options, NULL);
	rich = mime_render_message(message, false, &options, NULL);
	source = mime_render_source(bytes, &options, NULL);
	if (plain != NULL)
		check_lines(plain->lines);
	if (rich != NULL)
		check_lines(rich->lines);
	check_lines(source);
	return 0;
}
