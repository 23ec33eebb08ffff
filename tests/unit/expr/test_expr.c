/* The grammar: what every form parses to, its canonical text, and what is said about wrong ones. */
#include "support.h"

#include "toy_catalog.h"

static char printed[1 << 20];

/* Canonical text of an expression, or a failed test. */
static const char *canon(const char *family, const char *text) {
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__node *node = NULL;
  wsf_error err;
  wsf__error_clear(&err);
  const wsf_status status =
      wsf__expr_parse(&node, &arena, toy_catalog(), family, text, strlen(text), &err);
  if (status != WSF_OK) fail_msg("%s: %s (byte %d)", text, err.message, (int)err.byte);
  wsf__text out;
  wsf__text_init(&out, &wsf__alloc_libc, sizeof printed);
  wsf__expr_print(&out, node);
  assert_false(out.failed);
  memcpy(printed, out.data, out.length + 1);
  wsf__text_free(&out);
  wsf__arena_free(&arena);
  return printed;
}

#define SAME(text, expected) assert_string_equal(canon("model", text), expected)

/* The status and byte of a wrong expression, and a part of its message. */
static void wrong(const char *family, const char *text, wsf_status status, int byte,
                  const char *part) {
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__node *node = NULL;
  wsf_error err;
  wsf__error_clear(&err);
  const wsf_status got =
      wsf__expr_parse(&node, &arena, toy_catalog(), family, text, strlen(text), &err);
  if (got != status || err.byte != byte || !strstr(err.message, part)) {
    fail_msg("%s: status %d, byte %d, \"%s\"", text, (int)got, (int)err.byte, err.message);
  }
  assert_null(node);
  assert_int_equal(err.status, status);
  assert_int_equal(wsf__expr_parse(&node, &arena, toy_catalog(), family, text, strlen(text), NULL),
                   status);
  wsf__arena_free(&arena);
}

static void test_calls(void **state) {
  (void)state;
  SAME("ets", "ets");
  SAME(" ets ( ) ", "ets");
  SAME("arima(max_p=3, season=52)", "arima(max_p=3,season=52)");
  SAME("arima(season=52, max_p=3)", "arima(max_p=3,season=52)");
  SAME("arima(3, 52)", "arima(max_p=3,season=52)");
  SAME("arima(3, none, bic)", "arima(max_p=3,season=none,ic=bic)");
  SAME("arima(5, auto, true, aicc, 1e-8)", "arima");
  SAME("arima(drift=0)", "arima(drift=false)");
  SAME("arima(no)", "arima(drift=false)");
  SAME("arima(0.5)", "arima(tol=0.5)");
  SAME("arima([0.1, -0.2, 3])", "arima(start=[0.1,-0.2,3])");
  SAME("arima(start=-0)", "arima(start=0)");
  SAME("arima(\"a \\\"b\\\" \\\\ c\")", "arima(label=\"a \\\"b\\\" \\\\ c\")");
  SAME("arima(label=\"x.y\")", "arima(label=x.y)");
  SAME("mean(ets, theta, arima)", "mean(ets,theta,arima)");
  SAME("mean(by=mase, [ets, theta])", "mean(ets,theta,by=mase)");
  SAME("mean(models=[ets, theta(), arima(2)])", "mean(ets,theta,arima(max_p=2))");
  SAME("mean(ets, by=\"mase\")", "mean(ets,by=mase)");
  SAME("mean(mase, ets)", "mean(ets,by=mase)");
  SAME("gbdt(trees=500, features=[lags([1:4,52]), calendar])",
       "gbdt(lags(lags=[1:4,52]),calendar,trees=500)");
  SAME("gbdt(features=lags(1), quantiles=[0.1, 0.9])", "gbdt");
  SAME("gbdt(lags([1,2,4,5,6,3]))", "gbdt(lags(lags=[1,2,4:6,3]))");
  SAME("gbdt(lags(1:2))", "gbdt(lags(lags=[1,2]))");
  SAME("regress(x=[price,\"a b\",calendar(week),lags(1)])",
       "regress(x=[price,\"a b\",calendar(parts=week),lags(lags=1)])");
  SAME("regress([price, lags(2)], 7)", "regress(season=7,x=[price,lags(lags=2)])");
  SAME("regress(calendar(), 7)", "regress(season=7,x=calendar())");
  SAME("regress(x=[\"calendar\",calendar,calendar()])",
       "regress(x=[calendar,calendar,calendar()])");
  SAME("mean(regress(price), ets)", "mean(regress(x=price),ets)");
}

static void test_position(void **state) {
  (void)state;
  SAME("stl(52, ets)", "stl(ets,season=52)");
  SAME("stl(ets, 52)", "stl(ets,season=52)");
  SAME("stl([7,365], ets, true)", "stl(ets,season=[7,365],robust=true)");
  SAME("stl(inner=ets | stl(7), season=52)", "stl(stl(ets,season=7),season=52)");
  SAME("holiday_shift(2.5)", "holiday_shift(days=2.5)");
  SAME("holiday_shift(2.5, ets)", "holiday_shift(days=2.5)");
  SAME("holiday_shift(2.5, theta)", "holiday_shift(theta,days=2.5)");
  /* A name that an earlier text option would take prints with its parentheses. */
  SAME("named(first=ets)", "named(ets())");
  SAME("named(ets)", "named(label=ets)");
  SAME("named(a, b, ets)", "named(ets,label=a,columns=b)");
  SAME("named(a, [b, \"c d\"])", "named(label=a,columns=[b,\"c d\"])");
  SAME("named(second=ets)", "named(second=ets)");
  SAME("named(ets(), theta(), ets(), arima(1))", "named(ets(),theta(),ets(),arima(max_p=1))");
  SAME("named(rest=[ets])", "named(rest=ets)");
  SAME("named(ets(), rest=[ets, theta])", "named(ets(),rest=[ets,theta])");
  SAME("named(7)", "named(label=\"7\")");
}

static void test_pipes(void **state) {
  (void)state;
  SAME("ets | stl(52)", "stl(ets,season=52)");
  SAME("stl(52) | ets", "stl(ets,season=52)");
  SAME("boxcox(0) | ets", "boxcox(ets,lambda=0)");
  SAME("boxcox(auto) | arima", "boxcox(arima)");
  SAME("boxcox(0) | stl(52) | ets", "boxcox(stl(ets,season=52),lambda=0)");
  SAME("boxcox(0) | ets | stl(52)", "stl(boxcox(ets,lambda=0),season=52)");
  SAME("stl(52, ets) | holiday_shift(2.5)", "holiday_shift(stl(ets,season=52),days=2.5)");
  SAME("holiday_shift(1) | theta", "holiday_shift(theta,days=1)");
  SAME("ets | mean(theta)", "mean(ets,theta)");
  SAME("mean | theta", "mean(theta)");
  SAME("mean(ets | stl(7), boxcox(1) | theta)", "mean(stl(ets,season=7),boxcox(theta,lambda=1))");
  assert_string_equal(canon("data", "csv(\"a.csv\", [Store,Dept]) | join(\"f.csv\", on=Store)"),
                      "join(csv(path=a.csv,keys=[Store,Dept]),path=f.csv,on=Store)");
  assert_string_equal(canon("data", "csv(x) | until(\"2012-02-03\")"),
                      "until(csv(path=x),time=\"2012-02-03\")");
  assert_string_equal(canon("data", "csv(x) | until(143)"), "until(csv(path=x),time=\"143\")");
}

static void test_values(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const char *text = "  mean(arima(3, none, label=\"x\", start=1:3), gbdt(lags(7)), by=mase)";
  const wsf__node *m = NULL;
  wsf_error err;
  assert_int_equal(wsf__expr_parse(&m, &arena, toy_catalog(), "model", text, strlen(text), &err),
                   WSF_OK);
  assert_int_equal(m->byte, 2);
  assert_int_equal(m->n_inner, 2);
  assert_true(wsf__arg_is(m, "by", "mase"));
  assert_false(wsf__arg_is(m, "by", "equal"));
  const wsf__node *a = m->inner[0];
  assert_string_equal(a->spec->name, "arima");
  assert_int_equal(a->byte, 7);
  assert_int_equal(wsf__arg_int(a, "max_p"), 3);
  assert_true(wsf__arg(a, "max_p")->given);
  assert_string_equal(wsf__arg_text(a, "season"), "none");
  assert_true(wsf__arg_flag(a, "drift"));
  assert_false(wsf__arg(a, "drift")->given);
  assert_true(wsf__arg_number(a, "tol") == 1e-8);
  assert_null(wsf__arg_text(a, "tol"));
  const wsf__value *start = wsf__arg(a, "start");
  assert_int_equal(start->form, WSF__NUMBERS);
  assert_int_equal(start->n, 3);
  for (int i = 0; i < 3; ++i) assert_true(start->numbers[i] == i + 1);
  const wsf__node *g = m->inner[1];
  assert_int_equal(g->n_inner, 0); /* a feature is no inner model */
  assert_int_equal(wsf__arg(g, "quantiles")->n, 2);
  const wsf__node *lags = wsf__arg(g, "features")->inner[0];
  assert_string_equal(lags->spec->name, "lags");
  assert_int_equal(wsf__arg(lags, "lags")->numbers[0], 7);
  wsf__arena_free(&arena);
}

/* A call with calls of two families: its own are inner calls, in the order of the options. */
static void test_two_families(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const char *text = "both(spare=theta, lags(1), ets, calendar)";
  const wsf__node *m = NULL;
  wsf_error err;
  assert_int_equal(wsf__expr_parse(&m, &arena, toy_catalog(), "model", text, strlen(text), &err),
                   WSF_OK);
  assert_int_equal(m->n_inner, 2);
  assert_string_equal(m->inner[0]->spec->name, "ets");
  assert_string_equal(m->inner[1]->spec->name, "theta");
  const wsf__value *features = wsf__arg(m, "features");
  assert_int_equal(features->n, 2);
  assert_string_equal(features->inner[1]->spec->name, "calendar");
  for (int i = 0; i < 2; ++i) {
    assert_ptr_equal(m->inner[i]->outer, m);
    assert_ptr_equal(features->inner[i]->outer, m);
  }
  wsf__arena_free(&arena);
  SAME("both(spare=theta, lags(1), ets, calendar)", "both(ets,lags(lags=1),calendar,spare=theta)");
  SAME("both(lags(1))", "both(features=lags(lags=1))");
  SAME("ets | both(lags(1))", "both(ets,lags(lags=1))");
  SAME("both(lags(1)) | ets", "both(ets,lags(lags=1))");
  SAME("gbdt(calendar) | stl(52)", "stl(gbdt(calendar),season=52)");
  wrong("model", "gbdt | ets", WSF_E_VALUE, 7, "ets cannot follow '|': it takes no model");
  wrong("model", "ets | gbdt", WSF_E_VALUE, 6, "gbdt cannot follow '|': it takes no model");
  wrong("model", "both | ets", WSF_E_VALUE, 0, "both needs features: one or more features");
}

/* A list out of a choice: positional words gather, wrong ones get the nearest. */
static void test_words(void **state) {
  (void)state;
  static const char *const same[] = {"calendar(week, month)", "calendar([week, month])",
                                     "calendar(parts=[week, month])", "calendar(week, \"month\")",
                                     "calendar(week, 0, month)"};
  for (size_t i = 0; i < sizeof same / sizeof *same; ++i) {
    assert_string_equal(canon("feature", same[i]), "calendar(parts=[week,month])");
  }
  assert_string_equal(canon("feature", "calendar(month, 3)"), "calendar(parts=month,shift=3)");
  assert_string_equal(canon("feature", "calendar"), "calendar");
  wrong("feature", "calendar(week, mnth)", WSF_E_VALUE, 15,
        "parts is 'mnth'; expected one or more of week|month|year; did you mean 'month'?");
  wrong("feature", "calendar([week, hour])", WSF_E_VALUE, 16, "parts is 'hour'");
  wrong("feature", "calendar(parts=[week, 3])", WSF_E_VALUE, 22, "parts is 3");
  wrong("feature", "calendar(parts=week, month)", WSF_E_VALUE, 21, "no option left");
}

static void test_arguments(void **state) {
  (void)state;
  static const wsf__option options[] = {
      {"horizon", WSF__INT, NULL, 1, 100000, NULL, "steps"},
      {"levels", WSF__REALS, "", 0, 100, NULL, "percent"},
  };
  static const wsf__spec spec = {"options", "", "predict", "", "", "0.1.0", "", options, 2};
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__node *node = NULL;
  wsf_error err;
  assert_int_equal(wsf__expr_arguments(&node, &arena, toy_catalog(), &spec,
                                       " horizon=39 , levels=[80,95] ", &err),
                   WSF_OK);
  assert_int_equal(wsf__arg_int(node, "horizon"), 39);
  assert_int_equal(wsf__arg(node, "levels")->n, 2);
  assert_int_equal(wsf__expr_arguments(&node, &arena, toy_catalog(), &spec, "12", &err), WSF_OK);
  assert_int_equal(wsf__arg(node, "levels")->form, WSF__ABSENT);
  assert_int_equal(wsf__expr_arguments(&node, &arena, toy_catalog(), &spec, NULL, &err),
                   WSF_E_VALUE);
  assert_null(node);
  assert_string_equal(err.field, "horizon");
  assert_int_equal(err.byte, 0);
  static const struct {
    const char *text;
    wsf_status status;
    int byte;
  } bad[] = {
      {"horizn=3", WSF_E_NAME, 0},
      {"horizon=0", WSF_E_VALUE, 8},
      {"horizon=3,", WSF_E_SYNTAX, 10},
      {"horizon=3)", WSF_E_SYNTAX, 9},
      {",", WSF_E_SYNTAX, 0},
      {"3, levels=[]", WSF_E_SYNTAX, 11},
      {"horizon=3, horizon=4", WSF_E_VALUE, 11},
      {"3, 4, 5", WSF_E_VALUE, 6},
      {"3, levels=[80,101]", WSF_E_VALUE, 14},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
    const wsf_status got =
        wsf__expr_arguments(&node, &arena, toy_catalog(), &spec, bad[i].text, &err);
    if (got != bad[i].status || err.byte != bad[i].byte) {
      fail_msg("%s: status %d byte %d %s", bad[i].text, (int)got, (int)err.byte, err.message);
    }
  }
  wsf__arena_free(&arena);
}

static void test_names_wrong(void **state) {
  (void)state;
  wrong("model", "arima(maxp=3)", WSF_E_NAME, 6,
        "arima has no option 'maxp'; did you mean 'max_p'?");
  wrong("model", "arima(zzz=3)", WSF_E_NAME, 6, "arima has no option 'zzz'; it has max_p, ");
  wrong("model", "etz", WSF_E_NAME, 0, "no model is named 'etz'; did you mean 'ets'?");
  wrong("model", "ARIMA(2)", WSF_E_NAME, 0, "did you mean 'arima'?");
  wrong("model", "mean(ets, arma)", WSF_E_NAME, 10, "did you mean 'arima'?");
  wrong("model", "stl(52, qqqqqq(1))", WSF_E_NAME, 8, "no model is named 'qqqqqq'");
  wrong("model", "ets | stll(52)", WSF_E_NAME, 6, "did you mean 'stl'?");
  wrong("model", "csv(x)", WSF_E_NAME, 0, "'csv' is of family data; expected a model");
  wrong("model", "stl(inner=lags(1))", WSF_E_NAME, 10,
        "'lags' is of family feature; expected a model");
  wrong("model", "regress(x=[price, 3])", WSF_E_VALUE, 18,
        "x is 3; expected a list of column names and features");
  wrong("model", "regress(x=[price, lag(2)])", WSF_E_NAME, 18, "did you mean 'lags'?");
  wrong("model", "gbdt(features=[lags(1), lag(2)])", WSF_E_NAME, 24, "did you mean 'lags'?");
}

static void test_values_wrong(void **state) {
  (void)state;
  wrong("model", "arima(max_p=21)", WSF_E_VALUE, 12,
        "max_p is 21; expected a whole number from 0 to 20");
  wrong("model", "arima(max_p=2.5)", WSF_E_VALUE, 12, "max_p is 2.5");
  wrong("model", "arima(max_p=auto)", WSF_E_VALUE, 12, "max_p is 'auto'");
  wrong("model", "arima(season=aut)", WSF_E_VALUE, 13, "or auto|none; did you mean 'auto'?");
  wrong("model", "arima(season=1:4)", WSF_E_VALUE, 13, "season is a range");
  wrong("model", "arima(season=[4])", WSF_E_VALUE, 13, "season is a list");
  wrong("model", "arima(drift=maybe)", WSF_E_VALUE, 12, "expected true or false");
  wrong("model", "arima(drift=2)", WSF_E_VALUE, 12, "expected true or false");
  wrong("model", "arima(ic=aiccc)", WSF_E_VALUE, 9, "one of aic|aicc|bic; did you mean 'aicc'?");
  wrong("model", "arima(start=[1,x])", WSF_E_VALUE, 15, "start is 'x'; expected numbers");
  wrong("model", "arima(start=[1,11])", WSF_E_VALUE, 15, "from -10 to 10");
  wrong("model", "arima(label=[a])", WSF_E_VALUE, 12, "expected a text");
  wrong("model", "arima(max_p=1, max_p=2)", WSF_E_VALUE, 15, "max_p is given twice");
  wrong("model", "arima(ets())", WSF_E_VALUE, 6, "arima has no option left that takes ets(...)");
  wrong("model", "ets(1)", WSF_E_VALUE, 4, "ets has no option left that takes 1");
  wrong("model", "stl(52)", WSF_E_VALUE, 0, "stl needs inner: a model");
  wrong("model", "mean()", WSF_E_VALUE, 0, "mean needs models");
  wrong("model", "mean(by=mase)", WSF_E_VALUE, 0, "mean needs models");
  wrong("model", "boxcox(0) | stl(52)", WSF_E_VALUE, 12, "stl needs inner");
  wrong("model", "stl(inner=[ets])", WSF_E_VALUE, 10, "inner is a list");
  wrong("model", "stl(inner=3)", WSF_E_VALUE, 10, "inner is 3; expected a model");
  wrong("model", "ets | theta", WSF_E_VALUE, 6, "theta cannot follow '|': it takes no model");
  wrong("model", "ets | stl(52, theta)", WSF_E_VALUE, 14, "stl has no option left");
  wrong("data", "csv(\"x\") | join(\"y\", on=[1])", WSF_E_VALUE, 25, "expected a list of names");
  wrong("data", "csv(\"x\") | join(\"y\", on=[[a]])", WSF_E_VALUE, 25, "expected a list of names");
  wrong("data", "sums(csv(\"x\"))", WSF_E_VALUE, 0, "sums needs levels: a list of lists of names");
  wrong("data", "sums(csv(\"x\"), levels=3)", WSF_E_VALUE, 22,
        "levels is 3; expected a list of lists of names");
  wrong("data", "sums(csv(\"x\"), levels=[[a],[1]])", WSF_E_VALUE, 28, "levels is 1");
  wrong("data", "sums(csv(\"x\"), levels=[[[]]])", WSF_E_VALUE, 24, "levels is a list");
  wrong("model", "arima(start=[[]])", WSF_E_VALUE, 13, "start is a list; expected numbers");
  wrong("model", "stl(inner=[[]])", WSF_E_VALUE, 10, "inner is a list");
}

static void test_syntax_wrong(void **state) {
  (void)state;
  wrong("model", "", WSF_E_SYNTAX, 0, "found the end; expected a name");
  wrong("model", "  ", WSF_E_SYNTAX, 2, "expected a name");
  wrong("model", "3", WSF_E_SYNTAX, 0, "found '3'; expected a name");
  wrong("model", "ets theta", WSF_E_SYNTAX, 4, "found 'theta'; expected '|' or the end");
  wrong("model", "ets(", WSF_E_SYNTAX, 4, "expected a value");
  wrong("model", "arima(3", WSF_E_SYNTAX, 7, "expected ',' or ')'");
  wrong("model", "arima(3,)", WSF_E_SYNTAX, 8, "expected a value");
  wrong("model", "arima(max_p=)", WSF_E_SYNTAX, 12, "expected a value");
  wrong("model", "arima(=3)", WSF_E_SYNTAX, 6, "expected a value");
  wrong("model", "arima(start=[1)", WSF_E_SYNTAX, 14, "expected ',' or ']'");
  wrong("model", "arima(start=[])", WSF_E_SYNTAX, 13, "expected at least one entry");
  wrong("data", "sums(csv(\"x\"), levels=[])", WSF_E_SYNTAX, 23, "expected at least one entry");
  wrong("model", "mean([arima(start=[])])", WSF_E_SYNTAX, 19, "expected at least one entry");
  wrong("model", "arima(start=4:1)", WSF_E_SYNTAX, 12, "the smaller one first");
  wrong("model", "arima(start=1.5:3)", WSF_E_SYNTAX, 12, "whole numbers");
  wrong("model", "arima(start=1:)", WSF_E_SYNTAX, 14, "the last number of the range");
  wrong("model", "arima(label=\"x)", WSF_E_SYNTAX, 12, "closing quote");
  wrong("model", "arima(label=\"a\\n\")", WSF_E_SYNTAX, 14, "backslash");
  wrong("model", "arima(label='x')", WSF_E_SYNTAX, 12, "double quotes");
  wrong("model", "arima(label=2012-02-03)", WSF_E_SYNTAX, 12, "stands in quotes");
  wrong("model", "arima(52weeks)", WSF_E_SYNTAX, 6, "'52weeks' is not a finite number");
  wrong("model", "arima(tol=1e999)", WSF_E_SYNTAX, 10, "finite");
  wrong("model", "arima(label=\xc3\xa9t\xc3\xa9)", WSF_E_SYNTAX, 12, "outside ASCII");
  wrong("model", "arima(label=\"\xff\")", WSF_E_SYNTAX, 13, "0xff");
  wrong("model", "ets ||", WSF_E_SYNTAX, 5, "expected a name");
  wrong("model", "ets\x01", WSF_E_SYNTAX, 3, "control character");
  wrong("model", "arima(start=1:70000)", WSF_E_SYNTAX, 12, "65536 entries");
  SAME("arima(label=\"\xc3\xa9t\xc3\xa9\")", "arima(label=\"\xc3\xa9t\xc3\xa9\")");
}

static void test_limits(void **state) {
  (void)state;
  static char text[WSF__EXPR_BYTES + 64];
  for (int deep = 64; deep <= 65; ++deep) {
    text[0] = '\0';
    for (int i = 1; i < deep; ++i) strcat(text, "mean(");
    strcat(text, "ets");
    for (int i = 1; i < deep; ++i) strcat(text, ")");
    if (deep == 64)
      assert_string_equal(canon("model", text), text);
    else
      wrong("model", text, WSF_E_SYNTAX, 64 * 5, "deeper than 64");
  }
  for (int deep = 64; deep <= 65; ++deep) {
    strcpy(text, "ets");
    for (int i = 1; i < deep; ++i) strcat(text, "|mean");
    if (deep == 64)
      (void)canon("model", text);
    else
      wrong("model", text, WSF_E_SYNTAX, 4 + 63 * 5, "deeper than 64");
  }
  /* A preset's call counts too. */
  text[0] = '\0';
  for (int i = 1; i < 64; ++i) strcat(text, "mean(");
  strcat(text, "holiday_shift(1)");
  for (int i = 1; i < 64; ++i) strcat(text, ")");
  wrong("model", text, WSF_E_SYNTAX, 63 * 5, "deeper than 64");
  memset(text, '[', 5000);
  memcpy(text, "arima(", 6);
  text[5000] = '\0';
  wrong("model", text, WSF_E_SYNTAX, 6 + 129, "deeper than 64");
  memset(text, ' ', sizeof text - 1);
  memcpy(text, "ets", 3);
  text[WSF__EXPR_BYTES] = '\0';
  SAME(text, "ets");
  text[WSF__EXPR_BYTES] = ' ';
  wrong("model", text, WSF_E_SYNTAX, WSF__EXPR_BYTES, "expected at most 65536");
  /* The entries of all lists together are limited, not only those of each. */
  strcpy(text, "mean(");
  for (int i = 0; i < 100; ++i) strcat(text, "gbdt(lags(1:1000)),");
  strcat(text, "ets)");
  wrong("model", text, WSF_E_SYNTAX, 5 + 65 * 19 + 10, "65536 entries");
}

/* Calls may take over the word of another option, in presets and where somebody writes them. */
static void test_words_in_presets(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  static const char *const texts[] = {"list", "list(mase)", "list(by=wape)"};
  static const char *const words[] = {"equal", "mase", "wape"};
  for (int i = 0; i < 3; ++i) {
    const wsf__node *node;
    wsf_error err;
    assert_int_equal(
        wsf__expr_parse(&node, &arena, toy_catalog(), "model", texts[i], strlen(texts[i]), &err),
        WSF_OK);
    assert_int_equal(node->n_inner, 3);
    assert_string_equal(wsf__arg_text(node->inner[1]->inner[0], "by"), words[i]);
  }
  wsf__arena_free(&arena);
  SAME("list(mase)", "list(by=mase)");
  SAME("list(stl(mean(ets, by=equal)), theta)", "list(stl(mean(ets)),theta)");
  SAME("list(mase, mean(ets, by=\"$by\"))", "list(mean(ets,by=mase),by=mase)");
  SAME("list(mase, [ets,stl(mean(ets, by=\"$by\")),theta])", "list(by=mase)");
  wrong("model", "list(mean(ets, by=\"$bye\"))", WSF_E_VALUE, 18, "$bye");
  wrong("model", "list(mean(ets, by=$by))", WSF_E_SYNTAX, 18, "$");
}

static void test_embedded_nul(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__node *node;
  wsf_error err;
  assert_int_equal(wsf__expr_parse(&node, &arena, toy_catalog(), "model", "ets\0x", 5, &err),
                   WSF_E_SYNTAX);
  assert_int_equal(err.byte, 3);
  assert_int_equal(wsf__expr_parse(&node, &arena, toy_catalog(), "model", "", 0, &err),
                   WSF_E_SYNTAX);
  wsf__arena_free(&arena);
}

static void test_nearest(void **state) {
  (void)state;
  const char *names[] = {"ets", "theta", "seasonal_naive"};
  assert_string_equal(wsf__nearest("thata", names, 3), "theta");
  assert_string_equal(wsf__nearest("seasnal_nave", names, 3), "seasonal_naive");
  assert_null(wsf__nearest("gbdt", names, 3));
  assert_null(wsf__nearest("", names, 3));
  char long_word[200];
  memset(long_word, 'a', sizeof long_word);
  long_word[199] = '\0';
  assert_null(wsf__nearest(long_word, names, 3));
}

int test_expr(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_calls),        cmocka_unit_test(test_position),
      cmocka_unit_test(test_pipes),        cmocka_unit_test(test_values),
      cmocka_unit_test(test_arguments),    cmocka_unit_test(test_names_wrong),
      cmocka_unit_test(test_values_wrong), cmocka_unit_test(test_syntax_wrong),
      cmocka_unit_test(test_limits),       cmocka_unit_test(test_words_in_presets),
      cmocka_unit_test(test_embedded_nul), cmocka_unit_test(test_nearest),
      cmocka_unit_test(test_two_families), cmocka_unit_test(test_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
