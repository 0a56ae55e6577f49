/* words-private.h - the table that words.sh makes */
#pragma once

/** words_sentences: the formats of the layers below, ended by %NULL */
extern const char *const words_sentences[];
