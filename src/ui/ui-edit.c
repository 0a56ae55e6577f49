/* ui-edit.c - one line of text being typed */
#include "ui-edit.h"

#include <string.h>

#include "base-text.h"

void
ui_edit_init(UiEdit *edit, const char *text)
{
	*edit = (UiEdit){.text = g_string_sized_new(256)};
	ui_edit_set(edit, text != NULL ? text : "");
}

void
ui_edit_clear(UiEdit *edit)
{
	if (edit->text != NULL) {
		explicit_bzero(edit->text->str, edit->text->allocated_len);
		g_string_free(edit->text, TRUE);
	}
	g_free(edit->killed);
	*edit = (UiEdit){0};
}

void
ui_edit_set(UiEdit *edit, const char *text)
{
	g_string_truncate(edit->text, 0);
	edit->at = 0;
	ui_edit_insert(edit, text, strlen(text));
}

void
ui_edit_insert(UiEdit *edit, const char *text, gsize len)
{
	g_autofree char *clean = text_clean_line(text, (gssize)len);
	gsize n = strlen(clean);

	if (edit->text->len + n <= UI_EDIT_MAX) {
		g_string_insert_len(edit->text, (gssize)edit->at, clean,
				    (gssize)n);
		edit->at += n;
	}
	explicit_bzero(clean, n);
}

/* bytes of the cluster before @at */
static gsize
before(const UiEdit *edit)
{
	gsize at = 0;
	gsize last = 0;

	while (at < edit->at) {
		guint width;

		last = text_cluster(edit->text->str + at, edit->text->len - at,
				    &width);
		if (last == 0)
			return edit->at - at;
		at += last;
	}
	return MIN(last, edit->at);
}

static gsize
after(const UiEdit *edit)
{
	guint width;

	if (edit->at >= edit->text->len)
		return 0;
	return text_cluster(edit->text->str + edit->at,
			    edit->text->len - edit->at, &width);
}

static bool
is_word_byte(char c)
{
	return c != ' ' && c != ',' && c != '/';
}

static gsize
word_before(const UiEdit *edit)
{
	gsize at = edit->at;

	while (at > 0 && !is_word_byte(edit->text->str[at - 1]))
		at--;
	while (at > 0 && is_word_byte(edit->text->str[at - 1]))
		at--;
	return edit->at - at;
}

static gsize
word_after(const UiEdit *edit)
{
	gsize at = edit->at;

	while (at < edit->text->len && !is_word_byte(edit->text->str[at]))
		at++;
	while (at < edit->text->len && is_word_byte(edit->text->str[at]))
		at++;
	return at - edit->at;
}

static void
kill_bytes(UiEdit *edit, gsize from, gsize len)
{
	if (len == 0)
		return;
	g_free(edit->killed);
	edit->killed = g_strndup(edit->text->str + from, len);
	g_string_erase(edit->text, (gssize)from, (gssize)len);
	edit->at = from;
}

static void
erase(UiEdit *edit, gsize from, gsize len)
{
	g_string_erase(edit->text, (gssize)from, (gssize)len);
	edit->at = from;
}

static bool
motion(UiEdit *edit, UiKey key)
{
	switch (key) {
	case UI_KEY_LEFT:
	case UI_CTRL('b'):
		edit->at -= before(edit);
		return true;
	case UI_KEY_RIGHT:
	case UI_CTRL('f'):
		edit->at += after(edit);
		return true;
	case UI_KEY_HOME:
	case UI_CTRL('a'):
		edit->at = 0;
		return true;
	case UI_KEY_END:
	case UI_CTRL('e'):
		edit->at = edit->text->len;
		return true;
	case UI_ALT('b'):
		edit->at -= word_before(edit);
		return true;
	case UI_ALT('f'):
		edit->at += word_after(edit);
		return true;
	default:
		return false;
	}
}

bool
ui_edit_key(UiEdit *edit, UiKey key)
{
	char utf8[6];

	if (motion(edit, key))
		return true;
	switch (key) {
	case UI_KEY_BACKSPACE:
		erase(edit, edit->at - before(edit), before(edit));
		return true;
	case UI_KEY_DELETE:
	case UI_CTRL('d'):
		erase(edit, edit->at, after(edit));
		return true;
	case UI_CTRL('k'):
		kill_bytes(edit, edit->at, edit->text->len - edit->at);
		return true;
	case UI_CTRL('u'):
		kill_bytes(edit, 0, edit->at);
		return true;
	case UI_CTRL('w'):
		kill_bytes(edit, edit->at - word_before(edit),
			   word_before(edit));
		return true;
	case UI_CTRL('y'):
		if (edit->killed != NULL)
			ui_edit_insert(edit, edit->killed,
				       strlen(edit->killed));
		return true;
	default:
		break;
	}
	if (key < 0x20 || key >= UI_KEY_ENTER)
		return false;
	ui_edit_insert(edit, utf8, (gsize)g_unichar_to_utf8(key, utf8));
	return true;
}
