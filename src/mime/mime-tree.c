/* mime-tree.c - a message cut into its parts: one pass, no recursion */
#include "mime-tree.h"

#include <string.h>

#include "mime-field.h"

typedef enum {
	LEVEL_LEAF,
	LEVEL_MULTIPART,
	LEVEL_MESSAGE,
} LevelKind;

/* A part that is still open. */
typedef struct {
	MimeNode *span;
	LevelKind kind;
	char *boundary; /* NULL once it was closed */
	gsize boundary_len;
	guint n_children;
} Level;

typedef struct {
	const char *data;
	gsize size;
	MimeTree *tree;
	GPtrArray *spans; /* of all parts, in order */
	Level stack[PART_DEPTH_MAX + 2];
	guint depth; /* levels in the stack */
} Parser;

static gsize
line_end(const Parser *parser, gsize at)
{
	const char *found = memchr(parser->data + at, '\n', parser->size - at);

	return found == NULL ? parser->size : (gsize)(found - parser->data) + 1;
}

static bool
is_empty_line(const Parser *parser, gsize at)
{
	const char *p = parser->data + at;

	return *p == '\n' ||
	       (*p == '\r' && at + 1 < parser->size && p[1] == '\n');
}

/* Only blanks may follow a boundary on its line (RFC 2046 section 5.1.1). */
static bool
only_blanks(const Parser *parser, gsize at)
{
	while (at < parser->size) {
		char c = parser->data[at++];

		if (c == '\n')
			return true;
		if (c != ' ' && c != '\t' && c != '\r')
			return false;
	}
	return true;
}

/* Whose boundary stands at @at? The innermost of equal ones. */
static bool
match_boundary(const Parser *parser, gsize at, guint *ret_level,
	       bool *ret_closes)
{
	const char *line = parser->data + at;
	gsize left = parser->size - at;

	if (left < 2 || line[0] != '-' || line[1] != '-')
		return false;
	for (guint i = parser->depth; i-- > 0;) {
		const Level *level = &parser->stack[i];
		gsize len = level->boundary_len;

		if (level->boundary == NULL || left - 2 < len ||
		    memcmp(line + 2, level->boundary, len) != 0)
			continue;
		*ret_level = i;
		if (only_blanks(parser, at + 2 + len)) {
			*ret_closes = false;
			return true;
		}
		if (left >= len + 4 && line[2 + len] == '-' &&
		    line[3 + len] == '-' && only_blanks(parser, at + 4 + len)) {
			*ret_closes = true;
			return true;
		}
	}
	return false;
}

/* Where a header ends: behind its empty line, or at a boundary. */
static gsize
header_end(const Parser *parser, gsize at)
{
	guint level;
	bool closes;

	while (at < parser->size) {
		if (is_empty_line(parser, at))
			return line_end(parser, at);
		if (match_boundary(parser, at, &level, &closes))
			return at;
		at = line_end(parser, at);
	}
	return at;
}

static bool
is_identity(const Part *part)
{
	return strcmp(part->encoding, "base64") != 0 &&
	       strcmp(part->encoding, "quoted-printable") != 0;
}

static MimeNode *
add_span(Parser *parser, Part *part, gsize head, gsize body)
{
	MimeNode *span = g_new0(MimeNode, 1);

	span->part = part;
	span->head = head;
	span->body = body;
	span->end = body;
	g_ptr_array_add(parser->spans, span);
	if (parser->depth == 0)
		parser->tree->root = part;
	else
		g_ptr_array_add(
		    parser->stack[parser->depth - 1].span->part->children,
		    part);
	return span;
}

static void
set_section(Part *part, char *section)
{
	g_free(part->section);
	part->section = section;
}

static char *
section_below(const Parser *parser, const Part *part)
{
	const Level *parent;
	const char *section;

	if (parser->depth == 0)
		return g_strdup(part_is_multipart(part) ? "" : "1");
	parent = &parser->stack[parser->depth - 1];
	section = parent->span->part->section;
	/* RFC 9051 section 6.4.5: a message's multipart has its number */
	if (parent->kind == LEVEL_MESSAGE && part_is_multipart(part))
		return g_strdup(section);
	if (section[0] == '\0')
		return g_strdup_printf("%u", parent->n_children);
	return g_strdup_printf("%s.%u", section, parent->n_children);
}

/* Reads a part's header at @at. Returns: where its body begins */
static gsize
open_part(Parser *parser, gsize at)
{
	Level *parent =
	    parser->depth == 0 ? NULL : &parser->stack[parser->depth - 1];
	bool digest = parent != NULL &&
		      strcmp(parent->span->part->type, "multipart/digest") == 0;
	gsize body = header_end(parser, at);
	char *boundary = NULL;
	Level *level;
	Part *part;

	part = mime_field_read_part(parser->data + at, body - at, "",
				    digest ? "message/rfc822" : "text/plain",
				    &boundary);
	if (parent != NULL)
		parent->n_children++;
	set_section(part, section_below(parser, part));
	if (parent != NULL && parent->kind == LEVEL_MESSAGE)
		parent->span->inner_body = body;
	level = &parser->stack[parser->depth];
	*level = (Level){.span = add_span(parser, part, at, body)};
	if (part_is_multipart(part))
		level->kind = LEVEL_MULTIPART;
	else if (strcmp(part->type, "message/rfc822") == 0 && is_identity(part))
		level->kind = LEVEL_MESSAGE;
	if (level->kind != LEVEL_LEAF && parser->depth >= PART_DEPTH_MAX) {
		level->kind = LEVEL_LEAF;
		parser->tree->is_cut = true;
	}
	if (level->kind == LEVEL_MULTIPART && boundary != NULL &&
	    boundary[0] != '\0') {
		level->boundary_len = strlen(boundary);
		level->boundary = g_steal_pointer(&boundary);
	}
	g_free(boundary);
	parser->depth++;
	return body;
}

static bool
may_open(Parser *parser)
{
	if (parser->spans->len < PART_COUNT_MAX)
		return true;
	parser->tree->is_cut = true;
	return false;
}

/* A part, and where it is a message the message in it. */
static gsize
open_parts(Parser *parser, gsize at)
{
	for (;;) {
		if (!may_open(parser))
			return at;
		at = open_part(parser, at);
		if (parser->stack[parser->depth - 1].kind != LEVEL_MESSAGE)
			return at;
		parser->stack[parser->depth - 1].span->is_message = true;
		parser->stack[parser->depth - 1].span->inner_body = at;
	}
}

/* A multipart in which no boundary was met is one text to whoever reads it;
 * servers, too, tell of one part there. */
static void
add_only_child(Parser *parser, const Level *level)
{
	const MimeNode *outer = level->span;
	Part *part = part_new("", "text/plain");
	MimeNode *span;

	set_section(part, outer->part->section[0] == '\0'
			      ? g_strdup("1")
			      : g_strconcat(outer->part->section, ".1", NULL));
	g_free(part->encoding);
	part->encoding = g_strdup(outer->part->encoding);
	span = g_new0(MimeNode, 1);
	span->part = part;
	span->head = span->body = outer->body;
	span->end = outer->end;
	part->size = (gint64)(span->end - span->body);
	g_ptr_array_add(parser->spans, span);
	g_ptr_array_add(outer->part->children, part);
}

static void
close_levels(Parser *parser, guint depth, gsize end)
{
	while (parser->depth > depth) {
		Level *level = &parser->stack[--parser->depth];
		MimeNode *span = level->span;

		span->end = MAX(end, span->body);
		if (span->is_message)
			span->end = MAX(span->end, span->inner_body);
		if (level->kind != LEVEL_MULTIPART)
			span->part->size = (gint64)(span->end - span->body);
		else if (level->n_children == 0 && may_open(parser))
			add_only_child(parser, level);
		/* BODYSTRUCTURE has no encoding of a multipart */
		if (level->kind == LEVEL_MULTIPART)
			span->part->encoding[0] = '\0';
		g_clear_pointer(&level->boundary, g_free);
	}
}

/* The line end before a boundary belongs to it. */
static gsize
content_end(const Parser *parser, gsize at)
{
	if (at > 0 && parser->data[at - 1] == '\n')
		at--;
	if (at > 0 && parser->data[at - 1] == '\r')
		at--;
	return at;
}

/* From @at on: the next line that begins with two dashes. */
static gsize
next_dashes(const Parser *parser, gsize at)
{
	if (at > 0 && parser->data[at - 1] != '\n')
		at = line_end(parser, at);
	while (parser->size - at >= 2 &&
	       (parser->data[at] != '-' || parser->data[at + 1] != '-'))
		at = line_end(parser, at);
	return parser->size - at >= 2 ? at : parser->size;
}

static void
read_parts(Parser *parser)
{
	gsize at = open_parts(parser, 0);

	parser->tree->body =
	    ((MimeNode *)g_ptr_array_index(parser->spans, 0))->body;
	while ((at = next_dashes(parser, at)) < parser->size) {
		guint level;
		bool closes;

		if (!match_boundary(parser, at, &level, &closes)) {
			at++;
			continue;
		}
		close_levels(parser, level + 1, content_end(parser, at));
		at = line_end(parser, at);
		if (closes)
			g_clear_pointer(&parser->stack[level].boundary, g_free);
		else if (at <= parser->size)
			at = open_parts(parser, at);
	}
	close_levels(parser, 0, parser->size);
}

MimeTree *
mime_tree_read(const char *data, gsize size)
{
	MimeTree *tree = g_new0(MimeTree, 1);
	Parser parser = {.data = data, .size = size, .tree = tree};

	parser.spans = g_ptr_array_new();
	tree->spans =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	read_parts(&parser);
	for (guint i = 0; i < parser.spans->len; i++) {
		MimeNode *span = g_ptr_array_index(parser.spans, i);

		if (g_hash_table_contains(tree->spans, span->part->section))
			g_free(span);
		else
			g_hash_table_insert(tree->spans, span->part->section,
					    span);
	}
	g_ptr_array_unref(parser.spans);
	return tree;
}

void
mime_tree_free(MimeTree *tree)
{
	if (tree == NULL)
		return;
	g_hash_table_unref(tree->spans);
	part_free(tree->root);
	g_free(tree);
}

const MimeNode *
mime_tree_find(const MimeTree *tree, const char *section)
{
	return g_hash_table_lookup(tree->spans, section);
}
