/* How a CSV file is written, as options say it. */
#include "ingest/csv_text.h"
#include "ingest/load.h"

static wsf_status refuse(const wsf__node *node, const char *option, wsf_error *err) {
  wsf__error_at_field(err, option);
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

static wsf_status delimiter_of(char *out, const wsf__node *node, wsf_error *err) {
  static const struct {
    const char *name;
    char byte;
  } names[] = {{"auto", 0}, {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'}};
  const char *given = wsf__arg_text(node, "delimiter");
  *out = 0;
  if (!given) return WSF_OK;
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
    if (strcmp(names[i].name, given) != 0) continue;
    *out = names[i].byte;
    return WSF_OK;
  }
  if (given[0] && !given[1] && strchr("\t,;|:~^!#$&*/@_ ", given[0])) {
    *out = given[0];
    return WSF_OK;
  }
  (void)wsf__fail(err, WSF_E_VALUE,
                  "delimiter is \"%s\"; auto, comma, semicolon, tab or bar was expected", given);
  return refuse(node, "delimiter", err);
}

static wsf_status encoding_of(int32_t *out, const wsf__node *node, wsf_error *err) {
  const char *word = wsf__arg_text(node, "encoding");
  if (wsf__encoding_parse(word, out)) return WSF_OK;
  (void)wsf__fail(
      err, WSF_E_VALUE,
      "encoding is \"%.40s\"; auto, utf8, latin1, cp1252, utf16, utf16le or utf16be was "
      "expected",
      word);
  return refuse(node, "encoding", err);
}

static char mark_of(const wsf__node *node, const char *option) {
  static const struct {
    const char *name;
    char mark;
  } marks[] = {{"point", '.'},
               {"comma", ','},
               {"space", ' '},
               {"apostrophe", '\''},
               {"none", WSF__NO_THOUSANDS}};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; ++i) {
    if (wsf__arg_is(node, option, marks[i].name)) return marks[i].mark;
  }
  return 0;
}

static wsf_status numbers_of(wsf__number_style *out, const wsf__node *node, wsf_error *err) {
  const wsf__names suffixes = wsf__names_of(node, "suffixes");
  *out = (wsf__number_style){.decimal = mark_of(node, "decimal"),
                             .thousands = mark_of(node, "thousands"),
                             .n_suffixes = suffixes.n,
                             .suffix = suffixes.name};
  if (!out->decimal || out->decimal != out->thousands) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "decimal and thousands are the same mark");
  return refuse(node, "thousands", err);
}

static wsf_status times_of(wsf__time_style *out, const wsf__node *node, wsf_error *err) {
  *out = (wsf__time_style){.format = wsf__arg_text(node, "dateformat")};
  if (wsf__arg_is(node, "dayfirst", "true")) out->order = WSF__DAY_FIRST;
  if (wsf__arg_is(node, "dayfirst", "false")) out->order = WSF__MONTH_FIRST;
  if (!out->format || wsf__time_format_check(out->format, err) == WSF_OK) return WSF_OK;
  return refuse(node, "dateformat", err);
}

wsf_status wsf__load_format(wsf__csv_format *out, const wsf__node *node, wsf_error *err) {
  const wsf__names na = wsf__names_of(node, "na");
  const char *comment = wsf__arg_text(node, "comment");
  *out = (wsf__csv_format){.skip = wsf__arg_int(node, "skip"),
                           .header = WSF__HEADER_AUTO,
                           .timezone = wsf__arg_text(node, "timezone")};
  if (na.given) {
    static const char *const nothing[] = {""};
    out->na = na.n ? na.name : nothing;
    out->n_na = na.n;
  }
  static const char *const quotes[] = {[WSF__QUOTE_DOUBLE] = "double",
                                       [WSF__QUOTE_SINGLE] = "single",
                                       [WSF__QUOTE_BACKSLASH] = "backslash",
                                       [WSF__QUOTE_LINE] = "line"};
  for (int i = WSF__QUOTE_SINGLE; i <= WSF__QUOTE_LINE; ++i) {
    if (wsf__arg_is(node, "quote", quotes[i])) out->quote = (wsf__quote)i;
  }
  if (wsf__arg_is(node, "header", "true")) out->header = WSF__HEADER;
  if (wsf__arg_is(node, "header", "two")) out->header = WSF__HEADER_TWO;
  if (wsf__arg_is(node, "header", "false")) out->header = WSF__HEADER_NONE;
  WSF__TRY(encoding_of(&out->encoding, node, err));
  WSF__TRY(delimiter_of(&out->delimiter, node, err));
  WSF__TRY(numbers_of(&out->number, node, err));
  WSF__TRY(times_of(&out->time, node, err));
  if (!comment) return WSF_OK;
  out->comment = comment[0];
  if (comment[0] && !comment[1] && (unsigned char)comment[0] > 32 && comment[0] != '"')
    return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "comment is \"%s\"; one character, as #, was expected",
                  comment);
  return refuse(node, "comment", err);
}
