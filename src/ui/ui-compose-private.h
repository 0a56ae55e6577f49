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

/** What tells a file that was written from one that was not. */
typedef struct {
	gint64 size;
	guint64 inode;
	gint64 seconds;
	gint64 nanoseconds;
} ComposeStamp;

typedef struct {
	UiView view;
	Account *account;
	Draft *draft; /* NULL once it was given away */
	char *what;   /* "reply to Ada Lovelace" */
	ComposeField field;
	int scroll;     /* of the text */
	bool edit_next; /* straight into the editor once it is ready */
	bool is_new;    /* begun here, not resumed */
	bool touched;   /* something was written, set or attached */
	bool marked;    /* @stamp is that of the file as it was made */
	ComposeStamp stamp;
	guint watch_source; /* looks at the file while the editor runs */
} Compose;

/** compose_field_name: "To", as draft_header() has it */
const char *compose_field_name(ComposeField field);
/** compose_field_label: (translated) */
const char *compose_field_label(ComposeField field);

/* ui-compose-edit.c */
/** compose_edit: the terminal to the editor */
void compose_edit(Compose *compose);
/** compose_editor_stop: the file is not looked at any more */
void compose_editor_stop(Compose *compose);
/** compose_editor_mark: what the file is like before anybody writes */
void compose_editor_mark(Compose *compose);
/** compose_editor_wrote: it may be another one since */
bool compose_editor_wrote(const Compose *compose);

/* ui-compose-draw.c */
void ui_compose_draw(UiView *view, UiRect rect);
void ui_compose_top(UiView *view, UiTop *words);
