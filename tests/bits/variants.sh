#!/bin/sh
# The table of hashes (run.sh) from builds that could differ: other compilers, other instructions,
# another processor. Each is the library without BLAS in a folder of its own, and gives a line.
# usage: variants.sh [gcc | gcc-avx2 | clang | clang-avx2 | arm64 ..]     all of them by default
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"
failed=0

build() { # name [arguments of cmake]
  folder=build/bits/$1
  shift
  mkdir -p "$folder"
  {
    cmake -G Ninja -S . -B "$folder" -DCMAKE_BUILD_TYPE=Release -DWSF_BLAS=none -DWSF_GZIP=OFF -DWSF_ZSTD=OFF \
      -DWSF_TESTS=OFF -DWSF_CLI=OFF "$@" && cmake --build "$folder"
  } >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
}
link() { # name compiler [flags]
  folder=build/bits/$1
  shift
  "$@" -std=c17 -O2 -Iinclude -o "$folder/bits" "$here/bits.c" "$folder/libwsf.a" -lpthread -lm
}
holds() { # what command [arguments]: the command prints the table
  what=$1
  shift
  "$@" >build/bits/table
  if diff "$here/table.txt" build/bits/table; then
    echo "ok $what: $(wc -l <build/bits/table) expressions"
  else
    echo "FAILED $what: forecasts differ from tests/bits/table.txt (< there, > here)"
    failed=1
  fi
}

[ $# -gt 0 ] || set -- gcc gcc-avx2 clang clang-avx2 arm64
for variant in "$@"; do
  program=build/bits/$variant/bits
  case $variant in
  gcc | clang)
    build "$variant" -DCMAKE_C_COMPILER="$variant"
    link "$variant" "$variant"
    holds "$variant" "$program"
    holds "$variant, on a processor without AVX and FMA (qemu)" qemu-x86_64 -cpu Westmere "$program"
    ;;
  gcc-avx2 | clang-avx2)
    build "$variant" -DCMAKE_C_COMPILER="${variant%-avx2}" -DCMAKE_C_FLAGS="-mavx2 -mfma"
    link "$variant" "${variant%-avx2}"
    if grep -q ' fma ' /proc/cpuinfo && grep -q ' avx2 ' /proc/cpuinfo; then
      holds "${variant%-avx2}, built for AVX2 and FMA" "$program"
    else
      echo "skipped ${variant%-avx2}, built for AVX2 and FMA: this processor has none"
    fi
    ;;
  arm64)
    build arm64 -DCMAKE_TOOLCHAIN_FILE="$root/cmake/arm64.cmake"
    link arm64 aarch64-linux-gnu-gcc -static
    holds "arm64, gcc, under qemu" qemu-aarch64 "$program"
    ;;
  *)
    sed -n '2,4s/^# \{0,1\}//p' "$here/variants.sh" >&2
    exit 2
    ;;
  esac
done
exit $failed
