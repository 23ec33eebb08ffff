/* A column of times as people write them: one value read under a style, and the style that all
 * values together settle. What can be read only one way needs no style. */
#ifndef WSF_CALENDAR_TIME_READ_H
#define WSF_CALENDAR_TIME_READ_H

#include "calendar/calendar.h"
#include "calendar/fiscal.h"

typedef enum wsf__day_order { WSF__ORDER_AUTO, WSF__MONTH_FIRST, WSF__DAY_FIRST } wsf__day_order;
typedef enum wsf__whole_times {
  WSF__WHOLE_AUTO,
  WSF__WHOLE_NUMBERS, /* 202401 counts */
  WSF__WHOLE_MONTHS,  /* 202401 is January 2024 */
  WSF__WHOLE_DAYS,    /* 20240131 is a day */
  WSF__WHOLE_SECONDS, /* 1546300800 counts them since 1970 */
  WSF__WHOLE_MILLIS   /* 1546300800000 */
} wsf__whole_times;

typedef struct wsf__time_style {
  int32_t order;             /* wsf__day_order of 3/4/2024 */
  int32_t whole;             /* wsf__whole_times */
  bool years;                /* 1949.0833 is February 1949 */
  int32_t grain;             /* wsf__grain that every value has; 0: any */
  const char *format;        /* strptime words that every value follows, or "excel"; or NULL */
  const wsf__fiscal *fiscal; /* whose weeks %G %V are; NULL: those of ISO 8601 */
} wsf__time_style;

/* What values showed; bits add up over a column. A function of the texts alone. */
enum {
  WSF__SEEN_BOTH_WAYS = 1,      /* 3/4/2024 */
  WSF__SEEN_DAY_FIRST = 2,      /* 13/4/2024 */
  WSF__SEEN_MONTH_FIRST = 4,    /* 4/13/2024 */
  WSF__SEEN_DOTS = 8,           /* 3.4.2024 */
  WSF__SEEN_SHORT_YEAR = 16,    /* 3/4/24 */
  WSF__SEEN_WHOLE = 32,         /* a whole number */
  WSF__SEEN_NO_MONTH = 64,      /* one that is not yyyymm */
  WSF__SEEN_NO_DAY = 128,       /* one that is not yyyymmdd */
  WSF__SEEN_YEAR = 256,         /* a year with a fraction of twelfths */
  WSF__SEEN_NO_YEAR = 512,      /* a number that is no year in twelfths */
  WSF__SEEN_THIRTEENTH = 1024,  /* 202413: six digits as of a month, but none */
  WSF__SEEN_OTHER = 2048,       /* a whole number without these six digits */
  WSF__SEEN_NO_SECOND = 4096,   /* one that is no second since 1970, from 2001 to 2099 */
  WSF__SEEN_NO_MILLI = 8192,    /* one that is no such millisecond */
  WSF__SEEN_NO_WEEK = 16384,    /* one that is not yyyy01 to yyyy53 */
  WSF__SEEN_NO_SERIAL = 32768,  /* one that is no day of a spreadsheet, from 1980 to 2078 */
  WSF__SEEN_MONTH_YEAR = 65536, /* 04/24 */
  WSF__SEEN_NO_SHORT_WEEK =
      131072,                 /* a whole number that is not 1yy01 to 1yy53, as Walmart's weeks */
  WSF__SEEN_INTERVAL = 262144 /* 01.01.2023 00:00 - 01.01.2023 01:00 */
};
typedef struct wsf__time_seen {
  uint32_t bits;
  uint32_t first, second; /* numbers in the first and second place of 3/4/2024, as bits */
  int32_t least_year, most_year;
  int64_t grains[WSF__GRAINS]; /* values of each; the first: whole numbers */
} wsf__time_seen;

/* One value. An order or whole that is AUTO reads month first and whole numbers. */
bool wsf__time_read(const char *text, size_t length, const wsf__time_style *style, wsf__time *out,
                    wsf__time_seen *seen);
/* A time that stands by itself, so that no column tells day from month: any form, whole numbers as
 * numbers. Fails with `as` where it is no time, or 3/4/2024, which is shown in both readings. */
wsf_status wsf__time_read_alone(wsf__time *out, const char *text, size_t length, wsf_status as,
                                wsf_error *err);
/* The same of a column that dateformat= may have been given for: then a time of that form. */
wsf_status wsf__time_read_given(wsf__time *out, const char *text, size_t length,
                                const wsf__time_style *given, wsf_status as, wsf_error *err);
/* A whole number among dates: 202402, 20240203 or 2024. False, and *t stays, if it is none of them.
 */
bool wsf__time_of_number(wsf__time *t);
/* What a whole number is under a style. */
bool wsf__time_of_whole(int64_t value, const wsf__time_style *style, wsf__time *out);
/* Of wsf__time_read, for a whole number; always read. */
void wsf__time_see_whole(int64_t value, wsf__time_seen *seen);
void wsf__time_seen_add(wsf__time_seen *all, const wsf__time_seen *more);
/* The style of a column: what was given, and for what was left AUTO what its values say. true: it
 * is settled; false: they can be read month first and day first, and differ. */
bool wsf__time_settle(wsf__time_style *style, const wsf__time_style *given,
                      const wsf__time_seen *seen);

/* time_format.c: a value that follows the style's strptime words; not by the locale. */
bool wsf__time_format_read(const wsf__time_style *style, const char *text, size_t length,
                           wsf__time *out);
/* Whether the words make a date; WSF_E_VALUE with the reason. */
wsf_status wsf__time_format_check(const char *format, wsf_error *err);
/* time_words.c: 1 .. 12 for a month's name or its first three letters or more, in English and six
 * other languages, at most `length` bytes, which is set to what was used; 0: it is none. */
int wsf__month_name(const char *text, size_t *length);
/* 1 .. 7 for a weekday's, Monday first. */
int wsf__weekday_name(const char *text, size_t *length);
/* "january", "monday" of 1, 2, .. */
const char *wsf__month_word(int month);
const char *wsf__weekday_word(int weekday);
/* POSIX: 69 .. 99 are of the last century. */
int wsf__short_year(int two_digits);
/* Day of a week of ISO 8601; false if the year has no such week. */
bool wsf__iso_week(int year, int week, int weekday, int64_t *days);
/* time_format.c: the same of a retailer's year; NULL: of ISO 8601. */
bool wsf__numbered_week(const wsf__fiscal *fiscal, int year, int week, int weekday, int64_t *days);

/* The first day of a week as strftime's %U or %W counts it: from the year's first Sunday or Monday;
 * week 0, of the days before, begins in the year before. False if the year has no such week. */
bool wsf__counted_week(char word, int year, int week, int64_t *days);

/* The days of a spreadsheet: 43466 is 2019-01-01, 43466.5 its noon (Excel counts from 1900, with a
 * 29 February that was none). False before 1901 and after 9999. */
bool wsf__time_of_serial(double serial, wsf__time *out);

/* The accepted forms, for messages. */
extern const char *const wsf__time_forms;

#endif
