/* Tables out: a column of R for each, copied. Whole numbers are integers where all of a column fit,
 * else numbers, which hold them exactly up to 2^53, and beyond that texts, so that no digit of a
 * key is lost. */
#include "native.h"

#include <math.h>
#include <string.h>

static SEXP doubles(const wsf_table *t, int64_t at) {
  const int64_t rows = wsf_table_rows(t);
  const double *x = wsf_table_f64(t, at);
  const float *f = wsf_table_f32(t, at);
  SEXP out = PROTECT(Rf_allocVector(REALSXP, rows));
  for (int64_t i = 0; i < rows; ++i) {
    const double value = x ? x[i] : (double)f[i];
    REAL(out)[i] = isnan(value) ? NA_REAL : value;
  }
  UNPROTECT(1);
  return out;
}

static SEXP texts(const wsf_table *t, int64_t at) {
  const int64_t rows = wsf_table_rows(t);
  SEXP out = PROTECT(Rf_allocVector(STRSXP, rows));
  for (int64_t i = 0; i < rows; ++i) {
    size_t length;
    const char *text = wsf_table_text(t, at, i, &length);
    SET_STRING_ELT(out, i, text ? Rf_mkCharLenCE(text, (int)length, CE_UTF8) : NA_STRING);
  }
  UNPROTECT(1);
  return out;
}

/* Digits of whole numbers that no number of R holds. */
static SEXP digits(const wsf_table *t, int64_t at) {
  const int64_t rows = wsf_table_rows(t);
  SEXP out = PROTECT(Rf_allocVector(STRSXP, rows));
  for (int64_t i = 0; i < rows; ++i) {
    char text[32];
    (void)wsf_table_format(t, at, i, text, sizeof text);
    SET_STRING_ELT(out, i, wsf_table_is_null(t, at, i) ? NA_STRING : Rf_mkChar(text));
  }
  UNPROTECT(1);
  return out;
}

static SEXP wholes(const wsf_table *t, int64_t at) {
  const int64_t rows = wsf_table_rows(t), exact = INT64_C(1) << 53;
  const int64_t *x = wsf_table_i64(t, at);
  int64_t least = 0, most = 0;
  for (int64_t i = 0; i < rows; ++i) {
    if (x[i] < least) least = x[i];
    if (x[i] > most) most = x[i];
  }
  if (least < -exact || most > exact) return digits(t, at);
  const bool narrow = least > INT32_MIN && most <= INT32_MAX; /* INT32_MIN is R's NA */
  SEXP out = PROTECT(Rf_allocVector(narrow ? INTSXP : REALSXP, rows));
  for (int64_t i = 0; i < rows; ++i) {
    const bool null = wsf_table_is_null(t, at, i);
    if (narrow)
      INTEGER(out)[i] = null ? NA_INTEGER : (int)x[i];
    else
      REAL(out)[i] = null ? NA_REAL : (double)x[i];
  }
  UNPROTECT(1);
  return out;
}

/* Days or seconds since 1970: Date, or POSIXct as the clock on the wall says, called UTC. */
static SEXP times(const wsf_table *t, int64_t at, bool days) {
  const int64_t rows = wsf_table_rows(t);
  const int64_t *x = wsf_table_i64(t, at);
  SEXP out = PROTECT(Rf_allocVector(REALSXP, rows)), class;
  for (int64_t i = 0; i < rows; ++i)
    REAL(out)[i] = wsf_table_is_null(t, at, i) ? NA_REAL : (double)x[i];
  if (days) {
    class = PROTECT(Rf_mkString("Date"));
  } else {
    class = PROTECT(Rf_allocVector(STRSXP, 2));
    SET_STRING_ELT(class, 0, Rf_mkChar("POSIXct"));
    SET_STRING_ELT(class, 1, Rf_mkChar("POSIXt"));
    Rf_setAttrib(out, Rf_install("tzone"), PROTECT(Rf_mkString("UTC")));
    UNPROTECT(1);
  }
  Rf_classgets(out, class);
  UNPROTECT(2);
  return out;
}

static SEXP column(const wsf_table *t, int64_t at) {
  switch (wsf_table_type(t, at)) {
  case WSF_TYPE_I64:
    return wholes(t, at);
  case WSF_TYPE_TEXT:
    return texts(t, at);
  case WSF_TYPE_DATE:
  case WSF_TYPE_TIME:
    return times(t, at, wsf_table_type(t, at) == WSF_TYPE_DATE);
  default:
    return doubles(t, at);
  }
}

SEXP native_frame(const wsf_table *t) {
  const int64_t n = wsf_table_columns(t), rows = wsf_table_rows(t);
  if (rows > INT32_MAX)
    Rf_error("a table of more than 2^31 - 1 rows, which a data.frame cannot have");
  SEXP out = PROTECT(Rf_allocVector(VECSXP, n)), names = PROTECT(Rf_allocVector(STRSXP, n));
  for (int64_t c = 0; c < n; ++c) {
    SET_VECTOR_ELT(out, c, column(t, c));
    SET_STRING_ELT(names, c, Rf_mkCharCE(wsf_table_name(t, c), CE_UTF8));
  }
  Rf_namesgets(out, names);
  SEXP row_names = PROTECT(Rf_allocVector(INTSXP, 2)); /* the short form of 1 .. rows */
  INTEGER(row_names)[0] = NA_INTEGER;
  INTEGER(row_names)[1] = -(int)rows;
  Rf_setAttrib(out, R_RowNamesSymbol, row_names);
  Rf_classgets(out, PROTECT(Rf_mkString("data.frame")));
  UNPROTECT(4);
  return out;
}
