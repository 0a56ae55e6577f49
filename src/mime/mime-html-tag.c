/* mime-html-tag.c - names of elements, and tags that are too long */
#include <string.h>

#include "mime-html.h"

#define ATTRIBUTES_MAX 150u
#define NAME_MAX_LEN 100

HtmlTag
html_tag(const char *name)
{
	static const struct {
		const char *name;
		HtmlTag tag;
	} tags[] = {
	    {"a", TAG_A},
	    {"address", TAG_BLOCK},
	    {"article", TAG_BLOCK},
	    {"aside", TAG_BLOCK},
	    {"audio", TAG_HIDDEN},
	    {"blockquote", TAG_QUOTE},
	    {"br", TAG_BR},
	    {"caption", TAG_BLOCK},
	    {"center", TAG_BLOCK},
	    {"dd", TAG_DD},
	    {"details", TAG_BLOCK},
	    {"div", TAG_BLOCK},
	    {"dl", TAG_PARAGRAPH},
	    {"dt", TAG_BLOCK},
	    {"fieldset", TAG_BLOCK},
	    {"figcaption", TAG_BLOCK},
	    {"figure", TAG_BLOCK},
	    {"footer", TAG_BLOCK},
	    {"form", TAG_BLOCK},
	    {"frameset", TAG_HIDDEN},
	    {"h1", TAG_HEADING},
	    {"h2", TAG_HEADING},
	    {"h3", TAG_HEADING},
	    {"h4", TAG_HEADING},
	    {"h5", TAG_HEADING},
	    {"h6", TAG_HEADING},
	    {"head", TAG_HIDDEN},
	    {"header", TAG_BLOCK},
	    {"hr", TAG_HR},
	    {"iframe", TAG_HIDDEN},
	    {"img", TAG_IMG},
	    {"legend", TAG_BLOCK},
	    {"li", TAG_LI},
	    {"listing", TAG_PRE},
	    {"main", TAG_BLOCK},
	    {"menu", TAG_UL},
	    {"nav", TAG_BLOCK},
	    {"object", TAG_HIDDEN},
	    {"ol", TAG_OL},
	    {"option", TAG_BLOCK},
	    {"p", TAG_PARAGRAPH},
	    {"pre", TAG_PRE},
	    {"script", TAG_HIDDEN},
	    {"section", TAG_BLOCK},
	    {"style", TAG_HIDDEN},
	    {"summary", TAG_BLOCK},
	    {"svg", TAG_HIDDEN},
	    {"table", TAG_TABLE},
	    {"td", TAG_CELL},
	    {"template", TAG_HIDDEN},
	    {"th", TAG_HEADER_CELL},
	    {"title", TAG_HIDDEN},
	    {"tr", TAG_ROW},
	    {"ul", TAG_UL},
	    {"video", TAG_HIDDEN},
	    {"xmp", TAG_PRE},
	};
	guint low = 0, high = G_N_ELEMENTS(tags);

	while (low < high) {
		guint middle = (low + high) / 2;
		int order = strcmp(name, tags[middle].name);

		if (order == 0)
			return tags[middle].tag;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return TAG_OTHER;
}

static const char *
skip_raw(const char *p, const char *end, const char *name)
{
	gsize len = strlen(name);

	while ((p = memmem(p, (gsize)(end - p), "</", 2)) != NULL) {
		p += 2;
		if ((gsize)(end - p) >= len &&
		    g_ascii_strncasecmp(p, name, len) == 0)
			return p;
	}
	return end;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_name(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("_:.-", c));
}

static char *
skip_name(char *p, const char *end)
{
	while (p < end && is_name(*p))
		p++;
	return p;
}

static char *
skip_blanks(char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static char *
skip_word(char *p, const char *end)
{
	while (p < end && !is_blank(*p) && *p != '>')
		p++;
	return p;
}

/* As libxml2 reads one: where it takes something for quoted, so must we. */
static char *
skip_attribute(char *p, const char *end)
{
	if (!is_name(*p))
		return skip_word(p + 1, end);
	p = skip_blanks(skip_name(p, end), end);
	if (p == end || *p != '=')
		return p;
	p = skip_blanks(p + 1, end);
	if (p < end && (*p == '"' || *p == '\'')) {
		char *close = memchr(p + 1, *p, (gsize)(end - p - 1));

		return close == NULL ? (char *)end : close + 1;
	}
	return skip_word(p, end);
}

/* From the name of a tag to its ">". */
static char *
tame_tag(char *p, const char *end)
{
	guint n = 0;

	p = skip_blanks(skip_name(p, end), end);
	while (p < end && *p != '>') {
		char *start = p;

		p = skip_attribute(p, end);
		/* overlong names are several to libxml2 */
		n +=
		    1 + (guint)((skip_name(start, end) - start) / NAME_MAX_LEN);
		if (n > ATTRIBUTES_MAX)
			memset(start, ' ', (gsize)(p - start));
		p = skip_blanks(p, end);
	}
	return p;
}

void
html_tame(char *html, gsize len)
{
	static const char *const raw[] = {"script", "style"};
	char *p = html, *end = html + len;

	while (p < end && (p = memchr(p, '<', (gsize)(end - p))) != NULL) {
		const char *name = ++p;

		if (p == end || !g_ascii_isalpha(*p))
			continue;
		p = tame_tag(p, end);
		for (guint i = 0; i < G_N_ELEMENTS(raw); i++) {
			gsize n = strlen(raw[i]);

			if ((gsize)(end - name) > n &&
			    g_ascii_strncasecmp(name, raw[i], n) == 0 &&
			    !g_ascii_isalnum(name[n]))
				p += skip_raw(p, end, raw[i]) - p;
		}
	}
}
