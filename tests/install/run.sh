#!/bin/sh
# Install into an empty folder; build and run an outside project with CMake and with pkg-config; a
# wrong version must fail both ways. The source tree as a part of that project gives the same target.
# What was built without BLAS needs none. usage: run.sh BUILD_DIR
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/prefix" >/dev/null
blas=$(sed -n 's/^WSF_BLAS:STRING=//p' "$build/CMakeCache.txt")
libdir=$(dirname "$(find "$work/prefix" -name libwsf.a)")

cmake -S "$here" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cmake --build "$work/cmake" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/cmake/consumer"
"$work/cmake/consumer_cxx"
if cmake -S "$here" -B "$work/wrong" -DCMAKE_PREFIX_PATH="$work/prefix" -DWSF_WANTED=9.0 >/dev/null 2>&1; then
  echo "install: find_package accepted version 9.0"
  exit 1
fi

# Made, not built: that takes as long as the library does.
cmake -S "$here" -B "$work/inside" -DWSF_SOURCE="$here/../.." -DWSF_BLAS="$blas" >"$work/log" 2>&1 ||
  { cat "$work/log"; exit 1; }
cmake --build "$work/inside" --target help | grep -q consumer_cxx

export PKG_CONFIG_PATH="$libdir/pkgconfig"
pkg-config --exact-version=0.2.0 wsf
# shellcheck disable=SC2046
cc "$here/consumer.c" -o "$work/consumer" $(pkg-config --cflags --libs --static wsf)
"$work/consumer"
if [ "$blas" = none ] && { pkg-config --libs --static wsf; ldd "$work/consumer"; } | grep -i -E "blas|lapack"; then
  echo "install: built without BLAS, but asks for it"
  exit 1
fi
if pkg-config --atleast-version=9.0 wsf; then
  echo "install: pkg-config accepted version 9.0"
  exit 1
fi
echo "install: ok"
