/* Round tick marks: 1, 2, 5 times a power of ten for numbers (Heckbert, "Nice numbers for graph
 * labels", Graphics Gems 1990), calendar steps with ISO labels for dates and times. */
#include "cli.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { MOST = 64 };

static double nice_step(double rough) {
  const double power = pow(10, floor(log10(rough)));
  const double part = rough / power;
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
}

/* 1234567.5 -> "1,234,567.5" */
static void thousands(double x, int decimals, char *out, size_t capacity) {
  char plain[64];
  (void)snprintf(plain, sizeof plain, "%.*f", decimals, x == 0 ? 0.0 : fabs(x));
  const size_t whole = strcspn(plain, ".");
  size_t n = 0;
  if (x < 0 && capacity > 1) out[n++] = '-';
  for (size_t i = 0; plain[i] && n + 2 < capacity; ++i) {
    if (i > 0 && i < whole && (whole - i) % 3 == 0) out[n++] = ',';
    out[n++] = plain[i];
  }
  out[n] = 0;
}

void cli_ticks_number(cli_ticks *out, double lo, double hi, int want) {
  out->n = 0;
  if (!(hi > lo)) hi = lo + 1;
  const double step = nice_step((hi - lo) / want);
  const int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
  const double first = floor(lo / step + 1e-9), last = ceil(hi / step - 1e-9);
  for (double k = first; k <= last && out->n < MOST; ++k) {
    out->at[out->n] = k * step;
    if (fabs(k * step) >= 1e12)
      (void)snprintf(out->label[out->n], sizeof out->label[0], "%g", k * step);
    else
      thousands(k * step, decimals > 12 ? 12 : decimals, out->label[out->n], sizeof out->label[0]);
    ++out->n;
  }
}

/* Proleptic Gregorian day number, 1970-01-01 = 0, of the first of a month (months since year 0);
 * H. Hinnant, "chrono-compatible low-level date algorithms". */
static double first_of_month(int64_t months) {
  int64_t y = months >= 0 ? months / 12 : -((11 - months) / 12);
  const int64_t m = months - 12 * y + 1;
  if (m <= 2) --y;
  const int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  const int64_t of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5;
  const int64_t days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
  return (double)days;
}

static struct tm broken_down(double seconds) {
  const time_t at = (time_t)seconds;
  struct tm tm;
  if (!gmtime_r(&at, &tm)) memset(&tm, 0, sizeof tm);
  return tm;
}

enum unit { SECONDS, DAYS, MONTHS };
typedef struct step {
  enum unit unit;
  int64_t count;
  double about; /* seconds */
  const char *label;
  double width; /* of a label, beside a whole date's */
} step;

static const step steps[] = {
    {SECONDS, 60, 60, "%H:%M", 0.6},
    {SECONDS, 300, 300, "%H:%M", 0.6},
    {SECONDS, 900, 900, "%H:%M", 0.6},
    {SECONDS, 3600, 3600, "%H:%M", 0.6},
    {SECONDS, 10800, 10800, "%H:%M", 0.6},
    {SECONDS, 21600, 21600, "%H:%M", 0.6},
    {SECONDS, 43200, 43200, "%H:%M", 0.6},
    {DAYS, 1, 86400, "%Y-%m-%d", 1},
    {DAYS, 2, 2 * 86400, "%Y-%m-%d", 1},
    {DAYS, 7, 7 * 86400, "%Y-%m-%d", 1},
    {DAYS, 14, 14 * 86400, "%Y-%m-%d", 1},
    {MONTHS, 1, 30.4 * 86400, "%Y-%m", 0.7},
    {MONTHS, 3, 91.3 * 86400, "%Y-%m", 0.7},
    {MONTHS, 6, 182.6 * 86400, "%Y-%m", 0.7},
    {MONTHS, 12, 365.25 * 86400, "%Y", 0.5},
    {MONTHS, 24, 2 * 365.25 * 86400, "%Y", 0.5},
    {MONTHS, 60, 5 * 365.25 * 86400, "%Y", 0.5},
    {MONTHS, 120, 10 * 365.25 * 86400, "%Y", 0.5},
    {MONTHS, 240, 20 * 365.25 * 86400, "%Y", 0.5},
    {MONTHS, 600, 50 * 365.25 * 86400, "%Y", 0.5},
    {MONTHS, 1200, 100 * 365.25 * 86400, "%Y", 0.5},
};
enum { N_STEPS = (int)(sizeof steps / sizeof steps[0]) };

static void add_tick(cli_ticks *out, const step *s, double seconds, double unit) {
  const struct tm tm = broken_down(seconds);
  const bool midnight = s->unit == SECONDS && tm.tm_hour == 0 && tm.tm_min == 0;
  out->at[out->n] = seconds / unit;
  if (strftime(out->label[out->n], sizeof out->label[0], midnight ? "%Y-%m-%d" : s->label, &tm))
    ++out->n;
}

void cli_ticks_time(cli_ticks *out, int32_t type, double lo, double hi, int want) {
  out->n = 0;
  if (type == WSF_TYPE_I64) {
    cli_ticks all;
    cli_ticks_number(&all, lo, hi, want);
    for (int i = 0; i < all.n; ++i) {
      if (all.at[i] < lo || all.at[i] > hi || all.at[i] != floor(all.at[i])) continue;
      out->at[out->n] = all.at[i];
      /* Years and indexes carry no thousands separator. */
      (void)snprintf(out->label[out->n++], sizeof out->label[0], "%.0f", all.at[i]);
    }
    return;
  }
  const double unit = type == WSF_TYPE_DATE ? 86400 : 1; /* of the column, in seconds */
  const double from = lo * unit, to = hi * unit;
  const step *s = &steps[type == WSF_TYPE_DATE ? 7 : 0];
  while (s + 1 < steps + N_STEPS && (to - from) / s->about * s->width > want) ++s;
  if (s->unit == MONTHS) {
    const struct tm tm = broken_down(from);
    int64_t month = ((int64_t)tm.tm_year + 1900) * 12 + tm.tm_mon;
    month -= month % s->count;
    for (; out->n < MOST; month += s->count) {
      const double at = first_of_month(month) * 86400;
      if (at > to) break;
      if (at >= from) add_tick(out, s, at, unit);
    }
    return;
  }
  const double width = s->unit == DAYS ? (double)s->count * 86400 : (double)s->count;
  const double shift = s->unit == DAYS && s->count % 7 == 0 ? 4 * 86400 : 0; /* Mondays */
  for (double k = ceil((from - shift) / width); out->n < MOST; ++k) {
    if (k * width + shift > to) break;
    add_tick(out, s, k * width + shift, unit);
  }
}
