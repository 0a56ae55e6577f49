/* controller-query-private.h - shared by the files of the query language */
#pragma once

#include "controller-private.h"
#include "controller-query.h"

/**
 * QueryParser:
 * @text: the whole, valid UTF-8; @at: how far it is read
 * @server: only what a server can find is allowed
 */
typedef struct {
	const char *text;
	const char *at;
	gint64 now;
	bool server;
	guint nodes;
	guint depth;
} QueryParser;

/** QueryWord: one condition as it was written; @key: (nullable) */
typedef struct {
	const char *start;
	gsize len;
	char *key;
	char *value;
} QueryWord;
void query_word_clear(QueryWord *word);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(QueryWord, query_word_clear)

/** query_parse_for: @server: what a server cannot find is an error too.
 * Returns: (transfer full) (nullable): %CONTROLLER_ERROR_USAGE */
StoreQuery *query_parse_for(const char *text, gint64 now, bool server,
			    GError **error);

/* ---- controller-query-word.c ---- */

/** query_complain: names @len bytes at @start. Returns: %NULL */
gpointer query_complain(const QueryParser *parser, const char *start, gsize len,
			GError **error, const char *why);
/** query_node: (transfer full) (nullable): %NULL where there are too many */
StoreQuery *query_node(QueryParser *parser, StoreQueryKind kind,
		       const char *start, gsize len, GError **error);
/** query_negate: @query: (transfer full) (nullable) */
StoreQuery *query_negate(QueryParser *parser, StoreQuery *query,
			 const char *start, GError **error);
/** query_is_key: @name: @len bytes: "from", "is" and so on, in any case */
bool query_is_key(const char *name, gsize len);
/** query_condition: (transfer full) (nullable): what @word asks for */
StoreQuery *query_condition(QueryParser *parser, const QueryWord *word,
			    GError **error);
