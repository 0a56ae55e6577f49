/* ui-row.c - one row of a message list, in columns */
#include "ui-list.h"

#include <string.h>

#include "base-text.h"
#include "ui-format.h"
#include "ui-i18n.h"

#define DEPTH_MAX 5
#define LABELS_MAX 2

UiColumns
ui_columns(int width)
{
	UiColumns c = {.width = width, .mark = 2};
	int end = width;

	if (width < 30) {
		/* marks in one column, and who */
		c.mark = 3;
		c.sender = 6;
		c.sender_columns = MAX(0, width - 6);
		return c;
	}
	c.flag = 3;
	c.sender_columns = CLAMP((width + 10) / 5, 16, 28);
	if (width < 56)
		c.sender_columns = 12;
	c.sender = 5;
	if (width >= 46) {
		c.date = 5;
		c.sender = 14;
	}
	c.subject = c.sender + c.sender_columns + 2;
	if (width >= 46) {
		c.attachment = c.subject;
		c.subject += 2;
	}
	if (width >= 72) {
		c.size = width - 5;
		end = c.size - 1;
	}
	c.subject_columns = MAX(0, end - c.subject);
	return c;
}

/* ---- labels ---- */

/* TRANSLATORS: the five labels of Thunderbird, as they stand behind "#" */
static const char *const standard_labels[] = {
    N_("important"), N_("work"), N_("personal"), N_("todo"), N_("later"),
};

char *
ui_label_name(const char *keyword)
{
	static const char prefix[] = "$label";

	if (g_ascii_strncasecmp(keyword, prefix, strlen(prefix)) == 0) {
		char digit = keyword[strlen(prefix)];

		if (digit >= '1' && digit <= '5' &&
		    keyword[strlen(prefix) + 1] == '\0')
			return g_strdup(_(standard_labels[digit - '1']));
	}
	return text_clean_line(keyword, -1);
}

char *
ui_label_keyword(const char *name)
{
	if (name[0] == '#')
		name++;
	for (guint i = 0; i < G_N_ELEMENTS(standard_labels); i++)
		if (g_strcmp0(name, _(standard_labels[i])) == 0 ||
		    g_ascii_strcasecmp(name, standard_labels[i]) == 0)
			return g_strdup_printf("$label%u", i + 1);
	return g_strdup(name);
}

GPtrArray *
ui_labels(const MailFlags *flags)
{
	GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) words = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(standard_labels); i++)
		if (flags->bits & (MAIL_FLAG_LABEL1 << i))
			g_ptr_array_add(labels,
					g_strdup_printf("$label%u", i + 1));
	if (flags->keywords == NULL)
		return labels;
	words = g_strsplit(flags->keywords, " ", -1);
	for (guint i = 0; words[i] != NULL; i++)
		/* what programs keep for themselves begins so */
		if (words[i][0] != '$' && words[i][0] != '\0' &&
		    g_ascii_strcasecmp(words[i], "NonJunk") != 0 &&
		    g_ascii_strcasecmp(words[i], "Junk") != 0)
			g_ptr_array_add(labels, g_strdup(words[i]));
	return labels;
}

static guint
label_role(const char *keyword)
{
	if (g_str_has_prefix(keyword, "$label"))
		return UI_LABEL1 + (guint)(keyword[strlen("$label")] - '1');
	return UI_LABEL7;
}

/* ---- cells ---- */

static const char *
state_sign(Ui *ui, const MessageRow *row)
{
	guint32 bits = row->flags.bits;

	if (!(bits & MAIL_FLAG_SEEN))
		return ui_sign(ui_term(ui), UI_SIGN_UNREAD);
	if ((bits & MAIL_FLAG_ANSWERED) && (bits & MAIL_FLAG_FORWARDED))
		return "R";
	if (bits & MAIL_FLAG_ANSWERED)
		return "r";
	if (bits & MAIL_FLAG_FORWARDED)
		return "w";
	return bits & MAIL_FLAG_DRAFT ? "d" : " ";
}

static const char *
flag_sign(const MessageRow *row, guint *ret_role)
{
	guint32 bits = row->flags.bits;

	*ret_role = UI_IMPORTANT;
	if ((bits & MAIL_FLAG_FLAGGED) && (bits & MAIL_FLAG_IMPORTANT))
		return "I";
	if (bits & MAIL_FLAG_IMPORTANT)
		return "i";
	*ret_role = UI_FLAG;
	return bits & MAIL_FLAG_FLAGGED ? "!" : " ";
}

static const char *
tag_sign(const MessageRow *row, const UiRowState *state, guint *ret_role)
{
	*ret_role = UI_TAG;
	if (state->tagged)
		return "*";
	*ret_role = UI_ERROR;
	if (row->marks & MESSAGE_MARK_FAILED)
		return "x";
	*ret_role = UI_WAIT;
	return row->marks & MESSAGE_MARK_WAITING ? "^" : " ";
}

/* a row in Sent, in Drafts, or by the user himself shows who it goes to */
static char *
sender_text(const MessageRow *row, const UiRowState *state)
{
	bool own = row->from->len > 0 &&
		   ui_is_own(state->account, row->from->pdata[0]);
	bool outgoing = state->role == MAILBOX_ROLE_SENT ||
			state->role == MAILBOX_ROLE_DRAFTS;
	g_autofree char *name = NULL;

	if (outgoing && (own || row->from->len == 0)) {
		if (row->to->len == 0)
			return g_strdup("");
		name = ui_format_person(state->account, row->to->pdata[0]);
		/* TRANSLATORS: a recipient, in the column of senders */
		return g_strdup_printf(_("to %s"), name);
	}
	if (row->from->len == 0)
		return g_strdup("");
	return ui_format_person(state->account, row->from->pdata[0]);
}

static bool
same_subject(const MessageRow *a, const MessageRow *b)
{
	const char *left = a->subject;
	const char *right = b->subject;

	while (g_ascii_strncasecmp(left, "re:", 3) == 0)
		for (left += 3; *left == ' '; left++)
			;
	while (g_ascii_strncasecmp(right, "re:", 3) == 0)
		for (right += 3; *right == ' '; right++)
			;
	return g_str_equal(left, right);
}

static bool
hides_subject(const MessageRow *row, const UiRowState *state)
{
	return state->thread && row->depth > 0 && !state->first &&
	       state->above != NULL && state->above->thread == row->thread &&
	       same_subject(row, state->above);
}

/* ---- drawing ---- */

typedef struct {
	Ui *ui;
	UiTerm *term;
	UiRect rect;
	const UiColumns *columns;
	guint base; /* of every cell of the row */
	guint band; /* of the band's cells */
} Pen;

static int
put(const Pen *pen, int at, int columns, guint role, const char *text)
{
	return ui_text_put(pen->term, pen->rect.y, pen->rect.x + at, columns,
			   role, text);
}

static void
draw_sender(const Pen *pen, const MessageRow *row, const UiRowState *state)
{
	g_autofree char *name = sender_text(row, state);
	int at = pen->columns->sender;
	int room = pen->columns->sender_columns;
	guint depth = MIN(row->depth, DEPTH_MAX);

	if (state->thread && depth > 0) {
		int used = (int)depth - 1;

		used += put(pen, at + used, room - used, pen->band,
			    ui_sign(pen->term, UI_SIGN_ANSWER));
		at += used;
		room -= used;
	}
	put(pen, at, room, pen->band, name);
}

/* labels, at most two, and how many more. Returns: cells used */
static int
draw_labels(const Pen *pen, const MessageRow *row, int at, int room)
{
	g_autoptr(GPtrArray) labels = ui_labels(&row->flags);
	int used = 0;

	for (guint i = 0; i < MIN(labels->len, LABELS_MAX); i++) {
		g_autofree char *name = ui_label_name(labels->pdata[i]);
		g_autofree char *text = g_strconcat("#", name, NULL);

		if (room - used < 6)
			return used;
		used += put(pen, at + used, room - used,
			    label_role(labels->pdata[i]) |
				(pen->base & UI_BOLD) | (pen->base & UI_BAND),
			    text) +
			1;
	}
	if (labels->len > LABELS_MAX) {
		g_autofree char *more =
		    g_strdup_printf("#+%u", labels->len - LABELS_MAX);

		used += put(pen, at + used, room - used, pen->base, more) + 1;
	}
	return used;
}

static void
draw_subject(const Pen *pen, const MessageRow *row, const UiRowState *state)
{
	int at = pen->columns->subject;
	int room = pen->columns->subject_columns;
	int used;

	if (row->due > 0 && room >= 12) {
		bool overdue = false;
		g_autofree char *due = NULL;
		int width;

		due = ui_format_due(row->due, ui_now(), &overdue);
		width = ui_text_width(due);
		put(pen, at + room - width, width,
		    (overdue ? UI_OVERDUE : UI_DUE) | (pen->base & ~0xffu),
		    due);
		room = MAX(0, room - width - 1);
	}
	if (hides_subject(row, state))
		return;
	used = draw_labels(pen, row, at, room);
	put(pen, at + used, room - used, pen->base, row->subject);
}

static void
draw_marks(const Pen *pen, const MessageRow *row, const UiRowState *state)
{
	const UiColumns *c = pen->columns;
	bool band = pen->band & UI_BAND;
	guint tag_role, flag_role;
	const char *tag = tag_sign(row, state, &tag_role);
	const char *flag = flag_sign(row, &flag_role);
	const char *mark = state_sign(pen->ui, row);
	guint bits = pen->band & ~0xffu;

	if (state->selected)
		put(pen, 0, 1, pen->band, ">");
	if (*tag != ' ')
		put(pen, 1, 1, band ? pen->band : tag_role | bits, tag);
	if (c->flag == 0 && (row->flags.bits & MAIL_FLAG_SEEN) && *flag != ' ')
		mark = flag;
	put(pen, c->mark, 1, pen->band, mark);
	if (c->flag > 0 && *flag != ' ')
		put(pen, c->flag, 1, band ? pen->band : flag_role | bits, flag);
}

static void
draw_attachment(const Pen *pen, const MessageRow *row)
{
	if (pen->columns->attachment == 0)
		return;
	if (row->attachments == MESSAGE_ATTACHMENTS_YES)
		put(pen, pen->columns->attachment, 1, pen->base, "@");
	else if (row->attachments == MESSAGE_ATTACHMENTS_MAYBE)
		put(pen, pen->columns->attachment, 1,
		    UI_HEAD | (pen->base & ~0xffu), "@");
}

static Pen
pen_of(Ui *ui, UiRect rect, const UiColumns *columns, const MessageRow *row,
       const UiRowState *state)
{
	guint base =
	    row->flags.bits & MAIL_FLAG_SEEN ? UI_TEXT : UI_TEXT | UI_BOLD;
	Pen pen = {ui, ui_term(ui), rect, columns, base, base};

	if (!state->selected)
		return pen;
	if (!state->focus) {
		pen.band = UI_SELECTOFF | (base & UI_BOLD);
	} else if (ui_config(ui)->selection == 1) {
		pen.base |= UI_BAND;
		pen.band = pen.base;
	} else if (ui_config(ui)->selection == 0) {
		pen.band |= UI_BAND;
	}
	return pen;
}

void
ui_row_draw(Ui *ui, UiRect rect, const UiColumns *columns,
	    const MessageRow *row, const UiRowState *state)
{
	Pen pen = pen_of(ui, rect, columns, row, state);
	int end = columns->sender + columns->sender_columns;

	/* an unread row is bold from end to end: fewer changes, fewer bytes */
	if (pen.base != UI_TEXT)
		ui_text_fill(pen.term, rect.y, rect.x, rect.columns, pen.base);
	if (pen.band != pen.base)
		ui_text_fill(pen.term, rect.y, rect.x, MIN(end, rect.columns),
			     pen.band);
	draw_marks(&pen, row, state);
	if (columns->date > 0) {
		g_autofree char *date = NULL;

		date = ui_format_date(row->date, ui_now(),
				      ui_config(ui)->iso_dates);
		ui_text_put_right(pen.term, rect.y, rect.x + columns->date, 7,
				  pen.band, date);
	}
	draw_sender(&pen, row, state);
	draw_attachment(&pen, row);
	if (columns->subject > 0)
		draw_subject(&pen, row, state);
	if (columns->size > 0) {
		g_autofree char *size = ui_format_size(row->size);

		ui_text_put_right(pen.term, rect.y, rect.x + columns->size, 5,
				  pen.base, size);
	}
	if (state->selected && state->focus)
		ui_cursor(ui, rect.y, rect.x);
}
