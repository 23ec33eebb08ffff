#!/bin/sh
# The Node package as its users have it: packed from a build without BLAS, installed into a folder with
# nothing else in it, tested by Node's own runner, its types checked. usage: run.sh BUILD    such as build/noblas
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
prefix=$build/node-prefix
# shellcheck source=tests/node/tools.sh
. "$root/tests/node/tools.sh"
clean=$tools/clean
rm -rf "$prefix" "$clean" "$root/bindings/node/native"
mkdir -p "$clean"
cmake --install "$build" --prefix "$prefix" >/dev/null
(cd "$root/bindings/node" && CFLAGS=-Werror CMAKE_PREFIX_PATH=$prefix npm pack --pack-destination "$clean") >"$root/build/node.log" 2>&1 || {
  cat "$root/build/node.log"
  exit 1
}
package=$(ls "$clean"/wsf-*.tgz)
size=$(wc -c <"$package")
[ "$size" -lt 4000000 ] || { echo "node: $package has $size bytes, 4 MB are the most"; exit 1; }
cd "$clean"
echo '{"private": true}' >package.json
npm install --offline --no-audit --no-fund --ignore-scripts "$package" >/dev/null
cp "$here"/*.js "$here"/*.ts .
WSF_SOURCE=$root node --expose-gc --test ./*.test.js >tests.log 2>&1 || { cat tests.log; exit 1; }
"$tools/node_modules/.bin/tsc" --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --noEmit \
  --target es2022 --module nodenext --types node typed.ts
grep -E '^(# |ℹ )(tests|pass|skipped|duration_ms)' tests.log | tr '\n' ' '
echo
echo "ok node: $(basename "$package"), $size bytes, node $(node --version)"
