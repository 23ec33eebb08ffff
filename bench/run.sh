#!/bin/sh
# Every bench, one after the other: ./dev bench [NAME ...] with NAME of csv, ets, accuracy.
set -eu
cd "$(dirname "$0")/.."
wsf=build/release/bindings/cli/wsf
[ $# -gt 0 ] || set -- csv ets accuracy
for name in "$@"; do
  case $name in
  csv) bench/csv/run.sh ;;
  ets) bench/peers/ets/run.sh ;;
  accuracy) bench/accuracy/run.sh "$wsf" ;;
  *) echo "bench: no bench called $name (csv, ets, accuracy)" >&2; exit 2 ;;
  esac
done
