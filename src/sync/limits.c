#include "sync/limits.h"

#include "base/error.h"

#include <inttypes.h>

static const struct {
  const char *option, *counts;
} limit_row[] = {
#define ROW(name, text) {"max_" #name, text},
    WSF__LIMITS(ROW)
#undef ROW
};

const char *wsf__limit_option(wsf__limit limit) {
  return limit_row[limit].option;
}

wsf_status wsf__limit_check(const wsf__limits *limits, wsf__limit limit, int64_t found,
                            wsf_error *err) {
  const int64_t most = limits->most[limit];
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
