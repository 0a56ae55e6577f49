/* model-uidset.h - sets of UIDs, as sorted ranges */
#pragma once

#include <stdbool.h>

#include <glib.h>

/**
 * UidRange:
 * @first: lowest UID of the range, never 0
 * @last: highest UID of the range, not below @first
 */
typedef struct {
	guint32 first;
	guint32 last;
} UidRange;

/**
 * UidSet:
 * @ranges: array of #UidRange, ascending, disjoint, never adjacent
 *
 * A set of UIDs of one mailbox (RFC 9051 section 2.3.1.1). Costs memory by
 * the range, not by the UID.
 */
typedef struct {
	GArray *ranges;
} UidSet;

/** UID_SET_MAX_RANGES: uid_set_parse() refuses more; a hostile set stays small.
 */
#define UID_SET_MAX_RANGES 1000000u

/** uid_set_new: Returns: (transfer full): the empty set */
UidSet *uid_set_new(void);

/** uid_set_free: (nullable) */
void uid_set_free(UidSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UidSet, uid_set_free)

/** uid_set_copy: Returns: (transfer full) */
UidSet *uid_set_copy(const UidSet *set);

/**
 * uid_set_parse:
 * @text: "4,7:9,12", without "*"; ranges may come in any order and overlap
 * @len: bytes of @text, or -1
 *
 * Returns: (transfer full) (nullable): %NULL where @text is no set, holds 0 or
 * a number over 32 bits, or more than %UID_SET_MAX_RANGES ranges
 */
UidSet *uid_set_parse(const char *text, gssize len);

/** uid_set_to_string: Returns: (transfer full): "" for the empty set */
char *uid_set_to_string(const UidSet *set);

/** uid_set_add: adds one UID; O(1) when UIDs come in ascending order */
void uid_set_add(UidSet *set, guint32 uid);
/** uid_set_add_range: adds @first to @last; they may come the wrong way round
 */
void uid_set_add_range(UidSet *set, guint32 first, guint32 last);
/** uid_set_add_set: adds all of @other */
void uid_set_add_set(UidSet *set, const UidSet *other);
/** uid_set_remove_set: takes all of @other away; O(ranges of both) */
void uid_set_remove_set(UidSet *set, const UidSet *other);
/** uid_set_intersect: keeps what is in both */
void uid_set_intersect(UidSet *set, const UidSet *other);

bool uid_set_contains(const UidSet *set, guint32 uid);
bool uid_set_equal(const UidSet *a, const UidSet *b);
bool uid_set_is_empty(const UidSet *set);
/** uid_set_count: number of UIDs; up to 2^32-1 of them */
guint64 uid_set_count(const UidSet *set);
/** uid_set_min: Returns: lowest UID, 0 if empty */
guint32 uid_set_min(const UidSet *set);
/** uid_set_max: Returns: highest UID, 0 if empty */
guint32 uid_set_max(const UidSet *set);

/**
 * UidSetIter: walks a set in ascending order; treat as opaque
 */
typedef struct {
	const UidSet *set;
	guint range;
	guint32 next;
} UidSetIter;
void uid_set_iter_init(UidSetIter *iter, const UidSet *set);
/** uid_set_iter_next: Returns: %false at the end, @ret_uid then untouched */
bool uid_set_iter_next(UidSetIter *iter, guint32 *ret_uid);

/**
 * uid_set_take_last:
 * @n: how many UIDs at most
 *
 * Cuts the @n highest UIDs off @set: work that is done newest first.
 *
 * Returns: (transfer full): what was cut off
 */
UidSet *uid_set_take_last(UidSet *set, guint32 n);
