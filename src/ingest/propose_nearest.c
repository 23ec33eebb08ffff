/* Why nothing of an unknown file can be forecast: the column that comes nearest, what keeps it from
 * being numbers, and what would read it. */
#include "ingest/csv_scan.h"
#include "ingest/propose.h"

#include <string.h>

static void at_column(const wsf__proposal *p, int k, wsf_error *err) {
  wsf__error_at_field(err, p->csv.column[k].name);
  wsf__error_at_file(err, p->csv.file);
}

/* The first word of a column that is no number, by its row; -1: each is one. *numbers: words that
 * are; *digits: others with a digit. */
static int64_t first_word(const wsf__csv *csv, const wsf__csv_column *c, int64_t *numbers,
                          int64_t *digits) {
  int64_t row = -1;
  *numbers = *digits = 0;
  for (int64_t i = 0; i < csv->rows; ++i) {
    if (c->code[i] < 0) continue;
    const wsf__dict_entry *e = &c->words.entry[c->code[i]];
    const bool number = wsf__scan_kind(csv, e->text, (size_t)e->length) == WSF__CSV_NUMBER;
    *numbers += number;
    *digits += !number && strpbrk(e->text, "0123456789") != NULL;
    if (!number && row < 0) row = i;
  }
  return row;
}

/* Of words: that with most numbers, else that with most digits, called like a target or not like
 * anything else. *row: of its first word that is none; *numbers: rows with one. */
static int find_nearest(const wsf__proposal *p, int64_t *row, int64_t *numbers) {
  const wsf__csv *csv = &p->csv;
  double most = 0;
  int best = -1;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    int64_t n, digits;
    if (!c->code || p->column[k].part == WSF__PART_TIME) continue;
    const int64_t first = first_word(csv, c, &n, &digits);
    const bool named = wsf__propose_called(c->name, WSF__CALLED_TARGET);
    const bool other = wsf__propose_called(c->name, WSF__CALLED_TIME) ||
                       wsf__propose_called(c->name, WSF__CALLED_KEY);
    const double score = (double)n + (double)digits * (named ? 0.5 : other ? 0 : 0.25);
    if (first < 0 || score <= most) continue;
    most = score;
    best = k;
    *row = first;
    *numbers = n;
  }
  return best;
}

void wsf__propose_nearest(const wsf__proposal *p, wsf_error *err) {
  const wsf__csv *csv = &p->csv;
  int64_t row = 0, numbers = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (p->column[k].part != WSF__PART_PAST || !c->number || c->flag) continue;
    (void)wsf__fail(err, WSF_E_DATA,
                    "no column is left to forecast; this one counts days, rows or orders (a column "
                    "of ones, added up, counts rows)");
    at_column(p, k, err);
    return;
  }
  if (csv->n_columns == 1 && csv->column[0].code) {
    (void)wsf__fail(err, WSF_E_DATA,
                    "no comma, semicolon, tab or bar cuts the lines, so this is the only column, "
                    "and it holds no numbers (delimiter= names another mark; columns of a fixed "
                    "width are not read)");
    at_column(p, 0, err);
    return;
  }
  const int best = find_nearest(p, &row, &numbers);
  if (best < 0) {
    (void)wsf__fail(err, WSF_E_DATA,
                    "no column holds numbers, so there is nothing to forecast (a file of the "
                    "periods ahead is for predict --data)");
    wsf__error_at_file(err, csv->file);
    return;
  }
  const wsf__csv_column *c = &csv->column[best];
  const wsf__dict_entry *e = &c->words.entry[c->code[row]];
  const char *behind = wsf__propose_suffix(csv, e->text, (size_t)e->length);
  if (numbers == 0 && behind) {
    (void)wsf__fail(err, WSF_E_DATA,
                    "no column holds numbers, so there is nothing to forecast; this one comes "
                    "nearest, but \"%.40s\" is none (suffixes=[\"%.16s\"] leaves off what stands "
                    "behind it, if the number is the same without)",
                    e->text, behind);
  } else {
    (void)wsf__fail(
        err, WSF_E_DATA,
        "no column holds numbers, so there is nothing to forecast; of this one %lld of "
        "%lld are, and \"%.40s\" is none (%s, na= says what stands for a missing value)",
        (long long)numbers, (long long)csv->rows, e->text,
        numbers ? "number= makes it one" : "plain numbers are, such as 1234.5");
  }
  const char *file = csv->file;
  wsf__error_at_row(err, wsf__line_of(csv->part, csv->n_parts, csv->line[row], &file));
  at_column(p, best, err);
  wsf__error_at_file(err, file);
}
