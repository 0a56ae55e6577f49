/* test-ui-keys.c - what a terminal sends, whole, cut and hostile */
#include "ui-keys.h"

#include <string.h>

typedef struct {
	GArray *keys; /* of UiKey */
	GString *pasted;
	guint pastes;
	guint background[3];
	guint backgrounds;
} Got;

static void
got_key(UiKey key, gpointer user)
{
	g_array_append_val(((Got *)user)->keys, key);
}

static void
got_paste(const char *text, gsize len, gpointer user)
{
	Got *got = user;

	g_string_append_len(got->pasted, text, (gssize)len);
	got->pastes++;
}

static void
got_background(guint red, guint green, guint blue, gpointer user)
{
	Got *got = user;

	got->background[0] = red;
	got->background[1] = green;
	got->background[2] = blue;
	got->backgrounds++;
}

static const UiKeySink sink = {got_key, got_paste, got_background};

static void
got_init(Got *got)
{
	*got = (Got){0};
	got->keys = g_array_new(FALSE, FALSE, sizeof(UiKey));
	got->pasted = g_string_new(NULL);
}

static void
got_clear(Got *got)
{
	g_array_unref(got->keys);
	g_string_free(got->pasted, TRUE);
}

typedef struct {
	const char *bytes;
	UiKey keys[6];
} Case;

static const Case cases[] = {
    {"j", {'j'}},
    {"\r", {UI_KEY_ENTER}},
    {"\n", {UI_KEY_ENTER}},
    {"\t", {UI_KEY_TAB}},
    {"\x7f", {UI_KEY_BACKSPACE}},
    {"\x12", {UI_CTRL('r')}},
    {"\x1a", {UI_CTRL('z')}},
    {"\xc3\xbc", {0xfc}},
    {"\xf0\x9f\x98\x80", {0x1f600}},
    {"\x1b[A", {UI_KEY_UP}},
    {"\x1bOB", {UI_KEY_DOWN}},
    {"\x1b[1;5C", {UI_KEY_RIGHT | UI_KEY_CTRL}},
    {"\x1b[5~\x1b[6~", {UI_KEY_PGUP, UI_KEY_PGDN}},
    {"\x1b[Z", {UI_KEY_BACKTAB}},
    {"\x1b[11~\x1bOP", {UI_KEY_F1, UI_KEY_F1}},
    {"\x1b[24~", {UI_KEY_F12}},
    {"\x1b"
     "b",
     {UI_ALT('b')}},
    {"\x1b\xc3\xbc", {0xfc | UI_KEY_ALT}},
    /* Esc, and a key that waited for it */
    {"\x1b\x1b[A", {UI_KEY_ESC, UI_KEY_UP}},
    /* answers and unknown sequences are no keys */
    {"\x1b[?1;2c", {0}},
    {"\x1b[<0;3;4M", {0}},
    {"\x1b]52;c;ZGRk\x07j", {'j'}},
    {"\x1bP1$r0m\x1b\\j", {'j'}},
    {"\x1b[99~k", {'k'}},
    /* broken UTF-8: what follows is not lost */
    {"\xc3j", {'j'}},
    {"\xff\xfej", {'j'}},
    {"\xe2\x82j", {'j'}},
};

static void
check(const Case *one, bool in_pieces)
{
	gsize len = strlen(one->bytes);
	UiKeys *keys;
	Got got;
	guint n = 0;

	got_init(&got);
	keys = ui_keys_new(&sink, &got);
	if (in_pieces) {
		for (gsize i = 0; i < len; i++)
			ui_keys_feed(keys, one->bytes + i, 1);
	} else {
		ui_keys_feed(keys, one->bytes, len);
	}
	g_assert_false(ui_keys_pending(keys));
	while (n < G_N_ELEMENTS(one->keys) && one->keys[n] != UI_KEY_NONE)
		n++;
	g_assert_cmpuint(got.keys->len, ==, n);
	for (guint i = 0; i < n; i++)
		g_assert_cmphex(g_array_index(got.keys, UiKey, i), ==,
				one->keys[i]);
	ui_keys_free(keys);
	got_clear(&got);
}

static void
test_sequences(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		check(&cases[i], false);
		check(&cases[i], true);
	}
}

static void
test_lone_escape(void)
{
	Got got;
	UiKeys *keys;

	got_init(&got);
	keys = ui_keys_new(&sink, &got);
	ui_keys_feed(keys, "\x1b", 1);
	g_assert_true(ui_keys_pending(keys));
	g_assert_cmpuint(got.keys->len, ==, 0);
	ui_keys_timeout(keys);
	g_assert_cmpuint(got.keys->len, ==, 1);
	g_assert_cmphex(g_array_index(got.keys, UiKey, 0), ==, UI_KEY_ESC);
	/* one that has begun is waited for, however slow the line */
	ui_keys_feed(keys, "\x1b[1;5", 5);
	g_assert_false(ui_keys_pending(keys));
	ui_keys_timeout(keys);
	ui_keys_feed(keys, "C", 1);
	g_assert_cmpuint(got.keys->len, ==, 2);
	ui_keys_free(keys);
	got_clear(&got);
}

static void
test_paste(void)
{
	static const char bytes[] = "\x1b[200~dd\x1b[A q\n\x1b[201~j";
	Got got;
	UiKeys *keys;

	got_init(&got);
	keys = ui_keys_new(&sink, &got);
	for (gsize i = 0; i < strlen(bytes); i++)
		ui_keys_feed(keys, bytes + i, 1);
	g_assert_cmpuint(got.pastes, ==, 1);
	g_assert_cmpstr(got.pasted->str, ==, "dd\x1b[A q\n");
	g_assert_cmpuint(got.keys->len, ==, 1);
	ui_keys_free(keys);
	got_clear(&got);
}

static void
test_paste_is_bounded(void)
{
	g_autofree char *much = g_strnfill(UI_KEYS_PASTE_MAX + 5000, 'x');
	Got got;
	UiKeys *keys;

	got_init(&got);
	keys = ui_keys_new(&sink, &got);
	ui_keys_feed(keys, "\x1b[200~", 6);
	ui_keys_feed(keys, much, UI_KEYS_PASTE_MAX + 5000);
	ui_keys_feed(keys, "\x1b[201~j", 7);
	g_assert_cmpuint(got.pastes, ==, 1);
	g_assert_cmpuint(got.pasted->len, <=, UI_KEYS_PASTE_MAX);
	g_assert_cmpuint(got.keys->len, ==, 1);
	ui_keys_free(keys);
	got_clear(&got);
}

static void
test_background(void)
{
	static const char good[] = "\x1b]11;rgb:ffff/8080/0000\x1b\\";
	static const char *const bad[] = {
	    "\x1b]11;rgb:12/34\x07",
	    "\x1b]11;rgb:12345/0/0\x07",
	    "\x1b]11;rgb:zz/00/00\x07",
	    "\x1bP11;rgb:1e/1e/1e\x1b\\",
	};
	Got got;
	UiKeys *keys;

	got_init(&got);
	keys = ui_keys_new(&sink, &got);
	ui_keys_feed(keys, good, strlen(good));
	g_assert_cmpuint(got.backgrounds, ==, 1);
	g_assert_cmpuint(got.background[0], ==, 255);
	g_assert_cmpuint(got.background[1], ==, 128);
	g_assert_cmpuint(got.background[2], ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
		ui_keys_feed(keys, bad[i], strlen(bad[i]));
	g_assert_cmpuint(got.backgrounds, ==, 1);
	g_assert_cmpuint(got.keys->len, ==, 0);
	ui_keys_free(keys);
	got_clear(&got);
}

static void
test_names(void)
{
	static const struct {
		UiKey key;
		const char *name;
	} names[] = {
	    {'j', "j"},
	    {UI_CTRL('r'), "^R"},
	    {UI_KEY_ENTER, "Ret"},
	    {UI_KEY_BACKTAB, "S-Tab"},
	    {UI_ALT('b'), "M-b"},
	    {' ', "Space"},
	    {UI_KEY_F12, "F12"},
	    {UI_KEY_LEFT | UI_KEY_CTRL, "C-Left"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *name = ui_key_name(names[i].key, "Ret");

		g_assert_cmpstr(name, ==, names[i].name);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ui/keys/sequences", test_sequences);
	g_test_add_func("/ui/keys/lone-escape", test_lone_escape);
	g_test_add_func("/ui/keys/paste", test_paste);
	g_test_add_func("/ui/keys/paste-is-bounded", test_paste_is_bounded);
	g_test_add_func("/ui/keys/background", test_background);
	g_test_add_func("/ui/keys/names", test_names);
	return g_test_run();
}
