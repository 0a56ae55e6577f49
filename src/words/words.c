/* words.c - finds the sentence that a message was made of, and says it again */
#include "words.h"

#include <stdbool.h>
#include <string.h>

#include <libintl.h>

#include "words-private.h"

/* a message may quote a server: what is longer is not searched */
#define MESSAGE_MAX 4096u
#define PLACES_MAX 16u
#define VALUES_MAX 8u
/* sentences within sentences */
#define DEPTH_MAX 3u

#define SEPARATOR ": "
#define SERVER_SAYS "the server says: "

typedef struct {
	const char *text;
	gsize len;
} Piece;

/* A format, cut at its values: one literal more than there are values.
 * @places: which value it is; a translation may turn them round ("%2$s") */
typedef struct {
	Piece literals[VALUES_MAX + 1];
	guint places[VALUES_MAX];
	bool numbers[VALUES_MAX];
	guint n;
	bool goes_on; /* ends in ": ": put before a message (g_prefix_error) */
} Format;

typedef struct {
	const char *const *sentences;
	WordsLookup lookup;
} Book;

/* Returns: %false for what is no format of ours: too many values, "%%" */
static bool
format_read(const char *text, Format *format)
{
	gsize len = strlen(text);

	*format = (Format){.goes_on = g_str_has_suffix(text, SEPARATOR)};
	format->literals[0].text = text;
	while (*text != '\0') {
		char *end;
		guint64 place;

		if (*text != '%') {
			format->literals[format->n].len++;
			text++;
			continue;
		}
		if (format->n + format->goes_on == VALUES_MAX)
			return false;
		place = g_ascii_strtoull(text + 1, &end, 10);
		if (*end != '$')
			place = format->n + 1;
		text += strcspn(text, "diuscxf");
		if (*text == '\0' || place == 0 || place > VALUES_MAX)
			return false;
		format->places[format->n] = (guint)place - 1;
		format->numbers[format->n] = strchr("diu", *text) != NULL;
		format->literals[++format->n].text = ++text;
	}
	if (format->goes_on) {
		format->places[format->n] = format->n;
		format->literals[++format->n].text = text;
	}
	return len > 0;
}

static bool
is_number(const Piece *piece)
{
	for (gsize i = 0; i < piece->len; i++)
		if (!g_ascii_isdigit(piece->text[i]) &&
		    (i > 0 || piece->text[i] != '-'))
			return false;
	return piece->len > 0;
}

/* Each value ends where the next literal begins for the first time; the last
 * one takes what is left. */
static bool
format_match(const Format *format, const char *text, Piece *values)
{
	const Piece *first = &format->literals[0];
	const Piece *last = &format->literals[format->n];
	const char *end = text + strlen(text);

	if (strncmp(text, first->text, first->len) != 0)
		return false;
	text += first->len;
	for (guint i = 0; i < format->n; i++) {
		const Piece *next = &format->literals[i + 1];
		const char *found;

		if (next == last)
			found = (gsize)(end - text) < next->len
				    ? NULL
				    : end - next->len;
		else
			found = memmem(text, (gsize)(end - text), next->text,
				       next->len);
		if (found == NULL || memcmp(found, next->text, next->len) != 0)
			return false;
		values[i] = (Piece){text, (gsize)(found - text)};
		if (format->numbers[i] && !is_number(&values[i]))
			return false;
		text = found + next->len;
	}
	return text == end;
}

/* What the literals of @format say: the more, the better does it fit. */
static gsize
format_weight(const Format *format)
{
	gsize weight = 0;

	for (guint i = 0; i <= format->n; i++)
		weight += format->literals[i].len;
	return weight;
}

static const char *
best_sentence(const Book *book, const char *text, Format *ret_format,
	      Piece *ret_values)
{
	/* a sentence with room for the server's words, or none */
	bool quotes = strstr(text, SERVER_SAYS) != NULL;
	const char *best = NULL;
	gsize best_weight = 0;

	for (guint i = 0; book->sentences[i] != NULL; i++) {
		Piece values[VALUES_MAX];
		Format format;

		if (quotes && strstr(book->sentences[i], SERVER_SAYS) == NULL)
			continue;
		if (!format_read(book->sentences[i], &format) ||
		    format_weight(&format) <= best_weight ||
		    !format_match(&format, text, values))
			continue;
		best = book->sentences[i];
		best_weight = format_weight(&format);
		*ret_format = format;
		memcpy(ret_values, values, sizeof(values));
	}
	return best;
}

static char *translate(const Book *book, const char *message, guint depth);

/* @values, filled into what @sentence is in the reader's language */
static char *
say(const Book *book, const char *sentence, const Format *format,
    const Piece *values, guint depth)
{
	const char *translated = book->lookup(sentence);
	/* a value that stands last may be a sentence, but not the server's */
	bool own = format->literals[format->n].len == 0 &&
		   (strstr(sentence, SERVER_SAYS) == NULL || format->goes_on);
	GString *out = g_string_new(NULL);
	Format target;

	if (!format_read(translated, &target))
		target = *format;
	for (guint i = 0; i <= target.n; i++) {
		const Piece *literal = &target.literals[i];
		guint place = i < target.n ? target.places[i] : VALUES_MAX;

		g_string_append_len(out, literal->text, (gssize)literal->len);
		if (place >= format->n)
			continue;
		if (own && place + 1 == format->n) {
			g_autofree char *value =
			    g_strndup(values[place].text, values[place].len);
			g_autofree char *inner =
			    translate(book, value, depth + 1);

			g_string_append(out, inner);
			continue;
		}
		g_string_append_len(out, values[place].text,
				    (gssize)values[place].len);
	}
	return g_string_free(out, FALSE);
}

static char *
translate(const Book *book, const char *message, guint depth)
{
	const char *place = message;

	if (depth > DEPTH_MAX)
		return g_strdup(message);
	for (guint i = 0; i < PLACES_MAX; i++) {
		Piece values[VALUES_MAX];
		Format format;
		const char *sentence =
		    best_sentence(book, place, &format, values);
		const char *next;

		if (sentence != NULL) {
			g_autofree char *said =
			    say(book, sentence, &format, values, depth);

			return g_strdup_printf("%.*s%s", (int)(place - message),
					       message, said);
		}
		if (g_str_has_prefix(place, SERVER_SAYS))
			break;
		next = strstr(place, SEPARATOR);
		if (next == NULL)
			break;
		place = next + strlen(SEPARATOR);
	}
	return g_strdup(message);
}

char *
words_translate_by(const char *message, const char *const *sentences,
		   WordsLookup lookup)
{
	Book book = {sentences, lookup};

	if (strlen(message) > MESSAGE_MAX)
		return g_strdup(message);
	return translate(&book, message, 0);
}

static const char *
lookup(const char *format)
{
	return gettext(format);
}

char *
words_translate(const char *message)
{
	if (message == NULL)
		return NULL;
	return words_translate_by(message, words_sentences, lookup);
}
