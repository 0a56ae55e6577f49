/* ui-read-private.h - shared by the files of the reader and the preview */
#pragma once

#include "ui-private.h"
#include "ui-read.h"

/**
 * ReadLine: one line as drawn
 * @label: (nullable): (translated): name of a header
 * @text: (nullable): else @line
 * @right: (nullable): right-aligned
 * @line: (nullable): of the message's text, not owned
 */
typedef struct {
	const char *label;
	char *text;
	char *right;
	guint role;
	guint right_role;
	const TextLine *line;
} ReadLine;

/** ReadLayout: what the lines are made for
 * @preview: the short heads of the preview */
typedef struct {
	Account *account;
	int columns;
	bool preview;
} ReadLayout;

/** ui_read_lines: (transfer full): array of #ReadLine */
GPtrArray *ui_read_lines(Ui *ui, const MessageText *text,
			 const ReadLayout *layout);
/** ui_read_line_draw: @match: (nullable): folded text to be marked */
void ui_read_line_draw(UiTerm *term, UiRect rect, const ReadLine *line,
		       const char *match);
/** ui_read_attachments: (transfer container): of Part */
GPtrArray *ui_read_attachments(const MessageText *text);
/** ui_read_part_kind: (transfer full): "PDF document" */
char *ui_read_part_kind(const Part *part);

/**
 * UiRead:
 * @lines: of ReadLine, as laid out; @top: the first in sight
 * @number: digits of a link, "" for none
 * @find: (nullable): folded text
 * @section: (nullable): the part shown instead of the text
 * @wanted: what was asked for before the parts were known
 * @leaving: the message goes away by a command of the user's
 */
typedef struct {
	UiView view;
	MessageList *list;
	Account *account;
	gint64 id;
	MessageText *text;
	ReadOptions options;
	GPtrArray *lines;
	int top;
	int rows;
	int columns;
	GString *number;
	char *find;
	char *section;
	UiAction wanted;
	bool marked;
	bool leaving;
} UiRead;

/** ui_read_load: the selected row of the list, from its beginning */
void ui_read_load(UiRead *self, gint64 id);
/** ui_read_reload: with other options, or after another had the text */
void ui_read_reload(UiRead *self);
/** ui_read_has_parts: else @action is done once they are known */
bool ui_read_has_parts(UiRead *self, UiAction action);
void ui_read_scroll_to(UiRead *self, int top);

/* ---- ui-read-act.c ---- */

bool ui_read_link_key(UiRead *self, UiKey key);
/** ui_read_link: the address of link @number, NULL: there is none */
const char *ui_read_link(const UiRead *self, guint number);
char *ui_read_link_hint(const UiRead *self);
void ui_read_ask_link(UiRead *self, const char *argument);
void ui_read_save(UiRead *self, bool all, const char *argument);
void ui_read_find(UiRead *self, const char *argument);
void ui_read_find_again(UiRead *self, int direction);
/** ui_read_by_list: what the list does with its selection; Returns: %false:
 * none of these */
bool ui_read_by_list(UiRead *self, UiAction action);
