#!/bin/sh
# The ```cpp blocks of a page as one program: the first before main, the others in it, in their order.
# usage: page.sh PAGE PROGRAM
set -eu
awk -v page="$1" '
/^```cpp$/ { on = 1; ++n; printf "#line %d \"%s\"\n", FNR + 1, page; next }
/^```$/ { if (on && n == 1) print "int main() {"; on = 0 }
on
END { print "}" }
' "$1" >"$2"
