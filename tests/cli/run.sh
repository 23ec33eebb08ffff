#!/bin/sh
# Checks the wsf command from outside: every form of use, exit codes, messages, and that nothing is
# written when something fails. Usage: run.sh WSF SOURCE_FOLDER. Real data: WSF_DATA or
# ../shared/data beside the source; without it those checks are skipped (with CI=true: a failure).
set -u
wsf=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
source=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
source=$(cd "$OLDPWD" && cd "$source" && pwd) || exit 1
# fontconfig, which cairo asks for fonts, keeps its configuration until the process ends.
echo 'leak:libfontconfig' >suppressions
LSAN_OPTIONS=suppressions=$work/suppressions:print_suppressions=0
export LSAN_OPTIONS
failures=0
checks=0
skipped=0

# ok NAME CONDITION...: count a check
ok() {
  name=$1
  shift
  checks=$((checks + 1))
  if "$@"; then return 0; fi
  failures=$((failures + 1))
  echo "FAILED: $name"
  [ -s err ] && sed 's/^/    stderr: /' err | head -5
  [ -s out ] && sed 's/^/    stdout: /' out | head -5
  return 0
}
# run ARGS...: run wsf, keep out, err and the exit code
run() {
  "$wsf" "$@" >out 2>err </dev/null
  code=$?
}
code_is() { [ "$code" -eq "$1" ]; }
says() { grep -q -e "$1" err; }
prints() { grep -q -e "$1" out; }
silent() { [ ! -s out ]; }
one_sentence() { [ "$(grep -c '^wsf: ' err)" -eq 1 ]; }
lines_are() { [ "$(wc -l <"$1")" -eq "$2" ]; }
# refuses NAME CODE PATTERN ARGS...: exit code, one sentence on stderr, nothing on stdout
refuses() {
  name=$1 want=$2 pattern=$3
  shift 3
  run "$@"
  ok "$name: exit $want (was $code)" code_is "$want"
  ok "$name: says '$pattern'" says "$pattern"
  ok "$name: one sentence" one_sentence
  ok "$name: prints nothing" silent
}

# ---- help and version ----
run --version
ok "version" prints '^wsf [0-9]*\.[0-9]*\.[0-9]*$'
run help
ok "help exits 0" code_is 0
for c in load describe models features analyze backtest evidence fit update predict forecast plot prophet; do
  run help
  ok "help names $c" prints "^  $c "
  run help $c
  ok "help $c" prints "^Usage: wsf $c "
  ok "help $c has examples" prints "^  wsf $c "
  run $c --help
  ok "$c --help exits 0" code_is 0
done

# ---- arguments ----
refuses "no command" 2 'which command'
refuses "unknown command" 2 "did you mean 'forecast'" forcast
refuses "unknown help" 2 "did you mean 'plot'" help plt
refuses "option first" 2 'the command comes first' --data x
refuses "unknown option" 2 'did you mean --horizon' forecast --horizn 3
refuses "foreign option" 2 'has no option' describe --horizon 3
refuses "missing argument" 2 'needs an argument' describe --data
refuses "argument to a flag" 2 'takes no argument' forecast --nonnegative=3
refuses "missing option" 2 "needs --data" forecast --model ets --horizon 3
refuses "missing model" 2 "needs --model" fit --data 'simulate()' --save none.wsf
refuses "missing horizon" 2 "needs --horizon" forecast --data 'simulate()' --model ets
refuses "bad number" 2 "'3x' is not a whole number" forecast --data 'simulate()' --model ets --horizon 3x
refuses "zero horizon" 2 "'0' is not a whole number from 1" forecast --data 'simulate()' --model ets --horizon 0
refuses "bounds are whole numbers" 2 "'0' is not a whole number from 1 to 9007199254740992" load --data 'simulate()' --max-rows 0
refuses "text after the list" 2 "'80\]' is not a number" forecast --levels '80], horizon=[3'
refuses "no name for the result" 2 'the name of a file was expected' \
  forecast --data 'simulate()' --model naive --horizon 1 --out ''
refuses "bad level" 2 "'195' is not a number from 0.01 to 99.999" forecast --levels 80,195
refuses "bad quantile" 2 "'x' is not a number from 1e-06 to 0.999999" forecast --quantiles 0.1,x
refuses "bad format" 2 "did you mean json" describe --data 'simulate()' --format jsn
refuses "kaggle elsewhere" 2 "none of table, csv, json" describe --data 'simulate()' --format kaggle
refuses "two models" 2 "at most 1" fit --model ets --model naive
refuses "option twice" 2 'given twice' describe --data a --data b
refuses "stray word" 2 "not expected here" describe --data 'simulate()' there
refuses "unwritable folder" 2 "cannot be written" describe --data 'simulate()' --out no/such/folder/a.csv

# Every flag that is an option of a library call is the catalogue's: its name, its bounds, its words.
bound() { # TEXT: as the command writes it
  case $1 in
  *[!0-9-]*) printf %.15g "$1" ;;
  *) printf %s "$1" ;;
  esac
}
flag_is() { # COMMAND CALL OPTION TYPE LEAST MOST
  flag=--$(echo "$3" | tr _ -)
  "$wsf" help "$1" >out 2>err
  ok "$1 $flag: in the help" prints "^ .*$flag "
  case $4 in
  integer | number | integers | numbers)
    [ -n "$5" ] || return 0
    most=" to $(bound "$6")"
    [ "${#6}" -lt 16 ] || most=' or more' # 2^53 and its neighbour
    ok "$1 $flag: bounds in the help" grep -q -e "$flag .*($(bound "$5")$most" out
    refuses "$1 $flag below" 2 "^wsf: $flag: '-9' is not a .*number from $(bound "$5") to" "$1" $flag=-9
    refuses "$1 $flag above" 2 "^wsf: $flag: '1e300' is not a .*to $(bound "$6")" "$1" $flag 1e300
    ;;
  word) refuses "$1 $flag" 2 "^wsf: $flag: 'nonsense' is none of " "$1" $flag nonsense ;;
  esac
}
for pair in load:context analyze:analyze backtest:backtest fit:fit update:update predict:predict \
  forecast:fit forecast:predict plot:predict; do
  "$wsf" models "${pair#*:}" --format csv >options 2>err
  ok "models ${pair#*:}" grep -q '^option,type,default,least,most' options
  sed 1d options | grep -v '^forecasts,' >rows
  while IFS=, read -r option type rest; do
    [ "${pair#*:} $option" = 'context paths' ] && continue # not for whoever types the command
    case "$pair $option" in # what no picture shows
    'plot:predict quantiles' | 'plot:predict paths' | 'plot:predict cumulative')
      refuses "$pair $option" 2 "no option --$option" "${pair%:*}" "--$option" 1
      continue
      ;;
    esac
    # A default may be a list in quotes: the bounds are the two numbers after it.
    bounds=$(echo "$rest" | sed 's/^"[^"]*"//; s/^[^,]*,//; s/^\([^,]*,[^,]*\),.*/\1/')
    flag_is "${pair%:*}" "${pair#*:}" "$option" "$type" "${bounds%,*}" "${bounds#*,}"
  done <rows
done
refuses "an unknown metric, before any work" 2 'did you mean wmae' backtest --metrics wmaee

# ---- files as people have them ----
{ # forty months, as Excel in Germany writes them, in Latin-1
  printf 'Filiale;Datum;Umsatz in T\204 \366\n'
  i=0
  while [ $i -lt 40 ]; do
    echo "Nord;01.$(printf %02d $((i % 12 + 1))).$((2019 + i / 12));1.$((200 + i)),5"
    i=$((i + 1))
  done
} >umsatz.csv
umsatz='csv("umsatz.csv", keys=Filiale, time=Datum, target="Umsatz in T„ ö")'
run load --data "$umsatz" --format csv
ok "a German file loads" code_is 0
ok "its commas are told" prints '^read as: numbers with a decimal comma,1,2,"*Umsatz'
ok "its encoding is told" prints 'doubt: not UTF-8, read as cp1252'
run forecast --data "$umsatz" --model naive --horizon 1
ok "a German file is forecast" prints '^Nord,2022-05-01,1239.5$'
ok "doubts are notes" says 'umsatz.csv.*read as cp1252'
ok "of its days too" says "column Datum: no value tells day from month"
run fit --data "$umsatz" --model naive --save umsatz.wsf
ok "what loads is saved" code_is 0
refuses "no text for data" 2 'expected a name' load --data ''
printf 't,y\n1/2/2019,1\n1/3/2019,2\n' >two.csv
refuses "two readings" 2 'may be 2019-01-02 or 2019-02-01' load --data 'csv("two.csv", time=t, target=y)'
printf 't,y\n9999-12-30,1\n9999-12-31,2\n' >far.csv
run forecast --data 'csv("far.csv", time=t, target=y)' --model naive --horizon 1
ok "behind 9999" prints '^10000-01-01,2$'
printf 't,y\n9999-12-31,1\n10000-01-01,2\n' >farther.csv
run forecast --data 'csv("farther.csv", time=t, target=y) | until("10000-01-01")' --model naive --horizon 1
ok "what was written is read" prints '^10000-01-02,2$'
refuses "a day or a month" 2 'may be 9999-03-04 or 9999-04-03' \
  load --data 'csv("far.csv", time=t, target=y) | until("3/4/9999")'

# One mistyped year moves all forecasts, which is told.
awk 'BEGIN { print "k,t,y"; for (d = 1; d <= 28; ++d) for (k = 1; k <= 2; ++k)
  printf "%s,%s-02-%02d,5\n", k, k d == "29" ? "2032" : "2022", d }' >mistyped.csv
mistyped='csv("mistyped.csv", keys=k, time=t, target=y)'
run forecast --data "$mistyped" --model naive --horizon 1
ok "a mistyped year is told" says 'mistyped.csv, column t: few observations far ahead of all others, which'
ok "with its line" says 'the first is 2032-02-09 in line 19$'
run load mistyped.csv
ok "an unknown file shows it" prints 'doubt  *1 rows stand far ahead of all others.*line 19, "2032-02-09"'
run load --data "$mistyped" --format csv
ok "it stands in the report" prints 'doubt: few observations far ahead.*,1,19,t,2032-02-09 in line 19,'
run forecast --data "$mistyped | until(\"2022-02-28\")" --model naive --horizon 1
ok "until leaves it out" prints '^2,2022-03-01,5$'

# Months of 4 and 5 weeks; new data of one, two and three of them looks like something else.
printf 't,y\n' >nrf.csv
i=0
for date in 2023-01-28 2023-02-25 2023-04-01 2023-04-29 2023-05-27 2023-07-01 2023-07-29 2023-08-26 \
  2023-09-30 2023-10-28 2023-11-25 2023-12-30 2024-02-03 2024-03-02; do
  i=$((i + 1))
  echo "$date,$i" >>nrf.csv
done
nrf='csv("nrf.csv", time=t, target=y)'
run fit --data "$nrf" --model naive --save nrf.wsf
run predict --load nrf.wsf --horizon 3
ok "a retailer's months" prints '^2024-05-04,14$'
printf 't,y\n2024-04-06,15\n' >n1.csv
printf 't,y\n2024-04-06,15\n2024-05-04,16\n' >n2.csv
printf 't,y\n2024-04-06,15\n2024-05-04,16\n2024-06-01,17\n' >n3.csv
for n in 1 2 3; do
  run update --load nrf.wsf --data "csv(\"n$n.csv\", time=t, target=y)" --save nrf2.wsf
  run predict --load nrf2.wsf --horizon $((4 - n))
  ok "$n new months of 4 and 5 weeks" prints "^2024-07-06,$((14 + n))\$"
done
run load --data 'csv("nrf.csv", time=t, target=y, fiscal="445 december")'
ok "another year that fits" code_is 0
refuses "no year" 2 'fiscal is "soon"; nrf or a pattern' \
  load --data 'csv("nrf.csv", time=t, target=y, fiscal=soon)'
refuses "a year of weeks" 2 'fiscal is given with freq=week' \
  load --data 'csv("nrf.csv", time=t, target=y, freq=week, fiscal=nrf)'

"$wsf" forecast --data 'csv("-", time=t, target=y)' --model naive --horizon 1 <far.csv >out 2>err
ok "standard input" prints '^10000-01-01,2$'
"$wsf" load --data 'csv("-", time=t, target=y) | join("-", on=t)' <far.csv >out 2>err
ok "standard input, twice" says 'source -: .*standard input has been read already'
printf 't,y\n2019-01-01,1\n2019-01-02,2\n' >part_1.csv
printf 't,y\n2019-01-03,3\n2019-01-02,4\n' >part_2.csv
run forecast --data 'csv("part_*.csv", time=t, target=y, duplicates=sum)' --model naive --horizon 1
ok "files by pattern" prints '^2019-01-04,3$'
run load umsatz.csv
ok "an unknown file" code_is 0
ok "its delimiter" prints '^delimiter *;$'
ok "its time" prints '^Datum *date *time '
ok "its expression" prints "^wsf load --data 'csv(\"umsatz.csv\", time=Datum, target=\"Umsatz in "
sed -n "s/^wsf load --data '\(.*\)'$/\1/p" out >proposed
run load --data "$(cat proposed)"
ok "the expression loads" code_is 0
run load "part_?.csv" --format csv
ok "an unknown pattern" prints '^y,number,target,'
mkdir folder.d
refuses "a folder" 2 'is a folder, expected a file or a pattern such as "folder.d/' load folder.d
refuses "no file" 2 "needs --data EXPR or a FILE" load
refuses "a file as it is" 2 "'umsatz.csv' is a file, expected an expression; 'wsf load umsatz.csv'" \
  forecast --data umsatz.csv --horizon 3
refuses "a file as it is, with what reads one" 2 'as in csv("umsatz.csv", time=.., target=..)' \
  forecast --data umsatz.csv --horizon 3
refuses "a start of a long file" 2 'start is the time of the first numbered column of layout=wide, expected none with layout=long' \
  load --data 'csv("umsatz.csv", time=Datum, target=Umsatz, start="2019-01-01")'
printf 'date,sales,sales\n2023-01-01,1,2\n' >twice.csv
refuses "a header with a name twice" 2 'the header names the column "sales" twice; names that differ were expected (header=false, skip=1 numbers the columns' \
  load twice.csv
run load --data 'csv("twice.csv", header=false, skip=1, time=column1, target=column2, columns=none)'
ok "what it says to do" code_is 0
refuses "an unknown file that is not there" 2 'no such file' load nothing.csv
gzip -k part_1.csv && mv part_1.csv.gz packed
run forecast --data 'csv("packed", time=t, target=y)' --model naive --horizon 1
ok "a file that gzip made" prints '^2019-01-03,2$'
refuses "a fault in the second file" 2 'part_2.csv, line 3, column t: t 2019-01-02 stands here again after line 3 of part_1.csv' \
  load --data 'csv(["part_1.csv","part_2.csv"], time=t, target=y)'

# ---- small data of our own ----
{
  echo 'shop,item,month,units'
  for shop in A B; do
    for item in 1 2; do
      i=0
      for y in 2019 2020 2021 2022; do
        for m in 01 02 03 04 05 06 07 08 09 10 11 12; do
          i=$((i + 1))
          # A level, a trend and a season, different for each item: no randomness needed.
          echo "$shop,$item,$y-$m-01,$((100 * item + 2 * i + (i % 12) * (i % 12) - 7 * (i % 5)))"
        done
      done
    done
  done
} >shops.csv
shops='csv("shops.csv", keys=[shop,item], time=month, target=units, freq=month)'
sim='simulate(stores=2, depts=4, weeks=143)'

# ---- load, describe ----
run load --data "$shops"
ok "load" code_is 0
ok "load prints" test -s out
run describe --data "$shops"
ok "describe" code_is 0
ok "describe is CSV in a pipe" prints '^name,value$'
ok "describe counts series" prints '^series,4$'
ok "describe knows the season" prints '^season,12$'
for what in summary columns series report levels values request; do
  run describe --data "$sim" --what $what
  ok "describe $what" code_is 0
done
run describe --data "$shops" --what values
ok "values has a row per observation" lines_are out 193
ok "values carries the names" prints '^shop,item,month,units'
refuses "describe: unknown view" 2 'colour' describe --data "$shops" --what colour
run describe --data "$shops" --format json
ok "JSON is an array" prints '^\[$'
ok "JSON holds objects" prints '^ {"name": "[a-z ]*", "value": "'
run describe --data "$shops" --format table
ok "table is aligned" prints '^name  *value'
run describe --data "$shops" --until 2021-12-01
ok "until cuts" prints '^last,2021-12-01$'
ok "until cuts observations" prints '^observations,144$'
refuses "until: no date" 2 'soon' describe --data "$shops" --until soon

# ---- models ----
run models
ok "models" code_is 0
ok "models lists ets" prints ',ets,'
ok "models lists csv" prints ',csv,'
run models --format table
ok "models tells what can be updated, what pools" prints '  adida  *no  *no '
ok "models leaves data words empty there" prints '  csv  *[A-Z]'
run models ets
ok "models ets" code_is 0
ok "models ets lists its options" prints '^season,'
run models ets --format table
ok "models ets shows an example" prints '^example: '
refuses "unknown name" 2 'etss' models etss

# ---- features ----
run models lags
ok "models tells the options of a feature" prints '^lags,integers,'
run features --data "$shops" --recipe 'lags([1,2]), calendar(month)'
ok "features" code_is 0
ok "features: keys, time, target, recipe" prints ',lag_1,lag_2,calendar_month$'
ok "features: categories as texts" prints ',January$'
cp out whole.csv
run features --data "$shops" -r 'lags([1,2]), calendar(month)' --batch 7 --out parts.csv
ok "features: parts make the whole" cmp -s whole.csv parts.csv
run features --data "$shops" -r 'lags(1)' --horizon 2 --rows complete --batch 50 --out f.json
ok "features as JSON" grep -q '"lag_1": null' f.json
ok "features as JSON: one array" test "$(grep -c '^[][]$' f.json)" -eq 2
run features --data "$shops" -r 'lags(5000)' --rows complete
ok "features: no row is a header" lines_are out 1
refuses "features: needs a recipe" 2 'recipe' features --data "$shops"
refuses "features: unknown feature" 2 "did you mean 'lags'" features --data "$shops" -r 'lagz(1)'
ok "features: a caret under it" says '^  \^'
refuses "features: a word that is not there" 2 "did you mean observed" \
  features --data "$shops" -r 'lags(1)' --rows obsrved
refuses "features: no table" 2 'csv or json' features --data "$shops" -r 'lags(1)' --format table
refuses "features: not for this data" 2 'weekday' features --data "$shops" -r 'calendar(weekday)'

# ---- analyze ----
for what in summary acf pacf decompose mstl seasons tests changes outliers; do
  run analyze --data "$shops" --what $what
  ok "analyze $what" code_is 0
done
run analyze --data "$shops" --what acf --series A,1 --lags 6
ok "analyze one series" code_is 0
run analyze --data "$shops" --what mstl --series A,1 --options 'seasons=[4,6], robust=true'
ok "analyze with options" code_is 0
ok "analyze with options: a column per season" prints 'seasonal_4,seasonal_6'
for what in acf pacf decompose mstl; do
  run analyze --data "$shops" --what $what --series A,1 --out $what.svg
  ok "analyze draws $what" grep -q '</svg>' $what.svg
done
refuses "analyze: no picture of tests" 2 'cannot' \
  analyze --data "$shops" --what tests --series A,1 --out no.svg
refuses "analyze: a picture of one series" 2 'series' analyze --data "$shops" --what acf --out no.svg
ok "analyze: nothing written" test ! -e no.svg
refuses "analyze: unknown option of the call" 2 'seasons' \
  analyze --data "$shops" --what mstl --options 'seasns=[4]'
refuses "analyze: a season of one" 2 'seasons' \
  analyze --data "$shops" --what mstl --options 'seasons=[1]'
refuses "analyze: unknown table" 2 'colour' analyze --data "$shops" --what colour

# ---- backtest ----
run backtest --data "$shops" --model naive --model snaive --horizon 6 --windows 2 --step 3 \
  --metrics wmae,wape
ok "backtest" code_is 0
ok "backtest: a row per model" lines_are out 3
ok "backtest: metrics as asked" prints 'wmae,wape'
run backtest --data 'simulate(stores=2, depts=3) | aggregate(levels=[[],[Store]], missing=skip)' --model snaive \
  --horizon 6 --metrics wape --by level,Store
ok "backtest: by level and key" eval 'code_is 0 && grep -q "^snaive,total,,1,1,6,," out && grep -q "^snaive,Store/Dept,2,1,3,18,," out'
refuses "backtest: by what is no key" 2 '^wsf: --by: .* the keys are Store, Dept' \
  backtest --data 'simulate()' --model snaive --horizon 6 --by Region
# What a fit leaves out is said once.
run forecast --data "$shops" --horizon 6 --quiet
ok "forecast without a model" eval 'code_is 0 && [ "$(wc -l <out)" -gt 6 ]'
run fit --data "$shops" --model 'auto(naive, snaive, drift)' --horizon 3 --save auto.wsf --quiet
run describe --load auto.wsf --what choice --format csv
ok "what auto chose" eval 'code_is 0 && grep -q "^model,kind,series,windows,candidate,error,weight" out && grep -q ",drift," out'
run describe --load auto.wsf --what series --format csv
ok "what auto uses" eval 'code_is 0 && ! grep -q "auto" out'
refuses "a forecaster as a table" 2 "'auto.wsf' is a forecaster, expected a table" load auto.wsf
run fit --data "$shops" --model naive --save naive.wsf --quiet
run describe --load naive.wsf --what explain
ok "nothing was chosen" eval 'code_is 0 && says "every call forecasts"'
run describe --load auto.wsf --what explain --format table
ok "why auto chose" eval 'code_is 0 && prints parentheses && ! prints explanation'
ok "why: in lines" eval '[ "$(wc -L <out)" -le 100 ]'
# Evidence in two parts, and the forecast of one process.
for part in 1 2; do
  run evidence --data "$shops" --horizon 3 --part $part --parts 2 --out e$part.csv
  ok "evidence of a part" eval 'code_is 0 && grep -q ",kind,window,step,horizon,panel,actual," e$part.csv'
done
run forecast --data "$shops" --horizon 3 --quiet --out one.csv
run forecast --data "$shops" --horizon 3 --quiet --evidence e2.csv,e1.csv --out merged.csv
ok "the forecast of merged evidence" eval 'code_is 0 && cmp -s one.csv merged.csv'
refuses "evidence: of another horizon" 2 'horizon is 4, expected 3' \
  forecast --data "$shops" --horizon 4 --evidence e1.csv
refuses "evidence: no such file" 2 'e3.csv' forecast --data "$shops" --horizon 3 --evidence e3.csv
refuses "evidence: of another model" 2 'auto was expected' \
  evidence --data "$shops" --model ets --horizon 3
refuses "evidence: no such part" 2 'part is 3' \
  evidence --data "$shops" --horizon 3 --part 3 --parts 2
run forecast --data "$sim" --model ets --horizon 2
ok "forecast: a season that is too long" says '^wsf: [0-9]* of [0-9]*: the season is longer than this model takes: fitted without it, or with one that never moves (long_season)'
ok "forecast: in one note" lines_are err 1
run forecast --data "$sim" --model ets --horizon 2 --quiet
ok "forecast --quiet: no note" test ! -s err
run fit --data "$sim" --model ets --save long.wsf
ok "fit: a season that is too long" says '^long_season '
rm -f long.wsf
run backtest --data "$sim" --model ets --model tslm --horizon 9
ok "backtest: a season that is too long" says '^wsf: fits that are less than was asked for, .*: ets: [0-9]* long_season$'
ok "backtest: reasons in the summary" prints 'best,failed,reasons$'
for what in summary folds series forecasts; do
  run backtest --data "$shops" --model snaive --horizon 6 --what $what --format json --out $what.json
  ok "backtest $what" code_is 0
  ok "backtest $what is written" test -s $what.json
done
run backtest --data "$shops" --model naive --model 'stl(naive, season=500)' --horizon 3
ok "backtest goes on without a model that fits nothing" code_is 0
ok "backtest says why" prints '^"*stl.*too few observations'
refuses "backtest of that model alone" 1 'too few observations' \
  backtest --data "$shops" --model 'stl(naive, season=500)' --horizon 3
refuses "unknown metric" 2 'wmaee' backtest --data "$shops" --model naive --horizon 3 --metrics wmaee
refuses "history too short" 2 '^wsf: ' backtest --data "$shops" --model naive --horizon 60
refuses "unknown backtest table" 2 'did you mean folds' backtest --data "$shops" --model naive --horizon 3 --what fold

# ---- forecast, fit, predict ----
run forecast --data "$shops" --model snaive --horizon 12 --levels 80,95 --out a.csv
ok "forecast" code_is 0
ok "forecast prints nothing beside --out" silent
ok "forecast: header" grep -qx 'shop,item,month,forecast,lo-80,hi-80,lo-95,hi-95' a.csv
ok "forecast: a row per series and step" lines_are a.csv 49
ok "forecast: the next period comes first" grep -q '^A,1,2023-01-01,' a.csv
run forecast --data "$shops" --model snaive --horizon 12 --quantiles 0.1,0.5,0.9
ok "quantiles" prints '^shop,item,month,forecast,q-0.1,q-0.5,q-0.9$'
run forecast --data "$shops" --model snaive --horizon 3 --until 2021-12-01
ok "forecast after --until" prints '^A,1,2022-01-01,'
run forecast --data "$shops" --model snaive --horizon 3 --series B/2
ok "forecast of one series" lines_are out 4
refuses "no such series" 2 "no series is called 'C/2'" forecast --data "$shops" --model snaive --horizon 3 --series C/2
run forecast --data "$shops" --model snaive --horizon 2 --out a.json
ok "extension .json gives JSON" grep -q '"forecast": [0-9]' a.json
if command -v jq >/dev/null 2>&1; then
  ok "jq reads it" test "$(jq length a.json)" = 8
fi
run forecast --data "$shops" --model snaive --horizon 2 --format kaggle
ok "kaggle: header" prints '^Id,Weekly_Sales$'
ok "kaggle: Id" prints '^A_1_2023-01-01,[0-9.]*$'
ok "kaggle: every row" lines_are out 9
for threads in 1 2 5; do
  run forecast --data "$sim" --model 'mean(ets, snaive)' --horizon 9 --levels 80 --threads $threads --out t$threads.csv
  ok "forecast with $threads threads" code_is 0
done
ok "threads change nothing" cmp -s t1.csv t2.csv
ok "five threads change nothing" cmp -s t1.csv t5.csv
run fit --data "$sim" --model 'mean(ets, snaive)' --save a.wsf
ok "fit" code_is 0
ok "fit saves" test -s a.wsf
run predict --load a.wsf --horizon 9 --levels 80 --out p.csv
ok "predict" code_is 0
ok "predict after load gives the same bytes" cmp -s t1.csv p.csv
run predict --load a.wsf --horizon 9 --levels 80 --data "$sim" --out p.csv
ok "predict with data" cmp -s t1.csv p.csv
run predict --load a.wsf --horizon 100000 --series 1,1 --out p.csv
ok "predict of one series, far ahead" lines_are p.csv 100001
run predict --load a.wsf --horizon 9 --levels 80 --series '["2/1","1/3"]' --out p.csv
ok "predict of two series" lines_are p.csv 19
ok "predict of two series: as in all" test "$(grep -c '^2,1,' t1.csv)" = 9 -a \
  "$(grep '^1,3,' t1.csv)" = "$(grep '^1,3,' p.csv)"
printf 'k,t,y,price\na,1,3,1\na,2,6,2\na,3,3,1\na,4,9,3\nb,1,3,1\nb,2,6,2\nb,3,3,1\nb,4,9,3\n' >past.csv
printf 'k,t,price\nb,5,2\nb,6,4\n' >next.csv
run fit --data 'csv("past.csv", keys=k, time=t, target=y, known=price)' \
  --model 'tslm(trend=false, season=1, x=[price])' --save x.wsf
run predict --load x.wsf --data 'csv("next.csv", keys=k, time=t)' --horizon 2 --series b
ok "predict with the future of one series" prints '^b,6,12'
run predict --load x.wsf --data 'csv("next.csv", keys=k, time=t)' --horizon 2 --reasons
ok "predict: the future of one series is missing" prints '^a,5,9,missing_regressor$'
ok "predict: the other has its forecast" prints '^b,6,12,ok$'
ok "predict: which one and what it lacks is told" says \
  "1 of 2 series lacks a column ahead .*: column 'price' has no value for series a at 5"
run predict --load x.wsf --data 'csv("next.csv", keys=k, time=t)' --horizon 2 --quiet
ok "predict --quiet" test ! -s err
{ echo y; for i in 1 2 3 4 5 6 7 8 9; do printf '20\n24\n21\n23\n'; done; echo 900; } >late.csv
run forecast --data 'csv("late.csv", target=y)' --model 'boxcox(drift)' --horizon 12 --levels 80
ok "forecast: what is held at a bound is told" says 'of 1 of 1 series lead far out of .* held at a bound$'
run forecast --data 'csv("late.csv", target=y)' --model naive --horizon 12 --levels 80
ok "forecast: what is not held is not told" test ! -s err
refuses "predict: a value that all need" 2 "column 'price' has no value for series a at 5" \
  predict --load x.wsf --data 'csv("next.csv", keys=k, time=t)' --horizon 3
refuses "predict: a series twice" 2 "'b' asks for series b again" \
  predict --load x.wsf --horizon 1 --series '[b,a,b]'
refuses "fit without a target" 2 'the dataset has no target' \
  fit --data 'csv("next.csv", keys=k, time=t)' --model naive --save y.wsf
rm -f x.wsf
run fit --data "$shops" --model 'mean(log(drift), tslm, stl(naive))' --until 2021-12-01 --save u.wsf
for until in 2022-05-01 2022-06-01 2022-12-01; do
  run update --load u.wsf --data "$shops" --until $until --save u.wsf
  ok "update until $until" code_is 0
  ok "update tells what came" says '^wsf: [0-9]* of [0-9]* series moved on, [0-9]* observations added'
  ok "update tells it in a line" lines_are err 1
done
run fit --data "$shops" --model 'mean(log(drift), tslm, stl(naive))' --until 2021-12-01 --save v.wsf
run update --load v.wsf --data "$shops" --save v.wsf --quiet
ok "update --quiet" test ! -s err
run predict --load v.wsf --horizon 2 --levels 80 --out v.csv
run predict --load u.wsf --horizon 2 --levels 80 --out u.csv
ok "updates in pieces or at once forecast the same" cmp -s u.csv v.csv
run predict --load u.wsf --horizon 2
ok "predict goes on after the update" prints '^A,1,2023-01-01,'
# A time without a day is no day, a quarter no month.
seq -f '2024-01-%02.0f,1' 1 28 | sed '1i t,y' >days.csv
run fit --data 'csv("days.csv", time=t, target=y)' --model naive --save days.wsf --quiet
for t in 2024-02 202402 'Feb 2024' 2024-W06 'Q2 2024' 'H2 2024'; do
  printf 't,y\n%s,500\n' "$t" >long.csv
  run update --load days.wsf --data 'csv("long.csv", time=t, target=y)' --save long.wsf
  ok "update: $t is no day" code_is 2
  ok "update: says so of $t" says 'written as those of a .*longer than the periods of the forecaster (day)'
done
printf 't,y\n2024-01,1\n2024-02,2\n2024-03,3\n' >months.csv
run fit --data 'csv("months.csv", time=t, target=y)' --model naive --save months.wsf --quiet
printf 't,y\n2024Q2,500\n' >long.csv
refuses "update: a quarter is no month" 2 'those of a quarter' \
  update --load months.wsf --data 'csv("long.csv", time=t, target=y)' --save long.wsf
printf 't,y\n2024-04-01,4\n' >next.day.csv
run update --load months.wsf --data 'csv("next.day.csv", time=t, target=y)' --save long.wsf
ok "update: a month by its first day" code_is 0
printf 't,y\n2024 Q1,6\n2024 Jan,1\n2024 Feb,2\n2024 Mar,3\n' >mixed.csv
run load --data 'csv("mixed.csv", time=t, target=y)'
ok "a quarter among months is left out" prints 'rejected.*not a time.*2'
# What came is counted: a series more, one absent, one whose target is missing, a day off.
printf 'k,t,y\na,2024-01-01,1\na,2024-01-08,2\nb,2024-01-01,1\nb,2024-01-08,3\nc,2024-01-01,1\nc,2024-01-08,4\n' >w1.csv
printf 'k,t,y\na,2024-01-15,5\na,2024-01-22,6\na,2024-01-23,7\nb,2024-01-22,\nd,2024-01-15,8\n' >w2.csv
old_week='csv("w1.csv", keys=k, time=t, target=y, freq=week)'
new_week='csv("w2.csv", keys=k, time=t, target=y, freq=week)'
run fit --data "$old_week" --model naive --save n.wsf --quiet
run update --load n.wsf --data "$new_week" --save n2.wsf
ok "update of some series" code_is 0
ok "update counts" says \
  '^wsf: 1 of 3 series moved on, 2 observations added, 2 absent from the data, 1 new, .*, 1 rows off the calendar$'
ok "update prints nothing" silent
run update --load n.wsf --data "$new_week" --save n3.wsf --what news --quiet
ok "update: the table on request" prints '^k,status,added,missing,seen,changed,late,off_calendar,far,first_far,early,first_early,large,first_large,last,reason$'
ok "update: a series moved on" prints '^a,added,2,0,0,0,0,1,0,,0,,0,,2024-01-22,ok$'
ok "update: a series absent" prints '^c,absent,0,2,0,0,0,0,0,,0,,0,,2024-01-22,ok$'
ok "update: a series new" prints '^d,new,1,1,0,0,0,0,0,,0,,0,,2024-01-22,new$'
run update --load n.wsf --data "$new_week" --save n3.wsf -o news.csv
ok "update: the table in a file" grep -q '^b,absent' news.csv
# What comes for a week that was passed is told, and with --strict an error.
printf 's,t,y\na,2024-01-02,1\na,2024-01-09,2\na,2024-01-16,3\nc,2024-01-02,1\nc,2024-01-09,2\nc,2024-01-16,3\nb,2024-01-05,1\nb,2024-01-12,2\n' >l0.csv
printf 's,t,y\na,2024-01-23,4\nc,2024-01-23,4\nb,2024-01-19,30\n' >l1.csv
week_file() { printf 'csv("%s", keys=s, time=t, target=y, freq=week)' "$1"; }
run fit --data "$(week_file l0.csv)" --model naive --save l.wsf --quiet
run update --load l.wsf --data "$(week_file l1.csv)" --save l1.wsf
ok "update: a late row is told" says '; 1 observation came late for periods already passed and is left out$'
refuses "update --strict: a late row" 2 'series b for 2024-01-16 came late' \
  update --load l.wsf --data "$(week_file l1.csv)" --save l2.wsf --strict --quiet
ok "update --strict: no file" test ! -e l2.wsf
# A value that was restated is told.
printf 's,t,y\na,2024-01-09,2\na,2024-01-16,33\na,2024-01-23,4\n' >l4.csv
run update --load l.wsf --data "$(week_file l4.csv)" --save l4.wsf --what news
ok "update: a restated value is told" says '; 1 observation differs from what was seen and is left out (a new fit takes it; receipts that are added up come a whole period at a time)$'
ok "update: a restated value is counted" prints '^a,added,1,0,1,1,0,0,0,,0,,0,,2024-01-23,ok$'
# So is one that is far too large, which is taken.
printf 's,t,y\na,2024-01-23,1e9\nc,2024-01-23,4\n' >l5.csv
run update --load l.wsf --data "$(week_file l5.csv)" --save l5.wsf
ok "update: a large value is told" says '; 1 observation is more than a hundred times as large as any before (taken), the first of series a for 2024-01-23$'
# So is a date far ahead of the rest, which is not taken.
printf 's,t,y\na,2024-01-23,4\nc,2024-01-23,4\nb,2024-03-22,30\n' >l2.csv
run update --load l.wsf --data "$(week_file l2.csv)" --save l3.wsf
ok "update: a date far ahead is told" says \
  '; 1 observation is too far ahead and left out, the first of series b for 2024-03-19 (--ahead N takes more)$'
refuses "update --strict: a date far ahead" 2 'series b for 2024-03-19 lies 8 periods past 2024-01-23' \
  update --load l.wsf --data "$(week_file l2.csv)" --save l2.wsf --strict --quiet
printf 's,t,y\na,2024-03-19,4\n' >l5.csv
run update --load l.wsf --data "$(week_file l5.csv)" --save l3.wsf
ok "update: a long way is told" says \
  '; up to 8 periods of a series with news passed without an observation$'
run update --load l.wsf --data "$(week_file l2.csv)" --save l3.wsf --ahead 8 --what news --quiet
ok "update --ahead takes it" prints '^b,added,1,8,0,0,0,0,0,,0,,0,,2024-03-19,ok$'
# And one from before the history.
printf 's,t,y\na,2003-01-28,4\na,2024-01-23,4\n' >l6.csv
run update --load l.wsf --data "$(week_file l6.csv)" --save l3.wsf
ok "update: a date long ago is told" says \
  "; 1 observation is from before their series' history and left out, the first of series a for 2003-01-28$"
# Two days a week apart are two days, told.
printf 't,y\n' >d.csv
for d in 01 02 03 04 05 06 07 08 09; do echo "2024-01-$d,$d" >>d.csv; done
printf 't,y\n2024-01-11,4\n2024-01-18,4\n' >d2.csv
run fit --data 'csv("d.csv", time=t, target=y)' --model naive --save d.wsf
run update --load d.wsf --data 'csv("d2.csv", time=t, target=y)' --save d2.wsf --what news
ok "update: two Thursdays are days" prints '^added,2,7,0,0,0,0,0,,0,,0,,2024-01-18,ok$'
ok "update: which is told" says 'apart as those of freq=week and are taken as freq=day'
refuses "update: two weeks are no days" 2 'different calendars' \
  update --load d.wsf --data 'csv("d2.csv", time=t, target=y, freq=week)' --save d2.wsf --quiet
# A doubt about a date far ahead goes with the date.
{ cat d.csv && echo 2034-01-10,5 && for d in 10 11 12; do echo "2024-01-$d,$d"; done; } >far.csv
run describe --data 'csv("far.csv", time=t, target=y)'
ok "a date far ahead: told" says 'which forecasts follow and an update leaves out'
run describe --data 'csv("far.csv", time=t, target=y) | until("2024-01-31")'
ok "a date far ahead: cut off, not told" test ! -s err
{ cat d.csv && for d in 10 11 12; do echo "2024-01-$d,$d"; done && echo 2004-01-13,5; } >early.csv
run describe --data 'csv("early.csv", time=t, target=y)'
ok "a date long before: told" says 'with which histories begin.*; the first is 2004-01-13 in line 14$'
# One column, one role; a static column that varies is a note, and with --strict an error.
printf 'id,t,y,a\nu,2024-01-01,1,5\nu,2024-01-02,2,6\nv,2024-01-01,3,7\nv,2024-01-02,4,7\n' >roles.csv
for bad in 'known=y:y' 'known=id:id' 'past=t:t' 'known=a, past=a:a' 'known=a, static=a:a'; do
  refuses "two roles: $bad" 2 "column \"${bad##*:}\"" load \
    --data "csv(\"roles.csv\", keys=id, time=t, target=y, ${bad%:*})"
done
run load --data 'csv("roles.csv", keys=id, time=t, target=y, static=a)'
ok "a static column that varies: counted" prints 'doubt: static, but it varies within series; the first value is taken",1,3,a,'
run describe --data 'csv("roles.csv", keys=id, time=t, target=y, static=a)'
ok "a static column that varies: noted" says 'column a: static, but it varies'
run describe --data 'csv("roles.csv", keys=id, time=t, target=y, static=a)' --strict
ok "a static column that varies: strict" code_is 2
# Times of until and start= in the forms of a file.
printf 't,y\n202310,1\n202311,2\n202312,3\n202401,4\n' >ym.csv
printf 't,y\n20231229,1\n20231230,2\n20231231,3\n20240101,4\n' >ymd.csv
for u in 'until(202312)' 'until("202312")' 'until("2023-12")'; do
  run describe --data "csv(\"ym.csv\", time=t, target=y) | $u"
  ok "$u" prints '^last,2023-12-01$'
done
run describe --data 'csv("ym.csv", time=t, target=y)' --until 202312
ok "--until 202312" prints '^last,2023-12-01$'
run describe --data 'csv("ymd.csv", time=t, target=y) | until(20231231)'
ok "until(20231231)" prints '^last,2023-12-31$'
refuses "until: a number that is no date" 2 'a date such as' \
  describe --data 'csv("ym.csv", time=t, target=y) | until(40)'
printf 'k,d_1,d_2\na,1,2\n' >start.csv
run describe --data 'csv("start.csv", layout=wide, keys=k, start="202302", freq=day)'
ok "start=202302" prints '^last,2023-02-02$'
refuses "start: a number that is no date" 2 'start has the whole number 7, expected a date' \
  load --data 'csv("start.csv", layout=wide, keys=k, start="7", freq=day)'
printf 't,a,b\n2024-01-01,1,2\n2024-01-02,3,4\n' >pivot.csv
refuses "pivot without time" 2 'expected time= with the name' load --data 'csv("pivot.csv", layout=pivot)'
refuses "update: an unknown view" 2 'did you mean' \
  update --load n.wsf --data "$new_week" --save n4.wsf --what nows --quiet
run update --load n.wsf --data "$new_week" --save n4.wsf --strict
ok "update --strict" code_is 2
printf 'k,t,y\na,2024-01-15,5\nb,2024-01-15,6\n' >w3.csv
refuses "update --strict: a series absent" 2 'series c of the forecaster has no observation in the dataset' \
  update --load n.wsf --data 'csv("w3.csv", keys=k, time=t, target=y, freq=week)' --save n4.wsf --strict
ok "update refused saves nothing" test ! -e n4.wsf
run fit --data "$shops" --model 'mean(naive, adida)' --save w.wsf
refuses "a model without update" 2 "'adida' cannot be moved" \
  update --load w.wsf --data "$shops" --save x.wsf
ok "nothing saved" test ! -e x.wsf
refuses "other data" 2 "follow different calendars" update --load u.wsf --data "$sim" --save x.wsf
refuses "update without data" 2 "needs --data" update --load u.wsf --save x.wsf

# Queries of a file of SQLite.
cp "$source/tests/cli/shop.db" shop.db
sales='sql("shop.db", "select * from sales", keys=[shop], time=day, target=units, known=[promo])'
run load --data "$sales"
ok "rows of a query" prints '^rows read,16,,,,source sql 1'
ok "a null is a missing value" prints '^rows without a target,2,'
run forecast --data "$sales" --model drift --horizon 1
ok "a text NA is no missing value" prints '^NA,2024-01-09,8.5'
ok "marks of CSV in a text" prints '^"Köln, ""A""",2024-01-09,8.5'
run load --data 'sql("shop.db", "select shop, day, units from sales where units > 1", keys=[shop], time=day,
  target=units) | join(sql("shop.db", "select day, warm from weather"), on=[day], known=[warm])'
ok "a query joined to a query" prints 'sql 2'
for bad in 'selec' 'delete from sales' 'select 1; select 2'; do
  refuses "sql: $bad" 2 'source sql 1: the source could not be read: ' load --data "sql(\"shop.db\", \"$bad\", time=day)"
done
refuses "sql with an option of csv" 2 'sql has no option delimiter' \
  load --data 'sql("shop.db", "select 1", time=day, delimiter=comma)'
refuses "sql without a query" 2 'sql needs a database and a query' load --data 'sql("shop.db")'
refuses "no file" 2 'unable to open' load --data 'sql("none.db", "select 1", time=day)'

# Calendars whose periods last several units, or only weekdays.
printf 't,y\n1950,5\n1960,6\n1970,7\n1980,8\n1990,9\n' >census.csv
run forecast --data 'csv("census.csv", target=y, time=t)' --model drift --horizon 2
ok "a census goes on by decades" prints '^2000,10$'
ok "and on" prints '^2010,11$'
printf 't,y\n2000,11\n' >census_2000.csv
run fit --data 'csv("census.csv", target=y, time=t)' --model drift --save c.wsf
run update --load c.wsf --data 'csv("census_2000.csv", target=y, time=t)' --save c.wsf
run predict --load c.wsf --horizon 1
ok "one new row is the next decade" prints '^2010,12.2$'
printf 't,y\n2024-01-01T00:00,1\n2024-01-01T00:15,2\n2024-01-01T00:30,3\n' >quarters.csv
run forecast --data 'csv("quarters.csv", target=y, time=t)' --model naive --horizon 1
ok "quarters of an hour" prints '^2024-01-01T00:45:00,3$'
printf 't,y\n2024-08-29,1\n2024-08-30,2\n2024-09-02,3\n2024-09-03,4\n' >weekdays.csv
run forecast --data 'csv("weekdays.csv", target=y, time=t)' --model drift --horizon 4
ok "business days pass over the weekend" prints '^2024-09-09,8$'
printf 'ds,y\n2024-08-30,1\n2024-09-30,2\n2024-10-31,3\n2024-11-29,4\n' >ends.csv
run load --data 'csv("ends.csv", time=ds, target=y, freq=month)'
ok "months that end on business days are whole" prints '^observations,4,'
awk 'BEGIN { print "s,t,y"
  for (i = 0; i < 4; ++i) printf "a,2024-01-%02d,1\nb,2024-01-%02d,2\n", 5 + 7 * i, 3 + 7 * i
  print "a,2024-02-02,1" }' >stores.csv
printf 's,t,y\nb,2024-02-07,4\nb,2024-02-14,5\n' >store.csv
run fit --data 'csv("stores.csv", keys=[s], time=t, target=y, freq=week)' --model naive --save stores.wsf
run update --load stores.wsf --data 'csv("store.csv", keys=[s], time=t, target=y, freq=week)' --save store.wsf
ok "news of a store whose weeks end on its own weekday" says '2 observations added'
run predict --load store.wsf --horizon 1
ok "and its forecast" prints '^b,2024-02-23,5$'
printf 't,y\n2024-03-30T00:00:00+01:00,1\n2024-03-31T00:00:00+01:00,2\n2024-04-01T00:00:00+02:00,3\n' >local.csv
run forecast --data 'csv("local.csv", target=y, time=t)' --model drift --horizon 1
ok "local midnights are days over a change of clocks" prints '^2024-04-02T00:00:00,4$'
printf 't,y\n2024-10-27T02:00+02:00,1\n2024-10-27T02:00+01:00,2\n2024-10-27T03:00+01:00,3\n' >twice.csv
run forecast --data 'csv("twice.csv", target=y, time=t)' --model drift --horizon 1
ok "an hour that the clock shows twice is two" prints '^2024-10-27T03:00:00,4$'
run load --data 'csv("twice.csv", target=y, time=t)'
ok "and told" prints 'told in UTC'
printf 'd,h,y\n2024-01-01,22:00,1\n2024-01-01,23:00,2\n2024-01-02,00:00,3\n' >clock.csv
run forecast --data 'csv("clock.csv", time=[d, h], target=y, timezone="+02:00")' --model drift --horizon 1
ok "days and hours of two columns have a zone too" prints '^2024-01-01T23:00:00,4$'
printf 'd,22:00,23:00\n2024-01-01,1,2\n' >across.csv
run forecast --data 'csv("across.csv", layout=wide, time=d, timezone="+02:00")' --model drift --horizon 1
ok "and hours across" prints '^2024-01-01T22:00:00,3$'
refuses "an unknown zone" 2 'the time zone "Mars/Olympus" is not to be had' \
  load --data 'csv("quarters.csv", time=t, target=y, timezone="Mars/Olympus")'
printf 'date,y\n2020-01-01,1\n2020-01-02,2\n' >days.csv
refuses "a zone that is none, for dates" 2 'the time zone "Europe/Berlim" is not to be had' \
  load --data 'csv("days.csv", time=date, target=y, timezone="Europe/Berlim")'
refuses "an option that is none lists those that are" 2 "csv has no option 'foo'; it has path, keys, time" \
  load --data 'csv("days.csv", foo=date)'
refuses "steps have bounds" 2 "step is 20000; 1 to 10000 was expected" \
  load --data 'csv("ends.csv", time=ds, target=y, freq=month, step=20000)'
rm -f c.wsf
for what in summary report series; do
  run describe --load a.wsf --what $what
  ok "describe a forecaster: $what" code_is 0
done
run describe --load a.wsf --what 'components(horizon=9, series="1,1")'
ok "describe components" code_is 0
ok "components have a row per step" lines_are out 10
ok "components add up" awk -F, 'NR > 1 {
  sum = 0
  for (c = 5; c <= NF; ++c) sum += $c
  if ((sum - $4) ^ 2 > 1e-12 * $4 ^ 2) exit 1
}' out
refuses "components: unknown series" 2 "no series is called '9,9'" describe --load a.wsf \
  --what 'components(series="9,9")'
refuses "a limit is no column" 1 '^wsf: [^ ,]*: [0-9]* rows; the context allows 3 (max_rows)$' \
  fit --data "$shops" --model naive --save never.wsf --max-rows 3
refuses "describe: a view cut short" 2 "^wsf: --what: found the end" describe --load a.wsf \
  --what 'components('
ok "describe: a caret under it" says '^             ^'
refuses "describe: a view's option out of bounds" 2 "^wsf: --what: horizon is 0" describe \
  --load a.wsf --what 'components(horizon=0)'
refuses "predict: a list without series" 2 "^wsf: --series: found ']'" predict --load a.wsf \
  --horizon 3 --series '[]'
ok "predict: a caret under it" says '^   ^'
refuses "predict: no option hides in a list of series" 2 "no series is called" predict \
  --load a.wsf --horizon 3 --series '["1,1"], paths=3'
refuses "describe: unknown view of a forecaster" 2 "did you mean 'components'" describe --load a.wsf \
  --what compnents
run forecast --data "$shops" --model ets --horizon 3 --nonnegative --seed 7 --quiet
ok "nonnegative, seed, quiet" code_is 0

# ---- other frequencies ----
{
  echo 'unique_id,ds,y'
  i=0
  while [ $i -lt 40 ]; do
    i=$((i + 1))
    echo "x,$i,$((i * 3 % 17))"
  done
} >m.csv
run forecast --data 'csv("m.csv", keys=[unique_id], time=ds, target=y, freq=integer)' --model naive --horizon 2
ok "integer times" prints '^x,41,'
run forecast --data 'csv("m.csv", keys=[unique_id], time=ds, target=y, freq=month)' --model snaive --horizon 2
ok "integer times with a monthly season" prints '^x,41,'

# ---- sums and longer periods ----
sums="$shops | aggregate(levels=[[],[shop]])"
run describe --data "$sums" --what series
ok "sums are series" lines_are out 8
ok "the total has no label" prints '^,,2019-01-01,2022-12-01,48,'
run forecast --data "$sums" --model snaive --horizon 12 --out s.csv
ok "sums are forecast" lines_are s.csv 85
ok "null is an empty cell" grep -q '^,,2023-01-01,' s.csv
run forecast --data "$sums" --model snaive --horizon 12 --series A/
ok "a sum by its label" lines_are out 13
run describe --data "$sums | select([\"A/\"])" --what series
ok "a sum selected" lines_are out 2
run load --data "$shops | resample(freq=quarter)" --format csv
ok "resample reports" prints '^periods,16,'
run forecast --data "$shops | resample(freq=quarter)" --model snaive --horizon 2
ok "quarters of months" prints '^A,1,2023-03-31,'
refuses "levels: no such key" 2 'no key of the data' describe --data "$shops | aggregate(levels=[[store]])"
ok "the caret stands under the step" grep -q '^ *^$' err
refuses "no longer period" 2 'expected shorter periods' describe --data "$shops | resample(freq=week)"

printf 'k,t,y\n' >kt.csv
for i in 1 2 3 4 5 6; do printf 'a,2024-01-0%d,%d\n' $i $((i + 3)); done >>kt.csv
# ---- names and other loose ends ----
refuses "a regressor misspelt" 2 "column 'tmperature' does not exist; the data has\\|did you mean" \
  fit --data "$sim" --model 'tslm(x=[tmperature])' --save z.wsf
refuses "a regressor nearly right" 2 "did you mean 'Temperature'" \
  fit --data "$sim" --model 'ets(AAN, x=[Temprature])' --save z.wsf
refuses "a mask misspelt" 2 "did you mean 'IsHoliday'" load --data "$sim | mask(IsHolidy)"
refuses "a feature of a column misspelt" 2 "did you mean 'Temperature'" \
  features --data "$sim" --recipe 'lags(1, of=[Temperatur])'
refuses "views of a forecaster are listed" 2 'expected report, series, summary' \
  describe --load a.wsf --what values
refuses "series that are like it are listed" 2 "as in '1/1', '1/2', '1/3'" \
  predict --load a.wsf --horizon 1 --series 1,100
"$wsf" predict --load a.wsf --horizon 100000 --cumulative --levels 80 --series 1,1 --paths 2 >out 2>err
ok "sums over 100000 steps" test "$(wc -l <out)" = 100001
run help fit
ok "threads have one default" test "$(grep -c 'threads.*absent' out)" = 0
run forecast --data 'csv("kt.csv", keys=k, time=t, target=y)' --model naive --horizon 1 --levels 0.8
ok "a level below 1 gets a hint" says 'levels: 0.8 is an interval of 0.8 %; one of 80 % is written 80'
sed 's/^k,/forecast,/' kt.csv >names.csv
refuses "a key with the name of a result" 2 "column 'forecast' of the data has the name of a column of the result" \
  forecast --data 'csv("names.csv", keys=forecast, time=t, target=y)' --model naive --horizon 1
run fit --data 'csv("kt.csv", keys=k, time=t, target=y)' --model naive --save kt.wsf --quiet
"$wsf" fit --data 'csv("kt.csv", keys=k, time=t, target=y)' --model naive --save - --quiet >piped.wsf 2>err
ok "fit to standard output" cmp -s kt.wsf piped.wsf
"$wsf" predict --load - --horizon 2 <piped.wsf >piped.csv 2>err
run predict --load kt.wsf --horizon 2
ok "predict from standard input" cmp -s out piped.csv
run fit --data 'csv("past.csv", keys=k, time=t, target=y, known=price)' --model 'tslm(trend=false, season=1)' --save x.wsf
sed '1s/price/prise/' next.csv >misspelt.csv
run predict --load x.wsf --data 'csv("misspelt.csv", keys=k, time=t)' --horizon 1
ok "a column misspelt in newer data" says "no column 'price' known ahead, the fit's values are used; is 'prise' meant?"
run fit --data 'csv("past.csv", keys=k, time=t, target=y, known=price)' \
  --model 'fallback(tslm(trend=false, season=1, x=[price]), naive)' --save x.wsf
printf 'k,t,y\na,5,6\nb,5,6\n' >lean.csv
run update --load x.wsf --data 'csv("lean.csv", keys=k, time=t, target=y)' --save y.wsf
ok "a feed without a column known ahead" code_is 0
ok "it is told" says "update: the dataset has no column 'price' known ahead, the fit's values are used; the data has no column"
ok "and what that costs" says "update: x= of tslm: 2 of 2 observed periods lack a value of price and have no part in the fit"
run predict --load y.wsf --data 'csv("lean.csv", keys=k, time=t)' --horizon 1
ok "the fallback needs no column" says "2 of 2 series lack a column ahead and are forecast by the rest of the model"
printf 'k,t,y,price\n' >half.csv
for i in 1 2 3 4 5 6 7 8; do printf 'a,%d,%d,%s\n' $i $((i % 3 + 4)) $((i % 2)) | sed 's/,0$/,/'; done >>half.csv
run fit --data 'csv("half.csv", keys=k, time=t, target=y, known=price)' --model 'tslm(season=1, x=[price])' --save y.wsf
ok "periods that a regression leaves out" says "fit: x= of tslm: 4 of 8 observed periods lack a value of price and have no part in the fit"
rm -f x.wsf y.wsf kt.wsf piped.wsf names.csv lean.csv half.csv

# ---- plot ----
run plot --data "$shops" --model snaive --horizon 12 --series A,1 --out a.svg
ok "plot" code_is 0
ok "plot writes SVG" grep -q '<svg' a.svg
ok "plot writes all of it" grep -q '</svg>' a.svg
run plot --data "$sim" --model 'mean(ets, snaive)' --horizon 26 --series 1/1 --levels 50,80,95 --until 2012-02-03 --alone --out b.svg
ok "plot with levels, until, alone" grep -q '</svg>' b.svg
run plot --data "$sim" --model 'mean(ets, tslm(x=[Temperature]))' --horizon 26 --series 1,1 --components --out p.svg
ok "plot components" grep -q '</svg>' p.svg
run plot --data "$sim" --model ets --horizon 26 --series 1,1 --components --out p.svg
ok "plot components tells what was simplified" says '(long_season)'
{
  printf 't,y,hol\n'
  for i in 1 2 3 4 5 6; do printf '2024-01-0%d,%d,0\n' $i $i; done
  printf '2024-01-07,,1\n'
} >alone.csv
alone='csv("alone.csv", time=t, target=y, known=hol, holiday=hol)'
run plot --data "$alone" --model naive --horizon 1 --out k.png
ok "plot of data without keys" code_is 0
ok "plot writes PNG into .png" test "$(head -c 4 k.png | tail -c 3)" = PNG
run plot --data "$alone" --model naive --horizon 1 --out k.pdf
ok "plot writes PDF into .pdf" test "$(head -c 4 k.pdf)" = %PDF
run plot --data "$alone" --model naive --horizon 1 --out k.svg
run plot --data "$alone | until(\"2024-01-05\")" --model naive --horizon 1 --out l.svg
ok "plot: a holiday to come is drawn" test "$(wc -c <k.svg)" -gt "$(wc -c <l.svg)"
for end in png svg pdf; do
  refuses "forecast: a picture" 2 "x.$end': a table is no picture, 'wsf plot' draws one" \
    forecast --data 'simulate(stores=1,depts=1)' --model naive --horizon 2 --out "x.$end"
  ok "forecast: no picture is there" test ! -e "x.$end"
done
for end in xlsx parquet gz wsf; do
  refuses "forecast: no table of text" 2 "written as text, not as .$end; .csv or .json" \
    forecast --data 'simulate(stores=1,depts=1)' --model naive --horizon 2 --out "x.$end"
done
refuses "models: an unknown name" 2 "is named 'nosuch'; 'wsf models' lists all there is" models nosuch
refuses "an unknown feature lists them" 2 "no feature is named 'foo'; expected .*lags, .*rolling" \
  forecast --data 'simulate(stores=1,depts=1)' --model 'tslm(x=[foo(3)])' --horizon 2
refuses "an unknown model lists them" 2 "no model is named 'nosuch'; expected .*drift, .*ets" \
  forecast --data 'simulate(stores=1,depts=1)' --model nosuch --horizon 2
refuses "an unknown key lists them" 2 'which is no key of the data; the keys are Store, Dept' \
  describe --data 'simulate() | aggregate(levels=[[foo]])'
refuses "an unknown key to pool by" 2 "no key 'Depp' to pool by; the keys are Store, Dept" \
  forecast --data 'simulate()' --model 'lowrank(ets,by=Depp)' --horizon 2
refuses "plot: another suffix" 2 'a picture is .svg, .png or .pdf' \
  plot --data "$alone" --model naive --horizon 1 --out k.jpg
refuses "plot of one of many" 2 'needs --series' plot --data "$shops" --model snaive --horizon 2 --out c.svg
run describe --data "$alone" --what ahead
ok "what is known ahead" prints '^2024-01-07,1$'
refuses "components of no series" 2 "9.9" plot --data "$sim" --model 'pool(ets)' --horizon 3 --series 9,9 \
  --components --out q.svg
ok "components: nothing written" test ! -e q.svg
refuses "plot: no such series" 2 "9.9" plot --data "$shops" --model snaive --horizon 12 --series 9,9 --out c.svg
ok "plot: nothing written" test ! -e c.svg

# ---- masked periods, values that became known later ----
cat >told.csv <<'END'
day,told,temp
2024-03-02,2024-03-01,7
2024-03-02,2024-03-03,9
2024-03-04,2024-03-09,1
END
printf 'day,units,closed\n2024-03-01,1,0\n2024-03-02,2,0\n2024-03-03,-999,1\n2024-03-04,4,0\n' >days.csv
days='csv("days.csv", time=day, target=units, mask=closed) | join("told.csv", on=day, known_at=told)'
run describe --data "$days" --what report
ok "masked periods are counted" prints '^masked periods,1,'
ok "what became known too late is counted" prints '^rows known only after the history,1,'
run describe --data "$days" --what values
ok "a masked value is gone" prints '^2024-03-03,,'
ok "the last value known" prints '^2024-03-02,2,.*,9$'
run describe --data "$days | until(\"2024-03-02\")" --what values
ok "an origin knows no more than it could" prints '^2024-03-02,2,.*,7$'
refuses "no such mask" 2 'close' describe --data 'csv("days.csv", time=day, target=units, mask=close)'

# ---- bad input: exit 2, a sentence with the place, nothing written ----
sed '12s/,[0-9]*$/,abc/' shops.csv >bad.csv
bad='csv("bad.csv", keys=[shop,item], time=month, target=units, freq=month)'
echo old >kept.csv
refuses "bad number" 2 "^wsf: bad.csv, line 12, column units: .*'abc'" \
  forecast --data "$bad" --model naive --horizon 3 --out kept.csv --strict
ok "the old file stays" grep -qx old kept.csv
run forecast --data "$bad" --model naive --horizon 3
ok "without --strict a rejected row is a note" code_is 0
ok "the note says where" says '^wsf: bad.csv, line 12, column units: '
printf 'k,t,y\nA,2012-02-03,1\nA,2012-02-10,2\nA,2012-02-17,3\nA,2012-02-15,4\nB,2012-02-17,\n' >off.csv
off='csv("off.csv", keys=k, time=t, target=y, freq=week)'
run forecast --data "$off" --model naive --horizon 1
ok "a date off the calendar is a note" says "^wsf: off.csv, line 5, column t: '2012-02-15' is not on the calendar; rows left out: 1 "
ok "a series without a value is a note" says '^wsf: off.csv: no value of the target; series left out: 1 '
run forecast --data "$off" --model naive --horizon 1 --quiet
ok "--quiet leaves the notes out" test ! -s err
grep -v B off.csv >off2.csv
refuses "--strict stops at a date off the calendar" 2 'not on the calendar' \
  forecast --data 'csv("off2.csv", keys=k, time=t, target=y, freq=week)' --model naive --horizon 1 --strict
refuses "no such file" 2 'nowhere.csv' describe --data 'csv("nowhere.csv", time=a, target=b)' --out n.csv
ok "nothing written" test ! -e n.csv
refuses "no such column" 2 'uniits' describe --data 'csv("shops.csv", keys=[shop,item], time=month, target=uniits, freq=month)'
refuses "unfinished expression" 2 '^wsf: --data: ' describe --data 'simulate('
ok "a caret shows where" grep -q '^ *^$' err
refuses "unknown model" 2 'etz' forecast --data "$shops" --model etz --horizon 3
refuses "unknown option of a model" 2 'seson' forecast --data "$shops" --model 'ets(seson=12)' --horizon 3
ok "the caret stands under the option" grep -qx '      ^' err
refuses "empty expression" 2 '^wsf: --model' forecast --data "$shops" --model '' --horizon 3
refuses "no model file" 2 'nothing.wsf' predict --load nothing.wsf --horizon 3
refuses "not a model file" 2 'shops.csv' predict --load shops.csv --horizon 3
head -c 200 a.wsf >cut.wsf
refuses "a cut model file" 2 'cut.wsf' predict --load cut.wsf --horizon 3
refuses "no folder to save in" 2 'cannot be written' fit --data "$shops" --model naive --save no/where.wsf
ok "no temporary files stay" test -z "$(ls | grep tmp)"

# ---- writing fails: exit 1 ----
if [ -e /dev/full ]; then
  refuses "full device" 1 'cannot be written' describe --data "$shops" --out /dev/full
  "$wsf" describe --data "$shops" >/dev/full 2>err
  code=$?
  ok "full standard output" code_is 1
fi

# ---- a column that is not known ahead, by the command of docs/features.md ----
awk 'BEGIN { split("31 28 31 30", length_of); print "Shop,Day,Ices,Temp"
  for (s = 1; s <= 2; ++s) for (i = m = 1; m <= 4; ++m) for (d = 1; d <= length_of[m]; ++d) {
    w = 15 + ++i % 7 + i * 7 % 11 / 11; printf "%d,2023-%02d-%02d,%g,%g\n", s, m, d, 20 * s + 3 * w, w } }' >ices.csv
sed -n '/^wsf forecast.*ices.csv/,/^```/p' "$source/docs/features.md" | sed '/^```/d; s/^wsf /"$wsf" /' >ices.sh
. ./ices.sh >out 2>err
code=$?
ok "forecast of a column: exit 0" code_is 0
ok "forecast of a column: as the weekday of the column was" awk -F, 'NR > 1 { x[NR - 1] = $3 }
  END { exit !(NR == 15 && x[8] - x[1] > 19 && x[8] - x[1] < 21 && x[4] - x[5] > 15) }' out
refuses "forecast of a column: not in a table" 2 'lags(1, of=' features \
  --data 'csv("ices.csv", keys=Shop, time=Day, target=Ices)' -r 'forecast(Temp)'

# ---- stopped: exit 130, nothing half-written ----
"$wsf" forecast --data 'simulate(stores=45, depts=81, weeks=143)' --model 'mean(ets, conformal(ets), stl(52, ets))' \
  --horizon 39 --out stopped.csv >out 2>err &
job=$!
sleep 0.7
kill -INT $job
wait $job
code=$?
ok "stopped: exit 130 (was $code)" code_is 130
ok "stopped: one sentence" one_sentence
ok "stopped: nothing written" test -z "$(ls | grep stopped)"

# ---- models of the Prophet package ----
run fit --fitted --data 'simulate(stores=1, depts=2)' --model 'prophet(seasonality_mode=multiplicative)' \
  --save prophet.wsf
run prophet --load prophet.wsf --series 1,2 --out prophet.json
ok "prophet: written" code_is 0
ok "prophet: has parameters" grep -q '"params": *{"k"' prophet.json
run prophet prophet.json --out history.csv
ok "prophet: read" prints "^wsf fit --data 'csv(.history.csv., time=ds, target=y)'"
ok "prophet: history" lines_are history.csv 144
sed 's/FILE$/again.wsf/; s/^wsf /"$wsf" /' out >again.sh
. ./again.sh 2>err
run predict --load prophet.wsf --series 1,2 --horizon 4 --levels 80 --format csv
cut -d, -f4- out | sed 1d >want
run predict --load again.wsf --horizon 4 --levels 80 --format csv
cut -d, -f2- out | sed 1d >got
ok "prophet: there and back" awk -F, 'BEGIN { while ((getline line < "want") > 0) { split(line, w, ",");
  if ((getline < "got") <= 0) exit 1; for (i = 1; i <= 3; ++i) if ((w[i] - $i) ^ 2 > 1e-8 * w[i] ^ 2) exit 1 } }'
awk 'BEGIN { print "t,y"; for (i = 0; i < 96; ++i)
  printf "2024-01-%02d %02d:00,%d\n", 1 + int(i / 24), i % 24, i % 7 + i }' >hours.csv
run fit --fitted --data 'csv("hours.csv", time=t, target=y)' --model 'prophet(n_changepoints=5)' --save hours.wsf
run prophet --load hours.wsf --out hours.json
run prophet hours.json --out hours.back.csv
ok "prophet: changepoints keep their time of day" prints 'changepoints=\["2024-01-01T15:00:00"'
run fit --data 'simulate(stores=1, depts=2)' --model 'prophet(growth=logistic, cap="2000",
  x=[Fuel_Price, fourier(26, 2, condition_name=IsHoliday)], x_mode=[additive,multiplicative], x_prior_scale=[2,0.5])' \
  --save columns.wsf
refuses "prophet: columns without data" 2 'Fuel_Price.*expected --data' prophet --load columns.wsf --series 1,2 \
  --out none.json
refuses "prophet: other data" 2 'does not begin and end as that of the fit' prophet --load columns.wsf --series 1,2 \
  --data 'simulate(stores=1, depts=2, weeks=100)' --out none.json
run prophet --load columns.wsf --series 1,2 --data 'simulate(stores=1, depts=2)' --out columns.json
ok "prophet: columns written" code_is 0
run prophet columns.json --out columns.csv
ok "prophet: columns read" prints 'fourier(26, 2, condition_name=.IsHoliday.),.Fuel_Price'
ok "prophet: their history" grep -qx 'ds,y,IsHoliday,cap,Fuel_Price' columns.csv
sed 's/FILE$/again.wsf/; s/^wsf /"$wsf" /' out >again.sh
sed 's/"predictor_spec":null/"predictor_spec":{}/' columns.json >predicted.json
run prophet predicted.json --out predicted.csv
ok "prophet: a predictor is told" says "regressor 'Fuel_Price' has a predictor, which is left behind"
. ./again.sh 2>err
run describe --load columns.wsf --what 'coefficients(series="1,2")' --format csv
grep -o '\(k\|m\|x:Fuel_Price\|mu1\|std1\|sigma_obs\|y_scale\),.*' out | sed 's/mu1/mu/; s/std1/std/' >want
run describe --load again.wsf --what coefficients --format csv
grep -o '\(k\|m\|x:Fuel_Price\|mu5\|std5\|sigma_obs\|y_scale\),.*' out | sed 's/mu5/mu/; s/std5/std/' >got
ok "prophet: columns there and back" awk -F, 'BEGIN { while ((getline line < "want") > 0) { split(line, w, ","); n += 1
  if ((getline < "got") <= 0 || w[1] != $1 || (w[2] - $2) ^ 2 > 1e-8 * w[2] ^ 2) exit 1 } if (n != 7) exit 1 }'
# names are what the model was told, whatever its text looks like
awk 'BEGIN { print "t,y,\"odd, (name]\""; for (i = 0; i < 60; ++i) printf "2024-%02d-%02d,%d,%d\n", 1 + int(i / 28), 1 + i % 28, i % 7 + i % 5, i % 5 }' >odd.csv
odd='csv("odd.csv", time=t, target=y, known=["odd, (name]"])'
run fit --data "$odd" --model 'prophet(x_mode=multiplicative, x=["odd, (name]"], n_changepoints=2)' --save odd.wsf
run prophet --load odd.wsf --data "$odd" --out odd.json
ok "prophet: names that look like text of a model" code_is 0
ok "prophet: their name and mode" grep -q '"odd, (name\]": *{[^}]*"mode": *"multiplicative"' odd.json
run fit --data "$odd" --model 'prophet(x=[calendar(weekday)])' --save odd.wsf
refuses "prophet: a feature" 2 'x=\[calendar(..)\] has no place' prophet --load odd.wsf --data "$odd" --out none.json
run fit --data "$odd" --model 'mean(prophet, naive)' --save odd.wsf
refuses "prophet: not alone" 2 'not a prophet alone' prophet --load odd.wsf --data "$odd" --out none.json
# waves stand against the calendar before 1970 as after it: 28,000 days later they are the same
for start in 1950-01-01 2026-08-30; do
  { echo t,y; i=0; while [ $i -lt 40 ]; do
    echo "$(date -d "$start + $((7 * i)) days" +%F),$((i + (i % 4) * (i % 4)))"; i=$((i + 1)); done; } >weeks.csv
  run fit --fitted --data 'csv("weeks.csv", time=t, target=y)' --save weeks.wsf \
    --model 'prophet(yearly_seasonality=false, n_changepoints=0, x=[fourier(4, 1)])'
  run prophet --load weeks.wsf --out weeks.json
  grep -o '"beta": *\[\[[^]]*' weeks.json | tr -d '"beta:[ ' >"betas.$start"
done
ok "prophet: waves before 1970" awk -F, 'NR == 1 { a = $1; b = $2 }
  END { exit !(NR == 2 && a * a + b * b > 1e-4 && ($1 - a) ^ 2 + ($2 - b) ^ 2 < 1e-12) }' betas.1950-01-01 betas.2026-08-30
run fit --data 'simulate(stores=1, depts=1)' --model 'prophet(x=[holidays(us)])' --save feature.wsf
run describe --load feature.wsf --what 'components(horizon=30)' --format csv
ok "prophet: components" grep -q ',base,trend,yearly,x:holiday_' out
ok "prophet: components add up" awk -F, 'NR > 1 { sum = 0
  for (c = 5; c <= NF; ++c) sum += $c
  if ((sum - $4) ^ 2 > 1e-24 * $4 ^ 2) exit 1 }' out
run plot --data 'simulate(stores=1, depts=1)' --model 'prophet(x=[holidays(us)])' --horizon 30 --components --out parts.svg
ok "prophet: picture of its components" grep -q '</svg>' parts.svg
refuses "prophet: other features" 2 'x=.holidays(..). has no place in the package' prophet --load feature.wsf \
  --data 'simulate(stores=1, depts=1)' --out none.json
refuses "prophet: nothing" 2 'needs either --load FILE' prophet --out none.json
refuses "prophet: which series" 2 'expected --series KEY' prophet --load prophet.wsf --out none.json
run fit --data 'simulate(stores=1, depts=1)' --model prophet --save short.wsf
refuses "prophet: no history" 2 'kept no history.*--fitted' prophet --load short.wsf --out none.json
run fit --fitted --data 'simulate(stores=1, depts=1)' --model 'mean(prophet, naive)' --save mean.wsf
refuses "prophet: another model" 2 'not a prophet alone' prophet --load mean.wsf --out none.json
refuses "prophet: not JSON" 2 'want.*line 1.*expected the JSON of a Prophet model' prophet want --out none.csv
echo '{"growth": "linear"}' >bare.json
refuses "prophet: another JSON" 2 'no history' prophet bare.json --out none.csv
sed 's/"n_changepoints": *25/"n_changepoints": "25"/' prophet.json >kind.json
refuses "prophet: a field of another kind" 2 'kind.json: the field "n_changepoints" holds something else than a number' \
  prophet kind.json --out none.csv
sed 's/"scaling": *"absmax"/"scaling": "absmac"/' prophet.json >scaling.json
refuses "prophet: a word that is none" 2 'scaling' prophet scaling.json --out none.csv
sed 's/"country_holidays": *null/"country_holidays": "x"/' prophet.json >country.json
refuses "prophet: a country that is none" 2 'country.json' prophet country.json --out none.csv
ok "prophet: nothing is left" test ! -e none.json -a ! -e none.csv

# ---- real data ----
data=
for candidate in "${WSF_DATA:-}" "$source/../shared/data"; do
  [ -n "$candidate" ] && [ -f "$candidate/walmart/train.csv" ] && data=$candidate && break
done
if [ -z "$data" ]; then
  if [ "${CI:-}" = true ]; then
    echo "FAILED: CI=true, but the real data was not found (WSF_DATA)"
    failures=$((failures + 1))
  else
    echo "skipped: no data; WSF_DATA names its folder"
    skipped=1
  fi
else
  walmart="walmart(\"$data/walmart\")"
  run describe --data "$walmart"
  ok "walmart: observations" prints '^observations,421570$'
  ok "walmart: series" prints '^series,3331$'
  run forecast --data "$walmart" --model snaive --horizon 39 --levels 80,95 --out w.csv
  ok "walmart: forecast" code_is 0
  ok "walmart: header" grep -qx 'Store,Dept,Date,forecast,lo-80,hi-80,lo-95,hi-95' w.csv
  ok "walmart: rows" lines_are w.csv $((3331 * 39 + 1))
  ok "walmart: nothing but numbers" test -z "$(grep -i -e nan -e inf -e ',,' w.csv | head -1)"
  run forecast --data "$walmart" --model snaive --horizon 39 --format kaggle --out k.csv
  ok "kaggle: rows of test.csv" lines_are k.csv 115065
  cut -d, -f1 k.csv | sed 1d >ids
  sed 1d "$data/walmart/test.csv" | tr -d '\r' | awk -F, '{ print $1 "_" $2 "_" $3 }' >want
  ok "kaggle: order of test.csv" cmp -s ids want
  ok "kaggle: says what had no history" says 'rows asked for have no history'
  refuses "kaggle: a horizon too short" 2 'rows asked for, such as .*, lie outside the periods forecast' \
    forecast --data "$walmart" --model naive --horizon 4 --format kaggle --out short.csv
  ok "kaggle: nothing written" test ! -e short.csv
  run backtest --data "$walmart" --model snaive --horizon 38 --metrics wmae
  ok "walmart: backtest" code_is 0
  run plot --data "$walmart" --model snaive --horizon 39 --series 1,1 --out w.svg
  ok "walmart: plot" grep -q '</svg>' w.svg
fi

if [ "$failures" -gt 0 ]; then
  echo "$failures of $checks checks failed"
  exit 1
fi
echo "all $checks checks passed"
[ "$skipped" -eq 0 ] || exit 77
