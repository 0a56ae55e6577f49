/* store-query.h - finding messages: conditions, and a search by slices */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-flags.h"
#include "store-list.h"

/** StoreField: where a text is looked for */
typedef enum {
	STORE_FIELD_FROM = 1u << 0,
	STORE_FIELD_SUBJECT = 1u << 1,
	STORE_FIELD_TO = 1u << 2, /* To and Cc */
} StoreField;

typedef enum {
	STORE_QUERY_AND,   /* all of @children; none: everything */
	STORE_QUERY_OR,    /* any of @children; none: nothing */
	STORE_QUERY_NOT,   /* not the one child */
	STORE_QUERY_TEXT,  /* @text in @fields */
	STORE_QUERY_FLAGS, /* all of @flags are set */
	STORE_QUERY_DATE,  /* INTERNALDATE in [@from, @to): µs since 1970 */
	STORE_QUERY_SIZE,  /* size in [@from, @to): bytes */
	STORE_QUERY_ATTACHMENTS, /* has some, as far as known */
} StoreQueryKind;

/**
 * StoreQuery: one node of a condition
 * @fields: or of #StoreField
 * @text: substring, case and accents aside, in any script
 */
typedef struct StoreQuery {
	StoreQueryKind kind;
	GPtrArray *children;
	guint fields;
	char *text;
	MailFlags flags;
	gint64 from;
	gint64 to;
} StoreQuery;

/** STORE_QUERY_NODES_MAX: nodes of one query; more are %STORE_ERROR_LIMIT */
#define STORE_QUERY_NODES_MAX 1000u

/** store_query_new: (transfer full): for AND, OR and NOT add to @children;
 * from is G_MININT64, to G_MAXINT64 */
StoreQuery *store_query_new(StoreQueryKind kind);
StoreQuery *store_query_new_text(guint fields, const char *text);
/** store_query_free: (nullable) */
void store_query_free(StoreQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreQuery, store_query_free)

/**
 * StoreSearch: a search that is under way, on the thread of its reader. Texts
 * are found in a folded copy of sender, subject and recipients, so no header
 * is read.
 */
typedef struct StoreSearch StoreSearch;
/** store_search_new: @list: mailbox 0 searches all of them, by date;
 * @query: copied */
StoreSearch *store_search_new(StoreReader *reader, const StoreList *list,
			      const StoreQuery *query, GError **error);
/** store_search_free: (nullable) */
void store_search_free(StoreSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreSearch, store_search_free)
/**
 * store_search_run:
 * @budget_us: returns after about so many µs, with what was found so far
 * @hits: (element-type StoreKey): hits are appended, in list order
 * @ret_done: (out): the list is at its end: hits->len is the total
 */
bool store_search_run(StoreSearch *search, gint64 budget_us, GArray *hits,
		      bool *ret_done, GError **error);
