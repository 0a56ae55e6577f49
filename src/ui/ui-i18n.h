/* ui-i18n.h - gettext for the files of src/ui */
#pragma once

#include <libintl.h>

#include <glib.h>

#define _(text) gettext(text)
/* marks a string of a table; the table's reader translates it */
#define N_(text) text
/* the same word with another meaning: @context is for translators alone */
#define C_(context, text) ui_pgettext(context "\004" text, sizeof(context))

/** ui_pgettext: @key: context, 0x04 and text; @skip: bytes before the text */
static inline const char *
ui_pgettext(const char *key, gsize skip)
{
	const char *found = gettext(key);

	return found == key ? key + skip : found;
}
