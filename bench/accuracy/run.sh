#!/bin/sh
# Accuracy of every simple model and of the best expression, as one committed table.
#   run.sh WSF          print the table of all cases that the data at hand allows
#   run.sh WSF --check  recompute the cases marked ci and compare with results.csv
# The M3 cases hold out the end of the training part; the test part is measured in docs/accuracy.md.
set -eu
wsf=$1
mode=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
data=${WSF_DATA:-$here/../../../shared/data}
best=$(cat "$here/best.expr")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

to_tabs() { # CSV with quotes -> tabs
  awk '{ out = ""; quoted = 0
    for (i = 1; i <= length($0); ++i) { c = substr($0, i, 1)
      if (c == "\"") quoted = !quoted
      else if (c == "," && !quoted) out = out "\t"
      else out = out c }
    print out }'
}

run_case() {
  # shellcheck disable=SC2086
  "$wsf" backtest --data "$2" $3 --format csv --out "$work/one.csv" \
    --model naive --model snaive --model drift --model average --model "window(8)" --model tslm \
    --model ets --model "fallback(stl(ets), ets)" --model "mean(snaive, tslm, ets)" --model "$best"
  to_tabs <"$work/one.csv" >"$work/one.tsv"
  awk -v name="$1" -F '\t' '
    NR == 1 { for (i = 2; i <= NF; ++i) if ($i !~ /^(seconds|p_value|best|folds|series|observations|failed|reasons)$/) { keep[++n] = i; label[n] = $i } ; next }
    { for (j = 1; j <= n; ++j) printf "%s,\"%s\",%s,%.6g\n", name, $1, label[j], $(keep[j]) }' "$work/one.tsv"
}

: >"$work/all.csv"
echo 'case,model,metric,value' >"$work/all.csv"
while IFS= read -r line; do
  case $line in '#'* | '') continue ;; esac
  name=${line%% | *}
  kind=${line##* | }
  middle=${line#* | }
  middle=${middle% | *}
  options=${middle##* | }
  expr=${middle% | *}
  [ "$mode" != --check ] || [ "$kind" = ci ] || continue
  case $expr in
  *DIR*)
    if [ ! -f "$data/walmart/train.csv" ]; then
      [ "${CI:-}" != true ] || { echo "accuracy: CI=true, but the real data was not found (WSF_DATA)"; exit 1; }
      echo "skipped: no data for $name; WSF_DATA names its folder" >&2
      continue
    fi
    expr=$(printf '%s' "$expr" | sed "s|DIR|$data|g")
    ;;
  esac
  run_case "$name" "$expr" "$options" >>"$work/all.csv"
done <"$here/cases.txt"

if [ "$mode" != --check ]; then
  cat "$work/all.csv"
  exit 0
fi
# Every recomputed figure must be in the committed table to one part in 100,000.
awk -F, -v OFS=, '
  { value = $NF; key = $0; sub(/,[^,]*$/, "", key) }
  FNR == NR { want[key] = value; next }
  FNR == 1 { next }
  { ++n
    if (!(key in want)) { print "accuracy: not in results.csv: " key; bad = 1; next }
    d = value - want[key]; if (d < 0) d = -d; a = want[key] < 0 ? -want[key] : want[key]
    if (d > 1e-5 * a + 1e-12) { print "accuracy: " key " was " want[key] ", is " value; bad = 1 } }
  END { if (!bad) print "accuracy: ok (" n " figures)"; exit bad }' "$here/results.csv" "$work/all.csv"
