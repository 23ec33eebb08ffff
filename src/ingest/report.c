/* Collects the lines of the load report and turns them into the panel's table. */
#include "ingest/report.h"

#include "ingest/ingest.h"

#include <inttypes.h>
#include <stdio.h>

void wsf__report_init(wsf__report *r, const wsf__alloc *a) {
  *r = (wsf__report){0};
  wsf__arena_init(&r->arena, a);
}

void wsf__report_free(wsf__report *r) {
  if (!r->arena.alloc.resize) return;
  wsf__delete(&r->arena.alloc, r->row);
  wsf__arena_free(&r->arena);
  *r = (wsf__report){0};
}

static const char *keep(wsf__report *r, const char *text) {
  if (!text || !*text) return NULL;
  const char *copy = wsf__arena_text(&r->arena, text, strlen(text));
  r->failed |= !copy;
  return copy;
}

void wsf__report_add(wsf__report *r, wsf__report_row row) {
  if (r->n == r->capacity) {
    const int capacity = r->capacity ? r->capacity * 2 : 32;
    wsf__report_row *grown = wsf__resize(&r->arena.alloc, r->row, (size_t)capacity, sizeof *grown);
    if (!grown) {
      r->failed = true;
      return;
    }
    r->row = grown;
    r->capacity = capacity;
  }
  if (row.line > 0) row.line = wsf__line_of(r->part, r->n_parts, row.line, &row.file);
  row.item = keep(r, row.item);
  row.column = keep(r, row.column);
  row.example = keep(r, row.example);
  row.file = keep(r, row.file);
  r->row[r->n++] = row;
}

void wsf__report_csv(wsf__report *r, const wsf__csv *csv) {
  r->n_parts = csv->n_parts;
  r->part = csv->part;
  for (int i = 0; i < csv->n_parts; ++i) {
    wsf__report_add(r, (wsf__report_row){.item = "file", .count = -1, .file = csv->part[i].file});
  }
  wsf__report_add(r, (wsf__report_row){.item = "rows read", .count = csv->read, .file = csv->file});
  wsf__report_add(r, (wsf__report_row){.item = "rows kept", .count = csv->rows, .file = csv->file});
  wsf__report_add(r, (wsf__report_row){.item = "rows rejected",
                                       .count = csv->read - csv->rows,
                                       .file = csv->file});
  for (int reason = 0; reason < WSF__CSV_REASONS; ++reason) {
    const wsf__csv_reject *reject = &csv->reject[reason];
    const char *what = reason >= WSF__CSV_BAD_CELL ? "cells rejected: " : "rejected: ";
    char item[96];
    (void)snprintf(item, sizeof item, "%s%s", what, wsf__csv_reason_text(reason));
    for (int64_t e = 0; e < reject->count && e < WSF__CSV_EXAMPLES; ++e) {
      const wsf__csv_example *x = &reject->example[e];
      wsf__report_add(r, (wsf__report_row){
                             .item = item,
                             .count = e == 0 ? reject->count : -1,
                             .line = x->line,
                             .column = x->column >= 0 ? csv->column[x->column].name : NULL,
                             .example = x->text,
                             .file = csv->file,
                         });
    }
  }
  for (int kind = 0; kind < WSF__CSV_NOTES; ++kind) {
    const wsf__csv_note *note = &csv->note[kind];
    if (note->count == 0) continue;
    wsf__report_add(r, (wsf__report_row){
                           .item = wsf__csv_note_text(kind),
                           .count = note->count,
                           .line = note->line,
                           .column = note->column >= 0 ? csv->column[note->column].name : NULL,
                           .example = note->example,
                           .file = csv->file,
                       });
  }
}

static void add_far(wsf__report *r, const char *item, int64_t count, int64_t line, const char *time,
                    const wsf__panel *p, const char *file) {
  const char *in = file;
  const int64_t at = wsf__line_of(r->part, r->n_parts, line, &in);
  char first[80];
  (void)snprintf(first, sizeof first, "%s in line %" PRId64, time, at);
  wsf__report_add(r, (wsf__report_row){.item = item,
                                       .count = count,
                                       .line = line,
                                       .column = p->time_name,
                                       .example = first,
                                       .file = file});
}

void wsf__report_counts(wsf__report *r, const wsf__panel_counts *c, const wsf__panel *p,
                        const char *file) {
  enum { MANY_GAPS = 50 }; /* one in so many */
  int64_t observations = 0, brief = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    int64_t seen = 0;
    for (int64_t t = 0; t < p->length[i]; ++t)
      seen += p->y[p->offset[i] + t] == p->y[p->offset[i] + t];
    observations += seen;
    brief += p->T > 0 && seen < 2 * (int64_t)p->season;
  }
  const wsf__report_row row[] = {
      {.item = "series", .count = p->n, .file = file},
      {.item = "series without an observation", .count = c->short_series, .file = file},
      {.item = "periods", .count = p->T, .file = file},
      {.item = "observations", .count = observations, .file = file},
      {.item = "rows without a target", .count = c->missing, .file = file},
      {.item = "duplicate rows",
       .count = c->duplicates,
       .line = c->first_duplicate,
       .column = c->duplicates ? p->time_name : NULL,
       .file = file},
      {.item = "gaps", .count = c->gaps, .file = file},
      {.item = "negative values",
       .count = c->negatives,
       .line = c->first_negative,
       .column = c->negatives ? p->target_name : NULL,
       .file = file},
      {.item = "dates off the calendar",
       .count = c->off_calendar,
       .line = c->first_off_calendar,
       .column = c->off_calendar ? p->time_name : NULL,
       .example = c->off_calendar_time,
       .file = file},
      {.item = "series shorter than two seasons", .count = brief, .file = file},
  };
  for (size_t i = 0; i < sizeof row / sizeof *row; ++i) wsf__report_add(r, row[i]);
  if (c->fiscal_years > 0) {
    char year[48];
    const wsf__fiscal is = wsf__fiscal_of(p->calendar.anchor, p->calendar.month);
    wsf__fiscal_text(&is, year);
    const char *item = c->fiscal_years > 1
                           ? "doubt: several fiscal years fit the times (fiscal= says which)"
                           : "read as: months of the fiscal year that the times fit";
    wsf__report_add(
        r, (wsf__report_row){
               .item = item, .count = 1, .column = p->time_name, .example = year, .file = file});
  }
  if (c->far > 0) add_far(r, WSF__DOUBT_FAR, c->far, c->first_far, c->far_time, p, file);
  if (c->early > 0)
    add_far(r,
            "doubt: few observations long before all others, with which histories begin, as a "
            "mistyped year makes them",
            c->early, c->first_early, c->early_time, p, file);
  if (c->varying > 0) {
    wsf__report_add(
        r, (wsf__report_row){
               .item = "doubt: static, but it varies within series; the first value is taken",
               .count = c->varying,
               .line = c->first_varying,
               .column = c->varying_column,
               .file = file});
  }
  if (c->blended > 0) {
    wsf__report_add(r, (wsf__report_row){.item = "doubt: rows that are added up differ in other "
                                                 "columns, which have the mean of numbers, a flag "
                                                 "that one row has, and no word",
                                         .count = c->blended,
                                         .line = c->first_blended,
                                         .column = c->blended_column,
                                         .example = c->blended_columns,
                                         .file = file});
  }
  char periods[64];
  (void)snprintf(periods, sizeof periods, "%" PRId64 " of %" PRId64 " periods", c->unfilled,
                 observations + c->unfilled);
  if (c->unfilled > 0 && MANY_GAPS * c->unfilled >= observations + c->unfilled) {
    wsf__report_add(r, (wsf__report_row){.item = "doubt: periods without a row are missing, though "
                                                 "rows are added up (duplicates=sum, gaps=zero if "
                                                 "nothing was sold then)",
                                         .count = c->unfilled,
                                         .column = p->time_name,
                                         .example = periods,
                                         .file = file});
  }
  if (c->named > 0) {
    wsf__report_add(r, (wsf__report_row){.item = "dates on another day of their month",
                                         .count = c->named,
                                         .column = p->time_name,
                                         .file = file});
  }
  if (c->within > 0) {
    wsf__report_add(r, (wsf__report_row){.item = "times within a period, as its beginning",
                                         .count = c->within,
                                         .column = p->time_name,
                                         .file = file});
  }
  if (c->moved == 0) return;
  char days[64];
  (void)snprintf(days, sizeof days, "%d to %d days to the panel's", -c->moved_most,
                 -c->moved_least);
  wsf__report_add(r, (wsf__report_row){.item = "series moved from another weekday",
                                       .count = c->moved,
                                       .column = p->time_name,
                                       .example = days,
                                       .file = file});
}

static bool is_of(const wsf_table *report, int64_t column, int64_t row, const char *item) {
  const char *text = wsf_table_text(report, column, row, NULL);
  return text && strcmp(text, item) == 0;
}

bool wsf__report_says(const wsf_table *report, const char *item) {
  const int64_t name = wsf_table_find(report, "item");
  for (int64_t i = 0; i < wsf_table_rows(report); ++i) {
    if (is_of(report, name, i, item)) return true;
  }
  return false;
}

/* The rows of the panel's report but those of the item `without`, and behind them those of r. */
static wsf_status rebuild(const wsf__report *r, wsf__panel *p, const char *without,
                          wsf_error *err) {
  static const char *const text_name[] = {"item", "column", "example", "file"};
  const wsf_table *old = p->report;
  const int64_t before = wsf_table_rows(old), more = r ? r->n : 0;
  wsf_table *t = NULL;
  int64_t *count, *line, text[4], from[6];
  for (int k = 0; k < 4; ++k) from[k] = wsf_table_find(old, text_name[k]);
  from[4] = wsf_table_find(old, "count");
  from[5] = wsf_table_find(old, "line");
  int64_t left = 0;
  for (int64_t i = 0; without && i < before; ++i) left += is_of(old, from[0], i, without);
  WSF__TRY(wsf__table_create(&t, &p->arena.alloc, before - left + more, err));
  wsf_status status = wsf__table_add_text(t, text_name[0], &text[0], err);
  if (status == WSF_OK) status = wsf__table_add_i64(t, "count", WSF_TYPE_I64, &count, err);
  if (status == WSF_OK) status = wsf__table_add_i64(t, "line", WSF_TYPE_I64, &line, err);
  for (int k = 1; k < 4 && status == WSF_OK; ++k) {
    status = wsf__table_add_text(t, text_name[k], &text[k], err);
  }
  for (int64_t i = 0, at = 0; i < before + more && status == WSF_OK; ++i) {
    const wsf__report_row *row = i < before ? NULL : &r->row[i - before];
    if (!row && without && is_of(old, from[0], i, without)) continue;
    const char *cell[4] = {row ? row->item : NULL, row ? row->column : NULL,
                           row ? row->example : NULL, row ? row->file : NULL};
    for (int k = 0; k < 4 && status == WSF_OK; ++k) {
      if (!row) cell[k] = wsf_table_text(old, from[k], i, NULL);
      status = wsf__table_put(t, text[k], cell[k], err);
    }
    const bool no_count = row ? row->count < 0 : wsf_table_is_null(old, from[4], i) != 0;
    const bool no_line = row ? row->line <= 0 : wsf_table_is_null(old, from[5], i) != 0;
    if (no_count)
      wsf__table_set_null(t, wsf_table_find(t, "count"), at);
    else
      count[at] = row ? row->count : wsf_table_i64(old, from[4])[i];
    if (no_line)
      wsf__table_set_null(t, wsf_table_find(t, "line"), at);
    else
      line[at] = row ? row->line : wsf_table_i64(old, from[5])[i];
    ++at;
  }
  if (status != WSF_OK) {
    wsf_table_release(t);
    return status;
  }
  wsf_table_release(p->report);
  p->report = t;
  return WSF_OK;
}

wsf_status wsf__report_attach(const wsf__report *r, wsf__panel *p, wsf_error *err) {
  return r->failed ? wsf__fail_memory(err) : rebuild(r, p, NULL, err);
}

wsf_status wsf__report_take_back(wsf__panel *p, const char *item, wsf_error *err) {
  return wsf__report_says(p->report, item) ? rebuild(NULL, p, item, err) : WSF_OK;
}

int64_t wsf__report_total(const wsf_table *report, const char *item) {
  const int64_t name = wsf_table_find(report, "item"), counts = wsf_table_find(report, "count");
  int64_t sum = 0;
  for (int64_t i = 0; i < wsf_table_rows(report); ++i) {
    if (wsf_table_is_null(report, counts, i)) continue;
    if (is_of(report, name, i, item)) sum += wsf_table_i64(report, counts)[i];
  }
  return sum;
}

void wsf__ingest_log(const wsf__env *env, const wsf__panel *p) {
  static const char *const mended[] = {"rows rejected",
                                       "cells rejected: not a number",
                                       "cells rejected: the year has no such period",
                                       "duplicate rows",
                                       "dates off the calendar",
                                       "series moved from another weekday",
                                       "dates on another day of their month",
                                       "times within a period, as its beginning",
                                       "negative values",
                                       "series without an observation",
                                       "series without a match",
                                       "columns left out",
                                       "times in UTC, for want of the zone",
                                       "series left out"};
  if (!env->log) return;
  char first[32], last[32], frequency[32], list[512];
  size_t used = 0;
  wsf__calendar_name(&p->calendar, frequency);
  wsf__calendar_text(&p->calendar, 0, first);
  wsf__calendar_text(&p->calendar, p->T - 1, last);
  wsf__log(env, WSF__LOG_INFORMATION,
           "data: %" PRId64 " series of %" PRId64
           " periods (%s) from %s to %s, %d columns, %" PRId64 " rows read",
           p->n, p->T, frequency, first, last, p->n_columns,
           wsf__report_total(p->report, "rows read") + wsf__report_total(p->report, "rows made"));
  for (size_t i = 0; i < sizeof mended / sizeof *mended; ++i) {
    const int64_t count = wsf__report_total(p->report, mended[i]);
    if (count == 0 || used >= sizeof list) continue;
    used += (size_t)snprintf(list + used, sizeof list - used, "%s%" PRId64 " %s", used ? ", " : "",
                             count, mended[i]);
  }
  if (used > 0) wsf__log(env, WSF__LOG_WARNING, "data: %s", list);
  const int64_t item = wsf_table_find(p->report, "item"), file = wsf_table_find(p->report, "file");
  const int64_t column = wsf_table_find(p->report, "column");
  for (int64_t i = 0; i < wsf_table_rows(p->report); ++i) {
    const char *what = wsf_table_text(p->report, item, i, NULL);
    if (!what || strncmp(what, "doubt: ", 7) != 0) continue;
    const char *name = wsf_table_text(p->report, column, i, NULL);
    const char *from = wsf_table_text(p->report, file, i, NULL);
    wsf__log(env, WSF__LOG_WARNING, "data: %s%s%s: %s", from ? from : "rows",
             name ? ", column " : "", name ? name : "", what + 7);
  }
}
