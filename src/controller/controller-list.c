/* controller-list.c - a list of messages: its life, and what changes under it
 */
#include "controller-list-private.h"

#include <string.h>

gint64
list_selected_id(const MessageList *list)
{
	const MessageRow *row = message_list_selected_row(list);

	return row == NULL ? 0 : row->id;
}

/* ---- one moment of the store ---- */

static gint64
top_id(const MessageList *list)
{
	const MessageRow *row =
	    list->rows->len == 0 ? NULL : g_ptr_array_index(list->rows, 0);

	return row == NULL ? 0 : row->id;
}

ListMark
list_enter(MessageList *list)
{
	Account *account = list->account;
	ListMark mark = {list_selected_id(list), top_id(list), list->rows->len,
			 store_reader_begin(account->store, NULL)};

	if (store_reader_refresh(account->store))
		for (guint i = 0; i < account->lists->len; i++)
			list_reload(g_ptr_array_index(account->lists, i));
	return mark;
}

bool
list_leave(MessageList *list, const ListMark *mark, bool moved)
{
	if (moved) {
		list->following =
		    list->selected == 0 && list_count_above(list) == 0;
		if (list->new_above > 0)
			list->new_above =
			    MIN(list->new_above, list_count_above(list));
	}
	if (list->filter.kept != 0 &&
	    list->filter.kept != list_selected_id(list)) {
		list->filter.kept = 0;
		list_filter_changed(list);
	}
	if (mark->reading)
		store_reader_end(list->account->store);
	return mark->selected != list_selected_id(list) ||
	       mark->top != top_id(list) || mark->rows != list->rows->len;
}

/* ---- the window after a change ---- */

/* Returns: whether the selected row is in sight from the top of the list */
static bool
place_at_top(MessageList *list, gint64 id)
{
	g_autoptr(GPtrArray) rows = list_rows_new();
	g_autoptr(GArray) places = list_places_new();
	bool found = false;
	guint row = 0;

	if (!list_page(list, NULL, STORE_AT, list->height, rows, places))
		return false;
	for (; row < rows->len && !found; row++)
		found = ((const MessageRow *)rows->pdata[row])->id == id;
	if (!found)
		return false;
	list->above_known = true;
	list->above = 0;
	list_set_window(list, g_steal_pointer(&rows), g_steal_pointer(&places),
			(gint)row - 1);
	return true;
}

void
list_place(MessageList *list, const ListPlace *place, guint row)
{
	if (list->following) {
		if (place_at_top(list, place->key.id))
			return;
		/* so much came that the selected row would leave the screen */
		list->following = false;
		row = list->height - 1;
	}
	(void)list_show(list, place, row);
}

/* The selected message is not in the list any more: the next one is, in
 * threads of the same thread where there is one; the user's own steps in the
 * direction he last moved in. */
static void
replace_selection(MessageList *list)
{
	ListPlace old = *list_place_at(list, (guint)list->selected);
	bool own = list_overlay_hides(list, list_selected_id(list));
	bool back = own && list->direction < 0;
	guint row = (guint)list->selected;
	g_autoptr(GPtrArray) rows = list_rows_new();
	g_autoptr(GArray) places = list_places_new();
	ListPlace next;

	if (!own)
		list->changed_at = g_get_monotonic_time();
	for (guint i = 0; i < 2 && rows->len == 0; i++, back = !back) {
		if (!list_page(list, &old, back ? STORE_BEFORE : STORE_AFTER, 1,
			       rows, places))
			return;
		if (rows->len > 0 && back && row > 0)
			row--;
	}
	/* its thread may stand elsewhere by now: where, its id tells */
	if (rows->len > 0 &&
	    list_find(list, ((const MessageRow *)rows->pdata[0])->id,
		      &g_array_index(places, ListPlace, 0), &next))
		list_place(list, &next, row);
	else
		(void)list_show(list, NULL, 0);
}

static void
restore_window(MessageList *list)
{
	ListPlace place;

	if (list->selected < 0)
		(void)list_show(list, NULL, 0);
	else if (list_find(list, list_selected_id(list),
			   list_place_at(list, (guint)list->selected), &place))
		list_place(list, &place, (guint)list->selected);
	else
		replace_selection(list);
	if (list->selected == 0 && list->above_known && list->above == 0)
		list->following = true;
}

/* ---- reading anew ---- */

static void
read_mailbox(MessageList *list)
{
	g_autoptr(GError) error = NULL;
	Mailbox *mailbox =
	    store_reader_mailbox(list->account->store, list->wire, &error);

	if (mailbox != NULL) {
		mailbox_free(list->mailbox);
		list->mailbox = mailbox;
		list->store.mailbox = mailbox->id;
	} else if (g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		list->store.mailbox = 0;
	} else {
		list_failed(list, error);
	}
}

/* All UIDs below UIDNEXT were asked for. Where UIDNEXT is not told, the
 * number of messages has to do. */
static void
read_complete(MessageList *list)
{
	g_auto(StoreMailboxState) state = {0};
	g_autoptr(UidSet) all = uid_set_new();

	list->complete = false;
	if (list->store.mailbox == 0 ||
	    !store_reader_state(list->account->store, list->store.mailbox,
				&state, NULL) ||
	    state.synced_at == 0)
		return;
	if (state.server.uid_next > 1)
		uid_set_add_range(all, 1, state.server.uid_next - 1);
	uid_set_remove_set(all, state.known);
	list->complete = state.server.uid_next != 0
			     ? uid_set_is_empty(all)
			     : list->total >= state.server.exists;
}

/* How many messages are newer than the newest known before. */
static void
count_arrivals(MessageList *list)
{
	StoreList by_date = {list->store.mailbox, STORE_ORDER_DATE};
	StoreReader *store = list->account->store;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GArray) keys = NULL;
	guint arrived = 0;

	if (list->newest_known &&
	    store_reader_position(store, &by_date, &list->newest, &arrived,
				  NULL) &&
	    list->filter.hits == NULL)
		list->new_above += arrived;
	if (list->new_above > 0)
		list->new_above = MIN(list->new_above, list_count_above(list));
	if (list->newest_known && arrived == 0)
		return;
	rows =
	    store_reader_page(store, &by_date, NULL, STORE_AT, 1, &keys, NULL);
	list->newest_known = rows != NULL && rows->len > 0;
	if (list->newest_known)
		list->newest = g_array_index(keys, StoreKey, 0);
}

void
list_reload(MessageList *list)
{
	list_overlay_build(list);
	read_mailbox(list);
	list_count(list);
	read_complete(list);
	restore_window(list);
	count_arrivals(list);
	list_tags_check(list);
	list_filter_changed(list);
}

bool
message_list_refresh(MessageList *list, gint64 mailbox_id)
{
	StoreReader *store = list->account->store;
	bool reading;

	if (mailbox_id != 0 && list->store.mailbox != 0 &&
	    mailbox_id != list->store.mailbox)
		return false;
	reading = store_reader_begin(store, NULL);
	(void)store_reader_refresh(store);
	list_reload(list);
	if (reading)
		store_reader_end(store);
	return mailbox_id == 0 || mailbox_id == list->store.mailbox;
}

/* ---- life ---- */

/* Before the first sync no mailbox is known: any may be there. */
static char *
find_wire(Account *account, const char *name, GError **error)
{
	g_autoptr(GPtrArray) known = NULL;
	g_autoptr(GError) missing = NULL;
	char *wire = account_wire_name(account, name, true, &missing);

	if (wire != NULL)
		return wire;
	if (g_error_matches(missing, CONTROLLER_ERROR,
			    CONTROLLER_ERROR_NOT_FOUND))
		known = store_reader_mailboxes(account->store, NULL);
	if (known != NULL && known->len == 0)
		return account_wire_name(account, name, false, error);
	g_propagate_error(error, g_steal_pointer(&missing));
	return NULL;
}

/* The worker keeps the mailbox in sync that the user looks at; without an
 * engine nobody is to be told. */
static void
tell_open(Account *account, const char *wire)
{
	g_autoptr(GError) error = NULL;
	SyncJob *job;

	if (account->engine == NULL)
		return;
	job = sync_job_new(SYNC_JOB_OPEN, 0);
	job->mailbox = g_strdup(wire);
	if (account_post(account, job, NULL, NULL, &error) == 0)
		g_debug("%s: %s", account->config->name, error->message);
}

MessageList *
message_list_open(Account *account, const char *mailbox, ListOrder order,
		  guint height, GError **error)
{
	char *wire = find_wire(account, mailbox, error);
	MessageList *list;
	ListMark mark;

	if (wire == NULL)
		return NULL;
	list = g_new0(MessageList, 1);
	list->account = account;
	list->wire = wire;
	list->name = g_strdup(mailbox);
	list->mailbox = mailbox_new(mailbox, wire, '\0');
	list->order = order;
	list->store.order =
	    order == LIST_ORDER_DATE ? STORE_ORDER_DATE : STORE_ORDER_THREAD;
	list->height = CLAMP(height, 1, STORE_PAGE_MAX);
	list->rows = list_rows_new();
	list->places = list_places_new();
	list->hidden = list_places_new();
	list->selected = -1;
	list->direction = 1;
	list->tags =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	list->tags_left = g_array_new(FALSE, FALSE, sizeof(gint64));
	mark = list_enter(list);
	list_reload(list);
	g_free(list->name);
	list->name = g_strdup(list->mailbox->name);
	g_ptr_array_add(account->lists, list);
	(void)list_leave(list, &mark, true);
	tell_open(account, list->wire);
	return list;
}

void
message_list_free(MessageList *list)
{
	Account *account;
	bool last;

	if (list == NULL)
		return;
	account = list->account;
	/* the one opened last is what the user looks at */
	last =
	    g_ptr_array_index(account->lists, account->lists->len - 1) == list;
	g_ptr_array_remove(account->lists, list);
	if (last) {
		const MessageList *other =
		    account->lists->len == 0
			? NULL
			: g_ptr_array_index(account->lists,
					    account->lists->len - 1);

		tell_open(account, other == NULL ? NULL : other->wire);
	}
	list_filter_clear(list);
	g_free(list->name);
	g_free(list->wire);
	mailbox_free(list->mailbox);
	g_ptr_array_unref(list->rows);
	g_array_unref(list->places);
	g_array_unref(list->hidden);
	g_clear_pointer(&list->overlay, g_hash_table_unref);
	g_hash_table_unref(list->tags);
	g_array_unref(list->tags_left);
	g_free(list);
}

/* ---- what it is ---- */

Account *
message_list_account(const MessageList *list)
{
	return list->account;
}

const Mailbox *
message_list_mailbox(const MessageList *list)
{
	return list->mailbox;
}

ListOrder
message_list_order(const MessageList *list)
{
	return list->order;
}

bool
message_list_set_order(MessageList *list, ListOrder order, GError **error)
{
	ListMark mark;

	(void)error;
	if (list->order == order)
		return true;
	mark = list_enter(list);
	list->order = order;
	list->store.order =
	    order == LIST_ORDER_DATE ? STORE_ORDER_DATE : STORE_ORDER_THREAD;
	list->above_known = false;
	list->following = false;
	list_reload(list);
	(void)list_leave(list, &mark, true);
	return true;
}

void
message_list_set_height(MessageList *list, guint height)
{
	ListMark mark;

	height = CLAMP(height, 1, STORE_PAGE_MAX);
	if (list->height == height)
		return;
	mark = list_enter(list);
	list->height = height;
	restore_window(list);
	(void)list_leave(list, &mark, true);
}

void
message_list_set_scroll(MessageList *list, guint mode)
{
	list->scroll = mode;
}

const GPtrArray *
message_list_rows(const MessageList *list)
{
	return list->rows;
}

gint
message_list_selected(const MessageList *list)
{
	return list->selected;
}

const MessageRow *
message_list_selected_row(const MessageList *list)
{
	return list->selected < 0
		   ? NULL
		   : g_ptr_array_index(list->rows, (guint)list->selected);
}

/* Reads nothing anew: who draws holds on to the rows meanwhile. */
guint
message_list_position(MessageList *list)
{
	if (list->selected < 0)
		return 0;
	return list_count_above(list) + (guint)list->selected + 1;
}

guint
message_list_total(const MessageList *list)
{
	return list->total;
}

bool
message_list_complete(const MessageList *list)
{
	return list->complete;
}

gint64
message_list_changed_at(const MessageList *list)
{
	return list->changed_at;
}

guint
message_list_new_above(const MessageList *list)
{
	return list->new_above;
}
