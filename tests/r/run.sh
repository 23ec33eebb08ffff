#!/bin/sh
# The R package as its users have it: built into a source package, checked by R CMD check, its examples with
# it, installed into a library of its own on the library of a build without BLAS, and tested by testthat.
# usage: run.sh BUILD    such as build/noblas
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
prefix=$build/r-prefix
work=$build/r
rm -rf "$prefix" "$work"
mkdir -p "$work/library"
cmake --install "$build" --prefix "$prefix" >/dev/null
cd "$work"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name wsf-static.pc)")
R_MAKEVARS_USER=$work/makevars
LC_ALL=C.UTF-8 # R reads the package's texts in the encoding that it says only where the locale can
export PKG_CONFIG_PATH R_MAKEVARS_USER LC_ALL
echo 'CFLAGS += -std=gnu17 -Wall -Wextra -Wshadow -Wno-cast-function-type -Werror' >makevars # DL_FUNC is any function
R CMD build "$root/bindings/r" >build.log 2>&1 || { cat build.log; exit 1; }
package=$(ls wsf_*.tar.gz)
# -Werror is nothing that a package may ask for, so the check compiles as R does.
R_MAKEVARS_USER=/dev/null _R_CHECK_SYSTEM_CLOCK_=FALSE _R_CHECK_PKG_SIZES_THRESHOLD_=12 R CMD check --no-manual "$package" >check.log 2>&1 || { cat check.log; exit 1; }
grep -q '^Status: OK$' check.log || { cat check.log; echo "r: R CMD check found something"; exit 1; }
R CMD INSTALL --library=library "$package" >install.log 2>&1 || { cat install.log; exit 1; }
WSF_SOURCE=$root R_LIBS=$work/library Rscript -e \
  "testthat::test_dir('$here', package = 'wsf', load_package = 'installed', reporter = 'check')"
echo "ok r: $package, $(Rscript -e 'cat(R.version.string)')"
