#!/bin/sh
# embed.sh - SQL files as strings: NAME for NAME.sql, dashes as underscores
for file; do
	name=$(basename "$file" .sql | tr - _)
	printf 'static const char %s[] =\n' "$name"
	sed -e 's/ *--.*//' -e '/^ *$/d' -e 's/\\/\\\\/g' -e 's/"/\\"/g' \
		-e 's/.*/    "&\\n"/' "$file"
	printf '    "";\n'
done
