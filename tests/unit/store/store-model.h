/* store-model.h - what the store should say, made the slow and simple way */
#pragma once

#include "store-fixture.h"

#define MODEL_REFS 4u

/** ModelRow: a message as the server has it, and as it is shown */
typedef struct {
	gint64 id;
	gint64 mailbox; /* on the server */
	guint32 uid;
	guint32 flags; /* on the server */
	bool hidden;
	gint64 date;
	guint mid;              /* number of its Message-ID */
	guint refs[MODEL_REFS]; /* numbers, oldest first */
	guint n_refs;
	gint64 copy_of; /* a copy the server does not have yet */
	gint64 copy_change;
	gint64 thread; /* as the store says */
	gint64 shown;  /* mailbox, 0: none */
	guint32 shown_flags;
	guint32 marks;
} ModelRow;

/** Model: @rows: of ModelRow; @changes: of Change, open ones, by id */
typedef struct {
	GArray *rows;
	GPtrArray *changes;
} Model;

Model *model_new(void);
/** model_free: (nullable) */
void model_free(Model *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Model, model_free)
/** model_row: (transfer none) (nullable) */
ModelRow *model_row(Model *model, gint64 id);
/** model_find: (transfer none) (nullable): by place on the server */
ModelRow *model_find(Model *model, gint64 mailbox, guint32 uid);
void model_remove(Model *model, gint64 id);
/** model_show: what is shown, from the server's word and the open changes;
 * @mailboxes: names by their id, %NULL-terminated, the first has id 1 */
void model_show(Model *model, const char *const *mailboxes);

/** ModelEntry: one row of a list */
typedef struct {
	gint64 id;
	gint64 thread;
	guint depth;
	bool unread;
} ModelEntry;
/** model_list: (transfer full): of ModelEntry, in the list's order */
GArray *model_list(Model *model, const StoreList *list);

/** model_compare: rows, and the three orders of each mailbox with pages, keys,
 * places and steps, against the store; aborts where they differ */
void model_compare(Model *model, Fixture *fixture, gint64 mailboxes,
		   GRand *random);
