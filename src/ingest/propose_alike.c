/* Columns of numbers beside a time that may be series: those of one word that keys are called by,
 * Shop A and Shop B, North Store and South Store, each with a label of its own; and those that only
 * hold numbers of one kind and size, Leeds and York, which nothing but the reader knows. */
#include "ingest/propose.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What stands behind Store in names of its own numbers: no label of a store. */
static const char *const quantity[] = {
    "id",      "nr",     "no",     "nbr",    "num",     "number",   "code",   "type",   "size",
    "area",    "sqft",   "sqm",    "age",    "class",   "group",    "name",   "lat",    "lon",
    "weight",  "height", "length", "width",  "views",   "new",      "active", "items",  "baskets",
    "returns", "staff",  "hours",  "days",   "visits",  "visitors", "level",  "score",  "rank",
    "rating",  "format", "stock",  "budget", "traffic", "churn",    "lost",   "served", "cluster"};

enum { WORD = 24 };

/* A name in two: its first or last word, in small letters, and the label beside it. */
typedef struct halves {
  char word[WORD];
  const char *label;
  size_t length;
} halves;

static bool cut_name(halves *to, const char *name, bool last) {
  const size_t all = strlen(name);
  size_t from = 0, end = 0;
  if (last) {
    for (from = end = all; from > 0 && wsf__is_word_byte(name[from - 1]); --from) continue;
  } else {
    while (end < all && wsf__is_word_byte(name[end]) &&
           !(end > 0 && name[end] <= 'Z' && name[end] >= 'A' && name[end - 1] >= 'a'))
      ++end;
  }
  const size_t n = end - from;
  if (n == 0 || n >= WORD || n == all) return false;
  for (size_t i = 0; i < n; ++i) {
    const char c = name[from + i];
    to->word[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
  }
  to->word[n] = '\0';
  to->label = last ? name : name + end;
  to->length = last ? from : all - end;
  return wsf__propose_key_word(to->word);
}

/* Whether a label says what is measured, and not of whom. */
static bool measures(const halves *h) {
  char label[64];
  const size_t n = h->length < sizeof label ? h->length : sizeof label - 1;
  memcpy(label, h->label, n);
  label[n] = '\0';
  return wsf__propose_holds_word(label, quantity, sizeof quantity / sizeof *quantity) ||
         wsf__propose_is_measure(label) || wsf__propose_rate(label) ||
         wsf__propose_total_name(label) || wsf__propose_called(label, WSF__CALLED_TARGET) ||
         wsf__propose_called(label, WSF__CALLED_COVARIATE) ||
         wsf__propose_called(label, WSF__CALLED_SHARE) ||
         wsf__propose_called(label, WSF__CALLED_TIME);
}

static bool may_be(const wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  const wsf__part part = p->column[k].part;
  return (part == WSF__PART_PAST || part == WSF__PART_TARGET) && c->number && !c->flag;
}

int wsf__propose_labelled(const wsf__proposal *p, bool *labelled) {
  int most = 0;
  for (int side = 0; side < 2 && most < 2; ++side) {
    for (int k = 0; k < p->csv.n_columns && most < 2; ++k) {
      halves one, other;
      int n = 0;
      if (!may_be(p, k) || !cut_name(&one, p->csv.column[k].name, side)) continue;
      for (int j = 0; j < p->csv.n_columns; ++j) {
        labelled[j] = may_be(p, j) && cut_name(&other, p->csv.column[j].name, side) &&
                      strcmp(one.word, other.word) == 0 && !measures(&other);
        n += labelled[j];
      }
      most = n;
    }
  }
  for (int k = 0; k < p->csv.n_columns && most < 2; ++k) labelled[k] = false;
  return most < 2 ? 0 : most;
}

/* ---- numbers of one kind and size ---------------------------------------------------------- */

/* The mean of what is no 0, without its sign; 0: there is none. *whole: no number has a fraction.
 */
static double size_of(const wsf__csv *csv, int k, bool *whole) {
  const double *x = csv->column[k].number;
  double sum = 0;
  int64_t n = 0;
  *whole = true;
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (isnan(x[i]) || x[i] == 0) continue;
    sum += fabs(x[i]);
    *whole &= x[i] == floor(x[i]);
    ++n;
  }
  return n > 0 ? sum / (double)n : 0;
}

/* No word of the name says what the numbers are. */
static bool says_nothing(const wsf__proposal *p, int k) {
  const char *name = p->csv.column[k].name;
  return may_be(p, k) && name[0] && !wsf__propose_is_measure(name) && !wsf__propose_rate(name) &&
         !wsf__propose_total_name(name) && !wsf__propose_called(name, WSF__CALLED_TIME) &&
         !wsf__propose_called(name, WSF__CALLED_TARGET) &&
         !wsf__propose_called(name, WSF__CALLED_COVARIATE) &&
         !wsf__propose_called(name, WSF__CALLED_SHARE) &&
         !wsf__propose_called(name, WSF__CALLED_ORDER) && !wsf__propose_leads(&p->csv, name);
}

/* The columns that are alike to k, and k: how many. */
static int alike(const wsf__proposal *p, int k, bool *own) {
  enum { TIMES = 10 };
  bool whole, also;
  const double size = size_of(&p->csv, k, &whole);
  int n = 0;
  for (int j = 0; j < p->csv.n_columns; ++j) {
    own[j] = false;
    if (!(size > 0) || (j != k && !says_nothing(p, j))) continue;
    const double other = size_of(&p->csv, j, &also);
    own[j] = also == whole && other * TIMES > size && other < size * TIMES;
    n += own[j];
  }
  return n;
}

int wsf__propose_alike(const wsf__proposal *p, bool *own) {
  int target = -1;
  if (p->layout != WSF__LAYOUT_LONG || p->twice > 0 || wsf__propose_headless(p)) return 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part == WSF__PART_KEY) return 0;
    if (p->column[k].part == WSF__PART_TARGET) target = k;
  }
  if (target < 0) return 0;
  const int labelled = wsf__propose_labelled(p, own);
  if (labelled > 0) return labelled;
  const int n = says_nothing(p, target) ? alike(p, target, own) : 0;
  return n > 1 ? n : 0;
}
