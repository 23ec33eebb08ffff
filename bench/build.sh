#!/bin/sh
# Compiles a driver of the benches against the release build: build.sh FILE.c prints the program's
# path. WSF_BUILD names another build folder.
set -eu
cd "$(dirname "$0")/.."
build=${WSF_BUILD:-build/release}
[ -f "$build/libwsf.a" ] || { echo "bench: no release build in $build; ./dev bench makes one" >&2; exit 2; }
out=build/bench/$(basename "$1" .c)
mkdir -p build/bench
blas=$(sed -n 's/^WSF_BLAS_LIBRARY:FILEPATH=//p' "$build/CMakeCache.txt")
if [ ! "$out" -nt "$build/libwsf.a" ] || [ ! "$out" -nt "$1" ]; then
  ${CC:-cc} -std=c17 -O2 -Wall -Wextra -ffp-contract=off -D_POSIX_C_SOURCE=200809L -Iinclude -o "$out" "$1" \
    "$build/libwsf.a" -llapacke "$blas" -lpthread -lm
fi
echo "$out"
