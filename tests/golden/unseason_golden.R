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
# stlf() takes off what mstl() finds; taylor without its last two weeks
taylor <- read.csv(file.path(Sys.getenv("WSF_DATA"), "classic", "taylor.csv"))$value[1:3360]
steps <- function(name, y, h, at, method) {
  f <- stlf(y, h = h, method = method)
  cat("\n##", name, "\n")
  for (i in at) cat(sprintf("{%d, %.12g, %.12g, %.12g},\n", i, f$mean[i], f$lower[i, 1], f$upper[i, 2]))
}
week <- msts(taylor, c(48, 336))
steps("mstl(naive, seasons=[48,336])", week, 672, c(1, 2, 49, 337, 672), "naive")
steps("mstl(ets, seasons=[48,336])", week, 672, c(1, 2, 49, 337, 672), "ets")
steps("mstl(naive)", AP, 24, c(1, 12, 24), "naive")
steps("mstl(naive, seasons=[12,36])", msts(as.numeric(AP), c(12, 36)), 48, c(1, 12, 24, 37, 48), "naive")
