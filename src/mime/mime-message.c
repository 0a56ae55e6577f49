/* mime-message.c - a whole message: its parts and their bytes */
#include "mime-message.h"

#include <string.h>

#include "base-guard.h"
#include "mime-header.h"
#include "mime-tree.h"

struct MimeMessage {
	GBytes *bytes;
	const char *data;
	gsize size;
	MimeTree *tree;
};

MimeMessage *
mime_message_new(GBytes *bytes, GError **error)
{
	MimeMessage *message;

	GUARD_NOT_ON_UI("mime_message_new");
	if (g_bytes_get_size(bytes) > MIME_MESSAGE_MAX) {
		g_set_error_literal(error, MIME_ERROR, MIME_ERROR_LIMIT,
				    "the message is too large");
		return NULL;
	}
	message = g_new0(MimeMessage, 1);
	message->bytes = g_bytes_ref(bytes);
	message->data = g_bytes_get_data(bytes, &message->size);
	if (message->data == NULL)
		message->data = "";
	message->tree = mime_tree_read(message->data, message->size);
	return message;
}

void
mime_message_free(MimeMessage *message)
{
	if (message == NULL)
		return;
	mime_tree_free(message->tree);
	g_bytes_unref(message->bytes);
	g_free(message);
}

GBytes *
mime_message_bytes(const MimeMessage *message)
{
	return message->bytes;
}

const Part *
mime_message_structure(const MimeMessage *message)
{
	return message->tree->root;
}

bool
mime_message_is_cut(const MimeMessage *message)
{
	return message->tree->is_cut;
}

MessageHeader *
mime_message_header(const MimeMessage *message)
{
	return mime_header_parse(message->data, message->tree->body);
}

/* What a section names, and which bytes of it. */
typedef enum {
	PIECE_BODY,
	PIECE_MIME,
	PIECE_HEADER,
	PIECE_TEXT,
} Piece;

static Piece
split_section(const char *section, char **ret_number)
{
	static const struct {
		const char *word;
		Piece piece;
	} words[] = {
	    {"HEADER", PIECE_HEADER},
	    {"TEXT", PIECE_TEXT},
	    {"MIME", PIECE_MIME},
	};
	const char *dot = strrchr(section, '.');
	const char *last = dot == NULL ? section : dot + 1;

	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (g_ascii_strcasecmp(last, words[i].word) != 0)
			continue;
		*ret_number = dot == NULL
				  ? g_strdup("")
				  : g_strndup(section, (gsize)(dot - section));
		return words[i].piece;
	}
	*ret_number = g_strdup(section);
	return PIECE_BODY;
}

static bool
find_range(const MimeMessage *message, const char *section, gsize *ret_start,
	   gsize *ret_end)
{
	g_autofree char *number = NULL;
	Piece piece = split_section(section, &number);
	const MimeTree *tree = message->tree;
	const MimeNode *span;

	if (number[0] == '\0') {
		if (piece == PIECE_MIME)
			return false;
		*ret_start = piece == PIECE_TEXT ? tree->body : 0;
		*ret_end = piece == PIECE_HEADER ? tree->body : message->size;
		return true;
	}
	span = mime_tree_find(tree, number);
	if (span == NULL)
		return false;
	switch (piece) {
	case PIECE_BODY:
		*ret_start = span->body;
		*ret_end = span->end;
		return true;
	case PIECE_MIME:
		*ret_start = span->head;
		*ret_end = span->body;
		return true;
	case PIECE_HEADER:
	case PIECE_TEXT:
		if (!span->is_message)
			return false;
		*ret_start =
		    piece == PIECE_TEXT ? span->inner_body : span->body;
		*ret_end = piece == PIECE_TEXT ? span->end : span->inner_body;
		return true;
	}
	return false;
}

GBytes *
mime_message_section(const MimeMessage *message, const char *section,
		     GError **error)
{
	gsize start, end;

	if (!find_range(message, section, &start, &end)) {
		g_set_error(error, MIME_ERROR, MIME_ERROR_NOT_FOUND,
			    "no part %s", section);
		return NULL;
	}
	return g_bytes_new_from_bytes(message->bytes, start, end - start);
}

GBytes *
mime_message_decode(const MimeMessage *message, const char *section,
		    GError **error)
{
	g_autoptr(GBytes) encoded =
	    mime_message_section(message, section, error);
	const MimeNode *span;

	if (encoded == NULL)
		return NULL;
	span = mime_tree_find(message->tree, section);
	if (span == NULL || part_is_multipart(span->part))
		return g_steal_pointer(&encoded);
	return mime_part_decode(span->part, encoded);
}
