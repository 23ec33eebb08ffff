/* wsf_analyze on odd series: a step, weeks that repeat exactly, values as large as doubles are. */
#include "api_support.h"

enum { ROOM = 1 << 14 };

static wsf_table *analysed(const char *bytes, const char *freq, const char *options) {
  wsf_context *ctx = new_context("threads=1");
  char text[160];
  wsf_dataset *ds = NULL;
  wsf_table *t = NULL;
  CALL(wsf_context_add_bytes(ctx, "rows", bytes, strlen(bytes), NULL, NULL, &err));
  (void)snprintf(text, sizeof text, "csv(\"rows\", time=day, target=y, freq=%s)", freq);
  CALL(wsf_dataset_open(&ds, ctx, text, &err));
  CALL(wsf_analyze(&t, ds, options, &err));
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return t;
}

/* The season is not taken from the step, which would come with changes every half year. */
static void a_step_is_one_change(void **state) {
  (void)state;
  for (int noise = 0; noise < 3; ++noise) {
    char text[ROOM];
    uint32_t seed = 7;
    size_t used = (size_t)snprintf(text, sizeof text, "day,y\n");
    for (int t = 0; t < 48; ++t) {
      seed = seed * 1664525u + 1013904223u;
      const double off = 2 * noise * (double)(seed >> 8) / 16777216.0;
      used += (size_t)snprintf(text + used, sizeof text - used, "%d-%02d-01,%.4f\n", 2015 + t / 12,
                               t % 12 + 1, (t < 24 ? 20 : 80) + off);
    }
    wsf_table *t = analysed(text, "month", "what=changes");
    assert_int_equal(wsf_table_rows(t), 1);
    char when[32];
    wsf_table_format(t, 0, 0, when, sizeof when);
    assert_string_equal(when, "2017-01-01");
    wsf_table_release(t);
  }
}

static void a_week_that_repeats_has_no_outlier(void **state) {
  (void)state;
  static const int week[] = {2, 3, 1, 1, 1, 100, 5};
  char text[ROOM];
  for (int odd = 0; odd < 2; ++odd) {
    size_t used = (size_t)snprintf(text, sizeof text, "day,y\n");
    for (int t = 0; t < 59; ++t) {
      const int y = odd && t == 40 ? 10 * week[t % 7] : week[t % 7];
      used += (size_t)snprintf(text + used, sizeof text - used, "2020-%02d-%02d,%d\n",
                               t < 31 ? 1 : 2, t < 31 ? t + 1 : t - 30, y);
    }
    wsf_table *t = analysed(text, "day", "what=outliers");
    assert_int_equal(wsf_table_rows(t), odd);
    wsf_table_release(t);
  }
}

/* In a unit of a power of two the same bits, also where squares are no doubles any more. */
static void large_values_are_numbers(void **state) {
  (void)state;
  wsf_table *t[2];
  for (int large = 0; large < 2; ++large) {
    char text[ROOM];
    size_t used = (size_t)snprintf(text, sizeof text, "day,y\n");
    for (int k = 0; k < 48; ++k) {
      const double y = 1 + ((unsigned)(k * 104729) * 2654435761u >> 20) / 4096.0;
      used += (size_t)snprintf(text + used, sizeof text - used, "%d-%02d-01,%.17g\n", 2015 + k / 12,
                               k % 12 + 1, large ? ldexp(y, 1000) : y);
    }
    t[large] = analysed(text, "month", "what=summary");
  }
  static const char *const same[] = {"cv",   "cv2",     "trend_strength", "season_strength",
                                     "acf1", "interval"};
  for (size_t i = 0; i < sizeof same / sizeof *same; ++i) {
    const double small = numbers(t[0], same[i])[0], large = numbers(t[1], same[i])[0];
    assert_true(isfinite(small));
    assert_memory_equal(&small, &large, sizeof small);
  }
  const double mean = ldexp(numbers(t[0], "mean")[0], 1000);
  assert_true(numbers(t[1], "mean")[0] == mean);
  wsf_table_release(t[0]);
  wsf_table_release(t[1]);
}

int test_api_analyze(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_step_is_one_change),
      cmocka_unit_test(a_week_that_repeats_has_no_outlier),
      cmocka_unit_test(large_values_are_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
