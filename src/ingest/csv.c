/* The `csv` word: its options. */
#include "calendar/time_parts.h"
#include "ingest/fiscal_option.h"
#include "ingest/load.h"
#include "ingest/sources.h"

#include <string.h>

static const wsf__option options[] = {
    {"path", WSF__NAMES, NULL, 0, 0, NULL,
     "the file, relative to the working folder; or several, listed or by * and ?, as one table"},
    {"keys", WSF__NAMES, "", 0, 0, NULL,
     "columns that name a series; absent: one series (layout=pivot: and what to call the key that "
     "the columns' names are; absent: series)"},
    {"time", WSF__NAMES, "", 0, 0, NULL,
     "column of dates, times or whole numbers, or columns that make one: [year, month]; absent: "
     "rows are numbered within each series (layout=wide: the column of the years of period columns "
     "called Jan, Q1 or Week 1, of the months of those called by years, of the days of those "
     "called "
     "by hours, of the months of those called by days, the two of years and of days or months, or "
     "what to call the time)"},
    {"target", WSF__TEXT, "", 0, 0, NULL,
     "column to forecast (layout=wide or pivot: what to call the values); absent: the file holds "
     "the future "
     "of columns known ahead, for predict"},
    {"freq", WSF__WORD, "auto", 0, 0, "auto|" WSF__FREQ_WORDS,
     "distance of the periods; auto: the most common step, or what all steps are multiples of"},
    {"step", WSF__INT, "0", 0, WSF__MOST_STEP, NULL,
     "units of freq in a period, such as 15 of minute; 0: 1, or with freq=auto as the times say"},
    WSF__FISCAL_OPTION,
    {"season", WSF__INT, "0", 0, 1000000, NULL, "periods in a season; 0: by the frequency"},
    {"text", WSF__NAMES, "", 0, 0, NULL, "columns to read as words even if they look like numbers"},
    {"number", WSF__NAMES, "", 0, 0, NULL,
     "columns to read as numbers; rows with anything else are rejected"},
    {"known", WSF__NAMES, "", 0, 0, NULL, "covariates that are known ahead"},
    {"past", WSF__NAMES, "", 0, 0, NULL,
     "covariates known only for the past, or none; absent: every column without another role, "
     "which "
     "without a target is known ahead"},
    {"static", WSF__NAMES, "", 0, 0, NULL, "covariates with one value for each series"},
    {"columns", WSF__NAMES, "", 0, 0, NULL,
     "columns to take, beside those that other options name; absent: all"},
    {"na", WSF__NAMES, "", 0, 0, NULL,
     "spellings of a missing value beside the empty one, or none; absent: NA, N/A, n/a, #N/A, "
     "NaN, nan, null, NULL, None, \\N"},
    {"filldown", WSF__NAMES, "", 0, 0, NULL,
     "columns whose empty cells have the value above them, as merged cells of a spreadsheet do"},
    {"duplicates", WSF__WORD, "error", 0, 0, "error|sum|last",
     "rows with the same keys and time: refuse, add up, or keep the last; where rows that are "
     "added up "
     "differ in other columns, these have the mean of numbers, a flag that one has, no word, as "
     "the "
     "report tells"},
    {"gaps", WSF__WORD, "missing", 0, 0, "missing|zero", "periods without a row inside a series"},
    {"negatives", WSF__WORD, "keep", 0, 0, "keep|zero", "negative targets"},
    {"weight", WSF__TEXT, "", 0, 0, NULL, "column of row weights, for measuring"},
    {"holiday", WSF__TEXT, "", 0, 0, NULL, "flag column, known ahead, that marks holidays"},
    {"holiday_weight", WSF__REAL, "1", 0, 1e6, NULL, "weight of a holiday; other periods weigh 1"},
    {"mask", WSF__TEXT, "", 0, 0, NULL,
     "covariate; where it is true or not 0 a row is no observation, whatever its target"},
    {"end", WSF__WORD, "auto", 0, 0, "auto|panel|own",
     "forecasts begin after the panel's last period or after each series' own last observation; "
     "auto: own for whole-number times"},
    {"delimiter", WSF__TEXT, "auto", 0, 0, NULL,
     "auto, comma, semicolon, tab, bar or the character; auto: the one that cuts the first lines "
     "alike"},
    {"layout", WSF__WORD, "long", 0, 0, "long|wide|pivot",
     "long: a row for each series and time; wide: a row for each series, a column for each time; "
     "pivot: a row for each time, a column for each series"},
    {"start", WSF__TEXT, "", 0, 0, NULL,
     "layout=wide with numbered columns: the time of the first of them; with months across and "
     "days "
     "down: of the year"},
    WSF__FORMAT_OPTIONS,
};

const wsf__spec wsf__spec_csv = {
    .family = "data",
    .group = "source",
    .name = "csv",
    .summary = "A CSV file in long, wide or pivot layout.",
    .source = "RFC 4180",
    .since = "0.1.0",
    .example = "csv(\"train.csv\", keys=[Store,Dept], time=Date, target=Weekly_Sales, freq=week)",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

/* Whether times are numbers of weeks, whose year fiscal= may say. */
static bool number_weeks(const wsf__load *load, const wsf__node *node) {
  const char *format = wsf__arg_text(node, "dateformat");
  bool weeks = (format && strstr(format, "%V")) ||
               (load->layout == WSF__LAYOUT_WIDE && load->rules.freq == WSF__WEEK) ||
               (load->layout == WSF__LAYOUT_WIDE && load->time &&
                wsf__time_unit_called(load->time) == WSF__UNIT_WEEK);
  for (int i = 0; i < load->time_parts.n; ++i) {
    weeks |= wsf__time_unit_called(load->time_parts.name[i]) == WSF__UNIT_WEEK;
  }
  return weeks;
}

wsf_status wsf__open_csv(wsf__panel **out, wsf__env *env, const wsf__node *node, wsf_error *err) {
  wsf__load load = {
      .paths = wsf__names_of(node, "path"),
      .keys = wsf__names_of(node, "keys"),
      .time_parts = wsf__names_of(node, "time"),
      .target = wsf__arg_text(node, "target"),
      .layout = wsf__arg_is(node, "layout", "wide")    ? WSF__LAYOUT_WIDE
                : wsf__arg_is(node, "layout", "pivot") ? WSF__LAYOUT_PIVOT
                                                       : WSF__LAYOUT_LONG,
      .start = wsf__arg_text(node, "start"),
      .text = wsf__names_of(node, "text"),
      .number = wsf__names_of(node, "number"),
      .known = wsf__names_of(node, "known"),
      .past = wsf__names_of(node, "past"),
      .fixed = wsf__names_of(node, "static"),
      .columns = wsf__names_of(node, "columns"),
      .filldown = wsf__names_of(node, "filldown"),
      .weight = wsf__arg_text(node, "weight"),
      .holiday = wsf__arg_text(node, "holiday"),
      .mask = wsf__arg_text(node, "mask"),
      .holiday_weight = wsf__arg_number(node, "holiday_weight"),
  };
  if (load.time_parts.n > 0) load.time = load.time_parts.name[0];
  if (load.time_parts.n == 1) load.time_parts.n = 0;
  if (!wsf__arg_is(node, "freq", "auto")) {
    (void)wsf__freq_parse(wsf__arg_text(node, "freq"), &load.rules.freq);
  }
  const bool weeks = number_weeks(&load, node);
  WSF__TRY(wsf__fiscal_option(&load.rules, node, weeks, err));
  load.rules.step = (int32_t)wsf__arg_int(node, "step");
  load.rules.season = (int)wsf__arg_int(node, "season");
  load.rules.own_end = wsf__arg_is(node, "end", "own")     ? 1
                       : wsf__arg_is(node, "end", "panel") ? 0
                                                           : -1;
  if (load.start && load.layout != WSF__LAYOUT_WIDE) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "start is the time of the first numbered column of layout=wide, expected none "
                    "with layout=%s",
                    load.layout == WSF__LAYOUT_LONG ? "long" : "pivot");
    wsf__error_at_field(err, "start");
    return WSF_E_VALUE;
  }
  wsf__load_cleaning(&load, node);
  WSF__TRY(wsf__load_format(&load.format, node, err));
  load.format.freq = load.rules.freq;
  if (weeks && load.rules.fiscal_given) load.format.time.fiscal = &load.rules.fiscal;
  if (load.rules.freq == WSF__INTEGER) load.format.time.whole = WSF__WHOLE_NUMBERS;
  if (load.layout != WSF__LAYOUT_LONG && load.format.header == WSF__HEADER_AUTO)
    load.format.header = WSF__HEADER;
  return wsf__load_csv(out, env, &load, err);
}
