#include "panel/timeline.h"

#include <inttypes.h>

enum { DAY_SECONDS = 86400 };

/* ---- frequency ---------------------------------------------------------------------------- */

/* Steps by the frequency they belong to; place 0 holds the ones that belong to none. */
typedef struct steps {
  int64_t count[WSF__INTEGER];
  int64_t strange; /* smallest step that belongs to none */
} steps;

typedef struct inference {
  const wsf__rows *rows;
  const wsf__order *order;
  int64_t blocks;
  steps *block;
} inference;

static int frequency_of(int64_t seconds) {
  const int64_t days = seconds / DAY_SECONDS;
  if (seconds == 3600) return WSF__HOUR;
  if (seconds != days * DAY_SECONDS) return 0;
  if (days == 1) return WSF__DAY;
  if (days == 7) return WSF__WEEK;
  if (days >= 28 && days <= 31) return WSF__MONTH;
  if (days >= 89 && days <= 92) return WSF__QUARTER;
  if (days == 365 || days == 366) return WSF__YEAR;
  return 0;
}

static wsf_status count_steps(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  (void)scratch, (void)err;
  const inference *f = user;
  const wsf__order *o = f->order;
  steps s = {{0}, INT64_MAX};
  int64_t last_step = 0;
  int last_freq = 0;
  const int64_t end = wsf__block_begin(task + 1, f->blocks, o->n);
  for (int64_t i = wsf__block_begin(task, f->blocks, o->n); i < end; ++i) {
    const int64_t even = o->row ? 0 : wsf__even_step(f->rows->time + o->start[i], o->count[i]);
    int64_t before = f->rows->time[wsf__order_row(o, o->start[i])];
    if (even != 0 && even == last_step) {
      s.count[last_freq] += o->count[i] - 1;
      continue;
    }
    for (uint32_t j = 1; j < o->count[i]; ++j) {
      const int64_t time = f->rows->time[wsf__order_row(o, o->start[i] + j)];
      const int64_t step = time - before;
      before = time;
      if (step == 0) continue;
      if (step != last_step) {
        last_step = step;
        last_freq = frequency_of(step);
        if (last_freq == 0 && step < s.strange) s.strange = step;
      }
      ++s.count[last_freq];
    }
  }
  f->block[task] = s;
  return WSF_OK;
}

wsf_status wsf__timeline_infer(int32_t *freq, wsf__env *env, const wsf__rows *rows,
                               const wsf__order *order, wsf_error *err) {
  if (rows->time_form == WSF__FORM_INTEGER) {
    *freq = WSF__INTEGER;
    return WSF_OK;
  }
  inference f = {rows, order, wsf__order_blocks(rows->n, order->n), NULL};
  f.block = wsf__new(&env->alloc, (size_t)f.blocks, sizeof *f.block);
  if (!f.block) return wsf__fail_memory(err);
  wsf_status status = wsf__parallel(env, NULL, f.blocks, count_steps, &f, err);
  steps all = {{0}, INT64_MAX};
  for (int64_t b = 0; status == WSF_OK && b < f.blocks; ++b) {
    for (int k = 0; k < WSF__INTEGER; ++k) all.count[k] += f.block[b].count[k];
    if (f.block[b].strange < all.strange) all.strange = f.block[b].strange;
  }
  wsf__delete(&env->alloc, f.block);
  if (status != WSF_OK) return status;
  /* Without any step, every series has one time: the finest frequency of the form. */
  int best = rows->time_form == WSF__FORM_TIME ? WSF__HOUR : WSF__DAY;
  for (int k = WSF__HOUR; k < WSF__INTEGER; ++k) {
    if (all.count[k] > all.count[best]) best = k;
  }
  if (all.count[0] > all.count[best]) {
    const bool days = all.strange % DAY_SECONDS == 0;
    status = wsf__fail(err, WSF_E_DATA,
                       "steps such as %" PRId64 " %s between times fit no frequency, expected an "
                       "hour, day, week, month, quarter or year",
                       days ? all.strange / DAY_SECONDS : all.strange, days ? "days" : "seconds");
    wsf__error_at_field(err, rows->time_name);
    return status;
  }
  *freq = best;
  return WSF_OK;
}

/* ---- anchor ------------------------------------------------------------------------------- */

static wsf_status calendar_of(wsf__calendar *cal, const wsf__rows *rows, int32_t freq,
                              int64_t first, wsf_error *err) {
  const wsf_status status = wsf__calendar_init(cal, freq, (wsf__time){rows->time_form, first}, err);
  if (status != WSF_OK) wsf__error_at_field(err, rows->time_name);
  return status;
}

wsf_status wsf__timeline_first(wsf__calendar *cal, const wsf__rows *rows, int32_t freq,
                               wsf_error *err) {
  int64_t first = rows->time[0];
  for (int64_t r = 1; r < rows->n; ++r) first = rows->time[r] < first ? rows->time[r] : first;
  return calendar_of(cal, rows, freq, first, err);
}

/* Where a time stands inside its period, without the whole periods: all rows of one calendar share
 * it. *day is the day of the month (31: its last), for calendars of months. */
static int64_t phase(int64_t value, int32_t freq, bool ends, int *day) {
  const int64_t length = freq == WSF__HOUR ? 3600 : (freq == WSF__WEEK ? 7 : 1) * DAY_SECONDS;
  const int64_t rest = value % length + (value % length < 0 ? length : 0);
  *day = 0;
  if (freq <= WSF__WEEK) return rest;
  int64_t year;
  int month, next;
  wsf__civil_from_days((value - rest) / DAY_SECONDS, &year, &month, day);
  wsf__civil_from_days((value - rest) / DAY_SECONDS + 1, &year, &next, &(int){0});
  if (ends && next != month) *day = 31;
  const int within = freq == WSF__MONTH ? 0 : freq == WSF__QUARTER ? month % 3 : month;
  return (within * 32 + *day) * (int64_t)DAY_SECONDS + rest;
}

wsf_status wsf__timeline_majority(wsf__calendar *cal, const wsf__rows *rows, int32_t freq,
                                  wsf_error *err) {
  int day;
  int64_t ending = 0;
  for (int64_t r = 0; r < rows->n && freq >= WSF__MONTH; ++r) {
    (void)phase(rows->time[r], freq, true, &day);
    ending += day == 31;
  }
  /* If most rows end their month, so does the calendar; else days are what they are. */
  const bool ends = 2 * ending > rows->n;
  /* Boyer and Moore (1981): the majority, if there is one, survives pairing off. */
  int64_t candidate = 0, votes = 0, first = INT64_MAX;
  int anchor = 0;
  for (int64_t r = 0; r < rows->n; ++r) {
    const int64_t p = phase(rows->time[r], freq, ends, &day);
    if (votes == 0) {
      candidate = p;
      anchor = day;
    }
    votes += p == candidate ? 1 : -1;
  }
  for (int64_t r = 0; r < rows->n; ++r) {
    if (rows->time[r] < first && phase(rows->time[r], freq, ends, &day) == candidate) {
      first = rows->time[r];
    }
  }
  WSF__TRY(calendar_of(cal, rows, freq, first, err));
  cal->anchor = anchor;
  return WSF_OK;
}

void wsf__timeline_text(const wsf__rows *rows, int64_t row, char out[32]) {
  const int64_t value = rows->time[row];
  wsf__calendar cal = {.freq = WSF__DAY, .form = rows->time_form, .origin = value};
  if (rows->time_form != WSF__FORM_INTEGER) {
    cal.second = (int32_t)(value % DAY_SECONDS + (value % DAY_SECONDS < 0 ? DAY_SECONDS : 0));
    cal.origin = (value - cal.second) / DAY_SECONDS;
  }
  wsf__calendar_text(&cal, 0, out);
}

wsf__stepper wsf__stepper_at_origin(const wsf__calendar *cal) {
  const int64_t unit = cal->form == WSF__FORM_DATE ? DAY_SECONDS : 1;
  wsf__stepper s = {cal, 0, wsf__calendar_value(cal, 0) * unit, 0};
  if (cal->form == WSF__FORM_INTEGER)
    s.step = 1;
  else if (cal->freq == WSF__HOUR)
    s.step = 3600;
  else if (cal->freq == WSF__DAY)
    s.step = DAY_SECONDS;
  else if (cal->freq == WSF__WEEK)
    s.step = 7 * DAY_SECONDS;
  return s;
}
