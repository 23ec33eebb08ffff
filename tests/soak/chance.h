/* Random calls of the catalogue and random panels, for programs that look for what nobody thought
 * of. Everything follows from a seed: what fails is found again by its number.
 *
 * Options are drawn from their own rows (bounds, choices, kinds), so a new model or option takes
 * part by being in the catalogue. Most values are small, where the cases are; some are the bounds.
 */
#ifndef WSF_TESTS_CHANCE_H
#define WSF_TESTS_CHANCE_H

#include "engine/engine.h"

#include <wsf/wsf.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct chance {
  uint64_t state;
} chance;

static inline uint64_t chance_bits(chance *c) { /* splitmix64 */
  uint64_t z = (c->state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline int chance_below(chance *c, int n) {
  return (int)(chance_bits(c) % (uint64_t)n);
}

static inline double chance_uniform(chance *c) {
  return (double)(chance_bits(c) >> 11) * 0x1p-53;
}

static inline double chance_normal(chance *c) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += chance_uniform(c);
  return sum;
}

/* ---- calls -------------------------------------------------------------------------------- */

static inline void chance_number(chance *c, wsf__text *out, const wsf__option *o, bool whole) {
  static const double usual[] = {0, 1, 2, 3, 4, 5, 7, 12, 13, 24};
  double lo = o->lo, hi = o->hi;
  if (lo == 0 && hi == 0) hi = 10;
  double x = usual[chance_below(c, sizeof usual / sizeof *usual)];
  if (x < lo || x > hi || (!whole && chance_below(c, 2))) {
    x = lo + chance_uniform(c) * fmin(hi - lo, 10);
  }
  if (chance_below(c, 12) == 0) x = lo;
  if (chance_below(c, 12) == 0 && hi <= 400) x = hi;
  if (whole) x = floor(x) < lo ? ceil(x) : floor(x);
  wsf__text_number(out, whole                          ? x
                        : round(x * 1000) / 1000 >= lo ? fmin(round(x * 1000) / 1000, hi)
                                                       : x);
}

static inline void chance_word(chance *c, wsf__text *out, const char *words) {
  int n = 1;
  for (const char *p = words; *p; ++p) n += *p == '|';
  for (int skip = chance_below(c, n); skip > 0; ++words) skip -= *words == '|';
  wsf__text_add(out, words, strcspn(words, "|"));
}

/* What texts and names may say here: the panel's columns and keys, and the forms of ets. */
static inline void chance_text(chance *c, wsf__text *out, const char *option) {
  static const char *const form[] = {"ZZZ", "ANN", "AAN", "AAdN", "MAN", "MMdM", "AAA",
                                     "MAM", "ANA", "MNM", "ZAZ",  "MMN", "AAdA", "MAdM"};
  static const char *const key[] = {"all", "shop", "auto"};
  static const char *const column[] = {"promo", "price"};
  if (strcmp(option, "model") == 0)
    wsf__text_addz(out, form[chance_below(c, sizeof form / sizeof *form)]);
  else if (strcmp(option, "by") == 0 || strcmp(option, "pool") == 0)
    wsf__text_addz(out, key[chance_below(c, 3)]);
  else
    wsf__text_addz(out, column[chance_below(c, 2)]);
}

static inline void chance_call(chance *c, wsf__text *out, const char *family, int depth);

static inline void chance_value(chance *c, wsf__text *out, const wsf__option *o, int depth) {
  const bool whole = o->kind == WSF__INT || o->kind == WSF__INTS;
  int n = 1;
  switch (o->kind) {
  case WSF__INT:
  case WSF__REAL:
    if (o->words && chance_below(c, 2))
      chance_word(c, out, o->words);
    else
      chance_number(c, out, o, whole);
    return;
  case WSF__INTS:
  case WSF__REALS:
    /* order and seasonal of arima */
    n = strcmp(o->name, "order") == 0 || strcmp(o->name, "seasonal") == 0 ? 3
                                                                          : 1 + chance_below(c, 3);
    wsf__text_addz(out, "[");
    for (int i = 0; i < n; ++i) {
      if (i > 0) wsf__text_addz(out, ",");
      chance_number(c, out, o, whole);
    }
    wsf__text_addz(out, "]");
    return;
  case WSF__FLAG:
    wsf__text_addz(out, chance_below(c, 2) ? "true" : "false");
    return;
  case WSF__WORD:
  case WSF__WORDS:
    chance_word(c, out, o->words);
    return;
  case WSF__CALL:
    chance_call(c, out, o->words, depth + 1);
    return;
  case WSF__MIXED:
    wsf__text_addz(out, "[");
    n = 1 + chance_below(c, 3);
    for (int i = 0; i < n; ++i) {
      if (i > 0) wsf__text_addz(out, ",");
      if (chance_below(c, 2))
        chance_text(c, out, o->name);
      else
        chance_call(c, out, o->words, depth + 1);
    }
    wsf__text_addz(out, "]");
    return;
  case WSF__CALLS:
    wsf__text_addz(out, "[");
    n = 1 + chance_below(c, 3);
    for (int i = 0; i < n; ++i) {
      if (i > 0) wsf__text_addz(out, ",");
      chance_call(c, out, o->words, depth + 1);
    }
    wsf__text_addz(out, "]");
    return;
  default:
    chance_text(c, out, o->name);
  }
}

static inline bool chance_holds_calls(const wsf__spec *spec) {
  bool any = false;
  for (int i = 0; i < spec->n_options; ++i) any |= spec->options[i].kind >= WSF__CALL;
  return any;
}

/* A call of the family as text; from depth 2 on one that holds no others. */
static inline void chance_call(chance *c, wsf__text *out, const char *family, int depth) {
  const wsf__catalog *catalog = wsf__engine_catalog();
  const wsf__spec *spec = NULL;
  int n = 0;
  while (catalog->at(n)) ++n;
  do {
    spec = catalog->at(chance_below(c, n));
  } while (strcmp(spec->family, family) != 0 || (depth > 1 && chance_holds_calls(spec)));
  wsf__text_addz(out, spec->name);
  wsf__text_addz(out, "(");
  bool first = true;
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    if (o->preset && chance_below(c, 3) > 0) continue;
    if (!first) wsf__text_addz(out, ", ");
    first = false;
    wsf__text_printf(out, "%s=", o->name);
    chance_value(c, out, o, depth);
  }
  wsf__text_addz(out, ")");
}

/* ---- panels ------------------------------------------------------------------------------- */

enum { CHANCE_KINDS = 14, CHANCE_LONGEST = 64, CHANCE_AHEAD = 12 };

static inline double chance_observation(chance *c, int kind, int t, int m, double *level) {
  const double wave = sin(6.283185307179586 * t / m);
  switch (kind) {
  case 0:
    return 5;
  case 1:
    return 100 + 3.0 * t;
  case 2:
    return 100 * pow(1.05, t);
  case 3:
    return 100 + t + 30 * (t % m == 1) + 3 * sin((double)t * t);
  case 4:
    return 50 + 10 * wave; /* exactly periodic */
  case 5:
    return 100 + 0.5 * t + 20 * wave + 5 * chance_normal(c);
  case 6:
    return *level += chance_normal(c);
  case 7:
    return chance_below(c, 4) ? 0 : 1 + chance_below(c, 9);
  case 8:
    return t == 7 ? 1000 : 0;
  case 9:
    return -20 + 10 * wave + chance_normal(c);
  case 10:
    return chance_below(c, 3) ? NAN : 20 + chance_normal(c);
  case 11:
    return t % 2 ? 10 : 1;
  case 12:
    return (1 + wave * wave) * 1e12;
  default:
    return floor(10 + 3 * chance_normal(c));
  }
}

/* One to four series of any kind and length, two columns known ahead. NULL: it has no rows. */
static inline wsf_dataset *chance_dataset(chance *c, wsf_context *ctx) {
  static const char *const shop[] = {"a", "b", "c", "d"};
  static const int seasons[] = {1, 2, 4, 7, 12};
  const int m = seasons[chance_below(c, 5)], n = 1 + chance_below(c, 4);
  char options[128];
  (void)snprintf(options, sizeof options,
                 "keys=shop, time=t, target=y, known=[promo,price], season=%d, end=%s", m,
                 chance_below(c, 2) ? "own" : "panel");
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  if (wsf_builder_create(&b, ctx, options, NULL) != WSF_OK) return NULL;
  const int end = 1 + chance_below(c, CHANCE_LONGEST);
  for (int i = 0; i < n; ++i) {
    const int kind = chance_below(c, CHANCE_KINDS), start = chance_below(c, 4) ? 0 : end / 2;
    double level = 20;
    for (int t = start; t < end + CHANCE_AHEAD; ++t) {
      char time[16];
      (void)snprintf(time, sizeof time, "%d", t + 1);
      const double x[] = {t % 5 == 0, 2 + 0.1 * chance_normal(c)};
      const double y = t < end ? chance_observation(c, kind, t, m > 1 ? m : 4, &level) : NAN;
      if (wsf_builder_add(b, &shop[i], time, y, x, NULL) != WSF_OK) abort();
    }
  }
  if (wsf_builder_finish(&ds, b, NULL) != WSF_OK) ds = NULL;
  wsf_builder_release(b);
  return ds;
}

#endif
