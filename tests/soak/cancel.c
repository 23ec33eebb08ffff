/* How long a call goes on after its cancel, for every model, analysis, load, save and back-test at
 * its worst: in seconds of the calling thread's own time, so that a busy machine changes nothing.
 *
 *   cancel MOST [LAST [VALUES [WORD]]]
 *
 * Every case of at most VALUES values whose text holds WORD must end within MOST milliseconds. It
 * is begun again and cancelled at later and later moments, each 1.7 times as far in as the one
 * before, until it ends by itself or LAST seconds are reached. A case that ends before its first
 * cancel tells nothing, and says so; a word that no case holds, or cases of which none tells
 * anything, are an error. */
#include "chance.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

static const double FIRST_MOMENT = 0.003;
/* Seconds after which nothing more is to be learnt of a case. */
static const double ENOUGH = 0.5;

typedef enum kind {
  FIT,
  PREDICT,
  UPDATE,
  BACKTEST,
  ANALYSE,
  SAVE,
  LOAD,
  OPEN,
  FEATURES,
  DESCRIBE,
  EVALUATE,
  PROPOSE,
  SURVEY,
  BUILD,
  IMPORT
} kind;
static const char *const kind_name[] = {"fit",      "predict", "update", "backtest", "analyze",
                                        "save",     "load",    "open",   "features", "describe",
                                        "evaluate", "propose", "survey", "build",    "import"};

/* A panel of n series of that length, or what an expression opens. */
typedef struct panel {
  int n;
  int64_t length;
  int season;
  bool positive; /* demand that stops and starts, else trend, season and noise */
  const char *open;
  bool wide; /* its file has a row for each series, not for each value */
} panel;

typedef struct trial {
  kind kind;
  panel data;
  const char *text;    /* of the model, the analysis, the dataset, the recipe or the file */
  const char *options; /* or the view */
} trial;

typedef struct call {
  const trial *t;
  wsf_context *ctx;
  wsf_dataset *ds, *longer;
  wsf_model *model;
  wsf_forecaster *f;
  wsf_table *table; /* forecasts or values that the call reads */
  wsf_status status;
  bool over;
  double seconds; /* of its own time when it ended */
} call;

static double own_time(clockid_t clock) {
  struct timespec t;
  (void)clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(wsf_status status, const wsf_error *err, const char *what) {
  if (status == WSF_OK) return;
  (void)fprintf(stderr, "%s: %s: %s\n", what, wsf_status_name(status), err->message);
  exit(2);
}

static wsf_status build(wsf_dataset **ds, wsf_context *ctx, const panel *p, int64_t more,
                        wsf_error *err) {
  chance c = {7};
  wsf_builder *b = NULL;
  char options[128];
  (void)snprintf(options, sizeof options, "keys=k, time=t, target=y, known=x, season=%d",
                 p->season);
  wsf_status status = wsf_builder_create(&b, ctx, options, err);
  for (int i = 0; status == WSF_OK && i < p->n; ++i) {
    char key[16], time[24];
    (void)snprintf(key, sizeof key, "%d", i);
    const char *keys[] = {key};
    for (int64_t t = 0; status == WSF_OK && t < p->length + more; ++t) {
      (void)snprintf(time, sizeof time, "%lld", (long long)t + 1);
      const double x = chance_uniform(&c);
      const double wave = sin(6.283185307179586 * (double)t / (p->season > 1 ? p->season : 9));
      double y = 100 + 0.001 * (double)t + 20 * wave + 5 * chance_normal(&c) + x;
      if (p->positive) y = chance_below(&c, 4) ? 0 : 1 + chance_below(&c, 9);
      status = wsf_builder_add(b, keys, time, y, &x, err);
    }
  }
  if (status == WSF_OK) status = wsf_builder_finish(ds, b, err);
  wsf_builder_release(b);
  return status;
}

static bool same(const panel *a, const panel *b) {
  return a->n == b->n && a->length == b->length && a->season == b->season &&
         a->positive == b->positive && a->open == b->open;
}

/* The panel of a trial, which many others share: the newest is kept. */
static wsf_dataset *make(wsf_context *ctx, const panel *p) {
  static wsf_context *keeper;
  static wsf_dataset *kept;
  static panel of;
  wsf_dataset *ds = NULL;
  wsf_error err;
  if (!keeper) must(wsf_context_create(&keeper, NULL, NULL, NULL, &err), &err, "context");
  if (!kept || !same(&of, p)) {
    wsf_dataset_release(kept);
    kept = NULL;
    of = *p;
    const wsf_status status =
        p->open ? wsf_dataset_open(&kept, keeper, p->open, &err) : build(&kept, keeper, p, 0, &err);
    must(status, &err, "data");
  }
  must(wsf_dataset_with(&ds, kept, ctx, &err), &err, "data");
  return ds;
}

static int32_t swallow(const void *bytes, size_t size, void *user) {
  (void)bytes, (void)size, (void)user;
  return 0;
}

static wsf_status run_stream(const call *c) {
  struct ArrowArrayStream stream;
  const wsf_status status = wsf_features(&stream, c->ds, c->t->text, c->t->options, NULL);
  if (status != WSF_OK) return status;
  struct ArrowArray array = {0};
  int code = 0;
  while (code == 0) {
    code = stream.get_next(&stream, &array);
    if (code != 0 || !array.release) break;
    array.release(&array);
  }
  stream.release(&stream);
  return code == 0 ? WSF_OK : WSF_E_CANCELLED;
}

static wsf_status run_import(wsf_dataset **ds, const call *c) {
  struct ArrowArrayStream stream;
  const wsf_status status = wsf_table_export_stream(c->table, &stream, NULL);
  return status == WSF_OK ? wsf_dataset_from_arrow(ds, c->ctx, &stream, c->t->options, NULL)
                          : status;
}

static wsf_status run(call *c) {
  wsf_forecaster *f = NULL;
  wsf_table *t = NULL, *tables[WSF_BACKTEST_TABLES] = {NULL};
  wsf_dataset *ds = NULL;
  const wsf_model *models[] = {c->model};
  wsf_status status = WSF_OK;
  switch (c->t->kind) {
  case FIT:
    status = wsf_fit(&f, c->model, c->ds, c->t->options, NULL);
    break;
  case PREDICT:
    status = wsf_predict(&t, c->f, NULL, c->t->options, NULL);
    break;
  case UPDATE:
    status = wsf_update(&f, c->f, c->longer, c->t->options, NULL);
    break;
  case BACKTEST:
    status = wsf_backtest(tables, models, 1, c->ds, c->t->options, NULL);
    break;
  case ANALYSE:
    status = wsf_analyze(&t, c->ds, c->t->text, NULL);
    break;
  case SAVE:
    status = wsf_forecaster_write_to(c->f, swallow, NULL, NULL);
    break;
  case LOAD:
    status = wsf_forecaster_load(&f, c->ctx, "cancel.wsf", NULL);
    break;
  case OPEN:
    status = wsf_dataset_open(&ds, c->ctx, c->t->text, NULL);
    break;
  case FEATURES:
    status = run_stream(c);
    break;
  case DESCRIBE:
    status = wsf_forecaster_describe(&t, c->f, c->t->options, NULL);
    break;
  case EVALUATE:
    status = wsf_evaluate(&t, c->table, c->ds, c->longer, NULL, NULL);
    break;
  case SURVEY:
    status = wsf_dataset_describe(&t, c->ds, c->t->text, NULL);
    break;
  case BUILD:
    status = build(&ds, c->ctx, &c->t->data, 0, NULL);
    break;
  case IMPORT:
    status = run_import(&ds, c);
    break;
  case PROPOSE:
    status = wsf_dataset_propose(&t, c->ctx, c->t->text, c->t->options, NULL);
    break;
  }
  wsf_forecaster_release(f);
  wsf_table_release(t);
  wsf_dataset_release(ds);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(tables[i]);
  return status;
}

static void *thread(void *user) {
  call *c = user;
  c->status = run(c);
  c->seconds = own_time(CLOCK_THREAD_CPUTIME_ID);
  __atomic_store_n(&c->over, true, __ATOMIC_RELEASE);
  return NULL;
}

/* Own seconds after a cancel `moment` own seconds into the call; -1: it ended before. A call that
 * fails for another reason is never in time. */
static double cancel_at(call *c, double moment) {
  pthread_t id;
  clockid_t clock;
  double then = 0;
  c->over = false;
  if (pthread_create(&id, NULL, thread, c) != 0) exit(2);
  if (pthread_getcpuclockid(id, &clock) != 0) exit(2);
  while (!__atomic_load_n(&c->over, __ATOMIC_ACQUIRE) && then < moment) {
    const struct timespec nap = {0, 500000};
    (void)nanosleep(&nap, NULL);
    if (!__atomic_load_n(&c->over, __ATOMIC_ACQUIRE)) then = own_time(clock);
  }
  wsf_context_cancel(c->ctx);
  (void)pthread_join(id, NULL);
  wsf_context_resume(c->ctx);
  if (c->status == WSF_OK) return -1;
  if (c->status != WSF_E_CANCELLED) return INFINITY;
  return c->seconds > then ? c->seconds - then : 0;
}

/* The panel as a file in the working folder, a row for each value or for each series; and packed.
 */
static void write_file(const panel *p) {
  chance c = {7};
  FILE *f = fopen("cancel.csv", "w");
  if (!f) exit(2);
  for (int i = -1; p->wide && i < p->n; ++i) {
    (void)(i < 0 ? fprintf(f, "k") : fprintf(f, "store %d", i));
    for (int64_t t = 0; t < p->length; ++t) {
      if (i < 0)
        (void)fprintf(f, ",d_%lld", (long long)t + 1);
      else
        (void)fprintf(f, ",%.2f", 100 * chance_uniform(&c));
    }
    (void)fprintf(f, "\n");
  }
  if (p->wide) {
    if (fclose(f) != 0) exit(2);
    return;
  }
  (void)fprintf(f, "k,t,y,x\n");
  for (int i = 0; i < p->n; ++i) {
    for (int64_t t = 0; t < p->length; ++t) {
      (void)fprintf(f, "store %d,%lld,%.2f,%.3f\n", i, (long long)t + 1, 100 * chance_uniform(&c),
                    chance_uniform(&c));
    }
  }
  if (fclose(f) != 0 || system("gzip -1 -c cancel.csv >cancel.csv.gz") != 0) exit(2);
}

static bool needs_model(kind k) {
  return k <= BACKTEST || k == SAVE || k == LOAD || k == DESCRIBE || k == EVALUATE;
}
static bool needs_file(const trial *t) {
  return (t->kind == OPEN || t->kind == PROPOSE) && t->data.n > 0;
}

static void prepare(call *c, const trial *t) {
  wsf_error err;
  const char *model = needs_model(t->kind) ? t->text : NULL;
  *c = (call){.t = t};
  must(wsf_context_create(&c->ctx, "max_results=1000000000000, max_state=1000000000000", NULL, NULL,
                          &err),
       &err, "context");
  if (needs_file(t)) write_file(&t->data);
  if (t->kind != OPEN && t->kind != PROPOSE && t->kind != BUILD) c->ds = make(c->ctx, &t->data);
  if (t->kind == UPDATE || t->kind == EVALUATE) {
    must(build(&c->longer, c->ctx, &t->data, t->data.length, &err), &err, "data");
  }
  if (model) must(wsf_model_parse(&c->model, c->ctx, model, &err), &err, model);
  if (model && t->kind != FIT && t->kind != BACKTEST) {
    const char *how = t->kind == DESCRIBE ? "fitted=true" : NULL;
    must(wsf_fit(&c->f, c->model, c->ds, how, &err), &err, model);
  }
  if (t->kind == EVALUATE) {
    must(wsf_predict(&c->table, c->f, NULL, t->options, &err), &err, model);
  }
  if (t->kind == IMPORT) {
    must(wsf_dataset_describe(&c->table, c->ds, "values", &err), &err, "values");
  }
  if (t->kind == LOAD) must(wsf_forecaster_save(c->f, "cancel.wsf", &err), &err, "save");
}

static void finish(call *c) {
  if (c->t->kind == LOAD) (void)unlink("cancel.wsf");
  if (needs_file(c->t)) (void)unlink("cancel.csv"), (void)unlink("cancel.csv.gz");
  wsf_table_release(c->table);
  wsf_forecaster_release(c->f);
  wsf_model_release(c->model);
  wsf_dataset_release(c->ds);
  wsf_dataset_release(c->longer);
  wsf_context_release(c->ctx);
}

/* -1: it ended before it could be cancelled. */
static double worst_of(const trial *t, double last_moment) {
  call c;
  double worst = -1, at = 0;
  prepare(&c, t);
  for (double moment = FIRST_MOMENT; moment < last_moment; moment *= 1.7) {
    const double after = cancel_at(&c, moment);
    if (after > worst) worst = after, at = moment;
    if (after < 0 || after > ENOUGH) break;
  }
  finish(&c);
  if (worst < 0)
    (void)printf("too quick to be cancelled ");
  else
    (void)printf("%8.1f ms at %6.3f s  ", 1000 * worst, at);
  (void)printf("%s %s %s\n", kind_name[t->kind], t->text, t->options ? t->options : "");
  (void)fflush(stdout);
  return worst;
}

static const trial trials[] = {
#include "cancel_trials.h"
};

int main(int argc, char **argv) {
  const double most = argc > 1 ? strtod(argv[1], NULL) / 1000 : 0.05;
  const double last = argc > 2 ? strtod(argv[2], NULL) : 6;
  const double values = argc > 3 ? strtod(argv[3], NULL) : INFINITY;
  const char *word = argc > 4 ? argv[4] : "";
  double worst = 0;
  int late = 0, cases = 0, measured = 0;
  for (size_t i = 0; i < sizeof trials / sizeof *trials; ++i) {
    char name[512];
    const trial *t = &trials[i];
    (void)snprintf(name, sizeof name, "%s %s %s", kind_name[t->kind], t->text,
                   t->options ? t->options : "");
    const bool sized = t->data.n > 0 && t->kind != OPEN && t->kind != PROPOSE;
    const double cells = sized ? (double)t->data.n * (double)t->data.length : 1e6;
    if (!strstr(name, word) || cells > values) continue;
    const double w = worst_of(t, last);
    if (w > worst) worst = w;
    late += w > most;
    measured += w >= 0;
    ++cases;
  }
  if (measured == 0) {
    (void)fprintf(stderr,
                  cases == 0 ? "no case of at most %.0f values holds \"%s\"\n"
                             : "no case of at most %.0f values that holds \"%s\" ran long "
                               "enough to be cancelled\n",
                  values, word);
    return 2;
  }
  (void)printf("worst %.1f ms; %d beyond %.0f ms", 1000 * worst, late, 1000 * most);
  (void)printf("; %d of %d measured\n", measured, cases);
  return late > 0;
}
