/* test-imap-name.c - modified UTF-7 both ways, and what does not survive it */
#include "imap-name.h"

#include <string.h>

#include "imap-error.h"
#include "model-mailbox.h"

/* decoded and encoded, both ways */
static const char *const same[][2] = {
    {"INBOX", "INBOX"},
    {"plain", "plain"},
    {"a/b.c", "a/b.c"},
    {"Tom & Jerry", "Tom &- Jerry"},
    {"&&", "&-&-"},
    {"Entw\xc3\xbcrfe", "Entw&APw-rfe"},
    {"\xc3\xbc", "&APw-"},
    {"\xc3\xbc\xc3\xbc", "&APwA,A-"},
    /* RFC 3501's own example */
    {"~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/"
     "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
     "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
    {"\xf0\x9f\x98\x80", "&2D3eAA-"},
    {"\xf0\x9f\x98\x80x\xf0\x9f\x98\x80", "&2D3eAA-x&2D3eAA-"},
    {"\xef\xbf\xbd", "&,,0-"},
    {"a\"b\\c", "a\"b\\c"},
    {"../../x", "../../x"},
};

/* wire names that are shown raw: they do not encode to the same bytes again */
static const char *const raw[][2] = {
    {"a&b", "=a&b"}, /* no shift that ends */
    {"&APw", "=&APw"},
    {"&", "=&"},
    {"&A-", "=&A-"},
    {"&AP-", "=&AP-"},
    {"&APw-&APw-", "=&APw-&APw-"}, /* two shifts where one does */
    {"&AGE-", "=&AGE-"},           /* "a" needs none */
    {"&APx-", "=&APx-"},           /* bits left over */
    {"&APwAAA-", "=&APwAAA-"},     /* a NUL */
    {"&2D0-", "=&2D0-"},           /* a lone surrogate */
    {"&3gA-", "=&3gA-"},
    {"&2D3YPQ-", "=&2D3YPQ-"}, /* two high ones */
    {"&AAo-", "=&AAo-"},       /* a line end, hidden */
    {"&AP/-", "=&AP/-"},       /* base64 proper */
    {"&AP=-", "=&AP=-"},
    {"Entw\xc3\xbcrfe", "=Entw\xc3\xbcrfe"}, /* UTF-8 in clear */
    {"a\r\nb", "=a\r\nb"},
    {"=x", "==x"},
};

static void
test_same(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *wire = imap_name_to_wire(same[i][0], &error);
		g_autofree char *name = imap_name_from_wire(same[i][1]);

		g_assert_no_error(error);
		g_assert_cmpstr(wire, ==, same[i][1]);
		g_assert_cmpstr(name, ==, same[i][0]);
	}
}

static void
test_raw(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(raw); i++) {
		g_autofree char *name = imap_name_from_wire(raw[i][0]);
		g_autofree char *wire = NULL;

		g_assert_cmpstr(name, ==, raw[i][1]);
		g_assert_true(g_utf8_validate(name, -1, NULL));
		/* typed again it is that mailbox, if it can be typed */
		wire = imap_name_to_wire(name, NULL);
		if (strpbrk(name, "\r\n") != NULL)
			g_assert_null(wire);
		else
			g_assert_cmpstr(wire, ==, raw[i][0]);
	}
	{
		g_autofree char *name = imap_name_from_wire("a\xff\xfe");

		g_assert_true(g_utf8_validate(name, -1, NULL));
		g_assert_true(g_str_has_prefix(name, "=a"));
	}
}

static void
test_refused(void)
{
	g_autofree char *most = g_strnfill(MAILBOX_NAME_MAX, 'x');
	g_autofree char *longer = g_strnfill(MAILBOX_NAME_MAX + 1, 'x');
	g_autofree char *swells = g_strnfill(MAILBOX_NAME_MAX, '&');
	const char *const names[] = {"",      "a\nb", "a\rb", "\xff", "\xc3",
				     "=\r\n", longer, swells, "a\n"};
	g_autofree char *wire = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(imap_name_to_wire(names[i], &error));
		g_assert_error(error, IMAP_ERROR, IMAP_ERROR_INVALID);
	}
	wire = imap_name_to_wire(most, NULL);
	g_assert_cmpstr(wire, ==, most);
}

/* Two names never share a wire name, nor two wire names a name. */
static void
test_one_to_one(void)
{
	static const char letters[] = "&-AaPw,/=2D3g \xc3\xbc";
	g_autoptr(GHashTable) names =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	GRand *rand = g_rand_new_with_seed(5);

	for (guint i = 0; i < 60000; i++) {
		gsize len = (gsize)g_rand_int_range(rand, 1, 9);
		char *wire = g_malloc0(len + 1);
		g_autofree char *name = NULL;
		const char *before;
		g_autofree char *again = NULL;

		for (gsize k = 0; k < len; k++)
			wire[k] = letters[g_rand_int_range(
			    rand, 0, sizeof(letters) - 1)];
		name = imap_name_from_wire(wire);
		again = imap_name_to_wire(name, NULL);
		before = g_hash_table_lookup(names, name);
		if (g_utf8_validate(wire, -1, NULL)) {
			g_assert_cmpstr(again, ==, wire);
			if (before != NULL)
				g_assert_cmpstr(before, ==, wire);
		}
		g_hash_table_replace(names, g_steal_pointer(&name), wire);
	}
	g_rand_free(rand);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap/name/same", test_same);
	g_test_add_func("/imap/name/raw", test_raw);
	g_test_add_func("/imap/name/refused", test_refused);
	g_test_add_func("/imap/name/one-to-one", test_one_to_one);
	return g_test_run();
}
