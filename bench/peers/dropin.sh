#!/bin/sh
# The wheel of bindings/python beside the packages in build/peers, and the same programs on both.
# usage: dropin.sh SCRIPT
set -eu
cd "$(dirname "$0")/../.."
python=build/peers/bin/python
wheels=$(mktemp -d)
trap 'rm -rf "$wheels"' EXIT
$python -m pip wheel -q --no-deps --wheel-dir "$wheels" bindings/python
$python -m pip install -q --no-deps --no-index --force-reinstall "$wheels"/wsf-*.whl
$python "$1"
