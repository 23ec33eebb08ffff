/* Files as people have them: each loads without an option, or says which one it needs. */
#include "data_support.h"

static wsf__env *env;

static int64_t day(int year, int month, int d) {
  return wsf__days_from_civil(year, month, d);
}

typedef struct sample {
  const char *text, *options;
  int64_t first, last; /* periods: days since 1970, or the integer */
  int32_t freq;
  double sum;
  const char *told; /* an item of the report, or NULL */
} sample;

static void check(const sample *f) {
  wsf__panel *p;
  wsf_error err = {0};
  if (open_text(&p, env, f->text, f->options, &err) != WSF_OK) {
    fail_msg("%s (%s) %.300s", err.message, err.field, f->text);
  }
  const int64_t first = wsf__calendar_value(&p->calendar, 0);
  const int64_t last = wsf__calendar_value(&p->calendar, p->T - 1);
  if (first != f->first || last != f->last || p->calendar.freq != f->freq)
    fail_msg("%.300s\nfrom %lld to %lld by %d", f->text, (long long)first, (long long)last,
             (int)p->calendar.freq);
  if (!(fabs(panel_sum(p) - f->sum) < 1e-9)) fail_msg("%.300s\nsums to %g", f->text, panel_sum(p));
  if (f->told && reported(p, f->told) < 1) fail_msg("%.300s\ndoes not tell: %s", f->text, f->told);
  wsf__panel_release(p);
}

static void test_files_that_load(void **state) {
  (void)state;
  const char *ty = "time=t, target=y";
  const sample files[] = {
      /* Flags and units behind numbers, in fields that are cut, quoted or missing */
      {"t,y\n2019-02-01,134.5 p\n2019-02-02,\"1,000.25(e)\"\n2019-02-03,7\n2019-02-04,NA\n",
       "time=t, target=y, suffixes=[p,\"(e)\"]", day(2019, 2, 1), day(2019, 2, 3), WSF__DAY,
       1141.75, "read as: numbers without their suffixes"},
      {"t;y\n01.02.2019;12,5 kg\n02.02.2019;1.000 kg\n", "time=t, target=y, suffixes=kg",
       day(2019, 2, 1), day(2019, 2, 2), WSF__DAY, 1012.5, "read as: numbers with a decimal comma"},
      /* Quotes of MySQL and of whole lines */
      {"t,n,y\r\n2019-02-01,\"5\\\" a,b\\\\\",2\r\n2019-02-02,\\N,3\r\n",
       "time=t, target=y, quote=backslash", day(2019, 2, 1), day(2019, 2, 2), WSF__DAY, 5, NULL},
      {"\"t,n,y\"\r\n\"2019-02-01,\"\"a,b\"\",2\"\r\n\"2019-02-02,c,3\"\r\n2019-02-03,d,4",
       "time=t, target=y, quote=line", day(2019, 2, 1), day(2019, 2, 3), WSF__DAY, 9, NULL},
      /* Excel in Germany: semicolons, decimal commas, thousands, day first */
      {"t;y\n01.02.2019;1.234,50\n02.02.2019;2,5\n03.02.2019;7\n", ty, day(2019, 2, 1),
       day(2019, 2, 3), WSF__DAY, 1244, "read as: numbers with a decimal comma"},
      {"sep=;\nt;y\n13.02.2019;1\n14.02.2019;2\n", ty, day(2019, 2, 13), day(2019, 2, 14), WSF__DAY,
       3, "read as: dates with the day first"},
      {"\xef\xbb\xbf\"sep=|\"\r\nt|y\r\n2019-01-01|1\r\n2019-01-02|2\r\n", ty, day(2019, 1, 1),
       day(2019, 1, 2), WSF__DAY, 3, NULL},
      /* Switzerland, France, accountants, a shop's export */
      {"t;y\n2019-01-01;1'234.5\n2019-01-02;2'000\n", ty, day(2019, 1, 1), day(2019, 1, 2),
       WSF__DAY, 3234.5, NULL},
      {"t;y\n2019-01-01;1\xe2\x80\xaf"
       "234,5\n2019-01-02;2\xc2\xa0"
       "000\n",
       ty, day(2019, 1, 1), day(2019, 1, 2), WSF__DAY, 3234.5,
       "read as: numbers with a decimal comma"},
      {"t,y\n2019-01-01,\"$1,234.50\"\n2019-01-02,($34.50)\n", ty, day(2019, 1, 1), day(2019, 1, 2),
       WSF__DAY, 1200, "read as: numbers without their currency"},
      {"t,y\n2019-01-01,5%\n2019-01-02,12.5 %\n", ty, day(2019, 1, 1), day(2019, 1, 2), WSF__DAY,
       0.175, "read as: hundredths, for percent"},
      /* the United States */
      {"t,y\n1/2/2019,1\n1/3/2019,2\n1/14/2019,3\n", "time=t, target=y, freq=day", day(2019, 1, 2),
       day(2019, 1, 14), WSF__DAY, 6, NULL},
      {"t,y\n1/30/19,1\n1/31/19,2\n", ty, day(2019, 1, 30), day(2019, 1, 31), WSF__DAY, 3,
       "read as: years of two digits, from 1969 to 2068"},
      {"t,y\n\"Jan 5, 2019\",1\n\"Jan 6, 2019\",2\n", ty, day(2019, 1, 5), day(2019, 1, 6),
       WSF__DAY, 3, NULL},
      /* months, quarters, weeks, years of R */
      {"t,y\nJan 2019,1\nFeb 2019,2\nMar 2019,3\n", ty, day(2019, 1, 1), day(2019, 3, 1),
       WSF__MONTH, 6, NULL},
      {"t,y\nJan-19,1\nFeb-19,2\nMar-19,3\n", ty, day(2019, 1, 1), day(2019, 3, 1), WSF__MONTH, 6,
       NULL},
      {"t,y\n201911,1\n201912,2\n202001,3\n", ty, day(2019, 11, 1), day(2020, 1, 1), WSF__MONTH, 6,
       "doubt: whole numbers, read as months yyyymm (freq=integer: as numbers, "
       "dateformat=\"%G%V\": as weeks)"},
      {"t,y\n20191230,1\n20191231,2\n20200101,3\n", ty, day(2019, 12, 30), day(2020, 1, 1),
       WSF__DAY, 6, "doubt: whole numbers, read as days yyyymmdd (freq=integer: as numbers)"},
      {"t,y\n201911,1\n201912,2\n201913,3\n", ty, 201911, 201913, WSF__INTEGER, 6,
       "doubt: whole numbers that look like yyyymm, but one is no month (dateformat=\"%G%V\" reads "
       "weeks yyyyww, with fiscal= of such years)"},
      {"t,y\n202351,1\n202352,2\n202401,3\n", "time=t, target=y, dateformat=\"%G%V\"",
       day(2023, 12, 18), day(2024, 1, 1), WSF__WEEK, 6, NULL},
      {"t,y\n202352,1\n202353,2\n202401,3\n", "time=t, target=y, dateformat=\"%G%V\", fiscal=nrf",
       day(2024, 1, 21), day(2024, 2, 4), WSF__WEEK, 6, NULL},
      {"t,y\n43466,1\n43467,2\n43468,3\n", ty, 43466, 43468, WSF__INTEGER, 6,
       "doubt: whole numbers, read as numbers (dateformat=excel: as days of a spreadsheet)"},
      {"t,y\n43466,1\n43467,2\n43468,3\n", "time=t, target=y, dateformat=excel", day(2019, 1, 1),
       day(2019, 1, 3), WSF__DAY, 6, NULL},
      {"t,y\n201910,1\n201911,2\n201912,3\n", "time=t, target=y, freq=integer", 201910, 201912,
       WSF__INTEGER, 6, NULL},
      {"t,y\n1949,112\n1949.083,118\n1949.167,132\n", ty, day(1949, 1, 1), day(1949, 3, 1),
       WSF__MONTH, 362, "read as: months, twelfths of a year"},
      {"t,y\n2021-W52,1\n2022-W01,2\n2022-W02,3\n", ty, day(2021, 12, 27), day(2022, 1, 10),
       WSF__WEEK, 6, NULL},
      {"t,y\nQ4 2021,1\nQ1 2022,2\nQ2 2022,3\n", ty, day(2021, 10, 1), day(2022, 4, 1),
       WSF__QUARTER, 6, NULL},
      {"t,y\n2021M11,1\n2021M12,2\n2022M01,3\n", ty, day(2021, 11, 1), day(2022, 1, 1), WSF__MONTH,
       6, NULL},
      /* a report above, comments between, no header at all */
      {"Sales of the year\n\nt,y\n2019-01-01,1\n2019-01-02,2\n", "skip=1, time=t, target=y",
       day(2019, 1, 1), day(2019, 1, 2), WSF__DAY, 3, NULL},
      {"# by \"hand\nt,y\n2019-01-01,1\n# a gap\n2019-01-02,2\n#\n",
       "comment=\"#\", time=t, target=y", day(2019, 1, 1), day(2019, 1, 2), WSF__DAY, 3, NULL},
      {"2019-01-01,1\n2019-01-02,2\n", "time=column1, target=column2", day(2019, 1, 1),
       day(2019, 1, 2), WSF__DAY, 3,
       "doubt: no header line seen, columns are numbered (header=true: there is one)"},
      {"a,b\n2019-01-01,1\n2019-01-02,2\n", "header=false, time=column1, target=column2",
       day(2019, 1, 1), day(2019, 1, 2), WSF__DAY, 3, NULL},
      /* other characters */
      {"t,Gr\xf6\xdf"
       "e\n2019-01-01,1\n2019-01-02,2\n",
       "time=t, target=\"Gr\xc3\xb6\xc3\x9f"
       "e\"",
       day(2019, 1, 1), day(2019, 1, 2), WSF__DAY, 3,
       "doubt: not UTF-8, read as cp1252 (encoding= says what it is)"},
      {"t,\x80\n2019-01-01,1\n", "encoding=cp1252, time=t, target=\"\xe2\x82\xac\", freq=day",
       day(2019, 1, 1), day(2019, 1, 1), WSF__DAY, 1, NULL},
      /* what nothing can settle */
      {"t,y\n2019-01-01,1.183\n2019-01-02,2.250\n", ty, day(2019, 1, 1), day(2019, 1, 2), WSF__DAY,
       3.433, "doubt: every value has three decimals (thousands=point if 1.183 is 1183)"},
      {"t,y\n2019-01-01,1.183\n2019-01-02,2.250\n", "time=t, target=y, thousands=point",
       day(2019, 1, 1), day(2019, 1, 2), WSF__DAY, 3433, NULL},
      {"t;y\n2019-01-01;1,183\n2019-01-02;2,250\n", ty, day(2019, 1, 1), day(2019, 1, 2), WSF__DAY,
       3.433,
       "doubt: every comma has three digits behind it, read as decimals (thousands=comma: as "
       "thousands)"},
      {"t;y\n2019-01-01;1,183\n2019-01-02;2,250\n", "time=t, target=y, thousands=comma",
       day(2019, 1, 1), day(2019, 1, 2), WSF__DAY, 3433, NULL},
      {"t,y\n1/2/2019,1\n1/3/2019,2\n", "time=t, target=y, dayfirst=true", day(2019, 2, 1),
       day(2019, 3, 1), WSF__MONTH, 3, NULL},
      {"t,y\n1/2/2019,1\n1/3/2019,2\n", "time=t, target=y, dayfirst=false, freq=day",
       day(2019, 1, 2), day(2019, 1, 3), WSF__DAY, 3, NULL},
      {"t,y\n01-2019 5,1\n01-2019 6,2\n", "time=t, target=y, dateformat=\"%m-%Y %d\"",
       day(2019, 1, 5), day(2019, 1, 6), WSF__DAY, 3, NULL},
      {"k;2019-01;2019-02\na;1,5;2,5\n", "layout=wide, keys=k", day(2019, 1, 1), day(2019, 2, 1),
       WSF__MONTH, 4, "read as: numbers with a decimal comma"},
      {"k,Jan 2019,Feb 2019\na,1,2\n", "layout=wide, keys=k", day(2019, 1, 1), day(2019, 2, 1),
       WSF__MONTH, 3, NULL},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; ++i) check(&files[i]);
}

/* The last value of a long file may turn the style of all others. */
static void test_the_end_of_a_file_counts(void **state) {
  (void)state;
  char *text = malloc(1 << 16);
  size_t n = (size_t)sprintf(text, "t;y\n");
  for (int i = 0; i < 900; ++i) {
    n += (size_t)sprintf(text + n, "%d/%d/%d;%d\n", i % 12 + 1, i / 12 % 12 + 1, 1950 + i / 144, i);
  }
  (void)sprintf(text + n, "30/1/2019;1,5\n");
  const sample day_first = {text,
                            "time=t, target=y, freq=day, duplicates=sum",
                            day(1950, 1, 1),
                            day(2019, 1, 30),
                            WSF__DAY,
                            899.0 * 450.0 + 1.5,
                            "read as: dates with the day first"};
  check(&day_first);
  free(text);
}

static void test_what_is_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *options, *message;
  } bad[] = {
      {"t,y\n1/2/2019,1\n1/3/2019,2\n", "time=t, target=y",
       "the date may be 2019-01-02 or 2019-02-01, and no other value of the column settles it; "
       "dayfirst=false reads the one, dayfirst=true the other"},
      {"t,y\n13/2/2019,1\n2/13/2019,2\n", "time=t, target=y",
       "some dates have the day first, some the month; one order for the whole column was expected "
       "(dayfirst=true or false rejects the rows of the other)"},
      {"k,1/2/2019,1/3/2019\na,1,2\n", "layout=wide, keys=k",
       "the periods that columns are named by may be read month first or day first; dayfirst=true "
       "or false says which"},
      {"t,y\n1,2\n", "time=t, target=y, dateformat=\"%d\"",
       "dateformat is \"%d\", which gives no date; a year (%Y, %y), a month before a day (%m, %b "
       "and "
       "%d), a week (%G and %V), or excel was expected"},
      {"t,y\n1,2\n", "time=t, target=y, decimal=comma, thousands=comma",
       "decimal and thousands are the same mark"},
      {"t,y\n1,2\n", "time=t, target=y, comment=\"//\"",
       "comment is \"//\"; one character, as #, was expected"},
      {"t,y\n1,2\n", "time=t, target=y, delimiter=x",
       "delimiter is \"x\"; auto, comma, semicolon, tab or bar was expected"},
      {"t,Gr\xf6\xdf"
       "e\n1,2\n",
       "encoding=utf8, time=t, target=y",
       "the name of column 2 is not UTF-8; encoding=cp1252 or latin1 reads it"},
      {"1,2\n3,4\n", "time=t, target=y",
       "the header has no column \"t\". The file seems to have no header; its columns are column1, "
       "column2"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf__panel *p;
    wsf_error err;
    if (open_text(&p, env, bad[i].text, bad[i].options, &err) == WSF_OK) {
      fail_msg("%s\nwas read", bad[i].text);
    }
    assert_string_equal(err.message, bad[i].message);
  }
}

/* RFC 4180 knows no longest field. */
static void test_long_quoted_text(void **state) {
  (void)state;
  const size_t length = 200000;
  char *text = malloc(length + 100);
  size_t n = (size_t)sprintf(text, "t,y,w\n1,5,\"");
  memset(text + n, 'x', length);
  for (size_t i = 100; i < length; i += 100) text[n + i] = '\n';
  n += length;
  (void)sprintf(text + n, "\"\n2,6,b\n3,7,c\n");
  const sample f = {text, "time=t, target=y, past=none",           1, 3, WSF__INTEGER,
                    18,   "doubt: quoted text of more than 64 KiB"};
  check(&f);
  free(text);
}

static void test_utf_16(void **state) {
  (void)state;
  static const char *const text = "t,y\n2019-01-01,1\n2019-01-02,2\n";
  for (int form = 0; form < 4; ++form) { /* big or little, with a mark or without */
    char bytes[128];
    size_t n = 0;
    const bool big = form & 1;
    if (form < 2) {
      bytes[n++] = big ? '\xfe' : '\xff';
      bytes[n++] = big ? '\xff' : '\xfe';
    }
    for (const char *p = text; *p; ++p) {
      bytes[n++] = big ? 0 : *p;
      bytes[n++] = big ? *p : 0;
    }
    char *path = file_of(bytes, n);
    char expression[256];
    (void)snprintf(expression, sizeof expression, "csv(\"%s\", time=t, target=y)", path);
    wsf__panel *p;
    wsf_error err;
    if (open_data(&p, env, expression, &err) != WSF_OK) fail_msg("%s", err.message);
    assert_true(panel_sum(p) == 3);
    wsf__panel_release(p);
    (void)unlink(path);
    free(path);
  }
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_csv_forms(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_files_that_load), cmocka_unit_test(test_the_end_of_a_file_counts),
      cmocka_unit_test(test_what_is_refused), cmocka_unit_test(test_long_quoted_text),
      cmocka_unit_test(test_utf_16),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
