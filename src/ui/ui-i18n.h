/* ui-i18n.h - gettext for the files of src/ui */
#pragma once

#include <libintl.h>

#define _(text) gettext(text)
/* marks a string of a table; the table's reader translates it */
#define N_(text) text
