/* A hash of the forecasts of every model in the catalogue, and of more forms of those that have
 * many, over an invented panel: the table of tests/bits/table.txt, the same on every machine.
 * usage: bits [EXPRESSION]     prints the table, or one line of it */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wsf/wsf.h>

enum { STORES = 3, DEPARTMENTS = 4, MONTHS = 130, AHEAD = 15, ROOM = 1 << 16 };

static const char *const more[] = {
    "arima",
    "arima(order=[3,1,2])",
    "arima(order=[2,0,1], seasonal=[1,1,1])",
    "arima(order=[1,1,1], method=css)",
    "arima(x=[Price])",
    "average | boxcox(auto)",
    "best(naive, ets, theta)",
    "ces",
    "ces(season=none)",
    "ces(season=full)",
    "conformal(ets, windows=2)",
    "empirical(ets, windows=2)",
    "croston",
    "deseason(ets, type=add)",
    "drift | boxcox",
    "ets",
    "ets(AAA)",
    "ets(ANN)",
    "ets(MMdM)",
    "ets(MMM)",
    "ets(x=[Price])",
    "ets | log",
    "lowrank(drift, rank=2, by=all)",
    "mean(ets, arima, theta)",
    "mstl(arima, seasons=[3,12])",
    "pool(ets, k=2, by=all)",
    "rebase(ets, by=all)",
    "snaive",
    "snaive | log",
    "stl(arima)",
    "swindow(3)",
    "tbats",
    "tbats(boxcox=true)",
    "tbats(seasons=[12])",
    "tbats(seasons=[3,12])",
    "theta",
    "theta(method=dstm)",
    "theta(method=otm)",
    "tslm",
    "tslm(log=true)",
    "tslm(x=[Price])",
    "prophet",
    "prophet(x=[Price], seasonality_mode=multiplicative)",
    "ucm",
    "ucm(model=level)",
    "ucm(model=trend)",
};

/* Over the same panel with its sums. */
static const char *const with_sums[] = {
    "reconcile(drift)",
    "reconcile(ets, mint, window=24, nonnegative=true)",
    "reconcile(ets, wls_var)",
    "reconcile(snaive, middle_out, level=[Store])",
};

static uint32_t scramble(uint32_t x) {
  x ^= x >> 15;
  x *= UINT32_C(0x2c1b3c6d);
  x ^= x >> 12;
  x *= UINT32_C(0x297a2d39);
  return x ^ x >> 15;
}

/* Whole numbers: a season, a trend, noise; department 4 sells now and then, 3 began late. */
static int64_t sales(int store, int department, int t) {
  static const int season[12] = {12, 5, 0, 3, 9, 14, 22, 20, 11, 8, 17, 39};
  const int noise = (int)(scramble((uint32_t)(store * 7919 + department * 104729 + t)) % 21);
  if (department == 4) return noise < 14 ? 0 : noise - 12;
  if (department == 3 && (t < 71 || (t + store) % 13 == 0)) return -1;
  return (100 + 40 * store + (department == 2 ? 2 * t : 0)) * (80 + season[t % 12] + noise / 2) /
         10;
}

static size_t panel(char *text) {
  size_t n = (size_t)snprintf(text, ROOM, "Store,Dept,Month,Sales,Price\n");
  for (int s = 1; s <= STORES; ++s) {
    for (int d = 1; d <= DEPARTMENTS; ++d) {
      for (int t = 0; t < MONTHS + AHEAD; ++t) {
        const int64_t y = t < MONTHS ? sales(s, d, t) : -1;
        n += (size_t)snprintf(text + n, ROOM - n, "%d,%d,%d-%02d-01,", s, d, 2015 + t / 12,
                              t % 12 + 1);
        if (y >= 0) n += (size_t)snprintf(text + n, ROOM - n, "%" PRId64, y);
        n += (size_t)snprintf(text + n, ROOM - n, ",%" PRIu32 "\n",
                              20 + scramble((uint32_t)(d * 31 + t)) % 5);
      }
    }
  }
  return n;
}

static _Noreturn void stop(const char *what, const wsf_error *err) {
  fprintf(stderr, "bits: %s: %s\n", what, err->message);
  exit(1);
}

/* FNV-1a over the numbers of a table; a NaN is a NaN. */
static uint64_t hash_table(uint64_t h, const wsf_table *t) {
  for (int64_t c = 0; c < wsf_table_columns(t); ++c) {
    const double *x = wsf_table_type(t, c) == WSF_TYPE_F64 ? wsf_table_f64(t, c) : NULL;
    for (int64_t r = 0; x && r < wsf_table_rows(t); ++r) {
      uint64_t bits = 1;
      if (x[r] == x[r]) memcpy(&bits, &x[r], sizeof bits);
      for (int byte = 0; byte < 8; ++byte) {
        h = (h ^ (bits >> 8 * byte & 255)) * UINT64_C(1099511628211);
      }
    }
  }
  return h;
}

static void show(wsf_context *ctx, const wsf_dataset *data, const char *expression) {
  static const char *const options[] = {"horizon=15, levels=[80,95]", "horizon=3, paths=4"};
  wsf_error err;
  wsf_model *model;
  wsf_forecaster *f;
  if (wsf_model_parse(&model, ctx, expression, &err)) stop(expression, &err);
  const wsf_status status = wsf_fit(&f, model, data, NULL, &err);
  if (status != WSF_OK) {
    printf("%-16s  %s\n", wsf_status_name(status), expression);
    wsf_model_release(model);
    return;
  }
  uint64_t h = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < sizeof options / sizeof *options; ++i) {
    wsf_table *t;
    if (wsf_predict(&t, f, NULL, options[i], &err)) stop(expression, &err);
    h = hash_table(h, t);
    wsf_table_release(t);
  }
  printf("%016" PRIx64 "  %s\n", h, expression);
  wsf_forecaster_release(f);
  wsf_model_release(model);
}

int main(int argc, char **argv) {
  static char text[ROOM];
  wsf_error err;
  wsf_context *ctx;
  wsf_dataset *data, *sums;
  wsf_table *catalogue;
  if (wsf_context_create(&ctx, "threads=2, seed=1", NULL, NULL, &err) ||
      wsf_context_add_bytes(ctx, "panel", text, panel(text), NULL, NULL, &err) ||
      wsf_dataset_open(&data, ctx,
                       "csv(\"panel\", keys=[Store,Dept], time=Month, target=Sales, "
                       "known=[Price], freq=month)",
                       &err) ||
      wsf_dataset_open(&sums, ctx,
                       "csv(\"panel\", keys=[Store,Dept], time=Month, target=Sales, "
                       "known=[Price], freq=month) | "
                       "aggregate(levels=[[],[Store],[Dept]], missing=skip)",
                       &err) ||
      wsf_catalog(&catalogue, ctx, NULL, &err)) {
    stop("panel", &err);
  }
  if (argc > 1) {
    show(ctx, data, argv[1]);
    return 0;
  }
  const int64_t family = wsf_table_find(catalogue, "family");
  const int64_t example = wsf_table_find(catalogue, "example");
  for (int64_t r = 0; r < wsf_table_rows(catalogue); ++r) {
    size_t length;
    const char *of = wsf_table_text(catalogue, family, r, &length);
    if (length != 5 || memcmp(of, "model", 5) != 0) continue;
    char expression[256];
    const char *from = wsf_table_text(catalogue, example, r, &length);
    /* the examples tell of Walmart's columns */
    const char *holiday = strstr(from, "IsHoliday");
    const size_t before = holiday && holiday < from + length ? (size_t)(holiday - from) : length;
    const size_t after = before < length ? before + strlen("IsHoliday") : length;
    (void)snprintf(expression, sizeof expression, "%.*s%s%.*s", (int)before, from,
                   before < length ? "Price" : "", (int)(length - after), from + after);
    show(ctx, data, expression);
  }
  for (size_t i = 0; i < sizeof more / sizeof *more; ++i) show(ctx, data, more[i]);
  for (size_t i = 0; i < sizeof with_sums / sizeof *with_sums; ++i) show(ctx, sums, with_sums[i]);
  wsf_table_release(catalogue);
  wsf_dataset_release(sums);
  wsf_dataset_release(data);
  wsf_context_release(ctx);
  return 0;
}
