/* Bounds that several calls have in common, for the rows of their options. */
#ifndef WSF_ENGINE_CALL_OPTIONS_H
#define WSF_ENGINE_CALL_OPTIONS_H

#define WSF__HORIZON_BOUNDS  1, 100000
#define WSF__LEVEL_BOUNDS    0.01, 99.999
#define WSF__QUANTILE_BOUNDS 1e-6, 1 - 1e-6

/* Its meaning where a forecast is asked for, and where a fit is told of one to come: one flag. */
#define WSF__HORIZON_DOC "Number of periods to forecast."

/* The row of `seconds`, read by wsf__env_hurry; absent is 0. */
#define WSF__SECONDS_ROW                                                                           \
  {                                                                                                \
    "seconds", WSF__REAL, "", 0.001, 1e9, NULL,                                                    \
        "Most seconds that the call may take; one that takes longer fails (E_LIMIT) and leaves "   \
        "nothing."                                                                                 \
  }

#endif
