/* Rolling-origin trials inside a fit (Tashman 2000, "Out-of-sample tests of forecasting accuracy").
 * A window is one trial over all series of the batch that are long enough for it, so a call that
 * pools series sees them together, as it will in the final fit. */
#include "models/combine/rolling.h"

/* Without a season a window must still say something of more than the next step: six, as yearly
 * series are forecast in the M competitions. */
enum { UNSEASONAL_HORIZON = 6 };

wsf__rolling wsf__rolling_of(const wsf__node *node, const wsf__fit *f) {
  const int64_t horizon = wsf__arg_int(node, "horizon");
  return (wsf__rolling){.windows = wsf__arg_int(node, "windows"),
                        .horizon = horizon > 0 ? horizon : f->horizon,
                        .season = wsf__season_of(node, f->panel)};
}

bool wsf__rolling_fold(wsf__fold *out, const wsf__rolling *r, int64_t n, int64_t w) {
  int64_t h = r->horizon;
  if (h == 0) {
    h = r->season > 1 ? r->season : UNSEASONAL_HORIZON;
    if (h > n / 4) h = n / 4;
  }
  if (h > n / 2) h = n / 2;
  if (h < 1) return false;
  if (w >= r->windows || w + 1 > n / h) return false;
  *out = (wsf__fold){n - (w + 1) * h, h};
  return out->origin >= 2 && out->origin >= n / 3;
}

/* What is asked of a window, and who is told. */
typedef struct listener {
  int n_q;
  const double *q;
  wsf__rolling_quantiles_fn *each;
  void *user;
} listener;

/* The forecasts of a window's series that could be fitted; the others are told of at once. */
static wsf_status ask_all(wsf__fit *f, const wsf__batch *trial, const wsf__fitted *fitted,
                          const int64_t *place, const wsf__batch *b, const wsf__rolling *r,
                          int64_t w, const listener *to) {
  wsf__series *some = wsf__arena_new(f->scratch, (size_t)trial->n, sizeof *some);
  wsf__forecast *out = wsf__arena_new(f->scratch, (size_t)trial->n, sizeof *out);
  if (!some || !out) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t j = 0; j < trial->n; ++j) {
    const wsf__series *s = &trial->series[j];
    wsf__fold fold;
    if (!wsf__rolling_fold(&fold, r, b->series[place[j]].n, w)) continue;
    if (fitted->state[s->slot].reason >= WSF__NOT_FITTED) {
      to->each(to->user, place[j], w, fold, NULL, fitted, s->slot);
      continue;
    }
    const wsf__forecast like = {.h = fold.h, .n_q = to->n_q, .q = to->q};
    if (!wsf__forecast_like(&out[n], f->scratch, &like)) return wsf__fail_memory(f->err);
    some[n++] = *s;
  }
  WSF__TRY(f->predict_inner(f, fitted, &(wsf__batch){n, some}, out));
  for (int64_t k = 0; k < n; ++k) {
    const int64_t at = place[some[k].slot]; /* slots of a trial are places in its batch */
    wsf__fold fold;
    if (!wsf__rolling_fold(&fold, r, b->series[at].n, w)) continue;
    to->each(to->user, at, w, fold, &out[k], fitted, some[k].slot);
  }
  return WSF_OK;
}

static wsf_status run_window(wsf__fit *f, const wsf__batch *b, const wsf__node *node,
                             const wsf__rolling *r, int64_t w, const listener *to) {
  wsf__series *cut = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *cut);
  int64_t *place = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *place);
  if (!cut || !place) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    wsf__fold fold;
    if (!wsf__rolling_fold(&fold, r, b->series[i].n, w)) continue;
    cut[n] = b->series[i];
    cut[n].n = fold.origin;
    cut[n].slot = n;
    place[n++] = i;
  }
  if (n == 0) return WSF_OK;
  const wsf__batch trial = {n, cut};
  wsf__fitted *fitted = f->trial(f, node, n);
  if (!fitted) return wsf__fail_memory(f->err);
  WSF__TRY(f->fit_inner(f, &trial, fitted));
  WSF__TRY(ask_all(f, &trial, fitted, place, b, r, w, to));
  f->trial_end(f, fitted);
  return WSF_OK;
}

static wsf_status window(wsf__fit *f, const wsf__batch *b, const wsf__node *node,
                         const wsf__rolling *r, int64_t w, const listener *to) {
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  WSF__TRY(run_window(f, b, node, r, w, to));
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* One who wants the means alone. */
typedef struct mean_listener {
  wsf__rolling_fn each;
  void *user;
} mean_listener;

static void tell_mean(void *user, int64_t i, int64_t w, wsf__fold fold,
                      const wsf__forecast *forecast, const wsf__fitted *fitted, int64_t slot) {
  (void)fitted;
  (void)slot;
  const mean_listener *to = user;
  to->each(to->user, i, w, fold, forecast ? forecast->mean : NULL);
}

wsf_status wsf__rolling_window(wsf__fit *f, const wsf__batch *b, const wsf__node *node,
                               const wsf__rolling *r, int64_t w, wsf__rolling_fn each, void *user) {
  mean_listener mean = {each, user};
  return window(f, b, node, r, w, &(listener){.each = tell_mean, .user = &mean});
}

wsf_status wsf__rolling_run(wsf__fit *f, const wsf__batch *b, const wsf__node *node,
                            const wsf__rolling *r, wsf__rolling_fn each, void *user) {
  for (int64_t w = 0; w < r->windows; ++w) {
    WSF__TRY(wsf__rolling_window(f, b, node, r, w, each, user));
  }
  return WSF_OK;
}

wsf_status wsf__rolling_quantiles(wsf__fit *f, const wsf__batch *b, const wsf__node *node,
                                  const wsf__rolling *r, int n_q, const double *q,
                                  wsf__rolling_quantiles_fn *each, void *user) {
  const listener to = {n_q, q, each, user};
  for (int64_t w = 0; w < r->windows; ++w) WSF__TRY(window(f, b, node, r, w, &to));
  return WSF_OK;
}
