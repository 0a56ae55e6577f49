#!/bin/sh
# .clang-format is the law; what it says differs between versions, so one judges
set -eu
version=14
cd "$(dirname "$0")/../.."
for tool in "clang-format-$version" clang-format none; do
	case $("$tool" --version 2>/dev/null) in
	*"version $version."*) break ;;
	esac
done
if [ "$tool" = none ]; then
	echo "no clang-format $version: apt install clang-format-$version"
	exit 77
fi
find src include tests -name corpus -prune -o -name '*.[ch]' -print |
	LC_ALL=C sort | xargs "$tool" --dry-run --Werror
