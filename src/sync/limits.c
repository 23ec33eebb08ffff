#include "sync/limits.h"

#include "base/error.h"

#include <inttypes.h>

static const struct {
  const char *option, *counts;
  int64_t preset;
} limit_row[] = {
#define ROW(name, text, preset) {"max_" #name, text, preset},
    WSF__LIMITS(ROW)
#undef ROW
};

const char *wsf__limit_option(wsf__limit limit) {
  return limit_row[limit].option;
}

wsf_status wsf__limit_check(const wsf__limits *limits, wsf__limit limit, int64_t found,
                            wsf_error *err) {
  const int64_t most = limits->most[limit] ? limits->most[limit] : limit_row[limit].preset;
  if (most == 0 || found <= most) return WSF_OK;
  const wsf_status status =
      wsf__fail(err, WSF_E_LIMIT, "%" PRId64 " %s; the context allows %" PRId64 " (%s)", found,
                limit_row[limit].counts, most, limit_row[limit].option);
  wsf__error_at_field(err, limit_row[limit].option);
  return status;
}

wsf_status wsf__limit_product(const wsf__limits *limits, wsf__limit limit, int64_t a, int64_t b,
                              wsf_error *err) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product)) product = INT64_MAX;
  return wsf__limit_check(limits, limit, product, err);
}

enum { SPREAD = 4096, LEAST_SPREAD = 1 << 24 };

int64_t wsf__limit_spread(const wsf__limits *limits, int64_t rows) {
  int64_t most;
  if (__builtin_mul_overflow(rows, (int64_t)SPREAD, &most)) most = INT64_MAX;
  if (most < LEAST_SPREAD) most = LEAST_SPREAD;
  return most > limits->most[WSF__MOST_values] ? most : limits->most[WSF__MOST_values];
}

enum { STATE_SPREAD = 64, LEAST_STATE = 1 << 20 };

int64_t wsf__limit_state(const wsf__limits *limits, int64_t n, int64_t history) {
  const int64_t given = limits->most[WSF__MOST_state];
  const int64_t share = (given ? given : limit_row[WSF__MOST_state].preset) / (n > 0 ? n : 1);
  if (given || history > share / STATE_SPREAD) return share;
  const int64_t most = STATE_SPREAD * history > LEAST_STATE ? STATE_SPREAD * history : LEAST_STATE;
  return most < share ? most : share;
}
