/* base-text.c - foreign text made safe for a terminal, and its width in cells
 */
#include "base-text.h"

#include <string.h>

#define REPLACEMENT 0xfffdu
#define MARKS_MAX 8u
#define TAB_COLUMNS 8u

typedef struct {
	gunichar first;
	gunichar last;
} CharRange;

/*
 * Characters that change what surrounds them or cannot be seen: bidirectional
 * controls (Trojan Source), zero-width blanks, invisible operators, tags,
 * fillers. U+200C and U+200D are kept: Persian, Indic scripts and emoji need
 * them between letters.
 */
static const CharRange dropped[] = {
    {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x061c, 0x061c},
    {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
    {0x200b, 0x200b},   {0x200e, 0x200f},   {0x202a, 0x202e},
    {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0e},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static bool
in_ranges(gunichar c, const CharRange *ranges, gsize n)
{
	gsize low = 0;
	gsize high = n;

	while (low < high) {
		gsize middle = low + (high - low) / 2;

		if (ranges[middle].last < c)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && ranges[low].first <= c;
}

typedef enum {
	CHAR_KEEP,
	CHAR_BLANK,
	CHAR_REPLACE,
	CHAR_DROP,
} CharClass;

static CharClass
classify(gunichar c)
{
	if (c == '\t' || c == '\n' || c == '\v' || c == '\f' || c == '\r' ||
	    c == 0x2028 || c == 0x2029 || c == 0x85)
		return CHAR_BLANK;
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return CHAR_REPLACE;
	if (c < 0xad)
		return CHAR_KEEP;
	if (in_ranges(c, dropped, G_N_ELEMENTS(dropped)))
		return CHAR_DROP;
	/* private use and non-characters: a terminal font may show anything */
	if ((c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000 ||
	    (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe)
		return CHAR_REPLACE;
	return CHAR_KEEP;
}

static bool
is_joiner(gunichar c)
{
	return c == 0x200c || c == 0x200d;
}

/* One character of maybe broken UTF-8; a bad byte is one replacement. */
static gunichar
next_char(const char **p, const char *end)
{
	gunichar c = g_utf8_get_char_validated(*p, end - *p);

	if (c == (gunichar)-1 || c == (gunichar)-2 || c == 0) {
		(*p)++;
		return c == 0 ? 0 : REPLACEMENT;
	}
	*p = g_utf8_next_char(*p);
	return c;
}

static char *
clean(const char *text, gssize len, bool lines)
{
	const char *end = text + (len < 0 ? strlen(text) : (gsize)len);
	GString *out = g_string_sized_new((gsize)(end - text) + 1);
	gsize line = 0;
	guint marks = 0;
	bool based = false;

	while (text < end) {
		gunichar c = next_char(&text, end);
		bool mark = c >= 0x300 &&
			    (g_unichar_iszerowidth(c) || g_unichar_ismark(c));

		if (lines && c == '\r' && text < end && *text == '\n')
			continue;
		if (lines && c == '\n') {
			g_string_append_c(out, '\n');
			line = out->len;
			based = false;
			continue;
		}
		if (lines && c == '\t') {
			guint column = text_width(out->str + line,
						  (gssize)(out->len - line));
			guint blanks = TAB_COLUMNS - column % TAB_COLUMNS;

			while (blanks-- > 0)
				g_string_append_c(out, ' ');
			/* a column of eight: as good as a line's beginning,
			 * and a line of tabs costs no more than its bytes */
			line = out->len;
			based = false;
			continue;
		}
		switch (classify(c)) {
		case CHAR_BLANK:
			c = ' ';
			break;
		case CHAR_REPLACE:
			c = REPLACEMENT;
			break;
		case CHAR_DROP:
			continue;
		case CHAR_KEEP:
			break;
		}
		/* marks and joiners only on something, and only so many */
		marks = mark ? marks + 1 : 0;
		if (mark && (!based || marks > MARKS_MAX))
			continue;
		if (!mark)
			based = c != ' ';
		if (is_joiner(c) && text == end)
			continue;
		g_string_append_unichar(out, c);
	}
	return g_string_free(out, FALSE);
}

char *
text_clean_line(const char *text, gssize len)
{
	return clean(text, len, false);
}

char *
text_clean_lines(const char *text, gssize len)
{
	return clean(text, len, true);
}

char *
text_to_utf8(const char *text, gssize len)
{
	gsize size = len < 0 ? strlen(text) : (gsize)len;
	g_autofree char *whole = g_strndup(text, size);
	char *converted;

	if (memchr(text, '\0', size) != NULL) {
		/* what stands behind a NUL must not vanish */
		memcpy(whole, text, size);
		for (gsize i = 0; i < size; i++)
			if (whole[i] == '\0')
				whole[i] = ' ';
	}
	if (g_utf8_validate(whole, (gssize)size, NULL))
		return g_steal_pointer(&whole);
	converted = g_convert_with_fallback(whole, (gssize)size, "UTF-8",
					    "WINDOWS-1252", "\xef\xbf\xbd",
					    NULL, NULL, NULL);
	/* 1252 has five holes that iconv refuses */
	return converted != NULL ? converted
				 : g_utf8_make_valid(whole, (gssize)size);
}

static bool
is_regional(gunichar c)
{
	return c >= 0x1f1e6 && c <= 0x1f1ff;
}

static guint
char_width(gunichar c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return 0;
	if (c < 0x300)
		return 1;
	if (g_unichar_iszerowidth(c) || is_joiner(c))
		return 0;
	if (g_unichar_iswide(c) || (c >= 0x1f300 && c <= 0x1f64f) ||
	    (c >= 0x1f680 && c <= 0x1f6ff) || (c >= 0x1f900 && c <= 0x1f9ff))
		return 2;
	return 1;
}

static bool
continues(gunichar c)
{
	return g_unichar_iszerowidth(c) || is_joiner(c) ||
	       (c >= 0x1f3fb && c <= 0x1f3ff) /* skin tones */ || c == 0xfe0f;
}

gsize
text_cluster(const char *text, gsize len, guint *ret_width)
{
	const char *p = text;
	const char *end = text + len;
	gunichar last;
	guint width;

	if (len == 0) {
		*ret_width = 0;
		return 0;
	}
	if ((guchar)*text < 0x80 && (len == 1 || (guchar)text[1] < 0x80)) {
		*ret_width = (guchar)*text >= 0x20 && *text != 0x7f;
		return 1;
	}
	last = next_char(&p, end);
	width = char_width(last);
	if (is_regional(last) && p < end) {
		const char *after = p;

		if (is_regional(next_char(&after, end))) {
			p = after;
			width = 2;
		}
	}
	while (p < end) {
		const char *after = p;
		gunichar c = next_char(&after, end);

		if (!continues(c) &&
		    !(last == 0x200d && c >= 0x2190 && char_width(c) > 0))
			break;
		if (c == 0xfe0f)
			width = MAX(width, 2);
		p = after;
		last = c;
	}
	*ret_width = width;
	return (gsize)(p - text);
}

guint
text_width(const char *text, gssize len)
{
	gsize left = len < 0 ? strlen(text) : (gsize)len;
	guint columns = 0;

	while (left > 0) {
		guint width;
		gsize bytes = text_cluster(text, left, &width);

		columns += width;
		text += bytes;
		left -= bytes;
	}
	return columns;
}

gsize
text_cut(const char *text, gssize len, guint columns)
{
	gsize size = len < 0 ? strlen(text) : (gsize)len;
	gsize at = 0;
	guint used = 0;

	while (at < size) {
		guint width;
		gsize bytes = text_cluster(text + at, size - at, &width);

		if (used + width > columns)
			break;
		used += width;
		at += bytes;
	}
	return at;
}

char *
text_ellipsis(const char *text, guint columns, const char *mark)
{
	gsize len = strlen(text);
	guint wide;

	if (text_cut(text, (gssize)len, columns) == len)
		return g_strdup(text);
	wide = text_width(mark, -1);
	if (columns < wide)
		return g_strdup("");
	len = text_cut(text, (gssize)len, columns - wide);
	return g_strdup_printf("%.*s%s", (int)len, text, mark);
}

char *
text_pad(const char *text, guint columns)
{
	gsize len = text_cut(text, -1, columns);
	guint width = text_width(text, (gssize)len);
	GString *out = g_string_new_len(text, (gssize)len);

	while (width++ < columns)
		g_string_append_c(out, ' ');
	return g_string_free(out, FALSE);
}

bool
text_is_ascii(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if ((guchar)text[i] >= 0x80)
			return false;
	return true;
}

char *
text_fold(const char *text, gssize len)
{
	gsize size = len < 0 ? strlen(text) : (gsize)len;
	g_autofree char *valid = NULL;
	g_autofree char *decomposed = NULL;
	g_autofree char *folded = NULL;
	GString *out;

	if (text_is_ascii(text, size))
		return g_ascii_strdown(text, (gssize)size);
	valid = g_utf8_make_valid(text, (gssize)size);
	decomposed = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
	folded = g_utf8_casefold(decomposed, -1);
	out = g_string_sized_new(strlen(folded));
	for (const char *p = folded; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (!g_unichar_ismark(c))
			g_string_append_unichar(out, c);
	}
	return g_string_free(out, FALSE);
}
