/* model-part.c - the part tree, walked and written without recursion */
#include "model-part.h"

#include <string.h>

static void
part_clear(Part *part)
{
	g_free(part->section);
	g_free(part->type);
	g_free(part->charset);
	g_free(part->encoding);
	g_free(part->disposition);
	g_free(part->filename);
	g_free(part->content_id);
	g_free(part->format);
	g_free(part);
}

Part *
part_new(const char *section, const char *type)
{
	Part *part = g_new0(Part, 1);

	part->section = g_strdup(section);
	part->type = g_strdup(type);
	part->encoding = g_strdup("");
	part->size = -1;
	part->children =
	    g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
	return part;
}

void
part_free(Part *part)
{
	if (part == NULL)
		return;
	/* depth is at most PART_DEPTH_MAX, whoever built the tree */
	g_ptr_array_unref(part->children);
	part_clear(part);
}

void
part_walk(const Part *root, PartFunc func, gpointer user)
{
	struct {
		const Part *part;
		guint next;
	} stack[PART_DEPTH_MAX + 1];
	guint depth = 0;

	if (!func(root, 0, user))
		return;
	stack[0].part = root;
	stack[0].next = 0;
	for (;;) {
		const GPtrArray *children = stack[depth].part->children;
		const Part *child;

		if (stack[depth].next == children->len) {
			if (depth == 0)
				return;
			depth--;
			continue;
		}
		child = g_ptr_array_index(children, stack[depth].next++);
		if (!func(child, depth + 1, user))
			return;
		if (depth < PART_DEPTH_MAX) {
			depth++;
			stack[depth].part = child;
			stack[depth].next = 0;
		}
	}
}

typedef struct {
	const char *section;
	const Part *found;
} FindPart;

static bool
match_section(const Part *part, guint depth G_GNUC_UNUSED, gpointer user)
{
	FindPart *find = user;

	if (strcmp(part->section, find->section) != 0)
		return true;
	find->found = part;
	return false;
}

const Part *
part_find(const Part *root, const char *section)
{
	FindPart find = {section, NULL};

	part_walk(root, match_section, &find);
	return find.found;
}

bool
part_is_multipart(const Part *part)
{
	return g_str_has_prefix(part->type, "multipart/");
}

bool
part_is_attachment(const Part *part)
{
	if (part_is_multipart(part))
		return false;
	if (part->disposition != NULL &&
	    strcmp(part->disposition, "attachment") == 0)
		return true;
	if (strcmp(part->type, "message/rfc822") == 0)
		return part->section[0] != '\0';
	if (part->filename != NULL)
		/* a picture that the HTML shows is no attachment */
		return part->content_id == NULL ||
		       !g_str_has_prefix(part->type, "image/");
	if (g_str_has_prefix(part->type, "text/") ||
	    strcmp(part->type, "application/pgp-signature") == 0 ||
	    strcmp(part->type, "application/pgp-encrypted") == 0 ||
	    strcmp(part->type, "application/pkcs7-signature") == 0)
		return false;
	return part->content_id == NULL;
}

static bool
note_attachment(const Part *part, guint depth G_GNUC_UNUSED, gpointer user)
{
	bool *found = user;

	*found = part_is_attachment(part);
	return !*found;
}

bool
part_has_attachments(const Part *root)
{
	bool found = false;

	part_walk(root, note_attachment, &found);
	return found;
}

/* One line a part: depth TAB section TAB type TAB … with escapes. */
static void
append_escaped(GString *text, const char *field)
{
	g_string_append_c(text, '\t');
	if (field == NULL) {
		g_string_append_c(text, '-');
		return;
	}
	g_string_append_c(text, '=');
	for (; *field != '\0'; field++) {
		if (*field == '\t')
			g_string_append(text, "\\t");
		else if (*field == '\n')
			g_string_append(text, "\\n");
		else if (*field == '\\')
			g_string_append(text, "\\\\");
		else
			g_string_append_c(text, *field);
	}
}

static bool
append_part(const Part *part, guint depth, gpointer user)
{
	GString *text = user;

	if (depth > PART_DEPTH_MAX)
		return true;
	g_string_append_printf(text, "%u\t%d\t%" G_GINT64_FORMAT, depth,
			       part->delsp, part->size);
	append_escaped(text, part->section);
	append_escaped(text, part->type);
	append_escaped(text, part->charset);
	append_escaped(text, part->encoding);
	append_escaped(text, part->disposition);
	append_escaped(text, part->filename);
	append_escaped(text, part->content_id);
	append_escaped(text, part->format);
	g_string_append_c(text, '\n');
	return true;
}

char *
part_to_text(const Part *root)
{
	GString *text = g_string_new(NULL);

	part_walk(root, append_part, text);
	return g_string_free(text, FALSE);
}

static bool
unescape(const char *field, char **ret)
{
	GString *text;

	g_clear_pointer(ret, g_free);
	if (strcmp(field, "-") == 0)
		return true;
	if (*field++ != '=')
		return false;
	text = g_string_new(NULL);
	for (; *field != '\0'; field++) {
		if (*field == '\\' && field[1] != '\0')
			g_string_append_c(text, *++field == 't' ? '\t'
						: *field == 'n' ? '\n'
								: *field);
		else
			g_string_append_c(text, *field);
	}
	*ret = g_string_free(text, FALSE);
	return true;
}

static Part *
part_from_line(const char *line, guint64 *ret_depth)
{
	g_auto(GStrv) field = g_strsplit(line, "\t", -1);
	g_autoptr(Part) part = NULL;

	if (g_strv_length(field) != 11 ||
	    !g_ascii_string_to_unsigned(field[0], 10, 0, PART_DEPTH_MAX,
					ret_depth, NULL))
		return NULL;
	part = part_new("", "");
	part->delsp = strcmp(field[1], "1") == 0;
	if (!g_ascii_string_to_signed(field[2], 10, -1, G_MAXINT64, &part->size,
				      NULL) ||
	    !unescape(field[3], &part->section) ||
	    !unescape(field[4], &part->type) ||
	    !unescape(field[5], &part->charset) ||
	    !unescape(field[6], &part->encoding) ||
	    !unescape(field[7], &part->disposition) ||
	    !unescape(field[8], &part->filename) ||
	    !unescape(field[9], &part->content_id) ||
	    !unescape(field[10], &part->format))
		return NULL;
	if (part->section == NULL || part->type == NULL ||
	    part->encoding == NULL)
		return NULL;
	return g_steal_pointer(&part);
}

Part *
part_from_text(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", (gint)PART_COUNT_MAX + 2);
	Part *stack[PART_DEPTH_MAX + 1];
	g_autoptr(Part) root = NULL;
	guint64 last = 0;

	for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
		guint64 depth;
		Part *part = part_from_line(lines[i], &depth);

		if (part == NULL || (root == NULL) != (depth == 0) ||
		    (root != NULL && depth > last + 1)) {
			part_free(part);
			return NULL;
		}
		if (root == NULL)
			root = part;
		else
			g_ptr_array_add(stack[depth - 1]->children, part);
		stack[depth] = part;
		last = depth;
	}
	return g_steal_pointer(&root);
}
