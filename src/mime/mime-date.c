/* mime-date.c - dates as senders write them (RFC 5322 sections 3.3, 4.3) */
#include "mime-header.h"

#include <string.h>

#include "base-time.h"

#define DATE_MAX 200u
#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

typedef struct {
	gint year;
	guint month;
	guint day;
	guint hour;
	guint minute;
	guint second;
	gint offset;
	bool has_year;
	bool has_time;
	bool has_zone;
	bool has_half; /* AM or PM */
} Date;

static guint
month_number(const char *word, gsize len)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (len < 3)
		return 0;
	for (guint i = 0; i < 12; i++)
		if (g_ascii_strncasecmp(word, months + i * 3, 3) == 0)
			return i + 1;
	return 0;
}

static bool
word_is(const char *word, gsize len, const char *name)
{
	return strlen(name) == len && g_ascii_strncasecmp(word, name, len) == 0;
}

static void
take_zone(Date *date, const char *word, gsize len)
{
	static const struct {
		const char *name;
		gint hours;
	} zones[] = {
	    {"ut", 0},   {"utc", 0},  {"gmt", 0},  {"z", 0},    {"est", -5},
	    {"edt", -4}, {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6},
	    {"pst", -8}, {"pdt", -7}, {"cet", 1},  {"cest", 2}, {"met", 1},
	    {"mest", 2}, {"bst", 1},  {"jst", 9},  {"msk", 3},
	};

	for (guint i = 0; i < G_N_ELEMENTS(zones); i++) {
		if (!word_is(word, len, zones[i].name))
			continue;
		date->offset = zones[i].hours * 60;
		date->has_zone = true;
	}
}

static void
take_word(Date *date, const char *word, gsize len)
{
	guint month = month_number(word, len);

	if (month != 0 && date->month == 0) {
		date->month = month;
	} else if (date->has_time && !date->has_half &&
		   (word_is(word, len, "am") || word_is(word, len, "pm"))) {
		date->has_half = true;
		date->hour =
		    date->hour % 12 + (word_is(word, len, "pm") ? 12 : 0);
	} else if (date->has_time && !date->has_zone) {
		take_zone(date, word, len);
	}
}

/* At most nine digits. */
static const char *
number(const char *p, const char *end, guint *ret, guint *ret_digits)
{
	guint value = 0, digits = 0;

	while (p < end && g_ascii_isdigit(*p) && digits < 9) {
		value = value * 10 + (guint)(*p++ - '0');
		digits++;
	}
	*ret = value;
	*ret_digits = digits;
	return p;
}

/* "+0100", "-08:00", "+1" */
static const char *
take_offset(Date *date, const char *p, const char *end)
{
	gint sign = *p == '-' ? -1 : 1;
	guint value, digits, minutes = 0;

	p = number(p + 1, end, &value, &digits);
	if (digits <= 2) {
		if (p < end && *p == ':')
			p = number(p + 1, end, &minutes, &digits);
		minutes += value * 60;
	} else {
		minutes = value / 100 * 60 + value % 100;
	}
	/* an offset that no place on earth has is left out */
	date->offset = minutes <= 15 * 60 ? sign * (gint)minutes : 0;
	date->has_zone = true;
	return p;
}

static const char *
take_time(Date *date, guint hour, const char *p, const char *end)
{
	guint digits, dummy;

	date->hour = hour;
	p = number(p + 1, end, &date->minute, &digits);
	if (p + 1 < end && *p == ':' && g_ascii_isdigit(p[1]))
		p = number(p + 1, end, &date->second, &digits);
	if (p + 1 < end && *p == '.' && g_ascii_isdigit(p[1]))
		p = number(p + 1, end, &dummy, &digits);
	date->has_time = true;
	return p;
}

static void
take_year(Date *date, guint value, guint digits)
{
	/* RFC 5322 section 4.3 */
	if (digits == 2)
		value += value < 50 ? 2000 : 1900;
	else if (digits == 3)
		value += 1900;
	date->year = (gint)value;
	date->has_year = true;
}

static const char *
take_number(Date *date, const char *p, const char *end)
{
	guint value, digits;

	p = number(p, end, &value, &digits);
	if (p < end && *p == ':' && !date->has_time)
		return take_time(date, value, p, end);
	if (digits >= 4 && !date->has_year) {
		take_year(date, value, digits);
		/* 2026-11-24 */
		if (p + 1 < end && *p == '-' && g_ascii_isdigit(p[1]) &&
		    date->month == 0 && date->day == 0) {
			p = number(p + 1, end, &date->month, &digits);
			if (p < end && *p == '-')
				p = number(p + 1, end, &date->day, &digits);
		}
	} else if (date->day == 0 && digits <= 2 && value > 0 && value < 32) {
		date->day = value;
	} else if (!date->has_year) {
		take_year(date, value, digits);
	}
	return p;
}

static const char *
skip_comment(const char *p, const char *end)
{
	guint depth = 0;

	for (; p < end; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
		else if (*p == '\\' && p + 1 < end)
			p++;
	}
	return end;
}

static void
read_date(Date *date, const char *p, const char *end)
{
	while (p < end) {
		const char *start = p;

		if (*p == '(') {
			p = skip_comment(p, end);
		} else if (g_ascii_isalpha(*p)) {
			while (p < end && g_ascii_isalpha(*p))
				p++;
			take_word(date, start, (gsize)(p - start));
		} else if (g_ascii_isdigit(*p)) {
			p = take_number(date, p, end);
		} else if ((*p == '+' || *p == '-') && date->has_time &&
			   p + 1 < end && g_ascii_isdigit(p[1]) &&
			   (!date->has_zone || date->offset == 0)) {
			p = take_offset(date, p, end);
		} else {
			p++;
		}
	}
}

bool
mime_date_parse(const char *value, gsize len, gint64 *ret_us, gint *ret_offset)
{
	Date date = {0};

	read_date(&date, value, value + MIN(len, DATE_MAX));
	if (!date.has_year || date.month < 1 || date.month > 12 ||
	    date.day < 1 || date.day > 31 || date.year < 1 || date.year > 9999)
		return false;
	*ret_us = time_from_utc(date.year, date.month, date.day, date.hour,
				date.minute, date.second) -
		  date.offset * MINUTE_US;
	*ret_offset = date.offset;
	return true;
}
