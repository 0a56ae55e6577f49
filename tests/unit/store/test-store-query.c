/* test-store-query.c - finding: any script, any condition, by slices */
#include "store-fixture.h"

#include <string.h>

#define DAY(n) (mail_date(n))

static const Mail mails[] = {
    {1, 1, "a@x.y", NULL, "Größe der Straße", "Jörg Müller", 0},
    {2, 2, "b@x.y", NULL, "会議の資料について", "田中太郎", 1},
    {3, 3, "c@x.y", NULL, "Zażółć gęślą jaźń", "Łukasz", 4},
    {4, 4, "d@x.y", NULL, "RESUMÉ attached", "André Élan", 5},
    {5, 5, "e@x.y", NULL, "Отчёт за март", "Иван", 1},
    {6, 6, "f@x.y", NULL, "100% _literal_ *?", "O'Brien \"Bob\"", 0},
    {7, 7, "g@x.y", NULL, "", NULL, 8},
    {8, 8, "h@x.y", NULL, "Ärger im Büro", "Someone", 0},
};

/* Hits as UIDs, in the order told. */
static char *
run(Fixture *fixture, gint64 mailbox, const StoreQuery *query, gint64 budget)
{
	StoreList list = {mailbox, STORE_ORDER_DATE};
	g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(StoreKey));
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreSearch) search =
	    store_search_new(fixture->reader, &list, query, &error);
	GString *told = g_string_new(NULL);
	bool done = false;

	g_assert_no_error(error);
	while (!done)
		g_assert_true(
		    store_search_run(search, budget, hits, &done, &error));
	for (guint i = 0; i < hits->len; i++) {
		g_autoptr(MessageRow) row = store_reader_row(
		    fixture->reader, g_array_index(hits, StoreKey, i).id, NULL);

		g_string_append_printf(told, "%s%u", i == 0 ? "" : " ",
				       row->uid);
	}
	return g_string_free(told, FALSE);
}

static void
assert_found(Fixture *fixture, gint64 mailbox, StoreQuery *query,
	     const char *expected)
{
	g_autoptr(StoreQuery) owned = query;
	g_autofree char *told = run(fixture, mailbox, owned, 1000000);

	g_assert_cmpstr(told, ==, expected);
}

static Fixture *
make_mailbox(void)
{
	Fixture *fixture = fixture_new();
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");

	g_array_unref(
	    fixture_add(fixture, mailbox, mails, G_N_ELEMENTS(mails)));
	fixture_mailbox(fixture, "Empty");
	return fixture;
}

static void
test_texts(void)
{
	static const struct {
		const char *text;
		guint fields;
		const char *found;
	} cases[] = {
	    {"groß", STORE_FIELD_SUBJECT, "1"},
	    {"GROSSE", STORE_FIELD_SUBJECT, "1"},
	    {"strasse", STORE_FIELD_SUBJECT, "1"},
	    {"muller", STORE_FIELD_FROM, "1"},
	    {"MÜLL", STORE_FIELD_FROM, "1"},
	    {"muller", STORE_FIELD_SUBJECT, ""},
	    {"資料", STORE_FIELD_SUBJECT, "2"},
	    {"中太", STORE_FIELD_FROM, "2"},
	    {"zazo", STORE_FIELD_SUBJECT, "3"},
	    {"resume", STORE_FIELD_SUBJECT, "4"},
	    {"elan", STORE_FIELD_FROM, "4"},
	    {"отчет", STORE_FIELD_SUBJECT, "5"},
	    {"МАРТ", STORE_FIELD_SUBJECT, "5"},
	    {"0% _", STORE_FIELD_SUBJECT, "6"},
	    {"*?", STORE_FIELD_SUBJECT, "6"},
	    {"%", STORE_FIELD_SUBJECT, "6"},
	    {"o'b", STORE_FIELD_FROM, "6"},
	    {"arger", STORE_FIELD_SUBJECT, "8"},
	    {"example.org", STORE_FIELD_FROM, "8 7 6 5 4 3 2 1"},
	    {"me", STORE_FIELD_SUBJECT | STORE_FIELD_FROM, "8 7 6 5 4 3 2 1"},
	    {"", STORE_FIELD_SUBJECT, "8 7 6 5 4 3 2 1"},
	    {"nowhere", STORE_FIELD_SUBJECT | STORE_FIELD_FROM | STORE_FIELD_TO,
	     ""},
	};
	g_autoptr(Fixture) fixture = make_mailbox();

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		assert_found(
		    fixture, 1,
		    store_query_new_text(cases[i].fields, cases[i].text),
		    cases[i].found);
		assert_found(
		    fixture, 0,
		    store_query_new_text(cases[i].fields, cases[i].text),
		    cases[i].found);
		assert_found(
		    fixture, 2,
		    store_query_new_text(cases[i].fields, cases[i].text), "");
	}
}

static StoreQuery *
both(StoreQueryKind kind, StoreQuery *one, StoreQuery *other)
{
	StoreQuery *query = store_query_new(kind);

	g_ptr_array_add(query->children, one);
	if (other != NULL)
		g_ptr_array_add(query->children, other);
	return query;
}

static StoreQuery *
flags(guint32 bits)
{
	StoreQuery *query = store_query_new(STORE_QUERY_FLAGS);

	query->flags.bits = bits;
	return query;
}

static StoreQuery *
range(StoreQueryKind kind, gint64 from, gint64 to)
{
	StoreQuery *query = store_query_new(kind);

	query->from = from;
	query->to = to;
	return query;
}

static StoreQuery *
text(const char *wanted)
{
	return store_query_new_text(STORE_FIELD_SUBJECT, wanted);
}

static void
test_conditions(void)
{
	g_autoptr(Fixture) fixture = make_mailbox();

	assert_found(fixture, 1, store_query_new(STORE_QUERY_AND),
		     "8 7 6 5 4 3 2 1");
	assert_found(fixture, 1, store_query_new(STORE_QUERY_OR), "");
	assert_found(fixture, 1, flags(MAIL_FLAG_SEEN), "5 4 2");
	assert_found(fixture, 1, flags(MAIL_FLAG_SEEN | MAIL_FLAG_FLAGGED),
		     "4");
	assert_found(fixture, 1,
		     both(STORE_QUERY_NOT, flags(MAIL_FLAG_SEEN), NULL),
		     "8 7 6 3 1");
	assert_found(
	    fixture, 1,
	    both(STORE_QUERY_AND, text("resum"), flags(MAIL_FLAG_FLAGGED)),
	    "4");
	assert_found(
	    fixture, 1,
	    both(STORE_QUERY_OR, text("grosse"), flags(MAIL_FLAG_DELETED)),
	    "7 1");
	assert_found(
	    fixture, 1,
	    both(STORE_QUERY_NOT,
		 both(STORE_QUERY_OR, text("a"),
		      both(STORE_QUERY_NOT, flags(MAIL_FLAG_SEEN), NULL)),
		 NULL),
	    "5 2");
	assert_found(fixture, 1, range(STORE_QUERY_DATE, DAY(3), DAY(5)),
		     "4 3");
	assert_found(fixture, 0, range(STORE_QUERY_DATE, DAY(3), DAY(5)),
		     "4 3");
	assert_found(fixture, 1, range(STORE_QUERY_SIZE, 1005, 1007), "6 5");
	assert_found(fixture, 1, store_query_new(STORE_QUERY_ATTACHMENTS), "");
}

static void
test_limit(void)
{
	g_autoptr(Fixture) fixture = make_mailbox();
	StoreList list = {1, STORE_ORDER_DATE};
	g_autoptr(StoreQuery) query = store_query_new(STORE_QUERY_OR);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < STORE_QUERY_NODES_MAX; i++)
		g_ptr_array_add(query->children, text("x"));
	g_assert_null(store_search_new(fixture->reader, &list, query, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_LIMIT);
	g_ptr_array_set_size(query->children, STORE_QUERY_NODES_MAX - 1);
	assert_found(fixture, 1, g_steal_pointer(&query), "");
}

/* However it is cut, the hits are the same. */
static void
test_slices(void)
{
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	g_autoptr(GPtrArray) messages =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_message_free);
	g_autoptr(StoreQuery) query = text("7");
	g_autofree char *whole = NULL, *sliced = NULL, *all = NULL;

	for (guint32 i = 1; i <= 2600; i++) {
		g_autofree char *subject = g_strdup_printf("number %u", i);
		Mail mail = {i, i % 90, NULL, NULL, subject, "f", 0};

		g_ptr_array_add(messages, mail_message(&mail));
	}
	g_assert_true(store_writer_add_rows(fixture->writer, mailbox, messages,
					    NULL, NULL));
	fixture_commit(fixture);
	whole = run(fixture, mailbox, query, G_MAXINT32);
	sliced = run(fixture, mailbox, query, 0);
	all = run(fixture, 0, query, 0);
	g_assert_cmpstr(whole, ==, sliced);
	g_assert_cmpuint(strlen(whole), ==, strlen(all));
	g_assert_cmpuint(strlen(whole), >, 1000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/query/texts", test_texts);
	g_test_add_func("/store/query/conditions", test_conditions);
	g_test_add_func("/store/query/limit", test_limit);
	g_test_add_func("/store/query/slices", test_slices);
	return g_test_run();
}
