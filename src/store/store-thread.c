/* store-thread.c - which thread a message belongs to, decided as it comes in */
#include <string.h>

#include "base-text.h"
#include "store-writer-private.h"

/* A subject says something only if it is this long and this near in time. */
#define SUBJECT_MIN 6u
#define SUBJECT_MAX 1000u
#define SUBJECT_NEAR_US ((gint64)30 * 24 * 3600 * G_USEC_PER_SEC)
/* up to here two threads are compared by counting one row after the other */
#define COUNT_CHEAP 1000

static bool
count_up_to(StoreWriter *writer, gint64 thread, gint64 most, gint64 *ret,
	    GError **error)
{
	return store_number(writer->db, 0, ret, error,
			    "SELECT count(*) FROM (SELECT 1 FROM msg "
			    "WHERE thread = ? LIMIT ?)",
			    "ii", thread, most);
}

static void
note_size(StoreWriter *writer, gint64 thread, gint64 members)
{
	if (members < COUNT_CHEAP)
		g_hash_table_remove(writer->sizes, &thread);
	else
		g_hash_table_insert(writer->sizes,
				    g_memdup2(&thread, sizeof thread),
				    g_memdup2(&members, sizeof members));
}

/* Members of a thread; those of a large one are counted once and then kept up.
 * Some may have gone since: it is never too low. */
static bool
members_of(StoreWriter *writer, gint64 thread, gint64 *ret, GError **error)
{
	const gint64 *kept = g_hash_table_lookup(writer->sizes, &thread);

	if (kept != NULL) {
		*ret = *kept;
		return true;
	}
	if (!count_up_to(writer, thread, COUNT_CHEAP, ret, error))
		return false;
	if (*ret < COUNT_CHEAP)
		return true;
	if (!count_up_to(writer, thread, STORE_THREAD_MAX, ret, error))
		return false;
	note_size(writer, thread, *ret);
	return true;
}

/* One more message for the thread: whether there is room, as one that is full
 * and has lost some since is counted again. */
static bool
take_room(StoreWriter *writer, gint64 thread, gint64 mailbox, bool *ret,
	  GError **error)
{
	gint64 members;

	*ret = true;
	/* small in each mailbox is small in all of them */
	if (!g_hash_table_contains(writer->sizes, &thread)) {
		if (!store_counts_thread(writer->counts, mailbox, thread,
					 &members, error))
			return false;
		if (members < COUNT_CHEAP)
			return true;
	}
	if (!members_of(writer, thread, &members, error))
		return false;
	if (members >= STORE_THREAD_MAX &&
	    !count_up_to(writer, thread, STORE_THREAD_MAX, &members, error))
		return false;
	*ret = members < STORE_THREAD_MAX;
	note_size(writer, thread, members + (*ret ? 1 : 0));
	return true;
}

/* What one message says of Message-IDs, its own and those it refers to. */
static void
set_ids(StoreWriter *writer, gint64 mid, const gint64 *refs, gsize n_refs,
	gint64 thread)
{
	if (mid != 0)
		store_mids_set(writer->mids, mid, thread);
	for (gsize i = 0; i < n_refs; i++)
		store_mids_set(writer->mids, refs[i], thread);
}

static void
set_ids_from(StoreWriter *writer, sqlite3_stmt *row, int column, gint64 thread)
{
	set_ids(writer, sqlite3_column_int64(row, column),
		sqlite3_column_blob(row, column + 1),
		(gsize)sqlite3_column_bytes(row, column + 1) / sizeof(gint64),
		thread);
}

/* Counts and Message-IDs follow each row; the rows themselves go in one
 * statement. */
static bool
move_members(StoreWriter *writer, gint64 from, gint64 into, GError **error)
{
	sqlite3_stmt *row =
	    store_query(writer->db, error,
			"SELECT shown, date, shown_flags, mid, refs FROM msg "
			"WHERE thread = ?",
			"i", from);
	int code = -1;

	while (row != NULL &&
	       (code = store_step(writer->db, row, error)) == 1) {
		StorePlace place = {sqlite3_column_int64(row, 0),
				    sqlite3_column_int64(row, 1), from,
				    (guint32)sqlite3_column_int64(row, 2)};
		StorePlace moved = place;

		moved.thread = into;
		set_ids_from(writer, row, 3, into);
		if (!store_counts_move(writer->counts, &place, &moved, error)) {
			sqlite3_reset(row);
			return false;
		}
	}
	return code == 0;
}

static bool
merge(StoreWriter *writer, gint64 *thread, gint64 other, bool *full,
      GError **error)
{
	gint64 from = other, into = *thread;
	gint64 members, others;

	if (!members_of(writer, *thread, &members, error) ||
	    !members_of(writer, other, &others, error))
		return false;
	if (members + others > STORE_THREAD_MAX) {
		*full = true;
		return true;
	}
	if (others > members) {
		from = *thread;
		into = other;
	}
	*thread = into;
	note_size(writer, from, 0);
	note_size(writer, into, members + others);
	return move_members(writer, from, into, error) &&
	       store_run(writer->db, error,
			 "UPDATE msg SET thread = ? WHERE thread = ?", "ii",
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

		return end == NULL || end - text > 40 ? 0
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
	/* a key of its own: no Message-ID may be made to look like a subject */
	StoreHashKey key = {~writer->key.a, writer->key.b};
	const char *base = base_subject(subject, ret_is_reply);
	gsize len = strlen(base);
	g_autofree char *folded = NULL;

	if (len < SUBJECT_MIN || len > SUBJECT_MAX)
		return false;
	folded = text_fold(base, (gssize)len);
	*ret_hash = store_hash(&key, folded, strlen(folded));
	return true;
}

/* The message that stands for a subject is noted as its number and, in the
 * lowest bit, whether it is a bare "Re:" that waits for its root. */
static bool
find_subject(StoreWriter *writer, gint64 hash, gint64 date, gint64 *ret_thread,
	     bool *ret_waits, GError **error)
{
	gint64 value;

	*ret_thread = 0;
	if (!store_mids_find(writer->mids, hash, &value, error))
		return false;
	*ret_waits = (value & 1) != 0;
	return value == 0 ||
	       store_number(writer->db, 0, ret_thread, error,
			    "SELECT thread FROM msg WHERE id = ?1 AND "
			    "date BETWEEN ?2 - ?3 AND ?2 + ?3",
			    "iii", value / 2, date, SUBJECT_NEAR_US);
}

/* A bare "Re:" joins what stands for its subject; a root that comes after it
 * takes it along. Threads are never merged by a subject: common ones would
 * join strangers without end. */
static bool
join_by_subject(StoreWriter *writer, const char *subject, gint64 id,
		gint64 date, gint64 *thread, GError **error)
{
	gint64 hash, found;
	bool is_reply, waits;

	if (!hash_subject(writer, subject, &hash, &is_reply))
		return true;
	if (!find_subject(writer, hash, date, &found, &waits, error))
		return false;
	if (*thread == 0 && (is_reply || waits))
		*thread = found;
	/* the root stands for it from now on, else the first reply */
	if (!is_reply || found == 0)
		store_mids_set(writer->mids, hash, id * 2 + is_reply);
	return true;
}

/* ---- finding ---- */

/* The thread of a Message-ID; one that has lost its last message is none. */
static bool
find_live(StoreWriter *writer, gint64 mailbox, gint64 hash, gint64 *ret,
	  GError **error)
{
	gint64 rows;

	if (!store_mids_find(writer->mids, hash, ret, error))
		return false;
	if (*ret == 0)
		return true;
	/* most often it has rows here: those are counted already */
	return store_counts_thread(writer->counts, mailbox, *ret, &rows,
				   error) &&
	       (rows > 0 ||
		store_number(writer->db, 0, ret, error,
			     "SELECT thread FROM msg WHERE thread = ? LIMIT 1",
			     "i", *ret));
}

/* The threads that a message's own Message-ID and its references name become
 * one. */
static bool
join_by_ids(StoreWriter *writer, gint64 mailbox, gint64 mid, const gint64 *refs,
	    guint n_refs, gint64 *thread, bool *full, GError **error)
{
	if (mid != 0 && !find_live(writer, mailbox, mid, thread, error))
		return false;
	for (guint i = n_refs; i-- > 0;) {
		gint64 other;

		if (!find_live(writer, mailbox, refs[i], &other, error))
			return false;
		if (*thread == 0)
			*thread = other;
		else if (other != 0 && other != *thread &&
			 !merge(writer, thread, other, full, error))
			return false;
	}
	return true;
}

/* Says the new message's ids. What is known of them may speak of a thread that
 * has ended; where a thread was full, what it has stays its own. */
static bool
note_ids(StoreWriter *writer, gint64 mid, const gint64 *refs, guint n_refs,
	 gint64 thread, bool full, GError **error)
{
	for (guint i = 0; i <= n_refs; i++) {
		gint64 hash = i < n_refs ? refs[i] : mid;
		gint64 known;

		if (hash == 0)
			continue;
		if (!store_mids_find(writer->mids, hash, &known, error))
			return false;
		if (known == 0 || (known != thread && !full))
			store_mids_set(writer->mids, hash, thread);
	}
	return true;
}

bool
store_thread_find(StoreWriter *writer, gint64 mailbox, gint64 id, gint64 mid,
		  const gint64 *refs, guint n_refs, const char *subject,
		  gint64 date, gint64 *ret_thread, GError **error)
{
	gint64 thread = 0;
	bool room = false, full = false;

	if (!join_by_ids(writer, mailbox, mid, refs, n_refs, &thread, &full,
			 error))
		return false;
	if (n_refs == 0 &&
	    !join_by_subject(writer, subject, id, date, &thread, error))
		return false;
	if (thread != 0 && !take_room(writer, thread, mailbox, &room, error))
		return false;
	full |= thread != 0 && !room;
	if (!room)
		thread = id;
	*ret_thread = thread;
	return note_ids(writer, mid, refs, n_refs, thread, full, error);
}

bool
store_thread_leave(StoreWriter *writer, gint64 id, gint64 thread,
		   GError **error)
{
	sqlite3_stmt *row = store_query(
	    writer->db, error,
	    "SELECT mid, refs FROM msg WHERE id = ?1 AND NOT EXISTS "
	    "(SELECT 1 FROM msg WHERE thread = ?2 AND id <> ?1)",
	    "ii", id, thread);
	int code = row == NULL ? -1 : store_step(writer->db, row, error);

	if (code != 1)
		return code == 0;
	set_ids_from(writer, row, 0, 0);
	sqlite3_reset(row);
	return true;
}
