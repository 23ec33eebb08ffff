# What the packages for JavaScript are tested with, installed under build/node; sets $tools. A registry that cannot be
# reached, or is slow, is no fault of a change: told by 77, not failed. Read by tests/node/run.sh and
# tests/wasm/run.sh, which set $root.
tools=$root/build/node
wanted=$root/tests/node/package.json
if ! cmp -s "$wanted" "$tools/installed"; then
  mkdir -p "$tools"
  cp "$wanted" "$tools/package.json"
  (cd "$tools" && timeout 300 npm install --no-audit --no-fund --ignore-scripts --fetch-retries 1) >"$root/build/node.log" 2>&1 || {
    tail -3 "$root/build/node.log"
    echo "skipped: what packages for JavaScript are tested with could not be installed (tests/node/package.json)"
    exit 77
  }
  cp "$wanted" "$tools/installed"
fi
