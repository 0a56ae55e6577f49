/* controller-read.c - the text of a message, for a screen or a command */
#include "base-word.h"
#include "controller-private.h"
#include "controller-read-shown.h"
#include "mime-header.h"

struct AccountRead {
	Fetch *fetch; /* NULL once it is over */
	MessageTextFunc func;
	gpointer user;
};

/** Reading: goes to the reader thread and comes back */
typedef struct {
	ReadOptions options; /* its section is owned */
	MessageText *text;
} Reading;

static void
free_text(MessageText *text)
{
	if (text == NULL)
		return;
	g_free(text->error);
	message_row_free(text->row);
	g_clear_pointer(&text->reply_to, g_ptr_array_unref);
	g_clear_pointer(&text->headers, g_ptr_array_unref);
	g_clear_pointer(&text->lines, g_ptr_array_unref);
	part_free(text->structure);
	g_free(text->section);
	g_clear_pointer(&text->links, g_ptr_array_unref);
	g_clear_pointer(&text->cautions, g_ptr_array_unref);
	g_free(text);
}

static MessageText *
new_text(Account *account)
{
	MessageText *text = g_new0(MessageText, 1);

	text->account = account;
	text->lines = text_line_list_new();
	text->links = g_ptr_array_new_with_free_func(g_free);
	text->cautions = g_ptr_array_new_with_free_func(g_free);
	return text;
}

static void
free_reading(gpointer data)
{
	Reading *reading = data;

	g_free((char *)reading->options.section);
	free_text(reading->text);
	g_free(reading);
}

/* ---- on the reader thread ---- */

static void
take_text(MessageText *text, MimeText *from, bool fold)
{
	GPtrArray *lines = g_steal_pointer(&text->lines);

	text->lines = from->lines;
	from->lines = lines;
	if (fold)
		text->lines = read_fold_quotes(text->lines);
	for (guint i = 0; i < from->links->len; i++)
		g_ptr_array_add(text->links,
				g_strdup(g_ptr_array_index(from->links, i)));
	for (guint i = 0; i < from->cautions->len; i++) {
		const MimeCaution *caution =
		    g_ptr_array_index(from->cautions, i);

		g_ptr_array_add(
		    text->cautions,
		    g_strconcat(caution->shown, "\n", caution->real, NULL));
	}
	text->is_html = from->is_html;
	text->remote_pictures = from->remote_pictures;
}

static bool
take_headers(FetchView *view, const Reading *reading, const ReadShown *shown,
	     GError **error)
{
	const MimeRenderOptions render = {
	    .width = reading->options.width,
	    .cancel = fetch_cancelled(view),
	};

	if (reading->options.headers == 1 && shown->header != NULL)
		reading->text->headers =
		    mime_render_headers(shown->header, reading->options.width);
	if (reading->options.headers == 2) {
		reading->text->headers =
		    mime_render_source(shown->whole, &render, error);
		return reading->text->headers != NULL;
	}
	return true;
}

static GPtrArray *
reply_to(GBytes *block)
{
	gsize len;
	const char *data = g_bytes_get_data(block, &len);
	g_autoptr(MessageHeader) header = mime_header_parse(data, len);

	return header->reply_to->len > 0 ? g_ptr_array_ref(header->reply_to)
					 : NULL;
}

static bool
read_work(FetchView *view, gpointer data, GError **error)
{
	Reading *reading = data;
	MessageText *text = reading->text;
	g_auto(ReadShown) shown = {0};

	if (!read_shown(view, &reading->options, &shown, error) ||
	    !take_headers(view, reading, &shown, error))
		return false;
	if (shown.text != NULL)
		take_text(text, shown.text, reading->options.fold_quotes);
	if (shown.header != NULL)
		text->reply_to = reply_to(shown.header);
	text->structure = g_steal_pointer(&shown.structure);
	text->section = g_steal_pointer(&shown.section);
	text->has_other = shown.has_other;
	return true;
}

/* ---- on the UI thread ---- */

static void
refresh_row(Account *account, gint64 id)
{
	MessageText *text = account->text;
	MessageRow *row;

	(void)store_reader_refresh(account->store);
	row = store_reader_row(account->store, id, NULL);
	if (row == NULL)
		return;
	message_row_free(text->row);
	text->row = row;
}

static void
tell(Account *account)
{
	struct AccountRead *read = account->read;

	read->func(account->text, read->user);
}

static void
read_done(Account *account, gpointer data, const GError *error)
{
	Reading *reading = data;
	MessageText *text = account->text;

	account->read->fetch = NULL;
	g_clear_pointer(&text->error, g_free);
	if (error == NULL) {
		MessageText *came = g_steal_pointer(&reading->text);

		came->row = g_steal_pointer(&text->row);
		came->state = MESSAGE_TEXT_READY;
		/* the caller holds the old one: its insides are exchanged */
		reading->text = g_new0(MessageText, 1);
		*reading->text = *text;
		*text = *came;
		g_free(came);
		if (text->row != NULL)
			refresh_row(account, text->row->id);
	} else {
		bool unreachable = error->code == CONTROLLER_ERROR_CONNECTION ||
				   error->code == CONTROLLER_ERROR_QUEUED ||
				   error->code == CONTROLLER_ERROR_UNTRUSTED ||
				   error->code == CONTROLLER_ERROR_LOGIN;

		text->state =
		    unreachable ? MESSAGE_TEXT_OFFLINE : MESSAGE_TEXT_FAILED;
		text->error = g_strdup(error->message);
	}
	tell(account);
}

static void
read_waits(Account *account, gpointer data)
{
	(void)data;
	account->text->state = MESSAGE_TEXT_OFFLINE;
	tell(account);
}

MessageText *
account_read(Account *account, gint64 id, const ReadOptions *options,
	     MessageTextFunc func, gpointer user)
{
	const FetchFuncs funcs = {read_work, read_done, read_waits};
	MessageText *text;
	Reading *reading;

	account_read_close(account);
	account->text = text = new_text(account);
	account->read = g_new0(struct AccountRead, 1);
	account->read->func = func;
	account->read->user = user;
	refresh_row(account, id);
	if (text->row == NULL) {
		text->state = MESSAGE_TEXT_FAILED;
		text->error = g_strdup(N_("the message is not there any more"));
		func(text, user);
		return text;
	}
	reading = g_new0(Reading, 1);
	reading->options = *options;
	reading->options.section = g_strdup(options->section);
	reading->text = new_text(account);
	account->read->fetch =
	    fetch_start(account, id, &funcs, reading, free_reading);
	func(text, user);
	return text;
}

void
account_read_close(Account *account)
{
	if (account->read != NULL) {
		fetch_cancel(account->read->fetch);
		g_clear_pointer(&account->read, g_free);
	}
	g_clear_pointer(&account->text, free_text);
}
