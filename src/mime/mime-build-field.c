/* mime-build-field.c - header fields as they are written */
#include "mime-build.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base-file.h"

#define LINE 76u
/* a longer word is encoded, so that it can be folded */
#define WORD_MAX 200u
#define FIELD_NAME_MAX 76u
#define EMAIL_MAX 500u
#define ID_MAX 900u
/* "=?UTF-8?Q?" and "?=" */
#define FRAME 12u

/* What follows the name at once stays in its line (some read only that), until
 * it may be folded. */
typedef struct {
	GString *out;
	gsize column;
	bool may_fold;
} Folder;

bool
mime_write_is_name(const char *name, gsize len)
{
	if (len == 0 || len > FIELD_NAME_MAX)
		return false;
	for (gsize i = 0; i < len; i++)
		if (name[i] <= ' ' || name[i] > '~' || name[i] == ':')
			return false;
	return true;
}

static Folder
begin(GString *out, const char *name)
{
	g_assert(mime_write_is_name(name, strlen(name)));
	g_string_append_printf(out, "%s:", name);
	return (Folder){out, strlen(name) + 1, false};
}

static void
finish(Folder *folder)
{
	g_string_append(folder->out, "\r\n");
}

/* @blanks stand between what is there and @token; a fold goes before them. */
static void
put(Folder *folder, const char *blanks, gsize n_blanks, const char *token,
    gsize len)
{
	if (folder->may_fold && folder->column + n_blanks + len > LINE) {
		g_string_append(folder->out, "\r\n");
		folder->column = 0;
	}
	g_string_append_len(folder->out, blanks, (gssize)n_blanks);
	g_string_append_len(folder->out, token, (gssize)len);
	folder->column += n_blanks + len;
	folder->may_fold = true;
}

/* ---- encoded words ---- */

static bool
is_q_safe(guchar c)
{
	/* those that may stand in a phrase too: RFC 2047 section 5 (3) */
	return g_ascii_isalnum(c) || (c != '\0' && strchr("!*+-/", c) != NULL);
}

static gsize
q_length(const char *text, gsize len)
{
	gsize n = 0;

	for (gsize i = 0; i < len; i++)
		n += is_q_safe((guchar)text[i]) || text[i] == ' ' ? 1 : 3;
	return n;
}

static void
append_q(GString *out, const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)text[i];

		if (c == ' ')
			g_string_append_c(out, '_');
		else if (is_q_safe(c))
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "=%02X", c);
	}
}

/* Bytes of @text that fit in @room, whole characters. */
static gsize
fitting(const char *text, gsize len, gsize room, bool base64)
{
	gsize n = 0;

	while (n < len) {
		gsize next =
		    n + (gsize)(g_utf8_next_char(text + n) - (text + n));
		gsize size = base64 ? (next + 2) / 3 * 4 : q_length(text, next);

		if (size > room)
			break;
		n = next;
	}
	return n;
}

static void
put_encoded(Folder *folder, const char *text, gsize len)
{
	/* people read the other form where programs show the source */
	bool base64 = q_length(text, len) > len * 2;

	while (len > 0) {
		gsize left =
		    folder->column + 1 < LINE ? LINE - folder->column - 1 : 0;
		g_autoptr(GString) word = NULL;
		gsize n;

		/* room for one character at least, else on a new line */
		if (left < FRAME + 16) {
			folder->may_fold = true;
			left = LINE - 1;
		}
		n = fitting(text, len, MIN(left, LINE - 1) - FRAME, base64);
		word = g_string_new(base64 ? "=?UTF-8?B?" : "=?UTF-8?Q?");
		if (base64) {
			g_autofree char *code =
			    g_base64_encode((const guchar *)text, n);

			g_string_append(word, code);
		} else {
			append_q(word, text, n);
		}
		g_string_append(word, "?=");
		put(folder, " ", 1, word->str, word->len);
		text += n;
		len -= n;
	}
}

/* ---- unstructured ---- */

static char *
clean_value(const char *value)
{
	g_autofree char *valid = g_utf8_make_valid(value, -1);
	GString *out = g_string_sized_new(strlen(valid));

	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_string_append_unichar(out, g_unichar_iscntrl(c) ? ' ' : c);
	}
	return g_strstrip(g_string_free(out, FALSE));
}

static gsize
count(const char *text, bool blanks)
{
	gsize n = 0;

	while (text[n] != '\0' && (text[n] == ' ') == blanks)
		n++;
	return n;
}

static bool
is_plain(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if ((guchar)text[i] >= 0x7f || (guchar)text[i] < ' ')
			return false;
	return len <= WORD_MAX && g_strstr_len(text, (gssize)len, "=?") == NULL;
}

/* The words from the first to the last one that must be encoded. */
static MimeRange
find_foreign(const char *text)
{
	MimeRange span = {0, 0};

	for (const char *p = text; *p != '\0';) {
		gsize blanks = count(p, true);
		gsize len = count(p + blanks, false);

		if (blanks > LINE / 2 || !is_plain(p + blanks, len)) {
			if (span.end == 0)
				span.start = (gsize)(p - text) + blanks;
			/* blanks that are encoded are kept by everyone */
			if (span.end == 0 && blanks > 1)
				span.start -= blanks - 1;
			span.end = (gsize)(p - text) + blanks + len;
		}
		p += blanks + len;
	}
	return span;
}

static void
put_text(Folder *folder, const char *text)
{
	MimeRange foreign = find_foreign(text);
	const char *p = text;

	while (*p != '\0') {
		gsize at = (gsize)(p - text), blanks, len;

		if (foreign.end > 0 && at <= foreign.start &&
		    foreign.start <= at + 1) {
			put_encoded(folder, text + foreign.start,
				    foreign.end - foreign.start);
			p = text + foreign.end;
			foreign = (MimeRange){0, 0};
			continue;
		}
		blanks = count(p, true);
		len = count(p + blanks, false);
		put(folder, at == 0 ? " " : p, at == 0 ? 1 : blanks, p + blanks,
		    len);
		p += blanks + len;
	}
}

void
mime_write_text(GString *out, const char *name, const char *value)
{
	g_autofree char *clean = clean_value(value);
	Folder folder = begin(out, name);

	put_text(&folder, clean);
	if (clean[0] == '\0')
		g_string_append_c(out, ' ');
	finish(&folder);
}

/* ---- addresses ---- */

static bool
is_atom_char(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static gsize
quoted_length(const char *text)
{
	gsize n = 1;

	while (text[n] != '\0' && text[n] != '"') {
		if (text[n] == '\\' && text[n + 1] != '\0')
			n++;
		n++;
	}
	return text[n] == '"' ? n + 1 : 0;
}

/* An addr-spec that cannot be read as anything else, whoever wrote it. */
static bool
is_safe_email(const char *email)
{
	const char *p = email;
	gsize local;

	if (strlen(email) > EMAIL_MAX || !g_utf8_validate(email, -1, NULL))
		return false;
	for (; *p != '\0'; p = g_utf8_next_char(p))
		if (g_unichar_iscntrl(g_utf8_get_char(p)))
			return false;
	local = email[0] == '"' ? quoted_length(email) : 0;
	if (local == 0)
		while (is_atom_char(email[local]))
			local++;
	p = email + local;
	if (local == 0 || *p++ != '@' || *p == '\0')
		return false;
	if (*p == '[')
		return strspn(p + 1, "0123456789abcdefABCDEF.:IPv") ==
			   strlen(p) - 2 &&
		       g_str_has_suffix(p, "]");
	for (; *p != '\0'; p++)
		if (!is_atom_char(*p))
			return false;
	return true;
}

/* An international domain has a form that every server takes. */
static char *
wire_email(const char *email)
{
	const char *at = strrchr(email, '@');
	g_autofree char *domain = NULL;

	if (at == NULL || !g_hostname_is_non_ascii(at + 1))
		return g_strdup(email);
	domain = g_hostname_to_ascii(at + 1);
	if (domain == NULL)
		return g_strdup(email);
	return g_strdup_printf("%.*s@%s", (int)(at - email), email, domain);
}

static char *
quote_name(const char *name)
{
	bool atoms = strstr(name, "  ") == NULL;
	GString *out;

	for (const char *p = name; *p != '\0' && atoms; p++)
		atoms = *p == ' ' || (is_atom_char(*p) && *p != '.');
	if (atoms)
		return g_strdup(name);
	out = g_string_new("\"");
	for (const char *p = name; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *p);
	}
	return g_string_free(g_string_append_c(out, '"'), FALSE);
}

static void
put_address(Folder *folder, const char *name, const char *tail)
{
	g_autofree char *whole = NULL;

	if (name[0] == '\0') {
		put(folder, " ", 1, tail, strlen(tail));
		return;
	}
	if (is_plain(name, strlen(name))) {
		g_autofree char *quoted = quote_name(name);

		whole = g_strdup_printf("%s%s%s", quoted,
					tail[0] == ':' ? "" : " ", tail);
		put(folder, " ", 1, whole, strlen(whole));
		return;
	}
	put_encoded(folder, name, strlen(name));
	put(folder, " ", 1, tail, strlen(tail));
}

guint
mime_write_addresses(GString *out, const char *name, const GPtrArray *list)
{
	gsize start = out->len;
	Folder folder = begin(out, name);
	g_autoptr(GString) tail = g_string_new(NULL);
	g_autofree char *last = NULL;
	guint left_out = 0;

	for (guint i = 0; i < list->len; i++) {
		const Address *address = g_ptr_array_index(list, i);
		g_autofree char *clean =
		    clean_value(address->name == NULL ? "" : address->name);
		bool group = address->email[0] == '\0' && clean[0] != '\0';
		g_autofree char *email = wire_email(address->email);

		if (!group && !is_safe_email(email)) {
			left_out++;
			continue;
		}
		if (last != NULL) {
			g_string_append_c(tail, ',');
			put_address(&folder, last, tail->str);
		}
		g_string_printf(tail,
				group              ? ":;"
				: clean[0] == '\0' ? "%s"
						   : "<%s>",
				email);
		g_free(last);
		last = g_steal_pointer(&clean);
	}
	if (last == NULL) {
		g_string_truncate(out, start);
		return left_out;
	}
	put_address(&folder, last, tail->str);
	finish(&folder);
	return left_out;
}

/* ---- Message-IDs, Date ---- */

static bool
is_safe_id(const char *id)
{
	gsize len = strlen(id);

	if (len < 3 || len > ID_MAX)
		return false;
	for (gsize i = 0; i < len; i++)
		if (id[i] <= ' ' || id[i] > '~' || id[i] == '<' || id[i] == '>')
			return false;
	return true;
}

void
mime_write_ids(GString *out, const char *name, const GPtrArray *ids)
{
	gsize start = out->len;
	Folder folder = begin(out, name);
	gsize empty = out->len;

	for (guint i = 0; i < ids->len; i++) {
		const char *id = g_ptr_array_index(ids, i);
		g_autofree char *token = g_strdup_printf("<%s>", id);

		if (is_safe_id(id))
			put(&folder, " ", 1, token, strlen(token));
	}
	if (out->len == empty)
		g_string_truncate(out, start);
	else
		finish(&folder);
}

void
mime_write_date(GString *out, gint64 now)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed",
					   "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
					     "May", "Jun", "Jul", "Aug",
					     "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t)(now / G_USEC_PER_SEC);
	struct tm tm = {.tm_mday = 1, .tm_year = 70, .tm_wday = 4};
	glong east;

	/* fails only for years beyond an int */
	if (localtime_r(&seconds, &tm) == NULL)
		tm = (struct tm){.tm_mday = 1, .tm_year = 70, .tm_wday = 4};
	east = ABS(tm.tm_gmtoff) / 60;
	g_string_append_printf(
	    out, "Date: %s, %d %s %04d %02d:%02d:%02d %c%02d%02d\r\n",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
	    tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_gmtoff < 0 ? '-' : '+',
	    (int)(east / 60), (int)(east % 60));
}

void
mime_write_message_id(GString *out, const char *email)
{
	const char *at = email == NULL ? NULL : strrchr(email, '@');
	g_autofree char *domain =
	    at == NULL ? NULL : g_hostname_to_ascii(at + 1);
	guchar random[16];

	/* 256 bytes and fewer are never given in part: getrandom(2) */
	while (getrandom(random, sizeof random, 0) != sizeof random)
		continue;
	if (domain == NULL || domain[0] == '\0' || strlen(domain) > 255 ||
	    strspn(domain, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-.") !=
		strlen(domain)) {
		g_free(domain);
		domain = g_strdup("pennon.invalid");
	}
	g_string_append(out, "Message-ID: <");
	for (guint i = 0; i < sizeof random; i++)
		g_string_append_printf(out, "%02x", random[i]);
	g_string_append_printf(out, "@%s>\r\n", domain);
}

/* ---- file names ---- */

static void
append_extended(GString *out, const char *name)
{
	static const char safe[] =
	    G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "!#$&+-.^_`|~";
	g_autoptr(GString) line = g_string_new(NULL);
	guint n = 0;

	for (const char *p = name; *p != '\0'; p++) {
		if (strchr(safe, *p) != NULL)
			g_string_append_c(line, *p);
		else
			g_string_append_printf(line, "%%%02X", (guchar)*p);
		if (line->len < 50 && p[1] != '\0')
			continue;
		if (n == 0 && p[1] == '\0')
			g_string_append(out, ";\r\n filename*=UTF-8''");
		else
			g_string_append_printf(out, ";\r\n filename*%u*=%s", n,
					       n == 0 ? "UTF-8''" : "");
		g_string_append(out, line->str);
		g_string_truncate(line, 0);
		n++;
	}
}

void
mime_write_attachment(GString *out, const char *filename)
{
	g_autofree char *safe = NULL;

	g_string_append(out, "Content-Disposition: attachment");
	if (filename != NULL)
		safe = file_safe_name(filename, "attachment");
	if (safe != NULL && strlen(safe) <= 60 &&
	    is_plain(safe, strlen(safe)) && strpbrk(safe, "\"\\") == NULL)
		g_string_append_printf(out, ";\r\n filename=\"%s\"", safe);
	else if (safe != NULL)
		append_extended(out, safe);
	g_string_append(out, "\r\n");
}
