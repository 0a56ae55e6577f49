/* mime-shown.c - which parts of a message are its text (RFC 2046 section 5.1,
 * RFC 8621 section 4.1.4) */
#include <string.h>

#include "mime-render.h"

typedef struct {
	bool plain;
	bool has_other;
} Choice;

static bool
is_text(const Part *part)
{
	return g_str_has_prefix(part->type, "text/") &&
	       part->children->len == 0;
}

static void
take_from(GPtrArray *list, GPtrArray *taken)
{
	for (guint i = 0; i < taken->len; i++)
		g_ptr_array_add(list, g_ptr_array_index(taken, i));
}

static bool
has_type(const GPtrArray *list, const char *type)
{
	for (guint i = 0; i < list->len; i++)
		if (strcmp(((Part *)g_ptr_array_index(list, i))->type, type) ==
		    0)
			return true;
	return false;
}

static void collect(Choice *choice, const Part *part, GPtrArray *list);

/* The best form: the wanted one, else the last that can be shown. */
static void
collect_alternative(Choice *choice, const Part *part, GPtrArray *list)
{
	const char *wanted = choice->plain ? "text/plain" : "text/html";
	g_autoptr(GPtrArray) best = NULL;
	bool plain = false, html = false, found = false;

	for (guint i = 0; i < part->children->len; i++) {
		g_autoptr(GPtrArray) form = g_ptr_array_new();
		bool is_html, is_wanted;

		collect(choice, g_ptr_array_index(part->children, i), form);
		if (form->len == 0)
			continue;
		is_html = has_type(form, "text/html");
		html |= is_html;
		plain |= !is_html && has_type(form, "text/plain");
		/* what holds HTML and plain text side by side is HTML */
		is_wanted =
		    has_type(form, wanted) && !(choice->plain && is_html);
		if (found && !is_wanted)
			continue;
		/* calendars and the like only where nothing else is */
		if (best != NULL && !is_wanted && !is_html &&
		    !has_type(form, "text/plain"))
			continue;
		found = is_wanted;
		g_clear_pointer(&best, g_ptr_array_unref);
		best = g_steal_pointer(&form);
	}
	choice->has_other |= plain && html;
	if (best != NULL)
		take_from(list, best);
}

/* Depth is at most PART_DEPTH_MAX. */
static void
collect(Choice *choice, const Part *part, GPtrArray *list)
{
	if (is_text(part)) {
		if (!part_is_attachment(part))
			g_ptr_array_add(list, (gpointer)part);
		return;
	}
	if (!part_is_multipart(part))
		return;
	if (strcmp(part->type, "multipart/alternative") == 0) {
		collect_alternative(choice, part, list);
		return;
	}
	for (guint i = 0; i < part->children->len; i++) {
		collect(choice, g_ptr_array_index(part->children, i), list);
		/* the others are what the first one refers to (RFC 2387) */
		if (list->len > 0 &&
		    strcmp(part->type, "multipart/related") == 0)
			break;
	}
}

typedef struct {
	const Part *text;
	const Part *message;
} Fallback;

static bool
find_fallback(const Part *part, guint depth, gpointer user)
{
	Fallback *fallback = user;

	(void)depth;
	if (strcmp(part->type, "message/rfc822") == 0) {
		/* what follows may belong to it */
		if (fallback->message == NULL)
			fallback->message = part;
		return false;
	}
	if (fallback->text == NULL && is_text(part) &&
	    g_strcmp0(part->disposition, "attachment") != 0)
		fallback->text = part;
	return fallback->text == NULL;
}

GPtrArray *
mime_shown_parts(const Part *root, bool plain, bool *ret_has_other)
{
	GPtrArray *list = g_ptr_array_new();
	Choice choice = {.plain = plain};

	collect(&choice, root, list);
	if (list->len == 0) {
		Fallback fallback = {0};

		/* a text with a file name, else a message in the message */
		part_walk(root, find_fallback, &fallback);
		if (fallback.text != NULL)
			g_ptr_array_add(list, (gpointer)fallback.text);
		else if (fallback.message != NULL)
			g_ptr_array_add(list, (gpointer)fallback.message);
	}
	if (ret_has_other != NULL)
		*ret_has_other = choice.has_other;
	return list;
}
