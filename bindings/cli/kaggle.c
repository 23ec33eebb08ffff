/* Kaggle's form of a forecast: Id (the keys and the time joined by "_") and the value, in the order
 * that the dataset's request (test.csv) has. A row asked for without a history of its own gets the
 * mean of the forecasts that share its last key and time (the same department elsewhere), else 0.
 * Rows outside the periods that were forecast have no value at all: nothing is written then. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Texts with a sum and a count: a hash table with open addressing, never more than half full. */
typedef struct entry {
  size_t text; /* where it begins in `texts` */
  int64_t n;   /* 0: free */
  double sum;
} entry;
typedef struct totals {
  entry *slot;
  size_t slots;
  cli_text texts;
} totals;

static bool totals_create(totals *t, int64_t most) {
  *t = (totals){.slots = 16};
  while (t->slots < 2 * (size_t)most) t->slots *= 2;
  t->slot = calloc(t->slots, sizeof *t->slot);
  return t->slot != NULL;
}

static void totals_free(totals *t) {
  free(t->slot);
  cli_text_free(&t->texts);
}

static entry *find(const totals *t, const char *text) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
  for (const char *c = text; *c; ++c) hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
  size_t i = (size_t)(hash ^ (hash >> 32)) & (t->slots - 1);
  while (t->slot[i].n && strcmp(t->texts.data + t->slot[i].text, text) != 0)
    i = (i + 1) & (t->slots - 1);
  return &t->slot[i];
}

static void add(totals *t, const char *text, double value) {
  entry *e = find(t, text);
  if (!e->n) {
    e->text = t->texts.length;
    cli_add(&t->texts, "%s%c", text, 0);
  }
  if (t->texts.failed) return;
  ++e->n;
  e->sum += value;
}

/* Columns from .. time of a row, joined by "_". */
static void join(cli_text *out, const wsf_table *t, int64_t from, int64_t time, int64_t row) {
  out->length = 0;
  int64_t c = from;
  do {
    char buffer[64];
    size_t length;
    const char *cell = cli_cell(t, c, row, buffer, sizeof buffer, &length);
    cli_add(out, "%s%.*s", c > from ? "_" : "", (int)length, cell);
  } while (++c <= time);
}

static void write_number(FILE *to, double x) {
  char text[40];
  for (int digits = 15; digits <= 17; ++digits) {
    (void)snprintf(text, sizeof text, "%.*g", digits, x);
    if (strtod(text, NULL) == x) break;
  }
  fputs(text, to);
}

typedef struct job {
  FILE *to;
  const cli_view *forecasts;
  const wsf_table *request; /* NULL: every forecast */
  int64_t time, value;      /* columns of the forecasts */
  totals exact, shared;
  cli_text id, part;
  int64_t by_mean, by_zero;
} job;

static bool collect(job *j) {
  const wsf_table *t = j->forecasts->table;
  const double *value = wsf_table_f64(t, j->value);
  if (!totals_create(&j->exact, j->forecasts->rows) ||
      !totals_create(&j->shared, j->forecasts->rows))
    return false;
  for (int64_t r = 0; r < j->forecasts->rows; ++r) {
    const int64_t row = j->forecasts->row ? j->forecasts->row[r] : r;
    join(&j->id, t, 0, j->time, row);
    join(&j->part, t, j->time > 0 ? j->time - 1 : 0, j->time, row);
    if (j->id.failed || j->part.failed) return false;
    add(&j->exact, j->id.data, value[row]);
    add(&j->shared, j->part.data, value[row]);
  }
  return !j->exact.texts.failed && !j->shared.texts.failed;
}

/* Rows that lie outside all periods forecast, and the first of them. */
static int64_t count_outside(const job *j, int64_t *first) {
  const int64_t time = wsf_table_columns(j->request) - 1;
  const int64_t *asked = wsf_table_i64(j->request, time);
  const int64_t *there = wsf_table_i64(j->forecasts->table, j->time);
  int64_t outside = 0, least = INT64_MAX, most = INT64_MIN;
  for (int64_t r = 0; r < j->forecasts->rows; ++r) {
    const int64_t at = there[j->forecasts->row ? j->forecasts->row[r] : r];
    if (at < least) least = at;
    if (at > most) most = at;
  }
  for (int64_t row = 0; row < wsf_table_rows(j->request); ++row) {
    if (asked[row] >= least && asked[row] <= most) continue;
    if (outside++ == 0) *first = row;
  }
  return outside;
}

static int refuse_outside(job *j) {
  int64_t first = 0;
  const int64_t outside = count_outside(j, &first);
  if (outside == 0) return CLI_OK;
  join(&j->id, j->request, 0, wsf_table_columns(j->request) - 1, first);
  if (j->id.failed) return cli_fail_memory();
  cli_say("--horizon: %lld of %lld rows asked for, such as %s, lie outside the periods forecast; a "
          "horizon that reaches them was expected",
          (long long)outside, (long long)wsf_table_rows(j->request), j->id.data);
  return CLI_INPUT;
}

static bool write_requested(job *j) {
  const int64_t time = wsf_table_columns(j->request) - 1;
  for (int64_t row = 0; row < wsf_table_rows(j->request); ++row) {
    if (row % 1024 == 0 && cli_stopped()) return true;
    join(&j->id, j->request, 0, time, row);
    join(&j->part, j->request, time > 0 ? time - 1 : 0, time, row);
    if (j->id.failed || j->part.failed) return false;
    const entry *e = find(&j->exact, j->id.data);
    if (!e->n) {
      e = find(&j->shared, j->part.data);
      if (e->n)
        ++j->by_mean;
      else
        ++j->by_zero;
    }
    cli_write_csv_text(j->to, j->id.data, j->id.length);
    fputc(',', j->to);
    write_number(j->to, e->n ? e->sum / (double)e->n : 0);
    fputc('\n', j->to);
  }
  return true;
}

static bool write_every(job *j) {
  const wsf_table *t = j->forecasts->table;
  for (int64_t r = 0; r < j->forecasts->rows; ++r) {
    if (r % 1024 == 0 && cli_stopped()) return true;
    const int64_t row = j->forecasts->row ? j->forecasts->row[r] : r;
    join(&j->id, t, 0, j->time, row);
    if (j->id.failed) return false;
    cli_write_csv_text(j->to, j->id.data, j->id.length);
    fputc(',', j->to);
    write_number(j->to, wsf_table_f64(t, j->value)[row]);
    fputc('\n', j->to);
  }
  return true;
}

int cli_write_kaggle(const cli_args *args, const wsf_dataset *data, const cli_view *forecasts) {
  wsf_error err;
  wsf_table *request = NULL;
  if (data && wsf_dataset_describe(&request, data, "request", &err) != WSF_OK)
    return cli_fail(&err, NULL, NULL);
  job j = {.forecasts = forecasts, .value = wsf_table_find(forecasts->table, "forecast")};
  j.time = j.value - 1;
  if (wsf_table_rows(request) > 0) j.request = request;
  cli_sink sink;
  cli_progress_end();
  int code = j.request ? refuse_outside(&j) : CLI_OK;
  if (code == CLI_OK) code = cli_sink_open(&sink, args->out);
  if (code == CLI_OK) {
    j.to = sink.file;
    bool good = !j.request || collect(&j);
    if (good) {
      fputs("Id,Weekly_Sales\n", j.to);
      good = j.request ? write_requested(&j) : write_every(&j);
    }
    code = cli_sink_close(&sink, good && !cli_stopped());
    if (cli_stopped())
      code = CLI_STOPPED;
    else if (!good)
      code = cli_fail_memory();
  }
  if (code == CLI_OK && j.by_mean + j.by_zero > 0)
    cli_say("%lld rows asked for have no history: %lld got the mean of the forecasts that share "
            "their last key and time, %lld got 0",
            (long long)j.by_mean + (long long)j.by_zero, (long long)j.by_mean,
            (long long)j.by_zero);
  if (j.request) {
    totals_free(&j.exact);
    totals_free(&j.shared);
  }
  cli_text_free(&j.id);
  cli_text_free(&j.part);
  wsf_table_release(request);
  return code;
}
