/* test-base-time.c - times as text, in UTC and in the user's zone */
#include "base-time.h"

#include <time.h>

#define SECOND ((gint64)G_USEC_PER_SEC)

static void
test_rfc3339(void)
{
	static const struct {
		gint64 us;
		const char *text;
		const char *imap;
	} cases[] = {
	    {0, "1970-01-01T00:00:00Z", "01-Jan-1970 00:00:00 +0000"},
	    {-1, "1969-12-31T23:59:59Z", "31-Dec-1969 23:59:59 +0000"},
	    {-SECOND, "1969-12-31T23:59:59Z", "31-Dec-1969 23:59:59 +0000"},
	    {1795528931 * SECOND + 999999, "2026-11-24T14:02:11Z",
	     "24-Nov-2026 14:02:11 +0000"},
	    {951782400 * SECOND, "2000-02-29T00:00:00Z",
	     "29-Feb-2000 00:00:00 +0000"},
	    {4102444800 * SECOND, "2100-01-01T00:00:00Z",
	     "01-Jan-2100 00:00:00 +0000"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = time_to_rfc3339(cases[i].us);
		g_autofree char *imap = time_to_imap(cases[i].us);

		g_assert_cmpstr(text, ==, cases[i].text);
		g_assert_cmpstr(imap, ==, cases[i].imap);
	}
}

static void
test_local(void)
{
	g_autofree char *summer = NULL;
	g_autofree char *winter = NULL;

	g_setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
	tzset();
	winter = time_to_local_minute(1795528931 * SECOND);
	summer = time_to_local_minute(1782910800 * SECOND);
	g_assert_cmpstr(winter, ==, "2026-11-24 15:02");
	g_assert_cmpstr(summer, ==, "2026-07-01 15:00");
}

static void
test_days(void)
{
	static const struct {
		const char *text;
		bool good;
		gint32 day;
	} cases[] = {
	    {"1970-01-01", true, 0},     {"2026-11-24", true, 20781},
	    {"2000-02-29", true, 11016}, {"1969-12-31", true, -1},
	    {"2100-02-29", false, 0},    {"2026-06-31", false, 0},
	    {"2026-13-01", false, 0},    {"2026-00-01", false, 0},
	    {"2026-1-1", false, 0},      {"2026-01-01x", false, 0},
	    {"tomorrow", false, 0},      {"", false, 0},
	    {"+026-01-01", false, 0},    {" 2026-01-01", false, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint32 day = 4711;
		g_autofree char *again = NULL;

		g_test_message("%s", cases[i].text);
		g_assert_true(time_day_from_text(cases[i].text, &day) ==
			      cases[i].good);
		if (!cases[i].good)
			continue;
		g_assert_cmpint(day, ==, cases[i].day);
		again = time_day_to_text(day);
		g_assert_cmpstr(again, ==, cases[i].text);
	}
}

static void
test_from_utc(void)
{
	g_assert_cmpint(time_from_utc(2026, 11, 24, 14, 2, 11), ==,
			1795528931 * SECOND);
	g_assert_cmpint(time_from_utc(1970, 1, 1, 0, 0, 0), ==, 0);
	/* clamped, not undefined */
	g_assert_cmpint(time_from_utc(G_MAXINT, 99, 99, 99, 99, 99), ==,
			time_from_utc(9999, 12, 31, 23, 59, 60));
	g_assert_cmpint(time_from_utc(G_MININT, 0, 0, 0, 0, 0), ==,
			time_from_utc(0, 1, 1, 0, 0, 0));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/time/rfc3339", test_rfc3339);
	g_test_add_func("/base/time/local", test_local);
	g_test_add_func("/base/time/days", test_days);
	g_test_add_func("/base/time/from-utc", test_from_utc);
	return g_test_run();
}
