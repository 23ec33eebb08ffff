/* Numbers that stand for no value in an unknown file: -999, -99.99, 99999. They are nines alone,
 * come more than once, and lie far from all other values. */
#include "ingest/propose.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

static bool is_nines(double x, int least) {
  char text[32];
  const size_t n = wsf__number_format(x, text);
  int nines = 0;
  for (size_t i = 0; i < n; ++i) {
    if (text[i] != '9' && text[i] != '-' && text[i] != '.') return false;
    nines += text[i] == '9';
  }
  return nines >= least;
}

static bool is_value(const wsf__proposal *p, int k) {
  const wsf__part part = p->column[k].part;
  return (part == WSF__PART_TARGET || part == WSF__PART_PERIOD || part == WSF__PART_SERIES) &&
         p->csv.column[k].number;
}

/* How often the least of all values stands there, of the numbers times `sign`; *next: the least of
 * the others. */
static int64_t count_least(const wsf__proposal *p, int sign, double *least, double *next) {
  int64_t n = 0;
  *least = *next = INFINITY;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (!is_value(p, k)) continue;
    for (int64_t i = 0; i < p->csv.rows && !wsf__propose_stopped(&p->csv, i); ++i) {
      const double x = sign * p->csv.column[k].number[i];
      if (isnan(x)) continue;
      if (x < *least) {
        *next = *least;
        *least = x;
        n = 0;
      }
      n += x == *least;
      if (x > *least && x < *next) *next = x;
    }
  }
  return n;
}

void wsf__propose_nines(wsf__proposal *p) {
  enum { LEAST_BELOW = 3, LEAST_ABOVE = 4, TIMES = 2 };
  for (int sign = 1; sign >= -1; sign -= 2) {
    double least, next;
    char text[32];
    const int64_t n = count_least(p, sign, &least, &next);
    const bool far = least < 0 && -least >= TIMES * fabs(next);
    if (n < TIMES || isinf(next) || !far) continue;
    if (!is_nines(least, sign > 0 ? LEAST_BELOW : LEAST_ABOVE)) continue;
    text[wsf__number_format(sign * least, text)] = '\0';
    wsf__propose_doubt(p,
                       "%s stands there %lld times, far from all other values, as what is none "
                       "often does (na=[\"%s\"] says so)",
                       text, (long long)n, text);
  }
}
