/* list-bench.h - a list over a real store, with no engine behind it: what a
 * keeper would write is written by hand */
#pragma once

#include "controller-list-private.h"
#include "store-fixture.h"

typedef struct {
	Fixture *fixture;
	Controller controller;
	Account *account;
	AccountConfig *config;
	gint64 inbox;
	MessageList *list;
	guint32 next_uid;
	guint events;
} Bench;

/** bench_new: @n messages of threads of about @thread, in INBOX, a day each,
 * every third one unread; and an empty Archive */
Bench *bench_new(guint n, guint thread);
void bench_free(Bench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bench, bench_free)
void bench_open(Bench *bench, ListOrder order, guint height);

/** bench_arrive: a new message of @day; @thread: of the conversation with that
 * number. Nobody is told. Returns: its local id */
gint64 bench_arrive(Bench *bench, gint64 day, guint thread, guint32 flags);
/** bench_remove: the server says that it is gone */
void bench_remove(Bench *bench, gint64 id);
/** bench_set_flags: the server says so */
void bench_set_flags(Bench *bench, gint64 id, guint32 flags);
/** bench_refresh: as the account does when the keeper says so */
void bench_refresh(Bench *bench);

/** bench_intend: a change the user makes: pending until bench_journal() */
void bench_intend(Bench *bench, ChangeKind kind, gint64 id, guint32 add,
		  guint32 remove);
/** bench_journal: all that is pending is journaled and shown by the store */
void bench_journal(Bench *bench);
/** bench_drop: what is pending could not be journaled */
void bench_drop(Bench *bench);

/** bench_settle: until no search runs or waits */
void bench_settle(Bench *bench);

gint64 bench_row(const Bench *bench, guint index);
gint64 bench_selected(const Bench *bench);
