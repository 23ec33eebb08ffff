/* Numbers as people write them: decimal commas, thousands, currencies, percent. */
#ifndef WSF_INGEST_CSV_NUMBER_H
#define WSF_INGEST_CSV_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WSF__NO_THOUSANDS = 'n' };
typedef struct wsf__number_style {
  char decimal;   /* '.' or ','; 0: by what the file holds */
  char thousands; /* '.' ',' ' ' '\''; WSF__NO_THOUSANDS; 0: the other mark, blanks, apostrophes */
  int n_suffixes;
  const char *const *suffix; /* what may stand behind a number and is left off: p, (e), kg */
} wsf__number_style;

/* What texts showed, whatever the style; bits add up over a column. */
enum {
  WSF__NUMBER_POINT = 1,    /* 1.5: the point is the decimal mark */
  WSF__NUMBER_COMMA = 2,    /* 1,5 */
  WSF__NUMBER_POINT_3 = 4,  /* 1.183: either */
  WSF__NUMBER_COMMA_3 = 8,  /* 1,183 */
  WSF__NUMBER_LONG = 16,    /* 1183: thousands without a mark */
  WSF__NUMBER_PERCENT = 32, /* 12 % */
  WSF__NUMBER_MONEY = 64,   /* $12 */
  WSF__NUMBER_NONE = 128,   /* no number in any style */
  WSF__NUMBER_CURRENCY = 8, /* from this bit on: which currencies */
  WSF__NUMBER_SUFFIX = 1 << 30
};
/* How many currencies that were; what the first two are called. */
int wsf__number_currencies(uint32_t seen, const char *name[2]);

/* Whether the text is a number under the style, which has a decimal mark. */
bool wsf__number_read(const char *text, size_t length, wsf__number_style style, double *out,
                      uint32_t *seen);
/* The style of a file from what was given and what its number columns showed, all together. */
wsf__number_style wsf__number_settle(wsf__number_style given, char delimiter, uint32_t seen);

#endif
