/* base-word.h - marks a sentence that a reader will see */
#pragma once

/**
 * N_: leaves @text as it is; po/POTFILES and words.h find it
 *
 * For a sentence that stands apart from the function that takes it; the
 * functions that po/KEYWORDS names need no mark.
 */
#define N_(text) text
