/* words.h - what the layers below say, in the reader's language */
#pragma once

#include <glib.h>

/**
 * words_translate:
 * @message: (nullable): an error's message, a reason: English, as a layer
 * below wrote it
 *
 * The layers below neither know nor translate a language: what they say goes
 * to log, journal and JSON as it is. ui and cli pass it through here on its
 * way to a reader. The sentences are collected from the sources when pennon is
 * built (po/KEYWORDS names the functions that take one), so that each stands
 * where it is said and nowhere else.
 *
 * A message is "WHERE: WHERE: SENTENCE". The longest end of it that some
 * sentence fits is translated; values stay as they are, but for one that
 * stands last and is a sentence itself. What stands behind "the server says:"
 * is not ours and stays as sent. So does what no sentence fits.
 *
 * Returns: (transfer full) (nullable): @message in the language of
 * LC_MESSAGES; %NULL for %NULL
 */
char *words_translate(const char *message);

/** WordsLookup: Returns: a format's translation, @format if there is none */
typedef const char *(*WordsLookup)(const char *format);

/**
 * words_translate_by: words_translate() with a catalogue of the caller's
 * @sentences: formats as of printf(), ended by %NULL
 */
char *words_translate_by(const char *message, const char *const *sentences,
			 WordsLookup lookup);
