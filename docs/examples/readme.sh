#!/bin/sh
# The programs of README.md in C and C++, each compiled by the line below it, and run.
# usage: readme.sh BUILD    with the library of a build folder
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name wsf-static.pc)")
export PKG_CONFIG_PATH
cd "$work"
for program in "c cc" "cpp c++"; do
  language=${program% *} compiler=${program#* }
  awk -v fence="\`\`\`$language" '$0 == fence { on = 1; next } /^```$/ { on = 0 } on' "$root/README.md" >"example.$language"
  grep "^    $compiler " "$root/README.md" >"$language.sh" || { echo "readme: no line that compiles example.$language"; exit 1; }
  sh -eu "$language.sh"
  ./a.out >"$language.out"
  [ -s "$language.out" ] || { echo "readme: example.$language printed nothing"; exit 1; }
done
echo "ok readme: $(head -1 c.out); C++ $(wc -l <cpp.out) lines"
