/* fiscal: weeks and months of the NRF's year, whose calendars the NRF publishes. */
#include "recipes.h"

static void test_nrf(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, "fiscal([week,month,quarter,year,weeks])");
  static const struct {
    int64_t year;
    int month, day;
    float part[5];
  } known[] = {
      {2023, 1, 28, {52, 12, 4, 2022, 52}},  {2023, 1, 29, {1, 1, 1, 2023, 53}},
      {2023, 2, 25, {4, 1, 1, 2023, 53}},    {2023, 2, 26, {5, 2, 1, 2023, 53}},
      {2023, 11, 24, {43, 10, 4, 2023, 53}}, {2024, 2, 3, {53, 12, 4, 2023, 53}},
      {2024, 2, 4, {1, 1, 1, 2024, 52}},     {2021, 12, 25, {47, 11, 4, 2021, 52}},
  };
  const int64_t start = wsf__days_from_civil(2019, 12, 25);
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    const int64_t t = wsf__days_from_civil(known[i].year, known[i].month, known[i].day) - start;
    const wsf__feature_view v = view_of(&r, p, 0, &arena);
    float x[5];
    assert_int_equal(wsf__recipe_fill(&r, &v, t, 1, x, 1), WSF_OK);
    for (int c = 0; c < 5; ++c) {
      if (x[c] != known[i].part[c]) {
        fail_msg("%d-%d-%d, %s: %g, NRF %g", (int)known[i].year, known[i].month, known[i].day,
                 r.column[c].name, (double)x[c], (double)known[i].part[c]);
      }
    }
  }
  assert_string_equal(r.column[0].name, "fiscal_week");
  assert_int_equal(
      recipe_of(&arena, p, "fiscal(week, fiscal=\"445 last saturday september\")").width, 1);
  refused(p, "fiscal(week, fiscal=\"446\")", WSF_E_VALUE, 0, "'446' is no fiscal year");
  wsf__panel_release(p);
  p = shops(&env, WSF__INTEGER, 0);
  refused(p, "fiscal", WSF_E_VALUE, 0, "column 'date' holds whole numbers");
  close_env(&env, &arena, p);
}

int test_fiscal_feature(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_nrf)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
