/* mime-tree.h - where the parts of a message lie */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "model-part.h"

/** MimeNode: offsets of one part
 * @head: its header, with the empty line
 * @body, @end: its body
 * @inner_body: of an attached message: where that one's body begins */
typedef struct {
	Part *part;
	gsize head;
	gsize body;
	gsize end;
	gsize inner_body;
	bool is_message;
} MimeNode;

/** MimeTree: @body: where the message's own body begins */
typedef struct {
	Part *root;
	gsize body;
	bool is_cut;
	GHashTable *spans; /* section → MimeNode */
} MimeTree;

/** mime_tree_read: one pass, whatever the nesting. Returns: (transfer full) */
MimeTree *mime_tree_read(const char *data, gsize size);
/** mime_tree_free: (nullable) */
void mime_tree_free(MimeTree *tree);
/** mime_tree_find: (nullable): the outer one where two share a section */
const MimeNode *mime_tree_find(const MimeTree *tree, const char *section);
