/* What a fit leaves can be saved, loaded and used: random expressions over the whole catalogue on
 * random panels, each fitted, written, read again, and forecast to the same bits.
 *
 *   roundtrip COUNT [FIRST]    cases FIRST .. FIRST + COUNT - 1; a case prints its number if it
 * fails
 *
 * A fit may also say that it cannot, but not by a state that its own model refuses: that is what
 * the reason `not_finite` means for histories of ordinary size, and counts as a failure here. */
#include "chance.h"

typedef struct tally {
  long fitted, refused, late;
} tally;

static void give_up(long number, const char *model, const char *what, const wsf_error *err) {
  (void)fprintf(stderr, "case %ld: %s: %s: %s\n", number, model, what, err ? err->message : "");
  exit(1);
}

/* NULL: a feature behind x= has no value ahead, such as nothing over nothing. */
static wsf_table *forecast(const wsf_forecaster *f, long number, const char *model) {
  wsf_table *t = NULL;
  wsf_error err;
  const wsf_status status = wsf_predict(&t, f, NULL, "horizon=12, levels=[50,95]", &err);
  if (status != WSF_OK && status != WSF_E_DATA) give_up(number, model, "predict", &err);
  return t;
}

static unsigned char *image(const wsf_forecaster *f, size_t *size, long number, const char *model) {
  wsf_error err;
  unsigned char *bytes = NULL;
  if (wsf_forecaster_write(f, NULL, 0, size, &err) != WSF_OK || !(bytes = malloc(*size)) ||
      wsf_forecaster_write(f, bytes, *size, size, &err) != WSF_OK) {
    give_up(number, model, "write", &err);
  }
  return bytes;
}

static void same_forecasts(const wsf_forecaster *f, const wsf_forecaster *g, long number,
                           const char *model) {
  static const char *const column[] = {"forecast", "lo-50", "hi-50", "lo-95", "hi-95"};
  wsf_table *a = forecast(f, number, model), *b = forecast(g, number, model);
  if (!a || !b) {
    if (a != b) give_up(number, model, "one of them cannot forecast", NULL);
    return;
  }
  const size_t size = (size_t)wsf_table_rows(a) * sizeof(double);
  if (wsf_table_rows(a) != wsf_table_rows(b)) give_up(number, model, "other rows", NULL);
  for (size_t i = 0; i < sizeof column / sizeof *column; ++i) {
    const double *x = wsf_table_f64(a, wsf_table_find(a, column[i]));
    const double *y = wsf_table_f64(b, wsf_table_find(b, column[i]));
    if (memcmp(x, y, size) != 0) give_up(number, model, "other forecasts", NULL);
    for (int64_t r = 0; r < wsf_table_rows(a); ++r) {
      if (!isfinite(x[r])) give_up(number, model, "a forecast is not finite", NULL);
    }
  }
  wsf_table_release(a);
  wsf_table_release(b);
}

static void read_again(wsf_context *ctx, const wsf_forecaster *f, long number, const char *model) {
  size_t size, size_again;
  wsf_error err;
  wsf_forecaster *g = NULL;
  unsigned char *bytes = image(f, &size, number, model);
  if (wsf_forecaster_read(&g, ctx, bytes, size, &err) != WSF_OK) {
    give_up(number, model, "the file is refused", &err);
  }
  same_forecasts(f, g, number, model);
  unsigned char *again = image(g, &size_again, number, model);
  if (size != size_again || memcmp(bytes, again, size) != 0) {
    give_up(number, model, "other bytes", NULL);
  }
  free(bytes);
  free(again);
  wsf_forecaster_release(g);
}

static void check_reasons(const wsf_forecaster *f, long number, const char *model) {
  wsf_table *t = NULL;
  wsf_error err;
  if (wsf_forecaster_describe(&t, f, "series", &err) != WSF_OK) {
    give_up(number, model, "describe", &err);
  }
  const int column = wsf_table_find(t, "reason");
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    if (strcmp(wsf_table_text(t, column, r, NULL), "not_finite") == 0) {
      give_up(number, model, "a state that its model refuses", NULL);
    }
  }
  wsf_table_release(t);
}

static void try_case(wsf_context *ctx, long number, tally *count) {
  chance c = {(uint64_t)number};
  wsf__text model;
  wsf_error err;
  wsf_model *m = NULL;
  wsf_forecaster *f = NULL;
  wsf__text_init(&model, &wsf__alloc_libc, WSF__EXPR_BYTES);
  chance_call(&c, &model, "model", 0);
  wsf_dataset *ds = chance_dataset(&c, ctx);
  wsf_status status = wsf_model_parse(&m, ctx, model.data, &err);
  if (status != WSF_OK) give_up(number, model.data, "parse", &err);
  if (ds) status = wsf_fit(&f, m, ds, NULL, &err);
  if (ds && status == WSF_OK) {
    ++count->fitted;
    check_reasons(f, number, model.data);
    read_again(ctx, f, number, model.data);
  } else if (status == WSF_E_LIMIT) {
    ++count->late;
  } else {
    ++count->refused;
    if (status == WSF_E_FIT && strstr(err.message, "not finite")) {
      give_up(number, model.data, "fit", &err);
    }
  }
  wsf_forecaster_release(f);
  wsf_model_release(m);
  wsf_dataset_release(ds);
  wsf__text_free(&model);
}

int main(int argc, char **argv) {
  const long n = argc > 1 ? strtol(argv[1], NULL, 10) : 100;
  const long first = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
  tally count = {0};
  wsf_context *ctx = NULL;
  if (wsf_context_create(&ctx, "max_seconds=20", NULL, NULL, NULL) != WSF_OK) return 1;
  for (long i = first; i < first + n; ++i) try_case(ctx, i, &count);
  wsf_context_release(ctx);
  (void)printf("%ld cases: %ld fitted and read again, %ld refused, %ld took too long\n", n,
               count.fitted, count.refused, count.late);
  return count.fitted * 2 > n ? 0 : 1;
}
