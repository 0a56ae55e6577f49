/* mime-compose.c - drafts: new, changed field by field, stamped, sent */
#include "mime-compose.h"

#include <string.h>

#include "base-guard.h"
#include "mime-build.h"
#include "mime-header.h"

/* ---- fields ---- */

static bool
is_address_field(const char *name)
{
	static const char *const names[] = {
	    "From",
	    "Sender",
	    "Reply-To",
	    "To",
	    "Cc",
	    "Bcc",
	    "Resent-To",
	    "Resent-From",
	    "Mail-Followup-To",
	    "Disposition-Notification-To",
	};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

/* Those that say how to read the body are changed with it only. */
static bool
may_be_set(const char *name)
{
	return mime_write_is_name(name, strlen(name)) &&
	       g_ascii_strncasecmp(name, "Content-", 8) != 0 &&
	       g_ascii_strcasecmp(name, "MIME-Version") != 0;
}

bool
mime_build_field(GString *out, const char *name, const char *value,
		 GError **error)
{
	g_autofree char *blank = g_strstrip(g_strdup(value));
	g_autoptr(GPtrArray) list = NULL;

	if (!may_be_set(name)) {
		g_set_error(error, MIME_ERROR, MIME_ERROR_EDIT,
			    "the field %s cannot be set", name);
		return false;
	}
	if (blank[0] == '\0')
		return true;
	if (!is_address_field(name)) {
		mime_write_text(out, name, value);
		return true;
	}
	list = mime_addresses_check(value, error);
	if (list == NULL)
		return false;
	if (mime_write_addresses(out, name, list) == 0)
		return true;
	g_set_error(error, MIME_ERROR, MIME_ERROR_ADDRESS,
		    "%s has an address that cannot be written", name);
	return false;
}

GBytes *
mime_compose_set_field(const MimeMessage *draft, const char *name,
		       const char *value, GError **error)
{
	GBytes *bytes = mime_message_bytes(draft);
	gsize size;
	const char *data = mime_build_data(bytes, &size);
	g_autoptr(MimeBlock) block = mime_block_new(data, 0, size);
	g_autoptr(MimeSplices) splices = mime_splices_new(bytes);
	g_autoptr(GString) text = g_string_new(NULL);

	GUARD_NOT_ON_UI("mime_compose_set_field");
	if (!mime_build_field(text, name, value == NULL ? "" : value, error))
		return NULL;
	mime_splices_field(splices, block, name, text);
	return mime_splices_apply(splices, error);
}

/* ---- new ---- */

GBytes *
mime_build_draft(const GString *fields, const char *text)
{
	GString *out = g_string_new_len(fields->str, (gssize)fields->len);
	g_autoptr(GString) body = g_string_new(NULL);

	g_string_append(out, "MIME-Version: 1.0\r\n");
	mime_write_body(text, false, out, body);
	g_string_append(out, "\r\n");
	g_string_append_len(out, body->str, (gssize)body->len);
	return g_string_free_to_bytes(out);
}

void
mime_build_from(GString *out, const Address *from)
{
	/* not owned by the list */
	g_autoptr(GPtrArray) list = g_ptr_array_new();

	g_ptr_array_add(list, (gpointer)from);
	(void)mime_write_addresses(out, "From", list);
}

void
mime_build_stamps(GString *out, const MimeSender *sender)
{
	mime_write_date(out, sender->now);
	mime_write_message_id(out, sender->from->email);
}

void
mime_build_signature(GString *text, const MimeSender *sender)
{
	g_autofree char *clean = NULL;

	if (sender->signature == NULL || sender->signature[0] == '\0')
		return;
	clean = mime_text_clean(sender->signature, strlen(sender->signature));
	g_string_append_printf(text, "\n-- \n%s", clean);
	if (!g_str_has_suffix(clean, "\n"))
		g_string_append_c(text, '\n');
}

GBytes *
mime_compose_new(const MimeSender *sender)
{
	g_autoptr(GString) fields = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	mime_build_from(fields, sender->from);
	mime_build_stamps(fields, sender);
	mime_build_signature(text, sender);
	return mime_build_draft(fields, text->str);
}

/* ---- stamp ---- */

static bool
is_blank_text(const char *data, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isspace(data[i]))
			return false;
	return true;
}

/* The line that parts messages in an mbox file is no field. */
static gsize
skip_mbox_line(const char *data, gsize size)
{
	const char *lf = size < 5 || memcmp(data, "From ", 5) != 0
			     ? NULL
			     : memchr(data, '\n', size);

	return lf == NULL ? 0 : (gsize)(lf - data) + 1;
}

static bool
begins_with_field(const char *data, gsize size)
{
	g_autoptr(MimeBlock) block = mime_block_new(data, 0, size);

	return block->fields->len > 0 &&
	       mime_block_field(block, 0)->start == data;
}

static bool
ends_with_empty_line(const char *data, gsize len)
{
	if (len == 0 || data[len - 1] != '\n')
		return false;
	len -= len >= 2 && data[len - 2] == '\r' ? 2 : 1;
	return len > 0 && data[len - 1] == '\n';
}

static bool
has_bare_lf(const char *data, gsize len)
{
	for (const char *p = data;
	     (p = memchr(p, '\n', len - (gsize)(p - data))); p++)
		if (p == data || p[-1] != '\r')
			return true;
	return false;
}

/* A message with a header that ends, as the wire has it. */
static GBytes *
normalise(const char *data, gsize size)
{
	g_autoptr(MimeBlock) block = mime_block_new(data, 0, size);
	GString *out = g_string_sized_new(size + 16);

	if (has_bare_lf(data, block->body))
		mime_write_crlf(out, data, size);
	else
		g_string_append_len(out, data, (gssize)size);
	if (block->body == size) {
		if (out->str[out->len - 1] != '\n')
			g_string_append(out, "\r\n");
		if (!ends_with_empty_line(out->str, out->len))
			g_string_append(out, "\r\n");
	}
	return g_string_free_to_bytes(out);
}

/* What has no label and is not ASCII gets one. */
static void
add_label(MimeSplices *splices, const MimeBlock *block, const char *data,
	  gsize size)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *body = data + block->body;
	gsize len = size - block->body;
	bool foreign = false;

	for (gsize i = 0; i < len && !foreign; i++)
		foreign = (guchar)body[i] >= 0x80;
	for (guint i = 0; i < block->fields->len; i++)
		if (mime_block_is_content(mime_block_field(block, i)))
			return;
	if (!foreign)
		return;
	g_string_append_printf(text,
			       "Content-Type: text/plain; charset=%s\r\n"
			       "Content-Transfer-Encoding: 8bit\r\n",
			       g_utf8_validate(body, (gssize)len, NULL)
				   ? "utf-8"
				   : "windows-1252");
	mime_splices_field(splices, block, "Content-Type", text);
}

static void
set_or_keep(MimeSplices *splices, const MimeBlock *block, const char *name,
	    const GString *text)
{
	if (mime_block_find(block, name) == NULL)
		mime_splices_field(splices, block, name, text);
}

typedef struct {
	const char *uuid;
	guint rev;
	const Address *from;
	gint64 now;
} Stamp;

static GBytes *
stamp(GBytes *message, const Stamp *values, GError **error)
{
	gsize size;
	const char *data = mime_build_data(message, &size);
	g_autoptr(MimeBlock) block = mime_block_new(data, 0, size);
	g_autoptr(MimeSplices) splices = mime_splices_new(message);
	g_autoptr(GPtrArray) from = mime_block_addresses(block, "From");
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *rev =
	    g_strdup_printf("%s; rev=%u", values->uuid, values->rev);
	const Address *author = values->from;

	if (from->len > 0)
		author = g_ptr_array_index(from, 0);
	if (values->from != NULL) {
		mime_build_from(text, values->from);
		set_or_keep(splices, block, "From", text);
		g_string_truncate(text, 0);
	}
	mime_write_date(text, values->now);
	mime_splices_field(splices, block, "Date", text);
	g_string_truncate(text, 0);
	mime_write_message_id(text, author == NULL ? NULL : author->email);
	set_or_keep(splices, block, "Message-ID", text);
	g_string_truncate(text, 0);
	mime_write_text(text, "X-Pennon-Draft", rev);
	mime_splices_field(splices, block, "X-Pennon-Draft", text);
	g_string_assign(text, "MIME-Version: 1.0\r\n");
	set_or_keep(splices, block, "MIME-Version", text);
	add_label(splices, block, data, size);
	return mime_splices_apply(splices, error);
}

GBytes *
mime_compose_stamp(GBytes *message, const char *uuid, guint rev,
		   const Address *from, gint64 now, GError **error)
{
	Stamp values = {uuid, rev, from, now};
	gsize size, skip;
	const char *data = mime_build_data(message, &size);
	g_autoptr(GBytes) whole = NULL;

	GUARD_NOT_ON_UI("mime_compose_stamp");
	if (size > MIME_MESSAGE_MAX) {
		g_set_error_literal(error, MIME_ERROR, MIME_ERROR_LIMIT,
				    "the message is too large");
		return NULL;
	}
	if (is_blank_text(data, size)) {
		g_set_error_literal(error, MIME_ERROR, MIME_ERROR_EDIT,
				    "there is neither a header nor a text");
		return NULL;
	}
	skip = skip_mbox_line(data, size);
	if (begins_with_field(data + skip, size - skip)) {
		whole = normalise(data + skip, size - skip);
	} else {
		g_autoptr(GString) none = g_string_new(NULL);
		g_autofree char *text = mime_text_clean(data, size);

		/* the empty line that ends a header without fields */
		whole =
		    mime_build_draft(none, text[0] == '\n' ? text + 1 : text);
	}
	return stamp(whole, &values, error);
}

/* ---- outgoing ---- */

GBytes *
mime_compose_outgoing(GBytes *message, GError **error)
{
	static const char *const names[] = {"Bcc", "Resent-Bcc",
					    "X-Pennon-Draft"};
	gsize size;
	const char *data = mime_build_data(message, &size);
	g_autoptr(MimeBlock) block = mime_block_new(data, 0, size);
	g_autoptr(MimeSplices) splices = mime_splices_new(message);
	g_autoptr(GString) nothing = g_string_new(NULL);

	GUARD_NOT_ON_UI("mime_compose_outgoing");
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		mime_splices_field(splices, block, names[i], nothing);
	return mime_splices_apply(splices, error);
}
