/* test-mime-date.c - dates as senders write them */
#include "mime-header.h"

#include <string.h>

#include "base-time.h"
#include "mime-error.h"

typedef struct {
	const char *value;
	const char *utc; /* NULL: cannot be read */
	gint offset;
} DateCase;

static const DateCase cases[] = {
    {"Tue, 24 Nov 2026 14:02:11 +0100", "2026-11-24T13:02:11Z", 60},
    {"24 Nov 2026 14:02:11 -0800", "2026-11-24T22:02:11Z", -480},
    {"24 Nov 2026 14:02 +0000", "2026-11-24T14:02:00Z", 0},
    {"Tue,24 Nov 2026 14:02:11 GMT", "2026-11-24T14:02:11Z", 0},
    {"Tue, 24 Nov 2026 14:02:11 EST", "2026-11-24T19:02:11Z", -300},
    {"Tue, 24 Nov 2026 14:02:11 +0530 (IST)", "2026-11-24T08:32:11Z", 330},
    {"Tue (a (nested) day), 24 (x) Nov 2026 14:02:11 +0000",
     "2026-11-24T14:02:11Z", 0},
    {"Tue, 24 Nov 26 14:02:11 +0000", "2026-11-24T14:02:11Z", 0},
    {"Tue, 24 Nov 99 14:02:11 +0000", "1999-11-24T14:02:11Z", 0},
    {"Tue, 24 Nov 126 14:02:11 +0000", "2026-11-24T14:02:11Z", 0},
    {"Tue, 24-Nov-2026 14:02:11 +0000", "2026-11-24T14:02:11Z", 0},
    {"Tue Nov 24 14:02:11 2026", "2026-11-24T14:02:11Z", 0},
    {"Tue Nov 24 14:02:11 PST 2026", "2026-11-24T22:02:11Z", -480},
    {"November 24, 2026 2:02 PM", "2026-11-24T14:02:00Z", 0},
    {"24 Nov 2026 12:02 am", "2026-11-24T00:02:00Z", 0},
    {"2026-11-24 14:02:11", "2026-11-24T14:02:11Z", 0},
    {"2026-11-24T14:02:11.123Z", "2026-11-24T14:02:11Z", 0},
    {"2026-11-24T14:02:11+01:00", "2026-11-24T13:02:11Z", 60},
    {"Tue, 24 Nov 2026 14:02:11 GMT+0100", "2026-11-24T13:02:11Z", 60},
    {"Tue,\r\n 24 Nov 2026\r\n 14:02:11 +0100", "2026-11-24T13:02:11Z", 60},
    {"24 Nov 2026", "2026-11-24T00:00:00Z", 0},
    {"24 nov 2026 25:99:99 +0000", "2026-11-24T23:59:60Z", 0},
    /* no place on earth */
    {"24 Nov 2026 14:02:11 +9999", "2026-11-24T14:02:11Z", 0},
    {"", NULL, 0},
    {"yesterday", NULL, 0},
    {"Tue, 24 2026 14:02:11", NULL, 0},
    {"14:02:11 +0000", NULL, 0},
    {"99 Nov", NULL, 0},
    {"(24 Nov 2026", NULL, 0},
    {"2026-13-24", NULL, 0},
    {"\xff\xff", NULL, 0},
};

static void
test_dates(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const DateCase *test = &cases[i];
		g_autofree char *text = NULL;
		gint64 us = 7;
		gint offset = 7;

		g_test_message("%s", test->value);
		if (!mime_date_parse(test->value, strlen(test->value), &us,
				     &offset)) {
			g_assert_null(test->utc);
			g_assert_cmpint(us, ==, 7);
			continue;
		}
		text = time_to_rfc3339(us);
		if (strstr(test->utc, ":60Z") == NULL)
			g_assert_cmpstr(text, ==, test->utc);
		else
			/* a leap second is the next minute's first one */
			g_assert_cmpstr(text, ==, "2026-11-25T00:00:00Z");
		g_assert_cmpint(offset, ==, test->offset);
	}
}

/* Every byte may be the last one. */
static void
test_cut(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		for (gsize n = 0; n <= strlen(cases[i].value); n++) {
			g_autofree char *exact =
			    g_memdup2(cases[i].value, MAX(n, 1));
			gint64 us;
			gint offset;

			if (mime_date_parse(exact, n, &us, &offset))
				g_assert_cmpint(ABS(offset), <=, 900);
		}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mime_init();
	g_test_add_func("/date/parse", test_dates);
	g_test_add_func("/date/cut", test_cut);
	return g_test_run();
}
