/* test-model-address.c - addresses in one column, and what is shown of them */
#include "model-address.h"

#include <string.h>

static void
test_pack(void)
{
	static const char *const cases[][2] = {
	    {"Alice", "a@example.org"},
	    {NULL, "b@example.org"},
	    {"Undisclosed", ""},
	    {"Gr\xc3\xbc\xc3\x9f", "\xc3\xbc@example.org"},
	};
	g_autoptr(GPtrArray) list = address_list_new();
	g_autoptr(GPtrArray) again = NULL;
	g_autofree char *packed = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_ptr_array_add(list, address_new(cases[i][0], cases[i][1]));
	packed = address_list_pack(list);
	again = address_list_unpack(packed);
	g_assert_cmpuint(again->len, ==, G_N_ELEMENTS(cases));
	for (guint i = 0; i < again->len; i++) {
		const Address *address = g_ptr_array_index(again, i);

		g_assert_cmpstr(address->name, ==, cases[i][0]);
		g_assert_cmpstr(address->email, ==, cases[i][1]);
	}
}

static void
test_pack_empty(void)
{
	g_autoptr(GPtrArray) list = address_list_new();
	g_autoptr(GPtrArray) none = address_list_unpack(NULL);
	g_autoptr(GPtrArray) empty = address_list_unpack("");
	g_autoptr(GPtrArray) copy = address_list_copy(NULL);

	g_assert_null(address_list_pack(list));
	g_assert_null(address_list_pack(NULL));
	g_assert_cmpuint(none->len + empty->len + copy->len, ==, 0);
}

/* A name with the separators in it must not become two addresses. */
static void
test_pack_forged(void)
{
	g_autoptr(GPtrArray) list = address_list_new();
	g_autoptr(GPtrArray) again = NULL;
	g_autofree char *packed = NULL;
	const Address *address;

	g_ptr_array_add(list, address_new("x\x1e"
					  "boss\x1f"
					  "boss@example.org",
					  "evil@example.org"));
	packed = address_list_pack(list);
	again = address_list_unpack(packed);
	g_assert_cmpuint(again->len, ==, 1);
	address = g_ptr_array_index(again, 0);
	g_assert_cmpstr(address->email, ==, "evil@example.org");
}

static void
test_shown(void)
{
	static const char *const cases[][3] = {
	    {"Alice", "a@example.org", "Alice"},
	    {NULL, "a@example.org", "a@example.org"},
	    {"", "a@example.org", "a@example.org"},
	    {"boss@example.org", "evil@example.net", "evil@example.net"},
	    {"Boss <boss@example.org>", "evil@example.net", "evil@example.net"},
	    {"A@Example.org", "a@example.org", "A@Example.org"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Address) address =
		    address_new(cases[i][0], cases[i][1]);
		g_autofree char *shown = address_shown(address);

		g_assert_cmpstr(shown, ==, cases[i][2]);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/address/pack", test_pack);
	g_test_add_func("/model/address/pack-empty", test_pack_empty);
	g_test_add_func("/model/address/pack-forged", test_pack_forged);
	g_test_add_func("/model/address/shown", test_shown);
	return g_test_run();
}
