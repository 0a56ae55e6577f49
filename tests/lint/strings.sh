#!/bin/sh
# prints the .pot of the tree: every string that people read
set -eu
xgettext --from-code=UTF-8 --add-comments=TRANSLATORS --no-location \
	--package-name=pennon --output=- \
	--keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 \
	--keyword=ngettext:1,2 --keyword=g_dngettext:2,3 \
	--flag=g_strdup_printf:1:c-format --flag=g_string_append_printf:2:c-format \
	--flag=g_set_error:4:c-format --flag=g_error_new:3:c-format \
	"$@"
