#!/bin/sh
# Hold the table that a program built from bits.c prints against table.txt. usage: run.sh PROGRAM [--update]
set -eu
table=$(dirname "$0")/table.txt
if [ "${2:-}" = --update ]; then
  "$1" >"$table"
  exit
fi
"$1" | diff "$table" - || {
  echo "bits: forecasts differ from tests/bits/table.txt (< there, > here). Another machine, compiler or"
  echo "build may not change a bit. Who changes a model on purpose: tests/bits/run.sh PROGRAM --update"
  exit 1
}
