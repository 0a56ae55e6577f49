/* test-mime-message.c - part trees, sections and transfer encodings */
#include "mime-message.h"

#include <string.h>

#include "mime-error.h"

typedef struct {
	const char *name;
	const char *message; /* with LF; tried with CRLF as well */
	const char *tree;    /* section type size, one behind the other */
} TreeCase;

#define MIXED(b) "Content-Type: multipart/mixed; boundary=" b "\n"

static const TreeCase tree_cases[] = {
    {"plain", "Subject: s\n\ntext\n", "1 text/plain"},
    {"header alone", "Subject: s\n", "1 text/plain"},
    {"nothing", "", "1 text/plain"},
    {"body alone", "\ntext\n", "1 text/plain"},
    {"two parts",
     MIXED("b") "\npreamble\n--b\n\none\n--b\nContent-Type: text/html\n\n"
		"two\n--b--\nepilogue\n",
     " multipart/mixed, 1 text/plain, 2 text/html"},
    {"nested",
     MIXED("o") "\n--o\n" MIXED("i") "\n--i\n\na\n--i\n\nb\n--i--\n--o\n\nc\n"
				     "--o--\n",
     " multipart/mixed, 1 multipart/mixed, 1.1 text/plain, 1.2 text/plain, "
     "2 text/plain"},
    {"message",
     MIXED("b") "\n--b\n\na\n--b\nContent-Type: message/rfc822\n\n"
		"Subject: inner\n\ntext\n--b--\n",
     " multipart/mixed, 1 text/plain, 2 message/rfc822, 2.1 text/plain"},
    {"message with parts",
     MIXED("b") "\n--b\nContent-Type: message/rfc822\n\n" MIXED(
	 "i") "\n--i\n\na\n--i\n\nb\n--i--\n--b--\n",
     " multipart/mixed, 1 message/rfc822, 1 multipart/mixed, 1.1 text/plain, "
     "1.2 text/plain"},
    {"only a message",
     "Content-Type: message/rfc822\n\nSubject: inner\n\ntext\n",
     "1 message/rfc822, 1.1 text/plain"},
    {"encoded message is a leaf",
     "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
     "U3ViamVjdDogeAoKeA==\n",
     "1 message/rfc822"},
    {"digest",
     "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\n"
     "text\n--b--\n",
     " multipart/digest, 1 message/rfc822, 1.1 text/plain"},
    {"no end", MIXED("b") "\n--b\n\none\n--b\n\ntwo\n",
     " multipart/mixed, 1 text/plain, 2 text/plain"},
    {"inner not closed",
     MIXED("o") "\n--o\n" MIXED("i") "\n--i\n\na\n--o\n\nb\n--o--\n",
     " multipart/mixed, 1 multipart/mixed, 1.1 text/plain, 2 text/plain"},
    {"boundary that begins as another",
     MIXED("bb") "\n--bb\n" MIXED("b") "\n--b\n\nx\n--b--\n--bb\n\ny\n"
				       "--bb--\n",
     " multipart/mixed, 1 multipart/mixed, 1.1 text/plain, 2 text/plain"},
    {"blanks behind the boundary", MIXED("b") "\n--b \t\n\nx\n--b-- \n",
     " multipart/mixed, 1 text/plain"},
    {"boundary never met", MIXED("b") "\nonly text\n",
     " multipart/mixed, 1 text/plain"},
    {"no boundary named", "Content-Type: multipart/mixed\n\nonly text\n",
     " multipart/mixed, 1 text/plain"},
    {"boundary in the header of a part",
     MIXED("b") "\n--b\nContent-Type: text/html\n--b\n\nx\n--b--\n",
     " multipart/mixed, 1 text/html, 2 text/plain"},
    {"quoted boundary",
     MIXED("\"a b'()+_,-./:=?\"") "\n--a b'()+_,-./:=?\n\nx\n",
     " multipart/mixed, 1 text/plain"},
    {"folded boundary", MIXED("\"a\n b\"") "\n--a b\n\nx\n--a b--\n",
     " multipart/mixed, 1 text/plain"},
    {"semicolon lost",
     "Content-Type: multipart/mixed\n boundary=b\n\n--b\n"
     "Content-Type: text/html\n\nx\n--b--\n",
     " multipart/mixed, 1 text/html"},
    {"same boundary inside",
     MIXED("b") "\n--b\n" MIXED("b") "\n--b\n\nx\n--b--\n",
     " multipart/mixed, 1 multipart/mixed, 1.1 text/plain"},
    {"type unreadable", "Content-Type: ;;;\n\nx\n",
     "1 application/octet-stream"},
    {"type of RFC 1049", "Content-Type: text\n\nx\n", "1 text/plain"},
};

static bool
add_part(const Part *part, guint depth, gpointer user)
{
	GString *out = user;

	(void)depth;
	g_string_append_printf(out, "%s%s %s", out->len > 0 ? ", " : "",
			       part->section, part->type);
	return true;
}

static char *
to_crlf(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	return g_strjoinv("\r\n", lines);
}

static MimeMessage *
message_new(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return mime_message_new(bytes, NULL);
}

static void
test_trees(void)
{
	for (guint i = 0; i < 2 * G_N_ELEMENTS(tree_cases); i++) {
		const TreeCase *test = &tree_cases[i / 2];
		g_autofree char *text = i % 2 == 0 ? g_strdup(test->message)
						   : to_crlf(test->message);
		g_autoptr(MimeMessage) message = message_new(text);
		g_autoptr(GString) tree = g_string_new(NULL);

		g_test_message("%s", test->name);
		part_walk(mime_message_structure(message), add_part, tree);
		g_assert_cmpstr(tree->str, ==, test->tree);
		g_assert_false(mime_message_is_cut(message));
	}
}

static const char sections_message[] =
    "Subject: outer\r\n"
    "Content-Type: multipart/mixed; boundary=o\r\n"
    "\r\n"
    "preamble\r\n"
    "--o\r\n"
    "X-Part: 1\r\n"
    "\r\n"
    "one\r\n"
    "\r\n"
    "--o\r\n"
    "Content-Type: message/rfc822\r\n"
    "\r\n"
    "Subject: inner\r\n"
    "Content-Type: multipart/mixed; boundary=i\r\n"
    "\r\n"
    "--i\r\n"
    "\r\n"
    "two-one\r\n"
    "--i\r\n"
    "--i--\r\n"
    "after inner\r\n"
    "--o--\r\n"
    "epilogue\r\n";

static void
test_sections(void)
{
	static const struct {
		const char *section;
		const char *content; /* NULL: there is none */
	} cases[] = {
	    {"", sections_message},
	    {"HEADER", "Subject: outer\r\n"
		       "Content-Type: multipart/mixed; boundary=o\r\n\r\n"},
	    {"1", "one\r\n"},
	    {"1.MIME", "X-Part: 1\r\n\r\n"},
	    {"2.MIME", "Content-Type: message/rfc822\r\n\r\n"},
	    {"2.HEADER", "Subject: inner\r\n"
			 "Content-Type: multipart/mixed; boundary=i\r\n\r\n"},
	    {"2.TEXT", "--i\r\n\r\ntwo-one\r\n--i\r\n--i--\r\nafter inner"},
	    {"2.1", "two-one"},
	    {"2.1.MIME", "\r\n"},
	    {"2.2", ""},
	    {"1.HEADER", NULL},
	    {"1.TEXT", NULL},
	    {"1.1", NULL},
	    {"3", NULL},
	    {"0", NULL},
	    {"MIME", NULL},
	    {"2.3", NULL},
	    {"nonsense", NULL},
	    {".", NULL},
	};
	g_autoptr(MimeMessage) message = message_new(sections_message);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes =
		    mime_message_section(message, cases[i].section, &error);
		g_autofree char *text = NULL;

		g_test_message("section %s", cases[i].section);
		if (cases[i].content == NULL) {
			g_assert_error(error, MIME_ERROR, MIME_ERROR_NOT_FOUND);
			continue;
		}
		g_assert_no_error(error);
		text = g_strndup(g_bytes_get_data(bytes, NULL),
				 g_bytes_get_size(bytes));
		g_assert_cmpstr(text, ==, cases[i].content);
	}
}

static void
test_text_section(void)
{
	g_autoptr(MimeMessage) message = message_new(sections_message);
	g_autoptr(GBytes) text = mime_message_section(message, "TEXT", NULL);
	g_autoptr(GBytes) header =
	    mime_message_section(message, "HEADER", NULL);

	g_assert_cmpuint(g_bytes_get_size(text) + g_bytes_get_size(header), ==,
			 strlen(sections_message));
}

/* A message of one part: its section is 1, its header that of the message. */
static void
test_single(void)
{
	g_autoptr(MimeMessage) message = message_new("Subject: s\n\ntext\n");
	g_autoptr(GBytes) part = mime_message_section(message, "1", NULL);
	g_autoptr(GBytes) head = mime_message_section(message, "1.MIME", NULL);

	g_assert_cmpuint(g_bytes_get_size(part), ==, 5);
	g_assert_cmpuint(g_bytes_get_size(head), ==, 12);
	g_assert_cmpint(mime_message_structure(message)->size, ==, 5);
}

/* ---- what the fields of a part say ---- */

typedef struct {
	const char *fields;
	const char *type;
	const char *charset;
	const char *filename;
	const char *disposition;
} FieldCase;

static const FieldCase field_cases[] = {
    {"Content-Type: TEXT/Plain; Charset=\"UTF-8\"\n", "text/plain", "utf-8",
     NULL, NULL},
    {"Content-Type: text/plain; charset=us-ascii (Plain text)\n", "text/plain",
     "us-ascii", NULL, NULL},
    {"Content-Type: text/html;charset=x;;charset=y\n", "text/html", "x", NULL,
     NULL},
    {"Content-Type: application/pdf; name=a.pdf\n", "application/pdf", NULL,
     "a.pdf", NULL},
    {"Content-Type: a/b; name=\"t.bin\"\n"
     "Content-Disposition: ATTACHMENT; filename=\"d.bin\"\n",
     "a/b", NULL, "d.bin", "attachment"},
    {"Content-Disposition: inline; filename=d.bin\nContent-Type: a/b;\n"
     " name=t.bin\n",
     "a/b", NULL, "d.bin", "inline"},
    {"Content-Disposition: attachment; filename=two words.pdf\n", "text/plain",
     NULL, "two words.pdf", "attachment"},
    {"Content-Disposition: attachment; filename=\"q\\\"uote.pdf\"\n",
     "text/plain", NULL, "q\"uote.pdf", "attachment"},
    {"Content-Disposition: attachment; filename=\"=?utf-8?q?=C3=A4?=\"\n",
     "text/plain", NULL, "\xc3\xa4", "attachment"},
    {"Content-Disposition: attachment; filename*=utf-8'de'%C3%A4.txt;\n"
     " filename=a.txt\n",
     "text/plain", NULL, "\xc3\xa4.txt", "attachment"},
    {"Content-Disposition: attachment; filename*1=b.txt; filename*0=a\n",
     "text/plain", NULL, "ab.txt", "attachment"},
    {"Content-Disposition: attachment; filename*0*=iso-8859-1''%E4;\n"
     " filename*1*=%E4; filename*2=\"x%20.txt\"\n",
     "text/plain", NULL, "\xc3\xa4\xc3\xa4x%20.txt", "attachment"},
    {"Content-Disposition: attachment; filename*=nonsense''%41%ff\n",
     "text/plain", NULL, "A\xc3\xbf", "attachment"},
    {"Content-Disposition: attachment; filename=\"never ends\n", "text/plain",
     NULL, "never ends", "attachment"},
    {"Content-Type: text/plain; charset=a\nContent-Type: text/html\n",
     "text/plain", "a", NULL, NULL},
    {"Content-Type: html\n", "application/octet-stream", NULL, NULL, NULL},
    {"", "text/plain", NULL, NULL, NULL},
};

static void
test_part_fields(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(field_cases); i++) {
		const FieldCase *test = &field_cases[i];
		g_autoptr(Part) part = mime_part_from_header(
		    test->fields, strlen(test->fields), "1.2");

		g_test_message("%s", test->fields);
		g_assert_cmpstr(part->section, ==, "1.2");
		g_assert_cmpstr(part->type, ==, test->type);
		g_assert_cmpstr(part->charset, ==, test->charset);
		g_assert_cmpstr(part->filename, ==, test->filename);
		g_assert_cmpstr(part->disposition, ==, test->disposition);
	}
}

static void
test_more_fields(void)
{
	static const char fields[] =
	    "Content-Type: text/plain; format=Flowed; delsp=YES\n"
	    "Content-ID: <a@b>\n"
	    "Content-Transfer-Encoding: Quoted-Printable; x\n";
	g_autoptr(Part) part =
	    mime_part_from_header(fields, sizeof fields - 1, "1");

	g_assert_cmpstr(part->format, ==, "flowed");
	g_assert_true(part->delsp);
	g_assert_cmpstr(part->content_id, ==, "a@b");
	g_assert_cmpstr(part->encoding, ==, "quoted-printable");
}

static void
test_encodings(void)
{
	static const struct {
		const char *value;
		const char *encoding;
	} encodings[] = {
	    {"BASE64", "base64"},
	    {"\"base64\"", "base64"},
	    {"quoted printable", "quoted-printable"},
	    {"7-bit", "7-bit"},
	    {"", "7bit"},
	    {"base64 (comment)", "base64"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(encodings); i++) {
		g_autofree char *field = g_strdup_printf(
		    "Content-Transfer-Encoding: %s\n", encodings[i].value);
		g_autoptr(Part) part =
		    mime_part_from_header(field, strlen(field), "1");

		g_assert_cmpstr(part->encoding, ==, encodings[i].encoding);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/message/trees", test_trees);
	g_test_add_func("/message/sections", test_sections);
	g_test_add_func("/message/text-section", test_text_section);
	g_test_add_func("/message/single", test_single);
	g_test_add_func("/message/part-fields", test_part_fields);
	g_test_add_func("/message/encodings", test_encodings);
	g_test_add_func("/message/more-fields", test_more_fields);
	return g_test_run();
}
