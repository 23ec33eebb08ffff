/* Small steps: until cuts the history, keep drops short series, select picks series by their
 * labels. */
#include "calendar/time_read.h"
#include "ingest/load.h"
#include "ingest/report.h"
#include "ingest/sources.h"
#include "panel/far.h"

#include <math.h>

static wsf_status open_inner(wsf__panel **out, wsf__env *env, const wsf__node *node,
                             wsf_error *err) {
  return wsf__ingest_open(out, env, wsf__arg(node, "data")->inner[0], err);
}

/* Replace *out by a panel made from it. */
static wsf_status replace(wsf__panel **out, wsf__panel *made, wsf_status status) {
  wsf__panel_release(*out);
  *out = status == WSF_OK ? made : NULL;
  return status;
}

static wsf_status fail_option(const wsf__node *node, const char *option, wsf_status status,
                              wsf_error *err) {
  wsf__error_at_field(err, option);
  wsf__error_at_byte(err, node->byte);
  return status;
}

/* ---- until -------------------------------------------------------------------------------- */

static const wsf__option until_options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "the data to cut"},
    {"date", WSF__TEXT, "", 0, 0, NULL, "the last day or time of the history"},
    {"index", WSF__INT, "", 0, 0, NULL, "the last time of the history, if times are whole numbers"},
};

const wsf__spec wsf__spec_until = {
    .family = "data",
    .group = "step",
    .name = "until",
    .summary = "Cut the target and whatever is not known ahead after a date.",
    .source = "",
    .since = "0.1.0",
    .example = "walmart(\"data/walmart\") | until(\"2012-02-03\")",
    .options = until_options,
    .n_options = sizeof until_options / sizeof *until_options,
};

/* The date as a value of the calendar's table form; a day holds all its hours. */
static wsf_status last_value(const wsf__panel *p, const wsf__node *node, int64_t *out,
                             wsf_error *err) {
  const char *date = wsf__arg_text(node, "date");
  const bool integers = p->calendar.form == WSF__FORM_INTEGER;
  wsf__time t = {.form = WSF__FORM_INTEGER, .value = 0};
  if (wsf__arg(node, "index")->form == WSF__NUMBER) {
    t.value = wsf__arg_int(node, "index");
  } else if (!date) {
    (void)wsf__fail(err, WSF_E_VALUE, "until needs a date or, for whole-number times, an index");
    return fail_option(node, "date", WSF_E_VALUE, err);
  } else if (wsf__time_read_alone(&t, date, strlen(date), WSF_E_VALUE, err) != WSF_OK) {
    return fail_option(node, "date", WSF_E_VALUE, err);
  }
  if (integers ? t.form != WSF__FORM_INTEGER : !wsf__time_of_number(&t)) {
    (void)wsf__fail(err, WSF_E_VALUE, "until has a %s, but the column \"%s\" holds %s; expected %s",
                    integers ? "date" : "whole number", p->time_name,
                    integers ? "whole numbers" : "dates",
                    integers ? "one of them" : "a date such as 2012-02-03, 20120203 or 201202");
    return fail_option(node, "date", WSF_E_VALUE, err);
  }
  if (p->calendar.form == WSF__FORM_DATE) {
    *out = (t.value - (t.value % 86400 + 86400) % 86400) / 86400;
  } else if (p->calendar.form == WSF__FORM_TIME && t.form == WSF__FORM_DATE) {
    *out = t.value + 86399;
  } else {
    *out = t.value;
  }
  return WSF_OK;
}

/* Doubts about times far ahead, and about zeros at the end, hold as long as such are left
 * (panel/far.h, quiet.c). */
static wsf_status forget_end(wsf__panel *p, const wsf__env *env, wsf_error *err) {
  const bool zeros = wsf__report_says(p->report, WSF__DOUBT_ZEROS);
  const bool distant = wsf__report_says(p->report, WSF__DOUBT_FAR);
  wsf_status status = WSF_OK;
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  if (zeros) {
    int64_t end;
    if (!wsf__quiet_end(&end, p, &arena))
      status = wsf__fail_memory(err);
    else if (end < 0)
      status = wsf__report_take_back(p, WSF__DOUBT_ZEROS, err);
  }
  if (status == WSF_OK && distant) {
    bool far;
    status = wsf__panel_far(&far, p, env, &arena, err);
    if (status == WSF_OK && !far) status = wsf__report_take_back(p, WSF__DOUBT_FAR, err);
  }
  wsf__arena_free(&arena);
  return status;
}

wsf_status wsf__open_until(wsf__panel **out, wsf__env *env, const wsf__node *node, wsf_error *err) {
  WSF__TRY(open_inner(out, env, node, err));
  const wsf__panel *p = *out;
  int64_t value;
  wsf_status status = last_value(p, node, &value, err);
  if (status != WSF_OK) return replace(out, NULL, status);
  /* The last period that is not later. */
  int64_t low = -1, high = p->T - 1;
  while (low < high) {
    const int64_t middle = low + (high - low + 1) / 2;
    if (wsf__calendar_value(&p->calendar, middle) <= value)
      low = middle;
    else
      high = middle - 1;
  }
  if (low == p->T - 1) return WSF_OK;
  if (low < 0) {
    char first[32];
    wsf__calendar_text(&p->calendar, 0, first);
    (void)wsf__fail(err, WSF_E_DATA, "nothing is left until then; the history begins at %s", first);
    return replace(out, NULL, fail_option(node, "date", WSF_E_DATA, err));
  }
  wsf__panel *made = NULL;
  status = wsf__panel_cut(&made, env, p, low, err);
  if (status == WSF_OK) status = forget_end(made, env, err);
  if (status != WSF_OK) {
    wsf__panel_release(made);
    made = NULL;
  }
  return replace(out, made, status);
}

/* ---- keep, select ------------------------------------------------------------------------- */

static const wsf__option keep_options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "the data to choose from"},
    {"min_obs", WSF__INT, "1", 1, 1e9, NULL, "the least observations of a series that stays"},
};

const wsf__spec wsf__spec_keep = {
    .family = "data",
    .group = "step",
    .name = "keep",
    .summary = "Leave out series with few observations.",
    .source = "",
    .since = "0.1.0",
    .example = "walmart(\"data/walmart\") | keep(min_obs=79)",
    .options = keep_options,
    .n_options = sizeof keep_options / sizeof *keep_options,
};

static const wsf__option select_options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "the data to choose from"},
    {"series", WSF__NAMES, "", 0, 0, NULL,
     "labels of series, joined by / as in \"1/72\"; * stands for any label, and labels left out "
     "at the end for all; absent: every series"},
    {"without", WSF__NAMES, "", 0, 0, NULL,
     "labels of series to leave out of these, such as Total"},
};

const wsf__spec wsf__spec_select = {
    .family = "data",
    .group = "step",
    .name = "select",
    .summary = "Keep the named series, or all but some.",
    .source = "",
    .since = "0.1.0",
    .example = "walmart(\"data/walmart\") | select([\"1/72\", \"*/5\"])",
    .options = select_options,
    .n_options = sizeof select_options / sizeof *select_options,
};

static wsf_status choose(wsf__panel **out, const wsf__env *env, const uint8_t *chosen,
                         wsf_error *err) {
  wsf__panel *made = NULL;
  int64_t left_out = 0;
  for (int64_t i = 0; i < (*out)->n; ++i) left_out += !chosen[i];
  wsf_status status = wsf__panel_select(&made, env, *out, chosen, err);
  if (status == WSF_OK) {
    wsf__report report;
    wsf__report_init(&report, &made->arena.alloc);
    wsf__report_add(&report, (wsf__report_row){.item = "series left out", .count = left_out});
    status = wsf__report_attach(&report, made, err);
    wsf__report_free(&report);
    if (status != WSF_OK) {
      wsf__panel_release(made);
      made = NULL;
    }
  }
  return replace(out, made, status);
}

wsf_status wsf__open_keep(wsf__panel **out, wsf__env *env, const wsf__node *node, wsf_error *err) {
  WSF__TRY(open_inner(out, env, node, err));
  const wsf__panel *p = *out;
  const int64_t least = wsf__arg_int(node, "min_obs");
  uint8_t *chosen = wsf__new_zero(&env->alloc, (size_t)p->n, 1);
  if (!chosen) return replace(out, NULL, wsf__fail_memory(err));
  int64_t most = 0, kept = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    int64_t seen = 0;
    for (int64_t t = 0; t < p->length[i]; ++t) seen += !isnan(p->y[p->offset[i] + t]);
    chosen[i] = seen >= least;
    kept += chosen[i];
    most = seen > most ? seen : most;
  }
  wsf_status status;
  if (kept == 0) {
    (void)wsf__fail(err, WSF_E_DATA, "no series has %lld observations; the longest has %lld",
                    (long long)least, (long long)most);
    status = replace(out, NULL, fail_option(node, "min_obs", WSF_E_DATA, err));
  } else {
    status = choose(out, env, chosen, err);
  }
  wsf__delete(&env->alloc, chosen);
  return status;
}

/* Whether the labels of a series, in order, are the parts of the pattern. */
static bool matches(const wsf__panel *p, int64_t series, const char *pattern) {
  for (int k = 0; k < p->n_keys; ++k) {
    const char *label = wsf__panel_key_label(p, k, series);
    const size_t n = strlen(label);
    if (pattern[0] == '*' && (pattern[1] == '/' || !pattern[1])) {
      ++pattern;
    } else if (strncmp(pattern, label, n) == 0 && (pattern[n] == '/' || !pattern[n])) {
      pattern += n;
    } else {
      return false;
    }
    if (!*pattern) return true;
    ++pattern;
  }
  return false;
}

/* Give every series that an option names this mark; each of its labels must be there. */
static wsf_status mark(uint8_t *chosen, uint8_t as, const wsf__panel *p, const wsf__node *node,
                       const char *option, wsf_error *err) {
  const wsf__names names = wsf__names_of(node, option);
  for (int s = 0; s < names.n; ++s) {
    int64_t found = 0;
    for (int64_t i = 0; i < p->n; ++i) {
      if (!matches(p, i, names.name[s])) continue;
      chosen[i] = as;
      ++found;
    }
    if (found) continue;
    char example[64];
    wsf__panel_label(p, 0, example, sizeof example);
    (void)wsf__fail(err, WSF_E_NAME, "no series is called \"%s\"; the first is \"%s\"",
                    names.name[s], example);
    return fail_option(node, option, WSF_E_NAME, err);
  }
  return WSF_OK;
}

wsf_status wsf__open_select(wsf__panel **out, wsf__env *env, const wsf__node *node,
                            wsf_error *err) {
  WSF__TRY(open_inner(out, env, node, err));
  const wsf__panel *p = *out;
  const bool all = wsf__names_of(node, "series").n == 0;
  uint8_t *chosen = wsf__new(&env->alloc, (size_t)p->n, 1);
  if (!chosen) return replace(out, NULL, wsf__fail_memory(err));
  memset(chosen, all, (size_t)p->n);
  wsf_status status = mark(chosen, 1, p, node, "series", err);
  if (status == WSF_OK) status = mark(chosen, 0, p, node, "without", err);
  if (status == WSF_OK && !memchr(chosen, 1, (size_t)p->n)) {
    status = wsf__fail(err, WSF_E_DATA, "without names all series, so none is left");
    (void)fail_option(node, "without", status, err);
  }
  status = status == WSF_OK ? choose(out, env, chosen, err) : replace(out, NULL, status);
  wsf__delete(&env->alloc, chosen);
  return status;
}
