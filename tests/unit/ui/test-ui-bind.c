/* test-ui-bind.c - keys of every place: none twice, all known */
#include "ui-action.h"

/* a place's own keys come before those of its groups, and may hide them; but
 * no group may hide another's */
static void
test_no_key_twice(void)
{
	for (guint place = 0; place < UI_N_PLACES; place++) {
		g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
		UiAction action;
		UiKey key;

		for (guint n = 0; ui_action_table(place, n, &key, &action);
		     n++) {
			UiAction found = ui_action_for_key(place, key);

			g_assert_cmpuint(found, !=, UI_ACTION_NONE);
			/* two meanings of one key: the first wins, and only
			 * a place's own may be the first */
			if (!g_hash_table_add(seen, GUINT_TO_POINTER(key)))
				g_assert_cmpuint(found, !=, action);
		}
	}
}

static void
test_list_and_reader_are_free_of_conflicts(void)
{
	static const UiPlace places[] = {UI_PLACE_LIST, UI_PLACE_MAILBOXES};

	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
		UiAction action;
		UiKey key;

		for (guint n = 0; ui_action_table(places[i], n, &key, &action);
		     n++)
			g_assert_true(
			    g_hash_table_add(seen, GUINT_TO_POINTER(key)));
	}
}

static void
test_names_are_unique(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = UI_ACTION_NONE + 1; i < UI_N_ACTIONS; i++) {
		const char *name = ui_action_name(i);

		g_assert_nonnull(name);
		g_assert_true(g_hash_table_add(seen, (gpointer)name));
		g_assert_cmpuint(ui_action_from_name(name), ==, i);
		g_assert_cmpstr(ui_action_word(i), !=, "");
		g_assert_cmpstr(ui_action_summary(i), !=, "");
	}
}

static void
test_beginnings_of_names(void)
{
	g_assert_cmpuint(ui_action_from_name("arch"), ==, UI_ACTION_ARCHIVE);
	/* move, mailbox, messages, mark-read … */
	g_assert_cmpuint(ui_action_from_name("m"), ==, UI_ACTION_NONE);
	g_assert_cmpuint(ui_action_from_name("nonsense"), ==, UI_ACTION_NONE);
	/* a whole name counts, though others begin so */
	g_assert_cmpuint(ui_action_from_name("delete"), ==, UI_ACTION_DELETE);
}

/* no key alone deletes for ever */
static void
test_no_key_for_ever(void)
{
	for (guint place = 0; place < UI_N_PLACES; place++)
		g_assert_cmpuint(ui_action_key(place, UI_ACTION_DELETE_FOREVER),
				 ==, UI_KEY_NONE);
	g_assert_true(
	    ui_action_in_place(UI_PLACE_LIST, UI_ACTION_DELETE_FOREVER));
	g_assert_false(
	    ui_action_in_place(UI_PLACE_HELP, UI_ACTION_DELETE_FOREVER));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ui/bind/no-key-twice", test_no_key_twice);
	g_test_add_func("/ui/bind/no-conflicts",
			test_list_and_reader_are_free_of_conflicts);
	g_test_add_func("/ui/bind/names", test_names_are_unique);
	g_test_add_func("/ui/bind/beginnings", test_beginnings_of_names);
	g_test_add_func("/ui/bind/for-ever", test_no_key_for_ever);
	return g_test_run();
}
