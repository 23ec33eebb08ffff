#!/bin/sh
# Every public header compiles alone as C11, C17 and C++17 with gcc and clang, and twice over.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for header in "$root"/include/wsf/*.h; do
  name=wsf/$(basename "$header")
  printf '#include <%s>\n#include <%s>\nint wsf_test_unit;\n' "$name" "$name" >"$work/unit.c"
  cp "$work/unit.c" "$work/unit.cpp"
  for cc in gcc clang; do
    command -v $cc >/dev/null || { echo "headers: $cc is not installed"; exit 1; }
    for std in c11 c17; do
      $cc -std=$std -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror -I"$root/include" -fsyntax-only "$work/unit.c"
    done
    $cc -x c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$root/include" -fsyntax-only "$work/unit.cpp"
  done
done
echo "headers: ok"
