/* store-query.c - finding messages: a walk along a list, by slices */
#include "store-query.h"

#include <string.h>

#include "base-text.h"
#include "store-reader-private.h"

/* rows between two looks at the clock */
#define CHUNK 500

StoreQuery *
store_query_new(StoreQueryKind kind)
{
	StoreQuery *query = g_new0(StoreQuery, 1);

	query->kind = kind;
	query->children =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_query_free);
	query->from = G_MININT64;
	query->to = G_MAXINT64;
	return query;
}

StoreQuery *
store_query_new_text(guint fields, const char *text)
{
	StoreQuery *query = store_query_new(STORE_QUERY_TEXT);

	query->fields = fields;
	query->text = g_strdup(text);
	return query;
}

void
store_query_free(StoreQuery *query)
{
	if (query == NULL)
		return;
	g_ptr_array_unref(query->children);
	g_free(query->text);
	mail_flags_clear(&query->flags);
	g_free(query);
}

/* A copy, its texts folded as the rows are. Returns: %NULL over the limit */
static StoreQuery *
fold_query(const StoreQuery *query, guint *nodes)
{
	StoreQuery *copy;

	if (++*nodes > STORE_QUERY_NODES_MAX)
		return NULL;
	copy = store_query_new(query->kind);
	copy->fields = query->fields;
	copy->text = query->text == NULL ? NULL : text_fold(query->text, -1);
	copy->flags = mail_flags_copy(&query->flags);
	copy->from = query->from;
	copy->to = query->to;
	for (guint i = 0; i < query->children->len; i++) {
		StoreQuery *child =
		    fold_query(g_ptr_array_index(query->children, i), nodes);

		if (child == NULL) {
			store_query_free(copy);
			return NULL;
		}
		g_ptr_array_add(copy->children, child);
	}
	return copy;
}

static bool
is_texts(const StoreQuery *query)
{
	bool texts = query->kind <= STORE_QUERY_TEXT;

	for (guint i = 0; i < query->children->len; i++)
		texts &= is_texts(g_ptr_array_index(query->children, i));
	return texts;
}

struct StoreSearch {
	StoreReader *reader;
	gint64 mailbox;
	StoreQuery *query;
	bool texts_alone; /* rows of msg are not read: its index has the rest */
	StoreKey at;
};

StoreSearch *
store_search_new(StoreReader *reader, const StoreList *list,
		 const StoreQuery *query, GError **error)
{
	guint nodes = 0;
	StoreQuery *folded = fold_query(query, &nodes);
	StoreSearch *search;

	if (folded == NULL) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_LIMIT,
			    "too many conditions");
		return NULL;
	}
	search = g_new0(StoreSearch, 1);
	search->reader = reader;
	search->mailbox = list->mailbox;
	search->query = folded;
	search->texts_alone = is_texts(folded);
	search->at = (StoreKey){G_MAXINT64, G_MAXINT64, G_MAXINT64, 0};
	return search;
}

void
store_search_free(StoreSearch *search)
{
	if (search == NULL)
		return;
	store_query_free(search->query);
	g_free(search);
}

/* ---- one row ---- */

/* columns: 0 date, 1 uid, 2 id, 3 sender, 4 subject, 5 recipients; and where
 * it is not texts alone: 6 flags, 7 keywords, 8 size, 9 attachments */
static bool
has_text(sqlite3_stmt *row, guint fields, const char *text)
{
	static const struct {
		guint field;
		int column;
	} all[] = {{STORE_FIELD_FROM, 3},
		   {STORE_FIELD_SUBJECT, 4},
		   {STORE_FIELD_TO, 5}};

	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		const char *held =
		    (const char *)sqlite3_column_text(row, all[i].column);

		if ((fields & all[i].field) != 0 && held != NULL &&
		    strstr(held, text) != NULL)
			return true;
	}
	return false;
}

static bool
in_range(const StoreQuery *query, gint64 value)
{
	return value >= query->from && value < query->to;
}

static bool
matches(const StoreQuery *query, sqlite3_stmt *row)
{
	switch (query->kind) {
	case STORE_QUERY_AND:
	case STORE_QUERY_OR: {
		bool all = query->kind == STORE_QUERY_AND;

		for (guint i = 0; i < query->children->len; i++)
			if (matches(g_ptr_array_index(query->children, i),
				    row) != all)
				return !all;
		return all;
	}
	case STORE_QUERY_NOT:
		return query->children->len == 0 ||
		       !matches(g_ptr_array_index(query->children, 0), row);
	case STORE_QUERY_TEXT:
		return has_text(row, query->fields,
				query->text == NULL ? "" : query->text);
	case STORE_QUERY_FLAGS: {
		MailFlags flags = {(guint32)sqlite3_column_int64(row, 6),
				   (char *)sqlite3_column_text(row, 7)};

		return mail_flags_has(&flags, &query->flags);
	}
	case STORE_QUERY_DATE:
		return in_range(query, sqlite3_column_int64(row, 0));
	case STORE_QUERY_SIZE:
		return in_range(query, sqlite3_column_int64(row, 8));
	case STORE_QUERY_ATTACHMENTS:
		return sqlite3_column_int(row, 9) == MESSAGE_ATTACHMENTS_YES;
	}
	return false;
}

/* ---- the walk ---- */

#define TEXTS                                                                  \
	"SELECT msg.date, msg.uid, msg.id, folded.sender, folded.subject, "    \
	"folded.rcpt"
#define REST ", msg.shown_flags, msg.shown_keywords, msg.size, msg.attachments"
#define IN_ALL                                                                 \
	" FROM msg CROSS JOIN folded ON folded.id = msg.id WHERE "             \
	"msg.shown > 0 AND msg.id < ? ORDER BY msg.id DESC LIMIT ?"
#define IN_ONE                                                                 \
	" FROM msg CROSS JOIN folded ON folded.id = msg.id WHERE "             \
	"msg.shown = ? AND msg.shown > 0 AND (msg.date, msg.uid, msg.id) < "   \
	"(?, ?, ?) ORDER BY msg.date DESC, msg.uid DESC, msg.id DESC LIMIT ?"

static sqlite3_stmt *
next_chunk(StoreSearch *search, GError **error)
{
	const StoreKey *at = &search->at;
	StoreDb *db = search->reader->db;

	if (search->mailbox == 0)
		return store_query(db, error,
				   search->texts_alone ? TEXTS IN_ALL
						       : TEXTS REST IN_ALL,
				   "ii", at->id, (gint64)CHUNK);
	return store_query(
	    db, error, search->texts_alone ? TEXTS IN_ONE : TEXTS REST IN_ONE,
	    "iiiii", search->mailbox, at->date, at->second, at->id,
	    (gint64)CHUNK);
}

static gint
newest_first(gconstpointer a, gconstpointer b)
{
	const StoreKey *one = a, *other = b;

	if (one->date != other->date)
		return one->date > other->date ? -1 : 1;
	return (one->id < other->id) - (one->id > other->id);
}

bool
store_search_run(StoreSearch *search, gint64 budget_us, GArray *hits,
		 bool *ret_done, GError **error)
{
	gint64 end = g_get_monotonic_time() + budget_us;

	*ret_done = false;
	do {
		sqlite3_stmt *row = next_chunk(search, error);
		guint seen = 0;
		int code = -1;

		while (row != NULL && (code = store_step(search->reader->db,
							 row, error)) == 1) {
			seen++;
			search->at =
			    (StoreKey){sqlite3_column_int64(row, 0),
				       sqlite3_column_int64(row, 1),
				       sqlite3_column_int64(row, 2), 0};
			if (matches(search->query, row))
				g_array_append_val(hits, search->at);
		}
		if (code < 0)
			return false;
		*ret_done = seen < CHUNK;
	} while (!*ret_done && g_get_monotonic_time() < end);
	/* over all mailboxes they were met as they came in */
	if (*ret_done && search->mailbox == 0)
		g_array_sort(hits, newest_first);
	return true;
}
