/* controller-query-imap.c - a query as search keys (RFC 9051 section 6.4.4) */
#include "controller-query.h"

#include <time.h>

#include "controller-query-private.h"

static void
add_atom(GPtrArray *out, const char *atom)
{
	g_ptr_array_add(out, g_strdup(atom));
}

static void
add_value(GPtrArray *out, const char *value)
{
	g_ptr_array_add(out, g_strconcat("=", value, NULL));
}

/* Any of the fields: the keys of SEARCH stand before what they join. */
static void
add_text(GPtrArray *out, const StoreQuery *query)
{
	static const struct {
		guint field;
		const char *key;
	} all[] = {{STORE_FIELD_FROM, "FROM"},
		   {STORE_FIELD_SUBJECT, "SUBJECT"},
		   {STORE_FIELD_TO, "TO"},
		   {STORE_FIELD_TO, "CC"}};
	const char *wanted[G_N_ELEMENTS(all)];
	guint n = 0;

	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		if ((query->fields & all[i].field) != 0)
			wanted[n++] = all[i].key;
	for (guint i = 0; i < n; i++) {
		if (i + 1 < n)
			add_atom(out, "OR");
		add_atom(out, wanted[i]);
		add_value(out, query->text);
	}
}

static void
add_date(GPtrArray *out, const char *key, gint64 time)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
					     "May", "Jun", "Jul", "Aug",
					     "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t)(time / G_USEC_PER_SEC);
	struct tm day = {.tm_mday = 1, .tm_year = 70};

	(void)localtime_r(&seconds, &day);
	add_atom(out, key);
	g_ptr_array_add(
	    out, g_strdup_printf("%d-%s-%04d", day.tm_mday, months[day.tm_mon],
				 CLAMP(day.tm_year + 1900, 0, 9999)));
}

/* The parser makes three forms of it: before, after, and one day. */
static void
add_dates(GPtrArray *out, const StoreQuery *query)
{
	if (query->from == G_MININT64)
		add_date(out, "BEFORE", query->to);
	else if (query->to == G_MAXINT64)
		add_date(out, "SINCE", query->from);
	else
		add_date(out, "ON", query->from);
}

static void
add_size(GPtrArray *out, const StoreQuery *query)
{
	bool larger = query->from != G_MININT64;
	/* a number64 is new in RFC 9051: older servers know 32 bits */
	gint64 size =
	    MIN(larger ? query->from - 1 : query->to, (gint64)G_MAXUINT32);

	add_atom(out, larger ? "LARGER" : "SMALLER");
	g_ptr_array_add(out, g_strdup_printf("%" G_GINT64_FORMAT, size));
}

/* The parser makes nodes of one flag each. */
static void
add_flag(GPtrArray *out, const MailFlags *flags)
{
	static const struct {
		guint32 bit;
		const char *key;
	} system[] = {{MAIL_FLAG_SEEN, "SEEN"},
		      {MAIL_FLAG_ANSWERED, "ANSWERED"},
		      {MAIL_FLAG_FLAGGED, "FLAGGED"},
		      {MAIL_FLAG_DELETED, "DELETED"},
		      {MAIL_FLAG_DRAFT, "DRAFT"}};
	const char *name = flags->keywords;

	for (guint i = 0; i < G_N_ELEMENTS(system); i++)
		if (flags->bits == system[i].bit) {
			add_atom(out, system[i].key);
			return;
		}
	if (flags->bits != 0)
		name = mail_flag_name(flags->bits);
	add_atom(out, "KEYWORD");
	add_atom(out, name);
}

static void add_query(GPtrArray *out, const StoreQuery *query, bool negated);

/*
 * All or any of the children, turned round where @not. A list in brackets
 * could not be put together from atoms; "a and b" inside OR is therefore said
 * as "not (not a or not b)".
 */
static void
add_joined(GPtrArray *out, const StoreQuery *query, bool negated, bool top)
{
	bool any = (query->kind == STORE_QUERY_OR) != negated;
	guint n = query->children->len;

	if (!any && !top && n > 1)
		add_atom(out, "NOT");
	for (guint i = 0; i < n; i++) {
		if (i + 1 < n && (any || !top))
			add_atom(out, "OR");
		add_query(out, g_ptr_array_index(query->children, i),
			  !any && !top && n > 1 ? !negated : negated);
	}
}

static void
add_query(GPtrArray *out, const StoreQuery *query, bool negated)
{
	if (query->kind == STORE_QUERY_NOT) {
		add_query(out, g_ptr_array_index(query->children, 0), !negated);
		return;
	}
	if (query->kind == STORE_QUERY_AND || query->kind == STORE_QUERY_OR) {
		add_joined(out, query, negated, false);
		return;
	}
	if (negated)
		add_atom(out, "NOT");
	switch (query->kind) {
	case STORE_QUERY_TEXT:
		add_text(out, query);
		break;
	case STORE_QUERY_FLAGS:
		add_flag(out, &query->flags);
		break;
	case STORE_QUERY_DATE:
		add_dates(out, query);
		break;
	case STORE_QUERY_SIZE:
		add_size(out, query);
		break;
	default:
		g_assert_not_reached();
	}
}

char **
query_to_imap(const char *text, gint64 now, GError **error)
{
	g_autoptr(StoreQuery) query = query_parse_for(text, now, true, error);
	GPtrArray *out;

	if (query == NULL)
		return NULL;
	out = g_ptr_array_new();
	if (query->kind == STORE_QUERY_AND && query->children->len == 0)
		add_atom(out, "ALL");
	else if (query->kind == STORE_QUERY_AND)
		add_joined(out, query, false, true);
	else
		add_query(out, query, false);
	g_ptr_array_add(out, NULL);
	return (char **)g_ptr_array_free(out, FALSE);
}
