/* ui-keys.c - bytes from the terminal to keys */
#include "ui-keys.h"

#include <string.h>

/* a sequence longer than this is none of ours and is swallowed */
#define SEQUENCE_MAX 256u
#define PASTE_END "\033[201~"

typedef enum {
	STATE_PLAIN,
	STATE_ESC,
	STATE_CSI,
	STATE_SS3,
	STATE_STRING, /* OSC, DCS, APC, PM, SOS: until BEL or ST */
	STATE_STRING_ESC,
	STATE_PASTE,
} State;

struct UiKeys {
	UiKeySink sink;
	gpointer user;
	State state;
	bool is_osc;
	GString *sequence; /* or the paste so far */
	gsize paste_dropped;
	char utf8[6];
	guint utf8_len;
	guint utf8_wanted;
	guint32 utf8_mods;
};

UiKeys *
ui_keys_new(const UiKeySink *sink, gpointer user)
{
	UiKeys *keys = g_new0(UiKeys, 1);

	keys->sink = *sink;
	keys->user = user;
	keys->sequence = g_string_new(NULL);
	return keys;
}

void
ui_keys_free(UiKeys *keys)
{
	if (keys == NULL)
		return;
	g_string_free(keys->sequence, TRUE);
	g_free(keys);
}

static void
emit(UiKeys *keys, UiKey key)
{
	keys->state = STATE_PLAIN;
	if (key != UI_KEY_NONE)
		keys->sink.key(key, keys->user);
}

static UiKey
control(guchar byte)
{
	switch (byte) {
	case '\r':
	case '\n':
		return UI_KEY_ENTER;
	case '\t':
		return UI_KEY_TAB;
	case 0x08:
	case 0x7f:
		return UI_KEY_BACKSPACE;
	case 0x00:
		return UI_CTRL('@');
	case 0x1c:
		return UI_CTRL('\\');
	case 0x1d:
		return UI_CTRL(']');
	case 0x1e:
		return UI_CTRL('^');
	case 0x1f:
		return UI_CTRL('/');
	default:
		return UI_CTRL('a' + byte - 1);
	}
}

static void
begin_utf8(UiKeys *keys, guchar byte, guint32 mods)
{
	guint wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;

	keys->utf8_wanted = byte >= 0xc2 && byte <= 0xf4 ? wanted : 0;
	keys->utf8_len = 1;
	keys->utf8[0] = (char)byte;
	keys->utf8_mods = mods;
	keys->state = STATE_PLAIN;
}

static void
more_utf8(UiKeys *keys, guchar byte)
{
	gunichar c;

	keys->utf8[keys->utf8_len++] = (char)byte;
	if (keys->utf8_len < keys->utf8_wanted)
		return;
	keys->utf8_wanted = 0;
	c = g_utf8_get_char_validated(keys->utf8, keys->utf8_len);
	if (c != (gunichar)-1 && c != (gunichar)-2 && c >= 0xa0)
		emit(keys, c | keys->utf8_mods);
}

static void
character(UiKeys *keys, guchar byte, guint32 mods)
{
	if (byte < 0x20 || byte == 0x7f)
		emit(keys, control(byte) | mods);
	else if (byte < 0x80)
		emit(keys, byte | mods);
	else
		begin_utf8(keys, byte, mods);
}

static UiKey
final_letter(char letter)
{
	switch (letter) {
	case 'A':
		return UI_KEY_UP;
	case 'B':
		return UI_KEY_DOWN;
	case 'C':
		return UI_KEY_RIGHT;
	case 'D':
		return UI_KEY_LEFT;
	case 'F':
		return UI_KEY_END;
	case 'H':
		return UI_KEY_HOME;
	case 'M':
		return UI_KEY_ENTER;
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return UI_KEY_F1 + (guint)(letter - 'P');
	case 'Z':
		return UI_KEY_BACKTAB;
	default:
		return UI_KEY_NONE;
	}
}

/* CSI n ~ */
static UiKey
numbered(guint number)
{
	static const UiKey names[] = {
	    [1] = UI_KEY_HOME, [3] = UI_KEY_DELETE, [4] = UI_KEY_END,
	    [5] = UI_KEY_PGUP, [6] = UI_KEY_PGDN,   [7] = UI_KEY_HOME,
	    [8] = UI_KEY_END,  [11] = UI_KEY_F1,    [12] = UI_KEY_F2,
	    [13] = UI_KEY_F3,  [14] = UI_KEY_F4,    [15] = UI_KEY_F5,
	    [17] = UI_KEY_F6,  [18] = UI_KEY_F7,    [19] = UI_KEY_F8,
	    [20] = UI_KEY_F9,  [21] = UI_KEY_F10,   [23] = UI_KEY_F11,
	    [24] = UI_KEY_F12,
	};

	return number < G_N_ELEMENTS(names) ? names[number] : UI_KEY_NONE;
}

/* "5;3" before its final byte; modifiers as xterm counts them */
static void
csi_end(UiKeys *keys, char final)
{
	const char *text = keys->sequence->str;
	const char *semicolon = strchr(text, ';');
	guint number = (guint)MIN(g_ascii_strtoull(text, NULL, 10), 9999);
	guint mods = 0;
	UiKey key;

	if (semicolon != NULL)
		mods =
		    (guint)MIN(g_ascii_strtoull(semicolon + 1, NULL, 10), 99);
	mods = mods > 0 ? mods - 1 : 0;
	if (final == '~' && number == 200) {
		keys->state = STATE_PASTE;
		keys->paste_dropped = 0;
		g_string_truncate(keys->sequence, 0);
		return;
	}
	/* "?" and "<" begin answers and mouse reports */
	if (text[0] == '?' || text[0] == '<' || text[0] == '>')
		key = UI_KEY_NONE;
	else
		key = final == '~' ? numbered(number) : final_letter(final);
	if (key != UI_KEY_NONE && mods & 2)
		key |= UI_KEY_ALT;
	if (key != UI_KEY_NONE && mods & 4)
		key |= UI_KEY_CTRL;
	emit(keys, key);
}

/* "11;rgb:1e1e/1e1e/1e1e", one to four digits each */
static void
osc_end(UiKeys *keys)
{
	const char *text = keys->sequence->str;
	guint value[3];

	keys->state = STATE_PLAIN;
	if (!keys->is_osc || !g_str_has_prefix(text, "11;rgb:"))
		return;
	text += strlen("11;rgb:");
	for (guint i = 0; i < 3; i++) {
		char *end;
		guint64 number = g_ascii_strtoull(text, &end, 16);
		gsize digits = (gsize)(end - text);

		if (digits < 1 || digits > 4 || *end != (i < 2 ? '/' : '\0'))
			return;
		value[i] = (guint)(number * 255 / ((1u << (4 * digits)) - 1));
		text = end + 1;
	}
	keys->sink.background(value[0], value[1], value[2], keys->user);
}

static void
paste_byte(UiKeys *keys, char byte)
{
	gsize end = strlen(PASTE_END);
	GString *text = keys->sequence;

	if (text->len >= UI_KEYS_PASTE_MAX) {
		/* the end must still be found: the last bytes stay */
		g_string_erase(text, (gssize)(text->len - end), 1);
		keys->paste_dropped++;
	}
	g_string_append_c(text, byte);
	if (byte != '~' || text->len < end ||
	    memcmp(text->str + text->len - end, PASTE_END, end) != 0)
		return;
	g_string_truncate(text, text->len - end);
	keys->state = STATE_PLAIN;
	keys->sink.paste(text->str, text->len, keys->user);
	g_string_truncate(text, 0);
}

static void
begin_sequence(UiKeys *keys, State state)
{
	keys->state = state;
	g_string_truncate(keys->sequence, 0);
}

static void
escape_byte(UiKeys *keys, guchar byte)
{
	switch (byte) {
	case '[':
		begin_sequence(keys, STATE_CSI);
		break;
	case 'O':
		begin_sequence(keys, STATE_SS3);
		break;
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		keys->is_osc = byte == ']';
		begin_sequence(keys, STATE_STRING);
		break;
	case 0x1b:
		/* one Esc, and the beginning of another */
		emit(keys, UI_KEY_ESC);
		keys->state = STATE_ESC;
		break;
	default:
		character(keys, byte, UI_KEY_ALT);
	}
}

static void
string_byte(UiKeys *keys, guchar byte)
{
	if (byte == 0x07) {
		osc_end(keys);
	} else if (byte == 0x1b) {
		keys->state = STATE_STRING_ESC;
	} else if (keys->state == STATE_STRING_ESC) {
		keys->state = STATE_STRING;
		if (byte == '\\')
			osc_end(keys);
	} else if (keys->sequence->len < SEQUENCE_MAX) {
		g_string_append_c(keys->sequence, (char)byte);
	}
}

static void
csi_byte(UiKeys *keys, guchar byte)
{
	if (byte == 0x1b) {
		keys->state = STATE_ESC;
	} else if (byte >= 0x40 && byte <= 0x7e) {
		csi_end(keys, (char)byte);
	} else if (keys->sequence->len < SEQUENCE_MAX) {
		g_string_append_c(keys->sequence, (char)byte);
	}
}

static void
feed_byte(UiKeys *keys, guchar byte)
{
	if (keys->utf8_wanted > 0) {
		if ((byte & 0xc0) == 0x80) {
			more_utf8(keys, byte);
			return;
		}
		keys->utf8_wanted = 0;
	}
	switch (keys->state) {
	case STATE_PLAIN:
		if (byte == 0x1b)
			keys->state = STATE_ESC;
		else
			character(keys, byte, 0);
		break;
	case STATE_ESC:
		escape_byte(keys, byte);
		break;
	case STATE_CSI:
		csi_byte(keys, byte);
		break;
	case STATE_SS3:
		emit(keys, final_letter((char)byte));
		break;
	case STATE_STRING:
	case STATE_STRING_ESC:
		string_byte(keys, byte);
		break;
	case STATE_PASTE:
		paste_byte(keys, (char)byte);
		break;
	}
}

void
ui_keys_feed(UiKeys *keys, const char *bytes, gsize len)
{
	for (gsize i = 0; i < len; i++)
		feed_byte(keys, (guchar)bytes[i]);
}

bool
ui_keys_pending(const UiKeys *keys)
{
	switch (keys->state) {
	case STATE_ESC:
	case STATE_SS3:
		return true;
	case STATE_CSI:
	case STATE_STRING:
		/* what has begun for certain is waited for: a slow line must
		 * not turn its rest into keys */
		return keys->sequence->len == 0;
	default:
		return false;
	}
}

void
ui_keys_timeout(UiKeys *keys)
{
	State state = keys->state;

	if (!ui_keys_pending(keys))
		return;
	keys->state = STATE_PLAIN;
	/* Alt and "[" or "O" look like the beginning of a sequence */
	if (state == STATE_ESC)
		emit(keys, UI_KEY_ESC);
	else if (state == STATE_CSI)
		emit(keys, UI_ALT('['));
	else if (state == STATE_SS3)
		emit(keys, UI_ALT('O'));
}

static const char *
named(UiKey key, const char *enter)
{
	static const char *const names[] = {
	    NULL,   "Tab",  "S-Tab", "Esc",  "Backspace", "Del",  "Up",
	    "Down", "Left", "Right", "Home", "End",       "PgUp", "PgDn",
	    "F1",   "F2",   "F3",    "F4",   "F5",        "F6",   "F7",
	    "F8",   "F9",   "F10",   "F11",  "F12",
	};

	if (key == UI_KEY_ENTER)
		return enter;
	if (key > UI_KEY_ENTER && key <= UI_KEY_F12)
		return names[key - UI_KEY_ENTER];
	return key == ' ' ? "Space" : NULL;
}

char *
ui_key_name(UiKey key, const char *enter)
{
	guint32 plain = key & ~(UI_KEY_CTRL | UI_KEY_ALT);
	const char *name = named(plain, enter);
	GString *text = g_string_new(NULL);

	if (key & UI_KEY_ALT)
		g_string_append(text, "M-");
	if (key & UI_KEY_CTRL) {
		g_string_append(text, name != NULL ? "C-" : "^");
		plain = plain < 0x80 ? (guint32)g_ascii_toupper((char)plain)
				     : plain;
	}
	if (name != NULL)
		g_string_append(text, name);
	else
		g_string_append_unichar(text, plain);
	return g_string_free(text, FALSE);
}
