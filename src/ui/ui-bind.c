/* ui-bind.c - which key does what in which place */
#include "ui-action.h"

/* groups of places share keys; a place's own come first */
typedef enum {
	GROUP_EVERY = 1u << 0,
	GROUP_MOVING = 1u << 1,
	GROUP_BROWSE = 1u << 2,   /* list, mailboxes, reader */
	GROUP_MESSAGES = 1u << 3, /* what shows messages */
	GROUP_TEXT = 1u << 4,
} Group;

typedef struct {
	UiKey key;
	UiAction action;
} Binding;

#define ALL_OF(table) (table), G_N_ELEMENTS(table)

static const Binding every[] = {
    {':', UI_ACTION_COMMAND},
    {'?', UI_ACTION_HELP},
    {UI_KEY_F1, UI_ACTION_HELP},
    {UI_CTRL('l'), UI_ACTION_REDRAW},
    {UI_CTRL('r'), UI_ACTION_CHECK_MAIL},
    {UI_CTRL('c'), UI_ACTION_STOP},
    {UI_CTRL('z'), UI_ACTION_SUSPEND},
    {'q', UI_ACTION_BACK},
    {'Q', UI_ACTION_QUIT},
    {UI_KEY_ESC, UI_ACTION_CLEAR},
    {UI_CTRL('g'), UI_ACTION_CLEAR},
    {'z', UI_ACTION_UNDO},
    {'Z', UI_ACTION_DONE},
    {'@', UI_ACTION_WAITING},
    {'%', UI_ACTION_MESSAGES},
};

static const Binding moving[] = {
    {'j', UI_ACTION_DOWN},
    {UI_KEY_DOWN, UI_ACTION_DOWN},
    {'k', UI_ACTION_UP},
    {UI_KEY_UP, UI_ACTION_UP},
    {' ', UI_ACTION_PAGE_DOWN},
    {UI_KEY_PGDN, UI_ACTION_PAGE_DOWN},
    {'-', UI_ACTION_PAGE_UP},
    {UI_KEY_PGUP, UI_ACTION_PAGE_UP},
    {UI_CTRL('d'), UI_ACTION_HALF_DOWN},
    {UI_CTRL('u'), UI_ACTION_HALF_UP},
    {'g', UI_ACTION_FIRST},
    {UI_KEY_HOME, UI_ACTION_FIRST},
    {'G', UI_ACTION_LAST},
    {UI_KEY_END, UI_ACTION_LAST},
    {UI_KEY_ENTER, UI_ACTION_OPEN},
    {UI_KEY_RIGHT, UI_ACTION_OPEN},
    {UI_KEY_LEFT, UI_ACTION_LEFT},
};

static const Binding browse[] = {
    {'b', UI_ACTION_MAILBOXES},
    {'c', UI_ACTION_COMPOSE},
    {UI_KEY_TAB, UI_ACTION_NEXT_UNREAD},
};

static const Binding messages[] = {
    {'r', UI_ACTION_REPLY},
    {'R', UI_ACTION_REPLY_ALL},
    {'w', UI_ACTION_FORWARD},
    {'f', UI_ACTION_FLAG},
    {'i', UI_ACTION_IMPORTANT},
    {'u', UI_ACTION_UNREAD},
    {'#', UI_ACTION_LABEL},
    {'m', UI_ACTION_MOVE},
    {'y', UI_ACTION_COPY},
    {'a', UI_ACTION_ARCHIVE},
    {'d', UI_ACTION_DELETE},
    {'S', UI_ACTION_SPAM},
    {'s', UI_ACTION_SAVE},
    {'t', UI_ACTION_TAG},
    {'P', UI_ACTION_PARENT},
    {'C', UI_ACTION_CONVERSATION},
    {'v', UI_ACTION_PARTS},
    {'.', UI_ACTION_NEXT_IN_THREAD},
    {',', UI_ACTION_PREVIOUS_IN_THREAD},
    {'J', UI_ACTION_NEXT_MESSAGE},
    {'K', UI_ACTION_PREVIOUS_MESSAGE},
};

static const Binding text[] = {
    {'/', UI_ACTION_FIND},
    {'n', UI_ACTION_FIND_NEXT},
    {'N', UI_ACTION_FIND_PREVIOUS},
};

static const Binding list[] = {
    {'/', UI_ACTION_SEARCH},     {'l', UI_ACTION_FILTER},
    {'o', UI_ACTION_ORDER},      {'V', UI_ACTION_TAG_RANGE},
    {'x', UI_ACTION_TAG_THREAD}, {'T', UI_ACTION_TAG_QUERY},
    {';', UI_ACTION_ON_TAGGED},  {'p', UI_ACTION_PREVIEW},
};

static const Binding mailboxes[] = {
    {'/', UI_ACTION_FILTER},         {'l', UI_ACTION_FILTER},
    {'n', UI_ACTION_NEW_MAILBOX},    {'R', UI_ACTION_RENAME_MAILBOX},
    {'D', UI_ACTION_DELETE_MAILBOX}, {'M', UI_ACTION_MARK_READ},
    {'s', UI_ACTION_SUBSCRIBE},      {'e', UI_ACTION_FOLD},
    {'E', UI_ACTION_FOLD_ALL},
};

static const Binding reader[] = {
    {'e', UI_ACTION_QUOTES},   {'H', UI_ACTION_HTML},
    {'h', UI_ACTION_HEADERS},  {'o', UI_ACTION_LINK},
    {'X', UI_ACTION_SAVE_ALL},
};

static const Binding parts[] = {
    {'s', UI_ACTION_SAVE},
    {'X', UI_ACTION_SAVE_ALL},
};

static const Binding review[] = {
    {'e', UI_ACTION_EDIT},   {'t', UI_ACTION_TO},      {'c', UI_ACTION_CC},
    {'b', UI_ACTION_BCC},    {'s', UI_ACTION_SUBJECT}, {'a', UI_ACTION_ATTACH},
    {'d', UI_ACTION_DETACH}, {'D', UI_ACTION_DISCARD},
};

static const Binding conflict[] = {
    {'h', UI_ACTION_KEEP_HERE},
    {'t', UI_ACTION_KEEP_THERE},
    {'b', UI_ACTION_KEEP_BOTH},
    {UI_KEY_TAB, UI_ACTION_TAB},
};

static const Binding waiting[] = {
    {'r', UI_ACTION_RETRY},
    {'A', UI_ACTION_RETRY_ALL},
    {'d', UI_ACTION_DROP},
    {UI_KEY_TAB, UI_ACTION_TAB},
};

static const Binding done[] = {
    {UI_KEY_TAB, UI_ACTION_TAB},
};

static const Binding messages_log[] = {
    {'e', UI_ACTION_ERRORS},
    {UI_KEY_TAB, UI_ACTION_TAB},
};

static const Binding certificate[] = {
    {'p', UI_ACTION_PIN},
    {'y', UI_ACTION_COPY_TEXT},
};

static const Binding wizard[] = {
    {UI_KEY_ENTER, UI_ACTION_OPEN},
    {UI_KEY_ESC, UI_ACTION_BACK},
    {UI_CTRL('c'), UI_ACTION_QUIT},
};

static const Binding plan[] = {
    {'y', UI_ACTION_YES},
};

typedef struct {
	const Binding *own;
	guint n;
	guint groups;
} Place;

#define BROWSING (GROUP_EVERY | GROUP_MOVING | GROUP_BROWSE)

static const Place places[UI_N_PLACES] = {
    [UI_PLACE_LIST] = {ALL_OF(list), BROWSING | GROUP_MESSAGES},
    [UI_PLACE_MAILBOXES] = {ALL_OF(mailboxes), BROWSING},
    [UI_PLACE_READER] = {ALL_OF(reader),
			 BROWSING | GROUP_MESSAGES | GROUP_TEXT},
    [UI_PLACE_PARTS] = {ALL_OF(parts), GROUP_EVERY | GROUP_MOVING},
    [UI_PLACE_REVIEW] = {ALL_OF(review), GROUP_EVERY | GROUP_MOVING},
    [UI_PLACE_CONFLICT] = {ALL_OF(conflict), GROUP_EVERY | GROUP_MOVING},
    [UI_PLACE_WAITING] = {ALL_OF(waiting), GROUP_EVERY | GROUP_MOVING},
    [UI_PLACE_DONE] = {ALL_OF(done), GROUP_EVERY | GROUP_MOVING},
    [UI_PLACE_LOG] = {ALL_OF(messages_log), GROUP_EVERY | GROUP_MOVING},
    [UI_PLACE_HELP] = {NULL, 0, GROUP_EVERY | GROUP_MOVING | GROUP_TEXT},
    [UI_PLACE_CERTIFICATE] = {ALL_OF(certificate), GROUP_EVERY},
    [UI_PLACE_WIZARD] = {ALL_OF(wizard), GROUP_EVERY},
    [UI_PLACE_PLAN] = {ALL_OF(plan), GROUP_EVERY},
};

static const struct {
	guint group;
	const Binding *bindings;
	guint n;
} groups[] = {
    {GROUP_MESSAGES, ALL_OF(messages)}, {GROUP_BROWSE, ALL_OF(browse)},
    {GROUP_TEXT, ALL_OF(text)},         {GROUP_MOVING, ALL_OF(moving)},
    {GROUP_EVERY, ALL_OF(every)},
};

/* the @n-th binding of @place, its own first */
static const Binding *
binding(const Place *place, guint n)
{
	if (n < place->n)
		return &place->own[n];
	n -= place->n;
	for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
		if (!(place->groups & groups[i].group))
			continue;
		if (n < groups[i].n)
			return &groups[i].bindings[n];
		n -= groups[i].n;
	}
	return NULL;
}

UiAction
ui_action_for_key(UiPlace place, UiKey key)
{
	const Binding *found;

	for (guint n = 0; (found = binding(&places[place], n)) != NULL; n++)
		if (found->key == key)
			return found->action;
	return UI_ACTION_NONE;
}

UiKey
ui_action_key(UiPlace place, UiAction action)
{
	const Binding *found;

	for (guint n = 0; (found = binding(&places[place], n)) != NULL; n++)
		if (found->action == action)
			return found->key;
	return UI_KEY_NONE;
}

bool
ui_action_in_place(UiPlace place, UiAction action)
{
	if (ui_action_key(place, action) != UI_KEY_NONE)
		return true;
	switch (action) {
	case UI_ACTION_MAILBOX:
		return true;
	case UI_ACTION_DELETE_FOREVER:
	case UI_ACTION_MARK_READ:
		return places[place].groups & GROUP_MESSAGES;
	default:
		return false;
	}
}

bool
ui_action_table(UiPlace place, guint n, UiKey *ret_key, UiAction *ret_action)
{
	const Binding *found = binding(&places[place], n);

	if (found == NULL)
		return false;
	*ret_key = found->key;
	*ret_action = found->action;
	return true;
}

UiGroup
ui_action_group(UiPlace place, guint n)
{
	const Place *own = &places[place];

	if (n < own->n)
		return UI_GROUP_HERE;
	n -= own->n;
	for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
		if (!(own->groups & groups[i].group))
			continue;
		if (n >= groups[i].n) {
			n -= groups[i].n;
			continue;
		}
		if (groups[i].group == GROUP_MESSAGES)
			return UI_GROUP_MESSAGES;
		if (groups[i].group == GROUP_TEXT)
			return UI_GROUP_HERE;
		return groups[i].group == GROUP_EVERY ? UI_GROUP_EVERYWHERE
						      : UI_GROUP_MOVE;
	}
	return UI_GROUP_EVERYWHERE;
}
