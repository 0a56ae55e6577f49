/* test-ui-format.c - dates, sizes and numbers as SCREENS.md has them */
#include "ui-format.h"

#include <string.h>

#include "base-time.h"

/* Monday, 23 November 2026, 14:05 */
static gint64
now(void)
{
	return time_from_utc(2026, 11, 23, 14, 5, 0);
}

static void
test_dates(void)
{
	static const struct {
		gint year;
		guint month, day, hour;
		const char *text;
	} cases[] = {
	    {2026, 11, 23, 14, "14:00"},  {2026, 11, 23, 0, "00:00"},
	    {2026, 11, 22, 23, "Sun 22"}, {2026, 11, 17, 8, "Tue 17"},
	    {2026, 11, 16, 8, "16 Nov"},  {2026, 11, 9, 8, "9 Nov"},
	    {2026, 1, 2, 8, "2 Jan"},     {2025, 12, 30, 8, "2025-12"},
	    {2024, 11, 1, 8, "2024-11"},  {2031, 4, 1, 8, "2031-04"},
	    {2026, 11, 24, 0, "2026-11"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 at = time_from_utc(cases[i].year, cases[i].month,
					  cases[i].day, cases[i].hour, 0, 0);
		g_autofree char *text = ui_format_date(at, now(), false);

		g_assert_cmpstr(text, ==, cases[i].text);
	}
}

static void
test_half_a_year_across_new_year(void)
{
	gint64 january = time_from_utc(2027, 1, 10, 12, 0, 0);
	g_autofree char *near = ui_format_date(
	    time_from_utc(2026, 11, 12, 8, 0, 0), january, false);
	g_autofree char *far =
	    ui_format_date(time_from_utc(2026, 6, 12, 8, 0, 0), january, false);

	g_assert_cmpstr(near, ==, "12 Nov");
	g_assert_cmpstr(far, ==, "2026-06");
}

/* what a header may hold is anything */
static void
test_absurd_dates(void)
{
	static const gint64 dates[] = {G_MININT64, G_MAXINT64, 0, -1};

	for (guint i = 0; i < G_N_ELEMENTS(dates); i++) {
		g_autofree char *text = ui_format_date(dates[i], now(), false);
		g_autofree char *moment = ui_format_moment(dates[i], now());

		g_assert_cmpint((int)strlen(text), <=, 7);
		g_assert_cmpstr(moment, !=, "");
	}
}

static void
test_moments(void)
{
	g_autofree char *today =
	    ui_format_moment(time_from_utc(2026, 11, 23, 13, 40, 0), now());
	g_autofree char *past =
	    ui_format_moment(time_from_utc(2026, 11, 22, 20, 14, 0), now());
	g_autofree char *old =
	    ui_format_moment(time_from_utc(2024, 6, 15, 12, 0, 0), now());
	g_autofree char *iso =
	    ui_format_date(time_from_utc(2026, 11, 22, 20, 14, 0), now(), true);

	g_assert_cmpstr(today, ==, "today 13:40");
	g_assert_cmpstr(past, ==, "Sun 22 Nov 20:14");
	g_assert_cmpstr(old, ==, "Sat 15 Jun 2024 12:00");
	g_assert_cmpstr(iso, ==, "11-22");
}

static void
test_due(void)
{
	gint32 today = (gint32)(now() / G_USEC_PER_SEC / 86400);
	static const struct {
		gint32 days;
		const char *text;
		bool overdue;
	} cases[] = {
	    {0, "due today", false},     {-2, "overdue 2d", true},
	    {4, "due Fri", false},       {10, "due 3 Dec", false},
	    {400, "due 2027-12", false},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		bool overdue = !cases[i].overdue;
		g_autofree char *text =
		    ui_format_due(today + cases[i].days, now(), &overdue);

		g_assert_cmpstr(text, ==, cases[i].text);
		g_assert_cmpint(overdue, ==, cases[i].overdue);
	}
}

static void
test_sizes(void)
{
	static const struct {
		gint64 bytes;
		const char *text;
	} cases[] = {
	    {0, "0"},          {512, "512"},
	    {999, "999"},      {1000, "1.0K"},
	    {4300, "4.2K"},    {10240, "10K"},
	    {79872, "78K"},    {1023999, "1.0M"},
	    {2202009, "2.1M"}, {1073741824, "1.0G"},
	    {-1, "?"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = ui_format_size(cases[i].bytes);

		g_assert_cmpstr(text, ==, cases[i].text);
	}
	for (gint64 bytes = 1; bytes < G_MAXINT64 / 8; bytes *= 7) {
		g_autofree char *text = ui_format_size(bytes);

		g_assert_cmpuint(strlen(text), <=, 5);
	}
}

static void
test_numbers(void)
{
	g_autofree char *small = ui_format_number(999);
	g_autofree char *big = ui_format_number(1000412);
	g_autofree char *seconds = ui_format_seconds(8);
	g_autofree char *minutes = ui_format_seconds(250);

	g_assert_cmpstr(small, ==, "999");
	g_assert_cmpstr(big, ==, "1,000,412");
	g_assert_cmpstr(seconds, ==, "8 s");
	g_assert_cmpstr(minutes, ==, "4 min");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ui/format/dates", test_dates);
	g_test_add_func("/ui/format/new-year",
			test_half_a_year_across_new_year);
	g_test_add_func("/ui/format/absurd", test_absurd_dates);
	g_test_add_func("/ui/format/moments", test_moments);
	g_test_add_func("/ui/format/due", test_due);
	g_test_add_func("/ui/format/sizes", test_sizes);
	g_test_add_func("/ui/format/numbers", test_numbers);
	return g_test_run();
}
