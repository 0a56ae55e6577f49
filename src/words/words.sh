#!/bin/sh
# words.sh SOURCES POTFILES KEYWORDS OWN OUT DEPENDENCIES: the table of what the
# layers below ui and cli say, from their own sources
set -eu
files=$(grep -vE '^(#|src/(ui|cli|main))' "$2")
# xgettext looks for relative names below its --directory
own=$(cd "$(dirname "$4")" && pwd)/$(basename "$4")
found=$5.pot
# shellcheck disable=SC2046,SC2086
xgettext --language=C --from-code=UTF-8 --no-location --omit-header \
	--directory="$1" --keyword $(grep -v '^#' "$3") \
	--exclude-file="$own" --output="$found" $files
printf '/* made by words.sh from the files in po/POTFILES */\n'	>"$5"
{
	printf '#include <stddef.h>\n\n#include "words-private.h"\n\n'
	printf 'const char *const words_sentences[] = {\n'
	awk '
		/^msgid / { text = substr($0, 7); inside = 1; next }
		/^msgstr/ { if (inside) print "    " text ","; inside = 0 }
		/^"/ && inside { text = text "\n      " $0 }' "$found"
	printf '    NULL,\n};\n'
} >>"$5"
{
	printf '%s:' "$5"
	for file in $files; do printf ' %s' "$1/$file"; done
	printf '\n'
} >"$6"
rm -f "$found"
