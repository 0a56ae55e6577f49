/* model-uidset.c - sets of UIDs, as sorted ranges */
#include "model-uidset.h"

#include <string.h>

static UidRange *
range_at(const UidSet *set, guint i)
{
	return &g_array_index(set->ranges, UidRange, i);
}

UidSet *
uid_set_new(void)
{
	UidSet *set = g_new(UidSet, 1);

	set->ranges = g_array_new(FALSE, FALSE, sizeof(UidRange));
	return set;
}

void
uid_set_free(UidSet *set)
{
	if (set == NULL)
		return;
	g_array_unref(set->ranges);
	g_free(set);
}

UidSet *
uid_set_copy(const UidSet *set)
{
	UidSet *copy = uid_set_new();

	g_array_append_vals(copy->ranges, set->ranges->data, set->ranges->len);
	return copy;
}

/* Index of the first range whose last UID is not below @uid. */
static guint
find_range(const UidSet *set, guint32 uid)
{
	guint low = 0;
	guint high = set->ranges->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (range_at(set, middle)->last < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
uid_set_add_range(UidSet *set, guint32 first, guint32 last)
{
	guint at, end;
	UidRange range;

	if (first > last) {
		guint32 swap = first;

		first = last;
		last = swap;
	}
	if (last == 0)
		return;
	range.first = MAX(first, 1u);
	range.last = last;
	/* ranges that touch ours count too: 1:3 and 4 are one */
	at = find_range(set, range.first > 1 ? range.first - 1 : 1);
	for (end = at; end < set->ranges->len; end++) {
		const UidRange *other = range_at(set, end);

		if (range.last < G_MAXUINT32 && other->first > range.last + 1)
			break;
		range.first = MIN(range.first, other->first);
		range.last = MAX(range.last, other->last);
	}
	if (end == at) {
		g_array_insert_val(set->ranges, at, range);
		return;
	}
	*range_at(set, at) = range;
	if (end > at + 1)
		g_array_remove_range(set->ranges, at + 1, end - at - 1);
}

void
uid_set_add(UidSet *set, guint32 uid)
{
	UidRange *last;

	if (uid == 0)
		return;
	if (set->ranges->len > 0) {
		last = range_at(set, set->ranges->len - 1);
		if (last->last < G_MAXUINT32 && uid == last->last + 1) {
			last->last = uid;
			return;
		}
	}
	uid_set_add_range(set, uid, uid);
}

void
uid_set_add_set(UidSet *set, const UidSet *other)
{
	GArray *merged;
	guint i = 0, j = 0;

	if (other->ranges->len == 0)
		return;
	if (other->ranges->len == 1) {
		uid_set_add_range(set, range_at(other, 0)->first,
				  range_at(other, 0)->last);
		return;
	}
	merged = g_array_sized_new(FALSE, FALSE, sizeof(UidRange),
				   set->ranges->len + other->ranges->len);
	while (i < set->ranges->len || j < other->ranges->len) {
		bool ours =
		    j == other->ranges->len ||
		    (i < set->ranges->len &&
		     range_at(set, i)->first <= range_at(other, j)->first);
		UidRange next =
		    ours ? *range_at(set, i++) : *range_at(other, j++);
		UidRange *last =
		    merged->len == 0
			? NULL
			: &g_array_index(merged, UidRange, merged->len - 1);

		if (last != NULL &&
		    (last->last == G_MAXUINT32 || next.first <= last->last + 1))
			last->last = MAX(last->last, next.last);
		else
			g_array_append_val(merged, next);
	}
	g_array_unref(set->ranges);
	set->ranges = merged;
}

void
uid_set_remove_set(UidSet *set, const UidSet *other)
{
	GArray *left = g_array_new(FALSE, FALSE, sizeof(UidRange));
	guint j = 0;

	for (guint i = 0; i < set->ranges->len; i++) {
		UidRange rest = *range_at(set, i);
		bool gone = false;

		while (j < other->ranges->len &&
		       range_at(other, j)->last < rest.first)
			j++;
		for (guint k = j; k < other->ranges->len && !gone; k++) {
			const UidRange *cut = range_at(other, k);

			if (cut->first > rest.last)
				break;
			if (cut->first > rest.first) {
				UidRange before = {rest.first, cut->first - 1};

				g_array_append_val(left, before);
			}
			if (cut->last >= rest.last)
				gone = true;
			else
				rest.first = cut->last + 1;
		}
		if (!gone)
			g_array_append_val(left, rest);
	}
	g_array_unref(set->ranges);
	set->ranges = left;
}

void
uid_set_intersect(UidSet *set, const UidSet *other)
{
	GArray *both = g_array_new(FALSE, FALSE, sizeof(UidRange));
	guint i = 0, j = 0;

	while (i < set->ranges->len && j < other->ranges->len) {
		const UidRange *a = range_at(set, i);
		const UidRange *b = range_at(other, j);
		UidRange shared = {MAX(a->first, b->first),
				   MIN(a->last, b->last)};

		if (shared.first <= shared.last)
			g_array_append_val(both, shared);
		if (a->last < b->last)
			i++;
		else
			j++;
	}
	g_array_unref(set->ranges);
	set->ranges = both;
}

/* Reads one nz-number; false at anything else or over 32 bits. */
static bool
read_uid(const char **p, const char *end, guint32 *ret)
{
	guint64 value = 0;
	const char *start = *p;

	while (*p < end && g_ascii_isdigit(**p) && value <= G_MAXUINT32)
		value = value * 10 + (guint64)(*(*p)++ - '0');
	if (*p == start || value == 0 || value > G_MAXUINT32)
		return false;
	*ret = (guint32)value;
	return true;
}

static int
compare_ranges(gconstpointer a, gconstpointer b)
{
	const UidRange *left = a;
	const UidRange *right = b;

	return (left->first > right->first) - (left->first < right->first);
}

/* Sorts what was read and joins what touches. */
static void
normalize(UidSet *set)
{
	guint kept = 0;

	g_array_sort(set->ranges, compare_ranges);
	for (guint i = 1; i < set->ranges->len; i++) {
		UidRange *last = range_at(set, kept);
		const UidRange *next = range_at(set, i);

		if (last->last == G_MAXUINT32 || next->first <= last->last + 1)
			last->last = MAX(last->last, next->last);
		else
			*range_at(set, ++kept) = *next;
	}
	if (set->ranges->len > 0)
		g_array_set_size(set->ranges, kept + 1);
}

UidSet *
uid_set_parse(const char *text, gssize len)
{
	const char *end = text + (len < 0 ? strlen(text) : (gsize)len);
	g_autoptr(UidSet) set = uid_set_new();

	while (text < end) {
		UidRange range;

		if (!read_uid(&text, end, &range.first))
			return NULL;
		range.last = range.first;
		if (text < end && *text == ':') {
			text++;
			if (!read_uid(&text, end, &range.last))
				return NULL;
		}
		if (range.first > range.last)
			range = (UidRange){range.last, range.first};
		if (set->ranges->len == UID_SET_MAX_RANGES)
			return NULL;
		g_array_append_val(set->ranges, range);
		if (text == end)
			break;
		if (*text++ != ',' || text == end)
			return NULL;
	}
	if (set->ranges->len == 0)
		return NULL;
	normalize(set);
	return g_steal_pointer(&set);
}

char *
uid_set_to_string(const UidSet *set)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < set->ranges->len; i++) {
		const UidRange *range = range_at(set, i);

		if (i > 0)
			g_string_append_c(text, ',');
		g_string_append_printf(text, "%u", range->first);
		if (range->last != range->first)
			g_string_append_printf(text, ":%u", range->last);
	}
	return g_string_free(text, FALSE);
}

bool
uid_set_contains(const UidSet *set, guint32 uid)
{
	guint at = find_range(set, uid);

	return uid != 0 && at < set->ranges->len &&
	       range_at(set, at)->first <= uid;
}

bool
uid_set_equal(const UidSet *a, const UidSet *b)
{
	return a->ranges->len == b->ranges->len &&
	       (a->ranges->len == 0 ||
		memcmp(a->ranges->data, b->ranges->data,
		       a->ranges->len * sizeof(UidRange)) == 0);
}

bool
uid_set_is_empty(const UidSet *set)
{
	return set->ranges->len == 0;
}

guint64
uid_set_count(const UidSet *set)
{
	guint64 count = 0;

	for (guint i = 0; i < set->ranges->len; i++)
		count += (guint64)range_at(set, i)->last -
			 range_at(set, i)->first + 1;
	return count;
}

guint32
uid_set_min(const UidSet *set)
{
	return set->ranges->len == 0 ? 0 : range_at(set, 0)->first;
}

guint32
uid_set_max(const UidSet *set)
{
	return set->ranges->len == 0
		   ? 0
		   : range_at(set, set->ranges->len - 1)->last;
}

void
uid_set_iter_init(UidSetIter *iter, const UidSet *set)
{
	iter->set = set;
	iter->range = 0;
	iter->next = uid_set_min(set);
}

bool
uid_set_iter_next(UidSetIter *iter, guint32 *ret_uid)
{
	if (iter->range >= iter->set->ranges->len)
		return false;
	*ret_uid = iter->next;
	if (iter->next < range_at(iter->set, iter->range)->last)
		iter->next++;
	else if (++iter->range < iter->set->ranges->len)
		iter->next = range_at(iter->set, iter->range)->first;
	return true;
}

UidSet *
uid_set_take_last(UidSet *set, guint32 n)
{
	UidSet *taken = uid_set_new();

	while (n > 0 && set->ranges->len > 0) {
		UidRange *last = range_at(set, set->ranges->len - 1);
		guint64 size = (guint64)last->last - last->first + 1;

		if (size <= n) {
			g_array_prepend_val(taken->ranges, *last);
			g_array_set_size(set->ranges, set->ranges->len - 1);
			n -= (guint32)size;
		} else {
			UidRange cut = {last->last - n + 1, last->last};

			g_array_prepend_val(taken->ranges, cut);
			last->last -= n;
			n = 0;
		}
	}
	return taken;
}
