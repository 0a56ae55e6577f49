/* store-rows.c - messages as the server tells them: new ones, known ones, and
 * those that were here without a UID */
#include <string.h>

#include "base-text.h"
#include "store-writer-private.h"

/* what is kept of a message with thousands of recipients */
#define ADDRESSES_MAX 100u
#define TEXT_MAX 4000u
/* a Date that is this far from the arrival is a lie (STORE.md, trap 13) */
#define ABSURD_US ((gint64)10 * 365 * 24 * 3600 * G_USEC_PER_SEC)

StoreMessage *
store_message_new(void)
{
	return g_new0(StoreMessage, 1);
}

void
store_message_free(StoreMessage *message)
{
	if (message == NULL)
		return;
	mail_flags_clear(&message->flags);
	message_header_free(message->header);
	g_free(message);
}

void
store_added_clear(StoreAdded *added)
{
	g_clear_pointer(&added->ids, g_array_unref);
}

/* ---- what is written of a message ---- */

typedef struct {
	const StoreMessage *message;
	gint64 mid;
	gint64 refs[MESSAGE_REFERENCES_MAX];
	guint n_refs;
	gint64 sent;
	guint32 flags;
} NewRow;

static char *
cut_text(const char *text)
{
	gsize len = strlen(text);

	if (len > TEXT_MAX) {
		len = TEXT_MAX;
		while (len > 0 && (text[len] & 0xc0) == 0x80)
			len--;
	}
	return g_strndup(text, len);
}

static char *
pack_some(const GPtrArray *list)
{
	g_autoptr(GPtrArray) some = NULL;

	if (list->len <= ADDRESSES_MAX)
		return address_list_pack(list);
	some = g_ptr_array_new();
	for (guint i = 0; i < ADDRESSES_MAX; i++)
		g_ptr_array_add(some, g_ptr_array_index(list, i));
	return address_list_pack(some);
}

/* What does not look like a Message-ID joins strangers (STORE.md, trap 1). */
static gint64
hash_id(StoreWriter *writer, const char *id)
{
	gsize len = id == NULL ? 0 : strlen(id);

	return len < 5 || strchr(id, '@') == NULL
		   ? 0
		   : store_hash(&writer->key, id, len);
}

static void
prepare(StoreWriter *writer, const StoreMessage *message, NewRow *row)
{
	const MessageHeader *header = message->header;

	row->message = message;
	row->n_refs = 0;
	row->flags = message->flags.bits & ~(guint32)MAIL_FLAG_RECENT;
	row->mid = hash_id(writer, header->message_id);
	row->sent = header->date;
	if (header->date == MESSAGE_NO_DATE ||
	    ABS(header->date / 2 - message->internal_date / 2) > ABSURD_US / 2)
		row->sent = message->internal_date;
	for (guint i = 0;
	     header->references != NULL && header->references[i] != NULL &&
	     row->n_refs < MESSAGE_REFERENCES_MAX;
	     i++) {
		gint64 hash = hash_id(writer, header->references[i]);

		if (hash != 0 && hash != row->mid)
			row->refs[row->n_refs++] = hash;
	}
}

static char *
folded_addresses(const GPtrArray *first, const GPtrArray *second)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const GPtrArray *lists[] = {first, second};

	for (guint l = 0; l < G_N_ELEMENTS(lists); l++)
		for (guint i = 0;
		     lists[l] != NULL && i < lists[l]->len && i < ADDRESSES_MAX;
		     i++) {
			const Address *address = g_ptr_array_index(lists[l], i);

			g_string_append_printf(
			    text, "%s %s\n",
			    address->name == NULL ? "" : address->name,
			    address->email);
		}
	return text_fold(text->str, (gssize)text->len);
}

static bool
insert_folded(StoreWriter *writer, gint64 id, const MessageHeader *header,
	      GError **error)
{
	g_autofree char *sender = folded_addresses(header->from, NULL);
	g_autofree char *rcpt = folded_addresses(header->to, header->cc);
	g_autofree char *cut = cut_text(header->subject);
	g_autofree char *subject = text_fold(cut, -1);

	return store_run(writer->db, error,
			 "INSERT OR REPLACE INTO folded VALUES (?, ?, ?, ?)",
			 "isss", id, sender, subject, rcpt);
}

static bool
insert_msg(StoreWriter *writer, gint64 id, gint64 mailbox, gint64 thread,
	   const NewRow *row, GError **error)
{
	const StoreMessage *message = row->message;
	const MessageHeader *header = message->header;
	g_autofree char *sender = pack_some(header->from);
	g_autofree char *rcpt = pack_some(header->to);
	g_autofree char *cc = pack_some(header->cc);
	g_autofree char *subject = cut_text(header->subject);
	g_autofree char *message_id =
	    header->message_id == NULL ? NULL : cut_text(header->message_id);
	StorePlace place = {mailbox, message->internal_date, thread,
			    row->flags};

	return store_run(writer->db, error,
			 "INSERT INTO msg VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, "
			 "0, ?2, ?4, ?5, 0, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
			 "iiiisiiiiiibi", id, mailbox, (gint64)message->uid,
			 (gint64)row->flags, message->flags.keywords,
			 (gint64)message->modseq, message->internal_date,
			 row->sent, message->size, thread, row->mid,
			 row->n_refs == 0 ? NULL : (const void *)row->refs,
			 row->n_refs * sizeof row->refs[0],
			 (gint64)message->attachments) &&
	       store_run(writer->db, error,
			 "INSERT INTO head VALUES (?, ?, ?, ?, ?, ?, NULL)",
			 "isssss", id, sender, rcpt, cc, subject, message_id) &&
	       insert_folded(writer, id, header, error) &&
	       store_counts_add(writer->counts, &place, 1, error);
}

/* ---- rows that were here before ---- */

/* One number for Message-ID, size and, if @dated, INTERNALDATE. */
static gint64
twin_key(gint64 mid, const StoreMessage *message, bool dated)
{
	guint64 key = (guint64)mid ^ (guint64)message->size;

	if (dated)
		key ^= ((guint64)message->internal_date | 1) *
		       G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
	return (gint64)key;
}

static guint
twins_of(GHashTable *twins, gint64 key)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(twins, &key));
}

/* How often each comes in one call: what comes twice is matched to nothing. */
static GHashTable *
count_twins(StoreWriter *writer, const GPtrArray *messages)
{
	GHashTable *twins =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	for (guint i = 0; i < messages->len; i++) {
		const StoreMessage *message = g_ptr_array_index(messages, i);
		gint64 mid = hash_id(writer, message->header->message_id);

		for (guint dated = 0; dated < 2; dated++) {
			gint64 key = twin_key(mid, message, dated != 0);

			g_hash_table_insert(
			    twins, g_memdup2(&key, sizeof key),
			    GUINT_TO_POINTER(twins_of(twins, key) + 1));
		}
	}
	return twins;
}

/* The only row of the mailbox that waits for a UID and looks like @row. A copy
 * that was not made yet is another message than one that is there. */
static bool
find_lost(StoreWriter *writer, gint64 mailbox, const NewRow *row,
	  GHashTable *twins, gint64 *ret_id, GError **error)
{
	const StoreMessage *message = row->message;
	gint64 same = 0, close = 0;
	guint n_same = 0, n_close = 0;
	sqlite3_stmt *found;
	int code;

	*ret_id = 0;
	found = store_query(writer->db, error,
			    "SELECT id, date FROM msg WHERE mailbox = ? AND "
			    "mid = ? AND uid = 0 AND size = ? AND NOT EXISTS "
			    "(SELECT 1 FROM pend WHERE pend.msg = msg.id AND "
			    "pend.copy <> 0)",
			    "iii", mailbox, row->mid, message->size);
	if (found == NULL)
		return false;
	while ((code = store_step(writer->db, found, error)) == 1) {
		gint64 id = sqlite3_column_int64(found, 0);

		if (sqlite3_column_int64(found, 1) == message->internal_date) {
			same = id;
			n_same++;
		}
		close = id;
		n_close++;
	}
	/* without a Message-ID it has to be the only one of its size too */
	if (n_same == 1 && (n_close == 1 || row->mid != 0) &&
	    twins_of(twins, twin_key(row->mid, message, true)) == 1)
		*ret_id = same;
	else if (n_same == 0 && n_close == 1 && row->mid != 0 &&
		 twins_of(twins, twin_key(row->mid, message, false)) == 1)
		*ret_id = close;
	return code == 0;
}

static bool
take_flags(StoreWriter *writer, gint64 id, const MailFlags *flags,
	   guint64 modseq, bool *ret_changed, GError **error)
{
	g_auto(StoreServerRow) row = {0};
	guint32 bits = flags->bits & ~(guint32)MAIL_FLAG_RECENT;
	int found = store_writer_row(writer, id, &row, error);

	*ret_changed = false;
	if (found <= 0)
		return found == 0;
	*ret_changed = row.flags.bits != bits ||
		       g_strcmp0(row.flags.keywords, flags->keywords) != 0;
	if (!*ret_changed && (modseq == 0 || modseq == row.modseq))
		return true;
	if (!store_run(writer->db, error,
		       "UPDATE msg SET flags = ?, keywords = ?, modseq = ? "
		       "WHERE id = ?",
		       "isii", (gint64)bits, flags->keywords,
		       (gint64)(modseq == 0 ? row.modseq : modseq), id))
		return false;
	mail_flags_clear(&row.flags);
	row.flags = (MailFlags){bits, g_strdup(flags->keywords)};
	return !*ret_changed || store_writer_show_row(writer, &row, error);
}

/* A row that was moved or numbered anew gets its UID; the date too: the
 * server's is the truth. */
static bool
adopt(StoreWriter *writer, gint64 mailbox, gint64 id, const NewRow *row,
      GError **error)
{
	const StoreMessage *message = row->message;
	g_auto(StoreServerRow) was = {0};
	bool changed;

	if (store_writer_row(writer, id, &was, error) < 0)
		return false;
	if (!store_writer_set_date(writer, &was, message->internal_date, error))
		return false;
	return store_writer_place_row(writer, id, mailbox, message->uid,
				      error) &&
	       take_flags(writer, id, &message->flags, message->modseq,
			  &changed, error);
}

/* Returns: 1 known as it is, 0 not known; what is another message under the
 * same UID goes. */
static int
find_known(StoreWriter *writer, gint64 mailbox, const NewRow *row,
	   gint64 *ret_id, GError **error)
{
	const StoreMessage *message = row->message;
	sqlite3_stmt *found =
	    store_query(writer->db, error,
			"SELECT id, size, date, mid FROM msg "
			"WHERE mailbox = ? AND uid = ? AND uid > 0",
			"ii", mailbox, (gint64)message->uid);
	int code = found == NULL ? -1 : store_step(writer->db, found, error);
	bool same;

	if (code != 1)
		return code;
	*ret_id = sqlite3_column_int64(found, 0);
	same = sqlite3_column_int64(found, 1) == message->size &&
	       sqlite3_column_int64(found, 2) == message->internal_date &&
	       sqlite3_column_int64(found, 3) == row->mid;
	sqlite3_reset(found);
	if (same)
		return 1;
	return store_writer_drop_row(writer, *ret_id, error) ? 0 : -1;
}

/* ---- adding ---- */

typedef struct {
	StoreWriter *writer;
	gint64 mailbox;
	char *wire;
	gint64 uid_validity;
	bool any_lost;
	GHashTable *twins;
	StoreAdded *added;
} Adding;

/* A change may wait for it since before the cache was lost. */
static bool
number_for(Adding *adding, guint32 uid, gint64 *ret, bool *ret_waits,
	   GError **error)
{
	StoreWriter *writer = adding->writer;
	g_autofree char *key = NULL;
	const gint64 *id;

	if (g_hash_table_size(writer->orphans) > 0) {
		key = g_strdup_printf("%s\n%u\n%u", adding->wire,
				      (guint32)adding->uid_validity, uid);
		id = g_hash_table_lookup(writer->orphans, key);
		if (id != NULL) {
			*ret = *id;
			*ret_waits = true;
			g_hash_table_remove(writer->orphans, key);
			return true;
		}
	}
	return store_writer_new_id(writer, ret, error);
}

static bool
add_new(Adding *adding, const NewRow *row, gint64 *ret_id, GError **error)
{
	StoreWriter *writer = adding->writer;
	const StoreMessage *message = row->message;
	bool waits = false;
	gint64 thread;

	if (!number_for(adding, message->uid, ret_id, &waits, error) ||
	    !store_thread_find(writer, adding->mailbox, *ret_id, row->mid,
			       row->refs, row->n_refs, message->header->subject,
			       message->internal_date, &thread, error) ||
	    !insert_msg(writer, *ret_id, adding->mailbox, thread, row, error))
		return false;
	adding->added->added++;
	return !waits || store_writer_show(writer, *ret_id, error);
}

static bool
add_one(Adding *adding, const StoreMessage *message, gint64 *ret_id,
	GError **error)
{
	StoreWriter *writer = adding->writer;
	NewRow row;
	bool changed;
	int known;

	prepare(writer, message, &row);
	known = find_known(writer, adding->mailbox, &row, ret_id, error);
	if (known < 0)
		return false;
	if (known == 1) {
		adding->added->known++;
		return take_flags(writer, *ret_id, &message->flags,
				  message->modseq, &changed, error);
	}
	if (adding->any_lost) {
		if (!find_lost(writer, adding->mailbox, &row, adding->twins,
			       ret_id, error))
			return false;
		if (*ret_id != 0) {
			adding->added->adopted++;
			return adopt(writer, adding->mailbox, *ret_id, &row,
				     error);
		}
	}
	return add_new(adding, &row, ret_id, error);
}

static bool
start_adding(Adding *adding, GError **error)
{
	StoreDb *db = adding->writer->db;
	sqlite3_stmt *row = store_query(db, error,
					"SELECT wire, uid_validity FROM "
					"mailbox WHERE id = ?",
					"i", adding->mailbox);
	int code = row == NULL ? -1 : store_step(db, row, error);
	gint64 lost;

	if (code == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "no such mailbox");
	if (code != 1)
		return false;
	adding->wire = store_text(row, 0);
	adding->uid_validity = sqlite3_column_int64(row, 1);
	sqlite3_reset(row);
	if (!store_number(db, 0, &lost, error,
			  "SELECT 1 FROM msg WHERE mailbox = ? AND uid = 0 "
			  "LIMIT 1",
			  "i", adding->mailbox))
		return false;
	adding->any_lost = lost != 0;
	return true;
}

static bool
add_all(Adding *adding, const GPtrArray *messages, GError **error)
{
	for (guint i = 0; i < messages->len; i++) {
		const StoreMessage *message = g_ptr_array_index(messages, i);
		gint64 id = 0;

		if (message->uid != 0 && !add_one(adding, message, &id, error))
			return false;
		g_array_append_val(adding->added->ids, id);
		if (!store_writer_breathe(adding->writer, error))
			return false;
	}
	return true;
}

bool
store_writer_add_rows(StoreWriter *writer, gint64 mailbox,
		      const GPtrArray *messages, StoreAdded *ret_added,
		      GError **error)
{
	g_auto(StoreAdded) added = {
	    .ids = g_array_new(FALSE, FALSE, sizeof(gint64))};
	Adding adding = {.writer = writer, .mailbox = mailbox, .added = &added};
	bool good = false;

	if (!store_writer_begin(writer, error))
		return false;
	good = start_adding(&adding, error);
	if (good && adding.any_lost)
		adding.twins = count_twins(writer, messages);
	good = good && add_all(&adding, messages, error);
	g_clear_pointer(&adding.twins, g_hash_table_unref);
	g_free(adding.wire);
	if (good && ret_added != NULL) {
		*ret_added = added;
		added.ids = NULL;
	}
	return store_writer_end(writer, good);
}

/* ---- flags, structure ---- */

bool
store_writer_set_flags(StoreWriter *writer, gint64 mailbox, guint32 uid,
		       const MailFlags *flags, guint64 modseq,
		       bool *ret_changed, GError **error)
{
	bool changed = false;
	bool good;
	gint64 id;

	if (!store_writer_begin(writer, error))
		return false;
	good =
	    store_number(writer->db, 0, &id, error,
			 "SELECT id FROM msg WHERE mailbox = ? AND uid = ? "
			 "AND uid > 0",
			 "ii", mailbox, (gint64)uid) &&
	    (id == 0 || take_flags(writer, id, flags, modseq, &changed, error));
	if (ret_changed != NULL)
		*ret_changed = changed;
	return store_writer_end(writer, good);
}

bool
store_writer_set_structure(StoreWriter *writer, gint64 message,
			   const Part *root, GError **error)
{
	g_autofree char *text = part_to_text(root);
	gint64 attachments = part_has_attachments(root)
				 ? MESSAGE_ATTACHMENTS_YES
				 : MESSAGE_ATTACHMENTS_NO;

	return store_writer_begin(writer, error) &&
	       store_writer_end(writer,
				store_run(writer->db, error,
					  "UPDATE head SET structure = ? "
					  "WHERE id = ?",
					  "si", text, message) &&
				    store_run(writer->db, error,
					      "UPDATE msg SET attachments = ? "
					      "WHERE id = ?",
					      "ii", attachments, message));
}
