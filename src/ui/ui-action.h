/* ui-action.h - everything a key or a command can do, by name */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "ui-keys.h"

/** UiPlace: where keys mean something of their own (SCREENS.md section 12) */
typedef enum {
	UI_PLACE_LIST,
	UI_PLACE_MAILBOXES,
	UI_PLACE_READER,
	UI_PLACE_PARTS,
	UI_PLACE_REVIEW,
	UI_PLACE_CONFLICT,
	UI_PLACE_WAITING,
	UI_PLACE_DONE,
	UI_PLACE_LOG,
	UI_PLACE_HELP,
	UI_PLACE_CERTIFICATE,
	UI_PLACE_WIZARD,
	UI_PLACE_PLAN,
	UI_N_PLACES,
} UiPlace;

typedef enum {
	UI_ACTION_NONE,
	/* every place but prompts */
	UI_ACTION_COMMAND,
	UI_ACTION_HELP,
	UI_ACTION_REDRAW,
	UI_ACTION_CHECK_MAIL,
	UI_ACTION_STOP,
	UI_ACTION_SUSPEND,
	UI_ACTION_BACK,
	UI_ACTION_QUIT,
	UI_ACTION_CLEAR,
	UI_ACTION_UNDO,
	UI_ACTION_DONE,
	UI_ACTION_WAITING,
	UI_ACTION_MESSAGES,
	/* moving */
	UI_ACTION_DOWN,
	UI_ACTION_UP,
	UI_ACTION_PAGE_DOWN,
	UI_ACTION_PAGE_UP,
	UI_ACTION_HALF_DOWN,
	UI_ACTION_HALF_UP,
	UI_ACTION_FIRST,
	UI_ACTION_LAST,
	UI_ACTION_OPEN,
	UI_ACTION_LEFT,
	/* list, mailboxes, reader */
	UI_ACTION_MAILBOXES,
	UI_ACTION_COMPOSE,
	UI_ACTION_NEXT_UNREAD,
	UI_ACTION_MAILBOX, /* by name; no key */
	/* messages */
	UI_ACTION_REPLY,
	UI_ACTION_REPLY_ALL,
	UI_ACTION_FORWARD,
	UI_ACTION_FLAG,
	UI_ACTION_IMPORTANT,
	UI_ACTION_UNREAD,
	UI_ACTION_LABEL,
	UI_ACTION_MOVE,
	UI_ACTION_COPY,
	UI_ACTION_ARCHIVE,
	UI_ACTION_DELETE,
	UI_ACTION_DELETE_FOREVER, /* no key */
	UI_ACTION_SPAM,
	UI_ACTION_SAVE,
	UI_ACTION_TAG,
	UI_ACTION_PARENT,
	UI_ACTION_CONVERSATION,
	UI_ACTION_PARTS,
	UI_ACTION_NEXT_IN_THREAD,
	UI_ACTION_PREVIOUS_IN_THREAD,
	UI_ACTION_NEXT_MESSAGE,
	UI_ACTION_PREVIOUS_MESSAGE,
	UI_ACTION_MARK_READ, /* by name in the list, "M" in mailboxes */
	/* text */
	UI_ACTION_FIND,
	UI_ACTION_FIND_NEXT,
	UI_ACTION_FIND_PREVIOUS,
	/* list */
	UI_ACTION_SEARCH,
	UI_ACTION_FILTER,
	UI_ACTION_ORDER,
	UI_ACTION_TAG_RANGE,
	UI_ACTION_TAG_THREAD,
	UI_ACTION_TAG_QUERY,
	UI_ACTION_ON_TAGGED,
	UI_ACTION_PREVIEW,
	/* mailboxes */
	UI_ACTION_NEW_MAILBOX,
	UI_ACTION_RENAME_MAILBOX,
	UI_ACTION_DELETE_MAILBOX,
	UI_ACTION_SUBSCRIBE,
	UI_ACTION_FOLD,
	UI_ACTION_FOLD_ALL,
	/* reader */
	UI_ACTION_QUOTES,
	UI_ACTION_HTML,
	UI_ACTION_HEADERS,
	UI_ACTION_LINK,
	UI_ACTION_SAVE_ALL,
	/* compose review */
	UI_ACTION_EDIT,
	UI_ACTION_TO,
	UI_ACTION_CC,
	UI_ACTION_BCC,
	UI_ACTION_SUBJECT,
	UI_ACTION_ATTACH,
	UI_ACTION_DETACH,
	UI_ACTION_DISCARD,
	/* draft conflict */
	UI_ACTION_KEEP_HERE,
	UI_ACTION_KEEP_THERE,
	UI_ACTION_KEEP_BOTH,
	/* waiting, done, messages */
	UI_ACTION_RETRY,
	UI_ACTION_RETRY_ALL,
	UI_ACTION_DROP,
	UI_ACTION_TAB, /* the next screen of the three; next field */
	UI_ACTION_ERRORS,
	/* help */
	UI_ACTION_MARKS,
	/* certificate */
	UI_ACTION_PIN,
	UI_ACTION_COPY_TEXT,
	/* plan */
	UI_ACTION_YES,
	UI_N_ACTIONS,
} UiAction;

/** ui_action_name: command name, "mark-read"; not translated */
const char *ui_action_name(UiAction action);
/** ui_action_word: (translated): for the key line */
const char *ui_action_word(UiAction action);
/** ui_action_argument, ui_action_summary: (translated): for the command line
 * and help; the first is "" where there is none */
const char *ui_action_argument(UiAction action);
const char *ui_action_summary(UiAction action);
/** ui_action_from_name: an exact name, else the only one that begins so */
UiAction ui_action_from_name(const char *name);

/** ui_action_for_key: what @key does in @place, %UI_ACTION_NONE for nothing */
UiAction ui_action_for_key(UiPlace place, UiKey key);
/** ui_action_key: the first key of @action in @place, %UI_KEY_NONE for none */
UiKey ui_action_key(UiPlace place, UiAction action);
/** ui_action_in_place: by a key or a command name it can be called there */
bool ui_action_in_place(UiPlace place, UiAction action);
/** ui_action_table: the bindings of @place in the order of SCREENS.md, for the
 * help screen; @n: from 0. Returns: %false at the end */
bool ui_action_table(UiPlace place, guint n, UiKey *ret_key,
		     UiAction *ret_action);
/** UiGroup: what a binding is about, in the order help shows them */
typedef enum {
	UI_GROUP_MOVE,
	UI_GROUP_HERE,
	UI_GROUP_MESSAGES,
	UI_GROUP_EVERYWHERE,
	UI_N_GROUPS,
} UiGroup;
/** ui_action_group: of the @n-th binding of @place */
UiGroup ui_action_group(UiPlace place, guint n);
