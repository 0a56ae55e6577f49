/* controller-query-word.c - the conditions of a query, one by one */
#include <string.h>
#include <time.h>

#include "base-time.h"
#include "controller-query-private.h"

/* bytes of a word that an error quotes */
#define QUOTE_MAX 40u

void
query_word_clear(QueryWord *word)
{
	g_free(word->key);
	g_free(word->value);
}

/* ---- errors ---- */

gpointer
query_complain(const QueryParser *parser, const char *start, gsize len,
	       GError **error, const char *why)
{
	glong column = g_utf8_strlen(parser->text, start - parser->text) + 1;
	g_autofree char *word = NULL;

	if (len > QUOTE_MAX) {
		len = QUOTE_MAX;
		while (len > 0 && (start[len] & 0xc0) == 0x80)
			len--;
	}
	word = g_strndup(start, len);
	g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE,
		    "query, column %ld: \"%s\": %s", column, word, why);
	return NULL;
}

static gpointer
complain_word(const QueryParser *parser, const QueryWord *word, GError **error,
	      const char *why)
{
	return query_complain(parser, word->start, word->len, error, why);
}

/* ---- nodes ---- */

StoreQuery *
query_node(QueryParser *parser, StoreQueryKind kind, const char *start,
	   gsize len, GError **error)
{
	if (++parser->nodes > STORE_QUERY_NODES_MAX)
		return query_complain(parser, start, len, error,
				      "the query has too many conditions");
	return store_query_new(kind);
}

StoreQuery *
query_negate(QueryParser *parser, StoreQuery *query, const char *start,
	     GError **error)
{
	StoreQuery *negated;

	if (query == NULL)
		return NULL;
	negated = query_node(parser, STORE_QUERY_NOT, start, 1, error);
	if (negated == NULL) {
		store_query_free(query);
		return NULL;
	}
	g_ptr_array_add(negated->children, query);
	return negated;
}

static StoreQuery *
word_node(QueryParser *parser, const QueryWord *word, StoreQueryKind kind,
	  GError **error)
{
	return query_node(parser, kind, word->start, word->len, error);
}

/* ---- texts, flags ---- */

static StoreQuery *
parse_text(QueryParser *parser, const QueryWord *word, guint fields,
	   GError **error)
{
	StoreQuery *query = word_node(parser, word, STORE_QUERY_TEXT, error);

	if (query != NULL) {
		query->fields = fields;
		query->text = g_strdup(word->value);
	}
	return query;
}

static StoreQuery *
parse_is(QueryParser *parser, const QueryWord *word, guint unused,
	 GError **error)
{
	static const struct {
		const char *name;
		guint32 flag;
		bool unset;
	} states[] = {
	    {"read", MAIL_FLAG_SEEN, false},
	    {"unread", MAIL_FLAG_SEEN, true},
	    {"flagged", MAIL_FLAG_FLAGGED, false},
	    {"important", MAIL_FLAG_IMPORTANT, false},
	    {"answered", MAIL_FLAG_ANSWERED, false},
	    {"draft", MAIL_FLAG_DRAFT, false},
	    {"deleted", MAIL_FLAG_DELETED, false},
	};

	(void)unused;
	for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
		StoreQuery *query;

		if (g_ascii_strcasecmp(word->value, states[i].name) != 0)
			continue;
		query = word_node(parser, word, STORE_QUERY_FLAGS, error);
		if (query != NULL)
			query->flags.bits = states[i].flag;
		return states[i].unset
			   ? query_negate(parser, query, word->start, error)
			   : query;
	}
	return complain_word(parser, word, error,
			     "use read, unread, flagged, important, answered, "
			     "draft or deleted");
}

static StoreQuery *
parse_has(QueryParser *parser, const QueryWord *word, guint unused,
	  GError **error)
{
	(void)unused;
	if (g_ascii_strcasecmp(word->value, "attachment") != 0)
		return complain_word(parser, word, error, "use attachment");
	if (parser->server)
		return complain_word(parser, word, error,
				     "a server cannot search for it");
	return word_node(parser, word, STORE_QUERY_ATTACHMENTS, error);
}

static StoreQuery *
parse_label(QueryParser *parser, const QueryWord *word, guint unused,
	    GError **error)
{
	StoreQuery *query;

	(void)unused;
	if (!mail_keyword_is_valid(word->value))
		return complain_word(parser, word, error,
				     "no server can have such a label");
	query = word_node(parser, word, STORE_QUERY_FLAGS, error);
	if (query == NULL)
		return NULL;
	mail_flags_add_name(&query->flags, word->value, strlen(word->value));
	if (mail_flags_is_empty(&query->flags)) {
		store_query_free(query);
		return complain_word(parser, word, error,
				     "no server can have such a label");
	}
	return query;
}

/* ---- days and sizes ---- */

/* Returns: digits read, 0 where @text is no number of at most @max digits */
static gsize
read_number(const char *text, gsize max, gint64 *ret)
{
	gsize len = strspn(text, "0123456789");

	if (len == 0 || len > max)
		return 0;
	*ret = g_ascii_strtoll(text, NULL, 10);
	return len;
}

static int
days_of_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month] + (month == 1 && leap ? 1 : 0);
}

/* "7d" before @now; @day becomes that day. The 31st, a month ago, is the last
 * day of that month. */
static bool
read_age(const char *text, gint64 now, struct tm *day)
{
	time_t seconds = (time_t)(now / G_USEC_PER_SEC);
	gint64 count;
	gsize len = read_number(text, 4, &count);
	int months;

	if (len == 0 || text[len] == '\0' || text[len + 1] != '\0' ||
	    localtime_r(&seconds, day) == NULL)
		return false;
	switch (g_ascii_tolower(text[len])) {
	case 'd':
		day->tm_mday -= (int)count;
		return true;
	case 'w':
		day->tm_mday -= 7 * (int)count;
		return true;
	case 'm':
		break;
	case 'y':
		count *= 12;
		break;
	default:
		return false;
	}
	months = (day->tm_year + 1900) * 12 + day->tm_mon - (int)count;
	if (months < 0)
		return false;
	day->tm_year = months / 12 - 1900;
	day->tm_mon = months % 12;
	day->tm_mday =
	    MIN(day->tm_mday, days_of_month(months / 12, day->tm_mon));
	return true;
}

static bool
read_day(const char *text, gint64 now, struct tm *day)
{
	gint32 number;

	if (!time_day_from_text(text, &number))
		return read_age(text, now, day);
	*day = (struct tm){.tm_year = (int)strtol(text, NULL, 10) - 1900,
			   .tm_mon = (int)strtol(text + 5, NULL, 10) - 1,
			   .tm_mday = (int)strtol(text + 8, NULL, 10)};
	return true;
}

/* The first moment of @day, @later days on, in the user's zone. */
static gint64
start_of_day(const struct tm *day, int later)
{
	struct tm start = {.tm_year = day->tm_year,
			   .tm_mon = day->tm_mon,
			   .tm_mday = day->tm_mday + later,
			   .tm_isdst = -1};

	return (gint64)mktime(&start) * G_USEC_PER_SEC;
}

typedef enum {
	WHEN_BEFORE,
	WHEN_AFTER,
	WHEN_ON,
} When;

static StoreQuery *
parse_date(QueryParser *parser, const QueryWord *word, guint when,
	   GError **error)
{
	struct tm day = {0};
	StoreQuery *query;

	if (!read_day(word->value, parser->now, &day))
		return complain_word(
		    parser, word, error,
		    "use a day like 2026-11-24, or 7d, 2w, 3m, 1y");
	query = word_node(parser, word, STORE_QUERY_DATE, error);
	if (query == NULL)
		return NULL;
	if (when != WHEN_BEFORE)
		query->from = start_of_day(&day, 0);
	if (when == WHEN_BEFORE)
		query->to = start_of_day(&day, 0);
	else if (when == WHEN_ON)
		query->to = start_of_day(&day, 1);
	return query;
}

static bool
read_size(const char *text, gint64 *ret)
{
	static const char units[] = "KMG";
	gsize len = read_number(text, 9, ret);
	const char *unit;

	if (len == 0)
		return false;
	if (text[len] == '\0')
		return true;
	unit = strchr(units, g_ascii_toupper(text[len]));
	if (unit == NULL || text[len + 1] != '\0')
		return false;
	*ret <<= 10 * (unit - units + 1);
	return true;
}

static StoreQuery *
parse_size(QueryParser *parser, const QueryWord *word, guint larger,
	   GError **error)
{
	StoreQuery *query;
	gint64 size;

	if (!read_size(word->value, &size))
		return complain_word(parser, word, error,
				     "use a size like 500, 20K or 1M");
	query = word_node(parser, word, STORE_QUERY_SIZE, error);
	if (query == NULL)
		return NULL;
	if (larger)
		query->from = size + 1;
	else
		query->to = size;
	return query;
}

/* ---- all of them ---- */

static const struct {
	const char *name;
	StoreQuery *(*parse)(QueryParser *, const QueryWord *, guint,
			     GError **);
	guint argument;
} keys[] = {
    {"from", parse_text, STORE_FIELD_FROM},
    {"subject", parse_text, STORE_FIELD_SUBJECT},
    {"to", parse_text, STORE_FIELD_TO},
    {"is", parse_is, 0},
    {"has", parse_has, 0},
    {"label", parse_label, 0},
    {"before", parse_date, WHEN_BEFORE},
    {"after", parse_date, WHEN_AFTER},
    {"on", parse_date, WHEN_ON},
    {"larger", parse_size, true},
    {"smaller", parse_size, false},
};

bool
query_is_key(const char *name, gsize len)
{
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		if (strlen(keys[i].name) == len &&
		    g_ascii_strncasecmp(name, keys[i].name, len) == 0)
			return true;
	return false;
}

StoreQuery *
query_condition(QueryParser *parser, const QueryWord *word, GError **error)
{
	if (word->key == NULL)
		return parse_text(parser, word,
				  STORE_FIELD_FROM | STORE_FIELD_SUBJECT |
				      STORE_FIELD_TO,
				  error);
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		if (g_ascii_strcasecmp(word->key, keys[i].name) == 0)
			return keys[i].parse(parser, word, keys[i].argument,
					     error);
	return complain_word(parser, word, error,
			     "no such condition; put it in quotes to look for "
			     "the text");
}
