/* Numbers as people write them. */
#include "support.h"

#include "ingest/csv_number.h"

#include <string.h>

/* Money of the currency with this place in the list. */
enum { DOLLAR = 0, EURO = 1, REAL = 5, KRONA = 6 };
#define MONEY(which) (WSF__NUMBER_MONEY | UINT32_C(1) << (WSF__NUMBER_CURRENCY + (which)))

static void every_style_is_read(void **state) {
  (void)state;
  const wsf__number_style point = {.decimal = '.'}, comma = {.decimal = ','};
  const wsf__number_style only_blank = {.decimal = '.', .thousands = ' '};
  const wsf__number_style none = {.decimal = '.', .thousands = WSF__NO_THOUSANDS};
  static const char *const suffix[] = {"p", "(e)", "bp", "e"};
  const wsf__number_style flags = {.decimal = '.', .n_suffixes = 4, .suffix = suffix};
  const struct {
    const char *text;
    const wsf__number_style *style;
    double value;
    uint32_t seen;
  } good[] = {
      {"1,234.5", &point, 1234.5, WSF__NUMBER_POINT},
      {"1,234,567", &point, 1234567, WSF__NUMBER_POINT},
      {"1,183", &point, 1183, WSF__NUMBER_COMMA_3},
      {"1.183", &point, 1.183, WSF__NUMBER_POINT_3},
      {"0.183", &point, 0.183, WSF__NUMBER_POINT},
      {"1183", &point, 1183, WSF__NUMBER_LONG},
      {"1.234,5", &comma, 1234.5, WSF__NUMBER_COMMA},
      {"1.234.567", &comma, 1234567, WSF__NUMBER_COMMA},
      {"1,183", &comma, 1.183, WSF__NUMBER_COMMA_3},
      {"1.183", &comma, 1183, WSF__NUMBER_POINT_3},
      {"1,5e3", &comma, 1500, WSF__NUMBER_COMMA},
      {"1,183e1", &comma, 11.83, WSF__NUMBER_COMMA_3},
      {"-,5", &comma, -0.5, WSF__NUMBER_COMMA},
      {"1 234 567,25", &comma, 1234567.25, WSF__NUMBER_COMMA},
      {"1\xc2\xa0"
       "234",
       &point, 1234, 0},
      {"1\xe2\x80\xaf"
       "234,5",
       &comma, 1234.5, WSF__NUMBER_COMMA},
      {"1'234.50", &point, 1234.5, WSF__NUMBER_POINT},
      {"$1,234.50", &point, 1234.5, WSF__NUMBER_POINT | MONEY(DOLLAR)},
      {"-$12", &point, -12, MONEY(DOLLAR)},
      {"$-12", &point, -12, MONEY(DOLLAR)},
      {"($1,234.00)", &point, -1234, WSF__NUMBER_POINT | MONEY(DOLLAR)},
      {"12,50 \xe2\x82\xac", &comma, 12.5, WSF__NUMBER_COMMA | MONEY(EURO)},
      {"EUR 12", &point, 12, MONEY(EURO)},
      {"R$ 12,5", &comma, 12.5, WSF__NUMBER_COMMA | MONEY(REAL)},
      {"12 kr", &point, 12, MONEY(KRONA)},
      {"15 %", &point, 0.15, WSF__NUMBER_PERCENT},
      {"-2.5%", &point, -0.025, WSF__NUMBER_POINT | WSF__NUMBER_PERCENT},
      {"12-", &point, -12, 0},
      {"\xe2\x88\x92"
       "12",
       &point, -12, 0},
      {"+7", &point, 7, 0},
      {".5", &point, 0.5, WSF__NUMBER_POINT},
      {"5.", &point, 5, WSF__NUMBER_POINT},
      {"1e-7", &point, 1e-7, 0},
      {"007", &point, 7, 0},
      {"1 234.5", &only_blank, 1234.5, WSF__NUMBER_POINT},
      {"12,34,567", &point, 1234567, WSF__NUMBER_POINT},
      {"1,50,000.25", &point, 150000.25, WSF__NUMBER_POINT},
      {"134.6 p", &flags, 134.6, WSF__NUMBER_POINT | WSF__NUMBER_SUFFIX},
      {"134.6(e)", &flags, 134.6, WSF__NUMBER_POINT | WSF__NUMBER_SUFFIX},
      {"-5bp", &flags, -5, WSF__NUMBER_SUFFIX},
      {"1e3", &flags, 1000, 0},
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
    double x = 0;
    uint32_t seen = 0;
    if (!wsf__number_read(good[i].text, strlen(good[i].text), *good[i].style, &x, &seen))
      fail_msg("%s was not read", good[i].text);
    if (x != good[i].value || seen != good[i].seen)
      fail_msg("%s was read as %g, and told %u", good[i].text, x, (unsigned)seen);
  }
  const struct {
    const char *text;
    const wsf__number_style *style;
  } bad[] = {{"1,5", &point},
             {"1.5", &comma},
             {"1,234,56", &point},
             {"1,50,00", &point},
             {"0,183", &point},
             {"1.234.5", &point},
             {"1 23", &point},
             {"2024-01-05", &point},
             {"--5", &point},
             {"$", &point},
             {"%", &point},
             {"5%%", &point},
             {"1'23", &point},
             {"", &point},
             {"1,234", &none},
             {"1'234", &only_blank},
             {"1,234 567", &point},
             {"e5", &point},
             {"x", &point},
             {"1,2,3", &comma},
             {".", &point},
             {",", &comma},
             {"()", &point},
             {"123,45,678", &point},
             {"1,50,000,000", &point},
             {"1,500,00,000", &point},
             {"5 p", &point},
             {"p", &flags},
             {" (e)", &flags},
             {"5 pp", &flags}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    double x;
    uint32_t seen = 0;
    if (wsf__number_read(bad[i].text, strlen(bad[i].text), *bad[i].style, &x, &seen))
      fail_msg("%s was read as %g", bad[i].text, x);
  }
}

static void a_file_settles_its_marks(void **state) {
  (void)state;
  const wsf__number_style none = {0}, dots = {.thousands = '.'};
  assert_int_equal(wsf__number_settle(none, ',', 0).decimal, '.');
  assert_int_equal(wsf__number_settle(none, ';', WSF__NUMBER_COMMA).decimal, ',');
  assert_int_equal(wsf__number_settle(none, ',', WSF__NUMBER_COMMA | WSF__NUMBER_POINT_3).decimal,
                   ',');
  assert_int_equal(wsf__number_settle(none, ';', WSF__NUMBER_POINT | WSF__NUMBER_COMMA).decimal,
                   '.');
  assert_int_equal(wsf__number_settle(none, ',', WSF__NUMBER_COMMA_3).decimal, '.');
  assert_int_equal(wsf__number_settle(none, ';', WSF__NUMBER_COMMA_3).decimal, ',');
  assert_int_equal(wsf__number_settle(none, ',', WSF__NUMBER_COMMA_3 | WSF__NUMBER_LONG).decimal,
                   ',');
  assert_int_equal(wsf__number_settle(dots, ',', 0).decimal, ',');
}

static void currencies_are_told_apart(void **state) {
  (void)state;
  const char *name[2];
  assert_int_equal(wsf__number_currencies(WSF__NUMBER_POINT, name), 0);
  assert_int_equal(wsf__number_currencies(MONEY(DOLLAR), name), 1);
  assert_string_equal(name[0], "$");
  assert_int_equal(wsf__number_currencies(MONEY(DOLLAR) | MONEY(EURO) | MONEY(KRONA), name), 3);
  assert_string_equal(name[1], "\xe2\x82\xac");
}

int test_csv_number(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_style_is_read),
      cmocka_unit_test(currencies_are_told_apart),
      cmocka_unit_test(a_file_settles_its_marks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
