/* imap-fetch.c - one FETCH answer to a row (RFC 9051 section 7.5.2) */
#include <string.h>

#include "imap-private.h"
#include "model-flags.h"

static const char *
keep(ImapBatch *batch, const ImapToken *token, guint32 *ret_len)
{
	char *out = imap_batch_take(batch, token->len);

	*ret_len = (guint32)imap_token_unquote(token, out);
	return out;
}

static bool
read_flags(ImapReader *reader, ImapBatch *batch, ImapRow *row)
{
	const char *names[MAIL_KEYWORDS_MAX];
	gsize lens[MAIL_KEYWORDS_MAX];
	guint n = 0;
	gsize total = 0;
	ImapToken token;
	char *out;
	int outside;

	if (imap_token_next(reader, &token) != IMAP_TOKEN_OPEN)
		return false;
	outside = reader->depth - 1;
	for (;;) {
		ImapTokenKind kind = imap_token_next(reader, &token);
		guint32 bit;

		if (kind == IMAP_TOKEN_CLOSE && reader->depth == outside)
			break;
		if (kind == IMAP_TOKEN_OPEN || kind == IMAP_TOKEN_CLOSE)
			continue; /* nested nonsense (seen on a proxy) */
		if (kind == IMAP_TOKEN_END || kind == IMAP_TOKEN_BAD)
			return false;
		bit = mail_flag_from_name(token.text, token.len);
		row->flags |= bit;
		if (bit != 0 || token.text[0] == '\\' ||
		    n == MAIL_KEYWORDS_MAX || token.len > MAIL_KEYWORD_LEN_MAX)
			continue;
		names[n] = token.text;
		lens[n++] = token.len;
		total += token.len + 1;
	}
	row->have |= IMAP_HAVE_FLAGS;
	if (n == 0)
		return true;
	out = imap_batch_take(batch, total);
	row->keywords = out;
	row->keywords_len = (guint32)total;
	for (guint i = 0; i < n; i++) {
		memcpy(out, names[i], lens[i]);
		out[lens[i]] = ' ';
		out += lens[i] + 1;
	}
	return true;
}

static int
two_digits(const char *p)
{
	int tens = p[0] == ' ' ? 0 : p[0] - '0';
	int ones = p[1] - '0';

	return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1
							    : tens * 10 + ones;
}

/* days since 1970-01-01 of a day in the proleptic Gregorian calendar */
static gint64
civil_days(int year, int month, int day)
{
	int y = year - (month < 3 ? 1 : 0);
	int era = y / 400;
	int of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * G_GINT64_CONSTANT(146097) +
	       (of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

/* " 1-Jan-2024 10:20:30 +0100" (RFC 9051 date-time), also without its blank */
bool
imap_date_parse(const char *text, gsize len, gint64 *ret_us)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char b[27] = " ";
	int month;
	int day;
	int year_high;
	int year_low;
	int n[5]; /* hour, minute, second, zone hour, zone minute */
	static const guint at[] = {12, 15, 18, 22, 24};
	gint64 zone;

	if (len < 25 || len > 26)
		return false;
	memcpy(b + 26 - len, text, len);
	for (month = 0; month < 12; month++)
		if (g_ascii_strncasecmp(months + 3 * month, b + 3, 3) == 0)
			break;
	day = two_digits(b);
	year_high = two_digits(b + 7);
	year_low = two_digits(b + 9);
	for (guint i = 0; i < G_N_ELEMENTS(n); i++) {
		n[i] = two_digits(b + at[i]);
		if (n[i] < 0)
			return false;
	}
	if (month == 12 || day < 1 || year_high < 0 || year_low < 0)
		return false;
	zone = (n[3] * 60 + n[4]) * 60;
	*ret_us =
	    (civil_days(year_high * 100 + year_low, month + 1, day) * 86400 +
	     n[0] * 3600 + n[1] * 60 + n[2] - (b[21] == '-' ? -zone : zone)) *
	    G_USEC_PER_SEC;
	return true;
}

static bool
read_date(ImapReader *reader, ImapRow *row)
{
	ImapToken token;

	imap_token_next(reader, &token);
	if (token.kind == IMAP_TOKEN_STRING &&
	    imap_date_parse(token.text, token.len, &row->date))
		row->have |= IMAP_HAVE_DATE;
	return token.kind == IMAP_TOKEN_STRING || token.kind == IMAP_TOKEN_NIL;
}

static bool
read_modseq(ImapReader *reader, ImapRow *row)
{
	ImapToken token;

	if (imap_token_next(reader, &token) != IMAP_TOKEN_OPEN ||
	    imap_token_next(reader, &token) != IMAP_TOKEN_ATOM)
		return false;
	if (imap_token_u64(&token, &row->modseq))
		row->have |= IMAP_HAVE_MODSEQ;
	return imap_token_next(reader, &token) == IMAP_TOKEN_CLOSE;
}

static bool
read_header(ImapReader *reader, ImapBatch *batch, ImapRow *row)
{
	ImapToken token;

	imap_token_next(reader, &token);
	if (token.kind == IMAP_TOKEN_NIL)
		return true;
	if (token.kind != IMAP_TOKEN_STRING || token.streamed != 0)
		return false;
	row->header = keep(batch, &token, &row->header_len);
	row->have |= IMAP_HAVE_HEADER;
	return true;
}

/* the text of the whole list, parsed when somebody wants it */
static bool
read_structure(ImapReader *reader, ImapBatch *batch, ImapRow *row)
{
	const char *start;
	char *out;

	while (reader->p < reader->end && *reader->p == ' ')
		reader->p++;
	start = reader->p;
	if (!imap_token_skip(reader))
		return false;
	row->structure_len = (guint32)(reader->p - start);
	out = imap_batch_take(batch, row->structure_len);
	memcpy(out, start, row->structure_len);
	row->structure = out;
	row->have |= IMAP_HAVE_STRUCTURE;
	return true;
}

static bool
read_body(ImapReader *reader, const ImapToken *item, const char *wanted,
	  ImapFetched *fetched)
{
	ImapToken token;

	imap_token_next(reader, &token);
	if (token.kind != IMAP_TOKEN_STRING && token.kind != IMAP_TOKEN_NIL)
		return false;
	/* BODY[HEADER] where BODY[] was asked for is not what it stands for */
	if (wanted == NULL || !imap_token_is(item, wanted) || fetched->has_body)
		return token.streamed == 0;
	fetched->has_body = true;
	fetched->body = token;
	return true;
}

static bool
read_item(ImapReader *reader, const ImapToken *item, ImapBatch *batch,
	  const char *wanted, ImapFetched *fetched)
{
	ImapRow *row = &fetched->row;
	ImapToken token;

	if (imap_token_is(item, "UID")) {
		imap_token_next(reader, &token);
		return imap_token_u32(&token, &row->uid);
	}
	if (imap_token_is(item, "FLAGS"))
		return read_flags(reader, batch, row);
	if (imap_token_is(item, "INTERNALDATE"))
		return read_date(reader, row);
	if (imap_token_is(item, "RFC822.SIZE")) {
		imap_token_next(reader, &token);
		if (imap_token_u64(&token, &row->size))
			row->have |= IMAP_HAVE_SIZE;
		return token.kind == IMAP_TOKEN_ATOM;
	}
	if (imap_token_is(item, "MODSEQ"))
		return read_modseq(reader, row);
	if (imap_token_is(item, "BODYSTRUCTURE"))
		return read_structure(reader, batch, row);
	if (imap_token_starts(item, "BODY[HEADER.FIELDS"))
		return read_header(reader, batch, row);
	if (imap_token_starts(item, "BODY[") ||
	    imap_token_starts(item, "BINARY["))
		return read_body(reader, item, wanted, fetched);
	return imap_token_skip(reader);
}

bool
imap_fetch_parse(ImapReader *reader, ImapBatch *batch, const char *wanted,
		 ImapFetched *ret_fetched)
{
	ImapToken token;

	*ret_fetched = (ImapFetched){0};
	if (imap_token_next(reader, &token) != IMAP_TOKEN_OPEN)
		return false;
	for (;;) {
		ImapReader before = *reader;

		if (!imap_token_item(reader, &token)) {
			*reader = before;
			return imap_token_next(reader, &token) ==
				   IMAP_TOKEN_CLOSE &&
			       reader->depth == 0 &&
			       imap_token_next(reader, &token) ==
				   IMAP_TOKEN_END;
		}
		if (!read_item(reader, &token, batch, wanted, ret_fetched))
			return false;
	}
}

bool
imap_fetch_awaits(const char *frame, gsize len, const char *wanted, guint32 uid)
{
	ImapReader reader;
	ImapToken token;
	guint32 told;

	imap_reader_init(&reader, frame, len);
	if (imap_token_next(&reader, &token) != IMAP_TOKEN_ATOM ||
	    imap_token_next(&reader, &token) != IMAP_TOKEN_ATOM ||
	    imap_token_next(&reader, &token) != IMAP_TOKEN_ATOM ||
	    !imap_token_is(&token, "FETCH") ||
	    imap_token_next(&reader, &token) != IMAP_TOKEN_OPEN)
		return false;
	while (imap_token_item(&reader, &token)) {
		bool is_wanted = imap_token_is(&token, wanted);

		if (imap_token_is(&token, "UID")) {
			imap_token_next(&reader, &token);
			if (!imap_token_u32(&token, &told) || told != uid)
				return false;
		} else if (!imap_token_skip(&reader)) {
			/* the literal whose bytes are not there yet */
			return is_wanted;
		}
	}
	return false;
}
