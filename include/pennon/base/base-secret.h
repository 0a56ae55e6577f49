/* base-secret.h - a password in memory, gone when it is freed */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** Secret: locked in memory where the system allows, zeroed when freed; give it
 * away, never copy its text */
typedef struct Secret Secret;

/** secret_new: @len: bytes, or -1; at most 64 KiB */
Secret *secret_new(const char *text, gssize len);
Secret *secret_copy(const Secret *secret);
/** secret_free: (nullable) */
void secret_free(Secret *secret);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secret, secret_free)
/** secret_text: NUL-terminated, valid as long as @secret */
const char *secret_text(const Secret *secret);
/** secret_wipe: zeroes memory so that no compiler leaves it out */
void secret_wipe(void *memory, gsize len);
/** secret_no_core: core dumps off, memory not readable by other processes of
 * the user; called first thing in main */
void secret_no_core(void);
