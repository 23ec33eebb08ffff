#!/bin/sh
# Install into an empty folder; build and run an outside project with CMake and with pkg-config, against
# the archive and the shared library; a wrong version must fail both ways. The source tree as a part of
# that project gives the same targets. What was built without BLAS needs none. usage: run.sh BUILD_DIR
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }
cmake --install "$build" --prefix "$work/prefix" >/dev/null
blas=$(sed -n 's/^WSF_BLAS:STRING=//p' "$build/CMakeCache.txt")
shared=$(sed -n 's/^WSF_SHARED:BOOL=//p' "$build/CMakeCache.txt")
libdir=$(dirname "$(find "$work/prefix" -name libwsf.a)")

# The whole prefix may be moved.
mv "$work/prefix" "$work/moved"
libdir=$work/moved${libdir#"$work/prefix"}

# uses yes|no PROGRAM: whether a program loads libwsf.so
uses() {
  found=no
  ! LD_LIBRARY_PATH=$libdir ldd "$2" | grep -q "libwsf.so.0.2 => $libdir/libwsf.so.0.2" || found=yes
  [ "$found" = "$1" ] || { echo "install: $2 loads libwsf.so: $found, expected $1"; ldd "$2"; exit 1; }
}
without_blas() { # lines on stdin name none, if it was built without
  [ "$blas" != none ] || ! grep -i -E "blas|lapack" || { echo "install: built without BLAS, but asks for it"; exit 1; }
}
project() { # name target [arguments of cmake]; the archive has a target of its own for C++
  name=$1 target=$2 cxx=$2
  [ "$target" != wsf::wsf ] || cxx=wsf::cpp
  shift 2
  quietly cmake -S "$here" -B "$work/$name" -DCMAKE_PREFIX_PATH="$work/moved" -DWSF_TARGET="$target" \
    -DWSF_TARGET_CXX="$cxx" "$@"
  quietly cmake --build "$work/$name"
  "$work/$name/consumer"
  "$work/$name/consumer_cxx"
}
project archive wsf::wsf
uses no "$work/archive/consumer"
if [ "$shared" = ON ]; then
  project shared wsf::shared
  uses yes "$work/shared/consumer"
  ldd "$work/shared/consumer" | without_blas
  # It brings what it needs: found where what the archive is linked with is not.
  project alone wsf::shared -DWSF_COMPONENTS=shared -DWSF_LAPACKE_LIBRARY= -DWSF_LIBRARY_z=
  if cmake -S "$here" -B "$work/bare" -DCMAKE_PREFIX_PATH="$work/moved" -DWSF_LAPACKE_LIBRARY= -DWSF_LIBRARY_z= >/dev/null 2>&1; then
    echo "install: find_package found the archive without what it is linked with"
    exit 1
  fi
elif cmake -S "$here" -B "$work/missing" -DCMAKE_PREFIX_PATH="$work/moved" -DWSF_COMPONENTS=shared >/dev/null 2>&1; then
  echo "install: find_package found a shared library that is not there"
  exit 1
fi
if cmake -S "$here" -B "$work/wrong" -DCMAKE_PREFIX_PATH="$work/moved" -DWSF_WANTED=9.0 >/dev/null 2>&1; then
  echo "install: find_package accepted version 9.0"
  exit 1
fi

# Made, not built: that takes as long as the library does.
quietly cmake -S "$here" -B "$work/inside" -DWSF_SOURCE="$here/../.." -DWSF_BLAS="$blas" -DWSF_SHARED=ON -DWSF_TARGET=wsf::shared
cmake --build "$work/inside" --target help >"$work/log"
grep -q consumer_cxx "$work/log"

export PKG_CONFIG_PATH="$libdir/pkgconfig"
pkg-config --exact-version=0.2.0 wsf
# shellcheck disable=SC2046
cc "$here/consumer.c" -o "$work/static" $(pkg-config --cflags --libs wsf-static)
"$work/static"
uses no "$work/static"
{ pkg-config --libs wsf-static; pkg-config --libs --static wsf; ldd "$work/static"; } | without_blas
if [ "$shared" = ON ]; then
  # shellcheck disable=SC2046
  cc "$here/consumer.c" -o "$work/dynamic" $(pkg-config --cflags --libs wsf)
  LD_LIBRARY_PATH=$libdir "$work/dynamic"
  uses yes "$work/dynamic"
fi
if pkg-config --atleast-version=9.0 wsf; then
  echo "install: pkg-config accepted version 9.0"
  exit 1
fi
echo "install: ok"
