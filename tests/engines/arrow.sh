#!/bin/sh
# DuckDB and pyarrow around the library: the commands of docs/data.md as they stand there, and
# docs/examples/arrow.py. usage: arrow.sh BUILD     a folder with wsf and libwsf.so
set -eu
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=$root/build/engines
# A registry that cannot be reached, or is slow, is no fault of a change: told, not failed.
if ! cmp -s "$here/requirements.txt" "$venv/installed"; then
  { python3 -m venv "$venv" &&
    timeout 300 "$venv/bin/python" -m pip install -q --retries 1 --timeout 30 -r "$here/requirements.txt"; } >"$root/build/engines.log" 2>&1 || {
    tail -3 "$root/build/engines.log"
    echo "skipped: DuckDB and pyarrow could not be installed under build/engines (tests/engines/requirements.txt)"
    exit 77
  }
  cp "$here/requirements.txt" "$venv/installed"
fi
PATH=$build/bindings/cli:$venv/bin:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir sales
duckdb -c "copy (select store, d::date as day, (100 + 10 * extract(isodow from d) + 0.25)::decimal(12, 2) as revenue,
                        extract(day from d) = 5 as promo
                 from (values ('Köln'), ('Ulm')) s(store), generate_series(date '2024-01-01', date '2024-02-25', interval 1 day) t(d))
           to 'sales/2024.parquet'" >/dev/null

# Each command between two blank lines of the section's block.
awk '/^## Parquet/ { on = 1 } on && /^```sh/ { block = 1; next } /^```/ { if (block) exit }
     block { if ($0 == "") ++n; else print > "line" n + 1 ".sh" }' n=0 "$root/docs/data.md"
n=0
for line in line*.sh; do
  n=$((n + 1))
  sh -eu "$line" >"out$n" 2>err || { cat "$line" err; echo "FAILED: command $n of docs/data.md#parquet"; exit 1; }
  [ "$(wc -l <"out$n")" = 29 ] && head -1 "out$n" | grep -q '^store,day,forecast' && cmp -s out1 "out$n" || {
    cat "$line"
    head -3 "out$n"
    echo "FAILED: command $n of docs/data.md#parquet: 28 forecasts were expected, the same from each"
    exit 1
  }
done
[ "$n" = 3 ] || { echo "FAILED: $n commands in docs/data.md#parquet, 3 expected"; exit 1; }
echo "ok $n commands of docs/data.md"
"$venv/bin/python" "$root/docs/examples/arrow.py" "$build/libwsf.so"
echo "ok docs/examples/arrow.py"
