/* What kind of time the name of a column is: dates of one length, whole numbers, months of no year,
 * or a word and a number (d_1). The kind that most columns have is that of the periods of a wide
 * file; a quarter or a year among months adds up others. */
#include "ingest/wide.h"

#include "base/text.h"

#include <string.h>

/* The number behind the word that ends a name: "d_12" -> "d_" and 12. "Mar" is 3 behind no word. */
static bool numbered(wsf__wide_kind *to) {
  const char *name = to->name;
  size_t n = strlen(name), used = n;
  const int month = wsf__month_name(name, &used);
  to->month = month > 0 && used == n;
  to->prefix = to->month ? 0 : n;
  to->value = month;
  if (to->month) return true;
  while (to->prefix > 0 && name[to->prefix - 1] >= '0' && name[to->prefix - 1] <= '9') --to->prefix;
  return to->prefix < n && wsf__integer_parse(name + to->prefix, n - to->prefix, &to->value);
}

bool wsf__wide_kind_of(wsf__wide_kind *to, const char *name, const wsf__time_style *style) {
  wsf__time t;
  wsf__time_seen seen = {0};
  *to = (wsf__wide_kind){.name = name, .form = WSF__FORM_INTEGER};
  if (wsf__time_read(name, strlen(name), style, &t, &seen)) {
    to->form = t.form;
    to->grain = t.grain;
    to->value = t.value;
    return true;
  }
  to->counts = true;
  return numbered(to);
}

bool wsf__wide_same_kind(const wsf__wide_kind *a, const wsf__wide_kind *b) {
  if (a->counts != b->counts) return false;
  if (a->counts) {
    return a->month == b->month && a->prefix == b->prefix &&
           memcmp(a->name, b->name, a->prefix) == 0;
  }
  const bool number = a->form == WSF__FORM_INTEGER;
  return number == (b->form == WSF__FORM_INTEGER) && (number || a->grain == b->grain);
}

/* Several dates or months are periods also where more columns have a word and a number: x1, x2, x3.
 */
static int are_dates(const wsf__wide_kind *kind, int count) {
  return count > 1 && (kind->month || (!kind->counts && kind->form != WSF__FORM_INTEGER));
}

bool wsf__wide_most(wsf__wide_kind *out, const wsf__csv *csv, const bool *skip,
                    const wsf__time_style *style) {
  enum { KINDS = 64 }; /* further ones, which stand first, are not counted */
  wsf__wide_kind kind[KINDS], one;
  int count[KINDS] = {0}, n = 0, best = 0;
  for (int k = csv->n_columns; k-- > 0;) {
    if (skip[k] || !wsf__wide_kind_of(&one, csv->column[k].name, style)) continue;
    int i = 0;
    while (i < n && !wsf__wide_same_kind(&kind[i], &one)) ++i;
    if (i == KINDS) continue;
    if (i == n) kind[n++] = one;
    ++count[i];
  }
  if (n == 0) return false;
  for (int i = 1; i < n; ++i) { /* of as many the first here, which the file ends with */
    const int more = are_dates(&kind[i], count[i]) - are_dates(&kind[best], count[best]);
    if (more > 0 || (more == 0 && count[i] > count[best])) best = i;
  }
  *out = kind[best];
  return true;
}

static bool is_year(const char *name) {
  int64_t number;
  return strlen(name) == 4 && wsf__integer_parse(name, 4, &number) && number >= 1900 &&
         number <= 2100;
}

static bool is_month(const char *name) {
  int64_t number;
  return strlen(name) == 6 && wsf__integer_parse(name, 6, &number) && number >= 190001 &&
         number <= 210012 && number % 100 >= 1 && number % 100 <= 12;
}

/* FY23, CY 2023, YTD23. */
static bool is_fiscal_year(const char *name) {
  static const char *const word[] = {"fy", "cy", "ytd", "mat", "ltm"};
  for (size_t i = 0; i < sizeof word / sizeof *word; ++i) {
    const size_t n = strlen(word[i]);
    size_t same = 0;
    while (same < n && (name[same] | 32) == word[i][same]) ++same;
    if (same < n) continue;
    const char *digits = name + n + (name[n] == ' ' || name[n] == '-' || name[n] == '_');
    const size_t all = strlen(digits);
    return (all == 2 || all == 4) && strspn(digits, "0123456789") == all;
  }
  return false;
}

bool wsf__wide_sums_year(const wsf__csv *csv, int k) {
  enum { LEAST = 3 };
  const wsf__time_style none = {0};
  const char *name = csv->column[k].name;
  const bool year = is_year(name);
  int months = 0;
  if (!year && !is_fiscal_year(name)) return false;
  for (int j = 0; j < csv->n_columns; ++j) {
    const char *other = csv->column[j].name;
    wsf__time_seen seen = {0};
    wsf__time t;
    const bool date = !year && wsf__time_read(other, strlen(other), &none, &t, &seen) &&
                      t.form != WSF__FORM_INTEGER && t.grain != WSF__GRAIN_YEAR;
    months += is_month(other) || date;
  }
  return months >= LEAST;
}
