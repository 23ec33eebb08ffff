/* The candidates of `auto`, from the quickest to the slowest: a smaller effort looks at the first
 * of them. The level of last season (snaive), of its growth (rebase), lines (drift, tslm),
 * exponential smoothing in its forms (theta, ets, ces), rare demand (tsb), seasons long or several
 * (mstl), series that move together and holidays that move (lowrank, holiday_shift).
 *
 * Regressions on what is known ahead stand among them: smoothing around promotions and events
 * alone, smoothing and lines around every column, around days of the month and around the week and
 * the year, as far as those are longer than the season of the data; and the same of logarithms,
 * where effects multiply. Without such columns they are nothing new, and are not tried. */
#include "models/combine/candidates.h"
#include "models/combine/inner.h"
#include "models/regressors.h"

#include <string.h>

#define HOLIDAYS "holidays(\"$country\",window=[-1,1])"
#define DATES    "calendar([day,monthstart,monthend,payday],strict=false)"
#define FLAGS    "x=[known(flags)," HOLIDAYS "," DATES "]"
#define ALL      "x=[known," HOLIDAYS "," DATES ",fourier(calendar,5)]"

const char wsf__candidates[] =
    "[snaive,theta(method=dotm),tslm,fallback(mstl(ets,seasons=calendar),ets),drift,tsb,"
    "ets(search=newton," FLAGS "),tslm(" ALL "),log(tslm(" ALL ")),ets(search=newton," ALL "),"
    "log(ets(search=newton," FLAGS ")),log(ets(search=newton," ALL ")),"
    "holiday_shift(rebase(snaive)),ces,ets,holiday_shift(lowrank(tslm,rank=4)),"
    "holiday_shift(rebase(lowrank(snaive,rank=8))),holiday_shift(rebase(lowrank(snaive,rank=2))),"
    "fallback(log(ets),ets),fallback(log(theta),theta),ets(damped=true),arima]";

wsf__effort wsf__effort_of(const wsf__node *node) {
  if (wsf__arg_is(node, "effort", "quick")) return (wsf__effort){9, 200, 1, 1000000, 100};
  if (wsf__arg_is(node, "effort", "normal")) return (wsf__effort){18, 1000, 2, 4000000, 300};
  return (wsf__effort){WSF__EXPR_LIST, 10000, 3, 16000000, 1000};
}

/* Columns that the regressions of a call have; -1: it has no regression. */
static wsf_status count_columns(int *out, const wsf__node *node, wsf__fit *f) {
  if (wsf__class_of(node)->regresses && wsf__arg(node, "x")->n > 0) {
    wsf__regressors r;
    WSF__TRY(wsf__regressors_find(&r, node, f->panel, f->scratch, f->err));
    *out = r.n > *out ? r.n : *out;
  }
  for (int i = 0; i < node->n_inner; ++i) WSF__TRY(count_columns(out, node->inner[i], f));
  return WSF_OK;
}

int wsf__candidates_plain(const wsf__node *node) {
  return wsf__arg(node, "models")->given ? -1 : 0;
}

bool wsf__candidates_repeat(const wsf__node *call) {
  while (call->n_inner == 1) call = call->inner[0];
  return call->n_inner == 0 && strcmp(call->spec->name, "snaive") == 0;
}

wsf_status wsf__candidates_try(bool *tried, const wsf__node *node, wsf__fit *f,
                               const wsf__batch *b) {
  const bool preset = !wsf__arg(node, "models")->given;
  const wsf__effort e = wsf__effort_of(node);
  int64_t values = 0;
  for (int64_t i = 0; i < b->n; ++i) values += b->series[i].n;
  for (int call = 0; call < node->n_inner; ++call) {
    tried[call] = !preset || call < e.calls;
    if (!preset || !tried[call]) continue;
    int columns = -1;
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    WSF__TRY(count_columns(&columns, node->inner[call], f));
    wsf__arena_reset(f->scratch, mark);
    tried[call] = columns != 0 && columns <= e.columns;
    if (wsf__inner_pools(node->inner[call], f->panel)) {
      tried[call] = tried[call] && b->n > 1 && values <= e.pooled;
    }
  }
  return WSF_OK;
}
