/* The scanner: forms of files, quotes, kinds of columns, chunks, threads. */
#include "data_support.h"

#include "ingest/csv_file.h"

static wsf__env *env;

static void open_as(wsf__csv *csv, const char *text, size_t length, const char *wants) {
  wsf_error err;
  if (wsf__csv_from_memory(csv, env, text, length, (wsf__csv_format){0}, &err) != WSF_OK) {
    fail_msg("%s", err.message);
  }
  for (int k = 0; wants[k]; ++k) {
    assert_true(k < csv->n_columns);
    csv->column[k].want = wants[k] == 'k'   ? WSF__CSV_KEY
                          : wants[k] == 't' ? WSF__CSV_TIME
                          : wants[k] == 'n' ? WSF__CSV_NUMBER
                          : wants[k] == 'w' ? WSF__CSV_CATEGORY
                          : wants[k] == '.' ? WSF__CSV_SKIP
                                            : WSF__CSV_GUESS;
  }
}

static void read_as(wsf__csv *csv, const char *text, const char *wants) {
  wsf_error err;
  open_as(csv, text, strlen(text), wants);
  if (wsf__csv_read(csv, &err) != WSF_OK) fail_msg("%s", err.message);
}

static const char *word(const wsf__csv *csv, int column, int64_t row) {
  const wsf__csv_column *c = &csv->column[column];
  return c->code[row] < 0 ? "" : c->words.entry[c->code[row]].text;
}

static void test_ends_of_line(void **state) {
  (void)state;
  const char *files[] = {
      "k,x\na,1\nb,2\n",           "k,x\na,1\nb,2",
      "k,x\r\na,1\r\nb,2\r\n",     "k,x\r\na,1\r\nb,2",
      "k,x\ra,1\rb,2\r",           "k,x\ra,1\rb,2",
      "\xef\xbb\xbfk,x\na,1\nb,2", "\n\nk,x\n\na,1\n \nb,2\n\n",
      " k ;x \n a ; 1 \nb;2",      "k\tx\na\t1\nb\t2\n",
      "k|x\na|1\nb|2\n",           "\"k\",\"x\"\n\"a\",\"1\"\n\"b\",2\r\n",
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; ++i) {
    wsf__csv csv;
    read_as(&csv, files[i], "kn");
    assert_int_equal(csv.rows, 2);
    assert_int_equal(csv.read, 2);
    assert_string_equal(csv.column[0].name, "k");
    assert_string_equal(csv.column[1].name, "x");
    assert_string_equal(word(&csv, 0, 0), "a");
    assert_string_equal(word(&csv, 0, 1), "b");
    assert_true(csv.column[1].number[0] == 1.0 && csv.column[1].number[1] == 2.0);
    wsf__csv_close(&csv);
  }
}

static void test_quotes(void **state) {
  (void)state;
  wsf__csv csv;
  read_as(&csv, "k,x,w\n\"a,\"\"b\",1,\"two\nlines\"\nc,\"2\" ,\"\"\nd,3,plain\n", "knw");
  assert_int_equal(csv.rows, 3);
  assert_string_equal(word(&csv, 0, 0), "a,\"b");
  assert_string_equal(word(&csv, 2, 0), "two\nlines");
  assert_string_equal(word(&csv, 2, 1), "");
  assert_true(csv.column[1].number[1] == 2.0);
  assert_int_equal(csv.line[0], 2);
  assert_int_equal(csv.line[1], 4);
  assert_int_equal(csv.line[2], 5);
  wsf__csv_close(&csv);

  /* Irregular quotes: a lone one inside a field is a character, one that never closes costs its
   * row, text behind a closed one too. */
  read_as(&csv, "k,x\n5\" pipe,1\n\"open,2\nb,3\n\"c\"d,4\ne,5\n", "kn");
  assert_int_equal(csv.rows, 3);
  assert_string_equal(word(&csv, 0, 0), "5\" pipe");
  assert_int_equal(csv.reject[WSF__CSV_QUOTE].count, 2);
  assert_int_equal(csv.reject[WSF__CSV_QUOTE].example[0].line, 3);
  assert_string_equal(csv.reject[WSF__CSV_QUOTE].example[0].text, "\"open,2");
  wsf__csv_close(&csv);
}

static void test_rejected_rows(void **state) {
  (void)state;
  wsf__csv csv;
  read_as(&csv,
          "k,t,x\na,2012-02-03,1\na,2012-02-30,2\na,2012-02-05\na,2012-02-06,3,4\n,2012-02-07,5\n"
          "a,2012-02-08,x1\nb\xff,2012-02-09,1\na,7,1\na,2012-02-10,NA\n",
          "ktn");
  assert_int_equal(csv.read, 9);
  assert_int_equal(csv.rows, 2);
  assert_int_equal(csv.reject[WSF__CSV_FIELDS].count, 2);
  assert_int_equal(csv.reject[WSF__CSV_FIELDS].example[1].line, 5);
  assert_int_equal(csv.reject[WSF__CSV_NO_KEY].count, 1);
  assert_int_equal(csv.reject[WSF__CSV_BAD_TIME].count, 2);
  assert_int_equal(csv.reject[WSF__CSV_BAD_TIME].example[0].column, 1);
  assert_string_equal(csv.reject[WSF__CSV_BAD_TIME].example[0].text, "2012-02-30");
  assert_int_equal(csv.reject[WSF__CSV_BAD_NUMBER].count, 1);
  assert_string_equal(csv.reject[WSF__CSV_BAD_NUMBER].example[0].text, "x1");
  assert_int_equal(csv.reject[WSF__CSV_BAD_TEXT].count, 1);
  assert_true(isnan(csv.column[2].number[1]));
  assert_int_equal(csv.line[1], 10);
  wsf__csv_close(&csv);
}

static void test_numbers_and_times(void **state) {
  (void)state;
  static const char *const number[] = {"0",
                                       "-0.5",
                                       "123456789.25",
                                       "1e3",
                                       "+7",
                                       ".5",
                                       "5.",
                                       "0.1",
                                       "-1e-7",
                                       "1e300",
                                       "9007199254740993",
                                       "0.30000000000000004",
                                       "007",
                                       "1234567890123456789012",
                                       "24924.5"};
  for (size_t i = 0; i < sizeof number / sizeof *number; ++i) {
    char text[128];
    wsf__csv csv;
    (void)snprintf(text, sizeof text, "x,y\n%s,1\n", number[i]);
    read_as(&csv, text, "n.");
    assert_int_equal(csv.rows, 1);
    const double expected = strtod(number[i], NULL);
    assert_memory_equal(&csv.column[0].number[0], &expected, sizeof expected);
    wsf__csv_close(&csv);
  }
  wsf__csv csv;
  read_as(&csv, "t\n2012-02-03\n2/4/2012\n2012/02/05\n1899-12-31\n2012-02-03T06:00\n", "t");
  assert_int_equal(csv.rows, 5);
  assert_int_equal(csv.column[0].time_form, WSF__FORM_TIME);
  assert_int_equal(csv.column[0].time[0] / 86400, wsf__days_from_civil(2012, 2, 3));
  assert_int_equal(csv.column[0].time[1] / 86400, wsf__days_from_civil(2012, 2, 4));
  assert_int_equal(csv.column[0].time[3] / 86400, wsf__days_from_civil(1899, 12, 31));
  assert_int_equal(csv.column[0].time[4] - csv.column[0].time[0], 6 * 3600);
  wsf__csv_close(&csv);
}

static void test_kinds_are_guessed(void **state) {
  (void)state;
  wsf__csv csv;
  read_as(&csv, "a,b,c,d,e,f\n1,TRUE,x,0,,T\n2.5,false,NA,1,,1\n,,y,0,,F\n", "gggggg");
  assert_int_equal(csv.column[0].want, WSF__CSV_NUMBER);
  assert_false(csv.column[0].flag);
  assert_int_equal(csv.column[1].want, WSF__CSV_FLAG);
  assert_true(csv.column[1].number[0] == 1 && csv.column[1].number[1] == 0);
  assert_true(isnan(csv.column[1].number[2]));
  assert_int_equal(csv.column[2].want, WSF__CSV_CATEGORY);
  assert_int_equal(csv.column[2].code[1], -1);
  assert_int_equal(csv.column[3].want, WSF__CSV_NUMBER);
  assert_true(csv.column[3].flag);
  assert_int_equal(csv.column[4].want, WSF__CSV_NUMBER);
  assert_false(csv.column[4].flag);
  assert_int_equal(csv.column[5].want, WSF__CSV_CATEGORY);
  wsf__csv_close(&csv);

  /* Far behind the sample, a number column turns out to hold a word, a missing one flags. */
  char *text = malloc(64 * 1024), *p = text;
  p += sprintf(p, "a,b\n");
  for (int i = 0; i < 3000; ++i) p += sprintf(p, "%d,\n", i);
  (void)sprintf(p, "oops,TRUE\n");
  read_as(&csv, text, "gg");
  assert_int_equal(csv.rows, 3001);
  assert_int_equal(csv.column[0].want, WSF__CSV_CATEGORY);
  assert_string_equal(word(&csv, 0, 3000), "oops");
  assert_string_equal(word(&csv, 0, 17), "17");
  assert_int_equal(csv.column[1].want, WSF__CSV_FLAG);
  assert_true(csv.column[1].number[3000] == 1);
  wsf__csv_close(&csv);
  free(text);
}

/* Rows of all sorts; ill: with quotes that parity cannot follow. */
static char *mixed_file(int rows, bool quotes, bool ill) {
  char *text = malloc((size_t)rows * 96 + 64), *p = text;
  unsigned seed = 7;
  p += sprintf(p, "key,date,x,word\n");
  for (int i = 0; i < rows; ++i) {
    seed = seed * 1103515245u + 12345u;
    const unsigned r = seed >> 16;
    if (r % 31 == 0) p += sprintf(p, "\n");
    if (r % 37 == 0) p += sprintf(p, "short,row\n");
    if (quotes && r % 5 == 0)
      p += sprintf(p, "\"k,%u\n\"\"q\"\"\",", r % 9);
    else
      p += sprintf(p, "key %u,", r % 11);
    p += sprintf(p, "2012-%02u-%02u,", r % 13 + (r % 41 ? 0 : 1), r % 28 + 1);
    if (r % 7 == 0)
      p += sprintf(p, "NA,");
    else
      p += sprintf(p, "%u.%u,", r % 1000, r % 97);
    if (ill && r % 101 == 0)
      p += sprintf(p, "a \"lone quote\n");
    else if (ill && r % 211 == 0)
      p += sprintf(p, "\"x\"y\n");
    else
      p += sprintf(p, "w%u\n", r % 300);
  }
  return text;
}

static uint64_t digest(const wsf__csv *csv) {
  uint64_t h = wsf__hash(WSF__HASH_SEED, &csv->rows, sizeof csv->rows);
  h = wsf__hash(h, &csv->read, sizeof csv->read);
  h = wsf__hash(h, csv->reject, sizeof csv->reject);
  h = wsf__hash(h, csv->line, (size_t)csv->rows * sizeof *csv->line);
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    const size_t n = (size_t)csv->rows;
    if (c->number) h = wsf__hash(h, c->number, n * sizeof *c->number);
    if (c->time) h = wsf__hash(h, c->time, n * sizeof *c->time);
    if (c->code) h = wsf__hash(h, c->code, n * sizeof *c->code);
    for (int32_t i = 0; i < c->words.n; ++i) {
      h = wsf__hash(h, c->words.entry[i].text, (size_t)c->words.entry[i].length + 1);
    }
  }
  return h;
}

static void test_chunks_and_threads_cannot_be_seen(void **state) {
  (void)state;
  for (int form = 0; form < 3; ++form) {
    char *text = mixed_file(2000, form > 0, form > 1);
    uint64_t first = 0;
    const size_t blocks[] = {1 << 20, 1000, 64, 7777, 300};
    for (int run = 0; run < 10; ++run) {
      wsf__csv csv;
      wsf_error err;
      wsf__env many;
      assert_true(wsf__env_init(&many, &wsf__alloc_libc));
      many.threads = run % 2 ? 5 : 1;
      open_as(&csv, text, strlen(text), "ktng");
      csv.env = &many;
      csv.block = blocks[run / 2];
      assert_int_equal(wsf__csv_read(&csv, &err), WSF_OK);
      assert_true(csv.rows > 1500);
      if (run == 0) first = digest(&csv);
      assert_int_equal(digest(&csv), first);
      wsf__csv_close(&csv);
      wsf__env_free(&many);
    }
    free(text);
  }
}

static void test_bad_files(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t length;
    const char *message;
  } bad[] = {
      {"", 0, "the file is empty; a header line was expected"},
      {"\n \r\n", 4, "the file is empty; a header line was expected"},
      {"\xff\xfe"
       "a\0",
       4, "the file is UTF-16; UTF-8 was expected"},
      {"a\0b,c\n", 6, "the header holds a zero byte; the file is not a CSV"},
      {"a,\"b\n1,2\n", 9, "a quote in the header does not close"},
      {"{\"a\":1,\"b\n", 10,
       "a quote in the header does not close; this looks like JSON, expected a CSV"},
      {"a,b,a\n", 6,
       "the header names the column \"a\" twice; names that differ were expected (header=false, "
       "skip=1 numbers the columns, of which columns= may take some; header=two joins two lines of "
       "names)"},
      {"PK\3\4\x14", 5,
       "the file is a ZIP archive, as spreadsheets are (.xlsx, .ods); a CSV was expected"},
      {"PAR1\x15\4", 6, "the file is Parquet; a CSV was expected"},
      {"\x89PNG\r\n", 6, "the file is a picture; a CSV was expected"},
      {"abc\1\2\3\4\5\6\7\1\2\3\n", 14, "the file is no text; a CSV was expected"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf__csv csv;
    wsf_error err;
    assert_int_equal(
        wsf__csv_from_memory(&csv, env, bad[i].text, bad[i].length, (wsf__csv_format){0}, &err),
        WSF_E_DATA);
    assert_string_equal(err.message, bad[i].message);
  }
  wsf__csv csv;
  wsf_error err;
  assert_int_equal(wsf__csv_open(&csv, env, "/no/such.csv", (wsf__csv_format){0}, &err), WSF_E_IO);
  assert_string_equal(err.file, "/no/such.csv");
  assert_int_equal(wsf__csv_open(&csv, env, "/tmp", (wsf__csv_format){0}, &err), WSF_E_IO);
}

/* A header without an end is not read through: nobody knows how long the file is. */
static void test_endless_headers(void **state) {
  (void)state;
  enum { BYTES = 20000000 };
  char *text = malloc(BYTES);
  wsf__csv csv;
  wsf_error err;
  memset(text, 'x', BYTES);
  const struct {
    const char *begin, *message;
  } bad[] = {
      {"a,b", "the header does not end within 16777216 bytes; a line of names was expected"},
      {"a,\"b", "the header does not end within 16777216 bytes; a line of names was expected (a "
                "quote in it does not close)"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    memcpy(text, bad[i].begin, strlen(bad[i].begin));
    assert_int_equal(wsf__csv_from_memory(&csv, env, text, BYTES, (wsf__csv_format){0}, &err),
                     WSF_E_DATA);
    assert_string_equal(err.message, bad[i].message);
  }
  memcpy(text, "a,b,", 4);
  text[100000] = '\n';
  assert_int_equal(wsf__csv_from_memory(&csv, env, text, BYTES, (wsf__csv_format){0}, &err),
                   WSF_E_DATA);
  assert_string_equal(err.message,
                      "the name of column 3 has 99996 bytes; 65536 at most were expected");
  free(text);
}

/* A file whose length fills its last page has no room behind it: it is read, not mapped. */
static void test_whole_pages(void **state) {
  (void)state;
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char *text = malloc(page);
  memset(text, '1', page);
  memcpy(text, "x\n", 2);
  for (size_t i = 9; i < page; i += 8) text[i] = '\n';
  text[page - 1] = '1';
  char *path = file_of(text, page);
  wsf__csv csv;
  wsf_error err;
  assert_int_equal(wsf__csv_open(&csv, env, path, (wsf__csv_format){0}, &err), WSF_OK);
  assert_null(csv.map);
  csv.column[0].want = WSF__CSV_NUMBER;
  assert_int_equal(wsf__csv_read(&csv, &err), WSF_OK);
  assert_int_equal(csv.rows, (int64_t)page / 8);
  assert_int_equal(csv.reject[WSF__CSV_BAD_NUMBER].count, 0);
  wsf__csv_close(&csv);
  (void)unlink(path);
  free(path);
  free(text);
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_csv_file(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_ends_of_line),
      cmocka_unit_test(test_quotes),
      cmocka_unit_test(test_rejected_rows),
      cmocka_unit_test(test_numbers_and_times),
      cmocka_unit_test(test_kinds_are_guessed),
      cmocka_unit_test(test_chunks_and_threads_cannot_be_seen),
      cmocka_unit_test(test_bad_files),
      cmocka_unit_test(test_endless_headers),
      cmocka_unit_test(test_whole_pages),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
