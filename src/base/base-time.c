/* base-time.c - times as text */
#include "base-time.h"

#include <stdio.h>
#include <time.h>

static struct tm
to_utc(gint64 us)
{
	time_t seconds = (time_t)(us / G_USEC_PER_SEC);
	struct tm tm = {0};

	if (us % G_USEC_PER_SEC < 0)
		seconds--;
	/* fails only for years beyond an int */
	if (gmtime_r(&seconds, &tm) == NULL)
		tm = (struct tm){.tm_mday = 1, .tm_year = 70};
	return tm;
}

char *
time_to_rfc3339(gint64 us)
{
	struct tm tm = to_utc(us);

	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02dZ",
			       tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			       tm.tm_hour, tm.tm_min, tm.tm_sec);
}

char *
time_to_local_minute(gint64 us)
{
	time_t seconds = (time_t)(us / G_USEC_PER_SEC);
	struct tm tm = {0};

	if (localtime_r(&seconds, &tm) == NULL)
		tm = to_utc(0);
	return g_strdup_printf("%04d-%02d-%02d %02d:%02d", tm.tm_year + 1900,
			       tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
			       tm.tm_min);
}

char *
time_day_to_text(gint32 day)
{
	struct tm tm = to_utc((gint64)day * 86400 * G_USEC_PER_SEC);

	return g_strdup_printf("%04d-%02d-%02d", tm.tm_year + 1900,
			       tm.tm_mon + 1, tm.tm_mday);
}

bool
time_day_from_text(const char *text, gint32 *ret_day)
{
	gint year, month, day;
	char rest;
	gint64 us;
	g_autofree char *again = NULL;

	if (sscanf(text, "%4d-%2d-%2d%c", &year, &month, &day, &rest) != 3 ||
	    month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	us = time_from_utc(year, (guint)month, (guint)day, 0, 0, 0);
	*ret_day = (gint32)(us / G_USEC_PER_SEC / 86400);
	/* the 31st of June is the 1st of July: not what was written */
	again = time_day_to_text(*ret_day);
	return g_strcmp0(again, text) == 0;
}

char *
time_to_imap(gint64 us)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
					     "May", "Jun", "Jul", "Aug",
					     "Sep", "Oct", "Nov", "Dec"};
	struct tm tm = to_utc(us);

	return g_strdup_printf("%02d-%s-%04d %02d:%02d:%02d +0000", tm.tm_mday,
			       months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
			       tm.tm_min, tm.tm_sec);
}

gint64
time_from_utc(gint year, guint month, guint day, guint hour, guint minute,
	      guint second)
{
	/* days from the civil calendar: March is the first month of a year */
	gint64 y = CLAMP(year, 0, 9999) - (month <= 2);
	gint64 era = (y >= 0 ? y : y - 399) / 400;
	gint64 year_of_era = y - era * 400;
	gint64 month_from_march = (gint64)(CLAMP(month, 1u, 12u) + 9) % 12;
	gint64 day_of_year =
	    (153 * month_from_march + 2) / 5 + CLAMP(day, 1u, 31u) - 1;
	gint64 day_of_era = year_of_era * 365 + year_of_era / 4 -
			    year_of_era / 100 + day_of_year;
	gint64 days = era * 146097 + day_of_era - 719468;

	return (((days * 24 + MIN(hour, 23u)) * 60 + MIN(minute, 59u)) * 60 +
		MIN(second, 60u)) *
	       G_USEC_PER_SEC;
}
