/* test-model-flags.c - flags, keywords, and their limits */
#include "model-flags.h"

#include <string.h>

static const struct {
	const char *names;
	guint32 bits;
	const char *keywords;
	const char *out;
} parse_cases[] = {
    {"", 0, NULL, ""},
    {"   ", 0, NULL, ""},
    {"\\Seen", MAIL_FLAG_SEEN, NULL, "\\Seen"},
    {"\\SEEN \\seen", MAIL_FLAG_SEEN, NULL, "\\Seen"},
    {"$important \\Flagged", MAIL_FLAG_IMPORTANT | MAIL_FLAG_FLAGGED, NULL,
     "\\Flagged $Important"},
    {"\\Recent", 0, NULL, ""},
    {"\\Unknown", 0, NULL, ""},
    {"\\", 0, NULL, ""},
    {"zebra Apple apple  mango", 0, "Apple mango zebra", "Apple mango zebra"},
    {"$label1 $MailFlagBit2", MAIL_FLAG_LABEL1 | MAIL_FLAG_BIT2, NULL,
     "$label1 $MailFlagBit2"},
    /* what no server can take back */
    {"a(b c\"d e{f g%h i*j k]l m\\n ok", 0, "ok", "ok"},
    {"tab\tbed \x7f \xc3\xa4", 0, NULL, ""},
};

static void
test_parse(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(parse_cases); i++) {
		g_auto(MailFlags) flags =
		    mail_flags_parse(parse_cases[i].names, -1);
		g_autofree char *out = mail_flags_to_names(&flags);
		g_auto(MailFlags) again = mail_flags_parse(out, -1);

		g_assert_cmpuint(flags.bits, ==, parse_cases[i].bits);
		g_assert_cmpstr(flags.keywords, ==, parse_cases[i].keywords);
		g_assert_cmpstr(out, ==, parse_cases[i].out);
		g_assert_true(mail_flags_equal(&flags, &again));
		g_assert_true(mail_flags_is_empty(&flags) == (*out == '\0'));
	}
}

static void
test_names(void)
{
	for (guint i = 0; i < 19; i++) {
		const char *name = mail_flag_name(1u << i);

		g_assert_cmpuint(mail_flag_from_name(name, strlen(name)), ==,
				 1u << i);
	}
	g_assert_null(mail_flag_name(0));
	g_assert_null(mail_flag_name(3));
	g_assert_null(mail_flag_name(1u << 31));
	g_assert_cmpuint(mail_flag_from_name("\\Seen", 4), ==, 0);
	g_assert_true(mail_keyword_is_valid("$Junk"));
	g_assert_false(mail_keyword_is_valid(""));
	g_assert_false(mail_keyword_is_valid("a b"));
	g_assert_false(mail_keyword_is_valid("a\r\nb"));
}

static void
test_limits(void)
{
	g_auto(MailFlags) flags = {0};
	g_autofree char *fits = g_strnfill(MAIL_KEYWORD_LEN_MAX, 'k');
	g_autofree char *longer = g_strnfill(MAIL_KEYWORD_LEN_MAX + 1, 'k');
	g_auto(GStrv) names = NULL;

	mail_flags_add_name(&flags, longer, strlen(longer));
	g_assert_null(flags.keywords);
	mail_flags_add_name(&flags, fits, strlen(fits));
	g_assert_cmpstr(flags.keywords, ==, fits);
	for (guint i = 0; i < 2 * MAIL_KEYWORDS_MAX; i++) {
		g_autofree char *name = g_strdup_printf("x%u", i);

		mail_flags_add_name(&flags, name, strlen(name));
	}
	names = g_strsplit(flags.keywords, " ", -1);
	g_assert_cmpuint(g_strv_length(names), ==, MAIL_KEYWORDS_MAX);
}

static void
test_apply(void)
{
	static const struct {
		const char *flags, *add, *remove, *want;
	} cases[] = {
	    {"\\Seen a", "\\Flagged b", "", "\\Seen \\Flagged a b"},
	    {"\\Seen a b", "", "\\Seen A", "b"},
	    {"a", "a", "a", ""},
	    {"", "c a b", "", "a b c"},
	    {"a", "", "z", "a"},
	    {"", "", "", ""},
	    {"\\Seen", "x", "\\Seen", "x"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(MailFlags) flags = mail_flags_parse(cases[i].flags, -1);
		g_auto(MailFlags) add = mail_flags_parse(cases[i].add, -1);
		g_auto(MailFlags) gone = mail_flags_parse(cases[i].remove, -1);
		g_autofree char *names = NULL;

		mail_flags_apply(&flags, &add, &gone);
		names = mail_flags_to_names(&flags);
		g_assert_cmpstr(names, ==, cases[i].want);
	}
}

static void
test_compare(void)
{
	static const struct {
		const char *a, *b;
		bool has, intersects, equal;
	} cases[] = {
	    {"\\Seen a b", "a", true, true, false},
	    {"\\Seen a b", "\\Seen A", true, true, false},
	    {"a b", "\\Seen a", false, true, false},
	    {"ab", "a", false, false, false},
	    {"a B", "A b", true, true, true},
	    {"", "", true, false, true},
	    {"\\Seen", "\\Flagged", false, false, false},
	    {"a", "", true, false, false},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(MailFlags) a = mail_flags_parse(cases[i].a, -1);
		g_auto(MailFlags) b = mail_flags_parse(cases[i].b, -1);
		g_auto(MailFlags) copy = mail_flags_copy(&a);

		g_assert_true(mail_flags_has(&a, &b) == cases[i].has);
		g_assert_true(mail_flags_intersects(&a, &b) ==
			      cases[i].intersects);
		g_assert_true(mail_flags_equal(&a, &b) == cases[i].equal);
		g_assert_true(mail_flags_equal(&a, &copy));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/flags/parse", test_parse);
	g_test_add_func("/model/flags/names", test_names);
	g_test_add_func("/model/flags/limits", test_limits);
	g_test_add_func("/model/flags/apply", test_apply);
	g_test_add_func("/model/flags/compare", test_compare);
	return g_test_run();
}
