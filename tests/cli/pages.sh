#!/bin/sh
# The manual pages and the completion of bash that a build installs: whole, accepted by groff and
# lexgrog where they are there, and worth the tab. usage: pages.sh WSF PAGES
set -eu
wsf=$1 pages=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "FAILED: $*"
  exit 1
}

# ---- pages
commands=$("$wsf" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$(echo "$commands" | wc -l)" -ge 13 ] || fail "commands: $commands"
[ "$(find "$pages/man1" -name '*.1' | wc -l)" -eq "$(($(echo "$commands" | wc -l) + 1))" ] || fail "one page each"
for page in "$pages"/man1/*.1; do
  ! grep -q '^$' "$page" || fail "$page: a blank line"
  if command -v groff >/dev/null; then
    groff -man -ww -Tutf8 -z "$page" 2>"$work/warnings"
    [ ! -s "$work/warnings" ] || fail "$page: $(head -1 "$work/warnings")"
  fi
  ! command -v lexgrog >/dev/null || lexgrog "$page" >/dev/null || fail "$page: no name"
done
plain() { sed 's/\\f[BIR]//g; s/\\(aq/'"'"'/g; s/\\-/-/g; s/\\e/\\/g; s/|\\:/|/g' "$1"; }
for command in $commands; do
  plain "$pages/man1/wsf-$command.1" >"$work/page"
  grep -q "^wsf-$command (1)" "$pages/man1/wsf.1" || grep -q "wsf.-$command (1)" "$pages/man1/wsf.1" || fail "wsf(1) lacks $command"
  "$wsf" help "$command" >"$work/help"
  for flag in $(sed -n '/^Options:/,$s/^ .*\(--[a-z-]*\) .*/\1/p' "$work/help"); do
    grep -q -e "$flag" "$work/page" || fail "wsf-$command(1) lacks $flag"
  done
  # every line of the examples, as it is typed
  sed -n '/^Examples:/,/^Options:/s/^  //p' "$work/help" >"$work/examples"
  [ -s "$work/examples" ] || fail "$command: no examples"
  while IFS= read -r line; do grep -q -x -F -e "$line" "$work/page" || fail "wsf-$command(1) lacks: $line"; done <"$work/examples"
done
"$wsf" help --man forecst 2>"$work/error" && fail "a page of no command"
grep -q "did you mean 'forecast'" "$work/error" || fail "no hint"

# ---- completion
"$wsf" help --completion csh 2>"$work/error" && fail "a completion for csh"
grep -q "no completion for 'csh', expected bash, zsh or fish" "$work/error" || fail "no sentence for csh"

# tab WANT WORD...: what completing the last word offers, on one line; try asks the shell
tab() {
  want=$1
  shift
  got=" $(try "$@" | xargs) "
  case $got in
  $want) ;;
  *) fail "$shell, completing '$*': '$got', not '$want'" ;;
  esac
}
tried=

if command -v fish >/dev/null; then
  shell=fish tried="$tried fish"
  fish -n "$pages/completions/wsf.fish" || fail "fish: syntax"
  try() { (cd "$work" && HOME=$work fish --no-config -c 'source $argv[1]; complete -C "$argv[2..-1]"' "$pages/completions/wsf.fish" "$@" | cut -f 1); }
  touch "$work/some.wsf"
  tab ' forecast ' wsf forec
  tab '* help *' wsf ''
  tab ' --levels ' wsf forecast --lev
  tab '* ets *' wsf fit --model e
  tab '* ets *' wsf fit -m ''
  tab ' some.wsf ' wsf predict --load so
  tab ' some.wsf ' wsf load so
  tab ' wape *' wsf backtest --metrics wa
  tab '  ' wsf backtest --horizon ''
  tab ' complete ' wsf features --rows c
  tab ' csv ' wsf models cs
  tab ' evidence ' wsf help evi
  tab ' csv ' wsf load -f c
fi

if command -v zsh >/dev/null; then
  shell=zsh tried="$tried zsh"
  zsh -n "$pages/completions/_wsf" || fail "zsh: syntax"
  # What is handed to the shell's own functions, whose work the rest is.
  cat >"$work/try.zsh" <<'END'
compdef() { }
_describe() { print -rl -- ${commands%%:*} }
_arguments() { print -r -- ${(qqqq)@} }
source $1
shift
words=("$@") CURRENT=$#
_wsf
END
  try() { zsh -f "$work/try.zsh" "$pages/completions/_wsf" "$@" | tr -d "'\\\\"; }
  tab '* forecast *' wsf ''
  tab '* help *' wsf ''
  tab '* $--levels\[Coverage of *' wsf forecast --lev
  tab '* $\*-m\[what forecasts*:(naive * ets *) $\*--model\[*' wsf fit --model e
  tab '* $(-l --load)--load\[*:FILE:_files *' wsf predict --load so
  tab '* $1:file:_files ' wsf load so
  tab '*:(wmae *wape *' wsf backtest --metrics wa
  tab '* $1:name:(naive * csv *) ' wsf models cs
  tab ' $1:command:(load * evidence *) ' wsf help evi
  tab '  ' wsf nothing ''
fi

command -v bash >/dev/null || exit 0
shell=bash tried="$tried bash"
bash -n "$pages/completions/wsf" || fail "bash: syntax"
cat >"$work/try.bash" <<'END'
source "$1"
compopt() { echo FILES; }
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_wsf
printf '%s\n' "${COMPREPLY[@]}"
END
try() { bash "$work/try.bash" "$pages/completions/wsf" "$@"; }
tab ' forecast ' wsf forec
tab '* help *' wsf ''
tab ' --levels ' wsf forecast --le
tab '* ets *' wsf fit --model e
tab '* ets *' wsf fit -m ''
tab ' FILES *' wsf predict --load ''
tab ' FILES *' wsf load ''
tab ' --data ' wsf load --d
tab ' FILES *' wsf fit -s x
tab '* wape *' wsf backtest --metrics w
tab '  ' wsf backtest --horizon ''
tab ' complete ' wsf features --rows c
tab '* csv *' wsf models cs
tab '* --quiet *' wsf fit --strict --
tab ' evidence ' wsf help evi
tab ' csv ' wsf load -f c
tab '  ' wsf nothing ''
echo "ok pages: $(echo "$commands" | wc -l) commands, completed by$tried"
