/* mime-lines.h - styled text of any length, wrapped to lines */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "mime-render.h"

/** MIME_WIDTH_MIN: narrower screens scroll */
#define MIME_WIDTH_MIN 8u

/** MimeRun: one paragraph: text with styles; text comes in filtered only when
 * a style ends, so that letters and their marks stay together */
typedef struct {
	GString *text;
	GArray *spans;
	GString *pending;
	TextStyle style;
} MimeRun;

MimeRun *mime_run_new(void);
/** mime_run_free: (nullable) */
void mime_run_free(MimeRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeRun, mime_run_free)
/** mime_run_append: @text: UTF-8, not filtered */
void mime_run_append(MimeRun *run, const char *text, gsize len,
		     TextStyle style);
/** mime_run_finish: what was appended is in @text and @spans now */
void mime_run_finish(MimeRun *run);
void mime_run_clear(MimeRun *run);
/** mime_run_mark: styles bytes of the finished text; ascending */
void mime_run_mark(MimeRun *run, gsize start, gsize len, TextStyle style);
/** mime_run_add: @other, finished, behind the finished text of @run */
void mime_run_add(MimeRun *run, const MimeRun *other);

/** MimeLines: writes to the end of a #MimeText */
typedef struct {
	MimeText *text;
	guint width;
	gint *cancel;
	bool cancelled;
	bool full;
	GHashTable *links; /* URL → number */
} MimeLines;

void mime_lines_init(MimeLines *lines, MimeText *text,
		     const MimeRenderOptions *options);
void mime_lines_clear(MimeLines *lines);
/** mime_lines_stopped: cancelled, or a limit was reached: no more is needed */
bool mime_lines_stopped(MimeLines *lines);

/**
 * MimeWrap: how a paragraph is laid out
 * @quote: levels of quoting
 * @first, @next: (nullable): what stands before the text, ASCII
 * @style: of the whole line, or %TEXT_NORMAL for the run's own
 * @hard: broken at the width, not between words
 */
typedef struct {
	guint quote;
	const char *first;
	const char *next;
	TextStyle style;
	bool hard;
} MimeWrap;

/** mime_lines_wrap: @run: finished; at least one line */
void mime_lines_wrap(MimeLines *lines, const MimeRun *run,
		     const MimeWrap *wrap);
/** mime_lines_blank: an empty line, unless one or nothing is above */
void mime_lines_blank(MimeLines *lines, guint quote);
/** mime_lines_link: Returns: its number from 1; 0 where there are too many */
guint mime_lines_link(MimeLines *lines, const char *url);

/** mime_quote_style: of a level from 1 */
TextStyle mime_quote_style(guint level);
/** mime_render_plain: @text: UTF-8 with LF */
void mime_render_plain(MimeLines *lines, const char *text, bool flowed,
		       bool delsp);
/** mime_render_html: @html: UTF-8, may be changed; @root: (nullable) */
void mime_render_html(MimeLines *lines, char *html, gsize len,
		      const Part *root);
