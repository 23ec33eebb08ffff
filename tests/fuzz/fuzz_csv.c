/* Any bytes as a CSV file. The first byte chooses layout, keys and size of the chunks, the second
 * how the file is said to be written; the rest is the file. What is read must not depend on chunks,
 * rows must add up, labels must be UTF-8, and a panel that is built must keep its promises. */
#include "ingest/load.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int truth) {
  if (!truth) abort();
}

static wsf__csv_format format_of(unsigned how) {
  static const char *const dates[] = {NULL, "%d.%m.%Y", "%b %y %I%p", "%G-W%V-%u"};
  return (wsf__csv_format){
      .header = (int32_t)(how % 4),
      .encoding = (int32_t)(how / 3 % 7),
      .comment = how & 64 ? '#' : 0,
      .skip = how >> 7,
      .quote = how % 5 == 4   ? WSF__QUOTE_SINGLE
               : how % 7 == 6 ? WSF__QUOTE_BACKSLASH
               : how % 9 == 8 ? WSF__QUOTE_LINE
                              : WSF__QUOTE_DOUBLE,
      .number = {.decimal = how & 1 ? ',' : 0, .thousands = how & 2 ? '.' : 0},
      .time = {.order = (int32_t)(how / 8 % 3), .format = dates[how / 32 % 4]},
  };
}

static bool read_file(wsf__csv *csv, wsf__env *env, const char *text, size_t size, size_t block,
                      wsf__csv_format format) {
  wsf_error err;
  if (wsf__csv_from_memory(csv, env, text, size, format, &err) != WSF_OK) {
    expect(err.message[0] != 0);
    return false;
  }
  csv->block = block;
  for (int k = 0; k < csv->n_columns; ++k) {
    static const int32_t want[] = {WSF__CSV_KEY, WSF__CSV_TIME, WSF__CSV_GUESS, WSF__CSV_GUESS,
                                   WSF__CSV_NUMBER};
    csv->column[k].want = k < 5 ? want[k] : WSF__CSV_GUESS;
  }
  expect(wsf__csv_read(csv, &err) == WSF_OK);
  int64_t rejected = 0;
  for (int r = 0; r < WSF__CSV_REASONS; ++r) rejected += csv->reject[r].count;
  expect(csv->rows + rejected == csv->read);
  return true;
}

static void same(const void *a, const void *b, int64_t n, size_t size) {
  expect((a == NULL) == (b == NULL));
  if (a && n) expect(memcmp(a, b, (size_t)n * size) == 0);
}

static void try_chunks(wsf__env *env, const char *text, size_t size, size_t block,
                       wsf__csv_format format) {
  wsf__csv whole, cut;
  if (!read_file(&whole, env, text, size, SIZE_MAX / 2, format)) return;
  expect(read_file(&cut, env, text, size, block, format));
  expect(whole.rows == cut.rows && whole.read == cut.read);
  same(whole.reject, cut.reject, WSF__CSV_REASONS, sizeof *whole.reject);
  same(whole.note, cut.note, WSF__CSV_NOTES, sizeof *whole.note);
  same(whole.line, cut.line, whole.rows, sizeof *whole.line);
  for (int k = 0; k < whole.n_columns; ++k) {
    const wsf__csv_column *a = &whole.column[k], *b = &cut.column[k];
    expect(a->want == b->want && a->flag == b->flag && a->time_form == b->time_form);
    same(a->number, b->number, whole.rows, sizeof *a->number);
    same(a->time, b->time, whole.rows, sizeof *a->time);
    same(a->code, b->code, whole.rows, sizeof *a->code);
    expect(a->words.n == b->words.n);
    for (int64_t i = 0; a->code && i < whole.rows; ++i) {
      expect(a->code[i] >= -1 && a->code[i] < a->words.n);
    }
  }
  wsf__csv_close(&cut);
  wsf__csv_close(&whole);
}

static void try_panel(wsf__env *env, const char *text, size_t size, unsigned form,
                      wsf__csv_format format) {
  static const char *const keys[] = {"k"};
  const wsf__load load = {
      .path = "memory",
      .format = format,
      .keys = {.n = form & 1 ? 0 : 1, .given = true, .name = keys},
      .time = form & 2 ? NULL : "t",
      .target = "y",
      .layout = (form & 4) != 0     ? WSF__LAYOUT_WIDE
                : (form & 128) != 0 ? WSF__LAYOUT_PIVOT
                                    : WSF__LAYOUT_LONG,
      .rules = {.freq = form & 8 ? 0 : WSF__DAY, .duplicates = WSF__DUP_SUM, .own_end = -1},
      .holiday_weight = 1.0,
  };
  wsf__panel *p = NULL;
  wsf_error err;
  if (wsf__load_memory(&p, env, &load, text, size, &err) != WSF_OK) {
    expect(p == NULL && err.message[0] != 0);
    return;
  }
  expect(p->n > 0 && p->T > 0);
  for (int64_t i = 0; i < p->n; ++i) {
    expect(p->length[i] > 0 && p->first[i] >= 0 && p->first[i] + p->length[i] <= p->T);
    expect(!isnan(p->y[p->offset[i]]));
  }
  wsf__panel_release(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  wsf__env env;
  if (size < 2 || !wsf__env_init(&env, &wsf__alloc_libc)) return 0;
  const char *text = (const char *)data + 2;
  const wsf__csv_format format = format_of(data[1]);
  try_chunks(&env, text, size - 2, 8 + (size_t)(data[0] >> 4) * 7, format);
  try_panel(&env, text, size - 2, data[0], format);
  wsf__env_free(&env);
  return 0;
}
