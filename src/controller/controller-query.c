/* controller-query.c - what a person types to find messages, parsed */
#include "controller-query.h"

#include <string.h>

#include "controller-query-private.h"

/* brackets and minus signs inside one another */
#define DEPTH_MAX 50u

/* ---- words ---- */

static bool
is_end(char c)
{
	return c == '\0' || g_ascii_isspace(c) || c == '(' || c == ')';
}

static void
skip_blanks(QueryParser *parser)
{
	while (g_ascii_isspace(*parser->at))
		parser->at++;
}

/* "Re:", "12:30" and "http://x" are texts, not keys. */
static gsize
key_length(const char *text)
{
	gsize len = 0;

	while (g_ascii_isalpha(text[len]))
		len++;
	if (len == 0 || text[len] != ':')
		return 0;
	if (query_is_key(text, len))
		return len;
	return is_end(text[len + 1]) || g_str_has_prefix(text + len, "://")
		   ? 0
		   : len;
}

static bool
read_word(QueryParser *parser, QueryWord *word, GError **error)
{
	const char *end;
	gsize key = key_length(parser->at);

	word->start = parser->at;
	if (key > 0) {
		word->key = g_strndup(parser->at, key);
		parser->at += key + 1;
	}
	if (*parser->at == '"') {
		end = strchr(parser->at + 1, '"');
		if (end == NULL) {
			query_complain(parser, parser->at, strlen(parser->at),
				       error, "the closing quote is missing");
			return false;
		}
		word->value =
		    g_strndup(parser->at + 1, (gsize)(end - parser->at - 1));
		end++;
	} else {
		end = parser->at;
		while (!is_end(*end))
			end++;
		word->value = g_strndup(parser->at, (gsize)(end - parser->at));
	}
	parser->at = end;
	word->len = (gsize)(end - word->start);
	if (word->value[0] != '\0')
		return true;
	query_complain(parser, word->start, word->len, error,
		       "something is missing here");
	return false;
}

static StoreQuery *
parse_word(QueryParser *parser, GError **error)
{
	g_auto(QueryWord) word = {0};

	if (!read_word(parser, &word, error))
		return NULL;
	return query_condition(parser, &word, error);
}

/* ---- the grammar ---- */

static bool
is_or(const QueryParser *parser)
{
	return strncmp(parser->at, "OR", 2) == 0 && is_end(parser->at[2]);
}

/* Joins the conditions of @list; one alone stands for itself. */
static StoreQuery *
join(QueryParser *parser, GPtrArray *list, StoreQueryKind kind,
     const char *start, GError **error)
{
	StoreQuery *query;

	if (list->len == 1)
		return g_ptr_array_steal_index(list, 0);
	query = query_node(parser, kind, start, strlen(start), error);
	while (query != NULL && list->len > 0)
		g_ptr_array_add(query->children,
				g_ptr_array_steal_index(list, 0));
	return query;
}

/* The grammar is recursive: these two alone are told beforehand. */
static StoreQuery *parse_any(QueryParser *parser, GError **error);

static StoreQuery *
parse_brackets(QueryParser *parser, GError **error)
{
	const char *start = parser->at++;
	StoreQuery *query;

	skip_blanks(parser);
	if (*parser->at == ')')
		return query_complain(parser, start,
				      (gsize)(parser->at - start + 1), error,
				      "nothing is in the brackets");
	query = parse_any(parser, error);
	if (query == NULL)
		return NULL;
	if (*parser->at != ')') {
		store_query_free(query);
		return query_complain(parser, start, strlen(start), error,
				      "the closing bracket is missing");
	}
	parser->at++;
	return query;
}

static StoreQuery *
parse_one(QueryParser *parser, GError **error)
{
	const char *start = parser->at;
	guint minuses = 0;
	StoreQuery *query;

	while (*parser->at == '-' && !is_end(parser->at[1])) {
		parser->at++;
		minuses++;
	}
	if (*parser->at == '-' && parser->at[1] == '(') {
		parser->at++;
		minuses++;
	}
	parser->depth += minuses + 1;
	if (parser->depth > DEPTH_MAX)
		return query_complain(parser, start, strlen(start), error,
				      "too many brackets inside one another");
	query = *parser->at == '(' ? parse_brackets(parser, error)
				   : parse_word(parser, error);
	parser->depth -= minuses + 1;
	if (minuses % 2 == 1)
		query = query_negate(parser, query, start, error);
	return query;
}

/* One or more that must all hold, up to OR, ")" or the end. */
static StoreQuery *
parse_all(QueryParser *parser, GError **error)
{
	g_autoptr(GPtrArray) list =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_query_free);
	const char *start = parser->at;

	while (*parser->at != '\0' && *parser->at != ')' && !is_or(parser)) {
		StoreQuery *one = parse_one(parser, error);

		if (one == NULL)
			return NULL;
		g_ptr_array_add(list, one);
		skip_blanks(parser);
	}
	if (list->len == 0)
		return query_complain(parser, start, is_or(parser) ? 2 : 1,
				      error, "something is missing beside OR");
	return join(parser, list, STORE_QUERY_AND, start, error);
}

static StoreQuery *
parse_any(QueryParser *parser, GError **error)
{
	g_autoptr(GPtrArray) list =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_query_free);
	const char *start = parser->at;

	for (;;) {
		StoreQuery *all = parse_all(parser, error);
		const char *sign = parser->at;

		if (all == NULL)
			return NULL;
		g_ptr_array_add(list, all);
		if (!is_or(parser))
			break;
		parser->at += 2;
		skip_blanks(parser);
		if (*parser->at == '\0')
			return query_complain(parser, sign, 2, error,
					      "something is missing beside OR");
	}
	return join(parser, list, STORE_QUERY_OR, start, error);
}

StoreQuery *
query_parse_for(const char *text, gint64 now, bool server, GError **error)
{
	QueryParser parser = {
	    .text = text, .at = text, .now = now, .server = server};
	g_autoptr(StoreQuery) query = NULL;

	if (strlen(text) > QUERY_TEXT_MAX || !g_utf8_validate(text, -1, NULL)) {
		g_set_error(error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE,
			    "query, column 1: over %u bytes, or not UTF-8",
			    QUERY_TEXT_MAX);
		return NULL;
	}
	skip_blanks(&parser);
	if (*parser.at == '\0')
		return store_query_new(STORE_QUERY_AND);
	query = parse_any(&parser, error);
	if (query == NULL)
		return NULL;
	if (*parser.at != '\0')
		return query_complain(&parser, parser.at, 1, error,
				      "no bracket is open here");
	return g_steal_pointer(&query);
}

StoreQuery *
query_parse(const char *text, gint64 now, GError **error)
{
	return query_parse_for(text, now, false, error);
}

bool
query_check(const char *text, gint64 now, GError **error)
{
	g_autoptr(StoreQuery) query = query_parse(text, now, error);

	return query != NULL;
}
