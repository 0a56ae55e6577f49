/* test-imap-structure.c - BODYSTRUCTURE as servers send it */
#include "imap-session.h"

#include <string.h>

#include "test-size.h"

/* One line a part: section, type, then what it has. */
static bool
describe(const Part *part, guint depth G_GNUC_UNUSED, gpointer user)
{
	GString *out = user;

	g_string_append_printf(out, "%s%s %s", out->len > 0 ? "; " : "",
			       part->section, part->type);
	if (part->size >= 0)
		g_string_append_printf(out, " %d", (int)part->size);
	if (part->disposition != NULL)
		g_string_append_printf(out, " %s", part->disposition);
	if (part->filename != NULL)
		g_string_append_printf(out, " '%s'", part->filename);
	if (part->content_id != NULL)
		g_string_append_printf(out, " <%s>", part->content_id);
	if (part->charset != NULL)
		g_string_append_printf(out, " %s", part->charset);
	return true;
}

#define TEXT                                                                   \
	"(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"7BIT\" 12 1)"

static const struct {
	const char *what;
	const char *text;
	const char *tree; /* NULL: cannot be read */
} cases[] = {
    {"one part", TEXT, "1 text/plain 12 utf-8"},
    {"all fields",
     "(\"IMAGE\" \"PNG\" (\"NAME\" \"a.png\") \"<cid@x>\" \"picture\" "
     "\"BASE64\" 99 \"md5\" (\"INLINE\" (\"FILENAME\" \"b.png\")) \"en\" "
     "\"loc\" (1 2) \"more\")",
     "1 image/png 99 inline 'b.png' <cid@x>"},
    {"two parts", "(" TEXT TEXT " \"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL)",
     " multipart/mixed; 1 text/plain 12 utf-8; 2 text/plain 12 utf-8"},
    {"a tree", "(" TEXT "(" TEXT TEXT " \"ALTERNATIVE\") \"MIXED\")",
     " multipart/mixed; 1 text/plain 12 utf-8; 2 multipart/alternative; "
     "2.1 text/plain 12 utf-8; 2.2 text/plain 12 utf-8"},
    {"a message",
     "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 100 (NIL \"s\" NIL NIL NIL "
     "NIL NIL NIL NIL NIL) " TEXT " 5 NIL (\"ATTACHMENT\" (\"FILENAME\" "
     "\"m.eml\")))",
     "1 message/rfc822 100 attachment 'm.eml'; 1.1 text/plain 12 utf-8"},
    {"a message with parts",
     "(" TEXT "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 100 () (" TEXT TEXT
     " \"MIXED\") 5) \"MIXED\")",
     " multipart/mixed; 1 text/plain 12 utf-8; 2 message/rfc822 100; "
     "2 multipart/mixed; 2.1 text/plain 12 utf-8; 2.2 text/plain 12 utf-8"},
    /* ---- oddities ---- */
    {"a message without envelope and body: NIL",
     "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 100 NIL NIL 5 NIL "
     "(\"ATTACHMENT\" NIL))",
     "1 message/rfc822 100 attachment"},
    {"a message without envelope and body: nothing",
     "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 100 5 NIL (\"ATTACHMENT\" "
     "NIL))",
     "1 message/rfc822 100 attachment"},
    {"Exchange: a bare disposition",
     "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 12 1 NIL \"inline\" NIL)",
     "1 text/plain 12"},
    {"Exchange: S/MIME",
     "(" TEXT " \"MIXED\" NIL \"S/MIME Encrypted Message\" NIL)",
     " multipart/mixed; 1 text/plain 12 utf-8"},
    {"Gmail: an empty multipart",
     "(" TEXT "(\"RELATED\" NIL (\"ATTACHMENT\" NIL) NIL)" TEXT " \"MIXED\")",
     " multipart/mixed; 1 text/plain 12 utf-8; "
     "2 application/octet-stream; 3 text/plain 12 utf-8"},
    {"an empty multipart", "(\"MIXED\")", "1 application/octet-stream"},
    {"no parts at all", "(() \"MIXED\" NIL)", " multipart/mixed"},
    {"literals inside",
     "(\"TEXT\" \"PLAIN\" (\"NAME\" {7}\r\na (\"b.t)) NIL NIL \"7BIT\" "
     "{2}\r\n12 "
     "NIL)",
     "1 text/plain 'a (\"b.t'"},
    {"a text without lines", "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 12 NIL)",
     "1 text/plain 12"},
    {"NIL for its type", "(NIL NIL NIL NIL NIL NIL NIL)",
     "1 application/octet-stream"},
    {"a size below zero", "(\"A\" \"B\" NIL NIL NIL \"7BIT\" -3)", "1 a/b"},
    {"a size out of reason",
     "(\"A\" \"B\" NIL NIL NIL \"7BIT\" 99999999999999999999)", "1 a/b"},
    {"a list for a parameter",
     "(\"A\" \"B\" (\"NAME\" (\"x\" \"y\") \"CHARSET\" \"z\") NIL NIL \"7BIT\" "
     "3)",
     "1 a/b 3 z"},
    {"an odd number of parameters",
     "(\"A\" \"B\" (\"NAME\") NIL NIL \"7BIT\" 3)", "1 a/b 3"},
    {"RFC 2231",
     "(\"A\" \"B\" (\"NAME*\" \"utf-8''na%C3%AFve.pdf\") NIL NIL \"7BIT\" 3)",
     "1 a/b 3 'na\xc3\xafve.pdf'"},
    {"RFC 2231, continued",
     "(\"A\" \"B\" NIL NIL NIL \"7BIT\" 3 NIL (\"ATTACHMENT\" (\"FILENAME*0*\" "
     "\"utf-8''a%20\" \"FILENAME*1\" \"b.pdf\")))",
     "1 a/b 3 attachment 'a b.pdf'"},
    {"RFC 2047",
     "(\"A\" \"B\" (\"NAME\" \"=?utf-8?q?gr=C3=BC?=\") NIL NIL \"7BIT\" 3)",
     "1 a/b 3 'gr\xc3\xbc'"},
    {"8-bit names",
     "(\"A\" \"B\" (\"NAME\" \"gr\xfc\") \"<\xff>\" NIL \"7BIT\" 3)",
     "1 a/b 3 'gr\xc3\xbc' <\xef\xbf\xbd>"},
    /* ---- what cannot be read ---- */
    {"nothing", "", NULL},
    {"no list", "NIL", NULL},
    {"cut", "(\"TEXT\" \"PLAIN\" (\"CHARSET\"", NULL},
    {"an open quote", "(\"TEXT\" \"PLAIN)", NULL},
};

static void
test_cases(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gsize len = strlen(cases[i].text);
		g_autofree char *copy = g_memdup2(cases[i].text, MAX(len, 1));
		g_autoptr(Part) root = imap_structure_parse(copy, len);
		g_autoptr(GString) tree = g_string_new(NULL);

		g_test_message("%s", cases[i].what);
		if (root != NULL)
			part_walk(root, describe, tree);
		if (cases[i].tree == NULL)
			g_assert_null(root);
		else
			g_assert_cmpstr(tree->str, ==, cases[i].tree);
	}
}

/* Cut anywhere: nothing, or a tree; never a crash. */
static void
test_cut(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		for (gsize len = 0; len < strlen(cases[i].text); len++) {
			g_autofree char *copy =
			    g_memdup2(cases[i].text, MAX(len, 1));
			g_autoptr(Part) root = imap_structure_parse(copy, len);

			if (root != NULL)
				g_assert_nonnull(root->type);
		}
}

static Part *
nested(guint depth)
{
	g_autofree char *open = g_strnfill(depth, '(');
	GString *text = g_string_new(open);
	Part *root;

	g_string_append(text, TEXT);
	for (guint i = 0; i < depth; i++)
		g_string_append(text, " \"MIXED\")");
	root = imap_structure_parse(text->str, text->len);
	g_string_free(text, TRUE);
	return root;
}

static void
test_limits(void)
{
	g_autoptr(Part) deep = nested(50);
	GString *text = g_string_new("(");
	g_autofree char *unclosed = g_strnfill(200000, '(');
	g_autoptr(Part) wide = NULL;
	gint64 start = test_time_used();

	g_assert_nonnull(deep);
	g_assert_null(nested(70));
	g_assert_null(nested(4000));
	g_assert_null(nested(30000));
	g_assert_null(imap_structure_parse(unclosed, 200000));
	for (guint i = 0; i < PART_COUNT_MAX + 100; i++)
		g_string_append(text, TEXT);
	g_string_append(text, " \"MIXED\")");
	wide = imap_structure_parse(text->str, text->len);
	g_assert_nonnull(wide);
	g_assert_cmpuint(wide->children->len, <=, PART_COUNT_MAX);
	g_assert_cmpuint(wide->children->len, >=, PART_COUNT_MAX - 1);
	g_string_free(text, TRUE);
	g_assert_cmpint(test_time_used() - start, <, 2 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/structure/cases", test_cases);
	g_test_add_func("/imap/structure/cut", test_cut);
	g_test_add_func("/imap/structure/limits", test_limits);
	return g_test_run();
}
