/* What the files that write a model of the Prophet package share. */
#ifndef WSF_CLI_PROPHET_H
#define WSF_CLI_PROPHET_H

#include "cli.h"

#include <jansson.h>

enum { PROPHET_SEASONS = 3, PROPHET_MOST = 4096, PROPHET_TERMS = 256, PROPHET_NAME = 256 };

/* An entry of x=, or one season of it: a column, or waves. */
typedef struct prophet_term {
  char name[PROPHET_NAME];
  bool wave, share;             /* share: of the trend */
  double period;                /* of waves, in periods of the calendar */
  char condition[PROPHET_NAME]; /* of waves; "": always */
  int first, columns;           /* of its numbers among the betas of x= */
  double prior;
  char standardize[8];
} prophet_term;

typedef struct prophet {
  const wsf_table *calls; /* the view of that name: what it was told */
  double k, m, sigma, scale, lowest, level, start, span;
  int changes, deltas, betas, effects, columns[PROPHET_SEASONS], terms;
  double change[PROPHET_MOST], delta[PROPHET_MOST];
  double beta[PROPHET_MOST], effect[PROPHET_MOST]; /* of the seasons, and of x= */
  double mu[PROPHET_MOST], std[PROPHET_MOST];      /* of x= */
  char effect_name[PROPHET_MOST][PROPHET_NAME];
  prophet_term term[PROPHET_TERMS];
  char cap[PROPHET_NAME], floor[PROPHET_NAME]; /* a number or a column; "": none */
} prophet;

/* The rows that a fit saw. */
typedef struct prophet_history {
  int64_t n;
  int columns;
  char name[PROPHET_TERMS + 2][PROPHET_NAME];
  double *seconds, *y, *value; /* value[n][columns] */
} prophet_history;

/* prophet_terms.c: the row of the calls for an item, from 0, of an option; -1: there is none. What
 * stands there, NULL if that is no text; the word of a call. */
enum { PROPHET_CALL = 1 };
int64_t prophet_option(const prophet *p, int64_t call, const char *option, int item);
const char *prophet_text(const prophet *p, int64_t row);
const char *prophet_word(const prophet *p, int64_t call);
/* Whether an option of the prophet is this word. */
bool prophet_is(const prophet *p, const char *option, const char *word);
/* Say why, and the exit code for it; p->term, cap and floor, from the calls and the names of the
 * effects. */
int prophet_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
int prophet_read_terms(prophet *p);
/* The columns that they need of a history. */
int prophet_name_columns(const prophet *p, prophet_history *h);
/* A bound, as given or of a row. */
double prophet_bound(const char *bound, const prophet_history *h, int64_t row);
/* Seasons and regressors into the package's model. */
void prophet_add_waves(const prophet *p, json_t *names, json_t *all, json_t *parts[2], double days);
void prophet_add_regressors(json_t *to, const prophet *p, json_t *parts[2]);
/* A row of the package's history: what it has beside y. */
void prophet_add_row(json_t *row, const prophet *p, const prophet_history *h, int64_t i);
void prophet_add_fields(json_t *fields, const prophet *p, const prophet_history *h);
/* beta[n] in the package's order: of seasons, waves and columns. Returns n. */
int prophet_betas(const prophet *p, double *beta, double days, double phase);

#endif
