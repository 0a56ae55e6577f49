/* ui-term.c - curses: life of the terminal, frames */
#include "ui-term.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <ncursesw/curses.h>

#include "ui-curses.h"
#include "ui-i18n.h"
#include "ui-theme.h"

struct UiTerm {
	SCREEN *screen;
	bool ascii;
	bool utf8;
	bool left;
	bool repaint;
	bool is_auto; /* the theme follows the terminal's answer */
	guint ambiguous;
	UiTheme theme;
	guint band; /* 0 band, 1 row, 2 marker */
};

/* What the user's environment says, whatever main made of it: a terminal that
 * is told to be anything else is given ASCII. */
static bool
locale_is_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (locale == (locale_t)0)
		return false;
	utf8 = g_str_equal(nl_langinfo_l(CODESET, locale), "UTF-8");
	freelocale(locale);
	return utf8;
}

/* Past curses: its output is flushed at each frame's end, so the order holds.
 * A terminal that takes nothing more loses the request, not the user's time. */
static void
write_raw(const char *bytes, gsize len)
{
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		bytes += n;
		len -= (gsize)n;
	}
}

static void
write_text(const char *text)
{
	write_raw(text, strlen(text));
}

/* The linux console takes OSC for its palette and shows the rest. */
static bool
takes_osc(void)
{
	const char *name = g_getenv("TERM");

	return name != NULL && !g_str_has_prefix(name, "linux") &&
	       !g_str_has_prefix(name, "vt");
}

/* COLORFGBG is "15;0" or "15;default;0": the last number is the background */
static bool
background_is_light(bool *ret_known)
{
	const char *value = g_getenv("COLORFGBG");
	const char *last = value != NULL ? strrchr(value, ';') : NULL;
	gint64 number;

	*ret_known = last != NULL && g_ascii_isdigit(last[1]);
	if (!*ret_known)
		return false;
	number = g_ascii_strtoll(last + 1, NULL, 10);
	return number == 7 || number > 8;
}

static void
start_theme(UiTerm *term, const UiConfig *config)
{
	const char *no_color = g_getenv("NO_COLOR");
	const char *name = config->theme != NULL ? config->theme : "auto";
	bool known = false;
	bool light = false;

	if (no_color != NULL && no_color[0] != '\0')
		name = "mono";
	if (g_str_equal(name, "light")) {
		light = true;
	} else if (g_str_equal(name, "auto")) {
		light = background_is_light(&known);
		term->is_auto = !known;
	}
	ui_theme_init(&term->theme, g_str_equal(name, "mono"), light);
	if (term->is_auto && !term->theme.mono && takes_osc())
		write_text("\033]11;?\033\\");
}

static void
set_modes(void)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	/* keys are read and decoded by ui-keys.c; curses only draws, and must
	 * not look for keys that would break a frame off */
	typeahead(-1);
	idlok(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	curs_set(1);
	write_text("\033[?2004h");
}

UiTerm *
ui_term_start(const UiConfig *config, bool ascii, const char **ret_reason)
{
	UiTerm *term;
	SCREEN *screen;

	*ret_reason = _("not a terminal");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return NULL;
	screen = newterm(NULL, stdout, stdin);
	*ret_reason = _("this terminal cannot place its cursor (TERM)");
	if (screen == NULL)
		return NULL;
	if (tigetstr("cup") == NULL || tigetstr("cup") == (char *)-1) {
		endwin();
		delscreen(screen);
		return NULL;
	}
	term = g_new0(UiTerm, 1);
	term->screen = screen;
	term->utf8 = locale_is_utf8();
	term->ascii = ascii || !term->utf8;
	term->ambiguous = config->ambiguous_width == 2 ? 2 : 1;
	term->band = config->selection;
	set_modes();
	start_theme(term, config);
	ui_term_resize(term);
	return term;
}

void
ui_term_stop(UiTerm *term)
{
	if (term == NULL)
		return;
	if (!term->left)
		ui_term_leave(term);
	delscreen(term->screen);
	g_free(term);
}

void
ui_term_leave(UiTerm *term)
{
	write_text("\033[?2004l");
	if (ui_term_rows(term) > 0)
		mvcur(-1, -1, LINES - 1, 0);
	endwin();
	term->left = true;
}

void
ui_term_enter(UiTerm *term)
{
	term->left = false;
	reset_prog_mode();
	set_modes();
	ui_term_resize(term);
	ui_frame_repaint(term);
}

bool
ui_term_is_left(const UiTerm *term)
{
	return term->left;
}

void
ui_term_resize(UiTerm *term)
{
	struct winsize size = {0};

	(void)term;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 ||
	    size.ws_col == 0)
		return;
	if (size.ws_row != LINES || size.ws_col != COLS)
		resizeterm(size.ws_row, size.ws_col);
}

int
ui_term_rows(const UiTerm *term)
{
	(void)term;
	return LINES;
}

int
ui_term_columns(const UiTerm *term)
{
	(void)term;
	return COLS;
}

bool
ui_term_utf8(const UiTerm *term)
{
	return term->utf8;
}

guint
ui_term_ambiguous(const UiTerm *term)
{
	return term->ambiguous;
}

void
ui_term_background(UiTerm *term, guint red, guint green, guint blue)
{
	/* ITU-R BT.709, in thousandths */
	guint luma = (213 * red + 715 * green + 72 * blue) / 255;

	if (!term->is_auto || term->theme.light == (luma > 500))
		return;
	ui_theme_init(&term->theme, term->theme.mono, luma > 500);
	ui_frame_repaint(term);
}

void
ui_term_copy(UiTerm *term, const char *text)
{
	g_autofree char *coded = NULL;
	g_autofree char *sequence = NULL;
	gsize len = strlen(text);

	/* terminals drop longer ones, some in the middle */
	if (term->left || len > 8192 || !takes_osc())
		return;
	coded = g_base64_encode((const guchar *)text, len);
	sequence = g_strconcat("\033]52;c;", coded, "\033\\", NULL);
	write_text(sequence);
}

const char *
ui_sign(const UiTerm *term, UiSign sign)
{
	static const char *const signs[][2] = {
	    [UI_SIGN_UNREAD] = {"\u25aa", "N"},
	    [UI_SIGN_ANSWER] = {"\u21b3", "\\"},
	    [UI_SIGN_CUT] = {"\u2026", "~"},
	    [UI_SIGN_ENTER] = {"\u21b5", "Ret"},
	};

	/* the ellipsis alone is of ambiguous width */
	if (sign == UI_SIGN_CUT && term->ambiguous == 2)
		return "~";
	return signs[sign][term->ascii ? 1 : 0];
}

void
ui_term_style(UiTerm *term, guint role)
{
	short pair;
	attr_t attributes = ui_theme_attributes(&term->theme, role, &pair);

	attr_set(attributes, pair, NULL);
}

void
ui_frame_begin(UiTerm *term)
{
	(void)term;
	attr_set(A_NORMAL, 0, NULL);
	erase();
}

/* A line that takes nothing would hold the whole program in write(). */
static bool
line_is_free(void)
{
	struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&fd, 1, 0) != 0;
}

bool
ui_frame_end(UiTerm *term, int y, int x)
{
	if (term->left)
		return true;
	if (!line_is_free())
		return false;
	if (y >= 0 && y < LINES && x >= 0 && x < COLS)
		move(y, x);
	if (term->repaint)
		clearok(stdscr, TRUE);
	term->repaint = false;
	wnoutrefresh(stdscr);
	doupdate();
	return true;
}

void
ui_frame_repaint(UiTerm *term)
{
	term->repaint = true;
}
