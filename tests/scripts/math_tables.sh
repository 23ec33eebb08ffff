#!/bin/sh
# What scripts/make_math_tables computes stands in the header that it made, but for the layout.
# usage: math_tables.sh
set -eu
cd "$(dirname "$0")/../.."
for python in python3 /usr/bin/python3 none; do
  [ $python = none ] && { echo "skipped: no mpmath (apt-get install python3-mpmath)"; exit 77; }
  $python -c 'import mpmath' 2>/dev/null && break
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
words() { tr -s ' \n' '\n\n' | sed 's/{/{\n/g; s/}/\n}/g' | grep -v '^[*]*$'; }
$python scripts/make_math_tables | words >"$work/made"
words <src/math/elementary_tables.h >"$work/there"
diff "$work/there" "$work/made" || {
  echo "math_tables: src/math/elementary_tables.h is not what scripts/make_math_tables prints (< there, > made)"
  exit 1
}
echo "math_tables: ok"
