/* docs/paths.md: what to order for a lead time of four weeks, from the interval of the sum and from
 * sample paths of one's own. */
#include <stdio.h>
#include <stdlib.h>
#include <wsf/wsf.h>

enum { WEEKS = 4, PATHS = 500 };

/* How many of the paths of the first series sell no more than `stock` in all weeks together. */
static int covered(const wsf_table *t, double stock) {
  int n = 0;
  for (int k = 1; k <= PATHS; ++k) {
    char name[24];
    (void)snprintf(name, sizeof name, "path-%d", k);
    const double *path = wsf_table_f64(t, wsf_table_find(t, name));
    double sold = 0;
    for (int week = 0; path && week < WEEKS; ++week) sold += path[week];
    n += path && sold <= stock;
  }
  return n;
}

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *f = NULL;
  wsf_table *sums = NULL, *paths = NULL;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, "simulate(stores=2, depts=4)", &err);
  if (!s) s = wsf_model_parse(&model, ctx, "ets", &err);
  if (!s) s = wsf_fit(&f, model, ds, NULL, &err);
  if (!s) s = wsf_predict(&sums, f, NULL, "horizon=4, cumulative=true, quantiles=[0.95]", &err);
  if (!s) s = wsf_predict(&paths, f, NULL, "horizon=4, paths=500, series=\"1,1\"", &err);
  int share = 0;
  if (s) {
    fprintf(stderr, "%s\n", err.message);
  } else {
    const double stock = wsf_table_f64(sums, wsf_table_find(sums, "q-0.95"))[WEEKS - 1];
    share = covered(paths, stock);
    printf("%.0f in stock for %d weeks are enough in %d of %d futures\n", stock, WEEKS, share,
           PATHS);
  }
  wsf_table_release(sums);
  wsf_table_release(paths);
  wsf_forecaster_release(f);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return abs(share - PATHS * 95 / 100) > PATHS / 20;
}
