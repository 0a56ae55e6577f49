/* controller-read-shown.c - a message rendered on the reader thread, from what
 * is kept */
#include "controller-read-shown.h"

#include <string.h>

#include "model-text.h"

void
read_shown_clear(ReadShown *shown)
{
	g_clear_pointer(&shown->whole, g_bytes_unref);
	g_clear_pointer(&shown->header, g_bytes_unref);
	g_clear_pointer(&shown->structure, part_free);
	g_clear_pointer(&shown->text, mime_text_free);
	g_clear_pointer(&shown->section, g_free);
}

Part *
read_part_copy(const Part *root)
{
	g_autofree char *text = part_to_text(root);

	return part_from_text(text);
}

/* ---- which parts ---- */

static bool
is_readable(const Part *part)
{
	return g_str_has_prefix(part->type, "text/") ||
	       g_str_equal(part->type, "message/rfc822");
}

/* Returns: (transfer container) (nullable): %NULL with @error */
static GPtrArray *
parts_to_show(const Part *root, const ReadOptions *options, bool *ret_has_other,
	      GError **error)
{
	const Part *part = root;
	g_autoptr(GPtrArray) parts = NULL;

	*ret_has_other = false;
	if (options->section == NULL)
		return mime_shown_parts(root, options->plain, ret_has_other);
	part = part_find(root, options->section);
	if (part == NULL) {
		g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_NOT_FOUND,
			    "the message has no part %s", options->section);
		return NULL;
	}
	if (part_is_multipart(part))
		return mime_shown_parts(part, options->plain, ret_has_other);
	parts = g_ptr_array_new();
	if (is_readable(part)) {
		g_ptr_array_add(parts, (gpointer)part);
		return g_steal_pointer(&parts);
	}
	g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE,
		    "part %s is no text (%s)", options->section, part->type);
	return NULL;
}

/* ---- rendering ---- */

/* Gives the encoded bytes of a part, or NULL. */
typedef GBytes *(*PartBytes)(gpointer source, const Part *part);

static GBytes *
from_message(gpointer source, const Part *part)
{
	return mime_message_section(source, part->section, NULL);
}

static GBytes *
from_view(gpointer source, const Part *part)
{
	return fetch_kept(source, part->section);
}

static bool
render(FetchView *view, const GPtrArray *parts, PartBytes bytes,
       gpointer source, const ReadOptions *options, ReadShown *shown,
       GError **error)
{
	const MimeRenderOptions render = {
	    .width = options->width,
	    .root = shown->structure,
	    .cancel = fetch_cancelled(view),
	};

	shown->text = mime_text_new();
	for (guint i = 0; i < parts->len; i++) {
		const Part *part = g_ptr_array_index(parts, i);
		g_autoptr(GBytes) encoded = bytes(source, part);

		if (i == 0)
			shown->section = g_strdup(part->section);
		if (encoded != NULL &&
		    !mime_render_part(shown->text, part, encoded, &render,
				      error))
			return false;
	}
	if (shown->section == NULL)
		shown->section = g_strdup("");
	return true;
}

static bool
show_whole(FetchView *view, const ReadOptions *options, ReadShown *shown,
	   GError **error)
{
	g_autoptr(MimeMessage) message = mime_message_new(shown->whole, error);
	g_autoptr(GPtrArray) parts = NULL;

	if (message == NULL)
		return false;
	shown->header = mime_message_section(message, "HEADER", NULL);
	shown->structure = read_part_copy(mime_message_structure(message));
	if (shown->structure == NULL || options->headers == 2)
		return true;
	parts =
	    parts_to_show(shown->structure, options, &shown->has_other, error);
	return parts != NULL && render(view, parts, from_message, message,
				       options, shown, error);
}

/* Asks for the first part that is missing. Returns: nothing is */
static bool
have_parts(FetchView *view, const GPtrArray *parts, bool ask)
{
	bool all = true;
	g_autoptr(GBytes) header = ask ? fetch_section(view, "HEADER", -1)
				       : fetch_kept(view, "HEADER");

	all = header != NULL;
	for (guint i = 0; all && i < parts->len; i++) {
		const Part *part = g_ptr_array_index(parts, i);
		g_autoptr(GBytes) bytes =
		    ask ? fetch_section(view, part->section, part->size)
			: fetch_kept(view, part->section);

		all = bytes != NULL;
	}
	return all;
}

/* Returns: as a #FetchWork; @ask: what is missing is fetched */
static bool
show_parts(FetchView *view, const ReadOptions *options, bool ask,
	   ReadShown *shown, GError **error)
{
	g_autoptr(GPtrArray) parts =
	    parts_to_show(shown->structure, options, &shown->has_other, error);

	if (parts == NULL || !have_parts(view, parts, ask))
		return false;
	shown->header = fetch_kept(view, "HEADER");
	return render(view, parts, from_view, view, options, shown, error);
}

/*
 * What is not kept: a small message is fetched whole, of a large one what is
 * shown. The structure comes first, it also tells whether there are
 * attachments.
 */
static bool
show_fetched(FetchView *view, const ReadOptions *options, const MessageRow *row,
	     ReadShown *shown, GError **error)
{
	bool small = row->size <= READ_WHOLE_MAX;
	bool ask = small ? row->attachments == MESSAGE_ATTACHMENTS_UNKNOWN ||
			       row->attachments == MESSAGE_ATTACHMENTS_MAYBE
			 : options->headers != 2;
	GError *failure = NULL;
	bool done;

	shown->structure = fetch_structure(view, ask);
	if (shown->structure == NULL && ask && !fetch_asked_structure(view))
		return false;
	if (shown->structure != NULL && options->headers != 2) {
		done = show_parts(view, options, !small, shown, &failure);
		if (done || failure != NULL || !small) {
			if (failure != NULL)
				g_propagate_error(error, failure);
			return done;
		}
	}
	g_clear_pointer(&shown->structure, part_free);
	shown->whole = fetch_section(view, "", row->size);
	return shown->whole != NULL && show_whole(view, options, shown, error);
}

bool
read_shown(FetchView *view, const ReadOptions *options, ReadShown *ret_shown,
	   GError **error)
{
	g_autoptr(MessageRow) row =
	    store_reader_row(fetch_store(view), fetch_id(view), error);

	*ret_shown = (ReadShown){0};
	if (row == NULL)
		return false;
	ret_shown->whole = fetch_kept(view, "");
	if (ret_shown->whole != NULL &&
	    g_bytes_get_size(ret_shown->whole) <= MIME_MESSAGE_MAX)
		return show_whole(view, options, ret_shown, error);
	return show_fetched(view, options, row, ret_shown, error);
}

/* ---- quotes ---- */

static bool
is_quote(const TextLine *line)
{
	const TextSpan *span;

	if (line->spans == NULL || line->spans->len == 0)
		return false;
	span = &g_array_index(line->spans, TextSpan, 0);
	return span->start == 0 && span->style >= TEXT_QUOTE1 &&
	       span->style <= TEXT_QUOTE3;
}

static TextLine *
fold_line(guint count)
{
	char *text = g_strdup_printf("%u", count);
	TextLine *line = text_line_new(text);

	text_line_add_span(line, 0, (guint)strlen(text), TEXT_NOTE);
	return line;
}

static void
move_line(GPtrArray *to, GPtrArray *from, guint index)
{
	g_ptr_array_add(to, g_steal_pointer(&from->pdata[index]));
}

GPtrArray *
read_fold_quotes(GPtrArray *lines)
{
	GPtrArray *folded = text_line_list_new();

	for (guint at = 0; at < lines->len;) {
		guint end = at;

		while (end < lines->len &&
		       is_quote(g_ptr_array_index(lines, end)))
			end++;
		if (end - at > READ_FOLD_AFTER)
			g_ptr_array_add(folded, fold_line(end - at));
		else
			for (end = MAX(end, at + 1); at < end; at++)
				move_line(folded, lines, at);
		at = end;
	}
	g_ptr_array_unref(lines);
	return folded;
}
