/* test-query.c - the query language: what it finds, what it sends, and what
 * it says about mistakes */
#include "controller-private.h"
#include "controller-query.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base-time.h"

/* Wed 25 Nov 2026, 00:30 in Berlin: in UTC it is still the 24th */
static gint64
now(void)
{
	return time_from_utc(2026, 11, 24, 23, 30, 0);
}

/* ---- how it was understood ---- */

static void
print_query(const StoreQuery *query, GString *out)
{
	static const char *const names[] = {"and", "or", "not"};

	switch (query->kind) {
	case STORE_QUERY_AND:
	case STORE_QUERY_OR:
	case STORE_QUERY_NOT:
		g_string_append_printf(out, "(%s", names[query->kind]);
		for (guint i = 0; i < query->children->len; i++) {
			g_string_append_c(out, ' ');
			print_query(query->children->pdata[i], out);
		}
		g_string_append_c(out, ')');
		break;
	case STORE_QUERY_TEXT:
		g_string_append_printf(
		    out, "%s%s%s[%s]",
		    query->fields & STORE_FIELD_FROM ? "f" : "",
		    query->fields & STORE_FIELD_SUBJECT ? "s" : "",
		    query->fields & STORE_FIELD_TO ? "t" : "", query->text);
		break;
	case STORE_QUERY_FLAGS: {
		g_autofree char *names_of = mail_flags_to_names(&query->flags);

		g_string_append(out, names_of);
		break;
	}
	case STORE_QUERY_DATE: {
		g_autofree char *from = time_to_rfc3339(query->from);
		g_autofree char *to = time_to_rfc3339(query->to);

		g_string_append_printf(out, "date %s..%s",
				       query->from == G_MININT64 ? "" : from,
				       query->to == G_MAXINT64 ? "" : to);
		break;
	}
	case STORE_QUERY_SIZE:
		g_string_append(out, "size ");
		if (query->from != G_MININT64)
			g_string_append_printf(out, "%" G_GINT64_FORMAT,
					       query->from);
		g_string_append(out, "..");
		if (query->to != G_MAXINT64)
			g_string_append_printf(out, "%" G_GINT64_FORMAT,
					       query->to);
		break;
	case STORE_QUERY_ATTACHMENTS:
		g_string_append(out, "attachments");
		break;
	}
}

static void
test_meaning(void)
{
	static const struct {
		const char *text;
		const char *meaning;
	} cases[] = {
	    {"", "(and)"},
	    {"  \t ", "(and)"},
	    {"ada", "fst[ada]"},
	    {"ada bill", "(and fst[ada] fst[bill])"},
	    {"\"two words\"", "fst[two words]"},
	    {"from:ada", "f[ada]"},
	    {"FROM:Ada", "f[Ada]"},
	    {"subject:\"the bill\"", "s[the bill]"},
	    {"to:bob", "t[bob]"},
	    {"is:unread", "(not \\Seen)"},
	    {"is:read", "\\Seen"},
	    {"is:flagged is:important is:answered",
	     "(and \\Flagged $Important \\Answered)"},
	    {"is:draft is:deleted", "(and \\Draft \\Deleted)"},
	    {"has:attachment", "attachments"},
	    {"label:todo", "todo"},
	    {"label:$label1", "$label1"},
	    {"-is:read", "(not \\Seen)"},
	    {"-is:unread", "(not (not \\Seen))"},
	    {"--ada", "fst[ada]"},
	    {"-", "fst[-]"},
	    {"a-b", "fst[a-b]"},
	    {"a OR b", "(or fst[a] fst[b])"},
	    {"a or b", "(and fst[a] fst[or] fst[b])"},
	    {"a ORb", "(and fst[a] fst[ORb])"},
	    {"a b OR c", "(or (and fst[a] fst[b]) fst[c])"},
	    {"a (b OR c)", "(and fst[a] (or fst[b] fst[c]))"},
	    {"a OR b OR c", "(or fst[a] fst[b] fst[c])"},
	    {"-(a b)", "(not (and fst[a] fst[b]))"},
	    {"((a))", "fst[a]"},
	    {"(a)(b)", "(and fst[a] fst[b])"},
	    {"Re: 12:30 http://x.example/",
	     "(and fst[Re:] fst[12:30] fst[http://x.example/])"},
	    {"\"is:read\"", "fst[is:read]"},
	    {"grüße", "fst[grüße]"},
	    {"larger:1M", "size 1048577.."},
	    {"smaller:20k", "size ..20480"},
	    {"larger:0", "size 1.."},
	    {"smaller:999999999G", "size ..1073741822926258176"},
	    /* midnight in Berlin: an hour before that of UTC in winter, two in
	     * summer */
	    {"before:2026-11-01", "date ..2026-10-31T23:00:00Z"},
	    {"after:2026-10-01", "date 2026-09-30T22:00:00Z.."},
	    {"on:2026-11-24",
	     "date 2026-11-23T23:00:00Z..2026-11-24T23:00:00Z"},
	    /* a day of 25 hours */
	    {"on:2026-10-25",
	     "date 2026-10-24T22:00:00Z..2026-10-25T23:00:00Z"},
	    {"after:7d", "date 2026-11-17T23:00:00Z.."},
	    {"after:0d", "date 2026-11-24T23:00:00Z.."},
	    {"before:2w", "date ..2026-11-10T23:00:00Z"},
	    {"after:3M", "date 2026-08-24T22:00:00Z.."},
	    {"after:9m", "date 2026-02-24T23:00:00Z.."},
	    {"on:1y", "date 2025-11-24T23:00:00Z..2025-11-25T23:00:00Z"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(StoreQuery) query =
		    query_parse(cases[i].text, now(), &error);
		g_autoptr(GString) out = g_string_new(NULL);

		g_assert_no_error(error);
		print_query(query, out);
		g_assert_cmpstr(out->str, ==, cases[i].meaning);
	}
}

/* The 31st, one month ago, is the last day of that month. */
static void
test_month_ends(void)
{
	gint64 time = time_from_utc(2028, 3, 31, 12, 0, 0);
	g_autoptr(StoreQuery) month = query_parse("after:1m", time, NULL);
	g_autoptr(StoreQuery) year = query_parse("after:2y", time, NULL);
	g_autoptr(GString) out = g_string_new(NULL);

	print_query(month, out);
	print_query(year, out);
	g_assert_cmpstr(out->str, ==,
			"date 2028-02-28T23:00:00Z.."
			"date 2026-03-30T22:00:00Z..");
}

/* ---- mistakes ---- */

static void
test_mistakes(void)
{
	static const struct {
		const char *text;
		const char *said;
	} cases[] = {
	    {"is:blue", "column 1: \"is:blue\": use read"},
	    {"ada is:", "column 5: \"is:\": something is missing"},
	    {"grüße is:x", "column 7: \"is:x\""},
	    {"frm:ada", "column 1: \"frm:ada\": no such condition"},
	    {"has:wings", "column 1: \"has:wings\": use attachment"},
	    {"label:a(b", "closing bracket is missing"},
	    {"label:a%b", "column 1: \"label:a%b\": no server can have"},
	    {"label:\"two words\"", "column 1: \"label:\"two words\"\""},
	    {"before:2026-02-30", "column 1: \"before:2026-02-30\": use a day"},
	    {"before:yesterday", "use a day"},
	    {"on:7", "use a day"},
	    {"on:d", "use a day"},
	    {"on:7dd", "use a day"},
	    {"on:12345d", "use a day"},
	    {"after:9999y", "use a day"},
	    {"larger:big", "use a size"},
	    {"larger:-1", "use a size"},
	    {"larger:1MB", "use a size"},
	    {"larger:9999999999", "use a size"},
	    {"a OR", "column 3: \"OR\": something is missing beside OR"},
	    {"OR a", "column 1: \"OR\": something is missing beside OR"},
	    {"a OR OR b", "column 6: \"OR\""},
	    {"(a OR )", "something is missing beside OR"},
	    {"(a b", "column 1: \"(a b\": the closing bracket"},
	    {"a)", "column 2: \")\": no bracket is open"},
	    {"a () b", "column 3: \"()\": nothing is in the brackets"},
	    {"from:\"ada", "column 6: \"\"ada\": the closing quote"},
	    {"\"\"", "column 1: \"\"\"\": something is missing"},
	    {"a \xff", "not UTF-8"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(query_check(cases[i].text, now(), &error));
		g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE);
		if (strstr(error->message, cases[i].said) == NULL)
			g_error("%s: %s", cases[i].text, error->message);
	}
}

static void
refuse(const char *text, const char *said)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(query_check(text, now(), &error));
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE);
	g_assert_nonnull(strstr(error->message, said));
}

static void
test_limits(void)
{
	g_autofree char *longest = g_strnfill(QUERY_TEXT_MAX, 'x');
	g_autofree char *longer = g_strnfill(QUERY_TEXT_MAX + 1, 'x');
	g_autofree char *deep = g_strnfill(2000, '(');
	g_autofree char *minus = g_strnfill(2000, '-');
	g_autoptr(GString) many = g_string_new(NULL);
	g_autoptr(GString) nested = g_string_new(NULL);

	g_assert_true(query_check(longest, now(), NULL));
	refuse(longer, "over 4096 bytes");
	refuse(deep, "inside one another");
	refuse(minus, "inside one another");
	for (guint i = 0; i < STORE_QUERY_NODES_MAX - 1; i++)
		g_string_append(many, "a ");
	/* with the node that joins them exactly as many as may be */
	g_assert_true(query_check(many->str, now(), NULL));
	g_string_append(many, "b");
	refuse(many->str, "too many conditions");
	for (guint i = 0; i < 40; i++)
		g_string_append(nested, "-(a ");
	g_string_append(nested, "b");
	for (guint i = 0; i < 40; i++)
		g_string_append(nested, ")");
	refuse(nested->str, "inside one another");
}

/* ---- what a server is asked ---- */

static void
test_imap(void)
{
	static const struct {
		const char *text;
		const char *keys;
	} cases[] = {
	    {"", "ALL"},
	    {"from:ada", "FROM =ada"},
	    {"to:ada", "OR TO =ada CC =ada"},
	    {"subject:\"the bill\"", "SUBJECT =the bill"},
	    {"grüße", "OR FROM =grüße OR SUBJECT =grüße OR TO =grüße CC "
		      "=grüße"},
	    {"from:a from:b", "FROM =a FROM =b"},
	    {"from:a OR from:b OR from:c", "OR FROM =a OR FROM =b FROM =c"},
	    {"-from:a", "NOT FROM =a"},
	    {"--from:a", "FROM =a"},
	    {"is:unread", "NOT SEEN"},
	    {"-is:unread", "SEEN"},
	    {"is:important", "KEYWORD $Important"},
	    {"-label:todo", "NOT KEYWORD todo"},
	    {"is:flagged is:answered is:draft is:deleted",
	     "FLAGGED ANSWERED DRAFT DELETED"},
	    {"before:2026-11-01", "BEFORE 1-Nov-2026"},
	    {"after:2026-10-01", "SINCE 1-Oct-2026"},
	    {"on:2026-11-24", "ON 24-Nov-2026"},
	    {"-on:2026-11-24", "NOT ON 24-Nov-2026"},
	    {"larger:1M smaller:2M", "LARGER 1048576 SMALLER 2097152"},
	    {"larger:9G", "LARGER 4294967295"},
	    /* no brackets: (a b) OR c is not (not a or not b), or c */
	    {"from:a from:b OR from:c",
	     "OR NOT OR NOT FROM =a NOT FROM =b FROM =c"},
	    {"from:c (from:a OR from:b)", "FROM =c OR FROM =a FROM =b"},
	    {"-(from:a from:b)", "OR NOT FROM =a NOT FROM =b"},
	    {"-(from:a OR from:b)", "NOT OR FROM =a FROM =b"},
	    {"-(from:a from:b) from:c", "OR NOT FROM =a NOT FROM =b FROM =c"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_auto(GStrv) keys =
		    query_to_imap(cases[i].text, now(), &error);
		g_autofree char *joined = NULL;

		g_assert_no_error(error);
		joined = g_strjoinv(" ", keys);
		g_assert_cmpstr(joined, ==, cases[i].keys);
	}
}

static void
test_imap_cannot(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(query_to_imap("ada has:attachment", now(), &error));
	g_assert_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE);
	g_assert_nonnull(
	    strstr(error->message, "column 5: \"has:attachment\""));
}

/* ---- any query means the same here and on a server ---- */

/* A message is a set of letters; from:x asks for one. */
static bool
holds_here(const StoreQuery *query, guint letters)
{
	switch (query->kind) {
	case STORE_QUERY_AND:
		for (guint i = 0; i < query->children->len; i++)
			if (!holds_here(query->children->pdata[i], letters))
				return false;
		return true;
	case STORE_QUERY_OR:
		for (guint i = 0; i < query->children->len; i++)
			if (holds_here(query->children->pdata[i], letters))
				return true;
		return false;
	case STORE_QUERY_NOT:
		return !holds_here(query->children->pdata[0], letters);
	default:
		return (letters >> (query->text[0] - 'a') & 1) != 0;
	}
}

static bool
holds_there(char ***keys, guint letters)
{
	const char *key = *(*keys)++;
	bool one, other;

	if (strcmp(key, "NOT") == 0)
		return !holds_there(keys, letters);
	if (strcmp(key, "OR") == 0) {
		one = holds_there(keys, letters);
		other = holds_there(keys, letters);
		return one || other;
	}
	g_assert_cmpstr(key, ==, "FROM");
	return (letters >> ((*(*keys)++)[1] - 'a') & 1) != 0;
}

static void
make_query(GString *out, guint depth)
{
	guint n = (guint)g_test_rand_int_range(1, 4);

	for (guint i = 0; i < n; i++) {
		if (i > 0)
			g_string_append(out, g_test_rand_bit() ? " OR " : " ");
		if (g_test_rand_bit())
			g_string_append_c(out, '-');
		if (depth > 0 && g_test_rand_bit()) {
			g_string_append_c(out, '(');
			make_query(out, depth - 1);
			g_string_append_c(out, ')');
		} else {
			g_string_append_printf(out, "from:%c",
					       g_test_rand_int_range('a', 'e'));
		}
	}
}

static void
test_same(void)
{
	for (guint i = 0; i < 500; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(StoreQuery) query = NULL;
		g_auto(GStrv) keys = NULL;

		make_query(text, 3);
		query = query_parse(text->str, now(), NULL);
		keys = query_to_imap(text->str, now(), NULL);
		g_assert_nonnull(query);
		g_assert_nonnull(keys);
		for (guint letters = 0; letters < 16; letters++) {
			char **at = keys;
			bool there = true;

			while (*at != NULL)
				there &= holds_there(&at, letters);
			g_assert_cmpint(there, ==, holds_here(query, letters));
		}
	}
}

/* No bytes make the parser fall over. */
static void
test_garbage(void)
{
	static const char letters[] = "()-\" :ORisfrom:a\xc3\xbc"
				      "before:larger:1d";

	for (guint i = 0; i < 20000; i++) {
		char text[24];
		guint len = (guint)g_test_rand_int_range(0, sizeof text);
		g_autoptr(GError) error = NULL;
		g_autoptr(StoreQuery) query = NULL;

		for (guint j = 0; j < len; j++)
			text[j] = letters[g_test_rand_int_range(
			    0, sizeof letters - 1)];
		text[len] = '\0';
		query = query_parse(text, now(), &error);
		g_assert_true((query == NULL) == (error != NULL));
	}
}

int
main(int argc, char **argv)
{
	g_setenv("TZ", "Europe/Berlin", TRUE);
	tzset();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/query/meaning", test_meaning);
	g_test_add_func("/query/month-ends", test_month_ends);
	g_test_add_func("/query/mistakes", test_mistakes);
	g_test_add_func("/query/limits", test_limits);
	g_test_add_func("/query/imap", test_imap);
	g_test_add_func("/query/imap-cannot", test_imap_cannot);
	g_test_add_func("/query/same", test_same);
	g_test_add_func("/query/garbage", test_garbage);
	return g_test_run();
}
