/* ui-edit.h - one line of text being typed */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "ui-keys.h"

/** UI_EDIT_MAX: bytes; more is not taken */
#define UI_EDIT_MAX 16384u

/**
 * UiEdit: @at: byte where the cursor stands, at a character's beginning
 */
typedef struct {
	GString *text;
	gsize at;
	char *killed;
} UiEdit;

void ui_edit_init(UiEdit *edit, const char *text);
/** ui_edit_clear: what was typed is wiped */
void ui_edit_clear(UiEdit *edit);
void ui_edit_set(UiEdit *edit, const char *text);
/** ui_edit_insert: without controls; line ends become blanks */
void ui_edit_insert(UiEdit *edit, const char *text, gsize len);
/** ui_edit_key: Returns: whether it was a key of editing */
bool ui_edit_key(UiEdit *edit, UiKey key);
