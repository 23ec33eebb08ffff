#!/bin/sh
# Runs every command of docs/tutorial.md in its order, in one shell and in a folder of its own.
#   tutorial.sh WSF           on a small invented retailer: that every command works (CI)
#   tutorial.sh WSF --check   on the real data (WSF_DATA): that it prints what the page shows
#   tutorial.sh WSF --update  the same, and write what it prints into the page
# Seconds are not compared. The page's sh blocks are what runs; the text block after one is its output.
set -eu
wsf=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
mode=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
page=$here/../tutorial.md
real=${WSF_DATA:-$here/../../../shared/data}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/run/data"
ln -s "$wsf" "$work/bin/wsf"
ln -s "$(cd "$here/../../bench" && pwd)" "$work/run/bench"
PATH=$work/bin:$PATH
export PATH

# A Kaggle folder of the simulator's sales: 143 weeks of history, 39 to forecast.
invent() {
  "$wsf" describe --quiet --data 'simulate(stores=2, depts=7, weeks=182)' --what values \
    --format csv --out "$work/values.csv"
  awk -F, -v folder="$1/" '
    NR == 1 { print "Store,Dept,Date,Weekly_Sales,IsHoliday" >(folder "train.csv")
      print "Store,Dept,Date,IsHoliday" >(folder "test.csv")
      print "Store,Type,Size" >(folder "stores.csv")
      print "Store,Date,Temperature,Fuel_Price,MarkDown1,MarkDown2,MarkDown3,MarkDown4,MarkDown5," \
        "CPI,Unemployment,IsHoliday" >(folder "features.csv")
      next }
    { flag = $6 ? "TRUE" : "FALSE"
      if ($3 <= "2012-10-26") print $1 "," $2 "," $3 "," $4 "," flag >(folder "train.csv")
      else print $1 "," $2 "," $3 "," flag >(folder "test.csv")
      if (!(($1, $3) in week)) {
        week[$1, $3] = 1
        print $1 "," $3 "," $7 "," $8 "," $9 "," $10 "," $11 "," $12 "," $13 "," $14 "," $15 "," \
          flag >(folder "features.csv") }
      if (!($1 in store)) { store[$1] = 1; print $1 "," $16 "," $17 >(folder "stores.csv") } }
  ' "$work/values.csv"
}
case $mode in
'')
  mkdir "$work/run/data/walmart"
  invent "$work/run/data/walmart"
  ;;
--check | --update)
  [ -f "$real/walmart/train.csv" ] || { echo "tutorial: no real data in $real (WSF_DATA)" >&2; exit 2; }
  ln -s "$(cd "$real/walmart" && pwd)" "$work/run/data/walmart"
  ;;
*) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

# One script of all blocks; block n prints to n.out.
awk -v work="$work/" '
  /^```sh$/ { inside = 1; ++n; print "block=" n "; exec >" work n ".out"; next }
  /^```$/ { inside = 0; next }
  inside' "$page" >"$work/all.sh"
(cd "$work/run" && sh -eu -c '. "$1"' tutorial "$work/all.sh" 2>"$work/errors") || {
  echo "tutorial: a command of the page failed:" >&2
  cat "$work/errors" >&2
  exit 1
}

# The page with what was printed; a text block that follows no sh block stays.
awk -v work="$work/" '
  /^```sh$/ { ++n; fresh = 1; print; next }
  /^```text$/ && fresh { print; fresh = 0; skip = 1
    while ((getline line <(work n ".out")) > 0) { sub(/ +$/, "", line); print line }
    next }
  /^```$/ && skip { skip = 0; print; next }
  /^## / { fresh = 0 }
  !skip' "$page" >"$work/page.md"
# Without the column of seconds, and the distances of columns.
plain() {
  awk '/^```/ { column = 0 }
    / seconds( |$)/ { for (i = 1; i <= NF; ++i) if ($i == "seconds") column = i }
    { if (column) $column = ""; $1 = $1; print }' "$1"
}
case $mode in
'') echo "tutorial: ok ($(grep -c '^```sh$' "$page") blocks)" ;;
--update) cp "$work/page.md" "$page" ;;
--check)
  plain "$page" >"$work/want"
  plain "$work/page.md" >"$work/got"
  diff "$work/want" "$work/got" && echo "tutorial: the page shows what its commands print"
  ;;
esac
