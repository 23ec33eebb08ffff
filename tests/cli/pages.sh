#!/bin/sh
# The manual pages and the completion of bash that a build installs: whole, accepted by groff and
# lexgrog where they are there, and worth the tab. usage: pages.sh WSF PAGES
set -eu
wsf=$1 pages=$2
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
command -v bash >/dev/null || exit 0
bash -n "$pages/completions/wsf" || fail "completion: syntax"
cat >"$work/try.bash" <<'END'
source "$1"
compopt() { echo FILES; }
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_wsf
printf '%s\n' "${COMPREPLY[@]}"
END
# tab WANT WORD...: what completing the last word offers, on one line
tab() {
  want=$1
  shift
  got=" $(bash "$work/try.bash" "$pages/completions/wsf" "$@" | xargs) "
  case $got in
  $want) ;;
  *) fail "completing '$*': '$got', not '$want'" ;;
  esac
}
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
echo "ok pages: $(echo "$commands" | wc -l) commands"
