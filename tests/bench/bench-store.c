/* bench-store.c - what the store costs; figures, never pass or fail
 *
 * bench-store [messages [oldest|newest|random [insert]]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "store-fixture.h"

#define BATCH 500u

/* a seed of our own: the same mailbox on every machine */
static guint64 seed = 1;

static guint
draw(guint n)
{
	seed = seed * G_GUINT64_CONSTANT(6364136223846793005) +
	       G_GUINT64_CONSTANT(1442695040888963407);
	return (guint)((seed >> 33) % n);
}

static double
cpu_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

typedef struct {
	guint32 *parent; /* of message i; itself: none */
	guint32 *depth;  /* replies below the root */
	guint n;
} Plan;

static Plan
make_plan(guint n)
{
	Plan plan = {g_new(guint32, n), g_new0(guint32, n), n};

	for (guint i = 0; i < n; i++) {
		guint back = 1 + draw(200);

		plan.parent[i] = i;
		if (i > back && draw(100) < 70 && plan.depth[i - back] < 60) {
			plan.parent[i] = i - back;
			plan.depth[i] = plan.depth[i - back] + 1;
		}
	}
	return plan;
}

static const char *const words[] = {
    "quarterly", "report", "Besprechung", "Größe", "invoice",    "meeting",
    "Zürich",    "patch",  "release",     "draft", "会議の資料", "lunch",
    "budget",    "server", "migration",   "update"};

static StoreMessage *
make_message(const Plan *plan, guint i)
{
	StoreMessage *message = store_message_new();
	MessageHeader *header = message_header_new();
	g_autoptr(GPtrArray) refs = g_ptr_array_new();
	g_autofree char *name = g_strdup_printf("Person Number %u", i % 20011);
	g_autofree char *email =
	    g_strdup_printf("person%u@host%u.example.org", i % 20011, i % 97);

	message->uid = i + 1;
	message->flags.bits = i % 10 < 3 ? 0 : MAIL_FLAG_SEEN;
	message->size = 2000 + i % 10007;
	message->modseq = i + 1;
	message->internal_date =
	    (G_GINT64_CONSTANT(1500000000) + (gint64)i * 97) * G_USEC_PER_SEC;
	message->attachments =
	    i % 5 == 0 ? MESSAGE_ATTACHMENTS_MAYBE : MESSAGE_ATTACHMENTS_NO;
	message->header = header;
	header->date = message->internal_date;
	header->message_id = g_strdup_printf("%08x.%u.mail@host%u.example.org",
					     i * 2654435761u, i, i % 97);
	for (guint at = i; plan->parent[at] != at && refs->len < 20;
	     at = plan->parent[at]) {
		guint parent = plan->parent[at];

		g_ptr_array_insert(
		    refs, 0,
		    g_strdup_printf("%08x.%u.mail@host%u.example.org",
				    parent * 2654435761u, parent, parent % 97));
	}
	if (refs->len > 0) {
		g_ptr_array_add(refs, NULL);
		header->references =
		    (char **)g_ptr_array_free(g_steal_pointer(&refs), FALSE);
	}
	g_free(header->subject);
	header->subject = g_strdup_printf(
	    "%s%s %s %u",
	    header->references == NULL ? "" : "Re: ", words[i % 16],
	    words[i / 16 % 16], i % 5003);
	g_ptr_array_add(header->from, address_new(name, email));
	g_ptr_array_add(header->to, address_new("Me Myself", "me@example.org"));
	return message;
}

static void
add_all(Fixture *fixture, gint64 mailbox, const Plan *plan, const char *order)
{
	g_autofree guint *at = g_new(guint, plan->n);
	double cpu = 0;
	gint64 wall = 0;

	for (guint i = 0; i < plan->n; i++)
		at[i] = strcmp(order, "oldest") == 0 ? i : plan->n - 1 - i;
	for (guint i = plan->n - 1; strcmp(order, "random") == 0 && i > 0;
	     i--) {
		guint j = draw(i + 1), was = at[i];

		at[i] = at[j];
		at[j] = was;
	}
	for (guint i = 0; i < plan->n; i += BATCH) {
		g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func(
		    (GDestroyNotify)store_message_free);
		double cpu_before;
		gint64 before;

		for (guint j = i; j < MIN(i + BATCH, plan->n); j++)
			g_ptr_array_add(batch, make_message(plan, at[j]));
		cpu_before = cpu_us();
		before = g_get_monotonic_time();
		if (!store_writer_add_rows(fixture->writer, mailbox, batch,
					   NULL, NULL) ||
		    !store_writer_commit(fixture->writer, NULL))
			g_error("no rows");
		cpu += cpu_us() - cpu_before;
		wall += g_get_monotonic_time() - before;
	}
	(void)store_reader_refresh(fixture->reader);
	printf("insert %u, %s first: %.2f us CPU, %.2f us wall a message\n",
	       plan->n, order, cpu / plan->n, (double)wall / plan->n);
}

static gint
by_value(gconstpointer a, gconstpointer b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

typedef void (*Act)(Fixture *fixture, const StoreList *list, guint total);

static void
measure(const char *name, guint times, Act act, Fixture *fixture,
	const StoreList *list)
{
	g_autofree double *all = g_new(double, times);
	guint total;

	store_reader_total(fixture->reader, list, &total, NULL);
	for (guint i = 0; i < times; i++) {
		gint64 before = g_get_monotonic_time();

		act(fixture, list, total);
		all[i] = (double)(g_get_monotonic_time() - before);
	}
	qsort(all, times, sizeof *all, by_value);
	printf("%-34s median %9.0f us, worst %9.0f us\n", name, all[times / 2],
	       all[times - 1]);
}

static void
first_screen(Fixture *fixture, const StoreList *list, guint total)
{
	g_autoptr(GPtrArray) rows = store_reader_page(
	    fixture->reader, list, NULL, STORE_AT, 50, NULL, NULL);

	(void)total;
	g_assert_cmpuint(rows->len, ==, 50);
}

static void
opened(Fixture *fixture, const StoreList *list, guint total)
{
	g_autoptr(StoreReader) reader =
	    store_reader_open(fixture->cache, fixture->state, NULL);
	g_autoptr(GPtrArray) rows =
	    store_reader_page(reader, list, NULL, STORE_AT, 50, NULL, NULL);

	(void)total;
	g_assert_cmpuint(rows->len, ==, 50);
}

static void
last_screen(Fixture *fixture, const StoreList *list, guint total)
{
	g_autoptr(GPtrArray) rows = store_reader_page(
	    fixture->reader, list, NULL, STORE_BEFORE, 50, NULL, NULL);

	(void)total;
	g_assert_cmpuint(rows->len, ==, 50);
}

static void
jump(Fixture *fixture, const StoreList *list, guint total)
{
	g_autoptr(GPtrArray) rows = NULL;
	StoreKey key;

	if (!store_reader_key_at(fixture->reader, list, draw(total), &key,
				 NULL))
		g_error("no such place");
	rows = store_reader_page(fixture->reader, list, &key, STORE_AT, 50,
				 NULL, NULL);
}

static void
position(Fixture *fixture, const StoreList *list, guint total)
{
	StoreKey key;
	guint back, at = draw(total);

	if (!store_reader_key_at(fixture->reader, list, at, &key, NULL) ||
	    !store_reader_position(fixture->reader, list, &key, &back, NULL))
		g_error("no such place");
	g_assert_cmpuint(at, ==, back);
}

static void
unread(Fixture *fixture, const StoreList *list, guint total)
{
	StoreKey key;

	(void)total;
	if (!store_reader_next_unread(fixture->reader, list, NULL, STORE_BEFORE,
				      &key, NULL))
		g_error("none unread");
}

static void
flags(Fixture *fixture, const StoreList *list, guint total)
{
	MailFlags bits = {draw(2) == 0 ? 0 : MAIL_FLAG_SEEN, NULL};

	for (guint i = 0; i < 1000; i++)
		if (!store_writer_set_flags(fixture->writer, list->mailbox,
					    1 + draw(total), &bits, 0, NULL,
					    NULL))
			g_error("no flags");
	store_writer_commit(fixture->writer, NULL);
	(void)store_reader_refresh(fixture->reader);
}

static void
filter(Fixture *fixture, const StoreList *list, const char *text)
{
	g_autoptr(StoreQuery) query =
	    store_query_new_text(STORE_FIELD_FROM | STORE_FIELD_SUBJECT, text);
	g_autoptr(StoreSearch) search =
	    store_search_new(fixture->reader, list, query, NULL);
	g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(StoreKey));
	bool done = false;

	while (!done)
		if (!store_search_run(search, G_MAXINT32, hits, &done, NULL))
			g_error("no search");
}

static void
filter_rare(Fixture *fixture, const StoreList *list, guint total)
{
	(void)total;
	filter(fixture, list, "number 1999");
}

static void
filter_common(Fixture *fixture, const StoreList *list, guint total)
{
	(void)total;
	filter(fixture, list, "o");
}

static void
remove_some(Fixture *fixture, const StoreList *list, guint total)
{
	g_autoptr(UidSet) uids = uid_set_new();

	for (guint i = 0; i < 1000; i++)
		uid_set_add(uids, 1 + draw(total));
	if (!store_writer_remove(fixture->writer, list->mailbox, uids, NULL,
				 NULL))
		g_error("not removed");
	store_writer_commit(fixture->writer, NULL);
	(void)store_reader_refresh(fixture->reader);
}

int
main(int argc, char **argv)
{
	static const char *const names[] = {"date", "thread", "folded"};
	guint n = argc > 1 ? (guint)atoi(argv[1]) : 100000;
	/* to a disk */
	bool set = g_setenv("TMPDIR", g_get_tmp_dir(), FALSE);
	g_autoptr(Fixture) fixture = fixture_new();
	gint64 mailbox = fixture_mailbox(fixture, "INBOX");
	Plan plan = make_plan(n);
	struct rusage usage;

	g_assert_true(set);
	add_all(fixture, mailbox, &plan, argc > 2 ? argv[2] : "newest");
	store_writer_checkpoint(fixture->writer, NULL);
	printf("%.0f bytes a message\n",
	       (double)fixture_number(fixture, "cache/mail.db",
				      "SELECT page_count * page_size FROM "
				      "pragma_page_count, pragma_page_size") /
		   n);
	for (guint i = 0; argc < 4 && i < G_N_ELEMENTS(names); i++) {
		StoreList list = {mailbox, (StoreOrder)i};

		printf("-- %s\n", names[i]);
		measure("open and first screen", 21, opened, fixture, &list);
		measure("first screen", 101, first_screen, fixture, &list);
		measure("end", 101, last_screen, fixture, &list);
		measure("jump and 50 rows", 301, jump, fixture, &list);
		measure("key at and position", 301, position, fixture, &list);
		measure("next unread", 301, unread, fixture, &list);
	}
	if (argc < 4) {
		StoreList list = {mailbox, STORE_ORDER_DATE};

		printf("-- \n");
		measure("filter, few hits", 5, filter_rare, fixture, &list);
		measure("filter, many hits", 5, filter_common, fixture, &list);
		measure("1,000 scattered flags", 9, flags, fixture, &list);
		measure("1,000 removed", 5, remove_some, fixture, &list);
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("high water %ld kB\n", usage.ru_maxrss);
	g_free(plan.parent);
	g_free(plan.depth);
	return 0;
}
