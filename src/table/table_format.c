/* Cells as text. Dates and times are proleptic Gregorian; days become civil dates by Howard
 * Hinnant's algorithm (http://howardhinnant.github.io/date_algorithms.html, civil_from_days). The
 * calendar module lies above this floor, hence the few lines of our own. */
#include "base/text.h"
#include "table/layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CELL_BYTES = 64 };
#define DAY_SECONDS INT64_C(86400)
/* Years 0 to 999999; from 10000 on a year has more than four digits. */
#define FIRST_DAY INT64_C(-719528)
#define LAST_DAY  INT64_C(364522971)

static size_t format_date(int64_t days, char buffer[CELL_BYTES]) {
  /* Days count from 0000-03-01, so that the leap day ends a year and eras are never negative. */
  const int64_t z = days + 719468;
  const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int64_t day_of_era = z - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153; /* 0 = March */
  const int day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
  const int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
  const int year = (int)(year_of_era + era * 400) + (month <= 2);
  return (size_t)snprintf(buffer, CELL_BYTES, "%04d-%02d-%02d", year, month, day);
}

static size_t format_integer(int64_t x, char buffer[CELL_BYTES]) {
  return (size_t)snprintf(buffer, CELL_BYTES, "%" PRId64, x);
}

static size_t format_time(int64_t seconds, char buffer[CELL_BYTES]) {
  int64_t days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
  if (rest < 0) {
    rest += DAY_SECONDS;
    --days;
  }
  if (days < FIRST_DAY || days > LAST_DAY) return format_integer(seconds, buffer);
  const size_t n = format_date(days, buffer);
  const int hour = (int)(rest / 3600), minute = (int)(rest / 60 % 60), second = (int)(rest % 60);
  return n + (size_t)snprintf(buffer + n, CELL_BYTES - n, "T%02d:%02d:%02d", hour, minute, second);
}

int64_t wsf_table_format(const wsf_table *t, int64_t col, int64_t row, char *buffer,
                         size_t capacity) {
  const int32_t type = wsf_table_type(t, col);
  if (type == 0 || row < 0 || row >= wsf_table_rows(t)) return -1;
  char cell[CELL_BYTES];
  const char *text = cell;
  size_t length = 0;
  if (type == WSF_TYPE_TEXT) {
    text = wsf_table_text(t, col, row, &length);
  } else if (!wsf_table_is_null(t, col, row)) {
    if (type == WSF_TYPE_F64) {
      length = wsf__number_format(wsf_table_f64(t, col)[row], cell);
    } else if (type == WSF_TYPE_F32) {
      length = wsf__float_format(wsf_table_f32(t, col)[row], cell);
    } else {
      const int64_t x = wsf_table_i64(t, col)[row];
      if (type == WSF_TYPE_TIME)
        length = format_time(x, cell);
      else if (type == WSF_TYPE_DATE && x >= FIRST_DAY && x <= LAST_DAY)
        length = format_date(x, cell);
      else
        length = format_integer(x, cell);
    }
  }
  if (buffer && capacity > 0) {
    const size_t n = length < capacity ? length : capacity - 1;
    if (n) memcpy(buffer, text, n);
    buffer[n] = '\0';
  }
  return (int64_t)length;
}
