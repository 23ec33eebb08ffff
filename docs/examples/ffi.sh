#!/bin/sh
# The blocks of docs/ffi.md, run against a build that is installed for it: the programs in Go, Rust and Java print what
# the command prints, and the same sentence where something is wrong. usage: ffi.sh BUILD    such as build/noblas
set -eu
cd "$(dirname "$0")/../.."
build=$1
prefix=$(cd "$build" && pwd)/ffi-prefix # one place for all runs: Go's cache does not see that pkg-config's answer changed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$prefix"
cmake --install "$build" --prefix "$prefix" >/dev/null
library=$(dirname "$(find "$prefix" -name libwsf.so)")
export PKG_CONFIG_PATH="$library/pkgconfig" LD_LIBRARY_PATH="$library"
{
  "$build/bindings/cli/wsf" forecast --data 'csv("docs/examples/sales.csv", keys=[shop], time=day, target=sold)' \
    --model 'mean(ets, snaive)' --horizon 3 --levels 80 --format csv | tr , '\t'
  echo "E_NAME byte 5: no model is named 'etz'; did you mean 'ets'?"
} >"$work/wanted"
rm -rf build/ffi
awk '/^```sh$/ { block++; on = 1; next } /^```$/ { on = 0 } on { print >work "/block" block }' work="$work" docs/ffi.md
for block in "$work"/block*; do
  sh -eu "$block" >"$work/printed"
  diff "$work/wanted" "$work/printed" || { echo "FAILED: docs/ffi.md, $(head -1 "$block")"; exit 1; }
done
echo "ok ffi: $(find "$work" -name 'block*' | wc -l) programs"
