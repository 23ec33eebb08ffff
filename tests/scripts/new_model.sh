#!/bin/sh
# `./dev new-model NAME` in a copy of the tree: what it writes builds without a warning, passes the
# tests of models (the contract among them) and stands in the reference.
# usage: new_model.sh
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=planted_mean
for part in CMakeLists.txt CHANGELOG.md bindings cmake include src tests scripts docs dev bench; do
  cp -r "$root/$part" "$work"
done
cd "$work"
scripts/new_model $name
if scripts/new_model $name >/dev/null 2>&1 || scripts/new_model Planted >/dev/null 2>&1; then
  echo "new_model: took a name that is taken, or one that is none"
  exit 1
fi
grep -q "^| \`$name\` | no |" docs/update.md
clang-format --version >/dev/null 2>&1 && clang-format --dry-run --Werror -style="file:$root/.clang-format" \
  src/models/registry.c src/models/local/$name.c tests/unit/models/test_$name.c
quietly() { "$@" >log 2>&1 || { tail -40 log; exit 1; }; }
quietly cmake -G Ninja -S . -B build -DCMAKE_BUILD_TYPE=Debug -DWSF_CLI=OFF -DWSF_WERROR=ON
quietly cmake --build build --target tests_models make_reference
for test in test_$name test_model_contract; do quietly build/tests/tests_models $test; done
build/docs/examples/make_reference | grep -q "^### $name$"
echo "new_model: ok"
