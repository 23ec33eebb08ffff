# Regenerates the numbers of test_simple_golden.c: R 4.2, package forecast 8.20 (r-cran-forecast).
library(forecast)
AP <- AirPassengers
show <- function(name, f) {
  cat("\n##", name)
  cat("\nmean", format(f$mean, digits = 12))
  cat("\nlo80", format(f$lower[, 1], digits = 12))
  cat("\nhi95", format(f$upper[, 2], digits = 12), "\n")
}
show("naive", naive(AP, h = 6))
show("snaive", snaive(AP, h = 26))
show("drift", rwf(AP, drift = TRUE, h = 6))
show("average", meanf(AP, h = 3))
show("tslm", forecast(tslm(AP ~ trend + season), h = 14))
show("tslm(log=true)", forecast(tslm(AP ~ trend + season, lambda = 0), h = 3))
F <- fourier(AP, K = 3)
show("tslm(fourier=3)",
     forecast(tslm(AP ~ trend + F), data.frame(F = I(fourier(AP, K = 3, h = 3))), h = 3))
x <- as.numeric(seq_along(AP) %% 5 == 0)
show("tslm(x=[x])", forecast(tslm(AP ~ trend + season + x),
                             newdata = data.frame(x = as.numeric((144 + 1:6) %% 5 == 0))))
gaps <- AP
gaps[c(3, 17, 18, 40, 100, 144)] <- NA
show("tslm with gaps", forecast(tslm(gaps ~ trend + season), h = 3))
print(accuracy(snaive(window(AP, end = c(1958, 12)), h = 24), AP))
