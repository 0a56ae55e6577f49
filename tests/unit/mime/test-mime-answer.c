/* test-mime-answer.c - replies, forwards, and parts put in and taken out */
#include "mime-compose.h"

#include <string.h>

#include "mime-header.h"

#define NOW (G_GINT64_CONSTANT(1795615331) * G_USEC_PER_SEC)

static MimeMessage *
parse(GBytes *bytes)
{
	g_autoptr(GError) error = NULL;
	MimeMessage *message = mime_message_new(bytes, &error);

	g_assert_no_error(error);
	return message;
}

static MimeMessage *
parse_text(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return parse(bytes);
}

static char *
text_of(GBytes *bytes)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	return g_strndup(data, len);
}

static void
assert_has(GBytes *bytes, const char *text)
{
	g_autofree char *all = text_of(bytes);

	if (strstr(all, text) == NULL)
		g_error("not there: %s\nin: %s", text, all);
}

static void
assert_has_not(GBytes *bytes, const char *text)
{
	g_autofree char *all = text_of(bytes);

	if (strstr(all, text) != NULL)
		g_error("there: %s\nin: %s", text, all);
}

static MimeSender
sender(void)
{
	static Address from = {(char *)"Me", (char *)"me@own.example"};

	return (MimeSender){.from = &from, .now = NOW};
}

static MessageHeader *
header_of(const char *text)
{
	return mime_header_parse(text, strlen(text));
}

static GBytes *
reply_to(const char *fields, bool all)
{
	g_autoptr(MessageHeader) original = header_of(fields);
	g_autoptr(GPtrArray) own = g_ptr_array_new();
	MimeSender me = sender();

	g_ptr_array_add(own, (gpointer) "Also@Own.example");
	me.own = own;
	return mime_compose_reply(&me, original, NULL, all, NULL);
}

/* ---- reply ---- */

static void
test_recipients(void)
{
	static const struct {
		const char *fields;
		bool all;
		const char *to;
		const char *cc;
	} cases[] = {
	    {"From: a@x.example\n", false, "a@x.example", NULL},
	    {"From: a@x.example\nReply-To: l@x.example\n", false, "l@x.example",
	     NULL},
	    {"From: a@x.example\nTo: me@own.example, b@x.example\n"
	     "Cc: c@x.example, B@X.example, also@own.example\n",
	     true, "a@x.example", "b@x.example, c@x.example"},
	    {"From: a@x.example\nTo: b@x.example\n", false, "a@x.example",
	     NULL},
	    {"From: ME@own.example\nTo: b@x.example\nCc: c@x.example\n", false,
	     "b@x.example", NULL},
	    {"From: me@own.example\nTo: b@x.example\nCc: c@x.example\n", true,
	     "b@x.example", "c@x.example"},
	    {"From: a@x.example\nReply-To: me@own.example\n", false,
	     "a@x.example", NULL},
	    {"From: me@own.example\nTo: me@own.example\n", true, NULL, NULL},
	    {"From: a@x.example\nTo: undisclosed-recipients:;\n", true,
	     "a@x.example", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) bytes =
		    reply_to(cases[i].fields, cases[i].all);
		g_autofree char *all = text_of(bytes);
		g_autofree char *to = mime_header_get(all, strlen(all), "To");
		g_autofree char *cc = mime_header_get(all, strlen(all), "Cc");

		g_assert_cmpstr(to, ==, cases[i].to);
		g_assert_cmpstr(cc, ==, cases[i].cc);
	}
}

static void
test_subjects(void)
{
	static const char *const cases[][2] = {
	    {"x", "Re: x"},           {"Re: x", "Re: x"},
	    {"RE: x", "Re: x"},       {"AW: Re: x", "Re: x"},
	    {"Antw: x", "Re: x"},     {"Sv: x", "Re: x"},
	    {"Re[2]: x", "Re: x"},    {"RE : x", "Re: x"},
	    {"回复：x", "Re: x"},     {"Reading: x", "Re: Reading: x"},
	    {"Fwd: x", "Re: Fwd: x"}, {"", "Re:"},
	    {"re", "Re: re"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *fields = g_strdup_printf(
		    "From: a@x.example\nSubject: %s\n", cases[i][0]);
		g_autoptr(GBytes) bytes = reply_to(fields, false);
		g_autofree char *all = text_of(bytes);
		g_autofree char *subject =
		    mime_header_get(all, strlen(all), "Subject");

		g_assert_cmpstr(subject, ==, cases[i][1]);
	}
}

static void
test_references(void)
{
	g_autoptr(GString) fields = g_string_new("From: a@x.example\n"
						 "Message-ID: <last@x>\n"
						 "References:");
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(MimeMessage) message = NULL;
	g_autoptr(MessageHeader) header = NULL;
	g_autofree char *all = NULL;
	g_autofree char *parent = NULL;
	guint n;

	for (guint i = 0; i < 3000; i++)
		g_string_append_printf(fields, " <id%u@x>\n", i);
	bytes = reply_to(fields->str, false);
	all = text_of(bytes);
	message = parse(bytes);
	header = mime_message_header(message);
	n = g_strv_length(header->references);
	g_assert_cmpuint(n, ==, MESSAGE_REFERENCES_MAX);
	g_assert_cmpstr(header->references[0], ==, "id0@x");
	g_assert_cmpstr(header->references[n - 1], ==, "last@x");
	parent = mime_header_get(all, strlen(all), "In-Reply-To");
	g_assert_cmpstr(parent, ==, "<last@x>");
}

static void
test_hostile_reply(void)
{
	/* decoded values of a sender who wants fields of his own */
	g_autoptr(MessageHeader) original = message_header_new();
	MimeSender me = sender();
	g_autoptr(GBytes) bytes = NULL;

	g_ptr_array_add(original->from,
			address_new("x\r\nBcc: e@e.example",
				    "a@b.example>\r\nBcc: e@e.example"));
	g_ptr_array_add(original->from,
			address_new("x\r\nBcc: e@e.example", "a@b.example"));
	g_free(original->subject);
	original->subject = g_strdup("x\r\nBcc: e@e.example");
	original->message_id = g_strdup("x@y>\r\nBcc: e@e.example");
	bytes = mime_compose_reply(&me, original, NULL, true, NULL);
	assert_has_not(bytes, "\nBcc:");
	assert_has(bytes, "<a@b.example>");
	assert_has_not(bytes, "In-Reply-To");
}

static void
test_quoting(void)
{
	static const char original[] =
	    "From: a@x.example\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "\r\nhello \033]0;evil\007 you\r\n> older\r\n>> oldest\r\n\r\n"
	    "\302\233 bye\r\n-- \r\nsignature\r\n";
	g_autoptr(MimeMessage) message = parse_text(original);
	g_autoptr(MessageHeader) header = mime_message_header(message);
	MimeRenderOptions options = {.width = MIME_QUOTE_WIDTH};
	g_autoptr(MimeText) text =
	    mime_render_message(message, true, &options, NULL);
	MimeSender me = sender();
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GBytes) body = NULL;
	g_autofree char *all = NULL;

	me.signature = "Me";
	bytes = mime_compose_reply(&me, header, text, false, "a wrote:");
	{
		g_autoptr(MimeMessage) draft = parse(bytes);

		body = mime_message_decode(draft, "1", NULL);
	}
	all = text_of(body);
	for (const char *p = all; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_assert(c == '\r' || c == '\n' || !g_unichar_iscntrl(c));
	}
	g_assert_true(g_str_has_prefix(all, "a wrote:\r\n> hello "));
	g_assert_nonnull(strstr(all, "\r\n>> older\r\n>>> oldest\r\n>\r\n"));
	g_assert_null(strstr(all, "signature"));
	g_assert_true(g_str_has_suffix(all, "bye\r\n\r\n\r\n-- \r\nMe\r\n"));
}

/* ---- forward ---- */

static const char with_file[] =
    "From: a@x.example\r\nTo: b@x.example\r\nSubject: Fw: thing\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"B\"\r\n\r\n"
    "--B\r\nContent-Type: text/plain\r\n\r\nthe text\r\n"
    "--B\r\nContent-Type: application/x-odd; a=b\r\n"
    "Content-Disposition: attachment; filename=odd.bin\r\n"
    "X-Strange: yes\r\n\r\nraw \001 bytes\r\n"
    "--B--\r\n";

static void
test_forward_inline(void)
{
	g_autoptr(MimeMessage) original = parse_text(with_file);
	MimeSender me = sender();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes =
	    mime_compose_forward(&me, original, false, "forwarded:", &error);
	g_autoptr(MimeMessage) draft = NULL;
	g_autoptr(GPtrArray) files = NULL;

	g_assert_no_error(error);
	draft = parse(bytes);
	files = mime_compose_attachments(draft);
	g_assert_cmpuint(files->len, ==, 1);
	assert_has(bytes, "Subject: Fwd: thing\r\n");
	assert_has(bytes, "\r\nforwarded:\r\nFrom: a@x.example\r\n"
			  "Subject: Fw: thing\r\nTo: b@x.example\r\n"
			  "\r\nthe text\r\n");
	assert_has(bytes,
		   "\r\nContent-Type: application/x-odd; a=b\r\n"
		   "Content-Disposition: attachment; filename=odd.bin\r\n"
		   "X-Strange: yes\r\n\r\nraw \001 bytes\r\n--");
}

static void
test_forward_attached(void)
{
	g_autoptr(MimeMessage) original = parse_text(with_file);
	MimeSender me = sender();
	g_autoptr(GBytes) bytes =
	    mime_compose_forward(&me, original, true, NULL, NULL);
	g_autoptr(MimeMessage) draft = parse(bytes);
	g_autoptr(GBytes) inner = mime_message_section(draft, "2", NULL);
	g_autofree char *text = text_of(inner);

	g_assert_cmpstr(text, ==, with_file);
	assert_has(bytes, "Content-Type: message/rfc822\r\n"
			  "Content-Disposition: attachment\r\n"
			  "Content-Transfer-Encoding: 7bit\r\n\r\nFrom: a@");
}

/* ---- attach, detach ---- */

static const char alternative[] =
    "From: a@x.example\r\nContent-Type: multipart/alternative;\r\n"
    " boundary=alt\r\nX-Kept: 1\r\nMIME-Version: 1.0\r\n\r\npreamble\r\n"
    "--alt\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
    "--alt\r\nContent-Type: text/html\r\n\r\n<p>plain\r\n"
    "--alt--\r\nepilogue\r\n";

static void
test_attach(void)
{
	static const char *const drafts[] = {
	    "From: a@x.example\r\n\r\nplain\r\n",
	    "From: a@x.example\r\nContent-Type: text/plain\r\n\r\nplain",
	    alternative,
	    with_file,
	    "Content-Type: multipart/mixed; boundary=B\r\n\r\n"
	    "--B\r\n\r\nunclosed",
	    "Content-Type: multipart/mixed; boundary=B\r\n\r\nno part",
	    "Content-Type: multipart/mixed; boundary=B\r\n\r\n"
	    "--B\r\nContent-Type: text/plain\r\n\r\n--B--",
	    "Subject: no body",
	    "",
	};
	guchar raw[3000];

	for (guint i = 0; i < sizeof raw; i++)
		raw[i] = (guchar)(i * 7);
	for (guint i = 0; i < G_N_ELEMENTS(drafts); i++) {
		g_autoptr(MimeMessage) draft = parse_text(drafts[i]);
		g_autoptr(GPtrArray) before = mime_compose_attachments(draft);
		g_autoptr(GBytes) content = g_bytes_new(raw, sizeof raw);
		g_autoptr(GBytes) bytes = mime_compose_attach(
		    draft, content, "application/pdf", "Übersicht.pdf", NULL);
		g_autoptr(MimeMessage) with = parse(bytes);
		g_autoptr(GPtrArray) list = mime_compose_attachments(with);
		g_autoptr(GBytes) decoded = NULL;
		g_autoptr(GBytes) without = NULL;
		g_autoptr(MimeMessage) last = NULL;
		g_autoptr(GPtrArray) after = NULL;
		const Part *part;

		g_assert_cmpuint(list->len, ==, before->len + 1);
		part = g_ptr_array_index(list, list->len - 1);
		g_assert_cmpstr(part->type, ==, "application/pdf");
		g_assert_cmpstr(part->filename, ==, "Übersicht.pdf");
		decoded = mime_message_decode(with, part->section, NULL);
		g_assert_true(g_bytes_equal(decoded, content));
		without = mime_compose_detach(with, part->section, NULL);
		g_assert_nonnull(without);
		last = parse(without);
		after = mime_compose_attachments(last);
		g_assert_cmpuint(after->len, ==, before->len);
	}
}

static void
test_attach_keeps(void)
{
	g_autoptr(MimeMessage) draft = parse_text(alternative);
	g_autoptr(GBytes) content = g_bytes_new_static("x", 1);
	g_autoptr(GBytes) bytes =
	    mime_compose_attach(draft, content, "text/x", "a.txt", NULL);
	const char *body = strstr(alternative, "preamble");

	assert_has(bytes, "From: a@x.example\r\nX-Kept: 1\r\n");
	assert_has(bytes, "\r\nContent-Type: multipart/alternative;\r\n"
			  " boundary=alt\r\n\r\npreamble\r\n--alt\r\n");
	assert_has(bytes, body);
}

static void
test_names(void)
{
	static const struct {
		const char *given;
		const char *got;
	} cases[] = {
	    {"a.txt", "a.txt"},
	    {"a b (1).txt", "a b (1).txt"},
	    {"x\r\nBcc: e@e.example", "x  Bcc_ e@e.example"},
	    {"../../etc/passwd", "_.._etc_passwd"},
	    {"=?UTF-8?Q?x?=.txt", "=_UTF-8_Q_x_=.txt"},
	    {"日本語のとても長いファイル名がここに書いてあります、本当に長い."
	     "txt",
	     "日本語のとても長いファイル名がここに書いてあります、本当に長い."
	     "txt"},
	    {NULL, NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MimeMessage) draft =
		    parse_text("From: a@x.example\r\n\r\nplain\r\n");
		g_autoptr(GBytes) content = g_bytes_new_static("x", 1);
		g_autoptr(GBytes) bytes = mime_compose_attach(
		    draft, content, "text/x\r\nBcc: e@e.example",
		    cases[i].given, NULL);
		g_autoptr(MimeMessage) with = parse(bytes);
		g_autoptr(GPtrArray) list = mime_compose_attachments(with);
		const Part *part = g_ptr_array_index(list, 0);

		assert_has_not(bytes, "\nBcc:");
		g_assert_cmpstr(part->filename, ==, cases[i].got);
		g_assert_cmpstr(part->type, ==, "application/octet-stream");
	}
}

/* A message that holds our own delimiter: an older state of the same draft. */
static void
test_own_boundary(void)
{
	g_autoptr(MimeMessage) draft = parse_text(with_file);
	g_autoptr(GBytes) bytes = mime_compose_attach(
	    draft, mime_message_bytes(draft), "message/rfc822", NULL, NULL);
	g_autoptr(MimeMessage) with = parse(bytes);
	g_autoptr(GBytes) inner = mime_message_section(with, "2", NULL);
	const Part *root = mime_message_structure(with);

	g_assert_cmpuint(root->children->len, ==, 2);
	g_assert_true(g_bytes_equal(inner, mime_message_bytes(draft)));
}

static void
test_attach_limit(void)
{
	g_autoptr(MimeMessage) draft =
	    parse_text("From: a@x.example\r\n\r\nplain\r\n");
	gsize size = MIME_MESSAGE_MAX - 1000;
	g_autoptr(GBytes) content = g_bytes_new_take(g_malloc0(size), size);
	g_autoptr(GError) error = NULL;

	g_assert_null(mime_compose_attach(draft, content, "a/b", "x", &error));
	g_assert_error(error, MIME_ERROR, MIME_ERROR_LIMIT);
}

static void
test_detach(void)
{
	static const char nested[] =
	    "Content-Type: multipart/mixed; boundary=B\r\n\r\n"
	    "--B\r\n\r\ntext\r\n"
	    "--B\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n"
	    "--C\r\nContent-Type: a/b\r\n\r\none\r\n"
	    "--C\r\nContent-Type: a/b\r\n\r\ntwo\r\n"
	    "--C--\r\n\r\n"
	    "--B\r\nContent-Type: message/rfc822\r\n\r\n"
	    "Content-Type: multipart/mixed; boundary=D\r\n\r\n"
	    "--D\r\n\r\ninner\r\n--D--\r\n\r\n"
	    "--B--\r\n";
	static const struct {
		const char *section;
		const char *gone; /* NULL: not found */
	} cases[] = {
	    {"1", "--B\r\n\r\ntext\r\n"},
	    {"2", "--B\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n"
		  "--C\r\nContent-Type: a/b\r\n\r\none\r\n"
		  "--C\r\nContent-Type: a/b\r\n\r\ntwo\r\n--C--\r\n\r\n"},
	    {"2.1", "--C\r\nContent-Type: a/b\r\n\r\none\r\n"},
	    {"2.2", "--C\r\nContent-Type: a/b\r\n\r\ntwo\r\n"},
	    {"3", "--B\r\nContent-Type: message/rfc822\r\n\r\n"
		  "Content-Type: multipart/mixed; boundary=D\r\n\r\n"
		  "--D\r\n\r\ninner\r\n--D--\r\n\r\n"},
	    {"3.1", NULL},
	    {"4", NULL},
	    {"", NULL},
	    {"2.1.MIME", NULL},
	    {"nonsense", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MimeMessage) draft = parse_text(nested);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes =
		    mime_compose_detach(draft, cases[i].section, &error);
		g_auto(GStrv) around = NULL;
		g_autofree char *want = NULL;
		g_autofree char *got = NULL;

		if (cases[i].gone == NULL) {
			g_assert_null(bytes);
			g_assert_error(error, MIME_ERROR, MIME_ERROR_NOT_FOUND);
			continue;
		}
		g_assert_no_error(error);
		around = g_strsplit(nested, cases[i].gone, 2);
		want = g_strconcat(around[0], around[1], NULL);
		got = text_of(bytes);
		g_assert_cmpstr(got, ==, want);
	}
}

static void
test_detach_all(void)
{
	g_autoptr(MimeMessage) draft =
	    parse_text("From: a@x.example\r\nContent-Type: multipart/mixed;"
		       " boundary=B\r\nMIME-Version: 1.0\r\n\r\n"
		       "--B\r\nContent-Type: a/b\r\n\r\none\r\n--B--\r\n");
	g_autoptr(GBytes) bytes = mime_compose_detach(draft, "1", NULL);
	g_autoptr(MimeMessage) rest = parse(bytes);

	g_assert_cmpstr(mime_message_structure(rest)->type, ==, "text/plain");
	assert_has(bytes, "From: a@x.example\r\nMIME-Version: 1.0\r\n");
	assert_has_not(bytes, "one");
}

static void
test_list(void)
{
	static const char related[] =
	    "Content-Type: multipart/related; boundary=R\r\n\r\n"
	    "--R\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n"
	    "--A\r\n\r\nplain\r\n"
	    "--A\r\nContent-Type: text/html\r\n\r\n<img src=cid:i>\r\n"
	    "--A--\r\n"
	    "--R\r\nContent-Type: image/png\r\nContent-ID: <i>\r\n\r\np\r\n"
	    "--R\r\nContent-Type: text/calendar\r\n\r\nc\r\n"
	    "--R--\r\n";
	g_autoptr(MimeMessage) draft = parse_text(related);
	g_autoptr(GPtrArray) list = mime_compose_attachments(draft);
	const Part *part;

	g_assert_cmpuint(list->len, ==, 1);
	part = g_ptr_array_index(list, 0);
	g_assert_cmpstr(part->type, ==, "text/calendar");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/reply/recipients", test_recipients);
	g_test_add_func("/reply/subjects", test_subjects);
	g_test_add_func("/reply/references", test_references);
	g_test_add_func("/reply/hostile", test_hostile_reply);
	g_test_add_func("/reply/quoting", test_quoting);
	g_test_add_func("/forward/inline", test_forward_inline);
	g_test_add_func("/forward/attached", test_forward_attached);
	g_test_add_func("/attach/any", test_attach);
	g_test_add_func("/attach/keeps", test_attach_keeps);
	g_test_add_func("/attach/names", test_names);
	g_test_add_func("/attach/own-boundary", test_own_boundary);
	g_test_add_func("/attach/limit", test_attach_limit);
	g_test_add_func("/detach/any", test_detach);
	g_test_add_func("/detach/all", test_detach_all);
	g_test_add_func("/attachments", test_list);
	return g_test_run();
}
