# Regenerates the numbers of test_tbats_golden.c: R 4.2, package forecast 8.20 (r-cran-forecast).
# Usage: Rscript tbats_golden.R FOLDER-OF-CLASSIC-SERIES
library(forecast)
folder <- commandArgs(TRUE)[1]
show <- function(name, m) {
  y <- ts(read.csv(file.path(folder, paste0(name, ".csv")))[, 2], frequency = m)
  fit <- tbats(y, use.parallel = FALSE)
  f <- forecast(fit, h = 12, level = 95)
  cat(name, "AIC", format(fit$AIC, digits = 12), "\nmean", format(f$mean, digits = 8), "\nhi",
      format(f$upper, digits = 8), "\n")
}
show("USAccDeaths", 12)
show("AirPassengers", 12)
show("gas", 12)
show("Nile", 1)
# A recursion at fixed parameters: simple exponential smoothing with harmonics, no choice.
fit <- tbats(ts(read.csv(file.path(folder, "USAccDeaths.csv"))[, 2], frequency = 12),
             use.box.cox = FALSE, use.trend = FALSE, use.arma.errors = FALSE, use.parallel = FALSE)
cat("fixed", format(c(fit$alpha, fit$gamma.one.values, fit$gamma.two.values), digits = 16),
    "\nseeds", format(fit$seed.states, digits = 16), "\nsse", format(sum(fit$errors^2), digits = 16),
    "\nmean", format(forecast(fit, h = 12)$mean, digits = 12), "\nsd",
    format((forecast(fit, h = 12, level = 95)$upper - forecast(fit, h = 12)$mean) / qnorm(0.975),
           digits = 12), "\n")
