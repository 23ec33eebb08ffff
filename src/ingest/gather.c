#include "ingest/gather.h"

#include "ingest/fiscal_option.h"
#include "ingest/hint.h"
#include "ingest/mask.h"
#include "ingest/whole_times.h"
#include "ingest/zones.h"
#include "wire/wire.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const wsf__option options[] = {
    {"keys", WSF__NAMES, "", 0, 0, NULL, "columns that together name a series; none: one series"},
    {"time", WSF__TEXT, NULL, 0, 0, NULL, "column of dates, times or whole numbers"},
    {"target", WSF__TEXT, "", 0, 0, NULL,
     "column to forecast; absent: the rows hold the future of columns known ahead, for predict"},
    {"known", WSF__NAMES, "", 0, 0, NULL, "covariates that are known ahead"},
    {"past", WSF__NAMES, "", 0, 0, NULL,
     "covariates known only for the past, or none; absent: of a stream every column without "
     "another "
     "role, which without a target is known ahead"},
    {"static", WSF__NAMES, "", 0, 0, NULL, "covariates with one value for each series"},
    {"columns", WSF__NAMES, "", 0, 0, NULL,
     "columns to take, beside those that other options name; absent: all"},
    {"freq", WSF__WORD, "auto", 0, 0, "auto|" WSF__FREQ_WORDS,
     "unit of the calendar; auto: the most common step, or what all steps are multiples of"},
    {"step", WSF__INT, "0", 0, WSF__MOST_STEP, NULL,
     "units of freq in a period, such as 15 of minute; 0: 1, or with freq=auto as the times say"},
    WSF__FISCAL_OPTION,
    {"dateformat", WSF__TEXT, "", 0, 0, NULL,
     "how times that are texts or whole numbers are written, in the words of strptime: "
     "\"%d.%m.%Y\""},
    {"timezone", WSF__TEXT, "", 0, 0, NULL,
     "zone of the times: UTC, +02:00 or such as Europe/Berlin; absent: none, or that of an Arrow "
     "column"},
    {"season", WSF__INT, "0", 0, 1000000, NULL, "steps in a season; 0: from the frequency"},
    {"duplicates", WSF__WORD, "error", 0, 0, "error|sum|last",
     "what two rows of one series and time become; where rows that are added up differ in other "
     "columns, "
     "these have the mean of numbers, a flag that one has, no word, as the report tells"},
    {"gaps", WSF__WORD, "missing", 0, 0, "missing|zero",
     "what a step without a row becomes, between the first and the last of its series"},
    {"negatives", WSF__WORD, "keep", 0, 0, "keep|zero", "what a negative target becomes"},
    {"weight", WSF__TEXT, "", 0, 0, NULL, "column that holds the weight of a row"},
    {"holiday", WSF__TEXT, "", 0, 0, NULL, "column that is 1 or true where a period has a holiday"},
    {"holiday_weight", WSF__REAL, "1", 0, 1e6, NULL,
     "weight of a period with a holiday; others weigh 1"},
    {"mask", WSF__TEXT, "", 0, 0, NULL,
     "covariate; where it is true or not 0 a row is no observation, whatever its target"},
    {"end", WSF__WORD, "auto", 0, 0, "auto|panel|own",
     "forecasts start after the panel's last period or each series' own last row; auto: own for "
     "whole-number times"},
};

const wsf__spec wsf__spec_rows = {
    .family = "options",
    .group = "call",
    .name = "rows",
    .summary = "Meaning of the columns of rows that come from a builder or an Arrow stream.",
    .source = "",
    .since = "0.1.0",
    .example = "rows(time=ds, target=y, keys=[unique_id], freq=week)",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

/* ---- options ------------------------------------------------------------------------------ */

static wsf_status copy_name(const char **out, wsf__gather *g, const wsf__node *node,
                            const char *option, wsf_error *err) {
  const char *text = wsf__arg_text(node, option);
  *out = NULL;
  if (!text || !*text) return WSF_OK;
  *out = wsf__arena_text(&g->names, text, strlen(text));
  return *out ? WSF_OK : wsf__fail_memory(err);
}

static wsf_status copy_names(wsf__names *out, wsf__gather *g, const wsf__node *node,
                             const char *option, wsf_error *err) {
  *out = wsf__names_of(node, option);
  const char **name = wsf__arena_new(&g->names, (size_t)out->n, sizeof *name);
  if (!name) return wsf__fail_memory(err);
  for (int i = 0; i < out->n; ++i) {
    name[i] = wsf__arena_text(&g->names, out->name[i], strlen(out->name[i]));
    if (!name[i]) return wsf__fail_memory(err);
  }
  out->name = name;
  return WSF_OK;
}

static int32_t choice(const wsf__node *node, const char *option, const char *first,
                      const char *second) {
  return wsf__arg_is(node, option, first) ? 0 : wsf__arg_is(node, option, second) ? 1 : -1;
}

/* How texts and whole numbers are times. */
static wsf_status copy_style(wsf__gather *g, const wsf__node *node, wsf_error *err) {
  WSF__TRY(copy_name(&g->style.format, g, node, "dateformat", err));
  if (g->rules.freq == WSF__INTEGER) g->style.whole = WSF__WHOLE_NUMBERS;
  if (g->rules.fiscal_given) g->style.fiscal = &g->rules.fiscal;
  if (!g->style.format || wsf__time_format_check(g->style.format, err) == WSF_OK) return WSF_OK;
  wsf__error_at_field(err, "dateformat");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

/* One column cannot be two things. */
static wsf_status check_roles(const wsf__gather *g, wsf_error *err) {
  const wsf__names list[] = {{.n = g->n_keys, .name = g->key_name},
                             g->known,
                             g->past,
                             g->fixed,
                             {.n = 1, .name = &g->time_name},
                             {.n = g->target_name != NULL, .name = &g->target_name}};
  const int lists = sizeof list / sizeof *list;
  for (int l = 0; l < lists; ++l) {
    for (int i = 0; i < list[l].n; ++i) {
      const char *name = list[l].name[i];
      int places = 0;
      for (int k = 0; k < lists; ++k) {
        for (int j = 0; j < list[k].n; ++j) places += strcmp(list[k].name[j], name) == 0;
      }
      if (places == 1) continue;
      (void)wsf__fail(err, WSF_E_VALUE,
                      "column '%s' stands in two places of keys, time, target, known, past and "
                      "static",
                      name);
      wsf__error_at_field(err, name);
      return WSF_E_VALUE;
    }
  }
  return WSF_OK;
}

int32_t wsf__gather_role(const wsf__gather *g, const char *name) {
  if (wsf__names_have(&g->fixed, name)) return WSF__STATIC;
  if (wsf__names_have(&g->known, name)) return WSF__KNOWN;
  if (g->holiday_name && strcmp(g->holiday_name, name) == 0) return WSF__KNOWN;
  if (wsf__names_have(&g->past, name)) return WSF__PAST;
  if (g->weight_name && strcmp(g->weight_name, name) == 0) return WSF__PAST;
  if (g->mask_name && strcmp(g->mask_name, name) == 0) return WSF__PAST;
  if (g->past.given) return 0;
  if (g->columns.given && !wsf__names_have(&g->columns, name)) return 0;
  return g->target_name ? WSF__PAST : WSF__KNOWN;
}

wsf_status wsf__gather_init(wsf__gather *g, wsf__env *env, const wsf__node *node, wsf_error *err) {
  *g = (wsf__gather){.env = env, .holiday_weight = wsf__arg_number(node, "holiday_weight")};
  wsf__arena_init(&g->names, &env->alloc);
  wsf__arena_init(&g->labels, &env->alloc);
  wsf__report_init(&g->report, &env->alloc);
  WSF__TRY(copy_name(&g->time_name, g, node, "time", err));
  WSF__TRY(copy_name(&g->target_name, g, node, "target", err));
  WSF__TRY(copy_name(&g->weight_name, g, node, "weight", err));
  WSF__TRY(copy_name(&g->holiday_name, g, node, "holiday", err));
  WSF__TRY(copy_name(&g->mask_name, g, node, "mask", err));
  WSF__TRY(copy_name(&g->zone_name, g, node, "timezone", err));
  g->zone_asked = g->zone_name != NULL;
  g->zoned = -1;
  if (!g->time_name) {
    return wsf__fail(err, WSF_E_VALUE, "the name of the time column must not be empty");
  }
  wsf__names keys;
  WSF__TRY(copy_names(&keys, g, node, "keys", err));
  WSF__TRY(copy_names(&g->known, g, node, "known", err));
  WSF__TRY(copy_names(&g->past, g, node, "past", err));
  WSF__TRY(copy_names(&g->fixed, g, node, "static", err));
  WSF__TRY(copy_names(&g->columns, g, node, "columns", err));
  g->key_name = keys.name;
  g->key = wsf__arena_zero(&g->names, (size_t)keys.n, sizeof *g->key);
  g->code = wsf__arena_zero(&g->names, (size_t)keys.n, sizeof *g->code);
  if (!g->key || !g->code) return wsf__fail_memory(err);
  g->n_keys = keys.n;
  for (int k = 0; k < keys.n; ++k) wsf__dict_init(&g->key[k], &g->labels);
  WSF__TRY(check_roles(g, err));

  wsf__panel_rules *r = &g->rules;
  (void)wsf__freq_parse(wsf__arg_text(node, "freq"), &r->freq);
  const char *format = wsf__arg_text(node, "dateformat");
  WSF__TRY(wsf__fiscal_option(r, node, format && strstr(format, "%V"), err));
  WSF__TRY(copy_style(g, node, err));
  r->step = (int32_t)wsf__arg_int(node, "step");
  r->season = (int)wsf__arg_int(node, "season");
  r->duplicates = wsf__arg_is(node, "duplicates", "sum")    ? WSF__DUP_SUM
                  : wsf__arg_is(node, "duplicates", "last") ? WSF__DUP_LAST
                                                            : WSF__DUP_ERROR;
  r->gaps_zero = wsf__arg_is(node, "gaps", "zero");
  r->negatives_zero = wsf__arg_is(node, "negatives", "zero");
  r->own_end = choice(node, "end", "panel", "own");
  return WSF_OK;
}

/* ---- rows --------------------------------------------------------------------------------- */

wsf_status wsf__gather_columns(wsf__gather *g, int columns, wsf_error *err) {
  g->column = wsf__arena_zero(&g->names, (size_t)columns, sizeof *g->column);
  return g->column ? WSF_OK : wsf__fail_memory(err);
}

void wsf__gather_add_column(wsf__gather *g, const char *name, int32_t kind, bool text) {
  wsf__gather_column *c = &g->column[g->n_columns++];
  *c = (wsf__gather_column){.name = name, .kind = kind, .text = text};
  wsf__dict_init(&c->words, &g->labels);
}

void wsf__gather_left_out(wsf__gather *g, const char *name, const char *format) {
  char type[64];
  (void)snprintf(type, sizeof type, "Arrow type %.40s", format);
  wsf__report_add(
      &g->report,
      (wsf__report_row){.item = "columns left out", .count = 1, .column = name, .example = type});
}

/* The array, grown if memory allows; else as it was, and *all is false. */
static void *grow(const wsf__gather *g, void *array, int64_t capacity, size_t size, bool *all) {
  void *grown = *all ? wsf__resize(&g->env->alloc, array, (size_t)capacity, size) : NULL;
  if (!grown) *all = false;
  return grown ? grown : array;
}

wsf_status wsf__gather_reserve(wsf__gather *g, int64_t rows, wsf_error *err) {
  int64_t need;
  if (__builtin_add_overflow(g->n, rows, &need) || need > INT64_MAX / 64) {
    return wsf__fail_memory(err);
  }
  WSF__TRY(wsf__limit_check(&g->env->limits, WSF__MOST_rows, need, err));
  if (need <= g->capacity) return WSF_OK;
  int64_t capacity = g->capacity + g->capacity / 2 + 64;
  if (capacity < need) capacity = need;
  bool all = true;
  g->time = grow(g, g->time, capacity, sizeof *g->time, &all);
  g->target = grow(g, g->target, capacity, sizeof *g->target, &all);
  for (int k = 0; k < g->n_keys; ++k) {
    g->code[k] = grow(g, g->code[k], capacity, sizeof *g->code[k], &all);
  }
  for (int k = 0; k < g->n_columns; ++k) {
    wsf__gather_column *c = &g->column[k];
    c->value = grow(g, c->value, capacity, sizeof *c->value, &all);
  }
  if (!all) return wsf__fail_memory(err);
  g->capacity = capacity;
  return WSF_OK;
}

wsf_status wsf__gather_label(int32_t *code, wsf__dict *d, const char *text, size_t length,
                             wsf_error *err) {
  if (!wsf__utf8_valid(text, length)) {
    return wsf__fail(err, WSF_E_DATA, "a text was found that is not valid UTF-8 or holds a NUL");
  }
  *code = wsf__dict_put(d, text, length, wsf__dict_head(text, length));
  return *code < 0 ? wsf__fail_memory(err) : WSF_OK;
}

wsf_status wsf__form_agree(int32_t *form, int32_t next, const char *time_name, wsf_error *err) {
  if (*form == next) return WSF_OK;
  if (*form == 0) {
    *form = next;
    return WSF_OK;
  }
  if (*form == WSF__FORM_INTEGER || next == WSF__FORM_INTEGER) {
    const wsf_status status =
        wsf__fail(err, WSF_E_DATA, "the time is a %s where the rows before had %ss",
                  next == WSF__FORM_INTEGER ? "whole number" : "date",
                  next == WSF__FORM_INTEGER ? "date" : "whole number");
    wsf__error_at_field(err, time_name);
    return status;
  }
  *form = WSF__FORM_TIME;
  return WSF_OK;
}

wsf_status wsf__zoned_agree(int *zoned, bool next, const char *time_name, wsf_error *err) {
  if (*zoned < 0) *zoned = next;
  if (*zoned == next) return WSF_OK;
  const wsf_status status =
      wsf__fail(err, WSF_E_DATA, "the time has %s distance from UTC where the rows before had %s",
                next ? "a" : "no", next ? "none" : "one");
  wsf__error_at_field(err, time_name);
  return status;
}

static void drop_rows(wsf__gather *g) {
  const wsf__alloc *a = &g->env->alloc;
  wsf__delete(a, g->time);
  wsf__delete(a, g->target);
  for (int k = 0; k < g->n_keys; ++k) {
    wsf__delete(a, g->code[k]);
    g->code[k] = NULL;
    wsf__dict_free(&g->key[k]);
  }
  for (int k = 0; k < g->n_columns; ++k) {
    wsf__delete(a, g->column[k].value);
    g->column[k].value = NULL;
    wsf__dict_free(&g->column[k].words);
  }
  wsf__arena_free(&g->labels);
  g->time = NULL;
  g->target = NULL;
  g->n = g->capacity = 0;
  g->form = 0;
  g->zoned = -1;
}

void wsf__gather_free(wsf__gather *g) {
  if (!g->env) return;
  drop_rows(g);
  wsf__report_free(&g->report);
  wsf__arena_free(&g->names);
}

/* ---- panel -------------------------------------------------------------------------------- */

/* Nothing but 0, 1 and missing, and at least one of the first two. */
static bool two_valued(const double *x, int64_t n) {
  bool any = false;
  for (int64_t i = 0; i < n; ++i) {
    if (x[i] == 0 || x[i] == 1)
      any = true;
    else if (!isnan(x[i]))
      return false;
  }
  return any;
}

static wsf_status find_role(int *out, const wsf__panel *p, const char *option, const char *name,
                            wsf_error *err) {
  *out = wsf__panel_find_column(p, name);
  if (*out >= 0 && p->column[*out].n_categories == 0) return WSF_OK;
  char hint[WSF__HINT_BYTES] = "";
  if (*out < 0) wsf__column_hint(hint, p, name);
  const wsf_status status = wsf__fail(
      err, WSF_E_VALUE,
      *out < 0 ? "%s names column '%.64s', which is no covariate of the rows%s"
               : "%s names column '%.64s', which holds text where numbers were expected%s",
      option, name, hint);
  wsf__error_at_field(err, name);
  return status;
}

static wsf_status set_roles(wsf__panel *p, const wsf__gather *g, wsf_error *err) {
  if (g->weight_name) WSF__TRY(find_role(&p->weight, p, "weight", g->weight_name, err));
  if (g->holiday_name) {
    WSF__TRY(find_role(&p->holiday, p, "holiday", g->holiday_name, err));
    p->holiday_weight = g->holiday_weight;
  }
  return WSF_OK;
}

typedef struct word {
  const char *text;
  int32_t code;
} word;

static int compare_words(const void *a, const void *b) {
  return strcmp(((const word *)a)->text, ((const word *)b)->text);
}

/* Words in byte order, so that codes do not depend on the order of the rows. */
static wsf_status sort_words(wsf__row_column *out, wsf__gather_column *c, int64_t rows,
                             wsf__arena *arena, const wsf__env *env, wsf_error *err) {
  const size_t n = (size_t)c->words.n;
  word *words = wsf__arena_new(arena, n, sizeof *words);
  const char **text = wsf__arena_new(arena, n, sizeof *text);
  int32_t *rank = wsf__arena_new(arena, n, sizeof *rank);
  if (!words || !text || !rank) return wsf__fail_memory(err);
  for (size_t i = 0; i < n; ++i) words[i] = (word){c->words.entry[i].text, (int32_t)i};
  if (n > 0) qsort(words, n, sizeof *words, compare_words);
  for (size_t i = 0; i < n; ++i) {
    text[i] = words[i].text;
    rank[words[i].code] = (int32_t)i;
  }
  for (int64_t i = 0; i < rows; ++i) {
    WSF__TRY(wsf__go_on(env, i, err));
    if (!isnan(c->value[i])) c->value[i] = rank[(int32_t)c->value[i]];
  }
  out->n_categories = (int32_t)n;
  out->category = text;
  return WSF_OK;
}

static wsf_status attach_report(wsf__panel *p, wsf__gather *g, const wsf__panel_counts *counts,
                                wsf_error *err) {
  wsf__report_add(&g->report, (wsf__report_row){.item = "rows read", .count = g->n});
  wsf__report_counts(&g->report, counts, p, NULL);
  wsf__report_quiet(&g->report, p, NULL);
  const wsf_status status = wsf__report_attach(&g->report, p, err);
  wsf__report_free(&g->report);
  wsf__report_init(&g->report, &g->env->alloc);
  return status;
}

static wsf_status settle_times(wsf__gather *g, wsf_error *err) {
  const wsf__zoned how = {.name = g->zone_name,
                          .asked = g->zone_asked,
                          .instants = g->instants,
                          .packed = g->zoned == 1,
                          .column = g->time_name,
                          .freq = g->rules.freq,
                          .n_keys = g->n_keys,
                          .code = g->code};
  if (g->zone_asked) WSF__TRY(wsf__zone_check(g->env, g->zone_name, err));
  if (g->form != WSF__FORM_TIME) return WSF_OK;
  int outcome;
  WSF__TRY(wsf__zones_settle(&outcome, g->time, g->n, &how, g->env, err));
  if (outcome == WSF__ZONE_NONE) return WSF_OK;
  wsf__report_add(&g->report, (wsf__report_row){.item = wsf__zone_outcome_text(outcome),
                                                .count = g->n,
                                                .column = g->time_name,
                                                .example = g->zone_name});
  return WSF_OK;
}

/* Whole numbers that are months, days or seconds become times, which the report tells. */
static wsf_status settle_whole(wsf__gather *g, wsf_error *err) {
  wsf__time_style style = g->style;
  wsf__time_seen seen;
  char first[24];
  (void)snprintf(first, sizeof first, "%" PRId64, g->time[0]);
  WSF__TRY(wsf__settle_whole(g->time, g->n, &g->form, &style, &seen, g->env, err));
  if (style.grain > g->grain) g->grain = style.grain;
  const int note = wsf__whole_note(seen.bits, &style);
  if (note < 0 || g->style.whole) return WSF_OK;
  wsf__report_add(&g->report, (wsf__report_row){.item = wsf__csv_note_text(note),
                                                .count = 1,
                                                .line = 1,
                                                .column = g->time_name,
                                                .example = first});
  return WSF_OK;
}

static wsf_status build(wsf__panel **out, wsf__gather *g, wsf_error *err) {
  WSF__TRY(settle_whole(g, err));
  WSF__TRY(settle_times(g, err));
  wsf__arena *a = &g->labels;
  const size_t n_keys = (size_t)g->n_keys, n_columns = (size_t)g->n_columns;
  const char *const **label = wsf__arena_new(a, n_keys, sizeof *label);
  int32_t *n_labels = wsf__arena_new(a, n_keys, sizeof *n_labels);
  wsf__row_column *column = wsf__arena_zero(a, n_columns, sizeof *column);
  if (!label || !n_labels || !column) return wsf__fail_memory(err);
  for (int k = 0; k < g->n_keys; ++k) {
    label[k] = wsf__dict_labels(&g->key[k], a);
    n_labels[k] = g->key[k].n;
    if (!label[k]) return wsf__fail_memory(err);
  }
  for (int k = 0; k < g->n_columns; ++k) {
    wsf__gather_column *c = &g->column[k];
    column[k] = (wsf__row_column){.name = c->name, .kind = c->kind, .value = c->value};
    column[k].flag = !c->text && two_valued(c->value, g->n);
    if (c->text) WSF__TRY(sort_words(&column[k], c, g->n, a, g->env, err));
  }
  const wsf__rows rows = {.n = g->n,
                          .n_keys = g->n_keys,
                          .key_name = g->key_name,
                          .key_code = (const int32_t *const *)g->code,
                          .key_label = label,
                          .n_labels = n_labels,
                          .time_name = g->time_name,
                          .target_name = g->target_name,
                          .time = g->time,
                          .time_form = g->form,
                          .grain = g->grain,
                          .target = g->target_name ? g->target : NULL,
                          .n_columns = g->n_columns,
                          .column = column};
  wsf__panel_counts counts = {0};
  wsf__panel *p = NULL;
  WSF__TRY(wsf__panel_build(&p, g->env, &rows, &g->rules, &counts, err));
  wsf_status status = g->mask_name ? wsf__mask(&p, g->env, g->mask_name, err) : WSF_OK;
  if (status == WSF_OK) status = set_roles(p, g, err);
  if (status == WSF_OK) status = attach_report(p, g, &counts, err);
  if (status != WSF_OK) {
    wsf__panel_release(p);
    return status;
  }
  *out = p;
  return WSF_OK;
}

wsf_status wsf__gather_finish(wsf__panel **out, wsf__gather *g, wsf_error *err) {
  *out = NULL;
  const wsf_status status = g->n > 0
                                ? build(out, g, err)
                                : wsf__fail(err, WSF_E_DATA, "there are no rows to make series of");
  drop_rows(g);
  return status;
}
