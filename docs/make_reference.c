/* Prints docs/reference.md from the catalogue: every name, every option, as the library has them.
 */
#include <stdio.h>
#include <string.h>
#include <wsf/wsf.h>

static const char *cell(const wsf_table *t, const char *column, int64_t row) {
  static char text[4][2048];
  static int turn;
  char *out = text[turn = (turn + 1) % 4];
  if (wsf_table_format(t, wsf_table_find(t, column), row, out, sizeof text[0]) < 0) out[0] = '\0';
  /* a bar would end the cell of a Markdown table */
  for (char *p = out; *p; ++p) {
    if (*p == '|') *p = '/';
  }
  return out;
}

/* A sentence with exactly one full stop. */
static void print_sentence(const char *before, const char *text) {
  const size_t n = strlen(text);
  if (n) printf("%s%s%s", before, text, text[n - 1] == '.' ? "" : ".");
}

static void print_flag(const wsf_table *t, const char *column, int64_t row, const char *yes,
                       const char *no) {
  const char *text = wsf_table_text(t, wsf_table_find(t, column), row, NULL);
  if (text) printf("%s", strcmp(text, "yes") == 0 ? yes : no);
}

static int print_options(wsf_context *ctx, const char *name, wsf_error *err) {
  wsf_table *t = NULL;
  if (wsf_catalog(&t, ctx, name, err) != WSF_OK) return 1;
  if (wsf_table_rows(t) > 0)
    printf("\n| option | type | default | bounds | meaning |\n|---|---|---|---|---|\n");
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    const char *preset = cell(t, "default", row);
    printf("| `%s` | %s | ", cell(t, "option", row), cell(t, "type", row));
    if (*preset)
      printf("`%s` | ", preset);
    else
      printf("| ");
    const char *words = cell(t, "words", row);
    if (*words) printf("%s ", words);
    if (!wsf_table_is_null(t, wsf_table_find(t, "least"), row)) {
      printf("%s to %s", cell(t, "least", row), cell(t, "most", row));
    }
    printf(" | %s |\n", cell(t, "meaning", row));
  }
  wsf_table_release(t);
  return 0;
}

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_table *names = NULL;
  if (wsf_context_create(&ctx, NULL, NULL, NULL, &err) != WSF_OK ||
      wsf_catalog(&names, ctx, NULL, &err) != WSF_OK) {
    return fprintf(stderr, "%s\n", err.message), 1;
  }
  printf(
      "# The expression language\n\n"
      "This page is printed by docs/make_reference.c from the tables in the source; a test "
      "compares the "
      "two.\n\n```\n"
      "expression := call { \"|\" call }              a | f(x=1)  means  f(a, x=1)\n"
      "call       := name [ \"(\" [ arg { \",\" arg } ] \")\" ]\n"
      "arg        := [ key \"=\" ] value\n"
      "value      := number | range 1:4 | word | \"text\" | [ value, ... ] | expression\n```\n\n"
      "`key=value` goes to that option; a value without a key goes to the first free option of its "
      "kind, so\n`stl(52, ets)`, `stl(ets, 52)` and `ets | stl(52)` are one thing. An empty "
      "default "
      "means the option\nmust be given or is absent.\n");
  int failed = 0;
  static const char *const families[][2] = {{"data", "Data"},
                                            {"feature", "Features"},
                                            {"model", "Models"},
                                            {"view", "Views of a forecaster"},
                                            {"options", "Options of calls"}};
  for (size_t k = 0; k < sizeof families / sizeof *families; ++k) {
    printf("\n## %s\n", families[k][1]);
    if (strcmp(families[k][0], "options") == 0)
      printf("\nWhat stands between the brackets is the options text of the call: "
             "`wsf_predict(.., \"horizon=39, levels=[80,95]\", ..)`.\n`rows` is that of "
             "`wsf_builder_create` and `wsf_dataset_from_arrow`, `context` that of "
             "`wsf_context_create`.\nThe flags of the `wsf` command are made from these tables.\n");
    for (int64_t row = 0; row < wsf_table_rows(names); ++row) {
      if (strcmp(cell(names, "family", row), families[k][0]) != 0) continue;
      char name[64];
      (void)wsf_table_format(names, wsf_table_find(names, "name"), row, name, sizeof name);
      printf("\n### %s\n\n", name);
      print_sentence("", cell(names, "summary", row));
      print_sentence(" Source: ", cell(names, "source", row));
      print_flag(names, "update", row, " Can be updated.", " Cannot be updated.");
      print_flag(names, "pools", row, " Can pool series.", "");
      printf(" Since %s.\n\n    %s\n", cell(names, "since", row),
             wsf_table_text(names, wsf_table_find(names, "example"), row, NULL));
      failed |= print_options(ctx, name, &err);
    }
  }
  wsf_table_release(names);
  wsf_context_release(ctx);
  return failed;
}
