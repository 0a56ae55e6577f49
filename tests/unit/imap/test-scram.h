/* test-scram.h - the server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** Scram: one exchange; the password is "password" */
typedef struct Scram Scram;

Scram *scram_new(void);
void scram_free(Scram *scram);
/** scram_step: @message: the client's, in base64. Returns: (transfer full)
 * (nullable): the answer; %NULL: refused. The last one holds the signature:
 * @spoil puts a wrong one there */
char *scram_step(Scram *scram, const char *message, bool spoil);
