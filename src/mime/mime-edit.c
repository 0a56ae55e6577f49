/* mime-edit.c - a draft as a text file for an editor, and back */
#include "mime-edit.h"

#include <string.h>

#include "base-guard.h"
#include "mime-build.h"
#include "mime-header.h"

/* columns of a header line; a longer list of addresses is folded */
#define LINE 76u
#define FOLD "\n        "

/* What is edited, in this order. */
static const struct EditField {
	const char *name;
	bool is_address;
	bool always; /* shown where the draft has none, too */
} edit_fields[] = {
    {"From", true, true}, {"To", true, true},        {"Cc", true, true},
    {"Bcc", true, true},  {"Reply-To", true, false}, {"Subject", false, true},
};
#define N_FIELDS G_N_ELEMENTS(edit_fields)

/* ---- to text ---- */

static char *
clean_value(const char *value)
{
	char *clean = mime_text_clean(value, strlen(value));

	return g_strstrip(g_strdelimit(clean, "\n\t", ' '));
}

static char *
addresses_text(const MimeBlock *block, const char *name, const char *fold)
{
	g_autoptr(GPtrArray) list = mime_block_addresses(block, name);
	GString *out = g_string_new(NULL);
	gsize column = strlen(name) + 2;

	for (guint i = 0; i < list->len; i++) {
		g_autofree char *raw =
		    mime_address_write(g_ptr_array_index(list, i));
		g_autofree char *one = clean_value(raw);
		gsize len = (gsize)g_utf8_strlen(one, -1);

		if (i > 0) {
			bool folds = column + len + 3 > LINE;

			g_string_append_c(out, ',');
			g_string_append(out, folds ? fold : " ");
			column = folds ? strlen(FOLD) - 1 : column + 2;
		}
		g_string_append(out, one);
		column += len;
	}
	return g_string_free(out, FALSE);
}

static char *
field_text(const MimeBlock *block, const struct EditField *field,
	   const char *fold)
{
	const MimeField *found;
	g_autofree char *value = NULL;

	if (field->is_address)
		return addresses_text(block, field->name, fold);
	found = mime_block_find(block, field->name);
	if (found == NULL)
		return g_strdup("");
	value = mime_words_decode(found->value, found->value_len);
	return clean_value(value);
}

static char *
html_text(const MimeMessage *draft, const Part *part, GBytes *encoded)
{
	MimeRenderOptions options = {
	    .width = 72,
	    .root = mime_message_structure(draft),
	};
	g_autoptr(MimeText) text = mime_text_new();
	g_autofree char *joined = NULL;
	GString *out;

	if (!mime_render_part(text, part, encoded, &options, NULL))
		return g_strdup("");
	joined = mime_text_join(text, true);
	out = g_string_new(joined);
	if (text->links->len > 0)
		g_string_append_c(out, '\n');
	/* else their numbers would say nothing */
	for (guint i = 0; i < text->links->len; i++)
		g_string_append_printf(
		    out, "[%u] %s\n", i + 1,
		    (const char *)g_ptr_array_index(text->links, i));
	return g_string_free(out, FALSE);
}

/* The text alone: clean, and with a line end where it is not empty. */
static char *
body_text(const MimeMessage *draft)
{
	const Part *part = mime_place_text(draft);
	g_autoptr(GBytes) encoded = NULL;
	g_autofree char *text = NULL;
	char *clean;

	if (part == NULL)
		return g_strdup("");
	encoded = mime_message_section(draft, part->section, NULL);
	if (encoded == NULL)
		return g_strdup("");
	if (strcmp(part->type, "text/html") == 0) {
		text = html_text(draft, part, encoded);
	} else {
		text = mime_part_text(part, encoded);
		if (g_strcmp0(part->format, "flowed") == 0) {
			char *read = mime_flowed_read(text, part->delsp);

			g_free(text);
			text = read;
		}
	}
	clean = mime_text_clean(text, strlen(text));
	if (clean[0] != '\0' && !g_str_has_suffix(clean, "\n")) {
		char *whole = g_strconcat(clean, "\n", NULL);

		g_free(clean);
		clean = whole;
	}
	return clean;
}

static MimeBlock *
header_of(GBytes *bytes)
{
	gsize size;
	const char *data = mime_build_data(bytes, &size);

	return mime_block_new(data, 0, size);
}

char *
mime_edit_text(const MimeMessage *draft)
{
	g_autoptr(MimeBlock) block = header_of(mime_message_bytes(draft));
	g_autofree char *body = body_text(draft);
	GString *out = g_string_new(NULL);

	GUARD_NOT_ON_UI("mime_edit_text");
	for (guint i = 0; i < N_FIELDS; i++) {
		g_autofree char *value =
		    field_text(block, &edit_fields[i], FOLD);

		if (edit_fields[i].always || value[0] != '\0')
			g_string_append_printf(out, "%s: %s\n",
					       edit_fields[i].name, value);
	}
	g_string_append_printf(out, "\n%s", body);
	return g_string_free(out, FALSE);
}

bool
mime_edit_loses_html(const MimeMessage *draft)
{
	const Part *part = mime_place_text(draft);
	g_autoptr(GPtrArray) html = NULL;

	if (part == NULL)
		return false;
	html = mime_place_html(draft, part);
	return html->len > 0 || strcmp(part->type, "text/html") == 0;
}

/* ---- from text ---- */

/* The header as it came back: a value for each field, %NULL: not there. */
typedef struct {
	GString *value[N_FIELDS];
	guint line[N_FIELDS];
	const char *body;
} Edited;

static void
edited_clear(Edited *edited)
{
	for (guint i = 0; i < N_FIELDS; i++)
		if (edited->value[i] != NULL)
			mime_string_free(edited->value[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Edited, edited_clear)

static int
find_field(const char *name, gsize len)
{
	for (guint i = 0; i < N_FIELDS; i++)
		if (strlen(edit_fields[i].name) == len &&
		    g_ascii_strncasecmp(edit_fields[i].name, name, len) == 0)
			return (int)i;
	return -1;
}

static bool
fail_at(guint line, const char *what, GError **error)
{
	g_set_error(error, MIME_ERROR, MIME_ERROR_EDIT, "line %u: %s", line,
		    what);
	return false;
}

static bool
read_field(Edited *edited, const char *p, gsize len, guint line, int *ret_field,
	   GError **error)
{
	const char *colon = memchr(p, ':', len);
	gsize n = colon == NULL ? 0 : (gsize)(colon - p);
	int field;

	while (n > 0 && p[n - 1] == ' ')
		n--;
	if (n == 0)
		return fail_at(line,
			       "a header field, or an empty line before the "
			       "text, is missing",
			       error);
	field = find_field(p, n);
	if (field < 0)
		return fail_at(line, "this field cannot be edited here", error);
	if (edited->value[field] == NULL) {
		edited->value[field] = g_string_new(NULL);
		edited->line[field] = line;
	} else if (!edit_fields[field].is_address) {
		return fail_at(line, "this field is there twice", error);
	} else if (edited->value[field]->len > 0) {
		g_string_append_c(edited->value[field], ',');
	}
	g_string_append_len(edited->value[field], colon + 1,
			    (gssize)(p + len - colon - 1));
	*ret_field = field;
	return true;
}

static bool
is_blank_line(const char *p, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if (p[i] != ' ' && p[i] != '\t')
			return false;
	return true;
}

static bool
read_edited(Edited *edited, const char *text, GError **error)
{
	const char *p = text, *stop = text + strlen(text);
	int field = -1;

	for (guint line = 1; p < stop; line++) {
		const char *end = memchr(p, '\n', (gsize)(stop - p));
		gsize len = (gsize)((end == NULL ? stop : end) - p);
		const char *next = p + len + (end != NULL);

		if (is_blank_line(p, len)) {
			p = next;
			break;
		}
		if (field >= 0 && (*p == ' ' || *p == '\t')) {
			g_string_append_c(edited->value[field], ' ');
			g_string_append_len(edited->value[field], p,
					    (gssize)len);
		} else if (!read_field(edited, p, len, line, &field, error)) {
			return false;
		}
		p = next;
	}
	edited->body = p;
	return true;
}

/* Blanks that a fold or a hand put there do not count. */
static char *
squeezed(const char *value)
{
	GString *out = g_string_new(NULL);
	bool blank = false;

	for (; *value != '\0'; value++) {
		if (g_ascii_isspace(*value)) {
			blank = out->len > 0;
			continue;
		}
		if (blank)
			g_string_append_c(out, ' ');
		blank = false;
		g_string_append_c(out, *value);
	}
	return g_string_free(out, FALSE);
}

static bool
apply_field(MimeSplices *splices, const MimeBlock *block, const Edited *edited,
	    guint i, GError **error)
{
	const struct EditField *field = &edit_fields[i];
	g_autofree char *shown = field_text(block, field, " ");
	g_autofree char *old = squeezed(shown);
	g_autofree char *new =
	    squeezed(edited->value[i] == NULL ? "" : edited->value[i]->str);
	g_autoptr(GString) text = g_string_new(NULL);

	if (strcmp(old, new) == 0 || (i == 0 && new[0] == '\0'))
		return true;
	if (!mime_build_field(text, field->name,
			      new[0] == '\0' ? "" : edited->value[i]->str,
			      error)) {
		g_prefix_error(error, "line %u: ", edited->line[i]);
		return false;
	}
	mime_splices_field(splices, block, field->name, text);
	return true;
}

static GBytes *
apply_fields(GBytes *draft, const Edited *edited, GError **error)
{
	g_autoptr(MimeBlock) block = header_of(draft);
	g_autoptr(MimeSplices) splices = mime_splices_new(draft);

	for (guint i = 0; i < N_FIELDS; i++)
		if (!apply_field(splices, block, edited, i, error))
			return NULL;
	return mime_splices_apply(splices, error);
}

static bool
is_same_text(const char *a, const char *b)
{
	gsize n = strlen(a), m = strlen(b);

	/* a line end that an editor added, or did not, at the very end */
	n -= n > 0 && a[n - 1] == '\n';
	m -= m > 0 && b[m - 1] == '\n';
	return n == m && memcmp(a, b, n) == 0;
}

GBytes *
mime_edit_apply(const MimeMessage *draft, const char *text, gsize len,
		GError **error)
{
	g_auto(Edited) edited = {0};
	g_autofree char *clean = NULL;
	g_autofree char *body = NULL;
	g_autoptr(GBytes) bytes = NULL;

	GUARD_NOT_ON_UI("mime_edit_apply");
	if (len > MIME_EDIT_MAX) {
		g_set_error(error, MIME_ERROR, MIME_ERROR_LIMIT,
			    "the text has more than %d MiB",
			    (int)(MIME_EDIT_MAX >> 20));
		return NULL;
	}
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	clean = mime_text_clean(text, len);
	if (!read_edited(&edited, clean, error))
		return NULL;
	body = body_text(draft);
	if (is_same_text(body, edited.body))
		bytes = g_bytes_ref(mime_message_bytes(draft));
	else
		bytes = mime_part_set_text(draft, edited.body, error);
	if (bytes == NULL)
		return NULL;
	return apply_fields(bytes, &edited, error);
}
