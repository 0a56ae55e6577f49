/* mime-render.c - parts of a message as lines for a screen */
#include "mime-render.h"

#include <string.h>

#include "base-guard.h"
#include "base-text.h"
#include "mime-field.h"
#include "mime-header.h"
#include "mime-lines.h"

/* messages in messages that are shown as text */
#define NESTED_MAX 8u

static void
caution_free(gpointer data)
{
	MimeCaution *caution = data;

	g_free(caution->shown);
	g_free(caution->real);
	g_free(caution);
}

MimeText *
mime_text_new(void)
{
	MimeText *text = g_new0(MimeText, 1);

	text->lines = text_line_list_new();
	text->links = g_ptr_array_new_with_free_func(g_free);
	text->cautions = g_ptr_array_new_with_free_func(caution_free);
	return text;
}

void
mime_text_free(MimeText *text)
{
	if (text == NULL)
		return;
	g_ptr_array_unref(text->lines);
	g_ptr_array_unref(text->links);
	g_ptr_array_unref(text->cautions);
	g_free(text);
}

char *
mime_text_join(const MimeText *text, bool with_signature)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < text->lines->len; i++) {
		const TextLine *line = g_ptr_array_index(text->lines, i);

		if (!with_signature && strcmp(line->text, "-- ") == 0)
			break;
		g_string_append(out, line->text);
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

/* ---- parts ---- */

static bool render_part(MimeText *text, const Part *part, GBytes *encoded,
			const MimeRenderOptions *options, guint nested);

static bool
render_shown(MimeText *text, const MimeMessage *message, bool plain,
	     const MimeRenderOptions *options, guint nested)
{
	g_autoptr(GPtrArray) parts =
	    mime_shown_parts(mime_message_structure(message), plain, NULL);

	for (guint i = 0; i < parts->len; i++) {
		const Part *part = g_ptr_array_index(parts, i);
		g_autoptr(GBytes) bytes =
		    mime_message_section(message, part->section, NULL);

		if (bytes != NULL &&
		    !render_part(text, part, bytes, options, nested))
			return false;
	}
	return true;
}

static void
add_heading(MimeLines *lines, const char *name, const char *value)
{
	g_autoptr(MimeRun) run = mime_run_new();
	MimeWrap wrap = {.next = "    "};

	mime_run_append(run, name, strlen(name), TEXT_HEADING);
	mime_run_append(run, ":", 1, TEXT_HEADING);
	mime_run_append(run, " ", 1, TEXT_NORMAL);
	mime_run_append(run, value, strlen(value), TEXT_NORMAL);
	mime_run_finish(run);
	mime_lines_wrap(lines, run, &wrap);
}

/* Of a message in a message: the fields that say what it is. */
static void
add_short_header(MimeLines *lines, GBytes *bytes)
{
	static const char *const names[] = {"From", "Date", "To", "Cc",
					    "Subject"};
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	for (guint i = 0; data != NULL && i < G_N_ELEMENTS(names); i++) {
		g_autofree char *value = mime_header_get(data, len, names[i]);

		if (value != NULL)
			add_heading(lines, names[i], value);
	}
	mime_lines_blank(lines, 0);
}

static gsize
shown_length(const char *text, gsize max, bool *ret_cut)
{
	gsize len = strlen(text);

	if (len <= max)
		return len;
	*ret_cut = true;
	return (gsize)(g_utf8_find_prev_char(text, text + max) - text);
}

static void
render_text(MimeLines *lines, const Part *part, GBytes *encoded,
	    const Part *root)
{
	g_autofree char *text = mime_part_text(part, encoded);
	MimeText *to = lines->text;
	bool html = strcmp(part->type, "text/html") == 0;

	text[shown_length(text, html ? MIME_HTML_MAX : MIME_TEXT_MAX,
			  &to->is_cut)] = '\0';
	/* parts do not run into each other */
	mime_lines_blank(lines, 0);
	if (html) {
		to->is_html = true;
		mime_render_html(lines, text, strlen(text), root);
	} else {
		mime_render_plain(lines, text,
				  g_strcmp0(part->format, "flowed") == 0,
				  part->delsp);
	}
}

/* What was attached as a message and has no field is text. */
static bool
is_no_message(GBytes *bytes)
{
	gsize len;
	const char *p = g_bytes_get_data(bytes, &len);
	MimeField field;

	return len > 0 && *p != '\r' && *p != '\n' &&
	       !mime_field_next(&p, p + MIN(len, MIME_HEADER_MAX), &field);
}

static bool
render_message(MimeText *text, const Part *part, GBytes *encoded,
	       const MimeRenderOptions *options, guint nested)
{
	g_autoptr(GBytes) bytes = mime_part_decode(part, encoded);
	g_autoptr(MimeMessage) message = NULL;
	MimeRenderOptions inner = *options;
	MimeLines lines;

	message = mime_message_new(bytes, NULL);
	if (message == NULL || nested >= NESTED_MAX) {
		text->is_cut = true;
		return true;
	}
	inner.root = mime_message_structure(message);
	mime_lines_init(&lines, text, options);
	if (is_no_message(bytes)) {
		g_autoptr(Part) plain = part_new("", "text/plain");

		render_text(&lines, plain, bytes, NULL);
		mime_lines_clear(&lines);
		return !lines.cancelled;
	}
	add_short_header(&lines, bytes);
	mime_lines_clear(&lines);
	return render_shown(text, message, true, &inner, nested + 1);
}

static bool
render_part(MimeText *text, const Part *part, GBytes *encoded,
	    const MimeRenderOptions *options, guint nested)
{
	MimeLines lines;
	bool cancelled;

	if (strcmp(part->type, "message/rfc822") == 0)
		return render_message(text, part, encoded, options, nested);
	mime_lines_init(&lines, text, options);
	if (!mime_lines_stopped(&lines))
		render_text(&lines, part, encoded, options->root);
	(void)mime_lines_stopped(&lines);
	cancelled = lines.cancelled;
	mime_lines_clear(&lines);
	return !cancelled;
}

static void
set_cancelled(GError **error)
{
	g_set_error_literal(error, MIME_ERROR, MIME_ERROR_CANCELLED,
			    "cancelled");
}

bool
mime_render_part(MimeText *text, const Part *part, GBytes *encoded,
		 const MimeRenderOptions *options, GError **error)
{
	GUARD_NOT_ON_UI("mime_render_part");
	if (render_part(text, part, encoded, options, 0))
		return true;
	set_cancelled(error);
	return false;
}

MimeText *
mime_render_message(const MimeMessage *message, bool plain,
		    const MimeRenderOptions *options, GError **error)
{
	g_autoptr(MimeText) text = mime_text_new();
	MimeRenderOptions own = *options;

	own.root = mime_message_structure(message);
	if (!render_shown(text, message, plain, &own, 0)) {
		set_cancelled(error);
		return NULL;
	}
	text->is_cut |= mime_message_is_cut(message);
	return g_steal_pointer(&text);
}

/* ---- header and source ---- */

GPtrArray *
mime_render_headers(GBytes *block, guint width)
{
	g_autoptr(MimeText) text = mime_text_new();
	MimeRenderOptions options = {.width = width};
	gsize len;
	const char *p = g_bytes_get_data(block, &len), *end = p;
	MimeField field;
	MimeLines lines;

	GUARD_NOT_ON_UI("mime_render_headers");
	mime_lines_init(&lines, text, &options);
	if (p != NULL)
		end = p + MIN(len, MIME_HEADER_MAX);
	while (p != NULL && !mime_lines_stopped(&lines) &&
	       mime_field_next(&p, end, &field)) {
		g_autofree char *name = g_strndup(field.name, field.name_len);
		g_autofree char *value =
		    mime_field_decode(field.value, field.value_len);

		add_heading(&lines, name, value);
	}
	mime_lines_clear(&lines);
	return g_ptr_array_ref(text->lines);
}

GPtrArray *
mime_render_source(GBytes *bytes, const MimeRenderOptions *options,
		   GError **error)
{
	g_autoptr(MimeText) text = mime_text_new();
	g_autoptr(MimeRun) run = mime_run_new();
	MimeWrap wrap = {.hard = true};
	gsize len;
	const char *p = g_bytes_get_data(bytes, &len);
	const char *end = p == NULL ? p : p + len;
	MimeLines lines;
	bool cancelled;

	GUARD_NOT_ON_UI("mime_render_source");
	mime_lines_init(&lines, text, options);
	while (p < end && !mime_lines_stopped(&lines)) {
		const char *found = memchr(p, '\n', (gsize)(end - p));
		const char *stop = found == NULL ? end : found;
		gsize n = (gsize)(stop - p);

		if (n > 0 && p[n - 1] == '\r')
			n--;
		mime_run_clear(run);
		mime_run_append(run, p, n, TEXT_NORMAL);
		mime_run_finish(run);
		mime_lines_wrap(&lines, run, &wrap);
		p = found == NULL ? end : found + 1;
	}
	cancelled = lines.cancelled;
	mime_lines_clear(&lines);
	if (cancelled) {
		set_cancelled(error);
		return NULL;
	}
	return g_ptr_array_ref(text->lines);
}
