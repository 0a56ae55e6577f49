/* ui-help.c - the keys of a place */
#include "ui-help.h"

#include <string.h>

#include "base-text.h"
#include "model-text.h"
#include "ui-i18n.h"
#include "ui-page.h"

/* cells of the keys' column */
#define KEYS_WIDTH 13u
/* from here on two columns */
#define WIDE 76

static const char *
place_name(UiPlace place)
{
	switch (place) {
	case UI_PLACE_LIST:
		return _("Message list");
	case UI_PLACE_MAILBOXES:
		return _("Mailboxes");
	case UI_PLACE_READER:
		return _("Reader");
	case UI_PLACE_PARTS:
		return _("Parts of a message");
	case UI_PLACE_REVIEW:
		return _("Draft");
	case UI_PLACE_CONFLICT:
		return _("Two versions of a draft");
	case UI_PLACE_WAITING:
		return _("Waiting changes");
	case UI_PLACE_DONE:
		return _("Done");
	case UI_PLACE_LOG:
		return _("Messages");
	case UI_PLACE_HELP:
		return _("Help");
	case UI_PLACE_CERTIFICATE:
		return _("Certificate");
	case UI_PLACE_WIZARD:
		return _("First account");
	case UI_PLACE_PLAN:
		return _("Plan");
	case UI_N_PLACES:
		break;
	}
	return "";
}

/**
 * Entry: one action with all its keys in a place, or a heading
 * @heading: (nullable): then there are no keys
 */
typedef struct {
	UiAction action;
	GString *keys;
	const char *heading;
} Entry;

static const char *
group_name(UiGroup group)
{
	switch (group) {
	case UI_GROUP_MOVE:
		/* TRANSLATORS: heads of groups of keys */
		return C_("keys", "Move");
	case UI_GROUP_HERE:
		return _("Here");
	case UI_GROUP_MESSAGES:
		return _("Act on the message or the tagged");
	default:
		return _("Everywhere");
	}
}

static void
entry_clear(gpointer data)
{
	g_string_free(((Entry *)data)->keys, TRUE);
}

static void
add_heading_entry(GArray *entries, const char *heading)
{
	Entry entry = {UI_ACTION_NONE, g_string_new(NULL), heading};

	g_array_append_val(entries, entry);
}

/* @from: where the group begins: an action may stand in several */
static Entry *
find_entry(GArray *entries, guint from, UiAction action)
{
	for (guint i = from; i < entries->len; i++) {
		Entry *entry = &g_array_index(entries, Entry, i);

		if (entry->action == action)
			return entry;
	}
	return NULL;
}

static void
add_group(Ui *ui, GArray *entries, UiPlace place, UiGroup group)
{
	const char *enter = ui_sign(ui_term(ui), UI_SIGN_ENTER);
	guint from = entries->len;
	UiAction action;
	UiKey key;

	for (guint n = 0; ui_action_table(place, n, &key, &action); n++) {
		g_autofree char *name = NULL;
		Entry *known;

		/* what a nearer table has taken is not told twice */
		if (ui_action_group(place, n) != group ||
		    ui_action_for_key(place, key) != action)
			continue;
		if (entries->len == from) {
			if (from > 0)
				add_heading_entry(entries, "");
			add_heading_entry(entries, group_name(group));
		}
		name = ui_key_name(key, enter);
		known = find_entry(entries, from, action);
		if (known != NULL) {
			g_string_append_printf(known->keys, " %s", name);
		} else {
			Entry entry = {action, g_string_new(name), NULL};

			g_array_append_val(entries, entry);
		}
	}
}

static GArray *
entries_of(Ui *ui, UiPlace place)
{
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));

	g_array_set_clear_func(entries, entry_clear);
	for (guint group = 0; group < UI_N_GROUPS; group++)
		add_group(ui, entries, place, group);
	return entries;
}

static void
add_cell(GString *text, TextLine *line, const Entry *entry, guint width)
{
	g_autofree char *keys = text_pad(entry->keys->str, KEYS_WIDTH);
	guint room = width - KEYS_WIDTH - 4;
	g_autofree char *heading = NULL;
	const char *full = ui_action_summary(entry->action);
	/* a whole word tells more than half a sentence */
	const char *fits =
	    text_width(full, -1) <= room ? full : ui_action_word(entry->action);
	g_autofree char *summary = text_pad(fits, room + 1);

	if (entry->heading != NULL) {
		heading = text_pad(entry->heading, width);
		text_line_add_span(line, (guint)text->len,
				   (guint)strlen(entry->heading), TEXT_HEADING);
		g_string_append(text, heading);
		return;
	}
	g_string_append(text, "  ");
	text_line_add_span(line, (guint)text->len, (guint)strlen(keys),
			   TEXT_LINK);
	g_string_append_printf(text, "%s %s", keys, summary);
}

static void
add_heading(GPtrArray *lines, const char *text)
{
	TextLine *line = text_line_new(g_strdup(text));

	text_line_add_span(line, 0, (guint)strlen(text), TEXT_HEADING);
	g_ptr_array_add(lines, line);
	g_ptr_array_add(lines, text_line_new(g_strdup("")));
}

static GPtrArray *
fill(Ui *ui, int columns, gpointer user)
{
	UiPlace place = (UiPlace)GPOINTER_TO_INT(user);
	g_autoptr(GArray) entries = entries_of(ui, place);
	GPtrArray *lines = text_line_list_new();
	guint n_columns = columns >= WIDE ? 2 : 1;
	guint width = (guint)MAX(columns / (int)n_columns, 20);
	guint rows = (entries->len + n_columns - 1) / n_columns;

	add_heading(lines, place_name(place));
	for (guint i = 0; i < rows; i++) {
		GString *text = g_string_new(NULL);
		TextLine *line = text_line_new(NULL);

		for (guint k = 0; k < n_columns; k++)
			if (i + k * rows < entries->len)
				add_cell(text, line,
					 &g_array_index(entries, Entry,
							i + k * rows),
					 width);
		line->text = g_string_free(text, FALSE);
		g_strchomp(line->text);
		g_ptr_array_add(lines, line);
	}
	return lines;
}

void
ui_help_open(Ui *ui, UiPlace place)
{
	ui_push(ui, ui_page_new(ui, _("Help"), place_name(place), fill,
				GINT_TO_POINTER((gint)place), NULL));
}
