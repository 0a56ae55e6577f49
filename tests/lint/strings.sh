#!/bin/sh
# strings that people read: each one is found, and German has it
#
# strings.sh FILE ... prints the .pot of these files instead
set -eu
cd "$(dirname "$0")/../.."

pot() {	# pot FILE ...
	# shellcheck disable=SC2046
	xgettext --language=C --from-code=UTF-8 --add-comments=TRANSLATORS \
		--package-name=pennon --output=- \
		--keyword=_ --keyword=C_:1c,2 --keyword=NC_:1c,2 \
		--keyword=ngettext:1,2 --keyword=g_dngettext:2,3 \
		--flag=g_strdup_printf:1:c-format \
		--flag=g_string_append_printf:2:c-format \
		$(grep '^-' po/KEYWORDS) --exclude-file=po/VALUES.pot "$@"
}

if [ $# -gt 0 ]; then
	pot --no-location "$@"
	exit
fi
for tool in xgettext msgattrib msgfmt msgmerge; do
	if ! command -v "$tool" >/dev/null; then
		echo "no $tool: apt install gettext"
		exit 77
	fi
done
bad=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# what is collected is what the sources say
grep '^src/' po/POTFILES >"$folder/listed"
for file in src/*.c src/*/*.c; do
	if grep -qxF "$file" "$folder/listed"; then continue; fi
	if [ -n "$(pot --omit-header "$file")" ]; then
		echo "$file: has strings and does not stand in po/POTFILES"
		bad=1
	fi
done
while read -r file; do
	[ -e "$file" ] && continue
	echo "po/POTFILES: $file is not there"
	exit 1
done <"$folder/listed"
# a format that a macro cuts in two cannot be looked up
# shellcheck disable=SC2046
pot $(cat "$folder/listed") >"$folder/pennon.pot" 2>"$folder/warnings"
if [ -s "$folder/warnings" ]; then
	cat "$folder/warnings"
	bad=1
fi

report() {	# report WHAT MSGATTRIB-OPTION: names the strings it selects
	msgattrib --no-wrap "$2" "$folder/merged" |
		sed -n '1,/^$/d; s/^\(#~ \)\{0,1\}msgid //p' >"$folder/found"
	[ -s "$folder/found" ] || return 0
	sed "s|^|$po: $1: |" "$folder/found"
	bad=1
}

for language in $(grep -v '^#' po/LINGUAS); do
	po=po/$language.po
	msgfmt --check-format --check-domain --output-file=/dev/null "$po" ||
		bad=1
	msgmerge --quiet --no-fuzzy-matching --output-file="$folder/merged" \
		"$po" "$folder/pennon.pot"
	report 'not translated' --untranslated
	report 'fuzzy' --only-fuzzy
	report 'in no source any more' --only-obsolete
done
exit $bad
