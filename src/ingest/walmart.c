/* walmart("DIR"): the folder of Kaggle's "Walmart Recruiting - Store Sales Forecasting" in one
 * word. train.csv is the panel of weekly sales by store and department; features.csv reaches past
 * it and is known ahead (so is its holiday flag; a holiday week weighs 5, as the contest scores
 * it); stores.csv is static; test.csv, if it is there, is what forecasts are asked for. */
#include "ingest/join.h"
#include "ingest/sources.h"

static const wsf__option options[] = {
    {"folder", WSF__TEXT, NULL, 0, 0, NULL, "folder of train.csv, features.csv and stores.csv"},
    {"duplicates", WSF__WORD, "error", 0, 0, "error|sum|last",
     "rows with the same keys and time: refuse, add up, or keep the last (columns: as for csv)"},
    {"gaps", WSF__WORD, "missing", 0, 0, "missing|zero", "weeks without a row inside a series"},
    {"negatives", WSF__WORD, "keep", 0, 0, "keep|zero", "negative sales"},
    {"fill", WSF__WORD, "forward", 0, 0, "forward|none",
     "repeat the last CPI and Unemployment past their end, or leave them missing"},
};

const wsf__spec wsf__spec_walmart = {
    .family = "data",
    .group = "source",
    .name = "walmart",
    .summary = "The Kaggle folder of Walmart's weekly store sales.",
    .source = "kaggle.com/c/walmart-recruiting-store-sales-forecasting",
    .since = "0.1.0",
    .example = "walmart(\"data/walmart\")",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

static const char *const sales_keys[] = {"Store", "Dept"};
static const char *const store_date[] = {"Store", "Date"};
static const char *const economy[] = {"CPI", "Unemployment"};

static wsf_status add_files(wsf__panel *p, wsf__env *env, wsf__arena *arena, const char *folder,
                            bool forward, wsf_error *err) {
  const wsf__join features = {
      .path = wsf__load_path(arena, folder, "features.csv"),
      .on = {.n = 2, .given = true, .name = store_date},
      .forward_columns = {.n = forward ? 2 : 0, .given = true, .name = economy},
      .holiday = "IsHoliday",
      .holiday_weight = 5.0,
  };
  const wsf__join stores = {
      .path = wsf__load_path(arena, folder, "stores.csv"),
      .on = {.n = 1, .given = true, .name = sales_keys},
  };
  const char *test = wsf__load_path(arena, folder, "test.csv");
  if (!features.path || !stores.path || !test) return wsf__fail_memory(err);
  WSF__TRY(wsf__join_csv(p, env, &features, err));
  WSF__TRY(wsf__join_csv(p, env, &stores, err));
  if (!wsf__input_there(env, test)) return WSF_OK;
  const wsf__names keys = {.n = 2, .given = true, .name = sales_keys};
  return wsf__load_request(p, env, test, keys, "Date", err);
}

wsf_status wsf__open_walmart(wsf__panel **out, wsf__env *env, const wsf__node *node,
                             wsf_error *err) {
  const char *folder = wsf__arg_text(node, "folder");
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf__load load = {
      .path = wsf__load_path(&arena, folder, "train.csv"),
      .keys = {.n = 2, .given = true, .name = sales_keys},
      .time = "Date",
      .target = "Weekly_Sales",
      .rules = {.freq = WSF__WEEK},
      .past = {.given = true}, /* its holiday flag comes with the features */
  };
  wsf__load_cleaning(&load, node);
  *out = NULL;
  wsf_status status = load.path ? wsf__load_csv(out, env, &load, err) : wsf__fail_memory(err);
  if (status == WSF_OK) {
    status = add_files(*out, env, &arena, folder, wsf__arg_is(node, "fill", "forward"), err);
  }
  if (status != WSF_OK) {
    wsf__panel_release(*out);
    *out = NULL;
  }
  wsf__arena_free(&arena);
  return status;
}
