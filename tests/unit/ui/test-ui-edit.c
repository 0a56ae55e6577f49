/* test-ui-edit.c - typing, moving and deleting in a line */
#include "ui-edit.h"

#include <string.h>

typedef struct {
	const char *text;
	UiKey keys[8];
	const char *after;
	gsize at;
} Case;

static const Case cases[] = {
    {"", {'a', 'b', 'c'}, "abc", 3},
    {"abc", {UI_KEY_BACKSPACE}, "ab", 2},
    {"abc", {UI_KEY_LEFT, UI_KEY_LEFT, 'x'}, "axbc", 2},
    {"abc", {UI_CTRL('a'), UI_KEY_DELETE}, "bc", 0},
    {"abc", {UI_CTRL('a'), UI_CTRL('b')}, "abc", 0},
    {"abc", {UI_CTRL('f')}, "abc", 3},
    {"one two", {UI_CTRL('w')}, "one ", 4},
    {"a/b/cc", {UI_CTRL('w')}, "a/b/", 4},
    {"one two", {UI_CTRL('u')}, "", 0},
    {"one two", {UI_CTRL('a'), UI_CTRL('k'), UI_CTRL('y')}, "one two", 7},
    {"one two", {UI_ALT('b'), UI_ALT('b'), UI_ALT('f')}, "one two", 3},
    {"\xc3\xbc", {UI_KEY_BACKSPACE}, "", 0},
    /* a base and its mark go together */
    {"au\xcc\x88", {UI_KEY_BACKSPACE}, "a", 1},
    {"", {0x6771}, "\xe6\x9d\xb1", 3},
    {"", {UI_KEY_BACKSPACE, UI_KEY_DELETE, UI_CTRL('w')}, "", 0},
};

static void
test_keys(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		UiEdit edit;

		ui_edit_init(&edit, cases[i].text);
		for (guint k = 0; k < G_N_ELEMENTS(cases[i].keys) &&
				  cases[i].keys[k] != UI_KEY_NONE;
		     k++)
			g_assert_true(ui_edit_key(&edit, cases[i].keys[k]));
		g_assert_cmpstr(edit.text->str, ==, cases[i].after);
		g_assert_cmpuint(edit.at, ==, cases[i].at);
		ui_edit_clear(&edit);
	}
}

static void
test_paste_is_one_clean_line(void)
{
	UiEdit edit;

	ui_edit_init(&edit, NULL);
	ui_edit_insert(&edit, "a\r\nb\x1b[31m", 9);
	g_assert_null(strchr(edit.text->str, '\n'));
	g_assert_null(strchr(edit.text->str, '\x1b'));
	g_assert_cmpuint(edit.at, ==, edit.text->len);
	ui_edit_clear(&edit);
}

static void
test_is_bounded(void)
{
	g_autofree char *much = g_strnfill(UI_EDIT_MAX, 'x');
	UiEdit edit;

	ui_edit_init(&edit, much);
	g_assert_cmpuint(edit.text->len, ==, UI_EDIT_MAX);
	ui_edit_key(&edit, 'y');
	g_assert_cmpuint(edit.text->len, ==, UI_EDIT_MAX);
	ui_edit_clear(&edit);
}

static void
test_other_keys_are_left(void)
{
	UiEdit edit;

	ui_edit_init(&edit, "x");
	g_assert_false(ui_edit_key(&edit, UI_KEY_F1));
	g_assert_false(ui_edit_key(&edit, UI_CTRL('t')));
	g_assert_false(ui_edit_key(&edit, UI_ALT('x')));
	g_assert_cmpstr(edit.text->str, ==, "x");
	ui_edit_clear(&edit);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ui/edit/keys", test_keys);
	g_test_add_func("/ui/edit/paste", test_paste_is_one_clean_line);
	g_test_add_func("/ui/edit/bounded", test_is_bounded);
	g_test_add_func("/ui/edit/other-keys", test_other_keys_are_left);
	return g_test_run();
}
