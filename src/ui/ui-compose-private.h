/* ui-compose-private.h - shared by the files of the composer */
#pragma once

#include "ui-compose.h"

/** The fields of the review screen that can be chosen. */
typedef enum {
	COMPOSE_FROM,
	COMPOSE_TO,
	COMPOSE_CC,
	COMPOSE_BCC,
	COMPOSE_SUBJECT,
	N_COMPOSE_FIELDS,
} ComposeField;

typedef struct {
	UiView view;
	Account *account;
	Draft *draft; /* NULL once it was given away */
	char *what;   /* "reply to Ada Lovelace" */
	ComposeField field;
	int scroll;     /* of the text */
	bool edit_next; /* straight into the editor once it is ready */
	bool in_editor;
	guint watch_source; /* looks at the file while the editor runs */
	guint detaching;    /* attachment that is asked about */
} Compose;

/** compose_field_name: "To", as draft_header() has it */
const char *compose_field_name(ComposeField field);
/** compose_field_label: (translated) */
const char *compose_field_label(ComposeField field);

/* ui-compose-draw.c */
void ui_compose_draw(UiView *view, UiRect rect);
void ui_compose_top(UiView *view, UiTop *words);
