/* ui-theme.c - roles to attributes and colours */
#include "ui-theme.h"

#include "ui-term.h"

#define NONE (-1)

/* columns as in SCREENS.md: attribute; 16 colours dark, light; 256 the same */
typedef struct {
	attr_t attributes;
	short few[2];
	short many[2];
} RoleColors;

static const RoleColors roles[UI_N_ROLES] = {
    [UI_TEXT] = {A_NORMAL, {NONE, NONE}, {NONE, NONE}},
    [UI_BAR] = {A_REVERSE, {NONE, NONE}, {NONE, NONE}},
    [UI_BARWARN] = {A_REVERSE | A_BOLD, {NONE, NONE}, {NONE, NONE}},
    [UI_KEY] = {A_BOLD, {NONE, NONE}, {NONE, NONE}},
    [UI_SELECT] = {A_REVERSE, {NONE, NONE}, {NONE, NONE}},
    [UI_SELECTOFF] = {A_UNDERLINE, {NONE, NONE}, {NONE, NONE}},
    [UI_UNREAD] = {A_BOLD, {NONE, NONE}, {NONE, NONE}},
    [UI_SUBJECT] = {A_BOLD, {NONE, NONE}, {NONE, NONE}},
    [UI_HEAD] = {A_NORMAL, {NONE, NONE}, {246, 241}},
    [UI_FLAG] = {A_BOLD, {COLOR_YELLOW, COLOR_MAGENTA}, {215, 94}},
    [UI_IMPORTANT] = {A_BOLD, {COLOR_RED, COLOR_RED}, {203, 124}},
    [UI_DUE] = {A_NORMAL, {COLOR_YELLOW, COLOR_MAGENTA}, {180, 58}},
    [UI_OVERDUE] = {A_BOLD, {COLOR_RED, COLOR_RED}, {203, 124}},
    [UI_TAG] = {A_BOLD, {COLOR_CYAN, COLOR_BLUE}, {80, 24}},
    [UI_WAIT] = {A_NORMAL, {COLOR_YELLOW, COLOR_MAGENTA}, {180, 58}},
    [UI_QUOTE1] = {A_NORMAL, {COLOR_CYAN, COLOR_BLUE}, {110, 25}},
    [UI_QUOTE2] = {A_NORMAL, {COLOR_GREEN, COLOR_GREEN}, {108, 22}},
    [UI_QUOTE3] = {A_NORMAL, {COLOR_MAGENTA, COLOR_MAGENTA}, {139, 90}},
    [UI_SIG] = {A_NORMAL, {NONE, NONE}, {246, 241}},
    [UI_LINK] = {A_UNDERLINE, {COLOR_CYAN, COLOR_BLUE}, {80, 24}},
    [UI_BADLINK] = {A_BOLD, {COLOR_RED, COLOR_RED}, {203, 124}},
    [UI_OK] = {A_NORMAL, {COLOR_GREEN, COLOR_GREEN}, {108, 22}},
    [UI_WARN] = {A_BOLD, {COLOR_YELLOW, COLOR_MAGENTA}, {215, 94}},
    [UI_ERROR] = {A_BOLD, {COLOR_RED, COLOR_RED}, {203, 124}},
    [UI_NEW] = {A_NORMAL, {COLOR_GREEN, COLOR_GREEN}, {108, 22}},
    [UI_OLD] = {A_NORMAL, {COLOR_RED, COLOR_RED}, {203, 124}},
    [UI_MATCH] = {A_REVERSE, {NONE, NONE}, {NONE, NONE}},
    [UI_LABEL1] = {A_NORMAL, {COLOR_RED, COLOR_RED}, {203, 124}},
    [UI_LABEL2] = {A_NORMAL, {COLOR_YELLOW, COLOR_YELLOW}, {215, 94}},
    [UI_LABEL3] = {A_NORMAL, {COLOR_GREEN, COLOR_GREEN}, {108, 22}},
    [UI_LABEL4] = {A_NORMAL, {COLOR_BLUE, COLOR_BLUE}, {110, 25}},
    [UI_LABEL5] = {A_NORMAL, {COLOR_MAGENTA, COLOR_MAGENTA}, {139, 90}},
    [UI_LABEL6] = {A_NORMAL, {COLOR_YELLOW, COLOR_YELLOW}, {180, 58}},
    [UI_LABEL7] = {A_NORMAL, {NONE, NONE}, {246, 241}},
};

/* pair of a role: its number and one; the band has the pair behind them */
#define PAIR_BAND (UI_N_ROLES + 1)

void
ui_theme_init(UiTheme *theme, bool mono, bool light)
{
	int side = light ? 1 : 0;

	theme->light = light;
	theme->mono = mono || !has_colors();
	theme->colors = 0;
	if (theme->mono || start_color() == ERR ||
	    use_default_colors() == ERR || COLOR_PAIRS <= PAIR_BAND) {
		theme->mono = true;
		return;
	}
	theme->colors = COLORS >= 256 ? 256 : COLORS;
	for (int role = 0; role < UI_N_ROLES; role++)
		init_pair((short)(role + 1),
			  theme->colors == 256 ? roles[role].many[side]
					       : roles[role].few[side],
			  NONE);
	if (theme->colors == 256)
		init_pair(PAIR_BAND, NONE, light ? 153 : 24);
}

attr_t
ui_theme_attributes(const UiTheme *theme, guint role, short *ret_pair)
{
	guint plain = role & 0xffu;
	attr_t attributes;

	g_assert(plain < UI_N_ROLES);
	attributes = roles[plain].attributes;
	if (role & UI_BOLD)
		attributes |= A_BOLD;
	*ret_pair = 0;
	/* inside the band every cell has the band's colours: a change of them
	 * at each mark would cost more than the step */
	if (role & UI_BAND || plain == UI_SELECT) {
		if (theme->colors == 256) {
			*ret_pair = PAIR_BAND;
			return attributes & A_BOLD;
		}
		return A_REVERSE | (attributes & A_BOLD);
	}
	if (!theme->mono &&
	    (roles[plain].few[0] != NONE ||
	     (theme->colors == 256 && roles[plain].many[0] != NONE)))
		*ret_pair = (short)(plain + 1);
	return attributes;
}
