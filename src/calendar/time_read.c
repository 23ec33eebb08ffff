/* Times as people write them. ISO dates and whole numbers are time_parse.c's; here are the others:
 *   3/4/2024  3.4.2024  3-4-24           month or day first, by the style
 *   5 Jan 2024  05-JAN-24  Jan 5, 2024   also behind a weekday, or W/E and Week ending; Jan 2024,
 *                                        Jan-24, 2024 Jan; 5 de enero de 2024
 *   05JAN2024:16:30:00  Jan 5th, 2024    as SAS and letters have them
 *   1/2024  2024/01  2024M01  Q1 2024    the first day of the month or quarter; so is 01/24
 *   2024-H1  1Q24  Q1'24  1. Quartal 2024
 *   2024 [YR2024]                        a year, as the World Bank heads its columns
 *   2024-W05  2024W05-1  KW 5/2024       ISO 8601: the Monday, or the day
 *   202401  20240131  1949.0833          if the style says so, as of 1546300800 and
 *   1546300800000                        seconds and milliseconds since 1970
 * each whole day with an optional time of day, also 3:05 PM. What is found is written down as an
 * ISO time and read as one, so that times of day have one reader. */
#include "calendar/time_read.h"

#include "base/text.h"
#include "calendar/cursor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const wsf__time_forms =
    "2012-02-03, 3/2/2012 (dayfirst= says which is the day), 3.2.12, 3 Feb 2012, Feb 2012, "
    "2012-02, "
    "201202, 2012Q1, 2012-W05, KW5/2012, 2012.0833, each day also with a time as 16:30 or 4:30 PM, "
    "and whole "
    "numbers; dateformat= says any other";

typedef struct found {
  int year, month, day;
  bool whole_day;
  int32_t grain; /* of what is no whole day */
} found;

/* A number of at most four digits; its length, or 0. */
static int digits(wsf__cursor *c, int *value) {
  const int n = wsf__take_digits(c, 5, value);
  return n <= 4 ? n : 0;
}

static bool letter(const wsf__cursor *c) {
  return c->at < c->end && (*c->at | 32) >= 'a' && (*c->at | 32) <= 'z';
}

/* What stands around words: 5-Jan 2024, Jan. 5, '24. */
static void skip_marks(wsf__cursor *c) {
  while (c->at < c->end && *c->at && strchr(" .,-/'", *c->at)) ++c->at;
}

static bool month_name(wsf__cursor *c, int *month) {
  size_t length = (size_t)(c->end - c->at);
  *month = wsf__month_name(c->at, &length);
  if (*month) c->at += length;
  return *month != 0;
}

static bool year_of(int value, int n, int *year, wsf__time_seen *seen) {
  if (n == 2) seen->bits |= WSF__SEEN_SHORT_YEAR;
  *year = n == 2 ? wsf__short_year(value) : value;
  return n == 2 || n == 4;
}

/* 1st, 2nd, 3rd, 4th, 1er. */
static void skip_ordinal(wsf__cursor *c) {
  static const char *const ends[] = {"st", "nd", "rd", "th", "er"};
  if (c->end - c->at < 2) return;
  const wsf__cursor ahead = {c->at + 2, c->end};
  if (letter(&ahead)) return;
  for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
    if ((c->at[0] | 32) == ends[i][0] && (c->at[1] | 32) == ends[i][1]) {
      c->at += 2;
      return;
    }
  }
}

static bool any_word(wsf__cursor *c, const char *const *words, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    wsf__cursor ahead = *c;
    const char *p = words[i];
    while (*p && ahead.at < ahead.end && (*ahead.at | 32) == *p) ++ahead.at, ++p;
    if (*p || letter(&ahead)) continue;
    *c = ahead;
    return true;
  }
  return false;
}

/* The small word of Spanish and Portuguese dates: 5 de enero de 2024. */
static void skip_of(wsf__cursor *c) {
  static const char *const words[] = {"de", "del"};
  if (any_word(c, words, sizeof words / sizeof *words)) skip_marks(c);
}

/* Behind a month's name: 2024, '24, 5, 2024. */
static bool behind_month(wsf__cursor *c, found *f, wsf__time_seen *seen) {
  int value, next;
  skip_marks(c);
  skip_of(c);
  const int n = digits(c, &value);
  if (n == 4 || n == 0 || n == 3) return year_of(value, n, &f->year, seen);
  skip_ordinal(c);
  wsf__cursor ahead = *c;
  skip_marks(&ahead);
  const int m = ahead.at > c->at ? digits(&ahead, &next) : 0;
  if (m < 2 || (ahead.at < ahead.end && *ahead.at == ':')) {
    return year_of(value, n, &f->year, seen); /* a month of a short year */
  }
  *c = ahead;
  f->day = value;
  f->whole_day = true;
  return year_of(next, m, &f->year, seen);
}

/* What a week is named by: the day that it ends on, or begins with. */
static void skip_week_of(wsf__cursor *c) {
  static const char *const words[] = {"w/e",
                                      "w/c",
                                      "week ending",
                                      "week ended",
                                      "week ending:",
                                      "week of",
                                      "week beginning",
                                      "week starting",
                                      "week commencing"};
  if (any_word(c, words, sizeof words / sizeof *words)) skip_marks(c);
}

/* The signs for year, month and day of Japanese, Chinese and Korean dates. */
static bool take_sign(wsf__cursor *c, int which) {
  static const char *const sign[][2] = {{"\345\271\264", "\353\205\204"},
                                        {"\346\234\210", "\354\233\224"},
                                        {"\346\227\245", "\354\235\274"}};
  for (int i = 0; i < 2; ++i) {
    if (c->end - c->at < 3 || memcmp(c->at, sign[which][i], 3) != 0) continue;
    c->at += 3;
    (void)wsf__take(c, ' ');
    return true;
  }
  return false;
}

/* What weeks are called: 2024-W05, KW 5/2024, Week 5, 2024. */
static bool week_word(wsf__cursor *c) {
  static const char *const words[] = {"week", "wk", "w", "kw", "cw"};
  return any_word(c, words, sizeof words / sizeof *words);
}

/* How many of what the word says there are in a year: quarters, Q1 2024, 1. Quartal 2024, 1Q24, or
 * halves, H1 2024, 2. Halbjahr 2024; 0: it says neither. */
static int parts_word(wsf__cursor *c) {
  static const char *const quarters[] = {"q", "quarter", "quartal", "qtr", "trimestre"};
  static const char *const halves[] = {"h", "half", "halbjahr"};
  if (any_word(c, quarters, sizeof quarters / sizeof *quarters)) return 4;
  return any_word(c, halves, sizeof halves / sizeof *halves) ? 2 : 0;
}

static bool on_part(found *f, int part, int parts) {
  f->month = 12 / parts * (part - 1) + 1;
  f->grain = parts == 4 ? WSF__GRAIN_QUARTER : WSF__GRAIN_HALF;
  return part >= 1 && part <= parts;
}

/* The year behind a quarter or half: 2024, 24, '24. */
static bool part_of(wsf__cursor *c, int part, int parts, found *f, wsf__time_seen *seen) {
  int value;
  skip_marks(c);
  const int n = digits(c, &value);
  return on_part(f, part, parts) && year_of(value, n, &f->year, seen);
}

static bool on_week(found *f, int week, int weekday) {
  int64_t days, year;
  if (!wsf__iso_week(f->year, week, weekday, &days)) return false;
  wsf__civil_from_days(days, &year, &f->month, &f->day);
  f->year = (int)year;
  f->grain = WSF__GRAIN_WEEK;
  return true;
}

/* Behind a year and its sign: a month, perhaps a day. */
static bool behind_sign(wsf__cursor *c, found *f) {
  const int n = digits(c, &f->month);
  if (n < 1 || n > 2 || !take_sign(c, 1)) return false;
  if (c->at == c->end) return true;
  const int m = digits(c, &f->day);
  f->whole_day = (m == 1 || m == 2) && take_sign(c, 2);
  return f->whole_day;
}

/* Behind a year: Q1, H1, M01, W05, -W05-1, KW 5, Jan, /1, -1-31. */
static bool behind_year(wsf__cursor *c, found *f) {
  const char mark = c->at < c->end && *c->at && strchr("-/._ ", *c->at) ? *c->at++ : 0;
  int value;
  const int parts = wsf__take(c, 'Q') || wsf__take(c, 'q')   ? 4
                    : wsf__take(c, 'H') || wsf__take(c, 'h') ? 2 /* halves */
                                                             : 0;
  if (parts) return digits(c, &value) == 1 && on_part(f, value, parts);
  const char *word = c->at;
  if (week_word(c)) {
    const bool iso = c->at == word + 1;
    int weekday = 1;
    if (!iso) skip_marks(c);
    const int n = digits(c, &value);
    if (n == 2 && wsf__take(c, '-')) f->whole_day = digits(c, &weekday) == 1;
    return (n == 2 || (n == 1 && (!iso || mark == ' '))) && on_week(f, value, weekday);
  }
  if (c->end - c->at >= 2 && (*c->at | 32) == 'm' && c->at[1] >= '0' && c->at[1] <= '9') {
    ++c->at;
    const int n = digits(c, &f->month);
    return n == 1 || n == 2;
  }
  if (letter(c)) {
    if (!month_name(c, &f->month)) return false;
    skip_marks(c);
    f->whole_day = c->at < c->end;
    return !f->whole_day || digits(c, &f->day) > 0;
  }
  const int n = digits(c, &f->month);
  if (!mark || mark == ' ' || n < 1 || n > 2) return false;
  if (!wsf__take(c, mark)) return mark != '.'; /* 2012.08 is a number */
  f->whole_day = true;
  const int m = digits(c, &f->day);
  return m == 1 || m == 2;
}

static void see_order(int first, int second, int year, char mark, wsf__time_seen *seen) {
  if (first < 1 || second < 1 || first > 31 || second > 31) return;
  if (first > 12 && second <= 12) seen->bits |= WSF__SEEN_DAY_FIRST;
  if (first <= 12 && second > 12) seen->bits |= WSF__SEEN_MONTH_FIRST;
  if (first <= 12 && second <= 12 && first != second) seen->bits |= WSF__SEEN_BOTH_WAYS;
  if (mark == '.') seen->bits |= WSF__SEEN_DOTS;
  const bool none = seen->first == 0;
  seen->first |= UINT32_C(1) << first;
  seen->second |= UINT32_C(1) << second;
  if (none || year < seen->least_year) seen->least_year = year;
  if (none || year > seen->most_year) seen->most_year = year;
}

/* Behind the number of a week: /2024, 2024. */
static bool year_and_week(wsf__cursor *c, int week, found *f) {
  skip_marks(c);
  return digits(c, &f->year) == 4 && on_week(f, week, 1);
}

/* A date that begins with one or two digits. */
static bool behind_number(wsf__cursor *c, int first, int32_t order, found *f,
                          wsf__time_seen *seen) {
  int second, value;
  skip_ordinal(c);
  const wsf__cursor start = *c;
  skip_marks(c);
  if (letter(c)) {
    if (week_word(c)) return year_and_week(c, first, f);
    const int parts = parts_word(c);
    if (parts) return part_of(c, first, parts, f, seen);
    skip_of(c);
    f->day = first;
    f->whole_day = true;
    if (!month_name(c, &f->month)) return false;
    skip_marks(c);
    skip_of(c);
    const int n = digits(c, &value);
    return year_of(value, n, &f->year, seen);
  }
  *c = start;
  const char mark = c->at < c->end && *c->at && strchr("-/.", *c->at) ? *c->at++ : 0;
  const int n = mark ? digits(c, &second) : 0;
  if (n == 4) {
    f->month = first;
    f->year = second;
    return true;
  }
  if (n == 2 && mark == '/' && c->at == c->end) {
    seen->bits |= WSF__SEEN_MONTH_YEAR;
    f->month = first;
    return year_of(second, n, &f->year, seen);
  }
  if (n < 1 || n > 2 || !wsf__take(c, mark)) return false;
  const int m = digits(c, &value);
  if (!year_of(value, m, &f->year, seen)) return false;
  f->whole_day = true;
  f->month = order == WSF__DAY_FIRST ? second : first;
  f->day = order == WSF__DAY_FIRST ? first : second;
  see_order(first, second, f->year, mark, seen);
  return true;
}

static bool read_date(wsf__cursor *c, int32_t order, found *f, wsf__time_seen *seen) {
  int value;
  size_t length = (size_t)(c->end - c->at);
  *f = (found){.day = 1, .grain = WSF__GRAIN_MONTH};
  if (letter(c)) skip_week_of(c);
  if (wsf__weekday_name(c->at, &length)) {
    c->at += length;
    skip_marks(c);
  }
  if (letter(c)) {
    if (month_name(c, &f->month)) return behind_month(c, f, seen);
    if (week_word(c)) {
      skip_marks(c);
      return digits(c, &value) <= 2 && year_and_week(c, value, f);
    }
    const int parts = parts_word(c);
    skip_marks(c);
    return parts && digits(c, &value) == 1 && part_of(c, value, parts, f, seen);
  }
  const int n = digits(c, &value);
  if (n == 4) {
    f->year = value;
    return take_sign(c, 0) ? behind_sign(c, f) : behind_year(c, f);
  }
  return (n == 1 || n == 2) && behind_number(c, value, order, f, seen);
}

/* 3:05 PM, PM cut off, as an hour of 24; what has no AM or PM stays. */
static bool read_half(wsf__cursor *c, int *hour) {
  wsf__cursor back = *c;
  *hour = -1;
  if (back.end > back.at && back.end[-1] == '.') --back.end;
  if (back.end - back.at < 4 || (back.end[-1] | 32) != 'm') return true;
  back.end -= back.end[-2] == '.' ? 3 : 2;
  const int half = *back.end | 32;
  if (half != 'a' && half != 'p') return false;
  while (back.end > back.at && back.end[-1] == ' ') --back.end;
  const int n = digits(&back, hour);
  if (n < 1 || n > 2 || *hour < 1 || *hour > 12) return false;
  *hour = *hour % 12 + (half == 'p' ? 12 : 0);
  *c = back;
  return true;
}

/* Behind the hour of a time with AM or PM: .30.05.000000 of Oracle is :30:05.000000. */
static void colons(char *rest) {
  for (int i = 0; i < 2; ++i, rest += 3) {
    if (*rest != '.' || rest[1] < '0' || rest[1] > '9' || rest[2] < '0' || rest[2] > '9') return;
    if (i == 0 && rest[3] != '.') return;
    *rest = ':';
  }
}

static bool read_words(const char *text, size_t length, int32_t order, wsf__time *out,
                       wsf__time_seen *seen) {
  wsf__cursor c = {text, text + length};
  wsf__time_seen here = *seen; /* counts if the whole text is a time */
  found f;
  char iso[64];
  if (length == 0 || !read_date(&c, order, &f, &here)) return false;
  const bool exists = wsf__date_exists(f.year, f.month, f.day);
  int n = exists ? snprintf(iso, sizeof iso, "%04d-%02d-%02d", f.year, f.month, f.day) : 0;
  if (c.at < c.end) {
    int hour;
    (void)wsf__take(&c, ',');
    if (!f.whole_day || (!wsf__take(&c, 'T') && !wsf__take(&c, ' ') && !wsf__take(&c, ':')) ||
        !read_half(&c, &hour))
      return false;
    const int rest = (int)(c.end - c.at < 40 ? c.end - c.at : 40);
    if (rest == 40 || memchr(c.at, '\0', (size_t)rest)) return false;
    const int more = hour < 0 ? snprintf(iso + n, sizeof iso - (size_t)n, "T%.*s", rest, c.at)
                              : snprintf(iso + n, sizeof iso - (size_t)n, "T%02d%.*s%s", hour, rest,
                                         c.at, rest ? "" : ":00");
    if (hour >= 0) colons(iso + n + 3);
    n += more;
  }
  *seen = here;
  if (!exists || !wsf__time_parse(iso, (size_t)n, out)) return false;
  out->grain = (int8_t)(f.whole_day ? WSF__GRAIN_DAY : f.grain);
  ++seen->grains[out->grain];
  return true;
}

/* ---- numbers ------------------------------------------------------------------------------ */

static bool month_of(int64_t value) {
  return value >= 190001 && value <= 210012 && value % 100 >= 1 && value % 100 <= 12;
}

static bool day_of(int64_t value) {
  if (value < 19000101 || value > 21001231) return false;
  return wsf__date_exists((int)(value / 10000), (int)(value / 100 % 100), (int)(value % 100));
}

/* Ten digits, or the year 2099: shorter numbers may count anything. */
static bool second_of(int64_t value) {
  return value >= INT64_C(1000000000) && value < INT64_C(4102444800);
}

static bool week_of(int64_t value) {
  return value >= 190001 && value <= 210053 && value % 100 >= 1 && value % 100 <= 53;
}

static bool short_week_of(int64_t value) {
  return value >= 10001 && value <= 19953 && value % 100 >= 1 && value % 100 <= 53;
}

static bool serial_of(int64_t value) {
  return value >= 29221 && value <= 65380;
}

void wsf__time_see_whole(int64_t value, wsf__time_seen *seen) {
  seen->bits |= WSF__SEEN_WHOLE;
  ++seen->grains[WSF__GRAIN_NONE];
  if (!month_of(value)) {
    seen->bits |= WSF__SEEN_NO_MONTH;
    const bool six = value >= 190000 && value <= 210099;
    seen->bits |= six ? WSF__SEEN_THIRTEENTH : WSF__SEEN_OTHER;
  }
  if (!day_of(value)) seen->bits |= WSF__SEEN_NO_DAY;
  if (!second_of(value)) seen->bits |= WSF__SEEN_NO_SECOND;
  if (!second_of(value / 1000)) seen->bits |= WSF__SEEN_NO_MILLI;
  if (!week_of(value)) seen->bits |= WSF__SEEN_NO_WEEK;
  if (!short_week_of(value)) seen->bits |= WSF__SEEN_NO_SHORT_WEEK;
  if (!serial_of(value)) seen->bits |= WSF__SEEN_NO_SERIAL;
  if (value < 1000 || value > 2999) seen->bits |= WSF__SEEN_NO_YEAR;
}

static bool on_day(int64_t year, int64_t month, int64_t day, int32_t grain, wsf__time *out) {
  *out = (wsf__time){.form = WSF__FORM_DATE,
                     .value = wsf__days_from_civil(year, (int)month, (int)day) * 86400,
                     .grain = (int8_t)grain};
  return true;
}

bool wsf__time_of_whole(int64_t value, const wsf__time_style *style, wsf__time *out) {
  if (style->years) {
    return value >= 1000 && value <= 2999 && on_day(value, 1, 1, WSF__GRAIN_MONTH, out);
  }
  if (style->whole == WSF__WHOLE_MONTHS) {
    return month_of(value) && on_day(value / 100, value % 100, 1, WSF__GRAIN_MONTH, out);
  }
  if (style->whole == WSF__WHOLE_DAYS) {
    return day_of(value) &&
           on_day(value / 10000, value / 100 % 100, value % 100, WSF__GRAIN_DAY, out);
  }
  if (style->whole == WSF__WHOLE_SECONDS || style->whole == WSF__WHOLE_MILLIS) {
    const int64_t second = style->whole == WSF__WHOLE_MILLIS ? value / 1000 : value;
    *out = (wsf__time){.form = WSF__FORM_TIME, .value = second};
    return second_of(second);
  }
  *out = (wsf__time){.form = WSF__FORM_INTEGER, .value = value};
  return true;
}

/* R writes months as twelfths of a year: 1949.083, rounded. Days would soon be farther off. */
static bool read_year(const char *text, size_t length, const wsf__time_style *style, wsf__time *out,
                      wsf__time_seen *seen) {
  double x;
  if (!wsf__number_parse(text, length, &x)) return false;
  const double month = (x - floor(x)) * 12.0, nearest = rint(month);
  if (!(x >= 1000 && x < 3000) || fabs(month - nearest) > 0.05) {
    seen->bits |= WSF__SEEN_NO_YEAR;
    return false;
  }
  seen->bits |= WSF__SEEN_YEAR;
  ++seen->grains[WSF__GRAIN_MONTH];
  const int64_t months = (int64_t)floor(x) * 12 + (int64_t)nearest;
  return style->years && on_day(months / 12, months % 12 + 1, 1, WSF__GRAIN_MONTH, out);
}

bool wsf__time_of_number(wsf__time *t) {
  static const wsf__time_style style[] = {
      {.whole = WSF__WHOLE_MONTHS}, {.whole = WSF__WHOLE_DAYS}, {.years = true}};
  const int64_t value = t->value;
  if (t->form != WSF__FORM_INTEGER) return true;
  for (size_t i = 0; i < sizeof style / sizeof *style; ++i) {
    if (wsf__time_of_whole(value, &style[i], t)) return true;
  }
  return false;
}

/* 2019 [YR2019] without its second half. */
static size_t without_tag(const char *text, size_t length) {
  enum { YEAR = 4, TAGGED = 13 };
  const bool tagged = length == TAGGED && memcmp(text + YEAR, " [YR", 4) == 0 &&
                      text[TAGGED - 1] == ']' && memcmp(text, text + 8, YEAR) == 0;
  return tagged ? YEAR : length;
}

/* Jan 2024(p), 2024-01 (r) without the flag: preliminary, revised. */
static size_t without_flag(const char *text, size_t length) {
  enum { FLAG = 3 };
  if (length <= FLAG || text[length - 1] != ')' || text[length - 3] != '(') return length;
  const char flag = (char)(text[length - 2] | 32);
  if (flag != 'p' && flag != 'r' && flag != 'e' && flag != 'f') return length;
  length -= FLAG;
  while (length > 0 && text[length - 1] == ' ') --length;
  return length;
}

/* Of an ISO time: 2012-02, 2012Q1, 2012-Q1. */
static int8_t grain_of(const char *text, size_t length) {
  int marks = 0;
  if (memchr(text, 'Q', length)) return WSF__GRAIN_QUARTER;
  for (size_t i = 0; i < length; ++i) marks += text[i] == '-' || text[i] == '/';
  return marks < 2 ? WSF__GRAIN_MONTH : WSF__GRAIN_DAY;
}

static bool read_any(const char *text, size_t length, const wsf__time_style *style, wsf__time *out,
                     wsf__time_seen *seen) {
  if (wsf__time_parse(text, length, out)) {
    if (out->form == WSF__FORM_INTEGER) {
      wsf__time_see_whole(out->value, seen);
      return wsf__time_of_whole(out->value, style, out);
    }
    out->grain = grain_of(text, length);
    ++seen->grains[out->grain];
    return true;
  }
  return read_words(text, length, style->order, out, seen) ||
         read_year(text, length, style, out, seen);
}

/* Where the first time of an interval ends and the second begins: 1.1.2023 00:00 - 1.1.2023 01:00,
 * 2023-01-01T00:00Z/2023-01-01T01:00Z; false: there is no such mark. */
static bool cut_interval(const char *text, size_t length, size_t *end, size_t *begin) {
  static const char *const mark[] = {" - ", " \342\200\223 ", " to ", "/"};
  enum { SLASH = 3, LEAST = 7 }; /* bytes of a time of an interval */
  for (int i = 0; i <= SLASH; ++i) {
    const size_t n = strlen(mark[i]);
    for (size_t at = LEAST; at + n + LEAST <= length; ++at) {
      if (memcmp(text + at, mark[i], n) != 0) continue;
      if (i == SLASH && !memchr(text, 'T', at)) continue; /* of ISO 8601 alone */
      *end = at;
      *begin = at + n;
      return true;
    }
  }
  return false;
}

/* The beginning of an interval, which is its time. */
static bool read_interval(const char *text, size_t length, const wsf__time_style *style,
                          wsf__time *out, wsf__time_seen *seen) {
  size_t end, begin;
  if (!cut_interval(text, length, &end, &begin)) return false;
  wsf__time_seen here = *seen, behind = {0};
  wsf__time last;
  const uint32_t orders = WSF__SEEN_DAY_FIRST | WSF__SEEN_MONTH_FIRST;
  const bool first = read_any(text, end, style, out, &here);
  const bool second = read_any(text + begin, length - begin, style, &last, &behind);
  if ((!first && here.bits == seen->bits) || (!second && !(behind.bits & orders))) return false;
  *seen = here;
  seen->bits |= WSF__SEEN_INTERVAL | (behind.bits & orders);
  return first && second && out->form == last.form && out->form != WSF__FORM_INTEGER &&
         last.value > out->value;
}

/* Bytes of a character that nobody sees: a mark of the direction of writing, as Windows puts them
 * around the numbers of a date, of the byte order, or a blank that breaks no line; 0: it is none.
 */
static size_t unseen(const char *text, size_t length) {
  static const char *const character[] = {"\302\240", "\342\200\216", "\342\200\217",
                                          "\342\200\257", "\357\273\277"};
  for (size_t i = 0; i < sizeof character / sizeof *character; ++i) {
    const size_t n = strlen(character[i]);
    if (n <= length && memcmp(text, character[i], n) == 0) return n;
  }
  return 0;
}

static bool is_high(char c) {
  return (c & 0x80) != 0;
}

enum { SEEN_BYTES = 128 };

/* The text without them, blanks as blanks; those at its end are left out. */
static size_t without_unseen(char out[SEEN_BYTES], const char *text, size_t length) {
  size_t n = 0, skip;
  for (size_t i = 0; i < length; i += skip) {
    skip = is_high(text[i]) ? unseen(text + i, length - i) : 0;
    const bool blank = skip > 0 && (skip == 2 || text[i + 2] == '\257');
    if (skip == 0 || (blank && n > 0)) out[n++] = skip ? ' ' : text[i];
    if (skip == 0) skip = 1;
  }
  while (n > 0 && out[n - 1] == ' ') --n;
  return n;
}

bool wsf__time_read(const char *text, size_t length, const wsf__time_style *style, wsf__time *out,
                    wsf__time_seen *seen) {
  char plain[SEEN_BYTES];
  if (length > 0 && length <= SEEN_BYTES && (is_high(*text) || is_high(text[length - 1]))) {
    length = without_unseen(plain, text, length);
    text = plain;
  }
  length = without_tag(text, length);
  if (style->format) return wsf__time_format_read(style, text, length, out);
  length = without_flag(text, length);
  return (read_any(text, length, style, out, seen) ||
          read_interval(text, length, style, out, seen)) &&
         (!style->grain || !out->grain || out->grain == style->grain);
}

static void date_text(char out[32], wsf__time t) {
  const wsf__calendar day = {.freq = WSF__DAY,
                             .step = 1,
                             .form = WSF__FORM_DATE,
                             .origin = wsf__floor_div(t.value, 86400)};
  wsf__calendar_text(&day, 0, out);
}

wsf_status wsf__time_read_alone(wsf__time *out, const char *text, size_t length, wsf_status as,
                                wsf_error *err) {
  const wsf__time_style month_first = {.order = WSF__MONTH_FIRST};
  const wsf__time_style day_first = {.order = WSF__DAY_FIRST};
  wsf__time other;
  char reading[2][32];
  wsf__time_seen seen = {0};
  const int shown = length < 64 ? (int)length : 64;
  const bool one = wsf__time_read(text, length, &month_first, out, &seen);
  if (one && (seen.bits & WSF__SEEN_MONTH_YEAR)) {
    date_text(reading[0], *out);
    return wsf__fail(
        err, as,
        "'%.*s' may be the month of %s or a day of no year; a date with a year of four "
        "digits was expected",
        shown, text, reading[0]);
  }
  if (one && !(seen.bits & WSF__SEEN_BOTH_WAYS)) return WSF_OK;
  const bool two = wsf__time_read(text, length, &day_first, &other, &seen);
  if (!one && two) {
    *out = other;
    return WSF_OK;
  }
  if (!one) {
    return wsf__fail(err, as, "'%.*s' is neither a date nor a time nor a whole number", shown,
                     text);
  }
  date_text(reading[0], *out);
  date_text(reading[1], other);
  return wsf__fail(err, as, "'%.*s' may be %s or %s; a date in that form was expected", shown, text,
                   reading[0], reading[1]);
}

wsf_status wsf__time_read_given(wsf__time *out, const char *text, size_t length,
                                const wsf__time_style *given, wsf_status as, wsf_error *err) {
  if (!given->format) return wsf__time_read_alone(out, text, length, as, err);
  if (wsf__time_format_read(given, text, length, out)) return WSF_OK;
  const int shown = length < 64 ? (int)length : 64;
  return wsf__fail(err, as, "'%.*s' does not follow dateformat=\"%.64s\"", shown, text,
                   given->format);
}

/* ---- columns ------------------------------------------------------------------------------ */

void wsf__time_seen_add(wsf__time_seen *all, const wsf__time_seen *more) {
  const bool none = all->first == 0;
  all->bits |= more->bits;
  for (int g = 0; g < WSF__GRAINS; ++g) all->grains[g] += more->grains[g];
  if (more->first == 0) return;
  if (none || more->least_year < all->least_year) all->least_year = more->least_year;
  if (none || more->most_year > all->most_year) all->most_year = more->most_year;
  all->first |= more->first;
  all->second |= more->second;
}

static bool one_bit(uint32_t x) {
  return (x & (x - 1)) == 0;
}

/* What most values are; the shorter where as many are longer. */
static int32_t settle_grain(const wsf__time_style *style, const wsf__time_seen *seen) {
  const int32_t whole = style->years || style->whole == WSF__WHOLE_MONTHS ? WSF__GRAIN_MONTH
                        : style->whole == WSF__WHOLE_DAYS                 ? WSF__GRAIN_DAY
                                                                          : WSF__GRAIN_NONE;
  int32_t best = WSF__GRAIN_NONE;
  int64_t most = 0;
  for (int32_t g = WSF__GRAIN_DAY; g < WSF__GRAINS; ++g) {
    const int64_t n = seen->grains[g] + (g == whole ? seen->grains[WSF__GRAIN_NONE] : 0);
    if (n > most) best = g;
    if (n > most) most = n;
  }
  return best;
}

bool wsf__time_settle(wsf__time_style *style, const wsf__time_style *given,
                      const wsf__time_seen *seen) {
  const uint32_t bits = seen->bits;
  const uint32_t days = bits & (WSF__SEEN_DAY_FIRST | WSF__SEEN_MONTH_FIRST);
  *style = *given;
  if (given->format) return true;
  if (given->whole == WSF__WHOLE_AUTO) {
    style->years = (bits & WSF__SEEN_YEAR) && !(bits & WSF__SEEN_NO_YEAR);
    style->whole = !(bits & WSF__SEEN_WHOLE)       ? WSF__WHOLE_NUMBERS
                   : !(bits & WSF__SEEN_NO_MONTH)  ? WSF__WHOLE_MONTHS
                   : !(bits & WSF__SEEN_NO_DAY)    ? WSF__WHOLE_DAYS
                   : !(bits & WSF__SEEN_NO_SECOND) ? WSF__WHOLE_SECONDS
                   : !(bits & WSF__SEEN_NO_MILLI)  ? WSF__WHOLE_MILLIS
                                                   : WSF__WHOLE_NUMBERS;
  }
  style->grain = settle_grain(style, seen);
  if (given->order != WSF__ORDER_AUTO) return true;
  style->order = WSF__MONTH_FIRST;
  if (days == WSF__SEEN_DAY_FIRST) style->order = WSF__DAY_FIRST;
  if (days) return one_bit(days);
  if (!(bits & WSF__SEEN_BOTH_WAYS)) return true;
  /* The day that a calendar of months repeats from year to year. */
  const bool several = seen->most_year > seen->least_year;
  const bool first_stays = one_bit(seen->first), second_stays = one_bit(seen->second);
  if (several && first_stays != second_stays) {
    style->order = first_stays ? WSF__DAY_FIRST : WSF__MONTH_FIRST;
    return true;
  }
  if (bits & WSF__SEEN_DOTS) style->order = WSF__DAY_FIRST; /* as it is written with dots */
  return (bits & WSF__SEEN_DOTS) != 0;
}
