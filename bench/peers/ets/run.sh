#!/bin/sh
# Automatic exponential smoothing: libwsf beside statsforecast's AutoETS and R's forecast::ets (if R
# is there), one core, CPU time of the fits, on the same series. Needs a release build and the
# packages of bench/requirements.txt under build/peers.
#   bench/peers/ets/run.sh [EVERY]     every EVERYth series for the peers (default 28)
set -eu
cd "$(dirname "$0")/../../.."
data=${WSF_DATA:-../shared/data}
build=${WSF_BUILD:-build/release}
[ -d "$data/m3" ] || { echo "run.sh: $data/m3 not found; set WSF_DATA" >&2; exit 2; }
[ -f "$build/libwsf.a" ] || { echo "run.sh: no release build in $build" >&2; exit 2; }
mkdir -p build/bench
blas=$(sed -n 's/^WSF_BLAS_LIBRARY:FILEPATH=//p' "$build/CMakeCache.txt")
cc -std=c17 -O2 -D_POSIX_C_SOURCE=200809L -Iinclude -o build/bench/fit_ets \
  bench/peers/ets/fit_ets.c "$build/libwsf.a" -llapacke "$blas" -lpthread -lm
exec build/peers/bin/python bench/peers/ets/compare.py build/bench/fit_ets "$data" "${1:-28}"
