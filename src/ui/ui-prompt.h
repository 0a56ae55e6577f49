/* ui-prompt.h - a line to type, an answer to give, a list to pick from */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "ui-view.h"

/**
 * UiCandidate: one line above the prompt
 * @text: what Enter or Tab takes
 * @note: (nullable): why it is offered
 */
typedef struct {
	char *text;
	char *note;
} UiCandidate;
/** ui_candidates_new: Returns: (transfer full): array that frees them */
GPtrArray *ui_candidates_new(void);
void ui_candidates_add(GPtrArray *list, const char *text, const char *note);

/** UiPromptFunc: @text: what was typed or taken, %NULL: cancelled; it may open
 * the next prompt */
typedef void (*UiPromptFunc)(Ui *ui, const char *text, gpointer user);

/**
 * UiPrompt: how a prompt begins; copied, all strings too
 * @label: "Move to:" (translated)
 * @text: (nullable): stands there at first
 * @history: (nullable): name of the list that Up and Down walk
 * @secret: nothing is echoed, kept or completed; the text is wiped after @done
 * @pick: Enter takes the candidate that is marked, the first at the start;
 *   else what was typed
 * @complete: (nullable): Returns: (transfer full): array of #UiCandidate for
 *   what stands there, best first
 * @hint: (nullable): one more line under the candidates
 * @changed: (nullable): after each change (the filter follows)
 * @enter: (translated) (nullable): word for Enter on the key line
 */
typedef struct {
	const char *label;
	const char *text;
	const char *history;
	bool secret;
	bool pick;
	GPtrArray *(*complete)(Ui *ui, const char *text, gpointer user);
	char *(*hint)(Ui *ui, const char *text, gpointer user);
	void (*changed)(Ui *ui, const char *text, gpointer user);
	UiPromptFunc done;
	const char *enter;
	gpointer user;
} UiPrompt;

/** ui_prompt_open: in the status line, over the top view; one that is open is
 * cancelled, and so is this one when its view goes away or under another */
void ui_prompt_open(Ui *ui, const UiPrompt *prompt);

/** UiAnswer: @word: (translated): for the key line */
typedef struct {
	UiKey key;
	const char *word;
} UiAnswer;
/** UiAnswerFunc: @answer: index into the answers, -1 for Esc */
typedef void (*UiAnswerFunc)(Ui *ui, int answer, gpointer user);
/**
 * ui_question_open:
 * @text: (translated): names the number and the thing, without the answers
 *
 * Esc is always the safe answer and offered last; Enter answers nothing. 'y'
 * is also the language's own letter.
 */
void ui_question_open(Ui *ui, const char *text, const UiAnswer *answers,
		      guint n_answers, UiAnswerFunc done, gpointer user);

bool ui_prompt_is_open(const Ui *ui);
/** ui_prompt_cancel: as Esc does */
void ui_prompt_cancel(Ui *ui);
