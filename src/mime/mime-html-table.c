/* mime-html-table.c - tables: those of data in columns, those of layout cell by
 * cell */
#include <string.h>

#include "base-text.h"
#include "mime-html.h"

#define COLUMNS_MAX 30u
#define CELLS_MAX 20000u
#define TABLES_MAX 200u
#define GAP 2u
#define NARROW 8u

typedef struct {
	MimeRun *run;
	bool header;
} Cell;

/*
 * Whether it is data shows only at its end: rows are gathered until something
 * comes that no column holds (a table, a second paragraph).
 */
struct HtmlTable {
	HtmlTable *outer;
	GPtrArray *rows; /* of GArray of Cell */
	guint n_cells;
	bool gave_up;
	bool in_cell;
	bool broken; /* a block ended in this cell */
	MimeRun *outside;
};

static void
cell_clear(gpointer data)
{
	mime_run_free(((Cell *)data)->run);
}

static GArray *
row_new(void)
{
	GArray *row = g_array_new(FALSE, FALSE, sizeof(Cell));

	g_array_set_clear_func(row, cell_clear);
	return row;
}

bool
html_in_cell(const Html *html)
{
	return html->table != NULL && html->table->in_cell;
}

static GArray *
last_row(HtmlTable *table)
{
	if (table->rows->len == 0)
		g_ptr_array_add(table->rows, row_new());
	return g_ptr_array_index(table->rows, table->rows->len - 1);
}

/* ---- gathering ---- */

void
html_cell_end(Html *html)
{
	HtmlTable *table = html->table;
	Cell *cell;
	GArray *row;

	if (table == NULL || !table->in_cell) {
		html_break(html, false);
		return;
	}
	row = last_row(table);
	cell = &g_array_index(row, Cell, row->len - 1);
	mime_run_finish(html->run);
	cell->run = html->run;
	html->run = g_steal_pointer(&table->outside);
	html->space = false;
	table->in_cell = table->broken = false;
}

static void
write_cells(Html *html, HtmlTable *table)
{
	for (guint i = 0; i < table->rows->len; i++) {
		GArray *row = g_ptr_array_index(table->rows, i);

		for (guint j = 0; j < row->len; j++) {
			const Cell *cell = &g_array_index(row, Cell, j);

			if (cell->run != NULL && !html_run_is_empty(cell->run))
				html_write(html, cell->run, false);
		}
	}
	g_ptr_array_set_size(table->rows, 0);
}

void
html_table_give_up(Html *html)
{
	HtmlTable *table = html->table;
	g_autoptr(MimeRun) current = NULL;
	bool space = html->space;

	if (table == NULL || table->gave_up)
		return;
	table->gave_up = true;
	if (table->in_cell) {
		GArray *row = last_row(table);

		/* what this cell has so far goes on as a paragraph */
		current = html->run;
		g_array_set_size(row, row->len - 1);
		html->run = g_steal_pointer(&table->outside);
		table->in_cell = false;
	}
	write_cells(html, table);
	if (current == NULL)
		return;
	mime_run_free(html->run);
	html->run = g_steal_pointer(&current);
	html->space = space;
	if (table->broken)
		html_break(html, false);
}

void
html_table_begin(Html *html)
{
	HtmlTable *table;

	if (html->table != NULL)
		html_table_give_up(html);
	html_break(html, false);
	table = g_new0(HtmlTable, 1);
	table->rows =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	table->outer = html->table;
	table->gave_up = ++html->n_tables > TABLES_MAX || html->pre;
	html->table = table;
}

void
html_row_begin(Html *html)
{
	HtmlTable *table = html->table;

	if (table == NULL || table->gave_up) {
		html_break(html, false);
		return;
	}
	if (table->in_cell)
		html_cell_end(html);
	g_ptr_array_add(table->rows, row_new());
}

void
html_cell_begin(Html *html, bool header, guint span)
{
	HtmlTable *table = html->table;
	Cell cell = {.header = header};
	GArray *row;

	if (table == NULL || table->gave_up) {
		html_break(html, false);
		return;
	}
	if (table->in_cell)
		html_cell_end(html);
	row = last_row(table);
	if (table->n_cells + span > CELLS_MAX ||
	    row->len + span > COLUMNS_MAX) {
		html_table_give_up(html);
		return;
	}
	/* the text is in the last of the columns that it goes over */
	for (guint i = 0; i < span; i++)
		g_array_append_val(row, cell);
	table->n_cells += span;
	table->outside = html->run;
	html->run = mime_run_new();
	html->space = false;
	table->in_cell = true;
	table->broken = false;
}

void
html_table_break(Html *html)
{
	html->table->broken =
	    html->run->text->len > 0 || html->run->pending->len > 0;
	html->space = true;
}

void
html_table_text(Html *html)
{
	if (html_in_cell(html) && html->table->broken) {
		html_table_give_up(html);
		html->space = false;
	}
}

/* ---- layout ---- */

typedef struct {
	guint width;
	bool used;
	bool number;
} Column;

static bool
is_number(const char *text)
{
	bool digit = false;

	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (g_unichar_isdigit(c))
			digit = true;
		else if (c >= 0x80 ? g_unichar_isalpha(c)
				   : strchr(" .,-+%$()", (int)c) == NULL)
			return false;
	}
	return digit;
}

static guint
measure(const HtmlTable *table, Column *columns, guint *ret_rows)
{
	guint n = 0;

	*ret_rows = 0;
	for (guint i = 0; i < COLUMNS_MAX; i++)
		columns[i] = (Column){.number = true};
	for (guint i = 0; i < table->rows->len; i++) {
		const GArray *row = g_ptr_array_index(table->rows, i);
		bool used = false;

		for (guint j = 0; j < row->len; j++) {
			const Cell *cell = &g_array_index(row, Cell, j);
			Column *column = &columns[j];

			if (cell->run == NULL || html_run_is_empty(cell->run))
				continue;
			used = column->used = true;
			column->width =
			    MAX(column->width,
				text_width(cell->run->text->str, -1));
			column->number &=
			    cell->header || is_number(cell->run->text->str);
		}
		*ret_rows += used;
	}
	for (guint i = 0; i < COLUMNS_MAX; i++)
		n += columns[i].used;
	return n;
}

static guint
total_width(const Column *columns)
{
	guint total = 0;

	for (guint i = 0; i < COLUMNS_MAX; i++)
		if (columns[i].used)
			total += columns[i].width + (total > 0 ? GAP : 0);
	return total;
}

/* Takes from the widest until all fit. Returns: %false if they cannot */
static bool
shrink(Column *columns, guint room)
{
	guint total;

	while ((total = total_width(columns)) > room) {
		Column *widest = &columns[0];
		guint second = 0, less;

		for (guint i = 1; i < COLUMNS_MAX; i++)
			if (columns[i].used && columns[i].width > widest->width)
				widest = &columns[i];
		for (guint i = 0; i < COLUMNS_MAX; i++)
			if (&columns[i] != widest && columns[i].used)
				second = MAX(second, columns[i].width);
		if (widest->width <= NARROW)
			return false;
		/* down to the next one at once, or as much as is needed */
		less = MAX(widest->width - second, 1);
		less = MIN(less, total - room);
		widest->width -= MIN(less, widest->width - NARROW);
	}
	return true;
}

static MimeText *
wrap_cell(const Html *html, const Cell *cell, guint width)
{
	MimeText *text = mime_text_new();
	MimeLines lines = {
	    .text = text, .width = width, .cancel = html->lines->cancel};
	MimeWrap wrap = {0};

	if (cell->run != NULL)
		mime_lines_wrap(&lines, cell->run, &wrap);
	return text;
}

static void
add_blanks(MimeRun *run, guint n)
{
	while (n-- > 0)
		g_string_append_c(run->text, ' ');
}

static void
add_cell_line(MimeRun *run, const TextLine *line, const Column *column,
	      bool right)
{
	guint width = line == NULL ? 0 : text_width(line->text, -1);
	guint pad = column->width > width ? column->width - width : 0;
	gsize start;

	if (right)
		add_blanks(run, pad);
	start = run->text->len;
	if (line != NULL)
		g_string_append(run->text, line->text);
	for (guint i = 0;
	     line != NULL && line->spans != NULL && i < line->spans->len; i++) {
		const TextSpan *span = &g_array_index(line->spans, TextSpan, i);

		mime_run_mark(run, start + span->start, span->len, span->style);
	}
	if (!right)
		add_blanks(run, pad);
}

static void
write_row(Html *html, const GArray *row, const Column *columns)
{
	MimeText *cells[COLUMNS_MAX] = {NULL};
	g_autoptr(MimeRun) run = mime_run_new();
	guint height = 0;

	for (guint i = 0; i < row->len; i++) {
		if (!columns[i].used)
			continue;
		cells[i] = wrap_cell(html, &g_array_index(row, Cell, i),
				     columns[i].width);
		height = MAX(height, cells[i]->lines->len);
	}
	for (guint y = 0; y < height; y++) {
		bool any = false;

		mime_run_clear(run);
		for (guint i = 0; i < row->len; i++) {
			const Cell *cell = &g_array_index(row, Cell, i);
			bool has = cells[i] != NULL && y < cells[i]->lines->len;

			if (!columns[i].used)
				continue;
			add_blanks(run, any ? GAP : 0);
			any = true;
			add_cell_line(
			    run,
			    has ? g_ptr_array_index(cells[i]->lines, y) : NULL,
			    &columns[i], columns[i].number && !cell->header);
		}
		html_write(html, run, true);
	}
	for (guint i = 0; i < row->len; i++)
		mime_text_free(cells[i]);
}

static void
write_rule(Html *html, const Column *columns)
{
	g_autoptr(MimeRun) run = mime_run_new();

	for (guint i = 0; i < COLUMNS_MAX; i++) {
		if (!columns[i].used)
			continue;
		add_blanks(run, run->text->len > 0 ? GAP : 0);
		for (guint j = 0; j < columns[i].width; j++)
			g_string_append_c(run->text, '-');
	}
	html_write(html, run, true);
}

static bool
is_header_row(const GArray *row)
{
	bool header = row->len > 0;

	for (guint i = 0; i < row->len; i++)
		header &= g_array_index(row, Cell, i).header;
	return header;
}

static bool
is_empty_row(const GArray *row)
{
	for (guint i = 0; i < row->len; i++) {
		const Cell *cell = &g_array_index(row, Cell, i);

		if (cell->run != NULL && !html_run_is_empty(cell->run))
			return false;
	}
	return true;
}

static void
write_columns(Html *html, const HtmlTable *table, const Column *columns)
{
	for (guint i = 0; i < table->rows->len; i++) {
		const GArray *row = g_ptr_array_index(table->rows, i);

		if (mime_lines_stopped(html->lines))
			return;
		if (is_empty_row(row))
			continue;
		write_row(html, row, columns);
		if (i == 0 && is_header_row(row))
			write_rule(html, columns);
	}
}

/* Rows that no columns fit: one paragraph each. */
static void
write_joined(Html *html, const HtmlTable *table)
{
	for (guint i = 0; i < table->rows->len; i++) {
		const GArray *row = g_ptr_array_index(table->rows, i);
		g_autoptr(MimeRun) run = mime_run_new();

		for (guint j = 0; j < row->len; j++) {
			const Cell *cell = &g_array_index(row, Cell, j);

			if (cell->run == NULL || html_run_is_empty(cell->run))
				continue;
			add_blanks(run, run->text->len > 0 ? GAP : 0);
			mime_run_add(run, cell->run);
		}
		if (!html_run_is_empty(run))
			html_write(html, run, false);
	}
}

static void
table_free(HtmlTable *table)
{
	g_ptr_array_unref(table->rows);
	mime_run_free(table->outside);
	g_free(table);
}

void
html_table_end(Html *html)
{
	HtmlTable *table = html->table;
	Column columns[COLUMNS_MAX];
	guint n, rows;

	if (table == NULL)
		return;
	if (table->in_cell)
		html_cell_end(html);
	if (!table->gave_up) {
		html_break(html, false);
		n = measure(table, columns, &rows);
		if (n > 1 && rows > 1 && shrink(columns, html_room(html))) {
			html->blank = true;
			write_columns(html, table, columns);
			html->blank = true;
		} else {
			write_joined(html, table);
		}
	}
	html_break(html, false);
	html->table = table->outer;
	html->n_tables--;
	table_free(table);
}

void
html_tables_free(Html *html)
{
	while (html->table != NULL) {
		HtmlTable *table = html->table;

		html->table = table->outer;
		table_free(table);
	}
}
