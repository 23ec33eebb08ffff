#!/bin/sh
# The WebAssembly package as its users have it: packed, installed into a folder with nothing else in it, measured,
# tested in Node and, with the demo, in Chromium; its types checked. usage: run.sh WSF    the native command
set -eu
most=600000 # bytes of the packed module
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
command=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
# shellcheck source=tests/node/tools.sh
. "$root/tests/node/tools.sh"
clean=$root/build/wasm/clean
rm -rf "$clean" "$root/bindings/wasm/lib/wsf.wasm"
mkdir -p "$clean"
(cd "$root/bindings/wasm" && npm pack --pack-destination "$clean") >"$root/build/wasm.log" 2>&1 || {
  cat "$root/build/wasm.log"
  exit 1
}
package=$(ls "$clean"/wsf-wasm-*.tgz)
cd "$clean"
echo '{"private": true, "type": "module"}' >package.json
npm install --offline --no-audit --no-fund --ignore-scripts "$package" >/dev/null
node --input-type=module - "$most" <<'JS'
import fs from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
const wasm = fs.readFileSync("node_modules/wsf-wasm/lib/wsf.wasm");
const sizes = { plain: wasm.length, gzip: gzipSync(wasm, { level: 9 }).length, brotli: brotliCompressSync(wasm).length };
console.log(`wsf.wasm: ${sizes.plain} bytes, ${sizes.gzip} by gzip, ${sizes.brotli} by brotli`);
if (sizes.gzip >= Number(process.argv[2])) {
  console.log(`wasm: ${process.argv[2]} bytes by gzip are the most`);
  process.exit(1);
}
JS
node "$root/bindings/wasm/demo/pack.js" "$clean/demo.html" node_modules/wsf-wasm/lib/wsf.wasm
cp "$here"/*.js "$here"/*.ts .
WSF_SOURCE=$root WSF_TOOLS=$tools/ WSF_COMMAND=$command WSF_DEMO=$clean/demo.html node --test --test-concurrency=1 \
  ./*.test.js >tests.log 2>&1 || { cat tests.log; exit 1; }
"$tools/node_modules/.bin/tsc" --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --noEmit \
  --target es2022 --lib es2022,dom --module nodenext typed.ts
grep -E '^(# |ℹ )(tests|pass|skipped|duration_ms)' tests.log | tr '\n' ' '
echo
echo "ok wasm: $(basename "$package"), $(wc -c <"$package") bytes, node $(node --version), $(chromium --version)"
