#!/bin/sh
# Compiles a driver of the benches against the release build and prints the program's path:
#   build.sh FILE.c [linked-in]
# Drivers use the public headers and libwsf.a; those of micro/ see the inside. linked-in: with
# OpenBLAS inside the program instead of shared. WSF_BUILD names another build folder.
set -eu
cd "$(dirname "$0")/.."
build=${WSF_BUILD:-build/release}
[ -f "$build/libwsf.a" ] || { echo "bench: no release build in $build; ./dev bench makes one" >&2; exit 2; }
cached() { sed -n "s/^$1:FILEPATH=//p" "$build/CMakeCache.txt"; }
out=build/bench/$(basename "$1" .c)
blas="-llapacke $(cached WSF_BLAS_LIBRARY)"
if [ "${2:-}" = linked-in ]; then
  out=${out}_linked_in
  blas="$(cached WSF_LAPACKE_ARCHIVE) $(cached WSF_BLAS_ARCHIVE) -Wl,-Bstatic -lgfortran -lquadmath -Wl,-Bdynamic"
fi
with=$build/libwsf.a
case $1 in */micro/*) with="-Isrc $build/tests/libwsf_inside.a" ;; esac
if grep -q '"made.h"' "$1"; then with="-Ibench bench/made.c $with"; fi
mkdir -p build/bench
if [ ! "$out" -nt "$build/libwsf.a" ] || [ ! "$out" -nt "$1" ]; then
  # shellcheck disable=SC2086
  ${CC:-cc} -std=c17 -O2 -Wall -Wextra -ffp-contract=off -D_POSIX_C_SOURCE=200809L -Iinclude \
    -o "$out" "$1" $with $blas -lz -lzstd -lpthread -lm
fi
echo "$out"
