/* mime-header.c - the header fields of a message as a list's values */
#include "mime-header.h"

#include <string.h>

#include "base-guard.h"
#include "base-text.h"
#include "mime-field.h"

/* RFC 5322 section 2.1.1: no line is longer */
#define ID_MAX 998u
#define ID_MIN 5u
#define UUID_MAX 64u

typedef enum {
	FIELD_BCC,
	FIELD_CC,
	FIELD_CONTENT_TYPE,
	FIELD_DATE,
	FIELD_FROM,
	FIELD_IN_REPLY_TO,
	FIELD_LIST_ID,
	FIELD_MESSAGE_ID,
	FIELD_REFERENCES,
	FIELD_REPLY_TO,
	FIELD_SUBJECT,
	FIELD_TO,
	FIELD_DRAFT,
	N_FIELDS,
} FieldId;

static const struct {
	const char *name;
	gsize len;
} names[N_FIELDS] = {
    [FIELD_BCC] = {"bcc", 3},
    [FIELD_CC] = {"cc", 2},
    [FIELD_CONTENT_TYPE] = {"content-type", 12},
    [FIELD_DATE] = {"date", 4},
    [FIELD_FROM] = {"from", 4},
    [FIELD_IN_REPLY_TO] = {"in-reply-to", 11},
    [FIELD_LIST_ID] = {"list-id", 7},
    [FIELD_MESSAGE_ID] = {"message-id", 10},
    [FIELD_REFERENCES] = {"references", 10},
    [FIELD_REPLY_TO] = {"reply-to", 8},
    [FIELD_SUBJECT] = {"subject", 7},
    [FIELD_TO] = {"to", 2},
    [FIELD_DRAFT] = {"x-pennon-draft", 14},
};

typedef struct {
	const char *value;
	gsize len;
} Raw;

const char *
mime_header_fields(void)
{
	return "DATE FROM TO CC BCC SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES "
	       "REPLY-TO LIST-ID CONTENT-TYPE X-PENNON-DRAFT";
}

static void
take_field(Raw *raws, const MimeField *field)
{
	for (guint i = 0; i < N_FIELDS; i++) {
		if (names[i].len != field->name_len ||
		    names[i].name[0] != (field->name[0] | 0x20) ||
		    g_ascii_strncasecmp(names[i].name, field->name,
					field->name_len) != 0)
			continue;
		if (raws[i].value == NULL)
			raws[i] = (Raw){field->value, field->value_len};
		return;
	}
}

/* What stands between the brackets, without folds; NULL if it is no id. */
static char *
id_copy(const char *text, gsize len)
{
	char id[ID_MAX + 1];
	gsize n = 0;
	bool ascii = true;

	if (len > ID_MAX || memchr(text, '@', len) == NULL)
		return NULL;
	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)text[i];

		if (c <= ' ' || c == 0x7f)
			continue;
		ascii &= c < 0x80;
		id[n++] = text[i];
	}
	if (n < ID_MIN)
		return NULL;
	return ascii ? g_strndup(id, n) : text_to_utf8(id, (gssize)n);
}

/* The next "<…>"; text and comments between are passed over. */
static bool
next_id(const char **p, const char *end, Raw *id)
{
	const char *open = memchr(*p, '<', (gsize)(end - *p));
	const char *close;

	if (open == NULL)
		return false;
	close = memchr(open, '>', (gsize)(end - open));
	if (close == NULL)
		return false;
	*p = close + 1;
	*id = (Raw){open + 1, (gsize)(close - open - 1)};
	return true;
}

static char *
first_id(const Raw *raw)
{
	const char *p = raw->value;
	char *found = NULL;
	Raw id;

	if (p == NULL)
		return NULL;
	while (found == NULL && next_id(&p, raw->value + raw->len, &id))
		found = id_copy(id.value, id.len);
	return found;
}

static char *
message_id(const Raw *raw)
{
	char *id = first_id(raw);
	const char *p = raw->value, *end;
	gsize len = 0;

	if (id != NULL || raw->len == 0)
		return id;
	end = p + raw->len;
	/* without brackets, or with one: the first word */
	p += raw->value[0] == '<';
	while (p + len < end && (guchar)p[len] > ' ' && p[len] != '>')
		len++;
	return id_copy(p, len);
}

/* The first one and a ring of the last ones: the field may hold 100,000. */
typedef struct {
	char *first;
	char *last[MESSAGE_REFERENCES_MAX - 1];
	guint n;
} Ids;

static void
collect_ids(Ids *ids, const char *p, gsize len)
{
	const char *end = p + len;
	Raw raw;

	while (next_id(&p, end, &raw)) {
		char *id = id_copy(raw.value, raw.len);
		char **slot;

		if (id == NULL)
			continue;
		if (ids->first == NULL) {
			ids->first = id;
			continue;
		}
		slot = &ids->last[ids->n++ % G_N_ELEMENTS(ids->last)];
		g_free(*slot);
		*slot = id;
	}
}

static char **
references(const Raw *raw, const Raw *in_reply_to)
{
	Ids ids = {0};
	guint size = G_N_ELEMENTS(ids.last), n, at = 0;
	char **list;

	if (raw->value != NULL && raw->len > MIME_FIELD_MAX) {
		/* the parent stands at the end */
		gsize half = MIME_FIELD_MAX / 2;

		collect_ids(&ids, raw->value, half);
		collect_ids(&ids, raw->value + raw->len - half, half);
	} else if (raw->value != NULL) {
		collect_ids(&ids, raw->value, raw->len);
	}
	if (ids.first == NULL)
		ids.first = first_id(in_reply_to);
	if (ids.first == NULL)
		return NULL;
	n = MIN(ids.n, size);
	list = g_new(char *, n + 2);
	list[at++] = ids.first;
	for (guint i = ids.n - n; i < ids.n; i++)
		list[at++] = ids.last[i % size];
	list[at] = NULL;
	return list;
}

static char *
list_id(const Raw *raw)
{
	const char *p = raw->value;
	Raw id;

	if (p == NULL)
		return NULL;
	if (next_id(&p, raw->value + raw->len, &id))
		return mime_field_decode(id.value, id.len);
	return mime_field_decode(raw->value, raw->len);
}

static char *
content_type(const Raw *raw)
{
	gsize len = 0;
	bool slash = false;

	if (raw->value == NULL)
		return NULL;
	while (len < MIN(raw->len, 255) && (guchar)raw->value[len] > ' ' &&
	       (guchar)raw->value[len] < 0x7f &&
	       strchr(";,()<>\"", raw->value[len]) == NULL)
		slash |= raw->value[len++] == '/';
	return slash ? g_ascii_strdown(raw->value, (gssize)len) : NULL;
}

static void
take_draft(const Raw *raw, MessageHeader *header)
{
	g_autofree char *value = NULL;
	gsize len;
	char *rev;

	if (raw->value == NULL)
		return;
	value = mime_field_decode(raw->value, MIN(raw->len, 200));
	len = strcspn(value, "; ");
	if (len == 0 || len > UUID_MAX)
		return;
	rev = strstr(value + len, "rev=");
	if (rev != NULL) {
		guint64 number = g_ascii_strtoull(rev + 4, NULL, 10);

		header->draft_rev = (guint)MIN(number, G_MAXINT32);
	}
	header->draft_uuid = g_strndup(value, len);
}

static void
take_addresses(const Raw *raw, GPtrArray **list)
{
	if (raw->value == NULL)
		return;
	g_ptr_array_unref(*list);
	*list = mime_addresses_read(raw->value, raw->len);
}

MessageHeader *
mime_header_parse(const char *block, gsize len)
{
	MessageHeader *header = message_header_new();
	const char *p = block, *end = block + MIN(len, MIME_HEADER_MAX);
	Raw raws[N_FIELDS] = {0};
	MimeField field;

	GUARD_NOT_ON_UI("mime_header_parse");
	while (mime_field_next(&p, end, &field))
		take_field(raws, &field);
	take_addresses(&raws[FIELD_FROM], &header->from);
	take_addresses(&raws[FIELD_TO], &header->to);
	take_addresses(&raws[FIELD_CC], &header->cc);
	take_addresses(&raws[FIELD_BCC], &header->bcc);
	take_addresses(&raws[FIELD_REPLY_TO], &header->reply_to);
	if (raws[FIELD_SUBJECT].value != NULL) {
		g_free(header->subject);
		header->subject = mime_field_decode(raws[FIELD_SUBJECT].value,
						    raws[FIELD_SUBJECT].len);
	}
	header->message_id = message_id(&raws[FIELD_MESSAGE_ID]);
	header->references =
	    references(&raws[FIELD_REFERENCES], &raws[FIELD_IN_REPLY_TO]);
	if (raws[FIELD_DATE].value == NULL ||
	    !mime_date_parse(raws[FIELD_DATE].value, raws[FIELD_DATE].len,
			     &header->date, &header->date_offset))
		header->date = MESSAGE_NO_DATE;
	header->list_id = list_id(&raws[FIELD_LIST_ID]);
	header->type = content_type(&raws[FIELD_CONTENT_TYPE]);
	take_draft(&raws[FIELD_DRAFT], header);
	return header;
}

char *
mime_header_get(const char *block, gsize len, const char *name)
{
	const char *p = block, *end = block + MIN(len, MIME_HEADER_MAX);
	MimeField field;

	while (mime_field_next(&p, end, &field))
		if (mime_field_is(&field, name))
			return mime_field_decode(field.value, field.value_len);
	return NULL;
}

char *
mime_words_decode(const char *value, gsize len)
{
	return mime_field_decode(value, len);
}
