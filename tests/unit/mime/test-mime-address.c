/* test-mime-address.c - address fields as they come, and as users type them */
#include "mime-header.h"

#include <string.h>

#include "mime-error.h"

typedef struct {
	const char *value;
	const char *read; /* name|email, one behind the other */
} ReadCase;

static const ReadCase read_cases[] = {
    {"a@b.example", "|a@b.example"},
    {"Ada <a@b.example>", "Ada|a@b.example"},
    {" <a@b.example> ", "|a@b.example"},
    {"Ada Lovelace   <a@b.example>", "Ada Lovelace|a@b.example"},
    {"Ada\r\n Lovelace\n\t<a@b.example>", "Ada Lovelace|a@b.example"},
    {"\"Love, Ada\" <a@b.example>", "Love, Ada|a@b.example"},
    {"\"a \\\"b\\\" c\" <a@b.example>", "a \"b\" c|a@b.example"},
    {"a@b.example, c@d.example", "|a@b.example;|c@d.example"},
    {"a@b.example,, ,c@d.example,", "|a@b.example;|c@d.example"},
    {"a@b.example; c@d.example", "|a@b.example;|c@d.example"},
    {"Who? <one@y.test>", "Who?|one@y.test"},
    {"Pete (his wife) <pete@x.test>", "Pete|pete@x.test"},
    {"pete@x.test (Pete (the) \\) Great)", "Pete (the) ) Great|pete@x.test"},
    {"John <jdoe@machine(comment).  example>", "John|jdoe@machine.example"},
    {"jdoe@test  . example", "|jdoe@test.example"},
    {"Mary <@node.test:mary@x.test>", "Mary|mary@x.test"},
    {"Mary <@n.test,@o.test:mary@x.test>, b@x.test",
     "Mary|mary@x.test;|b@x.test"},
    {"\"quoted local\"@x.test", "|\"quoted local\"@x.test"},
    {"\"a@b\" <c@d.test>", "a@b|c@d.test"},
    {"phil@x.test <phil@y.test>", "phil@x.test|phil@y.test"},
    {"root", "|root"},
    {"root (Cron Daemon)", "Cron Daemon|root"},
    {"the postmaster", "the postmaster|"},
    {"<a@b.example> Ada", "Ada|a@b.example"},
    /* groups */
    {"Friends: a@b.example, Bo <b@b.example>;", "|a@b.example;Bo|b@b.example"},
    {"Undisclosed recipients:;", "Undisclosed recipients|"},
    {"\"No, one\": ;", "No, one|"},
    {"A: a@x.test; B: ; c@x.test", "|a@x.test;B|;|c@x.test"},
    {"A: a@x.test, b@x.test", "|a@x.test;|b@x.test"},
    /* encoded words, also where they may not be */
    {"=?iso-8859-1?Q?Andr=E9?= P <p@x.test>", "Andr\xc3\xa9 P|p@x.test"},
    {"\"=?utf-8?q?a_b?=\" <p@x.test>", "a b|p@x.test"},
    {"=?utf-8?Q?Doe,_J?= <p@x.test>", "Doe, J|p@x.test"},
    {"=?utf-8?Q?a?= =?utf-8?Q?b?= <p@x.test>", "ab|p@x.test"},
    {"=?utf-8?Q?a@b?=", "a@b|"},
    {"J\xfcrgen <j@x.test>", "J\xc3\xbcrgen|j@x.test"},
    {"\xe6\x97\xa5@\xe6\x9c\xac.test", "|\xe6\x97\xa5@\xe6\x9c\xac.test"},
    /* broken: no address is hidden */
    {"\"Ada <a@b.example>", "\"Ada|a@b.example"},
    {"Ada (never closed <a@b.example>", "Ada (never closed|a@b.example"},
    {"Ada <a@b.example", "Ada|a@b.example"},
    {"Ada <a@b.example, c@d.example", "Ada|a@b.example;|c@d.example"},
    {"<a@b.example> <c@d.example>", "|a@b.example;|c@d.example"},
    {"Ada <x> <a@b.example>", "Ada <x>|a@b.example"},
    {"Ada a@b.example", "Ada|a@b.example"},
    {"a@b.example c@d.example", "a@b.example|c@d.example"},
    {"Ada <>", "Ada|"},
    {"<<a@b.example>>", "|a@b.example"},
    {"=? <a@b.example>", "=?|a@b.example"},
    {"mailto:a@b.example", "|a@b.example"},
    {"a@[IPv6:::1]", "|a@[IPv6:::1]"},
    {"", ""},
    {" , ;, ", ""},
};

static char *
list_to_text(const GPtrArray *list)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < list->len; i++) {
		const Address *address = g_ptr_array_index(list, i);

		g_string_append_printf(
		    out, "%s%s|%s", i > 0 ? ";" : "",
		    address->name == NULL ? "" : address->name, address->email);
	}
	return g_string_free(out, FALSE);
}

static void
test_read(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(read_cases); i++) {
		const ReadCase *test = &read_cases[i];
		g_autoptr(GPtrArray) list =
		    mime_addresses_read(test->value, strlen(test->value));
		g_autofree char *text = list_to_text(list);

		g_test_message("%s", test->value);
		g_assert_cmpstr(text, ==, test->read);
	}
}

/* What is written is read as the same. */
static void
test_write(void)
{
	static const struct {
		const char *name;
		const char *email;
		const char *written;
	} cases[] = {
	    {"Ada", "a@b.example", "Ada <a@b.example>"},
	    {NULL, "a@b.example", "a@b.example"},
	    {"Love, Ada", "a@b.example", "\"Love, Ada\" <a@b.example>"},
	    {"a \"b\" \\c", "a@b.example",
	     "\"a \\\"b\\\" \\\\c\" <a@b.example>"},
	    {"J. Doe", "a@b.example", "\"J. Doe\" <a@b.example>"},
	    {"J\xc3\xbcrgen", "a@b.example", "J\xc3\xbcrgen <a@b.example>"},
	    {"x@y.example", "a@b.example", "\"x@y.example\" <a@b.example>"},
	    {"Nobody", "", "Nobody:;"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		Address address = {(char *)cases[i].name,
				   (char *)cases[i].email};
		g_autofree char *text = mime_address_write(&address);
		g_autoptr(GPtrArray) list =
		    mime_addresses_read(text, strlen(text));
		const Address *again;

		g_assert_cmpstr(text, ==, cases[i].written);
		g_assert_cmpuint(list->len, ==, 1);
		again = g_ptr_array_index(list, 0);
		g_assert_cmpstr(again->name, ==, cases[i].name);
		g_assert_cmpstr(again->email, ==, cases[i].email);
	}
}

static void
test_write_list(void)
{
	g_autoptr(GPtrArray) list = address_list_new();
	g_autofree char *text = NULL;

	g_ptr_array_add(list, address_new("Love, Ada", "a@b.example"));
	g_ptr_array_add(list, address_new(NULL, "c@d.example"));
	text = mime_addresses_write(list);
	g_assert_cmpstr(text, ==, "\"Love, Ada\" <a@b.example>, c@d.example");
}

static void
test_check(void)
{
	static const char *const good[] = {
	    "a@b.example",
	    "Ada <a@b.example>, c@d.example",
	    "\"Love, Ada\" <a@b.example>",
	    "J\xc3\xbcrgen <j\xc3\xbc@b\xc3\xbc.example>",
	    "a@[192.0.2.1]",
	    "Friends: a@b.example, c@d.example;",
	    "a@localhost",
	    "",
	    "  ",
	};
	static const char *const bad[] = {
	    "ada",
	    "a@",
	    "@b.example",
	    "a@b..example",
	    "a@.example",
	    "a@b.example.",
	    "a b@c.example",
	    "a@b.example c@d.example",
	    "Ada <a@b.example",
	    "Ada <a@b.example> <c@d.example>",
	    "\"Ada <a@b.example>",
	    "a@b@c.example",
	    "a@b.example, ada",
	    "a@b.ex\xc3",
	    "<>",
	    "a@b,example",
	    "a@exa mple.org",
	    "a@b.example\nBcc: x@y.example",
	};

	for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) list =
		    mime_addresses_check(good[i], &error);

		g_assert_no_error(error);
		g_assert_nonnull(list);
	}
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_test_message("%s", bad[i]);
		g_assert_null(mime_addresses_check(bad[i], &error));
		g_assert_error(error, MIME_ERROR, MIME_ERROR_ADDRESS);
	}
}

/* The error names the one that is wrong. */
static void
test_check_names(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(
	    mime_addresses_check("a@b.example, ada, c@d.example", &error));
	g_assert_nonnull(strstr(error->message, "ada"));
	g_assert_null(strstr(error->message, "a@b.example"));
}

static void
test_limits(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) list = NULL;

	for (guint i = 0; i < 2 * MIME_ADDRESSES_MAX; i++)
		g_string_append(text, "a@b,");
	list = mime_addresses_read(text->str, text->len);
	g_assert_cmpuint(list->len, ==, MIME_ADDRESSES_MAX);
}

/* Signs that open what never closes: the time stays that of one pass. */
static void
test_unclosed(void)
{
	static const char signs[] = "(\"<:;=\\[@";

	for (const char *sign = signs; *sign != '\0'; sign++) {
		g_autofree char *text = g_strnfill(MIME_FIELD_MAX, *sign);
		g_autofree char *pairs = g_strnfill(MIME_FIELD_MAX, '?');
		g_autoptr(GPtrArray) list = NULL;
		g_autoptr(GPtrArray) second = NULL;
		gint64 begun = g_get_monotonic_time();

		for (gsize i = 0; i < MIME_FIELD_MAX; i += 2)
			pairs[i] = *sign;
		list = mime_addresses_read(text, MIME_FIELD_MAX);
		second = mime_addresses_read(pairs, MIME_FIELD_MAX);
		g_assert_cmpint(g_get_monotonic_time() - begun, <,
				G_USEC_PER_SEC);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/address/read", test_read);
	g_test_add_func("/address/write", test_write);
	g_test_add_func("/address/write-list", test_write_list);
	g_test_add_func("/address/check", test_check);
	g_test_add_func("/address/check-names", test_check_names);
	g_test_add_func("/address/limits", test_limits);
	g_test_add_func("/address/unclosed", test_unclosed);
	return g_test_run();
}
