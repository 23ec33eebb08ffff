/* The rows of a CSV file as typed columns, in parallel.
 *
 * A first pass counts ends of line and quotes in fixed blocks; the parity of the quotes before a
 * block tells whether it begins inside a quoted field, so every block finds the first record that
 * is its own, and the counts give each an upper bound of rows: all blocks then parse at once,
 * straight into their slices of the final columns (csv_scan.c). Parity is right only for regular
 * quotes: the first chunk that meets an irregular one says so, and the file is parsed again from
 * the top as one chunk. Kinds of columns are guessed from the first records; a file that proves a
 * guess wrong is parsed again with what was learnt. Blocks depend on the file alone, so the number
 * of workers cannot be seen in the result. */
#include "ingest/arrow_table.h"
#include "ingest/csv_scan.h"
#include "ingest/csv_text.h"
#include "ingest/zones.h"

#include "calendar/calendar.h"

enum {
  LEAST_BLOCK = 1 << 18,
  MOST_BLOCK = 1 << 23,
  MOST_BLOCKS = 256, /* below MOST_BLOCK */
  SAMPLE = 200,      /* records that kinds are guessed from */
  STYLE_CELLS = 4000 /* fields that styles are first guessed from; in the end all fields count */,
  MOST_STYLES = 3 /* styles that a file is read under, one after the other */
};

/* ---- chunks -------------------------------------------------------------------------------- */

typedef struct reading {
  wsf__csv *csv;
  wsf__scan_months months;
  size_t block;
  int64_t n;
  int64_t *eols, *quotes; /* [n] in each block */
  wsf__scan *scan;        /* [n] */
  int32_t *kind;          /* [n_columns] */
  uint32_t *forms;        /* [n_columns] how numbers are written */
  bool *guessed;
  int64_t capacity;
  bool any_quotes;
  bool *high; /* [n] a byte above 127 in each block */
} reading;

/* Ends of line and quotes in a block: 16 bytes at a time, in byte counters emptied before they
 * overflow. */
static wsf_status count_block(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  (void)scratch;
  (void)err;
  typedef unsigned char lanes __attribute__((vector_size(16)));
  reading *r = user;
  const wsf__csv *csv = r->csv;
  const char *p = csv->bytes + csv->body + (size_t)task * r->block;
  const char *end = csv->bytes + csv->length;
  if ((size_t)(end - p) > r->block) end = p + r->block;
  const lanes eol = (lanes){0} + (unsigned char)csv->eol, quote = (lanes){0} + (unsigned char)'"';
  int64_t eols = 0, quotes = 0;
  lanes any = {0};
  while (end - p >= 16) {
    lanes a = {0}, b = {0};
    for (int i = 0; i < 255 && end - p >= 16; ++i, p += 16) {
      lanes x;
      memcpy(&x, p, 16);
      a -= (lanes)(x == eol);
      b -= (lanes)(x == quote);
      any |= x;
    }
    for (int i = 0; i < 16; ++i) {
      eols += a[i];
      quotes += b[i];
    }
  }
  unsigned char high = 0;
  for (int i = 0; i < 16; ++i) high |= any[i];
  for (; p < end; ++p) {
    eols += *p == csv->eol;
    quotes += *p == '"';
    high |= (unsigned char)*p;
  }
  r->high[task] = high >= 128;
  r->eols[task] = eols;
  r->quotes[task] = quotes;
  return WSF_OK;
}

/* Cut the body into chunks of whole records and give each its slice of the rows. */
static void cut(reading *r) {
  wsf__csv *csv = r->csv;
  const char *body = csv->bytes + csv->body, *end = csv->bytes + csv->length;
  int64_t line = csv->body_line, quotes = 0;
  const char *at = body;
  int64_t at_line = line;
  for (int64_t k = 0; k < r->n; ++k) {
    const char *from = body + (size_t)k * r->block;
    if (k > 0 && at <= from) {
      bool quoted = quotes & 1;
      at_line = line;
      for (at = from; at < end;) {
        const char c = *at++;
        quoted ^= c == '"';
        at_line += c == csv->eol;
        if (c == csv->eol && !quoted) break;
      }
    }
    r->scan[k].begin = at;
    r->scan[k].line = at_line;
    line += r->eols[k];
    quotes += r->quotes[k];
  }
  r->any_quotes = quotes > 0;
  r->capacity = 0;
  for (int64_t k = 0; k < r->n; ++k) {
    wsf__scan *s = &r->scan[k];
    s->end = k + 1 < r->n ? s[1].begin : end;
    /* Every record takes an end of line, every kept one a byte per column. */
    const int64_t lines = (k + 1 < r->n ? s[1].line : line) - s->line;
    const int64_t most = (s->end - s->begin) / csv->n_columns + 2;
    s->slot = r->capacity;
    s->capacity = lines < most ? lines : most;
    r->capacity += s->capacity;
  }
}

static wsf_status scan_chunk(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  (void)scratch;
  reading *r = user;
  wsf__scan *s = &r->scan[task];
  s->column = wsf__arena_zero(&s->arena, (size_t)r->csv->n_columns, sizeof *s->column);
  if (!s->column) return wsf__fail_memory(err);
  for (int k = 0; k < r->csv->n_columns; ++k) {
    wsf__dict_init(&s->column[k].words, &s->arena);
    s->column[k].last_length = SIZE_MAX;
  }
  wsf__scan_run(s, &r->months);
  return s->memory ? wsf__fail_memory(err) : WSF_OK;
}

static void drop_chunks(reading *r) {
  const wsf__alloc *a = &r->csv->env->alloc;
  for (int64_t i = 0; i < r->n; ++i) {
    wsf__scan *s = &r->scan[i];
    for (int k = 0; s->column && k < r->csv->n_columns; ++k) wsf__dict_free(&s->column[k].words);
    wsf__delete(a, s->unescaped);
    if (s->arena.alloc.resize) wsf__arena_free(&s->arena);
    *s = (wsf__scan){0};
  }
}

static wsf_status make_values(reading *r, wsf_error *err) {
  wsf__csv *csv = r->csv;
  const wsf__alloc *a = &csv->env->alloc;
  const size_t rows = (size_t)r->capacity;
  WSF__TRY(wsf__limit_check(&csv->env->limits, WSF__MOST_rows, r->capacity, err));
  wsf__csv_free_values(csv);
  bool ok = (csv->line = wsf__new(a, rows, sizeof *csv->line)) != NULL;
  for (int k = 0; k < csv->n_columns && ok; ++k) {
    wsf__csv_column *c = &csv->column[k];
    switch (r->kind[k]) {
    case WSF__CSV_NUMBER:
    case WSF__CSV_FLAG:
      ok = (c->number = wsf__new(a, rows, sizeof *c->number)) != NULL;
      break;
    case WSF__CSV_TIME:
      ok = (c->time = wsf__new(a, rows, sizeof *c->time)) != NULL;
      break;
    case WSF__CSV_KEY:
    case WSF__CSV_CATEGORY:
      ok = (c->code = wsf__new(a, rows, sizeof *c->code)) != NULL;
      break;
    default:
      break;
    }
  }
  return ok ? WSF_OK : wsf__fail_memory(err);
}

static bool any_high(const reading *r) {
  bool high = false;
  for (int64_t k = 0; k < r->n; ++k) high |= r->high[k];
  return high;
}

static bool any_quotes(const reading *r) {
  int64_t quotes = 0;
  for (int64_t k = 0; k < r->n; ++k) quotes += r->quotes[k];
  return quotes > 0;
}

/* Parse once. one_chunk: the quotes are irregular. */
static wsf_status scan_all(reading *r, bool one_chunk, wsf_error *err) {
  wsf__csv *csv = r->csv;
  drop_chunks(r);
  if (one_chunk) {
    for (int64_t k = 1; k < r->n; ++k) {
      r->eols[0] += r->eols[k];
      r->quotes[0] += r->quotes[k];
    }
    r->n = 1;
    r->block = csv->length - csv->body;
  }
  cut(r);
  for (int64_t k = 0; k < r->n; ++k) {
    wsf__scan *s = &r->scan[k];
    s->csv = csv;
    s->limit = csv->bytes + csv->length;
    s->quotes = r->any_quotes;
    s->strict = r->n > 1;
    s->kind = r->kind;
    s->guessed = r->guessed;
    wsf__arena_init(&s->arena, &csv->env->alloc);
  }
  WSF__TRY(make_values(r, err));
  return wsf__parallel(csv->env, "reading", r->n, scan_chunk, r, err);
}

/* What the chunks saw in GUESS columns; true if a guess was wrong and has been replaced. */
static bool learn(reading *r) {
  bool changed = false;
  for (int k = 0; k < r->csv->n_columns; ++k) {
    bool number = false, flag = false, text = false;
    if (!r->guessed[k]) continue;
    for (int64_t i = 0; i < r->n; ++i) {
      number |= r->scan[i].column[k].saw_number;
      flag |= r->scan[i].column[k].saw_flag;
      text |= r->scan[i].column[k].saw_text;
    }
    if (r->kind[k] == WSF__CSV_CATEGORY || !(number || flag || text)) continue;
    const bool words = text || (number && flag);
    const int32_t kind = words ? WSF__CSV_CATEGORY : flag ? WSF__CSV_FLAG : WSF__CSV_NUMBER;
    changed |= kind != r->kind[k];
    r->kind[k] = kind;
  }
  return changed;
}

/* What the values of a column showed becomes its style; true if that is another one. */
static bool settle_time(const wsf__csv *csv, wsf__csv_column *c) {
  const wsf__time_style before = c->style;
  c->unsettled = !wsf__time_settle(&c->style, &csv->given_time, &c->seen);
  return before.order != c->style.order || before.whole != c->style.whole ||
         before.years != c->style.years || before.grain != c->style.grain;
}

/* One style of numbers for the file, from the columns that hold nothing else. */
static bool settle_numbers(reading *r) {
  wsf__csv *csv = r->csv;
  const wsf__number_style before = csv->number;
  uint32_t seen = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    const bool number = csv->column[k].want == WSF__CSV_NUMBER;
    if (number || (r->guessed[k] && !(r->forms[k] & WSF__NUMBER_NONE))) seen |= r->forms[k];
  }
  csv->number = wsf__number_settle(csv->given_number, csv->delimiter, seen);
  return before.decimal != csv->number.decimal;
}

/* Styles by what the chunks saw; true if one was guessed wrongly. */
static bool settle(reading *r) {
  bool changed = false;
  for (int k = 0; k < r->csv->n_columns; ++k) {
    wsf__csv_column *c = &r->csv->column[k];
    c->seen = (wsf__time_seen){0};
    r->forms[k] = 0;
    for (int64_t i = 0; i < r->n; ++i) {
      wsf__time_seen_add(&c->seen, &r->scan[i].column[k].seen);
      r->forms[k] |= r->scan[i].column[k].forms;
    }
    if (c->want == WSF__CSV_TIME) changed |= settle_time(r->csv, c);
  }
  return settle_numbers(r) || changed;
}

/* A value of the sample: how it is written, or what it then is. */
static void sample_value(reading *r, int k, bool styles, const char *text, size_t length,
                         int *need) {
  const wsf__csv *csv = r->csv;
  wsf__csv_column *c = &r->csv->column[k];
  wsf__time_seen seen = {0};
  wsf__time t;
  if (c->want == WSF__CSV_TIME) {
    if (styles) {
      if (!wsf__scan_missing(csv, text, length)) {
        (void)wsf__time_read(text, length, &c->style, &t, &c->seen);
      }
    } else if (!c->time_form && wsf__time_read(text, length, &c->style, &t, &seen)) {
      c->time_form = t.form;
      c->grain = t.grain;
      c->zoned = t.zoned;
      --*need;
    }
    return;
  }
  if (styles) {
    double x;
    const bool number = r->guessed[k] || c->want == WSF__CSV_NUMBER;
    if (number && !wsf__scan_missing(csv, text, length)) {
      (void)wsf__number_read(text, length, csv->number, &x, &r->forms[k]);
    }
  } else if (r->guessed[k]) {
    const int32_t kind = wsf__scan_kind(csv, text, length);
    if (r->kind[k] == WSF__CSV_SKIP)
      r->kind[k] = kind;
    else if (kind != WSF__CSV_SKIP && kind != r->kind[k])
      r->kind[k] = WSF__CSV_CATEGORY;
  }
}

static wsf_status sample_records(reading *r, bool styles, int need, wsf_error *err) {
  wsf__csv *csv = r->csv;
  const char *p = csv->bytes + csv->body, *end = csv->bytes + csv->length;
  wsf__scan s = {.csv = csv, .end = end, .limit = end, .quotes = true};
  wsf__arena_init(&s.arena, &csv->env->alloc);
  const int most =
      styles && csv->n_columns > STYLE_CELLS / SAMPLE ? STYLE_CELLS / csv->n_columns + 1 : SAMPLE;
  for (int row = 0; p < end && (row < most || need > 0) && !s.memory; ++row) {
    const bool skipped = csv->comment && *p == csv->comment;
    for (int k = 0;; ++k) {
      const char *text;
      size_t length;
      if (skipped || !wsf__scan_field(&s, &p, end, &text, &length)) {
        p = (const char *)memchr(p, csv->eol, (size_t)(end - p)) + 1;
        break;
      }
      if (k < csv->n_columns) sample_value(r, k, styles, text, length, &need);
      if (*p++ == csv->eol) break;
    }
  }
  wsf__delete(&csv->env->alloc, s.unescaped);
  wsf__arena_free(&s.arena);
  return s.memory ? wsf__fail_memory(err) : WSF_OK;
}

/* Kinds of columns and the form of times, under the styles. */
static wsf_status guess(reading *r, wsf_error *err) {
  wsf__csv *csv = r->csv;
  int need = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    wsf__csv_column *c = &csv->column[k];
    r->kind[k] = r->guessed[k] ? WSF__CSV_SKIP : c->want;
    c->time_form = 0;
    c->zoned = 0;
    need += c->want == WSF__CSV_TIME;
  }
  WSF__TRY(sample_records(r, false, need, err));
  for (int k = 0; k < csv->n_columns; ++k) {
    if (r->guessed[k] && r->kind[k] == WSF__CSV_SKIP) r->kind[k] = WSF__CSV_NUMBER;
  }
  return WSF_OK;
}

/* First guesses: styles, then what values are under them. */
static wsf_status sample(reading *r, wsf_error *err) {
  wsf__csv *csv = r->csv;
  csv->number = csv->given_number;
  if (!csv->number.decimal) csv->number.decimal = '.';
  for (int k = 0; k < csv->n_columns; ++k) {
    wsf__csv_column *c = &csv->column[k];
    if (!c->name[0]) c->want = WSF__CSV_SKIP;
    r->guessed[k] = c->want == WSF__CSV_GUESS;
    c->style = csv->given_time;
    c->seen = (wsf__time_seen){0};
  }
  WSF__TRY(sample_records(r, true, 0, err));
  for (int k = 0; k < csv->n_columns; ++k) {
    if (csv->column[k].want == WSF__CSV_TIME) (void)settle_time(csv, &csv->column[k]);
  }
  (void)settle_numbers(r);
  return guess(r, err);
}

/* ---- merge -------------------------------------------------------------------------------- */

/* From codes of the chunk to codes of the file. */
static wsf_status remap(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  reading *r = user;
  wsf__scan *s = &r->scan[task];
  for (int k = 0; k < r->csv->n_columns; ++k) {
    const wsf__csv_column *c = &r->csv->column[k];
    const wsf__dict *local = &s->column[k].words;
    if (!c->code || local->n == 0) continue;
    int32_t *map = wsf__arena_new(scratch, (size_t)local->n, sizeof *map);
    if (!map) return wsf__fail_memory(err);
    bool same = true;
    for (int32_t i = 0; i < local->n; ++i) {
      const wsf__dict_entry *e = &local->entry[i];
      map[i] = wsf__dict_find(&c->words, e->text, (size_t)e->length, e->head);
      same &= map[i] == i;
    }
    int32_t *code = c->code + s->slot;
    for (int64_t i = 0; i < s->rows && !same; ++i) code[i] = code[i] < 0 ? -1 : map[code[i]];
  }
  return WSF_OK;
}

/* Close the holes that rejected rows and blank lines left between the slices. */
static wsf_status compact(reading *r, wsf_error *err) {
  wsf__csv *csv = r->csv;
  int64_t to = 0;
  for (int64_t i = 0; i < r->n; ++i) {
    const wsf__scan *s = &r->scan[i];
    const size_t n = (size_t)s->rows;
    WSF__TRY(wsf__go_on(csv->env, 0, err));
    if (to != s->slot && n) {
      memmove(csv->line + to, csv->line + s->slot, n * sizeof *csv->line);
      for (int k = 0; k < csv->n_columns; ++k) {
        const wsf__csv_column *c = &csv->column[k];
        if (c->number) memmove(c->number + to, c->number + s->slot, n * sizeof *c->number);
        if (c->time) memmove(c->time + to, c->time + s->slot, n * sizeof *c->time);
        if (c->code) memmove(c->code + to, c->code + s->slot, n * sizeof *c->code);
      }
    }
    to += s->rows;
  }
  csv->rows = to;
  return WSF_OK;
}

static wsf_status merge(reading *r, wsf_error *err) {
  wsf__csv *csv = r->csv;
  for (int k = 0; k < csv->n_columns; ++k) {
    wsf__csv_column *c = &csv->column[k];
    bool number = false, other = false, clock = false;
    c->want = r->kind[k];
    c->forms = r->forms[k];
    c->bad = 0;
    for (int64_t i = 0; i < r->n; ++i) {
      const wsf__scan_column *seen = &r->scan[i].column[k];
      number |= seen->saw_number;
      other |= seen->not_binary;
      clock |= seen->saw_clock;
      c->bad += seen->bad;
      for (int32_t j = 0; c->code && j < seen->words.n; ++j) {
        WSF__TRY(wsf__go_on(csv->env, j, err));
        const wsf__dict_entry *e = &seen->words.entry[j];
        if (wsf__dict_put(&c->words, e->text, (size_t)e->length, e->head) < 0) {
          return wsf__fail_memory(err);
        }
      }
    }
    c->flag = c->want == WSF__CSV_FLAG || (c->want == WSF__CSV_NUMBER && number && !other);
    if (c->time && c->time_form != WSF__FORM_INTEGER) {
      c->time_form = clock ? WSF__FORM_TIME : WSF__FORM_DATE;
    }
  }
  csv->read = csv->empty = 0;
  memset(csv->reject, 0, sizeof csv->reject);
  for (int64_t i = 0; i < r->n; ++i) {
    csv->read += r->scan[i].read;
    csv->empty += r->scan[i].empty;
    if (r->scan[i].long_text) {
      wsf__csv_tell(csv, WSF__NOTE_LONG_TEXT, -1, r->scan[i].long_text, NULL);
    }
    for (int reason = 0; reason < WSF__CSV_REASONS; ++reason) {
      const wsf__csv_reject *from = &r->scan[i].reject[reason];
      wsf__csv_reject *to = &csv->reject[reason];
      for (int64_t e = 0; e < from->count && e < WSF__CSV_EXAMPLES; ++e) {
        if (to->count + e < WSF__CSV_EXAMPLES) to->example[to->count + e] = from->example[e];
      }
      to->count += from->count;
    }
  }
  WSF__TRY(wsf__parallel(csv->env, NULL, r->n, remap, r, err));
  return compact(r, err);
}

/* ---- zones -------------------------------------------------------------------------------- */

static wsf_status settle_zone(wsf__csv *csv, int k, int64_t *time, int64_t n, int n_keys,
                              int32_t *const *code, wsf_error *err) {
  static const int note[] = {-1, WSF__NOTE_LOCAL, WSF__NOTE_UTC, WSF__NOTE_NO_ZONE};
  const wsf__csv_column *c = &csv->column[k];
  const wsf__zoned how = {.name = csv->timezone ? csv->timezone : c->zone,
                          .asked = csv->timezone != NULL,
                          .instants = c->zone != NULL,
                          .packed = c->zoned == 1,
                          .column = c->name,
                          .freq = csv->freq,
                          .n_keys = n_keys,
                          .code = code};
  int outcome;
  WSF__TRY(wsf__zones_settle(&outcome, time, n, &how, csv->env, err));
  if (outcome != WSF__ZONE_NONE) wsf__csv_tell(csv, note[outcome], k, 0, how.name);
  return WSF_OK;
}

wsf_status wsf__csv_settle_cells(wsf__csv *csv, int k, int64_t *time, int64_t n, wsf_error *err) {
  return settle_zone(csv, k, time, n, 0, NULL, err);
}

wsf_status wsf__csv_settle_rows(wsf__csv *csv, int k, int64_t *time, wsf_error *err) {
  int n = 0;
  int32_t **code = wsf__new(&csv->env->alloc, (size_t)csv->n_columns, sizeof *code);
  if (!code) return wsf__fail_memory(err);
  for (int j = 0; j < csv->n_columns; ++j) {
    if (csv->column[j].want == WSF__CSV_KEY) code[n++] = csv->column[j].code;
  }
  const wsf_status status = settle_zone(csv, k, time, csv->rows, n, code, err);
  wsf__delete(&csv->env->alloc, code);
  return status;
}

/* Times that have a zone, or that timezone= gives one, become what a calendar can count. */
static wsf_status settle_zones(wsf__csv *csv, wsf_error *err) {
  if (csv->timezone) WSF__TRY(wsf__zone_check(csv->env, csv->timezone, err));
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (!c->time || c->time_form != WSF__FORM_TIME) continue;
    WSF__TRY(wsf__csv_settle_rows(csv, k, c->time, err));
  }
  return WSF_OK;
}

/* *decoded: the bytes are others now, and have to be read once more. */
static wsf_status read_rows(wsf__csv *csv, bool *decoded, wsf_error *err) {
  *decoded = false;
  const wsf__alloc *a = &csv->env->alloc;
  const size_t body = csv->length - csv->body, columns = (size_t)csv->n_columns;
  size_t block = csv->block ? csv->block : body / MOST_BLOCKS;
  if (!csv->block && block < LEAST_BLOCK) block = LEAST_BLOCK;
  if (!csv->block && block > MOST_BLOCK) block = MOST_BLOCK;
  const size_t n = body / block + 1;
  wsf_status status = WSF_OK;
  reading *r = wsf__new_zero(a, 1, sizeof *r);
  if (!r) return wsf__fail_memory(err);
  r->csv = csv;
  r->block = block;
  r->n = (int64_t)n;
  r->eols = wsf__new_zero(a, n, sizeof *r->eols);
  r->quotes = wsf__new_zero(a, n, sizeof *r->quotes);
  r->high = wsf__new_zero(a, n, sizeof *r->high);
  r->scan = wsf__new_zero(a, n, sizeof *r->scan);
  r->kind = wsf__new_zero(a, columns, sizeof *r->kind);
  r->forms = wsf__new_zero(a, columns, sizeof *r->forms);
  r->guessed = wsf__new_zero(a, columns, sizeof *r->guessed);
  if (!r->eols || !r->quotes || !r->high || !r->scan || !r->kind || !r->forms || !r->guessed) {
    r->n = r->scan ? r->n : 0;
    status = wsf__fail_memory(err);
    goto out;
  }
  if ((status = wsf__parallel(csv->env, NULL, r->n, count_block, r, err)) != WSF_OK) goto out;
  if (csv->encoding == WSF__ENCODING_AUTO && any_high(r)) {
    status = wsf__csv_decode(csv, decoded, err);
    if (status != WSF_OK || *decoded) goto out;
  }
  wsf__scan_months_init(&r->months);
  if ((status = sample(r, err)) != WSF_OK) goto out;
  /* A comment may hold one quote, so that chunks cannot tell what is quoted. */
  bool one_chunk = csv->comment && any_quotes(r);
  for (int settled = 0;;) {
    if ((status = scan_all(r, one_chunk, err)) != WSF_OK) goto out;
    bool irregular = false;
    for (int64_t i = 0; i < r->n; ++i) irregular |= r->scan[i].irregular;
    if (irregular && r->n > 1) {
      one_chunk = true;
    } else if (settled < MOST_STYLES && settle(r)) {
      /* Rows that a wrong style rejected have more to say: about dates, then about numbers. */
      if ((status = guess(r, err)) != WSF_OK) goto out;
      ++settled;
    } else if (!learn(r)) {
      break;
    } else {
      settled = MOST_STYLES;
    }
  }
  status = merge(r, err);
  if (status == WSF_OK) status = settle_zones(csv, err);
  if (status == WSF_OK) wsf__csv_tell_columns(csv);
out:
  drop_chunks(r);
  wsf__delete(a, r->eols);
  wsf__delete(a, r->quotes);
  wsf__delete(a, r->high);
  wsf__delete(a, r->scan);
  wsf__delete(a, r->kind);
  wsf__delete(a, r->forms);
  wsf__delete(a, r->guessed);
  wsf__delete(a, r);
  return status;
}

wsf_status wsf__csv_read(wsf__csv *csv, wsf_error *err) {
  bool decoded;
  wsf_status status;
  if (csv->arrow) {
    WSF__TRY(wsf__arrow_table_read(csv, err));
    status = settle_zones(csv, err);
    if (status == WSF_OK) wsf__csv_tell_columns(csv);
    if (status != WSF_OK) wsf__error_at_file(err, csv->file);
    return status;
  }
  status = read_rows(csv, &decoded, err);
  if (status == WSF_OK && decoded) status = read_rows(csv, &decoded, err);
  if (status != WSF_OK) wsf__error_at_file(err, csv->file);
  return status;
}
