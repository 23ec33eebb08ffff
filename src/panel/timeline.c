#include "panel/timeline.h"

#include <inttypes.h>

enum { DAY_SECONDS = 86400 };

/* ---- frequency ---------------------------------------------------------------------------- */

/* A divisor of two steps is luck unless both are it; this many whole-number steps with one are a
 * census. */
enum { LIKELY_STEPS = 3 };

/* Steps by the frequency they belong to; place 0 holds the ones that belong to none. */
typedef struct steps {
  int64_t count[WSF__FISCAL + 1]; /* FISCAL: five weeks */
  int64_t weekends;               /* steps of three days */
  int64_t all;
  int64_t divisor;  /* greatest common, 0: no step */
  int64_t smallest; /* of those that belong to none */
  int64_t largest;  /* of all */
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
  if (days == 35) return WSF__FISCAL;
  if (days >= 26 && days <= 34) return WSF__MONTH; /* business days move by up to three */
  if (days >= 89 && days <= 92) return WSF__QUARTER;
  if (days == 365 || days == 366) return WSF__YEAR;
  return 0;
}

static wsf_status count_steps(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  (void)scratch, (void)err;
  const inference *f = user;
  const wsf__order *o = f->order;
  steps s = {.smallest = INT64_MAX};
  int64_t last_step = 0;
  int last_freq = 0;
  const int64_t end = wsf__block_begin(task + 1, f->blocks, o->n);
  for (int64_t i = wsf__block_begin(task, f->blocks, o->n); i < end; ++i) {
    const int64_t even = o->row ? 0 : wsf__even_step(f->rows->time + o->start[i], o->count[i]);
    int64_t before = f->rows->time[wsf__order_row(o, o->start[i])];
    if (even != 0 && even == last_step) {
      s.count[last_freq] += o->count[i] - 1;
      s.all += o->count[i] - 1;
      continue;
    }
    for (uint32_t j = 1; j < o->count[i]; ++j) {
      const int64_t time = f->rows->time[wsf__order_row(o, o->start[i] + j)];
      int64_t step;
      if (__builtin_sub_overflow(time, before, &step)) step = INT64_MAX;
      before = time;
      if (step == 0) continue;
      if (step != last_step) {
        last_step = step;
        last_freq = frequency_of(step);
        if (step > s.largest) s.largest = step;
        s.divisor = wsf__common_divisor(step, s.divisor);
        if (last_freq == 0 && step < s.smallest) s.smallest = step;
      }
      ++s.count[last_freq];
      ++s.all;
      s.weekends += step == 3 * DAY_SECONDS;
    }
  }
  f->block[task] = s;
  return WSF_OK;
}

static wsf_status survey_steps(steps *all, wsf__env *env, const wsf__rows *rows,
                               const wsf__order *order, wsf_error *err) {
  inference f = {rows, order, wsf__order_blocks(rows->n, order->n), NULL};
  f.block = wsf__new(&env->alloc, (size_t)f.blocks, sizeof *f.block);
  if (!f.block) return wsf__fail_memory(err);
  const wsf_status status = wsf__parallel(env, NULL, f.blocks, count_steps, &f, err);
  *all = (steps){.smallest = INT64_MAX};
  for (int64_t b = 0; status == WSF_OK && b < f.blocks; ++b) {
    const steps *s = &f.block[b];
    for (int k = 0; k <= WSF__FISCAL; ++k) all->count[k] += s->count[k];
    all->weekends += s->weekends;
    all->all += s->all;
    all->divisor = wsf__common_divisor(all->divisor, s->divisor);
    if (s->smallest < all->smallest) all->smallest = s->smallest;
    if (s->largest > all->largest) all->largest = s->largest;
  }
  wsf__delete(&env->alloc, f.block);
  return status;
}

/* Business days: days on which no weekend ever falls, though the times pass over some. */
static bool skips_weekends(const wsf__rows *rows, const steps *s) {
  if (s->weekends == 0) return false;
  for (int64_t r = 0; r < rows->n; ++r) {
    if (wsf__weekday(wsf__floor_div(rows->time[r], DAY_SECONDS)) > 4) return false;
  }
  return true;
}

/* Whole months between times that stand on one day of the month, or all on its last: their
 * greatest common divisor, or 0. */
static int64_t months_apart(const wsf__rows *rows) {
  int64_t divisor = 0, first = 0, year;
  int month, day, anchor = 0, next;
  bool same = true, ends = true;
  for (int64_t r = 0; r < rows->n && (same || ends); ++r) {
    const int64_t date = wsf__floor_div(rows->time[r], DAY_SECONDS);
    wsf__civil_from_days(date + 1, &year, &next, &day);
    wsf__civil_from_days(date, &year, &month, &day);
    const int64_t months = year * 12 + month;
    if (r == 0) {
      first = months;
      anchor = day;
    }
    same = same && day == anchor;
    ends = ends && next != month;
    divisor = wsf__common_divisor(months > first ? months - first : first - months, divisor);
  }
  return same || ends ? divisor : 0;
}

/* The anchor that most rows have, if more than half do: the last day of a month, its last or its
 * first weekday, the largest day seen, cut to the length of shorter months, or such as the third
 * Friday. Else 0: days are what they are. */
static int common_anchor(const wsf__rows *rows, int32_t freq, int64_t *rows_of_it) {
  enum { N = 4, NTH = WSF__LAST_ANCHOR - WSF__NTH_WEEKDAY + 1 };
  *rows_of_it = 0;
  if (freq < WSF__MONTH || freq > WSF__YEAR || rows->time_form == WSF__FORM_INTEGER) return 0;
  int anchor[N] = {WSF__LAST_DAY, 0, WSF__LAST_BUSINESS_DAY, WSF__FIRST_BUSINESS_DAY}, best = 0;
  int64_t count[N] = {0}, nth[NTH] = {0};
  for (int pass = 0; pass < 2; ++pass) {
    for (int64_t r = 0; r < rows->n; ++r) {
      const int64_t date = wsf__floor_div(rows->time[r], DAY_SECONDS);
      int64_t year;
      int month, day;
      wsf__civil_from_days(date, &year, &month, &day);
      if (pass == 0 && day > anchor[1]) anchor[1] = day;
      if (pass == 0) continue;
      const int64_t months = year * 12 + month - 1;
      const int weekday = wsf__weekday(date), last = NTH - 7 + weekday;
      for (int k = 0; k < N; ++k) count[k] += wsf__anchor_day(months, anchor[k]) == date;
      if (day <= 28) ++nth[(day - 1) / 7 * 7 + weekday];
      nth[last] += wsf__anchor_day(months, WSF__NTH_WEEKDAY + last) == date;
    }
  }
  for (int k = 1; k < N; ++k) {
    if (count[k] > count[best]) best = k;
  }
  int64_t most = count[best];
  int found = anchor[best];
  for (int k = 0; k < NTH; ++k) {
    if (nth[k] <= most) continue;
    most = nth[k];
    found = WSF__NTH_WEEKDAY + k;
  }
  *rows_of_it = most;
  return 2 * most > rows->n ? found : 0;
}

/* Months of 4 and 5 weeks, or of 4 weeks each: neither are months, though months are as long, but
 * third Fridays are. What is left of five weeks belongs to no frequency. */
static wsf_status weekly_months(wsf__pace *pace, wsf__env *env, const wsf__rows *rows, steps *s,
                                wsf_error *err) {
  enum { FEW = 8 };
  const int64_t week = 7 * (int64_t)DAY_SECONDS, fives = s->count[WSF__FISCAL];
  int64_t same;
  const bool weeks = s->divisor > 0 && s->divisor % week == 0;
  pace->freq = 0;
  if (s->divisor == 4 * week && s->count[WSF__MONTH] > 0) {
    const int common = common_anchor(rows, WSF__MONTH, &same);
    if (common == 0 || common >= WSF__NTH_WEEKDAY) *pace = (wsf__pace){WSF__WEEK, 4, {0}, 0};
  }
  if (weeks && FEW * fives >= s->all && FEW * s->count[WSF__MONTH] >= s->all) {
    WSF__TRY(wsf__timeline_fiscal(&pace->year, &pace->years, env, rows, err));
    if (pace->years > 0)
      pace->freq = WSF__FISCAL;
    else if (common_anchor(rows, WSF__MONTH, &same) >= WSF__NTH_WEEKDAY && same == rows->n)
      pace->freq = WSF__MONTH;
    pace->step = 1;
  }
  s->count[0] += fives;
  if (fives > 0 && 5 * week < s->smallest) s->smallest = 5 * week;
  return WSF_OK;
}

/* The longest unit that all steps are whole multiples of. */
static wsf__pace common_pace(const wsf__rows *rows, const steps *s) {
  static const int32_t equal[] = {WSF__WEEK, WSF__DAY, WSF__HOUR, WSF__MINUTE};
  wsf__pace pace = {.step = 1};
  int64_t step = s->smallest >= 28 * (int64_t)DAY_SECONDS ? months_apart(rows) : 0;
  if (step > 0) {
    pace.freq = step % 12 == 0 ? WSF__YEAR : WSF__MONTH;
    if (step % 12 == 0) step /= 12;
  }
  for (size_t k = 0; k < sizeof equal / sizeof *equal && pace.freq == 0; ++k) {
    const int64_t length = wsf__freq_seconds(equal[k]);
    if (s->divisor % length != 0) continue;
    pace.freq = equal[k];
    step = s->divisor / length;
  }
  if (step > WSF__MOST_DATED_STEP) pace.freq = 0;
  if (pace.freq != 0) pace.step = (int32_t)step;
  return pace;
}

wsf_status wsf__timeline_infer(wsf__pace *pace, wsf__env *env, const wsf__rows *rows,
                               const wsf__order *order, wsf_error *err) {
  steps all;
  WSF__TRY(survey_steps(&all, env, rows, order, err));
  if (rows->time_form == WSF__FORM_INTEGER) {
    const bool even = all.all == 2 && all.largest == all.divisor;
    const bool likely = (all.all >= LIKELY_STEPS || even) && all.divisor <= WSF__MOST_STEP;
    *pace = (wsf__pace){.freq = WSF__INTEGER, .step = likely ? (int32_t)all.divisor : 1};
    return WSF_OK;
  }
  WSF__TRY(weekly_months(pace, env, rows, &all, err));
  if (pace->freq != 0) return WSF_OK;
  /* Without any step, every series has one time: the finest frequency of the form. */
  int best = rows->time_form == WSF__FORM_TIME ? WSF__HOUR : WSF__DAY;
  for (int k = WSF__HOUR; k < WSF__INTEGER; ++k) {
    if (all.count[k] > all.count[best]) best = k;
  }
  if (best == WSF__DAY && skips_weekends(rows, &all)) best = WSF__BUSINESS;
  *pace = (wsf__pace){.freq = best, .step = 1};
  if (best == WSF__BUSINESS || all.count[0] <= all.count[best]) return WSF_OK;
  *pace = common_pace(rows, &all);
  if (pace->freq != 0) return WSF_OK;
  const wsf_status status = wsf__fail(
      err, WSF_E_DATA,
      "steps such as %" PRId64 " seconds between times fit no frequency, expected whole minutes, "
      "hours, days, weeks, months, quarters or years",
      all.smallest);
  wsf__error_at_field(err, rows->time_name);
  return status;
}

/* ---- anchor ------------------------------------------------------------------------------- */

static wsf_status calendar_of(wsf__calendar *cal, const wsf__rows *rows, wsf__pace pace,
                              int64_t first, wsf_error *err) {
  const wsf__time time = {.form = rows->time_form, .value = first};
  const wsf_status status = pace.freq == WSF__FISCAL
                                ? wsf__calendar_fiscal(cal, &pace.year, pace.step, time, err)
                                : wsf__calendar_init(cal, pace.freq, pace.step, time, err);
  if (status != WSF_OK) wsf__error_at_field(err, rows->time_name);
  return status;
}

wsf_status wsf__timeline_first(wsf__calendar *cal, const wsf__rows *rows, wsf__pace pace,
                               wsf_error *err) {
  int64_t first = rows->time[0];
  for (int64_t r = 1; r < rows->n; ++r) first = rows->time[r] < first ? rows->time[r] : first;
  return calendar_of(cal, rows, pace, first, err);
}

static int64_t rest_of(int64_t value, int64_t length) {
  return value - wsf__floor_div(value, length) * length;
}

/* Where a time stands inside its period, without the whole periods: all rows of one calendar share
 * it. anchor: as of wsf__calendar for calendars of months, 0: the day that the date has. */
static int64_t phase(int64_t value, const wsf__rows *rows, wsf__pace pace, int anchor, int *day) {
  *day = 0;
  if (rows->time_form == WSF__FORM_INTEGER) return rest_of(value, pace.step);
  const int64_t date = wsf__floor_div(value, DAY_SECONDS);
  const int64_t second = value - date * DAY_SECONDS;
  if (pace.freq == WSF__BUSINESS) {
    const int64_t business = wsf__business_of_day(date);
    const bool falls = wsf__weekday(date) < 5;
    return (falls ? rest_of(business, pace.step) : pace.step) * DAY_SECONDS + second;
  }
  if (pace.freq < WSF__MONTH || pace.freq == WSF__MINUTE) {
    return rest_of(value, wsf__freq_seconds(pace.freq) * pace.step);
  }
  int64_t year;
  int month;
  wsf__civil_from_days(date, &year, &month, day);
  const int64_t months = year * 12 + month - 1;
  if (anchor > 0 && wsf__anchor_day(months, anchor) == date) *day = anchor;
  const int length = pace.freq == WSF__MONTH ? 1 : pace.freq == WSF__QUARTER ? 3 : 12;
  return (rest_of(months, (int64_t)length * pace.step) * 128 + *day) * DAY_SECONDS + second;
}

wsf_status wsf__timeline_majority(wsf__calendar *cal, const wsf__rows *rows, wsf__pace pace,
                                  wsf_error *err) {
  int day;
  if (pace.freq == WSF__FISCAL && rows->time_form != WSF__FORM_INTEGER) {
    return wsf__timeline_first(cal, rows, pace, err);
  }
  int64_t same;
  const int common = common_anchor(rows, pace.freq, &same);
  /* Boyer and Moore (1981): the majority, if there is one, survives pairing off. */
  int64_t candidate = 0, votes = 0, first = INT64_MAX;
  int anchor = 0;
  for (int64_t r = 0; r < rows->n; ++r) {
    const int64_t p = phase(rows->time[r], rows, pace, common, &day);
    if (votes == 0) {
      candidate = p;
      anchor = day;
    }
    votes += p == candidate ? 1 : -1;
  }
  for (int64_t r = 0; r < rows->n; ++r) {
    if (rows->time[r] < first && phase(rows->time[r], rows, pace, common, &day) == candidate) {
      first = rows->time[r];
    }
  }
  WSF__TRY(calendar_of(cal, rows, pace, first, err));
  cal->anchor = anchor;
  return WSF_OK;
}

void wsf__timeline_text(const wsf__rows *rows, int64_t row, char out[32]) {
  const int64_t value = rows->time[row];
  wsf__calendar cal = {WSF__DAY, 1, rows->time_form, value, 0, 0, 0};
  if (rows->time_form != WSF__FORM_INTEGER) {
    cal.second = (int32_t)(value % DAY_SECONDS + (value % DAY_SECONDS < 0 ? DAY_SECONDS : 0));
    cal.origin = (value - cal.second) / DAY_SECONDS;
  }
  wsf__calendar_text(&cal, 0, out);
}

wsf_status wsf__timeline_fail_stray(const wsf__rows *rows, const wsf__calendar *cal,
                                    int64_t periods, wsf_error *err) {
  char from[32], to[32], name[32];
  wsf__calendar_name(cal, name);
  wsf__calendar_text(cal, 0, from);
  wsf__calendar_text(cal, periods - 1, to);
  (void)wsf__fail(err, WSF_E_DATA,
                  "times reach from %s to %s by %s for only %" PRId64
                  " rows, expected a stray time removed or a coarser frequency (max_values allows "
                  "more)",
                  from, to, name, rows->n);
  wsf__error_at_field(err, rows->time_name);
  return WSF_E_DATA;
}

wsf__stepper wsf__stepper_at_origin(const wsf__calendar *cal) {
  const int64_t unit = cal->form == WSF__FORM_DATE ? DAY_SECONDS : 1;
  wsf__stepper s = {cal, 0, wsf__calendar_value(cal, 0) * unit, 0};
  if (cal->form == WSF__FORM_INTEGER)
    s.step = cal->step;
  else if (cal->freq <= WSF__WEEK || cal->freq == WSF__MINUTE)
    s.step = wsf__calendar_seconds(cal);
  return s;
}
