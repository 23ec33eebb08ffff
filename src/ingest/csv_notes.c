/* How a file was read where it could be read otherwise, in words: for the load report and for hosts
 * that show it. What cannot be settled at all is refused. */
#include "ingest/csv_file.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>

const char *wsf__csv_note_text(int kind) {
  static const char *const text[WSF__CSV_NOTES] = {
      [WSF__NOTE_LEFT_OUT] = "columns left out",
      [WSF__NOTE_COMMA] = "read as: numbers with a decimal comma",
      [WSF__NOTE_PERCENT] = "read as: hundredths, for percent",
      [WSF__NOTE_MONEY] = "read as: numbers without their currency",
      [WSF__NOTE_SUFFIX] = "read as: numbers without their suffixes",
      [WSF__NOTE_DAY_FIRST] = "read as: dates with the day first",
      [WSF__NOTE_SHORT_YEAR] = "read as: years of two digits, from 1969 to 2068",
      [WSF__NOTE_YEARS] = "read as: months, twelfths of a year",
      [WSF__NOTE_LOCAL] = "read as: times as their zone's clock shows them",
      [WSF__NOTE_UTC] = "read as: instants, told in UTC",
      [WSF__NOTE_INTERVALS] = "read as: intervals, by the time that they begin at",
      [WSF__NOTE_FILLED] = "read as: empty cells with the value above them",
      [WSF__NOTE_CURRENCIES] = "doubt: numbers of several currencies, read as if they were of one",
      [WSF__NOTE_LONG_TEXT] = "doubt: quoted text of more than 64 KiB",
      [WSF__NOTE_ENCODING] = "doubt: not UTF-8, read as cp1252 (encoding= says what it is)",
      [WSF__NOTE_NO_HEADER] =
          "doubt: no header line seen, columns are numbered (header=true: there "
          "is one)",
      [WSF__NOTE_COMMA_3] = "doubt: every comma has three digits behind it, read as decimals "
                            "(thousands=comma: as thousands)",
      [WSF__NOTE_POINT_3] =
          "doubt: every value has three decimals (thousands=point if 1.183 is 1183)",
      [WSF__NOTE_GROUPS_3] = "doubt: every comma has three digits behind it, read as thousands "
                             "(decimal=comma: as decimals)",
      [WSF__NOTE_ORDER] = "doubt: no value tells day from month; read by the day that repeats, or "
                          "by its dots (dayfirst= says it)",
      [WSF__NOTE_MONTH_YEAR] =
          "doubt: dates like 04/24 are read as months of a year, not as days of "
          "no year (dateformat=\"%m/%y\" says it)",
      [WSF__NOTE_MONTHS] = "doubt: whole numbers, read as months yyyymm (freq=integer: as numbers, "
                           "dateformat=\"%G%V\": as weeks)",
      [WSF__NOTE_DAYS] = "doubt: whole numbers, read as days yyyymmdd (freq=integer: as numbers)",
      [WSF__NOTE_SECONDS] = "doubt: whole numbers, read as seconds or milliseconds since 1970 "
                            "(freq=integer: as numbers)",
      [WSF__NOTE_NO_MONTH] = "doubt: whole numbers that look like yyyymm, but one is no month "
                             "(dateformat=\"%G%V\" reads weeks yyyyww, with fiscal= of such years)",
      [WSF__NOTE_SERIAL] = "doubt: whole numbers, read as numbers (dateformat=excel: as days of a "
                           "spreadsheet)",
      [WSF__NOTE_SHORT_WEEK] =
          "doubt: whole numbers that look like Walmart's weeks 1yyww, read as numbers "
          "(dateformat=\"1%g%V\", fiscal=\"last friday january\" reads weeks)",
      [WSF__NOTE_NO_ZONE] = "doubt: the zone of the times is not to be had, they stay in UTC",
  };
  return kind >= 0 && kind < WSF__CSV_NOTES ? text[kind] : "";
}

void wsf__csv_tell(wsf__csv *csv, int kind, int column, int64_t line, const char *example) {
  wsf__csv_note *note = &csv->note[kind];
  if (note->count++ > 0) return;
  note->line = line;
  note->column = column;
  (void)snprintf(note->example, sizeof note->example, "%s", example ? example : "");
}

/* ---- columns ------------------------------------------------------------------------------ */

static void date_text(int64_t seconds, char *out, size_t size) {
  int64_t year;
  int month, day;
  wsf__civil_from_days(wsf__floor_div(seconds, 86400), &year, &month, &day);
  (void)snprintf(out, size, "%04lld-%02d-%02d", (long long)year, month, day);
}

/* The first row whose day and month could change places, or whose day is no month. */
static int64_t showing(const wsf__csv *csv, const wsf__csv_column *c, bool either) {
  for (int64_t i = 0; i < csv->rows; ++i) {
    int64_t year;
    int month, day;
    wsf__civil_from_days(wsf__floor_div(c->time[i], 86400), &year, &month, &day);
    if (either ? day <= 12 && day != month : day > 12) return i;
  }
  return 0;
}

static void tell_order(wsf__csv *csv, int k, int kind) {
  const wsf__csv_column *c = &csv->column[k];
  const int64_t row = showing(csv, c, kind == WSF__NOTE_ORDER);
  char text[32];
  date_text(c->time[row], text, sizeof text);
  wsf__csv_tell(csv, kind, k, csv->line[row], text);
}

int wsf__whole_note(uint32_t bits, const wsf__time_style *style) {
  if (!(bits & WSF__SEEN_WHOLE)) return -1;
  if (style->whole == WSF__WHOLE_MONTHS && !style->years) return WSF__NOTE_MONTHS;
  if (style->whole == WSF__WHOLE_DAYS) return WSF__NOTE_DAYS;
  if (style->whole == WSF__WHOLE_SECONDS || style->whole == WSF__WHOLE_MILLIS) {
    return WSF__NOTE_SECONDS;
  }
  if (!(bits & WSF__SEEN_NO_SERIAL)) return WSF__NOTE_SERIAL;
  if (!(bits & WSF__SEEN_NO_SHORT_WEEK)) return WSF__NOTE_SHORT_WEEK;
  const bool months = (bits & WSF__SEEN_THIRTEENTH) && !(bits & WSF__SEEN_OTHER);
  return months ? WSF__NOTE_NO_MONTH : -1;
}

static void tell_times(wsf__csv *csv, int k) {
  const wsf__csv_column *c = &csv->column[k];
  const uint32_t bits = c->seen.bits;
  const uint32_t orders = WSF__SEEN_DAY_FIRST | WSF__SEEN_MONTH_FIRST;
  char text[32];
  if (csv->given_time.format) return;
  if (c->time_form == WSF__FORM_INTEGER)
    (void)snprintf(text, sizeof text, "%lld", (long long)c->time[0]);
  else
    date_text(c->time[0], text, sizeof text);
  const bool ordered = (bits & orders) || (bits & WSF__SEEN_BOTH_WAYS);
  if (ordered && c->style.order == WSF__DAY_FIRST && (bits & orders)) {
    tell_order(csv, k, WSF__NOTE_DAY_FIRST);
  }
  if (ordered && !(bits & orders) && !csv->given_time.order && !c->unsettled) {
    tell_order(csv, k, WSF__NOTE_ORDER);
  }
  if (bits & WSF__SEEN_INTERVAL) {
    wsf__csv_tell(csv, WSF__NOTE_INTERVALS, k, csv->line[0], text);
  }
  if (bits & WSF__SEEN_SHORT_YEAR) {
    wsf__csv_tell(csv, WSF__NOTE_SHORT_YEAR, k, csv->line[0], text);
  }
  if (bits & WSF__SEEN_MONTH_YEAR) {
    wsf__csv_tell(csv, WSF__NOTE_MONTH_YEAR, k, csv->line[0], text);
  }
  if (c->style.years) wsf__csv_tell(csv, WSF__NOTE_YEARS, k, csv->line[0], text);
  const int kind = wsf__whole_note(bits, &c->style);
  if (kind >= 0 && !csv->given_time.whole) wsf__csv_tell(csv, kind, k, csv->line[0], text);
}

/* The first row from one on that has a fraction; that one: none has. */
static int64_t first_fraction(const wsf__csv *csv, const wsf__csv_column *c, int64_t row) {
  int64_t i = row;
  while (i < csv->rows && (isnan(c->number[i]) || c->number[i] == floor(c->number[i]))) ++i;
  return i < csv->rows ? i : row;
}

static void tell_numbers(wsf__csv *csv, int k) {
  const wsf__csv_column *c = &csv->column[k];
  const uint32_t point = WSF__NUMBER_POINT | WSF__NUMBER_POINT_3;
  const uint32_t comma = WSF__NUMBER_COMMA | WSF__NUMBER_COMMA_3;
  const bool commas = csv->number.decimal == ',', given = csv->given_number.decimal != 0;
  char text[32] = "";
  int64_t row = 0;
  while (row < csv->rows && c->number[row] != c->number[row]) ++row;
  if (row == csv->rows) return;
  text[wsf__number_format(c->number[row], text)] = '\0';
  const int64_t line = csv->line[row];
  if (commas && (c->forms & comma)) wsf__csv_tell(csv, WSF__NOTE_COMMA, k, line, text);
  if (c->forms & WSF__NUMBER_PERCENT) wsf__csv_tell(csv, WSF__NOTE_PERCENT, k, line, text);
  if (c->forms & WSF__NUMBER_MONEY) wsf__csv_tell(csv, WSF__NOTE_MONEY, k, line, text);
  if (c->forms & WSF__NUMBER_SUFFIX) wsf__csv_tell(csv, WSF__NOTE_SUFFIX, k, line, text);
  const char *currency[2];
  if (wsf__number_currencies(c->forms, currency) > 1) {
    (void)snprintf(text, sizeof text, "%s and %s", currency[0], currency[1]);
    wsf__csv_tell(csv, WSF__NOTE_CURRENCIES, k, line, text);
  }
  if (given || csv->given_number.thousands || (c->forms & WSF__NUMBER_LONG)) return;
  if (!commas && (c->forms & point) == WSF__NUMBER_POINT_3) {
    const int64_t first = first_fraction(csv, c, row);
    text[wsf__number_format(c->number[first], text)] = '\0';
    wsf__csv_tell(csv, WSF__NOTE_POINT_3, k, csv->line[first], text);
  } else if ((c->forms & comma) == WSF__NUMBER_COMMA_3 && !(c->forms & WSF__NUMBER_POINT)) {
    wsf__csv_tell(csv, commas ? WSF__NOTE_COMMA_3 : WSF__NOTE_GROUPS_3, k, line, text);
  }
}

void wsf__csv_tell_columns(wsf__csv *csv) {
  for (int k = 0; k < csv->n_columns && csv->rows > 0; ++k) {
    if (csv->column[k].time) tell_times(csv, k);
    if (csv->column[k].want == WSF__CSV_NUMBER) tell_numbers(csv, k);
  }
}

wsf_status wsf__csv_check_times(const wsf__csv *csv, wsf_error *err) {
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (!c->time || !c->unsettled) continue;
    if (c->seen.bits & WSF__SEEN_DAY_FIRST) {
      (void)wsf__fail(
          err, WSF_E_DATA,
          "some dates have the day first, some the month; one order for the whole column "
          "was expected (dayfirst=true or false rejects the rows of the other)");
      wsf__error_at_field(err, c->name);
      wsf__error_at_file(err, csv->file);
      return WSF_E_DATA;
    }
    /* A value of both readings; month first is how it was read. */
    for (int64_t i = 0; i < csv->rows; ++i) {
      int64_t year;
      int month, day;
      wsf__civil_from_days(wsf__floor_div(c->time[i], 86400), &year, &month, &day);
      if (day > 12 || day == month) continue;
      (void)wsf__fail(
          err, WSF_E_DATA,
          "the date may be %04lld-%02d-%02d or %04lld-%02d-%02d, and no other value of "
          "the column settles it; dayfirst=false reads the one, dayfirst=true the other",
          (long long)year, month, day, (long long)year, day, month);
      const char *file = csv->file;
      wsf__error_at_row(err, wsf__line_of(csv->part, csv->n_parts, csv->line[i], &file));
      wsf__error_at_field(err, c->name);
      wsf__error_at_file(err, file);
      return WSF_E_DATA;
    }
  }
  return WSF_OK;
}
