/* ui-compose-draw.c - the review screen: what the draft says by now */
#include <string.h>

#include "model-text.h"
#include "ui-compose-private.h"
#include "ui-format.h"
#include "ui-i18n.h"

#define LABEL_WIDTH 10
#define TYPE_WIDTH 26
#define SIZE_WIDTH 7

/** Where the next line goes. */
typedef struct {
	Compose *compose;
	UiTerm *term;
	UiRect rect;
	int y;
} Pen;

static void
put(Pen *pen, int x, guint role, const char *text)
{
	if (pen->y < pen->rect.rows)
		ui_text_put(pen->term, pen->rect.y + pen->y, pen->rect.x + x,
			    pen->rect.columns - x, role, text);
}

const char *
compose_field_name(ComposeField field)
{
	static const char *const names[] = {"From", "To", "Cc", "Bcc",
					    "Subject"};

	return names[field];
}

const char *
compose_field_label(ComposeField field)
{
	switch (field) {
	case COMPOSE_FROM:
		return _("From");
	case COMPOSE_TO:
		return _("To");
	case COMPOSE_CC:
		return _("Cc");
	case COMPOSE_BCC:
		return _("Bcc");
	case COMPOSE_SUBJECT:
	case N_COMPOSE_FIELDS:
		break;
	}
	return _("Subject");
}

static void
put_fields(Pen *pen)
{
	const Compose *compose = pen->compose;

	for (guint i = 0; i < N_COMPOSE_FIELDS; i++) {
		ComposeField field = (ComposeField)i;
		bool selected = field == compose->field;
		const char *value =
		    draft_header(compose->draft, compose_field_name(field));

		put(pen, 0, selected ? UI_SELECT : UI_TEXT,
		    selected ? ">" : " ");
		put(pen, 1, selected ? UI_SELECT : UI_HEAD,
		    compose_field_label(field));
		put(pen, 1 + LABEL_WIDTH,
		    field == COMPOSE_SUBJECT ? UI_SUBJECT : UI_TEXT,
		    value != NULL ? value : "");
		if (selected)
			ui_cursor(compose->view.ui, pen->rect.y + pen->y,
				  pen->rect.x);
		pen->y++;
	}
}

static guint
role_of(TextStyle style)
{
	switch (style) {
	case TEXT_QUOTE1:
		return UI_QUOTE1;
	case TEXT_QUOTE2:
		return UI_QUOTE2;
	case TEXT_QUOTE3:
		return UI_QUOTE3;
	case TEXT_SIGNATURE:
	case TEXT_NOTE:
		return UI_SIG;
	default:
		return UI_TEXT;
	}
}

/* A quote or a signature is one span from the first cell on. */
static guint
role_of_line(const TextLine *line)
{
	return line->spans == NULL || line->spans->len == 0
		   ? UI_TEXT
		   : role_of(g_array_index(line->spans, TextSpan, 0).style);
}

/* Returns: rows that the attachments below will need */
static int
rows_below(const GPtrArray *attachments)
{
	return attachments == NULL || attachments->len == 0
		   ? 0
		   : (int)attachments->len + 2;
}

static void
put_text(Pen *pen, const GPtrArray *attachments)
{
	Compose *compose = pen->compose;
	const GPtrArray *lines = draft_preview(compose->draft);
	guint n = lines == NULL ? 0 : lines->len;
	int room = pen->rect.rows - pen->y - 1 - rows_below(attachments);
	int last = MAX((int)n - MAX(room, 1), 0);
	g_autofree char *summary =
	    g_strdup_printf(ngettext("%u line", "%u lines", n), n);

	pen->y++;
	put(pen, 1, UI_HEAD, _("Text"));
	put(pen, 1 + LABEL_WIDTH, UI_TEXT, summary);
	pen->y++;
	compose->scroll = CLAMP(compose->scroll, 0, last);
	for (int i = 0; i < room - 1; i++) {
		guint at = (guint)(compose->scroll + i);
		const TextLine *line;

		if (at >= n)
			break;
		line = g_ptr_array_index(lines, at);
		put(pen, 3, role_of_line(line), line->text);
		pen->y++;
	}
}

static void
put_attachments(Pen *pen, const GPtrArray *attachments)
{
	guint n = attachments == NULL ? 0 : attachments->len;
	gint64 total = 0;
	g_autofree char *size = NULL;
	g_autofree char *summary = NULL;

	if (n == 0)
		return;
	for (guint i = 0; i < n; i++) {
		const Part *part = g_ptr_array_index(attachments, i);

		total += MAX(part->size, 0);
	}
	size = ui_format_size(total);
	/* TRANSLATORS: %u: number of files, %s: "390K" */
	summary = g_strdup_printf(ngettext("%u file, %s", "%u files, %s", n), n,
				  size);
	pen->y++;
	put(pen, 1, UI_HEAD, _("Attached"));
	put(pen, 1 + LABEL_WIDTH, UI_TEXT, summary);
	pen->y++;
	for (guint i = 0; i < n && pen->y < pen->rect.rows; i++) {
		const Part *part = g_ptr_array_index(attachments, i);
		g_autofree char *number = g_strdup_printf("%u", i + 1);
		g_autofree char *bytes = ui_format_size(part->size);
		int right = pen->rect.columns - SIZE_WIDTH - 1;
		int middle = MAX(right - TYPE_WIDTH, 20);
		int y = pen->rect.y + pen->y;

		put(pen, 3, UI_KEY, number);
		ui_text_put(pen->term, y, pen->rect.x + 6, middle - 7, UI_DUE,
			    part->filename != NULL ? part->filename
						   : _("(no name)"));
		ui_text_put(pen->term, y, pen->rect.x + middle,
			    MIN(TYPE_WIDTH - 1, right - middle), UI_TEXT,
			    part->type);
		ui_text_put_right(pen->term, y, pen->rect.x + right, SIZE_WIDTH,
				  UI_TEXT, bytes);
		pen->y++;
	}
}

void
ui_compose_draw(UiView *view, UiRect rect)
{
	Compose *compose = (Compose *)view;
	Pen pen = {compose, ui_term(view->ui), rect, 0};
	const GPtrArray *attachments;

	ui_cursor(view->ui, rect.y, rect.x);
	if (compose->draft == NULL)
		return;
	if (draft_state(compose->draft) == DRAFT_LOADING) {
		put(&pen, 1, UI_HEAD, _("loading the message"));
		return;
	}
	if (draft_edit_path(compose->draft) == NULL) {
		put(&pen, 1, UI_TEXT, _("This draft could not be opened:"));
		pen.y++;
		put(&pen, 1, UI_TEXT, draft_error(compose->draft));
		return;
	}
	attachments = draft_attachments(compose->draft);
	put_fields(&pen);
	put_text(&pen, attachments);
	put_attachments(&pen, attachments);
}

/* "draft saved 14:02, uploaded" */
static char *
saved_text(const Draft *draft)
{
	gint64 saved = draft_saved_at(draft);
	g_autofree char *clock = NULL;

	if (saved == 0)
		return g_strdup("");
	clock = ui_format_clock(saved, ui_now());
	if (draft_uploaded(draft))
		/* TRANSLATORS: %s: "14:02" */
		return g_strdup_printf(_("draft saved %s, uploaded"), clock);
	/* TRANSLATORS: %s: "14:02"; on this machine, not on the server yet */
	return g_strdup_printf(_("draft saved %s, only here"), clock);
}

void
ui_compose_top(UiView *view, UiTop *words)
{
	const Compose *compose = (const Compose *)view;

	g_string_assign(words->place, account_name(compose->account));
	g_string_assign(words->view, compose->what);
	if (compose->draft != NULL)
		words->fresh = saved_text(compose->draft);
}
