/* store-tree.c - the messages of a thread as a tree, in the order drawn
 * (RFC 5256's THREAD=REFERENCES, without its subject step) */
#include <string.h>

#include "store-reader-private.h"

/* a message while its thread is put in order; places are indexes, -1 none */
typedef struct {
	gint64 id;
	gint64 date;
	gint64 mid;
	gint64 *refs;
	guint n_refs;
	bool unread;
	gint parent;
	gint first_child; /* oldest */
	gint last_child;
	gint next; /* sibling */
	gint set;  /* union-find */
} Node;

static gint
find_set(Node *nodes, gint i)
{
	while (nodes[i].set != i) {
		nodes[i].set = nodes[nodes[i].set].set;
		i = nodes[i].set;
	}
	return i;
}

/* Missing messages are not drawn: the nearest one that is here is the parent.
 */
static gint
parent_of(const Node *node, GHashTable *by_mid)
{
	for (guint i = node->n_refs; i-- > 0;) {
		gpointer found = g_hash_table_lookup(by_mid, &node->refs[i]);

		if (found != NULL)
			return GPOINTER_TO_INT(found) - 1;
	}
	return -1;
}

/* Newest first: a loop is cut above the oldest message in it. */
static void
link_parents(Node *nodes, guint n, GHashTable *by_mid)
{
	for (gint i = (gint)n - 1; i >= 0; i--) {
		gint parent = parent_of(&nodes[i], by_mid);

		nodes[i].parent = -1;
		if (parent < 0 || find_set(nodes, parent) == i)
			continue;
		nodes[i].parent = parent;
		nodes[i].set = find_set(nodes, parent);
	}
}

static void
link_children(Node *nodes, guint n, gint *first_root)
{
	gint last_root = -1;

	for (gint i = 0; i < (gint)n; i++) {
		gint parent = nodes[i].parent;
		gint *first =
		    parent < 0 ? first_root : &nodes[parent].first_child;
		gint *last =
		    parent < 0 ? &last_root : &nodes[parent].last_child;

		if (*last < 0)
			*first = i;
		else
			nodes[*last].next = i;
		*last = i;
	}
}

static GArray *
walk(const Node *nodes, guint n, gint root)
{
	GArray *members =
	    g_array_sized_new(FALSE, FALSE, sizeof(StoreMember), n);
	gint at = root;
	guint depth = 0;

	while (at >= 0) {
		StoreMember member = {nodes[at].id, nodes[at].date,
				      MIN(depth, STORE_DEPTH_MAX),
				      nodes[at].unread};

		g_array_append_val(members, member);
		if (nodes[at].first_child >= 0) {
			at = nodes[at].first_child;
			depth++;
			continue;
		}
		while (at >= 0 && nodes[at].next < 0) {
			at = nodes[at].parent;
			depth--;
		}
		if (at >= 0)
			at = nodes[at].next;
	}
	return members;
}

static gint
by_date(gconstpointer a, gconstpointer b)
{
	const Node *one = a, *other = b;

	if (one->date != other->date)
		return one->date < other->date ? -1 : 1;
	return (one->id > other->id) - (one->id < other->id);
}

static GArray *
put_in_order(GArray *nodes)
{
	g_autoptr(GHashTable) by_mid =
	    g_hash_table_new(g_int64_hash, g_int64_equal);
	Node *all;
	gint root = -1;

	g_array_sort(nodes, by_date);
	all = (Node *)(void *)nodes->data;
	for (gint i = 0; i < (gint)nodes->len; i++) {
		all[i].set = i;
		all[i].first_child = all[i].last_child = all[i].next = -1;
		if (all[i].mid != 0 &&
		    !g_hash_table_contains(by_mid, &all[i].mid))
			g_hash_table_insert(by_mid, &all[i].mid,
					    GINT_TO_POINTER(i + 1));
	}
	link_parents(all, nodes->len, by_mid);
	link_children(all, nodes->len, &root);
	return walk(all, nodes->len, root);
}

static void
clear_node(gpointer data)
{
	Node *node = data;

	g_free(node->refs);
}

static GArray *
read_nodes(StoreReader *reader, gint64 mailbox, gint64 thread, GError **error)
{
	g_autoptr(GArray) nodes = g_array_new(FALSE, TRUE, sizeof(Node));
	sqlite3_stmt *row =
	    mailbox == 0
		? store_query(reader->db, error,
			      "SELECT id, date, mid, refs, shown_flags FROM "
			      "msg WHERE thread = ? AND shown > 0 LIMIT ?",
			      "ii", thread, (gint64)STORE_THREAD_MAX)
		: store_query(reader->db, error,
			      "SELECT id, date, mid, refs, shown_flags FROM "
			      "msg WHERE thread = ? AND shown = ? LIMIT ?",
			      "iii", thread, mailbox, (gint64)STORE_THREAD_MAX);
	int code = -1;

	g_array_set_clear_func(nodes, clear_node);
	while (row != NULL &&
	       (code = store_step(reader->db, row, error)) == 1) {
		gsize bytes = (gsize)sqlite3_column_bytes(row, 3);
		Node node = {.id = sqlite3_column_int64(row, 0),
			     .date = sqlite3_column_int64(row, 1),
			     .mid = sqlite3_column_int64(row, 2),
			     .unread = (sqlite3_column_int64(row, 4) &
					MAIL_FLAG_SEEN) == 0};

		node.n_refs = MIN((guint)(bytes / sizeof(gint64)),
				  MESSAGE_REFERENCES_MAX);
		node.refs = g_memdup2(sqlite3_column_blob(row, 3),
				      node.n_refs * sizeof(gint64));
		g_array_append_val(nodes, node);
	}
	return code == 0 ? g_steal_pointer(&nodes) : NULL;
}

GArray *
store_reader_tree(StoreReader *reader, gint64 mailbox, gint64 thread,
		  GError **error)
{
	g_autoptr(GArray) nodes = NULL;
	gint64 version;

	/* the moment that is read may be a later one than at the last refresh
	 */
	if (!store_number(reader->db, 0, &version, error, "PRAGMA data_version",
			  ""))
		return NULL;
	if (reader->tree != NULL && reader->tree_mailbox == mailbox &&
	    reader->tree_thread == thread && reader->tree_version == version)
		return reader->tree;
	nodes = read_nodes(reader, mailbox, thread, error);
	if (nodes == NULL)
		return NULL;
	store_reader_forget_tree(reader);
	reader->tree = put_in_order(nodes);
	reader->tree_version = version;
	reader->tree_mailbox = mailbox;
	reader->tree_thread = thread;
	return reader->tree;
}

/* ---- a conversation ---- */

static bool
name_mailboxes(StoreReader *reader, GPtrArray *rows, GError **error)
{
	for (guint i = 0; i < rows->len; i++) {
		MessageRow *row = g_ptr_array_index(rows, i);
		sqlite3_stmt *name = store_query(
		    reader->db, error, "SELECT name FROM mailbox WHERE id = ?",
		    "i", row->mailbox);
		int code =
		    name == NULL ? -1 : store_step(reader->db, name, error);

		if (code < 0)
			return false;
		if (code == 1) {
			row->mailbox_name = store_text(name, 0);
			sqlite3_reset(name);
		}
	}
	return true;
}

GPtrArray *
store_reader_thread(StoreReader *reader, gint64 thread, gint64 message,
		    guint max, GError **error)
{
	g_autoptr(GPtrArray) rows =
	    g_ptr_array_new_with_free_func((GDestroyNotify)message_row_free);
	GArray *tree = store_reader_tree(reader, 0, thread, error);
	guint first = 0;

	if (tree == NULL)
		return NULL;
	for (guint i = 0; message != 0 && i < tree->len; i++)
		if (g_array_index(tree, StoreMember, i).id == message)
			first = i < max / 2 ? 0 : i - max / 2;
	if (first + max > tree->len)
		first = tree->len > max ? tree->len - max : 0;
	for (guint i = first; i < tree->len && rows->len < max; i++) {
		const StoreMember *member =
		    &g_array_index(tree, StoreMember, i);
		MessageRow *row = NULL;

		if (store_reader_find_row(reader, member->id, &row, error) < 0)
			return NULL;
		if (row == NULL)
			continue;
		row->depth = member->depth;
		row->thread_count = tree->len;
		g_ptr_array_add(rows, row);
	}
	return name_mailboxes(reader, rows, error) ? g_steal_pointer(&rows)
						   : NULL;
}
