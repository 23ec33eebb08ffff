#!/bin/sh
# scripts/check_layers and scripts/check_symbols see every offence that they are there for: each is
# planted in a copy of the tree, compiled where it shows in symbols only.
# usage: planted.sh OBJECTS PROGRAM_OBJECTS libwsf.a
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
objects=$(cd "$1" && pwd)
program=$(cd "$2" && pwd)
archive=$3
cc=${CC:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
planted=0

fresh() {
  rm -rf "$work/tree" "$work/objects" "$work/program"
  mkdir -p "$work/tree/docs"
  cp -r "$root/src" "$root/include" "$root/bindings" "$work/tree"
  cp "$root/docs/architecture.md" "$work/tree/docs"
  cp -rl "$objects" "$work/objects" 2>/dev/null || cp -r "$objects" "$work/objects"
  cp -rl "$program" "$work/program" 2>/dev/null || cp -r "$program" "$work/program"
}
compile() { # module/file.c of the tree
  rm -f "$work/objects/$1.o"
  $cc -std=c17 -fPIC -D_POSIX_C_SOURCE=200809L -I"$work/tree/include" -I"$work/tree/src" -c -o "$work/objects/$1.o" "$work/tree/src/$1"
}
seen() { # what, word of the message, command...
  what=$1 word=$2
  shift 2
  if "$@" >"$work/out" 2>&1; then
    echo "planted: $what was not seen"
    exit 1
  fi
  grep -q "$word" "$work/out" || { echo "planted: $what failed without a word of '$word':"; cat "$work/out"; exit 1; }
  planted=$((planted + 1))
}
layers() { "$root/scripts/check_layers" "$work/tree" "$work/objects" "$work/program"; }
# text WHAT FILE LINE WORD: LINE at the end of FILE
text() {
  fresh
  echo "$3" >>"$work/tree/$2"
  seen "$1" "$4" layers
}

fresh
layers >/dev/null
text 'an include of a floor above' src/panel/keys.c '#include "engine/engine.h"' 'panel (floor 2) includes engine'
text 'an include of the same floor' src/wire/reader.c '#include "table/table.h"' 'wire (floor 1) includes table'
text 'an angle include of a module' src/panel/keys.c '#include <engine/engine.h>' '<engine/engine.h> is not on the list'
text 'an include by a macro' src/panel/keys.c '#include ABOVE' 'an #include that names no file'
text 'LAPACKE outside linalg' src/models/local/drift.c '#include <lapacke.h>' '<lapacke.h> is not on the list'
text 'a header of the system that nobody named' src/base/text.c '#include <spawn.h>' '<spawn.h> is not on the list'
text 'a private extern' src/panel/keys.c 'extern const int wsf__n_model_classes;' 'keys.c:.*a private extern'
text 'a private prototype' src/panel/keys.c 'void wsf__engine_fit(void);' 'keys.c:.*a private prototype'
text 'a binding that includes the inside' bindings/cli/say.c '#include <base/text.h>' 'say.c:.*bindings may not have'
text 'a binding that reaches into src' bindings/cli/say.c '#include "../../src/base/text.h"' 'say.c:.*bindings may not have'
text 'a header of C++ outside the standard' bindings/cpp/include/wsf/wsf.hpp '#include <boost/any.hpp>' 'wsf.hpp:.*bindings may not have'
text 'a binding with a library that nobody named' bindings/cli/say.c '#include <curl/curl.h>' 'say.c:.*bindings may not have'

# A call upwards whose declaration a macro hides: no include, no extern, no prototype to be seen.
fresh
cat >>"$work/tree/src/panel/keys.c" <<'END'
#define SAY(name) void name(void)
SAY(wsf__engine_fit);
static __attribute__((used)) void planted(void) { wsf__engine_fit(); }
END
compile panel/keys.c
seen 'a call of a floor above' 'src/panel/keys.c: panel (floor 2) uses wsf__engine_fit' layers

# Two files of one module that use each other.
fresh
for pair in 'normal rng' 'rng normal'; do
  file=${pair% *} other=${pair#* }
  cat >>"$work/tree/src/math/$file.c" <<END
#define SAY(name) void name(void)
SAY(wsf__planted_$file);
SAY(wsf__planted_$other);
void wsf__planted_$file(void) { wsf__planted_$other(); }
END
  compile "math/$file.c"
done
seen 'a circle of files' 'a circle of files' layers

# add_to_archive C: the archive with one more object
add_to_archive() {
  cp "$archive" "$work/libwsf.a"
  printf '%s\n' "$1" >"$work/more.c"
  $cc -std=c17 -fPIC -c -o "$work/more.o" "$work/more.c"
  ar r "$work/libwsf.a" "$work/more.o" 2>/dev/null
}
# call WHAT C: an archive that takes WHAT from outside
call() {
  add_to_archive "$2"
  seen "a call of $1" "^  $1\$" "$root/scripts/check_symbols" "$work/libwsf.a"
}
"$root/scripts/check_symbols" "$archive" >/dev/null
use='static void *use(void) __attribute__((used)); static void *use(void)'
call printf "#include <stdio.h>
$use { return (void *)(long)printf(\"%d\", 1); }"
call getenv "#include <stdlib.h>
$use { return getenv(\"HOME\"); }"
call exit "#include <stdlib.h>
$use { exit(1); }"
call abort "#include <stdlib.h>
$use { abort(); }"
call setlocale "#include <locale.h>
$use { return setlocale(LC_ALL, \"\"); }"
call rand "#include <stdlib.h>
$use { return (void *)(long)rand(); }"
add_to_archive 'double mean(double a, double b); double mean(double a, double b) { return (a + b) / 2; }'
seen 'a name that is not ours' '^> mean$' "$root/scripts/check_symbols" "$work/libwsf.a"
# share SONAME [FLAGS]: a shared library of that archive
share() {
  soname=$1
  shift
  $cc -shared -nostdlib -o "$work/libwsf.so" "-Wl,-soname,$soname" "$@" -Wl,--whole-archive "$work/libwsf.a" \
    -Wl,--no-whole-archive -lgcc # what asks which processor this is
}
share libwsf.so.0.2
seen 'a shared library without versions' '^> wsf_fit$' "$root/scripts/check_symbols" "$work/libwsf.so"
echo 'WSF_0.2 { global: wsf_*; mean; local: *; };' >"$work/wsf.map"
share libwsf.so.0.2 "-Wl,--version-script=$work/wsf.map"
seen 'a name that is not ours in it' '^> mean@@WSF_0.2$' "$root/scripts/check_symbols" "$work/libwsf.so"
share libwsf.so.0.3 "-Wl,--version-script=$work/wsf.map"
seen 'a soname that its symbols do not have' '^< wsf_fit@@WSF_0.3$' "$root/scripts/check_symbols" "$work/libwsf.so"
echo "planted: all $planted offences were seen"
