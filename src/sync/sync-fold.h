/* sync-fold.h - folding of the queue before it is sent (SYNC.md section 3);
 * private to src/sync */
#pragma once

#include "model-change.h"

/**
 * sync_fold_moves:
 * @open: (element-type Change): the open changes, oldest first
 *
 * Move + move is one move, move + delete a delete at the source: a move that
 * was never sent, and all of whose messages one later change takes elsewhere.
 * What lies between must not need them where the move puts them.
 *
 * Returns: (transfer container): (element-type Change): borrowed from @open:
 * those that need not be sent
 */
GPtrArray *sync_fold_moves(GPtrArray *open);

/** sync_fold_flags: what was meant with @add and @remove, and then with the
 * flags of @later: on + off is off */
void sync_fold_flags(MailFlags *add, MailFlags *remove, const Change *later);
/** sync_fold_known: leaves out of @add and @remove what is so already on the
 * server */
void sync_fold_known(MailFlags *add, MailFlags *remove,
		     const MailFlags *server);
