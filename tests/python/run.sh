#!/bin/sh
# The Python package as a wheel, installed into an environment of its own: built on the library of a
# build without BLAS, tested by pytest, its types checked. usage: run.sh BUILD    such as build/noblas
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
venv=$root/build/engines # that of tests/engines, which has DuckDB and pyarrow already
prefix=$build/python-prefix
wheels=$build/wheels
# A registry that cannot be reached, or is slow, is no fault of a change: told, not failed.
if ! cmp -s "$here/requirements.txt" "$venv/installed-python"; then
  { { [ -x "$venv/bin/python" ] || python3 -m venv "$venv"; } &&
    timeout 300 "$venv/bin/python" -m pip install -q --retries 1 --timeout 30 -r "$here/requirements.txt"; } >"$root/build/python.log" 2>&1 || {
    tail -3 "$root/build/python.log"
    echo "skipped: what the Python package is tested with could not be installed (tests/python/requirements.txt)"
    exit 77
  }
  cp "$here/requirements.txt" "$venv/installed-python"
fi
rm -rf "$prefix" "$wheels"
cmake --install "$build" --prefix "$prefix" >/dev/null
CMAKE_PREFIX_PATH=$prefix CMAKE_ARGS="-DWSF_WERROR=ON" "$venv/bin/python" -m pip wheel -q --no-build-isolation --no-deps \
  --wheel-dir "$wheels" "$root/bindings/python"
wheel=$(ls "$wheels"/wsf-*-cp311-abi3-*.whl)
size=$(wc -c <"$wheel")
[ "$size" -lt 12000000 ] || { echo "python: $wheel has $size bytes, 12 MB are the most"; exit 1; }
"$venv/bin/python" -m pip install -q --no-deps --no-index --force-reinstall "$wheel"
cd "$build" # not where the package's source could be imported
"$venv/bin/python" -m pytest -p no:cacheprovider "$here"
"$venv/bin/python" -m mypy --cache-dir "$venv/mypy" --strict --config-file "$root/bindings/python/pyproject.toml" \
  "$root/bindings/python/wsf" "$here/typed.py"
echo "ok python: $(basename "$wheel"), $size bytes"
