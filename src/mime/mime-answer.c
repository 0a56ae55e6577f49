/* mime-answer.c - drafts that answer or forward a message */
#include <string.h>

#include "base-time.h"
#include "mime-build.h"
#include "mime-compose.h"
#include "mime-header.h"

/* ---- subjects ---- */

/* What programs in other languages put before the subject of an answer. */
static const char *const reply_words[] = {
    "re",  "aw",  "antw", "antwort", "sv",  "vs",   "ref",  "rif", "odp",
    "res", "ynt", "vá",   "bls",     "ats", "回复", "答复", NULL,
};
static const char *const forward_words[] = {
    "fwd", "fw", "wg", "tr", "rv", "enc", "vb", "doorst", "i", "转发", NULL,
};

/* Bytes of a word with "[2]", "^2" or "(2)" behind it, its colon and blanks. */
static gsize
word_length(const char *subject, const char *word)
{
	gsize len = strlen(word);
	const char *p = subject + len;

	if (strlen(subject) <= len ||
	    g_ascii_strncasecmp(subject, word, len) != 0)
		return 0;
	if (*p == '[' || *p == '(' || *p == '^') {
		p++;
		while (g_ascii_isdigit(*p))
			p++;
		if (*p == ']' || *p == ')')
			p++;
	}
	while (*p == ' ')
		p++;
	if (*p == ':')
		p++;
	else if (g_str_has_prefix(p, "：")) /* as wide as a Chinese sign */
		p += strlen("：");
	else
		return 0;
	while (*p == ' ')
		p++;
	return (gsize)(p - subject);
}

static const char *
skip_words(const char *subject, const char *const *words)
{
	for (guint i = 0; words[i] != NULL;) {
		gsize len = word_length(subject, words[i]);

		subject += len;
		/* once more from the start: they come in any order */
		i = len > 0 ? 0 : i + 1;
	}
	return subject;
}

static void
write_subject(GString *out, const char *prefix, const char *subject,
	      const char *const *words)
{
	while (*subject == ' ')
		subject++;
	{
		g_autofree char *whole =
		    g_strconcat(prefix, skip_words(subject, words), NULL);

		mime_write_text(out, "Subject", whole);
	}
}

/* ---- recipients ---- */

static bool
is_same(const char *a, const char *b)
{
	return g_ascii_strcasecmp(a, b) == 0;
}

static bool
is_own(const MimeSender *sender, const char *email)
{
	if (is_same(sender->from->email, email))
		return true;
	for (guint i = 0; sender->own != NULL && i < sender->own->len; i++)
		if (is_same(g_ptr_array_index(sender->own, i), email))
			return true;
	return false;
}

typedef struct {
	const MimeSender *sender;
	GHashTable *seen; /* set of addresses, folded */
} Recipients;

static void
add_others(Recipients *recipients, GPtrArray *list, const GPtrArray *more)
{
	for (guint i = 0; i < more->len; i++) {
		const Address *address = g_ptr_array_index(more, i);

		/* the name of an empty group is nobody */
		if (address->email[0] == '\0' ||
		    is_own(recipients->sender, address->email) ||
		    !g_hash_table_add(recipients->seen,
				      g_ascii_strdown(address->email, -1)))
			continue;
		g_ptr_array_add(list,
				address_new(address->name, address->email));
	}
}

static bool
is_from_self(const MimeSender *sender, const MessageHeader *original)
{
	const Address *author;

	if (original->from->len == 0)
		return false;
	author = g_ptr_array_index(original->from, 0);
	return is_own(sender, author->email);
}

static void
write_recipients(GString *out, const MimeSender *sender,
		 const MessageHeader *original, bool all)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) to = address_list_new();
	g_autoptr(GPtrArray) cc = address_list_new();
	Recipients recipients = {sender, seen};

	if (is_from_self(sender, original))
		add_others(&recipients, to, original->to);
	else
		add_others(&recipients, to, original->reply_to);
	if (to->len == 0)
		add_others(&recipients, to, original->from);
	if (all) {
		add_others(&recipients, cc, original->to);
		add_others(&recipients, cc, original->cc);
	}
	(void)mime_write_addresses(out, "To", to);
	(void)mime_write_addresses(out, "Cc", cc);
}

/* The first one, which the thread hangs on, and the last ones. */
static void
write_references(GString *out, const MessageHeader *original)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	for (guint i = 0;
	     original->references != NULL && original->references[i] != NULL;
	     i++)
		g_ptr_array_add(ids, original->references[i]);
	if (original->message_id != NULL)
		g_ptr_array_add(ids, original->message_id);
	if (ids->len > MESSAGE_REFERENCES_MAX)
		g_ptr_array_remove_range(ids, 1,
					 ids->len - MESSAGE_REFERENCES_MAX);
	mime_write_ids(out, "References", ids);
}

/* ---- reply ---- */

static void
append_quoted(GString *text, const MimeText *quoted)
{
	g_autofree char *joined = mime_text_join(quoted, false);
	g_autofree char *clean = mime_text_clean(joined, strlen(joined));
	const char *stop;

	g_strchomp(clean);
	stop = clean + strlen(clean);
	for (const char *p = clean; p < stop;) {
		const char *end = memchr(p, '\n', (gsize)(stop - p));
		gsize len = (gsize)((end == NULL ? stop : end) - p);

		g_string_append_c(text, '>');
		if (len > 0 && *p != '>')
			g_string_append_c(text, ' ');
		g_string_append_len(text, p, (gssize)len);
		g_string_append_c(text, '\n');
		p += len + (end != NULL);
	}
}

static void
append_line(GString *text, const char *line)
{
	g_autofree char *clean =
	    line == NULL ? NULL : mime_text_clean(line, strlen(line));

	if (clean == NULL || clean[0] == '\0')
		return;
	g_string_append(text, clean);
	if (!g_str_has_suffix(clean, "\n"))
		g_string_append_c(text, '\n');
}

GBytes *
mime_compose_reply(const MimeSender *sender, const MessageHeader *original,
		   const MimeText *quoted, bool all, const char *attribution)
{
	g_autoptr(GString) fields = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) id = g_ptr_array_new();

	mime_build_from(fields, sender->from);
	write_recipients(fields, sender, original, all);
	write_subject(fields, "Re: ", original->subject, reply_words);
	mime_build_stamps(fields, sender);
	if (original->message_id != NULL)
		g_ptr_array_add(id, original->message_id);
	mime_write_ids(fields, "In-Reply-To", id);
	write_references(fields, original);
	if (quoted != NULL) {
		append_line(text, attribution);
		append_quoted(text, quoted);
		g_string_append_c(text, '\n');
	}
	mime_build_signature(text, sender);
	return mime_build_draft(fields, text->str);
}

/* ---- forward ---- */

static void
append_field(GString *text, const char *name, const char *value)
{
	g_autofree char *line = g_strdup_printf("%s: %s", name, value);

	/* a value has no line ends; whatever else it has is cleaned */
	if (value[0] != '\0')
		append_line(text, line);
}

static void
append_header(GString *text, const MessageHeader *header)
{
	g_autofree char *from = mime_addresses_write(header->from);
	g_autofree char *to = mime_addresses_write(header->to);
	g_autofree char *cc = mime_addresses_write(header->cc);

	append_field(text, "From", from);
	if (header->date != MESSAGE_NO_DATE) {
		g_autofree char *date = time_to_local_minute(header->date);

		append_field(text, "Date", date);
	}
	append_field(text, "Subject", header->subject);
	append_field(text, "To", to);
	append_field(text, "Cc", cc);
	g_string_append_c(text, '\n');
}

static char *
forwarded_text(const MimeSender *sender, const MimeMessage *original,
	       const MessageHeader *header, const char *intro)
{
	MimeRenderOptions options = {
	    .width = MIME_QUOTE_WIDTH,
	    .root = mime_message_structure(original),
	};
	g_autoptr(MimeText) shown =
	    mime_render_message(original, true, &options, NULL);
	g_autofree char *joined =
	    shown == NULL ? g_strdup("") : mime_text_join(shown, true);
	GString *text = g_string_new("\n");

	append_line(text, intro);
	append_header(text, header);
	append_line(text, joined);
	mime_build_signature(text, sender);
	return g_string_free(text, FALSE);
}

/* A part as it stands in @original, for mime_part_add(). */
static GString *
copy_part(const MimeMessage *original, const Part *part)
{
	gsize size;
	const char *data = mime_build_data(mime_message_bytes(original), &size);
	bool is_root = part == mime_message_structure(original);
	g_autoptr(MimeBlock) block = NULL;
	GString *out;
	MimePlace place;

	if (!mime_place_find(original, part, &place))
		return NULL;
	block = mime_block_new(data, place.head.start, place.head.end);
	out = g_string_new(NULL);
	for (guint i = 0; i < block->fields->len; i++) {
		const MimeField *field = mime_block_field(block, i);

		/* a message's own fields say nothing about its part */
		if (is_root && !mime_block_is_content(field))
			continue;
		mime_write_crlf(out, field->start,
				(gsize)(field->end - field->start));
		if (out->str[out->len - 1] != '\n')
			g_string_append(out, "\r\n");
	}
	g_string_append(out, "\r\n");
	/* where the header has CRLF a bare LF of the body is its own */
	if (memmem(data, place.head.end, "\r\n", 2) == NULL)
		mime_write_crlf(out, data + place.body.start,
				place.body.end - place.body.start);
	else
		g_string_append_len(
		    out, data + place.body.start,
		    (gssize)(place.body.end - place.body.start));
	return out;
}

static void
collect_attachments(const Part *part, guint depth, GPtrArray *list)
{
	if (!part_is_multipart(part) || depth == PART_DEPTH_MAX) {
		if (part_is_attachment(part))
			g_ptr_array_add(list, (gpointer)part);
		return;
	}
	for (guint i = 0; i < part->children->len; i++)
		collect_attachments(g_ptr_array_index(part->children, i),
				    depth + 1, list);
}

/* All of them at once: one by one would copy the draft as often. */
static GBytes *
add_attachments(GBytes *draft, const MimeMessage *original, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autoptr(GPtrArray) parts =
	    g_ptr_array_new_with_free_func((GDestroyNotify)mime_string_free);
	g_autoptr(MimeMessage) message = NULL;

	collect_attachments(mime_message_structure(original), 0, list);
	for (guint i = 0; i < list->len; i++) {
		GString *part = copy_part(original, g_ptr_array_index(list, i));

		if (part != NULL)
			g_ptr_array_add(parts, part);
	}
	if (parts->len == 0)
		return g_bytes_ref(draft);
	message = mime_message_new(draft, error);
	if (message == NULL)
		return NULL;
	return mime_part_add(message, parts, false, error);
}

GBytes *
mime_compose_forward(const MimeSender *sender, const MimeMessage *original,
		     bool attached, const char *intro, GError **error)
{
	g_autoptr(MessageHeader) header = mime_message_header(original);
	g_autoptr(GString) fields = g_string_new(NULL);
	g_autoptr(GString) signature = g_string_new(NULL);
	g_autoptr(MimeMessage) message = NULL;
	g_autofree char *text = NULL;
	g_autoptr(GBytes) draft = NULL;

	mime_build_from(fields, sender->from);
	write_subject(fields, "Fwd: ", header->subject, forward_words);
	mime_build_stamps(fields, sender);
	if (!attached) {
		text = forwarded_text(sender, original, header, intro);
		draft = mime_build_draft(fields, text);
		return add_attachments(draft, original, error);
	}
	mime_build_signature(signature, sender);
	draft = mime_build_draft(fields, signature->str);
	message = mime_message_new(draft, error);
	if (message == NULL)
		return NULL;
	return mime_compose_attach(message, mime_message_bytes(original),
				   "message/rfc822", NULL, error);
}
