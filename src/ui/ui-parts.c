/* ui-parts.c - the parts of a message: name, type, coding, size */
#include "ui-parts.h"

#include <string.h>

#include "base-path.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-prompt.h"

#define NAME_X 12
#define TYPE_WIDTH 20
#define HOW_WIDTH 6
#define SIZE_WIDTH 6
/* narrower screens leave type and coding out */
#define TYPE_FROM 70

/** One line: a part, and how deep it lies. */
typedef struct {
	const Part *part;
	guint depth;
} PartLine;

typedef struct {
	UiView view;
	Account *account;
	gint64 id;
	char *subject;
	Part *root;
	GArray *lines; /* of PartLine */
	guint selected;
	guint first;
	int rows;
	UiPartsFunc show;
	gpointer user;
	GPtrArray *saving; /* of char*: sections that wait to be saved */
	char *folder;
	guint n_saved;
} Parts;

/* ---- drawing ---- */

static const char *
name_of(const Part *part)
{
	if (part->section[0] == '\0' && part->children->len > 0)
		return _("(message)");
	if (part->filename != NULL && part->filename[0] != '\0')
		return part->filename;
	if (strcmp(part->type, "multipart/alternative") == 0)
		return _("(text in several forms)");
	if (strcmp(part->type, "text/plain") == 0)
		return _("(text)");
	if (strcmp(part->type, "text/html") == 0)
		return _("(HTML)");
	if (strcmp(part->type, "message/rfc822") == 0)
		return _("(attached message)");
	return _("(no name)");
}

/* What a double click would run, whatever it calls itself. */
static bool
is_program(const Part *part)
{
	static const char *const ends[] = {".exe", ".scr", ".com", ".bat",
					   ".cmd", ".js",  ".vbs", ".msi",
					   ".lnk", ".jar", ".ps1", ".sh"};

	for (guint i = 0; part->filename != NULL && i < G_N_ELEMENTS(ends);
	     i++) {
		g_autofree char *lower = g_ascii_strdown(part->filename, -1);

		if (g_str_has_suffix(lower, ends[i]))
			return true;
	}
	return false;
}

static const char *
coding_of(const Part *part)
{
	if (strcmp(part->encoding, "quoted-printable") == 0)
		return "qp";
	if (strcmp(part->encoding, "base64") == 0)
		return "b64";
	return part->encoding;
}

static void
draw_line(const Parts *parts, UiTerm *term, int y, UiRect rect, guint at)
{
	const PartLine *line = &g_array_index(parts->lines, PartLine, at);
	const Part *part = line->part;
	bool selected = at == parts->selected;
	guint role = selected                   ? UI_SELECT
		     : part_is_attachment(part) ? UI_DUE
						: UI_TEXT;
	g_autofree char *size =
	    part->size < 0 ? g_strdup("") : ui_format_size(part->size);
	g_autofree char *name =
	    is_program(part)
		/* TRANSLATORS: %s: a file name */
		? g_strdup_printf(_("%s  (a program)"), name_of(part))
		: g_strdup(name_of(part));
	g_autofree char *type =
	    part->charset == NULL
		? g_strdup(part->type)
		: g_strconcat(part->type, " ", part->charset, NULL);
	int right = rect.columns - SIZE_WIDTH - 1;
	int indent = (int)MIN(line->depth, 5u);

	ui_text_put(term, y, rect.x, 1, role, selected ? ">" : " ");
	ui_text_put(term, y, rect.x + 2 + indent, NAME_X - 3 - indent, UI_TEXT,
		    part->section[0] == '\0' ? _("all") : part->section);
	ui_text_put_right(term, y, rect.x + right, SIZE_WIDTH, UI_TEXT, size);
	if (rect.columns >= TYPE_FROM) {
		right -= HOW_WIDTH + 1;
		ui_text_put(term, y, rect.x + right, HOW_WIDTH, UI_TEXT,
			    coding_of(part));
		right -= TYPE_WIDTH + 1;
		ui_text_put(term, y, rect.x + right, TYPE_WIDTH, UI_TEXT, type);
	}
	ui_text_put(term, y, rect.x + NAME_X, right - 1 - NAME_X,
		    is_program(part) ? UI_WARN : role, name);
}

static void
draw_head(UiTerm *term, UiRect rect)
{
	int right = rect.columns - SIZE_WIDTH - 1;

	if (rect.rows == 0)
		return;
	ui_text_put(term, rect.y, rect.x + 2, NAME_X - 3, UI_HEAD, _("Part"));
	ui_text_put_right(term, rect.y, rect.x + right, SIZE_WIDTH, UI_HEAD,
			  _("Size"));
	if (rect.columns >= TYPE_FROM) {
		right -= HOW_WIDTH + 1;
		/* TRANSLATORS: the coding of a part: "b64" */
		ui_text_put(term, rect.y, rect.x + right, HOW_WIDTH, UI_HEAD,
			    _("How"));
		right -= TYPE_WIDTH + 1;
		/* TRANSLATORS: the type of a part: "image/png" */
		ui_text_put(term, rect.y, rect.x + right, TYPE_WIDTH, UI_HEAD,
			    _("Type"));
	}
	ui_text_put(term, rect.y, rect.x + NAME_X, right - 1 - NAME_X, UI_HEAD,
		    _("Name"));
}

static void
draw(UiView *view, UiRect rect)
{
	Parts *parts = (Parts *)view;
	UiTerm *term = ui_term(view->ui);

	parts->rows = MAX(rect.rows - 1, 1);
	if (parts->selected < parts->first)
		parts->first = parts->selected;
	if (parts->selected >= parts->first + (guint)parts->rows)
		parts->first = parts->selected - (guint)parts->rows + 1;
	draw_head(term, rect);
	ui_cursor(view->ui, rect.y, rect.x);
	for (int i = 1; i < rect.rows; i++) {
		guint at = parts->first + (guint)i - 1;

		if (at >= parts->lines->len)
			break;
		draw_line(parts, term, rect.y + i, rect, at);
		if (at == parts->selected)
			ui_cursor(view->ui, rect.y + i, rect.x);
	}
}

static void
top(UiView *view, UiTop *words)
{
	const Parts *parts = (const Parts *)view;

	g_string_assign(words->place, account_name(parts->account));
	/* TRANSLATORS: %s: the subject of a message */
	g_string_printf(words->view, _("parts of: %s"), parts->subject);
	/* TRANSLATORS: position: "3 of 12" */
	g_string_printf(words->position, _("%u of %u"), parts->selected + 1,
			parts->lines->len);
}

/* ---- saving ---- */

static void save_next(Parts *parts);

static void
on_saved(Ui *ui, const ControllerEvent *event, gpointer user)
{
	Parts *parts = user;

	if (event->job_state == JOB_JOURNALED)
		return;
	if (event->job_state != JOB_DONE) {
		g_ptr_array_set_size(parts->saving, 0);
		if (event->error != NULL)
			ui_error(ui, event->account, event->error);
		return;
	}
	parts->n_saved++;
	if (parts->saving->len == 0 && parts->n_saved == 1)
		/* TRANSLATORS: %s: a file */
		ui_notice(ui, UI_NOTICE_PLAIN, _("Saved as %s"), event->text);
	else if (parts->saving->len == 0)
		ui_notice(ui, UI_NOTICE_PLAIN,
			  /* TRANSLATORS: %u: files, %s: a folder */
			  ngettext("Saved %u file in %s",
				   "Saved %u files in %s", parts->n_saved),
			  parts->n_saved, parts->folder);
	save_next(parts);
}

static void
save_next(Parts *parts)
{
	g_autofree char *section = NULL;
	gint64 job;

	if (parts->saving->len == 0)
		return;
	section = g_ptr_array_steal_index(parts->saving, 0);
	job = account_save_part(parts->account, parts->id, section,
				parts->folder, NULL);
	ui_watch_job(parts->view.ui, parts->account, job, on_saved, parts);
}

static void
on_folder(Ui *ui, const char *text, gpointer user)
{
	Parts *parts = user;

	(void)ui;
	if (text == NULL || text[0] == '\0') {
		g_ptr_array_set_size(parts->saving, 0);
		return;
	}
	g_free(parts->folder);
	parts->folder = g_str_has_prefix(text, "~/")
			    ? g_build_filename(g_get_home_dir(), text + 2, NULL)
			    : g_strdup(text);
	parts->n_saved = 0;
	save_next(parts);
}

static void
ask_folder(Parts *parts)
{
	g_autofree char *usual =
	    parts->folder != NULL ? g_strdup(parts->folder) : path_download();
	const UiPrompt prompt = {.label = _("Save in folder:"),
				 .text = usual,
				 .history = "folder",
				 .done = on_folder,
				 .enter = _("Save"),
				 .user = parts};

	ui_prompt_open(parts->view.ui, &prompt);
}

static const Part *
selected_part(const Parts *parts)
{
	return g_array_index(parts->lines, PartLine, parts->selected).part;
}

static void
save(Parts *parts, bool all)
{
	if (parts->saving->len > 0)
		return; /* some are on their way */
	for (guint i = 0; i < parts->lines->len; i++) {
		const Part *part =
		    g_array_index(parts->lines, PartLine, i).part;

		if (all ? part_is_attachment(part)
			: part == selected_part(parts))
			g_ptr_array_add(parts->saving, g_strdup(part->section));
	}
	if (parts->saving->len > 0)
		ask_folder(parts);
	else
		ui_notice(parts->view.ui, UI_NOTICE_PLAIN,
			  _("Nothing is attached"));
}

/* ---- the view ---- */

static void
move(Parts *parts, gint by)
{
	gint64 to = (gint64)parts->selected + by;

	parts->selected = (guint)CLAMP(to, 0, (gint64)parts->lines->len - 1);
	ui_redraw(parts->view.ui);
}

static void
show_selected(Parts *parts)
{
	Ui *ui = parts->view.ui;
	const Part *part = selected_part(parts);
	UiPartsFunc show = parts->show;
	gpointer user = parts->user;
	g_autofree char *section = g_strdup(part->section);

	if (part->children->len == 0 &&
	    !g_str_has_prefix(part->type, "text/")) {
		ui_notice(ui, UI_NOTICE_PLAIN,
			  _("this part is no text; s saves it"));
		return;
	}
	ui_pop(ui);
	show(ui, section, user);
}

static bool
action(UiView *view, UiAction what, const char *argument)
{
	Parts *parts = (Parts *)view;

	(void)argument;
	switch (what) {
	case UI_ACTION_DOWN:
		move(parts, 1);
		return true;
	case UI_ACTION_UP:
		move(parts, -1);
		return true;
	case UI_ACTION_PAGE_DOWN:
		move(parts, parts->rows);
		return true;
	case UI_ACTION_PAGE_UP:
		move(parts, -parts->rows);
		return true;
	case UI_ACTION_HALF_DOWN:
		move(parts, parts->rows / 2);
		return true;
	case UI_ACTION_HALF_UP:
		move(parts, -(parts->rows / 2));
		return true;
	case UI_ACTION_FIRST:
		move(parts, -(gint)parts->lines->len);
		return true;
	case UI_ACTION_LAST:
		move(parts, (gint)parts->lines->len);
		return true;
	case UI_ACTION_OPEN:
		show_selected(parts);
		return true;
	case UI_ACTION_SAVE:
		save(parts, false);
		return true;
	case UI_ACTION_SAVE_ALL:
		save(parts, true);
		return true;
	case UI_ACTION_BACK:
	case UI_ACTION_LEFT:
	case UI_ACTION_CLEAR:
	case UI_ACTION_PARTS:
		ui_pop(view->ui);
		return true;
	default:
		return false;
	}
}

static const UiAction *
offers(UiView *view)
{
	static const UiAction list[] = {UI_ACTION_OPEN, UI_ACTION_SAVE,
					UI_ACTION_SAVE_ALL, UI_ACTION_BACK,
					UI_ACTION_NONE};

	(void)view;
	return list;
}

static void
parts_free(UiView *view)
{
	Parts *parts = (Parts *)view;

	ui_forget_jobs(view->ui, parts);
	part_free(parts->root);
	g_array_unref(parts->lines);
	g_ptr_array_unref(parts->saving);
	g_free(parts->subject);
	g_free(parts->folder);
	g_free(parts);
}

static const UiViewClass parts_class = {
    .place = UI_PLACE_PARTS,
    .top = top,
    .draw = draw,
    .action = action,
    .offers = offers,
    .free = parts_free,
};

static bool
add_line(const Part *part, guint depth, gpointer user)
{
	PartLine line = {part, depth};

	g_array_append_val((GArray *)user, line);
	return true;
}

void
ui_parts_open(Ui *ui, Account *account, const MessageRow *row, const Part *root,
	      UiPartsFunc show, gpointer user)
{
	g_autofree char *text = part_to_text(root);
	Part *copy = part_from_text(text);
	Parts *parts;

	if (copy == NULL)
		return;
	parts = g_new0(Parts, 1);
	parts->view.ui = ui;
	parts->view.class = &parts_class;
	parts->account = account;
	parts->id = row->id;
	parts->subject = g_strdup(row->subject);
	parts->root = copy;
	parts->lines = g_array_new(FALSE, FALSE, sizeof(PartLine));
	parts->saving = g_ptr_array_new_with_free_func(g_free);
	parts->show = show;
	parts->user = user;
	part_walk(copy, add_line, parts->lines);
	ui_push(ui, &parts->view);
}
