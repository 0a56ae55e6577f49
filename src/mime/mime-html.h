/* mime-html.h - the state of a text that HTML is laid out to */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "mime-lines.h"

/** HtmlTag: what an element means for the layout */
typedef enum {
	TAG_OTHER,
	TAG_A,
	TAG_BLOCK,
	TAG_BR,
	TAG_CELL,
	TAG_DD,
	TAG_HEADER_CELL,
	TAG_HEADING,
	TAG_HIDDEN,
	TAG_HR,
	TAG_IMG,
	TAG_LI,
	TAG_OL,
	TAG_PARAGRAPH,
	TAG_PRE,
	TAG_QUOTE,
	TAG_ROW,
	TAG_TABLE,
	TAG_UL,
} HtmlTag;

typedef struct HtmlTable HtmlTable;

/**
 * Html: one paragraph is gathered in @run and written where a block ends; in a
 * cell of a table that is still gathered, @run is the cell's
 * @blank: an empty line is due before the next paragraph
 * @space: a blank is due before the next word, in the style of its own place
 * @bullet: before the next paragraph; empty if it was written
 */
typedef struct {
	MimeLines *lines;
	const Part *root;
	MimeRun *run;
	bool space;
	TextStyle space_style;
	bool blank;
	bool pre;
	bool pre_begins; /* its first line end is none */
	guint quote;
	guint last_quote;
	guint indent;
	char bullet[16];
	TextStyle style;
	GString *link_text;
	char *href;
	HtmlTable *table; /* innermost */
	guint n_tables;
	guint n_lookups; /* of pictures by Content-ID */
} Html;

/* ---- mime-html-layout.c ---- */

/** html_break: a block begins or ends here; @blank: with an empty line */
void html_break(Html *html, bool blank);
/** html_line_break: br */
void html_line_break(Html *html);
void html_text(Html *html, const char *text, gsize len);
/** html_mark: by us: never broken, " " before it where text stands before */
void html_mark(Html *html, const char *text, TextStyle style);
/** html_write: a finished run as a paragraph */
void html_write(Html *html, const MimeRun *run, bool hard);
bool html_run_is_empty(const MimeRun *run);
/** html_rule: hr */
void html_rule(Html *html);
guint html_room(const Html *html);

/* ---- mime-html-table.c ---- */

void html_table_begin(Html *html);
void html_table_end(Html *html);
void html_row_begin(Html *html);
void html_cell_begin(Html *html, bool header, guint span);
void html_cell_end(Html *html);
/** html_table_break: a block ends within a cell: more text after it, and the
 * table is no table of data */
void html_table_break(Html *html);
/** html_table_give_up: lays out what was gathered, cell by cell, and goes on
 * like that */
void html_table_give_up(Html *html);
/** html_table_text: text is about to be added */
void html_table_text(Html *html);
/** html_tables_free: those that never ended */
void html_tables_free(Html *html);
/** html_in_cell: text goes to a cell that is gathered */
bool html_in_cell(const Html *html);

/* ---- mime-html-tag.c ---- */

/** html_tag: @name: in lower case */
HtmlTag html_tag(const char *name);
/** html_tame: shortens tags that have hundreds of attributes: libxml2 compares
 * each with all others */
void html_tame(char *html, gsize len);
