/* controller-account-uids.c - sets of UIDs as people type them */
#include "controller-account-uids.h"

#include <string.h>

#include "controller.h"

/** One end of a range. */
typedef struct {
	guint32 uid;
	bool star;
} End;

/* Returns: (nullable): what stands behind it; NULL: it is no number, no "*" */
static const char *
parse_end(const char *text, End *ret)
{
	guint64 number = 0;
	const char *p = text;

	if (*text == '*') {
		*ret = (End){0, true};
		return text + 1;
	}
	for (; g_ascii_isdigit(*p); p++) {
		number = number * 10 + (guint64)(*p - '0');
		if (number > G_MAXUINT32)
			return NULL;
	}
	*ret = (End){(guint32)number, false};
	return p == text || number == 0 ? NULL : p;
}

static void
add_range(UidSet *set, const End *first, const End *last, const UidSet *stored)
{
	g_autoptr(UidSet) open_ended = NULL;
	guint32 highest = uid_set_max(stored);

	if (!first->star && !last->star) {
		uid_set_add_range(set, first->uid, last->uid);
	} else if (first->star && last->star) {
		if (highest != 0)
			uid_set_add(set, highest);
	} else {
		open_ended = uid_set_new();
		uid_set_add_range(open_ended,
				  first->star ? last->uid : first->uid,
				  G_MAXUINT32);
		uid_set_intersect(open_ended, stored);
		uid_set_add_set(set, open_ended);
	}
}

UidSet *
account_parse_uids(const char *text, const UidSet *stored, GError **error)
{
	g_autoptr(UidSet) set = uid_set_new();
	const char *p = text;
	guint ranges = 0;

	do {
		End first, last;

		p = parse_end(p, &first);
		last = first;
		if (p != NULL && *p == ':')
			p = parse_end(p + 1, &last);
		if (p == NULL || (*p != ',' && *p != '\0') ||
		    ++ranges > UID_SET_MAX_RANGES) {
			g_set_error(
			    error, CONTROLLER_ERROR, CONTROLLER_ERROR_USAGE,
			    "%s: not a list of UIDs; 4,7:9,12:* is", text);
			return NULL;
		}
		add_range(set, &first, &last, stored);
	} while (*p++ == ',');
	return g_steal_pointer(&set);
}
