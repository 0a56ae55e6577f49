/* fuzz-edit.c - a draft, a NUL, and the text an editor gave back: what was not
 * changed stays, and no value makes a field of its own */
#include <string.h>

#include "mime-compose.h"
#include "mime-edit.h"
#include "mime-header.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static MimeMessage *
parse(GBytes *bytes)
{
	MimeMessage *message = mime_message_new(bytes, NULL);

	g_assert_nonnull(message);
	return message;
}

static void
check_same(const MimeMessage *draft)
{
	g_autofree char *text = mime_edit_text(draft);
	g_autoptr(GBytes) bytes =
	    mime_edit_apply(draft, text, strlen(text), NULL);

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		g_assert(*p == '\n' || *p == '\t' ||
			 !g_unichar_iscntrl(g_utf8_get_char(p)));
	g_assert_nonnull(bytes);
	g_assert_true(g_bytes_equal(bytes, mime_message_bytes(draft)));
}

static bool
holds(GBytes *bytes, GBytes *piece)
{
	gsize size, len;
	const char *data = g_bytes_get_data(bytes, &size);
	const char *text = g_bytes_get_data(piece, &len);

	return len == 0 || memmem(data, size, text, len) != NULL;
}

static bool
has_field(GBytes *bytes, const char *name)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);
	g_autofree char *value =
	    data == NULL ? NULL : mime_header_get(data, len, name);

	return value != NULL;
}

/* Parts beside the text are in the new draft, byte for byte. */
static void
check_parts(const MimeMessage *draft, GBytes *bytes)
{
	g_autoptr(GPtrArray) list = mime_compose_attachments(draft);

	for (guint i = 0; i < list->len; i++) {
		const Part *part = g_ptr_array_index(list, i);
		g_autoptr(GBytes) piece =
		    mime_message_section(draft, part->section, NULL);

		if (piece != NULL)
			g_assert_true(holds(bytes, piece));
	}
}

static void
check_edit(const MimeMessage *draft, const char *text, gsize len)
{
	g_autoptr(GBytes) bytes = mime_edit_apply(draft, text, len, NULL);
	g_autoptr(MimeMessage) again = NULL;

	if (bytes == NULL)
		return;
	check_parts(draft, bytes);
	/* nothing that can be typed makes such a field */
	if (!has_field(mime_message_bytes(draft), "X-Injected"))
		g_assert_false(has_field(bytes, "X-Injected"));
	again = parse(bytes);
	check_same(again);
}

static void
check_value(const MimeMessage *draft, const char *text, gsize len)
{
	static const char *const names[] = {"Subject", "To"};
	g_autofree char *value = g_strndup(text, len);

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GBytes) bytes =
		    mime_compose_set_field(draft, names[i], value, NULL);

		if (bytes != NULL &&
		    !has_field(mime_message_bytes(draft), "X-Injected"))
			g_assert_false(has_field(bytes, "X-Injected"));
	}
}

static void
check_attach(const MimeMessage *draft, GBytes *content, const char *type)
{
	g_autoptr(GBytes) bytes =
	    mime_compose_attach(draft, content, type, "ä.bin", NULL);
	g_autoptr(MimeMessage) with = parse(bytes);
	g_autoptr(GPtrArray) list = mime_compose_attachments(with);

	check_parts(draft, bytes);
	for (guint i = 0; i < list->len && i < 20; i++) {
		const Part *part = g_ptr_array_index(list, i);
		g_autoptr(GBytes) without =
		    mime_compose_detach(with, part->section, NULL);

		if (without != NULL) {
			g_autoptr(MimeMessage) rest = parse(without);

			check_same(rest);
		}
	}
}

static void
check_stamp(GBytes *bytes)
{
	g_autoptr(GBytes) stamped =
	    mime_compose_stamp(bytes, "0a", 3, NULL, 0, NULL);
	g_autoptr(GBytes) out = NULL;
	g_autoptr(MimeMessage) message = NULL;
	g_autoptr(MessageHeader) header = NULL;

	if (stamped == NULL)
		return;
	message = parse(stamped);
	header = mime_message_header(message);
	g_assert_cmpuint(header->draft_rev, ==, 3);
	out = mime_compose_outgoing(stamped, NULL);
	g_assert_false(has_field(out, "Bcc"));
	g_assert_false(has_field(out, "X-Pennon-Draft"));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	const guint8 *nul = size == 0 ? NULL : memchr(data, '\0', size);
	gsize len = nul == NULL ? size : (gsize)(nul - data);
	const char *text = nul == NULL ? "" : (const char *)nul + 1;
	gsize text_len = nul == NULL ? 0 : size - len - 1;
	g_autoptr(GBytes) bytes = g_bytes_new(data, len);
	g_autoptr(GBytes) content = g_bytes_new(text, text_len);
	g_autoptr(MimeMessage) draft = parse(bytes);

	check_same(draft);
	check_edit(draft, text, text_len);
	check_value(draft, text, text_len);
	check_attach(draft, content, "text/x");
	check_attach(draft, content, "message/rfc822");
	check_stamp(bytes);
	return 0;
}
