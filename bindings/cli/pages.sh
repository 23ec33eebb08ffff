#!/bin/sh
# The manual pages and the completions of bash, zsh and fish, printed by the command itself. usage: pages.sh WSF FOLDER
set -eu
wsf=$1 folder=$2
mkdir -p "$folder/man1" "$folder/completions"
"$wsf" help --man >"$folder/man1/wsf.1"
for command in $("$wsf" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
  "$wsf" help --man "$command" >"$folder/man1/wsf-$command.1"
done
"$wsf" help --completion >"$folder/completions/wsf"
"$wsf" help --completion zsh >"$folder/completions/_wsf"
"$wsf" help --completion fish >"$folder/completions/wsf.fish"
