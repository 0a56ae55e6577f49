/* test-mime-corpus.c - messages collected by others, where they are present:
 * each is opened, as it is and with CRLF; those that come with what a reader
 * should make of them are compared. PENNON_CORPORA names their folder. */
#include <string.h>

#include "mime-error.h"
#include "mime-header.h"
#include "test-mime-json.h"
#include "test-mime-render.h"
#include "test-size.h"

static const char *folder;

/* ---- files ---- */

static void
collect(const char *path, const char *suffix, GPtrArray *list)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		if (g_file_test(below, G_FILE_TEST_IS_DIR))
			collect(below, suffix, list);
		else if (g_str_has_suffix(name, suffix))
			g_ptr_array_add(list, g_steal_pointer(&below));
	}
}

static GPtrArray *
messages(const char *below)
{
	g_autofree char *path = g_build_filename(folder, below, NULL);
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	collect(path, ".eml", list);
	return list;
}

/* With line ends of one kind: what the corpus expects is for these. */
static GBytes *
load(const char *path, bool crlf)
{
	GByteArray *out = g_byte_array_new();
	g_autofree char *text = NULL;
	gsize len;

	g_assert_true(g_file_get_contents(path, &text, &len, NULL));
	for (gsize i = 0; i < len; i++) {
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			continue;
		if (text[i] == '\n' && crlf)
			g_byte_array_append(out, (const guint8 *)"\r", 1);
		g_byte_array_append(out, (const guint8 *)text + i, 1);
	}
	return g_byte_array_free_to_bytes(out);
}

static bool
skipped(const char *below)
{
	g_autofree char *path = g_build_filename(folder, below, NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return false;
	g_test_skip("PENNON_CORPORA names a folder without it");
	return true;
}

/* in one line, not in one for each case */
static void
test_absent(void)
{
	g_test_skip("PENNON_CORPORA names no folder of messages");
}

/* ---- each is opened ---- */

static bool
decode_part(const Part *part, guint depth, gpointer user)
{
	g_autoptr(GBytes) bytes =
	    mime_message_decode(user, part->section, NULL);

	(void)depth;
	if (!part_is_multipart(part))
		g_assert_nonnull(bytes);
	return true;
}

static void
open_message(GBytes *bytes)
{
	g_autoptr(MimeMessage) message = mime_message_new(bytes, NULL);
	g_autoptr(MessageHeader) header = mime_message_header(message);
	MimeRenderOptions options = {.width = 60};
	g_autoptr(GPtrArray) source = mime_render_source(bytes, &options, NULL);
	g_autoptr(GPtrArray) fields = mime_render_headers(bytes, 60);

	g_assert_true(g_utf8_validate(header->subject, -1, NULL));
	check_lines(source, 60);
	check_lines(fields, 60);
	part_walk(mime_message_structure(message), decode_part, message);
	for (guint i = 0; i < 2; i++) {
		g_autoptr(MimeText) text =
		    mime_render_message(message, i == 0, &options, NULL);

		check_lines(text->lines, 60);
	}
}

static void
test_open(void)
{
	g_autoptr(GPtrArray) list = NULL;

	if (skipped("."))
		return;
	list = messages(".");
	g_assert_cmpuint(list->len, >, 0);
	for (guint i = 0; i < 2 * list->len; i++) {
		const char *path = g_ptr_array_index(list, i / 2);
		g_autoptr(GBytes) bytes = load(path, i % 2 == 1);
		gint64 begun = test_time_used();

		g_test_message("%s", path);
		open_message(bytes);
		g_assert_cmpint(test_time_used() - begun, <, G_USEC_PER_SEC);
	}
}

/* ---- the same parts and texts ---- */

/*
 * What is not the same on purpose. Servers number parts as RFC 2046 section
 * 5.1.2 has them: the boundary of an outer multipart ends what is inside. The
 * corpus does not, in these.
 */
static const struct {
	const char *name;
	const char *why;
} exceptions[] = {
    {"legacy/026.eml", "uuencode is undone"},
    {"malformed/000.eml", "boundaries end headers"},
    {"malformed/001.eml", "outer boundary"},
    {"malformed/004.eml", "a boundary that is only the beginning of a line"},
    {"malformed/007.eml", "a boundary in a header that no empty line ends"},
    {"malformed/008.eml", "outer boundary"},
    {"malformed/009.eml", "outer boundary"},
    {"malformed/011.eml", "outer boundary"},
    {"malformed/012.eml", "outer boundary"},
    {"malformed/013.eml", "outer boundary"},
    {"malformed/014.eml", "outer boundary"},
    {"malformed/016.eml", "outer boundary"},
    {"malformed/020.eml", "two types in a header without an end"},
    {"malformed/021.eml", "two types in a header without an end"},
    {"malformed/022.eml", "a message without header: shown as text"},
    {"thirdparty/015.eml", "outer boundary"},
    {"thirdparty/002.eml", "text behind base64 is text"},
    {"thirdparty/005.eml", "a boundary within a line; UTF-16 with CRLF"},
};

static const char *
exception(const char *path)
{
	for (guint i = 0; i < G_N_ELEMENTS(exceptions); i++)
		if (g_str_has_suffix(path, exceptions[i].name))
			return exceptions[i].why;
	return NULL;
}

static gunichar
next_char(const char **p)
{
	gunichar c = g_utf8_get_char(*p);

	*p = g_utf8_next_char(*p);
	if (c != '\r')
		return c;
	if (**p == '\n')
		(*p)++;
	return '\n';
}

/* Blanks at the end do not count; where the corpus lost a letter, we may have
 * read it. */
static bool
same_text(const char *wanted, const char *found)
{
	while (*wanted != '\0' && *found != '\0') {
		gunichar a = next_char(&wanted);
		gunichar b = next_char(&found);

		if (a != b && (a != 0xfffd || b < 0x80))
			return false;
	}
	return wanted[strspn(wanted, " \r\n")] == '\0' &&
	       found[strspn(found, " \r\n")] == '\0';
}

static bool
same_bytes(const Json *wanted, GBytes *found)
{
	gsize len;
	const guint8 *data = g_bytes_get_data(found, &len);

	/* the line end before a boundary may be counted or not */
	if (wanted->items->len > len + 2 || wanted->items->len + 2 < len)
		return false;
	for (guint i = 0; i < MIN(wanted->items->len, len); i++) {
		const Json *byte = g_ptr_array_index(wanted->items, i);

		if (data[i] != (guint8)byte->number)
			return false;
	}
	return true;
}

typedef struct {
	const MimeMessage *message;
	const Json *parts; /* of one message */
	GString *why;
} Compare;

static void compare_part(Compare *compare, const Json *wanted,
			 const Part *part);

static void
compare_leaf(Compare *compare, const Json *body, const Part *part)
{
	const char *kind = g_ptr_array_index(body->keys, 0);
	const Json *value = g_ptr_array_index(body->items, 0);
	g_autoptr(GBytes) encoded =
	    mime_message_section(compare->message, part->section, NULL);

	if (encoded != NULL && part->children->len == 1) {
		/* no boundary was met, or no header: a text to the corpus */
		compare_leaf(compare, body,
			     g_ptr_array_index(part->children, 0));
	} else if (encoded == NULL || part->children->len > 0) {
		g_string_append_printf(compare->why, " %s is no leaf",
				       part->section);
	} else if (value->kind == JSON_STRING) {
		g_autofree char *text = mime_part_text(part, encoded);

		if (!same_text(value->string, text))
			g_string_append_printf(compare->why, " text of %s (%s)",
					       part->section, kind);
	} else {
		g_autoptr(GBytes) decoded = mime_part_decode(part, encoded);

		/* the corpus leaves uuencode as it is */
		if (!same_bytes(value, decoded) &&
		    (strstr(part->encoding, "uu") == NULL ||
		     !same_bytes(value, encoded)))
			g_string_append_printf(compare->why, " bytes of %s",
					       part->section);
	}
}

static void
compare_children(Compare *compare, const Json *ids, const Part *part)
{
	if (ids->items->len != part->children->len) {
		g_string_append_printf(compare->why, " %s has %u parts, not %u",
				       part->section, part->children->len,
				       ids->items->len);
		return;
	}
	for (guint i = 0; i < ids->items->len; i++) {
		const Json *id = g_ptr_array_index(ids->items, i);

		compare_part(
		    compare,
		    g_ptr_array_index(compare->parts->items, (guint)id->number),
		    g_ptr_array_index(part->children, i));
	}
}

static void
compare_part(Compare *compare, const Json *wanted, const Part *part)
{
	const Json *body = json_get(wanted, "body");
	const Json *inner = json_get(body, "Message");
	const Json *ids = json_get(body, "Multipart");

	if (ids != NULL) {
		compare_children(compare, ids, part);
	} else if (inner != NULL) {
		Compare below = *compare;

		below.parts = json_get(inner, "parts");
		if (part->children->len == 1)
			compare_part(&below,
				     g_ptr_array_index(below.parts->items, 0),
				     g_ptr_array_index(part->children, 0));
		else if (strcmp(part->encoding, "base64") != 0)
			/* encoded messages are leaves to servers */
			g_string_append_printf(
			    compare->why, " %s is no message", part->section);
	} else {
		compare_leaf(compare, body, part);
	}
}

static char *
compare_message(const char *path, bool crlf)
{
	g_autofree char *base = g_strndup(path, strlen(path) - 4);
	g_autofree char *file =
	    g_strconcat(base, crlf ? ".crlf.json" : ".json", NULL);
	g_autofree char *text = NULL;
	g_autoptr(Json) json = NULL;
	g_autoptr(GBytes) bytes = load(path, crlf);
	g_autoptr(MimeMessage) message = mime_message_new(bytes, NULL);
	Compare compare = {message, NULL, g_string_new(NULL)};

	g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
	json = json_read(text);
	compare.parts = json_get(json, "parts");
	g_assert_nonnull(compare.parts);
	compare_part(&compare, g_ptr_array_index(compare.parts->items, 0),
		     mime_message_structure(message));
	return g_string_free(compare.why, FALSE);
}

static void
test_parts(void)
{
	g_autoptr(GPtrArray) list = NULL;
	guint same = 0;

	if (skipped("stalwart/eml"))
		return;
	list = messages("stalwart/eml");
	for (guint i = 0; i < 2 * list->len; i++) {
		const char *path = g_ptr_array_index(list, i / 2);
		g_autofree char *why = compare_message(path, i % 2 == 1);

		if (why[0] == '\0') {
			same++;
			continue;
		}
		g_test_message("differs: %s%s:%s (%s)", path,
			       i % 2 == 1 ? " (CRLF)" : "", why,
			       exception(path));
		g_assert_nonnull(exception(path));
	}
	g_test_message("%u of %u are the same", same, 2 * list->len);
}

/* ---- addresses and unstructured fields ---- */

static Json *
load_cases(const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return json_read(text);
}

/* As a field of a header, which ends where the case's does. */
static char *
field_of(const char *value)
{
	g_autofree char *block = g_strconcat("X:", value, NULL);

	return mime_header_get(block, strlen(block), "x");
}

static void
test_unstructured(void)
{
	g_autoptr(Json) list = NULL;
	guint same = 0;

	if (skipped("stalwart/unstructured.json"))
		return;
	list = load_cases("stalwart/unstructured.json");
	for (guint i = 0; i < list->items->len; i++) {
		const Json *test = g_ptr_array_index(list->items, i);
		const char *wanted = json_string(test, "expected");
		g_autofree char *found = field_of(json_string(test, "header"));

		if (g_strcmp0(wanted, found) == 0)
			same++;
		else
			g_test_message("differs: %s, not %s", found, wanted);
	}
	g_test_message("%u of %u are the same", same, list->items->len);
	g_assert_cmpuint(same * 100, >=, list->items->len * 75);
}

static void
append_members(const Json *list, GString *out)
{
	for (guint i = 0; i < list->items->len; i++) {
		const char *email =
		    json_string(g_ptr_array_index(list->items, i), "address");

		if (email != NULL)
			g_string_append_printf(out, "%s ", email);
	}
}

static void
test_addresses(void)
{
	g_autoptr(Json) list = NULL;
	guint same = 0;

	if (skipped("stalwart/address.json"))
		return;
	list = load_cases("stalwart/address.json");
	for (guint i = 0; i < list->items->len; i++) {
		const Json *test = g_ptr_array_index(list->items, i);
		const Json *wanted = json_get(test, "expected");
		const Json *groups = json_get(wanted, "Group");
		const char *value = json_string(test, "header");
		g_autofree char *block = g_strconcat("To:", value, NULL);
		g_autoptr(MessageHeader) header =
		    mime_header_parse(block, strlen(block));
		g_autoptr(GString) emails = g_string_new(NULL);
		g_autoptr(GString) found = g_string_new(NULL);

		if (groups == NULL)
			append_members(json_get(wanted, "List"), emails);
		for (guint j = 0; groups != NULL && j < groups->items->len; j++)
			append_members(
			    json_get(g_ptr_array_index(groups->items, j),
				     "addresses"),
			    emails);
		for (guint j = 0; j < header->to->len; j++) {
			const Address *one = g_ptr_array_index(header->to, j);

			if (one->email[0] != '\0')
				g_string_append_printf(found, "%s ",
						       one->email);
		}
		if (strcmp(emails->str, found->str) == 0)
			same++;
		else
			g_test_message("differs: %s, not %s", found->str,
				       emails->str);
	}
	g_test_message("%u of %u are the same", same, list->items->len);
	g_assert_cmpuint(same * 100, >=, list->items->len * 75);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	folder = g_getenv("PENNON_CORPORA");
	if (folder == NULL || !g_file_test(folder, G_FILE_TEST_IS_DIR)) {
		g_test_add_func("/corpus", test_absent);
		return g_test_run();
	}
	g_test_add_func("/corpus/open", test_open);
	g_test_add_func("/corpus/parts", test_parts);
	g_test_add_func("/corpus/unstructured", test_unstructured);
	g_test_add_func("/corpus/addresses", test_addresses);
	return g_test_run();
}
