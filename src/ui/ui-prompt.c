/* ui-prompt.c - a line to type, an answer to give, a list to pick from */
#include "ui-private.h"

#include <string.h>

#include "ui-edit.h"
#include "ui-format.h"
#include "ui-i18n.h"

#define HISTORY_MAX 100u
/* cells of a candidate before its note */
#define NOTE_COLUMN 32
/* what is left for typing, however long the question */
#define ANSWER_WIDTH 16

/**
 * UiLine:
 * @answers: of a question, else NULL
 * @marked: the candidate Enter takes
 * @cycling: Tab has put a candidate into the text: the list stays
 * @history_at: entries back from the newest, 0: what was typed
 * @typed: kept while the history is walked
 */
struct UiLine {
	UiPrompt prompt;
	UiEdit edit;
	GPtrArray *candidates;
	guint marked;
	bool cycling;
	guint history_at;
	char *typed;
	UiAnswer *answers;
	guint n_answers;
	UiAnswerFunc answered;
};

static void
candidate_free(gpointer data)
{
	UiCandidate *candidate = data;

	g_free(candidate->text);
	g_free(candidate->note);
	g_free(candidate);
}

GPtrArray *
ui_candidates_new(void)
{
	return g_ptr_array_new_with_free_func(candidate_free);
}

void
ui_candidates_add(GPtrArray *list, const char *text, const char *note)
{
	UiCandidate *candidate = g_new0(UiCandidate, 1);

	candidate->text = g_strdup(text);
	candidate->note = g_strdup(note);
	g_ptr_array_add(list, candidate);
}

/* ---- life ---- */

static void
line_free(UiLine *line)
{
	ui_edit_clear(&line->edit);
	g_clear_pointer(&line->candidates, g_ptr_array_unref);
	g_free((char *)line->prompt.label);
	g_free((char *)line->prompt.history);
	g_free((char *)line->prompt.enter);
	g_free(line->typed);
	for (guint i = 0; i < line->n_answers; i++)
		g_free((char *)line->answers[i].word);
	g_free(line->answers);
	g_free(line);
}

bool
ui_prompt_is_open(const Ui *ui)
{
	return ui->line != NULL;
}

bool
ui_is_typing(const Ui *ui)
{
	gint64 rest = g_get_monotonic_time() - ui->last_key;

	return ui->line != NULL || ui->handed_over ||
	       (ui->last_key != 0 && rest < UI_REST_MS * 1000);
}

/* The line is gone before the caller hears: it may open the next. */
static void
finish(Ui *ui, const char *text)
{
	UiLine *line = g_steal_pointer(&ui->line);

	ui_redraw(ui);
	if (line->answers != NULL) {
		line->answered(ui, -1, line->prompt.user);
	} else {
		line->prompt.done(ui, text, line->prompt.user);
	}
	line_free(line);
}

void
ui_prompt_cancel(Ui *ui)
{
	/* one that is cancelled may open another, once or twice */
	while (ui->line != NULL)
		finish(ui, NULL);
}

static void
refresh_candidates(Ui *ui)
{
	UiLine *line = ui->line;

	if (line->prompt.complete == NULL || line->prompt.secret)
		return;
	g_clear_pointer(&line->candidates, g_ptr_array_unref);
	line->candidates =
	    line->prompt.complete(ui, line->edit.text->str, line->prompt.user);
	line->marked = 0;
	line->cycling = false;
}

void
ui_prompt_open(Ui *ui, const UiPrompt *prompt)
{
	ui_prompt_cancel(ui);
	ui->line = g_new0(UiLine, 1);
	ui->line->prompt = *prompt;
	ui->line->prompt.label = g_strdup(prompt->label);
	ui->line->prompt.history = g_strdup(prompt->history);
	ui->line->prompt.enter = g_strdup(prompt->enter);
	ui->line->prompt.text = NULL;
	ui_edit_init(&ui->line->edit, prompt->text);
	refresh_candidates(ui);
	ui_redraw(ui);
}

void
ui_question_open(Ui *ui, const char *text, const UiAnswer *answers,
		 guint n_answers, UiAnswerFunc done, gpointer user)
{
	ui_prompt_cancel(ui);
	ui->line = g_new0(UiLine, 1);
	ui->line->prompt.label = g_strdup(text);
	ui->line->prompt.user = user;
	ui->line->answered = done;
	ui->line->answers = g_new0(UiAnswer, n_answers);
	ui->line->n_answers = n_answers;
	for (guint i = 0; i < n_answers; i++)
		ui->line->answers[i] = (UiAnswer){
		    .key = answers[i].key,
		    .word = g_strdup(answers[i].word),
		};
	ui_edit_init(&ui->line->edit, NULL);
	ui_redraw(ui);
}

/* ---- history ---- */

static GPtrArray *
history(Ui *ui, const UiLine *line)
{
	GPtrArray *list;

	if (line->prompt.history == NULL || line->prompt.secret)
		return NULL;
	if (ui->histories == NULL)
		ui->histories =
		    g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					  (GDestroyNotify)g_ptr_array_unref);
	list = g_hash_table_lookup(ui->histories, line->prompt.history);
	if (list == NULL) {
		list = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(ui->histories,
				    g_strdup(line->prompt.history), list);
	}
	return list;
}

void
ui_line_free_histories(Ui *ui)
{
	g_clear_pointer(&ui->histories, g_hash_table_unref);
}

static void
remember(Ui *ui, const char *text)
{
	GPtrArray *list = history(ui, ui->line);
	guint at;

	if (list == NULL || text[0] == '\0')
		return;
	if (g_ptr_array_find_with_equal_func(list, text, g_str_equal, &at))
		g_ptr_array_remove_index(list, at);
	if (list->len >= HISTORY_MAX)
		g_ptr_array_remove_index(list, 0);
	g_ptr_array_add(list, g_strdup(text));
}

static void
walk_history(Ui *ui, int direction)
{
	UiLine *line = ui->line;
	GPtrArray *list = history(ui, line);

	if (list == NULL || (direction < 0 && line->history_at == 0) ||
	    (direction > 0 && line->history_at >= list->len))
		return;
	if (line->history_at == 0) {
		g_free(line->typed);
		line->typed = g_strdup(line->edit.text->str);
	}
	line->history_at += (guint)direction;
	ui_edit_set(&line->edit,
		    line->history_at == 0
			? line->typed
			: list->pdata[list->len - line->history_at]);
}

/* ^R: the next older entry that holds what is typed */
static void
find_in_history(Ui *ui)
{
	UiLine *line = ui->line;
	GPtrArray *list = history(ui, line);
	const char *wanted;

	if (list == NULL)
		return;
	if (line->history_at == 0) {
		g_free(line->typed);
		line->typed = g_strdup(line->edit.text->str);
	}
	wanted = line->typed;
	for (guint back = line->history_at + 1; back <= list->len; back++) {
		const char *entry = list->pdata[list->len - back];

		if (strstr(entry, wanted) == NULL)
			continue;
		line->history_at = back;
		ui_edit_set(&line->edit, entry);
		return;
	}
}

/* ---- keys ---- */

static const UiCandidate *
marked(const UiLine *line)
{
	if (line->candidates == NULL || line->marked >= line->candidates->len)
		return NULL;
	return line->candidates->pdata[line->marked];
}

static void
step_candidate(UiLine *line, int direction)
{
	guint n = line->candidates != NULL ? line->candidates->len : 0;

	if (n == 0)
		return;
	/* what is typed is completed to the first before the next is taken */
	if (line->prompt.pick || line->cycling)
		line->marked = (line->marked + n + (guint)direction) % n;
	if (!line->prompt.pick) {
		line->cycling = true;
		ui_edit_set(&line->edit, marked(line)->text);
	}
}

static void
take(Ui *ui)
{
	UiLine *line = ui->line;
	const UiCandidate *candidate = marked(line);
	g_autofree char *text = NULL;
	bool secret = line->prompt.secret;

	text = g_strdup(line->prompt.pick && candidate != NULL
			    ? candidate->text
			    : line->edit.text->str);
	remember(ui, text);
	finish(ui, text);
	if (secret)
		explicit_bzero(text, strlen(text));
}

static bool
question_key(Ui *ui, UiKey key)
{
	UiLine *line = ui->line;

	if (key == UI_KEY_ESC || key == UI_CTRL('g') || key == UI_CTRL('c')) {
		finish(ui, NULL);
		return true;
	}
	for (guint i = 0; i < line->n_answers; i++) {
		UiLine *gone;

		if (line->answers[i].key != key &&
		    !(line->answers[i].key == 'y' && key == ui_letter_yes()))
			continue;
		gone = g_steal_pointer(&ui->line);
		ui_redraw(ui);
		gone->answered(ui, (int)i, gone->prompt.user);
		line_free(gone);
		return true;
	}
	/* nothing else answers, and nothing gets past a question */
	if (key == 'n')
		finish(ui, NULL);
	return true;
}

static bool
prompt_key(Ui *ui, UiKey key)
{
	switch (key) {
	case UI_KEY_ESC:
	case UI_CTRL('g'):
	case UI_CTRL('c'):
		finish(ui, NULL);
		return true;
	case UI_KEY_ENTER:
		take(ui);
		return true;
	case UI_KEY_TAB:
		step_candidate(ui->line, 1);
		return true;
	case UI_KEY_BACKTAB:
		step_candidate(ui->line, -1);
		return true;
	case UI_KEY_UP:
		walk_history(ui, 1);
		return true;
	case UI_KEY_DOWN:
		if (ui->line->history_at > 0)
			walk_history(ui, -1);
		else
			step_candidate(ui->line, 1);
		return true;
	case UI_CTRL('r'):
		find_in_history(ui);
		return true;
	default:
		return ui_edit_key(&ui->line->edit, key);
	}
}

/* the text may have changed by a key: what follows it is told */
static void
follow(Ui *ui, const char *old)
{
	UiLine *line = ui->line;

	if (line == NULL || g_str_equal(old, line->edit.text->str))
		return;
	if (!line->cycling)
		refresh_candidates(ui);
	line->cycling = line->cycling && marked(line) != NULL &&
			g_str_equal(marked(line)->text, line->edit.text->str);
	if (line->prompt.changed != NULL)
		line->prompt.changed(ui, line->edit.text->str,
				     line->prompt.user);
}

bool
ui_line_key(Ui *ui, UiKey key)
{
	UiLine *line = ui->line;
	g_autofree char *old = NULL;

	if (line == NULL)
		return false;
	ui_redraw(ui);
	if (line->answers != NULL)
		return question_key(ui, key);
	/* a secret is not copied about */
	if (line->prompt.secret) {
		prompt_key(ui, key);
		return true;
	}
	old = g_strdup(line->edit.text->str);
	if (key != UI_KEY_TAB && key != UI_KEY_BACKTAB)
		line->cycling = false;
	prompt_key(ui, key);
	if (ui->line == line)
		follow(ui, old);
	return true;
}

void
ui_line_paste(Ui *ui, const char *text, gsize len)
{
	g_autofree char *old = NULL;

	if (ui->line == NULL || ui->line->answers != NULL)
		return;
	if (!ui->line->prompt.secret)
		old = g_strdup(ui->line->edit.text->str);
	ui_edit_insert(&ui->line->edit, text, len);
	if (old != NULL)
		follow(ui, old);
	ui_redraw(ui);
}

/* ---- drawing ---- */

static void
draw_candidates(Ui *ui, int y)
{
	UiLine *line = ui->line;
	int columns = ui_term_columns(ui->term);
	int room = MAX(0, (y - 1) / 2);
	g_autofree char *hint = NULL;
	guint n = line->candidates != NULL ? line->candidates->len : 0;
	guint from = 0;
	int top;

	if (line->prompt.hint != NULL)
		hint = line->prompt.hint(ui, line->edit.text->str,
					 line->prompt.user);
	if (n == 0 && hint == NULL)
		return;
	room -= hint != NULL ? 2 : 0;
	if (room <= 0)
		return;
	if (line->marked >= (guint)room)
		from = line->marked - (guint)room + 1;
	n = MIN(n - from, (guint)room);
	top = y - (int)n - (hint != NULL ? 2 : 0);
	for (int row = top; row < y; row++)
		ui_text_fill(ui->term, row, 0, columns, UI_TEXT);
	for (guint i = 0; i < n; i++) {
		const UiCandidate *c = line->candidates->pdata[from + i];
		int width = c->note != NULL ? NOTE_COLUMN - 4 : columns - 2;
		guint role = from + i == line->marked &&
				     (line->prompt.pick || line->cycling)
				 ? UI_SELECT
				 : UI_TEXT;

		ui_text_put(ui->term, top + (int)i, 2, width, role, c->text);
		ui_text_put(ui->term, top + (int)i, NOTE_COLUMN,
			    columns - NOTE_COLUMN, UI_TEXT, c->note);
	}
	ui_text_put(ui->term, y - 1, 2, columns - 2, UI_TEXT, hint);
}

static void
draw_question(Ui *ui, int y, int columns)
{
	UiLine *line = ui->line;
	GString *keys = g_string_new("  [");
	int x;

	for (guint i = 0; i < line->n_answers; i++) {
		g_autofree char *name = NULL;

		name = ui_key_name(line->answers[i].key, "Enter");
		g_string_append(keys, name);
		g_string_append_c(keys, '/');
	}
	g_string_append(keys, "Esc]");
	x = ui_text_put(ui->term, y, 0, columns - ui_text_width(keys->str),
			UI_KEY, line->prompt.label);
	x += ui_text_put(ui->term, y, x, columns - x, UI_TEXT, keys->str);
	ui_cursor(ui, y, MIN(x, ui_term_columns(ui->term) - 1));
	g_string_free(keys, TRUE);
}

void
ui_line_draw(Ui *ui, int y, int columns)
{
	UiLine *line = ui->line;
	const char *shown = line->edit.text->str;
	g_autofree char *head = NULL;
	int x;

	if (line->answers != NULL) {
		draw_question(ui, y, columns);
		return;
	}
	draw_candidates(ui, y);
	x = ui_text_put(ui->term, y, 0,
			columns < 60 ? columns / 2 : columns - ANSWER_WIDTH,
			UI_KEY, line->prompt.label) +
	    1;
	if (line->prompt.secret) {
		ui_cursor(ui, y, x);
		return;
	}
	/* what is before the cursor stays in sight */
	head = g_strndup(shown, line->edit.at);
	while (*shown != '\0' && x + ui_text_width(head) > columns - 2) {
		gsize skip = (gsize)(g_utf8_next_char(head) - head);

		shown += skip;
		memmove(head, head + skip, strlen(head + skip) + 1);
	}
	ui_text_put(ui->term, y, x, columns - x, UI_TEXT, shown);
	ui_cursor(ui, y, x + ui_text_width(head));
}

static void
offer(GPtrArray *offers, const char *key, const char *word)
{
	g_ptr_array_add(offers, g_strdup(key));
	g_ptr_array_add(offers, g_strdup(word));
}

GPtrArray *
ui_line_offers(Ui *ui)
{
	UiLine *line = ui->line;
	GPtrArray *offers = g_ptr_array_new_with_free_func(g_free);
	const char *enter = ui_sign(ui->term, UI_SIGN_ENTER);
	const UiCandidate *candidate = marked(line);

	for (guint i = 0; i < line->n_answers; i++) {
		g_ptr_array_add(offers,
				ui_key_name(line->answers[i].key, enter));
		g_ptr_array_add(offers, g_strdup(line->answers[i].word));
	}
	if (line->answers == NULL) {
		if (line->prompt.pick && candidate != NULL)
			offer(offers, enter, candidate->text);
		else
			offer(offers, enter,
			      line->prompt.enter != NULL ? line->prompt.enter
							 : _("Accept"));
		if (line->candidates != NULL && line->candidates->len > 0)
			offer(offers, "Tab",
			      line->prompt.pick ? _("Next") : _("Complete"));
		if (line->prompt.history != NULL)
			offer(offers, "Up", _("History"));
	}
	offer(offers, "Esc", _("Cancel"));
	return offers;
}
