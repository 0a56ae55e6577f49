/* store-mids.c - what the hashes of Message-IDs and subjects stand for */
#include "store-mids.h"

#include <stdlib.h>
#include <string.h>

/* so many wait in memory before they become a run */
#define FRESH_MAX 60000u
/* of a run, that go into the tree with one commit: more than a commit of the
 * bulk brings */
#define STEP_MIN 1000u

/** Mid: as the log holds it; @value 0: forgotten; @hash 0: an empty slot */
typedef struct {
	gint64 hash;
	gint64 value;
} Mid;

struct StoreMids {
	StoreDb *db;
	bool loaded;
	Mid *fresh; /* open addressing; twice as many slots as entries */
	guint slots;
	guint n_fresh;
	GArray *unsaved; /* of Mid: since the last commit */
	gint64 run;      /* that fresh ones are logged under */
	gsize logged;    /* entries in the log of that run */
	GArray *sorted;  /* of Mid: the run before, on its way; may be NULL */
	guint merged;    /* of it, that are in the tree */
};

/* ---- what is fresh ---- */

static void
clear_fresh(StoreMids *mids)
{
	g_free(mids->fresh);
	mids->slots = 1024;
	mids->fresh = g_new0(Mid, mids->slots);
	mids->n_fresh = 0;
}

/* The hashes are keyed: no one outside can make them meet. */
static Mid *
slot_of(const StoreMids *mids, gint64 hash)
{
	guint at = (guint)((guint64)hash >> 20) & (mids->slots - 1);

	while (mids->fresh[at].hash != 0 && mids->fresh[at].hash != hash)
		at = (at + 1) & (mids->slots - 1);
	return &mids->fresh[at];
}

static void
grow(StoreMids *mids)
{
	Mid *old = mids->fresh;
	guint n = mids->slots;

	mids->slots *= 2;
	mids->fresh = g_new0(Mid, mids->slots);
	for (guint i = 0; i < n; i++)
		if (old[i].hash != 0)
			*slot_of(mids, old[i].hash) = old[i];
	g_free(old);
}

static void
put_fresh(StoreMids *mids, Mid entry)
{
	Mid *slot = slot_of(mids, entry.hash);

	if (slot->hash == 0 && ++mids->n_fresh * 2 > mids->slots) {
		grow(mids);
		slot = slot_of(mids, entry.hash);
	}
	*slot = entry;
}

/* ---- the log ---- */

static bool
load(StoreMids *mids, GError **error)
{
	sqlite3_stmt *row;
	int code = -1;

	if (mids->loaded)
		return true;
	clear_fresh(mids);
	mids->logged = 0;
	row = store_query(mids->db, error,
			  "SELECT run, entries FROM midlog ORDER BY id", "");
	while (row != NULL && (code = store_step(mids->db, row, error)) == 1) {
		const char *bytes = sqlite3_column_blob(row, 1);
		gsize n = (gsize)sqlite3_column_bytes(row, 1) / sizeof(Mid);

		mids->run = MAX(mids->run, sqlite3_column_int64(row, 0));
		for (gsize i = 0; i < n; i++) {
			Mid entry;

			memcpy(&entry, bytes + i * sizeof entry, sizeof entry);
			if (entry.hash != 0)
				put_fresh(mids, entry);
		}
		mids->logged += n;
	}
	if (code != 0)
		return false;
	/* what was said before anyone asked is not in the log yet */
	for (guint i = 0; i < mids->unsaved->len; i++)
		put_fresh(mids, g_array_index(mids->unsaved, Mid, i));
	mids->loaded = true;
	return true;
}

static bool
save(StoreMids *mids, GError **error)
{
	return mids->unsaved->len == 0 ||
	       store_run(mids->db, error,
			 "INSERT INTO midlog (run, entries) VALUES (?, ?)",
			 "ib", mids->run, (const void *)mids->unsaved->data,
			 (gsize)mids->unsaved->len * sizeof(Mid));
}

/* ---- the tree ---- */

static int
by_hash(const void *a, const void *b)
{
	const Mid *one = a, *other = b;

	return (one->hash > other->hash) - (one->hash < other->hash);
}

static void
start_run(StoreMids *mids)
{
	mids->sorted =
	    g_array_sized_new(FALSE, FALSE, sizeof(Mid), mids->n_fresh);
	for (guint i = 0; i < mids->slots; i++)
		if (mids->fresh[i].hash != 0)
			g_array_append_val(mids->sorted, mids->fresh[i]);
	qsort(mids->sorted->data, mids->sorted->len, sizeof(Mid), by_hash);
	mids->merged = 0;
	mids->run++;
	mids->logged = 0;
	clear_fresh(mids);
}

static bool
merge_one(StoreMids *mids, const Mid *entry, GError **error)
{
	return entry->value == 0
		   ? store_run(mids->db, error,
			       "DELETE FROM mid WHERE hash = ?", "i",
			       entry->hash)
		   : store_run(mids->db, error,
			       "INSERT OR REPLACE INTO mid VALUES (?, ?)", "ii",
			       entry->hash, entry->value);
}

static bool
merge_some(StoreMids *mids, guint n, GError **error)
{
	for (; n > 0 && mids->merged < mids->sorted->len; n--)
		if (!merge_one(
			mids, &g_array_index(mids->sorted, Mid, mids->merged++),
			error))
			return false;
	if (mids->merged < mids->sorted->len)
		return true;
	g_clear_pointer(&mids->sorted, g_array_unref);
	return store_run(mids->db, error, "DELETE FROM midlog WHERE run < ?",
			 "i", mids->run);
}

static bool
read_tree(StoreDb *db, gint64 hash, gint64 *ret, GError **error)
{
	return store_number(db, 0, ret, error,
			    "SELECT value FROM mid WHERE hash = ?", "i", hash);
}

/* ---- the writer's ---- */

StoreMids *
store_mids_new(StoreDb *db)
{
	StoreMids *mids = g_new0(StoreMids, 1);

	mids->db = db;
	mids->unsaved = g_array_new(FALSE, FALSE, sizeof(Mid));
	return mids;
}

void
store_mids_free(StoreMids *mids)
{
	if (mids == NULL)
		return;
	store_mids_discard(mids);
	g_free(mids->fresh);
	g_array_unref(mids->unsaved);
	g_free(mids);
}

void
store_mids_discard(StoreMids *mids)
{
	mids->loaded = false;
	mids->run = 0;
	g_array_set_size(mids->unsaved, 0);
	g_clear_pointer(&mids->sorted, g_array_unref);
}

bool
store_mids_find(StoreMids *mids, gint64 hash, gint64 *ret_value, GError **error)
{
	const Mid key = {hash, 0};
	const Mid *found;

	if (!load(mids, error))
		return false;
	found = slot_of(mids, hash);
	if (found->hash == 0)
		found = mids->sorted == NULL
			    ? NULL
			    : bsearch(&key, mids->sorted->data,
				      mids->sorted->len, sizeof key, by_hash);
	if (found == NULL)
		return read_tree(mids->db, hash, ret_value, error);
	*ret_value = found->value;
	return true;
}

void
store_mids_set(StoreMids *mids, gint64 hash, gint64 value)
{
	Mid entry = {hash, value};

	/* before the first look they go to the log alone */
	if (mids->loaded)
		put_fresh(mids, entry);
	g_array_append_val(mids->unsaved, entry);
}

bool
store_mids_flush(StoreMids *mids, GError **error)
{
	guint step = MAX(STEP_MIN, mids->unsaved->len * 2);

	if (!save(mids, error))
		return false;
	mids->logged += mids->unsaved->len;
	g_array_set_size(mids->unsaved, 0);
	if (mids->loaded && mids->sorted == NULL &&
	    (mids->n_fresh > FRESH_MAX || mids->logged > 4 * FRESH_MAX))
		start_run(mids);
	return mids->sorted == NULL || merge_some(mids, step, error);
}

/* ---- a reader's ---- */

bool
store_mids_read(StoreDb *db, gint64 hash, gint64 *ret_value, GError **error)
{
	sqlite3_stmt *row = store_query(
	    db, error, "SELECT entries FROM midlog ORDER BY id DESC", "");
	int code = -1;

	while (row != NULL && (code = store_step(db, row, error)) == 1) {
		const char *bytes = sqlite3_column_blob(row, 0);

		for (gsize n =
			 (gsize)sqlite3_column_bytes(row, 0) / sizeof(Mid);
		     n > 0; n--) {
			Mid entry;

			memcpy(&entry, bytes + (n - 1) * sizeof entry,
			       sizeof entry);
			if (entry.hash != hash)
				continue;
			*ret_value = entry.value;
			sqlite3_reset(row);
			return true;
		}
	}
	return code == 0 && read_tree(db, hash, ret_value, error);
}
