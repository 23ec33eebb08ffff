#!/bin/sh
# scripts/check_api sees every break that it is there for: each is planted in a copy of the headers.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
planted=0

# plant WHAT HEADER SED SAYS: after SED on HEADER the check must fail and name SAYS
plant() {
  rm -rf "$work/include"
  cp -r "$root/include" "$work/include"
  sed "$3" "$root/include/wsf/$2" >"$work/include/wsf/$2"
  if cmp -s "$root/include/wsf/$2" "$work/include/wsf/$2"; then
    echo "planted: '$1' changed nothing in $2"
    exit 1
  fi
  if "$root/scripts/check_api" "$work/include" >"$work/out" 2>&1; then
    echo "planted: '$1' was not seen"
    exit 1
  fi
  grep -q "$4" "$work/out" || { echo "planted: '$1' failed without a word of $4:"; cat "$work/out"; exit 1; }
  planted=$((planted + 1))
}

"$root/scripts/check_api" >/dev/null
plant 'E_IO 6 becomes 26' status.h 's/X(E_IO, 6,/X(E_IO, 26,/' '^> constant WSF_E_IO 0.1.0 26$'
plant 'WSF_TYPE_F64 2 becomes 7' table.h 's/\(define WSF_TYPE_F64\) 2/\1 7/' '^> constant WSF_TYPE_F64 0.1.0 7$'
plant 'FOLDS and SERIES exchanged' evaluate.h \
  's/\(define WSF_BACKTEST_FOLDS\) 1/\1 2/; s/\(define WSF_BACKTEST_SERIES\) 2/\1 1/' \
  '^> constant WSF_BACKTEST_FOLDS 0.1.0 2$'
plant 'parameters of wsf_table_find exchanged' table.h \
  's/wsf_table_find(const wsf_table \*t, const char \*name)/wsf_table_find(const char *name, const wsf_table *t)/' \
  'wsf_table_find(const char \*name, const wsf_table \*t)'
plant 'a parameter narrowed' table.h 's/wsf_table_type(const wsf_table \*t, int64_t col)/wsf_table_type(const wsf_table *t, int32_t col)/' \
  'wsf_table_type(const wsf_table \*t, int32_t col)'
plant 'a status that may be dropped' model.h 's/WSF_API WSF_MUST_USE wsf_status wsf_model_parse/WSF_API wsf_status wsf_model_parse/' \
  '^> function wsf_model_parse 0.1.0 wsf_status'
plant 'a function taken away' status.h '/^WSF_API int32_t wsf_version_number/d' '^< function wsf_version_number'
plant 'a function without a since' status.h 's/Since 0.1.0\.//' 'no "Since" in the comment of wsf_status_text'
plant 'a function that nobody listed' status.h \
  's|^WSF_API const char \*wsf_version(void);|&\n/** Since 0.2.0. */\nWSF_API int32_t wsf_unlisted(void);|' \
  '^> function wsf_unlisted 0.2.0 '
plant 'fields of wsf_error exchanged' status.h 's/char field\[64\]/char swap[64]/; s/char file\[256\]/char field[256]/' \
  '^> type wsf_error '
plant 'a callback of another type' context.h 's/typedef void (\*wsf_log_fn)(int32_t level/typedef void (*wsf_log_fn)(int64_t level/' \
  '^> type wsf_log_fn '
echo "planted: all $planted breaks were seen"
