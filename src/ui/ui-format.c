/* ui-format.c - dates, sizes and numbers as people read them */
#include "ui-format.h"

#include <string.h>
#include <time.h>

#include "ui-i18n.h"

#define SECOND G_USEC_PER_SEC
#define DAY_SECONDS 86400

/* TRANSLATORS: days of the week, as short as lists show them; Sunday first */
static const char *const weekdays[] = {
    N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"),
};

/* TRANSLATORS: names of months, three letters */
static const char *const months[] = {
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
};

/* a civil date in the user's zone; @serial: days, to be subtracted */
typedef struct {
	struct tm tm;
	gint64 serial;
} Civil;

/* days since 1970-01-01 of a civil date (the proleptic calendar) */
static gint64
serial_of(gint64 year, gint64 month, gint64 day)
{
	gint64 y = month <= 2 ? year - 1 : year;
	gint64 era = (y >= 0 ? y : y - 399) / 400;
	gint64 of_era = y - era * 400;
	gint64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 1 - 719468;
}

static Civil
civil(gint64 at)
{
	gint64 seconds = at / SECOND - (at % SECOND < 0 ? 1 : 0);
	time_t clock;
	Civil c = {0};

	/* years of four digits: what a header may hold is anything */
	clock = (time_t)CLAMP(seconds, G_GINT64_CONSTANT(-62135596800),
			      G_GINT64_CONSTANT(253402214400));
	if (localtime_r(&clock, &c.tm) == NULL)
		memset(&c.tm, 0, sizeof(c.tm));
	c.serial =
	    serial_of(c.tm.tm_year + 1900, c.tm.tm_mon + 1, c.tm.tm_mday);
	return c;
}

/* midday in UTC, so that no zone changes the day */
static Civil
civil_of_day(gint32 day)
{
	time_t clock = (time_t)day * DAY_SECONDS + DAY_SECONDS / 2;
	Civil c = {0};

	gmtime_r(&clock, &c.tm);
	c.serial = day;
	return c;
}

gint64
ui_now(void)
{
	return g_get_real_time();
}

static const char *
weekday(const Civil *c)
{
	return _(weekdays[CLAMP(c->tm.tm_wday, 0, 6)]);
}

static const char *
month(const Civil *c)
{
	return _(months[CLAMP(c->tm.tm_mon, 0, 11)]);
}

static char *
day_and_month(const Civil *c)
{
	/* TRANSLATORS: day and month: "12 Nov" */
	return g_strdup_printf(_("%d %s"), c->tm.tm_mday, month(c));
}

static char *
year_and_month(const Civil *c)
{
	return g_strdup_printf("%04d-%02d", c->tm.tm_year + 1900,
			       c->tm.tm_mon + 1);
}

static char *
hour(const Civil *c)
{
	return g_strdup_printf("%02d:%02d", c->tm.tm_hour, c->tm.tm_min);
}

static bool
is_near(const Civil *c, const Civil *now)
{
	return c->tm.tm_year == now->tm.tm_year ||
	       now->serial - c->serial < 183;
}

char *
ui_format_date(gint64 at, gint64 now, bool iso)
{
	Civil c = civil(at);
	Civil today = civil(now);
	gint64 ago = today.serial - c.serial;

	if (ago == 0)
		return hour(&c);
	if (ago < 0 || !is_near(&c, &today))
		return year_and_month(&c);
	if (iso)
		return g_strdup_printf("%02d-%02d", c.tm.tm_mon + 1,
				       c.tm.tm_mday);
	if (ago <= 6)
		/* TRANSLATORS: weekday and day of the month: "Sun 22" */
		return g_strdup_printf(_("%s %d"), weekday(&c), c.tm.tm_mday);
	return day_and_month(&c);
}

char *
ui_format_day(gint64 at, gint64 now)
{
	Civil c = civil(at);
	Civil today = civil(now);
	g_autofree char *day = day_and_month(&c);

	if (c.tm.tm_year == today.tm.tm_year)
		return g_steal_pointer(&day);
	return g_strdup_printf("%s %04d", day, c.tm.tm_year + 1900);
}

char *
ui_format_moment(gint64 at, gint64 now)
{
	Civil c = civil(at);
	Civil today = civil(now);
	g_autofree char *clock = hour(&c);
	g_autofree char *day = NULL;

	if (c.serial == today.serial)
		/* TRANSLATORS: %s: a time: "today 13:40" */
		return g_strdup_printf(_("today %s"), clock);
	day = ui_format_day(at, now);
	/* TRANSLATORS: weekday, date, time: "Sun 22 Nov 20:14" */
	return g_strdup_printf(_("%s %s %s"), weekday(&c), day, clock);
}

char *
ui_format_clock(gint64 at, gint64 now)
{
	Civil c = civil(at);
	Civil today = civil(now);

	return c.serial == today.serial ? hour(&c)
					: ui_format_date(at, now, false);
}

char *
ui_format_due(gint32 day, gint64 now, bool *ret_overdue)
{
	Civil c = civil_of_day(day);
	Civil today = civil(now);
	gint64 left = c.serial - today.serial;
	g_autofree char *text = NULL;

	if (ret_overdue != NULL)
		*ret_overdue = left < 0;
	if (left < 0) {
		text = g_strdup_printf("%" G_GINT64_FORMAT, -left);
		/* TRANSLATORS: %s: days; "%.0s" leaves it out */
		return g_strdup_printf(_("overdue %sd"), text);
	}
	if (left == 0)
		return g_strdup(_("due today"));
	if (left <= 6)
		/* TRANSLATORS: %s: a weekday: "due Fri" */
		return g_strdup_printf(_("due %s"), weekday(&c));
	text = left < 365 && (c.tm.tm_year == today.tm.tm_year || left < 183)
		   ? day_and_month(&c)
		   : year_and_month(&c);
	return g_strdup_printf(_("due %s"), text);
}

char *
ui_format_size(gint64 bytes)
{
	static const char units[] = "KMGT";
	guint64 tenths;

	if (bytes < 0)
		return g_strdup("?");
	if (bytes < 1000)
		return g_strdup_printf("%" G_GINT64_FORMAT, bytes);
	tenths = ((guint64)bytes * 10 + 512) / 1024;
	for (guint i = 0; i < strlen(units); i++) {
		if (tenths < 100)
			return g_strdup_printf("%u%s%u%c", (guint)tenths / 10,
					       /* TRANSLATORS: in "4.2K" */
					       C_("decimal mark", "."),
					       (guint)tenths % 10, units[i]);
		if (tenths < 10000)
			return g_strdup_printf("%u%c", (guint)(tenths + 5) / 10,
					       units[i]);
		tenths = (tenths + 512) / 1024;
	}
	return g_strdup("9999T");
}

char *
ui_format_number(guint64 number)
{
	g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	gsize len = strlen(digits);
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			/* TRANSLATORS: in "100,231" */
			g_string_append(text, C_("thousands mark", ","));
		g_string_append_c(text, digits[i]);
	}
	return g_string_free(text, FALSE);
}

char *
ui_format_seconds(gint seconds)
{
	if (seconds < 90)
		/* TRANSLATORS: seconds */
		return g_strdup_printf(_("%d s"), MAX(seconds, 1));
	if (seconds < 5400)
		/* TRANSLATORS: minutes */
		return g_strdup_printf(_("%d min"), (seconds + 30) / 60);
	/* TRANSLATORS: hours */
	return g_strdup_printf(_("%d h"), (seconds + 1800) / 3600);
}

gunichar
ui_letter_yes(void)
{
	/* TRANSLATORS: the letter that means "yes"; "y" is taken as well */
	return g_utf8_get_char(C_("answer", "y"));
}
