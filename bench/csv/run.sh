#!/bin/sh
# Reading train.csv of the Walmart set: libwsf (reading plus building the panel) beside polars and
# DuckDB, in turns in one run, on the same threads. Needs a release build and the packages of
# bench/requirements.txt under build/peers.
#   bench/csv/run.sh [THREADS [ROUNDS]]
set -eu
cd "$(dirname "$0")/../.."
data=${WSF_DATA:-../shared/data}
build=${WSF_BUILD:-build/release}
file=$data/walmart/train.csv
[ -f "$file" ] || { echo "run.sh: $file not found; set WSF_DATA" >&2; exit 2; }
[ -f "$build/libwsf.a" ] || { echo "run.sh: no release build in $build" >&2; exit 2; }
mkdir -p build/bench
blas=$(sed -n 's/^WSF_BLAS_LIBRARY:FILEPATH=//p' "$build/CMakeCache.txt")
cc -std=c17 -O2 -D_POSIX_C_SOURCE=200809L -Iinclude -o build/bench/read_csv bench/csv/read_csv.c \
  "$build/libwsf.a" -llapacke "$blas" -lz -lzstd -lpthread -lm
exec build/peers/bin/python bench/csv/compare.py build/bench/read_csv "$file" "${1:-2}" "${2:-9}"
