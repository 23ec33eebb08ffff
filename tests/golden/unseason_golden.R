# Regenerates the numbers of test_unseason_golden.c: R 4.2, package forecast 8.20 (r-cran-forecast).
# rwf with drift of what classical decomposition leaves, its season put back on.
library(forecast)
h <- 14
show <- function(name, rest, season, back) {
  f <- rwf(rest, drift = TRUE, h = h)
  last <- rep(tail(season, frequency(rest)), length.out = h)
  cat("\n##", name)
  cat("\nmean", format(back(f$mean, last), digits = 12))
  cat("\nlo80", format(back(f$lower[, 1], last), digits = 12))
  cat("\nhi95", format(back(f$upper[, 2], last), digits = 12), "\n")
}
AP <- AirPassengers
add <- decompose(AP)$seasonal
mul <- decompose(AP, "multiplicative")$seasonal
loess <- exp(stl(log(AP), "periodic")$time.series[, 1])
show("deseason(drift)", AP - add, add, `+`)
show("deseason(drift, type=mul)", AP / mul, mul, `*`)
show("deseason(drift, method=stl, type=mul)", AP / loess, loess, `*`)
plain <- stl(AP, "periodic")$time.series[, 1]
show("stl(drift)", AP - plain, plain, `+`)
eleven <- stl(AP, s.window = 11)$time.series[, 1]
show("stl(drift, window=11)", AP - eleven, eleven, `+`)
