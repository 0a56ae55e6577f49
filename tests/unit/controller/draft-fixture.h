/* draft-fixture.h - drafts as a screen has them, for tests */
#pragma once

#include "mail-fixture.h"
#include "store-draft.h"

/** Writing: a draft as a screen has it */
typedef struct {
	Draft *draft;
	volatile gint ready;
	volatile gint saved; /* how often */
	volatile gint failed;
} Writing;

void writing_told(Draft *draft, gpointer user);
void writing_begin(Writing *writing, MailBox *box, DraftStart start, gint64 id);
void writing_resume(Writing *writing, MailBox *box, const char *uuid);
char *text_read(const char *path);
/** As an editor does that writes aside and renames. */
void text_write(const char *path, const char *text);
/** The editor appends @words. */
void writing_type(const Writing *writing, const char *words);
void writing_save(Writing *writing, const char *words);
char *writing_kept(MailBox *box, const char *uuid);
StoreDraft *writing_row(MailBox *box, const char *uuid);
void text_assert_holds(const char *text, const char *words);
guint writing_n_local(MailBox *box);
/** Files of drafts that are there: texts, edit files, anything. */
guint writing_n_files(MailBox *box);
GPtrArray *writing_queue(MailBox *box);
