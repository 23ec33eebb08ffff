#!/bin/sh
# Checks the wsf command from outside: every form of use, exit codes, messages, and that nothing is
# written when something fails. Usage: run.sh WSF SOURCE_FOLDER. Real data: WSF_DATA or
# ../shared/data beside the source; without it those checks are skipped (with CI=true: a failure).
set -u
wsf=$1
source=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
checks=0

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
for c in load describe models analyze backtest fit predict forecast plot; do
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
refuses "missing model" 2 "needs --model" forecast --data 'simulate()' --horizon 3
refuses "missing horizon" 2 "needs --horizon" forecast --data 'simulate()' --model ets
refuses "bad number" 2 "'3x' is not a whole number" forecast --data 'simulate()' --model ets --horizon 3x
refuses "zero horizon" 2 "'0' is not a whole number from 1" forecast --data 'simulate()' --model ets --horizon 0
refuses "bad level" 2 "'195' is not a number between 0 and 100" forecast --levels 80,195
refuses "bad quantile" 2 "'x' is not a number between 0 and 1" forecast --quantiles 0.1,x
refuses "bad format" 2 "did you mean json" describe --data 'simulate()' --format jsn
refuses "kaggle elsewhere" 2 "none of table, csv, json" describe --data 'simulate()' --format kaggle
refuses "two models" 2 "at most 1" fit --model ets --model naive
refuses "option twice" 2 'given twice' describe --data a --data b
refuses "stray word" 2 "not expected here" describe --data 'simulate()' there
refuses "unwritable folder" 2 "cannot be written" describe --data 'simulate()' --out no/such/folder/a.csv

if [ "$failures" -gt 0 ]; then
  echo "$failures of $checks checks failed"
  exit 1
fi
echo "all $checks checks passed"
