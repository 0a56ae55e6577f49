/* test-model-uidset.c - sets of UIDs, compared with plain bits */
#include "model-uidset.h"

#include <string.h>

#include "test-size.h"

static const struct {
	const char *text;
	const char *set; /* NULL: no set */
	guint64 count;
} parse_cases[] = {
    {"1", "1", 1},
    {"4,7:9,12", "4,7:9,12", 5},
    {"9:7,4", "4,7:9", 4},
    {"1:3,2:5,6", "1:6", 6},
    {"5,5,5", "5", 1},
    {"3,2,1", "1:3", 3},
    {"1:4294967295", "1:4294967295", G_MAXUINT32},
    {"4294967295", "4294967295", 1},
    {"4294967294,4294967295,1", "1,4294967294:4294967295", 3},
    {"4294967295:1", "1:4294967295", G_MAXUINT32},
    {"007", "7", 1},
    {"", NULL, 0},
    {"0", NULL, 0},
    {"0:5", NULL, 0},
    {"5:0", NULL, 0},
    {"4294967296", NULL, 0},
    {"1:4294967301", NULL, 0},
    {"99999999999999999999999999", NULL, 0},
    {"*", NULL, 0},
    {"1:*", NULL, 0},
    {"1,", NULL, 0},
    {"1:3,", NULL, 0},
    {",1", NULL, 0},
    {"1,,2", NULL, 0},
    {"1:", NULL, 0},
    {":1", NULL, 0},
    {"1:2:3", NULL, 0},
    {"1 2", NULL, 0},
    {" 1", NULL, 0},
    {"-1", NULL, 0},
    {"+1", NULL, 0},
    {"1x", NULL, 0},
};

static void
test_parse(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(parse_cases); i++) {
		g_autoptr(UidSet) set = uid_set_parse(parse_cases[i].text, -1);
		g_autofree char *text = NULL;

		g_test_message("%s", parse_cases[i].text);
		if (parse_cases[i].set == NULL) {
			g_assert_null(set);
			continue;
		}
		g_assert_nonnull(set);
		text = uid_set_to_string(set);
		g_assert_cmpstr(text, ==, parse_cases[i].set);
		g_assert_cmpuint(uid_set_count(set), ==, parse_cases[i].count);
	}
	/* no more than it is told to */
	{
		g_autoptr(UidSet) set = uid_set_parse("12,34", 2);

		g_assert_cmpuint(uid_set_max(set), ==, 12);
	}
}

static void
test_parse_limit(void)
{
	GString *text = g_string_new(NULL);
	g_autoptr(UidSet) most = NULL;
	g_autofree char *again = NULL;

	for (guint i = 0; i < UID_SET_MAX_RANGES; i++)
		g_string_append_printf(text, "%s%u", i == 0 ? "" : ",",
				       2 * i + 1);
	most = uid_set_parse(text->str, (gssize)text->len);
	g_assert_nonnull(most);
	g_assert_cmpuint(uid_set_count(most), ==, UID_SET_MAX_RANGES);
	again = uid_set_to_string(most);
	g_assert_cmpstr(again, ==, text->str);
	g_string_append(text, ",4000000000");
	g_assert_null(uid_set_parse(text->str, (gssize)text->len));
	g_string_free(text, TRUE);
}

#define N 200u

typedef struct {
	UidSet *set;
	bool bits[N + 2];
} Pair;

static void
assert_same(const Pair *pair)
{
	UidSetIter iter;
	guint64 n = 0;
	guint32 uid = 0, before = 0;
	guint32 last_of_range = 0;

	for (guint32 i = 0; i <= N + 1; i++) {
		g_assert_true(uid_set_contains(pair->set, i) == pair->bits[i]);
		n += pair->bits[i];
	}
	g_assert_cmpuint(uid_set_count(pair->set), ==, n);
	g_assert_true(uid_set_is_empty(pair->set) == (n == 0));
	uid_set_iter_init(&iter, pair->set);
	while (uid_set_iter_next(&iter, &uid)) {
		g_assert_true(pair->bits[uid]);
		g_assert_cmpuint(uid, >, before);
		before = uid;
		n--;
	}
	g_assert_cmpuint(n, ==, 0);
	g_assert_cmpuint(uid_set_max(pair->set), ==, before);
	for (guint i = 0; i < pair->set->ranges->len; i++) {
		const UidRange *range =
		    &g_array_index(pair->set->ranges, UidRange, i);

		/* ascending, disjoint, never adjacent */
		g_assert_cmpuint(range->first, <=, range->last);
		g_assert_true(i == 0 || range->first > last_of_range + 1);
		last_of_range = range->last;
	}
}

static void
change_pair(Pair *pair, GRand *rand)
{
	guint32 first = (guint32)g_rand_int_range(rand, 0, N + 1);
	guint32 last = (guint32)g_rand_int_range(rand, 0, N + 1);

	if (g_rand_int_range(rand, 0, 3) == 0) {
		uid_set_add(pair->set, first);
		pair->bits[first] = first != 0;
		return;
	}
	last = (guint32)CLAMP((gint)first + (gint)(last % 9) - 4, 0, (gint)N);
	uid_set_add_range(pair->set, first, last);
	for (guint32 i = MIN(first, last); i <= MAX(first, last); i++)
		pair->bits[i] = i != 0;
}

static void
combine(Pair *a, const Pair *b, guint how)
{
	switch (how) {
	case 0:
		uid_set_add_set(a->set, b->set);
		break;
	case 1:
		uid_set_remove_set(a->set, b->set);
		break;
	default:
		uid_set_intersect(a->set, b->set);
		break;
	}
	for (guint i = 0; i <= N + 1; i++)
		a->bits[i] = how == 0   ? a->bits[i] || b->bits[i]
			     : how == 1 ? a->bits[i] && !b->bits[i]
					: a->bits[i] && b->bits[i];
}

static void
test_against_bits(void)
{
	GRand *rand = g_rand_new_with_seed(11);

	for (guint round = 0; round < 400; round++) {
		Pair a = {.set = uid_set_new()};
		Pair b = {.set = uid_set_new()};
		g_autoptr(UidSet) copy = NULL;
		guint n = (guint)g_rand_int_range(rand, 0, 30);

		for (guint i = 0; i < n; i++) {
			change_pair(&a, rand);
			change_pair(&b, rand);
		}
		assert_same(&a);
		copy = uid_set_copy(a.set);
		g_assert_true(uid_set_equal(copy, a.set));
		combine(&a, &b, round % 3);
		assert_same(&a);
		assert_same(&b);
		uid_set_free(a.set);
		uid_set_free(b.set);
	}
	g_rand_free(rand);
}

static void
test_edges(void)
{
	g_autoptr(UidSet) set = uid_set_new();
	g_autoptr(UidSet) all = uid_set_parse("1:4294967295", -1);
	g_autoptr(UidSet) last = uid_set_parse("4294967295", -1);
	g_autofree char *text = NULL;

	uid_set_add(set, G_MAXUINT32);
	uid_set_add(set, G_MAXUINT32);
	uid_set_add_range(set, G_MAXUINT32 - 1, G_MAXUINT32);
	uid_set_add(set, 0);
	uid_set_add_range(set, 0, 0);
	uid_set_add_range(set, 0, 2);
	text = uid_set_to_string(set);
	g_assert_cmpstr(text, ==, "1:2,4294967294:4294967295");
	g_assert_cmpuint(uid_set_min(set), ==, 1);
	g_assert_cmpuint(uid_set_max(set), ==, G_MAXUINT32);
	uid_set_intersect(all, set);
	g_assert_true(uid_set_equal(all, set));
	uid_set_remove_set(set, last);
	g_assert_cmpuint(uid_set_max(set), ==, G_MAXUINT32 - 1);
	uid_set_remove_set(set, all);
	g_assert_true(uid_set_is_empty(set));
	g_assert_cmpuint(uid_set_min(set), ==, 0);
	g_assert_cmpuint(uid_set_max(set), ==, 0);
	uid_set_free(NULL);
}

static void
test_take_last(void)
{
	static const struct {
		const char *from;
		guint32 n;
		const char *taken;
		const char *left;
	} cases[] = {
	    {"1:10", 3, "8:10", "1:7"},
	    {"1,3,5", 2, "3,5", "1"},
	    {"1:3,7", 3, "2:3,7", "1"},
	    {"1:3", 3, "1:3", ""},
	    {"1:3", 100, "1:3", ""},
	    {"1:3", 0, "", "1:3"},
	    {"1:4294967295", G_MAXUINT32, "1:4294967295", ""},
	    {"1:4294967295", 1, "4294967295", "1:4294967294"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(UidSet) set = uid_set_parse(cases[i].from, -1);
		g_autoptr(UidSet) taken = uid_set_take_last(set, cases[i].n);
		g_autofree char *left = uid_set_to_string(set);
		g_autofree char *text = uid_set_to_string(taken);

		g_assert_cmpstr(text, ==, cases[i].taken);
		g_assert_cmpstr(left, ==, cases[i].left);
	}
}

/* Many UIDs as they come are one range, and quick. */
static void
test_ascending(void)
{
	g_autoptr(UidSet) set = uid_set_new();
	const guint32 n = test_size(1000000, 200000);
	gint64 start = test_time_used();

	for (guint32 i = 1; i <= n; i++)
		uid_set_add(set, i);
	g_assert_cmpuint(set->ranges->len, ==, 1);
	for (guint32 i = 1; i <= n; i++)
		uid_set_add(set, 2 * n + 2 * i);
	g_assert_cmpuint(uid_set_count(set), ==, 2 * n);
	g_assert_cmpint(test_time_used() - start, <, 2 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/uidset/parse", test_parse);
	g_test_add_func("/model/uidset/parse-limit", test_parse_limit);
	g_test_add_func("/model/uidset/against-bits", test_against_bits);
	g_test_add_func("/model/uidset/edges", test_edges);
	g_test_add_func("/model/uidset/take-last", test_take_last);
	g_test_add_func("/model/uidset/ascending", test_ascending);
	return g_test_run();
}
