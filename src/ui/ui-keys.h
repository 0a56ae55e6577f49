/* ui-keys.h - bytes from the terminal to keys */
#pragma once

#include <stdbool.h>

#include <glib.h>

/**
 * UiKey: a character, a character with modifiers, or one of the names below.
 * ^A is 'a' with %UI_KEY_CTRL, whatever the terminal sends for it; Enter, Tab,
 * Esc and Backspace have names.
 */
typedef guint32 UiKey;
#define UI_KEY_CTRL (1u << 24)
#define UI_KEY_ALT (1u << 25)
#define UI_CTRL(c) ((UiKey)(c) | UI_KEY_CTRL)
#define UI_ALT(c) ((UiKey)(c) | UI_KEY_ALT)
enum {
	UI_KEY_NONE = 0,
	UI_KEY_ENTER = 0x110000,
	UI_KEY_TAB,
	UI_KEY_BACKTAB,
	UI_KEY_ESC,
	UI_KEY_BACKSPACE,
	UI_KEY_DELETE,
	UI_KEY_UP,
	UI_KEY_DOWN,
	UI_KEY_LEFT,
	UI_KEY_RIGHT,
	UI_KEY_HOME,
	UI_KEY_END,
	UI_KEY_PGUP,
	UI_KEY_PGDN,
	UI_KEY_F1,
	UI_KEY_F2,
	UI_KEY_F3,
	UI_KEY_F4,
	UI_KEY_F5,
	UI_KEY_F6,
	UI_KEY_F7,
	UI_KEY_F8,
	UI_KEY_F9,
	UI_KEY_F10,
	UI_KEY_F11,
	UI_KEY_F12,
};

/** UiKeySink: what a decoder calls
 * @paste: bracketed paste, UTF-8 or not
 * @background: the answer to OSC 11, 0 to 255 each */
typedef struct {
	void (*key)(UiKey key, gpointer user);
	void (*paste)(const char *text, gsize len, gpointer user);
	void (*background)(guint red, guint green, guint blue, gpointer user);
} UiKeySink;

/** UiKeys: a decoder; no sequence, however long or broken, takes more memory
 * than %UI_KEYS_PASTE_MAX, and none is passed on as keys of its letters */
typedef struct UiKeys UiKeys;
#define UI_KEYS_PASTE_MAX (1u << 20)

UiKeys *ui_keys_new(const UiKeySink *sink, gpointer user);
/** ui_keys_free: (nullable) */
void ui_keys_free(UiKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiKeys, ui_keys_free)
void ui_keys_feed(UiKeys *keys, const char *bytes, gsize len);
/** ui_keys_pending: an Esc stands alone: call ui_keys_timeout() in 50 ms */
bool ui_keys_pending(const UiKeys *keys);
void ui_keys_timeout(UiKeys *keys);

/** ui_key_name: as shown and written in help: "j", "^R", "Enter", "M-b", with
 * @enter for the Enter key. Returns: (transfer full) */
char *ui_key_name(UiKey key, const char *enter);
