#!/bin/sh
# Every header of C++ compiles alone and twice over, with gcc and clang, with and without exceptions.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
include=$root/bindings/cpp/include
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror"
for header in "$include"/wsf/*.hpp "$include"/wsf/cpp/*.hpp; do
  name=${header#"$include"/}
  printf '#include <%s>\n#include <%s>\n' "$name" "$name" >"$work/unit.cpp"
  # shellcheck disable=SC2086
  g++ -std=c++17 $warnings -I"$include" -I"$root/include" -fsyntax-only "$work/unit.cpp"
done
echo '#include <wsf/wsf.hpp>' >"$work/unit.cpp"
for cxx in "g++ -std=c++20" "clang++ -std=c++17" "clang++ -std=c++20"; do
  # shellcheck disable=SC2086
  for mode in "" "-fno-exceptions -fno-rtti"; do
    $cxx $mode $warnings -I"$include" -I"$root/include" -fsyntax-only "$work/unit.cpp"
  done
done
echo "headers_cpp: ok"
