/* store-thread.c - which thread a message belongs to, decided as it comes in */
#include <string.h>

#include "base-text.h"
#include "store-writer-private.h"

/* A subject says something only if it is this long and this near in time. */
#define SUBJECT_MIN 6u
#define SUBJECT_NEAR_US ((gint64)30 * 24 * 3600 * G_USEC_PER_SEC)
/* up to here two threads are compared by counting one row after the other */
#define COUNT_CHEAP 1000

static bool
lookup(StoreWriter *writer, gint64 hash, gint64 *ret, GError **error)
{
	return store_number(writer->db, 0, ret, error,
			    "SELECT thread FROM mid WHERE hash = ?", "i", hash);
}

static bool
count_up_to(StoreWriter *writer, gint64 thread, gint64 most, gint64 *ret,
	    GError **error)
{
	return store_number(writer->db, 0, ret, error,
			    "SELECT count(*) FROM (SELECT 1 FROM msg "
			    "WHERE thread = ? LIMIT ?)",
			    "ii", thread, most);
}

static bool
is_larger(StoreWriter *writer, gint64 a, gint64 b, bool *ret_b_larger,
	  bool *ret_too_large, GError **error)
{
	gint64 in_a, in_b;

	if (!count_up_to(writer, a, COUNT_CHEAP, &in_a, error) ||
	    !count_up_to(writer, b, COUNT_CHEAP, &in_b, error))
		return false;
	*ret_too_large = false;
	if (in_a == COUNT_CHEAP && in_b == COUNT_CHEAP) {
		if (!count_up_to(writer, a, STORE_THREAD_MAX, &in_a, error) ||
		    !count_up_to(writer, b, STORE_THREAD_MAX, &in_b, error))
			return false;
		*ret_too_large = in_a + in_b > STORE_THREAD_MAX;
	}
	*ret_b_larger = in_b > in_a;
	return true;
}

/* The counts follow each row; the rows themselves go in one statement. */
static bool
recount(StoreWriter *writer, gint64 from, gint64 into, GError **error)
{
	sqlite3_stmt *row = store_query(
	    writer->db, error,
	    "SELECT shown, date, shown_flags FROM msg WHERE thread = ?", "i",
	    from);
	int code = -1;

	while (row != NULL && (code = store_step(writer->db, row, error)) == 1) {
		StorePlace place = {sqlite3_column_int64(row, 0),
				    sqlite3_column_int64(row, 1), from,
				    (guint32)sqlite3_column_int64(row, 2)};

		if (!store_counts_add(writer->counts, &place, -1, error))
			return false;
		place.thread = into;
		if (!store_counts_add(writer->counts, &place, 1, error))
			return false;
	}
	return code == 0;
}

static bool
merge(StoreWriter *writer, gint64 *thread, gint64 other, GError **error)
{
	bool other_larger, too_large;
	gint64 from = other, into = *thread;

	if (!is_larger(writer, *thread, other, &other_larger, &too_large,
		       error))
		return false;
	if (too_large)
		return true;
	if (other_larger) {
		from = *thread;
		into = other;
	}
	*thread = into;
	return recount(writer, from, into, error) &&
	       store_run(writer->db, error,
			 "UPDATE msg SET thread = ? WHERE thread = ?", "ii",
			 into, from) &&
	       store_run(writer->db, error,
			 "UPDATE mid SET thread = ? WHERE thread = ?", "ii",
			 into, from);
}

/* ---- the last resort: subjects ---- */

static gsize
prefix_len(const char *text)
{
	static const char *const replies[] = {"re", "aw", "fwd", "fw",
					      "wg", "sv", "antw"};

	if (*text == '[') {
		const char *end = strchr(text, ']');

		return end == NULL || end - text > 40
			   ? 0
			   : (gsize)(end + 1 - text);
	}
	for (guint i = 0; i < G_N_ELEMENTS(replies); i++) {
		gsize len = strlen(replies[i]);

		if (g_ascii_strncasecmp(text, replies[i], len) == 0 &&
		    text[len] == ':')
			return len + 1;
	}
	return 0;
}

/* The subject without what replies and lists put before it. */
static const char *
base_subject(const char *text, bool *ret_is_reply)
{
	gsize len;

	*ret_is_reply = false;
	for (;;) {
		text += strspn(text, " \t");
		len = prefix_len(text);
		if (len == 0)
			return text;
		if (*text != '[')
			*ret_is_reply = true;
		text += len;
	}
}

static bool
hash_subject(StoreWriter *writer, const char *subject, gint64 *ret_hash,
	     bool *ret_is_reply)
{
	const char *base = base_subject(subject, ret_is_reply);
	g_autofree char *folded = NULL;
	g_autofree char *salted = NULL;

	if (strlen(base) < SUBJECT_MIN)
		return false;
	folded = text_fold(base, -1);
	salted = g_strconcat("S", folded, NULL);
	*ret_hash = store_hash(&writer->key, salted, strlen(salted));
	return true;
}

/* A bare "Re:" joins its subject's last root; threads are never merged by it. */
static bool
join_by_subject(StoreWriter *writer, const char *subject, gint64 date,
		gint64 *thread, GError **error)
{
	gint64 hash;
	bool is_reply;

	if (!hash_subject(writer, subject, &hash, &is_reply) || !is_reply)
		return true;
	return store_number(writer->db, 0, thread, error,
			    "SELECT thread FROM subject WHERE hash = ?1 AND "
			    "abs(date - ?2) < ?3 AND EXISTS (SELECT 1 FROM "
			    "msg WHERE msg.thread = subject.thread)",
			    "iii", hash, date, SUBJECT_NEAR_US);
}

static bool
note_subject(StoreWriter *writer, const char *subject, gint64 date,
	     gint64 thread, GError **error)
{
	gint64 hash;
	bool is_reply;

	return !hash_subject(writer, subject, &hash, &is_reply) || is_reply ||
	       store_run(writer->db, error,
			 "INSERT OR REPLACE INTO subject VALUES (?, ?, ?)",
			 "iii", hash, thread, date);
}

/* ---- finding ---- */

static bool
note_id(StoreWriter *writer, gint64 hash, gint64 thread, GError **error)
{
	return store_run(writer->db, error,
			 "INSERT OR IGNORE INTO mid VALUES (?, ?)", "ii", hash,
			 thread);
}

bool
store_thread_find(StoreWriter *writer, gint64 id, gint64 mid,
		  const gint64 *refs, guint n_refs, const char *subject,
		  gint64 date, gint64 *ret_thread, GError **error)
{
	gint64 thread = 0;

	if (mid != 0 && !lookup(writer, mid, &thread, error))
		return false;
	for (guint i = n_refs; i-- > 0;) {
		gint64 other;

		if (!lookup(writer, refs[i], &other, error))
			return false;
		if (thread == 0)
			thread = other;
		else if (other != 0 && other != thread &&
			 !merge(writer, &thread, other, error))
			return false;
	}
	if (thread == 0 && n_refs == 0 &&
	    !join_by_subject(writer, subject, date, &thread, error))
		return false;
	if (thread == 0)
		thread = id;
	for (guint i = 0; i < n_refs; i++)
		if (!note_id(writer, refs[i], thread, error))
			return false;
	if (mid != 0 && !note_id(writer, mid, thread, error))
		return false;
	*ret_thread = thread;
	return n_refs != 0 ||
	       note_subject(writer, subject, date, thread, error);
}
