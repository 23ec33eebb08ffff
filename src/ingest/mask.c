/* Periods that are no observations: closed days, shelves that stood empty. */
#include "ingest/mask.h"

#include "ingest/hint.h"
#include "ingest/report.h"
#include "ingest/sources.h"

static const wsf__option options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "the data to mask"},
    {"column", WSF__TEXT, NULL, 0, 0, NULL,
     "covariate; where it is true or not 0 a period is no observation"},
};

const wsf__spec wsf__spec_mask = {
    .family = "data",
    .group = "step",
    .name = "mask",
    .summary = "Take away the observations of masked periods, such as closed days.",
    .source = "",
    .since = "0.2.0",
    .example = "walmart(\"data/walmart\") | mask(IsHoliday)",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

static wsf_status find(int *out, const wsf__panel *p, const char *column, wsf_error *err) {
  *out = wsf__panel_find_column(p, column);
  if (*out >= 0 && p->column[*out].n_categories == 0) return WSF_OK;
  char hint[WSF__HINT_BYTES] = "";
  if (*out < 0) wsf__column_hint(hint, p, column);
  (void)wsf__fail(
      err, WSF_E_VALUE,
      *out < 0 ? "the mask \"%.100s\" is no covariate of the data%s"
               : "the mask \"%.100s\" holds texts; true and false or numbers were expected%s",
      column, hint);
  wsf__error_at_field(err, column);
  return WSF_E_VALUE;
}

wsf_status wsf__mask(wsf__panel **p, const wsf__env *env, const char *column, wsf_error *err) {
  int k;
  int64_t masked;
  wsf__panel *made = NULL;
  wsf__report report;
  WSF__TRY(wsf__panel_need_target(*p, err));
  WSF__TRY(find(&k, *p, column, err));
  WSF__TRY(wsf__panel_mask(&made, env, *p, k, &masked, err));
  wsf__report_init(&report, &made->arena.alloc);
  wsf__report_add(&report,
                  (wsf__report_row){.item = "masked periods", .count = masked, .column = column});
  const wsf_status status = wsf__report_attach(&report, made, err);
  wsf__report_free(&report);
  if (status != WSF_OK) {
    wsf__panel_release(made);
    return status;
  }
  wsf__panel_release(*p);
  *p = made;
  return WSF_OK;
}

wsf_status wsf__open_mask(wsf__panel **out, wsf__env *env, const wsf__node *node, wsf_error *err) {
  WSF__TRY(wsf__ingest_open(out, env, wsf__arg(node, "data")->inner[0], err));
  const wsf_status status = wsf__mask(out, env, wsf__arg_text(node, "column"), err);
  if (status == WSF_OK) return WSF_OK;
  wsf__error_at_byte(err, node->byte);
  wsf__panel_release(*out);
  *out = NULL;
  return status;
}
