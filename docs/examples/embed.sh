#!/bin/sh
# Runs the commands of docs/embedding.md in their order, from the root of the source, into an empty folder.
#   embed.sh          builds what the page builds: some minutes
#   embed.sh BUILD    takes the library from a build folder that stands, as tests do
# The page's sh blocks are what runs; `cat >FILE` blocks before them make the program.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/docs/embedding.md" >"$work/commands.sh"
if [ $# -gt 0 ]; then
  build=$(cd "$1" && pwd)
  sed -e '/^cmake -B build.embed /d; /^cmake --build build.embed/d' -e "s|build/embed|$build|g" "$work/commands.sh" >"$work/some.sh"
  mv "$work/some.sh" "$work/commands.sh"
fi
cd "$root"
export WORK="$work/app"
sh -eu "$work/commands.sh"
