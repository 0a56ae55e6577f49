/* test-model-part.c - the part tree, walked, and kept as text */
#include "model-part.h"

#include <string.h>

static Part *
add(Part *parent, const char *section, const char *type)
{
	Part *part = part_new(section, type);

	if (parent != NULL)
		g_ptr_array_add(parent->children, part);
	return part;
}

static Part *
sample(void)
{
	Part *root = add(NULL, "", "multipart/mixed");
	Part *both = add(root, "1", "multipart/alternative");
	Part *text = add(both, "1.1", "text/plain");
	Part *file = add(root, "2", "application/pdf");

	add(both, "1.2", "text/html");
	text->charset = g_strdup("utf-8");
	text->format = g_strdup("flowed");
	text->delsp = true;
	text->size = 0;
	file->filename = g_strdup("tab\there\nline \\n \\ -=\xc3\xa4");
	file->disposition = g_strdup("attachment");
	file->content_id = g_strdup("");
	file->size = G_MAXINT64;
	g_free(file->encoding);
	file->encoding = g_strdup("base64");
	return root;
}

static void
assert_same(const Part *a, const Part *b)
{
	g_assert_cmpstr(a->section, ==, b->section);
	g_assert_cmpstr(a->type, ==, b->type);
	g_assert_cmpstr(a->charset, ==, b->charset);
	g_assert_cmpstr(a->encoding, ==, b->encoding);
	g_assert_cmpstr(a->disposition, ==, b->disposition);
	g_assert_cmpstr(a->filename, ==, b->filename);
	g_assert_cmpstr(a->content_id, ==, b->content_id);
	g_assert_cmpstr(a->format, ==, b->format);
	g_assert_true(a->delsp == b->delsp);
	g_assert_cmpint(a->size, ==, b->size);
	g_assert_cmpuint(a->children->len, ==, b->children->len);
	for (guint i = 0; i < a->children->len; i++)
		assert_same(g_ptr_array_index(a->children, i),
			    g_ptr_array_index(b->children, i));
}

static void
test_round_trip(void)
{
	g_autoptr(Part) root = sample();
	g_autofree char *text = part_to_text(root);
	g_autoptr(Part) again = part_from_text(text);

	g_assert_nonnull(again);
	assert_same(root, again);
}

static void
test_from_text_refused(void)
{
	g_autoptr(Part) root = sample();
	g_autofree char *text = part_to_text(root);
	static const char *const cases[] = {
	    "",
	    "\n",
	    "nonsense",
	    "0\t0\t-1\n",
	    "1\t0\t-1\t=1\t=text/plain\t-\t=\t-\t-\t-\t-\n",
	    "x\t0\t-1\t=1\t=text/plain\t-\t=\t-\t-\t-\t-\n",
	    "0\t0\t-2\t=1\t=text/plain\t-\t=\t-\t-\t-\t-\n",
	    "0\t0\t9x\t=1\t=text/plain\t-\t=\t-\t-\t-\t-\n",
	    "0\t0\t-1\t-\t=text/plain\t-\t=\t-\t-\t-\t-\n",
	    "0\t0\t-1\t=1\t-\t-\t=\t-\t-\t-\t-\n",
	    "0\t0\t-1\t=1\t=text/plain\t-\t-\t-\t-\t-\t-\n",
	    "0\t0\t-1\t1\t=text/plain\t-\t=\t-\t-\t-\t-\n",
	    "0\t0\t-1\t=1\t=text/plain\t-\t=\t-\t-\t-\t-\t=more\n",
	    /* two roots; a level left out */
	    "0\t0\t-1\t=\t=a/b\t-\t=\t-\t-\t-\t-\n"
	    "0\t0\t-1\t=\t=a/b\t-\t=\t-\t-\t-\t-\n",
	    "0\t0\t-1\t=\t=a/b\t-\t=\t-\t-\t-\t-\n"
	    "2\t0\t-1\t=\t=a/b\t-\t=\t-\t-\t-\t-\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_null(part_from_text(cases[i]));
	/* cut or damaged anywhere: no crash, and what is read is a tree */
	for (gsize i = 0; i < strlen(text); i++) {
		g_autofree char *cut = g_strndup(text, i);
		g_autofree char *wrong = g_strdup(text);
		g_autoptr(Part) a = part_from_text(cut);
		g_autoptr(Part) b = NULL;

		wrong[i] ^= 1;
		b = part_from_text(wrong);
		if (a != NULL)
			g_assert_nonnull(part_find(a, ""));
		if (b != NULL)
			g_assert_nonnull(b->section);
	}
}

static bool
count(const Part *part G_GNUC_UNUSED, guint depth, gpointer user)
{
	guint *seen = user;

	seen[0]++;
	seen[1] = MAX(seen[1], depth);
	return true;
}

/* As deep and as many as a tree may be, and one more. */
static void
test_limits(void)
{
	g_autoptr(Part) deep = part_new("", "multipart/mixed");
	g_autoptr(Part) wide = part_new("", "multipart/mixed");
	g_autoptr(Part) again = NULL;
	g_autofree char *text = NULL;
	Part *at = deep;
	guint seen[2] = {0};

	for (guint i = 0; i < PART_DEPTH_MAX + 1; i++)
		at = add(at, "1", "multipart/mixed");
	part_walk(deep, count, seen);
	g_assert_cmpuint(seen[1], ==, PART_DEPTH_MAX + 1);
	text = part_to_text(deep);
	again = part_from_text(text);
	g_assert_nonnull(again);
	seen[0] = seen[1] = 0;
	part_walk(again, count, seen);
	g_assert_cmpuint(seen[1], ==, PART_DEPTH_MAX);
	for (guint i = 1; i < PART_COUNT_MAX; i++)
		add(wide, "1", "text/plain");
	g_free(text);
	text = part_to_text(wide);
	part_free(g_steal_pointer(&again));
	again = part_from_text(text);
	seen[0] = 0;
	part_walk(again, count, seen);
	g_assert_cmpuint(seen[0], ==, PART_COUNT_MAX);
}

static void
test_find(void)
{
	g_autoptr(Part) root = sample();

	g_assert_cmpstr(part_find(root, "1.2")->type, ==, "text/html");
	g_assert_true(part_find(root, "") == root);
	g_assert_null(part_find(root, "3"));
	g_assert_null(part_find(root, "1.2.1"));
	g_assert_true(part_is_multipart(root));
	g_assert_false(part_is_multipart(part_find(root, "2")));
}

static const struct {
	const char *type, *disposition, *filename, *content_id;
	bool attachment;
} attachment_cases[] = {
    {"text/plain", NULL, NULL, NULL, false},
    {"text/plain", "inline", NULL, NULL, false},
    {"text/plain", "attachment", NULL, NULL, true},
    {"text/plain", "inline", "notes.txt", NULL, true},
    {"text/html", NULL, NULL, NULL, false},
    {"image/png", NULL, NULL, NULL, true},
    {"image/png", "inline", "logo.png", "cid1", false},
    {"image/png", "attachment", "logo.png", "cid1", true},
    {"application/pdf", NULL, NULL, NULL, true},
    {"application/pdf", NULL, "a.pdf", "cid1", true},
    {"application/pgp-signature", NULL, NULL, NULL, false},
    {"application/pkcs7-signature", NULL, "smime.p7s", NULL, true},
    {"message/rfc822", NULL, NULL, NULL, true},
    {"multipart/mixed", "attachment", "x", NULL, false},
};

static void
test_attachments(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(attachment_cases); i++) {
		g_autoptr(Part) root = part_new("", "multipart/mixed");
		Part *part = add(root, "1", attachment_cases[i].type);

		part->disposition = g_strdup(attachment_cases[i].disposition);
		part->filename = g_strdup(attachment_cases[i].filename);
		part->content_id = g_strdup(attachment_cases[i].content_id);
		g_test_message("case %u", i);
		g_assert_true(part_is_attachment(part) ==
			      attachment_cases[i].attachment);
		g_assert_true(part_has_attachments(root) ==
			      attachment_cases[i].attachment);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/part/round-trip", test_round_trip);
	g_test_add_func("/model/part/from-text-refused",
			test_from_text_refused);
	g_test_add_func("/model/part/limits", test_limits);
	g_test_add_func("/model/part/find", test_find);
	g_test_add_func("/model/part/attachments", test_attachments);
	return g_test_run();
}
