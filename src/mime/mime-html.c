/* mime-html.c - HTML to text: elements, as libxml2's parser reports them */
#include "mime-html.h"

#include <string.h>

#include <libxml/HTMLparser.h>

#include "base-text.h"
#include "mime-link.h"

/*
 * libxml2's parser looks through all open elements at some tags: a document
 * that nests deeper is read on by a new parser from there, so that the time
 * grows with the size alone. What nests deeper than all of that is left out.
 */
#define DEPTH_MAX 400u
#define PARSERS_MAX 80u
/* each goes through all parts */
#define LOOKUPS_MAX 1000u

/* An open element: what was before it comes back at its end. */
typedef struct {
	HtmlTag tag;
	TextStyle style;
	guint quote;
	guint indent;
	bool pre;
	bool hides;
	guint count; /* of a list: items so far */
} Element;

typedef struct {
	Html html;
	GArray *stack;
	guint hidden; /* open elements that hide */
	xmlParserCtxtPtr parser;
	guint parser_depth;
	gsize stopped_at; /* where the next parser goes on; 0: the end */
} Reader;

static const char *
attribute(const xmlChar **attributes, const char *name)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
		if (strcmp((const char *)attributes[0], name) == 0)
			return attributes[1] != NULL
				   ? (const char *)attributes[1]
				   : "";
	return NULL;
}

/* ---- what is not shown ---- */

static bool
style_hides(const char *style)
{
	static const char *const hiding[] = {
	    "display:none", "visibility:hidden", "mso-hide:all",
	    "font-size:0;", "font-size:0px",     "font-size:0pt",
	};
	char bare[1000];
	gsize n = 0;

	for (; *style != '\0' && n < sizeof bare - 2; style++)
		if ((guchar)*style > ' ')
			bare[n++] = g_ascii_tolower(*style);
	bare[n++] = ';';
	bare[n] = '\0';
	for (guint i = 0; i < G_N_ELEMENTS(hiding); i++)
		if (strstr(bare, hiding[i]) != NULL)
			return true;
	return false;
}

static void
count_remote(Html *html, const xmlChar **attributes)
{
	const char *background = attribute(attributes, "background");
	const char *style = attribute(attributes, "style");
	const char *url = style == NULL ? NULL : strstr(style, "url(");

	if (background != NULL && mime_link_is_remote(background))
		html->lines->text->remote_pictures++;
	if (url != NULL) {
		url += 4;
		url += strspn(url, " \"'");
		html->lines->text->remote_pictures += mime_link_is_remote(url);
	}
}

/* ---- pictures and links ---- */

typedef struct {
	const char *id;
	const Part *found;
} FindId;

static bool
match_id(const Part *part, guint depth, gpointer user)
{
	FindId *find = user;

	(void)depth;
	if (g_strcmp0(part->content_id, find->id) == 0)
		find->found = part;
	return find->found == NULL;
}

static void
add_picture(Html *html, const xmlChar **attributes)
{
	const char *alt = attribute(attributes, "alt");
	const char *source = attribute(attributes, "src");
	FindId find = {NULL, NULL};

	if (source != NULL && mime_link_is_remote(source))
		html->lines->text->remote_pictures++;
	if (alt != NULL && alt[strspn(alt, " \t\r\n")] != '\0') {
		html_text(html, alt, strlen(alt));
		return;
	}
	if (html->root == NULL || source == NULL ||
	    g_ascii_strncasecmp(source, "cid:", 4) != 0 ||
	    html->n_lookups++ >= LOOKUPS_MAX)
		return;
	find.id = source + 4;
	part_walk(html->root, match_id, &find);
	if (find.found != NULL && find.found->filename != NULL) {
		g_autofree char *name =
		    g_strdup_printf("[%s]", find.found->filename);

		html_text(html, name, strlen(name));
	}
}

static void
begin_link(Html *html, const xmlChar **attributes)
{
	const char *href = attribute(attributes, "href");

	g_clear_pointer(&html->href, g_free);
	g_string_truncate(html->link_text, 0);
	html->href = href == NULL ? NULL : mime_link_url(href);
	if (html->href != NULL && html->style == TEXT_NORMAL)
		html->style = TEXT_LINK;
}

static void
add_caution(Html *html, guint number, char *shown, char *real)
{
	GPtrArray *list = html->lines->text->cautions;
	MimeCaution *caution = g_new(MimeCaution, 1);

	*caution = (MimeCaution){number, shown, real};
	if (list->len > 0) {
		const MimeCaution *last =
		    g_ptr_array_index(list, list->len - 1);

		if (last->link == number && strcmp(last->shown, shown) == 0) {
			g_free(shown);
			g_free(real);
			g_free(caution);
			return;
		}
	}
	g_ptr_array_add(list, caution);
}

static void
end_link(Html *html)
{
	g_autofree char *href = g_steal_pointer(&html->href);
	g_autofree char *shown = NULL;
	g_autofree char *real = NULL;
	g_autofree char *mark = NULL;
	bool lies;
	guint number;

	if (href == NULL)
		return;
	lies = mime_link_lies(href, html->link_text->str, &shown, &real);
	number = mime_lines_link(html->lines, href);
	if (!lies && number == 0)
		return;
	if (!lies)
		mark = g_strdup_printf("[%u]", number);
	else if (number > 0)
		mark = g_strdup_printf("[%u! %s]", number, real);
	else
		mark = g_strdup_printf("[! %s]", real);
	html_mark(html, mark, lies ? TEXT_BADLINK : TEXT_LINK);
	if (lies && number > 0)
		add_caution(html, number, g_steal_pointer(&shown),
			    g_steal_pointer(&real));
}

/* ---- elements ---- */

static Element *
open_list(Reader *reader)
{
	for (guint i = reader->stack->len; i-- > 0;) {
		Element *element = &g_array_index(reader->stack, Element, i);

		if (element->tag == TAG_UL || element->tag == TAG_OL)
			return element;
		/* far away there is none either */
		if (element->tag == TAG_TABLE || reader->stack->len - i > 50)
			break;
	}
	return NULL;
}

static void
begin_item(Reader *reader)
{
	Html *html = &reader->html;
	Element *list = open_list(reader);

	html_table_give_up(html);
	html_break(html, false);
	if (list != NULL && list->tag == TAG_OL)
		g_snprintf(html->bullet, sizeof html->bullet, "%u. ",
			   ++list->count);
	else
		(void)g_strlcpy(html->bullet, "* ", sizeof html->bullet);
	html->indent += (guint)strlen(html->bullet);
}

static guint
cell_span(const xmlChar **attributes)
{
	const char *text = attribute(attributes, "colspan");
	guint64 span = text == NULL ? 1 : g_ascii_strtoull(text, NULL, 10);

	return (guint)CLAMP(span, 1, 20);
}

static void
begin_tag(Reader *reader, HtmlTag tag, const xmlChar **attributes)
{
	Html *html = &reader->html;
	bool nested = open_list(reader) != NULL;

	switch (tag) {
	case TAG_A:
		begin_link(html, attributes);
		break;
	case TAG_BLOCK:
		html_break(html, false);
		break;
	case TAG_BR:
		html_line_break(html);
		break;
	case TAG_CELL:
	case TAG_HEADER_CELL:
		html_cell_begin(html, tag == TAG_HEADER_CELL,
				cell_span(attributes));
		break;
	case TAG_DD:
		html_break(html, false);
		html->indent += 4;
		break;
	case TAG_HEADING:
		html_break(html, true);
		html->style = TEXT_HEADING;
		break;
	case TAG_HR:
		html_rule(html);
		break;
	case TAG_IMG:
		add_picture(html, attributes);
		break;
	case TAG_LI:
		begin_item(reader);
		break;
	case TAG_OL:
	case TAG_UL:
		html_break(html, !nested);
		break;
	case TAG_PARAGRAPH:
		html_break(html, true);
		break;
	case TAG_PRE:
		html_table_give_up(html);
		html_break(html, true);
		html->pre = html->pre_begins = true;
		break;
	case TAG_QUOTE:
		html_table_give_up(html);
		html_break(html, true);
		html->quote++;
		break;
	case TAG_ROW:
		html_row_begin(html);
		break;
	case TAG_TABLE:
		html_table_begin(html);
		break;
	case TAG_HIDDEN:
	case TAG_OTHER:
		break;
	}
}

static void
end_tag(Reader *reader, HtmlTag tag)
{
	Html *html = &reader->html;

	switch (tag) {
	case TAG_A:
		end_link(html);
		break;
	case TAG_BLOCK:
	case TAG_DD:
	case TAG_LI:
		html_break(html, false);
		html->bullet[0] = '\0';
		break;
	case TAG_CELL:
	case TAG_HEADER_CELL:
		html_cell_end(html);
		break;
	case TAG_HEADING:
	case TAG_PARAGRAPH:
	case TAG_PRE:
	case TAG_QUOTE:
		html_break(html, true);
		break;
	case TAG_OL:
	case TAG_UL:
		html_break(html, open_list(reader) == NULL);
		break;
	case TAG_ROW:
		if (!html_in_cell(html))
			html_break(html, false);
		break;
	case TAG_TABLE:
		html_table_end(html);
		break;
	case TAG_BR:
	case TAG_HIDDEN:
	case TAG_HR:
	case TAG_IMG:
	case TAG_OTHER:
		break;
	}
}

/* ---- the parser's events ---- */

static void
stop_deep(Reader *reader)
{
	xmlParserInputPtr input = reader->parser->input;
	gsize at = input->consumed + (gsize)(input->cur - input->base);

	/* behind the tag that was just read */
	if (input->cur[0] == '/' && input->cur[1] == '>')
		at += 2;
	else if (input->cur[0] == '>')
		at++;
	reader->stopped_at = at;
	xmlStopParser(reader->parser);
}

static void
on_start(void *user, const xmlChar *name, const xmlChar **attributes)
{
	Reader *reader = user;
	Html *html = &reader->html;
	const char *style = attribute(attributes, "style");
	Element element = {
	    .tag = html_tag((const char *)name),
	    .style = html->style,
	    .quote = html->quote,
	    .indent = html->indent,
	    .pre = html->pre,
	};

	if (reader->stopped_at != 0)
		return;
	if (mime_lines_stopped(html->lines)) {
		xmlStopParser(reader->parser);
		return;
	}
	count_remote(html, attributes);
	element.hides = element.tag == TAG_HIDDEN ||
			attribute(attributes, "hidden") != NULL ||
			(style != NULL && style_hides(style));
	if (element.hides && element.tag == TAG_IMG)
		add_picture(html, attributes);
	reader->hidden += element.hides;
	if (reader->hidden == 0)
		begin_tag(reader, element.tag, attributes);
	g_array_append_val(reader->stack, element);
	if (++reader->parser_depth >= DEPTH_MAX)
		stop_deep(reader);
}

static void
on_end(void *user, const xmlChar *name)
{
	Reader *reader = user;
	Html *html = &reader->html;
	Element element;

	(void)name;
	if (reader->stopped_at != 0 || reader->parser_depth == 0 ||
	    reader->stack->len == 0)
		return;
	reader->parser_depth--;
	element = g_array_index(reader->stack, Element, reader->stack->len - 1);
	g_array_set_size(reader->stack, reader->stack->len - 1);
	if (reader->hidden == 0)
		end_tag(reader, element.tag);
	reader->hidden -= element.hides;
	html->style = element.style;
	html->quote = element.quote;
	html->indent = element.indent;
	html->pre = element.pre;
}

static void
on_text(void *user, const xmlChar *text, int len)
{
	Reader *reader = user;

	if (reader->hidden == 0 && reader->stopped_at == 0 && len > 0)
		html_text(&reader->html, (const char *)text, (gsize)len);
}

/* Returns: bytes read, all of them if the end was reached */
static gsize
parse(Reader *reader, const char *text, gsize len)
{
	xmlSAXHandler handler = {
	    .startElement = on_start,
	    .endElement = on_end,
	    .characters = on_text,
	    .ignorableWhitespace = on_text,
	};
	xmlParserCtxtPtr parser = htmlNewParserCtxt();
	xmlDocPtr document;

	if (parser == NULL)
		return len;
	*parser->sax = handler;
	parser->userData = reader;
	reader->parser = parser;
	reader->parser_depth = 0;
	reader->stopped_at = 0;
	document = htmlCtxtReadMemory(
	    parser, text, (int)len, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR |
		HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC);
	if (document != NULL)
		xmlFreeDoc(document);
	htmlFreeParserCtxt(parser);
	reader->parser = NULL;
	return reader->stopped_at == 0 ? len : MIN(reader->stopped_at, len);
}

void
mime_render_html(MimeLines *lines, char *html, gsize len, const Part *root)
{
	Reader reader = {
	    .html = {.lines = lines,
		     .root = root,
		     .run = mime_run_new(),
		     .link_text = g_string_new(NULL)},
	    .stack = g_array_new(FALSE, FALSE, sizeof(Element)),
	};
	gsize at = 0;

	html_tame(html, len);
	for (guint i = 0; at < len && !mime_lines_stopped(lines); i++) {
		if (i == PARSERS_MAX) {
			lines->text->is_cut = true;
			break;
		}
		at += parse(&reader, html + at, len - at);
	}
	while (reader.html.table != NULL)
		html_table_end(&reader.html);
	html_break(&reader.html, false);
	html_tables_free(&reader.html);
	mime_run_free(reader.html.run);
	g_string_free(reader.html.link_text, TRUE);
	g_free(reader.html.href);
	g_array_unref(reader.stack);
}
