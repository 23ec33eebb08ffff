/* The options of prophet that are lists for the entries of x=: how large an effect may be, and what
 * it is added to, as the package's add_regressor(prior_scale, mode, standardize) has them. */
#include "models/local/prophet/prophet.h"

#include <string.h>

double wsf__prophet_prior_of(const wsf__node *node, int entry) {
  const wsf__value *list = wsf__arg(node, "x_prior_scale");
  if (list->n == 0) return wsf__arg_number(node, "holidays_prior_scale");
  return list->numbers[list->n == 1 ? 0 : entry];
}

const char *wsf__prophet_word_of(const wsf__node *node, const char *option, int entry) {
  const wsf__value *list = wsf__arg(node, option);
  return list->n == 0 ? NULL : list->strings[list->n == 1 ? 0 : entry];
}

static wsf_status check_length(const wsf__node *node, const char *option, wsf_error *err) {
  const int n = wsf__arg(node, option)->n, entries = wsf__arg(node, "x")->n;
  if (n <= 1 || n == entries) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "%s has %d entries and x= %d, expected one for each, or one",
                  option, n, entries);
  wsf__error_at_field(err, option);
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

static wsf_status refuse(const wsf__node *node, const char *option, const char *what,
                         wsf_error *err) {
  (void)wsf__fail(err, WSF_E_VALUE, "%s= is %s", option, what);
  wsf__error_at_field(err, option);
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

wsf_status wsf__prophet_check(const wsf__node *node, wsf_error *err) {
  static const char *const bound[] = {"cap", "floor"};
  static const char *const list[] = {"x_prior_scale", "x_mode", "x_standardize"};
  static const char *const place[] = {"n_changepoints", "changepoint_range"};
  for (int i = 0; i < 2 && wsf__prophet_growth(node) != WSF__LOGISTIC; ++i) {
    if (!wsf__arg_text(node, bound[i])) continue;
    return refuse(node, bound[i], "of logistic growth alone, expected growth=logistic with it",
                  err);
  }
  for (int i = 0; i < 3 && wsf__arg(node, "x")->n == 0; ++i) {
    if (wsf__arg(node, list[i])->n == 0) continue;
    return refuse(node, list[i], "for the entries of x=, expected x= with it", err);
  }
  for (int i = 0; i < 2 && wsf__arg(node, "changepoints")->n > 0; ++i) {
    if (!wsf__arg(node, place[i])->given) continue;
    return refuse(node, place[i], "not looked at beside changepoints=, expected one of them", err);
  }
  return WSF_OK;
}

wsf_status wsf__prophet_shares(const bool **out, const wsf__node *node, const wsf__regressors *r,
                               wsf__arena *scratch, wsf_error *err) {
  const char *seasons = wsf__arg_text(node, "seasonality_mode");
  WSF__TRY(check_length(node, "x_prior_scale", err));
  WSF__TRY(check_length(node, "x_mode", err));
  WSF__TRY(check_length(node, "x_standardize", err));
  bool *share = wsf__arena_new(scratch, (size_t)r->n, sizeof *share);
  if (!share) return wsf__fail_memory(err);
  for (int c = 0; c < r->n; ++c) {
    const char *mode = wsf__prophet_word_of(node, "x_mode", r->entry[c]);
    share[c] = !strcmp(mode ? mode : seasons, "multiplicative");
  }
  *out = share;
  return WSF_OK;
}
